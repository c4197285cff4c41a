"""A listing shows exactly the columns it declares: one that its table lacks is an error, never a blank column."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.writers.book.listing import rows_of
from pipeline.writers.book.workbook import Column

TABLE = pd.DataFrame({"company": ["甲", "乙"], "total": [1.5, 2.5]})


def test_rows_have_the_order_of_the_columns() -> None:
    columns = [Column("total", "总分", 8), Column("company", "企业名称", 20)]
    assert list(rows_of(TABLE, columns)) == [(1.5, "甲"), (2.5, "乙")]


def test_a_column_that_the_table_lacks_is_an_error() -> None:
    with pytest.raises(KeyError, match="totl"):
        rows_of(TABLE, [Column("totl", "总分", 8)])
