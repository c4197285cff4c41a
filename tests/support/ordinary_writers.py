"""附件2 as several programs write it, with everything that people put in: tables, charts, drop-downs, colours, headers."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.xml.constants import REL_NS
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from tests.support import ROOT
from tests.support.workbooks import MAIN, RELATIONS
from tests.support.worst_workbook import BOOK, SHEET, STYLES, plain_list, with_changes

_MICROSOFT = "http://schemas.microsoft.com/office"
_CHARTS = ("column", "line", "pie", "scatter", "area", "bar", "doughnut", "radar")


def by_xlsxwriter() -> bytes:
    """A list with nearly everything that xlsxwriter can write but pictures, notes and links out."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "use_future_functions": True})
    sheet = book.add_worksheet("附件2")
    bold = book.add_format(
        {"bold": 1, "num_format": '"约"#,##0.00"万元"', "border": 1, "bg_color": "#DDEEFF", "rotation": 30}
    )
    thin = book.add_format({"italic": 1, "underline": 33, "diag_type": 3, "num_format": "yyyy/m/d;@", "locked": 0})
    sheet.write_rich_string("A1", "本表", bold, "粗体", thin, "斜体", " 尾")
    for row in range(1, 11):
        sheet.write_row(row, 0, [row, row * 2.5, f"文{row}", None, True])
    _write_formulas(book, sheet, bold)
    _write_rules(sheet, bold)
    _write_charts(book, sheet)
    _set_pages(sheet, bold)
    other = book.add_worksheet("目录")
    other.write_column(0, 0, ["是", "否", "甲", "乙", "丙"])
    book.set_properties({"title": "表", "author": "张三", "company": "某局"})
    book.set_custom_property("部门", "经信")
    book.close()
    return stream.getvalue()


def _write_formulas(book: Workbook, sheet: Worksheet, look: object) -> None:
    formulas = {
        "F2": ("=SUM(B2:B11)+VLOOKUP(A2,$A$2:$B$11,2,FALSE)*IFERROR(1/0,0)", 3),
        "F3": ('=IF(A2>1,"大","小")', "小"),
        "F4": ("=XLOOKUP(1,A2:A5,B2:B5)+LET(x,1,x+1)", 3),
        "F5": ("=目录!A1&单价", "x"),
        "F7": ("=1/0", "#DIV/0!"),
        "F9": ("=SUM(工资表[金额])", 6),
    }
    for cell, (formula, result) in formulas.items():
        sheet.write_formula(cell, formula, look, result)
    sheet.write_array_formula("G2:G4", "{=A2:A4*2}", None, 1)
    sheet.write_dynamic_array_formula("H2", "=SORT(A2:A5)", None, 1)
    sheet.write_url("F8", "internal:'目录'!A1", None, "看目录", "提示")
    book.define_name("单价", "=附件2!$B$2")
    book.define_name("附件2!本地", "=附件2!$A$1:$B$3")
    columns = [
        {"header": "姓名", "total_string": "合计"},
        {"header": "金额", "total_function": "sum"},
        {"header": "双倍", "formula": "=[@金额]*2"},
    ]
    sheet.add_table("J2:L6", {"name": "工资表", "columns": columns, "total_row": 1, "style": "Table Style Medium 4"})


def _write_rules(sheet: Worksheet, look: object) -> None:
    """Conditional formats and drop-downs of every kind."""
    rules: list[dict[str, object]] = [
        {"type": "2_color_scale"},
        {"type": "3_color_scale"},
        {"type": "data_bar"},
        {"type": "data_bar", "data_bar_2010": True, "bar_solid": True},
        {"type": "icon_set", "icon_style": "3_traffic_lights"},
        {"type": "text", "criteria": "containing", "value": "文", "format": look},
        {"type": "top", "value": 3, "format": look},
        {"type": "average", "criteria": "above", "format": look},
        {"type": "duplicate", "format": look},
        {"type": "time_period", "criteria": "yesterday", "format": look},
        {"type": "formula", "criteria": "=$A2>3", "format": look},
        {"type": "no_errors", "format": look},
    ]
    for rule in rules:
        sheet.conditional_format("A2:B11", rule)
    words = {"input_title": "请选", "input_message": "是或否", "error_title": "错", "error_message": "只填是否"}
    sheet.data_validation("D2", {"validate": "list", "source": ["是", "否"], **words})
    sheet.data_validation("D3", {"validate": "list", "source": "=目录!$A$1:$A$5"})
    sheet.data_validation("D4", {"validate": "custom", "value": "=LEN(D4)=11"})
    days = {"minimum": date(2024, 1, 1), "maximum": date(2024, 12, 31)}
    sheet.data_validation("D5", {"validate": "date", "criteria": "between", **days})
    sheet.data_validation("D6", {"validate": "list", "source": "=INDIRECT($C6)"})
    sheet.data_validation("D7", {"validate": "list", "source": "=OFFSET(目录!$A$1,0,0,COUNTA(目录!$A:$A),1)"})


