"""核查名单: at least the share, every city, probability by weight, the same list for the same input."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.issues.catalogue import APPROXIMATE_NUMBER, UNUSUAL_FOR_REVENUE
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.ranges import Confidence
from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import with_rulings
from pipeline.model.tables import FILES, PAPER_DEMANDS, frame
from pipeline.stages.visits import Known, chances_of, draw_visits, seed_of, systematic
from tests.support.results_builder import build_results

CITIES = st.lists(st.sampled_from(["杭州市", "宁波市", "温州市", "舟山市"]), min_size=1, max_size=60).map(sorted)
STARTS = st.fractions(min_value=0, max_value=Fraction(999, 1000), max_denominator=10**6)


def known(copies: int = 20, files: str = "a", issues: tuple[Issue, ...] = ()) -> Known:
    results = build_results(copies=copies)
    rows = [{"path": "a.xlsx", "sha256": files}]
    return Known(results.totals, frame([], PAPER_DEMANDS), frame(rows, FILES), issues, (), Confidence())


@given(CITIES, st.data())
def test_the_share_and_every_city_are_met(cities: list[str], data: st.DataObject):
    weights = data.draw(st.lists(st.integers(1, 30), min_size=len(cities), max_size=len(cities)))
    wanted = data.draw(st.integers(1, len(cities)))
    chances, lifted = chances_of(weights, cities, wanted)
    assert all(0 < chance <= 1 for chance in chances)
    uppers, drawn = systematic(chances, data.draw(STARTS))
    assert wanted <= sum(drawn) <= wanted + len(lifted) + 1
    assert {city for city, is_drawn in zip(cities, drawn, strict=True) if is_drawn} == set(cities)
    assert all(is_drawn for chance, is_drawn in zip(chances, drawn, strict=True) if chance == 1)
    assert uppers[-1] == sum(chances)


def test_chances_are_proportional_to_the_weights_up_to_one():
    chances, _ = chances_of([1, 2, 3, 100], ["杭州市"] * 4, 2)
    assert chances == [Fraction(1, 6), Fraction(2, 6), Fraction(3, 6), 1]
    assert chances_of([1, 1], ["杭州市"] * 2, 2)[0] == [1, 1] and chances_of([], [], 0)[0] == []


def test_over_all_starts_each_is_drawn_as_often_as_its_chance_says():
    weights = [1, 5, 2, 9, 3, 3, 1, 7]
    chances, _ = chances_of(weights, ["杭州市"] * 8, 3)
    steps = math.lcm(*(chance.denominator for chance in chances))
    counts = Counter(
        number
        for step in range(steps)
        for number, is_drawn in enumerate(systematic(chances, Fraction(2 * step + 1, 2 * steps))[1])
        if is_drawn
    )
    assert [Fraction(counts[number], steps) for number in range(8)] == chances


def test_the_naive_way_draws_the_same(rulebook: Rulebook):
    """Redone from the printed columns alone, as with a calculator."""
    visits = draw_visits(known(), rulebook)
    lower, points = 0.0, [visits.start + step for step in range(len(visits.table))]
    for upper, drawn in zip(visits.table["upper"], visits.table["drawn"], strict=True):
        assert drawn == any(lower <= point < upper for point in points)
        lower = upper
    assert visits.wanted == math.ceil(visits.asked / 10) <= visits.table["drawn"].sum()


def test_only_companies_with_a_form_are_drawn(rulebook: Rulebook):
    assert set(draw_visits(known(), rulebook).table["status"]) == {"已排名", "暂排"}


def test_the_list_depends_on_the_input_alone(rulebook: Rulebook):
    one = known()
    first = draw_visits(one, rulebook)
    shuffled = one._replace(totals=one.totals.sample(frac=1, random_state=3).reset_index(drop=True))
    pd.testing.assert_frame_equal(first.table, draw_visits(shuffled, rulebook).table)
    seeds = {draw_visits(known(files=f"{number}"), rulebook).seed for number in range(5)}
    assert len(seeds) == 5 and first.seed not in seeds
    lists = {tuple(draw_visits(known(files=f"{number}"), rulebook).drawn["key"]) for number in range(5)}
    assert len(lists) > 1


def test_the_seed_is_of_paths_and_contents():
    def of(*rows: tuple[str, str]) -> str:
        return seed_of(frame([{"path": path, "sha256": sha256} for path, sha256 in rows], FILES))

    assert of(("a", "1"), ("b", "2")) == of(("b", "2"), ("a", "1"), ("a", "1")) != of(("a", "2"), ("b", "1"))


def test_what_was_found_adds_to_the_weight(rulebook: Rulebook):
    company = "杭州智联电机有限公司"
    found = [
        Issue(code, Where("a.xlsx", "附件1", cell), company)
        for code, cell in ((APPROXIMATE_NUMBER, "E7"), (APPROXIMATE_NUMBER, "E8"), (UNUSUAL_FOR_REVENUE, "E9"))
    ]
    accepted = Issue(UNUSUAL_FOR_REVENUE, Where("b.xlsx"), "宁波海曜汽车零部件股份有限公司", state="已接受")
    table = draw_visits(known(1, issues=(*found, accepted)), rulebook).table.set_index("company")
    row = table.loc[company]
    assert (row["points_approximate"], row["points_unusual"], row["weight"]) == (2, 3, 6)
    assert "填了约数（2 处），加 2" in row["found"]
    other = table.loc["宁波海曜汽车零部件股份有限公司"]
    assert (other["points_unusual"], other["points_decided"]) == (0, 4)
    assert table.loc["杭州云帆精密制造有限公司", "points_top"] == 2


@pytest.mark.parametrize(("choice", "share"), [("twentieth", 0.05), ("tenth", 0.1), ("fifth", 0.2)])
def test_the_share_is_a_ruling(choice: str, share: float, rulebook: Rulebook):
    visits = draw_visits(known(), with_rulings(rulebook, {"visit_share": choice}))
    assert visits.wanted == math.ceil(Fraction(str(share)) * visits.asked)


def test_nobody_to_visit(rulebook: Rulebook):
    nothing = known(1)
    visits = draw_visits(nothing._replace(totals=nothing.totals.iloc[:0]), rulebook)
    assert len(visits.table) == 0 and visits.asked == visits.wanted == 0
