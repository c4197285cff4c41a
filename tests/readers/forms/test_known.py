"""The known forms: each sheet is asked once what it is, in a fixed order, and a further form is one row of the table."""

from __future__ import annotations

import pytest

from pipeline.model.forms import FORM_KINDS, NOMINATION, FormKind
from pipeline.model.records import SheetReading
from pipeline.readers.forms import known
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.grid import Grid
from tests.support.arrivals import being_read, nominated, nomination, read
from tests.support.workbooks import workbook

CONTACTS = FormKind("contacts", "区县联系人", "区县联系人表")


def recognise_contacts(sheet: Sheet) -> list[int] | None:
    rows = [row for row in sheet.grid.rows if sheet.grid.text_at((row, 1)) == "联系人"]
    return rows or None


def read_contacts(sheet: Sheet, rows: list[int]) -> SheetReading:
    return SheetReading(sheet.grid.name, CONTACTS.id, remark=str(rows))


def test_every_kind_of_form_has_one_row():
    assert sorted(form.kind.id for form in known.FORMS) == sorted(kind.id for kind in FORM_KINDS)


def test_what_was_recognised_is_handed_to_reading():
    given: list[object] = []
    recognised = ["a header"]

    def read_by(sheet: Sheet, header: list[str]) -> SheetReading:
        given.append(header)
        return SheetReading(sheet.grid.name, NOMINATION.id)

    form = known.Form(NOMINATION, lambda sheet: recognised, read_by)
    assert form.reading_of(being_read(Grid("表")))
    assert [header is recognised for header in given] == [True]


def test_a_sheet_that_is_another_form_is_not_read():
    form = known.Form(NOMINATION, lambda sheet: None, read_contacts)
    assert form.reading_of(being_read(Grid("表"))) is None


def test_a_recognised_sheet_is_asked_no_further(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def counting(form: known.KnownForm) -> known.KnownForm:
        def recognise(sheet: Sheet) -> SheetReading | None:
            asked.append(form.kind.id)
            return form.reading_of(sheet)

        return known.Form(form.kind, recognise, lambda sheet, reading: reading)

    monkeypatch.setattr(known, "FORMS", tuple(map(counting, known.FORMS)))
    reading = read(nomination(nominated(1, "甲公司")))
    assert [sheet.kind for sheet in reading.sheets] == [NOMINATION.id]
    assert asked == ["assessment", "decisions", "marks", "pool", "nomination"]


def test_a_further_form_is_one_row_of_the_table(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(known, "FORMS", (*known.FORMS, known.Form(CONTACTS, recognise_contacts, read_contacts)))
    reading = read(workbook({"表": "联系人|电话\n张三|1"}))
    assert (reading.kind, reading.sheets[0].remark) == ("contacts", "[1]")
