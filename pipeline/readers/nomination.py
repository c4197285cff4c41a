"""附件2: a header row and one row per nominated company, of one county or a whole city."""

from __future__ import annotations

import re

from pipeline.issues import Issue, mask_phones
from pipeline.readers.assessment import Readers
from pipeline.readers.grid import Grid, label_of, number_text, text_of
from pipeline.readers.headers import MergedValues, bracket_of, header_columns, names_of
from pipeline.readers.labels import where_in
from pipeline.readers.values import narrowed_set, read_phone
from pipeline.records import Nomination, Place, Reading, SheetReading
from pipeline.rulebook import NominationColumn, Rulebook

MINIMUM_HEADERS = 5  # 企业名称 and four more
_YEAR = re.compile(r"(20\d{2})年")
_SIGNATURE = re.compile(r"^(填报|填表|联系|审核|负责人|单位负责|经办|日期|报送|注[:：]|说明|备注|制表|盖章|\(?盖章|示例|例[:：])|[:：]$|^.{0,12}[(（]盖章[)）]")


def nomination_header(grid: Grid, rulebook: Rulebook) -> tuple[int, dict[str, int]] | None:
    """(row, column id -> column) of the header row of an 附件2, None when the sheet has none."""
    names = names_of((entry.id, (entry.label, entry.header, *entry.aliases)) for entry in rulebook.nomination_columns)
    for row in grid.rows:
        columns = header_columns(grid, row, names)
        if "company" in columns and len(columns) >= MINIMUM_HEADERS:
            return row, columns
    return None


def read_nomination(grid: Grid, header: tuple[int, dict[str, int]], file: str, folder: Place | None, readers: Readers) -> SheetReading:
    """Every company row of the sheet; rows that are none (totals, signatures, repeated headers) are passed over."""
    return _List(grid, header, file, folder, readers).read()


