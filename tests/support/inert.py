"""What may stand in an output: every part of a workbook, a page, a table, looked through for anything that is not text."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree

# What no output may hold as it is: control characters, marks of writing direction, what is no character.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
# The functions of our own formulas, all of them in Excel 2010.
FUNCTIONS = {
    "ABS",
    "AND",
    "AVERAGE",
    "CEILING",
    "CLEAN",
    "CODE",
    "COLUMN",
    "COLUMNS",
    "COUNT",
    "COUNTA",
    "COUNTBLANK",
    "COUNTIF",
    "COUNTIFS",
    "EXACT",
    "FALSE",
    "FIND",
    "HLOOKUP",
    "IF",
    "IFERROR",
    "INDEX",
    "INDIRECT",
    "INT",
    "ISBLANK",
    "ISERROR",
    "ISNUMBER",
    "ISTEXT",
    "LARGE",
    "LEFT",
    "LEN",
    "LOOKUP",
    "MATCH",
    "MAX",
    "MEDIAN",
    "MID",
    "MIN",
    "MOD",
    "N",
    "NA",
    "NOT",
    "OFFSET",
    "OR",
    "RANK",
    "REPLACE",
    "RIGHT",
    "ROUND",
    "ROUNDDOWN",
    "ROUNDUP",
    "ROW",
    "ROWS",
    "SMALL",
    "SUBSTITUTE",
    "SUM",
    "SUMIF",
    "SUMIFS",
    "SUMPRODUCT",
    "TEXT",
    "TRIM",
    "TRUE",
    "UPPER",
    "VALUE",
    "VLOOKUP",
}
_KNOWN_PARTS = re.compile(
    r"\[Content_Types\]\.xml|(?:.*/)?_rels/[^/]*\.rels|docProps/(?:core|app|custom)\.xml|xl/(?:workbook|styles|sharedStrings)\.xml|"
    r"xl/theme/theme1\.xml|xl/worksheets/sheet\d+\.xml|xl/drawings/(?:drawing\d+\.xml|vmlDrawing\d+\.vml)|xl/charts/chart\d+\.xml|xl/tables/table\d+\.xml|"
    r"xl/comments\d*\.xml|word/(?:document|styles|footer1)\.xml"
)
# What the text of a Word document may be made of: paragraphs, runs and tables, no field, link, picture or object.
_WORD = re.compile(
    "document|body|sectPr|footerReference|pgSz|pgMar|p|pPr|snapToGrid|spacing|ind|jc|r|rPr|rFonts|sz|szCs|t|tbl|tblPr|tblW|"
    "tblBorders|top|left|bottom|right|insideH|insideV|tblLayout|tblCellMar|tblGrid|gridCol|tr|trPr|cantSplit|tc|tcPr|tcW|"
    "vAlign|ftr|styles|docDefaults|rPrDefault|pPrDefault|lang|style|name"
)
_LIST = re.compile(r"下拉选项!\$[A-Z]+\$\d+:\$[A-Z]+\$\d+")  # what a list behind drop-downs is: cells of that sheet
_OWN_NAMES = ("_xlnm.Print_Titles", "_xlnm.Print_Area", "_xlnm._FilterDatabase")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_SHEET = re.compile(r"'(?:[^']|'')*'!|[\w（）]+!")
_CALL = re.compile(r"([A-Za-z_.][A-Za-z0-9_.]*)\(")
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]|^'|'$|_x[0-9A-Fa-f]{4}_")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def parts_of(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of a file and, of an archive or workbook, of everything packed in it."""
    if not content.startswith(b"PK"):
        yield name, content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            yield from parts_of(f"{name}!{entry.filename}", archive.read(entry))


