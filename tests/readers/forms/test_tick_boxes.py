"""数据协同's check boxes: form controls and ActiveX controls over the cells are ticks of the category they stand beside; what
is not clear is asked about."""

from __future__ import annotations

import pytest

from pipeline.issues.issue import Issue
from pipeline.model.records import Reading
from pipeline.readers.formats.boxes import stream_texts
from pipeline.readers.formats.xlsx import read_workbook
from tests.support.arrivals import codes, published_rulebook, sheet
from tests.support.check_boxes import Box, stream, with_boxes
from tests.support.workbooks import Cell as TypedCell
from tests.support.workbooks import form_rows, full_answers, workbook

NAMES = ("研发数据", "供应链数据", "设计数据", "销售数据", "生产数据", "服务数据")


def form_with(n: object, *boxes: Box, marks: dict[str, str] | None = None, kind: str = "form", **more: str) -> bytes:
    """A form whose N of 数据协同 is `n`, with boxes. The rows of the boxes count from the first of the categories;
    marks: category → what is typed in the cell left of it."""
    rows, top = rows_of(n, marks or {})
    placed = [box._replace(row=top + box.row) if not box.anchor else box for box in boxes]
    return with_boxes(workbook({"附件1": rows}), placed, kind, **more)


def rows_of(n: object, marks: dict[str, str]) -> tuple[list[list[TypedCell]], int]:
    rows, tops = form_rows(published_rulebook(), full_answers(published_rulebook()))
    top = tops["data_synergy"]  # the row above the first categories
    for number in range(3):
        line = [*rows[top + number], *[None] * 9][:9]
        left, right = NAMES[2 * number], NAMES[2 * number + 1]
        line[3] = n if number == 0 else None
        line[4:8] = [marks.get(left), left, marks.get(right), right]
        rows[top + number] = line
    return rows, top


def answer(content: bytes) -> tuple[Reading, list[Issue]]:
    (entry,) = sheet(content).assessments
    n = next(answer.n for answer in entry.answers if answer.indicator == "data_synergy")
    return n, [issue for issue in entry.issues if issue.indicator == "data_synergy"]


FOUR = (Box(1, 5), Box(2, 5), Box(3, 5), Box(1, 7, "Unchecked"), Box(2, 7), Box(3, 7, "Unchecked"))


@pytest.mark.parametrize("kind", ["form", "vml", "controls", "properties", "binary"])
def test_boxes_of_every_kind_are_counted(kind: str):
    n, issues = answer(form_with(None, *FOUR, kind=kind))
    assert (n.value, n.state, codes(issues)) == (4, "ok", [])


@pytest.mark.parametrize(("typed", "raised"), [(4, []), (3, ["V30"])])
def test_a_typed_n_beside_boxes(typed: int, raised: list[str]):
    n, issues = answer(form_with(typed, *FOUR))
    assert (n.value, codes(issues)) == (4, raised)


def test_boxes_without_a_check_are_no_ticks():
    boxes = [box._replace(state="Unchecked") for box in FOUR]
    assert (answer(form_with(3, *boxes))[0].value, codes(answer(form_with(3, *boxes))[1])) == (3, ["V31"])
    assert codes(answer(form_with(None, *boxes))[1]) == ["V32"]


def test_only_the_ticked_categories_have_boxes():
    assert answer(form_with(None, Box(1, 5), Box(3, 7)))[0].value == 2


def test_boxes_beside_typed_ticks():
    marks = {"研发数据": "√", "设计数据": "□", "供应链数据": "☐"}
    assert answer(form_with(None, Box(1, 5), Box(2, 5), Box(3, 7), marks=marks))[0].value == 3


def test_a_box_over_the_name_and_boxes_with_captions():
    over = [Box(1, 6), Box(2, 8)]
    assert answer(form_with(None, *over))[0].value == 2
    captioned = [Box(2, 9, caption="研发数据"), Box(1, 9, "Unchecked", "设计数据"), Box(3, 9, caption=" 服务 数据")]
    assert answer(form_with(None, *captioned))[0].value == 2


