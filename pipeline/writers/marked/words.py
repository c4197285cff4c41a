"""Looks for words that are not the county's in a workbook: names of other counties' companies anywhere, and phones
outside their column – also where a name or a number is cut into pieces over runs, paragraphs, cells or attributes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from pipeline.issues.numerals import ANY_NUMERAL
from pipeline.issues.phones import mask_figure, mask_mobiles, mask_phones
from pipeline.model.names import name_key
from pipeline.writers.layout.names_of_others import NamesOfOthers
from pipeline.writers.marked.filter import Filtered
from pipeline.writers.marked.package import Package
from pipeline.writers.marked.texts import Address, Shown
from pipeline.writers.marked.xml import NotMarkable

_BRACKETS = re.compile(r"\([^()]*\)")
_APART = "\n《》《》《》\n"  # so much stands between no digits of one phone
_EDGES = " \t\r\n.,·-–—_/()（）：:、，"
_FIGURE = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
_WHOLE = re.compile(r"\d+")
# Numbers beside each other that are a phone, and not figures: the lengths of the pieces people write one in.
_MOBILES = frozenset({(3, 4, 4), (3, 3, 5), (3, 5, 3), (4, 3, 4), (4, 4, 3), (3, 8), (4, 7), (7, 4)})
_MOBILE = re.compile(r"1[3-9]\d{9}")
_MOBILE_DIGITS = 11


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


def check_words(
    package: Package,
    parts: Iterable[Filtered],
    shown: Mapping[str, Mapping[Address, Shown]],
    contacts: Contacts,
    others: NamesOfOthers,
) -> None:
    """Raises NotMarkable for a phone outside its column, and for another county's company anywhere. parts: those of the
    package; shown: what the cells of each worksheet part show."""
    for part in parts:
        _check_names([*part.words, _APART, *part.points, _APART, _APART.join(part.formulas)], others)
        _check_phones(map(mask_phones, part.words), part.words)
        _check_side_by_side(part.words, [True] * len(part.words))
        _check_phones(map(mask_figure, part.points), part.points)
        _check_phones(map(mask_mobiles, part.formulas), part.formulas)
    for sheet in package.sheets():
        cells = shown[sheet.part]
        phones = contacts.below(sheet.name, cells, contacts.headers)
        figures = contacts.below(sheet.name, cells, contacts.figures)
        _check_cells(cells, phones, figures, others)


def _check_cells(
    cells: Mapping[Address, Shown], phones: Mapping[int, int], figures: Mapping[int, int], others: NamesOfOthers
) -> None:
    """phones, figures: column -> the row of its header; below it phones may stand, or figures do."""
    texts = [cell.text for (row, column), cell in cells.items() if row <= phones.get(column, row)]
    _check_phones(map(mask_figure, texts), texts)
    rows = sorted(cells.items())
    columns = sorted(cells.items(), key=lambda entry: entry[0][::-1])
    for line in (*_lines(rows, 0), *_lines(columns, 1)):
        _check_names([cell.text for _, cell in line], others)
        free = [
            cell.text if row <= phones.get(column, row) and row <= figures.get(column, row) else _APART
            for (row, column), cell in line
        ]
        _check_side_by_side(free, [not cell.is_number for _, cell in line])


def _lines(cells: list[tuple[Address, Shown]], axis: int) -> Iterator[list[tuple[Address, Shown]]]:
    return (list(group) for _, group in groupby(cells, key=lambda entry: entry[0][axis]))


def _check_side_by_side(texts: Sequence[str], typed: Sequence[bool]) -> None:
    """Raises NotMarkable for a phone that goes on from one text to the next. typed: by text whether it is typed as one;
    numbers are figures, and make a phone only in the pieces that phones are written in."""
    plain = [unicodedata.normalize("NFKC", text).strip() for text in texts]
    for stretch in _going_on(plain):
        _check_phones([mask_phones(stretch)], [stretch])
    for first in range(len(plain)):
        pieces = _pieces_of_mobile(plain, first)
        lengths = tuple(map(len, pieces))
        if pieces and (all(typed[first : first + len(pieces)]) or lengths in _MOBILES or set(lengths) == {1}):
            raise NotMarkable(_PHONE)


def _pieces_of_mobile(texts: Sequence[str], first: int) -> list[str]:
    """The whole numbers from the text `first` on that make a mobile number of at least two pieces, [] when they make none."""
    digits, pieces = "", []
    for text in texts[first : first + _MOBILE_DIGITS]:
        digits += text
        if len(digits) > _MOBILE_DIGITS or not _WHOLE.fullmatch(text):
            return []
        pieces.append(text)
        if len(digits) == _MOBILE_DIGITS:
            return pieces if len(pieces) > 1 and _MOBILE.fullmatch(digits) else []
    return []


def _going_on(texts: Iterable[str]) -> Iterator[str]:
    """The texts that go on into each other, as one: each ends with a digit where the next begins with one. Figures are no
    such texts."""
    pieces = [text for text in texts if text.strip(_EDGES)]
    stretch = pieces[:1]
    for before, after in pairwise(pieces):
        figures = _FIGURE.fullmatch(before) or _FIGURE.fullmatch(after)
        if figures or not (ANY_NUMERAL.match(before.rstrip(_EDGES)[-1]) and ANY_NUMERAL.match(after.lstrip(_EDGES)[0])):
            if len(stretch) > 1:
                yield "\n".join(stretch)
            stretch = []
        stretch.append(after)
    if len(stretch) > 1:
        yield "\n".join(stretch)


def _check_names(texts: Sequence[str], others: NamesOfOthers) -> None:
    if others.named_in("".join(texts)) or others.named_in("\n".join(texts)):
        raise NotMarkable("其中有不是本区县的内容")


_PHONE = "“联系电话”栏以外的地方有电话号码"


def _check_phones(masked: Iterable[str], texts: Iterable[str]) -> None:
    if any(hidden != text for hidden, text in zip(masked, texts, strict=True)):
        raise NotMarkable(_PHONE)
