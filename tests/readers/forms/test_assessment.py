"""附件1: where each answer is found, what it is read as, and which issue is raised at which cell."""

from __future__ import annotations

import pytest

from pipeline.issues.catalogue import CATALOGUE, ERROR
from pipeline.issues.issue import Issue
from pipeline.model.records import Answer, Assessment, FileReading, SheetReading
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.forms.assessment.blocks import find_layout, form_words
from pipeline.readers.forms.assessment.form import read_assessment
from pipeline.readers.intake.file import read_file
from pipeline.readers.values.lexicon import Lexicon
from pipeline.writers.forms.filled import FormAnswer
from tests.support.arrivals import being_read
from tests.support.rulebooks import tested_rulebook
from tests.support.workbooks import Cell, assessment_form, form_rows, full_answers, letters, workbook

RULEBOOK = tested_rulebook()
LEXICON = Lexicon.of(RULEBOOK)
FILE = "杭州市/萧山区/甲.xlsx"
Rows = list[list[Cell]]


def read(content: bytes, path: str = FILE) -> FileReading:
    return read_file(path, content, LEXICON)


def form_of(content: bytes, path: str = FILE) -> Assessment:
    (sheet,) = read(content, path).sheets
    (form,) = sheet.assessments
    return form


def form_in(rows: Rows, **layout: object) -> Assessment:
    return form_of(workbook({"表": rows}, **layout))


def rows_with(**answers: object) -> tuple[Rows, dict[str, int]]:
    return form_rows(RULEBOOK, full_answers(RULEBOOK, **answers))


def answer(form: Assessment, indicator: str) -> Answer:
    return next(entry for entry in form.answers if entry.indicator == indicator)


def places(form: Assessment, indicator: str) -> tuple[str, str]:
    entry = answer(form, indicator)
    return entry.n.where.cell, entry.m.where.cell


def values(form: Assessment, indicator: str) -> tuple[float | None, float | None]:
    entry = answer(form, indicator)
    return entry.n.value, entry.m.value


def found(form: Assessment) -> list[tuple[str, str, str, str]]:
    """(code, cell, indicator, N or M) of every issue."""
    return sorted((issue.code, issue.where.cell, issue.indicator, issue.part) for issue in form.issues)


def issue_of(form: Assessment, code: str) -> Issue:
    (issue,) = [issue for issue in form.issues if issue.code == code]
    return issue


def shifted(rows: Rows, down: int, right: int) -> Rows:
    return [[] for _ in range(down)] + [[None] * right + list(row) for row in rows]


def all_values(form: Assessment) -> dict[str, tuple[float | None, float | None]]:
    return {entry.indicator: (entry.n.value, entry.m.value) for entry in form.answers}


GOOD = all_values(form_in(rows_with()[0]))


# ---------------------------------------------------------------------------------------- the form as sent out


def test_a_filled_form_is_read_without_a_word() -> None:
    form = form_of(assessment_form(full_answers(RULEBOOK, cloud_storage=(12.5, "１２８"))))
    assert form.issues == ()
    assert values(form, "cloud_storage") == (12.5, 128)
    assert values(form, "system_synergy") == (2, 10)
    assert values(form, "data_synergy") == (4, 6)
    assert [entry.indicator for entry in form.answers] == [item.id for item in RULEBOOK.ratio_indicators]
    assert places(form, "cloud_storage") == ("E7", "F7")


def test_bare_rows_are_read_the_same() -> None:
    rows, tops = rows_with()
    form = form_in(rows)
    assert form.issues == ()
    assert values(form, "cloud_spend") == (2, 4)
    assert places(form, "cloud_storage") == (f"D{tops['cloud_storage'] + 1}", f"E{tops['cloud_storage'] + 1}")


# ---------------------------------------------------------------------------------------- moved about


@pytest.mark.parametrize(("down", "right"), [(1, 0), (0, 1), (7, 3), (0, 30)])
def test_rows_and_columns_before_the_form_do_not_matter(down: int, right: int) -> None:
    rows, tops = rows_with()
    form = form_in(shifted(rows, down, right))
    assert form.issues == () and all_values(form) == GOOD
    assert places(form, "cloud_storage")[0] == f"{letters(4 + right)}{tops['cloud_storage'] + 1 + down}"


def test_an_inserted_row_between_caption_and_answer_does_not_matter() -> None:
    rows, tops = rows_with()
    rows.insert(tops["research"], [])
    form = form_in(rows)
    assert form.issues == () and all_values(form) == GOOD
    assert places(form, "research")[0] == f"D{tops['research'] + 2}"


def test_an_inserted_column_between_n_and_m_does_not_matter() -> None:
    rows, _ = rows_with()
    form = form_in([[*row[:4], None, *row[4:]] for row in rows])
    assert form.issues == () and all_values(form) == GOOD


def test_moved_blocks_do_not_matter() -> None:
    rows, tops = rows_with(research=(1, 3))
    last = len(rows)
    block = rows[tops["research"] - 1 : tops["production"] - 1]
    moved = rows[: tops["research"] - 1] + rows[tops["production"] - 1 : last - 1] + block + rows[last - 1 :]
    form = form_in(moved)
    assert form.issues == () and values(form, "research") == (1, 3)
    assert {**all_values(form), "research": (2, 4), "system_synergy": (2, 10)} == GOOD


def test_no_header_row_is_needed() -> None:
    rows, _ = rows_with()
    form = form_in(rows[1:])
    assert form.issues == () and all_values(form) == GOOD


def test_names_and_captions_are_compared_without_width_space_or_weight() -> None:
    rows, tops = rows_with()
    top = tops["cloud_storage"] - 1
    rows[top][1] = "云 存\u200b储\n（5 分）"
    rows[top][3] = "Ｎ ：企业使用云存储数据总量"
    rows[top][4] = "　M:\u00a0总量"
    rows[tops["research"] - 1][1] = "研发【权重5】"
    form = form_in(rows)
    assert form.issues == () and all_values(form) == GOOD


