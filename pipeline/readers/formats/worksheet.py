"""One worksheet part of an xlsx → a grid: value, stored result, error and number format of every cell, and merges.

A sheet in the plain shape every spreadsheet program writes is read by pattern once its XML has been checked to be well
formed; any other shape (prefixes, comments, inline strings, missing references …) by its elements. Both give the same
grid, which the tests compare on every form.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple
from xml.etree import ElementTree

from pipeline.model.texts import is_blank
from pipeline.readers.formats.limits import MAXIMUM_CELLS, MAXIMUM_PIECES, UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.plain_sheet import column_number, read_plain
from pipeline.readers.formats.runs import rich_text, unescaped
from pipeline.readers.formats.xml_parts import check_xml, local_name, namespace_of, parse_xml, pieces_of
from pipeline.readers.sheet.grid import LAST_COLUMN, LAST_ROW, Address, Grid, OddValue, Value, text_of

MAXIMUM_MERGED_ROWS = 200_000
MAXIMUM_COVERED = 2_000  # cells; where merges cover more, they are not listed one by one
STREAM_BYTES = 4 * 2**20  # larger sheets are read row by row to bound memory


class Lookups(NamedTuple):
    """What a sheet's cells point into: the shared strings ("" for one nobody sees), and number formats by style (""
    shows as stored)."""

    strings: list[str]
    formats: list[str]


def read_sheet(content: bytes, name: str, hidden: bool, lookups: Lookups) -> Grid:
    """The sheet in a worksheet part. Raises UnreadableWorkbook or what the XML parser raises."""
    grid = Grid(name, hidden)
    if not _read_plain(content, grid, lookups):
        grid = Grid(name, hidden)
        _read_elements(content, grid, lookups)
    return grid


def _read_plain(content: bytes, grid: Grid, lookups: Lookups) -> bool:
    """Fills the grid from a sheet in plain shape; False when it is in another shape."""
    sheet = read_plain(content, MAXIMUM_CELLS)
    if sheet is None:
        return False
    cells, strings = grid.cells, lookups.strings
    kept = 0
    for address, kind, stored, style in sheet.cells:
        if type(stored) is int:
            value: Value | None = strings[stored] or None
        else:
            value = _value(kind, stored, style, lookups)
        if value is not None:
            cells[address] = value
            kept += 1
    if kept != len(cells):
        raise UnreadableWorkbook("同一个单元格写了两次")
    if sheet.outlying and any(row > LAST_ROW or column > LAST_COLUMN for row, column in cells):
        return False
    note_merges(sheet.merges, grid)
    return True


def _read_elements(content: bytes, grid: Grid, lookups: Lookups) -> None:
    hidden_rows: list[int] = []
    row_number = 0
    for element, namespace in _rows(content):
        if element.tag == f"{namespace}row":
            row_number = _whole(element.get("r") or str(row_number + 1))
            if not 1 <= row_number <= LAST_ROW:
                raise UnreadableWorkbook("有单元格在工作表的范围以外")
            before = len(grid.cells)
            _read_row(element, row_number, namespace, grid.cells, lookups)
            if len(grid.cells) > before and element.get("hidden") in ("1", "true"):
                hidden_rows.append(row_number)
            if len(grid.cells) > MAXIMUM_CELLS:
                raise WorkbookTooLarge(f"有内容的单元格超过 {MAXIMUM_CELLS} 个")
        elif element.tag == f"{namespace}mergeCells":
            note_merges(tuple(merge.get("ref", "") for merge in element), grid)
    grid.hidden_rows = tuple(hidden_rows)


def _rows(content: bytes) -> Iterator[tuple[ElementTree.Element, str]]:
    """The elements directly below worksheet and the rows of its sheetData, with the sheet's namespace; a large
    sheet is never held whole."""
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
    """A row of sheetData, or whatever else stands directly below worksheet."""
    if len(path) == 2:
        return name == "row" and local_name(path[1].tag) == "sheetData"
    return len(path) == 1 and name != "sheetData"


def _read_row(
    row: Iterable[ElementTree.Element], row_number: int, namespace: str, cells: dict[Address, Value], lookups: Lookups
) -> None:
    value_tag, formula_tag, inline_tag = f"{namespace}v", f"{namespace}f", f"{namespace}is"
    address = (row_number, 0)
    for cell in row:
        reference = cell.get("r")
        address = _address(reference) if reference else (row_number, address[1] + 1)
        if address[0] > LAST_ROW or address[1] > LAST_COLUMN:
            raise UnreadableWorkbook("有单元格在工作表的范围以外")
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
        kind = cell.get("t", "n")
        if inline is not None:
            text = rich_text(inline, namespace)
            value: Value | None = None if is_blank(text) else text
        elif stored is None or (stored == "" and kind != "str"):
            value = None if formula is None else OddValue("no_result", f"={formula}")
        else:
            value = _value(kind, stored, cell.get("s", ""), lookups)
        if value is not None:
            if address in cells:
                raise UnreadableWorkbook("同一个单元格写了两次")
            cells[address] = value


def _value(kind: str, stored: str, style: str, lookups: Lookups) -> Value | None:
    """A cell's value from its stored text; None for a text nobody sees."""
    if kind == "n":
        return _number(stored, style, lookups.formats)
    if kind == "b":
        return OddValue("boolean", "TRUE" if stored.strip() in ("1", "true") else "FALSE")
    if kind == "e":
        return OddValue("error", stored)
    if kind == "d":
        return OddValue("date", stored)
    if kind == "s":
        return lookups.strings[_whole(stored)] or None
    text = unescaped(stored)
    return None if is_blank(text) else text


