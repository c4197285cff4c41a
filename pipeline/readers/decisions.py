"""人工决定.xlsx → decisions: the only place where a person overrides anything."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.decisions import SHEETS, SIGNED, Decision, DecisionSheet
from pipeline.issues import Issue, Where
from pipeline.readers.grid import Grid, address_text, label_of
from pipeline.readers.headers import HeaderReader, names_of
from pipeline.records import SheetReading

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


def read_decisions(grid: Grid, header: Header, file: str) -> SheetReading:
    """Every decision of the sheet. A row that lacks a cell it needs is D02 and does not count; a ready row nobody
    took up is passed over."""
    kind, header_row, columns = header
    sheet = SheetReading(grid.name, "decisions")
    for row in grid.rows:
        values = {name: grid.text_at((row, column)).strip() for name, column in columns.items()}
        if row <= header_row or not any(values.values()) or _untaken(kind, values):
            continue
        where = Where(file, grid.name, address_text((row, min(columns.values()))))
        lacking = "、".join(_lacking(kind, values))
        if lacking:
            sheet.issues.append(Issue("D02", where, part=str(row), found=kind.name, facts={"missing": lacking}))
        else:
            sheet.decisions.append(Decision(kind.name, values, where))
    return sheet


def _lacking(kind: DecisionSheet, values: dict[str, str]) -> Iterable[str]:
    return (column.header for column in (*kind.columns, *SIGNED) if not column.optional and not values.get(column.id))


def _untaken(kind: DecisionSheet, values: dict[str, str]) -> bool:
    """True for a ready row that was copied over and not decided: unsigned, and nothing filled in by a person."""
    if any(values.get(column.id) for column in SIGNED):
        return False
    return len(kind.columns) == 1 or not values.get(kind.columns[-1].id)
