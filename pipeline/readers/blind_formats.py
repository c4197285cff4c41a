"""How .ods and .xlsb show the numbers in their cells, which the library that reads those formats does not tell.

An .ods says of every cell what kind of value it is and what stands on the screen, an .xlsb its number format.
"""

from __future__ import annotations

import math
import posixpath
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from pipeline.readers.extent import FIRST_CELL, LAST_CELL, ROW, number_at, records_of, repeated
from pipeline.readers.grid import Address, OddValue, number_text
from pipeline.readers.number_formats import BUILT_IN_FORMATS, code_of_screen, shows_otherwise
from pipeline.readers.worksheet import MAXIMUM_PIECES
from pipeline.readers.xml_parts import attribute, local_name, parse_part, pieces_of

OddCells = dict[Address, OddValue]
_OWN_CURRENCIES = ("", "CNY", "RMB")
_TRUTHS = {"TRUE": "TRUE", "真": "TRUE", "FALSE": "FALSE", "假": "FALSE"}
_FORMAT, _STYLE, _STYLES_BEGIN, _STYLES_END, _SHEET = 44, 47, 617, 618, 156  # kinds of record (MS-XLSB 2.3)
_MAIN = "xl/workbook.bin"


def odd_cells(parts: Mapping[str, bytes]) -> dict[str, OddCells]:
    """Sheet -> its cells whose number is shown otherwise than stored, and its logical values. Raises what the XML parser
    raises, ValueError or LookupError for broken content."""
    if "content.xml" in parts:
        return _tables(parts["content.xml"])
    formats = _formats(parts.get("xl/styles.bin", b""))
    return {name: _in_sheet(parts[part], formats) for name, part in _sheets(parts) if part in parts}


# ---------------------------------------------------------------------------------------- .ods


def _tables(content: bytes) -> dict[str, OddCells]:
    tables: dict[str, OddCells] = {}
    cells: OddCells = {}
    row = 0
    for element, _ in pieces_of(content, MAXIMUM_PIECES, lambda _, name: name in ("table-row", "table")):
        if local_name(element.tag) == "table":  # at its end, after its rows
            tables.setdefault(attribute(element, "name") or "", cells)
            cells, row = {}, 0
            continue
        times, column = repeated(element, "number-rows-repeated"), 0
        for cell in element:
            count = repeated(cell, "number-columns-repeated")
            value = _odd_value(cell) if attribute(cell, "value-type") else None
            if value is not None:
                places = ((line, place) for line in range(row, row + times) for place in range(column, column + count))
                cells |= {(line + 1, place + 1): value for line, place in places}
            column += count
        row += times
    return tables


def _odd_value(cell: ElementTree.Element) -> OddValue | None:
    """The cell's value when its number, or logical value, is to be asked about or remarked on."""
    kind = attribute(cell, "value-type")
    lines = ["".join(child.itertext()) for child in cell if local_name(child.tag) == "p"]
    screen = "\n".join(lines)
    if kind == "boolean":
        return OddValue("boolean", (attribute(cell, "boolean-value") or "").upper())
    if kind not in ("float", "percentage", "currency"):
        return None  # text; and dates and times, which the library tells
    if truth := _TRUTHS.get(screen.strip().upper()):
        return OddValue("boolean", truth)
    number = float(attribute(cell, "value") or "nan")
    if not math.isfinite(number):
        return None
    currency = attribute(cell, "currency") or ""
    if kind == "percentage":
        code = "0%"
    elif kind == "currency" and currency not in _OWN_CURRENCIES:
        code = f'"{currency}"0' if shows_otherwise(f'"{currency}"0') else "[$USD]0"
    else:
        code = code_of_screen(screen, number) if lines else ""
    return OddValue("formatted", number_text(number), number, code) if code else None


# ---------------------------------------------------------------------------------------- .xlsb


def _sheets(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """(name, part) of every sheet."""
    relations = parse_part(parts["xl/_rels/workbook.bin.rels"])
    targets = {entry.get("Id", ""): entry.get("Target", "") for entry in relations}
    for kind, place in records_of(parts[_MAIN]):
        if kind == _SHEET:
            identifier, place = _text(parts[_MAIN], place + 8)
            target = targets.get(identifier, "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            yield _text(parts[_MAIN], place)[0], posixpath.normpath(path).lower()


def _formats(content: bytes) -> list[str]:
    """Number format by style of a styles part, "" where it shows a number as it is stored."""
    codes, formats, in_styles = dict(BUILT_IN_FORMATS), [], False
    for kind, place in records_of(content):
        if kind == _FORMAT:
            codes[str(_short(content, place))] = _text(content, place + 2)[0]
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            in_styles = kind == _STYLES_BEGIN
        elif kind == _STYLE and in_styles:
            code = codes.get(str(_short(content, place + 2)), "")
            formats.append(code if shows_otherwise(code) else "")
    return formats


def _in_sheet(content: bytes, formats: list[str]) -> OddCells:
    """The cells of a sheet with a format that shows otherwise; their numbers are the library's to read."""
    cells: OddCells = {}
    row = 0
    for kind, place in records_of(content):
        if kind == ROW:
            row = number_at(content, place) + 1
        elif FIRST_CELL <= kind <= LAST_CELL:
            style = int.from_bytes(content[place + 4 : place + 7], "little")
            if style < len(formats) and formats[style]:
                cells[row, number_at(content, place) + 1] = OddValue("formatted", "", None, formats[style])
    return cells


def _short(content: bytes, place: int) -> int:
    return int.from_bytes(content[place : place + 2], "little")


def _text(content: bytes, place: int) -> tuple[str, int]:
    """The text that begins at `place`, and where it ends."""
    end = place + 4 + 2 * number_at(content, place)
    if end > len(content):
        raise ValueError(place)
    return content[place + 4 : end].decode("utf-16-le"), end
