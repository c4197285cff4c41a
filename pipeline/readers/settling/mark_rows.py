"""The rows of MARKS, and the marks of companies that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.issues.phones import mask_phones
from pipeline.model.names import name_key
from pipeline.model.records import Mark
from pipeline.readers.settling.company import Companies


def mark_rows(marks: Iterable[Mark], companies: Companies) -> Iterator[dict[str, object]]:
    """One row per mark of a known company."""
    for mark in marks:
        if company := companies.named(mark.company):
            yield {
                "key": company.key,
                "indicator": mark.indicator,
                "expert": mask_phones(mark.expert),
                "mark": mark.mark,
                "state": mark.state,
                "where": mark.where,
                "reason": mask_phones(mark.reason),
            }


def marks_of_strangers(marks: Iterable[Mark], companies: Companies) -> list[Mark]:
    """One mark per file and company that is neither nominated nor assessed; blank ones left out."""
    strangers: dict[str, dict[str, Mark]] = {}
    for mark in marks:
        if mark.state != "blank" and companies.named(mark.company) is None:
            strangers.setdefault(mark.where.file, {}).setdefault(name_key(mark.company), mark)
    return [mark for unknown in strangers.values() for mark in unknown.values()]
