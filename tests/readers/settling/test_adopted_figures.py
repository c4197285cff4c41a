"""采用值 for a figure of 附件2: the adopted figure is used everywhere, the error on it is closed, nothing else moves."""

from __future__ import annotations

import pytest

from pipeline.issues.catalogue import CATALOGUE
from pipeline.model.decisions import WORKBOOK_NAME
from pipeline.model.results import Results
from pipeline.writers.official.questioned import questioned_figures
from pipeline.writers.problems.suggestions import ready_rows
from tests.support.arrivals import computed, form, nominated, nomination
from tests.support.decisions import decisions

HERE = "杭州市/上城区"
COLUMNS = ("revenue", "profit", "it_spend", "cloud_spend")


def files(*rows: str, **options: str) -> dict[str, bytes]:
    """甲公司 and 乙公司 with their forms, alike but for what the rows say."""
    rows = rows or (nominated(1, "甲公司"), nominated(2, "乙公司"))
    forms = {f"{HERE}/{name}.xlsx": form(name) for name in ("甲公司", "乙公司")}
    return {f"{HERE}/附件2.xlsx": nomination(*rows, **options), **forms}


def decided(material: dict[str, bytes], *rows: str) -> Results:
    return computed(material | {WORKBOOK_NAME: decisions(采用值="\n".join(rows))})


def codes(results: Results) -> list[str]:
    return sorted(issue.code for issue in results.issues if CATALOGUE[issue.code].level == "错误" and issue.open_error)


def figure(results: Results, column: str, company: str = "甲公司") -> float:
    companies = results.enterprises
    return float(companies.loc[companies["company"] == company, column].iloc[0])


SLIP = files(nominated(1, "甲公司", cloud="100000"), nominated(2, "乙公司"))


def test_a_unit_slip_is_closed_on_the_lists_side():
    before = computed(SLIP)
    assert codes(before) == ["X02"] and questioned_figures(before.enterprises, before.issues, before.standing)
    results = decided(SLIP, "甲公司|近三年上云投入||100000|10")
    assert codes(results) == [] and figure(results, "cloud_spend") == 10
    assert questioned_figures(results.enterprises, results.issues, results.standing) == {}
    (said,) = results.recognised.to_dict("records")
    assert (said["indicator"], said["raw"], said["read"], said["adopted"]) == ("cloud_spend", "100000", "100000", "10")
    assert (said["file"], said["cell"]) == (f"{HERE}/附件2.xlsx", "H2")
    (listed,) = results.decisions
    assert listed["state"] == "已采用" and listed["about"] == "甲公司　近三年上云投入　100000"


def test_a_unit_slip_is_closed_on_the_forms_side():
    results = decided(
        SLIP,
        "甲公司|上云投入|N|10|100000",
        "甲公司|上云投入|M|20|100000",
        "甲公司|近三年信息化建设和运维投入||20|100000",
    )
    assert codes(results) == [] and figure(results, "cloud_spend") == 100000


@pytest.mark.parametrize(
    ("column", "typed", "value", "expected"),
    [
        ("上年度销售收入", "待定", "3220", 3220),
        ("上年度销售收入（万元）", "待定", "3220", 3220),
        ("revenue", "待定", "1.2亿", 12000),
        ("上年度销售收入", "10-20", "0", 0),
        ("上年度利润总额", "亏损", "-800", -800),
        ("上年度利润总额", "亏损", "（800）", -800),
        ("近三年信息化建设和运维投入", "#N/A", "20", 20),
    ],
)
@pytest.mark.parametrize("part", ["", "-", "／", " "])
def test_a_figure_that_could_not_be_read(column: str, typed: str, value: str, expected: float, part: str):
    cell = {"上年度利润总额": "profit", "近三年信息化建设和运维投入": "it"}.get(column, "revenue")
    material = files(nominated(1, "甲公司", **{cell: typed}), nominated(2, "乙公司"))
    assert len(codes(computed(material))) == 1
    results = decided(material, f"甲公司|{column}|{part}|{typed}|{value}")
    assert codes(results) == []
    assert figure(results, {"it": "it_spend"}.get(cell, cell)) == expected


