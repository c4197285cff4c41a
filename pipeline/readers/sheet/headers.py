"""Header rows of lists: which column holds what, whatever their order, line breaks and brackets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache

from pipeline.issues.words import quoted
from pipeline.model.texts import LONGEST_LABEL, label_of
from pipeline.readers.sheet.grid import Address, Grid, Value, text_of

HEADER_ROWS = 4  # a heading merged over more rows is no part of a header

_YEAR = re.compile(r"(20\d{2})年")
_BRACKET = re.compile(r"\(([^()]*)\)")
_ROUND = str.maketrans("[]【】〔〕{}", "()()()()")


def header_key(text: str) -> str:
    """A header as it is compared: as a label, without brackets and what stands in them."""
    return _known_key(text) if len(text) <= LONGEST_LABEL else _key(text)


def _key(text: str) -> str:
    return _BRACKET.sub("", label_of(text).translate(_ROUND))


_known_key = lru_cache(maxsize=20_000)(_key)  # every row of a list is looked at for a header


def brackets_of(text: str) -> list[str]:
    """What stands in a header's brackets: its unit, notes."""
    return _BRACKET.findall(label_of(text).translate(_ROUND))


def names_of(entries: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Header key -> id from (id, words) pairs."""
    return {header_key(word): identifier for identifier, words in entries for word in words}


def titles_of_another_year(grid: Grid, row: int, word: str, year: int) -> list[tuple[Address, str]]:
    """The titles (texts with `word` in them) above `row` that name a year, and not `year`: (cell, text)."""
    titles = []
    for address, value in grid.ordered:
        if address[0] >= row:
            break
        label = label_of(value) if isinstance(value, str) else ""
        found = _YEAR.search(label)
        if found and word in label and int(found[1]) != year:
            titles.append((address, text_of(value)))
    return titles


def said_header(text: str) -> str:
    """A column's header as a message gives it."""
    return f"标题「{quoted(text)}」" if text.strip() else "没有标题"


class HeaderReader:
    """Reads the header rows of one sheet. A header merged over several rows stands in each of them."""

    def __init__(self, grid: Grid, *names: Mapping[str, str]) -> None:
        """`names` map header keys to ids; where two headers of a row claim one id, the earlier map decides."""
        self.grid, self.names = grid, names
        self.from_above: dict[int, list[tuple[int, Value]]] = {}
        self.wide: dict[int, list[tuple[int, int, str]]] = {}
        for (top, column), (bottom, right) in sorted(grid.merges.items()):
            value = grid.cells.get((top, column))
            if value is None or bottom >= top + HEADER_ROWS:
                continue
            for row in range(top + 1, bottom + 1):
                self.from_above.setdefault(row, []).append((column, value))
            for row in range(top, bottom + 1) if right > column else ():
                self.wide.setdefault(row, []).append((column, right, text_of(value)))

    def columns(self, row: int) -> dict[str, int]:
        """Column id -> column number for the headers of one row; of two alike the first."""
        cells = sorted((*self.grid.rows.get(row, ()), *self.from_above.get(row, ())), key=lambda cell: cell[0])
        headers = [(column, header_key(value)) for column, value in cells if isinstance(value, str)]
        columns: dict[str, int] = {}
        for names in self.names:
            taken = set(columns.values())
            for column, header in headers:
                if header in names and column not in taken:
                    columns.setdefault(names[header], column)
        return columns

    def texts(self, row: int, column: int) -> tuple[str, str]:
        """What a column's header says, and what the heading over it says: one merged over several columns, or the
        nearest to the left in a header of two rows; "" without."""
        own = self.grid.text_at((row, column)) or next(
            (text_of(value) for other, value in self.from_above.get(row, ()) if other == column), ""
        )
        above = self.grid.text_at((row - 1, column))
        if not own:
            return above, ""
        for left, right, text in self.wide.get(row - 1, ()):
            if left <= column <= right:
                return own, text
        if not above and self.columns(row - 1):
            earlier = [text_of(value) for other, value in self.grid.rows.get(row - 1, ()) if other < column]
            above = earlier[-1] if earlier and header_key(earlier[-1]) not in set().union(*self.names) else ""
        return own, above


class MergedValues:
    """Values by cell in which a covered cell answers for its merge (vertical merges of a list's column)."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.by_column: dict[int, list[tuple[int, int]]] = {}
        for start, end in sorted(grid.merges.items()):
            if end[0] > start[0]:
                self.by_column.setdefault(start[1], []).append((start[0], end[0]))

    def at(self, row: int, column: int) -> Value | None:
        return self.grid.cells.get(self.start_of((row, column)))

    def text(self, row: int, column: int | None) -> str:
        """The cell's text without outer space, "" without such a column."""
        value = self.at(row, column) if column else None
        return "" if value is None else text_of(value).strip()

    def start_of(self, address: Address) -> Address:
        """The cell that holds the value shown at `address`."""
        row, column = address
        spans = self.by_column.get(column, [])
        place = bisect_right(spans, (row, 1 << 30)) - 1
        if address not in self.grid.cells and place >= 0 and row <= spans[place][1]:
            return spans[place][0], column
        return address
