"""How long the range of every rank takes, against scoring the same province once."""

from __future__ import annotations

import time

import numpy as np

from pipeline.model.rulebook_file import load_rulebook
from pipeline.model.tables import ANSWERS, ENTERPRISES, MARKS, frame
from pipeline.stages import merging, scoring
from pipeline.stages.confidence.study import DRAWS, confidence_of

_EXPERTS = 5


def bench_confidence(companies: int = 5_000) -> None:
    """Prints the seconds for a made-up province: N at most M, marks in steps of 0.5 by five experts."""
    rulebook = load_rulebook()
    random = np.random.default_rng(1)
    keys = [f"企业{number}" for number in range(companies)]
    known = {"nominated": True, "assessed": True, "answered": True}
    enterprises = frame(
        [
            {"key": key, "company": key, "city": f"市{n % 11}", "county": f"县{n % 90}", **known}
            for n, key in enumerate(keys)
        ],
        ENTERPRISES,
    )
    rows = []
    for item in rulebook.ratio_indicators:
        whole = np.ceil(random.lognormal(3, 1, companies))
        part = np.floor(whole * random.random(companies))
        rows += [
            {"key": key, "indicator": item.id, "n": n, "m": m, "n_state": "ok", "m_state": "ok", "valid": True}
            for key, n, m in zip(keys, part.tolist(), whole.tolist(), strict=True)
        ]
    answers = frame(rows, ANSWERS)
    marks = frame(
        [
            {"key": key, "indicator": item.id, "expert": f"专家{expert}", "mark": mark / 2, "state": "given"}
            for item in rulebook.expert_indicators
            for expert in range(_EXPERTS)
            for key, mark in zip(keys, random.integers(0, 9, companies).tolist(), strict=True)
        ],
        MARKS,
    )
    start = time.perf_counter()
    merged, _ = merging.merge_marks(marks, enterprises, rulebook)
    scores = merging.add_expert_scores(scoring.score_items(answers, enterprises, rulebook), merged)
    totals = scoring.total(scores, enterprises, rulebook, has_marks=True)
    scored = time.perf_counter()
    confidence_of(scores, totals, marks, enterprises, rulebook)
    ranged = time.perf_counter()
    print(f"ranges of ranks, {companies} companies x {DRAWS} draws: {ranged - scored:.1f} s")
    print(f"  against scoring them once: {(ranged - scored) / (scored - start):.0f}x")
