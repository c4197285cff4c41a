"""A 统一社会信用代码 decides over the company's name; what it cannot decide becomes a question."""

from __future__ import annotations

import pytest

from pipeline.issues.issue import Issue
from pipeline.model.names import credit_code_valid
from pipeline.readers.settling.gather import Gathered
from tests.support.arrivals import HEADERS, codes, computed, form, gathered, nominated, nomination, one, read, sheet
from tests.support.workbooks import workbook

HERE = "杭州市/上城区"
LIST = f"{HERE}/附件2.xlsx"
NAME, OTHER = "杭州甲乙机械有限公司", "浙江新名机械股份有限公司"
CODED = f"{HEADERS}|统一社会信用代码"


def code_of(number: int) -> str:
    """A valid code, one for each number."""
    begin = f"91330102MA{number:07d}"
    return next(begin + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if credit_code_valid(begin + last))


ONE, TWO = code_of(1), code_of(2)


def listed(*rows: tuple[str, str], **cells: str) -> bytes:
    """An 附件2 of (name, code) rows."""
    lines = [f"{nominated(number, name, **cells)}|{code}" for number, (name, code) in enumerate(rows, start=1)]
    return nomination(*lines, headers=CODED)


def names(tables: Gathered) -> list[tuple[str, bool, bool]]:
    return list(tables.enterprises[["company", "nominated", "assessed"]].itertuples(index=False, name=None))


def about_codes(issues: list[Issue]) -> list[str]:
    return [code for code in codes(issues) if code in ("X16", "X17", "V38")]


def test_a_column_of_codes_in_the_list():
    (row,) = sheet(listed((NAME, f"'{ONE.lower()}"))).nominations
    assert row.credit_code == ONE and not row.issues
    (row,) = sheet(listed((NAME, "-"))).nominations
    assert row.credit_code == "" and not row.issues
    (row,) = sheet(listed((NAME, f"{ONE[:-1]}?"))).nominations
    assert one(row.issues, "V38").where.cell == "L2"


def test_the_codes_column_is_none_of_the_five_headers():
    content = workbook({"表": "统一社会信用代码|企业名称|区县|主营业务|联系电话\n1|2|3|4|5"})
    assert read(content).kind == "unrecognised"


def test_a_form_under_another_name_is_the_nominated_companys():
    tables = gathered({LIST: listed((NAME, ONE)), f"{HERE}/a.xlsx": form(OTHER, credit_code=ONE)})
    assert names(tables) == [(NAME, True, True)]
    issue = one(tables.issues, "X16")
    assert (issue.company, issue.found, issue.where.file) == (NAME, OTHER, f"{HERE}/a.xlsx")
    assert issue.where.cell and LIST in issue.facts["other"] and issue.facts["name"] == NAME


def test_a_label_and_a_code_of_two_nominated_companies_are_a_question():
    files = {LIST: listed((NAME, ONE), (OTHER, TWO)), f"{HERE}/a.xlsx": form(NAME, credit_code=TWO)}
    tables = gathered(files)
    assert sorted(names(tables)) == [(NAME, True, True), (OTHER, True, False)]
    assert set(about_codes(tables.issues)) == {"X17"}


def test_a_form_without_a_name_is_found_by_its_code():
    tables = gathered({LIST: listed((NAME, ONE)), f"{HERE}/a.xlsx": form("", credit_code=ONE)})
    assert names(tables) == [(NAME, True, True)] and codes(tables.issues) == ["T06"]


def test_two_forms_of_one_code_are_one_company_under_the_nominated_name():
    files = {LIST: nomination(nominated(1, NAME))}
    files |= {f"{HERE}/a.xlsx": form(OTHER, credit_code=ONE), f"{HERE}/b.xlsx": form(NAME, credit_code=ONE)}
    tables = gathered(files)
    assert names(tables) == [(NAME, True, True)]
    assert codes(tables.issues) == ["X09", "X16"]
    assert one(tables.issues, "X16").found == OTHER


def test_two_forms_of_one_code_that_nobody_nominated():
    files = {f"{HERE}/a.xlsx": form(OTHER, credit_code=ONE), f"{HERE}/b.xlsx": form(NAME, credit_code=ONE)}
    tables = gathered(files)
    assert names(tables) == [(OTHER, False, True)] and about_codes(tables.issues) == ["X16"]


def test_two_lists_that_name_one_code_differently():
    files = {LIST: listed((NAME, ONE)), "杭州市/附件2.xlsx": listed((OTHER, ONE))}
    tables = gathered(files)
    assert names(tables) == [(NAME, True, False)]  # the city's codes say nothing of the county's names
    assert about_codes(tables.issues) == []
    assert one(tables.issues, "X20").where == ("杭州市/附件2.xlsx", "附件2", "C2")


def test_another_name_finds_the_company_too():
    tables = gathered({LIST: listed((NAME, ONE), (OTHER, ONE)), f"{HERE}/a.xlsx": form(OTHER)})
    assert names(tables) == [(NAME, True, True)] and about_codes(tables.issues) == ["X16"]


