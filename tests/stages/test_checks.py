"""One form is checked against another: what is asked, at which cell, and what is left alone."""

from __future__ import annotations

import pytest

from pipeline.issues.issue import Issue
from pipeline.model.returns import counties_not_heard_from
from pipeline.model.rulebook import Rulebook
from pipeline.stages.checks import forms, size
from pipeline.stages.checks.all import CHECKS, checked
from pipeline.stages.checks.lists import (
    marked_companies_are_known,
    nominated_are_in_the_city_pool,
)
from pipeline.stages.checks.names import Named, near_names
from tests.support.arrivals import PHONE, checked_material, codes, form, gathered, nominated, nomination, one
from tests.support.workbooks import workbook

HERE = "杭州市/上城区"
LIST = f"{HERE}/附件2.xlsx"
COMPANY = "杭州甲乙机械有限公司"


def issues_of(files: dict[str, bytes], rulebook: Rulebook) -> list[Issue]:
    return checked(checked_material(gathered(files)), (*forms.CHECKS, *size.CHECKS))


def both(rulebook: Rulebook, answers: dict[str, tuple] | None = None, **row: str) -> list[Issue]:
    """What is found of one company with a form and a row."""
    return issues_of(
        {LIST: nomination(nominated(1, COMPANY, **row)), f"{HERE}/a.xlsx": form(COMPANY, answers=answers)}, rulebook
    )


def test_two_forms_that_agree(rulebook: Rulebook):
    assert both(rulebook) == []


# ---------------------------------------------------------------- spend in both forms


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("10", ""),
        ("12", "X01"),
        ("0", "X01"),
        ("100", "X02"),
        ("1000", "X02"),
        ("10000", "X02"),
        ("10240", "X02"),
        ("100000", "X02"),
        ("1", "X02"),
        ("0.001", "X02"),
        ("100.9", "X02"),
        ("99.1", "X02"),
        ("101.2", "X01"),
        ("98.7", "X01"),
        ("10.001", "X01"),
        ("-", ""),
        ("10140", "X02"),
        ("0.0098", "X02"),
        ("1.01", "X02"),
        ("1.02", "X01"),
        ("0.00976", "X02"),
        ("10360", "X01"),
        ("500", "X01"),
        ("0.01", "X02"),
    ],
)
def test_the_forms_n_against_the_lists_cloud_spend(typed: str, code: str, rulebook: Rulebook):
    issues = [issue for issue in both(rulebook, cloud=typed) if issue.code in ("X01", "X02")]
    assert codes(issues) == ([code] if code else [])
    for issue in issues:
        assert (issue.part, issue.indicator, issue.company) == ("N", "cloud_spend", COMPANY)
        assert issue.where.file == f"{HERE}/a.xlsx" and issue.where.cell


@pytest.mark.parametrize("times", [10, 100, 1000, 1024, 10000])
def test_a_slip_is_named_by_its_factor(times: int, rulebook: Rulebook):
    """In either direction, and what is nearest where two are near."""
    form_n = 10.0
    for typed in (form_n * times, form_n / times):
        assert one(both(rulebook, cloud=f"{typed:.15g}"), "X02").facts["ratio"] == str(times)


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
        PHONE,
        "139 0000 0001",
        "139-0000-0001",
        "+86 13900000001",
        "0086-13900000001",
        "0571-87654321",
        "0571—87654321",
        "（0571）87654321",
        "057187654321",
        "87654321",
        "0571-87654321-801",
        "0571-87654321转801",
        "400-800-1234",
        "13900000001、0571-87654321",
        "13900000001/13900000002",
        "-",
        "无",
        "",
        "13900000001 13900000002",
        "13900000001  0571-87654321",
        "13900000001或13900000002",
        "139 0000 0001、139 0000 0002",
        "13900000001；139 0000 0002",
    ],
)
def test_phones(phone: str, rulebook: Rulebook):
    assert "X11" not in codes(both(rulebook, phone=f"'{phone}"))


@pytest.mark.parametrize(
    "phone",
    [
        "12345",
        "1390000000",
        "139000000012",
        "12900000001",
        "待补",
        "张三 13900000001",
        "13900000001、12",
        "13900000001 139000000",
        "1390000000113900000002",
    ],
)
def test_what_is_no_phone(phone: str, rulebook: Rulebook):
    issue = one(both(rulebook, phone=f"'{phone}"), "X11")
    assert issue.where == (LIST, "附件2", "J2")
    assert "张三" not in issue.found and PHONE not in issue.found


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("139000000012", "139****12"),
        ("1390000000", "139****00"),
        ("123456", "123456"),
        ("12345a6", "123****…6"),
        ("待补", "…"),
    ],
)
def test_a_wrong_phone_is_shown_as_a_right_one_is(phone: str, shown: str, rulebook: Rulebook):
    assert one(both(rulebook, phone=f"'{phone}"), "X11").found == shown


