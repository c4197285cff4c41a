"""A workbook that is being written: looks by role, safe text, page set-up, document properties."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from pipeline.model.display import is_missing, printable
from pipeline.model.stamps import DEMO_LABEL, DEMO_PROPERTY, DEMO_PROPERTY_VALUE
from pipeline.writers.book.closing import close_workbook
from pipeline.writers.book.fitting import lines_in, lines_of_cell
from pipeline.writers.book.live import LINK_LOOK, MAX_LINKS, NO_LOOK, Link, Live, Look, Value
from pipeline.writers.book.looks import ROLES
from pipeline.writers.book.paper import A4, MARGIN, paper_for
from pipeline.writers.book.sheets import BlankCell, FormulaCell, LiveSheet, NumberCell, PlainCell, add_live_sheet

MAX_TEXT = 32_767  # Excel's limit for one cell
MAX_HEIGHT = 260  # points; a row as high as the page would leave the page before it empty. Excel's limit is 409
LINE_HEIGHT = 15.5  # points, one line of the body's font or of a taller substitute
ROW_HEIGHT = 18  # points, a row of one line
_FROM_TOP: Look = {"valign": "top"}  # a text taller than its row shows its beginning
MAX_ROWS = 1_000_000  # below Excel's 1,048,576, with room for title and stamp

RISKY_START = (
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
    "\t",
    "\n",
)  # a text that Excel turns into a formula when edited
# Two overlapping escapes of OOXML (_x0041_x0042_); xlsxwriter escapes only the first.
_ESCAPES_THAT_OVERLAP = re.compile("(_x[0-9A-Fa-f]{4}_)(?=x[0-9A-Fa-f]{4}_)")


class Column(NamedTuple):
    """One column of a listing: the field it shows, its Chinese header, its width in characters, its role."""

    id: str
    label: str
    width: float
    role: str = "body"


class Styled(NamedTuple):
    """A value of a listing with a look other than its column's; role "" keeps the column's role."""

    value: Value
    role: str = ""
    extra: Look = NO_LOOK


Cell = Value | Styled | Live | Link  # what a row of a listing holds


@lru_cache(maxsize=20_000)
def safe_text(text: str) -> str:
    """`text` without forbidden characters, cut to 32,767 characters with a note on what was cut."""
    text = _ESCAPES_THAT_OVERLAP.sub(r"\1 ", printable(text))
    if text.startswith("<r>") and text.endswith("</r>"):
        text += " "  # without the space xlsxwriter would write it as markup
    units = text.encode("utf-16-le")  # Excel counts a character beyond U+FFFF as two
    if len(units) <= 2 * MAX_TEXT:
        return text
    ending = f"……（原文共 {len(text)} 字，此处截去其后部分）"
    return units[: 2 * (MAX_TEXT - len(ending))].decode("utf-16-le", "ignore") + ending


class Book:
    """An open workbook. Rows and columns count from 0. `label` (试算, 正式) is printed in every footer."""

    def __init__(self, workbook: Workbook, label: str = "", demo: bool = False) -> None:
        self.workbook = workbook
        self.label = "　".join(part for part in (label, DEMO_LABEL if demo else "") if part)
        self._formats: dict[object, Format] = {}
        self._across: set[str] = set()  # the sheets that are never printed upright
        self._fitted = lru_cache(maxsize=20_000)(self._fit)

    def look(self, role: str, **extra: str | float) -> Format:
        """The xlsxwriter format of a role; `extra` properties (num_format=…, quote_prefix=True …) override its own."""
        key = (role, *sorted(extra.items())) if extra else role
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format({**ROLES[role], **extra})
        return self._formats[key]

    def sheet(self, name: str, *, landscape: bool = False, header_rows: tuple[int, int] | None = None) -> LiveSheet:
        """A new sheet on A4, one page wide until `widths` chooses its paper; `header_rows` (first, last) repeat on every
        printed page."""
        sheet = add_live_sheet(self.workbook, name)
        sheet.set_paper(A4)
        if landscape:
            sheet.set_landscape()
            self._across.add(name)
        sheet.set_margins(left=MARGIN, right=MARGIN, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_default_row(ROW_HEIGHT)
        if header_rows:
            sheet.repeat_rows(*header_rows)
        label = self.label.replace("&", "&&")
        pages = "&C第 &P 页，共 &N 页"
        sheet.set_footer(f"&L{label}{pages}" if label else pages, {"scale_with_doc": False})
        return sheet

    def put(self, sheet: LiveSheet, row: int, column: int, value: Value, role: str, **extra: str | float) -> None:
        """Writes one value: a text as text, a number as a number, None and NaN as a blank cell with the role's look."""
        if isinstance(value, str) and value:
            text = safe_text(value)
            if text.startswith(RISKY_START):
                extra = {**extra, "quote_prefix": True}
            sheet.write_string(row, column, text, self.look(role, **extra))
        elif value is None or isinstance(value, str) or is_missing(value):
            sheet.write_blank(row, column, None, self.look(role, **extra))
        else:
            sheet.write_number(row, column, float(value), self.look(role, **extra))

    def formula(self, sheet: LiveSheet, row: int, column: int, formula: str, value: Value, role: str) -> None:
        """Writes a formula with its stored result, so that programs that do not calculate show it too."""
        sheet.write_formula(row, column, formula, self.look(role), _result(value))

    def live(self, sheet: LiveSheet, row: int, column: int, cell: Live, role: str) -> None:
        """Writes a formula with its stored result and its link. `role` applies when the cell has none of its own."""
        extra = {**cell.extra, **LINK_LOOK} if cell.target else cell.extra
        look = self.look(cell.role or role, **extra)
        if cell.target and sheet.link_count < MAX_LINKS:
            sheet.write_url(row, column, f"internal:{cell.target}", look, "")
        sheet.write_formula(row, column, cell.formula, look, _result(cell.value))

    def link(self, sheet: LiveSheet, row: int, column: int, cell: Link, role: str, extra: Look) -> None:
        """Writes a text with a link into the workbook; the text alone once the sheet holds MAX_LINKS links."""
        if not cell.text or not cell.target or sheet.link_count >= MAX_LINKS:
            self.put(sheet, row, column, cell.text, role, **extra)
            return
        extra = {**extra, **LINK_LOOK}
        sheet.write_url(row, column, f"internal:{cell.target}", self.look(role, **extra), "")
        self.put(sheet, row, column, cell.text, role, **extra)

    def merge(
        self, sheet: LiveSheet, area: tuple[int, int, int, int], value: str, role: str, height: float | None = None
    ) -> None:
        """Writes `value` over `area` (first row, first column, last row, last column); `height`: points of its first row."""
        text = safe_text(value)
        look = self.look(role, quote_prefix=True) if text.startswith(RISKY_START) else self.look(role)
        if area[0] == area[2] and area[1] == area[3]:
            sheet.write_string(area[0], area[1], text, look)
        else:
            sheet.merge_blank(area, look)
            sheet.write_string(area[0], area[1], text, look)
        if height:
            sheet.set_row(area[0], height)

    def widths(self, sheet: LiveSheet, widths: Sequence[float], repeated: int = 0, beyond: float = 0) -> None:
        """Sets column widths in narrow characters, from the first column on, and the paper that they need; the first
        `repeated` columns are printed on every page. beyond: what a text takes that runs over the last column."""
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        paper = paper_for(
            [*widths, beyond] if beyond else widths, landscape=sheet.name in self._across, repeated=repeated
        )
        sheet.set_paper(paper.size)
        if paper.landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(paper.pages, 0)
        if repeated:
            sheet.repeat_columns(0, repeated - 1)

    def header(
        self, sheet: LiveSheet, row: int, columns: Sequence[Column], height: float = 24, repeated: int = 0
    ) -> None:
        """Writes the header row of a listing, at least `height` points high, and sets the column widths and the paper."""
        self.widths(sheet, [column.width for column in columns], repeated)
        lines = max(lines_in(column.label, column.width) for column in columns)
        sheet.set_row(row, max(height, LINE_HEIGHT * lines + 6))
        for number, column in enumerate(columns):
            self.put(sheet, row, number, column.label, "header")

    def rows(self, sheet: LiveSheet, top: int, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
        """Writes rows from row `top` on, the cells in the columns' order; returns the row after the last.

        A row with a text of several lines gets the height that the text needs: not every program adjusts heights.
        """
        row = top - 1
        widths = [column.width if ROLES[column.role].get("text_wrap") else math.inf for column in columns]
        looks = [self.look(column.role) for column in columns]
        kinds = [
            (column.role, look, BlankCell(look), width)
            for column, look, width in zip(columns, looks, widths, strict=True)
        ]
        for row, values in enumerate(rows, start=top):
            height = 0.0
            cells: dict[int, PlainCell] = {}
            for number, (value, (role, look, blank, width)) in enumerate(zip(values, kinds, strict=True)):
                if type(value) is float:
                    cells[number] = NumberCell(value, look) if math.isfinite(value) else blank
                elif type(value) is str:
                    text, text_look, needed = self._fitted(value, role, width)
                    cells[number] = sheet.text_cell(text, text_look) if value else blank
                    height = max(height, needed)
                elif value is None:
                    cells[number] = blank
                elif type(value) is int:
                    cells[number] = NumberCell(float(value), look)
                elif type(value) is Live and not (value.role or value.extra or value.target):
                    cells[number] = FormulaCell(value.formula.removeprefix("="), look, _result(value.value))
                else:
                    height = max(height, self._put_special(sheet, row, number, value, role, width))
            sheet.store_row(row, cells)
            if height:
                sheet.set_row(row, min(MAX_HEIGHT, height))
        return row + 1

    def _fit(self, text: str, role: str, width: float) -> tuple[str, Format, float]:
        """The safe text of a cell, its format, and the height in points that it needs (0 on one line)."""
        needed = _height_of(text, width)
        extra = dict(_FROM_TOP) if needed > MAX_HEIGHT else {}
        text = safe_text(text)
        if text.startswith(RISKY_START):
            extra["quote_prefix"] = True
        return text, self.look(role, **extra), needed

    def _put_special(self, sheet: LiveSheet, row: int, column: int, cell: Cell, role: str, width: float) -> float:
        """Writes a cell of a listing that has a link or a look of its own; returns the height in points it needs."""
        if isinstance(cell, Live):
            self.live(sheet, row, column, cell, role)
            return 0.0
        extra = NO_LOOK
        if isinstance(cell, Styled):
            role, extra, cell = cell.role or role, cell.extra, cell.value
        text = cell.text if isinstance(cell, Link) else cell
        needed = _height_of(text, width) if isinstance(text, str) else 0.0
        if needed > MAX_HEIGHT:
            extra = {**extra, **_FROM_TOP}
        if isinstance(cell, Link):
            self.link(sheet, row, column, cell, role, extra)
        else:
            self.put(sheet, row, column, cell, role, **extra)
        return needed


def _height_of(text: str, width: float) -> float:
    """The height in points that `text` needs in a column, 0 on one line."""
    lines = lines_of_cell(text, width)
    return LINE_HEIGHT * lines + 4 if lines > 1 else 0.0


def _result(value: Value) -> str | float:
    """The stored result of a formula: "" for None and NaN."""
    return "" if value is None or (not isinstance(value, str) and is_missing(value)) else value


@contextmanager
def open_book(
    path: Path,
    date: str,
    title: str,
    properties: Mapping[str, str],
    *,
    label: str = "",
    reasons: Sequence[str] = (),
    demo: bool = False,
    large: bool = False,
) -> Iterator[Book]:
    """A new workbook at `path`, saved when the block ends. The same content gives the same bytes.

    date: the date of creation, "2024-01-01". properties: custom document properties (the stamp). label, reasons: 试算 or
    正式 and why, written to the document properties. large: rows are streamed to the file, so that cells have to be
    written row by row.
    """
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
        "constant_memory": large,
        "in_memory": not large,
        "tmpdir": str(path.parent),
        "max_url_length": 255,
    }
    workbook = Workbook(str(path), options)
    document = {"title": safe_text(title), "author": "“云上企业”汇总程序", "created": datetime.fromisoformat(date)}
    workbook.set_properties({**document, "status": label, "comments": safe_text("；".join(reasons))[:2000]})
    custom = {
        **properties,
        **({"版次": label} if label else {}),
        **({DEMO_PROPERTY: DEMO_PROPERTY_VALUE} if demo else {}),
    }
    for name, value in sorted(custom.items()):
        workbook.set_custom_property(name, value, "text")
    workbook.set_calc_mode("auto")
    yield Book(workbook, label, demo)
    close_workbook(workbook)
