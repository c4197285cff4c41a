"""What is counted of counties adds up, and a county's own list, 催报, 报告.html and the terminal count the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from pipeline import run
from pipeline.issues.catalogue import ERROR
from pipeline.issues.county import COUNTY_LETTERS
from pipeline.model.results import Results
from pipeline.model.returns import (
    CountyReturn,
    city_returns,
    counted,
    counties_not_heard_from,
    county_returns,
    undecided_companies,
)
from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import OUTPUT_PROPERTY, OUTPUT_PROPERTY_VALUE
from pipeline.writers.county.workbook import county_view, write_returned
from pipeline.writers.problems.reminders import Reminder, reminders
from tests.issues.test_every_code import CASES
from tests.support import ROOT
from tests.support.arrivals import computed, form, nominated, nomination
from tests.support.workbooks import workbook

SHANGCHENG, GONGSHU, XIHU, YUHANG, XIAOSHAN = (
    f"杭州市/{name}" for name in ("上城区", "拱墅区", "西湖区", "余杭区", "萧山区")
)


def listed(folder: str, company: str, **cells: str) -> dict[str, bytes]:
    """An 附件2 with one company and its valid form."""
    city, county = folder.split("/")
    return {
        f"{folder}/附件2.xlsx": nomination(nominated(1, company, county, **cells)),
        f"{folder}/附件1.xlsx": form(company, county, city=city),
    }


def many_kinds() -> dict[str, bytes]:
    """Counties in every state: without a problem, with remarks, with errors, with a company two counties claim, with
    a list that another county contradicts, nothing but a form, nothing but papers, a nil return, a zone, a list of the city."""
    return {
        **listed(SHANGCHENG, "杭州甲机械有限公司"),
        **listed(GONGSHU, "杭州乙机械有限公司", phone="123"),
        **listed(XIHU, "杭州丙机械有限公司", revenue="很多"),
        **listed(YUHANG, "杭州丁机械有限公司"),
        **listed(XIAOSHAN, "杭州丁机械有限公司"),
        "杭州市/富阳区/附件2.xlsx": nomination(nominated(1, "杭州甲机械有限公司", "富阳区")),
        "杭州市/滨江区/附件1.xlsx": form("杭州戊机械有限公司", "滨江区"),
        "杭州市/临安区/照片.pdf": b"%PDF-1.4",
        "杭州市/淳安县/附件2.xlsx": nomination(),
        "宁波市/附件2.xlsx": nomination(
            nominated(1, "宁波甲机械有限公司", "海曙区"), nominated(2, "宁波乙机械有限公司", "北仑区")
        ),
        "温州市/鹿城区/附件2.xlsx": nomination(headers="甲|乙"),
    }


@pytest.fixture(scope="module")
def results() -> Results:
    return computed(many_kinds())


def returned(results: Results) -> dict[str, CountyReturn]:
    return {county.county: county for county in county_returns(results)}


def test_every_state_is_told(results: Results):
    states = {name: county.state for name, county in returned(results).items() if county.arrived}
    assert states == {
        "上城区": "已收",
        "拱墅区": "有提醒 1",
        "西湖区": "有错误 1",
        "滨江区": "未交附件2",
        "萧山区": "待定企业 1",
        "余杭区": "待定企业 1",
        "临安区": "未交附件2",
        "富阳区": "未交附件2",
        "淳安县": "零报送",
        "海曙区": "有错误 1",
        "北仑区": "有错误 1",
        "鹿城区": "未交附件2",
    }


def adds_up(results: Results) -> bool:
    counts = counted(county_returns(results))
    parts = counts.clean + counts.with_remarks + counts.with_errors
    return counts.missing + counts.received == counts.expected and parts == counts.received


def test_the_counts_add_up(results: Results):
    counts = counted(county_returns(results))
    assert adds_up(results) and (counts.expected, counts.missing, counts.missing_list_only) == (90, 82, 4)
    assert (counts.clean, counts.with_remarks, counts.with_errors, counts.nil, counts.beyond) == (2, 1, 5, 1, 0)


def test_the_counts_of_cities_add_up_to_the_provinces(results: Results):
    counties = county_returns(results)
    whole, cities = counted(counties), [counted(city.counties) for city in city_returns(results, counties)]
    assert [sum(numbers) for numbers in zip(*cities, strict=True)] == list(whole)


def test_what_is_missing_is_what_makes_it_a_trial(results: Results, rulebook: Rulebook):
    missing = [county.county for county in county_returns(results) if not county.has_list]
    assert missing == list(results.standing.missing_counties)
    assert missing == counties_not_heard_from(results.enterprises, results.lists, results.nil_returns, rulebook)


def test_a_zone_that_is_not_expected_is_counted_apart(results: Results):
    more = replace(results, nil_returns=(*results.nil_returns, ("宁波市", "宁波前湾新区")))
    counts = counted(county_returns(more))
    assert adds_up(more) and (counts.expected, counts.beyond, counts.nil) == (90, 1, 1)
    (ningbo,) = [city for city in city_returns(more, county_returns(more)) if city.city == "宁波市"]
    assert ningbo.counties[-1].county == "宁波前湾新区" and counted(ningbo.counties).expected == 10


def test_a_city_out_of_scope_is_expected_of_nothing(results: Results, rulebook: Rulebook):
    entries = rulebook.model_dump()
    for city in entries["cities"]:
        city["in_scope"] = city["name"] not in ("宁波市", "温州市")
    less = replace(results, rulebook=Rulebook.model_validate(entries))
    counts = counted(county_returns(less))
    assert adds_up(less) and (counts.expected, counts.beyond) == (68, 3)


def test_another_order_of_the_county_is_no_remark():
    files = {
        f"{SHANGCHENG}/附件2.xlsx": nomination(nominated(1, "杭州甲机械有限公司"), nominated(2, "杭州乙机械有限公司")),
        f"{SHANGCHENG}/甲.xlsx": form("杭州甲机械有限公司", answers={"research": (1, 4)}),
        f"{SHANGCHENG}/乙.xlsx": form("杭州乙机械有限公司"),
    }
    results = computed(files)
    assert results.orders["move"].tolist() == [-1, 1] and returned(results)["上城区"].state == "已收"


def test_a_list_of_which_no_row_counts_has_been_handed_in():
    struck = nomination(nominated(1, "杭州甲机械有限公司"), struck=["C2"])
    county = returned(computed({f"{SHANGCHENG}/附件2.xlsx": struck}))["上城区"]
    assert county.has_list and county.nominated == 0 and county.state == "有错误 1"


def test_a_result_of_ours_is_no_return():
    ours = workbook({"附件2": "甲|乙"}, properties={OUTPUT_PROPERTY: OUTPUT_PROPERTY_VALUE})
    results = computed({f"{SHANGCHENG}/附件2.xlsx": ours, f"{GONGSHU}/附件2.xlsx": nomination()})
    assert returned(results)["上城区"].state == "未交"


def test_a_company_met_in_a_form_alone_is_not_told(results: Results):
    assert undecided_companies(results)["杭州市", "余杭区"] == {"杭州丁机械有限公司": True}
    files = {f"{XIHU}/附件1.xlsx": form("杭州丁机械有限公司", "余杭区")}
    met = undecided_companies(computed(files))
    assert not any(told for companies in met.values() for told in companies.values())


# ---------------------------------------------------------------- one count


def counts_of_list(results: Results, city: str, county: str) -> tuple[int, int]:
    """The 错误 and 提醒 in the list that the county gets back."""
    levels = Counter(issue.level == ERROR for issue in county_view(results, city, county).issues)
    return levels[True], levels[False]


def differing(results: Results) -> list[Reminder]:
    """The lines of 催报 whose figures, or whose number of errors in words, are not those of the county's list."""
    wrong = []
    regions = {(issue.city, issue.county) for issue in results.issues}
    heard = {(county.city, county.county) for county in county_returns(results) if county.arrived}
    for row in reminders(results):
        if (row.city, row.county) not in regions | heard:  # no list of it can hold anything
            wrong += [row] if row.errors or row.remarks else []
            continue
        errors, remarks = counts_of_list(results, row.city, row.county)
        said = f"还有 {errors} 处错误" in row.text if errors else "处错误请改正" not in row.text
        if (row.errors, row.remarks) != (errors, remarks) or not said:
            wrong.append(row)
    return wrong


