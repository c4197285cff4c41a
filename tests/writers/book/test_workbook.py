"""In every workbook we write, text from outside stays text. Every workbook carries its stamp, and the same content gives
the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from pipeline.model import stamps
from pipeline.model.results import Standing
from pipeline.writers.book import workbook as books
from pipeline.writers.book.fitting import lines_in, text_width
from pipeline.writers.book.listing import write_listing
from pipeline.writers.book.stamped import output_book, titled
from pipeline.writers.book.workbook import Book, Column, open_book, safe_text

FINAL = Standing(final=True, has_marks=True)
TRIAL = Standing(final=False, reasons=("待处理的错误 2 处",), has_marks=False, demo=True)


def _written(path: Path, fill: Callable[[Book], None], **options: object) -> openpyxl.Workbook:
    with open_book(path, "2024-01-01", "题", {stamps.OUTPUT_PROPERTY: stamps.OUTPUT_PROPERTY_VALUE}, **options) as book:
        fill(book)
    return openpyxl.load_workbook(path)


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@SUM(A1)", "\tx", '=HYPERLINK("http://a","b")'])
def test_text_that_looks_like_a_formula_is_quoted_text(tmp_path: Path, text: str) -> None:
    def fill(book: Book) -> None:
        sheet = book.sheet("表")
        book.put(sheet, 0, 0, text, "body")
        book.merge(sheet, (1, 0, 1, 2), text, "body")

    sheet = _written(tmp_path / "a.xlsx", fill)["表"]
    for address in ("A1", "A2"):
        assert (sheet[address].value, sheet[address].data_type, sheet[address].quotePrefix) == (text, "s", True)
    assert b"<f>" not in _part(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("large", [False, True])
def test_links_markup_and_numbers_stay_plain_text(tmp_path: Path, large: bool) -> None:
    texts = ["http://example.com", "<r><t>x</t></r>", "00123", "_x0041_", "<b>&amp;</b>", "a\x00b\x0bc\ud800d\uffffe"]

    def fill(book: Book) -> None:
        sheet = book.sheet("表")
        for row, text in enumerate(texts):
            book.put(sheet, row, 0, text, "body")

    sheet = _written(tmp_path / "a.xlsx", fill, large=large)["表"]
    found = [sheet.cell(row + 1, 1).value for row in range(len(texts))]
    assert [found[0], found[2], found[4], found[5]] == [texts[0], "00123", "<b>&amp;</b>", "abcde"]
    assert found[1].strip() == texts[1]
    assert not sheet._hyperlinks
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        parts = b"".join(archive.read(name) for name in archive.namelist())
    assert b"_x005F_x0041_" in parts


def test_long_text_is_cut_and_says_so() -> None:
    cut = safe_text("长" * 40_000)
    assert len(cut) == books.MAX_TEXT
    assert "40000" in cut
    beyond = safe_text("😀" * 20_000)
    assert len(beyond.encode("utf-16-le")) // 2 <= books.MAX_TEXT
    assert safe_text("短") == "短"


def test_nothing_is_written_as_a_blank(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        sheet = book.sheet("表")
        for column, value in enumerate([None, float("nan"), float("inf"), 0, 2.5]):
            book.put(sheet, 0, column, value, "number")

    sheet = _written(tmp_path / "a.xlsx", fill)["表"]
    assert [cell.value for cell in sheet[1]] == [None, None, None, 0, 2.5]


def test_widths_count_chinese_characters_twice() -> None:
    assert text_width("云上abc\n一") == 7
    assert lines_in("云" * 20, 21) == 2
    assert lines_in("", 10) == 1


def test_a_row_grows_with_its_longest_text(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        sheet = book.sheet("表")
        book.rows(
            sheet, 0, [Column("a", "甲", 10), Column("b", "乙", 10)], [["短", "很长的一段文字" * 3], ["短", "短"]]
        )

    sheet = _written(tmp_path / "a.xlsx", fill)["表"]
    assert sheet.row_dimensions[1].height > 4 * books.LINE_HEIGHT
    assert sheet.row_dimensions[2].height in (None, books.ROW_HEIGHT)


def test_short_lines_make_a_row_grow_too(tmp_path: Path) -> None:
    columns = [Column("a", "甲", 40), Column("b", "乙", 10, "line")]
    sheet = _written(
        tmp_path / "a.xlsx", lambda book: book.rows(book.sheet("表"), 0, columns, [["a\nb\nc", "甲\n乙"]])
    )["表"]
    assert sheet.row_dimensions[1].height > 3 * books.LINE_HEIGHT


def test_a_text_taller_than_its_row_shows_its_beginning(tmp_path: Path) -> None:
    columns = [Column("a", "甲", 10), Column("b", "乙", 10)]
    sheet = _written(tmp_path / "a.xlsx", lambda book: book.rows(book.sheet("表"), 0, columns, [["长" * 3000, "短"]]))[
        "表"
    ]
    assert abs(sheet.row_dimensions[1].height - books.MAX_HEIGHT) < 1
    assert [cell.alignment.vertical for cell in sheet[1]] == ["top", "center"]


def test_marks_of_direction_do_not_turn_the_words_around() -> None:
    assert safe_text("\u202e甲\u2066乙\u200f有限公司") == "甲乙有限公司"


def test_an_output_carries_stamp_label_and_reasons(tmp_path: Path) -> None:
    with output_book(tmp_path / "a.xlsx", "2024-01-01", "题", TRIAL) as book:
        book.sheet("表")
    workbook = openpyxl.load_workbook(tmp_path / "a.xlsx")
    properties = {entry.name: entry.value for entry in workbook.custom_doc_props.props}
    assert properties[stamps.OUTPUT_PROPERTY] == stamps.OUTPUT_PROPERTY_VALUE
    assert properties[stamps.DEMO_PROPERTY] == stamps.DEMO_PROPERTY_VALUE
    assert "试算" in workbook.properties.title and "待处理的错误 2 处" in workbook.properties.description
    assert "试算" in workbook["表"].oddFooter.left.text and stamps.DEMO_LABEL in workbook["表"].oddFooter.left.text
    assert (int(workbook["表"].page_setup.paperSize), workbook["表"].sheet_properties.pageSetUpPr.fitToPage) == (
        9,
        True,
    )


def test_a_final_title_stands_alone() -> None:
    assert titled("题", FINAL, ranking=True) == "题"
    assert titled("题", TRIAL, ranking=True) == "题（仅客观分）（试算）（演示数据）"


@pytest.mark.parametrize("large", [False, True])
def test_same_content_same_bytes(tmp_path: Path, large: bool) -> None:
    def fill(book: Book) -> None:
        write_listing(book, "表", [Column("a", "甲", 10)], [["一"], [2.5]], FINAL)

    for name in ("a.xlsx", "b.xlsx"):
        _written(tmp_path / name, fill, large=large)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_listing_beyond_one_sheet_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "MAX_ROWS", 2)
    columns = [Column("a", "甲", 10)]
    workbook = _written(tmp_path / "a.xlsx", lambda book: write_listing(book, "表", columns, [[1], [2], [3]], FINAL))
    assert workbook.sheetnames == ["表", "表（2）"]
    assert [workbook["表（2）"][address].value for address in ("A1", "A2")] == ["甲", 3]
    assert stamps.OUTPUT_STAMP in workbook["表"]["A5"].value


def _part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)
