"""Labelled cells: 企业名称：…, 区县：…, 专家姓名：…: the value after the colon or in the nearest cell to the right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import HIDDEN_CHARACTERS, is_blank, label_of
from pipeline.readers.sheet.grid import Address, Grid, Value

_GAP = rf"[\s{HIDDEN_CHARACTERS}]*"
_SEAL = rf"(?:{_GAP}[(（]{_GAP}(?:{_GAP.join('盖章')}|{_GAP.join('公章')}|{_GAP.join('签章')}|{_GAP.join('全称')}){_GAP}[)）])?"
_WIDE = {"(": "[(（]", ")": "[)）]", ":": "[:：]"}
_VALUE_SEAL = re.compile(  # begins where the gap does: tried from each of its blanks it would take the square of them
    rf"(?<![\s{HIDDEN_CHARACTERS}]){_GAP}[(（]{_GAP}(?:{_GAP.join('盖章')}|{_GAP.join('公章')}|{_GAP.join('签章')}|章){_GAP}[)）]{_GAP}$"
)
_ANY_LABEL = re.compile(r"\s*[^\s:：]{1,12}\s*[:：]")
_DATE = re.compile(r"(?:19|20)\d{2}[年./-]\d{1,2}(?:[月./-](?:\d{1,2}日?)?)?")
LONGEST_LABELLED = 300  # characters; a longer text is no entry of a form
_SENTENCE = re.compile(r"[。；！？]")  # a note on the form, not a name
_NEAR = 5  # columns; what stands further from its label must look like what is looked for
_VALUE_END = re.compile(r"\s{2,}|\n|\s(?=[^\s:：]{1,12}[:：])")  # the next label may be one that nobody looks for


class Labelled(NamedTuple):
    """A label in a cell's text. rank: its place in the rulebook's list of its kind; ends: nothing stands behind it in
    the cell, so that its value may stand beside it."""

    kind: str
    rank: int
    value: str
    ends: bool


class LabelReader:
    """Finds labelled values on a sheet. kinds: company, county, city, credit_code, expert."""

    def __init__(self, rulebook: Rulebook) -> None:
        words = rulebook.vocabulary
        self.kinds: dict[str, str] = {}
        self.ranks: dict[str, int] = {}
        self.further = frozenset(map(label_of, words.further_labels))
        self.company_endings, self.office_endings = words.company_endings, words.office_endings
        for kind, labels in (
            ("city", words.city_labels),
            ("county", words.county_labels),
            ("company", words.company_labels),
            ("credit_code", words.credit_code_labels),
            ("expert", words.expert_labels),
        ):
            self.kinds.update({label_of(label): kind for label in labels})
            self.ranks.update({label_of(label): rank for rank, label in enumerate(labels)})
        spelled = "|".join(_spaced(label) for label in sorted(self.kinds, key=lambda label: (-len(label), label)))
        self._alone = re.compile(rf"{_GAP}({spelled}){_SEAL}{_GAP}[:：]?{_GAP}")
        self._inside = re.compile(rf"(?:^|(?<=\s)){_GAP}({spelled}){_SEAL}{_GAP}[:：]")
        self.pairs_of = lru_cache(maxsize=20_000)(self._pairs_of)

    def _pairs_of(self, text: str) -> tuple[Labelled, ...]:
        """Every label in a cell's text with the value that follows it there."""
        if len(text) > LONGEST_LABELLED:
            return ()
        alone = self._alone.fullmatch(text)
        if alone:
            label = label_of(alone[1])
            return (Labelled(self.kinds[label], self.ranks[label], "", True),)
        matches = list(self._inside.finditer(text))
        pairs = []
        for match, following in zip_longest(matches, matches[1:]):
            stretch = text[match.end() : following.start() if following else len(text)].strip()
            stretch = stretch if _says_something(stretch) else ""
            label = label_of(match[1])
            value = "" if self._is_further(stretch) else _VALUE_SEAL.sub("", _VALUE_END.split(stretch)[0]).strip(" _")
            ends = not stretch and following is None
            pairs.append(Labelled(self.kinds[label], self.ranks[label], value, ends))
        return tuple(pairs)

    def _is_further(self, text: str) -> bool:
        """True for a text that is another label, with or without what it says: 填报日期：…, 联系人."""
        return bool(_ANY_LABEL.match(text)) or label_of(text) in self.further

    def find(self, grid: Grid, kinds: Iterable[str]) -> dict[str, tuple[str, Address]]:
        """kind -> (value, cell that holds it), the first of each kind that has a value, of a company the first label
        in the rulebook's list that has one; a label whose value is blank gives ("", the cell where it should stand)."""
        wanted = set(kinds)
        found: dict[str, tuple[str, Address]] = {}
        best: dict[str, tuple[bool, int]] = {}
        for label, address in self._labels(grid):
            kind = label.kind
            if kind not in wanted:
                continue
            text, place = self._value(grid, label, address)
            order = (not text, label.rank if kind == "company" else 0)
            if kind not in best or order < best[kind]:
                found[kind], best[kind] = (text, place), order
        return found

    def companies(self, grid: Grid) -> list[tuple[str, Address]]:
        """(name or "", the label's cell) of the labels for a company that stand more than once, all of the one kind
        that comes first in the rulebook's list."""
        by_rank: dict[int, list[tuple[str, Address]]] = {}
        for label, address in self._labels(grid):
            if label.kind == "company":
                by_rank.setdefault(label.rank, []).append((self._value(grid, label, address)[0], address))
        return next((cells for _, cells in sorted(by_rank.items()) if len(cells) > 1), [])

    def _labels(self, grid: Grid) -> list[tuple[Labelled, Address]]:
        pairs_of = self.pairs_of
        return [(label, address) for address, value in grid.ordered if type(value) is str for label in pairs_of(value)]

    def _value(self, grid: Grid, label: Labelled, address: Address) -> tuple[str, Address]:
        """(text, its cell): what follows the label in its cell, else the nearest cell to the right that is no label."""
        text, place = label.value, address
        if label.ends:
            text, place = self._beside(grid, address, label.kind)
        return ("" if label.kind == "company" and text.endswith(self.office_endings) else text), place

    def _beside(self, grid: Grid, address: Address, kind: str) -> tuple[str, Address]:
        column = grid.end_of(address)[1]
        blank = ("", (address[0], column + 1))
        for other, value in grid.rows.get(address[0], ()):
            if other > column:
                place = (address[0], other)
                text = _VALUE_SEAL.sub("", grid.text_at(place).strip())
                if text and not _says_something(text):
                    continue  # a colon or a dash in a cell of its own
                return blank if self._is_no_value(text, value, kind, other - column) else (text, place)
        return blank

    def _is_no_value(self, text: str, value: Value, kind: str, distance: int) -> bool:
        """True for a cell that does not say what a label of `kind`, `distance` columns to its left, asks for."""
        if is_blank(text) or self.pairs_of(text) or self._is_further(text) or _DATE.match(text):
            return True
        if kind in ("credit_code", "expert"):
            return distance > _NEAR or bool(_SENTENCE.search(text))
        far = distance > _NEAR and not (kind == "company" and text.endswith(self.company_endings))
        return far or not isinstance(value, str) or text.isdecimal()


def _says_something(text: str) -> bool:
    """False for a text of punctuation only."""
    return any(character.isalnum() for character in text)


def _spaced(label: str) -> str:
    return _GAP.join(_WIDE.get(character, re.escape(character)) for character in label)
