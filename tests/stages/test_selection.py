"""Who is selected: by rank, by score, by quotas; equal totals across a line stay open unless the rulebook rules."""

from __future__ import annotations

from itertools import permutations, product

import pandas as pd
import pytest

from pipeline.issues.catalogue import SELECTION_NOT_FILLED, SELECTION_TIED
from pipeline.model.rulebook import Rulebook, Selection
from pipeline.model.scope import Scope
from pipeline.model.selected import NOT_SELECTED, SELECTED, UNDECIDED, Selected
from pipeline.stages.cuts import cut_lines, inside
from pipeline.stages.selection import select, selection_issues

XIHU, YUHANG, BEILUN, DINGHAI = (
    ("杭州市", "西湖区"),
    ("杭州市", "余杭区"),
    ("宁波市", "北仑区"),
    ("舟山市", "定海区"),
)
# name, region, total
PROVINCE = (
    ("甲", XIHU, 90.0),
    ("乙", XIHU, 80.0),
    ("丙", YUHANG, 80.0),
    ("丁", BEILUN, 70.0),
    ("戊", BEILUN, 60.0),
    ("己", DINGHAI, 10.0),
)
Row = tuple[str, tuple[str, str], float]


def totals_of(companies: tuple[Row, ...] = PROVINCE, status: str = "已排名") -> pd.DataFrame:
    rows = [
        {"key": name, "company": name, "city": city, "county": county, "total": total, "status": status}
        for name, (city, county), total in sorted(companies, key=lambda row: -row[2])
    ]
    table = pd.DataFrame(rows)
    return table.assign(rank=table["total"].rank(method="min", ascending=False).astype("Int64"))


def chosen(rulebook: Rulebook, companies: tuple[Row, ...] = PROVINCE, **figures: object) -> Selected:
    selection = Selection.model_validate(figures)
    return select(totals_of(companies), rulebook.model_copy(update={"selection": selection}))


def names(selected: Selected, state: str = SELECTED) -> str:
    return "".join(sorted(selected.in_state(state)["company"], key="甲乙丙丁戊己".index))


def by(selected: Selected) -> dict[str, str]:
    return dict(zip(selected.companies["company"], selected.companies["by"], strict=True))


def test_without_a_selection_there_are_no_rows(rulebook: Rulebook):
    selected = chosen(rulebook)
    assert len(selected.companies) == len(selected.lines) == 0 and not selected.asked_for
    assert selection_issues(selected) == []


def test_places_go_by_rank(rulebook: Rulebook):
    selected = chosen(rulebook, places=4)
    assert (names(selected), names(selected, NOT_SELECTED)) == ("甲乙丙丁", "戊己")
    assert set(by(selected).values()) == {"名额", ""}


def test_a_least_score_takes_everybody_from_it_on(rulebook: Rulebook):
    assert names(chosen(rulebook, least_score=70)) == "甲乙丙丁"
    assert names(chosen(rulebook, least_score=95)) == ""


def test_a_least_score_is_compared_as_the_ranking_is(rulebook: Rulebook):
    companies = (("甲", XIHU, 0.1 + 0.2 + 69.7 - 1e-13), ("乙", XIHU, 69.999))
    assert names(chosen(rulebook, companies, least_score=70)) == "甲"


def test_quotas_are_filled_first_and_count_towards_the_places(rulebook: Rulebook):
    selected = chosen(rulebook, places=4, city_quotas={"舟山市": 1}, county_quotas={"宁波市北仑区": 1})
    assert names(selected) == "甲丁己" and names(selected, UNDECIDED) == "乙丙"
    assert by(selected) == {"甲": "名额", "乙": "名额", "丙": "名额", "丁": "县名额", "戊": "", "己": "市名额"}


def test_a_citys_quota_counts_those_of_its_counties(rulebook: Rulebook):
    selected = chosen(rulebook, city_quotas={"杭州市": 2}, county_quotas={"杭州市余杭区": 1})
    assert (names(selected), by(selected)["丙"], by(selected)["甲"]) == ("甲丙", "县名额", "市名额")


def test_a_least_score_comes_before_the_quotas(rulebook: Rulebook):
    selected = chosen(rulebook, least_score=75, city_quotas={"各市": 1, "杭州市": 2})
    assert names(selected) == "甲乙丙丁己"  # 杭州市 has three from the score on, more than its quota
    assert by(selected)["丁"] == by(selected)["己"] == "市名额" and by(selected)["甲"] == "最低分"


def test_a_name_of_its_own_comes_before_all_of_them(rulebook: Rulebook):
    assert names(chosen(rulebook, county_quotas={"各县": 1, "宁波市北仑区": 2, "舟山市定海区": 0})) == "甲丙丁戊"


def test_a_quota_above_the_candidates_is_filled_as_far_as_it_goes(rulebook: Rulebook):
    selected = chosen(rulebook, places=5, city_quotas={"舟山市": 3})
    assert names(selected) == "甲乙丙丁己"  # what 舟山市 leaves goes by rank
    issue = selection_issues(selected)[0]
    assert issue.code == SELECTION_NOT_FILLED and "舟山市名额 3 家，已排名的只有 1 家" in issue.facts["lines"]


