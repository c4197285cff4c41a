"""Which sheets belong to the same expert."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.issues.catalogue import EXPERT_IN_TWO_FILES, NO_EXPERT_NAME
from pipeline.issues.issue import Issue
from pipeline.model.names import company_key
from pipeline.model.records import Mark, SheetReading


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
        issues = [issue for issue in sheet.issues if issue.code != NO_EXPERT_NAME]
        issues.append(Issue(NO_EXPERT_NAME, sheet.marks[0].name_where, found=sheet.numbered_expert))
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
        Issue(EXPERT_IN_TWO_FILES, marks[0].where._replace(cell=""), facts={"other": other, "count": str(len(marks))})
        for (other, _), marks in sorted(twice.items())
    ]
