"""The texts of the cells of a workbook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from pipeline.issues.issue import LIST_ID_PATTERN
from pipeline.model.stamps import LIST_ANSWER, LIST_CURE, LIST_NUMBER
from pipeline.writers.marked.cells import cells_of
from pipeline.writers.marked.filter import FORMAT_PIECES
from pipeline.writers.marked.package import Package, SheetPart
from pipeline.writers.marked.xml import Element

Address = tuple[int, int]

_ISSUE_ID = re.compile(LIST_ID_PATTERN)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TEXT_TYPES = ("s", "str", "inlineStr")


class Shown(NamedTuple):
    """What a cell shows. typed: the cell holds a number."""

    text: str
    is_number: bool


def shown_in(package: Package) -> dict[str, dict[Address, Shown]]:
    """Worksheet part -> its cells that are not blank."""
    strings = _shared_strings(package)
    return {sheet.part: _shown_cells(package, sheet, strings) for sheet in package.sheets()}


def _shared_strings(package: Package) -> list[str]:
    """The shared strings in their order."""
    part = package.target(package.main, "sharedStrings")
    return [_unescaped(_words(item)) for item in package.tree(part).children if item.local == "si"] if part else []


def _shown_cells(package: Package, sheet: SheetPart, strings: list[str]) -> dict[Address, Shown]:
    """Every cell of a sheet that is not blank, row by row: its text, its number with what its format puts around it, or
    its formula's stored result."""
    formats = _formats_with_digits(package)
    cells = {}
    for cell in cells_of(package.tree(sheet.part)):
        kind = cell.element.attributes.get("t", "")
        value, inline = cell.element.child("v"), cell.element.child("is")
        text = _unescaped(_words(inline)) if inline else value.text if value else ""
        if value and kind == "s":
            position = int(text)
            text = strings[position] if position < len(strings) else ""
        elif value and kind == "str":
            text = _unescaped(text)
        is_number = kind not in _TEXT_TYPES
        if is_number and kind in ("", "n"):
            text = _as_shown(text, formats.get(cell.element.attributes.get("s", "0"), ""))
        if text.strip():
            cells[cell.row, cell.column] = Shown(text, is_number)
    return cells


def _as_shown(number: str, code: str) -> str:
    """A number in full, within the characters that its format puts around it."""
    if "e" in number.lower() and abs(float(number)) < _LONGEST_WHOLE:
        number = f"{float(number):f}"
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    if not code:
        return number
    before, after = code.partition("0")[::2]
    return before + number + after.replace("0", "")


_LONGEST_WHOLE = 1e16


def _formats_with_digits(package: Package) -> dict[str, str]:
    """Format of cells -> its number format, where that shows digits of its own: `"139"0000` as 1390000."""
    part = package.target(package.main, "styles")
    root = package.tree(part) if part else None
    codes = root.child("numFmts") if root else None
    shown = {
        entry.get("numFmtId"): _with_digit_positions(entry.get("formatCode"))
        for entry in (codes.children if codes else ())
    }
    shown = {identifier: code for identifier, code in shown.items() if any(map(str.isdecimal, code.replace("0", "")))}
    formats = root.child("cellXfs") if root and shown else None
    return {
        str(number): shown[entry.get("numFmtId")]
        for number, entry in enumerate(formats.children if formats else ())
        if entry.get("numFmtId") in shown
    }


def _with_digit_positions(code: str) -> str:
    """The first section of a number format: what it shows, and 0 for each place of the number."""
    section = FORMAT_PIECES.sub(lambda match: match[1] or match[2] or ("0" if match[0] in "0#?" else ""), code)
    return section.partition(";")[0]


def _words(item: Element) -> str:
    """The text of an item and of its runs, without phonetic hints."""
    return "".join(child.words for child in item.children if child.local in ("t", "r"))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def plain(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


def is_list(cells: Mapping[Address, Shown]) -> bool:
    """True for a sheet that is one of our lists of issues: a header row has 编号 and 情况说明, and either 怎么改 too or an
    issue's number below 编号."""
    texts = {address: plain(cell.text) for address, cell in cells.items()}
    headers = {row: column for (row, column), text in texts.items() if text == LIST_NUMBER}
    answers = {row for (row, _), text in texts.items() if text == LIST_ANSWER}
    cures = {row for (row, _), text in texts.items() if text == LIST_CURE}
    if not answers & headers.keys():
        return False
    numbers = [address for address, text in texts.items() if _ISSUE_ID.fullmatch(text)]
    return any(
        row in answers and (row in cures or any(other == column and below > row for below, other in numbers))
        for row, column in headers.items()
    )
