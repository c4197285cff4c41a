"""专家评分: the tables of a marks sheet, and the item and the expert whose marks each of their columns holds."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.model.names import expert_name
from pipeline.readers.forms.marks.items import item_names
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.bands import (
    Band,
    HeaderCell,
    NamedCells,
    Stretch,
    extent_of,
    first_columns,
    side_by_side,
    stretches,
)
from pipeline.readers.sheet.headers import HEADER_ROWS, header_key, names_of
from pipeline.readers.values.lexicon import Lexicon

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
_KEYS = ("company", "expert", *_LONG)
_RECUSED = ("回避", "是否回避", "申请回避", "回避情况")
_REASON = ("回避理由", "回避原因", "回避事由")
_POINTS = re.compile(r"(?:满分|权重|分值|总分)?:?\d+(?:\.\d+)?[分%]?")
_MARK_KEYS = frozenset(map(header_key, MARK_WORDS))


class MarkColumn(NamedTuple):
    """A column of marks for one item. expert: who gave them, "" where the row or the sheet names him."""

    column: int
    indicator: str
    expert: str = ""


@dataclass(frozen=True)
class MarksTable:
    """One table of a marks sheet.

    above: the row of the header over it, 0 without one. first_row to last_row: its rows. room: the columns that belong
    to it. keys: id (company, expert, item, mark) → column. marks: its columns of marks, none in a long table, which
    names the item in each row. unread: columns of marks whose expert is not clear. recused, reason: the columns in
    which an expert recuses himself from a whole row and gives his reason, 0 without.
    """

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
    def columns(self) -> set[int]:
        """Every column that is read, or reported as unread."""
        marks = {column.column for column in self.marks}
        return {*self.keys.values(), *marks, *self.unread, self.recused, self.reason} - {0}


class _Header(NamedTuple):
    """The header of one table: the columns of its keys, its items' cells, and the columns all of them cover."""

    row: int
    keys: dict[str, int]
    items: tuple[tuple[HeaderCell, str], ...]
    band: Band


@lru_cache(maxsize=4)
def _names(lexicon: Lexicon) -> dict[str, str]:
    """Header key → id of the keys and of the items by their labels."""
    words = lexicon.rulebook.vocabulary
    keys = [("company", (*words.company_labels, *_COMPANY)), ("expert", words.expert_labels), *_LONG.items()]
    return {**names_of(keys), **item_names(lexicon).by_key}


