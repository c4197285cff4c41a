"""Archives: what a .zip holds, to depth 3, without ever unpacking it to disk.

Names without the UTF-8 flag are UTF-8 or GB18030. Pictures and other papers are listed and never inflated; sizes are
checked before anything is.
"""

from __future__ import annotations

import io
import posixpath
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from pipeline.readers.formats.limits import overlapping
from pipeline.readers.intake.sniff import EVIDENCE_NAMES, WORD_NAMES

MAXIMUM_DEPTH = 3
MAXIMUM_MEMBERS = 100_000
MAXIMUM_MEMBER_BYTES = 128 * 2**20
MAXIMUM_RATIO = 200
GRACE_BYTES = 16 * 2**20
UTF8_FLAG = 0x800
ENCRYPTED_FLAG = 0x1

# Papers that are listed and never inflated; a Word text is looked into (it may be one of the forms).
NOT_INFLATED = tuple(name for name in EVIDENCE_NAMES if name not in WORD_NAMES)


class UnreadableArchive(Exception):
    """The bytes are no archive that can be read, or a member is damaged; the text says why, in Chinese."""


class BrokenArchive(UnreadableArchive):
    """The archive itself cannot be opened."""


@dataclass(frozen=True)
class Member:
    """One file of an archive. path: its name inside the archive, cleaned, with /; index: its place in the archive;
    problem: why it will not be read, Chinese, "" when it may be; size: the bytes it will be inflated to."""

    path: str
    index: int
    problem: str = ""
    size: int = 0

    @property
    def evidence(self) -> bool:
        """True for pictures, PDF and other papers: listed, never inflated."""
        return _is_evidence(self.path)


class Archive:
    """An opened .zip, by its bytes or, as it may be large, by its path; raises UnreadableArchive for what is none."""

    def __init__(self, source: bytes | Path) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
            self._entries = self._zip.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
            raise BrokenArchive("压缩包已损坏") from error
        if min((entry.header_offset for entry in self._entries), default=0):
            # Cut off, the end of the last archive within is taken for its own, and all the rest would be lost unseen.
            raise BrokenArchive("压缩包已损坏")
        if len(self._entries) > MAXIMUM_MEMBERS:
            raise UnreadableArchive(f"压缩包里有 {len(self._entries)} 个文件，上限 {MAXIMUM_MEMBERS} 个")

    def members(self) -> list[Member]:
        """The files of the archive, in its own order."""
        members, seen = [], set()
        overlaps = overlapping(self._entries)
        for index, entry in enumerate(self._entries):
            if entry.is_dir():
                continue
            path = _clean(_name_of(entry))
            inflated = 0 if _is_evidence(path) else entry.file_size
            problem = _problem_of(entry, inflated)
            if index in overlaps:
                problem = "在压缩包里与别的文件重叠"
            elif path in seen:
                problem = problem or "压缩包里有两个同名的文件"
            seen.add(path)
            members.append(Member(path, index, problem, 0 if problem else inflated))
        return members

    def read(self, index: int) -> bytes:
        """A member's bytes, read to their end with the CRC checked; raises UnreadableArchive."""
        try:
            entry = self._entries[index]
            with self._zip.open(entry) as member:
                inflated = member.read(entry.file_size + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            LookupError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise UnreadableArchive("在压缩包里已损坏") from error
        if len(inflated) != entry.file_size:
            raise UnreadableArchive("在压缩包里已损坏")
        return inflated


def _is_evidence(path: str) -> bool:
    return path.lower().endswith(NOT_INFLATED)


def _problem_of(entry: zipfile.ZipInfo, inflated: int) -> str:
    if entry.flag_bits & ENCRYPTED_FLAG:
        return "在压缩包里加了密码"
    crowded = inflated > GRACE_BYTES and inflated > MAXIMUM_RATIO * max(entry.compress_size, 1)
    if inflated > MAXIMUM_MEMBER_BYTES or crowded:
        return f"解压后有 {inflated // 2**20} MB，超出上限"
    return ""


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The member's name; without the UTF-8 flag the bytes are tried as UTF-8, then as GB18030."""
    if entry.flag_bits & UTF8_FLAG:
        return entry.filename
    try:
        stored = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return stored.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _clean(name: str) -> str:
    """A name that stays inside: no drive, no leading /, no .., NFC."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").replace("\0", ""))
    parts = [part for part in posixpath.normpath("/" + name).split("/") if part not in ("", ".", "..")]
    return "/".join(parts) or "_"
