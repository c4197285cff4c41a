"""Reads .xls and .et workbooks (BIFF8) through xlrd, which gives errors, number formats, merges and rich text."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from itertools import pairwise
from typing import TextIO

import xlrd

from pipeline.model.texts import is_blank
from pipeline.readers.formats.biff_records import essential_stream, formula_flags
from pipeline.readers.formats.encryption import PasswordProtected, decrypted
from pipeline.readers.formats.formulas import Formula, SheetFormulas, note_formulas
from pipeline.readers.formats.limits import MAXIMUM_CELLS, UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.number_formats import shows_otherwise
from pipeline.readers.formats.runs import LOWERED, RAISED, STRUCK, seen, without_surrogates
from pipeline.readers.formats.struck import StruckCells
from pipeline.readers.formats.symbols import is_symbol_font, seen_runs
from pipeline.readers.formats.worksheet import note_merges
from pipeline.readers.formats.xls_boxes import boxes_by_sheet, may_hold_boxes
from pipeline.readers.sheet.grid import Grid, OddValue, Value, Workbook, address_text, text_of

MAXIMUM_XLS_BYTES = 64 * 2**20
BIFF8 = 80


def read_biff(content: bytes) -> Workbook:
    """The workbook in the bytes of an .xls or .et file; raises UnreadableWorkbook or PasswordProtected."""
    if len(content) > MAXIMUM_XLS_BYTES:
        raise WorkbookTooLarge(f"文件有 {len(content) // 2**20} MB")
    try:
        with open(os.devnull, "w", encoding="utf-8") as silent:
            book, opened = _opened(content, silent)
            if book.biff_version < BIFF8:
                raise UnreadableWorkbook("是 Excel 97 以前的格式")
            grids = [_biff_grid(book, sheet) for sheet in book.sheets()]
            _note_formulas(book, grids, opened)
    except (UnreadableWorkbook, PasswordProtected, MemoryError):
        raise
    except Exception as error:  # xlrd has no common class for the errors of a broken file
        raise UnreadableWorkbook("旧版工作簿的内容已损坏") from error
    if not grids:
        raise UnreadableWorkbook("里面没有工作表")
    _note_boxes(content, grids)
    if sum(len(grid.cells) for grid in grids) > MAXIMUM_CELLS:
        raise WorkbookTooLarge(f"有内容的单元格超过 {MAXIMUM_CELLS} 个")
    return Workbook(grids)


def _note_boxes(content: bytes, grids: list[Grid]) -> None:
    """Notes the check boxes over the sheets. Where sheets and drawings cannot be put together, every sheet has a box that
    is not decided for each."""
    if not may_hold_boxes(content):
        return
    boxes = boxes_by_sheet(content)
    for index, grid in enumerate(grids):
        if len(boxes) == len(grids):
            grid.boxes = boxes[index]
        else:
            grid.boxes = tuple(box._replace(checked=None) for sheet in boxes for box in sheet)


def _note_formulas(book: xlrd.Book, grids: list[Grid], content: bytes) -> None:
    """Notes what the records say of the formulas, which xlrd does not tell, and whether zeros are shown."""
    flags = formula_flags(content)
    sheets = []
    for index, (grid, sheet) in enumerate(zip(grids, book.sheets(), strict=True)):
        cells = flags[index].cells if len(flags) == len(grids) else {}
        blank = {address for address, is_blank_text in cells.items() if is_blank_text or address not in grid.cells}
        formulas = SheetFormulas(dict.fromkeys(cells, Formula()), blank, not sheet.show_zero_values)
        sheets.append((grid, formulas))
    note_formulas(sheets, any(sheet.to_compute for sheet in flags))


def _decoded(piece: bytes, encoding: str) -> str:
    """A piece of a text. A text that goes on in the next record is decoded piece by piece by xlrd, and a piece may end
    between the two halves of a character, as LibreOffice's do: the halves are joined with the cell's text."""
    return piece.decode(encoding, "surrogatepass" if encoding == "utf_16_le" else "strict")


xlrd.book.unicode = _decoded


def _opened(content: bytes, log: TextIO) -> tuple[xlrd.Book, bytes]:
    """The workbook as xlrd opens it, and the bytes it was opened from: decrypted with Excel's default password if need be. What xlrd refuses for something
    that no cell depends on is opened without it."""
    try:
        return _book(content, log), content
    except Exception as error:  # xlrd has no common class for the errors of a broken file
        if not isinstance(error, xlrd.XLRDError) or "encrypted" not in str(error):
            content = essential_stream(content)
            return _book(content, log), content
    content = decrypted(content)
    return _book(content, log), content


def _book(content: bytes, log: TextIO) -> xlrd.Book:
    """The workbook. Rows are ragged: xlrd would otherwise fill a sheet with one cell at its far corner up with millions
    of blank ones."""
    return xlrd.open_workbook(file_contents=content, formatting_info=True, ragged_rows=True, logfile=log)


def _biff_grid(book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> Grid:
    """One sheet; xlrd counts rows and columns from 0."""
    grid = Grid(sheet.name, sheet.visibility != 0)
    hidden_rows = []
    struck = StruckCells(grid)
    symbols = any(is_symbol_font(font.name) for font in book.font_list)
    for row in range(sheet.nrows):
        before = len(grid.cells)
        for column in range(sheet.row_len(row)):
            value = _biff_value(book, sheet, row, column)
            if isinstance(value, str) and symbols:
                value = _seen_value(book, sheet, (row, column), value)
            if value is not None:
                grid.cells[row + 1, column + 1] = without_surrogates(value) if isinstance(value, str) else value
                _note_struck(book, sheet, (row, column), struck)
        if len(grid.cells) > before and row in sheet.rowinfo_map and sheet.rowinfo_map[row].hidden:
            hidden_rows.append(row + 1)
    grid.hidden_rows = tuple(hidden_rows)
    merges = (((top + 1, left + 1), (bottom, right)) for top, bottom, left, right in sheet.merged_cells)
    note_merges(tuple(f"{address_text(first)}:{address_text(last)}" for first, last in merges), grid)
    struck.finish()
    unseen = (column + 1 for column, info in sheet.colinfo_map.items() if info.hidden or info.width == 0)
    grid.note_hidden_columns((column, column) for column in unseen)
    return grid


def _note_struck(book: xlrd.Book, sheet: xlrd.sheet.Sheet, cell: tuple[int, int], struck: StruckCells) -> None:
    """Notes a cell (row and column from 0) that its own font or that of its runs strikes out."""
    style = sheet.cell_xf_index(*cell)
    base = _drawn(book, book.xf_list[style].font_index) if style is not None and style < len(book.xf_list) else ""
    runs = sheet.rich_text_runlist_map.get(cell)
    if base == STRUCK or runs:
        of_text = tuple(_biff_runs(book, sheet.cell_value(*cell), runs, base)) if runs else ()
        struck.note((cell[0] + 1, cell[1] + 1), of_text, base)


def _seen_value(book: xlrd.Book, sheet: xlrd.sheet.Sheet, cell: tuple[int, int], value: str) -> str:
    """What is seen of the text of a cell (row and column from 0), where its font or that of its runs is one of symbols;
    else the `value`."""
    style = sheet.cell_xf_index(*cell)
    base = _font_name(book, book.xf_list[style].font_index) if style < len(book.xf_list) else ""
    text = sheet.cell_value(*cell)
    starts = [
        (0, base),
        *((begin, _font_name(book, font)) for begin, font in sheet.rich_text_runlist_map.get(cell, ())),
    ]
    runs = [(text[begin:end], font) for (begin, font), (end, _) in pairwise([*starts, (len(text), "")])]
    return seen_runs(runs) if any(is_symbol_font(font) and piece.strip() for piece, font in runs) else value


def _font_name(book: xlrd.Book, font: int) -> str:
    name: str = book.font_list[font].name if font < len(book.font_list) else ""
    return name


def _biff_value(book: xlrd.Book, sheet: xlrd.sheet.Sheet, row: int, column: int) -> Value | None:
    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    if kind == xlrd.XL_CELL_TEXT:
        runs = sheet.rich_text_runlist_map.get((row, column))
        return None if is_blank(value) else seen(_biff_runs(book, value, runs)).text if runs else value
    if kind == xlrd.XL_CELL_ERROR:
        return OddValue("error", xlrd.error_text_from_code.get(value, "#ERROR"))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return OddValue("boolean", "TRUE" if value else "FALSE")
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return _biff_number(book, sheet.cell_xf_index(row, column), float(value), kind == xlrd.XL_CELL_DATE)
    return None


def _biff_number(book: xlrd.Book, style: int, number: float, is_date: bool) -> Value:
    """A number with the format of its style where that shows it otherwise than stored."""
    if not math.isfinite(number):
        return OddValue("error", str(number))
    format_key = book.xf_list[style].format_key
    code = book.format_map[format_key].format_str if format_key in book.format_map else "General"
    if is_date or shows_otherwise(code):
        return OddValue("formatted", text_of(number), number, code)
    return number


def _biff_runs(book: xlrd.Book, text: str, runs: list[tuple[int, int]], base: str = "") -> Iterator[tuple[str, str]]:
    """(text, STRUCK, RAISED, LOWERED or "") per run of a text; `runs` are xlrd's (first character, font), before which
    the text is drawn as `base`."""
    yield text[: runs[0][0]], base
    for (begin, font), (end, _) in pairwise([*runs, (len(text), 0)]):
        yield text[begin:end], _drawn(book, font)


def _drawn(book: xlrd.Book, font: int) -> str:
    """How the font with this index draws: STRUCK, RAISED, LOWERED or "" (also for a font that is not in the list, which
    Excel replaces by a plain one)."""
    if font >= len(book.font_list):
        return ""
    drawn = book.font_list[font]
    return STRUCK if drawn.struck_out else {1: RAISED, 2: LOWERED}.get(drawn.escapement, "")