def test_blocks_may_stand_side_by_side() -> None:
    rows, tops = rows_with(research=(1, 3))
    cut = tops["research"] - 1
    left, right = rows[:cut], [rows[0], *rows[cut:]]
    height = max(len(left), len(right))
    beside = [
        [*(left[i] if i < len(left) else [None] * 9), *(right[i] if i < len(right) else [])] for i in range(height)
    ]
    form = form_in(beside)
    assert form.issues == () and values(form, "research") == (1, 3)
    assert {**all_values(form), "research": (2, 4), "system_synergy": (2, 10)} == GOOD
    assert places(form, "research")[0] == "M3"


def test_the_experts_part_beside_a_block_does_not_end_it() -> None:
    """标杆示范 in the dimension column of the right-hand band, one row under a caption of the left-hand one."""
    rows, tops = rows_with()
    rows[tops["cloud_spend"] - 1][0] = None  # as an indicator's name it would begin the band by itself
    cut = tops["domestic_innovation"] - 1
    right = [[], rows[0], *rows[tops["cloud_spend"] - 1 : tops["domestic_innovation"] - 1], *rows[cut:]]
    left = rows[: tops["cloud_spend"] - 1]
    beside = [[*left[i], *(right[i] if i < len(right) else [])] for i in range(len(left))]
    form = form_in(beside)
    assert form.issues == () and all_values(form) == GOOD


def n_over_m(**answers: tuple[Cell, Cell]) -> Rows:
    """A form with M's caption under N's and the answers to the right, 2 of 4 where `answers` give nothing else."""
    rows: Rows = []
    for item in RULEBOOK.ratio_indicators:
        if item.m == "typed":
            n, m = answers.get(item.id, (2, 4))
            rows.append([None, item.label, "说明", item.n_caption, n, "解释"])
            rows.append([None, None, None, item.m_caption, m, None])
        elif item.m == "sum":
            rows.append([None, item.label, "说明", item.n_caption, 2, item.explanation])
        else:
            rows.append([None, item.label, "说明", item.n_caption, 4, item.tick_caption])
            rows += [[*[None] * 5, "√", category] for category in item.categories[:4]]
            rows += [[*[None] * 5, None, category] for category in item.categories[4:]]
    return rows


def test_notes_under_a_caption_end_the_left_of_two_bands() -> None:
    rows, tops = rows_with(cloud_database=(None, None))
    cut = tops["research"] - 1
    left, right = rows[:cut], [rows[0], *rows[cut:]]
    left[tops["cloud_database"]][3:5] = ["填表说明：见背面", None]
    left += [[] for _ in right[cut:]]
    form = form_in([[*(row + [None] * 9)[:9], *other] for row, other in zip(left, right, strict=True)])
    assert found(form) == [("V03", f"D{tops['cloud_database'] + 1}", "", "")]


def test_n_over_m_with_the_answers_to_the_right() -> None:
    form = form_in(n_over_m())
    assert form.issues == () and all_values(form) == GOOD
    assert places(form, "cloud_storage") == ("E1", "E2")


@pytest.mark.parametrize(
    ("typed", "code", "part"), [((None, 4), "V02", "N"), ((2, None), "V02", "M"), ((None, None), "V03", "")]
)
def test_the_caption_under_a_blank_answers_caption_is_no_answer(typed: tuple[Cell, Cell], code: str, part: str) -> None:
    form = form_in(n_over_m(cloud_storage=typed))
    assert [(issue.code, issue.part) for issue in form.issues] == [(code, part)]


@pytest.mark.parametrize("columns", [(0,), (1,), (0, 1)])
def test_cloud_spending_is_a_dimension_an_indicator_or_both(columns: tuple[int, ...]) -> None:
    rows, tops = rows_with(cloud_spend=(7, 9))
    row = rows[tops["cloud_spend"] - 1]
    row[0], row[1] = ("上云投入（5）" if column in columns else None for column in (0, 1))
    form = form_in(rows)
    assert form.issues == () and values(form, "cloud_spend") == (7, 9)


def test_a_blank_item_whose_dimension_stands_a_row_higher_is_blank_and_no_more() -> None:
    rows, tops = rows_with(cloud_spend=(None, None))
    above: list[Cell] = [rows[tops["cloud_spend"] - 1][0]]
    rows[tops["cloud_spend"] - 1][0] = None
    form = form_in([*rows[: tops["cloud_spend"] - 1], above, *rows[tops["cloud_spend"] - 1 :]])
    assert [code for code, *_ in found(form)] == ["V03"]


def test_other_dimension_names_are_no_indicators() -> None:
    rows, tops = rows_with()
    rows[tops["research"]][0] = "云上业务\n（25）"
    assert form_in(rows).issues == ()


def test_answers_stop_at_the_experts_part_and_at_the_notes() -> None:
    for word in (
        "标杆示范（25）",
        "创新应用\n（13）",
        "典型示范",
        "信创应用示范",
        "绩效提升典型案例（4）",
        "填表说明：",
    ):
        rows, tops = rows_with(cloud_spend=(None, None))
        rows[tops["cloud_spend"]] = [word, None, None, None, None]
        rows.insert(tops["cloud_spend"] + 1, [None, None, None, "负责人", "经办人"])
        form = form_in(rows)
        assert answer(form, "cloud_spend").n.state == "blank", word
        assert found(form) == [("V03", f"D{tops['cloud_spend'] + 1}", "", "")], word


# ---------------------------------------------------------------------------------------- which cell


