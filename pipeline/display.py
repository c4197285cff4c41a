"""How a figure is shown: rounded once, half up, at the last moment. Ranking never sees these texts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

EXACT_DECIMALS = 9  # beyond this a float's digits are the noise of addition


def exact(value: float) -> Decimal:
    """`value` without the noise of binary fractions: 2.675 is 2.675."""
    return Decimal(repr(round(float(value), EXACT_DECIMALS)))


def rounded(value: float, decimals: int = 2) -> Decimal:
    """`value` rounded half up: 2.675 -> 2.68, 0.125 -> 0.13."""
    return exact(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def is_blank(value: Any) -> bool:
    """True for None, NaN, pandas' NA and infinities: nothing that a reader could use."""
    try:
        return not math.isfinite(value)
    except (TypeError, ValueError):
        return not isinstance(value, str)


def shown(value: float | None, decimals: int = 2) -> str:
    """`value` as printed, always with `decimals` decimals; "" when blank."""
    return "" if is_blank(value) else f"{rounded(value, decimals):f}"


def percentage(ratio: float | None) -> str:
    """A ratio as a percentage with one decimal: 97 / 68 -> 142.6%; "" when blank."""
    return "" if is_blank(ratio) else f"{rounded(float(ratio) * 100, 1):f}%"


def shown_decimals(values: Sequence[float], ranks: Iterable[Any], decimals: int = 2) -> list[int]:
    """How many decimals each value of an ordered listing needs: `decimals`, and where neighbours of different
    rank would look equal, as many as tell them apart (at most nine)."""
    ranks = [None if is_blank(rank) else rank for rank in ranks]
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
    if ranks[upper] == ranks[upper + 1] or is_blank(first) or is_blank(second):
        return False
    return abs(first - second) <= 1.5 * 10**-decimals and exact(first) != exact(second)


def shown_column(values: Sequence[float], ranks: Iterable[Any], decimals: int = 2) -> list[str]:
    """The texts of an ordered listing's column: neighbours of different rank never look equal."""
    return [shown(value, places) for value, places in zip(values, shown_decimals(values, ranks, decimals), strict=True)]
