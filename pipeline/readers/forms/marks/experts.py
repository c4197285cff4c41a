"""Whose marks a sheet holds: the expert's name from a labelled cell, else from the sheet's or the file's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.model.names import expert_name
from pipeline.model.texts import label_of, without_space
from pipeline.readers.sheet.bands import Band
from pipeline.readers.sheet.grid import Address, Grid, Value
from pipeline.readers.values.lexicon import Readers

_YEAR = r"(?:19|20)\d{2}"

# Dates, numbers of a copy or a version: (1), V2, 第2版, 20240501. They say nothing of a person.
_COUNTS = re.compile(
    rf"{_YEAR}年?[.\-_/]?(?:\d{{1,2}}月?[.\-_/]?(?:\d{{1,2}}[日号]?)?)?(?!\d)|\d{{1,2}}月(?:\d{{1,2}}[日号]?)?"
    r"|[(\[【]\d+[)\]】]|(?<![a-z])(?:v|ver)\.?\d+(?:\.\d+)*|第?\d+[版稿次批轮]|\d{3,}",
    re.IGNORECASE,
)
_DEFAULT_NAMES = r"Sheet\d*|工作表\d*"
_SEPARATORS = re.compile(r"[年月日号_\-–—+()\[\]【】《》“”\"'\s.、,;:/\\|]+")


class TitledExpert(NamedTuple):
    """An expert as named by a sheet or a file. name: "" where they name nobody; numbered: the same with the numbers
    that were taken off (省厅01), the file's path where they name nobody; "" when there was no number."""

    name: str
    numbered: str


def labelled_expert(grid: Grid, rows: Iterable[int], room: Band, readers: Readers) -> str:
    """The name in a cell labelled 专家, 专家姓名 … in these rows and columns; "" without one. A row that holds 企业名称
    too is one of headers."""
    kinds = readers.labels.kinds
    cells: dict[Address, Value] = {}
    for row in rows:
        texts = [(column, value) for column, value in grid.rows[row] if room.first <= column <= room.last]
        if not any(isinstance(value, str) and kinds.get(label_of(value)) == "company" for _, value in texts):
            cells.update({(row, column): value for column, value in texts})
    part = Grid(grid.name, cells=cells, merges=grid.merges)
    return expert_name(readers.labels.find(part, ("expert",)).get("expert", ("",))[0])


def titled_expert(sheet: str, file: str, readers: Readers) -> TitledExpert:
    """Who the sheet's, else the file's name names, after the words of a title, dates and numbers are taken off."""
    of_sheet, of_file = _left_over(sheet, readers), _left_over(file.rpartition("/")[2].rpartition(".")[0], readers)
    if of_sheet.name:
        return of_sheet
    sheet_number = f"（{sheet}）" if of_sheet.numbered else ""
    if not of_file.name:
        return TitledExpert("", f"{file}{sheet_number}" if sheet_number else "")
    numbered = f"{of_file.numbered or of_file.name}{sheet_number}" if of_file.numbered or sheet_number else ""
    return TitledExpert(of_file.name, numbered)


def _left_over(text: str, readers: Readers) -> TitledExpert:
    """What a title names once its words are taken off; nobody when that is a region."""
    words = readers.rulebook.vocabulary
    title = unicodedata.normalize("NFKC", readers.rulebook.titles.marks)
    left = _COUNTS.sub("", unicodedata.normalize("NFKC", text).replace(title, ""))
    spelled = sorted({*words.expert_title_words, *words.form_words}, key=lambda word: (-len(word), word))
    left = re.sub("|".join([_DEFAULT_NAMES, *map(re.escape, spelled)]), "", left, flags=re.IGNORECASE)
    numbered = without_space(_SEPARATORS.sub("", left))
    name = re.sub(r"\d+", "", numbered)
    if name and readers.regions.resolve(name):
        name = numbered = ""
    return TitledExpert(name, numbered if numbered != name else "")
