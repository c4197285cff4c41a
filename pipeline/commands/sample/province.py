"""Which counties take part, how many companies each has, and which company gets which slip."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from pipeline.commands.sample.companies import MadeUpCompany, Seat, company_at, name_capacity
from pipeline.commands.sample.slips import SLIP_BY_ID, Slip, slips_by_company
from pipeline.model.refusals import Refused
from pipeline.model.rulebook import County, Rulebook

MOST_COMPANIES = 100_000
_FEWEST_COUNTIES = 22
_COMPANIES_PER_COUNTY = 12
_GATHERED_EVERY = 4  # every fourth county hands in one workbook for many companies


class SampleRefused(Refused):
    """The sample cannot be made as asked for, or its folder holds other files."""


class Quota(NamedTuple):
    """One county's companies: `size` numbers from `first`, within the city from `first_in_city`. words: see Seat;
    gathered: its 附件1 are the sheets of one workbook instead of one workbook each."""

    city: str
    county: str
    code: str
    words: tuple[str, str]
    first: int
    first_in_city: int
    size: int
    gathered: bool

    @property
    def folder(self) -> str:
        """The county's folder, relative to the sample's."""
        return f"{self.city}/{self.county}"

    def seat(self, position: int) -> Seat:
        """The seat of the county's company at `position`, counted from 0."""
        return Seat(self.first + position, self.first_in_city + position, self.city, self.county, self.code, self.words)


@dataclass(frozen=True)
class Province:
    """The whole sample before it is written. slips: company number -> slip id. Companies are made when asked for, so
    that it stays small whatever their number."""

    rulebook: Rulebook
    seed: int
    quotas: tuple[Quota, ...]
    slips: dict[int, str]

    def companies(self, quota: Quota, positions: range) -> Iterator[MadeUpCompany]:
        """The county's companies at `positions`, slips included."""
        for position in positions:
            company = company_at(quota.seat(position), self.seed, self.rulebook)
            slip = self.slip_of(company.seat.number)
            yield slip.change(company) if slip else company

    def slip_of(self, number: int) -> Slip | None:
        """The slip of the company with that number, if it has one."""
        return SLIP_BY_ID.get(self.slips.get(number, ""))

    def is_in_word(self, number: int) -> bool:
        """True for the company whose 附件1 is a Word document: the first, which has no slip, of the first county that does
        not gather its forms. A sample of a single county has none."""
        return len(self.quotas) > 1 and number == next((quota.first for quota in self.quotas if not quota.gathered), -1)


def made_up_province(rulebook: Rulebook, companies: int, seed: int, counties: int | None, defects: bool) -> Province:
    """The province of one seed; raises SampleRefused when the numbers asked for cannot be met."""
    if not 1 <= companies <= MOST_COMPANIES:
        raise SampleRefused(f"样例的企业数应在 1 到 {MOST_COMPANIES} 之间，现在是 {companies}，请改后再运行。")
    if counties is not None and counties < 1:
        raise SampleRefused(f"样例的区县数至少为 1，现在是 {counties}，请改后再运行。")
    quotas = tuple(_quotas(rulebook, companies, seed, counties))
    # Every county's first company stays as it is, so that no county is left without a nomination.
    candidates = [number for quota in quotas for number in range(quota.first + 1, quota.first + quota.size)]
    return Province(rulebook, seed, quotas, slips_by_company(candidates, seed) if defects else {})


def _quotas(rulebook: Rulebook, companies: int, seed: int, counties: int | None) -> Iterator[Quota]:
    """The counties that take part, in the rulebook's order, each with its share of the companies (one or more)."""
    wanted = counties or max(_FEWEST_COUNTIES, companies // _COMPANIES_PER_COUNTY)
    chance = random.Random(f"{seed}:counties")
    chosen = _spread(rulebook, min(wanted, companies), chance)
    city_words = {city.name: (*city.aliases, city.name)[0] for city in rulebook.cities}
    first, in_city = 0, dict.fromkeys(city_words, 0)
    for position, (county, size) in enumerate(zip(chosen, _sizes(companies, len(chosen), chance), strict=True)):
        words = (city_words[county.city], (*county.aliases, county.name)[0])
        gathered = position % _GATHERED_EVERY == _GATHERED_EVERY - 1
        yield Quota(county.city, county.name, county.code, words, first, in_city[county.city], size, gathered)
        first += size
        in_city[county.city] += size
        if in_city[county.city] > name_capacity():
            raise SampleRefused(f"{county.city}的样例企业太多，名称不够用，请增加区县数或减少企业数。")


def _spread(rulebook: Rulebook, wanted: int, chance: random.Random) -> list[County]:
    """`wanted` counties over as many cities as possible: one of each city, then a second of each, and so on."""
    expected = rulebook.expected_counties
    by_city = [[county for county in expected if county.city == city] for city in rulebook.city_names]
    shuffled = [chance.sample(members, len(members)) for members in by_city]
    in_turn = [county for line in zip_longest(*shuffled) for county in line if county is not None]
    codes = {county.code for county in in_turn[:wanted]}
    return [county for county in expected if county.code in codes]


def _sizes(companies: int, counties: int, chance: random.Random) -> list[int]:
    """Companies per county: uneven, at least one each, `companies` in all."""
    weights = [chance.lognormvariate(0, 0.4) for _ in range(counties)]
    sizes = [1 + int((companies - counties) * weight / sum(weights)) for weight in weights]
    for position in range(companies - sum(sizes)):
        sizes[position % counties] += 1
    return sizes
