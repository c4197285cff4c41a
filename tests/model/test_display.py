"""A figure is rounded once, half up, and two neighbours in a ranking whose values differ never look equal."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.display import is_missing, number_text, percentage, shown, shown_column


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.675, "2.68"),
        (0.125, "0.13"),
        (469 / 1000 * 5, "2.35"),
        (0, "0.00"),
        (5.0, "5.00"),
        (-2.675, "-2.68"),
        (1e14, f"{10**14}.00"),
    ],
)
def test_points_are_rounded_half_up(value: float, text: str) -> None:
    assert shown(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (12.0, "12"),
        (-800.0, "-800"),
        (-1.5, "-1.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-7, "0.0000001"),
        (2.5e-10, "0.00000000025"),
        (1e16, "10000000000000000"),
        (123456789012345.6, "123456789012345.6"),
        (500 / 1024, "0.48828125"),
        (float("nan"), ""),
        (float("inf"), ""),
    ],
)
def test_numbers_are_plain_decimals_at_full_precision(value: float, text: str):
    assert number_text(value) == text
    assert not text or float(text) == value


@pytest.mark.parametrize("value", [None, float("nan"), pd.NA, float("inf")])
def test_nothing_shows_as_nothing(value: object) -> None:
    assert is_missing(value)
    assert (shown(value), percentage(value)) == ("", "")


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (97 / 68, "142.6%"),
        (156 / 90, "173.3%"),
        (67 / 74, "90.5%"),
        (1.75, "175.0%"),
        (0.0005, "0.1%"),
        (0.1425, "14.3%"),
    ],
)
def test_progress_has_one_decimal(ratio: float, text: str) -> None:
    assert percentage(ratio) == text


@given(st.integers(0, 10_000), st.integers(1, 1000))
def test_shown_agrees_with_exact_arithmetic(numerator: int, thousandths: int) -> None:
    exact = Fraction(numerator, 1000) * thousandths / 100  # at most five decimals, so nothing is lost before rounding
    expected = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert shown(float(exact)) == str(expected)


def test_neighbours_of_different_rank_show_where_they_differ() -> None:
    # 80.001 and 80.0004 both show 80.00; at three decimals they are 80.001 and 80.000.
    assert shown_column([90.0, 80.001, 80.0004, 70.0], [1, 2, 3, 4]) == ["90.00", "80.001", "80.000", "70.00"]


def test_more_decimals_never_make_neighbours_equal_again() -> None:
    # 80.005 and 80.0049 differ at two decimals (80.01, 80.00) but not at three, which the outer two need.
    texts = shown_column([80.0054, 80.005, 80.0049, 80.0041], [1, 2, 3, 4])
    assert len(set(map(Decimal, texts))) == 4


def test_equal_rank_and_equal_value_keep_two_decimals() -> None:
    assert shown_column([80.0, 80.0, 80.004], [1, 1, 1]) == ["80.00", "80.00", "80.00"]
    assert shown_column([80.0, 80.0], [1, 2]) == ["80.00", "80.00"]
    assert shown_column([80.001, float("nan")], [1, pd.NA]) == ["80.00", ""]


@given(st.lists(st.integers(0, 100_000), min_size=2, max_size=30))
def test_a_ranked_listing_never_hides_a_difference(millionths: list[int]) -> None:
    values = sorted((50 + number / 1e6 for number in millionths), reverse=True)
    ranks = [1 + sum(other > value for other in values) for value in values]
    texts = shown_column(values, ranks)
    for upper in range(len(values) - 1):
        if ranks[upper] != ranks[upper + 1]:
            assert texts[upper] != texts[upper + 1]
