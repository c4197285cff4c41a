"""附件2: whatever the headers, every row is a company, a nil return, a total or a signature, or is reported as not read."""

from __future__ import annotations

import pytest

from pipeline.issues.issue import Issue
from pipeline.model.records import Nomination, SheetReading
from pipeline.readers.values.orders import order_number
from tests.support.arrivals import HEADERS, cells, codes, nominated, nomination, one, read, sheet
from tests.support.workbooks import workbook


def issues_of(content: bytes) -> list[Issue]:
    found = sheet(content)
    return [*found.issues, *(issue for row in found.nominations for issue in row.issues)]


def only_row(*rows: str, **options: object) -> Nomination:
    (row,) = sheet(nomination(*rows, **options)).nominations
    return row


# ---------------------------------------------------------------- headers


def test_a_row_as_the_notice_asks_for_it():
    row = only_row(nominated(1, "甲公司"))
    assert (row.company, row.order, row.business, row.contact, row.phone) == (
        "甲公司",
        "1",
        "泵",
        "张三",
        "13900000001",
    )
    assert {name: figure.value for name, figure in row.figures.items()} == {
        "revenue": 1000,
        "profit": 100,
        "it_spend": 20,
        "cloud_spend": 10,
    }
    assert not row.refused and not row.issues
    assert row.where == ("杭州市/上城区/表.xlsx", "附件2", "C2") and row.phone_where.cell == "J2"


def test_headers_in_another_order_with_line_breaks_spaces_and_other_words():
    content = workbook(
        {
            "表": [
                ["企业\n全称", "联系 方式", "上云\u3000投入（万元）", "推荐意见", "县（市、区）", "利润总额"],
                ["甲公司", "0571-87654321", 5, "同意", "上城区", -3],
            ]
        }
    )
    (row,) = sheet(content).nominations
    assert (row.company, row.phone, row.figures["cloud_spend"].value) == ("甲公司", "0571-87654321", 5)
    assert row.figures["profit"].value == -3 and not row.refused
    assert row.claims[0].county == "上城区"


@pytest.mark.parametrize("headers", ["企业名称|序号|区县|主营业务", "序号|区县|主营业务|联系电话|推荐意见"])
def test_fewer_than_five_headers_or_no_company_is_no_nomination(headers: str):
    assert read(workbook({"表": f"{headers}\n1|2|3|4"})).kind == "unrecognised"


def test_missing_columns_are_named_once_and_not_asked_for_row_by_row():
    content = nomination("1|上城区|甲公司|泵|5", "2|上城区|乙公司|泵|6", headers="序号|区县|企业名称|主营业务|销售收入")
    assert codes(issues_of(content)) == ["T08"]
    assert cells(issues_of(content), "T08") == ["C1"]


def test_a_header_over_two_rows():
    content = workbook(
        {
            "表": "序号|企业名称|区县|主营业务|上年度（万元）||联系电话|推荐意见\n||||销售收入|利润总额\n1|甲公司|上城区|泵|9|8|'13900000001|推荐"
        },
        ["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1", "G1:G2", "H1:H2"],
    )
    (row,) = sheet(content).nominations
    assert (row.figures["revenue"].value, row.figures["profit"].value, row.where.cell) == (9, 8, "B3")


def test_a_header_over_two_rows_whose_cells_are_not_merged():
    content = workbook(
        {
            "表": "序号|企业名称|区县|主营业务|上年度（万元）||联系电话|推荐意见\n||||销售收入|利润总额\n1|甲公司|上城区|泵|9|8|'13900000001|推荐"
        }
    )
    (row,) = sheet(content).nominations
    assert (row.figures["revenue"].value, row.figures["profit"].value, row.where.cell) == (9, 8, "B3")


def test_a_header_over_three_rows():
    content = workbook(
        {
            "表": "序号|企业名称|区县|主营业务|经营情况||联系电话|推荐意见\n||||上年度||\n||||销售收入（元）|利润总额（元）\n"
            "1|甲公司|上城区|泵|90000|80000|'13900000001|推荐"
        },
        ["A1:A3", "B1:B3", "C1:C3", "D1:D3", "E1:F1", "E2:F2", "G1:G3", "H1:H3"],
    )
    (row,) = sheet(content).nominations
    assert (row.figures["revenue"].value, row.figures["profit"].value, row.where.cell) == (9, 8, "B4")


def test_a_header_over_two_rows_on_every_page():
    header = "序号|企业名称|区县|主营业务|上年度（万元）||联系电话|推荐意见\n||||销售收入|利润总额"
    rows = [f"{number}|杭州{number}公司|上城区|泵|{number}|8|'13900000001|推荐" for number in (1, 2)]
    found = sheet(workbook({"表": "\n".join([header, rows[0], "第2页", header, rows[1]])}))
    assert [row.figures["revenue"].value for row in found.nominations] == [1, 2]
    assert codes(found.issues) == ["T08"]


