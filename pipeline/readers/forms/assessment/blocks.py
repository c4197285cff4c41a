"""The layout of an 附件1 sheet: its blocks of indicators and the N and M captions in each.

Everything is found by label, never by address, so that inserted or moved rows, columns and blocks do not matter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise
from operator import itemgetter

from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import LONGEST_LABEL, label_of, narrowed
from pipeline.readers.sheet.grid import Address, Grid, Value, text_of
from pipeline.readers.values.lexicon import Lexicon

# A form has two hundred marked cells in ten columns; the time for more grows with the square of their number.
MAXIMUM_MARKED, MAXIMUM_MARKED_COLUMNS = 10_000, 200
LONGEST_TOTAL = 20  # characters of a label like 云上管理合计
_LABEL_END = re.compile("[:(]")
_TOTAL = re.compile("小计|合计|总计|共计|累计")
_DIGITS = re.compile("[0-9]+(?![0-9年月日])")
_CAPTIONS = {"N:": "n", "M:": "m"}

# A cell with words of the form: its role, its label, its address and the last address of its merge. A plain tuple,
# because a sheet has hundreds.
Marked = tuple[str, str, Address, Address]
ByRole = dict[str, list[Address]]


@dataclass
class Block:
    """One indicator's part of the form: rows top to bottom and columns left to right, all included.

    name: the cell with the indicator's name. captions: "n" and "m" → the caption's cell. ticks: the cell above the
    categories to tick, None without one.
    """

    indicator: str
    name: Address
    top: int
    bottom: int
    left: int
    right: int
    captions: dict[str, Address] = field(default_factory=dict)
    ticks: Address | None = None

    def holds(self, address: Address) -> bool:
        """True for a cell within the block."""
        return self.top <= address[0] <= self.bottom and self.left <= address[1] <= self.right


@dataclass
class Layout:
    """The layout of one sheet.

    skipped_columns: columns without answers, which are those of the explanations and the ignored ones.
    ignored_columns: columns that the form's user added. names_seen: the indicators named anywhere on the sheet.
    caption_count: how many N and M captions there are. last_row: the last row before the notes under the form.
    spare: cells that begin like captions and belong to no block. unit_columns: columns with units beside the answers.
    totals: cells with a label like 小计.
    """

    blocks: list[Block]
    skipped_columns: frozenset[int]
    ignored_columns: frozenset[int]
    names_seen: tuple[str, ...]
    caption_count: int
    last_row: int
    spare: tuple[Address, ...] = ()
    unit_columns: frozenset[int] = frozenset()
    totals: tuple[Address, ...] = ()

    def total_of(self, grid: Grid, block: Block, part: str, answer: Address) -> Address | None:
        """The cell with a label like 小计 left of an answer, in its row and in the block's own columns, or None."""
        others = [other for other in self.blocks if other.left < block.left]
        begin = max((grid.end_of(caption)[1] for other in others for caption in other.captions.values()), default=0)
        end = min(block.captions[part][1], answer[1])
        return next((total for total in self.totals if total[0] == answer[0] and begin < total[1] < end), None)


