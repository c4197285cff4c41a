"""附件3 of the made-up province: the figures that the notice prints, including its one wrong percentage."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from pipeline.model.rulebook import PoolLevel, Rulebook
from pipeline.writers.forms.filled import PoolRow, write_pool_form

# Source: 附件3, 2021年 2022年 2023年 新增数.
_YEARS = (2021, 2022, 2023)
_ADDED = {
    "市级": {
        "杭州市": (14, 84, 58),
        "宁波市": (19, 107, 82),
        "温州市": (6, 65, 49),
        "嘉兴市": (5, 53, 52),
        "湖州市": (12, 34, 52),
        "绍兴市": (4, 28, 65),
        "金华市": (5, 62, 49),
        "衢州市": (3, 16, 23),
        "舟山市": (1, 5, 5),
        "台州市": (5, 26, 36),
        "丽水市": (1, 9, 16),
    },
    "区县级": {
        "杭州市": (14, 189, 114),
        "宁波市": (19, 210, 178),
        "温州市": (6, 246, 87),
        "嘉兴市": (5, 124, 124),
        "湖州市": (12, 53, 81),
        "绍兴市": (4, 41, 86),
        "金华市": (5, 127, 105),
        "衢州市": (3, 17, 35),
        "舟山市": (1, 14, 9),
        "台州市": (5, 71, 100),
        "丽水市": (1, 21, 24),
    },
}
# Beside these figures and this target the notice prints 142.7 %, although 97 / 68 is 142.6 %.
_MISPRINT, _MISPRINTED_RATIO = ("市级", "绍兴市", (4, 28, 65), 68), 1.427

_USUAL_TARGET = 60  # of a city without one


def write_pool(path: Path, rulebook: Rulebook, seed: int) -> None:
    """Writes the pool's workbook: each level with its totals and percentages."""
    levels: dict[str, list[PoolRow]] = {level.id: _rows(rulebook, level, seed) for level in rulebook.pool.levels}
    write_pool_form(path, levels, rulebook, demo=True)


def _rows(rulebook: Rulebook, level: PoolLevel, seed: int) -> list[PoolRow]:
    """The rows of one level. Cities without a target have none here; their counts are made up as if they had."""
    added = {city: _added(rulebook, level, city, seed) for city in rulebook.city_names}
    rows = [_row(city, counts, level.targets.get(city)) for city, counts in added.items()]
    if rulebook.pool.years == _YEARS:
        rows = [_as_printed(level, row) for row in rows]
    sums = tuple(sum(counts) for counts in zip(*added.values(), strict=True))
    return [*rows, _row(rulebook.pool.total_label, sums, sum(level.targets.values()) or None)]


def _added(rulebook: Rulebook, level: PoolLevel, city: str, seed: int) -> tuple[int, ...]:
    """New companies per year: the notice's figures, those that the rulebook knows, and made-up ones for the others."""
    if rulebook.pool.years == _YEARS and city in _ADDED.get(level.id, {}):
        return _ADDED[level.id][city]
    chance = random.Random(f"{seed}:pool:{level.id}:{city}")
    yearly = level.targets.get(city, _USUAL_TARGET) / len(rulebook.pool.years)
    made_up = {str(year): round(yearly * chance.uniform(0.5, 1.5)) for year in rulebook.pool.years}
    return tuple(level.counts.get(year, {}).get(city, count) for year, count in made_up.items())


def _row(region: str, counts: tuple[int, ...], target: int | None) -> PoolRow:
    cumulative = sum(counts)
    ratio = (Decimal(cumulative) / target).quantize(Decimal("0.001"), ROUND_HALF_UP) if target else None
    return PoolRow(region, counts, cumulative, target, None if ratio is None else float(ratio))


def _as_printed(level: PoolLevel, row: PoolRow) -> PoolRow:
    """The row as the notice prints it: with a wrong percentage where it prints one."""
    wrong = (level.id, row.region, tuple(row.added), row.target) == _MISPRINT
    return row._replace(progress=_MISPRINTED_RATIO) if wrong else row
