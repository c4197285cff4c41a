"""Columns that several sheets share. A column is one row: field, Chinese header, width, role."""

from __future__ import annotations

from pipeline.model.rulebook import Rulebook
from pipeline.model.scope import Scope
from pipeline.writers.book.fitting import text_width
from pipeline.writers.book.workbook import Column

REGION = (Column("city", "市", 10, "center"), Column("county", "区县", 16, "center"))
COMPANY = (*REGION, Column("company", "企业名称", 32))

# The long listings have a row for each indicator of a company and leave out the city.
COUNTY_COMPANY = COMPANY[1:]

# Ranks of one company; `rank_columns` heads them 试算… in a trial run.
RANKS = (
    Column("rank", "全省名次", 8, "whole"),
    Column("rank_in_city", "全市名次", 8, "whole"),
    Column("rank_in_county", "区县名次", 8, "whole"),
)
STATUS = Column("status_text", "状态", 17, "center")
PROVISIONAL_RANK = Column("rank_in_brackets", "暂排名次", 8, "center")
RULINGS = (
    Column("topic", "事项", 24),
    Column("sentence", "采用的规则", 46),
    Column("reason", "为什么要定", 34),
    Column("alternatives", "可选的其他规则", 36),
    Column("state", "是否已确认", 16, "center"),
)
DECISIONS = (
    Column("kind", "决定种类", 14, "center"),
    Column("about", "事项", 40),
    Column("decided", "决定", 28),
    Column("reason", "理由", 36),
    Column("decider", "决定人", 12, "center"),
    Column("date", "日期", 14, "center"),
    Column("state", "结果", 14, "center"),
)


def scoped(columns: tuple[Column, ...], scope: Scope) -> tuple[Column, ...]:
    """`columns` headed by how far the ranks reach. In a city's run the rank of the run is the one in the city, which stands
    once."""
    told = (column for column in columns if not (scope.city and column.id == "rank_in_city"))
    return tuple(column._replace(label=scope.worded(column.label)) for column in told)


def rank_columns(scope: Scope, trial: bool, columns: tuple[Column, ...] = RANKS) -> tuple[Column, ...]:
    """`columns` of ranks within the scope, headed 试算… in a trial run."""
    told = scoped(columns, scope)
    return tuple(column._replace(label=f"试算\n{column.label}") for column in told) if trial else told


def sum_columns(rulebook: Rulebook) -> tuple[Column, ...]:
    """总分 and the four sums beside it, each headed with the points that it can reach."""
    objective, expert = rulebook.objective_points, rulebook.expert_points
    return (
        Column("total", "总分", 9, "points"),
        Column("objective_total", f"客观分\n（{objective}）", 9, "points"),
        Column("expert_total", f"专家分\n（{expert}）", 9, "points"),
        Column("self_total", f"自评分合计\n（{objective}）", 11, "points"),
        Column("peer_total", f"横向评分合计\n（{objective}）", 11, "points"),
    )


def dimension_columns(rulebook: Rulebook) -> tuple[Column, ...]:
    """One column of points per dimension, wide enough for the dimension's label on one line."""
    return tuple(
        Column(entry.id, f"{entry.label}\n（{entry.points}）", max(10, text_width(entry.label) + 2), "points")
        for entry in rulebook.dimensions
    )


def company_columns(rulebook: Rulebook, trial: bool) -> tuple[Column, ...]:
    """A company's ranks, region, name, status and sums: the first columns of 排名 and 得分."""
    return (
        *rank_columns(rulebook.scope, trial),
        *COMPANY,
        STATUS,
        *rank_columns(rulebook.scope, trial, (PROVISIONAL_RANK,)),
        *sum_columns(rulebook),
        *dimension_columns(rulebook),
    )
