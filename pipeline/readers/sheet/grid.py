"""A workbook as grids of addressed cells, whatever its format."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeAlias

from pipeline.model.display import number_text

Address: TypeAlias = tuple[int, int]  # row and column, from 1
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


class OddValue(NamedTuple):
    """The value of a cell that is neither a text nor a plain number.

    kind: error (#DIV/0!), no_result (a formula without a stored result), boolean, date (a cell of type date),
    formatted (a number whose format displays it otherwise than stored), or one of those that `Grid.answer_at` gives.
    text: the stored value as text; of a formula without a result the formula. number, format: of a formatted number.
    """

    kind: str
    text: str
    number: float | None = None
    format: str = ""


Value: TypeAlias = str | float | OddValue


class Box(NamedTuple):
    """A check box that lies over a sheet. cell: that in which its square stands, None where the file does not tell;
    caption: its own text; checked: None for one that is neither checked nor not, or of which the file says both; across:
    how far its square stands from the left in the cell, as a share of the cell's width; linked: the cell of the same
    sheet in which it keeps TRUE or FALSE."""

    cell: Address | None
    caption: str
    checked: bool | None
    across: float = 0.0
    linked: Address | None = None


class WordTable(NamedTuple):
    """What a grid is of a Word document: a table, or several that go on from each other.

    starts: for each table the row of the grid before its first, and its number; before the first of them stand the
    paragraphs above it. last: the last row of the tables; further rows are paragraphs below."""

    starts: tuple[tuple[int, int], ...]
    last: int

    def cell_text(self, address: Address) -> str:
        """(5, 3) -> 表 1 行 5 列 3; a paragraph: 表 1 上方第 2 段."""
        row = address[0]
        if row <= self.starts[0][0]:
            return f"表 {self.starts[0][1]} 上方第 {row} 段"
        if row > self.last:
            return f"表 {self.starts[-1][1]} 下方第 {row - self.last} 段"
        before, number = max(start for start in self.starts if start[0] < row)
        return f"表 {number} 行 {row - before} 列 {address[1]}"


@dataclass
class Grid:
    """One sheet.

    cells: those with something in them, without the cells that a merge covers (no program shows their values).
    merges: top-left cell -> bottom-right cell. hidden_rows: those with something in them, ascending.
    struck: the cells of `cells` whose whole content is struck out. struck_parts: the cells of which only a part is, and
    their whole text with those parts marked; `cells` has the rest.
    doubtful: blank cells that may hold an error: the file does not tell. hidden_columns: those with something in them,
    ascending. boxes: the check boxes that lie over it and are seen.
    blank_results: cells with a formula whose stored result is an empty text, and that may give another.
    unproven: cells with a formula whose stored result may not be the one that it gives.
    unseen: blank cells with a formula whose result is a 0 that the screen does not show. table: of a Word
    document, None elsewhere."""

    name: str
    hidden: bool = False
    cells: dict[Address, Value] = field(default_factory=dict)
    merges: dict[Address, Address] = field(default_factory=dict)
    hidden_rows: tuple[int, ...] = ()
    struck: frozenset[Address] = frozenset()
    struck_parts: dict[Address, str] = field(default_factory=dict)
    doubtful: frozenset[Address] = frozenset()
    hidden_columns: tuple[int, ...] = ()
    boxes: tuple[Box, ...] = ()
    blank_results: Container[Address] = frozenset()
    unproven: Container[Address] = frozenset()
    unseen: frozenset[Address] = frozenset()
    table: WordTable | None = None

    @cached_property
    def ordered(self) -> list[tuple[Address, Value]]:
        """Every cell, row by row, left to right."""
        return sorted(self.cells.items())

    @cached_property
    def rows(self) -> dict[int, list[tuple[int, Value]]]:
        """Row -> its cells as (column, value), left to right; rows without cells are left out."""
        rows: dict[int, list[tuple[int, Value]]] = {}
        cells: list[tuple[int, Value]] = []
        last = 0
        for (row, column), value in self.ordered:
            if row != last:
                cells = rows[row] = []
                last = row
            cells.append((column, value))
        return rows

    def note_hidden_columns(self, spans: Iterable[tuple[int, int]]) -> None:
        """Sets `hidden_columns` from the (first, last) columns that nobody sees; asked when all cells are there."""
        hidden = sorted(spans)
        filled = sorted({column for _, column in self.cells}) if hidden else []
        unseen: list[int] = []
        done = 0
        for first, last in hidden:
            unseen += filled[bisect_left(filled, max(first, done + 1)) : bisect_right(filled, last)]
            done = max(done, last)
        self.hidden_columns = tuple(unseen)

    def end_of(self, address: Address) -> Address:
        """The bottom-right cell of the merge that starts at `address`, or the address itself."""
        return self.merges.get(address, address)

    def doubt_at(self, address: Address) -> str:
        """Why the content of a cell may not be taken as it stands: it is "struck" out, or its stored result is
        "unproven"; "" when it may."""
        if address in self.struck:
            return "struck"
        if address not in self.unproven:  # the usual case
            return ""
        value = self.cells.get(address)
        says_why = isinstance(value, OddValue) and value.kind in ("no_result", "error")
        return "" if value is None or says_why else "unproven"

    def answer_at(self, address: Address) -> Value | None:
        """The content of a cell as somebody's answer: with a doubt, an OddValue whose kind is that doubt; with a part
        struck out, the text that marks it; where nothing is seen but something is stored, an OddValue of the kind
        no_text (the result of a formula, perhaps not the right one) or unseen_result (a 0)."""
        value = self.cells.get(address)
        if value is None:
            return self._hidden_at(address)
        if doubt := self.doubt_at(address):
            return OddValue(doubt, text_of(value))
        return self.struck_parts.get(address, value)

    def _hidden_at(self, address: Address) -> Value | None:
        if address in self.unseen:
            return OddValue("unseen_result", "0")
        return OddValue("no_text", "") if address in self.doubtful or address in self.blank_results else None

    def sure_text_at(self, address: Address) -> str:
        """The cell's content as text, "" for a blank cell and for one with a doubt."""
        return "" if self.doubt_at(address) else self.text_at(address)

    def cell_text(self, address: Address) -> str:
        """How users are told of a cell: E7, in a Word document 表 1 行 5 列 3."""
        return address_text(address) if self.table is None else self.table.cell_text(address)

    def column_text(self, column: int) -> str:
        """How users are told of a column: E, in a Word document 5."""
        return column_letters(column) if self.table is None else str(column)

    def text_at(self, address: Address) -> str:
        """The cell's content as text, "" for a blank cell."""
        value = self.cells.get(address)
        return "" if value is None else text_of(value)


class WordFacts(NamedTuple):
    """What a Word document holds beside its tables.

    beginning: of its text, without white space. tracked: it has tracked changes, which are read as accepted. unread:
    (what it is, in Chinese; its text) of what is seen in the document, or hidden in it, and was not read.
    """

    beginning: str
    tracked: bool
    unread: tuple[tuple[str, str], ...]


@dataclass
class Workbook:
    """A workbook. grids: in the order of its sheets; saved: the time of the last saving by its properties, "" without;
    properties: its custom document properties (name -> value); word: of a Word document, None elsewhere."""

    grids: list[Grid]
    saved: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    word: WordFacts | None = None


_LETTERS: dict[int, str] = {}


def column_letters(column: int) -> str:
    """1 -> A, 28 -> AB."""
    letters = _LETTERS.get(column)
    if letters is None:
        letters, rest = "", column
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(65 + digit) + letters
        _LETTERS[column] = letters
    return letters


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
