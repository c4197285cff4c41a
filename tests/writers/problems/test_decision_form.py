"""人工决定_建议.xlsx is the form on which decisions are made: filled in, saved as 人工决定.xlsx and read again."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from pipeline import run
from pipeline.model.decisions import SHEETS, SUGGESTIONS_NAME, WORKBOOK_NAME
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.writers.problems.decision_form import write_suggestions
from tests.support.arrivals import form, laid_out, nominated, nomination
from tests.support.decisions import decisions
from tests.support.small_province import marks

HERE = "杭州市/上城区"
SIGNATURE = {"理由": "专题会议", "决定人": "王处长", "日期": "2024-06-03"}
FILES = {
    f"{HERE}/附件2.xlsx": nomination(
        nominated(1, "杭州甲公司"), nominated(2, "杭州乙公司"), nominated(3, "杭州丙公司")
    ),
    f"{HERE}/甲.xlsx": form("杭州甲公司"),
    f"{HERE}/甲/甲.xlsx": form("杭州甲公司", answers={"research": (1, 4)}),
    f"{HERE}/乙.xlsx": form("杭州乙公司", answers={"office": ("待定", 4)}),
    "专家评分/一.xlsx": marks("杭州甲公司", "杭州乙公司"),
}


@pytest.fixture
def computed(tmp_path: Path, rulebook: Rulebook) -> Callable[..., Results]:
    def of(files: dict[str, bytes]) -> Results:
        return run.compute([laid_out(tmp_path / "in", files)], rulebook, run.Options(1))

    return of


@pytest.fixture
def suggested(tmp_path: Path) -> Callable[[Results], Path]:
    def of(results: Results) -> Path:
        write_suggestions(tmp_path / SUGGESTIONS_NAME, results)
        return tmp_path / SUGGESTIONS_NAME

    return of


def header(sheet: Worksheet) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[1]}


def ready(sheet: Worksheet) -> list[dict[str, str]]:
    """The rows that are about something, by their headers."""
    columns = header(sheet)
    rows = [
        {name: sheet.cell(row, column).value for name, column in columns.items()} for row in range(2, sheet.max_row + 1)
    ]
    return [row for row in rows if row["针对的问题（供参考）"]]


def sign(sheet: Worksheet, row: int, **values: str) -> None:
    columns = header(sheet)
    for name, value in {**values, **SIGNATURE}.items():
        sheet.cell(row, columns[name]).value = value


def offered(book: openpyxl.Workbook, sheet: str, cell: str) -> list[str]:
    """What the drop-down of a cell offers, [] without one; a formula as it stands."""
    for validation in book[sheet].data_validations.dataValidation:
        if cell not in validation:
            continue
        source = validation.formula1.lstrip("=")
        if source.startswith('"'):
            return source.strip('"').split(",")
        if source in book.defined_names:
            source = book.defined_names[source].attr_text
        if "(" in source:
            return [source]
        name, area = source.replace("'", "").rsplit("!", 1)
        first_column, first, _, last = range_boundaries(area.replace("$", ""))
        return [book[name.lstrip("$")].cell(row, first_column).value for row in range(first, last + 1)]
    return []


def through_libreoffice(program: str, path: Path, folder: Path) -> Path:
    command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to"]
    subprocess.run(
        [*command, "xlsx:Calc MS Excel 2007 XML", "--outdir", f"{folder}/saved", f"{path}"],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return folder / "saved" / path.name


def decide(path: Path) -> None:
    """A person goes through the ready rows: takes the second of the first company's forms, a figure, every nil return,
    every ruling as it is offered first, and takes out the company without a form."""
    book = openpyxl.load_workbook(path)
    sign(book["采用文件"], 2, 文件=offered(book, "采用文件", "B2")[1])
    sign(book["采用值"], 2, 采用值="3")
    for row in range(2, 2 + len(ready(book["零报送"]))):
        sign(book["零报送"], row)
    for row in range(2, 2 + len(ready(book["规则确认"]))):
        sign(book["规则确认"], row, 采用=offered(book, "规则确认", f"B{row}")[0], 依据="会议纪要")
    (row,) = (number for number, each in enumerate(ready(book["剔除"]), start=2) if each["企业"] == "杭州丙公司")
    sign(book["剔除"], row)
    book.save(path)


@pytest.mark.parametrize("way", ["typed", pytest.param("saved by LibreOffice", marks=pytest.mark.office)])
def test_the_filled_in_form_closes_what_was_open(
    way: str, computed, suggested, tmp_path: Path, rulebook: Rulebook, request: pytest.FixtureRequest
):
    before = computed(FILES)
    assert {issue.code for issue in before.issues if issue.open_error} >= {"X10", "V01", "X05"}
    path = suggested(before)
    decide(path)
    if way != "typed":
        path = through_libreoffice(request.getfixturevalue("libreoffice"), path, tmp_path)
    after = computed(FILES | {WORKBOOK_NAME: path.read_bytes()})
    assert [issue for issue in after.issues if issue.open_error] == []
    assert after.rulebook.assumed_rulings == () and after.standing.final
    assert len(after.nil_returns) == len(rulebook.expected_counties) - 1
    statuses = dict(zip(after.totals["company"], after.totals["status"], strict=True))
    assert statuses == {"杭州甲公司": "已排名", "杭州乙公司": "已排名", "杭州丙公司": "已剔除"}
    assert {row["state"] for row in after.decisions} == {"已采用"}
    scores = after.scores.set_index(["company", "indicator"])
    assert scores.loc[("杭州甲公司", "research"), "n"] == 1 and scores.loc[("杭州乙公司", "office"), "n"] == 3


@pytest.mark.office
def test_the_drop_downs_outlive_libreoffice(computed, suggested, tmp_path: Path, libreoffice: str):
    path = suggested(computed(FILES))
    saved = through_libreoffice(libreoffice, path, tmp_path)
    book, again = openpyxl.load_workbook(path), openpyxl.load_workbook(saved)
    cells = [
        ("企业对应", "B9"), ("地区对应", "B3"), ("归属", "A4"), ("归属", "B4"), ("采用值", "A2"), ("采用值", "B3"),
        ("采用值", "C2"), ("采用文件", "A9"), ("采用文件", "B2"), ("剔除", "A30"), ("零报送", "A200"), ("规则确认", "A3"),
        ("规则确认", "B2"), ("规则确认", "B4"),
    ]  # fmt: skip
    for sheet, cell in cells:
        first = offered(book, sheet, cell)
        assert first and offered(again, sheet, cell) == first, (sheet, cell)
    for sheet, cell in (("规则确认", "B20"), ("采用文件", "B20")):
        (formula,) = offered(again, sheet, cell)
        assert formula.startswith("OFFSET(")


# ---------------------------------------------------------------- what stands ready


def test_every_county_not_heard_from_has_a_row_in_the_notices_order(computed, suggested, rulebook: Rulebook):
    rows = ready(openpyxl.load_workbook(suggested(computed(FILES)))["零报送"])
    expected = [county.city + county.name for county in rulebook.expected_counties if county.name != "上城区"]
    assert [row["区县"] for row in rows] == expected


def test_every_company_that_is_held_up_has_a_row_to_take_it_out(computed, suggested):
    rows = ready(openpyxl.load_workbook(suggested(computed(FILES)))["剔除"])
    assert [row["企业"] for row in rows] == ["杭州甲公司", "杭州乙公司", "杭州丙公司"]


def test_what_a_person_fills_in_is_yellow_and_typed_as_text(computed, suggested):
    book = openpyxl.load_workbook(suggested(computed(FILES)))
    sheet = book["采用值"]
    yellow = {
        name: sheet.cell(2, column).fill.fgColor.rgb == "FFFFFFE5"
        for name, column in header(sheet).items()
        if column < 9
    }
    assert yellow == dict.fromkeys(("企业", "指标", "N/M", "原值"), False) | dict.fromkeys(("采用值", *SIGNATURE), True)
    assert sheet["H2"].number_format == "@"
    for kind in SHEETS:
        last = book[kind.name].cell(len(ready(book[kind.name])) + 20, 1)
        assert last.fill.fgColor.rgb == "FFFFFFE5" and last.value is None


def test_choices_are_the_programs_own_words(computed, suggested, rulebook: Rulebook):
    book = openpyxl.load_workbook(suggested(computed(FILES)))
    items = offered(book, "采用值", "B2")
    assert {"云存储", "上云投入", "上年度销售收入", "近三年上云投入"} <= set(items) and "信创应用示范" not in items
    assert offered(book, "归属", "B2")[:2] == ["杭州市上城区", "杭州市拱墅区"]
    assert offered(book, "归属", "A2") == ["杭州丙公司", "杭州乙公司", "杭州甲公司"]  # of one county by code point
    for row, ruling in enumerate(rulebook.assumed_rulings, start=2):
        assert offered(book, "规则确认", f"B{row}") == [entry.sentence for entry in ruling.alternatives]


def test_signed_rows_come_along(computed, suggested):
    """So that the new form, saved over the old one, loses none of them."""
    first = decisions(采用值="杭州乙公司|行政办公|N|待定|3", 零报送="杭州市余杭区", 专家对应="欧阳|欧阳评审")
    results = computed(FILES | {WORKBOOK_NAME: first})
    path = suggested(results)
    book = openpyxl.load_workbook(path)
    (row,) = ready(book["采用值"])
    assert [row[name] for name in ("企业", "指标", "N/M", "原值", "采用值", "决定人")] == [
        "杭州乙公司", "行政办公", "N", "待定", "3", "王处长",
    ]  # fmt: skip
    assert [row["区县"] for row in ready(book["零报送"])].count("杭州市余杭区") == 1
    texts = [str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line]
    assert not any("欧阳" in text for text in texts) and any("专家对应”的 1 行" in text for text in texts)
    again = computed(FILES | {WORKBOOK_NAME: path.read_bytes()})
    kept = [row for row in results.decisions if row["kind"] != "专家对应"]
    assert [(row["about"], row["decided"], row["state"]) for row in again.decisions] == [
        (row["about"], row["decided"], row["state"]) for row in kept
    ]


def test_a_row_that_was_not_taken_is_told_and_not_repeated(computed, suggested):
    results = computed(FILES | {WORKBOOK_NAME: decisions(采用值="杭州乙公司|行政办公|N|5|3")})
    assert "D03" in {issue.code for issue in results.issues}
    book = openpyxl.load_workbook(suggested(results))
    (row,) = ready(book["采用值"])
    assert (row["原值"], row["采用值"], row["决定人"]) == ("待定", None, None)
    assert any("1 行没有采用" in str(cell.value) for line in book["怎样使用"].iter_rows() for cell in line)


# ---------------------------------------------------------------- hostile names, many rows


HOSTILE = ['=HYPERLINK("http://x")有限公司', "甲*?~公司", "<b>乙&公司", "杭州“丁”,公司", "-2+3有限公司"]


def test_hostile_names_are_entries_of_a_list_and_nothing_else(computed, suggested, tmp_path: Path):
    rows = [nominated(number, name) for number, name in enumerate(HOSTILE, start=1)]
    results = computed({f"{HERE}/附件2.xlsx": nomination(*rows)})
    path = suggested(results)
    book = openpyxl.load_workbook(path)
    assert sorted(offered(book, "剔除", "A2")) == sorted(results.totals["company"])
    assert not [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    for row, each in enumerate(ready(book["剔除"]), start=2):
        assert each["企业"] in set(results.totals["company"])
        sign(book["剔除"], row)
    book.save(path)
    again = computed({f"{HERE}/附件2.xlsx": nomination(*rows), WORKBOOK_NAME: path.read_bytes()})
    assert set(again.totals["status"]) == {"已剔除"}


def test_a_list_may_be_longer_than_a_validation_holds(computed, suggested):
    rows = [nominated(number, f"杭州第{number}号精密制造有限公司") for number in range(1, 301)]
    book = openpyxl.load_workbook(suggested(computed({f"{HERE}/附件2.xlsx": nomination(*rows)})))
    assert len(offered(book, "剔除", "A900")) == 300 and len(ready(book["剔除"])) == 300


def test_the_same_results_give_the_same_form(computed, suggested):
    results = computed(FILES)
    first = suggested(results).read_bytes()
    assert suggested(results).read_bytes() == first
