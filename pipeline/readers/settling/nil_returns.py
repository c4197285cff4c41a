"""Counties that report that they nominate nobody (零报送)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.issues.catalogue import NIL_RETURN_CONTRADICTED, NIL_RETURN_FROM_ELSEWHERE, ROW_WITHOUT_COMPANY
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import listed
from pipeline.model.records import RegionClaim
from pipeline.readers.settling.arrived import Arrived, ArrivedSheet
from pipeline.readers.settling.company import Companies
from pipeline.readers.settling.decided import Decided
from pipeline.readers.settling.places import CITY, COUNTY, Heard, Place, Places
from pipeline.readers.sheet.regions import Region

_IN_THE_ROW = ("column", "section")


@dataclass
class NilReturns:
    """The counties that nominate nobody, the files that say so, and the issues about lines that do not count."""

    counties: tuple[Region, ...] = ()
    files: dict[Region, list[str]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


def nil_returns(arrived: Arrived, companies: Companies, decided: Decided, places: Places, heard: Heard) -> NilReturns:
    """The counties, in order, whose 附件2 is empty or says 无, or of which a decision says so, and that nominate nobody
    elsewhere.

    A nil return counts from the county's own place, from its city's where that is silent, or from a neutral file in which
    column, title and file name agree. X19, one per county, where it nominates somebody all the same; X21 for a line that
    does not count."""
    returns = NilReturns()
    lines: dict[Region, Where] = {}
    refused: list[tuple[Region, Issue]] = []
    for sheet in arrived.sheets:
        for claim, county in _lines(sheet):
            place = places.of(sheet.path)
            where = claim.where if claim.where.file else Where(sheet.path, sheet.content.sheet)
            if reason := _objection(sheet, claim, county, places, heard):
                facts = {"reason": reason}
                found = county.county
                issue = Issue(NIL_RETURN_FROM_ELSEWHERE, where, "", "", where.cell, found, facts)
                refused.append((county, issue._replace(city=place.city, county=place.county)))
            else:
                returns.files.setdefault(county, []).append(sheet.path)
                if sheet.content.nil_claims:
                    lines.setdefault(county, where)
    nominated: dict[Region, list[str]] = {}
    for company in companies:
        if company.nomination:
            nominated.setdefault(company.region, []).append(company.name)
    returns.issues += [issue for county, issue in refused if county not in returns.files]
    returns.issues += _contradicted(lines, nominated)
    nil = {county for county in returns.files if county not in nominated} | decided.nil_returns(nominated)
    returns.counties = tuple(sorted(nil))
    return returns


def _lines(sheet: ArrivedSheet) -> Iterator[tuple[RegionClaim, Region]]:
    """What a list says of counties that nominate nobody: each line, or the whole list when it is empty."""
    content = sheet.content
    for claim in content.nil_claims:
        if claim.county:
            yield claim, Region(claim.city, claim.county)
    missed = any(issue.code == ROW_WITHOUT_COMPANY for issue in content.issues)
    if content.kind == "nomination" and not content.nominations and not content.nil_claims and not missed:
        first = next((claim for claim in content.claims if claim.county), None)
        if first:
            yield first, Region(first.city, first.county)


def _objection(sheet: ArrivedSheet, claim: RegionClaim, county: Region, places: Places, heard: Heard) -> str:
    """Why a nil return does not count, "" for one that does."""
    place = places.of(sheet.path)
    if place.kind == COUNTY:
        others = {Region(other.city, other.county) for other in sheet.content.claims if other.county}
        claimed = others if not sheet.content.nil_claims else {county}
        return "" if claimed <= {place.region} else _of_another(place)
    if place.kind == CITY and county.city != place.city:
        return _of_another(place)
    if not heard.allows(place, county):
        return "这个区县（或它所在的市）自己报送了推荐表"
    if place.kind != CITY and not _agree(sheet, claim, county, places):
        return "文件不在任何区县的文件夹里，它的“区县”栏、标题、文件名写的区县又不一致"
    return ""


def _of_another(place: Place) -> str:
    return f"这份表放在“{place.county or place.city}”的文件夹里，只能替{'自己' if place.county else '本市的区县'}零报送"


def _agree(sheet: ArrivedSheet, claim: RegionClaim, county: Region, places: Places) -> bool:
    """True when everything that a neutral file says of its county is this one; of a row its column or heading does."""
    in_row = bool(sheet.content.nil_claims)
    if in_row and claim.source not in _IN_THE_ROW:
        return False
    said = {Region(other.city, other.county) for other in sheet.content.claims if other.county}
    named = places.regions.named_in(sheet.path.rpartition("/")[2].rpartition(".")[0])
    cities = {other.city for other in sheet.content.claims if other.city}
    return said <= {county} and named in (None, county) and cities <= {county.city}


def _contradicted(lines: dict[Region, Where], nominated: dict[Region, list[str]]) -> Iterable[Issue]:
    """X19, one per county, for a line that says a county nominates nobody where it nominates somebody."""
    for region, where in lines.items():
        if names := nominated.get(region):
            facts = {"count": str(len(names)), "companies": listed(names, unit="")}
            yield Issue(NIL_RETURN_CONTRADICTED, where, facts=facts, city=region.city, county=region.county)
