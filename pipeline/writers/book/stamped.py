"""A workbook that goes out as a result: its stamp, and the words that say 试算, 演示数据 or 仅客观分."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from pipeline.model.results import Standing
from pipeline.model.stamps import DEMO_LABEL, OUTPUT_PROPERTY, OUTPUT_PROPERTY_VALUE, OUTPUT_STAMP
from pipeline.writers.book.workbook import Book, open_book


def output_book(
    path: Path, date: str, title: str, standing: Standing, large: bool = False
) -> AbstractContextManager[Book]:
    """`open_book` for a result: with the stamp by which it is never read back as a form."""
    return open_book(
        path,
        date,
        titled(title, standing),
        {OUTPUT_PROPERTY: OUTPUT_PROPERTY_VALUE},
        label=standing.label,
        reasons=standing.reasons,
        demo=standing.demo,
        large=large,
    )


def titled(title: str, standing: Standing, ranking: bool = False) -> str:
    """A title that says 试算, 演示数据 and, for a `ranking` without expert marks, 仅客观分."""
    words = (
        "仅客观分" if ranking and not standing.has_marks else "",
        "" if standing.final else standing.label,
        DEMO_LABEL if standing.demo else "",
    )
    return title + "".join(f"（{word}）" for word in words if word)


def stamp_line(standing: Standing) -> str:
    """The visible stamp of a sheet, and what the figures are good for."""
    warning = "" if standing.final else "。现为试算，不作为正式结果"
    demo = f"。{DEMO_LABEL}，企业均为虚构" if standing.demo else ""
    return OUTPUT_STAMP + warning + demo + "。"
