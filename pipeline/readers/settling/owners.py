"""Which county each file and sheet belongs to, and which company a paper is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipeline.model.records import RegionClaim, Statement
from pipeline.readers.settling.arrived import ArrivedFile, ArrivedSheet
from pipeline.readers.settling.company import Companies, Company
from pipeline.readers.settling.names_in_texts import NameFinder
from pipeline.readers.settling.places import COUNTY, NEUTRAL, Heard, Places
from pipeline.readers.settling.region_claims import NOWHERE, agreed_county, first_county
from pipeline.readers.sheet.regions import Region


@dataclass(frozen=True)
class Owners:
    """Answers for files and sheets by their places and the settled companies."""

    companies: Companies
    places: Places
    heard: Heard
    finder: NameFinder

    def region_of_file(self, path: str) -> Region:
        """The region under which a file is filed: its place's; of a neutral file the one that its folders claim, where no
        place speaks for that; else NOWHERE."""
        place = self.places.of(path)
        if place.kind != NEUTRAL:
            inside = self.places.said_inside(path)
            other = inside is not None and inside.county and (inside.city, inside.county) != place.region
            return Region(place.city, "") if other and place.kind == COUNTY else place.region
        claim = self.places.regions.of_folders(path.split("/")[:-1])
        region = Region(claim.city, claim.county) if claim else NOWHERE
        return region if not region.county or self.heard.allows(place, region) else NOWHERE

    def regions_in(self, sheet: ArrivedSheet) -> set[Region]:
        """The regions of a sheet's nominations, nil returns and forms, without a county where it is open."""
        regions = {company.region for company, _, _ in self._records(sheet)}
        if any(form.key in self.companies.refused_forms for form in sheet.forms):
            regions.add(NOWHERE)
        known = all(self.companies.named(row.company) for row in sheet.content.nominations)
        regions |= set() if known else {NOWHERE}
        return regions | {Region(claim.city, claim.county) for claim in sheet.content.nil_claims}

    def region_of_sheet(self, sheet: ArrivedSheet) -> Region:
        """The one region a sheet belongs to; a city alone when it holds several of its counties, NOWHERE when it holds
        several cities or none is known. A sheet in a place is no other county's, whatever it holds; a neutral one is a
        county's whose place speaks for itself only where something on it counts for that county."""
        region = self._said_region(sheet)
        place = self.places.of(sheet.path)
        if place.kind == COUNTY:
            return region if not region.county or region == place.region else NOWHERE
        if place.kind != NEUTRAL:
            return region if region.city == place.city else NOWHERE
        if not region.county or self.heard.allows(place, region):
            return region
        counts = any(counted and company.region == region for company, _, counted in self._records(sheet))
        return region if counts else NOWHERE

    def _said_region(self, sheet: ArrivedSheet) -> Region:
        """The region of a sheet by what it holds. A company whose county is open does not make the sheet another county's
        than its claims say."""
        content = sheet.content
        claims = [*content.claims, *(claim for form in content.assessments for claim in form.claims)]
        claimed = agreed_county(claims) or (NOWHERE if first_county(claims) else self.region_of_file(sheet.path))
        regions = {
            company.region if company.region.county else agreed_county(record_claims) or Region(company.region.city, "")
            for company, record_claims, _ in self._records(sheet)
        }
        if not regions:
            return claimed if claimed.county else agreed_county(content.nil_claims) or claimed
        if {region for region in regions if region.county} == {claimed}:
            return claimed
        if len(regions) == 1:
            return regions.pop()
        cities = {region.city for region in regions}
        return Region(cities.pop(), "") if len(cities) == 1 else NOWHERE

    def _records(self, sheet: ArrivedSheet) -> Iterable[tuple[Company, Iterable[RegionClaim], bool]]:
        """The company and the region claims of every nomination and form on a sheet, and whether it counts; forms without
        a company left out."""
        for row in sheet.content.nominations:
            if company := self.companies.named(row.company):
                yield company, row.claims, row.where in self.companies.counting_rows
        for form in sheet.forms:
            if company := self.companies.of_form(form.key):
                yield company, form.content.claims, True

    @cached_property
    def company_of_paper(self) -> Callable[[str], Company | None]:
        """The company whose name stands in a paper's file or folder names: one that the paper's place nominated; of a
        neutral paper the only one that fits."""
        return lru_cache(maxsize=20_000)(self._company_of_paper)

    def _company_of_paper(self, path: str) -> Company | None:
        place = self.places.of(path)
        neutral = place.kind == NEUTRAL
        for name in reversed(path.split("/")):
            if key := self._company_in(name, place.region, neutral):
                return self.companies.of_key(key)
        return None

    def _company_in(self, name: str, region: Region, neutral: bool) -> str:
        """The key of the company named in a file's or folder's name; "" without one. Folders are asked once for all their
        papers."""
        asked = (name, region, neutral)
        if asked not in self._found:
            keys = self._keys_in(region)
            if neutral:
                fitting = self.finder.fitting(name, keys)
                self._found[asked] = fitting[0] if len(fitting) == 1 else ""
            else:
                self._found[asked] = self.finder.longest(name, keys)
        return self._found[asked]

    def _keys_in(self, region: Region) -> list[str]:
        """The keys of the companies that a paper of a region may be about."""
        if region not in self._keys:
            self._keys[region] = [company.key for company in self.companies if self._may_be_of(company, region)]
        return self._keys[region]

    @cached_property
    def _found(self) -> dict[tuple[str, Region, bool], str]:
        return {}

    @cached_property
    def _keys(self) -> dict[Region, list[str]]:
        return {}

    @staticmethod
    def _may_be_of(company: Company, region: Region) -> bool:
        return region.city in ("", company.region.city) and region.county in ("", company.region.county)

    def statements(self, file: ArrivedFile) -> Iterable[Statement]:
        """What a file explains, with the region whose issues it may explain: its place's. One without a place may explain
        none."""
        region = self.places.of(file.path).region
        for entry in file.reading.statements:
            yield entry._replace(city=region.city, county=region.county)

    def only_county(self, file: ArrivedFile) -> Region | None:
        """The county that every row and sheet of a workbook of forms belongs to; None when it holds anything else,
        anything of another county, or anything whose county is not known, and for a neutral file whose company nothing
        in it names."""
        if not file.sheets or not {sheet.content.kind for sheet in file.sheets} <= {"assessment", "nomination"}:
            return None
        regions = {self.region_of_file(file.path)} if file.reading.unread else set()
        for sheet in file.sheets:
            if any(form.key in self.companies.inferred for form in sheet.forms):
                return None
            regions.add(self.region_of_sheet(sheet))
            regions |= self.regions_in(sheet)
            regions |= {Region(issue.city, issue.county) for issue in sheet.content.issues if issue.county}
        return regions.pop() if len(regions) == 1 and all(next(iter(regions))) else None
