"""Check boxes over the cells of a sheet in every format, as Excel and LibreOffice write them."""

from __future__ import annotations

import struct

import pytest

from pipeline.readers.formats.opening import WORKBOOK_READERS
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.sheet.grid import Box as Found
from tests.support.check_boxes import Box, with_boxes
from tests.support.old_formats import ods, ods_row, record, xls, xlsb
from tests.support.workbooks import Raw, part_of, repacked, workbook

CELLS = {(1, 1): "甲", (2, 1): "乙"}


def standing(boxes: tuple[Found, ...]) -> list[tuple[object, object]]:
    return [(box.cell, box.checked) for box in boxes]


# ---------------------------------------------------------------- OOXML


def test_rows_and_columns_of_other_sizes():
    content = workbook({"表": [["甲"], ["乙"], ["丙"]]})
    sheet = part_of(content, "xl/worksheets/sheet1.xml")
    sheet = sheet.replace("<sheetData>", '<sheetFormatPr defaultRowHeight="30"/><cols><col min="1" max="1" width="2"/></cols><sheetData>')  # fmt: skip
    sheet = sheet.replace('<row r="2">', '<row r="2" ht="7.5">')
    tall = repacked(content, {"xl/worksheets/sheet1.xml": sheet})
    boxes = [Box(0, 0, anchor="0, 0, 0, 5, 1, 9, 0, 25"), Box(0, 0, anchor="0, 15, 0, 38, 1, 40, 2, 8")]
    found = read_workbook(with_boxes(tall, boxes)).grids[0].boxes
    assert standing(found) == [((1, 1), True), ((2, 2), True)]


def test_libreoffice_names_no_shape_and_leaves_the_sheets_own_anchors_blank():
    content = with_boxes(workbook({"表": [["甲"], ["乙"]]}), [Box(1, 2), Box(2, 2, "Unchecked")])
    vml = part_of(content, "xl/drawings/vmlDrawing1.vml").replace("_x0000_s1025", "shape_0")
    vml = vml.replace("_x0000_s1026", "shape_0").replace("<x:Checked>1</x:Checked>", "")
    sheet = part_of(content, "xl/worksheets/sheet1.xml")
    corner = "<col>0</col><colOff>0</colOff><row>0</row><rowOff>0</rowOff>"
    blank = f"<controlPr><anchor><from>{corner}</from><to>{corner}</to></anchor></controlPr></control>"
    changes = {"xl/drawings/vmlDrawing1.vml": vml, "xl/worksheets/sheet1.xml": sheet.replace("</control>", blank)}
    found = read_workbook(repacked(content, changes)).grids[0].boxes
    assert standing(found) == [((1, 2), True), ((2, 2), False)]


@pytest.mark.parametrize("broken", ["<xml>", "", "<v:shape " * 3_000, "\ud7ff" * 50])
def test_broken_drawings_have_no_box(broken: str):
    content = with_boxes(workbook({"表": [["甲"]]}), [Box(1, 2)], "vml", **{"xl/drawings/vmlDrawing1.vml": broken})
    assert read_workbook(content).grids[0].boxes == ()


def test_other_controls_are_no_boxes():
    content = with_boxes(workbook({"表": [["甲"]]}), [Box(1, 2)])
    part = part_of(content, "xl/ctrlProps/ctrlProp1.xml").replace("CheckBox", "Drop")
    vml = part_of(content, "xl/drawings/vmlDrawing1.vml").replace("Checkbox", "Drop")
    changes = {"xl/ctrlProps/ctrlProp1.xml": part, "xl/drawings/vmlDrawing1.vml": vml}
    assert read_workbook(repacked(content, changes)).grids[0].boxes == ()


