"""XML of workbook parts, parsed safely: a DOCTYPE is refused, names are compared without their namespace."""

from __future__ import annotations

import re
from functools import lru_cache
from xml.etree import ElementTree
from xml.parsers import expat


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


def parse_xml(content: bytes) -> ElementTree.Element:
    """The root element; raises as `check_xml`."""
    if b"<!" in content or content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:4]:
        check_xml(content)  # no DOCTYPE without <!, in whatever encoding
    return ElementTree.fromstring(content)


# One form's relations, properties and styles serve a thousand files.
parse_small = lru_cache(maxsize=256)(parse_xml)


def local_name(tag: str) -> str:
    return tag.rpartition("}")[2]


def namespace_of(tag: str) -> str:
    """The {…} before a tag's local name, "" without one."""
    return tag[: tag.rfind("}") + 1]


def attribute(element: ElementTree.Element, name: str) -> str | None:
    """An attribute by its local name, whatever its namespace."""
    return next((value for key, value in element.attrib.items() if local_name(key) == name), None)


_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """OOXML writes characters XML cannot hold as _xHHHH_."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def rich_text(entry: ElementTree.Element, namespace: str) -> str:
    """The text of a string item or inline string: its own t and those of its runs, phonetic hints left out."""
    pieces = []
    for child in entry:
        if child.tag == f"{namespace}t":
            pieces.append(child.text or "")
        elif child.tag == f"{namespace}r":
            pieces.extend(run.text or "" for run in child if run.tag == f"{namespace}t")
    return unescaped("".join(pieces))