def test_a_phone_that_lost_digits_is_one_issue(rulebook: Rulebook):
    assert "X11" not in codes(both(rulebook, phone="'1.39E+10"))


@pytest.mark.parametrize(
    ("other", "near"),
    [("杭州甲丙丁股份有限责任公司", True), ("杭州丙丁戊股份有限责任公司", False), ("杭州甲丙股份有限责任公司", True)],
)
def test_names_are_asked_about_from_88_in_100_on(other: str, near: bool, rulebook: Rulebook):
    """杭州甲乙…, of 12 characters, and 杭州甲丙丁…, of 13, share 11 of each: 22 in 25."""
    names = ("杭州甲乙股份有限责任公司", other)
    one_side, other_side = ([Named(name, name)] for name in names)
    assert near_names(one_side, other_side, rulebook) == ({names[0]: [other], other: [names[0]]} if near else {})


# ---------------------------------------------------------------- one form without the other


def test_a_nomination_without_a_form(rulebook: Rulebook):
    issue = one(issues_of({LIST: nomination(nominated(1, COMPANY))}, rulebook), "X05")
    assert (issue.where, issue.company) == ((LIST, "附件2", "C2"), COMPANY)


def test_a_refused_one_needs_none(rulebook: Rulebook):
    assert issues_of({LIST: nomination(nominated(1, COMPANY, verdict="不推荐"))}, rulebook) == []


def test_a_form_without_a_nomination(rulebook: Rulebook):
    issue = one(issues_of({f"{HERE}/a.xlsx": form(COMPANY)}, rulebook), "X06")
    assert issue.where.file == f"{HERE}/a.xlsx" and issue.where.cell and issue.county == "上城区"


def test_close_names_are_named_and_never_merged(rulebook: Rulebook):
    typed = "杭州甲乙机械公司"
    rows = [nominated(1, COMPANY), nominated(2, "浙江远方化工有限公司"), nominated(1, "杭州甲乙机械厂公司", "余杭区")]
    issues = issues_of({"杭州市/附件2.xlsx": nomination(*rows), f"{HERE}/a.xlsx": form(typed)}, rulebook)
    assert codes(issues) == ["X05", "X05", "X05", "X06"]
    candidates = {issue.company: issue.facts["candidates"] for issue in issues}
    assert typed in candidates[COMPANY] and COMPANY in candidates[typed]
    assert candidates["浙江远方化工有限公司"] == ""
    assert candidates["杭州甲乙机械厂公司"] == "" and "厂" not in candidates[typed]  # another county's


@pytest.mark.parametrize(
    ("typed", "close"),
    [
        ("杭州甲乙机械厂", True),  # the same but for the legal form
        ("甲乙机械（杭州）有限公司", True),
        ("浙江甲乙机械股份有限公司", True),
        ("杭州甲己机械有限公司", True),  # one character
        ("杭州丙丁机械有限公司", False),  # alike only in what says nothing
        ("杭州戊己庚辛科技有限公司", False),
    ],
)
def test_what_makes_names_close(typed: str, close: bool, rulebook: Rulebook):
    issues = issues_of({LIST: nomination(nominated(1, COMPANY)), f"{HERE}/a.xlsx": form(typed)}, rulebook)
    assert (
        (typed in one(issues, "X05").facts["candidates"])
        == close
        == (COMPANY in one(issues, "X06").facts["candidates"])
    )


@pytest.mark.parametrize(("core", "close"), [("甲乙", True), ("甲", False), ("甲乙丙", True)])
def test_two_characters_of_its_own_make_a_name_known_and_one_does_not(core: str, close: bool, rulebook: Rulebook):
    files = {
        LIST: nomination(nominated(1, f"杭州{core}有限公司")),
        f"{HERE}/a.xlsx": form(f"浙江{core}集团股份有限公司"),
    }
    assert (core in one(issues_of(files, rulebook), "X05").facts["candidates"]) == close


def test_close_names_are_listed_in_their_own_order_whichever_file_is_first(rulebook: Rulebook):
    others = ["杭州甲乙机械（集团）公司", "杭州甲乙机械公司", "杭州甲乙机械厂"]
    files = {LIST: nomination(nominated(1, COMPANY))}
    files |= {f"{HERE}/{number}.xlsx": form(name) for number, name in enumerate(others)}
    candidates = one(issues_of(files, rulebook), "X05").facts["candidates"]
    assert [name for _, name in sorted((candidates.index(name), name) for name in others)] == sorted(others)


