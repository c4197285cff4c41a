"""The experts are compared: how many marks, how far from the others, how lenient, which outliers, and other ways to merge."""

from __future__ import annotations

import random
from statistics import mean, median, stdev

import pandas as pd
import pytest

from pipeline.issues.where import Where
from pipeline.model.results import Panel
from pipeline.model.rulebook import Rulebook
from pipeline.model.tables import MARKS, TOTALS, frame
from pipeline.stages.panel import OUTLIER_MARKS, OUTLIER_SHARE, compare_experts

ITEMS = (
    "domestic_innovation",
    "cloud_native",
    "cloud_governance",
    "platform_use",
    "new_manufacturing",
    "performance_case",
)


def marks_of(text: str) -> pd.DataFrame:
    """MARKS from lines "company expert mark…", the marks in the order of ITEMS: a number, - for blank, 回避."""
    rows = []
    for number, line in enumerate(text.strip().splitlines()):
        company, expert, *marks = line.split()
        for item, mark in zip(ITEMS, marks, strict=False):
            state = {"-": "blank", "回避": "recused"}.get(mark, "given")
            rows.append(
                {
                    "key": company,
                    "indicator": item,
                    "expert": expert,
                    "state": state,
                    "where": Where(f"{expert}.xlsx", "评分", f"D{number}"),
                    "mark": float(mark) if state == "given" else None,
                    "reason": "亲属" if state == "recused" else "",
                }
            )
    return frame(rows, MARKS)


def totals_of(marks: pd.DataFrame, objective: dict[str, float] | None = None) -> pd.DataFrame:
    """TOTALS of the companies in `marks`, all 已排名 by their objective points."""
    keys = sorted(set(marks["key"]))
    rows = [
        {
            "key": key,
            "company": key,
            "status": "已排名",
            "rank": 1,
            "objective_total": (objective or {}).get(key, 50),
            "expert_total": 12,
        }
        for key in keys
    ]
    return frame(rows, TOTALS)


def panel_of(text: str, rulebook: Rulebook, **objective: float) -> Panel:
    marks = marks_of(text)
    return compare_experts(marks, totals_of(marks, objective), rulebook)


def experts_of(panel: Panel) -> dict[str, dict]:
    return {row["expert"]: row for row in panel.experts.to_dict("records")}


def companies_of(panel: Panel) -> dict[str, dict]:
    return {row["key"]: row for row in panel.companies.to_dict("records")}


# ---------------------------------------------------------------- how far each expert is


def test_blank_zero_and_recused_are_three_things(rulebook: Rulebook):
    panel = panel_of(
        "甲 张 0 0 0 0 0 0\n乙 张 - - - - - -\n丙 张 回避 回避 回避 回避 回避 回避\n丁 张 1 - - - - -\n戊 张 1 1 1 1 1 回避",
        rulebook,
    )
    row = experts_of(panel)["张"]
    assert [row[name] for name in ("companies", "complete", "blank", "recused", "partial", "marks")] == [
        5,
        2,
        1,
        1,
        1,
        12,
    ]
    assert companies_of(panel).keys() == {"甲", "丁", "戊"}
    assert panel.recusals[["key", "expert", "items", "reason"]].values.tolist() == [
        ["丙", "张", 6, "亲属"],
        ["戊", "张", 1, "亲属"],
    ]


def test_mean_spread_and_distance_are_those_of_a_naive_loop(rulebook: Rulebook):
    text = "甲 张 4 3\n甲 李 2 2\n甲 王 1 2.5\n乙 张 3\n乙 李 3"
    panel = panel_of(text, rulebook)
    zhang, wang = experts_of(panel)["张"], experts_of(panel)["王"]
    assert zhang["mean"] == pytest.approx(mean([1, 0.75, 0.75])) and zhang["spread"] == pytest.approx(
        stdev([1, 0.75, 0.75])
    )
    assert zhang["distance"] == pytest.approx(mean([1 - 1.5 / 4, 0.75 - 2.25 / 4, 0]))
    assert (zhang["compared"], wang["compared"]) == (3, 2)


