"""Self score, peer score, ranks and totals are what the notice says, for its own examples and for a naive second
implementation."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model.tables import ANSWERS, ENTERPRISES, MARKS, SCORES, TOTALS, frame
from pipeline.stages import merging, scoring
from tests.support import naive_scoring
from tests.support.rulebooks import tested_rulebook

RULEBOOK = tested_rulebook()
RATIO = [item.id for item in RULEBOOK.ratio_indicators]
EXPERT = [item.id for item in RULEBOOK.expert_indicators]


def enterprises_of(*companies: dict) -> pd.DataFrame:
    """Nominated and answered unless said otherwise; the name is the key unless said otherwise."""
    usual = {"nominated": True, "assessed": True, "answered": True, "refused": False, "excluded": False}
    place = {"city": "杭州市", "county": "西湖区"}
    return frame([{**usual, **place, "company": company["key"], **company} for company in companies], ENTERPRISES)


def answers_of(answers: dict[tuple[str, str], tuple | None]) -> pd.DataFrame:
    """(key, indicator) -> (n, m), None for an answer in error."""
    rows = []
    for (key, indicator), figures in answers.items():
        n, m = figures or (math.nan, 7)
        rows.append({"key": key, "indicator": indicator, "n": n, "m": m, "valid": figures is not None})
    return frame(rows, ANSWERS)


def with_scoring(**changes) -> object:
    return RULEBOOK.model_copy(update={"scoring": RULEBOOK.scoring.model_copy(update=changes)})


def one_item(
    figures: list[tuple | None], indicator="cloud_storage", rulebook=RULEBOOK, **columns: list
) -> pd.DataFrame:
    """The scores of one item; company c0, c1 … answer with `figures`; `columns` change the companies."""
    keys = [f"c{number}" for number in range(len(figures))]
    changed = [{name: values[number] for name, values in columns.items()} for number in range(len(keys))]
    enterprises = enterprises_of(*({"key": key, **change} for key, change in zip(keys, changed, strict=True)))
    answers = answers_of({(key, indicator): figure for key, figure in zip(keys, figures, strict=True)})
    scores = scoring.score_items(answers, enterprises, rulebook)
    return scores[scores["indicator"] == indicator].reset_index(drop=True)


def scored(companies: dict[str, dict], rulebook=RULEBOOK, marks=(), **answers) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(scores, totals): every company answers every item with N, M = 3, 6 but for its own `answers`[key][item]."""
    enterprises = enterprises_of(*({"key": key, **columns} for key, columns in companies.items()))
    cells = {
        (key, item): answers.get(key, {}).get(item, (3, 6))
        for key, columns in companies.items()
        if columns.get("answered", True)
        for item in RATIO
    }
    marks = frame(
        [
            {"key": key, "indicator": item, "expert": expert, "mark": mark, "state": "given"}
            for key, item, expert, mark in marks
        ],
        MARKS,
    )
    expert_scores, _ = merging.merge_marks(marks, enterprises, rulebook)
    scores = scoring.score_items(answers_of(cells), enterprises, rulebook)
    scores = merging.add_expert_scores(scores, expert_scores)
    return scores, scoring.total(scores, enterprises, rulebook, merging.has_marks(marks))


# 附件1: “该项目自评分 = N÷M×5，N值和M值将用于……全省排名，根据排名得到相应等级的横向评分”


def test_ten_companies_worked_by_hand():
    # N: 10 9 9 7 6 5 4 3 0 0, M all 10. Limits of the bands: 10 % of 10 = 1, 30 % = 3, 60 % = 6.
    # Places 1, 2, 2, 4 …: the two 9 share place 2, so place 3 is empty. M: all share place 1, first band.
    scores = one_item([(n, 10) for n in (10, 9, 9, 7, 6, 5, 4, 3, 0, 0)])
    assert scores["self_score"].tolist() == [5, 4.5, 4.5, 3.5, 3, 2.5, 2, 1.5, 0, 0]
    assert scores["rank_n"].tolist() == [1, 2, 2, 4, 5, 6, 7, 8, 9, 9]
    assert scores["band_n"].tolist() == ["一等", *["二等"] * 2, *["三等"] * 3, *["四等"] * 2, *["零值"] * 2]
    assert scores["peer_n"].tolist() == [5, 4, 4, 3, 3, 3, 2, 2, 0, 0]
    assert scores["peer_m"].tolist() == [5] * 10
    # (4 + 5) / 2 = 4.5 for the second; its item: 0.5 x 4.5 + 0.5 x 4.5 = 4.5. The fourth: 0.5 x 3.5 + 0.5 x 4 = 3.75.
    assert scores["peer_score"].tolist() == [5, 4.5, 4.5, 4, 4, 4, 3.5, 3.5, 2.5, 2.5]
    assert scores["score"].tolist() == [5, 4.5, 4.5, 3.75, 3.5, 3.25, 2.75, 2.5, 1.25, 1.25]
    assert scores["ranked"].tolist() == [10] * 10


