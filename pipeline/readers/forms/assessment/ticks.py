"""数据协同's ticks: which of the categories are ticked, wherever the marks stand.

Marks stand left of a category's name as in the form, in the name's own cell, or right of it: one side for all. Marks
that can be read in two ways are reported as a problem and not decided.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.model.texts import is_blank, label_of
from pipeline.readers.forms.assessment.blocks import Block, Layout, form_words
from pipeline.readers.forms.assessment.tick_boxes import (
    TickBoxes,
    boxes_by_category,
    boxes_in,
    contradiction,
    contradicts,
    named_cells,
)
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.grid import Address, Grid, OddValue, address_text
from pipeline.readers.values.answers import ValueReaders
from pipeline.readers.values.doubts import DOUBTS

_TICKED = "√"
_SEPARATORS = "()[]、,;:，；：_."

Marks = dict[str, tuple[str, Address]]  # category -> its mark and the mark's cell


class UnknownMark(NamedTuple):
    """A mark with no known meaning."""

    category: str
    mark: str
    address: Address


@dataclass(frozen=True)
class Ticks:
    """The ticks of one block.

    ticked: the categories ticked. used: the cells that were read. problem: why the ticks cannot be decided, in Chinese,
    "" when they can. unknown: the first mark with no known meaning.
    """

    ticked: tuple[str, ...] = ()
    used: frozenset[Address] = frozenset()
    problem: str = ""
    unknown: UnknownMark | None = None


class _Area(NamedTuple):
    """Where a block's categories stand. names: cell → the category labels found in it, outside the skipped columns."""

    grid: Grid
    block: Block
    categories: dict[str, str]
    skipped: frozenset[int]
    names: dict[Address, list[re.Match[str]]]

    def holds(self, address: Address) -> bool:
        """True for a cell where a mark beside a name may stand."""
        return self.block.holds(address) and address[1] not in self.skipped and address not in self.names


def read_ticks(sheet: Sheet, layout: Layout, block: Block) -> Ticks:
    """The ticks of a block with categories."""
    categories = form_words(sheet.lexicon).categories[block.indicator]
    values, skipped = sheet.lexicon.values, layout.skipped_columns
    area = _Area(sheet.grid, block, categories, skipped, _names_in(sheet.grid, block, categories, skipped))
    named = [categories[match[0]] for matches in area.names.values() for match in matches]
    boxes = _boxes_of(area)
    missing = [name for name in categories.values() if name not in {*named, *boxes.of}]
    if missing:
        return Ticks(problem=f"没有找到类别“{'、'.join(missing)}”")
    if len(named) > len(categories):
        return Ticks(problem="有的类别出现了两次")
    if not named:
        return Ticks(problem=boxes.problem) if boxes.problem else _with_boxes({}, boxes, block, values)
    inside, beside = _marks_in_names(area), _marks_beside(area)
    if problem := _problem(area, inside, beside, values) or boxes.problem or _not_computed(area, beside):
        return Ticks(problem=problem)
    if struck := _struck_out(area, beside):
        return Ticks(unknown=struck)
    marks = inside if any(mark for mark, _ in inside.values()) else beside
    return _with_boxes(marks, boxes, block, values) if boxes.of else _decided(marks, values)


def _boxes_of(area: _Area) -> TickBoxes:
    """The check boxes of the block's categories."""
    boxes = boxes_in(area.grid, area.block, area.categories)
    if not boxes:
        return TickBoxes({})
    names = {cell: [area.categories[match[0]] for match in matches] for cell, matches in area.names.items()}
    to_left = not names or _stand_left(area)
    return boxes_by_category(boxes, area.categories, named_cells(area.grid, names), to_left)


def _with_boxes(marks: Marks, boxes: TickBoxes, block: Block, values: ValueReaders) -> Ticks:
    """The ticks by the boxes, and by the marks of categories without one."""
    told = dict(marks)
    for category, box in boxes.of.items():
        mark, address = marks.get(category, ("", block.name))
        if contradicts(box, mark, values.tick(mark)):
            return Ticks(problem=contradiction(box, mark))
        if values.tick(mark) is not None:
            told[category] = (_TICKED if box.checked else "", address)
    return _decided(told, values)


@lru_cache(maxsize=16)
def _pattern_of(labels: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, labels), key=lambda label: (-len(label), label))))


def _names_in(
    grid: Grid, block: Block, categories: dict[str, str], skipped: frozenset[int]
) -> dict[Address, list[re.Match[str]]]:
    """Cell → the matches of category labels in its text."""
    pattern = _pattern_of(tuple(categories))
    names: dict[Address, list[re.Match[str]]] = {}
    left = (block.ticks or block.captions.get("n") or block.name)[1]  # a description left of N is no answer
    for row in range(block.ticks[0] + 1 if block.ticks else block.top, block.bottom + 1):
        for column, value in grid.rows.get(row, ()):
            in_area = left <= column <= block.right and column not in skipped
            if in_area and isinstance(value, str) and (matches := list(pattern.finditer(label_of(value)))):
                names[row, column] = matches
    return names


