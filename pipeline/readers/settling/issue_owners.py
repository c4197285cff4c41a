"""The issues of everything that arrived, each with the company and region it concerns."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.issues.issue import Issue
from pipeline.readers.settling.arrived import Arrived, ArrivedSheet
from pipeline.readers.settling.company import Companies
from pipeline.readers.settling.owners import Owners
from pipeline.readers.sheet.regions import Region


def owned_issues(company_issues: Iterable[Issue], arrived: Arrived, owners: Owners) -> list[Issue]:
    """Every issue up to here: those about companies and experts, of files, sheets and nominations. Those about a known
    company have its one spelling and its region."""
    companies = owners.companies
    issues = [*company_issues, *_issues_of_files(arrived, owners), *_issues_of_nominations(companies)]
    return [_with_company(issue, companies) for issue in issues]


def _issues_of_files(arrived: Arrived, owners: Owners) -> list[Issue]:
    """The issues of files and sheets, each with its region, those of the forms that count with their company too."""
    issues: list[Issue] = []
    for file in arrived.files:
        issues += _in_region(file.reading.issues, owners.region_of_file(file.path))
    for sheet in arrived.sheets:
        region = owners.region_of_sheet(sheet)
        issues += [
            issue._replace(city=issue.city or region.city, county=issue.county or region.county)
            for issue in sheet.content.issues
        ]
        issues += _in_region(_issues_of_forms(sheet, owners.companies), region)
    return issues


def _in_region(issues: Iterable[Issue], region: Region) -> Iterable[Issue]:
    return (issue._replace(city=region.city, county=region.county) for issue in issues)


def _issues_of_forms(sheet: ArrivedSheet, companies: Companies) -> Iterable[Issue]:
    """The issues of a sheet's forms: with their company, as decisions leave them, of forms that count; as they are, of
    forms that no company is known for; none of a company's further forms and of those that do not count."""
    for form in sheet.forms:
        company = companies.of_form(form.key)
        if form.key in companies.refused_forms:
            continue
        if company is None:
            yield from (issue._replace(company="") for issue in form.content.issues)
        elif company.form and company.form_key == form.key:
            yield from (issue._replace(company=company.name) for issue in company.form.issues)


def _issues_of_nominations(companies: Companies) -> list[Issue]:
    """The issues of each company's nominations; what several of its rows share, once."""
    issues: list[Issue] = []
    for company in companies:
        known: set[tuple[str, str, str]] = set()
        for row in company.nominations:
            issues += [issue for issue in row.issues if (issue.code, issue.part, issue.found) not in known]
            known |= {(issue.code, issue.part, issue.found) for issue in row.issues}
    return issues


def _with_company(issue: Issue, companies: Companies) -> Issue:
    company = companies.named(issue.company) if issue.company else None
    if company is None:
        return issue
    return issue._replace(company=company.name, city=company.region.city, county=company.region.county)
