"""Loads one rulebook (a TOML per province and year) into an immutable, checked value.

A rulebook holds everything the notice says and everything it leaves open: indicators and their points, bands,
expert rules, assumed rulings with their alternatives, regions, titles and the vocabulary answers are read with.
Whatever is wrong with it is one Chinese sentence that names the key and what is allowed (`RulebookError`).
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

DEFAULT_RULEBOOK = Path(__file__).parent / "rulebooks" / "zhejiang_2024.toml"


class RulebookError(Exception):
    """A rulebook that cannot be used; the text is one Chinese sentence for the user."""


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Titles(Entry):
    assessment: str
    nomination: str
    marks: str
    public_list: str
    audit: str
    problems: str
    returned: str
    report: str


class Dimension(Entry):
    """One of the six 评价维度 of 附件1."""

    id: str
    label: str
    points: Decimal = Field(gt=0)


class Group(Entry):
    """A heading between dimension and indicator (创新应用 13, 典型示范 12)."""

    id: str
    label: str
    dimension: str
    points: Decimal = Field(gt=0)


class Indicator(Entry):
    """One scored item of 附件1. `kind` ratio: N / M typed by the company; expert: marked by experts."""

    id: str
    label: str
    dimension: str
    group: str = ""
    points: Decimal = Field(gt=0)
    kind: Literal["ratio", "expert"]
    unit: str = ""
    m: Literal["typed", "sum", "fixed"] = "typed"
    m_sum_of: tuple[str, ...] = ()
    m_fixed: int = 0
    ranked: tuple[Literal["n", "m"], ...] = ()
    description: str = ""
    n_caption: str = ""
    m_caption: str = ""
    explanation: str = ""
    tick_caption: str = ""
    categories: tuple[str, ...] = ()


class Scoring(Entry):
    self_share: Decimal = Field(ge=0, le=1)
    peer_share: Decimal = Field(ge=0, le=1)
    tie: Literal["min", "dense", "average"]
    m_order: Literal["descending", "ascending"]
    peer_of: Literal["mean", "n"]
    zero_coefficient: Decimal = Field(ge=0, le=1)
    rank_decimals: int = Field(ge=0, le=12)


class Band(Entry):
    """A 等级 of the 横向评分: rank <= ceil(share x number ranked) earns `coefficient` of the item's points."""

    label: str
    share: Decimal = Field(gt=0, le=1)
    coefficient: Decimal = Field(ge=0, le=1)


class Experts(Entry):
    method: Literal["trimmed", "mean", "median"]
    trim_from: int = Field(ge=3)
    mark_step: Decimal = Field(gt=0)


class Alternative(Entry):
    id: str
    sentence: str
    set: Mapping[str, Any]


class Ruling(Entry):
    """A rule the notice leaves open: assumed until 规则确认 confirms it or picks another alternative."""

    id: str
    topic: str
    sentence: str
    reason: str
    adopted: str
    confirmed: bool = False
    alternatives: tuple[Alternative, ...] = Field(min_length=2)


class PoolLevel(Entry):
    """One of 附件3's two tables: its title and each city's three-year target (三年目标数)."""

    id: Literal["市级", "区县级"]
    title: str
    targets: Mapping[str, int]


class Pool(Entry):
    years: tuple[int, ...] = Field(min_length=1)
    total_label: str
    levels: tuple[PoolLevel, ...]


class Unit(Entry):
    """How a unit is written: `own` reads as it stands, `other` is converted by the given factor ("1/1024")."""

    id: str
    whole: bool
    currency: bool = False
    own: tuple[str, ...]
    other: Mapping[str, str]

    @cached_property
    def factors(self) -> dict[str, Fraction]:
        """Unit as written, upper case -> factor into this unit."""
        return {text.upper(): Fraction(factor) for text, factor in self.other.items()}

    @cached_property
    def own_upper(self) -> frozenset[str]:
        return frozenset(text.upper() for text in self.own)


class NominationColumn(Entry):
    """One of the 11 columns of 附件2; `header` keeps the form's line breaks, `aliases` are other words for it."""

    id: str
    label: str
    header: str
    aliases: tuple[str, ...] = ()
    unit: str = ""
    negative: bool = False


