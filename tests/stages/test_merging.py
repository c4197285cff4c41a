"""The experts' marks of one item become one score by the notice's rule, and a missing or contradictory mark is never a zero."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from pipeline.issues.where import Where
from pipeline.model.tables import ENTERPRISES, MARKS, frame
from pipeline.stages import merging
from tests.support.rulebooks import tested_rulebook

RULEBOOK = tested_rulebook()
ITEMS = [item.id for item in RULEBOOK.expert_indicators]
COMPANY = {
    "nominated": True,
    "answered": True,
    "city": "杭州市",
    "county": "西湖区",
    "form_where": Where("甲.xlsx", "附件1", "A1"),
}


def merged(lines: str, rulebook=RULEBOOK, companies=("甲",), **columns) -> tuple[pd.DataFrame, list]:
    """Marks from lines "company item expert mark"; the item by its number, a mark of 回避 recuses, - is blank."""
    rows = []
    for number, line in enumerate(lines.split("\n") if lines else []):
        key, item, expert, mark = line.split()
        state = {"回避": "recused", "-": "blank", "错": "error"}.get(mark, "given")
        value = float(mark) if state == "given" else math.nan
        where = Where("评分.xlsx", expert, f"C{number + 1}")
        rows.append(
            {"key": key, "indicator": ITEMS[int(item)], "expert": expert, "mark": value, "state": state, "where": where}
        )
    enterprises = frame([{**COMPANY, "key": key, "company": key, **columns} for key in companies], ENTERPRISES)
    return merging.merge_marks(frame(rows, MARKS), enterprises, rulebook)


def first_score(lines: str, rulebook=RULEBOOK) -> list:
    expert_scores, _ = merged(lines, rulebook)
    return expert_scores.iloc[0][["expert_score", "given", "used"]].tolist()


def marks_of(*marks: float) -> str:
    return "\n".join(f"甲 0 专家{number} {mark}" for number, mark in enumerate(marks))


def with_method(method: str) -> object:
    return RULEBOOK.model_copy(update={"experts": RULEBOOK.experts.model_copy(update={"method": method})})


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ((3,), [3, 1, 1]),
        ((4, 3, 2, 1), [2.5, 4, 4]),  # four marks: their mean, 10 / 4
        ((4, 4, 3, 2, 0), [3, 5, 3]),  # from five: without one 4 and the 0, (4 + 3 + 2) / 3
        ((0, 0, 0, 0, 0), [0, 5, 3]),
        ((0.1, 0.2, 0.3), [0.2, 3, 3]),  # exact: 0.6 / 3, not 0.20000000000000004
    ],
)
def test_from_five_marks_up_one_highest_and_one_lowest_are_dropped(marks, expected):
    assert first_score(marks_of(*marks)) == expected


def test_other_rulings():
    assert first_score(marks_of(4, 4, 3, 2, 0), with_method("mean")) == [2.6, 5, 5]
    assert first_score(marks_of(4, 4, 3, 2, 0), with_method("median")) == [3, 5, 5]
    assert first_score(marks_of(4, 3), with_method("median")) == [3.5, 2, 2]


def test_blank_recused_and_wrong_marks_are_no_zeros():
    assert first_score("甲 0 王 4\n甲 0 李 -\n甲 0 赵 回避\n甲 0 孙 错") == [4, 1, 1]


def test_of_no_mark_none_is_given_and_none_used():
    expert_scores, _ = merged("甲 0 王 4\n甲 1 王 -", companies=("甲", "乙"))
    assert expert_scores[["given", "used"]].to_numpy().tolist() == [[1, 1], *[[0, 0]] * (2 * len(ITEMS) - 1)]


def test_what_is_no_item_of_the_experts_is_no_mark():
    rows = [
        {"key": "甲", "indicator": "research", "expert": "王", "mark": mark, "state": "given", "where": Where("a.xlsx")}
        for mark in (1.0, 2.0)
    ]
    enterprises = frame([{**COMPANY, "key": "甲", "company": "甲"}], ENTERPRISES)
    expert_scores, issues = merging.merge_marks(frame(rows, MARKS), enterprises, RULEBOOK)
    assert expert_scores["given"].sum() == 0 and "E02" not in {issue.code for issue in issues}


def test_equal_marks_of_one_expert_count_once():
    expert_scores, issues = merged("甲 0 王 4\n甲 0 王 4\n甲 0 李 1")
    assert expert_scores["expert_score"][0] == 2.5 and "E02" not in {issue.code for issue in issues}


@pytest.mark.parametrize("other", ["3", "回避"])
def test_different_marks_of_one_expert_do_not_count(other):
    expert_scores, issues = merged(f"甲 0 王 4\n甲 0 王 {other}\n甲 0 李 1")
    assert expert_scores.iloc[0][["expert_score", "given"]].tolist() == [1, 1]
    (conflict,) = [issue for issue in issues if issue.code == "E02"]
    assert conflict.where == Where("评分.xlsx", "王", "C1") and conflict.indicator == ITEMS[0]
    assert (conflict.company, conflict.county, conflict.found, conflict.facts["other"]) == ("甲", "西湖区", "4", other)


def test_items_without_any_mark_are_one_issue_per_company():
    lines = "\n".join(f"甲 {item} 王 2" for item in range(5))
    _, issues = merged(lines, companies=("甲", "乙"))
    assert [(issue.code, issue.company, issue.where) for issue in issues] == [
        ("E03", "甲", Where("甲.xlsx", "附件1", "A1")),
        ("E03", "乙", Where("甲.xlsx", "附件1", "A1")),
    ]
    assert issues[0].facts["items"] == RULEBOOK.expert_indicators[5].label


def test_an_item_whose_only_marks_contradict_each_other_has_one_cause():
    lines = "\n".join(f"甲 {item} 王 2" for item in range(1, 6))
    expert_scores, issues = merged(f"{lines}\n甲 0 王 1\n甲 0 王 2")
    assert [issue.code for issue in issues] == ["E02"] and math.isnan(expert_scores["expert_score"][0])


@pytest.mark.parametrize("columns", [{"nominated": False}, {"refused": True}, {"excluded": True}, {"answered": False}])
def test_companies_that_are_not_ranked_need_no_marks(columns):
    expert_scores, issues = merged("甲 0 王 2", companies=("甲",), **columns)
    assert issues == [] and expert_scores["expert_score"][0] == 2


def test_no_marks_at_all_is_one_remark():
    for lines in ("", "甲 0 王 -"):
        expert_scores, issues = merged(lines)
        assert [issue.code for issue in issues] == ["E04"] and expert_scores["expert_score"].isna().all()
        assert len(expert_scores) == 6


def test_marks_of_unknown_companies_are_left_aside():
    expert_scores, _ = merged("丙 0 王 2\n甲 1 王 3")
    assert set(expert_scores["key"]) == {"甲"} and expert_scores["expert_score"].sum() == 3
