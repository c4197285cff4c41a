"""Archives: the files in a .zip, never unpacked to disk.

Names without the UTF-8 flag are all in one encoding, UTF-8 or GB18030. Pictures and other papers are listed and not
inflated, but for their first bytes, which show a workbook or archive by another name. The sizes of the others are
checked before they are inflated.
"""

from __future__ import annotations

import io
import lzma
import posixpath
import re
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from math import inf
from pathlib import Path

from pipeline.model.records import FileBytes
from pipeline.readers.formats.limits import overlapping
from pipeline.readers.intake.sniff import (
    EVIDENCE_NAMES,
    PACKAGE_NAMES,
    SIGNATURE_BYTES,
    WORD_NAMES,
    needs_opening,
    words_of_beginning,
)

MAXIMUM_DEPTH = 3  # archives within each other
MAXIMUM_MEMBERS = 100_000
MAXIMUM_MEMBER_BYTES = 128 * 2**20
MAXIMUM_RATIO = 200  # inflated bytes for a packed one, in a member of more than GRACE_BYTES
GRACE_BYTES = 16 * 2**20
UTF8_FLAG = 0x800
ENCRYPTED_FLAG = 0x1
UNICODE_PATH = 0x7075  # extra field: the name in UTF-8
MAXIMUM_TEXT_BYTES = 32 * 2**20  # of a text that may be a form; a larger one is listed like a picture

# Papers that are listed and not inflated; a Word text is inflated, because it may be one of the forms.
NOT_INFLATED = tuple(name for name in EVIDENCE_NAMES if name not in WORD_NAMES)

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_FOREIGN_METHODS = {9: "Deflate64", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    LookupError,
    RuntimeError,
    ValueError,
    NotImplementedError,
)


class UnreadableArchive(Exception):
    """An archive or a member of one that cannot be read; the text says why, in Chinese."""


class BrokenArchive(UnreadableArchive):
    """An archive that cannot be opened at all."""


@dataclass(frozen=True)
class Member:
    """One file of an archive.

    path: its cleaned name inside the archive, with /. index: its position among the archive's entries. problem: why it
    will not be read, in Chinese, "" when it will. size: the bytes it is inflated to, 0 when it is not. evidence: it is a
    picture, a PDF or another paper, which is listed and not inflated. bytes: of such a paper, as the archive's list has them.
    """

    path: str
    index: int
    problem: str = ""
    size: int = 0
    evidence: bool = False
    bytes: FileBytes | None = None


class Archive:
    """An opened .zip, given by its bytes or, since it may be large, by its path. Opening raises UnreadableArchive."""

    def __init__(self, source: bytes | Path) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
            self._entries = self._zip.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
            raise BrokenArchive("压缩包已损坏") from error
        if min((entry.header_offset for entry in self._entries), default=0):
            # Of a truncated file `zipfile` finds only the last archive within, and the rest would be lost silently.
            raise BrokenArchive("压缩包已损坏")
        if len(self._entries) > MAXIMUM_MEMBERS:
            raise UnreadableArchive(f"压缩包里有 {len(self._entries)} 个文件，上限 {MAXIMUM_MEMBERS} 个")

    def members(self) -> list[Member]:
        """The files of the archive, in its own order."""
        members: list[Member] = []
        paths: set[str] = set()
        overlaps = overlapping(self._entries)
        names = _names_of(self._entries)
        for index, entry in enumerate(self._entries):
            if entry.is_dir():
                continue
            path = _clean(names[index])
            paper = path.lower().endswith(NOT_INFLATED)
            beginning = self._beginning(entry) if paper else b""
            evidence = paper and not _needs_opening(path.lower(), beginning, entry)
            inflated = 0 if evidence else entry.file_size
            problem = _problem_of(entry, inflated)
            if index in overlaps:
                problem = "在压缩包里与别的文件重叠"
            elif path in paths:
                problem = problem or "压缩包里有两个同名的文件"
            paths.add(path)
            known = _bytes_of(entry, beginning) if evidence else None
            members.append(Member(path, index, problem, 0 if problem else inflated, evidence, known))
        return members

    def _beginning(self, entry: zipfile.ZipInfo) -> bytes:
        """The first bytes of a member; none of one that cannot be opened."""
        try:
            with self._zip.open(entry) as member:
                return member.read(SIGNATURE_BYTES)
        except _BROKEN:
            return b""

    def read(self, index: int) -> bytes:
        """The bytes of the member at an index, its CRC checked. Raises UnreadableArchive."""
        try:
            entry = self._entries[index]
            if entry.compress_type not in _METHODS:
                name = _FOREIGN_METHODS.get(entry.compress_type, f"第 {entry.compress_type} 号")
                raise UnreadableArchive(f"在压缩包里是用 {name} 方式压缩的，请解压后直接放进文件夹，或压缩成普通的 zip")
            with self._zip.open(entry) as member:
                inflated = member.read(entry.file_size + 1)
        except _BROKEN as error:
            raise UnreadableArchive("在压缩包里已损坏") from error
        if len(inflated) != entry.file_size:
            raise UnreadableArchive("在压缩包里已损坏")
        return inflated