class Vocabulary(Entry):
    none_words: tuple[str, ...]
    approximate_before: tuple[str, ...]
    approximate_after: tuple[str, ...]
    bounded: tuple[str, ...]
    ticks: tuple[str, ...]
    no_ticks: tuple[str, ...]
    refusals: tuple[str, ...]
    consents: tuple[str, ...]
    recused: tuple[str, ...]
    not_marked: tuple[str, ...]
    not_given: tuple[str, ...]
    nil_return: tuple[str, ...]
    company_labels: tuple[str, ...]
    county_labels: tuple[str, ...]
    city_labels: tuple[str, ...]
    credit_code_labels: tuple[str, ...]
    expert_labels: tuple[str, ...]
    company_endings: tuple[str, ...]
    form_words: tuple[str, ...]
    block_ends: tuple[str, ...]
    dimension_header: str
    indicator_header: str
    description_header: str
    detail_header: str
    explanation_header: str
    ignored_headers: tuple[str, ...]
    example_sheets: tuple[str, ...]
    ambiguous_regions: tuple[str, ...]
    total_rows: tuple[str, ...]
    summary_marks: tuple[str, ...]


class City(Entry):
    name: str
    aliases: tuple[str, ...]
    in_scope: bool = True


class County(Entry):
    city: str
    name: str
    code: str = Field(pattern=r"^\d{6}$")
    kind: str
    aliases: tuple[str, ...]


class Zone(Entry):
    """A 功能区: folds into its one parent county unless it reports for itself."""

    city: str
    name: str
    parents: tuple[str, ...] = Field(min_length=1)
    aliases: tuple[str, ...]
    reports: bool
    certainty: str


class OldName(Entry):
    name: str
    code: str
    now: tuple[str, ...] = Field(min_length=1)
    year: int


