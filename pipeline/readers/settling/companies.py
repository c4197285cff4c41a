"""Which company a nomination and a form are of, and which of several counts.

Nothing is merged by likeness: equal keys are one company, and so are names with one 统一社会信用代码; everything else is a
question with candidates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.issues.catalogue import COMPANY_NAME_INFERRED, NO_COMPANY_NAME, NOMINATIONS_CONFLICT
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.names import clean_name, company_key
from pipeline.model.records import NO_WHERE, Assessment, Nomination, RegionClaim
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import narrowed
from pipeline.readers.settling.credit_codes import Bearer, Companies, linked, same_company, valid_code
from pipeline.readers.settling.names_in_texts import name_in_text, name_left_over, name_of_county
from pipeline.readers.settling.twice import SHOWN, cell_text, different_figures, repeated_form, repeated_rows
from pipeline.readers.sheet.regions import RegionIndex

SOURCE_WORDS = {"sheet": "工作表名", "file": "文件名", "folder": "文件夹名", "code": "统一社会信用代码"}


@dataclass
class Company:
    """One company: its nominations, the first of which counts, and its forms, the last of which counts.
    disputed: two nominations place it in different counties."""

    key: str
    name: str
    nominations: list[Nomination] = field(default_factory=list)
    forms: list[Assessment] = field(default_factory=list)
    disputed: bool = False
    city: str = ""
    county: str = ""

    @property
    def nomination(self) -> Nomination | None:
        return self.nominations[0] if self.nominations else None

    @property
    def form(self) -> Assessment | None:
        return self.forms[-1] if self.forms else None

    @property
    def credit_code(self) -> str:
        """As given in its form, else in 附件2; "" without."""
        given = [self.form.credit_code if self.form else "", *(row.credit_code for row in self.nominations)]
        return next(filter(None, given), "")

    @property
    def where(self) -> Where:
        """The cell of its name in 附件2, else of its form."""
        return self.nomination.where if self.nomination else self.form.anchor if self.form else NO_WHERE


def decided(places: Iterable[RegionClaim]) -> tuple[str, str] | None:
    """(city, county) of the first place that names a county, None without one."""
    return next(((place.city, place.county) for place in places if place.county), None)


def agreed(places: Iterable[RegionClaim]) -> tuple[str, str] | None:
    """(city, county) that every place naming a county names, None when none does or places contradict each other."""
    places = list(places)
    counties = {(place.city, place.county) for place in places if place.county}
    cities = {place.city for place in places if place.city}
    return counties.pop() if len(counties) == len(cities) == 1 else None


# ---------------------------------------------------------------------------------------- nominations


def nominated_companies(rows: Iterable[Nomination], rulebook: Rulebook) -> tuple[Companies, list[Issue]]:
    """Key -> company for every nomination, its name as first nominated. Twice with the same county and figures: one,
    and one X07 per pair of files; else X08. Names that share a code are one (X16)."""
    rows = list(rows)
    names: dict[str, str] = {}
    for row in rows:
        names.setdefault(company_key(row.company), row.company)
    companies = Companies()
    companies.other_keys, issues, _ = linked(_bearer(row) for row in rows)
    repeated: dict[tuple[str, str], list[Nomination]] = {}
    for row in rows:
        key = companies.key_of(company_key(row.company))
        company = companies.setdefault(key, Company(key, names[key]))
        company.nominations.append(row)
        first = company.nominations[0]
        if first is row:
            continue
        elsewhere = _other_county(first, row)
        differences = [*elsewhere, *different_figures(first, row, rulebook)]
        company.disputed = company.disputed or bool(elsewhere)
        if differences:
            facts = {"other": cell_text(first.where), "differences": "，".join(differences)}
            issues.append(Issue(NOMINATIONS_CONFLICT, row.where, company.name, part=row.where.file, facts=facts))
        else:
            repeated.setdefault((first.where.file, row.where.file), []).append(row)
    issues += [repeated_rows(other, same, companies) for (other, _), same in repeated.items()]
    return companies, issues


def _bearer(row: Nomination) -> Bearer:
    return Bearer(company_key(row.company), valid_code(row.credit_code), row.company, row.where, row.credit_code_where)


def _other_county(first: Nomination, second: Nomination) -> list[str]:
    counties = [decided(row.places) for row in (first, second)]
    if counties[0] == counties[1] or not all(counties):
        return []
    return [f"区县分别为“{'”“'.join(county[1] for county in counties if county)}”"]


# ---------------------------------------------------------------------------------------- forms


def assign_forms(
    companies: Companies, forms: Iterable[Assessment], rulebook: Rulebook, regions: RegionIndex
) -> list[Issue]:
    """Gives every form to its company, those that nobody nominated added; T05 for a form that names none, T06 for a
    name that is not from a labelled cell, X09 and X10 for a company's further forms, X16 and X17 for their codes."""
    named, nameless, issues = _named_forms(companies, forms, rulebook, regions)
    nominations = [
        _bearer(row)._replace(key=company.key) for company in companies.values() for row in company.nominations
    ]
    other_keys, same, questions = linked([*nominations, *(bearer for _, bearer, _ in named)], companies)
    companies.other_keys |= other_keys
    issues += [*same, *questions]
    sources: dict[int, str] = {}
    for form, bearer, source in named:
        key = companies.key_of(bearer.key)
        companies.setdefault(key, Company(key, bearer.name)).forms.append(form)
        sources[id(form)] = source
    for company in companies.values():
        company.forms.sort(key=lambda form: form.order)
        if company.form and sources[id(company.form)] != "label":
            labelled = any(source == "label" for _, source, _ in company.form.names)
            lack = "没有填写" if labelled else "没有找到"
            facts = {"source": SOURCE_WORDS[sources[id(company.form)]], "lack": lack}
            issues.append(Issue(COMPANY_NAME_INFERRED, company.form.names[0][2], company.name, facts=facts))
        issues += [repeated_form(company.name, company.forms[-1], other, rulebook) for other in company.forms[:-1]]
    return issues + [_whose(form, companies) for form in nameless]


