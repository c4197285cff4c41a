"""附件3: sums, targets and percentages of the pool are recomputed, and a printed figure that differs is an issue."""

from __future__ import annotations

import math

import pytest

from pipeline.issues.where import Where
from pipeline.model.records import PoolCount, PoolName
from pipeline.stages import progress
from tests.support.rulebooks import tested_rulebook

RULEBOOK = tested_rulebook()
ITEMS = ("2021", "2022", "2023", "cumulative", "target", "progress")

# 附件3 as the notice prints it: 地区, three years, 三年累计数, 三年目标数, 完成进度.
CITY_LEVEL = """\
杭州市 14 84 58 156 90 173.3
宁波市 19 107 82 208 138 150.7
温州市 6 65 49 120 106 113.2
嘉兴市 5 53 52 110 96 114.6
湖州市 12 34 52 98 56 175.0
绍兴市 4 28 65 97 68 142.7
金华市 5 62 49 116 78 148.7
衢州市 3 16 23 42 18 233.3
舟山市 1 5 5 11 6 183.3
台州市 5 26 36 67 74 90.5
丽水市 1 9 16 26 20 130.0
全省合计 75 489 487 1051 750 140.1"""
COUNTY_LEVEL = """\
杭州市 14 189 114 317 272 116.5
宁波市 19 210 178 407 414 98.3
温州市 6 246 87 339 316 107.3
嘉兴市 5 124 124 253 286 88.5
湖州市 12 53 81 146 170 85.9
绍兴市 4 41 86 131 206 63.6
金华市 5 127 105 237 234 101.3
衢州市 3 17 35 55 54 101.9
舟山市 1 14 9 24 18 133.3
台州市 5 71 100 176 220 80.0
丽水市 1 21 24 46 60 76.7
全省合计 75 1113 943 2131 2250 94.7"""


def table_of(lines: str, level: str = "市级", file: str = "附件3.xlsx") -> list[PoolCount]:
    """The cells of an 附件3 table, - for a blank one; regions from row 4 down, items from column C."""
    counts = []
    for row, line in enumerate(lines.split("\n"), start=4):
        region, *figures = line.split()
        for column, item, figure in zip("CDEFGH", ITEMS, figures, strict=True):
            value = None if figure == "-" else float(figure) / (100 if item == "progress" else 1)
            where = Where(file, level, f"{column}{row}")
            counts.append(PoolCount(level, region, item, value, where, value is None and item.isdigit()))
    return counts


def names_of(lines: str, level: str = "市级") -> list[PoolName]:
    """Lines of "city year company"."""
    rows = (line.split(maxsplit=2) for line in lines.split("\n"))
    return [
        PoolName(level, city, "", company, int(year), Where("名单.xlsx", "", f"E{number}"))
        for number, (city, year, company) in enumerate(rows, start=2)
    ]


def figures_of(regions) -> dict:
    return {(row["level"], row["region"], row["item"]): row["value"] for row in regions.to_dict("records")}


def summary(counts=(), names=(), rulebook=RULEBOOK) -> tuple[dict, list]:
    regions, issues = progress.summarise(counts, names, rulebook)
    return figures_of(regions), issues


def codes(issues) -> list[str]:
    return [issue.code for issue in issues]


def test_the_notices_own_tables_recomputed():
    counts = table_of(CITY_LEVEL) + table_of(COUNTY_LEVEL, "区县级")
    regions, issues = progress.summarise(counts, [], RULEBOOK)
    assert len(regions) == 2 * 12 * 6
    # The one wrong cell of 24 rows: 绍兴市 市级 is printed 142.7 %; 97 / 68 = 1.42647…, 142.6 %.
    (issue,) = issues
    assert (issue.code, issue.where.cell, issue.found) == ("P01", "H9", "142.7%")
    assert (issue.facts["level"], issue.facts["region"], issue.facts["value"]) == ("市级", "绍兴市", "142.6%")
    wrong = (regions["level"] == "市级") & (regions["region"] == "绍兴市") & (regions["item"] == "progress")
    assert abs(regions.loc[wrong, "value"].item() - 97 / 68) < 1e-15
    right = regions[~wrong]
    decimals = right["item"].map(lambda item: 3 if item == "progress" else 0)
    assert all(
        math.floor(value * 10**d + 0.5) == round(printed * 10**d)
        for value, printed, d in zip(right["value"], right["printed"], decimals, strict=True)
    )
    assert regions["where"].map(any).all()
    assert regions["region"].tolist()[::6] == [*RULEBOOK.city_names, "全省合计"] * 2


