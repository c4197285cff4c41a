"""Header rows of lists: the ids of their columns, whatever their order, line breaks and brackets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache

from pipeline.issues.words import quoted
from pipeline.model.texts import LONGEST_LABEL, label_of
from pipeline.readers.sheet.grid import Address, Grid, Value, text_of

HEADER_ROWS = 4  # a cell merged over more rows is no header

_YEAR = re.compile(r"(20\d{2})年")
_BRACKET = re.compile(r"\(([^()]*)\)")
_ROUND = str.maketrans("[]【】〔〕{}", "()()()()")


def header_key(text: str) -> str:
    """The form in which headers are compared: as a label, without brackets and the text in them."""
    return _known_key(text) if len(text) <= LONGEST_LABEL else _key(text)


def _key(text: str) -> str:
    return _BRACKET.sub("", label_of(text).translate(_ROUND))


_known_key = lru_cache(maxsize=20_000)(_key)  # every row of a list is checked for a header


def brackets_of(text: str) -> list[str]:
    """The texts in the brackets of a header, such as a unit or a note."""
    return _BRACKET.findall(label_of(text).translate(_ROUND))


def names_of(entries: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Header key -> id, from pairs (id, its headers)."""
    return {header_key(word): identifier for identifier, words in entries for word in words}


def titles_of_another_year(grid: Grid, row: int, word: str, year: int) -> list[tuple[Address, str]]:
    """(address, text) of the titles above `row` that name a year other than `year`; a title is a text that contains
    `word`."""
    titles = []
    for address, value in grid.ordered:
        if address[0] >= row:
            break
        label = label_of(value) if isinstance(value, str) else ""
        match = _YEAR.search(label)
        if match and word in label and int(match[1]) != year:
            titles.append((address, text_of(value)))
    return titles


def quoted_header(text: str) -> str:
    """The header of a column as a message quotes it, in Chinese."""
    return f"标题「{quoted(text)}」" if text.strip() else "没有标题"


class HeaderReader:
    """Reads the header rows of one sheet. A header merged over several rows belongs to each of them."""

    def __init__(self, grid: Grid, *names: Mapping[str, str]) -> None:
        """names: maps from header key to id; when two headers of a row have the same id, the earlier map decides."""
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
        """Id -> column for the headers of one row; of two headers with the same id the one that is seen, then the
        first."""
        headers = self.keys(row)
        unseen = self.grid.hidden_columns
        columns: dict[str, int] = {}
        seen = [entry for entry in headers if entry[0] not in unseen] if unseen else headers
        for group in (seen, headers) if unseen else (headers,):
            for names in self.names:
                taken = set(columns.values())
                for column, header in group:
                    if header in names and column not in taken:
                        columns.setdefault(names[header], column)
        return columns

    def keys(self, row: int) -> list[tuple[int, str]]:
        """(column, header key) of the texts of a row, left to right."""
        cells = sorted((*self.grid.rows.get(row, ()), *self.from_above.get(row, ())), key=lambda cell: cell[0])
        return [(column, header_key(value)) for column, value in cells if isinstance(value, str)]

    def texts(self, row: int, column: int) -> tuple[str, str]:
        """(the header of a column in this row, the heading above it); "" for none. The heading is the cell above, one
        merged over several columns, or in a header of two rows the nearest one to the left."""
        header = self.grid.text_at((row, column)) or next(
            (text_of(value) for other, value in self.from_above.get(row, ()) if other == column), ""
        )
        above = self.grid.text_at((row - 1, column))
        if not header:
            return above, ""
        for left, right, text in self.wide.get(row - 1, ()):
            if left <= column <= right:
                return header, text
        if not above and self.columns(row - 1):
            earlier = [text_of(value) for other, value in self.grid.rows.get(row - 1, ()) if other < column]
            above = earlier[-1] if earlier and header_key(earlier[-1]) not in set().union(*self.names) else ""
        return header, above


class MergedValues:
    """The values of a list whose cells may be merged vertically: a covered cell has the value of its merge."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.by_column: dict[int, list[tuple[int, int]]] = {}
        for start, end in sorted(grid.merges.items()):
            if end[0] > start[0]:
                self.by_column.setdefault(start[1], []).append((start[0], end[0]))

    def text(self, row: int, column: int | None) -> str:
        """The text of a cell without outer white space; "" for a blank cell, for one that may not be taken as it stands,
        and without a column."""
        return self.grid.sure_text_at(self.start_of((row, column))).strip() if column else ""

    def start_of(self, address: Address) -> Address:
        """The address of the cell whose value is shown at `address`: the top of its merge, or itself."""
        row, column = address
        spans = self.by_column.get(column, [])
        position = bisect_right(spans, (row, 1 << 30)) - 1
        if address not in self.grid.cells and position >= 0 and row <= spans[position][1]:
            return spans[position][0], column
        return address
