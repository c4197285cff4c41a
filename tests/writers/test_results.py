"""The five workbooks of the province: their contents, what they may not contain, and the expected texts."""

from __future__ import annotations

import csv
import re
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from pipeline.model.results import Results
from pipeline.model.stamps import OUTPUT_STAMP
from pipeline.writers.audit.workbook import write_audit
from pipeline.writers.layout.official import ranking_columns
from pipeline.writers.layout.problems import ISSUES
from pipeline.writers.official.pool import has_pool_figures, write_progress
from pipeline.writers.official.ranking import write_nomination, write_public_list
from pipeline.writers.problems.workbook import write_problems
from tests.support.golden import check_golden, text_of
from tests.support.results_builder import CONTACT, PHONE, build_results

WRITERS = {
    "nomination": write_nomination,
    "public_list": write_public_list,
    "progress": write_progress,
    "audit": write_audit,
    "problems": write_problems,
}


@pytest.fixture(scope="module")
def results() -> Results:
    return build_results()


@pytest.fixture(scope="module")
def written(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The path of each workbook by its writer's name, every one written once."""
    folder = tmp_path_factory.mktemp("written")
    for name, write in WRITERS.items():
        write(folder / f"{name}.xlsx", results)
    return lambda name: folder / f"{name}.xlsx"


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "audit"])
def test_workbook_reads_as_expected(name: str, written: Callable[[str], Path]) -> None:
    check_golden(name, text_of(written(name)))


def test_audit_of_two_companies_reads_as_expected(results: Results, tmp_path: Path) -> None:
    few = {"杭州云帆精密制造有限公司", "杭州蓝桥数控机床有限公司"}
    tables = {name: getattr(results, name) for name in ("totals", "enterprises", "answers", "marks", "scores")}
    kept = {name: table[table["key"].isin(few)].reset_index(drop=True) for name, table in tables.items()}
    write_audit(tmp_path / "a.xlsx", replace(results, **kept, panel=None))
    check_golden("audit", text_of(tmp_path / "a.xlsx"))


@pytest.mark.parametrize("name", WRITERS)
def test_same_results_same_bytes(name: str, written: Callable[[str], Path], tmp_path: Path) -> None:
    WRITERS[name](tmp_path / "again.xlsx", build_results())
    assert (tmp_path / "again.xlsx").read_bytes() == written(name).read_bytes()


@pytest.mark.parametrize("name", WRITERS)
def test_every_sheet_but_a_paper_to_be_signed_carries_the_visible_stamp(
    name: str, written: Callable[[str], Path]
) -> None:
    stamped = {
        sheet.title: any(OUTPUT_STAMP in str(value) for row in sheet.iter_rows(values_only=True) for value in row)
        for sheet in openpyxl.load_workbook(written(name)).worksheets
    }
    assert any(stamped.values())
    assert {sheet for sheet, found in stamped.items() if not found} <= {"附件2", "市级", "区县级", "公示名单"}


@pytest.mark.parametrize("name", [name for name in WRITERS if name != "nomination"])
def test_contacts_stand_in_no_other_workbook(name: str, written: Callable[[str], Path]) -> None:
    assert not _holds(written(name), PHONE) and not _holds(written(name), CONTACT)


def test_contacts_stand_only_in_their_columns(written: Callable[[str], Path], rulebook) -> None:
    workbook = openpyxl.load_workbook(written("nomination"))
    columns = {column.id: number for number, column in enumerate(rulebook.nomination_columns, start=1)}
    places = {
        (sheet.title, cell.column)
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value in (PHONE, CONTACT)
    }
    assert places == {("附件2", columns["contact"]), ("附件2", columns["phone"])}


