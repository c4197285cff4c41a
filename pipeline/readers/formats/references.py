"""References to cells and areas as an .xlsx writes them: B3, B3:D5."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.readers.formats.plain_sheet import column_number
from pipeline.readers.sheet.grid import LAST_COLUMN, LAST_ROW, Address

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")


@lru_cache(maxsize=65_536)
def address_of(reference: str) -> Address:
    """B3 -> (3, 2); raises ValueError for a text that is no reference to a cell of a sheet."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(reference)
    row, column = int(match[2]), column_number(match[1].upper())
    if row > LAST_ROW or column > LAST_COLUMN:
        raise ValueError(reference)
    return row, column


def area_of(reference: str) -> tuple[Address, Address]:
    """B3:D5 -> its first and last cell, of a single cell itself twice; raises ValueError as `address_of`, and for an
    area whose last cell stands before its first."""
    first, colon, last = reference.partition(":")
    start, end = address_of(first), address_of(last if colon else first)
    if end[0] < start[0] or end[1] < start[1]:
        raise ValueError(reference)
    return start, end
