"""附件2: a header row and one row per nominated company, of one county or a whole city."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.issues.catalogue import (
    CELL_NOT_TAKEN,
    CREDIT_CODE_DIGITS_LOST,
    CREDIT_CODE_INVALID,
    EXAMPLE_ROW_SKIPPED,
    LIST_NOT_READ,
    MERGED_COMPANY_NAME,
    NAME_NOT_TAKEN,
    NAME_PARTLY_STRUCK,
    NO_TEXT_IN_CELL,
    NOMINATION_CELLS_BLANK,
    NOMINATION_COLUMNS_MISSING,
    ONLY_NAME_IN_ROW,
    ORDER_NUMBERS_BROKEN,
    RECOMMENDATION_UNCLEAR,
    ROW_WITHOUT_COMPANY,
    TWO_COLUMNS_OF_ONE_HEADER,
    UNKNOWN_COLUMN_UNIT,
    WRONG_YEAR_IN_TITLE,
    ZERO_FOR_TEXT,
    Code,
    code_of,
)
from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_phones
from pipeline.issues.where import Where
from pipeline.issues.words import listed
from pipeline.model.forms import NOMINATION
from pipeline.model.limits import MOST_ROWS
from pipeline.model.names import clean_name, credit_code_lost, credit_code_valid
from pipeline.model.records import Nomination, Reading, RegionClaim, SheetReading
from pipeline.model.texts import narrowed
from pipeline.readers.forms.nomination.figures import FigureColumn, unit_line
from pipeline.readers.forms.nomination.header import NominationHeader, header_at
from pipeline.readers.forms.nomination.other_lists import OtherLists
from pipeline.readers.forms.nomination.regions import ListRegions
from pipeline.readers.forms.nomination.rows import PERSONAL, TEXTS, ListRows, RowKind
from pipeline.readers.forms.nomination.twins import TwinRows, is_other_list, twin_columns
from pipeline.readers.forms.repeated_headers import difference_facts
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.grid import text_of
from pipeline.readers.sheet.headers import titles_of_another_year
from pipeline.readers.sheet.no_text import NO_TEXT_WORDS, is_lost, no_text
from pipeline.readers.sheet.passed_over import is_example, is_numbered, is_total, total_pattern
from pipeline.readers.values.answers import read_phone
from pipeline.readers.values.doubts import DOUBTS
from pipeline.readers.values.orders import are_consecutive, order_number

_ORDERS_SHOWN = 20  # numbers in one message; the gap should be among them
_FURTHER_LABELS = {"city": "设区市", "credit_code": "统一社会信用代码"}  # of columns that the form itself has not
_ROW_NOT_READ = (ROW_WITHOUT_COMPANY, ONLY_NAME_IN_ROW, MERGED_COMPANY_NAME, NAME_NOT_TAKEN)


def read_nomination(sheet: Sheet, header: NominationHeader) -> SheetReading:
    """Every company row of the sheet; totals, signatures, notes and repeated headers are passed over."""
    return _List(sheet, header).read()


class _List:
    """One 附件2 sheet being read, by the header above the present row."""

    def __init__(self, sheet: Sheet, header: NominationHeader) -> None:
        self.sheet, self.grid, self.rulebook = sheet, sheet.grid, sheet.lexicon.rulebook
        self.reading = SheetReading(sheet.grid.name, NOMINATION.id)
        self.rows = ListRows(sheet)
        self.totals = total_pattern(self.rulebook.vocabulary.total_rows)
        self.others, self.twins = OtherLists(sheet, self.rows), TwinRows(sheet)
        self.skips = False  # the rows stand under a header that is not read
        self.orders: list[tuple[str, float, int]] = []  # group, 序号, row
        self.missing: set[str] = set()
        above = (text_of(value) for row, cells in self.grid.rows.items() if row < header.row for _, value in cells)
        self.unit_line = unit_line(above)
        self._take_header(header)
        self.regions = ListRegions(sheet, self.header_row)

    def read(self) -> SheetReading:
        self._look_at_title()
        for row in self.grid.rows:
            if len(self.reading.nominations) > MOST_ROWS:
                self.reading.more = self._names_from(row)
                break
            self._read_row(row)
        self._look_at_orders()
        self._look_at_twins()
        self._look_at_other_lists()
        self.reading.claims = self.regions.of_sheet()
        self._look_for_a_county_alone()
        return self.reading

    def _names_from(self, first: int) -> int:
        """How many rows from this one on have a company's name. Nothing else of them is read: the file is refused for
        its number of companies, and reading them would only take time."""
        return sum(1 for row in self.grid.rows if row >= first and self.rows.text(row, "company"))

    # -------------------------------------------------------------- header

    def _take_header(self, header: NominationHeader) -> None:
        """Reads the rows below by this header; reports what it lacks and units that are not known."""
        if self.twins.differences:
            self._look_at_twins()  # of the header before
        self.header, self.skips = header, False
        self.header_row, self.columns, self.headers, _ = header
        self._look_for_missing_columns()
        self.figures: list[FigureColumn] = []
        for entry in self.rulebook.nomination_columns:
            column = self.columns.get(entry.id)
            if not entry.unit or column is None:
                continue
            texts = (*self.headers.texts(self.header_row, column), self.unit_line)
            figure = FigureColumn(self.sheet, entry, column, texts)
            self.figures.append(figure)
            if figure.unknown_unit:
                facts = {"item": entry.label}
                self._add(UNKNOWN_COLUMN_UNIT, self.header_row, column, figure.unknown_unit, facts)
        self.rows.take_header(self.columns, self.figures)
        self.others.take_header(header)
        self.twins.take(twin_columns(self.sheet, header, {figure.id for figure in self.figures}))

    def _look_for_missing_columns(self) -> None:
        """T08 for the columns that this header lacks, each once for the sheet."""
        missing = [
            entry for entry in self.rulebook.nomination_columns if entry.id not in {*self.columns, *self.missing}
        ]
        self.missing |= {entry.id for entry in missing}
        if missing:
            facts = {"missing": "、".join(entry.label for entry in missing)}
            self._add(NOMINATION_COLUMNS_MISSING, self.header_row, self.columns["company"], facts=facts)

    def _look_at_title(self) -> None:
        """T09 for each title above the list that names another year."""
        year = self.rulebook.year
        for (row, column), text in titles_of_another_year(self.grid, self.header_row, "排序表", year):
            self._add(WRONG_YEAR_IN_TITLE, row, column, text, {"year": str(year)})

    # -------------------------------------------------------------- rows

    def _read_row(self, row: int) -> None:
        name = self.rows.text(row, "company")
        if not name:
            self.unit_line = unit_line(self.rows.texts(row)) or self.unit_line  # of the next list on the sheet
        if row <= self.header_row:
            return
        columns = self.headers.columns(row)
        if "company" in columns and self._is_header_read(row, columns):
            return
        if not self.skips and not self._passes_over(row, name):
            self._read_entry(row, name)

    def _is_header_read(self, row: int, columns: Mapping[str, int]) -> bool:
        """True for a row with nothing but headers (`columns`), which are taken for the rows below, as on a second
        printed page or over another county's list. A list that is not read is noted: one beside this list while this
        one goes on, and one under a header with too few columns, which stand elsewhere."""
        header = header_at(self.grid, self.headers, row)
        found = header.columns if header else columns
        if self.others.stands_beside(found, self.columns, row):
            self.others.note(found, row)
            return False
        if header:
            self.regions.begin_list(row)
            self._take_header(header)
            return True
        if all(self.columns.get(name) == column for name, column in found.items()):
            return len(found) > 1
        self.skips = self.others.note(found, row)
        return self.skips

    def _passes_over(self, row: int, name: str) -> bool:
        """True for a row that is no entry: a total, an example, a heading or a signature, which are taken notice of."""
        first_column, first_value = self.grid.rows[row][0]
        first = text_of(first_value)
        before = "" if first_column == self.columns["company"] else first
        if is_total((first, self.rows.text(row, "county"), name), self.totals):
            return True
        if is_example(before, name):
            self._add_of_row(EXAMPLE_ROW_SKIPPED, row, name or first)
            return True
        if self._takes_heading(row, name):
            return True
        if self.rows.is_signature(row, before, name):
            self.regions.take_office("".join(self.rows.texts(row)))
            return True
        return False

    def _look_at_twins(self) -> None:
        """T61 for each column that claims the header of one that is read and says something else; T62 for all of them
        when they are another list beside this one."""
        differences, self.twins.differences = self.twins.differences, {}
        if is_other_list(differences):
            below = (row for row in self.grid.rows if row > self.header_row)
            self.others.note_columns({twin.id: twin.column for twin in differences}, self.header.top, below)
            return
        labels = {**_FURTHER_LABELS, **self.rulebook.column_labels}
        for twin, found in differences.items():
            texts = None if twin.id in PERSONAL else (found.used, found.typed)
            facts = difference_facts(self.grid, labels[twin.id], twin.read, twin.column, found.row, texts)
            start = self.sheet.merged.start_of((self.header.top, twin.column))
            column = twin.column if start in self.grid.cells else twin.read  # of a header merged over both
            address = self.sheet.merged.start_of((self.header.top, column))
            self.reading.issues.append(
                self.sheet.issue(TWO_COLUMNS_OF_ONE_HEADER, address, part=labels[twin.id], facts=facts)
            )

    def _look_at_other_lists(self) -> None:
        """T62 for each list on the sheet that is not read."""
        for other in self.others.all(nomination.company for nomination in self.reading.nominations):
            names = list(dict.fromkeys(map(clean_name, other.names)))
            facts = {"count": str(len(names)), "names": listed(names, unit="")}
            self._add(LIST_NOT_READ, *other.begin, facts=facts)

    def _read_entry(self, row: int, name: str) -> None:
        if self.rows.is_prepared(row):
            return
        self.twins.look_at(row, self.rows.not_given)
        self.others.look_beside(row)
        if self._is_second_line(row):
            self._read_second_line(row)
        elif not self.rows.is_given(name) or self.rows.nominates_nobody(name):
            if not (name and self._is_doubted_name(row, name)):
                self._read_nameless(row, name)
        else:
            self._read_named(row, name)

    def _takes_heading(self, row: int, name: str) -> bool:
        """True for a heading over the rows below: it stands alone in its row but for the sums of those rows and what is
        prepared in every row."""
        details = self.rows.details(row).keys()
        if details - {figure.id for figure in self.figures}:
            return False
        prepared = {self.columns.get("county"), self.columns.get("city")}
        ordered = self.rows.text(row, "order").isdecimal()
        for column, value in self.grid.rows[row]:
            if column in prepared and (details or name or ordered):
                continue
            if name and column > self.columns["company"]:
                continue
            if nobody := self.regions.nobody_in((row, column), text_of(value)):
                self.reading.nil_claims.append(nobody)
                return True
            if self.regions.takes_heading((row, column), text_of(value)):
                return True
        return False

    def _is_second_line(self, row: int) -> bool:
        """True for a row whose name stands in a cell merged downwards from the row of the company before it."""
        start = self.sheet.merged.start_of((row, self.columns["company"]))
        last = self.reading.nominations[-1].where if self.reading.nominations else None
        return start[0] < row and last == self.sheet.where(start)

    def _read_second_line(self, row: int) -> None:
        """A second contact or phone of the company above; anything else in such a row is asked about (T23)."""
        details, last = self.rows.details(row), self.reading.nominations[-1]
        phone, phone_code = self._phone(row)
        if phone_code or details.keys() - {*PERSONAL}:
            self._add_of_row(MERGED_COMPANY_NAME, row, _quotable(details))
            return
        contact = "、".join(filter(None, (last.contact, details.get("contact", ""))))
        phones = "、".join(filter(None, (last.phone, phone)))
        self.reading.nominations[-1] = replace(last, contact=contact, phone=phones)

    def _read_nameless(self, row: int, name: str) -> None:
        """A row without a company: 无 is a nil return; anything else that somebody typed is an issue."""
        details, stray = self.rows.details(row), self.rows.stray_company(row, name)
        lacks_name = details and (self.rows.has_figure(row) or not name) and not self.rows.is_sign_off(row)
        if lacks_name or (stray and not details):
            self._note_order(row)
            self._add_of_row(ROW_WITHOUT_COMPANY, row, _quotable(details) if details else stray)
            return
        reports_nobody = name or any(map(self.rows.nominates_nobody, self.rows.texts(row)))
        claim = self._county_of(row) if reports_nobody else None
        if claim:
            self.reading.nil_claims.append(replace(claim, where=self._where(row, "company")))

    def _read_named(self, row: int, name: str) -> None:
        kind = self.rows.kind(row, name)
        if kind is not RowKind.NOTE and self._is_doubted_name(row, name):
            self._note_order(row)
            return
        lost = no_text(self.grid.cells.get((row, self.columns["company"])))
        if kind is RowKind.COMPANY and (lost or not self.rows.is_company_name(name)):
            self._note_order(row)
            self._add_of_row(ROW_WITHOUT_COMPANY, row, name)
            return
        if kind is RowKind.COMPANY:
            self._note_order(row)
            self.reading.nominations.append(self._nomination(row, name))
            return
        if kind is RowKind.DOUBTFUL:
            self._add_of_row(ONLY_NAME_IN_ROW, row, name)
        if is_numbered(name):
            self.regions.section = None

    def _is_doubted_name(self, row: int, name: str) -> bool:
        """True for a row whose company's name may not be taken as it stands, which is reported (T51)."""
        doubt = self.grid.doubt_at(self.sheet.merged.start_of((row, self.columns["company"])))
        if doubt:
            self._add_of_row(NAME_NOT_TAKEN, row, name, {"column": "企业名称", **DOUBTS[doubt].facts})
        return bool(doubt)

    # -------------------------------------------------------------- a company

    def _nomination(self, row: int, name: str) -> Nomination:
        company = clean_name(name)
        readings = {figure.id: figure.read(row) for figure in self.figures}
        phone, phone_code = self._phone(row)
        code = self._credit_code(row)
        recommendation = mask_phones(self._recommendation(row))
        issues = self._figure_issues(row, company, readings)
        if phone_code:
            issues.append(Issue(code_of(phone_code), self._where(row, "phone"), company, "", "联系电话", phone))
        if code and not credit_code_valid(code):
            where = self._where(row, "credit_code")
            kind = CREDIT_CODE_DIGITS_LOST if credit_code_lost(code) else CREDIT_CODE_INVALID
            issues.append(Issue(kind, where, company, "", "统一社会信用代码", code))
        issues += self._text_issues(row, company)
        issues += self._recommendation_issues(row, company, recommendation)
        issues += self._cell_issues(row, company)
        return Nomination(
            company,
            self._where(row, "company"),
            self.regions.of_row(row, self.columns),
            self.rows.text(row, "order"),
            mask_phones(self.rows.text(row, "business")),
            readings,
            self.rows.text(row, "contact"),
            phone,
            self._where(row, "phone"),
            recommendation,
            self.rows.refuses(recommendation),
            tuple(issues),
            code,
            self._where(row, "credit_code"),
        )

    def _figure_issues(self, row: int, company: str, readings: Mapping[str, Reading]) -> list[Issue]:
        """The issues of a company's figures, then one remark for those that are blank."""
        issues = [issue for figure in self.figures if (issue := figure.issue_of(readings[figure.id], company))]
        blank = [figure.label for figure in self.figures if readings[figure.id].state == "blank"]
        if blank:
            facts = {"items": "、".join(blank)}
            issues.append(Issue(NOMINATION_CELLS_BLANK, self._where(row, "company"), company, facts=facts))
        return issues

    def _cell_issues(self, row: int, company: str) -> list[Issue]:
        """T53 for each text of a company that may not be taken as it stands, T52 for a name with struck-out parts."""
        issues = []
        read_alone = {"order", "company", *(figure.id for figure in self.figures)}
        for column_id, column in self.columns.items():
            address = self.sheet.merged.start_of((row, column))
            if column_id not in read_alone and (doubt := self.grid.doubt_at(address)):
                label = self.rulebook.column_labels.get(column_id) or _FURTHER_LABELS[column_id]
                facts = {"column": label, **DOUBTS[doubt].facts}
                issues.append(Issue(CELL_NOT_TAKEN, self.sheet.where(address), company, "", label, "", facts))
        where = self._where(row, "company")
        if marked := self.grid.struck_parts.get((row, self.columns["company"])):
            facts = {"marked": marked}
            issues.append(Issue(NAME_PARTLY_STRUCK, where, company, "", "企业名称", company, facts))
        return issues

    def _recommendation_issues(self, row: int, company: str, recommendation: str) -> list[Issue]:
        """V36 for a 经信部门推荐意见 that says neither yes nor no."""
        if "recommendation" not in self.columns:
            return []
        if self.rows.refuses(recommendation) or self.rows.consents_to(recommendation):
            return []
        where = self._where(row, "recommendation")
        if self.grid.doubt_at(self.sheet.merged.start_of((row, self.columns["recommendation"]))):
            return []  # its own issue says that it is not taken
        typed = recommendation or mask_phones(self.sheet.merged.text(row, self.columns["recommendation"]))
        facts = {} if typed else {"found": "（空白）"}
        return [Issue(RECOMMENDATION_UNCLEAR, where, company, "", "经信部门推荐意见", typed, facts)]

    def _phone(self, row: int) -> tuple[str, str]:
        """The phone in the row and the issue code of one whose digits are lost, "" without."""
        address = (row, self.columns.get("phone", 0))
        return read_phone(None if is_lost(self.grid, address) else self.grid.cells.get(address))

    def _recommendation(self, row: int) -> str:
        """The 经信部门推荐意见, also of a cell merged over several rows; "" for what is no text or may not be taken."""
        column = self.columns.get("recommendation", 0)
        address = self.sheet.merged.start_of((row, column))
        return "" if is_lost(self.grid, address) else self.sheet.merged.text(row, column or None)

    def _text_issues(self, row: int, company: str) -> list[Issue]:
        """T64 for each text of a company that is an error, a formula or a picture, T65 for one that is 0: none is
        printed. What the recommendation says is V36's matter."""
        issues = []
        for name in TEXTS:
            address = (row, self.columns.get(name, 0))
            why = "" if self.grid.doubt_at(address) else no_text(self.grid.cells.get(address))
            if why and name != "recommendation":
                label = {**_FURTHER_LABELS, **self.rulebook.column_labels}[name]
                code = ZERO_FOR_TEXT if why == "zero" else NO_TEXT_IN_CELL
                facts = {"item": label, "what": NO_TEXT_WORDS[why]}
                typed = self.grid.text_at(address)
                issues.append(Issue(code, self.sheet.where(address), company, "", label, typed, facts))
        return issues

    def _credit_code(self, row: int) -> str:
        text = self.rows.text(row, "credit_code")
        return narrowed(text).upper() if self.rows.is_given(text) else ""

    # -------------------------------------------------------------- counties

    def _county_of(self, row: int) -> RegionClaim | None:
        """The first claim of the row that names a county."""
        return next((claim for claim in self.regions.of_row(row, self.columns) if claim.county), None)

    def _look_for_a_county_alone(self) -> None:
        """A nil return for the one county that is chosen in the rows of a list without companies."""
        unread = any(issue.code in _ROW_NOT_READ for issue in self.reading.issues)
        if self.reading.nominations or self.reading.nil_claims or unread:
            return
        column = self.columns.get("county")
        chosen = [
            claim
            for row in self.grid.rows
            if row > self.header_row and (row, column) in self.grid.cells
            for claim in self.regions.of_row(row, self.columns)
        ]
        counties = {(claim.city, claim.county): claim for claim in chosen if claim.county}
        if len(counties) == 1 and len({claim.city for claim in chosen if claim.city}) == 1:
            self.reading.nil_claims.extend(counties.values())

    # -------------------------------------------------------------- 序号

    def _note_order(self, row: int) -> None:
        """Keeps the row's 序号 with its county, or with what the 区县 column holds instead of one."""
        number = order_number(self.rows.text(row, "order"))
        if number is not None:
            claims = self.regions.of_row(row, self.columns)
            claim = next((claim for claim in claims if claim.county or claim.source == "column"), None)
            self.orders.append(((claim.county or claim.text) if claim else "", number, row))

    def _look_at_orders(self) -> None:
        """T16 when the 序号 do not count 1, 2, 3 … over the sheet, nor over each county of it."""
        if not are_consecutive((county, number) for county, number, _ in self.orders):
            shown = listed((f"{number:g}" for _, number, _ in self.orders), "个", most=_ORDERS_SHOWN)
            self._add(ORDER_NUMBERS_BROKEN, self.orders[0][2], self.columns["order"], shown)

    # -------------------------------------------------------------- cells and issues

    def _where(self, row: int, column_id: str) -> Where:
        """The cell of a column in the row, that of the name without such a column."""
        return self.sheet.where((row, self.columns.get(column_id, self.columns["company"])))

    def _add(self, code: Code, row: int, column: int, typed: str = "", facts: Mapping[str, str] | None = None) -> None:
        """Adds an issue at a cell, of a merge at its first cell."""
        address = self.sheet.merged.start_of((row, column))
        self.reading.issues.append(self.sheet.issue(code, address, found=typed, facts=facts))

    def _add_of_row(self, code: Code, row: int, typed: str, facts: Mapping[str, str] | None = None) -> None:
        """Adds an issue at the name's cell, assigned to the row's own county, whichever others the list holds."""
        self._add(code, row, self.columns["company"], typed, facts)
        if claim := self._county_of(row):
            self.reading.issues[-1] = self.reading.issues[-1]._replace(city=claim.city, county=claim.county)


def _quotable(details: Mapping[str, str]) -> str:
    """The first text of a row that a message may quote."""
    return next((text for name, text in details.items() if name not in PERSONAL), "联系人等")
