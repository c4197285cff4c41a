"""A command in a process of its own, to which something happens: a kill, a full disk, a refused rename, no memory.

The process is forked from the one that runs the tests, so that 0.6 seconds are left of a run; it leads a group of its
own, by which whatever it leaves behind is found.
"""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pipeline import cli
from pipeline.writers.publishing.manifest import damaged_outputs, read_manifest
from tests.support import ROOT

PATIENCE = 60.0  # seconds after which a command is taken to hang

Disturbance = Callable[[], None]
_CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Ended(NamedTuple):
    """How a command ended. code: as the shell would see it, negative for a signal; err: what it said on stderr; left:
    processes it left running; litter: what it left in the folder for temporary files."""

    code: int
    err: str
    left: list[int]
    litter: list[str]


class Apart:
    """A command started apart; `disturb` is called in its process before it begins. spawned: a new interpreter."""

    def __init__(
        self, words: Sequence[object], scratch: Path, disturb: Disturbance = lambda: None, spawned: bool = False
    ) -> None:
        self.temporary = scratch
        self.temporary.mkdir(exist_ok=True)
        self.said, self.saying = os.pipe()  # not a file: some disturbances forbid those
        self.began = time.monotonic()
        arguments = [str(word) for word in words]
        self.number = self._spawn(arguments) if spawned else self._fork(arguments, disturb)
        os.close(self.saying)

    def _spawn(self, arguments: list[str]) -> int:
        environment = {**os.environ, "TMPDIR": str(self.temporary)}
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=self.saying,
            start_new_session=True,
        ).pid

    def _fork(self, arguments: list[str], disturb: Disturbance) -> int:
        child = os.fork()
        if child:
            with suppress(OSError):  # it was quicker, or has ended already
                os.setpgid(child, child)
            return child
        code = 99
        try:
            os.setpgid(0, 0)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(self.saying, 2)
            os.close(self.said)
            os.close(self.saying)
            sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
            tempfile.tempdir = str(self.temporary)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            disturb()
            cli.main(args=arguments, prog_name="python -m pipeline")
        except SystemExit as end:
            code = end.code or 0
        except BaseException:
            traceback.print_exc()
        finally:
            try:
                sys.stderr.flush()
            finally:
                os._exit(code)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def send(self, number: int, after: float, everyone: bool = True) -> None:
        """A signal to the command's group, or to its first process alone, so many seconds after its start."""
        time.sleep(max(0.0, after - self.seconds))
        if os.waitid(os.P_PID, self.number, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            os.killpg(self.number, number) if everyone else os.kill(self.number, number)

    def ended(self, settle: float = 3.0) -> Ended:
        """Waits for the end, and up to `settle` seconds for whatever was started by it."""
        while (ended := os.waitpid(self.number, os.WNOHANG))[0] == 0:
            if self.seconds > PATIENCE:
                os.killpg(self.number, signal.SIGKILL)
            time.sleep(0.005)
        until = time.monotonic() + settle
        while (left := living(self.number)) and time.monotonic() < until:
            time.sleep(0.02)
        if left:
            os.killpg(self.number, signal.SIGKILL)
        litter = sorted(path.name for path in self.temporary.iterdir())
        with open(self.said, encoding="utf-8") as said:
            return Ended(os.waitstatus_to_exitcode(ended[1]), said.read(), left, litter)


def living(group: int) -> list[int]:
    """The processes of a group that have not ended."""
    children = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, _, owner = (entry / "stat").read_text("utf-8").rpartition(")")[2].split()[:3]
            except OSError:
                continue
            if int(owner) == group and state not in "ZX":
                children.append(int(entry.name))
    return children


def date_of(folder: Path) -> str:
    """The date that a whole folder of results says; "" when it is not whole."""
    manifest = read_manifest(folder) if folder.is_dir() else None
    return manifest["date"] if manifest and damaged_outputs(folder, manifest) == [] else ""


def standing(output: Path) -> str:
    """The date of the results that stand, in OUTPUT or beside it as OUTPUT.旧."""
    return date_of(output if output.exists() else output.with_name(f"{output.name}.旧"))


def beside(output: Path) -> set[str]:
    """What stands next to the output, but for its lock."""
    return {path.name for path in output.parent.iterdir()} - {output.name, f".{output.name}.lock"}


# ---------------------------------------------------------------------------------------- what may happen


def at_step(number: int, folder: Path, happening: Callable[[], None]) -> Disturbance:
    """`happening` at the n-th time the process opens for writing, makes, renames or removes something in `folder`."""
    taken = iter(range(1, number))

    def watch(event: str, arguments: tuple) -> None:
        changing = event in _CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING)
        if not changing or not isinstance(arguments[0], str | Path) or not str(arguments[0]).startswith(str(folder)):
            return
        if next(taken, None) is None:
            happening()

    return lambda: sys.addaudithook(watch)


def refused(number: int) -> Callable[[], None]:
    """What the system says with an error number, once."""
    times = iter([number])

    def happening() -> None:
        if error := next(times, None):
            raise OSError(error, os.strerror(error))

    return happening


def refused_ever_after(number: int) -> Callable[[], None]:
    def happening() -> None:
        raise OSError(number, os.strerror(number))

    return happening


def killed() -> None:
    os.killpg(0, signal.SIGKILL)


def renames_refused(times: int) -> Disturbance:
    """Renaming is refused so many times, as Windows does while somebody has a file of the folder open."""
    left = iter(range(times))

    def watch(event: str, _: tuple) -> None:
        if event == "os.rename" and next(left, None) is not None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    return lambda: sys.addaudithook(watch)


def no_file_beyond(size: int) -> Disturbance:
    """No file may grow beyond so many bytes: what is written to it is cut off there, as on a full disk."""

    def disturb() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return disturb


def memory_left(size: int) -> Disturbance:
    """The process and each that it starts may take so many bytes more than it holds now."""

    def disturb() -> None:
        held = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + size, held + size))

    return disturb
