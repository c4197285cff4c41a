"""Several tables on one sheet, side by side or one under the other: which columns and rows are whose."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from pipeline.readers.sheet.grid import Grid, text_of
from pipeline.readers.sheet.headers import HEADER_ROWS, header_key


class HeaderCell(NamedTuple):
    """A text of a header row: its first and last column, and its key as headers are compared. own: it begins in this
    row; False for one merged down from a row above."""

    column: int
    end: int
    key: str
    own: bool
    text: str


class HeaderCells:
    """The texts of a sheet's rows as headers. A header merged over several rows stands in each of them."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.from_above: dict[int, list[HeaderCell]] = {}
        for (top, column), (bottom, end) in sorted(grid.merges.items()):
            value = grid.cells.get((top, column))
            if isinstance(value, str) and top < bottom < top + HEADER_ROWS:
                for row in range(top + 1, bottom + 1):
                    self.from_above.setdefault(row, []).append(HeaderCell(column, end, header_key(value), False, value))

    def of(self, row: int) -> list[HeaderCell]:
        """The row's texts, left to right."""
        cells = [
            HeaderCell(column, self.grid.end_of((row, column))[1], header_key(value), True, text_of(value))
            for column, value in self.grid.rows.get(row, ())
            if isinstance(value, str)
        ]
        return sorted([*cells, *self.from_above.get(row, ())])


class Band(NamedTuple):
    """The columns from `first` to `last`."""

    first: int
    last: int

    def overlaps(self, other: Band) -> bool:
        return self.first <= other.last and other.first <= self.last


EVERYWHERE = Band(1, 1 << 30)
NamedCells = list[tuple[HeaderCell, str]]  # header cells, each with the id of its column, "" without


def side_by_side(cells: NamedCells, is_key: Callable[[str], bool]) -> list[NamedCells]:
    """The header cells of each table of a row, those without an id left out: a key that stands there a second time, in
    the same words, begins the next table, or the blank column before it does."""
    parts: list[NamedCells] = [[]]
    for cell, name in cells:
        part = parts[-1]
        if is_key(name) and cell.key in (known := [other.key for other, _ in part]):
            gaps = [place for place in range(1, len(part)) if part[place][0].column > part[place - 1][0].end + 1]
            begin = gaps[-1] if gaps and known.index(cell.key) < gaps[-1] else len(part)
            parts[-1:] = [part[:begin], part[begin:]]
        parts[-1].append((cell, name))
    return [[(cell, name) for cell, name in part if name] for part in parts]


def first_columns(cells: NamedCells) -> dict[str, int]:
    """Id -> its column, of two alike the first."""
    columns: dict[str, int] = {}
    for cell, name in cells:
        columns.setdefault(name, cell.column)
    return columns


class Stretch(NamedTuple):
    """What lies above and below a header. above: the row of the header whose columns it takes over, 0 without one;
    last_row: the last row that is read by it."""

    above: int
    last_row: int


def stretches(headers: Iterable[tuple[int, Band]], last_row: int) -> list[Stretch | None]:
    """For every header (row and columns, from the top down) its stretch: each holds down to the next header in any of
    its columns. None for one with such a header in the very next row: both are one header of two rows. Headers of one
    row may lie between each other."""
    found: list[Stretch | None] = []
    open_ones: list[tuple[int, int, Band]] = []
    for place, (row, band) in enumerate(headers):
        above = 0
        for other, other_row, other_band in [
            entry for entry in open_ones if entry[1] < row and entry[2].overlaps(band)
        ]:
            open_ones.remove((other, other_row, other_band))
            earlier = found[other]
            if earlier and other_row == row - 1:
                above, found[other] = max(above, earlier.above), None
            elif earlier:
                above, found[other] = max(above, other_row), earlier._replace(last_row=row - 1)
        found.append(Stretch(above, last_row))
        open_ones.append((place, row, band))
    return found


def room_of(band: Band, bands: Iterable[Band]) -> Band:
    """The columns that belong to a table: its own, those left of it up to the next table, and with no table to the
    right everything there."""
    others = [other for other in bands if not other.overlaps(band)]
    left = max((other.last for other in others if other.last < band.first), default=0)
    alone = all(other.last < band.first for other in others)
    return Band(left + 1, EVERYWHERE.last if alone else band.last)
