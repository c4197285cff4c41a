"""Reads .ods workbooks (ODF 1.0 to 1.3) from content.xml: value, displayed text, error and style of each cell, merges,
hidden rows, and of the settings whether zeros are shown. Parts that nobody needs (macros) are not looked at."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from itertools import product
from xml.etree import ElementTree

from pipeline.model.stamps import FORM_PROPERTY, HELPER_SHEETS
from pipeline.readers.formats.encryption import PasswordProtected
from pipeline.readers.formats.formulas import Formula, SheetFormulas, note_formulas
from pipeline.readers.formats.limits import MAXIMUM_CELLS, MAXIMUM_PIECES, UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.ods_boxes import OdsBoxes
from pipeline.readers.formats.ods_cells import OdsCell, attributes_of, read_cell
from pipeline.readers.formats.ods_styles import OdsStyles
from pipeline.readers.formats.ods_symbols import OdsFonts
from pipeline.readers.formats.package import Package, refusing
from pipeline.readers.formats.struck import StruckCells
from pipeline.readers.formats.worksheet import note_merges
from pipeline.readers.formats.xml_parts import attribute, local_name, pieces_of, refuse_doctype
from pipeline.readers.sheet.grid import LAST_COLUMN, LAST_ROW, Address, Grid, Workbook, address_text

_NO_ZEROS = re.compile(rb'"ShowZeroValues"[^<>]*>\s*false\s*<')
_PIECES = ("table-row", "table-column", "style", "font-face", "forms", "table")
_CELLS = ("table-cell", "covered-table-cell")
_UNSEEN = ("collapse", "filter")
_GROUPS = {"table-row-group", "table-header-rows", "table-rows"} | {
    "table-column-group",
    "table-header-columns",
    "table-columns",
}


def read_ods(content: bytes) -> Workbook:
    """The workbook in the bytes of an .ods file; raises UnreadableWorkbook or PasswordProtected."""
    with refusing():
        return _OpenDocument(content).workbook()


class _OpenDocument(Package):
    """The parts of one .ods workbook."""

    def workbook(self) -> Workbook:
        """The whole workbook."""
        content = self.read("content.xml")
        if self._is_locked(content):
            raise PasswordProtected
        if content is None:
            raise UnreadableWorkbook("里面没有工作簿")
        refuse_doctype(content)
        styles = OdsStyles()
        tree = self.tree("styles.xml")
        fonts = OdsFonts()
        for child in () if tree is None else tree:
            if local_name(child.tag) == "styles":
                styles.add(child)
            for entry in child if local_name(child.tag) in ("styles", "font-face-decls") else ():
                (fonts.add_face if local_name(entry.tag) == "font-face" else fonts.add_style)(entry)
        saved, properties = self._properties()
        helpers = HELPER_SHEETS if FORM_PROPERTY in properties else frozenset()
        tables = _Tables(styles, fonts)
        tables.read(content)
        sheets = [(grid, formulas) for grid, formulas in tables.read_sheets if grid.name not in helpers]
        if not sheets:
            raise UnreadableWorkbook("里面没有工作表")
        if self._hides_zeros():
            for _, formulas in sheets:
                formulas.hides_zeros = True
        note_formulas(sheets)
        return Workbook([grid for grid, _ in sheets], saved, properties)

    def _is_locked(self, content: bytes | None) -> bool:
        """True when the workbook is encrypted: part by part, or as a package in the package."""
        if content is None:
            return "encrypted-package" in self.entries
        manifest = self.read("META-INF/manifest.xml") or b""
        return b"encryption-data" in manifest and not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")

    def _hides_zeros(self) -> bool:
        """True for a workbook that shows no zeros. Settings that cannot be read say nothing."""
        try:
            return _NO_ZEROS.search(self.read("settings.xml") or b"") is not None
        except (UnreadableWorkbook, zlib.error):
            return False

    def _properties(self) -> tuple[str, dict[str, str]]:
        """(time of the last saving, custom properties: name -> value)."""
        tree = self.tree("meta.xml")
        saved, properties = "", {}
        for entry in () if tree is None else tree.iter():
            if local_name(entry.tag) == "date" and "purl.org/dc" in entry.tag:
                saved = entry.text or ""
            elif local_name(entry.tag) == "user-defined":
                properties[attribute(entry, "name") or ""] = entry.text or ""
        return saved, properties


class _Tables:
    """The sheets of a content.xml, read piece by piece."""

    def __init__(self, styles: OdsStyles, fonts: OdsFonts) -> None:
        self.styles, self.fonts = styles, fonts
        self.read_sheets: list[tuple[Grid, SheetFormulas]] = []
        self.count = 0
        self._begin()

    def read(self, content: bytes) -> None:
        for element, _ in pieces_of(content, MAXIMUM_PIECES, _is_piece):
            name = local_name(element.tag)
            if name == "style":
                self.styles.add((element,))
                self.fonts.add_style(element)
            elif name == "font-face":
                self.fonts.add_face(element)
            elif name == "table-column":
                self._column(attributes_of(element))
            elif name == "table-row":
                self._row(element)
            elif name == "forms":
                self.boxes.add_forms(element)
            else:  # the table itself, which ends after its rows
                self._end(attributes_of(element))

    def _begin(self) -> None:
        self.grid = Grid("")
        self.row = 0
        self.column_styles: list[tuple[int, str]] = []  # (last column, style of its cells), left to right
        self.hidden_rows: list[int] = []
        self.struck = StruckCells(self.grid)
        self.hidden_columns: list[tuple[int, int]] = []
        self.boxes = OdsBoxes()
        self.formulas = SheetFormulas()
        self.doubtful: set[Address] = set()
        self.merges: list[str] = []

    def _end(self, given: Mapping[str, str]) -> None:
        self.grid.name = given.get("name", "")
        self.grid.hidden = self.styles.hides(given.get("style-name", ""))
        note_merges(tuple(self.merges), self.grid)
        self.grid.hidden_rows = tuple(self.hidden_rows)
        self.struck.finish()
        self.grid.note_hidden_columns(self.hidden_columns)
        self.grid.boxes = self.boxes.all()
        if not (self.grid.name.startswith("'") and "'#" in self.grid.name):  # a copy kept of another file's cells
            self.grid.doubtful = frozenset(self.doubtful)
            self.read_sheets.append((self.grid, self.formulas))
        self._begin()

    def _column(self, given: Mapping[str, str]) -> None:
        last = self.column_styles[-1][0] if self.column_styles else 0
        style = given.get("default-cell-style-name", "")
        end = last + _repeated(given, "number-columns-repeated")
        self.column_styles.append((end, style))
        if given.get("visibility") in _UNSEEN:
            self.hidden_columns.append((last + 1, end))

    def _style_of(self, given: Mapping[str, str], row_style: str, column: int) -> str:
        """The style of a cell: its own, else its row's, else its column's."""
        if style := given.get("style-name") or row_style:
            return style
        return next((style for last, style in self.column_styles if column <= last), "")

    def _row(self, row: ElementTree.Element) -> None:
        of_row = attributes_of(row)
        times = _repeated(of_row, "number-rows-repeated")
        before, column = self.count, 0
        for cell in row:
            name = local_name(cell.tag)
            if name not in _CELLS:
                continue
            given = attributes_of(cell)
            columns = _repeated(given, "number-columns-repeated")
            if name == "table-cell":
                style = self._style_of(given, of_row.get("default-cell-style-name", ""), column + 1)
                if "formula" in given:
                    self.formulas.cells[self.row + 1, column + 1] = Formula()
                self._put(read_cell(cell, given, style, self.styles), (self.row + 1, column + 1), times, columns)
                self._merge(given, (self.row + 1, column + 1))
                self._note_symbols(cell, style, (self.row + 1, column + 1), times, columns)
                self.boxes.draw(cell, (self.row + 1, column + 1))
            column += columns
        if self.count > before and of_row.get("visibility") in _UNSEEN:
            self.hidden_rows += range(self.row + 1, self.row + times + 1)
        self.row += times

    def _put(self, read: OdsCell, address: Address, rows: int, columns: int) -> None:
        """Adds a cell that stands in so many rows and columns from the address."""
        if read.value is None and not read.doubtful:
            return
        if address[0] + rows - 1 > LAST_ROW or address[1] + columns - 1 > LAST_COLUMN:
            raise UnreadableWorkbook("有单元格在工作表的范围以外")
        self.count += rows * columns
        if self.count > MAXIMUM_CELLS:
            raise WorkbookTooLarge(f"有内容的单元格超过 {MAXIMUM_CELLS} 个")
        if rows == columns == 1:
            area: Iterable[Address] = (address,)
        else:
            area = product(range(address[0], address[0] + rows), range(address[1], address[1] + columns))
        for each in area:
            if read.value is None:
                self.doubtful.add(each)
                continue
            self.grid.cells[each] = read.value
            if read.struck:
                self.struck.cells.add(each)
            if read.marked:
                self.grid.struck_parts[each] = read.marked

    def _note_symbols(self, cell: ElementTree.Element, style: str, address: Address, rows: int, columns: int) -> None:
        """Replaces the text of a cell that is drawn in a symbol font, in all the rows and columns it stands for."""
        if not self.fonts.any or not isinstance(self.grid.cells.get(address), str):
            return
        if seen := self.fonts.seen_in(cell, style):
            for row, column in product(range(rows), range(columns)):
                self.grid.cells[address[0] + row, address[1] + column] = seen

    def _merge(self, given: Mapping[str, str], address: Address) -> None:
        if "number-rows-spanned" not in given and "number-columns-spanned" not in given:
            return
        rows, columns = _repeated(given, "number-rows-spanned"), _repeated(given, "number-columns-spanned")
        if rows > 1 or columns > 1:
            end = min(address[0] + rows - 1, LAST_ROW), min(address[1] + columns - 1, LAST_COLUMN)
            self.merges.append(f"{address_text(address)}:{address_text(end)}")


def _is_piece(path: list[ElementTree.Element], name: str) -> bool:
    """True for styles, and for the sheets, their columns and rows. path: the ancestors."""
    if name not in _PIECES:
        return False
    if name in ("style", "font-face"):
        return len(path) == 2
    inside = [local_name(ancestor.tag) for ancestor in path[2:]]
    if inside[:1] != ["spreadsheet"]:
        return False
    return len(inside) == 1 if name == "table" else inside[1:2] == ["table"] and set(inside[2:]) <= _GROUPS


def _repeated(given: Mapping[str, str], name: str) -> int:
    """How many rows or cells an element stands for; raises ValueError for a number below 1."""
    text = given.get(name)
    if text is None:
        return 1
    if int(text) < 1:
        raise ValueError(text)
    return int(text)
