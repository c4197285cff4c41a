"""Many files at once: local processes, one setting, the same result for any number of them.

A file that kills its reader, keeps it too long or takes too much memory costs one line; files in archives are read
like any other, a batch of them at a time.
"""

from __future__ import annotations

import gc
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

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
from pipeline.machine.supervisor import Failure, Limits, memory_is_bounded, supervised
from pipeline.model.records import FileReading
from pipeline.model.rulebook import Rulebook
from pipeline.readers.intake.archive import MAXIMUM_DEPTH, MAXIMUM_MEMBERS, BrokenArchive, UnreadableArchive
from pipeline.readers.intake.file import read_file
from pipeline.readers.intake.inbox import (
    Candidate,
    ChangedMeanwhile,
    NotRead,
    is_ignored,
    reason_of,
    told_apart,
    version_of,
)
from pipeline.readers.intake.originals import _archive, content_at
from pipeline.readers.intake.sniff import EVIDENCE_NAMES, WORKBOOK_NAMES
from pipeline.readers.values.lexicon import Lexicon

BATCH = 40
Progress = Callable[[int, int], None]

# What a file turns out to be: its reading, and for an archive the files it holds and their bytes once inflated.
Read = tuple[FileReading, list[Candidate], int]
LARGE_BYTES = 128 * 2**20  # a larger file is never held in memory

# What the archives of one file of the input may be inflated to in all, however they are nested.
GRACE_BYTES = 256 * 2**20
MAXIMUM_RATIO = 30
_REASONS = {"died": "读取进程意外停止", "overran": "读取时间过长", "memory": "占用内存过多"}
_SWOLLEN = "压缩包层层解开后文件太多或太大"
_lexicon: Lexicon | None = None


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
    budget = _Budget()
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
            read = []
            for candidate, (reading, members, size) in _read_all(todo, rulebook, jobs, limits):
                budget.spend(candidate.source, len(members), size)
                read.append((candidate, reading, [] if budget.overspent(candidate.source) else members))
                on_progress(len(readings) + len(read), total)
            for candidate, reading, members in read:
                refused = reading.zip and budget.overspent(candidate.source)
                readings.append((candidate, _failed(candidate, FILE_TOO_LARGE, _SWOLLEN) if refused else reading))
                waiting += [] if refused else members
            waiting.sort(key=lambda member: (member.path, member.source, member.inside))
    readings.sort(key=lambda pair: (pair[0].path, pair[0].source, pair[0].inside))
    for candidate, reading in readings:
        reading.source, reading.inside = candidate.source, candidate.inside
    return [reading for _, reading in readings]


class _Budget:
    """What the archives of each file of the input hold in all. Refusing goes by whole rounds (every archive of a file at
    one depth, or none), so that it does not depend on which was opened first."""

    def __init__(self) -> None:
        self.members: Counter[str] = Counter()
        self.bytes: Counter[str] = Counter()

    def spend(self, source: str, members: int, size: int) -> None:
        self.members[source] += members
        self.bytes[source] += size

    def overspent(self, source: str) -> bool:
        size = self.bytes[source]
        crowded = size > GRACE_BYTES and size > MAXIMUM_RATIO * _size_of(source)
        return crowded or self.members[source] > MAXIMUM_MEMBERS


def _size_of(source: str) -> int:
    """A file's bytes; 0 when they cannot be had."""
    try:
        return os.path.getsize(source)
    except OSError:
        return 0


def _settled(candidate: Candidate) -> FileReading | None:
    """The line of a file that need not be opened."""
    if candidate.ignored:
        return FileReading(candidate.path, "", "ignored", remark="系统或临时文件，忽略")
    if candidate.outside:
        return FileReading(candidate.path, "", "unreadable", issues=[Issue(LINK_LEADS_OUTSIDE, Where(candidate.path))])
    if candidate.problem:
        return _failed(candidate, FILE_UNREADABLE, candidate.problem)
    if candidate.evidence:
        return FileReading(candidate.path, "", "evidence")
    return None


