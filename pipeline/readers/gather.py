"""From what each file says to the tables of a run: companies, their answers and marks, files, issues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from pipeline.decisions import WORKBOOK_NAME, Decision
from pipeline.issues import CATALOGUE, ERROR, Issue, Where, finding_of, mask_phones
from pipeline.readers.companies import FIGURE_COLUMNS, SHOWN, Company, agreed, assign_forms, decided, nominated_companies
from pipeline.readers.counties import settle_county
from pipeline.readers.decided import Decided, choose_file
from pipeline.readers.experts import experts_in_two_files, experts_told_apart
from pipeline.readers.grid import number_text
from pipeline.readers.identity import RegionIndex, company_key, credit_code_valid, name_in_text
from pipeline.readers.nomination import order_number
from pipeline.readers.originals import Originals, originals_of
from pipeline.records import Assessment, Explanation, FileReading, Mark, PoolCount, PoolName, Reading, SheetReading
from pipeline.rulebook import Rulebook
from pipeline.tables import ANSWERS, ENTERPRISES, FILES, MARKS, RECOGNISED, frame


@dataclass(frozen=True)
class Gathered:
    """The tables of a run before scoring. nil_returns: (city, county) that report no candidate; demo: some file is
    the sample's; rulebook: with the rulings that decisions confirm; decided: the decisions, for what comes later."""

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
        sheets = [(reading, sheet) for reading in self.readings for sheet in reading.sheets]
        apart = experts_told_apart([sheet for _, sheet in sheets])
        self.sheets = [(reading, sheet) for (reading, _), sheet in zip(sheets, apart, strict=True)]
        self.sheets_of: dict[int, list[SheetReading]] = {}
        for reading, sheet in self.sheets:
            self.sheets_of.setdefault(id(reading), []).append(sheet)
        self.decided = Decided.of(self._decisions(), self.rulebook, self.regions)
        self._companies()
        marks = self._marks([mark for _, sheet in self.sheets for mark in sheet.marks])
        self.issues += experts_in_two_files([sheet for _, sheet in self.sheets])
        self._own_issues()
        companies = sorted(self.companies.values(), key=lambda company: company.key)
        blocked = self._blocked_items()
        files = [row for reading in self.readings for row in self._file_rows(reading)]
        papers = Counter(row.get("company", "") for row in files if row["kind"] == "evidence")
        enterprises = [self._enterprise(company) | {"evidence": papers[company.name]} for company in companies]
        return Gathered(
            enterprises=frame(enterprises, ENTERPRISES),
            answers=frame([row for company in companies for row in self._answers(company, blocked)], ANSWERS),
            marks=frame(marks, MARKS),
            files=frame(files, FILES),
            recognised=frame([row for company in companies for row in self._recognised(company)], RECOGNISED),
            pool_counts=[count for _, sheet in self.sheets for count in sheet.pool_counts],
            pool_names=[name for _, sheet in self.sheets for name in sheet.pool_names],
            issues=[*self.issues],
            nil_returns=self._nil_returns(),
            demo=any(reading.demo for reading in self.readings),
            rulebook=self.decided.ruled(),
            decided=self.decided,
            explanations=[entry for reading in self.readings for entry in self._explanations(reading)],
            whole_files={reading.path: place for reading in self.readings if (place := self._only_county(reading))},
            originals=originals_of(self.readings),
        )

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
                sheet.issues.append(Issue("D06", where, facts={"other": self.decisions_path}))
            else:
                sheet.issues.append(Issue("D07", where))
            sheet.remark = "没有采用"
        return decisions

    def _companies(self) -> None:
        for _, sheet in self.sheets:
            sheet.nominations = [self.decided.nomination(row) for row in sheet.nominations]
            sheet.assessments = [self.decided.form(form) for form in sheet.assessments]
            sheet.marks = [self.decided.mark(mark) for mark in sheet.marks]
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
                issues.append(Issue("V38", company.form.anchor, company.name, found=code))
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
        """Rows of MARKS; one E05 per file for the companies nobody knows."""
        rows: list[dict] = []
        strangers: dict[str, dict[str, Mark]] = {}
        for mark in marks:
            key = company_key(mark.company)
            company = self.companies.get(key)
            if company:
                words = {"expert": mark.expert, "mark": mark.mark, "state": mark.state, "where": str(mark.where)}
                reason = mask_phones(mark.reason)
                rows.append({"key": company.key, "indicator": mark.indicator, **words, "reason": reason})
            elif mark.state != "blank":
                strangers.setdefault(mark.where.file, {}).setdefault(key, mark)
        for unknown in strangers.values():
            first, *others = unknown.values()
            names = "、".join(mark.company for mark in others[: SHOWN - 1])
            more = f"（另有 {len(others)} 家同样：{names}{'等' if len(others) >= SHOWN else ''}）" if others else ""
            self.issues.append(Issue("E05", first.name_where, found=first.company, facts={"more": more}))
        return rows

    # -------------------------------------------------------------- issues of files, sheets and rows

    def _own_issues(self) -> None:
        """The readers' own issues, each with its company, city and county."""
        for reading in self.readings:
            city, county = self._county_of_folder(reading.path)
            self.issues += [issue._replace(city=city, county=county) for issue in reading.issues]
        for reading, sheet in self.sheets:
            city, county = self._county_of_sheet(reading, sheet)
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

    def _county_of_folder(self, path: str) -> tuple[str, str]:
        place = self.regions.of_folders(path.split("/")[:-1])
        return (place.city, place.county) if place else ("", "")

    def _county_of_sheet(self, reading: FileReading, sheet: SheetReading) -> tuple[str, str]:
        """The one county a sheet belongs to, ("", "") when it is nobody's or several counties'."""
        companies = [self.companies[company_key(row.company)] for row in sheet.nominations]
        companies += [
            company for form in sheet.assessments if (company := self.company_of_form.get(id(form))) is not None
        ]
        places = [*sheet.places, *(place for form in sheet.assessments for place in form.places)]
        own = agreed(places) or (("", "") if decided(places) else self._county_of_folder(reading.path))
        counties = {(company.city, company.county) for company in companies}
        if not counties or {place for place in counties if place[1]} == {own}:
            return own
        if len(counties) == 1:
            return counties.pop()
        cities = {city for city, _ in counties}
        return (cities.pop(), "") if len(cities) == 1 else ("", "")

    def _company_of_paper(self, reading: FileReading) -> Company | None:
        """The company whose name stands in a paper's file or folder names, among those of the folder's county."""
        place = self._county_of_folder(reading.path)
        known = [key for key, company in self.companies.items() if not place[1] or (company.city, company.county) == place]
        for part in reversed(reading.path.split("/")):
            if key := name_in_text(part, known):
                return self.companies[key]
        return None

    def _nil_returns(self) -> tuple[tuple[str, str], ...]:
        """Counties whose 附件2 is empty or says 无, and that nominate nobody elsewhere."""
        nil = {decided([place]) for _, sheet in self.sheets for place in sheet.nil_places}
        for _, sheet in self.sheets:
            missed = any(issue.code == "T07" for issue in sheet.issues)
            if sheet.kind == "nomination" and not sheet.nominations and not sheet.nil_places and not missed:
                nil.add(decided(sheet.places))
        nominating = {(company.city, company.county) for company in self.companies.values() if company.nomination}
        nil |= self.decided.nil_returns(nominating)
        return tuple(sorted(place for place in nil if place and place not in nominating))

    def _blocked_items(self) -> set[tuple[str, str]]:
        """(company name, indicator) with an error of layout or value on it: the item is unscored."""
        return {
            (issue.company, issue.indicator)
            for issue in self.issues
            if issue.indicator and issue.company and issue.code[0] in "TV" and CATALOGUE[issue.code].level == ERROR
        }

    def _explanations(self, reading: FileReading) -> Iterable[Explanation]:
        """What a file explains, with the place it may speak for: its folder's, else its forms'."""
        if reading.explanations:
            city, county = self._county_of_folder(reading.path)
            own = {self._county_of_sheet(reading, sheet) for sheet in self.sheets_of.get(id(reading), [])} - {("", "")}
            if not city and len(own) == 1:
                city, county = own.pop()
            yield from (entry._replace(city=city, county=county) for entry in reading.explanations)

    def _only_county(self, reading: FileReading) -> tuple[str, str] | None:
        """The county that all of a workbook of forms belongs to, every row and sheet; None when some does not, or is
        nobody's, or cannot be told."""
        sheets = self.sheets_of.get(id(reading), [])
        if not sheets or not {sheet.kind for sheet in sheets} <= {"assessment", "nomination"}:
            return None
        places = {self._county_of_folder(reading.path)} if reading.unread else set()
        for sheet in sheets:
            places.add(self._county_of_sheet(reading, sheet))
            places |= {(place.city, place.county) for place in sheet.nil_places}
            places |= {(issue.city, issue.county) for issue in sheet.issues if issue.county}
            companies = [self.companies[company_key(row.company)] for row in sheet.nominations]
            companies += [self.company_of_form[id(form)] for form in sheet.assessments if id(form) in self.company_of_form]
            places |= {(company.city, company.county) for company in companies}
        return places.pop() if len(places) == 1 and all(next(iter(places))) else None

    # -------------------------------------------------------------- rows of the tables

    def _enterprise(self, company: Company) -> dict:
        nomination, form = company.nomination, company.form
        row = {
            "key": company.key, "company": company.name, "city": company.city, "county": company.county,
            "nominated": nomination is not None, "assessed": form is not None,
            "answered": form is not None and not form.blank,
            "refused": nomination.refused if nomination else False,
            "excluded": self.decided.excluded(company.key),
            "credit_code": company.credit_code, "form_where": str(form.anchor) if form else "",
            "where": str(company.where),
        }  # fmt: skip
        if nomination:
            row |= {
                "order": order_number(nomination.order), "business": nomination.business, "contact": nomination.contact,
                "phone": nomination.phone, "phone_where": str(nomination.phone_where),
                "recommendation": nomination.recommendation,
            }  # fmt: skip
            for identifier in FIGURE_COLUMNS:
                reading = nomination.figures.get(identifier, Reading())
                row[identifier] = reading.value
                row[f"{identifier}_where"] = str(reading.where)
        return row

    def _answers(self, company: Company, blocked: set[tuple[str, str]]) -> Iterable[dict]:
        for answer in company.form.answers if company.form and not company.form.blank else ():
            valid = (company.name, answer.indicator) not in blocked and "error" not in (answer.n.state, answer.m.state)
            yield {
                "key": company.key, "indicator": answer.indicator, "valid": valid,
                **_answer_part("n", answer.n), **_answer_part("m", answer.m),
            }  # fmt: skip

    def _recognised(self, company: Company) -> Iterable[dict]:
        for answer in company.form.answers if company.form and not company.form.blank else ():
            for reading in (answer.n, answer.m):
                if reading.rule:
                    yield _recognised_row(company.name, answer.indicator, reading)
        for column, reading in (company.nomination.figures if company.nomination else {}).items():
            if reading.rule:
                yield _recognised_row(company.name, column, reading)

    def _file_rows(self, reading: FileReading) -> Iterable[dict]:
        city, county = self._county_of_folder(reading.path)
        base = {"path": reading.path, "kind": reading.kind, "city": city, "county": county, "sha256": reading.sha256}
        if not reading.sheets:
            reasons = [finding_of(issue, self.labels) for issue in reading.issues]
            company = self._company_of_paper(reading) if reading.kind == "evidence" else None
            said = {"company": company.name, "city": company.city, "county": company.county} if company else {}
            yield {**base, **said, "remark": "；".join([*reasons, reading.remark]).strip("；")}
        for sheet in reading.sheets:
            city, county = self._county_of_sheet(reading, sheet)
            companies = [self.company_of_form[id(form)] for form in sheet.assessments if id(form) in self.company_of_form]
            names = "、".join(dict.fromkeys(company.name for company in companies))
            empty = sheet.kind == "nomination" and not sheet.nominations
            demo = "演示数据" if reading.demo else ""
            remarks = [demo, sheet.remark, "零报送（没有推荐企业）" if empty else "", reading.remark]
            yield {
                **base, "sheet": sheet.sheet, "kind": sheet.kind, "company": names,
                "city": city, "county": county, "remark": "；".join(remark for remark in remarks if remark),
            }  # fmt: skip


def _answer_part(part: str, reading: Reading) -> dict:
    return {
        part: reading.value, f"{part}_raw": mask_phones(reading.raw),
        f"{part}_read": reading.read if reading.decided else reading.value,
        f"{part}_state": reading.state, f"{part}_where": str(reading.where),
    }  # fmt: skip


def _recognised_row(company: str, indicator: str, reading: Reading) -> dict:
    read, adopted = (
        "" if value is None else number_text(value)
        for value in (reading.read if reading.decided else reading.value, reading.value)
    )
    return {
        **reading.where._asdict(), "company": company, "indicator": indicator, "raw": mask_phones(reading.raw),
        "read": read, "adopted": adopted, "rule": reading.rule,
    }  # fmt: skip
