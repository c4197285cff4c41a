"""How far the sheets of .xlsb and .ods workbooks reach, found before their library lays them out cell by cell.

That library holds every cell between A1 and the last one: a single cell at the end of a sheet would be 17 thousand
million of them, and a process that dies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from pipeline.readers.formats.limits import MAXIMUM_CELLS, MAXIMUM_PIECES, UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.xml_parts import attribute, local_name, pieces_of
from pipeline.readers.sheet.grid import LAST_COLUMN, LAST_ROW

MAXIMUM_AREA = 4_000_000  # cells, empty ones included
MAXIMUM_RECORDS = 3_000_000
ROW, FIRST_CELL, LAST_CELL = 0, 2, 11  # kinds of record (MS-XLSB 2.3): a row, a cell with something in it
_SHORTEST = 8  # bytes of either; of a shorter one the library takes what the record before left in its memory


def check_extent(parts: Mapping[str, bytes]) -> None:
    """Raises WorkbookTooLarge when a sheet reaches too far, UnreadableWorkbook or ValueError when it cannot be told."""
    for name, part in parts.items():
        if name == "content.xml":
            _check_table(part)
        elif name.startswith("xl/worksheets/") and name.endswith(".bin"):
            _check_records(part)


def _check_area(rows: int, columns: int) -> None:
    if rows > LAST_ROW or columns > LAST_COLUMN:
        raise UnreadableWorkbook("有单元格在工作表的范围以外")
    if rows * columns > MAXIMUM_AREA:
        raise WorkbookTooLarge(f"工作表伸到了第 {rows} 行、第 {columns} 列")


def _check_cells(cells: int) -> None:
    if cells > MAXIMUM_CELLS:
        raise WorkbookTooLarge(f"有内容的单元格超过 {MAXIMUM_CELLS} 个")


def _check_table(content: bytes) -> None:
    rows = width = cells = 0
    for element, _ in pieces_of(content, MAXIMUM_PIECES, lambda _, name: name in ("table-row", "table")):
        if local_name(element.tag) == "table":  # at its end, after its rows
            rows = width = 0
            continue
        times = repeated(element, "number-rows-repeated")
        rows += times
        columns = last = 0
        for cell in element:
            count = repeated(cell, "number-columns-repeated")
            columns += count
            if len(cell) or attribute(cell, "value-type"):
                last = columns
                cells += count * times
        if last:
            width = max(width, last)
            _check_area(rows, width)
            _check_cells(cells)


def repeated(element: ElementTree.Element, name: str) -> int:
    """How often a row or cell of an .ods stands there; raises ValueError for no number from 1."""
    count = int(attribute(element, name) or 1)
    if count < 1:
        raise ValueError(count)
    return count


def _check_records(content: bytes) -> None:
    row = width = cells = 0
    for kind, place in records_of(content):
        if kind == ROW:
            row = number_at(content, place) + 1
        elif FIRST_CELL <= kind <= LAST_CELL:
            cells += 1
            width = max(width, number_at(content, place) + 1)
            _check_area(row, width)
            _check_cells(cells)


def records_of(content: bytes) -> Iterator[tuple[int, int]]:
    """(kind, where its content begins) of every record; kind and length are written with seven bits a byte."""
    place = count = 0
    while place < len(content):
        count += 1
        if count > MAXIMUM_RECORDS:
            raise WorkbookTooLarge(f"内容超过 {MAXIMUM_RECORDS} 条")
        kind, place = _seven_bits(content, place, 2)
        length, place = _seven_bits(content, place, 4)
        if place + length > len(content) or (kind != 1 and kind <= LAST_CELL and length < _SHORTEST):
            raise UnreadableWorkbook("工作表的内容不完整")
        yield kind, place
        place += length


def _seven_bits(content: bytes, place: int, longest: int) -> tuple[int, int]:
    number = 0
    for position in range(longest):
        byte = content[place + position]  # IndexError at the end: cut off
        number |= (byte & 0x7F) << 7 * position
        if byte < 0x80:
            return number, place + position + 1
    return number, place + longest


def number_at(content: bytes, place: int) -> int:
    """The whole number in the four bytes from `place`."""
    return int.from_bytes(content[place : place + 4], "little")
