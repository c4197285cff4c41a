"""Resolves texts to counties and cities by exact name, alias or old name. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from pipeline.issues.where import Where
from pipeline.model.records import NO_WHERE, RegionClaim
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import LONGEST_LABEL, label_of

_ARCHIVE = re.compile(r"\.zip$", re.I)  # an archive is named after the folder it was made of


class Region(NamedTuple):
    """A county or zone that exists today, or a city alone (county "")."""

    city: str
    county: str


class RegionIndex:
    """The names of a province's regions. Names are compared as labels, never by similarity.

    cities: name or alias -> city; counties: name, alias or old name -> the regions it can mean; ambiguous: aliases that
    need a city; beginnings: the first two characters of all names, so a text that begins otherwise names no region."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.province = rulebook.province
        self._order = rulebook.region_order
        self.cities = {label_of(city.name): city.name for city in rulebook.cities}
        for city in rulebook.cities:
            self.cities.update({label_of(alias): city.name for alias in city.aliases})
        self.cities_longest_first = sorted(self.cities, key=len, reverse=True)
        self._known = lru_cache(maxsize=20_000)(self._resolved)  # the rows of a list repeat their region
        self.ambiguous = {label_of(name) for name in rulebook.vocabulary.ambiguous_regions}
        self.counties: dict[str, set[Region]] = {}
        home = {county.name: county.city for county in rulebook.counties}
        for county in rulebook.counties:
            self._add((county.name, *county.aliases), [Region(county.city, county.name)])
        for zone in rulebook.zones:
            targets = [zone.name] if zone.reports else zone.parents
            self._add((zone.name, *zone.aliases), [Region(zone.city, name) for name in targets])
        for old in rulebook.old_names:
            if label_of(old.name) not in self.counties:
                self._add((old.name,), [Region(home[name], name) for name in old.now])

        known = (self.province, *self.cities, *self.counties)
        self.beginnings = frozenset(name[:2] for name in known)

    def _add(self, names: Iterable[str], regions: list[Region]) -> None:
        for name in names:
            self.counties.setdefault(label_of(name), set()).update(regions)

    def resolve(self, text: str, city: str = "") -> list[Region]:
        """The regions that a text can mean, sorted; [] for an unknown name.

        city: of the folder or the city column, restricts the result to its counties if any fits; an ambiguous alias
        resolves only with a city. A text may name province and city in front of the county (浙江省杭州市上城区); the name
        of a city gives Region(city, "").
        """
        return list(self._known(text, city) if len(text) <= LONGEST_LABEL else self._resolved(text, city))

    def _resolved(self, text: str, city: str) -> list[Region]:
        name = label_of(text).removeprefix(self.province).removeprefix(self.province.removesuffix("省"))
        if regions := self._named(name, city):
            return regions
        for alias in self.cities_longest_first:
            rest = name[len(alias) :].lstrip("/-_·、") if name.startswith(alias) else ""
            if rest and (regions := self._named(rest, self.cities[alias])):
                return [region for region in regions if region.city == self.cities[alias]]
        return [Region(self.cities[name], "")] if name in self.cities else []

    def _named(self, name: str, city: str) -> list[Region]:
        """The regions with exactly this name (a label), in the notice's order."""
        regions = self.counties.get(name, set())
        if city:
            inside = {region for region in regions if region.city == city}
            regions = inside or (set() if name in self.ambiguous else regions)
        return sorted(regions, key=lambda region: self._order.rank(*region))

    def named_in(self, text: str) -> Region | None:
        """The county whose name or unambiguous alias occurs in a text (嵊州市经信局报送); None when there is none or more than
        one."""
        label = label_of(text)
        regions: set[Region] = set()
        known = [name for name in {**self.cities, **self.counties} if name in label]
        for name in sorted(known, key=lambda name: (-len(name), name)):
            if name in label and name not in self.ambiguous:
                regions |= self.counties.get(name, set())
            label = label.replace(name, "\n")  # a shorter name within this one does not count
        return regions.pop() if len(regions) == 1 else None

    def claim(self, text: str, source: str, where: Where = NO_WHERE, city: str = "") -> RegionClaim | None:
        """The text as a RegionClaim, None for a blank one. An ambiguous alias without a city gets candidates, no
        county. source: as in RegionClaim; city: as in `resolve`."""
        if not label_of(text):
            return None
        regions = self.resolve(text, city)
        candidates = tuple(f"{region.city}{region.county}" for region in regions)
        if not city and label_of(text) in self.ambiguous:
            return RegionClaim(text, source, "", "", candidates, where)
        if len(regions) != 1:
            cities = {region.city for region in regions}
            return RegionClaim(text, source, cities.pop() if len(cities) == 1 else "", "", candidates, where)
        return RegionClaim(text, source, regions[0].city, regions[0].county, candidates, where)

    def of_folders(self, folders: Iterable[str], city: str = "") -> RegionClaim | None:
        """The region that the names of folders give; None when none of them names one. folders: inside the input,
        outermost first; city: of folders around them. Folders that contradict each other give a claim without a county,
        with all their regions as candidates."""
        claims: list[RegionClaim] = []
        for folder in folders:
            claim = self.claim(_ARCHIVE.sub("", folder), "folder", city=city)
            if claim is not None and (claim.city or claim.candidates):
                claims.append(claim)
                city = claim.city or city
        best = next((claim for claim in reversed(claims) if claim.county), claims[-1] if claims else None)
        counties = dict.fromkeys(f"{claim.city}{claim.county}" for claim in claims if claim.county)
        cities = dict.fromkeys(claim.city for claim in claims if claim.city)
        if best is None or (len(counties) <= 1 and len(cities) <= 1):
            return best
        text = "/".join(dict.fromkeys(claim.text for claim in claims))
        candidates = tuple(counties if len(counties) > 1 else (*cities, *counties))
        return RegionClaim(text, "folder", next(iter(cities)) if len(cities) == 1 else "", "", candidates)


def names_county(claim: RegionClaim | None) -> bool:
    """True for a claim to a county, also when it can mean several; False for a city alone and for None."""
    return claim is not None and (claim.county != "" or any(name != claim.city for name in claim.candidates))