class FormWords:
    """The words of 附件1 as labels."""

    def __init__(self, rulebook: Rulebook) -> None:
        words = rulebook.vocabulary
        self.indicators = {label_of(item.label): item.id for item in rulebook.ratio_indicators}
        self.notes = label_of("填表说明")
        self.further = {label_of(word) for word in words.further_labels}
        self.tick_captions = tuple(label_of(item.tick_caption) for item in rulebook.indicators if item.tick_caption)
        self.categories = {
            item.id: {label_of(category): category for category in item.categories}
            for item in rulebook.ratio_indicators
            if item.categories
        }
        self.form_texts = {label_of(text) for text in _texts_of_the_form(rulebook) if text}
        self.units = {label_of(word).upper() for unit in rulebook.units for word in (*unit.own, *unit.factors)}
        self.units -= {label_of(word).upper() for word in (*words.ticks, *words.no_ticks)}
        self.digits = {
            (item.id, part): Counter(digits_of(caption))
            for item in rulebook.ratio_indicators
            for part, caption in (("n", item.n_caption), ("m", item.m_caption))
        }
        self._roles = {
            **{label_of(word): "ignored" for word in words.ignored_headers},
            label_of(words.explanation_header): "explanation",
            **{label_of(word): "end" for word in words.block_ends},
            **{label_of(item.label): "end" for item in rulebook.expert_indicators},
            **dict.fromkeys(self.indicators, "name"),
        }
        self._known_mark = lru_cache(maxsize=20_000)(self._mark)
        self.layout = lru_cache(maxsize=64)(self._layout)

    def mark_of(self, text: str) -> tuple[str, str]:
        """(role, label) of a cell's text; the roles are those of `_role`."""
        return self._known_mark(text) if len(text) <= LONGEST_LABEL else self._mark(text)

    def _mark(self, text: str) -> tuple[str, str]:
        label = label_of(text)
        role = self._role(label)
        return role, "" if role == "further" else label  # the text of a signature differs from form to form

    def _role(self, label: str) -> str:
        """The role of a label, "" for one without.

        name (of an indicator), end (of a block), n, m, ticks, explanation, ignored, further (电话：…, 填表人：…), total
        (小计 …) or unit. Labels with the last two roles are not the form's own words.
        """
        role = self._roles.get(label) or _CAPTIONS.get(label[:2])
        if role:
            return role
        if label.startswith(self.notes):
            return "end"
        if label.startswith(self.tick_captions):
            return "ticks"
        if _LABEL_END.split(label, 1)[0] in self.further:
            return "further"
        if len(label) <= LONGEST_TOTAL and _TOTAL.search(label) and label not in self.form_texts:
            return "total"
        return "unit" if label.upper() in self.units else ""

    def is_form_text(self, text: str) -> bool:
        """True for a text that stands word for word in the form."""
        return label_of(text) in self.form_texts

    def is_of_form(self, value: Value) -> bool:
        """True for the form's own words: captions, names, headers, explanations."""
        if type(value) is float:
            return False
        role, label = self.mark_of(text_of(value))
        return role not in ("", "total", "unit") or label in self.form_texts

    def _layout(self, marked: tuple[Marked, ...], last_row: int, last_column: int) -> Layout:
        """The layout given by the marked cells of a sheet. Cached, because a thousand sheets of one form share it."""
        by_role: ByRole = {}
        for role, _, address, _ in marked:
            by_role.setdefault(role, []).append(address)
        lowest = max((row for role in ("n", "m") for row, _ in by_role.get(role, ())), default=0)
        ignored = _columns_headed("ignored", marked, lowest)
        skipped = ignored | _columns_headed("explanation", marked, lowest)
        signatures = [address for address in by_role.get("further", ()) if address[0] > lowest + 1]
        by_role.setdefault("end", []).extend(signatures)
        captions = sorted(
            (address, role) for role, _, address, _ in marked if role in ("n", "m") and address[1] not in skipped
        )
        blocks = _one_each(self._captioned(marked, by_role, captions, (last_row, last_column)))
        for block in blocks:
            block.ticks = next((address for address in by_role.get("ticks", ()) if block.holds(address)), None)
        taken = {address for block in blocks for address in block.captions.values()}
        units = {unit[1] for unit in by_role.get("unit", ()) if any(block.holds(unit) for block in blocks)}
        ends = [row for role, label, (row, _), _ in marked if role == "end" and label.startswith(self.notes)]
        ends += [row for row, _ in signatures]
        return Layout(
            blocks,
            skipped,
            ignored,
            tuple(dict.fromkeys(self.indicators[label] for role, label, _, _ in marked if role == "name")),
            len(captions),
            min((row for row in ends if row > lowest), default=last_row + 1) - 1,
            tuple(address for address, _ in captions if address not in taken),
            frozenset(units - {column for _, column in taken}),  # answers stand in the captions' columns
            tuple(by_role.get("total", ())),
        )

    def _captioned(
        self, marked: tuple[Marked, ...], by_role: ByRole, captions: list[tuple[Address, str]], last: Address
    ) -> list[Block]:
        """Every block with its captions.

        A name opens a block where a caption stands beside it. An indicator whose name has none anywhere gets a block
        without captions, so that they are reported as missing.
        """
        caption_cells = [address for address, _ in captions]
        named = {address: (self.indicators[label], end[0]) for role, label, address, end in marked if role == "name"}
        answers = {
            (end[0] + 1, column)
            for role, _, address, end in marked
            if role in ("n", "m")
            for column in range(address[1], end[1] + 1)
        }  # a name there was typed as an answer
        opening = {
            address: name
            for address, name in named.items()
            if address not in answers and _opens(address, by_role["name"], caption_cells)
        }
        opened = {indicator for indicator, _ in opening.values()}
        names = {address: name for address, name in named.items() if address in opening or name[0] not in opened}
        starts = _starts({column for _, column in opening}, caption_cells)
        blocks = _blocks(names, starts, by_role.get("end", []), caption_cells, last)
        for block in blocks:
            for address, part in captions:
                if block.holds(address):
                    block.captions.setdefault(part, address)
        return blocks


