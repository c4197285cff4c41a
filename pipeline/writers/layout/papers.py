"""Columns of 佐证与核查."""

from __future__ import annotations

from pipeline.model.rulebook import Rulebook
from pipeline.model.scope import Scope
from pipeline.writers.book.workbook import Column
from pipeline.writers.layout.common import REGION, scoped

_REGION = (REGION[0], REGION[1]._replace(width=13))
_COMPANY = (*_REGION, Column("company", "企业名称", 30))

DEMANDS_SHEET, VISITS_SHEET, DRAWING_SHEET, FILES_SHEET, GUIDE_SHEET = (
    "佐证核对",
    "核查名单",
    "抽取过程",
    "材料明细",
    "说明",
)
DEMANDS = (
    *_COMPANY,
    Column("label", "要求的材料", 27),
    Column("need", "是否需要", 9, "center"),
    Column("why", "依据（附件1填的 N/M）", 36),
    Column("state", "看到没有", 12, "center"),
    Column("kinds", "是什么（按文件内容）", 18),
    Column("kilobytes", "大小\n（KB）", 9, "kilobytes"),
    Column("files", "文件", 34),
    Column("remark", "说明", 18),
)
PAPER_FILES = (
    *_COMPANY,
    Column("path", "文件", 60),
    Column("kind", "是什么（按文件内容）", 20, "center"),
    Column("kilobytes", "大小\n（KB）", 10, "kilobytes"),
    Column("labels", "按名称归到", 32),
    Column("remark", "说明", 40),
)
_RANK = Column("rank", "全省名次", 8, "whole")
VISITS = (
    Column("order", "序号", 6, "whole"),
    *_COMPANY,
    Column("status", "状态", 8, "center"),
    _RANK,
    Column("weight", "权重", 6, "whole"),
    Column("chance", "抽到的\n概率", 9, "ratio"),
    Column("how", "怎样抽到", 22),
    Column("found", "为什么容易抽到", 44),
    Column("lacking", "没有看到的材料", 34),
)
UNRANKED_TITLE = "试算\n"


def visit_columns(scope: Scope, trial: bool) -> tuple[Column, ...]:
    """The columns of 核查名单; ranks are those of the scope, and headed 试算 in a trial run."""
    return tuple(
        column._replace(label=f"{UNRANKED_TITLE}{column.label}") if trial and column.id == _RANK.id else column
        for column in scoped(VISITS, scope)
    )


def drawing_columns(rulebook: Rulebook) -> tuple[Column, ...]:
    """The columns of 抽取过程: everything that the drawing of a company depends on, for redoing it with a calculator."""
    reasons = (Column(f"points_{reason.id}", reason.label, 12, "whole") for reason in rulebook.visits.reasons)
    return (
        Column("order", "序号", 6, "whole"),
        *_COMPANY,
        *reasons,
        Column("weight", "权重", 7, "whole"),
        Column("chance", "概率", 14, "fraction"),
        Column("upper", "概率累计", 14, "fraction"),
        Column("drawn", "抽到", 6, "center"),
    )
