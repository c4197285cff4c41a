"""专家评分: wide and long sheets are read, whose marks they are, and what is not a mark."""

from __future__ import annotations

import pytest

from pipeline.model.records import Mark
from pipeline.model.stamps import EXPERT_PROPERTY
from pipeline.readers.settling.experts import experts_in_two_files, with_numbered_experts
from tests.support.arrivals import cells, codes, one, read, sheet, sheets
from tests.support.workbooks import workbook

WIDE = "企业名称|信创应用示范（4）|云原生应用情况（4）|云上管理能力建设（5分）|典型云平台应用情况|发展新制造典型应用情况|绩效提升典型案例"
LONG = "专家|企业名称|评分项|得分"
ITEMS = (
    "domestic_innovation",
    "cloud_native",
    "cloud_governance",
    "platform_use",
    "new_manufacturing",
    "performance_case",
)


def marks_of(content: bytes, path: str = "专家评分/李四.xlsx") -> list[Mark]:
    return sheet(content, path).marks


def wide(*rows: str, headers: str = WIDE, above: str = "", name: str = "评分", **options: object) -> bytes:
    return workbook({name: "\n".join([*([above] if above else []), headers, *rows])}, **options)


def long(*rows: str, name: str = "Sheet1", **options: object) -> bytes:
    return workbook({name: "\n".join([LONG, *rows])}, **options)


# ---------------------------------------------------------------- what is a mark


def test_a_wide_sheet():
    marks = marks_of(wide("甲公司|4|3.5|5|0|'2|'１．５"))
    assert [(mark.indicator, mark.mark, mark.state) for mark in marks] == [
        (item, value, "given") for item, value in zip(ITEMS, (4, 3.5, 5, 0, 2, 1.5), strict=True)
    ]
    assert marks[2].where == ("专家评分/李四.xlsx", "评分", "D2") and marks[2].name_where.cell == "A2"


def test_two_of_the_six_items_are_enough_and_one_is_not():
    assert len(marks_of(wide("甲公司|4|3", headers="企业名称|云原生应用情况|绩效提升典型案例"))) == 2
    assert read(wide("甲公司|4", headers="企业名称|云原生应用情况")).kind == "unrecognised"


def test_a_header_over_two_rows():
    content = workbook(
        {"评分": "企业名称|创新应用（13）||\n|信创应用示范|云原生应用情况|云上管理能力建设\n甲公司|1|2|3"},
        ["A1:A2", "B1:D1"],
    )
    assert [mark.mark for mark in marks_of(content)] == [1, 2, 3]


def test_items_under_the_names_of_experts_or_groups():
    items = "信创应用示范|云原生应用情况"
    marks = marks_of(wide("甲公司|1|2|3|4", headers=f"|{items}|{items}", above="企业名称|王一||赵二|"))
    assert [(mark.expert, mark.mark) for mark in marks] == [("王一", 1), ("王一", 2), ("赵二", 3), ("赵二", 4)]
    marks = marks_of(
        wide("甲公司|1|2|3|4|1|1", headers=WIDE.replace("企业名称", ""), above="企业名称|创新应用|||典型示范||")
    )
    assert [(mark.expert, mark.mark) for mark in marks] == [("李四", mark) for mark in (1, 2, 3, 4, 1, 1)]


def test_two_sets_of_items_under_names_of_nobody_are_asked_about():
    items = "信创应用示范|云原生应用情况"
    found = sheet(wide("甲公司|1|2|3|4", headers=f"|{items}|{items}", above="企业名称||||"), "专家评分/李四.xlsx")
    assert cells(found.issues, "E07") == ["B2"] and not found.marks


