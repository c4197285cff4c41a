"""The blank workbooks for the office itself: 培育库 in its three variants, and 人工决定 with a sheet for each kind of decision."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.model.decisions import SHEETS, SIGNED, WORKBOOK_NAME, DecisionSheet
from pipeline.model.rulebook import PoolLevel, Rulebook
from pipeline.writers.book.addresses import area_address, cell_address
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.workbook import Book, Column
from pipeline.writers.forms.beside import LIST_PROTECTION, guide_sheet
from pipeline.writers.forms.filled import form_sheet, open_form
from pipeline.writers.forms.layout import ATTACHMENTS
from pipeline.writers.forms.list_layout import pool_layout
from pipeline.writers.forms.regions import Regions
from pipeline.writers.forms.self_check.sheet import NOTHING

NAMES_SHEET, TARGETS_SHEET = "企业名单", "目标数"
_NAME_ROWS, _DECISION_ROWS = 300, 60
_LAST_ROW = 1_048_575  # Excel's; below the yellow rows of a sheet of decisions one can go on writing
_POOL_GUIDE = (
    "培育库数据有三种报法，用哪一种填哪一种，其余的表空着；本文件放在输入文件夹最上层。",
    "1.“市级”“区县级”：附件3的样式，填各年新增数和{target}；累计数、完成进度、全省合计自动算出。",
    "2.“企业名单”：每家入库企业一行，写明年份、级别、地区、区县、企业名称，由程序汇总成附件3。",
    "3.“目标数”：只报目标数的，填这一张；空着的，用规则文件里的目标数。",
    "同一个数填在两处的，两处要一致。",
)
_WHOLE = {
    "validate": "integer",
    "criteria": ">=",
    "value": 0,
    "error_title": "请填整数",
    "error_message": "请填不小于 0 的整数，单位是家。",
}


def write_blank_pool(path: Path, rulebook: Rulebook) -> None:
    """Writes the blank 培育库: the two tables of 附件3, a list of names, and targets."""
    with open_form(path, rulebook, ATTACHMENTS["pool"]) as book:
        target = rulebook.pool_words.label("target")
        guide_sheet(book, "培育库", [line.format(target=target) for line in _POOL_GUIDE])
        sheets = [_count_sheet(book, rulebook, level) for level in rulebook.pool.levels]
        names, targets = book.sheet(NAMES_SHEET), book.sheet(TARGETS_SHEET)
        _name_list(book, names, rulebook, Regions(book, rulebook))
        _target_list(book, targets, rulebook)
        sheets[0].activate()


def _count_sheet(book: Book, rulebook: Rulebook, level: PoolLevel) -> LiveSheet:
    """Writes one table of 附件3 with every city and the formulas of the derived columns."""
    layout = pool_layout(rulebook, level)
    sheet = form_sheet(book, level.id, layout, rulebook)
    column_of = {name: number for number, (name, _) in enumerate(layout.columns)}
    years = [column_of[str(year)] for year in rulebook.pool.years]
    first = layout.header_row + 1
    total = first + len(rulebook.city_names)
    for row, region in enumerate((*rulebook.city_names, rulebook.pool.total_label), start=first):
        book.put(sheet, row, column_of["order"], row - first + 1, "whole")
        book.put(sheet, row, column_of["region"], region, "center")
        for column in (*years, column_of["target"]):
            if row < total:
                book.put(sheet, row, column, None, "input")
            else:
                _sum(book, sheet, row, column, (first, column, total - 1, column))
        _sum(book, sheet, row, column_of["cumulative"], (row, years[0], row, years[-1]))
        counted, target = (cell_address(row, column_of[name]) for name in ("cumulative", "target"))
        ratio = f'=IF(OR({counted}="",N({target})=0),"",{counted}/{target})'
        book.formula(sheet, row, column_of["progress"], ratio, NOTHING, "ratio")
        sheet.set_row(row, 24)
    for column in (*years, column_of["target"]):
        sheet.data_validation(first, column, total - 1, column, _WHOLE)
    sheet.protect("", LIST_PROTECTION)
    return sheet


def _sum(book: Book, sheet: LiveSheet, row: int, column: int, area: tuple[int, int, int, int]) -> None:
    cells = area_address(*area)
    book.formula(sheet, row, column, f'=IF(COUNT({cells})=0,"",SUM({cells}))', NOTHING, "whole")


def _name_list(book: Book, sheet: LiveSheet, rulebook: Rulebook, regions: Regions) -> None:
    columns = [("年份", 10), ("级别", 12), ("地区", 14), ("区县", 16), ("企业名称", 44)]
    _list(book, sheet, columns, [[None] * len(columns)] * _NAME_ROWS)
    choices: list[dict[str, Any]] = [
        _drop_down("年份", [str(year) for year in rulebook.pool.years]),
        _drop_down("级别", [level.id for level in rulebook.pool.levels]),
        regions.city_choice(),
        regions.county_choice("$C2"),
    ]
    for column, choice in enumerate(choices):
        sheet.data_validation(1, column, _NAME_ROWS, column, choice)


def _target_list(book: Book, sheet: LiveSheet, rulebook: Rulebook) -> None:
    rows = [[level.id, city, None] for level in rulebook.pool.levels for city in rulebook.city_names]
    _list(book, sheet, [("级别", 12), ("地区", 14), (rulebook.pool_words.label("target"), 14)], rows)
    sheet.data_validation(1, 2, len(rows), 2, _WHOLE)


def _list(book: Book, sheet: LiveSheet, columns: Sequence[tuple[str, float]], rows: Sequence[Sequence[Any]]) -> None:
    book.header(sheet, 0, [Column(name, name, width) for name, width in columns])
    for row, values in enumerate(rows, start=1):
        for column, value in enumerate(values):
            book.put(sheet, row, column, value, "input" if columns[column][1] < 30 else "input_left")
    sheet.freeze_panes(1, 0)
    sheet.protect("", LIST_PROTECTION)


def _drop_down(title: str, choices: list[str]) -> dict[str, Any]:
    """The data validation of a cell with these choices."""
    return {
        "validate": "list",
        "source": choices,
        "error_type": "warning",
        "input_title": title,
        "input_message": "请从下拉框选。",
        "error_title": "不在列表里",
        "error_message": "请从下拉框选。",
    }


def write_blank_decisions(path: Path, rulebook: Rulebook) -> None:
    """Writes the blank 人工决定: a guide, then a sheet for each kind of decision with the columns that are read."""
    with open_form(path, rulebook, WORKBOOK_NAME.removesuffix(".xlsx")) as book:
        guide_sheet(book, WORKBOOK_NAME.removesuffix(".xlsx"), list(_decision_guide(rulebook)))
        sheets = {kind.name: book.sheet(kind.name, landscape=True, header_rows=(0, 0)) for kind in SHEETS}
        regions = Regions(book, rulebook)
        for kind in SHEETS:
            _decision_sheet(book, sheets[kind.name], kind, rulebook, regions)


def _decision_guide(rulebook: Rulebook) -> list[str]:
    lines = [
        f"1. 只有放在输入文件夹最上层、名为“{WORKBOOK_NAME}”的这一个文件才会采用；本页只作说明，不会被读取。",
        "2. 一行是一个决定，填在对应的工作表里；每行都要写理由、决定人、日期，缺一样这一行就不算数，并作为问题列出。",
        "3. 更省事的办法：每次运行都会生成“人工决定_建议.xlsx”，行已备好、带下拉框，填好签好，另存为“人工决定.xlsx”即可。",
        "4. 所决定的原值以后改了，决定自动失效并提示。全部决定都会列在各份结果里。",
        "各张表：",
        *(f"　{kind.name}：{kind.purpose}。" for kind in SHEETS),
        "“规则确认”的“规则”从下拉框选，“采用”照抄引号里的一个选项，其中的 N 换成数（标“现”的是现在用的）：",
    ]
    for ruling in rulebook.rulings:
        choices = "；".join(
            f"“{entry.sentence}”{'（现）' if entry.id == ruling.adopted else ''}" for entry in ruling.alternatives
        )
        lines.append(f"　{ruling.topic}：{choices}")
    return lines


def _decision_sheet(book: Book, sheet: LiveSheet, kind: DecisionSheet, rulebook: Rulebook, regions: Regions) -> None:
    columns = (*kind.columns, *SIGNED)
    book.header(sheet, 0, [Column(column.id, column.header, column.width) for column in columns])
    figures = [column.label for column in rulebook.nomination_columns if column.unit]
    choices = {
        "county": {**_drop_down("区县", []), "source": f"={regions.all_counties}"},
        "indicator": _drop_down("指标", [*(item.label for item in rulebook.ratio_indicators), *figures]),
        "part": _drop_down("N/M", ["N", "M"]),
        "ruling": _drop_down("规则", [ruling.topic for ruling in rulebook.rulings]),
    }
    # as text, so that dates and codes stay as typed
    below = book.look("plain", num_format="@", locked=False)
    for column, entry in enumerate(columns):
        sheet.set_column(column, column, entry.width, below)
    for row in range(1, _DECISION_ROWS + 1):
        for column, entry in enumerate(columns):
            book.put(sheet, row, column, None, "input_left" if entry.width > 20 else "input", num_format="@")
    for column, entry in enumerate(columns):
        if entry.id in choices:
            sheet.data_validation(1, column, _LAST_ROW, column, choices[entry.id])
    sheet.freeze_panes(1, 0)
    sheet.protect("", LIST_PROTECTION)
