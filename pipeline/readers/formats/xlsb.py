"""Reads .xlsb workbooks (MS-XLSB) from their binary parts: value, stored result, error, number format and font of each
cell, merges, hidden rows. Cells may be written in full or as short records, which leave out the column."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise
from struct import unpack_from
from typing import NamedTuple, TypeAlias

from pipeline.model.stamps import FORM_PROPERTY, HELPER_SHEETS
from pipeline.model.texts import is_blank
from pipeline.readers.formats.boxes import boxes_of
from pipeline.readers.formats.formulas import Formula, SheetFormulas, note_formulas
from pipeline.readers.formats.limits import MAXIMUM_CELLS, UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.number_formats import BUILT_IN_FORMATS, shows_otherwise
from pipeline.readers.formats.package import MAXIMUM_PARTS, Package, refusing
from pipeline.readers.formats.runs import (
    LOWERED,
    MAXIMUM_TEXT,
    RAISED,
    STRUCK,
    seen,
    without_surrogates,
)
from pipeline.readers.formats.struck import StruckCells
from pipeline.readers.formats.symbols import is_symbol_font, seen_text
from pipeline.readers.formats.worksheet import note_merges
from pipeline.readers.sheet.grid import (
    LAST_COLUMN,
    LAST_ROW,
    Grid,
    OddValue,
    Value,
    Workbook,
    address_text,
    text_of,
)

MAXIMUM_RECORDS = 3_000_000

# Kinds of record (MS-XLSB 2.3).
_VIEW, _CALCULATION = 137, 157
_ROW, _STRING, _FONT, _FORMAT, _STYLE, _COLUMN, _RICH_CELL, _MERGE, _SHEET = 0, 19, 43, 44, 47, 60, 62, 176, 156
_CELLS_BEGIN, _CELLS_END, _FONTS_BEGIN, _FONTS_END, _STYLES_BEGIN, _STYLES_END = 145, 146, 611, 612, 617, 618
_FIRST_CELL, _FIRST_SHORT, _LAST_SHORT = 1, 12, 18
_SHORTENED = _FIRST_SHORT - _FIRST_CELL  # a short record's kind less that of the same record in full
_RK, _ERROR, _BOOLEAN, _REAL, _TEXT, _SHARED, _TEXT_RESULT, _REAL_RESULT, _BOOLEAN_RESULT, _ERROR_RESULT = range(2, 12)

_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_NO_TEXT = 0xFFFFFFFF
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x10, 0x01
_SHOWN_ZEROS = 0x10
_STRIKE = 0x08

Runs: TypeAlias = tuple[tuple[str, int], ...]  # (text, index of its font; -1 for that of the cell)


class _Lookups(NamedTuple):
    """The tables of a workbook that its cells refer to by index. strings: shared strings, those with fonts of their own
    as runs; fonts: how each draws (STRUCK, RAISED, LOWERED or ""); symbols: index → name of those with symbols; styles: (number format, "" for one that shows a
    number as stored; font) of each."""

    strings: list[str | Runs]
    fonts: list[str]
    symbols: dict[int, str]
    styles: list[tuple[str, int]]


def read_xlsb(content: bytes) -> Workbook:
    """The workbook in the bytes of an .xlsb file; raises UnreadableWorkbook."""
    with refusing():
        return _Binary(content).workbook()


class _Binary(Package):
    """The parts of one .xlsb workbook."""

    def workbook(self) -> Workbook:
        """The whole workbook."""
        main = next((path for kind, path in self.relations("").values() if kind == "officeDocument"), "xl/workbook.bin")
        relations = self.relations(main)
        targets = dict(relations.values())
        fonts, styles = _styles(self._part(targets.get("styles", "")))
        symbols = _symbol_fonts(self._part(targets.get("styles", "")))
        lookups = _Lookups(_strings(self._part(targets.get("sharedStrings", ""))), fonts, symbols, styles)
        properties = self.properties()
        helpers = HELPER_SHEETS if FORM_PROPERTY in properties else frozenset()
        read: list[tuple[Grid, SheetFormulas]] = []
        for name, identifier, hidden in _sheets(self._part(main)):
            kind, path = relations.get(identifier, ("", ""))
            if kind not in ("worksheet", "") or not identifier or name in helpers:
                continue  # chart, dialog and macro sheets hold no cells of a form
            content = self._part(path)
            if not content:
                raise UnreadableWorkbook(f"工作表“{name}”的内容缺失")
            read.append(_grid(content, name, hidden, lookups))
            read[-1][0].boxes = boxes_of(self, path, b"")
            if sum(len(grid.cells) for grid, _ in read) > MAXIMUM_CELLS:
                raise WorkbookTooLarge(f"有内容的单元格超过 {MAXIMUM_CELLS} 个")
        if not read:
            raise UnreadableWorkbook("里面没有工作表")
        note_formulas(read, _is_to_compute(self._part(main)))
        return Workbook([grid for grid, _ in read], self.saved(), properties)

    def _part(self, name: str) -> bytes:
        return self.read(name) or b"" if name else b""


# ---------------------------------------------------------------------------------------- records


def _records(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yields (kind, begin, end of its content) for every record (MS-XLSB 2.1.4). Raises WorkbookTooLarge for too many
    records, UnreadableWorkbook or IndexError for a part that is cut off."""
    position = count = 0
    size = len(content)
    while position < size:
        count += 1
        if count > MAXIMUM_RECORDS:
            raise WorkbookTooLarge(f"内容超过 {MAXIMUM_RECORDS} 条")
        kind = content[position]
        position += 1
        if kind >= 0x80:  # seven bits a byte, low bits first; the highest bit says that another byte follows
            kind = kind & 0x7F | (content[position] & 0x7F) << 7
            position += 1
        length = shift = 0
        while True:
            byte = content[position]
            position += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift > 21:
                break
        if position + length > size:
            raise UnreadableWorkbook("工作表的内容不完整")
        yield kind, position, position + length
        position += length


