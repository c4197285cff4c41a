"""Which tests execute which lines, watched once without any mutant. Those that execute a changed line run first, and a
file of tests that never comes near it need not run."""

from __future__ import annotations

import ast
import builtins
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

OUTSIDE = ""  # the name of what runs outside of any test: imports
SEEN = "__statements_seen__"  # a name that every module sees
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
STARTS = frozenset(("os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen"))  # audit events


Probe = tuple[str, str, int, int]  # module, function, first and last line


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
        self.copy = copy
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
        files = ((name, getattr(module, "__file__", None)) for name, module in sys.modules.items())
        libraries = [name for name, file in files if file and not Path(file).is_relative_to(self.copy)]
        self.path.write_text(json.dumps([self.seconds, libraries]), encoding="utf-8")

    def written(self) -> tuple[dict[str, float], list[str]]:
        """Test → its seconds, and the modules of libraries that were loaded: what the process of the tests wrote."""
        seconds, libraries = json.loads(self.path.read_text(encoding="utf-8"))
        return seconds, libraries


class Traced:
    """For pytest: what each test executes of the modules that `probed` has rewritten."""

    def __init__(self, copy: Path) -> None:
        self.path = copy / "reached.json"
        self.seen: set[Probe] = set()
        self.tests: dict[str, list[Probe]] = {OUTSIDE: []}
        self.starts_processes = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(self) -> None:
        setattr(builtins, SEEN, self.seen)
        sys.addaudithook(self._noted)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[Any]:
        self._taken(OUTSIDE)
        try:
            return (yield)
        finally:
            self._taken(item.nodeid)

    def pytest_unconfigure(self) -> None:
        self._taken(OUTSIDE)
        self.path.write_text(json.dumps([self.tests, self.starts_processes]), encoding="utf-8")

    def _noted(self, event: str, _: tuple[Any, ...]) -> None:
        self.starts_processes |= event in STARTS

    def _taken(self, test: str) -> None:
        self.tests.setdefault(test, []).extend(self.seen)
        self.seen.clear()

    def written(self) -> tuple[dict[str, list[Probe]], bool]:
        """Test → what it executes, and whether some process was started: what the process of the tests wrote."""
        tests, starts_processes = json.loads(self.path.read_text(encoding="utf-8"))
        return tests, starts_processes


def probed(module: str, source: str) -> str:
    """The module with a probe before each statement, which notes (module, function, first line, last line)."""
    tree = ast.parse(source)
    _probe(tree, module, "")
    return ast.unparse(ast.fix_missing_locations(tree))


def _probe(node: ast.AST, module: str, function: str) -> None:
    """Puts probes into every block below a node."""
    for field, value in ast.iter_fields(node):
        if not isinstance(value, list):
            continue
        if value and isinstance(value[0], ast.stmt):
            setattr(node, field, [new for old in value for new in _with_probe(old, module, function)])
        for child in value:
            inner = f"{function}.{child.name}".lstrip(".") if isinstance(child, SCOPES) else function
            if isinstance(child, ast.AST) and not isinstance(child, ast.expr):
                _probe(child, module, inner)


def _with_probe(statement: ast.stmt, module: str, function: str) -> list[ast.stmt]:
    """A statement behind its probe; docstrings and imports alone, because some have to come first."""
    if isinstance(statement, ast.Import | ast.ImportFrom) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    ):
        return [statement]
    body = getattr(statement, "body", None) or getattr(statement, "cases", None)
    last = body[0].lineno - 1 if isinstance(body, list) and hasattr(body[0], "lineno") else statement.end_lineno
    probe = (module, function, statement.lineno, max(last or 0, statement.lineno))
    return [ast.parse(f"{SEEN}.add({probe!r})").body[0], statement]


def watched(timed: Timed, traced: Traced) -> Watched:
    """What the two have written in the processes of the tests."""
    (seconds, _), (probes, starts_processes) = timed.written(), traced.written()
    reached = {
        test: Reached(
            used,
            frozenset((module, line) for module, _, first, last in probes[test] for line in range(first, last + 1)),
            frozenset((module, function) for module, function, *_ in probes[test]),
        )
        for test, used in seconds.items()
    }
    return Watched(reached, reached.pop(OUTSIDE), starts_processes)


def unwatched(timed: Timed) -> Watched:
    """What is known of tests that only the clock has seen."""
    seconds, _ = timed.written()
    reached = {test: Reached(used, frozenset(), frozenset()) for test, used in seconds.items()}
    return Watched(reached, reached.pop(OUTSIDE), True)


def _seconds_used() -> float:
    """Processor time of this process and of those it has seen end."""
    return sum(os.times()[:4])