def test_close_names_where_a_county_is_open(rulebook: Rulebook):
    files = {LIST: nomination(nominated(1, COMPANY)), "a.xlsx": form("杭州甲乙机械公司", county="")}
    issues = issues_of(files, rulebook)
    assert COMPANY in one(issues, "X06").facts["candidates"]
    assert one(issues, "X05").facts["candidates"] == ""  # the other may be another county's


# ---------------------------------------------------------------- figures far out


def province(rulebook: Rulebook, count: int, **last: object) -> list[Issue]:
    """What is asked about `count` companies of like size, the last of which has other cells and answers."""
    answers = last.pop("answers", {})
    names = [f"杭州{number}号机械厂" for number in range(count)]
    rows = [nominated(number, name) for number, name in enumerate(names[:-1], start=1)]
    files = {LIST: nomination(*rows, nominated(count, names[-1], **last))}
    files |= {f"{HERE}/{name}.xlsx": form(name) for name in names[:-1]}
    files[f"{HERE}/{names[-1]}.xlsx"] = form(names[-1], answers=answers)
    return [issue for issue in issues_of(files, rulebook) if issue.code == "X14"]


@pytest.mark.parametrize(
    ("stored", "asked"),
    [((200, 400), 0), ((201, 402), 2), ((0, 4), 0), ((0.02, 0.04), 0), ((0.0199, 0.0399), 2), ((2, 500), 1)],
)
def test_a_figure_far_from_those_of_companies_of_like_size(stored: tuple, asked: int, rulebook: Rulebook):
    issues = province(rulebook, 20, answers={"cloud_storage": stored})
    assert len(issues) == bool(asked)
    for issue in issues:
        assert (issue.company, issue.indicator, issue.county) == ("杭州19号机械厂", "", "上城区")
        assert issue.facts["readings"].count("云存储") == asked
        assert issue.where.file == f"{HERE}/杭州19号机械厂.xlsx" and issue.where.cell


def test_both_readings_are_shown(rulebook: Rulebook):
    (issue,) = province(rulebook, 20, answers={"cloud_storage": (3000, 3000)})
    assert "3000 TB" in issue.facts["readings"] and "2 TB" in issue.facts["readings"]


def test_it_takes_twenty_companies_to_say_what_is_usual(rulebook: Rulebook):
    assert province(rulebook, 19, answers={"cloud_storage": (3000, 3000)}) == []


def test_a_larger_company_may_have_more(rulebook: Rulebook):
    many = {"cloud_storage": (3000, 6000)}
    assert province(rulebook, 20, answers=many) and not [
        issue
        for issue in province(rulebook, 20, answers=many, revenue="1000000")
        if "云存储" in issue.facts["readings"]
    ]


def test_figures_of_the_list_and_a_missing_revenue(rulebook: Rulebook):
    (issue,) = province(rulebook, 20, profit="10001")
    assert issue.where == (LIST, "附件2", "F21")
    assert province(rulebook, 20, profit="-10001") == [] == province(rulebook, 20, profit="10001", revenue="-")


@pytest.mark.parametrize("revenue", ["0", "-", "无"])
def test_a_company_without_revenue_has_no_size(revenue: str, rulebook: Rulebook):
    assert province(rulebook, 20, profit="10001", revenue=revenue) == []


def test_a_slip_in_the_revenue_is_one_line(rulebook: Rulebook):
    (issue,) = province(rulebook, 20, revenue="10000000")
    assert issue.facts["revenue"] == "10000000" and "等" in issue.facts["readings"]


def test_categories_do_not_grow_with_a_company(rulebook: Rulebook):
    issues = province(rulebook, 20, revenue="1000000000")
    assert not [issue for issue in issues if "数据协同" in issue.facts["readings"]]


# ---------------------------------------------------------------- the pool's lists


def pool_of(*lines: str) -> bytes:
    return workbook({"名单": "\n".join(["年份|级别|地区|区县|企业名称", *lines])})


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        ([], False),
        (["2023|市级|杭州市|上城区|别的公司"], True),
        ([f"2023|区县级|杭州市|上城区|{COMPANY}"], False),  # no 市级 list came
        ([f"2023|区县级|杭州市|上城区|{COMPANY}", "2023|市级|杭州市|上城区|别的公司"], True),
        ([f"2023|市级|杭州市|余杭区|{COMPANY} "], False),
        (["2023|市级|宁波市|海曙区|别的公司"], False),  # another city's list
    ],
)
def test_nominated_companies_are_in_the_city_pool(lines: list[str], asked: bool):
    files = {LIST: nomination(nominated(1, COMPANY))} | ({"名单.xlsx": pool_of(*lines)} if lines else {})
    tables = gathered(files)
    issues = list(nominated_are_in_the_city_pool(checked_material(tables)))
    assert codes(issues) == (["X15"] if asked else [])
    assert [issue.where for issue in issues] == ([(LIST, "附件2", "C2")] if asked else [])


