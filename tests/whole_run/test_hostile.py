"""A hostile or broken file costs one line and never the run: every file of the corpus gets the line it should, alone and
among others, and the figures of the good companies are the same to the byte."""

from __future__ import annotations

import ast
import csv
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline import run
from pipeline.issues.catalogue import CATALOGUE, ERROR
from pipeline.machine.supervisor import Limits
from pipeline.model.records import FileReading
from pipeline.model.rulebook import Rulebook
from pipeline.readers.intake import workers
from pipeline.readers.intake.file import read_file
from pipeline.readers.intake.inbox import find_candidates
from pipeline.readers.values.lexicon import Lexicon
from tests.support import ROOT
from tests.support.arrivals import laid_out
from tests.support.hostile import COMPANIES, FOLDER, HERE, corpus, good, lay_traps, province
from tests.support.old_formats import xls, xls_locked

pytestmark = pytest.mark.slow

Line = tuple[str, tuple[str, ...]]  # kind, and the codes of the file's own issues
DIRECTIONS = dict.fromkeys((0x202C, 0x202E))  # marks that turn a name's order about are shown by no output
READABLE = {"assessment", "nomination", "marks", "pool", "decisions"}


class Mixed(NamedTuple):
    """The good input with every hostile file among it: what should come out of each, what did, and both outputs."""

    expected: dict[str, Line]
    actual: dict[str, Line]
    lines: Counter[str]
    candidates: int
    alone: Path
    crowded: Path
    seconds: tuple[float, float]


def rows_of(output: Path, name: str) -> list[dict[str, str]]:
    with (output / "数据" / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def timed_report(folder: Path, output: Path, rulebook: Rulebook) -> float:
    started = time.perf_counter()
    run.report(folder, output, rulebook, run.Options(2))
    return time.perf_counter() - started


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Mixed:
    root = tmp_path_factory.mktemp("hostile")
    alone = timed_report(laid_out(root / "good", province()), root / "good out", rulebook)
    folder = laid_out(root / "in", province())
    expected: dict[str, Line] = dict.fromkeys(province(), ("assessment", ())) | {
        f"{HERE}/附件2.xlsx": ("nomination", ())
    }
    for name, hostile in corpus().items():
        path = f"{FOLDER}/{name}"
        expected[path] = (hostile.kind, hostile.codes)
        expected.update({f"{path}/{inside}": line for inside, line in hostile.members.items()})
    laid_out(folder, {f"{FOLDER}/{name}": hostile.content for name, hostile in corpus().items()})
    expected.update({f"{FOLDER}/{name}": line for name, line in lay_traps(folder / FOLDER).items()})
    candidates = len(find_candidates(folder))
    crowded = timed_report(folder, root / "out", rulebook)
    files = rows_of(root / "out", "files.csv")
    codes: dict[str, list[str]] = {}
    for issue in rows_of(root / "out", "issues.csv"):
        if issue["code"][0] in "FB":
            codes.setdefault(issue["file"], []).append(issue["code"])
    actual = {row["path"]: (row["kind"], tuple(codes.get(row["path"], ()))) for row in files}
    expected = {path.translate(DIRECTIONS): line for path, line in expected.items()}
    lines = Counter(row["path"] for row in files)
    return Mixed(expected, actual, lines, candidates, root / "good out", root / "out", (alone, crowded))


def test_there_are_enough_of_them():
    assert len(corpus()) >= 60


def test_each_has_its_line(mixed: Mixed):
    wrong = {
        path: (line, mixed.actual.get(path)) for path, line in mixed.expected.items() if mixed.actual.get(path) != line
    }
    assert not wrong


def test_every_file_has_one_line_and_nothing_else_has(mixed: Mixed):
    assert mixed.actual.keys() == mixed.expected.keys()
    assert set(mixed.lines.values()) == {1}
    members = sum(len(hostile.members) for hostile in corpus().values())
    assert len(mixed.actual) == mixed.candidates + members


def test_the_kinds_of_lines_add_up(mixed: Mixed, capsys: pytest.CaptureFixture[str]):
    def fate(kind: str, codes: tuple[str, ...]) -> str:
        if kind == "ignored":
            return "ignored"
        if any(CATALOGUE[code].level == ERROR for code in codes):
            return "refused"
        return "remarked" if codes or kind not in READABLE else "accepted"

    fates = Counter(fate(*line) for line in mixed.actual.values())
    assert sum(fates.values()) == len(mixed.actual) and set(fates) == {"accepted", "remarked", "refused", "ignored"}
    alone, crowded = mixed.seconds
    with capsys.disabled():
        figures = "，".join(f"{fate} {count}" for fate, count in sorted(fates.items()))
        sys.stdout.write(
            f"\n{len(mixed.actual)} files: {figures}; {alone:.1f} s without them, {crowded:.1f} s with them\n"
        )


def test_nothing_is_a_defect_of_ours_and_nothing_had_to_be_stopped(mixed: Mixed):
    assert not {code for _, codes in mixed.actual.values() for code in codes} & {"B01", "F06"}


@pytest.mark.parametrize("name", ["totals.csv", "scores.csv"])
def test_the_figures_are_the_same_to_the_byte(mixed: Mixed, name: str):
    crowded = (mixed.crowded / "数据" / name).read_bytes()
    assert crowded == (mixed.alone / "数据" / name).read_bytes()
    assert all(company.encode() in crowded for company in COMPANIES)


def test_copies_of_a_form_are_read_to_the_same_answers(mixed: Mixed):
    differing = [
        issue
        for issue in rows_of(mixed.crowded, "issues.csv")
        if issue["company"] == COMPANIES[0] and issue["level"] == ERROR
    ]
    known = [
        issue
        for issue in rows_of(mixed.alone, "issues.csv")
        if issue["company"] == COMPANIES[0] and issue["level"] == ERROR
    ]
    assert [issue["code"] for issue in differing] == [issue["code"] for issue in known]


# ---------------------------------------------------------------- stopped from outside


def hangs_and_devours(path: str, content: bytes, lexicon: Lexicon) -> FileReading:
    """As read_file, but for files whose name says what happens."""
    if path.endswith("hang.xlsx"):
        re.match("(a+)+$", "a" * 60 + "b")  # years, in native code that hears no signal's handler
    if path.endswith("devour.xlsx"):
        held = [bytes([number % 256]) * 2**20 for number in range(4096)]
        raise AssertionError(len(held))
    return read_file(path, content, lexicon)


def lines_of(folder: Path, rulebook: Rulebook, limits: Limits) -> dict[str, Line]:
    readings = workers.read_files(find_candidates(folder), rulebook, 2, limits=limits)
    return {reading.path: (reading.kind, tuple(issue.code for issue in reading.issues)) for reading in readings}


def test_a_hang_and_a_memory_eater_are_stopped(tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workers, "read_file", hangs_and_devours)
    others = {f"{number}.xlsx": good() for number in range(5)}
    laid_out(tmp_path, {**others, "hang.xlsx": b"x", "devour.xlsx": b"x"})
    started = time.perf_counter()
    actual = lines_of(tmp_path, rulebook, Limits(seconds=2, memory=256 * 2**20))
    assert time.perf_counter() - started < 30
    assert {actual.pop("hang.xlsx"), actual.pop("devour.xlsx")} == {("unreadable", ("F06",))}
    assert actual == dict.fromkeys(others, ("assessment", ()))


_IN_A_PROCESS_OF_ITS_OWN = """
import sys
from pathlib import Path
from pipeline.machine.supervisor import Limits
from tests.support.rulebooks import tested_rulebook
from tests.whole_run.test_hostile import lines_of
print(lines_of(Path(sys.argv[1]), tested_rulebook(), Limits(**{sys.argv[2]: type(getattr(Limits(), sys.argv[2]))(sys.argv[3])})))
"""


@pytest.mark.parametrize(("limit", "value"), [("seconds", "0.3"), ("memory", str(24 * 2**20))])
def test_a_real_file_beyond_the_limits_is_stopped(tmp_path: Path, limit: str, value: str):
    """In a fresh process: what a long run of tests has set free would be memory that costs nothing."""
    laid_out(tmp_path, {"a.xlsx": good(), "large.xlsx": corpus()["一百万个空行.xlsx"].content, "z.xlsx": good()})
    command = [sys.executable, "-c", _IN_A_PROCESS_OF_ITS_OWN, str(tmp_path), limit, value]
    home = ROOT
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=home, timeout=60).stdout
    actual = ast.literal_eval(said)
    assert actual == {
        "a.xlsx": ("assessment", ()),
        "large.xlsx": ("unreadable", ("F06",)),
        "z.xlsx": ("assessment", ()),
    }


