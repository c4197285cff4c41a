"""Sheet 问题清单 of a marked copy: a row for each issue of the workbook, with a link to its cell."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from pipeline.model.stamps import LIST_SHEET
from pipeline.writers.book.addresses import cell_address
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.looks import BODY_FONT, HEADER_FONT, TITLE_FONT
from pipeline.writers.book.workbook import LINE_HEIGHT, MAX_HEIGHT, RISKY_START, ROW_HEIGHT, safe_text
from pipeline.writers.layout.county import MARKED_ISSUES
from pipeline.writers.layout.county_issues import CountyIssue
from pipeline.writers.marked.allowed import MAIN
from pipeline.writers.marked.package import HEAD
from pipeline.writers.marked.styles import Styles
from pipeline.writers.marked.xml import attribute_text

_GUIDE = (
    "有问题的格子已在各表中标出颜色（红：错误，请改正；黄：提醒，请核对，属实的不必改）并附批注，点“单元格”一栏可直接跳到该格。"
    "请直接在本文件的{}中改正，改好后把本文件报送回来；缺附件1、重复报送等不是改表能解决的，请照“怎么改”办；"
    "确属实际情况、无法改正的，请在“情况说明”栏写明原因。再次报送时，本表和颜色、批注都不会被当作数据。"
)
_ONLY_THIS = "改好后只报这一份，放进本区县的文件夹；原来报的那一份由它代替，不必撤回。"
_HEADER_ROW = 3  # from 0, below title, guide and a line

_THIN = (
    "".join(f'<{side} style="thin"><color auto="1"/></{side}>' for side in ("left", "right", "top", "bottom"))
    + "<diagonal/>"
)
_BARE = "<left/><right/><top/><bottom/><diagonal/>"
_BODY = f'<sz val="10.5"/><name val="{BODY_FONT}"/>'
_WRAPPED = '<alignment vertical="center" wrapText="1"/>'
_CENTRED = '<alignment horizontal="center" vertical="center" wrapText="1"/>'


def _fill(colour: str) -> str:
    return f'<patternFill patternType="solid"><fgColor rgb="{colour}"/><bgColor indexed="64"/></patternFill>'


# Role -> font, fill and border as XML, attributes of the format, and its alignment as XML.
_LOOKS: dict[str, tuple[str, str, str, dict[str, str], str]] = {
    "title": (f'<sz val="18"/><name val="{TITLE_FONT}"/>', "", _BARE, {}, _CENTRED),
    "guide": (_BODY, "", _BARE, {}, _WRAPPED),
    "stamp": (f'<sz val="9"/><color rgb="FF7F7F7F"/><name val="{BODY_FONT}"/>', "", _BARE, {}, _WRAPPED),
    "header": (f'<sz val="10.5"/><name val="{HEADER_FONT}"/>', _fill("FFF2F2F2"), _THIN, {}, _CENTRED),
    "body": (_BODY, "", _THIN, {}, _WRAPPED),
    "quoted": (_BODY, "", _THIN, {"quotePrefix": "1"}, _WRAPPED),
    "center": (_BODY, "", _THIN, {}, _CENTRED),
    "link": (f'<u/><sz val="10.5"/><color rgb="FF0563C1"/><name val="{BODY_FONT}"/>', "", _THIN, {}, _CENTRED),
    "answer": (_BODY, _fill("FFFFFFE5"), _THIN, {}, _WRAPPED),
    "错误": (
        f'<sz val="10.5"/><color rgb="FF9C0006"/><name val="{BODY_FONT}"/>',
        _fill("FFFFC7CE"),
        _THIN,
        {},
        _CENTRED,
    ),
    "提醒": (
        f'<sz val="10.5"/><color rgb="FF7F6000"/><name val="{BODY_FONT}"/>',
        _fill("FFFFEB9C"),
        _THIN,
        {},
        _CENTRED,
    ),
}
_CENTRED_FIELDS = ("order", "id", "sheet", "item")


def list_sheet(issues: Sequence[CountyIssue], styles: Styles, title: str, forms: str) -> bytes:
    """The worksheet part as bytes. forms: 附件1, 附件2 or both, in which the issues are to be mended. The formats that it needs are added to `styles`."""
    looks = {name: styles.look(*look) for name, look in _LOOKS.items()}
    columns = MARKED_ISSUES
    width = sum(column.width for column in columns)
    last = len(columns) - 1
    guide = _GUIDE.format(forms)
    rows = [
        _row(0, 30, [_cell(0, 0, f"{title}：{LIST_SHEET}", looks["title"])]),
        _row(1, LINE_HEIGHT * lines_in(guide, width) + 6, [_cell(1, 0, guide, looks["guide"])]),
        _row(2, 16, [_cell(2, 0, _ONLY_THIS, looks["stamp"])]),
        _row(
            _HEADER_ROW,
            24,
            [_cell(_HEADER_ROW, at, column.label, looks["header"]) for at, column in enumerate(columns)],
        ),
    ]
    links = []
    for row, issue in enumerate(issues, start=_HEADER_ROW + 1):
        texts = [safe_text(str(getattr(issue, column.id))) for column in columns]
        lines = max(lines_in(text, column.width) for text, column in zip(texts, columns, strict=True))
        cells = [
            _cell(row, at, text, looks[_look(column.id, text)])
            for at, (text, column) in enumerate(zip(texts, columns, strict=True))
        ]
        rows.append(_row(row, min(max(ROW_HEIGHT, LINE_HEIGHT * lines + 4), MAX_HEIGHT), cells))
        links += [_link(row, at, issue) for at, column in enumerate(columns) if column.id == "cell"]
    return _sheet(rows, [column.width for column in columns], links, last)


def _link(row: int, column: int, issue: CountyIssue) -> str:
    """The hyperlink from a cell of the list to the issue's cell."""
    target = "'" + issue.sheet.replace("'", "''") + f"'!{issue.cell}"
    link = {"ref": cell_address(row, column), "location": target, "display": issue.cell}
    return f"<hyperlink{attribute_text(link)}/>"


