"""Several tables on one sheet, side by side or one below the other: the columns and rows of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from pipeline.readers.sheet.grid import Grid, text_of
from pipeline.readers.sheet.headers import HEADER_ROWS, header_key


class HeaderCell(NamedTuple):
    """One header. column, end: its first and last column; key: as `header_key`; begins_here: it begins in this row, and
    is not merged down from a row above."""

    column: int
    end: int
    key: str
    begins_here: bool
    text: str


class HeaderCells:
    """The texts of a sheet as headers. A header merged over several rows belongs to each of them."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.from_above: dict[int, list[HeaderCell]] = {}
        for (top, column), (bottom, end) in sorted(grid.merges.items()):
            value = grid.cells.get((top, column))
            if isinstance(value, str) and top < bottom < top + HEADER_ROWS:
                for row in range(top + 1, bottom + 1):
                    self.from_above.setdefault(row, []).append(HeaderCell(column, end, header_key(value), False, value))

    def of(self, row: int) -> list[HeaderCell]:
        """The texts of a row, left to right."""
        cells = [
            HeaderCell(column, self.grid.end_of((row, column))[1], header_key(value), True, text_of(value))
            for column, value in self.grid.rows.get(row, ())
            if isinstance(value, str)
        ]
        return sorted([*cells, *self.from_above.get(row, ())])


class Band(NamedTuple):
    """The columns from `first` to `last`, both included."""

    first: int
    last: int

    def overlaps(self, other: Band) -> bool:
        """True when the two have a column in common."""
        return self.first <= other.last and other.first <= self.last


EVERYWHERE = Band(1, 1 << 30)
NamedCells: TypeAlias = list[tuple[HeaderCell, str]]  # header cells with the ids of their columns, "" without one


def side_by_side(cells: NamedCells, is_key: Callable[[str], bool]) -> list[NamedCells]:
    """The header cells of a row, split into the tables they belong to; cells without an id are left out.

    A header whose id is a key and which already stands in the table begins the next one, or the first header behind the
    blank column in front of it does."""
    parts: list[NamedCells] = [[]]
    for cell, name in cells:
        part = parts[-1]
        if is_key(name) and cell.key in (known := [other.key for other, _ in part]):
            gaps = [index for index in range(1, len(part)) if part[index][0].column > part[index - 1][0].end + 1]
            begin = gaps[-1] if gaps and known.index(cell.key) < gaps[-1] else len(part)
            parts[-1:] = [part[:begin], part[begin:]]
        parts[-1].append((cell, name))
    return [[(cell, name) for cell, name in part if name] for part in parts]


def first_columns(cells: NamedCells) -> dict[str, int]:
    """Id -> column; of two headers with the same id the first."""
    columns: dict[str, int] = {}
    for cell, name in cells:
        columns.setdefault(name, cell.column)
    return columns


class Stretch(NamedTuple):
    """The rows of one header. above: the row of the header above it in the same columns, 0 without one; last_row: the
    last row of its table."""

    above: int
    last_row: int


def stretches(headers: Iterable[tuple[int, Band]], last_row: int) -> list[Stretch | None]:
    """The stretch of every header. headers: (row, columns), from the top down; last_row: of the sheet.

    A header is valid down to the next header in any of its columns. None for a header with such a header in the next
    row: the two are one header of two rows. The columns of headers in one row may interleave."""
    result: list[Stretch | None] = []
    open_headers: list[tuple[int, int, Band]] = []  # (index, row, columns) of headers that no other one has ended
    for index, (row, band) in enumerate(headers):
        above = 0
        for entry in [entry for entry in open_headers if entry[1] < row and entry[2].overlaps(band)]:
            open_headers.remove(entry)
            other, other_row, _ = entry
            earlier = result[other]
            if earlier and other_row == row - 1:
                above, result[other] = max(above, earlier.above), None
            elif earlier:
                above, result[other] = max(above, other_row), earlier._replace(last_row=row - 1)
        result.append(Stretch(above, last_row))
        open_headers.append((index, row, band))
    return result


def extent_of(band: Band, bands: Iterable[Band]) -> Band:
    """The columns that belong to the table with this band: from behind the next table on its left to its last column,
    or to the end of the sheet when no table lies to its right. bands: of all tables in the same rows."""
    others = [other for other in bands if not other.overlaps(band)]
    left = max((other.last for other in others if other.last < band.first), default=0)
    alone = all(other.last < band.first for other in others)
    return Band(left + 1, EVERYWHERE.last if alone else band.last)
