"""Sheet 得分 of 审计底稿: one company a row, every figure a formula that goes back to 原始值, 专家 and 规则."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from pipeline.tables import Results
from pipeline.writers import layout
from pipeline.writers.audit_figures import helper_figures, with_scored_values_only
from pipeline.writers.audit_formulas import item_formulas, standing_formulas, sum_formulas
from pipeline.writers.audit_plan import ANSWERS, FIRST_SCORE_ROW, RANKINGS, SCORES, Plan, listing_place
from pipeline.writers.book import Book, Column, Styled, lines_in
from pipeline.writers.listing import rows_of, with_totals_told_apart
from pipeline.writers.live import Link, Live, sheet_name
from pipeline.writers.official import company_rows, item_scores
from pipeline.writers.stamped import stamp_line, titled

_ITEM_FIELDS = ("n", "m", "self_score", "rank_n", "band_n", "rank_m", "band_m", "ranked", "peer_score", "score")
_REPEATED = 6  # columns up to the company's name stay in sight and on every page
_PAGE_WIDTH = 180  # narrow characters beside the repeated columns, on A3 at 55 %
_HOW_TO = (
    "本表随“原始值”“专家”“规则”三表中浅黄色格子里的数重算：改一个数，即可看到得分和名次怎样变化；"
    "这样改只供试算，确要采用的请写进《人工决定》。点企业名称到其原始值，点总分到其各项名次，点专家分到其专家评分。"
    "请勿在这几张表中排序、插入或删除行。"
)


def write_scores(
    book: Book, results: Results, plan: Plan, merged: Mapping[tuple[str, str], str], marks_of: Mapping[str, str]
) -> None:
    """Above the header stands a line of indicator names over their columns. merged: (key, item) -> cell of 专家 with
    the merged mark; marks_of: key -> where a click on the expert points leads."""
    rulebook = results.rulebook
    companies = company_rows(results.totals, results.enterprises)
    left = len(layout.company_columns(rulebook, trial=not results.standing.final))
    groups = [(item.label, layout.item_columns(item)) for item in rulebook.indicators]
    sheet = book.sheet(SCORES, landscape=True, header_rows=(1, 2))
    _set_wide_pages(sheet, left, groups)
    sheet.freeze_panes(FIRST_SCORE_ROW - 1, _REPEATED)
    book.widths(sheet, [column.width for column in plan.columns])
    title = f"{titled(rulebook.titles.audit, results.standing, ranking=True)}。{stamp_line(results.standing)}{_HOW_TO}"
    height = 16 * lines_in(title, sum(column.width for column in plan.columns[:_REPEATED]))
    book.merge(sheet, (0, 0, 0, _REPEATED - 1), title, "note", height=height)
    _write_group_line(book, sheet, left, groups)
    book.header(sheet, FIRST_SCORE_ROW - 2, plan.columns)
    rows = _live_rows(results, plan, companies, merged, marks_of)
    last = book.rows(sheet, FIRST_SCORE_ROW - 1, plan.columns, rows)
    sheet.autofilter(FIRST_SCORE_ROW - 2, 0, max(FIRST_SCORE_ROW - 1, last - 1), len(plan.columns) - 1)


def _set_wide_pages(sheet: Worksheet, left: int, groups: Sequence[tuple[str, Sequence[Column]]]) -> None:
    """A3 pages that begin with the company's name and never cut an indicator in two."""
    sheet.set_paper(8)
    sheet.set_print_scale(55)
    sheet.repeat_columns(0, _REPEATED - 1)
    breaks, room = [], 0.0
    for _, columns in groups:
        width = sum(column.width for column in columns)
        if width > room:
            breaks.append(left)
            room = _PAGE_WIDTH
        room -= width
        left += len(columns)
    sheet.set_v_pagebreaks(breaks)


def _write_group_line(book: Book, sheet: Worksheet, left: int, groups: Sequence[tuple[str, Sequence[Column]]]) -> None:
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
) -> Iterator[list[Any]]:
    """The rows of 得分: the stored results, each in the formula that comes to it."""
    scores = item_scores(results.scores, companies["key"], results.rulebook, _ITEM_FIELDS)
    table = with_totals_told_apart(pd.concat([companies, with_scored_values_only(scores, results.rulebook)], axis=1))
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
        cells[company] = Link(values[company], plan.link_to_answers(ANSWERS, key))
        cells[total] = _leading(cells[total], plan.link_to_answers(RANKINGS, key))
        cells[expert_total] = _leading(cells[expert_total], marks_of.get(key, ""))
        yield cells


def _templates(plan: Plan, competes: bool, answered: bool, has_marks: bool) -> list[tuple[str, str]]:
    """(ratio or expert item, formula) of every column of 得分; a formula "" where the cell is no figure of ours."""
    formulas = sum_formulas(plan)
    if not answered:
        del formulas["total"]  # without a usable form there is none, whatever the experts gave
    elif competes:
        formulas |= standing_formulas(plan, has_marks)
    for item in plan.rulebook.ratio_indicators if answered else ():
        formulas |= item_formulas(plan, item, competes)
    formulas |= {f"{item.id}:score": "@" for item in plan.rulebook.expert_indicators}
    return [(column.id.partition(":")[0], formulas.get(column.id, "")) for column in plan.columns]


def _live_cells(
    plan: Plan, key: str, values: Sequence[Any], templates: list[tuple[str, str]], merged: Mapping[tuple[str, str], str]
) -> list[Any]:
    """One company's cells; an item that its form does not have, or that nobody marked, is a blank."""
    own, cells = str(plan.score_row[key]), []
    for value, (item, template) in zip(values, templates, strict=True):
        if not template:
            cells.append(value)
            continue
        formula = template.replace("#", own)
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
    """The formula with its row in 原始值 or its cell in 专家 filled in, "" when there is none."""
    if formula == "@":
        return merged.get((key, item), "")
    number = plan.answer_number.get((key, item))
    if number is None:
        return ""
    sheet, row = listing_place(ANSWERS, number)
    if sheet != ANSWERS:
        formula = formula.replace(f"{ANSWERS}!", f"{sheet_name(sheet)}!")
    return formula.replace("@", str(row))


def _leading(cell: Any, target: str) -> Any:
    return cell._replace(target=target) if isinstance(cell, Live) else cell
