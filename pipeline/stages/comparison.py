"""What moved between two results, and because of which cell, file, mark, rule or decision; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.model.changes import AnswerChange, Comparison, CountyMoves, Crossing, FileChange, Move, RegionChange
from pipeline.model.records import NO_WHERE
from pipeline.model.rulebook import Rulebook
from pipeline.model.tables import STATUS_ORDER
from pipeline.stages.cuts import Line, cut_lines, inside

RANKED = STATUS_ORDER[0]
Ranks = tuple[int | None, int | None]  # before and after


@dataclass(frozen=True)
class Snapshot:
    """One result as far as it is compared: the manifest and, as in 数据/, totals, scores, issues and progress."""

    manifest: Mapping[str, Any]
    totals: pd.DataFrame
    scores: pd.DataFrame
    issues: pd.DataFrame
    progress: pd.DataFrame


def compare(before: Snapshot, after: Snapshot, rulebook: Rulebook) -> Comparison:
    """What moved from `before` to `after`. Companies that differ in nothing but others' places are in `moves` only
    when their place, status, total or a band is another; in the order of `after`, those that left last."""
    answers = tuple(_answer_changes(before.scores, after.scores))
    moves = tuple(_moves(before, after, answers))
    decided = [_decisions(snapshot.manifest) for snapshot in (before, after)]
    known = [set(snapshot.issues["id"]) for snapshot in (before, after)]
    return Comparison(
        files=tuple(_file_changes(before.manifest["inputs"], after.manifest["inputs"])),
        rules=tuple(_rule_changes(before.manifest, after.manifest)),
        decisions_added=tuple(text for text in decided[1] if text not in decided[0]),
        decisions_removed=tuple(text for text in decided[0] if text not in decided[1]),
        answers=answers,
        regions=tuple(_region_changes(before.progress, after.progress)),
        moves=moves,
        counties=tuple(_by_county(moves)),
        crossings=tuple(_crossings(before.totals, after.totals, rulebook)),
        issues_solved=tuple(sorted(known[0] - known[1])),
        issues_new=tuple(sorted(known[1] - known[0])),
        companies=len(after.totals),
        final=after.manifest["standing"]["final"],
        demo=after.manifest["demo"],
    )


def _file_changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterable[FileChange]:
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) != after.get(path):
            kind = "added" if path not in before else "removed" if path not in after else "changed"
            yield FileChange(path, kind)


def _rule_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    """(what, before, after): the rulebook file, the program, and every ruling that is adopted otherwise."""
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
    decisions = manifest.get("decisions", ())
    said = [
        entry["about"] if entry["decided"] == entry["kind"] else f"{entry['about']} → {entry['decided']}"
        for entry in decisions
    ]
    return [f"{entry['kind']}：{what}" for entry, what in zip(decisions, said, strict=True)]


# ---------------------------------------------------------------------------------------- figures


_PARTS = (("N", "n", "n_where"), ("M", "m", "m_where"), ("专家", "expert_score", ""))


def _answer_changes(before: pd.DataFrame, after: pd.DataFrame) -> Iterable[AnswerChange]:
    """Every N, M and merged mark that is another, companies of both results only, in the order of `after`."""
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
                row.get(f"{where}_before", NO_WHERE),
                row.get(where, NO_WHERE),
            )


def _or_none(value: Any) -> Any:
    return None if value is None or pd.isna(value) else value


def _band_changes(before: pd.DataFrame, after: pd.DataFrame) -> Mapping[str, tuple[str, ...]]:
    """Company -> the indicators whose band (of N or M) or peer score is another."""
    key, looked_at = ["company", "indicator"], ["band_n", "band_m", "peer_score"]
    both = after[[*key, *looked_at]].merge(before[[*key, *looked_at]], on=key, how="inner", suffixes=("", "_before"))
    changed = pd.Series(data=False, index=both.index)
    for name in looked_at:
        new, old = both[name], both[f"{name}_before"]
        changed |= (new != old) & ~(new.isna() & old.isna())
    found: dict[str, list[str]] = defaultdict(list)
    for company, indicator in both.loc[changed, key].itertuples(index=False):
        found[company].append(indicator)
    return {company: tuple(indicators) for company, indicators in found.items()}


def _region_changes(before: pd.DataFrame, after: pd.DataFrame) -> Iterable[RegionChange]:
    """Every figure of 附件3 that is another, in the order of `after`, those that are gone last."""
    key = ["level", "region", "item"]
    old, new = (
        {tuple(row[name] for name in key): _or_none(row["value"]) for row in table.to_dict("records")}
        for table in (before, after)
    )
    for place in dict.fromkeys([*new, *old]):
        if old.get(place) != new.get(place):
            yield RegionChange(*place, old.get(place), new.get(place))


# ---------------------------------------------------------------------------------------- places


def _moves(before: Snapshot, after: Snapshot, answers: tuple[AnswerChange, ...]) -> Iterable[Move]:
    old = {row["company"]: row for row in before.totals.to_dict("records")}
    new = {row["company"]: row for row in after.totals.to_dict("records")}
    companies = [*new, *(name for name in old if name not in new)]
    own: dict[str, list[AnswerChange]] = defaultdict(list)
    for change in answers:
        own[change.company].append(change)
    bands = _band_changes(before.scores, after.scores)
    ranks = {name: (_rank(old.get(name, {})), _rank(new.get(name, {}))) for name in companies}
    turns = _Turns(ranks, {name for name in companies if _is_source(name, old, new, own)})
    for company in companies:
        first, second = old.get(company, {}), new.get(company, {})
        place = second or first
        move = Move(
            company,
            place["city"],
            place["county"],
            first.get("status", ""),
            second.get("status", ""),
            *ranks[company],
            _or_none(first.get("total")),
            _or_none(second.get("total")),
            bands.get(company, ()),
            tuple(own.get(company, ())),
            **turns.of(ranks[company]),
        )
        if _differs(move):
            yield move


def _is_source(name: str, old: Mapping, new: Mapping, own: Mapping) -> bool:
    """Whether the company itself is another: its figures, its status, or that it came or went."""
    return name in own or name not in old or name not in new or old[name]["status"] != new[name]["status"]


def _differs(move: Move) -> bool:
    return bool(
        move.own
        or move.bands
        or move.status_before != move.status_after
        or move.rank_before != move.rank_after
        or move.total_before != move.total_after
    )


def _rank(row: Mapping[str, Any]) -> int | None:
    rank = _or_none(row.get("rank"))
    return None if rank is None else int(rank)


class _Turns:
    """Who stood before whom, before and after: rank arrays over all companies, those that changed themselves first."""

    def __init__(self, ranks: Mapping[str, Ranks], sources: Container[str]) -> None:
        self.names = sorted(ranks, key=lambda name: name not in sources)  # stable: else in list order
        self.before, self.after = (
            np.array([np.nan if ranks[name][side] is None else ranks[name][side] for name in self.names], dtype=float)
            for side in (0, 1)
        )

    def of(self, mine: Ranks) -> dict[str, tuple[str, ...]]:
        """Move.passed, gone and new of a company that is ranked both times; nothing for any other."""
        if mine[0] is None or mine[1] is None:
            return {}
        ahead, behind = self.before < mine[0], self.before > mine[0]
        turned = ahead & (self.after > mine[1]) if mine[1] < mine[0] else behind & (self.after < mine[1])
        gone = ahead & np.isnan(self.after) if mine[1] < mine[0] else np.zeros_like(ahead)
        new = np.isnan(self.before) & (self.after < mine[1]) if mine[1] > mine[0] else np.zeros_like(ahead)
        found = {"passed": turned, "gone": gone, "new": new} if mine[0] != mine[1] else {}
        return {name: tuple(self.names[place] for place in np.flatnonzero(mask)) for name, mask in found.items()}


def _by_county(moves: Iterable[Move]) -> Iterable[CountyMoves]:
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for move in moves:
        count = counts[move.city, move.county]
        count[0] += move.gained > 0
        count[1] += move.gained < 0
        count[2] += move.rank_before is None and move.rank_after is not None
        count[3] += move.rank_before is not None and move.rank_after is None
    return (CountyMoves(*place, *count) for place, count in sorted(counts.items()) if any(count))


def _crossings(before: pd.DataFrame, after: pd.DataFrame, rulebook: Rulebook) -> Iterable[Crossing]:
    """Who is inside a cut line in one result only; each result by its own lines."""
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
        as_before = inside_of(after, first or second)  # by the line where it stood
        for came, companies in ((True, new - old), (False, old - new)):
            for company in sorted(companies):
                yield Crossing(company, label, came, line_moved=(company in as_before) != came)
