"""附件3: the progress of each city's 培育库, recomputed from the years' counts; printed sums are claims to check."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from pipeline.issues.catalogue import (
    CITY_EXCEEDS_COUNTY_LEVEL,
    COMPANY_IN_TWO_CITIES,
    COMPANY_TWICE_IN_CITY,
    NAMES_DIFFER_FROM_COUNT,
    NO_POOL_RECEIVED,
    NO_TARGET,
    POOL_FIGURE_BLANK,
    POOL_FIGURES_CONFLICT,
    PRINTED_FIGURE_DIFFERS,
    TARGET_DIFFERS,
    YEAR_COLUMN_MISSING,
    Code,
)
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import listed, where_text
from pipeline.model.display import percentage
from pipeline.model.names import name_key
from pipeline.model.records import NO_WHERE, PoolCount, PoolName
from pipeline.model.rulebook import PoolLevel, PoolWords, Rulebook
from pipeline.model.tables import REGIONS, frame


class _Figure(NamedTuple):
    """A value of one region and item; where: the cell it was read from, blank when recomputed."""

    value: float = math.nan
    where: Where = NO_WHERE


_BLANK = _Figure()
_ADDRESS = re.compile(r"([A-Z]*)(\d*)")
_Cells = Mapping[tuple[str, str], list[PoolCount]]  # (region, item) -> the cells that give it, in reading order
_Names = Mapping[tuple[str, str], list[PoolName]]  # (city, year) -> its new companies
_Figures = dict[tuple[str, str], _Figure]


def summarise(
    pool_counts: Iterable[PoolCount], pool_names: Iterable[PoolName], rulebook: Rulebook
) -> tuple[pd.DataFrame, list[Issue]]:
    """REGIONS for both levels, every city and the province, and the issues.

    附件3: 三年累计数 is the sum of the years' 新增数, 完成进度 = 累计数 ÷ 目标数 (a ratio, not capped), 全省合计 the
    sums and the ratio of the sums. Nothing arrived (NO_POOL_RECEIVED): every value blank. A level of which nothing came is blank,
    its targets too.
    """
    every = sorted(pool_counts, key=lambda count: _reading_order(count.where))
    counts = [count for count in every if count.value is not None]
    names = sorted(pool_names, key=lambda name: (name.year, _reading_order(name.where)))
    if not counts and not names:
        return _regions({}, {}, rulebook), [Issue(NO_POOL_RECEIVED, Where())]
    issues: list[Issue] = []
    figures: dict[str, _Figures] = {}
    cells: dict[str, _Cells] = {}
    for level in rulebook.pool.levels:
        cells[level.id] = _cells([count for count in counts if count.level == level.id])
        listed, repeated = _new_names([name for name in names if name.level == level.id])
        missing = _cells([count for count in every if count.level == level.id and count.value is None])
        figures[level.id], doubts = _level_figures(level, cells[level.id], missing, listed, rulebook)
        issues += [*repeated, *doubts]
        issues += _claims(level.id, cells[level.id], figures[level.id], rulebook)
    issues += _upside_down(figures, rulebook)
    return _regions(figures, cells, rulebook), issues


def _reading_order(where: Where) -> tuple[str, str, int, int, str]:
    """The sort key of a cell: file, sheet, row, column."""
    address = _ADDRESS.match(where.cell)
    letters, digits = address.groups() if address else ("", "")
    return where.file, where.sheet, int(digits or 0), len(letters), letters


def _cells(counts: Iterable[PoolCount]) -> _Cells:
    cells: dict[tuple[str, str], list[PoolCount]] = defaultdict(list)
    for count in counts:
        cells[count.region, count.item].append(count)
    return dict(cells)


def _new_names(names: Iterable[PoolName]) -> tuple[_Names, list[Issue]]:
    """One level's names by city and year, each company once: the first of `names` counts. One COMPANY_IN_TWO_CITIES
    for each name under another city, one COMPANY_TWICE_IN_CITY for all that stand twice under one city."""
    first: dict[str, PoolName] = {}
    newcomers_of: dict[tuple[str, str], list[PoolName]] = defaultdict(list)
    issues: list[Issue] = []
    twice: list[PoolName] = []
    for name in names:
        newcomers = newcomers_of[name.city, str(name.year)]
        known = first.setdefault(name_key(name.company), name)
        if known is name:
            newcomers.append(name)
        elif known.city == name.city:
            twice.append(known)
        else:
            facts = {"level": name.level, "region": name.city, "year": str(name.year)}
            facts |= {"first_city": known.city, "first_year": str(known.year), "other": where_text(known.where)}
            issues.append(
                Issue(
                    COMPANY_IN_TWO_CITIES,
                    name.where,
                    part=f"{name.level}{name.company}",
                    found=name.company,
                    facts=facts,
                )
            )
    if twice:
        companies = list(dict.fromkeys(name.company for name in twice))
        facts = {"level": twice[0].level, "names": listed(companies, unit=""), "count": str(len(companies))}
        issues.append(Issue(COMPANY_TWICE_IN_CITY, twice[0].where, part=twice[0].level, facts=facts))
    return dict(newcomers_of), issues


def _level_figures(
    level: PoolLevel, cells: _Cells, missing: _Cells, newcomers: _Names, rulebook: Rulebook
) -> tuple[_Figures, list[Issue]]:
    """Every city's and the province's figures of one level: typed counts before names, both and typed targets before the
    rulebook's. missing: the cells of years that are blank or no number."""
    if not cells and not newcomers:
        return {}, []
    years, words = [str(year) for year in rulebook.pool.years], rulebook.pool_words
    figures: _Figures = {}
    issues = list(_years_nobody_gives(level, cells, missing, newcomers, words))
    absent = {issue.facts["year"] for issue in issues}
    incomplete: set[str] = set()  # years that some city's table does not give: nor does their sum
    for city in rulebook.cities_in_scope:
        typed = {item: cells.get((city, item), []) for item in (*years, "target")}
        doubted = {item for item, counts in typed.items() if _differ(counts)}
        for item, counts in typed.items():
            figures[city, item] = _BLANK if item in doubted else _typed(counts)
            issues += _contradictions(level.id, counts, words)
        issues += _settle_names(level.id, city, figures, newcomers, words, doubted)
        issues += _settle_known(level, city, figures, words, doubted)
        gaps = _gaps(city, figures, cells, missing, years)
        for year, cell in gaps.items():
            if year not in absent | doubted and (cell.blank or cell.value is not None):
                issues.append(_issue(POOL_FIGURE_BLANK, level.id, city, year, cell.where, words))
        incomplete |= gaps.keys()
        figures.update(_derived(city, figures, years, whole=not gaps))
        if "target" in doubted:
            continue
        if not math.isnan(figures[city, "cumulative"].value) and math.isnan(figures[city, "progress"].value):
            issues.append(_issue(NO_TARGET, level.id, city, "target", Where(), words))
    province = rulebook.pool.total_label
    for item in (*years, "target"):
        total = _sum(figures[city, item].value for city in rulebook.cities_in_scope)
        figures[province, item] = _BLANK if item in incomplete else _Figure(total)
    figures.update(_derived(province, figures, years, whole=not incomplete))
    return figures, issues


