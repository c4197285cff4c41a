"""Where the answers of 附件1 stand: blocks of indicators, their N and M captions, and the cell a value is in.

Everything is found by label, never by address, so inserted or moved rows, columns and blocks do not matter.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise
from operator import itemgetter

from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import LONGEST_LABEL, label_of, narrowed
from pipeline.readers.sheet.grid import Address, Grid, Value, text_of


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
            own += [
                item.description,
                item.n_caption,
                item.m_caption,
                item.explanation,
                item.tick_caption,
                *item.categories,
            ]
        self.own = {label_of(text) for text in own if text}
        self.notes = label_of("填表说明")
        self.further = {label_of(word) for word in words.further_labels}
        self.units = {label_of(word).upper() for unit in rulebook.units for word in (*unit.own, *unit.factors)}
        self.units -= {label_of(word).upper() for word in (*words.ticks, *words.no_ticks)}
        self.digits = {
            (item.id, part): Counter(digits_of(caption))
            for item in rulebook.ratio_indicators
            for part, caption in (("n", item.n_caption), ("m", item.m_caption))
        }
        self._known_mark = lru_cache(maxsize=20_000)(self._mark)
        self.layout = lru_cache(maxsize=64)(self._layout)

    def mark_of(self, text: str) -> tuple[str, str]:
        """(role, label) of a cell's text; role as `_role`."""
        return self._known_mark(text) if len(text) <= LONGEST_LABEL else self._mark(text)

    def _mark(self, text: str) -> tuple[str, str]:
        label = label_of(text)
        role = self._role(label)
        return role, "" if role == "further" else label  # what is signed differs from form to form

    def _role(self, label: str) -> str:
        """name, end, n, m, ticks, explanation, ignored, further (电话：…, 填表人：…), total (小计 …), unit or "" of a
        label; the last two are no words of the form's own."""
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
        if label.startswith(self.tick_captions):
            return "ticks"
        if _LABEL_END.split(label, 1)[0] in self.further:
            return "further"
        if len(label) <= LONGEST_TOTAL and _TOTAL.search(label) and label not in self.own:
            return "total"
        return "unit" if label.upper() in self.units else ""

    def _layout(self, marked: tuple[Marked, ...], last_row: int, last_column: int) -> Layout:
        """The layout that the marked cells of a sheet make; one form's serves a thousand sheets."""
        by_role: dict[str, list[Address]] = {}
        for role, _, address, _ in marked:
            by_role.setdefault(role, []).append(address)
        lowest = max((row for role in ("n", "m") for row, _ in by_role.get(role, ())), default=0)
        columns: dict[str, set[int]] = {"explanation": set(), "ignored": set()}
        for role, _, address, end in marked:
            if role in columns and address[0] < lowest:  # a header, not a word of some list under the form
                columns[role].update(range(address[1], end[1] + 1))
        skipped = frozenset(columns["explanation"] | columns["ignored"])
        feet = [place for place in by_role.get("further", ()) if place[0] > lowest + 1]  # the signatures
        by_role.setdefault("end", []).extend(feet)
        captions = [(place, role) for role, _, place, _ in marked if role in ("n", "m") and place[1] not in skipped]
        captions.sort()
        blocks = self._captioned(marked, by_role, captions, (last_row, last_column))
        for block in blocks:
            block.ticks = next((address for address in by_role.get("ticks", ()) if block.holds(address)), None)
        seen = tuple(dict.fromkeys(self.indicators[label] for role, label, _, _ in marked if role == "name"))
        notes = [row for role, label, (row, _), _ in marked if role == "end" and label.startswith(self.notes)]
        end = min([row for row in (*notes, *(row for row, _ in feet)) if row > lowest], default=last_row + 1) - 1
        blocks = _one_each(blocks)
        own = {place for block in blocks for place in block.captions.values()}
        spare = tuple(place for place, _ in captions if place not in own)
        units = {place[1] for place in by_role.get("unit", ()) if any(block.holds(place) for block in blocks)}
        units -= {column for _, column in own}  # answers stand there
        totals = tuple(by_role.get("total", ()))
        ignored = frozenset(columns["ignored"])
        return Layout(blocks, skipped, ignored, seen, len(captions), end, spare, frozenset(units), totals)

    def _captioned(
        self,
        marked: tuple[Marked, ...],
        by_role: dict[str, list[Address]],
        captions: list[tuple[Address, str]],
        last: Address,
    ) -> list[Block]:
        """Every block with its captions. A name opens its block where a caption stands beside it; a name that has
        none anywhere opens an empty one, so that the missing captions are told."""
        places = [address for address, _ in captions]
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
            if address not in answers and _opens(address, by_role["name"], places)
        }
        opened = {indicator for indicator, _ in opening.values()}
        names = {address: name for address, name in named.items() if address in opening or name[0] not in opened}
        blocks = _blocks(names, sorted({column for _, column in opening}), by_role.get("end", []), places, last)
        for block in blocks:
            for address, part in captions:
                if block.holds(address):
                    block.captions.setdefault(part, address)
        return blocks

    def is_form_text(self, text: str) -> bool:
        """True for a text that stands in the form word by word."""
        return label_of(text) in self.own

    def is_own(self, value: Value) -> bool:
        """True for the form's own words: captions, names, headers, explanations."""
        if type(value) is float:
            return False
        role, label = self.mark_of(text_of(value))
        return role not in ("", "total", "unit") or label in self.own


