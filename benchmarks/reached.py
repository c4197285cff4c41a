"""Which tests execute which lines, watched once without any mutant. Those that execute a changed line run first, and a
file of tests that never comes near it need not run."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import pytest

OUTSIDE = ""  # the name of what runs outside of any test: imports
STARTS = frozenset(("os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen"))  # audit events


class Changed(NamedTuple):
    """Where a change is. function: its dotted name in the module, "" at the top."""

    module: str
    line: int
    function: str


class Reached(NamedTuple):
    """What a test takes and touches. seconds: of processor time; lines, functions: (module, line or dotted name)."""

    seconds: float
    lines: frozenset[tuple[str, int]]
    functions: frozenset[tuple[str, str]]

    def calls(self, changed: Changed) -> bool:
        """Whether the changed function runs, or a function in it."""
        return any(
            module == changed.module
            and (name == changed.function or (changed.function and name.startswith(f"{changed.function}.")))
            for module, name in self.functions
        )

    def levels(self, changed: Changed) -> tuple[bool, bool, bool]:
        """Whether the test executes the line, calls the function, calls anything of the module."""
        line = (changed.module, changed.line) in self.lines
        return line, self.calls(changed), any(module == changed.module for module, _ in self.functions)


class Watched(NamedTuple):
    """A file of tests. tests: test → what it reaches; outside: the same of its imports; unseen: whether it executes
    lines that were not looked at, in processes of its own."""

    tests: dict[str, Reached]
    outside: Reached
    unseen: bool

    @property
    def seconds(self) -> float:
        """Of processor time, with everything."""
        return self.outside.seconds + sum(test.seconds for test in self.tests.values())

    def can_notice(self, changed: Changed) -> bool:
        """False when nothing that the file does comes near the change."""
        if self.unseen:
            return True
        return any(any(test.levels(changed)[:2]) for test in (self.outside, *self.tests.values()))


def first_to_run(tests: dict[str, Reached], changed: Changed) -> list[str]:
    """The tests that execute the changed line, the cheapest first; without any, those that call its function; without
    any, those that call its module."""
    for level in range(3):
        if chosen := [name for name, test in tests.items() if test.levels(changed)[level]]:
            return sorted(chosen, key=lambda name: tests[name].seconds)
    return []


class InOrder:
    """For pytest: only these tests, in this order."""

    def __init__(self, names: list[str]) -> None:
        self.rank = {name: rank for rank, name in enumerate(names)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((item for item in items if item.nodeid in self.rank), key=lambda item: self.rank[item.nodeid])


class Timed:
    """For pytest: what each test takes, run the last one first, so that a test which needs an earlier one fails."""

    def __init__(self, copy: Path) -> None:
        self.path = copy / "seconds.json"
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.reverse()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        before = _seconds_used()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = _seconds_used() - before

    def pytest_unconfigure(self) -> None:
        self.seconds[OUTSIDE] = _seconds_used() - sum(self.seconds.values())
        self.path.write_text(json.dumps(self.seconds), encoding="utf-8")


class Traced:
    """For pytest: what each test executes of some modules of the copy."""

    def __init__(self, copy: Path, modules: frozenset[str]) -> None:
        self.path = copy / "reached.json"
        self.modules = {str(copy / module): module for module in modules}
        self.lines: dict[str, set[tuple[str, int]]] = {OUTSIDE: set()}
        self.functions: dict[str, set[tuple[str, str]]] = {OUTSIDE: set()}
        self.test = OUTSIDE
        self.starts_processes = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(self) -> None:
        sys.addaudithook(self._noted)
        threading.settrace(self._called)
        sys.settrace(self._called)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        self.test = item.nodeid
        self.lines[self.test], self.functions[self.test] = set(), set()
        sys.settrace(self._called)
        try:
            return (yield)
        finally:
            self.test = OUTSIDE

    def pytest_unconfigure(self) -> None:
        sys.settrace(None)
        found = [
            self.starts_processes,
            *({test: [*seen] for test, seen in all_.items()} for all_ in (self.lines, self.functions)),
        ]
        self.path.write_text(json.dumps(found), encoding="utf-8")

    def _noted(self, event: str, _: tuple[Any, ...]) -> None:
        self.starts_processes |= event in STARTS

    def _called(self, frame: FrameType, event: str, _: Any) -> Any:
        module = self.modules.get(frame.f_code.co_filename)
        if module is None:
            return None
        name = frame.f_code.co_qualname.replace(".<locals>", "")
        self.functions[self.test].add((module, name.removeprefix("<module>")))
        return self._stepped

    def _stepped(self, frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            self.lines[self.test].add((self.modules[frame.f_code.co_filename], frame.f_lineno))
        return self._stepped


def watched(timed: Timed, traced: Traced) -> Watched:
    """What the two have written in the processes of the tests."""
    seconds: dict[str, float] = json.loads(timed.path.read_text(encoding="utf-8"))
    starts_processes, lines, functions = json.loads(traced.path.read_text(encoding="utf-8"))
    reached = {
        test: Reached(
            seconds[test],
            frozenset((module, line) for module, line in lines[test]),
            frozenset((module, name) for module, name in functions[test]),
        )
        for test in seconds
    }
    return Watched(reached, reached.pop(OUTSIDE), starts_processes)


def unwatched(timed: Timed) -> Watched:
    """What is known of tests that only the clock has seen."""
    seconds: dict[str, float] = json.loads(timed.path.read_text(encoding="utf-8"))
    reached = {test: Reached(used, frozenset(), frozenset()) for test, used in seconds.items()}
    return Watched(reached, reached.pop(OUTSIDE), True)


def _seconds_used() -> float:
    """Processor time of this process and of those it has seen end."""
    return sum(os.times()[:4])
