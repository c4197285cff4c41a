"""What counties wrote about their issues (情况说明), set beside those issues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from pipeline.issues.catalogue import CATALOGUE, STATEMENT_ID_UNKNOWN, TOO_MANY_STATEMENTS
from pipeline.issues.issue import Issue, is_list_id, numbered
from pipeline.issues.phones import mask_phones
from pipeline.issues.words import listed, quoted_list
from pipeline.model.limits import MOST_STATEMENTS
from pipeline.model.records import Statement

if TYPE_CHECKING:
    import pandas as pd


class Explained(NamedTuple):
    """issues: those given, each with the statements about it. said: issues about statements that belong to none.
    remarks: path of a file with statements -> what became of them, in Chinese."""

    issues: list[Issue]
    said: list[Issue]
    remarks: dict[str, str]


_SETTLED = "对应的问题已不存在"


def explain(issues: list[Issue], statements: Iterable[Statement]) -> Explained:
    """Sets each statement beside the issue with its id.

    A statement counts for an issue only from the place of the issue's county or city. A statement about an issue that this run does not
    raise any more is no fault; one with any other id is STATEMENT_ID_UNKNOWN, one issue for each file. More than
    MOST_STATEMENTS different ones about one issue count as none.
    """
    known = {issue.id: issue for issue in issues}
    texts: dict[str, list[Statement]] = {}
    lost: dict[str, list[Statement]] = {}
    outcomes: dict[str, Counter[str]] = {}
    settled: dict[str, list[str]] = {}
    for entry in sorted(statements, key=lambda entry: (entry.where.file, entry.where.sheet)):
        issue = known.get(entry.id)
        if issue and _may_speak(entry, issue):
            outcome = "列在对应的问题旁"
            texts.setdefault(entry.id, []).append(entry)
        elif issue is None and is_list_id(entry.id) and entry.id[:3] in CATALOGUE:
            outcome = _SETTLED
            settled.setdefault(entry.where.file, []).append(entry.text)
        else:
            outcome = "没有用上"
            lost.setdefault(entry.where.file, []).append(entry)
        outcomes.setdefault(entry.where.file, Counter())[outcome] += 1
    distinct = {
        identifier: list(dict.fromkeys(entry.text for entry in entries)) for identifier, entries in texts.items()
    }
    crowded = {identifier for identifier, once in distinct.items() if len(once) > MOST_STATEMENTS}
    explained = [
        issue._replace(statement="；".join(_longest(distinct[issue.id])))
        if issue.id in distinct and issue.id not in crowded
        else issue
        for issue in issues
    ]
    said = [_unknown(entries, known) for _, entries in sorted(lost.items())]
    said += _too_many({identifier: (texts[identifier], len(distinct[identifier])) for identifier in sorted(crowded)})
    return Explained(explained, numbered(said), _remarks(outcomes, settled))


def _remarks(outcomes: Mapping[str, Counter[str]], settled: Mapping[str, list[str]]) -> dict[str, str]:
    """What became of the statements of each file. outcomes: path -> how many had which; settled: path -> the texts about
    issues that are no more."""
    written = {path: f"（{quoted_list(texts, unit='')}）" for path, texts in settled.items()}
    return {
        path: f"情况说明 {sum(counts.values())} 条："
        + "，".join(
            f"{count} 条{outcome}{written[path] if outcome == _SETTLED else ''}"
            for outcome, count in sorted(counts.items())
        )
        for path, counts in outcomes.items()
    }


def noted(files: pd.DataFrame, remarks: dict[str, str]) -> pd.DataFrame:
    """The list of files with each remark added to the first line of its file."""
    first = ~files["path"].duplicated()
    told = [remarks.get(path, "") if is_first else "" for path, is_first in zip(files["path"], first, strict=True)]
    lines = ["；".join(filter(None, pair)) for pair in zip(files["remark"], told, strict=True)]
    return files.assign(remark=lines)


def _may_speak(entry: Statement, issue: Issue) -> bool:
    """True for a statement from the place of the issue's county, or from its city's."""
    return entry.city != "" and entry.city == issue.city and entry.county in ("", issue.county)


def _longest(texts: list[str]) -> list[str]:
    """Of different texts those that no other contains, in their order."""
    return [text for text in texts if not any(text in other for other in texts if other != text)]


def _too_many(crowded: dict[str, tuple[list[Statement], int]]) -> Iterable[Issue]:
    """F33 for each file with statements about an issue that has too many of them. crowded: id -> its statements, and how
    many are different. Of several ids in one file the first is named."""
    named: dict[str, tuple[Statement, int]] = {}
    for entries, count in crowded.values():
        for entry in entries:
            named.setdefault(entry.where.file, (entry, count))
    for _, (entry, count) in sorted(named.items()):
        facts = {"count": str(count), "limit": str(MOST_STATEMENTS)}
        region = {"city": entry.city, "county": entry.county}
        yield Issue(TOO_MANY_STATEMENTS, entry.where, found=entry.id, facts=facts, **region)


def _unknown(entries: list[Statement], known: dict[str, Issue]) -> Issue:
    """F15 for the explanations of one file that met nothing. The fact `about` is a file that they are about, the file
    itself where none is known."""
    ids = list(dict.fromkeys(mask_phones(entry.id) or "（空白）" for entry in entries))
    first = entries[0]
    about = next((known[entry.id].where.file for entry in entries if entry.id in known), first.where.file)
    facts = {
        "count": str(len(entries)),
        "texts": quoted_list((entry.text for entry in entries), unit=""),
        "about": about,
    }
    return Issue(
        STATEMENT_ID_UNKNOWN,
        first.where,
        found=listed(ids, unit=""),
        facts=facts,
        city=first.city,
        county=first.county,
    )
