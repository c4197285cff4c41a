"""Labelled cells: 企业名称：…, 区县：…, 专家姓名：…: the value after the colon or in the nearest cell to the right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import zip_longest

from pipeline.issues import Where
from pipeline.readers.grid import HIDDEN_CHARACTERS, Address, Grid, address_text, is_blank, label_of
from pipeline.rulebook import Rulebook

_GAP = rf"[\s{HIDDEN_CHARACTERS}]*"
_SEAL = rf"(?:{_GAP}[(（]{_GAP}(?:{_GAP.join('盖章')}|{_GAP.join('公章')}|{_GAP.join('签章')}|{_GAP.join('全称')}){_GAP}[)）])?"
_WIDE = {"(": "[(（]", ")": "[)）]", ":": "[:：]"}
_VALUE_END = re.compile(r"\s{2,}|\n|\s(?=[^\s:：]{1,12}[:：])")  # the next label may be one that nobody looks for


class LabelReader:
    """Finds labelled values on a sheet. kinds: company, county, city, credit_code, expert."""

    def __init__(self, rulebook: Rulebook) -> None:
        words = rulebook.vocabulary
        self.kinds: dict[str, str] = {}
        for kind, labels in (
            ("city", words.city_labels),
            ("county", words.county_labels),
            ("company", words.company_labels),
            ("credit_code", words.credit_code_labels),
            ("expert", words.expert_labels),
        ):
            self.kinds.update({label_of(label): kind for label in labels})
        spelled = "|".join(_spaced(label) for label in sorted(self.kinds, key=lambda label: (-len(label), label)))
        self._alone = re.compile(rf"{_GAP}({spelled}){_SEAL}{_GAP}[:：]?{_GAP}")
        self._inside = re.compile(rf"(?:^|(?<=\s)){_GAP}({spelled}){_SEAL}{_GAP}[:：]")
        self.pairs_of = lru_cache(maxsize=20_000)(self._pairs_of)

    def _pairs_of(self, text: str) -> tuple[tuple[str, str], ...]:
        """(kind, value) for every label in a cell's text; value "" when the text ends with its label."""
        alone = self._alone.fullmatch(text)
        if alone:
            return ((self.kinds[label_of(alone[1])], ""),)
        matches = list(self._inside.finditer(text))
        pairs = []
        for match, following in zip_longest(matches, matches[1:]):
            stretch = text[match.end() : following.start() if following else len(text)].strip()
            pairs.append((self.kinds[label_of(match[1])], _VALUE_END.split(stretch)[0].strip(" _")))
        return tuple(pairs)

    def find(self, grid: Grid, kinds: Iterable[str]) -> dict[str, tuple[str, Address]]:
        """kind -> (value, cell that holds it), the first of each kind that has a value; a label whose value is blank
        gives ("", the cell where it should stand)."""
        wanted = set(kinds)
        found: dict[str, tuple[str, Address]] = {}
        for address, value in grid.ordered:
            if not isinstance(value, str) or len(value) > 300:
                continue
            for kind, text in self.pairs_of(value):
                if kind not in wanted or (kind in found and found[kind][0]):
                    continue
                place = address
                if not text:
                    text, place = self._beside(grid, address)
                if text or kind not in found:
                    found[kind] = (text, place)
        return found

    def _beside(self, grid: Grid, address: Address) -> tuple[str, Address]:
        """The nearest cell to the right that is no label, as text."""
        column = grid.end_of(address)[1]
        for other, _ in grid.rows.get(address[0], ()):
            if other > column:
                place = (address[0], other)
                text = grid.text_at(place).strip()
                return ("", place) if self.pairs_of(text) or is_blank(text) else (text, place)
        return "", (address[0], column + 1)


def _spaced(label: str) -> str:
    return _GAP.join(_WIDE.get(character, re.escape(character)) for character in label)


def where_in(file: str, grid: Grid, address: Address) -> Where:
    return Where(file, grid.name, address_text(address))
