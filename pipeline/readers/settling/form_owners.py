"""Which company each form is of. Nothing is merged by likeness: equal keys are one company, and so are names with one
统一社会信用代码; everything else is a question with candidates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from pipeline.issues.catalogue import COMPANY_NAME_INFERRED, NO_COMPANY_NAME
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import listed
from pipeline.model.names import clean_name, name_key
from pipeline.model.records import NO_WHERE, Assessment, RegionClaim
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import narrowed
from pipeline.readers.settling.arrived import ArrivedForm
from pipeline.readers.settling.company import Companies, Company
from pipeline.readers.settling.credit_codes import Bearer, bearer_of_row, linked, same_company, valid_code
from pipeline.readers.settling.names_in_texts import name_in_text, name_left_over, name_of_county
from pipeline.readers.settling.region_claims import NOWHERE, agreed_county, first_county
from pipeline.readers.settling.repeated import repeated_form
from pipeline.readers.sheet.regions import Region, RegionIndex

SOURCE_WORDS = {"sheet": "工作表名", "file": "文件名", "folder": "文件夹名", "code": "统一社会信用代码"}


class FormName(NamedTuple):
    """A company's name as a form gives it. source: label, sheet, file or folder; "" when the form gives none."""

    text: str = ""
    source: str = ""
    where: Where = NO_WHERE


class NamedForm(NamedTuple):
    """A form and the company it is of. source: as in FormName, or code."""

    form: ArrivedForm
    bearer: Bearer
    source: str


def assign_forms(
    companies: Companies, forms: Iterable[ArrivedForm], rulebook: Rulebook, regions: RegionIndex
) -> tuple[Companies, list[Issue]]:
    """The companies with their forms, and with those companies that only a form names.

    Issues: T05 for a form without a company, T06 for a name that is not from a labelled cell, X09 and X10 for a
    company's further forms, X16 and X17 for the credit codes."""
    named, nameless, issues = _named_forms(companies, forms, rulebook, regions)
    nominations = [bearer_of_row(row)._replace(key=company.key) for company in companies for row in company.nominations]
    links = linked([*nominations, *(entry.bearer for entry in named)], companies.by_key.keys())
    issues += [*links.same, *links.questions]
    companies = replace(companies, other_keys={**companies.other_keys, **links.other_keys})
    by_company: dict[str, list[NamedForm]] = {}
    for entry in named:
        by_company.setdefault(companies.key_of(entry.bearer.key), []).append(entry)
    by_key = dict(companies.by_key)
    for key, entries in by_company.items():
        company = by_key.get(key) or Company(key, entries[0].bearer.name)
        entries.sort(key=lambda entry: entry.form.content.order)
        by_key[key] = replace(company, forms=tuple(entry.form for entry in entries))
    companies = replace(companies, by_key=by_key)
    for company in companies:
        if entries := by_company.get(company.key, []):
            issues += _form_issues(company.name, entries, rulebook)
    return companies, issues + [_whose(form.content, companies) for form in nameless]


def _form_issues(company: str, entries: Sequence[NamedForm], rulebook: Rulebook) -> list[Issue]:
    """T06 for the form that counts, the last one; X09 or X10 for each of the others."""
    issues = []
    form, source = entries[-1].form.content, entries[-1].source
    if source != "label":
        labelled = any(name_source == "label" for _, name_source, _ in form.names)
        facts = {"source": SOURCE_WORDS[source], "lack": "没有填写" if labelled else "没有找到"}
        issues.append(Issue(COMPANY_NAME_INFERRED, form.names[0][2], company, facts=facts))
    return issues + [repeated_form(company, form, other.form.content, rulebook) for other in entries[:-1]]


