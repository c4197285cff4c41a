"""Check boxes over the cells of a workbook: form controls (VML with ctrlProps parts) and ActiveX controls, as Excel writes
them."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from tests.support.workbooks import HEAD, PACKAGE, RELATIONS, part_of, repacked

SHEET, SHEET_RELATIONS = "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels"
CONTROLS = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
CHECK_BOX = "{8BD21D40-EC42-11CE-9E0D-00AA006002F3}"


class Box(NamedTuple):
    """A box. row, column: of the cell it lies over, from 1; state: Checked, Unchecked or Mixed; anchor: eight numbers as
    in VML instead of the cell; drawn: the state that the VML says, "" for the same; linked: as $K$32."""

    row: int
    column: int
    state: str = "Checked"
    caption: str = ""
    anchor: str = ""
    drawn: str = ""
    linked: str = ""
    style: str = "position:absolute"

    @property
    def vml_anchor(self) -> str:
        return self.anchor or f"{self.column - 1}, 2, {self.row - 1}, 1, {self.column - 1}, 60, {self.row - 1}, 19"


def with_boxes(content: bytes, boxes: Iterable[Box], kind: str = "form", **more: str) -> bytes:
    """The workbook with boxes over its first sheet. kind: form (VML and ctrlProps), vml (as old programs write), controls
    (ctrlProps and the sheet's own anchors), properties or binary (ActiveX). more: parts in place of these."""
    parts: dict[str, str | bytes] = {}
    relations, shapes, controls = [], [], []
    for number, box in enumerate(boxes, start=1):
        shape = 1024 + number
        if kind != "controls":
            shapes.append(_shape(shape, box, kind))
        if kind != "vml":
            target = (
                f"ctrlProps/ctrlProp{number}.xml" if kind in ("form", "controls") else f"activeX/activeX{number}.xml"
            )
            relation = "ctrlProp" if kind in ("form", "controls") else "control"
            relations.append(f'<Relationship Id="rIdC{number}" Type="{RELATIONS}/{relation}" Target="../{target}"/>')
            anchor = _own_anchor(box) if kind == "controls" else ""
            controls.append(f'<control shapeId="{shape}" r:id="rIdC{number}" name="Box {number}">{anchor}</control>')
            parts |= _control_parts(number, box, kind)
    if shapes:
        relations.append(
            f'<Relationship Id="rIdV" Type="{RELATIONS}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/>'
        )
        parts["xl/drawings/vmlDrawing1.vml"] = _vml(shapes)
    drawing = '<legacyDrawing r:id="rIdV"/>' if shapes else ""
    listed = f"<controls>{''.join(controls)}</controls>" if controls else ""
    sheet = part_of(content, SHEET).replace("<worksheet ", f'<worksheet xmlns:r="{RELATIONS}" ', 1)
    parts[SHEET] = sheet.replace("</worksheet>", f"{drawing}{listed}</worksheet>")
    parts[SHEET_RELATIONS] = f'{HEAD}<Relationships xmlns="{PACKAGE}">{"".join(relations)}</Relationships>'
    return repacked(content, {**parts, **more})


def _vml(shapes: Iterable[str]) -> str:
    spaces = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel"'
    return f'<xml {spaces}><v:shapetype id="_x0000_t201"/>{"".join(shapes)}</xml>'


def _shape(number: int, box: Box, kind: str) -> str:
    state = {"Checked": 1, "Mixed": 2}.get(box.drawn or box.state, 0)
    checked = f"<x:Checked>{state}</x:Checked>" if state and kind in ("form", "vml") else ""
    link = f"<x:FmlaLink>{box.linked}</x:FmlaLink>" if box.linked else ""
    object_type = "Checkbox" if kind in ("form", "vml") else "Pict"
    text = f"<v:textbox><div><font>{escape(box.caption)}<br></font></div></v:textbox>" if box.caption else ""
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t201" style="{box.style}">{text}'
        f'<x:ClientData ObjectType="{object_type}"><x:Anchor>{box.vml_anchor}</x:Anchor>{checked}{link}</x:ClientData></v:shape>'
    )


def _own_anchor(box: Box) -> str:
    def corner(row: int, column: int, offset: int) -> str:
        return f"<col>{column}</col><colOff>{offset}</colOff><row>{row}</row><rowOff>{offset}</rowOff>"

    row, column = box.row - 1, box.column - 1
    corners = f"<from>{corner(row, column, 9525)}</from><to>{corner(row, column, 160000)}</to>"
    return f"<controlPr><anchor>{corners}</anchor></controlPr>"


def _control_parts(number: int, box: Box, kind: str) -> dict[str, str | bytes]:
    if kind in ("form", "controls"):
        checked = "" if box.state == "Unchecked" else f' checked="{box.state}"'
        link = f' fmlaLink="{box.linked}"' if box.linked else ""
        return {f"xl/ctrlProps/ctrlProp{number}.xml": f'{HEAD}<formControlPr xmlns="{CONTROLS}" objectType="CheckBox"{checked}{link}/>'}  # fmt: skip
    name = f"xl/activeX/activeX{number}.xml"
    spaces = f'xmlns:ax="http://schemas.microsoft.com/office/2006/activeX" xmlns:r="{RELATIONS}"'
    value = {"Checked": "1", "Unchecked": "0"}.get(box.state, "")
    if kind == "properties":
        entries = "".join(f"<ax:ocxPr ax:name={quoteattr(key)} ax:value={quoteattr(text)}/>" for key, text in (("Value", value), ("Caption", box.caption)))  # fmt: skip
        return {name: f'{HEAD}<ax:ocx {spaces} ax:classid="{CHECK_BOX}" ax:persistence="persistPropertyBag">{entries}</ax:ocx>'}  # fmt: skip
    relations = f'{HEAD}<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="http://schemas.microsoft.com/office/2006/relationships/activeXControlBinary" Target="activeX{number}.bin"/></Relationships>'  # fmt: skip
    return {
        name: f'{HEAD}<ax:ocx {spaces} ax:classid="{CHECK_BOX}" ax:persistence="persistStreamInit" r:id="rId1"/>',
        f"xl/activeX/_rels/activeX{number}.xml.rels": relations,
        f"xl/activeX/activeX{number}.bin": stream(value, box.caption),
    }


def stream(value: str, caption: str) -> bytes:
    """The binary stream of an ActiveX check box (MS-OFORMS 2.2.5), its class in front."""
    mask = 1 << 0 | 1 << 6 | 1 << 8 | 1 << 22 | 1 << 23 | 1 << 31
    value_bytes, caption_bytes = value.encode("latin-1"), caption.encode("utf-16-le")
    block = struct.pack("<IB3xII", 0x2C80481B, 4, 1 << 31 | len(value_bytes), len(caption_bytes))
    extra = struct.pack("<II", 2540, 635) + _padded(value_bytes) + _padded(caption_bytes)
    body = struct.pack("<Q", mask) + block + extra
    return bytes(16) + b"\x00\x02" + struct.pack("<H", len(body)) + body


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % 4)
