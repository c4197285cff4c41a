"""Other readers of workbooks, each giving the same: sheet -> address -> (type, value).

The types are number, text, boolean, error and day; a day is its number in Excel's count from 1900. Blank cells are left
out."""

from __future__ import annotations

import datetime
import io
import warnings
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

import openpyxl
import xlrd
from python_calamine import CalamineWorkbook

Cell: TypeAlias = tuple[str, object]
Sheets: TypeAlias = dict[str, dict[tuple[int, int], Cell]]

WIDEST = 5_000_000  # cells of the box around a sheet, which some readers hold in memory as a whole
_FIRST_DAY = datetime.datetime(1899, 12, 30)


class TooWide(Exception):
    """The box around a sheet has more than WIDEST cells."""


def by_openpyxl(content: bytes) -> Sheets:
    """The stored results of an .xlsx."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    sheets: Sheets = {}
    for sheet in book.worksheets:
        if (sheet.max_row or 0) * (sheet.max_column or 0) > WIDEST:
            raise TooWide
        sheets[sheet.title] = {
            (cell.row, cell.column): ("error", cell.value) if cell.data_type == "e" else _typed(cell.value)
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
    return sheets


def by_calamine(content: bytes) -> Sheets:
    """Errors and formulas without a result are blank to it."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets: Sheets = {}
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.end is not None and (sheet.end[0] + 1) * (sheet.end[1] + 1) > WIDEST:
            raise TooWide
        rows = sheet.to_python(skip_empty_area=False)
        sheets[name] = {
            (row, column): _typed(value)
            for row, values in enumerate(rows, start=1)
            for column, value in enumerate(values, start=1)
            if value != ""
        }
    return sheets


def by_xlrd(content: bytes) -> Sheets:
    """An .xls."""
    book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO())
    return {
        sheet.name: {
            (row + 1, column + 1): _of_xlrd(sheet.cell(row, column), xlrd.error_text_from_code)
            for row in range(sheet.nrows)
            for column in range(sheet.row_len(row))
            if sheet.cell_type(row, column) not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
        }
        for sheet in book.sheets()
    }


def _of_xlrd(cell: object, errors: Mapping[int, str]) -> Cell:
    kind, value = cell.ctype, cell.value  # type: ignore[attr-defined]
    if kind == 5:
        return "error", errors.get(value, value)
    return ("text", "number", "number", "boolean")[kind - 1], value


def _typed(value: object) -> Cell:
    """A value by its Python type."""
    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, int | float):
        return "number", value
    day = _day(value)
    return ("text", value) if day is None else ("day", day)


def _day(value: object) -> float | None:
    """The number of a day or time, None for anything else."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    if isinstance(value, datetime.datetime):
        value = value.replace(tzinfo=None) - _FIRST_DAY
    if isinstance(value, datetime.time):
        value = datetime.datetime.combine(_FIRST_DAY, value) - _FIRST_DAY
    return value / datetime.timedelta(days=1) if isinstance(value, datetime.timedelta) else None


class OtherReader(NamedTuple):
    """formats: those it reads, as `sniff` names them."""

    formats: tuple[str, ...]
    read: Callable[[bytes], Sheets]


OTHER_READERS = {
    "openpyxl": OtherReader(("ooxml",), by_openpyxl),
    "python-calamine": OtherReader(("ooxml", "biff", "xlsb", "ods"), by_calamine),
    "xlrd": OtherReader(("biff",), by_xlrd),
}
