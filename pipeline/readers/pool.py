"""培育库: 附件3's own layout, a list of names (年份, 级别, 地区, 区县, 企业名称), or targets (地区, 三年目标数)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.issues import Issue
from pipeline.readers.assessment import Readers
from pipeline.readers.grid import Grid, label_of, text_of
from pipeline.readers.headers import header_columns, header_key, names_of
from pipeline.readers.labels import where_in
from pipeline.readers.nomination import clean_name
from pipeline.readers.values import printed_ratio, whole_number
from pipeline.records import PoolCount, PoolName, SheetReading

_ADDED = re.compile(r"(20\d{2})年新增数?")
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
        return {"year", "region", "company"} <= self.columns.keys()


def pool_tables(grid: Grid) -> list[PoolTable]:
    """Every table of the sheet that is a pool table; two may stand one under the other."""
    headers = []
    for row in grid.rows:
        columns = header_columns(grid, row, _NAMES)
        for column, value in grid.rows[row]:
            if isinstance(value, str) and (match := _ADDED.fullmatch(header_key(value))):
                columns[match[1]] = column
        counts = "region" in columns and (any(name.isdigit() for name in columns) or "target" in columns)
        names = {"year", "region", "company"} <= columns.keys()
        if counts or names:
            headers.append((row, columns))
    tables = []
    previous = 0
    for index, (row, columns) in enumerate(headers):
        last = headers[index + 1][0] - 1 if index + 1 < len(headers) else max(grid.rows)
        tables.append(PoolTable(row, last, columns, _level(grid, previous, row)))
        previous = row
    return tables


def _level(grid: Grid, after: int, header_row: int) -> str:
    """市级 or 区县级, from the title nearest above the header, else from the sheet's name."""
    titles = [text_of(value) for row, cells in grid.rows.items() if after < row < header_row for _, value in cells]
    for text in [*reversed(titles), grid.name]:
        label = label_of(text)
        if "区县级" in label or "县级" in label:
            return "区县级"
        if "市级" in label:
            return "市级"
    return ""


def read_pool(grid: Grid, tables: list[PoolTable], file: str, readers: Readers) -> SheetReading:
    """Counts, targets, printed claims and names of every table of the sheet."""
    sheet = SheetReading(grid.name, "pool")
    for table in tables:
        for row in grid.rows:
            if table.header_row < row <= table.last_row:
                (_name if table.is_list else _counts)(grid, table, row, file, readers, sheet)
    return sheet


def _region(grid: Grid, table: PoolTable, row: int, file: str, readers: Readers, sheet: SheetReading) -> str:
    """The row's city or the label of the total row; P07 for a row with figures or a name that is neither."""
    text = grid.text_at((row, table.columns["region"]))
    label = label_of(text)
    if label in {label_of(word) for word in readers.rulebook.vocabulary.total_rows}:
        return readers.rulebook.pool.total_label
    city = readers.regions.cities.get(label, "")
    filled = [column for column, _ in grid.rows[row] if column in table.columns.values()]
    if not city and len(filled) >= 2:
        sheet.issues.append(Issue("P07", where_in(file, grid, (row, table.columns["region"])), found=text))
    return city


def _counts(grid: Grid, table: PoolTable, row: int, file: str, readers: Readers, sheet: SheetReading) -> None:
    region = _region(grid, table, row, file, readers, sheet)
    level = _row_level(grid, table, row)
    if not region or not level:
        return
    for item, column in table.columns.items():
        if not (item.isdigit() or item in ("target", "cumulative", "progress")):
            continue
        value = grid.cells.get((row, column))
        if value is None or (isinstance(value, str) and label_of(value) in ("-", "/", "—")):
            continue
        where = where_in(file, grid, (row, column))
        number = printed_ratio(value) if item == "progress" else whole_number(value)
        if number is None:
            words = {"cumulative": "三年累计数", "target": "三年目标数", "progress": "完成进度"}
            facts = {"level": level, "region": region, "item": words.get(item, f"{item}年新增数")}
            sheet.issues.append(Issue("P02", where, "", "", item, text_of(value), facts))
        sheet.pool_counts.append(PoolCount(level, region, item, number, where))


def _row_level(grid: Grid, table: PoolTable, row: int) -> str:
    if "level" not in table.columns:
        return table.level
    label = label_of(grid.text_at((row, table.columns["level"])))
    return "区县级" if "县" in label else "市级" if "市" in label else table.level


def _name(grid: Grid, table: PoolTable, row: int, file: str, readers: Readers, sheet: SheetReading) -> None:
    company = clean_name(grid.text_at((row, table.columns["company"])))
    year = re.search(r"20\d{2}", label_of(grid.text_at((row, table.columns["year"]))))
    if not company or not year:
        return
    region = _region(grid, table, row, file, readers, sheet)
    county = grid.text_at((row, table.columns["county"])).strip() if "county" in table.columns else ""
    where = where_in(file, grid, (row, table.columns["company"]))
    if region:
        sheet.pool_names.append(PoolName(_row_level(grid, table, row), region, county, company, int(year[0]), where))
