"""A marked copy holds what is allowed and nothing else: what nobody sees is cut out, anything else that is not allowed
keeps the copy back (SPEC 7)."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline import run
from pipeline.model.rulebook import Rulebook
from pipeline.writers.layout.names_of_others import NamesOfOthers
from pipeline.writers.marked.copies import markable
from pipeline.writers.marked.rebuild import rebuilt
from pipeline.writers.marked.words import Contacts
from pipeline.writers.marked.xml import NotMarkable
from tests.support.arrivals import HEADERS, form, laid_out, nominated, nomination, published_rulebook
from tests.support.marked import marked_copies
from tests.support.ordinary_writers import ORDINARY
from tests.support.workbooks import MAIN, PLAIN_FONTS, RELATIONS, part_of, repacked, workbook
from tests.support.worst_workbook import (
    BOOK,
    CANARIES,
    PHONE,
    SHEET,
    STRANGER,
    STRINGS,
    STYLES,
    plain_list,
    with_changes,
    worst_workbook,
)

pytestmark = pytest.mark.slow

HERE = "杭州市/上城区"
MICROSOFT = "http://schemas.microsoft.com/office"
CONTACTS = Contacts(frozenset(["联系电话"]), frozenset(["附件2"]), frozenset(["序号", "上年度销售收入"]))


def checked(content: bytes, own: tuple[str, ...] = ()) -> dict[str, bytes]:
    """The parts of the workbook as it may go back."""
    return markable(content, CONTACTS, NamesOfOthers([STRANGER], (), own, published_rulebook())).parts


def reason(content: bytes) -> str:
    """Why there is no copy."""
    with pytest.raises(NotMarkable) as error:
        checked(content)
    return str(error.value)


# ---------------------------------------------------------------- the worst workbook


def test_the_worst_workbook_comes_back_without_what_nobody_sees(tmp_path: Path, rulebook: Rulebook):
    there = nomination(nominated(1, STRANGER, "鄞州区"))
    files = {
        f"{HERE}/附件2.xlsx": worst_workbook(),
        f"{HERE}/甲.xlsx": form("杭州甲公司"),
        "宁波市/鄞州区/附件2.xlsx": there,
    }
    results = run.compute([laid_out(tmp_path, files)], rulebook, run.Options(1))
    made = marked_copies(results, "杭州市", "上城区")
    assert made.without == []
    (content,) = made.copies.values()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
        assert archive.comment == b""
    assert sorted(parts) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/core.xml",
        "docProps/custom.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/theme/theme1.xml",
        "xl/workbook.xml",
        "xl/worksheets/_rels/sheet1.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
    ]
    for canary in CANARIES:
        for encoded in (canary.encode(), canary.encode("utf-16-le")):
            assert not [name for name, part in parts.items() if encoded in part or encoded in name.encode()]
            assert encoded not in content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["问题清单", "附件2"] and book["附件2"]["E2"].comment
    assert [[cell.value for cell in row][:5] for row in book["附件2"].iter_rows(min_row=2, max_row=3)] == [
        [1, "上城区", "杭州甲公司", "泵", "待定"],
        [2, "上城区", "杭州乙公司", "泵", 1000],
    ]
    assert book.defined_names == {} and book["附件2"].print_area == "'附件2'!$A$1:$K$9"


def test_the_worst_workbook_holds_the_canaries_before():
    content = worst_workbook()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert all(canary.encode() in whole for canary in CANARIES)


# ---------------------------------------------------------------- what a person sees


def sheet_with(old: str, new: str, content: bytes | None = None) -> bytes:
    return with_changes(content or plain_list(), {SHEET: (old, new)})


def cell(attributes: str, inner: str) -> bytes:
    """The list with one more cell."""
    return sheet_with("</sheetData>", f'<row r="9"><c r="A9"{attributes}>{inner}</c></row></sheetData>')


def sheet_end(piece: str) -> bytes:
    """The list with something more at the end of its sheet."""
    return sheet_with("</worksheet>", f"{piece}</worksheet>")


def related(owner: str, kind: str, target: str, piece: str = "", **parts: str | bytes) -> bytes:
    """The list with a further relation, and a piece of its sheet that names it as rId99."""
    whole = kind if "://" in kind else f"{RELATIONS}/{kind}"
    changes = {SHEET: (f'<worksheet xmlns="{MAIN}">', f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">')}
    content = with_changes(plain_list(), changes, {owner: [("rId99", whole, target)]}, parts)
    return sheet_with("</worksheet>", f"{piece}</worksheet>", content) if piece else content


SEEN = {
    "a hidden row": (sheet_with('<row r="2">', '<row r="2" hidden="1">'), "有隐藏的行或列"),
    "a hidden row, in words": (sheet_with('<row r="2">', '<row r="2" hidden="true">'), "有隐藏的行或列"),
    "a row without height": (sheet_with('<row r="2">', '<row r="2" ht="0" customHeight="1">'), "有隐藏的行或列"),
    "a row as thin as a hair": (sheet_with('<row r="2">', '<row r="2" ht="0.75" customHeight="1">'), "有隐藏的行或列"),
    "a hidden column": (
        sheet_with("<sheetData>", '<cols><col min="1" max="1" hidden="1"/></cols><sheetData>'),
        "有隐藏的行或列",
    ),
    "a column without width": (
        sheet_with("<sheetData>", '<cols><col min="1" max="1" width="0" customWidth="1"/></cols><sheetData>'),
        "有隐藏的行或列",
    ),
    "hidden by default": (
        sheet_with("<sheetData>", '<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/><sheetData>'),
        "有隐藏的行或列",
    ),
    "no width by default": (
        sheet_with("<sheetData>", '<sheetFormatPr defaultColWidth="0" defaultRowHeight="15"/><sheetData>'),
        "有隐藏的行或列",
    ),
    "a hidden sheet": (
        workbook({"附件2": f"{HEADERS}\n{nominated(1, '甲')}", "藏": "甲"}, hidden_sheets=["藏"]),
        "有隐藏的工作表",
    ),
    "a very hidden sheet": (
        with_changes(plain_list(), {BOOK: ('sheetId="1"', 'sheetId="1" state="veryHidden"')}),
        "有隐藏的工作表",
    ),
    "a sheet with a name too long": (
        with_changes(plain_list(), {BOOK: ('name="', f'name="{"长" * 31}')}),
        "有的工作表名称不常见",
    ),
    "a sheet with a name that Excel repairs": (
        with_changes(plain_list(), {BOOK: ('name="', 'name="1/2')}),
        "有的工作表名称不常见",
    ),
    "a number that is none": (cell("", "<v>NaN</v>"), "有的格子里的值不常见"),
    "an endless number": (cell(' t="n"', "<v>-INF</v>"), "有的格子里的值不常见"),
    "a number out of range": (cell("", "<v>1E999</v>"), "有的格子里的值不常见"),
    "a number in words": (cell("", "<v>1_000</v>"), "有的格子里的值不常见"),
    "a number of another script": (cell("", "<v>١٣٩</v>"), "有的格子里的值不常见"),
    "a boolean that is none": (cell(' t="b"', "<v>yes</v>"), "有的格子里的值不常见"),
    "an error that is none": (cell(' t="e"', f"<v>#{PHONE}</v>"), "有的格子里的值不常见"),
    "a string beyond all": (cell(' t="s"', "<v>-1</v>"), "有的格子里的值不常见"),
    "a type of its own": (cell(' t="evil"', "<v>1</v>"), "有的格子里的值不常见"),
    "two values": (cell("", "<v>1</v><v>2</v>"), "内部结构不常见"),
    "a cell twice": (
        sheet_with('<c r="B2"', '<c r="A2"><v>2</v></c><c r="B2"'),
        "内部的单元格地址不常见",
    ),
    "a cell in another row": (sheet_with('<c r="B2"', '<c r="B7"'), "内部的单元格地址不常见"),
    "rows out of order": (sheet_with("</sheetData>", '<row r="1"/></sheetData>'), "内部的单元格地址不常见"),
    "a picture in a cell": (cell(' t="e" vm="1"', "<v>#VALUE!</v>"), "有图片或链接的数据"),
    "a link out": (
        related(SHEET, "hyperlink", "https://evil/", '<hyperlinks><hyperlink ref="A1" r:id="rId99"/></hyperlinks>'),
        "有指向文件以外的链接",
    ),
    "a link to another file": (
        sheet_end('<hyperlinks><hyperlink ref="A1" location="[别的.xlsx]表!A1"/></hyperlinks>'),
        "有指向文件以外的链接",
    ),
    "a link to an address": (
        sheet_end('<hyperlinks><hyperlink ref="A1" location="https://evil/"/></hyperlinks>'),
        "有指向文件以外的链接",
    ),
    "a background": (related(SHEET, "image", "../media/a.png", '<picture r:id="rId99"/>'), "有图片"),
    "a picture in the header": (
        related(
            SHEET,
            "vmlDrawing",
            "../drawings/a.vml",
            '<legacyDrawingHF r:id="rId99"/>',
            **{"xl/drawings/a.vml": "<xml/>"},
        ),
        "有图片",
    ),
    "an object": (
        related(SHEET, "oleObject", "../embeddings/a.bin", '<oleObjects><oleObject r:id="rId99"/></oleObjects>'),
        "有嵌入的文件",
    ),
    "a control": (sheet_end('<controls><control shapeId="1"/></controls>'), "有控件"),
    "a button": (
        related(
            SHEET,
            "vmlDrawing",
            "../drawings/a.vml",
            "",
            **{
                "xl/drawings/a.vml": '<xml xmlns:v="v" xmlns:x="x"><v:shape><x:ClientData ObjectType="Button"/></v:shape></xml>'
            },
        ),
        "有自己的批注或控件",
    ),
    "a picture among the notes": (
        related(
            SHEET, "vmlDrawing", "../drawings/a.vml", "", **{"xl/drawings/a.vml": '<xml xmlns:v="v"><v:image/></xml>'}
        ),
        "有自己的批注或控件",
    ),
    "a note": (
        related(
            SHEET,
            "comments",
            "../comments1.xml",
            "",
            **{
                "xl/comments1.xml": f'<comments xmlns="{MAIN}"><commentList><comment ref="A1"><text><t>县里的话</t></text>'
                "</comment></commentList></comments>"
            },
        ),
        "有自己的批注或控件",
    ),
    "a conversation": (related(SHEET, f"{MICROSOFT}/2017/10/relationships/threadedComment", "a.xml"), "有批注"),
    "a pivot table": (related(SHEET, "pivotTable", "../pivotTables/a.xml"), "有数据透视表"),
    "a slicer": (
        sheet_end('<extLst><ext uri="{A8765BA9-456A-4DAB-B4F3-ACF838C121DE}"><a/></ext></extLst>'),
        "有本程序不认识的内容",
    ),
    "a chart sheet": (related(BOOK, "chartsheet", "chartsheets/sheet1.xml"), "有图表工作表"),
    "a macro sheet": (related(BOOK, f"{MICROSOFT}/2006/relationships/XLMACROSHEET", "macrosheets/a.xml"), "有宏"),
    "a macro sheet by its type": (
        repacked(
            plain_list(),
            {
                "[Content_Types].xml": part_of(plain_list(), "[Content_Types].xml").replace(
                    "openxmlformats-officedocument.spreadsheetml.worksheet", "ms-excel.macrosheet"
                )
            },
        ),
        "有本程序不认识的内容",
    ),
    "a macro sheet by its root": (sheet_with("<worksheet ", '<xm:worksheet xmlns:xm="m" '), "内部的 XML 已损坏"),
    "check boxes in cells": (
        related(BOOK, f"{MICROSOFT}/2022/11/relationships/FeaturePropertyBag", "featurePropertyBag/a.xml"),
        "有复选框",
    ),
    "pictures of WPS": (related(BOOK, "http://www.wps.cn/officeDocument/2020/cellImage", "cellimages.xml"), "有图片"),
    "an unknown relation": (related(BOOK, "http://evil/relationships/evil", "evil.xml"), "有本程序不认识的内容"),
    "an unknown element": (sheet_end("<evil/>"), "有本程序不认识的内容"),
    "an element of an unknown namespace": (sheet_end('<e:evil xmlns:e="http://evil/"/>'), "有本程序不认识的内容"),
    "an unknown attribute": (sheet_with('<row r="2">', '<row r="2" evil="1">'), "有本程序不认识的内容"),
    "words in a number": (sheet_with('<row r="2">', f'<row r="2" outlineLevel="{STRANGER}">'), "有本程序不认识的内容"),
    "a phone in a number": (sheet_with('<row r="2">', f'<row r="2" outlineLevel="{PHONE}">'), "有本程序不认识的内容"),
    "an alternative": (
        sheet_end('<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"/>'),
        "有本程序不认识的内容",
    ),
    "an unknown extension": (sheet_end('<extLst><ext uri="{EVIL}"/></extLst>'), "有本程序不认识的内容"),
    "a second sheetData": (sheet_end("<sheetData/>"), "内部结构不常见"),
    "elements out of order": (sheet_end('<sheetViews><sheetView workbookViewId="0"/></sheetViews>'), "内部结构不常见"),
    "a document type": (
        repacked(plain_list(), {SHEET: f'<!DOCTYPE a [<!ENTITY b "{STRANGER}">]>{part_of(plain_list(), SHEET)}'[0:]}),
        "内部的 XML",
    ),
    "another encoding": (
        repacked(plain_list(), {SHEET: part_of(plain_list(), SHEET).replace("UTF-8", "UTF-16").encode("utf-16")}),
        "内部的文字编码不常见",
    ),
    "one part by two names": (repacked(plain_list(), {SHEET.upper(): part_of(plain_list(), SHEET)}), "内部有同名部件"),
    "styles elsewhere": (
        repacked(
            plain_list(),
            {
                "xl/_rels/workbook.xml.rels": part_of(plain_list(), "xl/_rels/workbook.xml.rels").replace(
                    'Target="styles.xml"', 'Target="https://evil/styles.xml" TargetMode="External"'
                )
            },
        ),
        "有指向文件以外的链接",
    ),
    "an id twice": (
        repacked(
            plain_list(),
            {
                "xl/_rels/workbook.xml.rels": part_of(plain_list(), "xl/_rels/workbook.xml.rels").replace(
                    "rIdStyles", "rId1"
                )
            },
        ),
        "内部结构不常见",
    ),
    "a strict workbook": (
        repacked(
            plain_list(),
            {
                "_rels/.rels": part_of(plain_list(), "_rels/.rels").replace(
                    RELATIONS, "http://purl.oclc.org/ooxml/officeDocument/relationships"
                )
            },
        ),
        "是“严格 Open XML”格式",
    ),
    "a signature": (
        related("", "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin", "a.sigs"),
        "有数字签名",
    ),
    "an own ribbon": (related("", f"{MICROSOFT}/2006/relationships/ui/extensibility", "a.xml"), "有宏"),
}


@pytest.mark.parametrize("case", SEEN)
def test_what_a_person_sees_keeps_the_copy_back(case: str):
    content, why = SEEN[case]
    assert why in reason(content)


# ---------------------------------------------------------------- formulas

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/main"
X14, XM = f"{MICROSOFT}/spreadsheetml/2009/9/main", f"{MICROSOFT}/excel/2006/main"
REACHING = (
    'HYPERLINK("a")',
    'hyperlink("a")',
    "[1]表!A1",
    "'[1]表'!A1",
    "[1]附件2!A1",
    "[别的.xlsx]附件2!A1",
    "'https://evil/[a.xlsx]b'!A1",
    "'\\\\evil\\a\\[b.xlsx]c'!A1",
    "cmd|'/c calc'!A0",
    "EVALUATE(A1)",
    "GET.CELL(1,A1)",
    "_xludf.SECRET(1)",
    'DISPIMG("ID_1",1)',
    'CUBEVALUE("a","b")',
    'WEBSERVICE("a")',
    'FILTERXML("<a/>","a")',
    "secret_name",
    "别处!A1",
    "别表[列]",
    "SUM(A1",
    'INDIRECT("https://evil/")',
    'INDIRECT("[evil.xlsx]a!A1")',
    "indirect(\"'C:\\x\\[e.xlsx]a'!A1\")",
    'CELL("filename",A1)',
    '_xlfn.CELL("address",A1)',
)
REACHING_UNBALANCED = ("SUM(A1",)  # no program stores it, and it reaches nowhere


def _place(formula: str, where: str) -> bytes:
    """The list with a formula at one of the places where formulas stand."""
    text = formula.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    extension = f'xmlns:x14="{X14}" xmlns:xm="{XM}"'
    pieces = {
        "conditional format": '<conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>{}</formula>'
        "</cfRule></conditionalFormatting>",
        "limit of a colour": '<conditionalFormatting sqref="A1"><cfRule type="colorScale" priority="1"><colorScale>'
        '<cfvo type="formula" val="{}"/><cfvo type="max"/><color rgb="FF000000"/><color rgb="FF000000"/></colorScale></cfRule>'
        "</conditionalFormatting>",
        "drop-down": '<dataValidations count="1"><dataValidation type="list" sqref="A1"><formula1>{}</formula1>'
        "</dataValidation></dataValidations>",
        "drop-down of Excel 2010": f'<extLst><ext uri="{{CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF}}" {extension}>'
        '<x14:dataValidations><x14:dataValidation type="list"><x14:formula1><xm:f>{}</xm:f></x14:formula1><xm:sqref>A1</xm:sqref>'
        "</x14:dataValidation></x14:dataValidations></ext></extLst>",
        "sparkline": f'<extLst><ext uri="{{05C60535-1F16-4FD2-B633-F4F36F0B64E0}}" {extension}><x14:sparklineGroups>'
        "<x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>{}</xm:f><xm:sqref>A1</xm:sqref></x14:sparkline>"
        "</x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst>",
    }
    if where == "cell":
        return cell("", f"<f>{text}</f><v>1</v>")
    if where == "name":
        names = f'<definedNames><definedName name="名">{text}</definedName></definedNames></workbook>'
        return with_changes(cell("", "<f>名</f><v>1</v>"), {BOOK: ("</workbook>", names)})
    if where in ("chart", "text box"):
        return drawn(
            chart_parts(text)
            if where == "chart"
            else {"xl/drawings/drawing1.xml": shape(f'textlink="{text}" macro=""')}
        )
    return sheet_end(pieces[where].replace("{}", text))


def drawn(parts: dict[str, str]) -> bytes:
    """The list with a drawing."""
    relations = {SHEET: [("rId9", f"{RELATIONS}/drawing", "../drawings/drawing1.xml")]}
    if "xl/charts/chart1.xml" in parts:
        relations["xl/drawings/drawing1.xml"] = [("rId1", f"{RELATIONS}/chart", "../charts/chart1.xml")]
    office = "application/vnd.openxmlformats-officedocument"
    types = {
        "xl/drawings/drawing1.xml": f"{office}.drawing+xml",
        "xl/charts/chart1.xml": f"{office}.drawingml.chart+xml",
    }
    new = f'<drawing xmlns:r="{RELATIONS}" r:id="rId9"/></worksheet>'
    return with_changes(
        plain_list(),
        {SHEET: ("</worksheet>", new)},
        relations,
        parts,
        {part: kind for part, kind in types.items() if part in parts},
    )


def anchored(inner: str) -> str:
    corner = "<xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff>"
    return (
        f'<xdr:wsDr xmlns:xdr="{DRAWING}" xmlns:a="{DRAWN}" xmlns:r="{RELATIONS}"><xdr:twoCellAnchor><xdr:from>{corner}'
        f"</xdr:from><xdr:to>{corner}</xdr:to>{inner}<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
    )


def shape(
    attributes: str = 'macro="" textlink=""', name: str = "", paragraphs: str = "<a:p/>", look: str = "", more: str = ""
) -> str:
    return anchored(
        f'<xdr:sp {attributes}><xdr:nvSpPr><xdr:cNvPr id="2" name="框"{name}>{more}</xdr:cNvPr><xdr:cNvSpPr txBox="1"/>'
        f'</xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{look}</xdr:spPr><xdr:txBody><a:bodyPr/>'
        f"{paragraphs}</xdr:txBody></xdr:sp>"
    )


def chart_parts(formula: str, points: str = "") -> dict[str, str]:
    frame = (
        '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="图"/><xdr:cNvGraphicFramePr/>'
        '</xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData '
        f'uri="{CHART}"><c:chart xmlns:c="{CHART}" r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame>'
    )
    chart = (
        f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{DRAWN}"><c:chart><c:plotArea><c:barChart><c:ser><c:cat><c:strRef><c:f>'
        f"{formula}</c:f><c:strCache>{points}</c:strCache></c:strRef></c:cat></c:ser></c:barChart></c:plotArea></c:chart>"
        "</c:chartSpace>"
    )
    return {"xl/drawings/drawing1.xml": anchored(frame), "xl/charts/chart1.xml": chart}


PLACES = (
    "cell",
    "name",
    "conditional format",
    "limit of a colour",
    "drop-down",
    "drop-down of Excel 2010",
    "sparkline",
    "chart",
    "text box",
)


@pytest.mark.parametrize("where", PLACES)
def test_a_formula_that_reaches_out_is_found_wherever_it_stands(where: str):
    for formula in REACHING:
        if formula not in REACHING_UNBALANCED:
            assert "公式" in reason(_place(formula, where)), formula


@pytest.mark.parametrize("where", PLACES)
def test_a_formula_that_stays_inside_may_stand_wherever_formulas_do(where: str):
    for formula in ("附件2!$A$1", "'附件2'!$A$1:$B$3", "SUM(附件2!A:A)", '"推荐,不推荐"'):
        checked(_place(formula, where))


def test_functions_of_any_age_may_calculate():
    formulas = (
        "_xlfn.XLOOKUP(A1,A2:A3,B2:B3)",
        "_xlfn._xlws.SORT(A1:A3)",
        "_xlfn.LET(_xlpm.x,1,_xlpm.x+1)",
        "IF(A1>=1E-5,-1%,{1,2;3,4})",
        "A1:A3 B1:B3",
        "@A1#",
        "SUM(附件2:附件2!A1)",
        'TEXT(A1,"0.0[红]")&"a|b"',
        "#REF!+附件2!#REF!",
    )
    for formula in formulas:
        checked(_place(formula, "cell"))


def test_a_drawing_may_hold_shapes_and_charts_alone():
    checked(drawn({"xl/drawings/drawing1.xml": shape()}))
    checked(drawn(chart_parts("附件2!$A$1", '<c:ptCount val="1"/><c:pt idx="0"><c:v>甲</c:v></c:pt>')))
    refused = {
        "有宏": shape('macro="[0]!evil" textlink=""'),
        "有隐藏的图形": shape(name=' hidden="1"'),
        "有带链接的图形": shape(more='<a:hlinkClick r:id="rId7"/>'),
        "有图片": shape(look='<a:blipFill><a:blip r:embed="rId7"/></a:blipFill>'),
        "有本程序不认识的内容": anchored("<xdr:evil/>"),
    }
    for why, drawing in refused.items():
        assert reason(drawn({"xl/drawings/drawing1.xml": drawing})) == why
    assert reason(drawn({"xl/drawings/drawing1.xml": anchored("<xdr:pic/>")})) == "有图片"


# ---------------------------------------------------------------- words in pieces


def _runs(*texts: str) -> str:
    return "".join(f"<r><t>{text}</t></r>" for text in texts)


def _strings(item: str) -> bytes:
    """The list with one of its texts written in another way."""
    return with_changes(plain_list(), {STRINGS: ('<si><t xml:space="preserve">泵</t></si>', f"<si>{item}</si>")})


def _paragraphs(*texts: str) -> bytes:
    paragraphs = "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in texts)
    return drawn({"xl/drawings/drawing1.xml": shape(paragraphs=paragraphs)})


def _beside(*texts: object) -> bytes:
    """The list with cells beside each other on a second sheet."""
    return workbook({"附件2": f"{HEADERS}\n{nominated(1, '杭州甲公司', revenue='待定')}", "旁": [[None, *texts]]})


def _below(*texts: object) -> bytes:
    rows = [[None, text] for text in texts]
    return workbook({"附件2": f"{HEADERS}\n{nominated(1, '杭州甲公司', revenue='待定')}", "旁": rows})


def _format(code: str, number: str) -> bytes:
    """The list with a number below it in a format."""
    styles = f'<numFmts count="1"><numFmt numFmtId="170" formatCode="{code}"/></numFmts>'
    old = part_of(plain_list(), STYLES)
    new = re.sub(r"<numFmts.*?</numFmts>|<numFmts[^>]*/>", "", old)
    new = new.replace(f'<styleSheet xmlns="{MAIN}">', f'<styleSheet xmlns="{MAIN}">{styles}')
    new = new.replace("</cellXfs>", '<xf numFmtId="170"/></cellXfs>')
    return repacked(cell(' s="1"', f"<v>{number}</v>"), {STYLES: new})


def _prompt(title: str, text: str) -> bytes:
    return sheet_end(
        f'<dataValidations count="1"><dataValidation type="list" promptTitle="{title}" prompt="{text}" sqref="A1"/>'
        "</dataValidations>"
    )


def _header(text: str) -> bytes:
    return sheet_end(f"<headerFooter><oddHeader>{text}</oddHeader></headerFooter>")


NAMES_IN_PIECES = {
    "runs": _strings(_runs("宁波", "丁公", "司")),
    "a comment within": _strings("<t>宁波丁<!-- 乙 -->公司</t>"),
    "an instruction within": _strings("<t>宁波丁<?a b?>公司</t>"),
    "a CDATA section": _strings("<t>宁波<![CDATA[丁公]]>司</t>"),
    "escapes": _strings("<t>宁波_x4E01_公司</t>"),
    "characters nobody sees": _strings("<t>宁\u200b波\u00ad丁\ufe00公司</t>"),
    "letters of full width": _strings("<t>宁波 丁\n公司（厂）</t>"),
    "cells beside each other": _beside("宁波", "丁公司"),
    "cells below each other": _below("宁波", "丁", "公司"),
    "a blank cell between": _beside("宁波", None, "丁公司"),
    "paragraphs": _paragraphs("宁波", "丁公司"),
    "a prompt and its title": _prompt("宁波丁", "公司"),
    "parts of a header": _header("&amp;L宁波&amp;C&amp;&quot;宋体,加粗&quot;&amp;12丁&amp;R公司"),
    "points of a chart": drawn(
        chart_parts("附件2!$A$1", f'<c:pt idx="0"><c:v>{STRANGER}</c:v></c:pt><c:pt idx="1"><c:v>乙</c:v></c:pt>')
    ),
    "a format around a number": _format("&quot;宁波丁公司&quot;0", "1"),
    "texts of a formula": cell("", '<f>"宁波"&amp;"丁公司"</f><v>1</v>'),
    "a name of the workbook": with_changes(
        plain_list(),
        {
            BOOK: (
                "</workbook>",
                f'<definedNames><definedName name="{STRANGER}">1</definedName></definedNames></workbook>',
            )
        },
    ),
    "two names of the workbook": with_changes(
        plain_list(),
        {
            BOOK: (
                "</workbook>",
                '<definedNames><definedName name="宁波丁">1</definedName><definedName name="公司">1</definedName>'
                "</definedNames></workbook>",
            )
        },
    ),
    "a font": with_changes(
        plain_list(),
        {STYLES: (PLAIN_FONTS, f'<fonts count="1"><font><name val="{STRANGER}"/></font></fonts>')},
    ),
}


@pytest.mark.parametrize("case", NAMES_IN_PIECES)
def test_a_name_of_others_is_found_in_pieces(case: str):
    assert reason(NAMES_IN_PIECES[case]) == "其中有不是本区县的内容"


PHONES_IN_PIECES = {
    "runs": _strings(_runs("139", "8765", "4321")),
    "a comment within": _strings("<t>1398765<!-- 0 -->4321</t>"),
    "cells beside each other": _beside("1398", "765", "4321"),
    "odd cells beside each other": _beside("13", "987654321"),
    "a digit in each cell": _beside(*PHONE),
    "a digit in each cell, as numbers": _beside(*map(int, PHONE)),
    "pairs of digits below each other": _below("13", "98", "76", "54", "32", "1"),
    "digits of full width": _beside("１３９", "８７６５", "４３２１"),
    "Chinese digits": _beside("一三九八", "七六五四", "三二一"),
    "numbers beside each other": _beside(139, 8765, 4321),
    "numbers below each other": _below(139, 8765, 4321),
    "a number in powers of ten": cell("", "<v>1.3987654321E10</v>"),
    "a number with a fraction": cell("", "<v>13987654321.0</v>"),
    "digits of its format": _format("&quot;139&quot;0000 0000", "87654321"),
    "digits behind it": _format("0\\4\\3\\2\\1", "1398765"),
    "paragraphs": _paragraphs("电话", "139 8765", "4321"),
    "a prompt and its title": _prompt("1398765", "4321"),
    "parts of a header": _header("&amp;C139&amp;R8765 4321"),
    "text of a formula": cell(' t="str"', f'<f>"{PHONE}"</f><v>好</v>'),
    "a result": cell(' t="str"', f'<f>"139"&amp;"87654321"</f><v>{PHONE}</v>'),
    "an inline text": cell(' t="inlineStr"', f"<is>{_runs('1398', '7654321')}</is>"),
    "names of sheets": workbook({"附件2": f"{HEADERS}\n{nominated(1, '杭州甲公司')}", "139": "甲", "87654321": "甲"}),
}


@pytest.mark.parametrize("case", PHONES_IN_PIECES)
def test_a_phone_is_found_in_pieces(case: str):
    assert reason(PHONES_IN_PIECES[case]) == "“联系电话”栏以外的地方有电话号码"


def test_figures_beside_each_other_make_no_phone():
    checked(nomination(nominated(1, "杭州甲公司", revenue="139", profit="8765", it="4321", cloud="待定")))


# ---------------------------------------------------------------- names of others


def test_an_own_name_hides_only_the_names_within_it(rulebook: Rulebook):
    own = ["有", "杭州宁波丁公司机械厂", "宁波"]
    others = NamesOfOthers([STRANGER], ["鄞州区"], own, rulebook)
    assert others.named_in("宁波丁公司") and others.named_in("有宁波丁公司有") and others.named_in("鄞州区的")
    assert not others.named_in("杭州宁波丁公司机械厂") and others.named_in("杭州宁波丁公司机械厂和宁波丁公司")
    assert others.masked("杭州宁波丁公司机械厂、宁波丁公司、鄞州区") == "杭州宁波丁公司机械厂、…、…"
    assert others.masked("没有 别人") == "没有 别人"


@pytest.mark.parametrize(
    "name", ["推荐", "企业名称", "附件1", "有限公司", "2024", "杭州市", "公司", "云存储", "经信部门推荐意见"]
)
def test_what_everybody_knows_is_no_secret(name: str, rulebook: Rulebook):
    assert not NamesOfOthers([name], (), (), rulebook).named_in(f"在{name}中")


@pytest.mark.parametrize(
    ("name", "text", "met"),
    [
        ("甲厂", "与甲厂合作", False),
        ("甲厂", "合作单位：甲厂。", True),
        ("智能制造", "智能制造示范", False),
        ("智能制造", "（智能制造）", True),
        ("宁波丁公司", "参股宁波丁公司二厂", True),
        ("宁波云帆智联", "参股宁波云帆智联二厂", True),
    ],
)
def test_a_short_name_is_looked_for_between_borders(name: str, text: str, met: bool, rulebook: Rulebook):
    assert NamesOfOthers([name], (), (), rulebook).named_in(text) is met


def test_a_list_with_an_own_company_of_one_character_is_still_looked_through():
    with pytest.raises(NotMarkable, match="不是本区县"):
        checked(_beside(f"有{STRANGER}"), own=("有", "杭州甲公司"))


# ---------------------------------------------------------------- what stays


@pytest.mark.parametrize("writer", ORDINARY)
def test_what_ordinary_programs_write_comes_back(writer: str):
    content = ORDINARY[writer]()
    before, after = (openpyxl.load_workbook(io.BytesIO(whole)) for whole in (content, packed(content)))
    assert after.sheetnames == before.sheetnames
    for sheet in before:
        copy = after[sheet.title]
        assert looks(copy) == looks(sheet), sheet.title
        assert len(copy._charts) == len(sheet._charts)
    assert set(after.defined_names) == set(before.defined_names)


def packed(content: bytes) -> bytes:
    return markable(content, CONTACTS, NamesOfOthers([STRANGER], (), (), published_rulebook())).packed()


def looks(sheet: Worksheet) -> dict[str, object]:
    """What is seen of a sheet, by another program."""
    cells = [cell for row in sheet.iter_rows() for cell in row]
    return {
        "cells": [
            (cell.coordinate, str(getattr(cell.value, "text", cell.value)), cell.hyperlink and cell.hyperlink.location)
            for cell in cells
        ],
        "looks": [repr((cell.number_format, cell.font, cell.border, cell.fill, cell.alignment)) for cell in cells],
        "merges": sorted(map(str, sheet.merged_cells.ranges)),
        "drop-downs": [(str(one.sqref), one.formula1, one.prompt) for one in sheet.data_validations.dataValidation],
        "colours": [(str(one.sqref), [rule.type for rule in one.rules]) for one in sheet.conditional_formatting],
        "widths": {name: entry.width for name, entry in sheet.column_dimensions.items()},
        "heights": {row: entry.height for row, entry in sheet.row_dimensions.items()},
        "printed": (
            sheet.print_area,
            sheet.print_title_rows,
            sheet.page_setup.orientation,
            sheet.oddHeader.center.text,
        ),
        "protected": (sheet.protection.sheet, sheet.freeze_panes, sheet.auto_filter.ref),
        "tables": dict(sheet.tables.items()),
    }


@pytest.mark.office
@pytest.mark.parametrize("kind", ["Calc MS Excel 2007 XML", "Calc Office Open XML"])
def test_what_libreoffice_saves_comes_back(kind: str, libreoffice: str, tmp_path: Path):
    """Both of its .xlsx; which one it takes by itself depends on what else is installed."""
    (tmp_path / "list.xlsx").write_bytes(ORDINARY["xlsxwriter"]())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [libreoffice, profile, "--headless", "--convert-to", f"xlsx:{kind}", "--outdir", str(tmp_path / "saved")]
    subprocess.run([*command, str(tmp_path / "list.xlsx")], check=True, capture_output=True)
    content = (tmp_path / "saved" / "list.xlsx").read_bytes()
    assert looks(openpyxl.load_workbook(io.BytesIO(packed(content)))["附件2"]) == looks(
        openpyxl.load_workbook(io.BytesIO(content))["附件2"]
    )


def test_what_stays_stays_byte_for_byte():
    content = plain_list()
    parts = rebuilt(content).package.parts
    for name in (SHEET, STYLES, STRINGS, BOOK):
        assert parts[name].decode() in (part_of(content, name), part_of(content, name).replace("rIdStyles", "rId2"))


def test_a_cell_keeps_its_value_and_its_formula():
    cells = (
        ("", "<v>1.5</v>"),
        ("", "<v>-1.5E-7</v>"),
        ("", "<f>1+1</f>"),
        ("", "<f>1+1</f><v/>"),
        (' t="str"', "<f>1</f><v>NaN</v>"),
        (' t="e"', "<f>1/0</f><v>#DIV/0!</v>"),
        (' t="b"', "<v>1</v>"),
        (' t="d"', "<v>2024-03-01T08:00:00</v>"),
        (' t="inlineStr"', "<is><t>甲</t></is>"),
    )
    for attributes, inner in cells:
        assert f'<c r="A9"{attributes}>{inner}</c>'.encode() in checked(cell(attributes, inner))[SHEET]
