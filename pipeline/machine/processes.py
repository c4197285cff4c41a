"""A list of tasks worked off by several processes, in the order given."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from typing import Any

from pipeline.machine.failing import ProcessesFailed

_ENDINGS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_LOOK_EVERY = 0.5  # seconds; an orphan is given another parent


@contextmanager
def endings_held_back() -> Iterator[None]:
    """Ctrl-C and the wish that this process end wait until the block is over. A process started in it is born deaf to
    both until it calls `begin_work`, so that it never tells of them in its own words."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin_work() -> None:
    """The first thing a working process does: Ctrl-C is for the process that started it, which will end it; and it
    does not outlive that one, however that came to its end."""
    for ending in _ENDINGS:
        signal.signal(ending, signal.SIG_IGN if ending == signal.SIGINT else signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)
    if hasattr(signal, "setitimer"):  # on Windows connections close with the process and end it
        starter = _starter()
        signal.signal(signal.SIGALRM, lambda *_: None if os.getppid() == starter else os._exit(1))
        signal.setitimer(signal.ITIMER_REAL, _LOOK_EVERY, _LOOK_EVERY)  # no thread: there may be no memory for one


def _starter() -> int:
    """The number of the process above this one when it was started."""
    above = multiprocessing.parent_process()
    forked = above is not None and multiprocessing.get_start_method() == "fork"
    return above.pid if forked else os.getppid()


def worked_off(
    tasks: Sequence[Any], start: Callable[..., None], arguments: tuple[Any, ...], work: Callable[[Any], Any], jobs: int
) -> Iterator[tuple[int, Any]]:
    """(number of the task, what `work` returned), as the tasks end; begun in their order by `jobs` processes, each of
    which calls `start(*arguments)` first. What `work` raises is raised here, ProcessesFailed when a process dies. Close
    the iterator when it is given up: then nobody works on.

    Pools of the standard library need threads for this, and hang for ever when there is no memory left for one."""
    next_task = multiprocessing.Value("q", 0)
    connections: list[Connection] = []
    processes = []
    try:
        for _ in range(min(jobs, len(tasks))):
            ours, theirs = multiprocessing.Pipe()
            process = multiprocessing.Process(
                target=_work_off, args=(theirs, next_task, tasks, start, arguments, work), daemon=True
            )
            with endings_held_back():
                process.start()
            theirs.close()
            connections.append(ours)
            processes.append(process)
        done = 0
        while done < len(tasks):
            for connection in wait(connections):
                try:
                    number, result, error = connection.recv()
                except (EOFError, OSError) as end:
                    raise ProcessesFailed from end
                if error is not None:
                    raise error
                if number is None:
                    connections.remove(connection)
                else:
                    done += 1
                    yield number, result
    finally:
        for process in processes:
            process.kill()
            process.join()


def _work_off(
    connection: Connection,
    next_task: Any,
    tasks: Sequence[Any],
    start: Callable[..., None],
    arguments: tuple[Any, ...],
    work: Callable[[Any], Any],
) -> None:
    try:
        begin_work()
        start(*arguments)
        while (number := _next(next_task)) < len(tasks):
            connection.send((number, work(tasks[number]), None))
        connection.send((None, None, None))
    except BaseException as error:
        with suppress(BaseException):  # who cannot even say why it ends is heard of by its closed connection
            connection.send((None, None, _sendable(error)))


def _next(next_task: Any) -> int:
    with next_task.get_lock():
        next_task.value += 1
        return next_task.value - 1


def _sendable(error: BaseException) -> BaseException:
    """The error, or what it says when it cannot be sent to another process."""
    try:
        ForkingPickler.loads(ForkingPickler.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
