"""Where the answers of 附件1 stand: blocks of indicators, their N and M captions, and the cell a value is in.

Everything is found by label, never by address, so inserted or moved rows, columns and blocks do not matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.readers.grid import Address, Grid, Value, label_of, text_of
from pipeline.readers.values import narrowed
from pipeline.rulebook import Rulebook


class FormWords:
    """The words of 附件1 as labels; build once per process."""

    def __init__(self, rulebook: Rulebook) -> None:
        words = rulebook.vocabulary
        self.indicators = {label_of(item.label): item.id for item in rulebook.ratio_indicators}
        self.ends = {label_of(item.label) for item in rulebook.expert_indicators}
        self.ends |= {label_of(word) for word in words.block_ends}
        self.explanation = label_of(words.explanation_header)
        self.ignored_headers = {label_of(word) for word in words.ignored_headers}
        self.tick_captions = tuple(label_of(item.tick_caption) for item in rulebook.indicators if item.tick_caption)
        self.categories = {
            item.id: {label_of(category): category for category in item.categories}
            for item in rulebook.ratio_indicators
            if item.categories
        }
        own = [words.dimension_header, words.indicator_header, words.description_header, words.detail_header]
        own += [words.explanation_header, *words.block_ends, *words.ignored_headers]
        own += [entry.label for entry in (*rulebook.dimensions, *rulebook.groups, *rulebook.indicators)]
        for item in rulebook.indicators:
            own += [item.description, item.n_caption, item.m_caption, item.explanation, item.tick_caption, *item.categories]
        self.own = {label_of(text) for text in own if text}
        self.notes = label_of("填表说明")

    def role(self, label: str) -> str:
        """name, end, n, m, ticks, explanation, ignored or "" of a label."""
        if label in self.indicators:
            return "name"
        if label in self.ends or label.startswith(self.notes):
            return "end"
        if label[:2] in ("N:", "M:"):
            return label[0].lower()
        if label == self.explanation:
            return "explanation"
        if label in self.ignored_headers:
            return "ignored"
        return "ticks" if label.startswith(self.tick_captions) else ""

    def is_own(self, label: str) -> bool:
        """True for the form's own words: captions, names, headers, explanations."""
        return label in self.own or self.role(label) != ""


@dataclass
class Block:
    """One indicator's part of the form: rows top..bottom and columns left..right (all included)."""

    indicator: str
    name: Address
    top: int
    bottom: int
    left: int
    right: int
    captions: dict[str, Address] = field(default_factory=dict)
    ticks: Address | None = None

    def holds(self, address: Address) -> bool:
        return self.top <= address[0] <= self.bottom and self.left <= address[1] <= self.right


@dataclass
class Layout:
    """What was found on a sheet: its blocks, and the columns that hold no answers."""

    blocks: list[Block]
    skipped_columns: frozenset[int]
    names_seen: tuple[str, ...]
    caption_count: int


def find_layout(grid: Grid, words: FormWords) -> Layout:
    """Every block of the sheet; a sheet that is no 附件1 gives few or none."""
    marked: dict[str, list[Address]] = {}
    labels: dict[Address, str] = {}
    for address, value in grid.ordered:
        if isinstance(value, str) and (role := words.role(label := label_of(value))):
            marked.setdefault(role, []).append(address)
            labels[address] = label
    skipped = frozenset(
        column
        for address in (*marked.get("explanation", ()), *marked.get("ignored", ()))
        for column in range(address[1], grid.end_of(address)[1] + 1)
    )
    captions = [(address, part) for part in ("n", "m") for address in marked.get(part, ()) if address[1] not in skipped]
    names = _opening_names(marked.get("name", []), [address for address, _ in captions])
    blocks = _blocks(grid, names, marked.get("end", []), [address for address, _ in captions], labels, words)
    captions.sort()
    for block in blocks:
        for address, part in captions:
            if block.top <= address[0] <= block.bottom and block.holds(address):
                block.captions.setdefault(part, address)
        block.ticks = next((address for address in marked.get("ticks", ()) if block.holds(address)), None)
    seen = tuple(dict.fromkeys(words.indicators[labels[address]] for address in marked.get("name", ())))
    return Layout(_one_each(blocks), skipped, seen, len(captions))


