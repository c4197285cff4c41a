"""A workbook of results: its stamp, and 试算, 演示数据 and 仅客观分 in its title."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from pipeline.model.results import Standing
from pipeline.model.stamps import DEMO_LABEL, OUTPUT_PROPERTY, OUTPUT_PROPERTY_VALUE, OUTPUT_STAMP
from pipeline.writers.book.workbook import Book, open_book


def output_book(
    path: Path, date: str, title: str, standing: Standing, large: bool = False, stamp: str = OUTPUT_PROPERTY
) -> AbstractContextManager[Book]:
    """`open_book` for a result. Its stamp keeps the workbook from being read as a form when it comes back as input; that of
    a city's list, from being read by a city."""
    return open_book(
        path,
        date,
        titled(title, standing),
        {stamp: OUTPUT_PROPERTY_VALUE},
        label=standing.label,
        reasons=standing.reasons,
        demo=standing.demo,
        large=large,
    )


def titled(title: str, standing: Standing, ranking: bool = False) -> str:
    """`title` with 试算 and 演示数据 behind it where they apply, and with 仅客观分 for a `ranking` without expert marks."""
    words = (
        "仅客观分" if ranking and not standing.has_marks else "",
        "" if standing.final else standing.label,
        DEMO_LABEL if standing.demo else "",
    )
    return title + "".join(f"（{word}）" for word in words if word)


def stamp_line(standing: Standing, stamp: str = OUTPUT_STAMP) -> str:
    """The visible stamp of a sheet, with a warning on 试算 and on 演示数据."""
    warning = "" if standing.final else "。现为试算，不作为正式结果"
    demo = f"。{DEMO_LABEL}，企业均为虚构" if standing.demo else ""
    return stamp + warning + demo + "。"
