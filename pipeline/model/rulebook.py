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
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from pipeline.model.alternatives import choice_of, figure_in, filled
from pipeline.model.region_order import Listed, RegionOrder
from pipeline.model.scope import Scope

Count = Annotated[int, Field(ge=0)]


class Entry(BaseModel):
    """One table of the TOML file: immutable, without keys that are not declared."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Titles(Entry):
    """The titles of forms and outputs. brief: of 简报, that of the report where it is absent."""

    assessment: str
    nomination: str
    marks: str
    public_list: str
    audit: str
    problems: str
    returned: str
    report: str
    brief: str = ""


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
    """One way to rule. set: dotted keys of the rulebook and the values that they get. asks: the word that stands for a
    figure in the sentence and in `set`; whoever picks the alternative writes the figure instead of it."""

    id: str
    sentence: str
    set: Mapping[str, Any]
    asks: str = ""

    def with_figure(self, figure: Decimal) -> Alternative:
        """The alternative with the figure instead of its word; itself when it asks for none."""
        if not self.asks:
            return self
        number = int(figure) if figure == figure.to_integral_value() else figure
        changes = {
            "sentence": self.sentence.replace(self.asks, str(number)),
            "set": {key: filled(value, self.asks, number) for key, value in self.set.items()},
            "asks": "",
        }
        return self.model_copy(update=changes)


class Ruling(Entry):
    """A rule the notice leaves open: assumed until 规则确认 confirms it or picks another alternative. used: always, or
    only when companies are selected; one that is not used need not be confirmed."""

    id: str
    topic: str
    sentence: str
    reason: str
    adopted: str
    confirmed: bool = False
    used: Literal["always", "selection"] = "always"
    alternatives: tuple[Alternative, ...] = Field(min_length=2)

    @property
    def selects(self) -> bool:
        """Whether it is about nothing but who is selected."""
        keys = [key for alternative in self.alternatives for key in alternative.set]
        return bool(keys) and all(key.startswith("selection.") for key in keys)

    def sentence_of(self, choice: str) -> str:
        """What a choice (`choice_text`) says, its figure included; "" for an alternative that the ruling does not have."""
        name, figure = choice_of(choice)
        alternative = next((entry for entry in self.alternatives if entry.id == name), None)
        if alternative is None:
            return ""
        return (alternative if figure is None else alternative.with_figure(figure)).sentence


class Selection(Entry):
    """Which ranked companies are selected (拟认定); nobody is, as long as every figure is 0.

    places: how many companies in the whole province. least_score: everybody from this total on. The quotas are how many
    companies of a city (杭州市) or county (杭州市西湖区) are selected at least. tie: what becomes of companies of equal totals
    of which only some are within: put to a person, all in, or all out."""

    places: Count = 0
    least_score: Decimal = Field(default=Decimal(), ge=0)
    city_quotas: Mapping[str, Count] = Field(default_factory=dict)
    county_quotas: Mapping[str, Count] = Field(default_factory=dict)
    tie: Literal["ask", "in", "out"] = "ask"

    @property
    def selects(self) -> bool:
        """Whether anybody is selected."""
        quotas = (*self.city_quotas.values(), *self.county_quotas.values())
        return bool(self.places or self.least_score or any(quotas))


class PublicList(Entry):
    """公示名单. order: by region and within it by name, or by rank."""

    order: Literal["region", "rank"] = "region"


class PoolLevel(Entry):
    """One of 附件3's two tables: its title and each city's three-year target (三年目标数). counts: year -> city -> its
    新增数, where it is known already; what a pool workbook says goes before it."""

    id: Literal["市级", "区县级"]
    title: str
    targets: Mapping[str, Count]
    counts: Mapping[str, Mapping[str, Count]] = Field(default_factory=dict)


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
    assessment_words: tuple[str, ...] = ()
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


class Chasing(Entry):
    """What the texts of 催报 say besides what is open: the day by which returns are due, whom to ask, and the person to
    turn to in each city. Each may be absent; its sentence is then left out."""

    deadline: date | None = None
    contact: str = ""
    city_contacts: Mapping[str, str] = Field(default_factory=dict)


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
    selection: Selection = Selection()
    public_list: PublicList = PublicList()
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
    chasing: Chasing = Field(default_factory=Chasing)
    papers: tuple[Paper, ...] = ()
    visits: Visits = Visits()
    sha256: str = ""
    scope: Scope = Scope()

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
    def figure_columns(self) -> tuple[NominationColumn, ...]:
        """The columns of 附件2 that hold figures."""
        return tuple(column for column in self.nomination_columns if column.unit)

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

    @property
    def scope_name(self) -> str:
        """The province's name, or that of the city that the scope is."""
        return self.scope.city or self.province

    @cached_property
    def cities_in_scope(self) -> tuple[str, ...]:
        """The cities that a run by this rulebook is about, in the notice's order: all, or the one of its scope."""
        return tuple(name for name in self.city_names if self.scope.holds(name))

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
        """The counties a return is expected of: the list less the cities that report nothing to the province (90 in 浙江);
        with a city's scope that city's."""
        asked = {city.name for city in self.cities if city.in_scope or self.scope.city}
        return tuple(county for county in self.counties if county.city in asked and self.scope.holds(county.city))

    @cached_property
    def pool_regions(self) -> tuple[str, ...]:
        """The rows of 附件3: the cities of the scope, and 全省合计 below those of a province."""
        return self.cities_in_scope if self.scope.city else (*self.cities_in_scope, self.pool.total_label)

    @property
    def assumed_rulings(self) -> tuple[Ruling, ...]:
        """The rulings in use that nobody has confirmed yet."""
        return tuple(ruling for ruling in self.rulings if self.uses(ruling) and not ruling.confirmed)

    def uses(self, ruling: Ruling) -> bool:
        """Whether the results depend on the ruling at all."""
        return self.selects or (ruling.used == "always" and not (self.scope.city and ruling.selects))

    @property
    def selects(self) -> bool:
        """Whether companies are selected: never in a city's run, for the province selects."""
        return self.selection.selects and not self.scope.city

    def adopted_alternative(self, ruling: Ruling) -> Alternative:
        """The adopted one of a ruling of this rulebook; one that asks for a figure with the figure that stands here."""
        adopted, figure = _adopted_of(ruling), self.adopted_figure(ruling)
        return adopted if figure is None else adopted.with_figure(figure)

    def adopted_figure(self, ruling: Ruling) -> Decimal | None:
        """The figure that stands here for the one that the adopted alternative asks for; None when it asks for none."""
        adopted = _adopted_of(ruling)
        figures = (figure_in(self.standing_value(key), value, adopted.asks) for key, value in adopted.set.items())
        return next((Decimal(str(figure)) for figure in figures if figure is not None), None)

    def standing_value(self, key: str) -> Any:
        """The value at a dotted key. A part after a list is the id or label of one entry. Raises AttributeError,
        KeyError or StopIteration where there is none."""
        value: Any = self
        for part in key.split("."):
            if isinstance(value, tuple):
                named = (entry for entry in value if part in (getattr(entry, "id", ""), getattr(entry, "label", "")))
                value = next(named)
            else:
                value = value[part] if isinstance(value, Mapping) else getattr(value, part)
        return value


def _adopted_of(ruling: Ruling) -> Alternative:
    return next(entry for entry in ruling.alternatives if entry.id == ruling.adopted)


def _sum_of_points(items: Iterable[Indicator]) -> Decimal:
    """The sum of their points, without decimals that are 0, so that it prints as it is spoken of."""
    total = sum((item.points for item in items), Decimal())
    return total.to_integral_value() if total == total.to_integral_value() else total.normalize()
