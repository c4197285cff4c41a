"""Reads an output folder back: its manifest and the tables of 数据/, for the commands that work on finished results."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.issues.where import where_from
from pipeline.machine.regular_files import NotRegular, bytes_of
from pipeline.model.refusals import Refused
from pipeline.model.results import Results
from pipeline.model.tables import SCORES, WHERE
from pipeline.stages.comparison import Snapshot
from pipeline.writers.publishing.csv_files import (
    COLUMNS,
    DATA_FOLDER,
    SELECTION_COLUMNS,
    SELECTION_FILE,
    csv_text,
    typed_text,
)
from pipeline.writers.publishing.manifest import (
    MANIFEST,
    manifest_and_sha256,
    manifest_of,
    manifest_problem,
)

_LARGEST_TABLE = 512 * 2**20  # bytes; that of a thousand companies has five million

# Columns that hold numbers; every other column is text.
_NUMBERS = {
    "totals.csv": (
        "self_total",
        "peer_total",
        "objective_total",
        "expert_total",
        "total",
        "rank",
        "rank_in_city",
        "rank_in_county",
        "missing",
    ),
    "scores.csv": (
        "n",
        "m",
        "self_score",
        "rank_n",
        "rank_m",
        "ranked",
        "peer_score",
        "expert_score",
        "score",
        "peer_n",
        "peer_m",
    ),
    "progress.csv": ("value",),
    SELECTION_FILE: ("rank",),
}


class NotPublished(Refused):
    """The folder is not an output of this program, or a table in it is missing or was changed."""


class OtherScope(Refused):
    """Two outputs that cannot be compared: one is a city's and the other another city's or the province's."""


def check_scopes(before: str, after: str) -> None:
    """Raises OtherScope when two outputs have not the same scope; an output of older versions, "", has any."""
    if before and after and before != after:
        raise OtherScope(
            f"两份结果的范围不同：前一份是{before}的，后一份是{after}的，名次不能比较。请比较范围相同的两份。"
        )


@dataclass(frozen=True)
class Published:
    """An undamaged output folder. Tables as in 数据/: same columns and order, numbers as floats (NaN where empty), cells
    as Where. sha256: of the manifest. selection: the table of who is selected; None when the output selects nobody."""

    folder: Path
    manifest: Mapping[str, Any]
    sha256: str
    totals: pd.DataFrame
    scores: pd.DataFrame
    issues: pd.DataFrame
    files: pd.DataFrame
    recognised: pd.DataFrame
    progress: pd.DataFrame
    selection: pd.DataFrame | None = None

    @property
    def scope(self) -> str:
        """The province or the city that the results are of, "" where older versions did not say it."""
        return str(self.manifest.get("scope", ""))


def published(folder: Path) -> Published:
    """The results in `folder`. Raises NotPublished, and OSError."""
    manifest, sha256 = manifest_and_sha256(folder)
    if manifest is None or not _is_of_a_report(manifest):
        raise NotPublished(
            f"“{folder}”不是本程序生成的输出文件夹{manifest_problem(folder)}。请写出含有“{MANIFEST}”的那个文件夹。"
        )
    contents = {name: _content(folder, f"{DATA_FOLDER}/{name}", manifest) for name in COLUMNS}
    damaged = [f"{DATA_FOLDER}/{name}" for name, content in contents.items() if content is None]
    if damaged:
        raise NotPublished(f"“{folder}”里的 {'、'.join(sorted(damaged))} 缺失或被改动过，请重新生成后再试。")
    tables = {
        name.removesuffix(".csv"): _table(name, content, folder)
        for name, content in contents.items()
        if content is not None
    }
    return Published(folder, manifest, sha256, **tables, selection=_selection(folder, manifest))


def _selection(folder: Path, manifest: Mapping[str, Any]) -> pd.DataFrame | None:
    """The table of who is selected, which only an output has that selects somebody."""
    name = f"{DATA_FOLDER}/{SELECTION_FILE}"
    if name not in manifest["outputs"]:
        return None
    content = _content(folder, name, manifest)
    if content is None:
        raise NotPublished(f"“{folder}”里的 {name} 缺失或被改动过，请重新生成后再试。")
    return _table(SELECTION_FILE, content, folder)


def _is_of_a_report(manifest: Mapping[str, Any]) -> bool:
    """True when the manifest says all that is looked up in that of a report."""
    parts = {"inputs", "date", "demo"} <= manifest.keys() and {"label", "reasons"} <= manifest["standing"].keys()
    return parts and "sha256" in manifest["rulebook"]


def _content(folder: Path, name: str, manifest: Mapping[str, Any]) -> bytes | None:
    """The bytes of a file of the output; None unless they are those of the manifest."""
    try:
        content = bytes_of(folder / name, _LARGEST_TABLE)
    except (NotRegular, FileNotFoundError, NotADirectoryError):
        return None
    return content if hashlib.sha256(content).hexdigest() == manifest["outputs"].get(name) else None


def _table(name: str, content: bytes, folder: Path) -> pd.DataFrame:
    numbers = _NUMBERS.get(name, ())
    try:
        table = pd.read_csv(BytesIO(content), dtype=object, encoding="utf-8-sig", keep_default_na=False)
        table = table.assign(**{column: _typed_column(table[column], column in numbers) for column in table.columns})
    except ValueError as error:  # no table, or other letters or texts than ours
        raise _unlike(name, folder) from error
    if not set(COLUMNS.get(name, SELECTION_COLUMNS)) <= set(table.columns):
        raise _unlike(name, folder)
    return table


def _unlike(name: str, folder: Path) -> NotPublished:
    return NotPublished(f"“{folder}”里的 {DATA_FOLDER}/{name} 不是本程序写成的样子，请重新生成后再试。")


def _typed_column(column: pd.Series, is_number: bool) -> pd.Series:
    """A column of a CSV as the values that were written: numbers, Where or text."""
    if is_number:
        return pd.to_numeric(column.replace("", float("nan")))
    texts = column.map(typed_text)
    if SCORES.get(str(column.name)) == WHERE:
        return pd.Series([where_from(text) for text in texts], index=column.index, dtype=object)
    return texts


def snapshot_of_folder(output: Published) -> Snapshot:
    """The compared part of a finished output."""
    return Snapshot(output.manifest, output.totals, output.scores, output.issues, output.progress)


def snapshot_of_results(results: Results) -> Snapshot:
    """The compared part of a run's results, equal to that of the folder to which they are written."""
    issues = pd.DataFrame({"id": [issue.id for issue in results.issues]}, dtype=object)
    totals, scores = (
        table.assign(company=table["company"].map(_read_back)) for table in (results.totals, results.scores)
    )
    return Snapshot(manifest_of(results), totals, scores, issues, results.regions)


@lru_cache(maxsize=20_000)
def _read_back(text: str) -> str:
    """A text as it comes back from 数据/. One that was typed as ' before a formula comes back without the '."""
    return typed_text(csv_text(text))
