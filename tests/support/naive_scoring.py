"""Scoring a second time, in plain loops over dictionaries with exact fractions: the expectation of test_scoring.py.

Written from the notice and the rulings, not from the program; slow on purpose.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil


def rank_of(value, others, tie, larger_is_better=True):
    """1 plus the number of those ahead; equal ones share as `tie` says."""
    ahead = [other for other in others if (other > value if larger_is_better else other < value)]
    if tie == "dense":
        return 1 + len(set(ahead))
    equal = max(1, sum(other == value for other in others))
    return 1 + len(ahead) + (Fraction(equal - 1, 2) if tie == "average" else 0)


def peer(value, rank, ranked, points, rulebook):
    if value == 0:
        return points * Fraction(rulebook.scoring.zero_coefficient)
    for band in rulebook.bands:
        if rank <= ceil(Fraction(band.share) * ranked):
            return points * Fraction(band.coefficient)
    return points * Fraction(rulebook.bands[-1].coefficient)


def naive_items(companies, rulebook):
    """(key, indicator) -> self, rank_n, rank_m, ranked, peer, score. `companies`: key -> {"competes": bool,
    "answers": {indicator: (n, m) or None}}; only companies with a form."""
    figures = {}
    for item in rulebook.ratio_indicators:
        points = Fraction(item.points)
        valid = {key: company["answers"][item.id] for key, company in companies.items() if company["answers"][item.id]}
        inside = [answer for key, answer in valid.items() if companies[key]["competes"]]
        for key, (n, m) in valid.items():
            own = min(points, points * Fraction(n) / Fraction(m)) if m else Fraction(0)
            ranks, peers = {"n": None, "m": None}, {}
            for part, value, others in (("n", n, [a[0] for a in inside]), ("m", m, [a[1] for a in inside])):
                if part in item.ranked:
                    larger = part == "n" or rulebook.scoring.m_order == "descending"
                    ranks[part] = rank_of(value, others, rulebook.scoring.tie, larger)
                    peers[part] = peer(value, ranks[part], len(inside), points, rulebook)
            mean = peers["n"] if rulebook.scoring.peer_of == "n" else sum(peers.values()) / len(peers)
            shares = Fraction(rulebook.scoring.self_share), Fraction(rulebook.scoring.peer_share)
            figures[key, item.id] = {
                "self": own,
                "rank_n": ranks["n"],
                "rank_m": ranks["m"],
                "ranked": len(inside),
                "peer": mean,
                "score": shares[0] * own + shares[1] * mean,
            }
    return figures


def naive_expert(marks, experts):
    """The score of one item from the marks given for it; None without any."""
    marks = sorted(Fraction(str(mark)) for mark in marks)
    if not marks:
        return None
    if experts.method == "median":
        return (marks[(len(marks) - 1) // 2] + marks[len(marks) // 2]) / 2
    if experts.method == "trimmed" and len(marks) >= experts.trim_from:
        marks = marks[1:-1]
    return sum(marks) / len(marks)


def naive_ranks(totals, tie):
    """key -> rank of {key: exact total}; totals equal at nine decimals are equal."""
    rounded = {key: round(total, 9) for key, total in totals.items()}
    tie = "dense" if tie == "dense" else "min"
    return {key: rank_of(total, rounded.values(), tie) for key, total in rounded.items()}
