"""How far a rank is from the next better band of the peer score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.model.rulebook import Band, band_limits


class Step(NamedTuple):
    """The way up to a better band: how many ranks, and that band's label."""

    ranks: int
    band: str


def next_band(rank: float, ranked: int, bands: Sequence[Band]) -> Step | None:
    """The number of ranks from `rank` among `ranked` companies up to the next better band; None in the best band. Of
    bands that end at the same rank, the best is named."""
    limits = band_limits(ranked, bands)
    better = [limit for limit in limits[:-1] if 0 < limit < rank]  # a rank behind every limit is in the last band
    return Step(math.ceil(rank - better[-1]), bands[limits.index(better[-1])].label) if better else None
