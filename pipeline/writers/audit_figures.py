"""What 得分 shows beside the tables' own figures: helpers that only its formulas need, as stored results."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.rulebook import Rulebook
from pipeline.writers.audit_formulas import NOISE_DECIMALS
from pipeline.writers.audit_plan import FIRST_SCORE_ROW, Plan


def with_scored_values_only(scores: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """Columns "item:n" and "item:m" without the values of items that are not scored: those stand in 原始值 alone."""
    shown = {}
    for item in rulebook.ratio_indicators:
        scored = pd.notna(scores[f"{item.id}:self_score"])
        shown |= {f"{item.id}:{part}": scores[f"{item.id}:{part}"].where(scored) for part in ("n", "m")}
    return scores.assign(**shown)


def helper_figures(table: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """One row per company of `table`. compared: the total that ranks a company, rounded. With places without gaps also
    1 ÷ the number of companies of the same value, for each ranked variable and for the totals in province, city and
    county; 0 where there is no value."""
    scoring = plan.rulebook.scoring
    totals = table["total"].map(lambda cell: getattr(cell, "value", cell)).astype(float)
    ranked = table["status"] == "已排名"
    compared = np.round(np.round(totals, NOISE_DECIMALS), scoring.rank_decimals).where(ranked)
    figures = {"compared": compared}
    if scoring.tie != "dense":
        return pd.DataFrame(figures)
    competing = pd.Series(range(len(table)), index=table.index) <= plan.competing[1] - FIRST_SCORE_ROW
    answered = competing & table["answered"]
    for item in plan.rulebook.ratio_indicators:
        for part in item.ranked:
            figures[f"{item.id}:weight_{part}"] = _weights([table[f"{item.id}:{part}"].astype(float)], answered)
    regions = {"weight": [], "weight_in_city": ["city"], "weight_in_county": ["city", "county"]}
    for name, fields in regions.items():
        known = answered & (table[fields] != "").all(axis=1)
        figures[name] = _weights([*(table[field] for field in fields), compared.where(known)], answered)
    return pd.DataFrame(figures)


def _weights(columns: list[pd.Series], where: pd.Series) -> pd.Series:
    """1 ÷ how many rows of `where` share a row's values, 0 where the last of them is missing, NaN outside `where`."""
    valued = where & columns[-1].notna()
    sizes = columns[-1][valued].groupby([column[valued] for column in columns]).transform("size")
    return (1 / sizes).reindex(columns[-1].index).fillna(0.0).where(where)
