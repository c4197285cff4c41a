"""One workbook as grids of addressed cells, whatever its format, and the words labels are compared in."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from pipeline.issues.where import Where
from pipeline.model.display import number_text

Address = tuple[int, int]  # row and column, from 1
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


class OddValue(NamedTuple):
    """A cell that is more than a text or a plain number.

    kind: error (#DIV/0!), no_result (a formula without a stored result), boolean, date (an ISO date cell) or
    formatted (a number whose format shows it otherwise than stored). text: what is stored, as text.
    """

    kind: str
    text: str
    number: float | None = None
    format: str = ""


Value = str | float | OddValue


@dataclass
class Grid:
    """One sheet. `cells` holds only cells with something in them, top-left cells of merges included;
    `merges` gives for a top-left cell the bottom-right one; values covered by a merge are not shown and not kept.
    blind: the format hides whether a blank cell holds an error."""

    name: str
    hidden: bool = False
    cells: dict[Address, Value] = field(default_factory=dict)
    merges: dict[Address, Address] = field(default_factory=dict)
    hidden_rows: tuple[int, ...] = ()
    blind: bool = False

    @cached_property
    def ordered(self) -> list[tuple[Address, Value]]:
        """Every cell, row by row, left to right."""
        return sorted(self.cells.items())

    @cached_property
    def rows(self) -> dict[int, list[tuple[int, Value]]]:
        """Row -> its cells as (column, value), left to right."""
        rows: dict[int, list[tuple[int, Value]]] = {}
        line: list[tuple[int, Value]] = []
        last = 0
        for (row, column), value in self.ordered:
            if row != last:
                line = rows[row] = []
                last = row
            line.append((column, value))
        return rows

    def end_of(self, address: Address) -> Address:
        """The bottom-right cell of the merge that starts at `address`, or the address itself."""
        return self.merges.get(address, address)

    def text_at(self, address: Address) -> str:
        value = self.cells.get(address)
        return "" if value is None else text_of(value)


@dataclass
class Workbook:
    """A workbook's grids in their order. saved: the time its properties say it was saved, "" without;
    properties: the custom properties it carries (name -> value)."""

    grids: list[Grid]
    saved: str = ""
    properties: dict[str, str] = field(default_factory=dict)


_LETTERS: dict[int, str] = {}


def column_letters(column: int) -> str:
    """1 -> A, 28 -> AB."""
    known = _LETTERS.get(column)
    if known is None:
        letters, rest = "", column
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(65 + digit) + letters
        known = _LETTERS[column] = letters
    return known


def address_text(address: Address) -> str:
    """(3, 2) -> B3."""
    return f"{column_letters(address[1])}{address[0]}"


def text_of(value: Value) -> str:
    """A cell's content as text: a text as typed, a number in plain decimal, with an exponent only where it would have
    more than sixteen digits before or twenty behind the point."""
    if isinstance(value, str):
        return value
    if isinstance(value, OddValue):
        return value.text
    return number_text(value) if value == 0 or 1e-20 <= abs(value) < 1e16 else repr(value)


def where_in(file: str, grid: Grid, address: Address) -> Where:
    return Where(file, grid.name, address_text(address))
