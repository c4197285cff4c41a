"""Columns of an 附件2 that claim one header: which of them is read, and whether the other says something else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from pipeline.model.texts import label_of, narrowed
from pipeline.readers.forms.nomination.header import NominationHeader
from pipeline.readers.forms.repeated_headers import says_otherwise
from pipeline.readers.forms.sheet import Sheet

_TWO_ARE_USUAL = ("order", "business", "contact", "phone")  # 联系电话（手机） beside 联系电话（座机）
_MOST_MERGED = 30  # columns under one header
_NAMED_ONCE = ("company", "recommendation", "credit_code")  # besides the figures


class TwinColumn(NamedTuple):
    """A column that is not read because another one claims the same header. id: of the column that both claim; read:
    the one that is read."""

    id: str
    column: int
    read: int


class Difference(NamedTuple):
    """The first row in which a twin column says something else. typed: its text; used: that of the column read."""

    twin: TwinColumn
    row: int
    typed: str
    used: str


def twin_columns(sheet: Sheet, header: NominationHeader, figures: Collection[str]) -> list[TwinColumn]:
    """The columns that claim the header of a column that is read, left to right. figures: the ids of columns of figures.

    Two columns are twins when their headers are the same word. Different words for one thing (营业收入, 销售收入) are
    twins for what may stand in a list only once, unless one of them is the notice's own word or is hidden. So are the
    columns under one header that is merged over them.
    """
    reader, columns = header.reader, header.columns
    keys = {column: key for row in range(header.top, header.row + 1) for column, key in reader.keys(row)}
    under_one = list(_under_merged(header))
    if keys.keys() <= {*columns.values()} and not under_one:
        return []
    written = {column: text for column, text, _ in _headers(sheet, header)}
    twins = under_one
    for column, key in sorted(keys.items()):
        claimed = next((names[key] for names in reader.names if key in names), "")
        read = columns.get(claimed, column)
        if read == column or column in columns.values() or read not in keys:
            continue
        if keys[read] == key:
            alike = claimed not in _TWO_ARE_USUAL or label_of(written[column]) == label_of(written[read])
        else:
            told_apart = keys[read] in reader.names[0] or column in sheet.grid.hidden_columns
            alike = claimed in (*_NAMED_ONCE, *figures) and not told_apart
        if alike:
            twins.append(TwinColumn(claimed, column, read))
    return twins


def _under_merged(header: NominationHeader) -> Iterator[TwinColumn]:
    """The further columns under a header that is merged over several: only the first of them is read."""
    taken = {*header.columns.values()}
    for row in range(header.top, header.row + 1):
        for left, right, _ in header.reader.wide.get(row, ()):
            owner = next((name for name, column in header.columns.items() if column == left), "")
            below = {column for lower in range(row + 1, header.row + 1) for column, _ in header.reader.keys(lower)}
            for column in range(left + 1, min(right, left + _MOST_MERGED) + 1) if owner else ():
                if column not in taken and column not in below:
                    yield TwinColumn(owner, column, left)


def _headers(sheet: Sheet, header: NominationHeader) -> Iterator[tuple[int, str, str]]:
    """(column, text, header key) of the texts in the rows of a header, a header merged downwards once."""
    seen: set[tuple[int, str]] = set()
    for row in range(header.top, header.row + 1):
        for column, key in header.reader.keys(row):
            if (column, key) not in seen:
                seen.add((column, key))
                yield column, sheet.grid.text_at(sheet.merged.start_of((row, column))), key


class TwinRows:
    """Compares twin columns row by row with the columns that are read; keeps the first difference of each."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.twins: list[TwinColumn] = []
        self.differences: dict[TwinColumn, Difference] = {}

    def take(self, twins: list[TwinColumn]) -> None:
        """The twins of the header by which the rows below are read."""
        self.twins = twins

    def look_at(self, row: int, not_given: Collection[str]) -> None:
        """Compares a row of the list; a twin cell that is blank, or holds one of `not_given`, says nothing."""
        for twin in self.twins:
            if twin in self.differences:
                continue
            typed, used = self._text(row, twin.column), self._text(row, twin.read)
            if narrowed(typed).upper() not in not_given and says_otherwise(typed, used):
                self.differences[twin] = Difference(twin, row, typed, used)

    def _text(self, row: int, column: int) -> str:
        return self.sheet.merged.text(row, column)


def is_other_list(differences: Mapping[TwinColumn, Difference]) -> bool:
    """True when the twin columns are those of another list beside the one that is read: its names and more."""
    ids = {twin.id for twin in differences}
    return "company" in ids and len(ids) > 1
