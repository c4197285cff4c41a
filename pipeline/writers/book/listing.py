"""Listings and small tables: rows under a header, with the stamp below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, count, islice
from typing import Any

import pandas as pd

from pipeline.model.display import shown_decimals
from pipeline.model.results import Standing
from pipeline.writers.book import workbook as books
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.stamped import stamp_line
from pipeline.writers.book.workbook import A3, Book, Cell, Column, Styled

A4_WIDTH = 240  # narrow characters across a landscape A4 page; a wider listing would print below 6 points


def write_listing(
    book: Book,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    standing: Standing,
    *,
    frozen_columns: int = 0,
    pages_wide: int = 1,
    empty: str = "",
) -> None:
    """Writes sheet `name`: a header row that filters, is frozen and printed on every page; the rows; the stamp. No cell
    is merged. Rows beyond a sheet's limit continue in `name`（2）, （3） …. empty: the sentence instead of no rows."""
    remaining = iter(rows)
    for number in count(1):
        sheet = _listing_sheet(
            book, name if number == 1 else f"{name}（{number}）", columns, frozen_columns, pages_wide
        )
        last = book.rows(sheet, 1, columns, islice(remaining, books.MAX_ROWS))
        if last == 1 and empty:
            book.put(sheet, 1, 0, empty, "stamp")
            last = 2
        sheet.autofilter(0, 0, last - 1, len(columns) - 1)
        book.put(sheet, last + 1, 0, stamp_line(standing), "stamp")
        following = next(remaining, None)
        if following is None:
            return
        remaining = chain([following], remaining)


def _listing_sheet(book: Book, name: str, columns: Sequence[Column], frozen_columns: int, pages_wide: int) -> LiveSheet:
    """The sheet with its header and page set-up. Frozen columns repeat on every page of a sheet several pages wide."""
    sheet = book.sheet(name, landscape=len(columns) > 5, header_rows=(0, 0))
    sheet.fit_to_pages(pages_wide, 0)
    width = sum(column.width for column in columns)
    if pages_wide > 1 and frozen_columns:
        sheet.repeat_columns(0, frozen_columns - 1)
        width += (pages_wide - 1) * sum(column.width for column in columns[:frozen_columns])
    if width > pages_wide * A4_WIDTH:
        sheet.set_paper(A3)
    sheet.freeze_panes(1, frozen_columns)
    book.header(sheet, 0, columns)
    return sheet


def rows_of(table: pd.DataFrame, columns: Sequence[Column]) -> Iterable[tuple[Any, ...]]:
    """The rows of `table`, the values in the order of `columns`. Raises KeyError for a column that the table lacks."""
    return zip(*(table[column.id].tolist() for column in columns), strict=True)


def with_distinct_totals(companies: pd.DataFrame) -> pd.DataFrame:
    """`companies`, ordered by rank, with more decimals in total where neighbours of different rank would look equal."""
    values = companies["total"].tolist()
    decimals = shown_decimals(values, companies["rank"].tolist())
    cells = [
        value if needed == 2 else Styled(value, extra={"num_format": "0." + "0" * needed})
        for value, needed in zip(values, decimals, strict=True)
    ]
    return companies.assign(total=pd.Series(cells, index=companies.index, dtype="object"))


def write_block(
    book: Book, sheet: LiveSheet, top: int, heading: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> int:
    """Writes a heading in row `top` and a small table below it; returns the row two below the table."""
    book.put(sheet, top, 0, heading, "heading")
    book.header(sheet, top + 1, columns, height=22)
    return book.rows(sheet, top + 2, columns, rows) + 1