@pytest.mark.parametrize(
    "figures", [{"places": 9}, {"city_quotas": {"丽水市": 1}}, {"county_quotas": {"杭州市桐庐县": 2}}]
)
def test_more_asked_for_than_there_are_is_said(rulebook: Rulebook, figures: dict):
    assert [issue.code for issue in selection_issues(chosen(rulebook, **figures))] == [SELECTION_NOT_FILLED]


@pytest.mark.parametrize("status", ["暂排", "未评分", "未推荐", "不予推荐", "已剔除"])
def test_only_ranked_companies_are_selected(rulebook: Rulebook, status: str):
    totals = pd.concat([totals_of(), totals_of((("庚", XIHU, 99.0),), status)])
    selected = select(totals, rulebook.model_copy(update={"selection": Selection(places=2)}))
    assert names(selected) == "甲" and "庚" not in set(selected.companies["company"])


def test_a_citys_run_selects_nobody(rulebook: Rulebook):
    """The province selects; its places mean nothing among one city's companies."""
    other = rulebook.model_copy(update={"selection": Selection(places=2), "scope": Scope(city="杭州市")})
    assert not select(totals_of(), other).asked_for and all(not line.rules for line in cut_lines(6, other))


# ---------------------------------------------------------------- ties


def test_a_tie_on_the_line_is_left_open_and_named(rulebook: Rulebook):
    selected = chosen(rulebook, places=2)
    assert (names(selected), names(selected, UNDECIDED)) == ("甲", "乙丙")
    issue = selection_issues(selected)[0]
    assert issue.code == SELECTION_TIED and issue.facts["count"] == "2" and "乙" in issue.facts["companies"]


def test_a_tie_that_fits_is_none(rulebook: Rulebook):
    assert names(chosen(rulebook, places=3)) == "甲乙丙"


def test_a_tie_is_ruled_in_or_out(rulebook: Rulebook):
    assert names(chosen(rulebook, places=2, tie="in")) == "甲乙丙"
    assert names(chosen(rulebook, places=2, tie="out")) == "甲"


def test_a_tie_on_a_quota_is_none_for_whom_another_line_takes(rulebook: Rulebook):
    twins = (("甲", XIHU, 90.0), ("乙", XIHU, 90.0), ("丙", BEILUN, 50.0))
    selected = chosen(rulebook, twins, places=2, county_quotas={"杭州市西湖区": 1})
    assert names(selected) == "甲乙" and by(selected)["甲"] == "县名额、名额"


def _decided(companies: tuple[Row, ...], figures: dict) -> set[str]:
    """The selected by the plain rules, equal totals taken in the order in which they are given."""
    order = sorted(companies, key=lambda row: -row[2])
    taken: list[str] = []
    groups: list[tuple[list[str], int]] = []
    for level, quotas in ((1, figures.get("county_quotas", {})), (0, figures.get("city_quotas", {}))):
        for region, quota in quotas.items():
            within = [row[0] for row in order if (row[1][0] if level == 0 else "".join(row[1])) == region]
            groups.append((within, quota))
    groups.append(([row[0] for row in order], figures.get("places", 0)))
    for within, quota in groups:
        room = quota - sum(name in taken for name in within)
        taken += [name for name in within if name not in taken][: max(0, room)]
    return set(taken)


def test_open_is_exactly_what_depends_on_how_ties_are_decided(rulebook: Rulebook):
    """Against every way to decide the ties: in is in all of them, out is in none."""
    regions = (XIHU, YUHANG, BEILUN)
    figures = {"county_quotas": {"杭州市西湖区": 1}, "city_quotas": {"杭州市": 2}}
    for number, scores in enumerate(product((50.0, 60.0), repeat=5)):
        companies = tuple(
            (name, regions[(i + number) % 3], score)
            for i, (name, score) in enumerate(zip("甲乙丙丁戊", scores, strict=True))
        )
        for places in (2, 3, 4):
            wanted = figures | {"places": places}
            outcomes = [_decided(order, wanted) for order in permutations(companies)]
            selected = chosen(rulebook, companies, **wanted)
            assert set(names(selected)) == set.intersection(*outcomes), (companies, places)
            assert set(names(selected, NOT_SELECTED)) == set("甲乙丙丁戊") - set.union(*outcomes), (companies, places)


# ---------------------------------------------------------------- the same lines elsewhere


def test_the_cut_line_is_the_selections(rulebook: Rulebook):
    selection = Selection(places=3, city_quotas={"舟山市": 1})
    other = rulebook.model_copy(update={"selection": selection})
    (line,) = cut_lines(6, other)
    totals = totals_of()
    kept = select(totals, other)
    mask = inside(totals, line, other.scoring.rank_decimals)
    assert line.label == SELECTED and set(totals["company"][mask]) == set(kept.in_state(SELECTED)["company"])


def test_the_table_says_how_far_each_line_is_filled(rulebook: Rulebook):
    lines = chosen(rulebook, places=3, city_quotas={"舟山市": 1}).lines
    assert lines[["kind", "city", "candidates", "taken", "tied"]].values.tolist() == [
        ["市名额", "舟山市", 1, 1, 0],
        ["名额", "", 6, 2, 2],
    ]
