"""The notes on marked cells: the comments part of a sheet and the drawing part that shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from pipeline.issues.issue import LIST_ID_PATTERN
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.workbook import safe_text
from pipeline.writers.marked.allowed import MAIN
from pipeline.writers.marked.cells import address_of
from pipeline.writers.marked.package import HEAD, Package
from pipeline.writers.marked.xml import Element

AUTHOR = "“云上企业”汇总程序"
HEADING = "问题清单第"  # the first words of every note of ours
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"

_OUR_WORDS = re.compile(rf"{HEADING}.*编号 {LIST_ID_PATTERN}", re.DOTALL)

_WIDTH = 280  # points of a note's box
_LINE = 14
_CHARACTERS = 46  # narrow characters in a line of the box
_TALLEST = 400

_SHAPES = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" '
    'data="{number}"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>{shapes}</xml>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{id}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;'
    'width:{width}pt;height:{height}pt;z-index:{order};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


def add_notes(package: Package, sheet_part: str, notes: Mapping[str, str]) -> str:
    """Adds the notes of a sheet (cell -> text). Returns the id of the relation to their drawing."""
    comments = package.free_name("xl/comments{}.xml")
    package.add(comments, _comments(notes), COMMENTS_TYPE)
    package.relate(sheet_part, "comments", comments)
    drawing = package.free_name("xl/drawings/vmlDrawing{}.vml")
    number = int("".join(filter(str.isdigit, drawing)))
    package.add(drawing, _drawing(notes, number), DRAWING_TYPE)
    return package.relate(sheet_part, "vmlDrawing", drawing)


def _comments(notes: Mapping[str, str]) -> bytes:
    entries = []
    for address in sorted(notes, key=address_of):
        heading, _, rest = safe_text(notes[address]).partition("\n")
        runs = _run(heading, bold=True) + _run(f"\n{rest}")
        entries.append(f'<comment ref="{address}" authorId="0"><text>{runs}</text></comment>')
    authors = f"<authors><author>{AUTHOR}</author></authors>"
    text = f'<comments xmlns="{MAIN}">{authors}<commentList>{"".join(entries)}</commentList></comments>'
    return HEAD + text.encode()


def _run(text: str, bold: bool = False) -> str:
    look = '<sz val="10"/><color indexed="81"/><rFont val="宋体"/><family val="3"/><charset val="134"/>'
    return f'<r><rPr>{"<b/>" if bold else ""}{look}</rPr><t xml:space="preserve">{escape(text.replace("_x", "_x005F_x"))}</t></r>'


def _drawing(notes: Mapping[str, str], number: int) -> bytes:
    shapes = []
    for order, address in enumerate(sorted(notes, key=address_of), start=1):
        row, column = address_of(address)
        height = min(_TALLEST, _LINE * (lines_in(notes[address], _CHARACTERS) + 1))
        top = max(row - 2, 0)
        anchor = f"{column}, 15, {top}, 10, {column + 3}, 60, {top + max(4, height // 18)}, 4"
        shapes.append(
            _SHAPE.format(
                id=1024 * number + order,
                width=_WIDTH,
                height=height,
                order=order,
                anchor=anchor,
                row=row - 1,
                column=column - 1,
            )
        )
    return _SHAPES.format(number=number, shapes="".join(shapes)).encode()


def only_our_notes(comments: Sequence[Element], drawings: Sequence[Element]) -> bool:
    """True when every note of a sheet has our words and every old-style drawing shows notes alone, not buttons or
    pictures. The author of a note does not tell whose it is: some programs drop it."""
    words = ("".join(text.words for text in note.all("t")) for part in comments for note in part.all("comment"))
    shapes = [shape for drawing in drawings for shape in drawing.children if shape.local not in _NO_SHAPES]
    return (
        all(map(_OUR_WORDS.match, words))
        and all(shape.local == "shape" and _shows_note(shape) for shape in shapes)
        and (bool(comments) or not shapes)
    )


_NO_SHAPES = ("shapelayout", "shapetype")


def _shows_note(shape: Element) -> bool:
    return [entry.get("ObjectType") for entry in shape.all("ClientData")] == ["Note"]
