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
    for upper in range(len(values) - 1):
        lower = upper + 1
        if ranks[upper] != ranks[lower]:
            differing = _telling_apart(values[upper], values[lower], decimals)
            needed[upper], needed[lower] = max(needed[upper], differing), max(needed[lower], differing)
    return needed


def _telling_apart(first: float, second: float, decimals: int) -> int:
    """The fewest decimals, `decimals` or more, at which two values look different; `decimals` when none do."""
    if is_blank(first) or is_blank(second) or abs(first - second) > 1.5 * 10**-decimals:
        return decimals
    places = range(decimals, EXACT_DECIMALS + 1)
    return next((count for count in places if rounded(first, count) != rounded(second, count)), decimals)


def shown_column(values: Sequence[float], ranks: Iterable[Any], decimals: int = 2) -> list[str]:
    """The texts of an ordered listing's column: neighbours of different rank never look equal."""
    return [shown(value, places) for value, places in zip(values, shown_decimals(values, ranks, decimals), strict=True)]
