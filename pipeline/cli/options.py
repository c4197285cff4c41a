"""The options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path

import click

from pipeline.model.rulebook_file import DEFAULT_RULEBOOK


def jobs_or_all(wanted: int | None) -> int:
    """As many processes as asked for, else one per core up to eight."""
    return wanted or min(os.cpu_count() or 1, 8)


RULEBOOK = click.option(
    "--rulebook",
    "rulebook_path",
    type=click.Path(path_type=Path),
    default=DEFAULT_RULEBOOK,
    metavar="文件",
    help="规则文件（TOML），不写则用本年度的。",
)
JOBS = click.option("--jobs", type=click.IntRange(1, 64), metavar="个数", help="同时工作的进程数，不影响结果。")
DECISIONS = click.option(
    "--decisions",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="文件",
    help="人工决定表；不写则用 INPUT 最上层的“人工决定.xlsx”。",
)
OPTIONS = "[选项]"


def named_folder(context: click.Context, parameter: click.Parameter, value: str) -> Path:
    """The folder an option names, as a click callback; an empty text is refused, since it would mean the current folder."""
    if not value.strip():
        raise click.MissingParameter(ctx=context, param=parameter, param_type="option")
    return Path(value)


def check_file(path: Path | None, title: str, input_path: Path | None = None) -> None:
    """Raises PublishRefused when the page or workbook called `title` may not be written to `path`; None passes."""
    from pipeline.writers.publishing.single_file import check_file_target

    if path:
        check_file_target(path, title, input_path)
