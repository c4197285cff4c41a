"""What is struck out, or is the result of a formula that nobody computed, counts for nobody, whichever form it stands in."""

from __future__ import annotations

import pytest

from pipeline.model.decisions import SIGNED
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.forms.decisions import read_decisions, recognise_decisions
from tests.support.arrivals import being_read, cells, codes, sheet
from tests.support.workbooks import Cell, Raw, to_be_computed, workbook

MARKS, POOL = "专家评分/李四.xlsx", "培育库.xlsx"
NOT_COMPUTED = Raw('t="str"', '<f>"甲"&amp;"公司"</f><v>乙公司</v>')
HALF = Raw('t="inlineStr"', "<is><r><t>杭州甲</t></r><r><rPr><strike/></rPr><t>乙</t></r><r><t>公司</t></r></is>")


def long_marks(company: Cell = "杭州甲公司", item: Cell = "云原生应用情况", mark: Cell = 3) -> list[list[Cell]]:
    return [
        ["专家", "企业名称", "评分项", "得分"],
        ["李四", company, item, mark],
        ["李四", "杭州丙公司", "云原生应用情况", 2],
    ]


@pytest.mark.parametrize(("struck", "code", "cell"), [("B2", "T51", "B2"), ("C2", "E06", "C2"), ("D2", "E01", "D2")])
def test_a_row_of_a_long_table_of_marks(struck: str, code: str, cell: str):
    found = sheet(workbook({"李四": long_marks()}, struck=[struck]), MARKS)
    assert cells(found.issues, code) == [cell]
    assert [mark.mark for mark in found.marks if mark.state == "given"] == [2]


def test_a_company_of_marks_by_a_formula_that_nobody_computed():
    found = sheet(to_be_computed(workbook({"李四": long_marks(NOT_COMPUTED)})), MARKS)
    assert cells(found.issues, "T51") == ["B2"] and {mark.company for mark in found.marks} == {"杭州丙公司"}


def test_a_name_with_a_struck_out_character_in_marks():
    found = sheet(workbook({"李四": long_marks(HALF)}), MARKS)
    assert cells(found.issues, "T52") == ["B2"] and found.marks[0].company == "杭州甲公司"


def test_a_struck_out_recusal_recuses_nobody_and_is_asked_about():
    rows: list[list[Cell]] = [["企业名称", "云原生应用情况", "绩效提升典型案例", "回避"], ["杭州甲公司", 3, 1, "回避"]]
    found = sheet(workbook({"李四": rows}, struck=["D2"]), MARKS)
    assert codes(found.issues) == ["T53"] and [mark.state for mark in found.marks] == ["given", "given"]
    assert {mark.state for mark in sheet(workbook({"李四": rows}), MARKS).marks} == {"recused"}


def pool_list(company: Cell = "甲公司") -> list[list[Cell]]:
    header = ["年份", "级别", "地区", "区县", "企业名称"]
    return [
        ["市级培育库"],
        header,
        [2021, "市级", "杭州市", "上城区", company],
        [2022, "市级", "杭州市", "上城区", "乙公司"],
    ]


@pytest.mark.parametrize("struck", ["A3", "B3", "C3", "D3", "E3"])
def test_a_row_of_a_list_of_the_pool(struck: str):
    found = sheet(workbook({"名单": pool_list()}, struck=[struck]), POOL)
    assert cells(found.issues, "T51") == [struck] and [name.company for name in found.pool_names] == ["乙公司"]


def test_a_name_with_a_struck_out_character_in_the_pool():
    found = sheet(workbook({"名单": pool_list(HALF)}), POOL)
    assert cells(found.issues, "T52") == ["E3"] and found.pool_names[0].company == "杭州甲公司"


def test_sums_of_a_pool_that_nobody_computed_are_only_compared():
    """The form that is sent out has formulas for them, and says that they are to be computed on opening."""
    header = ["地区", "2021年新增数", "2022年新增数", "2023年新增数", "三年累计数", "三年目标数", "完成进度"]
    row: list[Cell] = [
        "杭州市",
        1,
        2,
        3,
        Raw("", "<f>SUM(B3:D3)+T(1)</f><v>6</v>"),
        12,
        Raw("", "<f>HYPOT(1)</f><v>0.5</v>"),
    ]
    content = to_be_computed(workbook({"附件3": [["市级培育库"], header, row]}))
    found = sheet(content, POOL)
    assert not found.issues and {count.item: count.value for count in found.pool_counts}["cumulative"] == 6
    doubted: list[Cell] = [*row[:5], Raw("", "<f>HYPOT(1)</f><v>12</v>"), 0.5]
    found = sheet(to_be_computed(workbook({"附件3": [["市级培育库"], header, doubted]})), POOL)
    assert cells(found.issues, "P02") == ["F3"]


@pytest.mark.parametrize("column", range(1, 5))
def test_a_decision_of_which_a_cell_is_struck_out(column: int):
    headers: list[Cell] = ["企业", *(entry.header for entry in SIGNED)]
    rows = [headers, ["杭州甲公司", "撤回", "张三", "2024-05-20"], ["杭州乙公司", "撤回", "张三", "2024-05-20"]]
    (grid,) = read_workbook(workbook({"剔除": rows}, struck=[f"{'ABCD'[column - 1]}2"])).grids
    being = being_read(grid)
    header = recognise_decisions(being)
    assert header is not None
    found = read_decisions(being, header)
    assert codes(found.issues) == ["D11"] and [entry.values["company"] for entry in found.decisions] == ["杭州乙公司"]


def test_a_decision_by_a_formula_that_nobody_computed():
    headers: list[Cell] = ["企业", *(entry.header for entry in SIGNED)]
    content = to_be_computed(workbook({"剔除": [headers, [NOT_COMPUTED, "撤回", "张三", "2024-05-20"]]}))
    (grid,) = read_workbook(content).grids
    being = being_read(grid)
    header = recognise_decisions(being)
    assert header is not None
    found = read_decisions(being, header)
    assert codes(found.issues) == ["D11"] and not found.decisions
