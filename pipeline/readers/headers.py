"""Header rows of lists: which column holds what, whatever their order, line breaks and brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pipeline.readers.grid import Address, Grid, Value, label_of

_BRACKET = re.compile(r"\(([^()]*)\)")


def header_key(text: str) -> str:
    """A header as it is compared: as a label, without brackets and what stands in them."""
    return _BRACKET.sub("", label_of(text))


def bracket_of(text: str) -> str:
    """What stands in a header's last bracket (its unit), "" without one."""
    found = _BRACKET.findall(label_of(text))
    return found[-1] if found else ""


def header_columns(grid: Grid, row: int, names: Mapping[str, str]) -> dict[str, int]:
    """Column id -> column number for the headers of one row; `names` maps header keys to ids. First one wins."""
    columns: dict[str, int] = {}
    for column, value in grid.rows.get(row, ()):
        if isinstance(value, str) and (identifier := names.get(header_key(value))):
            columns.setdefault(identifier, column)
    return columns


def names_of(entries: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Header key -> id from (id, words) pairs."""
    return {header_key(word): identifier for identifier, words in entries for word in words}


class MergedValues:
    """Values by cell in which a covered cell answers for its merge (vertical merges of a list's column)."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.spans = [(start, end) for start, end in grid.merges.items() if end[0] > start[0]]

    def at(self, row: int, column: int) -> Value | None:
        start = self.start_of((row, column))
        return self.grid.cells.get(start)

    def start_of(self, address: Address) -> Address:
        if address in self.grid.cells:
            return address
        row, column = address
        for start, end in self.spans:
            if start[0] <= row <= end[0] and start[1] <= column <= end[1]:
                return start
        return address
