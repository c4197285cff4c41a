"""为什么是这个分: a sheet for each company of a county, from the company's figures and the rulebook only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.issues.catalogue import ERROR
from pipeline.issues.county import NOT_OURS
from pipeline.model.bands import next_band
from pipeline.model.display import is_missing, printable, shown
from pipeline.model.results import Standing
from pipeline.model.rulebook import Indicator, Rulebook, band_limits
from pipeline.model.scope import CITY_WIDE, Scope
from pipeline.model.tables import ZERO_BAND
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.live import Link, Value
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.stamped import stamp_line, titled
from pipeline.writers.book.workbook import LINE_HEIGHT, Book, Cell
from pipeline.writers.layout.county import SCORE_PAGE, WHOLE_FORM_CODES
from pipeline.writers.layout.county_issues import CountyIssue

MAX_SHEET_NAME = 31
_FORBIDDEN_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # in the name of a sheet Excel shows _x0041_ as A
_TITLE = "为什么是这个分"
_HEADER_ROW = 5
_BEST = "已是最高等级"
_ZERO = "大于 0 才有等级"
_MERGED = "专家评分合并"
_ROW_HEIGHT = 22.0
_SUM_COLUMN = next(number for number, column in enumerate(SCORE_PAGE) if column.id == "dimension_score")


class ItemScore(NamedTuple):
    """The columns of SCORES that a page shows."""

    key: str
    indicator: str
    score: float
    n: float
    m: float
    self_score: float
    peer_score: float
    ranked: float
    rank_n: float
    band_n: str
    peer_n: float
    rank_m: float
    band_m: str
    peer_m: float


class CompanyTotals(NamedTuple):
    """The columns of `company_rows` that a page shows; points and ranks are not a number where there are none.
    dimensions: points by dimension."""

    company: str
    status_text: str
    self_total: float
    peer_total: float
    objective_total: float
    expert_total: float
    total: float
    rank: float
    rank_in_city: float
    rank_in_county: float
    provisional_rank: float
    rank_in_brackets: str
    dimensions: Mapping[str, float]


class Page(NamedTuple):
    """One company's page: its totals, its scores by indicator, its open issues. list_row: the row of 问题清单 (from 0) above
    the first issue."""

    company: CompanyTotals
    scores: Mapping[str, ItemScore]
    issues: Sequence[CountyIssue]
    list_row: int


def sheet_names(companies: Iterable[str], taken: Iterable[str]) -> list[str]:
    """A sheet name for each of `companies`, in their order: at most 31 characters, no character that Excel refuses, none of
    `taken`, and no two that differ only in case."""
    used = {name.casefold() for name in (*taken, "History", "历史记录")}
    names = []
    numbers: dict[str, int] = {}  # the last number that a name was told apart by
    for company in companies:
        text = " ".join(_ESCAPE.sub("-", _FORBIDDEN_IN_SHEET_NAME.sub("_", printable(company))).split())
        text = _cut(text, MAX_SHEET_NAME).strip("' ") or "企业"
        name, number = text, numbers.get(text.casefold(), 1)
        while name.casefold() in used:
            number += 1
            ending = f"({number})"
            name = _cut(text, MAX_SHEET_NAME - len(ending)).rstrip("' ") + ending
        numbers[text.casefold()] = number
        used.add(name.casefold())
        names.append(name)
    return names


def _cut(text: str, limit: int) -> str:
    """The first `limit` UTF-16 units of `text`, as Excel counts."""
    return text.encode("utf-16-le", "ignore")[: 2 * limit].decode("utf-16-le", "ignore")


def link_to(sheet_name: str, cell: str = "A1") -> str:
    """A cell of a sheet as links and formulas write it."""
    quoted = sheet_name.replace("'", "''")
    return f"'{quoted}'!{cell}"


def write_page(book: Book, name: str, page: Page, rulebook: Rulebook, standing: Standing) -> None:
    """Writes one company's sheet."""
    columns = SCORE_PAGE
    last = len(columns) - 1
    sheet = book.sheet(name, landscape=True)
    sheet.set_default_row(_ROW_HEIGHT)
    title = titled(f"{_TITLE}：{page.company.company}", standing, ranking=True)
    book.merge(sheet, (0, 0, 0, last), title, "title", height=30 * lines_in(title, 100))
    book.merge(sheet, (1, 0, 1, last), _result_line(page.company, standing, rulebook.scope), "heading", height=20)
    book.merge(sheet, (2, 0, 2, last), _how_it_is_counted(rulebook), "plain", height=2 * LINE_HEIGHT + 2)
    book.merge(sheet, (3, 0, 3, last), _bands_line(rulebook), "plain", height=LINE_HEIGHT + 2)
    book.link(sheet, 4, 0, Link("返回“附件2”表", link_to("附件2")), "stamp", {})
    book.put(sheet, 4, 3, stamp_line(standing), "stamp")
    book.header(sheet, _HEADER_ROW, columns, height=34)
    row = _write_items(book, sheet, page, rulebook, standing)
    _write_sums(book, sheet, row, page.company)


def _write_items(book: Book, sheet: LiveSheet, page: Page, rulebook: Rulebook, standing: Standing) -> int:
    """Writes every item, by dimension. Returns the row after the last."""
    order = [dimension.id for dimension in rulebook.dimensions]
    items = sorted(rulebook.indicators, key=lambda item: order.index(item.dimension))
    rows = [_item_row(item, page, rulebook, standing) for item in items]
    end = book.rows(sheet, _HEADER_ROW + 1, SCORE_PAGE, rows)
    top = _HEADER_ROW + 1
    for dimension in rulebook.dimensions:
        last = top + sum(item.dimension == dimension.id for item in items) - 1
        book.merge(sheet, (top, 0, last, 0), f"{dimension.label}\n（{dimension.points}）", "center")
        if last > top:
            book.merge(sheet, (top, _SUM_COLUMN, last, _SUM_COLUMN), "", "points")
        else:
            sheet.set_row(top, 2 * LINE_HEIGHT + 2)
        book.put(sheet, top, _SUM_COLUMN, page.company.dimensions[dimension.id], "points")
        top = last + 1
    return end


