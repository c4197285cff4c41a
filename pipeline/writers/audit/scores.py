"""Sheet 得分 of 审计底稿: one row per company; every figure is a formula that leads back to 原始值, 专家 and 规则."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.writers.audit.formulas import NOISE_DECIMALS, item_formulas, standing_formulas, sum_formulas
from pipeline.writers.audit.plan import ANSWERS_SHEET, RANKINGS_SHEET, SCORES_SHEET, Plan, listing_row
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.listing import rows_of, with_distinct_totals
from pipeline.writers.book.live import Link, Live, sheet_name
from pipeline.writers.book.paper import LARGE_PAGE, LARGE_SCALE, printed_width
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.stamped import stamp_line, titled
from pipeline.writers.book.workbook import Book, Cell, Column, Styled
from pipeline.writers.layout.audit import FIRST_SCORE_ROW, item_columns
from pipeline.writers.layout.common import company_columns
from pipeline.writers.layout.companies import company_rows, item_scores

_ITEM_FIELDS = ("n", "m", "self_score", "rank_n", "band_n", "rank_m", "band_m", "ranked", "peer_score", "score")
_HOW_TO = (
    "本表随“原始值”“专家”“规则”三表中浅黄色格子里的数重算：改一个数，即可看到得分和名次怎样变化；"
    "这样改只供试算，确要采用的请写进《人工决定》。点企业名称到其原始值，点总分到其各项名次，点专家分到其专家评分。"
    "请勿在这几张表中排序、插入或删除行。"
)


def write_scores(
    book: Book, results: Results, plan: Plan, merged: Mapping[tuple[str, str], str], marks_of: Mapping[str, str]
) -> None:
    """Writes sheet 得分, with a line of indicator names above the header. merged: (key, item) -> cell of 专家 with the
    merged mark; marks_of: key -> the link target of the expert points."""
    rulebook = results.rulebook
    companies = company_rows(results.totals, results.enterprises)
    left = len(company_columns(rulebook, trial=not results.standing.final))
    repeated = [column.id for column in plan.columns].index("company") + 1  # columns frozen and on every page
    groups = [(item.label, item_columns(item)) for item in rulebook.indicators]
    sheet = book.sheet(SCORES_SHEET, landscape=True, header_rows=(1, 2))
    sheet.freeze_panes(FIRST_SCORE_ROW - 1, repeated)
    title = f"{titled(rulebook.titles.audit, results.standing, ranking=True)}。{stamp_line(results.standing)}{_HOW_TO}"
    height = 16 * lines_in(title, sum(column.width for column in plan.columns[:repeated]))
    book.merge(sheet, (0, 0, 0, repeated - 1), title, "note", height=height)
    _write_group_line(book, sheet, left, groups)
    book.header(sheet, FIRST_SCORE_ROW - 2, plan.columns, repeated=repeated)
    _set_wide_pages(sheet, left, printed_width([column.width for column in plan.columns[:repeated]]), groups)
    rows = _live_rows(results, plan, companies, merged, marks_of)
    last = book.rows(sheet, FIRST_SCORE_ROW - 1, plan.columns, rows)
    sheet.autofilter(FIRST_SCORE_ROW - 2, 0, max(FIRST_SCORE_ROW - 1, last - 1), len(plan.columns) - 1)


def _set_wide_pages(
    sheet: LiveSheet, left: int, repeated: float, groups: Sequence[tuple[str, Sequence[Column]]]
) -> None:
    """Sets pages that break only between indicators. left: the index of the first indicator's column; repeated: the width
    of the columns that are printed on every page."""
    sheet.set_print_scale(LARGE_SCALE)
    breaks: list[int] = []
    space = 0.0
    for _, columns in groups:
        width = printed_width([column.width for column in columns])
        if width > space:
            breaks.append(left)
            space = LARGE_PAGE.width - repeated
        space -= width
        left += len(columns)
    sheet.set_v_pagebreaks(breaks)


def _write_group_line(book: Book, sheet: LiveSheet, left: int, groups: Sequence[tuple[str, Sequence[Column]]]) -> None:
    for label, columns in groups:
        right = left + len(columns) - 1
        book.merge(sheet, (1, left, 1, right), label, "header", height=32)
        left = right + 1


def _live_rows(
    results: Results,
    plan: Plan,
    companies: pd.DataFrame,
    merged: Mapping[tuple[str, str], str],
    marks_of: Mapping[str, str],
) -> Iterator[list[Cell]]:
    """The rows of 得分: each stored result with the formula that yields it."""
    scores = item_scores(results.scores, companies["key"], results.rulebook, _ITEM_FIELDS)
    table = with_distinct_totals(pd.concat([companies, with_scored_values_only(scores, results.rulebook)], axis=1))
    stored = rows_of(pd.concat([table, helper_figures(table, plan)], axis=1), plan.columns)
    kinds = {
        (competes, answered): _templates(plan, competes, answered, results.standing.has_marks)
        for competes in (True, False)
        for answered in (True, False)
    }
    company, total, expert_total = (plan.number_of[name] for name in ("company", "total", "expert_total"))
    last_competing = plan.competing[1]
    for key, answered, values in zip(companies["key"], companies["answered"], stored, strict=True):
        templates = kinds[plan.score_row[key] <= last_competing, bool(answered)]
        cells = _live_cells(plan, key, values, templates, merged)
        cells[company] = Link(values[company], plan.link_to_answers(ANSWERS_SHEET, key))
        cells[total] = _linked(cells[total], plan.link_to_answers(RANKINGS_SHEET, key))
        cells[expert_total] = _linked(cells[expert_total], marks_of.get(key, ""))
        yield cells


def _templates(plan: Plan, competes: bool, answered: bool, has_marks: bool) -> list[tuple[str, str]]:
    """(item or field, formula) of every column of 得分; formula "" where the cell holds a value."""
    formulas = sum_formulas(plan)
    if not answered:
        del formulas["total"]  # a company without a usable form has no total, whatever its marks
    elif competes:
        formulas |= standing_formulas(plan, has_marks)
    for item in plan.rulebook.ratio_indicators if answered else ():
        formulas |= item_formulas(plan, item, competes)
    formulas |= {f"{item.id}:score": "@" for item in plan.rulebook.expert_indicators}
    return [(column.id.partition(":")[0], formulas.get(column.id, "")) for column in plan.columns]


def _live_cells(
    plan: Plan, key: str, values: Sequence[Any], templates: list[tuple[str, str]], merged: Mapping[tuple[str, str], str]
) -> list[Cell]:
    """One company's cells; an item that is missing from its form, or has no mark, keeps its value (a blank)."""
    row = str(plan.score_row[key])
    cells: list[Cell] = []
    for value, (item, template) in zip(values, templates, strict=True):
        if not template:
            cells.append(value)
            continue
        formula = template.replace("#", row)
        if "@" in template:
            formula = _elsewhere(plan, formula, key, item, merged)
        if not formula:
            cells.append(value)
        elif type(value) is Styled:
            cells.append(Live(formula, value.value, extra=value.extra))
        else:
            cells.append(Live(formula, value))
    return cells


