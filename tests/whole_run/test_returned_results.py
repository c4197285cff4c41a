"""What a county types into its 推荐排序结果.xlsx instead of into its forms is said, with the file to use instead; what it
only looked at is not. Cells with an X 错误 are marked too, and the copy says where to correct."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from pipeline import run
from pipeline.issues.issue import Issue
from pipeline.issues.words import message_of
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from tests.support.arrivals import form, laid_out, nominated, nomination

pytestmark = pytest.mark.slow

HERE, THERE = "杭州市/上城区", "宁波市/慈溪市"
NAMES = ("甲机械有限公司", "乙机械有限公司")
LIST = f"{HERE}/附件2.xlsx"
FILES = {
    LIST: nomination(
        nominated(1, NAMES[0], cloud="100000", it="1,234.567", revenue="1.2亿"), nominated(2, NAMES[1], profit="-")
    ),
    **{f"{HERE}/{name}.xlsx": form(name, answers={"cloud_spend": (10, 1234.567)}) for name in NAMES},
    f"{THERE}/附件2.xlsx": nomination(nominated(1, "丁机械有限公司", "慈溪市")),
}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Path:
    folder = tmp_path_factory.mktemp("first")
    run.report(laid_out(folder / "in", FILES), folder / "out", rulebook, run.Options(1))
    return folder / "out" / "返还" / HERE


def again(content: bytes, path: str, tmp_path: Path, rulebook: Rulebook) -> Results:
    return run.compute([laid_out(tmp_path, FILES | {path: content})], rulebook, run.Options(1))


def typed(content: bytes, sheet: str, header: str, company: str, value: object) -> bytes:
    """The workbook as another program saves it, with a value in the company's row below a header."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = list(book[sheet].iter_rows())
    column = next(cell.column for row in rows for cell in row if header in str(cell.value).replace("\n", ""))
    row = next(cell.row for row in rows for cell in row if cell.value == company)
    book[sheet].cell(row, column).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def raised(results: Results, *codes: str) -> list[Issue]:
    return [issue for issue in results.issues if issue.code in codes]


RESULT = "推荐排序结果.xlsx"


def test_results_as_they_were_sent_are_no_question(first: Path, tmp_path: Path, rulebook: Rulebook):
    results = again((first / RESULT).read_bytes(), f"{HERE}/{RESULT}", tmp_path, rulebook)
    assert not raised(results, "F43", "F44")


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("上年度销售收入", 13000),
        ("近三年上云投入", 10),
        ("主营业务", "阀门"),
        ("联系电话", "13900000009"),
        ("信息化负责人", "李四"),
        ("推荐意见", "不推荐"),
    ],
)
def test_a_correction_typed_into_the_results_is_said(
    first: Path, tmp_path: Path, rulebook: Rulebook, header: str, value: object
):
    content = typed((first / RESULT).read_bytes(), "附件2", header, NAMES[0], value)
    results = again(content, f"{HERE}/改/{RESULT}", tmp_path, rulebook)
    (issue,) = raised(results, "F43", "F44")
    words = message_of(issue, rulebook.labels)
    assert issue.code == "F43" and issue.level == "提醒" and issue.county == "上城区"
    assert NAMES[0] in words and header in words and f"“{LIST}”" in words and "1 处" in words
    assert "13900000009" not in words and "李四" not in words
    assert float(results.enterprises.set_index("company").loc[NAMES[0], "revenue"]) == 12000


def test_a_change_on_another_sheet_is_said_too(first: Path, tmp_path: Path, rulebook: Rulebook):
    book = openpyxl.load_workbook(io.BytesIO((first / RESULT).read_bytes()))
    book.worksheets[-1]["A3"] = 7
    stream = io.BytesIO()
    book.save(stream)
    assert [
        issue.code for issue in raised(again(stream.getvalue(), f"{HERE}/{RESULT}", tmp_path, rulebook), "F43", "F44")
    ] == ["F44"]


def test_only_a_statement_written_into_the_results_is_no_change(first: Path, tmp_path: Path, rulebook: Rulebook):
    book = openpyxl.load_workbook(io.BytesIO((first / RESULT).read_bytes()))
    sheet = book["问题清单"]
    header = next(row for row in sheet.iter_rows() if any(cell.value == "情况说明" for cell in row))
    sheet.cell(header[0].row + 1, next(cell.column for cell in header if cell.value == "情况说明")).value = "属实"
    stream = io.BytesIO()
    book.save(stream)
    assert not raised(again(stream.getvalue(), f"{HERE}/{RESULT}", tmp_path, rulebook), "F43", "F44")


def test_another_countys_results_are_compared_with_nothing(first: Path, tmp_path: Path, rulebook: Rulebook):
    content = typed((first / RESULT).read_bytes(), "附件2", "上年度销售收入", NAMES[0], 13000)
    results = again(content, f"{THERE}/{RESULT}", tmp_path, rulebook)
    assert not raised(results, "F43")


def test_a_cell_with_an_error_between_the_forms_is_marked(first: Path):
    book = openpyxl.load_workbook(first / "已标注" / f"{NAMES[0]}_1.xlsx")
    noted = [cell for row in book["附件1"].iter_rows() for cell in row if cell.comment]
    assert len(noted) == 1 and noted[0].value == 10 and "单位填错" in noted[0].comment.text
    texts = [str(cell.value) for row in book["问题清单"].iter_rows(max_row=3) for cell in row if cell.value]
    assert any("请直接在本文件的附件1中改正" in text for text in texts)
    assert not any("填报表样" in text for text in texts)
