"""The zip packages that workbooks are: their parts within limits, the relations between them, their properties.

Every part that is read is read to its end and its CRC checked. Sizes are limited before anything is decompressed. A
DOCTYPE is refused.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import TypeAlias
from xml.etree import ElementTree
from xml.parsers import expat

from pipeline.readers.formats.limits import UnreadableWorkbook, WorkbookTooLarge, overlapping
from pipeline.readers.formats.xml_parts import SMALL, local_name, parse_part

MAXIMUM_PARTS = 1_000
MAXIMUM_PART_BYTES = 96 * 2**20  # of one part, decompressed
MAXIMUM_READ_BYTES = 192 * 2**20  # of all parts that are read, decompressed
MAXIMUM_TREE_BYTES = 24 * 2**20  # of a part that is parsed as a whole: its tree takes twenty times its size
GRACE_BYTES = 4 * 2**20  # up to this size any compression ratio is accepted
MAXIMUM_RATIO = 100
SMALL_PACKED = 2 * 2**10  # compressed bytes of a part that is cached

Relations: TypeAlias = Mapping[str, tuple[str, str]]  # id -> (kind, path of the target)


@contextmanager
def refusing() -> Iterator[None]:
    """Turns the exceptions that a broken package causes into UnreadableWorkbook."""
    try:
        yield
    except UnreadableWorkbook:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise UnreadableWorkbook("压缩内容已损坏") from error
    except (ElementTree.ParseError, expat.ExpatError, UnicodeDecodeError) as error:
        raise UnreadableWorkbook("内部的 XML 已损坏") from error
    except (LookupError, ValueError, AttributeError, TypeError) as error:
        raise UnreadableWorkbook("内部结构不完整") from error


# What the main part of a package says it is, in [Content_Types].xml, and its usual name.
_KINDS = (
    ("xlsb", b"sheet.binary.macroenabled.main", "xl/workbook.bin"),
    ("ooxml", b"spreadsheetml.sheet.main", "xl/workbook.xml"),
    ("ooxml", b"spreadsheetml.template.main", "xl/workbook.xml"),
    ("ooxml", b"ms-excel.sheet.macroenabled.main", "xl/workbook.xml"),
    ("ooxml", b"ms-excel.template.macroenabled.main", "xl/workbook.xml"),
    ("docx", b"wordprocessingml.document.main", "word/document.xml"),
)
_OPEN_DOCUMENT = b"opendocument.spreadsheet"
_BEGINNING = 100_000  # bytes of a part that are looked at to tell a package's kind


def package_kind(content: bytes) -> str:
    """What kind of workbook a zip package is by what it holds: ooxml, xlsb, ods or docx; "" for any other zip. Raises what
    ZipFile does for a zip that cannot be opened."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {entry.filename.replace("\\", "/").lower(): entry for entry in archive.infolist()}

        def beginning(name: str) -> bytes:
            if name not in entries:
                return b""
            with archive.open(entries[name]) as part:  # the rest, however much there is, is not inflated
                return part.read(_BEGINNING)

        kinds = {kind for kind, _, main in _KINDS if main in entries}
        if len(kinds) == 1:
            return kinds.pop()
        types = beginning("[content_types].xml").lower()
        if named := next((kind for kind, said, _ in _KINDS if said in types), ""):
            return named
        said_by = (beginning(name) for name in ("mimetype", "meta-inf/manifest.xml"))
        if any(_OPEN_DOCUMENT in text for text in said_by) or b":spreadsheet>" in beginning("content.xml"):
            return "ods"
        return ""


