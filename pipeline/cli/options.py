"""The options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path

import click

from pipeline.machine.regular_files import MEGABYTE, NotRegular, opened
from pipeline.model.refusals import Refused
from pipeline.model.rulebook_file import DEFAULT_RULEBOOK

LARGEST_WORKBOOK = 128 * MEGABYTE  # of those that are named; larger ones are not read from an input either


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


class NotUsable(Refused):
    """A file that was named cannot be read; the text is a Chinese sentence."""


def named_file(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    """The file an option names, as a click callback; NotUsable for anything but a regular file."""
    if value is not None:
        try:
            with opened(value, LARGEST_WORKBOOK, follow=True):
                pass
        except (NotRegular, OSError) as error:
            reason = str(error) if isinstance(error, NotRegular) else "打不开"
            raise NotUsable(f"{parameter.opts[0]} 写的“{value}”{reason}，请写出一个工作簿的路径。") from error
    return value


DECISIONS = click.option(
    "--decisions",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=named_file,
    metavar="文件",
    help="人工决定表；不写则用 INPUT 最上层的“人工决定.xlsx”。",
)
OPTIONS = "[选项]"


def named_folder(context: click.Context, parameter: click.Parameter, value: str) -> Path:
    """The folder an option or argument names, as a click callback; an empty text is refused, since it would mean the current
    folder."""
    if not value.strip():
        raise click.MissingParameter(ctx=context, param=parameter, param_type=parameter.param_type_name)
    return Path(value)


def check_file(path: Path | None, title: str, input_path: Path | None = None) -> None:
    """Raises PublishRefused when the page or workbook called `title` may not be written to `path`; None passes."""
    from pipeline.writers.publishing.single_file import check_file_target

    if path:
        check_file_target(path, title, input_path)
