"""What one file may cost: limits by counts decide, the same everywhere; behind them a budget of CPU time from outside."""

from __future__ import annotations

import time
from pathlib import Path

import openpyxl
import pytest

from pipeline import run
from pipeline.machine.supervisor import Limits
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.readers.forms.nomination.form import _List
from pipeline.readers.intake import file, workers
from pipeline.stages import statements
from pipeline.stages.checks import too_much
from pipeline.writers import marking
from pipeline.writers.county import workbook as returned
from pipeline.writers.marked.copies import Marker
from pipeline.writers.marked.package import SentPackage
from pipeline.writers.marked.xml import NotMarkable
from tests.support.arrivals import form, laid_out, lexicon, nominated, nomination
from tests.support.containers import archive
from tests.support.marked import marked_copies
from tests.support.workbooks import part_of, repacked, workbook

CITY, COUNTY = "杭州市", "上城区"
HERE = f"{CITY}/{COUNTY}"
LIST, FORM = f"{HERE}/附件2.xlsx", f"{HERE}/甲.xlsx"
SHEET = "xl/worksheets/sheet1.xml"
WRONG = {"research": ("待定", 4), "production": ("待定", 4)}


def outcome(folder: Path, files: dict[str, bytes], rulebook: Rulebook) -> Results:
    return run.compute([laid_out(folder / "in", files)], rulebook, run.Options(2))


def two_wrong() -> dict[str, bytes]:
    return {LIST: nomination(nominated(1, "杭州甲公司")), FORM: form("杭州甲公司", answers=WRONG)}


