"""What is no name is no company, and what is no text is printed on no table: errors, zeros of formulas, pictures, digits."""

from __future__ import annotations

import pytest

from pipeline.readers.sheet.grid import OddValue, Value
from pipeline.readers.sheet.no_text import no_text
from tests.support.arrivals import HEADERS, cells, codes, form, gathered, nominated, nomination, one, read, sheet
from tests.support.workbooks import Raw, workbook

# Cells that show something and hold no text.
ZERO = Raw("", "<f>台账!C3</f><v>0</v>")
TEXT_ZERO = Raw('t="str"', '<f>台账!C3&amp;""</f><v>0</v>')
MISSING = Raw('t="e"', "<f>VLOOKUP(A3,台账!A:C,3,0)</f><v>#N/A</v>")
NO_RESULT = Raw("", "<f>VLOOKUP(A3,台账!A:C,3,0)</f>")
PICTURE = Raw('t="e" vm="1"', "<v>#VALUE!</v>")
WPS_PICTURE = Raw('t="str"', '<f>_xlfn.DISPIMG("ID_0",1)</f><v>=DISPIMG("ID_0",1)</v>')
TRUE = Raw('t="b"', "<v>1</v>")
NOTHING = [ZERO, TEXT_ZERO, MISSING, NO_RESULT, PICTURE, WPS_PICTURE, TRUE]
COLUMNS = HEADERS.split("|")


def row(order: int, company: object = "甲公司", **others: object) -> list[object]:
    """The cells of a row under HEADERS. others: column number (c4, c9 …) → cell."""
    line: list[object] = [order, "上城区", company, "泵", 1000, 100, 20, 10, "张三", "13900000001", "推荐"]
    for name, cell in others.items():
        line[int(name[1:]) - 1] = cell
    return line


def listed(*rows: list[object]) -> bytes:
    return workbook({"附件2": [COLUMNS, *rows]})


# ---------------------------------------------------------------- names


@pytest.mark.parametrize("name", [*NOTHING, "#N/A", "#REF!", "TRUE", "0", "12345", "有限公司", "甲"])
def test_what_is_no_name_is_one_question_and_no_company(name: object):
    found = sheet(listed(row(1), row(2, name), row(3, "丙公司")))
    assert [entry.company for entry in found.nominations] == ["甲公司", "丙公司"]
    assert codes(found.issues) == ["T07"] and cells(found.issues, "T07") == ["C3"]


@pytest.mark.parametrize("zero", [ZERO, TEXT_ZERO, 0])
def test_rows_prepared_by_formulas_are_nobody(zero: object):
    prepared = [[n, zero, zero, zero, zero, zero, zero, zero, zero, zero, zero] for n in (2, 3)]
    found = sheet(listed(row(1), *prepared))
    assert [entry.company for entry in found.nominations] == ["甲公司"] and found.issues == []


def test_rows_prepared_with_county_and_verdict_are_nobody():
    prepared = [2, "上城区", ZERO, ZERO, ZERO, ZERO, ZERO, "-", None, ZERO, "推荐"]
    found = sheet(listed(row(1), prepared))
    assert len(found.nominations) == 1 and found.issues == []


def test_one_figure_makes_a_prepared_row_a_question():
    prepared = [2, ZERO, ZERO, ZERO, 500, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO]
    assert cells(sheet(listed(row(1), prepared)).issues, "T07") == ["C3"]


def test_a_form_whose_label_shows_an_error_names_nobody():
    content = workbook({"Sheet1": [["企业名称：", MISSING], ["研发", "N：数量", "M：总数"], [None, 1, 2], ["生产", "N：数量", "M：总数"], [None, 1, 2], ["营销", "N：数量", "M：总数"], [None, 1, 2]]})  # fmt: skip
    tables = gathered({"杭州市/上城区/附件1.xlsx": content})
    assert "T05" in codes(tables.issues)


# ---------------------------------------------------------------- texts


@pytest.mark.parametrize(("column", "field"), [(4, "business"), (9, "contact"), (10, "phone")])
@pytest.mark.parametrize("cell", NOTHING)
def test_no_text_is_printed_as_one(column: int, field: str, cell: Raw):
    (entry,) = sheet(listed(row(1, **{f"c{column}": cell}))).nominations
    assert getattr(entry, field) == ""
    code = "T65" if cell in (ZERO, TEXT_ZERO) else "T64"
    assert [(issue.code, issue.where.cell) for issue in entry.issues] == [(code, f"{'ABCDEFGHIJK'[column - 1]}2")]


