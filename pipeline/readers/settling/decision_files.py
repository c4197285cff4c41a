"""Which workbooks of decisions count."""

from __future__ import annotations

from dataclasses import replace

from pipeline.issues.catalogue import DECISION_FILE_MISPLACED, EXTRA_DECISION_FILE
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.decisions import WORKBOOK_NAME, Decision
from pipeline.model.records import SheetReading
from pipeline.readers.settling.arrived import Arrived, ArrivedSheet


def decisions_that_count(arrived: Arrived) -> tuple[list[Decision], Arrived]:
    """The decisions of the one file that was opened for them, and what arrived with every other sheet of decisions refused.
    Which file that is does not depend on what any is called."""
    meant = next((file.path for file in arrived.files if file.reading.decisions), "")
    decisions: list[Decision] = []
    contents = []
    for file in arrived.files:
        for sheet in file.sheets:
            if file.reading.decisions:
                decisions += sheet.content.decisions
            refused = sheet.content.kind == "decisions" and not file.reading.decisions
            contents.append(_refused(sheet, meant) if refused else sheet.content)
    return decisions, arrived.with_contents(contents)


def _refused(sheet: ArrivedSheet, meant: str) -> SheetReading:
    """The sheet with one issue only: D06 for a second file of decisions at the top level, beside the one that is meant, and
    D07 for one elsewhere."""
    where = Where(sheet.path, sheet.content.sheet)
    if sheet.path == WORKBOOK_NAME and meant:
        issue = Issue(EXTRA_DECISION_FILE, where, facts={"other": meant})
    else:
        issue = Issue(DECISION_FILE_MISPLACED, where)
    return replace(sheet.content, issues=[issue], remark="没有采用")
