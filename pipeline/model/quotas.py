"""The quotas of [selection], region by region: every city or county with its figure, or with that of 各市 or 各县."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pipeline.model.rulebook import Rulebook

EVERY_CITY, EVERY_COUNTY = "各市", "各县"  # in a table of quotas: those that have no line of their own

Region = tuple[str, str]  # city and county


class QuotaNames(NamedTuple):
    """What the keys of the tables of quotas may be."""

    cities: tuple[str, ...]
    counties: frozenset[str]
    example: str
    every_county: str


def regions_with_quotas(rulebook: Rulebook) -> QuotaNames:
    """The names that a quota may be given to."""
    counties = [f"{city}{county}" for city, county in counties_of(rulebook)]
    example = counties[0] if counties else ""
    return QuotaNames((EVERY_CITY, *rulebook.city_names), frozenset([EVERY_COUNTY, *counties]), example, EVERY_COUNTY)


def counties_of(rulebook: Rulebook) -> list[Region]:
    """Every county, and every zone that reports for itself, in the notice's order."""
    counties = [(county.city, county.name) for county in rulebook.counties]
    return [*counties, *((zone.city, zone.name) for zone in rulebook.zones if zone.reports)]


def quotas_of_cities(rulebook: Rulebook) -> dict[str, int]:
    """City -> how many of its companies are selected at least, in the notice's order; without those that have none. 各市
    are the cities from which returns are expected."""
    quotas = rulebook.selection.city_quotas
    every = quotas.get(EVERY_CITY, 0)
    expected = {county.city for county in rulebook.expected_counties}
    asked = ((city, quotas.get(city, every if city in expected else 0)) for city in rulebook.city_names)
    return {city: quota for city, quota in asked if quota}


def quotas_of_counties(rulebook: Rulebook) -> dict[Region, int]:
    """County -> how many of its companies are selected at least, in the notice's order; without those that have none.
    各县 are the counties of the cities from which returns are expected."""
    quotas = rulebook.selection.county_quotas
    every = quotas.get(EVERY_COUNTY, 0)
    expected = {county.city for county in rulebook.expected_counties}
    found = {}
    for city, county in counties_of(rulebook):
        quota = quotas.get(f"{city}{county}", every if city in expected else 0)
        if quota:
            found[city, county] = quota
    return found
