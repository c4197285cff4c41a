"""A county's workbook holds its own companies and issues, and not one byte of another county's."""

from __future__ import annotations

import os
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.issues.catalogue import (
    ASSESSMENTS_CONFLICT,
    CATALOGUE,
    CELL_NOT_TAKEN,
    MARK_INVALID,
    NEGATIVE_NUMBER,
    NOMINATIONS_CONFLICT,
    NUMBER_UNCLEAR,
    PROGRAM_FAULT,
)
from pipeline.issues.county import ELSEWHERE_FIX, NOT_OURS, example_of, mender_of, said_elsewhere
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.bands import next_band
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook, band_limits
from pipeline.writers.county.folder import safe_name, safe_names, zip_folder
from pipeline.writers.county.pages import sheet_names
from pipeline.writers.county.workbook import CountyView, county_view, write_returned
from pipeline.writers.output import county_folders, job_of, write_county
from pipeline.writers.problems.reminders import reminders
from tests.support.golden import check_golden, text_of
from tests.support.results_builder import COMPANIES, build_results
from tests.support.rulebooks import tested_rulebook

XIAOSHAN = ("杭州市", "萧山区")
BEILUN = ("宁波市", "北仑区")

# An expert's slip about a company of 萧山区: the province's business, and the file bears the expert's name.
MARK_ISSUE = Issue(
    MARK_INVALID,
    Where("专家评分/李专家.xlsx", "Sheet1", "C9"),
    "杭州蓝桥数控机床有限公司",
    "cloud_native",
    found="5",
    facts={"points": "4"},
    city="杭州市",
    county="萧山区",
    id="E01-AAAAAA",
)


@pytest.fixture(scope="module")
def results() -> Results:
    """Every company with a phone, a contact and a turnover of its own, so that any leak can be told."""
    built = build_results()
    numbers = range(len(built.enterprises))
    enterprises = built.enterprises.assign(
        phone=[f"1390000{number:04d}" for number in numbers],
        contact=[f"联系人{number:02d}号" for number in numbers],
        business=[f"主营业务{number:02d}号" for number in numbers],
    )
    return replace(built, enterprises=enterprises, issues=[*built.issues, MARK_ISSUE])


