"""Cells that show something where a text is asked for, and hold none: failed formulas, their zeros, pictures, TRUE."""

from __future__ import annotations

import re

from pipeline.model.texts import narrowed
from pipeline.readers.sheet.grid import Address, Grid, OddValue, Value

# The kinds that `no_text` gives, and what is wrong with such a cell, in Chinese.
NO_TEXT_WORDS = {
    "error": "公式出错",
    "no_result": "是公式或嵌在格子里的图片，没有文字",
    "boolean": "是“是/否”值，不是文字",
    "zero": "多半是公式取到了空格子",
}

_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BUSY!|UNKNOWN!|GETTING_DATA)", re.I
)
_PICTURE = re.compile(r"=(?:_xlfn\.)?DISPIMG\(", re.I)  # as WPS keeps a picture in a cell
_ZERO = re.compile(r"0+(?:\.0*)?")
_ORDINARY = tuple("123456789")
_OF_CELLS = ("error", "no_result", "boolean")


def no_text(value: Value | None) -> str:
    """Why a cell holds no text although something is seen in it: a key of NO_TEXT_WORDS; "" for a blank cell and for one
    with a text or another number, which may be one (a phone).

    A text that spells an error, a picture or 0 is no more of a text than the thing itself.
    """
    if isinstance(value, OddValue):
        return value.kind if value.kind in _OF_CELLS else "zero" if value.number == 0 else ""
    if isinstance(value, float):
        return "zero" if value == 0 else ""
    if value is None or value[:1] in _ORDINARY or "\u4e00" <= value[:1] <= "\u9fff":
        return ""  # as most texts are
    text = narrowed(value)
    if _ERROR.fullmatch(text):
        return "error"
    if _PICTURE.match(text):
        return "no_result"
    return "zero" if _ZERO.fullmatch(text) else ""


def is_lost(grid: Grid, address: Address) -> bool:
    """True for a cell of which no text is taken: it holds none, or its content may not be taken as it stands."""
    return bool(grid.doubt_at(address) or no_text(grid.cells.get(address)))


def is_zero(value: Value | None) -> bool:
    """True for a blank cell and for a 0, as a prepared formula shows it where nobody has filled anything in."""
    return value is None or no_text(value) == "zero"
