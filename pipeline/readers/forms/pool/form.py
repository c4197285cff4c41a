"""培育库: 附件3's own layout, a list of names (年份, 级别, 地区, 区县, 企业名称), or targets (地区, 三年目标数)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable

from pipeline.issues.catalogue import (
    COUNTY_OUTSIDE_CITY,
    POOL_FIGURE_INVALID,
    POOL_LEVEL_UNCLEAR,
    POOL_REGION_UNCLEAR,
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
from pipeline.model.names import clean_name
from pipeline.model.records import PoolCount, PoolName, SheetReading
from pipeline.model.texts import label_of
from pipeline.readers.forms.pool.tables import COUNTS, TITLE_CELLS, PoolTable, level_in
from pipeline.readers.sheet.bands import HeaderCells
from pipeline.readers.sheet.grid import Grid, OddValue, Value, column_letters, text_of, where_in
from pipeline.readers.sheet.headers import HEADER_ROWS, MergedValues, header_key, quoted_header
from pipeline.readers.sheet.passed_over import is_numbered, is_signature
from pipeline.readers.sheet.sections import section_claim
from pipeline.readers.values.answers import printed_ratio, whole_number, why_no_number
from pipeline.readers.values.lexicon import Readers

_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_SPAN = re.compile(r"(20\d{2})年?[-—–~至到]+(20\d{2})")
_NO_SENTENCE = re.compile(r"[^,。;:]{2,12}")  # a heading that says a level, and no note about levels
_BLANK = ("-", "/", "—", "")
_LISTED = ("year", "level", "region", "county")
# How headers of columns end whose numbers are no figures of 附件3.
_NO_FIGURES = re.compile(r"(?:序号|编号|代码|排名|名次|排序|备注|说明|电话|手机|日期|时间|联系方式)$")


def read_pool(grid: Grid, tables: list[PoolTable], file: str, readers: Readers) -> SheetReading:
    """Counts, targets, printed claims and names of every table of the sheet; one P11 for the years that are not this
    round's."""
    sheet = SheetReading(grid.name, "pool")
    rows, merged, cells = list(grid.rows), MergedValues(grid), HeaderCells(grid)
    beside: dict[int, set[int]] = {}  # tables with one header row: which columns any of them reads
    for table in tables:
        beside.setdefault(table.header_row, set()).update(table.columns.values())
    other_years: dict[str, Where] = {}
    sheet.issues += _titles_of_other_years(grid, tables[0].header_row, file, readers)
    for table in tables:
        reader = _Table(grid, merged, table, file, readers, sheet)
        reader.headers, reader.known = cells, beside[table.header_row]
        reader.read(rows[bisect_right(rows, table.header_row) : bisect_right(rows, table.last_row)])
        other_years = {**reader.other_years, **other_years}
    if other_years:
        years = "、".join(sorted(other_years))
        known = "、".join(map(str, readers.rulebook.pool.years))
        sheet.remark = f"规则文件中没有的年份未计入：{years}"
        sheet.issues.append(
            Issue(YEAR_OUTSIDE_POOL, next(iter(other_years.values())), found=years, facts={"known": known})
        )
    return sheet


def _titles_of_other_years(grid: Grid, row: int, file: str, readers: Readers) -> Iterable[Issue]:
    """One T09 for each title above the first table that names a year which is neither one of the pool's nor this."""
    years = readers.rulebook.pool.years
    known = {*map(str, years), str(readers.rulebook.year)}
    for address, value in grid.ordered:
        if address[0] >= row:
            return
        label = label_of(value) if isinstance(value, str) and "培育库" in value else ""
        span = {year for pair in _SPAN.findall(label) for year in pair}
        if {*_YEAR.findall(label)} - known or span - {*map(str, years)}:
            facts = {"year": "、".join(map(str, years))}
            yield Issue(WRONG_YEAR_IN_TITLE, where_in(file, grid, address), found=text_of(value), facts=facts)


def holds_numbers(grid: Grid) -> bool:
    return any(whole_number(value) is not None for value in grid.cells.values())