def _whole(content: bytes, position: int) -> int:
    """The unsigned number in the four bytes from `position`."""
    number: int = unpack_from("<I", content, position)[0]
    return number


def _text(content: bytes, position: int) -> tuple[str, int]:
    """(text, position behind it) of the string that begins at `position`; "" for a null string."""
    length = _whole(content, position)
    end = position + 4 + (0 if length == _NO_TEXT else 2 * length)
    if end > len(content):
        raise ValueError(position)
    if end > position + 4 + 2 * MAXIMUM_TEXT:
        raise WorkbookTooLarge(f"一个单元格里有 {length} 个字，上限 {MAXIMUM_TEXT} 个")
    return without_surrogates(content[position + 4 : end].decode("utf-16-le", "surrogatepass")), end


def _rich_text(content: bytes, position: int) -> str | Runs:
    """The text that begins at `position`, as runs where it has fonts of its own (MS-XLSB 2.5.121)."""
    text, end = _text(content, position + 1)
    if not content[position] & 1 or is_blank(text):
        return text
    count = _whole(content, end)
    runs = [unpack_from("<HH", content, end + 4 + 4 * number) for number in range(min(count, MAXIMUM_TEXT))]
    letters = text.encode("utf-16-le")  # the runs count in these units
    parts = [(letters[: 2 * runs[0][0]] if runs else letters, -1)]
    parts += [(letters[2 * begin : 2 * end], font) for (begin, font), (end, _) in pairwise([*runs, (len(letters), 0)])]
    return tuple((part.decode("utf-16-le", "replace"), font) for part, font in parts if part)


# ---------------------------------------------------------------------------------------- parts


def _sheets(content: bytes) -> list[tuple[str, str, bool]]:
    """(name, id of its relation, hidden) for every sheet."""
    sheets = []
    for kind, begin, _ in _records(content):
        if kind == _SHEET:
            identifier, end = _text(content, begin + 8)
            sheets.append((_text(content, end)[0], identifier, _whole(content, begin) != 0))
    if len(sheets) > MAXIMUM_PARTS:
        raise WorkbookTooLarge(f"有 {len(sheets)} 张工作表，上限 {MAXIMUM_PARTS} 张")
    return sheets


def _is_to_compute(content: bytes) -> bool:
    """True for a workbook whose formulas are to be computed on opening (fFullCalcOnLoad)."""
    return any(
        kind == _CALCULATION and end >= begin + 26 and content[begin + 24] & 1 for kind, begin, end in _records(content)
    )


