"""Columns of a table that repeat the header of a column that is read, and say something else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from pipeline.issues.catalogue import TWO_COLUMNS_OF_ONE_HEADER
from pipeline.issues.issue import Issue
from pipeline.issues.words import quoted
from pipeline.model.texts import narrowed
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.grid import Grid

_MOST_MERGED = 30  # columns under one header


def says_otherwise(typed: str, used: str) -> bool:
    """True for a text that is not blank and no other spelling of what is used: white space, full-width signs and commas
    between digits aside."""
    return _plain(typed) not in ("", "-", "/", _plain(used))


def _plain(text: str) -> str:
    return narrowed(text).replace(",", "").upper()


def difference_facts(
    grid: Grid, header: str, read: int, other: int, row: int, texts: tuple[str, str] | None
) -> dict[str, str]:
    """The facts of T61. read, other: the two columns; row: the first in which they differ; texts: what stands there in
    the two, None for what no message may quote."""
    used, unread = grid.column_text(read), grid.column_text(other)
    pair = f"：{used} 列「{quoted(texts[0])}」，{unread} 列「{quoted(texts[1])}」" if texts else ""
    return {"item": header, "used": used, "other": unread, "row": str(row), "pair": pair}


def issues_of_repeated_headers(
    sheet: Sheet,
    header_row: int,
    rows: Iterable[int],
    columns: Collection[int],
    all_read: Collection[int],
    alone: Collection[int],
) -> list[Issue]:
    """T61 for each column that is not read, has the same header as one of the table's `columns` (or stands under the
    same merged one), and says something else in one of the `rows`. all_read: the columns that any table under the same header row reads. alone: those of
    the `columns` whose header, be it merged over several, is for one column only."""
    headers = {cell.column: cell for cell in sheet.header_cells.of(header_row)}
    read_by_key = {headers[column].key: column for column in sorted(columns, reverse=True) if column in headers}
    twins = {
        cell.column: read_by_key[cell.key]
        for cell in headers.values()
        if cell.key in read_by_key and cell.column not in all_read
    }
    merged = {
        beside: cell.column
        for cell in headers.values()
        for beside in range(cell.column + 1, min(cell.end, cell.column + _MOST_MERGED) + 1)
        if cell.column in alone and beside not in all_read and beside not in headers
    }
    twins |= merged
    return list(_differences(sheet, header_row, rows, twins).values()) if twins else []


def _differences(sheet: Sheet, header_row: int, rows: Iterable[int], twins: Mapping[int, int]) -> dict[int, Issue]:
    """Unread column → the issue of the first row in which it differs. twins: unread column → the one that is read."""
    issues: dict[int, Issue] = {}
    for row in rows:
        for other, read in twins.items():
            typed, used = sheet.merged.text(row, other), sheet.merged.text(row, read)
            if other not in issues and says_otherwise(typed, used):
                start = sheet.merged.start_of((header_row, other))
                start = start if start in sheet.grid.cells else sheet.merged.start_of((header_row, read))
                header = quoted(sheet.grid.text_at(start))
                facts = difference_facts(sheet.grid, header, read, other, row, (used, typed))
                issues[other] = sheet.issue(TWO_COLUMNS_OF_ONE_HEADER, start, part=header, facts=facts)
    return issues
