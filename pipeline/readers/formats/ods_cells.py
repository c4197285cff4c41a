"""The cells of an .ods: the value, displayed text and error of a cell element of content.xml."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from xml.etree import ElementTree

from pipeline.model.texts import is_blank
from pipeline.readers.formats.displayed import code_for_displayed
from pipeline.readers.formats.limits import WorkbookTooLarge
from pipeline.readers.formats.ods_styles import OdsStyles
from pipeline.readers.formats.runs import MAXIMUM_TEXT, STRUCK, Seen, seen
from pipeline.readers.formats.xml_parts import local_name
from pipeline.readers.sheet.grid import OddValue, Value, text_of

_TRUTHS = {"TRUE": "TRUE", "真": "TRUE", "FALSE": "FALSE", "假": "FALSE"}
_ERROR = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!)|(?:Err|错误)[:：][0-9]{3}", re.I)
_LANGUAGE = re.compile(r"^[A-Za-z-]+:(?==)")  # of:=A1 names the language of the formula
_SPACES = re.compile("[ \t\r\n]+")
_ASIDE = ("annotation", "annotation-end", "note", "ruby-text", "bookmark", "shape", "frame", "custom-shape")

Drawn = list[tuple[str, str]]  # (text, STRUCK, RAISED, LOWERED or "")


class OdsCell(NamedTuple):
    """What a cell holds. value: None for a blank cell; struck: all of it is struck out; doubtful: it is blank, and may
    be an error for all that the file tells; marked: its whole text with the struck parts marked, "" without any."""

    value: Value | None
    struck: bool = False
    doubtful: bool = False
    marked: str = ""


BLANK = OdsCell(None)


def attributes_of(element: ElementTree.Element) -> dict[str, str]:
    """The attributes by their local names; those of LibreOffice's extension, which repeat names, begin with calcext."""
    return {_name(key): value for key, value in element.attrib.items()}


@lru_cache(maxsize=512)
def _name(key: str) -> str:
    name = local_name(key)
    return f"calcext {name}" if ":calcext:" in key else name


def read_cell(cell: ElementTree.Element, given: Mapping[str, str], style: str, styles: OdsStyles) -> OdsCell:
    """What a cell holds. given: its attributes; style: the style of its cell. Raises ValueError for a number that is
    none."""
    if not len(cell) and "value-type" not in given and "formula" not in given:
        return BLANK
    base = styles.draws("table-cell", style) or ""
    content = _plain_content(cell, base) or _content(cell, styles, base)
    value = _odd_value(given, content)
    if value is None:
        return _text_cell(given, content, base)
    return OdsCell(value, content.read.struck if content.text else base == STRUCK, marked=content.read.marked)


class _Content(NamedTuple):
    """What stands in a cell. text: as it is displayed; read: what is seen of it; given: there is a paragraph, though
    perhaps an empty one."""

    text: str
    read: Seen
    given: bool


def _plain_content(cell: ElementTree.Element, base: str) -> _Content | None:
    """The content of a cell of one paragraph without runs, as most are; None for any other."""
    if len(cell) != 1 or len(cell[0]) or local_name(cell[0].tag) != "p":
        return None
    text = cell[0].text or ""
    if not text.isalnum():
        text = _SPACES.sub(" ", text).strip(" ")
    return _Content(text, Seen(text, base == STRUCK and not text.isspace() and text != ""), True)


def _content(cell: ElementTree.Element, styles: OdsStyles, base: str) -> _Content:
    lines = [_runs(child, styles, base) for child in cell if local_name(child.tag) in ("p", "h")]
    runs = [run for number, line in enumerate(lines) for run in ([("\n", "")] if number else []) + line]
    text = "".join(piece for piece, _ in runs)
    return _Content(text, seen(runs), bool(lines))


