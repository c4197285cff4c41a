"""How an .ods displays a number: the file holds the displayed text of every cell instead of a format code."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.readers.formats.number_formats import SCALED

MAXIMUM_DISPLAYED = 100  # characters of a displayed text that are kept
HIDDEN_CODE = ";;;"  # a format that displays nothing
DATE_CODE = "yyyy/m/d"  # stands for every format that displays a date or time
_NUMBER = re.compile(r"[¥￥$€£(\-−－]*([0-9][0-9,]*(?:\.[0-9]+)?)(?:E([+-]?[0-9]{1,3}))?\)?", re.I)
_FRACTION = re.compile(r"-?(?:([0-9]+) +)?([0-9]+)/([1-9][0-9]*)")
_DATE = re.compile(
    r"[0-9]{1,4}(?:[-/][0-9]{1,4}){1,2}(?:[^0-9].*)?|[0-9]{1,4}[.][0-9]{1,2}[.][0-9]{1,4}|[0-9]{1,4}[年月时].*|"
    r"[0-9]{1,4}:[0-9]{2}.*|[0-9]{1,2}-?[A-Z][a-z]{2}(?:-?[0-9]{2,4})?|[上下]午.*"
)
_PADDED = re.compile(r"0[0-9]{4,14}")  # a phone or code with the zeros in front that its format adds
_SIGN = re.compile(r"[(\-−－–—]")
_FIRST_NUMBER = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)()")
_DASH_FOR_ZERO = re.compile(r"(?:[¥￥$€£]|CNY|RMB)?[-−－–—](?:[¥￥$€£]|CNY|RMB)?", re.I)  # ¥- of the accounting formats


def code_for_displayed(text: str, number: float) -> str:
    """A format code that displays `number` as `text`; "" when the two differ only by rounding, separators or a currency
    sign. A negative number displayed without its sign is displayed otherwise."""
    compact = "".join(text.split()).replace("−", "-")
    if _PADDED.fullmatch(compact) and number == int(compact):
        return "0" * len(compact)
    if _is_same(compact, number):
        return ""
    if not compact and number == 0:
        return HIDDEN_CODE
    return _code_for_other(text, compact, number)


def _code_for_other(text: str, compact: str, number: float) -> str:
    """As `code_for_displayed`, for a text that is not the number itself. compact: the text without white space."""
    whole = _NUMBER.fullmatch(compact)
    is_about = whole is not None and _is_about(whole, number)
    if is_about and number < 0 and not _SIGN.search(compact):
        return f"0;{SCALED}{_quoted(text)}"
    dash = number == 0 and _DASH_FOR_ZERO.fullmatch(compact)
    if dash or is_about or _is_fraction(text.strip(), number):
        return ""
    first = _FIRST_NUMBER.search(compact)
    if "%" in compact and first and _is_about(first, number * 100):
        return "0%"
    if not whole and not (first and _is_about(first, number)) and _DATE.fullmatch(compact):
        return DATE_CODE
    literal = not whole and compact and (first is None or _is_about(first, number))
    return ("0;" if number < 0 else "") + ("" if literal else SCALED) + _quoted(text)


def _quoted(text: str) -> str:
    """The text as a literal of a format code."""
    return '"' + text[:MAXIMUM_DISPLAYED].replace('"', "”") + '"'


def _is_same(text: str, number: float) -> bool:
    """True when the text is one of the ways to write this number: the same double, or the same 15 digits."""
    try:
        return "_" not in text and f"{float(text):.15g}" == f"{number:.15g}"
    except ValueError:
        return False


def _is_fraction(text: str, number: float) -> bool:
    """True when the text is a fraction that displays this number."""
    match = _FRACTION.fullmatch(text)
    if match is None:
        return False
    parts, of_whole = int(match[2]), int(match[3])
    return abs(int(match[1] or 0) + parts / of_whole - abs(number)) <= 0.501 / of_whole


def _is_about(match: re.Match[str], number: float) -> bool:
    """True when the displayed number (groups: digits, exponent) is `number` rounded, whatever the sign."""
    exponent = int(match[2] or 0)
    last_digit = exponent - len(match[1].partition(".")[2])
    displayed = Decimal(match[1].replace(",", "")).scaleb(exponent)
    return abs(displayed - abs(Decimal(repr(number)))) <= Decimal("0.501").scaleb(last_digit)