def _marks_in_names(area: _Area) -> Marks:
    """Marks in the names' own cells. In a cell with several categories the marks stand before the names when the cell
    begins with a mark, else behind them; a text behind the last name is then part of that name's mark, which makes the
    mark unknown."""
    marks: Marks = {}
    for address, matches in area.names.items():
        label = label_of(area.grid.text_at(address))
        ends = [match.end() for match in matches]
        before = bool(label[: matches[0].start()].strip(_SEPARATORS))
        behind = label[ends[-1] :].strip(_SEPARATORS)
        for index, match in enumerate(matches):
            if before:
                mark = label[ends[index - 1] if index else 0 : match.start()]
            else:
                mark = label[match.end() : matches[index + 1].start() if index + 1 < len(matches) else len(label)]
            marks[area.categories[match[0]]] = (mark.strip(_SEPARATORS), address)
        if before and behind:
            last = area.categories[matches[-1][0]]
            marks[last] = (f"{marks[last][0]}{last}{behind}", address)
    return marks


def _marks_beside(area: _Area) -> Marks:
    """Marks in the cells beside the names: left when the leftmost column under the caption holds no category name,
    else right. Inserted columns (empty, or without answers) are stepped over."""
    leftmost, to_left = _leftmost(area), _stand_left(area)
    first, last = min(area.names)[0], max(area.names)[0]
    merges = [(start, end) for start, end in area.grid.merges.items() if start[0] <= last and end[0] >= first]
    filled = {column for row in range(first, last + 1) for column, _ in area.grid.rows.get(row, ())} - area.skipped
    step = -1 if to_left else 1
    marks: Marks = {}
    for address, matches in area.names.items():
        beside = _left_of(merges, address) if to_left else (address[0], area.grid.end_of(address)[1] + 1)
        while leftmost < beside[1] <= area.block.right and beside[1] not in filled:
            beside = beside[0], beside[1] + step
        mark = (area.grid.text_at(beside), beside) if area.holds(beside) else ("", address)
        marks |= {area.categories[match[0]]: mark for match in matches}
    return marks


def _leftmost(area: _Area) -> int:
    return area.block.ticks[1] if area.block.ticks else min(column for _, column in area.names)


def _stand_left(area: _Area) -> bool:
    """True when marks stand left of the names: no name stands in the leftmost column."""
    return all(column != _leftmost(area) for _, column in area.names)


def _left_of(merges: list[tuple[Address, Address]], address: Address) -> Address:
    """The cell left of `address`; of a merge, its first cell."""
    row, column = address[0], address[1] - 1
    for start, end in merges:
        if start[0] <= row <= end[0] and start[1] <= column <= end[1]:
            return start
    return row, column


def _problem(area: _Area, inside: Marks, beside: Marks, values: ValueReaders) -> str:
    """Why it cannot be decided which categories the marks belong to, in Chinese; "" when it can."""
    filled = Counter(address for mark, address in beside.values() if not is_blank(mark))
    if filled and any(mark for mark, _ in inside.values()):
        return "类别名称的格子里和旁边都有记号"
    if any(count > 1 for count in filled.values()):
        return "一个记号旁边有几个类别"
    if filled and area.block.ticks is None:
        return "没有“具体协同类别”一格，看不出记号在名称的左边还是右边"
    if any(values.tick(text) and not is_blank(text) and address not in filled for address, text in _around(area)):
        return "有的记号不在类别名称旁边"
    return ""


def _struck_out(area: _Area, beside: Marks) -> UnknownMark | None:
    """The first category whose name or mark is struck out, or a part of it."""
    grid = area.grid
    for address, matches in area.names.items():
        category = area.categories[matches[0][0]]
        for cell in (address, beside[category][1]):
            if cell in grid.struck:
                return UnknownMark(category, f"〔划去：{grid.text_at(cell)}〕", cell)
            if cell in grid.struck_parts:
                return UnknownMark(category, grid.struck_parts[cell], cell)
    return None


def _not_computed(area: _Area, beside: Marks) -> str:
    """What is wrong with the first formula beside a name whose result is not to be relied on, in Chinese; "" without
    one."""
    for _, cell in beside.values():
        value = area.grid.answer_at(cell)
        if isinstance(value, OddValue) and value.kind in ("unproven", "no_text"):
            return f"{address_text(cell)} {DOUBTS[value.kind].why}"
    return ""


def _around(area: _Area) -> list[tuple[Address, str]]:
    """The cells around the names with their text, N's own column left out."""
    first_row, left = min(row for row, _ in area.names), min(column for _, column in area.names) - 1
    caption = area.block.captions.get("n")
    typed = range(caption[1], area.grid.end_of(caption)[1] + 1) if caption else ()
    if area.block.ticks:
        first_row, left = area.block.ticks[0] + 1, area.block.ticks[1]
    kept_by_boxes = {box.linked for box in area.grid.boxes}
    return [
        ((row, column), area.grid.text_at((row, column)))
        for row in range(first_row, area.block.bottom + 1)
        for column, _ in area.grid.rows.get(row, ())
        if column >= left and column not in typed and (row, column) not in kept_by_boxes and area.holds((row, column))
    ]


def _decided(marks: Marks, values: ValueReaders) -> Ticks:
    """The ticks that the marks stand for, up to the first mark with no known meaning."""
    ticked: list[str] = []
    used: set[Address] = set()
    for category, (mark, address) in marks.items():
        used.add(address)
        decision = values.tick(mark)
        if decision is None:
            return Ticks(used=frozenset(used), unknown=UnknownMark(category, mark, address))
        if decision:
            ticked.append(category)
    return Ticks(tuple(ticked), frozenset(used))