@pytest.fixture(scope="module")
def workbook_path(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("returned") / "推荐排序结果.xlsx"
    write_returned(path, results, *XIAOSHAN)
    return path


def test_county_workbook_reads_as_expected(workbook_path: Path) -> None:
    check_golden("returned", text_of(workbook_path))


def test_the_list_of_issues_comes_first(workbook_path: Path) -> None:
    workbook = openpyxl.load_workbook(workbook_path)
    assert workbook.sheetnames[:2] == ["问题清单", "附件2"]
    sheet = workbook["问题清单"]
    labels = [cell.value for cell in sheet[4]]
    assert labels[1] == "编号" and labels[-1] == "情况说明" and not sheet.protection.sheet
    rows = [dict(zip(labels, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=5)]
    seen = [
        (row["级别"], row["单元格"], row["填的是"], row["正确的例子"], row["谁来改"], row["情况说明"]) for row in rows
    ]
    assert seen[0] == ("错误", "E5", "待定", "12.5", "企业", None)
    assert seen[1][:3] == ("提醒", None, None) and seen[1][4:] == ("区县", None)


def test_an_accepted_issue_asks_for_nothing(results: Results) -> None:
    accepted = [issue._replace(state="已接受") for issue in results.issues]
    assert county_view(replace(results, issues=accepted), *XIAOSHAN).issues == []


def test_places_of_a_trial_are_headed_so(workbook_path: Path, results: Results, tmp_path: Path) -> None:
    header = [cell.value for cell in openpyxl.load_workbook(workbook_path)["附件2"][4]]
    assert {"试算\n全省名次", "试算\n全市名次", "试算\n区县名次"} <= set(header)
    write_returned(tmp_path / "a.xlsx", build_results(trial=False), *XIAOSHAN)
    header = [cell.value for cell in openpyxl.load_workbook(tmp_path / "a.xlsx")["附件2"][4]]
    assert {"全省名次", "全市名次", "区县名次"} <= set(header)


def test_unnominated_and_refused_companies_stand_under_their_lines(results: Results, tmp_path: Path) -> None:
    write_returned(tmp_path / "a.xlsx", results, "杭州市", "余杭区")
    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx")["附件2"].iter_rows(min_row=5, max_col=3, values_only=True))
    assert (
        rows[0][2] == "浙江青禾智能装备有限公司"
        and rows[1][0].startswith("未推荐")
        and rows[2][2] == "杭州启明阀门有限公司"
    )


@pytest.mark.parametrize("county", [XIAOSHAN, BEILUN, ("杭州市", "余杭区")])
def test_no_byte_of_another_county(results: Results, county: tuple[str, str], tmp_path: Path) -> None:
    write_returned(tmp_path / "a.xlsx", results, *county)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        content = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    own = {line.split()[4] for line in COMPANIES.strip().splitlines() if tuple(line.split()[2:4]) == county}
    others = results.enterprises[~results.enterprises["company"].isin(own)]
    for column in ("company", "phone", "contact", "business", "county"):
        foreign = {text for text in others[column] if text} - {county[1]}
        assert foreign and not [text for text in foreign if text in content]
    assert all(reason not in content for reason in results.standing.reasons)
    assert all(name in content for name in own)


def test_experts_are_not_named_to_a_county(workbook_path: Path, results: Results) -> None:
    assert "V01" in [issue.code for issue in county_view(results, *XIAOSHAN).issues]
    assert "李专家" not in text_of(workbook_path)
    assert "李专家" not in next(row.text for row in reminders(results) if row.county == XIAOSHAN[1])


def test_the_view_has_no_field_for_anyone_else(results: Results) -> None:
    view = county_view(results, *BEILUN)
    assert {entry.name for entry in fields(CountyView)} == {
        "rulebook",
        "date",
        "standing",
        "city",
        "county",
        "companies",
        "scores",
        "issues",
        "undecided",
        "orders",
        "decisions",
        "questioned",
    }
    assert set(view.orders["county"]) == {"北仑区"}
    assert view.standing.reasons == view.standing.missing_counties == ()
    assert set(view.companies["county"]) == {"北仑区"} and len(view.companies) == 3
    assert set(view.scores["key"]) == set(view.companies["key"]) and len(view.scores) == 63
    assert [issue.code for issue in view.issues] == ["X05"]
    assert view.standing.reasons == ()


def test_the_official_columns_and_the_places_are_printed_on_pages_of_their_own(workbook_path: Path, rulebook) -> None:
    sheet = openpyxl.load_workbook(workbook_path)["附件2"]
    assert (sheet.page_setup.fitToWidth, sheet.print_title_cols) == (2, "$A:$C")
    title = next(area for area in sheet.merged_cells.ranges if area.min_row == 2)
    assert title.max_col == len(rulebook.nomination_columns)


def test_a_county_without_companies_or_issues_is_thanked(results: Results, tmp_path: Path) -> None:
    write_returned(tmp_path / "a.xlsx", results, "杭州市", "淳安县")
    workbook = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert workbook["附件2"]["A5"].value == "没有可列入本表的企业"
    assert workbook["问题清单"].max_row == 5


def test_same_results_same_bytes(workbook_path: Path, results: Results, tmp_path: Path) -> None:
    write_returned(tmp_path / "a.xlsx", results, *XIAOSHAN)
    assert (tmp_path / "a.xlsx").read_bytes() == workbook_path.read_bytes()


# ---------------------------------------------------------------------------------------------- 为什么是这个分


def page_of(path: Path, company: str) -> dict[str, dict[str, object]]:
    """A company's page: item → header → value."""
    rows = list(openpyxl.load_workbook(path)[company].iter_rows(min_row=6, values_only=True))
    headers = [str(header).replace("\n", "") for header in rows[0]]
    return {str(row[1]): dict(zip(headers, row, strict=True)) for row in rows[1:] if row[1]}


def test_a_page_says_how_every_point_came_about(workbook_path: Path, rulebook: Rulebook) -> None:
    page = page_of(workbook_path, "杭州智联电机有限公司")
    assert len(page) == len(rulebook.indicators)
    line = page["云存储（5）"]
    assert (line["单位"], line["N"], line["M"], line["自评分"]) == ("TB", 8.5, 10, 4.4)
    assert (line["N 名次"], line["N 等级"], line["N 距上一等级"]) == ("3/4", "一等", "进 1 名到二等")
    assert (line["M 名次"], line["M 距上一等级"], line["横向评分"], line["得分"]) == ("2/4", "进 1 名到一等", 4.4, 4.4)
    assert page["系统协同（5）"]["M 名次"] is None
    assert page["云原生应用情况（4）"]["得分"] == 3.52 and page["云原生应用情况（4）"]["N"] is None


def test_an_unscored_item_names_its_issue(workbook_path: Path) -> None:
    page = page_of(workbook_path, "杭州蓝桥数控机床有限公司")
    assert (page["云存储（5）"]["得分"], page["云存储（5）"]["说明"]) == (None, "问题清单第 1 条")
    link = openpyxl.load_workbook(workbook_path)["杭州蓝桥数控机床有限公司"]["R7"].hyperlink
    assert link.location == "'问题清单'!A5"


def test_names_in_the_form_lead_to_their_pages(workbook_path: Path) -> None:
    workbook = openpyxl.load_workbook(workbook_path)
    names = [cell for cell in workbook["附件2"]["C"][4:] if cell.value]
    assert len(names) == 4 and {cell.hyperlink.location for cell in names} == {f"'{cell.value}'!A1" for cell in names}
    assert [cell.value for cell in names] == workbook.sheetnames[3:]
    assert workbook[names[0].value]["A5"].hyperlink.location == "'附件2'!A1"


def test_a_page_is_one_sheet_of_a3_wide(workbook_path: Path) -> None:
    sheet = openpyxl.load_workbook(workbook_path)["杭州云帆精密制造有限公司"]
    setup = sheet.page_setup
    assert (setup.paperSize, setup.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage) == (8, "landscape", True)
    assert (setup.fitToWidth or 1, setup.fitToHeight) == (1, 0)  # left out where it is 1


@pytest.mark.parametrize(
    ("rank", "ranked", "expected"),
    [
        (1, 100, None),
        (10, 100, None),
        (11, 100, (1, "一等")),
        (30, 100, (20, "一等")),
        (31, 100, (1, "二等")),
        (61, 100, (1, "三等")),
        (100, 100, (40, "三等")),
        (10.5, 100, (1, "一等")),
        (12.5, 100, (3, "一等")),
        (1, 1, None),
        (2, 2, (1, "一等")),
        (3, 4, (1, "二等")),
        (4, 4, (1, "三等")),
        (1, 0, None),
        (101, 100, (41, "三等")),
    ],
)
def test_how_far_it_is_to_the_next_band(rank: float, ranked: int, expected: tuple | None, rulebook: Rulebook) -> None:
    assert next_band(rank, ranked, rulebook.bands) == expected


@pytest.mark.slow
@given(st.integers(1, 400), st.data())
def test_going_up_that_many_places_and_no_fewer_reaches_a_better_band(ranked: int, data: st.DataObject) -> None:
    bands = tested_rulebook().bands
    rank = data.draw(st.integers(1, ranked))
    step = next_band(rank, ranked, bands)

    def band_at(place: int) -> int:
        return next(number for number, limit in enumerate(band_limits(ranked, bands)) if place <= limit)

    if step is None:
        assert band_at(rank) == 0
    else:
        assert bands[band_at(rank - step.ranks)].label == step.band
        assert band_at(rank - step.ranks) < band_at(rank) == band_at(rank - step.ranks + 1)


@pytest.mark.parametrize(
    ("companies", "names"),
    [
        (["甲[1]:*?/\\公司"], ["甲_1______公司"]),
        (["'甲公司'"], ["甲公司"]),
        (["附件2", "问题清单", "History"], ["附件2(2)", "问题清单(2)", "History(2)"]),
        (["Abc公司", "ABC公司", "abc公司"], ["Abc公司", "ABC公司(2)", "abc公司(3)"]),
        (["甲" * 40, "甲" * 41], ["甲" * 31, "甲" * 28 + "(2)"]),
        (["𠀀" * 16], ["𠀀" * 15]),
        (["\u202e", " "], ["企业", "企业(2)"]),
    ],
)
def test_sheet_names_are_what_excel_takes(companies: list[str], names: list[str]) -> None:
    assert sheet_names(companies, ("问题清单", "附件2")) == names


@pytest.mark.slow
def test_a_county_of_many_companies_with_awkward_names(tmp_path: Path) -> None:
    many = build_results(copies=14)
    renamed = {key: f"甲/乙[{'长' * 40}]{number % 3}" for number, key in enumerate(many.totals["key"])}
    many = replace(many, totals=many.totals.assign(company=many.totals["key"].map(renamed)))
    write_returned(tmp_path / "a.xlsx", many, *XIAOSHAN)
    workbook = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert len(workbook.sheetnames) == 3 + 56
    links = {cell.hyperlink.location for cell in workbook["附件2"]["C"] if cell.hyperlink}
    assert links == {f"'{name}'!A1" for name in workbook.sheetnames[3:]}


# ---------------------------------------------------------------------------------------------- what is another's


OWN_FORM = "杭州市/萧山区/附件1/杭州云帆精密制造有限公司.xlsx"
OTHERS_FORM = "宁波市/北仑区/附件1/宁波海曜汽车零部件股份有限公司.xlsx"


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        (
            "X10",
            {
                "used": f"采用 “{OWN_FORM}”工作表“附件1”，未采用 “{OTHERS_FORM}”工作表“附件1”",
                "differences": "研发 N（E5：3→4）",
            },
        ),
        ("X09", {"other": f"“{OTHERS_FORM}”工作表“附件1”"}),
        ("X08", {"other": f"“{OTHERS_FORM}”工作表“附件1”单元格 C4", "differences": "上年度利润总额分别为“1”“2”"}),
        ("X07", {"other": "宁波市/北仑区/附件2.xlsx", "count": "2"}),
        ("X07", {"other": "宁波市/北仑/没有这一份.xlsx", "count": "2"}),
        ("X16", {"other": f"“{OTHERS_FORM}”工作表“附件1”单元格 C4", "name": "宁波星河铸造厂", "code": "1"}),
        ("X17", {"reason": "同一个代码", "codes": f"“宁波星河铸造厂”1（“{OTHERS_FORM}”工作表“附件1”单元格 C4）"}),
        ("X05", {"candidates": "名称相近的有：宁波星河铸造厂"}),
        ("X06", {"candidates": "名称相近的有：宁波星河 铸造厂"}),
        ("X06", {"candidates": "名称相近的有：宁波星\u200b河铸造\ufeff厂"}),
        ("T21", {"companies": "杭州云帆精密制造有限公司、宁波星河铸造厂", "count": "2"}),
        ("F09", {"what": "北仑区的隐藏行"}),
    ],
)
def test_what_would_quote_another_county_is_said_otherwise(results: Results, code: str, facts: dict[str, str]) -> None:
    here = Where(OWN_FORM, "附件1", "E5")
    issue = Issue(
        CATALOGUE[code],
        here,
        "杭州云帆精密制造有限公司",
        found="3",
        facts=facts,
        city="杭州市",
        county="萧山区",
        id="a",
    )
    (said,) = county_view(replace(results, issues=[issue]), *XIAOSHAN).issues
    assert (said.file, said.cell, said.found) == (OWN_FORM, "E5", "")
    assert said.finding == said_elsewhere(issue) and said.fix == ELSEWHERE_FIX
    assert not [text for text in facts.values() if len(text) > 2 and text in "".join(map(str, said))]


