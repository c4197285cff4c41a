"""Points of 附件1: self score, rank in the province, band, item score, totals and ranks.

Scores are computed on grids (companies x indicators) with numpy. Every intermediate figure is kept; nothing is
rounded before the ranking, and nothing is formatted here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from pipeline.model.records import NO_WHERE
from pipeline.model.results import TieNote
from pipeline.model.rulebook import Indicator, Rulebook, band_limits
from pipeline.model.tables import NUMBER, SCORES, STATUS_ORDER, TEXT, TOTALS, WHERE, ZERO_BAND

RANKED, PROVISIONAL, UNSCORED, UNNOMINATED, REFUSED, EXCLUDED = STATUS_ORDER


def score_items(answers: pd.DataFrame, enterprises: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """SCORES: every company x every indicator, companies as in `enterprises`, indicators in rulebook order.

    附件1 评分解释: “该项目自评分 = N÷M×5，N值和M值将用于……全省排名，根据排名得到相应等级的横向评分”. Points, unrounded.
    Only valid answers are scored; expert items and companies without a form stay blank. Ranked are the companies
    nominated, not refused, not excluded; others get the rank their value would have among those.
    """
    grids = _blank_grids(len(enterprises), len(rulebook.indicators))
    rows = _positions(enterprises["key"], answers["key"])
    columns = _positions([item.id for item in rulebook.indicators], answers["indicator"])
    for name in ("n", "m", "n_where", "m_where"):
        grids[name][rows, columns] = answers[name]
    valid = np.zeros(grids["n"].shape, dtype=bool)
    valid[rows, columns] = answers["valid"]
    valid &= enterprises["answered"].to_numpy(dtype=bool)[:, np.newaxis]
    formed = np.zeros(valid.shape, dtype=bool)
    formed[rows, columns] = True
    competing = (enterprises["nominated"] & ~enterprises["refused"] & ~enterprises["excluded"]).to_numpy(dtype=bool)
    for column, item in enumerate(rulebook.indicators):
        if item.kind != "ratio":
            continue
        usable = valid[:, column]
        n, m = (np.where(usable, grids[part][:, column], np.nan) for part in ("n", "m"))
        figures = _score_item(item, {"n": n, "m": m}, competing & usable, rulebook)
        for name, values in figures.items():
            grids[name][:, column] = values
        grids["ranked"][formed[:, column], column] = np.count_nonzero(competing & usable)
    return _scores_frame(grids, enterprises, rulebook)


def _blank_grids(companies: int, indicators: int) -> dict[str, np.ndarray]:
    shape = (companies, indicators)
    named = {name: kind for name, kind in SCORES.items() if name not in ("key", "company", "indicator")}
    blank = {TEXT: "", WHERE: NO_WHERE}
    grids = {name: np.empty(shape, dtype=object if kind in blank else float) for name, kind in named.items()}
    for name, grid in grids.items():
        grid.fill(blank.get(named[name], np.nan))  # np.full would spread a Where over three columns
    return grids


def _positions(known: Iterable[str], wanted: Iterable[str]) -> np.ndarray:
    """The position of each of `wanted` in `known`. KeyError for one that is not there: no row may go lost."""
    sought = pd.Index(list(wanted), dtype=object)
    positions = pd.Index(list(known), dtype=object).get_indexer(sought)
    if (positions < 0).any():
        raise KeyError(sought[int(np.argmin(positions))])
    return positions


def _scores_frame(grids: dict[str, np.ndarray], enterprises: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    indicators = np.array([item.id for item in rulebook.indicators], dtype=object)
    flat = {name: grid.ravel() for name, grid in grids.items()}
    for name in ("key", "company"):
        flat[name] = np.repeat(enterprises[name].to_numpy(dtype=object), len(indicators))
    flat["indicator"] = np.tile(indicators, len(enterprises))
    return pd.DataFrame({name: flat[name] for name in SCORES}).astype(SCORES)


def _score_item(
    item: Indicator, values: dict[str, np.ndarray], population: np.ndarray, rulebook: Rulebook
) -> dict[str, np.ndarray]:
    """Every figure of one ratio item; `values` are N and M per company, NaN where not valid."""
    figures = {"self_score": self_score(values["n"], values["m"], float(item.points))}
    for part in item.ranked:
        figures.update(_rank_part(item, part, values[part], population, rulebook))
    only_n = rulebook.scoring.peer_of == "n" and "n" in item.ranked
    averaged = [figures[f"peer_{part}"] for part in (("n",) if only_n else item.ranked)]
    figures["peer_score"] = sum(averaged, np.zeros(len(population))) / len(averaged)
    self_share, peer_share = float(rulebook.scoring.self_share), float(rulebook.scoring.peer_share)
    figures["score"] = self_share * figures["self_score"] + peer_share * figures["peer_score"]
    return figures


def self_score(n: np.ndarray, m: np.ndarray, points: float) -> np.ndarray:
    """附件1: “该项目自评分 = N÷M×5”, at most the item's points; 0 when N and M are 0; NaN stays NaN."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(m == 0, 0.0, points * n / m)
    return np.where(np.isnan(n), np.nan, np.minimum(points, ratio))


