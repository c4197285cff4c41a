"""Finds labelled values on a sheet (企业名称：…, 区县：…, 专家姓名：…): the text behind the label in its cell, or the nearest
cell to the right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import HIDDEN_CHARACTERS, is_blank, label_of
from pipeline.readers.sheet.grid import Address, Grid, Value, text_of
from pipeline.readers.sheet.no_text import is_zero, no_text

_GAP = rf"[\s{HIDDEN_CHARACTERS}]*"
_SEAL = rf"(?:{_GAP}[(（]{_GAP}(?:{_GAP.join('盖章')}|{_GAP.join('公章')}|{_GAP.join('签章')}|{_GAP.join('全称')}){_GAP}[)）])?"
_WIDE = {"(": "[(（]", ")": "[)）]", ":": "[:：]"}
_VALUE_SEAL = re.compile(  # the look-behind keeps the time linear: the gap is tried from its first blank only
    rf"(?<![\s{HIDDEN_CHARACTERS}]){_GAP}[(（]{_GAP}(?:{_GAP.join('盖章')}|{_GAP.join('公章')}|{_GAP.join('签章')}|章){_GAP}[)）]{_GAP}$"
)
_ANY_LABEL = re.compile(r"\s*[^\s:：]{1,12}\s*[:：]")
_DATE = re.compile(r"(?:19|20)\d{2}[年./-]\d{1,2}(?:[月./-](?:\d{1,2}日?)?)?")
LONGEST_LABELLED = 300  # characters; a longer text is no entry of a form
_SENTENCE = re.compile(r"[。；！？]")  # a note on the form, no name
_NEAR = 5  # columns; a value further from its label must look like a value of its kind
_VALUE_END = re.compile(r"\s{2,}|\n|\s(?=[^\s:：]{1,12}[:：])")  # also in front of a label of no known kind


class Labelled(NamedTuple):
    """A label in the text of a cell. rank: its index in the rulebook's list of labels of its kind; value: the text
    behind it in the cell; at_end: no text stands behind it, so its value may stand in a cell to the right."""

    kind: str
    rank: int
    value: str
    at_end: bool


class LabelReader:
    """Finds labelled values on a sheet. kinds: label -> company, county, city, credit_code or expert; ranks: label ->
    its index in the rulebook's list of its kind; further: other labels of the forms, whose values nobody asks for."""

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
        """The labels in the text of a cell, in their order."""
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
            stretch = stretch if _has_words(stretch) else ""
            label = label_of(match[1])
            value = "" if self._is_further(stretch) else _VALUE_SEAL.sub("", _VALUE_END.split(stretch)[0]).strip(" _")
            at_end = not stretch and following is None
            pairs.append(Labelled(self.kinds[label], self.ranks[label], value, at_end))
        return tuple(pairs)

    def _is_further(self, text: str) -> bool:
        """True for a text that begins with any label and a colon (填报日期：…) or is one of the rulebook's further labels
        (联系人)."""
        return bool(_ANY_LABEL.match(text)) or label_of(text) in self.further

    def find(self, grid: Grid, kinds: Iterable[str]) -> dict[str, tuple[str, Address]]:
        """Kind -> (value, its address) for the kinds with a label on the sheet.

        Of several labels of one kind the first with a value is taken; for a company, of those with a value the one with
        the lowest rank. Without any value: ("", the address at which it should stand)."""
        wanted = set(kinds)
        values: dict[str, tuple[str, Address]] = {}
        best: dict[str, tuple[bool, int]] = {}
        for label, address in self._labels(grid):
            kind = label.kind
            if kind not in wanted:
                continue
            text, value_address = self._value(grid, label, address)
            order = (not text, label.rank if kind == "company" else 0)
            if kind not in best or order < best[kind]:
                values[kind], best[kind] = (text, value_address), order
        return values

    def companies(self, grid: Grid) -> list[tuple[str, Address]]:
        """(name or "", address of the label) for every occurrence of the label of a company that stands more than once
        on the sheet; of several such labels the one with the lowest rank. [] without one."""
        by_rank: dict[int, list[tuple[str, Address]]] = {}
        for label, address in self._labels(grid):
            if label.kind == "company":
                by_rank.setdefault(label.rank, []).append((self._value(grid, label, address)[0], address))
        return next((cells for _, cells in sorted(by_rank.items()) if len(cells) > 1), [])

    def _labels(self, grid: Grid) -> list[tuple[Labelled, Address]]:
        pairs_of = self.pairs_of
        return [(label, address) for address, value in grid.ordered if type(value) is str for label in pairs_of(value)]

    def _value(self, grid: Grid, label: Labelled, address: Address) -> tuple[str, Address]:
        """(value, its address) of a label; the name of an office is no company and gives ""."""
        text, value_address = label.value, address
        if label.at_end:
            text, value_address = self._beside(grid, address, label.kind)
        return ("" if label.kind == "company" and text.endswith(self.office_endings) else text), value_address

    def _beside(self, grid: Grid, address: Address, kind: str) -> tuple[str, Address]:
        """(value, its address) from the nearest cell to the right of a label; "" when that cell holds no value."""
        column = grid.end_of(address)[1]
        blank = ("", (address[0], column + 1))
        for other, value in grid.rows.get(address[0], ()):
            if other > column:
                text = _VALUE_SEAL.sub("", text_of(value).strip())
                if text and not _has_words(text):
                    continue  # a colon or a dash alone in a cell
                return blank if self._is_no_value(text, value, kind, other - column) else (text, (address[0], other))
        return blank

    def _is_no_value(self, text: str, value: Value, kind: str, distance: int) -> bool:
        """True for a cell that cannot be the value of a label of `kind` which stands `distance` columns to its left."""
        if no_text(value) in ("error", "no_result", "boolean") or (kind == "expert" and is_zero(value)):
            return True
        if is_blank(text) or self.pairs_of(text) or self._is_further(text) or _DATE.match(text):
            return True
        if kind in ("credit_code", "expert"):
            return distance > _NEAR or bool(_SENTENCE.search(text))
        far = distance > _NEAR and not (kind == "company" and text.endswith(self.company_endings))
        return far or not isinstance(value, str) or text.isdecimal()


def _has_words(text: str) -> bool:
    """True for a text with letters or digits, not punctuation alone."""
    return any(character.isalnum() for character in text)


def _spaced(label: str) -> str:
    """A pattern for the label with gaps between its characters and punctuation of either width."""
    return _GAP.join(_WIDE.get(character, re.escape(character)) for character in label)
