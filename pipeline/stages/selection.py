"""Who is selected (拟认定): from the ranked companies' totals and the rulebook's [selection] to a table.

Every line is worked off in the order of `rules_of`; a line takes the best of those that are left in its region until it
is full. Whoever is left of a group of equal totals across a line stays open: each company of the group counts for the
lines behind it with the share of the group that is left, so that a company is in, or out, exactly when it is so however
the group is decided.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.issues.catalogue import SELECTION_NOT_FILLED, SELECTION_TIED
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import listed
from pipeline.model.quotas import quotas_of_cities, quotas_of_counties
from pipeline.model.rulebook import Rulebook
from pipeline.model.selected import (
    BY_CITY,
    BY_COUNTY,
    BY_PROVINCE,
    BY_SCORE,
    NOT_SELECTED,
    SELECTED,
    UNDECIDED,
    Selected,
    line_name,
)
from pipeline.model.tables import SELECTION, SELECTION_LINES, SELECTION_STEPS, STATUS_ORDER, conformed, frame

_SMALL = 1e-6  # of a sum of shares, which is a whole number for every group


class LineRule(NamedTuple):
    """One line: its kind, city and county ("" for all), how many it takes, or from which total on."""

    kind: str
    city: str = ""
    county: str = ""
    quota: int = 0
    score: float = 0.0


class Candidates(NamedTuple):
    """The ranked companies: their totals as compared, and their regions."""

    compared: np.ndarray
    city: np.ndarray
    county: np.ndarray


class Step(NamedTuple):
    """What one line did. left: what is left of each company behind it, 0 of one that it takes for sure, a share in a group
    of equal totals across the line; room, better: of the companies of its region, as in SELECTION_STEPS, else 0."""

    left: np.ndarray
    room: np.ndarray
    better: np.ndarray


def rules_of(rulebook: Rulebook) -> tuple[LineRule, ...]:
    """The lines in the order in which they are worked off: least score, counties, cities, the whole province. None when
    nobody is selected."""
    selection = rulebook.selection
    if not rulebook.selects:
        return ()
    rules = [LineRule(BY_SCORE, score=float(selection.least_score))] if selection.least_score else []
    counties = quotas_of_counties(rulebook)
    rules += [LineRule(BY_COUNTY, city, county, quota) for (city, county), quota in counties.items()]
    rules += [LineRule(BY_CITY, city, quota=quota) for city, quota in quotas_of_cities(rulebook).items()]
    rules += [LineRule(BY_PROVINCE, quota=selection.places)] if selection.places else []
    return tuple(rules)


def select(totals: pd.DataFrame, rulebook: Rulebook) -> Selected:
    """Who of `totals` is selected, by which line, and how far each line is filled. A pure function."""
    ranked = totals[totals["status"] == STATUS_ORDER[0]].reset_index(drop=True)
    if not rulebook.selects:
        return Selected()
    candidates = candidates_of(ranked, rulebook.scoring.rank_decimals)
    shares, rows, steps = np.ones(len(ranked)), [], []
    by: list[list[str]] = [[] for _ in range(len(ranked))]
    for kind, rules in groupby(rules_of(rulebook), key=lambda rule: rule.kind):
        before, room, better = shares, np.zeros(len(ranked)), np.zeros(len(ranked))
        for rule in rules:
            step = worked_off(rule, shares, candidates, rulebook.selection.tie)
            rows.append(_line_row(rule, shares, step.left, candidates))
            shares, room, better = step.left, room + step.room, better + step.better
        for position in np.flatnonzero(before - shares > _SMALL):
            by[position].append(kind)
        steps.append(
            pd.DataFrame({"key": ranked["key"], "room": room, "better": better, "left": shares}).assign(kind=kind)
        )
    companies = ranked.assign(state=states_of(shares), by=["、".join(kinds) for kinds in by])
    tables = (
        (companies, SELECTION),
        (frame(rows, SELECTION_LINES), SELECTION_LINES),
        (pd.concat(steps), SELECTION_STEPS),
    )
    return Selected(*(conformed(table, columns) for table, columns in tables))


def candidates_of(ranked: pd.DataFrame, decimals: int) -> Candidates:
    """The candidates of a table of ranked companies, totals rounded as in the ranking."""
    compared = np.round(np.round(ranked["total"].to_numpy(dtype=float), 12), decimals)
    return Candidates(compared, ranked["city"].to_numpy(dtype=object), ranked["county"].to_numpy(dtype=object))


def selected_mask(candidates: Candidates, rules: Sequence[LineRule], tie: str) -> np.ndarray:
    """Which candidates are surely selected."""
    shares = np.ones(len(candidates.compared))
    for rule in rules:
        shares = worked_off(rule, shares, candidates, tie).left
    return shares < _SMALL


def worked_off(rule: LineRule, shares: np.ndarray, candidates: Candidates, tie: str) -> Step:
    """What one line does. shares: what is left of each company before it."""
    nothing = np.zeros(len(shares))
    if rule.kind == BY_SCORE:
        return Step(np.where(candidates.compared >= round(rule.score, 9), 0.0, shares), nothing, nothing)
    rows = np.flatnonzero(_within(rule, candidates))
    left = shares[rows]
    room = round(rule.quota - len(rows) + float(left.sum()), 6)
    if room <= 0 or not len(rows):
        return Step(shares, nothing, nothing)
    group_of, better, rest = _groups(candidates.compared[rows], left, room, tie)
    result, rooms, betters = shares.copy(), nothing.copy(), nothing.copy()
    result[rows], rooms[rows], betters[rows] = left * rest[group_of], room, better[group_of]
    return Step(result, rooms, betters)


def _groups(compared: np.ndarray, left: np.ndarray, room: float, tie: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The group of equal totals of each company; per group what is left of all that are better, and the share of it that
    the line does not take."""
    values, group_of = np.unique(-compared, return_inverse=True)  # best first
    sums = np.bincount(group_of, weights=left, minlength=len(values))
    better = np.round(np.concatenate([[0.0], np.cumsum(sums)[:-1]]), 6)
    taken = np.clip(room - better, 0.0, sums)
    across = (taken > _SMALL) & (taken < sums - _SMALL)
    if tie != "ask":
        taken = np.where(across, sums if tie == "in" else 0.0, taken)
    whole = np.where(sums > _SMALL, sums, 1.0)
    rest = np.where(sums > _SMALL, 1 - taken / whole, 1.0)
    return group_of, better, np.where(rest < _SMALL, 0.0, rest)


