"""Which county the rows of an 附件2 are of: the 区县 column, headings between them, titles, the sheet's name, folders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipeline.issues.where import Where
from pipeline.model.records import RegionClaim
from pipeline.model.texts import label_of, narrowed, narrowed_set
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.grid import Address, Value, text_of
from pipeline.readers.sheet.headers import HEADER_ROWS
from pipeline.readers.sheet.passed_over import is_numbered
from pipeline.readers.sheet.sections import empty_section, is_title, office_claim, section_claim, title_claim


class ListRegions:
    """The region claims that hold for one list's rows.

    titles: of labelled cells and titles above the rows, or above a later list of the sheet. section: of the heading
    that the rows stand under.
    """

    def __init__(self, sheet: Sheet, header_row: int) -> None:
        self.sheet, self.regions = sheet, sheet.lexicon.regions
        self.not_given = narrowed_set(sheet.lexicon.rulebook.vocabulary.not_given)
        self.city = sheet.claim.city if sheet.claim else ""
        self.section: RegionClaim | None = None
        self.section_row = 0
        self.folders = (sheet.claim,) if sheet.claim else ()
        by_name = title_claim(sheet.grid.name, self.regions, self.city)
        self.sheet_name = (replace(by_name, source="sheet"),) if by_name else ()
        above = (cells for row, cells in sheet.grid.rows.items() if row < header_row)
        self.first_titles = {label_of(value) for cells in above for _, value in cells if isinstance(value, str)}
        self.titles = self._above(header_row)
        self.several = False

    def of_sheet(self) -> tuple[RegionClaim, ...]:
        """The claims that hold for the sheet as a whole; with several lists on it no title does."""
        section = (self.section,) if self.section else ()
        return (*(() if self.several else (*section, *self.titles)), *self.sheet_name, *self.folders)

    def of_row(self, row: int, columns: Mapping[str, int]) -> tuple[RegionClaim, ...]:
        """The claims of the row's own 区县 and city, then of its heading, titles and labels, the sheet's name, the
        folders."""
        around = (*([self.section] if self.section else []), *self.titles, *self.sheet_name, *self.folders)
        city = next((claim.city for claim in around if claim.city), "")
        claims: list[RegionClaim] = []
        for identifier in ("city", "county"):
            column = columns.get(identifier)
            text = self.sheet.merged.text(row, column)
            if column is None or narrowed(text).upper() in {"", *self.not_given}:
                continue
            address = self.sheet.merged.start_of((row, column))
            claim = self.regions.claim(text, "column", self.sheet.where(address), city)
            if claim and (identifier == "county" or claim.city):
                claims.insert(0, claim)
                city = claim.city or city
        return (*claims, *around)

    def takes_heading(self, address: Address, text: str) -> bool:
        """True for a heading that names a region or another list's title; it then holds for the rows below."""
        where = self.sheet.where(address)
        section = section_claim(text, self.regions, self.city, where)
        if section and (is_numbered(text) or not is_title(text)):
            self.section, self.section_row, self.several = section, address[0], True
        elif is_title(text):
            title = title_claim(text, self.regions, self.city, where)
            if title or label_of(text) not in self.first_titles:
                self.titles, self.section, self.several = (title,) if title else (), None, True
        else:
            return False
        return True

    def begin_list(self, header_row: int) -> None:
        """Another list begins: a heading directly above its header holds instead of the titles of the list before."""
        if self.section and header_row - self.section_row <= HEADER_ROWS:
            self.titles = tuple(title for title in self.titles if title.county in ("", self.section.county))

    def take_office(self, text: str) -> None:
        """A line 填报单位：… under a list: if it names another county than the titles, they end with that list."""
        office = office_claim(text, self.regions, self.city)
        if office and office.county and any(title.county != office.county for title in self.titles if title.county):
            self.titles = ()

    def nobody_in(self, address: Address, text: str) -> RegionClaim | None:
        """The county that nominates nobody according to a heading, None for another text."""
        return empty_section(text, self.regions, self.city, self.sheet.where(address))

    def _above(self, header_row: int) -> tuple[RegionClaim, ...]:
        """The claims of labelled cells, titles and the line of the reporting office above the list."""
        claims = self._labelled(header_row)
        for row, cells in self.sheet.grid.rows.items():
            for address, text in _texts(row, cells) if row < header_row else ():
                where = self.sheet.where(address)
                claim = self._titled(text, where)
                if claim is None or (claim.city, claim.county) in {(other.city, other.county) for other in claims}:
                    continue
                if section := section_claim(text, self.regions, self.city, where) if not is_title(text) else None:
                    self.section = section
                else:
                    claims.append(claim)
        return tuple(claims)

    def _labelled(self, header_row: int) -> list[RegionClaim]:
        """The claims of cells labelled 区县 and 设区市 above the list; the city then holds for everything on the
        sheet."""
        labelled = self.sheet.lexicon.labels.find(self.sheet.grid, ("county", "city"))
        above = {kind: entry for kind, entry in labelled.items() if entry[1][0] < header_row}
        city = self.regions.cities.get(label_of(above["city"][0]), "") if "city" in above else ""
        self.city = city or self.city
        claims: list[RegionClaim] = []
        for kind, (text, address) in sorted(above.items()):
            claim = self.regions.claim(text, "label", self.sheet.where(address), self.city)
            if claim and (kind == "county" or claim.city):
                claims.insert(0, claim)
        return claims

    def _titled(self, text: str, where: Where) -> RegionClaim | None:
        """The claim of a title or of a line of the reporting office, None for another text."""
        title = title_claim(text, self.regions, self.city, where)
        return title or office_claim(text, self.regions, self.city, where)


def _texts(row: int, cells: list[tuple[int, Value]]) -> Iterable[tuple[Address, str]]:
    """The texts of a row, then the whole row as one text: a label and its value may stand in two cells."""
    texts = [((row, column), text_of(value)) for column, value in cells]
    return [*texts, ((row, cells[0][0]), "".join(text for _, text in texts))]
