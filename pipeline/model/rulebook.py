"""One rulebook (a TOML file for each province and year) as an immutable value; `rulebook_file` loads and checks it.

A rulebook holds everything the notice says and everything it leaves open: indicators and their points, bands, rules for
experts, assumed rulings with their alternatives, regions, titles and the vocabulary that answers are read with.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from pipeline.model.region_order import Listed, RegionOrder


class Entry(BaseModel):
    """One table of the TOML file: immutable, without keys that are not declared."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Titles(Entry):
    """The titles of forms and outputs."""

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
    """One scored item of 附件1.

    kind: ratio (the company types N and M) or expert (experts give marks). m: typed, the sum of other items' N
    (m_sum_of), or fixed (m_fixed). ranked: the figures that get a peer score. tick_caption, categories: of an item
    whose N is a number of ticked categories. The captions and texts are those of the printed form.
    """

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
    """How a ratio item is scored: self score and peer score by their shares, ties, order of M, value 0, decimals to
    which values are compared."""

    self_share: Decimal = Field(ge=0, le=1)
    peer_share: Decimal = Field(ge=0, le=1)
    tie: Literal["min", "dense", "average"]
    m_order: Literal["descending", "ascending"]
    peer_of: Literal["mean", "n"]
    zero_coefficient: Decimal = Field(ge=0, le=1)
    rank_decimals: int = Field(ge=0, le=12)


class Band(Entry):
    """A 等级 of the 横向评分: a rank up to ceil(share × number ranked) earns `coefficient` of the item's points."""

    label: str
    share: Decimal = Field(gt=0, le=1)
    coefficient: Decimal = Field(ge=0, le=1)


def band_limits(ranked: int, bands: Sequence[Band]) -> list[int]:
    """The last rank of each band among `ranked` companies: ceil(share × ranked), exact (0.1 × 30 is 3)."""
    return [math.ceil(band.share * ranked) for band in bands]


class Experts(Entry):
    """How marks are merged. trim_from: from so many marks on, the highest and the lowest are left out."""

    method: Literal["trimmed", "mean", "median"]
    trim_from: int = Field(ge=3)
    mark_step: Decimal = Field(gt=0)


class Alternative(Entry):
    """One way to rule. set: dotted keys of the rulebook and the values that they get."""

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


_NUMERALS = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十")


class PoolWords(NamedTuple):
    """What the columns of 附件3 are called, by the years that the pool counts.

    An item is a year ("2021"), cumulative, target or progress.
    """

    years: tuple[int, ...]

    @property
    def span(self) -> str:
        """The number of years in words: 三年."""
        count = len(self.years)
        return f"{_NUMERALS[count] if count < len(_NUMERALS) else count}年"

    def header(self, item: str) -> str:
        """An item's header with the line break of the printed form."""
        headers = {"cumulative": f"{self.span}\n累计数", "target": f"{self.span}\n目标数", "progress": "完成进度"}
        return headers.get(item, f"{item}年\n新增数")

    def label(self, item: str) -> str:
        """An item's header on one line: 三年累计数."""
        return self.header(item).replace("\n", "")

    @property
    def facts(self) -> dict[str, str]:
        """Headers that the texts of issues about 附件3 name."""
        items = {"added_label": str(self.years[0]), "cumulative_label": "cumulative", "target_label": "target"}
        return {name: self.label(item) for name, item in items.items()}


class Pool(Entry):
    """附件3: the years it counts, what its last row is called, and its two tables."""

    years: tuple[int, ...] = Field(min_length=1)
    total_label: str
    levels: tuple[PoolLevel, ...]


class Unit(Entry):
    """How a unit is written. own: ways to write the unit itself; other: other units -> their factor ("1/1024")."""

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
        """The ways to write the unit itself, in upper case."""
        return frozenset(text.upper() for text in self.own)


class NominationColumn(Entry):
    """One of the 11 columns of 附件2. header: with the form's line breaks; aliases: other words that it is known by.
    negative: whether its figure may be below 0."""

    id: str
    label: str
    header: str
    aliases: tuple[str, ...] = ()
    unit: str = ""
    negative: bool = False


class Vocabulary(Entry):
    """The words that forms are read with, by what they mean."""

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
    """A 设区市. in_scope: whether a return is expected from its counties."""

    name: str
    aliases: tuple[str, ...]
    in_scope: bool = True


class County(Entry):
    """A 区县 with its six-digit code and the other names it is known by."""

    city: str
    name: str
    code: str = Field(pattern=r"^\d{6}$")
    kind: str
    aliases: tuple[str, ...]


class Zone(Entry):
    """A 功能区. It belongs to its one parent county unless it `reports` for itself."""

    city: str
    name: str
    parents: tuple[str, ...] = Field(min_length=1)
    aliases: tuple[str, ...]
    reports: bool
    certainty: str


