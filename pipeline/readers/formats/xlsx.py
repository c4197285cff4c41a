"""Reads xlsx workbooks (ECMA-376 transitional and strict, any namespace prefix) from their XML parts.

No library is used, because one pass gives value, formula, stored result, error, number format and merges together. The
fast libraries return error cells and formulas without a result as blank ones and do not report number formats; openpyxl
is two hundred times slower (figures: docs/architecture.md).

Every part is read to its end and its CRC checked. Sizes are limited before anything is decompressed. A DOCTYPE is
refused.
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

from pipeline.model.stamps import FORM_PROPERTY, HELPER_SHEETS
from pipeline.readers.formats.limits import MAXIMUM_CELLS, UnreadableWorkbook, WorkbookTooLarge, overlapping
from pipeline.readers.formats.number_formats import BUILT_IN_FORMATS, shows_otherwise
from pipeline.readers.formats.shared_strings import strings_of
from pipeline.readers.formats.worksheet import Lookups, read_sheet
from pipeline.readers.formats.xml_parts import SMALL, attribute, check_xml, local_name, namespace_of, parse_part
from pipeline.readers.sheet.grid import Grid, Workbook

MAXIMUM_PARTS = 1_000
MAXIMUM_PART_BYTES = 96 * 2**20  # of one part, decompressed
MAXIMUM_READ_BYTES = 192 * 2**20  # of all parts that are read, decompressed
MAXIMUM_TREE_BYTES = 24 * 2**20  # of a part that is parsed as a whole: its tree takes twenty times its size
GRACE_BYTES = 4 * 2**20  # up to this size any compression ratio is accepted
MAXIMUM_RATIO = 100
SMALL_PACKED = 2 * 2**10  # compressed bytes of a part that is cached

Relations: TypeAlias = Mapping[str, tuple[str, str]]  # id -> (kind, path of the target)


def read_workbook(content: bytes) -> Workbook:
    """The workbook in the bytes of an xlsx file; raises UnreadableWorkbook."""
    with _refusing():
        return _Parts(content).workbook()


def parts_of(content: bytes) -> dict[str, bytes]:
    """Name in lower case -> bytes for all parts of an .xlsb or .ods workbook. Raises UnreadableWorkbook when a part
    exceeds a limit, fails its CRC or declares a DOCTYPE."""
    with _refusing():
        package = _Parts(content)
        parts = {name: package.read(name) or b"" for name in package.entries}
        for name, part in parts.items():
            if name.endswith((".xml", ".rels")) and part:
                check_xml(part)
        return parts


@contextmanager
def _refusing() -> Iterator[None]:
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


class _Parts:
    """The parts of one OOXML package."""

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
        return None if content is None else _tree(content)

    def relations(self, part: str) -> Relations:
        """The relations of a part; those of the package itself for ""."""
        folder, file = posixpath.split(part)
        content = self.read(posixpath.join(folder, "_rels", f"{file}.rels"))
        if content is None:
            return {}
        _check_tree_size(content)
        return _known_relations(content, folder) if len(content) <= SMALL else _relations(content, folder)

    def workbook(self) -> Workbook:
        """The whole workbook."""
        main = next((path for kind, path in self.relations("").values() if kind == "officeDocument"), "xl/workbook.xml")
        tree = self.tree(main)
        if tree is None or local_name(tree.tag) != "workbook":
            raise UnreadableWorkbook("里面没有工作簿")
        relations = self.relations(main)
        targets = dict(relations.values())
        lookups = Lookups(self._shared_strings(targets.get("sharedStrings")), self._formats(targets.get("styles")))
        sheets = list(tree.iter(f"{namespace_of(tree.tag)}sheet"))
        if len(sheets) > MAXIMUM_PARTS:
            raise WorkbookTooLarge(f"有 {len(sheets)} 张工作表，上限 {MAXIMUM_PARTS} 张")
        properties = self._properties()
        helpers = HELPER_SHEETS if FORM_PROPERTY in properties else frozenset()
        grids = self._grids(sheets, relations, lookups, helpers)
        if not grids:
            raise UnreadableWorkbook("里面没有工作表")
        return Workbook(grids, self._saved(), properties)

    def _grids(
        self, sheets: list[ElementTree.Element], relations: Relations, lookups: Lookups, helpers: frozenset[str]
    ) -> list[Grid]:
        """The grids of the worksheets, without the helper sheets of a blank form of ours (explanations and
        calculations: most of its cells, and none of them an answer)."""
        grids: list[Grid] = []
        cells = 0
        for sheet in sheets:
            kind, path = relations.get(attribute(sheet, "id") or "", ("", ""))
            if kind not in ("worksheet", ""):
                continue  # chart and dialog sheets hold no cells
            name = sheet.get("name", "")
            content = self.read(path) if path else None
            if content is None:
                raise UnreadableWorkbook(f"工作表“{name}”的内容缺失")
            if name in helpers:
                check_xml(content)
                continue
            grids.append(read_sheet(content, name, sheet.get("state", "visible") != "visible", lookups))
            cells += len(grids[-1].cells)
            if cells > MAXIMUM_CELLS:
                raise WorkbookTooLarge(f"有内容的单元格超过 {MAXIMUM_CELLS} 个")
        return grids

    def _shared_strings(self, part: str | None) -> list[str]:
        content = self.read(part) if part else None
        return [] if content is None else strings_of(content)

    def _formats(self, part: str | None) -> list[str]:
        content = self.read(part) if part else None
        if content is None:
            return []
        return _known_formats(content) if len(content) <= SMALL else _formats_of(content)

    def _saved(self) -> str:
        """The time the workbook was last saved, as its properties give it (W3CDTF); "" without."""
        tree = self.tree("docprops/core.xml")
        return next(
            (entry.text or "" for entry in (() if tree is None else tree) if local_name(entry.tag) == "modified"), ""
        )

    def _properties(self) -> dict[str, str]:
        """The custom document properties: name -> value as text."""
        tree = self.tree("docprops/custom.xml")
        return {} if tree is None else {entry.get("name", ""): "".join(entry.itertext()) for entry in tree}


def _tree(content: bytes) -> ElementTree.Element:
    _check_tree_size(content)
    return parse_part(content)


def _check_tree_size(content: bytes) -> None:
    if len(content) > MAXIMUM_TREE_BYTES:
        raise WorkbookTooLarge(f"部件解压后有 {len(content) // 2**20} MB")


def _relations(content: bytes, folder: str) -> Relations:
    """The relations in a .rels part; folder: of the part they belong to. External targets are left out."""
    relations = {}
    for relation in parse_part(content):
        target = relation.get("Target", "")
        if relation.get("TargetMode") != "External":
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            kind = relation.get("Type", "").rpartition("/")[2]
            relations[relation.get("Id", "")] = (kind, posixpath.normpath(path))
    return relations


_known_relations = lru_cache(maxsize=256)(_relations)


def _formats_of(content: bytes) -> list[str]:
    """The number formats of a styles part by style index, "" for one that shows a number as stored."""
    tree = _tree(content)
    namespace = namespace_of(tree.tag)
    custom = {entry.get("numFmtId"): entry.get("formatCode", "") for entry in tree.iter(f"{namespace}numFmt")}
    styles = tree.find(f"{namespace}cellXfs")
    formats = []
    for style in () if styles is None else styles:
        identifier = style.get("numFmtId", "0")
        code = custom.get(identifier) or BUILT_IN_FORMATS.get(identifier, "")
        formats.append(code if shows_otherwise(code) else "")
    return formats


_known_formats = lru_cache(maxsize=256)(_formats_of)
