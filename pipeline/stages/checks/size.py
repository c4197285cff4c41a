"""The check of figures beside those of companies of like size: what is far out is asked about, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import pandas as pd

from pipeline.issues.catalogue import UNUSUAL_FOR_REVENUE
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import listed
from pipeline.model.rows import records_of
from pipeline.model.rulebook import Rulebook
from pipeline.stages.checks.material import Check, Material

FAR = 100  # so many times the usual share of 销售收入, or so many times less, and a figure is asked about
ENOUGH = 20  # companies that it takes to say what is usual
NOISE = 1e-9  # of a quotient of two figures


class _Figure(NamedTuple):
    """A row of `_figures`, with `usual`: what is usual for the company's 销售收入, in the same unit."""

    key: str
    indicator: str
    part: str
    value: float
    usual: float
    where: Where


def figures_fit_the_companys_size(material: Material) -> Iterator[Issue]:
    """No figure is more than 100 times, or less than 1/100 of, what is usual for a company of that 上年度销售收入: the
    median of figure ÷ 销售收入 over the companies that have both. From 20 such companies up; one issue per company."""
    far = _far_out(material)
    companies = {company.key: company for company in material.companies}
    for key, rows in far.groupby("key", sort=True):
        company = companies[str(key)]
        figures = list(records_of(rows, _Figure))
        readings = listed((_line(figure, material.rulebook) for figure in figures), separator="；")
        facts = {"revenue": figure_text(company.revenue), "readings": readings}
        where = figures[0].where
        yield Issue(UNUSUAL_FOR_REVENUE, where, company.company, facts=facts, city=company.city, county=company.county)


def _far_out(material: Material) -> pd.DataFrame:
    """The rows of `_figures` that are far from what is usual, with `usual`."""
    sized = material.enterprises[~material.enterprises["excluded"] & (material.enterprises["revenue"] > 0)]
    figures = _figures(sized, material.answers, material.rulebook).merge(sized[["key", "revenue"]], on="key")
    share = figures["value"] / figures["revenue"]
    groups = share.groupby([figures["indicator"], figures["part"]])
    usual, known = groups.transform("median"), groups.transform("size")
    times = share / usual
    far = (times > FAR * (1 + NOISE)) | (times < (1 - NOISE) / FAR)
    return figures.assign(usual=usual * figures["revenue"])[far & (known >= ENOUGH)]


def _figures(sized: pd.DataFrame, answers: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """One row: a figure above 0 that a company with 销售收入 typed, in the forms' order: key, indicator (附件1's, or
    附件2's column), part (N, M, or "" in 附件2), value, where. Counts of categories do not grow with a company."""
    items = [item for item in rulebook.ratio_indicators if not item.categories]
    columns = [column.id for column in rulebook.nomination_columns if column.unit and column.id != "revenue"]
    asked = {"n": [item.id for item in items], "m": [item.id for item in items if item.m == "typed"]}
    pieces = []
    for part, identifiers in asked.items():
        rows = answers[answers["indicator"].isin(identifiers) & (answers[f"{part}_state"] == "ok")]
        renamed = rows[["key", "indicator", part, f"{part}_where"]].set_axis(
            ["key", "indicator", "value", "where"], axis=1
        )
        pieces.append(renamed.assign(part=part.upper()))
    for name in columns:
        renamed = sized[["key", name, f"{name}_where"]].set_axis(["key", "value", "where"], axis=1)
        pieces.append(renamed.assign(indicator=name, part=""))
    figures = pd.concat(pieces, ignore_index=True)
    return figures[figures["value"] > 0]


def _line(figure: _Figure, rulebook: Rulebook) -> str:
    """One figure in words: 附件1云存储 N 为 5000 TB，同规模企业大致为 3.2 TB."""
    if figure.part:
        item = rulebook.indicator_of[figure.indicator]
        name, unit = f"附件1{item.label} {figure.part} ", item.unit
    else:
        column = next(column for column in rulebook.nomination_columns if column.id == figure.indicator)
        name, unit = f"附件2“{column.label}”", column.unit
    usual = figure_text(float(f"{figure.usual:.2g}"))
    return f"{name}为 {figure_text(figure.value)} {unit}，同规模企业大致为 {usual} {unit}"


def figure_text(value: float) -> str:
    """A figure in a message: plain decimal, never an exponent."""
    return f"{Decimal(f'{value:.12g}'):f}"


CHECKS = (Check((UNUSUAL_FOR_REVENUE,), figures_fit_the_companys_size),)
