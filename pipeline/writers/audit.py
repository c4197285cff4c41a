"""审计底稿.xlsx: every figure between a company's cell and its place, so that any score can be redone by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from pipeline.issues import where_from
from pipeline.tables import Results
from pipeline.writers import layout
from pipeline.writers.book import Book, Column, Styled, lines_in
from pipeline.writers.listing import rows_of, with_totals_told_apart, write_block, write_listing
from pipeline.writers.official import company_rows, item_scores
from pipeline.writers.rules import band_rows, decision_rows, indicator_rows, ruling_rows
from pipeline.writers.stamped import output_book, stamp_line, titled

_ITEM_FIELDS = ("n", "m", "self_score", "rank_n", "band_n", "rank_m", "band_m", "ranked", "peer_score", "score")
_REPEATED = 6  # columns up to the company's name stay in sight and on every page
_PAGE_WIDTH = 180  # narrow characters beside the repeated columns, on A3 at 55 %
_MARK_WORDS = {"blank": "", "recused": "回避", "error": Styled("有误", "error_center")}
_NO_DECISIONS = "本次没有人工决定。"


def write_audit(path: Path, results: Results) -> None:
    """The workbook with 得分, 原始值, 横向排名, 专家, 识别记录, 人工决定, 规则; no contacts in it."""
    labels = {item.id: item.label for item in results.rulebook.indicators}
    places = {row.key: (row.county, row.company) for row in results.totals.itertuples()}
    standing = results.standing
    with output_book(path, results.date, results.rulebook.titles.audit, standing, large=True) as book:
        _write_scores(book, results)
        answers = _answer_rows(results.answers, places, labels)
        write_listing(book, "原始值", layout.ANSWERS, answers, standing, frozen_columns=3, empty="没有收到附件1。")
        rankings = _ranking_rows(results.scores, places, labels)
        write_listing(book, "横向排名", layout.RANKINGS, rankings, standing, frozen_columns=3, empty="没有可排名的数。")
        columns = layout.mark_columns(results.rulebook)
        write_listing(book, "专家", columns, _mark_rows(results, places), standing, frozen_columns=3, empty="没有收到专家评分。")
        names = [labels.get(name, name) for name in results.recognised["indicator"]]
        rows = rows_of(results.recognised.assign(indicator=names), layout.RECOGNISED)
        write_listing(book, "识别记录", layout.RECOGNISED, rows, standing, empty="没有需要识别的写法。")
        _write_decisions(book, results)
        _write_rules(book, results)


def _write_scores(book: Book, results: Results) -> None:
    """Sheet 得分: one company a row; above the header a line of indicator names over their columns."""
    rulebook = results.rulebook
    companies = company_rows(results.totals, results.enterprises)
    first = layout.company_columns(rulebook, trial=not results.standing.final)
    groups = [(item.label, layout.item_columns(item)) for item in rulebook.indicators]
    columns = (*first, *(column for _, group in groups for column in group), *layout.EVIDENCE)
    scores = item_scores(results.scores, companies["key"], rulebook, _ITEM_FIELDS)
    table = with_totals_told_apart(pd.concat([companies, scores], axis=1))

    sheet = book.sheet("得分", landscape=True, header_rows=(1, 2))
    _set_wide_pages(sheet, len(first), groups)
    sheet.freeze_panes(3, _REPEATED)
    book.widths(sheet, [column.width for column in columns])
    title = f"{titled(rulebook.titles.audit, results.standing, ranking=True)}。{stamp_line(results.standing)}"
    height = 16 * lines_in(title, sum(column.width for column in columns[:_REPEATED]))
    book.merge(sheet, (0, 0, 0, _REPEATED - 1), title, "note", height=height)
    _write_group_line(book, sheet, len(first), groups)
    book.header(sheet, 2, columns)
    last = book.rows(sheet, 3, columns, rows_of(table, columns))
    sheet.autofilter(2, 0, max(3, last - 1), len(columns) - 1)


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


def _answer_rows(answers: pd.DataFrame, places: dict, labels: dict[str, str]) -> Iterable[tuple[Any, ...]]:
    """Per company and ratio indicator: N and M as typed, as understood, as used, and where they stand."""
    for row in answers.itertuples():
        n_where, m_where = where_from(row.n_where), where_from(row.m_where)
        source = n_where if n_where.file else m_where
        yield (
            *places.get(row.key, ("", row.key)), labels.get(row.indicator, row.indicator),
            row.n_raw, row.n_read, row.n, _state(row.n_state), n_where.cell,
            row.m_raw, row.m_read, row.m, _state(row.m_state), m_where.cell,
            "能" if row.valid else Styled("不能", "error_center"), source.file, source.sheet,
        )  # fmt: skip


def _state(state: str) -> str | Styled:
    word = layout.ANSWER_STATES.get(state, state)
    return Styled(word, "error_center") if state == "error" else word


def _ranking_rows(scores: pd.DataFrame, places: dict, labels: dict[str, str]) -> Iterable[tuple[Any, ...]]:
    """Per company and ranked item: its place among how many, the band, the points, for N and for M."""
    for row in scores[scores["rank_n"].notna()].itertuples():
        yield (
            *places.get(row.key, ("", row.company)), labels.get(row.indicator, row.indicator), row.ranked,
            row.n, row.rank_n, row.band_n, row.peer_n,
            row.m, row.rank_m, row.band_m, row.peer_m, row.peer_score,
        )  # fmt: skip


def _mark_rows(results: Results, places: dict) -> Iterable[tuple[Any, ...]]:
    """Per company and expert the marks of the six items and where they stand; under each company's experts a row
    with what all marks of an item come to."""
    items = [item.id for item in results.rulebook.expert_indicators]
    expert = results.scores[results.scores["expert_score"].notna()]
    merged = dict(zip(zip(expert["key"], expert["indicator"], strict=True), expert["expert_score"], strict=True))
    for key, company in results.marks.groupby("key", sort=False):
        place = places.get(key, ("", key))
        for sheet, given in _by_sheet(company).items():
            marks: dict[str, Any] = {}
            for item, mark, _ in given:
                marks[item] = f"{marks[item]}、{mark}" if item in marks else mark  # the contradiction is in 问题清单
            cells = "、".join(cell for _, _, cell in given)
            yield *place, sheet[0], *(marks.get(item) for item in items), *sheet[1:], cells
        scores = [Styled(merged.get((key, item)), "merged_points") for item in items]
        yield *place, Styled("合成得分", "merged"), *scores, "", "", ""


def _by_sheet(company: pd.DataFrame) -> dict[tuple[str, str, str], list[tuple[str, Any, str]]]:
    """(expert, file, sheet) → the (item, mark, cell) of one company, experts by name."""
    given: dict[tuple[str, str, str], list[tuple[str, Any, str]]] = {}
    for row in company.sort_values("expert", kind="stable").itertuples():
        where = where_from(row.where)
        entry = row.mark if row.state == "given" else _MARK_WORDS[row.state]
        given.setdefault((row.expert, where.file, where.sheet), []).append((row.indicator, entry, where.cell))
    return given


def _write_decisions(book: Book, results: Results) -> None:
    """Sheet 人工决定: every signed decision and whether it met anything."""
    rows = decision_rows(results.decisions)
    write_listing(book, "人工决定", layout.DECISIONS, rows, results.standing, empty=_NO_DECISIONS)


def _write_rules(book: Book, results: Results) -> None:
    """Sheet 规则: what every point goes by, and which rules are still assumed."""
    rulebook = results.rulebook
    sheet = book.sheet("规则", landscape=True)
    book.put(sheet, 0, 0, f"{titled(rulebook.titles.audit, results.standing)}：规则", "heading")
    book.put(sheet, 1, 0, f"规则文件 {rulebook.id}，版本 {rulebook.version}，指纹 {rulebook.sha256}", "stamp")
    book.put(sheet, 2, 0, f"依据：{rulebook.source}", "stamp")
    row = write_block(book, sheet, 4, "指标", layout.INDICATORS, indicator_rows(rulebook))
    row = write_block(book, sheet, row, "横向评分的等级", layout.BANDS, band_rows(rulebook))
    row = write_block(book, sheet, row, "通知没有写明、由规则文件定下的办法", layout.RULINGS, ruling_rows(rulebook))
    book.put(sheet, row, 0, stamp_line(results.standing), "stamp")
