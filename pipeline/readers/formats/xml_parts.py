"""Parsing the XML parts of workbooks: a DOCTYPE is refused, names are compared without their namespace."""

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
    """The XML declares a DOCTYPE."""


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
    """The root element. Raises ParseError or ExpatError when the XML is not well formed, UnreadableWorkbook when it
    declares a DOCTYPE."""
    refuse_doctype(content)
    return ElementTree.fromstring(content)


def refuse_doctype(content: bytes) -> None:
    """Raises UnreadableWorkbook for XML that declares a DOCTYPE, and perhaps ExpatError when it is not well formed."""
    if b"<!" in content or content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:4]:
        check_xml(content)  # every other content is free of <! and so of a DOCTYPE, whatever its encoding


SMALL = 64 * 2**10  # bytes of a part that is cached

# Workbooks made from one blank form share their relations, properties and styles.
_parse_known = lru_cache(maxsize=256)(parse_xml)


def parse_part(content: bytes) -> ElementTree.Element:
    """Like `parse_xml`, but the trees of small parts are cached: callers must not change them."""
    return _parse_known(content) if len(content) <= SMALL else parse_xml(content)


def remember(known: dict[str, T], entries: Sequence[tuple[str, T]], limit: int) -> None:
    """Adds the entries to the cache `known`, which is emptied first when it would hold more than `limit`."""
    if len(known) + len(entries) > limit:
        known.clear()
    known.update(entries[:limit])


MAXIMUM_PIECE = 400_000  # elements within one piece, such as a row: more than a sheet can have


def pieces_of(
    content: bytes, limit: int, is_piece: Callable[[list[ElementTree.Element], str], bool]
) -> Iterator[tuple[ElementTree.Element, str]]:
    """Yields (element, the root's namespace) for the elements that `is_piece(ancestors, local name)` accepts, one at a
    time, so that the tree of a large part is never in memory as a whole. Raises WorkbookTooLarge for more than `limit`
    pieces, or a piece of more than MAXIMUM_PIECE elements."""
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
            del path[-1][-1]  # the element itself; Element.remove would search for it from the first child
            elements = 0


def local_name(tag: str) -> str:
    """A tag or attribute name without its {namespace}."""
    return tag.rpartition("}")[2]


def namespace_of(tag: str) -> str:
    """The {namespace} of a tag, braces included; "" without one."""
    return tag[: tag.rfind("}") + 1]


def attribute(element: ElementTree.Element, name: str) -> str | None:
    """The value of the first attribute with this local name, whatever its namespace; None without one."""
    return next((value for key, value in element.attrib.items() if local_name(key) == name), None)