def test_a_refused_company_need_not_be_in_the_pool():
    files = {
        LIST: nomination(nominated(1, COMPANY, verdict="不推荐")),
        "名单.xlsx": pool_of("2023|市级|杭州市|上城区|别的公司"),
    }
    tables = gathered(files)
    assert not list(nominated_are_in_the_city_pool(checked_material(tables)))


# ---------------------------------------------------------------- counties


def test_counties_not_heard_from(rulebook: Rulebook):
    files = {LIST: nomination(nominated(1, COMPANY)), "杭州市/余杭区/附件2.xlsx": nomination()}
    tables = gathered(files)
    missing = counties_not_heard_from(tables.enterprises, tables.lists, tables.nil_returns, rulebook)
    assert len(missing) == len(rulebook.expected_counties) - 2
    assert "上城区" not in missing and "余杭区" not in missing and missing[0] == "拱墅区"


def test_marked_companies_nobody_knows_are_one_line_with_the_names_that_are_close():
    marks = workbook(
        {
            "评分": "企业名称|云原生应用情况|绩效提升典型案例\n杭州甲乙机械公司|3|1\n杭州完全不同厂|2|1\n杭州丙丁化工公司|1|1"
        }
    )
    rows = [nominated(1, COMPANY), nominated(2, "杭州丙丁化工有限公司")]
    tables = gathered({LIST: nomination(*rows), "李四.xlsx": marks})
    (issue,) = marked_companies_are_known(checked_material(tables))
    assert (issue.code, issue.found) == ("E05", "杭州甲乙机械公司") and issue.where.file == "李四.xlsx"
    assert "2 家" in issue.facts["more"] and "杭州完全不同厂" in issue.facts["more"]
    assert COMPANY in issue.facts["candidates"] and "杭州丙丁化工有限公司" in issue.facts["candidates"]
    assert "与“杭州完全不同厂”" not in issue.facts["candidates"]


def test_one_marked_company_nobody_knows_has_no_others():
    marks = workbook({"评分": "企业名称|云原生应用情况|绩效提升典型案例\n杭州完全不同厂|3|1"})
    (issue,) = marked_companies_are_known(
        checked_material(gathered({LIST: nomination(nominated(1, COMPANY)), "李四.xlsx": marks}))
    )
    assert issue.facts == {"more": "", "candidates": ""}


def test_marks_say_nothing_of_the_forms(rulebook: Rulebook):
    marks = workbook({"评分": f"企业名称|云原生应用情况|绩效提升典型案例\n{COMPANY}|3|2"})
    files = {LIST: nomination(nominated(1, COMPANY)), f"{HERE}/a.xlsx": form(COMPANY), "李四.xlsx": marks}
    assert issues_of(files, rulebook) == []


# ---------------------------------------------------------------- the declarations


def test_every_check_declares_the_codes_it_raises():
    names = [f"杭州{letter}机械有限公司" for letter in "甲乙丙"]
    rows = [nominated(order, name, phone="123", profit="2000", cloud="30") for order, name in enumerate(names, start=1)]
    files = {LIST: nomination(*rows), "名单.xlsx": pool_of("2023|市级|杭州市|上城区|别的公司")}
    files |= {f"{HERE}/{number}.xlsx": form(name) for number, name in enumerate(["杭州丁公司", *names[1:]])}
    files |= {"李四.xlsx": workbook({"评分": "企业名称|云原生应用情况\n杭州戊公司|3"})}
    material = checked_material(gathered(files))
    raised = {check.find: {issue.code for issue in check.find(material)} for check in CHECKS}
    assert sum(map(bool, raised.values())) >= 6
    assert all(raised[check.find] <= set(check.codes) for check in CHECKS)


def test_no_two_checks_raise_the_same_code():
    declared = [code for check in CHECKS for code in check.codes]
    assert len(declared) == len(set(declared))


def test_a_name_with_invisible_characters_is_in_the_pool():
    lines = f"2023|市级|杭州市|上城区|{COMPANY[:4]}\u200b{COMPANY[4:]}"
    tables = gathered({LIST: nomination(nominated(1, COMPANY)), "名单.xlsx": pool_of(lines)})
    assert not list(nominated_are_in_the_city_pool(checked_material(tables)))
