"""The format of a file by its bytes, whatever its name says."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from math import log2
from typing import NamedTuple

from pipeline.readers.formats.encryption import kind_of_ole
from pipeline.readers.formats.package import package_kind

WORKBOOK_NAMES = (".xls", ".xlsx", ".xlsm", ".xltx", ".xlsb", ".et", ".ods")
ARCHIVE_NAMES = (".zip", ".rar", ".7z", ".tar", ".gz")
DOCX_NAMES, OLD_WORD_NAMES = (".docx", ".docm", ".dotx"), (".doc", ".wps")
WORD_NAMES = (*DOCX_NAMES, *OLD_WORD_NAMES, ".rtf")
EVIDENCE_NAMES = (
    *WORD_NAMES,
    ".pdf",
    ".ofd",
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".bmp",
    ".tif",
    ".tiff",
    ".webp",
    ".heic",
    ".ppt",
    ".pptx",
    ".dps",
    ".txt",
    ".md",
    ".csv",
    ".htm",
    ".html",
    ".mp4",
    ".eml",
)

PACKAGE_NAMES = (*WORD_NAMES, ".ppt", ".pptx", ".dps", ".ofd")  # papers that are packages by their bytes too
TEXT_NAMES = (".txt", ".md", ".csv", ".tsv", ".prn", ".htm", ".html", ".mht", ".mhtml", ".eml", ".xml", ".fods")
MAIL_NAMES = (".msg",)

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_STREAM_OF_XLS = b"\x09\x08\x10\x00\x00\x06"  # the records of an .xls without the OLE file around them
_SIGNATURES = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"{\\rtf", "RTF 文档"),
    (b"Rar!", "rar 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"\x1f\x8b", "gz 压缩包"),
    (b"BZh", "bz2 压缩包"),
    (b"\xfd7zXZ", "xz 压缩包"),
    (b"MSCF", "cab 压缩包"),
)
_ARCHIVES = tuple(signature for signature, words in _SIGNATURES if words.endswith("压缩包"))
# What document security programs write in front of the content that they encrypt.
_LOCKED_BY_OFFICE = (b"\x62\x14\x23\x65", b"%TSD-Header-###%", b"E-SafeNet")
_INSIDE_ARCHIVES = (_ZIP, _OLE, _STREAM_OF_XLS, b"{\\rtf", *_ARCHIVES, *_LOCKED_BY_OFFICE)
SIGNATURE_BYTES = 32  # bytes of a file that `needs_opening` looks at
_DENSE = 7.2  # bits a byte: compressed or encrypted
_DENSE_SAMPLE = 64 * 2**10


class Sniffed(NamedTuple):
    """The format of a file.

    format: ooxml, xlsb, ods, docx, biff, encrypted, locked (opens on the sender's computer only), word (a Word text that
    is no .docx), rtf, zip, archive (rar, 7z …), foreign (named as a workbook and none), evidence or unknown. words: what
    it is, in Chinese, where an issue names it.
    """

    format: str
    words: str = ""


def sniff(name: str, content: bytes) -> Sniffed:
    """The format of a file with this name (lower case) and these bytes."""
    if content.startswith(_ZIP):
        return _zip_kind(name, content)
    if content.startswith(_OLE):
        return _ole_kind(name, content)
    return _by_beginning(name, content) or _by_name(name, content)


def _by_beginning(name: str, content: bytes) -> Sniffed | None:
    """What the first bytes alone say of a file that is no zip and no OLE file; None when they say nothing."""
    if content.startswith(_STREAM_OF_XLS):
        return Sniffed("biff")
    if content.startswith(b"{\\rtf") and not name.endswith(WORKBOOK_NAMES):
        return Sniffed("rtf", "RTF 文档")
    if any(mark in content[:SIGNATURE_BYTES] for mark in _LOCKED_BY_OFFICE):
        return Sniffed("locked", "被单位的文档加密软件加了密")
    if content[257:262] == b"ustar":
        return Sniffed("archive", "tar 压缩包")
    return Sniffed("archive", _words_of_signature(content)) if content.startswith(_ARCHIVES) else None


def _by_name(name: str, content: bytes) -> Sniffed:
    """What a file is whose first bytes do not say it."""
    if name.endswith(ARCHIVE_NAMES):
        known = _words_of_signature(content) or "打不开的压缩包"
        return Sniffed("zip" if name.endswith(".zip") and known.startswith("打") else "archive", known)
    if name.endswith(WORKBOOK_NAMES):
        words = words_of(content)
        return Sniffed("foreign", words) if words else Sniffed("locked", "内容像是被单位的文档加密软件加了密")
    return _other(name)


def needs_opening(name: str, beginning: bytes) -> bool:
    """True for a picture or paper by its name (lower case) that has to be looked at all the same, by its first bytes or
    because it may be a text."""
    return name.endswith((*TEXT_NAMES, *MAIL_NAMES)) or beginning.startswith(_INSIDE_ARCHIVES)


def _other(name: str) -> Sniffed:
    return Sniffed("evidence") if name.endswith(EVIDENCE_NAMES) else Sniffed("unknown")


def _zip_kind(name: str, content: bytes) -> Sniffed:
    if name.endswith(WORKBOOK_NAMES) and _lists_xlsx(content):
        return Sniffed("ooxml")
    try:
        kind = package_kind(content)
        return Sniffed(kind) if kind else _other_package(name, content)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotImplementedError, RuntimeError):
        if name.endswith(WORKBOOK_NAMES):
            return Sniffed("ooxml")  # broken, which its reader says
        if name.endswith(DOCX_NAMES):
            return Sniffed("docx")
        return Sniffed("zip") if name.endswith(".zip") or "." not in name else _other(name)


def _other_package(name: str, content: bytes) -> Sniffed:
    """A zip that is no workbook and no Word text: a document of another program, or an archive of files."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = {entry.replace("\\", "/").lower() for entry in archive.namelist()}
    if not name.endswith(WORKBOOK_NAMES):
        return _other(name) if names & _OF_DOCUMENTS else Sniffed("zip")
    if names & _OF_DOCUMENTS:
        return Sniffed("foreign", "别的程序的文档")
    holds_files = any(entry.endswith((*WORKBOOK_NAMES, *ARCHIVE_NAMES)) for entry in names)
    return Sniffed("zip") if holds_files else Sniffed("foreign", "没有工作簿的压缩包")


