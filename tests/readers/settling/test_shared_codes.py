"""One code in the forms of two companies."""

from __future__ import annotations

import pytest

from tests.support.arrivals import form, gathered, nominated, nomination
from tests.support.speaking_cases import credit_code

HERE, THERE = "杭州市/上城区", "杭州市/余杭区"
ONE, TWO = "杭州甲公司", "余杭乙公司"
LISTS = {
    f"{HERE}/附件2.xlsx": nomination(nominated(1, ONE)),
    f"{THERE}/附件2.xlsx": nomination(nominated(1, TWO, "余杭区")),
}
CODE = credit_code(5)


@pytest.mark.parametrize("theirs", [f"{THERE}/乙.xlsx", "收件/乙.xlsx"])
def test_each_is_asked_and_nothing_is_linked(theirs: str):
    files = LISTS | {f"{HERE}/甲.xlsx": form(ONE, credit_code=CODE), theirs: form(TWO, "余杭区", credit_code=CODE)}
    tables = gathered(files)
    asked = [issue for issue in tables.issues if issue.code == "X31"]
    assert {(issue.company, issue.county, issue.facts["others"]) for issue in asked} == {
        (ONE, "上城区", TWO),
        (TWO, "余杭区", ONE),
    }
    assert tables.enterprises["assessed"].all() and len(tables.enterprises) == 2


@pytest.mark.parametrize("code", ["", CODE[:-1] + "0", credit_code(6)])
def test_other_codes_are_no_question(code: str):
    files = LISTS | {
        f"{HERE}/甲.xlsx": form(ONE, credit_code=CODE),
        f"{THERE}/乙.xlsx": form(TWO, "余杭区", credit_code=code),
    }
    assert "X31" not in {issue.code for issue in gathered(files).issues}
