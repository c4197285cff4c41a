"""The plain data sheets beside the official tables: the same rows without lay-out, and without persons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from pipeline.model.display import long_date
from pipeline.model.results import Results
from pipeline.writers.book.listing import rows_of
from pipeline.writers.book.live import Value
from pipeline.writers.book.plain import write_plain
from pipeline.writers.book.stamped import stamp_line, titled
from pipeline.writers.book.workbook import Book, Column

_PERSONS = ("contact", "phone")
_WITHOUT_PERSONS = "不含联系人和电话，这两栏只在“附件2”表。"


def write_list_twin(book: Book, results: Results, companies: pd.DataFrame, columns: Sequence[Column]) -> None:
    """附件2数据: the companies of 附件2 in its order, with their status. companies: as `company_rows` returns them."""
    kept = tuple(column for column in columns if column.id not in _PERSONS)
    kept += (Column("status", "状态", 14),)
    title = titled(results.rulebook.titles.nomination, results.standing, ranking=True)
    notes = (_origin(results, "附件2"), _WITHOUT_PERSONS)
    write_plain(book, "附件2数据", title, notes, kept, rows_of(companies, kept))


def write_public_twin(book: Book, results: Results, companies: pd.DataFrame, columns: Sequence[Column]) -> None:
    """公示名单数据: the companies of 公示名单 in its order."""
    title = titled(results.rulebook.titles.public_list, results.standing, ranking=True)
    write_plain(book, "公示名单数据", title, (_origin(results, "公示名单"),), columns, rows_of(companies, columns))


def write_level_twin(
    book: Book, results: Results, level: str, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]
) -> None:
    """市级数据, 区县级数据: the rows of one table of 附件3, the figures as values."""
    words = results.rulebook.pool_words
    progress, cumulative, target = (words.label(item) for item in ("progress", "cumulative", "target"))
    notes = (_origin(results, level), f"单位：家；{progress}为{cumulative}除以{target}。")
    write_plain(book, f"{level}数据", titled(title, results.standing), notes, columns, rows)


def _origin(results: Results, sheet: str) -> str:
    return f"与“{sheet}”表内容相同，供程序和读屏软件使用，{long_date(results.date)}。{stamp_line(results.standing)}"
