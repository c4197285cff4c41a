"""A figure of 附件2 with an open 错误 is marked in the official table of a 试算 and named below it; in nothing else."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model.results import Results
from pipeline.writers.county.workbook import write_returned
from pipeline.writers.official.questioned import questioned_figures
from pipeline.writers.official.ranking import write_nomination
from tests.support.arrivals import computed, form, nominated, nomination

HERE = "杭州市/上城区"
LIST = f"{HERE}/附件2.xlsx"
RED = "FFFFC7CE"


def province(**cells: str) -> Results:
    """杭州甲公司 types these cells of 附件2; its 附件1 says that it spent 10 on clouds, of 20 on all. 杭州乙公司 is in order."""
    rows = [nominated(1, "杭州甲公司", **cells), nominated(2, "杭州乙公司")]
    forms = {f"{HERE}/{name}.xlsx": form(name) for name in ("杭州甲公司", "杭州乙公司")}
    return computed({LIST: nomination(*rows), **forms})


def red_cells(sheet: Worksheet) -> dict[str, list[str]]:
    """Company -> the headers of its cells with a red fill."""
    headers = {cell.column: str(cell.value).replace("\n", "") for cell in sheet[4]}
    red: dict[str, list[str]] = {}
    for row in sheet.iter_rows(min_row=5):
        marked = [headers[cell.column] for cell in row if cell.fill.fgColor.rgb == RED]
        if marked:
            red[str(row[2].value)] = marked
    return red


def shown(results: Results, path: Path) -> Worksheet:
    write_nomination(path / "附件2.xlsx", results)
    return openpyxl.load_workbook(io.BytesIO((path / "附件2.xlsx").read_bytes()))["附件2"]


def texts(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]


@pytest.mark.parametrize(
    ("cells", "code", "marked"),
    [
        ({"cloud": "100000"}, "X02", ["近三年上云投入（万元）"]),
        ({"it": "200000"}, "X02", ["近三年信息化建设和运维投入（万元）"]),
        ({"revenue": "待定"}, "V01", ["上年度销售收入（万元）"]),
        ({"profit": "一百零x"}, "V01", ["上年度利润总额（万元）"]),
    ],
)
def test_a_figure_in_question_is_red_and_named(cells: dict[str, str], code: str, marked: list[str], tmp_path: Path):
    results = province(**cells)
    (issue,) = [issue for issue in results.issues if issue.open_error]
    assert issue.code == code
    sheet = shown(results, tmp_path)
    assert red_cells(sheet) == {"杭州甲公司": marked}
    (sentence,) = [text for text in texts(sheet) if "标红" in text]
    assert f"杭州甲公司的{marked[0]}（见问题清单 {issue.id}）" in sentence and "杭州乙公司" not in sentence


def test_a_county_sees_it_in_its_own_table(tmp_path: Path):
    write_returned(tmp_path / "结果.xlsx", province(cloud="100000"), "杭州市", "上城区")
    sheet = openpyxl.load_workbook(tmp_path / "结果.xlsx")["附件2"]
    assert red_cells(sheet) == {"杭州甲公司": ["近三年上云投入（万元）"]}


def test_what_is_in_order_or_only_remarked_on_is_not(tmp_path: Path):
    results = province(profit="2000")  # more than the revenue: 提醒
    assert results.issues and not [issue for issue in results.issues if issue.open_error]
    sheet = shown(results, tmp_path)
    assert red_cells(sheet) == {} and not [text for text in texts(sheet) if "标红" in text]


def test_nothing_is_in_question_in_final_results():
    results = province(cloud="100000")
    asked = (results.enterprises, results.issues, results.standing)
    assert questioned_figures(*asked)
    final = results.standing.__class__(final=True)
    assert questioned_figures(results.enterprises, results.issues, final) == {}