def test_first_tenth_of_thirty_is_three_places():
    bands = one_item([(n, 100) for n in range(30, 0, -1)])["band_n"].tolist()
    assert bands == ["一等"] * 3 + ["二等"] * 6 + ["三等"] * 9 + ["四等"] * 12


def test_limits_of_bands_are_exact():
    # 0.55 x 100 is 55.00000000000001 in binary fractions: a 56th company must not slip in. 0.1 x 31 = 3.1: four places.
    bands = [RULEBOOK.bands[0].model_copy(update={"share": Decimal(share)}) for share in ("0.10", "0.55", "1")]
    assert scoring.band_limits(100, bands) == [10, 55, 100] and scoring.band_limits(31, bands)[0] == 4


@pytest.mark.parametrize(("n", "m", "expected"), [(469, 1000, 2.345), (3, 4, 3.75), (0, 0, 0), (0, 8, 0), (8, 8, 5)])
def test_self_score_is_n_over_m_times_five(n, m, expected):
    assert one_item([(n, m)])["self_score"].tolist() == [expected]


def test_system_synergy_is_ranked_on_n_alone_and_never_above_five():
    # N = 9 of a sum of 7: 9 / 7 x 5 would be 6.43.
    scores = one_item([(9, 7), (2, 8)], "system_synergy")
    assert scores["self_score"].tolist() == [5, 1.25]
    assert scores["rank_m"].isna().all() and scores["peer_m"].isna().all() and set(scores["band_m"]) == {""}
    assert scores["peer_score"].tolist() == scores["peer_n"].tolist() == [5, 3]  # of 2: limits 1, 1, 2


def test_an_answer_in_error_is_out_of_the_ranking_with_both_its_figures():
    scores = one_item([(5, 10), None, (3, 20)])
    error = scores.iloc[1]
    assert math.isnan(error["n"]) and error["m"] == 7
    assert error[["self_score", "rank_n", "rank_m", "peer_score", "score"]].isna().all() and error["band_n"] == ""
    assert scores["rank_m"].tolist()[::2] == [2, 1] and scores["ranked"].tolist() == [2, 2, 2]


@pytest.mark.parametrize("column", ["nominated", "refused", "excluded"])
def test_companies_outside_the_ranking_get_the_place_they_would_have(column):
    outside = [column != "nominated", column == "nominated", column != "nominated", column == "nominated"]
    scores = one_item([(9, 9), (6, 9), (7, 9), (5, 9)], **{column: outside})
    # c1 and c3 compete with 6 and 5; 9 and 7 would both be first, and move nobody.
    assert scores["rank_n"].tolist() == [1, 1, 1, 2]
    assert scores["ranked"].tolist() == [2] * 4 and scores["score"].notna().all()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"tie": "min"}, [1, 2, 2, 4]),
        ({"tie": "dense"}, [1, 2, 2, 3]),
        ({"tie": "average"}, [1, 2.5, 2.5, 4]),
    ],
)
def test_each_way_with_equal_values(changes, expected):
    assert one_item([(9, 9), (8, 9), (8, 9), (1, 9)], rulebook=with_scoring(**changes))["rank_n"].tolist() == expected


def test_other_rulings_change_the_points():
    figures = [(4, 40), (2, 20), (0, 10)]
    ascending = one_item(figures, rulebook=with_scoring(m_order="ascending"))
    assert ascending["rank_m"].tolist() == [3, 2, 1] and ascending["rank_n"].tolist() == [1, 2, 3]
    n_only = one_item(figures, rulebook=with_scoring(peer_of="n"))
    assert n_only["peer_score"].tolist() == n_only["peer_n"].tolist() and n_only["peer_m"].notna().all()
    lowest = one_item(figures, rulebook=with_scoring(zero_coefficient=RULEBOOK.bands[-1].coefficient))
    assert lowest["peer_n"].tolist()[2] == 2 and lowest["band_n"].tolist()[2] == "零值"


