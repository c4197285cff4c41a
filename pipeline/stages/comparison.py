"""What changed between two results, and which cell, file, mark, rule or decision is the cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from pipeline.model.changes import AnswerChange, Comparison, CountyMoves, Crossing, FileChange, Move, RegionChange
from pipeline.model.records import NO_WHERE
from pipeline.model.rulebook import Rulebook
from pipeline.model.tables import STATUS_ORDER
from pipeline.stages.cuts import Line, cut_lines, inside

RANKED = STATUS_ORDER[0]
Ranks = tuple[int | None, int | None]  # before and after
_Rows = Mapping[str, Mapping[Hashable, Any]]  # company -> its row of TOTALS


@dataclass(frozen=True)
class Snapshot:
    """The compared part of one result: its manifest and, with the columns of 数据/, totals, scores, issues and progress."""

    manifest: Mapping[str, Any]
    totals: pd.DataFrame
    scores: pd.DataFrame
    issues: pd.DataFrame
    progress: pd.DataFrame


def compare(before: Snapshot, after: Snapshot, rulebook: Rulebook) -> Comparison:
    """What changed from `before` to `after`. `moves` holds the companies whose figures, bands, status, rank or total
    changed, in the order of `after`; those that are only in `before` come last."""
    answers = tuple(_answer_changes(before.scores, after.scores))
    moves = tuple(_moves(before, after, answers))
    decided = [_decisions(snapshot.manifest) for snapshot in (before, after)]
    known = [set(snapshot.issues["id"]) for snapshot in (before, after)]
    return Comparison(
        files=tuple(_file_changes(before.manifest["inputs"], after.manifest["inputs"], rulebook)),
        rules=tuple(_rule_changes(before.manifest, after.manifest)),
        decisions_added=tuple(text for text in decided[1] if text not in decided[0]),
        decisions_removed=tuple(text for text in decided[0] if text not in decided[1]),
        answers=answers,
        regions=tuple(_region_changes(before.progress, after.progress)),
        moves=moves,
        counties=tuple(_by_county(moves, rulebook)),
        crossings=tuple(_crossings(before.totals, after.totals, rulebook)),
        issues_solved=tuple(sorted(known[0] - known[1])),
        issues_new=tuple(sorted(known[1] - known[0])),
        companies=len(after.totals),
        final=after.manifest["standing"]["final"],
        demo=after.manifest["demo"],
        date=after.manifest["date"],
    )


def _file_changes(before: Mapping[str, str], after: Mapping[str, str], rulebook: Rulebook) -> Iterable[FileChange]:
    for path in sorted(before.keys() | after.keys(), key=rulebook.region_order.rank_of_path):
        if before.get(path) != after.get(path):
            kind = "added" if path not in before else "removed" if path not in after else "changed"
            yield FileChange(path, kind)


def _rule_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    """(what, before, after) for the rulebook file, the program, and every ruling whose adopted alternative changed."""
    for name in ("id", "version", "sha256"):
        old, new = before["rulebook"].get(name, ""), after["rulebook"].get(name, "")
        if old != new:
            yield f"rulebook.{name}", old, new
    old, new = before["program"]["version"], after["program"]["version"]
    if old != new:
        yield "program", old, new
    adopted = [
        {ruling["id"]: ruling["adopted"] for ruling in manifest.get("rulings", ())} for manifest in (before, after)
    ]
    for ruling in sorted(adopted[0].keys() | adopted[1].keys()):
        if adopted[0].get(ruling) != adopted[1].get(ruling):
            yield f"ruling.{ruling}", adopted[0].get(ruling, ""), adopted[1].get(ruling, "")


def _decisions(manifest: Mapping[str, Any]) -> list[str]:
    """The signed decisions, one sentence each."""
    sentences = []
    for entry in manifest.get("decisions", ()):
        about = entry["about"] if entry["decided"] == entry["kind"] else f"{entry['about']} → {entry['decided']}"
        sentences.append(f"{entry['kind']}：{about}")
    return sentences


# ---------------------------------------------------------------------------------------- figures


_PARTS = (("N", "n", "n_where"), ("M", "m", "m_where"), ("专家", "expert_score", ""))


def _answer_changes(before: pd.DataFrame, after: pd.DataFrame) -> Iterable[AnswerChange]:
    """Every N, M and merged mark that changed, for companies of both results, in the order of `after`."""
    key = ["company", "indicator"]
    columns = [*key, *dict.fromkeys(name for _, *names in _PARTS for name in names if name)]
    both = after[columns].merge(before[columns], on=key, how="left", suffixes=("", "_before"), indicator=True)
    both = both[both["_merge"] == "both"]
    for part, value, where in _PARTS:
        new, old = both[value], both[f"{value}_before"]
        for row in both[(new != old) & ~(new.isna() & old.isna())].to_dict("records"):
            yield AnswerChange(
                row["company"],
                row["indicator"],
                part,
                _or_none(row[f"{value}_before"]),
                _or_none(row[value]),
                row[f"{where}_before"] if where else NO_WHERE,
                row[where] if where else NO_WHERE,
            )


def _or_none(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else cast(float, value)


def _band_changes(before: pd.DataFrame, after: pd.DataFrame) -> Mapping[str, tuple[str, ...]]:
    """Company -> the indicators whose band (of N or M) or peer score changed."""
    key, compared = ["company", "indicator"], ["band_n", "band_m", "peer_score"]
    both = after[[*key, *compared]].merge(before[[*key, *compared]], on=key, how="inner", suffixes=("", "_before"))
    changed = pd.Series(data=False, index=both.index)
    for name in compared:
        new, old = both[name], both[f"{name}_before"]
        changed |= (new != old) & ~(new.isna() & old.isna())
    indicators: dict[str, list[str]] = defaultdict(list)
    for company, indicator in zip(both.loc[changed, "company"], both.loc[changed, "indicator"], strict=True):
        indicators[company].append(indicator)
    return {company: tuple(names) for company, names in indicators.items()}


def _region_changes(before: pd.DataFrame, after: pd.DataFrame) -> Iterable[RegionChange]:
    """Every changed figure of 附件3, in the order of `after`, those that are gone last."""
    old, new = (
        {(row["level"], row["region"], row["item"]): _or_none(row["value"]) for row in table.to_dict("records")}
        for table in (before, after)
    )
    for level, region, item in dict.fromkeys([*new, *old]):
        values = old.get((level, region, item)), new.get((level, region, item))
        if values[0] != values[1]:
            yield RegionChange(level, region, item, *values)


# ---------------------------------------------------------------------------------------- ranks


def _moves(before: Snapshot, after: Snapshot, answers: tuple[AnswerChange, ...]) -> Iterable[Move]:
    old, new = _rows_by_company(before.totals), _rows_by_company(after.totals)
    companies = [*new, *(name for name in old if name not in new)]
    changes: dict[str, list[AnswerChange]] = defaultdict(list)
    for change in answers:
        changes[change.company].append(change)
    bands = _band_changes(before.scores, after.scores)
    ranks = {name: (_rank(old.get(name, {})), _rank(new.get(name, {}))) for name in companies}
    turns = _Turns(ranks, {name for name in companies if _is_source(name, old, new, changes)})
    for company in companies:
        first, second = old.get(company, {}), new.get(company, {})
        latest = second or first
        move = Move(
            company,
            latest["city"],
            latest["county"],
            first.get("status", ""),
            second.get("status", ""),
            *ranks[company],
            _or_none(first.get("total")),
            _or_none(second.get("total")),
            bands.get(company, ()),
            tuple(changes.get(company, ())),
            *turns.of(ranks[company]),
        )
        if _differs(move):
            yield move


def _rows_by_company(totals: pd.DataFrame) -> dict[str, dict[Hashable, Any]]:
    return {row["company"]: row for row in totals.to_dict("records")}


def _is_source(name: str, old: _Rows, new: _Rows, changes: Container[str]) -> bool:
    """True when the company itself changed: its figures or its status, or it came or went."""
    return name in changes or name not in old or name not in new or old[name]["status"] != new[name]["status"]


def _differs(move: Move) -> bool:
    return bool(
        move.answers
        or move.bands
        or move.status_before != move.status_after
        or move.rank_before != move.rank_after
        or move.total_before != move.total_after
    )


def _rank(row: Mapping[Hashable, Any]) -> int | None:
    rank = _or_none(row.get("rank"))
    return None if rank is None else int(rank)


class _Turns:
    """Which companies changed their order against another: rank arrays over all companies, those that changed themselves
    first."""

    def __init__(self, ranks: Mapping[str, Ranks], sources: Container[str]) -> None:
        self.names = sorted(ranks, key=lambda name: name not in sources)  # stable: else in list order
        self.before, self.after = (
            np.array([np.nan if ranks[name][side] is None else ranks[name][side] for name in self.names], dtype=float)
            for side in (0, 1)
        )

    def of(self, ranks: Ranks) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Move.passed, gone and new of a company with these ranks; empty unless its rank changed."""
        before, after = ranks
        if before is None or after is None or before == after:
            return (), (), ()
        if after < before:
            ahead = self.before < before
            return self._named(ahead & (self.after > after)), self._named(ahead & np.isnan(self.after)), ()
        passed = (self.before > before) & (self.after < after)
        return self._named(passed), (), self._named(np.isnan(self.before) & (self.after < after))

    def _named(self, mask: np.ndarray) -> tuple[str, ...]:
        return tuple(self.names[position] for position in np.flatnonzero(mask))


