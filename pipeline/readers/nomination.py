"""附件2: a header row and one row per nominated company, of one county or a whole city."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.issues import Issue, Where, mask_phones
from pipeline.readers.assessment import Readers
from pipeline.readers.figures import FigureColumn, unit_line
from pipeline.readers.grid import Grid, label_of, text_of
from pipeline.readers.headers import MergedValues, titles_of_another_year
from pipeline.readers.identity import credit_code_valid
from pipeline.readers.labels import where_in
from pipeline.readers.nomination_headers import header_reader, is_header
from pipeline.readers.passed_over import is_example, is_signature, is_total, total_pattern
from pipeline.readers.values import narrowed, narrowed_set, read_phone
from pipeline.records import Nomination, Place, SheetReading

_STOPS = "。.！!；;，, "

# What may stand in a row that nobody filled in: prepared with numbers, counties and 同意.
_PERSONAL = ("contact", "phone")  # never quoted in a message
_PREPARED = ("order", "city", "county", "recommendation")


def read_nomination(
    grid: Grid, header: tuple[int, dict[str, int]], file: str, folder: Place | None, readers: Readers
) -> SheetReading:
    """Every company row of the sheet; rows that are none (totals, signatures, repeated headers) are passed over."""
    return _List(grid, header, file, folder, readers).read()


def _is_sign_off(text: str, office_endings: tuple[str, ...]) -> bool:
    """An office's name or a date alone in its row under the list."""
    label = label_of(text)
    return label.endswith(office_endings) or re.fullmatch(r"20\d{2}年\d{1,2}月(\d{1,2}日)?", label) is not None


