"""How an .ods or .xlsb workbook displays the numbers in its cells, which calamine does not report.

An .ods holds for every cell the kind of its value and the displayed text, an .xlsb its number format.
"""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product
from typing import TypeAlias
from xml.etree import ElementTree

from pipeline.readers.formats.blind_extent import FIRST_CELL, LAST_CELL, ROW, number_at, records_of, repeated
from pipeline.readers.formats.limits import MAXIMUM_PIECES
from pipeline.readers.formats.number_formats import BUILT_IN_FORMATS, SCALED, shows_otherwise
from pipeline.readers.formats.runs import LOWERED, RAISED, STRUCK, joined_runs
from pipeline.readers.formats.xml_parts import attribute, local_name, parse_part, pieces_of
from pipeline.readers.sheet.grid import Address, OddValue, text_of

OddCells: TypeAlias = dict[Address, OddValue | str]
_TRUTHS = {"TRUE": "TRUE", "真": "TRUE", "FALSE": "FALSE", "假": "FALSE"}
_FORMAT, _STYLE, _STYLES_BEGIN, _STYLES_END, _SHEET = 44, 47, 617, 618, 156  # kinds of record (MS-XLSB 2.3)
_MAIN = "xl/workbook.bin"
_NO_TEXT = 0xFFFFFFFF
MAXIMUM_DISPLAYED = 100  # characters of a displayed text that are kept
_DISPLAYED_NUMBER = re.compile(r"[¥￥$€£(\-−－]*([0-9][0-9,]*(?:\.[0-9]+)?)(?:E([+-]?[0-9]{1,3}))?\)?", re.I)
_FRACTION = re.compile(r"-?(?:[0-9]+ +)?[0-9]+/[0-9]+")
_FIRST_NUMBER = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)()")


def odd_cells(parts: Mapping[str, bytes]) -> dict[str, OddCells]:
    """Sheet -> address -> the value of each cell whose number is displayed otherwise than stored, of each logical cell,
    and of each text of an .ods with something struck out or raised, as `joined_runs` marks it. parts: name -> bytes.
    Raises what the XML parser raises, ValueError or LookupError for broken content."""
    if "content.xml" in parts:
        return _tables(parts["content.xml"])
    formats = _formats(parts.get("xl/styles.bin", b""))
    return {name: _in_sheet(parts[part], formats) for name, part in _sheets(parts) if part in parts}


# ---------------------------------------------------------------------------------------- .ods


def _tables(content: bytes) -> dict[str, OddCells]:
    """Sheet -> its odd cells, from the content.xml of an .ods."""
    tables: dict[str, OddCells] = {}
    cells: OddCells = {}
    drawn: dict[str, str] = {}
    row = 0
    for element, _ in pieces_of(content, MAXIMUM_PIECES, lambda _, name: name in ("table-row", "table", "style")):
        if local_name(element.tag) == "style":
            drawn |= _drawn_style(element)
            continue
        if local_name(element.tag) == "table":  # comes after its rows, when it ends
            tables.setdefault(attribute(element, "name") or "", cells)
            cells, row = {}, 0
            continue
        rows, column = repeated(element, "number-rows-repeated"), 0
        for cell in element:
            columns = repeated(cell, "number-columns-repeated")
            value = _odd_value(cell, drawn) if attribute(cell, "value-type") else None
            if value is not None:
                area = product(range(row + 1, row + rows + 1), range(column + 1, column + columns + 1))
                cells |= dict.fromkeys(area, value)
            column += columns
        row += rows
    return tables


def _drawn_style(style: ElementTree.Element) -> dict[str, str]:
    """{name of the style: STRUCK, RAISED or LOWERED} for a text style that draws so, {} for any other."""
    for properties in style if attribute(style, "family") == "text" else ():
        lines = (attribute(properties, f"text-line-through-{name}") for name in ("type", "style"))
        if any(line not in (None, "none") for line in lines):
            return {attribute(style, "name") or "": STRUCK}
        position = (attribute(properties, "text-position") or "0%").partition(" ")[0]  # super 58%, 33% 58%, -33% 58%
        if position.rstrip("0.%"):
            return {attribute(style, "name") or "": LOWERED if position.startswith(("sub", "-")) else RAISED}
    return {}


def _marked_text(cell: ElementTree.Element, drawn: Mapping[str, str]) -> str | None:
    """The text of a cell as `joined_runs` marks it, None when nothing is marked. drawn: style -> how it draws."""
    runs: list[tuple[str, str]] = []
    for line in cell:
        if local_name(line.tag) == "p":
            runs += [("\n" if runs else "", ""), (line.text or "", "")]
            for span in line:
                runs.append(("".join(span.itertext()), drawn.get(attribute(span, "style-name") or "", "")))
                runs.append((span.tail or "", ""))
    text = joined_runs(runs)
    return text if text != "".join(piece for piece, _ in runs) else None