def test_a_form_without_any_answer_is_not_scored():
    scores = one_item([(5, 10), (0, 0)], answered=[True, False])
    assert math.isnan(scores["score"][1]) and scores["ranked"].tolist() == [1, 1]


def test_every_company_has_every_indicator_in_order():
    enterprises = enterprises_of({"key": "乙"}, {"key": "甲", "answered": False})
    scores = scoring.score_items(answers_of({("乙", "research"): (1, 2)}), enterprises, RULEBOOK)
    assert scores["key"].tolist() == ["乙"] * 21 + ["甲"] * 21
    assert scores["indicator"].tolist() == [item.id for item in RULEBOOK.indicators] * 2
    assert scores.dtypes.equals(frame([], SCORES).dtypes)
    assert scores["score"].notna().sum() == 1


def test_an_answer_of_an_unknown_company_is_never_lost():
    with pytest.raises(KeyError):
        scoring.score_items(answers_of({("丙", "research"): (1, 2)}), enterprises_of({"key": "甲"}), RULEBOOK)


# totals


def test_total_of_one_company_worked_by_hand():
    # Alone, all 15 items 3 of 6: self 2.5 each; place 1 of 1 everywhere, peer 5 each: item (2.5 + 5) / 2 = 3.75.
    # Self 15 x 2.5 = 37.5, peer 75, objective 15 x 3.75 = 56.25; experts give 3 on each of six: 18; total 74.25.
    _, totals = scored({"甲": {}}, marks=[("甲", item, "王", 3) for item in EXPERT])
    row = totals.iloc[0]
    assert row[["self_total", "peer_total", "objective_total", "expert_total", "total"]].tolist() == [
        37.5,
        75,
        56.25,
        18,
        74.25,
    ]
    # 基础设施 4 x 3.75, 云上业务 5 x, 云上管理 3 x, 云上数字化协同 2 x, 上云投入 1 x, 标杆示范 6 x 3
    assert row[[dimension.id for dimension in RULEBOOK.dimensions]].tolist() == [15, 18.75, 11.25, 7.5, 3.75, 18]
    assert row[["rank", "rank_in_city", "rank_in_county", "provisional_rank", "missing"]].tolist() == [1, 1, 1, 1, 0]
    assert row["status"] == "已排名"


def test_status_is_the_first_that_fits():
    companies = {
        "剔除": {"excluded": True, "refused": True},
        "拒绝": {"refused": True, "answered": False},
        "未荐": {"nominated": False},
        "缺表": {"answered": False},
        "缺项": {},
        "齐全": {},
    }
    _, totals = scored(companies, 缺项={"research": None, "office": None})
    expected = ["齐全", "缺项", "缺表", "未荐", "拒绝", "剔除"]
    assert totals["company"].tolist() == expected
    assert totals["status"].tolist() == ["已排名", "暂排", "未评分", "未推荐", "不予推荐", "已剔除"]
    assert totals["rank"].tolist() == [1, *[pd.NA] * 5] and totals["missing"].tolist()[:2] == [0, 2]
    assert totals["provisional_rank"].tolist()[:3] == [1, 2, pd.NA]
    assert totals["total"].notna().tolist() == [True, True, False, True, False, True]
    assert list(totals.columns) == [*TOTALS, *(dimension.id for dimension in RULEBOOK.dimensions)]
    assert totals[list(TOTALS)].dtypes.astype(str).to_dict() == TOTALS


def test_a_provisional_company_gets_the_place_its_total_would_have():
    better = dict.fromkeys(RATIO, (6, 6))
    companies = {"甲": {}, "乙": {}, "丙": {}}
    _, totals = scored(companies, 甲={**better, "research": None}, 丙={"office": (2, 6)})
    assert totals[["company", "rank", "provisional_rank"]].values.tolist() == [
        ["乙", 1, 1],
        ["丙", 2, 2],
        ["甲", pd.NA, 1],
    ]


