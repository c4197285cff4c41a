"""培育库: 附件3's own layout, lists of names and targets are read, and the level is taken from title, sheet or column."""

from __future__ import annotations

from collections import Counter

import pytest

from pipeline.issues.where import Where
from pipeline.issues.words import finding_of
from pipeline.model.records import PoolCount
from pipeline.readers.forms.pool import tables as pool_reader
from pipeline.readers.sheet.grid import Grid
from tests.support.arrivals import being_read, cells, one, read, sheet
from tests.support.old_formats import ods, ods_row, xls
from tests.support.workbooks import Sheet, workbook

HEADERS = "序号|地区|2021年\\n新增数|2022年新增数|2023年新增数|三年\\n累计数|三年目标数|完成进度"
LIST = "年份|级别|地区|区县|企业名称"


def pool(
    *rows: str,
    title: str = "全省市级制造业“云上企业”（培育库）情况",
    headers: str = HEADERS,
    name: str = "Sheet1",
    **options: object,
) -> bytes:
    return workbook({name: "\n".join([title, headers, *rows])}, **options)


def counts_of(content: bytes) -> dict[tuple[str, str, str], float | None]:
    return {(count.level, count.region, count.item): count.value for count in sheet(content, "培育库.xlsx").pool_counts}


def test_the_layout_of_the_notice():
    found = sheet(pool("1|杭州市|14|84|58|156|90|173.3%", "12|全省合计|75|489|487|1051|750|140.1%"), "培育库.xlsx")
    assert found.kind == "pool" and not found.issues
    values = counts_of(pool("1|杭州市|14|84|58|156|90|'173.3%", "12|全省合计|75|489|487|1051|750|'140.1%"))
    assert values["市级", "杭州市", "2021"] == 14 and values["市级", "杭州市", "target"] == 90
    assert values["市级", "杭州市", "cumulative"] == 156 and values["市级", "杭州市", "progress"] == 1.733
    assert values["市级", "全省合计", "2023"] == 487
    assert PoolCount("市级", "杭州市", "2021", 14, Where("培育库.xlsx", "Sheet1", "C3")) in found.pool_counts


@pytest.mark.parametrize(
    ("title", "name", "level"),
    [
        ("全省市级制造业", "Sheet1", "市级"),
        ("全省区县级制造业", "市级", "区县级"),
        ("县（市、区）级培育库", "Sheet1", "区县级"),
        ("培育库情况", "区县级", "区县级"),
        ("培育库情况", "市级库", "市级"),
    ],
)
def test_the_level_from_the_title_then_from_the_sheet(title: str, name: str, level: str):
    assert {key[0] for key in counts_of(pool("1|杭州市|14|84|58", title=title, name=name))} == {level}


def test_two_tables_on_one_sheet():
    rows = ["1|杭州市|1|2|3", "2|全省合计|1|2|3", "", "全省区县级培育库情况", HEADERS, "1|杭州市|4|5|6"]
    values = counts_of(pool(*rows))
    assert (values["市级", "杭州市", "2021"], values["区县级", "杭州市", "2021"]) == (1, 4) and len(values) == 9


def test_no_level_anywhere_is_an_error_and_nothing_is_counted():
    found = sheet(pool("1|杭州市|14|84|58", title="培育库情况"), "培育库.xlsx")
    assert cells(found.issues, "P09") == ["B2"] and not found.pool_counts


@pytest.mark.parametrize("typed", ["约10", "-1", "2.5", "#REF!", "十"])
def test_what_is_no_whole_number(typed: str):
    found = sheet(pool(f"1|杭州市|{typed}|84|58"), "培育库.xlsx")
    issue = one(found.issues, "P02")
    assert (issue.where.cell, issue.found) == ("C3", typed)
    assert found.pool_counts[0].value is None


@pytest.mark.parametrize("typed", ["", "-", "'/"])
def test_what_is_not_given(typed: str):
    found = sheet(pool(f"1|杭州市|{typed}|84|58"), "培育库.xlsx")
    (blank,) = (count for count in found.pool_counts if count.value is None)
    assert not found.issues and len(found.pool_counts) == 3
    assert (blank.item, blank.where.cell, blank.blank) == ("2021", "C3", True)


