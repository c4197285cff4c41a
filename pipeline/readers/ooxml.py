"""Reads xlsx workbooks (ECMA-376 transitional and strict, any namespace prefix) straight from their XML parts.

Why not a library: one pass gives value, formula, stored result, error, number format and merges together; the quick
libraries read error cells and formulas without a result as blanks and hide number formats, the thorough one is two
hundred times slower (docs/design.md has the figures). Every part that is read is read to its end with its CRC
checked; sizes are limited before anything is inflated; a DOCTYPE is refused.
"""

from __future__ import annotations

import io
import math
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from xml.etree import ElementTree
from xml.parsers import expat

from pipeline.readers.grid import Address, Grid, OddValue, Value, Workbook, is_blank, number_text
from pipeline.readers.number_formats import BUILT_IN_FORMATS, shows_otherwise

MAXIMUM_PARTS = 1_000
MAXIMUM_PART_BYTES = 96 * 2**20
MAXIMUM_CELLS = 1_000_000
GRACE_BYTES = 4 * 2**20  # below this size any compression ratio is accepted
MAXIMUM_RATIO = 100
STREAM_BYTES = 4 * 2**20  # larger sheets are read row by row to bound memory


class UnreadableWorkbook(Exception):
    """The bytes are no workbook that can be read; the text says why, in Chinese."""


class WorkbookTooLarge(UnreadableWorkbook):
    """The workbook is beyond the limits on parts, bytes, ratio or cells."""


