"""The order in which cities and counties stand wherever they are listed: the notice's, never that of code points."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

FIRST = -1  # the rank of what belongs to no city, or to a city as a whole


class Listed(NamedTuple):
    """One region of the rulebook's lists: a county or a zone, with all its spellings."""

    city: str
    name: str
    spellings: tuple[str, ...]


class RegionRank(NamedTuple):
    """A sort key: what belongs to no city; then city after city, in each the city as a whole, its counties and its zones
    as they are listed. A name that no list has comes after those of the lists, by code point."""

    city_rank: int
    city: str
    county_rank: int
    county: str


class RegionOrder:
    """The order of the regions of one rulebook. cities: each with its spellings; regions: counties, then zones."""

    def __init__(self, cities: Iterable[tuple[str, tuple[str, ...]]], regions: Iterable[Listed]) -> None:
        self._cities: dict[str, int] = {}
        self._city_of: dict[str, str] = {}
        for name, spellings in cities:
            self._cities.setdefault(name, len(self._cities))
            self._city_of.update(dict.fromkeys((name, *spellings), name))
        self._counties: dict[tuple[str, str], int] = {}
        self._county_of: dict[tuple[str, str], str] = {}
        for city, name, spellings in regions:
            self._counties.setdefault((city, name), len(self._counties))
            for spelling in (name, *spellings):
                self._county_of.setdefault((city, spelling), name)

    def rank(self, city: str, county: str = "") -> RegionRank:
        """The sort key of a region by the names that the rulebook gives it; "" for none."""
        return RegionRank(
            self._cities.get(city, len(self._cities)) if city else FIRST,
            city,
            self._counties.get((city, county), len(self._counties)) if county else FIRST,
            county,
        )

    def rank_of_path(self, path: str) -> tuple[RegionRank, str]:
        """The sort key of a path: by the region that its folders name in the order city, county, then by code point."""
        city = county = ""
        for folder in path.split("/")[:-1]:
            if not city:
                city = self._city_of.get(folder, "")
            elif not county:
                county = self._county_of.get((city, folder), "")
        return self.rank(city, county), path