@pytest.mark.parametrize("row", ["1|杭州市|||", "1|杭州市||||5|90|'1%", "|全省合计|1||"])
def test_a_city_that_reports_nothing_has_no_blank_years(row: str):
    blank = [count.where.cell for count in sheet(pool(row), "培育库.xlsx").pool_counts if count.blank]
    assert blank == (["C3", "D3", "E3"] if "|5|" in row else [])


def test_a_region_that_is_no_city():
    found = sheet(pool("1|杭州湾|14|84|58", "2|杭州|1|1|1", "填报人：|李四", "注：新增数以公布为准。"), "培育库.xlsx")
    assert cells(found.issues, "P07") == ["B3"] and {count.region for count in found.pool_counts} == {"杭州市"}


def test_years_that_are_not_this_rounds_are_said():
    found = sheet(pool("1|杭州市|14|84", headers="序号|地区|2023年新增数|2024年新增数"), "培育库.xlsx")
    issue = one(found.issues, "P11")
    assert "2024" in found.remark and (issue.where.cell, issue.found) == ("D3", "2024")


def test_a_column_of_another_year_that_nobody_filled_in_is_no_matter():
    found = sheet(pool("1|杭州市|14|-", headers="序号|地区|2023年新增数|2024年新增数"), "培育库.xlsx")
    assert not found.issues and not found.remark


def test_targets_alone():
    values = counts_of(pool("杭州市|90", "宁波市|138", headers="地区|三年目标数"))
    assert values == {("市级", "杭州市", "target"): 90, ("市级", "宁波市", "target"): 138}


# ---------------------------------------------------------------- side by side, one under the other

TITLES = "市级（培育库）情况|||||||||区县级（培育库）情况"
SHORT = "地区|2021年新增数|三年目标数"


def both_levels(
    *rows: str, merges: tuple[str, ...] = (), name: str = "附件3"
) -> dict[tuple[str, str, str], float | None]:
    return counts_of(workbook({name: "\n".join(rows)}, merges))


@pytest.mark.parametrize("merges", [(), ("A1:H1", "J1:Q1")], ids=len)
def test_two_tables_side_by_side_have_each_their_level(merges: tuple[str, ...]):
    values = both_levels(
        TITLES,
        f"{HEADERS}||{HEADERS}",
        "1|杭州市|14|84|58|156|90|||1|宁波市|19|210|178|407|414|",
        "2|全省合计|14|84|58|||||1|杭州市|14|189|114|317|272|",
        merges=merges,
    )
    assert values["市级", "杭州市", "2022"] == 84 and values["区县级", "杭州市", "2022"] == 189
    assert values["区县级", "宁波市", "target"] == 414 and ("市级", "宁波市", "target") not in values
    assert values["市级", "全省合计", "2021"] == 14 and len(values) == 5 + 3 + 5 + 5


def test_tables_side_by_side_below_each_other_and_shifted():
    values = both_levels(
        "市级||||",
        f"{SHORT}||区县级",
        f"杭州市|1|90||{SHORT}",
        "宁波市|2|138||杭州市|3|272",
        "市级情况",
        SHORT,
        "温州市|4|106",
    )
    assert {key[:2]: value for key, value in values.items() if key[2] == "2021"} == {
        ("市级", "杭州市"): 1,
        ("市级", "宁波市"): 2,
        ("区县级", "杭州市"): 3,
        ("市级", "温州市"): 4,
    }


@pytest.mark.parametrize("merges", [("A1:A2", "B1:C1", "D1:E1"), ("B1:C1", "D1:E1"), ()], ids=len)
def test_two_levels_beside_one_column_of_regions(merges: tuple[str, ...]):
    region = "地区|市级||区县级||" if "A1:A2" in merges else "|市级||区县级||"
    header = "|2021年新增数|2022年新增数" if "A1:A2" in merges else "地区|2021年新增数|2022年新增数"
    values = both_levels(region, f"{header}|2021年新增数|2022年新增数", "杭州市|1|2|3|4", merges=merges)
    assert values == {
        ("市级", "杭州市", "2021"): 1,
        ("市级", "杭州市", "2022"): 2,
        ("区县级", "杭州市", "2021"): 3,
        ("区县级", "杭州市", "2022"): 4,
    }


