"""培育库: the tables of a pool sheet, what their columns hold, and the level that titles and headers name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.model.texts import label_of
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.bands import (
    Band,
    HeaderCell,
    HeaderCells,
    NamedCells,
    extent_of,
    first_columns,
    side_by_side,
    stretches,
)
from pipeline.readers.sheet.grid import Grid
from pipeline.readers.sheet.headers import names_of

_COUNTED = r"(?:当年|年度)?新增(?:入库|培育|认定)?(?:企业)?(?:数量|家数|数)?|新?入库(?:企业)?(?:数量|家数|数)"
_ADDED = re.compile(rf"(?:20)?(\d{{2}})(?:年度?|(?<=20\d{{2}}))(?:{_COUNTED})")
_YEAR_ALONE = re.compile(r"(?:20)?(\d{2})(?:年度?|(?<=20\d{2}))")
_OVER_YEARS = re.compile(rf"(?:各年度?|每年|历年|年度)?(?:{_COUNTED})(?:情况)?")
_YEARS_AS_NUMBERS = frozenset(map(float, range(2000, 2100)))
_LEVELS = {"市级": "市级", "区县级": "县级|县市区级|区级"}
_SPAN_OF_YEARS = re.compile(r"^[一二两三四五六七八九十]年(?=.)")  # 两年累计数 is read like 三年累计数
_LEVEL_IN_HEADER = re.compile(r"^(?:市级|区县级|县级|县市区级|区级)(?:培育库)?")
COUNTS = ("cumulative", "target", "progress")  # besides the years
TITLE_CELLS = 2  # a title stands alone in its row, or beside 单位：家
_NAMES = names_of(
    [
        ("region", ("地区", "设区市", "地市", "市", "各市", "城市", "所属市", "所在市")),
        (
            "target",
            ("三年目标数", "目标数", "三年目标", "目标", "目标任务数", "三年目标任务数", "三年任务数", "目标任务"),
        ),
        ("cumulative", ("三年累计数", "累计数", "三年累计", "累计", "三年累计新增数", "累计新增数", "三年新增累计数")),
        ("progress", ("完成进度", "完成率", "进度", "完成比例", "目标完成率", "目标完成进度")),
        ("level", ("级别", "层级", "库级别", "库级", "入库级别", "培育库级别")),
        ("year", ("年份", "入库年份", "年度", "入库年度", "入库时间", "入库日期")),
        ("county", ("区县", "县市区", "县(市、区)", "所属区县", "所在区县", "县区")),
        ("company", ("企业名称", "企业全称", "单位名称", "公司名称", "企业", "入库企业", "入库企业名称")),
    ]
)


@dataclass(frozen=True)
class PoolTable:
    """One table of a pool sheet.

    last_row: the last row that belongs to it. columns: id (region, a year, target …) → column. level: 市级 or 区县级 by
    its title or header, "" without. room: the columns that belong to it.
    """

    header_row: int
    last_row: int
    columns: dict[str, int]
    level: str
    room: Band

    @property
    def is_list(self) -> bool:
        """True for a list of companies' names, False for a table of counts."""
        return "company" in self.columns


class _Header(NamedTuple):
    """The header of one table: its columns by id, the columns it covers, the level that its counts name."""

    row: int
    columns: dict[str, int]
    band: Band
    level: str


class _Title(NamedTuple):
    """A text that names a level: its row and its columns."""

    row: int
    band: Band
    level: str


def pool_tables(sheet: Sheet) -> list[PoolTable]:
    """Every table of a pool sheet, which may stand one under the other or side by side; [] for any other sheet."""
    grid, cells = sheet.grid, sheet.header_cells
    headers = [header for row in grid.rows for header in _headers(row, *_header_cells(cells, row))]
    if not headers:
        return []
    bands = {header.band for header in headers}
    rooms = {band: extent_of(band, bands) for band in bands}
    titles = _Titles(grid)
    tables = []
    held = stretches(((header.row, header.band) for header in headers), max(grid.rows))
    for header, stretch in zip(headers, held, strict=True):
        if stretch:
            room = rooms[header.band]
            level = header.level or titles.level(room, stretch.above, header.row)
            tables.append(PoolTable(header.row, stretch.last_row, header.columns, level, room))
    certain = any(not table.is_list or table.level or "level" in table.columns for table in tables)
    return tables if certain or _mentions_a_pool(grid) else []


def _mentions_a_pool(grid: Grid) -> bool:
    """True for a sheet with 培育库 in its name or in some text: a list there lacks its level and is no other list."""
    return "培育库" in grid.name or any(isinstance(value, str) and "培育库" in value for value in grid.cells.values())


