"""A check that a blank form makes too says the same in both: its rule, and its formula as LibreOffice computes it."""

from __future__ import annotations

import inspect
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.model import form_checks
from pipeline.model.form_checks import (
    BLANK,
    BOTH_BLANK,
    CLOUD_OVER_IT_SPEND,
    COUNT_DIFFERS,
    CREDIT_CODE_VALID,
    IS_MOBILE,
    IS_NEGATIVE,
    IS_NO_TICK,
    IS_NOT_WHOLE,
    IS_TICK,
    IS_TOO_LARGE,
    M_BLANK,
    M_IS_ZERO,
    MARK_ALLOWED,
    MARK_UNKNOWN,
    N_BLANK,
    N_NOT_AS_TICKED,
    N_OVER_CATEGORIES,
    N_OVER_M,
    N_OVER_SUM,
    N_WITHOUT_TICKS,
    NO_TICKS_AND_NO_N,
    NONE,
    NUMBER,
    ONLY_N_BLANK,
    PAIR_CHECKS,
    PHONE_WRONG,
    PROFIT_OVER_REVENUE,
    REMARK,
    SOURCE_WRONG,
    STATE_OF,
    SUM_CHECKS,
    SUM_IS_ZERO,
    FormCheck,
    first_true,
)
from tests.support.form_trials import recalculated, shown, typed_into

pytestmark = pytest.mark.office

CHECKS = {name: value for name, value in vars(form_checks).items() if isinstance(value, FormCheck)}
SEQUENCES = {"PAIR_CHECKS": PAIR_CHECKS, "SUM_CHECKS": SUM_CHECKS}

Values = Mapping[str, object]
STATES = (BLANK, NONE, NUMBER, REMARK, "V01")
NUMBERS = (0, 1, 2.5, 3, 10)
TICKS, NO_TICKS = ("√", "是", "Y", "y", "1", "TRUE", "有"), ("□", "×", "否", "N", "0", "无")
CODES = (
    "91350100M000100Y43",
    "91350100M000100Y44",
    "91330100MA2H2Y3X0R",
    "91350100M000100Y4",
    "91350100M000100Y433",
    "91A50100M000100Y43",
    "9135010OM000100Y43",
    "91350100I000100Y43",
    "91350100m000100y43",
    "九一350100M000100Y43",
    "",
)
PHONES = (
    "13800138000",
    "138 0013 8000",
    "138-0013-8000",
    "+8613800138000",
    "12345678901",
    "20000138000",
    "1380013800",
    "138001380001",
    "0571-88000000",
    "(0571)88000000",
    "（0571）88000000",
    "0571-88000000-801",
    "010-1234567",
    "87654321",
    "8765432",
    "400-123-4567",
    "4001234567",
    "123456",
    "123456789",
    "张三13800138000",
    "无号码",
    "13800138000、0571-88000000",
    "13800138000/139",
    "138，139",
    " ",
    "",
)


def every(**choices: Sequence[object]) -> list[Values]:
    """Every combination of the choices."""
    return [dict(zip(choices, values, strict=True)) for values in product(*choices.values())]


CASES: dict[FormCheck, list[Values]] = {
    IS_NEGATIVE: every(number=(-3, -0.5, 0, 2)),
    IS_TOO_LARGE: every(number=(0, 10**15 - 1, 10**15, -(10**15), 2 * 10**15)),
    IS_NOT_WHOLE: every(number=(0, 3, 2.5, -1.5, -2, 10**14 + 0.5)),
    IS_MOBILE: every(number=(12999999999, 13000000000, 13800138000, 13800138000.5, 19999999999, 20000000000, 5)),
    BOTH_BLANK: every(n_state=STATES, m_state=STATES),
    M_BLANK: every(m_state=STATES),
    N_BLANK: every(n_state=STATES),
    M_IS_ZERO: every(n=NUMBERS, m=NUMBERS),
    N_OVER_M: every(n=NUMBERS, m=NUMBERS),
    SOURCE_WRONG: every(wrong=(0, 1, 5)),
    ONLY_N_BLANK: every(n_state=STATES),
    SUM_IS_ZERO: every(n=NUMBERS, total=NUMBERS),
    N_OVER_SUM: every(n=NUMBERS, total=NUMBERS),
    COUNT_DIFFERS: every(count=(0, 1, 3), typed=NUMBERS),
    IS_TICK: every(mark=(*TICKS, *NO_TICKS, "√√", "√√√", "？", "√？", "YES", "11"), ticks=[TICKS]),
    IS_NO_TICK: every(mark=(*TICKS, *NO_TICKS, "？", "×？", "√×"), no_ticks=[NO_TICKS]),
    MARK_UNKNOWN: every(unknown=(0, 1, 2)),
    N_NOT_AS_TICKED: every(n=NUMBERS, ticked=(0, 1, 3)),
    N_OVER_CATEGORIES: every(n=NUMBERS, ticked=(0, 1), most=(3, 7)),
    N_WITHOUT_TICKS: every(n=NUMBERS, ticked=(0, 1, 3)),
    NO_TICKS_AND_NO_N: every(n_state=STATES, ticked=(0, 2)),
    CREDIT_CODE_VALID: every(code=CODES),
    PROFIT_OVER_REVENUE: every(profit=(-5, *NUMBERS), revenue=NUMBERS),
    CLOUD_OVER_IT_SPEND: every(cloud_spend=NUMBERS, it_spend=NUMBERS),
    PHONE_WRONG: every(phone=PHONES),
    MARK_ALLOWED: every(mark=(-1, 0, 0.5, 4, 4.5, 5), points=(4,)),
}