def test_tables_side_by_side_of_which_one_says_no_level_are_never_mixed():
    content = workbook({"附件3": f"市级\n{SHORT}||{SHORT}\n杭州市|1|90||杭州市|2|272"})
    found = sheet(content, "培育库.xlsx")
    assert cells(found.issues, "P09") == ["E2"]
    assert {(count.level, count.where.cell) for count in found.pool_counts} == {("市级", "B3"), ("市级", "C3")}


@pytest.mark.parametrize("title", ["市级、区县级培育库情况", "市级和区县级"])
def test_a_title_that_says_both_levels_says_neither(title: str):
    found = sheet(workbook({"附件3": f"{title}\n{SHORT}||{SHORT}\n杭州市|1|90||杭州市|2|272"}), "培育库.xlsx")
    assert cells(found.issues, "P09") == ["A2", "E2"] and not found.pool_counts


def test_a_title_over_both_tables_is_that_of_both():
    values = both_levels("市级", f"{SHORT}||{SHORT}", "杭州市|1|90||宁波市|2|138", merges=("A1:G1",))
    assert {key[:2] for key in values} == {("市级", "杭州市"), ("市级", "宁波市")}


def test_a_header_of_two_rows_keeps_its_title():
    values = both_levels(
        "区县级",
        "地区|新增数||三年目标数",
        "|2021年新增数|2022年新增数|",
        "杭州市|1|2|272",
        merges=("A2:A3", "B2:C2", "D2:D3"),
    )
    assert values == {("区县级", "杭州市", item): value for item, value in (("2021", 1), ("2022", 2), ("target", 272))}


def test_the_last_row_of_a_list_is_no_title_of_the_next_table():
    content = workbook({"表": f"{LIST}\n2021|市级|杭州市|上城区|甲公司\n{SHORT}\n杭州市|1|90"})
    found = sheet(content, "培育库.xlsx")
    assert cells(found.issues, "P09") == ["A3"] and len(found.pool_names) == 1 and not found.pool_counts


def test_a_total_beside_a_list_does_not_hide_its_row():
    content = workbook({"表": f"市级\n{SHORT}||{LIST}\n合计|1|90||2021|市级|杭州市|上城区|甲公司"})
    assert [name.company for name in sheet(content, "培育库.xlsx").pool_names] == ["甲公司"]


# ---------------------------------------------------------------- lists of names


def names(*rows: str, title: str = "", headers: str = LIST, **options: object) -> list[tuple]:
    lines: Sheet = "\n".join([*([title] if title else []), headers, *rows])
    found = sheet(workbook({"名单": lines}, **options), "培育库.xlsx")
    return [
        *(tuple(name)[:5] for name in found.pool_names),
        *((issue.code, issue.where.cell) for issue in found.issues),
    ]


def test_a_list_of_names():
    assert names("2021|市级|杭州市|上城区|甲公司", "2022年|区县级|宁波|鄞州区|乙公司", "|||合计|2", "合计||||2") == [
        ("市级", "杭州市", "上城区", "甲公司", 2021),
        ("区县级", "宁波市", "鄞州区", "乙公司", 2022),
    ]


def test_merged_years_levels_and_regions():
    rows = ["2021|市级|杭州市|上城区|甲公司", "||||乙公司"]
    assert names(*rows, merges=["A2:A3", "B2:B3", "C2:C3"])[1] == ("市级", "杭州市", "", "乙公司", 2021)


def test_a_list_whose_title_says_the_level():
    assert names("2021|杭州市|甲公司", title="市级培育库名单", headers="年份|地区|企业名称") == [
        ("市级", "杭州市", "", "甲公司", 2021)
    ]


@pytest.mark.parametrize(
    ("row", "issue"),
    [
        ("|市级|杭州市||甲公司", ("P10", "A2")),
        ("近年|市级|杭州市||甲公司", ("P10", "A2")),
        ("2021、2022|市级|杭州市||甲公司", ("P10", "A2")),
        ("2021-2023年|市级|杭州市||甲公司", ("P10", "A2")),
        ("2021||杭州市||甲公司", ("P09", "B2")),
        ("2021|省级|杭州市||甲公司", ("P09", "B2")),
        ("2021|市级|||甲公司", ("P07", "C2")),
        ("2021|市级|上海市||甲公司", ("P07", "C2")),
        ("2021|市级|绍兴市|慈溪市|甲公司", ("P15", "D2")),
        ("2021|市级|绍兴市|宁波市|甲公司", ("P15", "D2")),
        ("2021|市级|绍兴市|上虞区|", ("T07", "E2")),
    ],
)
def test_a_name_that_lacks_something_is_no_name_in_silence(row: str, issue: tuple[str, str]):
    assert names(row) == [issue]


