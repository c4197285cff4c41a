"""Which workbooks of decisions count."""

from __future__ import annotations

from dataclasses import replace

from pipeline.issues.catalogue import DECISION_FILE_MISPLACED, EXTRA_DECISION_FILE
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.decisions import WORKBOOK_NAME, Decision
from pipeline.model.records import SheetReading
from pipeline.readers.settling.arrived import Arrived, ArrivedSheet


def decisions_that_count(arrived: Arrived, path: str) -> tuple[list[Decision], Arrived]:
    """The decisions of the file with this path, and what arrived with every other sheet of decisions refused."""
    decisions = [decision for sheet in arrived.sheets if sheet.path == path for decision in sheet.content.decisions]
    return decisions, arrived.with_contents(
        _refused(sheet, path) if sheet.content.kind == "decisions" and sheet.path != path else sheet.content
        for sheet in arrived.sheets
    )


def _refused(sheet: ArrivedSheet, path: str) -> SheetReading:
    """The sheet with one issue only: D06 for a second file of decisions at the top level, D07 for one elsewhere."""
    where = Where(sheet.path, sheet.content.sheet)
    if sheet.path == WORKBOOK_NAME:
        issue = Issue(EXTRA_DECISION_FILE, where, facts={"other": path})
    else:
        issue = Issue(DECISION_FILE_MISPLACED, where)
    return replace(sheet.content, issues=[issue], remark="没有采用")
