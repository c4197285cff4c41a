"""Counties that report that they nominate nobody (零报送)."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.issues.catalogue import NIL_RETURN_CONTRADICTED, ROW_WITHOUT_COMPANY
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import listed
from pipeline.readers.settling.arrived import Arrived
from pipeline.readers.settling.company import Companies
from pipeline.readers.settling.decided import Decided
from pipeline.readers.settling.region_claims import first_county
from pipeline.readers.sheet.regions import Region


def nil_returns(arrived: Arrived, companies: Companies, decided: Decided) -> tuple[Region, ...]:
    """The counties, in order, whose 附件2 is empty or says 无, or of which a decision says so, and that nominate nobody
    elsewhere."""
    nil = {first_county([claim]) for content in arrived.contents for claim in content.nil_claims}
    for content in arrived.contents:
        missed = any(issue.code == ROW_WITHOUT_COMPANY for issue in content.issues)
        if content.kind == "nomination" and not content.nominations and not content.nil_claims and not missed:
            nil.add(first_county(content.claims))
    nominating = {company.region for company in companies if company.nomination}
    nil |= decided.nil_returns(nominating)
    return tuple(sorted(county for county in nil if county and county not in nominating))


def contradicted_nil_returns(arrived: Arrived, companies: Companies) -> Iterable[Issue]:
    """X19, one per county, for a line that says a county nominates nobody where it nominates somebody."""
    nominated: dict[Region, list[str]] = {}
    for company in companies:
        if company.nomination:
            nominated.setdefault(company.region, []).append(company.name)
    lines: dict[Region, Where] = {}
    for sheet in arrived.sheets:
        for claim in sheet.content.nil_claims:
            where = claim.where if claim.where.file else Where(sheet.path, sheet.content.sheet)
            lines.setdefault(Region(claim.city, claim.county), where)
    for region, where in lines.items():
        if names := nominated.get(region):
            facts = {"count": str(len(names)), "companies": listed(names, unit="")}
            yield Issue(NIL_RETURN_CONTRADICTED, where, facts=facts, city=region.city, county=region.county)
