"""Compares a workbook before and after it was marked, so that a copy that would lose something is not handed out."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.writers.marked.allowed import PARTS
from pipeline.writers.marked.cells import cells_of
from pipeline.writers.marked.package import Package, SheetPart
from pipeline.writers.marked.xml import Element

Features = dict[tuple[str, str], object]  # (sheet or part, feature in Chinese) -> its content, to be compared

# A cell's format without its fill: number format, font, border, and the XML inside (alignment, protection).
CellFormat = tuple[str, tuple[bytes, ...], tuple[bytes, ...], bytes]

# The children of worksheet -> what a person calls them.
_OF_A_SHEET = {
    "mergeCells": "合并单元格",
    "dataValidations": "数据有效性",
    "cols": "列宽",
    "sheetFormatPr": "列宽",
    "conditionalFormatting": "条件格式",
    "sheetProtection": "保护",
    "protectedRanges": "保护",
    "autoFilter": "筛选",
    "printOptions": "打印设置",
    "pageMargins": "打印设置",
    "pageSetup": "打印设置",
    "headerFooter": "页眉页脚",
    "rowBreaks": "分页",
    "colBreaks": "分页",
    "drawing": "图片和图表",
    "tableParts": "表格",
    "extLst": "扩展内容",
    "hyperlinks": "链接",
    "sheetPr": "工作表属性",
}


def lost_features(before: Package, after: Package) -> list[str]:
    """The features that are missing or different in the marked workbook, in Chinese; [] when nothing is lost."""
    new = features_of(after)
    return sorted({name for (part, name), value in features_of(before).items() if new.get((part, name)) != value})


def features_of(package: Package) -> Features:
    """Every feature of a workbook that marking must keep, which is all but fills and notes."""
    formats = list(_formats(package))
    features: Features = {}
    for sheet in package.sheets():
        features |= {(sheet.name, name): value for name, value in _sheet_features(package, sheet, formats)}
    sheets = [sheet.get("name") for sheet in package.tree(package.main).all("sheet")]
    features["", "打印区域和名称"] = sorted(
        (name.get("name"), sheets[int(position)] if (position := name.get("localSheetId")) else "", name.words)
        for name in package.tree(package.main).all("definedName")
    )
    edited = {package.main, package.target(package.main, "styles"), package.target("", "custom-properties")}
    edited |= {sheet.part for sheet in package.sheets()} | {PARTS["core"].name}
    for part, content in package.parts.items():
        if part not in edited:
            features[part, "其他内容"] = content
    return features


def _sheet_features(package: Package, sheet: SheetPart, formats: list[CellFormat]) -> Iterator[tuple[str, object]]:
    """(feature, content) of one worksheet."""
    root, content = package.tree(sheet.part), package.parts[sheet.part]
    children: dict[str, bytes] = {}
    for child in root.children:
        if child.local in _OF_A_SHEET:
            name = _OF_A_SHEET[child.local]
            children[name] = children.get(name, b"") + content[child.start : child.end]
    yield from children.items()
    cells: dict[tuple[int, int], tuple[str, bytes]] = {}
    looks: dict[tuple[int, int], CellFormat | None] = {}
    for cell in cells_of(root):
        element = cell.element
        kind = element.attributes.get("t", "")
        if kind or element.children:
            inner = content[element.opened : element.closing] if element.children else b""
            style = int(element.attributes.get("s") or 0)
            cells[cell.row, cell.column] = kind, inner
            looks[cell.row, cell.column] = formats[style] if style < len(formats) else None
    yield "内容和公式", cells
    yield "数字格式和边框", looks
    contents = root.child("sheetData")
    rows = contents.children if contents else []
    yield "行高", {row.get("r"): row.get("ht") for row in rows if row.get("ht")}


def _formats(package: Package) -> Iterator[CellFormat]:
    """The formats of cells, in their order in the styles part."""
    part = package.target(package.main, "styles")
    if not part:
        return
    root = package.tree(part)
    codes = {entry.get("numFmtId"): entry.get("formatCode") for entry in root.all("numFmt")}
    written = {
        name: tuple(package.parts[part][entry.start : entry.end] for entry in _children(root, name))
        for name in ("fonts", "borders")
    }
    for entry in _children(root, "cellXfs"):
        number = entry.get("numFmtId", "0")
        font, border = int(entry.get("fontId") or 0), int(entry.get("borderId") or 0)
        inner = package.parts[part][entry.opened : entry.closing]
        yield (
            codes.get(number, number),
            written["fonts"][font : font + 1],
            written["borders"][border : border + 1],
            inner,
        )


def _children(root: Element, name: str) -> list[Element]:
    collection = root.child(name)
    return collection.children if collection else []
