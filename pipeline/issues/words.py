"""The Chinese sentences of an issue: where it is, what was found, how to put it right. No phone is seen in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from pipeline.issues.catalogue import (
    ANSWER_NOT_READ,
    DECISION_OUTDATED,
    FILE_TOO_LARGE,
    HIDDEN_CONTENT_READ,
    MARK_INVALID,
    MARKS_CONFLICT,
    NAMES_DIFFER_FROM_COUNT,
    NUMBER_IN_CAPTION,
    ORDER_NUMBERS_BROKEN,
    PHONE_DIGITS_LOST,
    POOL_FIGURE_INVALID,
    POOL_FIGURES_CONFLICT,
    PRINTED_FIGURE_DIFFERS,
    RECOMMENDATION_UNCLEAR,
    TARGET_DIFFERS,
    UNKNOWN_TICK_MARK,
)
from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_figure, mask_joined, mask_mobiles, mask_phones
from pipeline.issues.where import Where

MOST_QUOTED = 60  # characters of a typed text that a message quotes
MOST_NAMED = 5  # offenders that a message names; it counts the others
_FACT = re.compile(r"( ?)\{(\w+)\}( ?)")
_FOUR_DIGITS = re.compile(r"\d{4}")
_UNKNOWN_FACT = "？"  # a fact that is missing must not end the run

# Facts that hold figures and words of this program, and what was typed only with its phones masked where it is quoted.
# Every other fact is taken for typed.
_OWN_FACTS = frozenset(
    (
        "changes",
        "city_level",
        "cloud",
        "county_level",
        "differences",
        "form_value",
        "it",
        "items",
        "list_value",
        "m",
        "marks",
        "moves",
        "n",
        "printed",
        "profit",
        "read",
        "readings",
        "revenue",
        "value",
        "wanted",
    )
)
_ONLY_OWN_FACTS = (FILE_TOO_LARGE, HIDDEN_CONTENT_READ)
_FIGURE_FACTS = ("shown", "now")  # typed where a figure is asked for

# Issues whose `found` was typed where a figure is asked for.
_NO_FIGURES = (UNKNOWN_TICK_MARK, RECOMMENDATION_UNCLEAR, PHONE_DIGITS_LOST)
_ON_FIGURES = (
    ANSWER_NOT_READ,
    DECISION_OUTDATED,
    MARK_INVALID,
    MARKS_CONFLICT,
    NAMES_DIFFER_FROM_COUNT,
    NUMBER_IN_CAPTION,
    POOL_FIGURES_CONFLICT,
    POOL_FIGURE_INVALID,
    PRINTED_FIGURE_DIFFERS,
    TARGET_DIFFERS,
)


def listed(names: Iterable[str], unit: str = "处", separator: str = "、", most: int = MOST_NAMED) -> str:
    """The first names of a list and, where there are more, how many there are: 甲、乙、丙、丁、戊等 7 家.

    unit: the measure word of what is counted, "" where the sentence gives the number itself: 7 家（甲、乙、丙、丁、戊等）.
    separator: 、 between names; any other stands between whole clauses, and before 等 too: 甲第 1 名；……；等 7 处.
    """
    every = list(names)
    text = separator.join(every[:most])
    if len(every) <= most:
        return text
    return f"{text}{'' if separator == '、' else separator}等{f' {len(every)} {unit}' if unit else ''}"


def quoted(text: str) -> str:
    """What was typed as a message quotes it: on one line, a long text by its beginning and its length."""
    text = " ".join(text.split())
    return text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED]}……（共 {len(text)} 字）"


def quoted_list(texts: Iterable[str], unit: str = "处") -> str:
    """Typed texts as a message quotes them: each once, in “”, phones masked, no more of them than `listed` names."""
    once = dict.fromkeys(quoted(mask_phones(text)) for text in texts)
    return listed((f"“{text}”" for text in once), unit, separator="")


def shown_where(where: Where) -> Where:
    """A cell as everybody may read of it: phones masked in the names of file and sheet. Files themselves are looked for
    by the path as it is."""
    return Where(*_shown_names(where.file, where.sheet), where.cell)


@lru_cache(maxsize=20_000)
def _shown_names(file: str, sheet: str) -> tuple[str, str]:
    file, sheet = mask_joined((file, sheet))
    return file, sheet


def where_text(where: Where) -> str:
    """A cell in words: 文件“…”工作表“…”单元格 C12, in a Word document 文件“…”表 1 行 5 列 3; "" when nothing of it is known.
    Phones masked."""
    file, sheet, cell = shown_where(where)
    parts = []
    if file:
        parts.append(f"文件“{file}”")
    if cell.startswith("表 "):
        return "".join([*parts, cell])
    if sheet:
        parts.append(f"工作表“{sheet}”")
    if cell:
        parts.append(f"单元格 {cell}")
    return "".join(parts)


def found_of(issue: Issue) -> str:
    """What was typed, phones masked; a figure in a column of figures stays as it is."""
    on_figure = issue.code in _ON_FIGURES or (issue.code[0] == "V" and issue.code not in _NO_FIGURES)
    if on_figure:
        return mask_figure(issue.found)
    are_orders = issue.code == ORDER_NUMBERS_BROKEN and not _FOUR_DIGITS.search(issue.found)
    return issue.found if are_orders else mask_phones(issue.found)


def finding_of(issue: Issue, labels: Mapping[str, str]) -> str:
    """What is seen and what should be there. labels: an indicator's Chinese name by its id."""
    return _filled(issue.code.text, issue, labels)


def fix_of(issue: Issue, labels: Mapping[str, str]) -> str:
    """How to put it right."""
    return _filled(issue.code.fix, issue, labels)


def message_of(issue: Issue, labels: Mapping[str, str]) -> str:
    """The whole message: where → what was typed → what should be there → how to put it right."""
    return with_where(issue.where, finding_of(issue, labels) + fix_of(issue, labels))


def with_where(where: Where, sentence: str) -> str:
    """A sentence behind the cell that it is about."""
    cell = where_text(where)
    return f"{cell}：{sentence}" if cell else sentence


def _filled(template: str, issue: Issue, labels: Mapping[str, str]) -> str:
    """The template with the issue's facts in it."""
    facts = {
        "item": labels.get(issue.indicator, issue.indicator) or "该项",
        "part": mask_phones(issue.part),
        "found": quoted(found_of(issue)),
        "company": mask_phones(issue.company),
        "county": issue.county or "区县",
        "unit": "",
        "note": "",
        **{name: _shown_fact(issue.code, name, text) for name, text in issue.facts.items()},
    }
    return _FACT.sub(lambda match: _spaced(match, facts.get(match[2], _UNKNOWN_FACT)), template)


def _shown_fact(code: str, name: str, text: str) -> str:
    """A fact, phones masked."""
    if name in _OWN_FACTS or code in _ONLY_OWN_FACTS:
        return mask_mobiles(text)
    return mask_figure(text) if name in _FIGURE_FACTS else mask_phones(text)


def _spaced(match: re.Match[str], fact: str) -> str:
    """The fact with the template's spaces around it, each only beside an ASCII character, as Chinese is set."""
    before, after = (match[1], match[3]) if fact else ("", "")
    return f"{before if fact[:1].isascii() else ''}{fact}{after if fact[-1:].isascii() else ''}"
