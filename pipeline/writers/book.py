"""A workbook that goes out: looks by role, safe text, page set-up, stamps. Nothing here knows what a table means."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pipeline.display import UNPRINTABLE as UNPRINTABLE
from pipeline.display import is_blank, printable
from pipeline.stamps import DEMO_LABEL, DEMO_PROPERTY, DEMO_PROPERTY_VALUE
from pipeline.writers.live import LINK_LOOK, MAX_LINKS, Link, Live, LiveSheet
from pipeline.writers.looks import BODY_FONT as BODY_FONT
from pipeline.writers.looks import HEADER_FONT as HEADER_FONT
from pipeline.writers.looks import ROLES
from pipeline.writers.looks import TITLE_FONT as TITLE_FONT

MAX_TEXT = 32_767  # Excel's limit for one cell
MAX_HEIGHT = 260  # points; a row of the page's height would leave the page before it empty. Excel's limit is 409
LINE_HEIGHT = 15.5  # points, one line of the body's font, or of the taller ones that stand in for it
ROW_HEIGHT = 18  # a row of one line
MAX_ROWS = 1_000_000  # below Excel's 1,048,576, with room for title and stamp

RISKY_START = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\n")  # typed anew, it would be a formula
# A text that looks like one of OOXML's own escapes twice over; xlsxwriter shields the first alone.
_ESCAPES_THAT_OVERLAP = re.compile("(_x[0-9A-Fa-f]{4}_)(?=x[0-9A-Fa-f]{4}_)")


class Column(NamedTuple):
    """One column of a listing: the field it shows, its Chinese header, its width in characters, its role."""

    id: str
    label: str
    width: float
    role: str = "body"


class Styled(NamedTuple):
    """A value of a listing that looks different from the rest of its column ("" keeps the column's role)."""

    value: Any
    role: str = ""
    extra: Mapping[str, Any] = {}


@lru_cache(maxsize=20_000)
def safe_text(text: str) -> str:
    """`text` as a cell can hold it: no forbidden characters, at most 32,767 characters, saying what was cut."""
    text = _ESCAPES_THAT_OVERLAP.sub(r"\1 ", printable(text))
    if text.startswith("<r>") and text.endswith("</r>"):
        text += " "  # xlsxwriter would take it for markup of its own
    units = text.encode("utf-16-le")  # Excel counts a character beyond U+FFFF as two
    if len(units) <= 2 * MAX_TEXT:
        return text
    ending = f"……（原文共 {len(text)} 字，此处截去其后部分）"
    return units[: 2 * (MAX_TEXT - len(ending))].decode("utf-16-le", "ignore") + ending


def text_width(text: str) -> int:
    """How many narrow characters wide the widest line of `text` is; a Chinese character is two."""
    lines = text.split("\n")
    return max(sum(2 if unicodedata.east_asian_width(mark) in "WFA" else 1 for mark in line) for line in lines)


def lines_in(text: str, width: float) -> int:
    """How many lines `text` takes when wrapped in a column of `width` narrow characters; at least 1."""
    room = max(1, int(width) - 1)  # the cell's own margins
    return sum(max(1, -(-text_width(line) // room)) for line in text.split("\n"))


def _lines_of_cell(text: str, width: float) -> int:
    """`lines_in`, spared for most texts; a column that does not wrap is infinitely wide."""
    if width == math.inf or (2 * len(text) <= width and "\n" not in text):
        return 1
    return lines_in(text, width)


class Book:
    """An open workbook. Rows and columns count from 0. `label` (试算, 正式) stands in every footer."""

    def __init__(self, workbook: xlsxwriter.Workbook, label: str = "", demo: bool = False) -> None:
        self.workbook = workbook
        self.label = "　".join(part for part in (label, DEMO_LABEL if demo else "") if part)
        self._formats: dict[Any, Any] = {}

    def look(self, role: str, **extra: Any) -> Any:
        """The xlsxwriter format of a role, with `extra` properties (num_format=…, quote_prefix=True …) on top."""
        key = (role, *sorted(extra.items())) if extra else role
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format({**ROLES[role], **extra})
        return self._formats[key]

    def sheet(self, name: str, *, landscape: bool = False, header_rows: tuple[int, int] | None = None) -> Worksheet:
        """A new sheet on A4, one page wide; `header_rows` (first, last) repeat on every printed page."""
        sheet = self.workbook.add_worksheet(name, LiveSheet)
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.set_default_row(ROW_HEIGHT)
        if header_rows:
            sheet.repeat_rows(*header_rows)
        label = self.label.replace("&", "&&")
        sheet.set_footer(f"&L{label}&C第 &P 页，共 &N 页" if label else "&C第 &P 页，共 &N 页")
        return sheet

    def put(self, sheet: Worksheet, row: int, column: int, value: Any, role: str, **extra: Any) -> None:
        """One value: text as text, a number as a number, nothing (None, NaN) as a blank of the role's look."""
        if isinstance(value, str) and value:
            text = safe_text(value)
            if text.startswith(RISKY_START):
                extra = {**extra, "quote_prefix": True}
            sheet.write_string(row, column, text, self.look(role, **extra))
        elif isinstance(value, str) or is_blank(value):
            sheet.write_blank(row, column, None, self.look(role, **extra))
        else:
            sheet.write_number(row, column, float(value), self.look(role, **extra))

    def formula(self, sheet: Worksheet, row: int, column: int, formula: str, value: Any, role: str) -> None:
        """A live formula of ours with its stored result, so that every program shows it without calculating."""
        sheet.write_formula(row, column, formula, self.look(role), "" if is_blank(value) else value)

    def live(self, sheet: Worksheet, row: int, column: int, cell: Live, role: str) -> None:
        """A formula with its stored result, in its own role or that of its column, and where a click on it leads."""
        extra = {**cell.extra, **LINK_LOOK} if cell.target else cell.extra
        look = self.look(cell.role or role, **extra)
        if cell.target and sheet.hlink_count < MAX_LINKS:
            sheet.write_url(row, column, f"internal:{cell.target}", look, "")
        sheet.write_formula(row, column, cell.formula, look, "" if is_blank(cell.value) else cell.value)

    def link(self, sheet: Worksheet, row: int, column: int, cell: Link, role: str, extra: Mapping[str, Any]) -> None:
        """A text that leads elsewhere in the workbook; plain text beyond the number of links a sheet can hold."""
        if not cell.text or not cell.target or sheet.hlink_count >= MAX_LINKS:
            self.put(sheet, row, column, cell.text, role, **extra)
            return
        extra = {**extra, **LINK_LOOK}
        sheet.write_url(row, column, f"internal:{cell.target}", self.look(role, **extra), "")
        self.put(sheet, row, column, cell.text, role, **extra)

    def merge(
        self, sheet: Worksheet, area: tuple[int, int, int, int], value: str, role: str, height: float | None = None
    ) -> None:
        """Text over `area` (first row, first column, last row, last column); `height` in points for its first row."""
        text = safe_text(value)
        look = self.look(role, quote_prefix=True) if text.startswith(RISKY_START) else self.look(role)
        if area[0] == area[2] and area[1] == area[3]:
            sheet.write_string(area[0], area[1], text, look)
        else:
            sheet.merge_range(*area, "", look)
            sheet.write_string(area[0], area[1], text, look)
        if height:
            sheet.set_row(area[0], height)

    def widths(self, sheet: Worksheet, widths: Sequence[float]) -> None:
        """Column widths in narrow characters, from the first column on."""
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)

    def header(self, sheet: Worksheet, row: int, columns: Sequence[Column], height: float = 24) -> None:
        """The header row of a listing, at least `height` points high, with its column widths."""
        self.widths(sheet, [column.width for column in columns])
        lines = max(lines_in(column.label, column.width) for column in columns)
        sheet.set_row(row, max(height, LINE_HEIGHT * lines + 6))
        for number, column in enumerate(columns):
            self.put(sheet, row, number, column.label, "header")

    def rows(self, sheet: Worksheet, top: int, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> int:
        """Values under a header, one sequence per row in the columns' order; returns the row after the last.

        A row whose texts do not fit on one line gets the height they need: not every program works it out itself.
        """
        row = top - 1
        widths = [column.width if ROLES[column.role].get("text_wrap") else math.inf for column in columns]
        kinds = [(column.role, self.look(column.role), width) for column, width in zip(columns, widths, strict=True)]
        for row, values in enumerate(rows, start=top):
            height = 0.0
            for number, (value, (role, look, width)) in enumerate(zip(values, kinds, strict=True)):
                if type(value) is float and math.isfinite(value):  # most cells by far: no detour
                    sheet.write_number(row, number, value, look)
                    continue
                if type(value) is Live:
                    if value.role or value.extra or value.target:
                        self.live(sheet, row, number, value, role)
                    else:
                        result = value.value
                        blank = type(result) is not str and is_blank(result)
                        sheet.write_formula(row, number, value.formula, look, "" if blank else result)
                    continue
                extra: Mapping[str, Any] = {}
                if isinstance(value, Styled):
                    value, role, extra = value.value, value.role or role, value.extra
                text = value.text if isinstance(value, Link) else value
                if isinstance(text, str) and (lines := _lines_of_cell(text, width)) > 1:
                    needed = LINE_HEIGHT * lines + 4
                    height = max(height, needed)
                    if needed > MAX_HEIGHT:
                        extra = {**extra, "valign": "top"}  # what does not fit is the end, not the beginning too
                if isinstance(value, Link):
                    self.link(sheet, row, number, value, role, extra)
                else:
                    self.put(sheet, row, number, value, role, **extra)
            if height:
                sheet.set_row(row, min(MAX_HEIGHT, height))
        return row + 1


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

    date: the day the workbook carries, "2024-01-01". properties: custom document properties (the stamp).
    label and reasons: 试算 or 正式 and why, into the properties.
    large: rows are streamed, so cells must be written row by row.
    """
    options = {
        "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": False,
        "constant_memory": large, "in_memory": not large, "tmpdir": str(path.parent), "max_url_length": 255,
    }  # fmt: skip
    workbook = xlsxwriter.Workbook(str(path), options)
    document = {"title": safe_text(title), "author": "“云上企业”汇总程序", "created": datetime.fromisoformat(date)}
    workbook.set_properties({**document, "status": label, "comments": safe_text("；".join(reasons))[:2000]})
    marks = {**properties, **({"版次": label} if label else {}), **({DEMO_PROPERTY: DEMO_PROPERTY_VALUE} if demo else {})}
    for name, value in sorted(marks.items()):
        workbook.set_custom_property(name, value, "text")
    workbook.set_calc_mode("auto")
    yield Book(workbook, label, demo)
    workbook.close()
