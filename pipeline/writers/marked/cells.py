"""Edits the cells of one worksheet part: changes their formats and inserts missing ones. Values and formulas stay byte for
byte."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from pipeline.writers.marked.allowed import RELATIONS
from pipeline.writers.marked.xml import (
    Cell,
    Edit,
    Element,
    NotMarkable,
    attribute_text,
    inside,
    namespace_for,
    parsed,
    spliced,
    with_attributes,
)

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
# The elements that follow legacyDrawing in a worksheet.
_AFTER_DRAWINGS = (
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)

Styling = Callable[[int], int]


def address_of(text: str) -> tuple[int, int]:
    """(row, column) from 1 of an address: (3, 2) for B3. Raises NotMarkable for any other text."""
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise NotMarkable("内部的单元格地址不常见")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def cells_of(sheet: Element) -> list[Cell]:
    """Every cell below the root of a worksheet, in the file's order. Raises NotMarkable for a cell without an address."""
    if sheet.cells is None:
        sheet.cells = [
            Cell(*address_of(element.attributes.get("r", "")), element)
            for row in _rows(sheet)
            for element in row.children
            if element.local == "c"
        ]
    return sheet.cells


def _rows(sheet: Element) -> list[Element]:
    contents = sheet.child("sheetData")
    if contents is None:
        raise NotMarkable("工作表的内容缺失")
    return [row for row in contents.children if row.local == "row"]


def restyled(content: bytes, styling: Styling) -> bytes:
    """The sheet with `styling` applied to the format of every cell."""
    edits = []
    for cell in cells_of(parsed(content)):
        style = int(cell.element.get("s") or 0)
        if (wanted := styling(style)) != style:
            edits.append(with_attributes(cell.element, s=str(wanted) if wanted else None))
    return spliced(content, edits) if edits else content


def marked_sheet(content: bytes, stylings: Mapping[str, Styling], relation: str) -> bytes:
    """The sheet with each styling applied to the format of its cell (B3), blank cells put in where there are none, and a
    reference to the drawing of its notes; not selected."""
    root = parsed(content)
    missing = {address_of(cell): (cell, styling) for cell, styling in stylings.items()}
    edits: list[Edit] = []
    for cell in cells_of(root):
        wanted = missing.pop((cell.row, cell.column), None)
        if wanted:
            edits.append(with_attributes(cell.element, s=str(wanted[1](int(cell.element.get("s") or 0)))))
    edits += [*_put_in(content, root, missing), *_deselecting(root)]
    behind = next((child for child in root.children if child.local in _AFTER_DRAWINGS), None)
    notes = f'<legacyDrawing{namespace_for(root)} xmlns:r="{RELATIONS}" r:id="{relation}"/>'.encode()
    edits.append((behind.start, behind.start, notes) if behind else inside(root, content, notes))
    return spliced(content, edits)


def _put_in(content: bytes, root: Element, missing: Mapping[tuple[int, int], tuple[str, Styling]]) -> Iterator[Edit]:
    """Puts blank cells in, each in the format that its row or column gives it, and the rows that they need."""
    rows = _rows(root)
    lines = {int(line.get("r") or 0): line for line in rows}
    order = sorted(lines)
    contents, space = root.child("sheetData"), namespace_for(root)
    for row, cells in groupby(sorted(missing.items(), key=itemgetter(0)), key=lambda entry: entry[0][0]):
        line = lines.get(row)
        written = [
            (column, _blank(cell, styling(_inherited(root, line, column)), space))
            for (_, column), (cell, styling) in cells
        ]
        if line is not None:
            yield from _cells_put_into(content, line, written)
            continue
        new = f'<row{space} r="{row}">'.encode() + b"".join(cell for _, cell in written) + b"</row>"
        below = bisect_right(order, row)
        if below < len(order):
            start = lines[order[below]].start
            yield start, start, new
        elif contents is not None and contents.last > contents.start:
            yield contents.last, contents.last, new
        elif contents is not None:
            raise NotMarkable("工作表的内容缺失")


def _blank(cell: str, style: int, space: str) -> bytes:
    return f"<c{space}{attribute_text({'r': cell, 's': str(style)})}/>".encode()


def _cells_put_into(content: bytes, line: Element, written: Sequence[tuple[int, bytes]]) -> Iterator[Edit]:
    """Puts cells (column, XML) into an existing row."""
    if line.last == line.start:
        yield inside(line, content, b"".join(cell for _, cell in written))
        return
    taken = [(address_of(entry.get("r"))[1], entry) for entry in line.children if entry.local == "c"]
    columns = [column for column, _ in taken]
    for column, cell in written:
        behind = bisect_right(columns, column)
        start = taken[behind][1].start if behind < len(taken) else line.last
        yield start, start, cell


def _inherited(root: Element, line: Element | None, column: int) -> int:
    """The format of a cell without an element: that of its row, else that of its column."""
    if line is not None and line.get("customFormat") in ("1", "true"):
        return int(line.get("s") or 0)
    columns = root.child("cols")
    for entry in columns.children if columns else ():
        if int(entry.get("min") or 0) <= column <= int(entry.get("max") or 0):
            return int(entry.get("style") or 0)
    return 0


def merged_into(sheet: Element) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The first and the last cell of every merge."""
    areas = []
    merges = sheet.child("mergeCells")
    for merge in merges.children if merges else ():
        first, _, last = merge.get("ref").partition(":")
        areas.append((address_of(first), address_of(last or first)))
    return areas


def deselected(content: bytes) -> bytes:
    """The sheet not selected. With two sheets selected, a program writes what is typed into both."""
    edits = list(_deselecting(parsed(content)))
    return spliced(content, edits) if edits else content


def _deselecting(root: Element) -> Iterator[Edit]:
    views = root.child("sheetViews")
    for view in views.children if views else ():
        if view.get("tabSelected") in ("1", "true"):
            yield with_attributes(view, tabSelected=None)
