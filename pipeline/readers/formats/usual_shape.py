"""Gives the text of a worksheet part the shape that most programs write: elements without prefix, no white space between
them, cells that say where they stand. Only what says nothing is changed; the part must be well formed as it came, which the caller checks."""

from __future__ import annotations

import re

from pipeline.readers.sheet.grid import column_letters

_MAIN = r"http://(?:schemas\.openxmlformats\.org/spreadsheetml/2006|purl\.oclc\.org/ooxml/spreadsheetml)/main"
_PREFIXED_ROOT = re.compile(
    rf'(?:<\?xml[^<>]*\?>)?\s*<(\w+):worksheet(?: xmlns:\w+="[^"<>&]*")*? (xmlns:\1="({_MAIN})")[ >]'
)
_WITHOUT_PREFIX = re.compile(r"</?[^<>:/?\s]+[\s/>]")
_SPACE = re.compile(r">[ \t\r\n]+<(?!/[vtf]>)")
_REFERENCE = re.compile(r"<c\s(?:[^<>]*\s)?r\s*=")
_ROW = re.compile(r"<row[\s/>]")
_PLAIN_ROW = re.compile(r'<row(?: r="([1-9][0-9]{0,6})")?(?:(?: (?!r=)[\w:]+="[^"<>]*")*)/?>')
_ROW_OR_CELL = re.compile(rf"<c(?=[ />])|{_PLAIN_ROW.pattern}")


def usual_shape(text: str) -> str:
    """The text in the usual shape; the same text when it is in that shape, or in one that is not known here."""
    root = _PREFIXED_ROOT.match(text)
    if root is not None:
        text = _without_prefix(text, root)
    begin = text.find("<sheetData>") + len("<sheetData>")
    is_spaced, is_referred = text[begin : begin + 1] in (" ", "\t", "\r", "\n"), '<c r="' in text
    if (is_referred and not is_spaced) or "<!" in text:
        return text
    if is_spaced:
        text = _SPACE.sub("><", text)
    return text if is_referred else _with_references(text)


def _without_prefix(text: str, root: re.Match[str]) -> str:
    """The text with the prefix of its root taken off its elements, unless elements of other namespaces have none. In
    well-formed XML without comments a `<` begins a tag."""
    if "<!" in text or text.find("<?", 1) >= 0 or ' xmlns="' in text or _WITHOUT_PREFIX.search(text):
        return text
    name, (start, end) = root.end(1) + len(":worksheet"), root.span(2)
    declared = f'{text[:name]} xmlns="{root[3]}"{text[name:start].rstrip(" ")}{text[end:]}'
    return declared.replace(f"<{root[1]}:", "<").replace(f"</{root[1]}:", "</")


def _with_references(text: str) -> str:
    """The text with a reference for every cell, when none has one: to the right of the cell before, in its row, which
    follows the row before or says its number. In well-formed XML with as many `<` as `>` each `<…>` is a tag."""
    start, end = text.find("<sheetData>"), text.rfind("</sheetData>")
    rows = text[start:end]
    if not 0 <= start < end or _REFERENCE.search(rows) or rows.count("<") != rows.count(">"):
        return text
    if len(_ROW.findall(rows)) != len(_PLAIN_ROW.findall(rows)):
        return text  # some row says its number in another way
    row = column = 0

    def referred(tag: re.Match[str]) -> str:
        nonlocal row, column
        if tag[0] == "<c":
            column += 1
            return f'<c r="{column_letters(column)}{row}"'
        row, column = int(tag[1] or row + 1), 0
        return tag[0]

    return f"{text[:start]}{_ROW_OR_CELL.sub(referred, rows)}{text[end:]}"
