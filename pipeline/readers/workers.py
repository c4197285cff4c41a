"""Many files at once: local processes, one setting, the same result for any number of them.

A file that kills its reader, keeps it too long or takes too much memory costs one line; files in archives are read
like any other, a batch of them at a time.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache

from pipeline.issues import Issue, Where
from pipeline.readers.archive import MAXIMUM_DEPTH, MAXIMUM_MEMBERS, Archive, UnreadableArchive
from pipeline.readers.assessment import Readers
from pipeline.readers.file import read_file
from pipeline.readers.inbox import Candidate, NotRead, content_of, is_ignored, told_apart
from pipeline.readers.supervisor import Failure, Limits, supervised
from pipeline.records import FileReading
from pipeline.rulebook import Rulebook

BATCH = 40
Progress = Callable[[int, int], None]
# What a file turns out to be: its reading, and for an archive the files it holds.
Read = tuple[FileReading, list[Candidate]]

_REASONS = {"died": "读取进程意外停止", "overran": "读取时间过长", "memory": "占用内存过多"}

_readers: Readers | None = None


def read_files(
    candidates: Iterable[Candidate],
    rulebook: Rulebook,
    jobs: int,
    on_progress: Progress = lambda done, total: None,
    limits: Limits = Limits(),
) -> list[FileReading]:
    """One FileReading per candidate and per file of an archive, ordered by path."""
    readings: list[tuple[Candidate, FileReading]] = []
    waiting = list(candidates)
    with _uncollected():
        while waiting:
            todo = []
            for candidate in waiting:
                settled = _settled(candidate)
                if settled:
                    readings.append((candidate, settled))
                else:
                    todo.append(candidate)
            total = len(readings) + len(todo)
            waiting = []
            for candidate, (reading, members) in _read_all(todo, rulebook, jobs, limits):
                readings.append((candidate, reading))
                waiting += members
                on_progress(len(readings), total)
            waiting.sort(key=lambda member: (member.path, member.source, member.inside))
    readings.sort(key=lambda pair: (pair[0].path, pair[0].source, pair[0].inside))
    return [reading for _, reading in readings]


def _settled(candidate: Candidate) -> FileReading | None:
    """The line of a file that need not be opened."""
    if candidate.ignored:
        return FileReading(candidate.path, "", "ignored", remark="系统或临时文件，忽略")
    if candidate.outside:
        return FileReading(candidate.path, "", "unreadable", issues=[Issue("F08", Where(candidate.path))])
    if candidate.problem:
        return _failed(candidate, "F01", candidate.problem)
    if candidate.evidence:
        return FileReading(candidate.path, "", "evidence")
    return None


def _read_all(todo: list[Candidate], rulebook: Rulebook, jobs: int, limits: Limits) -> Iterator[tuple[Candidate, Read]]:
    numbered = list(enumerate(todo))
    size = min(BATCH, max(1, -(-len(todo) // jobs)))
    batches = [numbered[start : start + size] for start in range(0, len(numbered), size)]
    for number, result in supervised(batches, _start, (rulebook,), _read_one, min(jobs, max(len(batches), 1)), limits):
        if isinstance(result, Failure):
            result = (_failed(todo[number], "F06", _REASONS[result.kind]), [])
        yield todo[number], result


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


# ---------------------------------------------------------------------------------------- in a reading process


def _start(rulebook: Rulebook) -> None:
    global _readers  # noqa: PLW0603 - one set of readers per process, built when it starts
    _readers = Readers.of(rulebook)
    gc.collect()
    gc.freeze()
    gc.disable()  # records form no cycles; looking for some took a tenth of the reading


def _read_one(candidate: Candidate) -> Read:
    if _readers is None:
        raise RuntimeError("the reading process was not started")
    try:
        reading = read_file(candidate.path, _content(candidate.source, candidate.inside), _readers)
        if reading.kind == "archive" and reading.zip:
            return _opened(candidate, reading)
        return reading, []
    except (NotRead, UnreadableArchive) as error:
        return _failed(candidate, "F01", str(error)), []
    except MemoryError:
        return _failed(candidate, "F06", _REASONS["memory"]), []
    except Exception as error:  # a defect of ours must not stop the other files
        return _failed(candidate, "B01", f"{type(error).__name__}: {error}"), []


def _content(source: str, inside: tuple[int, ...]) -> bytes:
    """A file's bytes; in an archive the bytes of the member."""
    return _archive(source, inside[:-1]).read(inside[-1]) if inside else content_of(source)


@lru_cache(maxsize=4)
def _archive(source: str, inside: tuple[int, ...]) -> Archive:
    """The opened archive at `source`, or the one at a place within it; kept while its members are read."""
    return Archive(_content(source, inside))


def _opened(candidate: Candidate, reading: FileReading) -> Read:
    """An archive's line and its members as candidates; too deep or too many, and nothing of it is read."""
    if len(candidate.inside) >= MAXIMUM_DEPTH:
        return _failed(candidate, "F05", f"压缩包套了 {len(candidate.inside) + 1} 层，上限 {MAXIMUM_DEPTH} 层"), []
    members = [
        Candidate(
            f"{candidate.path}/{member.path}", candidate.source, is_ignored(member.path), problem=member.problem,
            inside=(*candidate.inside, member.index), evidence=member.evidence,
        )
        for member in _archive(candidate.source, candidate.inside).members()
    ]  # fmt: skip
    if len(members) > MAXIMUM_MEMBERS:
        return _failed(candidate, "F05", f"压缩包里有 {len(members)} 个文件"), []
    return replace(reading, remark=f"压缩包，内有 {len(members)} 个文件"), told_apart(members)


def _failed(candidate: Candidate, code: str, reason: str) -> FileReading:
    issue = Issue(code, Where(candidate.path), facts={"reason": reason})
    return FileReading(candidate.path, "", "unreadable", issues=[issue])
