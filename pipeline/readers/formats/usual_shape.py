"""Gives the text of a worksheet part the shape that most programs write: elements without prefix, no white space between
them. Only what says nothing is changed; the part must be well formed as it came, which the caller checks."""

from __future__ import annotations

import re

_MAIN = r"http://(?:schemas\.openxmlformats\.org/spreadsheetml/2006|purl\.oclc\.org/ooxml/spreadsheetml)/main"
_PREFIXED_ROOT = re.compile(
    rf'(?:<\?xml[^<>]*\?>)?\s*<(\w+):worksheet(?: xmlns:\w+="[^"<>&]*")*? (xmlns:\1="({_MAIN})")[ >]'
)
_WITHOUT_PREFIX = re.compile(r"</?[^<>:/?\s]+[\s/>]")
_SPACED = re.compile(r"<sheetData>[ \t\r\n]")
_SPACE = re.compile(r">[ \t\r\n]+<(?!/[vtf]>)")


def usual_shape(text: str) -> str:
    """The text in the usual shape; the same text when it is in that shape, or in one that is not known here."""
    root = _PREFIXED_ROOT.match(text)
    if root is not None:
        text = _without_prefix(text, root)
    return _SPACE.sub("><", text) if _SPACED.search(text) and "<!" not in text else text


def _without_prefix(text: str, root: re.Match[str]) -> str:
    """The text with the prefix of its root taken off its elements, unless elements of other namespaces have none. In
    well-formed XML without comments a `<` begins a tag."""
    if "<!" in text or text.find("<?", 1) >= 0 or ' xmlns="' in text or _WITHOUT_PREFIX.search(text):
        return text
    name, (start, end) = root.end(1) + len(":worksheet"), root.span(2)
    declared = f'{text[:name]} xmlns="{root[3]}"{text[name:start].rstrip(" ")}{text[end:]}'
    return declared.replace(f"<{root[1]}:", "<").replace(f"</{root[1]}:", "</")
