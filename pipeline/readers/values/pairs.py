"""Checks an item's N against its M, whether a form or a decision gives them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import nan

from pipeline.issues.catalogue import N_EXCEEDS_M
from pipeline.issues.issue import Issue
from pipeline.model.display import number_text
from pipeline.model.form_checks import (
    M_BLANK,
    M_IS_ZERO,
    N_BLANK,
    N_OVER_M,
    N_OVER_SUM,
    PAIR_CHECKS,
    SOURCE_WRONG,
    SUM_IS_ZERO,
    first_true,
)
from pipeline.model.records import Answer, Reading
from pipeline.model.rulebook import Indicator, Rulebook

# The codes that these functions give. Their issues are replaced when a decision changes a value of the item.
JUDGED = tuple(
    dict.fromkeys(
        check.code for check in (M_BLANK, N_BLANK, M_IS_ZERO, N_OVER_M, N_OVER_SUM, SUM_IS_ZERO, SOURCE_WRONG)
    )
)


def pair_issues(item: Indicator, n: Reading, m: Reading) -> list[Issue]:
    """The issues of a typed N and M: one of them is blank (M_BLANK, N_BLANK), N > 0 with M = 0 (M_IS_ZERO), or N > M
    (N_OVER_M)."""
    if n.state == m.state == "ok" and 0 <= (n.value or 0.0) <= (m.value or 0.0):
        return []  # the usual case
    check = first_true(PAIR_CHECKS, n=_number(n), m=_number(m), n_state=n.state, m_state=m.state)
    if check is M_BLANK:
        return [Issue(check.code, m.where, "", item.id, "M", facts={"other": "N"})]
    if check is N_BLANK:
        return [Issue(check.code, n.where, "", item.id, "N", facts={"other": "M"})]
    if check is M_IS_ZERO:
        return [Issue(check.code, m.where, "", item.id, "M", m.raw, {"n": number_text(n.value or 0.0)})]
    return [over(item, n, m.value or 0.0)] if check is N_OVER_M else []


def _number(reading: Reading) -> float:
    """The value for the checks: 0 for a blank, and not a number for a value in error, so that no comparison holds."""
    return nan if reading.state == "error" else reading.value or 0.0


def over(item: Indicator, n: Reading, m: float) -> Issue:
    """The issue N_EXCEEDS_M. m: the value of M."""
    facts = {"n": number_text(n.value or 0.0), "m": number_text(m)}
    return Issue(N_EXCEEDS_M, n.where, "", item.id, "N", n.raw, facts)


def summed(
    item: Indicator, answers: Mapping[str, Answer], in_error: Iterable[str], rulebook: Rulebook
) -> tuple[Answer, list[Issue]]:
    """(answer, issues) of an item whose M is the sum of the N of other items (系统协同).

    With one of those in error, M is in error too (SOURCE_WRONG). N > 0 with a sum of 0 is SUM_IS_ZERO, N greater than the
    sum N_OVER_SUM. in_error: ids of the items with an open error."""
    n = answers[item.id].n
    erroneous = set(in_error)
    causes = [source for source in item.m_sum_of if source in erroneous or answers[source].n.state == "error"]
    total = sum(answers[source].n.value or 0.0 for source in item.m_sum_of)
    check = first_true((SOURCE_WRONG, SUM_IS_ZERO, N_OVER_SUM), wrong=len(causes), n=_number(n), total=total)
    if check is SOURCE_WRONG:
        items = "、".join(rulebook.indicator_of[cause].label for cause in causes)
        issue = Issue(check.code, n.where, "", item.id, "M", facts={"items": items})
        return answers[item.id]._replace(m=Reading(state="error")), [issue]
    facts = {"n": number_text(n.value or 0.0)}
    if check is N_OVER_SUM:
        facts["m"] = number_text(total)
    issues = [Issue(check.code, n.where, "", item.id, "N", n.raw, facts)] if check else []
    return answers[item.id]._replace(m=Reading(value=total)), issues