def test_a_later_header_that_lacks_a_column_is_said():
    content = nomination(nominated(1, "甲公司"), HEADERS.replace("主营业务", "泵"), nominated(2, "乙公司"))
    assert one(sheet(content).issues, "T08").where.cell == "C3"


def test_a_heading_gives_way_to_the_headers_under_it():
    content = workbook(
        {
            "表": "序号|企业名称|区县|主营业务|销售收入|联系方式||推荐意见\n|||||联系人|电话\n1|甲公司|上城区|泵|9|张三|'13900000001|推荐"
        },
        ["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:E2", "F1:G1", "H1:H2"],
    )
    (row,) = sheet(content).nominations
    assert (row.contact, row.phone) == ("张三", "13900000001")


def test_a_row_of_figures_under_the_header_is_no_header():
    content = nomination("1|上城区||手机|9", headers="序号|区县|企业名称|主营业务|销售收入")
    assert one(issues_of(content), "T07").where.cell == "C2"


def test_a_column_of_cities_beside_that_of_counties():
    content = nomination(
        "杭州市|上城区|甲公司|泵|1",
        "宁波市|高新区|乙公司|泵|1",
        headers="地区|区县|企业名称|主营业务|销售收入|利润总额",
    )
    places = [row.claims[0] for row in sheet(content, "全省.xlsx").nominations]
    assert [(place.city, place.county) for place in places] == [("杭州市", "上城区"), ("宁波市", "鄞州区")]


def test_the_header_again_in_another_order_counts_from_there():
    second = "企业名称|区县|序号|主营业务|上年度销售收入|利润总额|联系电话|推荐意见"
    content = nomination(nominated(1, "甲公司"), second, "乙公司|上城区|2|泵|7|1|'13900000002|推荐")
    assert [row.company for row in sheet(content).nominations] == ["甲公司", "乙公司"]
    assert sheet(content).nominations[1].figures["revenue"].value == 7


@pytest.mark.parametrize(
    ("title", "found"),
    [("2023年制造业“云上企业”推荐排序表", ["A1"]), ("２０２４年 推荐排序表", []), ("推荐排序表", [])],
)
def test_a_title_of_another_year(title: str, found: list[str]):
    assert cells(issues_of(nomination(nominated(1, "甲公司"), title=title)), "T09") == found


# ---------------------------------------------------------------- figures


@pytest.mark.parametrize(
    ("header", "typed", "value", "code"),
    [
        ("销售收入（元）", "5000", 0.5, "V05"),
        ("销售收入（单位：亿元）", "1.2", 12000, "V05"),
        ("销售收入（元）", "350万元", 350, ""),
        ("销售收入（元）", "约5000", 0.5, "V06"),
        ("销售收入（亿元）", "3000万", 3000, ""),
        ("销售收入（万元）", "3000", 3000, ""),
        ("销售收入（万元）", "1.2亿", 12000, "V05"),
        ("销售收入（万元）", "'1,234.5", 1234.5, ""),
    ],
)
def test_a_unit_in_the_header_counts_where_the_cell_says_none(header: str, typed: str, value: float, code: str):
    headers = f"序号|区县|企业名称|主营业务|{header}|推荐意见"
    (row,) = sheet(nomination(f"1|上城区|甲公司|泵|{typed}|推荐", headers=headers)).nominations
    figure = row.figures["revenue"]
    assert (figure.value, figure.code or "", figure.where.cell) == (value, code, "E2")
    assert bool(figure.rule) == bool(code)
    assert cells(row.issues, code) == (["E2"] if code else [])


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("销售收入（人民币万元）", 5000),
        ("销售收入（万元，含税）", 5000),
        ("销售收入（元）（不含税）", 0.5),
        ("销售收入（2023年）（亿元）", 50000000),
        ("销售收入（以元为单位）", 5000),
    ],
)
def test_units_among_other_words_of_a_header(header: str, value: float):
    headers = f"序号|区县|企业名称|主营业务|{header}|推荐意见"
    (row,) = sheet(nomination("1|上城区|甲公司|泵|5000|推荐", headers=headers)).nominations
    assert row.figures["revenue"].value == value


@pytest.mark.parametrize(
    "header",
    ["销售收入（美元）", "销售收入（单位：万美元）", "销售收入（USD）", "销售收入（元/万元）", "利润总额（%）"],
)
def test_a_unit_nobody_knows_leaves_the_column_unread(header: str):
    headers = f"序号|区县|企业名称|主营业务|{header}|推荐意见"
    found = sheet(nomination("1|上城区|甲公司|泵|5000|推荐", "2|上城区|乙公司|泵|350万元|推荐", headers=headers))
    assert one(found.issues, "T18").where.cell == "E1"
    first, second = (next(iter(row.figures.values())) for row in found.nominations)
    assert (first.value, first.state, first.raw) == (None, "error", "5000") and second.value == 350
    assert not [issue for row in found.nominations for issue in row.issues]