def test_paths_as_long_as_they_come_do_not_stop_the_run(
    tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
):
    """Beyond 4,096 bytes the system itself refuses to look; below, a batch of such paths is larger than a pipe."""
    monkeypatch.chdir(tmp_path)
    for _ in range(18):
        Path("长" * 70).mkdir()
        monkeypatch.chdir("长" * 70)
    for number in range(200):
        Path(f"{number}.xlsx").write_bytes(good())
    rest = 4096 - len(str(Path.cwd()).encode()) - 1
    Path("深" * (rest // 3 - 2)).mkdir()
    monkeypatch.chdir("深" * (rest // 3 - 2))
    Path("表.xlsx").write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    actual = Counter(lines_of(tmp_path, rulebook, Limits()).values())
    assert actual == {("assessment", ()): 200, ("unreadable", ("F01",)): 1}


def test_a_large_file_is_never_held(tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workers, "LARGE_BYTES", 1000)
    laid_out(
        tmp_path,
        {"a.xlsx": good(), "b.mp4": bytes(2000), "c.exe": bytes(2000), "d.zip": corpus()["GBK文件名.zip"].content},
    )
    assert lines_of(tmp_path, rulebook, Limits()) == {
        "a.xlsx": ("unreadable", ("F05",)),
        "b.mp4": ("evidence", ()),
        "c.exe": ("unreadable", ("F05",)),
        "d.zip": ("archive", ()),
        "d.zip/附件1.xlsx": ("assessment", ()),
    }


# ---------------------------------------------------------------- an .xls behind a password


@pytest.mark.parametrize(
    ("password", "line"), [("VelvetSweatshop", ("unrecognised", ("F03",))), ("x", ("unreadable", ("F13",)))]
)
def test_an_xls_behind_a_password(tmp_path: Path, rulebook: Rulebook, password: str, line: Line):
    rows = {(row, 1): f"文字{row}" for row in range(1, 300)}
    laid_out(tmp_path, {"a.xls": xls_locked(rows, password), "b.xls": xls(rows)})
    assert lines_of(tmp_path, rulebook, Limits()) == {"a.xls": line, "b.xls": ("unrecognised", ("F03",))}