def test_without_marks_nobody_misses_them_and_with_marks_everybody_does():
    _, totals = scored({"甲": {}, "乙": {}})
    assert totals["expert_total"].isna().all() and totals["total"].equals(totals["objective_total"])
    assert totals["benchmark"].isna().all() and set(totals["status"]) == {"已排名"}
    marks = [("甲", item, "王", 2) for item in EXPERT] + [("乙", EXPERT[0], "王", 0)]
    _, totals = scored(
        {"甲": {}, "乙": {}, "丙": {}, "缺表": {"answered": False}}, marks=[*marks, ("缺表", EXPERT[1], "王", 4)]
    )
    by_company = totals.set_index("company")
    assert by_company["status"].to_dict() == {"甲": "已排名", "乙": "暂排", "丙": "暂排", "缺表": "未评分"}
    assert by_company["missing"].to_dict() == {"甲": 0, "乙": 5, "丙": 6, "缺表": 20}
    assert by_company["expert_total"].tolist()[:2] == [12, 0] and by_company["expert_total"].isna()["丙"]
    assert by_company["expert_total"]["缺表"] == 4 and math.isnan(by_company["total"]["缺表"])


def test_equal_totals_share_a_rank_and_are_listed_by_expert_self_revenue_name():
    # Alike but for the last tie-breakers: 乙 has the greatest revenue, 无 gives none; 丁 (U+4E01) before 甲 (U+7532).
    rows = (("k1", "甲", 5), ("k2", "丁", 5), ("k3", "乙", 9), ("k4", "无", math.nan))
    companies = {key: {"company": name, "revenue": revenue} for key, name, revenue in rows}
    companies["末"] = {"city": "宁波市", "county": "慈溪市"}
    _, totals = scored(companies, 末={"research": (1, 6)})
    assert totals["company"].tolist() == ["乙", "丁", "甲", "无", "末"]
    assert totals["rank"].tolist() == [1, 1, 1, 1, 5]
    assert totals["rank_in_city"].tolist() == [1, 1, 1, 1, 1]


def test_rank_within_county_needs_a_county():
    companies = {"甲": {}, "乙": {"county": "萧山区"}, "丙": {"city": "", "county": ""}}
    _, totals = scored(companies, 甲={"office": (6, 6)}, 乙={"office": (5, 6)})
    assert totals["rank_in_county"].tolist() == [1, 1, pd.NA] and totals["rank_in_city"].tolist() == [1, 2, pd.NA]


def test_totals_equal_but_for_the_order_of_addition_share_a_rank():
    # 3/7, 6/7 and 1/7 of the points on three items, in another order for each: added up in turn they would differ.
    none = dict.fromkeys(RATIO, (0, 6))
    first = {**none, "research": (3, 7), "production": (6, 7), "marketing": (1, 7)}
    second = {**none, "research": (1, 7), "production": (3, 7), "marketing": (6, 7)}
    self_only = with_scoring(peer_share=Decimal(0), self_share=Decimal(1))
    _, totals = scored({"甲": {}, "乙": {}}, self_only, 甲=first, 乙=second)
    assert totals["total"][0] == totals["total"][1] and totals["rank"].tolist() == [1, 1]


def test_totals_that_differ_only_beyond_nine_decimals_share_a_rank():
    # 4/7·5 against 4.00000000000007/7·5 points on one item: apart in the 14th decimal.
    none = dict.fromkeys(RATIO, (0, 6))
    self_only = with_scoring(peer_share=Decimal(0), self_share=Decimal(1))
    typed = {"甲": {**none, "cloud_storage": (4.0, 7)}, "乙": {**none, "cloud_storage": (4.00000000000007, 7)}}
    _, totals = scored({"甲": {}, "乙": {}}, self_only, **typed)
    assert totals["total"][0] != totals["total"][1] and totals["rank"].tolist() == [1, 1]


def test_ordered_follows_totals_and_the_rulebook():
    scores, totals = scored({"甲": {}, "乙": {"revenue": 3}})
    shuffled = scores.sample(frac=1, random_state=7)
    put = scoring.ordered(shuffled, totals, RULEBOOK)
    assert put["key"].tolist() == ["乙"] * 21 + ["甲"] * 21
    assert put["indicator"].tolist() == [item.id for item in RULEBOOK.indicators] * 2
    strangers = pd.DataFrame({"key": ["丙", "甲", "丙", "乙"], "row": [1, 2, 3, 4]})
    assert scoring.ordered(strangers, totals)["row"].tolist() == [4, 2, 1, 3]


