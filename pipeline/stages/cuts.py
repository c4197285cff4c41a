"""The cut lines of a ranking (前 100 名, 60 分以上), and the companies inside them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from pipeline.model.rulebook import Rulebook
from pipeline.model.selected import SELECTED
from pipeline.model.tables import STATUS_ORDER
from pipeline.stages.selection import LineRule, candidates_of, rules_of, selected_mask

RANK_OF = {"province": "rank", "city": "rank_in_city", "county": "rank_in_county"}
_QUARTILES = (("前四分之一", Fraction(1, 4)), ("前二分之一", Fraction(1, 2)), ("前四分之三", Fraction(3, 4)))


@dataclass(frozen=True)
class Line:
    """One cut line. within: province, city or county; rank: the last one inside, or score: the lowest one. rules:
    instead of them, the lines of the selection, with what becomes of a tie; inside is who is selected for sure."""

    label: str
    within: str
    rank: int | None = None
    score: float | None = None
    rules: tuple[LineRule, ...] = ()
    tie: str = ""


def cut_lines(ranked: int, rulebook: Rulebook) -> tuple[Line, ...]:
    """The line of the selection and the rulebook's cut lines; with neither, the quartiles of a list of `ranked`
    companies."""
    lines = [
        Line(cut.label, cut.within, cut.place, None if cut.score is None else float(cut.score)) for cut in rulebook.cuts
    ]
    if rules := rules_of(rulebook):
        lines.insert(0, Line(SELECTED, "province", rules=rules, tie=rulebook.selection.tie))
    if lines:
        return tuple(lines)
    return tuple(Line(label, "province", rank=math.ceil(share * ranked)) for label, share in _QUARTILES if ranked)


def inside(totals: pd.DataFrame, line: Line, decimals: int) -> np.ndarray:
    """A mask of the rows of `totals` (已排名 only) inside the line; scores are compared at `decimals` as in the ranking."""
    ranked = (totals["status"] == STATUS_ORDER[0]).to_numpy()
    if line.rules:
        mask = np.zeros(len(totals), dtype=bool)
        mask[ranked] = selected_mask(candidates_of(totals[ranked], decimals), line.rules, line.tie)
        return mask
    if line.rank is not None:
        ranks = totals[RANK_OF[line.within]].astype(float).to_numpy()
        return ranked & (np.nan_to_num(ranks, nan=np.inf) <= line.rank)
    points = np.round(totals["total"].astype(float).to_numpy(), decimals)
    return ranked & (np.nan_to_num(points, nan=-np.inf) >= (line.score or 0.0))
