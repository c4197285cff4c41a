"""XML of workbook parts, parsed safely: a DOCTYPE is refused, names are compared without their namespace."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TypeVar
from xml.etree import ElementTree
from xml.parsers import expat

from pipeline.readers.formats.limits import UnreadableWorkbook, WorkbookTooLarge

T = TypeVar("T")


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