def test_a_unit_in_a_line_above_the_list():
    for title, header, value in (
        ("单位：元", "销售收入", 0.5),
        ("推荐排序表（单位：亿元）", "销售收入", 50000000),
        ("金额单位：元", "销售收入（万元）", 5000),
        ("填报单位：杭州市经信局", "销售收入", 5000),
    ):
        headers = f"序号|区县|企业名称|主营业务|{header}|推荐意见"
        (row,) = sheet(nomination("1|上城区|甲公司|泵|5000|推荐", headers=headers, title=title)).nominations
        assert row.figures["revenue"].value == value, title


def test_a_unit_in_a_heading_over_several_columns():
    content = workbook(
        {
            "表": "序号|企业名称|区县|主营业务|上年度（元）||电话\n||||销售收入|利润总额\n1|甲公司|上城区|泵|90000|80000|'13900000001"
        },
        ["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1", "G1:G2"],
    )
    (row,) = sheet(content).nominations
    assert (row.figures["revenue"].value, row.figures["profit"].value) == (9, 8)


def test_a_unit_in_a_header_merged_over_two_rows():
    content = workbook(
        {
            "表": "序号|企业名称|区县|主营业务|销售收入（元）|近三年||电话\n|||||上云投入|信息化投入\n1|甲公司|上城区|泵|90000|8|9|'13900000001"
        },
        ["A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:E2", "F1:G1", "H1:H2"],
    )
    (row,) = sheet(content).nominations
    assert row.figures["revenue"].value == 9


@pytest.mark.parametrize(("typed", "value"), [("-800", -800), ("'(800)", -800), ("'－800", -800), ("'−800", -800)])
def test_profit_may_be_negative(typed: str, value: float):
    row = only_row(nominated(1, "甲公司", profit=typed))
    assert row.figures["profit"].value == value and not row.issues


def test_other_figures_may_not():
    row = only_row(nominated(1, "甲公司", revenue="-800"))
    assert one(row.issues, "V08").where.cell == "E2" and row.figures["revenue"].value is None


@pytest.mark.parametrize("typed", ["", "-", "'/", "无", "\u3000"])
def test_a_figure_not_given_is_one_remark(typed: str):
    row = only_row(nominated(1, "甲公司", revenue=typed, it=typed))
    assert (row.figures["revenue"].value, row.figures["it_spend"].state) == (None, "blank")
    assert codes(row.issues) == ["V35"] and row.issues[0].where.cell == "C2"


def test_an_unreadable_figure_quotes_what_was_typed():
    issue = one(only_row(nominated(1, "甲公司", it="待定")).issues, "V01")
    assert (issue.where.cell, issue.found, issue.part) == ("G2", "待定", "近三年信息化建设和运维投入")


def test_a_phone_in_a_column_of_figures_is_no_figure():
    row = only_row(nominated(1, "甲公司", profit="13900000001"))
    assert one(row.issues, "V40").where.cell == "F2" and row.figures["profit"].value is None
    headers = "序号|区县|企业名称|主营业务|销售收入（元）|推荐意见"
    (row,) = sheet(nomination("1|上城区|甲公司|泵|13900000000|推荐", headers=headers)).nominations
    assert one(row.issues, "V40").where.cell == "E2" and row.figures["revenue"].value is None


# ---------------------------------------------------------------- phones and verdicts


@pytest.mark.parametrize(
    ("typed", "phone"),
    [("13900000001", "13900000001"), ("'13900000001.0", "13900000001"), ("'0571-8765432", "0571-8765432"), ("", "")],
)
def test_phones_are_text(typed: str, phone: str):
    row = only_row(nominated(1, "甲公司", phone=typed))
    assert row.phone == phone and not row.issues


@pytest.mark.parametrize(
    "typed",
    ["13900000001、0571-87654321", "13900000001/13900000002", "13900000001\\n13900000002", "13900000001 13900000002"],
)
def test_two_people_and_phones_in_one_cell_are_kept_as_text(typed: str):
    row = only_row(nominated(1, "甲公司", contact="张三/李四", phone=f"'{typed}"))
    assert (row.contact, row.phone) == ("张三/李四", typed.replace("\\n", "\n")) and not row.issues


def test_a_phone_that_lost_its_last_digits():
    assert one(only_row(nominated(1, "甲公司", phone="'1.39E+10")).issues, "V37").where.cell == "J2"


