"""为什么是这个分, for the province: one company's derivation as words for the screen, a page and a workbook."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.model.score_explained import ScoreExplained
from pipeline.model.stamps import OUTPUT_PROPERTY, OUTPUT_PROPERTY_VALUE, OUTPUT_STAMP
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.workbook import LINE_HEIGHT, open_book, safe_text
from pipeline.writers.page.explanation_words import COLUMNS, endings_of, heading_of, lines_of
from pipeline.writers.page.report import TEMPLATES
from pipeline.writers.publishing.single_file import GENERATOR

TITLE = "为什么是这个分"


def write_explanation(path: Path, explanation: ScoreExplained) -> None:
    """The derivation as a workbook of one printed page, with the output stamp."""
    properties = {OUTPUT_PROPERTY: OUTPUT_PROPERTY_VALUE}
    title = f"{TITLE}：{explanation.company}"
    with open_book(path, explanation.date, title, properties, label=explanation.label, demo=explanation.demo) as book:
        last = len(COLUMNS) - 1
        width = sum(column.width for column in COLUMNS)
        sheet = book.sheet(TITLE, landscape=True)
        sheet.fit_to_pages(1, 1)
        book.merge(sheet, (0, 0, 0, last), title, "title", height=32)
        row = 1
        for sentence in heading_of(explanation):
            book.merge(sheet, (row, 0, row, last), sentence, "plain", LINE_HEIGHT * lines_in(sentence, width) + 3)
            row += 1
        book.header(sheet, row, COLUMNS)
        row = book.rows(sheet, row + 1, COLUMNS, lines_of(explanation))
        for text in endings_of(explanation):
            book.merge(sheet, (row, 0, row, last), text, "plain", LINE_HEIGHT * lines_in(text, width) + 3)
            row += 1
        book.put(sheet, row, 0, f"{OUTPUT_STAMP}。", "stamp")


def write_explanation_page(path: Path, explanation: ScoreExplained) -> None:
    """The derivation as one page of HTML with nothing from outside."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: safe_text(value) if type(value) is str else value,
    )
    page = environment.get_template("explain.html.j2").render(
        title=f"{TITLE}：{explanation.company}",
        heading=heading_of(explanation),
        columns=COLUMNS,
        lines=lines_of(explanation),
        endings=endings_of(explanation),
        generator=GENERATOR,
        stamp=OUTPUT_STAMP,
    )
    path.write_bytes(page.encode("utf-8"))
