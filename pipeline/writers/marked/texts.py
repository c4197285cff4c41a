"""Everything a workbook says, by where it says it: what cells show, and the words of every other part."""

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
    part = package.target(package.main, "sharedStrings")
    return [_unescaped(_words(item)) for item in package.tree(part).children if item.local == "si"] if part else []


def cell_texts(package: Package, sheet: SheetPart, strings: list[str]) -> dict[Address, str]:
    """What stands in every cell that holds something: text, number as stored, a formula's result."""
    texts = {}
    for cell in cells_of(package.tree(sheet.part)):
        value, inline = cell.element.child("v"), cell.element.child("is")
        text = _unescaped(_words(inline)) if inline else value.words if value else ""
        if value and cell.element.get("t") == "s":
            place = int(text)
            text = strings[place] if place < len(strings) else ""
        if text.strip():
            texts[cell.row, cell.column] = text
    return texts


def unused_strings(package: Package, strings: list[str]) -> Iterator[str]:
    """Shared strings that no cell shows: what was once typed and is still in the file."""
    used: Counter[int] = Counter()
    for sheet in package.sheets():
        for cell in cells_of(package.tree(sheet.part)):
            if cell.element.get("t") == "s" and (value := cell.element.child("v")):
                used[int(value.words)] += 1
    return (text for number, text in enumerate(strings) if not used[number])


def other_words(package: Package) -> Iterator[str]:
    """The words of every XML part but the cells: drawings, headers and footers, names, properties, notes, prompts."""
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
    """Attributes that may hold a sentence or a name: those with a character that is not ASCII, and prompts."""
    return (value for name, value in attributes.items() if not value.isascii() or name in _WORDY)


def _elements(element: Element) -> Iterator[Element]:
    yield element
    for child in element.children:
        yield from _elements(child)


def _words(item: Element) -> str:
    """A text item's own text and that of its runs, phonetic hints left out."""
    return "".join(child.words for child in item.children if child.local in ("t", "r"))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def plain(text: str) -> str:
    return "".join(text.split())


def is_list(texts: Mapping[Address, str]) -> bool:
    """True for a sheet that is a list of issues of ours: its header says 编号 and 情况说明, and 怎么改 beside them or an issue's
    number below."""
    headers = {row: column for (row, column), text in texts.items() if plain(text) == LIST_NUMBER}
    answers = {row for (row, _), text in texts.items() if plain(text) == LIST_ANSWER}
    cures = {row for (row, _), text in texts.items() if plain(text) == LIST_CURE}
    numbers = [address for address, text in texts.items() if _ISSUE_ID.fullmatch(plain(text))]
    return any(
        row in answers and (row in cures or any(other == column and below > row for below, other in numbers))
        for row, column in headers.items()
    )
