"""An .xls is read through xlrd; what xlrd refuses for something that no cell depends on is read without it."""

from __future__ import annotations

import struct

import pytest

from pipeline.readers.formats.encryption import kind_of_ole
from pipeline.readers.formats.limits import UnreadableWorkbook
from pipeline.readers.formats.xls import read_biff
from tests.support.old_formats import END, ole, record, xls, xls_stream

CELLS = {(1, 1): "甲", (2, 2): 12.0}
NOTE = record(0x1C, b"\0")  # a note cut short, which xlrd refuses
LINK = record(0x01B8, b"\0" * 40)  # a link of an unknown kind, which xlrd refuses too


@pytest.mark.parametrize("name", ["Workbook", "WORKBOOK", "BOOK", "Book", "workbook"])
def test_the_stream_may_be_spelled_in_any_case(name: str):
    content = ole({name: xls_stream(CELLS)})
    assert kind_of_ole(content) == "biff"
    assert read_biff(content).grids[0].cells == CELLS


@pytest.mark.parametrize("units", range(1, 7))
def test_a_text_may_go_on_in_the_next_record_within_a_character(units: int):
    letters = "甲𠮷😀乙".encode("utf-16-le")
    strings = struct.pack("<IIHB", 1, 1, len(letters) // 2, 1) + letters[: 2 * units]
    table = record(0xFC, strings) + record(0x3C, b"\1" + letters[2 * units :])
    content = xls(CELLS, before=table, after=record(0xFD, struct.pack("<HHHI", 4, 0, 0, 0)))
    assert read_biff(content).grids[0].cells == {**CELLS, (5, 1): "甲𠮷😀乙"}


def test_half_a_character_is_none():
    letters = "甲𠮷".encode("utf-16-le")[:4]
    table = record(0xFC, struct.pack("<IIHB", 1, 1, 2, 1) + letters)
    content = xls(CELLS, before=table, after=record(0xFD, struct.pack("<HHHI", 4, 0, 0, 0)))
    assert read_biff(content).grids[0].cells[5, 1] == "甲\ufffd"


def test_the_records_may_stand_without_an_ole_file_around_them():
    assert read_biff(xls_stream(CELLS)).grids[0].cells == CELLS


@pytest.mark.parametrize("broken", [NOTE, LINK, record(0x01B0, b"\0")])
def test_broken_records_that_no_cell_depends_on(broken: bytes):
    grid = read_biff(xls(CELLS, merges=[(1, 2, 1, 1)], after=broken)).grids[0]
    assert (grid.cells, grid.merges) == (CELLS, {(2, 2): (3, 2)})


@pytest.mark.parametrize("broken", [record(0x42, b"\x07\x07"), record(0x22, b"\7\0"), record(0x92, b"\1")])
def test_broken_records_of_the_workbook_that_no_cell_depends_on(broken: bytes):
    assert read_biff(xls(CELLS, before=broken)).grids[0].cells == CELLS


def test_sectors_that_two_streams_use():
    """PhpSpreadsheet gives the streams of properties sectors of the workbook."""
    content = bytearray(ole({"Workbook": xls_stream(CELLS), "Other": b"x" * 4096}))
    directory = content.index("Other".encode("utf-16-le"))
    first = content.index("Workbook".encode("utf-16-le"))
    content[directory + 116 : directory + 120] = content[first + 116 : first + 120]
    assert read_biff(bytes(content)).grids[0].cells == CELLS


def test_a_font_beyond_the_list_is_a_plain_one():
    letters = "12".encode("utf-16-le")
    rich = record(0xFC, struct.pack("<II", 1, 1) + struct.pack("<HBH", 2, 9, 1) + letters + struct.pack("<HH", 1, 99))
    shared = record(0xFD, struct.pack("<HHHI", 0, 0, 0, 0))
    assert read_biff(xls({}, before=rich, after=shared)).grids[0].cells == {(1, 1): "12"}


def font(flags: int = 0) -> bytes:
    """A record of a font; flag 8 strikes out."""
    name = "宋体".encode("utf-16-le")
    return record(0x31, struct.pack("<HHHHHBBBBBB", 220, flags, 0x7FFF, 400, 0, 0, 0, 134, 0, 2, 1) + name)


def test_cells_whose_font_is_struck_out():
    grid = read_biff(xls(CELLS, before=font(8))).grids[0]
    assert (grid.cells, grid.struck) == (CELLS, set(CELLS))
    assert not read_biff(xls(CELLS, before=font())).grids[0].struck


@pytest.mark.parametrize(
    ("fonts", "text", "struck", "parts"),
    [
        (font() + font(8), "甲", set(), {(1, 1): "甲〔划去：乙丙〕"}),
        (font(8) + font(), "乙丙", set(), {(1, 1): "〔划去：甲〕乙丙"}),
        (font(8) + font(8), "甲乙丙", {(1, 1)}, {}),
    ],
)
def test_runs_with_a_font_of_their_own(fonts: bytes, text: str, struck: set, parts: dict):
    """The first letter has the font of the cell, which is the first one; the others have the second."""
    letters = "甲乙丙".encode("utf-16-le")
    rich = record(0xFC, struct.pack("<II", 1, 1) + struct.pack("<HBH", 3, 9, 1) + letters + struct.pack("<HH", 1, 1))
    shared = record(0xFD, struct.pack("<HHHI", 0, 0, 0, 0))
    grid = read_biff(xls({}, before=fonts + rich, after=shared)).grids[0]
    assert (grid.cells, grid.struck, grid.struck_parts) == ({(1, 1): text}, struck, parts)


def test_a_chain_of_sectors_that_does_not_end_is_refused():
    for end in (2, 0x00FFFFFF):
        with pytest.raises(UnreadableWorkbook):
            read_biff(ole({"Workbook": xls_stream(CELLS)}, chain_end=end))
    assert read_biff(ole({"Workbook": xls_stream(CELLS)}, chain_end=END)).grids


def test_records_cut_off_or_without_their_sheet_are_refused():
    stream = xls_stream(CELLS, after=NOTE)
    for broken in (stream[:-30], stream[: stream.index(record(0x0203)[:2] + b"\x0e\0")]):
        with pytest.raises(UnreadableWorkbook):
            read_biff(ole({"Workbook": broken}))
    moved = bytearray(stream)
    at = moved.index(struct.pack("<H", 0x85)) + 4
    moved[at : at + 4] = struct.pack("<I", 7)
    with pytest.raises(UnreadableWorkbook):
        read_biff(ole({"Workbook": bytes(moved)}))
