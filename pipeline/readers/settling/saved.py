"""When a workbook was saved, as far as its own word can be taken."""

from __future__ import annotations

EARLIEST_SAVED = "1990"  # there was no such workbook before


def saved_on(saved: str, latest: str) -> str:
    """The time that a workbook says it was saved at, "" where that cannot be. latest: the run's day."""
    return saved if EARLIEST_SAVED <= saved[:10] <= latest else ""
