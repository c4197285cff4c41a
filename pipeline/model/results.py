"""Everything that a run computed, as one value for the writers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import pandas as pd

from pipeline.issues.issue import Issue
from pipeline.model.changes import Comparison
from pipeline.model.company_files import CompanyFile
from pipeline.model.decisions import Decision
from pipeline.model.ranges import Confidence
from pipeline.model.records import Stray
from pipeline.model.rulebook import Rulebook
from pipeline.model.selected import Selected
from pipeline.model.tables import ORDERS, PAPER_DEMANDS, SEEN_PAPERS, frame


@dataclass(frozen=True)
class Standing:
    """试算 or 正式, and why. has_marks: some expert mark arrived; demo: the input is the sample (演示数据);
    missing_counties: the expected ones that have sent neither a nomination nor a nil return."""

    final: bool
    reasons: tuple[str, ...] = ()
    has_marks: bool = False
    demo: bool = False
    missing_counties: tuple[str, ...] = ()

    @property
    def without_reasons(self) -> Standing:
        """The same for what goes back to a county or a city: the reasons may name others."""
        return replace(self, reasons=(), missing_counties=())

    @property
    def label(self) -> str:
        """The word for it on every output."""
        return "正式" if self.final else "试算"


@dataclass(frozen=True)
class Panel:
    """How the experts marked, compared with each other; for information, it changes no score.

    An outlier is a mark that is one of at least outlier_marks for its company and item, and further than outlier_share
    of the item's points from their median."""

    experts: pd.DataFrame
    companies: pd.DataFrame
    outliers: pd.DataFrame
    recusals: pd.DataFrame
    outlier_share: float
    outlier_marks: int


@dataclass(frozen=True)
class Visits:
    """A drawn list. table: VISITS with a column of points for each reason; asked: how many companies could be drawn; wanted:
    the least number to draw; seed: of the input, in hexadecimal digits; start: where the first step begins, 0 ≤ start < 1."""

    table: pd.DataFrame
    asked: int
    wanted: int
    seed: str
    start: float

    @property
    def drawn(self) -> pd.DataFrame:
        """The rows of the companies to visit."""
        return self.table[self.table["drawn"]]


class TieNote(NamedTuple):
    """A group of `size` equal values at `rank` that reaches beyond the last rank of `band`. part: "N" or "M"."""

    indicator: str
    part: str
    band: str
    rank: float
    size: int


def _no_original(_: str) -> None:
    """The `originals` of results that were not read from files: none."""


@dataclass(frozen=True)
class Results:
    """Everything the writers need; tables as declared in `tables.py`, all in the order of `totals`."""

    rulebook: Rulebook
    date: str
    standing: Standing
    enterprises: pd.DataFrame
    answers: pd.DataFrame
    marks: pd.DataFrame
    scores: pd.DataFrame
    totals: pd.DataFrame
    regions: pd.DataFrame
    recognised: pd.DataFrame
    files: pd.DataFrame
    issues: list[Issue] = field(default_factory=list)
    # Who is selected (拟认定), and by which line.
    selected: Selected = field(default_factory=Selected)
    # Groups of equal values that a band limit would have cut.
    tie_notes: list[TieNote] = field(default_factory=list)
    # (city, county) that reported 无推荐企业.
    nil_returns: tuple[tuple[str, str], ...] = ()
    # (city, county) in whose own place an 附件2 lies.
    lists: frozenset[tuple[str, str]] = frozenset()
    # Files in the wrong county's folder, and for each file in a county's own place: path -> (city, county).
    strays: tuple[Stray, ...] = ()
    senders: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    # 县级排序对照: ORDERS.
    orders: pd.DataFrame = field(default_factory=lambda: frame([], ORDERS))
    # Every signed decision: kind, about, decided, reason, decider, date, state (已采用 or 没有起作用), where.
    decisions: list[dict[str, str]] = field(default_factory=list)
    # The decisions of `decisions` that nothing contradicts, each with its state.
    signed: Sequence[tuple[Decision, str]] = ()
    # The files between which a decision can choose: company -> its files, where it has several of one form.
    rivals: Mapping[str, Sequence[CompanyFile]] = field(default_factory=dict)
    # What moved since an earlier output, when one was named, and that output's date and manifest fingerprint.
    comparison: Comparison | None = None
    previous: dict[str, str] = field(default_factory=dict)
    # How sure each rank is; empty where it was not computed.
    confidence: Confidence = field(default_factory=Confidence)
    # The files that belong to one county as a whole: path -> (city, county).
    whole_files: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    # "counties" and "experts": for each of them the files that count.
    sources: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    # A file's bytes by its path, None when they are no longer those that were read.
    originals: Callable[[str], bytes | None] = _no_original
    # What reading cost: path -> the file of the input that it belongs to, and its CPU time in seconds so far.
    costs: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    # The tables of forms that have one of their own: kind -> its rows, in the order of the files.
    further: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    # SEEN_PAPERS and PAPER_DEMANDS.
    papers: pd.DataFrame = field(default_factory=lambda: frame([], SEEN_PAPERS))
    demands: pd.DataFrame = field(default_factory=lambda: frame([], PAPER_DEMANDS))
    # None where they were not computed, the panel also where no sheet of marks came.
    visits: Visits | None = None
    panel: Panel | None = None
