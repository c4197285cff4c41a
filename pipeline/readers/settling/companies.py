"""The companies of a run: nominated or with a form, with the file, values and county that count."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.issues.catalogue import CREDIT_CODE_INVALID, Code
from pipeline.issues.issue import Issue
from pipeline.model.names import credit_code_valid
from pipeline.model.rulebook import Rulebook
from pipeline.readers.settling.adopted_values import with_adopted_values
from pipeline.readers.settling.arrived import Arrived
from pipeline.readers.settling.company import Companies, Company
from pipeline.readers.settling.counties import settled_region
from pipeline.readers.settling.decided import Decided
from pipeline.readers.settling.decision_kinds import ChosenFile
from pipeline.readers.settling.form_owners import assign_forms
from pipeline.readers.settling.nominations import nominated_companies
from pipeline.readers.sheet.regions import RegionIndex


@dataclass(frozen=True)
class _Settled:
    """A company as settled. question: the code of the issue about it that a decision answers, if any."""

    company: Company
    question: Code | None
    issues: list[Issue]


def settled_companies(
    arrived: Arrived, decided: Decided, rulebook: Rulebook, regions: RegionIndex
) -> tuple[Companies, list[Issue]]:
    """Every company of the nominations and forms, with the issues about what they are and where they belong."""
    rows = [row for content in arrived.contents for row in content.nominations]
    forms = [form for sheet in arrived.sheets for form in sheet.forms]
    companies, issues = nominated_companies(rows, rulebook)
    companies, form_issues = assign_forms(companies, forms, rulebook, regions)
    settled = [_settled(company, decided, rulebook) for company in companies]
    answered = {(entry.question, entry.company.name) for entry in settled if entry.question}
    issues = [issue for issue in [*issues, *form_issues] if (issue.code, issue.company) not in answered]
    issues += [issue for entry in settled for issue in entry.issues]
    return replace(companies, by_key={entry.company.key: entry.company for entry in settled}), issues


def _settled(company: Company, decided: Decided, rulebook: Rulebook) -> _Settled:
    """One company with the decisions about its files, values, county and exclusion, else with the county its claims
    agree on."""
    key = company.key
    company, question = decided.files.applied(key, ChosenFile(company))
    if company.forms:
        *others, form = company.forms
        content = with_adopted_values(form.content, key, decided.values, rulebook)
        company = replace(company, forms=(*others, replace(form, content=content)))
    company = decided.exclusions.applied(key, company)
    company = decided.company_regions.applied(key, company)
    issues: list[Issue] = []
    if not company.region.county:
        company, issues = settled_region(company)
    return _Settled(company, question, issues + _wrong_code(company))


def _wrong_code(company: Company) -> list[Issue]:
    """V38 for a credit code in the form that counts whose check digit is wrong."""
    form = company.form
    if form is None or not form.credit_code or credit_code_valid(form.credit_code):
        return []
    return [Issue(CREDIT_CODE_INVALID, form.credit_code_where, company.name, found=form.credit_code)]