def test_nomination_lists_ranked_then_provisional_then_unscored(written: Callable[[str], Path], rulebook) -> None:
    sheet = openpyxl.load_workbook(written("nomination"))["附件2"]
    rows = list(sheet.iter_rows(min_row=4, max_col=3, values_only=True))
    header = [cell.value for cell in sheet[4]]
    assert header == [column.header for column in rulebook.nomination_columns]
    assert [row[0] for row in rows[1:6]] == [1, 2, 3, 4, "（4）"]
    assert rows[6][0].startswith("未评分") and rows[7][2] == "宁波恒岳模具有限公司" and rows[7][0] is None
    assert len(rows) == 8
    assert "试算" in sheet["A2"].value and sheet.print_title_rows == "$4:$4"


def test_ranking_sheet_filters_from_its_first_row(written: Callable[[str], Path], rulebook) -> None:
    sheet = openpyxl.load_workbook(written("nomination"))["排名"]
    labels = [cell.value for cell in sheet[1]]
    assert labels == [column.label for column in ranking_columns(rulebook, trial=True)]
    assert not sheet.merged_cells.ranges and sheet.freeze_panes == "G2"
    assert sheet.auto_filter.ref.startswith("A1:") and sheet.auto_filter.ref.endswith(str(1 + 8))
    companies = [cell.value for cell in sheet["F"]]
    assert "杭州启明阀门有限公司" not in companies  # 未推荐: not the province's to rank


def test_totals_of_different_rank_look_different(written: Callable[[str], Path]) -> None:
    # 88.00004 and 88.0 both show 88.00; their cells show five decimals.
    sheet = openpyxl.load_workbook(written("nomination"))["排名"]
    column = [cell.value for cell in sheet[1]].index("总分") + 1
    assert [sheet.cell(row, column).number_format for row in (2, 3, 4, 5)] == ["0.00", "0.00000", "0.00000", "0.00"]


def test_without_marks_the_title_says_objective_points_only(tmp_path: Path) -> None:
    write_nomination(tmp_path / "a.xlsx", build_results(has_marks=False, trial=False))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["附件2"]
    assert "（仅客观分）" in sheet["A2"].value and "试算" not in sheet["A2"].value


def test_public_list_holds_the_ranked_alone(written: Callable[[str], Path]) -> None:
    rows = list(openpyxl.load_workbook(written("public_list")).active.iter_rows(min_row=3, values_only=True))
    assert rows[0] == ("序号", "市", "区县", "企业名称")
    assert [row[0] for row in rows[1:]] == [1, 2, 3, 4]
    assert {row[3] for row in rows[1:]}.isdisjoint({"杭州蓝桥数控机床有限公司", "宁波恒岳模具有限公司"})


def test_progress_sums_are_live_and_stored(written: Callable[[str], Path]) -> None:
    formulas = openpyxl.load_workbook(written("progress"))["市级"]
    stored = openpyxl.load_workbook(written("progress"), data_only=True)["市级"]
    assert all(str(formulas.cell(row, column).value).startswith("=") for row in range(5, 17) for column in (6, 8))
    assert all(str(cell.value).startswith("=") for cell in formulas[16][2:])
    # 全省合计 of the notice: 75 489 487 1051 750 140.1%
    assert [cell.value for cell in stored[16][:7]] == [12, "全省合计", 75, 489, 487, 1051, 750]
    assert stored["H10"].value == pytest.approx(97 / 68)


