"""Names that are close: candidates for a question, never a reason to take two companies for one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from rapidfuzz import fuzz, process

from pipeline.model.rulebook import City, County, Rulebook

LIKE_WHOLE = 88  # from here on two whole names are close enough to ask (100: equal)
LIKE_CORE = 80  # and here what is left of them without region and legal form

_FORMS = ("股份", "有限", "责任", "控股")


class NamedCompany(Protocol):
    """What is compared: a row of ENTERPRISES, or a `Named`."""

    @property
    def key(self) -> str: ...
    @property
    def company(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def county(self) -> str: ...


class Named(NamedTuple):
    """A company of which only the name is known."""

    key: str
    company: str
    city: str = ""
    county: str = ""


def near_names(
    formless: Iterable[NamedCompany], unnominated: Iterable[NamedCompany], rulebook: Rulebook
) -> dict[str, list[str]]:
    """Key of a company of either kind → the names of the other kind that are close to it, where both can be of one
    county."""
    core = core_pattern(rulebook)
    near: dict[str, list[str]] = defaultdict(list)
    choices = {company.key: company for company in formless}
    cores = {key: core.sub("", key) for key in choices}
    for other in unnominated:
        for key in _alike(other.key, core.sub("", other.key), cores):
            for asked, candidate in ((choices[key], other), (other, choices[key])):
                if _may_be_named_to(asked, candidate):
                    near[asked.key].append(candidate.company)
    return near


def _alike(name: str, core: str, cores: dict[str, str]) -> list[str]:
    """The keys of `cores` that are close to `name`, as a whole or in their core."""
    whole = process.extract(name, list(cores), scorer=fuzz.ratio, score_cutoff=LIKE_WHOLE, limit=None)
    close = {key for key, _, _ in whole}
    if len(core) > 1:
        inner = process.extract(core, cores, scorer=fuzz.ratio, score_cutoff=LIKE_CORE, limit=None)
        close |= {key for _, _, key in inner}
    return sorted(close)


def core_pattern(rulebook: Rulebook) -> re.Pattern[str]:
    """Matches the parts of a name that do not identify the company: a region in front or in brackets, the words of the
    legal form at the end."""
    regions: list[City | County] = [*rulebook.cities, *rulebook.counties]
    names = {rulebook.province, rulebook.province.removesuffix("省")}
    names |= {name for region in regions for name in (region.name, *region.aliases)}
    region = _any_of(names)
    forms = _any_of({*_FORMS, *rulebook.vocabulary.company_endings})
    return re.compile(rf"^(?:{region})+|\((?:{region})\)|(?:\(?(?:{forms})\)?)+$")


def _any_of(words: Iterable[str]) -> str:
    """A pattern of alternatives, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def _may_be_named_to(asked: NamedCompany, candidate: NamedCompany) -> bool:
    """True in one county, and where the county of `asked` is open: no county learns the name of a company that may be
    another's."""
    if asked.county:
        return (asked.city, asked.county) == (candidate.city, candidate.county)
    return not asked.city or candidate.city in ("", asked.city)
