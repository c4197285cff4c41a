"""`make bench` measures what it says: both sides of the ratio read the same workbooks."""

from __future__ import annotations

from pathlib import Path

from benchmarks import pieces
from tests.support.arrivals import form, laid_out, nominated, nomination


def test_both_readers_read_the_same_number_of_workbooks(tmp_path: Path):
    here = "杭州市/上城区"
    files = {f"{here}/附件2.xlsx": nomination(nominated(1, "甲公司")), f"{here}/附件1/甲.xlsx": form("甲公司")}
    laid_out(tmp_path, files)
    assert pieces.bare(tmp_path)[1] == pieces.checked(tmp_path, 1)[1] == len(files)


def test_a_report_gives_its_figures(tmp_path: Path):
    here = "杭州市/上城区"
    laid_out(tmp_path / "in", {f"{here}/附件2.xlsx": nomination(nominated(1, "甲公司"))})
    seconds, megabytes, read, written = pieces.report(tmp_path / "in", tmp_path / "out", 1)
    assert 0 < read <= written <= seconds and megabytes > 0
