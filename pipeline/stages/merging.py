"""Expert marks of 标杆示范: one mark per expert, merged into one score per company and item."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from statistics import median

import numpy as np
import pandas as pd

from pipeline.issues.catalogue import ITEMS_WITHOUT_MARKS, MARKS_CONFLICT, NO_MARKS_RECEIVED, Code
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import where_text
from pipeline.model.rows import records_of
from pipeline.model.rulebook import Experts, Rulebook
from pipeline.model.tables import NUMBER, TEXT, EnterpriseRow

# One row: company x expert indicator. given: marks that count; used: those left after highest and lowest are dropped.
EXPERT_SCORES = {"key": TEXT, "indicator": TEXT, "expert_score": NUMBER, "given": "int64", "used": "int64"}


def merge_marks(marks: pd.DataFrame, enterprises: pd.DataFrame, rulebook: Rulebook) -> tuple[pd.DataFrame, list[Issue]]:
    """EXPERT_SCORES for every company x expert item, NaN where no mark counts (附件1: “专家评分”), and the issues.

    The same expert, company and item twice counts once when equal; when different neither counts (MARKS_CONFLICT). Marks of
    companies that are not in `enterprises` are left aside.
    """
    entries = _entries(marks, enterprises, rulebook)
    counted, conflicting = _one_per_expert(entries)
    merged = _merged_by_item(counted, rulebook.experts)
    indicators = [item.id for item in rulebook.expert_indicators]
    cells = [(row, column) for row in range(len(enterprises)) for column in range(len(indicators))]
    none = (float("nan"), 0, 0)
    expert_scores = pd.DataFrame(
        {
            "key": np.repeat(enterprises["key"].to_numpy(dtype=object), len(indicators)),
            "indicator": np.tile(np.array(indicators, dtype=object), len(enterprises)),
            "expert_score": [merged.get(cell, none)[0] for cell in cells],
            "given": [merged.get(cell, none)[1] for cell in cells],
            "used": [merged.get(cell, none)[2] for cell in cells],
        }
    ).astype(EXPERT_SCORES)
    if not has_marks(marks):
        return expert_scores, [Issue(NO_MARKS_RECEIVED, Where())]
    in_conflict = set(zip(conflicting["row"], conflicting["column"], strict=True))
    unmarked = _unmarked(merged.keys() | in_conflict, enterprises, rulebook)
    return expert_scores, _conflicts(conflicting, enterprises, rulebook) + unmarked


def counted_marks(marks: pd.DataFrame, enterprises: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """The marks that count, one a row: row (of `enterprises`), column (of the expert indicators), expert (its number
    among the experts' names in order of appearance), entry (points)."""
    return _one_per_expert(_entries(marks, enterprises, rulebook))[0]


def has_marks(marks: pd.DataFrame) -> bool:
    """True when any expert mark arrived in this run."""
    return bool((marks["state"] == "given").any())


def add_expert_scores(scores: pd.DataFrame, expert_scores: pd.DataFrame) -> pd.DataFrame:
    """SCORES with expert_score and score filled in where experts marked; an expert item's score is theirs alone."""
    merged = scores[["key", "indicator"]].merge(expert_scores, on=["key", "indicator"], how="left", validate="1:1")
    expert_score = merged["expert_score"].to_numpy(dtype=float)
    score = np.where(np.isnan(expert_score), scores["score"].to_numpy(dtype=float), expert_score)
    return scores.assign(expert_score=expert_score, score=score)


def _entries(marks: pd.DataFrame, enterprises: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """What experts wrote for known companies and items: row (of `enterprises`) and column (of the expert items) of the
    cell, number of the expert, entry (the mark; -1 for 回避, which contradicts any mark), where."""
    written = marks[marks["state"].isin(["given", "recused"])]
    entries = pd.DataFrame(
        {
            "row": pd.Index(enterprises["key"], dtype=object).get_indexer(pd.Index(written["key"])),
            "column": pd.Index([item.id for item in rulebook.expert_indicators]).get_indexer(
                pd.Index(written["indicator"])
            ),
            "expert": pd.factorize(written["expert"])[0],
            "entry": np.where(written["state"] == "given", written["mark"], -1.0),
            "where": written["where"].to_numpy(dtype=object),
        }
    )
    return entries[(entries["row"] >= 0) & (entries["column"] >= 0)]


def _one_per_expert(entries: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The marks that count, one per expert and cell, and all entries of experts who contradict themselves."""
    same = ["row", "column", "expert"]
    by_expert = entries.groupby(same, sort=False)["entry"]
    contradicts = by_expert.transform("min") != by_expert.transform("max")
    counted = entries[~contradicts & (entries["entry"] >= 0)].drop_duplicates(same)
    return counted, entries[contradicts]


def _merged_by_item(counted: pd.DataFrame, experts: Experts) -> dict[tuple[int, int], tuple[float, int, int]]:
    """(row, column) of a cell -> expert score, marks given, marks used."""
    sorted_marks = counted.sort_values(["row", "column", "entry"], kind="stable")
    marks = sorted_marks["entry"].tolist()
    cells = list(zip(sorted_marks["row"].tolist(), sorted_marks["column"].tolist(), strict=True))
    starts = [index for index, cell in enumerate(cells) if index == 0 or cell != cells[index - 1]]
    known: dict[tuple[float, ...], tuple[float, int, int]] = {}
    merged = {}
    for start, end in pairwise([*starts, len(cells)]):
        given = tuple(marks[start:end])
        if given not in known:
            known[given] = merged_mark(given, experts)
        merged[cells[start]] = known[given]
    return merged


def merged_mark(ascending: tuple[float, ...], experts: Experts) -> tuple[float, int, int]:
    """The score of one item from its marks, lowest first, with the number given and used. Exact: 0.1 counts as 1/10.

    trimmed: the mean, from `trim_from` marks up without one highest and one lowest; mean; median.
    """
    used = [Fraction(repr(mark)) for mark in ascending]
    if experts.method == "median":
        return float(median(used)), len(ascending), len(used)
    if experts.method == "trimmed" and len(used) >= experts.trim_from:
        used = used[1:-1]
    return float(sum(used) / len(used)), len(ascending), len(used)


def _conflicts(conflicting: pd.DataFrame, enterprises: pd.DataFrame, rulebook: Rulebook) -> list[Issue]:
    """One MARKS_CONFLICT per expert, company and item with different marks."""
    recused = rulebook.vocabulary.recused[0]
    companies = list(records_of(enterprises, EnterpriseRow))
    issues = []
    ordered = conflicting.sort_values(["row", "column", "where"], kind="stable")
    for _, group in ordered.groupby(["row", "column", "expert"], sort=False):
        entries = group.to_dict("records")
        first = entries[0]
        other = next(entry for entry in entries if entry["entry"] != first["entry"])
        facts = {"other": _as_typed(other["entry"], recused), "place": where_text(other["where"])}
        issue = _issue(MARKS_CONFLICT, companies[first["row"]], facts, first["where"])
        indicator = rulebook.expert_indicators[first["column"]].id
        issues.append(issue._replace(indicator=indicator, found=_as_typed(first["entry"], recused)))
    return issues


def _unmarked(settled: set[tuple[int, int]], enterprises: pd.DataFrame, rulebook: Rulebook) -> list[Issue]:
    """One ITEMS_WITHOUT_MARKS per company to be ranked, naming its items without any mark."""
    issues = []
    for row, company in enumerate(records_of(enterprises, EnterpriseRow)):
        if not company.nominated or company.refused or company.excluded or not company.answered:
            continue
        items = [item.label for column, item in enumerate(rulebook.expert_indicators) if (row, column) not in settled]
        if items:
            where = company.form_where if company.form_where.file else company.where
            issues.append(_issue(ITEMS_WITHOUT_MARKS, company, {"items": "、".join(items)}, where))
    return issues


def _issue(code: Code, company: EnterpriseRow, facts: dict[str, str], where: Where) -> Issue:
    return Issue(code, where, company.company, facts=facts, city=company.city, county=company.county)


def _as_typed(entry: float, recused: str) -> str:
    return recused if entry < 0 else f"{entry:.12g}"
