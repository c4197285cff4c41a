"""Supervised processes: workers whose tasks have limits on time and memory, and may crash.

A supervised process is a worker that gets batches of tasks over a connection and sends back the results of a whole
batch. Before each task it writes the task's number, the time and its own CPU time into memory that it shares with the
supervisor, so the supervisor always knows which task a worker is at, without a message per task.

Limits (`Limits`)
    seconds: CPU time that the worker may use for one task, so that a busy machine stops no task. Where the system does
        not tell it (neither Linux nor Windows), only `wall_seconds` limits a task.
    wall_seconds: wall-clock time of one task, for a task that waits instead of working.
        The supervisor kills a worker that exceeds either.
    memory: address space the worker may take beyond what it holds after its start (RLIMIT_AS, Linux only); an
    allocation beyond it raises MemoryError in the worker, or makes native code abort.

    Several tasks may belong to one account (`Accounts`), whose CPU time is limited too, over any number of runs: all
    files of an archive, or the reading and the marking of a file.

Failures (`Failure.kind`)
    died: the worker ended during the task (a crash in native code, an abort, a kill from outside), or the task raised
    an exception. A task whose worker ended is tried once more in a batch of its own before it counts as failed.
    overran: the task exceeded its seconds or wall_seconds. It is not tried again.
    memory: the task raised MemoryError.
    overspent: the task was not begun or not finished when the CPU time of its account was used up.

Only the task that a worker ended at fails. The other unfinished tasks of that worker go back into the queue, and a new
worker takes its place. When more than three workers die or overrun before they begin a task, ProcessesFailed is raised.

The pools of the standard library either hang or lose every unfinished task when native code kills a worker, and limit
neither time nor memory of a task.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import math
import multiprocessing
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from multiprocessing.sharedctypes import RawArray
from typing import Generic, Literal, NamedTuple, TypeAlias, TypeVar

from pipeline.machine.failing import ProcessesFailed
from pipeline.machine.processes import ending_signals_blocked, start_worker

Task = TypeVar("Task")
Result = TypeVar("Result")
Batch: TypeAlias = list[tuple[int, Task]]  # tasks, each with its number

# Memory shared by a worker and the supervisor: the number of the task at hand, when it began (time.monotonic) and the
# CPU time that the worker had used by then (time.process_time), then both for the batch at hand.
_Progress: TypeAlias = "ctypes.Array[ctypes.c_double]"
_NO_TASK = -1

_MAXIMUM_FALSE_STARTS = 3
_SHORTEST_WAIT = 0.01  # seconds between two looks at a task that is about to exceed a limit
_BATCHES_AHEAD = 2  # batches a worker holds, so that it need not wait while the supervisor handles its results
# Bytes of a batch that a connection takes before the other side reads. A larger one is sent only to an idle worker:
# a busy one may be sending its results at the same time, and then each side would wait for the other to read.
_UNREAD_BYTES = 32 * 2**10 if sys.platform == "linux" else 4 * 2**10


class Limits(NamedTuple):
    """Limits of one task. seconds: CPU time; memory: bytes beyond what the process holds when it starts; wall_seconds:
    wall-clock time."""

    seconds: float = 10.0
    memory: int = 2**30
    wall_seconds: float = 120.0


class Failure(NamedTuple):
    """The outcome of a task without a result; the module's docstring defines the kinds."""

    kind: Literal["died", "overran", "memory", "overspent"]


class Accounts:
    """CPU time in seconds by account. budget: what each account may use."""

    def __init__(self, budget: float, spent: Mapping[str, float] | None = None) -> None:
        self.budget = budget
        self.spent: dict[str, float] = dict(spent or {})

    def spend(self, account: str, seconds: float) -> None:
        """Adds CPU time to an account."""
        self.spent[account] = self.spent.get(account, 0.0) + seconds

    def left(self, account: str) -> float:
        """What is left of an account's budget; 0 or less when it is used up."""
        return self.budget - self.spent.get(account, 0.0)


