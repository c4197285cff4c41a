"""The lines above an official table: its label, its title, and the line for the seal and the day."""

from __future__ import annotations

from pipeline.model.display import long_date
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.workbook import Book

HEADER_ROW = 3  # of the table below
_OFFICE = "制表单位（盖章）："


def write_head(
    book: Book,
    sheet: LiveSheet,
    last: int,
    label: str,
    title: str,
    date: str,
    *,
    unit: str = "",
    note: str = "",
    note_height: float = 16,
    height: float = 34,
) -> None:
    """Writes the first three rows over the columns up to `last`. date: "2024-01-01"; unit: what the figures count, for a
    table whose headers do not say it; note: what stands in the third row of a table that is not to be signed, and the
    points that it needs; height: points of the title's row."""
    middle = last // 2
    if label:
        book.put(sheet, 0, 0, label, "label")
    book.merge(sheet, (1, 0, 1, last), title, "title", height=height)
    if note:
        book.merge(sheet, (2, 0, 2, last), note, "note", height=note_height)
        return
    book.merge(sheet, (2, 0, 2, middle), _OFFICE, "sealed")
    counted = f"单位：{unit}　　" if unit else ""
    book.merge(sheet, (2, middle + 1, 2, last), f"{counted}{long_date(date)}", "dated", height=20)