def test_the_first_of_below_beside_and_caption_counts() -> None:
    rows, tops = rows_with()
    top = tops["cloud_spend"]
    rows[top - 1][3:6] = ["N：近三年上云总投入", 8, "M：近三年信息化总投入（单位：万元）：20"]
    rows[top][3:6] = [7, None, None]
    form = form_in(rows)
    assert values(form, "cloud_spend") == (7, 20)
    assert found(form) == [("T03", f"E{top}", "cloud_spend", ""), ("T11", f"F{top}", "cloud_spend", "M")]
    rows[top][3] = None
    form = form_in(rows)
    assert values(form, "cloud_spend") == (8, 20) and places(form, "cloud_spend") == (f"E{top}", f"F{top}")


def test_a_captions_merge_is_the_width_of_its_answer() -> None:
    rows, tops = rows_with()
    top = tops["cloud_storage"]
    rows[top - 1][3:9] = ["N：总量", None, "M：总量", None, None, rows[top - 1][8]]
    rows[top][3:9] = [None, 2, None, None, 4, None]
    form = form_in(rows, merges=[f"D{top}:E{top}", f"F{top}:H{top}"])
    assert form.issues == () and values(form, "cloud_storage") == (2, 4)
    assert places(form, "cloud_storage") == (f"E{top + 1}", f"H{top + 1}")


@pytest.mark.parametrize(
    ("caption", "value", "raw"),
    [
        ("M：企业存储数据总量（单位：TB）12", 12, "12"),
        ("M：12", 12, "12"),
        ("M：企业存储数据总量（单位：TB）\n12TB", 12, "12TB"),
        ("M：企业存储数据总量（单位：TB）：12", 12, "12"),
        ("M：企业存储数据总量：１２", 12, "１２"),
        ("M: 1,200 TB", 1200, "1,200 TB"),
    ],
)
def test_a_number_in_the_caption_counts_with_a_remark(caption: str, value: float, raw: str) -> None:
    rows, tops = rows_with(cloud_storage=(2, None))
    rows[tops["cloud_storage"] - 1][4] = caption
    form = form_in(rows)
    assert found(form) == [("T11", f"E{tops['cloud_storage']}", "cloud_storage", "M")]
    assert (answer(form, "cloud_storage").m.value, answer(form, "cloud_storage").m.raw) == (value, raw)
    assert answer(form, "cloud_storage").m.code == "T11"


@pytest.mark.parametrize("number", ["0", "1,200"])
def test_the_remark_on_a_number_in_the_caption_says_what_was_read(number: str) -> None:
    rows, tops = rows_with(cloud_storage=(0, None))
    rows[tops["cloud_storage"] - 1][4] = f"M：企业存储数据总量（单位：TB）{number}"
    assert issue_of(form_in(rows), "T11").facts["read"] == number.replace(",", "")


def test_another_unit_in_the_caption_is_told_as_well() -> None:
    rows, tops = rows_with(cloud_storage=(0.25, None))
    rows[tops["cloud_storage"] - 1][4] = "M：企业存储数据总量（单位：TB）512GB"
    form = form_in(rows)
    assert [code for code, *_ in found(form)] == ["T11", "V05"] and values(form, "cloud_storage") == (0.25, 0.5)


@pytest.mark.parametrize("caption", ["M：总量约12", "M：共（单位：TB）大约12", "M：企业数据总量12"])
def test_a_blank_answer_whose_caption_ends_in_digits_is_an_error(caption: str) -> None:
    rows, tops = rows_with(cloud_storage=(2, None))
    rows[tops["cloud_storage"] - 1][4] = caption
    form = form_in(rows)
    assert found(form) == [("T12", f"E{tops['cloud_storage']}", "cloud_storage", "M")]
    assert issue_of(form, "T12").found == caption
    assert answer(form, "cloud_storage").m.state == "error"


def test_a_missing_caption_is_an_error() -> None:
    rows, tops = rows_with()
    rows[tops["cloud_storage"] - 1][4] = None
    form = form_in(rows)
    assert ("T04", f"B{tops['cloud_storage']}", "cloud_storage", "M") in found(form)
    assert answer(form, "cloud_storage").m.state == "error"


def test_a_name_without_any_caption_is_no_missing_name() -> None:
    rows, tops = rows_with(cloud_storage=(None, None))
    rows[tops["cloud_storage"] - 1][3:5] = [None, None]
    form = form_in(rows)
    cell = f"B{tops['cloud_storage']}"
    assert found(form) == [("T04", cell, "cloud_storage", "M"), ("T04", cell, "cloud_storage", "N")]


def test_a_missing_indicator_is_named_with_what_was_found() -> None:
    rows, tops = rows_with()
    del rows[tops["cloud_server"] - 1 : tops["cloud_security"] - 1]
    form = form_in(rows)
    assert found(form) == [("T01", "B2", "cloud_server", "")]
    seen = issue_of(form, "T01").facts["seen"]
    assert "云存储" in seen and "云服务器" not in seen
    assert answer(form, "cloud_server").n.state == "error"


def test_a_missing_source_of_the_sum_leaves_the_sum_unscored() -> None:
    rows, tops = rows_with()
    del rows[tops["marketing"] - 1 : tops["other_business"] - 1]
    form = form_in(rows)
    assert [code for code, *_ in found(form)] == ["T01", "V28"]
    assert answer(form, "system_synergy").m.state == "error"


# ---------------------------------------------------------------------------------------- twice, stray, blank


def test_two_blocks_of_one_name_with_answers_are_an_error() -> None:
    rows, tops = rows_with()
    copy = [list(row) for row in rows[tops["research"] - 1 : tops["production"] - 1]]
    copy[1][3:5] = [3, 5]
    form = form_in(rows[: tops["marketing"] - 1] + copy + rows[tops["marketing"] - 1 :])
    assert found(form)[0] == ("T02", f"B{tops['marketing']}", "research", "")
    assert issue_of(form, "T02").facts["other"] == f"B{tops['research']}"
    assert {code for code, *_ in found(form)} == {"T02", "V28"}