@pytest.mark.parametrize("typed", ["不推荐", "不同意", "暂不推荐", "不予推荐", "不 推荐", "不同意。"])
def test_refusals(typed: str):
    row = only_row(nominated(1, "甲公司", verdict=typed))
    assert row.refused and not row.issues


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("推荐", []),
        ("同意", []),
        ("同意推荐。", []),
        ("", ["K2"]),
        ("请省厅研究", ["K2"]),
        ("不推荐的理由不足", ["K2"]),
    ],
)
def test_consents_and_what_is_neither(typed: str, found: list[str]):
    row = only_row(nominated(1, "甲公司", verdict=typed))
    assert not row.refused and cells(row.issues, "V36") == found


def test_one_verdict_merged_over_several_rows():
    content = nomination(nominated(1, "甲公司", verdict="不推荐"), nominated(2, "乙公司", verdict=""), merges=["K2:K3"])
    assert [row.refused for row in sheet(content).nominations] == [True, True]


def test_a_phone_in_another_cell_is_masked():
    row = only_row(nominated(1, "甲公司13900000001", business="泵，电话13900000001", verdict="推荐13900000001"))
    assert not [text for text in (row.company, row.business, row.recommendation) if "13900000001" in text]


# ---------------------------------------------------------------- counties


def test_a_county_merged_over_several_rows():
    rows = [
        nominated(1, "甲公司", "上城区"),
        nominated(2, "乙公司", ""),
        nominated(1, "丙公司", "余杭区"),
        nominated(2, "丁公司", ""),
    ]
    listed = sheet(nomination(*rows, merges=["B2:B3", "B4:B5"]), "杭州市/全市.xlsx").nominations
    assert [row.claims[0].county for row in listed] == ["上城区", "上城区", "余杭区", "余杭区"]
    assert listed[1].claims[0].where.cell == "B2"


def test_a_labelled_county_above_the_list_and_the_folders():
    content = nomination(nominated(1, "甲公司", ""), title="区县：余杭区")
    (row,) = sheet(content, "杭州市/表.xlsx").nominations
    assert [(place.source, place.county) for place in row.claims] == [("label", "余杭区"), ("folder", "")]
    (row,) = sheet(nomination(nominated(1, "甲公司", "")), "杭州市/余杭区/表.xlsx").nominations
    assert [(place.source, place.county) for place in row.claims] == [("folder", "余杭区")]


# ---------------------------------------------------------------- rows that are no company


@pytest.mark.parametrize(
    "row",
    [
        "合计|||| 3000|300|60|30",
        "||合 计||3000|300",
        "总计（万元）||||3000",
        "||合计12家||3000",
        "填报人：|张三|联系电话：|13900000001",
        "|填报单位（盖章）：||上城区经信局",
        "注：1.金额单位为万元。",
        "填报人：李四||王五||||||",
        "||上城区经信局（盖章）",
        "5|上城区|||||||||推荐",
        "6",
    ],
)
def test_totals_signatures_and_prepared_rows_are_passed_over(row: str):
    found = sheet(nomination(nominated(1, "甲公司"), row))
    assert [entry.company for entry in found.nominations] == ["甲公司"] and not found.issues and not found.nil_claims


@pytest.mark.parametrize(
    "row",
    [
        "示例|上城区|杭州甲公司|泵|1000|100|20|10|张三|'13900000001|推荐",
        "（示例）|上城区|杭州甲公司|泵|1000",
        "例：|上城区|杭州甲公司|泵|1000",
        "1|上城区|（示例）杭州甲公司|泵|1000",
        "1|上城区|示例：杭州甲公司|泵|1000",
        "1|上城区|某某公司|泵|1000",
        "1|上城区|杭州某某有限公司|泵|1000",
        "1|上城区|XXX有限公司|泵|1000",
        "1|上城区|×××公司|泵|1000",
    ],
)
def test_an_example_left_in_is_passed_over_and_said(row: str):
    found = sheet(nomination(row, nominated(1, "杭州乙公司")))
    assert [entry.company for entry in found.nominations] == ["杭州乙公司"]
    assert codes(found.issues) == ["T19"] and cells(found.issues, "T19") == ["C2"]


@pytest.mark.parametrize("name", ["示例机械厂", "例外设计有限公司", "XXL服饰有限公司", "样例科技公司", "3X机械公司"])
def test_a_company_whose_name_looks_like_an_example(name: str):
    assert only_row(nominated(1, name)).company == name


@pytest.mark.parametrize("name", ["杭州甲公司（盖章）", "联系科技有限公司", "示例机械厂", "备注软件公司"])
def test_a_company_without_figures_is_no_signature(name: str):
    row = only_row(nominated(1, name, revenue="-", profit="-", it="-", cloud="-"))
    assert row.company == name.removesuffix("（盖章）") and codes(row.issues) == ["V35"]


