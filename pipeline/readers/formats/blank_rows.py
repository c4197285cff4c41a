"""Takes the blank rows out of a large worksheet part before it is read.

People format whole columns, and some programs then write a million rows with nothing in them: reading each costs twenty
times what it costs to strike them out of the text by one pattern.

The rule: a row may go when it is an element `row` that holds nothing but cells without text, formula or any other
content, whatever its attributes and theirs say. Height, style, outline and hiding of such a row say nothing about any
value: `Grid.hidden_rows` lists rows with something in them, and merges stand elsewhere in the part. Whatever else
there is in a row (a value, a formula without a result, an inline string, an element that nobody knows) makes it stay
as it is, with its attributes. Nothing is taken out unless

- the part as it came is well formed, in UTF-8, without comments, CDATA or instructions, in which rows could be meant
  otherwise, and no attribute holds a `>`: only then is each `<…>` of the text one tag;
- every row that stays says its number itself, so that it does not depend on those before it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.readers.formats.limits import MAXIMUM_PIECES, WorkbookTooLarge
from pipeline.readers.formats.xml_parts import check_xml

_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^<>]*\?>\s*)?<([A-Za-z]\w*:)?worksheet[\s>]")
_OTHER_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^<>]*encoding\s*=\s*[\"'](?!utf-8[\"'])", re.I)
_ANY_ROW = re.compile(rb"<(?:[^<>\s/:]+:)?row[\s/>]")
_NUMBERED_ROW = re.compile(rb'<(?:[^<>\s/:]+:)?row(?: [\w:.\-]++="[^"<>]*+")*? r="')
_GREATER_IN_ATTRIBUTE = re.compile(rb"""=\s*+(?:"[^"<>]*+>|'[^'<>]*+>)""")


class _Patterns(NamedTuple):
    """The patterns of a part whose elements have one prefix."""

    blank: re.Pattern[bytes]  # one blank row
    several: re.Pattern[bytes]  # as many as follow one another


@lru_cache(maxsize=16)
def _patterns(prefix: bytes) -> _Patterns:
    """prefix: with its colon, b"" without one."""
    p = re.escape(prefix)
    cell = b"<%bc [^<>]*+>(?:(?<=/>)|(?:<%bv/>|<%bv></%bv>)?+</%bc>)" % (p, p, p, p, p)
    row = b"<%brow [^<>]*+>(?:(?<=/>)|\\s*+(?:%b\\s*+)*+</%brow>)\\s*+" % (p, cell, p)
    return _Patterns(re.compile(row), re.compile(b"(?:%b)++" % row))


def without_blank_rows(content: bytes) -> bytes:
    """The worksheet part without its blank rows; the part itself when it has none or the rule of this module does not
    allow it. Raises what the XML parser raises, WorkbookTooLarge for more rows than can be."""
    root = _ROOT.match(content)
    if root is None or _OTHER_ENCODING.match(content):
        return content
    patterns = _patterns(root[1] or b"")
    if patterns.blank.search(content) is None:
        return content
    check_xml(content)
    if not _is_all_tags(content):
        return content
    shorter = patterns.several.sub(b"", content)
    numbers_itself = len(_ANY_ROW.findall(shorter)) == len(_NUMBERED_ROW.findall(shorter))
    return shorter if numbers_itself else content


def _is_all_tags(content: bytes) -> bool:
    """True when each `<…>` of a well-formed part is one tag."""
    if content.count(b"<row") > MAXIMUM_PIECES:
        raise WorkbookTooLarge(f"内容超过 {MAXIMUM_PIECES} 条")
    if b"<!" in content or content.find(b"<?", 5) >= 0:
        return False
    return content.count(b"<") == content.count(b">") or _GREATER_IN_ATTRIBUTE.search(content) is None