class Cut(Entry):
    """A line that decides something: the last rank (`place`) or the lowest `score` that is still inside, in the whole
    province, in every city or in every county."""

    label: str
    within: Literal["province", "city", "county"]
    place: int | None = Field(default=None, ge=1)
    score: Decimal | None = None


class Paper(Entry):
    """A kind of paper that 填表说明 2 asks for, and the words by which file and folder names are taken for it.

    items: the indicators of which N or M above 0 asks for it; none for one that is asked for only where a company has
    something to tell. topics: words that mean this paper alone; words: those that it may share with others.
    """

    id: str
    label: str
    clause: str
    items: tuple[str, ...] = ()
    topics: tuple[str, ...] = Field(min_length=1)
    words: tuple[str, ...] = ()


class VisitReason(Entry):
    """What makes a company more likely to be visited: the points that one finding of this kind adds to its weight, and how
    many findings count at most."""

    id: Literal["decided", "unusual", "approximate", "near_line", "top", "papers"]
    label: str
    points: int = Field(ge=0, le=1000)
    most: int = Field(default=1, ge=1, le=1000)


class Visits(Entry):
    """How companies are drawn for a visit. share: of the companies with a form, the least that is drawn; base: the weight of
    a company of which nothing was found; top_share: of the ranked companies, those that count as top places."""

    share: Decimal = Field(default=Decimal("0.1"), gt=0, le=1)
    base: int = Field(default=1, ge=1, le=1000)
    top_share: Decimal = Field(default=Decimal("0.1"), ge=0, le=1)
    reasons: tuple[VisitReason, ...] = ()


class OldName(Entry):
    """A county's name until `year`, and the counties that its area belongs to now."""

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
    papers: tuple[Paper, ...] = ()
    visits: Visits = Visits()
    sha256: str = ""

    @cached_property
    def ratio_indicators(self) -> tuple[Indicator, ...]:
        """The items for which the company types N and M, in the notice's order."""
        return tuple(item for item in self.indicators if item.kind == "ratio")

    @cached_property
    def expert_indicators(self) -> tuple[Indicator, ...]:
        """The items that experts mark, in the notice's order."""
        return tuple(item for item in self.indicators if item.kind == "expert")

    @cached_property
    def indicator_of(self) -> dict[str, Indicator]:
        """Id -> indicator."""
        return {item.id: item for item in self.indicators}

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Id of an indicator -> its Chinese name."""
        return {item.id: item.label for item in self.indicators}

    @cached_property
    def column_labels(self) -> Mapping[str, str]:
        """Id of a column of 附件2 -> its Chinese name."""
        return {column.id: column.label for column in self.nomination_columns}

    @cached_property
    def dimension_labels(self) -> Mapping[str, str]:
        """Id of a dimension -> its Chinese name."""
        return {dimension.id: dimension.label for dimension in self.dimensions}

    @cached_property
    def objective_points(self) -> Decimal:
        """What the ratio items are worth together (75 in 浙江 2024): the most of 客观分, 自评分合计 and 横向评分合计."""
        return _sum_of_points(self.ratio_indicators)

    @cached_property
    def expert_points(self) -> Decimal:
        """What the expert items are worth together (25 in 浙江 2024)."""
        return _sum_of_points(self.expert_indicators)

    @cached_property
    def total_points(self) -> Decimal:
        """What all items are worth together: 100."""
        return _sum_of_points(self.indicators)

    @cached_property
    def pool_words(self) -> PoolWords:
        """What the columns of 附件3 are called."""
        return PoolWords(self.pool.years)

    @cached_property
    def unit_of(self) -> dict[str, Unit]:
        """Id -> unit."""
        return {unit.id: unit for unit in self.units}

    @cached_property
    def city_names(self) -> tuple[str, ...]:
        """The cities in the notice's order."""
        return tuple(city.name for city in self.cities)

    @cached_property
    def region_order(self) -> RegionOrder:
        """The order of cities and counties in every output: the notice's."""
        regions: tuple[County | Zone, ...] = (*self.counties, *self.zones)
        return RegionOrder(
            ((city.name, city.aliases) for city in self.cities),
            (Listed(region.city, region.name, region.aliases) for region in regions),
        )

    @cached_property
    def expected_counties(self) -> tuple[County, ...]:
        """The counties a return is expected of: the list less the cities out of scope (90 in 浙江)."""
        out_of_scope = {city.name for city in self.cities if not city.in_scope}
        return tuple(county for county in self.counties if county.city not in out_of_scope)

    @property
    def assumed_rulings(self) -> tuple[Ruling, ...]:
        """The rulings that nobody has confirmed yet."""
        return tuple(ruling for ruling in self.rulings if not ruling.confirmed)


def _sum_of_points(items: Iterable[Indicator]) -> Decimal:
    """The sum of their points, without decimals that are 0, so that it prints as it is spoken of."""
    total = sum((item.points for item in items), Decimal())
    return total.to_integral_value() if total == total.to_integral_value() else total.normalize()