@pytest.mark.slow
def test_the_made_up_province_is_counted_alike(rulebook: Rulebook):
    results = run.compute([ROOT / "sample_inputs"], rulebook, run.Options(1))
    assert adds_up(results) and differing(results) == []
    assert (
        sum(county.errors > 0 for county in county_returns(results)) == counted(county_returns(results)).with_errors > 1
    )


def test_a_county_with_errors_and_a_disputed_company_reads_of_both(tmp_path: Path):
    files = {
        f"{YUHANG}/附件2.xlsx": nomination(
            nominated(1, "杭州丁机械有限公司", "余杭区"), nominated(2, "杭州己机械有限公司", "余杭区")
        ),
        f"{YUHANG}/丁.xlsx": form("杭州丁机械有限公司", "余杭区"),
        **listed(XIAOSHAN, "杭州丁机械有限公司"),
    }
    results = computed(files)
    (row,) = [row for row in reminders(results) if row.county == "余杭区"]
    assert row.state == "有错误 1" and "还有 1 处错误" in row.text and "另请说明这些企业归哪个区县" in row.text
    write_returned(tmp_path / "a.xlsx", results, "杭州市", "余杭区")
    said = [row[0] for row in openpyxl.load_workbook(tmp_path / "a.xlsx")["问题清单"].iter_rows(values_only=True)]
    assert "错误 1 处" in said[1] and any("有 1 家还定不下归哪个区县" in str(line) for line in said)


def test_the_reminder_counts_what_the_countys_list_holds(results: Results):
    rows = {row.county: row for row in reminders(results)}
    assert rows["余杭区"].errors == 0 and "归哪个区县" in rows["余杭区"].text and rows["西湖区"].errors == 1
    assert differing(results) == []


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(code for code in CASES if code.startswith(COUNTY_LETTERS)))
def test_every_code_is_counted_alike(code: str):
    results = computed(CASES[code][0]())
    assert adds_up(results) and differing(results) == []
