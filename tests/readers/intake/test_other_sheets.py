"""A sheet that nobody reads is never passed over in silence where it may continue a nomination, marks or a pool."""

from __future__ import annotations

import pytest

from pipeline.issues.issue import Issue
from tests.support.arrivals import HEADERS, codes, nominated, one, read
from tests.support.workbooks import workbook

LIST = f"{HEADERS}\n{nominated(1, '甲有限公司')}\n{nominated(2, '乙有限公司')}"
MARKS = "企业名称|云原生应用情况|绩效提升典型案例\n甲有限公司|4|1"
POOL = "市级\n地区|2021年新增数|2022年新增数|2023年新增数|三年目标数\n杭州市|1|2|3|9"
NAMES = "年份|级别|地区|企业名称\n2021|市级|杭州市|甲有限公司"


def said(first: str, second: str, path: str = "表.xlsx", **options: object) -> list[Issue]:
    """The issues of a file with two sheets that are about the second."""
    found = read(workbook({"一": first, "二": second}, **options), path)
    return [issue for issue in found.issues if issue.where.sheet == "二"]


@pytest.mark.parametrize(
    ("first", "second", "held"),
    [
        (LIST, f"{nominated(3, '丙有限公司')}\n{nominated(4, '丁有限公司')}", "2 家企业（丙有限公司、丁有限公司）"),
        (LIST, f"{nominated(3, '甲有限公司')}\n{nominated(4, '丁有限公司')}", "1 家企业（丁有限公司）"),
        (LIST, nominated(3, "某地一个不知名的大户"), "1 家企业（某地一个不知名的大户）"),
        (LIST, "序号|企业名称|联系人\n1|丙有限公司|李四", "1 家企业（丙有限公司）"),
        (LIST, "第二批\n丙有限公司\n丁研究院", "2 家企业（丙有限公司、丁研究院）"),
        (MARKS, "丙有限公司|4|1", "1 家企业（丙有限公司）"),
        (MARKS, "甲有限公司|3|2", "1 家企业（甲有限公司）"),
        (NAMES, "2022|市级|杭州市|丙有限公司", "1 家企业（丙有限公司）"),
        (POOL, "宁波市|4|5|6|12\n温州市|1|1|1|3", "2 个地区（宁波市、温州市）"),
    ],
)
def test_a_sheet_that_may_continue_the_list(first: str, second: str, held: str):
    issue = one(said(first, second), "F41")
    assert (issue.facts["what"], issue.facts["held"]) == ("二", held)


@pytest.mark.parametrize(
    "second",
    [
        "排名|企业名称\n1|甲有限公司\n2|乙有限公司",  # names that the list has
        "企业类型|家数\n大型|2",
        "序号|区县|类别|大型|中型|小型|微型\n1|上城区|装备制造|12|3|4|5",
        "填表说明\n1. 请按要求填写。\n2. 填报单位：甲县经济和信息化局",
        "示例|杭州××有限公司\n某某有限公司",
    ],
)
def test_a_sheet_that_adds_nobody_is_no_error(second: str):
    assert "F41" not in codes(said(LIST, second))


def test_names_that_the_list_has_are_a_remark():
    assert codes(said(LIST, "排名|企业名称\n1|甲有限公司")) == ["F42"]


def test_a_hidden_sheet_is_said_and_no_error():
    assert codes(said(LIST, "丙有限公司\n丁有限公司", hidden_sheets=["二"])) == ["F42"]


@pytest.mark.parametrize(
    "second", ["企业简介\n甲有限公司|生产水泵|20000", "丙有限公司\n丁有限公司", "1|丙有限公司|阀门"]
)
def test_what_experts_read_about_companies_is_no_page_of_marks(second: str):
    assert codes(said(MARKS, second)) == ["F42"]


def test_names_beside_a_form_of_one_company_are_its_own_matter():
    assert said("备注\n没有表", "丙有限公司") == []


def test_a_page_with_its_own_header_is_read():
    found = read(workbook({"一": LIST, "二": f"{HEADERS}\n{nominated(3, '丙有限公司')}"}))
    assert [row.company for form in found.sheets for row in form.nominations] == [
        "甲有限公司",
        "乙有限公司",
        "丙有限公司",
    ]
    assert "F41" not in codes(found.issues)
