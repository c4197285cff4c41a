"""What next-year writes beside the rulebook: the list of what a person must settle, and the pool to start from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import DEMO_LABEL, OUTPUT_PROPERTY, OUTPUT_PROPERTY_VALUE, OUTPUT_STAMP
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.workbook import Book, Column, open_book
from pipeline.writers.forms.filled import PoolRow, write_pool_form

TO_SETTLE, POOL_START = "待办事项.xlsx", "培育库_起点.xlsx"
COUNTS_SHEET = "入选家数"

_TASKS = (
    Column("number", "序号", 6, "center"),
    Column("subject", "事项", 19, "center"),
    Column("standing", "新规则文件里现在写的", 34),
    Column("task", "要做什么", 42),
    Column("where", "在哪里改", 26),
    Column("done", "办结\n（签字、日期）", 13),
)
_COUNTS = (
    Column("city", "市", 14, "center"),
    Column("count", "计入的企业（家）", 20, "whole"),
)


class Task(NamedTuple):
    """One thing that a person must settle. standing: what the new rulebook says now."""

    subject: str
    standing: str
    task: str
    where: str


class Start(NamedTuple):
    """What the list says of the year that is over. counts: city -> companies that are counted in the pool; basis: which
    companies these are."""

    year: int
    basis: str
    counts: Mapping[str, int]
    demo: bool


def write_to_settle(path: Path, rulebook: Rulebook, tasks: Sequence[Task], start: Start) -> None:
    """Writes 待办事项.xlsx. rulebook: next year's."""
    title = f"{rulebook.year}年度规则文件待办事项" + (f"（{DEMO_LABEL}）" if start.demo else "")
    stamp = {OUTPUT_PROPERTY: OUTPUT_PROPERTY_VALUE}
    with open_book(path, rulebook.date.isoformat(), title, stamp, demo=start.demo) as book:
        intro = (
            f"规则文件“{rulebook.id}.toml”由 {start.year} 年的正式结果生成，还没有对照 {rulebook.year} 年的通知核对。"
            "下列各项逐项办结后，才可以下发空白表、用它出正式结果。"
        )
        rows = ((number, *task, "") for number, task in enumerate(tasks, start=1))
        _sheet(book, "待办事项", title, intro, _TASKS, rows)
        rows_of_cities = [*start.counts.items(), (rulebook.pool.total_label, sum(start.counts.values()))]
        _sheet(book, COUNTS_SHEET, f"{start.year}年计入培育库的企业", start.basis, _COUNTS, rows_of_cities)


def _sheet(
    book: Book, name: str, title: str, intro: str, columns: Sequence[Column], rows: Iterable[Sequence[str | int]]
) -> None:
    """A sheet with its title, a sentence, a table and the stamp."""
    sheet = book.sheet(name, landscape=len(columns) > 3, header_rows=(2, 2))
    last = len(columns) - 1
    width = sum(column.width for column in columns)
    book.widths(sheet, [column.width for column in columns])
    book.merge(sheet, (0, 0, 0, last), title, "heading", height=18 * lines_in(title, width * 0.7) + 6)
    book.merge(sheet, (1, 0, 1, last), intro, "plain", height=17 * lines_in(intro, width) + 4)
    book.header(sheet, 2, columns)
    sheet.freeze_panes(3, 0)
    bottom = book.rows(sheet, 3, columns, rows)
    book.put(sheet, bottom + 1, 0, f"{OUTPUT_STAMP}。", "stamp")


def write_pool_start(path: Path, rulebook: Rulebook, demo: bool) -> None:
    """Writes 附件3 with the counts that next year's rulebook knows, targets blank, as the form that the office completes."""
    levels: dict[str, list[PoolRow]] = {}
    for level in rulebook.pool.levels:
        rows = []
        for city in rulebook.city_names:
            added = [level.counts.get(str(year), {}).get(city) for year in rulebook.pool.years]
            rows.append(PoolRow(city, added, None, None, None))
        levels[level.id] = rows
    write_pool_form(path, levels, rulebook, demo)
