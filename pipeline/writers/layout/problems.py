"""Columns of 问题清单 and of 与上次相比."""

from __future__ import annotations

from pipeline.writers.book.workbook import Column
from pipeline.writers.layout.common import REGION

FILES = (
    Column("order", "序号", 7, "whole"),
    Column("path", "文件", 44),
    Column("sheet", "工作表", 18),
    Column("kind", "读作", 14, "center"),
    Column("company", "企业", 28),
    Column("city", "市", 10, "center"),
    Column("county", "区县", 12, "center"),
    Column("remark", "说明", 40),
    Column("sha256", "文件指纹\n（SHA-256 前 12 位）", 20, "line"),
)
REMINDERS = (
    *REGION,
    Column("state", "情况", 14, "center"),
    Column("nominated", "推荐企业", 9, "whole"),
    Column("assessed", "附件1", 9, "whole"),
    Column("errors", "错误", 8, "whole"),
    Column("remarks", "提醒", 8, "whole"),
    Column("text", "可直接发送的话", 90),
)
ISSUES = (
    Column("order", "序号", 7, "whole"),
    Column("id", "编号", 13, "center"),
    Column("level", "级别", 7, "center"),
    Column("city", "市", 9, "center"),
    Column("county", "区县", 10, "center"),
    Column("company", "企业", 24),
    Column("file", "文件", 30),
    Column("sheet", "工作表", 13),
    Column("cell", "单元格", 8, "center"),
    Column("found", "填的是", 16),
    Column("finding", "问题", 44),
    Column("fix", "怎么改", 40),
    Column("state", "状态", 9, "center"),
    Column("statement", "情况说明", 30),
)

# 与上次相比: small tables below each other, all in the same four widths.
CHANGE_COUNTS = (
    Column("label", "项目", 34),
    Column("count", "数目", 10, "whole"),
    Column("blank", "", 10),
    Column("note", "说明", 80),
)
CHANGE_COUNTIES = (
    Column("county", "区县", 34),
    Column("gained", "上升", 10, "whole"),
    Column("lost", "下降", 10, "whole"),
    Column("note", "列入变化", 80),
)
CHANGE_CROSSINGS = (
    Column("line", "分界线", 34),
    Column("came", "进入", 10, "whole"),
    Column("left", "退出", 10, "whole"),
    Column("company", "企业名称", 80),
)
CHANGE_REGIONS = (
    Column("region", "级别、地区", 34),
    Column("before", "上次", 10, "center"),
    Column("after", "本次", 10, "center"),
    Column("item", "项目", 80),
)
CHANGE_CAUSES = (
    Column("kind", "变动", 34),
    Column("blank", "", 10),
    Column("blank", "", 10),
    Column("what", "内容", 80),
)
CHANGE_MOVES = (
    Column("city", "市", 10, "center"),
    Column("county", "区县", 14, "center"),
    Column("company", "企业名称", 32),
    Column("status_before", "上次状态", 10, "center"),
    Column("status_after", "本次状态", 10, "center"),
    Column("rank_before", "上次名次", 9, "whole"),
    Column("rank_after", "本次名次", 9, "whole"),
    Column("gained", "升降", 8, "center"),
    Column("total_before", "上次总分", 10, "points"),
    Column("total_after", "本次总分", 10, "points"),
    Column("bands", "等级有变的指标", 26),
    Column("cause", "原因", 60),
)
CHANGE_FIGURES = (
    Column("company", "企业名称", 32),
    Column("indicator", "指标", 16, "center"),
    Column("part", "N/M", 8, "center"),
    Column("before", "上次", 12, "number"),
    Column("after", "本次", 12, "number"),
    Column("file", "文件", 46, "line"),
    Column("sheet", "工作表", 18, "line"),
    Column("cell_before", "上次单元格", 11, "center"),
    Column("cell_after", "本次单元格", 11, "center"),
)
