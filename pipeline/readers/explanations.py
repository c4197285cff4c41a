"""情况说明: what a county wrote beside an issue in a list that it got back, found by 编号. Shown beside the issue; it
settles nothing by itself."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from pipeline.issues import CATALOGUE, Issue, Where, mask_phones, numbered, quoted
from pipeline.readers.grid import Grid, address_text, label_of, text_of
from pipeline.readers.headers import HeaderReader, MergedValues, header_key, names_of
from pipeline.records import Explanation
from pipeline.stamps import (
    LIST_ANSWER,
    LIST_COLUMNS,
    LIST_CURE,
    LIST_ID_PATTERN,
    LIST_LINES,
    LIST_MENDER,
    LIST_MENDERS,
    LIST_NUMBER,
    LIST_SHEET,
)

if TYPE_CHECKING:
    import pandas as pd

_NAMES = names_of((("id", (LIST_NUMBER, f"问题{LIST_NUMBER}")), ("text", (LIST_ANSWER,)), ("fix", (LIST_CURE,))))
_ID = re.compile(LIST_ID_PATTERN)
_KNOWN = frozenset(map(header_key, LIST_COLUMNS))
_OWN_CELLS = 3  # a row with so many in columns of ours is one of the list's, its number gone
SHOWN = 5  # ids and texts named in one message


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


def astray(grid: Grid, header: tuple[int, dict[str, int]], path: str) -> list[Issue]:
    """F21 for what somebody wrote in a list of ours beside or below the column 情况说明: nobody can tell what it is
    about."""
    top, columns = header
    if "fix" not in columns:
        return []
    labels = {column: header_key(text_of(value)) for column, value in grid.rows[top]}
    known = {column for column, label in labels.items() if label in _KNOWN}
    found = [
        (row, column)
        for row in grid.rows
        if row > top
        for column in _written_astray(grid, row, columns, labels, known)
    ]
    if not found:
        return []
    where = Where(path, grid.name, address_text(found[0]))
    return [Issue("F21", where, facts={"texts": _texts(grid.text_at(address) for address in found)})]


def _written_astray(
    grid: Grid, row: int, columns: dict[str, int], labels: dict[int, str], known: set[int]
) -> Iterable[int]:
    """The columns of a row in which stands what is none of ours."""
    cells = dict(grid.rows[row])
    own = len(known & cells.keys()) >= _OWN_CELLS or _ID.fullmatch(_identifier(text_of(cells.get(columns["id"], ""))))
    for column, value in cells.items():
        text = " ".join(text_of(value).split())
        if not text or column == columns["text"] or any(line in text for line in LIST_LINES):
            continue
        ours = column in known and (labels[column] != header_key(LIST_MENDER) or text in LIST_MENDERS)
        if not (own and ours):
            yield column


def _texts(texts: Iterable[str]) -> str:
    """What was written, as a message quotes it, phones masked."""
    once = list(dict.fromkeys(quoted(mask_phones(text)) for text in texts))
    return "".join(f"“{text}”" for text in once[:SHOWN]) + ("等" if len(once) > SHOWN else "")


def lost_answers(grid: Grid) -> str:
    """What may have been written in a list without its header: the last text beside each issue's number."""
    numbers = {row for (row, _), value in grid.cells.items() if isinstance(value, str) and _ID.fullmatch(_identifier(value))}
    last = (text_of(grid.rows[row][-1][1]).strip() for row in sorted(numbers))
    texts = [text for text in last if text and text not in LIST_MENDERS and not _ID.fullmatch(_identifier(text))]
    return f"，里面写着：{_texts(texts)}" if texts else ""


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


_SETTLED = "对应的问题已不存在"


def explain(issues: list[Issue], explanations: Iterable[Explanation]) -> Explained:
    """Puts each explanation beside the issue it is about. One county's file cannot speak of another's issues; an issue
    that no longer stands is settled, which is no fault; a number that is none of ours is F15."""
    known = {issue.id: issue for issue in issues}
    texts: dict[str, list[str]] = {}
    lost: dict[str, list[Explanation]] = {}
    outcomes: dict[str, Counter[str]] = {}
    settled: dict[str, list[str]] = {}
    for entry in sorted(explanations, key=lambda entry: (entry.where.file, entry.where.sheet)):
        issue = known.get(entry.id)
        if issue and _may_speak(entry, issue):
            outcome = "列在对应的问题旁"
            texts.setdefault(entry.id, []).append(entry.text)
        elif issue is None and _ID.fullmatch(entry.id) and entry.id[:3] in CATALOGUE:
            outcome = _SETTLED
            settled.setdefault(entry.where.file, []).append(entry.text)
        else:
            outcome = "没有用上"
            lost.setdefault(entry.where.file, []).append(entry)
        outcomes.setdefault(entry.where.file, Counter())[outcome] += 1
    explained = [
        issue._replace(explanation="；".join(_distinct(texts[issue.id]))) if issue.id in texts else issue
        for issue in issues
    ]
    said = [_unknown(entries, known) for _, entries in sorted(lost.items())]
    written = {path: f"（{_texts(texts)}）" for path, texts in settled.items()}
    remarks = {
        path: f"情况说明 {sum(counts.values())} 条："
        + "，".join(
            f"{count} 条{outcome}{written[path] if outcome == _SETTLED else ''}"
            for outcome, count in sorted(counts.items())
        )
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


def _unknown(entries: list[Explanation], known: dict[str, Issue]) -> Issue:
    """F15 for the explanations of one file that met nothing. The fact `about` is a file that they are about, the file
    itself where none is known."""
    ids = list(dict.fromkeys(mask_phones(entry.id) or "（空白）" for entry in entries))
    named = "、".join(ids[:SHOWN]) + ("等" if len(ids) > SHOWN else "")
    first = entries[0]
    about = next((known[entry.id].where.file for entry in entries if entry.id in known), first.where.file)
    facts = {"count": str(len(entries)), "texts": _texts(entry.text for entry in entries), "about": about}
    return Issue("F15", first.where, found=named, facts=facts, city=first.city, county=first.county)
