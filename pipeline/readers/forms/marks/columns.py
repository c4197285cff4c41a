"""专家评分: the tables of a marks sheet, and of which item and which expert each of their columns holds marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.model.names import expert_name
from pipeline.model.rulebook import Rulebook
from pipeline.readers.sheet.bands import (
    Band,
    HeaderCell,
    HeaderCells,
    NamedCells,
    Stretch,
    extent_of,
    first_columns,
    side_by_side,
    stretches,
)
from pipeline.readers.sheet.grid import Grid, column_letters
from pipeline.readers.sheet.headers import HEADER_ROWS, header_key, names_of
from pipeline.readers.values.lexicon import Readers

MARK_WORDS = ("得分", "评分", "分数", "打分", "评分值", "专家评分", "专家打分")
_LONG = {
    "item": (
        "评分项",
        "评分指标",
        "指标",
        "评价指标",
        "评分项目",
        "评分内容",
        "评分指标名称",
        "指标名称",
        "评审指标",
        "评审项",
    ),
    "mark": MARK_WORDS,
}
_COMPANY = ("企业", "公司全称", "单位全称", "推荐企业", "推荐企业名称", "申报企业名称", "参评企业", "参评企业名称")
_LONGEST_ITEM = 60  # characters; a longer text names no item
_AROUND_ITEM = re.compile(
    r"^(?:\d{1,2}|[一二三四五六])[.、]|[:：]?(?:(?:满分|权重|分值)?:?\d+(?:\.\d+)?分?|得分|评分|打分|分数)$"
)
_ITEM_ENDING = re.compile(r"(?:情况|示范|案例)+$")
_SHORTEST_ITEM = 3  # characters of an item's beginning that name it: 云原生; 信创 or 云上 is too little
_KEYS = ("company", "expert", *_LONG)
_RECUSED = ("回避", "是否回避", "申请回避", "回避情况")
_REASON = ("回避理由", "回避原因", "回避事由")
_POINTS = re.compile(r"(?:满分|权重|分值|总分)?:?\d+(?:\.\d+)?[分%]?")


class MarkColumn(NamedTuple):
    """A column of marks for one item. expert: who gave them, "" where the row or the sheet says it."""

    column: int
    indicator: str
    expert: str = ""


@dataclass(frozen=True)
class MarksTable:
    """One table of a marks sheet. above: the header over it, 0 without one; first_row to last_row: its rows; room: the
    columns that belong to it; keys: columns by id (company, expert, item, mark); unread: columns of marks of which
    nobody can tell whose they are; recused and reason: the columns in which an expert recuses himself from a whole
    row and says why, 0 without."""

    above: int
    header_row: int
    first_row: int
    last_row: int
    room: Band
    keys: dict[str, int]
    marks: tuple[MarkColumn, ...]
    unread: tuple[int, ...]
    recused: int = 0
    reason: int = 0

    @property
    def unread_letters(self) -> str:
        return "、".join(map(column_letters, self.unread))


class _Header(NamedTuple):
    """The header of one table: the columns of its keys, its items' cells, and the columns all of them cover."""

    row: int
    keys: dict[str, int]
    items: tuple[tuple[HeaderCell, str], ...]
    band: Band


class _Headers:
    """Finds the header rows of one marks sheet."""

    def __init__(self, grid: Grid, rulebook: Rulebook) -> None:
        words = rulebook.vocabulary
        self.grid, self.cells = grid, HeaderCells(grid)
        self.items = items_of(rulebook)
        keys = [("company", (*words.company_labels, *_COMPANY)), ("expert", words.expert_labels), *_LONG.items()]
        self.names = {**names_of(keys), **self.items}

    def of(self, row: int, above: _Header | None = None) -> list[_Header]:
        """The tables whose header stands in the row. Under another header less is enough for one: a single item, or
        items alone, whose companies then stand in the same column."""
        cells = [(cell, self.names.get(cell.key, "") or self.items.get(cell.key, "")) for cell in self.cells.of(row)]
        found = {name for _, name in cells if name}
        company = next(
            (cell.column for cell, name in cells if name == "company"),
            above.keys["company"] if above else self._company_over(row),
        )
        if not company or not any(cell.begins_here and name for cell, name in cells):
            return []
        if len(found - {*_KEYS}) >= (1 if above and "company" in found else 2):
            cells = [(cell, "" if name in _LONG else name) for cell, name in cells]
        elif not ({*_KEYS} <= found or ({*_KEYS} - found == {"expert"} and self._items_below(row, cells))):
            return []
        parts = [_header(row, part, company) for part in side_by_side(cells, _KEYS.__contains__) if part]
        return [part for part in parts if part.items or _LONG.keys() <= part.keys.keys()]

    def _company_over(self, row: int) -> int:
        """The column of 企业名称 in the row above, under which the row is blank: a header of two rows, its items below
        the names of experts or groups; 0 without."""
        over = (cell for cell in self.cells.of(row - 1) if self.names.get(cell.key, "") == "company")
        return next((cell.column for cell in over if (row, cell.column) not in self.grid.cells), 0)

    def _items_below(self, row: int, cells: NamedCells) -> bool:
        """True when one of the items stands under the header 评分项: a long sheet whose expert is named elsewhere."""
        column = next(cell.column for cell, name in cells if name == "item")
        texts = (self.grid.text_at((below, column)) for below in self.grid.rows if below > row)
        return any(header_key(text) in self.items for text in texts)