def _header_cells(cells: HeaderCells, row: int) -> tuple[list[HeaderCell], bool]:
    """The row's texts as headers, and whether a year alone heads counts there: under 新增数, beside 三年目标数.

    To a row of years belong those texts of the row above that have nothing below them, when one of all is 地区.
    """
    here = _with_years(cells, row)
    years_alone = _has_goal(here)
    if not any(cell.begins_here and _column_of(cell.key, True).isdigit() for cell in here):
        return here, years_alone
    above = cells.of(row - 1)
    if not any(cell.begins_here and _column_of(cell.key) == "region" for cell in here):
        alone = [cell for cell in above if not any(cell.column <= other.column <= cell.end for other in here)]
        if any(_column_of(cell.key) == "region" for cell in (*here, *alone)):
            here = sorted([*here, *(cell._replace(begins_here=False) for cell in alone)])
            years_alone = _has_goal(here)
    return here, years_alone or any(_OVER_YEARS.fullmatch(cell.key) for cell in above)


def _has_goal(cells: Iterable[HeaderCell]) -> bool:
    return any(_column_of(cell.key) in ("target", "cumulative") for cell in cells)


def _with_years(cells: HeaderCells, row: int) -> list[HeaderCell]:
    """The row's texts as headers, and with them the years typed as numbers, beside 地区 or alone in the row."""
    texts, line = cells.of(row), cells.grid.rows.get(row, ())
    years = [(column, f"{value:.0f}年") for column, value in line if value in _YEARS_AS_NUMBERS]
    if years and (
        1 < len(line) == len(years) or any(cell.begins_here and _column_of(cell.key) == "region" for cell in texts)
    ):
        return sorted([*texts, *(HeaderCell(column, column, text, True, text) for column, text in years)])
    return texts


def _headers(row: int, cells: list[HeaderCell], years_alone: bool) -> list[_Header]:
    """The headers of tables that stand in the row.

    A header that stands a second time begins the next table, and so do counts of another level (市级目标数,
    区县级目标数). Counts without a 地区 of their own have the first table's.
    """
    named = [(cell, _column_of(cell.key, years_alone)) for cell in cells]
    if not any(cell.begins_here and name for cell, name in named) or "region" not in {name for _, name in named}:
        return []
    region = next(cell.column for cell, name in named if name == "region")
    headers = []
    for level, part in _by_level(side_by_side(named, bool)):
        columns = first_columns(part)
        band = Band(min(columns.values()), max(cell.end for cell, _ in part))
        counts = "company" not in columns and (any(name.isdigit() for name in columns) or "target" in columns)
        if counts or {"region", "year", "company"} <= columns.keys():
            headers.append(_Header(row, {"region": region, **columns}, band, level))
    return headers


def _by_level(parts: Iterable[NamedCells]) -> Iterator[tuple[str, NamedCells]]:
    """(level, header cells) of each part of a header: one for every level that its counts name, and one with level ""
    for the cells that name none."""
    for part in parts:
        levels = [level_in(cell.text) if name in COUNTS or name.isdigit() else "" for cell, name in part]
        for level in dict.fromkeys(levels):
            yield level, [entry for entry, other in zip(part, levels, strict=True) if other == level]


def _column_of(key: str, years_alone: bool = False) -> str:
    """The id of a column by its header, a level in it aside; "" for none. With `years_alone` a year alone heads
    counts."""
    without_level = _LEVEL_IN_HEADER.sub("", key)
    match = _ADDED.fullmatch(without_level) or (_YEAR_ALONE.fullmatch(without_level) if years_alone else None)
    name = f"20{match[1]}" if match else _NAMES.get(_SPAN_OF_YEARS.sub("三年", without_level), "")
    return name if without_level == key or name.isdigit() or name in COUNTS else _NAMES.get(key, "")


class _Titles:
    """The levels named by the titles of one sheet, and by its name."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.titles = [
            _Title(row, Band(column, grid.end_of((row, column))[1]), level)
            for (row, column), value in grid.ordered
            if isinstance(value, str) and "级" in value and (level := level_in(value))
        ]
        self.rows = [title.row for title in self.titles]
        self.of_sheet = level_in(grid.name)

    def level(self, room: Band, above: int, header_row: int) -> str:
        """市级 or 区县级 by the title nearest above a table's header in its columns (`room`), else by the sheet's name.

        above: the row of the header over it, 0 without one; under a table, a row of more than two cells is no title
        but one of that table's.
        """
        for title in reversed(self.titles[: bisect_left(self.rows, header_row)]):
            if title.row <= above:
                break
            if title.band.overlaps(room) and (not above or self._cells_in(title.row, room) <= TITLE_CELLS):
                return title.level
        return self.of_sheet

    def _cells_in(self, row: int, room: Band) -> int:
        """How many cells of the row stand in these columns."""
        return sum(room.first <= column <= room.last for column, _ in self.grid.rows[row])


def level_in(text: str) -> str:
    """The level that a text names, "" for none and for both."""
    label = re.sub(r"[()、,/]", "", label_of(text))
    named = [level for level, words in _LEVELS.items() if re.search(words, label)]
    return named[0] if len(named) == 1 else ""
