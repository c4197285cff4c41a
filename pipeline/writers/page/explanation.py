"""为什么是这个分, for the province: how one company's score came about, as a workbook and as a page of HTML."""

from __future__ import annotations

from pathlib import Path

from pipeline.model.score_explained import ScoreExplained
from pipeline.model.stamps import OUTPUT_PROPERTY, OUTPUT_PROPERTY_VALUE, OUTPUT_STAMP, PAGE_GENERATOR
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.workbook import LINE_HEIGHT, open_book
from pipeline.writers.page.explanation_words import columns_of, endings_of, heading_of, lines_of
from pipeline.writers.page.template import write_page

TITLE = "为什么是这个分"


def write_explanation(path: Path, explanation: ScoreExplained) -> None:
    """Writes a workbook that has the output stamp."""
    properties = {OUTPUT_PROPERTY: OUTPUT_PROPERTY_VALUE}
    title = f"{TITLE}：{explanation.company}"
    with open_book(path, explanation.date, title, properties, label=explanation.label, demo=explanation.demo) as book:
        columns = columns_of(explanation)
        last = len(columns) - 1
        width = sum(column.width for column in columns)
        sheet = book.sheet(TITLE, landscape=True)
        book.merge(sheet, (0, 0, 0, last), title, "title", height=32)
        row = 1
        for sentence in heading_of(explanation):
            book.merge(sheet, (row, 0, row, last), sentence, "plain", LINE_HEIGHT * lines_in(sentence, width) + 3)
            row += 1
        book.header(sheet, row, columns)
        row = book.rows(sheet, row + 1, columns, lines_of(explanation))
        for text in endings_of(explanation):
            book.merge(sheet, (row, 0, row, last), text, "plain", LINE_HEIGHT * lines_in(text, width) + 3)
            row += 1
        book.put(sheet, row, 0, f"{OUTPUT_STAMP}。", "stamp")


def write_explanation_page(path: Path, explanation: ScoreExplained) -> None:
    """Writes a page of HTML that loads nothing."""
    values = {
        "title": f"{TITLE}：{explanation.company}",
        "heading": heading_of(explanation),
        "columns": columns_of(explanation),
        "lines": lines_of(explanation),
        "endings": endings_of(explanation),
        "generator": PAGE_GENERATOR,
        "stamp": OUTPUT_STAMP,
    }
    write_page(path, "explain.html.j2", values)
