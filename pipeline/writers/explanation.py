"""为什么是这个分, for the province: one company's derivation as words for the screen, a page and a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.display import EXACT_DECIMALS, is_blank, rounded, shown
from pipeline.issues import mask_phones, where_from
from pipeline.rulebook import Indicator, Rulebook
from pipeline.stamps import OUTPUT_PROPERTY, OUTPUT_PROPERTY_VALUE, OUTPUT_STAMP
from pipeline.tables import ZERO_BAND
from pipeline.writers.book import LINE_HEIGHT, Column, lines_in, open_book, safe_text
from pipeline.writers.data import number_text
from pipeline.writers.returned_pages import next_band
from pipeline.writers.report import TEMPLATES

TITLE = "为什么是这个分"
COLUMNS = (
    Column("dimension", "评价维度", 16, "center"),
    Column("item", "指标（分值）", 28, "center"),
    Column("figures", "采用的数和单元格", 28),
    Column("self_text", "自评分", 30),
    Column("ranks", "全省名次和等级", 36),
    Column("peer_text", "横向评分", 30),
    Column("score_text", "得分", 40),
    Column("where", "文件和工作表", 38),
)
_UNSCORED = "未得分"
_NONE_USED = "没有可用的数"


class Line(NamedTuple):
    """One indicator in words; fields as in COLUMNS."""

    dimension: str
    item: str
    figures: str
    self_text: str
    ranks: str
    peer_text: str
    score_text: str
    where: str


def lines_of(explanation: Any) -> list[Line]:
    """The indicators in the notice's order. `explanation`: an explain.Explanation."""
    labels = {dimension.id: dimension.label for dimension in explanation.rulebook.dimensions}
    return [_line(item, labels[item.indicator.dimension], explanation.rulebook) for item in explanation.items]


def heading_of(explanation: Any) -> list[str]:
    """Who, which place, which sums, and what the figures are good for."""
    totals = explanation.totals
    place = f"{totals['city']}{totals['county']}" or "区县不明"
    lines = [f"{explanation.company}（{place}）　{totals['status']}"]
    if not is_blank(totals["rank"]):
        lines[0] += (
            f"　全省第 {int(totals['rank'])} 名（已排名 {explanation.ranked} 家），全市第 {int(totals['rank_in_city'])} 名，"
            f"本区县第 {int(totals['rank_in_county'])} 名"
        )
    elif totals["missing"]:
        lines[0] += f"　缺 {int(totals['missing'])} 项"
    parts = (("客观分", "objective_total"), ("专家分", "expert_total"))
    given = [(label, totals[name]) for label, name in parts if not is_blank(totals[name])]
    decimals = _decimals_that_add_up([points for _, points in given], totals["total"])
    summed = " ＋ ".join(f"{label} {shown(points, decimals)}" for label, points in given)
    lines.append(f"总分 {shown(totals['total'], decimals)} ＝ {summed}" if summed else "没有总分")
    lines.append(
        f"自评分合计 {shown(totals['self_total']) or '—'}，横向评分合计 {shown(totals['peer_total']) or '—'}（各以 75 分计，未折算）"
    )
    if explanation.label != "正式":
        lines.append(f"{explanation.label}：{'；'.join(explanation.reasons)}。")
    if explanation.demo:
        lines.append("演示数据，企业均为虚构。")
    if not explanation.same_rules:
        lines.append("注意：现在的规则文件与生成这份结果时的不同，下面的算式按现在的规则文件书写，得分是当时的。")
    return lines


def _decimals_that_add_up(parts: list[float], total: float) -> int:
    """How many decimals the parts and their sum need so that the sum holds as printed; at least 2."""
    for decimals in range(2, EXACT_DECIMALS):
        if not is_blank(total) and sum(rounded(part, decimals) for part in parts) == rounded(total, decimals):
            return decimals
    return 2


def _line(item: Any, dimension: str, rulebook: Rulebook) -> Line:
    indicator = item.indicator
    name = f"{indicator.label}（{indicator.points}）"
    score = shown(item.score) or _UNSCORED
    if indicator.kind == "expert":
        return Line(dimension, name, "专家评分", "", "", "", score, "各位专家的分见审计底稿“专家”")
    figures = "\n".join(_figure(part, indicator) for part in item.parts)
    ranked = [part for part in item.parts if part.rank is not None]
    ranks = "\n".join(_rank_words(part, rulebook) for part in ranked)
    where = "\n".join(dict.fromkeys(_place(part) for part in item.parts if part.where))
    return Line(
        dimension, name, figures, _self_words(item), ranks, _peer_words(item, ranked, rulebook),
        _score_words(item, rulebook), where,
    )  # fmt: skip


