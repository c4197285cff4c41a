"""人工决定_建议.xlsx: a prepared row for every open issue that a decision could close.

The workbook has no effect. A row takes effect when somebody copies it to 人工决定.xlsx, fills in the decision and signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipeline.issues.catalogue import (
    ASSESSMENTS_CONFLICT,
    COUNTY_CONTRADICTORY,
    COUNTY_UNCLEAR,
    ERROR,
    MARKED_COMPANY_UNKNOWN,
    NO_COMPANY_NAME,
    NO_COUNTY,
    NOMINATION_MISSING,
    NOMINATIONS_CONFLICT,
    SYNERGY_SUM_IN_ERROR,
)
from pipeline.issues.issue import Issue
from pipeline.issues.words import finding_of, found_of
from pipeline.model.decisions import SHEETS, SIGNED, WORKBOOK_NAME, DecisionSheet
from pipeline.model.expert_names import NO_NAMES, ExpertNames, expert_names_of
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook, Ruling
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.stamped import output_book, stamp_line
from pipeline.writers.book.workbook import LINE_HEIGHT, Book, Column

Row = tuple[str, dict[str, str], str]  # the sheet, the known cells by column, and the issue in words

_ON_A_VALUE = ("T", "V")  # letters of issues that a 采用值 for N or M may close
_ON_A_COMPANY_NAME = (NO_COMPANY_NAME, MARKED_COMPANY_UNKNOWN, NOMINATION_MISSING)
_ON_A_COUNTY = (NO_COUNTY, COUNTY_CONTRADICTORY)
_ON_FILES = (NOMINATIONS_CONFLICT, ASSESSMENTS_CONFLICT)
_FOLLOWING = (SYNERGY_SUM_IN_ERROR,)  # closed together with their cause

_GUIDE_WIDTH = 76


def write_suggestions(path: Path, results: Results) -> None:
    """Writes 怎样使用 and one sheet per kind of decision, in the columns of 人工决定.xlsx."""
    rows: dict[str, list[Row]] = {sheet.name: [] for sheet in SHEETS}
    labels, experts = results.rulebook.labels, expert_names_of(results)
    for row in (*ready_rows(results.issues, labels, experts), *_for_rulings(results.rulebook)):
        rows[row[0]].append(row)
    title = results.rulebook.titles.problems.replace("问题清单", "人工决定建议")
    with output_book(path, results.date, title, results.standing) as book:
        _write_guide(book, results, title)
        for kind in SHEETS:
            _write_sheet(book, kind, rows[kind.name])


def ready_rows(issues: list[Issue], labels: Mapping[str, str], experts: ExpertNames = NO_NAMES) -> Iterator[Row]:
    """The row for each issue that a decision could close, without the deciding cell and without names of experts."""
    for issue in issues:
        if issue.state == "已接受" or issue.code in _FOLLOWING:
            continue
        texts = finding_of(issue, labels), found_of(issue)
        finding, raw = map(experts.hidden, texts) if experts.may_stand_in(issue) else texts
        about, company = f"{issue.id}：{finding}", {"company": issue.company}
        if issue.code in _ON_A_COMPANY_NAME:
            yield "企业对应", {"written": raw or issue.company}, about
        elif issue.code == COUNTY_UNCLEAR:
            yield "地区对应", {"written": raw}, about
        elif issue.code in _ON_A_COUNTY:
            yield "归属", company, about
        elif issue.code in _ON_FILES:
            yield "采用文件", company, about
        elif issue.level == ERROR and issue.code[0] in _ON_A_VALUE and issue.indicator and issue.part in ("N", "M"):
            item = labels.get(issue.indicator, issue.indicator)
            yield "采用值", {**company, "indicator": item, "part": issue.part, "raw": raw}, about
        elif issue.level == ERROR and not issue.statement:
            yield "接受说明", {"id": issue.id, "raw": raw}, about + _after_acceptance(issue)
        if issue.level == ERROR and issue.statement:
            known = {"id": issue.id, "raw": raw, "note": issue.statement}
            yield "接受说明", known, about + _after_acceptance(issue)


def _after_acceptance(issue: Issue) -> str:
    """A warning for an item that stays unscored although its explanation is accepted."""
    unscored = issue.indicator and issue.code[0] in _ON_A_VALUE
    return "（接受说明只了结这个问题，这一项照样不计分；要计分，请改正原表或用“采用值”）" if unscored else ""


def _for_rulings(rulebook: Rulebook) -> Iterator[Row]:
    for ruling in rulebook.assumed_rulings:
        choices = "；".join(f"“{entry.sentence}”" for entry in ruling.alternatives)
        adopted = rulebook.adopted_alternative(ruling).sentence
        yield (
            "规则确认",
            {"ruling": ruling.topic},
            f"现暂用“{adopted}”。“采用”一栏照抄其中一个{_figure_hint(ruling)}：{choices}",
        )


def _figure_hint(ruling: Ruling) -> str:
    """How to write an alternative that asks for a figure."""
    words = dict.fromkeys(entry.asks for entry in ruling.alternatives if entry.asks)
    return f"（{'、'.join(words)} 换成数）" if words else ""


def _write_guide(book: Book, results: Results, title: str) -> None:
    sheet = book.sheet("怎样使用")
    lines = [
        f"本表列出人工决定可以了结的问题，每个问题备好一行；本表不会被读取，要把行复制到“{WORKBOOK_NAME}”中，"
        f"或把填好的本表另存为“{WORKBOOK_NAME}”，签署了的行才算数。",
        f"做法：在输入文件夹最上层放一个“{WORKBOOK_NAME}”，工作表名和表头与本表相同；把要决定的行复制过去，填上空着的那一格，"
        "再填理由、决定人、日期（如 2024-06-01），重新运行。四样缺一样，这一行都不算数，并会作为问题列出；三样签署都没填的备好的行略过。",
        "每个决定都会列在各份结果里；所决定的原值以后改了，决定自动失效并提示重新决定。",
    ]
    book.put(sheet, 0, 0, title, "heading")
    for row, line in enumerate(lines, start=2):
        book.put(sheet, row, 0, line, "plain")
        sheet.set_row(row, LINE_HEIGHT * lines_in(line, _GUIDE_WIDTH) + 4)
    for row, kind in enumerate(SHEETS, start=len(lines) + 3):
        book.put(sheet, row, 0, f"{kind.name}：{kind.purpose}。", "plain")
    book.put(sheet, len(lines) + len(SHEETS) + 4, 0, stamp_line(results.standing), "stamp")
    book.widths(sheet, [_GUIDE_WIDTH])


def _write_sheet(book: Book, kind: DecisionSheet, rows: Iterable[Row]) -> None:
    columns = [Column(column.id, column.header, column.width) for column in (*kind.columns, *SIGNED)]
    columns.append(Column("about", "针对的问题（供参考）", 80))
    sheet = book.sheet(kind.name, landscape=True, header_rows=(0, 0))
    sheet.freeze_panes(1, 0)
    book.header(sheet, 0, columns)
    cells = ([{**known, "about": about}.get(column.id, "") for column in columns] for _, known, about in rows)
    book.rows(sheet, 1, columns, cells)
