"""From what each file says to the tables of a run: which company, which county, which form counts.

Nothing is merged by likeness: equal keys are one company, everything else is a question with candidates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from pipeline.issues import CATALOGUE, ERROR, Issue, Where, finding_of
from pipeline.readers.grid import number_text
from pipeline.readers.identity import RegionIndex, company_key, credit_code_valid, name_in_text, name_left_over
from pipeline.readers.nomination import clean_name, order_number
from pipeline.records import Assessment, FileReading, Mark, Nomination, Place, PoolCount, PoolName, Reading, SheetReading
from pipeline.rulebook import Rulebook
from pipeline.tables import ANSWERS, ENTERPRISES, FILES, MARKS, RECOGNISED, frame

SOURCE_WORDS = {"sheet": "工作表名", "file": "文件名", "folder": "文件夹名"}
PLACE_WORDS = {"column": "附件2区县栏", "label": "表内区县", "folder": "文件夹"}
FIGURE_COLUMNS = ("revenue", "profit", "it_spend", "cloud_spend")


@dataclass
class Company:
    """One company being put together: the nomination and the form that count, and what else there is."""

    key: str
    name: str
    nomination: Nomination | None = None
    form: Assessment | None = None
    city: str = ""
    county: str = ""


@dataclass(frozen=True)
class Gathered:
    """The tables of a run before scoring. nil_returns: (city, county) that report no candidate; readable: some form
    was recognised; demo: some file is the sample's."""

    enterprises: pd.DataFrame
    answers: pd.DataFrame
    marks: pd.DataFrame
    files: pd.DataFrame
    recognised: pd.DataFrame
    pool_counts: list[PoolCount]
    pool_names: list[PoolName]
    issues: list[Issue]
    nil_returns: tuple[tuple[str, str], ...]
    readable: bool
    demo: bool


def gather(readings: list[FileReading], rulebook: Rulebook) -> Gathered:
    """The tables of everything that was read, with the issues found on the way."""
    return _Gathering(readings, rulebook).gather()