def test_an_expert_nobody_else_marks_with_is_not_compared(rulebook: Rulebook):
    row = experts_of(panel_of("甲 张 4 3\n乙 李 1\n乙 王 2", rulebook))["张"]
    assert row["compared"] == 0 and pd.isna(row["distance"]) and pd.isna(row["leniency"])


def test_marks_that_contradict_each_other_are_left_out(rulebook: Rulebook):
    marks = pd.concat([marks_of("甲 张 4 3\n甲 李 2 2"), marks_of("甲 张 3 3\n甲 李 回避")])
    panel = compare_experts(marks, totals_of(marks), rulebook)
    assert [experts_of(panel)[name]["marks"] for name in ("张", "李")] == [1, 1]


def test_nothing_that_counts(rulebook: Rulebook):
    marks = pd.concat([marks_of("甲 张 4"), marks_of("甲 张 3")])
    panel = compare_experts(marks, totals_of(marks), rulebook)
    assert experts_of(panel)["张"]["marks"] == 0 and panel.companies.empty and panel.outliers.empty


# ---------------------------------------------------------------- leniency


def additive(design: dict[str, str], level: dict[str, float], effect: dict[str, float]) -> str:
    """Marks that follow the model without error; each is a share of the item's points."""
    points = (4, 4, 5, 4, 4, 4)
    lines = [
        " ".join([company, expert, *(repr((level[company] + effect[expert]) * full) for full in points)])
        for company, experts in design.items()
        for expert in experts
    ]
    return "\n".join(lines)


def test_leniency_and_levels_are_found_again_in_panels_that_overlap(rulebook: Rulebook):
    level = {"甲": 0.4, "乙": 0.5, "丙": 0.6, "丁": 0.55}
    effect = {"张": -0.1, "李": 0.0, "王": 0.2, "赵": -0.05}
    panel = panel_of(additive({"甲": "王李", "乙": "李张", "丙": "张赵", "丁": "赵王"}, level, effect), rulebook)
    centre = mean(effect.values())
    for name, row in experts_of(panel).items():
        assert row["leniency"] == pytest.approx(effect[name] - centre) and row["group"] == 1
    for name, row in companies_of(panel).items():
        assert row["adjusted"] == pytest.approx(25 * (level[name] + centre))
    places = {name: (row["rank_mean"], row["rank_adjusted"]) for name, row in companies_of(panel).items()}
    assert places == {"丙": (2, 1), "丁": (1, 2), "乙": (4, 3), "甲": (3, 4)}


def test_where_everybody_marks_everything_the_adjusted_is_the_mean(rulebook: Rulebook):
    chance = random.Random(5)
    lines = [
        " ".join([company, expert, *(str(chance.randrange(9) / 2) for _ in ITEMS)])
        for company in "甲乙丙丁"
        for expert in "张李王"
    ]
    for row in companies_of(panel_of("\n".join(lines), rulebook)).values():
        assert row["adjusted"] == pytest.approx(row["mean"]) and row["rank_adjusted"] == row["rank_mean"]


def test_experts_without_a_common_company_are_groups_ranked_by_themselves(rulebook: Rulebook):
    text = additive(
        {"甲": "张李", "乙": "张李", "丙": "王赵"}, {"甲": 0.5, "乙": 0.4, "丙": 0.7}, dict.fromkeys("张李王赵", 0.0)
    )
    panel = panel_of(text, rulebook)
    assert {name: row["group"] for name, row in experts_of(panel).items()} == {"张": 1, "李": 1, "王": 2, "赵": 2}
    places = {name: (row["group"], row["rank_adjusted"], row["rank_mean"]) for name, row in companies_of(panel).items()}
    assert places == {"甲": (1, 1, 2), "乙": (1, 2, 3), "丙": (2, 1, 1)}


def test_a_company_marked_by_two_groups_has_no_adjusted_score(rulebook: Rulebook):
    text = "甲 张 1 1 1\n甲 王 - - - 1 1 1\n乙 张 1\n乙 李 1\n丙 王 1\n丙 赵 1"
    row = companies_of(panel_of(text, rulebook))["甲"]
    assert pd.isna(row["adjusted"]) and pd.isna(row["group"]) and row["mean"] == 6


