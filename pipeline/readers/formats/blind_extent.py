"""Checks how far the sheets of an .xlsb or .ods workbook extend, before calamine reads them.

calamine allocates every cell between A1 and the last one. A single cell at the end of a sheet would take 17 thousand
million of them, and the process would abort.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from pipeline.readers.formats.limits import MAXIMUM_CELLS, MAXIMUM_PIECES, UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.xml_parts import attribute, local_name, pieces_of
from pipeline.readers.sheet.grid import LAST_COLUMN, LAST_ROW

MAXIMUM_AREA = 4_000_000  # cells, empty ones included
MAXIMUM_RECORDS = 3_000_000
ROW, FIRST_CELL, LAST_CELL = 0, 2, 11  # kinds of record (MS-XLSB 2.3): a row, the cells with something in them
_SHORTEST = 8  # bytes of these records; of a shorter one calamine would read what the record before left in its buffer


def check_extent(parts: Mapping[str, bytes]) -> None:
    """Raises WorkbookTooLarge when a sheet has too many cells, empty ones between A1 and the last one included;
    UnreadableWorkbook, ValueError or LookupError for broken content. parts: name -> bytes."""
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
    """Checks the content.xml of an .ods."""
    rows = width = cells = 0
    for element, _ in pieces_of(content, MAXIMUM_PIECES, lambda _, name: name in ("table-row", "table")):
        if local_name(element.tag) == "table":  # comes after its rows, when it ends
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
    """How many rows or cells an element of an .ods stands for; raises ValueError for a number below 1."""
    count = int(attribute(element, name) or 1)
    if count < 1:
        raise ValueError(count)
    return count


def _check_records(content: bytes) -> None:
    """Checks a worksheet part of an .xlsb."""
    row = width = cells = 0
    for kind, position in records_of(content):
        if kind == ROW:
            row = number_at(content, position) + 1
        elif FIRST_CELL <= kind <= LAST_CELL:
            cells += 1
            width = max(width, number_at(content, position) + 1)
            _check_area(row, width)
            _check_cells(cells)


def records_of(content: bytes) -> Iterator[tuple[int, int]]:
    """Yields (kind, position of its content) for every record (MS-XLSB 2.1.4). Raises WorkbookTooLarge for too many
    records, UnreadableWorkbook or IndexError for a part that is cut off."""
    position = count = 0
    while position < len(content):
        count += 1
        if count > MAXIMUM_RECORDS:
            raise WorkbookTooLarge(f"内容超过 {MAXIMUM_RECORDS} 条")
        kind, position = _seven_bits(content, position, 2)
        length, position = _seven_bits(content, position, 4)
        if position + length > len(content) or (kind != 1 and kind <= LAST_CELL and length < _SHORTEST):
            raise UnreadableWorkbook("工作表的内容不完整")
        yield kind, position
        position += length


def _seven_bits(content: bytes, position: int, longest: int) -> tuple[int, int]:
    """(number, position behind it) of a number written with seven bits per byte in up to `longest` bytes, low bits
    first; the highest bit of a byte is set when another one follows. Raises IndexError at the end of the content."""
    number = 0
    for index in range(longest):
        byte = content[position + index]
        number |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return number, position + index + 1
    return number, position + longest


def number_at(content: bytes, position: int) -> int:
    """The unsigned little-endian number in the four bytes from `position`."""
    return int.from_bytes(content[position : position + 4], "little")
