"""Which companies are nominated, by which place, and what it means when several rows nominate the same one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pipeline.issues.catalogue import NOMINATED_FROM_ELSEWHERE, NOMINATIONS_CONFLICT
from pipeline.issues.issue import Issue
from pipeline.model.names import name_key
from pipeline.model.records import Nomination, Reading
from pipeline.model.rulebook import Rulebook
from pipeline.readers.settling.company import Companies, Company
from pipeline.readers.settling.credit_codes import linked_rows
from pipeline.readers.settling.places import Heard, Places, Said, Standing
from pipeline.readers.settling.repeated import cell_text, different_figures, repeated_rows
from pipeline.readers.sheet.regions import Region, RegionIndex

_ANOTHERS = "这家企业由它所属的区县推荐，与这一行不同"
_NOT_ON_THE_LIST = "所写区县自己的推荐表里没有这家企业"


class SaidRow(NamedTuple):
    """A row and what it says of its county."""

    row: Nomination
    said: Said


@dataclass
class Outcome:
    """What is said about rows; it grows company by company. repeated: (file of the row that counts, file of its repetition) → the pairs."""

    issues: list[Issue]
    repeated: dict[tuple[str, str], list[tuple[Nomination, Nomination]]]


@dataclass(frozen=True)
class Lists:
    """What rows are weighed by. By a company's key: decided_county, the county that a decision gives it; chosen_row, the
    one of its rows that a decision picks; supported, those of several counties that some form of it speaks for."""

    places: Places
    heard: Heard
    rulebook: Rulebook
    decided_county: Callable[[str], Region | None]
    chosen_row: Callable[[str, Sequence[Nomination]], Nomination | None]
    supported: Callable[[str, Sequence[Region]], list[Region]]


def nominated_companies(rows: Iterable[Nomination], lists: Lists) -> tuple[Companies, list[Issue]]:
    """Every nominated company, under the name of the nomination that counts.

    A company belongs to the county in whose place it is nominated. A row elsewhere changes nothing of it: one X07 per
    pair of files where it says the same, else one X20 on that row. Two names that share a credit code within one place
    are one company (X16)."""
    rows = list(rows)
    links = linked_rows(rows, lists.places)
    by_key: dict[str, list[SaidRow]] = {}
    for row in rows:
        key = links.key_of(lists.places.of(row.where.file), name_key(row.company))
        by_key.setdefault(key, []).append(SaidRow(row, lists.places.row(row)))
    outcome = Outcome(list(links.same), {})
    nominated = [_nominated(key, said, lists, outcome) for key, said in by_key.items()]
    companies = {company.key: company for company in nominated if company}
    issues = outcome.issues + [repeated_rows(other, pairs) for (other, _), pairs in outcome.repeated.items()]
    known = {other: key for other, key in links.agreed().items() if key in companies and other not in companies}
    return Companies(companies, known), issues


def _nominated(key: str, rows: list[SaidRow], lists: Lists, outcome: Outcome) -> Company | None:
    """One company by all its rows; None where no row counts."""
    if chosen := _decided(key, rows, lists):
        return chosen
    accepted = [entry for entry in rows if _is_accepted(entry.said, lists.heard)]
    if not accepted:
        return _against_places(key, rows, outcome)
    groups = _groups(accepted)
    winner = next(iter(groups), None) if len(groups) < 2 else _winner(key, groups, lists)
    if groups and winner is None:
        counties = "”“".join(region.county or region.city for region in groups)
        outcome.issues += [_conflict(entry, rows, [f"区县分别为“{counties}”"]) for entry in rows]
        return _disputed(key, rows)
    if winner is None and _contradict(accepted, lists.rulebook):
        outcome.issues += [_two_claims(entry, accepted, lists.rulebook) for entry in accepted]
        _reject(None, [entry for entry in rows if entry not in accepted], lists, outcome)
        return _disputed(key, rows)
    counting = groups[winner] if winner else accepted
    used = counting[0]
    same_sender = [entry for entry in counting if _sender(entry) == _sender(used)] if not winner else counting
    county = next((entry.said.county for entry in counting if entry.said.county), None)
    _compare_own(same_sender, lists, outcome)
    others = [entry for entry in rows if entry not in same_sender]
    _reject(used, others, lists, outcome, county)
    return _company(key, same_sender, others, county)


def _decided(key: str, rows: Sequence[SaidRow], lists: Lists) -> Company | None:
    """The company as a decision about its file or its county has it; None without one. The rest does not matter then."""
    file, county = lists.chosen_row(key, [entry.row for entry in rows]), lists.decided_county(key)
    if file is None and county is None:
        return None
    ranked = sorted(rows, key=lambda entry: (entry.row is not file, _distance(entry.said, county)))
    return _company(key, ranked[:1], ranked[1:], county or ranked[0].said.county)


def _company(key: str, used: Sequence[SaidRow], others: Iterable[SaidRow], county: Region | None) -> Company:
    rows, other_rows = tuple(entry.row for entry in used), tuple(entry.row for entry in others)
    return Company(key, rows[0].company, rows, nominated_in=county, place=used[0].said.place, other_rows=other_rows)


def _disputed(key: str, rows: Sequence[SaidRow]) -> Company:
    """A company of which nothing counts until a decision: it is listed by its name alone."""
    row = rows[0].row
    bare = Nomination(row.company, row.where, (), "", "", _no_figures(row), "", "", row.phone_where, "", False)
    return Company(key, row.company, (bare,), disputed=True, other_rows=tuple(entry.row for entry in rows))


def _no_figures(row: Nomination) -> dict[str, Reading]:
    return {column: Reading(where=reading.where) for column, reading in row.figures.items()}


def _is_accepted(said: Said, heard: Heard) -> bool:
    """True for a row that may nominate: of a county's place for that county, else where no place speaks for the county
    it claims. One that claims no county, or several, nominates for none."""
    if said.against:
        return False
    return said.county is None or heard.allows(said.place, said.county)


def _groups(accepted: Sequence[SaidRow]) -> dict[Region, list[SaidRow]]:
    """The rows of counties' and cities' places by the county that they nominate for; {} where there are only neutral
    ones. Those of a city that name no county form a group of the city."""
    groups: dict[Region, list[SaidRow]] = {}
    for entry in accepted:
        if entry.said.standing >= Standing.CITY:
            groups.setdefault(entry.said.county or Region(entry.said.place.city, ""), []).append(entry)
    for region in [region for region in groups if not region.county]:
        if any(other.county and other.city == region.city for other in groups):
            del groups[region]
    return groups


def _winner(key: str, groups: dict[Region, list[SaidRow]], lists: Lists) -> Region | None:
    """Which of several places that have a row of a company it belongs to; None where nobody can tell.

    A county in whose place the company's form lies goes before places that bring a row alone, as a row costs nothing. It
    does not where the company's name begins with the region of one of these, or where one of these refuses the company,
    to which no form belongs, unless the name begins with the county itself. A name alone decides nothing."""
    regions = lists.places.regions
    supported = lists.supported(key, list(groups))
    if len(supported) != 1:
        return None
    winner, others = supported[0], [county for county in groups if county != supported[0]]
    if begins_with_county(key, winner, regions):
        return winner
    of_city = [county for county in groups if begins_with_city(key, county, regions)]
    if any(begins_with_county(key, county, regions) for county in others) or (of_city and winner not in of_city):
        return None
    return None if any(all(entry.row.refused for entry in groups[county]) for county in others) else winner


def begins_with_county(key: str, county: Region, regions: RegionIndex) -> bool:
    """True for a company's name that begins with a county's name, the names of province and city in front of it or not."""
    rest = _without_province(key, regions)
    names = [name for name, meant in regions.counties.items() if meant == {county} and name not in regions.ambiguous]
    cities = [name for name, city in regions.cities.items() if city == county.city]
    starts = [rest, *(rest.removeprefix(city) for city in cities if rest.startswith(city))]
    return any(start.startswith(name_key(name)) for start in starts for name in names)


def begins_with_city(key: str, county: Region, regions: RegionIndex) -> bool:
    """True for a company's name that begins with the name of the county's city."""
    rest = _without_province(key, regions)
    return any(rest.startswith(name_key(name)) for name, city in regions.cities.items() if city == county.city)


def _without_province(key: str, regions: RegionIndex) -> str:
    return key.removeprefix(regions.province).removeprefix(regions.province.removesuffix("省"))


def _contradict(entries: Sequence[SaidRow], rulebook: Rulebook) -> bool:
    """True when neutral rows of several senders differ in the county or the figures."""
    if len({_sender(entry) for entry in entries}) < 2:
        return False
    return any(_differences(entries[0], entry, rulebook) for entry in entries[1:]) or len(_counties(entries)) > 1


def _sender(entry: SaidRow) -> tuple[str, ...]:
    """Who sent a neutral row, as far as one can tell: its archive, else its file."""
    place = entry.said.place
    return place.sender if place.archive or place.city else (*place.sender, entry.row.where.file)


def _counties(entries: Iterable[SaidRow]) -> set[Region]:
    return {entry.said.county for entry in entries if entry.said.county}


def _differences(first: SaidRow, second: SaidRow, rulebook: Rulebook) -> list[str]:
    counties = [entry.said.county for entry in (first, second)]
    other = []
    if all(counties) and counties[0] != counties[1]:
        other = [f"区县分别为“{'”“'.join(county.county for county in counties if county)}”"]
    return [*other, *different_figures(first.row, second.row, rulebook)]


# -------------------------------------------------------------------- issues


def _compare_own(counting: Sequence[SaidRow], lists: Lists, outcome: Outcome) -> None:
    """X08 for each further row of the same sender that differs from the first, which counts; X07 for one that does not."""
    first = counting[0]
    for entry in counting[1:]:
        if differences := _differences(first, entry, lists.rulebook):
            facts = {"other": cell_text(first.row.where), "differences": "，".join(differences)}
            company, file = first.row.company, entry.row.where.file
            outcome.issues.append(Issue(NOMINATIONS_CONFLICT, entry.row.where, company, part=file, facts=facts))
        else:
            _repeat(first, entry, outcome)


def _repeat(first: SaidRow, entry: SaidRow, outcome: Outcome) -> None:
    pair = (first.row.where.file, entry.row.where.file)
    outcome.repeated.setdefault(pair, []).append((first.row, entry.row))


def _reject(
    used: SaidRow | None,
    others: Iterable[SaidRow],
    lists: Lists,
    outcome: Outcome,
    county: Region | None = None,
) -> None:
    """X07 for a row elsewhere that says the same as the one that counts, else X20."""
    for entry in others:
        same_county = entry.said.county in (None, county) and not entry.said.against
        if used and same_county and not different_figures(used.row, entry.row, lists.rulebook):
            _repeat(used, entry, outcome)
        else:
            outcome.issues.append(_from_elsewhere(entry, _ANOTHERS if used else _NOT_ON_THE_LIST))


def _against_places(key: str, rows: Sequence[SaidRow], outcome: Outcome) -> Company | None:
    """A company that only rows against a place nominate. One in a county's place that names another county is a
    question (T15) and no county's company; the others are not taken."""
    asked = [entry for entry in rows if entry.said.against]
    outcome.issues += [_from_elsewhere(entry, _NOT_ON_THE_LIST) for entry in rows if not entry.said.against]
    if not asked:
        return None
    return replace(_company(key, asked[:1], asked[1:], None), torn=True)