def _strings(content: bytes) -> list[str | Runs]:
    """The shared strings by index."""
    return [_rich_text(content, begin) for kind, begin, _ in _records(content) if kind == _STRING]


def _styles(content: bytes) -> tuple[list[str], list[tuple[str, int]]]:
    """(how each font draws, number format and font of each style), as in `_Lookups`."""
    codes, inside = dict(BUILT_IN_FORMATS), 0
    fonts: list[str] = []
    styles: list[tuple[str, int]] = []
    for kind, begin, _ in _records(content):
        if kind == _FORMAT:
            codes[str(unpack_from("<H", content, begin)[0])] = _text(content, begin + 2)[0]
        elif kind in (_FONTS_BEGIN, _STYLES_BEGIN, _FONTS_END, _STYLES_END):
            inside = kind
        elif kind == _FONT and inside == _FONTS_BEGIN:
            flags, _, script = unpack_from("<HHH", content, begin + 2)
            fonts.append(STRUCK if flags & _STRIKE else ("", RAISED, LOWERED, "")[script & 3])
        elif kind == _STYLE and inside == _STYLES_BEGIN:
            number, font = unpack_from("<HH", content, begin + 2)
            code = codes.get(str(number), "")
            styles.append((code if shows_otherwise(code) else "", font))
    return fonts, styles


def _symbol_fonts(content: bytes) -> dict[int, str]:
    """Index → name of the fonts of a styles part (MS-XLSB 2.4.149) in which letters are signs."""
    names: list[str] = []
    inside = 0
    for kind, begin, end in _records(content):
        if kind in (_FONTS_BEGIN, _FONTS_END):
            inside = kind
        elif kind == _FONT and inside == _FONTS_BEGIN:
            has_name = end - begin >= 25 and begin + 25 + 2 * _whole(content, begin + 21) <= end
            names.append(_text(content, begin + 21)[0] if has_name else "")
    return {index: name for index, name in enumerate(names) if is_symbol_font(name)}


# ---------------------------------------------------------------------------------------- cells


def _grid(content: bytes, name: str, hidden: bool, lookups: _Lookups) -> tuple[Grid, SheetFormulas]:
    """The grid of a worksheet part, and its formulas."""
    sheet = _Sheet(Grid(name, hidden), lookups)
    inside = viewed = False
    for kind, begin, end in _records(content):
        if kind in (_CELLS_BEGIN, _CELLS_END):
            inside = kind == _CELLS_BEGIN
        elif kind == _COLUMN:
            sheet.add_column(content, begin)
        elif kind == _VIEW and not viewed:
            viewed = True
            sheet.formulas.hides_zeros = not content[begin] & _SHOWN_ZEROS
        elif kind == _MERGE:
            sheet.add_merge(content, begin)
        elif not inside:
            continue
        elif kind == _ROW:
            sheet.begin_row(content, begin)
        elif kind <= _LAST_SHORT or kind == _RICH_CELL:
            sheet.add_cell(kind, content[begin:end])
    return sheet.finished(), sheet.formulas