@pytest.mark.parametrize("row", ["2|上城区||泵|1000", "2|上城区||||||李四", "2|上城区||||||| '13900000002"])
def test_a_row_with_something_typed_but_no_name_is_an_error(row: str):
    found = sheet(nomination(nominated(1, "甲公司"), row))
    assert one(found.issues, "T07").where.cell == "C3" and len(found.nominations) == 1


@pytest.mark.parametrize("rows", [[], ["1|上城区|无"], ["无"], ["1||无推荐企业|||||| 李四|'13900000001"], ["1|-|-|-"]])
def test_a_list_without_companies_is_a_nil_return(rows: list[str]):
    found = sheet(nomination(*rows))
    assert not found.nominations and not found.issues
    assert {place.county for place in (*found.nil_claims, *found.claims)} == {"上城区"}


def test_a_nil_row_in_a_citys_list():
    found = sheet(nomination(nominated(1, "甲公司"), "|余杭区|无|"), "杭州市/全市.xlsx")
    assert [place.county for place in found.nil_claims] == ["余杭区"] and len(found.nominations) == 1


def test_hidden_rows_are_read_and_said():
    found = sheet(nomination(nominated(1, "甲公司"), nominated(2, "乙公司"), hidden_rows={"附件2": [3]}))
    assert len(found.nominations) == 2 and codes(found.issues) == ["F09"]


# ---------------------------------------------------------------- 序号


@pytest.mark.parametrize(
    ("orders", "gap"),
    [
        ("1 2 3", False),
        ("3 1 2", False),
        ("1 2 4", True),
        ("1 1 2", True),
        ("2 3", True),
        ("一 二", False),
        ("第1名 2、", False),
    ],
)
def test_orders_run_from_one(orders: str, gap: bool):
    rows = [nominated(f"'{order}", f"甲{number}公司") for number, order in enumerate(orders.split())]
    assert cells(sheet(nomination(*rows)).issues, "T16") == (["A2"] if gap else [])


@pytest.mark.parametrize(("orders", "gap"), [("1 2 1 2", False), ("1 2 3 4", False), ("1 2 1 3", True)])
def test_orders_of_a_citys_list_run_through_or_per_county(orders: str, gap: bool):
    counties = ["上城区", "上城区", "余杭区", "余杭区"]
    rows = [
        nominated(order, f"甲{county}{order}公司", county)
        for order, county in zip(orders.split(), counties, strict=True)
    ]
    assert bool(cells(sheet(nomination(*rows), "杭州市/全市.xlsx").issues, "T16")) == gap


def test_headers_of_the_notice_are_all_known():
    found = sheet(nomination(nominated(1, "甲公司"), headers=HEADERS))
    assert not found.issues


# ---------------------------------------------------------------- headings, notes and what nobody can tell


def city_list(*rows: str, path: str = "杭州市/全市.xlsx", **options: object) -> SheetReading:
    return sheet(nomination(*rows, **options), path)


def counties_of(found: SheetReading) -> list[str]:
    """The county of every company, / where its sources contradict each other."""
    said = [sorted({place.county for place in row.claims if place.county}) for row in found.nominations]
    return ["/".join(counties) for counties in said]


HEADINGS = [
    "一、萧山区（2家）",
    "（一）萧山区",
    "萧山区",
    "萧山区：",
    "萧山区：2家",
    "萧山区推荐企业名单",
    "1.杭州市萧山区",
    "区县：萧山区",
    "【萧山】",
]


@pytest.mark.parametrize("column", [0, 2])
@pytest.mark.parametrize("heading", HEADINGS)
def test_a_heading_gives_the_rows_below_their_county(heading: str, column: int):
    found = city_list(
        nominated(1, "杭州甲公司", "余杭区"),
        "|" * column + heading,
        nominated(1, "杭州乙公司", ""),
        nominated(2, "杭州丙公司", ""),
    )
    assert counties_of(found) == ["余杭区", "萧山区", "萧山区"] and not found.issues
    assert found.nominations[1].claims[0].where.cell == f"{'ABC'[column]}3"


def test_headings_with_their_number_in_the_first_column_and_sums():
    rows = ["一|萧山区", nominated(1, "杭州甲公司", ""), "二、余杭区|||| 3000|300", nominated(1, "杭州乙公司", "")]
    assert counties_of(found := city_list(*rows)) == ["萧山区", "余杭区"] and not found.issues


def test_a_heading_against_the_rows_own_county_is_left_open():
    assert counties_of(city_list("一、萧山区", nominated(1, "杭州甲公司", "余杭区"))) == ["余杭区/萧山区"]


