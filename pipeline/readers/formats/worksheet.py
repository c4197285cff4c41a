"""Reads one worksheet part of an xlsx into a grid: value, stored result, error and number format of each cell, merges.

A sheet in the plain shape that every spreadsheet program writes is read with regular expressions, after a check that
its XML is well formed. Any other shape (namespace prefixes, comments, inline strings, missing references …) is read
from its element tree. Both ways give the same grid; the tests compare them on every form."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias
from xml.etree import ElementTree

from pipeline.model.texts import is_blank
from pipeline.readers.formats.blank_rows import without_blank_rows
from pipeline.readers.formats.cell_shapes import NO_RESULT
from pipeline.readers.formats.formulas import Formula, SheetFormulas
from pipeline.readers.formats.limits import MAXIMUM_CELLS, MAXIMUM_PIECES, UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.plain_sheet import Cell, Spans, hidden_columns, read_plain
from pipeline.readers.formats.references import address_of, area_of
from pipeline.readers.formats.runs import STRUCK, RichText, Runs, rich_text, unescaped, whole_text
from pipeline.readers.formats.struck import StruckCells
from pipeline.readers.formats.xml_parts import check_xml, local_name, namespace_of, parse_xml, pieces_of
from pipeline.readers.sheet.grid import LAST_COLUMN, LAST_ROW, Address, Grid, OddValue, Value, text_of

MAXIMUM_MERGED_ROWS = 200_000
MAXIMUM_COVERED = 2_000  # cells covered by merges that are listed one by one
MAXIMUM_LISTED_ROWS = 1_000  # rows of a merge that are listed one by one
MAXIMUM_TALL_MERGES = 100  # merges of more rows than that
LARGE_BYTES = 2**20  # a larger sheet is read without its blank rows
STREAM_BYTES = 4 * 2**20  # a larger sheet is parsed row by row to bound memory


class Styles(NamedTuple):
    """The styles of cells by index. formats: the number format of each, "" for one that shows a number as stored;
    struck: those whose font strikes out; hide_zeros: some format shows nothing of a zero."""

    formats: list[str]
    struck: frozenset[int]
    hide_zeros: bool = False


class Lookups(NamedTuple):
    """The tables of a workbook that its cells refer to by index. strings: shared strings, "" for a blank one; rich: the
    runs of those that have any; formats, struck, hide_zeros: of the styles; may_strike: something in them is struck out."""

    strings: list[str]
    rich: dict[int, Runs]
    formats: list[str]
    struck: frozenset[int]
    hide_zeros: bool
    may_strike: bool

    @classmethod
    def of(cls, strings: list[str], styles: Styles) -> Lookups:
        """The tables of a workbook with these shared strings."""
        rich = {index: text.runs for index, text in enumerate(strings) if type(text) is RichText}
        may_strike = bool(styles.struck) or any(own == STRUCK for runs in rich.values() for _, own in runs)
        return cls([str(text) for text in strings] if rich else strings, rich, *styles, may_strike)

    def draws(self, style: str) -> str:
        """How the font of a style (its index as text) draws: STRUCK or "" for any other."""
        return STRUCK if self.struck and _whole(style or "0") in self.struck else ""


def read_sheet(content: bytes, name: str, hidden: bool, lookups: Lookups) -> tuple[Grid, SheetFormulas]:
    """The grid of a worksheet part, and its formulas. Raises UnreadableWorkbook, ValueError or LookupError for broken content, and what
    the XML parser raises."""
    if len(content) > LARGE_BYTES:
        content = without_blank_rows(content)
    grid, formulas = Grid(name, hidden), SheetFormulas(formats_hide=lookups.hide_zeros)
    if not _read_plain(content, grid, formulas, lookups):
        grid, formulas = Grid(name, hidden), SheetFormulas(formats_hide=lookups.hide_zeros)
        _read_elements(content, grid, formulas, lookups)
    return grid, formulas


def _read_plain(content: bytes, grid: Grid, formulas: SheetFormulas, lookups: Lookups) -> bool:
    """Fills the grid and the formulas from a sheet in plain shape; returns False, both half filled, for any other shape."""
    sheet = read_plain(content, MAXIMUM_CELLS)
    if sheet is None:
        return False
    cells, strings = grid.cells, lookups.strings
    kept = 0
    entries = list(sheet.cells) if lookups.may_strike else sheet.cells
    for address, kind, stored, style, formula in entries:
        if isinstance(stored, int):
            value: Value | None = strings[stored] or None
        else:
            value = _value(kind, stored, style, lookups)
        if value is not None:
            cells[address] = value
            kept += 1
        if formula:
            formulas.cells[address] = formula
            if value is None:
                formulas.blank.add(address)
    if kept != len(cells):
        raise UnreadableWorkbook("同一个单元格写了两次")
    if sheet.outlying and any(row > LAST_ROW or column > LAST_COLUMN for row, column in cells):
        return False
    note_merges(sheet.merges, grid)
    grid.note_hidden_columns(sheet.hidden_columns)
    formulas.hides_zeros = sheet.hides_zeros
    if lookups.may_strike:
        _note_struck(entries, grid, lookups)
    return True


def _note_struck(entries: Iterable[Cell], grid: Grid, lookups: Lookups) -> None:
    """Notes what is struck out of the cells of a sheet in plain shape."""
    struck = StruckCells(grid)
    for address, _, stored, style, _ in entries:
        runs = lookups.rich.get(stored, ()) if isinstance(stored, int) else ()
        struck.note(address, runs, lookups.draws(style))
    struck.finish()


def _read_elements(content: bytes, grid: Grid, formulas: SheetFormulas, lookups: Lookups) -> None:
    """Fills the grid and the formulas from the element tree of a sheet in any shape."""
    hidden_rows: list[int] = []
    struck = StruckCells(grid)
    unseen: Spans = ()
    row_number = 0
    for element, namespace in _rows(content):
        if element.tag == f"{namespace}row":
            row_number = _whole(element.get("r") or str(row_number + 1))
            if not 1 <= row_number <= LAST_ROW:
                raise UnreadableWorkbook("有单元格在工作表的范围以外")
            before = len(grid.cells)
            _read_row(element, row_number, namespace, struck, formulas, lookups)
            if len(grid.cells) > before and element.get("hidden") in ("1", "true"):
                hidden_rows.append(row_number)
            if len(grid.cells) > MAXIMUM_CELLS:
                raise WorkbookTooLarge(f"有内容的单元格超过 {MAXIMUM_CELLS} 个")
        elif element.tag == f"{namespace}sheetViews":
            formulas.hides_zeros = any(view.get("showZeros") in ("0", "false") for view in element[:1])
        elif element.tag == f"{namespace}mergeCells":
            note_merges(tuple(merge.get("ref", "") for merge in element), grid)
        elif element.tag == f"{namespace}cols":
            unseen += hidden_columns(column.attrib for column in element)
    grid.hidden_rows = tuple(hidden_rows)
    struck.finish()
    grid.note_hidden_columns(unseen)


def _rows(content: bytes) -> Iterator[tuple[ElementTree.Element, str]]:
    """Yields (element, namespace) for the children of worksheet and the rows of its sheetData; of a large sheet one
    element at a time."""
    if b"sheetData" not in content and b"s\0h\0e\0e\0t\0D\0a\0t\0a" not in content:
        raise UnreadableWorkbook("工作表的内容缺失")
    if len(content) <= STREAM_BYTES:
        root = parse_xml(content)
        if local_name(root.tag) != "worksheet":
            raise UnreadableWorkbook("工作表的内容缺失")
        namespace = namespace_of(root.tag)
        for child in root:
            for element in child if local_name(child.tag) == "sheetData" else (child,):
                yield element, namespace
        return
    check_xml(content)
    yield from pieces_of(content, MAXIMUM_PIECES, _is_row_or_part)


def _is_row_or_part(path: list[ElementTree.Element], name: str) -> bool:
    """True for a row of sheetData and for any other child of worksheet. path: the ancestors."""
    if len(path) == 2:
        return name == "row" and local_name(path[1].tag) == "sheetData"
    return len(path) == 1 and name != "sheetData"


def _read_row(
    row: Iterable[ElementTree.Element],
    row_number: int,
    namespace: str,
    struck: StruckCells,
    formulas: SheetFormulas,
    lookups: Lookups,
) -> None:
    """Adds the cells of a row and their formulas. A cell without a reference stands to the right of the one before."""
    cells = struck.grid.cells
    tags = (f"{namespace}v", f"{namespace}f", f"{namespace}is")
    address = (row_number, 0)
    for cell in row:
        reference = cell.get("r")
        address = address_of(reference) if reference else (row_number, address[1] + 1)
        if address[0] > LAST_ROW or address[1] > LAST_COLUMN:
            raise UnreadableWorkbook("有单元格在工作表的范围以外")
        value = _element_value(cell, tags, namespace, lookups) if len(cell) else None
        if len(cell) and (formula := cell.find(tags[1])) is not None:
            given = (formula.get(name, "") for name in ("t", "si", "ref"))
            formulas.cells[address] = Formula(formula.text or "", *given)
            if value is None:
                formulas.blank.add(address)
        if value is not None:
            if address in cells:
                raise UnreadableWorkbook("同一个单元格写了两次")
            cells[address] = str(value) if isinstance(value, RichText) else value
            if lookups.may_strike or isinstance(value, RichText):
                struck.note(address, _runs_of(cell, value, tags[0], lookups), lookups.draws(cell.get("s", "")))


def _runs_of(cell: ElementTree.Element, value: Value, value_tag: str, lookups: Lookups) -> Runs:
    """The runs of a cell's text, () for a text without any and for any other value."""
    if isinstance(value, RichText):
        return value.runs
    is_shared = isinstance(value, str) and cell.get("t") == "s"
    return lookups.rich.get(_whole(cell.findtext(value_tag, "")), ()) if is_shared else ()


