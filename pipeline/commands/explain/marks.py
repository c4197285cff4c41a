"""How the experts' marks of one company came to its scores, from a finished output's 审计底稿."""

from __future__ import annotations

from math import isclose

from pipeline.model.rulebook import Rulebook
from pipeline.model.score_explained import MarksExplained
from pipeline.published import Published
from pipeline.stages.merging import merged_mark
from pipeline.writers.audit.read_back import AUDIT, CompanyMarks, marks_of
from pipeline.writers.publishing.manifest import sha256_of


def marks_in(company: str, output: Published, rulebook: Rulebook) -> CompanyMarks | None:
    """The company's marks in 审计底稿, if that is as it was written."""
    path = output.folder / AUDIT
    if not path.is_file() or sha256_of(path) != output.manifest["outputs"].get(AUDIT):
        return None
    return marks_of(output.folder, company, rulebook)


def marks_explained(
    found: CompanyMarks | None, indicator: str, expert_score: float | None, rulebook: Rulebook
) -> MarksExplained | None:
    """The marks of an item where they come to its score; else the place alone (an expert marked twice, say)."""
    if found is None:
        return None
    marks = tuple(sorted(found.marks[indicator], reverse=True))
    if marks and expert_score is not None:
        score, given, used = merged_mark(marks[::-1], rulebook.experts)
        if isclose(score, expert_score, abs_tol=1e-9):
            return MarksExplained(marks, (given - used) // 2, found.rows)
    return MarksExplained((), 0, found.rows)
