"""简报.docx: A4 upright after GB/T 9704 (title 2号 小标宋, headings 黑体, text 仿宋), on one page whatever it says.

The text is set in 3号 where the page holds it, else smaller, down to 小四; then the table of best companies gets shorter. Lines have an
exact pitch, so that the space can be computed without a program that sets type.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.model.results import Results
from pipeline.model.stamps import DEMO_PROPERTY, DEMO_PROPERTY_VALUE, OUTPUT_PROPERTY, OUTPUT_PROPERTY_VALUE
from pipeline.writers.book.fitting import text_width
from pipeline.writers.book.stamped import stamp_line, titled
from pipeline.writers.book.word import WordLook, WordText, set_paragraph, write_word
from pipeline.writers.brief.words import Brief, Paragraph, TopCompany, brief_of

TITLE_FONT, HEADING_FONT, TEXT_FONT, SUBTITLE_FONT = "方正小标宋简体", "黑体", "仿宋_GB2312", "楷体_GB2312"

_PAGE_WIDTH, _PAGE_HEIGHT = 11906, 16838  # twentieths of a point: A4 upright
_TOP, _BOTTOM, _LEFT, _RIGHT, _FOOT = 1701, 1417, 1588, 1474, 737  # 30, 25, 28, 26 and 13 mm
_WIDTH = (_PAGE_WIDTH - _LEFT - _RIGHT) / 20  # points
_HEIGHT = (_PAGE_HEIGHT - _TOP - _BOTTOM) / 20
_TITLE_SIZE, _TITLE_PITCH, _SUBTITLE_SIZE, _SUBTITLE_PITCH, _STAMP_SIZE = 22, 32, 14, 32, 9
_RESERVE = 14  # points kept free: fonts differ a little from machine to machine
_INDENT = 200  # hundredths of a character: two characters, as Chinese paragraphs begin
_SHARES = (0.12, 0.46, 0.28, 0.14)  # of the width, of the table's columns
_HEADERS = TopCompany("名次", "企业名称", "所在地", "总分")
_CELL_MARGIN = 3.5  # points on either side of a cell's text


class Setting(NamedTuple):
    """How large the text is set: size and pitch in points, and how many best companies are listed."""

    size: int
    pitch: int
    listed: int


# From the largest to the smallest; the last holds whatever a brief may say.
SETTINGS = (
    Setting(16, 28, 10),
    Setting(15, 25, 10),
    Setting(14, 23, 10),
    Setting(14, 23, 5),
    Setting(13, 20, 10),
    Setting(12, 18, 10),
    Setting(12, 18, 5),
    Setting(12, 17, 3),
)


def write_brief(path: Path, results: Results) -> None:
    """Writes the page."""
    brief, setting = fitted_brief(results)
    standing = results.standing
    stamps = {OUTPUT_PROPERTY: OUTPUT_PROPERTY_VALUE} | ({DEMO_PROPERTY: DEMO_PROPERTY_VALUE} if standing.demo else {})
    stamp = set_paragraph([(stamp_line(standing), WordLook(TEXT_FONT, 2 * _STAMP_SIZE))], _STAMP_SIZE + 4)
    text = WordText(titled(brief.title, standing), results.date, TEXT_FONT, stamps, stamp)
    write_word(path, "".join(_body(brief, setting)) + _page(), text)


def fitted_brief(results: Results) -> tuple[Brief, Setting]:
    """The brief in the largest setting that one page holds."""
    briefs = {most: brief_of(results, most) for most in {setting.listed for setting in SETTINGS}}
    made = [(briefs[setting.listed], setting) for setting in SETTINGS]
    return next((entry for entry in made if height_of(*entry) <= _HEIGHT - _RESERVE), made[-1])


def height_of(brief: Brief, setting: Setting) -> float:
    """The points that the page's text is high."""
    paragraphs = (*brief.before, brief.ranking, *brief.after)
    lines = sum(_lines(part.heading + part.text, setting.size, _WIDTH, first=2) for part in paragraphs)
    rows = sum(_row_lines(row, setting) for row in (_HEADERS, *brief.top)) if brief.top else 0
    heading = _lines(brief.title, _TITLE_SIZE, _WIDTH) * _TITLE_PITCH + _SUBTITLE_PITCH
    return heading + lines * setting.pitch + rows * _table_pitch(setting)


def _lines(text: str, size: int, width: float, first: int = 0) -> int:
    """The lines that a text takes. first: characters that the first line begins later. A line that may not end in an opening
    bracket or begin with a comma is shorter by a character."""
    characters = max(1, math.floor(width / size) - 1)
    return max(1, math.ceil((text_width(text) / 2 + first) / characters))


def _table_size(setting: Setting) -> int:
    return setting.size - 2


def _table_pitch(setting: Setting) -> int:
    return setting.pitch - 5


def _row_lines(row: TopCompany, setting: Setting) -> int:
    widths = (share * _WIDTH - 2 * _CELL_MARGIN for share in _SHARES)
    size = _table_size(setting)
    return max(
        max(1, math.ceil(text_width(text) / 2 / math.floor(width / size)))
        for text, width in zip(row, widths, strict=True)
    )


# ---------------------------------------------------------------------------------------- the document


def _body(brief: Brief, setting: Setting) -> Iterator[str]:
    yield set_paragraph([(brief.title, WordLook(TITLE_FONT, 2 * _TITLE_SIZE))], _TITLE_PITCH)
    yield set_paragraph([(brief.subtitle, WordLook(SUBTITLE_FONT, 2 * _SUBTITLE_SIZE))], _SUBTITLE_PITCH)
    for part in (*brief.before, brief.ranking):
        yield _paragraph(part, setting)
    if brief.top:
        yield _table(brief, setting)
    for part in brief.after:
        yield _paragraph(part, setting)


def _paragraph(part: Paragraph, setting: Setting) -> str:
    heading = WordLook(HEADING_FONT, 2 * setting.size, "both")
    return set_paragraph(
        [(part.heading, heading), (part.text, heading._replace(font=TEXT_FONT))], setting.pitch, _INDENT
    )


def _table(brief: Brief, setting: Setting) -> str:
    widths = [round(share * _WIDTH * 20) for share in _SHARES]
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="404040"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margin = round(20 * _CELL_MARGIN)
    margins = (
        f'<w:tblCellMar><w:left w:w="{margin}" w:type="dxa"/><w:right w:w="{margin}" w:type="dxa"/></w:tblCellMar>'
    )
    properties = (
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/>{margins}'
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = [
        _row(_HEADERS, widths, setting, HEADING_FONT),
        *(_row(row, widths, setting, TEXT_FONT) for row in brief.top),
    ]
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _row(row: TopCompany, widths: list[int], setting: Setting, font: str) -> str:
    aligned = ("center", "center" if row is _HEADERS else "left", "center", "center")
    cells = (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{set_paragraph([(text, WordLook(font, 2 * _table_size(setting), align))], _table_pitch(setting))}</w:tc>"
        for text, width, align in zip(row, widths, aligned, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def _page() -> str:
    return (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/>'
        f'<w:pgSz w:w="{_PAGE_WIDTH}" w:h="{_PAGE_HEIGHT}"/>'
        f'<w:pgMar w:top="{_TOP}" w:right="{_RIGHT}" w:bottom="{_BOTTOM}" w:left="{_LEFT}"'
        f' w:header="{_FOOT}" w:footer="{_FOOT}" w:gutter="0"/></w:sectPr>'
    )