@pytest.mark.parametrize("filled", [0, 1])
def test_of_two_blocks_the_one_with_answers_counts(filled: int) -> None:
    rows, tops = rows_with(research=(1, 3))
    copy = [list(row) for row in rows[tops["research"] - 1 : tops["production"] - 1]]
    (copy if filled == 0 else rows[tops["research"] - 1 :])[1][3:5] = [None, None]
    form = form_in(rows[: tops["marketing"] - 1] + copy + rows[tops["marketing"] - 1 :])
    assert form.issues == () and values(form, "research") == (1, 3)


@pytest.mark.parametrize(("typed", "part"), [((3, None), "M"), ((None, 3), "N")])
def test_of_two_blocks_the_one_with_half_an_answer_counts(typed: tuple[Cell, Cell], part: str) -> None:
    rows, tops = rows_with(research=(None, None))
    copy = [list(row) for row in rows[tops["research"] - 1 : tops["production"] - 1]]
    copy[1][3:5] = typed
    form = form_in(rows[: tops["marketing"] - 1] + copy + rows[tops["marketing"] - 1 :])
    cell = f"{'D' if part == 'N' else 'E'}{tops['marketing'] + 1}"
    assert found(form) == [
        ("V02", cell, "research", part),
        ("V28", f"D{tops['system_synergy'] + 3}", "system_synergy", "M"),
    ]


def test_two_blocks_with_half_an_answer_each_are_an_error() -> None:
    rows, tops = rows_with(research=(None, 4))
    copy = [list(row) for row in rows[tops["research"] - 1 : tops["production"] - 1]]
    copy[1][3:5] = [3, None]
    form = form_in(rows[: tops["marketing"] - 1] + copy + rows[tops["marketing"] - 1 :])
    assert ("T02", f"B{tops['marketing']}", "research", "") in found(form)


def test_two_blocks_of_ticks_are_two_answers() -> None:
    rows, tops = rows_with(data_synergy=FormAnswer(None, None, {"研发数据": "√"}))
    copy = [list(row) for row in rows[tops["data_synergy"] - 1 : tops["cloud_spend"] - 1]]
    form = form_in(rows[: tops["marketing"] - 1] + copy + rows[tops["marketing"] - 1 :])
    assert ("T02", f"B{tops['data_synergy'] + len(copy)}", "data_synergy", "") in found(form)


@pytest.mark.parametrize(
    ("item", "offset", "column", "typed"),
    [
        ("research", 2, 3, 9),
        ("research", 2, 6, "9个"),
        ("research", 1, 3, 9),
        ("research", 2, 9, 9),
        ("office", 2, 9, 4.5),
    ],
)
def test_a_number_that_was_read_as_nothing_is_quoted(item: str, offset: int, column: int, typed: Cell) -> None:
    rows, tops = rows_with()
    row = tops[item] + offset - 2
    while len(rows[row]) < column:
        rows[row].append(None)
    if (offset, column) == (1, 3):
        rows[row][2] = typed
    else:
        rows[row][column - 1] = typed
    form = form_in(rows)
    assert ("T03", f"{letters(column)}{row + 1}", item, "") in found(form)
    assert issue_of(form, "T03").found == str(typed)


def test_a_stray_number_in_one_of_the_five_leaves_the_sum_unscored() -> None:
    rows, tops = rows_with()
    rows[tops["research"]][5] = 9
    assert [code for code, *_ in found(form_in(rows))] == ["T03", "V28"]
    rows, tops = rows_with()
    rows[tops["office"]][5] = 9
    assert [code for code, *_ in found(form_in(rows))] == ["T03"]


def test_notes_beside_the_last_item_do_not_end_the_form() -> None:
    rows, tops = rows_with()
    rows[tops["cloud_spend"] - 1] += ["填表说明：金额以万元计"]
    rows[tops["cloud_native"] - 1][3] = 4
    assert found(form_in(rows)) == [("T03", f"D{tops['cloud_native']}", "", "")]


def test_the_row_above_the_notes_is_still_the_forms() -> None:
    rows, tops = rows_with()
    last = tops["performance_case"]
    rows[last - 1][3] = 4
    rows[last:] = [["填表说明：金额以万元计", None, None, 5]]
    assert found(form_in(rows)) == [("T03", f"D{last}", "", "")]


def test_what_stands_between_notes_and_signatures_is_not_the_forms() -> None:
    rows, tops = rows_with()
    rows[tops["performance_case"] :] = [["填表说明：金额以万元计"], [None, None, None, None, 5], ["填表人：李四"]]
    assert form_in(rows).issues == ()


def test_a_blank_item_with_a_stray_number_is_asked_about_once() -> None:
    rows, tops = rows_with(office=(None, None), cloud_storage=(None, None))
    rows[tops["office"]][5] = 9
    form = form_in(rows)
    assert [code for code, *_ in found(form)] == ["T03", "V03"]
    assert issue_of(form, "V03").facts["items"] == "云存储"


def test_a_number_in_the_experts_rows_is_quoted_and_blocks_no_item() -> None:
    rows, tops = rows_with()
    rows[tops["cloud_native"] - 1][3] = 4
    assert found(form_in(rows)) == [("T03", f"D{tops['cloud_native']}", "", "")]


def test_numbers_outside_the_form_are_nobodys() -> None:
    rows, _ = rows_with()
    rows = [["填报日期", 45000, "电话", "13800138000"], *rows, ["联系电话", None, None, 13800138000]]
    assert form_in(rows).issues == ()


def test_a_column_the_company_added_is_ignored() -> None:
    rows, _ = rows_with()
    for row in rows:
        row.append(4.5)
    rows[0][9] = "自评得分"
    assert form_in(rows).issues == ()


def test_a_list_under_the_form_hides_no_answers() -> None:
    rows, _ = rows_with()
    rows.append([None, None, None, "序号", "备注"])
    rows.append([None, None, None, 1, "MES"])
    form = form_in(rows)
    assert form.issues == () and all_values(form) == GOOD


