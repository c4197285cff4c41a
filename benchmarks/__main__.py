"""`python -m benchmarks [--companies N] [--rounds K]`: prints the ratios the project promises, each from one run.

Absolute seconds differ from machine to machine and from minute to minute; the ratios are what is promised. Every
round measures all sides one after the other, and the median of the rounds is printed.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.confidence import bench_confidence

READING_PROMISE = 2.5  # wall: two processes with every check on / one process of bare python-calamine
MEMORY_PROMISE = 400  # MB for 1,000 companies, the largest process

# Each piece runs in a process of its own, so that none profits from what another has loaded.
_BARE = """
import io, sys, time
from pathlib import Path
from python_calamine import CalamineWorkbook
paths = sorted(Path(sys.argv[1]).glob("*市/*/**/*.xlsx"))
start = time.perf_counter()
for path in paths:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()
print(time.perf_counter() - start, len(paths))
"""
_OURS = """
import sys, time
from pathlib import Path
from pipeline.readers.inbox import find_candidates
from pipeline.readers.workers import read_files
from pipeline.rulebook import load_rulebook
rulebook = load_rulebook()
start = time.perf_counter()
forms = [candidate for candidate in find_candidates(Path(sys.argv[1])) if "市/" in candidate.path]
readings = read_files(forms, rulebook, int(sys.argv[2]))
print(time.perf_counter() - start, len(readings))
"""
_REPORT = """
import resource, sys, time
from pathlib import Path
start = time.perf_counter()
from pipeline import run
from pipeline.rulebook import load_rulebook
steps = {}
def note(step, done, total):
    steps[step] = time.perf_counter() - start
run.report(Path(sys.argv[1]), Path(sys.argv[2]), load_rulebook(), run.Options(int(sys.argv[3]), on_progress=note))
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(time.perf_counter() - start, max(own, children) / 1024, steps.get("读取", 0), steps.get("写出", 0))
"""


def timed(code: str, *arguments: object) -> list[float]:
    """The figures the piece of code prints."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return [
        float(figure) for figure in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    ]


def make_sample(folder: Path, companies: int) -> None:
    command = [sys.executable, "-m", "pipeline", "sample", str(folder), "--companies", str(companies), "--seed", "3"]
    subprocess.run(command, check=True, capture_output=True)


def bench_reading(folder: Path, rounds: int) -> None:
    """The counties' workbooks: every 附件1 and 附件2 of the sample."""
    bare, ours = [], []
    files = 0
    for _ in range(rounds):
        seconds, files = timed(_BARE, folder)
        bare.append(seconds)
        ours.append([timed(_OURS, folder, jobs)[0] for jobs in (1, 2)])
    two = statistics.median(pair[1] / seconds for pair, seconds in zip(ours, bare, strict=True))
    one = statistics.median(pair[0] / seconds for pair, seconds in zip(ours, bare, strict=True))
    print(f"reading {files:.0f} workbooks: bare python-calamine, 1 process     {statistics.median(bare):6.2f} s")
    print(f"  ours, every check on, 2 processes / bare 1 process   {two:6.2f}   (promised: at most {READING_PROMISE})")
    print(f"  ours, every check on, 1 process / bare 1 process     {one:6.2f}")


def bench_report(folder: Path, target: Path, rounds: int) -> None:
    for jobs in (2, 1):
        runs = []
        for _ in range(rounds):
            start = time.perf_counter()
            runs.append([*timed(_REPORT, folder, target, jobs), time.perf_counter() - start])
        wall, memory, read, written, _ = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"report on 1,000 companies, {jobs} processes: {wall:.2f} s wall, largest process {memory:.0f} MB")
        shares = (read / wall, (written - read) / wall, 1 - written / wall)
        print(
            "  share of the time: start and reading {:.0%}, scoring and writing {:.0%}, checking and swapping in {:.0%}".format(
                *shares
            )
        )
        if memory > MEMORY_PROMISE:
            print(f"  more than the promised {MEMORY_PROMISE} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=3000, help="forms to read (default 3000)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds to take the median of (default 3)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        many, thousand = Path(scratch, "many"), Path(scratch, "thousand")
        make_sample(many, options.companies)
        make_sample(thousand, 1000)
        bench_reading(many, options.rounds)
        bench_report(thousand, Path(scratch, "output"), options.rounds)
    bench_confidence()


if __name__ == "__main__":
    main()
