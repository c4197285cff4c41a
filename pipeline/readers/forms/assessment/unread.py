"""Numbers inside 附件1 that stand in no answer's cell: each is a question, for it may be an answer in the wrong place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache

from pipeline.model.texts import label_of, narrowed
from pipeline.readers.formats.number_formats import rendering_of
from pipeline.readers.forms.assessment.answer_cells import has_number
from pipeline.readers.forms.assessment.blocks import Block, FormWords, Layout
from pipeline.readers.sheet.grid import Address, Grid, OddValue, Value, text_of

Unread = Iterator[tuple[Address, Block | None]]


def unread_numbers(
    grid: Grid, layout: Layout, used: Container[Address], words: FormWords, blank: Container[str] = ()
) -> Unread:
    """(cell, its block) of every number that is no answer: in an indicator's rows, or (None) in the rows the experts
    mark, where dates and what a label names (电话：, 传真) are nobody's. Of the items without any answer (`blank`), a
    number within words counts too."""
    if not layout.blocks:
        return
    top, left = min(area.top for area in layout.blocks), min(area.left for area in layout.blocks)
    for address, value in grid.ordered:
        if not _is_number(value) or address in used or address[1] in layout.ignored_columns:
            continue
        block = next((area for area in layout.blocks if area.holds(address)), None)
        if block is None and not (top <= address[0] <= layout.last_row and left <= address[1]):
            continue
        if words.is_own(value) or (block is None and (_is_date(value) or _is_labelled(grid, address, words))):
            continue
        yield address, block
    if layout.spare:
        yield from _spare_numbers(grid, layout, used, words)
    if blank:
        areas = [area for area in layout.blocks if area.indicator in blank]
        yield from _worded_numbers(grid, areas, layout, words)


def _spare_numbers(grid: Grid, layout: Layout, used: Container[Address], words: FormWords) -> Unread:
    """Numbers behind a second N： or M： of a block."""
    for address in layout.spare:
        text = grid.text_at(address)
        block = next((area for area in layout.blocks if area.holds(address)), None)
        if block and address not in used and not words.is_form_text(text) and has_number(text, Counter()):
            yield address, block


def _worded_numbers(grid: Grid, areas: Iterable[Block], layout: Layout, words: FormWords) -> Unread:
    """Numbers within other words than the form's own (研发系统3个，云上2个)."""
    for block in areas:
        for row in range(block.top, block.bottom + 1):
            for column, value in grid.rows.get(row, ()):
                inside = block.left < column <= block.right and column not in layout.skipped_columns
                typed = inside and type(value) is str and not words.is_own(value) and words.mark_of(value)[0] != "unit"
                text = narrowed(value) if typed else ""
                if _WORDED_NUMBER.search(text) and not _is_number(value):
                    yield (row, column), block


def _is_labelled(grid: Grid, address: Address, words: FormWords) -> bool:
    """True for a number that belongs to a label to its left, other numbers between them."""
    left = [value for column, value in grid.rows[address[0]] if column < address[1] and not _is_number(value)]
    text = text_of(left[-1]) if left else ""
    return words.mark_of(text)[0] == "further" or label_of(text).endswith(":")


_WORDED_NUMBER = re.compile(r"(?<![A-Za-z0-9.])[0-9]+(?![0-9A-Za-z年月日])")
_NUMERIC_TEXT = re.compile(r"[-¥￥(]?[0-9][0-9,.]*\)?[^\W\d]{0,3}")


def _is_number(value: Value) -> bool:
    if type(value) is str:
        return len(value) < 40 and _is_number_text(value)
    return value.kind in ("formatted", "date") if isinstance(value, OddValue) else True


def _is_date(value: Value) -> bool:
    if not isinstance(value, OddValue):
        return False
    return value.kind == "date" or (
        value.kind == "formatted" and rendering_of(value.format, value.number or 0.0).kind == "date"
    )


@lru_cache(maxsize=20_000)
def _is_number_text(text: str) -> bool:
    return _NUMERIC_TEXT.fullmatch(narrowed(text)) is not None