def test_a_numbered_heading_of_no_county_ends_the_one_before():
    rows = ["一、萧山区", nominated(1, "杭州甲公司", ""), "||三、其他企业", nominated(2, "杭州乙公司", "")]
    assert counties_of(city_list(*rows)) == ["萧山区", ""]


def test_an_ambiguous_heading_is_no_county():
    (row,) = city_list("一、高新区", nominated(1, "杭州甲公司", ""), path="全省.xlsx").nominations
    assert row.claims[0].source == "section" and not row.claims[0].county and row.claims[0].candidates


NOTES = [
    "2024年5月10日",
    "2024.5.10",
    "二〇二四年五月十日",
    "以下空白",
    "（以下空白）",
    "以上共2家",
    "以上企业共 2 家",
    "共2家",
    "第1页",
    "第 1 页 共 3 页",
    "共3页，第1页",
    "附件2",
    "2024年制造业“云上企业”推荐排序表",
    "单位：万元",
    "萧山区经信局",
    "杭州市萧山区经济和信息化局",
    "重点企业",
    "（二）第二批推荐企业",
    "通知：请各区县于5月20日前报送",
    "请各区县如实填写，不得漏报",
    "注：以上企业排名不分先后",
    "以上企业推荐",
]


@pytest.mark.parametrize("column", [0, 1, 2, 3])
@pytest.mark.parametrize("note", NOTES)
def test_a_note_in_any_column_is_passed_over(note: str, column: int):
    found = sheet(nomination(nominated(1, "杭州甲公司"), "|" * column + note, nominated(2, "杭州乙公司")))
    assert [row.company for row in found.nominations] == ["杭州甲公司", "杭州乙公司"]
    assert not found.nil_claims and not [issue for issue in found.issues if column < 3 or issue.code != "T07"]


@pytest.mark.parametrize(
    "name",
    [
        "中国水利水电第十二工程局",
        "以上海为家科技有限公司",
        "请客来餐饮公司",
        "浙江第一批发市场公司",
        "萧山区粮食公司",
        "江山重点机械厂",
        "合计科技有限公司",
        "附件机械厂",
        "阿里巴巴",
        "第一页印刷厂",
        "无推荐商贸公司",
        "本色企业",
        "经纬机械研究所",
        "共享软件公司",
        "余杭推荐机械有限公司",
    ],
)
def test_a_company_is_never_passed_over(name: str):
    bare = sheet(nomination(nominated(1, "杭州甲公司"), f"||{name}"))
    asked = [issue.found for issue in bare.issues if issue.code == "T22"]
    assert [row.company for row in bare.nominations[1:]] + asked == [name]
    full = sheet(nomination(nominated(1, "杭州甲公司"), nominated(2, name)))
    assert [row.company for row in full.nominations] == ["杭州甲公司", name] and not full.issues


@pytest.mark.parametrize("text", ["甲乙丙丁", "同上", "略", "不推荐", "同意", "三、其它情形", "杭州甲厂，乙"])
def test_a_text_nobody_can_tell_is_asked_about(text: str):
    found = city_list(nominated(1, "杭州甲公司"), f"3|萧山区|{text}" if len(text) < 3 else f"||{text}")
    assert one(found.issues, "T22").where.cell == "C3" and len(found.nominations) == 1


@pytest.mark.parametrize("row", ["杭州乙有限公司", "|杭州乙有限公司", "2|上城区|||||||||推荐|杭州乙有限公司"])
def test_a_company_outside_the_column_of_names_is_missed(row: str):
    found = sheet(nomination(nominated(1, "杭州甲公司"), row))
    assert one(found.issues, "T07").where.cell == "C3"


@pytest.mark.parametrize(
    "text",
    [
        "无推荐",
        "无推荐企业",
        "暂无",
        "暂无推荐",
        "无推荐企业。",
        "本区无推荐企业",
        "我区暂无推荐企业",
        "无企业推荐",
        "没有符合条件的企业",
        "2024年度无推荐",
        "无（零报送）",
        "零推荐",
    ],
)
def test_words_for_nobody_are_a_nil_return(text: str):
    for row in (f"1|上城区|{text}", text, f"||{text}"):
        found = sheet(nomination(row))
        assert not found.nominations and not found.issues
        assert {place.county for place in (*found.nil_claims, *found.claims)} == {"上城区"}
        assert len(sheet(nomination(row, nominated(1, "杭州甲公司"))).nominations) == 1


@pytest.mark.parametrize(
    "text", ["二、余杭区：无", "余杭区（0家）", "余杭区（无）", "余杭区本区无推荐企业", "余杭区暂无推荐"]
)
def test_a_heading_that_says_nobody(text: str):
    found = city_list("一、萧山区", nominated(1, "杭州甲公司", ""), text)
    assert [place.county for place in found.nil_claims] == ["余杭区"] and counties_of(found) == ["萧山区"]


