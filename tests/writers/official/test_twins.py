"""The plain data sheets, held against the checklist "Making spreadsheets accessible" of the UK Government Analysis Function."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model.results import Results
from pipeline.writers.book.plain import NOTHING
from pipeline.writers.official.pool import write_progress
from pipeline.writers.official.ranking import write_nomination, write_public_list
from tests.support.results_builder import build_results

TWINS: dict[str, tuple[Callable[[Path, Results], None], str, int]] = {
    "附件2数据": (write_nomination, "附件2", 4),
    "公示名单数据": (write_public_list, "公示名单", 3),
    "市级数据": (write_progress, "市级", 4),
    "区县级数据": (write_progress, "区县级", 4),
}


@pytest.fixture(params=TWINS)
def sheets(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Worksheet, Worksheet, int]:
    """A plain sheet, its official one, and the first row of the official table's body."""
    write, official, header = TWINS[request.param]
    write(tmp_path / "a.xlsx", build_results())
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)
    return book[request.param], book[official], header + 1


def test_the_sheet_passes_the_checklist(sheets: tuple[Worksheet, Worksheet, int]) -> None:
    plain = sheets[0]
    assert len(plain.tables) == 1 and not plain.merged_cells.ranges
    table = next(iter(plain.tables.values()))
    first, last = table.ref.split(":")
    area = plain[first:last]
    assert last == f"{area[0][-1].column_letter}{plain.max_row}" and first.startswith("A")
    headers = [cell.value for cell in area[0]]
    assert len(set(headers)) == len(headers) and all(headers) and not any("\n" in header for header in headers)
    assert [column.name for column in table.tableColumns] == headers
    assert all(cell.value not in (None, "") for row in area[1:] for cell in row)
    above = [[cell.value for cell in row] for row in plain.iter_rows(max_row=area[0][0].row - 1)]
    assert all(row[0] and not any(row[1:]) for row in above)  # the title and the notes, one to a row
    cells = [cell for row in plain.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.font.sz >= 12 and not cell.alignment.wrap_text for cell in cells)
    assert not any(cell.fill.fill_type for cell in cells)  # no colour says anything
    assert not any(size.hidden for size in (*plain.row_dimensions.values(), *plain.column_dimensions.values()))


def test_it_says_what_the_official_table_says(sheets: tuple[Worksheet, Worksheet, int]) -> None:
    plain, official, top = sheets
    first, last = next(iter(plain.tables.values())).ref.split(":")
    said = [[cell.value for cell in row] for row in plain[first:last]]
    headers = [str(cell.value or "").replace("\n", "") for cell in official[top - 1]]
    positions = {header: headers.index(header) for header in said[0] if header in headers}
    assert len(positions) >= len(said[0]) - 1  # but for the status
    below = official.iter_rows(min_row=top, values_only=True)
    rows = [row for row in below if sum(value is not None for value in row) > 2]
    assert len(rows) == len(said) - 1
    for row, values in zip(rows, said[1:], strict=True):
        for header, value in zip(said[0], values, strict=True):
            if header in positions:
                expected = NOTHING if row[positions[header]] in (None, "") else row[positions[header]]
                assert value == (pytest.approx(expected) if isinstance(expected, float) else expected)


def test_a_table_without_rows_says_so(tmp_path: Path) -> None:
    results = build_results()
    results.totals["status"] = "未推荐"
    write_public_list(tmp_path / "a.xlsx", results)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["公示名单数据"]
    assert [cell.value for cell in sheet[sheet.max_row]] == [NOTHING] * 4
