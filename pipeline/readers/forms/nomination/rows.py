"""What one row of an 附件2 holds, told from its texts alone: a company, nobody, a note, or something to ask about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import label_of, narrowed, narrowed_set
from pipeline.readers.forms.nomination.figures import FigureColumn
from pipeline.readers.forms.nomination.orders import order_number
from pipeline.readers.sheet.grid import Grid, text_of
from pipeline.readers.sheet.passed_over import is_heading, is_note, is_signature, looks_like_company, nominates_nobody

_STOPS = "。.！!；;，, "
_DITTO = frozenset({"同上", "同前", "同左", "〃", "略", "待定", "...", "......"})
# What may stand in a row that nobody filled in: prepared with numbers, counties and 同意.
_PREPARED = ("order", "city", "county", "company", "recommendation")
PERSONAL = ("contact", "phone")  # never quoted in a message


class ListRows:
    """The rows of one list, read by its present header: columns (id → column) and figures."""

    def __init__(self, grid: Grid, rulebook: Rulebook) -> None:
        words = rulebook.vocabulary
        self.grid = grid
        self.columns: dict[str, int] = {}
        self.figures: Sequence[FigureColumn] = ()
        self.nil, self.not_given = narrowed_set(words.nil_return), narrowed_set(words.not_given)
        self.refusals, self.consents = narrowed_set(words.refusals), narrowed_set(words.consents)
        self.company_endings, self.office_endings = words.company_endings, words.office_endings

    def text(self, row: int, column_id: str) -> str:
        column = self.columns.get(column_id)
        value = self.grid.cells.get((row, column)) if column else None
        return "" if value is None else text_of(value).strip()

    def typed(self, row: int) -> list[str]:
        """Every text of the row."""
        return [text_of(value).strip() for _, value in self.grid.rows[row]]

    def is_given(self, text: str) -> bool:
        return text != "" and narrowed(text).upper() not in self.not_given

    def said(self, row: int) -> dict[str, str]:
        """Column id -> text of what the row tells of a company beyond its name: what nobody prepares in advance."""
        texts = {name: self.text(row, name) for name in self.columns if name not in _PREPARED}
        return {name: text for name, text in texts.items() if self.is_given(text)}

    def has_figure(self, row: int) -> bool:
        return any(figure.reads_as_number(self.grid, row) for figure in self.figures)

    def refuses(self, text: str) -> bool:
        return _says(text, self.refusals)

    def consents_to(self, text: str) -> bool:
        return _says(text, self.consents)

    def nominates_nobody(self, text: str) -> bool:
        return _says(text, self.nil) or nominates_nobody(text)

    def looks_like_company(self, text: str) -> bool:
        return looks_like_company(text, self.company_endings) and not self.is_note(text)

    def is_note(self, text: str) -> bool:
        return is_note(text, self.company_endings, self.office_endings)

    def is_signature(self, row: int, before: str, name: str) -> bool:
        """A line under the list: it holds no figure, and no company's name. before: what stands in front of it."""
        if self.has_figure(row):
            return False
        texts = [value for _, value in self.grid.rows[row] if isinstance(value, str)]
        return is_signature(before, name, texts, looks_like_company(name, self.company_endings))

    def is_sign_off(self, row: int) -> bool:
        """An office's name, a date or a note, and nothing else, in a row without a company."""
        return all(self.is_note(text) or label_of(text).endswith(self.office_endings) for text in self.typed(row))

    def stray_company(self, row: int, name: str) -> str:
        """What looks like a company's name and stands outside the column of names, "" without."""
        return next((text for text in self.typed(row) if text != name and self.looks_like_company(text)), "")

    def kind(self, row: int, name: str) -> str:
        """company, note, or ask: a text in the column of names and nothing of a company beside it may be either."""
        said = self.said(row)
        if said.keys() <= {figure.id for figure in self.figures} and self.is_note(name):
            return "note"  # with the sums of what stands above it, or without
        if said or self.looks_like_company(name):
            return "company"
        if is_heading(name):
            return "note"
        placed = order_number(self.text(row, "order")) is not None or self.text(row, "county") != ""
        words = self.refuses(name) or self.consents_to(name) or label_of(name) in _DITTO
        return "company" if placed and not words else "ask"


def _says(text: str, phrases: Iterable[str]) -> bool:
    return label_of(text).upper().rstrip(_STOPS) in phrases