@pytest.mark.parametrize(
    ("number_format", "typed", "said"),
    [
        ("0%", 0.5, "百分比"),
        ("yyyy/m/d", 3, "日期"),
        ("h:mm", 3, "日期或时间"),
        ("General", 9, "之间"),
        ("General", "=1+1", "公式"),
    ],
)
def test_why_a_mark_does_not_count(number_format: str, typed: object, said: str):
    content = wide(f"甲公司|{typed}|3", formats={"B2": number_format})
    issue = one(sheet(content, "专家评分/李四.xlsx").issues, "E01")
    assert issue.where.cell == "B2" and said in issue.facts["reason"]


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("", "blank"),
        ("-", "blank"),
        ("'/", "blank"),
        ("\u3000", "blank"),
        ("回避", "recused"),
        ("申请回避", "recused"),
        ("0", "given"),
    ],
)
def test_blank_zero_and_recused_are_three_things(typed: str, state: str):
    found = sheet(wide(f"甲公司|{typed}|3|||||"), "专家评分/李四.xlsx")
    assert (found.marks[0].state, found.marks[0].mark) == (state, 0.0 if state == "given" else None)
    assert not found.issues


@pytest.mark.parametrize("typed", ["4.1", "-1", "待定", "'3 4", "4分制", "#DIV/0!", "TRUE", "=1+1", "'100%"])
def test_anything_else_is_an_error_and_no_mark(typed: str):
    found = sheet(wide(f"甲公司|{typed}|3|||||"), "专家评分/李四.xlsx")
    assert found.marks[0].state == "error" and found.marks[0].mark is None
    issue = one(found.issues, "E01")
    assert (issue.where.cell, issue.company, issue.indicator) == ("B2", "甲公司", "domestic_innovation")


def test_each_item_has_its_own_points():
    found = sheet(wide("甲公司|5|5|5||||"), "专家评分/李四.xlsx")
    assert cells(found.issues, "E01") == ["B2", "C2"] and found.marks[2].mark == 5


def test_averages_and_totals_are_no_marks():
    content = wide("甲公司|4|3|||||3.5|7", "平均分|4|3", "合计|4|3", "|总分|9", headers=f"{WIDE}|平均分|合计")
    assert {mark.company for mark in marks_of(content)} == {"甲公司"} and len(marks_of(content)) == 6


def test_a_row_of_marks_without_a_name_is_an_error():
    found = sheet(wide("甲公司|4|3", "|4|3", ""), "专家评分/李四.xlsx")
    assert cells(found.issues, "T07") == ["A3"] and {mark.company for mark in found.marks} == {"甲公司"}


# ---------------------------------------------------------------- long sheets


def test_a_long_sheet_with_merged_experts_and_companies():
    content = long(
        "李四|甲公司|云原生应用情况|3",
        "||绩效提升典型案例（4）|2",
        "王五|甲公司|云原生应用情况|回避",
        merges=["A2:A3", "B2:B3"],
    )
    assert [(mark.expert, mark.company, mark.indicator, mark.mark, mark.state) for mark in marks_of(content)] == [
        ("李四", "甲公司", "cloud_native", 3, "given"),
        ("李四", "甲公司", "performance_case", 2, "given"),
        ("王五", "甲公司", "cloud_native", None, "recused"),
    ]
    assert [mark.name_where.cell for mark in marks_of(content)] == ["B2", "B2", "B4"]


def test_an_item_that_is_none_of_the_six():
    found = sheet(long("李四|甲公司|信创|3", "李四|甲公司|平均分|3", "李四|甲公司|合计|"), "专家评分/李四.xlsx")
    assert cells(found.issues, "E06") == ["C2"] and not found.marks


# ---------------------------------------------------------------- whose marks


@pytest.mark.parametrize(
    ("above", "name", "path", "expert"),
    [
        ("专家：赵六", "评分", "李四.xlsx", "赵六"),
        ("专家姓名|赵六", "评分", "李四.xlsx", "赵六"),
        ("评审专家：|赵六", "评分", "李四.xlsx", "赵六"),
        ("专家评分表", "王五", "李四.xlsx", "王五"),
        ("专家姓名：", "专家评分-王五", "李四.xlsx", "王五"),
        ("专家评分表", "Sheet1", "专家评分表_李四_20240501.xlsx", "李四"),
        ("", "2024年评分", "专家（李四）评分.xlsx", "李四"),
    ],
)
def test_the_expert_by_label_sheet_and_file(above: str, name: str, path: str, expert: str):
    found = sheet(wide("甲公司|4|3", above=above, name=name), path)
    assert {mark.expert for mark in found.marks} == {expert} and "T17" not in codes(found.issues)


