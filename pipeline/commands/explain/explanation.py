"""explain: derives a company's score from a finished output, with every figure, its cell, rank and band."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd
from rapidfuzz import fuzz, process

from pipeline.commands.explain.decisions import about_company, decided_values, decisions_of
from pipeline.commands.explain.marks import marks_explained, marks_in
from pipeline.issues.where import Where
from pipeline.issues.words import MOST_NAMED, listed
from pipeline.model.alternatives import choice_text
from pipeline.model.names import name_key
from pipeline.model.refusals import Refused
from pipeline.model.rulebook import Indicator, Rulebook
from pipeline.model.rulebook_file import in_scope_of, with_rulings
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

_COMPETING = STATUS_ORDER[:3]


class UnknownCompany(Refused):
    """The output has no company of that name; the text offers similar names."""


def explain(company: str, folder: Path, rulebook: Rulebook) -> ScoreExplained:
    """How `company` gets its score in the output `folder`. Raises NotPublished, UnknownCompany, and RulebookError."""
    output = published(folder)
    row = _row_of(company, output.totals, rulebook)
    manifest = output.manifest
    adopted = {ruling["id"]: ruling["adopted"] for ruling in manifest.get("rulings", ())}
    known = {ruling.id: choice_text(ruling.adopted, rulebook.adopted_figure(ruling)) for ruling in rulebook.rulings}
    rules = with_rulings(
        in_scope_of(rulebook, manifest.get("scope", "")),
        {name: choice for name, choice in adopted.items() if known.get(name, choice) != choice},
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
    keys = totals["company"].map(name_key)
    rows = totals[keys == name_key(company)]
    if rows.empty:
        names = listed(_similar_names(company, dict(zip(totals["company"], keys, strict=True)), rulebook), "家")
        offered = f"相近的有：{names}。请写全名。" if names else "请按“附件2_推荐排序表.xlsx”中的名称写全名。"
        raise UnknownCompany(f"这份结果里没有“{company}”。{offered}")
    return {str(column): value for column, value in rows.iloc[0].to_dict().items()}


def _similar_names(company: str, keys: Mapping[str, str], rulebook: Rulebook) -> list[str]:
    """The companies of `keys` (name -> key) whose core holds or resembles that of `company`, the most similar last."""
    pattern = core_pattern(rulebook)
    cores = {name: pattern.sub("", key) or key for name, key in keys.items()}
    asked = pattern.sub("", name_key(company)) or name_key(company)
    holding = [name for name, core in cores.items() if len(asked) > 1 and asked in core]
    near = process.extract(asked, cores, scorer=fuzz.ratio, score_cutoff=LIKE_CORE, limit=MOST_NAMED)
    return list(dict.fromkeys([*holding, *(name for _, _, name in near)]))


def _items(
    company: str, output: Published, rulebook: Rulebook, decided: list[DecisionExplained]
) -> list[ItemExplained]:
    scores = output.scores[output.scores["company"] == company]
    row_of = {row["indicator"]: row for row in scores.to_dict("records")}
    typed = _typed(output.recognised)
    marks = marks_in(company, output, rulebook)
    items = []
    for indicator in rulebook.indicators:
        if indicator.id not in row_of:
            continue
        row = row_of[indicator.id]
        expert_score = _number(row["expert_score"])
        is_expert = indicator.kind == "expert"
        item = ItemExplained(
            indicator,
            () if is_expert else _parts(indicator, row, typed, decided_values(company, decided, indicator)),
            _number(row["self_score"]),
            _number(row["peer_score"]),
            expert_score,
            _number(row["score"]),
            marks_explained(marks, indicator.id, expert_score, rulebook) if is_expert else None,
        )
        items.append(item)
    return items


def _typed(recognised: pd.DataFrame) -> dict[Where, tuple[str, str]]:
    """Cell -> the text typed there and the rule it was read by."""
    columns = (recognised[name] for name in ("file", "sheet", "cell", "raw", "rule"))
    return {Where(file, sheet, cell): (raw, rule) for file, sheet, cell, raw, rule in zip(*columns, strict=True)}


def _parts(
    indicator: Indicator,
    row: Mapping[Hashable, Any],
    typed: Mapping[Where, tuple[str, str]],
    decided: Mapping[str, DecisionExplained],
) -> tuple[PartExplained, ...]:
    """N and M of a ratio item from its `row` of scores.csv."""
    return tuple(_part(part, indicator, row, typed)._replace(decision=decided.get(part)) for part in ("n", "m"))


def _part(
    part: str, indicator: Indicator, row: Mapping[Hashable, Any], typed: Mapping[Where, tuple[str, str]]
) -> PartExplained:
    raw, rule = typed.get(row[f"{part}_where"], ("", ""))
    ranked = _number(row["ranked"])
    is_ranked = part in indicator.ranked and _number(row[f"rank_{part}"]) is not None
    return PartExplained(
        part.upper(),
        _number(row[part]),
        raw,
        rule,
        row[f"{part}_where"],
        _number(row[f"rank_{part}"]) if is_ranked else None,
        int(ranked) if is_ranked and ranked is not None else None,
        row[f"band_{part}"] if is_ranked else "",
        _number(row[f"peer_{part}"]) if is_ranked else None,
    )


def _issues(company: str, issues: pd.DataFrame) -> list[IssueExplained]:
    rows = issues[issues["company"] == company].to_dict("records")
    return [IssueExplained(row["id"], row["level"], row["indicator"], row["message"], row["state"]) for row in rows]


def _number(value: float) -> float | None:
    """The number of a table, None where it is empty (NaN)."""
    return None if isnan(value) else value
