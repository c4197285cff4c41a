"""From what each file says to the tables of a run: companies, their answers and marks, files, issues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.issues.catalogue import ERROR, SAMPLE_AMONG_FORMS
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import quoted_list
from pipeline.model.company_files import CompanyFile
from pipeline.model.forms import NOMINATION, READABLE_KINDS
from pipeline.model.records import FileReading, Mark, PoolCount, PoolName, SentPaper, Statement, Stray
from pipeline.model.rulebook import Rulebook
from pipeline.model.tables import ANSWERS, ENTERPRISES, FILES, MARKS, PAPERS, RECOGNISED, frame
from pipeline.readers.intake.originals import Originals, originals_of
from pipeline.readers.settling.arrived import Arrived
from pipeline.readers.settling.companies import settled_companies
from pipeline.readers.settling.company import Company
from pipeline.readers.settling.company_rows import answer_rows, enterprise_row, recognised_rows
from pipeline.readers.settling.decided import Decided
from pipeline.readers.settling.decision_files import decisions_that_count
from pipeline.readers.settling.experts import experts_in_two_files, with_numbered_experts
from pipeline.readers.settling.file_rows import file_rows
from pipeline.readers.settling.form_tables import tables_of_forms
from pipeline.readers.settling.in_scope import InScope
from pipeline.readers.settling.issue_owners import owned_issues
from pipeline.readers.settling.mark_rows import mark_rows, marks_of_strangers
from pipeline.readers.settling.names_in_texts import NameFinder
from pipeline.readers.settling.neutral_sources import counted_from_no_folder
from pipeline.readers.settling.nil_returns import nil_returns
from pipeline.readers.settling.owners import Owners
from pipeline.readers.settling.panel_shape import panel_questions
from pipeline.readers.settling.paper_rows import paper_rows
from pipeline.readers.settling.paper_workbooks import with_paper_workbooks
from pipeline.readers.settling.papers_instead import papers_instead
from pipeline.readers.settling.places import Heard, Places
from pipeline.readers.settling.provincial_files import provincial_files_that_count
from pipeline.readers.settling.returned_results import returned_results
from pipeline.readers.settling.shared_codes import codes_in_two_forms
from pipeline.readers.settling.sources import sources_of
from pipeline.readers.settling.strays import county_senders, stray_files
from pipeline.readers.settling.superseded import without_superseded
from pipeline.readers.sheet.regions import Region, RegionIndex


@dataclass(frozen=True)
class Gathered:
    """The tables of a run before scoring.

    nil_returns: counties that report no candidate; lists: those in whose own place an 附件2 lies; strays: files in the wrong
    county's folder; senders: path → the county in whose own place it lies; demo: every form is the sample's; rulebook: with
    the rulings that decisions confirm; decided: the decisions, for later steps; whole_files: path → the county that all of a
    workbook belongs to; strangers: one mark per file and company that nobody knows; sources: for each county and expert the
    files that count; further: kind of form → its own table; instead: key of a company without a usable 附件1 → what arrived
    of it otherwise; rivals: company → its files, where it has several of one form; papers: PAPERS."""

    enterprises: pd.DataFrame
    answers: pd.DataFrame
    marks: pd.DataFrame
    files: pd.DataFrame
    recognised: pd.DataFrame
    pool_counts: list[PoolCount]
    pool_names: list[PoolName]
    issues: list[Issue]
    nil_returns: tuple[Region, ...]
    lists: frozenset[Region]
    strays: tuple[Stray, ...]
    senders: Mapping[str, Region]
    demo: bool
    rulebook: Rulebook
    decided: Decided
    statements: list[Statement]
    whole_files: dict[str, Region]
    originals: Originals
    costs: dict[str, tuple[str, float]]
    strangers: list[Mark]
    sources: Mapping[str, Mapping[str, Sequence[str]]]
    further: dict[str, pd.DataFrame]
    instead: Mapping[str, Sequence[SentPaper]]
    rivals: dict[str, Sequence[CompanyFile]]
    papers: pd.DataFrame


def gather(readings: Sequence[FileReading], rulebook: Rulebook, day: str = "") -> Gathered:
    """The tables of everything that was read, with every issue up to here. day: the run's, after which no form can have
    been saved; the end of the year after the rulebook's when empty."""
    regions = RegionIndex(rulebook)
    decisions, arrived = decisions_that_count(Arrived.of(readings))
    decided = Decided(decisions, rulebook, regions)
    places = Places(arrived, regions)
    arrived = arrived.with_contents(map(places.placed, arrived.sheets))
    arrived = arrived.with_contents(map(decided.names, arrived.contents))
    latest = day or f"{rulebook.year + 1}-12-31"
    arrived = without_superseded(arrived, places, decided, rulebook, latest)
    heard = Heard(arrived, places)
    companies, company_issues = settled_companies(arrived, decided, rulebook, places, heard, latest)
    owners = Owners(companies, places, heard, NameFinder(rulebook, regions))
    arrived = provincial_files_that_count(with_paper_workbooks(arrived, owners, rulebook), places)
    arrived = arrived.with_contents(map(decided.marks, with_numbered_experts(arrived.contents)))
    asked = [*company_issues, *codes_in_two_forms(companies), *experts_in_two_files(arrived.contents)]
    issues = owned_issues(asked, arrived, owners)
    issues += panel_questions(mark for content in arrived.contents for mark in content.marks)
    issues += returned_results(arrived, companies, places, rulebook)
    in_scope = InScope(rulebook)
    nil = in_scope.nil_returns(nil_returns(arrived, companies, decided, places, heard))
    issues += counted_from_no_folder(companies, nil, places)
    demo, demo_issues = _demo(arrived)
    issues = [*in_scope.issues([*issues, *nil.issues, *demo_issues]), *in_scope.left_out(arrived, owners)]
    marks = [mark for content in arrived.contents for mark in content.marks]
    strangers = marks_of_strangers(marks, companies)
    files = _files(arrived, owners, in_scope)
    companies = in_scope.companies(companies)
    listed = sorted(companies, key=lambda company: company.key)
    senders = county_senders(arrived, owners)
    return Gathered(
        enterprises=_enterprises(listed, files),
        answers=_answers(listed, issues),
        recognised=frame((row for company in listed for row in recognised_rows(company)), RECOGNISED),
        marks=frame(mark_rows(marks, companies), MARKS),
        files=files,
        pool_counts=in_scope.pool_counts(count for content in arrived.contents for count in content.pool_counts),
        pool_names=in_scope.pool_names(name for content in arrived.contents for name in content.pool_names),
        issues=issues,
        nil_returns=nil.counties,
        lists=frozenset(_counties_with_a_list(arrived, owners, senders)),
        strays=tuple(stray_files(arrived, owners)),
        senders=senders,
        demo=demo,
        rulebook=decided.ruled(),
        decided=decided,
        statements=in_scope.statements(entry for file in arrived.files for entry in owners.statements(file)),
        whole_files={file.path: county for file in arrived.files if (county := owners.only_county(file))},
        originals=originals_of(readings),
        costs={reading.path: (reading.source, reading.seconds) for reading in readings if reading.sheets},
        strangers=strangers,
        sources=sources_of(companies, nil, marks, rulebook.region_order),
        further=tables_of_forms(arrived.contents),
        instead=papers_instead(arrived, owners, rulebook),
        papers=_papers(arrived, owners, rulebook),
        rivals={company.name: company.files for company in listed if company.has_rivals},
    )


