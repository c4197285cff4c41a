"""Reads many files at once in local processes; the result is the same for any number of them.

A file that kills its process, takes too long or too much memory has an issue instead of a reading. Files in archives are
read like any other.
"""

from __future__ import annotations

import gc
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from pipeline.issues.catalogue import (
    ARCHIVE_UNREADABLE,
    FILE_CHANGED_WHILE_READING,
    FILE_TOO_LARGE,
    FILE_UNREADABLE,
    LINK_LEADS_OUTSIDE,
    PROGRAM_FAULT,
    READING_BROKE_OFF,
    Code,
)
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.machine.failing import ProcessesFailed
from pipeline.machine.supervisor import Accounts, Failure, Limits, memory_is_bounded, supervised
from pipeline.model.limits import BUDGET_SECONDS, MOST_IN_ARCHIVES
from pipeline.model.records import FileBytes, FileReading
from pipeline.model.rulebook import Rulebook
from pipeline.readers.intake.archive import MAXIMUM_DEPTH, MAXIMUM_MEMBERS, BrokenArchive, UnreadableArchive
from pipeline.readers.intake.file import read_file
from pipeline.readers.intake.inbox import (
    Candidate,
    ChangedMeanwhile,
    NotRead,
    is_ignored,
    reason_of,
    version_of,
    with_distinct_paths,
)
from pipeline.readers.intake.originals import content_at, opened_archive
from pipeline.readers.intake.sniff import (
    EVIDENCE_NAMES,
    PACKAGE_NAMES,
    SIGNATURE_BYTES,
    WORKBOOK_NAMES,
    words_of_beginning,
)
from pipeline.readers.values.lexicon import Lexicon

BATCH = 40  # files that one process is given at a time
LARGE_BYTES = 128 * 2**20  # a larger file is never held in memory

# The limits of what all archives in one file of the input are inflated to, however they are nested.
GRACE_BYTES = 256 * 2**20
MAXIMUM_RATIO = 30

Progress = Callable[[int, int], None]  # files read, files known so far

_USUAL_LIMITS = Limits()
_REASONS = {
    "died": "读取进程意外停止",
    "overran": "读取时间过长",
    "memory": "占用内存过多",
    "overspent": "读取时间过长",
}
_SWOLLEN = "压缩包层层解开后文件太多或太大"
_SLOW = "压缩包里的文件读起来用时太长"
_LITTER = "系统或临时文件，忽略"
_LINK = "指向输入文件夹里另一个文件夹的链接，没有再读一遍，那里的文件在原处读取"
_lexicon: Lexicon | None = None


class Read(NamedTuple):
    """What a file turned out to be: its reading and, for an archive, the files in it and their inflated bytes."""

    reading: FileReading
    members: list[Candidate]
    size: int


def read_files(
    candidates: Iterable[Candidate],
    rulebook: Rulebook,
    jobs: int,
    on_progress: Progress = lambda done, total: None,
    limits: Limits = _USUAL_LIMITS,
) -> list[FileReading]:
    """One reading for each candidate and each file of an archive, ordered by path.

    The files of archives are read in the round after their archives. `limits`: of one file.
    """
    readings: list[tuple[Candidate, FileReading]] = []
    waiting = list(candidates)
    budget, accounts = _Budget(), Accounts(BUDGET_SECONDS)
    with _without_garbage_collection():
        while waiting:
            unopened = [(candidate, _unopened(candidate)) for candidate in waiting]
            readings += [(candidate, reading) for candidate, reading in unopened if reading]
            todo = [candidate for candidate, reading in unopened if not reading]
            results = []
            for candidate, read in _read_all(todo, rulebook, jobs, limits, accounts):
                budget.spend(candidate.source, read)
                results.append((candidate, read))
                on_progress(len(readings) + len(results), len(readings) + len(todo))
            waiting = []
            for candidate, read in results:
                if budget.is_overspent(candidate.source):
                    refused = _failed(candidate, FILE_TOO_LARGE, _SWOLLEN)
                    readings.append((candidate, refused if read.reading.zip else read.reading))
                else:
                    readings.append((candidate, read.reading))
                    waiting += read.members
            waiting.sort(key=_sort_key)
    readings = _without_slow_archives(readings, accounts)
    readings.sort(key=lambda pair: _sort_key(pair[0]))
    for candidate, reading in readings:
        reading.source, reading.inside, reading.decisions = candidate.source, candidate.inside, candidate.decisions
        reading.seconds = accounts.spent.get(candidate.source, 0.0)
    return [reading for _, reading in readings]