# Entries that packages have which are no archive of files: OOXML, ODF and EPUB, OFD, Java.
_OF_DOCUMENTS = {"[content_types].xml", "mimetype", "ofd.xml", "meta-inf/manifest.mf"}


def _lists_xlsx(content: bytes) -> bool:
    """True when the table of contents at the end of a zip names the main part of an .xlsx and of no .xlsb. Saves
    opening the zip of nearly every file."""
    end = content.rfind(b"PK\x05\x06")
    start = int.from_bytes(content[end + 16 : end + 20], "little") if end > 0 else len(content)
    return content.find(b"xl/workbook.xml", start) > 0 and content.find(b"xl/workbook.bin", start) < 0


def _ole_kind(name: str, content: bytes) -> Sniffed:
    """The format of a file in the container of old Office formats."""
    kind = kind_of_ole(content)
    if kind in ("biff", "encrypted"):
        return Sniffed(kind)
    if kind == "locked":
        return Sniffed(kind, "设了权限管理（IRM）")
    if kind == "word" and name.endswith(WORKBOOK_NAMES):
        return Sniffed("foreign", "Word 文档")
    if kind == "word" or (kind == "other" and name.endswith(OLD_WORD_NAMES)):
        return Sniffed("word", "Word 97—2003 或 WPS 文字的旧格式文档（.doc、.wps）")
    if name.endswith(WORKBOOK_NAMES):
        return Sniffed("foreign", "损坏的或不认识的旧版 Office 文件")
    return _other(name)


def words_of_beginning(beginning: bytes) -> str:
    """What a paper is by its first bytes, in Chinese, whatever its name says; "" for a kind that they do not tell."""
    if not beginning:
        return "空文件"
    if known := _words_of_signature(beginning):
        return known
    if beginning[4:8] == b"ftyp":
        return "图片" if beginning[8:12] in _HEIF else "视频"
    for mark, words in ((_ZIP, "Office 等新格式文档"), (_OLE, "Office 旧格式文档")):
        if beginning.startswith(mark):
            return words
    if beginning.startswith((b"BM", b"II*\0", b"MM\0*")) or (beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP"):
        return "图片"
    return "" if any(byte < 9 for byte in beginning) else "文本"


_HEIF = (b"heic", b"heix", b"mif1", b"msf1", b"hevc")


def words_of(content: bytes) -> str:
    """What bytes are that are no workbook, in Chinese; "" for bytes that are compressed or encrypted in no known way."""
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return "空文件"
    if known := _words_of_signature(content) or _words_of_text(start):
        return known
    return "" if decoded(content) is None and _is_dense(content) else "文本（如 CSV）或其他格式的文件"


def _words_of_signature(content: bytes) -> str:
    return next((words for signature, words in _SIGNATURES if content.startswith(signature)), "")


def _words_of_text(start: bytes) -> str:
    """What a text is by its beginning, in lower case; "" for none that is known."""
    if re.match(rb"(?:mime-version|content-type|x-[a-z-]+|from|date|subject):", start):
        return "单个文件网页（MHT）或邮件"
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta")):
        return "网页（HTML）"
    if start.startswith(b"<?xml") and b"spreadsheet" in start:
        return "XML 表格 2003"
    return "XML 文件" if start.startswith(b"<") else ""


def decoded(content: bytes) -> str | None:
    """The text of a plain text file in UTF-8, UTF-16 or GB18030, None for other bytes."""
    marked = next((encoding for mark, encoding in _BYTE_ORDER_MARKS if content.startswith(mark)), "")
    for encoding in (marked,) if marked else () if b"\0" in content[:4096] else ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def _is_dense(content: bytes) -> bool:
    """True for bytes as varied as those of compressed or encrypted content."""
    sample = content[:_DENSE_SAMPLE]
    shares = [count / len(sample) for count in Counter(sample).values()]
    return -sum(share * log2(share) for share in shares) > _DENSE