@pytest.mark.parametrize("name", ["空无企业管理有限公司", "杭州无推荐企业公司", "无锡企业"])
def test_a_name_that_only_sounds_like_nobody(name: str):
    assert only_row(nominated(1, name)).company == name


@pytest.mark.parametrize(
    "row",
    [
        "||全市合计||3000",
        "4|合计|||3000",
        "共计|||3家|3000",
        "萧山区小计||||3000",
        "总计3家||||3000",
        "||以上共3家||3000",
        "合计：12家||||1",
    ],
)
def test_further_totals(row: str):
    found = sheet(nomination(row, nominated(1, "甲公司"), row))
    assert len(found.nominations) == 1 and not found.issues


# ---------------------------------------------------------------- several lists, titles and sheets


@pytest.mark.parametrize(
    "title",
    [
        "杭州市萧山区推荐排序表",
        "萧山区2024年制造业“云上企业”推荐排序表",
        "2024年制造业“云上企业”推荐排序表（萧山区）",
        "附件2：萧山区推荐排序表",
        "填报单位（盖章）：萧山区经信局 联系人：张三",
        "填报单位：|萧山区经信局",
    ],
)
def test_the_county_in_the_title_alone(title: str):
    found = city_list(nominated(1, "杭州甲公司", ""), title=title)
    assert counties_of(found) == ["萧山区"] and [place.county for place in found.claims] == ["萧山区", ""]


def test_titles_that_name_no_county():
    for title in ("2024年制造业“云上企业”推荐排序表", "萧然推荐排序表", "杭州市推荐排序表", "填报单位：杭州市经信局"):
        assert counties_of(city_list(nominated(1, "杭州甲公司", ""), title=title)) == [""]


def test_a_title_against_the_folder_is_left_open():
    found = city_list(nominated(1, "杭州甲公司", ""), title="萧山区推荐排序表", path="杭州市/余杭区/表.xlsx")
    assert counties_of(found) == ["余杭区/萧山区"]


def test_a_city_with_its_counties_as_sheets():
    rows = {"萧山区": "甲公司", "余杭": "乙公司", "汇总": "丙公司"}
    content = workbook({name: "\n".join([HEADERS, nominated(1, company, "")]) for name, company in rows.items()})
    assert [counties_of(found) for found in read(content, "杭州市/全市.xlsx").sheets] == [["萧山区"], ["余杭区"], [""]]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("萧山区推荐排序表", "余杭区推荐排序表"),
        ("萧山区", "余杭区"),
        ("区县：萧山区", "区县：余杭区"),
        ("一、萧山区", "二、余杭区"),
    ],
)
def test_two_lists_one_under_the_other(first: str, second: str):
    rows = [
        nominated(1, "杭州甲公司", ""),
        "",
        second,
        "单位：元",
        HEADERS.replace("（万元）", ""),
        nominated(1, "杭州乙公司", ""),
    ]
    found = city_list(*rows, title=first)
    assert counties_of(found) == ["萧山区", "余杭区"] and not found.issues
    assert [row.figures["revenue"].value for row in found.nominations] == [1000, 0.1]
    assert [place.county for place in found.claims] in ([""], ["萧山区"])


def test_the_same_title_on_every_page_changes_nothing():
    title = "萧山区推荐排序表"
    rows = [nominated(1, "杭州甲公司", ""), "第1页", title, HEADERS, nominated(2, "杭州乙公司", "")]
    assert counties_of(found := city_list(*rows, title=title)) == ["萧山区", "萧山区"] and not found.issues


def test_another_title_without_a_county_ends_the_first():
    rows = [nominated(1, "杭州甲公司", ""), "第二批推荐排序表", HEADERS, nominated(1, "杭州乙公司", "")]
    assert counties_of(city_list(*rows, title="萧山区推荐排序表")) == ["萧山区", ""]


def test_the_office_that_signs_one_list_says_nothing_of_the_next():
    rows = [
        nominated(1, "杭州甲公司", ""),
        "填报单位：余杭区经信局",
        "第二批推荐排序表",
        HEADERS,
        nominated(1, "杭州乙公司", ""),
    ]
    assert counties_of(city_list(*rows))[1] == ""


# ---------------------------------------------------------------- names merged over two rows


def test_a_second_contact_under_a_merged_name():
    rows = [nominated(1, "杭州甲公司"), "||||||||李四|'13900000002", nominated(2, "杭州乙公司")]
    found = sheet(nomination(*rows, merges=["A2:A3", "B2:B3", "C2:C3"]))
    first = found.nominations[0]
    assert (first.contact, first.phone) == ("张三、李四", "13900000001、13900000002") and not found.issues
    assert len(found.nominations) == 2