def _decompressed(content: bytes, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of a part; its local header must agree with the entry, its size and CRC must be right. ZipFile.open
    does the same through a file object, which would take a sixth of the time of reading a form."""
    start = entry.header_offset
    signature, flags, name_length, extra_length = struct.unpack_from("<4s2xH18xHH", content, start)
    begin = start + 30 + name_length + extra_length
    name = entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
    packed = content[begin : begin + entry.compress_size]
    if (
        signature != b"PK\x03\x04"
        or content[start + 30 : start + 30 + name_length] != name
        or (flags | entry.flag_bits) & 1
    ):
        raise UnreadableWorkbook("压缩内容已损坏")
    small = len(packed) <= SMALL_PACKED and entry.file_size <= SMALL
    return (_known_part if small else _unpacked)(packed, entry.compress_type, entry.file_size, entry.CRC)


def _unpacked(packed: bytes, method: int, size: int, checksum: int) -> bytes:
    """The decompressed bytes, which must have this size and CRC-32."""
    if method == zipfile.ZIP_DEFLATED:
        packed = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)
    if len(packed) != size or zlib.crc32(packed) != checksum:
        raise UnreadableWorkbook("压缩内容已损坏")
    return packed


_known_part = lru_cache(maxsize=128)(_unpacked)  # small parts, which workbooks from one blank form share


class Package:
    """The parts of one package."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
        if len(entries) > MAXIMUM_PARTS:
            raise WorkbookTooLarge(f"内含 {len(entries)} 个部件，上限 {MAXIMUM_PARTS} 个")
        self.content = content
        self.read_bytes = 0
        self.entries = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}
        if len(self.entries) != len(entries):
            raise UnreadableWorkbook("内部有同名部件")
        if overlapping(entries) or min((entry.header_offset for entry in entries), default=0) > 0:
            raise UnreadableWorkbook("压缩内容已损坏")  # bytes in front of the first entry: the end of another archive

    def read(self, name: str) -> bytes | None:
        """The bytes of a part, None without such a part; raises UnreadableWorkbook beyond the limits or for a wrong
        CRC."""
        entry = self.entries.get(name.lower())
        if entry is None:
            return None
        size, packed = entry.file_size, entry.compress_size
        self.read_bytes += size
        crowded = size > GRACE_BYTES and size > MAXIMUM_RATIO * max(packed, 1)
        if crowded or size > MAXIMUM_PART_BYTES or self.read_bytes > MAXIMUM_READ_BYTES:
            raise WorkbookTooLarge(f"部件解压后有 {size // 2**20} MB")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableWorkbook("压缩方式不是 Excel 工作簿的")
        return _decompressed(self.content, entry)

    def tree(self, name: str) -> ElementTree.Element | None:
        """The root element of a part, which callers must not change; None without such a part."""
        content = self.read(name)
        return None if content is None else tree_of(content)

    def relations(self, part: str) -> Relations:
        """The relations of a part; those of the package itself for ""."""
        folder, file = posixpath.split(part)
        content = self.read(posixpath.join(folder, "_rels", f"{file}.rels"))
        if content is None:
            return {}
        _check_tree_size(content)
        return _known_relations(content, folder) if len(content) <= SMALL else _relations(content, folder)

    def saved(self) -> str:
        """The time the workbook was last saved, as its properties give it (W3CDTF); "" without."""
        tree = self.tree("docprops/core.xml")
        return next(
            (entry.text or "" for entry in (() if tree is None else tree) if local_name(entry.tag) == "modified"), ""
        )

    def properties(self) -> dict[str, str]:
        """The custom document properties: name -> value as text."""
        tree = self.tree("docprops/custom.xml")
        return {} if tree is None else {entry.get("name", ""): "".join(entry.itertext()) for entry in tree}


def tree_of(content: bytes) -> ElementTree.Element:
    _check_tree_size(content)
    return parse_part(content)


def _check_tree_size(content: bytes) -> None:
    if len(content) > MAXIMUM_TREE_BYTES:
        raise WorkbookTooLarge(f"部件解压后有 {len(content) // 2**20} MB")


def _relations(content: bytes, folder: str) -> Relations:
    """The relations in a .rels part; folder: of the part they belong to. External targets are left out."""
    relations = {}
    for relation in parse_part(content):
        target = relation.get("Target", "").replace("\\", "/")  # some programs write them as on Windows
        if relation.get("TargetMode") != "External":
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            kind = relation.get("Type", "").rpartition("/")[2]
            relations[relation.get("Id", "")] = (kind, posixpath.normpath(path))
    return relations


_known_relations = lru_cache(maxsize=256)(_relations)
