"""An .xlsb is read from its records, in full or short, whatever its writer left out."""

from __future__ import annotations

import struct

import pytest

from pipeline.readers.formats.limits import UnreadableWorkbook
from pipeline.readers.formats.xlsb import read_xlsb
from pipeline.readers.sheet.grid import Grid, OddValue
from tests.support.old_formats import XLSB_RELATIONS, binary, relations, wide, xlsb

CELLS = {(1, 1): "甲", (1, 2): 1.5, (3, 2): "乙"}
ODD_STYLES = (  # font 1 is struck out, font 2 raised; style 1 has font 1, style 2 the format 0%
    binary(611, struct.pack("<I", 3))
    + b"".join(binary(43, struct.pack("<HHHH", 220, flags, 400, script)) for flags, script in ((0, 0), (8, 0), (0, 1)))
    + binary(612)
    + binary(617, struct.pack("<I", 3))
    + b"".join(
        binary(47, struct.pack("<HHH", 0, number, font) + bytes(10)) for number, font in ((0, 0), (0, 1), (9, 0))
    )
    + binary(618)
)


def row(number: int, *cells: bytes, hidden: bool = False) -> bytes:
    return binary(0, struct.pack("<II", number, 0) + bytes(3) + bytes([0x10 if hidden else 0]) + bytes(5)) + b"".join(
        cells
    )


def full(kind: int, column: int, content: bytes, style: int = 0) -> bytes:
    return binary(kind, struct.pack("<II", column, style) + content)


def short(kind: int, content: bytes = b"", style: int = 0) -> bytes:
    return binary(kind, struct.pack("<I", style) + content)


def sheet_of(*rows: bytes, merges: bytes = b"") -> bytes:
    return binary(129) + binary(145) + b"".join(rows) + binary(146) + merges + binary(130)


def grid_of(*rows: bytes, merges: bytes = b"", strings: dict = CELLS) -> Grid:
    """The grid of a sheet without a dimension record."""
    content = xlsb(strings, sheet=sheet_of(*rows, merges=merges), parts={"xl/styles.bin": ODD_STYLES})
    (grid,) = read_xlsb(content).grids
    return grid


def number(value: float) -> bytes:
    return struct.pack("<d", value)


def test_cells_in_full():
    (grid,) = read_xlsb(xlsb(CELLS)).grids
    assert (grid.name, grid.cells, grid.hidden) == ("表", CELLS, False)


def test_short_records_stand_to_the_right_of_the_cell_before():
    grid = grid_of(
        row(0, full(7, 1, struct.pack("<I", 0)), short(18, struct.pack("<I", 1)), short(12), short(16, number(2.5))),
        row(
            4, short(17, wide("丙")), short(14, b"\x07"), short(15, b"\x01"), short(13, struct.pack("<I", 300 << 2 | 3))
        ),
    )
    assert grid.cells == {
        (1, 2): "甲",
        (1, 3): "乙",
        (1, 5): 2.5,
        (5, 1): "丙",
        (5, 2): OddValue("error", "#DIV/0!"),
        (5, 3): OddValue("boolean", "TRUE"),
        (5, 4): 3.0,
    }


def test_blank_and_error_cells_are_told_apart():
    grid = grid_of(
        row(0, full(1, 0, b""), full(3, 1, b"\x2a"), full(11, 2, b"\x17" + bytes(6)), full(8, 3, wide("") + bytes(6)))
    )
    assert grid.cells == {(1, 2): OddValue("error", "#N/A"), (1, 3): OddValue("error", "#REF!")}
    assert not grid.doubtful


@pytest.mark.parametrize(
    ("packed", "value"),
    [
        (5 << 2 | 2, 5.0),
        ((-5 << 2 | 2) & 0xFFFFFFFF, -5.0),
        (1234 << 2 | 3, 12.34),
        (struct.unpack("<Q", struct.pack("<d", 0.5))[0] >> 32, 0.5),
    ],
)
def test_compact_numbers(packed: int, value: float):
    assert grid_of(row(0, full(2, 0, struct.pack("<I", packed)))).cells == {(1, 1): value}


def test_formats_fonts_merges_and_hidden_rows():
    merges = binary(177, struct.pack("<I", 1)) + binary(176, struct.pack("<4I", 0, 1, 3, 3)) + binary(178)
    grid = grid_of(
        row(0, full(5, 0, number(3.0), 1), full(5, 1, number(0.5), 2), full(6, 3, wide("不推荐"))),
        row(1, full(6, 0, wide("己"), 1), full(6, 3, wide("盖住的")), hidden=True),
        merges=merges,
    )
    assert grid.cells[1, 2] == OddValue("formatted", "0.5", 0.5, "0%")
    assert grid.struck == {(1, 1), (2, 1)} and grid.hidden_rows == (2,)
    assert grid.merges == {(1, 4): (2, 4)} and (2, 4) not in grid.cells


def test_runs_of_a_figure_that_are_raised_or_struck_out_are_marked():
    text = b"\x01" + wide("12") + struct.pack("<IHH", 1, 1, 2)
    assert grid_of(row(0, full(62, 0, text))).cells == {(1, 1): "1〔上标：2〕"}
    whole = b"\x01" + wide("甲公司") + struct.pack("<IHH", 1, 0, 1)
    grid = grid_of(row(0, full(62, 0, whole)))
    assert (grid.cells, grid.struck) == ({(1, 1): "甲公司"}, {(1, 1)})


def test_chart_sheets_and_sheets_without_a_part_are_no_sheets_of_cells():
    sheets = [(0, "rId1", "表"), (0, "rId4", "图表"), (2, "", "Module1"), (1, "rId5", "藏")]
    book = b"".join(
        binary(156, struct.pack("<II", state, 1) + wide(name) + wide(label)) for state, name, label in sheets
    )
    parts = {
        "xl/workbook.bin": binary(131) + book + binary(132),
        "xl/_rels/workbook.bin.rels": relations(
            *XLSB_RELATIONS, ("chartsheet", "c.bin"), ("worksheet", "worksheets\\sheet2.bin")
        ),
        "xl/worksheets/sheet2.bin": sheet_of(row(0, full(5, 0, number(1.0)))),
        "xl/c.bin": binary(129),
    }
    grids = read_xlsb(xlsb(CELLS, parts=parts)).grids
    assert [(grid.name, grid.hidden, len(grid.cells)) for grid in grids] == [("表", False, 3), ("藏", True, 1)]


@pytest.mark.parametrize(
    "rows",
    [
        row(0, full(5, 0, number(1.0)), full(5, 0, number(2.0))),
        row(1_048_576, full(5, 0, number(1.0))),
        row(0, full(5, 16_384, number(1.0))),
        row(0, full(7, 0, struct.pack("<I", 99))),
        row(0, full(5, 0, b"\0")),
        row(0, full(6, 0, struct.pack("<I", 0x7FFFFFFF))),
        row(0, binary(5, b"\0")),
        full(5, 0, number(1.0)),
    ],
)
def test_broken_cells_are_refused(rows: bytes):
    with pytest.raises(UnreadableWorkbook):
        grid_of(rows)
