"""Results of ours that come back with something changed in them. Nothing of it is taken; what was changed, and where it
is to be typed instead, is said."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.issues.catalogue import CHANGED_IN_RESULTS, RESULTS_SAVED_AGAIN
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import listed
from pipeline.model.display import number_text
from pipeline.model.records import Nomination, Reading
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import label_of
from pipeline.readers.settling.arrived import Arrived, ArrivedFile
from pipeline.readers.settling.company import Companies
from pipeline.readers.settling.places import NEUTRAL, Places

_TEXTS = ("business", "recommendation")
_UNQUOTED = ("contact", "phone")
_MOST_CELLS = 50  # that one remark lists
_SHOWN = 0.005000001  # figures are shown with two decimals


def returned_results(arrived: Arrived, companies: Companies, places: Places, rulebook: Rulebook) -> list[Issue]:
    """F43 for each of our results whose 附件2 differs from the rows that count, with every cell; F44 for one that somebody
    saved again and wrote no 情况说明 into, nor anything else that is told already. Only companies of the place where it lies are compared; in nobody's place all."""
    issues = []
    for file in arrived.files:
        if file.reading.kind != "own_output":
            continue
        region = places.of(file.path).region
        differences = list(_differences(file, companies, places, rulebook))
        if differences:
            facts = {
                "count": str(len(differences)),
                "cells": listed((words for words, _, _ in differences), separator="；", most=_MOST_CELLS),
                "lists": listed((f"“{path}”" for path in dict.fromkeys(path for _, _, path in differences)), "份"),
            }
            where = differences[0][1]
            issues.append(Issue(CHANGED_IN_RESULTS, where, facts=facts, city=region.city, county=region.county))
        elif file.reading.resaved and not file.reading.statements and not file.reading.issues:
            where = Where(file.path)
            issues.append(Issue(RESULTS_SAVED_AGAIN, where, city=region.city, county=region.county))
    return issues


def _differences(
    file: ArrivedFile, companies: Companies, places: Places, rulebook: Rulebook
) -> Iterator[tuple[str, Where, str]]:
    """(in words, the cell, the file to change instead) of every cell of a returned 附件2 that differs."""
    place = places.of(file.path)
    for row in file.reading.returned:
        company = companies.named(row.company)
        counting = company.nomination if company else None
        if company is None or counting is None or company.disputed:
            continue
        if place.kind != NEUTRAL and company.region.city != place.city:
            continue
        if place.county and company.region.county != place.county:
            continue
        for words in _in_row(counting, row, rulebook):
            yield f"{company.name}的{words}", row.where, counting.where.file


def _in_row(counting: Nomination, returned: Nomination, rulebook: Rulebook) -> Iterator[str]:
    labels = rulebook.column_labels
    for name, reading in returned.figures.items():
        known = counting.figures.get(name)
        if known is not None and not _same(known.value, reading):
            yield f"{labels[name]}（{reading.where.cell}）"
    for name in _TEXTS:
        if _plain(getattr(counting, name)) != _plain(getattr(returned, name)):
            yield labels[name]
    for name in _UNQUOTED:
        if _plain(getattr(counting, name)) != _plain(getattr(returned, name)):
            yield labels[name]


def _same(known: float | None, returned: Reading) -> bool:
    """True for a figure that is the one that counts, as far as it is shown: two decimals."""
    if known is None or returned.value is None:
        return known is None and returned.state in ("blank", "none", "absent")
    return abs(known - returned.value) <= _SHOWN or number_text(known) == number_text(returned.value)


def _plain(text: str) -> str:
    return label_of(text).strip("'")