@dataclass
class _Worker(Generic[Task]):
    """One supervised process, as the supervisor sees it. batches: those it holds, the one it works on first; answered:
    it has sent back at least one batch."""

    process: BaseProcess
    connection: Connection
    progress: _Progress
    batches: deque[Batch[Task]] = field(default_factory=deque)
    answered: bool = False

    @property
    def task_number(self) -> int | None:
        """The number of the task at hand, None when it has begun none of its batch."""
        number = int(self.progress[0])
        return None if number == _NO_TASK else number

    @property
    def since(self) -> float:
        """When the task at hand began (or the process started, or a batch ended), in seconds of time.monotonic."""
        return float(self.progress[1])

    @property
    def batch_since(self) -> float:
        """When the batch at hand began, in seconds of time.monotonic."""
        return float(self.progress[3])

    def used(self, of_batch: bool) -> float | None:
        """The CPU seconds of the batch or the task at hand; None where the system does not tell."""
        total = cpu_seconds(self.process.pid or 0)
        return None if total is None else max(0.0, total - float(self.progress[4 if of_batch else 2]))

    def remaining(self, limits: Limits) -> float:
        """The seconds that must at least pass before the task at hand can exceed a limit; 0 or less when it has."""
        waited = time.monotonic() - self.since
        left = limits.wall_seconds - waited
        if waited < limits.seconds:  # less CPU time than wall-clock time: the system need not be asked
            return min(left, limits.seconds - waited)
        used = self.used(of_batch=False)
        return left if used is None else min(left, limits.seconds - used)


def supervised(
    batches: list[Batch[Task]],
    start: Callable[..., None],
    arguments: tuple[object, ...],
    work: Callable[[Task], Result],
    jobs: int,
    limits: Limits,
    accounts: Accounts | None = None,
    account_of: Callable[[Task], str] = lambda _: "",
) -> Generator[tuple[int, Result | Failure], None, None]:
    """Yields (number, result or Failure) once for every task of the batches, in the order in which they finish.

    Up to `jobs` processes run at a time; each calls `start(*arguments)` once and then `work(task)` per task. An
    exception in `work` becomes a Failure. Raises ProcessesFailed when processes do not start. Closing the generator
    ends all processes at once. accounts: what the tasks' accounts have used so far; the time of these tasks is added. An
    account is limited while a batch holds tasks of that account alone."""
    owners = {number: account_of(task) for batch in batches for number, task in batch} if accounts else {}
    supervisor = _Supervisor(deque(batches), start, arguments, work, limits, accounts or Accounts(math.inf), owners)
    try:
        yield from supervisor.run(jobs)
    finally:
        supervisor.stop()


