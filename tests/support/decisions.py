"""Workbooks of decisions (人工决定.xlsx) from a few lines of text."""

from __future__ import annotations

from pipeline.model.decisions import SHEETS, SIGNED
from tests.support.workbooks import workbook

SIGN = "领导批示|王处长|2024-05-20"
HEADERS = {sheet.name: "|".join(column.header for column in (*sheet.columns, *SIGNED)) for sheet in SHEETS}


def decisions(**sheets: str) -> bytes:
    """A workbook of decisions: sheet name → rows without the signature."""
    return workbook(
        {
            name: "\n".join([HEADERS[name], *(f"{row}|{SIGN}" for row in rows.split("\n"))])
            for name, rows in sheets.items()
        }
    )


def decided(**sheets: str) -> dict[str, bytes]:
    """人工决定.xlsx with one sheet of each name, its rows signed."""
    headers = {sheet.name: "|".join(column.header for column in (*sheet.columns, *SIGNED)) for sheet in SHEETS}
    return {"人工决定.xlsx": workbook({name: f"{headers[name]}\n{rows}" for name, rows in sheets.items()})}
