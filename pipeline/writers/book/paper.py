"""The paper of a printed sheet: the smallest on which its text stays large enough to read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

READABLE = 9.0  # points: no text of a sheet's body is printed smaller
BODY_SIZE = 10.5  # points, the body's font (五号)
A3, A4 = 8, 9  # Excel's numbers of paper sizes
MARGIN = 0.4  # inches, left and right
_LONG_SIDES = {A4: 841.9, A3: 1190.6}  # points
_SHORT_SIDES = {A4: 595.3, A3: 841.9}
# Points of a narrow character of the default font: 5.25 in Calibri, 7 in DejaVu Sans, which stands in for it elsewhere.
_CHARACTER = 7.0
_PADDING = 0.71  # narrow characters that a column is wider than its width says


class Paper(NamedTuple):
    """size: Excel's number of the paper; pages: how many of them the sheet is wide."""

    size: int
    landscape: bool
    pages: int

    @property
    def width(self) -> float:
        """The narrow characters that fit beside one another on a page in readable print."""
        side = (_LONG_SIDES if self.landscape else _SHORT_SIDES)[self.size]
        return (side - 2 * 72 * MARGIN) / (_CHARACTER * READABLE / BODY_SIZE)


def paper_for(widths: Sequence[float], *, landscape: bool = False, repeated: int = 0) -> Paper:
    """The paper for columns of `widths` (narrow characters): A4 upright, then across, then A3 across, then several of A3
    beside one another. landscape: never upright. repeated: the first columns, printed on every page; such a sheet is
    rather two pages of A4 wide than one of A3."""
    upright, across, large = Paper(A4, False, 1), Paper(A4, True, 1), Paper(A3, True, 1)
    for paper in (across,) if landscape else (upright, across):
        if printed_width(widths) <= paper.width:
            return paper
    for paper, most in ((across, 2 if repeated else 0), (large, len(widths))):
        pages = sum(1 for _ in _pages(widths, paper.width, repeated))
        if pages <= most:
            break
    return paper._replace(pages=pages)


# A sheet of any width, with page breaks of its own: A3 across at the smallest readable scale, in per cent.
LARGE_PAGE, LARGE_SCALE = Paper(A3, True, 1), math.ceil(100 * READABLE / BODY_SIZE)


def _pages(widths: Sequence[float], room: float, repeated: int) -> Iterator[float]:
    """The width that is printed on each page of a sheet whose pages have `room`."""
    used = 0.0
    for width in (width + _PADDING for width in widths):
        if used and used + width > room:
            yield used
            used = printed_width(widths[:repeated])
        used += width
    yield used


def printed_width(widths: Sequence[float]) -> float:
    """The narrow characters that columns of `widths` take on paper."""
    return sum(widths) + _PADDING * len(widths)