def test_every_printed_claim_is_checked():
    # 14 + 84 + 58 = 156 is printed as 165; the province's own row is wrong in every column.
    figures, issues = summary(table_of("杭州市 14 84 58 165 90 173.3\n全省合计 15 85 59 157 91 100.0"))
    assert {issue.code for issue in issues} == {"P01"}
    assert [issue.where.cell for issue in issues] == ["F4", "C5", "D5", "E5", "F5", "G5", "H5"]
    assert [issue.city for issue in issues] == ["杭州市", *[""] * 6]
    assert figures["市级", "杭州市", "cumulative"] == 156 and figures["市级", "全省合计", "2021"] == 14
    # every city's target stands in the rulebook: the province's is 750, its progress 156 / 750
    assert figures["市级", "全省合计", "progress"] == 156 / 750


def test_a_printed_sum_without_years_is_not_copied():
    figures, issues = summary(table_of("杭州市 - - - 156 90 -\n宁波市 19 107 82 208 138 150.7"))
    assert [(issue.code, issue.where.cell) for issue in issues] == [("P13", "C4"), ("P13", "D4"), ("P13", "E4")]
    assert math.isnan(figures["市级", "杭州市", "cumulative"])


def test_a_blank_year_is_no_zero():
    figures, issues = summary(table_of("杭州市 14 - 58 72 - -\n绍兴市 4 28 65 - - -"))
    assert [(issue.code, issue.where.cell, issue.city) for issue in issues] == [("P13", "D4", "杭州市")]
    blank = [("杭州市", "2022"), ("杭州市", "cumulative"), ("杭州市", "progress"), ("宁波市", "cumulative")]
    assert all(math.isnan(figures["市级", region, item]) for region, item in blank)
    assert figures["市级", "杭州市", "2021"] == 14 and figures["市级", "绍兴市", "cumulative"] == 97
    assert figures["市级", "全省合计", "2021"] == 18
    assert all(math.isnan(figures["市级", "全省合计", item]) for item in ("2022", "cumulative", "progress"))


def test_a_year_that_is_no_number_leaves_the_sum_blank():
    wrong = PoolCount("市级", "杭州市", "2022", None, Where("附件3.xlsx", "市级", "D4"))
    typed = [count for count in table_of("杭州市 14 84 58 - - -") if count.item != "2022"]
    figures, issues = summary([*typed, wrong])
    assert not issues and math.isnan(figures["市级", "杭州市", "cumulative"])


def test_a_year_without_a_column_is_named():
    typed = [count for count in table_of("杭州市 14 - 58 - - -\n宁波市 1 - 2 - - -") if count.value is not None]
    figures, issues = summary(typed)
    assert [(issue.code, issue.facts["year"]) for issue in issues] == [("P12", "2022")]
    assert math.isnan(figures["市级", "杭州市", "cumulative"])
    filled, issues = summary(typed, names_of("杭州市 2022 甲公司\n宁波市 2022 乙公司"))
    assert not issues and filled["市级", "杭州市", "cumulative"] == 73


def test_a_printed_figure_keeps_its_cell_in_a_file_without_sheets():
    counts = [
        count._replace(where=count.where._replace(sheet="")) for count in table_of("杭州市 14 84 58 156 90 173.3")
    ]
    regions, _ = progress.summarise(counts, [], RULEBOOK)
    of_city = regions[(regions["level"] == "市级") & (regions["region"] == "杭州市")]
    assert [where.cell for where in of_city["where"]] == ["C4", "D4", "E4", "F4", "G4", "H4"]


