"""The names of experts, which stand only in 审计底稿, in 问题清单 and in the experts' own packs: any other output says
某专家 instead. Only where a file or its sheet bears such a name, 数据/ gives it as it is, for that is where an issue is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.issues.catalogue import (
    EXPERT_SILENT,
    EXPERT_UNFINISHED,
    MARK_INVALID,
    MARKED_COMPANY_UNKNOWN,
    MARKS_CONFLICT,
    NO_EXPERT_NAME,
    PACK_OF_ANOTHER_EXPERT,
    PROVINCIAL_FILE_IN_COUNTY,
    SEVERAL_EXPERTS_IN_FILE,
    UNUSUALLY_MANY_EXPERTS,
)
from pipeline.issues.issue import Issue
from pipeline.model.decisions import ABOUT_JOINED, NAMES_EXPERTS
from pipeline.model.results import Results

_SOMEBODY = "某专家"
_ABOUT_MARKS = (
    MARK_INVALID,
    MARKED_COMPANY_UNKNOWN,
    MARKS_CONFLICT,
    NO_EXPERT_NAME,
    PROVINCIAL_FILE_IN_COUNTY,
    EXPERT_SILENT,
    EXPERT_UNFINISHED,
    SEVERAL_EXPERTS_IN_FILE,
    UNUSUALLY_MANY_EXPERTS,
)
_SHORTEST = 2  # characters of a name; a shorter one would be met in other words
_BREAKS = re.compile(f"[、{ABOUT_JOINED}]")


@dataclass(frozen=True)
class ExpertNames:
    """Whatever calls an expert by name in a run, and the files with marks, whose names may be experts' names."""

    pattern: re.Pattern[str] | None = None
    marks_files: frozenset[str] = frozenset()

    def hidden(self, text: str) -> str:
        """The text with 某专家 for every expert's name."""
        return self.pattern.sub(_SOMEBODY, text) if self.pattern else text

    def hidden_outside_paths(self, text: str) -> str:
        """The text with 某专家 for every expert's name but in the quoted path of a file with marks, which must be found."""
        pieces = re.split("(“[^“”]*”)", text)
        return "".join(piece if piece[1:-1] in self.marks_files else self.hidden(piece) for piece in pieces)

    def may_stand_in(self, issue: Issue) -> bool:
        """True for an issue about marks, about a file with marks, or about a decision on an expert's name."""
        return (
            issue.code in _ABOUT_MARKS
            or issue.facts.get("kind") == NAMES_EXPERTS
            or issue.where.file in self.marks_files
        )

    def without_names(self, decisions: Iterable[Mapping[str, str]]) -> list[Mapping[str, str]]:
        """Decisions as rows in which no expert is named."""
        hidden = dict.fromkeys(("about", "decided", "reason"), "（见审计底稿）")
        return [
            {**decision, **(hidden if decision["kind"] == NAMES_EXPERTS else self._without_names(decision))}
            for decision in decisions
        ]

    def _without_names(self, decision: Mapping[str, str]) -> dict[str, str]:
        return {name: self.hidden(decision[name]) for name in ("about", "decided", "reason", "decider")}


NO_NAMES = ExpertNames()


def expert_names_of(results: Results) -> ExpertNames:
    """The names in the marks, in packs and in the decisions of a run. A path that stands for an expert is no name."""
    packs = (issue for issue in results.issues if issue.code == PACK_OF_ANOTHER_EXPERT)
    decided = (decision for decision in results.decisions if decision["kind"] == NAMES_EXPERTS)
    texts = [
        *results.marks["expert"].unique().tolist(),
        *(text for issue in packs for text in (issue.found, issue.facts.get("stamped", ""))),
        *(text for decision in decided for text in (decision["about"], decision["decided"])),
    ]
    pieces = {"".join(piece.split()) for text in texts for piece in _BREAKS.split(text)}
    names = sorted(
        (name for name in pieces if len(name) >= _SHORTEST and "/" not in name), key=lambda name: (-len(name), name)
    )
    spaced = (r"\s*".join(map(re.escape, name)) for name in names)
    files = results.files
    marks_files = frozenset(files.loc[files["kind"] == "marks", "path"])
    return ExpertNames(re.compile("|".join(spaced)) if names else None, marks_files)
