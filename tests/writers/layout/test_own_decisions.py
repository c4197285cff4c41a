"""省里的决定: a county reads what was decided about its own companies, and nothing about another's."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pipeline.model.results import Results
from pipeline.writers.county.workbook import write_returned
from pipeline.writers.layout.county_issues import OwnMaterial
from pipeline.writers.layout.own_decisions import DECISIONS_SHEET, own_decision_rows
from pipeline.writers.problems.city import write_city
from tests.support.arrivals import computed, form, nominated, nomination
from tests.support.decisions import decisions

MINE, YOURS = "杭州甲机械有限公司", "余杭乙机械有限公司"
LISTS = {
    "杭州市/上城区/附件2.xlsx": nomination(nominated(1, MINE)),
    "杭州市/上城区/附件1.xlsx": form(MINE, answers={"research": ("待定", 4)}),
    "杭州市/余杭区/附件2.xlsx": nomination(nominated(1, YOURS, "余杭区", revenue="很多")),
    "杭州市/余杭区/附件1.xlsx": form(YOURS, "余杭区"),
}


@pytest.fixture(scope="module")
def results() -> Results:
    values = f"{MINE}|研发|N|待定|3\n{YOURS}|研发|N|2|1234\n{MINE}|研发|M|9|5"
    return computed(LISTS | {"人工决定.xlsx": decisions(采用值=values, 剔除=YOURS)})


def rows(results: Results, city: str, county: str) -> list[list[object]]:
    return own_decision_rows(results, OwnMaterial(results, city, county))


def test_a_county_reads_its_own(results: Results):
    assert rows(results, "杭州市", "上城区") == [
        [1, MINE, "采用值", "研发 N", "待定", "3", "王处长", "2024-05-20"]
    ]  # that with a wrong 原值 is not in force
    kinds = [row[1:3] for row in rows(results, "杭州市", "余杭区")]
    assert [YOURS, "剔除"] in kinds and all(company == YOURS for company, _ in kinds)
    assert not rows(results, "杭州市", "西湖区") and not rows(results, "宁波市", "")


def test_a_figure_that_was_blank_is_called_so():
    blank = {"杭州市/上城区/附件1.xlsx": form(MINE, answers={"research": (None, 4)})}
    results = computed(LISTS | blank | {"人工决定.xlsx": decisions(采用值=f"{MINE}|研发|N||3")})
    assert [row[4:6] for row in rows(results, "杭州市", "上城区")] == [["（空白）", "3"]]


def test_a_city_reads_those_of_its_counties(results: Results):
    assert {row[1] for row in rows(results, "杭州市", "")} == {MINE, YOURS}
    turned = computed(LISTS | {"人工决定.xlsx": decisions(采用值=f"{YOURS}|研发|N|2|1234\n{MINE}|研发|N|待定|3")})
    assert [row[:2] for row in rows(turned, "杭州市", "")] == [[1, MINE], [2, YOURS]]  # the notice's order


def test_the_workbooks_hold_them_and_not_those_of_another(results: Results, tmp_path: Path):
    write_returned(tmp_path / "a.xlsx", results, "杭州市", "上城区")
    write_city(tmp_path / "b.xlsx", results, "杭州市")
    county, city = (openpyxl.load_workbook(tmp_path / name)[DECISIONS_SHEET] for name in ("a.xlsx", "b.xlsx"))
    texts = " ".join(str(cell) for row in county.iter_rows(values_only=True) for cell in row)
    assert "待定" in texts and "王处长" in texts and "1234" not in texts and YOURS not in texts
    assert YOURS in " ".join(str(cell) for row in city.iter_rows(values_only=True) for cell in row)


def test_without_a_decision_there_is_no_sheet(tmp_path: Path):
    write_returned(tmp_path / "a.xlsx", computed(LISTS), "杭州市", "上城区")
    assert DECISIONS_SHEET not in openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames
