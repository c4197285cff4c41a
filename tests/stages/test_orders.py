"""县级排序对照: a county's own order is shown beside the computed one, and is no issue."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from pipeline import run
from pipeline.model.rulebook import Rulebook
from tests.support.arrivals import computed, form, laid_out, nominated, nomination

HERE, THERE = "杭州市/上城区", "杭州市/余杭区"
NAMES = [f"杭州{letter}公司" for letter in "甲乙丙"]


def province() -> dict[str, bytes]:
    """上城区 puts its companies into the opposite of their computed order, one more without a 序号; 余杭区 has one company."""
    files = {f"{HERE}/{name}.xlsx": form(name, answers={"research": (n, 4)}) for n, name in enumerate(NAMES, start=1)}
    files |= {f"{HERE}/丁.xlsx": form("杭州丁公司"), f"{THERE}/戊.xlsx": form("杭州戊公司", "余杭区")}
    rows = [nominated(order, name) for order, name in enumerate(NAMES, start=1)]
    files[f"{HERE}/附件2.xlsx"] = nomination(*rows, nominated("", "杭州丁公司"))
    files[f"{THERE}/附件2.xlsx"] = nomination(nominated(7, "杭州戊公司", county="余杭区"))
    return files


def test_each_company_with_an_order_stands_beside_its_computed_position():
    orders = computed(province()).orders
    rows = orders[["county", "company", "order", "own", "computed", "move"]].values.tolist()
    assert rows == [
        ["上城区", "杭州甲公司", 1, 1, 3, -2],
        ["上城区", "杭州乙公司", 2, 2, 2, 0],
        ["上城区", "杭州丙公司", 3, 3, 1, 2],
        ["余杭区", "杭州戊公司", 7, 1, 1, 0],
    ]


def test_equal_orders_share_the_better_position():
    files = province() | {f"{HERE}/附件2.xlsx": nomination(*(nominated(1, name) for name in NAMES))}
    assert computed(files).orders["own"].tolist() == [1, 1, 1, 1]


def test_companies_of_no_known_county_have_no_countys_order():
    files = {"资料/附件2.xlsx": nomination(*(nominated(order, name, "") for order, name in enumerate(NAMES, start=1)))}
    files |= {f"资料/{name}.xlsx": form(name, "") for name in NAMES}
    results = computed(files)
    assert set(results.totals["status"]) == {"已排名"} and results.orders.empty


def test_another_order_is_no_issue_and_changes_no_state(tmp_path: Path, rulebook: Rulebook):
    root = laid_out(tmp_path / "in", province())
    results = run.report(root, tmp_path / "out", rulebook, run.Options(1, "2024-06-01"))
    assert not [issue for issue in results.issues if "顺序" in issue.code.text]
    book = openpyxl.load_workbook(tmp_path / "out/问题清单.xlsx")
    shown = [[cell.value for cell in row] for row in book["县级排序对照"].iter_rows(min_row=2, max_row=5)]
    assert [(row[2], row[6]) for row in shown] == [
        ("杭州甲公司", "下降 2 位"),
        ("杭州乙公司", None),
        ("杭州丙公司", "上升 2 位"),
        ("杭州戊公司", None),
    ]
    own = openpyxl.load_workbook(tmp_path / "out/返还" / HERE / "推荐排序结果.xlsx")["县级排序对照"]
    assert [own.cell(row, 3).value for row in range(2, 6)] == [*NAMES, None]