def _elsewhere(plan: Plan, formula: str, key: str, item: str, merged: Mapping[tuple[str, str], str]) -> str:
    """The formula with the row in 原始值 or the cell of 专家 filled in; "" when the company has none."""
    if formula == "@":
        return merged.get((key, item), "")
    number = plan.answer_number.get((key, item))
    if number is None:
        return ""
    sheet, row = listing_row(ANSWERS_SHEET, number)
    if sheet != ANSWERS_SHEET:
        formula = formula.replace(f"{ANSWERS_SHEET}!", f"{sheet_name(sheet)}!")
    return formula.replace("@", str(row))


def _linked(cell: Cell, target: str) -> Cell:
    return cell._replace(target=target) if isinstance(cell, Live) else cell


def with_scored_values_only(scores: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """`scores` without N and M of items that are not scored; 原始值 shows them."""
    columns: dict[str, pd.Series[float]] = {}
    for item in rulebook.ratio_indicators:
        scored = pd.notna(scores[f"{item.id}:self_score"])
        columns |= {f"{item.id}:{part}": scores[f"{item.id}:{part}"].where(scored) for part in ("n", "m")}
    return scores.assign(**columns)


def helper_figures(table: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """One row per company of `table`. compared: the rounded total by which a company is ranked. With ranks without gaps
    also 1 ÷ the number of companies that share a value, for each ranked value and for the totals in province, city and
    county; 0 without a value."""
    scoring = plan.rulebook.scoring
    totals = table["total"].map(lambda cell: getattr(cell, "value", cell)).astype(float)
    ranked = table["status"] == "已排名"
    compared = totals.round(NOISE_DECIMALS).round(scoring.rank_decimals).where(ranked)
    figures = {"compared": compared}
    if scoring.tie != "dense":
        return pd.DataFrame(figures)
    competing = pd.Series(range(len(table)), index=table.index) <= plan.competing[1] - FIRST_SCORE_ROW
    answered = competing & table["answered"]
    for item in plan.rulebook.ratio_indicators:
        for part in item.ranked:
            figures[f"{item.id}:weight_{part}"] = _weights([table[f"{item.id}:{part}"].astype(float)], answered)
    regions: dict[str, list[str]] = {"weight": [], "weight_in_city": ["city"], "weight_in_county": ["city", "county"]}
    for name, fields in regions.items():
        known = answered & (table[fields] != "").all(axis=1)
        figures[name] = _weights([*(table[field] for field in fields), compared.where(known)], answered)
    return pd.DataFrame(figures)


def _weights(columns: list[pd.Series[Any]], rows: pd.Series[bool]) -> pd.Series[float]:
    """1 ÷ the number of `rows` that share a row's values, 0 where the last of them is missing, NaN outside `rows`."""
    valued = rows & columns[-1].notna()
    sizes = columns[-1][valued].groupby([column[valued] for column in columns]).transform("size")
    return (1 / sizes).reindex(columns[-1].index).fillna(0.0).where(rows)
