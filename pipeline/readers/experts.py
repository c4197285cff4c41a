"""Whose marks a sheet holds: the expert's name from a labelled cell, else from the sheet's or the file's name."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.display import printable
from pipeline.issues import Issue
from pipeline.readers.assessment import Readers
from pipeline.readers.bands import Band
from pipeline.readers.grid import Address, Grid, Value, label_of, without_space
from pipeline.readers.identity import company_key
from pipeline.records import Mark, SheetReading

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


def expert_name(text: str) -> str:
    """A name as names are compared: without white space and what is unprintable, full-width letters narrowed."""
    return without_space(printable(unicodedata.normalize("NFKC", text)))


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


def experts_told_apart(sheets: Sequence[SheetReading]) -> list[SheetReading]:
    """The sheets in their order, experts renamed where the names of several sheets differ in nothing but the numbers
    that were taken off (省厅01, 省厅02) and both mark the same item of a company: as one expert they would contradict or
    swallow each other. Each renamed sheet says so (T17)."""
    names = _numbered_names(sheets)
    result = []
    for sheet in sheets:
        if not sheet.numbered_expert or sheet.numbered_expert not in names:
            result.append(sheet)
            continue
        marks = [
            mark._replace(expert=sheet.numbered_expert) if mark.expert == sheet.titled_expert else mark
            for mark in sheet.marks
        ]
        issues = [issue for issue in sheet.issues if issue.code != "T17"]
        issues.append(Issue("T17", sheet.marks[0].name_where, found=sheet.numbered_expert))
        result.append(replace(sheet, marks=marks, issues=issues))
    return result


def _numbered_names(sheets: Iterable[SheetReading]) -> set[str]:
    """The numbered names that are to be used."""
    groups: dict[str, list[SheetReading]] = defaultdict(list)
    for sheet in sheets:
        if sheet.numbered_expert:
            groups[sheet.titled_expert].append(sheet)
    names: set[str] = set()
    for group in groups.values():
        marked: dict[tuple[str, str], str] = {}
        for sheet in group:
            for mark in sheet.marks:
                if mark.expert == sheet.titled_expert and mark.state != "blank":
                    first = marked.setdefault((company_key(mark.company), mark.indicator), sheet.numbered_expert)
                    if first != sheet.numbered_expert:
                        names |= {entry.numbered_expert for entry in group}
    return names


def experts_in_two_files(sheets: Iterable[SheetReading]) -> list[Issue]:
    """One E09 per pair of files that both hold marks of one expert for the same item of the same company. The expert
    goes unnamed: the message is read in places where experts' names do not stand."""
    first: dict[tuple[str, str, str], Mark] = {}
    twice: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for mark in sorted((mark for sheet in sheets for mark in sheet.marks), key=lambda mark: mark.where):
        if mark.state in ("given", "recused"):
            earlier = first.setdefault((mark.expert, company_key(mark.company), mark.indicator), mark)
            if earlier.where.file != mark.where.file:
                twice[earlier.where.file, mark.where.file].append(mark)
    return [
        Issue("E09", marks[0].where._replace(cell=""), facts={"other": other, "count": str(len(marks))})
        for (other, _), marks in sorted(twice.items())
    ]