def _write_charts(book: Workbook, sheet: Worksheet) -> None:
    for number, kind in enumerate(_CHARTS):
        chart = book.add_chart({"type": kind})
        series = {"name": "系列", "categories": "=附件2!$C$2:$C$5", "values": "=附件2!$A$2:$A$5"}
        chart.add_series({**series, "data_labels": {"value": True}, "gradient": {"colors": ["#FF0000", "#00FF00"]}})
        chart.set_title({"name": "图", "name_font": {"bold": True, "size": 14}})
        chart.set_x_axis({"name": "横", "num_font": {"rotation": 45}})
        chart.set_y_axis({"num_format": "0.0", "major_gridlines": {"visible": True, "line": {"dash_type": "dash"}}})
        sheet.insert_chart(15 + number * 16, 1, chart)
    sheet.add_sparkline("M2", {"range": "附件2!A2:B2", "type": "column", "markers": True, "series_color": "#FF0000"})
    look = {"font": {"color": "blue", "bold": True}, "gradient": {"colors": ["#DDEBCF", "#156B13"]}}
    sheet.insert_textbox("P2", "说明文字\n第二行", look)


def _set_pages(sheet: Worksheet, look: object) -> None:
    sheet.set_row(3, 30)
    sheet.set_column("C:D", 12, look, {"level": 1})
    sheet.freeze_panes(1, 2)
    sheet.autofilter("A1:C11")
    sheet.set_header('&L&"宋体,加粗"&12第&P页&C云上企业&R&D')
    sheet.set_footer("&C共 &N 页")
    sheet.print_area("A1:F11")
    sheet.repeat_rows(0)
    sheet.set_h_pagebreaks([5])
    sheet.set_tab_color("green")
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.protect("abc", {"format_cells": True})
    sheet.unprotect_range("A1:A5", "填报区")
    sheet.ignore_errors({"number_stored_as_text": "A1:B5"})


def by_openpyxl() -> bytes:
    """The same list, opened and saved by openpyxl."""
    return _saved_again(by_xlsxwriter())


def blank_form() -> bytes:
    """附件2 as it is handed out."""
    (path,) = (Path(ROOT) / "templates" / "xlsx").glob("附件2*.xlsx")
    return path.read_bytes()


def blank_form_by_openpyxl() -> bytes:
    return _saved_again(blank_form())


def _saved_again(content: bytes) -> bytes:
    stream = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(content)).save(stream)
    return stream.getvalue()


_STYLES_OF_EXCEL = (
    f'<styleSheet xmlns="{MAIN}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" '
    f'xmlns:x14ac="{_MICROSOFT}/spreadsheetml/2009/9/ac"><fonts count="2" x14ac:knownFonts="1"><font><sz val="11"/><color '
    'theme="1"/><name val="等线"/><family val="2"/><scheme val="minor"/></font><font><sz val="9"/><name val="等线"/><family '
    'val="3"/><charset val="134"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
    '<patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/>'
    '</border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"><alignment vertical="center"/>'
    '</xf></cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"><alignment '
    'vertical="center"/></xf></cellXfs><cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles><dxfs '
    'count="0"/><tableStyles count="0" defaultTableStyle="TableStyleMedium2" defaultPivotStyle="PivotStyleLight16"/><extLst>'
    f'<ext uri="{{EB79DEF2-80B8-43e5-95BD-54CBDDF9020C}}" xmlns:x14="{_MICROSOFT}/spreadsheetml/2009/9/main"><x14:slicerStyles '
    'defaultSlicerStyle="SlicerStyleLight1"/></ext></extLst></styleSheet>'
)