class _Headers:
    """Finds the headers of one marks sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.grid, self.cells = sheet.grid, sheet.header_cells
        self.items, self.names = item_names(sheet.lexicon), _names(sheet.lexicon)

    def on_sheet(self) -> list[_Header]:
        """The header of every table of the sheet, from the top down."""
        headers: list[_Header] = []
        for row in self.grid.rows:
            headers += self._in_row(row, headers[-1] if headers else None)
        return headers

    def _in_row(self, row: int, above: _Header | None) -> list[_Header]:
        """The headers that stand in the row: 企业名称 and two items, or those of a long table.

        Under another header less is enough: a single item, or items alone, whose companies then stand in the same
        column as those of the header above.
        """
        cells = [(cell, self.names.get(cell.key) or self.items.item_of(cell.key)) for cell in self.cells.of(row)]
        names = {name for _, name in cells if name}
        company = next(
            (cell.column for cell, name in cells if name == "company"),
            above.keys["company"] if above else self._company_over(row),
        )
        if not company or not any(cell.begins_here and name for cell, name in cells):
            return []
        if len(names - {*_KEYS}) >= (1 if above and "company" in names else 2):
            cells = [(cell, "" if name in _LONG else name) for cell, name in cells]
        elif not ({*_KEYS} <= names or ({*_KEYS} - names == {"expert"} and self._has_item_below(row, cells))):
            return []
        parts = [_header(row, part, company) for part in side_by_side(cells, _KEYS.__contains__) if part]
        return [part for part in parts if part.items or _LONG.keys() <= part.keys.keys()]

    def _company_over(self, row: int) -> int:
        """The column of 企业名称 in the row above, under which the row is blank: a header of two rows, its items below
        the names of experts or groups; 0 without."""
        over = (cell for cell in self.cells.of(row - 1) if self.names.get(cell.key) == "company")
        return next((cell.column for cell in over if (row, cell.column) not in self.grid.cells), 0)

    def _has_item_below(self, row: int, cells: NamedCells) -> bool:
        """True when one of the items stands under the header 评分项: a long table whose expert is named elsewhere."""
        column = next(cell.column for cell, name in cells if name == "item")
        texts = (self.grid.text_at((below, column)) for below in self.grid.rows if below > row)
        return any(self.items.item_of(header_key(text)) for text in texts)


def _header(row: int, cells: NamedCells, company: int) -> _Header:
    keys = {name: column for name, column in first_columns(cells).items() if name in _KEYS}
    items = tuple((cell, name) for cell, name in cells if name not in _KEYS)
    band = Band(min(cell.column for cell, _ in cells), max(cell.end for cell, _ in cells))
    return _Header(row, {"company": company, **keys}, items, band)


def marks_tables(sheet: Sheet) -> list[MarksTable]:
    """Every table of a marks sheet, its columns read by the nearest header above; [] for any other sheet."""
    headers = _Headers(sheet).on_sheet()
    if not headers:
        return []
    bands = {header.band for header in headers}
    held = stretches(((header.row, header.band) for header in headers), max(sheet.grid.rows))
    columns = _Columns(sheet)
    return [
        columns.table(header, stretch, extent_of(header.band, bands))
        for header, stretch in zip(headers, held, strict=True)
        if stretch
    ]


class _Columns:
    """Finds the item and the expert of each column of marks on one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.grid, self.cells = sheet, sheet.grid, sheet.header_cells
        rulebook = sheet.lexicon.rulebook
        words = rulebook.vocabulary
        self.notes = {header_key(word) for word in (*words.summary_marks, *words.mark_note_headers)}
        self.headings = {header_key(entry.label) for entry in rulebook.groups}
        self.headings |= {header_key(entry.label) for entry in rulebook.dimensions}
        self.rows_of: dict[int, list[int]] = {}
        for row, column in sorted(self.grid.cells):
            self.rows_of.setdefault(column, []).append(row)

    def table(self, header: _Header, stretch: Stretch, room: Band) -> MarksTable:
        """The table below a header, which owns the columns `room`."""
        below = self._names_below(header, room)
        first_row, last_row = header.row + (2 if below else 1), stretch.last_row
        columns = list(self._under_items(header, below))
        used = {column.column for column in columns if self._is_used(column.column, first_row, last_row)}
        texts = below or self._names_above(header.row, [column for column in columns if column.column in used])
        marks, unread = self._distinct(columns, used, texts)
        return MarksTable(
            stretch.above,
            header.row,
            first_row,
            last_row,
            room,
            header.keys,
            marks,
            unread,
            self._column_headed(header.row, room, _RECUSED),
            self._column_headed(header.row, room, _REASON),
        )

    def _distinct(
        self, columns: Iterable[MarkColumn], used: set[int], texts: dict[int, str]
    ) -> tuple[tuple[MarkColumn, ...], tuple[int, ...]]:
        """The columns with their experts, one of each item and expert, and those of which two in use are the same.

        used: columns with something in them. texts: column → the header text that may name its expert.
        """
        named = [
            column._replace(expert=self._expert_in(texts.get(column.column, "")))
            for column in columns
            if header_key(texts.get(column.column, "")) not in self.notes
        ]
        named.sort(key=lambda column: (column.column not in used, column))
        count = Counter(column[1:] for column in named if column.column in used)
        first = {column[1:]: column for column in reversed(named)}
        marks = tuple(sorted(column for key, column in first.items() if count[key] <= 1))
        return marks, tuple(
            sorted(column.column for column in named if column.column in used and count[column[1:]] > 1)
        )

    def _column_headed(self, row: int, room: Band, words: tuple[str, ...]) -> int:
        """The first column of the table with one of these headers, 0 without."""
        cells = (cell for cell in self.cells.of(row) if room.first <= cell.column <= room.last)
        return next((cell.column for cell in cells if cell.key in words), 0)

    def _under_items(self, header: _Header, below: dict[int, str]) -> Iterator[MarkColumn]:
        """The columns under each item: those of its merge, or with names below all up to the next header."""
        starts = [cell.column for cell in self.cells.of(header.row)]
        for cell, indicator in header.items:
            end = cell.end
            if below and end == cell.column:
                following = [start for start in starts if start > cell.column]
                while end + 1 in below and end + 1 < min(following, default=end + 2):
                    end += 1
            for column in range(cell.column, end + 1):
                yield MarkColumn(column, indicator)

    def _is_used(self, column: int, first_row: int, last_row: int) -> bool:
        """True for a column with something in these rows."""
        rows = self.rows_of.get(column, [])
        position = bisect_left(rows, first_row)
        return position < len(rows) and rows[position] <= last_row

    def _names_below(self, header: _Header, room: Band) -> dict[int, str]:
        """Column → text of a second header row that names the experts under the items; {} without one."""
        row = header.row + 1
        if not header.items or (row, header.keys["company"]) in self.grid.cells:
            return {}
        begin = min(cell.column for cell, _ in header.items)
        texts: dict[int, str] = {}
        for column, value in self.grid.rows.get(row, ()):
            if begin <= column <= room.last and column not in header.keys.values():
                if not isinstance(value, str) or self.sheet.lexicon.values.mark(value, float("inf")).state != "error":
                    return {}
                texts[column] = value
        if len(texts) < 2 or self._has_header(texts.values()):
            return {}
        starts = {cell.column for cell in self.cells.of(header.row)}
        items = Counter(name for _, name in header.items)
        several = max(items.values()) > 1 or any(cell.end > cell.column for cell, _ in header.items)
        return texts if several or texts.keys() - starts else {}

    def _has_header(self, texts: Iterable[str]) -> bool:
        """True when one of the texts is a header, 得分 and the like left out."""
        names = _names(self.sheet.lexicon)
        return any(key in names and key not in _MARK_KEYS for key in map(header_key, texts))

    def _names_above(self, header_row: int, columns: list[MarkColumn]) -> dict[int, str]:
        """Column → the text over it in the nearest row above that names another expert for each column of an item; {}
        without."""
        several = Counter(column.indicator for column in columns)
        repeated = [column for column in columns if several[column.indicator] > 1]
        if not repeated:
            return {}
        for row in range(header_row - 1, max(header_row - HEADER_ROWS, 0), -1):
            texts = {column.column: text for column in columns if (text := self._text_over(row, column.column))}
            experts = {(column.indicator, self._expert_in(texts.get(column.column, ""))) for column in repeated}
            if len(experts) == len(repeated) and all(name for _, name in experts):
                return texts
        return {}

    def _text_over(self, row: int, column: int) -> str:
        """The text that stands over a column in a row: merged over it, or the nearest to its left that is not merged."""
        cell = next((cell for cell in reversed(self.cells.of(row)) if cell.column <= column), None)
        if cell is None or cell.key in self.headings or (cell.column < cell.end < column):
            return ""
        return cell.text

    def _expert_in(self, text: str) -> str:
        """The expert a header text names; "" for points or 得分."""
        key = header_key(text)
        if not key or key in _MARK_KEYS or _POINTS.fullmatch(key):
            return ""
        pairs = self.sheet.lexicon.labels.pairs_of(text)
        return expert_name(pairs[0].value if pairs and pairs[0].value else text)
