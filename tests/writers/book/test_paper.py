"""The paper of a sheet by the widths of its columns."""

import pytest

from pipeline.writers.book.paper import A3, A4, Paper, paper_for, printed_width


@pytest.mark.parametrize(
    ("widths", "options", "expected"),
    [
        ([10] * 8, {}, Paper(A4, False, 1)),
        ([10] * 8, {"landscape": True}, Paper(A4, True, 1)),
        ([10] * 9, {}, Paper(A4, True, 1)),  # 96.4 narrow characters; 89.6 go on A4 upright
        ([10] * 12, {}, Paper(A4, True, 1)),
        ([10] * 13, {}, Paper(A3, True, 1)),
        ([10] * 17, {}, Paper(A3, True, 1)),
        ([10] * 18, {}, Paper(A3, True, 2)),
        ([10] * 13, {"repeated": 1}, Paper(A4, True, 2)),
        ([10] * 23, {"repeated": 1}, Paper(A4, True, 2)),
        ([10] * 24, {"repeated": 1}, Paper(A3, True, 2)),
        ([200], {}, Paper(A3, True, 1)),  # nothing larger is in an office's printer
    ],
)
def test_the_smallest_paper_on_which_a_sheet_is_readable(
    widths: list[float], options: dict[str, int], expected: Paper
) -> None:
    assert paper_for(widths, **options) == expected


def test_a_page_holds_what_is_printed_on_it() -> None:
    widths = [31.0, 7.5, 80, 12, 44, 3, 60, 22.5, 9, 70, 18]
    paper = paper_for(widths, repeated=2)
    room = paper.width - printed_width(widths[:2])
    assert paper.size == A3 and printed_width(widths[2:]) > room
    assert paper.pages >= -(-printed_width(widths[2:]) // room)
