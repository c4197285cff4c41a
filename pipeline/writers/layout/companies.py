"""The values of the columns in this folder for sheets with one row per company."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline.model.rulebook import Rulebook


def company_rows(totals: pd.DataFrame, enterprises: pd.DataFrame) -> pd.DataFrame:
    """One row per company of `totals`, in its order: the columns of both tables, and three as they are shown.

    order: 序号, 1…n for 已排名, the provisional rank in brackets for 暂排, "" for the others. status_text: the status, with
    the number of missing items for 暂排. rank_in_brackets: the provisional rank, "" unless 暂排.
    """
    nominated = enterprises.drop(columns=["company", "city", "county", "order"])
    table = totals.merge(nominated, on="key", how="left", sort=False)
    numbers = iter(range(1, len(table) + 1))
    order, status_text, rank_in_brackets = [], [], []
    for status, rank, missing in zip(table["status"], table["provisional_rank"], table["missing"], strict=True):
        provisional = status == "暂排"
        brackets = f"（{rank}）" if provisional and pd.notna(rank) else ""
        order.append(next(numbers) if status == "已排名" else brackets)
        rank_in_brackets.append(brackets)
        status_text.append(f"暂排（缺 {missing} 项）" if provisional else status)
    return table.assign(
        order=pd.Series(order, index=table.index, dtype="object"),
        status_text=status_text,
        rank_in_brackets=rank_in_brackets,
    )


def item_scores(scores: pd.DataFrame, keys: pd.Series[str], rulebook: Rulebook, fields: Sequence[str]) -> pd.DataFrame:
    """One row per company of `keys`; a column "<indicator>:<field>" for every indicator and each of `fields`."""
    columns = {}
    for item in rulebook.indicators:
        rows = scores[scores["indicator"] == item.id].set_index("key").reindex(keys.tolist())
        columns.update({f"{item.id}:{field}": rows[field].tolist() for field in fields})
    return pd.DataFrame(columns, index=keys.index)
