"""Marks and pools count only where the province's staff alone can have put them."""

from __future__ import annotations

import pytest

from pipeline.readers.settling.gather import Gathered
from pipeline.readers.sheet.regions import Region, RegionIndex
from tests.support.arrivals import HEADERS, form, gathered, lexicon, nominated, nomination, one, published_rulebook
from tests.support.workbooks import form_rows, full_answers, workbook

COMPANY = "杭州甲公司"
MARKS = workbook({"李四": f"企业名称|云原生应用情况|绩效提升典型案例\n{COMPANY}|1|1"})
POOL = workbook({"市级": "地区|2021年新增数|2022年新增数|2023年新增数|三年目标数\n杭州市|1|1|1|9"})
LIST = {"杭州市/上城区/附件2.xlsx": nomination(nominated(1, COMPANY))}


def counts(tables: Gathered) -> bool:
    return bool(len(tables.marks) or tables.pool_counts)


@pytest.mark.parametrize(
    ("path", "beside", "county"),
    [
        ("杭州市/上城区/表.xlsx", {}, "上城区"),
        ("杭州市/萧山区/评分/表.xlsx", {}, "萧山区"),
        ("高新区/表.xlsx", {}, ""),
        ("杭州市/上城区/包.zip/表.xlsx", {}, "上城区"),
        ("包.zip/表.xlsx", {}, ""),
        ("专家评分/包.zip/内/表.xlsx", {}, ""),
        ("材料/表.xlsx", {"材料/甲.xlsx": form("别的公司", "萧山区")}, ""),
        ("材料/评分/表.xlsx", {"材料/甲.xlsx": form("别的公司", "萧山区")}, ""),
        ("材料/表.xlsx", {"材料/无.xlsx": nomination("|上城区|无")}, ""),
        ("材料/表.xlsx", {"材料/包.zip/甲.xlsx": form(COMPANY)}, ""),
        ("上城区报送材料/评分/表.xlsx", {"上城区报送材料/附件1/甲.xlsx": form(COMPANY)}, ""),
        ("表.xlsx", {"甲.xlsx": form(COMPANY)}, ""),
    ],
)
@pytest.mark.parametrize("content", [MARKS, POOL])
def test_nobody_marks_himself(path: str, beside: dict[str, bytes], county: str, content: bytes):
    tables = gathered({**LIST, **beside, path: content})
    issue = one(tables.issues, "F07")
    assert issue.where.file == path and issue.county == county and not counts(tables)
    (line,) = tables.files[tables.files["path"] == path].to_dict("records")
    assert "没有采用" in line["remark"]


@pytest.mark.parametrize(
    ("path", "beside"),
    [
        ("表.xlsx", {}),
        ("专家评分/表.xlsx", {}),
        ("2024/专家评分/表.xlsx", {"2024/材料/甲.xlsx": form(COMPANY)}),
        ("专家评分/表.xlsx", {"甲.xlsx": form(COMPANY)}),
        ("表.xlsx", {"上城.zip/甲.xlsx": form(COMPANY)}),
        ("上城会场评分/表.xlsx", {}),
    ],
)
@pytest.mark.parametrize("content", [MARKS, POOL])
def test_what_lies_apart_is_the_provinces(path: str, beside: dict[str, bytes], content: bytes):
    tables = gathered({**LIST, **beside, path: content})
    assert "F07" not in {issue.code for issue in tables.issues} and counts(tables)


@pytest.mark.parametrize(
    "path", ["杭州市/表.xlsx", "杭州市/专家评分/表.xlsx", "收件/宁波市/表.xlsx", "宁波市/上城区/表.xlsx"]
)
def test_a_city_marks_nobody(path: str):
    tables = gathered({**LIST, path: MARKS})
    issue = one(tables.issues, "F07")
    assert not counts(tables) and issue.county == "" and f"放在{issue.city}的文件夹里" in issue.facts["beside"]


@pytest.mark.parametrize("more", [{"附件2": f"{HEADERS}\n{nominated(9, '别的公司')}"}, {"附件1": "form"}])
def test_a_form_in_a_workbook_of_marks_stops_that_workbook_alone(more: dict[str, str]):
    rows, _ = form_rows(published_rulebook(), full_answers(published_rulebook()))
    sheets = {name: [["企业名称", "别的公司"], *rows] if text == "form" else text for name, text in more.items()}
    mixed = workbook({"王五": f"企业名称|云原生应用情况|绩效提升典型案例\n{COMPANY}|0|0", **sheets})
    tables = gathered({**LIST, "专家评分/李四.xlsx": MARKS, "专家评分/王五.xlsx": mixed})
    issue = one(tables.issues, "F07")
    assert set(tables.marks["expert"]) == {"李四"} and issue.where.file == "专家评分/王五.xlsx"
    assert issue.facts["first"].startswith("请先把同一工作簿里的")


def test_what_is_to_be_moved_first_is_said_first():
    tables = gathered({**LIST, "专家评分/李四.xlsx": MARKS, "专家评分/甲.xlsx": form("别的公司")})
    assert one(tables.issues, "F07").facts["first"].startswith("请先移走“专家评分/甲.xlsx”")


def test_a_citys_pool_is_of_that_city_alone():
    both = workbook({"市级": "地区|2021年新增数|2022年新增数|2023年新增数\n杭州市|1|1|1\n宁波市|2|2|2"})
    tables = gathered({"杭州市/培育库.xlsx": both})
    issue = one(tables.issues, "F25")
    assert {count.region for count in tables.pool_counts} == {"杭州市"} and (issue.city, issue.county) == ("杭州市", "")
    assert len({count.region for count in gathered({"培育库.xlsx": both}).pool_counts}) == 2


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("嵊州市经信局报送.zip", ("绍兴市", "嵊州市")),
        ("新昌材料", ("绍兴市", "新昌县")),
        ("浙江省绍兴市上虞区", ("绍兴市", "上虞区")),
        ("上虞与嵊州", None),
        ("绍兴市", None),
        ("开发区", None),
        ("专家评分", None),
        ("杭州湾新区来文", ("宁波市", "慈溪市")),  # 杭州 is only a part of the name
        ("上城与上城区", ("杭州市", "上城区")),
    ],
)
def test_the_one_county_in_a_text(text: str, region: tuple[str, str] | None):
    regions: RegionIndex = lexicon().regions
    assert regions.named_in(text) == (Region(*region) if region else None)
