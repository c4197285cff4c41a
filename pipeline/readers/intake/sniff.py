"""The format of a file by its bytes, whatever its name says."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import NamedTuple

from pipeline.model.texts import label_of, without_space
from pipeline.readers.formats.encryption import kind_of_ole

WORKBOOK_NAMES = (".xls", ".xlsx", ".xlsm", ".xltx", ".xlsb", ".et", ".ods")
ARCHIVE_NAMES = (".zip", ".rar", ".7z", ".tar", ".gz")
WORD_NAMES = (".doc", ".docx", ".wps", ".rtf")
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

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_SIGNATURES = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"{\\rtf", "RTF 文档"),
    (b"Rar!", "rar 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
)


class Sniffed(NamedTuple):
    """The format of a file.

    format: ooxml, biff, blind (xlsb, ods), encrypted, word (one of the forms as a Word text), zip, archive (rar, 7z …),
    foreign (named as a workbook and none), evidence or unknown. words: what it is, in Chinese, where an issue names it.
    """

    format: str
    words: str = ""


def sniff(name: str, content: bytes, titles: tuple[str, ...]) -> Sniffed:
    """The format of a file with this name (lower case) and these bytes. titles: of the forms, looked for in Word texts."""
    if content.startswith(_ZIP):
        return _zip_kind(name, content, titles)
    if content.startswith(_OLE):
        return _ole_kind(name, content, titles)
    if content.startswith((b"Rar!", b"7z\xbc\xaf")) or name.endswith(ARCHIVE_NAMES):
        known = next((words for signature, words in _SIGNATURES if content.startswith(signature)), "打不开的压缩包")
        return Sniffed("zip", known) if name.endswith(".zip") and known.startswith("打") else Sniffed("archive", known)
    if name.endswith(WORKBOOK_NAMES):
        return Sniffed("foreign", _words_of(content))
    return Sniffed("evidence") if name.endswith(EVIDENCE_NAMES) else Sniffed("unknown")


def _zip_kind(name: str, content: bytes, titles: tuple[str, ...]) -> Sniffed:
    """The format of a file that begins like a zip."""
    if name.endswith(WORKBOOK_NAMES) and b"xl/workbook.xml" in content:
        return Sniffed("ooxml")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            office = _office_kind(name, archive, titles)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotImplementedError, RuntimeError):
        office = None
    if office:
        return office
    if name.endswith(WORKBOOK_NAMES):
        return Sniffed("ooxml")  # broken, which its reader reports
    if name.endswith(EVIDENCE_NAMES):
        return Sniffed("evidence")
    return Sniffed("zip") if name.endswith(".zip") or "." not in name else Sniffed("unknown")


def _office_kind(name: str, archive: zipfile.ZipFile, titles: tuple[str, ...]) -> Sniffed | None:
    """The Office format whose parts a zip holds, None for another zip."""
    names = {entry.replace("\\", "/").lower() for entry in archive.namelist()}
    if "xl/workbook.xml" in names:
        return Sniffed("ooxml")
    if "xl/workbook.bin" in names:
        return Sniffed("blind", "xlsb")
    if "mimetype" in names and b"opendocument.spreadsheet" in _beginning(archive, "mimetype"):
        return Sniffed("blind", "ods")
    return _word(name, _text_of_docx(archive), titles) if "word/document.xml" in names else None


def _ole_kind(name: str, content: bytes, titles: tuple[str, ...]) -> Sniffed:
    """The format of a file in the container of old Office formats."""
    kind = kind_of_ole(content)
    if kind in ("biff", "encrypted"):
        return Sniffed(kind)
    if kind == "word":
        spelled = {title for title in titles if title.encode("utf-16-le") in content}
        return _word(name, "".join(spelled), titles)
    if name.endswith(WORKBOOK_NAMES):
        return Sniffed("foreign", "损坏的或不认识的旧版 Office 文件")
    return Sniffed("evidence") if name.endswith(EVIDENCE_NAMES) else Sniffed("unknown")


def _word(name: str, text: str, titles: tuple[str, ...]) -> Sniffed:
    """The format of a Word text: a form when it holds a form's title, else evidence or a workbook in name only."""
    if any(label_of(title) in label_of(text) for title in titles):
        return Sniffed("word")
    return Sniffed("foreign", "Word 文档") if name.endswith(WORKBOOK_NAMES) else Sniffed("evidence")


def _text_of_docx(archive: zipfile.ZipFile) -> str:
    """The beginning of a Word text without white space, "" for one that is too large to look into."""
    entry = archive.getinfo("word/document.xml")
    if entry.file_size > 32 * 2**20:
        return ""
    text = archive.read(entry).decode("utf-8", "replace")
    return without_space(re.sub(r"<[^<>]*>", "", text))[:20_000]


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    """The first 100 bytes of a member; the rest is not inflated, however much there is."""
    with archive.open(name) as member:
        return member.read(100)


def _words_of(content: bytes) -> str:
    """The kind of bytes that are no workbook, in Chinese."""
    for signature, words in _SIGNATURES:
        if content.startswith(signature):
            return words
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return "空文件"
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta")):
        return "网页（HTML）"
    if start.startswith(b"<?xml") and b"spreadsheet" in start:
        return "XML 表格 2003"
    if start.startswith(b"<"):
        return "XML 文件"
    return "文本（如 CSV）或其他格式的文件"
