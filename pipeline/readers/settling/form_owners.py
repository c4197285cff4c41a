"""Which company each form is of. Nothing is merged by likeness: equal keys are one company, and so are names with one
统一社会信用代码 within one place; everything else is a question with candidates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from pipeline.issues.catalogue import COMPANY_NAME_INFERRED, CREDIT_CODES_CONFLICT, NO_COMPANY_NAME
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import listed
from pipeline.model.names import clean_name, name_key
from pipeline.model.records import NO_WHERE, Assessment
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import narrowed
from pipeline.readers.settling.arrived import ArrivedForm
from pipeline.readers.settling.company import Companies, Company
from pipeline.readers.settling.credit_codes import Bearer, bearer_of_row, linked, same_company, valid_code
from pipeline.readers.settling.forms_that_count import FormRules, NamedForm, with_forms
from pipeline.readers.settling.names_in_texts import NameFinder
from pipeline.readers.settling.places import CITY, COUNTY, NEUTRAL, Heard, Place, Places
from pipeline.readers.settling.region_claims import NOWHERE, agreed_county
from pipeline.readers.sheet.regions import Region

SOURCE_WORDS = {"sheet": "工作表名", "file": "文件名", "folder": "文件夹名", "code": "统一社会信用代码"}


class FormName(NamedTuple):
    """A company's name as a form gives it. source: label, sheet, file or folder; "" when the form gives none."""

    text: str = ""
    source: str = ""
    where: Where = NO_WHERE


@dataclass(frozen=True)
class FormTerms:
    """What forms are assigned by."""

    places: Places
    heard: Heard
    finder: NameFinder
    rulebook: Rulebook
    rules: FormRules


def assign_forms(companies: Companies, forms: Iterable[ArrivedForm], terms: FormTerms) -> tuple[Companies, list[Issue]]:
    """The companies with their forms, and with those companies that only a form names.

    Issues: T05 for a form without a company, T06 for a name that is not from a labelled cell, T15 for a form that lies in
    another county's place, X09 and X10 for a company's further forms, X16 and X17 for the credit codes."""
    naming = _Naming(companies, terms)
    entries: list[NamedForm] = []
    nameless: list[ArrivedForm] = []
    for form in forms:
        if entry := naming.named(form):
            entries.append(entry)
        else:
            nameless.append(form)
    issues = naming.issues
    entries, other_keys, link_issues = _linked_within_places(companies, entries, terms.places)
    issues += link_issues
    companies = replace(companies, other_keys={**other_keys, **companies.other_keys})
    by_company: dict[str, list[NamedForm]] = {}
    for entry in entries:
        company = _known_as(companies, entry.bearer.key, entry.place)
        by_company.setdefault(company.key if company else entry.bearer.key, []).append(entry)
    by_key = dict(companies.by_key)
    inferred = set()
    for key, own in by_company.items():
        company = by_key.get(key) or Company(key, own[0].bearer.name)
        by_key[key], form_issues = with_forms(company, own, terms.rules)
        issues += form_issues + _inferred_names(by_key[key], own)
        inferred |= {entry.form.key for entry in own if entry.place.kind == NEUTRAL and entry.source != "label"}
    companies = replace(companies, by_key=by_key, inferred=frozenset(inferred))
    return companies, issues + [_whose(form.content, companies, terms) for form in nameless]


def _inferred_names(company: Company, entries: Sequence[NamedForm]) -> list[Issue]:
    """T06 for the form that counts where its name is not from a labelled cell."""
    counting = next((entry for entry in entries if entry.form.key == company.form_key), None)
    if counting is None or counting.source == "label":
        return []
    form = counting.form.content
    labelled = any(name_source == "label" for _, name_source, _ in form.names)
    facts = {"source": SOURCE_WORDS[counting.source], "lack": "没有填写" if labelled else "没有找到"}
    return [Issue(COMPANY_NAME_INFERRED, form.names[0][2], company.name, facts=facts)]