def _years_nobody_gives(
    level: PoolLevel, cells: _Cells, missing: _Cells, newcomers: _Names, words: PoolWords
) -> Iterable[Issue]:
    """One YEAR_COLUMN_MISSING for each year without a column in any table of counts of the level, in no list, and without
    counts in the rulebook."""
    years = [str(year) for year in words.years]
    counted = [counts[0] for (_, item), counts in cells.items() if item in years or item == "cumulative"]
    given = {*level.counts, *(item for _, item in (*cells, *missing, *newcomers))}
    for year in (year for year in years if counted and year not in given):
        where = min((count.where for count in counted), key=_reading_order)
        facts = {**words.facts, "level": level.id, "year": year}
        yield Issue(YEAR_COLUMN_MISSING, where, part=f"{level.id}{year}", facts=facts)


def _gaps(city: str, figures: _Figures, cells: _Cells, missing: _Cells, years: list[str]) -> dict[str, PoolCount]:
    """The years that a city's table of counts does not give, each with the cell that should, or else with its first
    one; none for a city that is only listed by names."""
    given = [cells.get((city, item), []) for item in (*years, "cumulative")]
    given += [missing.get((city, year), []) for year in years]
    counts = [of_one[0] for of_one in given if of_one]
    lacking = [year for year in years if math.isnan(figures[city, year].value)]
    return {year: missing.get((city, year), counts)[0] for year in lacking if counts}


