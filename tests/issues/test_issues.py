"""The catalogue of issue codes is consistent, ids do not change between runs, and no phone number is shown."""

from __future__ import annotations

import random
import re
import string
from functools import partial

import pytest

from pipeline.issues import catalogue
from pipeline.issues.catalogue import CATALOGUE, ERROR, FILE_UNREADABLE, NUMBER_UNCLEAR, REMARK
from pipeline.issues.issue import Issue, numbered, sort_key
from pipeline.issues.where import Where, where_from
from pipeline.issues.words import finding_of, fix_of, message_of, where_text

CODES = sorted(CATALOGUE)
HERE = Where("杭州市/上城区/表.xlsx", "附件1", "E7")
# What a text may say without the issue having to bring it along as a fact.
ALWAYS_KNOWN = {"item", "part", "found", "company", "county", "unit"}


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def full_issue(code: str, **changes: object) -> Issue:
    """An issue of `code` with a word for everything its texts mention."""
    wanted = placeholders(CATALOGUE[code].text) | placeholders(CATALOGUE[code].fix)
    facts = {name: f"〈{name}〉" for name in wanted - ALWAYS_KNOWN}
    issue = Issue(
        CATALOGUE[code],
        HERE,
        company="甲公司",
        indicator="research",
        part="N",
        found="待定",
        facts=facts,
        county="上城区",
    )
    return issue._replace(**changes)


# ---------------------------------------------------------------- the catalogue


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_its_words(code: str):
    entry = CATALOGUE[code]
    assert re.fullmatch(r"[FTVXEPDRB]\d\d", code) and entry == code
    assert entry.level in (ERROR, REMARK)
    assert entry.grouping in ("cell", "company", "file", "county", "run")
    assert entry.text.endswith(("。", "}")) and entry.fix.endswith("。") and entry.example
    assert not re.search("非法|异常|您", entry.text + entry.fix + entry.example)


def test_no_code_is_written_twice():
    named = [value for value in vars(catalogue).values() if isinstance(value, catalogue.Code)]
    assert len(named) == len(CATALOGUE)


@pytest.mark.parametrize("code", CODES)
def test_every_text_is_filled_in(code: str):
    issue = full_issue(code)
    message = message_of(issue, {"research": "研发"})
    assert message.startswith(where_text(HERE))
    assert finding_of(issue, {"research": "研发"}) + fix_of(issue, {"research": "研发"}) in message
    assert not re.search(r"[{}？]|None|research", message.replace("「？」", ""))
    for name, words in issue.facts.items():
        assert words in message, name


@pytest.mark.parametrize("code", CODES)
def test_a_missing_fact_never_stops_the_run(code: str):
    assert message_of(Issue(CATALOGUE[code], Where()), {})


def test_what_was_typed_is_no_template():
    issue = full_issue("V01", found="{company.__class__} {0} %s")
    assert "「{company.__class__} {0} %s」" in message_of(issue, {})


def test_only_errors_not_accepted_are_open():
    assert full_issue("V01").open_error
    assert not full_issue("V01", state="已接受").open_error
    assert not full_issue("V05").open_error


# ---------------------------------------------------------------- places


@pytest.mark.parametrize("where", [HERE, Where("a.xlsx"), Where("a.xlsx", "甲|乙", "B2"), Where()])
def test_a_place_is_read_back(where: Where):
    assert where_from(str(where)) == where


def test_place_in_words():
    assert where_text(HERE) == "文件“杭州市/上城区/表.xlsx”工作表“附件1”单元格 E7"
    assert where_text(Where()) == ""


# ---------------------------------------------------------------- ids


def many_issues() -> list[Issue]:
    companies = [full_issue(code, company=company) for code in CODES for company in ("甲公司", "乙公司")]
    files = [full_issue("F01", company="", where=Where(f"{name}.xlsx")) for name in "甲乙丙"]
    counties = [full_issue("V01", city=city, county="市辖区") for city in ("甲市", "乙市")]
    items = [full_issue("V01", indicator=item, part=part) for item in ("office", "research") for part in "NM"]
    return [*companies, *files, *counties, *items]


def test_ids_are_unique_and_carry_the_code():
    issues = numbered([*many_issues(), *many_issues()])
    assert len({issue.id for issue in issues}) == len(issues)
    assert all(issue.id.startswith(f"{issue.code}-") for issue in issues)


def test_ids_do_not_depend_on_the_order():
    shuffled = many_issues()
    random.Random(5).shuffle(shuffled)
    assert {issue.id: issue.company for issue in numbered(shuffled)} == {
        issue.id: issue.company for issue in numbered(many_issues())
    }


def test_an_id_stays_when_the_cell_or_the_typed_text_changes():
    moved = full_issue("V01", where=Where("b.xlsx", "附件1", "G9"), found="也许")
    assert numbered([moved])[0].id == numbered([full_issue("V01")])[0].id


def test_ids_are_for_ever():
    """Offices write them into their decisions; a changed formula would orphan those."""
    company = Issue(
        NUMBER_UNCLEAR, HERE, company="甲公司", indicator="research", part="N", city="杭州市", county="上城区"
    )
    file = Issue(FILE_UNREADABLE, Where("甲.xlsx"))
    assert [issue.id for issue in numbered([company, file])] == ["V01-6VZZM6", "F01-7LPELH"]


def test_reading_order():
    remark, error = full_issue("V05"), full_issue("V01")
    nearer, farther = (full_issue("V01", where=HERE._replace(cell=cell)) for cell in ("Z9", "AA9"))
    below = full_issue("V01", where=HERE._replace(cell="A10"))
    key = partial(sort_key, rank_of_region=lambda city, county: (city, county))
    assert sorted([remark, below, farther, nearer], key=key) == [nearer, farther, below, remark]
    assert key(error) < key(remark)


def test_regions_stand_in_the_order_that_is_given():
    first, second = (full_issue("V01")._replace(city=city, company="") for city in ("杭州市", "丽水市"))
    order = {"杭州市": 0, "丽水市": 1}
    assert sorted([second, first], key=lambda issue: sort_key(issue, lambda city, _: (order[city],))) == [first, second]


# ---------------------------------------------------------------- phones


def test_no_message_shows_a_phone():
    file = Where("张三13900001234.xlsx", "联系 139 0000 1234", "B2")
    for code in CODES:
        issue = full_issue(code, where=file, found="１３９００００１２３４", company="甲公司13900001234")
        plain = message_of(issue._replace(facts=dict.fromkeys(issue.facts, "13900001234")), {})
        assert not re.search(r"\d{11}|0000 1234", plain), code
