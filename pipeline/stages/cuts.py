"""The cut lines of a ranking (前 100 名, 60 分以上), and the companies inside them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from pipeline.model.rulebook import Rulebook
from pipeline.model.tables import STATUS_ORDER

RANK_OF = {"province": "rank", "city": "rank_in_city", "county": "rank_in_county"}
_QUARTILES = (("前四分之一", Fraction(1, 4)), ("前二分之一", Fraction(1, 2)), ("前四分之三", Fraction(3, 4)))


@dataclass(frozen=True)
class Line:
    """One cut line. within: province, city or county; rank: the last one inside, or score: the lowest one."""

    label: str
    within: str
    rank: int | None = None
    score: float | None = None


def cut_lines(ranked: int, rulebook: Rulebook) -> tuple[Line, ...]:
    """The rulebook's cut lines; when it sets none, the quartiles of a list of `ranked` companies."""
    if rulebook.cuts:
        return tuple(
            Line(cut.label, cut.within, cut.place, None if cut.score is None else float(cut.score))
            for cut in rulebook.cuts
        )
    return tuple(Line(label, "province", rank=math.ceil(share * ranked)) for label, share in _QUARTILES if ranked)


def inside(totals: pd.DataFrame, line: Line, decimals: int) -> np.ndarray:
    """A mask of the rows of `totals` (已排名 only) inside the line; scores are compared at `decimals` as in the ranking."""
    ranked = (totals["status"] == STATUS_ORDER[0]).to_numpy()
    if line.rank is not None:
        ranks = totals[RANK_OF[line.within]].astype(float).to_numpy()
        return ranked & (np.nan_to_num(ranks, nan=np.inf) <= line.rank)
    points = np.round(totals["total"].astype(float).to_numpy(), decimals)
    return ranked & (np.nan_to_num(points, nan=-np.inf) >= (line.score or 0.0))
