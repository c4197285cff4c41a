"""Simple formulas are computed anew; whatever else a formula holds is left alone."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers.formats.recalculation import LeavesWorkbook, NotComputable, Scalar, computed
from pipeline.readers.sheet.grid import Address
from tests.support.recalculation import recalculated
from tests.support.workbooks import Raw, workbook

CELLS: dict[tuple[str, Address], Scalar] = {
    ("", (1, 1)): 2.0,
    ("", (2, 1)): 3.0,
    ("", (3, 1)): "是",
    ("", (4, 1)): True,
    ("", (5, 1)): "12",
    ("系统 清单", (2, 2)): "是",
    ("系统 清单", (3, 2)): "否",
    ("系统清单", (2, 2)): 7.0,
}


def value_at(sheet: str, address: Address) -> Scalar:
    if sheet not in ("", "系统 清单", "系统清单"):
        raise LeavesWorkbook
    return CELLS.get((sheet, address))


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("12.5+8", 20.5),
        ("60*3", 180),
        ("2+3*4", 14),
        ("(2+3)*4", 20),
        ("10-2-3", 5),
        ("12/4/3", 1),
        ("2^3^2", 64),
        ("-2^2", 4),
        ("50%", 0.5),
        ("+".join(["1"] * 900), 900),
        ("--3", 3),
        ("1E3+1", 1001),
        ("A1+A2", 5),
        ("$A$1*a2", 6),
        ("A9", 0),
        ("A9+1", 1),
        ("SUM(A1:A3)", 5),
        ("SUM(A1,A2,10)", 15),
        ("SUM(A3:A1)", 5),
        ("COUNT(A1:A3)", 2),
        ("COUNTA(A1:A9)", 5),
        ('COUNTIF(A1:A5,"是")', 1),
        ("COUNTIF('系统 清单'!B2:B8,\"是\")", 1),
        ("COUNTIF(A1:A4,3)", 1),
        ("系统清单!B2", 7),
        ("MAX(A1:A3)-MIN(A1:A2)", 1),
        ("AVERAGE(A1:A2)", 2.5),
        ("ROUND(2.675,2)", 2.68),
        ("ROUND(-2.5,0)", -3),
        ("IF(A1>1,10,20)", 10),
        ('IF(A9="","",A9)', ""),
        ("IF(A1=A2,1)", False),
        ('IF(1=1,"有",1/0)', "有"),
        ('"嘉善"&"戊"', "嘉善戊"),
        ('A1&"个"', "2个"),
        ('A3="是"', True),
        ("TRUE", True),
        ("FALSE()", False),
        ('"a""b"', 'a"b'),
        (" 1 + 2 ", 3),
    ],
)
def test_what_is_computed(formula: str, result: Scalar):
    assert computed(formula, (0, 0), value_at) == result


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "1/0",
        "A3+1",
        "A5+1",
        "VLOOKUP(A1,A1:B9,2)",
        "NOW()",
        "A1:A2",
        "SUM(A1:A4)",
        "SUM(A3)",
        "A1:A2+1",
        "SUM(A1:XFD1048576)",
        "INDIRECT(A1)",
        "表[金额]",
        "{1,2}",
        "A1 A2",
        "1+",
        "(1",
        "SUM(1",
        "SUM",
        "LOG10(5)",
        'COUNTIF(A1:A5,">1")',
        'COUNTIF(A1:A5,"是*")',
        "ROUND(1,2,3)",
        "IF(A1)",
        "(-8)^0.5",
        "10^400",
        '0.1&""',
        '"未完',
        "(" * 60 + "1" + ")" * 60,
        "1+" * 2000 + "1",
    ],
)
def test_what_is_left_alone(formula: str):
    with pytest.raises(NotComputable):
        computed(formula, (0, 0), value_at)


def test_a_formula_that_needs_another_workbook():
    for formula in ("[1]表!B3", "'[台账.xlsx]表 1'!B3+1", "没有这张表!A1"):
        with pytest.raises(LeavesWorkbook):
            computed(formula, (0, 0), value_at)


def test_a_blank_cell_that_may_not_stand_for_nothing():
    assert computed("SUM(A1:A3,A6:A9)", (0, 0), value_at, blanks=False) == 5
    for formula in ("A9", "A9+1"):
        with pytest.raises(NotComputable):
            computed(formula, (0, 0), value_at, blanks=False)


def test_a_shared_formula_is_moved_but_for_its_fixed_references():
    assert computed("A1+$A$1", (1, 0), value_at) == 5
    with pytest.raises(NotComputable):
        computed("A1", (-1, 0), value_at)


def made_up_formula(choice: random.Random, depth: int = 0) -> str:
    """A formula of what is computed here, over A1:C9 of two sheets."""
    cell = f"{choice.choice(['', '$'])}{choice.choice('ABC')}{choice.randint(1, 9)}"
    single = choice.choice([str(choice.randint(0, 99)), f"{choice.uniform(0, 99):.2f}", cell, f"'系统 清单'!{cell}"])
    area = choice.choice(["A1:C9", "B2:C5", "'系统 清单'!A1:B9", "C9:A4"])
    kind = choice.randint(0, 9) if depth < 4 else 0
    one, other = (made_up_formula(choice, depth + 1) if kind > 2 else "" for _ in range(2))
    if kind < 3:
        return single
    if kind < 6:
        return f"{one}{choice.choice('+-*/')}{other}"
    if kind == 6:
        return f"-({one})"
    if kind == 7:
        return f"{choice.choice(['SUM', 'COUNT', 'MAX', 'MIN', 'AVERAGE', 'COUNTA'])}({area},{single})"
    if kind == 8:
        return choice.choice([f'COUNTIF({area},"是")', f"ROUND({one},{choice.randint(-1, 3)})", f"{single}%"])
    return f"IF({one}{choice.choice(['>', '<', '>=', '<=', '=', '<>'])}{other},{other},{one})"


def test_libreoffice_computes_the_same(tmp_path: Path, libreoffice: str):
    choice = random.Random(20241201)
    values = [
        choice.choice([choice.randint(-50, 500), round(choice.uniform(0, 99), 2), "是", "否", None]) for _ in range(54)
    ]
    first, second = ([values[begin + row * 3 : begin + row * 3 + 3] for row in range(9)] for begin in (0, 27))
    formulas = [made_up_formula(choice) for _ in range(300)]
    rows = [*first, *([[None] * 7 + [Raw("", f"<f>{escape(formula)}</f>")] for formula in formulas])]
    path = tmp_path / "formulas.xlsx"
    path.write_bytes(workbook({"表": rows, "系统 清单": second}))
    (results,) = recalculated([path], tmp_path, libreoffice)
    sheets = {"": first, "表": first, "系统 清单": second}

    def stored(sheet: str, address: Address) -> Scalar:
        row, column = address
        value = sheets[sheet][row - 1][column - 1] if row <= 9 and column <= 3 else None
        return float(value) if isinstance(value, int) else value

    compared = 0
    for row, formula in enumerate(formulas, start=10):
        expected = results.get(("表", f"H{row}"))
        with contextlib.suppress(NotComputable):
            result = computed(formula, (0, 0), stored)
            compared += 1
            same = pytest.approx(expected, rel=1e-9, abs=1e-9) if isinstance(expected, float) else expected
            assert result == same, formula
    assert compared > 150, compared


@given(st.text("0123456789+-*/^%&=<>(),:!'\"$AB.SUMIF 表", max_size=40))
def test_no_text_does_harm(formula: str):
    with contextlib.suppress(NotComputable):
        computed(formula, (0, 0), value_at)
