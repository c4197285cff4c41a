"""Sheets 原始值 and 横向排名 of 审计底稿: one row per ratio item of a company's form, in the same order on both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import NamedTuple

from pipeline.issues.where import Where
from pipeline.issues.words import shown_where
from pipeline.model.results import Results
from pipeline.model.rows import records_of
from pipeline.model.rulebook import Indicator
from pipeline.writers.audit.formulas import band_coefficient
from pipeline.writers.audit.plan import ANSWERS_SHEET, RANKINGS_SHEET, SCORES_SHEET, Plan, letters_of, listing_row
from pipeline.writers.book.listing import rows_of, write_listing
from pipeline.writers.book.live import Link, Live
from pipeline.writers.book.workbook import Book, Cell, Styled
from pipeline.writers.layout.audit import ANSWER_STATES, ANSWERS, RANKINGS

Pair = tuple[str, str]  # company key, indicator


class Answer(NamedTuple):
    """A row of ANSWERS."""

    key: str
    indicator: str
    n: float
    m: float
    n_raw: str
    m_raw: str
    n_read: float
    m_read: float
    n_state: str
    m_state: str
    n_where: Where
    m_where: Where
    valid: bool


def write_answers(book: Book, results: Results, plan: Plan) -> None:
    """Sheet 原始值: N and M as typed, as understood and as used, and their cells. All formulas start from its figures."""
    rows = _answer_rows(results, plan)
    write_listing(book, ANSWERS_SHEET, ANSWERS, rows, results.standing, frozen_columns=3, empty="没有收到附件1。")


def _answer_rows(results: Results, plan: Plan) -> Iterator[tuple[Cell, ...]]:
    items = results.rulebook.indicator_of
    first_rows = set(plan.company_answers.values())
    answers = {(answer.key, answer.indicator): answer for answer in records_of(results.answers, Answer)}
    for number, answer in enumerate(answers.values()):
        source = shown_where(answer.n_where if answer.n_where.file else answer.m_where)
        county, company = plan.county_and_company(answer.key)
        item = items[answer.indicator]
        yield (
            county,
            Link(company, plan.link_to_score(answer.key)) if number in first_rows else company,
            item.label,
            answer.n_raw,
            answer.n_read,
            answer.n,
            _state(answer.n_state),
            answer.n_where.cell,
            answer.m_raw,
            answer.m_read,
            _live_sum(plan, item, answer, answers) if item.m == "sum" else answer.m,
            _state(answer.m_state),
            answer.m_where.cell,
            _counted(plan, item, answer, number),
            source.file,
            source.sheet,
        )


def _state(state: str) -> str | Styled:
    word = ANSWER_STATES.get(state, state)
    return Styled(word, "error_center") if state == "error" else word


def _live_sum(plan: Plan, item: Indicator, answer: Answer, answers: Mapping[Pair, Answer]) -> Live | float:
    """M of an item whose M is the sum of other items' N: a formula where that sum is what is used, else the value (a
    decision may have set it)."""
    sources = [(answer.key, name) for name in item.m_sum_of]
    if not all(pair in answers for pair in sources):
        return answer.m
    summands = [answers[pair] for pair in sources]
    expected = sum(summand.n for summand in summands) if all(summand.valid for summand in summands) else float("nan")
    if not (expected == answer.m or (isnan(expected) and isnan(answer.m))):
        return answer.m
    cells = [listing_row(ANSWERS_SHEET, plan.answer_number[pair]) for pair in (*sources, (answer.key, item.id))]
    if len({sheet for sheet, _ in cells}) > 1:  # the formula refers to its own sheet
        return answer.m
    rows = [row for _, row in cells[:-1]]
    n, counted = plan.answer_letters["n"], plan.answer_letters["counted"]
    if rows == list(range(rows[0], rows[0] + len(rows))):
        states, values = f"{counted}{rows[0]}:{counted}{rows[-1]}", f"{n}{rows[0]}:{n}{rows[-1]}"
        counting = f'COUNTIF({states},"能")'
    else:
        counting = "+".join(f'({counted}{row}="能")' for row in rows)
        values = ",".join(f"{n}{row}" for row in rows)
    return Live(f'IF({counting}={len(rows)},SUM({values}),"")', answer.m, role="number")


def _counted(plan: Plan, item: Indicator, answer: Answer, number: int) -> Cell:
    """能 or 不能; a formula where N and M alone decide, so that a figure corrected in this sheet is scored at once."""
    word = "能" if answer.valid else "不能"
    beyond = answer.n > 0 and answer.m == 0 if item.m == "sum" else answer.n > answer.m
    expected = "不能" if isnan(answer.n) or isnan(answer.m) or beyond else "能"
    role = "" if answer.valid else "error_center"
    if expected != word:
        return Styled(word, role)
    row = listing_row(ANSWERS_SHEET, number)[1]
    n, m = (f"{plan.answer_letters[part]}{row}" for part in ("n", "m"))
    wrong = f"AND({n}>0,{m}=0)" if item.m == "sum" else f"{n}>{m}"
    return Live(f'IF(COUNT({n},{m})<2,"不能",IF({wrong},"不能","能"))', word, role=role)


def write_rankings(book: Book, results: Results, plan: Plan) -> None:
    """Sheet 横向排名: rank, number of ranked companies, band and points, for N and for M. All but the points refer to 得分."""
    rows = _ranking_rows(results, plan)
    write_listing(book, RANKINGS_SHEET, RANKINGS, rows, results.standing, frozen_columns=3, empty="没有可排名的数。")


def _ranking_rows(results: Results, plan: Plan) -> Iterator[tuple[Cell, ...]]:
    items = results.rulebook.indicator_of
    first_rows = set(plan.company_answers.values())
    scores = results.scores.set_index(["key", "indicator"], drop=False)
    figures = scores.loc[list(plan.answer_number)] if plan.answer_number else scores.iloc[:0]
    scored = figures["self_score"].notna()
    figures = figures.assign(n=figures["n"].where(scored), m=figures["m"].where(scored))
    columns = RANKINGS[3:]
    fields = [column.id for column in columns]
    formulas = {item.id: _ranking_formulas(plan, item, fields) for item in results.rulebook.ratio_indicators}
    for ((key, indicator), number), values in zip(plan.answer_number.items(), rows_of(figures, columns), strict=True):
        county, company = plan.county_and_company(key)
        name = Link(company, plan.link_to_score(key)) if number in first_rows else company
        score_row, own_row = str(plan.score_row.get(key, 0)), str(listing_row(RANKINGS_SHEET, number)[1])
        cells = [
            Live(formula.replace("#", score_row).replace("@", own_row), value) if formula else value
            for formula, value in zip(formulas[indicator], values, strict=True)
        ]
        yield county, name, items[indicator].label, *cells


def _ranking_formulas(plan: Plan, item: Indicator, fields: Sequence[str]) -> list[str]:
    """One formula per field of 横向排名, "" where the item has none; `#` is the row in 得分, `@` the row in this sheet."""
    letters = letters_of(RANKINGS)
    formulas = []
    for field in fields:
        if field.startswith("peer_") and field[-1] in item.ranked and field[-2] == "_":
            band = f"{letters['band_' + field[-1]]}@"
            formulas.append(f'IF({band}="","",{plan.rules.points[item.id]}*{band_coefficient(plan, band)})')
        elif f"{item.id}:{field}" in plan.number_of:
            formulas.append(f"{SCORES_SHEET}!${plan.letter(f'{item.id}:{field}')}$#")
        else:
            formulas.append("")
    return formulas