def test_progress_formulas_come_to_the_stored_figures(
    written: Callable[[str], Path], tmp_path: Path, libreoffice: str
) -> None:
    """Stripped of its stored results the workbook must calculate to the same figures."""
    bare = tmp_path / "bare.xlsx"
    with zipfile.ZipFile(written("progress")) as source, zipfile.ZipFile(bare, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(rb"</f><v>[^<]*</v>", b"</f>", content)
            target.writestr(name, content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    second_sheet_as_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2"
    command = [
        libreoffice,
        profile,
        "--headless",
        "--convert-to",
        second_sheet_as_csv,
        "--outdir",
        str(tmp_path),
        str(bare),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    calculated = list(csv.reader(next(tmp_path.glob("bare*.csv")).open(encoding="utf-8")))
    figures = {row[1]: [float(text.rstrip("%")) for text in row[2:]] for row in calculated[4:16]}
    assert figures["全省合计"] == [75, 1113, 943, 2131, 2250, pytest.approx(2131 / 2250 * 100)]
    assert figures["绍兴市"] == [4, 41, 86, 131, 206, pytest.approx(131 / 206 * 100)]


def test_progress_without_target_or_counts_shows_blanks(tmp_path: Path, results: Results) -> None:
    regions = results.regions.copy()
    blank = (regions["region"] == "舟山市") | (
        (regions["region"] == "丽水市") & regions["item"].isin(["target", "progress"])
    )
    regions.loc[blank, "value"] = float("nan")
    write_progress(tmp_path / "a.xlsx", replace(results, regions=regions))
    stored = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)["市级"]
    assert [stored.cell(13, column).value or None for column in range(3, 9)] == [None] * 6
    assert (stored["F15"].value, stored["G15"].value, stored["H15"].value or None) == (26, None, None)
    live = openpyxl.load_workbook(tmp_path / "a.xlsx")["市级"]  # a blank sum stays blank until every year is there
    assert ["<3" in live[cell].value for cell in ("F13", "F15")] == [True, False]
    assert has_pool_figures(regions)
    assert not has_pool_figures(regions.assign(value=float("nan")))


def test_printed_figures_are_compared(written: Callable[[str], Path]) -> None:
    # The notice prints 142.7% for 绍兴市 市级; 97/68 is 142.6%.
    rows = list(openpyxl.load_workbook(written("progress"))["核对"].iter_rows(min_row=2, max_row=3, values_only=True))
    assert [(row[2], row[6]) for row in rows] == [("完成进度", "不一致"), ("三年累计数", "一致")]
    assert rows[0][5] == pytest.approx(0.001)


def test_overview_counts_add_up(written: Callable[[str], Path], rulebook) -> None:
    sheet = openpyxl.load_workbook(written("problems"))["概况"]
    counts = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if isinstance(row[1], int | float)}
    assert counts["应报"] == len(rulebook.expected_counties) == 90
    assert counts["未交"] + counts["已交"] == counts["应报"]
    parts = [counts[f"　{part}"] for part in ("无问题", "只有提醒", "有错误")]
    assert sum(parts) == counts["已交"] and parts == [1, 1, 2]


def chased(path: Path) -> list[tuple]:
    """The rows of 催报, without the stamp below them."""
    rows = openpyxl.load_workbook(path)["催报"].iter_rows(min_row=2, values_only=True)
    return [row for row in rows if row[2]]


def test_every_city_has_one_line_before_its_counties(written: Callable[[str], Path], rulebook) -> None:
    rows = chased(written("problems"))
    cities = [row for row in rows if row[0] and not row[1]]
    assert [row[0] for row in cities] == list(rulebook.city_names)
    assert cities[0][2] == "全市：未交 10、有错误 1、有提醒 1" and cities[0][3:7] == (None,) * 4
    assert all(rows[rows.index(row) + 1][0] == row[0] for row in cities)


def test_every_expected_county_has_one_line(written: Callable[[str], Path], rulebook) -> None:
    rows = [row for row in chased(written("problems")) if row[1]]
    assert [(row[0], row[1]) for row in rows] == [(county.city, county.name) for county in rulebook.expected_counties]
    states = {row[1]: row[2] for row in rows}
    assert (states["萧山区"], states["余杭区"], states["淳安县"], states["上城区"]) == (
        "有错误 1",
        "有提醒 1",
        "零报送",
        "未交",
    )


def test_a_county_beyond_the_list_is_counted_apart(tmp_path: Path, results: Results) -> None:
    nil_returns = (*results.nil_returns, ("宁波市", "宁波前湾新区"))
    write_problems(tmp_path / "a.xlsx", replace(results, nil_returns=nil_returns))
    workbook = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [row[1] for row in chased(tmp_path / "a.xlsx") if row[0] == "宁波市"][-1] == "宁波前湾新区"
    counts = {row[0]: row[1] for row in workbook["概况"].iter_rows(values_only=True)}
    assert (counts["应报"], counts["名单以外"]) == (90, 1)


def test_accepted_issues_are_not_dunned_for(tmp_path: Path, results: Results) -> None:
    accepted = [issue._replace(state="已接受") for issue in results.issues]
    write_problems(tmp_path / "a.xlsx", replace(results, issues=accepted))
    assert {row[2] for row in chased(tmp_path / "a.xlsx") if row[1]} == {"未交", "已收", "零报送"}


def test_issue_list_is_tinted_and_worded(written: Callable[[str], Path]) -> None:
    sheet = openpyxl.load_workbook(written("problems"))["明细"]
    labels = [cell.value for cell in sheet[1]]
    assert labels == [column.label for column in ISSUES]
    levels = {sheet.cell(row, 3).value: sheet.cell(row, 3).fill.fgColor.rgb for row in range(2, 7)}
    assert set(levels) == {"错误", "提醒"} and levels["错误"] != levels["提醒"]
    assert sheet["J5"].value == "=500GB" and sheet["J5"].data_type == "s"


def test_a_phone_typed_in_the_wrong_place_is_masked(tmp_path: Path, results: Results) -> None:
    issue = results.issues[0]._replace(found=f"问王一 {PHONE}")
    write_problems(tmp_path / "a.xlsx", replace(results, issues=[issue]))
    assert not _holds(tmp_path / "a.xlsx", PHONE)


def test_audit_keeps_raw_read_and_used_values(written: Callable[[str], Path]) -> None:
    sheet = openpyxl.load_workbook(written("audit"), data_only=True)["原始值"]
    labels = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2, values_only=True) if row[1] == "杭州蓝桥数控机床有限公司")
    shown = dict(zip(labels, row, strict=True))
    assert (shown["N 原值"], shown["N 采用值"], shown["N 情况"], shown["N 单元格"]) == ("待定", None, "错误", "E5")
    assert (shown["M 采用值"], shown["能否计分"]) == (10, "不能")