@pytest.mark.parametrize("code", [ONE[:-1] + "?", ""])
def test_a_wrong_code_decides_nothing(code: str):
    tables = gathered({LIST: listed((NAME, ONE)), f"{HERE}/a.xlsx": form(OTHER, credit_code=code)})
    assert sorted(names(tables)) == [(NAME, True, False), (OTHER, False, True)]
    assert "X16" not in codes(tables.issues)


# ---------------------------------------------------------------- questions


def test_one_name_with_two_codes_is_a_question():
    tables = gathered({LIST: listed((NAME, ONE)), f"{HERE}/a.xlsx": form(NAME, credit_code=TWO)})
    issue = one(tables.issues, "X17")
    assert (issue.company, issue.where.file, issue.level) == (NAME, f"{HERE}/a.xlsx", "错误")
    assert (issue.where.cell, issue.found) == ("F3", TWO)
    assert ONE in issue.facts["codes"] and TWO in issue.facts["codes"]


def test_of_three_codes_the_question_stands_at_the_last_and_names_all():
    third = code_of(3)
    tables = gathered({LIST: listed((NAME, ONE), (NAME, TWO)), f"{HERE}/a.xlsx": form(NAME, credit_code=third)})
    issue = one(tables.issues, "X17")
    assert (issue.where.file, issue.found) == (f"{HERE}/a.xlsx", third)
    assert all(code in issue.facts["codes"] for code in (ONE, TWO, third))


@pytest.mark.parametrize("code", [ONE, ""])
def test_a_company_under_its_own_name_and_code_is_no_question(code: str):
    assert codes(gathered({LIST: listed((NAME, ONE)), f"{HERE}/a.xlsx": form(NAME, credit_code=code)}).issues) == []


@pytest.mark.parametrize(
    ("path", "county", "is_its"),
    [
        ("杭州市/a.xlsx", "上城区", True),
        ("杭州市/a.xlsx", "", True),
        ("杭州市/a.xlsx", "余杭区", False),
        ("资料/a.xlsx", "上城区", True),
        ("资料/a.xlsx", "", False),
        ("资料/a.xlsx", "余杭区", False),
    ],
)
def test_a_code_under_another_name_counts_where_the_form_claims_the_companys_county(
    path: str, county: str, is_its: bool
):
    """Nobody's file must claim it; a city's may claim nothing."""
    tables = gathered({LIST: listed((NAME, ONE)), path: form(OTHER, county=county, credit_code=ONE)})
    assert ((NAME, True, True) in names(tables)) == is_its
    assert ("X16" if is_its else "X17") in about_codes(tables.issues)


def test_two_forms_of_one_name_with_two_codes():
    files = {f"{HERE}/a.xlsx": form(NAME, credit_code=ONE), f"{HERE}/b.xlsx": form(NAME, credit_code=TWO)}
    assert about_codes(gathered(files).issues) == ["X17"]


def test_a_code_that_stands_in_the_forms_of_two_nominated_companies_merges_nothing():
    files = {LIST: nomination(nominated(1, NAME), nominated(2, OTHER))}
    files |= {f"{HERE}/a.xlsx": form(NAME, credit_code=ONE), f"{HERE}/b.xlsx": form(OTHER, credit_code=ONE)}
    tables = gathered(files)
    assert sorted(names(tables)) == [(NAME, True, True), (OTHER, True, True)]
    issues = {issue.company: issue for issue in tables.issues if issue.code == "X17"}
    assert {issue.where.cell for issue in issues.values()} == {"F3"} and issues[NAME].where.file == f"{HERE}/a.xlsx"
    for company, other in ((NAME, OTHER), (OTHER, NAME)):  # each names the other and not itself
        assert other in issues[company].facts["codes"] and company not in issues[company].facts["codes"]


def test_a_code_in_question_is_found_in_its_column_of_the_list():
    tables = gathered(
        {LIST: listed((NAME, ONE)), f"{HERE}/a.xlsx": form(NAME, credit_code=TWO), "杭州市/b.xlsx": listed((NAME, TWO))}
    )
    assert one(tables.issues, "X17").where.cell in ("F3", "L2")


def test_a_wrong_code_is_said_in_its_cell():
    tables = gathered({f"{HERE}/a.xlsx": form(NAME, credit_code=f"{ONE[:-1]}?")})
    assert one(tables.issues, "V38").where == (f"{HERE}/a.xlsx", "附件1", "F3")


def test_a_name_in_question_links_no_others():
    files = {LIST: listed((NAME, ONE), (NAME, TWO), (OTHER, TWO))}
    tables = gathered(files)
    assert sorted(names(tables)) == [(NAME, True, False), (OTHER, True, False)]
    assert about_codes(tables.issues) == ["X17"]


def test_the_order_of_files_changes_nothing():
    files = {
        LIST: listed((NAME, ONE)),
        f"{HERE}/a.xlsx": form(OTHER, credit_code=ONE),
        "杭州市/附件2.xlsx": listed((OTHER, ONE)),
    }
    first = computed(files)
    second = computed(dict(reversed(files.items())))
    assert first.issues == second.issues and first.totals.equals(second.totals)
