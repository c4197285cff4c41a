"""A form with the values that decisions adopt, its items judged anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.issues.issue import Issue
from pipeline.model.records import Answer, Assessment, Reading
from pipeline.model.rulebook import Rulebook
from pipeline.readers.settling.decided import DecidedSheet
from pipeline.readers.settling.decision_kinds import ValueKey
from pipeline.readers.values.pairs import JUDGED, pair_issues, summed

Values = DecidedSheet[ValueKey, float, Reading]


def with_adopted_values(form: Assessment, company: str, values: Values, rulebook: Rulebook) -> Assessment:
    """The form with every value adopted for the company of this key, and with the issues that its items then have."""
    answers = {answer.indicator: _with_adopted(answer, company, values) for answer in form.answers}
    decided = {indicator: parts for indicator, answer in answers.items() if (parts := _decided_parts(answer))}
    if not decided:
        return form
    issues = [issue for issue in form.issues if not _is_settled(issue, decided, rulebook)]
    for indicator in decided:
        item = rulebook.indicator_of[indicator]
        if item.m == "typed":
            issues += pair_issues(item, answers[indicator].n, answers[indicator].m)
    for item in rulebook.ratio_indicators:
        if item.m == "sum":
            issues = [issue for issue in issues if issue.indicator != item.id or issue.code not in JUDGED]
            in_error = {issue.indicator for issue in issues if issue.open_error}
            answers[item.id], sum_issues = summed(item, answers, in_error, rulebook)
            issues += sum_issues
    return replace(form, answers=tuple(answers.values()), issues=tuple(issues))


def _with_adopted(answer: Answer, company: str, values: Values) -> Answer:
    n = values.applied(ValueKey(company, answer.indicator, "N"), answer.n)
    m = values.applied(ValueKey(company, answer.indicator, "M"), answer.m)
    return Answer(answer.indicator, n, m)


def _decided_parts(answer: Answer) -> set[str]:
    """Which of N and M a decision adopted."""
    return {part for part, reading in (("N", answer.n), ("M", answer.m)) if reading.decided}


def _is_settled(issue: Issue, decided: Mapping[str, set[str]], rulebook: Rulebook) -> bool:
    """True for an issue of the form that an adopted value settles: one about the cell of a decided part, about N and M
    of the item to each other, or, with all of the item decided, any about the item. decided: indicator → parts."""
    parts = decided.get(issue.indicator)
    if parts is None:
        return False
    asked = {"N", "M"} if rulebook.indicator_of[issue.indicator].m == "typed" else {"N"}
    return parts >= asked or issue.part in parts or issue.code in JUDGED
