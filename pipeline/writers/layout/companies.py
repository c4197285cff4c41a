"""The rows of every sheet with one company a row: the values of the columns in this folder."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline.model.rulebook import Rulebook


def company_rows(totals: pd.DataFrame, enterprises: pd.DataFrame) -> pd.DataFrame:
    """One row per company of `totals`, in its order: all of totals, 附件2's figures, and how status and place read.

    order: 序号, 1…n for 已排名, the place in brackets for 暂排, "" for the others.
    """
    own = enterprises.drop(columns=["company", "city", "county", "order"])
    table = totals.merge(own, on="key", how="left", sort=False)
    numbers = iter(range(1, len(table) + 1))
    order, status_text, place_text = [], [], []
    for status, rank, missing in zip(table["status"], table["provisional_rank"], table["missing"], strict=True):
        provisional = status == "暂排"
        brackets = f"（{rank}）" if provisional and pd.notna(rank) else ""
        order.append(next(numbers) if status == "已排名" else brackets)
        place_text.append(brackets)
        status_text.append(f"暂排（缺 {missing} 项）" if provisional else status)
    return table.assign(
        order=pd.Series(order, index=table.index, dtype="object"), status_text=status_text, place_text=place_text
    )


def item_scores(scores: pd.DataFrame, keys: pd.Series, rulebook: Rulebook, fields: Sequence[str]) -> pd.DataFrame:
    """One row per company of `keys`; columns "indicator:field" for every indicator and each of `fields`."""
    columns = {}
    for item in rulebook.indicators:
        rows = scores[scores["indicator"] == item.id].set_index("key").reindex(keys.tolist())
        columns.update({f"{item.id}:{field}": rows[field].tolist() for field in fields})
    return pd.DataFrame(columns, index=keys.index)
