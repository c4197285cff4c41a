"""名次的稳定性 of 报告.html: how many ranks are steady, which are critical, and which open rules move most.

Of the experts it shows only the largest change that leaving out any one of them makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.model.display import percentage, shown
from pipeline.model.ranges import CRITICAL, STEADY, CompanyConfidence, Effect
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.writers.layout.confidence import EFFECTS_SHEET, RANGES_SHEET, lever_words, lines_words

SHOWN_RULINGS = 3


def confidence_section(results: Results, most: int) -> dict[str, Any]:
    """The values for the template: the counts of 稳 and 临界, at most `most` 临界 companies in the order of the ranking, and
    the rulings that move scores most. `count` is 0 when nothing is ranked or confidence was not asked for."""
    confidence = results.confidence
    critical = [entry for entry in confidence.companies if entry.verdict == CRITICAL]
    totals = results.totals
    rows = zip(totals["key"], totals["company"], totals["city"] + totals["county"], strict=True)
    names = {key: (company, region) for key, company, region in rows}
    return {
        "count": len(confidence.companies),
        "counts": [
            {"label": STEADY, "count": len(confidence.companies) - len(critical)},
            {"label": CRITICAL, "count": len(critical)},
        ],
        "draws": confidence.draws,
        "lines": lines_words(results.rulebook),
        "critical": [_company(entry, *names[entry.key], results.rulebook) for entry in critical[:most]],
        "critical_count": len(critical),
        "rulings": [_ruling(effect) for effect in _largest(confidence.effects)],
        "expert": _without_an_expert(confidence.effects),
        "sheets": (RANGES_SHEET, EFFECTS_SHEET),
    }


def _company(entry: CompanyConfidence, name: str, region: str, rulebook: Rulebook) -> dict[str, str]:
    return {
        "rank": str(entry.rank),
        "name": name,
        "region": region,
        "range": f"{entry.low} 至 {entry.high}",
        "extremes": f"{entry.best} 至 {entry.worst}",
        "line": entry.line,
        "side": "线内" if entry.inside else "线外",
        "share": percentage(entry.share_inside),
        "lever": lever_words(entry, rulebook),
    }


def _largest(effects: Sequence[Effect]) -> list[Effect]:
    """The choice that moves scores most, for each of the rulings, in descending order."""
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
    """The largest change that leaving out one expert makes, over all experts; empty without experts."""
    experts = [effect for effect in effects if effect.kind == "expert"]
    if not experts:
        return {}
    return {
        "largest": max(effect.largest for effect in experts),
        "crossing": max(effect.crossing for effect in experts),
    }
