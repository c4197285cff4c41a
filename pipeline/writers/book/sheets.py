"""A worksheet that stores and writes whole rows. No other module uses private parts of xlsxwriter.

A thousand companies fill more than a million cells. For each of them xlsxwriter accepts addresses like "A1", collects
attributes in lists, checks the text and calls write(): that would take longer than the rest of the run. `LiveSheet`
stores a row of cells in one call and writes it as one text; a cell that is not plain (without a format, a date, a
boolean, a rich text) goes to xlsxwriter's own method. The bytes are those of a workbook written cell by cell.

xlsxwriter documents none of the following parts and may change them in any minor version. setup.cfg admits the minor
versions in `TRIED`; tests/writers/book/test_sheets.py reads this table and compares it with the installed version.

| part | use | why | what breaks when it changes |
|---|---|---|---|
| worksheet.Worksheet._write_formula | overrides | it searches every formula for 200 names of newer functions | formulas are stored in another way |
| worksheet.Worksheet._write_single_row | overrides | a streamed row is written at once | streamed rows are lost or written twice |
| worksheet.Worksheet._write_rows | overrides | the rows of a sheet in memory are written at once | rows are lost, or heights and comments of empty rows |
| worksheet.Worksheet._calculate_spans | overrides | it goes through every column of every row | attribute spans of a row is wrong |
| worksheet.Worksheet._write_row | calls | the start tag of a row with its height | heights and formats of rows |
| worksheet.Worksheet._write_empty_row | calls | a row with a height or a comment and no cell | heights of empty rows |
| worksheet.Worksheet._write_cell | calls | cells that are not plain | dates, booleans and rich texts |
| worksheet.Worksheet._check_dimensions | calls | extends the used range, refuses cells outside a sheet | element dimension; cells beyond Excel's limits |
| worksheet.Worksheet.table | reads, writes | the cells not yet written: row -> column -> cell | every cell |
| worksheet.Worksheet.previous_row | reads, writes | the row that a streamed sheet still holds | streamed rows are lost or written twice |
| worksheet.Worksheet.constant_memory | reads | true for a streamed sheet | texts are stored as an index without a table |
| worksheet.Worksheet.row_info | reads | heights and formats: row -> attributes | heights and formats of rows |
| worksheet.Worksheet.row_spans | writes | block of 16 rows -> used columns | attribute spans of a row is wrong |
| worksheet.Worksheet.comments | reads | comments: row -> column -> comment | rows that hold only a comment |
| worksheet.Worksheet.dim_rowmin | reads | the first used row | the first rows are lost |
| worksheet.Worksheet.dim_rowmax | reads | the last used row | the last rows are lost |
| worksheet.Worksheet.merge | writes | the merged ranges | merged cells |
| worksheet.Worksheet.merged_cells | reads, writes | cell -> its merged range | overlapping merges are no longer refused |
| worksheet.Worksheet.table_cells | reads | cell -> its table's range | merges over a table are no longer refused |
| worksheet.Worksheet.hlink_count | reads | the number of links so far | a sheet with more than 65,530 links, which Excel repairs |
| worksheet.Worksheet.str_table | reads | the texts shared by all sheets | every text of a workbook in memory |
| worksheet.Worksheet.fh | reads | the file that a sheet is written to | every row |
| worksheet.CellBlankTuple | calls | a stored blank cell | blank cells |
| worksheet.CellFormulaTuple | calls | a stored formula and its result | formulas |
| worksheet.CellNumberTuple | calls | a stored number | numbers |
| worksheet.CellStringTuple | calls | a stored text, or its index in str_table | texts |
| format.Format._get_xf_index | calls | the number of a cell's format | looks of all cells |
| sharedstrings.SharedStringTable._get_shared_string_index | calls | the number of a shared text | every text of a workbook in memory |
| utility._preserve_whitespace | calls | true for a text with space at an end | space at the ends of streamed texts |
| xmlwriter.XMLwriter._escape_control_characters | calls | _x0041_ and control characters of a streamed text | such texts |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from itertools import product
from typing import Any, Literal, Protocol, TextIO, cast

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import _preserve_whitespace, xl_col_to_name, xl_range
from xlsxwriter.worksheet import CellBlankTuple, CellFormulaTuple, CellNumberTuple, CellStringTuple, Worksheet
from xlsxwriter.xmlwriter import XMLwriter

TRIED = ("3.3",)  # minor versions of xlsxwriter that the tests have passed with

# The plain cells of a stored row: a value and its format.
BlankCell = CellBlankTuple
FormulaCell = CellFormulaTuple
NumberCell = CellNumberTuple
TextCell = CellStringTuple
PlainCell = BlankCell | FormulaCell | NumberCell | TextCell

_PLAIN = {BlankCell, FormulaCell, NumberCell, TextCell}
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
_SPAN = 16  # rows that share one spans attribute
_letters = cache(xl_col_to_name)
_control_characters_escaped: Callable[[str], str] = XMLwriter._escape_control_characters


def add_live_sheet(workbook: Workbook, name: str) -> LiveSheet:
    """A new sheet of `workbook` that stores whole rows."""
    return cast(LiveSheet, workbook.add_worksheet(name, LiveSheet))


class _SharedTexts(Protocol):
    """The texts that all sheets of a workbook in memory share."""

    def _get_shared_string_index(self, string: str) -> int: ...


class LiveSheet(Worksheet):
    """A sheet that stores whole rows of plain cells and takes formulas as they are."""

    # xlsxwriter declares these as None and sets them before they are read.
    str_table: _SharedTexts  # type: ignore[assignment]
    fh: TextIO  # type: ignore[assignment]
    dim_rowmin: int  # type: ignore[assignment]
    dim_rowmax: int  # type: ignore[assignment]

    @property
    def link_count(self) -> int:
        """The number of links that the sheet holds so far."""
        return self.hlink_count

    def _write_formula(
        self, row: int, col: int, formula: str, cell_format: Format | None = None, value: Any = 0
    ) -> Literal[0, -1, -2]:
        """Stores a formula without searching it for functions newer than Excel 2010: this program writes none."""
        if self._check_dimensions(row, col):
            return -1
        if self.constant_memory and row > self.previous_row:
            self._write_single_row(row)
        self.table[row][col] = FormulaCell(formula.removeprefix("="), cell_format, value)
        return 0

    def text_cell(self, text: str, look: Format) -> TextCell:
        """The cell of a text for `store_row`; at most 32,767 characters."""
        return TextCell(text if self.constant_memory else self.str_table._get_shared_string_index(text), look)

    def store_row(self, row: int, cells: dict[int, PlainCell]) -> None:
        """Stores cells by their column, from left to right. A row that reaches beyond the sheet is left out."""
        if not cells:
            return
        for column in (next(iter(cells)), next(reversed(cells))):
            if self._check_dimensions(row, column):
                return
        if self.constant_memory and row > self.previous_row:
            self._write_single_row(row)
        self.table[row].update(cells)

    def merge_blank(self, area: tuple[int, int, int, int], look: Format) -> None:
        """Stores one blank cell over `area` (first row, first column, last row, last column). Raises xlsxwriter's
        OverlappingRange where a cell of it is merged already."""
        rows, columns = range(area[0], area[2] + 1), range(area[1], area[3] + 1)
        ranges = dict.fromkeys(product(rows, columns), xl_range(*area))
        taken = [*ranges.keys() & self.merged_cells.keys(), *ranges.keys() & self.table_cells.keys()]
        if taken or self._check_dimensions(*area[:2]) or self._check_dimensions(*area[2:]):
            self.merge_range(*area, "", look)  # raises or warns as xlsxwriter does
            return
        self.merged_cells.update(ranges)
        self.merge.append(list(area))
        blanks: dict[int, PlainCell] = dict.fromkeys(columns, BlankCell(look))
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
        self.table.clear()  # the workbook is a cycle and stays in memory until the next collection; its cells need not

    def _calculate_spans(self) -> None:
        self.row_spans = {}
        for block in range(self.dim_rowmin // _SPAN, self.dim_rowmax // _SPAN + 1):
            rows = range(block * _SPAN, (block + 1) * _SPAN)
            columns = {column for cells in (self.table, self.comments) for row in rows for column in cells.get(row, ())}
            if columns:
                self.row_spans[block] = f"{min(columns) + 1}:{max(columns) + 1}"

    def _write_cells(self, row: int, span: str | None, cells: Mapping[int, Any]) -> None:
        """Writes one <row> and its cells in order of columns."""
        self._write_row(row, span, self.row_info.get(row))
        number = row + 1
        parts: list[str] = []
        for column in sorted(cells):
            cell = cells[column]
            kind, look = type(cell), cell.format
            if not look or kind not in _PLAIN:
                self.fh.write("".join(parts))
                parts.clear()
                self._write_cell(row, column, cell)
                continue
            start = f'<c r="{_letters(column)}{number}" s="{look._get_xf_index()}"'
            if kind is NumberCell:
                parts.append(f"{start}><v>{cell.number:.16G}</v></c>")
            elif kind is BlankCell:
                parts.append(f"{start}/>")
            elif kind is FormulaCell:
                parts.append(start + _formula(cell.formula, cell.value))
            elif self.constant_memory:
                parts.append(start + _inline(cell.string))
            else:
                parts.append(f'{start} t="s"><v>{cell.string}</v></c>')
        parts.append("</row>")
        self.fh.write("".join(parts))


def _formula(formula: str, value: str | float | bool) -> str:
    """The XML of a formula's cell behind its format: the type of the result, the formula, the result."""
    kind, result = "", value
    if isinstance(value, str):
        kind = "" if value == "" else ' t="e"' if value in _ERRORS else ' t="str"'
        result = _escaped(value)
    elif isinstance(value, bool):
        kind, result = ' t="b"', int(value)
    return f"{kind}><f>{_escaped(formula)}</f><v>{result}</v></c>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=20_000)
def _inline(text: str) -> str:
    """The XML of a streamed text's cell behind its format."""
    text = _control_characters_escaped(text)
    if text.startswith("<r>") and text.endswith("</r>"):
        return f' t="inlineStr"><is>{text}</is></c>'
    space = ' xml:space="preserve"' if _preserve_whitespace(text) else ""
    return f' t="inlineStr"><is><t{space}>{_escaped(text)}</t></is></c>'
