"""A supervised process that dies, hangs, takes too much memory or raises costs the task it was at and no other."""

from __future__ import annotations

import os
import time

import pytest

from pipeline.machine.failing import ProcessesFailed
from pipeline.machine.supervisor import Accounts, Failure, Limits, cpu_seconds, supervised


def start() -> None:
    pass


def fail_to_start() -> None:
    os._exit(1)


def work(task: object) -> object:
    if task == "exit":
        os._exit(3)
    if task == "abort":
        os.abort()
    if task == "hang":
        time.sleep(600)
    if task == "nap":
        time.sleep(0.6)
    while task == "spin":
        pass
    if task == "memory":
        return len(bytearray(3 * 2**30))
    if task == "panic":
        raise KeyboardInterrupt
    return (task, os.getpid())


def run(tasks: list, jobs: int = 2, batch: int = 5, seconds: float = 1.0, wall_seconds: float = 1.0) -> dict:
    numbered = list(enumerate(tasks))
    batches = [numbered[first : first + batch] for first in range(0, len(numbered), batch)]
    return dict(supervised(batches, start, (), work, jobs, Limits(seconds=seconds, wall_seconds=wall_seconds)))


def test_every_task_has_its_result() -> None:
    results = run(list(range(50)))
    assert [results[number][0] for number in range(50)] == list(range(50))
    assert len({results[number][1] for number in range(50)}) <= 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("task", "failure"),
    [
        ("exit", Failure("died")),
        ("abort", Failure("died")),
        ("hang", Failure("overran")),
        ("memory", Failure("memory")),
        ("panic", Failure("died")),
    ],
)
@pytest.mark.parametrize("position", [0, 7, 19])
def test_a_bad_task_costs_only_itself(task: str, failure: Failure, position: int) -> None:
    tasks: list = list(range(20))
    tasks[position] = task
    results = run(tasks)
    assert results.pop(position) == failure
    assert {number: result[0] for number, result in results.items()} == {n: n for n in range(20) if n != position}


def test_nothing_but_bad_tasks() -> None:
    results = run(["exit", "hang", "exit"], jobs=3, batch=1, wall_seconds=0.5)
    assert list(results.values()).count(Failure("died")) == 2 and results[1] == Failure("overran")


@pytest.mark.skipif(cpu_seconds(os.getpid()) is None, reason="this system does not tell a process's CPU time")
def test_waiting_is_not_working():
    """What a task waits for, be it a busy machine, does not count; what it works does."""
    results = run(["nap", "spin", "nap"], batch=1, seconds=0.2, wall_seconds=60)
    assert results[1] == Failure("overran")
    assert [results[number][0] for number in (0, 2)] == ["nap", "nap"]


def burn(task: float) -> float:
    """Uses up so much CPU time."""
    end = time.process_time() + task
    while time.process_time() < end:
        pass
    return task


@pytest.mark.slow
def test_the_tasks_of_one_account_share_its_budget() -> None:
    """The second account's tasks are done although the first one's take too long."""
    tasks = [0.3] * 12 + [0.01] * 4
    batches = [list(enumerate(tasks))[first : first + 4] for first in range(0, 16, 4)]
    accounts = Accounts(1.0, {"b": 0.5})
    owner = {0.3: "a", 0.01: "b"}
    results = dict(supervised(batches, start, (), burn, 2, Limits(), accounts, lambda task: owner[task]))
    assert len(results) == 16 and all(results[number] == 0.01 for number in range(12, 16))
    failed = [number for number in range(12) if isinstance(results[number], Failure)]
    assert 6 <= len(failed) <= 12 and {results[number].kind for number in failed} <= {"overran", "overspent"}
    assert accounts.left("a") <= 0 and 0 < accounts.left("b") < 0.5


def test_an_account_that_is_used_up_begins_nothing() -> None:
    accounts = Accounts(1.0, {"a": 1.0})
    results = dict(supervised([[(0, 0.0)], [(1, 0.0)]], start, (), burn, 1, Limits(), accounts, lambda _: "a"))
    assert results == {0: Failure("overspent"), 1: Failure("overspent")}


def test_processes_that_cannot_start_raise_an_error() -> None:
    with pytest.raises(ProcessesFailed):
        list(supervised([[(0, 1)]], fail_to_start, (), work, 1, Limits()))


def test_a_consumer_that_stops_leaves_no_process() -> None:
    results = supervised([[(0, 1)], [(1, "hang")]], start, (), work, 2, Limits(seconds=30))
    next(results)
    began = time.monotonic()
    results.close()
    assert time.monotonic() - began < 5
