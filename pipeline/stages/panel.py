"""The experts compared with each other: how much each marked, how strictly, outliers, and other ways to merge.

For information only: a company's expert score comes from the rulebook's rule (`pipeline/stages/merging.py`).

Leniency is the expert's effect b in the additive model share = a(company, item) + b(expert) + error, by ordinary least
squares, as Braun, Understanding scoring reliability: experiments in calibrating essay readers, Journal of Educational
Statistics 13 (1988) 1-18, and Houston, Raymond and Svec, Adjustments for rater effects in performance assessment,
Applied Psychological Measurement 15 (1991) 409-421. It is defined only among experts whom common items link (Weeks
and Williams, A note on the determination of connectedness in an N-way cross classification, Technometrics 6 (1964)
319-324); in every such group the effects, weighted by marks, add up to 0.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.model.results import Panel
from pipeline.model.rulebook import Rulebook
from pipeline.model.tables import PANEL_COMPANIES, PANEL_EXPERTS, PANEL_OUTLIERS, PANEL_RECUSALS, conformed, frame

# A mark is an outlier when it is further from the median of all marks of its cell, OUTLIER_MARKS at least, than this
# share of the item's points. One wild mark does not move the median of three, but it would move that of two.
OUTLIER_SHARE, OUTLIER_MARKS = 0.4, 3
TRIM_FROM = 3  # the trimmed mean beside the rule's: from this many marks without one highest and one lowest
DECIMALS = 9  # sums of shares are rounded there, so that the order of addition is not seen
WAYS = ("rule", "mean", "trimmed", "adjusted")


def compare_experts(marks: pd.DataFrame, totals: pd.DataFrame, rulebook: Rulebook) -> Panel:
    """The Panel of MARKS and TOTALS. Marks of an expert who contradicts himself on an item are left out, as in the
    scores."""
    marks = marks[marks["key"].isin(totals["key"])].sort_values(["key", "indicator", "expert", "where"], kind="stable")
    counted = _beside_others(_counted(marks, rulebook))
    groups, leniency = _leniency(counted)
    return Panel(
        experts=_experts(marks, counted, groups, leniency, rulebook),
        companies=_companies(counted, groups, leniency, totals, rulebook),
        outliers=_outliers(counted, totals),
        recusals=_recusals(marks, totals),
        outlier_share=OUTLIER_SHARE,
        outlier_marks=OUTLIER_MARKS,
    )


def _counted(marks: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """The marks that count, one per expert and item: key, indicator, expert, mark, where, points, share, cell (the
    number of its company and item). Rows are sorted by cell and mark."""
    written = marks[marks["state"].isin(["given", "recused"])]
    entry = pd.Series(np.where(written["state"] == "given", written["mark"], -1.0), index=written.index, dtype=float)
    same = [written["key"], written["indicator"], written["expert"]]
    agrees = entry.groupby(same).transform("min") == entry.groupby(same).transform("max")
    counted = written[agrees & (entry >= 0)].drop_duplicates(["key", "indicator", "expert"])
    points = {item.id: float(item.points) for item in rulebook.expert_indicators}
    counted = counted[counted["indicator"].isin(points)]
    counted = counted.assign(points=counted["indicator"].map(points).astype(float))
    counted = counted.assign(
        share=counted["mark"] / counted["points"], cell=counted.groupby(["key", "indicator"], sort=True).ngroup()
    )
    return counted.sort_values(["cell", "mark", "expert"], kind="stable").reset_index(drop=True)


def _beside_others(counted: pd.DataFrame) -> pd.DataFrame:
    """With how many others marked the same (`others`), the mean of their shares, and the median of all marks."""
    if counted.empty:
        return counted.assign(others=0, others_mean=np.nan, median=np.nan)
    cell = counted["cell"].to_numpy()
    size = np.bincount(cell)[cell]
    start = np.concatenate([[0], np.flatnonzero(np.diff(cell)) + 1])
    start = np.repeat(start, np.diff([*start, len(cell)]))
    mark, share = counted["mark"].to_numpy(), counted["share"].to_numpy()
    median = (mark[start + (size - 1) // 2] + mark[start + size // 2]) / 2
    others = size - 1
    mean = (np.bincount(cell, weights=share)[cell] - share) / np.maximum(others, 1)
    return counted.assign(others=others, others_mean=np.where(others > 0, mean, np.nan), median=median)


# -------------------------------------------------------------------------------------- leniency


def _leniency(counted: pd.DataFrame) -> tuple[dict[str, int], dict[str, float]]:
    """Expert -> number of the group (from 1, the one with most marks first) and the expert's effect there."""
    codes, names = pd.factorize(counted["expert"], sort=True)
    if not len(names):
        return {}, {}
    cell, share = counted["cell"].to_numpy(), counted["share"].to_numpy()
    size = np.bincount(cell)
    weight = np.zeros((len(size), len(names)))
    weight[cell, codes] = 1 / np.sqrt(size[cell])
    given = np.bincount(codes, minlength=len(names))
    normal = np.diag(given.astype(float)) - weight.T @ weight
    residual = share - (np.bincount(cell, weights=share) / size)[cell]
    right = np.bincount(codes, weights=residual, minlength=len(names))
    group_of, effect_of = {}, {}
    for number, members in enumerate(_linked(weight, given), start=1):
        effect = np.linalg.lstsq(normal[np.ix_(members, members)], right[members], rcond=1e-9)[0]
        effect -= np.average(effect, weights=given[members])
        for member, value in zip(members, effect, strict=True):
            group_of[names[member]], effect_of[names[member]] = number, round(float(value), DECIMALS) + 0.0
    return group_of, effect_of


