"""专家评分: wide and long sheets, whose marks they are, and what is no mark."""

from __future__ import annotations

import pytest

from pipeline.records import Mark
from tests.arrivals import cells, codes, one, read, sheet
from tests.workbooks import workbook

WIDE = "企业名称|信创应用示范（4）|云原生应用情况（4）|云上管理能力建设（5分）|典型云平台应用情况|发展新制造典型应用情况|绩效提升典型案例"
LONG = "专家|企业名称|评分项|得分"
ITEMS = (
    "domestic_innovation",
    "cloud_native",
    "cloud_governance",
    "platform_use",
    "new_manufacturing",
    "performance_case",
)


def marks_of(content: bytes, path: str = "专家评分/李四.xlsx") -> list[Mark]:
    return sheet(content, path).marks


def wide(*rows: str, headers: str = WIDE, above: str = "", name: str = "评分", **options: object) -> bytes:
    return workbook({name: "\n".join([*([above] if above else []), headers, *rows])}, **options)


def long(*rows: str, name: str = "Sheet1", **options: object) -> bytes:
    return workbook({name: "\n".join([LONG, *rows])}, **options)


# ---------------------------------------------------------------- what is a mark


def test_a_wide_sheet():
    marks = marks_of(wide("甲公司|4|3.5|5|0|'2|'１．５"))
    assert [(mark.indicator, mark.mark, mark.state) for mark in marks] == [
        (item, value, "given") for item, value in zip(ITEMS, (4, 3.5, 5, 0, 2, 1.5), strict=True)
    ]
    assert marks[2].where == ("专家评分/李四.xlsx", "评分", "D2") and marks[2].name_where.cell == "A2"


def test_two_of_the_six_items_are_enough_and_one_is_not():
    assert len(marks_of(wide("甲公司|4|3", headers="企业名称|云原生应用情况|绩效提升典型案例"))) == 2
    assert read(wide("甲公司|4", headers="企业名称|云原生应用情况")).kind == "unrecognised"


def test_a_header_over_two_rows():
    content = workbook(
        {"评分": "企业名称|创新应用（13）||\n|信创应用示范|云原生应用情况|云上管理能力建设\n甲公司|1|2|3"},
        ["A1:A2", "B1:D1"],
    )
    assert [mark.mark for mark in marks_of(content)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("", "blank"),
        ("-", "blank"),
        ("'/", "blank"),
        ("\u3000", "blank"),
        ("回避", "recused"),
        ("申请回避", "recused"),
        ("0", "given"),
    ],
)
def test_blank_zero_and_recused_are_three_things(typed: str, state: str):
    found = sheet(wide(f"甲公司|{typed}|3|||||"), "专家评分/李四.xlsx")
    assert (found.marks[0].state, found.marks[0].mark) == (state, 0.0 if state == "given" else None)
    assert not found.issues


@pytest.mark.parametrize("typed", ["4.1", "-1", "待定", "'3 4", "4分制", "#DIV/0!", "TRUE", "=1+1", "'100%"])
def test_anything_else_is_an_error_and_no_mark(typed: str):
    found = sheet(wide(f"甲公司|{typed}|3|||||"), "专家评分/李四.xlsx")
    assert found.marks[0].state == "error" and found.marks[0].mark is None
    issue = one(found.issues, "E01")
    assert (issue.where.cell, issue.company, issue.indicator) == ("B2", "甲公司", "domestic_innovation")


def test_each_item_has_its_own_points():
    found = sheet(wide("甲公司|5|5|5||||"), "专家评分/李四.xlsx")
    assert cells(found.issues, "E01") == ["B2", "C2"] and found.marks[2].mark == 5


def test_averages_and_totals_are_no_marks():
    content = wide("甲公司|4|3|||||3.5|7", "平均分|4|3", "合计|4|3", "|总分|9", headers=f"{WIDE}|平均分|合计")
    assert {mark.company for mark in marks_of(content)} == {"甲公司"} and len(marks_of(content)) == 6


