"""Cells that reckon or lead somewhere: formulas with their stored results, links inside the same workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

MAX_LINKS = 65_530  # of one sheet; Excel repairs a workbook that has more by throwing them away
LINK_LOOK = {"font_color": "#1F4E9E", "underline": 1}


class Live(NamedTuple):
    """A formula of ours and what it comes to ("" or None for a blank), with a link's target where there is one."""

    formula: str
    value: Any
    target: str = ""
    role: str = ""
    extra: Mapping[str, Any] = {}


class Link(NamedTuple):
    """A text that leads to a cell of the same workbook: target "'原始值'!B5"."""

    text: str
    target: str


def cell_at(sheet: str, column: str, row: int) -> str:
    """An absolute reference: ("得分", "T", 5) -> 得分!$T$5. Absolute, so that sorting one sheet leaves it right."""
    return f"{sheet_name(sheet)}!${column}${row}"


def sheet_name(sheet: str) -> str:
    """A sheet's name as formulas write it, in quotes where it is more than letters."""
    return sheet if sheet.isalpha() else f"'{sheet}'"


def joined(columns: list[int], letters: list[str], row: str) -> str:
    """Cells of one row as arguments of SUM or COUNT, neighbours as one range: [3, 4, 5, 9] -> D5:F5,J5."""
    runs: list[list[int]] = []
    for number in columns:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    ends = [(f"{letters[run[0]]}{row}", f"{letters[run[-1]]}{row}") for run in runs]
    return ",".join(first if first == last else f"{first}:{last}" for first, last in ends)