def _texts_of_the_form(rulebook: Rulebook) -> Iterator[str]:
    """Every text that stands in a blank 附件1."""
    words = rulebook.vocabulary
    yield from (words.dimension_header, words.indicator_header, words.description_header, words.detail_header)
    yield from (words.explanation_header, *words.block_ends, *words.ignored_headers)
    yield from (entry.label for entry in rulebook.dimensions)
    yield from (entry.label for entry in rulebook.groups)
    for item in rulebook.indicators:
        yield from (item.label, item.description, item.n_caption, item.m_caption)
        yield from (item.explanation, item.tick_caption, *item.categories)


@lru_cache(maxsize=4)
def form_words(lexicon: Lexicon) -> FormWords:
    """The words of the lexicon's 附件1, built once."""
    return FormWords(lexicon.rulebook)


def find_layout(grid: Grid, words: FormWords) -> Layout:
    """The layout of a sheet; one that is no 附件1 has few blocks or none."""
    marked: list[Marked] = []
    mark_of, end_of = words.mark_of, grid.merges.get
    for address, value in grid.ordered:
        if type(value) is str:
            role, label = mark_of(value)
            if role:
                marked.append((role, label, address, end_of(address, address)))
    if len(marked) > MAXIMUM_MARKED or len({address[1] for _, _, address, _ in marked}) > MAXIMUM_MARKED_COLUMNS:
        marked.clear()
    last_row = grid.ordered[-1][0][0] if grid.ordered else 1
    last_column = max(map(itemgetter(1), chain(grid.cells, grid.merges.values())), default=1)
    return words.layout(tuple(marked), last_row, last_column)


def _columns_headed(role: str, marked: tuple[Marked, ...], lowest: int) -> frozenset[int]:
    """The columns under headers of a role. `lowest`: the row of the lowest caption; a word below it belongs to some
    list under the form."""
    return frozenset(
        column
        for other, _, address, end in marked
        if other == role and address[0] < lowest
        for column in range(address[1], end[1] + 1)
    )


def _opens(name: Address, names: list[Address], captions: list[Address]) -> bool:
    """True for a name with a caption to its right, before the next name below it."""
    row, column = name
    below = min((other for other, beside in names if beside == column and other > row), default=1 << 30)
    return any(beside > column and row <= other < below for other, beside in captions)


def _starts(columns: set[int], captions: list[Address]) -> list[int]:
    """The first column of each band of blocks that stand side by side. `columns`: those of names that open a block."""
    starts: list[int] = []
    for column in sorted(columns):
        if not starts or any(starts[-1] <= beside < column for _, beside in captions):
            starts.append(column)
    return starts


def _blocks(
    names: dict[Address, tuple[str, int]],
    starts: list[int],
    ends: list[Address],
    captions: list[Address],
    last: Address,
) -> list[Block]:
    """The blocks opened by `names` (cell → indicator and the last row of its merge), band by band.

    ends: cells that end a block above them. last: the sheet's last row and column.
    """
    blocks = []
    for left, following in pairwise([*starts, last[1] + 1]):
        in_band = [address for address in names if _band_of(address, starts, []) == left]
        limits = sorted(
            {row for row, _ in in_band} | {end[0] for end in ends if _band_of(end, starts, captions) == left}
        )
        taken: dict[str, int] = {}
        for address in in_band:
            indicator, merged_to = names[address]
            if taken.get(indicator, 0) >= address[0]:
                continue  # the same name in the same rows (上云投入 as dimension and as indicator)
            bottom = next((limit for limit in limits if limit > address[0]), last[0] + 1) - 1
            taken[indicator] = max(bottom, merged_to)
            blocks.append(Block(indicator, address, address[0], bottom, left, following - 1))
    return blocks


def _band_of(address: Address, starts: list[int], captions: list[Address]) -> int:
    """The first column of the band that a cell belongs to. With `captions`, a cell right of a band's captions belongs
    to the next band, whose dimension it names."""
    index = max((number for number, start in enumerate(starts) if start <= address[1]), default=0)
    following = starts[index + 1] if index + 1 < len(starts) else 0
    if following and any(starts[index] <= column < min(address[1], following) for _, column in captions):
        index += 1
    return starts[index]


def _one_each(blocks: list[Block]) -> list[Block]:
    """The blocks, those without captions dropped where another block of the same indicator has some."""
    captioned = {block.indicator for block in blocks if block.captions}
    return [block for block in blocks if block.captions or block.indicator not in captioned]


def digits_of(caption: str) -> list[str]:
    """The runs of digits in a caption, those of dates left out."""
    return _DIGITS.findall(narrowed(caption))
