"""A county's workbook holds its own companies and issues, and no byte of another county's."""

from __future__ import annotations

import zipfile
from dataclasses import fields, replace
from pathlib import Path

import openpyxl
import pytest

from pipeline.issues import Issue, Where
from pipeline.tables import Results
from pipeline.writers import layout
from pipeline.writers.reminders import reminders
from pipeline.writers.returned import CountyView, county_view, write_returned
from tests.golden import check_golden, text_of
from tests.results_builder import COMPANIES, build_results

XIAOSHAN = ("杭州市", "萧山区")
BEILUN = ("宁波市", "北仑区")

# An expert's slip about a company of 萧山区: the province's business, and the file bears the expert's name.
MARK_ISSUE = Issue(
    "E01", Where("专家评分/李专家.xlsx", "Sheet1", "C9"), "杭州蓝桥数控机床有限公司", "cloud_native", found="5",
    facts={"points": "4"}, city="杭州市", county="萧山区", id="E01-AAAAAA",
)  # fmt: skip


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
    assert workbook.sheetnames == ["问题清单", "附件2"]
    labels = [cell.value for cell in workbook["问题清单"][4]]
    assert labels == [column.label for column in layout.COUNTY_ISSUES] and labels[-1] == "情况说明"
    cells = [[cell.value for cell in row] for row in workbook["问题清单"].iter_rows(min_row=5)]
    assert [(row[2], row[6], row[-1]) for row in cells] == [("错误", "E5", None), ("提醒", None, None)]


def test_places_of_a_trial_are_headed_so(workbook_path: Path, results: Results, tmp_path: Path) -> None:
    header = [cell.value for cell in openpyxl.load_workbook(workbook_path)["附件2"][4]]
    assert {"试算\n全省名次", "试算\n全市名次", "试算\n区县名次"} <= set(header)
    write_returned(tmp_path / "a.xlsx", build_results(trial=False), *XIAOSHAN)
    header = [cell.value for cell in openpyxl.load_workbook(tmp_path / "a.xlsx")["附件2"][4]]
    assert {"全省名次", "全市名次", "区县名次"} <= set(header)


def test_unnominated_and_refused_companies_stand_under_their_lines(results: Results, tmp_path: Path) -> None:
    write_returned(tmp_path / "a.xlsx", results, "杭州市", "余杭区")
    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx")["附件2"].iter_rows(min_row=5, max_col=3, values_only=True))
    assert rows[0][2] == "浙江青禾智能装备有限公司" and rows[1][0].startswith("未推荐") and rows[2][2] == "杭州启明阀门有限公司"


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
    assert "李专家" not in next(row.text for row in reminders(results, {}) if row.county == XIAOSHAN[1])


def test_the_view_has_no_field_for_anyone_else(results: Results) -> None:
    view = county_view(results, *BEILUN)
    assert {entry.name for entry in fields(CountyView)} == {
        "rulebook", "date", "standing", "city", "county", "companies", "issues",
    }  # fmt: skip
    assert set(view.companies["county"]) == {"北仑区"} and len(view.companies) == 3
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
