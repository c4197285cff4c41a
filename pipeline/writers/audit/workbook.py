"""审计底稿.xlsx: every figure between a company's cell and its place, as live formulas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.model.results import Results
from pipeline.writers.audit.answers import write_answers, write_rankings
from pipeline.writers.audit.confidence import write_confidence
from pipeline.writers.audit.experts import write_expert_report
from pipeline.writers.audit.marks import mark_rows, write_marks
from pipeline.writers.audit.plan import ANSWERS_SHEET, Plan, plan_of
from pipeline.writers.audit.rules import write_rules
from pipeline.writers.audit.scores import write_scores
from pipeline.writers.book.listing import rows_of, write_listing
from pipeline.writers.book.live import Link
from pipeline.writers.book.stamped import output_book
from pipeline.writers.book.workbook import Book
from pipeline.writers.layout.audit import RECOGNISED
from pipeline.writers.layout.common import DECISIONS
from pipeline.writers.layout.rules import decision_rows

_NO_DECISIONS = "本次没有人工决定。"


def write_audit(path: Path, results: Results) -> None:
    """The workbook with 得分, 原始值, 横向排名, 专家, 专家汇总, 识别记录, 人工决定, 规则, 名次区间, 规则影响.

    原始值 (采用值), 专家 (marks) and 规则 (parameters) hold the figures, what points and places come from is worked out
    from them. No contacts stand in it."""
    plan = plan_of(results)
    places = {row.key: (row.county, row.company) for row in results.totals.itertuples()}
    marks = mark_rows(results, plan, places)
    standing = results.standing
    with output_book(path, results.date, results.rulebook.titles.audit, standing, large=True) as book:
        write_scores(book, results, plan, marks.merged, marks.target)
        write_answers(book, results, plan, places)
        write_rankings(book, results, plan, places)
        write_marks(book, results, marks)
        write_expert_report(book, results)
        rows = _recognised_rows(results, plan)
        write_listing(book, "识别记录", RECOGNISED, rows, standing, empty="没有需要识别的写法。")
        _write_decisions(book, results)
        write_rules(book, results, plan)
        write_confidence(book, results)


def _recognised_rows(results: Results, plan: Plan) -> Iterator[list[Any]]:
    """What was read as more than formatting; the company's name leads to the item's row in 原始值, else to 得分."""
    keys = dict(zip(results.totals["company"], results.totals["key"], strict=True))
    rulebook = results.rulebook
    labels = {column.id: column.label for column in rulebook.nomination_columns}
    labels |= {item.id: item.label for item in rulebook.indicators}
    names = [labels.get(name, name) for name in results.recognised["indicator"]]
    rows = rows_of(results.recognised.assign(indicator=names), RECOGNISED)
    for indicator, (company, *values) in zip(results.recognised["indicator"], rows, strict=True):
        key = keys.get(company, "")
        answer = plan.answer_number.get((key, indicator))
        target = plan.link_to_score(key) if answer is None else plan.link_to_listing(ANSWERS_SHEET, answer)
        yield [Link(company, target), *values]


def _write_decisions(book: Book, results: Results) -> None:
    """Sheet 人工决定: every signed decision and whether it met anything."""
    rows = decision_rows(results.decisions)
    write_listing(book, "人工决定", DECISIONS, rows, results.standing, empty=_NO_DECISIONS)
