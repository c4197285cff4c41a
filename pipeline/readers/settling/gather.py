"""From what each file says to the tables of a run: companies, their answers and marks, files, issues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.issues.catalogue import ERROR
from pipeline.issues.issue import Issue
from pipeline.model.decisions import WORKBOOK_NAME
from pipeline.model.records import FileReading, Mark, PoolCount, PoolName, Statement
from pipeline.model.rulebook import Rulebook
from pipeline.model.tables import ANSWERS, ENTERPRISES, FILES, MARKS, RECOGNISED, frame
from pipeline.readers.intake.originals import Originals, originals_of
from pipeline.readers.settling.arrived import Arrived
from pipeline.readers.settling.companies import settled_companies
from pipeline.readers.settling.company import Company
from pipeline.readers.settling.company_rows import answer_rows, enterprise_row, recognised_rows
from pipeline.readers.settling.county_folders import outside_county_folders
from pipeline.readers.settling.decided import Decided
from pipeline.readers.settling.decision_files import decisions_that_count
from pipeline.readers.settling.experts import experts_in_two_files, with_numbered_experts
from pipeline.readers.settling.file_rows import file_rows
from pipeline.readers.settling.form_tables import tables_of_forms
from pipeline.readers.settling.issue_owners import owned_issues
from pipeline.readers.settling.mark_rows import mark_rows, marks_of_strangers
from pipeline.readers.settling.nil_returns import nil_returns
from pipeline.readers.settling.owners import Owners
from pipeline.readers.sheet.regions import Region, RegionIndex


@dataclass(frozen=True)
class Gathered:
    """The tables of a run before scoring.

    nil_returns: counties that report no candidate; demo: some file is the sample's; rulebook: with the rulings that
    decisions confirm; decided: the decisions, for later steps; whole_files: path → the county that all of a workbook
    belongs to; strangers: one mark per file and company that nobody knows; further: kind of form → its own table."""

    enterprises: pd.DataFrame
    answers: pd.DataFrame
    marks: pd.DataFrame
    files: pd.DataFrame
    recognised: pd.DataFrame
    pool_counts: list[PoolCount]
    pool_names: list[PoolName]
    issues: list[Issue]
    nil_returns: tuple[Region, ...]
    demo: bool
    rulebook: Rulebook
    decided: Decided
    statements: list[Statement]
    whole_files: dict[str, Region]
    originals: Originals
    strangers: list[Mark]
    further: dict[str, pd.DataFrame]


def gather(readings: Sequence[FileReading], rulebook: Rulebook, decisions_path: str = WORKBOOK_NAME) -> Gathered:
    """The tables of everything that was read, with every issue up to here. Decisions count only from the file whose
    path inside the input is `decisions_path`."""
    regions = RegionIndex(rulebook)
    decisions, arrived = decisions_that_count(Arrived.of(readings), decisions_path)
    decided = Decided(decisions, rulebook, regions)
    arrived = arrived.with_contents(map(decided.names, arrived.contents))
    companies, company_issues = settled_companies(arrived, decided, rulebook, regions)
    owners = Owners(regions, companies)
    arrived = outside_county_folders(arrived, owners)
    arrived = arrived.with_contents(map(decided.marks, with_numbered_experts(arrived.contents)))
    issues = owned_issues([*company_issues, *experts_in_two_files(arrived.contents)], arrived, owners)
    marks = [mark for content in arrived.contents for mark in content.marks]
    files = _files(arrived, owners, rulebook)
    listed = sorted(companies, key=lambda company: company.key)
    return Gathered(
        enterprises=_enterprises(listed, files),
        answers=_answers(listed, issues),
        recognised=frame((row for company in listed for row in recognised_rows(company)), RECOGNISED),
        marks=frame(mark_rows(marks, companies), MARKS),
        files=files,
        pool_counts=[count for content in arrived.contents for count in content.pool_counts],
        pool_names=[name for content in arrived.contents for name in content.pool_names],
        issues=issues,
        nil_returns=nil_returns(arrived, companies, decided),
        demo=any(reading.demo for reading in readings),
        rulebook=decided.ruled(),
        decided=decided,
        statements=[entry for file in arrived.files for entry in owners.statements(file)],
        whole_files={file.path: county for file in arrived.files if (county := owners.only_county(file))},
        originals=originals_of(readings),
        strangers=marks_of_strangers(marks, companies),
        further=tables_of_forms(arrived.contents),
    )


def _files(arrived: Arrived, owners: Owners, rulebook: Rulebook) -> pd.DataFrame:
    labels = rulebook.labels
    return frame((row for file in arrived.files for row in file_rows(file, owners, labels)), FILES)


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
