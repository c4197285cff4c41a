"""Every file of the output folder, in one place; written by several processes, the same bytes for any number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from pipeline.decisions import SUGGESTIONS_NAME
from pipeline.tables import Results
from pipeline.writers.audit import write_audit
from pipeline.writers.data import write_data
from pipeline.writers.manifest import manifest_of, write_manifest
from pipeline.writers.nomination import write_nomination, write_public_list
from pipeline.writers.problems import write_problems
from pipeline.writers.progress import has_pool_figures, write_progress
from pipeline.writers.report import write_report
from pipeline.writers.returned import write_returned
from pipeline.writers.suggestions import write_suggestions

Progress = Callable[[str, int, int], None]
Task = tuple[str, str, str]  # a file's name and, for a county's own, its city and county

RETURNED = "推荐排序结果.xlsx"

# The slowest first, so that no process is left with it at the end.
_WRITERS: dict[str, Callable[[Path, Results], None]] = {
    "审计底稿.xlsx": write_audit,
    "附件2_推荐排序表.xlsx": write_nomination,
    "问题清单.xlsx": write_problems,
    "数据": write_data,
    "公示名单.xlsx": write_public_list,
    SUGGESTIONS_NAME: write_suggestions,
    "附件3_培育库情况.xlsx": write_progress,
    "报告.html": write_report,
}

_context: tuple[Path, Results] | None = None


def write_all(folder: Path, results: Results, jobs: int, on_progress: Progress) -> None:
    """Writes every output below the empty `folder`, the manifest last."""
    tasks = list(_tasks(results))
    for _, city, county in tasks:
        (folder / "返还" / city / county if county else folder).mkdir(parents=True, exist_ok=True)
    (folder / "数据").mkdir(exist_ok=True)
    for done, _ in enumerate(_written(folder, results, tasks, jobs), start=1):
        on_progress("写出", done, len(tasks))
    write_manifest(folder, manifest_of(results))


def returned_places(results: Results) -> list[tuple[str, str]]:
    """The (city, county) of every county to which a file or a company resolves."""
    places = {
        *zip(results.totals["city"], results.totals["county"], strict=True),
        *zip(results.files["city"], results.files["county"], strict=True),
        *results.nil_returns,
    }
    return sorted(place for place in places if all(place))


def _tasks(results: Results) -> Iterator[Task]:
    for name in _WRITERS:
        if name != "附件3_培育库情况.xlsx" or has_pool_figures(results.regions):
            yield name, "", ""
    for city, county in returned_places(results):
        yield RETURNED, city, county


def _written(folder: Path, results: Results, tasks: list[Task], jobs: int) -> Iterator[None]:
    if jobs <= 1:
        _start(folder, results)
        yield from map(_write, tasks)
        return
    with ProcessPoolExecutor(jobs, initializer=_start, initargs=(folder, results)) as pool:
        yield from pool.map(_write, tasks)


def _start(folder: Path, results: Results) -> None:
    global _context  # noqa: PLW0603 - one set of results per process, not one per task
    _context = (folder, results)


def _write(task: Task) -> None:
    if _context is None:
        raise RuntimeError("the writing process was not started")
    folder, results = _context
    name, city, county = task
    if county:
        write_returned(folder / "返还" / city / county / name, results, city, county)
    else:
        _WRITERS[name](folder / name, results)
