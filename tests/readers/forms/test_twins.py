"""Two of one thing in an 附件2: a second column with the header of another, a second list beside or below the first. What is
seen is read, and what is not read is said."""

from __future__ import annotations

import pytest

from tests.support.arrivals import HEADERS, cells, codes, nominated, nomination, one, sheet
from tests.support.workbooks import workbook

SECOND_REVENUE = f"{HEADERS}|上年度销售收入（万元）"


def figures_of(content: bytes, column: str = "revenue") -> list[float | None]:
    return [row.figures[column].value for row in sheet(content).nominations]


def companies_of(content: bytes) -> list[str]:
    return [row.company for row in sheet(content).nominations]


# ---------------------------------------------------------------- columns


def test_of_two_columns_with_one_header_the_one_that_is_seen_is_read():
    row = nominated(1, "甲公司").replace("|泵|1000|", "|泵|15000|20000|")
    headers = HEADERS.replace("上年度销售收入（万元）", "上年度销售收入（万元）|上年度销售收入（万元）")
    hidden = nomination(row, headers=headers, hidden_columns={"附件2": [5]})
    assert figures_of(hidden) == [20000]
    issue = one(sheet(hidden).issues, "T61")
    assert issue.where.cell == "E1" and (issue.facts["used"], issue.facts["other"]) == ("F", "E")
    assert figures_of(nomination(row, headers=headers)) == [15000]
    assert cells(sheet(nomination(row, headers=headers)).issues, "T61") == ["F1"]


@pytest.mark.parametrize("second", ["", "1000", "1,000", "-", " 1000 "])
def test_a_second_column_that_says_nothing_else_is_no_question(second: str):
    content = nomination(f"{nominated(1, '甲公司')}|'{second}", headers=SECOND_REVENUE)
    assert "T61" not in codes(sheet(content).issues)


@pytest.mark.parametrize(
    ("header", "typed"),
    [
        ("联系电话", "'13900000002"),
        ("企业名称", "乙有限公司"),
        ("经信部门推荐意见", "不推荐"),
        ("主营业务", "阀"),
        ("上年度利润总额（亿元）", "7"),
    ],
)
def test_every_column_may_have_a_second_one(header: str, typed: str):
    found = sheet(nomination(f"{nominated(1, '甲公司')}|{typed}", headers=f"{HEADERS}|{header}"))
    assert cells(found.issues, "T61") == ["L1"]


@pytest.mark.parametrize(
    ("headers", "typed"),
    [
        (HEADERS.replace("联系电话", "联系电话（手机）") + "|联系电话（座机）", "'0571-88000000"),
        (f"{HEADERS}|手机", "'13900000002"),
        (f"{HEADERS}|营业收入", "3000"),
        (f"{HEADERS}|云服务商", "阿里云计算有限公司"),
        (f"{HEADERS}|备注", "乙有限公司改名"),
    ],
)
def test_columns_of_another_word_or_note_are_the_senders_own(headers: str, typed: str):
    found = sheet(nomination(f"{nominated(1, '甲公司')}|{typed}", headers=headers))
    assert {"T61", "T62"}.isdisjoint(codes(found.issues)) and len(found.nominations) == 1


def test_a_header_merged_over_two_columns():
    headers = HEADERS.replace("联系电话", "联系电话|")
    row = nominated(1, "甲公司").replace("|推荐", "|{}|推荐")
    both = sheet(nomination(row.format("'0571-88000000"), headers=headers, merges=["J1:K1"]))
    assert cells(both.issues, "T61") == ["J1"] and both.nominations[0].recommendation == "推荐"
    assert "T61" not in codes(sheet(nomination(row.format(""), headers=headers, merges=["J1:K1"])).issues)


def test_two_words_for_one_figure_are_a_question():
    headers = HEADERS.replace("上年度销售收入（万元）", "营业收入") + "|销售额"
    found = sheet(nomination(f"{nominated(1, '甲公司')}|3000", headers=headers))
    assert cells(found.issues, "T61") == ["L1"]


# ---------------------------------------------------------------- lists