def _named_forms(
    companies: Companies, forms: Iterable[Assessment], rulebook: Rulebook, regions: RegionIndex
) -> tuple[list[tuple[Assessment, Bearer, str]], list[Assessment], list[Issue]]:
    """(form, whose it is, where that was found) for every form that a nominated code or a name identifies; the others;
    X16 where the code names another company than the form does."""
    known = _Nominated(companies)
    owners = _nominated_codes(companies)
    named, nameless, issues = [], [], []
    for form in forms:
        name, source, where = _name_of(form, known, rulebook, regions)
        bearer = Bearer(company_key(name), valid_code(form.credit_code), name, where, form.credit_code_where)
        owner = owners.get(bearer.code)
        if owner and name and companies.key_of(bearer.key) != owner.key:
            issues.append(same_company(bearer, owner.name, owner.where))
        if owner and companies.key_of(bearer.key) != owner.key:
            bearer, source = bearer._replace(key=owner.key, name=owner.name), source if name else "code"
        if bearer.key:
            named.append((form, bearer, source))
        else:
            nameless.append(form)
    return named, nameless, issues


def _nominated_codes(companies: Companies) -> dict[str, Company]:
    """Code → the one company whose nominations carry it."""
    owners: dict[str, dict[str, Company]] = {}
    for company in companies.values():
        for row in company.nominations:
            owners.setdefault(valid_code(row.credit_code), {}).setdefault(company.key, company)
    return {code: next(iter(found.values())) for code, found in owners.items() if code and len(found) == 1}


class _Nominated:
    """The nominated keys, and which of them a county, or a city, may call its own."""

    def __init__(self, companies: Companies) -> None:
        self.companies = companies
        self.keys = [*companies, *companies.other_keys]
        self.own_of = lru_cache(maxsize=1_000)(self._own_of)

    def _own_of(self, city: str, county: str) -> frozenset[str]:
        """Keys of the companies that are nominated there, or by nobody knows whom."""
        return frozenset(key for key in self.keys if self._may_be_of(self.companies[key], city, county))

    def _may_be_of(self, company: Company, city: str, county: str) -> bool:
        said = {decided(row.places) for row in company.nominations}
        return any(place is None or (place[0] == city and county in ("", place[1])) for place in said)

    def name_in(self, text: str, places: Iterable[RegionClaim], rulebook: Rulebook) -> str:
        """The key of a nominated company in the name of a sheet, a file or a folder of these places; "" without."""
        region = decided(places) or next(((place.city, "") for place in places if place.city), None)
        if region is None:
            return name_in_text(text, self.keys)
        return name_of_county(text, self.keys, self.own_of(*region), rulebook)


def _name_of(
    form: Assessment, nominated: _Nominated, rulebook: Rulebook, regions: RegionIndex
) -> tuple[str, str, Where]:
    """(name, source, where) of the company: its labelled cell, else the sheet's, the file's, the folders' names."""
    not_given = {narrowed(word) for word in rulebook.vocabulary.not_given}
    for text, source, where in form.names:
        if source == "label":
            if text and narrowed(text) not in not_given:
                return clean_name(text), source, where
        elif key := nominated.name_in(text, form.places, rulebook):
            return nominated.companies[key].name, source, where
        elif left := name_left_over(text, rulebook, regions):
            return clean_name(left), source, where
    return "", "", NO_WHERE


def _whose(form: Assessment, companies: dict[str, Company]) -> Issue:
    """T05 with the companies of the form's county that are without a form; a form whose places contradict each other
    is nobody's."""
    place = agreed(form.places)
    near = [
        company.name
        for company in companies.values()
        if place and not company.forms and decided(company.nominations[0].places) == place
    ]
    more = "等" if len(near) > SHOWN else ""
    candidates = f"本区县还没有附件1的推荐企业有：{'、'.join(near[:SHOWN])}{more}。" if near else ""
    city, county = place or ("", "")
    return Issue(NO_COMPANY_NAME, form.names[0][2], facts={"candidates": candidates}, city=city, county=county)
