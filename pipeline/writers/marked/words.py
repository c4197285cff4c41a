"""Looks for words that are not the county's in a workbook: names of other counties' companies anywhere, and phones
outside their column – also where a name or a number is cut into pieces over runs, paragraphs, cells or attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from pipeline.issues.phones import mask_phones
from pipeline.model.names import name_key
from pipeline.writers.layout.names_of_others import NamesOfOthers
from pipeline.writers.marked.filter import Filtered
from pipeline.writers.marked.package import Package
from pipeline.writers.marked.texts import Address, Shown, shared_strings, shown_cells
from pipeline.writers.marked.xml import NotMarkable

_BRACKETS = re.compile(r"\([^()]*\)")
_APART = "\n||||\n"  # so much stands in no phone


@dataclass(frozen=True)
class Contacts:
    """Columns of a county's 附件2 by their headers, on these sheets. headers: those that may hold phones; figures: those
    whose numbers stand beside each other and make no phone."""

    headers: frozenset[str]
    sheets: frozenset[str]
    figures: frozenset[str] = frozenset()

    def below(self, sheet: str, cells: Mapping[Address, Shown], headers: frozenset[str]) -> dict[int, int]:
        """Column -> the row of its header, for the columns with one of the headers."""
        if sheet not in self.sheets:
            return {}
        met = (address for address, cell in cells.items() if _BRACKETS.sub("", name_key(cell.text)) in headers)
        return {column: row for row, column in sorted(met, reverse=True)}


def check_words(package: Package, parts: Iterable[Filtered], contacts: Contacts, others: NamesOfOthers) -> None:
    """Raises NotMarkable for a phone outside its column, and for another county's company anywhere."""
    for part in parts:
        for text in ("".join(part.words), "\n".join(part.words), _APART.join(part.alone)):
            _check_names(text, others)
            _check_phones(text)
    strings = shared_strings(package)
    for sheet in package.sheets():
        cells = shown_cells(package, sheet, strings)
        phones = contacts.below(sheet.name, cells, contacts.headers)
        figures = contacts.below(sheet.name, cells, contacts.figures)
        _check_cells(cells, phones, figures, others)


def _check_cells(
    cells: Mapping[Address, Shown], phones: Mapping[int, int], figures: Mapping[int, int], others: NamesOfOthers
) -> None:
    """phones, figures: column -> the row of its header; below it phones may stand, or figures do."""
    rows = sorted(cells.items())
    columns = sorted(cells.items(), key=lambda entry: entry[0][::-1])
    for line in (*_lines(rows, 0), *_lines(columns, 1)):
        _check_names("".join(cell.text for _, cell in line), others)
        _check_names("\n".join(cell.text for _, cell in line), others)
        kinds = [(_kind(address, cell, phones, figures), cell.text) for address, cell in line]
        _check_phones("".join(text if kind == "text" else _APART for kind, text in kinds))
        _check_phones("-".join(_APART if kind in ("phone", "figure") else text for kind, text in kinds))
        _check_phones(_APART.join(text for kind, text in kinds if kind != "phone"))


def _lines(cells: list[tuple[Address, Shown]], axis: int) -> Iterator[list[tuple[Address, Shown]]]:
    return (list(group) for _, group in groupby(cells, key=lambda entry: entry[0][axis]))


def _kind(address: Address, cell: Shown, phones: Mapping[int, int], figures: Mapping[int, int]) -> str:
    row, column = address
    if row > phones.get(column, row):
        return "phone"
    if row > figures.get(column, row):
        return "figure"
    return "number" if cell.is_number else "text"


def _check_names(text: str, others: NamesOfOthers) -> None:
    if others.named_in(text):
        raise NotMarkable("其中有不是本区县的内容")


def _check_phones(text: str) -> None:
    if mask_phones(text) != text:
        raise NotMarkable("“联系电话”栏以外的地方有电话号码")