def _typed(counts: list[PoolCount]) -> _Figure:
    return _Figure(_value(counts[-1]), counts[-1].where) if counts else _BLANK


def _value(count: PoolCount) -> float:
    return math.nan if count.value is None else count.value


def _differ(counts: list[PoolCount]) -> bool:
    """True when several cells give one figure differently: neither file nor order says which is right, so none counts."""
    return len({count.value for count in counts}) > 1


def _contradictions(level: str, counts: list[PoolCount], words: PoolWords) -> Iterable[Issue]:
    """One POOL_FIGURES_CONFLICT on each cell of a figure that is given differently."""
    for count in counts if _differ(counts) else []:
        other = next(one for one in counts if one.value != count.value)
        facts = {"other": where_text(other.where), "value": _text(count.item, _value(other))}
        typed = _text(count.item, _value(count))
        yield _issue(POOL_FIGURES_CONFLICT, level, count.region, count.item, count.where, words, typed, facts)


def _settle_names(
    level: str, city: str, figures: _Figures, newcomers: _Names, words: PoolWords, doubted: set[str]
) -> Iterable[Issue]:
    """Fills years without a count from the city's list of names; one NAMES_DIFFER_FROM_COUNT where list and
    count differ. A year that is in no list is left alone."""
    for year in (year for year in map(str, words.years) if (city, year) in newcomers and year not in doubted):
        names = newcomers[city, year]
        figure = figures[city, year]
        if math.isnan(figure.value):
            figures[city, year] = _Figure(float(len(names)), names[0].where if names else NO_WHERE)
        elif figure.value != len(names):
            facts = {"year": year, "names": str(len(names))}
            yield _issue(
                NAMES_DIFFER_FROM_COUNT, level, city, year, figure.where, words, _text(year, figure.value), facts
            )


def _settle_known(
    level: PoolLevel, city: str, figures: _Figures, words: PoolWords, doubted: set[str]
) -> Iterable[Issue]:
    """Fills the counts and the target that nobody gives from the rulebook; one TARGET_DIFFERS where the two differ."""
    known = {str(year): level.counts.get(str(year), {}).get(city) for year in words.years}
    for item, value in {**known, "target": level.targets.get(city)}.items():
        figure = figures[city, item]
        if value is None or item in doubted:
            continue
        if math.isnan(figure.value):
            figures[city, item] = _Figure(float(value))
        elif figure.value != value:
            typed = _text(item, figure.value)
            yield _issue(TARGET_DIFFERS, level.id, city, item, figure.where, words, typed, {"target": str(value)})


def _derived(region: str, figures: _Figures, years: list[str], whole: bool = True) -> _Figures:
    """三年累计数 and 完成进度; blank where a year is missing (not `whole`), for a blank is no 0."""
    cumulative = _sum(figures[region, year].value for year in years) if whole else math.nan
    target = figures[region, "target"].value
    progress = cumulative / target if target > 0 else math.nan
    return {(region, "cumulative"): _Figure(cumulative), (region, "progress"): _Figure(progress)}