def test_no_output_has_hidden_parts_links_or_macros(written: Callable[[str], Path]) -> None:
    for name in WRITERS:
        with zipfile.ZipFile(written(name)) as archive:
            parts = {part: archive.read(part) for part in archive.namelist()}
        assert not any("externalLink" in part or "vba" in part or "comments" in part for part in parts)
        sheets = b"".join(content for part, content in parts.items() if part.startswith("xl/worksheets/"))
        assert b"hidden=" not in sheets
        links = re.findall(rb"<hyperlink [^>]*>", sheets)
        assert all(b" location=" in link and b"r:id=" not in link for link in links)  # inside the same workbook
        assert (name == "audit") == bool(links)
        assert b"state=" not in parts["xl/workbook.xml"]
        assert b'TargetMode="External"' not in b"".join(parts.values())


def test_an_empty_province_still_writes(tmp_path: Path, results: Results) -> None:
    empty = replace(
        results,
        issues=[],
        tie_notes=[],
        nil_returns=(),
        panel=None,
        **{
            name: getattr(results, name).iloc[:0]
            for name in ("enterprises", "answers", "marks", "scores", "totals", "recognised", "files")
        },
    )
    for name, write in WRITERS.items():
        write(tmp_path / f"{name}.xlsx", empty)
    sheet = openpyxl.load_workbook(tmp_path / "public_list.xlsx").active
    assert sheet["A4"].value == "没有已排名的企业"


def _holds(path: Path, text: str) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(text.encode() in archive.read(name) for name in archive.namelist())