@pytest.mark.parametrize("row", ["||绍兴市||", "填报人：|李四|||", "|||合计|2"])
def test_rows_without_a_name_that_are_no_entry(row: str):
    assert names("2021|市级|绍兴市|上虞区|甲公司", row) == [("市级", "绍兴市", "上虞区", "甲公司", 2021)]


@pytest.mark.parametrize(("title", "found"), [("培育库名单", [("P09", "B2")]), ("市级名单", [])])
def test_a_list_that_lacks_its_level(title: str, found: list):
    result = names("2021|杭州市|甲公司", title=title, headers="年份|地区|企业名称")
    assert [entry for entry in result if entry[0] == "P09"] == found


def test_a_sheet_of_numbers_that_nobody_reads_is_said():
    counts = "市级\n地区|2021年新增数\n杭州市|1"
    found = read(workbook({"表": counts, "汇总": "市|数\n杭州|3", "说明": "口径|按公布名单"}), "培育库.xlsx")
    assert [(issue.code, issue.where.sheet) for issue in found.issues] == [("P18", "汇总")]


def test_a_list_with_many_columns_is_no_nomination():
    headers = "年份|级别|地区|序号|区县|企业名称|主营业务|联系电话|推荐意见"
    assert names("2021|市级|杭州市|1|上城区|甲公司|泵|1|同意", headers=headers) == [
        ("市级", "杭州市", "上城区", "甲公司", 2021)
    ]


def test_names_of_other_years_are_said_once():
    rows = [
        "2020|市级|杭州市||甲公司",
        "2024年|市级|杭州市||乙公司",
        "2021|市级|杭州市||丙公司",
        "2020|市级|杭州市||丁公司",
    ]
    found = sheet(workbook({"名单": "\n".join([LIST, *rows])}), "培育库.xlsx")
    issue = one(found.issues, "P11")
    assert (issue.where.cell, issue.found) == ("A2", "2020、2024") and len(found.issues) == 1


def test_a_region_that_is_blank_is_not_quoted():
    found = sheet(pool("1||14|84|58", "2|杭州湾|14|84|58"), "培育库.xlsx")
    blank, wrong = (finding_of(issue, {}) for issue in found.issues)
    assert cells(found.issues, "P07") == ["B3", "B4"] and "「" not in blank and "「杭州湾」" in wrong


@pytest.mark.slow
def test_a_long_list_is_looked_at_once(monkeypatch: pytest.MonkeyPatch):
    rows = 20_000
    lines = [LIST.split("|"), *(["2021", "市级", "杭州市", "上城区", f"公司{number}"] for number in range(rows))]
    filled = {(row, column): value for row, line in enumerate(lines, 1) for column, value in enumerate(line, 1)}
    looked_at = Counter[str]()
    level_in = pool_reader.level_in
    monkeypatch.setattr(pool_reader, "level_in", lambda text: looked_at.update([text]) or level_in(text))
    (table,) = pool_reader.pool_tables(being_read(Grid("名单", cells=filled)))
    assert table.last_row == rows + 1 and looked_at["市级"] == rows


def test_a_sheet_of_something_else_is_none_of_it():
    assert read(workbook({"清单": "系统名称|地区|企业名称\nMES|杭州市|甲公司"})).kind == "unrecognised"


# ---------------------------------------------------------------- as cities write them


@pytest.mark.parametrize(
    "headers",
    [
        "序号|地区|2021年|2022年|2023年|累计|目标|进度",
        "序号|设区市|2021年新增（家）|2022年新增（家）|2023年新增（家）|三年累计（家）|三年目标（家）|完成比例",
        "序号|地市|2021年新增企业数|2022年度新增数|2023年新增入库企业数|三年累计新增数|目标任务数|完成率",
        "序号|各市|2021年入库数|2022年入库企业数|2023年新增数量|累计数|三年目标任务数|目标完成率",
    ],
)
def test_further_words_for_a_header(headers: str):
    values = counts_of(pool("1|杭州市|14|84|58|156|90|'173.3%", headers=headers))
    assert [
        values["市级", "杭州市", item] for item in ("2021", "2022", "2023", "cumulative", "target", "progress")
    ] == [
        14,
        84,
        58,
        156,
        90,
        1.733,
    ]