def test_a_row_of_marks_without_a_name_is_an_error():
    found = sheet(wide("甲公司|4|3", "|4|3", ""), "专家评分/李四.xlsx")
    assert cells(found.issues, "T07") == ["A3"] and {mark.company for mark in found.marks} == {"甲公司"}


# ---------------------------------------------------------------- long sheets


def test_a_long_sheet_with_merged_experts_and_companies():
    content = long(
        "李四|甲公司|云原生应用情况|3",
        "||绩效提升典型案例（4）|2",
        "王五|甲公司|云原生应用情况|回避",
        merges=["A2:A3", "B2:B3"],
    )
    assert [(mark.expert, mark.company, mark.indicator, mark.mark, mark.state) for mark in marks_of(content)] == [
        ("李四", "甲公司", "cloud_native", 3, "given"),
        ("李四", "甲公司", "performance_case", 2, "given"),
        ("王五", "甲公司", "cloud_native", None, "recused"),
    ]
    assert [mark.name_where.cell for mark in marks_of(content)] == ["B2", "B2", "B4"]


def test_an_item_that_is_none_of_the_six():
    found = sheet(long("李四|甲公司|信创|3", "李四|甲公司|平均分|3", "李四|甲公司|合计|"), "专家评分/李四.xlsx")
    assert cells(found.issues, "E06") == ["C2"] and not found.marks


# ---------------------------------------------------------------- whose marks


@pytest.mark.parametrize(
    ("above", "name", "path", "expert"),
    [
        ("专家：赵六", "评分", "李四.xlsx", "赵六"),
        ("专家姓名|赵六", "评分", "李四.xlsx", "赵六"),
        ("评审专家：|赵六", "评分", "李四.xlsx", "赵六"),
        ("专家评分表", "王五", "李四.xlsx", "王五"),
        ("专家姓名：", "专家评分-王五", "李四.xlsx", "王五"),
        ("专家评分表", "Sheet1", "专家评分表_李四_20240501.xlsx", "李四"),
        ("", "2024年评分", "专家（李四）评分.xlsx", "李四"),
    ],
)
def test_the_expert_by_label_sheet_and_file(above: str, name: str, path: str, expert: str):
    found = sheet(wide("甲公司|4|3", above=above, name=name), path)
    assert {mark.expert for mark in found.marks} == {expert} and "T17" not in codes(found.issues)


def test_an_experts_column_wins_and_its_blanks_are_the_sheets():
    content = wide("李四|甲公司|4|3", "|乙公司|2|1", headers=f"专家|{WIDE}", name="王五")
    assert [mark.expert for mark in marks_of(content) if mark.indicator == "cloud_native"] == ["李四", "王五"]


def test_a_label_under_the_list():
    found = sheet(wide("甲公司|4|3", "专家姓名：赵六"), "评分.xlsx")
    assert {mark.expert for mark in found.marks} == {"赵六"} and {mark.company for mark in found.marks} == {"甲公司"}


def test_nobody_named_is_the_files_path_and_a_remark():
    found = sheet(wide("甲公司|4|3", name="Sheet1"), "资料/专家评分表1.xlsx")
    assert {mark.expert for mark in found.marks} == {"资料/专家评分表1.xlsx"}
    assert one(found.issues, "T17").where.cell == "A1"


# ---------------------------------------------------------------- from where


@pytest.mark.parametrize(
    "folder", ["杭州市/上城区", "上城", "宁波市/高新区", "江干区", "高新区", "杭州市/上城区/专家评分"]
)
def test_marks_in_a_countys_folder_are_not_applied(folder: str):
    found = sheet(wide("甲公司|4|3"), f"{folder}/评分.xlsx")
    assert codes(found.issues) == ["F07"] and not found.marks and found.kind == "marks"


@pytest.mark.parametrize("path", ["评分.xlsx", "专家评分/李四.xlsx", "杭州市/评分.xlsx"])
def test_marks_elsewhere_are(path: str):
    assert sheet(wide("甲公司|4|3"), path).marks
