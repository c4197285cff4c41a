"""Expert points as they would be without one expert, for every expert at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.model.rulebook import Rulebook
from pipeline.stages.merging import counted_marks


@dataclass(frozen=True)
class LeftOut:
    """A panel's marks, arranged so that any one expert can be left out. A cell is a company x expert item.

    names: the experts; shape: companies x expert items; cells: company and item of each marked cell; marks: its marks,
    lowest first and padded with NaN; others_of: company, item and expert of each mark; others: the other marks of its
    cell, in the same form; trim_from: the rulebook's."""

    names: tuple[str, ...]
    shape: tuple[int, int]
    cells: tuple[np.ndarray, np.ndarray]
    marks: np.ndarray
    others_of: tuple[np.ndarray, np.ndarray, np.ndarray]
    others: np.ndarray
    trim_from: int
    _known: dict[tuple[str, int | None], np.ndarray] = field(default_factory=dict)

    @property
    def experts(self) -> int:
        """How many experts there are."""
        return len(self.names)

    def scores(self, method: str, without: int | None) -> np.ndarray:
        """Companies x expert items in points, merged by `method`, without the marks of one expert. A cell that has no
        other mark keeps its own; one without any is 0."""
        if (method, without) not in self._known:
            if without is None:
                grid = np.zeros(self.shape)
                grid[self.cells] = merged(self.marks, method, self.trim_from)
            else:
                grid = self.scores(method, None).copy()
                by_expert = self.others_of[2] == without
                values = merged(self.others[by_expert], method, self.trim_from)
                rows, columns = self.others_of[0][by_expert], self.others_of[1][by_expert]
                marked = ~np.isnan(values)
                grid[rows[marked], columns[marked]] = values[marked]
            self._known[method, without] = grid
        return self._known[method, without]


def left_out(marks: pd.DataFrame, enterprises: pd.DataFrame, keys: Sequence[str], rulebook: Rulebook) -> LeftOut:
    """The panel's marks for the companies of `keys`, rows in their order."""
    counted = counted_marks(marks, enterprises, rulebook)
    rows = pd.Index(list(keys), dtype=object).get_indexer(pd.Index(enterprises["key"]))
    counted = counted.assign(row=rows[counted["row"].to_numpy(dtype=np.intp)])
    counted = counted[counted["row"] >= 0].sort_values(["row", "column", "entry"], kind="stable")
    written = marks[marks["state"].isin(["given", "recused"])]
    everyone = pd.factorize(written["expert"])[1]
    present = np.unique(counted["expert"].to_numpy(dtype=np.intp))
    shape = (len(keys), len(rulebook.expert_indicators))
    row, column, entry = (counted[name].to_numpy() for name in ("row", "column", "entry"))
    expert = np.searchsorted(present, counted["expert"].to_numpy(dtype=np.intp))
    start = np.ones(len(counted), dtype=bool)
    start[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    cell = np.cumsum(start) - 1
    within = np.arange(len(counted)) - np.flatnonzero(start)[cell] if len(counted) else np.zeros(0, dtype=np.intp)
    width = int(within.max()) + 1 if len(counted) else 1
    padded = np.full((int(start.sum()), width), np.nan)
    padded[cell, within] = entry
    others = padded[cell]
    others[np.arange(len(counted)), within] = np.nan
    return LeftOut(
        tuple(str(everyone[number]) for number in present),
        shape,
        (row[start].astype(np.intp), column[start].astype(np.intp)),
        padded,
        (row.astype(np.intp), column.astype(np.intp), expert),
        np.sort(others, axis=1),
        rulebook.experts.trim_from,
    )


def merged(marks: np.ndarray, method: str, trim_from: int) -> np.ndarray:
    """The score of each row of marks (lowest first, NaN at the end); NaN for a row without any."""
    count = (~np.isnan(marks)).sum(axis=1)
    filled = np.nan_to_num(marks)
    rows = np.arange(len(marks))
    with np.errstate(invalid="ignore", divide="ignore"):
        if method == "median":
            lower, upper = (np.maximum(count - 1, 0)) // 2, np.minimum(count // 2, marks.shape[1] - 1)
            scores = (filled[rows, lower] + filled[rows, upper]) / 2
            return np.where(count == 0, np.nan, scores)
        total, used = filled.sum(axis=1), count
        if method == "trimmed":
            last = filled[rows, np.maximum(count - 1, 0)]
            trims = count >= trim_from
            total, used = np.where(trims, total - filled[:, 0] - last, total), np.where(trims, count - 2, count)
        return np.where(count == 0, math.nan, total / used)