def _read_all(todo: list[Candidate], rulebook: Rulebook, jobs: int, limits: Limits) -> Iterator[tuple[Candidate, Read]]:
    numbered = list(enumerate(todo))
    size = min(BATCH, max(1, -(-len(todo) // jobs)))
    batches = [numbered[start : start + size] for start in range(0, len(numbered), size)]
    for number, result in supervised(batches, _start, (rulebook,), _read_one, min(jobs, max(len(batches), 1)), limits):
        if isinstance(result, Failure):
            if result.kind != "overran" and memory_is_bounded():  # the file need not be to blame
                raise ProcessesFailed
            result = (_failed(todo[number], READING_BROKE_OFF, _REASONS[result.kind]), [], 0)
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


def _start(rulebook: Rulebook) -> None:
    global _lexicon  # noqa: PLW0603 - one per process, built when it starts
    _lexicon = Lexicon.of(rulebook)
    gc.freeze()
    gc.disable()  # records form no cycles; looking for some took a tenth of the reading


def _read_one(candidate: Candidate) -> Read:
    if _lexicon is None:
        raise RuntimeError("the reading process was not started")
    version = candidate.version or version_of(candidate.source)
    try:
        read = _read(candidate, version, _lexicon)
        if (candidate.inside or read[0].zip) and version_of(candidate.source) != version:
            raise ChangedMeanwhile("随压缩包一起被换过或改过" if candidate.inside else "被换过或改过")
        return read
    except ChangedMeanwhile as error:
        return _failed(candidate, FILE_CHANGED_WHILE_READING, str(error)), [], 0
    except BrokenArchive as error:
        return _failed(candidate, ARCHIVE_UNREADABLE, str(error)), [], 0
    except (NotRead, UnreadableArchive) as error:
        return _failed(candidate, FILE_UNREADABLE, str(error)), [], 0
    except MemoryError:  # whoever watches over this process knows whose fault it is
        raise
    except Exception as error:  # a defect of ours must not stop the other files
        return _failed(candidate, PROGRAM_FAULT, f"{type(error).__name__}: {error}"), [], 0


def _read(candidate: Candidate, version: tuple[int, int], lexicon: Lexicon) -> Read:
    if not candidate.inside and _size_of(candidate.source) > LARGE_BYTES:
        reading = _read_large(candidate)
    else:
        reading = read_file(candidate.path, content_at(candidate.source, candidate.inside), lexicon)
    return _opened(candidate, reading, version) if reading.zip else (reading, [], 0)


def _read_large(candidate: Candidate) -> FileReading:
    """A file too large to be held: an archive is opened where it lies, a paper is counted, a workbook refused."""
    name = candidate.path.lower()
    try:
        with open(candidate.source, "rb") as file:
            packed = file.read(4) == b"PK\x03\x04"
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise NotRead(reason_of(error)) from error
    if packed and not name.endswith((*WORKBOOK_NAMES, *EVIDENCE_NAMES)):
        return FileReading(candidate.path, digest, "archive", zip=True)
    if name.endswith(EVIDENCE_NAMES):
        return FileReading(candidate.path, digest, "evidence")
    return replace(
        _failed(candidate, FILE_TOO_LARGE, f"文件有 {_size_of(candidate.source) // 2**20} MB"), sha256=digest
    )


def _opened(candidate: Candidate, reading: FileReading, version: tuple[int, int]) -> Read:
    """An archive's line and its members as candidates; too deep or too many, and nothing of it is read. `version`: of
    the file of the input that holds it all."""
    if len(candidate.inside) >= MAXIMUM_DEPTH:
        return (
            _failed(candidate, FILE_TOO_LARGE, f"压缩包套了 {len(candidate.inside) + 1} 层，上限 {MAXIMUM_DEPTH} 层"),
            [],
            0,
        )
    held = _archive(candidate.source, candidate.inside, version).members()
    if len(held) > MAXIMUM_MEMBERS:
        return _failed(candidate, FILE_TOO_LARGE, f"压缩包里有 {len(held)} 个文件"), [], 0
    members = [
        Candidate(
            f"{candidate.path}/{member.path}",
            candidate.source,
            is_ignored(member.path),
            problem=member.problem,
            inside=(*candidate.inside, member.index),
            evidence=member.evidence,
            version=version,
        )
        for member in held
    ]
    remark = f"压缩包，内有 {len(members)} 个文件"
    return replace(reading, remark=remark), told_apart(members), sum(member.size for member in held)


def _failed(candidate: Candidate, code: Code, reason: str) -> FileReading:
    issue = Issue(code, Where(candidate.path), facts={"reason": reason})
    return FileReading(candidate.path, "", "unreadable", issues=[issue])
