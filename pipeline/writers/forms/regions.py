"""The visible sheet 区县名单, and the drop-downs of cities and of the counties of the city that was chosen."""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import REGIONS_SHEET
from pipeline.writers.book.workbook import Book

_TOP = 2  # row of the cities' names; the counties stand under them


def county_spellings(rulebook: Rulebook) -> list[str]:
    """City and spelling in one, for every spelling of a county that is clear within its city (杭州市萧山), and the
    spellings alone that are clear without one."""
    said: dict[tuple[str, str], set[str]] = {}
    for county in rulebook.counties:
        for name in (county.name, *county.aliases):
            said.setdefault((county.city, name), set()).add(county.name)
    for zone in rulebook.zones:
        for name in (zone.name, *zone.aliases):
            said.setdefault((zone.city, name), set()).update([zone.name] if zone.reports else zone.parents)
    home = {county.name: county.city for county in rulebook.counties}
    known = {name for _, name in said}
    for old in rulebook.old_names:
        for now in old.now if old.name not in known else ():
            said.setdefault((home[now], old.name), set()).add(now)
    meant: dict[str, set[str]] = {}
    for (city, name), counties in said.items():
        meant.setdefault(name, set()).update(f"{city}{county}" for county in counties)
    clear = [f"{city}{name}" for (city, name), counties in said.items() if len(counties) == 1]
    ambiguous = rulebook.vocabulary.ambiguous_regions
    return sorted({*clear, *(name for name, places in meant.items() if len(places) == 1 and name not in ambiguous)})


class Regions:
    """区县名单: 全部区县 in the first column, then a column for each city. References hold in any sheet."""

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
        self._corner = f"{REGIONS_SHEET}!{xl_rowcol_to_cell(_TOP + 1, 0, True, True)}"
        self._rows = rows

    def _write(self, book: Book, rulebook: Rulebook) -> None:
        sheet = book.sheet(REGIONS_SHEET, landscape=True)
        sheet.protect("", {"format_columns": True})
        book.put(sheet, 0, 0, "本表供下拉选择用，不用填写，也不会被读取。", "stamp")
        sheet.set_column(0, len(self.columns), 15)
        lists = [self.every, *self.columns]
        for column, (name, members) in enumerate(zip(["全部", *rulebook.city_names], lists, strict=True)):
            book.put(sheet, _TOP, column, name, "header")
            for row, county in enumerate(members, start=_TOP + 1):
                book.put(sheet, row, column, county, "center")
        sheet.print_area(
            _TOP, 1, _TOP + max(map(len, self.columns)), len(self.columns)
        )  # without the list of all, twice as long

    def _area(self, row: int, column: int, last_row: int, last_column: int) -> str:
        first, last = (xl_rowcol_to_cell(*place, True, True) for place in ((row, column), (last_row, last_column)))
        return f"{REGIONS_SHEET}!{first}:{last}"

    def city_choice(self) -> dict[str, Any]:
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
        """The counties of the city in the cell `city`; with `whole`, all of them while no city is chosen."""
        place = f"MATCH({city},{self.cities},0)"
        start = f"OFFSET({self._corner},0,{place}"
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
        """A condition: the county in a cell is one of the city's in another."""
        return f"SUMPRODUCT(({self.cities}={city})*({self.counties}={county}))>0"
