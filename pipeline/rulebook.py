"""Loads one rulebook (a TOML per province and year) into an immutable, checked value.

A rulebook holds everything the notice says and everything it leaves open: indicators and their points, bands,
expert rules, assumed rulings with their alternatives, regions, titles and the vocabulary answers are read with.
Whatever is wrong with it is one Chinese sentence that names the key and what is allowed (`RulebookError`).
"""

from __future__ import annotations

import hashlib
import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.rulebook_checks import contradictions, shown_value

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


def band_limits(ranked: int, bands: Sequence[Band]) -> list[int]:
    """The last place of each band with `ranked` companies: ceil(share x ranked), exact (0.1 x 30 is 3)."""
    return [math.ceil(band.share * ranked) for band in bands]


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
    expert_title_words: tuple[str, ...]
    mark_note_headers: tuple[str, ...]
    further_labels: tuple[str, ...]
    office_endings: tuple[str, ...]
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


class Cut(Entry):
    """A line that decides something: the last `place` or the lowest `score` that is still inside, in the whole
    province, in every city or in every county."""

    label: str
    within: Literal["province", "city", "county"]
    place: int | None = Field(default=None, ge=1)
    score: Decimal | None = None


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
    cuts: tuple[Cut, ...] = ()
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
    for problem in contradictions(rulebook):
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
        found=shown_value(first["input"]),
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


def _allowed_keys(location: tuple[str | int, ...]) -> list[str]:
    """The keys of the table that `location`'s last part was found in."""
    model: Any = Rulebook
    for part in location[:-1]:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation
        model = next((arg for arg in getattr(annotation, "__args__", ()) if isinstance(arg, type)), annotation)
    return [name for name in model.model_fields if name != "sha256"]


def with_rulings(rulebook: Rulebook, choices: Mapping[str, str]) -> Rulebook:
    """The rulebook in which every ruling of `choices` (ruling id → id of one of its alternatives) is confirmed and
    what the alternative sets stands. Raises RulebookError for a ruling or an alternative that does not exist."""
    entries = rulebook.model_dump()
    for ruling in entries["rulings"]:
        wanted = choices.get(ruling["id"])
        if wanted is None:
            continue
        alternative = next((entry for entry in ruling["alternatives"] if entry["id"] == wanted), None)
        if alternative is None:
            allowed = "、".join(entry["id"] for entry in ruling["alternatives"])
            raise RulebookError(f"规则“{ruling['id']}”没有“{wanted}”这个选项，只可写：{allowed}。")
        if wanted != ruling["adopted"]:
            ruling["sentence"] = f"{alternative['sentence']}。"
        ruling["adopted"], ruling["confirmed"] = wanted, True
        for key, value in alternative["set"].items():
            _set(entries, key, value)
    unknown = sorted(choices.keys() - {ruling["id"] for ruling in entries["rulings"]})
    if unknown:
        raise RulebookError(f"没有“{unknown[0]}”这条规则，只可写：{'、'.join(ruling.id for ruling in rulebook.rulings)}。")
    sha256 = entries.pop("sha256")
    return build_rulebook(entries, sha256)


def _set(entries: Any, key: str, value: Any) -> None:
    """Writes `value` at a dotted key of dumped entries; a part that follows a list is the id or label of one entry."""
    *path, last = key.split(".")
    for part in path:
        if isinstance(entries, dict):
            entries = entries[part]
        else:
            entries = next(entry for entry in entries if part in (entry.get("id"), entry.get("label")))
    entries[last] = value
