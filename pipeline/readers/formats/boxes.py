"""Check boxes that lie over the cells of a worksheet of an OOXML package: form controls (VML and their ctrlProps parts)
and ActiveX controls. Where the square of each stands is told by its anchor."""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from html import unescape
from itertools import accumulate
from typing import NamedTuple

from pipeline.readers.formats.package import Package, Relations
from pipeline.readers.formats.plain_sheet import column_number
from pipeline.readers.formats.xml_parts import attribute, local_name
from pipeline.readers.sheet.grid import Address, Box

MAXIMUM_BOXES = 2_000
_PARTS_OF_BOXES = ("vmldrawing", ".vml", "ctrlprop", "activex")
_CHECK_BOX_CLASS = "8bd21d40-ec42-11ce-9e0d-00aa006002f3"
_LONGEST = 4_000  # characters of what is said of one control
_MOST_SPANS = 300  # of columns with a width of their own
_EMU = 9_525  # of one pixel
_POINT = 4 / 3  # pixels
_SQUARE = 8  # pixels from the left edge of a control to the middle of its square
_ROW, _COLUMN = 20.0, 64.0  # pixels of a row and a column by default

_SHAPES = re.compile(r"<(?:\w+:)?shape(?=[\s>])")
_CONTROLS = re.compile(r"<(?:\w+:)?control(?=\s)")
_GIVEN = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")
_ANCHOR = re.compile(r"<(?:\w+:)?Anchor>([\d\s,.-]{15,200})</")
_CHECKED = re.compile(r"<(?:\w+:)?Checked>\s*(\d)\s*</")
_TEXT = re.compile(r"<(?:\w+:)?textbox[^<>]*>(.*?)</(?:\w+:)?textbox>", re.S)
_CORNERS = re.compile(r"<(?:\w+:)?(col|colOff|row|rowOff)>\s*(-?\d{1,9})\s*</")
_LINK = re.compile(r"<(?:\w+:)?FmlaLink>([^<>]{1,40})</")
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")
_TAG = re.compile(r"<[^<>]*>")
_HIDDEN = re.compile(r"visibility\s*:\s*hidden", re.I)
_ROWS = re.compile(r"<(?:\w+:)?row\s([^<>]*)>")
_COLS = re.compile(r"<(?:\w+:)?col\s([^<>]*)>")
_DEFAULTS = re.compile(r"<(?:\w+:)?sheetFormatPr\s([^<>]*)>")


class _Anchor(NamedTuple):
    """Where a control begins and ends: columns and rows from 0, offsets in pixels."""

    column: int
    left: float
    row: int
    top: float
    last_column: int
    right: float
    last_row: int
    bottom: float


class _Control(NamedTuple):
    """What one part says of a control. checked: None for a third state; caption: its text; anchor: None without one; linked: the cell that
    it fills."""

    is_box: bool
    checked: bool | None = False
    caption: str = ""
    anchor: _Anchor | None = None
    hidden: bool = False
    linked: Address | None = None


def boxes_of(package: Package, path: str, sheet: bytes) -> tuple[Box, ...]:
    """The check boxes of the worksheet part at `path`, whose content is `sheet`, in the order of their cells.

    One whose parts contradict each other, or say that it is neither checked nor not, is not decided. Hidden ones are
    left out."""
    if not any(word in name for name in package.entries for word in _PARTS_OF_BOXES):
        return ()  # nor need the relations be looked at
    relations = package.relations(path)
    kinds = {kind for kind, _ in relations.values()}
    if not kinds & {"vmlDrawing", "ctrlProp", "control"}:
        return ()
    text = sheet.decode("utf-8", "replace")
    measures = _Measures(text)
    boxes = []
    for drawn, said in _paired(list(_shapes(package, relations)), list(_controls(package, relations, text))):
        if not any(part and part.is_box for part in (drawn, said)) or (drawn and drawn.hidden):
            continue
        states = {part.checked for part in (drawn, said) if part and part.is_box}
        anchor = (drawn and drawn.anchor) or (said and said.anchor)
        caption = (said and said.caption) or (drawn and drawn.caption) or ""
        cell, across = measures.square_of(anchor) if anchor else (None, 0.0)
        linked = (said and said.linked) or (drawn and drawn.linked) or None
        boxes.append(Box(cell, caption, states.pop() if len(states) == 1 else None, across, linked))
    return tuple(sorted(boxes, key=lambda box: box.cell or (0, 0)))


def _paired(
    shapes: list[tuple[int, _Control]], controls: list[tuple[int, _Control]]
) -> Iterator[tuple[_Control | None, _Control | None]]:
    """(what the VML says, what the control's part says) for each control. Where no number of a shape is that of a
    control (LibreOffice), as many boxes on both sides are paired in their order, and the VML tells only where they
    stand."""
    drawn, said = dict(shapes), dict(controls)
    if drawn.keys() & said.keys() or not drawn or not said:
        for number in sorted(drawn.keys() | said.keys())[:MAXIMUM_BOXES]:
            yield drawn.get(number), said.get(number)
        return
    anchored = [control for _, control in shapes if control.is_box]
    boxes = [control for control in said.values() if control.is_box]
    if len(anchored) != len(boxes):
        anchored = []
    for index, control in enumerate(boxes[:MAXIMUM_BOXES]):
        yield (anchored[index]._replace(is_box=False) if anchored else None), control


