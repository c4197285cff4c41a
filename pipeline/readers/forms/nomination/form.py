"""附件2: a header row and one row per nominated company, of one county or a whole city."""

from __future__ import annotations

from dataclasses import replace

from pipeline.issues.catalogue import (
    CREDIT_CODE_INVALID,
    EXAMPLE_ROW_SKIPPED,
    MERGED_COMPANY_NAME,
    NOMINATION_CELLS_BLANK,
    NOMINATION_COLUMNS_MISSING,
    ONLY_NAME_IN_ROW,
    ORDER_NUMBERS_BROKEN,
    RECOMMENDATION_UNCLEAR,
    ROW_WITHOUT_COMPANY,
    UNKNOWN_COLUMN_UNIT,
    WRONG_YEAR_IN_TITLE,
    Code,
)
from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_phones
from pipeline.issues.where import Where
from pipeline.issues.words import listed
from pipeline.model.names import clean_name, credit_code_valid
from pipeline.model.records import Nomination, RegionClaim, SheetReading
from pipeline.model.texts import narrowed
from pipeline.readers.forms.nomination.figures import FigureColumn, unit_line
from pipeline.readers.forms.nomination.header import header_reader, is_header, whole_header
from pipeline.readers.forms.nomination.orders import order_number, run_on
from pipeline.readers.forms.nomination.places import ListPlaces
from pipeline.readers.forms.nomination.rows import PERSONAL, ListRows
from pipeline.readers.sheet.grid import Grid, text_of, where_in
from pipeline.readers.sheet.headers import MergedValues, titles_of_another_year
from pipeline.readers.sheet.passed_over import is_example, is_numbered, is_total, total_pattern
from pipeline.readers.values.answers import read_phone
from pipeline.readers.values.lexicon import Readers


def read_nomination(
    grid: Grid, header: tuple[int, dict[str, int]], file: str, folder: RegionClaim | None, readers: Readers
) -> SheetReading:
    """Every company row of the sheet; rows that are none (totals, signatures, repeated headers) are passed over."""
    return _List(grid, header, file, folder, readers).read()