def _without_slow_archives(
    readings: list[tuple[Candidate, FileReading]], accounts: Accounts
) -> list[tuple[Candidate, FileReading]]:
    """The readings, without those of an archive whose files took more CPU time than one file of the input may: which of
    them were read in time is chance."""
    slow = {candidate.source for candidate, _ in readings if candidate.inside and accounts.left(candidate.source) <= 0}
    return [
        (candidate, _failed(candidate, FILE_TOO_LARGE, _SLOW) if candidate.source in slow else reading)
        for candidate, reading in readings
        if not (candidate.inside and candidate.source in slow)
    ]


def _sort_key(candidate: Candidate) -> tuple[str, str, tuple[int, ...]]:
    return candidate.path, candidate.source, candidate.inside


class _Budget:
    """The files and bytes in the archives of each file of the input.

    A file is refused by whole rounds (all its archives of one depth, or none), so that the result does not depend on
    which archive was opened first.
    """

    def __init__(self) -> None:
        self.members: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.bytes: Counter[str] = Counter()

    def spend(self, source: str, read: Read) -> None:
        """Adds an archive's files, those of them that have to be looked into, and their inflated bytes."""
        self.members[source] += len(read.members)
        self.unknown[source] += sum(not (member.evidence or member.ignored) for member in read.members)
        self.bytes[source] += read.size

    def is_overspent(self, source: str) -> bool:
        """True when the archives of a file hold more than a run reads."""
        size = self.bytes[source]
        crowded = size > GRACE_BYTES and size > MAXIMUM_RATIO * _size_of(source)
        return crowded or self.members[source] > MAXIMUM_MEMBERS or self.unknown[source] > MOST_IN_ARCHIVES


def _size_of(source: str) -> int:
    """A file's size in bytes; 0 when the system does not tell it."""
    try:
        return os.path.getsize(source)
    except OSError:
        return 0


def _unopened(candidate: Candidate) -> FileReading | None:
    """The reading of a file that need not be opened, None for one that must."""
    if candidate.ignored:
        return FileReading(candidate.path, "", "ignored", remark=_LINK if os.path.isdir(candidate.source) else _LITTER)
    if candidate.outside:
        return FileReading(candidate.path, "", "unreadable", issues=[Issue(LINK_LEADS_OUTSIDE, Where(candidate.path))])
    if candidate.problem:
        return _failed(candidate, FILE_UNREADABLE, candidate.problem)
    if candidate.evidence:
        return FileReading(candidate.path, "", "evidence", bytes=candidate.bytes)
    return None


def _read_all(
    todo: list[Candidate], rulebook: Rulebook, jobs: int, limits: Limits, accounts: Accounts
) -> Iterator[tuple[Candidate, Read]]:
    """(candidate, what it turned out to be) of every file, in the order in which they are finished."""
    batches = list(_batches(todo, jobs))
    jobs = min(jobs, max(len(batches), 1))
    work = supervised(
        batches, _start, (rulebook,), _read_one, jobs, limits, accounts, lambda candidate: candidate.source
    )
    for number, result in work:
        candidate = todo[number]
        if not isinstance(result, Failure):
            yield candidate, result
        elif result.kind in ("died", "memory") and memory_is_bounded():  # the file need not be to blame
            raise ProcessesFailed
        else:
            yield candidate, _refused(candidate, READING_BROKE_OFF, _REASONS[result.kind])


