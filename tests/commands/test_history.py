"""与上次相比.xlsx beside OUTPUT tells of the last run and of no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from pipeline import run
from pipeline.commands.history import LAST, take_back, write_last
from pipeline.model.rulebook import Rulebook
from pipeline.writers.publishing.failures import PublishRefused
from pipeline.writers.publishing.history import History
from tests.support.arrivals import form, laid_out
from tests.support.small_province import HERE, small_province

pytestmark = pytest.mark.slow

DAYS = ("2024-06-01", "2024-06-02")
OTHER = {f"{HERE}/附件1/乙.xlsx": form("杭州乙公司", answers={"research": (3, 4)})}


def reported(root: Path, output: Path, rulebook: Rulebook, day: str, demo: bool = False) -> Path | None:
    """What `report --history` writes beside OUTPUT."""
    history = History(output)
    results = run.report(root, output, rulebook, run.Options(1, day, history=history))
    return write_last(history, replace(results, standing=replace(results.standing, demo=demo)))


@pytest.fixture
def output(tmp_path: Path, rulebook: Rulebook) -> Path:
    """The results of two days, in between a figure was corrected."""
    output = tmp_path / "结果"
    assert reported(laid_out(tmp_path / "一", small_province()), output, rulebook, DAYS[0]) is None
    second = laid_out(tmp_path / "二", small_province() | OTHER)
    assert reported(second, output, rulebook, DAYS[1]) == tmp_path / LAST
    return output


def test_it_says_what_moved_and_of_which_day(output: Path):
    book = openpyxl.load_workbook(output.with_name(LAST))
    assert book.properties.created.date().isoformat() == DAYS[1]
    figures = [cell.value for row in book["数字变动"].iter_rows() for cell in row]
    assert "杭州乙公司" in figures and {1, 3} <= set(figures)


def test_it_goes_where_there_is_nothing_to_compare_with(output: Path, rulebook: Rulebook, tmp_path: Path):
    output.rename(tmp_path / "留存")
    assert reported(tmp_path / "二", output, rulebook, DAYS[1]) is None
    assert not output.with_name(LAST).exists()


def test_made_up_data_are_not_compared_with_real_ones(output: Path, rulebook: Rulebook, tmp_path: Path):
    assert reported(tmp_path / "二", output, rulebook, DAYS[1], demo=True) is None
    assert not output.with_name(LAST).exists()


def test_it_goes_with_what_is_taken_back(output: Path):
    assert take_back(output)[1] == DAYS[0]
    assert not output.with_name(LAST).exists()


@pytest.mark.parametrize("content", ["saved", "other"])
def test_what_somebody_saved_in_its_place_stays(output: Path, rulebook: Rulebook, tmp_path: Path, content: str):
    path = output.with_name(LAST)
    if content == "saved":
        book = openpyxl.load_workbook(path)
        book["数字变动"]["A1"] = "我的批注"
        book.save(path)
    else:
        path.write_bytes(b"mine")
    before = path.read_bytes()
    with pytest.raises(PublishRefused, match=LAST):
        reported(tmp_path / "一", output, rulebook, DAYS[0])
    assert take_back(output)[1] == DAYS[1]
    assert path.read_bytes() == before


def test_a_file_it_tells_of_is_no_part_of_the_output(output: Path, rulebook: Rulebook, tmp_path: Path):
    """The bytes of the output do not depend on what lay there before."""
    alone = tmp_path / "别处" / "结果"
    alone.parent.mkdir()
    reported(tmp_path / "二", alone, rulebook, DAYS[1])
    files = {path.relative_to(output): path.read_bytes() for path in output.rglob("*") if path.is_file()}
    assert files == {path.relative_to(alone): path.read_bytes() for path in alone.rglob("*") if path.is_file()}
