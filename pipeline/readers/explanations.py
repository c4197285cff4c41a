"""情况说明: what a county wrote beside an issue in a list that it got back, found by 编号. Shown beside the issue; it
settles nothing by itself."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from pipeline.issues import CATALOGUE, Issue, Where, mask_phones, numbered
from pipeline.readers.grid import Grid, address_text, label_of
from pipeline.readers.headers import HeaderReader, MergedValues, names_of
from pipeline.records import Explanation
from pipeline.stamps import LIST_ANSWER, LIST_CURE, LIST_ID_PATTERN, LIST_NUMBER, LIST_SHEET

if TYPE_CHECKING:
    import pandas as pd

_NAMES = names_of((("id", (LIST_NUMBER, f"问题{LIST_NUMBER}")), ("text", (LIST_ANSWER,)), ("fix", (LIST_CURE,))))
_ID = re.compile(LIST_ID_PATTERN)
SHOWN = 5  # ids named in one message


def list_header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """(header row, column id → column) of a list of issues of ours: 编号 and 情况说明 in one row, and 怎么改 beside them or
    an issue's number below; None for every other sheet."""
    if not any(isinstance(value, str) and LIST_ANSWER in value for value in grid.cells.values()):
        return None
    headers = HeaderReader(grid, _NAMES)
    for row in grid.rows:
        columns = headers.columns(row)
        if {"id", "text"} <= columns.keys() and ("fix" in columns or _numbers_below(grid, row, columns["id"])):
            return row, columns
    return None


def read_explanations(grid: Grid, header: tuple[int, dict[str, int]], path: str) -> list[Explanation]:
    """Every 情况说明 that somebody wrote, phones masked; a row without 编号 gives one with the id ""."""
    row, columns = header
    merged = MergedValues(grid)
    found = []
    for below in (number for number in grid.rows if number > row):
        text = " ".join(merged.text(below, columns["text"]).split())
        if text:
            identifier = _identifier(merged.text(below, columns["id"]))
            where = Where(path, grid.name, address_text((below, columns["text"])))
            found.append(Explanation(identifier, mask_phones(text), where))
    return found


def lost_list(grid: Grid) -> bool:
    """True for a list of ours whose header can no longer be told: named as one, with issues' numbers in it."""
    return label_of(grid.name).startswith(LIST_SHEET) and any(
        isinstance(value, str) and _ID.fullmatch(_identifier(value)) for value in grid.cells.values()
    )


def _numbers_below(grid: Grid, row: int, column: int) -> bool:
    return any(below > row and other == column and _ID.fullmatch(_identifier(str(value)))
               for (below, other), value in grid.cells.items())  # fmt: skip


def _identifier(text: str) -> str:
    return re.sub(r"[‐‑–—－]", "-", label_of(unicodedata.normalize("NFKC", text))).upper()


# ---------------------------------------------------------------------------------------- beside the issues


class Explained(NamedTuple):
    """The issues, each with what was written about it; what is to be said of explanations that met none; a line for
    each file that holds some: path -> Chinese."""

    issues: list[Issue]
    said: list[Issue]
    remarks: dict[str, str]


def explain(issues: list[Issue], explanations: Iterable[Explanation]) -> Explained:
    """Puts each explanation beside the issue it is about. One county's file cannot speak of another's issues; an issue
    that no longer stands is settled, which is no fault; a number that is none of ours is F15."""
    known = {issue.id: issue for issue in issues}
    texts: dict[str, list[str]] = {}
    lost: dict[str, list[Explanation]] = {}
    outcomes: dict[str, Counter[str]] = {}
    for entry in sorted(explanations, key=lambda entry: (entry.where.file, entry.where.sheet)):
        issue = known.get(entry.id)
        if issue and _may_speak(entry, issue):
            outcome = "列在对应的问题旁"
            texts.setdefault(entry.id, []).append(entry.text)
        elif issue is None and _ID.fullmatch(entry.id) and entry.id[:3] in CATALOGUE:
            outcome = "对应的问题已不存在"
        else:
            outcome = "没有用上"
            lost.setdefault(entry.where.file, []).append(entry)
        outcomes.setdefault(entry.where.file, Counter())[outcome] += 1
    explained = [
        issue._replace(explanation="；".join(_distinct(texts[issue.id]))) if issue.id in texts else issue
        for issue in issues
    ]
    said = [_unknown(entries) for _, entries in sorted(lost.items())]
    remarks = {
        path: f"情况说明 {sum(counts.values())} 条："
        + "，".join(f"{count} 条{outcome}" for outcome, count in sorted(counts.items()))
        for path, counts in outcomes.items()
    }
    return Explained(explained, numbered(said), remarks)


def noted(files: pd.DataFrame, remarks: dict[str, str]) -> pd.DataFrame:
    """The list of files with each remark added to the first line of its file."""
    first = ~files["path"].duplicated()
    told = [remarks.get(path, "") if is_first else "" for path, is_first in zip(files["path"], first, strict=True)]
    lines = ["；".join(filter(None, pair)) for pair in zip(files["remark"], told, strict=True)]
    return files.assign(remark=lines)


def _may_speak(entry: Explanation, issue: Issue) -> bool:
    return entry.city in ("", issue.city) and entry.county in ("", issue.county)


def _distinct(texts: list[str]) -> list[str]:
    """The texts once each, in order; one that another contains is left out."""
    once = list(dict.fromkeys(texts))
    return [text for text in once if not any(text in other for other in once if other != text)]


def _unknown(entries: list[Explanation]) -> Issue:
    """F15 for the explanations of one file that met nothing."""
    ids = list(dict.fromkeys(mask_phones(entry.id) or "（空白）" for entry in entries))
    named = "、".join(ids[:SHOWN]) + ("等" if len(ids) > SHOWN else "")
    first, facts = entries[0], {"count": str(len(entries))}
    return Issue("F15", first.where, found=named, facts=facts, city=first.city, county=first.county)
