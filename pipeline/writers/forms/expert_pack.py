"""An expert's pack: a workbook with the criteria and the companies to mark.

A pack has no contacts. It has the form stamp, so that it is read back as 专家评分表.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from pipeline.model.rulebook import Indicator, Rulebook
from pipeline.model.stamps import (
    CRITERIA_SHEET,
    DEMO_LABEL,
    EXPERT_PROPERTY,
    FORM_PROPERTY,
    FORM_PROPERTY_VALUE,
    FORM_STAMP,
)
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.live import Value
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.workbook import LINE_HEIGHT, Book, Column, open_book, safe_text
from pipeline.writers.forms.layout import weighted
from pipeline.writers.forms.list_layout import MARKS_EXPERT, MARKS_SHEET

CRITERIA = (
    Column("group", "类别", 16, "center"),
    Column("label", "评分项", 22, "center"),
    Column("points", "满分", 8, "mark"),
    Column("description", "看什么", 62),
    Column("explanation", "评分解释", 18, "center"),
)
_LEFT = (Column("order", "序号", 6, "whole"), Column("company", "企业名称", 28), Column("county", "区县", 13, "center"))
_RIGHT = (
    Column("recused", "回避", 8, "input"),
    Column("reason", "回避理由", 18, "input_left"),
    Column("note", "备注", 18, "input_left"),
    Column("progress", "进度", 11, "center"),
)
_ITEM_WIDTH = 10
_TITLE_ROW, _EXPERT_ROW, _COUNT_ROW, _HEADER_ROW = 1, 2, 3, 4
_DONE, _RECUSED = "评完", "回避"
_LONGEST_LIST = 255  # characters that Excel allows in the list of a drop-down
_WRONG_MARK = "请从下拉单里选分；还没有评的请留空，需要回避的请填“回避”栏。"
_ALLOWED = {"format_columns": True, "format_rows": True}  # what a protected sheet still allows

# Characters that Windows does not allow in a file name.
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_LONGEST_FILE_NAME = 60


class PackCompany(NamedTuple):
    """What an expert is shown of a company."""

    company: str
    city: str
    county: str


def pack_names(experts: Sequence[str]) -> dict[str, str]:
    """Expert -> file name of the pack, allowed on every system; names that would be equal are numbered （2）, （3） …."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for expert in experts:
        stem = f"专家评分表_{_NOT_IN_NAMES.sub('', safe_text(expert)).strip(' .')}"[:_LONGEST_FILE_NAME]
        name, number = f"{stem}.xlsx", 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}（{number}）.xlsx"
        taken.add(name.casefold())
        names[expert] = name
    return names


# -------------------------------------------------------------------------------------- one expert's workbook


def write_pack(
    path: Path, expert: str, companies: Sequence[PackCompany], rulebook: Rulebook, demo: bool = False
) -> None:
    """Writes the pack of one expert: 评分标准, then 专家评分表 with the companies in the order given."""
    stamp = {FORM_PROPERTY: FORM_PROPERTY_VALUE, EXPERT_PROPERTY: expert}
    with open_book(path, rulebook.date.isoformat(), rulebook.titles.marks, stamp, demo=demo) as book:
        _write_criteria(book, rulebook, demo)
        _write_marks(book, expert, companies, rulebook, demo)


def _stamp_text(rulebook: Rulebook, demo: bool) -> str:
    return "　".join(part for part in (FORM_STAMP, rulebook.version, DEMO_LABEL if demo else "") if part)


