"""Columns and words about who is selected (拟认定), shared by 附件2, 公示名单, 报告.html and 审计底稿."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.issues.words import listed
from pipeline.model.results import Results
from pipeline.model.selected import BY_SCORE, SELECTED, UNDECIDED, Selected, line_name
from pipeline.writers.book.workbook import Column
from pipeline.writers.layout.common import COMPANY

# At the end of 排名; only when companies are selected.
SELECTED_COLUMNS = (Column("selected", "拟认定", 9, "center"), Column("selected_by", "入选依据", 18, "center"))

# In the widths of RULINGS, below which the table stands in 说明.
LINES = (
    Column("name", "名额或分数线", 24, "center"),
    Column("quota", "名额（家）或最低分", 46, "number"),
    Column("candidates", "候选企业（已排名，家）", 34, "whole"),
    Column("taken", "由此入选（家）", 36, "whole"),
    Column("tied", "其中并列待定的企业", 16, "whole"),
)

# 审计底稿: sheet 名额, to whose figures the formulas of sheet 拟认定 refer, and that sheet's own columns.
QUOTAS_SHEET, SELECTED_SHEET = "名额", SELECTED
QUOTAS = (
    Column("kind", "名额或分数线", 16, "center"),
    Column("city", "市", 12, "center"),
    Column("county", "区县", 18, "center"),
    Column("quota", "名额（家）\n或最低分", 14, "adjustable"),
    Column("candidates", "候选企业\n（已排名，家）", 14, "whole"),
    Column("taken", "由此入选\n（家）", 12, "whole"),
    Column("tied", "其中并列\n待定的企业", 12, "whole"),
)
SELECTED_COMPANIES = (
    Column("rank", "全省名次", 8, "whole"),
    *COMPANY,
    Column("total", "排名所用的\n总分", 12, "points"),
    Column("state", "拟认定", 9, "center"),
    Column("by", "入选依据", 18, "center"),
    Column("candidate", "候选", 7, "whole"),
)


def step_columns(kind: str) -> tuple[Column, ...]:
    """The columns of sheet 拟认定 behind one kind of line."""
    return (
        Column(f"{kind}:room", f"{kind}\n可取（家）", 11, "number"),
        Column(f"{kind}:better", f"{kind}\n在前的（家）", 11, "number"),
        Column(f"{kind}:left", f"{kind}\n取后剩余", 11, "number"),
    )


def line_rows(selected: Selected) -> Iterator[tuple[Any, ...]]:
    """One row per line in the columns LINES, those of one kind in the notice's order."""
    for line in selected.lines.to_dict("records"):
        figure = line["score"] if line["kind"] == BY_SCORE else line["quota"]
        yield line_name(line), figure, line["candidates"], line["taken"], line["tied"]


def selection_sentence(results: Results) -> str:
    """One sentence: how many companies are selected and by what, and who is left open; or that nobody is."""
    selected = results.selected
    if results.rulebook.scope.city:
        return "拟认定：由省里统一确定，本市的结果不作拟认定。"
    if not selected.asked_for:
        ranked = int((results.totals["status"] == "已排名").sum())
        return f"拟认定：没有设定名额或分数线，公示名单为全部已排名企业（{ranked} 家）。"
    inside, tied = selected.in_state(SELECTED), selected.in_state(UNDECIDED)
    counts = inside["by"].value_counts(sort=False)
    by = "，".join(f"{name} {count} 家" for name, count in sorted(counts.items(), key=lambda entry: str(entry[0])))
    sentence = f"拟认定：{len(inside)} 家{f'（{by}）' if by else ''}。"
    if len(tied):
        names = listed(tied["company"].tolist(), "家", most=len(tied))
        sentence += f"另有 {len(tied)} 家总分相同，正在名额线上，由人决定，现列为待定：{names}。"
    return sentence


def public_sentence(results: Results) -> str:
    """What 公示名单 says of itself; it names nobody who is not on it."""
    if results.rulebook.scope.city:
        return "拟认定由省里统一确定，本名单为本市全部已排名企业。"
    if not results.selected.asked_for:
        return "没有设定拟认定的名额或分数线，本名单为全部已排名企业。"
    tied = len(results.selected.in_state(UNDECIDED))
    return "本名单为拟认定企业。" + (f"另有 {tied} 家企业在名额线上总分相同，尚未决定，不在本名单中。" if tied else "")
