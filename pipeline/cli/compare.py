"""compare and impact: what moved between two results, or would move with a corrected file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.chinese import ChineseCommand, print_line
from pipeline.cli.endings import DONE
from pipeline.cli.options import DECISIONS, JOBS, OPTIONS, RULEBOOK, check_file, jobs_or_all
from pipeline.issues.phones import mask_phones
from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import load_rulebook

if TYPE_CHECKING:
    from pipeline.model.changes import Comparison

_XLSX = click.option(
    "--xlsx", type=click.Path(dir_okay=False, path_type=Path), metavar="文件", help="另写成一个工作簿。"
)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(
    cls=ChineseCommand,
    options_metavar=OPTIONS,
    help="比较两次的输出：哪些企业的名次、等级有变动，因为哪个文件、哪一格、哪条规则或决定。",
)
@click.argument("before", metavar="OUTPUT_A", type=_FOLDER)
@click.argument("after", metavar="OUTPUT_B", type=_FOLDER)
@_XLSX
@RULEBOOK
def compare(before: Path, after: Path, xlsx: Path | None, rulebook_path: Path) -> int:
    """DONE when the comparison is shown, and written if asked for."""
    from pipeline.commands import compare as story
    from pipeline.writers.problems.comparison import TITLE

    check_file(xlsx, TITLE)
    rulebook = load_rulebook(rulebook_path)
    _show(story.compare_folders(before, after, rulebook), rulebook, xlsx)
    return DONE


@click.command(
    cls=ChineseCommand,
    options_metavar=OPTIONS,
    help="收下改正后的文件之前，先看会有什么变动；不写入报送材料，也不改动输出。",
)
@click.argument("root", metavar="INPUT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("more", metavar="", nargs=-1)
@click.option(
    "--with",
    "files",
    required=True,
    multiple=True,
    metavar="文件…",
    help="改正后的文件，可写几个；默认替换同名的那一个，写成“材料中的路径=文件”则替换那一个。",
)
@_XLSX
@DECISIONS
@RULEBOOK
@JOBS
def impact(
    root: Path,
    more: tuple[str, ...],
    files: tuple[str, ...],
    xlsx: Path | None,
    decisions: Path | None,
    rulebook_path: Path,
    jobs: int | None,
) -> int:
    """DONE when the foreseen changes are shown, and written if asked for. more: the files after the first one of --with."""
    from pipeline import run
    from pipeline.commands import compare as story
    from pipeline.writers.problems.comparison import TITLE

    check_file(xlsx, TITLE, root)
    rulebook = load_rulebook(rulebook_path)
    options = run.Options(jobs_or_all(jobs), decisions=decisions)
    comparison, file_by_path = story.impact(root, (*files, *more), rulebook, options)
    for path, file in file_by_path.items():
        print_line(mask_phones(f"假定“{file}”放到报送材料的“{path}”。"))
    _show(comparison, rulebook, xlsx)
    return DONE


def _show(comparison: Comparison, rulebook: Rulebook, xlsx: Path | None) -> None:
    """Prints the comparison and writes it to `xlsx`, if one was named."""
    from pipeline.commands import compare as story
    from pipeline.writers.problems.comparison import TITLE, lines_of
    from pipeline.writers.publishing.single_file import replacing

    for line in lines_of(comparison, rulebook):
        print_line(line)
    if xlsx:
        with replacing(xlsx, TITLE) as unfinished:
            story.write_workbook(unfinished, comparison, rulebook)
        click.echo(f"已写成 {xlsx}")