def _shapes(package: Package, relations: Relations) -> Iterator[tuple[int, _Control]]:
    """(number of the shape, what it says) for the shapes of the sheet's VML, which need not be well-formed XML."""
    for kind, path in relations.values():
        content = package.read(path) if kind == "vmlDrawing" else None
        pieces = _SHAPES.split((content or b"").decode("utf-8", "replace"), 2 * MAXIMUM_BOXES)[1:]
        for position, whole in enumerate(pieces, start=1):
            piece = whole[:_LONGEST]
            head = piece.partition(">")[0]
            given = _attributes(head)
            found = re.search(r"_s(\d{1,9})$", given.get("id", ""))
            number = int(found[1]) if found else -position
            anchored = _ANCHOR.search(piece)
            checked = _CHECKED.search(piece)
            caption = _TEXT.search(piece)
            yield (
                number,
                _Control(
                    bool(re.search(r"ObjectType\s*=\s*[\"']Checkbox[\"']", piece, re.I)),
                    {"0": False, "1": True}.get(checked[1]) if checked else False,
                    _plain(caption[1]) if caption else "",
                    _anchor(anchored[1].split(",")) if anchored else None,
                    bool(_HIDDEN.search(given.get("style", ""))),
                    _linked(link[1]) if (link := _LINK.search(piece)) else None,
                ),
            )


def _controls(package: Package, relations: Relations, sheet: str) -> Iterator[tuple[int, _Control]]:
    """(number of the shape, what its own part says) for the controls that the sheet lists."""
    for piece in _CONTROLS.split(sheet, 2 * MAXIMUM_BOXES)[1:]:
        given = _attributes(piece.partition(">")[0])
        kind, path = relations.get(given.get("id", ""), ("", ""))
        if kind not in ("ctrlProp", "control") or not given.get("shapeId", "").isdecimal():
            continue
        control = _form_control(package, path) if kind == "ctrlProp" else _active_control(package, path)
        corners = [(name, float(number)) for name, number in _CORNERS.findall(piece[:_LONGEST])]
        anchor = None
        if [name for name, _ in corners[:8]] == ["col", "colOff", "row", "rowOff"] * 2:
            cells = [number / _EMU if name.endswith("Off") else number for name, number in corners[:8]]
            anchor = _anchor([str(number) for number in cells])
        yield int(given["shapeId"]), control._replace(anchor=anchor)


def _form_control(package: Package, path: str) -> _Control:
    tree = package.tree(path)
    if tree is None or (attribute(tree, "objectType") or "").lower() != "checkbox":
        return _Control(False)
    state = (attribute(tree, "checked") or "unchecked").lower()
    checked = {"unchecked": False, "checked": True}.get(state)
    return _Control(True, checked, linked=_linked(attribute(tree, "fmlaLink") or ""))


def _active_control(package: Package, path: str) -> _Control:
    """What an ActiveX control's part says, by its properties or its binary stream."""
    tree = package.tree(path)
    if tree is None or (attribute(tree, "classid") or "").strip("{}").lower() != _CHECK_BOX_CLASS:
        return _Control(False)
    properties = {
        attribute(entry, "name"): attribute(entry, "value") or ""
        for entry in tree.iter()
        if local_name(entry.tag) == "ocxPr"
    }
    if properties:
        return _Control(True, _state(properties.get("Value", "0")), properties.get("Caption", ""))
    binary = next((target for kind, target in package.relations(path).values() if "binary" in kind.lower()), "")
    stream = package.read(binary) if binary else None
    try:
        value, caption = stream_texts(stream or b"")
    except (struct.error, IndexError, UnicodeDecodeError):
        return _Control(True, None)
    return _Control(True, _state(value), caption)


def _linked(formula: str) -> Address | None:
    """The cell of a link such as $K$32; None for one on another sheet."""
    match = _CELL.fullmatch(formula.strip())
    return (int(match[2]), column_number(match[1])) if match else None


def _state(value: str) -> bool | None:
    return {"1": True, "-1": True, "true": True, "0": False, "false": False}.get(value.strip().lower())


# The properties of a MorphData control (MS-OFORMS 2.2.5.2): (bit, bytes in the block of data), each aligned to its size.
_SIZES = (
    *((0, 4), (1, 4), (2, 4), (3, 4), (4, 1), (5, 1), (6, 1), (7, 1), (9, 2), (10, 4), (11, 2), (12, 2), (13, 2)),
    *((14, 2), (15, 2), (16, 1), (17, 1), (18, 1), (20, 1), (21, 1), (22, 4), (23, 4), (24, 4), (25, 4), (26, 4)),
    *((27, 2), (28, 2), (29, 2), (32, 4)),
)
_SIZE, _VALUE, _CAPTION = 8, 22, 23


