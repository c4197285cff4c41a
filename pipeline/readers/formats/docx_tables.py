"""The tables of a Word document as grids, with the paragraphs around each as rows above and below it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.model.texts import without_space
from pipeline.readers.formats.docx_texts import (
    TICKED,
    UNTICKED,
    Looks,
    Piece,
    child,
    every,
    given,
    has_changes,
    is_deleted,
    is_on,
    name_of,
    pieces_of,
    shows_prompt,
    tick_of,
)
from pipeline.readers.formats.limits import MAXIMUM_CELLS, UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.runs import MAXIMUM_TEXT, joined_runs
from pipeline.readers.formats.struck import StruckCells
from pipeline.readers.sheet.grid import LAST_COLUMN, Grid, WordFacts, WordTable

if TYPE_CHECKING:
    Element = Any  # lxml's elements; python-docx makes classes of them

NESTED = "〔格内另有一张表〕"
TEXT_BOX, HIDDEN_TEXT, EMBEDDED, OTHER_DOCUMENT = (
    "文本框里的文字",
    "隐藏的文字",
    "嵌入的 Excel 表等对象",
    "嵌入的另一份文档",
)
_LABEL = re.compile(r"\s*([^:：]{1,20}?)\s*[:：]")
_BEGINNING = 20_000  # characters of the text that are kept, by which a form's title is known


@dataclass
class _Table:
    """A table, or several that go on from each other, and the paragraphs around it, each as its pieces.

    elements: (number of the table in the document, its element)."""

    elements: list[tuple[int, Element]]
    above: list[list[Piece]] = field(default_factory=list)
    below: list[list[Piece]] = field(default_factory=list)


class _Break:
    """A page break between two paragraphs."""


class _Inside(_Break):
    """The beginning or the end of what stands in a cell."""


class DocumentTables:
    """The tables of one document. body: its text; styles: the root of its styles."""

    def __init__(self, body: Element, styles: Element) -> None:
        self._body, self._looks = body, Looks(styles)
        self._hidden: list[str] = []
        self._count = 0
        self._tables = self._placed(list(self._blocks(body)))

    def grids(self) -> list[Grid]:
        """Every table as a grid, in the order of the text; a table within a cell comes after the one around it."""
        return [self._grid(table) for table in self._tables]

    def facts(self, embedded: bool) -> WordFacts:
        """What the document holds beside its tables, once `grids` has been called. embedded: it has embedded objects."""
        boxes = dict.fromkeys(self._boxes())
        unread = [(TEXT_BOX, text) for text in boxes]
        unread += [(HIDDEN_TEXT, text) for text in dict.fromkeys(self._hidden)]
        if embedded:
            unread.append((EMBEDDED, ""))
        if any(True for _ in every(self._body, "altChunk")):
            unread.append((OTHER_DOCUMENT, ""))
        return WordFacts(self._beginning(), has_changes(self._body), tuple(unread))

    def _beginning(self) -> str:
        pieces: list[str] = []
        for entry in every(self._body, "t"):
            pieces.append(entry.text or "")
        return without_space("".join(pieces))[:_BEGINNING]

    def _boxes(self) -> Iterator[str]:
        """The texts in text boxes; a box is often stored twice, for old and for new programs."""
        for entry in self._body.iter():
            if name_of(entry) == "txbxContent":
                paragraphs = (inner for inner in entry.iter() if name_of(inner) == "p")
                text = "\n".join(self._seen(pieces_of(paragraph, self._looks)) for paragraph in paragraphs)
                if text.strip():
                    yield text.strip()

    # ------------------------------------------------------------------------------------ around the tables

    def _blocks(self, container: Iterable[Element]) -> Iterator[Element | list[Piece] | _Break]:
        """Tables, paragraphs and page breaks in their order; the tables in a table's cells follow it."""
        for entry in container:
            name = name_of(entry)
            if name == "p":
                if _begins_page(entry):
                    yield _Break()
                yield pieces_of(entry, self._looks)
                if _ends_page(entry):
                    yield _Break()
            elif name == "tbl":
                yield entry
                for cell in every(entry, "tc") if _nested_in(entry) else ():
                    if _table_around(cell) is entry and _nested(cell):
                        yield _Inside()
                        yield from self._blocks(cell)
                        yield _Inside()
            elif name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
                yield from self._blocks(entry)

    def _placed(self, blocks: list[Element | list[Piece] | _Break]) -> list[_Table]:
        """The tables with their paragraphs.

        What stands between two tables belongs to the one below it, but for what stands before a page break, and for what
        ends with a label (企业名称：…) that the last table has below it and the first has not above it: such a document
        names its companies under their tables. A table with as many columns as the one above it and nothing to be seen
        between them goes on from that one: a list or form that was cut in two.
        """
        tables: list[_Table] = []
        number, cut_off = 0, True
        between: list[list[list[Piece]]] = [[]]
        breaks: list[int] = [0]
        for block in blocks:
            if isinstance(block, _Break):
                breaks[-1] = len(between[-1])
                cut_off = cut_off or isinstance(block, _Inside)
            elif isinstance(block, list):
                if self._seen(block).strip():
                    between[-1].append(block)
                else:
                    self._note_hidden(block)
            else:
                number += 1
                if not (cut_off or between[-1]) and _column_count(block) == _column_count(tables[-1].elements[0][1]):
                    tables[-1].elements.append((number, block))
                    continue
                tables.append(_Table([(number, block)]))
                between.append([])
                breaks.append(0)
                cut_off = False
        if not tables:
            return tables
        feet = _labels(self._texts(between[-1])) - _labels(self._texts(between[0]))
        tables[0].above = between[0]
        for index, paragraphs in enumerate(between[1:-1]):
            signed = [rank for rank, text in enumerate(self._texts(paragraphs), 1) if _labels([text]) & feet]
            cut = max([breaks[index + 1], *signed])
            tables[index].below, tables[index + 1].above = paragraphs[:cut], paragraphs[cut:]
        tables[-1].below = between[-1]
        return tables

    def _texts(self, paragraphs: Iterable[list[Piece]]) -> list[str]:
        return [self._seen(paragraph) for paragraph in paragraphs]

    @staticmethod
    def _seen(pieces: Iterable[Piece]) -> str:
        return "".join(piece.text for piece in pieces if not piece.hidden)

    def _note_hidden(self, pieces: Iterable[Piece]) -> None:
        if hidden := "".join(piece.text for piece in pieces if piece.hidden).strip():
            self._hidden.append(hidden)

    # ------------------------------------------------------------------------------------ one table

    def _grid(self, table: _Table) -> Grid:
        grid = Grid(f"表 {table.elements[0][0]}")
        struck = StruckCells(grid)
        hidden: list[int] = []
        starts: list[tuple[int, int]] = []
        row = self._paragraphs(grid, 0, table.above, struck)
        for number, element in table.elements:
            starts.append((row, number))
            open_merges: dict[int, tuple[int, int]] = {}  # column -> the cell that a vertical merge there began with
            for line in _rows(element):
                row += 1
                before = self._count
                self._row(grid, row, line, open_merges, struck)
                if is_on(child(line, "trPr", "hidden")) and self._count > before:
                    hidden.append(row)
        grid.table = WordTable(tuple(starts), row)
        self._paragraphs(grid, row, table.below, struck)
        grid.hidden_rows = tuple(hidden)
        struck.finish()
        return grid

    def _paragraphs(self, grid: Grid, row: int, paragraphs: Iterable[list[Piece]], struck: StruckCells) -> int:
        """Puts paragraphs into the rows behind `row`; returns the last row used."""
        last = row
        for paragraph in paragraphs:
            last += 1
            self._put(grid, (last, 1), paragraph, struck)
        return last

    def _row(
        self,
        grid: Grid,
        row: int,
        line: Element,
        open_merges: dict[int, tuple[int, int]],
        struck: StruckCells,
    ) -> None:
        column = 1 + _whole(child(line, "trPr", "gridBefore"), 0)
        across: tuple[int, int] | None = None  # the cell that an old horizontal merge began with
        for cell, ticked in _cells(line):
            properties = child(cell, "tcPr")
            width = _whole(child(properties, "gridSpan"), 1)
            if column + width - 1 > LAST_COLUMN:
                raise UnreadableWorkbook("有单元格在工作表的范围以外")
            address, last = (row, column), (row, column + width - 1)
            across, is_covered = _begun(child(properties, "hMerge"), across, address)
            down, is_below = _begun(child(properties, "vMerge"), open_merges.get(column), address)
            open_merges.pop(column, None)
            if down is not None:
                open_merges[column] = down
            start = across if is_covered and across else down if is_below and down else address
            if start != address or width > 1:
                end = grid.merges.get(start, start)
                grid.merges[start] = max(end[0], last[0]), max(end[1], last[1])
            if start == address:
                self._put(grid, address, self._cell(cell, ticked), struck)
            column += width

    def _cell(self, cell: Element, ticked: bool | None) -> list[Piece]:
        """The pieces of a cell: its paragraphs on lines of their own. ticked: of a check box that is the whole cell."""
        if ticked is not None:
            return [Piece(TICKED if ticked else UNTICKED)]
        pieces: list[Piece] = []
        joined = True  # nothing before, or a paragraph whose mark was deleted
        for line, is_joined in _lines(cell, self._looks):
            pieces += line if joined else [Piece("\n"), *line]
            joined = is_joined
        return [*pieces, Piece(NESTED)] if _nested(cell) else pieces

    def _put(self, grid: Grid, address: tuple[int, int], pieces: list[Piece], struck: StruckCells) -> None:
        self._note_hidden(pieces)
        runs = _joined([(piece.text, piece.drawn) for piece in pieces if not piece.hidden])
        text = joined_runs(runs)
        if not text.strip():
            return
        if len(text) > MAXIMUM_TEXT:
            raise WorkbookTooLarge(f"一个单元格里有 {len(text)} 个字，上限 {MAXIMUM_TEXT} 个")
        self._count += 1
        if self._count > MAXIMUM_CELLS:
            raise WorkbookTooLarge(f"有内容的单元格超过 {MAXIMUM_CELLS} 个")
        grid.cells[address] = text.strip("\n")
        struck.note(address, tuple(runs), "")


