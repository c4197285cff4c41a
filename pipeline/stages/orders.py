"""县级排序对照: each county's own order of its companies beside the computed one."""

from __future__ import annotations

import pandas as pd

from pipeline.model.region_order import RegionOrder
from pipeline.model.tables import ORDERS, STATUS_ORDER, conformed


def compare_orders(totals: pd.DataFrame, enterprises: pd.DataFrame, order: RegionOrder) -> pd.DataFrame:
    """The table ORDERS. order: of the regions. It is for information: a county's order changes no rank, and another order is no issue."""
    ranked = totals[(totals["status"] == STATUS_ORDER[0]) & (totals["county"] != "")]
    table = ranked.merge(enterprises[["key", "order"]], on="key")
    table = table[table["order"].notna()]
    by_county = table.assign(rank=table["rank"].astype(float)).groupby(["city", "county"])
    own, computed = (by_county[name].rank(method="min").astype(int) for name in ("order", "rank"))
    regions = zip(table["city"].tolist(), table["county"].tolist(), strict=True)
    region_rank = pd.Series([order.rank(*region) for region in regions], index=table.index, dtype="object")
    table = table.assign(own=own, computed=computed, move=own - computed, region_rank=region_rank)
    return conformed(table.sort_values(["region_rank", "order", "rank"], kind="stable"), ORDERS)