def _demo(arrived: Arrived) -> tuple[bool, list[Issue]]:
    """Whether every form is the sample's; F24 when only some are."""
    forms = [file for file in arrived.files if any(sheet.content.kind in READABLE_KINDS for sheet in file.sheets)]
    stamped = [file.path for file in forms if file.reading.demo]
    if not stamped or len(stamped) == len(forms):
        return bool(stamped), []
    facts = {"count": str(len(stamped)), "files": quoted_list(stamped, "份")}
    return False, [Issue(SAMPLE_AMONG_FORMS, Where(stamped[0]), facts=facts)]


def _files(arrived: Arrived, owners: Owners, in_scope: InScope) -> pd.DataFrame:
    """FILES by region in the notice's order, what belongs to none first; within a region by path and sheet."""
    labels, rank = in_scope.rulebook.labels, in_scope.rulebook.region_order.rank
    rows = [row for file in arrived.files for row in file_rows(file, owners, labels)]
    for row in rows:
        row["remark"] = "；".join(filter(None, (in_scope.remark(row["city"]), row["remark"])))
    return frame(sorted(rows, key=lambda row: rank(row["city"], row["county"])), FILES)


def _counties_with_a_list(arrived: Arrived, owners: Owners, senders: Mapping[str, Region]) -> Iterator[Region]:
    """The counties in whose own place a sheet is read as their 附件2, whether any row of it counts or not. senders: as in
    Gathered."""
    for file in arrived.files:
        lists = [sheet for sheet in file.sheets if sheet.content.kind == NOMINATION.id]
        if any(owners.region_of_sheet(sheet) == senders.get(file.path) for sheet in lists):
            yield senders[file.path]


def _papers(arrived: Arrived, owners: Owners, rulebook: Rulebook) -> pd.DataFrame:
    """PAPERS by region in the notice's order, then by path."""
    rank = rulebook.region_order.rank
    rows = [row for file in arrived.files for row in paper_rows(file, owners)]
    return frame(sorted(rows, key=lambda row: rank(str(row["city"]), str(row["county"]))), PAPERS)


def _enterprises(companies: Iterable[Company], files: pd.DataFrame) -> pd.DataFrame:
    papers = Counter(files.loc[files["kind"] == "evidence", "company"])
    return frame((enterprise_row(company, papers[company.name]) for company in companies), ENTERPRISES)


def _answers(companies: Iterable[Company], issues: Iterable[Issue]) -> pd.DataFrame:
    """ANSWERS; an item with an error of layout or value on it is not valid."""
    blocked = {
        (issue.company, issue.indicator)
        for issue in issues
        if issue.indicator and issue.company and issue.code[0] in "TV" and issue.level == ERROR
    }
    return frame((row for company in companies for row in answer_rows(company, blocked)), ANSWERS)