def test_an_experts_column_wins_and_its_blanks_are_the_sheets():
    content = wide("李四|甲公司|4|3", "|乙公司|2|1", headers=f"专家|{WIDE}", name="王五")
    assert [mark.expert for mark in marks_of(content) if mark.indicator == "cloud_native"] == ["李四", "王五"]


def test_a_label_under_the_list():
    found = sheet(wide("甲公司|4|3", "专家姓名：赵六"), "评分.xlsx")
    assert {mark.expert for mark in found.marks} == {"赵六"} and {mark.company for mark in found.marks} == {"甲公司"}


def test_nobody_named_is_the_files_path_and_a_remark():
    found = sheet(wide("甲公司|4|3", name="Sheet1"), "资料/专家评分表1.xlsx")
    assert {mark.expert for mark in found.marks} == {"资料/专家评分表1.xlsx"}
    assert one(found.issues, "T17").where.cell == "A1"


# ---------------------------------------------------------------- from where


@pytest.mark.parametrize("path", ["评分.xlsx", "杭州市/评分.xlsx", "杭州市/上城区/评分.xlsx"])
def test_marks_are_read_wherever_they_lie(path: str):
    assert sheet(wide("甲公司|4|3"), path).marks


# ---------------------------------------------------------------- several tables on one sheet


def marks_by_cell(content: bytes, path: str = "专家评分/李四.xlsx") -> dict[str, tuple[str, str, str, float | None]]:
    """Cell -> (company, item, expert, mark) of the marks given."""
    return {
        mark.where.cell: (mark.company, mark.indicator, mark.expert, mark.mark)
        for mark in marks_of(content, path)
        if mark.state == "given"
    }


def test_columns_follow_the_nearest_header_above():
    content = wide(
        "甲公司|1|2",
        "",
        "二、余杭区",
        "序号|绩效提升典型案例|云原生应用情况|企业名称",
        "1|3|4|乙公司",
        headers="企业名称|云原生应用情况|绩效提升典型案例",
    )
    assert marks_by_cell(content) == {
        "B2": ("甲公司", "cloud_native", "李四", 1),
        "C2": ("甲公司", "performance_case", "李四", 2),
        "B6": ("乙公司", "performance_case", "李四", 3),
        "C6": ("乙公司", "cloud_native", "李四", 4),
    }


def test_a_second_header_of_other_items():
    rows = ["甲公司|1|2", "", "企业名称|绩效提升典型案例", "甲公司|3", "|信创应用示范|典型云平台应用情况", "乙公司|4|0"]
    content = wide(*rows, headers="企业名称|云原生应用情况|云上管理能力建设")
    assert [(cell, *entry[:2]) for cell, entry in marks_by_cell(content).items()] == [
        ("B2", "甲公司", "cloud_native"),
        ("C2", "甲公司", "cloud_governance"),
        ("B5", "甲公司", "performance_case"),
        ("B7", "乙公司", "domestic_innovation"),
        ("C7", "乙公司", "platform_use"),
    ]


def test_two_tables_side_by_side():
    headers = "企业名称|云原生应用情况|绩效提升典型案例"
    content = wide("甲公司|1|2||乙公司|3|4", "平均分|1|2||丙公司|0|1", headers=f"{headers}||{headers}", name="李四")
    assert {cell: entry[0] for cell, entry in marks_by_cell(content).items()} == {
        "B2": "甲公司",
        "C2": "甲公司",
        "F2": "乙公司",
        "G2": "乙公司",
        "F3": "丙公司",
        "G3": "丙公司",
    }


def test_a_column_of_experts_left_of_the_second_table_is_the_seconds():
    headers = "企业名称|云原生应用情况|绩效提升典型案例"
    content = wide("甲公司|1|2||王五|甲公司|3|4", headers=f"{headers}||专家|{headers}", name="李四")
    assert [entry[2] for entry in marks_by_cell(content).values()] == ["李四", "李四", "王五", "王五"]


