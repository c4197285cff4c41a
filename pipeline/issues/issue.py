"""One issue: what is wrong or remarkable, at which cell, with the facts of its text.

An issue is a value; stages return issues and never raise or print them. `words.py` fills in the texts when they are
shown.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from pipeline.issues.catalogue import ERROR, Code
from pipeline.issues.where import Where

LIST_ID_PATTERN = r"[A-Z]\d{2}-[A-Z2-7]{6}(?:-\d+)?"
_LIST_ID = re.compile(LIST_ID_PATTERN)


class _NoFacts(Mapping[str, str]):
    """An empty mapping that nobody can fill and that can be pickled."""

    def __getitem__(self, name: str) -> str:
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return "{}"

    def __reduce__(self) -> str:
        """Between processes it travels by its name in this module."""
        return "NO_FACTS"


NO_FACTS = _NoFacts()


def is_marked(code: str, level: str) -> bool:
    """True for an issue whose cell is marked in the county's copy: any on layout or on a value, and an 错误 of one form
    against another."""
    return code[0] in "TV" or (code[0] == "X" and level == ERROR)


class Issue(NamedTuple):
    """One finding.

    indicator: an indicator's id, "" without one. part: "N", "M" or the label of a column.
    found: what was typed. facts: further words of the text, by their names in it.
    id: the number in the lists, "" until `numbered` gives it. state: 待处理 or 已接受.
    statement: what the county wrote about it (情况说明); it settles nothing by itself.
    """

    code: Code
    where: Where
    company: str = ""
    indicator: str = ""
    part: str = ""
    found: str = ""
    facts: Mapping[str, str] = NO_FACTS
    city: str = ""
    county: str = ""
    id: str = ""
    state: str = "待处理"
    statement: str = ""

    @property
    def level(self) -> str:
        """错误 or 提醒."""
        return self.code.level

    @property
    def open_error(self) -> bool:
        """True for a 错误 that no decision has accepted."""
        return self.level == ERROR and self.state != "已接受"


def numbered(issues: Iterable[Issue]) -> list[Issue]:
    """The issues, each with an id that is the same in every run.

    The id comes from code, region, company, indicator and part; where there is no company, from code, file, sheet,
    indicator and part. The second issue with the same id gets the ending -2, the third -3.
    """
    counts: Counter[str] = Counter()
    result = []
    for issue in issues:
        if issue.company:
            subject: tuple[str, ...] = (issue.city, issue.county, issue.company)
        else:
            subject = (issue.where.file, issue.where.sheet)
        text = "\x1f".join((issue.code, *subject, issue.indicator, issue.part))
        digest = base64.b32encode(hashlib.sha256(text.encode("utf-8", "replace")).digest())[:6].decode()
        identifier = f"{issue.code}-{digest}"
        counts[identifier] += 1
        if counts[identifier] > 1:
            identifier = f"{identifier}-{counts[identifier]}"
        result.append(issue._replace(id=identifier))
    return result


def is_list_id(text: str) -> bool:
    """True for a text that has the form of an id given by `numbered`, such as V01-ABCDEF-2."""
    return _LIST_ID.fullmatch(text) is not None


RankOfRegion = Callable[[str, str], tuple[int | str, ...]]  # of city and county


class SortKey(NamedTuple):
    """Reading order of issues: errors first, then by region, company and cell (rows before columns)."""

    is_remark: bool
    region: tuple[int | str, ...]
    company: str
    file: str
    sheet: str
    row: int
    column_length: int
    column: str
    code: str
    indicator: str
    part: str
    found: str


def sort_key(issue: Issue, rank_of_region: RankOfRegion) -> SortKey:
    """The key that sorts issues into reading order. rank_of_region: the sort key of a region, the rulebook's."""
    column, row = _split_cell(issue.where.cell)
    return SortKey(
        issue.level != ERROR,
        rank_of_region(issue.city, issue.county),
        issue.company,
        issue.where.file,
        issue.where.sheet,
        row,
        len(column),
        column,
        issue.code,
        issue.indicator,
        issue.part,
        issue.found,
    )


def _split_cell(cell: str) -> tuple[str, int]:
    """Column letters and row number of "E7", column and row of "表 1 行 7 列 5"; "" and 0 where the text has none."""
    if word := _WORD_CELL.fullmatch(cell):
        return word[2], int(word[1])
    match = re.match(r"([A-Z]*)(\d*)", cell)
    return (match[1], int(match[2] or 0)) if match else ("", 0)


_WORD_CELL = re.compile(r"表 \d+ 行 (\d+) 列 (\d+)")