def as_by_excel() -> bytes:
    """A list with what Excel 365 adds to every workbook, by its own account of the format."""
    spaces = {
        "r": RELATIONS,
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "x14ac": f"{_MICROSOFT}/spreadsheetml/2009/9/ac",
        "xr": f"{_MICROSOFT}/spreadsheetml/2014/revision",
        "xr2": f"{_MICROSOFT}/spreadsheetml/2015/revision2",
    }
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    uid = 'xr:uid="{00000000-0001-0000-0000-000000000000}"'
    sheet_root = f'<worksheet xmlns="{MAIN}"{declared} mc:Ignorable="x14ac xr xr2" {uid}>'
    before = (
        '<dimension ref="A1:K3"/><sheetViews><sheetView tabSelected="1" zoomScaleNormal="100" workbookViewId="0"><selection '
        'activeCell="E2" sqref="E2"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="14" x14ac:dyDescent="0.3"/>'
        '<cols><col min="3" max="3" width="31.5" customWidth="1"/></cols>'
    )
    after = (
        '<phoneticPr fontId="1" type="noConversion"/><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" '
        'footer="0.3"/><pageSetup paperSize="9" orientation="landscape" horizontalDpi="4294967293" verticalDpi="0" r:id="rId1"/>'
    )
    book_before = (
        '<fileVersion appName="xl" lastEdited="7" lowestEdited="7" rupBuild="28129"/><workbookPr defaultThemeVersion="202300"/>'
        f'<mc:AlternateContent xmlns:mc="{spaces["mc"]}"><mc:Choice Requires="x15"><x15ac:absPath url="C:\\Users\\张三\\" '
        'xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/></mc:Choice></mc:AlternateContent>'
        f'<xr:revisionPtr xmlns:xr="{spaces["xr"]}" revIDLastSave="0" documentId="13_ncr:1_{{00}}"/><bookViews><workbookView '
        f'xWindow="-110" yWindow="-110" windowWidth="25820" windowHeight="15500" xmlns:xr2="{spaces["xr2"]}" xr2:uid="{{0}}"/>'
        "</bookViews><sheets>"
    )
    book_after = (
        '<calcPr calcId="191029"/><extLst><ext uri="{140A7094-0E35-4892-8432-C4D2E57EDEB5}" xmlns:x15="http://schemas.microsoft.com/'
        'office/spreadsheetml/2010/11/main"><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst></workbook>'
    )
    content = with_changes(plain_list(), {SHEET: (f'<worksheet xmlns="{MAIN}">', sheet_root + before)})
    content = with_changes(
        content, {SHEET: ('<row r="2">', '<row r="2" spans="1:11" ht="41.25" customHeight="1" x14ac:dyDescent="0.3">')}
    )
    content = with_changes(content, {SHEET: ("</worksheet>", f"{after}</worksheet>"), BOOK: ("<sheets>", book_before)})
    return with_changes(
        content,
        {BOOK: ("</workbook>", book_after)},
        {
            SHEET: [("rId1", f"{REL_NS}/printerSettings", "../printerSettings/printerSettings1.bin")],
            BOOK: [("rIdChain", f"{REL_NS}/calcChain", "calcChain.xml")],
            "": [("rIdApp", f"{REL_NS}/extended-properties", "docProps/app.xml")],
        },
        {
            "xl/printerSettings/printerSettings1.bin": b"\x00\x01",
            STYLES: _STYLES_OF_EXCEL,
            "xl/calcChain.xml": f'<calcChain xmlns="{MAIN}"/>',
            "docProps/app.xml": "<Properties><Application>Microsoft Excel</Application></Properties>",
        },
    )


def as_by_wps() -> bytes:
    """A list with what WPS adds."""
    spaces = f'xmlns:r="{RELATIONS}" xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"'
    changes = {
        SHEET: (f'<worksheet xmlns="{MAIN}">', f'<worksheet xmlns="{MAIN}" {spaces}><sheetPr/><dimension ref="A1"/>'),
        BOOK: (
            "<sheets>",
            '<fileVersion appName="xl" lastEdited="3" lowestEdited="5" rupBuild="9302"/><workbookPr/><bookViews><workbookView '
            'windowWidth="27945" windowHeight="12255"/></bookViews><sheets>',
        ),
    }
    custom = '<property pid="2" name="KSOProductBuildVer"><lpwstr>2052-12.1.0.18276</lpwstr></property>'
    relations = {"": [("rId9", f"{REL_NS}/custom-properties", "docProps/custom.xml")]}
    parts = {"docProps/custom.xml": f"<Properties>{custom}</Properties>", STYLES: _STYLES_OF_EXCEL}
    content = with_changes(plain_list(), changes, relations, parts)
    return with_changes(content, {SHEET: ("</worksheet>", "<headerFooter/></worksheet>")})


ORDINARY: dict[str, Callable[[], bytes]] = {
    "xlsxwriter": by_xlsxwriter,
    "openpyxl": by_openpyxl,
    "Excel": as_by_excel,
    "WPS": as_by_wps,
    "our blank form": blank_form,
    "our blank form in openpyxl": blank_form_by_openpyxl,
}
