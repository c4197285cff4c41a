"""Worker processes without limits: a list of tasks run in parallel, and what every worker does when it starts.

A worker is a daemon process. It ignores Ctrl-C (the process that started it ends it) and ends by itself within half a
second when that process is gone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from multiprocessing.sharedctypes import Synchronized
from typing import TypeVar

from pipeline.machine.failing import ProcessesFailed

Task = TypeVar("Task")
Result = TypeVar("Result")

_ENDING_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_ORPHAN_CHECK_SECONDS = 0.5


@contextmanager
def ending_signals_blocked() -> Iterator[None]:
    """Blocks SIGINT, SIGTERM and SIGHUP until the block ends; they are delivered then.

    A process that is started in the block inherits this and unblocks them in `start_worker`, once it handles them: a
    Ctrl-C in between would end it with a traceback on the terminal. Without effect on Windows."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def start_worker() -> None:
    """Makes the current process a worker; it must be the first call in the new process.

    Ctrl-C is ignored, SIGTERM and SIGHUP end the process, and a timer ends it with exit code 1 when the process that
    started it has ended in whatever way."""
    for ending in _ENDING_SIGNALS:
        signal.signal(ending, signal.SIG_IGN if ending == signal.SIGINT else signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING_SIGNALS)
    if hasattr(signal, "setitimer"):  # on Windows connections close with the process and end it
        parent = _parent_id()
        signal.signal(signal.SIGALRM, lambda *_: None if os.getppid() == parent else os._exit(1))
        # A timer needs no thread: there may be no memory for one.
        signal.setitimer(signal.ITIMER_REAL, _ORPHAN_CHECK_SECONDS, _ORPHAN_CHECK_SECONDS)


def _parent_id() -> int:
    """The id of the process that started this one. A forked process knows it even if that process has ended already."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None and multiprocessing.get_start_method() == "fork":
        return parent.pid
    return os.getppid()


def in_parallel(
    tasks: Sequence[Task],
    start: Callable[..., None],
    arguments: tuple[object, ...],
    work: Callable[[Task], Result],
    jobs: int,
) -> Generator[tuple[int, Result], None, None]:
    """Yields (index of a task, `work(task)`) as the tasks end. `jobs` workers begin the tasks in their order; each
    worker calls `start(*arguments)` first.

    Raises what `work` or `start` raises, and ProcessesFailed when a worker dies. Closing the generator ends all workers
    at once. The pools of the standard library need threads for the same, and hang for ever when there is no memory left
    to start one."""
    next_task = multiprocessing.Value("q", 0)
    connections: list[Connection] = []
    processes: list[multiprocessing.Process] = []
    try:
        for _ in range(min(jobs, len(tasks))):
            ours, theirs = multiprocessing.Pipe()
            process = multiprocessing.Process(
                target=_work_through, args=(theirs, next_task, tasks, start, arguments, work), daemon=True
            )
            with ending_signals_blocked():
                process.start()
            theirs.close()
            connections.append(ours)
            processes.append(process)
        yield from _results(connections, len(tasks))
    finally:
        for process in processes:
            process.kill()
            process.join()


def _results(connections: list[Connection], count: int) -> Iterator[tuple[int, Result]]:
    """The first `count` results that arrive; drops a connection when its worker has no task left."""
    while count:
        ready = wait(connections)
        for connection in [connection for connection in connections if connection in ready]:
            try:
                index, result, error = connection.recv()
            except (EOFError, OSError) as end:
                raise ProcessesFailed from end
            if error is not None:
                raise error
            if index is None:
                connections.remove(connection)
            else:
                count -= 1
                yield index, result


def _work_through(
    connection: Connection,
    next_task: Synchronized[int],
    tasks: Sequence[Task],
    start: Callable[..., None],
    arguments: tuple[object, ...],
    work: Callable[[Task], object],
) -> None:
    """The main function of a worker. Sends (index, result, None) per task, at last (None, None, None), or instead
    (None, None, the exception)."""
    try:
        start_worker()
        start(*arguments)
        while (index := _taken(next_task)) < len(tasks):
            connection.send((index, work(tasks[index]), None))
        connection.send((None, None, None))
    except BaseException as error:
        with suppress(BaseException):  # when even this fails, the closed connection tells the parent
            connection.send((None, None, _sendable(error)))


def _taken(next_task: Synchronized[int]) -> int:
    """The index of the next task, which no other worker gets."""
    with next_task.get_lock():
        next_task.value += 1
        return next_task.value - 1


def _sendable(error: BaseException) -> BaseException:
    """The error itself, or a RuntimeError with its text when it cannot be pickled."""
    try:
        ForkingPickler.loads(ForkingPickler.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
