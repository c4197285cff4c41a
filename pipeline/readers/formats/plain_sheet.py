"""Reads the cells and merges of a worksheet part in plain shape, as every spreadsheet program writes it, with regular
expressions.

The sheet is split where its cells begin. Workbooks made from one blank form share most of these pieces, so pieces that
were parsed before are taken from a cache, and only the others are checked to be well formed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import starmap
from typing import NamedTuple, TypeAlias, cast

from pipeline.readers.formats.cell_shapes import NO_RESULT, Shaped, shaped_cell, shaped_cells
from pipeline.readers.formats.limits import WorkbookTooLarge
from pipeline.readers.formats.usual_shape import usual_shape
from pipeline.readers.formats.xml_parts import SMALL, check_xml, is_well_formed, remember
from pipeline.readers.sheet.grid import LAST_COLUMN, LAST_ROW, Address

PLAIN_BYTES = 48 * 2**20  # a larger sheet takes too much memory as one text
CUT_BYTES = 2**20  # a larger sheet takes too much memory in pieces
MAXIMUM_KNOWN = 16_000  # pieces in the cache
LONGEST_KNOWN = 500  # characters of a piece in the cache

# Address, type (s, n, str, b, e), stored text (for type s the index of the string), style and formula element of a cell.
Cell: TypeAlias = tuple[Address, str, str | int, str, str]
CellOrBlank: TypeAlias = Cell | tuple[()]
Spans: TypeAlias = tuple[tuple[int, int], ...]

_ROOT = re.compile(
    r'(?:<\?xml[^<>]*\?>)?\s*<worksheet(?: [\w:]+="[^"<>&]*")*? xmlns="(http://(?:schemas\.openxmlformats\.org/spreadsheetml/2006|'
    r'purl\.oclc\.org/ooxml/spreadsheetml)/main)"[ >]'
)
_ENCODING = re.compile(r"(?!<\?xml[^<>]*encoding\s*=\s*(?![\"']utf-8[\"']))", re.I)
_USUAL_HEAD = re.compile(r'(?:<\?xml version="1\.0" encoding="UTF-8"(?: standalone="yes")?\?>)?[^?]*')
_CELL_PATTERN = (
    r'r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]+)")?(?: t="(s|n|str|b|e)")?>'
    r"(<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?<v>([^<&]+)</v></c>"
)
_CELL, _WHOLE_CELL = re.compile(_CELL_PATTERN), re.compile(f"<c {_CELL_PATTERN}")
_BLANK = re.compile("[^<>]*/>")
_OPEN_ROW = r"(?:<row(?: [^<>]*)?/>)*<row(?: [^<>]*[^<>/])?>"
_FIRST_ROW = re.compile(f"<sheetData>{_OPEN_ROW}")
_NEXT_ROW = re.compile(f"</row>{_OPEN_ROW}")
_END_OF_ROWS = re.compile(r"</row>(?:<row(?: [^<>]*)?/>)*")
_ODD_SIGNS = ("\r", "<?", "<!", "xmlns")
_SEEN_ROW = re.compile(r' hidden="(?:0|false)"')
_VIEW = re.compile(r"<sheetView(?: [^<>]*)?>")
_HIDES_ZEROS = re.compile(r"""\sshowZeros\s*=\s*["'](?:0|false)["']""")
_MERGE = re.compile(r'<mergeCell ref="([A-Z0-9:]+)"/>')
_COLUMN = re.compile(r"<col ([^<>]*)")
_GIVEN = re.compile(r"""([A-Za-z]+)\s*=\s*["']([^"']*)["']""")
_NO_WIDTH = re.compile(r"0+(?:\.0*)?")

_KNOWN: dict[str, CellOrBlank] = {}


class PlainSheet(NamedTuple):
    """The cells with something in them, and the references of the merges. outlying: some cell may lie beyond the last
    row or column of a sheet. hides_zeros: the sheet shows no zeros. hidden_columns: the (first, last) columns that are
    hidden."""

    cells: Iterable[Cell]
    merges: tuple[str, ...]
    outlying: bool
    hides_zeros: bool
    hidden_columns: Spans


def read_plain(content: bytes, maximum_cells: int) -> PlainSheet | None:
    """The content of a worksheet part, None for a part in another shape. Raises what the XML parser raises,
    WorkbookTooLarge for too many cells."""
    if len(content) > PLAIN_BYTES:
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if (usual := usual_shape(text)) is not text:
        check_xml(content)
        content, text = usual.encode(), usual
    start = text.find("<sheetData>")
    if len(content) > min(CUT_BYTES, 4 * maximum_cells):  # a smaller one cannot hold too many cells
        return _read_whole(content, text, start, text.find("</sheetData>"), maximum_cells)
    # Searching for the end from behind, and for odd signs in new pieces only, saves a fifth of the reading time.
    return _read(content, text, start, text.rfind("</sheetData>"))


def _read(content: bytes, text: str, start: int, end: int) -> PlainSheet | None:
    """As `read_plain`, by pieces. text: the content decoded; start, end: where its sheetData begins and ends."""
    if not 0 <= start < end:
        return None
    head, tail = text[:start], text[end:]
    frame = (_known_frame if len(head) + len(tail) <= SMALL else _frame)(head, tail)
    first, *pieces = text[start:end].split("<c ")
    cells = list(map(_KNOWN.get, pieces))
    cells[-1:] = [None] * len(cells[-1:])  # the last piece ends the last row, which no piece in the cache does
    unknown = [index for index, cell in enumerate(cells) if cell is None]
    new = "<c ".join((first, *(pieces[index] for index in unknown)))
    if "</sheetData>" in new:
        return _read(content, text, start, text.index("</sheetData>"))
    if not frame.plain or _is_odd(new):
        return None
    parsed = [_parsed(pieces[index]) for index in unknown]
    if frame.merges is None or "</c>" in first or any("</c>" in behind for _, behind in parsed):
        return None  # some merge or cell is in another shape
    if frame.sound and _are_rows(first, [behind for _, behind in parsed]):
        # Every piece is a cell, or a cell, the end of its row and the beginning of the next. So every cell stands in a
        # row, and the sheet is well formed if its frame is, and its rows are without the known pieces.
        check_xml(f"{new}</sheetData>".encode())
        known = [(pieces[index], cell) for index, (cell, _) in zip(unknown[:-1], parsed, strict=False)]
        remember(_KNOWN, [entry for entry in known if _is_worth_knowing(*entry)], MAXIMUM_KNOWN)
    else:
        check_xml(content)
    for index, (cell, _) in zip(unknown, parsed, strict=True):
        cells[index] = cell
    with_content = cast("Iterable[Cell]", filter(None, cells))  # none is unknown any more, and blank ones are ()
    outlying = any(_is_outlying(cell) for cell, _ in parsed)
    return PlainSheet(with_content, frame.merges, outlying, frame.hides_zeros, frame.hidden_columns)


def _read_whole(content: bytes, text: str, start: int, end: int, maximum_cells: int) -> PlainSheet | None:
    """As `_read`, without cutting the sheet in pieces, which would take too much memory for a large one."""
    if not 0 <= start < end:
        return None
    frame, rows = _frame(text[:start], text[end:]), text[start:end]
    if not frame.plain or _is_odd(rows):
        return None
    expected = rows.count("</c>")
    if expected - rows.count('"></c>') > maximum_cells:
        raise WorkbookTooLarge(f"有内容的单元格超过 {maximum_cells} 个")
    cells = _cells_of(rows, expected)
    if frame.merges is None or cells is None:
        return None
    check_xml(content)
    return PlainSheet(cells, frame.merges, True, frame.hides_zeros, frame.hidden_columns)


def _cells_of(rows: str, expected: int) -> Iterable[Cell] | None:
    """The cells of the rows, None unless all are in a known shape. expected: how many have an end of their own."""
    usual = _WHOLE_CELL.findall(rows)
    if len(usual) == expected:
        return starmap(_cell, usual)
    usual.clear()
    shaped = [cell for cell in shaped_cells(rows) if cell is not None]
    if len(shaped) != expected:
        return None
    return cast("Iterable[Cell]", filter(None, map(_cell_of, shaped)))


def _is_odd(rows: str) -> bool:
    """True for rows with something that the patterns of this module do not see: comments, CDATA, line ends that a
    parser changes, elements of another namespace, rows that are hidden."""
    if any(sign in rows for sign in _ODD_SIGNS):
        return True
    return "hidden" in rows and rows.count("hidden") != len(_SEEN_ROW.findall(rows))


def _are_rows(first: str, behind: list[str]) -> bool:
    """True when the pieces form whole rows: a row begins in front of the first cell; behind a cell stands nothing, or
    the end of its row and the beginning of the next; behind the last cell the end of its row."""
    return (
        len(behind) > 0
        and _FIRST_ROW.fullmatch(first) is not None
        and all(_NEXT_ROW.fullmatch(rest) for rest in behind[:-1] if rest)
        and _END_OF_ROWS.fullmatch(behind[-1]) is not None
    )


class _Frame(NamedTuple):
    """The XML around the rows of a sheet. plain: it is in plain shape; sound: it is well formed if the rows are;
    merges: their references, None when one is in another shape. hides_zeros, hidden_columns: as in `PlainSheet`."""

    plain: bool
    sound: bool
    merges: tuple[str, ...] | None
    hides_zeros: bool
    hidden_columns: Spans


def _frame(head: str, tail: str) -> _Frame:
    """The frame of a sheet. head, tail: the XML before and after its rows."""
    plain = "</sheetData>" not in head and not any("<!" in part for part in (head, tail))
    plain = plain and _has_one_namespace(head, tail) and _ENCODING.match(head) is not None
    merges = _MERGE.findall(tail)
    sound = plain and _USUAL_HEAD.fullmatch(head) is not None and is_well_formed(f"{head}<sheetData>{tail}".encode())
    references = tuple(merges) if len(merges) == tail.count("<mergeCell ") else None
    view = _VIEW.search(head)
    hides_zeros = view is not None and _HIDES_ZEROS.search(view[0]) is not None
    unseen = hidden_columns(dict(_GIVEN.findall(text)) for text in _COLUMN.findall(head))
    return _Frame(plain, sound, references, hides_zeros, unseen)


def hidden_columns(given: Iterable[Mapping[str, str]]) -> Spans:
    """The (first, last) columns of the col elements (by their attributes) that nobody sees: hidden, or without
    width. One whose numbers cannot be read hides nothing, as in Excel, which repairs it away."""
    spans = []
    for attributes in given:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        unseen = attributes.get("hidden") in ("1", "true") or _NO_WIDTH.fullmatch(attributes.get("width", ""))
        if unseen and first.isdecimal() and last.isdecimal():
            spans.append((int(first), int(last)))
    return tuple(spans)


def _has_one_namespace(head: str, tail: str) -> bool:
    """True when the elements of a worksheet have no prefix, and no element with a prefix is one of a worksheet."""
    root = _ROOT.match(head)
    if root is None or "&" in head[: head.find(">", root.end() - 1)]:
        return False
    return head.count(root[1]) == 1 and root[1] not in tail


_known_frame = lru_cache(maxsize=64)(_frame)


def _parsed(piece: str) -> tuple[CellOrBlank, str]:
    """(the cell that a piece begins with, the rest of the piece); a piece in another shape is all rest."""
    match = _CELL.match(piece)
    if match is None:
        blank = _BLANK.match(piece)
        if blank is not None:
            return (), piece[blank.end() :]
        shaped = shaped_cell(piece)
        return ((), piece) if shaped is None else (_cell_of(shaped), piece[shaped.end :])
    return _cell(*match.groups("")), piece[match.end() :]


def _cell(letters: str, digits: str, style: str, kind: str, formula: str, stored: str) -> Cell:
    is_index = kind == "s" and len(stored) < 8 and stored.isascii() and stored.isdigit()
    return (int(digits), column_number(letters)), kind or "n", int(stored) if is_index else stored, style, formula


def _cell_of(shaped: Shaped) -> CellOrBlank:
    """The cell in the usual form, () for a blank one."""
    letters, digits, style, kind, formula, stored, _ = shaped
    if stored is None:
        return ()
    if kind == NO_RESULT:
        return (int(digits), column_number(letters)), kind, stored, style, formula
    return _cell(letters, digits, style, kind, formula, stored)


def _is_worth_knowing(piece: str, cell: CellOrBlank) -> bool:
    """True for blank cells and cells with a shared or inline string; figures differ from form to form."""
    repeated = not cell or type(cell[2]) is int or cell[1] == "inlineStr"
    return repeated and len(piece) <= LONGEST_KNOWN and not _is_outlying(cell)


def _is_outlying(cell: CellOrBlank) -> bool:
    """True for a cell beyond the last row or column of a sheet."""
    return len(cell) > 0 and (cell[0][0] > LAST_ROW or cell[0][1] > LAST_COLUMN)


@lru_cache(maxsize=20_000)
def column_number(letters: str) -> int:
    """A -> 1, AB -> 28."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column
