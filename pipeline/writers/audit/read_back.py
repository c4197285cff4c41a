"""The marks of one company, read back from 审计底稿 without the experts' names."""

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
_COMPANY, _FIRST_MARK = 1, 3  # indices of columns
_PART = re.compile(rf"{MARKS_SHEET}(?:（\d+）)?")


class CompanyMarks(NamedTuple):
    """The marks of one company. marks: indicator -> the cells of 专家 that hold a number. rows: the sheet and its rows, in
    words."""

    marks: Mapping[str, tuple[float, ...]]
    rows: str


def marks_of(folder: Path, company: str, rulebook: Rulebook) -> CompanyMarks | None:
    """The marks of `company` in the output `folder`; None without any, or when 专家 has other columns."""
    headers = tuple(column.label for column in mark_columns(rulebook))
    own_rows: list[tuple[str, int, tuple[Any, ...]]] = []
    book = openpyxl.load_workbook(folder / AUDIT, read_only=True)
    try:
        for name in filter(_PART.fullmatch, book.sheetnames):
            rows = book[name].iter_rows(max_col=len(headers), values_only=True)
            if next(rows, None) != headers:
                return None
            own_rows += [(name, number, row) for number, row in enumerate(rows, start=2) if row[_COMPANY] == company]
    finally:
        book.close()
    if len(own_rows) < 2:  # the last row holds the merged marks
        return None
    experts = own_rows[:-1]
    items = enumerate((item.id for item in rulebook.expert_indicators), start=_FIRST_MARK)
    marks = {
        item: tuple(float(row[column]) for _, _, row in experts if isinstance(row[column], int | float))
        for column, item in items
    }
    first, last = experts[0], experts[-1]
    rows = f"第 {first[1]} 行" if first == last else f"第 {first[1]}–{last[1]} 行"
    return CompanyMarks(marks, f"审计底稿“{first[0]}”{rows}")