def _by_county(moves: Iterable[Move], rulebook: Rulebook) -> Iterable[CountyMoves]:
    """How many companies of each county moved which way, in the notice's order."""
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for move in moves:
        count = counts[move.city, move.county]
        count[0] += move.gained > 0
        count[1] += move.gained < 0
        count[2] += move.rank_before is None and move.rank_after is not None
        count[3] += move.rank_before is not None and move.rank_after is None
    counties = sorted(counts, key=lambda county: rulebook.region_order.rank(*county))
    return (CountyMoves(*county, *counts[county]) for county in counties if any(counts[county]))


def _crossings(before: pd.DataFrame, after: pd.DataFrame, rulebook: Rulebook) -> Iterable[Crossing]:
    """The companies that are inside a cut line in one result only; each result is judged by its own lines."""
    decimals = rulebook.scoring.rank_decimals
    lines = [
        {line.label: line for line in cut_lines(int((totals["status"] == RANKED).sum()), rulebook)}
        for totals in (before, after)
    ]

    def inside_of(totals: pd.DataFrame, line: Line | None) -> set[str]:
        return set() if line is None else set(totals.loc[inside(totals, line, decimals), "company"])

    for label in dict.fromkeys([*lines[0], *lines[1]]):
        first, second = lines[0].get(label), lines[1].get(label)
        old, new = inside_of(before, first), inside_of(after, second)
        as_before = inside_of(after, first or second)  # by the earlier line
        for came, companies in ((True, new - old), (False, old - new)):
            for company in sorted(companies):
                yield Crossing(company, label, came, line_moved=(company in as_before) != came)
