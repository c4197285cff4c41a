"""The known forms, in the order in which a sheet is asked whether it is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pipeline.model.forms import ASSESSMENT, DECISIONS, MARKS, NOMINATION, POOL, FormKind
from pipeline.model.records import SheetReading
from pipeline.readers.forms.assessment.several import read_assessments, recognise_assessment
from pipeline.readers.forms.decisions import read_decisions, recognise_decisions
from pipeline.readers.forms.marks.form import read_marks, recognise_marks
from pipeline.readers.forms.nomination.form import read_nomination
from pipeline.readers.forms.nomination.header import recognise_nomination
from pipeline.readers.forms.pool.form import read_pool, recognise_pool
from pipeline.readers.forms.sheet import Sheet

Recognised = TypeVar("Recognised")


class KnownForm(Protocol):
    """A form that a sheet may hold."""

    @property
    def kind(self) -> FormKind:
        """Its facts."""

    def reading_of(self, sheet: Sheet) -> SheetReading | None:
        """What the sheet holds of this form; None for a sheet that is none."""


@dataclass(frozen=True)
class Form(Generic[Recognised]):
    """One form.

    kind: its facts. recognise: finds the header, layout or tables by which a sheet is this
    form; None for a sheet that is none. read: reads a sheet by what `recognise` found.
    """

    kind: FormKind
    recognise: Callable[[Sheet], Recognised | None]
    read: Callable[[Sheet, Recognised], SheetReading]

    def reading_of(self, sheet: Sheet) -> SheetReading | None:
        """What the sheet holds of this form, whoever sent it; None for a sheet that is none."""
        recognised = self.recognise(sheet)
        return None if recognised is None else self.read(sheet, recognised)


FORMS: tuple[KnownForm, ...] = (
    Form(ASSESSMENT, recognise_assessment, read_assessments),
    Form(DECISIONS, recognise_decisions, read_decisions),
    Form(MARKS, recognise_marks, read_marks),
    Form(POOL, recognise_pool, read_pool),
    Form(NOMINATION, recognise_nomination, read_nomination),
)


def read_sheet(sheet: Sheet) -> SheetReading | None:
    """What the sheet holds of the first form that it is; None when it is none of the known ones."""
    for form in FORMS:
        reading = form.reading_of(sheet)
        if reading is not None:
            return reading
    return None