class _Table:
    """One table being read into `sheet`."""

    def __init__(
        self, grid: Grid, merged: MergedValues, table: PoolTable, file: str, readers: Readers, sheet: SheetReading
    ) -> None:
        self.grid, self.merged, self.table, self.file, self.readers, self.sheet = (
            grid,
            merged,
            table,
            file,
            readers,
            sheet,
        )
        self.columns = table.columns
        self.years = {str(year) for year in readers.rulebook.pool.years}
        self.other_years: dict[str, Where] = {}
        province = readers.rulebook.province
        self.totals = {label_of(word) for word in (*readers.rulebook.vocabulary.total_rows, "全省", province)}
        self.level, self.city = table.level, ""

    def read(self, rows: list[int]) -> None:
        if not self.table.level and "level" not in self.columns and not self._has_section(rows):
            first = min(column for name, column in self.columns.items() if name != "region")
            column = self.columns["region"] if self.table.room.first <= self.columns["region"] else first
            self._issue(POOL_LEVEL_UNCLEAR, self.table.header_row, column)
            return
        self.strange: set[int] = set()
        for row in rows:
            if not self._takes_section(row):
                (self._name if self.table.is_list else self._counts)(row)
        for column in sorted(self.strange):
            self._unread(column)

    def _cells(self, row: int) -> list[Value]:
        room = self.table.room
        return [value for column, value in self.grid.rows[row] if room.first <= column <= room.last]

    def _has_section(self, rows: list[int]) -> bool:
        """True when a heading with a level stands over some row; the last lines may be the next table's title."""
        last = max((row for row in rows if len(self._cells(row)) > TITLE_CELLS), default=0)
        return any(self._level_of_section(row) for row in rows if row < last)

    def _alone(self, row: int) -> str:
        """The text that stands alone in the table's row, "" where several do."""
        cells = self._cells(row)
        return cells[0] if len(cells) == 1 and isinstance(cells[0], str) else ""

    def _level_of_section(self, row: int) -> str:
        """The level that a heading over some rows says (一、市级); "" for a sentence or another row."""
        text = self._alone(row)
        return level_in(text) if is_numbered(text) or _NO_SENTENCE.fullmatch(label_of(text)) else ""

    def _takes_section(self, row: int) -> bool:
        """True for a heading that names the level or the city of the rows below."""
        level = self._level_of_section(row)
        place = section_claim(self._alone(row), self.readers.regions, "") if not level else None
        if (
            self.table.is_list
            and place
            and not place.county
            and place.city
            and not self.merged.text(row, self.columns["region"])
        ):
            self.city = place.city
        elif level:
            self.level, self.city = level, ""
        else:
            return False
        return True

    def _counts(self, row: int) -> None:
        items = [name for name in self.columns if name.isdigit() or name in COUNTS]
        typed = [item for item in items if label_of(self.grid.text_at((row, self.columns[item]))) not in _BLANK]
        figures = [item for item in typed if re.search(r"\d", self.grid.text_at((row, self.columns[item])))]
        region = self._region(row, figures)
        level = self._row_level(row, figures) if region else ""
        for item in typed if level else ():
            address = (row, self.columns[item])
            value = self.grid.cells[address]
            where = where_in(self.file, self.grid, address)
            if item.isdigit() and item not in self.years:
                self.other_years.setdefault(item, where)
            number = printed_ratio(value) if item == "progress" else whole_number(value)
            if number is None:
                label = self.readers.rulebook.pool_words.label(item)
                said, cure = _no_count(value)
                facts = {"level": level, "region": region, "item": label, "said": said, "cure": cure}
                part = f"{level}{region}{label}"
                self.sheet.issues.append(Issue(POOL_FIGURE_INVALID, where, "", "", part, text_of(value), facts))
            self.sheet.pool_counts.append(PoolCount(level, region, item, number, where))
        counted = [item for item in typed if item.isdigit() or item == "cumulative"]
        if level and counted and region != self.readers.rulebook.pool.total_label:
            for item in sorted((self.years & self.columns.keys()) - {*typed}):
                where = where_in(self.file, self.grid, (row, self.columns[item]))
                self.sheet.pool_counts.append(PoolCount(level, region, item, None, where, True))
        if level:
            self.strange.update(self._strange(row))

    def _strange(self, row: int) -> Iterable[int]:
        """The columns behind 地区 that hold a number in the row and that no table reads."""
        room = self.table.room
        for column, value in self.grid.rows[row]:
            behind = max(self.columns["region"], room.first - 1) < column <= room.last
            number = whole_number(value) is not None or printed_ratio(value) is not None
            if behind and number and column not in self.known:
                yield column

    def _unread(self, column: int) -> None:
        """P14 for a column of numbers under a header that is not known, unless it is known to be no figure."""
        row, text = self._header_of(column)
        if not _NO_FIGURES.search(header_key(text)):
            facts = {"letters": column_letters(column), "said": quoted_header(text)}
            self._issue(UNKNOWN_POOL_COLUMN, row, column, text, **facts, **self.readers.rulebook.pool_words.facts)

    def _header_of(self, column: int) -> tuple[int, str]:
        """The row and the text of a column's header: in the table's header row, else in the nearest above."""
        top = self.table.header_row
        for row in range(top, max(top - HEADER_ROWS, 0), -1):
            over = (cell.text for cell in self.headers.of(row) if cell.column <= column <= cell.end)
            if text := next(over, "") or self.grid.text_at((row, column)):
                return row, text
        return top, ""

    def _name(self, row: int) -> None:
        company = clean_name(self.grid.text_at((row, self.columns["company"])))
        if self._is_total_or_note(row):
            return
        if not company:
            typed = [text for name in _LISTED if (text := self._own_text(row, name))]
            if len(typed) > 1 and not is_signature("", "", typed, False):
                self._issue(ROW_WITHOUT_COMPANY, row, self.columns["company"], typed[0])
            return
        years = set(_YEAR.findall(label_of(self.merged.text(row, self.columns["year"]))))
        region = self._region(row, ["company"])
        level = self._row_level(row, ["company"]) if region else ""
        if level and len(years) != 1:
            self._issue(POOL_YEAR_MISSING, row, self.columns["year"], company)
        elif level:
            (year,) = years
            if year not in self.years:
                self.other_years.setdefault(year, where_in(self.file, self.grid, (row, self.columns["year"])))
            county = self.merged.text(row, self.columns.get("county"))
            places = self.readers.regions.resolve(county, region)
            if places and all(place.city != region for place in places):
                self._issue(COUNTY_OUTSIDE_CITY, row, self.columns["county"], county, company=company, region=region)
                return
            where = where_in(self.file, self.grid, (row, self.columns["company"]))
            self.sheet.pool_names.append(PoolName(level, region, county, company, int(year), where))

    def _own_text(self, row: int, name: str) -> str:
        return self.grid.text_at((row, self.columns[name])).strip() if name in self.columns else ""

    def _is_total_or_note(self, row: int) -> bool:
        """A row with 合计 in it, or a line under the list, whose only cell is a sentence."""
        texts = [text_of(value) for value in self._cells(row)]
        if len(texts) == 1:
            return not self.merged.text(row, self.columns["region"])
        return any(label_of(text) in self.totals for text in texts)

    def _region(self, row: int, typed: list[str]) -> str:
        """The row's city or the label of the total row, which may stand in front of the column; P07 for a row with
        something typed that is neither."""
        text = self.merged.text(row, self.columns["region"])
        front = self._cells(row)[:1] if not text else []
        text = next((value for value in front if isinstance(value, str) and label_of(value) in self.totals), text)
        if label_of(text) in self.totals:
            return self.readers.rulebook.pool.total_label
        city = self.readers.regions.cities.get(label_of(text), "") if text else self.city
        if not city and typed:
            said = f"「{quoted(text)}」不是本省的设区市" if text else "没有填写"
            self._issue(POOL_REGION_UNCLEAR, row, self.columns["region"], text, said=said)
        return city

    def _row_level(self, row: int, typed: list[str]) -> str:
        """The level the row's own cell says, else its table's; P09 for a row with something typed and no level."""
        text = self.merged.text(row, self.columns.get("level"))
        label = re.sub(r"[()、,/]", "", label_of(text))
        known = (
            "市级"
            if label in ("市", "设区市", "设区市级")
            else "区县级"
            if label in ("区县", "县", "区", "县市区")
            else ""
        )
        level = known or level_in(text) or ("" if text else self.level)
        if not level and typed:
            self._issue(POOL_LEVEL_UNCLEAR, row, self.columns.get("level", self.columns["region"]), text)
        return level

    def _issue(self, code: Code, row: int, column: int, found: str = "", **facts: str) -> None:
        self.sheet.issues.append(Issue(code, where_in(self.file, self.grid, (row, column)), found=found, facts=facts))


def _no_count(value: Value) -> tuple[str, str]:
    """What is wrong with a cell that should hold a count, and how to put it right."""
    if isinstance(value, OddValue) and value.kind == "no_result":
        return why_no_number(value), "请用 Excel 或 WPS 打开文件，保存一次后重新报送；也可以直接填家数"
    reason = why_no_number(value)
    return f"填的是「{quoted(text_of(value))}」，{reason or '应为不小于 0 的整数'}", "请只填家数，如 12；没有请填 0"
