"""What one row of an 附件2 holds, by its texts alone: a company, nobody, a note, or something to ask about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum

from pipeline.model.names import is_company_name
from pipeline.model.texts import label_of, narrowed, narrowed_set
from pipeline.readers.forms.nomination.figures import FigureColumn
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.grid import Value, text_of
from pipeline.readers.sheet.no_text import is_lost, is_zero, no_text
from pipeline.readers.sheet.passed_over import is_heading, is_note, is_signature, looks_like_company, nominates_nobody
from pipeline.readers.values.orders import order_number

_STOPS = "。.！!；;，, "
_DITTO = frozenset({"同上", "同前", "同左", "〃", "略", "待定", "...", "......"})
# What may stand in a row that nobody filled in: prepared with numbers, counties and 同意.
_PREPARED = ("order", "city", "county", "company", "recommendation")
PERSONAL = ("contact", "phone")  # never quoted in a message
TEXTS = (
    "business",
    "contact",
    "phone",
    "credit_code",
    "recommendation",
)  # columns in which a 0, an error or what is struck out is no text


class RowKind(Enum):
    """What a row with a text in the column of names holds; DOUBTFUL may be a company or a note."""

    COMPANY = "company"
    NOTE = "note"
    DOUBTFUL = "doubtful"


class ListRows:
    """The rows of one list, read by the header that `take_header` was given last."""

    def __init__(self, sheet: Sheet) -> None:
        words = sheet.lexicon.rulebook.vocabulary
        self.grid = sheet.grid
        self.columns: Mapping[str, int] = {}
        self.figures: Sequence[FigureColumn] = ()
        self.nil, self.not_given = narrowed_set(words.nil_return), narrowed_set(words.not_given)
        self.refusals, self.consents = narrowed_set(words.refusals), narrowed_set(words.consents)
        self.company_endings, self.office_endings = words.company_endings, words.office_endings
        self.form_words = words.form_words

    def take_header(self, columns: Mapping[str, int], figures: Sequence[FigureColumn]) -> None:
        """The columns (id → column) by which the rows below are read."""
        self.columns, self.figures = columns, figures

    def text(self, row: int, column_id: str) -> str:
        """The text in a column of the row; "" without one, and for a detail that may not be taken as it stands or is no text."""
        column = self.columns.get(column_id)
        if not column or (column_id in TEXTS and is_lost(self.grid, (row, column))):
            return ""
        return self.grid.text_at((row, column)).strip()

    def texts(self, row: int) -> list[str]:
        """Every text of the row."""
        return [text_of(value).strip() for _, value in self.grid.rows[row]]

    def is_given(self, text: str) -> bool:
        """True for a text other than a blank, -, / and the like."""
        return text != "" and narrowed(text).upper() not in self.not_given

    def details(self, row: int) -> dict[str, str]:
        """Column id → text of what the row gives of a company besides its name and what is prepared in advance."""
        texts = {name: self.text(row, name) for name in self.columns if name not in _PREPARED}
        return {name: text for name, text in texts.items() if self.is_given(text)}

    def is_prepared(self, row: int) -> bool:
        """True for a row without a name in which formulas show nothing but 0, whatever stands in the columns that are
        filled in in advance: nobody has filled it in."""
        if not is_zero(self.grid.cells.get((row, self.columns["company"]))):
            return False
        asked = [
            self.grid.cells.get((row, column))
            for name, column in self.columns.items()
            if name == "company" or name not in _PREPARED
        ]
        filled = any(not (is_zero(value) or self._is_left_out(value)) for value in asked)
        return not filled and any(no_text(value) == "zero" for value in asked)

    def _is_left_out(self, value: Value | None) -> bool:
        """True for a blank cell and for -, / and the like."""
        return value is None or not self.is_given(text_of(value).strip())

    def has_figure(self, row: int) -> bool:
        """True for a row with a number in a column of figures."""
        return any(figure.reads_as_number(row) for figure in self.figures)

    def refuses(self, text: str) -> bool:
        """True for a recommendation that says no."""
        return _is_one_of(text, self.refusals)

    def consents_to(self, text: str) -> bool:
        """True for a recommendation that says yes."""
        return _is_one_of(text, self.consents)

    def nominates_nobody(self, text: str) -> bool:
        """True for a text that reports nobody: 无, 本区暂无推荐."""
        return _is_one_of(text, self.nil) or nominates_nobody(text)

    def looks_like_company(self, text: str) -> bool:
        """True for a text that ends like a company's name and is no note."""
        return looks_like_company(text, self.company_endings) and not self.is_note(text)

    def is_company_name(self, text: str) -> bool:
        """False for digits, one character, a bare ending, an error value, a form's own words."""
        return is_company_name(text, self.company_endings, self.form_words)

    def is_note(self, text: str) -> bool:
        """True for a text that surely names no company."""
        return is_note(text, self.company_endings, self.office_endings)

    def is_signature(self, row: int, before: str, name: str) -> bool:
        """True for a line under the list, without a figure and without a company's name. before: the text in front of
        the column of names."""
        if self.has_figure(row):
            return False
        texts = [value for _, value in self.grid.rows[row] if isinstance(value, str)]
        return is_signature(before, name, texts, looks_like_company(name, self.company_endings))

    def is_sign_off(self, row: int) -> bool:
        """True for a row with nothing but offices' names, dates and notes; asked of a row without a company."""
        return all(self.is_note(text) or label_of(text).endswith(self.office_endings) for text in self.texts(row))

    def stray_company(self, row: int, name: str) -> str:
        """The first text outside the column of names that looks like a company's name, "" without one."""
        return next((text for text in self.texts(row) if text != name and self.looks_like_company(text)), "")

    def kind(self, row: int, name: str) -> RowKind:
        """What a row with `name` in the column of names holds; without details of a company beside it, the name
        alone may be a company or a note."""
        details = self.details(row)
        if details.keys() <= {figure.id for figure in self.figures} and self.is_note(name):
            return RowKind.NOTE  # with the sums of what stands above it, or without
        if details or self.looks_like_company(name):
            return RowKind.COMPANY
        if is_heading(name):
            return RowKind.NOTE
        prepared = order_number(self.text(row, "order")) is not None or self.text(row, "county") != ""
        other_words = self.refuses(name) or self.consents_to(name) or label_of(name) in _DITTO
        return RowKind.COMPANY if prepared and not other_words else RowKind.DOUBTFUL


def _is_one_of(text: str, phrases: Iterable[str]) -> bool:
    """True for a text that is one of the phrases, a stop at its end aside."""
    return label_of(text).upper().rstrip(_STOPS) in phrases
