"""N against M, as a form and a decision give them."""

from __future__ import annotations

import math

import pytest

from pipeline.model.records import Answer, Reading
from pipeline.readers.values.pairs import pair_issues, summed
from tests.support.rulebooks import tested_rulebook

RULEBOOK = tested_rulebook()
ITEM = RULEBOOK.indicator_of["office"]
SYNERGY = RULEBOOK.indicator_of["system_synergy"]


def reading(value: float | str | None) -> Reading:
    """A reading of a number, of a blank cell (None), of 无, or in error (any other text)."""
    if value == "无":
        return Reading("无", 0.0, "none")
    if isinstance(value, str):
        return Reading(value, None, "error")
    return Reading("", None, "blank") if value is None else Reading(f"{value:g}", float(value), "ok")


@pytest.mark.parametrize(
    ("n", "m", "code", "part", "facts"),
    [
        (0, 0, "", "", {}),
        (0.5, 0.5, "", "", {}),
        (3, 4, "", "", {}),
        ("无", 4, "", "", {}),
        ("无", "无", "", "", {}),
        (None, None, "", "", {}),
        (None, 4, "V02", "N", {"other": "M"}),
        (4, None, "V02", "M", {"other": "N"}),
        (None, "无", "V02", "N", {"other": "M"}),
        (3, 0, "V24", "M", {"n": "3"}),
        (0.5, "无", "V24", "M", {"n": "0.5"}),
        (5, 4.5, "V25", "N", {"n": "5", "m": "4.5"}),
        ("待定", 0, "", "", {}),  # it has its own issue
        (5, "待定", "", "", {}),
        (None, "待定", "V02", "N", {"other": "M"}),
    ],
)
def test_a_typed_pair(n: float | str | None, m: float | str | None, code: str, part: str, facts: dict) -> None:
    issues = pair_issues(ITEM, reading(n), reading(m))
    assert [(issue.code, issue.indicator, issue.part) for issue in issues] == ([(code, "office", part)] if code else [])
    assert all({name: issue.facts[name] for name in facts} == facts for issue in issues)


def sum_of(n: float | str | None, sources: dict[str, float | str | None], in_error: tuple[str, ...] = ()):
    """M and the issues of 系统协同 with N = 2 in each of the five items but those of `sources`."""
    ids = SYNERGY.m_sum_of
    answers = {source: Answer(source, reading(sources.get(source, 2)), reading(9)) for source in ids}
    answers[SYNERGY.id] = Answer(SYNERGY.id, reading(n), Reading())
    answer, issues = summed(SYNERGY, answers, in_error, RULEBOOK)
    return answer.m, [(issue.code, issue.part) for issue in issues], issues


def test_the_sum_is_of_the_five_as_they_are_read() -> None:
    m, codes, _ = sum_of(10, {})
    assert (m.value, codes) == (10, [])
    m, codes, _ = sum_of(2, {"research": None, "production": "无"})
    assert (m.value, codes) == (6, [])


@pytest.mark.parametrize(("n", "sources", "code"), [(11, {}, "V26"), (1, dict.fromkeys(SYNERGY.m_sum_of, 0), "V27")])
def test_more_than_the_sum(n: float, sources: dict[str, float | str | None], code: str) -> None:
    m, codes, (issue,) = sum_of(n, sources)
    assert codes == [(code, "N")] and issue.facts["n"] == str(n) and not math.isnan(m.value or 0.0)
    assert code != "V26" or issue.facts["m"] == "10"


@pytest.mark.parametrize(("sources", "in_error"), [({"marketing": "待定"}, ()), ({}, ("marketing",))])
def test_one_of_the_five_in_error_leaves_the_sum_open(sources: dict, in_error: tuple[str, ...]) -> None:
    m, codes, (issue,) = sum_of(99, sources, in_error)
    assert (m.value, m.state, codes) == (None, "error", [("V28", "M")])
    assert issue.facts["items"] == RULEBOOK.labels["marketing"]


def test_an_error_in_another_item_says_nothing_of_the_sum() -> None:
    m, codes, _ = sum_of(2, {}, ("office",))
    assert (m.value, codes) == (10, [])
