"""Which of a company's forms count: those from the place of the county that nominated it, else from a neutral file; of
several the last one saved. Nothing that a sender can write into a form decides between senders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipeline.issues.catalogue import ASSESSMENTS_CONFLICT, COUNTY_CONTRADICTORY, SAME_ASSESSMENT_REPEATED
from pipeline.issues.issue import Issue
from pipeline.model.records import Assessment
from pipeline.model.rulebook import Rulebook
from pipeline.readers.settling.arrived import ArrivedForm
from pipeline.readers.settling.company import Company
from pipeline.readers.settling.contradictions import Contradiction, Neighbours, contradiction
from pipeline.readers.settling.credit_codes import Bearer
from pipeline.readers.settling.places import CITY, COUNTY, NEUTRAL, Heard, Place, Said, Standing
from pipeline.readers.settling.repeated import differing_items, repeated_form
from pipeline.readers.settling.saved import saved_on
from pipeline.readers.sheet.regions import Region


class NamedForm(NamedTuple):
    """A form and the company it is of. source: label, sheet, file, folder or code."""

    form: ArrivedForm
    bearer: Bearer
    source: str
    place: Place
    said: Said


@dataclass(frozen=True)
class FormRules:
    """What forms are weighed by. latest: the run's day, after which no form can have been saved; chosen_form: of a
    company's forms the one that a decision picks; decided_county: the county that a decision gives the company; neighbours:
    the other companies of its list."""

    rulebook: Rulebook
    heard: Heard
    latest: str
    chosen_form: Callable[[str, Sequence[ArrivedForm]], ArrivedForm | None]
    decided_county: Callable[[str], Region | None]
    name_begins_with: Callable[[str, Region], bool]
    neighbours: Neighbours


def with_forms(company: Company, entries: list[NamedForm], rules: FormRules) -> tuple[Company, list[Issue]]:
    """The company with its forms, the one that counts last, and the issues about the others."""
    entries = sorted(entries, key=lambda entry: _saved_order(entry.form.content, rules.latest))
    every = tuple(entry.form for entry in entries)
    decided = rules.decided_county(company.key)
    if chosen := rules.chosen_form(company.key, every):
        others = tuple(form for form in every if form is not chosen)
        county = decided or company.nominated_in
        return replace(company, forms=(chosen,), other_forms=others, nominated_in=county), []
    if company.disputed:
        return replace(company, other_forms=every), []
    county = decided or company.nominated_in or _county_of_forms(company, entries, rules)
    if county is None and _counties(company, entries):
        if not company.nomination:
            return replace(company, forms=every), []  # T15 says that its county is open
        return replace(company, other_forms=every), _in_other_places(entries, company, (), None, rules)
    return _weighed(company, entries, county, decided is not None, rules)


def _weighed(
    company: Company, entries: Sequence[NamedForm], county: Region | None, decided: bool, rules: FormRules
) -> tuple[Company, list[Issue]]:
    """The company with those of its forms that lie nearest to its county. decided: a decision gives it that county."""
    ranks = {entry.form.key: _rank(entry, county) for entry in entries}
    if decided and not any(ranks.values()):
        ranks = dict.fromkeys(ranks, 1)
    best = max(ranks.values())
    foreign = [entry for entry in entries if not ranks[entry.form.key]]
    counting = [entry for entry in entries if best and ranks[entry.form.key] == best]
    lower = [entry for entry in entries if 0 < ranks[entry.form.key] < best]
    issues = _in_other_places(foreign, company, counting, county, rules)
    if company.nomination:
        company = replace(company, nominated_in=None if company.torn and not decided else county)
        if _of_several_senders(counting) and _differ(counting, rules.rulebook):
            issues += [_beside_another(entry, rules.rulebook, counting) for entry in counting]
            return replace(company, other_forms=tuple(entry.form for entry in entries)), issues
    else:
        company = replace(company, closed=_is_closed(counting, rules.heard))
    if counting:
        used = counting[-1].form.content
        issues += [repeated_form(company.name, used, other.form.content, rules.rulebook) for other in counting[:-1]]
        issues += [_beaten(entry, used, rules.rulebook) for entry in lower]
    others = tuple(entry.form for entry in (*foreign, *lower))
    return replace(company, forms=tuple(entry.form for entry in counting), other_forms=others), issues


def _saved_order(form: Assessment, latest: str) -> tuple[str, str, str]:
    """Sorts forms: by the time they were saved, if it can be, then by path and sheet."""
    saved, path, sheet = form.order
    return (saved_on(saved, latest), path, sheet)


def _county_of_forms(company: Company, entries: Sequence[NamedForm], rules: FormRules) -> Region | None:
    """The county in whose place forms of a company lie whose county nothing else gives; None without one, and where there
    are several of which its name tells none."""
    if company.torn and company.place:
        return company.place.region
    counties = _counties(company, entries)
    if len(counties) > 1:
        counties = [county for county in counties if rules.name_begins_with(company.key, county)]
    return counties[0] if len(counties) == 1 else None


def _counties(company: Company, entries: Sequence[NamedForm]) -> list[Region]:
    regions = dict.fromkeys(entry.place.region for entry in entries if entry.place.kind == COUNTY)
    city = company.place.city if company.place and company.nomination else ""
    return [region for region in regions if city in ("", region.city)]


def _rank(entry: NamedForm, county: Region | None) -> int:
    """How near a form is to the county of its company; 0 for one that does not count."""
    if county is None:
        return _OF_KIND[entry.place.kind]
    standing = entry.place.standing(county)
    if standing is Standing.OWN:
        return 4
    if standing is Standing.FOREIGN or _claims_another(entry, county):
        return 0
    if standing is Standing.CITY:
        return 3
    return 2 if entry.source in ("label", "code") else 1


_OF_KIND = {COUNTY: 4, CITY: 3, NEUTRAL: 2}


def _claims_another(entry: NamedForm, county: Region) -> bool:
    claims = entry.form.content.claims
    return any(claim.city != county.city or claim.county not in ("", county.county) for claim in claims if claim.city)


def _of_several_senders(entries: Sequence[NamedForm]) -> bool:
    return len({entry.place.sender for entry in entries}) > 1


def _differ(entries: Sequence[NamedForm], rulebook: Rulebook) -> bool:
    first = entries[0].form.content
    return any(differing_items(first, entry.form.content, rulebook) for entry in entries[1:])


def _is_closed(counting: Sequence[NamedForm], heard: Heard) -> bool:
    """True for a company that nobody nominates and whose forms claim a county that speaks for itself."""
    said = [entry.said for entry in counting]
    return any(
        entry.county and not heard.allows(entry.place, entry.county) for entry in said if entry.place.kind != COUNTY
    )


# -------------------------------------------------------------------- issues, filed under their senders


def _in_other_places(
    foreign: Sequence[NamedForm],
    company: Company,
    counting: Sequence[NamedForm],
    county: Region | None,
    rules: FormRules,
) -> list[Issue]:
    """T15 for each form that does not lie where its company is nominated, or where its counting forms lie. Where the list
    of a torn company is the suspect, T15 stands on that alone."""
    neighbours = rules.neighbours.of(company)
    beside = [] if company.nominations else [entry.form.content for entry in counting]
    issues = []
    for entry in foreign:
        form = entry.form.content
        found = contradiction(company.nominations, [*beside, form], neighbours, None if company.torn else county)
        if not company.torn or found.where is None or found.where.file == form.anchor.file:
            issues.append(_in_another_place(entry, found))
    return issues


def _in_another_place(entry: NamedForm, found: Contradiction) -> Issue:
    form, region = entry.form.content, entry.place.region
    return Issue(
        COUNTY_CONTRADICTORY,
        form.names[0][2],
        part=form.anchor.cell,
        found=entry.bearer.name,
        facts={"sources": found.sources, "advice": found.advice, "effect": "改正前这份附件1没有采用"},
        city=region.city,
        county=region.county,
    )


def _beaten(entry: NamedForm, used: Assessment, rulebook: Rulebook) -> Issue:
    """X09 or X10 on a form that another of its company's own place, or of its county's city, goes before."""
    form, region = entry.form.content, entry.place.region
    items = differing_items(used, form, rulebook)
    part = f"“{form.anchor.file}”工作表“{form.anchor.sheet}”"
    code = ASSESSMENTS_CONFLICT if items else SAME_ASSESSMENT_REPEATED
    facts = {"other": "企业所属区县的材料里"}
    if items:
        facts = {"used": f"采用企业所属区县报送的一份，未采用 {part}", "differences": "、".join(items[:5])}
    return Issue(code, form.anchor, part=part, facts=facts, city=region.city, county=region.county)


def _beside_another(entry: NamedForm, rulebook: Rulebook, every: Sequence[NamedForm]) -> Issue:
    """X10 on each of several forms from different senders, of which none goes before another: none counts."""
    form = entry.form.content
    other = next(other for other in every if other.place.sender != entry.place.sender).form.content
    part = f"“{form.anchor.file}”工作表“{form.anchor.sheet}”"
    facts = {
        "used": f"看不出以哪一份为准，两份都没有采用，另一份是 {part}",
        "differences": "、".join(differing_items(form, other, rulebook)[:5]),
    }
    return Issue(ASSESSMENTS_CONFLICT, form.anchor, part=part, facts=facts)
