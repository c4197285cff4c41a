"""The forms we fill in have the notice's layout and words, hold values as given, carry a stamp, and repeat to the byte."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import DEMO_PROPERTY, FORM_PROPERTY, FORM_STAMP
from pipeline.writers.forms import filled as forms
from pipeline.writers.forms.filled import AssessmentEntry, FormAnswer, PoolRow
from pipeline.writers.forms.layout import assessment_layout
from pipeline.writers.forms.list_layout import marks_layout, nomination_layout, pool_layout

COMPANY = "杭州甲乙机械有限公司"
ANSWERS = {
    "cloud_storage": FormAnswer(12.5, "１２８"),
    "system_synergy": FormAnswer(3),
    "data_synergy": FormAnswer(2, None, {"研发数据": "√", "供应链数据": "✓"}),
    "cloud_spend": FormAnswer("=1+1", None),
}


def entry(sheet: str = "附件1", answers: dict[str, FormAnswer] | None = None) -> AssessmentEntry:
    return AssessmentEntry(COMPANY, "杭州市", "萧山区", "91330109YL00000003", sheet, answers or {})


@pytest.fixture
def assessment(tmp_path: Path, rulebook: Rulebook) -> Worksheet:
    path = tmp_path / "a.xlsx"
    forms.write_assessments(path, [entry(answers=ANSWERS)], rulebook, demo=True)
    return openpyxl.load_workbook(path)["附件1"]


def cell_of(sheet: Worksheet, text: str):
    """The one cell that says `text`."""
    (cell,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == text]
    return cell


def area_of(sheet: Worksheet, text: str) -> str:
    address = cell_of(sheet, text).coordinate
    return next((str(area) for area in sheet.merged_cells.ranges if address in area), address)


def test_every_word_of_the_form_is_there(assessment: Worksheet, rulebook: Rulebook) -> None:
    words = {cell.value for row in assessment.iter_rows() for cell in row if cell.value}
    for item in rulebook.indicators:
        expected = {f"{item.label}\n（{item.points}）", item.description, item.explanation, *item.categories}
        expected |= {item.n_caption, item.m_caption, item.tick_caption}
        assert expected - {""} <= words, item.id
    assert {"附件1", rulebook.titles.assessment, "填表说明：", *rulebook.filling_notes} <= words
    assert {"评价维度\n（权重）", "应用类型和指标\n（权重）", "具体说明", "评分细项", "评分解释"} <= words
    assert {"基础设施\n（20）", "云上数字化协同\n（10）", "标杆示范\n（25）"} <= words
    assert {"创新应用\n（13）", "典型示范\n（12）"} <= words


def test_answers_stand_directly_below_their_captions(assessment: Worksheet, rulebook: Rulebook) -> None:
    storage = rulebook.indicator_of["cloud_storage"]
    assert cell_of(assessment, storage.n_caption).offset(row=1).value == 12.5
    assert cell_of(assessment, storage.m_caption).offset(row=1).value == "１２８"
    assert cell_of(assessment, rulebook.indicator_of["system_synergy"].n_caption).offset(row=1).value == 3
    assert cell_of(assessment, rulebook.indicator_of["research"].m_caption).offset(row=1).value is None


def test_names_span_their_rows(assessment: Worksheet) -> None:
    assert area_of(assessment, "基础设施\n（20）") == "A6:A13"
    assert area_of(assessment, "云存储\n（5）") == "B6:C7"
    assert area_of(assessment, "数据协同\n（5）") == "B32:C35"
    assert area_of(assessment, "上云投入\n（5）") == "A36:C37"
    assert area_of(assessment, "创新应用\n（13）") == "B38:B40"
    assert area_of(assessment, "信创应用示范\n（4）") == "C38"


def test_ticks_stand_left_of_their_categories_read_down(assessment: Worksheet, rulebook: Rulebook) -> None:
    item = rulebook.indicator_of["data_synergy"]
    under = cell_of(assessment, item.tick_caption)
    block = [[under.offset(row=row, column=column).value for column in range(4)] for row in (1, 2, 3)]
    assert block == [
        ["√", "研发数据", "✓", "供应链数据"],
        [None, "设计数据", None, "销售数据"],
        [None, "生产数据", None, "服务数据"],
    ]
    assert cell_of(assessment, item.n_caption).offset(row=1).value == 2


def test_what_looks_like_a_formula_stays_text(assessment: Worksheet) -> None:
    assert cell_of(assessment, "=1+1").data_type == "s"


def test_company_is_labelled(assessment: Worksheet) -> None:
    row = [cell.value for cell in assessment[3] if cell.value]
    assert row == ["企业名称：", COMPANY, "统一社会信用代码：", "91330109YL00000003"]
    assert [cell.value for cell in assessment[4] if cell.value] == ["设区市：", "杭州市", "区县：", "萧山区"]


def test_several_companies_are_several_sheets(tmp_path: Path, rulebook: Rulebook) -> None:
    path = tmp_path / "a.xlsx"
    forms.write_assessments(path, [entry("甲"), entry("乙", ANSWERS)], rulebook)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["甲", "乙"]
    assert cell_of(book["乙"], rulebook.indicator_of["cloud_storage"].n_caption).offset(row=1).value == 12.5


def test_every_form_is_stamped_and_only_a_sample_says_so(tmp_path: Path, rulebook: Rulebook) -> None:
    for demo in (True, False):
        paths = [tmp_path / f"{demo}{number}.xlsx" for number in range(4)]
        forms.write_assessments(paths[0], [entry()], rulebook, demo)
        forms.write_nomination_form(paths[1], [{"company": COMPANY}], rulebook, demo)
        forms.write_marks_form(paths[2], "赵某甲", [COMPANY], [{}], rulebook, demo)
        forms.write_pool_form(paths[3], {"市级": [PoolRow("杭州市", (1, 2, 3), 6, 10, 0.6)]}, rulebook, demo)
        for path in paths:
            book = openpyxl.load_workbook(path)
            assert FORM_PROPERTY in book.custom_doc_props.names
            assert (DEMO_PROPERTY in book.custom_doc_props.names) is demo
            assert any(FORM_STAMP in str(cell.value) for cell in book.worksheets[0][1])


def test_nomination_has_the_notice_s_headers_and_typed_values(tmp_path: Path, rulebook: Rulebook) -> None:
    path = tmp_path / "n.xlsx"
    row = {"company": COMPANY, "revenue": 12345.6, "profit": -800, "phone": "13900001234"}
    forms.write_nomination_form(path, [row], rulebook)
    sheet = openpyxl.load_workbook(path)["附件2"]
    headers = [column.header for column in rulebook.nomination_columns]
    assert [cell.value for cell in sheet[3]] == headers and "\n" in headers[4]
    values = {column.id: cell for column, cell in zip(rulebook.nomination_columns, sheet[4], strict=True)}
    assert [(values[name].value, values[name].data_type) for name in ("revenue", "profit", "phone", "business")] == [
        (12345.6, "n"),
        (-800, "n"),
        ("13900001234", "s"),
        (None, "n"),
    ]


def test_marks_are_one_row_a_company(tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    marks = [{"cloud_native": 3.5, "platform_use": "回避"}, {}]
    contents = []
    for streamed_from in (5000, 1):
        monkeypatch.setattr(forms, "_STREAMED_FROM", streamed_from)
        path = tmp_path / f"{streamed_from}.xlsx"
        forms.write_marks_form(path, "赵某甲", [COMPANY, "乙公司"], marks, rulebook)
        contents.append([list(row) for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True)])
    assert contents[0] == contents[1]
    assert [value for value in contents[0][2][:3] if value] == ["专家姓名：", "赵某甲"]
    assert contents[0][3][:4] == ["序号", "企业名称", "信创应用示范\n（4）", "云原生应用情况\n（4）"]
    assert contents[0][4:] == [[1, COMPANY, None, 3.5, None, "回避", None, None], [2, "乙公司", *[None] * 6]]


def test_pool_prints_what_it_is_given(tmp_path: Path, rulebook: Rulebook) -> None:
    path = tmp_path / "p.xlsx"
    row = PoolRow("绍兴市", (4, 28, 65), 97, 68, 1.427)
    forms.write_pool_form(path, {"市级": [row], "区县级": [row]}, rulebook)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["市级", "区县级"]
    sheet = book["市级"]
    assert [cell.value for cell in sheet[4]] == [1, "绍兴市", 4, 28, 65, 97, 68, 1.427]
    assert sheet["H4"].number_format == "0.0%" and sheet["C3"].value == "2021年\n新增数"


def test_same_content_same_bytes(tmp_path: Path, rulebook: Rulebook) -> None:
    for name in ("first.xlsx", "second.xlsx"):
        forms.write_assessments(tmp_path / name, [entry(answers=ANSWERS)], rulebook, demo=True)
    assert (tmp_path / "first.xlsx").read_bytes() == (tmp_path / "second.xlsx").read_bytes()


def test_no_two_cells_of_a_layout_overlap(rulebook: Rulebook) -> None:
    layouts = [make(rulebook) for make in (assessment_layout, nomination_layout, marks_layout)]
    for layout in (*layouts, pool_layout(rulebook, rulebook.pool.levels[0])):
        boxes = [*layout.boxes, *layout.slots.values(), layout.stamp]
        for one, other in combinations(boxes, 2):
            apart = one.last_row < other.row or other.last_row < one.row
            assert apart or one.last_column < other.column or other.last_column < one.column, (one, other)
