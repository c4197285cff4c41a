"""人工决定.xlsx → decisions: the only input in which a person overrides what the program read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from pipeline.issues.catalogue import DECISION_INCOMPLETE, DECISION_NOT_TAKEN
from pipeline.issues.words import quoted
from pipeline.model.decisions import SHEETS, SIGNED, Decision, DecisionSheet
from pipeline.model.forms import DECISIONS
from pipeline.model.records import SheetReading
from pipeline.model.texts import label_of
from pipeline.readers.formats.number_formats import rendering_of
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.grid import OddValue, Value, text_of
from pipeline.readers.sheet.headers import HeaderReader, names_of
from pipeline.readers.sheet.no_text import no_text
from pipeline.readers.values.doubts import DOUBTS

_DATE = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))(?:T?00:00(?::00)?)?"
)
_DAY_ZERO = date(1899, 12, 30)  # of a workbook's stored dates
_LAST_DAY = 2_900_000.0  # counted from day zero; Python's dates end soon after
_READY_NOTES, _RULINGS = "接受说明", "规则确认"
_SHEETS = {label_of(sheet.name): sheet for sheet in SHEETS}


class DecisionsHeader(NamedTuple):
    """The header of a sheet of decisions: which sheet of 人工决定 it is, the header's row, column id → column."""

    kind: DecisionSheet
    row: int
    columns: dict[str, int]


def recognise_decisions(sheet: Sheet) -> DecisionsHeader | None:
    """The header of a sheet that is named as one of 人工决定 and has 理由, 决定人 and 日期; None for any other sheet."""
    kind = _SHEETS.get(label_of(sheet.grid.name))
    if kind is None:
        return None
    names = names_of((column.id, (column.header, *column.aliases)) for column in (*kind.columns, *SIGNED))
    headers = HeaderReader(sheet.grid, names)
    for row in sheet.grid.rows:
        columns = headers.columns(row)
        if {column.id for column in SIGNED} <= columns.keys():
            return DecisionsHeader(kind, row, columns)
    return None


def read_decisions(sheet: Sheet, header: DecisionsHeader, suggested: bool = False) -> SheetReading:
    """Every decision of the sheet.

    A row that lacks a cell it needs is D02 and has no effect. A prepared row that nobody took up is left out; `suggested`:
    the sheet is of a copy of 人工决定_建议, whose rows stand ready.
    """
    kind, header_row, columns = header
    reading = SheetReading(sheet.grid.name, DECISIONS.id)
    for row in sheet.grid.rows:
        values = {name: _text(sheet.grid.cells.get((row, column))) for name, column in columns.items()}
        values |= {
            column.id: "" for column in SIGNED if no_text(sheet.grid.cells.get((row, columns[column.id])))
        }  # an error or a 0 signs nothing
        if row <= header_row or not any(values.values()) or _is_untaken(kind, values, suggested):
            continue
        address = (row, min(columns.values()))
        if not_taken := _not_taken(sheet, row, columns):
            reading.issues.append(
                sheet.issue(DECISION_NOT_TAKEN, address, part=str(row), found=kind.name, facts=not_taken)
            )
            continue
        lacking = "、".join(_lacking(kind, values))
        if lacking:
            facts = {"missing": lacking}
            reading.issues.append(
                sheet.issue(DECISION_INCOMPLETE, address, part=str(row), found=kind.name, facts=facts)
            )
        else:
            reading.decisions.append(Decision(kind.name, values, sheet.where(address)))
    return reading


def _not_taken(sheet: Sheet, row: int, columns: Mapping[str, int]) -> dict[str, str]:
    """The facts of the first cell of a row that may not be taken as it stands, {} without one."""
    headers = {column.id: column.header for sheet_ in SHEETS for column in (*sheet_.columns, *SIGNED)}
    for name, column in columns.items():
        if doubt := sheet.grid.doubt_at((row, column)):
            return {"column": headers[name], **DOUBTS[doubt].facts}
        if (row, column) in sheet.grid.struck_parts:
            return {"column": headers[name], **DOUBTS["struck"].facts}
    return {}


def _text(value: Value | None) -> str:
    """A cell as text, a stored date as 2024-06-01."""
    if (
        isinstance(value, OddValue)
        and value.kind == "formatted"
        and rendering_of(value.format, value.number or 0.0).kind == "date"
    ):
        return (_DAY_ZERO + timedelta(days=int(min(max(value.number or 0.0, 0.0), _LAST_DAY)))).isoformat()
    return "" if value is None else text_of(value).strip()


def _lacking(kind: DecisionSheet, values: dict[str, str]) -> Iterable[str]:
    """The headers of the cells that a row lacks; a date that cannot be read is lacking too."""
    for column in (*kind.columns, *SIGNED):
        text = values.get(column.id, "")
        if not column.optional and not text:
            yield column.header
        elif column.id == "date" and not _is_date(text):
            yield f"看得懂的{column.header}（写的是“{quoted(text)}”）"


def _is_date(text: str) -> bool:
    """True for a day of the calendar in a usual spelling: 2024-06-01, 2024/6/1, 2024年6月1日, 20240601."""
    match = _DATE.fullmatch(label_of(text))
    if match is None:
        return False
    year, month, day = map(int, filter(None, match.groups()))
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_untaken(kind: DecisionSheet, values: dict[str, str], suggested: bool) -> bool:
    """True for a prepared row that nobody took up: it has no signature, and nothing in the cells that a person fills in. What
    stands ready in 接受说明, of which the note may be the county's, and in a sheet of one column says nothing by itself."""
    if any(values.get(column.id) for column in SIGNED):
        return False
    if len(kind.columns) == 1 or (suggested and kind.name == _READY_NOTES):
        return True
    own = ("adopted", "basis") if suggested and kind.name == _RULINGS else (kind.columns[-1].id,)
    return not any(values.get(name) for name in own)