def _element_value(
    cell: ElementTree.Element, tags: tuple[str, str, str], namespace: str, lookups: Lookups
) -> Value | None:
    """The value of a cell element, None for a blank one. tags: of its value, formula and inline string."""
    value_tag, formula_tag, inline_tag = tags
    stored, formula, inline = None, None, None
    for child in cell:
        if child.tag == value_tag:
            if stored is not None or len(child):
                raise ValueError("more than one value")
            stored = child.text or ""
        elif child.tag == formula_tag:
            formula = child.text or ""
        elif child.tag == inline_tag:
            inline = child
    kind = cell.get("t") or "n"
    if inline is not None:
        text = rich_text(inline, namespace)
        return None if is_blank(whole_text(text)) else text
    if stored is None or (stored == "" and kind != "str"):
        return None if formula is None else OddValue("no_result", f"={formula}")
    return _value(kind, stored, cell.get("s", ""), lookups)


_ODD_KINDS = {"e": "error", "d": "date", NO_RESULT: "no_result"}


def _value(kind: str, stored: str, style: str, lookups: Lookups) -> Value | None:
    """The value of a cell by its type t (ECMA-376 part 1, 18.18.11) and stored text; None for a blank text. Of a
    formula without a result (NO_RESULT) the text is the formula."""
    if kind == "n":
        return _number(stored, style, lookups.formats)
    if kind == "b":
        return OddValue("boolean", "TRUE" if stored.strip() in ("1", "true") else "FALSE")
    if kind in _ODD_KINDS:
        return OddValue(_ODD_KINDS[kind], f"={stored}" if kind == NO_RESULT else stored)
    if kind == "s":
        return lookups.strings[_whole(stored)] or None
    text = unescaped(stored)
    return None if is_blank(text) else text


