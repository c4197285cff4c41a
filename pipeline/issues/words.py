"""The Chinese sentences of an issue: where, what was found, how to put it right."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_phones
from pipeline.issues.where import Where

if TYPE_CHECKING:
    pass


QUOTED = 60  # characters of a typed text that a message quotes
_FACT = re.compile(r"( ?)\{(\w+)\}( ?)")


class _Words(dict):
    """Facts for a template; a fact that is missing shows as 「？」 instead of failing the run."""

    def __missing__(self, key: str) -> str:
        return "？"


def place_of(where: Where) -> str:
    """Where in words: 文件“…”工作表“…”单元格 C12."""
    parts = []
    if where.file:
        parts.append(f"文件“{where.file}”")
    if where.sheet:
        parts.append(f"工作表“{where.sheet}”")
    if where.cell:
        parts.append(f"单元格 {where.cell}")
    return "".join(parts)


def finding_of(issue: Issue, labels: dict[str, str]) -> str:
    """What is seen and what should be there; `labels` gives an indicator's Chinese name by id. Phones masked."""
    return _filled(issue.code.text, issue, labels)


def fix_of(issue: Issue, labels: dict[str, str]) -> str:
    """How to put it right."""
    return _filled(issue.code.fix, issue, labels)


def message_of(issue: Issue, labels: dict[str, str]) -> str:
    """The whole message: where → what was typed → what should be there → how to put it right."""
    place = place_of(issue.where)
    text = finding_of(issue, labels) + fix_of(issue, labels)
    return mask_phones(f"{place}：{text}") if place else text


def quoted(text: str) -> str:
    """What was typed as a message quotes it: a long text by its beginning and its length."""
    text = " ".join(text.split())
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}……（共 {len(text)} 字）"


def _filled(template: str, issue: Issue, labels: dict[str, str]) -> str:
    words = _Words(
        item=labels.get(issue.indicator, issue.indicator) or "该项",
        part=issue.part,
        found=quoted(issue.found),
        company=issue.company,
        county=issue.county or "区县",
        unit="",
        note="",
    )
    words.update(issue.facts)
    return mask_phones(_FACT.sub(lambda match: _set_in(match, str(words[match[2]])), template))


def _set_in(match: re.Match[str], fact: str) -> str:
    """A fact in its place, with the template's space only beside letters and digits, as Chinese is set."""
    before, after = (match[1], match[3]) if fact else ("", "")
    return f"{before if fact[:1].isascii() else ''}{fact}{after if fact[-1:].isascii() else ''}"


SHOWN = 5  # ids and texts named in one message


def _texts(texts: Iterable[str]) -> str:
    """What was written, as a message quotes it, phones masked."""
    once = list(dict.fromkeys(quoted(mask_phones(text)) for text in texts))
    return "".join(f"“{text}”" for text in once[:SHOWN]) + ("等" if len(once) > SHOWN else "")