def test_xlsb():
    drawn = with_boxes(workbook({"表": [["甲"]]}), [Box(2, 1), Box(1, 1, "Unchecked")], "vml")
    parts = {
        "xl/drawings/vmlDrawing1.vml": part_of(drawn, "xl/drawings/vmlDrawing1.vml"),
        "xl/worksheets/_rels/sheet1.bin.rels": part_of(drawn, "xl/worksheets/_rels/sheet1.xml.rels"),
    }
    (grid,) = WORKBOOK_READERS["xlsb"](xlsb(CELLS, parts=parts)).grids
    assert standing(grid.boxes) == [((1, 1), False), ((2, 1), True)]


# ---------------------------------------------------------------- .ods

SPACES = (
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:form="urn:oasis:names:tc:opendocument:xmlns:form:1.0"'
)


def control(number: int, end: str) -> Raw:
    drawn = f'<draw:control table:end-cell-address="表.{end}" draw:control="control{number}"/>'
    return Raw('office:value-type="string"', f"{drawn}<text:p>格</text:p>")


def in_ods(rows: str, *states: str) -> bytes:
    boxes = "".join(
        f'<form:checkbox form:id="control{number}" form:label="框{number}" {state}/>'
        for number, state in enumerate(states, start=1)
    )
    content = ods(f"<office:forms><form:form>{boxes}</form:form></office:forms>{rows}")
    text = part_of(content, "content.xml").replace(
        "<office:document-content ", f"<office:document-content {SPACES} ", 1
    )
    return repacked(content, {"content.xml": text})


def test_ods():
    rows = ods_row("甲", control(1, "B1")) + ods_row(control(2, "$A$2"), control(3, "B3"))
    states = ('form:current-state="checked"', 'form:state="checked"', 'form:current-state="unchecked" form:state="checked"')  # fmt: skip
    (grid,) = WORKBOOK_READERS["ods"](in_ods(rows, *states, 'form:current-state="unknown"')).grids
    assert [(box.cell, box.caption, box.checked) for box in grid.boxes] == [
        (None, "框3", False),  # it reaches into the next row
        (None, "框4", None),  # drawn nowhere
        ((1, 2), "框1", True),
        ((2, 1), "框2", True),
    ]


# ---------------------------------------------------------------- .xls


def drawn(row: int, column: int, state: int, *, kind: int = 0x0B, part: int = 0x12) -> bytes:
    """The records of a control over a cell (from 0): its anchor, then the object."""
    anchor = struct.pack("<HHI9H", 0, 0xF010, 18, 2, column, 100, row, 20, column, 900, row, 230)
    parts = struct.pack("<HHHHH12x", 0x15, 0x12, kind, 1, 0x11) + struct.pack("<HHH10x", 0x0A, 12, state)
    parts += struct.pack("<HHH6x", part, 8, state) + bytes(4)
    return record(0xEC, bytes(40) + anchor) + record(0x5D, parts)


@pytest.mark.parametrize("part", [0x12, 0x0A])
def test_xls(part: int):
    shapes = drawn(1, 4, 1, part=part) + drawn(0, 6, 0, part=part) + drawn(2, 4, 2, part=part)
    (grid,) = WORKBOOK_READERS["biff"](xls(CELLS, after=shapes)).grids
    assert standing(grid.boxes) == [((1, 7), False), ((2, 5), True), ((3, 5), None)]


def test_xls_with_other_objects_or_none():
    (grid,) = WORKBOOK_READERS["biff"](xls(CELLS, after=drawn(1, 4, 1, kind=0x14))).grids
    assert grid.boxes == ()


def test_xls_with_an_activex_box_is_not_decided():
    shapes = drawn(1, 4, 1, kind=0x08)[:-4] + b"Forms.CheckBox.1"
    length = len(shapes) - shapes.rindex(b"\x5d\x00") - 4
    position = shapes.rindex(b"\x5d\x00") + 2
    shapes = shapes[:position] + struct.pack("<H", length) + shapes[position + 2 :]
    (grid,) = WORKBOOK_READERS["biff"](xls(CELLS, after=shapes)).grids
    assert standing(grid.boxes) == [((2, 5), None)]