def _rank_part(
    item: Indicator, part: str, values: np.ndarray, population: np.ndarray, rulebook: Rulebook
) -> dict[str, np.ndarray]:
    """Rank, band and points of one ranked variable (N or M) by itself."""
    scoring, bands = rulebook.scoring, rulebook.bands
    descending = part == "n" or scoring.m_order == "descending"
    ranks = ranks_among(values, values[population], scoring.tie, descending)
    limits = band_limits(int(np.count_nonzero(population)), bands)
    band = np.minimum(np.searchsorted(limits, ranks), len(bands) - 1)
    labels = np.array([entry.label for entry in bands], dtype=object)[band]
    earned = np.array([float(item.points * entry.coefficient) for entry in bands])[band]
    blank, zero = np.isnan(values), values == 0
    earned = np.where(zero, float(item.points * scoring.zero_coefficient), earned)
    return {
        f"rank_{part}": ranks,
        f"band_{part}": np.where(blank, "", np.where(zero, ZERO_BAND, labels)),
        f"peer_{part}": np.where(blank, np.nan, earned),
    }


def ranks_among(values: np.ndarray, population: np.ndarray, tie: str, descending: bool = True) -> np.ndarray:
    """The rank of each value among `population`: 1 is best, equal values share one (the `tie` rule), NaN has none.
    A value that is not in the population gets the rank it would have."""
    sign = -1.0 if descending else 1.0
    standing, wanted = np.sort(sign * population), sign * values
    if tie == "dense":
        standing = np.unique(standing)
    ranks = np.searchsorted(standing, wanted, side="left") + 1.0
    if tie == "average":
        level = np.searchsorted(standing, wanted, side="right") + 1.0 - ranks
        ranks += (np.maximum(level, 1.0) - 1.0) / 2
    return np.where(np.isnan(values), np.nan, ranks)


def total(scores: pd.DataFrame, enterprises: pd.DataFrame, rulebook: Rulebook, has_marks: bool) -> pd.DataFrame:
    """TOTALS with one column of points per dimension: sums, status, ranks, in the order of every listing.

    附件1: 100 分, of which 标杆示范 25 “由专家进行评分”. A sum is over what is scored, NaN where nothing is;
    without a usable form only expert points stand. `has_marks` False: expert items are not missed.
    """
    sums, missing = _sums(scores, enterprises, rulebook, has_marks)
    status = _statuses(enterprises, missing)
    # a rank in the list is a whole number, so equal totals never share an average one
    tie = "dense" if rulebook.scoring.tie == "dense" else "min"
    decimals = rulebook.scoring.rank_decimals
    compared = _comparable(sums["total"], decimals)
    ranked = status == RANKED
    ranks = ranks_among(np.nan_to_num(compared), compared[ranked], tie)
    totals = pd.DataFrame({name: enterprises[name].to_numpy() for name in ("key", "company", "city", "county")})
    totals = totals.assign(
        **{name: values for name, values in sums.items() if name in TOTALS},
        status=status,
        missing=missing,
        rank=np.where(ranked, ranks, np.nan),
        rank_in_city=_ranks_within(totals, ["city"], compared, ranked, tie),
        rank_in_county=_ranks_within(totals, ["city", "county"], compared, ranked, tie),
        provisional_rank=np.where(ranked | (status == PROVISIONAL), ranks, np.nan),
    )
    dimensions = {dimension.id: NUMBER for dimension in rulebook.dimensions}
    totals = totals.assign(**{name: sums[name] for name in dimensions})
    kinds = {**TOTALS, **dimensions}
    order = _listing_order(totals, enterprises["revenue"].to_numpy(dtype=float), decimals)
    return totals[list(kinds)].astype(kinds).iloc[order].reset_index(drop=True)