def test_a_table_that_begins_further_down_beside_another():
    rows = ["甲公司|1|2", "乙公司|3|4||企业名称|云原生应用情况|绩效提升典型案例", "丙公司|0|1||丁公司|2|3"]
    content = wide(*rows, headers="企业名称|云原生应用情况|绩效提升典型案例")
    assert {entry[0] for entry in marks_by_cell(content).values()} == {"甲公司", "乙公司", "丙公司", "丁公司"}
    assert marks_by_cell(content)["C4"][:2] == ("丙公司", "performance_case")


def test_each_table_under_its_experts_label():
    headers = "企业名称|云原生应用情况|绩效提升典型案例"
    rows = ["甲公司|1|2", "", "专家：王五", headers, "甲公司|3|4", headers, "乙公司|3|4"]
    above = marks_by_cell(wide(*rows, above="专家：赵六", headers=headers))
    assert [above[cell][2] for cell in ("B3", "B7", "B9")] == ["赵六", "王五", "王五"]
    under = marks_by_cell(wide("甲公司|1|2", "专家：赵六", headers, "甲公司|3|4", "专家：王五", headers=headers))
    assert [under[cell][2] for cell in ("B2", "B5")] == ["赵六", "王五"]


# ---------------------------------------------------------------- several experts across


def across(*rows: str, merges: tuple[str, ...] = ()) -> bytes:
    return workbook({"Sheet1": "\n".join(rows)}, merges)


ONE_ITEM = "序号|企业名称|信创应用示范|||云原生应用情况||"
NAMES = "||张 三|李四|王五|张三|李四|王五"


@pytest.mark.parametrize(
    "merges", [("A1:A2", "B1:B2", "C1:E1", "F1:H1"), ("C1:E1", "F1:H1"), ("A1:A2", "B1:B2"), ()], ids=len
)
def test_experts_under_each_item(merges: tuple[str, ...]):
    content = across(ONE_ITEM, NAMES, "1|甲公司|4|1|2|3|0|1", merges=merges)
    assert [entry[1:] for entry in marks_by_cell(content, "汇总.xlsx").values()] == [
        ("domestic_innovation", "张三", 4),
        ("domestic_innovation", "李四", 1),
        ("domestic_innovation", "王五", 2),
        ("cloud_native", "张三", 3),
        ("cloud_native", "李四", 0),
        ("cloud_native", "王五", 1),
    ]
    assert not sheet(content, "汇总.xlsx").issues


def test_a_header_of_each_expert_under_a_repeated_item():
    rows = ("企业名称|信创应用示范|信创应用示范|云原生应用情况|平均分", "|专家：张三|李四|张三|", "甲公司|4|1|3|2.5")
    assert [(cell, entry[2]) for cell, entry in marks_by_cell(across(*rows), "汇总.xlsx").items()] == [
        ("B3", "张三"),
        ("C3", "李四"),
        ("D3", "张三"),
    ]


@pytest.mark.parametrize("merges", [("B2:C2", "D2:E2", "A1:E1"), ()])
def test_experts_over_the_items(merges: tuple[str, ...]):
    items = "信创应用示范|云原生应用情况"
    rows = ("专家评分汇总", "|张三||李四|", f"企业名称|{items}|{items}", "甲公司|4|1|3|0", "乙公司|1||2|")
    assert [entry[2:] for entry in marks_by_cell(across(*rows, merges=merges), "汇总.xlsx").values()] == [
        ("张三", 4),
        ("张三", 1),
        ("李四", 3),
        ("李四", 0),
        ("张三", 1),
        ("李四", 2),
    ]


def test_marks_and_reasons_under_each_item():
    rows = ("企业名称|信创应用示范||云原生应用情况|", "|得分|评分理由|得分|评分理由", "甲公司|4|很好|3|一般")
    found = sheet(across(*rows, merges=("B1:C1", "D1:E1")), "李四.xlsx")
    assert [(mark.expert, mark.mark) for mark in found.marks] == [("李四", 4), ("李四", 3)] and not found.issues


def test_an_average_under_an_item_is_no_expert():
    rows = ("企业名称|信创应用示范|||云原生应用情况", "|张三|李四|平均分|张三", "甲公司|4|1|2.5|3")
    assert {mark.expert for mark in marks_of(across(*rows, merges=("B1:D1",)))} == {"张三", "李四"}


