"""The columns of 名次区间 and 规则影响."""

from __future__ import annotations

from pipeline.writers.book import Column
from pipeline.writers.layout import COMPANY_PLACE

RANGES = (
    Column("rank", "全省名次", 8, "whole"),
    *COMPANY_PLACE,
    Column("best", "最好名次", 8, "whole"),
    Column("low", "九成区间\n起", 9, "whole"),
    Column("high", "九成区间\n止", 9, "whole"),
    Column("worst", "最差名次", 8, "whole"),
    Column("verdict", "稳定性", 8, "center"),
    Column("line", "最不稳的\n分界线", 14, "center"),
    Column("side", "现在", 7, "center"),
    Column("share_inside", "在线内的\n次数占比", 10, "ratio"),
    Column("lever", "能使其越线的一个数", 44),
)
EFFECTS = (
    Column("kind", "改动", 16, "center"),
    Column("name", "规则或专家", 30),
    Column("choice", "改用", 40),
    Column("shift", "平均移动\n（位）", 10, "center"),
    Column("largest", "最多移动\n（位）", 10, "whole"),
    Column("crossing", "越过分界线\n（家）", 12, "whole"),
)