def _batches(todo: list[Candidate], jobs: int) -> Iterator[list[tuple[int, Candidate]]]:
    """The numbered files in batches; the files of an archive in batches of their own, which its account limits."""
    size = min(BATCH, max(1, -(-len(todo) // jobs)))
    for _, group in groupby(enumerate(todo), key=lambda entry: entry[1].source if entry[1].inside else ""):
        numbered = list(group)
        yield from (numbered[start : start + size] for start in range(0, len(numbered), size))


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Stops the search for reference cycles while a million records arrive that form none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _start(rulebook: Rulebook) -> None:
    """Prepares a reading process."""
    global _lexicon  # noqa: PLW0603 - one per process, built when it starts
    _lexicon = Lexicon.of(rulebook)
    gc.freeze()
    gc.disable()  # records form no cycles; the search for some took a tenth of the reading time


def _read_one(candidate: Candidate) -> Read:
    """Reads one file in a reading process; an exception becomes an issue."""
    if _lexicon is None:
        raise RuntimeError("the reading process was not started")
    version = candidate.version or version_of(candidate.source)
    try:
        read = _read(candidate, version, _lexicon)
        if (candidate.inside or read.reading.zip) and version_of(candidate.source) != version:
            raise ChangedMeanwhile("随压缩包一起被换过或改过" if candidate.inside else "被换过或改过")
        return read
    except ChangedMeanwhile as error:
        return _refused(candidate, FILE_CHANGED_WHILE_READING, str(error))
    except BrokenArchive as error:
        return _refused(candidate, ARCHIVE_UNREADABLE, str(error))
    except (NotRead, UnreadableArchive) as error:
        return _refused(candidate, FILE_UNREADABLE, str(error))
    except MemoryError:  # the supervisor decides whether the file is to blame
        raise
    except Exception as error:  # a defect of this program must not stop the other files
        return _refused(candidate, PROGRAM_FAULT, f"{type(error).__name__}: {error}")


def _read(candidate: Candidate, version: tuple[int, int], lexicon: Lexicon) -> Read:
    """Reads one file; of an archive only the list of its files. Raises NotRead or UnreadableArchive."""
    if not candidate.inside and _size_of(candidate.source) > LARGE_BYTES:
        reading = _read_large(candidate)
    else:
        reading = read_file(candidate.path, content_at(candidate.source, candidate.inside), lexicon)
    return _opened(candidate, reading, version) if reading.zip else Read(reading, [], 0)


def _read_large(candidate: Candidate) -> FileReading:
    """The reading of a file that is too large to be held in memory: an archive is opened from the disk, a paper is
    listed, a workbook is refused. Raises NotRead."""
    name = candidate.path.lower()
    try:
        with open(candidate.source, "rb") as file:
            beginning = file.read(SIGNATURE_BYTES)
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise NotRead(reason_of(error)) from error
    if beginning.startswith(b"PK\x03\x04") and not name.endswith((*WORKBOOK_NAMES, *PACKAGE_NAMES)):
        return FileReading(candidate.path, digest, "archive", zip=True)
    if name.endswith(EVIDENCE_NAMES):
        known = FileBytes(_size_of(candidate.source), words_of_beginning(beginning), digest)
        return FileReading(candidate.path, digest, "evidence", bytes=known)
    size = f"文件有 {_size_of(candidate.source) // 2**20} MB"
    return replace(_failed(candidate, FILE_TOO_LARGE, size), sha256=digest)


def _opened(candidate: Candidate, reading: FileReading, version: tuple[int, int]) -> Read:
    """An archive and its members as candidates; refused when it lies too deep or holds too many files.

    version: of the file of the input that holds it.
    """
    depth = len(candidate.inside) + 1
    if depth > MAXIMUM_DEPTH:
        return _refused(candidate, FILE_TOO_LARGE, f"压缩包套了 {depth} 层，上限 {MAXIMUM_DEPTH} 层")
    members = opened_archive(candidate.source, candidate.inside, version).members()
    if len(members) > MAXIMUM_MEMBERS:
        return _refused(candidate, FILE_TOO_LARGE, f"压缩包里有 {len(members)} 个文件")
    candidates = [
        Candidate(
            f"{candidate.path}/{member.path}",
            candidate.source,
            is_ignored(member.path),
            problem=member.problem,
            inside=(*candidate.inside, member.index),
            evidence=member.evidence,
            bytes=member.bytes,
            version=version,
        )
        for member in members
    ]
    remark = f"压缩包，内有 {len(members)} 个文件"
    size = sum(member.size for member in members)
    return Read(replace(reading, remark=remark), with_distinct_paths(candidates), size)


def _refused(candidate: Candidate, code: Code, reason: str) -> Read:
    return Read(_failed(candidate, code, reason), [], 0)


def _failed(candidate: Candidate, code: Code, reason: str) -> FileReading:
    """The reading of a file that cannot be read, with its one issue."""
    issue = Issue(code, Where(candidate.path), facts={"reason": reason})
    return FileReading(candidate.path, "", "unreadable", issues=[issue])
