"""Hidden columns are known in every format, those with something in them: what nobody sees is read, and said."""

from __future__ import annotations

import struct

import pytest

from pipeline.readers.formats.opening import WORKBOOK_READERS
from pipeline.readers.formats.xlsx import read_workbook
from tests.support.arrivals import nominated, nomination, one, read
from tests.support.old_formats import binary, ods, ods_row, record, xls, xlsb
from tests.support.workbooks import part_of, repacked, workbook

CELLS = {(1, 1): "甲", (1, 2): "乙", (1, 4): "丁"}
SHEET = "xl/worksheets/sheet1.xml"


def in_xlsx(columns: str) -> bytes:
    """The cells in a workbook whose sheet has these col elements."""
    plain = workbook({"表": [["甲", "乙", None, "丁"]]})
    part = part_of(plain, SHEET).replace("<sheetData>", f"<cols>{columns}</cols><sheetData>")
    return repacked(plain, {SHEET: part})


@pytest.mark.parametrize(
    ("columns", "hidden"),
    [
        ('<col min="2" max="3" width="9" hidden="1"/>', (2,)),
        ("<col min='1' max='1' hidden='true'/><col min='4' max='16384' hidden='1'/>", (1, 4)),
        ('<col min="4" max="4" width="0" customWidth="1"/>', (4,)),
        ('<col min="1" max="4" hidden="1"/><col min="2" max="2" hidden="1"/>', (1, 2, 4)),
        ('<col min="2" max="2" width="0.5"/>', ()),
        ('<col min="2" max="2" width="9" hidden="0"/>', ()),
        ('<col min="x" max="2" hidden="1"/>', ()),
    ],
)
def test_xlsx_in_both_ways_of_reading(columns: str, hidden: tuple[int, ...]):
    content = in_xlsx(columns)
    odd = repacked(content, {SHEET: part_of(content, SHEET).replace("<row ", '<row spans="1:4" hidden="0" ')})
    for each in (content, odd):  # the second is in no plain shape
        (grid,) = read_workbook(each).grids
        assert grid.hidden_columns == hidden and grid.cells == CELLS


def test_xls():
    def column(first: int, last: int, width: int, flags: int) -> bytes:
        return record(0x7D, struct.pack("<6H", first, last, width, 0, flags, 0))

    content = xls(CELLS, after=column(1, 2, 2000, 1) + column(3, 3, 0, 0))
    assert [grid.hidden_columns for grid in WORKBOOK_READERS["biff"](content).grids] == [(2, 4)]


def test_ods():
    columns = (
        '<table:table-column table:number-columns-repeated="1"/>'
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="filter"/>'
    )
    (grid,) = WORKBOOK_READERS["ods"](ods(columns + ods_row("甲", "乙", "丙", "丁"))).grids
    assert grid.hidden_columns == (2, 3, 4)


def test_xlsb():
    def column(first: int, last: int, width: int, flags: int) -> bytes:
        return binary(60, struct.pack("<4IH", first, last, width, 0, flags))

    cell = binary(6, struct.pack("<II", 1, 0) + struct.pack("<I", 1) + "乙".encode("utf-16-le"))
    rows = binary(0, struct.pack("<II", 0, 0) + bytes(17)) + cell
    columns = binary(390) + column(0, 0, 2304, 0) + column(1, 1, 2304, 1) + binary(391)
    sheet = binary(129) + columns + binary(145) + rows + binary(146) + binary(130)
    assert [grid.hidden_columns for grid in WORKBOOK_READERS["xlsb"](xlsb({}, sheet=sheet)).grids] == [(2,)]


def test_hidden_columns_are_said():
    content = nomination(nominated(1, "甲公司"), hidden_columns={"附件2": range(4, 11)})
    assert one(read(content).sheets[0].issues, "F09").facts["what"] == "隐藏的 D、E、F、G、H 列等 7 列"


def test_a_hidden_column_without_content_is_nobodys_matter():
    (only,) = read(nomination(nominated(1, "甲公司"), hidden_columns={"附件2": [20]})).sheets
    assert only.issues == []