def _from_elsewhere(entry: SaidRow, reason: str) -> Issue:
    """X20 on a row that is not taken, filed under its sender. It quotes nothing but the row itself."""
    where, region = entry.row.where, entry.said.place.region
    found = entry.row.company
    facts = {"reason": reason, "name": found}  # a fact, so that it is not told to whom the name is not to be told
    return Issue(
        NOMINATED_FROM_ELSEWHERE, where, "", "", where.cell, found, facts, city=region.city, county=region.county
    )


def _two_claims(entry: SaidRow, rows: Sequence[SaidRow], rulebook: Rulebook) -> Issue:
    """X08 on a neutral row of a company that another neutral row nominates otherwise."""
    others = [other for other in rows if other is not entry]
    differences = next(filter(None, (_differences(entry, other, rulebook) for other in others)), ["另有一处与这里不同"])
    return _conflict(entry, rows, differences)


def _conflict(entry: SaidRow, rows: Sequence[SaidRow], differences: Sequence[str]) -> Issue:
    other = next(other for other in rows if other is not entry)
    facts = {"other": cell_text(other.row.where), "differences": "，".join(differences)}
    return Issue(NOMINATIONS_CONFLICT, entry.row.where, rows[0].row.company, part=entry.row.where.cell, facts=facts)


def _distance(said: Said, county: Region | None) -> int:
    """Orders rows by how near they are to the county of a decision: of its place, claiming it, any other."""
    if county is None or said.place.region == county:
        return 0
    return 1 if said.county == county else 2
