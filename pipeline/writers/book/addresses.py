"""Addresses of cells as workbooks write them. Rows and columns count from 0."""

from __future__ import annotations

from xlsxwriter.utility import xl_rowcol_to_cell


def cell_address(row: int, column: int) -> str:
    """C12 for row 11, column 2."""
    return str(xl_rowcol_to_cell(row, column))


def absolute_address(row: int, column: int) -> str:
    """The same address for a formula that is copied elsewhere: $C$12."""
    return str(xl_rowcol_to_cell(row, column, True, True))


def area_address(row: int, column: int, last_row: int, last_column: int) -> str:
    """An area: C12:D20."""
    return f"{cell_address(row, column)}:{cell_address(last_row, last_column)}"


def absolute_area(row: int, column: int, last_row: int, last_column: int) -> str:
    """An area for a formula that is copied elsewhere: $C$12:$D$20."""
    return f"{absolute_address(row, column)}:{absolute_address(last_row, last_column)}"
