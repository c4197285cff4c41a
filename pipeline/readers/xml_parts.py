"""XML of workbook parts, parsed safely: a DOCTYPE is refused, names are compared without their namespace."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeVar
from xml.etree import ElementTree
from xml.parsers import expat

T = TypeVar("T")


class UnreadableWorkbook(Exception):
    """The bytes are no workbook that can be read; the text says why, in Chinese."""


class WorkbookTooLarge(UnreadableWorkbook):
    """The workbook is beyond the limits on parts, bytes, ratio or cells."""


class _Doctype(Exception):
    pass


def check_xml(content: bytes) -> None:
    """Raises ExpatError when the XML is not well formed, UnreadableWorkbook when it declares a DOCTYPE."""

    def doctype(*_: object) -> None:
        raise _Doctype

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, True)
    except _Doctype as error:
        raise UnreadableWorkbook("内部的 XML 带有 DOCTYPE 声明，可能不安全") from error


def is_well_formed(content: bytes) -> bool:
    """True for well-formed XML without a DOCTYPE."""
    try:
        check_xml(content)
    except (UnreadableWorkbook, expat.ExpatError):
        return False
    return True


def parse_xml(content: bytes) -> ElementTree.Element:
    """The root element; raises as `check_xml`."""
    if b"<!" in content or content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:4]:
        check_xml(content)  # no DOCTYPE without <!, in whatever encoding
    return ElementTree.fromstring(content)


SMALL = 64 * 2**10

# One form's relations, properties and styles serve a thousand files.
_parse_known = lru_cache(maxsize=256)(parse_xml)


def parse_part(content: bytes) -> ElementTree.Element:
    """As `parse_xml`; the trees of small parts are shared between files and must not be changed."""
    return _parse_known(content) if len(content) <= SMALL else parse_xml(content)


def remember(known: dict[str, T], met: Sequence[tuple[str, T]], limit: int) -> None:
    """Adds what was read of pieces met for the first time; `known` never holds more than `limit`."""
    if len(known) + len(met) > limit:
        known.clear()
    known.update(met[:limit])


MAXIMUM_PIECE = 400_000  # elements of one row, one string …: more than a sheet can have


def pieces_of(
    content: bytes, limit: int, is_piece: Callable[[list[ElementTree.Element], str], bool]
) -> Iterator[tuple[ElementTree.Element, str]]:
    """The elements that `is_piece` (ancestors, local name), each with the root's namespace, one at a time, so that a
    large part is never held whole. Raises WorkbookTooLarge beyond `limit` pieces or for a piece beyond measure."""
    path: list[ElementTree.Element] = []
    elements = pieces = 0
    for event, element in ElementTree.iterparse(io.BytesIO(content), ("start", "end")):
        if event == "start":
            path.append(element)
            elements += 1
            if elements > MAXIMUM_PIECE:
                raise WorkbookTooLarge(f"一处内含 {MAXIMUM_PIECE} 个以上的内容")
            continue
        path.pop()
        if path and is_piece(path, local_name(element.tag)):
            pieces += 1
            if pieces > limit:
                raise WorkbookTooLarge(f"内容超过 {limit} 条")
            yield element, namespace_of(path[0].tag)
            del path[-1][-1]  # this very element; looking for it would take the longer the more stands before it
            elements = 0


def local_name(tag: str) -> str:
    return tag.rpartition("}")[2]


def namespace_of(tag: str) -> str:
    """The {…} before a tag's local name, "" without one."""
    return tag[: tag.rfind("}") + 1]


def attribute(element: ElementTree.Element, name: str) -> str | None:
    """An attribute by its local name, whatever its namespace."""
    return next((value for key, value in element.attrib.items() if local_name(key) == name), None)


MAXIMUM_TEXT = 32_767  # characters of one cell, as in Excel
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """A cell's text; OOXML writes characters XML cannot hold as _xHHHH_. Raises WorkbookTooLarge for one longer than
    a cell can hold."""
    if len(text) > MAXIMUM_TEXT:
        raise WorkbookTooLarge(f"一个单元格里有 {len(text)} 个字，上限 {MAXIMUM_TEXT} 个")
    return without_surrogates(_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)) if "_x" in text else text


def without_surrogates(text: str) -> str:
    """Pairs of surrogates joined to the character they mean; a lone one, which no file can hold, shown as U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def rich_text(entry: ElementTree.Element, namespace: str) -> str:
    """The text of a string item or inline string: its own t and those of its runs, phonetic hints left out, with marks
    where `joined_runs` sets them. Raises ValueError for any other content: what is nested wrongly is counted
    differently by every program."""
    runs = []
    for child in entry:
        if child.tag == f"{namespace}t" and not len(child):
            runs.append((child.text or "", ""))
        elif child.tag == f"{namespace}r":
            text = "".join(run.text or "" for run in child if run.tag == f"{namespace}t")
            runs.append((text, _drawn(child.find(f"{namespace}rPr"), namespace)))
        elif child.tag not in (f"{namespace}rPh", f"{namespace}phoneticPr"):
            raise ValueError(child.tag)
    return unescaped(joined_runs(runs))


def _drawn(properties: ElementTree.Element | None, namespace: str) -> str:
    """How a run is drawn that is not to be read on with its neighbours: STRUCK, RAISED, LOWERED or ""."""
    for entry in () if properties is None else properties:
        value = entry.get("val", "")
        if entry.tag == f"{namespace}strike" and value not in ("0", "false"):
            return STRUCK
        if entry.tag == f"{namespace}vertAlign":
            return {"superscript": RAISED, "subscript": LOWERED}.get(value, "")
    return ""


STRUCK, RAISED, LOWERED = "划去", "上标", "下标"
LONGEST_MARKED = 60  # characters; a longer text is no figure
_FIGURE = re.compile(r"[\s¥￥$约近超过≥>=+\-−－]*[0-9０-９]")


def joined_runs(runs: Iterable[tuple[str, str]]) -> str:
    """The text of runs (text, how it is drawn: "" as usual). Of a figure, what is struck out, raised or lowered is
    marked, so that it is not taken for digits: 〔划去：1〕2."""
    runs = list(runs)
    text = "".join(piece for piece, _ in runs)
    if len(text) > LONGEST_MARKED or not any(drawn for _, drawn in runs) or not _FIGURE.match(text):
        return text
    return "".join(f"〔{drawn}：{piece}〕" if drawn and piece.strip() else piece for piece, drawn in runs)
