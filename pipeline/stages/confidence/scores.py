"""All totals of a list at once under other rules: the points that `scoring` gives, as a few matrix products."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from pipeline.model.rulebook import Indicator, Rulebook
from pipeline.stages.confidence.rules import Rules
from pipeline.stages.scoring import PROVISIONAL, RANKED, ranks_among
from pipeline.stages.selection import LineRule, candidates_of, selected_mask


class ScoreModel:
    """The figures from which the points of the ranked companies come; rows are companies, in list order.

    The rank on an item is among all who compete there (暂排 too); totals are of the 已排名 alone.
    """

    def __init__(self, scores: pd.DataFrame, totals: pd.DataFrame, rulebook: Rulebook) -> None:
        competing = totals[totals["status"].isin([RANKED, PROVISIONAL])]
        self.ranked = (competing["status"] == RANKED).to_numpy()
        self.keys = tuple(competing.loc[self.ranked, "key"])
        self.companies = len(self.keys)
        self.items = rulebook.ratio_indicators
        self.points = np.array([float(item.points) for item in self.items])
        self.parts = [(column, part) for column, item in enumerate(self.items) for part in item.ranked]
        self.expert_items = rulebook.expert_indicators
        self._order = {item.id: column for column, item in enumerate(rulebook.indicators)}
        grids = {name: _grid(scores, competing["key"], name, self.items) for name in ("n", "m", "self_score")}
        self.valid = ~np.isnan(grids["self_score"])
        self.n, self.m = (np.where(self.valid, grids[name], np.nan) for name in ("n", "m"))
        self.self_ratio = grids["self_score"][self.ranked] / self.points
        standing = competing.loc[self.ranked].reset_index(drop=True)
        self.groups = {
            "city": pd.factorize(standing["city"])[0],
            "county": pd.factorize(standing["city"] + "/" + standing["county"])[0],
        }
        self.decimals = rulebook.scoring.rank_decimals
        self.candidates = candidates_of(standing, self.decimals)
        self._ranks: dict[tuple[str, str], np.ndarray] = {}

    def selected(self, totals: np.ndarray, rules: Sequence[LineRule], tie: str) -> np.ndarray:
        """Whether each ranked company is selected for sure by these lines when these are the totals."""
        compared = np.round(np.round(totals, 12), self.decimals)
        return selected_mask(self.candidates._replace(compared=compared), rules, tie)

    @cached_property
    def zero(self) -> np.ndarray:
        """ranked companies x parts: the value is 0 and in no band."""
        return np.column_stack([self.values(column, part)[self.ranked] == 0 for column, part in self.parts])

    @cached_property
    def populations(self) -> np.ndarray:
        """Companies ranked on each part."""
        return np.array([int(self.valid[:, column].sum()) for column, _ in self.parts])

    @cached_property
    def ascending_n(self) -> list[list[float]]:
        """Per item the N of everybody ranked on it, smallest first."""
        return [np.sort(self.n[self.valid[:, column], column]).tolist() for column in range(len(self.items))]

    def values(self, column: int, part: str) -> np.ndarray:
        """N or M of one item for every competing company, NaN where not valid."""
        return (self.n if part == "n" else self.m)[:, column]

    def ranks(self, tie: str, m_order: str) -> np.ndarray:
        """ranked companies x parts: the rank on each part."""
        if (tie, m_order) not in self._ranks:
            columns = []
            for column, part in self.parts:
                values = self.values(column, part)
                standing = values[self.valid[:, column]]
                columns.append(ranks_among(values, standing, tie, part == "n" or m_order == "descending")[self.ranked])
            self._ranks[tie, m_order] = np.asfortranarray(np.column_stack(columns))
        return self._ranks[tie, m_order]

    def totals(self, rules: Rules, expert_points: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        """Each ranked company's total. weights: of the indicators in rulebook order, around 1; the sum of all points
        stays what it is."""
        weights = self._scaled(weights)
        item_weights = weights[[self._order[item.id] for item in self.items]]
        total: np.ndarray = self.self_ratio @ (item_weights * self.points * rules.self_share)
        total += self._coefficients(rules) @ (
            self._part_weights(rules) * item_weights[[column for column, _ in self.parts]]
        )
        total += expert_points @ weights[[self._order[item.id] for item in self.expert_items]]
        return total

    def _scaled(self, weights: np.ndarray | None) -> np.ndarray:
        """Weights that leave the sum of all points as it is."""
        count = len(self._order)
        if weights is None:
            return np.ones(count)
        points = np.empty(count)
        for item in (*self.items, *self.expert_items):
            points[self._order[item.id]] = float(item.points)
        scaled: np.ndarray = weights * points.sum() / (weights @ points)
        return scaled

    def _part_weights(self, rules: Rules) -> np.ndarray:
        """The points a whole coefficient of each part is worth."""
        worth = []
        for column, part in self.parts:
            ranked = self.items[column].ranked
            only_n = rules.peer_of == "n" and "n" in ranked
            share = float(part == "n") if only_n else 1 / len(ranked)
            worth.append(self.points[column] * rules.peer_share * share)
        return np.array(worth)

    def _coefficients(self, rules: Rules) -> np.ndarray:
        """ranked companies x parts: the coefficient of the band in which the rank falls."""
        ranks = self.ranks(rules.tie, rules.m_order)
        band = np.zeros(ranks.shape, dtype=np.intp, order="F")
        for share in rules.shares[:-1]:
            # the noise of a product must not lift a limit that is whole: 0.1 x 30
            band += ranks > np.ceil(np.round(share * self.populations, 9))
        return np.where(self.zero, rules.zero, np.array(rules.coefficients)[band])


def competition_ranks(values: np.ndarray, groups: np.ndarray | None = None) -> np.ndarray:
    """The rank of each value: 1 is the largest, equal values share the better rank; with `groups` (numbers from 0) within
    each group."""
    if groups is None:
        return np.searchsorted(np.sort(-values), -values, side="left") + 1
    order = np.lexsort((-values, groups))
    sorted_groups, sorted_values = groups[order], values[order]
    starts = np.searchsorted(sorted_groups, sorted_groups, side="left")
    starts_level = np.ones(len(values), dtype=bool)
    starts_level[1:] = (sorted_groups[1:] != sorted_groups[:-1]) | (sorted_values[1:] != sorted_values[:-1])
    first = np.maximum.accumulate(np.where(starts_level, np.arange(len(values)), 0))
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[order] = first - starts + 1
    return ranks


def _grid(scores: pd.DataFrame, keys: pd.Series, name: str, items: Sequence[Indicator]) -> np.ndarray:
    """companies x items of one figure of SCORES."""
    grid = np.full((len(keys), len(items)), np.nan)
    rows = pd.Index(keys.tolist(), dtype=object).get_indexer(pd.Index(scores["key"]))
    columns = pd.Index([item.id for item in items], dtype=object).get_indexer(pd.Index(scores["indicator"]))
    kept = (rows >= 0) & (columns >= 0)
    grid[rows[kept], columns[kept]] = scores[name].to_numpy(dtype=float)[kept]
    return grid
