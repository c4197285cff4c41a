"""数据协同: which categories are ticked, on whichever side the ticks are, and which forms leave that open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.model.records import Assessment, Reading
from pipeline.model.rulebook_file import load_rulebook
from pipeline.readers.intake.file import read_file
from pipeline.readers.values.lexicon import Lexicon
from pipeline.writers.forms.filled import FormAnswer
from tests.support.rulebooks import ZHEJIANG_2024, tested_rulebook
from tests.support.workbooks import Cell, form_rows, full_answers, workbook

RULEBOOK = tested_rulebook()
LEXICON = Lexicon.of(RULEBOOK)
NAMES = RULEBOOK.indicator_of["data_synergy"].categories
CAPTIONS: list[Cell] = [
    "云上数字化协同",
    "数据协同（5）",
    "说明",
    "N：满足条件协同数据类别数量",
    "具体协同类别（请勾选√）",
]


def form_with(
    block: list[list[Cell]], captions: list[Cell] = CAPTIONS, merges: Sequence[str] = (), lexicon: Lexicon = LEXICON
) -> tuple[Assessment, int]:
    """A form whose 数据协同 has `block` under its captions (from column D), and the row of the captions. merges: areas,
    with the rows below the captions counted from 1."""
    rows, tops = form_rows(RULEBOOK, full_answers(RULEBOOK))
    top, end = tops["data_synergy"] - 1, tops["cloud_spend"] - 1
    explanation = [*[None] * 3, "M:为具体协同类别总数，即6"]
    rows[top:end] = [[*captions, *explanation], *([None, None, None, *row] for row in block)]
    merged = [re.sub(r"\d+", lambda row: str(int(row[0]) + top + 1), area) for area in merges]
    reading = read_file("a.xlsx", workbook({"表": rows}, merged), lexicon)
    return reading.sheets[0].assessments[0], top + 1


def n_of(form: Assessment) -> Reading:
    return next(answer.n for answer in form.answers if answer.indicator == "data_synergy")


def codes(form: Assessment) -> list[tuple[str, str]]:
    return [(issue.code, issue.where.cell) for issue in form.issues]


def in_pairs(n: Cell, *marks: Cell, right: bool = False) -> list[list[Cell]]:
    """N, then mark and name (or name and mark), two to a row and read down, as in the form."""
    pairs = [[name, mark] if right else [mark, name] for name, mark in zip(NAMES, marks, strict=True)]
    return [[n if row == 0 else None, *pairs[row], *pairs[row + 3]] for row in range(3)]


@pytest.mark.parametrize("right", [False, True])
@pytest.mark.parametrize(
    "mark", ["√", "✓", "☑", "■", "●", "✅", "是", "有", "对", "Y", "V", 1, True, "R", "P", "þ", "ü", "√√", " √ "]
)
def test_every_tick_counts_on_either_side(mark: Cell, right: bool) -> None:
    form, _ = form_with(in_pairs(2, mark, None, mark, None, None, None, right=right))
    assert n_of(form).value == 2 and codes(form) == []


@pytest.mark.parametrize("mark", ["□", "○", "×", "✗", "否", "无", "N", 0, False, "　"])
def test_what_is_no_tick(mark: Cell) -> None:
    form, _ = form_with(in_pairs(1, "√", *[mark] * 5))
    assert n_of(form).value == 1 and codes(form) == []


@pytest.mark.parametrize(
    "cells",
    [
        ["√研发数据", "设计数据", "√生产数据", "供应链数据", "销售数据", "服务数据"],
        ["研发数据√", "设计数据", "生产数据（√）", "供应链数据", "销售数据", "服务数据"],
        ["☑研发数据", "□设计数据", "☑ 生产数据", "□供应链数据", "□销售数据", "□服务数据"],
        ["研 发 数 据：√", "设计数据:×", "√生产数据", "供应链数据", "销售数据", "服务数据"],
        ["：研发数据√", "：设计数据", "、生产数据√", "供应链数据", "销售数据", "服务数据"],
    ],
)
def test_marks_in_the_names_own_cells(cells: list[Cell]) -> None:
    form, _ = form_with([[2, cells[0], cells[3]], [None, cells[1], cells[4]], [None, cells[2], cells[5]]])
    assert n_of(form).value == 2 and codes(form) == []


@pytest.mark.parametrize(
    "text",
    [
        "√研发数据 □设计数据 √生产数据 □供应链数据 □销售数据 □服务数据",
        "研发数据√ 设计数据□ 生产数据√ 供应链数据□ 销售数据□ 服务数据□",
        "研发数据√、设计数据、生产数据√、供应链数据、销售数据、服务数据",
        "√研发数据\n设计数据\n√生产数据\n供应链数据\n销售数据\n服务数据",
    ],
)
def test_a_cell_with_several_categories(text: str) -> None:
    form, _ = form_with([[2, text]])
    assert n_of(form).value == 2 and codes(form) == []


def test_a_category_that_stands_there_twice_is_a_question_even_without_a_mark() -> None:
    block = in_pairs(1, *[None] * 6)
    form, top = form_with([*block, [None, None, NAMES[0]]])
    assert codes(form) == [("T10", f"E{top}")] and n_of(form).state == "error"


def test_a_caption_may_name_categories_itself() -> None:
    captions: list[Cell] = [*CAPTIONS[:4], "具体协同类别（请勾选√）：研发数据、设计数据等"]
    form, _ = form_with(in_pairs(1, "√", *[None] * 5), captions)
    assert n_of(form).value == 1 and codes(form) == []


def test_a_mark_merged_beside_two_categories_is_not_guessed() -> None:
    form, top = form_with(in_pairs(1, "√", *[None] * 5), merges=["E1:E2"])
    assert codes(form) == [("T10", f"E{top}")] and n_of(form).state == "error"
    form, _ = form_with(in_pairs(1, "√", *[None] * 5), merges=["D1:D3"])
    assert n_of(form).value == 1 and codes(form) == []


def test_a_mark_merged_downwards_is_of_the_names_beside_it_alone() -> None:
    marks = {2: "√", 5: "√"}
    names = dict(zip((1, 2, 4, 5, 6, 7), NAMES, strict=True))
    block: list[list[Cell]] = [[2 if row == 1 else None, marks.get(row), names.get(row)] for row in range(1, 8)]
    form, _ = form_with(block, merges=["E2:E3"])
    assert n_of(form).value == 2 and codes(form) == []


def test_a_mark_beside_the_caption_is_no_tick() -> None:
    form, _ = form_with(in_pairs(1, "√", *[None] * 5), captions=[*CAPTIONS, "√"])
    assert n_of(form).value == 1 and codes(form) == []


def test_a_mark_in_the_explanations_is_no_tick() -> None:
    block = in_pairs(1, "√", *[None] * 5)
    block[1].append("√")
    form, _ = form_with(block)
    assert n_of(form).value == 1 and codes(form) == []


def test_marks_before_and_behind_in_one_cell_are_not_guessed() -> None:
    text = "√研发数据 设计数据 生产数据 供应链数据 销售数据 服务数据√"
    form, top = form_with([[2, text]])
    assert codes(form) == [("V33", f"E{top + 1}")] and n_of(form).value is None


@pytest.mark.parametrize(
    "block",
    [
        [
            [2, "√", "研发数据√", None, "供应链数据"],
            [None, None, "设计数据", None, "销售数据"],
            [None, None, "生产数据", None, "服务数据"],
        ],
        [[1, "√", "研发数据、设计数据"], [None, None, "生产数据、供应链数据"], [None, None, "销售数据、服务数据"]],
        [[1, "√", "研发数据", None, "供应链数据"], [None, None, "设计数据", None, "销售数据"]],
        [
            [1, "√", "研发数据", None, "研发数据"],
            [None, None, "设计数据", None, "销售数据"],
            [None, None, "生产数据", "供应链数据", "服务数据"],
        ],
        [
            [2, None, "研发数据", None, "供应链数据"],
            [None, None, "设计数据", None, "销售数据"],
            [None, "√", "生产数据", None, "服务数据"],
            [None, "√", None, None, None],
        ],
    ],
)
def test_what_leaves_two_readings_is_an_error(block: list[list[Cell]]) -> None:
    form, top = form_with(block)
    assert codes(form) == [("T10", f"E{top}")]
    assert n_of(form)[1:3] == (None, "error")


def test_without_the_caption_the_side_cannot_be_told() -> None:
    block = in_pairs(2, "√", None, "√", None, None, None)
    form, top = form_with(block, captions=[*CAPTIONS[:4], None])
    assert codes(form) == [("T10", f"B{top}")] and n_of(form).state == "error"
    words = [[4, "√研发数据", "√设计数据", "√生产数据"], [None, "√供应链数据", "销售数据", "服务数据"]]
    form, _ = form_with(words, captions=[*CAPTIONS[:4], None])
    assert codes(form) == [] and n_of(form).value == 4


def test_n_itself_is_no_mark_beside_a_category() -> None:
    names = [[1, *NAMES[:3]], [None, *NAMES[3:]]]
    form, _ = form_with(names, captions=[*CAPTIONS[:4], None])
    assert [code for code, _ in codes(form)] == ["V31"] and n_of(form).value == 1


@pytest.mark.parametrize("ticked", [0, 1])
def test_a_category_whose_name_begins_with_anothers_is_the_longer_one(ticked: int, tmp_path: Path) -> None:
    names = (NAMES[0], f"{NAMES[0]}平台", *NAMES[2:])
    text = ZHEJIANG_2024.read_text(encoding="utf-8").replace(f'"{NAMES[1]}"', f'"{names[1]}"')
    path = tmp_path / "rulebook.toml"
    path.write_text(text, encoding="utf-8")
    block = [[1 if row == 0 else None, "√" if row == ticked else None, name] for row, name in enumerate(names)]
    form, _ = form_with(block, lexicon=Lexicon.of(load_rulebook(path)))
    assert codes(form) == [] and n_of(form).value == 1


@pytest.mark.parametrize("mark", ["？", "部分", "√×", 2])
def test_an_unknown_mark_is_quoted(mark: Cell) -> None:
    form, top = form_with(in_pairs(1, None, mark, None, None, None, None))
    (issue,) = form.issues
    assert (issue.code, issue.where.cell, issue.found) == ("V33", f"E{top + 2}", str(mark))
    assert n_of(form).state == "error"


# ---------------------------------------------------------------------------------------- ticks against a typed N


@pytest.mark.parametrize(
    ("n", "ticks", "value", "code"),
    [
        (2, 2, 2, ""),
        ("2类", 2, 2, ""),
        (3, 2, 2, "V30"),
        ("无", 2, 2, "V30"),
        (None, 2, 2, ""),
        ("　", 2, 2, ""),
        (4, 0, 4, "V31"),
        (None, 0, 0, "V32"),
        ("　", 0, 0, "V32"),
        (0, 0, 0, ""),
        ("无", 0, 0, ""),
    ],
)
def test_ticks_count_before_a_typed_n(n: Cell, ticks: int, value: float, code: str) -> None:
    form, top = form_with(in_pairs(n, *["√"] * ticks, *[None] * (6 - ticks)))
    assert n_of(form).value == value and n_of(form).where.cell == f"D{top + 1}"
    assert codes(form) == ([(code, f"D{top + 1}")] if code else [])


@pytest.mark.parametrize(("n", "expected"), [(7, {"V25", "V31"}), (2.5, {"V09"}), ("待定", {"V01"}), (-1, {"V08"})])
def test_a_typed_n_that_cannot_be(n: Cell, expected: set[str]) -> None:
    form, _ = form_with(in_pairs(n, *[None] * 6))
    assert {code for code, _ in codes(form)} == expected


def test_m_is_six() -> None:
    form, _ = form_with(in_pairs(6, *["√"] * 6))
    answer = next(answer for answer in form.answers if answer.indicator == "data_synergy")
    assert (answer.n.value, answer.m.value, answer.m.state) == (6, 6, "absent") and form.issues == ()


def test_a_typed_tick_column_alone_fills_the_form() -> None:
    """A form in which only ticks were set is no blank form."""
    rows, _ = form_rows(RULEBOOK, {"data_synergy": FormAnswer(None, None, {"研发数据": "√"})})
    form = read_file("a.xlsx", workbook({"表": rows}), LEXICON).sheets[0].assessments[0]
    assert not form.blank and n_of(form).value == 1
