"""The layout of the official forms: pure data, built from the rulebook.

A layout is a list of boxes (area, text, role) and of slots to be filled in; the filled and the blank form are written
from the same layout. Rows and columns count from 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from pipeline.model.rulebook import Indicator, Rulebook
from pipeline.writers.book.addresses import absolute_address, cell_address
from pipeline.writers.book.fitting import lines_in

_DIMENSION, _GROUP, _ITEM, _DESCRIPTION, _N = range(5)
_TICK_PAIRS = 2
LINE_HEIGHT = 14.5  # points a printed line of the body font takes
_ANSWER_HEIGHT = 24
_TITLE_ROW, _IDENTITY_ROW, _HEADER_ROW = 1, 2, 4

ATTACHMENTS = {"assessment": "附件1", "nomination": "附件2", "pool": "附件3"}
NOTES_LABEL = "填表说明："


class AssessmentColumns(NamedTuple):
    """The columns of 附件1: dimension, group and item (merged for an item without a group), description, N from 4 to
    n_end, M (or tick | category | tick | category) from n_end + 1 to m_end, explanation. widths: in narrow characters;
    units: the last column of N and of M holds the unit beside the answer."""

    widths: tuple[float, ...]
    n_end: int
    m_end: int
    units: bool = False

    @property
    def m(self) -> int:
        return self.n_end + 1

    @property
    def explanation(self) -> int:
        return self.m_end + 1

    def answer_end(self, last: int) -> int:
        """The last column of the answer to N or M, whose columns end at `last`."""
        return last - self.units


OFFICIAL = AssessmentColumns((8, 6, 10, 23, 18, 4.5, 10, 4.5, 10, 28), 4, 8)
# As the blank form has them, a narrow column for the unit beside each answer.
WITH_UNITS = AssessmentColumns((8, 6, 9, 22, 14, 6.5, 4.5, 10, 4.5, 6.5, 6.5, 24), 5, 10, units=True)


class Box(NamedTuple):
    """An area of the form with its printed text; role: its look, as in book.ROLES."""

    row: int
    column: int
    last_row: int
    last_column: int
    text: str = ""
    role: str = "center"

    @property
    def cell(self) -> str:
        """The address of its upper left cell: C12."""
        return cell_address(self.row, self.column)

    @property
    def absolute(self) -> str:
        """The address of its upper left cell for a formula: $C$12."""
        return absolute_address(self.row, self.column)


@dataclass(frozen=True)
class FormLayout:
    """One form. slots: the cells to fill in, by name; heights: row -> points; widths: in narrow characters; stamp: the cell
    of the form stamp; columns: (field, role) of the listing that begins below `header_row`."""

    boxes: tuple[Box, ...]
    slots: dict[tuple[str, str], Box]
    heights: dict[int, float]
    widths: tuple[float, ...]
    header_row: int
    stamp: Box
    columns: tuple[tuple[str, str], ...] = ()


class _Block(NamedTuple):
    """One indicator's rows: boxes and slots relative to its first row, and the heights of its rows."""

    boxes: list[Box]
    slots: dict[str, Box]
    heights: list[float]


def stamp_box(column: int) -> Box:
    """The cell of the form stamp, in the first row."""
    return Box(0, column, 0, column, role="stamp")


def weighted(label: str, points: object) -> str:
    """A name with its points on a second line, as 附件1 prints them: 云存储（5）."""
    return f"{label}\n（{points}）"


