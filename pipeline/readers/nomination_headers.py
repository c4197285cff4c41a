"""The header of an 附件2: which column holds what, over however many rows it stands."""

from __future__ import annotations

from pipeline.readers.grid import Grid
from pipeline.readers.headers import HEADER_ROWS, HeaderReader, names_of
from pipeline.rulebook import Rulebook

MINIMUM_HEADERS = 5  # 企业名称 and four more
_BESIDE = {"city", "credit_code"}  # columns that the notice's form has not


def nomination_header(grid: Grid, rulebook: Rulebook) -> tuple[int, dict[str, int]] | None:
    """(row, column id -> column) of the header of an 附件2, None when the sheet has none; of a header over several rows
    the lowest."""
    reader = header_reader(grid, rulebook)
    for row in grid.rows:
        columns = reader.columns(row)
        if is_header(columns):
            return _with_rows_below(grid, reader, row, columns)
    return None


def _with_rows_below(grid: Grid, reader: HeaderReader, row: int, columns: dict[str, int]) -> tuple[int, dict[str, int]]:
    """The header with what the rows under it add: a row that says as much by itself (headers merged downwards stand
    in it too), or headers under a heading such as 上年度."""
    for below in range(row + 1, row + HEADER_ROWS):
        found = reader.columns(below)
        added = {
            name: column for name, column in found.items() if name not in columns and column not in columns.values()
        }
        if is_header(found) and len(found) >= len(columns):
            row, columns = below, found
        elif added and (below, columns["company"]) not in grid.cells:
            row, columns = below, {**columns, **added}
        else:
            break
    return row, columns


def header_reader(grid: Grid, rulebook: Rulebook) -> HeaderReader:
    """Ids of 附件2's columns, `credit_code`, and `city` for a column of cities beside that of the counties."""
    columns, words = rulebook.nomination_columns, rulebook.vocabulary
    aliases = names_of((entry.id, entry.aliases) for entry in columns)
    counties = next((entry.aliases for entry in columns if entry.id == "county"), ())
    beside = names_of([("credit_code", words.credit_code_labels), ("city", (*words.city_labels, *counties))])
    return HeaderReader(grid, names_of((entry.id, (entry.label, entry.header)) for entry in columns), aliases, beside)


def is_header(columns: dict[str, int]) -> bool:
    return "company" in columns and len(columns.keys() - _BESIDE) >= MINIMUM_HEADERS
