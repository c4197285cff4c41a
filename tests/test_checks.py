"""Cross-checks of one form against another: what is asked, in which cell, and what is left alone."""

from __future__ import annotations

import pytest

from pipeline import checks
from pipeline.issues import Issue
from pipeline.rulebook import Rulebook
from tests.arrivals import PHONE, codes, computed, form, gathered, nominated, nomination, one
from tests.workbooks import workbook

HERE = "杭州市/上城区"
LIST = f"{HERE}/附件2.xlsx"
COMPANY = "杭州甲乙机械有限公司"


def found(files: dict[str, bytes], rulebook: Rulebook) -> list[Issue]:
    tables = gathered(files)
    return checks.check_forms(tables.enterprises, tables.answers, rulebook)


def both(rulebook: Rulebook, answers: dict[str, tuple] | None = None, **row: str) -> list[Issue]:
    """What is found of one company with a form and a row."""
    return found(
        {LIST: nomination(nominated(1, COMPANY, **row)), f"{HERE}/a.xlsx": form(COMPANY, answers=answers)}, rulebook
    )


def test_two_forms_that_agree(rulebook: Rulebook):
    assert both(rulebook) == []


# ---------------------------------------------------------------- spend in both forms


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("10", ""), ("12", "X01"), ("0", "X01"), ("100", "X02"), ("1000", "X02"), ("10000", "X02"), ("10240", "X02"),
        ("100000", "X02"), ("1", "X02"), ("0.001", "X02"), ("100.9", "X02"), ("99.1", "X02"), ("101.2", "X01"),
        ("98.7", "X01"), ("10.001", "X01"), ("-", ""),
    ],
)  # fmt: skip
def test_the_forms_n_against_the_lists_cloud_spend(typed: str, code: str, rulebook: Rulebook):
    issues = [issue for issue in both(rulebook, cloud=typed) if issue.code in ("X01", "X02")]
    assert codes(issues) == ([code] if code else [])
    for issue in issues:
        assert (issue.part, issue.indicator, issue.company) == ("N", "cloud_spend", COMPANY)
        assert issue.where.file == f"{HERE}/a.xlsx" and issue.where.cell


def test_m_against_it_spend(rulebook: Rulebook):
    issue = one(both(rulebook, it="200000"), "X02")
    assert (issue.part, issue.facts["ratio"], issue.county) == ("M", "10000", "上城区")


def test_both_by_the_same_factor_are_two_lines(rulebook: Rulebook):
    issues = both(rulebook, answers={"cloud_spend": (10000, 20000)}, cloud="10", it="20")
    assert [(issue.code, issue.part) for issue in issues] == [("X02", "N"), ("X02", "M")]


@pytest.mark.parametrize("answers", [{"cloud_spend": ("待定", 20)}, {"cloud_spend": (None, None)}])
def test_an_answer_that_is_not_there_is_compared_with_nothing(answers: dict[str, tuple], rulebook: Rulebook):
    assert "N" not in [issue.part for issue in both(rulebook, answers=answers, cloud="12")]


# ---------------------------------------------------------------- within 附件2


def test_cloud_spend_is_part_of_it_spend(rulebook: Rulebook):
    assert one(both(rulebook, it="5"), "X03").where == (LIST, "附件2", "H2")
    assert "X03" not in codes(both(rulebook, it="10"))


def test_profit_is_part_of_revenue(rulebook: Rulebook):
    assert one(both(rulebook, revenue="99"), "X04").where == (LIST, "附件2", "F2")
    assert "X04" not in codes(both(rulebook, revenue="-", profit="-100"))


@pytest.mark.parametrize(
    "phone",
    [
        PHONE, "139 0000 0001", "139-0000-0001", "+86 13900000001", "0086-13900000001", "0571-87654321",
        "0571—87654321", "（0571）87654321", "057187654321", "87654321", "0571-87654321-801", "0571-87654321转801", "400-800-1234",
        "13900000001、0571-87654321", "13900000001/13900000002", "-", "无", "",
    ],
)  # fmt: skip
def test_phones(phone: str, rulebook: Rulebook):
    assert "X11" not in codes(both(rulebook, phone=f"'{phone}"))