# A form has two hundred such cells in ten columns; telling more apart takes the square of their number.
MAXIMUM_MARKED, MAXIMUM_MARKED_COLUMNS = 10_000, 200
_LABEL_END = re.compile("[:(]")
LONGEST_TOTAL = 20  # characters of a label like 云上管理合计
_TOTAL = re.compile("小计|合计|总计|共计|累计")
_DIGITS = re.compile("[0-9]+(?![0-9年月日])")

# A cell that says something of the form: its role, its label, where it begins and where its merge ends.
Marked = tuple[str, str, Address, Address]


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
    """What was found on a sheet: its blocks, the columns that hold no answers (skipped: explanations and what the
    form's user added; ignored: the latter alone), and the last row before the notes under the form. spare: cells that
    begin like captions and are none of a block's; unit_columns: columns with units beside the answers; totals: cells
    with a label like 小计."""

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
        """The label like 小计 that stands left of an answer, in its row and the block's own band of columns."""
        others = [other for other in self.blocks if other.left < block.left]
        begin = max((grid.end_of(place)[1] for other in others for place in other.captions.values()), default=0)
        end = min(block.captions[part][1], answer[1])
        return next((place for place in self.totals if place[0] == answer[0] and begin < place[1] < end), None)


def find_layout(grid: Grid, words: FormWords) -> Layout:
    """Every block of the sheet; a sheet that is no 附件1 gives few or none."""
    marked = []
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


def _opens(name: Address, names: list[Address], captions: list[Address]) -> bool:
    """A name cell opens a block when a caption stands to its right before the next name below it."""
    row, column = name
    below = min((other for other, beside in names if beside == column and other > row), default=1 << 30)
    return any(beside > column and row <= other < below for other, beside in captions)


def _blocks(
    names: dict[Address, tuple[str, int]],
    columns: list[int],
    ends: list[Address],
    captions: list[Address],
    last: Address,
) -> list[Block]:
    """The blocks opened by `names` (cell → indicator and the last row of its merge), band of columns by band; `columns`
    are those of names with captions beside them. last: the sheet's last row and column."""
    starts: list[int] = []
    for column in columns:
        if not starts or any(starts[-1] <= beside < column for _, beside in captions):
            starts.append(column)
    blocks = []
    for left, following in pairwise([*starts, last[1] + 1]):
        own = [address for address in names if _band_of(address, starts, []) == left]
        limits = sorted(
            {row for row, _ in own} | {place[0] for place in ends if _band_of(place, starts, captions) == left}
        )
        taken: dict[str, int] = {}
        for address in own:
            indicator, merged_to = names[address]
            if taken.get(indicator, 0) >= address[0]:
                continue  # the same name in the same rows (上云投入 as dimension and as indicator)
            bottom = next((limit for limit in limits if limit > address[0]), last[0] + 1) - 1
            taken[indicator] = max(bottom, merged_to)
            blocks.append(Block(indicator, address, address[0], bottom, left, following - 1))
    return blocks


def _band_of(place: Address, starts: list[int], captions: list[Address]) -> int:
    """The first column of the band that a cell belongs to. With `captions`: a cell right of a band's captions is a
    dimension's name of the next band."""
    index = max((number for number, start in enumerate(starts) if start <= place[1]), default=0)
    following = starts[index + 1] if index + 1 < len(starts) else 0
    if following and any(starts[index] <= column < min(place[1], following) for _, column in captions):
        index += 1
    return starts[index]


def _one_each(blocks: list[Block]) -> list[Block]:
    """Blocks without captions dropped where another of the same name has some."""
    captioned = {block.indicator for block in blocks if block.captions}
    return [block for block in blocks if block.captions or block.indicator not in captioned]


def digits_of(caption: str) -> list[str]:
    """The runs of digits in a caption, those of dates left out."""
    return _DIGITS.findall(narrowed(caption))
