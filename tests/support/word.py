"""Word documents built from a few lines: paragraphs, and tables whose cells may be merged, ticked, struck out …"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.sheet.grid import Grid, text_of
from tests.support.containers import archive

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MORE = (
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
PAGE_BREAK = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(text: str) -> str:
    return f"<w:p>{run(text)}</w:p>"


def cell(content: str, properties: str = "") -> str:
    """A cell; content: a text, or XML that begins with <."""
    inner = content if content.startswith(("<w:p>", "<w:p/>", "<w:sdt><!")) else f"<w:p>{content}</w:p>"
    if not content.startswith("<"):
        inner = "".join(paragraph(line) for line in content.split("\n"))
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table(rows: Iterable[Sequence[str]]) -> str:
    """A table. A cell is a text, a cell made by `cell`, or XML of its paragraph."""
    lines = ("".join(each if each.startswith("<w:tc>") else cell(each) for each in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{line}</w:tr>' for line in lines)}</w:tbl>"


def table_of(grid: Grid) -> str:
    """The cells of a sheet as a table, its merges as gridSpan and vMerge."""
    ends = dict(grid.merges)
    rows = max(row for row, _ in [*grid.cells, *ends.values()])
    columns = max(column for _, column in [*grid.cells, *ends.values()])
    covered = {
        (row, column): (start, end)
        for start, end in ends.items()
        for row in range(start[0], end[0] + 1)
        for column in range(start[1], end[1] + 1)
    }
    lines = []
    for row in range(1, rows + 1):
        line, column = [], 1
        while column <= columns:
            start, end = covered.get((row, column), ((row, column), (row, column)))
            width = end[1] - start[1] + 1
            mark = "" if row > start[0] else ' w:val="restart"'
            down = f"<w:vMerge{mark}/>" if end[0] > start[0] else ""
            properties = f'<w:gridSpan w:val="{width}"/>{down}'
            value = grid.cells.get((row, column))
            line.append(cell("" if value is None else text_of(value), properties))
            column += width
        lines.append(line)
    return table(lines)


def word_document(*body: str, parts: dict[str, bytes] | None = None) -> bytes:
    """A document of these paragraphs and tables, with further parts."""
    text = f'<w:document xmlns:w="{WORD}" {_MORE}><w:body>{"".join(body)}</w:body></w:document>'
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": text.encode(), **(parts or {})})


def in_word(content: bytes, paragraph_of: str = "") -> bytes:
    """A workbook of ours as a Word document, a table a sheet, below a paragraph with these runs."""
    tables = [table_of(grid) for grid in read_workbook(content).grids]
    return word_document(f"<w:p>{paragraph_of}</w:p>", *tables)