class _List:
    """One 附件2 sheet being read."""

    def __init__(self, grid: Grid, header: tuple[int, dict[str, int]], file: str, folder: Place | None, readers: Readers) -> None:
        self.grid, self.file, self.folder, self.readers = grid, file, folder, readers
        self.header_row, self.columns = header
        self.merged = MergedValues(grid)
        words = readers.rulebook.vocabulary
        self.totals = {label_of(word) for word in words.total_rows}
        self.nil = narrowed_set(words.nil_return)
        self.refusals, self.consents = narrowed_set(words.refusals), narrowed_set(words.consents)
        self.figures = [entry for entry in readers.rulebook.nomination_columns if entry.unit and entry.id in self.columns]
        self.factors = {entry.id: self._header_factor(entry) for entry in self.figures}
        self.sheet = SheetReading(grid.name, "nomination")

    def read(self) -> SheetReading:
        self._look_at_title()
        missing = [entry.label for entry in self.readers.rulebook.nomination_columns if entry.id not in self.columns]
        if missing:
            self._issue("T08", self.header_row, self.columns["company"], missing="、".join(missing))
        for row in self.grid.rows:
            if row > self.header_row:
                self._row(row)
        self.sheet.places = self._sheet_places()
        return self.sheet

    def _header_factor(self, entry: NominationColumn) -> float:
        """What a plain number of the column is multiplied by when its header names another unit (元 for 万元)."""
        bracket = bracket_of(self.grid.text_at((self.header_row, self.columns[entry.id]))).removeprefix("单位:").upper()
        return float(self.readers.rulebook.unit_of[entry.unit].factors.get(bracket, 1))

    def _look_at_title(self) -> None:
        for row, cells in self.grid.rows.items():
            if row >= self.header_row:
                return
            for column, value in cells:
                label = label_of(text_of(value))
                year = _YEAR.search(label)
                if year and "排序表" in label and int(year[1]) != self.readers.rulebook.year:
                    self._issue("T09", row, column, found=text_of(value), year=str(self.readers.rulebook.year))

    def _sheet_places(self) -> tuple[Place, ...]:
        found = self.readers.labels.find(self.grid, ("county",))
        places = [self.folder] if self.folder else []
        if "county" in found and found["county"][1][0] < self.header_row:
            text, address = found["county"]
            city = self.folder.city if self.folder else ""
            place = self.readers.regions.place(text, "label", where_in(self.file, self.grid, address), city)
            if place:
                places.insert(0, place)
        return tuple(places)

    def _text(self, row: int, column_id: str) -> str:
        column = self.columns.get(column_id)
        value = self.grid.cells.get((row, column)) if column else None
        return "" if value is None else text_of(value).strip()

    def _row(self, row: int) -> None:
        cells = self.grid.rows[row]
        mapped = [column for column, _ in cells if column in self.columns.values()]
        first = label_of(text_of(cells[0][1]))
        name = self._text(row, "company")
        if not mapped or first in self.totals or label_of(name) in self.totals:
            return
        texts = [label_of(text_of(value)) for _, value in cells]
        if any(text.upper() in self.nil for text in texts) and not self._has_figures(row):
            if not name or label_of(name).upper() in self.nil:
                self.sheet.nil_places.extend(self._places(row))
                return
        if not name:
            if self._has_figures(row):
                found = next(text_of(value) for column, value in cells if column in mapped)
                self._issue("T07", row, self.columns["company"], found=found)
            return
        if _SIGNATURE.search(label_of(name)) and not self._has_figures(row):
            return
        if len(header_columns(self.grid, row, {"企业名称": "company", "序号": "order"})) > 1:
            return  # the header again, as on a second printed page
        self.sheet.nominations.append(self._nomination(row, name))

    def _has_figures(self, row: int) -> bool:
        columns = [self.columns[entry.id] for entry in self.figures]
        return any(self._figure_like(row, column) for column in columns)

    def _figure_like(self, row: int, column: int) -> bool:
        value = self.grid.cells.get((row, column))
        return value is not None and any(character.isdigit() for character in text_of(value))

    def _places(self, row: int) -> tuple[Place, ...]:
        """What the row's 区县 says, then the sheet's label and the folders."""
        places = []
        column = self.columns.get("county")
        value = self.merged.at(row, column) if column else None
        if value is not None:
            where = where_in(self.file, self.grid, self.merged.start_of((row, column or 0)))
            city = self.folder.city if self.folder else ""
            place = self.readers.regions.place(text_of(value), "column", where, city)
            if place:
                places.append(place)
        return (*places, *self._sheet_places())

    def _nomination(self, row: int, name: str) -> Nomination:
        where = where_in(self.file, self.grid, (row, self.columns["company"]))
        company = clean_name(name)
        issues: list[Issue] = []
        figures = {entry.id: self._figure(row, entry, company, issues) for entry in self.figures}
        blank = [entry.label for entry in self.figures if figures[entry.id].state == "blank"]
        if blank:
            issues.append(Issue("V35", where, company, facts={"items": "、".join(blank)}))
        phone_cell = (row, self.columns.get("phone", self.columns["company"]))
        phone, phone_code = read_phone(self.grid.cells.get(phone_cell) if "phone" in self.columns else None)
        phone_where = where_in(self.file, self.grid, phone_cell)
        if phone_code:
            issues.append(Issue(phone_code, phone_where, company, "", "联系电话", phone))
        recommendation = mask_phones(text_of(self.merged.at(row, self.columns.get("recommendation", 0)) or "")).strip()
        verdict = label_of(recommendation).upper()
        if verdict not in self.refusals and verdict not in self.consents:
            column = self.columns.get("recommendation", self.columns["company"])
            place = where_in(self.file, self.grid, (row, column))
            issues.append(Issue("V36", place, company, "", "经信部门推荐意见", recommendation))
        return Nomination(
            company, where, self._places(row), self._text(row, "order"), mask_phones(self._text(row, "business")), figures,
            self._text(row, "contact"), phone, phone_where, recommendation, verdict in self.refusals, tuple(issues),
        )  # fmt: skip

    def _figure(self, row: int, entry: NominationColumn, company: str, issues: list[Issue]) -> Reading:
        address = (row, self.columns[entry.id])
        where = where_in(self.file, self.grid, address)
        reading = self.readers.values.figure(self.grid.cells.get(address), entry.unit, entry.negative)._replace(where=where)
        factor = self.factors[entry.id]
        if factor != 1 and reading.state == "ok" and not reading.code:
            value = (reading.value or 0.0) * factor
            header = self.grid.text_at((self.header_row, self.columns[entry.id]))
            facts = {"read": f"{number_text(value)} {entry.unit}"}
            reading = reading._replace(value=value, code="V05", rule=f"表头写明单位：{label_of(header)}", facts=facts)
        if reading.code:
            facts = {"item": f"附件2“{entry.label}”", "part": "值", **reading.facts}
            issues.append(Issue(reading.code, where, company, "", entry.label, reading.raw, facts))
        return reading

    def _issue(self, code: str, row: int, column: int, found: str = "", **facts: str) -> None:
        where = where_in(self.file, self.grid, (row, column))
        self.sheet.issues.append(Issue(code, where, found=found, facts=facts))


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