def _sums(
    scores: pd.DataFrame, enterprises: pd.DataFrame, rulebook: Rulebook, has_marks: bool
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """The sums per company (rows as in `enterprises`) and the number of its unscored items."""
    rows = _positions(enterprises["key"], scores["key"])
    columns = _positions([item.id for item in rulebook.indicators], scores["indicator"])
    grids = {name: np.full((len(enterprises), len(rulebook.indicators)), np.nan) for name in _SUMMED}
    for name, grid in grids.items():
        grid[rows, columns] = scores[name]
    expert = np.array([item.kind == "expert" for item in rulebook.indicators], dtype=bool)
    sums = {
        "self_total": _sum(grids["self_score"][:, ~expert]),
        "peer_total": _sum(grids["peer_score"][:, ~expert]),
        "objective_total": _sum(grids["score"][:, ~expert]),
        "expert_total": _sum(grids["score"][:, expert]),
    }
    whole = _sum(np.column_stack([sums["objective_total"], sums["expert_total"]]))
    sums["total"] = np.where(enterprises["answered"].to_numpy(dtype=bool), whole, np.nan)
    for dimension in rulebook.dimensions:
        within = [item.dimension == dimension.id for item in rulebook.indicators]
        sums[dimension.id] = _sum(grids["score"][:, within])
    missed = np.isnan(grids["score"]) & (~expert | has_marks)
    return sums, missed.sum(axis=1)


_SUMMED = ("self_score", "peer_score", "score")


def _sum(items: np.ndarray) -> np.ndarray:
    """The sum of each row without its NaN, rounded once and so the same in any order; NaN for a row of NaN alone."""
    rows = np.nan_to_num(items).tolist()
    return np.where(np.isnan(items).all(axis=1), np.nan, np.array([math.fsum(row) for row in rows]))


def _statuses(enterprises: pd.DataFrame, missing: np.ndarray) -> np.ndarray:
    """The first status that fits each company."""
    fits = {
        EXCLUDED: enterprises["excluded"],
        REFUSED: enterprises["refused"],
        UNNOMINATED: ~enterprises["nominated"],
        UNSCORED: ~enterprises["answered"],
        PROVISIONAL: missing > 0,
    }
    conditions = [np.asarray(condition, dtype=bool) for condition in fits.values()]
    return np.select(conditions, list(fits), default=RANKED).astype(object)


def _comparable(values: np.ndarray, decimals: int) -> np.ndarray:
    """`values` as they are compared: rounded, so that the order of addition never decides.
    Rounded at 12 decimals first: the noise of addition must not push equal sums to two sides of a rounding limit."""
    return np.round(np.round(values, 12), decimals)


def _ranks_within(
    totals: pd.DataFrame, columns: list[str], compared: np.ndarray, ranked: np.ndarray, tie: str
) -> np.ndarray:
    """Rank among the ranked companies of the same city or county; NaN where the region is unknown."""
    ranks = np.full(len(totals), np.nan)
    known = ranked & (totals[columns] != "").all(axis=1).to_numpy()
    rows_known = np.flatnonzero(known)
    for rows in totals.loc[known, columns].reset_index(drop=True).groupby(columns, sort=False).indices.values():
        members = compared[rows_known[rows]]
        ranks[rows_known[rows]] = ranks_among(members, members, tie)
    return ranks


def _listing_order(totals: pd.DataFrame, revenue: np.ndarray, decimals: int) -> list[int]:
    """Row numbers by status, total, expert total, self total, revenue (all descending), name by code point."""
    statuses = [STATUS_ORDER.index(status) for status in totals["status"]]
    figures = [_comparable(totals[name].to_numpy(), decimals) for name in ("total", "expert_total", "self_total")]
    descending = [np.where(np.isnan(values), np.inf, -values).tolist() for values in (*figures, revenue)]
    keys = list(zip(statuses, *descending, totals["company"], totals["key"], strict=True))
    return sorted(range(len(keys)), key=keys.__getitem__)


def ordered(table: pd.DataFrame, totals: pd.DataFrame, rulebook: Rulebook | None = None) -> pd.DataFrame:
    """`table` (with a column key) in the order of `totals`; with `rulebook` and a column indicator, in its order within
    a company. Rows of other companies come last, rows that are alike stay as they were."""
    keys = [_order_among(table["key"], totals["key"])]
    if rulebook is not None and "indicator" in table:
        keys.insert(0, _order_among(table["indicator"], [item.id for item in rulebook.indicators]))
    return table.iloc[np.lexsort(keys)].reset_index(drop=True)


def _order_among(wanted: Iterable[str], known: Iterable[str]) -> np.ndarray:
    positions = pd.Index(list(known), dtype=object).get_indexer(pd.Index(list(wanted), dtype=object))
    return np.where(positions < 0, np.iinfo(positions.dtype).max, positions)


def tie_notes(scores: pd.DataFrame, totals: pd.DataFrame, rulebook: Rulebook) -> list[TieNote]:
    """The groups of equal values that lie across a band's last rank. Zeros are in no band and are left out."""
    competing = set(totals.loc[totals["status"].isin([RANKED, PROVISIONAL]), "key"])
    counted = scores[scores["key"].isin(competing) & scores["self_score"].notna()]
    by_indicator = dict(list(counted.groupby("indicator", sort=False)))
    notes = []
    for item in rulebook.ratio_indicators:
        rows = by_indicator.get(item.id)
        if rows is None:
            continue
        for part in item.ranked:
            for band, rank, size in _groups_on_limits(rows[f"rank_{part}"], rows[part], rulebook):
                notes.append(TieNote(item.id, part.upper(), band, rank, size))
    return notes


def _groups_on_limits(ranks: pd.Series, values: pd.Series, rulebook: Rulebook) -> Iterable[tuple[str, float, int]]:
    """Band label, rank and size of each group that holds a band's last rank and reaches beyond it."""
    rank, first_row, size = np.unique(ranks.to_numpy(), return_index=True, return_counts=True)
    nonzero = values.to_numpy()[first_row] != 0
    last = np.cumsum(size)
    for band, limit in zip(rulebook.bands, band_limits(len(ranks), rulebook.bands), strict=True):
        group = int(np.searchsorted(rank if rulebook.scoring.tie == "dense" else last, limit))
        if group < len(rank) and size[group] > 1 and last[group] > limit and nonzero[group]:
            yield band.label, float(rank[group]), int(size[group])