def test_years_under_a_heading():
    content = workbook(
        {"市级": "序号|地区|新增数|||三年目标数\n||2021年|2022年|2023年|\n1|杭州市|14|84|58|90"},
        ["A1:A2", "B1:B2", "C1:E1", "F1:F2"],
    )
    assert [value for _, value in sorted(counts_of(content).items())] == [14, 84, 58, 90]


@pytest.mark.parametrize(
    ("top", "below"),
    [
        ("序号|地区|新增数|||三年目标数", "||2021年|2022年|2023年|"),
        ("序号|地区|各年新增数（家）|||三年目标数", "||21年|22年|23年|"),
        ("序号|地区|新增数|||三年目标数", "||2021|2022|2023|"),
        ("序号|地区|新增数|||三年目标数", "||2021.0|2022.0|2023.0|"),
        ("序号|地区||||三年目标数", "||2021年新增数|2022年新增数|2023年新增数|"),
    ],
)
def test_years_under_a_heading_without_merges(top: str, below: str):
    texts = "|".join(f"'{text}" if text.isdigit() else text for text in below.split("|"))
    found = sheet(
        workbook({"市级": f"市级情况\n{top}\n{texts}\n1|杭州市|14|84|58|90\n合计||14|84|58|90"}), "培育库.xlsx"
    )
    assert [(count.item, count.value) for count in found.pool_counts if count.region == "杭州市"] == [
        ("2021", 14),
        ("2022", 84),
        ("2023", 58),
        ("target", 90),
    ]
    assert not found.issues


def test_years_typed_as_numbers():
    values = counts_of(workbook({"市级": "地区|2021|2022|2023|三年目标数\n杭州市|14|84|58|90\n宁波市|2021|2022|1|138"}))
    assert [values["市级", "杭州市", item] for item in ("2021", "2022", "2023", "target")] == [14, 84, 58, 90]
    assert values["市级", "宁波市", "2021"] == 2021


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("全省市级培育库情况（2022年-2024年）", ["A1"]),
        ("全省市级培育库情况（2021—2023年）", []),
        ("2024年全省市级培育库情况（2021年-2023年）", []),
        ("全省市级培育库情况（2020年-2022年）", ["A1"]),
    ],
)
def test_the_title_of_another_year(title: str, found: list[str]):
    assert cells(sheet(pool("1|杭州市|14|84|58", title=title), "培育库.xlsx").issues, "T09") == found


def test_a_pool_in_old_formats():
    rows = [["市级培育库"], ["地区", "2021年新增数", "2022年新增数"], ["杭州市", 14.0, 84.0]]
    for content, path in (
        (
            xls({(row, column): value for row, line in enumerate(rows, 1) for column, value in enumerate(line, 1)}),
            "培育库.xls",
        ),
        (ods("".join(ods_row(*row) for row in rows)), "培育库.ods"),
    ):
        found = sheet(content, path)
        assert [(count.item, count.value) for count in found.pool_counts] == [("2021", 14), ("2022", 84)], path


def test_years_under_a_heading_without_any_goal():
    content = workbook({"市级": "地区|新增数||\n|2021年|2022年|2023年\n杭州市|14|84|58"})
    assert sorted(counts_of(content).values()) == [14, 58, 84]


def test_years_of_two_digits_and_without_the_word():
    values = counts_of(pool("杭州市|14|84|58|90", headers="地区|21年新增数|22年新增|2023新增数|目标数"))
    assert [values["市级", "杭州市", item] for item in ("2021", "2022", "2023", "target")] == [14, 84, 58, 90]


@pytest.mark.parametrize(
    ("headers", "cell", "found"),
    [
        ("地区|2021年情况|2022年新增数|2023年新增数|三年目标数", "B2", "2021年情况"),
        ("地区||2022年新增数|2023年新增数|三年目标数", "B2", ""),
        ("地区|培育数|2022年新增数|2023年新增数|三年目标数|备注", "B2", "培育数"),
    ],
)
def test_a_column_of_numbers_that_nobody_reads_is_an_error(headers: str, cell: str, found: str):
    issues = sheet(pool("杭州市|14|84|58|90|1", headers=headers), "培育库.xlsx").issues
    issue = next(issue for issue in issues if issue.code == "P14")
    assert (issue.where.cell, issue.found) == (cell, found)


