"""How figures are shown (rounded once, half up, when they are written), and which characters of a text never are.

Ranking uses unrounded values, never these texts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

# What XML cannot carry (control characters, lone surrogates, non-characters), what gives orders to a terminal, and what
# would turn the words around it about (marks of writing direction).
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)

EXACT_DECIMALS = 9  # beyond this a float's digits are the noise of addition


def exact(value: float) -> Decimal:
    """`value` without the noise of binary fractions: 2.675 is 2.675."""
    return Decimal(repr(round(float(value), EXACT_DECIMALS)))


def rounded(value: float, decimals: int = 2) -> Decimal:
    """`value` rounded half up: 2.675 -> 2.68, 0.125 -> 0.13."""
    return exact(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def is_missing(value: Any) -> bool:
    """True when there is no figure to show: None, NaN, pandas' NA or an infinity. A text is not missing, blank or not."""
    try:
        return not math.isfinite(value)
    except (TypeError, ValueError):
        return not isinstance(value, str)


def number_text(number: float) -> str:
    """`number` in plain decimal with every digit that distinguishes it: 12, 0.5, 13800138000; no exponent, no ".0" of a
    whole number, no -0; "" for NaN and infinities."""
    number = float(number)
    if number.is_integer() and abs(number) < 1e16:
        return str(int(number))
    if not math.isfinite(number):
        return ""
    text = repr(number)
    return f"{Decimal(text):f}" if "e" in text else text.removesuffix(".0")


def decimals_of(values: Iterable[float], most: int) -> int:
    """The decimals, at most `most`, that show every one of `values` to its last digit."""
    texts = (f"{rounded(value, most):f}".rstrip("0") for value in values if not is_missing(value))
    return max((len(text.partition(".")[2]) for text in texts), default=0)


def shown(value: float | None, decimals: int = 2) -> str:
    """`value` as printed, always with `decimals` decimals; "" when it is missing."""
    return "" if value is None or is_missing(value) else f"{rounded(value, decimals):f}"


def long_date(date: str) -> str:
    """A day as official papers write it: "2024-01-05" -> 2024年1月5日."""
    year, month, day = date.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


def percentage(ratio: float | None) -> str:
    """A ratio as a percentage with one decimal: 97 / 68 -> 142.6%; "" when it is missing."""
    return "" if ratio is None or is_missing(ratio) else f"{rounded(float(ratio) * 100, 1):f}%"


def shown_decimals(values: Sequence[float], ranks: Iterable[Any], decimals: int = 2) -> list[int]:
    """The number of decimals for each value of an ordered listing: `decimals`, and where neighbours of different rank
    would look equal, as many as they need to differ (at most nine)."""
    ranks = [None if is_missing(rank) else rank for rank in ranks]
    needed = [decimals] * len(values)
    pairs = [upper for upper in range(len(values) - 1) if _easily_confused(values, ranks, upper, decimals)]
    settled = False
    while not settled:  # more decimals for one pair may round its neighbour's value back to the same
        settled = True
        for upper in pairs:
            while rounded(values[upper], needed[upper]) == rounded(values[upper + 1], needed[upper + 1]):
                needed[upper] = needed[upper + 1] = max(needed[upper], needed[upper + 1]) + 1
                settled = False
    return needed


def _easily_confused(values: Sequence[float], ranks: Sequence[Any], upper: int, decimals: int) -> bool:
    """True when a value and the next one differ in rank and by so little that rounding may hide it."""
    first, second = values[upper], values[upper + 1]
    if ranks[upper] == ranks[upper + 1] or is_missing(first) or is_missing(second):
        return False
    return abs(first - second) <= 1.5 * 10**-decimals and exact(first) != exact(second)


def shown_column(values: Sequence[float], ranks: Iterable[Any], decimals: int = 2) -> list[str]:
    """The values of an ordered listing as texts; neighbours of different rank never look equal."""
    needed = shown_decimals(values, ranks, decimals)
    return [shown(value, count) for value, count in zip(values, needed, strict=True)]


def printable(text: str) -> str:
    """`text` without the characters that are never shown; line breaks and tabs stay."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def on_one_line(text: str) -> str:
    """`text` for one line of a terminal, without anything that moves the cursor, sets a colour or begins a line."""
    return " ".join(printable(text).split("\n")).replace("\t", " ")


def escaped_in_json(json_text: str) -> str:
    """JSON with characters that are never shown written as \\uXXXX. It means the same."""
    return UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json_text)
