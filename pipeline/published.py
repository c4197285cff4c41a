"""Reads an output folder back: its manifest and the tables of 数据/, for the commands that work on finished results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.issues.where import where_from
from pipeline.model.refusals import Refused
from pipeline.model.results import Results
from pipeline.model.tables import SCORES, WHERE
from pipeline.stages.comparison import Snapshot
from pipeline.writers.publishing.csv_files import COLUMNS, DATA_FOLDER, csv_text, typed_text
from pipeline.writers.publishing.manifest import damaged_outputs, manifest_of, read_manifest

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
}


class NotPublished(Refused):
    """The folder is not an output of this program, or a table in it is missing or was changed."""


@dataclass(frozen=True)
class Published:
    """An undamaged output folder. Tables as in 数据/: same columns and order, numbers as floats (NaN where empty), cells
    as Where."""

    folder: Path
    manifest: Mapping[str, Any]
    totals: pd.DataFrame
    scores: pd.DataFrame
    issues: pd.DataFrame
    files: pd.DataFrame
    recognised: pd.DataFrame
    progress: pd.DataFrame


def published(folder: Path) -> Published:
    """The results in `folder`. Raises NotPublished."""
    manifest = read_manifest(folder) if folder.is_dir() else None
    if manifest is None or "inputs" not in manifest:
        raise NotPublished(
            f"“{folder}”不是本程序生成的输出文件夹。请写出含有“{DATA_FOLDER}/manifest.json”的那个文件夹。"
        )
    names = [f"{DATA_FOLDER}/{name}" for name in COLUMNS]
    damaged = [name for name in damaged_outputs(folder, manifest) if name in names]
    damaged += [name for name in names if name not in manifest["outputs"]]
    if damaged:
        raise NotPublished(f"“{folder}”里的 {'、'.join(sorted(set(damaged)))} 缺失或被改动过，请重新生成后再试。")
    tables = {name.removesuffix(".csv"): _table(folder / DATA_FOLDER / name) for name in COLUMNS}
    return Published(folder, manifest, **tables)


def _table(path: Path) -> pd.DataFrame:
    numbers = _NUMBERS.get(path.name, ())
    table = pd.read_csv(path, dtype=object, encoding="utf-8-sig", keep_default_na=False)
    return table.assign(**{name: _typed_column(table[name], name in numbers) for name in table.columns})


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
