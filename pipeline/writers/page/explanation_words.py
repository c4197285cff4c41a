"""Why a company has its score, in words that the screen, the page and the workbook of `explain` share."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from pipeline.issues.phones import mask_figure, mask_phones
from pipeline.model.bands import next_band
from pipeline.model.decisions import ABOUT_JOINED
from pipeline.model.display import EXACT_DECIMALS, exact, is_missing, number_text, rounded, shown
from pipeline.model.rulebook import Indicator, Rulebook
from pipeline.model.score_explained import DecisionExplained, ItemExplained, PartExplained, ScoreExplained
from pipeline.model.tables import ZERO_BAND
from pipeline.writers.book.workbook import Column
from pipeline.writers.layout.common import scoped

_COLUMNS = (
    Column("dimension", "评价维度", 16, "center"),
    Column("item", "指标（分值）", 28, "center"),
    Column("figures", "采用的数和单元格", 38),
    Column("self_text", "自评分", 30),
    Column("ranks", "全省名次和等级", 36),
    Column("peer_text", "横向评分", 30),
    Column("score_text", "得分", 40),
    Column("where", "文件和工作表", 38),
)
_UNSCORED = "未得分"
_NONE_USED = "没有可用的数"
_LONG = 4  # decimals of a figure with more than _AT_MOST
_AT_MOST = 6


class Line(NamedTuple):
    """One indicator in words; fields as in `columns_of`."""

    dimension: str
    item: str
    figures: str
    self_text: str
    ranks: str
    peer_text: str
    score_text: str
    where: str


def columns_of(explanation: ScoreExplained) -> tuple[Column, ...]:
    """The columns of the table, with the ranks of the scope."""
    return scoped(_COLUMNS, explanation.rulebook.scope)


def lines_of(explanation: ScoreExplained) -> list[Line]:
    """The indicators in the notice's order."""
    labels = explanation.rulebook.dimension_labels
    return [
        _line(item, labels[item.indicator.dimension], explanation.rulebook, explanation.competes)
        for item in explanation.items
    ]


def endings_of(explanation: ScoreExplained) -> list[str]:
    """The lines below the table: the decisions on the company, then its issues."""
    decided = [
        f"【人工决定】{entry.kind}：{_decision_words(entry)}（{_signature(entry)}）" for entry in explanation.decisions
    ]
    return decided + [
        f"【{issue.level}】{issue.message}（编号 {issue.id}，{issue.state}）" for issue in explanation.issues
    ]


def _decision_words(decision: DecisionExplained) -> str:
    """What was decided, on what."""
    about = decision.about.replace(ABOUT_JOINED, "，")
    return about if decision.decided == decision.kind else f"{about} → {decision.decided}"


def _signature(decision: DecisionExplained) -> str:
    """Who decided, on which day, for what reason."""
    words = (
        f"决定人{decision.decider}",
        decision.date,
        f"理由：{mask_phones(decision.reason)}" if decision.reason else "",
    )
    return "，".join(filter(None, words))


def heading_of(explanation: ScoreExplained) -> list[str]:
    """The lines above the table: company, region, status and ranks; the sums; and what limits the figures."""
    totals, scope = explanation.totals, explanation.rulebook.scope
    region = f"{totals.city}{totals.county}" or "区县不明"
    first = f"{explanation.company}（{region}）　{totals.status}"
    if not is_missing(totals.rank):
        first += (
            f"　{scope.whole}第 {int(totals.rank)} 名（已排名 {explanation.ranked} 家），"
            + ("" if scope.city else f"全市第 {int(totals.rank_in_city)} 名，")
            + f"本区县第 {int(totals.rank_in_county)} 名"
        )
    elif totals.missing:
        first += f"　缺 {int(totals.missing)} 项"
    objective_points = explanation.rulebook.objective_points
    sums = (("客观分", totals.objective_total), ("专家分", totals.expert_total))
    given = [(label, points) for label, points in sums if not is_missing(points)]
    lines = [
        first,
        _total_words(given, totals.total),
        f"自评分合计 {shown(totals.self_total) or '—'}，横向评分合计 {shown(totals.peer_total) or '—'}（各以 {objective_points} 分计，未折算）",
    ]
    if explanation.label != "正式":
        lines.append(f"{explanation.label}：{'；'.join(explanation.reasons)}。")
    if explanation.demo:
        lines.append("演示数据，企业均为虚构。")
    if not explanation.same_rules:
        lines.append("注意：现在的规则文件与生成这份结果时的不同，下面的算式按现在的规则文件书写，得分是当时的。")
    return lines