class Rulebook(Entry):
    """One province's rules for one year; build it with `load_rulebook`."""

    id: str
    version: str
    province: str
    year: int
    date: date
    source: str
    filling_notes: tuple[str, ...] = ()
    titles: Titles
    dimensions: tuple[Dimension, ...]
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    scoring: Scoring
    bands: tuple[Band, ...] = Field(min_length=1)
    experts: Experts
    rulings: tuple[Ruling, ...]
    pool: Pool
    units: tuple[Unit, ...]
    vocabulary: Vocabulary
    nomination_columns: tuple[NominationColumn, ...]
    cities: tuple[City, ...]
    counties: tuple[County, ...]
    zones: tuple[Zone, ...]
    old_names: tuple[OldName, ...]
    sha256: str = ""

    @cached_property
    def ratio_indicators(self) -> tuple[Indicator, ...]:
        return tuple(item for item in self.indicators if item.kind == "ratio")

    @cached_property
    def expert_indicators(self) -> tuple[Indicator, ...]:
        return tuple(item for item in self.indicators if item.kind == "expert")

    @cached_property
    def indicator_of(self) -> dict[str, Indicator]:
        return {item.id: item for item in self.indicators}

    @cached_property
    def unit_of(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def city_names(self) -> tuple[str, ...]:
        return tuple(city.name for city in self.cities)

    @cached_property
    def expected_counties(self) -> tuple[County, ...]:
        """The counties a return is expected of: the list less the cities out of scope (90 in 浙江)."""
        out_of_scope = {city.name for city in self.cities if not city.in_scope}
        return tuple(county for county in self.counties if county.city not in out_of_scope)

    @property
    def assumed_rulings(self) -> tuple[Ruling, ...]:
        return tuple(ruling for ruling in self.rulings if not ruling.confirmed)


# What pydantic reports, in the words of the person who edits the file; the type's name or its beginning decides.
_SENTENCES = {
    "extra_forbidden": "规则文件不认识“{key}”这一项，此处只可写：{allowed}",
    "missing": "规则文件缺少“{key}”这一项，请补上",
    "literal_error": "规则文件“{key}”写的是“{found}”，只可写：{expected}",
    "string_pattern_mismatch": "规则文件“{key}”写的是“{found}”，应为六位数字代码",
    "too_short": "规则文件“{key}”的内容太少，至少要有 {min_length} 项",
}
_WRONG_TYPE = "规则文件“{key}”写的是“{found}”，应为{wanted}，请改正"
_WANTED = (
    ("greater_than", "{limit} 的数"),
    ("less_than", "{limit} 的数"),
    ("string", "文字（写在引号里）"),
    ("int", "整数"),
    ("decimal", "数"),
    ("finite", "数"),
    ("bool", "true 或 false"),
    ("date", "日期（如 2024-01-01）"),
    ("tuple", "列表（写在方括号里）"),
    ("", "一组“名称 = 值”"),
)
_LIMITS = {"gt": "大于 {}", "ge": "不小于 {}", "lt": "小于 {}", "le": "不大于 {}"}
_UNREADABLE = ((FileNotFoundError, "没有这个文件"), (IsADirectoryError, "这是一个文件夹"), (PermissionError, "没有读取权限"))


def load_rulebook(path: Path = DEFAULT_RULEBOOK) -> Rulebook:
    """The rulebook in the TOML file `path`; RulebookError says in one Chinese sentence what is wrong with it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = next((words for kind, words in _UNREADABLE if isinstance(error, kind)), f"系统错误 {error.errno}")
        raise RulebookError(f"规则文件“{path}”打不开，请检查路径（{reason}）。") from error
    try:
        entries = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise RulebookError(f"规则文件“{path}”不是 UTF-8 编码，请用记事本等另存为 UTF-8 编码。") from error
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(f"规则文件“{path}”{_misspelt_place(error)}写法不对，请检查引号、括号、等号，以及是否重复。") from error
    return build_rulebook(entries, hashlib.sha256(content).hexdigest())


def _misspelt_place(error: tomllib.TOMLDecodeError) -> str:
    """Where the TOML parser stopped, in Chinese; its own words are English."""
    place = re.search(r"at line (\d+), column (\d+)", str(error))
    return f"第 {place[1]} 行第 {place[2]} 列附近" if place else "末尾"


def build_rulebook(entries: Mapping[str, Any], sha256: str = "") -> Rulebook:
    """The checked rulebook of parsed TOML `entries`; raises RulebookError."""
    if "sha256" in entries:
        raise RulebookError("规则文件不应写“sha256”这一项，请删去，程序会自己计算。")
    try:
        rulebook = Rulebook.model_validate({**entries, "sha256": sha256})
    except ValidationError as error:
        raise RulebookError(_sentence_of(error, entries) + "。") from error
    for problem in _contradictions(rulebook):
        raise RulebookError(problem)
    return rulebook


def _sentence_of(error: ValidationError, entries: Mapping[str, Any]) -> str:
    """The first of pydantic's findings as one Chinese sentence without its full stop."""
    first = error.errors()[0]
    context = first.get("ctx", {})
    limit = "且".join(words.format(context[name]) for name, words in _LIMITS.items() if name in context)
    wanted = next(words for beginning, words in _WANTED if first["type"].startswith(beginning))
    return _SENTENCES.get(first["type"], _WRONG_TYPE).format(
        key=_key_of(first["loc"], entries),
        found=_shown(first["input"]),
        allowed="、".join(_allowed_keys(first["loc"])) if first["type"] == "extra_forbidden" else "",
        expected="、".join(f"“{word}”" for word in re.findall(r"'([^']*)'", str(context.get("expected", "")))),
        min_length=context.get("min_length", 1),
        wanted=wanted.format(limit=limit),
    )


def _key_of(location: tuple[str | int, ...], entries: Mapping[str, Any]) -> str:
    """The place in dotted keys; an entry of a list goes by its id, label or name, else by its place in the list."""
    parts: list[str] = []
    value: Any = entries
    for part in location:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            value = None
        if isinstance(part, int):
            known = value if isinstance(value, dict) else {}
            named = next((known[name] for name in ("id", "label", "name") if isinstance(known.get(name), str)), "")
            parts.append(named or f"第{part + 1}项")
        else:
            parts.append(part)
    return ".".join(parts)


def _shown(value: Any, limit: int = 40) -> str:
    """A value of the file as its editor knows it, cut when long."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        value = "、".join(str(key) for key in value)
    elif isinstance(value, (list, tuple)):
        value = "、".join(_shown(entry) for entry in value)
    text = str(value)
    return text if len(text) <= limit else f"{text[:limit]}…"


def _allowed_keys(location: tuple[str | int, ...]) -> list[str]:
    """The keys of the table that `location`'s last part was found in."""
    model: Any = Rulebook
    for part in location[:-1]:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation
        model = next((arg for arg in getattr(annotation, "__args__", ()) if isinstance(arg, type)), annotation)
    return [name for name in model.model_fields if name != "sha256"]


def _contradictions(rulebook: Rulebook) -> Iterable[str]:
    """Chinese sentences for what is well typed but does not hold together."""
    yield from _duplicates(rulebook)
    yield from _unreadable_factors(rulebook)
    yield from _dangling_names(rulebook)
    yield from _wrong_sums(rulebook)
    yield from _band_gaps(rulebook)
    yield from _unlike_rulings(rulebook)


def _duplicates(rulebook: Rulebook) -> Iterable[str]:
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
            ("cities", "name"),
            ("counties", "code"),
        )
    }
    once["counties.name"] = [f"{county.city}{county.name}" for county in rulebook.counties]
    once["pool.levels.id"] = [level.id for level in rulebook.pool.levels]
    once["pool.years"] = list(rulebook.pool.years)
    for key, values in once.items():
        for found, count in Counter(values).items():
            if count > 1:
                yield f"规则文件“{key}”中“{found}”出现 {count} 次，只可出现一次。"


