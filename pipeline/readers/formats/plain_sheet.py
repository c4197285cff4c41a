"""A worksheet part in the plain shape every spreadsheet program writes → its cells and merges, read by pattern.

The sheet is cut where its cells begin. Forms of one template have most of these pieces in common: what was read before
is not taken apart again, and only the rest is checked to be well formed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import starmap
from typing import NamedTuple

from pipeline.readers.formats.limits import WorkbookTooLarge
from pipeline.readers.formats.xml_parts import SMALL, check_xml, is_well_formed, remember
from pipeline.readers.sheet.grid import LAST_COLUMN, LAST_ROW, Address

PLAIN_BYTES = 16 * 2**20  # a larger sheet as one text takes too much memory
CUT_BYTES = 2**20  # as is a larger one in pieces
MAXIMUM_KNOWN = 16_000  # pieces that are remembered
LONGEST_KNOWN = 200  # characters

# A cell's address, kind (s, n, str, b, e), stored text (of kind s the string's number) and style; () for a blank one.
Cell = tuple[Address, str, str | int, str]

_ROOT = re.compile(
    r'(?:<\?xml[^<>]*\?>)?\s*<worksheet xmlns="http://(?:schemas\.openxmlformats\.org/spreadsheetml/2006|'
    r'purl\.oclc\.org/ooxml/spreadsheetml)/main"[ >]'
)
_ENCODING = re.compile(r"(?!<\?xml[^<>]*encoding=(?![\"']utf-8[\"']))", re.I)
_USUAL_HEAD = re.compile(r'(?:<\?xml version="1\.0" encoding="UTF-8"(?: standalone="yes")?\?>)?[^?]*')
_CELL_PATTERN = (
    r'r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]+)")?(?: t="(s|n|str|b|e)")?>'
    r"(?:<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?<v>([^<&]+)</v></c>"
)
_CELL, _WHOLE_CELL = re.compile(_CELL_PATTERN), re.compile(f"<c {_CELL_PATTERN}")
_BLANK = re.compile("[^<>]*/>")
_OPEN_ROW = r"(?:<row(?: [^<>]*)?/>)*<row(?: [^<>]*[^<>/])?>"
_FIRST_ROW = re.compile(f"<sheetData>{_OPEN_ROW}")
_NEXT_ROW = re.compile(f"</row>{_OPEN_ROW}")
_END_OF_ROWS = re.compile(r"</row>(?:<row(?: [^<>]*)?/>)*")
_ODD_SIGNS = (" hidden=", "\r", "<?", "<!")
_MERGE = re.compile(r'<mergeCell ref="([A-Z0-9:]+)"/>')

_KNOWN: dict[str, Cell | tuple[()]] = {}


class PlainSheet(NamedTuple):
    """The cells with something in them, and the references of the merges. outlying: some cell may be beyond the last
    row or column."""

    cells: Iterable[Cell]
    merges: tuple[str, ...]
    outlying: bool


def read_plain(content: bytes, maximum_cells: int) -> PlainSheet | None:
    """What a worksheet part holds; None for one in another shape. Raises what the XML parser raises, WorkbookTooLarge
    for too many cells."""
    if len(content) > PLAIN_BYTES:
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    start = text.find("<sheetData>")
    if len(content) > min(CUT_BYTES, 4 * maximum_cells):  # nor can a smaller one hold too many cells
        return _read_whole(content, text, start, text.find("</sheetData>"), maximum_cells)
    # The end is looked for from the end, and odd signs only in what is new: a fifth of the time of reading a sheet.
    return _read(content, text, start, text.rfind("</sheetData>"))


def _read(content: bytes, text: str, start: int, end: int) -> PlainSheet | None:
    if not 0 <= start < end:
        return None
    head, tail = text[:start], text[end:]
    frame = (_known_frame if len(head) + len(tail) <= SMALL else _frame)(head, tail)
    first, *pieces = text[start:end].split("<c ")
    cells = list(map(_KNOWN.get, pieces))
    cells[-1:] = [None] * len(cells[-1:])  # the last one closes its row for good, unlike those that are remembered
    places = [place for place, cell in enumerate(cells) if cell is None]
    new = "<c ".join((first, *(pieces[place] for place in places)))
    if "</sheetData>" in new:
        return _read(content, text, start, text.index("</sheetData>"))
    if not frame.plain or any(sign in new for sign in _ODD_SIGNS):
        return None
    read = [_taken_apart(pieces[place]) for place in places]
    if frame.merges is None or "</c>" in first or any("</c>" in behind for _, behind in read):
        return None  # some merge or cell is of another shape
    if frame.sound and _are_rows(first, [behind for _, behind in read]):
        # Every piece is a cell, or a cell, the end of its row and the beginning of the next: each stands in a row, and
        # the sheet is well formed when its frame is, and its rows without the pieces that other sheets' rows had.
        check_xml(f"{new}</sheetData>".encode())
        known = [(pieces[place], cell) for place, (cell, _) in zip(places[:-1], read, strict=False)]
        remember(_KNOWN, [entry for entry in known if _is_worth_knowing(*entry)], MAXIMUM_KNOWN)
    else:
        check_xml(content)
    for place, (cell, _) in zip(places, read, strict=True):
        cells[place] = cell
    return PlainSheet(filter(None, cells), frame.merges, any(_is_outlying(cell) for cell, _ in read))


def _read_whole(content: bytes, text: str, start: int, end: int, maximum_cells: int) -> PlainSheet | None:
    """As `_read`, without the pieces: of a large sheet they would take too much memory."""
    if not 0 <= start < end:
        return None
    frame, rows = _frame(text[:start], text[end:]), text[start:end]
    if not frame.plain or any(sign in rows for sign in _ODD_SIGNS):
        return None
    expected = rows.count("</c>")
    if expected > maximum_cells:
        raise WorkbookTooLarge(f"有内容的单元格超过 {maximum_cells} 个")
    found = _WHOLE_CELL.findall(rows)
    if frame.merges is None or len(found) != expected:
        return None
    check_xml(content)
    return PlainSheet(starmap(_cell, found), frame.merges, True)


def _are_rows(first: str, behind: list[str]) -> bool:
    """True when a row begins before the first cell, behind each other nothing or the next row, at last the end."""
    return (
        len(behind) > 0
        and _FIRST_ROW.fullmatch(first) is not None
        and all(_NEXT_ROW.fullmatch(rest) for rest in behind[:-1] if rest)
        and _END_OF_ROWS.fullmatch(behind[-1]) is not None
    )


class _Frame(NamedTuple):
    """What stands around a sheet's rows. plain: it is in plain shape; sound: well formed when the rows are; merges:
    their references, None when one is of another shape."""

    plain: bool
    sound: bool
    merges: tuple[str, ...] | None


def _frame(head: str, tail: str) -> _Frame:
    plain = "</sheetData>" not in head and not any("<!" in part for part in (head, tail))
    plain = plain and _ROOT.match(head) is not None and _ENCODING.match(head) is not None
    merges = _MERGE.findall(tail)
    sound = plain and _USUAL_HEAD.fullmatch(head) is not None and is_well_formed(f"{head}<sheetData>{tail}".encode())
    return _Frame(plain, sound, tuple(merges) if len(merges) == tail.count("<mergeCell ") else None)


_known_frame = lru_cache(maxsize=64)(_frame)


def _taken_apart(piece: str) -> tuple[Cell | tuple[()], str]:
    """The cell a piece begins with, and what stands behind it."""
    match = _CELL.match(piece)
    if match is None:
        blank = _BLANK.match(piece)
        return (), piece[blank.end() :] if blank else piece
    return _cell(*match.groups("")), piece[match.end() :]


def _cell(letters: str, digits: str, style: str, kind: str, stored: str) -> Cell:
    whole = kind == "s" and len(stored) < 8 and stored.isascii() and stored.isdigit()
    return (int(digits), column_number(letters)), kind or "n", int(stored) if whole else stored, style


def _is_worth_knowing(piece: str, cell: Cell | tuple[()]) -> bool:
    """True for blank cells and those of shared strings, plain in every encoding; figures differ from form to form."""
    plain = (not cell or type(cell[2]) is int) and len(piece) <= LONGEST_KNOWN and piece.isascii()
    return plain and not _is_outlying(cell)


def _is_outlying(cell: Cell | tuple[()]) -> bool:
    return len(cell) > 0 and (cell[0][0] > LAST_ROW or cell[0][1] > LAST_COLUMN)


@lru_cache(maxsize=20_000)
def column_number(letters: str) -> int:
    """A -> 1, AB -> 28."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column
