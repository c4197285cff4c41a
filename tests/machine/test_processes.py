"""Tasks run in parallel by workers: every result arrives, an error of a task reaches the caller, no process is left."""

from __future__ import annotations

import errno
import multiprocessing
import os
import re
import time
from contextlib import closing

import pytest

from pipeline.machine.failing import ProcessesFailed, is_short_of_memory, remedy_of
from pipeline.machine.processes import in_parallel
from tests.support import ROOT


class NotToBePickled(Exception):
    """Its constructor takes two arguments, so that it cannot be built again from its text."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} {second}")


def start(greeting: str) -> None:
    os.environ["GREETING"] = greeting


def work(task: str) -> str:
    if task == "exit":
        os._exit(3)
    if task == "hang":
        time.sleep(600)
    if task == "missing":
        raise FileNotFoundError(errno.ENOENT, "missing")
    if task == "unpickled":
        raise NotToBePickled("two", "words")
    return f"{os.environ['GREETING']} {task}"


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_every_task_has_its_result(jobs: int) -> None:
    results = dict(in_parallel(["a", "b", "c"], start, ("hello",), work, jobs))
    assert results == {0: "hello a", 1: "hello b", 2: "hello c"}


def test_no_task_needs_no_process() -> None:
    assert list(in_parallel([], start, ("hello",), work, 2)) == []


def test_an_error_of_a_task_is_raised_here() -> None:
    with pytest.raises(FileNotFoundError):
        list(in_parallel(["a", "missing"], start, ("hello",), work, 2))


def test_an_error_that_cannot_be_sent_is_raised_by_its_text() -> None:
    with pytest.raises(RuntimeError, match="NotToBePickled: two words"):
        list(in_parallel(["unpickled"], start, ("hello",), work, 1))


def test_a_worker_that_dies_is_a_failure_of_the_processes() -> None:
    with pytest.raises(ProcessesFailed):
        list(in_parallel(["exit"], start, ("hello",), work, 1))


def test_closing_ends_the_workers_at_once() -> None:
    began = time.monotonic()
    with closing(in_parallel(["a", "hang"], start, ("hello",), work, 2)) as results:
        assert next(results) == (0, "hello a")
    assert time.monotonic() - began < 10
    assert not multiprocessing.active_children()


def test_a_cause_deep_in_the_chain_reports_the_lack_of_memory() -> None:
    outer = RuntimeError("outer")
    outer.__cause__ = RuntimeError("can't start new thread")
    assert is_short_of_memory(outer) and is_short_of_memory(MemoryError())
    assert not is_short_of_memory(RuntimeError("outer"))


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, ""), OSError(errno.EIO, ""), None])
def test_every_system_error_has_a_remedy(error: OSError | None) -> None:
    assert remedy_of(error) and not remedy_of(error).endswith("。")


def test_the_machine_knows_nothing_of_workbooks() -> None:
    for path in (ROOT / "pipeline" / "machine").glob("*.py"):
        words = set(re.findall(r"[a-z]+", path.read_text(encoding="utf-8").lower()))
        assert not words & {"workbook", "workbooks", "sheet", "sheets", "xls", "xlsx", "readers", "writers"}, path.name
