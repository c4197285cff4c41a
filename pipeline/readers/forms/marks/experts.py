"""Whose marks a sheet holds: the expert's name from a labelled cell, else from the sheet's or the file's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.model.names import expert_name
from pipeline.model.texts import label_of, without_space
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.bands import Band
from pipeline.readers.sheet.grid import Address, Grid, Value
from pipeline.readers.values.lexicon import Lexicon

_YEAR = r"(?:19|20)\d{2}"

# Dates, numbers of a copy or a version: (1), V2, 第2版, 20240501. They are no part of a person's name.
_COUNTS = re.compile(
    rf"{_YEAR}年?[.\-_/]?(?:\d{{1,2}}月?[.\-_/]?(?:\d{{1,2}}[日号]?)?)?(?!\d)|\d{{1,2}}月(?:\d{{1,2}}[日号]?)?"
    r"|[(\[【]\d+[)\]】]|(?<![a-z])(?:v|ver)\.?\d+(?:\.\d+)*|第?\d+[版稿次批轮]|\d{3,}",
    re.IGNORECASE,
)
_DEFAULT_NAMES = r"Sheet\d*|工作表\d*|^表 \d+$"
_SEPARATORS = re.compile(r"[年月日号_\-–—+()\[\]【】《》“”\"'\s.、,;:/\\|]+")


class TitledExpert(NamedTuple):
    """An expert as named by a sheet or a file.

    name: "" where they name nobody. numbered: the name with the numbers that were taken off (省厅01), the file's path
    where they name nobody; "" when there was no number.
    """

    name: str
    numbered: str


def labelled_expert(sheet: Sheet, rows: Iterable[int], room: Band) -> str:
    """The name in a cell labelled 专家, 专家姓名 … in these rows and columns; "" without one. A row that also holds
    企业名称 is a header and is left out."""
    labels, grid = sheet.lexicon.labels, sheet.grid
    cells: dict[Address, Value] = {}
    for row in rows:
        texts = [(column, value) for column, value in grid.rows[row] if room.first <= column <= room.last]
        if not any(isinstance(value, str) and labels.kinds.get(label_of(value)) == "company" for _, value in texts):
            cells.update({(row, column): value for column, value in texts})
    part = Grid(grid.name, cells=cells, merges=grid.merges)
    return expert_name(labels.find(part, ("expert",)).get("expert", ("",))[0])


def titled_expert(sheet: Sheet) -> TitledExpert:
    """The expert named by the sheet's, else the file's name, without the words of a title, dates and numbers."""
    name, path = sheet.grid.name, sheet.path
    by_sheet = _left_over(name, sheet.lexicon)
    if by_sheet.name:
        return by_sheet
    by_file = _left_over(path.rpartition("/")[2].rpartition(".")[0], sheet.lexicon)
    sheet_number = f"（{name}）" if by_sheet.numbered else ""
    if not by_file.name:
        return TitledExpert("", f"{path}{sheet_number}" if sheet_number else "")
    numbered = f"{by_file.numbered or by_file.name}{sheet_number}" if by_file.numbered or sheet_number else ""
    return TitledExpert(by_file.name, numbered)


def _left_over(text: str, lexicon: Lexicon) -> TitledExpert:
    """The expert named by a title once the title's own words are taken off; nobody when a region is left."""
    words = lexicon.rulebook.vocabulary
    title = unicodedata.normalize("NFKC", lexicon.rulebook.titles.marks)
    left = _COUNTS.sub("", unicodedata.normalize("NFKC", text).replace(title, ""))
    spelled = sorted({*words.expert_title_words, *words.form_words}, key=lambda word: (-len(word), word))
    left = re.sub("|".join([_DEFAULT_NAMES, *map(re.escape, spelled)]), "", left, flags=re.IGNORECASE)
    numbered = without_space(_SEPARATORS.sub("", left))
    name = re.sub(r"\d+", "", numbered)
    if name and lexicon.regions.resolve(name):
        name = numbered = ""
    return TitledExpert(name, numbered if numbered != name else "")
