"""Which stored results of formulas count: those of a workbook that is not to be computed on opening, and those that the
formula gives when it is computed anew."""

from __future__ import annotations

import struct

import pytest

from pipeline.readers.formats.ods import read_ods
from pipeline.readers.formats.xls import read_biff
from pipeline.readers.formats.xlsb import read_xlsb
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.sheet.grid import Grid, OddValue
from tests.support.old_formats import binary, ods, ods_row, record, wide, xls, xlsb
from tests.support.workbooks import Cell, Raw, part_of, repacked, to_be_computed, without_zeros, workbook


def cell(formula: str, stored: str = "0", given: str = "", kind: str = "") -> Raw:
    return Raw(f't="{kind}"' if kind else "", f"<f{given}>{formula}</f><v>{stored}</v>")


def grid_of(*rows: list[Cell], others: dict[str, list[list[Cell]]] | None = None, calculation: str = "") -> Grid:
    content = workbook({"表": rows, **(others or {})})
    return read_workbook(to_be_computed(content, calculation) if calculation else content).grids[0]


def doubts(grid: Grid) -> list[tuple[int, int]]:
    return [address for address in grid.cells if grid.doubt_at(address)]


ON_OPENING = ('fullCalcOnLoad="1"', 'fullCalcOnLoad="true"', 'calcCompleted="0"', 'calcId="1" fullCalcOnLoad="1"')


@pytest.mark.parametrize("calculation", ON_OPENING)
def test_a_workbook_to_be_computed_on_opening(calculation: str):
    grid = grid_of([cell("1+1"), cell("1+1", "2"), cell("NOW()", "5"), 0], calculation=calculation)
    assert doubts(grid) == [(1, 1), (1, 3)]
    assert grid.answer_at((1, 1)) == OddValue("unproven", "0") and grid.answer_at((1, 2)) == 2


@pytest.mark.parametrize("calculation", ["", 'fullCalcOnLoad="0"', 'calcId="191029"', 'calcMode="manual"'])
def test_any_other_workbook(calculation: str):
    """Only a number that the formula surely does not give is doubted."""
    row = [cell("1+1"), cell("1+1", "2"), cell("NOW()", "5"), cell("H1*2", "24"), cell("COUNTA(A5:A9)", "3")]
    assert doubts(grid_of(row, calculation=calculation)) == [(1, 1)]


def test_results_stored_as_they_were_shown():
    assert not doubts(grid_of([cell("1/3", "0.33")], calculation='fullPrecision="0"'))
    assert doubts(grid_of([cell("1/3", "0.33")])) == [(1, 1)]


def test_formulas_that_need_each_other():
    grid = grid_of([cell("B1+1", "3"), cell("C1+1", "2"), 1], calculation=ON_OPENING[0])
    assert not doubts(grid)
    grid = grid_of([cell("B1+1", "3"), cell("C1+1", "2"), cell("NOW()", "1")], calculation=ON_OPENING[0])
    assert doubts(grid) == [(1, 1), (1, 2), (1, 3)]
    grid = grid_of([cell("B1", "3"), cell("A1", "3")], calculation=ON_OPENING[0])
    assert doubts(grid) == [(1, 1), (1, 2)]


def test_cells_of_other_sheets():
    others = {"清单": [["是"], ["否"], ["是"]]}
    row = [cell('COUNTIF(清单!A1:A3,"是")', "2"), cell('COUNTIF(清单!A1:A3,"否")', "2"), cell("没有!A1", "9")]
    assert doubts(grid_of(row, others=others, calculation=ON_OPENING[0])) == [(1, 2)]


def test_shared_and_array_formulas():
    shared, follower = ' t="shared" ref="B1:B2" si="0"', Raw("", '<f t="shared" si="0"/><v>4</v>')
    grid = grid_of([1, cell("A1*2", "2", shared)], [2, follower], calculation=ON_OPENING[0])
    assert not doubts(grid)
    grid = grid_of([1, cell("A1*2", "2", shared)], [3, follower], calculation=ON_OPENING[0])
    assert doubts(grid) == [(2, 2)]
    array = cell("{1;2}", "1", ' t="array" ref="A1:A2"')
    assert doubts(grid_of([array, 7], [2, 8], calculation=ON_OPENING[0])) == [(1, 1), (2, 1)]
    assert not doubts(grid_of([array, 7], [2, 8]))


def test_errors_and_missing_results_say_so_themselves():
    grid = grid_of([cell("1/0", "#DIV/0!", kind="e"), Raw("", "<f>1+1</f>")], calculation=ON_OPENING[0])
    assert not doubts(grid) and [value.kind for value in grid.cells.values()] == ["error", "no_result"]


def test_an_empty_text_as_result():
    row = [cell("T(B9)", "", kind="str"), cell('IF(1=1,"",5)', "", kind="str"), Raw("", ""), "甲"]
    grid = grid_of(row)
    assert [grid.answer_at((1, column)) for column in range(1, 5)] == [OddValue("no_text", ""), None, None, "甲"]


def test_an_empty_text_that_the_formula_surely_gives():
    grid = grid_of([cell('IF(B9="","",B9)', "", kind="str"), cell('IF(B9="√","√","")', "", kind="str"), Raw("", "")])
    assert grid.answer_at((1, 1)) is None and grid.answer_at((1, 2)) is None
    grid = grid_of([cell("B1", "7"), Raw("", "")])
    assert not doubts(grid)  # the blank cell may hold what is not read here


