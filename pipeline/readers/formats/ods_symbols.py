"""Symbol fonts of an .ods: the texts of the cells and spans that are drawn in one, as they are seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from pipeline.readers.formats.symbols import is_symbol_font, seen_runs
from pipeline.readers.formats.xml_parts import attribute, local_name

_SPACES = re.compile("[ \t\r\n]+")
_LONGEST_LINE = 20  # styles that inherit from each other


class OdsFonts:
    """The fonts of the styles of one .ods, added as they are met."""

    def __init__(self) -> None:
        self._families: dict[str, str] = {}
        self._styles: dict[str, tuple[str, str]] = {}  # style → (its parent, its own font)
        self.any = False  # some style names a symbol font

    def add_face(self, face: ElementTree.Element) -> None:
        """A declared font: the name by which styles refer to it, and its family."""
        name, family = attribute(face, "name") or "", (attribute(face, "font-family") or "").strip("'\"")
        if is_symbol_font(family):
            self._families[name] = family

    def add_style(self, style: ElementTree.Element) -> None:
        """A style, which may name a font."""
        name, parent = attribute(style, "name") or "", attribute(style, "parent-style-name") or ""
        for properties in style:
            if local_name(properties.tag) in ("text-properties", "properties"):
                given = attribute(properties, "font-name") or attribute(properties, "font-family") or ""
                font = self._families.get(given, given.strip("'\""))
                self._styles[name] = parent, font
                self.any = self.any or is_symbol_font(font)
                return
        self._styles[name] = parent, ""

    def font_of(self, name: str) -> str:
        """The font of a style, its own or that of one it inherits from; "" for none."""
        for _ in range(_LONGEST_LINE):
            parent, font = self._styles.get(name, ("", ""))
            if font or not parent:
                return font
            name = parent
        return ""

    def seen_in(self, cell: ElementTree.Element, style: str) -> str:
        """What is seen of the text of a cell with this style, its paragraphs on lines of their own; "" when nothing of
        it is in a symbol font."""
        base = self.font_of(style)
        lines = [list(self._runs(child, base)) for child in cell if local_name(child.tag) in ("p", "h")]
        if not any(is_symbol_font(font) and text.strip() for line in lines for text, font in line):
            return ""
        spaced = [[(_SPACES.sub(" ", text), font) for text, font in line] for line in lines]
        return "\n".join(seen_runs(line).strip(" ") for line in spaced)

    def _runs(self, element: ElementTree.Element, font: str) -> Iterator[tuple[str, str]]:
        """(text, font) of a paragraph or span and of those in it."""
        yield element.text or "", font
        for child in element:
            if local_name(child.tag) in ("span", "a"):
                yield from self._runs(child, self.font_of(attribute(child, "style-name") or "") or font)
            elif local_name(child.tag) == "s":
                yield " ", font
            yield child.tail or "", font
