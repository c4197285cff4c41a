"""培育库: 附件3's own layout, a list of names (年份, 级别, 地区, 区县, 企业名称), or targets (地区, 三年目标数)."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.issues import Issue, Where, quoted
from pipeline.readers.assessment import Readers
from pipeline.readers.bands import Band, HeaderCell, HeaderCells, first_columns, room_of, side_by_side, stretches
from pipeline.readers.grid import Grid, Value, label_of, text_of
from pipeline.readers.headers import MergedValues, names_of
from pipeline.readers.labels import where_in
from pipeline.readers.nomination import clean_name
from pipeline.readers.passed_over import is_numbered
from pipeline.readers.sections import section_place
from pipeline.readers.values import printed_ratio, whole_number
from pipeline.records import PoolCount, PoolName, SheetReading

_ADDED = re.compile(
    r"(20\d{2})年度?(?:(?:当年|年度)?新增(?:入库|培育|认定)?(?:企业)?(?:数量|家数|数)?|新?入库(?:企业)?(?:数量|家数|数))"
)
_YEAR_ALONE = re.compile(r"(20\d{2})年度?")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_ITEMS = {"cumulative": "三年累计数", "target": "三年目标数", "progress": "完成进度"}
_LEVELS = {"市级": "市级", "区县级": "县级|县市区级|区级"}
_NO_SENTENCE = re.compile(r"[^,。;:]{2,12}")  # a heading that says a level, and no note about levels
TITLE_CELLS = 2  # a title stands alone in its row, or beside 单位：家
_BLANK = ("-", "/", "—", "")
_NAMES = names_of(
    [
        ("region", ("地区", "设区市", "地市", "市", "各市", "城市", "所属市", "所在市")),
        ("target", ("三年目标数", "目标数", "三年目标", "目标", "目标任务数", "三年目标任务数", "三年任务数", "目标任务")),
        ("cumulative", ("三年累计数", "累计数", "三年累计", "累计", "三年累计新增数", "累计新增数", "三年新增累计数")),
        ("progress", ("完成进度", "完成率", "进度", "完成比例", "目标完成率", "目标完成进度")),
        ("level", ("级别", "层级", "库级别", "库级", "入库级别", "培育库级别")),
        ("year", ("年份", "入库年份", "年度", "入库年度", "入库时间", "入库日期")),
        ("county", ("区县", "县市区", "县(市、区)", "所属区县", "所在区县", "县区")),
        ("company", ("企业名称", "企业全称", "单位名称", "公司名称", "企业", "入库企业", "入库企业名称")),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class PoolTable:
    """One table of a pool sheet: its header row, its columns, its last row, the level its title says ("" without), and
    the columns that belong to it."""

    header_row: int
    last_row: int
    columns: dict[str, int]
    level: str
    room: Band

    @property
    def is_list(self) -> bool:
        return "company" in self.columns


class _Header(NamedTuple):
    row: int
    columns: dict[str, int]
    band: Band


class _Title(NamedTuple):
    """A text that says a level: its row and its columns."""

    row: int
    band: Band
    level: str


def pool_tables(grid: Grid) -> list[PoolTable]:
    """Every table of the sheet that is a pool table; several may stand one under the other or side by side."""
    cells = HeaderCells(grid)
    headers = [header for row in grid.rows for header in _headers(row, cells.of(row))]
    bands = {header.band for header in headers}
    rooms = {band: room_of(band, bands) for band in bands}
    titles = _Titles(grid) if headers else None
    tables = []
    held = stretches(((header.row, header.band) for header in headers), max(grid.rows, default=0))
    for header, stretch in zip(headers, held, strict=True):
        if stretch and titles:
            room = rooms[header.band]
            level = titles.level(room, stretch.above, header.row)
            tables.append(PoolTable(header.row, stretch.last_row, header.columns, level, room))
    return tables if any(not table.is_list or table.level or "level" in table.columns for table in tables) else []


def _headers(row: int, cells: list[HeaderCell]) -> list[_Header]:
    """The tables whose header stands in the row. A header that stands a second time begins the next table; one of
    counts without a 地区 of its own has that of the first."""
    goals = any(_column_of(cell.key) in ("target", "cumulative") for cell in cells)
    named = [(cell, _column_of(cell.key, goals)) for cell in cells]
    if not any(cell.own and name for cell, name in named) or "region" not in {name for _, name in named}:
        return []
    region = next(cell.column for cell, name in named if name == "region")
    headers = []
    for part in side_by_side(named, bool):
        columns = first_columns(part)
        band = Band(min(columns.values()), max(cell.end for cell, _ in part))
        counts = "company" not in columns and (any(name.isdigit() for name in columns) or "target" in columns)
        if counts or {"region", "year", "company"} <= columns.keys():
            headers.append(_Header(row, {"region": region, **columns}, band))
    return headers


def _column_of(key: str, beside_goals: bool = False) -> str:
    """The id of a column by its header; a year alone is one of counts beside 三年目标数 or 三年累计数."""
    match = _ADDED.fullmatch(key) or (_YEAR_ALONE.fullmatch(key) if beside_goals else None)
    return match[1] if match else _NAMES.get(key, "")


class _Titles:
    """Which level the titles of one sheet say, and its name."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.titles = [
            _Title(row, Band(column, grid.end_of((row, column))[1]), level)
            for (row, column), value in grid.ordered
            if isinstance(value, str) and "级" in value and (level := _level_in(value))
        ]
        self.rows = [title.row for title in self.titles]
        self.of_sheet = _level_in(grid.name)

    def level(self, room: Band, above: int, header_row: int) -> str:
        """市级 or 区县级 from the title nearest above the header in the table's columns, else from the sheet's name.
        Under the table above, a row of more than two cells is one of its own."""
        for place in range(bisect_left(self.rows, header_row) - 1, -1, -1):
            title = self.titles[place]
            if title.row <= above:
                break
            if title.band.overlaps(room) and (not above or self._cells_in(title.row, room) <= TITLE_CELLS):
                return title.level
        return self.of_sheet

    def _cells_in(self, row: int, room: Band) -> int:
        return sum(room.first <= column <= room.last for column, _ in self.grid.rows[row])


