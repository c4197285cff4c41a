"""How the experts' marks of one company become its scores, from 审计底稿.xlsx of a finished output."""

from __future__ import annotations

from math import isclose

from pipeline.model.rulebook import Rulebook
from pipeline.model.score_explained import MarksExplained
from pipeline.published import Published
from pipeline.stages.merging import merged_mark
from pipeline.writers.audit.read_back import AUDIT, CompanyMarks, marks_of
from pipeline.writers.publishing.manifest import is_intact
from pipeline.writers.publishing.proof import parts_of

_LARGEST_AUDIT = 2**30  # bytes once inflated; that of a thousand companies has 56 million


def marks_in(company: str, output: Published, rulebook: Rulebook) -> CompanyMarks | None:
    """The company's marks in 审计底稿.xlsx; None when the file is missing or was changed."""
    try:
        intact = is_intact(output.folder / AUDIT, output.manifest["outputs"].get(AUDIT, ""))
    except FileNotFoundError:
        intact = False
    if not intact or sum(parts_of(output.folder / AUDIT).values()) > _LARGEST_AUDIT:
        return None
    return marks_of(output.folder, company, rulebook)


def marks_explained(
    company_marks: CompanyMarks | None, indicator: str, expert_score: float | None, rulebook: Rulebook
) -> MarksExplained | None:
    """The marks of an item where they give its score; else only the place, for example when an expert marked twice."""
    if company_marks is None:
        return None
    marks = tuple(sorted(company_marks.marks[indicator], reverse=True))
    if marks and expert_score is not None:
        score, given, used = merged_mark(marks[::-1], rulebook.experts)
        if isclose(score, expert_score, abs_tol=1e-9):
            return MarksExplained(marks, (given - used) // 2, company_marks.rows)
    return MarksExplained((), 0, company_marks.rows)