def _number(stored: str, style: str, formats: list[str]) -> Value:
    number = float(stored)
    if not math.isfinite(number) or "_" in stored or not stored.isascii():
        return OddValue("error", stored)
    place = _whole(style) if style else 0
    code = formats[place] if place < len(formats) else ""
    return OddValue("formatted", text_of(number), number, code) if code else number


def _whole(text: str) -> int:
    """A place in a list, or a row; raises ValueError for whatever else int() takes (-1, 1_0, digits of other scripts)."""
    if not (text.isascii() and text.isdigit()):
        text = text.strip(" \t\r\n")
        if not (text.isascii() and text.isdigit()):
            raise ValueError(text)
    return int(text)


_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@lru_cache(maxsize=65_536)
def _address(reference: str) -> Address:
    """B3 -> (3, 2); raises ValueError for what is no cell of a sheet."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(reference)
    row, column = int(match[2]), column_number(match[1])
    if row > LAST_ROW or column > LAST_COLUMN:
        raise ValueError(reference)
    return row, column


def note_merges(references: tuple[str, ...], grid: Grid) -> None:
    """Notes every merge ("A1:B2") and drops the values it covers (nobody sees them). Raises ValueError for what is no
    area, WorkbookTooLarge beyond measure."""
    grid.merges, covered, tall, few = _merges(references)
    if few is not None and few.isdisjoint(grid.cells):
        return  # as on every ordinary sheet
    for row, column in [address for address in grid.cells if address not in grid.merges]:
        spans = covered.get(row, ())
        place = bisect_right(spans, (column, LAST_COLUMN)) - 1
        if (place >= 0 and column <= spans[place][1]) or any(
            top <= row <= bottom and left <= column <= right for top, left, bottom, right in tall
        ):
            del grid.cells[row, column]


Spans = dict[int, list[tuple[int, int]]]  # row -> spans of columns, from left to right, none touching another


@lru_cache(maxsize=64)
def _merges(
    references: tuple[str, ...],
) -> tuple[dict[Address, Address], Spans, list[tuple[int, int, int, int]], frozenset[Address] | None]:
    """(top-left → bottom-right, the columns covered in each row, merges of very many rows, the covered cells themselves
    where they are few) of merge references."""
    merges: dict[Address, Address] = {}
    by_row: Spans = {}
    tall = []
    rows = 0
    for reference in references:
        first, colon, last = reference.partition(":")
        start, end = _address(first), _address(last if colon else first)
        if end[0] < start[0] or end[1] < start[1]:
            raise ValueError(reference)
        merges[start] = end
        if end[0] - start[0] > 1_000:
            tall.append((*start, *end))
        else:
            rows += end[0] - start[0] + 1
            for row in range(start[0], end[0] + 1):
                by_row.setdefault(row, []).append((start[1], end[1]))
        if rows > MAXIMUM_MERGED_ROWS or len(tall) > 100:
            raise WorkbookTooLarge("合并单元格太多")
    joined = {row: _joined(spans) for row, spans in by_row.items()}
    return merges, joined, tall, None if tall else _covered_cells(joined, merges)


def _covered_cells(spans: Spans, merges: dict[Address, Address]) -> frozenset[Address] | None:
    """The cells in the spans that no merge begins with; None for more than a form has."""
    if sum(right - left + 1 for row in spans.values() for left, right in row) > MAXIMUM_COVERED:
        return None
    covered = {
        (row, column) for row, ends in spans.items() for left, right in ends for column in range(left, right + 1)
    }
    return frozenset(covered - merges.keys())


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same columns in spans that do not overlap, from left to right."""
    joined: list[tuple[int, int]] = []
    for left, right in sorted(spans):
        if joined and left <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(right, joined[-1][1]))
        else:
            joined.append((left, right))
    return joined
