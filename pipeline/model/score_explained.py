"""How one company's score came about: what `explain` works out of a finished output and the writers put into words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from pipeline.issues.where import Where
from pipeline.model.rulebook import Indicator, Rulebook


class DecisionExplained(NamedTuple):
    """One signed decision on the company. about: what it is on, as the manifest writes it; raw: the cell's text when the
    decision was signed, for a decision on a value; state: as in the manifest."""

    kind: str
    about: str
    decided: str
    decider: str
    date: str
    reason: str
    state: str
    raw: str = ""


class MarksExplained(NamedTuple):
    """The experts' marks of one item, without the experts' names. marks: highest first, empty where the marks alone do
    not give the score; dropped: how many at either end are left out; sheet: the workbook and sheet that list them."""

    marks: tuple[float, ...]
    dropped: int
    sheet: str


class PartExplained(NamedTuple):
    """N or M of an item. part: "N" or "M"; value: as used; raw: as typed, "" where its reading is only formatting; where:
    its cell; rank (among `ranked` companies), band and the points the band earns: None and "" where not ranked;
    decision: the one that replaced what was typed."""

    part: str
    value: float | None
    raw: str
    rule: str
    where: Where
    rank: float | None
    ranked: int | None
    band: str
    points: float | None
    decision: DecisionExplained | None = None


class ItemExplained(NamedTuple):
    """One indicator. parts: N and M of a ratio item, empty for an expert item; marks: of an expert item, None where they
    cannot be read. Scores in points, None where unscored."""

    indicator: Indicator
    parts: tuple[PartExplained, ...]
    self_score: float | None
    peer_score: float | None
    expert_score: float | None
    score: float | None
    marks: MarksExplained | None = None


class IssueExplained(NamedTuple):
    """One issue of the company."""

    id: str
    level: str
    indicator: str
    message: str
    state: str


class TotalsExplained(NamedTuple):
    """The company's row of totals.csv: region, status, ranks, sums in points (not a number where there is none) and how
    many items it lacks."""

    city: str
    county: str
    status: str
    rank: float
    rank_in_city: float
    rank_in_county: float
    missing: float
    self_total: float
    peer_total: float
    objective_total: float
    expert_total: float
    total: float


@dataclass(frozen=True)
class ScoreExplained:
    """Everything about one company's score. rulebook: with the rulings the output was made with; same_rules: the rulebook
    at hand is the one the output was made with; label, reasons: the output's standing; ranked: companies with a rank;
    decisions: those on the company, without those on its values, which stand with their items; competes: its ranks are
    real, not those it would have."""

    company: str
    totals: TotalsExplained
    items: tuple[ItemExplained, ...]
    issues: tuple[IssueExplained, ...]
    rulebook: Rulebook
    label: str
    reasons: tuple[str, ...]
    demo: bool
    date: str
    same_rules: bool
    ranked: int
    decisions: tuple[DecisionExplained, ...]
    competes: bool
