"""How sure a place is: one record per company, and one per choice that was made otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

STEADY, CRITICAL = "稳", "临界"


class Lever(NamedTuple):
    """One figure: the indicator's id, its N now and the N from which the company stands on the line's other side."""

    indicator: str
    now: float
    needed: float


@dataclass(frozen=True)
class CompanyConfidence:
    """One ranked company. best … worst: over all draws; low, high: in nine draws out of ten (5 % and 95 %).
    line: the cut line that is least sure, inside: whether the company is inside it now, share_inside: in what share of
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
    """One choice made otherwise, all else as adopted. kind: ruling or expert; shift: mean places moved a company (R_S);
    largest: most places; crossing: companies on another side of some cut line."""

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