def _sum(values: Iterable[float]) -> float:
    """The sum of the values that are not NaN; NaN without any."""
    present = [value for value in values if not math.isnan(value)]
    return math.fsum(present) if present else math.nan


def _claims(level: str, cells: _Cells, figures: _Figures, rulebook: Rulebook) -> Iterable[Issue]:
    """One PRINTED_FIGURE_DIFFERS for each printed sum or percentage that differs from the recomputed one as shown."""
    claimed = {(region, item) for region in rulebook.cities_in_scope for item in ("cumulative", "progress")}
    claimed |= {(rulebook.pool.total_label, item) for item in _items(rulebook)}
    years_of_cities = ((city, str(year)) for city in rulebook.cities_in_scope for year in rulebook.pool.years)
    some_year = any(not math.isnan(figures.get(city_year, _BLANK).value) for city_year in years_of_cities)
    for region, item in _region_items(rulebook):
        for count in cells.get((region, item), []) if (region, item) in claimed else ():
            printed, value = _text(item, _value(count)), _text(item, figures[region, item].value)
            if printed != value and (value or not some_year):  # a missing year has its own issue
                facts = {"printed": printed, "value": value or "空白"}
                issue = _issue(
                    PRINTED_FIGURE_DIFFERS, level, region, item, count.where, rulebook.pool_words, printed, facts
                )
                yield issue if region in rulebook.cities_in_scope else issue._replace(city="")


def _upside_down(figures: Mapping[str, _Figures], rulebook: Rulebook) -> Iterable[Issue]:
    """One CITY_EXCEEDS_COUNTY_LEVEL for each city and year with more new companies at 市级 than at 区县级, the tier below it."""
    for city in rulebook.cities_in_scope:
        for year in map(str, rulebook.pool.years):
            upper, lower = (figures.get(level, {}).get((city, year), _BLANK) for level in ("市级", "区县级"))
            if upper.value > lower.value:
                facts = {"year": year, "city_level": _text(year, upper.value), "county_level": _text(year, lower.value)}
                typed = facts["city_level"]
                yield _issue(
                    CITY_EXCEEDS_COUNTY_LEVEL, "市级", city, year, upper.where, rulebook.pool_words, typed, facts
                )


def _issue(
    code: Code,
    level: str,
    region: str,
    item: str,
    where: Where,
    words: PoolWords,
    found: str = "",
    facts: Mapping[str, str] | None = None,
) -> Issue:
    """An issue about one city and item; its part names both, so that its id does not depend on other issues."""
    label = words.label(item)
    every = {**words.facts, "level": level, "region": region, "item": label, **(facts or {})}
    return Issue(code, where, part=f"{level}{region}{label}", found=found, facts=every, city=region)


def _text(item: str, value: float) -> str:
    """A count or a percentage as 附件3 shows it; blank when there is none."""
    if item == "progress":
        return percentage(value)
    return "" if math.isnan(value) else f"{value:.15g}"


def _items(rulebook: Rulebook) -> tuple[str, ...]:
    return (*(str(year) for year in rulebook.pool.years), "cumulative", "target", "progress")


def _region_items(rulebook: Rulebook) -> Iterable[tuple[str, str]]:
    for region in rulebook.pool_regions:
        for item in _items(rulebook):
            yield region, item


def _regions(figures: Mapping[str, _Figures], cells: Mapping[str, _Cells], rulebook: Rulebook) -> pd.DataFrame:
    """REGIONS: both levels, the rows of 附件3 in their order, every item."""
    rows = []
    for level in rulebook.pool.levels:
        for region, item in _region_items(rulebook):
            figure = figures.get(level.id, {}).get((region, item), _BLANK)
            typed = _typed(cells.get(level.id, {}).get((region, item), []))
            where = typed.where if any(typed.where) else figure.where
            key = {"level": level.id, "region": region, "item": item}
            rows.append({**key, "value": figure.value, "printed": typed.value, "where": where})
    return frame(rows, REGIONS)