def _number(stored: str, style: str, formats: list[str]) -> Value:
    """A stored number, with its format where that shows it otherwise."""
    number = float(stored)
    if not math.isfinite(number) or "_" in stored or not stored.isascii():
        return OddValue("error", stored)
    index = _whole(style) if style else 0
    code = formats[index] if index < len(formats) else ""
    return OddValue("formatted", text_of(number), number, code) if code else number


def _whole(text: str) -> int:
    """An index or a row number. Raises ValueError also for what int() accepts besides: -1, 1_0, digits of other
    scripts."""
    if not (text.isascii() and text.isdigit()):
        text = text.strip(" \t\r\n")
        if not (text.isascii() and text.isdigit()):
            raise ValueError(text)
    return int(text)


def note_merges(references: tuple[str, ...], grid: Grid) -> None:
    """Sets the grid's merges from their references ("A1:B2") and removes the values they cover, which no program shows.
    Raises ValueError for a text that is no reference to an area, WorkbookTooLarge for too many merged rows."""
    merges = _merges(references)
    grid.merges = merges.ends
    if merges.covered is not None and merges.covered.isdisjoint(grid.cells):
        return  # the usual case
    for row, column in [address for address in grid.cells if address not in grid.merges]:
        spans = merges.spans.get(row, ())
        position = bisect_right(spans, (column, LAST_COLUMN)) - 1
        if (position >= 0 and column <= spans[position][1]) or any(
            top <= row <= bottom and left <= column <= right for top, left, bottom, right in merges.tall
        ):
            del grid.cells[row, column]