class _Supervisor(Generic[Task, Result]):
    """Hands batches to workers, replaces workers that end or overrun."""

    def __init__(
        self,
        waiting: deque[Batch[Task]],
        start: Callable[..., None],
        arguments: tuple[object, ...],
        work: Callable[[Task], Result],
        limits: Limits,
        accounts: Accounts,
        owners: Mapping[int, str],
    ) -> None:
        self.waiting, self.limits = waiting, limits
        self.accounts, self.owners = accounts, owners
        self.target = (start, arguments, work, limits.memory)
        self.workers: list[_Worker[Task]] = []
        self.died_once: set[int] = set()
        self.false_starts = 0

    def run(self, jobs: int) -> Iterator[tuple[int, Result | Failure]]:
        """Yields the results of all batches."""
        while self.waiting or self.workers:
            yield from self._without_budget()
            while self.waiting and len(self.workers) < jobs:
                self._add_worker()
            if not self.workers:
                return
            for worker in self.workers:
                if self.waiting and len(worker.batches) < _BATCHES_AHEAD and self._can_send(worker):
                    self._send_batch(worker)
            remaining = min(map(self._remaining, self.workers))
            ready = wait([worker.connection for worker in self.workers], max(remaining, _SHORTEST_WAIT))
            for worker in [worker for worker in self.workers if worker.connection in ready]:
                yield from self._receive(worker)
            for worker in [worker for worker in self.workers if self._remaining(worker) <= 0]:
                if not worker.connection.poll():  # else it has finished, and its results wait to be received
                    yield from self._replace(worker, "overran")

    def _remaining(self, worker: _Worker[Task]) -> float:
        """The seconds that must at least pass before the task at hand, or its account, can exceed a limit."""
        remaining = worker.remaining(self.limits)
        account = self._account_of(worker)
        if account is None:
            return remaining
        others = [other for other in self.workers if self._account_of(other) == account]
        left = self.accounts.left(account)
        by_clock = sum(time.monotonic() - other.batch_since for other in others)
        if by_clock >= left:  # it may have used so much CPU time too
            left -= sum(other.used(of_batch=True) or 0.0 for other in others)
        else:
            left -= by_clock
        return min(remaining, left / len(others))

    def _account_of(self, worker: _Worker[Task]) -> str | None:
        """The one account of the tasks of the batch at hand; None without, or with several."""
        batch = worker.batches[0] if worker.batches else []
        accounts = {self.owners.get(number) for number, _ in batch}
        return accounts.pop() if len(accounts) == 1 else None

    def _without_budget(self) -> Iterator[tuple[int, Failure]]:
        """Takes the tasks out of the queue whose accounts are used up."""
        if not any(self.accounts.left(account) <= 0 for account in self.accounts.spent):
            return
        dropped = [number for batch in self.waiting for number, _ in batch if self._is_used_up(number)]
        kept = ([entry for entry in batch if not self._is_used_up(entry[0])] for batch in self.waiting)
        self.waiting = deque(batch for batch in kept if batch)
        yield from ((number, Failure("overspent")) for number in dropped)

    def _is_used_up(self, number: int) -> bool:
        return number in self.owners and self.accounts.left(self.owners[number]) <= 0

    def stop(self) -> None:
        """Ends all workers at once."""
        for worker in list(self.workers):
            self._remove(worker)

    def _add_worker(self) -> None:
        """Starts a process and sends it the first waiting batch."""
        ours, theirs = multiprocessing.Pipe()
        progress: _Progress = RawArray("d", [_NO_TASK, time.monotonic(), 0.0, time.monotonic(), 0.0])
        process = multiprocessing.Process(target=_serve, args=(theirs, progress, *self.target), daemon=True)
        with ending_signals_blocked():
            process.start()
        theirs.close()
        worker: _Worker[Task] = _Worker(process, ours, progress)
        self.workers.append(worker)
        self._send_batch(worker)

    def _can_send(self, worker: _Worker[Task]) -> bool:
        """True when the next batch can be sent without waiting for the worker to read it."""
        return not worker.batches or len(ForkingPickler.dumps(self.waiting[0])) <= _UNREAD_BYTES

    def _send_batch(self, worker: _Worker[Task]) -> None:
        worker.batches.append(self.waiting.popleft())
        with contextlib.suppress(OSError):  # the worker has ended: `_receive` sees its closed connection
            worker.connection.send(worker.batches[-1])

    def _receive(self, worker: _Worker[Task]) -> Iterator[tuple[int, Result | Failure]]:
        """The results of one batch; sends the worker the next one, or ends it when there is none."""
        try:
            results: list[tuple[int, Result | Failure, float]] = worker.connection.recv()
        except (EOFError, OSError):
            yield from self._replace(worker, "died")
            return
        worker.answered = True
        worker.batches.popleft()
        if self.waiting and self._can_send(worker):
            self._send_batch(worker)
        elif not worker.batches:
            self._remove(worker)
        for number, result, seconds in results:
            if number in self.owners:
                self.accounts.spend(self.owners[number], seconds)
            yield number, result

    def _replace(self, worker: _Worker[Task], kind: Literal["died", "overran"]) -> Iterator[tuple[int, Failure]]:
        """Ends a worker and puts its unfinished tasks back into the queue. Its task at hand fails; if the worker died,
        only the second time."""
        account = self._account_of(worker)
        used = worker.used(of_batch=account is not None)
        self._remove(worker)
        held = [entry for batch in worker.batches for entry in batch]
        culprit = worker.task_number if any(number == worker.task_number for number, _ in held) else None
        if culprit is not None and culprit in self.owners and used is not None:
            self.accounts.spend(self.owners[culprit], used)
        if culprit is None and not worker.answered:
            self.false_starts += 1
            if self.false_starts > _MAXIMUM_FALSE_STARTS:
                raise ProcessesFailed
        others = [entry for entry in held if entry[0] != culprit]
        if others:
            self.waiting.append(others)
        if culprit is None:
            return
        if kind == "died" and culprit not in self.died_once:
            self.died_once.add(culprit)
            self.waiting.append([entry for entry in held if entry[0] == culprit])
        else:
            yield culprit, Failure(kind)

    def _remove(self, worker: _Worker[Task]) -> None:
        self.workers.remove(worker)
        worker.connection.close()
        if worker.task_number is None or worker.process.is_alive():
            worker.process.kill()
        worker.process.join()


