"""Columns of 市汇总, the workbook that a city gets back: those of 问题清单, 收件台账 and 催报 without what tells of a city."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.model.rulebook import Rulebook
from pipeline.writers.book.workbook import Column
from pipeline.writers.layout.common import REGION, company_columns
from pipeline.writers.layout.county import COUNTY_ISSUES
from pipeline.writers.layout.official import indicator_columns
from pipeline.writers.layout.problems import FILES, REMINDERS

# The columns that a city has, in widths with which they fit on A4 across.
_REMINDERS_WIDTHS = {"county": 10, "state": 12, "nominated": 9, "assessed": 7, "errors": 6, "remarks": 6, "text": 74}
_FILES_WIDTHS = {"order": 6, "path": 40, "sheet": 13, "kind": 10, "company": 22, "county": 9, "remark": 23}
_NO_ANSWER = ("answer", "example")  # what only the county's own list has

COUNTY = Column("county", "区县", 12, "center")


def _on_a4(columns: tuple[Column, ...], widths: Mapping[str, int]) -> tuple[Column, ...]:
    """Those of `columns` that have a width here, in it."""
    return tuple(column._replace(width=widths[column.id]) for column in columns if column.id in widths)


CITY_REMINDERS = _on_a4(REMINDERS, _REMINDERS_WIDTHS)
CITY_FILES = _on_a4(FILES, _FILES_WIDTHS)
CITY_ISSUES = (
    *COUNTY_ISSUES[:3],
    COUNTY,
    *(column for column in COUNTY_ISSUES[3:] if column.id not in _NO_ANSWER),
)


def city_ranking_columns(rulebook: Rulebook, trial: bool) -> tuple[Column, ...]:
    """排名 of a city's companies: as in the province's, which alone has 审计底稿."""
    columns = (*company_columns(rulebook, trial), *indicator_columns(rulebook))
    return tuple(column for column in columns if column != REGION[0])