@pytest.mark.parametrize(
    ("rows", "merges", "first", "found"),
    [
        (("企业名称|信创应用示范||云原生应用情况", "甲公司|4|1|3"), ("B1:C1",), "B1", "B、C"),
        (("企业名称|信创应用示范|信创应用示范|云原生应用情况", "甲公司|4|1|3"), (), "B1", "B、C"),
        (("企业名称|信创应用示范||云原生应用情况", "|得分|得分|得分", "甲公司|4|1|3"), ("B1:C1",), "B1", "B、C"),
        (
            ("专家评分汇总", "企业名称|信创应用示范|云原生应用情况|信创应用示范|云原生应用情况", "甲公司|4|1|3|3"),
            ("A1:E1",),
            "B2",
            "B、D、C、E",
        ),
    ],
)
def test_columns_of_nobody_are_named_and_not_read(
    rows: tuple[str, ...], merges: tuple[str, ...], first: str, found: str
):
    read_sheet = sheet(across(*rows, merges=merges), "李四.xlsx")
    issue = one(read_sheet.issues, "E07")
    assert (issue.where.cell, set(issue.found.split("、"))) == (first, set(found.split("、")))
    assert {mark.where.cell[0] for mark in read_sheet.marks}.isdisjoint(found.split("、"))


def test_cells_merged_for_width_are_one_column():
    content = across("企业名称|信创应用示范||云原生应用情况", "甲公司|4||3", merges=("B1:C1", "B2:C2"))
    assert [mark.mark for mark in marks_of(content)] == [4, 3] and not sheet(content, "李四.xlsx").issues


# ---------------------------------------------------------------- one expert or several


@pytest.mark.parametrize(
    "path",
    [
        "张三（修改版）",
        "张三-终版",
        "张三 最终",
        "张三(1)",
        "张三 - 副本",
        "张三_定稿",
        "专家张 三V2",
        "张三20240501",
        "张三第2版",
        "张三1",
    ],
)
def test_a_name_is_the_same_after_a_change(path: str):
    found = sheet(wide("甲公司|4|3", name="Sheet1"), f"{path}.xlsx")
    assert {mark.expert for mark in found.marks} == {"张三"} and "T17" not in codes(found.issues)


def test_names_are_compared_without_space():
    labelled = sheet(wide("甲公司|4|3", above="专家姓名|张　 三"), "评分.xlsx")
    in_column = sheet(long("张 三|甲公司|云原生应用情况|3"), "评分.xlsx")
    assert {mark.expert for mark in (*labelled.marks, *in_column.marks)} == {"张三"}


@pytest.mark.parametrize("name", ["打分结果", "评分汇总", "结果", "得分明细", "Sheet2", "萧山区", "最终得分表（1）"])
def test_a_sheets_name_that_names_nobody(name: str):
    assert {mark.expert for mark in marks_of(wide("甲公司|4|3", name=name), "专家评分/张三.xlsx")} == {"张三"}


@pytest.mark.parametrize("path", ["外聘专家01.xlsx", "余杭区.xlsx", "专家评分/张三组/打分结果.xlsx"])
def test_a_files_name_that_names_nobody_is_the_path(path: str):
    found = sheet(wide("甲公司|4|3", name="Sheet1"), path)
    assert {mark.expert for mark in found.marks} == {path} and "T17" in codes(found.issues)


def apart(*files: tuple[str, str]) -> list[tuple[set[str], list[str]]]:
    """(experts, cells of T17) of each (path, sheet's name), all of one company, after telling them apart."""
    sheets = [sheet(wide("甲公司|4|3", name=name), path) for path, name in files]
    return [
        ({mark.expert for mark in found.marks}, cells(found.issues, "T17")) for found in with_numbered_experts(sheets)
    ]


def test_names_that_differ_by_their_number_are_told_apart():
    assert apart(("省厅01.xlsx", "Sheet1"), ("省厅02.xlsx", "Sheet1"), ("省厅02（修改）.xlsx", "Sheet1")) == [
        ({"省厅01"}, ["A2"]),
        ({"省厅02"}, ["A2"]),
        ({"省厅02"}, ["A2"]),
    ]
    assert apart(("a.xlsx", "王1"), ("b.xlsx", "王2"))[0] == ({"王1"}, ["A2"])