class _Naming:
    """Names forms. A name from a sheet, a file or a folder, and a code, count only for the companies that the form's own
    place nominated; in a neutral file only for the one company of the run that they fit."""

    def __init__(self, companies: Companies, terms: FormTerms) -> None:
        self.companies, self.terms = companies, terms
        self.issues: list[Issue] = []
        self.keys = [*companies.by_key, *companies.other_keys]
        self.keys_of = lru_cache(maxsize=1_000)(self._keys_of)
        self.codes_of = lru_cache(maxsize=1_000)(self._codes_of)
        words = terms.rulebook.vocabulary.not_given
        self.not_given = {narrowed(word) for word in words}

    def named(self, form: ArrivedForm) -> NamedForm | None:
        """The form with its company; None where nothing names one. X16 or X17 where a code says another company."""
        content = form.content
        place = self.terms.places.of(content.anchor.file)
        name = self._name_of(content, place)
        code = valid_code(content.credit_code)
        bearer = Bearer(name_key(name.text), code, name.text, name.where, content.credit_code_where)
        source = name.source
        owner = self.codes_of(place.region, place.kind).get(code) if code else None
        if owner and _known_as(self.companies, bearer.key, place) is not owner:
            if self._contradict(content, place, bearer, owner):
                self.issues.append(_two_companies(bearer, place))
            else:
                if name.text:
                    self.issues.append(same_company(bearer, owner.name, owner.where))
                bearer, source = bearer._replace(key=owner.key, name=owner.name), source if name.text else "code"
        if not bearer.key:
            return None
        return NamedForm(form, bearer, source, place, self.terms.places.form(content))

    def _contradict(self, form: Assessment, place: Place, bearer: Bearer, owner: Company) -> bool:
        """True when the name is another nominated company's, or the form's claims speak against the code's company. In a
        neutral file under a name that nobody nominated, they must speak for it."""
        named = _known_as(self.companies, bearer.key, place)
        if named is not None and named.nomination:
            return True
        if place.kind == COUNTY:
            return False
        claimed = agreed_county(form.claims)
        if claimed is None and (place.kind == CITY or not bearer.key):
            return any(claim.county for claim in form.claims)
        return claimed != owner.nominated_in

    def _keys_of(self, region: Region) -> tuple[str, ...]:
        """Keys of the companies that this county's or city's place nominated, or nobody's place and no county."""
        return tuple(key for key in self.keys if _is_of(self.companies.of_key(key), region))

    def _codes_of(self, region: Region, kind: str) -> dict[str, Company]:
        """Valid code → the company whose nominations carry it; codes of several companies left out."""
        owners: dict[str, dict[str, Company]] = {}
        for company in self.companies:
            if kind == NEUTRAL or _is_of(company, region):
                for row in company.nominations:
                    owners.setdefault(valid_code(row.credit_code), {})[company.key] = company
        return {code: next(iter(same.values())) for code, same in owners.items() if code and len(same) == 1}

    def _name_of(self, form: Assessment, place: Place) -> FormName:
        """The company's name from its labelled cell, else from the sheet's, the file's or a folder's name."""
        for text, source, where in form.names:
            if source == "label":
                if text and narrowed(text) not in self.not_given and self.terms.finder.is_name(text):
                    return FormName(clean_name(text), source, where)
                continue
            names = self._names_in(text, place)
            if len(names) > 1:
                return FormName()
            if names:
                return FormName(names[0], source, where)
        return FormName()

    def _names_in(self, text: str, place: Place) -> list[str]:
        """The names that a text can mean: of nominated companies, else what is left of it."""
        finder = self.terms.finder
        if place.kind == NEUTRAL:
            keys = finder.fitting(text, self.keys)
        else:
            longest = finder.longest(text, self.keys_of(place.region))
            keys = [longest] if longest else []
        if keys:
            known = [self.companies.of_key(key) for key in keys]
            return list(dict.fromkeys(company.name for company in known if company))
        left = clean_name(finder.left_over(text))
        nominated = _known_as(self.companies, name_key(left), place)
        if nominated is None or place.kind == NEUTRAL or _is_of(nominated, place.region):
            return [nominated.name if nominated else left] if left else []
        return []  # another county's company: a question


def _known_as(companies: Companies, key: str, place: Place) -> Company | None:
    """The company of a key that stands in a place. Another name, which only a sender's codes make a company's, counts in
    that sender's own place alone."""
    if key in companies.by_key:
        return companies.by_key[key]
    company = companies.of_key(key)
    if company is None or (place.kind == NEUTRAL) != (company.place is not None and company.place.kind == NEUTRAL):
        return None
    return company if place.kind == NEUTRAL or _is_of(company, place.region) else None


