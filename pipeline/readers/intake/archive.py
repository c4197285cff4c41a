"""Archives: the files in a .zip, never unpacked to disk.

Pictures and other papers are listed and not inflated. The sizes of the others are checked before they are inflated.
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

MAXIMUM_DEPTH = 3  # archives within each other
MAXIMUM_MEMBERS = 100_000
MAXIMUM_MEMBER_BYTES = 128 * 2**20
MAXIMUM_RATIO = 200  # inflated bytes for a packed one, in a member of more than GRACE_BYTES
GRACE_BYTES = 16 * 2**20
UTF8_FLAG = 0x800
ENCRYPTED_FLAG = 0x1

# Papers that are listed and not inflated; a Word text is inflated, because it may be one of the forms.
NOT_INFLATED = tuple(name for name in EVIDENCE_NAMES if name not in WORD_NAMES)


class UnreadableArchive(Exception):
    """An archive or a member of one that cannot be read; the text says why, in Chinese."""


class BrokenArchive(UnreadableArchive):
    """An archive that cannot be opened at all."""


@dataclass(frozen=True)
class Member:
    """One file of an archive.

    path: its cleaned name inside the archive, with /. index: its position among the archive's entries. problem: why it
    will not be read, in Chinese, "" when it will. size: the bytes it is inflated to, 0 when it is not.
    """

    path: str
    index: int
    problem: str = ""
    size: int = 0

    @property
    def evidence(self) -> bool:
        """True for a picture, a PDF or another paper, which is listed and not inflated."""
        return _is_evidence(self.path)


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
        for index, entry in enumerate(self._entries):
            if entry.is_dir():
                continue
            path = _clean(_name_of(entry))
            inflated = 0 if _is_evidence(path) else entry.file_size
            problem = _problem_of(entry, inflated)
            if index in overlaps:
                problem = "在压缩包里与别的文件重叠"
            elif path in paths:
                problem = problem or "压缩包里有两个同名的文件"
            paths.add(path)
            members.append(Member(path, index, problem, 0 if problem else inflated))
        return members

    def read(self, index: int) -> bytes:
        """The bytes of the member at an index, its CRC checked. Raises UnreadableArchive."""
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
    """Why a member of `inflated` bytes will not be read, in Chinese, "" when it will."""
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
    """A member's name as a path that stays inside the archive: no leading /, no .., NFC."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").replace("\0", ""))
    parts = [part for part in posixpath.normpath("/" + name).split("/") if part not in ("", ".", "..")]
    return "/".join(parts) or "_"
