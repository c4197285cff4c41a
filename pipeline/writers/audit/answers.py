"""Sheets 原始值 and 横向排名 of 审计底稿: one row for each ratio item of a company's form, in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import Any

from pipeline.model.results import Results
from pipeline.model.rulebook import Indicator
from pipeline.writers.audit.formulas import band_coefficient
from pipeline.writers.audit.plan import ANSWERS_SHEET, RANKINGS_SHEET, Plan, listing_place
from pipeline.writers.book.listing import write_listing
from pipeline.writers.book.live import Link, Live
from pipeline.writers.book.workbook import Book, Styled
from pipeline.writers.layout.audit import ANSWER_STATES, ANSWERS, RANKINGS

Places = Mapping[str, tuple[str, str]]  # company key -> county, company


def write_answers(book: Book, results: Results, plan: Plan, places: Places) -> None:
    """Sheet 原始值: N and M as typed, as understood, as used, and where they stand. What formulas start from."""
    rows = _answer_rows(results, plan, places)
    write_listing(book, ANSWERS_SHEET, ANSWERS, rows, results.standing, frozen_columns=3, empty="没有收到附件1。")


def _answer_rows(results: Results, plan: Plan, places: Places) -> Iterator[tuple[Any, ...]]:
    items = results.rulebook.indicator_of
    first_rows = set(plan.company_answers.values())
    own_n = dict(zip(plan.answer_number, results.answers["n"], strict=True))
    scored = {pair for pair, valid in zip(own_n, results.answers["valid"], strict=True) if valid}
    for number, row in enumerate(results.answers.itertuples()):
        source = row.n_where if row.n_where.file else row.m_where
        county, company = places.get(row.key, ("", row.key))
        item = items[row.indicator]
        m = _live_sum(plan, item, row, own_n, scored) if item.m == "sum" else row.m
        yield (
            county,
            Link(company, plan.link_to_score(row.key)) if number in first_rows else company,
            item.label,
            row.n_raw,
            row.n_read,
            row.n,
            _state(row.n_state),
            row.n_where.cell,
            row.m_raw,
            row.m_read,
            m,
            _state(row.m_state),
            row.m_where.cell,
            _counted(plan, item, row, number),
            source.file,
            source.sheet,
        )


def _state(state: str) -> str | Styled:
    word = ANSWER_STATES.get(state, state)
    return Styled(word, "error_center") if state == "error" else word


def _live_sum(plan: Plan, item: Indicator, row: Any, own_n: Mapping[tuple[str, str], float], scored: set) -> Any:
    """M of 系统协同: the sum of the other items' N as long as all of them count. A value that is none stays a value
    (a decision may have set it)."""
    sources = [(row.key, name) for name in item.m_sum_of]
    if not all(pair in own_n for pair in sources):
        return row.m
    expected = sum(own_n[pair] for pair in sources) if all(pair in scored for pair in sources) else float("nan")
    if not (expected == row.m or (isnan(expected) and isnan(row.m))):
        return row.m
    places = [listing_place(ANSWERS_SHEET, plan.answer_number[pair]) for pair in (*sources, (row.key, item.id))]
    if len({sheet for sheet, _ in places}) > 1:
        return row.m
    rows = [place for _, place in places[:-1]]
    n, counted = plan.answer_letters["n"], plan.answer_letters["counted"]
    if rows == list(range(rows[0], rows[0] + len(rows))):
        state, values = f"{counted}{rows[0]}:{counted}{rows[-1]}", f"{n}{rows[0]}:{n}{rows[-1]}"
        counting = f'COUNTIF({state},"能")'
    else:
        counting = "+".join(f'({counted}{place}="能")' for place in rows)
        values = ",".join(f"{n}{place}" for place in rows)
    return Live(f'IF({counting}={len(rows)},SUM({values}),"")', row.m, role="number")


def _counted(plan: Plan, item: Indicator, row: Any, number: int) -> Any:
    """能 or 不能: live where the two values alone decide, so that a number mended here counts at once."""
    word = "能" if row.valid else "不能"
    beyond = row.n > 0 and row.m == 0 if item.m == "sum" else row.n > row.m
    expected = "不能" if isnan(row.n) or isnan(row.m) or beyond else "能"
    role = "" if row.valid else "error_center"
    if expected != word:
        return Styled(word, role)
    at = listing_place(ANSWERS_SHEET, number)[1]
    n, m = (f"{plan.answer_letters[part]}{at}" for part in ("n", "m"))
    wrong = f"AND({n}>0,{m}=0)" if item.m == "sum" else f"{n}>{m}"
    return Live(f'IF(COUNT({n},{m})<2,"不能",IF({wrong},"不能","能"))', word, role=role)


def write_rankings(book: Book, results: Results, plan: Plan, places: Places) -> None:
    """Sheet 横向排名: place among how many, band and points, for N and for M. All but the points are 得分's own cells."""
    rows = _ranking_rows(results, plan, places)
    write_listing(book, RANKINGS_SHEET, RANKINGS, rows, results.standing, frozen_columns=3, empty="没有可排名的数。")


def _ranking_rows(results: Results, plan: Plan, places: Places) -> Iterator[tuple[Any, ...]]:
    items = results.rulebook.indicator_of
    first_rows = set(plan.company_answers.values())
    scores = results.scores.set_index(["key", "indicator"], drop=False)
    figures = scores.loc[list(plan.answer_number)] if plan.answer_number else scores.iloc[:0]
    scored = figures["self_score"].notna()
    figures = figures.assign(n=figures["n"].where(scored), m=figures["m"].where(scored))
    fields = [column.id for column in RANKINGS[3:]]
    stored = zip(*(figures[field].tolist() for field in fields), strict=True)
    formulas = {item.id: _ranking_formulas(plan, item, fields) for item in results.rulebook.ratio_indicators}
    for ((key, indicator), number), values in zip(plan.answer_number.items(), stored, strict=True):
        county, company = places.get(key, ("", key))
        name = Link(company, plan.link_to_score(key)) if number in first_rows else company
        own, here = str(plan.score_row.get(key, 0)), str(listing_place(RANKINGS_SHEET, number)[1])
        cells = [
            Live(formula.replace("#", own).replace("@", here), value) if formula else value
            for formula, value in zip(formulas[indicator], values, strict=True)
        ]
        yield county, name, items[indicator].label, *cells


def _ranking_formulas(plan: Plan, item: Indicator, fields: Sequence[str]) -> list[str]:
    """One formula per field of RANKINGS_SHEET, "" where the item has none; `#` is the row in 得分, `@` the row here."""
    letters = {column.id: chr(ord("A") + number) for number, column in enumerate(RANKINGS)}
    formulas = []
    for field in fields:
        if field.startswith("peer_") and field[-1] in item.ranked and field[-2] == "_":
            band = f"{letters['band_' + field[-1]]}@"
            formulas.append(f'IF({band}="","",{plan.rules.points[item.id]}*{band_coefficient(plan, band)})')
        elif f"{item.id}:{field}" in plan.number_of:
            formulas.append(f"得分!${plan.letter(f'{item.id}:{field}')}$#")
        else:
            formulas.append("")
    return formulas
