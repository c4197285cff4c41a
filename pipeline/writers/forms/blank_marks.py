"""The blank 专家评分表."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.model.form_checks import MARK_ALLOWED
from pipeline.model.rulebook import Indicator, Rulebook
from pipeline.writers.book.addresses import cell_address
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.workbook import Book
from pipeline.writers.forms.beside import LIST_PROTECTION, guide_sheet
from pipeline.writers.forms.filled import form_sheet, open_form
from pipeline.writers.forms.layout import FormLayout
from pipeline.writers.forms.list_layout import (
    CHECK_WIDTH,
    MARK_ROWS,
    MARKS_SHEET,
    ROW_HEIGHT,
    marks_layout,
)
from pipeline.writers.forms.self_check.sheet import (
    NOTHING,
    TO_MEND,
    colour_verdicts,
)
from pipeline.writers.forms.self_check.steps import first_of, text

_MARKS_GUIDE = (
    "1. 先在“专家评分表”上方写专家姓名；企业名称与附件2一致。",
    "2. 每项在 0 分和满分之间打分，可以打半分，从下拉框选或直接填数。",
    "3. 不评的留空；需要回避的选“回避”。空白、0 分、回避是三回事：空白不计入平均，0 分计入。",
    "4. 最右边的“进度”说明每家企业评了几项、还差几项。每位专家单独存一个文件。",
)


def write_blank_marks(path: Path, rulebook: Rulebook) -> None:
    """Writes the blank 专家评分表 for one expert, with 60 rows."""
    layout = marks_layout(rulebook)
    with open_form(path, rulebook, rulebook.titles.marks) as book:
        guide_sheet(book, rulebook.titles.marks, _MARKS_GUIDE)
        sheet = form_sheet(book, MARKS_SHEET, layout, rulebook, landscape=True)
        _mark_rows(book, sheet, layout, rulebook)
        sheet.activate()


def _mark_rows(book: Book, sheet: LiveSheet, layout: FormLayout, rulebook: Rulebook) -> None:
    first, check = layout.header_row + 1, len(layout.columns)
    last = first + MARK_ROWS - 1
    items = rulebook.expert_indicators
    book.put(sheet, layout.header_row, check, "进度", "header")
    sheet.set_column(check, check, CHECK_WIDTH)
    mark_columns = range(check - len(items), check)
    for row in range(first, last + 1):
        for column, (identifier, _) in enumerate(layout.columns):
            value = row - first + 1 if identifier == "order" else None
            book.put(sheet, row, column, value, "input_left" if identifier == "company" else "input")
        sheet.set_row(row, ROW_HEIGHT)
        book.formula(sheet, row, check, f"={_progress(row, mark_columns, rulebook)}", NOTHING, "verdict")
    for column, item in zip(mark_columns, items, strict=True):
        sheet.data_validation(first, column, last, column, _mark_choice(item, rulebook))
    sheet.print_area(0, 0, last, check - 1)
    sheet.freeze_panes(first, 2)
    sheet.protect("", LIST_PROTECTION)
    colour_verdicts(book, sheet, (first, check, last, check))


def _mark_choice(item: Indicator, rulebook: Rulebook) -> dict[str, Any]:
    """The data validation of a mark: the points in steps, or 回避."""
    steps = int(item.points / rulebook.experts.mark_step)
    choices = [f"{step * rulebook.experts.mark_step:g}" for step in range(steps + 1)]
    return {
        "validate": "list",
        "source": [*choices, rulebook.vocabulary.recused[0]],
        "error_type": "warning",
        "input_title": item.label,
        "input_message": f"0 到 {item.points:g} 分，可以打半分；不评留空，回避选“回避”。",
        "error_title": "不在列表里",
        "error_message": f"请填 0 到 {item.points:g} 的数，或“回避”；不评请留空。",
    }


def _progress(row: int, mark_columns: range, rulebook: Rulebook) -> str:
    """The formula of 进度: how many items of the company are marked, recused and left, or how many marks are invalid."""
    name = cell_address(row, mark_columns[0] - 1)
    cells = [cell_address(row, column) for column in mark_columns]
    recusal = text(rulebook.vocabulary.recused[0])
    recused = "(" + "+".join(f"({cell}={recusal})" for cell in cells) + ")"
    unmarked = ["", *rulebook.vocabulary.not_marked]
    blank = "(" + "+".join(f'(TRIM({cell}&"")={text(word)})' for cell in cells for word in unmarked) + ")"
    given = "+".join(
        f"IF(ISNUMBER({cell}),{MARK_ALLOWED.condition(mark=cell, points=f'{item.points:g}')}*1,0)"
        for cell, item in zip(cells, rulebook.expert_indicators, strict=True)
    )
    wrong = f"({len(cells)}-({given})-{recused}-{blank})"
    counts = (
        f'"已评 "&({given})&" 项"&IF({recused}>0,"，回避 "&{recused}&" 项","")&IF({blank}>0,"，还差 "&{blank}&" 项","")'
    )
    invalid = f'{text(TO_MEND + "有 ")}&{wrong}&" 项不是 0 到满分之间的数"'
    nameless = f'TRIM({name}&"")=""'
    cases = [
        (f"AND({nameless},{blank}={len(cells)})", '""'),
        (nameless, text(f"{TO_MEND}没有填企业名称")),
        (f"{wrong}>0", invalid),
    ]
    return first_of(cases, counts)