def test_a_second_phone_that_lost_its_last_digits():
    rows = [nominated(1, "杭州甲公司"), "|||||||||'1.39E+10"]
    assert one(sheet(nomination(*rows, merges=["C2:C3"])).issues, "T23").where.cell == "C2"


def test_figures_under_a_merged_name_are_asked_about():
    rows = [nominated(1, "杭州甲公司"), "|||阀|500", nominated(2, "杭州乙公司")]
    issue = one(sheet(nomination(*rows, merges=["A2:A3", "C2:C3"])).issues, "T23")
    assert (issue.where.cell, issue.found) == ("C2", "阀")


# ---------------------------------------------------------------- headers that counties write


@pytest.mark.parametrize(
    ("old", "new", "identifier"),
    [
        ("企业名称", "*企业名称", "company"),
        ("企业名称", "推荐企业名称：", "company"),
        ("区县", "所属县（市、区）", "county"),
        ("上年度销售收入（万元）", "2023年度销售收入（万元）", "revenue"),
        ("上年度销售收入（万元）", "去年营业收入【万元】", "revenue"),
        ("上年度利润总额（万元）", "利润（万元）", "profit"),
        ("近三年信息化建设和运维投入（万元）", "近3年信息化建设及运维投入", "it_spend"),
        ("近三年上云投入（万元）", "2021-2023年上云投入（万元）", "cloud_spend"),
        ("企业信息化负责人", "企业联系人", "contact"),
        ("联系电话", "负责人电话", "phone"),
        ("经信部门推荐意见", "县级经信部门推荐意见", "recommendation"),
        ("序号", "推荐次序", "order"),
        ("主营业务", "主要产品及业务", "business"),
    ],
)
def test_further_words_for_a_header(old: str, new: str, identifier: str):
    found = sheet(nomination(nominated(1, "杭州甲公司"), headers=HEADERS.replace(old, new)))
    assert not found.issues and found.nominations[0].company == "杭州甲公司", identifier


def test_the_figures_of_another_year_are_not_taken():
    headers = HEADERS.replace("上年度销售收入（万元）", "2022年度销售收入（万元）")
    found = sheet(nomination(nominated(1, "杭州甲公司"), headers=headers))
    assert codes(found.issues) == ["T08"] and "revenue" not in found.nominations[0].figures


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("销售收入/元", 0.1),
        ("销售收入，亿元", 10_000_000),
        ("销售收入【亿元】", 10_000_000),
        ("上年度销售收入:万元", 1000),
        ("销售收入亿元", 10_000_000),
    ],
)
def test_a_unit_behind_a_header_without_round_brackets(header: str, value: float):
    row = only_row(nominated(1, "杭州甲公司"), headers=HEADERS.replace("上年度销售收入（万元）", header))
    assert row.figures["revenue"].value == value


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("①", 1),
        ("⑴", 1),
        ("（3）", 3),
        ("01", 1),
        ("1.", 1),
        ("2号", 2),
        ("NO.4", 4),
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("第三名", 3),
        ("三十五、", 35),
        ("二三", None),
        ("", None),
        ("甲", None),
    ],
)
def test_an_order_in_whatever_figures(typed: str, number: float | None):
    assert order_number(typed) == number


@pytest.mark.parametrize(
    "text", ["萧山区" + "3家企业" * 500 + "x", "1" * 9000 + "x", "万" * 9000 + "x", "*" * 9000 + "x", "推荐" * 4000]
)
def test_a_long_text_is_nothing_and_costs_nothing(text: str):
    found = sheet(nomination(f"||{text}", nominated(1, "杭州甲公司"), headers=HEADERS + "|" + text, title=text))
    assert "杭州甲公司" in [row.company for row in found.nominations]


def test_a_list_whose_only_row_is_struck_out_is_no_nil_return():
    found = sheet(nomination(nominated(1, "杭州甲公司"), struck=["C2"]))
    assert cells(found.issues, "T51") == ["C2"] and not found.nominations and not found.nil_claims


def test_a_struck_out_nil_return_is_none():
    found = sheet(nomination("|上城区|无", struck=["C2"]))
    assert cells(found.issues, "T51") == ["C2"] and not found.nil_claims
    assert sheet(nomination("|上城区|无")).nil_claims


def test_a_struck_out_refusal_refuses_nobody_and_is_asked_about():
    found = sheet(
        nomination(nominated(1, "杭州甲公司", verdict="不推荐"), nominated(2, "杭州乙公司"), struck=["K2", "B3"])
    )
    (first, second) = found.nominations
    assert not first.refused and [issue.code for issue in first.issues] == ["T53"]
    assert [(issue.code, issue.where.cell, issue.found) for issue in second.issues] == [("T53", "B3", "")]
    assert all(claim.source != "column" for claim in second.claims)