def _is_of(company: Company | None, region: Region) -> bool:
    """True for a company that this county, or some county of this city, nominated; or that is open and nominated by no
    other place."""
    if company is None or company.disputed:
        return False
    county = company.nominated_in
    if county is None:
        place = company.place
        return (
            place is None
            or place.kind == NEUTRAL
            or place.region == region
            or (place.kind == CITY and place.city == region.city)
        )
    return county.city == region.city and region.county in ("", county.county)


def _linked_within_places(
    companies: Companies, entries: Sequence[NamedForm], places: Places
) -> tuple[list[NamedForm], dict[str, str], list[Issue]]:
    """The forms with the names that share a code within one place made one company's (X16), the other names' keys, and
    the questions about codes (X17)."""
    scopes: dict[tuple[str, ...], list[NamedForm]] = {}
    for entry in entries:
        scopes.setdefault(entry.place.sender, []).append(entry)
    rows: dict[tuple[str, ...], list[Bearer]] = {}
    for company in companies:
        for row in company.nominations:
            bearer = bearer_of_row(row)._replace(key=company.key)
            place = places.of(row.where.file)
            rows.setdefault(place.sender, []).append(bearer)
            scopes.setdefault(place.sender, [])
            if company.nominated_in and place.sender != _own_place(company.nominated_in):
                rows.setdefault(_own_place(company.nominated_in), []).append(bearer)
    result: list[NamedForm] = []
    other_keys: dict[str, str] = {}
    issues: list[Issue] = []
    for sender, own in scopes.items():
        links = linked([*rows.get(sender, ()), *(entry.bearer for entry in own)], companies.by_key.keys())
        result += [_with_key(entry, links.key_of(entry.bearer.key)) for entry in own]
        for other, key in links.other_keys.items():
            if other not in companies.by_key:
                other_keys[other] = key if other_keys.get(other, key) == key else other
        issues += [_filed(issue, places.of(issue.where.file), companies) for issue in (*links.same, *links.questions)]
    order = {entry.form.key: position for position, entry in enumerate(entries)}
    return sorted(result, key=lambda entry: order[entry.form.key]), other_keys, issues


def _own_place(county: Region) -> tuple[str, ...]:
    return Place(COUNTY, county.city, county.county).sender


def _with_key(entry: NamedForm, key: str) -> NamedForm:
    return entry._replace(bearer=entry.bearer._replace(key=key))


def _filed(issue: Issue, place: Place, companies: Companies) -> Issue:
    """An issue about a form's code: of its company where the form's place may speak for that, else of the sender."""
    company = companies.named(issue.company)
    if company is None or company.place is None or _speaks_for(place, company):
        return issue
    return issue._replace(company="", city=place.city, county=place.county)


def _speaks_for(place: Place, company: Company) -> bool:
    if company.place is not None and company.place.kind == NEUTRAL:
        return True
    return company.nominated_in is not None and place.standing(company.nominated_in) > place.standing(NOWHERE)


def _two_companies(bearer: Bearer, place: Place) -> Issue:
    """X17 for a form whose name and code point to two companies: nothing is linked by the code. It names no other."""
    reason = "这个代码在推荐表里是另一家企业的，或与表内的区县对不上，仍按企业名称计"
    codes = f"“{bearer.name}”{bearer.code}"
    return Issue(
        CREDIT_CODES_CONFLICT,
        bearer.code_where,
        part=bearer.code_where.cell,
        found=bearer.code,
        facts={"reason": reason, "codes": codes},
        city=place.city,
        county=place.county,
    )


def _whose(form: Assessment, companies: Companies, terms: FormTerms) -> Issue:
    """T05 for a form without a company, filed under its place, with the nominated companies of its county that have no
    form; of a neutral form under the county it claims, where nobody else speaks for that."""
    place = terms.places.of(form.anchor.file)
    region = place.region
    if place.kind == COUNTY and terms.places.form(form).against:
        near: list[str] = []
    else:
        claimed = agreed_county(form.claims)
        if place.kind != COUNTY and claimed and terms.heard.allows(place, claimed):
            region = claimed
        near = [
            company.name
            for company in companies
            if region.county and not company.forms and not company.disputed and company.nominated_in == region
        ]
    candidates = f"本区县还没有附件1的推荐企业有：{listed(near, '家')}。" if near else ""
    facts = {"candidates": candidates}
    return Issue(NO_COMPANY_NAME, form.names[0][2], facts=facts, city=region.city, county=region.county)
