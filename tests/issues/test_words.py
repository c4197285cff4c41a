"""A message names the first five offenders and counts the rest."""

from __future__ import annotations

import pytest

from pipeline.issues.words import listed, quoted_list

SEVEN = list("甲乙丙丁戊己庚")


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, ""), (1, "甲"), (5, "甲、乙、丙、丁、戊"), (6, "甲、乙、丙、丁、戊等 6 处"), (7, "甲、乙、丙、丁、戊等 7 处")],
)
def test_the_first_five_are_named_and_all_are_counted(count: int, text: str):
    assert listed(SEVEN[:count]) == text == listed(iter(SEVEN[:count]))


def test_what_is_counted_has_its_measure_word():
    assert listed(SEVEN, "家") == "甲、乙、丙、丁、戊等 7 家"


def test_a_sentence_that_gives_the_number_is_not_told_it_again():
    assert listed(SEVEN, unit="") == "甲、乙、丙、丁、戊等"


def test_a_count_after_clauses_is_a_clause():
    assert listed(SEVEN, separator="；") == "甲；乙；丙；丁；戊；等 7 处"


def test_typed_texts_are_quoted_once_each_without_phones():
    texts = ["属实", "属实", "请打 13912345678"]
    assert quoted_list(texts) == "“属实”“请打 139****5678”"
    assert quoted_list(SEVEN) == "“甲”“乙”“丙”“丁”“戊”等 7 处"
