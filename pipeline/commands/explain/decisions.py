"""The signed decisions on one company in a finished output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

from pipeline.model.decisions import ABOUT_JOINED
from pipeline.model.display import on_one_line
from pipeline.model.names import name_key
from pipeline.model.rulebook import Indicator
from pipeline.model.score_explained import DecisionExplained
from pipeline.model.texts import label_of, narrowed

ON_VALUES = "采用值"
_OF_A_COMPANY = ("企业对应", "归属", "采用文件", "剔除")  # decisions whose first words are a company


def decisions_of(entries: Iterable[Mapping[str, Any]]) -> list[DecisionExplained]:
    """The decisions of a manifest that had an effect."""
    signed = ("kind", "about", "decided", "decider", "date", "reason", "state")
    decisions = [DecisionExplained(*(on_one_line(str(entry.get(name, ""))) for name in signed)) for entry in entries]
    return [decision for decision in decisions if decision.state == "已采用"]


def about_company(company: str, decisions: Iterable[DecisionExplained], issues: Set[str]) -> list[DecisionExplained]:
    """The decisions on the company as a whole and on its figures of 附件2, and those that accept one of its issues. Those
    on N and M stand beside their items."""
    key = name_key(company)
    return [
        entry
        for entry in decisions
        if (entry.kind == "接受说明" and _first_word(entry) in issues)
        or (entry.kind in _OF_A_COMPANY and key in (name_key(_first_word(entry)), name_key(entry.decided)))
        or (entry.kind == ON_VALUES and name_key(_first_word(entry)) == key and not _part(entry))
    ]


def _part(decision: DecisionExplained) -> str:
    """N or M of a decision on a value; "" for one on a figure of 附件2, whose cell N/M is left out."""
    word = narrowed([*decision.about.split(ABOUT_JOINED, 3), "", "", ""][2]).upper()
    return word if word in ("N", "M") else ""


def _first_word(decision: DecisionExplained) -> str:
    return decision.about.partition(ABOUT_JOINED)[0]


def decided_values(
    company: str, decisions: Iterable[DecisionExplained], indicator: Indicator
) -> dict[str, DecisionExplained]:
    """ "n" or "m" of the item -> the decision on it."""
    decided = {}
    for entry in decisions:
        if entry.kind != ON_VALUES:
            continue
        words = [*entry.about.split(ABOUT_JOINED, 3), "", "", ""]
        named = label_of(words[1]) in (indicator.id, label_of(indicator.label))
        if name_key(words[0]) == name_key(company) and named and _part(entry):
            decided[_part(entry).lower()] = entry._replace(raw=words[3])
    return decided
