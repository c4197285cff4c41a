"""compare and impact: what moved between two outputs, and what would move with a corrected input file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline import run
from pipeline.issues.phones import mask_phones
from pipeline.issues.words import listed
from pipeline.model.changes import Comparison
from pipeline.model.refusals import Refused
from pipeline.model.results import Standing
from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import in_scope_of
from pipeline.published import check_scopes, published, snapshot_of_folder, snapshot_of_results
from pipeline.stages.comparison import compare
from pipeline.writers.problems.comparison import write_comparison


class Misplaced(Refused):
    """It cannot be determined which input file a corrected file replaces."""


def compare_folders(before: Path, after: Path, rulebook: Rulebook) -> Comparison:
    """What moved between two output folders; raises NotPublished and OtherScope."""
    earlier, later = published(before), published(after)
    check_scopes(earlier.scope, later.scope)
    scoped = in_scope_of(rulebook, later.scope)
    return compare(snapshot_of_folder(earlier), snapshot_of_folder(later), scoped)


def impact(
    root: Path, files: Sequence[str], rulebook: Rulebook, options: run.Options
) -> tuple[Comparison, Mapping[str, Path]]:
    """What would move if `files` were put into `root`, and the path inside the input -> the file put there.

    Writes nothing. Raises Misplaced and NothingReadable."""
    before = run.compute([root], rulebook, options)
    file_by_path = paths_taken(files, before.files)
    after = run.compute([root], rulebook, replace(options, instead=file_by_path))
    return compare(snapshot_of_results(before), snapshot_of_results(after), rulebook), file_by_path


def paths_taken(files: Sequence[str], known: pd.DataFrame) -> dict[str, Path]:
    """Path inside the input -> file. A file written as `path=file` gets that path; any other gets the path of the one
    file of its name among `known` (column path), or its name in the top level when there is none. Raises Misplaced."""
    paths = list(dict.fromkeys(known["path"]))
    file_by_path: dict[str, Path] = {}
    for written in files:
        path, file = _path_taken(written, paths)
        if not file.is_file():
            raise Misplaced(f"没有“{mask_phones(str(file))}”这个文件，请检查路径。")
        if path in file_by_path:
            raise Misplaced(f"有两个文件都要放到“{mask_phones(path)}”，请只留一个。")
        if any(path.startswith(f"{archive}/") for archive in paths):
            raise Misplaced(
                f"“{mask_phones(path)}”在压缩包里，不能只换其中一个文件。请先把压缩包解开，或换上整个压缩包。"
            )
        file_by_path[path] = file
    return file_by_path


def _path_taken(written: str, paths: Sequence[str]) -> tuple[str, Path]:
    """The path inside the input and the file of one text behind --with; raises Misplaced when several paths fit."""
    if "=" in written and not Path(written).exists():
        path, _, name = written.partition("=")
        return path.replace("\\", "/").strip("/"), Path(name)
    file = Path(written)
    alike = [path for path in paths if path.rpartition("/")[2] == file.name]
    if len(alike) > 1:
        named = listed((f"“{mask_phones(path)}”" for path in alike), unit="")
        raise Misplaced(
            f"叫“{mask_phones(file.name)}”的文件有 {len(alike)} 个：{named}。"
            f'请写明换哪一个，例如 --with "{mask_phones(alike[0])}={mask_phones(written)}"。'
        )
    return (alike[0] if alike else file.name), file


def write_workbook(path: Path, comparison: Comparison, rulebook: Rulebook) -> None:
    """Writes the comparison as a workbook of its own; it is 正式 or 试算, and of the day, as the later result is."""
    standing = Standing(comparison.final, demo=comparison.demo)
    write_comparison(path, comparison, rulebook, standing, comparison.date)
