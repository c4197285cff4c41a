"""Forms and rows with the values that decisions adopt: the items of a form judged anew, the issues of a figure settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.issues.catalogue import NOMINATION_CELLS_BLANK
from pipeline.issues.issue import Issue
from pipeline.model.records import Answer, Assessment, Nomination, Reading
from pipeline.model.rulebook import NominationColumn, Rulebook
from pipeline.readers.settling.company import Company
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


def with_adopted_figures(company: Company, values: Values, rulebook: Rulebook) -> Company:
    """The company with every figure of 附件2 that is adopted for it, in the row that counts. An issue that such a figure
    settles is gone from all of its rows: one about the cell, as typed there, and its column in V35. One row of another
    text keeps its own issue, for nobody decided on that."""
    row = company.nomination
    if row is None or not values.standing:
        return company
    figures = {
        column.id: values.applied(ValueKey(company.key, column.id, ""), row.figures.get(column.id, Reading()))
        for column in rulebook.figure_columns
    }
    adopted = {column.label: figures[column.id].raw for column in rulebook.figure_columns if figures[column.id].decided}
    if not adopted:
        return company
    held = {name: reading for name, reading in figures.items() if name in row.figures or reading.decided}
    first, *others = (_without_settled(each, adopted, rulebook) for each in company.nominations)
    return replace(company, nominations=(replace(first, figures=held), *others))


def _without_settled(row: Nomination, adopted: Mapping[str, str], rulebook: Rulebook) -> Nomination:
    """The row without the issues that adopted figures settle. adopted: label of a column → what is typed there."""
    issues = []
    for issue in row.issues:
        if issue.code == NOMINATION_CELLS_BLANK:
            blank = [column.label for column in rulebook.figure_columns if _is_open_blank(row, column, adopted)]
            issues += [issue._replace(facts={"items": "、".join(blank)})] if blank else []
        elif adopted.get(issue.part) != issue.found or issue.indicator:
            issues.append(issue)
    return replace(row, issues=tuple(issues))


def _is_open_blank(row: Nomination, column: NominationColumn, adopted: Mapping[str, str]) -> bool:
    """True for a figure that is blank and not adopted."""
    reading = row.figures.get(column.id)
    return reading is not None and reading.state == "blank" and column.label not in adopted