def _look(field: str, text: str) -> str:
    if field == "level":
        return text
    if field in ("cell", "answer"):
        return {"cell": "link", "answer": "answer"}[field]
    if field in _CENTRED_FIELDS:
        return "center"
    return "quoted" if text.startswith(RISKY_START) else "body"


def _row(row: int, height: float, cells: Sequence[str]) -> str:
    return f'<row r="{row + 1}" ht="{height:g}" customHeight="1">{"".join(cells)}</row>'


def _cell(row: int, column: int, text: str, style: int) -> str:
    address = cell_address(row, column)
    if not text:
        return f'<c r="{address}" s="{style}"/>'
    if text.isdecimal() and text.isascii() and len(text) < 6 and column == 0:
        return f'<c r="{address}" s="{style}"><v>{text}</v></c>'
    words = escape(text.replace("_x", "_x005F_x"))
    return f'<c r="{address}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'


def _sheet(rows: Sequence[str], widths: Sequence[float], links: Sequence[str], last: int) -> bytes:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width + 0.7109375}" customWidth="1"/>'
        for at, width in enumerate(widths, start=1)
    )
    merges = "".join(f'<mergeCell ref="A{row}:{cell_address(row - 1, last)}"/>' for row in range(1, _HEADER_ROW + 1))
    text = (
        f'<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
        f'<sheetView tabSelected="1" workbookViewId="0"><pane ySplit="{_HEADER_ROW + 1}" '
        f'topLeftCell="A{_HEADER_ROW + 2}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="{ROW_HEIGHT}"/><cols>{columns}</cols><sheetData>{"".join(rows)}</sheetData>'
        f'<mergeCells count="{_HEADER_ROW}">{merges}</mergeCells>'
        f"<hyperlinks>{''.join(links)}</hyperlinks>"
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.7" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter></worksheet>"
    )
    return HEAD + text.encode()