def workbooks_of(name: str, content: bytes) -> Iterator[tuple[str, dict[str, bytes]]]:
    """(path, parts) of every workbook in a file."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
        if "[Content_Types].xml" in parts:
            yield name, parts
        else:
            for inner, packed in parts.items():
                yield from workbooks_of(f"{name}!{inner}", packed)


def acts_in(parts: dict[str, bytes], foreign: re.Pattern[str], marked_copy: bool = False) -> Iterator[str]:
    """What in a workbook is more than a value or a formula of ours. foreign: what formulas, names, links, properties and
    the like may not hold. Notes only in a marked copy."""
    for name, content in parts.items():
        if not _KNOWN_PARTS.fullmatch(name) or (("comments" in name or name.endswith(".vml")) and not marked_copy):
            yield f"{name}: a part that is not ours"
            continue
        root = ElementTree.fromstring(content)
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
        if name.endswith(".rels"):
            yield from (
                f"{name}: {entry.attrib}"
                for entry in root
                if entry.get("TargetMode") or foreign.search(str(entry.attrib))
            )
        elif name == "xl/workbook.xml":
            yield from _in_workbook(root, marked_copy, foreign)
        elif name.startswith("word/"):
            yield from (f"{name}: {entry.tag}" for entry in root.iter() if not _WORD.fullmatch(entry.tag))
        elif name.startswith("xl/worksheets/"):
            yield from (f"{name}: {found}" for found in _in_sheet(root, foreign))
        elif name.startswith(("docProps/custom", "xl/styles", "xl/theme")):
            yield from (
                f"{name}: {entry.text}"
                for entry in root.iter()
                if not marked_copy and foreign.search(f"{entry.text}{entry.attrib}")
            )
        if name.startswith(("xl/charts", "xl/drawings/drawing")):
            yield from (f"{name}: {entry.text}" for entry in root.iter("f") if foreign.search(entry.text or ""))


def _in_workbook(root: ElementTree.Element, marked_copy: bool, foreign: re.Pattern[str]) -> Iterator[str]:
    for sheet in root.iter("sheet"):
        name = sheet.get("name", "")
        if sheet.get("state", "visible") != "visible":
            yield f"sheet {name}: hidden"
        if not marked_copy and (len(name) > 31 or _NO_SHEET_NAME.search(name)):
            yield f"sheet {name}: no name that Excel takes, or not as it stands"
    for name in root.iter("definedName"):
        own = name.get("name") in _OWN_NAMES or (not marked_copy and _LIST.fullmatch(name.text or ""))
        if not own or name.get("function") or name.get("vbProcedure"):
            yield f"name {name.attrib}: {name.text}"
    for tag in ("externalReference", "pivotCache", "functionGroup", "webPublishing"):
        yield from (f"workbook: {tag}" for _ in root.iter(tag))


def _in_sheet(root: ElementTree.Element, foreign: re.Pattern[str]) -> Iterator[str]:
    yield from _foreign_parts(root)
    yield from _foreign_formulas(root, foreign)
    yield from _foreign_links(root, foreign)


def _foreign_parts(root: ElementTree.Element) -> Iterator[str]:
    for tag in ("oleObject", "control", "legacyDrawingHF", "customSheetView", "webPublishItem", "scenario"):
        yield from (tag for _ in root.iter(tag))
    for element in (*root.iter("row"), *root.iter("col")):
        if element.get("hidden") in ("1", "true"):
            yield f"hidden {element.tag} {element.get('r') or element.get('min')}"


def _foreign_formulas(root: ElementTree.Element, foreign: re.Pattern[str]) -> Iterator[str]:
    for tag in ("f", "formula", "formula1", "formula2", "oddHeader", "oddFooter"):
        for element in root.iter(tag):
            text = element.text or ""
            if foreign.search(text) or (tag not in ("oddHeader", "oddFooter") and (wrong := wrong_in_formula(text))):
                yield f"{tag}: {text[:200]} {wrong if not foreign.search(text) else ''}"
    for cell in root.iter("c"):
        if cell.find("f") is not None and foreign.search(cell.findtext("v") or ""):
            yield f"a formula's result: {cell.findtext('v')}"


def _foreign_links(root: ElementTree.Element, foreign: re.Pattern[str]) -> Iterator[str]:
    for link in root.iter("hyperlink"):
        if not link.get("location") or any(name.rpartition("}")[2] == "id" for name in link.attrib):
            yield f"link {link.attrib}"
        if foreign.search("".join(text for name, text in link.attrib.items() if name != "location")):
            yield f"link's words {link.attrib}"
    for rule in root.iter("dataValidation"):
        if foreign.search(str(rule.attrib)):
            yield f"rule {rule.attrib}"


def wrong_in_formula(formula: str) -> str:
    """What in a formula is not of our own kind: a function, another file, DDE; "" when nothing is."""
    bare = _SHEET.sub("", _QUOTED.sub('""', formula))
    if found := re.search(r"[|\[\]{}@#\\]", bare):
        return found[0]
    return " ".join(sorted(set(_CALL.findall(bare)) - FUNCTIONS))


def shown_in(parts: dict[str, bytes]) -> dict[tuple[str, str], str]:
    """(sheet, cell) → the text that Excel shows there, escapes decoded, for every cell that holds one; of a Word document
    ("", paragraph) → its text."""
    if "word/document.xml" in parts:
        paragraphs = (
            entry for entry in ElementTree.fromstring(parts["word/document.xml"]).iter() if entry.tag.endswith("}p")
        )
        texts = ("".join(text.text or "" for text in entry.iter() if text.tag.endswith("}t")) for entry in paragraphs)
        return {("", str(number)): text for number, text in enumerate(texts, 1) if text}
    strings = []
    if "xl/sharedStrings.xml" in parts:
        strings = [
            "".join(text.text or "" for text in entry.iter() if text.tag.endswith("}t"))
            for entry in ElementTree.fromstring(parts["xl/sharedStrings.xml"])
        ]
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    targets = {
        entry.get("Id"): entry.get("Target", "")
        for entry in ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    }
    found = {}
    for sheet in book.iter():
        if not sheet.tag.endswith("}sheet"):
            continue
        target = targets[next(value for name, value in sheet.attrib.items() if name.endswith("}id"))]
        root = ElementTree.fromstring(parts[target.removeprefix("/") if target.startswith("/") else f"xl/{target}"])
        for cell in root.iter():
            if cell.tag.endswith("}c") and (kind := cell.get("t")) in ("s", "inlineStr", "str"):
                text = "".join(part.text or "" for part in cell.iter() if part.tag.rpartition("}")[2] in ("v", "t"))
                if text:
                    found[sheet.get("name", ""), cell.get("r", "")] = decoded(
                        strings[int(text)] if kind == "s" else text
                    )
    return found


def decoded(text: str) -> str:
    """A text as Excel shows what is stored: _xHHHH_ read from left to right, each once."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


class Tags(HTMLParser):
    """Counts a page's tags with the names of their attributes; keeps its text, comments and the values of attributes."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.kinds: Counter[str] = Counter()
        self.values: list[str] = []
        self.words: list[str] = []
        self.others: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.kinds[f"{tag} {' '.join(sorted(name for name, _ in attrs))}"] += 1
        self.values += [value or "" for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)
