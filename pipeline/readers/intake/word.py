"""What is peculiar to a Word document that was read: it may be a form or mere evidence, and holds more than its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.issues.catalogue import (
    FORM_NOT_RECOGNISED,
    NOT_A_WORKBOOK,
    TRACKED_CHANGES_READ,
    WORD_TEXT_NOT_READ,
)
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import quoted_list
from pipeline.model.records import FileReading
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import label_of
from pipeline.readers.intake.sniff import WORKBOOK_NAMES
from pipeline.readers.sheet.grid import WordFacts

_ATTACHMENT = re.compile("附件[0-9一二三]?")


def look_at_word(reading: FileReading, word: WordFacts, rulebook: Rulebook) -> None:
    """Completes the reading of a Word document.

    One without any table that is a form is evidence, unless it bears the title of a form or is named as a workbook. With
    a form, what was not read (text boxes, hidden texts, embedded objects) is a 错误 for each kind, and tracked changes
    are a 提醒.
    """
    if reading.kind == "unrecognised":
        _settle_without_form(reading, word, rulebook)
    elif reading.sheets:
        if word.tracked:
            reading.issues.append(Issue(TRACKED_CHANGES_READ, Where(reading.path)))
        reading.issues += _not_read(reading.path, word, _titles(rulebook))


def _settle_without_form(reading: FileReading, word: WordFacts, rulebook: Rulebook) -> None:
    beginning = label_of(word.beginning)
    if any(title in beginning for title in _titles(rulebook)):
        return  # the issue that no form was recognised stands
    reading.issues = [issue for issue in reading.issues if issue.code != FORM_NOT_RECOGNISED]
    reading.kind, reading.unread = "evidence", ()
    if reading.path.lower().endswith(WORKBOOK_NAMES):
        reading.kind = "unreadable"
        reading.issues.append(Issue(NOT_A_WORKBOOK, Where(reading.path), facts={"kind": "Word 文档"}))


def _titles(rulebook: Rulebook) -> tuple[str, ...]:
    return label_of(rulebook.titles.assessment), label_of(rulebook.titles.nomination)


def _not_read(path: str, word: WordFacts, titles: tuple[str, ...]) -> Iterator[Issue]:
    """One issue for each kind of thing that was not read; a box with nothing but a form's title is none."""
    kinds = dict.fromkeys(kind for kind, _ in word.unread)
    for kind in kinds:
        texts = [text for other, text in word.unread if other == kind]
        missed = [text for text in texts if not _is_title(text, titles)]
        if missed:
            said = f"：{quoted_list(missed)}" if any(missed) else ""
            yield Issue(WORD_TEXT_NOT_READ, Where(path), part=kind, facts={"what": kind, "texts": said})


def _is_title(text: str, titles: tuple[str, ...]) -> bool:
    label = label_of(text)
    return bool(label) and (_ATTACHMENT.fullmatch(label) is not None or _ATTACHMENT.sub("", label) in titles)