def _linked(weight: np.ndarray, given: np.ndarray) -> list[list[int]]:
    """The experts whom common cells link, each group ascending, the one with most marks first."""
    together = (weight > 0).astype(np.int64)
    near = together.T @ together > 0
    reached = near
    while True:
        further = reached @ near
        if (further == reached).all():
            break
        reached = further
    groups = {tuple(np.flatnonzero(row).tolist()) for row in reached}
    return [list(group) for group in sorted(groups, key=lambda group: (-given[list(group)].sum(), group))]


# -------------------------------------------------------------------------------------- experts


def _experts(
    marks: pd.DataFrame, counted: pd.DataFrame, groups: dict[str, int], leniency: dict[str, float], rulebook: Rulebook
) -> pd.DataFrame:
    states = _states(marks, len(rulebook.expert_indicators))
    shares = counted.groupby("expert")["share"]
    beside = counted[counted["others"] > 0]
    distance = (beside["share"] - beside["others_mean"]).groupby(beside["expert"]).mean()
    mean, spread, number = shares.mean(), shares.std(), shares.count()
    compared = beside.groupby("expert").size()
    rows = [
        {
            "expert": expert,
            "group": groups.get(expert),
            **counts,
            "marks": number.get(expert, 0),
            "mean": _rounded(mean.get(expert)),
            "spread": _rounded(spread.get(expert)),
            "compared": compared.get(expert, 0),
            "distance": _rounded(distance.get(expert)),
            "leniency": leniency.get(expert) if compared.get(expert, 0) else None,
        }
        for expert, counts in states.items()
    ]
    return frame(rows, PANEL_EXPERTS)


def _states(marks: pd.DataFrame, items: int) -> dict[str, dict[str, int]]:
    """Expert -> how many companies are on the expert's sheets, and how many of them are in which state."""
    flags = marks.assign(given=marks["state"] == "given", recused=marks["state"] == "recused")
    settled = flags[flags["given"] | flags["recused"]].drop_duplicates(["expert", "key", "indicator"])
    number = settled.groupby(["expert", "key"]).size().to_dict()
    companies = flags.groupby(["expert", "key"], sort=True)[["given", "recused"]].any()
    states: dict[str, dict[str, int]] = {}
    for (expert, key), given, recused in companies.itertuples():
        state = "recused" if recused and not given else "blank"
        if given:
            state = "complete" if number[expert, key] == items else "partial"
        counts = states.setdefault(expert, dict.fromkeys(("companies", "complete", "partial", "blank", "recused"), 0))
        counts["companies"] += 1
        counts[state] += 1
    return states


# -------------------------------------------------------------------------------------- companies