def _level_in(text: str) -> str:
    """The level a text says, "" for none and for both."""
    label = re.sub(r"[()、,/]", "", label_of(text))
    said = [level for level, words in _LEVELS.items() if re.search(words, label)]
    return said[0] if len(said) == 1 else ""


def read_pool(grid: Grid, tables: list[PoolTable], file: str, readers: Readers) -> SheetReading:
    """Counts, targets, printed claims and names of every table of the sheet; one P11 for the years that are not this
    round's."""
    sheet = SheetReading(grid.name, "pool")
    rows, merged = list(grid.rows), MergedValues(grid)
    other_years: dict[str, Where] = {}
    for table in tables:
        reader = _Table(grid, merged, table, file, readers, sheet)
        reader.read(rows[bisect_right(rows, table.header_row) : bisect_right(rows, table.last_row)])
        other_years = {**reader.other_years, **other_years}
    if other_years:
        years = "、".join(sorted(other_years))
        known = "、".join(map(str, readers.rulebook.pool.years))
        sheet.remark = f"规则文件中没有的年份未计入：{years}"
        sheet.issues.append(Issue("P11", next(iter(other_years.values())), found=years, facts={"known": known}))
    return sheet


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
            self._issue("P09", self.table.header_row, column)
            return
        for row in rows:
            if not self._takes_section(row):
                (self._name if self.table.is_list else self._counts)(row)

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
        return _level_in(text) if is_numbered(text) or _NO_SENTENCE.fullmatch(label_of(text)) else ""

    def _takes_section(self, row: int) -> bool:
        """True for a heading that names the level or the city of the rows below."""
        level = self._level_of_section(row)
        place = section_place(self._alone(row), self.readers.regions, "") if not level else None
        if self.table.is_list and place and not place.county and place.city and not self.merged.text(row, self.columns["region"]):
            self.city = place.city
        elif level:
            self.level, self.city = level, ""
        else:
            return False
        return True

    def _counts(self, row: int) -> None:
        items = [name for name in self.columns if name.isdigit() or name in _ITEMS]
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
                label = _ITEMS.get(item, f"{item}年新增数")
                facts = {"level": level, "region": region, "item": label}
                part = f"{level}{region}{label}"
                self.sheet.issues.append(Issue("P02", where, "", "", part, text_of(value), facts))
            self.sheet.pool_counts.append(PoolCount(level, region, item, number, where))

    def _name(self, row: int) -> None:
        company = clean_name(self.grid.text_at((row, self.columns["company"])))
        if not company or self._is_total_or_note(row):
            return
        years = set(_YEAR.findall(label_of(self.merged.text(row, self.columns["year"]))))
        region = self._region(row, ["company"])
        level = self._row_level(row, ["company"]) if region else ""
        if level and len(years) != 1:
            self._issue("P10", row, self.columns["year"], company)
        elif level:
            (year,) = years
            if year not in self.years:
                self.other_years.setdefault(year, where_in(self.file, self.grid, (row, self.columns["year"])))
            county = self.merged.text(row, self.columns.get("county"))
            where = where_in(self.file, self.grid, (row, self.columns["company"]))
            self.sheet.pool_names.append(PoolName(level, region, county, company, int(year), where))

    def _is_total_or_note(self, row: int) -> bool:
        """A row with 合计 in it, or a line under the list, whose only cell is a sentence."""
        texts = [text_of(value) for value in self._cells(row)]
        if len(texts) == 1:
            return not self.merged.text(row, self.columns["region"])
        return any(label_of(text) in self.totals for text in texts)

    def _region(self, row: int, typed: list[str]) -> str:
        """The row's city or the label of the total row; P07 for a row with something typed that is neither."""
        text = self.merged.text(row, self.columns["region"])
        if label_of(text) in self.totals:
            return self.readers.rulebook.pool.total_label
        city = self.readers.regions.cities.get(label_of(text), "") if text else self.city
        if not city and typed:
            said = f"「{quoted(text)}」不是本省的设区市" if text else "没有填写"
            self._issue("P07", row, self.columns["region"], text, said=said)
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
        level = known or _level_in(text) or ("" if text else self.level)
        if not level and typed:
            self._issue("P09", row, self.columns.get("level", self.columns["region"]), text)
        return level

    def _issue(self, code: str, row: int, column: int, found: str = "", **facts: str) -> None:
        self.sheet.issues.append(Issue(code, where_in(self.file, self.grid, (row, column)), found=found, facts=facts))