def test_a_workbook_with_too_many_cells_to_mark_has_the_list_alone(
    tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(too_much, "MOST_MARKED_CELLS", 1)
    results = outcome(tmp_path, two_wrong(), rulebook)
    made = marked_copies(results, CITY, COUNTY)
    assert made.copies == {} and "格子太多" in made.without[0]
    (issue,) = [issue for issue in results.issues if issue.code == "F35"]
    assert (issue.where.file, issue.city, issue.county) == (FORM, CITY, COUNTY)


def test_a_county_with_too_many_files_has_the_list_alone(
    tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(too_much, "MOST_FILES", 1)
    results = outcome(tmp_path, two_wrong(), rulebook)
    made = marked_copies(results, CITY, COUNTY)
    assert made.copies == {} and "文件太多" in made.without[0]
    assert [(issue.city, issue.county) for issue in results.issues if issue.code == "F34"] == [(CITY, COUNTY)]


def test_only_a_countys_own_forms_are_too_many_files(
    tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
):
    """Not its papers, nor forms whose county nobody knows."""
    own = two_wrong()
    papers = {f"{CITY}/{COUNTY}/{number}.pdf": b"%PDF" for number in range(3)}
    nobodys = {f"资料/{number}.xlsx": form(f"远方{number}号机械厂", county="") for number in range(len(own) + 1)}
    monkeypatch.setattr(too_much, "MOST_FILES", len(own))
    results = outcome(tmp_path, own | papers | nobodys, rulebook)
    assert not [issue for issue in results.issues if issue.code == "F34"]


def test_a_list_with_too_many_rows_is_not_read(tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(file, "MOST_ROWS", 1)
    content = nomination(nominated(1, "杭州甲公司"), nominated(2, "杭州乙公司"))
    reading = file.read_file(LIST, content, lexicon())
    assert (reading.kind, reading.sheets, [issue.code for issue in reading.issues]) == ("unreadable", [], ["F31"])
    assert reading.sha256


def test_a_file_with_too_many_problems_is_one_problem(monkeypatch: pytest.MonkeyPatch):
    """Counted are those of the form itself, of its companies and of its rows."""
    monkeypatch.setattr(file, "MOST_FINDINGS", 1)
    wrong_rows = [nominated(number, f"杭州{name}公司", revenue="待定") for number, name in ((1, "甲"), (2, "乙"))]
    for path, content in ((FORM, form("杭州甲公司", answers=WRONG)), (LIST, nomination(*wrong_rows))):
        reading = file.read_file(path, content, lexicon())
        assert (reading.kind, reading.sheets, [issue.code for issue in reading.issues]) == ("unreadable", [], ["F32"])


def test_companies_beyond_the_limit_are_counted_and_not_read(monkeypatch: pytest.MonkeyPatch):
    names = ["杭州甲公司", "杭州乙公司", "杭州丙公司", "杭州丁公司"]
    content = nomination(*(nominated(number, name) for number, name in enumerate(names, start=1)))
    monkeypatch.setattr(file, "MOST_ROWS", 1)
    monkeypatch.setattr("pipeline.readers.forms.nomination.form.MOST_ROWS", 1)
    read = []
    entry = _List._read_entry
    monkeypatch.setattr(_List, "_read_entry", lambda self, row, name: read.append(name) or entry(self, row, name))
    (issue,) = file.read_file(LIST, content, lexicon()).issues
    assert (issue.code, issue.facts) == ("F31", {"count": "4", "limit": "1"})
    assert read == names[:2]


def test_of_too_many_statements_about_one_issue_none_counts(
    tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
):
    first = outcome(tmp_path / "first", two_wrong(), rulebook)
    one, other = sorted(issue.id for issue in first.issues if issue.code == "V01")
    rows = [[one, "改", "属实"], [one, "改", "也对"], [other, "改", "确实"]]
    answers = workbook({"问题清单": [["编号", "怎么改", "情况说明"], *rows]})
    monkeypatch.setattr(statements, "MOST_STATEMENTS", 1)
    results = outcome(tmp_path / "second", {**two_wrong(), f"{HERE}/清单.xlsx": answers}, rulebook)
    assert {issue.id: issue.statement for issue in results.issues if issue.code == "V01"} == {one: "", other: "确实"}
    (issue,) = [issue for issue in results.issues if issue.code == "F33"]
    assert (issue.found, issue.where.file) == (one, f"{HERE}/清单.xlsx")


def test_a_sheet_too_large_to_be_marked_is_told_by_its_size_alone():
    content = form("杭州甲公司")
    large = part_of(content, SHEET).replace("</sheetData>", "</sheetData>" + " " * 4 * 2**20)
    with pytest.raises(NotMarkable, match="太大"):
        SentPackage(repacked(content, {SHEET: large})).read(SHEET)


# ---------------------------------------------------------------- time


def slow_for(path: str, seconds: float = 30.0):
    """A Marker.mark that uses up CPU time on one file."""
    mark = Marker.mark

    def marked(self: Marker, errand) -> bytes | str:
        end = time.process_time() + seconds
        while errand.path == path and time.process_time() < end:
            pass
        return mark(self, errand)

    return marked


@pytest.mark.slow
def test_a_copy_that_takes_too_long_costs_itself_alone(
    tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
):
    files = {
        LIST: nomination(nominated(1, "杭州甲公司"), nominated(2, "杭州乙公司")),
        FORM: form("杭州甲公司", answers=WRONG),
        f"{HERE}/乙.xlsx": form("杭州乙公司", answers=WRONG),
    }
    results = outcome(tmp_path, files, rulebook)
    monkeypatch.setattr(Marker, "mark", slow_for(FORM))
    folder = tmp_path / "out"
    folder.mkdir()
    lines = marking.mark_all({(CITY, COUNTY): folder}, results, 1, Limits(seconds=1))
    assert [path.name for path in (folder / "已标注").iterdir()] == ["杭州乙公司_1.xlsx"]
    assert len(lines[CITY, COUNTY]) == 2 and "甲.xlsx" in lines[CITY, COUNTY][1] and "太长" in lines[CITY, COUNTY][1]


@pytest.mark.slow
def test_an_archive_that_takes_too_long_is_refused_as_a_whole(
    tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
):
    read_file = workers.read_file

    def slow(path: str, content: bytes, lexicon: object) -> object:
        end = time.process_time() + (0.4 if ".zip/" in path else 0)
        while time.process_time() < end:
            pass
        return read_file(path, content, lexicon)

    monkeypatch.setattr(workers, "read_file", slow)
    monkeypatch.setattr(workers, "BUDGET_SECONDS", 1.0)
    forms = {f"{number}.xlsx": form(f"杭州{number}公司") for number in range(8)}
    results = outcome(tmp_path, {f"{HERE}/报送.zip": archive(forms), **two_wrong()}, rulebook)
    lines = results.files[results.files["path"].str.contains("zip")]
    assert lines[["path", "kind"]].values.tolist() == [[f"{HERE}/报送.zip", "unreadable"]]
    (issue,) = [issue for issue in results.issues if issue.where.file == f"{HERE}/报送.zip"]
    assert issue.code == "F05" and "用时" in issue.facts["reason"]
    assert (results.files["path"] == FORM).any()


def test_an_archive_with_too_many_files_to_look_into_is_refused(
    tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(workers, "MOST_IN_ARCHIVES", 2)
    held = {"甲.xlsx": form("杭州甲公司"), "图.png": b"1", "图2.png": b"2"}
    few = outcome(tmp_path / "few", {f"{HERE}/报送.zip": archive(held), **two_wrong()}, rulebook)
    assert len(few.files) == 6
    held |= {"乙.xlsx": b"", "丙.xlsx": b""}
    many = outcome(tmp_path / "many", {f"{HERE}/报送.zip": archive(held), **two_wrong()}, rulebook)
    assert many.files[["path", "kind"]].values.tolist()[0] == [f"{HERE}/报送.zip", "unreadable"]
    assert len(many.files) == 3


@pytest.mark.slow
def test_reading_and_marking_share_one_budget(tmp_path: Path, rulebook: Rulebook):
    results = outcome(tmp_path, two_wrong(), rulebook)
    source, seconds = results.costs[FORM]
    assert source.endswith("甲.xlsx") and 0 <= seconds < 10
    folder = tmp_path / "out"
    folder.mkdir()
    results.costs[FORM] = (source, 31.0)
    (line,) = marking.mark_all({(CITY, COUNTY): folder}, results, 1)[CITY, COUNTY]
    assert "太长" in line and not (folder / "已标注").exists()


@pytest.mark.slow
def test_the_copies_are_the_same_however_many_processes_make_them(tmp_path: Path, rulebook: Rulebook):
    names = [f"杭州{name}公司" for name in "甲乙丙丁"]
    files = {LIST: nomination(*(nominated(number, name) for number, name in enumerate(names, start=1)))}
    files |= {f"{HERE}/报送.zip": archive({f"{name}.xlsx": form(name, answers=WRONG) for name in names})}
    results = outcome(tmp_path, files, rulebook)
    made = []
    for jobs in (1, 2):
        folder = tmp_path / str(jobs)
        folder.mkdir()
        lines = marking.mark_all({(CITY, COUNTY): folder}, results, jobs)
        made.append((lines, {path.name: path.read_bytes() for path in (folder / "已标注").iterdir()}))
    assert made[0] == made[1] and len(made[0][1]) == 4
    assert made[0][1] == marked_copies(results, CITY, COUNTY).copies


def test_a_county_with_too_many_companies_gets_pages_for_the_first_ones(
    tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
):
    files = {LIST: nomination(nominated(1, "杭州甲公司"), nominated(2, "杭州乙公司")), FORM: form("杭州甲公司")}
    results = outcome(tmp_path, files, rulebook)
    sheets = []
    for most in (1, 2):
        monkeypatch.setattr(returned, "MOST_PAGES", most)
        returned.write_returned(tmp_path / "out.xlsx", results, CITY, COUNTY)
        book = openpyxl.load_workbook(tmp_path / "out.xlsx")
        sheets.append(book.sheetnames)
        assert ("只有前 1 家有" in book["问题清单"]["A2"].value) is (most == 1)
    names = ["杭州甲公司", "杭州乙公司"]
    assert sheets == [["问题清单", "附件2", "县级排序对照", *names[:1]], ["问题清单", "附件2", "县级排序对照", *names]]
