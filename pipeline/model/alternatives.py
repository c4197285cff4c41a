"""Alternatives of a ruling that ask for a figure: 前 N 家. Their values hold the word N where the figure belongs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pipeline.model.texts import label_of

MOST_DIGITS = 9
_FIGURE = rf"(\d{{1,{MOST_DIGITS}}}(?:\.\d{{1,{MOST_DIGITS}}})?)"
CHOICE_SIGN = "="  # between the id of an alternative and the figure it asks for


def filled(value: Any, word: str, figure: Any) -> Any:
    """The value with `figure` wherever it is the word; tables are gone through."""
    if isinstance(value, Mapping):
        return {key: filled(entry, word, figure) for key, entry in value.items()}
    return figure if value == word else value


def figure_in(standing: Any, wanted: Any, word: str) -> Any:
    """The figure that stands where `wanted` has the word; None where there is none."""
    if isinstance(wanted, Mapping):
        if not isinstance(standing, Mapping):
            return None
        figures = (figure_in(standing.get(key), entry, word) for key, entry in wanted.items())
        return next((figure for figure in figures if figure is not None), None)
    return standing if word and wanted == word else None


def agrees(standing: Any, wanted: Any, word: str) -> bool:
    """Whether the standing value is the wanted one, with a number above 0 wherever that has the word."""
    if isinstance(wanted, Mapping):
        if not isinstance(standing, Mapping) or standing.keys() != wanted.keys():
            return False
        return all(agrees(standing[key], entry, word) for key, entry in wanted.items())
    if word and wanted == word:
        return isinstance(standing, int | float | Decimal) and standing > 0
    return bool(standing == wanted)


def figure_written(sentence: str, word: str, typed: str) -> Decimal | None:
    """The figure that somebody wrote into the sentence instead of the word, as 50 in 前 50 家; None for another text."""
    before, _, behind = label_of(sentence).partition(word)
    match = re.fullmatch(f"{re.escape(before)}{_FIGURE}{re.escape(behind)}", label_of(typed))
    return Decimal(match[1]) if match else None


def choice_text(alternative: str, figure: Decimal | None) -> str:
    """A choice as one text: the id of the alternative, with the figure where it asks for one."""
    return alternative if figure is None else f"{alternative}{CHOICE_SIGN}{figure}"


def choice_of(text: str) -> tuple[str, Decimal | None]:
    """The alternative's id and the figure of a `choice_text`."""
    name, sign, figure = text.partition(CHOICE_SIGN)
    known = bool(sign) and re.fullmatch(_FIGURE, figure) is not None
    return (name, Decimal(figure)) if known else (text, None)
