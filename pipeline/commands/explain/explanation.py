"""explain: why a company has its score, from a finished output: every figure, its cell, its rank, its band."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from rapidfuzz import fuzz, process

from pipeline.commands.explain.decisions import about_company, decided_values, decisions_of
from pipeline.commands.explain.marks import marks_explained, marks_in
from pipeline.issues.where import Where
from pipeline.model.names import company_key
from pipeline.model.rulebook import Indicator, Rulebook
from pipeline.model.rulebook_file import with_rulings
from pipeline.model.score_explained import (
    DecisionExplained,
    IssueExplained,
    ItemExplained,
    PartExplained,
    ScoreExplained,
    TotalsExplained,
)
from pipeline.model.tables import STATUS_ORDER
from pipeline.published import Published, published
from pipeline.stages.checks.names import LIKE_CORE, core_pattern

_NAMED = 5  # how many like names are offered
_COMPETING = STATUS_ORDER[:3]


class UnknownCompany(Exception):
    """No company of that name in the output; the text is a Chinese sentence with the close names."""


def explain(company: str, folder: Path, rulebook: Rulebook) -> ScoreExplained:
    """Why `company` has its score in the output `folder`. Raises NotPublished, UnknownCompany."""
    output = published(folder)
    row = _row_of(company, output.totals, rulebook)
    manifest = output.manifest
    adopted = {ruling["id"]: ruling["adopted"] for ruling in manifest.get("rulings", ())}
    known = {ruling.id: ruling.adopted for ruling in rulebook.rulings}
    rules = with_rulings(
        rulebook, {name: choice for name, choice in adopted.items() if known.get(name, choice) != choice}
    )
    name = row["company"]
    issues = tuple(_issues(name, output.issues))
    decisions = decisions_of(manifest.get("decisions", ()))
    return ScoreExplained(
        company=name,
        totals=TotalsExplained(*(row[name] for name in TotalsExplained._fields)),
        items=tuple(_items(name, output, rules, decisions)),
        issues=issues,
        rulebook=rules,
        label=manifest["standing"]["label"],
        reasons=tuple(manifest["standing"]["reasons"]),
        demo=bool(manifest.get("demo")),
        date=manifest.get("date", ""),
        same_rules=manifest["rulebook"]["sha256"] == rulebook.sha256,
        ranked=int(output.totals["rank"].notna().sum()),
        decisions=tuple(about_company(name, decisions, {issue.id for issue in issues})),
        competes=row["status"] in _COMPETING,
    )


def _row_of(company: str, totals: pd.DataFrame, rulebook: Rulebook) -> dict[str, Any]:
    keys = totals["company"].map(company_key)
    found = totals[keys == company_key(company)]
    if found.empty:
        core = core_pattern(rulebook)
        cores = {name: core.sub("", key) or key for name, key in zip(totals["company"], keys, strict=True)}
        asked = core.sub("", company_key(company)) or company_key(company)
        within = [name for name, own in cores.items() if len(asked) > 1 and asked in own]
        near = process.extract(asked, cores, scorer=fuzz.ratio, score_cutoff=LIKE_CORE, limit=_NAMED)
        names = "、".join(list(dict.fromkeys([*within, *(name for _, _, name in near)]))[:_NAMED])
        offered = f"相近的有：{names}。请写全名。" if names else "请按“附件2_推荐排序表.xlsx”中的名称写全名。"
        raise UnknownCompany(f"这份结果里没有“{company}”。{offered}")
    return found.iloc[0].to_dict()


def _items(
    company: str, output: Published, rulebook: Rulebook, decided: list[DecisionExplained]
) -> list[ItemExplained]:
    scores = output.scores[output.scores["company"] == company].set_index("indicator")
    typed = {
        Where(row["file"], row["sheet"], row["cell"]): (row["raw"], row["rule"])
        for row in output.recognised.to_dict("records")
    }
    marks = marks_in(company, output, rulebook)
    items = []
    for indicator in rulebook.indicators:
        if indicator.id not in scores.index:
            continue
        row = scores.loc[indicator.id]
        values = decided_values(company, decided, indicator)
        sides = ("n", "m") if indicator.kind == "ratio" else ()
        figures = [_or_none(row[name]) for name in ("self_score", "peer_score", "expert_score", "score")]
        parts = tuple(_part(part, indicator, row, typed)._replace(decision=values.get(part)) for part in sides)
        own = marks_explained(marks, indicator.id, figures[2], rulebook) if indicator.kind == "expert" else None
        items.append(ItemExplained(indicator, parts, *figures, own))
    return items


def _part(
    part: str, indicator: Indicator, row: Mapping[str, Any], typed: Mapping[Where, tuple[str, str]]
) -> PartExplained:
    raw, rule = typed.get(row[f"{part}_where"], ("", ""))
    ranked = _or_none(row["ranked"])
    is_ranked = part in indicator.ranked and _or_none(row[f"rank_{part}"]) is not None
    return PartExplained(
        part.upper(),
        _or_none(row[part]),
        raw,
        rule,
        row[f"{part}_where"],
        _or_none(row[f"rank_{part}"]) if is_ranked else None,
        int(ranked) if is_ranked and ranked is not None else None,
        row[f"band_{part}"] if is_ranked else "",
        _or_none(row[f"peer_{part}"]) if is_ranked else None,
    )


def _issues(company: str, issues: pd.DataFrame) -> list[IssueExplained]:
    rows = issues[issues["company"] == company].to_dict("records")
    return [IssueExplained(row["id"], row["level"], row["indicator"], row["message"], row["state"]) for row in rows]


def _or_none(value: Any) -> Any:
    """A plain value, None where there is none."""
    return None if pd.isna(value) else getattr(value, "item", lambda: value)()
