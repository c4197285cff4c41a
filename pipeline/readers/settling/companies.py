"""The companies of a run: nominated or with a form, with the file, values and county that count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.issues.catalogue import (
    ASSESSMENTS_CONFLICT,
    CREDIT_CODE_DIGITS_LOST,
    CREDIT_CODE_INVALID,
    NOMINATIONS_CONFLICT,
)
from pipeline.issues.issue import Issue
from pipeline.model.company_files import ASSESSMENT, NOMINATION, CompanyFile
from pipeline.model.names import credit_code_lost, credit_code_valid, name_key
from pipeline.model.records import Nomination
from pipeline.model.rulebook import Rulebook
from pipeline.readers.settling.adopted_values import with_adopted_figures, with_adopted_values
from pipeline.readers.settling.arrived import Arrived, ArrivedForm
from pipeline.readers.settling.company import Companies, Company
from pipeline.readers.settling.contradictions import Neighbours
from pipeline.readers.settling.counties import alone_by_folder, settled_region
from pipeline.readers.settling.decided import Decided
from pipeline.readers.settling.decision_kinds import ChosenFile
from pipeline.readers.settling.form_owners import FormTerms, assign_forms
from pipeline.readers.settling.forms_that_count import FormRules
from pipeline.readers.settling.names_in_texts import NameFinder
from pipeline.readers.settling.nominations import Lists, begins_with_county, nominated_companies
from pipeline.readers.settling.places import Heard, Places
from pipeline.readers.sheet.regions import Region


class _Decisions:
    """What decisions say of a company, by its key. fingerprints: path → SHA-256 of every file."""

    def __init__(self, decided: Decided, fingerprints: Mapping[str, str]) -> None:
        self._decided, self._fingerprints = decided, fingerprints

    def county(self, key: str) -> Region | None:
        """The county that a decision gives a company."""
        region = self._decided.company_regions.applied(key, Company(key, "")).region
        return region if region.county else None

    def row(self, key: str, rows: Sequence[Nomination]) -> Nomination | None:
        """The one of a company's rows that a decision picks."""
        among = ChosenFile(Company(key, "", tuple(rows)), self._fingerprints)
        choice = self._decided.chosen_file(key, among, NOMINATION)
        return choice.company.nominations[0] if choice.settled == NOMINATIONS_CONFLICT else None

    def form(self, key: str, forms: Sequence[ArrivedForm]) -> ArrivedForm | None:
        """The one of a company's forms that a decision picks."""
        among = ChosenFile(Company(key, "", forms=tuple(forms)), self._fingerprints)
        choice = self._decided.chosen_file(key, among, ASSESSMENT)
        return choice.company.forms[-1] if choice.settled == ASSESSMENTS_CONFLICT else None

    def files(self, company: Company) -> list[CompanyFile]:
        """The files of a company, after the decisions that name none of them are said."""
        every = ChosenFile(company, self._fingerprints)
        self._decided.look_for_files(company.key, every)
        return every.files


def settled_companies(
    arrived: Arrived, decided: Decided, rulebook: Rulebook, places: Places, heard: Heard, latest: str
) -> tuple[Companies, list[Issue]]:
    """Every company of the nominations and forms, with the issues about what they are and where they belong. latest: the
    run's day, after which no form can have been saved."""
    rows = [row for content in arrived.contents for row in content.nominations]
    forms = [form for sheet in arrived.sheets for form in sheet.forms]
    decisions = _Decisions(decided, {file.path: file.reading.sha256 for file in arrived.files})
    finder = NameFinder(rulebook, places.regions)
    supports = _Supports(forms, places, finder)
    lists = Lists(places, heard, rulebook, decisions.county, decisions.row, supports.among)
    companies, issues = nominated_companies(rows, lists)

    def begins_with(key: str, county: Region) -> bool:
        return begins_with_county(key, county, places.regions)

    rules = FormRules(rulebook, heard, latest, decisions.form, decisions.county, begins_with, Neighbours(companies))
    companies, form_issues = assign_forms(companies, forms, FormTerms(places, heard, finder, rulebook, rules))
    terms = _Terms(decided, rulebook, places, decisions, Neighbours(companies))
    settled = [_settled(company, terms) for company in companies]
    issues = [*issues, *form_issues, *(issue for _, own in settled for issue in own)]
    return replace(companies, by_key={company.key: company for company, _ in settled}), issues


class _Supports:
    """The forms that speak for a county where several nominate one company."""

    def __init__(self, forms: Iterable[ArrivedForm], places: Places, finder: NameFinder) -> None:
        self._forms = [form.content for form in forms]
        self._places, self._finder = places, finder

    def among(self, key: str, counties: Sequence[Region]) -> list[Region]:
        """Those of the counties that a form of the company speaks for: one of a county's place for that county, another
        for the county that all its claims name, without one for each of them."""
        supported = set()
        for form in self._forms:
            if not any(self._names(text, source, key) for text, source, _ in form.names):
                continue
            said = self._places.form(form).county
            supported |= {county for county in counties if said in (None, county)}
        return [county for county in counties if county in supported]

    def _names(self, text: str, source: str, key: str) -> bool:
        return name_key(text) == key or (source != "label" and self._finder.stands_in(key, text))


@dataclass(frozen=True)
class _Terms:
    """What a company is settled by."""

    decided: Decided
    rulebook: Rulebook
    places: Places
    decisions: _Decisions
    neighbours: Neighbours


def _settled(company: Company, terms: _Terms) -> tuple[Company, list[Issue]]:
    """One company with the decisions about its values, county and exclusion, else with the county its claims agree on;
    the issues about it."""
    key, decided = company.key, terms.decided
    company = replace(company, files=tuple(terms.decisions.files(company)))
    if company.forms:
        *others, form = company.forms
        content = with_adopted_values(form.content, key, decided.values, terms.rulebook)
        company = replace(company, forms=(*others, replace(form, content=content)))
    company = decided.exclusions.applied(key, company)
    company = decided.company_regions.applied(key, company)
    company = with_adopted_figures(company, decided.values, terms.rulebook)
    issues: list[Issue] = []
    if not company.region.county:
        company, issues = settled_region(company, terms.places, terms.neighbours)
        issues += alone_by_folder(company, terms.neighbours)
    return company, issues + _wrong_code(company)


def _wrong_code(company: Company) -> list[Issue]:
    """V38 or V55 for a credit code in the form that counts whose check digit is wrong or whose digits are lost."""
    form = company.form
    if form is None or not form.credit_code or credit_code_valid(form.credit_code):
        return []
    code = CREDIT_CODE_DIGITS_LOST if credit_code_lost(form.credit_code) else CREDIT_CODE_INVALID
    return [Issue(code, form.credit_code_where, company.name, found=form.credit_code)]
