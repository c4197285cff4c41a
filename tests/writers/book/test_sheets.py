"""Our shorter way of writing plain cells gives the same bytes as xlsxwriter's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.worksheet import CellBlankTuple, CellFormulaTuple, CellNumberTuple, CellStringTuple, Worksheet

from pipeline.writers.book.sheets import LiveSheet

TEXTS = [
    "浙江",
    "a & b <c> \"d\" 'e'",
    " 前",
    "后 ",
    "两\n行",
    "\t",
    "_x0041_",
    "\x0c控制\x1f",
    "😀\ufffe",
    "<r>x</r>",
    "<r>",
    "=1+1",
    "1",
    "浙江",
    "",
]
NUMBERS = [0.0, -0.0, 1.0, 0.1 + 0.2, -2.5, 1e300, 5e-324, 123456789012345678.0, 7, 10**20]
FORMULAS = [
    ('IF(A1="","",A1&"<b>")', "x & <y>"),
    ("A1>1", True),
    ("A1<1", False),
    ("1/0", "#DIV/0!"),
    ("A1", ""),
    ("SUM(A1:B2)", 0.1 + 0.2),
    ("COUNT($A$1:$A$9)", "甲"),
]


class OwnSheet(Worksheet):
    """xlsxwriter's own sheet, which takes the same rows cell by cell."""

    def text_cell(self, text: str, look: Any) -> CellStringTuple:
        return CellStringTuple(text, look)

    def store_row(self, row: int, cells: Mapping[int, Any]) -> None:
        for column, cell in cells.items():
            match cell:
                case CellStringTuple(text, look):
                    self.write_string(row, column, text, look)
                case CellNumberTuple(number, look):
                    self.write_number(row, column, number, look)
                case CellFormulaTuple(formula, look, value):
                    self.write_formula(row, column, formula, look, value)
                case CellBlankTuple(look):
                    self.write_blank(row, column, None, look)

    def merge_blank(self, area: tuple[int, int, int, int], look: Any) -> None:
        self.merge_range(*area, "", look)


def plain_cells(sheet: Any, look: Any, other: Any) -> None:
    """Every kind of plain cell, in rows that stand far apart and beyond column Z."""
    sheet.store_row(0, {number: sheet.text_cell(text, look) for number, text in enumerate(TEXTS)})
    sheet.store_row(3, {2 * place + 3: CellNumberTuple(number, other) for place, number in enumerate(NUMBERS)})
    formulas = {place: CellFormulaTuple(formula, look, value) for place, (formula, value) in enumerate(FORMULAS)}
    sheet.store_row(4, {1: CellBlankTuple(other), **{30 + place: cell for place, cell in formulas.items()}})
    sheet.set_row(4, 40.25)
    sheet.store_row(5, {})
    for row in range(40, 75):
        sheet.store_row(row, {row % 7: sheet.text_cell(f"第 {row} 行", look), 9: CellNumberTuple(row / 7, other)})


def cells_of_other_kinds(sheet: Any, look: Any, other: Any) -> None:
    """Cells without a format, dates, links and merges among plain ones; rows that have a height, a format or a comment
    and no cell."""
    sheet.set_column(0, 3, 12, other)
    sheet.set_row(1, 33, look)
    sheet.write_string(1, 0, "无格式")
    sheet.store_row(1, {1: CellNumberTuple(1.5, look), 2: CellNumberTuple(2.5, None), 3: sheet.text_cell("文", None)})
    sheet.write_boolean(2, 0, True, look)
    sheet.write_datetime(2, 1, datetime(2024, 1, 2), other)
    sheet.store_row(2, {2: CellBlankTuple(look)})
    sheet.write_formula(2, 3, "=A1", look, 3)
    sheet.set_row(5, 20)
    sheet.merge_blank((8, 1, 8, 4), look)
    sheet.write_string(8, 1, "合并", look)
    sheet.write_url(9, 0, "internal:'表'!B5", look, "")
    sheet.store_row(9, {0: sheet.text_cell("链接", other), 1: CellBlankTuple(other)})
    sheet.merge_blank((11, 0, 13, 1), other)
    sheet.merge_range(14, 0, 14, 2, 1.5, other)


def one_comment(sheet: Any, look: Any, other: Any) -> None:
    sheet.store_row(0, {0: CellNumberTuple(1.0, look)})
    sheet.write_comment(20, 6, "批注")
    sheet.write_comment(0, 2, "批注")


def nothing(sheet: Any, look: Any, other: Any) -> None:
    sheet.set_row(3, 30)


@pytest.mark.parametrize("fill", [plain_cells, cells_of_other_kinds, one_comment, nothing])
@pytest.mark.parametrize("streamed", [False, True])
def test_a_sheet_of_ours_is_what_xlsxwriter_writes(
    tmp_path: Path, fill: Callable[[Any, Any, Any], None], streamed: bool
) -> None:
    ours = _written(tmp_path / "ours.xlsx", LiveSheet, fill, streamed)
    assert ours == _written(tmp_path / "own.xlsx", OwnSheet, fill, streamed)


def _written(path: Path, kind: type[Worksheet], fill: Callable[[Any, Any, Any], None], streamed: bool) -> bytes:
    """The workbook with two sheets of the same content, so that texts and formats are shared between them."""
    with xlsxwriter.Workbook(path, {"constant_memory": streamed, "tmpdir": str(path.parent)}) as workbook:
        workbook.set_properties({"created": datetime(2024, 1, 1)})
        looks = [workbook.add_format({"bold": True}), workbook.add_format({"num_format": "0.00", "border": 1})]
        for name in ("表", "另一表"):
            fill(workbook.add_worksheet(name, kind), *looks)
    return path.read_bytes()


def test_a_cell_that_lies_outside_is_left_out(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as workbook:
        sheet = workbook.add_worksheet("表", LiveSheet)
        look = workbook.add_format()
        sheet.store_row(1_048_576, {0: CellNumberTuple(1.0, look)})
        sheet.store_row(0, {0: CellNumberTuple(1.0, look), 16_384: CellNumberTuple(1.0, look)})
        assert not sheet.table


def test_merges_that_overlap_are_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as workbook:
        sheet = workbook.add_worksheet("表", LiveSheet)
        sheet.merge_blank((0, 0, 2, 2), workbook.add_format())
        with pytest.raises(OverlappingRange):
            sheet.merge_blank((2, 2, 3, 3), workbook.add_format())
