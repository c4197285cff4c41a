"""Reads the shared strings part of an xlsx. Workbooks made from one blank form share most of their strings, so strings
that were parsed before are taken from a cache."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.model.texts import is_blank
from pipeline.readers.formats.runs import rich_text, unescaped, whole_text
from pipeline.readers.formats.xml_parts import check_xml, local_name, namespace_of, parse_xml, pieces_of, remember

LARGE_BYTES = 6 * 2**20  # a larger part is parsed one string at a time
CUT_BYTES = 2**20  # a larger part is parsed as a whole: its pieces would take too much memory
MAXIMUM_STRINGS = 1_000_000
MAXIMUM_KNOWN = 8_000  # strings in the cache
LONGEST_KNOWN = (
    2_000  # characters of a string in the cache; LibreOffice writes each change of script as a run of its own
)

# A head that declares nothing a string could refer to: no entity, no namespace prefix.
_PLAIN_HEAD = re.compile(
    r'(?:<\?xml version="1\.0" encoding="UTF-8"(?: standalone="yes")?\?>\s*)?'
    r'<sst xmlns="http://schemas\.openxmlformats\.org/spreadsheetml/2006/main"'
    r'(?: count="[0-9]*")?(?: uniqueCount="[0-9]*")?>'
)
_KNOWN: dict[str, str] = {}


def strings_of(content: bytes) -> list[str]:
    """The strings by index, "" for a blank one, a RichText for one with runs. Raises what the XML parser raises, ValueError for a part with other
    elements, WorkbookTooLarge for a text longer than a cell can hold."""
    if len(content) > LARGE_BYTES:
        return _many_strings(content)
    if len(content) > CUT_BYTES:
        return _parsed(content)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return _parsed(content)
    head, *pieces = text.removesuffix("</sst>").split("<si>")
    texts = list(map(_KNOWN.get, pieces))
    new = [piece for piece, known in zip(pieces, texts, strict=True) if known is None]
    if not text.endswith("</si></sst>") or not _PLAIN_HEAD.fullmatch(head) or not all(map(_is_item, new)):
        return _parsed(content)
    # Each piece is a whole element, so the part is well formed if it is so without the pieces known from other parts.
    parsed = _parsed("<si>".join((head, *new)).encode() + b"</sst>")
    read = [(piece, known) for piece, known in zip(new, parsed, strict=True) if len(piece) <= LONGEST_KNOWN]
    remember(_KNOWN, read, MAXIMUM_KNOWN)
    following = iter(parsed)
    return [next(following) if known is None else known for known in texts]


def _is_item(piece: str) -> bool:
    """True for the rest of exactly one <si> element, without comments, CDATA or processing instructions."""
    return piece.endswith("</si>") and piece.count("</si>") == 1 and not ("<!" in piece or "<?" in piece)


def _parsed(content: bytes) -> list[str]:
    """The strings of a part, parsed as a whole."""
    tree = parse_xml(content)
    namespace = namespace_of(tree.tag)
    item, text = f"{namespace}si", f"{namespace}t"
    _check_items((entry.tag for entry in tree), namespace)
    return [
        _without_blank(unescaped(entry[0].text or ""))
        if len(entry) == 1 and entry[0].tag == text and not len(entry[0])
        else _without_blank(rich_text(entry, namespace))
        for entry in tree.iterfind(item)
    ]


def _many_strings(content: bytes) -> list[str]:
    """The strings of a large part, parsed one at a time to bound memory."""
    check_xml(content)
    strings = []
    for entry, namespace in pieces_of(content, MAXIMUM_STRINGS, lambda path, _: len(path) == 1):
        _check_items((entry.tag,), namespace)
        if local_name(entry.tag) == "si":
            strings.append(_without_blank(rich_text(entry, namespace)))
    return strings


def _without_blank(text: str) -> str:
    """The text, a RichText as it is; "" for one in which nothing is seen."""
    return "" if is_blank(whole_text(text)) else text


def _check_items(tags: Iterable[str], namespace: str) -> None:
    """Raises ValueError for elements other than si and extLst: programs disagree about how they count in the
    numbering."""
    if not set(tags) <= {f"{namespace}si", f"{namespace}extLst"}:
        raise ValueError(tags)