@pytest.mark.parametrize(
    "phone", ["12345", "1390000000", "139000000012", "12900000001", "待补", "张三 13900000001", "13900000001、12"]
)
def test_what_is_no_phone(phone: str, rulebook: Rulebook):
    issue = one(both(rulebook, phone=f"'{phone}"), "X11")
    assert issue.where == (LIST, "附件2", "J2")
    assert "张三" not in issue.found and PHONE not in issue.found


def test_a_phone_that_lost_digits_is_one_issue(rulebook: Rulebook):
    assert "X11" not in codes(both(rulebook, phone="'1.39E+10"))


# ---------------------------------------------------------------- one form without the other


def test_a_nomination_without_a_form(rulebook: Rulebook):
    issue = one(found({LIST: nomination(nominated(1, COMPANY))}, rulebook), "X05")
    assert (issue.where, issue.company) == ((LIST, "附件2", "C2"), COMPANY)


def test_a_refused_one_needs_none(rulebook: Rulebook):
    assert found({LIST: nomination(nominated(1, COMPANY, verdict="不推荐"))}, rulebook) == []


def test_a_form_without_a_nomination(rulebook: Rulebook):
    issue = one(found({f"{HERE}/a.xlsx": form(COMPANY)}, rulebook), "X06")
    assert issue.where.file == f"{HERE}/a.xlsx" and issue.where.cell and issue.county == "上城区"


def test_close_names_are_named_and_never_merged(rulebook: Rulebook):
    typed = "杭州甲乙机械公司"
    rows = [nominated(1, COMPANY), nominated(2, "浙江远方化工有限公司"), nominated(1, "杭州甲乙机械厂公司", "余杭区")]
    issues = found({"杭州市/附件2.xlsx": nomination(*rows), f"{HERE}/a.xlsx": form(typed)}, rulebook)
    assert codes(issues) == ["X05", "X05", "X05", "X06"]
    candidates = {issue.company: issue.facts["candidates"] for issue in issues}
    assert typed in candidates[COMPANY] and COMPANY in candidates[typed]
    assert candidates["浙江远方化工有限公司"] == ""
    assert candidates["杭州甲乙机械厂公司"] == "" and "厂" not in candidates[typed]  # another county's


# ---------------------------------------------------------------- order and counties


def test_the_computed_order_against_the_countys(rulebook: Rulebook):
    names = [f"杭州{letter}公司" for letter in "甲乙丙"]
    rows = [nominated(order, name) for order, name in enumerate(names, start=1)]
    files = {LIST: nomination(*rows)}
    files |= {f"{HERE}/{n}.xlsx": form(name, answers={"research": (n, 4)}) for n, name in enumerate(names, start=1)}
    results = computed(files)
    issue = one(results.issues, "X12")
    assert (issue.company, issue.county) == ("", "上城区") and issue.where.file == LIST
    assert "杭州甲公司" in issue.facts["moves"] and "杭州乙公司" not in issue.facts["moves"]
    kept = {LIST: nomination(*(nominated(4 - order, name) for order, name in enumerate(names, start=1)))}
    assert "X12" not in codes(computed(files | kept).issues)


def test_counties_not_heard_from(rulebook: Rulebook):
    files = {LIST: nomination(nominated(1, COMPANY)), "杭州市/余杭区/附件2.xlsx": nomination()}
    tables = gathered(files)
    missing = checks.counties_not_heard_from(tables.enterprises, tables.nil_returns, rulebook)
    assert len(missing) == len(rulebook.expected_counties) - 2
    assert "上城区" not in missing and "余杭区" not in missing and missing[0] == "拱墅区"


def test_marks_say_nothing_of_the_forms(rulebook: Rulebook):
    marks = workbook({"评分": f"企业名称|云原生应用情况|绩效提升典型案例\n{COMPANY}|3|2"})
    files = {LIST: nomination(nominated(1, COMPANY)), f"{HERE}/a.xlsx": form(COMPANY), "李四.xlsx": marks}
    assert found(files, rulebook) == []
