"""What differs between two results: one record per kind of difference."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.issues.where import Where
from pipeline.model.records import NO_WHERE


class FileChange(NamedTuple):
    """An input file that came, went or changed. kind: added, removed, changed."""

    path: str
    kind: str


class AnswerChange(NamedTuple):
    """One figure whose used value changed. part: N, M or 专家; before, after: None where no value was used."""

    company: str
    indicator: str
    part: str
    before: float | None
    after: float | None
    where_before: Where = NO_WHERE
    where_after: Where = NO_WHERE


class RegionChange(NamedTuple):
    """One changed figure of 附件3: a year, cumulative, target or progress of one level and region."""

    level: str
    region: str
    item: str
    before: float | None
    after: float | None


class Crossing(NamedTuple):
    """A company that crosses a cut line; came: it is inside now; line_moved: only because the line itself has
    moved (quartiles of a list that is longer or shorter)."""

    company: str
    line: str
    came: bool
    line_moved: bool = False


@dataclass(frozen=True)
class Move:
    """One company before and after. ranks and totals None where there is none; bands: items whose band or peer score
    changed; answers: its changed figures. passed: companies that it passed, or that passed it, in the direction of its
    move, those that changed themselves first; gone: companies ahead of it that are no longer ranked; new: companies
    ahead of it that were not ranked before."""

    company: str
    city: str
    county: str
    status_before: str
    status_after: str
    rank_before: int | None
    rank_after: int | None
    total_before: float | None
    total_after: float | None
    bands: tuple[str, ...] = ()
    answers: tuple[AnswerChange, ...] = ()
    passed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()

    @property
    def gained(self) -> int:
        """Ranks gained (positive) or lost; 0 when not ranked both times."""
        if self.rank_before is None or self.rank_after is None:
            return 0
        return self.rank_before - self.rank_after


@dataclass(frozen=True)
class CountyMoves:
    """One county: how many of its companies gained or lost ranks, came into or left the ranking."""

    city: str
    county: str
    gained: int
    lost: int
    came: int
    left: int


@dataclass(frozen=True)
class Comparison:
    """Everything that differs between two results; empty throughout when nothing does."""

    files: tuple[FileChange, ...] = ()
    rules: tuple[tuple[str, str, str], ...] = ()  # what, before, after
    decisions_added: tuple[str, ...] = ()
    decisions_removed: tuple[str, ...] = ()
    answers: tuple[AnswerChange, ...] = ()
    regions: tuple[RegionChange, ...] = ()
    moves: tuple[Move, ...] = ()
    counties: tuple[CountyMoves, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    issues_solved: tuple[str, ...] = ()
    issues_new: tuple[str, ...] = ()
    companies: int = 0
    final: bool = False  # the later result is 正式
    demo: bool = False  # its input is the sample (演示数据)
    date: str = field(default="", compare=False)  # what it says of its day

    @property
    def rank_changes(self) -> tuple[Move, ...]:
        """The moves that change a company's rank or status."""
        return tuple(
            move
            for move in self.moves
            if move.rank_before != move.rank_after or move.status_before != move.status_after
        )
