"""Which county each file and sheet belongs to, and which company a paper is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.model.records import RegionClaim, Statement
from pipeline.readers.settling.arrived import ArrivedFile, ArrivedSheet
from pipeline.readers.settling.company import Companies, Company
from pipeline.readers.settling.names_in_texts import name_in_text
from pipeline.readers.settling.region_claims import NOWHERE, agreed_county, first_county
from pipeline.readers.sheet.regions import Region, RegionIndex


@dataclass(frozen=True)
class Owners:
    """Answers for files and sheets by the settled companies."""

    regions: RegionIndex
    companies: Companies

    def region_of_folders(self, path: str) -> Region:
        """The region that the names of a file's folders claim; NOWHERE without one."""
        claim = self.regions.of_folders(path.split("/")[:-1])
        return Region(claim.city, claim.county) if claim else NOWHERE

    def regions_in(self, sheet: ArrivedSheet) -> set[Region]:
        """The regions of a sheet's nominations, nil returns and forms, without a county where it is open."""
        regions = {company.region for company, _ in self._records(sheet)}
        return regions | {Region(claim.city, claim.county) for claim in sheet.content.nil_claims}

    def region_of_sheet(self, sheet: ArrivedSheet) -> Region:
        """The one region a sheet belongs to; a city alone when it holds several of its counties, NOWHERE when it holds
        several cities or none is known. A company whose county is open does not make the sheet another county's than
        its claims say."""
        content = sheet.content
        claims = [*content.claims, *(claim for form in content.assessments for claim in form.claims)]
        claimed = agreed_county(claims) or (NOWHERE if first_county(claims) else self.region_of_folders(sheet.path))
        regions = {
            company.region if company.region.county else agreed_county(record_claims) or Region(company.region.city, "")
            for company, record_claims in self._records(sheet)
        }
        if not regions:
            return claimed if claimed.county else agreed_county(content.nil_claims) or claimed
        if {region for region in regions if region.county} == {claimed}:
            return claimed
        if len(regions) == 1:
            return regions.pop()
        cities = {region.city for region in regions}
        return Region(cities.pop(), "") if len(cities) == 1 else NOWHERE

    def _records(self, sheet: ArrivedSheet) -> Iterable[tuple[Company, Iterable[RegionClaim]]]:
        """The company and the region claims of every nomination and form on a sheet; forms without a company left out."""
        for row in sheet.content.nominations:
            if company := self.companies.named(row.company):
                yield company, row.claims
        for form in sheet.forms:
            if company := self.companies.of_form(form.key):
                yield company, form.content.claims

    def company_of_paper(self, path: str) -> Company | None:
        """The company whose name stands in a paper's file or folder names, among those of the folders' county."""
        region = self.region_of_folders(path)
        keys = [company.key for company in self.companies if not region.county or company.region == region]
        for name in reversed(path.split("/")):
            if key := name_in_text(name, keys):
                return self.companies.of_key(key)
        return None

    def statements(self, file: ArrivedFile) -> Iterable[Statement]:
        """What a file explains, with the region whose issues it may explain: its folders', else its sheets'."""
        if file.reading.statements:
            region = self.region_of_folders(file.path)
            regions = {self.region_of_sheet(sheet) for sheet in file.sheets} - {NOWHERE}
            if not region.city and len(regions) == 1:
                region = regions.pop()
            yield from (entry._replace(city=region.city, county=region.county) for entry in file.reading.statements)

    def only_county(self, file: ArrivedFile) -> Region | None:
        """The county that every row and sheet of a workbook of forms belongs to; None when it holds anything else,
        anything of another county, or anything whose county is not known."""
        if not file.sheets or not {sheet.content.kind for sheet in file.sheets} <= {"assessment", "nomination"}:
            return None
        regions = {self.region_of_folders(file.path)} if file.reading.unread else set()
        for sheet in file.sheets:
            regions.add(self.region_of_sheet(sheet))
            regions |= self.regions_in(sheet)
            regions |= {Region(issue.city, issue.county) for issue in sheet.content.issues if issue.county}
        return regions.pop() if len(regions) == 1 and all(next(iter(regions))) else None
