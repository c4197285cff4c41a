"""Edits the cells of one worksheet part: changes their formats and inserts missing ones. Values and formulas stay byte for
byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from pipeline.writers.marked.xml import (
    RELATIONS,
    Edit,
    Element,
    NotMarkable,
    attribute_text,
    inside,
    namespace_for,
    parsed,
    removed,
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


class Cell(NamedTuple):
    """One cell: its row and column (from 1) and its element."""

    row: int
    column: int
    element: Element


def address_of(text: str) -> tuple[int, int]:
    """(row, column) from 1 of an address: (3, 2) for B3. Raises NotMarkable for any other text."""
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise NotMarkable("内部的单元格地址不常见")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def cells_of(sheet: Element) -> Iterator[Cell]:
    """Every cell below the root of a worksheet, in the file's order. Raises NotMarkable for a cell without an address."""
    for row in _rows(sheet):
        for element in row.children:
            if element.local == "c":
                yield Cell(*address_of(element.get("r")), element)


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
    return spliced(content, edits)


def marked_cells(content: bytes, stylings: Mapping[str, Styling]) -> bytes:
    """The sheet with each styling applied to the format of its cell (B3; of a merge the first cell)."""
    root = parsed(content)
    wanted = {address_of(address): (address, styling) for address, styling in stylings.items()}
    edits: list[Edit] = []
    for cell in cells_of(root):
        named = wanted.pop((cell.row, cell.column), None)
        if named:
            edits.append(with_attributes(cell.element, s=str(named[1](int(cell.element.get("s") or 0)))))
    content = spliced(content, edits)
    for (row, column), (address, styling) in sorted(wanted.items()):
        content = _with_cell(content, row, column, address, styling)
    return content


def _with_cell(content: bytes, row: int, column: int, address: str, styling: Styling) -> bytes:
    """The sheet with a blank cell inserted, `styling` applied to the format that its row or column gives it."""
    root = parsed(content)
    contents, rows = root.child("sheetData"), _rows(root)
    line = next((entry for entry in rows if int(entry.get("r") or 0) == row), None)
    style = styling(_inherited(root, line, column))
    space = namespace_for(root)
    cell = f"<c{space}{attribute_text({'r': address, 's': str(style)})}/>".encode()
    if line is not None:
        behind = next(
            (entry for entry in line.children if entry.local == "c" and address_of(entry.get("r"))[1] > column), None
        )
        edit = (behind.start, behind.start, cell) if behind else inside(line, content, cell)
        return spliced(content, [edit])
    below = next((entry for entry in rows if int(entry.get("r") or 0) > row), None)
    new = f'<row{space} r="{row}">'.encode() + cell + b"</row>"
    if below:
        return spliced(content, [(below.start, below.start, new)])
    return spliced(content, [inside(contents, content, new)] if contents else [])


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
    for merge in sheet.all("mergeCell"):
        first, _, last = merge.get("ref").partition(":")
        areas.append((address_of(first), address_of(last or first)))
    return areas


def with_notes(content: bytes, relation: str) -> bytes:
    """The sheet with a reference to the drawing of its notes."""
    root = parsed(content)
    behind = next((child for child in root.children if child.local in _AFTER_DRAWINGS), None)
    new = f'<legacyDrawing{namespace_for(root)} xmlns:r="{RELATIONS}" r:id="{relation}"/>'.encode()
    return spliced(content, [(behind.start, behind.start, new) if behind else inside(root, content, new)])


def without_notes(content: bytes, relation: str) -> bytes:
    """The sheet without the reference to the drawing of its notes."""
    drawings = [child for child in parsed(content).children if child.local == "legacyDrawing"]
    return spliced(content, [removed(child) for child in drawings if child.get("id") == relation])


def deselected(content: bytes) -> bytes:
    """The sheet not selected. With two sheets selected, a program writes what is typed into both."""
    views = [view for view in parsed(content).all("sheetView") if view.get("tabSelected") in ("1", "true")]
    return spliced(content, [with_attributes(view, tabSelected=None) for view in views])