class _List:
    """One 附件2 sheet being read."""

    def __init__(
        self, grid: Grid, header: tuple[int, dict[str, int]], file: str, folder: RegionClaim | None, readers: Readers
    ) -> None:
        self.grid, self.file, self.readers = grid, file, readers
        self.merged = MergedValues(grid)
        self.headers = header_reader(grid, readers.rulebook)
        self.rows = ListRows(grid, readers.rulebook)
        self.totals = total_pattern(readers.rulebook.vocabulary.total_rows)
        self.sheet = SheetReading(grid.name, "nomination")
        self.header_row = header[0]
        self.orders: list[tuple[str, float, int]] = []
        self.missed: set[str] = set()
        above = (text_of(value) for row, cells in grid.rows.items() if row < self.header_row for _, value in cells)
        self.unit_line = unit_line(above)
        self._take_header(*header)
        self.places = ListPlaces(grid, self.header_row, file, folder, readers)

    def _take_header(self, row: int, columns: dict[str, int]) -> None:
        self.header_row, self.columns = row, columns
        self._look_at_missing()
        entries = [entry for entry in self.readers.rulebook.nomination_columns if entry.unit and entry.id in columns]
        self.figures = []
        for entry in entries:
            texts = (*self.headers.texts(row, columns[entry.id]), self.unit_line)
            figure = FigureColumn(entry, columns[entry.id], texts, self.readers)
            self.figures.append(figure)
            if figure.unknown_unit:
                self._issue(UNKNOWN_COLUMN_UNIT, row, figure.column, figure.unknown_unit, item=entry.label)
        self.rows.columns, self.rows.figures = columns, self.figures

    def read(self) -> SheetReading:
        self._look_at_title()
        for row in self.grid.rows:
            self._row(row)
        self._look_at_orders()
        self.sheet.places = self.places.of_sheet()
        self._look_for_a_county_alone()
        return self.sheet

    def _look_at_missing(self) -> None:
        """Columns that this header lacks, said once for the sheet."""
        entries = self.readers.rulebook.nomination_columns
        missing = [entry.label for entry in entries if entry.id not in {*self.columns, *self.missed}]
        self.missed |= {entry.id for entry in entries if entry.label in missing}
        if missing:
            self._issue(
                NOMINATION_COLUMNS_MISSING, self.header_row, self.columns["company"], missing="、".join(missing)
            )

    def _look_at_title(self) -> None:
        year = self.readers.rulebook.year
        for (row, column), text in titles_of_another_year(self.grid, self.header_row, "排序表", year):
            self._issue(WRONG_YEAR_IN_TITLE, row, column, text, year=str(year))

    # -------------------------------------------------------------- rows

    def _row(self, row: int) -> None:
        name = self.rows.text(row, "company")
        first_column, first = self.grid.rows[row][0][0], text_of(self.grid.rows[row][0][1])
        before = "" if first_column == self.columns["company"] else first
        if not name:
            self.unit_line = unit_line(self.rows.typed(row)) or self.unit_line  # of the next list on the sheet
        if row <= self.header_row:
            return
        if is_header(columns := self.headers.columns(row)):
            self.places.begin_list(row)  # as on a second printed page, or another county's list
            self._take_header(*whole_header(self.grid, self.headers, row, columns))
        elif is_total((first, self.rows.text(row, "county"), name), self.totals):
            return
        elif is_example(before, name):
            self._row_issue(EXAMPLE_ROW_SKIPPED, row, name or first)
        elif self._takes_heading(row, name):
            return
        elif self.rows.is_signature(row, before, name):
            self.places.looks_at_office("".join(self.rows.typed(row)))
        elif self._is_second_line(row):
            self._second_line(row)
        elif not self.rows.is_given(name) or self.rows.nominates_nobody(name):
            self._nameless(row, name)
        else:
            self._named(row, name)

    def _takes_heading(self, row: int, name: str) -> bool:
        """True for a heading over the rows below: nothing else stands in its row but figures, the sums of its rows."""
        said = self.rows.said(row).keys()
        if said - {figure.id for figure in self.figures}:
            return False
        prepared = {self.columns.get("county"), self.columns.get("city")}
        ordered = self.rows.text(row, "order").isdecimal()
        for column, value in self.grid.rows[row]:
            text = text_of(value)
            if (column in prepared and (said or name or ordered)) or (name and column > self.columns["company"]):
                continue
            if nobody := self.places.nobody_in(row, column, text):
                self.sheet.nil_places.append(nobody)
                return True
            if self.places.takes_heading(row, column, text):
                return True
        return False

    def _is_second_line(self, row: int) -> bool:
        """True for a row whose name stands in a cell merged downwards from the row of the company before it."""
        start = self.merged.start_of((row, self.columns["company"]))
        last = self.sheet.nominations[-1].where if self.sheet.nominations else None
        return start[0] < row and last == where_in(self.file, self.grid, start)

    def _second_line(self, row: int) -> None:
        """A second contact or phone of the company above; anything else in such a row is asked about."""
        said, last = self.rows.said(row), self.sheet.nominations[-1]
        phone, phone_code = read_phone(self.grid.cells.get((row, self.columns.get("phone", 0))))
        if phone_code or said.keys() - {*PERSONAL}:
            self._row_issue(MERGED_COMPANY_NAME, row, _quotable(said))
            return
        contact = "、".join(filter(None, (last.contact, said.get("contact", ""))))
        phones = "、".join(filter(None, (last.phone, phone)))
        self.sheet.nominations[-1] = replace(last, contact=contact, phone=phones)

    def _nameless(self, row: int, name: str) -> None:
        """A row without a company: 无 is a nil return, anything else that somebody typed is missed."""
        said, stray = self.rows.said(row), self.rows.stray_company(row, name)
        missed = said and (self.rows.has_figure(row) or not name) and not self.rows.is_sign_off(row)
        if missed or (stray and not said):
            self._note_order(row)
            self._row_issue(ROW_WITHOUT_COMPANY, row, _quotable(said) if said else stray)
        elif name or any(map(self.rows.nominates_nobody, self.rows.typed(row))):
            place = next((place for place in self._places(row) if place.county), None)
            self.sheet.nil_places.extend([replace(place, where=self._where(row, "company"))] if place else [])

    def _named(self, row: int, name: str) -> None:
        kind = self.rows.kind(row, name)
        if kind == "company":
            self._note_order(row)
            self.sheet.nominations.append(self._nomination(row, name))
        elif kind == "ask":
            self._row_issue(ONLY_NAME_IN_ROW, row, name)
        if kind != "company" and is_numbered(name):
            self.places.section = None

    def _places(self, row: int) -> tuple[RegionClaim, ...]:
        return self.places.of_row(row, self.columns)

    def _row_issue(self, code: Code, row: int, found: str) -> None:
        """An issue at the name's cell, of the row's own county, whoever else stands in the list."""
        self._issue(code, row, self.columns["company"], found)
        place = next((place for place in self._places(row) if place.county), None)
        if place:
            self.sheet.issues[-1] = self.sheet.issues[-1]._replace(city=place.city, county=place.county)

    # -------------------------------------------------------------- a company

    def _nomination(self, row: int, name: str) -> Nomination:
        where = self._where(row, "company")
        company = clean_name(name)
        issues: list[Issue] = []
        readings = {figure.id: figure.read(self.grid, row, self.file, company, issues) for figure in self.figures}
        blank = [figure.label for figure in self.figures if readings[figure.id].state == "blank"]
        if blank:
            issues.append(Issue(NOMINATION_CELLS_BLANK, where, company, facts={"items": "、".join(blank)}))
        phone, phone_code = read_phone(self.grid.cells.get((row, self.columns.get("phone", 0))))
        if phone_code:
            issues.append(Issue(phone_code, self._where(row, "phone"), company, "", "联系电话", phone))
        code = self._credit_code(row)
        if code and not credit_code_valid(code):
            issues.append(
                Issue(CREDIT_CODE_INVALID, self._where(row, "credit_code"), company, "", "统一社会信用代码", code)
            )
        recommendation = mask_phones(self.merged.text(row, self.columns.get("recommendation")))
        refused = self.rows.refuses(recommendation)
        if "recommendation" in self.columns and not refused and not self.rows.consents_to(recommendation):
            place = self._where(row, "recommendation")
            facts = {} if recommendation else {"found": "（空白）"}
            issues.append(Issue(RECOMMENDATION_UNCLEAR, place, company, "", "经信部门推荐意见", recommendation, facts))
        return Nomination(
            company,
            where,
            self._places(row),
            self.rows.text(row, "order"),
            mask_phones(self.rows.text(row, "business")),
            readings,
            self.rows.text(row, "contact"),
            phone,
            self._where(row, "phone"),
            recommendation,
            refused,
            tuple(issues),
            code,
            self._where(row, "credit_code"),
        )

    def _credit_code(self, row: int) -> str:
        text = self.rows.text(row, "credit_code")
        return narrowed(text).upper() if self.rows.is_given(text) else ""

    def _look_for_a_county_alone(self) -> None:
        """A list of nobody in which a county was chosen, one and the same in every row, reports nobody for it."""
        missed = any(
            issue.code in (ROW_WITHOUT_COMPANY, ONLY_NAME_IN_ROW, MERGED_COMPANY_NAME) for issue in self.sheet.issues
        )
        if self.sheet.nominations or self.sheet.nil_places or missed:
            return
        column = self.columns.get("county")
        chosen = [
            place
            for row in self.grid.rows
            if row > self.header_row
            for place in self._places(row)
            if (row, column) in self.grid.cells
        ]
        named = {(place.city, place.county): place for place in chosen if place.county}
        if len(named) == 1 and len({place.city for place in chosen if place.city}) == 1:
            self.sheet.nil_places.extend(named.values())

    # -------------------------------------------------------------- 序号

    def _note_order(self, row: int) -> None:
        number = order_number(self.rows.text(row, "order"))
        if number is not None:
            place = next((place for place in self._places(row) if place.county or place.source == "column"), None)
            self.orders.append(((place.county or place.text) if place else "", number, row))

    def _look_at_orders(self) -> None:
        """The 序号 run 1, 2, 3 … over the sheet, or over each county of it."""
        if not run_on((county, number) for county, number, _ in self.orders):
            found = listed((f"{number:g}" for _, number, _ in self.orders), "个", most=20)  # the gap must be in sight
            self._issue(ORDER_NUMBERS_BROKEN, self.orders[0][2], self.columns["order"], found=found)

    def _where(self, row: int, column_id: str) -> Where:
        """The cell of a column in the row, that of the name without such a column."""
        return where_in(self.file, self.grid, (row, self.columns.get(column_id, self.columns["company"])))

    def _issue(self, code: Code, row: int, column: int, found: str = "", **facts: str) -> None:
        where = where_in(self.file, self.grid, self.merged.start_of((row, column)))
        self.sheet.issues.append(Issue(code, where, found=found, facts=facts))


def _quotable(said: dict[str, str]) -> str:
    """What a message may quote of a row."""
    return next((text for name, text in said.items() if name not in PERSONAL), "联系人等")
