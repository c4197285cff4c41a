"""Counts over whole files and counties that are too much for a marked copy (SPEC 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pandas as pd

from pipeline.issues.catalogue import TOO_MANY_FILES, TOO_MANY_TO_MARK
from pipeline.issues.issue import Issue, is_marked
from pipeline.issues.where import Where
from pipeline.model.limits import MOST_FILES, MOST_MARKED_CELLS

_FORMS = ("assessment", "nomination")


def too_much(issues: Iterable[Issue], files: pd.DataFrame) -> list[Issue]:
    """F34 for each county with too many files of forms, F35 for each file with too many cells to be marked."""
    return [*_crowded_counties(files), *_files_full_of_marks(issues, files)]


def _crowded_counties(files: pd.DataFrame) -> Iterable[Issue]:
    forms = files[files["kind"].isin(_FORMS) & (files["county"] != "")].drop_duplicates("path")
    for (city, county), held in forms.groupby(["city", "county"], sort=True):
        if len(held) > MOST_FILES:
            first = min(held["path"])
            facts = {"count": str(len(held)), "limit": str(MOST_FILES)}
            yield Issue(TOO_MANY_FILES, Where(first), facts=facts, city=str(city), county=str(county))


def _files_full_of_marks(issues: Iterable[Issue], files: pd.DataFrame) -> Iterable[Issue]:
    cells: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for issue in issues:
        if is_marked(issue.code, issue.level) and issue.where.cell:
            cells[issue.where.file].add((issue.where.sheet, issue.where.cell))
    full = {path: len(held) for path, held in cells.items() if len(held) > MOST_MARKED_CELLS}
    owners = {
        path: (city, county) for path, city, county in zip(files["path"], files["city"], files["county"], strict=True)
    }
    for path, count in sorted(full.items()):
        city, county = owners.get(path, ("", ""))
        facts = {"count": str(count), "limit": str(MOST_MARKED_CELLS)}
        yield Issue(TOO_MANY_TO_MARK, Where(path), facts=facts, city=city, county=county)
