"""What the styles of an .ods say about its cells and sheets: struck out, raised or lowered, hidden."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from xml.etree import ElementTree

from pipeline.readers.formats.runs import LOWERED, RAISED, STRUCK
from pipeline.readers.formats.xml_parts import attribute, local_name

_LONGEST_LINE = 20  # styles that inherit from each other


class _Style(NamedTuple):
    """One style. draws: STRUCK, RAISED, LOWERED, "" for plain, None where it says nothing and its parent does."""

    parent: str
    draws: str | None


class OdsStyles:
    """The styles of one .ods, added as they are met."""

    def __init__(self) -> None:
        self._styles: dict[tuple[str, str], _Style] = {}
        self._hidden: set[str] = set()

    def add(self, entries: Iterable[ElementTree.Element]) -> None:
        for entry in entries:
            family, name = attribute(entry, "family") or "", attribute(entry, "name") or ""
            if family in ("text", "table-cell") and local_name(entry.tag) == "style":
                self._styles[family, name] = _Style(attribute(entry, "parent-style-name") or "", _draws(entry))
            elif family == "table" and any(attribute(properties, "display") == "false" for properties in entry):
                self._hidden.add(name)

    def hides(self, name: str) -> bool:
        """True for the name of a style of hidden sheets."""
        return name in self._hidden

    def draws(self, family: str, name: str) -> str | None:
        """How the style draws (as `_Style.draws`), by itself or by those it inherits from."""
        for _ in range(_LONGEST_LINE):
            style = self._styles.get((family, name))
            if style is None:
                return None
            if style.draws is not None:
                return style.draws
            name = style.parent
        return None


def _draws(style: ElementTree.Element) -> str | None:
    """How a style draws by its own properties."""
    struck = drawn = None
    for properties in style:
        if local_name(properties.tag) not in ("text-properties", "properties"):
            continue
        lines = [attribute(properties, f"text-line-through-{name}") for name in ("style", "type")]
        if any(lines):
            struck = "none" not in lines
        if position := attribute(properties, "text-position"):  # super 58%, 33% 58%, -33% 58%
            first = position.partition(" ")[0]
            drawn = "" if not first.rstrip("0.%") else LOWERED if first.startswith(("sub", "-")) else RAISED
    if struck:
        return STRUCK
    return drawn if drawn is not None else "" if struck is not None else None
