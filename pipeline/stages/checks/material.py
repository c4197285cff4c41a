"""What a check looks at, and how a check is declared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from pipeline.issues.catalogue import Code
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.records import Mark, PoolName, SentPaper
from pipeline.model.rows import records_of
from pipeline.model.rulebook import Rulebook
from pipeline.model.tables import EnterpriseRow


@dataclass(frozen=True)
class Material:
    """The tables of a run. strangers: marks of companies that are neither nominated nor assessed; papers: key of a company
    without a usable 附件1 → what arrived of it otherwise."""

    rulebook: Rulebook
    enterprises: pd.DataFrame
    answers: pd.DataFrame
    totals: pd.DataFrame
    pool_names: Sequence[PoolName]
    strangers: Sequence[Mark]
    papers: Mapping[str, Sequence[SentPaper]] = field(default_factory=dict)

    @cached_property
    def companies(self) -> list[EnterpriseRow]:
        """The rows of `enterprises`."""
        return list(records_of(self.enterprises, EnterpriseRow))


class Check(NamedTuple):
    """One check: the codes of the issues it raises, and the function that finds them. The function is named by the
    truth it asserts and never changes a figure: only people know which of two contradicting values is right."""

    codes: tuple[Code, ...]
    find: Callable[[Material], Iterable[Issue]]


def company_issue(
    code: Code, company: EnterpriseRow, where: Where, part: str = "", found: str = "", indicator: str = "", **facts: str
) -> Issue:
    """An issue of one company at `where`, or at the company's name where that cell is unknown."""
    cell = where if where.file else company.where
    return Issue(code, cell, company.company, indicator, part, found, facts, company.city, company.county)
