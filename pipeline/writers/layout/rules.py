"""The rules in force as rows: indicators, bands, rulings and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.model.expert_names import expert_names_of
from pipeline.model.results import Results
from pipeline.model.rulebook import Indicator, Rulebook, Ruling
from pipeline.writers.book.workbook import Styled
from pipeline.writers.layout.common import DECISIONS


def indicator_rows(rulebook: Rulebook) -> list[tuple[str, str, str, str, str, float]]:
    """Per indicator: label, source of M, dimension, ranked values, unit, points (附件1 评分解释)."""
    dimensions = rulebook.dimension_labels
    return [
        (
            item.label,
            _source_of_m(item, rulebook),
            dimensions[item.dimension],
            "、".join(part.upper() for part in item.ranked) or "不排名",
            item.unit or "—",
            float(item.points),
        )
        for item in rulebook.indicators
    ]


def _source_of_m(item: Indicator, rulebook: Rulebook) -> str:
    if item.kind == "expert":
        return "专家评分"
    if item.m == "sum":
        return "、".join(rulebook.indicator_of[name].label for name in item.m_sum_of) + "的 N 之和"
    return f"固定为 {item.m_fixed}" if item.m == "fixed" else "企业填写"


def band_rows(rulebook: Rulebook) -> list[tuple[str, float, float]]:
    """Per band: label, the share of the ranked companies at which it ends, the share of the points that it earns."""
    return [(band.label, float(band.share), float(band.coefficient)) for band in rulebook.bands]


def ruling_rows(rulebook: Rulebook) -> list[tuple[str, str, str, str, str | Styled]]:
    """Per ruling: topic, adopted sentence, reason, the other alternatives, whether it is confirmed."""
    return [
        (ruling.topic, ruling.sentence, ruling.reason, _other_sentences(ruling), _state(ruling, rulebook))
        for ruling in rulebook.rulings
    ]


def _other_sentences(ruling: Ruling) -> str:
    return "\n".join(entry.sentence for entry in ruling.alternatives if entry.id != ruling.adopted)


def _state(ruling: Ruling, rulebook: Rulebook) -> str | Styled:
    if not rulebook.uses(ruling):
        return "本次没有用到"
    return "已确认" if ruling.confirmed else Styled("暂定，待确认", "remark_center")


def decision_rows(decisions: Iterable[Mapping[str, str]]) -> list[list[str]]:
    """One row per signed decision in the columns DECISIONS."""
    return [[decision[column.id] for column in DECISIONS] for decision in decisions]


def signed_decision_rows(results: Results) -> list[list[str]]:
    """One row per signed decision in the columns SIGNED_DECISIONS, without experts' names."""
    decisions = expert_names_of(results).without_names(results.decisions)
    return [
        [kind, about, decided if state == "已采用" else f"{decided}（{state}）", reason, f"{decider}\n{date}"]
        for kind, about, decided, reason, decider, date, state in decision_rows(decisions)
    ]