def _unreadable_factors(rulebook: Rulebook) -> Iterable[str]:
    for unit in rulebook.units:
        for written, factor in unit.other.items():
            if not re.fullmatch(r"[1-9]\d*(/[1-9]\d*)?", factor):
                yield f"规则文件“units.{unit.id}.other.{written}”写的是“{factor}”，应为换算倍数（如 1024 或 1/1024）。"


def _dangling_names(rulebook: Rulebook) -> Iterable[str]:
    dimensions = {entry.id for entry in rulebook.dimensions}
    groups = {entry.id for entry in rulebook.groups}
    indicators = {entry.id for entry in rulebook.ratio_indicators}
    units = {entry.id for entry in rulebook.units}
    cities = set(rulebook.city_names)
    counties = {(entry.city, entry.name) for entry in rulebook.counties}
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
    for column in rulebook.nomination_columns:
        yield from _not_among(f"nomination_columns.{column.id}.unit", [column.unit] if column.unit else [], units)
    for entry in (*rulebook.counties, *rulebook.zones):
        yield from _not_among(f"{entry.name}.city", [entry.city], cities)
    for zone in rulebook.zones:
        for parent in zone.parents:
            if (zone.city, parent) not in counties:
                yield f"规则文件“zones.{zone.name}.parents”写的“{parent}”不在{zone.city}的区县名单中，请改为名单中的区县。"
    names = {name for _, name in counties}
    for old in rulebook.old_names:
        yield from _not_among(f"old_names.{old.name}.now", old.now, names)
    for level in rulebook.pool.levels:
        yield from _not_among(f"pool.levels.{level.id}.targets", level.targets, cities)


def _not_among(key: str, found: Iterable[str], allowed: set[str]) -> Iterable[str]:
    for name in found:
        if name not in allowed:
            yield f"规则文件“{key}”写的“{name}”不存在，只可写：{'、'.join(sorted(allowed))}。"


def _wrong_sums(rulebook: Rulebook) -> Iterable[str]:
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
    for upper, lower in zip(rulebook.bands, rulebook.bands[1:], strict=False):
        if lower.share <= upper.share:
            yield f"规则文件“bands.{lower.label}.share”为 {lower.share}，应大于上一等“{upper.label}”的 {upper.share}。"
        if lower.coefficient > upper.coefficient:
            yield f"规则文件“bands.{lower.label}.coefficient”为 {lower.coefficient}，不应高于上一等“{upper.label}”。"
    if rulebook.bands[-1].share != 1:
        yield f"规则文件最后一等“bands.{rulebook.bands[-1].label}.share”为 {rulebook.bands[-1].share}，应为 1，否则有企业不入任何一等。"


def _unlike_rulings(rulebook: Rulebook) -> Iterable[str]:
    for ruling in rulebook.rulings:
        known = [alternative.id for alternative in ruling.alternatives]
        yield from _not_among(f"rulings.{ruling.id}.adopted", [ruling.adopted], set(known))
        for alternative in ruling.alternatives:
            for key, value in alternative.set.items():
                place = f"rulings.{ruling.id}.{alternative.id}.set"
                try:
                    standing = _value_at(rulebook, key)
                except (AttributeError, StopIteration):
                    yield f"规则文件“{place}”写的“{key}”不存在，请改为规则文件中已有的项。"
                    continue
                if not _accepts(rulebook, key, value):
                    yield f"规则文件“{place}”给“{key}”写的是“{_shown(value)}”，这一项不可写这个值，请改正。"
                elif alternative.id == ruling.adopted and standing != value:
                    yield (
                        f"规则文件“{key}”为“{standing}”，与“rulings.{ruling.id}”采用的“{ruling.adopted}”"
                        f"所定的“{value}”不一致，请改成一致。"
                    )


def _accepts(rulebook: Rulebook, key: str, value: Any) -> bool:
    """Whether `value` may stand at the dotted key, so that every alternative can really be picked."""
    holder_key, _, name = key.rpartition(".")
    holder = _value_at(rulebook, holder_key) if holder_key else rulebook
    try:
        type(holder).model_validate({**dict(holder), name: value})
    except ValidationError:
        return False
    return True


def _value_at(rulebook: Rulebook, key: str) -> Any:
    """The value at a dotted key; a part that follows a list is the id or label of one entry."""
    value: Any = rulebook
    for part in key.split("."):
        if isinstance(value, tuple):
            value = next(entry for entry in value if part in (getattr(entry, "id", ""), getattr(entry, "label", "")))
        else:
            value = getattr(value, part)
    return value