def _total_words(given: Sequence[tuple[str, float]], total: float) -> str:
    """总分 as the sum of its parts, with as many decimals as make the printed equation true."""
    if is_missing(total) or not given:
        return "没有总分" + "".join(f"，已有{label} {shown(points)}" for label, points in given)
    holding = (
        decimals
        for decimals in range(2, EXACT_DECIMALS + 1)
        if sum(rounded(points, decimals) for _, points in given) == rounded(total, decimals)
    )
    decimals = next(holding, 0)
    summed = " ＋ ".join(f"{label} {shown(points, decimals or 2)}" for label, points in given)
    return f"总分 {shown(total, decimals or 2)} {'＝' if decimals else '≈'} {summed}"


def _in_full(value: float) -> str:
    """A figure of an equation with all its decimals, at least two; rounded to _LONG if they are more than _AT_MOST."""
    for decimals in range(2, _AT_MOST + 1):
        if rounded(value, decimals) == exact(value):
            return shown(value, decimals)
    return shown(value, _LONG)


def _equals(printed: Fraction, value: float) -> str:
    """ "＝ value" if the printed figures give exactly the value at some number of decimals, else "≈ value"."""
    for decimals in range(2, EXACT_DECIMALS + 1):
        if Fraction(rounded(value, decimals)) == printed:
            return f"＝ {shown(value, decimals)}"
    return f"≈ {shown(value, _LONG)}"


def _line(item: ItemExplained, dimension: str, rulebook: Rulebook, competes: bool) -> Line:
    indicator = item.indicator
    name = f"{indicator.label}（{indicator.points}）"
    if indicator.kind == "expert":
        figures, score = _marks_words(item, rulebook)
        return Line(dimension, name, figures, "", "", "", score, "审计底稿.xlsx")
    figures = "\n".join(_figure(part, indicator) for part in item.parts)
    ranked = [part for part in item.parts if part.rank is not None]
    ranks = "\n".join(_rank_words(part, indicator, rulebook, competes) for part in ranked)
    where = "\n".join(dict.fromkeys(_sheet_words(part) for part in item.parts if any(part.where)))
    return Line(
        dimension,
        name,
        figures,
        _self_words(item),
        ranks,
        _peer_words(item, ranked, rulebook),
        _score_words(item, rulebook),
        where,
    )


def _figure(part: PartExplained, indicator: Indicator) -> str:
    cell = part.where.cell
    remarks = [cell] if cell else []
    if part.decision:
        raw = part.decision.raw or part.raw
        original = f"原表填的是「{mask_figure(raw)}」" if raw else "原表为空白"
        remarks += [f"人工决定采用 {mask_figure(part.decision.decided)}", original, _signature(part.decision)]
    elif part.raw:
        remarks.append(f"填的是「{mask_figure(part.raw)}」")
    note = f"（{'，'.join(remarks)}）" if remarks else ""
    if part.value is None:
        return f"{part.part}：{_NONE_USED}{note}"
    unit = f"个“{indicator.unit}”" if indicator.unit[:1].isdigit() else indicator.unit  # 63 个“4核16G”, not 63 4核16G
    return f"{part.part} ＝ {number_text(part.value)} {unit}{note}"


