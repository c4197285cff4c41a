"""Columns of the official tables: 附件2, 排名, 公示名单 and 附件3."""

from __future__ import annotations

from pipeline.model.rulebook import Rulebook
from pipeline.writers.book.workbook import Column
from pipeline.writers.layout.common import company_columns
from pipeline.writers.layout.selection import SELECTED_COLUMNS

# 附件2: width and role by the rulebook's column id; the rulebook gives the headers and their order.
NOMINATION_LOOKS = {
    "order": (5, "center"),
    "county": (9, "center"),
    "company": (20, "body"),
    "business": (15, "body"),
    "revenue": (10, "number"),
    "profit": (10, "number"),
    "it_spend": (10, "number"),
    "cloud_spend": (10, "number"),
    "contact": (8, "center"),
    "phone": (13, "center"),
    "recommendation": (9, "body"),
}
# Behind the columns of 附件2 in a city's list, where some county's list has it.
CREDIT_CODE = Column("nominated_code", "统一社会信用代码", 22, "center")
PUBLIC_LIST = (
    Column("order", "序号", 8, "center"),
    Column("city", "市", 14, "center"),
    Column("county", "区县", 18, "center"),
    Column("company", "企业名称", 44),
)
POOL_PRINTED = (
    Column("level", "级别", 10, "center"),
    Column("region", "地区", 12, "center"),
    Column("item", "项目", 16, "center"),
    Column("printed", "表上写的", 12, "mark"),
    Column("value", "重算", 12, "mark"),
    Column("difference", "相差", 12, "mark"),
    Column("verdict", "结论", 10, "center"),
    Column("file", "文件", 36),
    Column("sheet", "工作表", 14),
    Column("cell", "单元格", 9, "center"),
)

# The row of 得分 in 审计底稿, as text: a link cannot lead into another workbook.
AUDIT_ROW = Column("audit_row", "审计底稿位置", 26, "center")

# DECISIONS in the widths of RULINGS, below which they stand in 说明.
SIGNED_DECISIONS = (
    Column("kind", "决定种类", 24, "center"),
    Column("about", "事项", 46),
    Column("decided", "决定", 34),
    Column("reason", "理由", 36),
    Column("signed", "决定人、日期", 16, "center"),
)
TIES = (
    Column("indicator", "指标", 24, "center"),
    Column("part", "N 或 M", 46, "center"),
    Column("band", "等级", 34, "center"),
    Column("rank", "并列名次", 36, "whole"),
    Column("size", "并列企业数", 16, "whole"),
)


def nomination_columns(rulebook: Rulebook) -> tuple[Column, ...]:
    """The columns of 附件2 in the notice's order, their headers with the notice's line breaks."""
    return tuple(
        Column(column.id, column.header, *NOMINATION_LOOKS.get(column.id, (14, "body")))
        for column in rulebook.nomination_columns
    )


def indicator_columns(rulebook: Rulebook) -> tuple[Column, ...]:
    """One column of points per indicator; its field is "<indicator>:score"."""
    return tuple(
        Column(f"{item.id}:score", f"{item.label}\n（{item.points}）", 10, "points") for item in rulebook.indicators
    )


def ranking_columns(rulebook: Rulebook, trial: bool, selected: bool = False) -> tuple[Column, ...]:
    """排名: every score and rank of a company, and whether it is selected. A new column of this sheet is a new row here."""
    last = SELECTED_COLUMNS if selected else ()
    return (*company_columns(rulebook, trial), *indicator_columns(rulebook), AUDIT_ROW, *last)
