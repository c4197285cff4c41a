"""Symbol fonts of an .xlsx: the texts of the cells and runs that are drawn in one, as they are seen."""

from __future__ import annotations

from xml.etree import ElementTree

from pipeline.readers.formats.limits import MAXIMUM_PIECES
from pipeline.readers.formats.plain_sheet import column_number
from pipeline.readers.formats.runs import unescaped
from pipeline.readers.formats.symbols import is_symbol_font, may_name_symbol_fonts, seen_runs
from pipeline.readers.formats.xml_parts import attribute, local_name, parse_xml, pieces_of
from pipeline.readers.sheet.grid import Address, Grid

Runs = list[tuple[str, str]]  # (text, font, "" for that of the cell)


class SymbolCells:
    """Which cells of a workbook are drawn in symbol fonts. styles, strings: the content of these parts."""

    def __init__(self, styles: bytes, strings: bytes) -> None:
        self.fonts = _fonts_of(styles) if may_name_symbol_fonts(styles) else {}
        in_runs = may_name_symbol_fonts(strings)
        self.strings = strings if self.fonts or in_runs else b""
        self.items: list[ElementTree.Element] | None = None

    @property
    def any(self) -> bool:
        """True when some cell or run may be drawn in a symbol font."""
        return bool(self.fonts or self.strings)

    def note(self, sheet: bytes, grid: Grid) -> None:
        """Replaces the texts of a sheet's cells by what is seen of them. sheet: the content of its part, which was read
        before."""
        row_number = 0
        for row, _ in pieces_of(sheet, MAXIMUM_PIECES, lambda path, name: name == "row" and len(path) == 2):
            row_number = int(row.get("r") or row_number + 1)
            column = 0
            for cell in row:
                letters = (cell.get("r") or "").rstrip("0123456789").upper()
                column = column_number(letters) if letters else column + 1
                self._note_cell(cell, (row_number, column), grid)

    def _note_cell(self, cell: ElementTree.Element, address: Address, grid: Grid) -> None:
        base = self.fonts.get(cell.get("s", "0"), "")
        kind = cell.get("t", "n")
        if kind not in ("s", "str", "inlineStr") or not isinstance(grid.cells.get(address), str):
            return
        runs = self._runs_of(cell, kind)
        if runs and any(is_symbol_font(font or base) for _, font in runs):
            grid.cells[address] = seen_runs((text, font or base) for text, font in runs)

    def _runs_of(self, cell: ElementTree.Element, kind: str) -> Runs:
        value = next((child for child in cell if local_name(child.tag) == ("is" if kind == "inlineStr" else "v")), None)
        if value is None:
            return []
        if kind == "s":
            if self.items is None:
                self.items = [item for item in parse_xml(self.strings) if local_name(item.tag) == "si"]
            return _runs(self.items[int(value.text or "0")])
        return _runs(value) if kind == "inlineStr" else [(unescaped(value.text or ""), "")]


def _runs(item: ElementTree.Element) -> Runs:
    """The runs of a string item or inline string."""
    runs: Runs = []
    for child in item:
        name = local_name(child.tag)
        if name == "t":
            runs.append((unescaped(child.text or ""), ""))
        elif name == "r":
            text = "".join(part.text or "" for part in child if local_name(part.tag) == "t")
            fonts = [attribute(part, "val") or "" for part in child.iter() if local_name(part.tag) == "rFont"]
            runs.append((unescaped(text), fonts[0] if fonts else ""))
    return runs


def _fonts_of(styles: bytes) -> dict[str, str]:
    """Index of a style of cells → its font, for those with a symbol font."""
    tree = parse_xml(styles)
    fonts: list[str] = []
    named: dict[str, str] = {}
    for part in tree:
        if local_name(part.tag) == "fonts":
            for entry in part:
                names = [attribute(given, "val") or "" for given in entry if local_name(given.tag) == "name"]
                fonts.append(names[0] if names else "")
        elif local_name(part.tag) == "cellXfs":
            for index, style in enumerate(part):
                font_index = style.get("fontId", "0")
                font = fonts[int(font_index)] if font_index.isdecimal() and int(font_index) < len(fonts) else ""
                if is_symbol_font(font):
                    named[str(index)] = font
    return named