def _figure(part: Any, indicator: Indicator) -> str:
    cell = where_from(part.where).cell
    said = [cell] if cell else []
    if part.raw:
        said.append(f"填的是「{mask_phones(part.raw)}」")
    note = f"（{'，'.join(said)}）" if said else ""
    if part.value is None:
        return f"{part.part}：{_NONE_USED}{note}"
    unit = f"个“{indicator.unit}”" if indicator.unit[:1].isdigit() else indicator.unit  # 63 个“4核16G”, not 63 4核16G
    return f"{part.part} ＝ {number_text(part.value)} {unit}{note}"


def _self_words(item: Any) -> str:
    if item.self_score is None:
        return _UNSCORED
    n, m = (part.value for part in item.parts)
    points = item.indicator.points
    if m == 0:
        return f"N、M 都是 0，得 {shown(item.self_score)}"
    capped = "，不超过分值" if n > m else ""
    return f"{points} × {number_text(n)} ÷ {number_text(m)} ＝ {shown(item.self_score, 4)}{capped}"


def _rank_words(part: Any, rulebook: Rulebook) -> str:
    if part.band == ZERO_BAND:
        return f"{part.part}：值为 0，不进等级"
    step = next_band(part.rank, part.ranked or 0, rulebook.bands)
    way = f"，再进 {step.places} 名到{step.band}" if step else ""
    return f"{part.part}：{part.rank:g}/{part.ranked}，{part.band}{way}"


def _peer_words(item: Any, ranked: list, rulebook: Rulebook) -> str:
    if item.peer_score is None:
        return _UNSCORED
    if len(ranked) < 2:
        return f"{shown(item.peer_score)}（{ranked[0].part} 的等级）" if ranked else shown(item.peer_score)
    if rulebook.scoring.peer_of == "n":
        return f"{shown(item.peer_score)}（只取 N 的等级）"
    return f"（{' ＋ '.join(shown(part.points) for part in ranked)}）÷ 2 ＝ {shown(item.peer_score)}"


def _score_words(item: Any, rulebook: Rulebook) -> str:
    if item.score is None:
        return _UNSCORED
    scoring = rulebook.scoring
    return (
        f"{shown(item.self_score, 4)} × {scoring.self_share} ＋ {shown(item.peer_score)} × {scoring.peer_share}"
        f" ＝ {shown(item.score, 4)}"
    )


def _place(part: Any) -> str:
    where = where_from(part.where)
    return mask_phones(f"{where.file}｜{where.sheet}")


def write_explanation(path: Path, explanation: Any) -> None:
    """The derivation as a workbook of one printed page, with the output stamp."""
    properties = {OUTPUT_PROPERTY: OUTPUT_PROPERTY_VALUE}
    title = f"{TITLE}：{explanation.company}"
    with open_book(path, explanation.date, title, properties, label=explanation.label, demo=explanation.demo) as book:
        last = len(COLUMNS) - 1
        width = sum(column.width for column in COLUMNS)
        sheet = book.sheet(TITLE, landscape=True)
        sheet.fit_to_pages(1, 1)
        book.merge(sheet, (0, 0, 0, last), title, "title", height=32)
        row = 1
        for sentence in heading_of(explanation):
            book.merge(sheet, (row, 0, row, last), sentence, "plain", LINE_HEIGHT * lines_in(sentence, width) + 3)
            row += 1
        book.header(sheet, row, COLUMNS)
        row = book.rows(sheet, row + 1, COLUMNS, lines_of(explanation))
        for issue in explanation.issues:
            text = f"【{issue.level}】{issue.message}（编号 {issue.id}，{issue.state}）"
            book.merge(sheet, (row, 0, row, last), text, "plain", LINE_HEIGHT * lines_in(text, width) + 3)
            row += 1
        book.put(sheet, row, 0, f"{OUTPUT_STAMP}。", "stamp")


def write_explanation_page(path: Path, explanation: Any) -> None:
    """The derivation as one page of HTML with nothing from outside."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, finalize=lambda value: safe_text(value) if type(value) is str else value,
    )  # fmt: skip
    page = environment.get_template("explain.html.j2").render(
        title=f"{TITLE}：{explanation.company}", heading=heading_of(explanation), columns=COLUMNS,
        lines=lines_of(explanation), issues=explanation.issues, stamp=OUTPUT_STAMP,
    )  # fmt: skip
    path.write_bytes(page.encode("utf-8"))