def test_columns_beside_the_figures_that_are_none_of_them():
    headers = "序号|地区|2021年新增数|2022年新增数|2023年新增数|排名|联系电话|备注"
    assert not sheet(pool("1|杭州市|14|84|58|2|'0571123|3", headers=headers), "培育库.xlsx").issues


def test_targets_of_both_levels_beside_each_other():
    content = workbook({"目标": "序号|地区|市级目标数|区县级目标数\n1|杭州市|90|272\n2|宁波市|138|414"})
    found = sheet(content, "培育库.xlsx")
    assert not found.issues and counts_of(content) == {
        ("市级", "杭州市", "target"): 90,
        ("市级", "宁波市", "target"): 138,
        ("区县级", "杭州市", "target"): 272,
        ("区县级", "宁波市", "target"): 414,
    }


def test_counts_of_both_levels_between_each_other():
    headers = "地区|市级2021年新增数|区县级2021年新增数|市级三年目标数|三年目标数（县级）"
    values = counts_of(workbook({"附件3": f"{headers}\n杭州市|1|2|90|272"}))
    assert values == {
        ("市级", "杭州市", "2021"): 1,
        ("市级", "杭州市", "target"): 90,
        ("区县级", "杭州市", "2021"): 2,
        ("区县级", "杭州市", "target"): 272,
    }


def test_years_beside_no_target_and_no_sum_are_no_counts():
    assert read(workbook({"市级": "地区|2021年|2022年\n杭州市|1|2"}), "培育库.xlsx").kind == "unrecognised"


def test_the_province_is_the_total():
    found = sheet(pool("|全省|75|489|487|1051|750|", "1|杭州市|14|84|58|156|90|"), "培育库.xlsx")
    assert {count.region for count in found.pool_counts} == {"全省合计", "杭州市"} and not found.issues


def test_levels_as_headings_between_the_rows():
    content = pool("一、市级", "1|杭州市|1|2|3", "二、区县级", "1|杭州市|4|5|6", title="培育库情况")
    values = counts_of(content)
    assert (values["市级", "杭州市", "2021"], values["区县级", "杭州市", "2021"]) == (1, 4)
    assert not sheet(content, "培育库.xlsx").issues


def test_the_next_tables_title_is_no_heading_of_the_first():
    content = pool("1|杭州市|1|2|3", "区县级情况", HEADERS, "1|杭州市|4|5|6", title="培育库情况")
    assert cells(sheet(content, "培育库.xlsx").issues, "P09") == ["B2"]
    assert {level for level, _, _ in counts_of(content)} == {"区县级"}


def test_cities_as_headings_of_a_list():
    content = pool(
        "一、杭州市",
        "2021年5月|市级||萧山区|甲公司",
        "二、宁波市",
        "2022|市级||鄞州区|乙公司",
        "2022|市级|温州市||丙公司",
        "以下空白",
        title="",
        headers="入库时间|库级别|设区市|县（市、区）|企业全称",
    )
    found = sheet(content, "培育库.xlsx")
    assert [(name.city, name.year) for name in found.pool_names] == [
        ("杭州市", 2021),
        ("宁波市", 2022),
        ("温州市", 2022),
    ]
    assert not found.issues


# ---------------------------------------------------------------- why a count does not count


@pytest.mark.parametrize(
    ("typed", "number_format", "said"),
    [
        ("=7*2", "General", "没有存下计算结果"),
        (0.5, "0%", "百分比"),
        (3, "yyyy/m/d", "日期"),
        ("约10", "General", "应为不小于 0 的整数"),
    ],
)
def test_why_a_count_is_none(typed: object, number_format: str, said: str):
    rows = f"地区|2021年新增数|2022年新增数|2023年新增数|三年目标数\n杭州市|{typed}|84|58|90"
    found = sheet(workbook({"市级": rows}, formats={"B2": number_format}), "培育库.xlsx")
    issue = one(found.issues, "P02")
    assert issue.where.cell == "B2" and said in issue.facts["said"]
    assert ("保存一次" in issue.facts["cure"]) == (typed == "=7*2")