def test_tie_notes_name_groups_across_a_limit():
    # 10 companies, limits 1, 3, 6: the three 9 hold places 2–4 and let a fourth into 二等; the two 5 hold 6–7 and let a
    # seventh into 三等. The three zeros at the end earn nothing whatever their band.
    values = (10, 9, 9, 9, 8, 5, 5, 0, 0, 0)
    companies = {f"c{number}": {} for number in range(10)} | {"外": {"nominated": False}}
    answers = {f"c{number}": {"system_synergy": (value, 10)} for number, value in enumerate(values)}
    scores, totals = scored(companies, **answers, 外={"system_synergy": (9, 10)})
    notes = [note for note in scoring.tie_notes(scores, totals, RULEBOOK) if note.indicator == "system_synergy"]
    assert notes == [
        ("system_synergy", "N", "二等", 2, 3),
        ("system_synergy", "N", "三等", 6, 2),
    ]
    alike = {
        f"c{number}": {"system_synergy": (value, 10)} for number, value in enumerate((10, 9, 9, 7, 0, 0, 0, 0, 0, 0))
    }
    scores, totals = scored(companies, **alike)  # the two 9 fill places 2–3 and push nobody out; the zeros hold place 6
    assert [note for note in scoring.tie_notes(scores, totals, RULEBOOK) if note.indicator == "system_synergy"] == []
    dense = with_scoring(tie="dense")  # dense places 1 2 2 2 3 4 4: 8 is at place 3 and alone, place 6 is nobody's
    scores, totals = scored(companies, dense, **answers)
    notes = scoring.tie_notes(scores, totals, dense)
    assert [note for note in notes if note.indicator == "system_synergy"] == []


# against the second implementation, and what must never change

FIGURES = st.sampled_from([None, (0, 0), *((n, m) for m in range(1, 7) for n in range(m + 1))])
MARK = st.sampled_from([(item, expert, mark) for item in range(6) for expert in range(7) for mark in (0, 1, 5, 8)])
COMPANY = st.fixed_dictionaries(
    {
        "figures": st.lists(FIGURES, min_size=15, max_size=15),
        "flags": st.sampled_from(
            [(True, False, False)] * 6 + [(False, False, False), (True, True, False), (True, False, True)]
        ),
        "marks": st.lists(MARK, max_size=20),
        "county": st.sampled_from(["西湖区", "萧山区"]),
        "revenue": st.integers(0, 3),
    }
)
PROVINCES = st.lists(COMPANY, min_size=1, max_size=7)
RULEBOOKS = st.builds(
    lambda tie, m_order, peer_of, method: with_scoring(tie=tie, m_order=m_order, peer_of=peer_of).model_copy(
        update={"experts": RULEBOOK.experts.model_copy(update={"method": method})}
    ),
    st.sampled_from(["min", "dense", "average"]),
    st.sampled_from(["descending", "ascending"]),
    st.sampled_from(["mean", "n"]),
    st.sampled_from(["trimmed", "mean", "median"]),
)