def assessment_layout(rulebook: Rulebook, columns: AssessmentColumns = OFFICIAL) -> FormLayout:
    """附件1: slots (indicator id, "n" | "m" | category name) and ("identity", company | credit_code | city | county)."""
    boxes, slots = _heading(rulebook, columns), {}
    for name, label, row, label_columns, value_columns in _identity(columns):
        boxes.append(Box(row, label_columns[0], row, label_columns[1], label, "section"))
        slots["identity", name] = Box(row, value_columns[0], row, value_columns[1], role="input")
    heights = {0: 18.0, _TITLE_ROW: 34.0, _IDENTITY_ROW: 24.0, _IDENTITY_ROW + 1: 24.0, _HEADER_ROW: 32.0}
    row, tops = _HEADER_ROW + 1, []
    for indicator in rulebook.indicators:
        block = _block(indicator, columns)
        boxes += [_moved(box, row) for box in block.boxes]
        slots |= {(indicator.id, part): _moved(box, row) for part, box in block.slots.items()}
        heights |= {row + offset: height for offset, height in enumerate(block.heights)}
        tops.append((indicator, row, row + len(block.heights) - 1))
        row += len(block.heights)
    boxes += _side_cells(rulebook, tops)
    for offset, text in enumerate((NOTES_LABEL, *rulebook.filling_notes)):
        boxes.append(Box(row + offset, 0, row + offset, columns.explanation, text, "plain"))
        heights[row + offset] = LINE_HEIGHT * lines_in(text, sum(columns.widths) - 4) + 4
    stamp = stamp_box(columns.explanation)
    return FormLayout(tuple(boxes), slots, heights, columns.widths, _HEADER_ROW, stamp)


def _identity(columns: AssessmentColumns) -> Iterator[tuple[str, str, int, tuple[int, int], tuple[int, int]]]:
    """The labelled cells below the title: id, label, row, first and last column of the label and of the value."""
    left, right = (_ITEM, _DESCRIPTION), (columns.m, columns.explanation)
    yield "company", "企业名称：", _IDENTITY_ROW, (_DIMENSION, _GROUP), left
    yield "credit_code", "统一社会信用代码：", _IDENTITY_ROW, (_N, columns.n_end), right
    yield "city", "设区市：", _IDENTITY_ROW + 1, (_DIMENSION, _GROUP), left
    yield "county", "区县：", _IDENTITY_ROW + 1, (_N, columns.n_end), right


def _heading(rulebook: Rulebook, columns: AssessmentColumns) -> list[Box]:
    words = rulebook.vocabulary
    row, last = _HEADER_ROW, columns.explanation
    return [
        Box(0, 0, 0, 1, ATTACHMENTS["assessment"], "heading"),
        Box(_TITLE_ROW, 0, _TITLE_ROW, last, rulebook.titles.assessment, "title"),
        Box(row, _DIMENSION, row, _DIMENSION, f"{words.dimension_header}\n（权重）", "header"),
        Box(row, _GROUP, row, _ITEM, f"{words.indicator_header}\n（权重）", "header"),
        Box(row, _DESCRIPTION, row, _DESCRIPTION, words.description_header, "header"),
        Box(row, _N, row, columns.m_end, words.detail_header, "header"),
        Box(row, last, row, last, words.explanation_header, "header"),
    ]


def _moved(box: Box, rows: int) -> Box:
    return box._replace(row=box.row + rows, last_row=box.last_row + rows)


def _block(indicator: Indicator, columns: AssessmentColumns) -> _Block:
    """The indicator's cells from the description rightwards; `_side_cells` writes those left of it."""
    if indicator.kind == "expert":
        return _expert_block(indicator, columns)
    boxes, slots = (_tick_cells if indicator.categories else _ratio_cells)(indicator, columns)
    last = max(box.last_row for box in slots.values())
    boxes.append(Box(0, _DESCRIPTION, last, _DESCRIPTION, indicator.description, "body"))
    boxes.append(Box(0, columns.explanation, last, columns.explanation, indicator.explanation, "body"))
    return _Block(boxes, slots, _block_heights(boxes, last, columns))


def _ratio_cells(indicator: Indicator, columns: AssessmentColumns) -> tuple[list[Box], dict[str, Box]]:
    """N and M side by side, each answer below its caption; an item without an M caption gives N both widths."""
    n_end = columns.n_end if indicator.m_caption else columns.m_end
    boxes, n = _asked(indicator.n_caption, indicator.unit, 1, _N, n_end, columns)
    slots = {"n": n}
    if indicator.m_caption:
        more, slots["m"] = _asked(indicator.m_caption, indicator.unit, 1, columns.m, columns.m_end, columns)
        boxes += more
    return boxes, slots


