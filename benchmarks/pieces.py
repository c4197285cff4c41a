"""`python -m benchmarks.pieces PIECE ARGUMENTS…`: one measured piece of work, in a process of its own.

A process of its own, so that no piece profits from what another has loaded. Each prints figures with spaces between.
"""

from __future__ import annotations

import io
import resource
import sys
import time
from pathlib import Path

# Modules are imported inside the pieces: what one loads must not be counted for another.


def bare(folder: Path) -> tuple[float, int, float]:
    """Seconds in which bare python-calamine reads every county's workbook below `folder`, how many there are, and the
    CPU seconds."""
    from python_calamine import CalamineWorkbook

    paths = sorted(folder.glob("*市/*/**/*.xlsx"))
    start, used = time.perf_counter(), _cpu_seconds()
    for path in paths:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        for name in workbook.sheet_names:
            workbook.get_sheet_by_name(name).to_python()
    return time.perf_counter() - start, len(paths), _cpu_seconds() - used


def opened(folder: Path) -> tuple[float, int, float]:
    """As `bare`, for the program's own reader of .xlsx: values, formulas, errors, formats, merges, all checks of the
    file, but no form."""
    from pipeline.readers.formats.xlsx import read_workbook

    paths = sorted(folder.glob("*市/*/**/*.xlsx"))
    start, used = time.perf_counter(), _cpu_seconds()
    for path in paths:
        read_workbook(path.read_bytes())
    return time.perf_counter() - start, len(paths), _cpu_seconds() - used


def checked(folder: Path, jobs: int) -> tuple[float, int, float]:
    """Seconds in which the program reads the same workbooks with every check on in `jobs` processes, how many, and the
    CPU seconds of all processes."""
    from pipeline.model.rulebook_file import load_rulebook
    from pipeline.readers.intake.inbox import find_candidates
    from pipeline.readers.intake.workers import read_files

    rulebook = load_rulebook()
    start, used = time.perf_counter(), _cpu_seconds()
    workbooks = [candidate for candidate in find_candidates(folder) if "市/" in candidate.path]
    readings = read_files(workbooks, rulebook, jobs)
    return time.perf_counter() - start, len(readings), _cpu_seconds() - used


def _cpu_seconds() -> float:
    """CPU seconds of this process and of its processes that have ended."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def report(folder: Path, target: Path, jobs: int) -> tuple[float, float, float, float]:
    """Seconds of a whole report, MB of its largest process, and the seconds after which reading and writing ended."""
    start = time.perf_counter()
    from pipeline import run
    from pipeline.model.rulebook_file import load_rulebook

    ends: dict[str, float] = {}

    def note(step: str, done: int, total: int) -> None:
        ends[step] = time.perf_counter() - start

    run.report(folder, target, load_rulebook(), run.Options(jobs, on_progress=note))
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    memory = max(usage.ru_maxrss for usage in usages) / 1024
    return time.perf_counter() - start, memory, ends.get("读取", 0), ends.get("写出", 0)


def main(piece: str, *arguments: str) -> None:
    if piece == "bare":
        figures: tuple[float, ...] = bare(Path(arguments[0]))
    elif piece == "opened":
        figures = opened(Path(arguments[0]))
    elif piece == "checked":
        figures = checked(Path(arguments[0]), int(arguments[1]))
    else:
        figures = report(Path(arguments[0]), Path(arguments[1]), int(arguments[2]))
    print(*figures)


if __name__ == "__main__":
    main(*sys.argv[1:])
