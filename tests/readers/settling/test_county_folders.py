"""Marks and pools count only outside the folders of counties, which are known by their name and their contents."""

from __future__ import annotations

import pytest

from pipeline.model.records import FileReading
from pipeline.readers.settling.gather import Gathered, gather
from pipeline.readers.sheet.regions import Region, RegionIndex
from tests.support.arrivals import form, gathered, lexicon, nominated, nomination, one, read
from tests.support.rulebooks import tested_rulebook
from tests.support.workbooks import workbook

COMPANY = "杭州甲公司"
MARKS = workbook({"李四": f"企业名称|云原生应用情况|绩效提升典型案例\n{COMPANY}|1|1"})
POOL = workbook({"市级": "地区|2021年新增数|2022年新增数|2023年新增数|三年目标数\n杭州市|1|1|1|9"})


def arrived(folder: str, content: bytes = MARKS, county: str = "上城区", archive: str = "") -> Gathered:
    """附件2, 附件1 and one more workbook in one folder; `archive`: the part of its path that is an archive."""
    files = {
        f"{folder}/附件2.xlsx": nomination(nominated(1, COMPANY, county)),
        f"{folder}/附件1.xlsx": form(COMPANY, county),
        f"{folder}/专家评分/表.xlsx": content,
    }
    readings = [read(content, path) for path, content in sorted(files.items())]
    if archive:
        readings.append(FileReading(archive, "", "archive", zip=True))
    return gather(readings, tested_rulebook())


@pytest.mark.parametrize(
    "folder", ["上城区经信局报送.zip", "上城材料", "省厅收到/01上城/第一批", "杭州市上城区2024", "上城区/下沙材料"]
)
@pytest.mark.parametrize("content", [MARKS, POOL])
def test_a_county_does_not_mark_itself(folder: str, content: bytes):
    tables = arrived(folder, content)
    issue = one(tables.issues, "F07")
    assert issue.where.file == f"{folder}/专家评分/表.xlsx" and (issue.city, issue.county) == ("杭州市", "上城区")
    assert not len(tables.marks) and not tables.pool_counts
    (line,) = tables.files[tables.files["path"] == issue.where.file].to_dict("records")
    assert line["county"] == "上城区" and "没有采用" in line["remark"]


@pytest.mark.parametrize("folder", ["报送材料.zip", "省厅/报送材料.zip"])
def test_an_archive_of_one_county_without_its_name_is_asked_about(folder: str):
    tables = arrived(folder, archive=folder)
    assert one(tables.issues, "F18").where.file == f"{folder}/专家评分/表.xlsx" and len(tables.marks) == 2
    assert not [issue for issue in tables.issues if issue.code == "F07"]


def test_one_question_for_an_archive():
    folder = "报送材料.zip"
    files = [("附件2.xlsx", nomination(nominated(1, COMPANY))), ("王五.xlsx", MARKS), ("培育库.xlsx", POOL)]
    readings = [
        *(read(content, f"{folder}/{name}") for name, content in files),
        FileReading(folder, "", "archive", zip=True),
    ]
    assert one(gather(readings, tested_rulebook()).issues, "F18").where.file == f"{folder}/王五.xlsx"


@pytest.mark.parametrize("folder", ["报送材料", "上城与萧山", "高新区材料"])
def test_a_folder_that_names_no_county_is_the_provinces(folder: str):
    tables = arrived(folder)
    assert not {"F07", "F18"} & {issue.code for issue in tables.issues} and len(tables.marks) == 2


def test_another_countys_name_over_marks_bars_nothing():
    tables = arrived("萧山区来文", county="上城区")
    assert not {"F07", "F18"} & {issue.code for issue in tables.issues} and len(tables.marks) == 2


@pytest.mark.parametrize("folder", ["专家评分", "上城会场评分"])
def test_marks_alone_and_marks_beside_the_counties_are_the_provinces(folder: str):
    lists = {"杭州市/上城区/附件2.xlsx": nomination(nominated(1, COMPANY))}
    for path in (f"{folder}/李四.xlsx", "李四.xlsx"):
        tables = gathered({**lists, path: MARKS})
        assert not {"F07", "F18"} & {issue.code for issue in tables.issues} and len(tables.marks) == 2


def test_an_archive_of_several_counties_is_the_provinces():
    folder = "全部.zip"
    rows = nomination(nominated(1, COMPANY), nominated(1, "乙公司", "萧山区"))
    readings = [
        read(rows, f"{folder}/附件2.xlsx"),
        read(MARKS, f"{folder}/李四.xlsx"),
        FileReading(folder, "", "archive", zip=True),
    ]
    tables = gather(readings, tested_rulebook())
    assert not {"F07", "F18"} & {issue.code for issue in tables.issues} and len(tables.marks) == 2


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