def _serve(
    connection: Connection,
    progress: _Progress,
    start: Callable[..., None],
    arguments: tuple[object, ...],
    work: Callable[[Task], Result],
    memory: int,
) -> None:
    """The main function of a supervised process: receives batches and sends back their results until the connection
    closes."""
    _silence()
    start_worker()
    start(*arguments)
    _limit_memory(memory)
    with contextlib.suppress(EOFError, OSError):
        while True:
            results: list[tuple[int, object, float]] = []
            batch = connection.recv()
            progress[3], progress[4] = time.monotonic(), time.process_time()
            for number, task in batch:
                progress[1], progress[2] = time.monotonic(), time.process_time()
                progress[0] = number
                result = _result(work, task)
                results.append((number, result, time.process_time() - progress[2]))
            progress[1], progress[2] = progress[3], progress[4] = time.monotonic(), time.process_time()
            connection.send(results)
            progress[0] = _NO_TASK


def _result(work: Callable[[Task], Result], task: Task) -> Result | Failure:
    try:
        return work(task)
    except MemoryError:
        return Failure("memory")
    except BaseException:  # a panic in a native library is no Exception
        return Failure("died")


def _silence() -> None:
    """Redirects standard error to nowhere: native libraries print their panics there, past Python."""
    faulthandler.disable()
    sys.stderr.flush()
    with contextlib.suppress(OSError), open(os.devnull, "wb") as silent:
        os.dup2(silent.fileno(), 2)


def cpu_seconds(pid: int) -> float | None:
    """The CPU time that a running process has used, user and system, in seconds; None where the system does not tell."""
    if sys.platform == "win32":
        return _cpu_seconds_on_windows(pid)
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()  # the name in brackets before may hold spaces
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None


def _cpu_seconds_on_windows(pid: int) -> float | None:
    """As `cpu_seconds`, by GetProcessTimes, whose unit is 100 ns."""
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - the attribute exists on Windows only
    query_limited_information = 0x1000
    handle = kernel.OpenProcess(query_limited_information, False, pid)
    if not handle:
        return None
    times = [ctypes.c_ulonglong() for _ in range(4)]  # creation, exit, kernel, user
    told = kernel.GetProcessTimes(handle, *(ctypes.byref(value) for value in times))
    kernel.CloseHandle(handle)
    return (times[2].value + times[3].value) / 1e7 if told else None


def memory_is_bounded() -> bool:
    """True when the user or the system limits the memory of this process (RLIMIT_AS). A task can then fail for want of
    memory though it stays within `Limits.memory`."""
    try:
        import resource
    except ImportError:
        return False
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def _limit_memory(memory: int) -> None:
    """Limits the address space of this process to what it holds now and `memory` bytes more; where the system cannot
    (Windows, macOS), nothing is limited."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:
            held = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + memory, held + memory))
    except (ImportError, OSError, ValueError):
        return
