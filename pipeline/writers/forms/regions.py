"""The sheet 区县名单 of a blank form, and the drop-down lists of cities and counties that read it."""

from __future__ import annotations

from typing import Any

from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import REGIONS_SHEET
from pipeline.writers.book.addresses import absolute_address, absolute_area
from pipeline.writers.book.workbook import Book

_TOP = 2  # the row of the cities' names; their counties follow below


def county_spellings(rulebook: Rulebook) -> list[str]:
    """What a county may be called: city and spelling in one (杭州市萧山) for every spelling that means one county of its
    city, and the spelling alone where it means one county of the province."""
    named = _counties_named(rulebook)
    anywhere: dict[str, set[str]] = {}
    for (city, name), counties in named.items():
        anywhere.setdefault(name, set()).update(f"{city}{county}" for county in counties)
    clear = [f"{city}{name}" for (city, name), counties in named.items() if len(counties) == 1]
    ambiguous = rulebook.vocabulary.ambiguous_regions
    alone = [name for name, counties in anywhere.items() if len(counties) == 1 and name not in ambiguous]
    return sorted({*clear, *alone})


def _counties_named(rulebook: Rulebook) -> dict[tuple[str, str], set[str]]:
    """(city, spelling) -> the counties it may mean: their names, aliases and former names, and those of their zones."""
    named: dict[tuple[str, str], set[str]] = {}
    for county in rulebook.counties:
        for name in (county.name, *county.aliases):
            named.setdefault((county.city, name), set()).add(county.name)
    for zone in rulebook.zones:
        for name in (zone.name, *zone.aliases):
            named.setdefault((zone.city, name), set()).update([zone.name] if zone.reports else zone.parents)
    city_of = {county.name: county.city for county in rulebook.counties}
    known = {name for _, name in named}
    for old in rulebook.old_names:
        for now in old.now if old.name not in known else ():
            named.setdefault((city_of[now], old.name), set()).add(now)
    return named


class Regions:
    """区县名单: every expected county in the first column, then a column for each city. The references (cities, counties,
    all_counties) name the sheet, so that they hold on any other."""

    def __init__(self, book: Book, rulebook: Rulebook) -> None:
        self.columns = [
            [county.name for county in rulebook.counties if county.city == city] for city in rulebook.city_names
        ]
        self.every = [county.name for county in rulebook.expected_counties]
        self._write(book, rulebook)
        rows = max(map(len, self.columns))
        self.cities = self._area(_TOP, 1, _TOP, len(self.columns))
        self.counties = self._area(_TOP + 1, 1, _TOP + rows, len(self.columns))
        self.all_counties = self._area(_TOP + 1, 0, _TOP + len(self.every), 0)
        self._corner = f"{REGIONS_SHEET}!{absolute_address(_TOP + 1, 0)}"
        self._rows = rows

    def _write(self, book: Book, rulebook: Rulebook) -> None:
        sheet = book.sheet(REGIONS_SHEET, landscape=True)
        sheet.protect("", {"format_columns": True})
        book.put(sheet, 0, 0, "本表供下拉选择用，不用填写，也不会被读取。", "stamp")
        book.widths(sheet, [15] * (len(self.columns) + 1))
        lists = [self.every, *self.columns]
        for column, (name, members) in enumerate(zip(["全部", *rulebook.city_names], lists, strict=True)):
            book.put(sheet, _TOP, column, name, "header")
            for row, county in enumerate(members, start=_TOP + 1):
                book.put(sheet, row, column, county, "center")
        # the first column is left out of the print: it is twice as long as the others and repeats them
        sheet.print_area(_TOP, 1, _TOP + max(map(len, self.columns)), len(self.columns))

    def _area(self, row: int, column: int, last_row: int, last_column: int) -> str:
        return f"{REGIONS_SHEET}!{absolute_area(row, column, last_row, last_column)}"

    def city_choice(self) -> dict[str, Any]:
        """The data validation of a cell for the city."""
        return {
            "validate": "list",
            "source": f"={self.cities}",
            "error_type": "warning",
            "input_title": "设区市",
            "input_message": "请从下拉框选。",
            "error_title": "不在列表里",
            "error_message": "请从下拉框选设区市全称，如“杭州市”。",
        }

    def county_choice(self, city: str, whole: bool = False) -> dict[str, Any]:
        """The data validation of a cell for the county: the counties of the city in the cell `city`; with `whole`, every
        county while that cell is blank."""
        start = f"OFFSET({self._corner},0,MATCH({city},{self.cities},0)"
        listed = f"{start},COUNTA({start},{self._rows},1)),1)"
        return {
            "validate": "list",
            "source": f'=IF({city}="",{self.all_counties},{listed})' if whole else f"={listed}",
            "error_type": "warning",
            "input_title": "区县",
            "input_message": "请先选设区市，再从下拉框选区县；属于功能区的，选它所在的区县。",
            "error_title": "不在列表里",
            "error_message": "请从下拉框选区县全称；列表是空的，请先选设区市。",
        }

    def holds(self, city: str, county: str) -> str:
        """The condition that the county in one cell belongs to the city in another."""
        return f"SUMPRODUCT(({self.cities}={city})*({self.counties}={county}))>0"