def test_captions_in_the_explanation_column_are_none() -> None:
    rows, tops = rows_with(research=(None, None))
    rows[tops["research"] - 1][8] = "M：研发系统总数：4"
    rows[tops["research"]][8] = "文字"
    form = form_in(rows)
    assert found(form) == [("V03", f"D{tops['research'] + 1}", "", "")]


def test_a_rewritten_explanation_is_no_answer() -> None:
    rows, tops = rows_with(cloud_storage=(2, None))
    top = tops["cloud_storage"] - 1
    rows[top][4:9] = [None, None, None, rows[top][4], "自己写的一句话"]
    assert found(form_in(rows)) == [("V02", f"H{top + 2}", "cloud_storage", "M")]


# ---------------------------------------------------------------------------------------- blank, none, N against M


@pytest.mark.parametrize("blank", [None, "", "　", "\u00a0", "\u200b", " \n "])
def test_one_of_n_and_m_blank_is_an_error(blank: str | None) -> None:
    for typed, part, column in (((blank, 4), "N", "D"), ((2, blank), "M", "E")):
        rows, tops = rows_with(cloud_storage=typed)
        form = form_in(rows)
        assert found(form) == [("V02", f"{column}{tops['cloud_storage'] + 1}", "cloud_storage", part)]


def test_none_is_no_blank() -> None:
    form = form_in(rows_with(cloud_storage=("无", 4), office=("—", "/"))[0])
    assert form.issues == ()
    assert [answer(form, "office").n.state, answer(form, "office").m.state] == ["none", "none"]
    assert values(form, "office") == (0, 0) and values(form, "cloud_storage") == (0, 4)


def test_items_with_both_blank_are_one_remark() -> None:
    rows, tops = rows_with(cloud_storage=(None, "　"), office=(None, None))
    form = form_in(rows)
    assert found(form) == [("V03", f"D{tops['cloud_storage'] + 1}", "", "")]
    assert issue_of(form, "V03").facts["items"] == "云存储、行政办公"
    assert values(form, "office") == (0, 0) and answer(form, "office").n.state == "blank"


def test_a_blank_form_says_so_once() -> None:
    form = form_in(form_rows(RULEBOOK, {})[0])
    assert form.blank and [issue.code for issue in form.issues] == ["V04"]


def test_a_blank_form_that_lacks_a_row_is_blank_all_the_same() -> None:
    rows, tops = form_rows(RULEBOOK, {})
    del rows[tops["office"] - 1 : tops["device_access"] - 1]
    form = form_in(rows)
    assert form.blank and sorted(issue.code for issue in form.issues) == ["T01", "V04"]


@pytest.mark.parametrize("answers", [{"office": ("无", "无")}, {"office": (0, None)}, {"office": ("待定", None)}])
def test_one_typed_word_is_no_blank_form(answers: dict[str, tuple[Cell, Cell]]) -> None:
    form = form_in(form_rows(RULEBOOK, answers)[0])
    assert not form.blank and "V04" not in {issue.code for issue in form.issues}


@pytest.mark.parametrize(
    ("typed", "code", "part"),
    [
        ((3, 0), "V24", "M"),
        ((3, "无"), "V24", "M"),
        ((5, 3), "V25", "N"),
        ((0, 0), "", ""),
        (("无", 0), "", ""),
        ((3, 3), "", ""),
    ],
)
def test_n_against_m(typed: tuple[Cell, Cell], code: str, part: str) -> None:
    rows, tops = rows_with(office=typed)
    row = tops["office"] + 1
    expected = [(code, f"{'D' if part == 'N' else 'E'}{row}", "office", part)] if code else []
    assert found(form_in(rows)) == expected
    assert not code or CATALOGUE[code].level == ERROR


def test_odd_cells_are_told_at_their_cell() -> None:
    rows, tops = rows_with(cloud_storage=(2, 45000.0))
    bottom = tops["office"] + 1
    rows[bottom - 1][3:5] = [True, 4]
    cell = f"E{tops['cloud_storage'] + 1}"
    form = form_in(rows, formats={cell: "yyyy/m/d"})
    assert found(form) == [("V14", f"D{bottom}", "office", "N"), ("V21", cell, "cloud_storage", "M")]


def doubtful_form(*doubtful: str, **answers: object) -> Assessment:
    """A form with blank cells that may be errors, given as indicators whose N they are."""
    rows, tops = form_rows(RULEBOOK, answers)
    (grid,) = read_workbook(workbook({"表": rows})).grids
    grid.doubtful = frozenset((tops[item] + 1, 4) for item in doubtful)
    return read_assessment(being_read(grid, FILE), find_layout(grid, form_words(LEXICON)))


def test_a_blank_answer_that_may_be_an_error_is_an_error() -> None:
    answers = full_answers(RULEBOOK, office=(None, 4), device_access=(None, 4))
    form = doubtful_form("office", **answers)
    assert [(issue.code, issue.indicator, issue.part) for issue in form.issues] == [
        ("V39", "office", "N"),
        ("V02", "device_access", "N"),
    ]
    assert answer(form, "office").n.state == "error"
    assert [issue.code for issue in doubtful_form().issues] == ["V04"]


# ---------------------------------------------------------------------------------------- 系统协同


def codes_of(**answers: object) -> list[str]:
    return [code for code, *_ in found(form_in(rows_with(**answers)[0]))]


def test_system_synergy_is_measured_against_the_sum() -> None:
    form = form_in(rows_with(research=(1, 3), production=("无", 3))[0])
    assert values(form, "system_synergy") == (2, 7)
    assert answer(form, "system_synergy").m.state == "absent" and form.issues == ()


def test_more_systems_than_the_sum_is_a_remark() -> None:
    assert codes_of(system_synergy=11) == ["V26"]
    assert codes_of(system_synergy=10) == []


