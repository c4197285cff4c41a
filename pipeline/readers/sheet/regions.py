"""Which company, which county: keys, names taken from texts, regions by exact name, alias or old name. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from pipeline.issues.where import Where
from pipeline.model.records import NO_WHERE, RegionClaim
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import LONGEST_LABEL, label_of

_ARCHIVE = re.compile(r"\.zip$", re.I)  # an archive stands for the folder it was made of


class Region(NamedTuple):
    """A county of today, or a city alone (county "")."""

    city: str
    county: str


class RegionIndex:
    """Resolves a text to a region by exact name, alias or old name; never by likeness."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.province = rulebook.province
        self.cities = {label_of(city.name): city.name for city in rulebook.cities}
        for city in rulebook.cities:
            self.cities.update({label_of(alias): city.name for alias in city.aliases})
        self.cities_longest_first = sorted(self.cities, key=len, reverse=True)
        self._known = lru_cache(maxsize=20_000)(self._resolved)  # a list's rows say the same again and again
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
        self.beginnings = frozenset(name[:2] for name in known)  # a text that begins otherwise names no region

    def _add(self, names: Iterable[str], regions: list[Region]) -> None:
        for name in names:
            self.counties.setdefault(label_of(name), set()).update(regions)

    def resolve(self, text: str, city: str = "") -> list[Region]:
        """What the text can mean, in a fixed order: [] nothing known, one region, or several to ask about.

        `city` narrows it (the folder's or the city column's); an ambiguous alias counts only with a city.
        A text may name province and city before the county (浙江省杭州市上城区); a city alone is Region(city, "").
        """
        return list(self._known(text, city) if len(text) <= LONGEST_LABEL else self._resolved(text, city))

    def _resolved(self, text: str, city: str) -> list[Region]:
        name = label_of(text).removeprefix(self.province).removeprefix(self.province.removesuffix("省"))
        found = self._named(name, city)
        if found:
            return found
        for alias in self.cities_longest_first:
            rest = name[len(alias) :].lstrip("/-_·、") if name.startswith(alias) else ""
            if rest and (found := self._named(rest, self.cities[alias])):
                return [region for region in found if region.city == self.cities[alias]]
        return [Region(self.cities[name], "")] if name in self.cities else []

    def _named(self, name: str, city: str) -> list[Region]:
        regions = self.counties.get(name, set())
        if city:
            inside = {region for region in regions if region.city == city}
            regions = inside or (set() if name in self.ambiguous else regions)
        return sorted(regions)

    def named_in(self, text: str) -> Region | None:
        """The one county whose name or unambiguous alias stands anywhere in a text (嵊州市经信局报送); None when there
        is none or several."""
        label = label_of(text)
        regions: set[Region] = set()
        known = [name for name in {**self.cities, **self.counties} if name in label]
        for name in sorted(known, key=lambda name: (-len(name), name)):
            if name in label and name not in self.ambiguous:
                regions |= self.counties.get(name, set())
            label = label.replace(name, "\n")  # a shorter name within it says nothing more
        return regions.pop() if len(regions) == 1 else None

    def place(self, text: str, source: str, where: Where = NO_WHERE, city: str = "") -> RegionClaim | None:
        """The text as a RegionClaim; None when it is blank. Ambiguous without its city: candidates, no county."""
        if not label_of(text):
            return None
        found = self.resolve(text, city)
        candidates = tuple(f"{region.city}{region.county}" for region in found)
        if not city and label_of(text) in self.ambiguous:
            return RegionClaim(text, source, "", "", candidates, where)
        if len(found) != 1:
            cities = {region.city for region in found}
            return RegionClaim(text, source, cities.pop() if len(cities) == 1 else "", "", candidates, where)
        return RegionClaim(text, source, found[0].city, found[0].county, candidates, where)

    def of_folders(self, folders: Iterable[str]) -> RegionClaim | None:
        """The region the folders' names inside the input say, outermost first; None when they say nothing. Folders
        that contradict each other give a RegionClaim without a county and all they say as candidates."""
        city, places = "", []
        for folder in folders:
            place = self.place(_ARCHIVE.sub("", folder), "folder", city=city)
            if place is not None and (place.city or place.candidates):
                places.append(place)
                city = place.city or city
        best = next((place for place in reversed(places) if place.county), places[-1] if places else None)
        said = dict.fromkeys(f"{place.city}{place.county}" for place in places if place.county)
        cities = dict.fromkeys(place.city for place in places if place.city)
        if best is None or (len(said) <= 1 and len(cities) <= 1):
            return best
        text = "/".join(dict.fromkeys(place.text for place in places))
        candidates = tuple(said if len(said) > 1 else (*cities, *said))
        return RegionClaim(text, "folder", next(iter(cities)) if len(cities) == 1 else "", "", candidates)


def names_county(place: RegionClaim | None) -> bool:
    """True when a place says a county, be it one of several that it can mean; False for a city alone or nothing."""
    return place is not None and (place.county != "" or any(name != place.city for name in place.candidates))