def _companies(
    counted: pd.DataFrame, groups: dict[str, int], leniency: dict[str, float], totals: pd.DataFrame, rulebook: Rulebook
) -> pd.DataFrame:
    """PANEL_COMPANIES in the order of `totals`."""
    columns = ["key", "objective_total", "expert_total", "rank", "status"]
    merged = (
        totals[columns].merge(_spread(counted, groups), on="key").merge(_merged(counted, leniency, rulebook), on="key")
    )
    several = merged["groups"] != 1
    merged = merged.assign(
        rule=merged["expert_total"].where(merged["items"] == len(rulebook.expert_indicators)),
        group=merged["group"].astype("Int64").mask(several),
        adjusted=merged["adjusted"].mask(several),
    )
    ranked = merged["status"] == "已排名"
    ranks = {"rank_rule": merged["rank"]}
    for way in WAYS[1:]:
        total = (merged["objective_total"] + merged[way]).round(DECIMALS).where(ranked)
        parts = [merged["group"].fillna(0)] if way == "adjusted" else [np.zeros(len(merged))]
        rank = total.groupby(parts).rank(method=rulebook.scoring.tie, ascending=False)
        ranks[f"rank_{way}"] = (rank // 1).astype("Int64")
    return conformed(merged.assign(**ranks), PANEL_COMPANIES)


def _spread(counted: pd.DataFrame, groups: dict[str, int]) -> pd.DataFrame:
    """key, experts, marks, spread and widest, and of which groups its experts are."""
    cells = counted.groupby(["key", "indicator"], sort=True)["mark"].agg(["count", "var", "min", "max"]).reset_index()
    cells = cells.assign(
        freedom=cells["count"] - 1,
        squares=cells["var"].fillna(0) * (cells["count"] - 1),
        range=cells["max"] - cells["min"],
    )
    by_company = cells.groupby("key", sort=True)
    sums = by_company[["freedom", "squares"]].sum()
    widest = cells.loc[by_company["range"].idxmax()].set_index("key") if len(cells) else cells.set_index("key")
    experts = counted.assign(group=counted["expert"].map(groups)).groupby("key")
    spread = np.sqrt(sums["squares"] / sums["freedom"].where(sums["freedom"] > 0)).round(DECIMALS)
    apart = sums["freedom"] > 0
    return (
        pd.DataFrame(
            {
                "experts": experts["expert"].nunique(),
                "marks": experts.size(),
                "spread": spread,
                "widest": widest["range"].where(apart),
                "widest_item": widest["indicator"].where(apart & (widest["range"] > 0), ""),
                "group": experts["group"].min(),
                "groups": experts["group"].nunique(),
            }
        )
        .rename_axis("key")
        .reset_index()
    )


def _merged(counted: pd.DataFrame, leniency: dict[str, float], rulebook: Rulebook) -> pd.DataFrame:
    """key, items (how many are marked) and the expert points in each way but the rule's, NaN while an item is unmarked."""
    effects = counted["expert"].map(leniency).astype(float)
    size = counted.groupby("cell")["mark"].transform("size")
    position = counted.groupby("cell").cumcount()
    kept = (size < TRIM_FROM) | ((position > 0) & (position < size - 1))
    values = counted.assign(
        trimmed=counted["mark"].where(kept), adjusted=(counted["share"] - effects) * counted["points"]
    ).rename(columns={"mark": "mean"})
    ways = list(WAYS[1:])
    cells = values.groupby(["key", "indicator"], sort=True)[ways].mean()
    by_company = cells.groupby(level="key")
    items = by_company.size()
    complete = items == len(rulebook.expert_indicators)
    points = by_company[ways].sum().round(DECIMALS).where(complete)
    return points.assign(items=items).reset_index()


# -------------------------------------------------------------------------------------- lists


def _outliers(counted: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """PANEL_OUTLIERS, the largest difference first."""
    difference = counted["mark"] - counted["median"]
    beyond = difference.abs() > OUTLIER_SHARE * counted["points"] + 1e-9
    outliers = counted.assign(difference=difference, marks=counted["others"] + 1)
    outliers = outliers[beyond & (outliers["marks"] >= OUTLIER_MARKS)]
    outliers = outliers.assign(
        order=-(outliers["difference"].abs() / outliers["points"]),
        position=outliers["key"].map(_positions(totals)),
    )
    return conformed(outliers.sort_values(["order", "position", "indicator", "expert"]), PANEL_OUTLIERS)


def _recusals(marks: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """PANEL_RECUSALS by expert, each in the order of `totals`."""
    recused = marks[marks["state"] == "recused"]
    position = _positions(totals)
    rows = []
    for (expert, key), cells in recused.groupby(["expert", "key"], sort=True):
        reason = "；".join(dict.fromkeys(text for text in cells["reason"] if text))
        rows.append(
            {
                "key": key,
                "expert": expert,
                "items": cells["indicator"].nunique(),
                "reason": reason,
                "where": cells["where"].iloc[0],
            }
        )
    return frame(sorted(rows, key=lambda row: (row["expert"], position[row["key"]])), PANEL_RECUSALS)


def _positions(totals: pd.DataFrame) -> dict[str, int]:
    return {key: position for position, key in enumerate(totals["key"])}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), DECIMALS)