def test_zeros_that_nobody_sees():
    row = [cell("D9"), 0, 5, cell("D9", "3"), "0"]
    grid = read_workbook(without_zeros(workbook({"表": [row]}))).grids[0]
    assert grid.unseen == {(1, 1)} and grid.answer_at((1, 1)) == OddValue("unseen_result", "0")
    assert list(grid.cells) == [(1, column) for column in range(2, 6)] and grid.cells[1, 2].kind == "unseen_zero"
    other = read_workbook(without_zeros(workbook({"表": [row], "二": [[0]]}))).grids[1]
    assert other.cells == {(1, 1): 0.0}


@pytest.mark.parametrize("view", ['showZeros="0"', 'showZeros="false"', "showZeros='0' tabSelected='1'"])
def test_a_sheet_that_shows_no_zeros_however_it_is_written(view: str):
    content = workbook({"表": [[0, None, Raw("", "<f>A1</f><v/>")]]})  # the last cell in no plain shape
    for sheet in (workbook({"表": [[0]]}), content):
        changed = without_zeros(sheet)

        name = "xl/worksheets/sheet1.xml"
        changed = repacked(changed, {name: part_of(changed, name).replace('showZeros="0"', view)})
        assert read_workbook(changed).grids[0].cells[1, 1] == OddValue("unseen_zero", "0", 0.0)


def test_an_xlsb_to_be_computed_on_opening_and_without_zeros():
    def full(kind: int, column: int, content: bytes) -> bytes:
        return binary(kind, struct.pack("<II", column, 0) + content)

    row = binary(0, struct.pack("<II", 0, 0) + bytes(17))
    cells = full(9, 0, struct.pack("<d", 3.0) + bytes(6)) + full(5, 1, struct.pack("<d", 4.0))
    cells += full(8, 2, wide("") + bytes(6)) + full(9, 3, bytes(8) + bytes(6)) + full(5, 4, bytes(8))
    for flags, zeros, doubted, unseen in (
        (1, 0x10, [(1, 1), (1, 4)], set()),
        (0, 0x10, [], set()),
        (0, 0, [], {(1, 4)}),
    ):
        view = binary(137, struct.pack("<H", 0x03CC | zeros) + bytes(28))
        sheet = binary(129) + view + binary(145) + row + cells + binary(146) + binary(130)
        book = binary(131) + binary(143) + binary(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("表"))
        book += binary(144) + binary(157, bytes(24) + struct.pack("<H", flags)) + binary(132)
        grid = read_xlsb(xlsb({}, sheet=sheet, parts={"xl/workbook.bin": book})).grids[0]
        assert (doubts(grid), grid.unseen) == (doubted, unseen)
        assert grid.answer_at((1, 3)) == OddValue("no_text", "")
        assert zeros or grid.cells[1, 5].kind == "unseen_zero"


NUMBER, EMPTY_TEXT = struct.pack("<d", 3.0), b"\x03\0\0\0\0\0\xff\xff"


def xls_formula(column: int, result: bytes, flags: int = 0) -> bytes:
    return record(0x06, struct.pack("<HHH", 0, column, 0) + result + struct.pack("<HI", flags, 0) + b"\3\0\x1e\3\0")


@pytest.mark.parametrize(
    ("after", "doubted"),
    [
        (xls_formula(0, NUMBER), []),
        (xls_formula(0, NUMBER, 1), []),  # always, as NOW() is
        (xls_formula(0, NUMBER, 2), [(1, 1)]),
        (xls_formula(0, NUMBER, 3), [(1, 1)]),
        (record(0x5E, b"\0\0") + xls_formula(0, NUMBER), [(1, 1)]),
    ],
)
def test_an_xls_whose_results_were_not_computed(after: bytes, doubted: list):
    grid = read_biff(xls({(2, 1): 5.0}, after=after)).grids[0]
    assert doubts(grid) == doubted and grid.cells[2, 1] == 5


def test_an_xls_formula_with_an_empty_text_as_result():
    grid = read_biff(xls({(2, 1): 5.0}, after=xls_formula(0, EMPTY_TEXT))).grids[0]
    assert grid.answer_at((1, 1)) == OddValue("no_text", "") and grid.answer_at((1, 2)) is None


def test_an_xls_that_shows_no_zeros():
    window = record(0x023E, struct.pack("<HHHIHHI", 0x06B6 & ~0x10, 0, 0, 64, 0, 0, 0))
    zero = xls_formula(1, bytes(8))
    grid = read_biff(xls({(2, 1): 0.0}, after=window + zero)).grids[0]
    assert grid.cells[2, 1].kind == "unseen_zero" and grid.unseen == {(1, 2)}


def test_an_ods_that_shows_no_zeros():
    def shown(name: str) -> Grid:
        item = f'<config:config-item config:name="ShowZeroValues" config:type="boolean">{name}</config:config-item>'
        given = 'office:value-type="float" office:value="0"'
        formula = Raw(f'table:formula="of:=[.D9]" {given}', "<text:p>0</text:p>")
        return read_ods(
            ods(ods_row(0.0, formula), **{"settings.xml": f"<office:settings>{item}</office:settings>"})
        ).grids[0]

    hidden, seen = shown("false"), shown("true")
    assert hidden.cells[1, 1].kind == "unseen_zero" and hidden.unseen == {(1, 2)}
    assert seen.cells == {(1, 1): 0.0, (1, 2): 0.0} and not seen.unseen


def test_an_ods_cell_whose_zero_is_shown_as_nothing():
    given = 'office:value-type="float" office:value="0"'
    row = ods_row(Raw(given, "<text:p></text:p>"), Raw(f'table:formula="of:=[.D9]" {given}', "<text:p/>"))
    grid = read_ods(ods(row)).grids[0]
    assert grid.cells[1, 1].kind == "unseen_zero" and grid.unseen == {(1, 2)}