@pytest.mark.parametrize("where", [Where(OTHERS_FORM, "附件1", "E5"), Where("没有这一份.xlsx", "附件1", "E5")])
def test_a_place_in_anothers_file_is_not_named(results: Results, where: Where) -> None:
    issue = Issue(
        NUMBER_UNCLEAR, where, "杭州云帆精密制造有限公司", "research", "N", "13号", city="杭州市", county="萧山区"
    )
    (said,) = county_view(replace(results, issues=[issue]), *XIAOSHAN).issues
    assert (said.file, said.sheet, said.cell, said.found) == (NOT_OURS, "", "", "") and "13号" not in said.finding


def test_a_countys_own_words_are_quoted(results: Results) -> None:
    facts = {
        "used": f"采用 “{OWN_FORM}”工作表“附件1”，未采用 “杭州市/萧山区/附件2.xlsx”工作表“附件2”",
        "differences": "研发",
    }
    where = Where(OWN_FORM, "附件1", "E5")
    issue = Issue(ASSESSMENTS_CONFLICT, where, "杭州云帆精密制造有限公司", facts=facts, city="杭州市", county="萧山区")
    (said,) = county_view(replace(results, issues=[issue]), *XIAOSHAN).issues
    assert OWN_FORM in said.finding and "附件2.xlsx" in said.finding