RowSpans: TypeAlias = dict[int, list[tuple[int, int]]]  # row -> (first, last) column, left to right, none overlapping
Area: TypeAlias = tuple[int, int, int, int]  # top, left, bottom, right


class _Merges(NamedTuple):
    """The merges of a sheet. ends: top-left -> bottom-right cell; spans: the columns that merges of few rows take in
    each row; tall: the merges of many rows; covered: the cells they cover, None where these are many."""

    ends: dict[Address, Address]
    spans: RowSpans
    tall: list[Area]
    covered: frozenset[Address] | None


@lru_cache(maxsize=64)
def _merges(references: tuple[str, ...]) -> _Merges:
    """The merges with these references; raises as `note_merges`."""
    ends: dict[Address, Address] = {}
    by_row: RowSpans = {}
    tall: list[Area] = []
    rows = 0
    for reference in references:
        start, end = area_of(reference)
        ends[start] = end
        if end[0] - start[0] > MAXIMUM_LISTED_ROWS:
            tall.append((*start, *end))
        else:
            rows += end[0] - start[0] + 1
            for row in range(start[0], end[0] + 1):
                by_row.setdefault(row, []).append((start[1], end[1]))
        if rows > MAXIMUM_MERGED_ROWS or len(tall) > MAXIMUM_TALL_MERGES:
            raise WorkbookTooLarge("合并单元格太多")
    joined = {row: _joined(spans) for row, spans in by_row.items()}
    return _Merges(ends, joined, tall, None if tall else _covered_cells(joined, ends))


def _covered_cells(spans: RowSpans, ends: dict[Address, Address]) -> frozenset[Address] | None:
    """The cells in the spans that are not the top-left cell of a merge; None for more than MAXIMUM_COVERED."""
    if sum(right - left + 1 for row in spans.values() for left, right in row) > MAXIMUM_COVERED:
        return None
    covered = {
        (row, column) for row, areas in spans.items() for left, right in areas for column in range(left, right + 1)
    }
    return frozenset(covered - ends.keys())


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans, sorted, with overlapping ones joined."""
    joined: list[tuple[int, int]] = []
    for left, right in sorted(spans):
        if joined and left <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(right, joined[-1][1]))
        else:
            joined.append((left, right))
    return joined
