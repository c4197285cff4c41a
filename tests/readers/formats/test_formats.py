"""A workbook is recognised by its bytes, whatever its name; a file that only looks like one gets an issue; archives."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pipeline.issues.issue import Issue
from pipeline.model.records import FileReading
from pipeline.model.rulebook import Rulebook
from pipeline.readers.formats.encryption import DEFAULT_PASSWORD
from pipeline.readers.intake.file import read_file
from pipeline.readers.intake.inbox import find_candidates
from pipeline.readers.intake.workers import read_files
from tests.support.arrivals import form, laid_out, lexicon, nominated, nomination
from tests.support.containers import archive, locked, word_text

LIST = nomination(nominated(1, "甲公司"))
FORM = form("甲公司")
TITLE = "制造业“云上企业”用云水平评估表"


def read(name: str, content: bytes) -> FileReading:
    return read_file(name, content, lexicon())


def codes(issues: list[Issue]) -> list[str]:
    return [issue.code for issue in issues]


@pytest.mark.parametrize(
    "name", ["附件2.xlsx", "附件2.xls", "附件2.et", "附件2.xlsm", "附件2.ods", "附件2", "附件2.dat"]
)
def test_an_xlsx_is_read_under_any_name(name: str):
    assert [sheet.kind for sheet in read(name, LIST).sheets] == ["nomination"]


@pytest.mark.parametrize(
    ("name", "content", "kind", "issues"),
    [
        ("a.xls", b"<html><table></table></html>", "unreadable", ["F02"]),
        ("a.xls", b"\xef\xbb\xbf<html>", "unreadable", ["F02"]),
        ("a.xls", "序号,企业名称\n1,甲".encode(), "unreadable", ["F02"]),
        (
            "a.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "unreadable",
            ["F02"],
        ),
        ("a.xlsx", b"%PDF-1.7", "unreadable", ["F02"]),
        ("a.xlsx", b"\x89PNG\r\n", "unreadable", ["F02"]),
        ("a.xlsx", b"", "unreadable", ["F19"]),
        ("a.xlsx", b"PK\x03\x04", "unreadable", ["F01"]),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "unreadable", ["F02"]),
        ("a.xlsx", word_text("会议纪要"), "unreadable", ["F02"]),
        ("a.docx", word_text("会议纪要"), "evidence", []),
        ("附件1.docx", word_text(f"附件1{TITLE}"), "unrecognised", ["F03"]),
        ("a.pdf", b"%PDF-1.7", "evidence", []),
        ("a.csv", b"1,2", "evidence", []),
        ("a.rar", b"Rar!\x1a", "archive", ["F11"]),
        ("a.7z", b"7z\xbc\xaf\x27", "archive", ["F11"]),
        ("a.zip", b"Rar!\x1a", "archive", ["F11"]),
        ("a.zip", b"nonsense", "archive", []),
        ("a.exe", b"MZ", "unrecognised", ["F04"]),
    ],
)
def test_a_file_that_is_no_workbook_has_its_kind_and_issue(name: str, content: bytes, kind: str, issues: list[str]):
    reading = read(name, content)
    assert (reading.kind, codes(reading.issues)) == (kind, issues)


def test_excels_default_password_is_no_obstacle():
    assert [sheet.kind for sheet in read("附件1.xlsx", locked(FORM, DEFAULT_PASSWORD)).sheets] == ["assessment"]


def test_any_other_password_is_an_issue():
    assert codes(read("附件1.xlsx", locked(FORM, "secret")).issues) == ["F13"]


@pytest.fixture(scope="module")
def converted(libreoffice: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The form and the list as LibreOffice saves them in the old formats."""
    folder = tmp_path_factory.mktemp("converted")
    for name, content in (("form", FORM), ("list", LIST)):
        (folder / f"{name}.xlsx").write_bytes(content)
    for ending in ("xls", "ods"):
        files = [str(folder / "form.xlsx"), str(folder / "list.xlsx")]
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [libreoffice, profile, "--headless", "--convert-to", ending, "--outdir", str(folder), *files]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_old_formats_give_the_values_of_the_xlsx(converted: dict[str, bytes], ending: str):
    known = read("form.xlsx", FORM).sheets[0].assessments[0]
    converted_form = read(f"form.{ending}", converted[f"form.{ending}"]).sheets[0].assessments[0]
    for mine, theirs in zip(converted_form.answers, known.answers, strict=True):
        assert (mine.n.value, mine.m.value) == (theirs.n.value, theirs.m.value), mine.indicator
        assert mine.n.where.cell == theirs.n.where.cell
    rows = read(f"list.{ending}", converted[f"list.{ending}"]).sheets[0].nominations
    assert [(row.company, row.phone) for row in rows] == [("甲公司", "13900000001")]


