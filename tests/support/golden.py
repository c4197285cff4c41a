"""Workbooks as text, and the expected texts in tests/golden/, rewritten only when UPDATE_GOLDEN=1 is set."""

from __future__ import annotations

import os
from pathlib import Path

import openpyxl

from tests.support import ROOT

FOLDER = ROOT / "tests" / "golden"


def text_of(path: Path) -> str:
    """Every filled cell of a workbook, one a line: sheet, cell, value; a formula with its stored result."""
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    lines = []
    for sheet in formulas.worksheets:
        stored = values[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None:
                    continue
                text = repr(cell.value)
                if cell.data_type == "f":
                    text = f"{cell.value} -> {stored[cell.coordinate].value!r}"
                lines.append(f"{sheet.title}!{cell.coordinate}\t{text}")
    return "\n".join(lines) + "\n"


def check_golden(name: str, text: str) -> None:
    """Fails unless `text` is what tests/golden/`name`.txt holds."""
    path = FOLDER / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8"), f"{path.name} differs; if that is meant, run make golden"