def test_systems_with_a_sum_of_zero_are_an_error() -> None:
    none = dict.fromkeys(("research", "production", "supply_chain", "marketing", "other_business"), (0, 4))
    assert codes_of(system_synergy=2, **none) == ["V27"]
    assert codes_of(system_synergy=0, **none) == []


@pytest.mark.parametrize(
    ("typed", "cause"),
    [(("待定", 4), "V01"), ((2, "待定"), "V01"), ((5, 4), "V25"), ((5, 0), "V24"), ((None, 4), "V02")],
)
def test_an_error_in_one_of_the_five_leaves_it_unscored(typed: tuple[Cell, Cell], cause: str) -> None:
    form = form_in(rows_with(marketing=typed)[0])
    assert sorted(code for code, *_ in found(form)) == sorted([cause, "V28"])
    issue = issue_of(form, "V28")
    assert issue.indicator == "system_synergy" and issue.facts["items"] == "营销"
    assert answer(form, "system_synergy").m.state == "error"


def test_no_caption_of_m_is_looked_for_and_a_blank_n_is_zero() -> None:
    rows, tops = rows_with(system_synergy=None)
    form = form_in(rows)
    assert found(form) == [("V29", f"D{tops['system_synergy'] + 1}", "system_synergy", "N")]
    assert values(form, "system_synergy") == (0, 10)


# ---------------------------------------------------------------------------------------- the caption's unit


def test_a_caption_with_another_unit_converts_the_number_under_it() -> None:
    rows, tops = rows_with(cloud_storage=(512, 1024), cloud_spend=(2753700, "300万元"))
    for item, unit in (("cloud_storage", "GB"), ("cloud_spend", "元")):
        top = tops[item] - 1
        rows[top][3], rows[top][4] = f"N：数\n（单位：{unit}）", f"M：总数（单位：{unit}）"
    form = form_in(rows)
    assert values(form, "cloud_storage") == (0.5, 1) and values(form, "cloud_spend") == (275.37, 300)
    assert [(code, item, part) for code, _, item, part in found(form)] == [
        ("V05", "cloud_storage", "N"),
        ("V05", "cloud_spend", "N"),
        ("V05", "cloud_storage", "M"),
    ]
    assert answer(form, "cloud_storage").n.rule and answer(form, "cloud_storage").n.raw == "512"


@pytest.mark.parametrize(("beside", "codes"), [("TB", ["T20"]), ("GB", ["V05"]), (None, ["V05"])])
def test_a_unit_beside_the_answer_and_another_in_the_caption(beside: Cell, codes: list[str]) -> None:
    rows, tops = rows_with(cloud_storage=(512, None))
    rows = [[*row[:4], None, *row[4:]] for row in rows]
    top = tops["cloud_storage"] - 1
    rows[top][3] = "N：企业使用云存储数据总量（单位：GB）"
    rows[top + 1][4], rows[top + 1][5] = beside, 4
    rows[tops["office"]][4] = "个"
    assert [code for code, *_ in found(form_in(rows))] == codes


@pytest.mark.parametrize(("typed", "codes"), [(2, ["T20"]), ("无", []), (0, []), ("待定", ["V01"])])
def test_a_unit_nobody_knows_is_an_error_at_the_caption(typed: Cell, codes: list[str]) -> None:
    rows, tops = rows_with(cloud_storage=(typed, 4))
    rows[tops["cloud_storage"] - 1][3] = "N：数据总量（单位：本）"
    form = form_in(rows)
    assert [code for code, *_ in found(form)] == codes
    if codes == ["T20"]:
        issue = issue_of(form, "T20")
        assert (issue.where.cell, issue.part, issue.found) == (f"D{tops['cloud_storage']}", "N", "本")
        assert answer(form, "cloud_storage").n[1:3] == (None, "error")


def test_the_noise_of_formulas_is_no_difference() -> None:
    form = form_in(rows_with(cloud_storage=(1.1 + 2.2, 3.3))[0])
    assert form.issues == () and values(form, "cloud_storage") == (3.3, 3.3)


# ---------------------------------------------------------------------------------------- signatures


@pytest.mark.parametrize(
    "line",
    [
        ["填表人：李四", None, None, "联系电话", 13911112222, "2024年5月20日"],
        [None, "传真", 87654321],
        [None, "其中：", 5],
        [None, None, None, "日期", 45000],
        ["单位负责人（签字）：", None, None, 3, 4],
    ],
)
@pytest.mark.parametrize("experts", [True, False])
def test_signatures_under_the_form_are_no_answers(line: list[Cell], experts: bool) -> None:
    rows, tops = rows_with()
    end = len(rows) - 1 if experts else tops["domestic_innovation"] - 1
    rows = [*rows[:end], [], line]
    if experts or line[1] != "其中：":
        assert form_in(rows).issues == ()
    else:
        assert found(form_in(rows)) == [("T03", f"C{len(rows)}", "cloud_spend", "")]


@pytest.mark.parametrize("item", ["office", "cloud_spend"])
def test_a_word_of_signatures_within_the_form_ends_nothing(item: str) -> None:
    rows, tops = rows_with()
    rows[tops[item]][2] = "填表人："
    form = form_in(rows)
    assert form.issues == () and all_values(form) == GOOD


def test_a_signature_is_not_the_answer_of_a_blank_item() -> None:
    rows, tops = rows_with(cloud_spend=(None, None))
    rows = [*rows[: tops["domestic_innovation"] - 1], [None, None, None, "联系电话：", 13911112222]]
    assert found(form_in(rows)) == [("V03", f"D{tops['cloud_spend'] + 1}", "", "")]


def test_a_date_in_the_experts_rows_is_no_answer() -> None:
    rows, tops = rows_with()
    rows[tops["cloud_native"] - 1][3] = 45000
    assert form_in(rows, formats={f"D{tops['cloud_native']}": "yyyy/m/d"}).issues == ()


# ---------------------------------------------------------------------------------------- several companies on a sheet

