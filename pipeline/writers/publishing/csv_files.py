"""The folder 数据/: the results for other programs, one CSV file per table (UTF-8 with BOM, RFC 4180)."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_phones
from pipeline.issues.words import finding_of, fix_of, found_of, shown_where, with_where
from pipeline.model.display import UNPRINTABLE, number_text
from pipeline.model.expert_names import ExpertNames, expert_names_of
from pipeline.model.results import Results
from pipeline.model.tables import FILES, RECOGNISED, SCORES, WHERE

DATA_FOLDER = "数据"

# The columns of every file, in their order. A new column goes to the end.
COLUMNS: dict[str, tuple[str, ...]] = {
    "totals.csv": (
        "company",
        "city",
        "county",
        "self_total",
        "peer_total",
        "objective_total",
        "expert_total",
        "total",
        "rank",
        "rank_in_city",
        "rank_in_county",
        "status",
        "missing",
    ),
    "scores.csv": tuple(name for name in SCORES if name != "key"),
    "issues.csv": (
        "id",
        "code",
        "level",
        "file",
        "sheet",
        "cell",
        "company",
        "indicator",
        "found",
        "message",
        "city",
        "county",
        "state",
    ),
    "files.csv": tuple(FILES),
    "progress.csv": ("level", "region", "item", "value"),
    "recognised.csv": tuple(RECOGNISED),
}

# Written only when companies are selected; one row for each that is ranked.
SELECTION_FILE = "selection.csv"
SELECTION_COLUMNS = ("company", "city", "county", "rank", "state", "by")

ROWS_AT_ONCE = 50_000  # limits the memory for a long table

_PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_WHERE_COLUMNS = tuple(name for name, kind in SCORES.items() if kind == WHERE)  # written as "file|sheet|cell"
_NUMBERS_OR_TEXT = ("read", "adopted")  # columns of texts that are mostly plain numbers, which need no guard
# A text that a spreadsheet takes for a formula. Chinese editions accept full-width signs too, but not before a number.
_RISKY = re.compile(r"[=+\-@\t\r\n＝＠]|[＋－](?![0-9０-９.．,，]*$)")


def write_data(folder: Path, results: Results) -> None:
    """Writes every file of COLUMNS into `folder`, which is created when missing, and one file per kind of form that has
    a table of its own; the rows in the order of the tables."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "totals.csv": results.totals,
        "scores.csv": results.scores,
        "issues.csv": _issue_rows(results),
        "files.csv": _file_rows(results),
        "progress.csv": results.regions,
        "recognised.csv": results.recognised,
    }
    for name, columns in COLUMNS.items():
        _write_table(folder / name, tables[name][list(columns)])
    if results.selected.asked_for:
        _write_table(folder / SELECTION_FILE, results.selected.companies[list(SELECTION_COLUMNS)])
    for kind, table in results.further.items():
        _write_table(folder / f"{kind}.csv", table)


def _issue_rows(results: Results) -> pd.DataFrame:
    """One row per issue, with its whole message, without phones and names of experts."""
    labels, experts = results.rulebook.labels, expert_names_of(results)
    rows = [_issue_row(issue, labels, experts) for issue in results.issues]
    return pd.DataFrame(rows, columns=list(COLUMNS["issues.csv"]), dtype="object")


def _issue_row(issue: Issue, labels: Mapping[str, str], experts: ExpertNames) -> tuple[str, ...]:
    """Files and sheets tell where the issue is, so they stay as they are even when an expert is named in them."""
    file, sheet = shown_where(issue.where)[:2]
    texts = found_of(issue), finding_of(issue, labels) + fix_of(issue, labels)
    found, sentence = map(experts.hidden_outside_paths, texts) if experts.may_stand_in(issue) else texts
    return (
        issue.id,
        issue.code,
        issue.level,
        file,
        sheet,
        issue.where.cell,
        issue.company,
        issue.indicator,
        found,
        with_where(issue.where, sentence),
        issue.city,
        issue.county,
        issue.state,
    )


def _file_rows(results: Results) -> pd.DataFrame:
    """The list of files: paths exact, sheets without phones, remarks without phones and names of experts."""
    files, experts = results.files, expert_names_of(results)
    remarks = [
        experts.hidden(text) if path in experts.marks_files else text
        for path, text in zip(files["path"], files["remark"].map(mask_phones), strict=True)
    ]
    return files.assign(sheet=files["sheet"].map(mask_phones), remark=remarks)


def _write_table(path: Path, table: pd.DataFrame) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(table.columns)
        for start in range(0, len(table), ROWS_AT_ONCE):
            part = table.iloc[start : start + ROWS_AT_ONCE]
            writer.writerows(zip(*(_texts(part[name]) for name in part.columns), strict=True))


def _texts(column: pd.Series[Any]) -> list[str]:
    """The column's values as written; each distinct value is converted once."""
    if column.name in _WHERE_COLUMNS:  # few are equal
        return [csv_text(str(shown_where(where))) for where in column]
    if pd.api.types.is_numeric_dtype(column.dtype):
        codes, numbers = pd.factorize(column.to_numpy(dtype="float64", na_value=np.nan))
        texts = [number_text(value) for value in numbers.tolist()]
    else:
        codes, distinct = pd.factorize(column)
        numeric = column.name in _NUMBERS_OR_TEXT
        texts = [text if numeric and _PLAIN_NUMBER.fullmatch(text) else csv_text(text) for text in map(str, distinct)]
    texts.append("")  # for a missing value, whose code is -1
    return [texts[code] for code in codes.tolist()]


def csv_text(text: str) -> str:
    """`text` with a leading ' where a spreadsheet that opens the file would take it for a formula."""
    text = UNPRINTABLE.sub("", text)
    return f"'{text}" if _RISKY.match(text) else text


def typed_text(text: str) -> str:
    """The text that `csv_text` was given: without the ' in front of a formula."""
    return text[1:] if text.startswith("'") and _RISKY.match(text, 1) else text
