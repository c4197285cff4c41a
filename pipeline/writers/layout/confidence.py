"""Words about the stability of ranks that 审计底稿 and 报告.html share."""

from __future__ import annotations

from pipeline.model.display import number_text
from pipeline.model.ranges import CompanyConfidence
from pipeline.model.rulebook import Rulebook

RANGES_SHEET, EFFECTS_SHEET = "名次区间", "规则影响"


def lever_words(entry: CompanyConfidence, rulebook: Rulebook) -> str:
    """The one changed N, with its unit, that would take a company across its cut line; "" for a company without a line."""
    if entry.lever is None:
        return "没有哪一个 N 单独改动就能越线" if entry.line else ""
    lever = entry.lever
    item = rulebook.indicator_of[lever.indicator]
    return f"{item.label} N（{item.unit}）由 {number_text(lever.now)} 变为 {number_text(lever.needed)}"


def lines_words(rulebook: Rulebook) -> str:
    """The origin of the cut lines."""
    if rulebook.selects:
        return "拟认定的名额或分数线" + ("和规则文件写明的分界线" if rulebook.cuts else "")
    return "规则文件写明的分界线" if rulebook.cuts else "名单的四分位（规则文件没有写明分界线）"
