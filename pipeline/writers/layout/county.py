"""Columns of the workbook that a county gets back, and of the list in a marked copy."""

from __future__ import annotations

from pipeline.issues.catalogue import ASSESSMENT_MISSING, FORM_NOT_FILLED
from pipeline.model.rulebook import Rulebook
from pipeline.writers.book.workbook import Column
from pipeline.writers.layout.common import STATUS, dimension_columns, rank_columns, sum_columns

# 问题清单 in a county's folder: with an example of a right answer, who corrects it, and a column for the county's answer.
# When the folder comes back, the answers are found by the headers 编号 and 情况说明.
COUNTY_ISSUES = (
    Column("order", "序号", 6, "whole"),
    Column("id", "编号", 13, "center"),
    Column("level", "级别", 7, "center"),
    Column("file", "文件", 22),
    Column("sheet", "工作表", 10),
    Column("cell", "单元格", 8, "center"),
    Column("company", "企业", 18),
    Column("item", "事项", 12, "center"),
    Column("found", "填的是", 12),
    Column("finding", "问题", 34),
    Column("fix", "怎么改", 30),
    Column("example", "正确的例子", 13),
    Column("mender", "谁来改", 8, "center"),
    Column("answer", "情况说明", 24, "input"),
)

# The same list in a marked copy, which is a single workbook.
MARKED_ISSUES = tuple(column for column in COUNTY_ISSUES if column.id not in ("file", "company", "example", "mender"))

# Issues that keep a whole 附件1 from being scored.
WHOLE_FORM_CODES = (ASSESSMENT_MISSING, FORM_NOT_FILLED)

# 为什么是这个分: one row per item.
SCORE_PAGE = (
    Column("dimension", "评价维度", 11, "center"),
    Column("item", "指标（分值）", 21, "center"),
    Column("unit", "单位", 7, "center"),
    Column("n", "N", 9, "number"),
    Column("m", "M", 9, "number"),
    Column("self_score", "自评分", 7, "points"),
    Column("rank_n", "N 名次", 9, "center"),
    Column("band_n", "N 等级", 6, "center"),
    Column("peer_n", "N 横向\n评分", 7, "points"),
    Column("step_n", "N 距上一等级", 15, "center"),
    Column("rank_m", "M 名次", 9, "center"),
    Column("band_m", "M 等级", 6, "center"),
    Column("peer_m", "M 横向\n评分", 7, "points"),
    Column("step_m", "M 距上一等级", 15, "center"),
    Column("peer_score", "横向评分", 8, "points"),
    Column("score", "得分", 7, "points"),
    Column("dimension_score", "维度\n得分", 8, "points"),
    Column("reason", "说明", 15, "center"),
)


def county_columns(rulebook: Rulebook, trial: bool) -> tuple[Column, ...]:
    """The columns that a county gets for each of its companies behind those of 附件2."""
    return (*rank_columns(rulebook.scope, trial), STATUS, *sum_columns(rulebook)[:3], *dimension_columns(rulebook))