def test_old_formats_are_known_by_their_bytes(converted: dict[str, bytes]):
    assert read("附件2.xlsx", converted["list.xls"]).sheets[0].kind == "nomination"
    assert read("附件2.et", converted["list.xls"]).sheets[0].kind == "nomination"


# ---------------------------------------------------------------------------------------- archives


def paths(folder: Path, rulebook: Rulebook) -> dict[str, tuple[str, list[str]]]:
    readings = read_files(find_candidates(folder), rulebook, 2)
    return {reading.path: (reading.kind, codes(reading.issues)) for reading in readings}


def test_files_in_archives_are_read_like_any_other(tmp_path: Path, rulebook: Rulebook):
    inner = archive({"上城区/附件2.xlsx": LIST, "截图.png": b"\x89PNG", "__MACOSX/._x": b"1", "~$a.xlsx": b"1"})
    laid_out(tmp_path, {"杭州市.zip": archive({"报送/材料.zip": inner, "附件1.xlsx": FORM})})
    by_path = paths(tmp_path, rulebook)
    assert by_path == {
        "杭州市.zip": ("archive", []),
        "杭州市.zip/附件1.xlsx": ("assessment", []),
        "杭州市.zip/报送/材料.zip": ("archive", []),
        "杭州市.zip/报送/材料.zip/上城区/附件2.xlsx": ("nomination", []),
        "杭州市.zip/报送/材料.zip/截图.png": ("evidence", []),
        "杭州市.zip/报送/材料.zip/__MACOSX/._x": ("ignored", []),
        "杭州市.zip/报送/材料.zip/~$a.xlsx": ("ignored", []),
    }


def test_an_archive_counts_as_a_folder(tmp_path: Path, rulebook: Rulebook):
    laid_out(tmp_path, {"杭州市/上城区.ZIP": archive({"附件1.xlsx": form("甲公司", county="")})})
    (_, reading) = read_files(find_candidates(tmp_path), rulebook, 1)
    claims = reading.sheets[0].assessments[0].claims
    named = [(claim.city, claim.county, claim.source) for claim in claims if claim.county]
    assert named == [("杭州市", "上城区", "folder")]


def test_archives_beyond_the_third_are_not_opened(tmp_path: Path, rulebook: Rulebook):
    content = archive({"附件2.xlsx": LIST})
    for number in range(4):
        content = archive({f"{number}.zip": content})
    laid_out(tmp_path, {"a.zip": content})
    by_path = paths(tmp_path, rulebook)
    assert by_path.pop("a.zip/3.zip/2.zip/1.zip") == ("unreadable", ["F05"])
    assert {kind for kind, _ in by_path.values()} == {"archive"} and len(by_path) == 3


def test_a_broken_archive_or_member_costs_only_itself(tmp_path: Path, rulebook: Rulebook):
    whole = archive({"附件2.xlsx": LIST, "b.xlsx": FORM})
    broken = bytearray(whole)
    broken[whole.rindex(b"PK\x03\x04") + 200] ^= 0xFF  # within the second member
    laid_out(tmp_path, {"a.zip": bytes(broken), "b.zip": b"nonsense", "c.zip": whole[:200]})
    by_path = paths(tmp_path, rulebook)
    assert by_path["b.zip"] == by_path["c.zip"] == ("unreadable", ["F20"])
    assert by_path["a.zip/附件2.xlsx"] == ("nomination", []) and by_path["a.zip/b.xlsx"] == ("unreadable", ["F01"])
