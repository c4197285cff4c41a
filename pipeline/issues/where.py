"""Where a value stands: file, sheet and cell."""

from __future__ import annotations

import re
from typing import NamedTuple


class Where(NamedTuple):
    """A cell of the input: the file's path inside the input (with /), the sheet's name, the cell ("E7"); "" where not
    known."""

    file: str = ""
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        """ "file|sheet|cell", as tables hold it; "" when nothing is known."""
        return "|".join(self) if any(self) else ""


_WORKBOOK_NAME = re.compile(r"(.*?\.(?:xls[xmb]?|xltx|et|ods|doc[xm]?|dotx|wps))\|", re.IGNORECASE | re.DOTALL)


def where_from(text: str) -> Where:
    """The Where of a "file|sheet|cell" text. A | within a sheet's name is read as part of it, and so is one within the
    name of a file that ends like a workbook or a Word text."""
    if not text:
        return Where()
    workbook = _WORKBOOK_NAME.match(text)
    file, rest = (workbook[1], text[workbook.end() :]) if workbook else text.partition("|")[::2]
    sheet, _, cell = rest.rpartition("|")
    return Where(file, sheet, cell)
