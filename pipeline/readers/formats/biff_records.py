"""The records of an .xls (MS-XLS 2.3): the stream without those that no cell depends on.

xlrd refuses a whole workbook for a record it does not understand, such as a hyperlink or a note, and for an OLE file
whose unused sectors are used twice.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import NamedTuple

import olefile
from olefile.olefile import ENDOFCHAIN, STGTY_STREAM

from pipeline.readers.formats.limits import UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.sheet.grid import Address

MAXIMUM_RECORDS = 3_000_000
_FORMULA, _UNCALCULATED = 0x0006, 0x005E
_EMPTY_TEXT, _ON_OPENING = 3, 2
_BEGIN, _END, _SHEET, _STRINGS, _TEXT_RESULT, _CONTINUED = 0x0809, 0x000A, 0x0085, 0x00FC, 0x0207, 0x003C
_OF_WORKBOOK = {0x041E, 0x0031, 0x00E0, _SHEET, _STRINGS, 0x002F}  # formats, fonts, styles, sheets, strings, password
_OF_SHEET = {
    *(0x0201, 0x00BE, 0x0203, 0x027E, 0x00BD, 0x0204, 0x00FD, 0x00D6, 0x0205),  # cells
    *(0x0006, 0x0206, 0x0406, _TEXT_RESULT),  # formulas and their results
    *(0x0200, 0x0208, 0x007D, 0x00E5, 0x023E),  # extent, rows, columns, merges, window
}
_KEPT = _OF_WORKBOOK | _OF_SHEET


class _Record(NamedTuple):
    """One record. begin: where it stands in the stream."""

    kind: int
    begin: int
    content: bytes


def essential_stream(content: bytes) -> bytes:
    """The stream of an .xls with only the records that cells depend on; raises UnreadableWorkbook without a stream."""
    moved: dict[int, int] = {}  # where a sheet began -> where it begins now
    sheets: list[tuple[int, int]] = []  # (position of a sheet's record in the new stream, where that sheet began)
    stream = bytearray()
    depth = last = 0
    for record in _records(_stream_of(content)):
        depth += record.kind == _BEGIN
        continues = record.kind == _CONTINUED and last in (_STRINGS, _TEXT_RESULT)
        if depth <= 1 and (record.kind in _KEPT or record.kind in (_BEGIN, _END) or continues):
            if record.kind == _BEGIN:
                moved[record.begin] = len(stream)
            elif record.kind == _SHEET:
                sheets.append((len(stream), int.from_bytes(record.content[:4], "little")))
            stream += struct.pack("<HH", record.kind, len(record.content)) + record.content
        depth -= record.kind == _END
        last = last if continues else record.kind
    for position, began in sheets:
        if began not in moved:
            raise UnreadableWorkbook("旧版工作簿的内容已损坏")
        struct.pack_into("<I", stream, position + 4, moved[began])
    return bytes(stream)


def workbook_records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(kind, content) of every record of an .xls; raises UnreadableWorkbook as `essential_stream`."""
    return ((record.kind, record.content) for record in _records(_stream_of(content)))


class SheetFlags(NamedTuple):
    """What the records of one sheet say of its formulas. cells: those with a formula, and whether its result is an empty
    text; to_compute: the results were not computed when the workbook was saved, or are to be on opening."""

    cells: dict[Address, bool]
    to_compute: bool


def formula_flags(content: bytes) -> list[SheetFlags]:
    """The flags of every worksheet in the order of the sheets; [] for a file whose records cannot be followed."""
    try:
        stream = _stream_of(content)
        begins: list[int] = []
        sheets: dict[int, SheetFlags] = {}
        current = -1
        for kind, position, length in _heads(stream):
            if kind == _BEGIN:
                current = position
            elif kind == _SHEET and stream[position + 9] == 0:  # no chart or macro sheet
                begins.append(int.from_bytes(stream[position + 4 : position + 8], "little"))
            elif kind in (_FORMULA, _UNCALCULATED):
                cells, to_compute = sheets.get(current, SheetFlags({}, False))
                if kind == _FORMULA and length >= 16:
                    row, column, _, result, flags = struct.unpack_from("<HHH8sH", stream, position + 4)
                    cells[row + 1, column + 1] = result[6:] == b"\xff\xff" and result[0] == _EMPTY_TEXT
                    to_compute = to_compute or bool(flags & _ON_OPENING)
                sheets[current] = SheetFlags(cells, to_compute or kind == _UNCALCULATED)
    except Exception:  # olefile raises exceptions of many classes on a broken file, which xlrd may have read
        return []
    return [sheets.get(begin, SheetFlags({}, False)) for begin in begins]


def _heads(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """(kind, where it stands, length of its content) for every record; embedded charts count as their own streams."""
    position = 0
    outer: list[int] = []
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        if kind == _END and outer:
            outer.pop()
            if outer:
                yield _BEGIN, outer[-1], 0  # back in the sheet around a chart
        elif kind == _BEGIN:
            outer.append(position)
            yield kind, position, length
        else:
            yield kind, position, length
        position += 4 + length


def _stream_of(content: bytes) -> bytes:
    """The stream of records in an OLE file, or the content itself when it is one."""
    if content.startswith(struct.pack("<H", _BEGIN)):
        return content
    with olefile.OleFileIO(io.BytesIO(content)) as ole:
        streams = {entry.name.lower(): entry for entry in ole.direntries if entry and entry.entry_type == STGTY_STREAM}
        entry = streams.get("workbook") or streams.get("book")
        if entry is None:
            raise UnreadableWorkbook("里面没有工作簿")
        stream: bytes = ole.openstream(entry.name).read()
        if not _is_sound(ole, entry):
            raise UnreadableWorkbook("旧版工作簿的内容已损坏")
    return stream


def _is_sound(ole: olefile.OleFileIO, entry: olefile.olefile.OleDirectoryEntry) -> bool:
    """True when the chain of the stream's sectors has no loop and ends where it should."""
    table = ole.minifat if entry.is_minifat else ole.fat
    size = ole.minisectorsize if entry.is_minifat else ole.sectorsize
    sector, seen = entry.isectStart, set()
    for _ in range(-(-entry.size // size)):
        if sector in seen or not 0 <= sector < len(table):
            return False
        seen.add(sector)
        sector = table[sector]
    return bool(sector == ENDOFCHAIN)


def _records(stream: bytes) -> Iterator[_Record]:
    """The records up to the end of the last sheet; raises UnreadableWorkbook for a stream that is cut off in one."""
    position = count = depth = 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        if kind == 0 and length == 0 and depth == 0:
            return  # what fills the last sector
        if position + 4 + length > len(stream):
            raise UnreadableWorkbook("旧版工作簿的内容不完整")
        count += 1
        if count > MAXIMUM_RECORDS:
            raise WorkbookTooLarge(f"内容超过 {MAXIMUM_RECORDS} 条")
        depth += (kind == _BEGIN) - (kind == _END)
        yield _Record(kind, position, stream[position + 4 : position + 4 + length])
        position += 4 + length
