"""Check boxes over the sheets of an .xls: form controls (MS-XLS 2.4.181 Obj, MS-ODRAW client anchors). The state of an
ActiveX box stands in another stream and is not decided."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pipeline.readers.formats.biff_records import workbook_records
from pipeline.readers.formats.boxes import MAXIMUM_BOXES
from pipeline.readers.sheet.grid import Box

_BEGIN, _END, _DRAWING, _OBJECT, _CONTINUED = 0x0809, 0x000A, 0x00EC, 0x005D, 0x003C
_ANCHOR = b"\x00\x00\x10\xf0\x12\x00\x00\x00"
_KIND, _STATE, _OLD_STATE = 0x15, 0x12, 0x0A  # LibreOffice writes the state under the number of an older part
_CHECK_BOX, _PICTURE = 0x0B, 0x08
_ACTIVE_BOX = b"Forms.CheckBox"
_WORKSHEET = b"\x10\x00"


def may_hold_boxes(content: bytes) -> bool:
    """False for an .xls that surely has no check box, without reading its records."""
    return b"\x15\x00\x12\x00\x0b\x00" in content or _ACTIVE_BOX in content


def boxes_by_sheet(content: bytes) -> list[tuple[Box, ...]]:
    """The check boxes of every sheet, in the order of the stream."""
    sheets: list[list[Box]] = []
    boxes: list[Box] | None = None  # of the sheet whose records come
    anchor: bytes = b""
    depth = 0
    for kind, record in workbook_records(content):
        if kind == _BEGIN:
            depth += 1
            if depth == 1:
                boxes = [] if record[2:4] == _WORKSHEET else None
                sheets += [] if boxes is None else [boxes]
        elif kind == _END:
            depth -= 1
        elif boxes is None:
            continue
        elif kind in (_DRAWING, _CONTINUED):
            position = record.rfind(_ANCHOR)
            anchor = record[position + len(_ANCHOR) :][:18] if position >= 0 else anchor
        elif kind == _OBJECT and len(boxes) < MAXIMUM_BOXES:
            boxes += _box_of(record, anchor)
            anchor = b""
    return [tuple(sorted(found, key=lambda box: box.cell or (0, 0))) for found in sheets]


def _box_of(record: bytes, anchor: bytes) -> Iterator[Box]:
    """The check box that an Obj record describes, or none."""
    numbers: dict[int, set[int]] = {}  # kind of part → the first numbers of the parts of this kind
    for part, content in _parts(record):
        if len(content) >= 2:
            numbers.setdefault(part, set()).add(struct.unpack_from("<H", content)[0])
    object_kind = min(numbers.get(_KIND, {0}))
    if object_kind == _CHECK_BOX:
        states = numbers.get(_STATE) or numbers.get(_OLD_STATE) or {0}
        yield _anchored(anchor, {0: False, 1: True}.get(min(states)) if len(states) == 1 else None)
    elif object_kind == _PICTURE and _ACTIVE_BOX in record:
        yield _anchored(anchor, None)


def _parts(record: bytes) -> Iterator[tuple[int, bytes]]:
    """(kind, content) of the parts of an Obj record."""
    position = 0
    while position + 4 <= len(record):
        kind, length = struct.unpack_from("<HH", record, position)
        if kind == 0:
            return
        yield kind, record[position + 4 : position + 4 + length]
        position += 4 + length


def _anchored(anchor: bytes, checked: bool | None) -> Box:
    """A box at its anchor: columns with offsets in 1/1024 of their width, rows in 1/256 of their height."""
    if len(anchor) < 18:
        return Box(None, "", checked)
    _, column, left, row, top, _, _, last_row, bottom = struct.unpack("<9H", anchor)
    middle = (row + top / 256 + last_row + bottom / 256) / 2
    return Box((int(middle) + 1, column + 1), "", checked, min(left / 1024, 1.0))