@dataclass
class _Gathering:
    readings: list[FileReading]
    rulebook: Rulebook
    companies: dict[str, Company] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    company_of_sheet: dict[tuple[str, str], Company] = field(default_factory=dict)

    def gather(self) -> Gathered:
        self.labels = {item.id: item.label for item in self.rulebook.indicators}
        self.regions = RegionIndex(self.rulebook)
        sheets = [(reading, sheet) for reading in self.readings for sheet in reading.sheets]
        self._nominations([row for _, sheet in sheets for row in sheet.nominations])
        self._assessments([form for _, sheet in sheets for form in sheet.assessments])
        for company in self.companies.values():
            self._place(company)
            self._credit_code(company)
        marks = self._marks([mark for _, sheet in sheets for mark in sheet.marks])
        self._own_issues(sheets)
        companies = sorted(self.companies.values(), key=lambda company: company.key)
        blocked = self._blocked_items()
        return Gathered(
            frame([self._enterprise(company) for company in companies], ENTERPRISES),
            frame([row for company in companies for row in self._answers(company, blocked)], ANSWERS),
            frame(marks, MARKS),
            frame([row for reading in self.readings for row in self._file_rows(reading)], FILES),
            frame([row for company in companies for row in self._recognised(company)], RECOGNISED),
            [count for _, sheet in sheets for count in sheet.pool_counts],
            [name for _, sheet in sheets for name in sheet.pool_names],
            [*self.issues],
            self._nil_returns(sheets),
            bool(sheets),
            any(reading.demo for reading in self.readings),
        )

    # -------------------------------------------------------------- nominations

    def _nominations(self, rows: list[Nomination]) -> None:
        repeated: dict[tuple[str, str], list[Nomination]] = {}
        for row in rows:
            key = company_key(row.company)
            company = self.companies.setdefault(key, Company(key, row.company, row))
            first = company.nomination
            if first is row or first is None:
                continue
            differences = self._nomination_differences(first, row)
            if differences:
                facts = {"other": _place_text(first.where), "differences": "，".join(differences)}
                self.issues.append(Issue("X08", row.where, company.name, facts=facts))
            else:
                repeated.setdefault((first.where.file, row.where.file), []).append(row)
        for (other, _), same in repeated.items():
            self.issues.append(Issue("X07", same[0].where, facts={"other": other, "count": str(len(same))}))

    def _nomination_differences(self, first: Nomination, second: Nomination) -> list[str]:
        """What two nominations of one company say differently: county or figures."""
        differences = []
        counties = [_decided(row.places) for row in (first, second)]
        if counties[0] != counties[1] and all(counties):
            differences.append(f"区县分别为“{'”“'.join(county[1] or county[0] for county in counties if county)}”")
        columns = {column.id: column.label for column in self.rulebook.nomination_columns}
        for identifier in FIGURE_COLUMNS:
            values = [row.figures.get(identifier, Reading()).value for row in (first, second)]
            if values[0] != values[1]:
                shown = "”“".join("空白" if value is None else number_text(value) for value in values)
                differences.append(f"{columns[identifier]}分别为“{shown}”")
        if first.refused != second.refused:
            differences.append("推荐意见不同")
        return differences

    # -------------------------------------------------------------- assessments

    def _assessments(self, forms: list[Assessment]) -> None:
        nominated = list(self.companies)
        of_company: dict[str, list[tuple[Assessment, str, str]]] = {}
        for form in forms:
            name, source = self._name_of(form, nominated)
            if not name:
                self._whose(form)
                continue
            of_company.setdefault(company_key(name), []).append((form, name, source))
        for key, named in of_company.items():
            named.sort(key=lambda entry: entry[0].order)
            form, name, source = named[-1]
            company = self.companies.setdefault(key, Company(key, name))
            company.form = form
            for entry, _, _ in named:
                self.company_of_sheet[entry.anchor.file, entry.anchor.sheet] = company
            if source != "label":
                facts = {"source": SOURCE_WORDS[source]}
                self.issues.append(Issue("T06", form.names[0][2], company.name, facts=facts))
            self._repeated_forms(company, [entry for entry, _, _ in named])

    def _name_of(self, form: Assessment, nominated: list[str]) -> tuple[str, str]:
        """(name, source) of the company: its labelled cell, else the sheet's, the file's, the folders' names."""
        for text, source, _ in form.names:
            if source == "label":
                if text:
                    return clean_name(text), source
                continue
            if key := name_in_text(text, nominated):
                return self.companies[key].name, source
            if left := name_left_over(text, self.rulebook, self.regions):
                return clean_name(left), source
        return "", ""

    def _whose(self, form: Assessment) -> None:
        place = _decided(form.places)
        near = [
            company.name
            for company in self.companies.values()
            if place and company.nomination and _decided(company.nomination.places) == place
        ]
        candidates = f"本区县推荐的企业有：{'、'.join(near[:5])}{'等' if len(near) > 5 else ''}。" if near else ""
        city, county = place or ("", "")
        self.issues.append(Issue("T05", form.names[0][2], facts={"candidates": candidates}, city=city, county=county))

    def _repeated_forms(self, company: Company, forms: list[Assessment]) -> None:
        used = forms[-1]
        for other in forms[:-1]:
            different = [
                f"{self.labels[mine.indicator]} {part}（{mine_cell.where.cell}：{_shown(theirs_cell)}→{_shown(mine_cell)}）"
                for mine, theirs in zip(used.answers, other.answers, strict=True)
                for part, mine_cell, theirs_cell in (("N", mine.n, theirs.n), ("M", mine.m, theirs.m))
                if (mine_cell.value, mine_cell.state == "error") != (theirs_cell.value, theirs_cell.state == "error")
            ]
            if different:
                facts = {
                    "used": _place_text(used.anchor), "other": _place_text(other.anchor),
                    "differences": "、".join(different[:5]) + (f"等 {len(different)} 处" if len(different) > 5 else ""),
                }  # fmt: skip
                self.issues.append(Issue("X10", used.anchor, company.name, facts=facts, part=other.anchor.file))
            else:
                facts = {"other": _place_text(other.anchor)}
                self.issues.append(Issue("X09", used.anchor, company.name, facts=facts, part=other.anchor.file))

    def _credit_code(self, company: Company) -> None:
        if company.form and company.form.credit_code and not credit_code_valid(company.form.credit_code):
            self.issues.append(Issue("V38", company.form.anchor, company.name, found=company.form.credit_code))

    # -------------------------------------------------------------- place

    def _place(self, company: Company) -> None:
        """City and county of a company; sources that disagree leave the county open."""
        places: list[Place] = []
        for record in (company.nomination, company.form):
            places.extend(record.places if record else ())
        where = company.nomination.where if company.nomination else company.form.anchor if company.form else Where()
        unsure = next((place for place in places if not place.county and place.source != "folder" and place.text), None)
        counties = sorted({(place.city, place.county) for place in places if place.county})
        cities = sorted({place.city for place in places if place.city})
        company.city = cities[0] if len(cities) == 1 else ""
        if len(counties) > 1 or len(cities) > 1:
            said = dict.fromkeys(f"{PLACE_WORDS[place.source]}为“{place.text}”" for place in places if place.city)
            self.issues.append(Issue("T15", where, company.name, facts={"sources": "，".join(said)}, city=company.city))
        elif unsure is not None and not _city_only(unsure):
            self._unsure(company, unsure, where)
        elif counties:
            company.city, company.county = counties[0]
        else:
            self.issues.append(Issue("T13", where, company.name, city=company.city))

    def _unsure(self, company: Company, place: Place, where: Where) -> None:
        if len(place.candidates) > 1:
            reason, suggestion = f"可能是{'或'.join(place.candidates)}", "其中一个"
        elif place.candidates:
            reason, suggestion = "全省不止一处用这个写法，要连同设区市一起写", f"“{place.candidates[0]}”"
        else:
            reason, suggestion = "不在本省区县、功能区和曾用名的名单中", "名单中某个区县"
        facts = {"reason": reason, "suggestion": suggestion}
        place_where = place.where if place.where.file else where
        self.issues.append(Issue("T14", place_where, company.name, "", "区县", place.text, facts, company.city))

    # -------------------------------------------------------------- marks

    def _marks(self, marks: list[Mark]) -> list[dict]:
        rows, strangers = [], {}
        for mark in marks:
            key = company_key(mark.company)
            if key not in self.companies:
                strangers.setdefault((mark.where.file, key), mark)
                continue
            rows.append(
                {"key": key, "indicator": mark.indicator, "expert": mark.expert, "mark": mark.mark, "state": mark.state,
                 "where": str(mark.where)}
            )  # fmt: skip
        for mark in strangers.values():
            self.issues.append(Issue("E05", mark.name_where, found=mark.company))
        return rows

    # -------------------------------------------------------------- issues of files, sheets and rows

    def _own_issues(self, sheets: list[tuple[FileReading, SheetReading]]) -> None:
        """The readers' own issues, each with its company, city and county."""
        counted = {id(company.form) for company in self.companies.values()}
        for reading in self.readings:
            city, county = self._county_of_folder(reading.path)
            self.issues.extend(issue._replace(city=city, county=county) for issue in reading.issues)
        for reading, sheet in sheets:
            city, county = self._county_of_sheet(reading, sheet)
            self.issues.extend(issue._replace(city=issue.city or city, county=issue.county or county) for issue in sheet.issues)
            for row in sheet.nominations:
                self.issues.extend(row.issues)
            for form in sheet.assessments:
                company = self.company_of_sheet.get((form.anchor.file, form.anchor.sheet))
                if id(form) in counted or company is None:
                    name = company.name if company else ""
                    self.issues.extend(issue._replace(company=name, city=city, county=county) for issue in form.issues)
        for place, issue in enumerate(self.issues):
            company = self.companies.get(company_key(issue.company)) if issue.company else None
            if company:
                self.issues[place] = issue._replace(company=company.name, city=company.city, county=company.county)

    def _county_of_folder(self, path: str) -> tuple[str, str]:
        place = self.regions.of_folders(path.split("/")[:-1])
        return (place.city, place.county) if place else ("", "")

    def _county_of_sheet(self, reading: FileReading, sheet: SheetReading) -> tuple[str, str]:
        """The one county a sheet belongs to, ("", "") when it is nobody's or several counties'."""
        companies = [self.companies[company_key(row.company)] for row in sheet.nominations]
        companies += [
            company
            for form in sheet.assessments
            if (company := self.company_of_sheet.get((form.anchor.file, form.anchor.sheet)))
        ]
        counties = {(company.city, company.county) for company in companies}
        if len(counties) == 1:
            return counties.pop()
        decided = _decided(sheet.places) or self._county_of_folder(reading.path)
        return decided if not counties else (decided[0], "")

    def _nil_returns(self, sheets: list[tuple[FileReading, SheetReading]]) -> tuple[tuple[str, str], ...]:
        """Counties whose 附件2 is empty or says 无."""
        nil = set()
        for _, sheet in sheets:
            if sheet.kind == "nomination" and not sheet.nominations:
                nil.add(_decided((*sheet.nil_places, *sheet.places)))
        return tuple(sorted(place for place in nil if place))

    def _blocked_items(self) -> set[tuple[str, str]]:
        """(company name, indicator) with an open error of layout or value on it: the item is unscored."""
        return {
            (issue.company, issue.indicator)
            for issue in self.issues
            if issue.indicator and issue.company and issue.code[0] in "TV" and CATALOGUE[issue.code].level == ERROR
        }

    # -------------------------------------------------------------- rows of the tables

    def _enterprise(self, company: Company) -> dict:
        nomination, form = company.nomination, company.form
        row = {
            "key": company.key, "company": company.name, "city": company.city, "county": company.county,
            "nominated": nomination is not None, "assessed": form is not None,
            "answered": form is not None and not form.blank,
            "refused": nomination.refused if nomination else False, "excluded": False,
            "credit_code": form.credit_code if form else "", "form_where": str(form.anchor) if form else "",
            "where": str(nomination.where if nomination else form.anchor if form else Where()),
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
            yield {**base, "remark": "；".join([*reasons, reading.remark]).strip("；")}
        for sheet in reading.sheets:
            city, county = self._county_of_sheet(reading, sheet)
            company = self.company_of_sheet.get((reading.path, sheet.sheet))
            empty = sheet.kind == "nomination" and not sheet.nominations
            remarks = [sheet.remark, "零报送（没有推荐企业）" if empty else "", reading.remark]
            yield {
                **base, "sheet": sheet.sheet, "kind": sheet.kind, "company": company.name if company else "",
                "city": city, "county": county, "remark": "；".join(remark for remark in remarks if remark),
            }  # fmt: skip


def _answer_part(part: str, reading: Reading) -> dict:
    return {
        part: reading.value, f"{part}_raw": reading.raw, f"{part}_read": reading.value, f"{part}_state": reading.state,
        f"{part}_where": str(reading.where),
    }  # fmt: skip


def _recognised_row(company: str, indicator: str, reading: Reading) -> dict:
    read = "" if reading.value is None else number_text(reading.value)
    return {
        **reading.where._asdict(), "company": company, "indicator": indicator, "raw": reading.raw, "read": read,
        "adopted": read, "rule": reading.rule,
    }  # fmt: skip


def _decided(places: Iterable[Place]) -> tuple[str, str] | None:
    """(city, county) of the first place that names a county, None without one."""
    return next(((place.city, place.county) for place in places if place.county), None)


def _city_only(place: Place) -> bool:
    """True when a text names a city and no county (a whole city's list)."""
    return len(place.candidates) == 1 and place.candidates[0] == place.city


def _shown(reading: Reading) -> str:
    return reading.raw or ("空白" if reading.value is None else number_text(reading.value))


def _place_text(where: Where) -> str:
    return f"“{where.file}”工作表“{where.sheet}”"

