"""The experts' marks of one company, read back from 审计底稿: how many and which, never whose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl

from pipeline.model.rulebook import Rulebook
from pipeline.writers.audit.plan import MARKS_SHEET
from pipeline.writers.layout.audit import mark_columns

AUDIT = "审计底稿.xlsx"
_COMPANY, _FIRST_MARK = 1, 3  # columns of the sheet, from 0
_PART = re.compile(rf"{MARKS_SHEET}(?:（\d+）)?")


class CompanyMarks(NamedTuple):
    """marks: indicator -> the marks that stand there as numbers; place: the sheet and rows they stand in, as shown."""

    marks: Mapping[str, tuple[float, ...]]
    place: str


def marks_of(folder: Path, company: str, rulebook: Rulebook) -> CompanyMarks | None:
    """The marks of `company` in the output `folder`; None without any, or where 专家 is laid out in another way."""
    headers = tuple(column.label for column in mark_columns(rulebook))
    found: list[tuple[str, int, tuple[Any, ...]]] = []
    book = openpyxl.load_workbook(folder / AUDIT, read_only=True)
    try:
        for name in filter(_PART.fullmatch, book.sheetnames):
            rows = book[name].iter_rows(max_col=len(headers), values_only=True)
            if next(rows, None) != headers:
                return None
            found += [(name, number, row) for number, row in enumerate(rows, start=2) if row[_COMPANY] == company]
    finally:
        book.close()
    if len(found) < 2:  # the last row is what the marks come to
        return None
    experts = found[:-1]
    items = enumerate((item.id for item in rulebook.expert_indicators), start=_FIRST_MARK)
    marks = {
        item: tuple(float(row[column]) for _, _, row in experts if isinstance(row[column], int | float))
        for column, item in items
    }
    first, last = experts[0], experts[-1]
    rows_said = f"第 {first[1]} 行" if first == last else f"第 {first[1]}–{last[1]} 行"
    return CompanyMarks(marks, f"审计底稿“{first[0]}”{rows_said}")