def _asked(
    caption: str, unit: str, last_row: int, first: int, last: int, columns: AssessmentColumns
) -> tuple[list[Box], Box]:
    """A caption in row 0 and the answer below it, down to `last_row`, in the columns `first` to `last`. The cell above the
    unit stays blank, because the reader takes a text right of a caption as its answer."""
    end = columns.answer_end(last)
    boxes = [Box(0, first, 0, end, caption, "caption" if columns.units else "center")]
    if columns.units:
        boxes += [Box(0, last, 0, last, "", "over_unit"), Box(1, last, last_row, last, unit, "unit")]
    return boxes, Box(1, first, last_row, end, role="input")


def _tick_cells(indicator: Indicator, columns: AssessmentColumns) -> tuple[list[Box], dict[str, Box]]:
    """N and the categories, two in a row and in order down the columns, with a cell for the tick left of each."""
    rows = -(-len(indicator.categories) // _TICK_PAIRS)
    boxes, n = _asked(indicator.n_caption, indicator.unit, rows, _N, columns.n_end, columns)
    boxes.append(Box(0, columns.m, 0, columns.m_end, indicator.tick_caption, "center"))
    slots = {"n": n}
    for number in range(rows * _TICK_PAIRS):
        pair = number // rows
        row, column = 1 + number % rows, columns.m + 2 * pair
        category = indicator.categories[number] if number < len(indicator.categories) else ""
        end = columns.m_end if pair == _TICK_PAIRS - 1 else column + 1
        boxes.append(Box(row, column + 1, row, end, category, "center"))
        if category:
            slots[category] = Box(row, column, row, column, role="input")
        else:
            boxes.append(Box(row, column, row, column))
    return boxes, slots


def _expert_block(indicator: Indicator, columns: AssessmentColumns) -> _Block:
    boxes = [
        Box(0, _DESCRIPTION, 0, _DESCRIPTION, indicator.description, "body"),
        Box(0, _N, 0, columns.explanation, indicator.explanation, "center"),
    ]
    return _Block(boxes, {}, _block_heights(boxes, 0, columns))


def _block_heights(boxes: Iterable[Box], last: int, columns: AssessmentColumns) -> list[float]:
    """Heights in points at which no text is cut: the first row fits the captions, and the answer rows share the rest."""
    boxes = list(boxes)
    whole = max(_height(box, columns.widths) for box in boxes if box.last_row == last)
    if last == 0:
        return [max(whole, 36)]
    caption = max(_height(box, columns.widths) for box in boxes if box.last_row == 0)
    return [caption] + [max(_ANSWER_HEIGHT, (whole - caption) / last)] * last


def _height(box: Box, widths: tuple[float, ...]) -> float:
    width = sum(widths[box.column : box.last_column + 1])
    return LINE_HEIGHT * lines_in(box.text, width - 1.5) + 6


def _side_cells(rulebook: Rulebook, tops: list[tuple[Indicator, int, int]]) -> Iterator[Box]:
    """The names of dimensions, groups and indicators, each merged over its rows. A dimension with a single indicator of
    the same name (上云投入) is one cell over the three columns."""
    dimensions = {entry.id: entry for entry in rulebook.dimensions}
    groups = {entry.id: entry for entry in rulebook.groups}
    for dimension_id, run in groupby(tops, key=lambda item: item[0].dimension):
        items, dimension = list(run), dimensions[dimension_id]
        alone = len(items) == 1 and items[0][0].label == dimension.label
        text = weighted(dimension.label, dimension.points)
        yield Box(items[0][1], _DIMENSION, items[-1][2], _ITEM if alone else _DIMENSION, text)
        if alone:
            continue
        for group_id, members in groupby(items, key=lambda item: item[0].group):
            rows = list(members)
            if group_id:
                text = weighted(groups[group_id].label, groups[group_id].points)
                yield Box(rows[0][1], _GROUP, rows[-1][2], _GROUP, text)
            for indicator, first, last in rows:
                text = weighted(indicator.label, indicator.points)
                yield Box(first, _ITEM if group_id else _GROUP, last, _ITEM, text)
