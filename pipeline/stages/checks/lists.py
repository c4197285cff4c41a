"""Checks of the 培育库 and the experts' sheets against the companies of the run."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.issues.catalogue import MARKED_COMPANY_UNKNOWN, NOT_IN_CITY_POOL
from pipeline.issues.issue import Issue
from pipeline.issues.words import MOST_NAMED, listed
from pipeline.model.names import name_key
from pipeline.model.records import Mark
from pipeline.stages.checks.material import Check, Material, company_issue
from pipeline.stages.checks.names import Named, near_names

CITY_LEVEL = "市级"


def nominated_are_in_the_city_pool(material: Material) -> Iterator[Issue]:
    """Every nominated company is in a 市级 list of names, where its city has sent one (a company without a city: where
    any city has): 区县级库 → 市级库 → 省级, no tier skipped."""
    names = [name for name in material.pool_names if name.level == CITY_LEVEL]
    cities, keys = {name.city for name in names}, {name_key(name.company) for name in names}
    for company in material.companies:
        asked = company.nominated and not company.refused and not company.excluded
        if asked and (company.city in cities if company.city else cities) and company.key not in keys:
            yield company_issue(NOT_IN_CITY_POOL, company, company.where, found=company.company)


def marked_companies_are_known(material: Material) -> Iterator[Issue]:
    """Every company an expert marked is nominated or assessed; one issue per file, with the names that are close."""
    by_file: dict[str, list[Mark]] = {}
    for mark in material.strangers:
        by_file.setdefault(mark.where.file, []).append(mark)
    for marks in by_file.values():
        first, *others = marks
        names = listed((mark.company for mark in others), unit="")
        more = f"（另有 {len(others)} 家同样：{names}）" if others else ""
        candidates = _candidates(marks[:MOST_NAMED], material)
        facts = {"more": more, "candidates": f"名称{candidates}。" if candidates else ""}
        yield Issue(MARKED_COMPANY_UNKNOWN, first.name_where, found=first.company, facts=facts)


def _candidates(marks: list[Mark], material: Material) -> str:
    """The names of companies that are close to the marked ones."""
    strangers = [Named(name_key(mark.company), mark.company) for mark in marks]
    near = near_names(material.companies, strangers, material.rulebook)
    alike = {stranger.company: sorted(near.get(stranger.key, [])) for stranger in strangers}
    return "；".join(f"与“{name}”相近的有：{listed(names, '家')}" for name, names in alike.items() if names)


CHECKS = (
    Check((NOT_IN_CITY_POOL,), nominated_are_in_the_city_pool),
    Check((MARKED_COMPANY_UNKNOWN,), marked_companies_are_known),
)
