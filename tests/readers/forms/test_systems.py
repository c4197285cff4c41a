"""系统清单 beside an 附件1 is counted by kind and compared with N and M; what is unclear is reported and not compared."""

from __future__ import annotations

import pytest

from pipeline.issues.issue import Issue
from tests.support.arrivals import read
from tests.support.workbooks import Sheet, form_rows, full_answers, workbook

HEADER = "序号|系统名称|类别|是否上云|用途"


def issues_of(rulebook, listed: Sheet, struck: tuple[str, ...] = (), **answers: object) -> tuple[list[Issue], str]:
    """The X18 of a form whose system items are N = M = 0 but for `answers`, and the file's remark."""
    none = {item.id: (0, 0) for item in rulebook.ratio_indicators if item.unit == "个" and item.m == "typed"}
    rows, _ = form_rows(rulebook, full_answers(rulebook, **none | {"system_synergy": 0} | answers))
    reading = read(workbook({"附件1": [["企业名称：", "杭州甲公司"], *rows], "系统清单": listed}, struck=struck))
    (sheet,) = reading.sheets
    return [issue for issue in sheet.assessments[0].issues if issue.code == "X18"], reading.remark


def parts(issues: list[Issue]) -> list[str]:
    """What the one X18 lists, [] without one."""
    return [
        entry.replace("（" + entry.split("（")[1].split("）")[0] + "）", "")
        for issue in issues
        for entry in issue.facts["items"].split("；")
    ]


def test_equal_counts_say_nothing(rulebook):
    rows = f"{HEADER}\n1|PLM|研发|是|设计\n2|PDM|研发系统|否|图纸\n3|OA|行政办公|√|审批"
    issues, remark = issues_of(rulebook, rows, research=(1, 2), office=(1, 1))
    assert parts(issues) == [] and "3 个系统" in remark


def test_a_struck_out_system_is_not_counted(rulebook):
    rows = f"{HEADER}\n1|PLM|研发|是|设计\n2|PDM|研发|是|图纸"
    issues, _ = issues_of(rulebook, rows, ("系统清单!B3",), research=(1, 1))
    assert parts(issues) == []


def test_both_counts_are_told_at_the_answer(rulebook):
    rows = f"{HEADER}\n1|PLM|研发|是|设计\n2|PDM|研发|是|图纸"
    issues, _ = issues_of(rulebook, rows, research=(1, 3), marketing=(0, 1))
    assert parts(issues) == ["研发 N填「1」、清单 2 个", "研发 M填「3」、清单 2 个", "营销 M填「1」、清单 0 个"]
    (issue,) = issues
    assert issue.where.sheet == "附件1" and issue.where.cell and f"（{issue.where.cell}）" in issue.facts["items"]


@pytest.mark.parametrize("rows", [HEADER, f"{HEADER}\n1||||\n2||研发|是|"])
def test_a_blank_list_says_nothing(rulebook, rows: str):
    assert issues_of(rulebook, rows, research=(3, 3)) == ([], "")


@pytest.mark.parametrize("row", ["1|PLM||是|设计", "1|PLM|研发||设计", "1|PLM|别的|是|设计", "1|PLM|研发|也许|设计"])
def test_an_unclear_system_is_said_and_nothing_compared(rulebook, row: str):
    issues, remark = issues_of(rulebook, f"{HEADER}\n{row}\n2|PDM|研发|是|图纸", research=(3, 3))
    assert issues == [] and "其中 1 个没有写明" in remark


def test_an_answer_in_error_is_not_compared(rulebook):
    issues, _ = issues_of(rulebook, f"{HEADER}\n1|PLM|研发|是|设计", research=("待定", 2))
    assert parts(issues) == ["研发 M填「2」、清单 1 个"]


def test_with_several_companies_nobody_knows_whose_systems_they_are(rulebook):
    rows, _ = form_rows(rulebook, full_answers(rulebook))
    sheets = {name: [["企业名称：", name], *rows] for name in ("杭州甲公司", "杭州乙公司")}
    reading = read(workbook({**sheets, "系统清单": f"{HEADER}\n1|PLM|研发|是|设计"}))
    assert "系统清单没有核对" in reading.remark
    forms = [form for sheet in reading.sheets for form in sheet.assessments]
    assert len(forms) == 2 and "X18" not in {issue.code for form in forms for issue in form.issues}


def test_a_list_alone_is_evidence_and_no_form(rulebook):
    """填表说明 2 asks for it; it may come as a workbook of its own."""
    reading = read(workbook({"系统清单": f"{HEADER}\n1|PLM|研发|是|设计"}))
    assert (reading.kind, reading.sheets, reading.issues) == ("evidence", [], [])
    beside = read(workbook({"系统清单": f"{HEADER}\n1|PLM|研发|是|设计", "别的": "甲|乙"}))
    assert (beside.kind, [issue.code for issue in beside.issues]) == ("unrecognised", ["F03"])
