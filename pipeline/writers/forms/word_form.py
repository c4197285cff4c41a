"""附件1 as a Word document: the same boxes and words as the workbook, from the same layout. A4 across, tables with borders,
黑体 and 仿宋. The same content gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import (
    DEMO_LABEL,
    DEMO_PROPERTY,
    DEMO_PROPERTY_VALUE,
    FORM_PROPERTY,
    FORM_PROPERTY_VALUE,
    FORM_STAMP,
)
from pipeline.writers.book.word import WordLook, WordText, paragraph, write_word
from pipeline.writers.forms.filled import AssessmentEntry, Typed, typed_answers
from pipeline.writers.forms.layout import ATTACHMENTS, NOTES_LABEL, Box, FormLayout, assessment_layout

_PAGE_WIDTH, _PAGE_HEIGHT, _MARGIN, _FOOT = 16838, 11906, 850, 567  # twentieths of a point: A4 across
_FIRST_ROW = 2  # of the layout: above it stand the attachment's number and the title, here paragraphs

_LOOKS = {
    "header": WordLook("黑体", 19, fill="E7EDF4"),
    "section": WordLook("黑体", 20, "left"),
    "body": WordLook(align="left"),
    "plain": WordLook(size=19, align="left"),
    "input": WordLook("仿宋", 22),
    "title": WordLook("黑体", 34),
    "heading": WordLook("黑体", 26, "left"),
    "stamp": WordLook(size=16, align="right"),
}


def write_word_assessment(
    path: Path, rulebook: Rulebook, entry: AssessmentEntry | None = None, demo: bool = False
) -> None:
    """Writes 附件1 as a Word document, blank or with a company's answers, with the form stamp."""
    layout = assessment_layout(rulebook)
    typed = typed_answers(entry) if entry else {}
    stamps = {FORM_PROPERTY: FORM_PROPERTY_VALUE} | ({DEMO_PROPERTY: DEMO_PROPERTY_VALUE} if demo else {})
    text = WordText(rulebook.titles.assessment, rulebook.date.isoformat(), "仿宋", stamps, _footer())
    write_word(path, _body(layout, rulebook, typed, demo), text)


def write_blank_word_assessment(path: Path, rulebook: Rulebook) -> None:
    """Writes the blank 附件1 as a Word document."""
    write_word_assessment(path, rulebook)


# ---------------------------------------------------------------------------------------- the text


def _body(layout: FormLayout, rulebook: Rulebook, typed: Mapping[tuple[str, str], Typed], demo: bool) -> str:
    stamp = "　".join(part for part in (FORM_STAMP, rulebook.version, DEMO_LABEL if demo else "") if part)
    notes = [box.text for box in layout.boxes if box.row >= _rows_end(layout)]
    body = [
        paragraph(stamp, _LOOKS["stamp"]),
        paragraph(ATTACHMENTS["assessment"], _LOOKS["heading"]),
        paragraph(rulebook.titles.assessment, _LOOKS["title"], after=160),
        _table(layout, typed),
        *(paragraph(text, _LOOKS["section" if text == NOTES_LABEL else "plain"], before=60) for text in notes),
    ]
    page = (
        f'<w:sectPr><w:footerReference w:type="default" r:id="rId2"/>'
        f'<w:pgSz w:w="{_PAGE_WIDTH}" w:h="{_PAGE_HEIGHT}" w:orient="landscape"/>'
        f'<w:pgMar w:top="{_MARGIN}" w:right="{_MARGIN}" w:bottom="{_MARGIN}" w:left="{_MARGIN}"'
        f' w:header="{_FOOT}" w:footer="{_FOOT}" w:gutter="0"/></w:sectPr>'
    )
    return "".join(body) + page


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
        look = _LOOKS.get(box.role, WordLook())
        span = box.last_column - box.column + 1
        properties = [f'<w:tcW w:w="{sum(widths[column : column + span])}" w:type="dxa"/>']
        if span > 1:
            properties.append(f'<w:gridSpan w:val="{span}"/>')
        if box.last_row > box.row:
            properties.append('<w:vMerge w:val="restart"/>' if row == box.row else "<w:vMerge/>")
        if look.fill:
            properties.append(f'<w:shd w:val="clear" w:color="auto" w:fill="{look.fill}"/>')
        properties.append('<w:vAlign w:val="center"/>')
        content = paragraph(text if row == box.row else "", look)
        yield f"<w:tc><w:tcPr>{''.join(properties)}</w:tcPr>{content}</w:tc>"
        column += span


def _text(value: Typed) -> str:
    """A typed value as Word shows it: 12, 12.5."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value)


def _footer() -> str:
    drawn = '<w:rPr><w:rFonts w:ascii="仿宋" w:eastAsia="仿宋" w:hAnsi="仿宋"/><w:sz w:val="18"/></w:rPr>'

    def said(text: str) -> str:
        return f'<w:r>{drawn}<w:t xml:space="preserve">{text}</w:t></w:r>'

    def field(name: str) -> str:
        return f'<w:fldSimple w:instr=" {name} "><w:r>{drawn}<w:t>1</w:t></w:r></w:fldSimple>'

    words = f"{said('第 ')}{field('PAGE')}{said(' 页，共 ')}{field('NUMPAGES')}{said(' 页')}"
    return f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{words}</w:p>'