def test_numbered_sheets_of_one_file_are_told_apart():
    content = sheets(专家1=f"{WIDE}\n甲公司|4|3", 专家2=f"{WIDE}\n甲公司|1|1")
    result = with_numbered_experts(read(content, "评分.xlsx").sheets)
    assert [{mark.expert for mark in found.marks} for found in result] == [
        {"评分.xlsx（专家1）"},
        {"评分.xlsx（专家2）"},
    ]
    assert [codes(found.issues) for found in result] == [["T17"], ["T17"]]


@pytest.mark.parametrize(
    "files",
    [
        (("张三.xlsx", "Sheet1"), ("张三2.xlsx", "Sheet1")),
        (("批次1.xlsx", "张三"), ("批次2.xlsx", "张三")),
        (("张三.xlsx", "Sheet1"), ("张三（修改版）.xlsx", "Sheet2")),
    ],
)
def test_what_is_no_difference_in_a_number_stays_one_expert(files: tuple[tuple[str, str], ...]):
    assert apart(*files) == [({"张三"}, []), ({"张三"}, [])]


def test_two_batches_of_one_expert_are_not_told_apart():
    batches = [
        sheet(wide(f"{company}|4|3", name="Sheet1"), f"张三{n}.xlsx") for n, company in ((1, "甲公司"), (2, "乙公司"))
    ]
    assert with_numbered_experts(batches) == batches


@pytest.mark.parametrize(
    ("second", "are_two"), [("甲公司||3", False), ("甲公司|2", True), ("甲公司|1|3|4|2|1|1", True)]
)
def test_sheets_that_share_out_the_items_are_one_experts(second: str, are_two: bool):
    """Blanks are no marks: what one sheet leaves blank the other may mark."""
    found = [sheet(wide(row, name="Sheet1"), f"张三{n}.xlsx") for n, row in ((1, "甲公司|4"), (2, second))]
    assert (with_numbered_experts(found) != found) == are_two


def test_a_labelled_name_is_never_told_apart():
    found = [sheet(wide("甲公司|4|3", above="专家：省厅", name="Sheet1"), f"省厅0{number}.xlsx") for number in (1, 2)]
    assert [{mark.expert for mark in entry.marks} for entry in with_numbered_experts(found)] == [{"省厅"}, {"省厅"}]


# ---------------------------------------------------------------- a column in which an expert recuses himself

RECUSAL = f"{WIDE}|回避|回避理由|备注|进度"


def test_a_recusal_of_the_whole_row_with_its_reason():
    found = sheet(
        wide("甲公司|||||||回避|曾任顾问|无|回避", "乙公司|1|2|3|4|0|1||||完成", headers=RECUSAL), "专家评分/李四.xlsx"
    )
    marks = [(mark.company, mark.state, mark.mark, mark.reason) for mark in found.marks]
    assert marks[:6] == [("甲公司", "recused", None, "曾任顾问")] * 6
    assert marks[6:] == [("乙公司", "given", value, "") for value in (1, 2, 3, 4, 0, 1)] and not found.issues


@pytest.mark.parametrize("typed", ["√", "是", "回避", "与企业有合作"])
def test_whatever_an_expert_writes_there_recuses(typed: str):
    assert {mark.state for mark in marks_of(wide(f"甲公司|||||||{typed}", headers=RECUSAL))} == {"recused"}


@pytest.mark.parametrize("typed", ["", "否", "-", "无", "不回避", "'0"])
def test_but_a_no(typed: str):
    found = sheet(wide(f"甲公司|3||||||{typed}", headers=RECUSAL), "专家评分/李四.xlsx")
    assert [mark.state for mark in found.marks] == ["given", *["blank"] * 5] and not found.issues


