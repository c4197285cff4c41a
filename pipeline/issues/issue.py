"""Issues: what is wrong or remarkable, where, and in which words. The one catalogue of codes and texts.

An issue is a value `(code, where, facts)`; stages return issues, they never raise or print them. Texts are filled
in when shown. Letters: F file, T layout, V value, X cross-check, E expert, P pool, D decision, R rulebook, B bug.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.issues.catalogue import ERROR, Code
from pipeline.issues.where import Where


class Issue(NamedTuple):
    """One finding. found: what was typed; part: "N", "M" or a column's label; facts: further words of the text;
    explanation: what the county wrote about it (情况说明), which settles nothing by itself."""

    code: Code
    where: Where
    company: str = ""
    indicator: str = ""
    part: str = ""
    found: str = ""
    facts: dict[str, str] = {}
    city: str = ""
    county: str = ""
    id: str = ""
    state: str = "待处理"
    explanation: str = ""

    @property
    def level(self) -> str:
        return self.code.level

    @property
    def open_error(self) -> bool:
        return self.level == ERROR and self.state != "已接受"


def numbered(issues: Iterable[Issue]) -> list[Issue]:
    """The issues, each with an id that stays the same over runs: from code, county, company, item and part,
    and where there is no company from path and sheet. Equal ones are told apart by their order."""
    seen: Counter[str] = Counter()
    result = []
    for issue in issues:
        if issue.company:
            parts = (issue.code, issue.city, issue.county, issue.company, issue.indicator, issue.part)
        else:
            parts = (issue.code, issue.where.file, issue.where.sheet, issue.indicator, issue.part)
        digest = base64.b32encode(hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).digest())[:6].decode()
        identifier = f"{issue.code}-{digest}"
        seen[identifier] += 1
        if seen[identifier] > 1:
            identifier = f"{identifier}-{seen[identifier]}"
        result.append(issue._replace(id=identifier))
    return result


def sort_key(issue: Issue) -> tuple:
    """Issues in reading order: errors first, then by county, company, file, sheet and cell."""
    letters = re.match(r"([A-Z]*)(\d*)", issue.where.cell)
    column, row = (letters[1], int(letters[2] or 0)) if letters else ("", 0)
    return (
        issue.level != ERROR,
        issue.city,
        issue.county,
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


LIST_ID_PATTERN = r"[A-Z]\d{2}-[A-Z2-7]{6}(?:-\d+)?"
_ID = re.compile(LIST_ID_PATTERN)
