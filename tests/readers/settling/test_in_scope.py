"""A city's run settles what arrived as the province's does and keeps what is the city's; what it leaves out is told of."""

from __future__ import annotations

import pytest

from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import narrowed_to
from tests.support.arrivals import codes, computed, form, nominated, nomination, one
from tests.support.small_province import marks, small_province
from tests.support.workbooks import workbook

HERE = "杭州市/上城区"
OWN = {f"{HERE}/附件2.xlsx": nomination(nominated(1, "杭州甲公司")), f"{HERE}/甲.xlsx": form("杭州甲公司")}


@pytest.fixture
def city(rulebook: Rulebook) -> Rulebook:
    return narrowed_to(rulebook, "杭州市")


def companies(results: Results) -> set[str]:
    return set(results.totals["company"])


def test_only_the_citys_companies_are_ranked_and_asked_about(city: Rulebook):
    results = computed(small_province(), city)
    assert companies(results) and not any("宁波" in name for name in companies(results))
    assert {issue.city for issue in results.issues} <= {"", "杭州市"}
    assert all(county in results.standing.missing_counties for county in ("西湖区", "建德市"))
    assert "鄞州区" not in results.standing.missing_counties and len(results.standing.missing_counties) == 12


def test_a_run_over_the_citys_own_files_gives_the_same_as_one_over_the_provinces(city: Rulebook):
    whole = small_province()
    own = {path: content for path, content in whole.items() if not path.startswith("宁波市/")}
    first, second = computed(whole, city), computed(own, city)
    assert first.totals.equals(second.totals) and first.regions.equals(second.regions)
    figures = [name for name in first.scores.columns if not name.endswith("where")]
    assert first.scores[figures].equals(second.scores[figures])


def test_folders_of_other_cities_are_one_remark_and_every_file_stays_in_the_list(city: Rulebook):
    files = small_province()
    results = computed(files, city)
    assert one(results.issues, "F46").facts == {"others": "宁波市", "city": "杭州市", "count": "2"}
    assert set(results.files["path"]) == set(files)
    remarks = results.files.set_index("path")["remark"]
    assert (
        remarks["宁波市/鄞州区/附件1.xlsx"].startswith("不属于杭州市") and "不属于" not in remarks[f"{HERE}/附件2.xlsx"]
    )


@pytest.mark.parametrize(
    "files",
    [
        {"附件2.xlsx": nomination(nominated(1, "宁波丁公司", "鄞州区"), nominated(2, "杭州乙公司"))},
        {"来件.zip/附件2.xlsx": nomination(nominated(1, "宁波丁公司", "宁波市鄞州区"))},
        {"表.xlsx": form("宁波丁公司", "鄞州区", city="宁波市")},
        {"无.xlsx": nomination("1|鄞州区|无||||||||", title="鄞州区推荐排序表")},
    ],
    ids=["one row of a list", "in an archive", "a form", "a nil return"],
)
def test_what_only_says_that_it_is_another_citys_is_an_error(city: Rulebook, files: dict[str, bytes]):
    results = computed(OWN | files, city)
    issue = one(results.issues, "F45")
    assert issue.where.file == next(iter(files)) and "鄞州区" in issue.facts["others"] and not issue.city
    assert "宁波丁公司" not in companies(results) and "杭州甲公司" in companies(results)
    assert not results.nil_returns


def test_the_rows_of_the_city_in_a_list_of_several_cities_count(city: Rulebook):
    rows = (nominated(1, "宁波丁公司", "鄞州区"), nominated(2, "杭州乙公司", "西湖区"))
    assert companies(computed({"附件2.xlsx": nomination(*rows)}, city)) == {"杭州乙公司"}


def test_a_row_against_its_folder_is_asked_about_as_ever(city: Rulebook):
    results = computed({f"{HERE}/附件2.xlsx": nomination(nominated(1, "杭州甲公司", "鄞州区"))}, city)
    assert "T15" in codes(results.issues) and "F45" not in codes(results.issues)
    assert "杭州甲公司" in companies(results)


def test_a_company_whose_county_nobody_knows_may_be_the_citys(city: Rulebook):
    results = computed(OWN | {"附件2.xlsx": nomination(nominated(1, "东海泵业有限公司", ""))}, city)
    assert "东海泵业有限公司" in companies(results)


def test_marks_of_other_citys_companies_are_no_unknown_names(city: Rulebook):
    files = small_province() | {"专家评分/一.xlsx": marks("杭州甲公司", "杭州乙公司", "杭州缺项公司", "宁波丁公司")}
    results = computed(files, city)
    assert len(set(results.marks["key"])) == 3 and not [code for code in codes(results.issues) if code[0] == "E"]


def test_the_pool_has_the_citys_row_alone(city: Rulebook):
    header = "地区|2021年新增数|2022年新增数|2023年新增数|三年累计数|三年目标数|完成进度"
    rows = "杭州市|1|2|3|6|90|\n宁波市|1|1|1|3|138|\n全省合计|2|3|4|9|228|"
    results = computed(OWN | {"培育库.xlsx": workbook({"Sheet1": f"市级培育库\n{header}\n{rows}"})}, city)
    assert set(results.regions["region"]) == {"杭州市"}
    assert one(results.issues, "P19").facts["others"] == "宁波市"
    assert not [code for code in codes(results.issues) if code in ("P01", "P05")]  # of a total that is not the city's


def test_the_provinces_run_leaves_out_nothing(rulebook: Rulebook):
    results = computed(small_province(), rulebook)
    assert not {"F45", "F46", "P19"} & set(codes(results.issues)) and "宁波丁公司" in companies(results)