def _needs_opening(path: str, beginning: bytes, entry: zipfile.ZipInfo) -> bool:
    """True for a picture or paper by its name that has to be looked at all the same. What nobody can open is none."""
    if path.endswith(PACKAGE_NAMES) or (entry.file_size and not beginning):
        return False
    return needs_opening(path, beginning) and (entry.file_size <= MAXIMUM_TEXT_BYTES or needs_opening("", beginning))


def _bytes_of(entry: zipfile.ZipInfo, beginning: bytes) -> FileBytes:
    words = words_of_beginning(beginning) if beginning or not entry.file_size else ""
    return FileBytes(entry.file_size, words, f"{entry.file_size}:{entry.CRC:08x}")


def _problem_of(entry: zipfile.ZipInfo, inflated: int) -> str:
    """Why a member of `inflated` bytes will not be read, in Chinese, "" when it will."""
    if entry.flag_bits & ENCRYPTED_FLAG:
        return "在压缩包里加了密码"
    crowded = inflated > GRACE_BYTES and inflated > MAXIMUM_RATIO * max(entry.compress_size, 1)
    if inflated > MAXIMUM_MEMBER_BYTES or crowded:
        return f"解压后有 {inflated // 2**20} MB，超出上限"
    return ""


def _names_of(entries: list[zipfile.ZipInfo]) -> list[str]:
    """The names of all entries. Those without the UTF-8 flag are in the encoding that fits all of them: UTF-8, or GB18030
    where some are no UTF-8, or where read as UTF-8 they have characters that no Chinese name has (桐庐 in GBK is ͩ®)."""
    stored = {index: raw for index, entry in enumerate(entries) if (raw := _stored_name(entry)) is not None}
    text = b"\n".join(stored.values())
    encoding = "gb18030" if _strangeness(text, "utf-8") > _strangeness(text, "gb18030") else "utf-8"
    names = [_unicode_path(entry) or entry.filename for entry in entries]
    for index, raw in stored.items():
        if not _unicode_path(entries[index]):
            names[index] = _decoded(raw, encoding) or names[index]
    return names


def _stored_name(entry: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a name in an unknown encoding; None for a name in ASCII or with the UTF-8 flag."""
    if entry.flag_bits & UTF8_FLAG or entry.filename.isascii():
        return None
    try:
        return entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return None


def _unicode_path(entry: zipfile.ZipInfo) -> str:
    """The name in UTF-8 that some programs store beside one in an old encoding; "" without."""
    extra, position = entry.extra, 0
    while position + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, position)
        field = extra[position + 4 : position + 4 + size]
        raw = _stored_name(entry)
        is_of_name = raw is not None and field[1:5] == zlib.crc32(raw).to_bytes(4, "little")
        if kind == UNICODE_PATH and is_of_name:
            return _decoded(field[5:], "utf-8")
        position += 4 + size
    return ""


def _decoded(raw: bytes, encoding: str) -> str:
    """The name in this encoding, else in the other one; "" when it is in neither."""
    for each in (encoding, "utf-8", "gb18030"):
        try:
            return raw.decode(each)
        except UnicodeDecodeError:
            continue
    return ""


def _strangeness(text: bytes, encoding: str) -> float:
    """How many characters no Chinese name has when the bytes are read so; infinite when they cannot be."""
    try:
        return sum(not _IN_NAMES.match(character) for character in text.decode(encoding))
    except UnicodeDecodeError:
        return inf


# ASCII, punctuation, Roman and circled numbers, Chinese characters, full-width forms.
_IN_NAMES = re.compile(
    r"[\t\n -~\u00a0\u00b7\u2010-\u2027\u2030-\u203b\u2103\u2116\u2160-\u217f\u2460-\u249b\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
)


def _clean(name: str) -> str:
    """A member's name as a path that stays inside the archive: no leading /, no .., NFC."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").replace("\0", ""))
    parts = [part for part in posixpath.normpath("/" + name).split("/") if part not in ("", ".", "..")]
    return "/".join(parts) or "_"
