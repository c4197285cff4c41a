"""Names that are close: candidates for a question, never a reason to take two companies for one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from rapidfuzz import fuzz, process

from pipeline.model.rulebook import Rulebook

LIKE_WHOLE = 88  # from here on two whole names are close enough to ask (100: equal)
LIKE_CORE = 80  # and here what is left of them without region and legal form

_FORMS = ("股份", "有限", "责任", "控股")


def near_names(formless: Iterable, unnominated: Iterable, rulebook: Rulebook) -> dict[str, list[str]]:
    """Key of a nominated company without 附件1 or of an assessed one without nomination → the names of the other kind
    that are close to it, where both can be of one county."""
    core = core_pattern(rulebook)
    near: dict[str, list[str]] = defaultdict(list)
    choices = {one.key: one for one in formless}
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
    """What says where a company is and of what legal form, not which one it is: a region in front or in brackets,
    the words of the form at the end."""
    places = {rulebook.province, rulebook.province.removesuffix("省")}
    for region in (*rulebook.cities, *rulebook.counties):
        places |= {region.name, *region.aliases}
    region = "|".join(map(re.escape, sorted(places, key=lambda place: (-len(place), place))))
    forms = "|".join(
        map(re.escape, sorted({*_FORMS, *rulebook.vocabulary.company_endings}, key=lambda word: (-len(word), word)))
    )
    return re.compile(rf"^(?:{region})+|\((?:{region})\)|(?:\(?(?:{forms})\)?)+$")


def _may_be_named_to(asked: Any, candidate: Any) -> bool:
    """True in one county, and where the county of `asked` is open: a county is told of no company that may be another's."""
    if asked.county:
        return (asked.city, asked.county) == (candidate.city, candidate.county)
    return not asked.city or candidate.city in ("", asked.city)
