"""Many files are read to the same result by any number of processes, and a file that kills its reader costs one line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.model.records import FileReading
from pipeline.model.rulebook import Rulebook
from pipeline.readers.intake import workers
from pipeline.readers.intake.file import read_file
from pipeline.readers.intake.inbox import find_candidates
from pipeline.readers.values.lexicon import Lexicon
from tests.support.arrivals import codes, laid_out, nominated, nomination

LIST = nomination(nominated(1, "甲公司"))


def read_or_misbehave(path: str, content: bytes, lexicon: Lexicon) -> FileReading:
    """As read_file, but for files whose name says what happens."""
    name = path.rpartition("/")[2]
    if name.startswith("kill"):
        os._exit(3)
    if name.startswith("memory"):
        raise MemoryError
    if name.startswith("defect"):
        raise KeyError("x")
    return read_file(path, content, lexicon)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    names = ["a.xlsx", "defect.xlsx", "memory.xlsx", "~$a.xlsx", *(f"甲/{number}.xlsx" for number in range(9))]
    laid_out(tmp_path / "in", dict.fromkeys(names, LIST))
    (tmp_path / "out.xlsx").write_bytes(LIST)
    (tmp_path / "in/link.xlsx").symlink_to(tmp_path / "out.xlsx")
    return tmp_path / "in"


def outcome(readings: list[FileReading]) -> dict[str, tuple]:
    return {reading.path: (reading.kind, codes(reading.issues), len(reading.sheets)) for reading in readings}


def test_any_number_of_processes_reads_the_same(folder: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workers, "BATCH", 2)
    candidates = find_candidates(folder)
    first, second = (workers.read_files(candidates, rulebook, jobs) for jobs in (1, 3))
    assert first == second and [reading.path for reading in first] == [candidate.path for candidate in candidates]


def test_what_goes_wrong_with_one_file_costs_its_line_only(
    folder: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(workers, "BATCH", 4)
    monkeypatch.setattr(workers, "read_file", read_or_misbehave)
    laid_out(folder, {"kill.xlsx": LIST, "甲/kill 2.xlsx": LIST})
    found = outcome(workers.read_files(find_candidates(folder), rulebook, 2))
    expected = {f"甲/{number}.xlsx": ("nomination", [], 1) for number in range(9)} | {
        "a.xlsx": ("nomination", [], 1),
        "defect.xlsx": ("unreadable", ["B01"], 0),
        "memory.xlsx": ("unreadable", ["F06"], 0),
        "kill.xlsx": ("unreadable", ["F06"], 0),
        "甲/kill 2.xlsx": ("unreadable", ["F06"], 0),
        "link.xlsx": ("unreadable", ["F08"], 0),
        "~$a.xlsx": ("ignored", [], 0),
    }
    assert found == expected


def test_a_file_that_vanished_says_so(folder: Path, rulebook: Rulebook):
    candidates = find_candidates(folder)
    (folder / "a.xlsx").unlink()
    assert outcome(workers.read_files(candidates, rulebook, 1))["a.xlsx"] == ("unreadable", ["F17"], 0)


def test_progress_reaches_the_total(folder: Path, rulebook: Rulebook):
    said: list[tuple[int, int]] = []
    candidates = find_candidates(folder)
    workers.read_files(candidates, rulebook, 2, lambda done, total: said.append((done, total)))
    assert said[-1] == (len(candidates), len(candidates)) and said == sorted(said)
