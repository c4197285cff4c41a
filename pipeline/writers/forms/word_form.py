"""附件1 as a Word document: the same boxes and words as the workbook, from the same layout. A4 across, tables with borders,
黑体 and 仿宋. The same content gives the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import (
    DEMO_LABEL,
    DEMO_PROPERTY,
    DEMO_PROPERTY_VALUE,
    FORM_PROPERTY,
    FORM_PROPERTY_VALUE,
    FORM_STAMP,
)
from pipeline.writers.forms.filled import AssessmentEntry, Typed, typed_answers
from pipeline.writers.forms.layout import ATTACHMENTS, NOTES_LABEL, Box, FormLayout, assessment_layout

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = "application/vnd.openxmlformats-officedocument"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PAGE_WIDTH, _PAGE_HEIGHT, _MARGIN, _FOOT = 16838, 11906, 850, 567  # twentieths of a point: A4 across
_FIRST_ROW = 2  # of the layout: above it stand the attachment's number and the title, here paragraphs
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MADE_BY = "“云上企业”汇总程序"


class _Look(NamedTuple):
    """How the text of a cell looks. size: half points."""

    font: str = "仿宋"
    size: int = 18
    align: str = "center"
    bold: bool = False
    fill: str = ""


_LOOKS = {
    "header": _Look("黑体", 19, fill="E7EDF4"),
    "section": _Look("黑体", 20, "left"),
    "body": _Look(align="left"),
    "plain": _Look(size=19, align="left"),
    "input": _Look("仿宋", 22),
    "title": _Look("黑体", 34),
    "heading": _Look("黑体", 26, "left"),
    "stamp": _Look(size=16, align="right"),
}


def write_word_assessment(
    path: Path, rulebook: Rulebook, entry: AssessmentEntry | None = None, demo: bool = False
) -> None:
    """Writes 附件1 as a Word document, blank or with a company's answers, with the form stamp."""
    layout = assessment_layout(rulebook)
    typed = typed_answers(entry) if entry else {}
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _package_relations(),
        "word/document.xml": _document(layout, rulebook, typed, demo),
        "word/_rels/document.xml.rels": _document_relations(),
        "word/styles.xml": _styles(),
        "word/footer1.xml": _footer(),
        "docProps/core.xml": _core(rulebook),
        "docProps/custom.xml": _custom(demo),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 0
            package.writestr(member, (_HEAD + text).encode())


def write_blank_word_assessment(path: Path, rulebook: Rulebook) -> None:
    """Writes the blank 附件1 as a Word document."""
    write_word_assessment(path, rulebook)


# ---------------------------------------------------------------------------------------- the text


def _document(layout: FormLayout, rulebook: Rulebook, typed: Mapping[tuple[str, str], Typed], demo: bool) -> str:
    stamp = "　".join(part for part in (FORM_STAMP, rulebook.version, DEMO_LABEL if demo else "") if part)
    notes = [box.text for box in layout.boxes if box.row >= _rows_end(layout)]
    body = [
        _paragraph(stamp, _LOOKS["stamp"]),
        _paragraph(ATTACHMENTS["assessment"], _LOOKS["heading"]),
        _paragraph(rulebook.titles.assessment, _LOOKS["title"], after=160),
        _table(layout, typed),
        *(_paragraph(text, _LOOKS["section" if text == NOTES_LABEL else "plain"], before=60) for text in notes),
    ]
    page = (
        f'<w:sectPr><w:footerReference w:type="default" r:id="rId2"/>'
        f'<w:pgSz w:w="{_PAGE_WIDTH}" w:h="{_PAGE_HEIGHT}" w:orient="landscape"/>'
        f'<w:pgMar w:top="{_MARGIN}" w:right="{_MARGIN}" w:bottom="{_MARGIN}" w:left="{_MARGIN}"'
        f' w:header="{_FOOT}" w:footer="{_FOOT}" w:gutter="0"/></w:sectPr>'
    )
    return f'<w:document xmlns:w="{_W}" xmlns:r="{_OFFICE}/relationships"><w:body>{"".join(body)}{page}</w:body></w:document>'


def _rows_end(layout: FormLayout) -> int:
    """The row of the layout with which the notes begin."""
    return next(box.row for box in layout.boxes if box.text == NOTES_LABEL)


def _table(layout: FormLayout, typed: Mapping[tuple[str, str], Typed]) -> str:
    texts = [(box, box.text) for box in layout.boxes]
    texts += [(box, _text(typed.get(slot))) for slot, box in layout.slots.items()]
    covered: dict[tuple[int, int], tuple[Box, str]] = {
        (row, column): (box, text)
        for box, text in texts
        for row in range(box.row, box.last_row + 1)
        for column in range(box.column, box.last_column + 1)
    }
    widths = _widths(layout)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = range(_FIRST_ROW, _rows_end(layout))
    lines = "".join(
        _row(row, layout, covered, widths)
        for row in rows
        if any((row, column) in covered for column in range(len(widths)))
    )
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="404040"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
    properties = (
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/>{margins}'
    )
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>"


def _widths(layout: FormLayout) -> list[int]:
    """The widths of the columns in twentieths of a point; together they fill the page."""
    room = _PAGE_WIDTH - 2 * _MARGIN
    return [int(room * width / sum(layout.widths)) for width in layout.widths]


def _row(row: int, layout: FormLayout, covered: Mapping[tuple[int, int], tuple[Box, str]], widths: list[int]) -> str:
    height = int(20 * layout.heights.get(row, 20))
    head = "<w:tblHeader/>" if row == layout.header_row else ""
    properties = f'<w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/>{head}</w:trPr>'
    return f"<w:tr>{properties}{''.join(_cells(row, covered, widths))}</w:tr>"


