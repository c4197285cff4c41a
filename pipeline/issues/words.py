"""The Chinese sentences of an issue: where it is, what was found, how to put it right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_phones
from pipeline.issues.where import Where

MOST_QUOTED = 60  # characters of a typed text that a message quotes
MOST_NAMED = 5  # offenders that a message names; it counts the others
_FACT = re.compile(r"( ?)\{(\w+)\}( ?)")
_UNKNOWN_FACT = "？"  # a fact that is missing must not end the run


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


def where_text(where: Where) -> str:
    """A cell in words: 文件“…”工作表“…”单元格 C12; "" when nothing of it is known."""
    parts = []
    if where.file:
        parts.append(f"文件“{where.file}”")
    if where.sheet:
        parts.append(f"工作表“{where.sheet}”")
    if where.cell:
        parts.append(f"单元格 {where.cell}")
    return "".join(parts)


def finding_of(issue: Issue, labels: Mapping[str, str]) -> str:
    """What is seen and what should be there, phones masked. labels: an indicator's Chinese name by its id."""
    return _filled(issue.code.text, issue, labels)


def fix_of(issue: Issue, labels: Mapping[str, str]) -> str:
    """How to put it right, phones masked."""
    return _filled(issue.code.fix, issue, labels)


def message_of(issue: Issue, labels: Mapping[str, str]) -> str:
    """The whole message: where → what was typed → what should be there → how to put it right."""
    where = where_text(issue.where)
    text = finding_of(issue, labels) + fix_of(issue, labels)
    return mask_phones(f"{where}：{text}") if where else text


def _filled(template: str, issue: Issue, labels: Mapping[str, str]) -> str:
    """The template with the issue's facts in it, phones masked."""
    facts = {
        "item": labels.get(issue.indicator, issue.indicator) or "该项",
        "part": issue.part,
        "found": quoted(issue.found),
        "company": issue.company,
        "county": issue.county or "区县",
        "unit": "",
        "note": "",
        **issue.facts,
    }
    return mask_phones(_FACT.sub(lambda match: _spaced(match, str(facts.get(match[2], _UNKNOWN_FACT))), template))


def _spaced(match: re.Match[str], fact: str) -> str:
    """The fact with the template's spaces around it, each only beside an ASCII character, as Chinese is set."""
    before, after = (match[1], match[3]) if fact else ("", "")
    return f"{before if fact[:1].isascii() else ''}{fact}{after if fact[-1:].isascii() else ''}"