def _write_criteria(book: Book, rulebook: Rulebook, demo: bool) -> None:
    """Sheet 评分标准: the items with their points, and how the next sheet is filled in."""
    sheet = book.sheet(CRITERIA_SHEET, landscape=True)
    last = len(CRITERIA) - 1
    book.put(sheet, 0, last, _stamp_text(rulebook, demo), "stamp", align="right")
    book.merge(sheet, (1, 0, 1, last), f"{rulebook.titles.marks}：{CRITERIA_SHEET}", "title", height=36)
    book.header(sheet, 2, CRITERIA)
    groups = {group.id: weighted(group.label, group.points) for group in rulebook.groups}
    rows = [
        (groups.get(item.group, ""), item.label, float(item.points), item.description, item.explanation)
        for item in rulebook.expert_indicators
    ]
    row = book.rows(sheet, 3, CRITERIA, rows)
    for number, (_, _, _, description, _) in enumerate(rows, start=3):
        sheet.set_row(number, max(40, LINE_HEIGHT * lines_in(description, CRITERIA[3].width) + 8))
    book.put(sheet, row + 1, 0, "怎么填", "heading")
    width = sum(column.width for column in CRITERIA)
    for number, text in enumerate(_instructions(rulebook), start=row + 2):
        book.merge(sheet, (number, 0, number, last), text, "plain", height=LINE_HEIGHT * lines_in(text, width) + 6)
    sheet.protect("", _ALLOWED)


def _instructions(rulebook: Rulebook) -> tuple[str, ...]:
    step = f"{rulebook.experts.mark_step.normalize():f}"
    return (
        f"1. 请在下一张表“{MARKS_SHEET}”的浅黄色格子里填写，其余格子已锁定。每项从下拉单里选分：0 分到满分，每 {step} 分一档。",
        "2. 留空、0 分、回避是三回事：留空是还没有评，0 分是评过、得 0 分，回避是不评这家企业。",
        "3. 与企业有利害关系的，请在“回避”栏选“回避”，写明理由，不再打分。",
        "4. 每位专家的企业次序不同，请按自己这份表的次序评；不要增删、移动企业，也不要改企业名称和专家姓名。",
        "5. 表上方和“进度”栏随时显示评了几家、还有几家。评完请保存，把本文件交回；没有评完也可以先交，留空的按未评计。",
    )


def _columns(rulebook: Rulebook) -> tuple[Column, ...]:
    items = (
        Column(item.id, weighted(item.label, item.points), _ITEM_WIDTH, "input") for item in rulebook.expert_indicators
    )
    return (*_LEFT, *items, *_RIGHT)


class _Area(NamedTuple):
    """The area of the listing: letters of its columns by id, those of the first and last item, first and last row from 1."""

    columns: dict[str, str]
    items: tuple[str, str]
    first: int
    last: int

    def all_of(self, field: str) -> str:
        """The cells of a column: $C$6:$C$20."""
        return f"${self.columns[field]}${self.first}:${self.columns[field]}${self.last}"


def _write_marks(book: Book, expert: str, companies: Sequence[PackCompany], rulebook: Rulebook, demo: bool) -> None:
    columns = _columns(rulebook)
    items = [item.id for item in rulebook.expert_indicators]
    letters = {column.id: xl_col_to_name(number) for number, column in enumerate(columns)}
    first = _HEADER_ROW + 2
    area = _Area(letters, (letters[items[0]], letters[items[-1]]), first, max(first, first + len(companies) - 1))
    sheet = book.sheet(MARKS_SHEET, landscape=True, header_rows=(_HEADER_ROW, _HEADER_ROW))
    _write_heading(book, sheet, expert, rulebook, demo, len(columns))
    _write_counts(book, sheet, area, len(companies))
    book.header(sheet, _HEADER_ROW, columns)
    for number, company in enumerate(companies, start=1):
        _write_company(book, sheet, number, company, columns, area, len(items))
    if companies:
        _restrict(sheet, columns, rulebook, len(companies))
        yellow = book.look("remark_center")
        for beginning in ("缺", "请"):
            rule = {"type": "text", "criteria": "begins with", "value": beginning, "format": yellow}
            sheet.conditional_format(area.all_of("progress").replace("$", ""), rule)
    sheet.freeze_panes(_HEADER_ROW + 1, 2)
    sheet.protect("", _ALLOWED)


def _write_heading(book: Book, sheet: LiveSheet, expert: str, rulebook: Rulebook, demo: bool, width: int) -> None:
    book.put(sheet, 0, width - 1, _stamp_text(rulebook, demo), "stamp", align="right")
    book.merge(sheet, (_TITLE_ROW, 0, _TITLE_ROW, width - 1), rulebook.titles.marks, "title", height=36)
    book.merge(sheet, (_EXPERT_ROW, 0, _EXPERT_ROW, 1), MARKS_EXPERT, "section", height=26)
    book.merge(sheet, (_EXPERT_ROW, 2, _EXPERT_ROW, 4), expert, "center")
    note = "只填浅黄色格子，评分标准见前一张表。留空＝没有评，0＝得 0 分，回避＝不评。"
    book.merge(sheet, (_EXPERT_ROW, 5, _EXPERT_ROW, width - 1), note, "plain")


