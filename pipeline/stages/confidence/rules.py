"""The choices on which a ranking depends, and how they vary while they are only assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import with_rulings


@dataclass(frozen=True)
class Rules:
    """The figures and words that turn ranks and marks into points. shares, coefficients: of the bands, best first."""

    self_share: float
    peer_share: float
    shares: tuple[float, ...]
    coefficients: tuple[float, ...]
    zero: float
    tie: str
    m_order: str
    peer_of: str
    method: str


@dataclass(frozen=True)
class Choices:
    """adopted: the rules as they stand; alternatives: per assumed ruling (topic, ((sentence, what it changes), …))."""

    adopted: Rules
    alternatives: tuple[tuple[str, tuple[tuple[str, Mapping[str, Any]], ...]], ...]

    def one_at_a_time(self) -> Iterator[tuple[str, str, Rules]]:
        """(topic, sentence, rules) of every alternative that differs from what is adopted."""
        for topic, options in self.alternatives:
            for sentence, changes in options:
                if changes:
                    yield topic, sentence, replace(self.adopted, **changes)

    def drawn(self, random: np.random.Generator, spread: float) -> Rules:
        """Any alternative of each assumed ruling with equal chances, its figures moved by up to ± `spread`."""
        changes: dict[str, Any] = {}
        for _, options in self.alternatives:
            changes |= options[int(random.random() * len(options))][1]
        rules = replace(self.adopted, **changes)
        factor = 1 + spread * (2 * random.random(1 + 2 * len(rules.shares)) - 1)
        bands = len(rules.shares)
        topics = self.touched
        if "self_share" in topics:
            share = min(1.0, rules.self_share * float(factor[0]))
            rules = replace(rules, self_share=share, peer_share=max(0.0, rules.self_share + rules.peer_share - share))
        if "shares" in topics:
            shares = np.sort(np.minimum(1.0, np.array(rules.shares[:-1]) * factor[1:bands]))
            lower = np.minimum(1.0, np.array(rules.coefficients) * factor[1 + bands :])
            rules = replace(rules, shares=(*shares.tolist(), 1.0), coefficients=tuple(np.sort(lower)[::-1].tolist()))
        return rules

    @property
    def touched(self) -> set[str]:
        """The names of the figures that some assumed ruling sets."""
        return {name for _, options in self.alternatives for _, changes in options for name in changes}


def choices_of(rulebook: Rulebook) -> Choices:
    """The rulebook's choices. A confirmed ruling has no alternatives, nor has one that moves no score."""
    adopted = _rules_of(rulebook)
    alternatives = []
    for ruling in rulebook.assumed_rulings:
        options = []
        if any(alternative.asks for alternative in ruling.alternatives):  # of the selection: it moves no score
            continue
        for alternative in ruling.alternatives:
            other = _rules_of(with_rulings(rulebook, {ruling.id: alternative.id}))
            changes = {name: value for name, value in vars(other).items() if value != getattr(adopted, name)}
            options.append((alternative.sentence, changes))
        if any(changes for _, changes in options):  # no rank depends on the others
            alternatives.append((ruling.topic, tuple(options)))
    return Choices(adopted, tuple(alternatives))


def _rules_of(rulebook: Rulebook) -> Rules:
    scoring = rulebook.scoring
    return Rules(
        float(scoring.self_share),
        float(scoring.peer_share),
        tuple(float(band.share) for band in rulebook.bands),
        tuple(float(band.coefficient) for band in rulebook.bands),
        float(scoring.zero_coefficient),
        scoring.tie,
        scoring.m_order,
        scoring.peer_of,
        rulebook.experts.method,
    )
