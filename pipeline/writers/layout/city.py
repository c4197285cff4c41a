"""Columns of 市汇总, the workbook that a city gets back: those of 问题清单, 收件台账 and 催报 without what tells of a city."""

from __future__ import annotations

from pipeline.model.rulebook import Rulebook
from pipeline.writers.book.workbook import Column
from pipeline.writers.layout.common import REGION
from pipeline.writers.layout.county import COUNTY_ISSUES
from pipeline.writers.layout.official import AUDIT_ROW, ranking_columns
from pipeline.writers.layout.problems import FILES, REMINDERS

_NO_ANSWER = ("answer", "example")  # what only the county's own list has

COUNTY = Column("county", "区县", 12, "center")

CITY_REMINDERS = (COUNTY, *(column for column in REMINDERS if column not in REGION))
CITY_FILES = tuple(column for column in FILES if column.id not in ("city", "sha256"))
CITY_ISSUES = (
    *COUNTY_ISSUES[:3],
    COUNTY,
    *(column for column in COUNTY_ISSUES[3:] if column.id not in _NO_ANSWER),
)


def city_ranking_columns(rulebook: Rulebook, trial: bool) -> tuple[Column, ...]:
    """排名 of a city's companies: as in the province's, which alone has 审计底稿."""
    return tuple(column for column in ranking_columns(rulebook, trial) if column not in (AUDIT_ROW, REGION[0]))