def test_a_box_that_reaches_into_the_next_row_belongs_to_the_one_of_its_middle():
    _, top = rows_of(None, {})
    box = Box(0, 0, anchor=f"4, 2, {top}, 14, 4, 60, {top + 1}, 18")  # six pixels of the first row, 18 of the second
    content = form_with(None, box, Box(3, 7))
    assert [entry.cell for entry in read_workbook(content).grids[0].boxes] == [(top + 2, 5), (top + 3, 7)]
    assert answer(content)[0].value == 2


@pytest.mark.parametrize(
    ("boxes", "named"),
    [
        ((Box(1, 5, "Mixed"),), "E"),
        ((Box(1, 5, drawn="Unchecked"),), "E"),  # the two parts disagree
        ((Box(1, 9),), "I"),  # right of every name
        ((Box(1, 5), Box(1, 4)), "D"),  # two for one category
        ((Box(1, 5), Box(1, 6, anchor="five")), "F"),
        ((Box(1, 5, caption="销售数据"),), "“销售数据”"),  # the caption says another than the cell
    ],
)
def test_what_is_not_clear_is_asked_about(boxes: tuple[Box, ...], named: str):
    _, top = rows_of(None, {})
    at_the_end = f"5, 50, {top}, 1, 6, 40, {top}, 19"  # its square at the right end of a name's cell
    placed = [box._replace(anchor=at_the_end) if box.anchor else box for box in boxes]
    n, issues = answer(form_with(4, *placed))
    assert (n.state, codes(issues)) == ("error", ["T10"]) and named in issues[0].facts["reason"]


@pytest.mark.parametrize(("mark", "state"), [("√", "Unchecked"), ("×", "Checked"), ("FALSE", "Checked")])
def test_a_mark_that_contradicts_its_box(mark: str, state: str):
    n, issues = answer(form_with(None, Box(1, 5, state), marks={"研发数据": mark}))
    assert (n.state, codes(issues)) == ("error", ["T10"])


def test_a_linked_cell_is_the_boxs_own():
    rows, top = rows_of(None, {})
    rows[top][8:9] = [True]
    content = with_boxes(workbook({"附件1": rows}), [Box(top + 1, 5, linked=f"$I${top + 1}")])
    assert (answer(content)[0].value, codes(answer(content)[1])) == (1, [])


def test_a_linked_cell_under_the_categories_is_no_mark_of_anybody():
    rows, top = rows_of(None, {})
    rows.insert(top + 3, [*[None] * 4, True])
    alone = workbook({"附件1": rows})
    assert codes(answer(with_boxes(alone, [Box(top + 1, 5, linked=f"$E${top + 4}")]))[1]) == []
    assert codes(answer(with_boxes(alone, [Box(top + 1, 5)]))[1]) == ["T10"]


def test_boxes_elsewhere_hidden_ones_and_unchecked_strays_are_no_answers():
    elsewhere = [Box(-20, 5), Box(2, 5, style="visibility:hidden"), Box(1, 9, "Unchecked")]
    assert codes(answer(form_with(None, *elsewhere))[1]) == ["V32"]


def test_names_that_stand_in_captions_alone():
    rows, top = rows_of(None, {})
    for number in range(3):
        rows[top + number][4:8] = [None] * 4
    boxes = [Box(top + 1 + number // 2, 5 + 2 * (number % 2), "Checked" if number < 4 else "Unchecked", name) for number, name in enumerate(NAMES)]  # fmt: skip
    assert answer(with_boxes(workbook({"附件1": rows}), boxes))[0].value == 4


def test_a_broken_control_is_not_decided():
    content = form_with(None, Box(1, 5), kind="binary", **{"xl/activeX/activeX1.bin": "x"})
    assert codes(answer(content)[1]) == ["T10"]


@pytest.mark.parametrize(("value", "caption"), [("1", "研发数据"), ("0", ""), ("", "a")])
def test_the_binary_stream_of_a_control(value: str, caption: str):
    assert stream_texts(stream(value, caption)) == (value, caption)
    assert stream_texts(stream(value, caption)[16:]) == (value, caption)
