"""县级排序对照 in 问题清单 and in a county's workbook."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pipeline.model.scope import Scope
from pipeline.writers.book.workbook import Cell, Column
from pipeline.writers.layout.common import REGION, scoped

ORDERS_SHEET = "县级排序对照"
NO_ORDERS = "没有写了序号又参加排名的企业。"

_ORDERS = (
    *REGION,
    Column("company", "企业", 34),
    Column("order", "县里写的\n序号", 10, "whole"),
    Column("own", "县里的顺序\n（已排名企业中）", 16, "whole"),
    Column("computed", "算出的\n县内顺序", 10, "whole"),
    Column("move", "升降", 9, "center"),
    Column("rank", "全省名次", 10, "whole"),
)


def order_columns(scope: Scope) -> tuple[Column, ...]:
    """The columns of 县级排序对照, with the ranks of the scope."""
    return scoped(_ORDERS, scope)


def order_rows(orders: pd.DataFrame) -> Iterator[list[Cell]]:
    """The values of `order_columns` for each row of the table of that name; the move in words, blank for none."""
    for row in orders.to_dict("records"):
        move = int(row["move"])
        row["move"] = f"上升 {move} 位" if move > 0 else f"下降 {-move} 位" if move else ""
        yield [row[column.id] for column in _ORDERS]
