"""数据协同's ticks: which of the categories are ticked, wherever the marks stand.

Marks stand left of a category's name as in the form, in the name's own cell, or right of it: one side for all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.readers.blocks import Block
from pipeline.readers.grid import Address, Grid, label_of
from pipeline.readers.values import ValueReaders


@dataclass(frozen=True)
class Ticks:
    """ticked: categories ticked; used: the cells that were looked at; problem: why it cannot be decided;
    unknown: (category, mark, cell) of a mark nobody knows."""

    ticked: tuple[str, ...] = ()
    used: frozenset[Address] = frozenset()
    problem: str = ""
    unknown: tuple[str, str, Address] | None = None


def read_ticks(grid: Grid, block: Block, categories: dict[str, str], skipped: frozenset[int], values: ValueReaders) -> Ticks:
    """The ticks of a block whose categories are `categories` (label -> name)."""
    pattern = re.compile("|".join(sorted(map(re.escape, categories), key=lambda label: (-len(label), label))))
    cells: dict[Address, list[re.Match[str]]] = {}
    for row in range(block.ticks[0] + 1 if block.ticks else block.top, block.bottom + 1):
        for column, value in grid.rows.get(row, ()):
            in_area = column >= (block.ticks or block.name)[1] and column <= block.right and column not in skipped
            if in_area and isinstance(value, str) and (matches := list(pattern.finditer(label_of(value)))):
                cells[row, column] = matches
    found = [categories[match[0]] for matches in cells.values() for match in matches]
    missing = [name for name in categories.values() if name not in found]
    if missing:
        return Ticks(problem=f"没有找到类别“{'、'.join(missing)}”")
    if len(found) > len(categories):
        return Ticks(problem="有的类别出现了两次")
    own = _marks_in_names(grid, cells, categories)
    beside = _marks_beside(grid, block, cells, categories, skipped)
    if any(mark for mark, _ in own.values()) and any(mark for mark, _ in beside.values()):
        return Ticks(problem="类别名称的格子里和旁边都有记号")
    marks = own if any(mark for mark, _ in own.values()) else beside
    return _decided(marks, values)


def _marks_in_names(grid: Grid, cells: dict[Address, list[re.Match[str]]], categories: dict[str, str]) -> dict[str, tuple[str, Address]]:
    """Category -> (mark, cell) for marks in the name's own cell; a cell may hold several categories."""
    marks = {}
    for address, matches in cells.items():
        label = label_of(grid.text_at(address))
        before = matches[0].start() > 0
        for index, match in enumerate(matches):
            if before:
                start, end = (matches[index - 1].end() if index else 0), match.start()
            else:
                start, end = match.end(), (matches[index + 1].start() if index + 1 < len(matches) else len(label))
            marks[categories[match[0]]] = (label[start:end].strip("()[]、,;:，；：_."), address)
    return marks


def _marks_beside(
    grid: Grid, block: Block, cells: dict[Address, list[re.Match[str]]], categories: dict[str, str], skipped: frozenset[int]
) -> dict[str, tuple[str, Address]]:
    """Category -> (mark, cell) for marks in the cell beside the name: left when the leftmost column under the
    caption holds no category name, else right."""
    leftmost = block.ticks[1] if block.ticks else min(column for _, column in cells)
    to_left = all(column != leftmost for _, column in cells)
    marks = {}
    for address, matches in cells.items():
        if to_left:
            place = _left_of(grid, address)
        else:
            place = (address[0], grid.end_of(address)[1] + 1)
        inside = block.left <= place[1] <= block.right and place[1] not in skipped and place not in cells
        for match in matches:
            marks[categories[match[0]]] = (grid.text_at(place) if inside else "", place if inside else address)
    return marks


def _left_of(grid: Grid, address: Address) -> Address:
    """The cell left of `address`; of a merge, its first cell."""
    row, column = address[0], address[1] - 1
    for start, end in grid.merges.items():
        if start[0] <= row <= end[0] and start[1] <= column <= end[1]:
            return start
    return row, column


def _decided(marks: dict[str, tuple[str, Address]], values: ValueReaders) -> Ticks:
    ticked, used = [], set()
    for category, (mark, address) in marks.items():
        used.add(address)
        decision = values.tick(mark)
        if decision is None:
            return Ticks(used=frozenset(used), unknown=(category, mark, address))
        if decision:
            ticked.append(category)
    return Ticks(tuple(ticked), frozenset(used))
