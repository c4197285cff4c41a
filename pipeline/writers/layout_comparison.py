"""The columns of the sheets that compare two results; the blocks of 与上次相比 share their widths."""

from __future__ import annotations

from pipeline.writers.book import Column

CHANGE_COUNTS = (
    Column("label", "项目", 34), Column("count", "数目", 10, "whole"), Column("blank", "", 10), Column("note", "说明", 80),
)  # fmt: skip
CHANGE_COUNTIES = (
    Column("county", "区县", 34), Column("gained", "上升", 10, "whole"), Column("lost", "下降", 10, "whole"),
    Column("note", "列入变化", 80),
)  # fmt: skip
CHANGE_CROSSINGS = (
    Column("line", "分界线", 34), Column("came", "进入", 10, "whole"), Column("left", "退出", 10, "whole"),
    Column("company", "企业名称", 80),
)  # fmt: skip
CHANGE_REGIONS = (
    Column("region", "级别、地区", 34), Column("before", "上次", 10, "center"), Column("after", "本次", 10, "center"),
    Column("item", "项目", 80),
)  # fmt: skip
CHANGE_CAUSES = (
    Column("kind", "变动", 34), Column("blank", "", 10), Column("blank", "", 10), Column("what", "内容", 80),
)  # fmt: skip
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