def test_a_list_beside_the_first():
    row = f"{nominated(1, '甲公司')}||{nominated(2, '乙公司')}"
    found = sheet(nomination(row, headers=f"{HEADERS}||{HEADERS}"))
    assert [row.company for row in found.nominations] == ["甲公司"]
    assert cells(found.issues, "T62") == ["O1"] and "T61" not in codes(found.issues)


def test_a_list_beside_the_first_with_few_columns():
    row = f"{nominated(1, '甲公司')}||2|乙公司|李四"
    assert cells(sheet(nomination(row, headers=f"{HEADERS}||序号|企业名称|联系人")).issues, "T62") == ["N1"]


def test_a_list_beside_the_first_whose_header_stands_lower():
    rows = [
        nominated(1, "甲公司"),
        f"{nominated(2, '乙公司')}||{HEADERS}",
        f"{nominated(3, '丙公司')}||{nominated(4, '丁公司')}",
    ]
    content = nomination(*rows)
    assert companies_of(content) == ["甲公司", "乙公司", "丙公司"]
    assert cells(sheet(content).issues, "T62") == ["O3"]


def test_names_beside_the_list_under_no_header():
    rows = [f"{nominated(1, '甲有限公司')}||乙有限公司", f"{nominated(2, '丙有限公司')}||丁有限公司"]
    issue = one(sheet(nomination(*rows)).issues, "T62")
    assert issue.where.cell == "M2" and issue.facts["count"] == "2"
    again = f"{nominated(1, '甲有限公司')}||甲有限公司"
    assert "T62" not in codes(sheet(nomination(again)).issues)


def test_a_list_that_begins_where_the_first_ends_is_read_wherever_it_stands():
    indent = "|" * 12
    content = nomination(nominated(1, "甲公司"), f"{indent}{HEADERS}", f"{indent}{nominated(2, '乙公司')}")
    assert companies_of(content) == ["甲公司", "乙公司"] and "T62" not in codes(sheet(content).issues)


def test_a_list_below_with_fewer_columns_is_not_read_as_the_first():
    content = nomination(
        nominated(1, "甲公司"), "", "备选企业", "序号|企业名称|联系人|联系电话", "1|乙有限公司|李四|'13900000002"
    )
    assert companies_of(content) == ["甲公司"]
    assert cells(sheet(content).issues, "T62") == ["B5"]


def test_a_header_with_fewer_columns_in_their_places_is_a_repeated_one():
    content = nomination(nominated(1, "甲公司"), "序号|区县|企业名称", nominated(2, "乙公司"))
    assert companies_of(content) == ["甲公司", "乙公司"] and codes(sheet(content).issues) == []


def test_a_line_for_signatures_is_no_list():
    content = nomination(nominated(1, "甲公司"), "单位名称：||联系人：||联系电话：")
    assert companies_of(content) == ["甲公司"] and "T62" not in codes(sheet(content).issues)


# ---------------------------------------------------------------- marks and pools


@pytest.mark.parametrize(
    ("text", "path", "cell"),
    [
        ("专家|企业名称|评分项|得分|得分\n李四|甲公司|云原生应用情况|3|4", "专家评分/李四.xlsx", "E1"),
        ("企业名称|云原生应用情况|绩效提升典型案例|企业名称\n甲公司|3|1|乙公司", "专家评分/李四.xlsx", "D1"),
        ("市级\n年份|地区|企业名称|企业名称\n2021|杭州市|甲公司|乙公司", "培育库.xlsx", "D2"),
        ("市级\n年份|地区|企业名称|\n2021|杭州市|甲公司|乙公司", "培育库.xlsx", "C2"),
        ("市级\n年份|年份|地区|企业名称\n2021|2022|杭州市|甲公司", "培育库.xlsx", "A2"),
    ],
)
def test_a_second_column_in_marks_and_pools(text: str, path: str, cell: str):
    assert cells(sheet(workbook({"表": text}, merges=["C2:D2"] if "|\n" in text else []), path).issues, "T61") == [cell]


def test_tables_side_by_side_repeat_headers_and_are_read():
    items = "企业名称|云原生应用情况|绩效提升典型案例"
    found = sheet(workbook({"表": f"{items}||{items}\n甲公司|3|1||乙公司|2|2"}), "专家评分/李四.xlsx")
    assert "T61" not in codes(found.issues) and {mark.company for mark in found.marks} == {"甲公司", "乙公司"}
