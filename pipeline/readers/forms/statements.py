"""情况说明: what a county wrote beside an issue in a list that it got back, matched to the issue by 编号.

The text is shown beside the issue and settles nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.issues.catalogue import STATEMENT_OUTSIDE_COLUMN
from pipeline.issues.issue import Issue, is_list_id
from pipeline.issues.phones import mask_phones
from pipeline.issues.words import quoted_list
from pipeline.model.records import Statement
from pipeline.model.stamps import (
    LIST_ANSWER,
    LIST_COLUMNS,
    LIST_CURE,
    LIST_LINES,
    LIST_MENDER,
    LIST_MENDERS,
    LIST_NUMBER,
    LIST_SHEET,
)
from pipeline.model.texts import label_of
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.grid import Grid, Value, text_of
from pipeline.readers.sheet.headers import HeaderReader, header_key, names_of

_NAMES = names_of((("id", (LIST_NUMBER, f"问题{LIST_NUMBER}")), ("text", (LIST_ANSWER,)), ("fix", (LIST_CURE,))))
_KNOWN = frozenset(map(header_key, LIST_COLUMNS))
_KNOWN_CELLS = 3  # a row with so many cells in columns of the list is one of its rows, even without a number


class ListHeader(NamedTuple):
    """The header of a list of issues: its row, and the columns of 编号 (id), 情况说明 (text) and 怎么改 (fix)."""

    row: int
    columns: dict[str, int]


def recognise_list(sheet: Sheet) -> ListHeader | None:
    """The header of a list of issues that this program wrote; None for any other sheet.

    It has 编号 and 情况说明 in one row, and 怎么改 beside them or an issue's number below 编号.
    """
    grid = sheet.grid
    if not any(isinstance(value, str) and LIST_ANSWER in value for value in grid.cells.values()):
        return None
    headers = HeaderReader(grid, _NAMES)
    for row in grid.rows:
        columns = headers.columns(row)
        if {"id", "text"} <= columns.keys() and ("fix" in columns or _has_number_below(grid, row, columns["id"])):
            return ListHeader(row, columns)
    return None


def read_statements(sheet: Sheet, header: ListHeader) -> list[Statement]:
    """Every 情况说明 that somebody wrote, phones masked; one in a row without 编号 has the id ""."""
    id_column, text_column = header.columns["id"], header.columns["text"]
    statements = []
    for row in (number for number in sheet.grid.rows if number > header.row):
        text = " ".join(sheet.merged.text(row, text_column).split())
        if text:
            identifier = _identifier(sheet.merged.text(row, id_column))
            statements.append(Statement(identifier, mask_phones(text), sheet.where((row, text_column))))
    return statements


def issues_outside_column(sheet: Sheet, header: ListHeader) -> list[Issue]:
    """F21, once, for what somebody wrote beside or below the column 情况说明: the issue it is about is unknown."""
    if "fix" not in header.columns:
        return []
    grid = sheet.grid
    labels = {column: header_key(text_of(value)) for column, value in grid.rows[header.row]}
    addresses = [
        (row, column)
        for row in grid.rows
        if row > header.row
        for column in _columns_outside(dict(grid.rows[row]), header.columns, labels)
    ]
    if not addresses:
        return []
    texts = quoted_list(map(grid.text_at, addresses))
    return [sheet.issue(STATEMENT_OUTSIDE_COLUMN, addresses[0], facts={"texts": texts})]


def _columns_outside(cells: dict[int, Value], columns: dict[str, int], labels: dict[int, str]) -> Iterable[int]:
    """The columns of a row (`cells`: column → value) with a text that is neither the list's own nor a 情况说明.

    labels: column → its header as headers are compared.
    """
    known = {column for column, label in labels.items() if label in _KNOWN}
    listed = len(known & cells.keys()) >= _KNOWN_CELLS or _is_id(text_of(cells.get(columns["id"], "")))
    for column, value in cells.items():
        text = " ".join(text_of(value).split())
        if not text or column == columns["text"] or any(line in text for line in LIST_LINES):
            continue
        expected = column in known and (labels[column] != header_key(LIST_MENDER) or text in LIST_MENDERS)
        if not (listed and expected):
            yield column


def is_list_without_header(sheet: Sheet) -> bool:
    """True for a sheet named as a list of issues, with issues' numbers in it; asked after `recognise_list` said no."""
    return label_of(sheet.grid.name).startswith(LIST_SHEET) and any(
        isinstance(value, str) and _is_id(value) for value in sheet.grid.cells.values()
    )


def texts_beside_numbers(sheet: Sheet) -> str:
    """What may have been written in a list without its header, as a message quotes it: the last text beside each
    issue's number; "" without any."""
    grid = sheet.grid
    rows = {row for (row, _), value in grid.cells.items() if isinstance(value, str) and _is_id(value)}
    last = (text_of(grid.rows[row][-1][1]).strip() for row in sorted(rows))
    texts = [text for text in last if text and text not in LIST_MENDERS and not _is_id(text)]
    return f"，里面写着：{quoted_list(texts)}" if texts else ""


def _has_number_below(grid: Grid, row: int, column: int) -> bool:
    return any(below > row and other == column and _is_id(str(value)) for (below, other), value in grid.cells.items())


def _is_id(text: str) -> bool:
    """True for an issue's 编号."""
    return is_list_id(_identifier(text))


def _identifier(text: str) -> str:
    """A 编号 as it was printed, whatever widths and dashes it was typed with."""
    return re.sub(r"[‐‑–—－]", "-", label_of(unicodedata.normalize("NFKC", text))).upper()
