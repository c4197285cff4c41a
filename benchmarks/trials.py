"""Tests of a copy of the project in a process of their own: passed, failed, or too long in processor time. How busy the
machine is changes nothing: a process that waits for its turn uses no time and is not asleep."""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
MEMORY = 4 << 30  # bytes of address space of a mutant's tests
LOOKS_ASLEEP = 60  # a second apart: whoever sleeps at each of them waits for what never comes
NONE_COLLECTED = 5  # pytest's exit code


class Tests(NamedTuple):
    """Those tests of some files that have certain marks."""

    files: tuple[str, ...]
    marked: str


def run_tests(copy: Path, tests: Tests, seconds: float, plugin: object = None, bytecode: bool = False) -> str:
    """passed, none, failed or timeout: the fate of tests in the copy, with a plugin of pytest's. They run in a process
    forked from this one, which has imported the libraries but nothing of the project. seconds: the processor time that
    each of their processes may take. bytecode: whether compiled modules are kept."""
    child = os.fork()
    if child == 0:
        sys.dont_write_bytecode = not bytecode
        os._exit(_tested(copy, tests, int(seconds), plugin))
    status = _status(child)
    if os.WIFSIGNALED(status):
        return "timeout" if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else "failed"
    return {0: "passed", NONE_COLLECTED: "none"}.get(os.WEXITSTATUS(status), "failed")


def _status(child: int) -> int:
    """What the child ended with; it is killed when it and all it has started sleep for good."""
    asleep, look = 0, time.monotonic()
    while (ended := os.waitpid(child, os.WNOHANG))[0] == 0 and asleep < LOOKS_ASLEEP:
        time.sleep(0.02)
        if time.monotonic() - look >= 1:
            look, asleep = time.monotonic(), asleep + 1 if _all_asleep(child) else 0
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # whatever the tests have started too
    return ended[1] if ended[0] else os.waitpid(child, 0)[1]


def _all_asleep(process: int) -> bool:
    """True when a process and those below it all wait for something other than the processor and the disk; False where
    the system does not tell (/proc, Linux)."""
    below: dict[int, list[tuple[int, str]]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[:2]
            below.setdefault(int(parent), []).append((int(path.parent.name), state))
    found = [next((entry for entry in below.get(os.getpid(), []) if entry[0] == process), (process, "R"))]
    for number, _ in found:
        found += below.get(number, [])
    return all(state in "SZ" for _, state in found)


def _tested(copy: Path, tests: Tests, seconds: int, plugin: object) -> int:
    """The exit code of pytest, in the child."""
    try:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        os.chdir(copy)
        output = os.open(copy / "last_output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(output, stream)
        sys.path[:] = [str(copy), *(path for path in sys.path if path not in ("", str(ROOT)))]
        for name in [name for name in sys.modules if name.partition(".")[0] == ROOT.joinpath("benchmarks").name]:
            del sys.modules[name]  # the tests import the copy's
        os.environ.update(PYTHONPATH=str(copy), TMPDIR=str(copy / "tmp"), PYTHONDONTWRITEBYTECODE="1")
        tempfile.tempdir = None
        import pytest

        options = ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--tb=line", "-m", tests.marked]
        plugins: Iterable[Any] = [plugin] if plugin else []
        return int(pytest.main([*options, *tests.files], list(plugins)))
    except BaseException as error:
        print(repr(error), file=sys.stderr)
        return 3
