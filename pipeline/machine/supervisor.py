"""Processes under supervision: limits on time and memory per task, enforced from outside the working process.

Pools of the standard library hang or lose everything when a worker is killed by a crash in native code, and bound
neither time nor memory of one task. Here the supervisor always knows which task a worker is at: a worker that dies or
overruns is replaced, what it had not finished is given to others, and only the task it died of fails.
"""

from __future__ import annotations

import contextlib
import faulthandler
import multiprocessing
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from multiprocessing.sharedctypes import RawArray
from typing import Any, NamedTuple

from pipeline.machine.failing import ProcessesFailed
from pipeline.machine.processes import begin_work, endings_held_back

Task = Any
Batch = list[tuple[int, Task]]

_NOTHING = -1  # no task is begun
AHEAD = 2  # batches a worker holds, so that it never waits while its results are taken in
# A batch larger than what a connection takes in unread waits until the worker is idle: both sides would be sending, and
# neither would ever listen.
AHEAD_BYTES = 32 * 2**10 if sys.platform == "linux" else 4 * 2**10


class Limits(NamedTuple):
    """What one task may take: wall-clock seconds, and bytes beyond what the process holds when it starts."""

    seconds: float = 10.0
    memory: int = 2**30


class Failure(NamedTuple):
    """Why a task has no result. kind: died, overran or memory."""

    kind: str


@dataclass
class _Worker:
    """One process with its batches, the one it is at first; progress: the task it has begun and since when, written
    by itself into memory that both share; proven: it has been heard of."""

    process: multiprocessing.process.BaseProcess
    connection: Connection
    progress: Any
    batches: deque[Batch] = field(default_factory=deque)
    proven: bool = False

    @property
    def begun(self) -> int | None:
        """The task it is at; no message and nobody woken for every task."""
        number = int(self.progress[0])
        return None if number == _NOTHING else number

    @property
    def since(self) -> float:
        """When it began that, by the clock all processes of a machine share."""
        return self.progress[1]


def supervised(
    batches: list[Batch],
    start: Callable[..., None],
    arguments: tuple[Any, ...],
    work: Callable[[Task], Any],
    jobs: int,
    limits: Limits,
) -> Iterator[tuple[int, Any]]:
    """(number, result or Failure) for every task of the batches, in the order they finish.

    Each process calls `start(*arguments)` once and then `work(task)`; what `work` raises is its result's business."""
    supervisor = _Supervisor(deque(batches), start, arguments, work, limits)
    try:
        yield from supervisor.run(jobs)
    finally:
        supervisor.stop()


