"""审计底稿.xlsx: every figure from a company's cell to its rank, as formulas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.model.results import Results
from pipeline.writers.audit.answers import write_answers, write_rankings
from pipeline.writers.audit.confidence import write_confidence
from pipeline.writers.audit.experts import write_expert_report
from pipeline.writers.audit.marks import mark_rows, write_marks
from pipeline.writers.audit.plan import ANSWERS_SHEET, Plan, plan_of
from pipeline.writers.audit.rules import write_rules
from pipeline.writers.audit.scores import write_scores
from pipeline.writers.audit.selection import write_selection
from pipeline.writers.book.listing import rows_of, write_listing
from pipeline.writers.book.live import Link
from pipeline.writers.book.stamped import output_book
from pipeline.writers.book.workbook import Book, Cell
from pipeline.writers.layout.audit import RECOGNISED
from pipeline.writers.layout.common import DECISIONS
from pipeline.writers.layout.rules import decision_rows

_NO_DECISIONS = "本次没有人工决定。"


def write_audit(path: Path, results: Results) -> None:
    """Writes the workbook: 得分, 原始值, 横向排名, 专家, 专家汇总, 识别记录, 人工决定, 规则, 名次区间, 规则影响, and
    拟认定 and 名额 when companies are selected.

    Figures stand in 原始值 (采用值), 专家 (marks) and 规则 (parameters); formulas derive points and ranks from them. The
    workbook holds no contacts."""
    plan = plan_of(results)
    marks = mark_rows(results, plan)
    standing = results.standing
    with output_book(path, results.date, results.rulebook.titles.audit, standing, large=True) as book:
        write_scores(book, results, plan, marks.merged, marks.target)
        write_answers(book, results, plan)
        write_rankings(book, results, plan)
        write_marks(book, results, marks)
        write_expert_report(book, results, plan)
        rows = _recognised_rows(results, plan)
        write_listing(book, "识别记录", RECOGNISED, rows, standing, empty="没有需要识别的写法。")
        _write_decisions(book, results)
        write_rules(book, results, plan)
        write_confidence(book, results)
        write_selection(book, results, plan)


def _recognised_rows(results: Results, plan: Plan) -> Iterator[list[Cell]]:
    """The rows of 识别记录. The company's name links to the item's row in 原始值, or to the company's row in 得分."""
    keys = dict(zip(results.totals["company"], results.totals["key"], strict=True))
    rulebook = results.rulebook
    labels = {**rulebook.column_labels, **rulebook.labels}
    items = [labels.get(name, name) for name in results.recognised["indicator"]]
    rows = rows_of(results.recognised.assign(indicator=items), RECOGNISED)
    for indicator, (company, *values) in zip(results.recognised["indicator"], rows, strict=True):
        key = keys.get(company, "")
        answer = plan.answer_number.get((key, indicator))
        target = plan.link_to_score(key) if answer is None else plan.link_to_listing(ANSWERS_SHEET, answer)
        yield [Link(company, target), *values]


def _write_decisions(book: Book, results: Results) -> None:
    """Sheet 人工决定: every signed decision and whether it was applied."""
    rows = decision_rows(results.decisions)
    write_listing(book, "人工决定", DECISIONS, rows, results.standing, empty=_NO_DECISIONS)
