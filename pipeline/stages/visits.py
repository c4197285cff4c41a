"""Which companies to visit: systematic sampling with probability proportional to a weight (Madow 1949); see docs/visits.md.

Exact fractions throughout, so that the same input draws the same companies on every machine.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import pandas as pd

from pipeline.issues.catalogue import APPROXIMATE_NUMBER, UNIT_SLIP, UNUSUAL_FOR_REVENUE
from pipeline.issues.issue import Issue
from pipeline.model.decisions import Decision
from pipeline.model.names import name_key
from pipeline.model.ranges import CRITICAL, Confidence
from pipeline.model.results import Visits
from pipeline.model.rows import records_of
from pipeline.model.rulebook import Rulebook, VisitReason
from pipeline.model.tables import STATUS_ORDER, VISITS, WHOLE, frame

ASKED = STATUS_ORDER[:2]  # 已排名, 暂排: companies with a form that can be held against what is there
_SEED_DIGITS = 8  # hexadecimal digits of the seed that make the start
_UNUSUAL = (UNUSUAL_FOR_REVENUE, UNIT_SLIP)


class Known(NamedTuple):
    """What a run knows of its companies when the list is drawn. demands: PAPER_DEMANDS; signed: decisions with their state;
    files: FILES, which give the seed."""

    totals: pd.DataFrame
    demands: pd.DataFrame
    files: pd.DataFrame
    issues: Sequence[Issue]
    signed: Sequence[tuple[Decision, str]]
    confidence: Confidence


class _Company(NamedTuple):
    key: str
    company: str
    city: str
    county: str
    status: str
    rank: float


def draw_visits(known: Known, rulebook: Rulebook) -> Visits:
    """The companies to visit: at least the rulebook's share of those with a form, and of every city with such companies at
    least one."""
    order = rulebook.region_order
    companies = [row for row in records_of(known.totals, _Company) if row.status in ASKED]
    companies.sort(key=lambda row: (order.rank(row.city, row.county), row.company, row.key))
    reasons = rulebook.visits.reasons
    counts = _counts(known, companies, rulebook)
    points = [[_points(reason, counts[reason.id][row.key]) for reason in reasons] for row in companies]
    weights = [rulebook.visits.base + sum(each) for each in points]
    wanted = math.ceil(Fraction(rulebook.visits.share) * len(companies))
    chances, lifted = chances_of(weights, [row.city for row in companies], wanted)
    seed = seed_of(known.files)
    start = Fraction(int(seed[:_SEED_DIGITS], 16), 16**_SEED_DIGITS)
    uppers, drawn = systematic(chances, start)
    rows = [
        {
            **row._asdict(),
            **dict(zip((f"points_{reason.id}" for reason in reasons), own, strict=True)),
            "weight": weight,
            "chance": float(chance),
            "upper": float(upper),
            "certain": chance == 1,
            "drawn": is_drawn,
            "found": _found(reasons, own, row.key, counts),
            "how": _how(chance, row.city in lifted) if is_drawn else "",
        }
        for row, own, weight, chance, upper, is_drawn in zip(
            companies, points, weights, chances, uppers, drawn, strict=True
        )
    ]
    table = frame(rows, VISITS | {f"points_{reason.id}": WHOLE for reason in reasons})
    return Visits(table, len(companies), wanted, seed, float(start))


def seed_of(files: pd.DataFrame) -> str:
    """The seed of an input: the SHA-256 of the paths inside it and the SHA-256 of the files there, in order of paths."""
    lines = sorted({f"{path}\t{sha256}\n" for path, sha256 in zip(files["path"], files["sha256"], strict=True)})
    return hashlib.sha256("".join(lines).encode("utf-8", "replace")).hexdigest()


def chances_of(weights: Sequence[int], cities: Sequence[str], wanted: int) -> tuple[list[Fraction], frozenset[str]]:
    """The probability of each company: proportional to its weight and `wanted` in sum, none above 1; in a city whose sum is
    below 1 raised together to 1. Also the cities that were raised."""
    chances = _proportional(weights, wanted)
    sums: dict[str, Fraction] = {}
    for city, chance in zip(cities, chances, strict=True):
        sums[city] = sums.get(city, Fraction()) + chance
    lifted = frozenset(city for city, total in sums.items() if city and total < 1)
    return [
        chance / sums[city] if city in lifted else chance for city, chance in zip(cities, chances, strict=True)
    ], lifted


def _proportional(weights: Sequence[int], wanted: int) -> list[Fraction]:
    """`wanted` × weight ÷ sum of weights; what is above 1 is 1, and the others share the rest."""
    certain: set[int] = set()
    while True:
        others = sum(weight for number, weight in enumerate(weights) if number not in certain)
        step = Fraction(wanted - len(certain), others) if others else Fraction()
        above = {number for number, weight in enumerate(weights) if number not in certain and weight * step >= 1}
        if not above:
            return [Fraction(1) if number in certain else weight * step for number, weight in enumerate(weights)]
        certain |= above


def systematic(chances: Iterable[Fraction], start: Fraction) -> tuple[list[Fraction], list[bool]]:
    """The cumulated probabilities, and which are drawn: those in whose stretch one of start, start + 1, start + 2 … lies."""
    uppers: list[Fraction] = []
    drawn = []
    lower = Fraction()
    for chance in chances:
        upper = lower + chance
        drawn.append(math.ceil(upper - start) > math.ceil(lower - start))
        uppers.append(upper)
        lower = upper
    return uppers, drawn


# ---------------------------------------------------------------- what was found


def _counts(known: Known, companies: Sequence[_Company], rulebook: Rulebook) -> Mapping[str, Counter[str]]:
    """Reason → company's key → how many findings of that kind the run has."""
    key_of = dict(zip(known.totals["company"], known.totals["key"], strict=True))
    about = [(issue, key_of[issue.company]) for issue in known.issues if issue.company in key_of]
    decided = Counter(
        name_key(decision.values["company"])
        for decision, state in known.signed
        if decision.kind == "采用值" and state == "已采用"
    )
    decided.update(key for issue, key in about if issue.state == "已接受")
    missing = known.demands[known.demands["missing"]]
    ranked = sum(row.status == STATUS_ORDER[0] for row in companies)
    last = math.ceil(Fraction(rulebook.visits.top_share) * ranked)
    return {
        "decided": decided,
        "unusual": Counter(key for issue, key in about if issue.code in _UNUSUAL and issue.state != "已接受"),
        "approximate": Counter(key for issue, key in about if issue.code == APPROXIMATE_NUMBER),
        "near_line": Counter(entry.key for entry in known.confidence.companies if entry.verdict == CRITICAL),
        "top": Counter(row.key for row in companies if row.status == STATUS_ORDER[0] and row.rank <= last),
        "papers": Counter(missing["key"].tolist()),
    }


def _points(reason: VisitReason, count: int) -> int:
    return reason.points * min(count, reason.most)


def _found(reasons: Sequence[VisitReason], points: Sequence[int], key: str, counts: Mapping[str, Counter[str]]) -> str:
    said = []
    for reason, own in zip(reasons, points, strict=True):
        count = counts[reason.id][key]
        if count:
            said.append(f"{reason.label}{f'（{count} 处）' if reason.most > 1 else ''}，加 {own}")
    return "；".join(said) or "没有特别的发现"


def _how(chance: Fraction, lifted: bool) -> str:
    if chance == 1:
        return "概率为 1，一定抽到" + ("（本市只有这一家可抽）" if lifted else "")
    return "按概率抽到" + ("（本市至少一家，概率已按市放大）" if lifted else "")