def _within(rule: LineRule, candidates: Candidates) -> np.ndarray:
    within = np.ones(len(candidates.compared), dtype=bool)
    if rule.city:
        within &= candidates.city == rule.city
    return within & (candidates.county == rule.county) if rule.county else within


def states_of(shares: np.ndarray) -> list[str]:
    """拟认定, 待定 or 未入选 for every company, from what is left of it."""
    return [
        SELECTED if share < _SMALL else NOT_SELECTED if share > 1 - _SMALL else UNDECIDED for share in shares.tolist()
    ]


def _line_row(rule: LineRule, before: np.ndarray, shares: np.ndarray, candidates: Candidates) -> dict[str, object]:
    """A row of SELECTION_LINES."""
    within = _within(rule, candidates)
    tied = within & (before - shares > _SMALL) & (shares > _SMALL)
    return {
        "kind": rule.kind,
        "city": rule.city,
        "county": rule.county,
        "quota": None if rule.kind == BY_SCORE else rule.quota,
        "score": rule.score if rule.kind == BY_SCORE else None,
        "candidates": int(within.sum()),
        "taken": round(float((before - shares)[within].sum())),
        "tied": int(tied.sum()),
    }


def selection_issues(selected: Selected) -> list[Issue]:
    """One 提醒 for the lines that lack candidates, one 错误 for the companies that equal totals leave open."""
    issues = []
    lines = selected.lines[selected.lines["quota"].notna()]
    short = lines[lines["quota"] > lines["candidates"]]
    if len(short):
        texts = [f"{line_name(row)} {row['quota']} 家，{_so_few(row)}" for row in short.to_dict("records")]
        issues.append(Issue(SELECTION_NOT_FILLED, Where(), facts={"lines": listed(texts, "处", "；")}))
    open_rows = selected.companies[selected.companies["state"] == UNDECIDED]
    if len(open_rows):
        names = [
            f"{row['company']}（{row['city']}{row['county']}，全省第 {row['rank']} 名）"
            for row in open_rows.to_dict("records")
        ]
        facts = {"companies": listed(names, "家"), "count": str(len(names))}
        issues.append(Issue(SELECTION_TIED, Where(), found="、".join(open_rows["company"]), facts=facts))
    return issues


def _so_few(row: Mapping[Hashable, object]) -> str:
    return f"已排名的只有 {row['candidates']} 家" if row["candidates"] else "没有已排名的企业"