def _self_words(item: ItemExplained) -> str:
    values = [part.value for part in item.parts if part.value is not None]
    if item.self_score is None or len(values) < 2:
        return _UNSCORED
    n, m = values
    points = item.indicator.points
    if m == 0:
        return f"N、M 都是 0，得 {shown(item.self_score)}"
    worked_out = Fraction(points) * Fraction(number_text(n)) / Fraction(number_text(m))
    equation = f"{points} × {number_text(n)} ÷ {number_text(m)}"
    if worked_out > points:
        return f"{equation} 超过分值，得 {shown(item.self_score)}"
    return f"{equation} {_equals(worked_out, item.self_score)}"


def _rank_words(part: PartExplained, indicator: Indicator, rulebook: Rulebook, competes: bool) -> str:
    if part.band == ZERO_BAND:
        coefficient = rulebook.scoring.zero_coefficient
        worked_out = Fraction(indicator.points) * Fraction(coefficient)
        earned = (
            f"，按规则得 {indicator.points} × {coefficient} {_equals(worked_out, part.points or 0.0)}"
            if coefficient
            else ""
        )
        return f"{part.part}：值为 0，不进等级{earned}"
    if not competes:
        return f"{part.part}：不参加排名，假如参排为第 {part.rank:g} 名（参排 {part.ranked} 家），{part.band}"
    step = next_band(part.rank or 0.0, part.ranked or 0, rulebook.bands)
    way = f"，再进 {step.ranks} 名到{step.band}" if step else ""
    return f"{part.part}：{part.rank:g}/{part.ranked}，{part.band}{way}"


def _peer_words(item: ItemExplained, ranked: Sequence[PartExplained], rulebook: Rulebook) -> str:
    if item.peer_score is None:
        return _UNSCORED
    if len(ranked) < 2:
        return f"{_in_full(item.peer_score)}（{ranked[0].part} 的等级）" if ranked else _in_full(item.peer_score)
    if rulebook.scoring.peer_of == "n":
        return f"{_in_full(item.peer_score)}（只取 N 的等级）"
    points = [_in_full(part.points or 0.0) for part in ranked]
    return f"（{' ＋ '.join(points)}）÷ 2 {_equals(sum(map(Fraction, points), Fraction()) / 2, item.peer_score)}"


def _score_words(item: ItemExplained, rulebook: Rulebook) -> str:
    if item.score is None or item.self_score is None or item.peer_score is None:
        return _UNSCORED
    shares = rulebook.scoring.self_share, rulebook.scoring.peer_share
    given = [_in_full(points) for points in (item.self_score, item.peer_score)]
    worked_out = sum(
        (Fraction(points) * Fraction(share) for points, share in zip(given, shares, strict=True)), Fraction()
    )
    summed = " ＋ ".join(f"{points} × {share}" for points, share in zip(given, shares, strict=True))
    return f"{summed} {_equals(worked_out, item.score)}"


def _marks_words(item: ItemExplained, rulebook: Rulebook) -> tuple[str, str]:
    """The experts' marks of an item, and the equation that gives its score."""
    if item.score is None:
        return "没有专家评分", _UNSCORED
    if item.marks is None or not item.marks.marks:
        sheet = item.marks.sheet if item.marks else "审计底稿“专家”"
        return f"专家评分，各分见{sheet}", _in_full(item.score)
    marks, dropped, sheet = item.marks
    words = "、".join(map(number_text, marks))
    left_out = f"，不计最高 {number_text(marks[0])}、最低 {number_text(marks[-1])}" if dropped else ""
    figures = f"专家打分 {len(marks)} 个：{words}{left_out}（{sheet}）"
    if rulebook.experts.method == "median":
        return figures, f"中位数 {_in_full(item.score)}"
    counted = [number_text(mark) for mark in marks[dropped : len(marks) - dropped]]
    mean = sum(map(Fraction, counted), Fraction()) / len(counted)
    return figures, f"（{' ＋ '.join(counted)}）÷ {len(counted)} {_equals(mean, item.score)}"


def _sheet_words(part: PartExplained) -> str:
    return "｜".join(part.where[:2])
