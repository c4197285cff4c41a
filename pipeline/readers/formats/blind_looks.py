"""How .ods and .xlsb show the numbers in their cells, which the library that reads those formats does not tell.

An .ods says of every cell what kind of value it is and what stands on the screen, an .xlsb its number format.
"""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from xml.etree import ElementTree

from pipeline.readers.formats.blind_extent import FIRST_CELL, LAST_CELL, ROW, number_at, records_of, repeated
from pipeline.readers.formats.limits import MAXIMUM_PIECES
from pipeline.readers.formats.number_formats import BUILT_IN_FORMATS, SCALED, shows_otherwise
from pipeline.readers.formats.runs import LOWERED, RAISED, STRUCK, joined_runs
from pipeline.readers.formats.xml_parts import attribute, local_name, parse_part, pieces_of
from pipeline.readers.sheet.grid import Address, OddValue, text_of

OddCells = dict[Address, OddValue | str]
_TRUTHS = {"TRUE": "TRUE", "真": "TRUE", "FALSE": "FALSE", "假": "FALSE"}
_FORMAT, _STYLE, _STYLES_BEGIN, _STYLES_END, _SHEET = 44, 47, 617, 618, 156  # kinds of record (MS-XLSB 2.3)
_MAIN = "xl/workbook.bin"
_NO_TEXT = 0xFFFFFFFF
MAXIMUM_SCREEN = 100  # characters of what is on the screen
_ON_SCREEN = re.compile(r"[¥￥$€£(\-−－]*([0-9][0-9,]*(?:\.[0-9]+)?)(?:E([+-]?[0-9]{1,3}))?\)?", re.I)
_FRACTION = re.compile(r"-?(?:[0-9]+ +)?[0-9]+/[0-9]+")
_FIRST_NUMBER = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)()")


def odd_cells(parts: Mapping[str, bytes]) -> dict[str, OddCells]:
    """Sheet -> its cells whose number is shown otherwise than stored, its logical values, and the texts of an .ods with
    something struck out or raised, as `joined_runs`. Raises what the XML parser raises, ValueError or LookupError for
    broken content."""
    if "content.xml" in parts:
        return _tables(parts["content.xml"])
    formats = _formats(parts.get("xl/styles.bin", b""))
    return {name: _in_sheet(parts[part], formats) for name, part in _sheets(parts) if part in parts}


# ---------------------------------------------------------------------------------------- .ods


def _tables(content: bytes) -> dict[str, OddCells]:
    tables: dict[str, OddCells] = {}
    cells: OddCells = {}
    drawn: dict[str, str] = {}
    row = 0
    for element, _ in pieces_of(content, MAXIMUM_PIECES, lambda _, name: name in ("table-row", "table", "style")):
        if local_name(element.tag) == "style":
            drawn |= _drawn_style(element)
            continue
        if local_name(element.tag) == "table":  # at its end, after its rows
            tables.setdefault(attribute(element, "name") or "", cells)
            cells, row = {}, 0
            continue
        times, column = repeated(element, "number-rows-repeated"), 0
        for cell in element:
            count = repeated(cell, "number-columns-repeated")
            value = _odd_value(cell, drawn) if attribute(cell, "value-type") else None
            if value is not None:
                places = ((line, place) for line in range(row, row + times) for place in range(column, column + count))
                cells |= {(line + 1, place + 1): value for line, place in places}
            column += count
        row += times
    return tables


def _drawn_style(style: ElementTree.Element) -> dict[str, str]:
    """The name of a style of text -> how it is drawn, nothing for the usual ones."""
    for properties in style if attribute(style, "family") == "text" else ():
        lines = (attribute(properties, f"text-line-through-{name}") for name in ("type", "style"))
        if any(line not in (None, "none") for line in lines):
            return {attribute(style, "name") or "": STRUCK}
        position = (attribute(properties, "text-position") or "0%").partition(" ")[0]  # super 58%, 33% 58%, -33% 58%
        if position.rstrip("0.%"):
            return {attribute(style, "name") or "": LOWERED if position.startswith(("sub", "-")) else RAISED}
    return {}


def _marked_text(cell: ElementTree.Element, drawn: Mapping[str, str]) -> str | None:
    """The text of a cell with what is struck out or raised marked, None where nothing is."""
    runs = []
    for line in cell:
        if local_name(line.tag) == "p":
            runs += [("\n" if runs else "", ""), (line.text or "", "")]
            for span in line:
                runs.append(("".join(span.itertext()), drawn.get(attribute(span, "style-name") or "", "")))
                runs.append((span.tail or "", ""))
    text = joined_runs(runs)
    return text if text != "".join(piece for piece, _ in runs) else None


def _odd_value(cell: ElementTree.Element, drawn: Mapping[str, str]) -> OddValue | str | None:
    """The cell's value when its number, its logical value or its text is to be asked about or remarked on."""
    kind = attribute(cell, "value-type")
    lines = ["".join(child.itertext()) for child in cell if local_name(child.tag) == "p"]
    screen = "\n".join(lines)
    if kind == "boolean":
        return OddValue("boolean", (attribute(cell, "boolean-value") or "").upper())
    if kind == "string":
        return _marked_text(cell, drawn) if drawn else None
    if kind not in ("float", "percentage", "currency"):
        return None  # dates and times, which the library tells
    if truth := _TRUTHS.get(screen.strip().upper()):
        return OddValue("boolean", truth)
    number = float(attribute(cell, "value") or "nan")
    if not math.isfinite(number):
        return None
    code = "0%" if kind == "percentage" else code_of_screen(screen, number) if lines else ""
    return OddValue("formatted", text_of(number), number, code) if code else None


def code_of_screen(text: str, number: float) -> str:
    """A code by which `number` is shown as `text`, "" when that is only rounding, separators or a sign of money."""
    if text == repr(number).removesuffix(".0"):
        return ""
    compact = "".join(text.split())
    whole = _ON_SCREEN.fullmatch(compact)
    nothing = number == 0 and compact in ("", "-")
    if nothing or (whole and _is_about(whole, number)) or _FRACTION.fullmatch(text.strip()):
        return ""
    first = _FIRST_NUMBER.search(compact)
    if "%" in compact and first and _is_about(first, number * 100):
        return "0%"
    literal = not whole and compact and (first is None or _is_about(first, number))
    quoted = '"' + text[:MAXIMUM_SCREEN].replace('"', "”") + '"'
    return ("0;" if number < 0 else "") + ("" if literal else SCALED) + quoted


def _is_about(match: re.Match[str], number: float) -> bool:
    """True when the number on the screen (digits, exponent) is `number` rounded, its sign apart."""
    exponent = int(match[2] or 0)
    last_place = exponent - len(match[1].partition(".")[2])
    on_screen = Decimal(match[1].replace(",", "")).scaleb(exponent)
    return abs(on_screen - abs(Decimal(repr(number)))) <= Decimal("0.501").scaleb(last_place)


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
    """The text that begins at `place` ("" for none at all), and where it ends."""
    length = number_at(content, place)
    end = place + 4 + (0 if length == _NO_TEXT else 2 * length)
    if end > len(content):
        raise ValueError(place)
    return content[place + 4 : end].decode("utf-16-le"), end