FIRST, SECOND = "杭州甲有限公司", "宁波乙有限公司"


def sheet_of(rows: Rows, path: str = FILE) -> SheetReading:
    (sheet,) = read(workbook({"表": rows}), path).sheets
    return sheet


def headed(company: str, county: str = "", **answers: object) -> Rows:
    above = [["附件1"], ["区县：", county]] if county else []
    return [*above, ["企业名称：", company], *rows_with(**answers)[0]]


def names_and_storage(sheet: SheetReading) -> list[tuple[str, float | None]]:
    return [(form.names[0][0], values(form, "cloud_storage")[0]) for form in sheet.assessments]


@pytest.mark.parametrize("county", ["", "余杭区"])
def test_forms_one_under_the_other_are_read_each_for_itself(county: str) -> None:
    sheet = sheet_of(
        [*headed(FIRST), [], *headed(SECOND, county, cloud_storage=(3, 4)), [], *headed("丙厂", cloud_storage=(1, 4))]
    )
    assert names_and_storage(sheet) == [(FIRST, 2), (SECOND, 3), ("丙厂", 1)]
    assert [form.issues for form in sheet.assessments] == [(), (), ()] and sheet.issues == []
    assert [[place.county for place in form.claims if place.source == "label"] for form in sheet.assessments] == [
        [],
        [county] if county else [],
        [],
    ]
    assert FIRST in sheet.remark and SECOND in sheet.remark
    (first, second, _) = sheet.assessments
    assert answer(first, "cloud_storage").n.where.cell != answer(second, "cloud_storage").n.where.cell


@pytest.mark.parametrize("margin", [0, 2])
def test_forms_side_by_side_are_read_each_for_itself(margin: int) -> None:
    left, right = headed(FIRST), headed(SECOND, cloud_storage=(3, 4))
    for rows in (left, right):
        rows[0] = [None] * margin + rows[0]
    beside = [[*(row + [None] * 12)[:12], *other] for row, other in zip(left, right, strict=True)]
    sheet = sheet_of(beside)
    assert names_and_storage(sheet) == [(FIRST, 2), (SECOND, 3)]
    assert [form.issues for form in sheet.assessments] == [(), ()]
    assert places(sheet.assessments[1], "cloud_storage")[0] == "P4"


def test_forms_that_nobody_can_tell_apart_are_one_error_and_none_is_read() -> None:
    rows = [["企业名称：", FIRST], *rows_with()[0], *rows_with()[0], ["企业名称：", SECOND]]
    sheet = sheet_of(rows)
    assert sheet.assessments == [] and FIRST in sheet.remark
    assert [(issue.code, issue.where.cell) for issue in sheet.issues] == [("T21", f"A{len(rows)}")]
    assert FIRST in sheet.issues[0].facts["companies"] and SECOND in sheet.issues[0].facts["companies"]


def test_a_form_whose_name_is_blank_is_not_the_others() -> None:
    sheet = sheet_of([*headed(FIRST), *headed(""), *headed(SECOND)], f"{FIRST}.xlsx")
    assert [[text for text, _, _ in form.names] for form in sheet.assessments] == [[FIRST], [""], [SECOND]]


def test_one_company_twice_on_a_sheet_is_a_repeated_item() -> None:
    sheet = sheet_of([*headed(FIRST), *headed(FIRST)])
    (form,) = sheet.assessments
    assert "T02" in {issue.code for issue in form.issues} and sheet.remark == ""


def test_two_names_above_one_form_are_no_two_companies() -> None:
    sheet = sheet_of([["企业名称：", FIRST], *headed(SECOND)])
    assert names_and_storage(sheet) == [(FIRST, 2)] and sheet.remark == ""


# ---------------------------------------------------------------------------------------- which sheet, which name


@pytest.mark.parametrize(("name", "path"), [("评估表", "县/x.xlsx"), ("Sheet1", "某某.xlsx")])
def test_a_form_is_known_by_its_content(name: str, path: str) -> None:
    (sheet,) = read(workbook({name: rows_with()[0]}), path).sheets
    assert sheet.kind == "assessment"


def test_three_names_with_captions_make_a_form_and_two_do_not() -> None:
    rows, tops = rows_with()
    assert read(workbook({"表": rows[: tops["cloud_database"] - 1]})).kind == "assessment"
    assert read(workbook({"表": rows[: tops["cloud_security"] - 1]})).kind == "unrecognised"
    assert read(workbook({"表": [row[:3] for row in rows]})).kind == "unrecognised"


def test_hidden_rows_are_read_and_said() -> None:
    rows, tops = rows_with()
    (sheet,) = read(workbook({"表": rows}, hidden_rows={"表": [tops["office"] + 1]})).sheets
    assert all_values(sheet.assessments[0]) == GOOD
    assert [issue.code for issue in sheet.issues] == ["F09"]


def test_a_hidden_sheet_counts_only_without_a_visible_one() -> None:
    rows, other = rows_with()[0], rows_with(office=(1, 1))[0]
    alone = read(workbook({"说明": [["说明"]], "表": rows}, hidden_sheets=["表"]))
    assert [(sheet.sheet, [issue.code for issue in sheet.issues]) for sheet in alone.sheets] == [("表", ["F09"])]
    both = read(workbook({"旧": other, "表": rows}, hidden_sheets=["旧"]))
    assert [sheet.sheet for sheet in both.sheets] == ["表"]
    said = [issue for issue in (*both.issues, *both.sheets[0].issues) if issue.where.sheet == "旧"]
    assert len(said) == 1


