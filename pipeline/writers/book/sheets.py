"""xlsxwriter's worksheet with a shorter way for plain cells: text, numbers, blanks, and formulas of ours.

A thousand companies make more than a million cells. What xlsxwriter does for each of them (addresses that may be "A1",
attributes as lists, a check of every text, a write for every cell) costs more than everything else about a run. Here a
row of cells is stored at once and becomes one text at once; whatever is not plain is left to xlsxwriter. The result is
the same to the byte, which a test compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from typing import Any

from xlsxwriter.utility import _preserve_whitespace, xl_col_to_name, xl_range
from xlsxwriter.worksheet import (
    CellBlankTuple,
    CellFormulaTuple,
    CellNumberTuple,
    CellStringTuple,
    Worksheet,
)
from xlsxwriter.xmlwriter import XMLwriter

_PLAIN = {CellBlankTuple, CellFormulaTuple, CellNumberTuple, CellStringTuple}
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
_SPAN = 16  # rows that tell together which columns they use
_letters = lru_cache(maxsize=None)(xl_col_to_name)


class LiveSheet(Worksheet):
    """A sheet that takes formulas as they are, and rows of plain cells at once."""

    def _write_formula(self, row: int, col: int, formula: str, cell_format: Any = None, value: Any = 0) -> int:
        """Without xlsxwriter's search for the names of some 200 functions newer than Excel 2010: none of ours is."""
        if self._check_dimensions(row, col):
            return -1
        if self.constant_memory and row > self.previous_row:
            self._write_single_row(row)
        self.table[row][col] = CellFormulaTuple(formula.removeprefix("="), cell_format, value)
        return 0

    def text_cell(self, text: str, look: Any) -> CellStringTuple:
        """The cell of a text for `store_row`; at most 32,767 characters."""
        return CellStringTuple(text if self.constant_memory else self.str_table._get_shared_string_index(text), look)

    def store_row(self, row: int, cells: Mapping[int, Any]) -> None:
        """Cells by their column, from left to right; each with its format."""
        if not cells:
            return
        for column in (next(iter(cells)), next(reversed(cells))):
            if self._check_dimensions(row, column):
                return
        if self.constant_memory and row > self.previous_row:
            self._write_single_row(row)
        self.table[row].update(cells)

    def merge_blank(self, area: tuple[int, int, int, int], look: Any) -> None:
        """One blank cell over `area` (first row, first column, last row, last column)."""
        rows, columns = range(area[0], area[2] + 1), range(area[1], area[3] + 1)
        places = dict.fromkeys(product(rows, columns), xl_range(*area))
        taken = [*places.keys() & self.merged_cells.keys(), *places.keys() & self.table_cells.keys()]
        if taken or self._check_dimensions(*area[:2]) or self._check_dimensions(*area[2:]):
            self.merge_range(*area, "", look)  # says what is the matter
            return
        self.merged_cells.update(places)
        self.merge.append(list(area))
        blanks = dict.fromkeys(columns, CellBlankTuple(look))
        for row in rows:
            self.store_row(row, blanks)

    def _write_single_row(self, current_row_num: int = 0) -> None:
        row = self.previous_row
        cells = self.table.get(row)
        if not cells:
            super()._write_single_row(current_row_num)
            return
        self.previous_row = current_row_num
        self._write_cells(row, None, cells)
        self.table.clear()

    def _write_rows(self) -> None:
        self._calculate_spans()
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            span = self.row_spans.get(row // _SPAN)
            cells = self.table.get(row)
            if cells:
                self._write_cells(row, span, cells)
            elif row in self.row_info or row in self.comments:
                self._write_empty_row(row, span, self.row_info.get(row))
        self.table.clear()  # a workbook goes only when cycles are looked for, its cells now

    def _calculate_spans(self) -> None:
        self.row_spans = {}
        for block in range(self.dim_rowmin // _SPAN, self.dim_rowmax // _SPAN + 1):
            rows = range(block * _SPAN, (block + 1) * _SPAN)
            columns = {column for cells in (self.table, self.comments) for row in rows for column in cells.get(row, ())}
            if columns:
                self.row_spans[block] = f"{min(columns) + 1}:{max(columns) + 1}"

    def _write_cells(self, row: int, span: str | None, cells: Mapping[int, Any]) -> None:
        """One <row> and its cells, in order of columns."""
        self._write_row(row, span, self.row_info.get(row))
        number, parts = row + 1, []
        for column in sorted(cells):
            cell = cells[column]
            kind, look = type(cell), cell.format
            if not look or kind not in _PLAIN:
                self.fh.write("".join(parts))
                parts.clear()
                self._write_cell(row, column, cell)
                continue
            start = f'<c r="{_letters(column)}{number}" s="{look._get_xf_index()}"'
            if kind is CellNumberTuple:
                parts.append(f"{start}><v>{cell.number:.16G}</v></c>")
            elif kind is CellBlankTuple:
                parts.append(f"{start}/>")
            elif kind is CellFormulaTuple:
                parts.append(start + _formula(cell.formula, cell.value))
            elif self.constant_memory:
                parts.append(start + _inline(cell.string))
            else:
                parts.append(f'{start} t="s"><v>{cell.string}</v></c>')
        parts.append("</row>")
        self.fh.write("".join(parts))


def _formula(formula: str, value: Any) -> str:
    """What follows the format of a cell with a formula: the type of its result, the formula, the result."""
    kind = ""
    if isinstance(value, str):
        kind = "" if value == "" else ' t="e"' if value in _ERRORS else ' t="str"'
        value = _escaped(value)
    elif isinstance(value, bool):
        kind, value = ' t="b"', int(value)
    return f"{kind}><f>{_escaped(formula)}</f><v>{value}</v></c>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=20_000)
def _inline(text: str) -> str:
    """What follows the format of a cell with a text of its own, not shared with others."""
    text = XMLwriter._escape_control_characters(text)
    if text.startswith("<r>") and text.endswith("</r>"):
        return f' t="inlineStr"><is>{text}</is></c>'
    space = ' xml:space="preserve"' if _preserve_whitespace(text) else ""
    return f' t="inlineStr"><is><t{space}>{_escaped(text)}</t></is></c>'
