"""The sheets beside 附件1 in its workbook: 填写说明, 系统清单, 佐证材料 and 云服务器换算."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.model.form_checks import category_spellings, counted_indicators
from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import CONVERSION_SHEET, GUIDE_SHEET, PAPERS_SHEET, SYSTEMS_SHEET
from pipeline.writers.book.addresses import absolute_area, area_address, cell_address
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.workbook import LINE_HEIGHT, Book
from pipeline.writers.forms.self_check.items import Listed
from pipeline.writers.forms.self_check.sheet import NOTHING

# What a protected sheet still allows; a list may be sorted too.
PROTECTION = {"format_cells": True, "format_columns": True, "format_rows": True}
LIST_PROTECTION = {**PROTECTION, "sort": True}

_GUIDE_WIDTH = 76
_SYSTEM_ROWS, _SERVER_ROWS, _SPARE_PAPERS = 80, 20, 10
_SYSTEM_COLUMNS = (("序号", 6), ("系统名称", 34), ("类别", 14), ("是否上云", 12), ("用途", 50))
_SERVER_COLUMNS = (
    ("序号", 6),
    ("服务器", 30),
    ("是否上云", 12),
    ("每台CPU核数", 14),
    ("每台内存（G）", 14),
    ("台数", 10),
    ("折合4核16G", 16),
)
_PAPER_COLUMNS = (("序号", 6), ("材料", 52), ("对应指标", 20), ("是否附上", 12), ("文件名", 40))
_YES_NO = {
    "validate": "list",
    "source": ["是", "否"],
    "error_title": "请选择",
    "error_message": "请从下拉框选“是”或“否”。",
}

ASSESSMENT_GUIDE = (
    "1. 先填“附件1”上方的企业名称、统一社会信用代码，再选设区市、区县。企业名称用全称，与附件2、营业执照一致。",
    "2. 浅黄色的格子是填写的地方：N 是其中上云的部分，M 是总数，单位写在格子右边，只填数字。确实没有的填 0 或“无”，不要留空。",
    "3. 云服务器按“4核16G”折算，在工作表“云服务器换算”里填核数、内存、台数，得出的数填到附件1。",
    "4. 数据协同有几类就在几类左边选“√”。标杆示范由专家评分，企业不用填。",
    "5. 填“系统清单”：每个系统一行，选好类别和是否上云。各类的个数会与附件1的 M、上云的个数会与 N 核对。",
    "6. 对照“佐证材料”逐项准备，附上的选“是”，写明文件名；材料与本表放在同一个文件夹里报送。",
    "7. 看“附件1”最右边的“自检”：红色“要改”必须改好，黄色“请核对”核对属实就可以。自检只提示，不会改动所填的数。",
    "8. “自评分”只是按 N÷M 算出的自评分，不是最后得分：最后得分还要看全省排名（横向评分）和专家评分。",
    "9. 打印时只印官方表格部分。工作表加了保护（没有密码），只能改浅黄色的格子；请不要改动表格的文字、行和列。",
    "10. 文件名请写企业名称，如“某某有限公司_附件1.xlsx”，存成“Excel 工作簿（*.xlsx）”。",
)


def guide_sheet(book: Book, title: str, lines: Sequence[str]) -> LiveSheet:
    """Writes 填写说明: a title and the steps, one in a row."""
    sheet = book.sheet(GUIDE_SHEET)
    book.widths(sheet, [_GUIDE_WIDTH])
    book.put(sheet, 0, 0, f"{title}　{GUIDE_SHEET}", "heading")
    sheet.set_row(0, 28)
    for row, line in enumerate(lines, start=1):
        book.put(sheet, row, 0, line, "plain")
        sheet.set_row(row, LINE_HEIGHT * lines_in(line, _GUIDE_WIDTH - 2) + 6)
    sheet.protect("")
    return sheet


@dataclass(frozen=True)
class SystemList:
    """系统清单: references to its columns that hold on any sheet, and the sheet."""

    names: str
    categories: str
    on_cloud: str
    sheet: LiveSheet

    def counts(self, label: str, words: SystemWords) -> Listed:
        """The formulas that count the systems of one category."""
        named, category = f"(LEN({_plain(self.names)})>0)", _plain(self.categories)
        spelled = "+".join(f'({category}="{spelling}")' for spelling in category_spellings(label))
        of_kind = f"{named}*({spelled})"
        ticked = _is_one_of(self.on_cloud, words.ticks)
        unclear = self.unclear(words)
        return Listed(
            f"IF({unclear}>0,0,SUMPRODUCT(--{named}))", f"SUMPRODUCT({of_kind})", f"SUMPRODUCT({of_kind}*{ticked})"
        )

    def unclear(self, words: SystemWords) -> str:
        """The formula that counts the systems whose category or 是否上云 is unknown."""
        named = f"(LEN({_plain(self.names)})>0)"
        decided = f"({_is_one_of(self.on_cloud, words.ticks)}+{_is_one_of(self.on_cloud, words.no_ticks)}>0)"
        return f"SUMPRODUCT({named}*(1-{_is_one_of(self.categories, words.categories)}*{decided}))"

    def write_remark(self, book: Book, words: SystemWords) -> None:
        """Writes the formula above the list that tells how many systems are not compared with N and M."""
        unclear = self.unclear(words)
        remark = f'"请核对：有 "&{unclear}&" 个系统的类别或是否上云没有写明，或看不懂，没有与附件1核对"'
        book.formula(self.sheet, 0, 2, f'=IF({unclear}>0,{remark},"")', NOTHING, "plain")


class SystemWords(NamedTuple):
    """References to the lists of words that the formulas on 系统清单 look up."""

    categories: str
    ticks: str
    no_ticks: str


def _plain(cells: str) -> str:
    return f'SUBSTITUTE(SUBSTITUTE({cells}&""," ",""),"　","")'


def _is_one_of(cells: str, words: str) -> str:
    return f"ISNUMBER(MATCH({_plain(cells)},{words},0))"


def system_sheet(book: Book, rulebook: Rulebook) -> SystemList:
    """Writes 系统清单: a row for each system."""
    note = (
        "每个系统填一行；各类的个数与附件1的 M、其中上云的个数与 N 核对。每个系统的登录页、功能主页截图和功能简介另附。"
    )
    sheet = _list_sheet(book, SYSTEMS_SHEET, note, _SYSTEM_COLUMNS, _SYSTEM_ROWS)
    first, last = 3, 2 + _SYSTEM_ROWS
    labels = [item.label for item in counted_indicators(rulebook)]
    sheet.data_validation(
        first,
        2,
        last,
        2,
        {
            "validate": "list",
            "source": labels,
            "input_title": "类别",
            "input_message": "选附件1中对应的指标。",
            "error_title": "请选择",
            "error_message": f"请从下拉框选：{'、'.join(labels)}。",
        },
    )
    sheet.data_validation(first, 3, last, 3, _YES_NO)
    names, categories, on_cloud = (
        f"{SYSTEMS_SHEET}!{absolute_area(first, column, last, column)}" for column in (1, 2, 3)
    )
    return SystemList(names, categories, on_cloud, sheet)


def papers_sheet(book: Book, rulebook: Rulebook) -> None:
    """Writes 佐证材料: the papers that 填表说明 2 asks for, to be ticked off."""
    papers = list(_papers(rulebook))
    note = "附上的选“是”，并写明文件名；材料与本表放在同一个文件夹里报送。"
    sheet = _list_sheet(book, PAPERS_SHEET, note, _PAPER_COLUMNS, len(papers) + _SPARE_PAPERS)
    for row, (paper, label) in enumerate(papers, start=3):
        book.put(sheet, row, 1, paper, "body")
        book.put(sheet, row, 2, label, "center")
    sheet.data_validation(3, 3, 2 + len(papers) + _SPARE_PAPERS, 3, _YES_NO)


def _papers(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """(paper, label of the item) in the order of 填表说明 2."""
    notes = "".join(rulebook.filling_notes)
    for item in rulebook.ratio_indicators:
        if item.unit == "万元" and item.label in notes:
            yield "上年度的发票、收据或合同", item.label
    for item in counted_indicators(rulebook):
        yield "系统清单，每个系统的登录页和功能主页截图、功能简介", item.label
    for item in rulebook.expert_indicators:
        yield "相关情况的详细介绍和案例介绍（有的才附）", item.label


def conversion_sheet(book: Book) -> None:
    """Writes 云服务器换算: converts servers into units of 4核16G, (总核÷4＋总内存÷16)÷2."""
    note = "每种配置填一行，右边算出折合多少个“4核16G”；下面两个合计分别填到附件1云服务器的 N 和 M。本表不会被读取。"
    sheet = _list_sheet(book, CONVERSION_SHEET, note, _SERVER_COLUMNS, _SERVER_ROWS)
    first, last = 3, 2 + _SERVER_ROWS
    sheet.data_validation(first, 2, last, 2, _YES_NO)
    sheet.data_validation(
        first,
        3,
        last,
        5,
        {
            "validate": "decimal",
            "criteria": ">=",
            "value": 0,
            "error_title": "请填数字",
            "error_message": "请填不小于 0 的数字。",
        },
    )
    for row in range(first, last + 1):
        cores, memory, count = (cell_address(row, column) for column in (3, 4, 5))
        units = f"({cores}/4+{memory}/16)/2*{count}"
        book.formula(sheet, row, 6, f'=IF(COUNT({cores},{memory},{count})<3,"",{units})', NOTHING, "number")
    clouds, units = (area_address(first, column, last, column) for column in (2, 6))
    for row, label, formula in (
        (last + 2, "云服务器合计（附件1的 N）", f'=SUMIF({clouds},"是",{units})'),
        (last + 3, "全部服务器合计（附件1的 M）", f"=SUM({units})"),
    ):
        sheet.merge_range(row, 1, row, 5, label, book.look("section"))
        book.formula(sheet, row, 6, formula, 0, "number")


def _list_sheet(book: Book, name: str, note: str, columns: Sequence[tuple[str, float]], rows: int) -> LiveSheet:
    """Writes a list to be filled in: name, note, header and numbered rows, of which only the rows may be changed."""
    sheet = book.sheet(name, landscape=True, header_rows=(2, 2))
    widths = [width for _, width in columns]
    book.widths(sheet, widths)
    book.put(sheet, 0, 0, name, "heading")
    sheet.merge_range(1, 0, 1, len(columns) - 1, note, book.look("plain"))
    sheet.set_row(1, LINE_HEIGHT * lines_in(note, sum(widths) - 2) + 6)
    for column, (header, _) in enumerate(columns):
        book.put(sheet, 2, column, header, "header")
    sheet.set_row(2, 24)
    for row in range(3, 3 + rows):
        book.put(sheet, row, 0, row - 2, "whole")
        for column in range(1, len(columns)):
            book.put(sheet, row, column, None, "input_left" if columns[column][1] > 20 else "input")
    sheet.freeze_panes(3, 0)
    sheet.protect("", PROTECTION)
    return sheet