def test_an_example_sheet_is_never_data() -> None:
    reading = read(workbook({"填写示例": rows_with()[0], "表": rows_with(office=(1, 1))[0]}))
    assert [sheet.sheet for sheet in reading.sheets] == ["表"]
    assert "F10" in {issue.code for issue in reading.issues}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (["企业名称：杭州甲有限公司"], "杭州甲有限公司"),
        (["企业名称（盖章）：", "杭州甲有限公司"], "杭州甲有限公司"),
        (["企 业 名 称", None, "杭州甲有限公司"], "杭州甲有限公司"),
        (["单位名称:杭州甲（萧山）有限公司  联系人：张三"], "杭州甲（萧山）有限公司"),
        (["企业名称：杭州甲有限公司 联系人：张三"], "杭州甲有限公司"),
        (["填报单位（盖章）：杭州甲有限公司　　区县：萧山区"], "杭州甲有限公司"),
        (["企业名称：", None, "区县：", "萧山区"], ""),
        (["企业名称：", None, "填报日期：2024年5月8日"], ""),
        (["企业名称：", None, "联系人", "张三"], ""),
        (["企业名称：", None, 45000], ""),
        (["企业名称：", "2024年5月8日"], ""),
        (["企业名称：", "2024/5/8"], ""),
        (["企业名称：　　填报日期：2024年5月8日"], ""),
        (["企业名称：", *[None] * 8, "2024年度用云水平"], ""),
        (["企业名称：", *[None] * 8, "杭州甲有限公司"], "杭州甲有限公司"),
        (["填报单位：萧山区经济和信息化局", None, "企业名称：", "杭州甲有限公司"], "杭州甲有限公司"),
        (["填报单位：", "甲厂", "单位名称：乙厂", "企业名称：", None], "乙厂"),
        (["填报单位：萧山区经济和信息化局（盖章）"], ""),
        (["企业名称：杭州甲有限公司（盖章）"], "杭州甲有限公司"),
        (["企业名称：", "杭州甲有限公司 (公 章)"], "杭州甲有限公司"),
    ],
)
def test_the_companys_name_stands_in_a_labelled_cell(line: list[Cell], name: str) -> None:
    form = form_in([line, *rows_with()[0]])
    text, source, where = form.names[0]
    assert (text, source) == (name, "label") and where.cell


@pytest.mark.parametrize(
    "line", [["区县：萧山区（盖章）"], ["区县：", "萧山区(公章)"], ["企业名称：甲厂　区县：萧山区（盖章）"]]
)
def test_a_seal_is_no_part_of_a_county(line: list[Cell]) -> None:
    form = form_of(workbook({"表": [line, *rows_with()[0]]}), "甲.xlsx")
    assert [(place.city, place.county) for place in form.claims] == [("杭州市", "萧山区")]


def test_a_word_for_a_sum_in_the_answer_itself_is_part_of_it() -> None:
    rows, tops = rows_with(office=(10, "合计12"))
    assert found(form_in(rows)) == [("V01", f"E{tops['office'] + 1}", "office", "M")]


@pytest.mark.parametrize("of_its_own", [True, False])
def test_a_word_for_a_sum_in_the_blocks_beside_says_nothing_of_an_answer(of_its_own: bool) -> None:
    """小计 between the caption and the answer may make the answer a sum; in the columns of the blocks on the left not."""
    rows, tops = rows_with(research=(1, 3))
    cut = tops["research"] - 1
    left, right = [list(row) for row in rows[:cut]], [rows[0], *map(list, rows[cut:])]
    right[2][2 if of_its_own else 0] = "小计" if of_its_own else right[2][0]
    if not of_its_own:
        left[2] = [*left[2], *[None] * 9][:9]
        left[2][2] = "小计"
    height = max(len(left), len(right))
    beside = [
        [*((left[i] if i < len(left) else []) + [None] * 9)[:9], *(right[i] if i < len(right) else [])]
        for i in range(height)
    ]
    assert ("research" in [issue.indicator for issue in form_in(beside).issues]) == of_its_own


def test_a_labelled_city_is_a_claim_in_its_own_words() -> None:
    form = form_of(workbook({"表": [["设区市：", " 杭州 "], *rows_with()[0]]}), "甲.xlsx")
    (claim,) = form.claims
    assert (claim.text.strip(), claim.source, claim.city, claim.county) == ("杭州", "label", "杭州市", "")
    assert claim.where.cell == "B1"


def test_a_blank_name_stands_beside_its_label() -> None:
    form = form_in([["企业名称：", None, "填报日期：2024年5月8日"], *rows_with()[0]])
    assert form.names[0][2].cell == "B1"


def test_further_names_come_in_the_order_sheet_file_folder() -> None:
    form = form_of(workbook({"杭州甲有限公司": rows_with()[0]}), "杭州市/萧山区/乙公司/附件1.xlsx")
    assert [(text, source) for text, source, _ in form.names] == [
        ("杭州甲有限公司", "sheet"),
        ("附件1", "file"),
        ("乙公司", "folder"),
        ("萧山区", "folder"),
        ("杭州市", "folder"),
    ]


def test_the_order_of_two_forms_begins_with_the_time_saved() -> None:
    form = form_of(workbook({"表": rows_with()[0]}, saved="2024-05-01T08:00:00Z"))
    assert form.order == ("2024-05-01T08:00:00Z", FILE, "表")


@pytest.mark.parametrize("around", [" {} ", "　{}\u00a0", "\u200b{}\ufeff", "{}\n"])
def test_unseen_characters_change_nothing(around: str) -> None:
    rows = [[around.format(cell) if isinstance(cell, str) else cell for cell in row] for row in rows_with()[0]]
    form = form_in(rows)
    assert form.issues == () and all_values(form) == GOOD


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("2023年制造业“云上企业”用云水平评估表", "A1"),
        ("２０２４年用云水平评估表", ""),
        ("用云水平评估表", ""),
        ("2023年度总结", ""),
    ],
)
def test_a_title_of_another_year(title: str, cell: str) -> None:
    form = form_in([[title], *rows_with()[0]])
    assert [issue.where.cell for issue in form.issues] == ([cell] if cell else [])
    assert {issue.code for issue in form.issues} <= {"T09"} and all_values(form) == GOOD