def _cells(row: int, covered: Mapping[tuple[int, int], tuple[Box, str]], widths: list[int]) -> Iterator[str]:
    column = 0
    while column < len(widths):
        box, text = covered.get((row, column), (Box(row, column, row, column), ""))
        look = _LOOKS.get(box.role, _Look())
        span = box.last_column - box.column + 1
        properties = [f'<w:tcW w:w="{sum(widths[column : column + span])}" w:type="dxa"/>']
        if span > 1:
            properties.append(f'<w:gridSpan w:val="{span}"/>')
        if box.last_row > box.row:
            properties.append('<w:vMerge w:val="restart"/>' if row == box.row else "<w:vMerge/>")
        if look.fill:
            properties.append(f'<w:shd w:val="clear" w:color="auto" w:fill="{look.fill}"/>')
        properties.append('<w:vAlign w:val="center"/>')
        content = _paragraph(text if row == box.row else "", look)
        yield f"<w:tc><w:tcPr>{''.join(properties)}</w:tcPr>{content}</w:tc>"
        column += span


def _text(value: Typed) -> str:
    """A typed value as Word shows it: 12, 12.5."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value)


def _paragraph(text: str, look: _Look, before: int = 0, after: int = 0) -> str:
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n") if line)
    fonts = f'<w:rFonts w:ascii="{look.font}" w:eastAsia="{look.font}" w:hAnsi="{look.font}" w:hint="eastAsia"/>'
    drawn = f'{fonts}{"<w:b/>" if look.bold else ""}<w:sz w:val="{look.size}"/><w:szCs w:val="{look.size}"/>'
    spacing = f'<w:spacing w:before="{before}" w:after="{after}"/>' if before or after else ""
    properties = f'<w:pPr>{spacing}<w:jc w:val="{look.align}"/><w:rPr>{drawn}</w:rPr></w:pPr>'
    run = f"<w:r><w:rPr>{drawn}</w:rPr>{lines}</w:r>" if lines else ""
    return f"<w:p>{properties}{run}</w:p>"


# ---------------------------------------------------------------------------------------- the other parts


def _footer() -> str:
    drawn = '<w:rPr><w:rFonts w:ascii="仿宋" w:eastAsia="仿宋" w:hAnsi="仿宋"/><w:sz w:val="18"/></w:rPr>'

    def said(text: str) -> str:
        return f'<w:r>{drawn}<w:t xml:space="preserve">{text}</w:t></w:r>'

    def field(name: str) -> str:
        return f'<w:fldSimple w:instr=" {name} "><w:r>{drawn}<w:t>1</w:t></w:r></w:fldSimple>'

    words = f"{said('第 ')}{field('PAGE')}{said(' 页，共 ')}{field('NUMPAGES')}{said(' 页')}"
    return f'<w:ftr xmlns:w="{_W}"><w:p><w:pPr><w:jc w:val="center"/></w:pPr>{words}</w:p></w:ftr>'


def _styles() -> str:
    fonts = (
        '<w:rFonts w:ascii="仿宋" w:eastAsia="仿宋" w:hAnsi="仿宋" w:cs="Times New Roman"/><w:lang w:eastAsia="zh-CN"/>'
    )
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    return (
        f'<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>{fonts}</w:rPr></w:rPrDefault>'
        f"<w:pPrDefault/></w:docDefaults>{normal}</w:styles>"
    )


def _core(rulebook: Rulebook) -> str:
    day = f"{rulebook.date.isoformat()}T00:00:00Z"
    times = "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{day}</dcterms:{name}>' for name in ("created", "modified")
    )
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(rulebook.titles.assessment)}</dc:title><dc:creator>{_MADE_BY}</dc:creator>"
        f"<cp:lastModifiedBy>{_MADE_BY}</cp:lastModifiedBy>{times}</cp:coreProperties>"
    )


def _custom(demo: bool) -> str:
    stamps = {FORM_PROPERTY: FORM_PROPERTY_VALUE} | ({DEMO_PROPERTY: DEMO_PROPERTY_VALUE} if demo else {})
    kind = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
    entries = "".join(
        f'<property fmtid="{kind}" pid="{number}" name={quoteattr(name)}><vt:lpwstr>{escape(value)}</vt:lpwstr></property>'
        for number, (name, value) in enumerate(sorted(stamps.items()), start=2)
    )
    spaces = f'xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes"'
    return f"<Properties {spaces}>{entries}</Properties>"


def _content_types() -> str:
    kinds = {
        "/word/document.xml": f"{_PARTS}.wordprocessingml.document.main+xml",
        "/word/styles.xml": f"{_PARTS}.wordprocessingml.styles+xml",
        "/word/footer1.xml": f"{_PARTS}.wordprocessingml.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/custom.xml": f"{_PARTS}.custom-properties+xml",
    }
    parts = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
    relations = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    text = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{relations}{text}{parts}</Types>'


def _package_relations() -> str:
    core = f"{_PACKAGE}/relationships/metadata/core-properties"
    kinds = [
        (f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
        (core, "docProps/core.xml"),
        (f"{_OFFICE}/relationships/custom-properties", "docProps/custom.xml"),
    ]
    return _relations(kinds)


def _document_relations() -> str:
    kinds = [("styles", "styles.xml"), ("footer", "footer1.xml")]
    return _relations((f"{_OFFICE}/relationships/{kind}", target) for kind, target in kinds)


def _relations(kinds: Iterable[tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(kinds, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'
