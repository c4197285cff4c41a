"""Marks the workbooks of all counties in supervised processes: what is left of a file's CPU time when it was read is the
limit for its copy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from pipeline.machine.failing import ProcessesFailed
from pipeline.machine.renaming import rename
from pipeline.machine.supervisor import Accounts, Failure, Limits, memory_is_bounded, supervised
from pipeline.model.limits import BUDGET_SECONDS
from pipeline.model.results import Results
from pipeline.writers.marked.copies import (
    FOLDER,
    Errand,
    Marker,
    copy_names,
    errands_of,
    line_without,
    lines_about,
)

Region = tuple[str, str]

_BATCH = 20  # workbooks that one process is given at a time
_LIMITS = Limits(seconds=BUDGET_SECONDS, wall_seconds=10 * BUDGET_SECONDS)
_REASONS = {
    "died": "标注时程序中断",
    "overran": "标注用时太长",
    "memory": "标注占用内存太多",
    "overspent": "标注用时太长",
}

_marker: Marker | None = None


def mark_all(
    folders: Mapping[Region, Path],
    results: Results,
    jobs: int,
    limits: Limits = _LIMITS,
    budget: float = BUDGET_SECONDS,
) -> dict[Region, list[str]]:
    """Writes the copies of every county into 已标注 in its folder, if it gets any. Returns the lines about them for each
    county's list. folders: (city, county) -> the folder that it gets back."""
    errands: list[Errand] = []
    without: dict[Region, list[str]] = {}
    for region in folders:
        of_county, without[region] = errands_of(results, *region)
        errands += of_county
    outcomes = _outcomes(errands, folders, results, jobs, limits, budget)
    made: defaultdict[Region, list[Errand]] = defaultdict(list)
    for errand, reason in zip(errands, outcomes, strict=True):
        region = (errand.city, errand.county)
        if reason:
            without[region].append(line_without(errand.line, reason))
        else:
            made[region].append(errand)
    positions = {errand.path: number for number, errand in enumerate(errands)}
    for region, done in made.items():
        folder = folders[region] / FOLDER
        for errand, name in zip(done, copy_names(done), strict=True):
            rename(folder / _unnamed(positions[errand.path]), folder / name)
    return {region: lines_about(len(made[region]), sorted(lines)) for region, lines in without.items()}


def _unnamed(number: int) -> str:
    """What a copy is called until it is known which copies of its county there are."""
    return f"未命名{number}.xlsx"  # an ending by which a later run knows what a killed one left


def _outcomes(
    errands: list[Errand],
    folders: Mapping[Region, Path],
    results: Results,
    jobs: int,
    limits: Limits,
    budget: float,
) -> list[str]:
    """For each errand "" when its copy was written, else why it was not."""
    numbered = list(enumerate(errands))
    batches = [numbered[start : start + _BATCH] for start in range(0, len(numbered), _BATCH)]
    costs = {errand.path: results.costs.get(errand.path, (errand.path, 0.0)) for errand in errands}
    accounts = Accounts(budget, dict(costs.values()))
    outcomes = [""] * len(errands)
    jobs = min(jobs, max(len(batches), 1))
    work = supervised(
        batches,
        _start,
        (Marker.of(results),),
        _mark,
        jobs,
        limits,
        accounts,
        lambda errand: costs[errand.path][0],
    )
    for number, result in work:
        if isinstance(result, bytes):
            folder = folders[errands[number].city, errands[number].county] / FOLDER
            folder.mkdir(exist_ok=True)
            (folder / _unnamed(number)).write_bytes(result)
        elif isinstance(result, Failure):
            if result.kind in ("died", "memory") and memory_is_bounded():  # the file need not be to blame
                raise ProcessesFailed
            outcomes[number] = _REASONS[result.kind]
        else:
            outcomes[number] = result
    return outcomes


def _start(marker: Marker) -> None:
    """Prepares a marking process."""
    global _marker  # noqa: PLW0603 - one per process
    _marker = marker


def _mark(errand: Errand) -> bytes | str:
    if _marker is None:
        raise RuntimeError("the marking process was not started")
    return _marker.mark(errand)
