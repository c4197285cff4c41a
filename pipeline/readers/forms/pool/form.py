"""培育库: 附件3's own layout, a list of names (年份, 级别, 地区, 区县, 企业名称), or targets (地区, 三年目标数)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from pipeline.issues.catalogue import (
    COUNTY_OUTSIDE_CITY,
    NAME_NOT_TAKEN,
    NAME_PARTLY_STRUCK,
    POOL_FIGURE_INVALID,
    POOL_LEVEL_UNCLEAR,
    POOL_REGION_UNCLEAR,
    POOL_SHEET_NOT_RECOGNISED,
    POOL_YEAR_MISSING,
    ROW_WITHOUT_COMPANY,
    UNKNOWN_POOL_COLUMN,
    WRONG_YEAR_IN_TITLE,
    YEAR_OUTSIDE_POOL,
    Code,
)
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import quoted
from pipeline.model.forms import POOL
from pipeline.model.names import clean_name, is_company_name
from pipeline.model.records import PoolCount, PoolName, SheetReading
from pipeline.model.texts import label_of
from pipeline.readers.forms.pool.tables import COUNTS, TITLE_CELLS, PoolTable, level_in, pool_tables
from pipeline.readers.forms.repeated_headers import issues_of_repeated_headers
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.grid import Address, OddValue, Value, text_of
from pipeline.readers.sheet.headers import HEADER_ROWS, header_key, quoted_header
from pipeline.readers.sheet.no_text import is_zero, no_text
from pipeline.readers.sheet.passed_over import is_numbered, is_signature
from pipeline.readers.sheet.sections import section_claim
from pipeline.readers.values.answers import printed_ratio, whole_number, why_no_number
from pipeline.readers.values.doubts import DOUBTS

_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_SPAN = re.compile(r"(20\d{2})年?[-—–~至到]+(20\d{2})")
_NO_SENTENCE = re.compile(r"[^,。;:]{2,12}")  # a heading that names a level, and no note about levels
_BLANK = ("-", "/", "—", "")
_LISTED = ("year", "level", "region", "county")
_SHORT_LEVELS = {
    **dict.fromkeys(("市", "设区市", "设区市级"), "市级"),
    **dict.fromkeys(("区县", "县", "区", "县市区"), "区县级"),
}
# How headers of columns end whose numbers are no figures of 附件3.
_NO_FIGURES = re.compile(r"(?:序号|编号|代码|排名|名次|排序|备注|说明|电话|手机|日期|时间|联系方式)$")


def recognise_pool(sheet: Sheet) -> list[PoolTable] | None:
    """The tables of a pool sheet, None for any other sheet."""
    return pool_tables(sheet) or None


def read_pool(sheet: Sheet, tables: list[PoolTable]) -> SheetReading:
    """Counts, targets, printed claims and names of the sheet's tables; one P11 for all years that are not the pool's."""
    reading = SheetReading(sheet.grid.name, POOL.id)
    rows = list(sheet.grid.rows)
    read_columns: dict[int, set[int]] = {}  # header row → the columns that any of its tables reads
    for table in tables:
        read_columns.setdefault(table.header_row, set()).update(table.columns.values())
    reading.issues += _titles_of_other_years(sheet, tables[0].header_row)
    other_years: dict[str, Where] = {}
    for table in tables:
        reader = _Table(sheet, table, read_columns[table.header_row], reading)
        rows_below = rows[bisect_right(rows, table.header_row) : bisect_right(rows, table.last_row)]
        reader.read(rows_below)
        columns, all_read = table.columns.values(), read_columns[table.header_row]
        reading.issues += issues_of_repeated_headers(sheet, table.header_row, rows_below, columns, all_read, columns)
        other_years = {**reader.other_years, **other_years}
    if other_years:
        years = "、".join(sorted(other_years))
        facts = {"known": "、".join(map(str, sheet.lexicon.rulebook.pool.years))}
        reading.remark = f"规则文件中没有的年份未计入：{years}"
        reading.issues.append(Issue(YEAR_OUTSIDE_POOL, next(iter(other_years.values())), found=years, facts=facts))
    return reading


def issues_of_other_sheets(sheets: Iterable[Sheet]) -> list[Issue]:
    """P18 for each sheet with a whole number that was not recognised beside a pool sheet; it may be part of the pool."""
    return [
        Issue(
            POOL_SHEET_NOT_RECOGNISED,
            sheet.whole,
            facts={"what": sheet.grid.name} | sheet.lexicon.rulebook.pool_words.facts,
        )
        for sheet in sheets
        if any(whole_number(value) is not None for value in sheet.grid.cells.values())
    ]


def _titles_of_other_years(sheet: Sheet, row: int) -> Iterator[Issue]:
    """T09 for each title above the row that names a year which is neither one of the pool's nor the rulebook's."""
    rulebook = sheet.lexicon.rulebook
    years = {str(year) for year in rulebook.pool.years}
    for address, value in sheet.grid.ordered:
        if address[0] >= row:
            return
        label = label_of(value) if isinstance(value, str) and "培育库" in value else ""
        span = {year for pair in _SPAN.findall(label) for year in pair}
        if {*_YEAR.findall(label)} - years - {str(rulebook.year)} or span - years:
            facts = {"year": "、".join(map(str, rulebook.pool.years))}
            yield sheet.issue(WRONG_YEAR_IN_TITLE, address, found=text_of(value), facts=facts)


class _Table:
    """One table of a pool sheet being read into `reading`.

    read_columns: the columns that any table with the same header row reads. other_years: the years that are not the
    pool's, and the first cell of each. level, city: of the heading that the present row stands under.
    """

    def __init__(self, sheet: Sheet, table: PoolTable, read_columns: set[int], reading: SheetReading) -> None:
        self.sheet, self.grid, self.merged = sheet, sheet.grid, sheet.merged
        self.table, self.columns, self.read_columns = table, table.columns, read_columns
        self.reading = reading
        self.rulebook, self.regions = sheet.lexicon.rulebook, sheet.lexicon.regions
        self.years = {str(year) for year in self.rulebook.pool.years}
        self.other_years: dict[str, Where] = {}
        words = (*self.rulebook.vocabulary.total_rows, "全省", self.rulebook.province)
        self.totals = {label_of(word) for word in words}
        self.level, self.city = table.level, ""

    def read(self, rows: list[int]) -> None:
        """Reads the table's rows; P09, and none of them, when nothing names the level."""
        if not self.table.level and "level" not in self.columns and not self._has_section(rows):
            first = min(column for name, column in self.columns.items() if name != "region")
            column = self.columns["region"] if self.table.room.first <= self.columns["region"] else first
            self._add(POOL_LEVEL_UNCLEAR, (self.table.header_row, column))
            return
        unread: set[int] = set()
        for row in rows:
            if self._takes_section(row) or self._is_doubted(row):
                continue
            if self.table.is_list:
                self._read_name(row)
            elif self._read_counts(row):
                unread.update(self._unread_columns(row))
        for column in sorted(unread):
            self._report_unread(column)

    def _is_doubted(self, row: int) -> bool:
        """True for a row of which a cell that says whose figures or whose name it holds may not be taken as it stands;
        reported (T51) when something else is filled in."""
        for name in ("company", *_LISTED):
            column = self.columns.get(name)
            address = self.merged.start_of((row, column)) if column else (0, 0)
            if not column or not (doubt := self.grid.doubt_at(address)):
                continue
            if len(self._cells(row)) > 1:
                typed = self.grid.text_at(address)
                facts = {"column": self._header_of(column)[1], **DOUBTS[doubt].facts}
                self._add(NAME_NOT_TAKEN, (row, column), typed, facts)
            return True
        return False

    def _cells(self, row: int) -> list[Value]:
        """The values of the row in the table's columns."""
        room = self.table.room
        return [value for column, value in self.grid.rows[row] if room.first <= column <= room.last]

    # -------------------------------------------------------------- headings between the rows

    def _has_section(self, rows: list[int]) -> bool:
        """True when a heading with a level stands over some row; the last lines may be the next table's title."""
        last = max((row for row in rows if len(self._cells(row)) > TITLE_CELLS), default=0)
        return any(self._level_of_section(row) for row in rows if row < last)

    def _text_alone(self, row: int) -> str:
        """The text that stands alone in the table's row, "" for any other row."""
        cells = self._cells(row)
        return cells[0] if len(cells) == 1 and isinstance(cells[0], str) else ""

    def _level_of_section(self, row: int) -> str:
        """The level that a heading over some rows names (一、市级); "" for a sentence or another row."""
        text = self._text_alone(row)
        return level_in(text) if is_numbered(text) or _NO_SENTENCE.fullmatch(label_of(text)) else ""

    def _takes_section(self, row: int) -> bool:
        """True for a heading that names the level or, in a list, the city of the rows below."""
        if level := self._level_of_section(row):
            self.level, self.city = level, ""
            return True
        claim = section_claim(self._text_alone(row), self.regions, "") if self.table.is_list else None
        if not claim or claim.county or not claim.city or self.merged.text(row, self.columns["region"]):
            return False
        self.city = claim.city
        return True

    # -------------------------------------------------------------- counts

    def _read_counts(self, row: int) -> bool:
        """The counts of one region; False for a row without region or level."""
        items = [name for name in self.columns if name.isdigit() or name in COUNTS]
        typed = [item for item in items if label_of(self.grid.text_at((row, self.columns[item]))) not in _BLANK]
        with_digits = any(re.search(r"\d", self.grid.text_at((row, self.columns[item]))) for item in typed)
        named = self.grid.cells.get((row, self.columns["region"]))
        if named is not None and all(
            is_zero(value) for value in (named, *(self.grid.cells[row, self.columns[item]] for item in typed))
        ):
            return False  # formulas prepared for a region that is not there
        region = self._region(row, with_digits)
        level = self._row_level(row, with_digits) if region else ""
        if not level:
            return False
        for item in typed:
            self._read_count(row, item, level, region)
        counted = any(item.isdigit() or item == "cumulative" for item in typed)
        if counted and region != self.rulebook.pool.total_label:
            for year in sorted((self.years & self.columns.keys()) - {*typed}):
                where = self.sheet.where((row, self.columns[year]))
                self.reading.pool_counts.append(PoolCount(level, region, year, None, where, True))
        return True

    def _read_count(self, row: int, item: str, level: str, region: str) -> None:
        """One figure; P02 for one that is no number."""
        address = (row, self.columns[item])
        value, where = self.grid.answer_at(address), self.sheet.where(address)
        is_claim = item in ("cumulative", "progress") or region == self.rulebook.pool.total_label
        if is_claim and self.grid.doubt_at(address) == "unproven":
            value = self.grid.cells[address]  # only compared with what is computed anyway
        if item.isdigit() and item not in self.years:
            self.other_years.setdefault(item, where)
        number = printed_ratio(value) if item == "progress" else whole_number(value)
        if number is None:
            label = self.rulebook.pool_words.label(item)
            said, cure = _no_count(value)
            facts = {"level": level, "region": region, "item": label, "said": said, "cure": cure}
            part = f"{level}{region}{label}"
            self.reading.issues.append(
                self.sheet.issue(POOL_FIGURE_INVALID, address, part=part, found=self.grid.text_at(address), facts=facts)
            )
        self.reading.pool_counts.append(PoolCount(level, region, item, number, where))

    def _unread_columns(self, row: int) -> Iterator[int]:
        """The columns behind 地区 that hold a number in the row and that no table reads."""
        room = self.table.room
        for column, value in self.grid.rows[row]:
            if column in self.read_columns or not max(self.columns["region"], room.first - 1) < column <= room.last:
                continue
            if whole_number(value) is not None or printed_ratio(value) is not None:
                yield column

    def _report_unread(self, column: int) -> None:
        """P14 for a column of numbers under a header that is not known, unless it surely holds no figure."""
        row, text = self._header_of(column)
        if not _NO_FIGURES.search(header_key(text)):
            facts = {
                "letters": self.grid.column_text(column),
                "said": quoted_header(text),
            } | self.rulebook.pool_words.facts
            self._add(UNKNOWN_POOL_COLUMN, (row, column), text, facts)

    def _header_of(self, column: int) -> tuple[int, str]:
        """The row and the text of a column's header: in the table's header row, else in the nearest above."""
        top = self.table.header_row
        for row in range(top, max(top - HEADER_ROWS, 0), -1):
            over = (cell.text for cell in self.sheet.header_cells.of(row) if cell.column <= column <= cell.end)
            if text := next(over, "") or self.grid.text_at((row, column)):
                return row, text
        return top, ""

    # -------------------------------------------------------------- names

    def _read_name(self, row: int) -> None:
        """One company of a list; an issue for a row that lacks its company, region, level or year, or whose county lies
        in another city."""
        if self._is_total_or_note(row):
            return
        columns, address = self.columns, (row, self.columns["company"])
        company = clean_name(self.grid.text_at(address))
        if no_text(self.grid.cells.get(address)) or not self._is_company(company):
            self._look_for_lost_company(row)
            return
        years = set(_YEAR.findall(label_of(self.merged.text(row, columns["year"]))))
        region = self._region(row, True)
        level = self._row_level(row, True) if region else ""
        if not level:
            return
        if len(years) != 1:
            self._add(POOL_YEAR_MISSING, (row, columns["year"]), company)
            return
        (year,) = years
        if year not in self.years:
            self.other_years.setdefault(year, self.sheet.where((row, columns["year"])))
        county = self.merged.text(row, columns.get("county"))
        possible = self.regions.resolve(county, region)
        if possible and all(other.city != region for other in possible):
            facts = {"company": company, "region": region}
            self._add(COUNTY_OUTSIDE_CITY, (row, columns["county"]), county, facts)
            return
        if marked := self.grid.struck_parts.get(address):
            self._add(NAME_PARTLY_STRUCK, address, company, {"marked": marked})
        self.reading.pool_names.append(PoolName(level, region, county, company, int(year), self.sheet.where(address)))

    def _is_company(self, name: str) -> bool:
        words = self.rulebook.vocabulary
        return is_company_name(name, words.company_endings, words.form_words)

    def _look_for_lost_company(self, row: int) -> None:
        """An issue for a row without a company in which several other cells are filled in."""
        values = [self.grid.cells.get((row, self.columns[name])) for name in _LISTED if name in self.columns]
        typed = [text_of(value).strip() for value in values if value is not None and not is_zero(value)]
        if len(typed) > 1 and not is_signature("", "", typed, False):
            self._add(ROW_WITHOUT_COMPANY, (row, self.columns["company"]), typed[0])

    def _is_total_or_note(self, row: int) -> bool:
        """True for a row with 合计 in it, or for a line under the list, whose only cell is a sentence."""
        texts = [text_of(value) for value in self._cells(row)]
        if len(texts) == 1:
            return not self.merged.text(row, self.columns["region"])
        return any(label_of(text) in self.totals for text in texts)

    # -------------------------------------------------------------- region and level of a row

    def _region(self, row: int, is_filled: bool) -> str:
        """The row's city or the label of the total row, which may stand in front of the column; "" for neither, with
        P07 when the row is filled in."""
        text = self.merged.text(row, self.columns["region"])
        front: Sequence[Value] = self._cells(row)[:1] if not text else ()
        text = next((value for value in front if isinstance(value, str) and label_of(value) in self.totals), text)
        if label_of(text) in self.totals:
            return self.rulebook.pool.total_label
        city = self.regions.cities.get(label_of(text), "") if text else self.city
        if not city and is_filled:
            said = f"「{quoted(text)}」不是本省的设区市" if text else "没有填写"
            self._add(POOL_REGION_UNCLEAR, (row, self.columns["region"]), text, {"said": said})
        return city

    def _row_level(self, row: int, is_filled: bool) -> str:
        """The level in the row's own cell, else its heading's or table's; "" for none, with P09 when the row is filled
        in."""
        text = self.merged.text(row, self.columns.get("level"))
        label = re.sub(r"[()、,/]", "", label_of(text))
        level = _SHORT_LEVELS.get(label) or level_in(text) or ("" if text else self.level)
        if not level and is_filled:
            self._add(POOL_LEVEL_UNCLEAR, (row, self.columns.get("level", self.columns["region"])), text)
        return level

    def _add(self, code: Code, address: Address, typed: str = "", facts: dict[str, str] | None = None) -> None:
        self.reading.issues.append(self.sheet.issue(code, address, found=typed, facts=facts))


def _no_count(value: Value | None) -> tuple[str, str]:
    """What is wrong with a cell that should hold a count, and how to put it right."""
    if isinstance(value, OddValue) and value.kind == "no_result":
        return why_no_number(value), "请用 Excel 或 WPS 打开文件，保存一次后重新报送；也可以直接填家数"
    reason = why_no_number(value)
    return (
        f"填的是「{quoted('' if value is None else text_of(value))}」，{reason or '应为不小于 0 的整数'}",
        "请只填家数，如 12；没有请填 0",
    )
