"""Contradictions within [selection] of a rulebook, as Chinese sentences that name the key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pipeline.model.quotas import quotas_of_cities, quotas_of_counties, regions_with_quotas

if TYPE_CHECKING:
    from pipeline.model.rulebook import Rulebook


class DoesNotFit(str):
    """A sentence about the rulebook's file. plain: the same without its keys, for whoever rules in 人工决定."""

    plain: str

    def __new__(cls, sentence: str, plain: str) -> DoesNotFit:
        """The sentence with its plain words."""
        text = super().__new__(cls, sentence)
        text.plain = plain
        return text


def selection_contradictions(rulebook: Rulebook) -> Iterable[str]:
    """Two measures at once, quotas of regions that do not exist, a figure beyond the points that can be reached, and
    quotas that together are above what they have to fit into."""
    selection = rulebook.selection
    if selection.places and selection.least_score:
        yield (
            f"规则文件“selection”同时写了名额（“places”，{selection.places} 家）和最低分（“least_score”，"
            f"{selection.least_score} 分），只可写一项，请把另一项改为 0。"
        )
    if selection.least_score > rulebook.total_points:
        yield DoesNotFit(
            f"规则文件“selection.least_score”为 {selection.least_score}，高于满分 {rulebook.total_points} 分，请改正。",
            f"{selection.least_score} 分高于满分 {rulebook.total_points} 分",
        )
    unknown = list(_unknown_regions(rulebook))
    yield from unknown
    if not unknown:
        yield from _overfull(rulebook)


def _unknown_regions(rulebook: Rulebook) -> Iterable[str]:
    """Quotas of cities and counties that are on no list of the rulebook."""
    known = regions_with_quotas(rulebook)
    for name in _not_in(rulebook.selection.city_quotas, known.cities):
        yield f"规则文件“selection.city_quotas”写的“{name}”不存在，只可写：{'、'.join(known.cities)}。"
    for name in _not_in(rulebook.selection.county_quotas, known.counties):
        yield (
            f"规则文件“selection.county_quotas”写的“{name}”不在区县名单中，请写市名加区县名（如“{known.example}”），"
            f"或写“{known.every_county}”。"
        )


def _not_in(quotas: Mapping[str, int], names: Iterable[str]) -> list[str]:
    allowed = set(names)
    return [name for name in quotas if name not in allowed]


def _overfull(rulebook: Rulebook) -> Iterable[str]:
    """Counties' quotas above their city's, and quotas above the number of companies in the whole province."""
    cities, needed = quotas_of_cities(rulebook), 0
    counties = quotas_of_counties(rulebook)
    for city in rulebook.city_names:
        within = sum(quota for (of_city, _), quota in counties.items() if of_city == city)
        quota = cities.get(city, 0)
        if quota and within > quota:
            yield DoesNotFit(
                f"规则文件“selection.county_quotas”中{city}各区县的名额之和为 {within}，多于“selection.city_quotas”给{city}的 {quota}，"
                "请改正。",
                f"{city}各区县的名额加起来是 {within} 家，多于给{city}的 {quota} 家",
            )
        needed += max(quota, within)
    places = rulebook.selection.places
    if places and needed > places:
        yield DoesNotFit(
            f"规则文件“selection”中各市、区县的名额之和为 {needed}，多于全省名额“places”的 {places}，请改正。",
            f"各市、区县的名额加起来是 {needed} 家，多于全省一共取的 {places} 家",
        )
