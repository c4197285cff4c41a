"""Which sheets of marks are one expert's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.issues.catalogue import EXPERT_IN_TWO_FILES, NO_EXPERT_NAME
from pipeline.issues.issue import Issue
from pipeline.model.names import name_key
from pipeline.model.records import Mark, SheetReading


def with_numbered_experts(sheets: Sequence[SheetReading]) -> list[SheetReading]:
    """The sheets in their order, with the numbers put back into experts' names (省厅01, 省厅02) where the sheets of one
    name both mark the same item of a company: as one expert's, the marks would contradict or replace each other. Each
    renamed sheet has a T17."""
    names = _numbered_names(sheets)
    return [_renamed(sheet) if sheet.numbered_expert in names else sheet for sheet in sheets]


def _renamed(sheet: SheetReading) -> SheetReading:
    marks = [
        mark._replace(expert=sheet.numbered_expert) if mark.expert == sheet.titled_expert else mark
        for mark in sheet.marks
    ]
    issues = [issue for issue in sheet.issues if issue.code != NO_EXPERT_NAME]
    issues.append(Issue(NO_EXPERT_NAME, sheet.marks[0].name_where, found=sheet.numbered_expert))
    return replace(sheet, marks=marks, issues=issues)


def _numbered_names(sheets: Iterable[SheetReading]) -> set[str]:
    """The names with numbers of all sheets whose names without them are one and that mark some item twice."""
    groups: dict[str, list[SheetReading]] = defaultdict(list)
    for sheet in sheets:
        if sheet.numbered_expert:
            groups[sheet.titled_expert].append(sheet)
    return {sheet.numbered_expert for group in groups.values() if _mark_twice(group) for sheet in group}


def _mark_twice(sheets: Iterable[SheetReading]) -> bool:
    """True when sheets with different numbers both mark one item of a company."""
    marked: dict[tuple[str, str], str] = {}
    for sheet in sheets:
        for mark in sheet.marks:
            if mark.expert == sheet.titled_expert and mark.state != "blank":
                first = marked.setdefault((name_key(mark.company), mark.indicator), sheet.numbered_expert)
                if first != sheet.numbered_expert:
                    return True
    return False


def experts_in_two_files(sheets: Iterable[SheetReading]) -> list[Issue]:
    """One E09 per pair of files that both hold marks of one expert for the same item of the same company. It does not
    name the expert: outputs that may not name experts show it too."""
    first: dict[tuple[str, str, str], Mark] = {}
    twice: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for mark in sorted((mark for sheet in sheets for mark in sheet.marks), key=lambda mark: mark.where):
        if mark.state in ("given", "recused"):
            earlier = first.setdefault((mark.expert, name_key(mark.company), mark.indicator), mark)
            if earlier.where.file != mark.where.file:
                twice[earlier.where.file, mark.where.file].append(mark)
    return [
        Issue(EXPERT_IN_TWO_FILES, marks[0].where._replace(cell=""), facts={"other": other, "count": str(len(marks))})
        for (other, _), marks in sorted(twice.items())
    ]
