"""培育库: 附件3's own layout, a list of names (年份, 级别, 地区, 区县, 企业名称), or targets (地区, 三年目标数)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.issues import Issue, Where
from pipeline.readers.assessment import Readers
from pipeline.readers.grid import Grid, label_of, text_of
from pipeline.readers.headers import HeaderReader, MergedValues, header_key, names_of
from pipeline.readers.labels import where_in
from pipeline.readers.nomination import clean_name
from pipeline.readers.values import printed_ratio, whole_number
from pipeline.records import PoolCount, PoolName, SheetReading

_ADDED = re.compile(r"(20\d{2})年新增数?")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_ITEMS = {"cumulative": "三年累计数", "target": "三年目标数", "progress": "完成进度"}
_BLANK = ("-", "/", "—", "")
_NAMES = names_of(
    [
        ("region", ("地区", "设区市", "地市", "市")), ("target", ("三年目标数", "目标数")),
        ("cumulative", ("三年累计数", "累计数")), ("progress", ("完成进度", "完成率")),
        ("level", ("级别", "层级")), ("year", ("年份", "入库年份", "年度")), ("county", ("区县", "县市区", "县(市、区)")),
        ("company", ("企业名称", "企业全称", "单位名称")),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class PoolTable:
    """One table of a pool sheet: its header row, its columns, its last row, and the level its title says."""

    header_row: int
    last_row: int
    columns: dict[str, int]
    level: str

    @property
    def is_list(self) -> bool:
        return "company" in self.columns


def pool_tables(grid: Grid) -> list[PoolTable]:
    """Every table of the sheet that is a pool table; two may stand one under the other."""
    reader = HeaderReader(grid, _NAMES)
    headers = []
    for row in grid.rows:
        columns = reader.columns(row)
        for column, value in grid.rows[row]:
            if isinstance(value, str) and (match := _ADDED.fullmatch(header_key(value))):
                columns[match[1]] = column
        counts = "company" not in columns and (any(name.isdigit() for name in columns) or "target" in columns)
        level = _level(grid, headers[-1][0] if headers else 0, row)
        names = {"year", "company"} <= columns.keys() and ("level" in columns or level != "")
        if "region" in columns and (counts or names):
            headers.append((row, columns, level))
    ends = [*(row - 1 for row, _, _ in headers[1:]), max(grid.rows, default=0)][: len(headers)]
    return [PoolTable(row, end, columns, level) for (row, columns, level), end in zip(headers, ends, strict=True)]


def _level(grid: Grid, after: int, header_row: int) -> str:
    """市级 or 区县级, from the title nearest above the header, else from the sheet's name."""
    titles = [text_of(value) for row, cells in grid.rows.items() if after < row < header_row for _, value in cells]
    found = (_level_in(text) for text in [*reversed(titles), grid.name])
    return next((level for level in found if level), "")


def _level_in(text: str) -> str:
    label = re.sub(r"[()、,/]", "", label_of(text))
    if re.search("县级|县市区级|区级", label):
        return "区县级"
    return "市级" if "市级" in label else ""


def read_pool(grid: Grid, tables: list[PoolTable], file: str, readers: Readers) -> SheetReading:
    """Counts, targets, printed claims and names of every table of the sheet."""
    sheet = SheetReading(grid.name, "pool")
    for table in tables:
        _Table(grid, table, file, readers, sheet).read()
    return sheet


class _Table:
    """One table being read into `sheet`."""

    def __init__(self, grid: Grid, table: PoolTable, file: str, readers: Readers, sheet: SheetReading) -> None:
        self.grid, self.table, self.file, self.readers, self.sheet = grid, table, file, readers, sheet
        self.columns = table.columns
        self.merged = MergedValues(grid)
        self.totals = {label_of(word) for word in readers.rulebook.vocabulary.total_rows}

    def read(self) -> None:
        if not self.table.level and "level" not in self.columns:
            self._issue("P09", self.table.header_row, "region")
            return
        known = {str(year) for year in self.readers.rulebook.pool.years}
        others = sorted(name for name in self.columns if name.isdigit() and name not in known)
        if others:
            self.sheet.remark = f"规则文件中没有的年份未计入：{'、'.join(others)}"
        for row in self.grid.rows:
            if self.table.header_row < row <= self.table.last_row:
                (self._name if self.table.is_list else self._counts)(row)

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
            number = printed_ratio(value) if item == "progress" else whole_number(value)
            if number is None:
                label = _ITEMS.get(item, f"{item}年新增数")
                facts = {"level": level, "region": region, "item": label}
                part = f"{level}{region}{label}"
                self.sheet.issues.append(Issue("P02", where, "", "", part, text_of(value), facts))
            self.sheet.pool_counts.append(PoolCount(level, region, item, number, where))

    def _name(self, row: int) -> None:
        company = clean_name(self.grid.text_at((row, self.columns["company"])))
        year = _YEAR.search(label_of(self.merged.text(row, self.columns["year"])))
        labels = {label_of(text_of(value)) for _, value in self.grid.rows[row]}
        if not company or labels & self.totals or self._is_note(row):
            return
        region = self._region(row, ["company"])
        level = self._row_level(row, ["company"]) if region else ""
        if level and not year:
            self._issue("P10", row, "year", found=company)
        elif level and year:
            county = self.merged.text(row, self.columns.get("county"))
            where = where_in(self.file, self.grid, (row, self.columns["company"]))
            self.sheet.pool_names.append(PoolName(level, region, county, company, int(year[1]), where))

    def _is_note(self, row: int) -> bool:
        """A line under the list, whose only cell is a sentence."""
        return len(self.grid.rows[row]) == 1 and not self.merged.text(row, self.columns["region"])

    def _region(self, row: int, typed: list[str]) -> str:
        """The row's city or the label of the total row; P07 for a row with something typed that is neither."""
        text = self.merged.text(row, self.columns["region"])
        if label_of(text) in self.totals:
            return self.readers.rulebook.pool.total_label
        city = self.readers.regions.cities.get(label_of(text), "")
        if not city and typed:
            self._issue("P07", row, "region", found=text)
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
        level = known or _level_in(text) or ("" if text else self.table.level)
        if not level and typed:
            self._issue("P09", row, "level", found=text)
        return level

    def _issue(self, code: str, row: int, column_id: str, found: str = "") -> None:
        where: Where = where_in(self.file, self.grid, (row, self.columns[column_id]))
        self.sheet.issues.append(Issue(code, where, found=found))