def test_marks_beside_a_recusal_do_not_count_and_are_an_error():
    found = sheet(wide("甲公司|3|2|||||回避", headers=RECUSAL), "专家评分/李四.xlsx")
    assert {mark.state for mark in found.marks} == {"recused"}
    issue = one(found.issues, "E08")
    assert (issue.where.cell, issue.company, issue.found) == ("H2", "甲公司", "回避")


def test_a_reason_stands_beside_an_item_recused_alone():
    marks = marks_of(wide("甲公司|回避|2||||||亲属", headers=RECUSAL))
    assert [(mark.state, mark.reason) for mark in marks[:2]] == [("recused", "亲属"), ("given", "")]


def test_two_files_of_one_expert_are_said_once_for_each_pair():
    first = sheet(wide("甲公司|4|3", "乙公司|4|3", above="专家：|李四"), "评分/一.xlsx")
    second = sheet(wide("甲公司|4|2", "丙公司|4|", above="专家：|李四"), "评分/二.xlsx")
    (issue,) = experts_in_two_files([second, first])
    assert (issue.code, issue.where.file, issue.facts["other"], issue.facts["count"]) == (
        "E09",
        "评分/二.xlsx",
        "评分/一.xlsx",
        "2",
    )
    other = sheet(wide("甲公司|4|2", above="专家：|王五"), "评分/三.xlsx")
    assert experts_in_two_files([first, other]) == []


# ---------------------------------------------------------------- as experts and offices write them


@pytest.mark.parametrize(
    "headers",
    [
        "企业名称|1.云原生应用情况|2、绩效提升典型案例",
        "企业名称|云原生应用情况得分|绩效提升典型案例得分",
        "企业名称|云原生应用情况\\n满分4分|绩效提升典型案例：4分",
        "企业名称|云原生应用情况【4分】|绩效提升典型案例[4]",
        "参评企业|云原生应用情况|绩效提升典型案例",
    ],
)
def test_items_with_a_number_or_their_points(headers: str):
    marks = marks_of(wide("甲公司|3|2", headers=headers))
    assert [(mark.indicator, mark.mark) for mark in marks] == [("cloud_native", 3), ("performance_case", 2)]


def test_a_longer_name_is_no_item():
    assert (
        read(wide("甲公司|3|2", headers="企业名称|云原生应用情况说明材料|绩效提升典型案例名称")).kind == "unrecognised"
    )


@pytest.mark.parametrize(
    "row",
    [
        "专家签字：|张三",
        "评委签名|张三",
        "注：请在0到4分之间打分",
        "以下空白",
        "共2家",
        "2024年5月1日",
        "一、萧山区",
        "最高分|4|4",
        "平均得分|4|4",
        "萧山区经信局",
    ],
)
def test_lines_that_are_no_company(row: str):
    found = sheet(wide("甲公司|4|3", row, headers="企业名称|云原生应用情况|绩效提升典型案例"), "专家评分/李四.xlsx")
    assert {mark.company for mark in found.marks} == {"甲公司"} and not found.issues


@pytest.mark.parametrize("name", ["联系科技有限公司", "请客来餐饮公司", "阿里巴巴", "说明软件厂"])
def test_a_company_with_a_mark_is_never_such_a_line(name: str):
    found = sheet(wide(f"{name}|5|3", headers="企业名称|云原生应用情况|绩效提升典型案例"), "专家评分/李四.xlsx")
    assert {mark.company for mark in found.marks} == {name} and cells(found.issues, "E01") == ["B2"]


def test_a_long_sheet_whose_expert_is_named_elsewhere():
    content = workbook({"张三": "企业名称|指标名称|评分值\n甲公司|1.云原生应用情况|3\n|绩效提升典型案例|2"}, ["A2:A3"])
    assert [(mark.expert, mark.mark) for mark in marks_of(content)] == [("张三", 3), ("张三", 2)]
    other = workbook({"张三": "企业名称|指标名称|评分值\n甲公司|能耗|3"})
    assert read(other, "专家评分/李四.xlsx").kind == "unrecognised"


# ---------------------------------------------------------------- columns nobody reads


SHORT = "企业名称|信创应用|云原生应用|云上管理|典型云平台应用|发展新制造典型应用|绩效提升典型案例（4分）"


