"""Reads xlsx workbooks (ECMA-376 transitional and strict, any namespace prefix) from their XML parts.

No library is used, because one pass gives value, formula, stored result, error, number format and merges together. The
fast libraries return error cells and formulas without a result as blank ones and do not report number formats; openpyxl
is two hundred times slower (figures: docs/architecture.md).
"""

from __future__ import annotations

from functools import lru_cache
from xml.etree import ElementTree

from pipeline.model.stamps import FORM_PROPERTY, HELPER_SHEETS
from pipeline.readers.formats.boxes import boxes_of
from pipeline.readers.formats.formulas import SheetFormulas, note_formulas
from pipeline.readers.formats.limits import MAXIMUM_CELLS, UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.number_formats import BUILT_IN_FORMATS, hides_zero, shows_otherwise
from pipeline.readers.formats.package import MAXIMUM_PARTS, Package, Relations, refusing, tree_of
from pipeline.readers.formats.runs import STRUCK, draws
from pipeline.readers.formats.shared_strings import strings_of
from pipeline.readers.formats.worksheet import Lookups, Styles, read_sheet
from pipeline.readers.formats.xlsx_symbols import SymbolCells
from pipeline.readers.formats.xml_parts import SMALL, attribute, check_xml, local_name, namespace_of
from pipeline.readers.sheet.grid import Grid, Workbook


def read_workbook(content: bytes) -> Workbook:
    """The workbook in the bytes of an xlsx file; raises UnreadableWorkbook."""
    with refusing():
        return _Parts(content).workbook()


class _Parts(Package):
    """The parts of one OOXML workbook."""

    def workbook(self) -> Workbook:
        """The whole workbook."""
        main = next((path for kind, path in self.relations("").values() if kind == "officeDocument"), "xl/workbook.xml")
        tree = self.tree(main)
        if tree is None or local_name(tree.tag) != "workbook":
            raise UnreadableWorkbook("里面没有工作簿")
        relations = self.relations(main)
        targets = dict(relations.values())
        styles = self._styles(targets.get("styles"))
        lookups = Lookups.of(self._shared_strings(targets.get("sharedStrings")), styles)
        sheets = list(tree.iter(f"{namespace_of(tree.tag)}sheet"))
        if len(sheets) > MAXIMUM_PARTS:
            raise WorkbookTooLarge(f"有 {len(sheets)} 张工作表，上限 {MAXIMUM_PARTS} 张")
        properties = self.properties()
        helpers = HELPER_SHEETS if FORM_PROPERTY in properties else frozenset()
        read = self._grids(sheets, relations, lookups, helpers)
        if not read:
            raise UnreadableWorkbook("里面没有工作表")
        note_formulas(read, *_calculation(tree), (sheet.get("name", "") for sheet in sheets))
        return Workbook([grid for grid, _ in read], self.saved(), properties)

    def _grids(
        self, sheets: list[ElementTree.Element], relations: Relations, lookups: Lookups, helpers: frozenset[str]
    ) -> list[tuple[Grid, SheetFormulas]]:
        """The grids of the worksheets with their formulas, without the helper sheets of a blank form of ours (explanations and
        calculations: most of its cells, and none of them an answer)."""
        read: list[tuple[Grid, SheetFormulas]] = []
        cells = 0
        symbols = SymbolCells(self.styles_part, self.strings_part)
        for sheet in sheets:
            identifier = attribute(sheet, "id") or ""
            kind, path = relations.get(identifier, ("", ""))
            if kind not in ("worksheet", "") or not identifier:
                continue  # chart and dialog sheets hold no cells, and module sheets of old workbooks have no part
            name = sheet.get("name", "")
            content = self.read(path) if path else None
            if content is None:
                raise UnreadableWorkbook(f"工作表“{name}”的内容缺失")
            if name in helpers:
                check_xml(content)
                continue
            read.append(read_sheet(content, name, sheet.get("state", "visible") != "visible", lookups))
            grid, _ = read[-1]
            if symbols.any:
                symbols.note(content, grid)
            grid.boxes = boxes_of(self, path, content)
            cells += len(grid.cells)
            if cells > MAXIMUM_CELLS:
                raise WorkbookTooLarge(f"有内容的单元格超过 {MAXIMUM_CELLS} 个")
        return read

    def _shared_strings(self, part: str | None) -> list[str]:
        content = self.read(part) if part else None
        self.strings_part = content or b""
        return [] if content is None else strings_of(content)

    def _styles(self, part: str | None) -> Styles:
        content = self.read(part) if part else None
        self.styles_part = content or b""
        if content is None:
            return Styles([], frozenset())
        return _known_styles(content) if len(content) <= SMALL else _styles_of(content)


def _calculation(workbook: ElementTree.Element) -> tuple[bool, bool]:
    """(the results of formulas are to be computed on opening, or were not when the workbook was saved; they are stored
    as computed, not as shown), by calcPr (ECMA-376 part 1, 18.2.2)."""
    entry = workbook.find(f"{namespace_of(workbook.tag)}calcPr")
    given = {} if entry is None else entry.attrib
    to_compute = given.get("fullCalcOnLoad") in ("1", "true") or given.get("calcCompleted") in ("0", "false")
    return to_compute, given.get("fullPrecision") not in ("0", "false")


def _styles_of(content: bytes) -> Styles:
    """The styles of cells in a styles part."""
    tree = tree_of(content)
    namespace = namespace_of(tree.tag)
    custom = {entry.get("numFmtId"): entry.get("formatCode", "") for entry in tree.iter(f"{namespace}numFmt")}
    fonts = [draws(font, namespace) == STRUCK for font in tree.iterfind(f"{namespace}fonts/{namespace}font")]
    formats, struck = [], set()
    for index, style in enumerate(tree.iterfind(f"{namespace}cellXfs/{namespace}xf")):
        identifier = style.get("numFmtId", "0")
        code = custom.get(identifier) or BUILT_IN_FORMATS.get(identifier, "")
        formats.append(code if shows_otherwise(code) else "")
        font = style.get("fontId", "0")
        if font.isdecimal() and int(font) < len(fonts) and fonts[int(font)]:
            struck.add(index)
    return Styles(formats, frozenset(struck), any(map(hides_zero, formats)))


_known_styles = lru_cache(maxsize=256)(_styles_of)
