"""人工决定.xlsx → decisions: the only place where a person overrides anything."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from pipeline.issues.catalogue import DECISION_INCOMPLETE
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import quoted
from pipeline.model.decisions import SHEETS, SIGNED, Decision, DecisionSheet
from pipeline.model.records import SheetReading
from pipeline.model.texts import label_of
from pipeline.readers.formats.number_formats import rendering_of
from pipeline.readers.sheet.grid import Grid, OddValue, Value, address_text, text_of
from pipeline.readers.sheet.headers import HeaderReader, names_of

_DATE = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))(?:T?00:00(?::00)?)?"
)
_DAY_ZERO = date(1899, 12, 30)  # of a workbook's stored dates
_KINDS = {label_of(kind.name): kind for kind in SHEETS}
Header = tuple[DecisionSheet, int, dict[str, int]]


def decisions_header(grid: Grid) -> Header | None:
    """(kind, header row, column id → column) of a sheet of decisions: named as one, with 理由, 决定人 and 日期; else None."""
    kind = _KINDS.get(label_of(grid.name))
    if kind is None:
        return None
    names = names_of((column.id, (column.header, *column.aliases)) for column in (*kind.columns, *SIGNED))
    headers = HeaderReader(grid, names)
    for row in grid.rows:
        columns = headers.columns(row)
        if {column.id for column in SIGNED} <= columns.keys():
            return kind, row, columns
    return None


def read_decisions(grid: Grid, header: Header, file: str, suggested: bool = False) -> SheetReading:
    """Every decision of the sheet. A row that lacks a cell it needs is D02 and does not count; a ready row nobody
    took up is passed over, in a copy of 人工决定_建议 (`suggested`) every row without any signature."""
    kind, header_row, columns = header
    sheet = SheetReading(grid.name, "decisions")
    for row in grid.rows:
        values = {name: _text(grid.cells.get((row, column))) for name, column in columns.items()}
        if row <= header_row or not any(values.values()) or _untaken(kind, values, suggested):
            continue
        where = Where(file, grid.name, address_text((row, min(columns.values()))))
        lacking = "、".join(_lacking(kind, values))
        if lacking:
            sheet.issues.append(
                Issue(DECISION_INCOMPLETE, where, part=str(row), found=kind.name, facts={"missing": lacking})
            )
        else:
            sheet.decisions.append(Decision(kind.name, values, where))
    return sheet


def _text(value: Value | None) -> str:
    """A cell as text, a stored date as 2024-06-01."""
    if (
        isinstance(value, OddValue)
        and value.kind == "formatted"
        and rendering_of(value.format, value.number or 0.0).kind == "date"
    ):
        return (_DAY_ZERO + timedelta(days=int(min(max(value.number or 0.0, 0.0), 2_900_000.0)))).isoformat()
    return "" if value is None else text_of(value).strip()


def _lacking(kind: DecisionSheet, values: dict[str, str]) -> Iterable[str]:
    """What a row lacks, in words; a date that is none is lacking too."""
    for column in (*kind.columns, *SIGNED):
        text = values.get(column.id, "")
        if not column.optional and not text:
            yield column.header
        elif column.id == "date" and not _is_date(text):
            yield f"看得懂的{column.header}（写的是“{quoted(text)}”）"


def _is_date(text: str) -> bool:
    """True for a day of the calendar as people write it: 2024-06-01, 2024/6/1, 2024年6月1日, 20240601."""
    match = _DATE.fullmatch(label_of(text))
    if match is None:
        return False
    year, month, day = map(int, filter(None, match.groups()))
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _untaken(kind: DecisionSheet, values: dict[str, str], suggested: bool) -> bool:
    """True for a ready row that nobody decided: unsigned, and outside of a copy of the suggestions nothing filled in by
    a person."""
    if any(values.get(column.id) for column in SIGNED):
        return False
    return suggested or len(kind.columns) == 1 or not values.get(kind.columns[-1].id)
