"""Lists on the sheet of an 附件2 that are not read: beside the one that is, or below it under a header with too little."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pipeline.model.names import name_key
from pipeline.model.texts import label_of
from pipeline.readers.forms.nomination.header import NominationHeader
from pipeline.readers.forms.nomination.rows import ListRows
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.bands import Band
from pipeline.readers.sheet.grid import Address, text_of

_MOST_LISTS = 20  # lists that are told of on one sheet
_LEAST_HEADERS = 2  # 企业名称 and one more head a list, be it one that is not read


class OtherList(NamedTuple):
    """A list that is not read. begin: its cell for an issue; names: of its companies."""

    begin: Address
    names: tuple[str, ...]


class OtherLists:
    """Looks for lists that are not read while the rows of a sheet are."""

    def __init__(self, sheet: Sheet, rows: ListRows) -> None:
        self.sheet, self.rows = sheet, rows
        self.headed: set[int] = set()
        self.found: list[tuple[OtherList, Band]] = []
        self.stray: dict[Address, str] = {}

    def take_header(self, header: NominationHeader) -> None:
        """The header by which the rows below are read: a column with any text in its rows is the sender's own."""
        reader = header.reader
        self.headed = set(header.columns.values())
        for row in range(header.top, header.row + 1):
            self.headed |= {
                column for column, _ in (*self.sheet.grid.rows.get(row, ()), *reader.from_above.get(row, ()))
            }
            for left, right, _ in reader.wide.get(row, ()):
                self.headed |= set(range(left, right + 1))

    def stands_beside(self, columns: Mapping[str, int], read: Mapping[str, int], row: int) -> bool:
        """True for a header whose columns lie beside those that are `read`, while the list that is read goes on."""
        if _band(columns).overlaps(_band(read)):
            return False
        return any(self._is_name(below, read["company"]) for below in self.sheet.grid.rows if below >= row)

    def note(self, columns: Mapping[str, int], row: int) -> bool:
        """Notes the list under a header that is not read; False when nobody stands under it, so that it is none."""
        if len(columns) < _LEAST_HEADERS:
            return False
        if len(self.found) >= _MOST_LISTS:
            return True
        below = (other for other in self.sheet.grid.rows if other > row)
        names = [self._text(other, columns["company"]) for other in below if self._is_name(other, columns["company"])]
        if names:
            self.found.append((OtherList((row, columns["company"]), tuple(names)), _band(columns)))
        return bool(names)

    def note_columns(self, columns: Mapping[str, int], row: int, rows: Iterable[int]) -> None:
        """Notes a list whose header stands in the `row` of the header that is read; rows: those of the list read."""
        names = [self._text(other, columns["company"]) for other in rows if self._is_name(other, columns["company"])]
        self.found.append((OtherList((row, columns["company"]), tuple(names)), _band(columns)))

    def look_beside(self, row: int) -> None:
        """Keeps the names of companies in a row of the list that stand under no header."""
        for column, value in self.sheet.grid.rows[row]:
            if column in self.headed or not isinstance(value, str):
                continue
            noted = any(band.first <= column <= band.last for _, band in self.found)
            if not noted and ":" not in label_of(value) and self.rows.looks_like_company(value):
                self.stray[row, column] = value

    def all(self, read: Iterable[str]) -> list[OtherList]:
        """Every list that was noted; names under no header are one list, unless all of them were `read` as well."""
        lists = [other for other, _ in self.found]
        known = {name_key(name) for name in read}
        unknown = {cell: name for cell, name in self.stray.items() if name_key(name) not in known}
        if unknown:
            lists.append(OtherList(min(unknown), tuple(unknown.values())))
        return lists

    def _text(self, row: int, column: int) -> str:
        value = self.sheet.grid.cells.get((row, column))
        return "" if value is None else text_of(value).strip()

    def _is_name(self, row: int, column: int) -> bool:
        text = self._text(row, column)
        return self.rows.is_given(text) and self.rows.is_company_name(text) and not self.rows.is_note(text)


def _band(columns: Mapping[str, int]) -> Band:
    return Band(min(columns.values()), max(columns.values()))