def province_tables(province: list[dict]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    companies, cells, marks = [], {}, {}
    for number, company in enumerate(province):
        key = f"企业{number:02}"
        nominated, refused, excluded = company["flags"]
        companies.append(
            {
                "key": key,
                "nominated": nominated,
                "refused": refused,
                "excluded": excluded,
                "county": company["county"],
                "revenue": company["revenue"],
            }
        )
        cells |= {(key, item): figures for item, figures in zip(RATIO, company["figures"], strict=True)}
        marks |= {(key, EXPERT[item], f"专家{expert}"): mark / 2 for item, expert, mark in company["marks"]}
    rows = [
        {"key": key, "indicator": item, "expert": expert, "mark": mark, "state": "given"}
        for (key, item, expert), mark in marks.items()
    ]
    return enterprises_of(*companies), answers_of(cells), frame(rows, MARKS)


def run(enterprises, answers, marks, rulebook) -> tuple[pd.DataFrame, pd.DataFrame]:
    expert_scores, _ = merging.merge_marks(marks, enterprises, rulebook)
    scores = merging.add_expert_scores(scoring.score_items(answers, enterprises, rulebook), expert_scores)
    return scores, scoring.total(scores, enterprises, rulebook, merging.has_marks(marks))


def same(found, expected) -> bool:
    return math.isnan(found) if expected is None else not math.isnan(found) and abs(Fraction(found) - expected) < 1e-12


@pytest.mark.slow
@settings(max_examples=100)
@given(PROVINCES, RULEBOOKS)
def test_equals_the_second_implementation(province, rulebook):
    enterprises, answers, marks = province_tables(province)
    scores, totals = run(enterprises, answers, marks, rulebook)
    keys = enterprises["key"].tolist()
    companies = {
        key: {
            "competes": company["flags"] == (True, False, False),
            "answers": dict(zip(RATIO, company["figures"], strict=True)),
        }
        for key, company in zip(keys, province, strict=True)
    }
    expected = naive_scoring.naive_items(companies, rulebook)
    names = {"self": "self_score", "rank_n": "rank_n", "rank_m": "rank_m", "peer": "peer_score", "score": "score"}
    points = {}
    for row in scores.to_dict("records"):
        cell = (row["key"], row["indicator"])
        if row["indicator"] in EXPERT:
            given_marks = marks[(marks["key"] == cell[0]) & (marks["indicator"] == cell[1])]["mark"]
            points[cell] = naive_scoring.naive_expert(given_marks, rulebook.experts)
            assert same(row["score"], points[cell]) and same(row["expert_score"], points[cell])
        else:
            figures = expected.get(cell, {})
            points[cell] = figures.get("score")
            assert all(same(row[name], figures.get(own)) for own, name in names.items())
            assert not figures or row["ranked"] == figures["ranked"]
    counted = RATIO + EXPERT if len(marks) else RATIO
    complete = {
        key: sum(points[key, item] for item in counted)
        for key in keys
        if companies[key]["competes"] and all(points[key, item] is not None for item in counted)
    }
    ranks = naive_scoring.naive_ranks(complete, rulebook.scoring.tie)
    assert totals[totals["status"] == "已排名"].set_index("key")["rank"].to_dict() == ranks
    for row in totals.to_dict("records"):
        there = [points[row["key"], item] for item in RATIO + EXPERT if points[row["key"], item] is not None]
        assert same(row["total"], sum(there) if there else None)


@pytest.mark.slow
@settings(max_examples=40)
@given(PROVINCES, st.randoms(use_true_random=False))
def test_shuffling_companies_answers_and_experts_changes_nothing(province, random):
    tables = province_tables(province)
    shuffled = [table.sample(frac=1, random_state=random.randrange(1000)).reset_index(drop=True) for table in tables]
    scores, totals = run(*tables, RULEBOOK)
    other_scores, other_totals = run(*shuffled, RULEBOOK)
    pd.testing.assert_frame_equal(totals, other_totals, check_exact=True)
    put = [scoring.ordered(table, totals, RULEBOOK) for table in (scores, other_scores)]
    pd.testing.assert_frame_equal(*put, check_exact=True)


@pytest.mark.slow
@settings(max_examples=40)
@given(PROVINCES)
def test_totals_are_sums(province):
    scores, totals = run(*province_tables(province), RULEBOOK)
    sums = scores.groupby("key")["score"].sum()
    dimensions = totals.set_index("key")[[dimension.id for dimension in RULEBOOK.dimensions]].sum(axis=1)
    whole = totals.set_index("key")["total"].fillna(0)
    assert np.allclose(whole, sums.reindex(whole.index), rtol=0, atol=1e-9)
    assert np.allclose(whole, dimensions, rtol=0, atol=1e-9)
    assert (scores["score"].fillna(0) <= 5).all()


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(2, 1000))
@settings(max_examples=50)
def test_scaling_keeps_and_raising_never_lowers_the_self_score(m, n, factor):
    n = min(n, m)
    plain, scaled, raised = scoring.self_score(
        np.array([n, n * factor, min(n + 1, m)]), np.array([m, m * factor, m]), 5.0
    )
    assert scaled == pytest.approx(plain, rel=1e-15, abs=0)
    assert raised >= plain
    assert abs(Fraction(plain) - Fraction(5 * n, m)) <= Fraction(1, 10**15)


@pytest.mark.slow
@settings(max_examples=40)
@given(PROVINCES, st.integers(0, 11), st.integers(0, 14))
def test_raising_n_never_lowers_the_item(province, number, column):
    number %= len(province)
    before, _ = run(*province_tables(province), RULEBOOK)
    n, m = province[number]["figures"][column] or (0, 0)
    if n < m:
        figures = list(province[number]["figures"])
        figures[column] = (n + 1, m)
        raised = [*province]
        raised[number] = {**province[number], "figures": figures}
        after, _ = run(*province_tables(raised), RULEBOOK)
        row = number * len(RULEBOOK.indicators) + [item.id for item in RULEBOOK.indicators].index(RATIO[column])
        assert after["score"][row] >= before["score"][row]
        assert after["self_score"][row] > before["self_score"][row]
