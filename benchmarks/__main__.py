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
from benchmarks.shapes import SHAPES, write_in_shape

READING_PROMISE = 2.5  # wall: two processes with every check on / one process of bare python-calamine
SHAPES_PROMISE = 4.0  # CPU: our reader of .xlsx / bare python-calamine, in any shape of file
MEMORY_PROMISE = 400  # MB for 1,000 companies, the largest process


def measured(piece: str, *arguments: object) -> list[float]:
    """The figures of one piece of `benchmarks.pieces`."""
    command = [sys.executable, "-m", "benchmarks.pieces", piece, *map(str, arguments)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [float(figure) for figure in printed.split()]


def make_sample(folder: Path, companies: int) -> None:
    command = [sys.executable, "-m", "pipeline", "sample", str(folder), "--companies", str(companies), "--seed", "3"]
    subprocess.run(command, check=True, capture_output=True)


def bench_reading(folder: Path, rounds: int) -> None:
    """The counties' workbooks: every 附件1 and 附件2 of the sample."""
    bare, checked = [], []
    files = 0.0
    for _ in range(rounds):
        seconds, files, _ = measured("bare", folder)
        bare.append(seconds)
        checked.append([measured("checked", folder, jobs)[0] for jobs in (1, 2)])
    one, two = (
        statistics.median(seconds[side] / alone for seconds, alone in zip(checked, bare, strict=True))
        for side in (0, 1)
    )
    print(f"reading {files:.0f} workbooks: bare python-calamine, 1 process     {statistics.median(bare):6.2f} s")
    print(f"  ours, every check on, 2 processes / bare 1 process   {two:6.2f}   (promised: at most {READING_PROMISE})")
    print(f"  ours, every check on, 1 process / bare 1 process     {one:6.2f}")


def bench_shapes(folder: Path, scratch: Path, rounds: int) -> None:
    """The same workbooks as other programs write them: the CPU time of opening them, and of reading all forms."""
    print(f"CPU, bare python-calamine = 1: opening (promised: at most {SHAPES_PROMISE}), with every check on")
    for shape in SHAPES:
        rewritten = scratch / shape
        write_in_shape(shape, folder, rewritten)
        ratios = []
        for _ in range(rounds):
            bare = measured("bare", rewritten)[2]
            ratios.append((measured("opened", rewritten)[2] / bare, measured("checked", rewritten, 1)[2] / bare))
        opened, checked = map(statistics.median, zip(*ratios, strict=True))
        print(f"  {shape:<24}{opened:6.2f}{checked:8.2f}")


def bench_report(folder: Path, target: Path, rounds: int) -> None:
    """A whole report on the 1,000 companies in `folder`: seconds, memory and where the time goes."""
    for jobs in (2, 1):
        runs = []
        for _ in range(rounds):
            start = time.perf_counter()
            runs.append([*measured("report", folder, target, jobs), time.perf_counter() - start])
        wall, memory, read, written, _ = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"report on 1,000 companies, {jobs} processes: {wall:.2f} s wall, largest process {memory:.0f} MB")
        print(
            f"  share of the time: start and reading {read / wall:.0%}, scoring and writing {(written - read) / wall:.0%},"
            f" checking and swapping in {1 - written / wall:.0%}"
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
        bench_shapes(many, Path(scratch, "shapes"), options.rounds)
        bench_report(thousand, Path(scratch, "output"), options.rounds)
    bench_confidence()


if __name__ == "__main__":
    main()