# What only `check` understands: its rule gives the first value, the formula the second. A form may ask where `check`
# does not; these say how far that goes.
ONLY_CHECK_UNDERSTANDS: dict[FormCheck, list[Values]] = {
    IS_TICK: every(mark=("√是",), ticks=[TICKS]),
    IS_NO_TICK: every(mark=("××",), no_ticks=[NO_TICKS]),
    PHONE_WRONG: every(phone=("0571-88000000转801", "008613800138000", "138—0013—8000")),
}

# A typed pair and a sum as a form goes through them; a value in error comes before any of these.
SEQUENCE_CASES = {
    "PAIR_CHECKS": [
        {"n_state": n_state, "n": n, "m_state": m_state, "m": m}
        for (n_state, n), (m_state, m) in product([(BLANK, 0), (NONE, 0), *((NUMBER, n) for n in NUMBERS)], repeat=2)
    ],
    "SUM_CHECKS": [
        {"n_state": n_state, "n": n, "wrong": wrong, "total": total}
        for (n_state, n), wrong, total in product([(BLANK, 0), (NONE, 0), (NUMBER, 2), (REMARK, 9)], (0, 2), (0, 5))
    ],
}


class Row(NamedTuple):
    """One formula to compute, over these values."""

    name: str
    check: FormCheck
    values: Values


def rows() -> Iterator[Row]:
    for name, check in CHECKS.items():
        for values in (*CASES[check], *ONLY_CHECK_UNDERSTANDS.get(check, [])):
            yield Row(name, check, values)
    for name, checks in SEQUENCES.items():
        formula = "0"
        for number, check in reversed(list(enumerate(checks, start=1))):
            formula = f"IF({check.formula},{number},{formula})"
        whole = replace(checks[0], formula=formula)
        for values in SEQUENCE_CASES[name]:
            yield Row(name, whole, values)


def as_rule_takes_it(name: str, value: object) -> object:
    return STATE_OF.get(str(value), "error") if name.endswith("_state") else value


def by_rule(check: FormCheck, values: Values) -> bool:
    return bool(check.rule(**{name: as_rule_takes_it(name, value) for name, value in values.items()}))


@pytest.fixture(scope="module")
def computed(libreoffice: str, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], object]:
    """(name, values as text) -> what LibreOffice makes of the formula: a row each, its values in the cells right of it."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("算式")
    lists = book.add_worksheet("词")
    areas: dict[tuple[object, ...], str] = {}
    texts = book.add_format({"num_format": "@"})
    asked = list(rows())
    for number, row in enumerate(asked):
        cells = {}
        for column, (name, value) in enumerate(row.values.items(), start=1):
            if isinstance(value, tuple):
                if value not in areas:
                    lists.write_column(0, len(areas), map(str, value), texts)
                    areas[value] = (
                        f"词!{xl_rowcol_to_cell(0, len(areas), True, True)}:"
                        f"{xl_rowcol_to_cell(len(value) - 1, len(areas), True, True)}"
                    )
                cells[name] = areas[value]
                continue
            cells[name] = xl_rowcol_to_cell(number, column, True, True)
            if isinstance(value, str):
                sheet.write_string(number, column, value, texts)
            else:
                sheet.write(number, column, value)
        sheet.write_formula(number, 0, f"=N({row.check.condition(**cells)})")
    book.close()
    folder: Path = tmp_path_factory.mktemp("checks")
    (content,) = recalculated(libreoffice, folder, [typed_into(stream.getvalue(), {})])
    results = shown(content, "算式")
    return {(row.name, str(row.values)): results[number][0] for number, row in enumerate(asked)}


@pytest.mark.parametrize("name", CHECKS)
def test_rule_and_formula_are_about_the_same_values(name: str) -> None:
    check = CHECKS[name]
    assert sorted(inspect.signature(check.rule).parameters) == sorted(check.names)


def test_every_check_has_cases_in_which_it_holds_and_in_which_it_does_not() -> None:
    assert {*CASES} == {*CHECKS.values()}
    for name, check in CHECKS.items():
        assert {by_rule(check, values) for values in CASES[check]} == {True, False}, name


@pytest.mark.parametrize("name", CHECKS)
def test_the_formula_says_what_the_rule_says(name: str, computed: dict[tuple[str, str], object]) -> None:
    check = CHECKS[name]
    for values in CASES[check]:
        assert computed[name, str(values)] == by_rule(check, values), values


@pytest.mark.parametrize("name", [name for name, check in CHECKS.items() if check in ONLY_CHECK_UNDERSTANDS])
def test_what_only_check_understands_is_asked_about_by_the_form(
    name: str, computed: dict[tuple[str, str], object]
) -> None:
    check = CHECKS[name]
    understood = check is not PHONE_WRONG
    for values in ONLY_CHECK_UNDERSTANDS[check]:
        assert (by_rule(check, values), computed[name, str(values)]) == (understood, not understood), values


@pytest.mark.parametrize("name", SEQUENCES)
def test_the_first_check_that_holds_is_the_same(name: str, computed: dict[tuple[str, str], object]) -> None:
    for values in SEQUENCE_CASES[name]:
        taken = {key: as_rule_takes_it(key, value) for key, value in values.items()}
        first = first_true(SEQUENCES[name], **taken)
        assert computed[name, str(values)] == (SEQUENCES[name].index(first) + 1 if first else 0), values
