"""The rows of a table as records with typed fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

import pandas as pd

Record = TypeVar("Record", bound=NamedTuple)


def records_of(table: pd.DataFrame, kind: type[Record]) -> Iterator[Record]:
    """Each row of `table` as the NamedTuple `kind`, whose fields are names of columns. Raises KeyError for a field that
    the table lacks."""
    return map(kind._make, zip(*(table[name].tolist() for name in kind._fields), strict=True))