def _opening_names(names: list[Address], captions: list[Address]) -> list[Address]:
    """The name cells that open a block: those with a caption to their right before the next name below them."""
    opening = []
    for row, column in names:
        below = min((other for other, beside in names if beside == column and other > row), default=1 << 30)
        if any(beside > column and row <= other < below for other, beside in captions):
            opening.append((row, column))
    return opening


def _blocks(
    grid: Grid,
    names: list[Address],
    ends: list[Address],
    captions: list[Address],
    labels: dict[Address, str],
    words: FormWords,
) -> list[Block]:
    starts: list[int] = []
    for column in sorted({column for _, column in names}):
        if not starts or any(starts[-1] <= beside < column for _, beside in captions):
            starts.append(column)
    last_row = max((row for row, _ in grid.cells), default=1)
    last_column = max((grid.end_of(address)[1] for address in grid.cells), default=1)
    blocks = []
    for left, following in pairwise([*starts, last_column + 1]):
        right = following - 1
        own = [address for address in names if left <= address[1] <= right]
        limits = sorted({row for row, column in (*own, *ends) if left <= column <= right or left == starts[0] and column < left})
        taken: dict[str, int] = {}
        for row, column in own:
            indicator = words.indicators[labels[row, column]]
            bottom = next((limit for limit in limits if limit > row), last_row + 1) - 1
            if taken.get(indicator, 0) >= row:
                continue  # the same name in the same rows (上云投入 as dimension and as indicator)
            taken[indicator] = max(bottom, grid.end_of((row, column))[0])
            blocks.append(Block(indicator, (row, column), row, bottom, left, right))
    return blocks


def _one_each(blocks: list[Block]) -> list[Block]:
    """Blocks without captions dropped where another of the same name has some."""
    captioned = {block.indicator for block in blocks if block.captions}
    return [block for block in blocks if block.captions or block.indicator not in captioned]


_BEHIND_COLON = re.compile(r"^[NM][:：]\s*([^:：]*)$")
_BEHIND_BRACKET = re.compile(r"^.*[)）]([^)）]*)$", re.S)
_NUMBER_WITH_UNIT = re.compile(r"[¥￥]?[0-9][0-9,.]*[^\W\d]{0,3}")


def find_value(grid: Grid, block: Block, part: str, words: FormWords) -> tuple[Value | None, Address, str]:
    """(value, its cell, source) for a caption of the block: the first non-blank cell below it, the cell right of it, or
    what follows in the caption itself (source "caption"). Blank: None, the cell under the caption, and source
    "digits" when the caption ends in digits all the same."""
    caption = block.captions[part]
    bottom, right = grid.end_of(caption)
    under = (bottom + 1, caption[1])
    below = next(
        (
            ((row, column), value)
            for row in range(bottom + 1, block.bottom + 1)
            for column, value in grid.rows.get(row, ())
            if caption[1] <= column <= right
        ),
        None,
    )
    if below and not words.is_own(label_of(text_of(below[1]))):
        return below[1], below[0], "below"
    beside = (caption[0], right + 1)
    value = grid.cells.get(beside)
    if value is not None and block.holds(beside) and not words.is_own(label_of(text_of(value))):
        return value, beside, "beside"
    text = grid.text_at(caption)
    tail = _tail_of(text)
    if tail and _NUMBER_WITH_UNIT.fullmatch(narrowed(tail)):
        return tail, caption, "caption"
    return None, under, "digits" if narrowed(text)[-1:].isdigit() else ""


def _tail_of(text: str) -> str:
    behind_colon = _BEHIND_COLON.match(text.strip())
    if behind_colon:
        return behind_colon[1].strip()
    behind_bracket = _BEHIND_BRACKET.match(text.strip())
    return behind_bracket[1].strip().lstrip(":：").strip() if behind_bracket else ""
