"""The cell of a block that an answer stands in: below its caption, right of it, or the caption itself."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from pipeline.model.texts import narrowed
from pipeline.readers.forms.assessment.blocks import Block, FormWords, Layout, digits_of, form_words
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.grid import Address, Grid, Value, text_of

_NUMBER_WITH_UNIT = re.compile(r"[¥￥]?[0-9][0-9,.]*[^\W\d]{0,3}")
_CHINESE_NUMBER = re.compile(r"[NM]:[零〇一二两三四五六七八九十百千万亿]+\D{0,2}")


class AnswerCell(NamedTuple):
    """Where the answer under a caption stands.

    value: the cell's value, None for a blank answer. source: below, beside or caption for an answer; for a blank one
    "typed" when the cell under the caption holds words of the form, "digits" when the caption holds a number that the
    blank form's does not, else "".
    """

    value: Value | None
    address: Address
    source: str


def find_answer(sheet: Sheet, layout: Layout, block: Block, part: str) -> AnswerCell:
    """The cell of the answer to a caption of the block: the first non-blank cell below the caption, the cell right of
    it, or the caption when a number follows in it. A blank answer has the address of the cell under the caption."""
    grid, words = sheet.grid, form_words(sheet.lexicon)
    caption = block.captions[part]
    bottom, right = grid.end_of(caption)
    under = (bottom + 1, caption[1])
    below = _first_below(grid, under, block.bottom, right)
    if below and not words.is_of_form(below[1]):
        return AnswerCell(below[1], below[0], "below")
    beside = (caption[0], right + 1)
    value = grid.cells.get(beside)
    answerable = value is not None and block.holds(beside) and beside[1] not in layout.skipped_columns
    if value is not None and answerable and not words.is_of_form(value):
        return AnswerCell(value, beside, "beside")
    text = grid.text_at(caption)
    if tail := _number_behind(text):
        return AnswerCell(tail, caption, "caption")
    if below and below[0][0] == under[0] and _is_typed(block, *below, words):
        return AnswerCell(None, below[0], "typed")
    return AnswerCell(None, under, "digits" if has_number(text, words.digits[block.indicator, part]) else "")


def _is_typed(block: Block, address: Address, value: Value, words: FormWords) -> bool:
    """True for words of the form that the blank form does not have under a caption."""
    if address in block.captions.values() or address == block.ticks:
        return False
    return words.mark_of(text_of(value))[1] not in words.categories.get(block.indicator, ())


def has_number(caption: str, printed: Counter[str]) -> bool:
    """True when a caption holds other digits (of no date) than those `printed` in the blank form, or a number written
    in Chinese alone."""
    return bool(Counter(digits_of(caption)) - printed) or _CHINESE_NUMBER.fullmatch(narrowed(caption)) is not None


def _first_below(grid: Grid, under: Address, last_row: int, right: int) -> tuple[Address, Value] | None:
    """The first non-blank cell from `under` down to `last_row`, in its column up to the column `right`."""
    rows, left = grid.rows, under[1]
    for row in range(under[0], last_row + 1):
        for column, value in rows.get(row, ()):
            if column > right:
                break
            if column >= left:
                return (row, column), value
    return None


def _number_behind(text: str) -> str:
    """The number that follows a caption's last colon or last bracket, as typed; "" when something else follows."""
    for mark in (":：", ")）"):
        tail = re.split(f"[{mark}]", text)[1:][-1:]
        if tail and _NUMBER_WITH_UNIT.fullmatch(narrowed(tail[0])):
            return tail[0].strip()
    return ""
