"""Cells of a worksheet part in the shapes in which programs other than Excel write them, read with one pattern.

In question are attributes in any order and such as say nothing about the value, inline strings without runs, texts with
entities, `xml:space`, empty values, and formulas without a result. Each comes out as from the element tree; a cell in
any other shape is left to it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

NO_RESULT = ""  # the type of a formula without a stored result

_ATTRIBUTES = (
    r'(?:(?:r="([A-Z]{1,3})([1-9][0-9]{0,6})"|s="([0-9]+)"|t="(s|n|str|b|e|inlineStr)"'
    r'|(?![rst]=)[A-Za-z]\w*(?::\w+)?="[^"<>&]*") *)+>'
)
_SPACE = r'(?: xml:space="(?:preserve|default)")?'
_FORMULA = r'(<f(?: [a-z]\w*(?::\w+)?="[^"<>]*")*(?:/>|>([^<]*)</f>))?'
_STORED = rf"(?:(<v{_SPACE}(?:/>|>([^<]*)</v>))|<is>(<t{_SPACE}(?:/>|>([^<]*)</t>))</is>)?"
_CELL = re.compile(rf"{_ATTRIBUTES}{_FORMULA}{_STORED}</c>")
_WHOLE_CELL = re.compile(rf"<c {_CELL.pattern}")

_REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class Shaped(NamedTuple):
    """A cell as written. kind: its type t, "inlineStr" for an inline string, NO_RESULT. formula: its formula element as
    written, "" without one. stored: its value, text or, without a result, its formula, with the entities resolved; None
    for a blank cell. end: where it ends."""

    letters: str
    digits: str
    style: str
    kind: str
    formula: str
    stored: str | None
    end: int


def shaped_cell(piece: str) -> Shaped | None:
    """The cell that `piece`, the text behind a `<c `, begins with; None for one in a shape that is not read here."""
    match = _CELL.match(piece)
    return None if match is None else _shaped(match)


def shaped_cells(rows: str) -> Iterator[Shaped | None]:
    """The cells of the rows, as `shaped_cell`; those in another shape may be left out."""
    return map(_shaped, _WHOLE_CELL.finditer(rows))


def _shaped(match: re.Match[str]) -> Shaped | None:
    letters, digits, style, kind, formula, written, held, value, inline, text = match.groups()
    if letters is None:
        return None  # it stands where the one before it says
    if inline is not None:
        kind, stored = "inlineStr", text or ""
    elif value or (held is not None and kind == "str"):
        stored = value or ""
    elif formula is not None:
        kind, stored = NO_RESULT, written or ""
    else:
        return Shaped(letters, digits, "", "", "", None, match.end())
    if "&" in stored:
        resolved = _resolved(stored)
        if resolved is None:
            return None
        stored = resolved
    return Shaped(letters, digits, style or "", "n" if kind is None else kind, formula or "", stored, match.end())


def _resolved(text: str) -> str | None:
    """The text with its entities resolved; None when one is written in another way."""
    resolved, times = _REFERENCE.subn(_character, text)
    return resolved if times == text.count("&") else None


def _character(reference: re.Match[str]) -> str:
    """The character that an entity stands for."""
    name, decimal, hexadecimal = reference.groups()
    if name:
        return _NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(min(number, sys.maxunicode))  # which may stand in XML is for the parser to say
