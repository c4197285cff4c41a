"""How sure a rank is: the range of a company's ranks when the rules that are only assumed, the weights and the
panel of experts vary.

After the uncertainty and sensitivity analysis of OECD/JRC, Handbook on Constructing Composite Indicators (2008),
step 7: every uncertain choice is drawn at random at once, the whole list is ranked again, and the spread of a
company's ranks is its confidence; choices varied one at a time show which of them matters (mean shift in ranks, R_S).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from pipeline.model.ranges import CRITICAL, STEADY, CompanyConfidence, Confidence, Effect
from pipeline.model.rulebook import Rulebook
from pipeline.stages.confidence.experts import LeftOut, left_out
from pipeline.stages.confidence.levers import lever_of
from pipeline.stages.confidence.rules import Choices, choices_of
from pipeline.stages.confidence.scores import ScoreModel, competition_ranks
from pipeline.stages.cuts import Line, cut_lines

DRAWS = 1_000
SPREAD = 0.2  # shares, limits, coefficients and weights vary by ± 20 %
SURE = 0.95  # a company is 稳 when it stands on one side of every line in at least this share of the draws
_SEED = 20_240_101


def confidence_of(
    scores: pd.DataFrame,
    totals: pd.DataFrame,
    marks: pd.DataFrame,
    enterprises: pd.DataFrame,
    rulebook: Rulebook,
    draws: int = DRAWS,
) -> Confidence:
    """Ranks under `draws` random choices (seeded, the same every time) for every 已排名 company, in list order."""
    model = ScoreModel(scores, totals, rulebook)
    if not model.companies:
        return Confidence()
    study = _Study(model, choices_of(rulebook), left_out(marks, enterprises, model.keys, rulebook), rulebook)
    ranks, inside = study.draws(draws)
    base_ranks, base_inside = study.base
    share = inside.mean(axis=2) if inside.size else np.zeros((0, len(model.keys)))
    low = np.quantile(ranks, 0.05, axis=0, method="lower")
    high = np.quantile(ranks, 0.95, axis=0, method="higher")
    companies = []
    for position, key in enumerate(model.keys):
        sides = share[:, position]  # of each line
        doubt = np.minimum(sides, 1 - sides)
        least = int(doubt.argmax()) if len(doubt) else 0
        critical = len(doubt) > 0 and bool(doubt[least] > 1 - SURE)
        companies.append(
            CompanyConfidence(
                key,
                int(base_ranks[position]),
                int(ranks[:, position].min()),
                int(low[position]),
                int(high[position]),
                int(ranks[:, position].max()),
                CRITICAL if critical else STEADY,
                study.lines[least].label if critical else "",
                bool(base_inside[least, position]) if critical else False,
                float(sides[least]) if critical else 0.0,
                lever_of(model, study.adopted_totals, study.lines[least], position, rulebook) if critical else None,
            )
        )
    return Confidence(tuple(companies), tuple(study.effects()), draws)


@dataclass(frozen=True)
class _Study:
    """The list under one set of choices after another."""

    model: ScoreModel
    choices: Choices
    panel: LeftOut
    rulebook: Rulebook

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The cut lines."""
        return cut_lines(len(self.model.keys), self.rulebook)

    @cached_property
    def adopted_totals(self) -> np.ndarray:
        """The companies' totals as adopted."""
        return self.model.totals(self.choices.adopted, self.panel.scores(self.choices.adopted.method, None))

    @cached_property
    def base(self) -> tuple[np.ndarray, np.ndarray]:
        """Ranks and sides as adopted."""
        return self._ranked(self.adopted_totals)

    def draws(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Ranks (draws x companies) and sides (lines x companies x draws) of `count` random sets of choices."""
        random = np.random.default_rng(_SEED)
        ranks = np.empty((count, len(self.model.keys)), dtype=np.int32)
        inside = np.empty((len(self.lines), len(self.model.keys), count), dtype=bool)
        for draw in range(count):
            rules = self.choices.drawn(random, SPREAD)
            weights = 1 + SPREAD * (2 * random.random(len(self.rulebook.indicators)) - 1)
            expert = int(random.random() * (self.panel.experts + 1)) - 1
            points = self.panel.scores(rules.method, expert if expert >= 0 else None)
            ranks[draw], inside[:, :, draw] = self._ranked(self.model.totals(rules, points, weights))
        return ranks, inside

    def effects(self) -> Iterator[Effect]:
        """Every alternative of an assumed ruling and every expert left out, one at a time."""
        adopted = self.choices.adopted
        for ruling, sentence, rules in self.choices.one_at_a_time():
            points = self.panel.scores(rules.method, None)
            yield self._effect("ruling", ruling, sentence, self.model.totals(rules, points))
        for number, name in enumerate(self.panel.names):
            points = self.panel.scores(adopted.method, number)
            yield self._effect("expert", name, "", self.model.totals(adopted, points))

    def _effect(self, kind: str, name: str, choice: str, totals: np.ndarray) -> Effect:
        ranks, inside = self._ranked(totals)
        moved = np.abs(ranks - self.base[0])
        crossing = int((inside != self.base[1]).any(axis=0).sum())
        return Effect(kind, name, choice, float(moved.mean()), int(moved.max()), crossing)

    def _ranked(self, totals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Ranks in the province, and for each line which companies are inside it."""
        compared = np.round(np.round(totals, 12), self.rulebook.scoring.rank_decimals)
        ranks = {"province": competition_ranks(compared)}
        sides = np.empty((len(self.lines), len(totals)), dtype=bool)
        for row, line in enumerate(self.lines):
            if line.rules:
                sides[row] = self.model.selected(totals, line.rules, line.tie)
                continue
            if line.rank is None:
                sides[row] = compared >= (line.score or 0.0)
                continue
            if line.within not in ranks:
                ranks[line.within] = competition_ranks(compared, self.model.groups[line.within])
            sides[row] = ranks[line.within] <= line.rank
        return ranks["province"], sides
