"""explain: why a company has its score, from a finished output: every figure, its cell, its rank, its band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from rapidfuzz import fuzz, process

from pipeline.published import Published, published
from pipeline.readers.identity import company_key
from pipeline.rulebook import Indicator, Rulebook, with_rulings

_NEAR, _NAMED = 40, 5  # how like a name must be to be offered, and how many are


class UnknownCompany(Exception):
    """No company of that name in the output; the text is a Chinese sentence with the close names."""


class PartExplained(NamedTuple):
    """N or M of an item. value: as used; raw: as typed where its reading is more than formatting; where: its cell;
    rank among ranked companies, band and the points it earns; None and "" where not ranked."""

    part: str
    value: float | None
    raw: str
    rule: str
    where: str
    rank: float | None
    ranked: int | None
    band: str
    points: float | None


class ItemExplained(NamedTuple):
    """One indicator; `parts` N and M of a ratio item, none of an expert item. Scores None where unscored."""

    indicator: Indicator
    parts: tuple[PartExplained, ...]
    self_score: float | None
    peer_score: float | None
    expert_score: float | None
    score: float | None


class IssueExplained(NamedTuple):
    """One issue of the company."""

    id: str
    level: str
    indicator: str
    message: str
    state: str


@dataclass(frozen=True)
class Explanation:
    """Everything about one company. totals: its row of totals.csv; same_rules: the rulebook at hand is the one the
    output was made with; rulebook: with the rulings the output was made with."""

    company: str
    totals: Mapping[str, Any]
    items: tuple[ItemExplained, ...]
    issues: tuple[IssueExplained, ...]
    rulebook: Rulebook
    label: str
    reasons: tuple[str, ...]
    demo: bool
    date: str
    same_rules: bool
    ranked: int


def explain(company: str, folder: Path, rulebook: Rulebook) -> Explanation:
    """Why `company` has its score in the output `folder`. Raises NotPublished, UnknownCompany."""
    output = published(folder)
    row = _row_of(company, output.totals)
    manifest = output.manifest
    adopted = {ruling["id"]: ruling["adopted"] for ruling in manifest.get("rulings", ())}
    known = {ruling.id: ruling.adopted for ruling in rulebook.rulings}
    rules = with_rulings(rulebook, {name: choice for name, choice in adopted.items() if known.get(name, choice) != choice})
    name = row["company"]
    return Explanation(
        company=name,
        totals=row,
        items=tuple(_items(name, output, rules)),
        issues=tuple(_issues(name, output.issues)),
        rulebook=rules,
        label=manifest["standing"]["label"],
        reasons=tuple(manifest["standing"]["reasons"]),
        demo=bool(manifest.get("demo")),
        date=manifest.get("date", ""),
        same_rules=manifest["rulebook"]["sha256"] == rulebook.sha256,
        ranked=int(output.totals["rank"].notna().sum()),
    )


def _row_of(company: str, totals: pd.DataFrame) -> dict[str, Any]:
    keys = totals["company"].map(company_key)
    found = totals[keys == company_key(company)]
    if found.empty:
        near = process.extract(company_key(company), dict(enumerate(totals["company"])), scorer=fuzz.WRatio, limit=_NAMED)
        names = [name for name, likeness, _ in near if likeness >= _NEAR]
        offered = f"相近的有：{'、'.join(names)}。请写全名。" if names else "请按“附件2_推荐排序表.xlsx”中的名称写全名。"
        raise UnknownCompany(f"这份结果里没有“{company}”。{offered}")
    return found.iloc[0].to_dict()


def _items(company: str, output: Published, rulebook: Rulebook) -> list[ItemExplained]:
    scores = output.scores[output.scores["company"] == company].set_index("indicator")
    typed = {
        row["cell_key"]: (row["raw"], row["rule"])
        for row in output.recognised.assign(
            cell_key=output.recognised["file"] + "|" + output.recognised["sheet"] + "|" + output.recognised["cell"]
        ).to_dict("records")
    }
    items = []
    for indicator in rulebook.indicators:
        if indicator.id not in scores.index:
            continue
        row = scores.loc[indicator.id]
        parts = tuple(_part(part, indicator, row, typed) for part in ("n", "m")) if indicator.kind == "ratio" else ()
        items.append(
            ItemExplained(indicator, parts, *(_or_none(row[name]) for name in ("self_score", "peer_score", "expert_score", "score")))
        )
    return items


def _part(part: str, indicator: Indicator, row: Mapping[str, Any], typed: Mapping[str, tuple[str, str]]) -> PartExplained:
    raw, rule = typed.get(row[f"{part}_where"], ("", ""))
    ranked = _or_none(row["ranked"])
    is_ranked = part in indicator.ranked and _or_none(row[f"rank_{part}"]) is not None
    return PartExplained(
        part.upper(), _or_none(row[part]), raw, rule, row[f"{part}_where"],
        _or_none(row[f"rank_{part}"]) if is_ranked else None, int(ranked) if is_ranked and ranked is not None else None,
        row[f"band_{part}"] if is_ranked else "", _or_none(row[f"peer_{part}"]) if is_ranked else None,
    )  # fmt: skip


def _issues(company: str, issues: pd.DataFrame) -> list[IssueExplained]:
    rows = issues[issues["company"] == company].to_dict("records")
    return [IssueExplained(row["id"], row["level"], row["indicator"], row["message"], row["state"]) for row in rows]


def _or_none(value: Any) -> Any:
    """A plain value, None where there is none."""
    return None if pd.isna(value) else getattr(value, "item", lambda: value)()
