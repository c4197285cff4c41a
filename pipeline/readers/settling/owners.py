"""Whose each file and sheet is: the one county it belongs to, and the company a paper speaks of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.model.names import company_key
from pipeline.model.records import Explanation, FileReading, RegionClaim, SheetReading
from pipeline.readers.settling.companies import Company, agreed, decided
from pipeline.readers.settling.names_in_texts import name_in_text
from pipeline.readers.sheet.regions import RegionIndex


@dataclass(frozen=True)
class Owners:
    """Tells it once companies and forms are settled. company_of_form: by the form's id(); sheets_of: a file's sheets by
    its reading's id()."""

    regions: RegionIndex
    companies: Mapping[str, Company]
    company_of_form: Mapping[int, Company]
    sheets_of: dict[int, list[SheetReading]]

    def county_of_folder(self, path: str) -> tuple[str, str]:
        place = self.regions.of_folders(path.split("/")[:-1])
        return (place.city, place.county) if place else ("", "")

    def counties_in(self, sheet: SheetReading) -> set[tuple[str, str]]:
        """The counties of a sheet's nominations, nil returns and forms; ("", "") for one that nobody can tell."""
        companies = [self.companies[company_key(row.company)] for row in sheet.nominations]
        companies += [self.company_of_form[id(form)] for form in sheet.assessments if id(form) in self.company_of_form]
        found = {(company.city, company.county) for company in companies}
        return found | {(place.city, place.county) for place in sheet.nil_places}

    def county_of_sheet(self, reading: FileReading, sheet: SheetReading) -> tuple[str, str]:
        """The one county a sheet belongs to, ("", "") when it is nobody's or several counties'. A company whose county
        is open takes no sheet from the county that the sheet alone says."""
        records: list[tuple[Company, Iterable[RegionClaim]]] = [
            (self.companies[company_key(row.company)], row.places) for row in sheet.nominations
        ]
        records += [
            (company, form.places) for form in sheet.assessments if (company := self.company_of_form.get(id(form)))
        ]
        places = [*sheet.places, *(place for form in sheet.assessments for place in form.places)]
        own = agreed(places) or (("", "") if decided(places) else self.county_of_folder(reading.path))
        counties = {
            (company.city, company.county) if company.county else agreed(said) or (company.city, "")
            for company, said in records
        }
        known = {place for place in counties if place[1]}
        if not counties:
            return own if own[1] else agreed(sheet.nil_places) or own
        if known == {own}:
            return own
        if len(counties) == 1:
            return counties.pop()
        cities = {city for city, _ in counties}
        return (cities.pop(), "") if len(cities) == 1 else ("", "")

    def company_of_paper(self, reading: FileReading) -> Company | None:
        """The company whose name stands in a paper's file or folder names, among those of the folder's county."""
        place = self.county_of_folder(reading.path)
        own = self.companies.items()
        known = [key for key, company in own if not place[1] or (company.city, company.county) == place]
        for part in reversed(reading.path.split("/")):
            if key := name_in_text(part, known):
                return self.companies[key]
        return None

    def explanations(self, reading: FileReading) -> Iterable[Explanation]:
        """What a file explains, with the place it may speak for: its folder's, else its forms'."""
        if reading.explanations:
            city, county = self.county_of_folder(reading.path)
            own = {self.county_of_sheet(reading, sheet) for sheet in self.sheets_of.get(id(reading), [])} - {("", "")}
            if not city and len(own) == 1:
                city, county = own.pop()
            yield from (entry._replace(city=city, county=county) for entry in reading.explanations)

    def only_county(self, reading: FileReading) -> tuple[str, str] | None:
        """The county that all of a workbook of forms belongs to, every row and sheet; None when some does not, or is
        nobody's, or cannot be told."""
        sheets = self.sheets_of.get(id(reading), [])
        if not sheets or not {sheet.kind for sheet in sheets} <= {"assessment", "nomination"}:
            return None
        places = {self.county_of_folder(reading.path)} if reading.unread else set()
        for sheet in sheets:
            places.add(self.county_of_sheet(reading, sheet))
            places |= self.counties_in(sheet)
            places |= {(issue.city, issue.county) for issue in sheet.issues if issue.county}
        return places.pop() if len(places) == 1 and all(next(iter(places))) else None
