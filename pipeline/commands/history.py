"""What lies beside OUTPUT for the office: the outputs before it in 历史, and what moved since the last one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from pipeline.model.refusals import Refused
from pipeline.model.results import Results
from pipeline.published import published, snapshot_of_folder, snapshot_of_results
from pipeline.stages.comparison import compare
from pipeline.writers.problems.comparison import TITLE, write_comparison
from pipeline.writers.publishing.failures import PublishFailed
from pipeline.writers.publishing.history import History
from pipeline.writers.publishing.single_file import check_file_target, remove_earlier, replacing
from pipeline.writers.publishing.undo import undo

LAST = "与上次相比.xlsx"


def write_last(history: History, results: Results) -> Path | None:
    """Writes what moved between the output that the run replaced and `results`, beside OUTPUT. None when there is nothing to
    compare with, or only made-up data with real ones: then an earlier comparison is removed, since it tells of another run.
    Raises PublishRefused, PublishBusy, PublishFailed, NotPublished and OSError; the results stand all the same."""
    path = history.folder.with_name(LAST)
    before = published(history.latest) if history.latest else None
    if before is None or before.manifest["demo"] != results.standing.demo:
        remove_earlier(path, TITLE)
        return None
    check_file_target(path, TITLE)
    comparison = compare(snapshot_of_folder(before), snapshot_of_results(results), results.rulebook)
    with replacing(path, TITLE) as unfinished:
        write_comparison(unfinished, comparison, results.rulebook, results.standing, results.date)
    return path


def take_back(output: Path) -> tuple[History, str, Path]:
    """Puts the output before this one back; gives the history, the date of what stands now, and the folder it lay in. The
    comparison beside OUTPUT goes, since it tells of what was taken back. Raises what `undo` raises."""
    history = History(output)
    restored = undo(output, history)
    with suppress(Refused, PublishFailed):
        remove_earlier(history.folder.with_name(LAST), TITLE)
    return history, restored.date, restored.folder
