"""From what each file says to the tables of a run: companies, their answers and marks, files, issues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from pipeline.issues.catalogue import (
    CREDIT_CODE_INVALID,
    DECISION_FILE_MISPLACED,
    ERROR,
    EXTRA_DECISION_FILE,
    NIL_RETURN_CONTRADICTED,
    ROW_WITHOUT_COMPANY,
)
from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_phones
from pipeline.issues.where import Where
from pipeline.issues.words import finding_of
from pipeline.model.decisions import WORKBOOK_NAME, Decision
from pipeline.model.names import company_key, credit_code_valid
from pipeline.model.records import Assessment, Explanation, FileReading, Mark, PoolCount, PoolName
from pipeline.model.rulebook import Rulebook
from pipeline.model.tables import ANSWERS, ENTERPRISES, FILES, MARKS, RECOGNISED, frame
from pipeline.readers.intake.originals import Originals, originals_of
from pipeline.readers.settling.companies import Company, assign_forms, decided, nominated_companies
from pipeline.readers.settling.company_rows import answer_rows, enterprise_row, recognised_rows
from pipeline.readers.settling.counties import settle_county
from pipeline.readers.settling.decided import Decided, choose_file
from pipeline.readers.settling.experts import experts_in_two_files, experts_told_apart
from pipeline.readers.settling.own_places import outside_own_places
from pipeline.readers.settling.owners import Owners
from pipeline.readers.settling.twice import SHOWN
from pipeline.readers.sheet.regions import RegionIndex


@dataclass(frozen=True)
class Gathered:
    """The tables of a run before scoring. nil_returns: (city, county) that report no candidate; demo: some file is
    the sample's; rulebook: with the rulings that decisions confirm; decided: the decisions, for what comes later; strangers: per file
    one mark of each company that nobody knows."""

    enterprises: pd.DataFrame
    answers: pd.DataFrame
    marks: pd.DataFrame
    files: pd.DataFrame
    recognised: pd.DataFrame
    pool_counts: list[PoolCount]
    pool_names: list[PoolName]
    issues: list[Issue]
    nil_returns: tuple[tuple[str, str], ...]
    demo: bool
    rulebook: Rulebook
    decided: Decided
    explanations: list[Explanation]
    whole_files: dict[str, tuple[str, str]]
    originals: Originals
    strangers: list[Mark]


def gather(readings: list[FileReading], rulebook: Rulebook, decisions_path: str = WORKBOOK_NAME) -> Gathered:
    """The tables of everything that was read, with the issues found on the way. Decisions count only from the file
    whose path inside the input is `decisions_path`."""
    return _Gathering(readings, rulebook, decisions_path).gather()


@dataclass
class _Gathering:
    readings: list[FileReading]
    rulebook: Rulebook
    decisions_path: str
    companies: dict[str, Company] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    company_of_form: dict[int, Company] = field(default_factory=dict)

    def gather(self) -> Gathered:
        self.labels = {item.id: item.label for item in self.rulebook.indicators}
        self.regions = RegionIndex(self.rulebook)
        self.sheets = [(reading, sheet) for reading in self.readings for sheet in reading.sheets]
        self.decided = Decided.of(self._decisions(), self.rulebook, self.regions)
        self._companies()
        self._settle_sheets()
        marks = self._marks([mark for _, sheet in self.sheets for mark in sheet.marks])
        self.issues += experts_in_two_files([sheet for _, sheet in self.sheets])
        self._own_issues()
        self.issues += self._nil_and_nominating()
        companies = sorted(self.companies.values(), key=lambda company: company.key)
        blocked = self._blocked_items()
        files = [row for reading in self.readings for row in self._file_rows(reading)]
        papers = Counter(row.get("company", "") for row in files if row["kind"] == "evidence")
        enterprises = [
            enterprise_row(company, self.decided.excluded(company.key)) | {"evidence": papers[company.name]}
            for company in companies
        ]
        return Gathered(
            enterprises=frame(enterprises, ENTERPRISES),
            answers=frame([row for company in companies for row in answer_rows(company, blocked)], ANSWERS),
            marks=frame(marks, MARKS),
            files=frame(files, FILES),
            recognised=frame([row for company in companies for row in recognised_rows(company)], RECOGNISED),
            pool_counts=[count for _, sheet in self.sheets for count in sheet.pool_counts],
            pool_names=[name for _, sheet in self.sheets for name in sheet.pool_names],
            issues=[*self.issues],
            nil_returns=self._nil_returns(),
            demo=any(reading.demo for reading in self.readings),
            rulebook=self.decided.ruled(),
            decided=self.decided,
            explanations=[entry for reading in self.readings for entry in self.owners.explanations(reading)],
            whole_files={entry.path: place for entry in self.readings if (place := self.owners.only_county(entry))},
            originals=originals_of(self.readings),
            strangers=self.strangers,
        )

    def _settle_sheets(self) -> None:
        """Takes marks and pools out of counties' own places and tells the experts of the other sheets apart."""
        owners = Owners(self.regions, self.companies, self.company_of_form, {})
        archives = {reading.path for reading in self.readings if reading.kind == "archive"}
        sheets = outside_own_places(self.sheets, archives, owners)
        apart = experts_told_apart([sheet for _, sheet in sheets])
        self.sheets = [(reading, sheet) for (reading, _), sheet in zip(sheets, apart, strict=True)]
        for reading, sheet in self.sheets:
            sheet.marks = [self.decided.mark(mark) for mark in sheet.marks]
            owners.sheets_of.setdefault(id(reading), []).append(sheet)
        self.owners = owners

    def _decisions(self) -> list[Decision]:
        """The decisions that count; those of any other file are said not to (F07, D06)."""
        decisions = []
        for reading, sheet in self.sheets:
            if sheet.kind != "decisions":
                continue
            if reading.path == self.decisions_path:
                decisions += sheet.decisions
                continue
            sheet.issues.clear()
            where = Where(reading.path, sheet.sheet)
            if reading.path == WORKBOOK_NAME:
                sheet.issues.append(Issue(EXTRA_DECISION_FILE, where, facts={"other": self.decisions_path}))
            else:
                sheet.issues.append(Issue(DECISION_FILE_MISPLACED, where))
            sheet.remark = "没有采用"
        return decisions

    def _companies(self) -> None:
        for _, sheet in self.sheets:
            sheet.nominations = [self.decided.nomination(row) for row in sheet.nominations]
            sheet.assessments = [self.decided.form(form) for form in sheet.assessments]
        rows = [row for _, sheet in self.sheets for row in sheet.nominations]
        forms = [form for _, sheet in self.sheets for form in sheet.assessments]
        self.companies, issues = nominated_companies(rows, self.rulebook)
        issues += assign_forms(self.companies, forms, self.rulebook, self.regions)
        self._adopt(issues)
        for company in self.companies.values():
            self.company_of_form.update({id(form): company for form in company.forms})
            region = self.decided.county_of(company.key)
            if region:
                company.city, company.county = region
                company.nominations.sort(key=lambda row: decided(row.places) != region)  # its own county's counts
            else:
                issues += settle_county(company)
            code = company.form.credit_code if company.form else ""
            if company.form and code and not credit_code_valid(code):
                issues.append(Issue(CREDIT_CODE_INVALID, company.form.credit_code_where, company.name, found=code))
        self.issues += issues

    def _adopt(self, issues: list[Issue]) -> None:
        """Puts the files and values that decisions adopt in the place of what was read."""
        changed: dict[int, Assessment] = {}
        for company in self.companies.values():
            settled = choose_file(company, self.decided.file_of(company.key))
            if settled:
                name = company.name
                issues[:] = [issue for issue in issues if issue.code != settled or issue.company != name]
            if company.form:
                adopted = self.decided.answers(company.form, company.key)
                changed[id(company.form)] = adopted
                company.forms[-1] = adopted
        for _, sheet in self.sheets:
            sheet.assessments = [changed.get(id(form), form) for form in sheet.assessments]

    def _marks(self, marks: list[Mark]) -> list[dict]:
        """Rows of MARKS; what was marked of companies that nobody knows is kept apart."""
        rows: list[dict] = []
        strangers: dict[str, dict[str, Mark]] = {}
        for mark in marks:
            key = company_key(mark.company)
            company = self.companies.get(key)
            if company:
                words = {"expert": mark.expert, "mark": mark.mark, "state": mark.state, "where": mark.where}
                reason = mask_phones(mark.reason)
                rows.append({"key": company.key, "indicator": mark.indicator, **words, "reason": reason})
            elif mark.state != "blank":
                strangers.setdefault(mark.where.file, {}).setdefault(key, mark)
        self.strangers = [mark for unknown in strangers.values() for mark in unknown.values()]
        return rows

    # -------------------------------------------------------------- issues of files, sheets and rows

    def _own_issues(self) -> None:
        """The readers' own issues, each with its company, city and county."""
        for reading in self.readings:
            city, county = self.owners.county_of_folder(reading.path)
            self.issues += [issue._replace(city=city, county=county) for issue in reading.issues]
        for reading, sheet in self.sheets:
            city, county = self.owners.county_of_sheet(reading, sheet)
            self.issues += [
                issue._replace(city=issue.city or city, county=issue.county or county) for issue in sheet.issues
            ]
            for form in sheet.assessments:
                company = self.company_of_form.get(id(form))
                if company is None or company.form is form:
                    name = company.name if company else ""
                    self.issues += [issue._replace(company=name, city=city, county=county) for issue in form.issues]
        for company in self.companies.values():
            said = set()
            for row in company.nominations:
                self.issues += [issue for issue in row.issues if (issue.code, issue.part, issue.found) not in said]
                said |= {(issue.code, issue.part, issue.found) for issue in row.issues}
        self.issues = [self._placed(issue) for issue in self.issues]

    def _placed(self, issue: Issue) -> Issue:
        """The issue with its company's one spelling and county."""
        company = self.companies.get(company_key(issue.company)) if issue.company else None
        return issue._replace(company=company.name, city=company.city, county=company.county) if company else issue

    def _nil_returns(self) -> tuple[tuple[str, str], ...]:
        """Counties whose 附件2 is empty or says 无, and that nominate nobody elsewhere."""
        nil = {decided([place]) for _, sheet in self.sheets for place in sheet.nil_places}
        for _, sheet in self.sheets:
            missed = any(issue.code == ROW_WITHOUT_COMPANY for issue in sheet.issues)
            if sheet.kind == "nomination" and not sheet.nominations and not sheet.nil_places and not missed:
                nil.add(decided(sheet.places))
        nominating = {(company.city, company.county) for company in self.companies.values() if company.nomination}
        nil |= self.decided.nil_returns(nominating)
        return tuple(sorted(place for place in nil if place and place not in nominating))

    def _nil_and_nominating(self) -> Iterable[Issue]:
        """X19, one per county, for a line that says a county nominates nobody where it nominates somebody."""
        names: dict[tuple[str, str], list[str]] = {}
        for company in self.companies.values():
            if company.nomination:
                names.setdefault((company.city, company.county), []).append(company.name)
        said: dict[tuple[str, str], Where] = {}
        for reading, sheet in self.sheets:
            for place in sheet.nil_places:
                where = place.where if place.where.file else Where(reading.path, sheet.sheet)
                said.setdefault((place.city, place.county), where)
        for (city, county), where in said.items():
            if nominated := names.get((city, county)):
                shown = "、".join(nominated[:SHOWN]) + ("等" if len(nominated) > SHOWN else "")
                facts = {"count": str(len(nominated)), "companies": shown}
                yield Issue(NIL_RETURN_CONTRADICTED, where, facts=facts, city=city, county=county)

    def _blocked_items(self) -> set[tuple[str, str]]:
        """(company name, indicator) with an error of layout or value on it: the item is unscored."""
        return {
            (issue.company, issue.indicator)
            for issue in self.issues
            if issue.indicator and issue.company and issue.code[0] in "TV" and issue.level == ERROR
        }

    def _file_rows(self, reading: FileReading) -> Iterable[dict]:
        city, county = self.owners.county_of_folder(reading.path)
        base = {"path": reading.path, "kind": reading.kind, "city": city, "county": county, "sha256": reading.sha256}
        sheets = self.owners.sheets_of.get(id(reading), [])
        if not sheets:
            reasons = [finding_of(issue, self.labels) for issue in reading.issues]
            company = self.owners.company_of_paper(reading) if reading.kind == "evidence" else None
            said = {"company": company.name, "city": company.city, "county": company.county} if company else {}
            yield {**base, **said, "remark": "；".join([*reasons, reading.remark]).strip("；")}
        for sheet in sheets:
            city, county = self.owners.county_of_sheet(reading, sheet)
            companies = [company for form in sheet.assessments if (company := self.company_of_form.get(id(form)))]
            names = "、".join(dict.fromkeys(company.name for company in companies))
            empty = sheet.kind == "nomination" and not sheet.nominations
            demo = "演示数据" if reading.demo else ""
            remarks = [demo, sheet.remark, "零报送（没有推荐企业）" if empty else "", reading.remark]
            yield {
                **base,
                "sheet": sheet.sheet,
                "kind": sheet.kind,
                "company": names,
                "city": city,
                "county": county,
                "remark": "；".join(remark for remark in remarks if remark),
            }
