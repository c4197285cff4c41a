"""Cells with a formula or a link, and references to cells inside the workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

Value = str | float | None  # what a cell shows; None, NaN and "" make a blank cell
Look = Mapping[str, str | float]  # properties of a format: num_format, bold …

NO_LOOK: Look = MappingProxyType({})
MAX_LINKS = 65_530  # of one sheet; Excel repairs a workbook with more by removing them
LINK_LOOK: Look = {"font_color": "#1F4E9E", "underline": 1}


class Live(NamedTuple):
    """A formula of this program and its stored result. target: where a click on the cell leads, "" for no link; role,
    extra: the look, when it differs from the column's."""

    formula: str
    value: Value
    target: str = ""
    role: str = ""
    extra: Look = NO_LOOK


class Link(NamedTuple):
    """A text with a link to a cell of the same workbook: target "'原始值'!B5"."""

    text: str
    target: str


def cell_at(sheet: str, column: str, row: int) -> str:
    """An absolute reference: ("得分", "T", 5) -> 得分!$T$5. It still holds after the other sheet is sorted."""
    return f"{sheet_name(sheet)}!${column}${row}"


def sheet_name(sheet: str) -> str:
    """A sheet's name as formulas write it: in quotes unless it consists of letters."""
    return sheet if sheet.isalpha() else f"'{sheet}'"


def joined(columns: Sequence[int], letters: Sequence[str], row: str) -> str:
    """Cells of one row as arguments of SUM or COUNT, neighbours as one range: [3, 4, 5, 9] -> D5:F5,J5."""
    runs: list[list[int]] = []
    for column in columns:
        if runs and column == runs[-1][-1] + 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    ends = [(f"{letters[run[0]]}{row}", f"{letters[run[-1]]}{row}") for run in runs]
    return ",".join(first if first == last else f"{first}:{last}" for first, last in ends)
