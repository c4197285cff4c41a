"""Contradictions within a rulebook whose types are right, as Chinese sentences that name the key."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pipeline.model.alternatives import agrees, filled
from pipeline.model.selection_checks import selection_contradictions
from pipeline.model.texts import is_blank

if TYPE_CHECKING:
    from pipeline.model.rulebook import County, Rulebook, Zone


def contradictions(rulebook: Rulebook) -> Iterable[str]:
    """A Chinese sentence for each contradiction: duplicates, names of what does not exist, sums that do not add up."""
    yield from _duplicates(rulebook)
    yield from _unreadable_factors(rulebook)
    yield from _wrong_indicators(rulebook)
    yield from _dangling_names(rulebook)
    yield from _wrong_papers(rulebook)
    yield from _wrong_sums(rulebook)
    yield from _band_gaps(rulebook)
    yield from _unlike_rulings(rulebook)
    yield from _half_cuts(rulebook)
    yield from _unusable_chasing(rulebook)
    yield from selection_contradictions(rulebook)


def _duplicates(rulebook: Rulebook) -> Iterable[str]:
    """Keys of which two entries have the same value."""
    once = {
        f"{table}.{key}": [getattr(entry, key) for entry in getattr(rulebook, table)]
        for table, key in (
            ("dimensions", "id"),
            ("groups", "id"),
            ("indicators", "id"),
            ("indicators", "label"),
            ("rulings", "id"),
            ("units", "id"),
            ("nomination_columns", "id"),
            ("bands", "label"),
            ("cuts", "label"),
            ("papers", "id"),
            ("cities", "name"),
            ("counties", "code"),
        )
    }
    once["counties.name"] = [f"{county.city}{county.name}" for county in rulebook.counties]
    once["pool.levels.id"] = [level.id for level in rulebook.pool.levels]
    once["visits.reasons.id"] = [reason.id for reason in rulebook.visits.reasons]
    once["pool.years"] = list(rulebook.pool.years)
    for key, values in once.items():
        for value, count in Counter(values).items():
            if count > 1:
                yield f"规则文件“{key}”中“{value}”出现 {count} 次，只可出现一次。"


def _half_cuts(rulebook: Rulebook) -> Iterable[str]:
    """Cuts with neither or with both of rank and score."""
    for cut in rulebook.cuts:
        if (cut.place is None) == (cut.score is None):
            yield f"规则文件“cuts.{cut.label}”应在名次（place）和分数（score）中写一项，只写一项。"


def _unusable_chasing(rulebook: Rulebook) -> Iterable[str]:
    """A deadline before the notice, persons of cities that do not exist, and persons of whom nothing or several lines are
    written."""
    chasing = rulebook.chasing
    if chasing.deadline and chasing.deadline < rulebook.date:
        yield f"规则文件“chasing.deadline”为 {chasing.deadline}，不应早于规则文件的日期 {rulebook.date}。"
    yield from _not_among("chasing.city_contacts", chasing.city_contacts, set(rulebook.city_names))
    persons = {f"chasing.city_contacts.{city}": person for city, person in chasing.city_contacts.items()}
    if chasing.contact:
        persons["chasing.contact"] = chasing.contact
    for key, person in persons.items():
        if not person.strip() or not person.isprintable():
            yield f"规则文件“{key}”应在一行里写明联系人（如“某处 某某 0571-…”），没有的请删去这一项。"


def _unreadable_factors(rulebook: Rulebook) -> Iterable[str]:
    """Units whose factor is no whole number and no fraction of two."""
    for unit in rulebook.units:
        for written, factor in unit.other.items():
            if not re.fullmatch(r"[1-9]\d*(/[1-9]\d*)?", factor):
                yield f"规则文件“units.{unit.id}.other.{written}”写的是“{factor}”，应为换算倍数（如 1024 或 1/1024）。"


def _wrong_indicators(rulebook: Rulebook) -> Iterable[str]:
    """Indicators that name what does not exist, and those that lack what their kind or their M asks for."""
    dimensions = {entry.id for entry in rulebook.dimensions}
    groups = {entry.id for entry in rulebook.groups}
    indicators = {entry.id for entry in rulebook.ratio_indicators}
    units = {entry.id for entry in rulebook.units}
    for item in rulebook.indicators:
        key = f"indicators.{item.id}"
        yield from _not_among(f"{key}.dimension", [item.dimension], dimensions)
        yield from _not_among(f"{key}.group", [item.group] if item.group else [], groups)
        yield from _not_among(f"{key}.m_sum_of", item.m_sum_of, indicators)
        if item.kind == "ratio":
            yield from _not_among(f"{key}.unit", [item.unit], units)
            if not item.ranked:
                yield f"规则文件“{key}.ranked”不可为空，只可写：“n”、“m”。"
        if item.m == "sum" and not item.m_sum_of:
            yield f"规则文件“{key}.m_sum_of”不可为空，应写出相加的各项指标编号。"
        if item.m == "fixed" and item.m_fixed <= 0:
            yield f"规则文件“{key}.m_fixed”应为大于 0 的整数。"


def _dangling_names(rulebook: Rulebook) -> Iterable[str]:
    """Columns, regions and pool targets that name a unit or a region which does not exist."""
    units = {entry.id for entry in rulebook.units}
    cities = set(rulebook.city_names)
    counties = {(entry.city, entry.name) for entry in rulebook.counties}
    for column in rulebook.nomination_columns:
        yield from _not_among(f"nomination_columns.{column.id}.unit", [column.unit] if column.unit else [], units)
    regions: tuple[County | Zone, ...] = (*rulebook.counties, *rulebook.zones)
    for region in regions:
        yield from _not_among(f"{region.name}.city", [region.city], cities)
    for zone in rulebook.zones:
        for parent in zone.parents:
            if (zone.city, parent) not in counties:
                yield f"规则文件“zones.{zone.name}.parents”写的“{parent}”不在{zone.city}的区县名单中，请改为名单中的区县。"
    names = {name for _, name in counties}
    for old in rulebook.old_names:
        yield from _not_among(f"old_names.{old.name}.now", old.now, names)
    for level in rulebook.pool.levels:
        yield from _not_among(f"pool.levels.{level.id}.targets", level.targets, cities)
        yield from _not_among(f"pool.levels.{level.id}.counts", level.counts, set(map(str, rulebook.pool.years)))
        for year, counts in level.counts.items():
            yield from _not_among(f"pool.levels.{level.id}.counts.{year}", counts, cities)


def _wrong_papers(rulebook: Rulebook) -> Iterable[str]:
    """Papers of an item that no company types, and blank words, which every name holds."""
    items = {item.id for item in rulebook.ratio_indicators}
    for paper in rulebook.papers:
        yield from _not_among(f"papers.{paper.id}.items", paper.items, items)
        for name, words in (("topics", paper.topics), ("words", paper.words)):
            if any(is_blank(word) for word in words):
                yield f"规则文件“papers.{paper.id}.{name}”里有空白的词，任何名称都会对上，请删去。"


def _not_among(key: str, names: Iterable[str], allowed: set[str]) -> Iterable[str]:
    for name in names:
        if name not in allowed:
            yield f"规则文件“{key}”写的“{name}”不存在，只可写：{'、'.join(sorted(allowed))}。"


def _wrong_sums(rulebook: Rulebook) -> Iterable[str]:
    """Points and shares that do not add up."""
    total = sum(item.points for item in rulebook.indicators)
    if total != 100:
        yield f"规则文件“indicators”各项分值之和为 {total}，应为 100。"
    for table, key in ((rulebook.dimensions, "dimension"), (rulebook.groups, "group")):
        for entry in table:
            points = sum(item.points for item in rulebook.indicators if getattr(item, key) == entry.id)
            if points != entry.points:
                yield f"规则文件“{entry.label}.points”为 {entry.points}，其下各项分值之和为 {points}，二者应相等。"
    if rulebook.scoring.self_share + rulebook.scoring.peer_share != 1:
        yield "规则文件“scoring.self_share”与“scoring.peer_share”之和应为 1。"


def _band_gaps(rulebook: Rulebook) -> Iterable[str]:
    """Bands out of order, and a last band that leaves somebody out."""
    for upper, lower in zip(rulebook.bands, rulebook.bands[1:], strict=False):
        if lower.share <= upper.share:
            yield f"规则文件“bands.{lower.label}.share”为 {lower.share}，应大于上一等“{upper.label}”的 {upper.share}。"
        if lower.coefficient > upper.coefficient:
            yield f"规则文件“bands.{lower.label}.coefficient”为 {lower.coefficient}，不应高于上一等“{upper.label}”。"
    if rulebook.bands[-1].share != 1:
        yield f"规则文件最后一等“bands.{rulebook.bands[-1].label}.share”为 {rulebook.bands[-1].share}，应为 1，否则有企业不入任何一等。"


def _unlike_rulings(rulebook: Rulebook) -> Iterable[str]:
    """Rulings whose adopted alternative does not exist or is not what the rulebook has, and alternatives that cannot be
    adopted."""
    for ruling in rulebook.rulings:
        known = [alternative.id for alternative in ruling.alternatives]
        yield from _not_among(f"rulings.{ruling.id}.adopted", [ruling.adopted], set(known))
        for alternative in ruling.alternatives:
            for key, value in alternative.set.items():
                location = f"rulings.{ruling.id}.{alternative.id}.set"
                try:
                    standing = rulebook.standing_value(key)
                except (AttributeError, KeyError, StopIteration):
                    yield f"规则文件“{location}”写的“{key}”不存在，请改为规则文件中已有的项。"
                    continue
                if not _accepts(rulebook, key, filled(value, alternative.asks, 1) if alternative.asks else value):
                    yield f"规则文件“{location}”给“{key}”写的是“{shown_value(value)}”，这一项不可写这个值，请改正。"
                elif alternative.id == ruling.adopted and not agrees(standing, value, alternative.asks):
                    yield (
                        f"规则文件“{key}”为“{shown_value(standing)}”，与“rulings.{ruling.id}”采用的“{ruling.adopted}”"
                        f"所定的“{shown_value(value)}”不一致，请改成一致。"
                    )


def _accepts(rulebook: Rulebook, key: str, value: Any) -> bool:
    """Whether the value is valid at the dotted key, so that every alternative can be adopted."""
    holder_key, _, name = key.rpartition(".")
    holder = rulebook.standing_value(holder_key) if holder_key else rulebook
    try:
        type(holder).model_validate({**dict(holder), name: value})
    except ValidationError:
        return False
    return True


def shown_value(value: Any, limit: int = 40) -> str:
    """A value in the way it is written in the file, at most `limit` characters of it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        value = "、".join(str(key) for key in value) or "空"
    elif isinstance(value, (list, tuple)):
        value = "、".join(shown_value(entry) for entry in value)
    text = str(value)
    return text if len(text) <= limit else f"{text[:limit]}…"
