"""Listings and small tables: rows under a header, with the stamp below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, count, islice
from typing import Any

import pandas as pd

from pipeline.model.display import decimals_of, shown, shown_decimals
from pipeline.model.results import Standing
from pipeline.writers.book import workbook as books
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.stamped import stamp_line
from pipeline.writers.book.workbook import Book, Cell, Column, Styled

MOST_DECIMALS = 6  # a figure in 万元 to the hundredth of a yuan
_AROUND_FIGURE = 1.5  # narrow characters that a figure's cell needs beside it


def write_listing(
    book: Book,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    standing: Standing,
    *,
    frozen_columns: int = 0,
    empty: str = "",
) -> None:
    """Writes sheet `name`: a header row that filters, is frozen and printed on every page; the rows; the stamp. No cell
    is merged. Rows beyond a sheet's limit continue in `name`（2）, （3） …. empty: the sentence instead of no rows."""
    remaining = iter(rows)
    for number in count(1):
        sheet = _listing_sheet(book, name if number == 1 else f"{name}（{number}）", columns, frozen_columns)
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


def _listing_sheet(book: Book, name: str, columns: Sequence[Column], frozen_columns: int) -> LiveSheet:
    """The sheet with its header. Frozen columns repeat on every page of a sheet several pages wide."""
    sheet = book.sheet(name, header_rows=(0, 0))
    sheet.freeze_panes(1, frozen_columns)
    book.header(sheet, 0, columns, repeated=frozen_columns)
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


def with_equal_decimals(companies: pd.DataFrame, columns: Sequence[Column]) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """`companies`, the figures of every column of role "number" with one number of decimals, the fewest that show each to
    its last digit; and `columns`, as wide as their figures."""
    changed: dict[str, pd.Series[Any]] = {}
    fitted = list(columns)
    for position, column in enumerate(columns):
        if column.role != "number":
            continue
        values = companies[column.id].tolist()
        decimals = decimals_of(values, MOST_DECIMALS)
        look = {"num_format": f"0.{'0' * decimals}".rstrip(".")}
        changed[column.id] = pd.Series(
            [Styled(value, extra=look) for value in values], index=companies.index, dtype="object"
        )
        widest = max((len(shown(value, decimals)) for value in values), default=0)
        fitted[position] = column._replace(width=max(column.width, widest + _AROUND_FIGURE))
    return companies.assign(**changed), tuple(fitted)


def write_block(
    book: Book, sheet: LiveSheet, top: int, heading: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]
) -> int:
    """Writes a heading in row `top` and a small table below it; returns the row two below the table."""
    book.put(sheet, top, 0, heading, "heading")
    book.header(sheet, top + 1, columns, height=22)
    return book.rows(sheet, top + 2, columns, rows) + 1