def _named_forms(
    companies: Companies, forms: Iterable[ArrivedForm], rulebook: Rulebook, regions: RegionIndex
) -> tuple[list[NamedForm], list[ArrivedForm], list[Issue]]:
    """The forms that a nominated company's code or a name identifies; the other forms; X16 where the code is another
    company's than the name."""
    nominated = _Nominated(companies)
    owners = _nominated_codes(companies)
    named, nameless, issues = [], [], []
    for form in forms:
        name = _name_of(form.content, nominated, rulebook, regions)
        code = valid_code(form.content.credit_code)
        bearer = Bearer(name_key(name.text), code, name.text, name.where, form.content.credit_code_where)
        source = name.source
        owner = owners.get(code)
        if owner and companies.key_of(bearer.key) != owner.key:
            if name.text:
                issues.append(same_company(bearer, owner.name, owner.where))
            bearer, source = bearer._replace(key=owner.key, name=owner.name), source if name.text else "code"
        if bearer.key:
            named.append(NamedForm(form, bearer, source))
        else:
            nameless.append(form)
    return named, nameless, issues


def _nominated_codes(companies: Companies) -> dict[str, Company]:
    """Valid code → the company whose nominations carry it; codes of several companies left out."""
    owners: dict[str, dict[str, Company]] = {}
    for company in companies:
        for row in company.nominations:
            owners.setdefault(valid_code(row.credit_code), {})[company.key] = company
    return {code: next(iter(sharing.values())) for code, sharing in owners.items() if code and len(sharing) == 1}


class _Nominated:
    """The keys of the nominated companies, and which of them may be a county's or a city's."""

    def __init__(self, companies: Companies) -> None:
        self.companies = companies
        self.keys = [*companies.by_key, *companies.other_keys]
        self.keys_of = lru_cache(maxsize=1_000)(self._keys_of)

    def _keys_of(self, region: Region) -> frozenset[str]:
        """Keys of the companies nominated by this county, by some county of this city, or by an unknown county."""
        return frozenset(key for key in self.keys if self._may_be_of(self.companies.of_key(key), region))

    def _may_be_of(self, company: Company | None, region: Region) -> bool:
        counties = {first_county(row.claims) for row in company.nominations} if company else set()
        return any(
            county is None or (county.city == region.city and region.county in ("", county.county))
            for county in counties
        )

    def name_in(self, text: str, claims: Sequence[RegionClaim], rulebook: Rulebook) -> str:
        """The name of the nominated company whose key stands in the name of a sheet, file or folder; "" without one.
        `claims`: what the form's sources claim about its region."""
        region = first_county(claims) or next((Region(claim.city, "") for claim in claims if claim.city), None)
        if region is None:
            key = name_in_text(text, self.keys)
        else:
            key = name_of_county(text, self.keys, self.keys_of(region), rulebook)
        company = self.companies.of_key(key) if key else None
        return company.name if company else ""


def _name_of(form: Assessment, nominated: _Nominated, rulebook: Rulebook, regions: RegionIndex) -> FormName:
    """The company's name from its labelled cell, else from the sheet's, the file's or a folder's name."""
    not_given = {narrowed(word) for word in rulebook.vocabulary.not_given}
    for text, source, where in form.names:
        if source == "label":
            if text and narrowed(text) not in not_given:
                return FormName(clean_name(text), source, where)
        elif name := nominated.name_in(text, form.claims, rulebook):
            return FormName(name, source, where)
        elif left := name_left_over(text, rulebook, regions):
            return FormName(clean_name(left), source, where)
    return FormName()


def _whose(form: Assessment, companies: Companies) -> Issue:
    """T05 for a form without a company, with the nominated companies of its county that have no form; without any when
    the form's claims about its region contradict each other."""
    region = agreed_county(form.claims)
    near = [
        company.name
        for company in companies
        if region and not company.forms and first_county(company.nominations[0].claims) == region
    ]
    candidates = f"本区县还没有附件1的推荐企业有：{listed(near, '家')}。" if near else ""
    city, county = region or NOWHERE
    return Issue(NO_COMPANY_NAME, form.names[0][2], facts={"candidates": candidates}, city=city, county=county)