def test_years_are_missed_only_where_counts_are_given():
    of_city = table_of("杭州市 - - - 156 90 -")
    only_targets = [count for count in of_city if count.item == "target"]
    assert "P12" not in codes(summary(only_targets)[1])
    only_sums = [count for count in of_city if count.item == "cumulative"]
    assert [issue.facts["year"] for issue in summary(only_sums)[1] if issue.code == "P12"] == ["2021", "2022", "2023"]


def test_a_year_that_two_workbooks_lack_is_asked_about_at_the_first():
    lacking = [
        count
        for file in ("甲.xlsx", "乙.xlsx")
        for count in table_of("杭州市 14 - 58 - - -", file=file)
        if count.value is not None
    ]
    _, issues = summary([*lacking, *table_of("宁波市 1 1 1 - - -", file="丙.xlsx")])
    assert [(issue.code, issue.where.file, issue.where.cell) for issue in issues] == [("P13", "乙.xlsx", "C4")]


def test_a_blank_year_of_one_level_says_nothing_of_the_other():
    upper = [count for count in table_of("杭州市 14 - 58 - - -\n宁波市 1 1 1 - - -") if count.value is not None]
    lower = table_of("杭州市 14 - 58 - - -\n宁波市 1 1 1 - - -", "区县级")
    _, issues = summary([*upper, *lower])
    assert [(issue.code, issue.facts["level"], issue.where.sheet, issue.where.cell) for issue in issues] == [
        ("P13", "市级", "市级", "C4"),
        ("P13", "区县级", "区县级", "D4"),
    ]


def test_a_name_under_two_cities_counts_once():
    names = names_of("绍兴市 2022 甲公司\n宁波市 2021 甲公司\n杭州市 2022 乙公司\n温州市 2022 乙公司")
    figures, issues = summary(names=names)
    assert [(issue.code, issue.where.cell, issue.facts["first_city"]) for issue in issues] == [
        ("P16", "E2", "宁波市"),
        ("P16", "E5", "杭州市"),
    ]
    counted = [("宁波市", "2021", 1), ("绍兴市", "2022", 0), ("杭州市", "2022", 1), ("温州市", "2022", 0)]
    assert all(figures["市级", city, year] == count for city, year, count in counted)


def test_what_came_for_one_city_and_level_leaves_the_others_blank():
    figures, issues = summary(table_of("杭州市 14 0 58 - - -"))
    assert figures["市级", "杭州市", "cumulative"] == figures["市级", "全省合计", "cumulative"] == 72
    assert math.isnan(figures["市级", "宁波市", "cumulative"])
    assert figures["市级", "宁波市", "target"] == 138 and math.isnan(figures["区县级", "宁波市", "target"])
    assert figures["市级", "杭州市", "progress"] == 72 / 90 and issues == []


def test_the_workbooks_target_wins():
    figures, issues = summary(table_of("杭州市 14 84 58 - 100 -"))
    assert figures["市级", "杭州市", "progress"] == 1.56
    assert [(issue.code, issue.where.cell, issue.facts["target"]) for issue in issues] == [("P03", "G4", "90")]


@pytest.mark.parametrize("target", ["-", "0"])
def test_without_a_target_progress_is_blank(target):
    levels = tuple(level.model_copy(update={"targets": {}}) for level in RULEBOOK.pool.levels)
    rulebook = RULEBOOK.model_copy(update={"pool": RULEBOOK.pool.model_copy(update={"levels": levels})})
    figures, issues = summary(table_of(f"杭州市 14 84 58 - {target} -"), rulebook=rulebook)
    assert codes(issues) == ["P04"] and math.isnan(figures["市级", "杭州市", "progress"])


def test_nothing_arrived():
    figures, issues = summary()
    assert codes(issues) == ["P06"] and all(math.isnan(value) for value in figures.values())
    assert len(figures) == 144


