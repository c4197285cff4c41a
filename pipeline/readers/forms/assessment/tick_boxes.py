"""数据协同's check boxes: which category each box over the sheet belongs to, by its caption or by where its square stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pipeline.issues.phones import mask_phones
from pipeline.issues.words import listed, quoted
from pipeline.model.texts import label_of
from pipeline.readers.forms.assessment.blocks import Block
from pipeline.readers.sheet.grid import Address, Box, Grid, address_text

_PRINTED = ("□", "☐", "○")  # an empty sign printed in the cell under a box says nothing of its own


class TickBoxes(NamedTuple):
    """The boxes of one block. of: category → its box; problem: why some box cannot be given to a category, in Chinese,
    "" when each can."""

    of: Mapping[str, Box]
    problem: str = ""


class NamedCell(NamedTuple):
    """A cell with the names of categories. rows, columns: the first and last that it covers."""

    rows: tuple[int, int]
    columns: tuple[int, int]
    categories: tuple[str, ...]


def boxes_in(grid: Grid, block: Block, categories: Mapping[str, str]) -> list[Box]:
    """The boxes that are a block's: their squares stand in its rows, or their captions name one of its categories."""
    return [
        box
        for box in grid.boxes
        if label_of(box.caption) in categories or (box.cell and block.top <= box.cell[0] <= block.bottom)
    ]


def named_cells(grid: Grid, names: Mapping[Address, Iterable[str]]) -> list[NamedCell]:
    """The cells in which categories are named. names: cell → the categories in it."""
    return [
        NamedCell((row, grid.end_of((row, column))[0]), (column, grid.end_of((row, column))[1]), tuple(found))
        for (row, column), found in names.items()
    ]


def boxes_by_category(
    boxes: Iterable[Box], categories: Mapping[str, str], named: list[NamedCell], to_left: bool
) -> TickBoxes:
    """The box of each category.

    A box belongs to the category that its caption names, else to the one in whose cell its square stands, else to the
    nearest name on the side of the boxes (`to_left` of the names or right of them), in the same row. A box that is
    neither checked nor not, a checked one that belongs to no single category, and two in different cells for one
    category are a problem. categories: label → category.
    """
    given: dict[str, Box] = {}
    unclear: list[Box] = []
    for box in boxes:
        captioned = categories.get(label_of(box.caption), "")
        standing = _standing_at(box, named, to_left)
        if captioned and standing and captioned not in standing:
            unclear.append(box)
            continue
        owners = (captioned,) if captioned else standing
        if len(owners) != 1 or box.checked is None:
            unclear += [box] if box.checked is not False else []
            continue
        other = given.setdefault(owners[0], box)
        if (other.cell, other.checked) != (box.cell, box.checked):
            unclear += [other, box]
    return TickBoxes(given, _problem_of(unclear))


def _standing_at(box: Box, named: list[NamedCell], to_left: bool) -> tuple[str, ...]:
    """The categories beside which, or in whose cell, the square of a box stands; () for none."""
    if box.cell is None:
        return ()
    row, column = box.cell
    in_row = sorted(cell for cell in named if cell.rows[0] <= row <= cell.rows[1])
    for cell in in_row:
        if cell.columns[0] <= column <= cell.columns[1]:
            is_before_name = column == cell.columns[0] and box.across <= 0.5
            return cell.categories if is_before_name or not to_left else ()
    if to_left:
        beside = [cell for cell in in_row if cell.columns[0] > column]
        return min(beside, key=lambda cell: cell.columns).categories if beside else ()
    beside = [cell for cell in in_row if cell.columns[1] < column]
    return max(beside, key=lambda cell: cell.columns).categories if beside else ()


def _problem_of(unclear: Iterable[Box]) -> str:
    texts = list(dict.fromkeys(map(_said, unclear)))
    return f"{listed(texts, '个')}看不出勾没勾，或属于哪一类" if texts else ""


def _said(box: Box) -> str:
    """A box as a message names it: 单元格 E32 处的复选框“研发数据”."""
    where = f"单元格 {address_text(box.cell)} 处的" if box.cell else ""
    caption = f"“{quoted(mask_phones(box.caption))}”" if box.caption.strip() else ""
    return f"{where}复选框{caption}"


def contradicts(box: Box, mark: str, decision: bool | None) -> bool:
    """True when the mark in a cell says something else than the box over it. decision: what the mark means by itself;
    None for one without a meaning, which is reported as that."""
    if not mark or decision is None or mark in _PRINTED:
        return False
    return decision != box.checked


def contradiction(box: Box, mark: str) -> str:
    """The problem of a box whose cell holds another mark, in Chinese."""
    state = "勾选了" if box.checked else "没有勾选"
    return f"{_said(box)}{state}，格子里却写着「{quoted(mark)}」"