def _write_counts(book: Book, sheet: LiveSheet, area: _Area, companies: int) -> None:
    """Formulas that count the companies that are done, left and recused."""
    total, done, recused = (f"${letter}${_COUNT_ROW + 1}" for letter in "CEI")
    counts = (
        (2, f"=COUNTA({area.all_of('company')})", companies),
        (4, f'=COUNTIF({area.all_of("progress")},"{_DONE}")', 0),
        (6, f"={total}-{done}-{recused}", companies),
        (8, f"=SUMPRODUCT(--(LEN({area.all_of('recused')})>0))", 0),
    )
    sheet.set_row(_COUNT_ROW, 24)
    book.merge(sheet, (_COUNT_ROW, 0, _COUNT_ROW, 1), "进度（家）：应评", "section")
    for column, label in ((3, "已评完"), (5, "还没评完"), (7, _RECUSED)):
        book.put(sheet, _COUNT_ROW, column, label, "section")
    for column, formula, value in counts:
        book.formula(sheet, _COUNT_ROW, column, formula, value, "total")


def _write_company(
    book: Book, sheet: LiveSheet, number: int, company: PackCompany, columns: Sequence[Column], area: _Area, items: int
) -> None:
    row = _HEADER_ROW + number
    values: dict[str, Value] = {
        "order": number,
        "company": company.company,
        "county": f"{company.city}\n{company.county}",
    }
    sheet.set_row(row, max(36, LINE_HEIGHT * lines_in(company.company, _LEFT[1].width) + 6))
    for position, column in enumerate(columns):
        if column.id == "progress":
            book.formula(sheet, row, position, _progress(area, row + 1, items), "未评", column.role)
        else:
            book.put(sheet, row, position, values.get(column.id), column.role)


def _progress(area: _Area, row: int, items: int) -> str:
    """The formula of 进度 in a row (from 1)."""
    marked = f"SUMPRODUCT(--(LEN(${area.items[0]}{row}:${area.items[1]}{row})>0))"
    recused, reason = (f"LEN(${area.columns[field]}{row})" for field in ("recused", "reason"))
    return (
        f'=IF({recused}>0,IF({marked}>0,"请删去分数",IF({reason}=0,"请写理由","{_RECUSED}")),'
        f'IF({marked}=0,"未评",IF({marked}={items},"{_DONE}","缺 "&({items}-{marked})&" 项")))'
    )


def _restrict(sheet: LiveSheet, columns: Sequence[Column], rulebook: Rulebook, companies: int) -> None:
    """Adds the drop-downs of the marks and of 回避."""
    first, last = _HEADER_ROW + 1, _HEADER_ROW + companies
    for position, column in enumerate(columns):
        item = rulebook.indicator_of.get(column.id)
        if item:
            sheet.data_validation(first, position, last, position, _allowed_marks(item, rulebook.experts.mark_step))
        elif column.id == "recused":
            choice = {
                "validate": "list",
                "source": [rulebook.vocabulary.recused[0]],
                "error_title": "只可选“回避”",
                "error_message": "回避请选“回避”，并在右边写理由；不回避请留空。",
            }
            sheet.data_validation(first, position, last, position, choice)


def _allowed_marks(item: Indicator, step: Decimal) -> dict[str, Any]:
    """The data validation of a mark: the steps from 0 to the item's points, or any number between where the list of steps
    is too long for a drop-down."""
    marks = [f"{(step * number).normalize():f}" for number in range(int(item.points / step) + 1)]
    words = {"error_title": "这个分不能填", "error_message": _WRONG_MARK}
    if len(",".join(marks)) <= _LONGEST_LIST:
        return {"validate": "list", "source": marks, **words}
    return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": float(item.points), **words}
