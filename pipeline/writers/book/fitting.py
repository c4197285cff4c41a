"""The space that a text takes in a cell: its width in narrow characters, its lines in a column."""

from __future__ import annotations

import math
import unicodedata
from functools import cache, lru_cache


@cache
def _character_width(character: str) -> int:
    """2 for a Chinese or full-width character, 1 for any other."""
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def text_width(text: str) -> int:
    """The width of the widest line of `text` in narrow characters; a Chinese character takes two."""
    return max(sum(map(_character_width, line)) for line in text.split("\n"))


@lru_cache(maxsize=20_000)
def lines_in(text: str, width: float) -> int:
    """The number of lines that `text` takes when it wraps in a column of `width` narrow characters; at least 1."""
    inner = max(1, int(width) - 1)  # less the cell's margins
    return sum(max(1, -(-text_width(line) // inner)) for line in text.split("\n"))


def lines_of_cell(text: str, width: float) -> int:
    """`lines_in` with a short cut for a text that fits on one line. `width` is infinite in a column without wrapping."""
    if width == math.inf or (2 * len(text) <= width and "\n" not in text):
        return 1
    return lines_in(text, width)
