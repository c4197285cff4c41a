"""How sure a rank is: one record per company, and one per choice varied by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

STEADY, CRITICAL = "稳", "临界"


class Lever(NamedTuple):
    """One figure: the indicator's id, its N now and the N from which the company is on the other side of the line."""

    indicator: str
    now: float
    needed: float


@dataclass(frozen=True)
class CompanyConfidence:
    """One ranked company. best, worst: its ranks over all draws; low, high: in nine draws out of ten (5 % and 95 %).
    line: the cut line that is least sure; inside: whether the company is inside it now, share_inside: in what share of
    the draws it is. lever: the smallest change of one N that takes it across, None when none does."""

    key: str
    rank: int
    best: int
    low: int
    high: int
    worst: int
    verdict: str
    line: str
    inside: bool
    share_inside: float
    lever: Lever | None


@dataclass(frozen=True)
class Effect:
    """One choice varied, all others as adopted. kind: ruling or expert; shift: mean change of a company's rank (R_S);
    largest: the largest change; crossing: companies on another side of some cut line."""

    kind: str
    name: str
    choice: str
    shift: float
    largest: int
    crossing: int


@dataclass(frozen=True)
class Confidence:
    """The confidence of a whole list; empty when nothing is ranked."""

    companies: tuple[CompanyConfidence, ...] = ()
    effects: tuple[Effect, ...] = ()
    draws: int = 0