class ItemNames(dict[str, str]):
    """Header key → id of the 标杆示范 items, found also with a number before it or 得分, 满分4分 behind it, and by a
    beginning that is that of no other item (云原生, 云原生应用, 发展新制造示范)."""

    def __missing__(self, key: str) -> str:
        if len(key) > _LONGEST_ITEM:
            return ""
        bare = _AROUND_ITEM.sub("", _AROUND_ITEM.sub("", key))
        known = dict.get(self, bare, "")
        beginning = _ITEM_ENDING.sub("", bare)
        if known or len(beginning) < _SHORTEST_ITEM:
            return known
        begun = [item for label, item in self.items() if label.startswith(beginning)]
        return begun[0] if len(begun) == 1 else ""

    def get(self, key: str, default: str = "") -> str:
        return self[key] or default

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self[key] != ""


def items_of(rulebook: Rulebook) -> ItemNames:
    return ItemNames({header_key(item.label): item.id for item in rulebook.expert_indicators})


def _header(row: int, cells: NamedCells, company: int) -> _Header:
    keys = {name: column for name, column in first_columns(cells).items() if name in _KEYS}
    items = tuple((cell, name) for cell, name in cells if name not in _KEYS)
    band = Band(min(cell.column for cell, _ in cells), max(cell.end for cell, _ in cells))
    return _Header(row, {"company": company, **keys}, items, band)


def first_header(grid: Grid, rulebook: Rulebook) -> int:
    """The row of a marks sheet's first header (企业名称 and two of the 标杆示范 items, or the long form's), 0 without."""
    headers = _Headers(grid, rulebook)
    return next((row for row in grid.rows if headers.of(row)), 0)


def marks_tables(grid: Grid, first_row: int, readers: Readers) -> list[MarksTable]:
    """Every table of a marks sheet from its first header row on; columns follow the nearest header above."""
    finder = _Headers(grid, readers.rulebook)
    headers: list[_Header] = []
    for row in grid.rows:
        if row >= first_row:
            headers += finder.of(row, headers[-1] if headers else None)
    bands = {header.band for header in headers}
    held = stretches(((header.row, header.band) for header in headers), max(grid.rows))
    columns = _Columns(grid, finder, readers)
    return [
        columns.table(header, stretch, extent_of(header.band, bands))
        for header, stretch in zip(headers, held, strict=True)
        if stretch
    ]


