"""Checks an item's N against its M, whether a form or a decision gives them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.issues.catalogue import (
    HALF_ANSWERED,
    N_EXCEEDS_M,
    SYNERGY_EXCEEDS_SUM,
    SYNERGY_SUM_IN_ERROR,
    SYNERGY_SUM_ZERO,
    TOTAL_IS_ZERO,
)
from pipeline.issues.issue import Issue
from pipeline.model.display import number_text
from pipeline.model.records import Answer, Reading
from pipeline.model.rulebook import Indicator, Rulebook

# The codes that these functions give. Their issues are replaced when a decision changes a value of the item.
JUDGED = (HALF_ANSWERED, TOTAL_IS_ZERO, N_EXCEEDS_M, SYNERGY_EXCEEDS_SUM, SYNERGY_SUM_ZERO, SYNERGY_SUM_IN_ERROR)


def pair_issues(item: Indicator, n: Reading, m: Reading) -> list[Issue]:
    """The issues of a typed N and M: HALF_ANSWERED when one of them is blank, TOTAL_IS_ZERO for N > 0 with M = 0,
    N_EXCEEDS_M for N > M."""
    if n.state == m.state == "ok" and 0 <= (n.value or 0.0) <= (m.value or 0.0):
        return []  # the usual case
    issues = []
    for reading, part, other, other_part in ((n, "N", m, "M"), (m, "M", n, "N")):
        if reading.state == "blank" and other.state != "blank":
            issues.append(Issue(HALF_ANSWERED, reading.where, "", item.id, part, facts={"other": other_part}))
    if {n.state, m.state} <= {"ok", "none"}:
        if n.value and not m.value:
            issues.append(Issue(TOTAL_IS_ZERO, m.where, "", item.id, "M", m.raw, {"n": number_text(n.value)}))
        elif (n.value or 0.0) > (m.value or 0.0):
            issues.append(over(item, n, m.value or 0.0))
    return issues


def over(item: Indicator, n: Reading, m: float) -> Issue:
    """The issue N_EXCEEDS_M. m: the value of M."""
    facts = {"n": number_text(n.value or 0.0), "m": number_text(m)}
    return Issue(N_EXCEEDS_M, n.where, "", item.id, "N", n.raw, facts)


def summed(
    item: Indicator, answers: Mapping[str, Answer], in_error: Iterable[str], rulebook: Rulebook
) -> tuple[Answer, list[Issue]]:
    """(answer, issues) of an item whose M is the sum of the N of other items (系统协同).

    With one of those in error, M is in error too (SYNERGY_SUM_IN_ERROR). N > 0 with a sum of 0 is SYNERGY_SUM_ZERO, N
    greater than the sum SYNERGY_EXCEEDS_SUM. in_error: ids of the items with an open error."""
    answer = answers[item.id]
    erroneous = set(in_error)
    causes = [source for source in item.m_sum_of if source in erroneous or answers[source].n.state == "error"]
    if causes:
        items = "、".join(rulebook.indicator_of[cause].label for cause in causes)
        issue = Issue(SYNERGY_SUM_IN_ERROR, answer.n.where, "", item.id, "M", facts={"items": items})
        return answer._replace(m=Reading(state="error")), [issue]
    total = sum(answers[source].n.value or 0.0 for source in item.m_sum_of)
    n, issues = answer.n.value, []
    if n and not total:
        issues.append(Issue(SYNERGY_SUM_ZERO, answer.n.where, "", item.id, "N", answer.n.raw, {"n": number_text(n)}))
    elif n and n > total:
        facts = {"n": number_text(n), "m": number_text(total)}
        issues.append(Issue(SYNERGY_EXCEEDS_SUM, answer.n.where, "", item.id, "N", answer.n.raw, facts))
    return answer._replace(m=Reading(value=total)), issues