def read_workbook(content: bytes) -> Workbook:
    """The workbook in the bytes of an xlsx file; raises UnreadableWorkbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _Parts(archive).workbook()
    except UnreadableWorkbook:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UnreadableWorkbook("压缩内容已损坏") from error
    except (ElementTree.ParseError, expat.ExpatError, UnicodeDecodeError) as error:
        raise UnreadableWorkbook("内部的 XML 已损坏") from error
    except (KeyError, ValueError, IndexError, AttributeError, LookupError, RecursionError) as error:
        raise UnreadableWorkbook("内部结构不完整") from error


class _Doctype(Exception):
    pass


class _Started(Exception):
    pass


def _refuse_doctype(content: bytes) -> None:
    """Raises UnreadableWorkbook when the XML declares a DOCTYPE (the way in for entity attacks)."""

    def doctype(*_: object) -> None:
        raise _Doctype

    def started(*_: object) -> None:
        raise _Started

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = started
    try:
        parser.Parse(content[:4096], False)
        parser.Parse(content[4096:], True)
    except _Doctype as error:
        raise UnreadableWorkbook("内部的 XML 带有 DOCTYPE 声明，可能不安全") from error
    except _Started:
        return


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _namespace(tag: str) -> str:
    return tag[: tag.rfind("}") + 1]


def _attribute(element: ElementTree.Element, name: str) -> str | None:
    """An attribute by its local name, whatever its namespace."""
    for key, value in element.attrib.items():
        if _local(key) == name:
            return value
    return None


class _Parts:
    """The parts of one OOXML package."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        entries = archive.infolist()
        if len(entries) > MAXIMUM_PARTS:
            raise WorkbookTooLarge(f"内含 {len(entries)} 个部件，上限 {MAXIMUM_PARTS} 个")
        self.archive = archive
        self.inflated = 0
        self.entries = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}
        if len(self.entries) != len(entries):
            raise UnreadableWorkbook("内部有同名部件")

    def read(self, name: str) -> bytes | None:
        """A part's bytes, or None when there is no such part; CRC and limits checked."""
        entry = self.entries.get(name.lower())
        if entry is None:
            return None
        size, packed = entry.file_size, entry.compress_size
        self.inflated += size
        if max(size, self.inflated // 2) > MAXIMUM_PART_BYTES or (size > GRACE_BYTES and size > MAXIMUM_RATIO * max(packed, 1)):
            raise WorkbookTooLarge(f"部件解压后有 {size // 2**20} MB")
        with self.archive.open(entry) as part:
            content = part.read(size + 1)
        if len(content) != size:
            raise UnreadableWorkbook("压缩内容已损坏")
        _refuse_doctype(content)
        return content

    def tree(self, name: str) -> ElementTree.Element | None:
        content = self.read(name)
        return None if content is None else ElementTree.fromstring(content)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """A part's relations: id -> (kind, target path)."""
        folder, file = posixpath.split(part)
        tree = self.tree(posixpath.join(folder, "_rels", f"{file}.rels"))
        if tree is None:
            return {}
        relations = {}
        for relation in tree:
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External":
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = relation.get("Type", "").rpartition("/")[2]
                relations[relation.get("Id", "")] = (kind, posixpath.normpath(path))
        return relations

    def workbook(self) -> Workbook:
        main = next((path for kind, path in self.relations("").values() if kind == "officeDocument"), "xl/workbook.xml")
        tree = self.tree(main)
        if tree is None or _local(tree.tag) != "workbook":
            raise UnreadableWorkbook("里面没有工作簿")
        relations = self.relations(main)
        targets: dict[str, str] = {kind: path for kind, path in relations.values()}
        strings = self._shared_strings(targets.get("sharedStrings"))
        formats = self._number_formats(targets.get("styles"))
        namespace = _namespace(tree.tag)
        grids, cells = [], 0
        for sheet in tree.iter(f"{namespace}sheet"):
            kind, path = relations.get(_attribute(sheet, "id") or "", ("", ""))
            if kind not in ("worksheet", ""):
                continue  # chart and dialog sheets hold no cells
            content = self.read(path) if path else None
            if content is None:
                raise UnreadableWorkbook(f"工作表“{sheet.get('name', '')}”的内容缺失")
            hidden = sheet.get("state", "visible") != "visible"
            grid = _read_sheet(content, sheet.get("name", ""), hidden, strings, formats)
            cells += len(grid.cells)
            if cells > MAXIMUM_CELLS:
                raise WorkbookTooLarge(f"有内容的单元格超过 {MAXIMUM_CELLS} 个")
            grids.append(grid)
        if not grids:
            raise UnreadableWorkbook("里面没有工作表")
        return Workbook(grids, self._saved(), self._properties())

    def _shared_strings(self, part: str | None) -> list[str]:
        content = self.read(part) if part else None
        if content is None:
            return []
        tree = ElementTree.fromstring(content)
        namespace = _namespace(tree.tag)
        text = f"{namespace}t"
        strings = []
        for entry in tree:
            if len(entry) == 1 and entry[0].tag == text:
                strings.append(_unescaped(entry[0].text or ""))
            else:
                strings.append(_rich_text(entry, namespace))
        return strings

    def _number_formats(self, part: str | None) -> list[str]:
        """Number format by style index, "" where it shows a number as it is stored."""
        content = self.read(part) if part else None
        return [] if content is None else _formats_of(content)

    def _saved(self) -> str:
        tree = self.tree("docprops/core.xml")
        if tree is None:
            return ""
        return next((entry.text or "" for entry in tree if _local(entry.tag) == "modified"), "")

    def _properties(self) -> dict[str, str]:
        tree = self.tree("docprops/custom.xml")
        if tree is None:
            return {}
        return {entry.get("name", ""): "".join(entry.itertext()) for entry in tree}


@lru_cache(maxsize=256)
def _formats_of(content: bytes) -> list[str]:
    """Number formats by style index of a styles part; cached because one form's styles serve a thousand files."""
    tree = ElementTree.fromstring(content)
    namespace = _namespace(tree.tag)
    custom = {entry.get("numFmtId"): entry.get("formatCode", "") for entry in tree.iter(f"{namespace}numFmt")}
    styles = tree.find(f"{namespace}cellXfs")
    formats = []
    for style in () if styles is None else styles:
        identifier = style.get("numFmtId", "0")
        code = custom.get(identifier) or BUILT_IN_FORMATS.get(identifier, "")
        formats.append(code if shows_otherwise(code) else "")
    return formats


def _rich_text(entry: ElementTree.Element, namespace: str) -> str:
    """The text of a string item or inline string: its own t and those of its runs, phonetic hints left out."""
    pieces = []
    for child in entry:
        if child.tag == f"{namespace}t":
            pieces.append(child.text or "")
        elif child.tag == f"{namespace}r":
            pieces.extend(run.text or "" for run in child if run.tag == f"{namespace}t")
    return _unescaped("".join(pieces))


_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _unescaped(text: str) -> str:
    """OOXML writes characters XML cannot hold as _xHHHH_."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})\Z")
_COLUMNS: dict[str, int] = {}


def _address(reference: str) -> Address:
    """B3 -> (3, 2); raises ValueError for what is no cell of a sheet."""
    match = _REFERENCE.match(reference)
    if match is None:
        raise ValueError(reference)
    letters, digits = match.groups()
    column = _COLUMNS.get(letters)
    if column is None:
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        _COLUMNS[letters] = column
    row = int(digits)
    if row > 1_048_576 or column > 16_384:
        raise ValueError(reference)
    return row, column


def _rows(content: bytes, namespace_of: list[str]) -> Iterator[ElementTree.Element]:
    """The elements directly below worksheet and its sheetData's rows; a large sheet is never held whole."""
    if len(content) <= STREAM_BYTES:
        root = ElementTree.fromstring(content)
        namespace_of.append(_namespace(root.tag))
        for child in root:
            if _local(child.tag) == "sheetData":
                yield from child
            else:
                yield child
        return
    depth, path = 0, []
    for event, element in ElementTree.iterparse(io.BytesIO(content), ("start", "end")):
        if event == "start":
            if not path:
                namespace_of.append(_namespace(element.tag))
            path.append(element)
            depth += 1
            continue
        path.pop()
        depth -= 1
        name = _local(element.tag)
        if (depth == 2 and name == "row") or (depth == 1 and name != "sheetData"):
            yield element
            path[-1].remove(element)


def _read_sheet(content: bytes, name: str, hidden: bool, strings: list[str], formats: list[str]) -> Grid:
    """One worksheet part as a Grid."""
    grid = Grid(name, hidden)
    hidden_rows: list[int] = []
    namespace_of: list[str] = []
    row_number = 0
    for element in _rows(content, namespace_of):
        namespace = namespace_of[0]
        if element.tag == f"{namespace}row":
            row_number = int(element.get("r") or row_number + 1)
            before = len(grid.cells)
            _read_row(element, row_number, namespace, grid.cells, strings, formats)
            if len(grid.cells) > before and element.get("hidden") in ("1", "true"):
                hidden_rows.append(row_number)
            if len(grid.cells) > MAXIMUM_CELLS:
                raise WorkbookTooLarge(f"有内容的单元格超过 {MAXIMUM_CELLS} 个")
        elif element.tag == f"{namespace}mergeCells":
            _read_merges(element, grid)
    grid.hidden_rows = tuple(hidden_rows)
    return grid


def _read_merges(element: ElementTree.Element, grid: Grid) -> None:
    """Notes every merge and drops the values it covers (nobody sees them)."""
    for merge in element:
        first, _, last = merge.get("ref", "").partition(":")
        start, end = _address(first), _address(last or first)
        grid.merges[start] = end
    by_row: dict[int, list[tuple[int, int]]] = {}
    rows_of_cells = {row for row, _ in grid.cells}
    for (top, left), (bottom, right) in grid.merges.items():
        for row in range(top, bottom + 1) if bottom - top < 5_000 else rows_of_cells:
            if top <= row <= bottom:
                by_row.setdefault(row, []).append((left, right))
    for address in [address for address in grid.cells if address not in grid.merges]:
        if any(left <= address[1] <= right for left, right in by_row.get(address[0], ())):
            del grid.cells[address]


def _read_row(
    row: ElementTree.Element,
    row_number: int,
    namespace: str,
    cells: dict[Address, Value],
    strings: list[str],
    formats: list[str],
) -> None:
    value_tag, formula_tag, inline_tag = f"{namespace}v", f"{namespace}f", f"{namespace}is"
    row_text = str(row_number)
    column = 0
    for cell in row:
        reference = cell.get("r")
        if reference is None:
            column += 1
        elif reference.endswith(row_text) and (known := _COLUMNS.get(reference[: -len(row_text)])):
            column = known
        else:
            row_number, column = _address(reference)
        if not len(cell):
            continue
        stored, formula, inline = None, None, None
        for child in cell:
            tag = child.tag
            if tag == value_tag:
                stored = child.text
            elif tag == formula_tag:
                formula = child.text or ""
            elif tag == inline_tag:
                inline = child
        kind = cell.get("t", "n")
        if inline is not None:
            value: Value | None = _rich_text(inline, namespace)
        elif stored is None or (stored == "" and kind != "str"):
            value = None if formula is None else OddValue("no_result", f"={formula}")
        elif kind == "s":
            value = strings[int(stored)]
        elif kind == "n":
            value = _number(stored, int(cell.get("s", "0")), formats)
        else:
            value = _typed(kind, stored)
        if value is not None and not (isinstance(value, str) and is_blank(value)):
            cells[row_number, column] = value


def _number(stored: str, style: int, formats: list[str]) -> Value:
    number = float(stored)
    if not math.isfinite(number) or "_" in stored:
        return OddValue("error", stored)
    code = formats[style] if style < len(formats) else ""
    return OddValue("formatted", number_text(number), number, code) if code else number


def _typed(kind: str, stored: str) -> Value:
    if kind == "b":
        return OddValue("boolean", "TRUE" if stored.strip() in ("1", "true") else "FALSE")
    if kind == "e":
        return OddValue("error", stored)
    if kind == "d":
        return OddValue("date", stored)
    return _unescaped(stored)
