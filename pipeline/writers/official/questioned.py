"""Figures of 附件2 that an open 错误 is about: marked in a 试算, and named below the table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.issues.catalogue import UNIT_SLIP
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.results import Standing
from pipeline.writers.book.looks import ERROR_TINT
from pipeline.writers.book.workbook import Column, Styled

# Columns of 附件2 that hold figures, each with the column of ENTERPRISES that says where the figure stands.
_FIGURES = {name: f"{name}_where" for name in ("revenue", "profit", "it_spend", "cloud_spend")}
# An answer of 附件1 that is held against a figure of 附件2: its part -> the column.
_HELD_AGAINST = {"N": "cloud_spend", "M": "it_spend"}
_HEADING = "标红的数还有错误没有改正，改正后名次可能变动，请勿作为正式数据使用："

Questioned = Mapping[tuple[str, str], list[str]]  # company's key, column of 附件2 -> the numbers of the issues


def questioned_figures(enterprises: pd.DataFrame, issues: Iterable[Issue], standing: Standing) -> Questioned:
    """The figures of 附件2 of these companies with an open 错误; none once the results are 正式."""
    if standing.final:
        return {}
    cells: dict[Where, tuple[str, str]] = {}
    keys: dict[str, str] = {}
    columns = (enterprises[name].tolist() for name in ("key", "company", *_FIGURES.values()))
    for key, company, *wheres in zip(*columns, strict=True):
        keys[company] = key
        cells.update({where: (key, column) for where, column in zip(wheres, _FIGURES, strict=True) if any(where)})
    questioned: dict[tuple[str, str], list[str]] = {}
    for issue in issues:
        figure = _figure_of(issue, cells, keys) if issue.open_error else None
        if figure:
            questioned.setdefault(figure, []).append(issue.id)
    return questioned


def _figure_of(issue: Issue, cells: Mapping[Where, tuple[str, str]], keys: Mapping[str, str]) -> tuple[str, str] | None:
    """The figure that an issue is about: the one in its cell, or the one that 附件1 contradicts."""
    if issue.code == UNIT_SLIP and issue.company in keys:
        return keys[issue.company], _HELD_AGAINST[issue.part]
    return cells.get(issue.where)


def marked_rows(
    keys: Iterable[str], rows: Iterable[Sequence[Any]], columns: Sequence[Column], questioned: Questioned
) -> Iterator[Sequence[Any]]:
    """`rows`, each of the company whose key stands beside it, with the figures in question marked."""
    for key, row in zip(keys, rows, strict=True):
        marked = [
            _tinted(value) if (key, column.id) in questioned else value
            for value, column in zip(row, columns, strict=True)
        ]
        yield marked if questioned else row


def _tinted(value: Any) -> Styled:
    cell = value if isinstance(value, Styled) else Styled(value)
    return cell._replace(extra={**cell.extra, **ERROR_TINT})


def named_figures(companies: pd.DataFrame, columns: Sequence[Column], questioned: Questioned) -> str:
    """The sentence below the table that names the figures in question of these companies, "" without any."""
    labels = {column.id: column.label.replace("\n", "") for column in columns}
    named = [
        f"{company}的{labels[name]}（见问题清单 {'、'.join(questioned[key, name])}）"
        for key, company in zip(companies["key"].tolist(), companies["company"].tolist(), strict=True)
        for name in _FIGURES
        if (key, name) in questioned and name in labels
    ]
    return _HEADING + "；".join(named) + "。" if named else ""
