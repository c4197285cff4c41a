"""Numbers inside 附件1 that stand in no answer's cell: each may be an answer in the wrong cell and is asked about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache

from pipeline.model.texts import label_of, narrowed
from pipeline.readers.formats.number_formats import rendering_of
from pipeline.readers.forms.assessment.answer_cells import has_number
from pipeline.readers.forms.assessment.blocks import Block, FormWords, Layout, form_words
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.grid import Address, Grid, OddValue, Value, text_of

Unread = Iterator[tuple[Address, Block | None]]

_WORDED_NUMBER = re.compile(r"(?<![A-Za-z0-9.])[0-9]+(?![0-9A-Za-z年月日])")
_NUMERIC_TEXT = re.compile(r"[-¥￥(]?[0-9][0-9,.]*\)?[^\W\d]{0,3}")
_LONGEST_NUMBER = 40  # characters of a text that is a number


def unread_numbers(sheet: Sheet, layout: Layout, used: Container[Address], blank: Container[str] = ()) -> Unread:
    """(cell, its block) of every number on the sheet that is no answer.

    The block is None in the rows that the experts mark; there, dates and what a label names (电话：, 传真) are left
    out. used: cells that were read. blank: indicators without any answer, in whose blocks a number within words counts
    too.
    """
    if not layout.blocks:
        return
    grid, words = sheet.grid, form_words(sheet.lexicon)
    top, left = min(block.top for block in layout.blocks), min(block.left for block in layout.blocks)
    for address, value in grid.ordered:
        if not _is_number(value) or address in used or address[1] in layout.ignored_columns:
            continue
        block = _block_at(address, layout)
        if block is None and not (top <= address[0] <= layout.last_row and left <= address[1]):
            continue
        if words.is_of_form(value) or (block is None and (_is_date(value) or _is_labelled(grid, address, words))):
            continue
        yield address, block
    if layout.spare:
        yield from _spare_numbers(grid, layout, used, words)
    if blank:
        unanswered = [block for block in layout.blocks if block.indicator in blank]
        yield from _worded_numbers(grid, unanswered, layout, words)


def _block_at(address: Address, layout: Layout) -> Block | None:
    return next((block for block in layout.blocks if block.holds(address)), None)


def _spare_numbers(grid: Grid, layout: Layout, used: Container[Address], words: FormWords) -> Unread:
    """Numbers behind a second N： or M： of a block."""
    for address in layout.spare:
        text = grid.text_at(address)
        block = _block_at(address, layout)
        if block and address not in used and not words.is_form_text(text) and has_number(text, Counter()):
            yield address, block


def _worded_numbers(grid: Grid, blocks: Iterable[Block], layout: Layout, words: FormWords) -> Unread:
    """Numbers within other words than the form's own (研发系统3个，云上2个)."""
    for block in blocks:
        for row in range(block.top, block.bottom + 1):
            for column, value in grid.rows.get(row, ()):
                inside = block.left < column <= block.right and column not in layout.skipped_columns
                if not inside or not isinstance(value, str) or words.is_of_form(value) or _is_number(value):
                    continue
                if words.mark_of(value)[0] != "unit" and _WORDED_NUMBER.search(narrowed(value)):
                    yield (row, column), block


def _is_labelled(grid: Grid, address: Address, words: FormWords) -> bool:
    """True for a number that belongs to a label to its left, other numbers between them."""
    left = [value for column, value in grid.rows[address[0]] if column < address[1] and not _is_number(value)]
    text = text_of(left[-1]) if left else ""
    return words.mark_of(text)[0] == "further" or label_of(text).endswith(":")


def _is_number(value: Value) -> bool:
    """True for a number, also one typed as text with a unit behind it; False for an error or a formula without a
    result."""
    if isinstance(value, str):
        return len(value) < _LONGEST_NUMBER and _is_number_text(value)
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