def _joined(runs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The runs with neighbours that are drawn alike as one: Word splits a text into runs for reasons nobody sees."""
    joined: list[tuple[str, str]] = []
    for text, drawn in runs:
        if joined and joined[-1][1] == drawn:
            joined[-1] = joined[-1][0] + text, drawn
        else:
            joined.append((text, drawn))
    return joined


def _begun(
    mark: Element | None, begun: tuple[int, int] | None, address: tuple[int, int]
) -> tuple[tuple[int, int] | None, bool]:
    """(the cell with which the merge of a cell begins, None for a cell in none; whether it goes on from there). mark:
    its vMerge or hMerge; begun: the merge that was open so far."""
    if mark is None:
        return None, False
    if given(mark, "val", "continue") == "restart" or begun is None:
        return address, False
    return begun, True


def _whole(element: Element | None, otherwise: int) -> int:
    """A number of columns; raises UnreadableWorkbook for one that no table can have."""
    number = int(given(element, "val") or otherwise)
    if not 0 <= number <= LAST_COLUMN:
        raise UnreadableWorkbook("有单元格在工作表的范围以外")
    return number or otherwise


def _rows(table: Element) -> Iterator[Element]:
    """The rows of a table, without those that are deleted; its content controls may hold some."""
    for entry in table:
        if name_of(entry) == "tr":
            if not is_deleted(child(entry, "trPr")):
                yield entry
        elif name_of(entry) in ("sdt", "sdtContent", "ins", "moveTo", "customXml"):
            yield from _rows(entry)


def _cells(row: Element, ticked: bool | None = None) -> Iterator[tuple[Element, bool | None]]:
    """The cells of a row, each with the state of the check box that it is in, None for most."""
    for entry in row:
        name = name_of(entry)
        if name == "tc":
            if not is_deleted(child(entry, "tcPr")):
                yield entry, ticked
        elif name == "sdt":
            yield from _cells(() if (content := child(entry, "sdtContent")) is None else content, tick_of(entry))
        elif name == "customXml":
            yield from _cells(entry, ticked)


def _lines(cell: Element, looks: Looks) -> Iterator[tuple[list[Piece], bool]]:
    """The paragraphs of a cell, without those of tables in it, and whether the next one is joined to it because the
    mark between them was deleted."""
    for entry in cell:
        name = name_of(entry)
        if name == "p":
            yield pieces_of(entry, looks), is_deleted(child(entry, "pPr", "rPr"))
        elif name == "sdt":
            content = child(entry, "sdtContent")
            if (ticked := tick_of(entry)) is not None:
                yield [Piece(TICKED if ticked else UNTICKED)], False
            elif content is not None and not shows_prompt(entry):
                yield from _lines(content, looks)
        elif name in ("ins", "moveTo", "customXml"):
            yield from _lines(entry, looks)


def _column_count(table: Element) -> int:
    """How many columns the widest row of a table has."""
    counts = [0]
    for line in _rows(table):
        cells = (_whole(child(cell, "tcPr", "gridSpan"), 1) for cell, _ in _cells(line))
        indents = (_whole(child(line, "trPr", name), 0) for name in ("gridBefore", "gridAfter"))
        counts.append(sum(cells) + sum(indents))
    return max(counts)


def _nested(cell: Element) -> bool:
    return any(True for _ in every(cell, "tbl"))


def _nested_in(table: Element) -> bool:
    """True for a table with another one in it."""
    return any(inner is not table for inner in every(table, "tbl"))


def _table_around(cell: Element) -> Element | None:
    """The table that a cell belongs to."""
    return next((entry for entry in cell.iterancestors() if name_of(entry) == "tbl"), None)


def _begins_page(paragraph: Element) -> bool:
    return is_on(child(paragraph, "pPr", "pageBreakBefore"))


def _ends_page(paragraph: Element) -> bool:
    """True for a paragraph with a page break, or with the end of a section."""
    breaks = (entry for entry in paragraph.iter() if name_of(entry) == "br")
    return child(paragraph, "pPr", "sectPr") is not None or any(given(entry, "type") == "page" for entry in breaks)


def _labels(texts: Iterable[str]) -> set[str]:
    """The labels that the texts begin with (企业名称：…), without white space."""
    return {without_space(match[1]) for text in texts if (match := _LABEL.match(text))}
