"""Which files speak for each county and for each expert, for the manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipeline.model.records import Mark
from pipeline.readers.settling.company import Companies
from pipeline.readers.settling.nil_returns import NilReturns

UNNAMED_EXPERT = "专家{}"  # names of experts stand in no manifest


def sources_of(
    companies: Companies, nil: NilReturns, marks: Iterable[Mark]
) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """counties: county → the files whose nominations, forms and nil returns count for it; experts: expert, numbered →
    the files with marks that count."""
    by_county: dict[str, set[str]] = {}
    for company in companies:
        if company.region.county:
            spoken = by_county.setdefault("".join(company.region), set())
            spoken |= {row.where.file for row in company.nominations[:1]}
            spoken |= {form.key.path for form in company.forms[-1:]}
    for county in nil.counties:
        by_county.setdefault("".join(county), set()).update(nil.files.get(county, ()))
    by_expert: dict[str, set[str]] = {}
    for mark in marks:
        if mark.state in ("given", "recused"):
            by_expert.setdefault(mark.expert, set()).add(mark.where.file)
    return {
        "counties": {county: sorted(files) for county, files in sorted(by_county.items())},
        "experts": {
            UNNAMED_EXPERT.format(number): sorted(files)
            for number, (_, files) in enumerate(sorted(by_expert.items()), start=1)
        },
    }
