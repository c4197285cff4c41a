"""The texts of a workbook: those of its cells by address, and those of every other part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pipeline.issues.issue import LIST_ID_PATTERN
from pipeline.model.stamps import LIST_ANSWER, LIST_CURE, LIST_NUMBER
from pipeline.writers.marked.cells import cells_of
from pipeline.writers.marked.package import Package, SheetPart
from pipeline.writers.marked.xml import Element

Address = tuple[int, int]

_WORDY = ("prompt", "promptTitle", "error", "errorTitle", "name", "descr", "title", "comment")
_ISSUE_ID = re.compile(LIST_ID_PATTERN)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def shared_strings(package: Package) -> list[str]:
    """The shared strings in their order."""
    part = package.target(package.main, "sharedStrings")
    return [_unescaped(_words(item)) for item in package.tree(part).children if item.local == "si"] if part else []


def cell_texts(package: Package, sheet: SheetPart, strings: list[str]) -> dict[Address, str]:
    """The content of every cell that is not blank: its text, its number as stored, or its formula's stored result."""
    texts = {}
    for cell in cells_of(package.tree(sheet.part)):
        value, inline = cell.element.child("v"), cell.element.child("is")
        text = _unescaped(_words(inline)) if inline else value.words if value else ""
        if value and cell.element.get("t") == "s":
            position = int(text)
            text = strings[position] if position < len(strings) else ""
        if text.strip():
            texts[cell.row, cell.column] = text
    return texts


def unused_strings(package: Package, strings: list[str]) -> Iterator[str]:
    """The shared strings that no cell uses: text that was deleted and is still in the file."""
    used: Counter[int] = Counter()
    for sheet in package.sheets():
        for cell in cells_of(package.tree(sheet.part)):
            if cell.element.get("t") == "s" and (value := cell.element.child("v")):
                used[int(value.words)] += 1
    return (text for number, text in enumerate(strings) if not used[number])


def other_words(package: Package) -> Iterator[str]:
    """The texts outside cells: of drawings, headers and footers, names, properties, notes and prompts."""
    sheets = {sheet.part for sheet in package.sheets()}
    strings = package.target(package.main, "sharedStrings")
    for part in package.parts:
        if part == strings or not part.endswith((".xml", ".vml", ".rels")):
            continue
        for element in _elements(package.tree(part)):
            if part in sheets and element.local in ("c", "v", "f", "t"):
                continue
            yield from filter(None, (element.text.strip(), *_attribute_words(element.attributes)))


def _attribute_words(attributes: Mapping[str, str]) -> Iterable[str]:
    """The attributes that may be words: those with a character beyond ASCII, and prompts."""
    return (value for name, value in attributes.items() if not value.isascii() or name in _WORDY)


def _elements(element: Element) -> Iterator[Element]:
    yield element
    for child in element.children:
        yield from _elements(child)


def _words(item: Element) -> str:
    """The text of an item and of its runs, without phonetic hints."""
    return "".join(child.words for child in item.children if child.local in ("t", "r"))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def plain(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


def is_list(texts: Mapping[Address, str]) -> bool:
    """True for a sheet that is one of our lists of issues: a header row has 编号 and 情况说明, and either 怎么改 too or an
    issue's number below 编号."""
    headers = {row: column for (row, column), text in texts.items() if plain(text) == LIST_NUMBER}
    answers = {row for (row, _), text in texts.items() if plain(text) == LIST_ANSWER}
    cures = {row for (row, _), text in texts.items() if plain(text) == LIST_CURE}
    numbers = [address for address, text in texts.items() if _ISSUE_ID.fullmatch(plain(text))]
    return any(
        row in answers and (row in cures or any(other == column and below > row for below, other in numbers))
        for row, column in headers.items()
    )
