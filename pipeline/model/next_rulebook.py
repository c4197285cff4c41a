"""Next year's rulebook as a text: this year's, line by line, comments and all, with what a new year changes.

Changed are id, version, year, date, titles, 附件3's years and the words that name a year; the year's counts are added to the
pool, its targets are emptied, and no ruling is confirmed. The new text is read back and compared with what it should say, so
that a file that is written in another way is refused and never half changed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.model.refusals import Refused
from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import RulebookError, build_rulebook, parsed

Counts = Mapping[str, Mapping[str, Mapping[str, int]]]  # level -> year -> city -> new companies

_TABLE = re.compile(r"\[{1,2}([A-Za-z_.]+)\]{1,2}\s*(?:#.*)?")
_KEY = re.compile(r"([A-Za-z_]+)\s*=\s*(.*)")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?=\s?年)")
_ORIGIN = "# Made by next-year "
_TO_BE_SET = "# 待定：上一年为 "


class NotShiftable(Refused):
    """The rulebook's text is written in a way in which a new year cannot be written into it."""


class NextYear(NamedTuple):
    """What changes. counts: of the pool's new years, level by level; targets: level -> city -> the target of the year that
    is over; origin: what the line of comment says of where this comes from."""

    rulebook: Rulebook
    counts: Counts
    targets: Mapping[str, Mapping[str, int]]
    origin: str

    @property
    def year(self) -> int:
        """Next year."""
        return self.rulebook.year + 1

    @property
    def id(self) -> str:
        """The id, and the name of the file: zhejiang_2025."""
        this = str(self.rulebook.year)
        known = self.rulebook.id
        return known.replace(this, str(self.year)) if this in known else f"{known}_{self.year}"

    @property
    def date(self) -> date:
        """The same day of next year."""
        day = self.rulebook.date
        return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def next_rulebook(text: str, change: NextYear) -> str:
    """The text of next year's rulebook. Raises NotShiftable when what has to change is not written in lines of its own."""
    table, level, entered = "", "", False
    lines = [f"{_ORIGIN}{change.origin}"]
    for line in text.splitlines():
        if line.startswith(_ORIGIN):
            continue
        if match := _TABLE.fullmatch(line.strip()):
            table, level, entered = match[1], "", True
        match = _KEY.fullmatch(line)
        if not match:
            lines.append(line if entered else _shifted(line, change.rulebook.year))
            continue
        key, value = match.groups()
        if (table, key) == ("pool.levels", "id"):
            level = _text_of(value)
        lines += _changed(line, table, key, value, level, change)
    changed = "\n".join(lines) + "\n"
    _check(changed, change)
    return changed


def _changed(line: str, table: str, key: str, value: str, level: str, change: NextYear) -> list[str]:
    """The lines instead of one line `key = value` of a table."""
    year = change.rulebook.year
    comment = re.search(r"\s+#[^\"]*$", value)
    behind = comment[0] if comment else ""
    plain = {
        ("", "id"): f'"{change.id}"',
        ("", "version"): f'"{change.year}.1"',
        ("", "year"): str(change.year),
        ("", "date"): change.date.isoformat(),
        ("pool", "years"): str([known + 1 for known in change.rulebook.pool.years]),
    }
    gone = (("rulings", "confirmed"), ("pool.levels", "counts"), ("chasing", "deadline"))
    if (table, key) in plain:
        return [f"{key} = {plain[table, key]}{behind}"]
    if (table, key) in gone:
        return []
    if table == "pool.levels" and key == "targets":
        return [f"targets = {{}}  {_TO_BE_SET}{_inline(change.targets.get(level, {}))}", *_counts(level, change)]
    if table == "pool.levels" and key == "title":
        return [_YEAR.sub(lambda match: str(int(match[1]) + 1), line)]
    if (table, key) == ("", "source") or table in ("titles", "nomination_columns"):
        return [_shifted(line, year)]
    return [line]


def _shifted(line: str, year: int) -> str:
    """The line with this year and the one before it, where they are called a year (2024年), one year later."""
    return _YEAR.sub(lambda match: str(int(match[1]) + 1) if int(match[1]) in (year - 1, year) else match[1], line)


def _text_of(value: str) -> str:
    """The text of a TOML value that is one; "" for another."""
    found = tomllib.loads(f"value = {value}")["value"]
    return found if isinstance(found, str) else ""


def _counts(level: str, change: NextYear) -> list[str]:
    years = ", ".join(f'"{year}" = {_inline(counts)}' for year, counts in change.counts.get(level, {}).items())
    return [f"counts = {{ {years} }}"] if years else []


def _inline(counts: Mapping[str, int]) -> str:
    return "{ " + ", ".join(f'"{city}" = {count}' for city, count in counts.items()) + " }" if counts else "{}"


def _check(text: str, change: NextYear) -> None:
    """Raises NotShiftable unless the text is a rulebook that says what it should."""
    try:
        found = build_rulebook(parsed(text.encode(), Path(f"{change.id}.toml"))).model_dump()
    except RulebookError as error:
        raise _not_shiftable(change, "其中一项") from error
    for key, value in _wanted(change).items():
        if found[key] != value:
            raise _not_shiftable(change, f"“{key}”一项")


def _not_shiftable(change: NextYear, what: str) -> NotShiftable:
    return NotShiftable(
        f"规则文件“{change.rulebook.id}”里{what}的写法与下发的规则文件不同（每一项应写成一行“名称 = 值”），没有能改成下一年的，请改正后再试。"
    )


def _wanted(change: NextYear) -> dict[str, Any]:
    """What the new rulebook should say, key by key; titles and texts apart, which are whatever their lines became."""
    known = change.rulebook.model_dump()
    loose = {"sha256", "source", "titles", "nomination_columns"}
    wanted = {key: value for key, value in known.items() if key not in loose}
    wanted |= {"id": change.id, "version": f"{change.year}.1", "year": change.year, "date": change.date}
    wanted["rulings"] = tuple({**ruling, "confirmed": False} for ruling in known["rulings"])
    levels = [
        {
            **level,
            "title": _YEAR.sub(lambda match: str(int(match[1]) + 1), level["title"]),
            "targets": {},
            "counts": {year: dict(counts) for year, counts in change.counts.get(level["id"], {}).items()},
        }
        for level in known["pool"]["levels"]
    ]
    wanted["chasing"] = {**known["chasing"], "deadline": None}
    years = tuple(year + 1 for year in known["pool"]["years"])
    wanted["pool"] = {**known["pool"], "years": years, "levels": tuple(levels)}
    return wanted
