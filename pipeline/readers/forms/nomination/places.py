"""Which county the rows of an 附件2 are of: the 区县 column, headings between them, titles, the sheet's name, folders."""

from __future__ import annotations

from dataclasses import replace

from pipeline.model.records import RegionClaim
from pipeline.model.texts import label_of, narrowed, narrowed_set
from pipeline.readers.sheet.grid import Grid, Value, text_of, where_in
from pipeline.readers.sheet.headers import HEADER_ROWS, MergedValues
from pipeline.readers.sheet.passed_over import is_numbered
from pipeline.readers.sheet.sections import empty_section, is_title, office_claim, section_claim, title_claim
from pipeline.readers.values.lexicon import Readers


class ListPlaces:
    """What says the county of one list's rows. titles: labelled cells and titles above the rows, or above a later list
    of the sheet; section: the heading that the rows stand under."""

    def __init__(self, grid: Grid, header_row: int, file: str, folder: RegionClaim | None, readers: Readers) -> None:
        self.grid, self.file, self.readers, self.regions = grid, file, readers, readers.regions
        self.merged = MergedValues(grid)
        self.not_given = narrowed_set(readers.rulebook.vocabulary.not_given)
        self.city = folder.city if folder else ""
        self.section: RegionClaim | None = None
        self.section_row = 0
        self.folders = (folder,) if folder else ()
        of_sheet = title_claim(grid.name, self.regions, self.city)
        self.sheet_name = (replace(of_sheet, source="sheet"),) if of_sheet else ()
        above = (cells for row, cells in grid.rows.items() if row < header_row)
        self.first_titles = {label_of(value) for cells in above for _, value in cells if isinstance(value, str)}
        self.titles = self._above(header_row)
        self.several = False

    def of_sheet(self) -> tuple[RegionClaim, ...]:
        """What counts for the sheet as a whole: of several lists no title does."""
        section = (self.section,) if self.section else ()
        return (*(() if self.several else (*section, *self.titles)), *self.sheet_name, *self.folders)

    def of_row(self, row: int, columns: dict[str, int]) -> tuple[RegionClaim, ...]:
        """What the row's city and 区县 say, then its heading, titles and labels, the sheet's name, the folders."""
        around = (*([self.section] if self.section else []), *self.titles, *self.sheet_name, *self.folders)
        city = next((place.city for place in around if place.city), "")
        places: list[RegionClaim] = []
        for identifier in ("city", "county"):
            column = columns.get(identifier)
            value = self.merged.at(row, column) if column else None
            if value is not None and narrowed(text_of(value)).upper() not in {"", *self.not_given}:
                where = where_in(self.file, self.grid, self.merged.start_of((row, column or 0)))
                place = self.regions.claim(text_of(value), "column", where, city)
                if place and (identifier == "county" or place.city):
                    places.insert(0, place)
                    city = place.city or city
        return (*places, *around)

    def takes_heading(self, row: int, column: int, text: str) -> bool:
        """True for a heading that names a region or another list's title: it counts for the rows below."""
        where = where_in(self.file, self.grid, (row, column))
        section = section_claim(text, self.regions, self.city, where)
        if section and (is_numbered(text) or not is_title(text)):
            self.section, self.section_row, self.several = section, row, True
        elif is_title(text):
            title = title_claim(text, self.regions, self.city, where)
            if title or label_of(text) not in self.first_titles:
                self.titles, self.section, self.several = (title,) if title else (), None, True
        else:
            return False
        return True

    def begin_list(self, header_row: int) -> None:
        """Another list's header: a heading directly above it counts instead of the titles of the list before."""
        if self.section and header_row - self.section_row <= HEADER_ROWS:
            self.titles = tuple(title for title in self.titles if title.county in ("", self.section.county))

    def looks_at_office(self, text: str) -> None:
        """A line 填报单位：… under a list: if it names another county than the titles, they end with that list."""
        place = office_claim(text, self.regions, self.city)
        if place and place.county and any(title.county != place.county for title in self.titles if title.county):
            self.titles = ()

    def nobody_in(self, row: int, column: int, text: str) -> RegionClaim | None:
        """The county of which a heading says that it nominates nobody."""
        return empty_section(text, self.regions, self.city, where_in(self.file, self.grid, (row, column)))

    def _above(self, header_row: int) -> tuple[RegionClaim, ...]:
        """What labelled cells, titles and the line of the reporting office above the list say."""
        found = self.readers.labels.find(self.grid, ("county", "city"))
        above = {kind: entry for kind, entry in found.items() if entry[1][0] < header_row}
        city = self.regions.cities.get(label_of(above["city"][0]), "") if "city" in above else ""
        self.city = city or self.city
        places: list[RegionClaim] = []
        for kind, (text, address) in sorted(above.items()):
            where = where_in(self.file, self.grid, address)
            place = self.regions.claim(text, "label", where, self.city)
            if place and (kind == "county" or place.city):
                places.insert(0, place)
        for row, cells in self.grid.rows.items():
            for column, text in self._texts(cells) if row < header_row else ():
                where = where_in(self.file, self.grid, (row, column))
                said = (find(text, self.regions, self.city, where) for find in (title_claim, office_claim))
                place = next(filter(None, said), None)
                if place is None or (place.city, place.county) in {(other.city, other.county) for other in places}:
                    continue
                if section := section_claim(text, self.regions, self.city, where) if not is_title(text) else None:
                    self.section = section
                else:
                    places.append(place)
        return tuple(places)

    def _texts(self, cells: list[tuple[int, Value]]) -> list[tuple[int, str]]:
        """The texts of a row, and the whole row as one: a label and its value may stand in two cells."""
        texts = [(column, text_of(value)) for column, value in cells]
        return [*texts, (cells[0][0], "".join(text for _, text in texts))]
