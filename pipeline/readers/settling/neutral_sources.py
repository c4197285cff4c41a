"""What counts for a county although it lies in nobody's folder, where the staff file by folders."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.issues.catalogue import COUNTED_FROM_NO_FOLDER
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import listed
from pipeline.readers.settling.company import Companies
from pipeline.readers.settling.nil_returns import NilReturns
from pipeline.readers.settling.places import NEUTRAL, Places
from pipeline.readers.sheet.regions import Region


def counted_from_no_folder(companies: Companies, nil: NilReturns, places: Places) -> list[Issue]:
    """One X30 per county of which a nomination, a form or a nil return counts from a neutral file, where the county has
    files of its own in a place that count, or most counties have. Where nothing lies in folders of regions there is
    none: then no folder says more than a file."""
    files = _counting_files(companies, nil)
    filed = {county for county, paths in files.items() if any(places.of(path).kind != NEUTRAL for path in paths)}
    by_folders = 2 * len(filed) > len(files)
    issues = []
    for county in sorted(files):
        outside = sorted(path for path in files[county] if places.of(path).kind == NEUTRAL)
        if outside and (county in filed or by_folders):
            facts = {"count": str(len(outside)), "files": listed([f"“{path}”" for path in outside], "份")}
            issue = Issue(COUNTED_FROM_NO_FOLDER, Where(outside[0]), facts=facts)
            issues.append(issue._replace(city=county.city, county=county.county))
    return issues


def _counting_files(companies: Companies, nil: NilReturns) -> Mapping[Region, set[str]]:
    files: dict[Region, set[str]] = {}
    for company in companies:
        if company.region.county:
            own = files.setdefault(company.region, set())
            own |= {row.where.file for row in company.nominations[:1]}
            own |= {form.key.path for form in company.forms[-1:]}
    for county in nil.counties:
        if nil.files.get(county):
            files.setdefault(county, set()).update(nil.files[county])
    return files
