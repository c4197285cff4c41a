"""Plain data sheets: one table that programs and screen readers go through without help.

After the checklist of the UK Government Analysis Function, "Making spreadsheets accessible": one table to a sheet, marked
as a table and named; the title in A1, notes below it, one to a row; no merged, hidden or empty cell; each header once, on
one line; what a colour or a footer would say stands in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.model.display import is_missing
from pipeline.writers.book.fitting import text_width
from pipeline.writers.book.live import Value
from pipeline.writers.book.workbook import Book, Column

NOTHING = "[无]"  # in a cell without a figure or a text
_NOTHING_SAID = f"写着“{NOTHING}”的格子没有内容。"
_WIDER = 1.5  # the title's font against the body's
_FIGURES = {"number": "data_figure", "whole": "data_figure", "points": "data_figure", "ratio": "data_ratio"}


def write_plain(
    book: Book, name: str, title: str, notes: Sequence[str], columns: Sequence[Column], rows: Iterable[Sequence[Value]]
) -> None:
    """Writes sheet `name`. Of the columns' looks only what a figure is remains; a table without rows has one that says so."""
    sheet = book.sheet(name)
    top = len(notes) + 2
    book.put(sheet, 0, 0, title, "data_title")
    for row, note in enumerate((*notes, _NOTHING_SAID), start=1):
        book.put(sheet, row, 0, note, "data_note")
    labels = [column.label.replace("\n", "") for column in columns]
    last = top
    for last, values in enumerate(rows, start=top + 1):
        for number, (value, column) in enumerate(zip(values, columns, strict=True)):
            shown = NOTHING if value == "" or is_missing(value) else value
            book.put(sheet, last, number, shown, _FIGURES.get(column.role, "data"))
    if last == top:
        last += 1
        for number in range(len(columns)):
            book.put(sheet, last, number, NOTHING, "data")
    header = book.look("data_header")
    sheet.add_table(
        top,
        0,
        last,
        len(columns) - 1,
        {
            "name": f"表_{name}",
            "style": "Table Style Light 1",
            "banded_rows": False,
            "columns": [{"header": label, "header_format": header} for label in labels],
        },
    )
    widths = [column.width for column in columns]
    longest = max(text_width(text) for text in (title, *notes, _NOTHING_SAID)) * _WIDER
    book.widths(sheet, widths, beyond=max(0, longest - sum(widths)))
