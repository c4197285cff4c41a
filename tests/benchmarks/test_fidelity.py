"""`python -m benchmarks.fidelity` compares every cell, says what differs, and finds nothing wrong in what the writers at
hand write."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks import fidelity
from benchmarks.fidelity import compare_file, compare_folder, difference
from pipeline.readers.formats.opening import WORKBOOK_READERS
from pipeline.readers.intake.sniff import sniff
from pipeline.readers.sheet.grid import Address, OddValue, Value
from tests.support.workbooks import repacked, workbook
from tests.support.writers import CONVERTED, TABLE, WRITERS, Row, cells_of_table, converted

SHEET = "xl/worksheets/sheet1.xml"


def without_space(value: object) -> object:
    """Formats keep more or less of the white space of a text."""
    return "".join(value.split()) if isinstance(value, str) else value


def as_typed(value: Value) -> object:
    if isinstance(value, OddValue) and value.kind == "boolean":
        return value.text == "TRUE"
    return without_space(value)


def read(name: str, content: bytes) -> dict[Address, object]:
    (grid,) = WORKBOOK_READERS[sniff(name, content).format](content).grids[:1]
    return {address: as_typed(value) for address, value in grid.cells.items()}


def expected(table: tuple[Row, ...]) -> dict[Address, object]:
    return {(row + 1, column + 1): without_space(value) for row, column, value in cells_of_table(table)}


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_a_table_comes_back_as_it_was_written(name: str) -> None:
    """Against the table itself, and against every other reader."""
    writer = WRITERS[name]
    content = writer.write(writer.table)
    assert read(f"a{writer.extension}", content) == expected(writer.table)
    for comparison in compare_file(content, f"a{writer.extension}", name).values():
        assert comparison.workbooks == 1 and comparison.cells >= len(expected(writer.table))
        assert comparison.wrong == {}


CHARACTERS = "甲乙丙（）ⅡⅠ①😀a1.0,%-–—<>\"'／￥　 \n"
FIGURES = [0, -1, 0.1 + 0.2, 1 / 3, 132.47999999999999, 123456789, 2**53, 1e-7, 5e-324, 1.7e308]


def value_drawn(drawing: random.Random) -> str | float | None:
    share = drawing.random()
    if share < 0.2:
        return None
    if share < 0.5:
        return drawing.choice([*FIGURES, drawing.random(), round(drawing.uniform(-1e6, 1e6), 2)])
    return "".join(drawing.choices(CHARACTERS, k=drawing.randint(1, 14))).strip() or "无"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(WRITERS))
def test_every_reader_reads_the_same_in_tables_drawn_by_lot(name: str) -> None:
    """Some writers keep fewer digits than a figure has, so the readers are held against each other."""
    drawing = random.Random(name)
    table = [[value_drawn(drawing) for _ in range(5)] for _ in range(200)]
    extension = WRITERS[name].extension
    for comparison in compare_file(WRITERS[name].write(table), f"a{extension}", name).values():
        assert comparison.cells > 500 and comparison.wrong == {}


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(CONVERTED))
@pytest.mark.parametrize("source", ["openpyxl", "excelize"])
def test_a_table_that_libreoffice_saves(name: str, source: str, tmp_path: Path) -> None:
    content = converted(WRITERS[source].write(TABLE), CONVERTED[name], tmp_path)
    assert read(f"a{CONVERTED[name]}", content) == expected(TABLE)
    for comparison in compare_file(content, f"a{CONVERTED[name]}", name).values():
        assert comparison.wrong == {}


def test_at_least_twelve_writers() -> None:
    assert len(WRITERS) + len(CONVERTED) >= 12
    assert {writer.extension for writer in WRITERS.values()} | set(CONVERTED.values()) == {".xlsx", ".xls", ".ods"}


DIFFERENCES: list[tuple[Value | None, tuple[str, object] | None, str]] = [
    (3.0, ("number", 3), ""),
    (3.0, ("number", 4), "other number"),
    (3.0, None, "only here"),
    (None, ("number", 3), "only there"),
    (3.0, ("text", "3"), "text as number or day"),
    ("3", ("number", 3), "text as number or day"),
    (0.3, ("number", 0.1 + 0.2), "last digit"),
    (0.3, ("number", 0.3001), "other number"),
    ("甲", ("text", "甲"), ""),
    ("甲", ("text", "乙"), "other text"),
    ("甲\n乙", ("text", "甲 乙"), "white space"),
    ("〔划去：1〕2", ("text", "12"), "marked text"),
    (None, ("text", "　"), "blank text"),
    (None, None, ""),
    (None, ("text", ""), ""),
    ("甲", None, "only here"),
    (45000.0, ("day", 45000.0), ""),
    (45000.5, ("day", 45000.500001), "day or time"),
    (45000.0, ("day", 45001.0), "other number"),
    (OddValue("formatted", "3", 3.0, "0%"), ("number", 3.0), ""),
    (OddValue("formatted", "3", 3.0, "0%"), ("number", 4.0), "other number"),
    (OddValue("formatted", "3", 3.0, "0%"), None, "only here"),
    (OddValue("error", "#REF!"), None, "error as blank"),
    (OddValue("error", "#REF!"), ("error", "#REF!"), ""),
    (OddValue("error", "#REF!"), ("number", 3), "other error"),
    (OddValue("no_result", "=A1"), None, "formula without result"),
    (OddValue("no_result", "=A1"), ("number", 0), "formula without result"),
    (OddValue("no_result", "=A1"), ("number", 3), "only there"),
    (OddValue("boolean", "TRUE"), ("boolean", True), ""),
    (OddValue("boolean", "TRUE"), ("boolean", False), "other boolean"),
    (OddValue("date", "2024-01-01"), ("text", "x"), "day or time"),
    ("甲", ("boolean", True), "other type"),
]


@pytest.mark.parametrize(("ours", "theirs", "kind"), DIFFERENCES)
def test_the_kind_of_a_difference(ours: Value | None, theirs: tuple[str, object] | None, kind: str) -> None:
    assert difference(ours, theirs) == kind


def test_a_folder_is_counted_and_what_is_wrong_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = workbook({"表": "甲|12|#DIV/0!\n=A1|无|"}, merges=["A1:A1"])
    hidden = repacked(workbook({"表": "甲|乙"}, merges=["A1:B1"]), {})
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "good.xlsx").write_bytes(good)
    (tmp_path / "hidden.xlsx").write_bytes(hidden)
    (tmp_path / "broken.xlsx").write_bytes(good[:-30])
    (tmp_path / "note.txt").write_text("x")
    total = compare_folder(tmp_path)
    calamine = total["python-calamine"]
    assert calamine.workbooks == 2 and calamine.cells == 7
    assert calamine.kinds == {"error as blank": 1, "formula without result": 1, "under a merge": 1}
    assert sum(calamine.refused.values()) == 1 and calamine.wrong == {}
    assert total["xlrd"].workbooks == 0

    fidelity.print_table(total)
    assert "python-calamine: 2 workbooks, 7 cells" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["fidelity", str(tmp_path)])
    assert fidelity.main() == 0


def test_a_wrong_figure_makes_the_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook({"表": "甲|12"}))
    monkeypatch.setattr("sys.argv", ["fidelity", str(tmp_path)])
    monkeypatch.setattr(fidelity, "_difference_of_number", lambda *_: "other number")
    assert fidelity.main() == 1


def test_a_reader_that_dies_costs_its_file_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in ("a.xlsx", "b.xlsx"):
        (tmp_path / name).write_bytes(workbook({"表": "甲|12"}))
    compare = fidelity.compare_file
    monkeypatch.setattr(
        fidelity,
        "compare_file",
        lambda content, name, shown: os._exit(6) if name == "a.xlsx" else compare(content, name, shown),
    )
    total = compare_folder(tmp_path)["openpyxl"]
    assert total.workbooks == 1 and total.refused == {"some reader ends the process": 1}
