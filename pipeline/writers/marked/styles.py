"""The styles of a marked workbook: the format of a marked cell, and the format it had before.

A mark is a solid fill in one of our colours. Its background colour, which a solid fill does not show, keeps the colour
that the cell had before, so that it can be restored wherever the cell has been moved.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from pipeline.writers.marked.xml import (
    Edit,
    Element,
    NotMarkable,
    attribute_text,
    inside,
    parsed,
    spliced,
    with_attributes,
)

# Colours that are in no palette, so that a fill in one of them is ours.
MARK_COLOURS = {"错误": "FFFFC9CE", "提醒": "FFFFEB9D"}
_NO_COLOUR = {"indexed": "64"}
# Background colours that are not the one before: LibreOffice writes a colour near to the mark there.
_NOT_BEFORE = (*MARK_COLOURS.values(), "FFFFC7CE", "FFFFEB9C")

_COLLECTIONS = ("fonts", "fills", "borders", "cellXfs")
# The first collections of a styles part in their order, with the content that programs give an empty one.
_FIRST_PARTS = (
    ("numFmts", ""),
    ("fonts", '<fonts count="1"><font/></fonts>'),
    (
        "fills",
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>',
    ),
    ("borders", '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'),
    ("cellStyleXfs", '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'),
    ("cellXfs", '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'),
)
_PLAIN_FORMAT = {"numFmtId": "0", "fontId": "0", "fillId": "0", "borderId": "0", "xfId": "0"}


_Key = tuple[tuple[tuple[str, str], ...], str]


@dataclass
class _Entry:
    """One entry of a collection: the attributes of its tag and the XML inside."""

    attributes: dict[str, str]
    inner: str

    @property
    def key(self) -> _Key:
        """What equal entries have in common."""
        return tuple(sorted(self.attributes.items())), self.inner

    def written(self, tag: str) -> str:
        return (
            f"<{tag}{attribute_text(self.attributes)}>{self.inner}</{tag}>"
            if self.inner
            else f"<{tag}{attribute_text(self.attributes)}/>"
        )


@dataclass
class Styles:
    """A styles part. An entry that is asked for and missing is added at the end of its collection."""

    content: bytes
    collections: dict[str, list[_Entry]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        root = parsed(self.content)
        if ":" in root.name or root.local != "styleSheet":
            raise NotMarkable("内部结构不常见")
        self.content = _completed(self.content, root)
        root = parsed(self.content)
        self.elements: dict[str, Element] = {}
        for name in _COLLECTIONS:
            element = self.elements[name] = root.child(name) or Element(name, {})
            self.collections[name] = [_Entry(entry.attributes, self._inner(entry)) for entry in element.children]
        self.fills = self.elements["fills"].children
        self.positions: dict[str, dict[_Key, int]] = {}
        for name, entries in self.collections.items():
            known = self.positions[name] = {}
            for position, entry in enumerate(entries):
                known.setdefault(entry.key, position)
        self._restored: dict[int, int] = {}

    def _inner(self, entry: Element) -> str:
        return self.content[entry.opened : entry.closing].decode()

    # -------------------------------------------------------------- formats of cells

    def marked(self, style: int, level: str) -> int:
        """The number of the format like `style` with the mark of a level (错误, 提醒) as its fill."""
        entry = self._format(style)
        fill = self._fill_of(entry)
        colour = fill.get("fgColor", {}) if fill.get("pattern") == {"patternType": "solid"} else {}
        return self._with_fill(entry, _solid({"rgb": MARK_COLOURS[level]}, colour or _NO_COLOUR))

    @property
    def has_marks(self) -> bool:
        """True when a format has a mark as its fill."""
        return any(self._mark_of(entry) for entry in self.collections["cellXfs"])

    def restored(self, style: int) -> int:
        """The number of the format that the cell had before it was marked; `style` itself without a mark."""
        if style not in self._restored:
            self._restored[style] = self._before(style)
        return self._restored[style]

    def _before(self, style: int) -> int:
        entry = self._format(style)
        fill = self._mark_of(entry)
        if not fill:
            return style
        before = fill.get("bgColor", {})
        known = before and before != _NO_COLOUR and before.get("auto") is None and before.get("rgb") not in _NOT_BEFORE
        wanted = str(self._put("fills", _Entry({}, _solid(before, _NO_COLOUR))) if known else 0)
        number = self._numbers_without_mark.get((*_unfilled(entry).key, wanted))
        if number is not None:
            return number
        return self._put("cellXfs", _Entry({**entry.attributes, "fillId": wanted}, entry.inner))

    @cached_property
    def _numbers_without_mark(self) -> dict[tuple[object, ...], int]:
        """Format without its fill, and number of its fill -> the number of the first such format."""
        numbers: dict[tuple[object, ...], int] = {}
        for number, entry in enumerate(self.collections["cellXfs"]):
            numbers.setdefault((*_unfilled(entry).key, entry.attributes.get("fillId", "0")), number)
        return numbers

    def _mark_of(self, entry: _Entry) -> dict[str, dict[str, str]]:
        """The fill of a format that is one of our marks, else {}."""
        fill = self._fill_of(entry)
        marked = fill.get("pattern") == {"patternType": "solid"} and _is_mark(fill.get("fgColor", {}))
        return fill if marked else {}

    def look(self, font: str, fill: str, border: str, attributes: dict[str, str], inner: str) -> int:
        """The number of a format. font, fill, border: the XML inside those elements; attributes, inner: of the xf."""
        parts = {"fontId": self._put("fonts", _Entry({}, font)), "fillId": 0}
        if fill:
            parts["fillId"] = self._put("fills", _Entry({}, fill))
        parts["borderId"] = self._put("borders", _Entry({}, border))
        applied = dict.fromkeys(("applyFont", "applyFill", "applyBorder", "applyAlignment"), "1")
        numbered = {name: str(number) for name, number in parts.items()}
        return self._put("cellXfs", _Entry({"numFmtId": "0", **numbered, "xfId": "0", **applied, **attributes}, inner))

    def _format(self, style: int) -> _Entry:
        formats = self.collections["cellXfs"]
        return formats[style] if style < len(formats) else _Entry(dict(_PLAIN_FORMAT), "")

    def _fill_of(self, entry: _Entry) -> dict[str, dict[str, str]]:
        """The attributes of a format's patternFill (as "pattern"), fgColor and bgColor; {} for a gradient or a new fill."""
        number = int(entry.attributes.get("fillId", "0"))
        pattern = self.fills[number].child("patternFill") if number < len(self.fills) else None
        if pattern is None:
            return {}
        return {"pattern": pattern.attributes, **{child.local: child.attributes for child in pattern.children}}

    def _with_fill(self, entry: _Entry, fill: str) -> int:
        number = self._put("fills", _Entry({}, fill))
        return self._put("cellXfs", _Entry({**entry.attributes, "fillId": str(number), "applyFill": "1"}, entry.inner))

    def _put(self, name: str, wanted: _Entry) -> int:
        """The position of an entry in its collection, to which it is added if no equal entry is there."""
        entries, known = self.collections[name], self.positions[name]
        if wanted.key not in known:
            known[wanted.key] = len(entries)
            entries.append(wanted)
        return known[wanted.key]

    # -------------------------------------------------------------- written back

    def written(self) -> bytes:
        """The styles part as bytes."""
        edits: list[Edit] = []
        for name, tag in zip(_COLLECTIONS, ("font", "fill", "border", "xf"), strict=True):
            element, entries = self.elements[name], self.collections[name]
            added = "".join(entry.written(tag) for entry in entries[len(element.children) :])
            if added:
                edits.append(inside(element, self.content, added.encode()))
                if element.closing > element.opened:
                    edits.append(with_attributes(element, count=str(len(entries))))
        return spliced(self.content, edits)


def _completed(content: bytes, root: Element) -> bytes:
    """The part with every collection that the formats of cells refer to."""
    order = [name for name, _ in _FIRST_PARTS]
    edits: list[Edit] = []
    for number, (name, plain) in enumerate(_FIRST_PARTS):
        if plain and root.child(name) is None:
            behind = next((child for child in root.children if child.local not in order[: number + 1]), None)
            edits.append(
                (behind.start, behind.start, plain.encode()) if behind else inside(root, content, plain.encode())
            )
    return spliced(content, edits)


def _solid(foreground: dict[str, str], background: dict[str, str]) -> str:
    return (
        f'<patternFill patternType="solid"><fgColor{attribute_text(foreground)}/>'
        f"<bgColor{attribute_text(background)}/></patternFill>"
    )


def _is_mark(colour: dict[str, str]) -> bool:
    return colour.get("rgb", "").upper()[-6:] in {mark[-6:] for mark in MARK_COLOURS.values()}


def _unfilled(entry: _Entry) -> _Entry:
    rest = {name: value for name, value in entry.attributes.items() if name not in ("fillId", "applyFill")}
    return _Entry(rest, entry.inner)