def test_two_workbooks_that_differ():
    counts = table_of("杭州市 14 84 58 - - -", file="乙.xlsx") + table_of("杭州市 13 84 58 - - -", file="甲.xlsx")
    for given in (counts, counts[::-1]):
        figures, issues = summary(given)
        assert math.isnan(figures["市级", "杭州市", "2021"]) and math.isnan(figures["市级", "杭州市", "cumulative"])
        found = {(issue.code, issue.where.file, issue.found, issue.facts["value"]) for issue in issues}
        assert found == {("P08", "乙.xlsx", "14", "13"), ("P08", "甲.xlsx", "13", "14")}
        assert figures["市级", "杭州市", "2022"] == 84


def test_three_workbooks_of_which_one_differs():
    files = {"甲.xlsx": 13, "乙.xlsx": 14, "丙.xlsx": 13}
    counts = [count for file, n in files.items() for count in table_of(f"杭州市 {n} 84 58 - - -", file=file)]
    figures, issues = summary(counts)
    assert codes(issues) == ["P08"] * 3 and math.isnan(figures["市级", "杭州市", "2021"])


def test_two_targets_that_differ_and_names_beside_figures_that_differ():
    counts = table_of("杭州市 2 1 1 - 90 -", file="乙.xlsx") + table_of("杭州市 3 1 1 - 91 -", file="甲.xlsx")
    figures, issues = summary(counts, names_of("杭州市 2021 甲公司\n杭州市 2022 乙公司\n杭州市 2023 丙公司"))
    assert codes(issues) == ["P08"] * 4
    assert math.isnan(figures["市级", "杭州市", "target"]) and math.isnan(figures["市级", "杭州市", "2021"])


def test_the_same_figure_in_two_workbooks_counts():
    counts = table_of("杭州市 14 84 58 - - -", file="乙.xlsx") + table_of("杭州市 14 84 58 - - -", file="甲.xlsx")
    figures, issues = summary(counts)
    assert figures["市级", "杭州市", "2021"] == 14 and "P08" not in codes(issues)


def test_no_row_goes_before_another():
    cells = [
        PoolCount("市级", "杭州市", "2021", value, Where("a.xlsx", "", cell)) for value, cell in ((1, "C10"), (2, "C9"))
    ]
    figures, issues = summary(cells)
    assert math.isnan(figures["市级", "杭州市", "2021"]) and {issue.where.cell for issue in issues} >= {"C9", "C10"}


def test_names_are_counted_once_and_in_their_first_year():
    names = names_of(
        "杭州市 2022 甲公司\n杭州市 2021 甲公司\n杭州市 2021 甲 公司\n杭州市 2022 乙（浙江）公司\n杭州市 2022 乙(浙江)公司"
    )
    figures, issues = summary(names=names)
    assert [figures["市级", "杭州市", year] for year in ("2021", "2022")] == [1, 1]
    assert math.isnan(figures["市级", "杭州市", "2023"]) and figures["市级", "杭州市", "cumulative"] == 2
    assert math.isnan(figures["区县级", "杭州市", "2021"]) and codes(issues) == ["P17"]


def test_names_against_counts_of_one_region_and_year():
    names = names_of("杭州市 2021 甲公司\n杭州市 2022 乙公司\n杭州市 2023 甲公司")
    figures, issues = summary(table_of("杭州市 2 1 1 - - -"), names)
    # 2021: one name, count 2. 2023: its only name counts in 2021 already, so none against 1.
    assert [(issue.code, issue.where.cell, issue.facts["names"]) for issue in issues] == [
        ("P17", "E2", "甲公司"),
        ("P05", "C4", "1"),
        ("P05", "E4", "0"),
    ]
    assert figures["市级", "杭州市", "cumulative"] == 4


def test_more_at_the_city_than_in_its_counties():
    counts = table_of("杭州市 14 84 58 - - -") + table_of("杭州市 14 80 60 - - -", "区县级")
    _, issues = summary(counts)
    assert [(issue.code, issue.city, issue.facts["year"], issue.where) for issue in issues] == [
        ("X13", "杭州市", "2022", Where("附件3.xlsx", "市级", "D4"))
    ]
