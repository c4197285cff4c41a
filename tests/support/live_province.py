"""A small province with every status, tie and mistake in it, and what the program works out for it."""

from __future__ import annotations

import random
from typing import NamedTuple

from pipeline.issues.where import Where
from pipeline.model.results import Results, Standing
from pipeline.model.rulebook import Rulebook
from pipeline.model.tables import ANSWERS, ENTERPRISES, FILES, MARKS, RECOGNISED, REGIONS, frame
from pipeline.stages import merging, scoring
from pipeline.stages.selection import select

COMPANIES = 30
PLACES = [("杭州市", "萧山区"), ("杭州市", "余杭区"), ("宁波市", "北仑区"), ("宁波市", "慈溪市"), ("", "")]
EXPERTS = [f"专家{letter}" for letter in "甲乙丙丁戊己庚"]


class Tables(NamedTuple):
    """What a ranking is worked out from."""

    enterprises: list[dict]
    answers: list[dict]
    marks: list[dict]


def province(rulebook: Rulebook) -> Tables:
    """Companies of every status; values with ties, zeros and errors; from no mark to seven on an item."""
    chance = random.Random(7)
    tables = Tables([], [], [])
    for number in range(COMPANIES):
        key = f"第{number:02}机械有限公司"
        city, county = PLACES[number % 9 % 5]
        company = {
            "key": key,
            "company": key,
            "city": city,
            "county": county,
            "nominated": number % 15 != 1,
            "assessed": True,
            "answered": number % 15 != 2,
            "refused": number % 15 == 3,
            "excluded": number % 15 == 4,
            "revenue": 1000.0 + number,
            "where": Where("附件2.xlsx", "附件2", f"C{number + 5}"),
            "form_where": Where(f"{key}.xlsx", "附件1", "A3"),
        }
        tables.enterprises.append(company)
        if company["answered"]:
            tables.answers.extend(_answers(key, rulebook, chance, broken=number % 15 in (5, 6)))
        tables.marks.extend(_marks(key, rulebook, chance, unmarked=number % 15 == 7))
    return tables


def _answers(key: str, rulebook: Rulebook, chance: random.Random, broken: bool) -> list[dict]:
    own_n: dict[str, float] = {}
    rows = []
    typed = [item.id for item in rulebook.ratio_indicators if item.m == "typed"]
    wrong = set(chance.sample(typed, 3) if broken else ())
    for number, item in enumerate(rulebook.ratio_indicators):
        m = chance.choice([0.0, 1.0, 3.0, 7.0, 12.5, 512.0, 0.1, 1234.56789])
        n = m * chance.choice([0.0, 0.25, 1 / 3, 0.5, 1.0])
        if item.m == "fixed":
            m, n = float(item.m_fixed), float(chance.randint(0, item.m_fixed))
        if item.id in wrong:
            n, m = chance.choice([(None, m), (m + 1.0, m), (None, None)])
        if item.m == "sum":
            m = None if wrong & set(item.m_sum_of) else sum(own_n[name] for name in item.m_sum_of)
            n = float(chance.randint(0, 4)) if m is None or m > 0 else 0.0
        own_n[item.id] = n
        valid = n is not None and m is not None and (n <= m or item.m == "sum")
        rows.append(
            {
                "key": key,
                "indicator": item.id,
                "n": n,
                "m": m,
                "n_raw": f"{n}",
                "m_raw": f"{m}",
                "n_read": n,
                "m_read": m,
                "n_state": "error" if n is None else "ok",
                "m_state": "error" if m is None else "ok",
                "valid": valid,
                "n_where": Where(f"{key}.xlsx", "附件1", f"E{number + 5}"),
                "m_where": Where(f"{key}.xlsx", "附件1", f"G{number + 5}"),
            }
        )
    return rows


def _marks(key: str, rulebook: Rulebook, chance: random.Random, unmarked: bool) -> list[dict]:
    rows = []
    for item in rulebook.expert_indicators:
        for expert in EXPERTS[: 0 if unmarked else chance.randint(1, 7)]:
            state = chance.choice(["given"] * 8 + ["blank", "recused"])
            mark = chance.choice([0.0, 1.5, 3.3, float(item.points)]) if state == "given" else None
            entry = {"key": key, "indicator": item.id, "expert": expert, "mark": mark, "state": state}
            rows.append(entry | {"where": Where(f"{expert}.xlsx", "Sheet1", f"C{len(rows) + 5}")})
            if state == "given" and chance.random() < 0.1:  # the same expert once more: the same mark, or another
                again = mark if chance.random() < 0.5 else (mark + 0.5) % float(item.points)
                where = Where(f"{expert}{chance.choice(['', '又'])}.xlsx", "Sheet1", f"D{len(rows) + 5}")
                rows.append(entry | {"mark": again, "where": where})
    return rows


def worked_out(tables: Tables, rulebook: Rulebook) -> Results:
    """The program's own results for these tables."""
    companies, answers, marks = (
        frame(rows, kinds) for rows, kinds in zip(tables, (ENTERPRISES, ANSWERS, MARKS), strict=True)
    )
    merged, _ = merging.merge_marks(marks, companies, rulebook)
    has_marks = merging.has_marks(marks)
    scores = merging.add_expert_scores(scoring.score_items(answers, companies, rulebook), merged)
    totals = scoring.total(scores, companies, rulebook, has_marks)
    return Results(
        rulebook=rulebook,
        date=str(rulebook.date),
        standing=Standing(final=False, has_marks=has_marks),
        enterprises=scoring.ordered(companies, totals),
        answers=scoring.ordered(answers, totals, rulebook),
        marks=scoring.ordered(marks, totals, rulebook),
        scores=scoring.ordered(scores, totals, rulebook),
        totals=totals,
        selected=select(totals, rulebook),
        regions=frame([], REGIONS),
        recognised=frame([], RECOGNISED),
        files=frame([], FILES),
    )