def stream_texts(stream: bytes) -> tuple[str, str]:
    """(Value, Caption) in the binary stream of an ActiveX check box, with or without its class in front. Raises
    struct.error, IndexError or UnicodeDecodeError for another stream."""
    begin = 16 if stream[16:18] == b"\x00\x02" else 0
    if stream[begin : begin + 2] != b"\x00\x02":
        raise IndexError(begin)
    mask = struct.unpack_from("<Q", stream, begin + 4)[0]
    position = 8  # from the mask on
    counts: dict[int, int] = {}
    for bit, size in _SIZES:
        if mask >> bit & 1:
            position += -position % size
            if bit in (_VALUE, _CAPTION):
                counts[bit] = struct.unpack_from("<I", stream, begin + 4 + position)[0]
            position += size
    position += -position % 4 + (8 if mask >> _SIZE & 1 else 0)
    texts = {_VALUE: "", _CAPTION: ""}
    for bit, count in sorted(counts.items()):
        length = count & 0x7FFFFFFF
        raw = stream[begin + 4 + position : begin + 4 + position + length]
        if len(raw) < length:
            raise IndexError(length)
        texts[bit] = raw.decode("latin-1" if count >> 31 else "utf-16-le")
        position += length + -length % 4
    return texts[_VALUE], texts[_CAPTION]


def _anchor(numbers: list[str]) -> _Anchor | None:
    """The anchor of eight numbers: column, offset, row, offset, of the beginning and of the end."""
    try:
        column, left, row, top, last_column, right, last_row, bottom = (float(number) for number in numbers)
    except ValueError:
        return None
    if not (0 <= column <= last_column < 1 << 15 and 0 <= row <= last_row < 1 << 21):
        return None
    if (column, left, row, top) == (last_column, right, last_row, bottom):
        return None  # without any size: the anchor was not filled in
    return _Anchor(int(column), left, int(row), top, int(last_column), right, int(last_row), bottom)


class _Measures:
    """The heights of the rows and the widths of the columns of a sheet, in pixels."""

    def __init__(self, sheet: str) -> None:
        defaults = _attributes(found[1]) if (found := _DEFAULTS.search(sheet)) else {}
        self.row = _pixels(defaults.get("defaultRowHeight", ""), _POINT, 0) or _ROW
        self.column = _pixels(defaults.get("defaultColWidth", ""), 7, 5) or _COLUMN
        self.heights: dict[int, float] = {}
        for found in _ROWS.finditer(sheet):
            given = _attributes(found[1])
            height = 0.0 if given.get("hidden") in ("1", "true") else _pixels(given.get("ht", ""), _POINT, 0)
            if height is not None and given.get("r", "").isdecimal():
                self.heights[int(given["r"]) - 1] = height
        self.spans = [_attributes(found[1]) for found in _COLS.finditer(sheet.partition("sheetData")[0])][:_MOST_SPANS]

    def square_of(self, anchor: _Anchor) -> tuple[Address, float]:
        """The cell in which the square of a control stands, at its left edge in the middle of its height, and how far
        across the cell."""
        rows = [
            self.heights.get(row, self.row) for row in range(anchor.row, min(anchor.last_row, anchor.row + 500) + 1)
        ]
        height = sum(rows[:-1]) - anchor.top + anchor.bottom
        middle = anchor.top + max(height, 0.0) / 2
        row = bisect_right(list(accumulate(rows)), middle)
        columns = [
            self._width(column) for column in range(anchor.column, min(anchor.last_column, anchor.column + 50) + 1)
        ]
        ends = list(accumulate(columns))
        column = min(bisect_right(ends, anchor.left + _SQUARE), len(columns) - 1)
        across = (anchor.left + _SQUARE - (ends[column] - columns[column])) / max(columns[column], 1.0)
        return (anchor.row + min(row, len(rows) - 1) + 1, anchor.column + column + 1), across

    def _width(self, column: int) -> float:
        for given in self.spans:
            first, last = given.get("min", ""), given.get("max", "")
            if first.isdecimal() and last.isdecimal() and int(first) <= column + 1 <= int(last):
                if given.get("hidden") in ("1", "true"):
                    return 0.0
                return _pixels(given.get("width", ""), 7, 5) or self.column
        return self.column


def _pixels(text: str, each: float, more: float) -> float | None:
    """A measure in pixels; None for a text that is no number."""
    try:
        return float(text) * each + more
    except ValueError:
        return None


def _attributes(text: str) -> dict[str, str]:
    """The attributes in a tag, by their local names."""
    return {name.rpartition(":")[2]: double or single for name, double, single in _GIVEN.findall(text)}


def _plain(text: str) -> str:
    """The text between tags, on one line."""
    return " ".join(unescape(_TAG.sub(" ", text)).split())
