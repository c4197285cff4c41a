"""Many files at once: local processes, one setting, the same result for any number of them.

A reader that dies takes only its process along: what was not finished is read again, one file per process, and the
file that kills its reader costs one line.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from pipeline.issues import Issue, Where
from pipeline.readers.assessment import Readers
from pipeline.readers.file import read_file
from pipeline.readers.inbox import Candidate, NotRead, content_of
from pipeline.records import FileReading
from pipeline.rulebook import Rulebook

BATCH = 40
Progress = Callable[[int, int], None]

_readers: Readers | None = None


def _start(rulebook: Rulebook) -> None:
    global _readers  # noqa: PLW0603 - one set of readers per process, built when it starts
    _readers = Readers.of(rulebook)
    gc.collect()
    gc.freeze()
    gc.disable()  # records form no cycles; looking for some took a tenth of the reading


def _read_batch(batch: list[Candidate]) -> list[FileReading]:
    if _readers is None:
        raise RuntimeError("the reading process was not started")
    return [_read_one(candidate, _readers) for candidate in batch]


def _read_one(candidate: Candidate, readers: Readers) -> FileReading:
    try:
        return read_file(candidate.path, content_of(candidate), readers)
    except NotRead as error:
        return _failed(candidate, "F01", str(error))
    except MemoryError:
        return _failed(candidate, "F06", "内存不足")
    except Exception as error:  # a defect of ours must not stop the other files
        return _failed(candidate, "B01", f"{type(error).__name__}: {error}")


def _failed(candidate: Candidate, code: str, reason: str) -> FileReading:
    issue = Issue(code, Where(candidate.path), facts={"reason": reason})
    return FileReading(candidate.path, "", "unreadable", issues=[issue])


def read_files(
    candidates: Iterable[Candidate], rulebook: Rulebook, jobs: int, on_progress: Progress = lambda done, total: None
) -> list[FileReading]:
    """One FileReading per candidate, in the candidates' order."""
    wanted = list(candidates)
    done: dict[int, FileReading] = {}
    for place, candidate in enumerate(wanted):
        if candidate.ignored:
            done[place] = FileReading(candidate.path, "", "ignored", remark="系统或临时文件，忽略")
        elif candidate.outside:
            done[place] = FileReading(candidate.path, "", "unreadable", issues=[Issue("F08", Where(candidate.path))])
        elif candidate.problem:
            done[place] = _failed(candidate, "F01", candidate.problem)
    todo = [place for place in range(len(wanted)) if place not in done]
    batches = [todo[start : start + BATCH] for start in range(0, len(todo), BATCH)]
    with _uncollected():
        _run(batches, wanted, rulebook, min(jobs, max(len(batches), 1)), done, on_progress)
    for place in todo:
        if place not in done:
            _run([[place]], wanted, rulebook, 1, done, on_progress)
        if place not in done:
            done[place] = _failed(wanted[place], "F06", "读取进程意外停止")
    return [done[place] for place in range(len(wanted))]


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for cycles while a million records arrive that form none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _run(
    batches: list[list[int]], wanted: list[Candidate], rulebook: Rulebook, jobs: int, done: dict[int, FileReading], on_progress: Progress
) -> None:
    """Reads the batches in `jobs` processes; leaves out of `done` what a dying process did not finish."""
    if not batches:
        return
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=(rulebook,)) as pool:
        try:
            waiting: dict[Future, list[int]] = {
                pool.submit(_read_batch, [wanted[place] for place in batch]): batch for batch in batches
            }
        except BrokenProcessPool:
            return
        while waiting:
            finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                batch = waiting.pop(future)
                if future.exception() is None:
                    done.update(zip(batch, future.result(), strict=True))
            on_progress(len(done), len(wanted))
