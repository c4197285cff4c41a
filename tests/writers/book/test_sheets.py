"""A sheet that stores whole rows has the bytes that xlsxwriter itself writes, and each private part of xlsxwriter that it
uses is listed, and is the one the tests have passed with."""

from __future__ import annotations

import ast
import configparser
import hashlib
import importlib
import inspect
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.worksheet import CellBlankTuple, CellFormulaTuple, CellNumberTuple, CellStringTuple, Worksheet

from pipeline.writers.book import sheets
from pipeline.writers.book.sheets import TRIED, LiveSheet
from tests.support import ROOT

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


class CellByCell(Worksheet):
    """xlsxwriter's sheet, to which the same rows are written cell by cell."""

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
    sheet.store_row(3, {2 * index + 3: CellNumberTuple(number, other) for index, number in enumerate(NUMBERS)})
    formulas = {30 + index: CellFormulaTuple(formula, look, value) for index, (formula, value) in enumerate(FORMULAS)}
    sheet.store_row(4, {1: CellBlankTuple(other), **formulas})
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
    assert ours == _written(tmp_path / "cell_by_cell.xlsx", CellByCell, fill, streamed)


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


# ---------------------------------------------------------------- the private parts of xlsxwriter

SOURCE = Path(sheets.__file__)
ADVICE = "Look at pipeline/writers/book/sheets.py, where"


class Part(NamedTuple):
    """A line of the table at the top of sheets.py."""

    name: str
    use: str
    why: str
    breaks: str


PARTS = [
    Part(*(cell.strip() for cell in line.strip("|").split("|")))
    for line in (sheets.__doc__ or "").splitlines()
    if re.match(r"\| \w+\.", line)
]

# The first digits of the SHA-256 of each function's code, without comments, in the versions tried.
FINGERPRINTS = {
    "worksheet.Worksheet._write_formula": "a5439a160967",
    "worksheet.Worksheet._write_single_row": "288f3eaff074",
    "worksheet.Worksheet._write_rows": "c1f276fffe74",
    "worksheet.Worksheet._calculate_spans": "14a71919e801",
    "worksheet.Worksheet._write_row": "e58bafde6744",
    "worksheet.Worksheet._write_empty_row": "2ca1714d25be",
    "worksheet.Worksheet._write_cell": "794281284193",
    "worksheet.Worksheet._check_dimensions": "765fe7218a60",
    "format.Format._get_xf_index": "654606fd7820",
    "sharedstrings.SharedStringTable._get_shared_string_index": "7ed551e49a13",
    "utility._preserve_whitespace": "3f1fa76b0045",
    "xmlwriter.XMLwriter._escape_control_characters": "fbe45277b742",
}


def part_of(name: str) -> Any:
    """The object that a name of the table means; LookupError when xlsxwriter has none. A sheet's attributes are asked of
    a new sheet."""
    module_name, *path = name.split(".")
    value: Any = importlib.import_module(f"xlsxwriter.{module_name}")
    for attribute in path:
        if value is Worksheet and not hasattr(Worksheet, attribute):
            value = Worksheet()
        if not hasattr(value, attribute):
            raise LookupError(name)
        value = getattr(value, attribute)
    return value


def fingerprint(function: Callable[..., Any]) -> str:
    lines = (line.strip() for line in inspect.getsource(function).splitlines())
    code = "\n".join(line for line in lines if line and not line.startswith("#"))
    return hashlib.sha256(code.encode()).hexdigest()[:12]


@pytest.mark.parametrize("part", PARTS, ids=[part.name for part in PARTS])
def test_a_private_part_is_the_one_that_was_tried(part: Part) -> None:
    version = f"xlsxwriter {xlsxwriter.__version__}"
    try:
        value = part_of(part.name)
    except LookupError:
        pytest.fail(f"{version} has no {part.name}. {ADVICE} it is needed: {part.why}. At stake: {part.breaks}.")
    if inspect.isfunction(value):
        assert fingerprint(value) == FINGERPRINTS[part.name], (
            f"{version} has another {part.name} than the versions tried. {ADVICE} LiveSheet {part.use} it: {part.why}."
            f" At stake: {part.breaks}. Compare both versions of the function; when the tests above pass and nothing else"
            " has to follow, write the new fingerprint into this file and the version into TRIED and setup.cfg."
        )


def test_the_table_lists_every_private_part_in_use() -> None:
    """Private: with a leading underscore, or an attribute of a sheet, which the documentation mentions nowhere."""
    new = Worksheet()
    private = {name for name in dir(new) if name.startswith("_")} | set(vars(new))
    defined_here = {name for name in vars(LiveSheet) if not hasattr(Worksheet, name)}
    used = {node.attr for node in ast.walk(ast.parse(SOURCE.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
    assert (used & private) - defined_here <= {part.name.split(".")[-1] for part in PARTS}


def test_no_other_module_uses_a_private_part() -> None:
    names = {part.name.split(".")[-1] for part in PARTS} - {"table", "merge", "comments", "fh"}  # names of others, too
    wrong = []
    for path in (ROOT / "pipeline").rglob("*.py"):
        text = path.read_text("utf-8")
        if path == SOURCE or ("pipeline.writers.book" not in text and "xlsxwriter" not in text):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and node.attr in names:
                wrong.append(f"{path.name}: {node.attr}")
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("xlsxwriter"):
                wrong += [f"{path.name}: {alias.name}" for alias in node.names if alias.name in names]
    assert wrong == []


def test_only_versions_that_were_tried_are_admitted() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    wanted = [line for line in config["options"]["install_requires"].split() if line.startswith("xlsxwriter")]
    first, last = TRIED[0], TRIED[-1]
    major, minor = map(int, last.split("."))
    assert wanted == [f"xlsxwriter>={first},<{major}.{minor + 1}"]
    installed = xlsxwriter.__version__
    assert installed.rpartition(".")[0] in TRIED, (
        f"xlsxwriter {installed} was not tried. Run this file with it; the tests above name the private parts that differ"
        " and what to look at. When all pass, add the minor version to TRIED in pipeline/writers/book/sheets.py and to"
        " setup.cfg."
    )
