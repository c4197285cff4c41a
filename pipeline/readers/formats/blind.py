"""Reads .xlsb and .ods workbooks through calamine.

calamine returns an error cell as a blank one and no merges. These grids are therefore marked `blind`: a blank answer in
them may be an error.
"""

from __future__ import annotations

import datetime
import io
import math
from typing import TypeAlias
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from pipeline.model.texts import is_blank
from pipeline.readers.formats.blind_extent import check_extent
from pipeline.readers.formats.blind_looks import OddCells, odd_cells
from pipeline.readers.formats.limits import UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.runs import MAXIMUM_TEXT
from pipeline.readers.formats.xlsx import parts_of
from pipeline.readers.sheet.grid import Grid, OddValue, Value, Workbook, text_of

CalamineValue: TypeAlias = int | float | str | bool | datetime.time | datetime.date | datetime.timedelta


def read_blind(content: bytes) -> Workbook:
    """The workbook in the bytes of an .xlsb or .ods file, with blind grids; raises UnreadableWorkbook."""
    try:
        parts = parts_of(content)
        check_extent(parts)
        odd = odd_cells(parts)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        grids = []
        for entry in book.sheets_metadata:
            hidden = entry.visible != SheetVisibleEnum.Visible
            rows = book.get_sheet_by_name(entry.name).to_python(skip_empty_area=False)
            grids.append(_blind_grid(entry.name, hidden, rows))
            _note_odd(grids[-1], odd.get(entry.name, {}))
    except (CalamineError, ValueError, OSError, LookupError, ElementTree.ParseError) as error:
        raise UnreadableWorkbook("内容已损坏") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a panic in Rust code, which is no Exception
            raise
        raise UnreadableWorkbook("内容已损坏") from error
    if not grids:
        raise UnreadableWorkbook("里面没有工作表")
    return Workbook(grids)


def _blind_grid(name: str, hidden: bool, rows: list[list[CalamineValue]]) -> Grid:
    grid = Grid(name, hidden, blind=True)
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values, start=1):
            kept = _blind_value(value)
            if kept is not None:
                grid.cells[row, column] = kept
    return grid


def _note_odd(grid: Grid, odd: OddCells) -> None:
    """Replaces values of calamine by the odd values, which carry the number format or the kind of the cell."""
    for address, value in odd.items():
        number = grid.cells.get(address)
        if isinstance(value, str) or value.kind == "boolean":
            grid.cells[address] = value
        elif isinstance(number, float):
            grid.cells[address] = OddValue("formatted", text_of(number), number, value.format)


def _blind_value(value: CalamineValue) -> Value | None:
    if isinstance(value, bool):
        return OddValue("boolean", "TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else OddValue("error", str(value))
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return OddValue("date", str(value))
    if len(value) > MAXIMUM_TEXT:
        raise WorkbookTooLarge(f"一个单元格里有 {len(value)} 个字，上限 {MAXIMUM_TEXT} 个")
    return None if is_blank(value) else value