class _Columns:
    """Tells of which item and which expert the columns under one sheet's headers hold marks."""

    def __init__(self, grid: Grid, finder: _Headers, readers: Readers) -> None:
        self.grid, self.finder, self.readers = grid, finder, readers
        rulebook = readers.rulebook
        words = rulebook.vocabulary
        self.notes = {header_key(word) for word in (*words.summary_marks, *words.mark_note_headers)}
        self.mark_words = {header_key(word) for word in _LONG["mark"]}
        self.headings = {header_key(entry.label) for entry in (*rulebook.groups, *rulebook.dimensions)}
        self.rows_of: dict[int, list[int]] = {}
        for row, column in sorted(grid.cells):
            self.rows_of.setdefault(column, []).append(row)

    def table(self, header: _Header, stretch: Stretch, room: Band) -> MarksTable:
        below = self._names_below(header, room)
        first_row, last_row = header.row + (2 if below else 1), stretch.last_row
        columns = list(self._columns(header, below))
        used = {column.column for column in columns if self._is_used(column.column, first_row, last_row)}
        said = below or self._names_above(header.row, [column for column in columns if column.column in used])
        texts = {column: header_key(text) for column, text in said.items()}
        columns = [column for column in columns if texts.get(column.column) not in self.notes]
        columns = [column._replace(expert=self._named(said.get(column.column, ""))) for column in columns]
        columns.sort(key=lambda column: (column.column not in used, column))
        whose = Counter(column[1:] for column in columns if column.column in used)
        first = {column[1:]: column for column in reversed(columns)}
        marks = sorted(column for key, column in first.items() if whose[key] <= 1)
        unread = sorted(column.column for column in columns if column.column in used and whose[column[1:]] > 1)
        rows = (stretch.above, header.row, first_row, last_row)
        beside = (self._headed(header.row, room, _RECUSED), self._headed(header.row, room, _REASON))
        return MarksTable(*rows, room, header.keys, tuple(marks), tuple(unread), *beside)

    def _headed(self, row: int, room: Band, words: tuple[str, ...]) -> int:
        """The first column of the table with one of these headers, 0 without."""
        cells = (cell for cell in self.finder.cells.of(row) if room.first <= cell.column <= room.last)
        return next((cell.column for cell in cells if cell.key in words), 0)

    def _columns(self, header: _Header, below: dict[int, str]) -> Iterable[MarkColumn]:
        """The columns under each item: those of its merge, or with names below all up to the next header."""
        starts = [cell.column for cell in self.finder.cells.of(header.row)]
        for cell, indicator in header.items:
            end = cell.end
            if below and end == cell.column:
                following = [start for start in starts if start > cell.column]
                while end + 1 in below and end + 1 < min(following, default=end + 2):
                    end += 1
            for column in range(cell.column, end + 1):
                yield MarkColumn(column, indicator)

    def _is_used(self, column: int, first_row: int, last_row: int) -> bool:
        rows = self.rows_of.get(column, [])
        place = bisect_right(rows, first_row - 1)
        return place < len(rows) and rows[place] <= last_row

    def _names_below(self, header: _Header, room: Band) -> dict[int, str]:
        """Column -> text of a second header row that says under the items whose marks these are; {} without one."""
        row, texts = header.row + 1, {}
        if not header.items or (row, header.keys["company"]) in self.grid.cells:
            return {}
        starts = {cell.column for cell in self.finder.cells.of(header.row)}
        items = Counter(name for _, name in header.items)
        several = max(items.values()) > 1 or any(cell.end > cell.column for cell, _ in header.items)
        begin = min(cell.column for cell, _ in header.items)
        for column, value in self.grid.rows.get(row, ()):
            if begin <= column <= room.last and column not in header.keys.values():
                if self.readers.values.mark(value, float("inf")).state != "error" or not isinstance(value, str):
                    return {}
                texts[column] = value
        headers = any(header_key(text) in self.finder.names.keys() - self.mark_words for text in texts.values())
        return texts if len(texts) > 1 and not headers and (several or texts.keys() - starts) else {}

    def _names_above(self, header_row: int, columns: list[MarkColumn]) -> dict[int, str]:
        """Column -> the text over it in the nearest row above that tells the columns of one item apart; {} without."""
        several = Counter(column.indicator for column in columns)
        repeated = [column for column in columns if several[column.indicator] > 1]
        if not repeated:
            return {}
        for row in range(header_row - 1, max(header_row - HEADER_ROWS, 0), -1):
            texts = {column.column: self._over(row, column.column) for column in columns}
            texts = {column: text for column, text in texts.items() if text}
            said = {(column.indicator, self._named(texts.get(column.column, ""))) for column in repeated}
            if len(said) == len(repeated) and all(name for _, name in said):
                return texts
        return {}

    def _over(self, row: int, column: int) -> str:
        """The text that stands over a column in a row: merged over it, or the nearest to its left that is not merged."""
        cell = next((cell for cell in reversed(self.finder.cells.of(row)) if cell.column <= column), None)
        if cell is None or cell.key in self.headings or (cell.column < cell.end < column):
            return ""
        return cell.text

    def _named(self, text: str) -> str:
        """The expert a header text names; "" for one that says points or 得分."""
        key = header_key(text)
        if not key or key in self.mark_words or _POINTS.fullmatch(key):
            return ""
        pairs = self.readers.labels.pairs_of(text)
        return expert_name(pairs[0].value if pairs and pairs[0].value else text)