# ---------------------------------------------------------------- companies


def test_spread_range_and_the_ways_to_merge(rulebook: Rulebook):
    text = "甲 张 4 2 2 2 2 2\n甲 李 1 2 2 2 2 2\n甲 王 3 2 3 2 2 2\n甲 赵 3 2 3 2 2 2"
    row = companies_of(panel_of(text, rulebook))["甲"]
    squares = [(len(marks) - 1) * stdev(marks) ** 2 for marks in ([4, 1, 3, 3], [2, 2, 3, 3])]
    assert (row["experts"], row["marks"], row["widest"], row["widest_item"]) == (4, 24, 3, "domestic_innovation")
    assert row["spread"] == pytest.approx((sum(squares) / 18) ** 0.5)
    assert row["mean"] == pytest.approx(2.75 + 2.5 + 8) and row["trimmed"] == pytest.approx(3 + 2.5 + 8)
    assert row["rule"] == 12


def test_a_company_with_an_item_unmarked_has_no_sums_and_no_rank(rulebook: Rulebook):
    row = companies_of(panel_of("甲 张 4 2 2 2 2\n甲 李 4 2 2 2 2", rulebook))["甲"]
    assert all(pd.isna(row[way]) for way in ("rule", "mean", "trimmed", "adjusted", "rank_mean"))
    assert row["marks"] == 10


def test_equal_totals_share_a_rank_and_objective_points_count(rulebook: Rulebook):
    text = "甲 张 1 1 1 1 1 1\n乙 张 2 1 1 1 1 1\n丙 张 4 4 5 4 4 4"
    rows = companies_of(panel_of(text, rulebook, 甲=51, 乙=50, 丙=20))
    assert {name: row["rank_mean"] for name, row in rows.items()} == {"甲": 1, "乙": 1, "丙": 3}


# ---------------------------------------------------------------- marks that stand apart


def test_outliers_are_those_of_a_naive_loop(rulebook: Rulebook):
    chance = random.Random(11)
    lines = [
        " ".join([company, expert, *(str(chance.randrange(9) / 2) for _ in ITEMS)])
        for company in "甲乙丙丁戊"
        for expert in chance.sample("张李王赵钱", chance.randrange(1, 6))
    ]
    marks = marks_of("\n".join(lines))
    expected = set()
    for _, cell in marks.groupby(["key", "indicator"]):
        middle = median(cell["mark"])
        for row in cell.itertuples():
            full = float(rulebook.indicator_of[row.indicator].points)
            if len(cell) >= OUTLIER_MARKS and abs(row.mark - middle) > OUTLIER_SHARE * full + 1e-9:
                expected.add((row.key, row.indicator, row.expert, row.mark - middle))
    found = compare_experts(marks, totals_of(marks), rulebook).outliers
    assert len(expected) > 5
    assert set(found[["key", "indicator", "expert", "difference"]].itertuples(index=False, name=None)) == expected


@pytest.mark.parametrize(("others", "middle"), [("3.5 2.5", 2.5), ("4 3.5 4", 3.75)])
def test_one_wild_mark_does_not_make_the_others_stand_apart(rulebook: Rulebook, others: str, middle: float):
    lines = [f"甲 专家{number} {mark}" for number, mark in enumerate(others.split())]
    found = panel_of("\n".join(["甲 王 0", *lines]), rulebook).outliers
    assert found[["expert", "median", "difference"]].values.tolist() == [["王", middle, -middle]]
    assert panel_of("甲 张 4\n甲 王 0", rulebook).outliers.empty


def test_the_order_of_the_rows_does_not_matter(rulebook: Rulebook):
    marks = marks_of("甲 张 4 1 2\n甲 李 1 2 3\n乙 王 3 3 3\n乙 张 2 2 2\n丙 李 回避\n丙 王 4 0 5")
    totals = totals_of(marks)
    first = compare_experts(marks, totals, rulebook)
    second = compare_experts(marks.sample(frac=1, random_state=3), totals, rulebook)
    for name in ("experts", "companies", "outliers", "recusals"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))
