"""`make bench` measures what it says: both sides of the ratio read the same workbooks."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import pieces
from benchmarks.shapes import SHAPES, in_shape
from pipeline.readers.formats.xlsx import read_workbook
from tests.support.arrivals import form, laid_out, nominated, nomination
from tests.support.workbooks import part_of


def test_both_readers_read_the_same_number_of_workbooks(tmp_path: Path):
    here = "杭州市/上城区"
    files = {f"{here}/附件2.xlsx": nomination(nominated(1, "甲公司")), f"{here}/附件1/甲.xlsx": form("甲公司")}
    laid_out(tmp_path, files)
    assert pieces.bare(tmp_path)[1] == pieces.opened(tmp_path)[1] == pieces.checked(tmp_path, 1)[1] == len(files)


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_a_workbook_in_another_shape_is_another_file_and_reads_the_same(shape: str) -> None:
    as_sent = form("甲公司")
    content = in_shape(as_sent, shape)
    assert read_workbook(content).grids == read_workbook(as_sent).grids
    sheets = [part_of(each, "xl/worksheets/sheet1.xml") for each in (as_sent, content)]
    assert (sheets[0] == sheets[1]) == (shape == "as sent")


def test_a_report_gives_its_figures(tmp_path: Path):
    here = "杭州市/上城区"
    laid_out(tmp_path / "in", {f"{here}/附件2.xlsx": nomination(nominated(1, "甲公司"))})
    seconds, megabytes, read, written = pieces.report(tmp_path / "in", tmp_path / "out", 1)
    assert 0 < read <= written <= seconds and megabytes > 0
