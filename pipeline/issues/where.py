"""The place of a value: file, sheet and cell."""

from __future__ import annotations

import re
from typing import NamedTuple


class Where(NamedTuple):
    """A place in the input: path inside the input (with /), sheet name, cell address; "" where not known."""

    file: str = ""
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        return "|".join(self) if any(self) else ""


_WORKBOOK_PLACE = re.compile(r"(.*?\.(?:xls[xmb]?|xltx|et|ods))\|", re.IGNORECASE | re.DOTALL)


def where_from(text: str) -> Where:
    """The Where of a "file|sheet|cell" text; a sheet's name may hold |, and so may that of a file with a workbook's
    ending."""
    if not text:
        return Where()
    named = _WORKBOOK_PLACE.match(text)
    file, rest = (named[1], text[named.end() :]) if named else text.partition("|")[::2]
    sheet, _, cell = rest.rpartition("|")
    return Where(file, sheet, cell)