@pytest.mark.parametrize(
    "headers", [SHORT, SHORT.replace("云上管理", "3.云上管理能力得分").replace("信创应用", "信创应用情况")]
)
def test_items_by_a_clear_beginning(headers: str):
    found = sheet(wide("甲公司|1|2|3|4|1|2", headers=headers), "专家评分/李四.xlsx")
    assert [(mark.indicator, mark.mark) for mark in found.marks] == list(zip(ITEMS, (1, 2, 3, 4, 1, 2), strict=True))
    assert not found.issues


def test_a_beginning_of_an_item_in_a_long_sheet():
    found = sheet(long("李四|甲公司|云原生应用|2", "李四|甲公司|新制造|3"), "专家评分/李四.xlsx")
    assert [mark.indicator for mark in found.marks] == ["cloud_native"] and cells(found.issues, "E06") == ["C3"]


@pytest.mark.parametrize(
    ("headers", "cell", "found"),
    [
        ("企业名称|信创应用示范|云原生应用情况|云平台应用|绩效提升典型案例", "D1", "云平台应用"),
        ("企业名称|信创应用示范|云原生应用情况||绩效提升典型案例", "D1", ""),
        ("企业名称|信创|云原生应用情况|备注|绩效提升典型案例", "B1", "信创"),
        ("企业名称|信创应用示范|云原生应用情况|备注|新制造", "E1", "新制造"),
        ("企业名称|信创应用示范|云原生应用情况|备注|得分", "E1", "得分"),
    ],
)
def test_a_column_of_numbers_that_is_no_item_is_an_error(headers: str, cell: str, found: str):
    issues = sheet(wide("甲公司|1|2|3|4", headers=headers), "专家评分/李四.xlsx").issues
    issue = one(issues, "E10")
    assert (issue.where.cell, issue.found) == (cell, found)


def test_columns_that_are_known_to_hold_no_marks():
    headers = "序号|企业名称|区县|上年度销售收入（万元）|员工|信创应用示范|云原生应用情况|平均分|总分|排名|联系电话|备注|评审日期"
    found = sheet(wide("1|甲公司|上城区|300|12|1|2|1.5|3|1|'13900000001|2|2024", headers=headers), "专家评分/李四.xlsx")
    assert not found.issues and len(found.marks) == 2


def test_a_total_headed_as_marks_beside_all_the_items():
    found = sheet(wide("甲公司|1|2|3|4|1|2|13", headers=f"{WIDE}|得分"), "专家评分/李四.xlsx")
    assert not found.issues and len(found.marks) == 6


def test_a_column_of_words_is_no_matter():
    found = sheet(wide("甲公司|1|2|很好", headers="企业名称|信创应用示范|云原生应用情况|亮点"), "专家评分/李四.xlsx")
    assert not found.issues


# ---------------------------------------------------------------- ties that are said and not acted on


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("杭州甲公司|1|1||与该企业有合作|", ["E2"]),
        ("杭州甲公司|1|1|||申请回避", ["F2"]),
        ("杭州甲公司|||||我的亲属在该企业任职", ["F2"]),
        ("杭州甲公司|1|1|回避|合作|", []),
        ("杭州甲公司|回避|回避||合作|", []),
        ("杭州甲公司|1|1||无利益关系|不需要回避", []),
        ("杭州甲公司|1|1|||材料齐全", []),
    ],
)
def test_a_tie_in_the_reason_or_the_note_is_asked_about(row: str, cells: list[str]):
    headers = "企业名称|云原生应用情况|绩效提升典型案例|回避|回避理由|备注"
    found = sheet(workbook({"李四": f"{headers}\n{row}"}), "专家评分/李四.xlsx")
    assert [issue.where.cell for issue in found.issues if issue.code == "E11"] == cells


def test_a_pack_under_another_name_is_asked_about():
    rows = "企业名称|云原生应用情况|绩效提升典型案例\n杭州甲公司|1|1"
    for stamped, asked in (("王五", ["E12"]), ("李 四", [])):
        found = sheet(workbook({"李四": rows}, properties={EXPERT_PROPERTY: stamped}), "专家评分/李四.xlsx")
        assert [issue.code for issue in found.issues] == asked
