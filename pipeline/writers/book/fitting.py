"""How much room a text takes in a cell: its width in narrow characters, its lines in a column."""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache


class _Widths(dict[str, int]):
    """How many narrow characters wide each character is, asked once."""

    def __missing__(self, mark: str) -> int:
        self[mark] = width = 2 if unicodedata.east_asian_width(mark) in "WFA" else 1
        return width


_WIDTHS = _Widths()


def text_width(text: str) -> int:
    """How many narrow characters wide the widest line of `text` is; a Chinese character is two."""
    return max(sum(map(_WIDTHS.__getitem__, line)) for line in text.split("\n"))


@lru_cache(maxsize=20_000)
def lines_in(text: str, width: float) -> int:
    """How many lines `text` takes when wrapped in a column of `width` narrow characters; at least 1."""
    room = max(1, int(width) - 1)  # the cell's own margins
    return sum(max(1, -(-text_width(line) // room)) for line in text.split("\n"))


def lines_of_cell(text: str, width: float) -> int:
    """`lines_in`, spared for most texts; a column that does not wrap is infinitely wide."""
    if width == math.inf or (2 * len(text) <= width and "\n" not in text):
        return 1
    return lines_in(text, width)
