"""One 附件1 that was cut over several sheets of a workbook: none of them is whole, and together they are one form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

from pipeline.issues.catalogue import FORM_ON_SEVERAL_SHEETS
from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_phones
from pipeline.issues.words import listed
from pipeline.model.forms import ASSESSMENT
from pipeline.model.names import name_key
from pipeline.model.records import Answer, Assessment, Reading, SheetReading
from pipeline.readers.forms.assessment.blocks import Layout, find_layout, form_words
from pipeline.readers.forms.assessment.form import MINIMUM_NAMES, read_assessment
from pipeline.readers.forms.assessment.several import names_around
from pipeline.readers.forms.sheet import Sheet

_NOT_READ = Reading(state="error")

Looked = tuple[Sheet, SheetReading | None]  # a sheet and what was read of it, None for one of no known form


class _Page(NamedTuple):
    """A sheet with some indicators of 附件1. position: in the workbook; form: None for a sheet with too few to be
    recognised by itself."""

    position: int
    sheet: Sheet
    form: Assessment | None
    indicators: frozenset[str]
    layout: Layout


def with_pages_joined(sheets: Sequence[Looked]) -> list[Looked]:
    """The sheets of a workbook, those that hold one 附件1 together as one reading: nothing of it counts, and T63 says
    why.

    Visible sheets are the pages of one form when every one has indicators with their N or M, no two have the same, none
    has all, together they have as many as a form is known by, and no two name different companies in a label.
    """
    pages = _pages(sheets) if len(sheets) > 1 else []
    if not _are_one_form(pages):
        return list(sheets)
    forms = [(page, page.form or read_assessment(page.sheet, page.layout, names_around(page.sheet))) for page in pages]
    base, form = next(((page, form) for page, form in forms if _labelled(form)), forms[0])
    names = [f"“{mask_phones(page.sheet.grid.name)}”" for page in pages]
    facts = {"count": str(len(names)), "sheets": listed(names, "张")}
    answers = tuple(Answer(answer.indicator, _NOT_READ, _NOT_READ) for answer in form.answers)
    reading = SheetReading(base.sheet.grid.name, ASSESSMENT.id)
    issue = Issue(FORM_ON_SEVERAL_SHEETS, form.anchor, facts=facts)
    reading.assessments.append(replace(form, answers=answers, issues=(issue,)))
    taken = {page.position for page in pages} - {base.position}
    joined = [(base.sheet, reading) if position == base.position else entry for position, entry in enumerate(sheets)]
    return [entry for position, entry in enumerate(joined) if position not in taken]


def _pages(sheets: Sequence[Looked]) -> list[_Page]:
    """The visible sheets with indicators of 附件1, those with several forms left out."""
    pages = []
    for position, (sheet, reading) in enumerate(sheets):
        if sheet.grid.hidden or (reading and reading.kind != ASSESSMENT.id):
            continue
        layout = find_layout(sheet.grid, form_words(sheet.lexicon))
        indicators = frozenset(block.indicator for block in layout.blocks if block.captions)
        forms = reading.assessments if reading else []
        if indicators and len(forms) < 2:
            pages.append(_Page(position, sheet, forms[0] if forms else None, indicators, layout))
    return pages


def _are_one_form(pages: Sequence[_Page]) -> bool:
    """True for two or more sheets that are parts of one form."""
    whole = {item.id for page in pages for item in page.sheet.lexicon.rulebook.ratio_indicators}
    if len(pages) < 2 or any(page.indicators >= whole for page in pages):
        return False
    if sum(len(page.indicators) for page in pages) < MINIMUM_NAMES:
        return False
    if any(one.indicators & other.indicators for one, other in combinations(pages, 2)):
        return False
    return len({name_key(name) for page in pages if (name := _labelled(page.form))}) < 2


def _labelled(form: Assessment | None) -> str:
    """The name in the form's labelled cell, "" without one."""
    return next((text for text, source, _ in form.names if source == "label"), "") if form else ""