@pytest.mark.parametrize("cell", NOTHING)
def test_a_verdict_that_is_none_is_asked_about_and_not_printed(cell: Raw):
    (entry,) = sheet(listed(row(1, c11=cell))).nominations
    assert entry.recommendation == "" and not entry.refused
    assert codes(entry.issues) == ["V36"] and entry.issues[0].found != ""


@pytest.mark.parametrize("text", ["1号泵", "#2 机组", "07", "100", "0571", "是", "=泵、阀"])
def test_other_texts_stand(text: str):
    (entry,) = sheet(listed(row(1, c4=text))).nominations
    assert entry.business == text and entry.issues == ()


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (None, ""),
        (0.0, "zero"),
        (-0.0, "zero"),
        (13900000001.0, ""),
        ("０", "zero"),
        ("0.00", "zero"),
        ("#N/A", "error"),
        (" #n/a ", "error"),
        ("#1", ""),
        (OddValue("formatted", "0", 0.0, "0;-0;;@"), "zero"),
        (OddValue("formatted", "57188888888", 57188888888.0, '"0"000-00000000'), ""),
    ],
)
def test_what_holds_no_text(value: Value | None, why: str):
    assert no_text(value) == why


# ---------------------------------------------------------------- marks, pools, decisions


@pytest.mark.parametrize("name", NOTHING)
def test_marks_for_nobody(name: Raw):
    rows = [["企业名称", "云原生应用情况", "绩效提升典型案例"], ["甲公司", 3, 1], [name, 3, 1]]
    found = sheet(workbook({"评分": rows}), "专家评分/李四.xlsx")
    assert {mark.company for mark in found.marks} == {"甲公司"} and cells(found.issues, "T07") == ["A3"]


def test_rows_of_marks_prepared_by_formulas_are_nobody():
    rows = [
        ["企业名称", "云原生应用情况", "绩效提升典型案例"],
        ["甲公司", 3, 1],
        [ZERO, ZERO, ZERO],
        [ZERO, None, None],
    ]
    found = sheet(workbook({"评分": rows}), "专家评分/李四.xlsx")
    assert {mark.company for mark in found.marks} == {"甲公司"} and "T07" not in codes(found.issues)


def test_an_expert_whose_name_is_an_error_is_unnamed():
    rows = [["专家姓名：", MISSING], ["企业名称", "云原生应用情况", "绩效提升典型案例"], ["甲公司", 3, 1]]
    found = sheet(workbook({"Sheet1": rows}), "专家评分/评分表.xlsx")
    assert {mark.expert for mark in found.marks} == {"专家评分/评分表.xlsx"}


@pytest.mark.parametrize("name", [*NOTHING, "123", "有限公司"])
def test_pool_names_of_nobody(name: object):
    rows = [["市级"], ["年份", "地区", "企业名称"], [2021, "杭州市", "甲公司"], [2022, "杭州市", name]]
    found = sheet(workbook({"名单": rows}), "培育库.xlsx")
    assert [entry.company for entry in found.pool_names] == ["甲公司"] and cells(found.issues, "T07") == ["C4"]


def test_pool_rows_prepared_by_formulas_are_nobody():
    names = [["市级"], ["年份", "地区", "企业名称"], [2021, "杭州市", "甲公司"], [ZERO, ZERO, ZERO]]
    counts = [["市级"], ["地区", "2021年新增数", "2022年新增数", "2023年新增数", "三年目标数"], ["杭州市", 1, 2, 3, 9], [ZERO, ZERO, ZERO, ZERO, ZERO]]  # fmt: skip
    assert sheet(workbook({"名单": names}), "培育库.xlsx").issues == []
    found = sheet(workbook({"表": counts}), "培育库.xlsx")
    assert found.issues == [] and {count.region for count in found.pool_counts} == {"杭州市"}


def test_an_error_signs_no_decision():
    rows = [["企业", "理由", "决定人", "日期"], ["甲公司", "重复", MISSING, "2024-06-01"]]
    found = read(workbook({"剔除": rows}), "人工决定.xlsx").sheets[0]
    assert found.decisions == [] and one(found.issues, "D02").facts["missing"] == "决定人"


def test_a_nil_return_stays_one():
    (only,) = read(nomination("|上城区|无")).sheets
    assert len(only.nil_claims) == 1


def test_an_ordinary_list_raises_nothing():
    tables = gathered({"杭州市/上城区/附件2.xlsx": nomination(nominated(1, "杭州甲公司")), "杭州市/上城区/附件1.xlsx": form("杭州甲公司")})  # fmt: skip
    assert codes(tables.issues) == []
