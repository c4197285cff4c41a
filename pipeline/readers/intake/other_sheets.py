"""Sheets of a workbook that nobody reads beside a nomination, marks or a pool: they may continue it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pipeline.issues.catalogue import OTHER_SHEET_NOT_READ, OTHER_SHEET_REPEATS
from pipeline.issues.issue import Issue
from pipeline.issues.words import listed
from pipeline.model.forms import MARKS, NOMINATION, POOL
from pipeline.model.names import clean_name, is_company_name, name_key
from pipeline.model.records import SheetReading
from pipeline.model.texts import label_of, narrowed, narrowed_set
from pipeline.readers.forms.nomination.header import MINIMUM_HEADERS, NominationHeader, recognise_nomination
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.passed_over import is_example, is_note, looks_like_company
from pipeline.readers.values.answers import whole_number

_REGIONS = "地区"
_LEAST_DIGITS = 7  # of a phone
_MOST_HEADERS = 20  # arrangements of columns by which an unread sheet is looked at

Read = Sequence[tuple[Sheet, SheetReading]]
Headers = Sequence[NominationHeader]  # of the nominations that were read


class _Held(NamedTuple):
    """What a sheet that nobody reads holds of a list. names: companies or regions; unit: their measure word."""

    names: tuple[str, ...]
    unit: str
    kind: str


def issues_of_unread(read: Read, unread: Iterable[Sheet]) -> list[Issue]:
    """One issue for each unread sheet that holds names of companies, or goes on with the rows of a list.

    F41 for a name that no sheet read has; beside marks for names with numbers that can be marks, since a page of marks
    repeats the names. F42 for any other, and for a hidden sheet, which nobody who looks at the workbook takes for a part
    of it.
    """
    kinds = {form.kind for _, form in read}
    if not kinds & {NOMINATION.id, MARKS.id, POOL.id}:
        return []
    known = {name_key(name) for _, form in read for name in _names_read(form)}
    found = (recognise_nomination(sheet) for sheet, form in read if form.kind == NOMINATION.id)
    headers = list({tuple(header.columns.items()): header for header in found if header}.values())
    issues = []
    for sheet in unread:
        held = _held_by(sheet, headers[:_MOST_HEADERS], POOL.id in kinds)
        if not held.names:
            continue
        new = [name for name in held.names if name_key(name) not in known]
        if not new and held.kind == _REGIONS:
            continue  # a sheet of numbers beside a pool, which the pool's own reader tells of
        continues = _has_marks(sheet) if MARKS.id in kinds else bool(new)
        code = OTHER_SHEET_NOT_READ if continues else OTHER_SHEET_REPEATS
        names = new or held.names
        facts = {"what": sheet.grid.name, "held": f"{len(names)} {held.unit}{held.kind}（{listed(names, unit='')}）"}
        issues.append(Issue(OTHER_SHEET_REPEATS if sheet.grid.hidden else code, sheet.whole, facts=facts))
    return issues


def _names_read(form: SheetReading) -> Iterator[str]:
    """The companies and regions of a sheet that was read."""
    yield from (nomination.company for nomination in form.nominations)
    yield from (mark.company for mark in form.marks)
    yield from (entry.company for entry in form.pool_names)
    yield from (count.region for count in form.pool_counts)


def _held_by(sheet: Sheet, headers: Headers, beside_pool: bool) -> _Held:
    names = dict.fromkeys(clean_name(name) for name in (*_companies(sheet), *_companies_in_rows(sheet, headers)))
    if names:
        return _Held(tuple(names), "家", "企业")
    return _Held(tuple(dict.fromkeys(_regions(sheet))) if beside_pool else (), "个", _REGIONS)


def _companies(sheet: Sheet) -> Iterator[str]:
    """The cells that are a company's name by their ending, labels and notes aside."""
    words = sheet.lexicon.rulebook.vocabulary
    for _, value in sheet.grid.ordered:
        if not isinstance(value, str) or ":" in label_of(value) or is_example("", value):
            continue
        named = looks_like_company(value, words.company_endings) and is_company_name(
            value, words.company_endings, words.form_words
        )
        if named and not is_note(value, words.company_endings, words.office_endings):
            yield value


def _companies_in_rows(sheet: Sheet, headers: Headers) -> Iterator[str]:
    """The names in rows that are filled as those of a nomination on another sheet, whatever the names end with."""
    words = sheet.lexicon.rulebook.vocabulary
    for header in headers:
        for row in sheet.grid.rows:
            name = sheet.grid.text_at((row, header.columns["company"]))
            filled = [column for column in header.columns.values() if (row, column) in sheet.grid.cells]
            is_named = is_company_name(name, words.company_endings, words.form_words)
            if len(filled) >= MINIMUM_HEADERS and is_named and _is_nominated(sheet, header, row):
                yield name


def _is_nominated(sheet: Sheet, header: NominationHeader, row: int) -> bool:
    """True for a row with a phone or a verdict in its column, which no statistics have."""
    words = sheet.lexicon.rulebook.vocabulary
    phone, verdict = (sheet.grid.text_at((row, header.columns.get(name, 0))) for name in ("phone", "recommendation"))
    known = narrowed_set((*words.refusals, *words.consents))
    return sum(map(str.isdecimal, phone)) >= _LEAST_DIGITS or narrowed(verdict).upper() in known


def _has_marks(sheet: Sheet) -> bool:
    """True for a sheet on which some row has a company's name and a number that can be a mark, behind the name."""
    words, values = sheet.lexicon.rulebook.vocabulary, sheet.lexicon.values
    highest = float(max(item.points for item in sheet.lexicon.rulebook.expert_indicators))
    for cells in sheet.grid.rows.values():
        named = False
        for _, value in cells:
            if named and values.mark(value, highest).state == "given":
                return True
            named = named or (isinstance(value, str) and looks_like_company(value, words.company_endings))
    return False


def _regions(sheet: Sheet) -> Iterator[str]:
    """The cities in rows with a whole number, as those of a pool."""
    cities = sheet.lexicon.regions.cities
    for cells in sheet.grid.rows.values():
        if any(whole_number(value) is not None for _, value in cells):
            yield from (
                cities[label_of(value)] for _, value in cells if isinstance(value, str) and label_of(value) in cities
            )
