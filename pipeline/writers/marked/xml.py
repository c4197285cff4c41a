"""Edits XML in its bytes: elements know their positions, and everything outside an edit stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape

from pipeline.writers.marked.allowed import MAIN

Edit = tuple[int, int, bytes]  # start, end, replacement
DEEPEST = 60  # elements within each other

_TAG = re.compile(rb"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding=[\"']([^\"']+)")


class NotMarkable(Exception):
    """The workbook cannot be handed back as a marked copy; the text is the reason in Chinese."""


@dataclass(slots=True)
class Element:
    """One element of `content`, the bytes of its part. Its opening tag is start … opened, its closing tag closing … end; an
    empty tag is both. attributes: by name as written, with prefix; text: without that of its children; local: its name
    without prefix."""

    name: str
    attributes: dict[str, str]
    start: int = 0
    last: int = 0  # start of its closing tag, equal to `start` for an empty tag
    content: bytes = b""
    text: str = ""
    children: list[Element] = field(default_factory=list)
    local: str = ""
    cells: list[Cell] | None = None  # of a worksheet, once they were asked for

    @property
    def opened(self) -> int:
        return _tag_end(self.content, self.start)

    @property
    def closing(self) -> int:
        return self.opened if self.last == self.start else self.last

    @property
    def end(self) -> int:
        return _tag_end(self.content, self.last)

    def get(self, local: str, default: str = "") -> str:
        """An attribute by its local name."""
        value = self.attributes.get(local)
        if value is not None:
            return value
        return next((value for name, value in self.attributes.items() if name.endswith(f":{local}")), default)

    def child(self, local: str) -> Element | None:
        """The first child of this local name."""
        return next((child for child in self.children if child.local == local), None)

    def all(self, local: str) -> Iterator[Element]:
        """Every descendant of this local name, in the order of the file."""
        for child in self.children:
            if child.local == local:
                yield child
            yield from child.all(local)

    @property
    def words(self) -> str:
        """The text of the element and of its descendants."""
        return self.text + "".join(child.words for child in self.children)


def _tag_end(content: bytes, start: int) -> int:
    match = _TAG.match(content, start)
    if match is None:
        raise NotMarkable("内部的 XML 已损坏")
    return match.end()


class Cell(NamedTuple):
    """One cell: its row and column (from 1) and its element."""

    row: int
    column: int
    element: Element


class Document(NamedTuple):
    """A part as its root element. asides: where its comments and processing instructions stand (start, end)."""

    root: Element
    asides: tuple[tuple[int, int], ...]


def parsed(content: bytes) -> Element:
    """The root of a part, which is shared and must not be changed. Raises NotMarkable for broken XML, a DOCTYPE or an
    encoding other than UTF-8."""
    return document_of(content).root


def document_of(content: bytes) -> Document:
    """A part with everything in it, shared like `parsed`."""
    return (_small if len(content) <= _SMALL else _large)(content)


def _document_of(content: bytes) -> Document:
    encoding = _ENCODING.match(content)
    if (encoding and encoding[1].lower() != b"utf-8") or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise NotMarkable("内部的文字编码不常见")
    return _Builder(content).document()


# A part is looked at several times. The tree of a large one takes twenty times its size, so few of them are kept.
_SMALL = 2**17
_small = lru_cache(maxsize=32)(_document_of)
_large = lru_cache(maxsize=2)(_document_of)


class _Builder:
    """Builds the tree of elements from expat's events."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.top = Element("", {})
        self.path = [self.top]
        self.asides: list[tuple[int, int]] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.CommentHandler = lambda _: self._aside(b"-->")
        self.parser.ProcessingInstructionHandler = lambda *_: self._aside(b"?>")
        self.parser.StartDoctypeDeclHandler = self._doctype

    def document(self) -> Document:
        try:
            self.parser.Parse(self.content, True)
        except expat.ExpatError as error:
            raise NotMarkable("内部的 XML 已损坏") from error
        return Document(self.top.children[0], tuple(self.asides))

    def _doctype(self, *_: object) -> None:
        raise NotMarkable("内部的 XML 带有 DOCTYPE 声明")

    def _aside(self, closing: bytes) -> None:
        start = self.parser.CurrentByteIndex
        self.asides.append((start, self.content.index(closing, start + 2) + len(closing)))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.path) > DEEPEST:
            raise NotMarkable("内部结构不常见")
        local = name.rpartition(":")[2] if ":" in name else name
        element = Element(name, attributes, self.parser.CurrentByteIndex, content=self.content, local=local)
        self.path[-1].children.append(element)
        self.path.append(element)

    def _end(self, _: str) -> None:
        element, position = self.path.pop(), self.parser.CurrentByteIndex
        empty = not element.children and not element.text and self.content[position - 2 : position] == b"/>"
        element.last = element.start if empty else position

    def _text(self, text: str) -> None:
        self.path[-1].text += text


def spliced(content: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes with every edit applied; edits at the same position keep their order, and one within a removed stretch
    goes with it."""
    pieces, at = [], 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        if start < at:
            continue
        pieces += [content[at:start], new]
        at = end
    return b"".join([*pieces, content[at:]])


def removed(element: Element) -> Edit:
    """Removes an element."""
    return element.start, element.end, b""


def with_attributes(element: Element, **values: str | None) -> Edit:
    """Sets attributes of the opening tag, or drops them for None. Names have no prefix."""
    attributes = {name: value for name, value in {**element.attributes, **values}.items() if value is not None}
    empty = "/" if element.last == element.start else ""
    return element.start, element.opened, f"<{element.name}{attribute_text(attributes)}{empty}>".encode()


def inside(element: Element, content: bytes, new: bytes) -> Edit:
    """Appends `new` to the content of an element, replacing an empty tag by an opening and a closing one."""
    if element.last > element.start:
        return element.last, element.last, new
    opening = content[element.start : element.opened - 2]
    return element.start, element.end, opening + b">" + new + f"</{element.name}>".encode()


def attribute_text(attributes: dict[str, str]) -> str:
    """Attributes as they follow a tag's name, each with a space before it."""
    return "".join(f' {name}="{attribute_value(value)}"' for name, value in attributes.items())


def attribute_value(text: str) -> str:
    """A text escaped for double quotes."""
    return escape(text, {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def namespace_for(root: Element) -> str:
    """The xmlns attribute that SpreadsheetML needs below this root; "" where it is the default namespace."""
    return "" if ":" not in root.name else f' xmlns="{MAIN}"'