def _odd_value(cell: ElementTree.Element, drawn: Mapping[str, str]) -> OddValue | str | None:
    """The value of a cell that calamine does not report in full, None for any other. drawn: as in `_marked_text`."""
    kind = attribute(cell, "value-type")
    lines = ["".join(child.itertext()) for child in cell if local_name(child.tag) == "p"]
    displayed = "\n".join(lines)
    if kind == "boolean":
        return OddValue("boolean", (attribute(cell, "boolean-value") or "").upper())
    if kind == "string":
        return _marked_text(cell, drawn) if drawn else None
    if kind not in ("float", "percentage", "currency"):
        return None  # dates and times, which calamine reports
    if truth := _TRUTHS.get(displayed.strip().upper()):
        return OddValue("boolean", truth)
    number = float(attribute(cell, "value") or "nan")
    if not math.isfinite(number):
        return None
    code = "0%" if kind == "percentage" else code_for_displayed(displayed, number) if lines else ""
    return OddValue("formatted", text_of(number), number, code) if code else None


def code_for_displayed(text: str, number: float) -> str:
    """A format code that displays `number` as `text`; "" when the two differ only by rounding, separators or a currency
    sign."""
    if text == repr(number).removesuffix(".0"):
        return ""
    compact = "".join(text.split())
    whole = _DISPLAYED_NUMBER.fullmatch(compact)
    nothing = number == 0 and compact in ("", "-")
    if nothing or (whole and _is_about(whole, number)) or _FRACTION.fullmatch(text.strip()):
        return ""
    first = _FIRST_NUMBER.search(compact)
    if "%" in compact and first and _is_about(first, number * 100):
        return "0%"
    literal = not whole and compact and (first is None or _is_about(first, number))
    quoted = '"' + text[:MAXIMUM_DISPLAYED].replace('"', "”") + '"'
    return ("0;" if number < 0 else "") + ("" if literal else SCALED) + quoted


def _is_about(match: re.Match[str], number: float) -> bool:
    """True when the displayed number (groups: digits, exponent) is `number` rounded, whatever the sign."""
    exponent = int(match[2] or 0)
    last_digit = exponent - len(match[1].partition(".")[2])
    displayed = Decimal(match[1].replace(",", "")).scaleb(exponent)
    return abs(displayed - abs(Decimal(repr(number)))) <= Decimal("0.501").scaleb(last_digit)


# ---------------------------------------------------------------------------------------- .xlsb


def _sheets(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yields (name, part) for every sheet of an .xlsb."""
    relations = parse_part(parts["xl/_rels/workbook.bin.rels"])
    targets = {entry.get("Id", ""): entry.get("Target", "") for entry in relations}
    for kind, position in records_of(parts[_MAIN]):
        if kind == _SHEET:
            identifier, end = _text(parts[_MAIN], position + 8)
            target = targets.get(identifier, "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            yield _text(parts[_MAIN], end)[0], posixpath.normpath(path).lower()


def _formats(content: bytes) -> list[str]:
    """The number formats of a styles part by style index, "" for one that shows a number as stored."""
    codes, in_styles = dict(BUILT_IN_FORMATS), False
    formats: list[str] = []
    for kind, position in records_of(content):
        if kind == _FORMAT:
            codes[str(_short(content, position))] = _text(content, position + 2)[0]
        elif kind in (_STYLES_BEGIN, _STYLES_END):
            in_styles = kind == _STYLES_BEGIN
        elif kind == _STYLE and in_styles:
            code = codes.get(str(_short(content, position + 2)), "")
            formats.append(code if shows_otherwise(code) else "")
    return formats


def _in_sheet(content: bytes, formats: list[str]) -> OddCells:
    """The cells of a worksheet part whose format shows a number otherwise than stored, without their numbers, which
    calamine reads."""
    cells: OddCells = {}
    row = 0
    for kind, position in records_of(content):
        if kind == ROW:
            row = number_at(content, position) + 1
        elif FIRST_CELL <= kind <= LAST_CELL:
            style = int.from_bytes(content[position + 4 : position + 7], "little")
            if style < len(formats) and formats[style]:
                cells[row, number_at(content, position) + 1] = OddValue("formatted", "", None, formats[style])
    return cells


def _short(content: bytes, position: int) -> int:
    """The unsigned little-endian number in the two bytes from `position`."""
    return int.from_bytes(content[position : position + 2], "little")


def _text(content: bytes, position: int) -> tuple[str, int]:
    """(text, position behind it) of the string that begins at `position`; "" for a null string."""
    length = number_at(content, position)
    end = position + 4 + (0 if length == _NO_TEXT else 2 * length)
    if end > len(content):
        raise ValueError(position)
    return content[position + 4 : end].decode("utf-16-le"), end