def _item_row(item: Indicator, page: Page, rulebook: Rulebook, standing: Standing) -> list[Cell]:
    """The values of SCORE_PAGE for one item."""
    score = page.scores[item.id]
    values: dict[str, Cell] = {"item": f"{item.label}（{item.points}）", "unit": item.unit, "score": score.score}
    if is_missing(score.score):
        values["reason"] = _why_unscored(item, page, standing)
    elif item.kind == "expert":
        values["reason"] = _MERGED
    elif is_missing(score.n):
        values["reason"] = f"N、M {NOT_OURS}"
    if item.kind == "ratio":
        values |= {"n": score.n, "m": score.m, "self_score": score.self_score, "peer_score": score.peer_score}
        for part in item.ranked:
            values |= _part_values(part, score, rulebook)
    return [values.get(column.id) for column in SCORE_PAGE]


def _part_values(part: str, score: ItemScore, rulebook: Rulebook) -> dict[str, Cell]:
    """Rank, band, points and distance to the next band of N or M."""
    rank, band, points = (
        (score.rank_n, score.band_n, score.peer_n) if part == "n" else (score.rank_m, score.band_m, score.peer_m)
    )
    if is_missing(rank):
        return {}
    ranked = 0 if is_missing(score.ranked) else int(score.ranked)
    values: dict[str, Cell] = {f"rank_{part}": f"{rank:g}/{ranked}", f"band_{part}": band, f"peer_{part}": points}
    if band == ZERO_BAND:
        return {**values, f"step_{part}": _ZERO}
    step = next_band(rank, ranked, rulebook.bands)
    best = _BEST if rank <= band_limits(ranked, rulebook.bands)[0] else ""
    return {**values, f"step_{part}": f"进 {step.ranks} 名到{step.band}" if step else best}


def _why_unscored(item: Indicator, page: Page, standing: Standing) -> str | Link:
    """Why an item has no points: a link to its row in 问题清单, or the reason in words."""
    if item.kind == "expert":
        return "还没有专家评分" if standing.has_marks else "本次没有专家评分"
    errors = [issue for issue in page.issues if issue.level == ERROR]
    of_item = [issue for issue in errors if issue.indicator == item.id]
    whole_form = [issue for issue in errors if issue.code in WHOLE_FORM_CODES]
    for issue in (*of_item, *whole_form):
        return Link(f"问题清单第 {issue.order} 条", link_to("问题清单", f"A{page.list_row + 1 + issue.order}"))
    return "没有可用的数"


def _write_sums(book: Book, sheet: LiveSheet, row: int, company: CompanyTotals) -> None:
    """Writes the last row: the sums of the items."""
    sums: dict[str, Value] = {
        "dimension": "合计",
        "self_score": company.self_total,
        "peer_score": company.peer_total,
        "score": company.total,
        "dimension_score": company.total,
    }
    for number, column in enumerate(SCORE_PAGE):
        book.put(sheet, row, number, sums.get(column.id), "merged_points" if column.role == "points" else "merged")


def _result_line(company: CompanyTotals, standing: Standing, scope: Scope) -> str:
    """Status, total and ranks in one line."""
    trial = "" if standing.final else standing.label
    parts = {"客观分": company.objective_total, "专家分": company.expert_total}
    summed = "＋".join(f"{label} {shown(points)}" for label, points in parts.items() if not is_missing(points))
    total = f"总分 {shown(company.total)}（{summed}）" if not is_missing(company.total) else "没有总分"
    words = [company.status_text, total]
    if not is_missing(company.rank):
        ranks = {scope.whole: company.rank, CITY_WIDE: company.rank_in_city, "本区县": company.rank_in_county}
        words += [f"{trial}{among}第 {rank} 名" for among, rank in ranks.items()]
    elif company.rank_in_brackets:
        words.append(f"按现有得分{trial}可排到{scope.whole}第 {company.provisional_rank} 名")
    return "　".join(words)


def _how_it_is_counted(rulebook: Rulebook) -> str:
    """The rules of scoring in one paragraph."""
    scoring = rulebook.scoring
    averaged = "N 的横向评分" if scoring.peer_of == "n" else "N、M 的横向评分取平均（只排 N 的取 N）"
    return (
        f"自评分＝N÷M×该项分值，不超过分值；N、M 各在{rulebook.scope.whole}排名，名次“12/60”指参加排名的 60 家中列第 12；按名次定等级，{averaged}；"
        f"得分＝自评分×{scoring.self_share}＋横向评分×{scoring.peer_share}。“距上一等级”只按名次界限算出，不涉及其他企业的数。"
    )


def _bands_line(rulebook: Rulebook) -> str:
    """The bands with their shares and coefficients in one line."""
    bands = [
        f"{band.label}：前 {_percent(band.share)}，得分值的 {_percent(band.coefficient)}" for band in rulebook.bands
    ]
    return f"等级：{'；'.join(bands)}；值为 0 得分值的 {_percent(rulebook.scoring.zero_coefficient)}。"


def _percent(share: Decimal) -> str:
    return f"{float(share) * 100:g}%"
