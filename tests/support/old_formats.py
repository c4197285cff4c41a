"""Workbooks of the formats no library writes here, byte by byte: .xls (BIFF8 in OLE), .xlsb and .ods."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from hashlib import md5
from xml.sax.saxutils import escape

from tests.support.workbooks import PACKAGE, RELATIONS, TYPES, Raw, package

SECTOR = 512
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Rows = Mapping[tuple[int, int], str | float]  # (row, column) from 1 -> text or number


def ole(streams: Mapping[str, bytes], chain_end: int = END) -> bytes:
    """An OLE file of the streams; with `chain_end` the last stream's chain of sectors goes on there."""
    sizes = [max(len(content), 4096) for content in streams.values()]
    bodies = [
        content.ljust(-(-size // SECTOR) * SECTOR, b"\0") for content, size in zip(streams.values(), sizes, strict=True)
    ]
    sectors = sum(len(body) // SECTOR for body in bodies)
    tables = 1 + sectors // 100
    starts, offset = [], tables + 1
    links = [TABLE] * tables + [END]
    for body in bodies:
        starts.append(offset)
        offset += len(body) // SECTOR
        links += [*range(len(links) + 1, offset), END]
    links[-1] = chain_end
    table = struct.pack(f"<{len(links)}I", *links).ljust(tables * SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<8I", tables, tables, 0, 4096, END, 0, END, 0)
    header = header[:76] + struct.pack(f"<{tables}I", *range(tables))
    entries = [_entry("Root Entry", 5, 1, FREE, END, 0)]
    for number, (name, start, size) in enumerate(zip(streams, starts, sizes, strict=True), start=1):
        following = number + 1 if number < len(bodies) else FREE
        entries.append(_entry(name, 2, FREE, following, start, size))
    return header.ljust(SECTOR, b"\xff") + table + b"".join(entries).ljust(SECTOR, b"\0") + b"".join(bodies)


def _entry(name: str, kind: int, child: int, following: int, start: int, size: int) -> bytes:
    letters = name.encode("utf-16-le")
    return (
        letters.ljust(64, b"\0")
        + struct.pack("<HBB3I", len(letters) + 2, kind, 1, FREE, following, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def record(number: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(content)) + content


def xls_stream(
    cells: Rows, merges: Iterable[tuple[int, int, int, int]] = (), after: bytes = b"", before: bytes = b""
) -> bytes:
    """A Workbook stream of one sheet. merges: first row, last row, first column, last column, from 0; after: further
    records of the sheet; before: of the workbook."""
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    name = "表".encode("utf-16-le")
    style = record(0xE0, struct.pack("<HHHBBBBIIH", 0, 0, 0xFFF5, 0x20, 0, 0, 0, 0, 0, 0x20C0))
    head = record(0x0809, begin) + before + record(0x42, struct.pack("<H", 1200)) + style
    offset = len(head) + 4 + 8 + len(name) + 4
    sheet = record(0x85, struct.pack("<IBBBB", offset, 0, 0, len(name) // 2, 1) + name) + record(0x0A)
    rows = [_xls_cell(row - 1, column - 1, value) for (row, column), value in cells.items()]
    areas = list(merges)
    merged = [areas[start : start + 1000] for start in range(0, len(areas), 1000)]
    packed = [
        record(0xE5, struct.pack("<H", len(some)) + b"".join(struct.pack("<4H", *area) for area in some))
        for some in merged
    ]
    body = record(0x0809, begin[:2] + struct.pack("<H", 0x0010) + begin[4:]) + b"".join(rows) + b"".join(packed)
    filler = record(
        0x0FFF, bytes(max(4096 - len(head + sheet + body + after) - 8, 0))
    )  # a short stream is kept elsewhere
    return head + sheet + body + after + filler + record(0x0A)


def xls(cells: Rows, **parts: object) -> bytes:
    return ole({"Workbook": xls_stream(cells, **parts)})


def _xls_cell(row: int, column: int, value: str | float) -> bytes:
    if isinstance(value, str):
        letters = value.encode("utf-16-le")
        return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(letters) // 2, 1) + letters)
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def xls_locked(cells: Rows, password: str) -> bytes:
    """An .xls behind a password, as Excel 97 encrypts it (MS-XLS 2.2.10, MS-OFFCRYPTO 2.3.6): RC4, a new key every
    1,024 bytes of the stream; the heads of records stay as they are."""
    salt, verifier = bytes(range(16)), bytes(range(16, 32))
    first = _key_stream(password, salt, 0, 32)
    check = bytes(one ^ other for one, other in zip(verifier + md5(verifier).digest(), first, strict=True))
    stream = bytearray(xls_stream(cells, before=record(0x2F, struct.pack("<HHH", 1, 1, 1) + salt + check)))
    blocks = range(-(-len(stream) // 1024))
    keys = b"".join(_key_stream(password, salt, block, 1024) for block in blocks)
    offset = 0
    while offset < len(stream):
        kind, length = struct.unpack("<HH", stream[offset : offset + 4])
        start = offset + 4 + (4 if kind == 0x85 else 0)  # where a sheet begins is not encrypted either
        offset += 4 + length
        if kind not in (0x0809, 0x2F):
            for position in range(start, offset):
                stream[position] ^= keys[position]
    return ole({"Workbook": bytes(stream)})


def _key_stream(password: str, salt: bytes, block: int, length: int) -> bytes:
    short = md5(password.encode("utf-16-le")).digest()[:5]
    middle = md5((short + salt) * 16).digest()[:5]
    key = md5(middle + struct.pack("<I", block)).digest()
    state, other = list(range(256)), 0
    for number in range(256):
        other = (other + state[number] + key[number % 16]) % 256
        state[number], state[other] = state[other], state[number]
    made, one, other = bytearray(), 0, 0
    for _ in range(length):
        one = (one + 1) % 256
        other = (other + state[one]) % 256
        state[one], state[other] = state[other], state[one]
        made.append(state[(state[one] + state[other]) % 256])
    return bytes(made)


ODS_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def ods(table: str, styles: str = "", **parts: str | bytes) -> bytes:
    """An OpenDocument workbook of one sheet whose rows are given as XML, and so are its styles."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ODS_SPACES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="表">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
        'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        "</manifest:manifest>"
    )
    built = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content,
        "META-INF/manifest.xml": manifest,
    }
    return package({**built, **parts})


def ods_row(*values: str | float | Raw, repeated: str = "") -> str:
    """One row; `repeated` goes into its first cell's tag. Of a Raw value, its attributes and what stands within."""
    cells = []
    for number, value in enumerate(values):
        if isinstance(value, Raw):
            cells.append(f"<table:table-cell {value.attributes}>{value.content}</table:table-cell>")
            continue
        kind = (
            f'office:value-type="float" office:value="{value}"'
            if isinstance(value, float)
            else 'office:value-type="string"'
        )
        extra = repeated if number == 0 else ""
        cells.append(f"<table:table-cell {kind} {extra}><text:p>{escape(str(value))}</text:p></table:table-cell>")
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


XLSB_RELATIONS = (
    ("worksheet", "worksheets/sheet1.bin"),
    ("sharedStrings", "sharedStrings.bin"),
    ("styles", "styles.bin"),
)


def xlsb(
    cells: Rows,
    counted: int | None = None,
    formats: Mapping[tuple[int, int], str] | None = None,
    sheet: bytes = b"",
    parts: Mapping[str, bytes | str] | None = None,
) -> bytes:
    """A binary xlsx of one sheet; with `counted` its shared strings say that they are so many. formats: cell -> number
    format; sheet: the records of the sheet, instead of those of the cells; parts: further parts, or others instead."""
    codes = sorted(set((formats or {}).values()))
    styles = binary(615, struct.pack("<I", len(codes)))
    styles += b"".join(binary(44, struct.pack("<H", 164 + offset) + wide(code)) for offset, code in enumerate(codes))
    styles += binary(616) + binary(617, struct.pack("<I", len(codes) + 1))
    styles += b"".join(
        binary(47, struct.pack("<HH", 0, number) + bytes(12)) for number in (0, *range(164, 164 + len(codes)))
    )
    styles += binary(618)
    style_of = {cell: codes.index(code) + 1 for cell, code in (formats or {}).items()}
    strings = list(dict.fromkeys(value for value in cells.values() if isinstance(value, str)))
    index_of = {text: offset for offset, text in enumerate(strings)}
    count = len(strings) if counted is None else counted
    shared = binary(159, struct.pack("<II", count, count))
    shared += b"".join(binary(19, b"\0" + wide(text)) for text in strings) + binary(160)
    rows = binary(129) + binary(148, bytes(16)) + binary(145)
    last_row = 0
    for (row, column), value in sorted(cells.items()):
        if row != last_row:
            rows += binary(0, struct.pack("<II", row - 1, 0) + bytes(17))
            last_row = row
        offset = struct.pack("<II", column - 1, style_of.get((row, column), 0))
        if isinstance(value, str):
            rows += binary(7, offset + struct.pack("<I", index_of[value]))
        else:
            rows += binary(5, offset + struct.pack("<d", value))
    rows += binary(146) + binary(130)
    book = (
        binary(131)
        + binary(143)
        + binary(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("表"))
        + binary(144)
        + binary(132)
    )
    kind = "application/vnd.ms-excel"
    types = (
        f'<Types xmlns="{TYPES}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.bin" ContentType="{kind}.sheet.binary.macroEnabled.main"/>'
        f'<Override PartName="/xl/worksheets/sheet1.bin" ContentType="{kind}.worksheet"/>'
        f'<Override PartName="/xl/sharedStrings.bin" ContentType="{kind}.sharedStrings"/></Types>'
    )

    return package(
        {
            "[Content_Types].xml": types,
            "_rels/.rels": relations(("officeDocument", "xl/workbook.bin")),
            "xl/_rels/workbook.bin.rels": relations(*XLSB_RELATIONS),
            "xl/sharedStrings.bin": shared,
            "xl/styles.bin": styles,
            "xl/workbook.bin": book,
            "xl/worksheets/sheet1.bin": sheet or rows,
            **(parts or {}),
        }
    )


def relations(*entries: tuple[str, str]) -> str:
    """A relations part of (kind, target), numbered rId1, rId2 …"""
    written = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(entries, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{written}</Relationships>'


def binary(number: int, content: bytes = b"") -> bytes:
    """One BIFF12 record: number and length in seven bits a byte."""
    return _seven_bits(number) + _seven_bits(len(content)) + content


def _seven_bits(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _seven_bits(rest) if rest else bytes([low])


def wide(text: str) -> bytes:
    letters = text.encode("utf-16-le")
    return struct.pack("<I", len(letters) // 2) + letters