class _Sheet:
    """A grid as it is filled record by record."""

    def __init__(self, grid: Grid, lookups: _Lookups) -> None:
        self.grid = grid
        self.lookups = lookups
        self.row = self.column = 0
        self.row_hidden = False
        self.hidden_rows: dict[int, None] = {}
        self.struck = StruckCells(self.grid)
        self.hidden_columns: list[tuple[int, int]] = []
        self.merges: list[str] = []
        self.formulas = SheetFormulas()

    def begin_row(self, content: bytes, begin: int) -> None:
        self.row, self.column = _whole(content, begin) + 1, 0
        self.row_hidden = bool(unpack_from("<B", content, begin + 11)[0] & _HIDDEN_ROW)

    def add_column(self, content: bytes, begin: int) -> None:
        """A run of columns (MS-XLSB 2.4.332 BrtColInfo): first, last, width, style, flags."""
        first, last, width, _, flags = unpack_from("<4IH", content, begin)
        if flags & _HIDDEN_COLUMN or width == 0:
            self.hidden_columns.append((first + 1, last + 1))

    def add_merge(self, content: bytes, begin: int) -> None:
        top, bottom, left, right = unpack_from("<4I", content, begin)
        self.merges.append(f"{address_text((top + 1, left + 1))}:{address_text((bottom + 1, right + 1))}")

    def add_cell(self, kind: int, record: bytes) -> None:
        """One cell; `record`: its content. A short record stands to the right of the cell before."""
        if _FIRST_SHORT <= kind <= _LAST_SHORT:
            kind -= _SHORTENED
            self.column += 1
            body = 4
        else:
            self.column = _whole(record, 0) + 1
            body = 8
        style = _whole(record, body - 4) & 0xFFFFFF
        code, font = self.lookups.styles[style] if style < len(self.lookups.styles) else ("", 0)
        address = self.row, self.column
        value, struck = self._value(kind, record, body, code, font)
        if _TEXT_RESULT <= kind <= _ERROR_RESULT:
            self.formulas.cells[address] = Formula()
            if value is None:
                self.formulas.blank.add(address)
        if value is None:
            return
        if not (1 <= self.row <= LAST_ROW and self.column <= LAST_COLUMN):
            raise UnreadableWorkbook("有单元格在工作表的范围以外")
        if address in self.grid.cells:
            raise UnreadableWorkbook("同一个单元格写了两次")
        self.grid.cells[address] = value
        if struck:
            self.struck.cells.add(address)
        if self.row_hidden:
            self.hidden_rows[self.row] = None

    def _value(self, kind: int, record: bytes, body: int, code: str, font: int) -> tuple[Value | None, bool]:
        """(value, struck out) of a cell whose value begins at `body` of its record; None for a blank one."""
        if kind in (_TEXT, _TEXT_RESULT):
            return self._drawn_text(_text(record, body)[0], font)
        if kind == _SHARED:
            return self._drawn_text(self.lookups.strings[_whole(record, body)], font)
        if kind == _RICH_CELL:
            return self._drawn_text(_rich_text(record, body), font)
        value: Value | None = None
        if kind == _RK:
            value = _number(_compact_number(record, body), code)
        elif kind in (_REAL, _REAL_RESULT):
            value = _number(unpack_from("<d", record, body)[0], code)
        elif kind in (_ERROR, _ERROR_RESULT):
            value = OddValue("error", _ERRORS.get(record[body], "#ERROR"))
        elif kind in (_BOOLEAN, _BOOLEAN_RESULT):
            value = OddValue("boolean", "TRUE" if record[body] else "FALSE")
        return value, self._draws(font) == STRUCK

    def _drawn_text(self, text: str | Runs, font: int) -> tuple[Value | None, bool]:
        """(text, struck out) of a text in a cell with this font; None for a blank text."""
        runs: Iterable[tuple[str, int]] = [(text, -1)] if isinstance(text, str) else text
        if symbols := self.lookups.symbols:
            runs = [(seen_text(piece, symbols.get(font if own < 0 else own, "")), own) for piece, own in runs]
        drawn = [(piece, self._draws(font if own < 0 else own)) for piece, own in runs]
        if is_blank("".join(piece for piece, _ in drawn)):
            return None, False
        if len(drawn) == 1:
            return drawn[0][0], drawn[0][1] == STRUCK
        read = seen(drawn)
        if read.marked:
            self.grid.struck_parts[self.row, self.column] = read.marked
        return read.text, read.struck

    def _draws(self, font: int) -> str:
        return self.lookups.fonts[font] if font < len(self.lookups.fonts) else ""

    def finished(self) -> Grid:
        """The grid, with its merges and what else is known when every record was read."""
        note_merges(tuple(self.merges), self.grid)
        self.grid.hidden_rows = tuple(sorted(self.hidden_rows))
        self.struck.finish()
        self.grid.note_hidden_columns(self.hidden_columns)
        return self.grid


def _compact_number(content: bytes, position: int) -> float:
    """The number of an RK value (MS-XLSB 2.5.122): a whole number or the upper half of a double, either perhaps in
    hundredths."""
    packed = _whole(content, position)
    if packed & 2:
        number = float((packed - (packed >> 31 << 32)) >> 2)
    else:
        number = unpack_from("<d", bytes(4) + (packed & ~3).to_bytes(4, "little"))[0]
    return number / 100 if packed & 1 else number


def _number(number: float, code: str) -> Value:
    """A number, with its format where that shows it otherwise than stored."""
    if not math.isfinite(number):
        return OddValue("error", str(number))
    return OddValue("formatted", text_of(number), number, code) if code else number
