"""Writes filled forms: 附件1, 附件2, 专家评分表 and 附件3.

Each function writes a workbook in the layout and words of the notice, with the form stamp by which it is read as a form.
Values are written as given: text as text, a number as a number, None as a blank cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import DEMO_LABEL, FORM_PROPERTY, FORM_PROPERTY_VALUE, FORM_STAMP
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.workbook import Book, open_book
from pipeline.writers.forms.layout import ATTACHMENTS, LINE_HEIGHT, Box, FormLayout, assessment_layout
from pipeline.writers.forms.list_layout import MARKS_SHEET, marks_layout, nomination_layout, pool_layout

Typed = str | int | float | None
_STREAMED_FROM = 5000  # rows from which a listing is written row by row instead of being kept in memory


class FormAnswer(NamedTuple):
    """One item of 附件1 as typed: N, M, and for 数据协同 the mark left of each category."""

    n: Typed = None
    m: Typed = None
    ticks: Mapping[str, str] = {}


class AssessmentEntry(NamedTuple):
    """One company's 附件1, on the sheet `sheet`. answers: by indicator id; a missing item stays blank."""

    company: str
    city: str
    county: str
    credit_code: str
    sheet: str
    answers: Mapping[str, FormAnswer]


class PoolRow(NamedTuple):
    """One row of 附件3 as printed. added: by year, in the rulebook's order; progress: a ratio (1.427)."""

    region: str
    added: Sequence[int | None]
    cumulative: Typed
    target: Typed
    progress: Typed


def write_assessments(path: Path, entries: Iterable[AssessmentEntry], rulebook: Rulebook, demo: bool = False) -> None:
    """Writes 附件1 of one or several companies, a sheet each."""
    layout = assessment_layout(rulebook)
    with open_form(path, rulebook, rulebook.titles.assessment, demo) as book:
        for entry in entries:
            form_sheet(book, entry.sheet, layout, rulebook, demo, typed=typed_answers(entry))


def typed_answers(entry: AssessmentEntry) -> dict[tuple[str, str], Typed]:
    """What a company typed, by the slots of 附件1's layout."""
    typed: dict[tuple[str, str], Typed] = {
        ("identity", "company"): entry.company,
        ("identity", "credit_code"): entry.credit_code,
        ("identity", "city"): entry.city,
        ("identity", "county"): entry.county,
    }
    for indicator, answer in entry.answers.items():
        typed[indicator, "n"] = answer.n
        typed[indicator, "m"] = answer.m
        typed |= {(indicator, category): mark for category, mark in answer.ticks.items()}
    return typed


def write_nomination_form(
    path: Path, rows: Sequence[Mapping[str, Typed]], rulebook: Rulebook, demo: bool = False
) -> None:
    """Writes 附件2 of a county or a city. rows: a company each, values by the rulebook's column id."""
    layout = nomination_layout(rulebook)
    with open_form(path, rulebook, rulebook.titles.nomination, demo) as book:
        sheet = form_sheet(book, ATTACHMENTS["nomination"], layout, rulebook, demo, landscape=True)
        _fill_rows(book, sheet, layout, rows)


def write_marks_form(
    path: Path,
    expert: str,
    companies: Sequence[str],
    marks: Iterable[Mapping[str, Typed]],
    rulebook: Rulebook,
    demo: bool = False,
) -> None:
    """Writes one expert's 专家评分表. marks: for each of the companies, in the same order, by indicator id."""
    layout = marks_layout(rulebook)
    with open_form(path, rulebook, rulebook.titles.marks, demo, large=len(companies) > _STREAMED_FROM) as book:
        sheet = form_sheet(book, MARKS_SHEET, layout, rulebook, demo, typed={("identity", "expert"): expert})
        lines = zip(companies, marks, strict=True)
        rows = ({**line, "order": number, "company": name} for number, (name, line) in enumerate(lines, start=1))
        _fill_rows(book, sheet, layout, rows)


def write_pool_form(
    path: Path, levels: Mapping[str, Sequence[PoolRow]], rulebook: Rulebook, demo: bool = False
) -> None:
    """Writes 附件3 with a sheet for each level (市级, 区县级); totals and percentages are written as given."""
    with open_form(path, rulebook, ATTACHMENTS["pool"], demo) as book:
        for level in rulebook.pool.levels:
            if level.id not in levels:
                continue
            layout = pool_layout(rulebook, level)
            sheet = form_sheet(book, level.id, layout, rulebook, demo)
            rows = [
                {**row._asdict(), **dict(zip(map(str, rulebook.pool.years), row.added, strict=True)), "order": number}
                for number, row in enumerate(levels[level.id], start=1)
            ]
            _fill_rows(book, sheet, layout, rows)


def open_form(
    path: Path, rulebook: Rulebook, title: str, demo: bool = False, large: bool = False
) -> AbstractContextManager[Book]:
    """A new workbook with the form stamp in its properties. large: written row by row."""
    stamp = {FORM_PROPERTY: FORM_PROPERTY_VALUE}
    return open_book(path, rulebook.date.isoformat(), title, stamp, demo=demo, large=large)


def form_sheet(
    book: Book,
    name: str,
    layout: FormLayout,
    rulebook: Rulebook,
    demo: bool = False,
    landscape: bool = False,
    typed: Mapping[tuple[str, str], Typed] | None = None,
) -> LiveSheet:
    """Writes a sheet with the printed text of the form, the stamp, and the values typed into its slots (by slot), row by
    row."""
    header = layout.header_row
    sheet = book.sheet(name, landscape=landscape, header_rows=(header, header))
    book.widths(sheet, layout.widths)
    for row, height in layout.heights.items():
        sheet.set_row(row, height)
    stamp = "　".join(part for part in (FORM_STAMP, rulebook.version, DEMO_LABEL if demo else "") if part)
    filled: list[tuple[Box, Typed]] = [(box, box.text) for box in layout.boxes]
    filled += [(box, (typed or {}).get(slot)) for slot, box in layout.slots.items()]
    for box, value in sorted([*filled, (layout.stamp, stamp)], key=lambda cell: cell[0][:2]):
        extra = {"align": "right"} if box is layout.stamp else {}
        _fill(book, sheet, box, value, **extra)
    return sheet


def _fill(book: Book, sheet: LiveSheet, box: Box, value: Typed, **extra: Any) -> None:
    if (box.row, box.column) != (box.last_row, box.last_column):
        sheet.merge_range(box.row, box.column, box.last_row, box.last_column, "", book.look(box.role))
    book.put(sheet, box.row, box.column, value, box.role, **extra)


def _fill_rows(book: Book, sheet: LiveSheet, layout: FormLayout, rows: Iterable[Mapping[str, Typed]]) -> None:
    """Writes the listing below the header. rows: values by the fields of `layout.columns`."""
    for row, values in enumerate(rows, start=layout.header_row + 1):
        sheet.set_row(row, _row_height(layout, values))
        for number, (column, role) in enumerate(layout.columns):
            book.put(sheet, row, number, values.get(column), role)


def _row_height(layout: FormLayout, values: Mapping[str, Typed]) -> float:
    """The height in points at which no text of the row is cut."""
    columns = zip(layout.columns, layout.widths, strict=True)
    lines = (lines_in(str(values.get(field) or ""), width - 1) for (field, _), width in columns)
    return max(22.0, LINE_HEIGHT * max(lines) + 6)