def test_every_code_says_who_mends_it_and_how_it_looks() -> None:
    codes = {code for code in CATALOGUE if code.startswith(("F", "T", "V", "X"))}
    assert {mender_of(Issue(CATALOGUE[code], Where())) for code in codes} == {"企业", "区县"}
    assert all(example_of(Issue(CATALOGUE[code], Where())) for code in codes)
    assert [example_of(Issue(NUMBER_UNCLEAR, Where()), unit) for unit in ("TB", "个", "万元")] == ["12.5", "3", "350.5"]
    assert mender_of(Issue(NEGATIVE_NUMBER, Where(), part="上年度利润总额")) == "区县"
    assert mender_of(Issue(NEGATIVE_NUMBER, Where(), indicator="research", part="N")) == "企业"
    assert mender_of(Issue(CELL_NOT_TAKEN, Where(), part="联系电话")) == "区县"
    assert mender_of(Issue(CELL_NOT_TAKEN, Where())) == "企业"  # a labelled cell of 附件1
    assert mender_of(Issue(PROGRAM_FAULT, Where())) == "省"


def test_what_the_county_wrote_before_is_not_lost(results: Results, tmp_path: Path) -> None:
    explained = [issue._replace(statement="属实，电话13900000009") for issue in results.issues]
    write_returned(tmp_path / "a.xlsx", replace(results, issues=explained), *XIAOSHAN)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["问题清单"]
    assert [sheet.cell(row, 14).value for row in (5, 6)] == ["属实，电话139****0009"] * 2


