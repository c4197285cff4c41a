"""Which files speak for each county and for each expert, for the manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipeline.model.records import Mark
from pipeline.model.region_order import RegionOrder
from pipeline.readers.settling.company import Companies
from pipeline.readers.settling.nil_returns import NilReturns
from pipeline.readers.sheet.regions import Region

UNNAMED_EXPERT = "专家{}"  # names of experts stand in no manifest


def sources_of(
    companies: Companies, nil: NilReturns, marks: Iterable[Mark], order: RegionOrder
) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """counties: county, in the notice's order → the files whose nominations, forms and nil returns count for it; experts: expert, numbered →
    the files with marks that count."""
    by_county: dict[Region, set[str]] = {}
    for company in companies:
        if company.region.county:
            spoken = by_county.setdefault(company.region, set())
            spoken |= {row.where.file for row in company.nominations[:1]}
            spoken |= {form.key.path for form in company.forms[-1:]}
    for county in nil.counties:
        by_county.setdefault(county, set()).update(nil.files.get(county, ()))
    by_expert: dict[str, set[str]] = {}
    for mark in marks:
        if mark.state in ("given", "recused"):
            by_expert.setdefault(mark.expert, set()).add(mark.where.file)
    return {
        "counties": {
            "".join(county): sorted(by_county[county]) for county in sorted(by_county, key=lambda one: order.rank(*one))
        },
        "experts": {
            UNNAMED_EXPERT.format(number): sorted(files)
            for number, (_, files) in enumerate(sorted(by_expert.items()), start=1)
        },
    }