class _Supervisor:
    def __init__(
        self,
        waiting: deque[Batch],
        start: Callable[..., None],
        arguments: tuple[Any, ...],
        work: Callable[[Task], Any],
        limits: Limits,
    ) -> None:
        self.waiting, self.limits = waiting, limits
        self.target = (start, arguments, work, limits.memory)
        self.workers: list[_Worker] = []
        self.died_once: set[int] = set()
        self.false_starts = 0

    def run(self, jobs: int) -> Iterator[tuple[int, Any]]:
        while self.waiting or self.workers:
            while self.waiting and len(self.workers) < jobs:
                self._hire()
            for worker in self.workers:
                if self.waiting and len(worker.batches) < AHEAD and self._fits(worker):
                    self._give(worker)
            rest = min(worker.since for worker in self.workers) + self.limits.seconds - time.monotonic()
            by_connection = {worker.connection: worker for worker in self.workers}
            for connection in wait(list(by_connection), max(rest, 0.01)):
                yield from self._hear(by_connection[connection])
            now = time.monotonic()
            for worker in [worker for worker in self.workers if now - worker.since > self.limits.seconds]:
                if not worker.connection.poll():  # else it has got on, and we were late to hear of it
                    yield from self._lost(worker, "overran")

    def stop(self) -> None:
        for worker in list(self.workers):
            self._dismiss(worker)

    def _hire(self) -> None:
        ours, theirs = multiprocessing.Pipe()
        progress = RawArray("d", [_NOTHING, time.monotonic()])
        process = multiprocessing.Process(target=_serve, args=(theirs, progress, *self.target), daemon=True)
        with endings_held_back():
            process.start()
        theirs.close()
        worker = _Worker(process, ours, progress)
        self.workers.append(worker)
        self._give(worker)

    def _fits(self, worker: _Worker) -> bool:
        """True when the next batch can be sent to the worker without waiting for it to listen."""
        return not worker.batches or len(ForkingPickler.dumps(self.waiting[0])) <= AHEAD_BYTES

    def _give(self, worker: _Worker) -> None:
        worker.batches.append(self.waiting.popleft())
        with contextlib.suppress(OSError):  # a worker already dead is heard of by its closed connection
            worker.connection.send(worker.batches[-1])

    def _hear(self, worker: _Worker) -> Iterator[tuple[int, Any]]:
        try:
            said = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._lost(worker, "died")
            return
        worker.proven = True
        worker.batches.popleft()
        if self.waiting and self._fits(worker):
            self._give(worker)
        elif not worker.batches:
            self._dismiss(worker)
        yield from said

    def _lost(self, worker: _Worker, kind: str) -> Iterator[tuple[int, Any]]:
        """A worker that died or overran: its task fails (one that died is tried once more, alone), the rest goes on."""
        self._dismiss(worker)
        held = [entry for batch in worker.batches for entry in batch]
        culprit = worker.begun if any(number == worker.begun for number, _ in held) else None
        if culprit is None and not worker.proven:
            self.false_starts += 1
            if self.false_starts > 3:
                raise ProcessesFailed
        rest = [entry for entry in held if entry[0] != culprit]
        if rest:
            self.waiting.append(rest)
        if culprit is None:
            return
        if kind == "died" and culprit not in self.died_once:
            self.died_once.add(culprit)
            self.waiting.append([entry for entry in held if entry[0] == culprit])
        else:
            yield culprit, Failure(kind)

    def _dismiss(self, worker: _Worker) -> None:
        self.workers.remove(worker)
        worker.connection.close()
        if worker.begun is None or worker.process.is_alive():
            worker.process.kill()
        worker.process.join()


def _serve(
    connection: Connection,
    progress: Any,
    start: Callable[..., None],
    arguments: tuple[Any, ...],
    work: Callable[[Task], Any],
    memory: int,
) -> None:
    """The life of a working process: notes which task it begins, and sends the results of a whole batch."""
    _silence()
    begin_work()
    start(*arguments)
    _limit_memory(memory)
    with contextlib.suppress(EOFError, OSError):
        while True:
            results = []
            for number, task in connection.recv():
                progress[1] = time.monotonic()
                progress[0] = number
                results.append((number, _result(work, task)))
            progress[1] = time.monotonic()
            connection.send(results)
            progress[0] = _NOTHING


def _result(work: Callable[[Task], Any], task: Task) -> Any:
    try:
        return work(task)
    except MemoryError:
        return Failure("memory")
    except BaseException:  # native readers raise panics that are no Exception
        return Failure("died")


def _silence() -> None:
    """Native readers write of their panics to standard error: nobody should see that."""
    faulthandler.disable()
    sys.stderr.flush()
    with contextlib.suppress(OSError), open(os.devnull, "wb") as silent:
        os.dup2(silent.fileno(), 2)


def memory_is_bounded() -> bool:
    """True when this process may not take all the memory of the machine, and so cannot promise each task its own."""
    try:
        import resource
    except ImportError:
        return False
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def _limit_memory(memory: int) -> None:
    """Bounds the address space to what it is now and `memory` more, where the system can (Linux)."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            held = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + memory, held + memory))
    except (ImportError, OSError, ValueError):
        return