# ---------------------------------------------------------------------------------------------- one zip per county


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("CON", "_CON"),
        ("nul.xlsx", "_nul.xlsx"),
        ("COM1 .txt", "_COM1 .txt"),
        ("aux公司.xlsx", "aux公司.xlsx"),
        ('甲/乙\\丙:丁*戊?"<>|.xlsx', "甲_乙_丙_丁_戊_____.xlsx"),
        ("甲. .", "甲"),
        ("...", "未命名"),
        ("", "未命名"),
        ("甲\u202e\u200b乙\x00", "甲乙"),
        ("甲" * 90 + ".xlsx", "甲" * 55 + ".xlsx"),
        ("𠀀" * 40, "𠀀" * 30),
        ("e\u0301", "é"),
        ("a\tb\nc", "a b c"),
    ],
)
def test_names_that_windows_takes(name: str, safe: str) -> None:
    assert safe_name(name) == safe and safe_name(safe) == safe


def test_names_are_told_apart_where_case_is_not() -> None:
    names = safe_names(["A公司.xlsx", "a公司.xlsx", "ａ公司.xlsx", "甲" * 70 + ".xlsx", "甲" * 80 + ".xlsx"])
    assert list(names.values()) == [
        "A公司.xlsx",
        "a公司(2).xlsx",
        "甲" * 55 + ".xlsx",
        "甲" * 52 + "(2).xlsx",
        "ａ公司.xlsx",
    ]