def test_a_blank_figure_is_given_and_no_longer_asked_for():
    material = files(nominated(1, "甲公司", revenue="", profit=""), nominated(2, "乙公司"))
    results = decided(material, "甲公司|上年度销售收入|||5000")
    assert figure(results, "revenue") == 5000
    (issue,) = [issue for issue in results.issues if issue.code == "V35"]
    assert issue.facts["items"] == "上年度利润总额"


def test_a_figure_of_a_list_without_the_column():
    headers = (
        "序号|区县|企业名称|主营业务|上年度利润总额（万元）|近三年信息化建设和运维投入（万元）|近三年上云投入（万元）"
    )
    material = files("1|上城区|甲公司|泵|100|20|10", "2|上城区|乙公司|泵|100|20|10", headers=headers)
    results = decided(material, "甲公司|上年度销售收入|||5000")
    assert figure(results, "revenue") == 5000 and "D03" not in codes(results)
    assert all(results.recognised["file"] == f"{HERE}/附件2.xlsx")


def test_the_adopted_figure_orders_companies_of_one_rank():
    material = files(nominated(1, "甲公司", revenue="900"), nominated(2, "乙公司", revenue="1000"))
    assert list(computed(material).totals["company"]) == ["乙公司", "甲公司"]
    results = decided(material, "甲公司|上年度销售收入||900|90000")
    assert list(results.totals["company"]) == ["甲公司", "乙公司"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("甲公司|上年度销售收入||7|3220", ["D03"]),
        ("甲公司|上年度销售收入|||3220", ["D03"]),
        ("丙公司|上年度销售收入||1000|3220", ["D01"]),
        ("甲公司|上年度销售收入|N|1000|3220", ["D05"]),
        ("甲公司|联系电话||13900000001|0", ["D05"]),
        ("甲公司|上云投入||10|20", ["D05"]),
        ("甲公司|上年度销售收入||1000|很多", ["D05"]),
        ("甲公司|上年度销售收入||1000|-", ["D05"]),
        ("甲公司|上年度销售收入||1000|-5", ["D05"]),
        ("甲公司|上年度销售收入||1000|1\n甲公司|上年度销售收入||1000|2", ["D04"]),
    ],
)
def test_a_decision_that_does_not_hold_changes_nothing(row: str, expected: list[str]):
    plain, results = computed(files()), decided(files(), *row.split("\n"))
    assert codes(results) == expected
    assert all(figure(results, column) == figure(plain, column) for column in COLUMNS)


def test_the_figures_of_another_company_and_of_a_row_that_does_not_count_stay():
    other = {"杭州市/余杭区/附件2.xlsx": nomination(nominated(1, "甲公司", revenue="7000"))}
    results = decided(files() | other, "甲公司|上年度销售收入||1000|3220")
    assert figure(results, "revenue") == 3220 and figure(results, "revenue", "乙公司") == 1000
    assert codes(decided(files() | other, "甲公司|上年度销售收入||7000|3220")) == ["D03", "X20"]


def test_a_row_of_the_same_text_in_a_second_list_asks_no_longer():
    rows = (nominated(1, "甲公司", revenue="待定"), nominated(2, "乙公司"))
    material = files(*rows) | {f"{HERE}/附件2（再报）.xlsx": nomination(*rows)}
    assert codes(decided(material, "甲公司|上年度销售收入||待定|3220")) == []


def test_the_suggestions_have_a_row_for_either_figure_of_a_slip():
    rows = [
        cells for sheet, cells, _ in ready_rows(computed(SLIP).issues, {"cloud_spend": "上云投入"}) if sheet == "采用值"
    ]
    assert rows == [
        {"company": "甲公司", "indicator": "上云投入", "part": "N", "raw": "10"},
        {"company": "甲公司", "indicator": "近三年上云投入", "raw": "100000"},
    ]
    for row, value in zip(rows, ("100000", "10"), strict=True):
        taken = "|".join([row["company"], row["indicator"], row.get("part", ""), row["raw"], value])
        assert "X02" not in codes(decided(SLIP, taken))


def test_the_suggestions_have_a_row_for_a_figure_that_could_not_be_read():
    material = files(nominated(1, "甲公司", revenue="待定"), nominated(2, "乙公司"))
    ((sheet, cells, _),) = ready_rows(computed(material).issues, {})
    assert sheet == "采用值" and cells == {"company": "甲公司", "indicator": "上年度销售收入", "raw": "待定"}
