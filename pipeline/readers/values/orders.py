"""序号: a row's rank in its county's own order, in whatever figures it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from pipeline.model.texts import without_space

_DIGITS = "零一二三四五六七八九"
_ARABIC = re.compile(r"(?:第|no\.?|№)?[(\[]?(\d{1,6})(?:\.0)?[)\]]?[、.,:名位号#]?", re.IGNORECASE)
_CHINESE = re.compile(r"第?\(?(?:([二三四五六七八九])?(十))?([一二三四五六七八九])?\)?[、.,:名位号]?")


def order_number(text: str) -> float | None:
    """The county's own 序号 as a number (1, 1.0, 01, ①, （1）, 一, 第1名), None when it is none."""
    label = without_space(unicodedata.normalize("NFKC", text))  # `label_of` would remove (1) as a weight
    if match := _ARABIC.fullmatch(label):
        return float(match[1])
    match = _CHINESE.fullmatch(label)
    if match is None or not any(match.groups()):
        return None
    tens, ten, units = match.groups()
    return float((_DIGITS.index(tens or "一") * 10 if ten else 0) + _DIGITS.index(units or "零"))


def are_consecutive(orders: Iterable[tuple[str, float]]) -> bool:
    """True when the (group, 序号) pairs count 1, 2, 3 … over the list, or over each group of it, in any sequence."""
    orders = list(orders)
    groups: dict[str, list[float]] = {}
    for group, number in orders:
        groups.setdefault(group, []).append(number)
    return _count_up([number for _, number in orders]) or all(map(_count_up, groups.values()))


def _count_up(numbers: Sequence[float]) -> bool:
    """True for 1, 2, 3 … in any sequence."""
    return sorted(numbers) == list(range(1, len(numbers) + 1))
