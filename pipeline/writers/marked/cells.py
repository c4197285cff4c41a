"""Cells of one worksheet part: their formats changed, missing ones put in; values and formulas stay byte for byte."""

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
    spliced,
    with_attributes,
)

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
# What stands behind legacyDrawing in a worksheet.
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
    """B3 -> (3, 2)."""
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise NotMarkable("内部的单元格地址不常见")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def cells_of(sheet: Element) -> Iterator[Cell]:
    """Every cell of a worksheet's root, in the file's order; each must say where it stands."""
    for row in _rows(sheet):
        for element in row.children:
            if element.local == "c":
                yield Cell(*address_of(element.get("r")), element)


def _rows(sheet: Element) -> list[Element]:
    place = sheet.child("sheetData")
    if place is None:
        raise NotMarkable("工作表的内容缺失")
    return [row for row in place.children if row.local == "row"]


def restyled(content: bytes, styling: Styling) -> bytes:
    """The sheet with every cell's format put through `styling`."""
    edits = []
    for cell in cells_of(parsed(content)):
        style = int(cell.element.get("s") or 0)
        if (wanted := styling(style)) != style:
            edits.append(with_attributes(cell.element, s=str(wanted) if wanted else None))
    return spliced(content, edits)


def marked_cells(content: bytes, stylings: Mapping[str, Styling]) -> bytes:
    """The sheet with the format of each cell named (B3) put through its styling; of a merge its first cell is named."""
    root = parsed(content)
    wanted = {address_of(address): (address, styling) for address, styling in stylings.items()}
    edits: list[Edit] = []
    for cell in cells_of(root):
        found = wanted.pop((cell.row, cell.column), None)
        if found:
            edits.append(with_attributes(cell.element, s=str(found[1](int(cell.element.get("s") or 0)))))
    content = spliced(content, edits)
    for (row, column), (address, styling) in sorted(wanted.items()):
        content = _with_cell(content, row, column, address, styling)
    return content


def _with_cell(content: bytes, row: int, column: int, address: str, styling: Styling) -> bytes:
    """The sheet with a blank cell where none was, in the format its row or column gives it."""
    root = parsed(content)
    place = root.child("sheetData")
    rows = _rows(root)
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
    return spliced(content, [inside(place, content, new)] if place else [])


def _inherited(root: Element, line: Element | None, column: int) -> int:
    """The format of a cell that is not there: its row's, else its column's."""
    if line is not None and line.get("customFormat") in ("1", "true"):
        return int(line.get("s") or 0)
    columns = root.child("cols")
    for entry in columns.children if columns else ():
        if int(entry.get("min") or 0) <= column <= int(entry.get("max") or 0):
            return int(entry.get("style") or 0)
    return 0


def merged_into(sheet: Element) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """(first cell, last cell) of every merge."""
    areas = []
    for merge in sheet.all("mergeCell"):
        first, _, last = merge.get("ref").partition(":")
        areas.append((address_of(first), address_of(last or first)))
    return areas


def with_notes(content: bytes, relation: str) -> bytes:
    """The sheet with the drawing that holds its notes."""
    root = parsed(content)
    behind = next((child for child in root.children if child.local in _AFTER_DRAWINGS), None)
    new = f'<legacyDrawing{namespace_for(root)} xmlns:r="{RELATIONS}" r:id="{relation}"/>'.encode()
    return spliced(content, [(behind.start, behind.start, new) if behind else inside(root, content, new)])


def without_notes(content: bytes, relation: str) -> bytes:
    """The sheet without the drawing that held its notes."""
    found = [
        child for child in parsed(content).children if child.local == "legacyDrawing" and child.get("id") == relation
    ]
    return spliced(content, [(child.start, child.end, b"") for child in found])


def deselected(content: bytes) -> bytes:
    """The sheet as one that is not the one in front; two sheets in front would be typed into at once."""
    views = [view for view in parsed(content).all("sheetView") if view.get("tabSelected") in ("1", "true")]
    return spliced(content, [with_attributes(view, tabSelected=None) for view in views])
