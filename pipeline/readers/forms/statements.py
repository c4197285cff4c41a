"""情况说明: what a county wrote beside an issue in a list that it got back, found by 编号. Shown beside the issue; it
settles nothing by itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.issues.catalogue import STATEMENT_OUTSIDE_COLUMN
from pipeline.issues.issue import Issue, is_list_id
from pipeline.issues.phones import mask_phones
from pipeline.issues.where import Where
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
from pipeline.readers.sheet.grid import Grid, address_text, text_of
from pipeline.readers.sheet.headers import HeaderReader, MergedValues, header_key, names_of

if TYPE_CHECKING:
    pass


_NAMES = names_of((("id", (LIST_NUMBER, f"问题{LIST_NUMBER}")), ("text", (LIST_ANSWER,)), ("fix", (LIST_CURE,))))
_KNOWN = frozenset(map(header_key, LIST_COLUMNS))
_OWN_CELLS = 3  # a row with so many in columns of ours is one of the list's, its number gone


def list_header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """(header row, column id → column) of a list of issues of ours: 编号 and 情况说明 in one row, and 怎么改 beside them or
    an issue's number below; None for every other sheet."""
    if not any(isinstance(value, str) and LIST_ANSWER in value for value in grid.cells.values()):
        return None
    headers = HeaderReader(grid, _NAMES)
    for row in grid.rows:
        columns = headers.columns(row)
        if {"id", "text"} <= columns.keys() and ("fix" in columns or _numbers_below(grid, row, columns["id"])):
            return row, columns
    return None


def read_statements(grid: Grid, header: tuple[int, dict[str, int]], path: str) -> list[Statement]:
    """Every 情况说明 that somebody wrote, phones masked; a row without 编号 gives one with the id ""."""
    row, columns = header
    merged = MergedValues(grid)
    found = []
    for below in (number for number in grid.rows if number > row):
        text = " ".join(merged.text(below, columns["text"]).split())
        if text:
            identifier = _identifier(merged.text(below, columns["id"]))
            where = Where(path, grid.name, address_text((below, columns["text"])))
            found.append(Statement(identifier, mask_phones(text), where))
    return found


def astray(grid: Grid, header: tuple[int, dict[str, int]], path: str) -> list[Issue]:
    """F21 for what somebody wrote in a list of ours beside or below the column 情况说明: nobody can tell what it is
    about."""
    top, columns = header
    if "fix" not in columns:
        return []
    labels = {column: header_key(text_of(value)) for column, value in grid.rows[top]}
    known = {column for column, label in labels.items() if label in _KNOWN}
    found = [
        (row, column) for row in grid.rows if row > top for column in _written_astray(grid, row, columns, labels, known)
    ]
    if not found:
        return []
    where = Where(path, grid.name, address_text(found[0]))
    return [
        Issue(STATEMENT_OUTSIDE_COLUMN, where, facts={"texts": quoted_list(grid.text_at(address) for address in found)})
    ]


def _written_astray(
    grid: Grid, row: int, columns: dict[str, int], labels: dict[int, str], known: set[int]
) -> Iterable[int]:
    """The columns of a row in which stands what is none of ours."""
    cells = dict(grid.rows[row])
    own = len(known & cells.keys()) >= _OWN_CELLS or is_list_id(_identifier(text_of(cells.get(columns["id"], ""))))
    for column, value in cells.items():
        text = " ".join(text_of(value).split())
        if not text or column == columns["text"] or any(line in text for line in LIST_LINES):
            continue
        ours = column in known and (labels[column] != header_key(LIST_MENDER) or text in LIST_MENDERS)
        if not (own and ours):
            yield column


def lost_answers(grid: Grid) -> str:
    """What may have been written in a list without its header: the last text beside each issue's number."""
    numbers = {
        row for (row, _), value in grid.cells.items() if isinstance(value, str) and is_list_id(_identifier(value))
    }
    last = (text_of(grid.rows[row][-1][1]).strip() for row in sorted(numbers))
    texts = [text for text in last if text and text not in LIST_MENDERS and not is_list_id(_identifier(text))]
    return f"，里面写着：{quoted_list(texts)}" if texts else ""


def lost_list(grid: Grid) -> bool:
    """True for a list of ours whose header can no longer be told: named as one, with issues' numbers in it."""
    return label_of(grid.name).startswith(LIST_SHEET) and any(
        isinstance(value, str) and is_list_id(_identifier(value)) for value in grid.cells.values()
    )


def _numbers_below(grid: Grid, row: int, column: int) -> bool:
    return any(
        below > row and other == column and is_list_id(_identifier(str(value)))
        for (below, other), value in grid.cells.items()
    )


def _identifier(text: str) -> str:
    return re.sub(r"[‐‑–—－]", "-", label_of(unicodedata.normalize("NFKC", text))).upper()
