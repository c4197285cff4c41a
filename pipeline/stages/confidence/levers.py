"""The smallest change of one typed N that would take a company across a cut line, everybody else as they are."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

import numpy as np

from pipeline.model.ranges import Lever
from pipeline.model.rulebook import Rulebook, band_limits
from pipeline.stages.confidence.scores import ScoreModel, competition_ranks
from pipeline.stages.cuts import Line

_STEP = 1e-9  # beyond the decimals that are compared
_SELECTION_HALVINGS = 40  # of a hundred points, to beyond the decimals that are compared
_HALVINGS = 24  # to a ten-millionth of the distance
_FEWEST_DECIMALS, _MOST_DECIMALS = 2, 10  # of a figure that is shown to people
_SHORT = 1e-9


def lever_of(model: ScoreModel, totals: np.ndarray, line: Line, position: int, rulebook: Rulebook) -> Lever | None:
    """The change that is smallest against the figure itself (against M where N is 0); None when no single N can do it.

    line: one on whose other side the company may be: of a line by rank there are more companies than may be inside.
    totals: of the ranked companies as adopted; position: the company's row among them. The points of other companies
    are taken to stay, which is exact but for those whose band the change moves.
    """
    gap, up = _gap(model, totals, line, position, rulebook)
    row = int(np.flatnonzero(model.ranked)[position])
    best, lever = math.inf, None
    for column, item in enumerate(model.items):
        n, m = float(model.n[row, column]), float(model.m[row, column])
        needed = _needed(model, column, row, gap, up, best, rulebook) if m > 0 else None
        if needed is not None and abs(needed - n) / (n or m) < best:
            best, lever = abs(needed - n) / (n or m), Lever(item.id, n, needed)
    return lever


def _gap(model: ScoreModel, totals: np.ndarray, line: Line, position: int, rulebook: Rulebook) -> tuple[float, bool]:
    """Points between the company and the line's other side, and whether it has to gain them."""
    company_total = totals[position]
    if line.rules:
        return _gap_to_selection(model, totals, line, position, float(rulebook.total_points))
    if line.rank is None:
        up = company_total < (line.score or 0.0)
        return abs((line.score or 0.0) - company_total) + (0.0 if up else _STEP), up
    groups = None if line.within == "province" else model.groups[line.within]
    ranks = competition_ranks(np.round(totals, rulebook.scoring.rank_decimals), groups)
    same = np.ones(len(totals), dtype=bool) if groups is None else groups == groups[position]
    others = np.sort(totals[same & (np.arange(len(totals)) != position)])[::-1]
    up = bool(ranks[position] > line.rank)
    if up:
        return float(others[line.rank - 1] - company_total), True
    return float(company_total - others[line.rank - 1]) + _STEP, False


def _gap_to_selection(
    model: ScoreModel, totals: np.ndarray, line: Line, position: int, most: float
) -> tuple[float, bool]:
    """Points with which the company would be selected, or lost ones with which it would no longer be; infinite when no
    points would do. More points never take a company out, so that halving finds them."""

    def selected(total: float) -> bool:
        other = totals.copy()
        other[position] = total
        return bool(model.selected(other, line.rules, line.tie)[position])

    now = float(totals[position])
    up = not selected(now)
    far = most if up else 0.0
    if selected(far) != up:
        return math.inf, up
    near = now
    for _ in range(_SELECTION_HALVINGS):
        middle = (near + far) / 2
        near, far = (near, middle) if selected(middle) == up else (middle, far)
    return abs(far - now) + _STEP, up


def _needed(
    model: ScoreModel, column: int, row: int, gap: float, up: bool, farthest: float, rulebook: Rulebook
) -> float | None:
    """The nearest N of one item that gains (or loses) `gap` points; None when there is none nearer than `farthest`,
    a share of N (of M where N is 0)."""
    item = model.items[column]
    n, m = float(model.n[row, column]), float(model.m[row, column])
    points_at = _points_at(model, column, row, rulebook)
    now = points_at(n)

    def enough(value: float) -> bool:
        return (points_at(value) - now if up else now - points_at(value)) >= gap

    if not enough(m if up else 0.0):
        return None
    edges = {edge for edge in _band_edges(model, column, n, rulebook) if (n < edge <= m if up else edge < n)}
    steps = sorted({*edges, m if up else 0.0, n}, reverse=not up)
    whole = rulebook.unit_of[item.unit].whole if item.unit in rulebook.unit_of else False
    reach = farthest * (n or m)
    for start, end in pairwise(steps):
        if abs(start - n) >= reach:
            return None
        before = end - (end - start) * _SHORT  # just short of the next band
        within = enough(before)
        if within or enough(end):
            nearest = _first(enough, start, before if within else end)
            return next(filter(enough, _plain_values(nearest, m, up, whole)), None)
    return None


def _band_edges(model: ScoreModel, column: int, n: float, rulebook: Rulebook) -> list[float]:
    """The N from which a company whose N is now `n` falls in each band: the figure of the last other company in it."""
    standing = model.ascending_n[column]
    limits = [limit for limit in band_limits(len(standing), rulebook.bands) if limit]
    positions = (limit if n >= standing[-limit] else limit - 1 for limit in limits)
    return [standing[-1 - position] for position in positions if position < len(standing)]


def _points_at(model: ScoreModel, column: int, row: int, rulebook: Rulebook) -> Callable[[float], float]:
    """A function of one N: the company's points on that item and on every item whose M contains it."""
    item, scoring = model.items[column], rulebook.scoring
    n, m, points = float(model.n[row, column]), float(model.m[row, column]), float(item.points)
    self_share = float(scoring.self_share)
    standing = model.ascending_n[column]
    limits = band_limits(len(standing), rulebook.bands)
    coefficients = [float(band.coefficient) for band in rulebook.bands]
    zero = float(scoring.zero_coefficient)
    worth = float(scoring.peer_share) * points * (1.0 if "m" not in item.ranked or scoring.peer_of == "n" else 0.5)
    sums = [number for number, other in enumerate(model.items) if other.m == "sum" and item.id in other.m_sum_of]

    def points_at(value: float) -> float:
        rank = len(standing) - bisect_right(standing, value) + 1 - (n > value)
        coefficient = coefficients[min(bisect_left(limits, rank), len(limits) - 1)] if value else zero
        total = self_share * min(points, points * value / m) + worth * coefficient
        for other in sums:  # this N is part of that item's M
            other_n, other_m = float(model.n[row, other]), float(model.m[row, other]) + value - n
            other_points = float(model.items[other].points)
            total += self_share * min(other_points, other_points * other_n / other_m) if other_m > 0 else 0.0
        return total

    return points_at


def _first(enough: Callable[[float], bool], start: float, end: float) -> float:
    """The value nearest to `start` between it and `end` that is enough, by halving."""
    for _ in range(_HALVINGS):
        middle = (start + end) / 2
        start, end = (start, middle) if enough(middle) else (middle, end)
    return end


def _plain_values(value: float, most: float, up: bool, whole: bool) -> Iterator[float]:
    """Figures a person could type, from `value` on in the direction it is to change, 0 to `most`: whole numbers, or as
    few decimals as may do."""
    for decimals in (0,) if whole else range(_FEWEST_DECIMALS, _MOST_DECIMALS):
        unit = Decimal(1).scaleb(-decimals)
        nearest = (Decimal(value) / unit).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)
        for steps in (-1, 0, 1):  # halving may have stopped a hair beyond a figure that does
            typed = float((nearest + (steps if up else -steps)) * unit)
            if 0 <= typed <= most:
                yield typed