def _text_cell(given: Mapping[str, str], content: _Content, base: str) -> OdsCell:
    """A cell that holds a text, or nothing."""
    stored = given.get("string-value")
    if stored is not None and stored.split() != content.text.split():
        content = _Content(stored, Seen(stored, base == STRUCK), True)  # what programs show when the two differ
    if len(content.text) > MAXIMUM_TEXT:
        raise WorkbookTooLarge(f"一个单元格里有 {len(content.text)} 个字，上限 {MAXIMUM_TEXT} 个")
    if not is_blank(content.text):
        return OdsCell(content.read.text, content.read.struck, marked=content.read.marked)
    if "formula" in given and "value-type" not in given and not content.given:
        return OdsCell(OddValue("no_result", _LANGUAGE.sub("", given["formula"])))
    return OdsCell(None, False, "formula" in given and "calcext value-type" not in given)


def _odd_value(given: Mapping[str, str], content: _Content) -> Value | None:
    """The value of a cell that is no text; None for a text or a blank cell."""
    kind, shown = given.get("value-type"), content.text.strip()
    if ("formula" in given or "calcext value-type" in given) and (error := _error_in(given, shown)):
        return OddValue("error", error)
    if kind == "boolean":
        return OddValue("boolean", given.get("boolean-value", "").upper())
    if kind in ("date", "time"):
        return OddValue("date", shown or given.get(f"{kind}-value", ""))
    return _number(given, content) if kind in ("float", "percentage", "currency") else None


def _error_in(given: Mapping[str, str], shown: str) -> str:
    """The error of a formula as it is displayed; "" for a cell that holds none."""
    formula = _LANGUAGE.sub("", given.get("formula", "")).removeprefix("=")
    is_error = given.get("calcext value-type") == "error" or _ERROR.fullmatch(formula)
    if is_error or (formula and _ERROR.fullmatch(shown)):
        return shown or formula or "#ERROR"
    return ""


def _number(given: Mapping[str, str], content: _Content) -> Value:
    """The value of a cell that holds a number, with a format where it is displayed otherwise than stored."""
    text = content.text
    if truth := _TRUTHS.get(text.strip().upper()):
        return OddValue("boolean", truth)
    stored = given.get("value", text.strip())
    number = float(stored)
    if not math.isfinite(number) or "_" in stored:
        return OddValue("error", text.strip() or stored)
    percent = given.get("value-type") == "percentage"
    code = "0%" if percent else code_for_displayed(text, number) if content.given and text != stored else ""
    return OddValue("formatted", text_of(number), number, code) if code else number


def _runs(paragraph: ElementTree.Element, styles: OdsStyles, base: str) -> Drawn:
    """The runs of a paragraph, white space collapsed as ODF 1.3 part 3, 6.1.2 says."""
    runs = _Runs(styles)
    runs.add(paragraph, base)
    return runs.finished()


class _Runs:
    """The runs of one paragraph as they are gathered."""

    def __init__(self, styles: OdsStyles) -> None:
        self.styles = styles
        self.runs: Drawn = []
        self.after_space = True  # white space that follows is dropped

    def add(self, element: ElementTree.Element, drawn: str) -> None:
        self._characters(element.text, drawn)
        for child in element:
            name = local_name(child.tag)
            if name in ("s", "tab", "line-break"):
                count = next((int(value) for key, value in child.attrib.items() if local_name(key) == "c"), 1)
                self.runs.append(({"s": " ", "tab": "\t"}.get(name, "\n") * min(count, MAXIMUM_TEXT), drawn))
                self.after_space = False
            elif name not in _ASIDE:
                style = next((value for key, value in child.attrib.items() if local_name(key) == "style-name"), "")
                own = self.styles.draws("text", style) if name == "span" else None
                self.add(child, drawn if own is None else own)
            self._characters(child.tail, drawn)

    def _characters(self, text: str | None, drawn: str) -> None:
        text = _SPACES.sub(" ", text or "")
        text = text.removeprefix(" ") if self.after_space else text
        if text:
            self.runs.append((text, drawn))
            self.after_space = text.endswith(" ")

    def finished(self) -> Drawn:
        if self.runs and self.after_space:
            text, drawn = self.runs.pop()
            self.runs += [(text.removesuffix(" "), drawn)]
        return [run for run in self.runs if run[0]]
