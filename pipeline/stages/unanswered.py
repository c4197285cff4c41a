"""Experts who were handed companies and left some or all of them unmarked."""

from __future__ import annotations

import pandas as pd

from pipeline.issues.catalogue import EXPERT_SILENT, EXPERT_UNFINISHED
from pipeline.issues.issue import Issue
from pipeline.issues.words import listed
from pipeline.model.expert_answers import ExpertAnswer, unfinished_experts


def unanswered(marks: pd.DataFrame, enterprises: pd.DataFrame) -> list[Issue]:
    """One issue per expert, at the first blank cell: E23 for one who answered for no company, else E22 with the number of
    companies left. marks: MARKS, of which only those count that the office itself put in place."""
    return [_issue(answer) for answer in unfinished_experts(marks, enterprises)]


def _issue(answer: ExpertAnswer) -> Issue:
    blank, partial = len(answer.unmarked), len(answer.partial)
    facts = {
        "companies": str(answer.companies),
        "count": str(blank + partial),
        "blank": f"{blank} 家一项也没有评（{listed(answer.unmarked, unit='')}）" if blank else "",
        "partial": f"{'，' if blank else ''}{partial} 家缺几项（{listed(answer.partial, unit='')}）" if partial else "",
    }
    code = EXPERT_SILENT if answer.silent else EXPERT_UNFINISHED
    return Issue(code, answer.where, part=answer.expert, found=answer.expert, facts=facts)