class _List:
    """One 附件2 sheet being read."""

    def __init__(
        self, grid: Grid, header: tuple[int, dict[str, int]], file: str, folder: Place | None, readers: Readers
    ) -> None:
        self.grid, self.file, self.folder, self.readers = grid, file, folder, readers
        self.merged = MergedValues(grid)
        self.headers = header_reader(grid, readers.rulebook)
        words = readers.rulebook.vocabulary
        self.totals = total_pattern(words.total_rows)
        self.nil, self.not_given = narrowed_set(words.nil_return), narrowed_set(words.not_given)
        self.refusals, self.consents = narrowed_set(words.refusals), narrowed_set(words.consents)
        self.sheet = SheetReading(grid.name, "nomination")
        self.header_row = header[0]
        self.orders: list[tuple[str, float, int]] = []
        above = (text_of(value) for row, cells in grid.rows.items() if row < self.header_row for _, value in cells)
        self.unit_line = unit_line(above)
        self._take_header(*header)
        self.sheet.places = self._sheet_places()

    def _take_header(self, row: int, columns: dict[str, int]) -> None:
        self.columns = columns
        entries = [entry for entry in self.readers.rulebook.nomination_columns if entry.unit and entry.id in columns]
        self.figures = []
        for entry in entries:
            texts = (*self.headers.texts(row, columns[entry.id]), self.unit_line)
            figure = FigureColumn(entry, columns[entry.id], texts, self.readers)
            self.figures.append(figure)
            if figure.unknown_unit:
                self._issue("T18", row, figure.column, figure.unknown_unit, item=entry.label)

    def read(self) -> SheetReading:
        self._look_at_title()
        missing = [entry.label for entry in self.readers.rulebook.nomination_columns if entry.id not in self.columns]
        if missing:
            self._issue("T08", self.header_row, self.columns["company"], missing="、".join(missing))
        for row in self.grid.rows:
            if row > self.header_row:
                self._row(row)
        self._look_at_orders()
        return self.sheet

    def _look_at_title(self) -> None:
        year = self.readers.rulebook.year
        for (row, column), text in titles_of_another_year(self.grid, self.header_row, "排序表", year):
            self._issue("T09", row, column, text, year=str(year))

    def _sheet_places(self) -> tuple[Place, ...]:
        """What a labelled cell above the list and the folders say."""
        found = self.readers.labels.find(self.grid, ("county", "city"))
        above = {kind: entry for kind, entry in found.items() if entry[1][0] < self.header_row}
        city = self.readers.regions.cities.get(label_of(above["city"][0]), "") if "city" in above else ""
        places = [self.folder] if self.folder else []
        for kind, (text, address) in sorted(above.items()):
            where = where_in(self.file, self.grid, address)
            place = self.readers.regions.place(text, "label", where, city or self._folder_city())
            if place and (kind == "county" or place.city):
                places.insert(0, place)
        return tuple(places)

    def _folder_city(self) -> str:
        return self.folder.city if self.folder else ""

    # -------------------------------------------------------------- rows

    def _row(self, row: int) -> None:
        name = self._text(row, "company")
        first_column, first = self.grid.rows[row][0][0], text_of(self.grid.rows[row][0][1])
        if is_header(columns := self.headers.columns(row)):
            self._take_header(row, columns)  # as on a second printed page, or another county's list
        elif is_total((first, name), self.totals):
            return
        elif is_example(first if first_column != self.columns["company"] else "", name):
            self._issue("T19", row, self.columns["company"], name or first)
        elif not self._is_signature(row, "" if first_column == self.columns["company"] else first, name):
            if not self._is_given(name) or self._says(name, self.nil):
                self._nameless(row, name)
            else:
                self._note_order(row)
                self.sheet.nominations.append(self._nomination(row, name))

    def _text(self, row: int, column_id: str) -> str:
        column = self.columns.get(column_id)
        value = self.grid.cells.get((row, column)) if column else None
        return "" if value is None else text_of(value).strip()

    def _says(self, text: str, phrases: Iterable[str]) -> bool:
        return label_of(text).upper().rstrip(_STOPS) in phrases

    def _is_given(self, text: str) -> bool:
        return text != "" and narrowed(text).upper() not in self.not_given

    def _is_signature(self, row: int, first: str, name: str) -> bool:
        """A line under the list: it holds no figure, and no company's name."""
        if any(figure.reads_as_number(self.grid, row) for figure in self.figures):
            return False
        texts = [value for _, value in self.grid.rows[row] if isinstance(value, str)]
        endings = self.readers.rulebook.vocabulary.company_endings
        return is_signature(first, name, texts, clean_name(label_of(name)).endswith(endings))

    def _nameless(self, row: int, name: str) -> None:
        """A row without a company: 无 is a nil return, anything else that somebody typed is missed."""
        mapped = {column: identifier for identifier, column in self.columns.items()}
        typed = [(mapped.get(column, ""), text_of(value)) for column, value in self.grid.rows[row]]
        said = [(identifier, text) for identifier, text in typed if identifier and identifier not in (*_PREPARED, "company")]
        said = [(identifier, text) for identifier, text in said if self._is_given(text)]
        if len(typed) == 1 and said and _is_sign_off(said[0][1], self.readers.rulebook.vocabulary.office_endings):
            return
        figures = any(figure.reads_as_number(self.grid, row) for figure in self.figures)
        if said and (figures or not name):
            self._note_order(row)
            self._issue("T07", row, self.columns["company"], found=next((text for name, text in said if name not in _PERSONAL), "联系人等"))
            place = next((place for place in self._places(row) if place.county), None)
            if place:  # the row's own county, whoever else stands in the list
                self.sheet.issues[-1] = self.sheet.issues[-1]._replace(city=place.city, county=place.county)
        elif name or any(self._says(text, self.nil) for _, text in typed):
            place = next((place for place in self._places(row) if place.county), None)
            self.sheet.nil_places.extend([place] if place else [])

    def _places(self, row: int) -> tuple[Place, ...]:
        """What the row's city and 区县 say, then the sheet's label and the folders."""
        places = []
        city = self._folder_city()
        for identifier in ("city", "county"):
            column = self.columns.get(identifier)
            value = self.merged.at(row, column) if column else None
            if value is not None and self._is_given(text_of(value)):
                where = where_in(self.file, self.grid, self.merged.start_of((row, column or 0)))
                place = self.readers.regions.place(text_of(value), "column", where, city)
                if place and (identifier == "county" or place.city):
                    places.insert(0, place)
                    city = place.city or city
        return (*places, *self.sheet.places)

    # -------------------------------------------------------------- a company

    def _nomination(self, row: int, name: str) -> Nomination:
        where = self._where(row, "company")
        company = clean_name(name)
        issues: list[Issue] = []
        readings = {figure.id: figure.read(self.grid, row, self.file, company, issues) for figure in self.figures}
        blank = [figure.label for figure in self.figures if readings[figure.id].state == "blank"]
        if blank:
            issues.append(Issue("V35", where, company, facts={"items": "、".join(blank)}))
        phone, phone_code = read_phone(self.grid.cells.get((row, self.columns.get("phone", 0))))
        if phone_code:
            issues.append(Issue(phone_code, self._where(row, "phone"), company, "", "联系电话", phone))
        code = self._credit_code(row)
        if code and not credit_code_valid(code):
            issues.append(Issue("V38", self._where(row, "credit_code"), company, "", "统一社会信用代码", code))
        recommendation = mask_phones(self.merged.text(row, self.columns.get("recommendation")))
        refused = self._says(recommendation, self.refusals)
        if "recommendation" in self.columns and not refused and not self._says(recommendation, self.consents):
            place = self._where(row, "recommendation")
            issues.append(Issue("V36", place, company, "", "经信部门推荐意见", recommendation))
        return Nomination(
            company, where, self._places(row), self._text(row, "order"), mask_phones(self._text(row, "business")),
            readings, self._text(row, "contact"), phone, self._where(row, "phone"), recommendation, refused, tuple(issues),
            code,
        )  # fmt: skip

    def _credit_code(self, row: int) -> str:
        text = self._text(row, "credit_code")
        return narrowed(text).upper() if self._is_given(text) else ""

    # -------------------------------------------------------------- 序号

    def _note_order(self, row: int) -> None:
        number = order_number(self._text(row, "order"))
        if number is not None:
            county = label_of(self.merged.text(row, self.columns.get("county")))
            self.orders.append((county, number, row))

    def _look_at_orders(self) -> None:
        """The 序号 run 1, 2, 3 … over the sheet, or over each county of it."""
        counties = {county for county, _, _ in self.orders}
        groups = [[number for own, number, _ in self.orders if own == county] for county in sorted(counties)]
        whole = [number for _, number, _ in self.orders]
        if not _runs(whole) and not all(_runs(numbers) for numbers in groups):
            found = "、".join(f"{number:g}" for number in whole[:20]) + ("等" if len(whole) > 20 else "")
            self._issue("T16", self.orders[0][2], self.columns["order"], found=found)

    def _where(self, row: int, column_id: str) -> Where:
        """The cell of a column in the row, that of the name without such a column."""
        return where_in(self.file, self.grid, (row, self.columns.get(column_id, self.columns["company"])))

    def _issue(self, code: str, row: int, column: int, found: str = "", **facts: str) -> None:
        where = where_in(self.file, self.grid, self.merged.start_of((row, column)))
        self.sheet.issues.append(Issue(code, where, found=found, facts=facts))


def _runs(numbers: list[float]) -> bool:
    """True for 1, 2, 3 … in whatever order."""
    return sorted(numbers) == list(range(1, len(numbers) + 1))


def clean_name(text: str) -> str:
    """A company's name as shown everywhere: one line, no outer space, no （盖章）, a phone in it masked."""
    name = " ".join(mask_phones(text).split())
    for seal in ("（盖章）", "(盖章)", "（公章）", "(公章)"):
        name = name.removesuffix(seal).strip()
    return name


def order_number(text: str) -> float | None:
    """The county's own 序号 as a number, None when it is none."""
    match = re.fullmatch(r"第?(\d{1,6})(?:\.0)?[、.名]?", label_of(text))
    return float(match[1]) if match else None
