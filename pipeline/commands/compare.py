"""compare and impact: what moved between two results, or would move if a corrected file were taken in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline import run
from pipeline.model.changes import Comparison
from pipeline.model.results import Standing
from pipeline.model.rulebook import Rulebook
from pipeline.published import published, snapshot_of_folder, snapshot_of_results
from pipeline.stages.comparison import compare
from pipeline.writers.problems.comparison import TITLE, lines_of, write_comparison

__all__ = ["TITLE", "Misplaced", "compare_folders", "impact", "lines_of", "placed", "write_workbook"]


class Misplaced(Exception):
    """A corrected file of which nobody can tell what it replaces; the text is a Chinese sentence."""


def compare_folders(before: Path, after: Path, rulebook: Rulebook) -> Comparison:
    """What moved between two output folders; raises NotPublished."""
    return compare(snapshot_of_folder(published(before)), snapshot_of_folder(published(after)), rulebook)


def impact(
    root: Path, files: Sequence[str], rulebook: Rulebook, options: run.Options
) -> tuple[Comparison, Mapping[str, Path]]:
    """What would move if `files` were put into `root`, and the path inside the input each would take.

    Raises Misplaced, NothingReadable; nothing is written."""
    before = run.compute([root], rulebook, options)
    places = placed(files, before.files)
    after = run.compute([root], rulebook, replace(options, instead=places))
    return compare(snapshot_of_results(before), snapshot_of_results(after), rulebook), places


def placed(files: Sequence[str], known: pd.DataFrame) -> dict[str, Path]:
    """Path inside the input -> file. A file written as `path=file` goes to that path; any other takes the place of the
    one file of its name, and is new in the top level when there is none. Raises Misplaced."""
    paths = list(dict.fromkeys(known["path"]))
    places: dict[str, Path] = {}
    for written in files:
        path, file = _place_of(written, paths)
        if not file.is_file():
            raise Misplaced(f"没有“{file}”这个文件，请检查路径。")
        if path in places:
            raise Misplaced(f"有两个文件都要放到“{path}”，请只留一个。")
        if any(path.startswith(f"{archive}/") for archive in paths):
            raise Misplaced(f"“{path}”在压缩包里，不能只换其中一个文件。请先把压缩包解开，或换上整个压缩包。")
        places[path] = file
    return places


def _place_of(written: str, paths: Sequence[str]) -> tuple[str, Path]:
    if "=" in written and not Path(written).exists():
        path, _, file = written.partition("=")
        return path.replace("\\", "/").strip("/"), Path(file)
    file = Path(written)
    alike = [path for path in paths if path.rpartition("/")[2] == file.name]
    if len(alike) > 1:
        named = "、".join(f"“{path}”" for path in alike[:5])
        raise Misplaced(
            f'叫“{file.name}”的文件有 {len(alike)} 个：{named}。请写明换哪一个，例如 --with "{alike[0]}={written}"。'
        )
    return (alike[0] if alike else file.name), file


def write_workbook(path: Path, comparison: Comparison, rulebook: Rulebook) -> None:
    """The comparison as a workbook of its own, worth what the later result is worth."""
    standing = Standing(comparison.final, demo=comparison.demo)
    write_comparison(path, comparison, rulebook, standing, rulebook.date.isoformat())
