"""All files of the output folder. Any number of processes writes the same bytes."""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from pipeline.machine.processes import in_parallel
from pipeline.model.decisions import SUGGESTIONS_NAME
from pipeline.model.results import Results
from pipeline.model.returns import regions_with_a_folder
from pipeline.writers.audit.workbook import write_audit
from pipeline.writers.brief.document import write_brief
from pipeline.writers.county.folder import safe_names, zip_folder
from pipeline.writers.county.workbook import write_returned
from pipeline.writers.marking import Region, mark_all
from pipeline.writers.official.pool import has_pool_figures, write_progress
from pipeline.writers.official.ranking import write_nomination, write_public_list
from pipeline.writers.page.report import write_report
from pipeline.writers.problems.city import write_city
from pipeline.writers.problems.decision_form import write_suggestions
from pipeline.writers.problems.papers import write_papers
from pipeline.writers.problems.workbook import write_problems
from pipeline.writers.publishing.csv_files import write_data
from pipeline.writers.publishing.manifest import manifest_of, write_manifest

Progress = Callable[[str, int, int], None]

RETURNED_FOLDER, RETURNED, CITY_RETURNED = "返还", "推荐排序结果.xlsx", "{}汇总.xlsx"
_NEW_OBJECTS = 200_000  # allocations between two garbage collections: one or two workbooks of a county


class CountyFolder(NamedTuple):
    """One county and the path, inside the output, of the folder that it gets back."""

    city: str
    county: str
    path: str


class Job(NamedTuple):
    """The output folder and the results, which every process needs to write any file. lines: what each county's list says
    of its marked copies."""

    folder: Path
    results: Results
    lines: Mapping[Region, Sequence[str]]


class CityFolder(NamedTuple):
    """One city and the path, inside the output, of the folder of its counties' folders."""

    city: str
    path: str


# The name of a file of the province, everything that one county gets back, or the workbook of a city.
Task = str | CountyFolder | CityFolder


def _write_workbook(job: Job, county: CountyFolder) -> None:
    folder, region = job.folder / county.path, (county.city, county.county)
    write_returned(folder / RETURNED, job.results, *region, job.lines[region])


def _write_zip(job: Job, county: CountyFolder) -> None:
    zip_folder(job.folder / county.path, job.results.date)


# The slowest first, so that the last process does not end with it.
_WRITERS: dict[str, Callable[[Path, Results], None]] = {
    "审计底稿.xlsx": write_audit,
    "附件2_推荐排序表.xlsx": write_nomination,
    "问题清单.xlsx": write_problems,
    "数据": write_data,
    "公示名单.xlsx": write_public_list,
    SUGGESTIONS_NAME: write_suggestions,
    "佐证与核查.xlsx": write_papers,
    "附件3_培育库情况.xlsx": write_progress,
    "报告.html": write_report,
    "简报.docx": write_brief,
}

# The steps for one county, in this order and in one process: the zip packs what the first one wrote.
_COUNTY_STEPS: tuple[Callable[[Job, CountyFolder], None], ...] = (_write_workbook, _write_zip)

_job: Job | None = None


def write_all(folder: Path, results: Results, jobs: int, on_progress: Progress) -> None:
    """Writes every output below the empty `folder`, the manifest last. on_progress: step, tasks done, tasks in total."""
    tasks = list(_tasks(results))
    (folder / "数据").mkdir()
    job = job_of(folder, results, [task for task in tasks if isinstance(task, CountyFolder)], jobs)
    with closing(_written(job, tasks, jobs)) as written:
        for done, _ in enumerate(written, start=1):
            on_progress("写出", done, len(tasks))
    for task in tasks:
        if isinstance(task, CityFolder):  # now that all its counties are written
            zip_folder(folder / task.path, results.date)
    write_manifest(folder, manifest_of(results))


def job_of(folder: Path, results: Results, counties: Iterable[CountyFolder], jobs: int) -> Job:
    """The job of writing into `folder`, in which these counties have their folders with their marked copies."""
    folders = {(county.city, county.county): folder / county.path for county in counties}
    for path in folders.values():
        path.mkdir(parents=True)
    return Job(folder, results, mark_all(folders, results, jobs))


def county_folders(results: Results) -> list[CountyFolder]:
    """One folder for every county with a file, a company or a nil return, in the notice's order, with names that are valid on
    every system."""
    rank = results.rulebook.region_order.rank
    known = sorted(regions_with_a_folder(results), key=lambda region: rank(*region))
    cities = safe_names(city for city, _ in known)
    folders = []
    for city in cities:
        names = safe_names(county for of_city, county in known if of_city == city)
        folders += [
            CountyFolder(city, county, f"{RETURNED_FOLDER}/{cities[city]}/{name}") for county, name in names.items()
        ]
    return folders


def city_folders(results: Results, counties: Iterable[CountyFolder]) -> list[CityFolder]:
    """One folder for every city with a county's folder or a file of its own, in the notice's order. counties: those of
    `county_folders`."""
    holds = results.rulebook.scope.holds
    paths = {county.city: county.path.rpartition("/")[0] for county in counties}
    cities = {*paths, *(city for city in results.files["city"] if city and holds(city))}
    names = safe_names(cities)
    return [
        CityFolder(city, paths.get(city, f"{RETURNED_FOLDER}/{names[city]}"))
        for city in sorted(cities, key=results.rulebook.region_order.rank)
    ]


def _tasks(results: Results) -> Iterator[Task]:
    for name in _WRITERS:
        if name != "附件3_培育库情况.xlsx" or has_pool_figures(results.regions):
            yield name
    counties = county_folders(results)
    yield from counties
    yield from city_folders(results, counties)


def _written(job: Job, tasks: list[Task], jobs: int) -> Generator[object, None, None]:
    """Yields once for every task that is done."""
    if jobs <= 1:
        with _seldom_collecting():
            _start(job)
            yield from map(_write, tasks)
        return
    with closing(in_parallel(tasks, _start_process, (job,), _write, jobs)) as written:
        yield from written


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Collects garbage less often: writing creates millions of cells, which form no cycles."""
    thresholds = gc.get_threshold()
    _collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def _collect_seldom() -> None:
    gc.freeze()  # otherwise each collection would go through the results, which takes a tenth of the time
    gc.set_threshold(_NEW_OBJECTS)


def _start_process(job: Job) -> None:
    _start(job)
    _collect_seldom()


def _start(job: Job) -> None:
    global _job  # noqa: PLW0603 - one set of results per process, not one per task
    _job = job


def _write(task: Task) -> None:
    if _job is None:
        raise RuntimeError("the writing process was not started")
    if isinstance(task, CountyFolder):
        write_county(_job, task)
    elif isinstance(task, CityFolder):
        write_city_summary(_job, task)
    else:
        _WRITERS[task](_job.folder / task, _job.results)


def write_city_summary(job: Job, city: CityFolder) -> None:
    """Writes the workbook of a city into its folder."""
    folder = job.folder / city.path
    folder.mkdir(parents=True, exist_ok=True)
    write_city(folder / CITY_RETURNED.format(folder.name), job.results, city.city)


def write_county(job: Job, county: CountyFolder) -> None:
    """Writes everything that one county gets back into its folder, and the zip beside it."""
    for step in _COUNTY_STEPS:
        step(job, county)