def test_a_zip_holds_the_folder_and_has_the_same_bytes_every_time(tmp_path: Path) -> None:
    contents = []
    for name in ("a", "b"):
        folder = tmp_path / name / "萧山区"
        for path in (
            ("推荐排序结果.xlsx", "已标注/甲公司_1.xlsx")
            if name == "a"
            else ("已标注/甲公司_1.xlsx", "推荐排序结果.xlsx")
        ):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(path.encode())
        os.utime(folder / "推荐排序结果.xlsx", (0, 10**9 if name == "a" else 2 * 10**9))
        contents.append(zip_folder(folder, "2024-01-01").read_bytes())
    assert contents[0] == contents[1]
    with zipfile.ZipFile(tmp_path / "a" / "萧山区.zip") as archive:
        entries = archive.infolist()
        assert [entry.filename for entry in entries] == ["萧山区/已标注/甲公司_1.xlsx", "萧山区/推荐排序结果.xlsx"]
        assert all(entry.flag_bits & 0x800 and entry.date_time == (2024, 1, 1, 0, 0, 0) for entry in entries)
        assert {(entry.create_system, entry.external_attr) for entry in entries} == {(3, 0o644 << 16)}
        assert archive.read(entries[1]) == "推荐排序结果.xlsx".encode()


@pytest.mark.parametrize("names", [["a.xlsx", "A.xlsx"], ["甲?.xlsx"], ["CON"], ["/".join(["长" * 50] * 4)]])
def test_a_zip_that_windows_could_not_unpack_is_not_made(names: list[str], tmp_path: Path) -> None:
    for name in names:
        (tmp_path / "甲区" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "甲区" / name).write_bytes(b"")
    with pytest.raises(ValueError, match=r"name|path"):
        zip_folder(tmp_path / "甲区", "2024-01-01")


def test_every_county_gets_a_zip_of_its_folder(results: Results, tmp_path: Path) -> None:
    folders = county_folders(results)
    assert [folder.path for folder in folders] == [
        "返还/宁波市/北仑区",
        *(f"返还/杭州市/{name}" for name in ("余杭区", "淳安县", "萧山区")),
    ]
    job = job_of(tmp_path, results, folders, 1)
    for folder in folders:
        write_county(job, folder)
        with zipfile.ZipFile(tmp_path / f"{folder.path}.zip") as archive:
            (name,) = archive.namelist()
            assert name == f"{folder.county}/推荐排序结果.xlsx"
            assert archive.read(name) == (tmp_path / folder.path / "推荐排序结果.xlsx").read_bytes()


def test_folders_of_counties_with_awkward_names(results: Results) -> None:
    names = {"萧山区": "a/b", "余杭区": "A/B", "北仑区": "../x", "淳安县": "NUL"}
    totals = results.totals.assign(county=results.totals["county"].map(names))
    files = results.files.assign(county="")
    moved = replace(results, totals=totals, files=files, nil_returns=(("杭州市", "NUL"),))
    assert [folder.path for folder in county_folders(moved)] == [
        "返还/宁波市/_x",
        "返还/杭州市/A_B",
        "返还/杭州市/_NUL",
        "返还/杭州市/a_b(2)",
    ]


def test_a_text_that_is_sent_quotes_no_other_county(results: Results) -> None:
    facts = {"other": f"“{OTHERS_FORM}”工作表“附件1”单元格 C4", "differences": "上年度利润总额分别为“1”“2”"}
    where = Where(OWN_FORM, "附件1", "E5")
    issue = Issue(NOMINATIONS_CONFLICT, where, "杭州云帆精密制造有限公司", facts=facts, city="杭州市", county="萧山区")
    (text,) = (row.text for row in reminders(replace(results, issues=[issue])) if row.county == "萧山区")
    assert said_elsewhere(issue) in text and OWN_FORM in text and "北仑" not in text


@pytest.mark.parametrize(("day", "year"), [("1970-01-02", 1980), ("2200-01-02", 2107)])
def test_a_zip_of_a_day_that_zips_cannot_tell(day: str, year: int, tmp_path: Path) -> None:
    (tmp_path / "甲区").mkdir()
    (tmp_path / "甲区" / "a.xlsx").write_bytes(b"")
    with zipfile.ZipFile(zip_folder(tmp_path / "甲区", day)) as archive:
        assert archive.infolist()[0].date_time == (year, 1, 2, 0, 0, 0)
