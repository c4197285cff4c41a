"""名次的稳定性 of 报告.html: how many places are sure, which are not, and which open rule matters most.

Nothing of an expert is told here but what leaving one out can do at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.model.display import percentage, shown
from pipeline.model.ranges import CRITICAL, STEADY, CompanyConfidence, Effect
from pipeline.model.results import Results
from pipeline.writers.audit.confidence import EFFECTS_SHEET, RANGES_SHEET, lever_words, lines_words

SHOWN_RULINGS = 3


def confidence_section(results: Results, most: int) -> dict[str, Any]:
    """What the template shows: counts of 稳 and 临界, at most `most` 临界 companies in list order, the rulings that
    move most. `count` 0: nothing is ranked, or nobody asked."""
    confidence = results.confidence
    critical = [entry for entry in confidence.companies if entry.verdict == CRITICAL]
    places = {row.key: row for row in results.totals.itertuples()}
    return {
        "count": len(confidence.companies),
        "counts": [
            {"label": STEADY, "count": len(confidence.companies) - len(critical)},
            {"label": CRITICAL, "count": len(critical)},
        ],
        "draws": confidence.draws,
        "lines": lines_words(results.rulebook),
        "critical": [_company(entry, places[entry.key], results) for entry in critical[:most]],
        "critical_count": len(critical),
        "rulings": [_ruling(effect) for effect in _largest(confidence.effects)],
        "expert": _without_an_expert(confidence.effects),
        "sheets": (RANGES_SHEET, EFFECTS_SHEET),
    }


def _company(entry: CompanyConfidence, totals: Any, results: Results) -> dict[str, str]:
    return {
        "place": str(entry.rank),
        "name": totals.company,
        "county": f"{totals.city}{totals.county}",
        "range": f"{entry.low} 至 {entry.high}",
        "extremes": f"{entry.best} 至 {entry.worst}",
        "line": entry.line,
        "side": "线内" if entry.inside else "线外",
        "share": percentage(entry.share_inside),
        "lever": lever_words(entry, results.rulebook),
    }


def _largest(effects: Sequence[Effect]) -> list[Effect]:
    """Of every ruling the choice that moves most, the rulings that move most first."""
    first: dict[str, Effect] = {}
    for effect in sorted((effect for effect in effects if effect.kind == "ruling"), key=lambda effect: -effect.shift):
        first.setdefault(effect.name, effect)
    return list(first.values())[:SHOWN_RULINGS]


def _ruling(effect: Effect) -> dict[str, Any]:
    return {
        "topic": effect.name,
        "choice": effect.choice,
        "shift": shown(effect.shift),
        "largest": effect.largest,
        "crossing": effect.crossing,
    }


def _without_an_expert(effects: Sequence[Effect]) -> dict[str, int]:
    """The most that leaving out one expert does, whoever it is; empty without experts."""
    experts = [effect for effect in effects if effect.kind == "expert"]
    if not experts:
        return {}
    return {
        "largest": max(effect.largest for effect in experts),
        "crossing": max(effect.crossing for effect in experts),
    }
