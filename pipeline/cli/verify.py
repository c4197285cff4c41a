"""verify: checks that an output folder is whole, and that the same input still gives the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.chinese import ChineseCommand, print_line
from pipeline.cli.endings import DONE, MACHINE_FAILED, SOMETHING_OPEN, fail
from pipeline.cli.options import DECISIONS, JOBS, OPTIONS, RULEBOOK, jobs_or_all
from pipeline.cli.steps import Steps
from pipeline.issues.phones import mask_phones
from pipeline.model.rulebook_file import load_rulebook

if TYPE_CHECKING:
    from pipeline.commands.verify import Verdict

_LISTED = 10  # file names printed of one kind; the rest is a count


@click.command(
    cls=ChineseCommand,
    options_metavar=OPTIONS,
    help="核对 OUTPUT 中的文件是否与清单一致；写明 --input 时再运行一遍，核对结果是否逐字节一致。不改动任何文件。",
)
@click.argument("folder", metavar="OUTPUT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--input",
    "root",
    type=click.Path(exists=True, path_type=Path),
    metavar="文件夹",
    help="当时的报送材料文件夹。",
)
@click.option(
    "--previous",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="文件夹",
    help="当时用来比较的上一次的输出文件夹（当时写了 --previous 才需要）。",
)
@DECISIONS
@RULEBOOK
@JOBS
def verify(
    folder: Path,
    root: Path | None,
    previous: Path | None,
    decisions: Path | None,
    rulebook_path: Path,
    jobs: int | None,
) -> int:
    """SOMETHING_OPEN when a file differs from what it was, else DONE."""
    from pipeline import run
    from pipeline.commands import verify as story
    from pipeline.writers.publishing.failures import PublishRefused

    verdict, manifest = story.check_files(folder)
    _print_files(verdict)
    if root:
        with Steps(quiet=False) as steps:
            options = run.Options(jobs_or_all(jobs), decisions=decisions, previous=previous, on_progress=steps.show)
            try:
                verdict = story.check_rerun(verdict, manifest, root, load_rulebook(rulebook_path), options)
            except PublishRefused as error:  # of the temporary folder, which the user did not choose
                fail(str(error), MACHINE_FAILED)
        _print_rerun(verdict)
        for hint in story.hints(verdict, manifest, options) if verdict.unequal else ():
            print_line(hint)
    return DONE if verdict.same else SOMETHING_OPEN


def _print_files(verdict: Verdict) -> None:
    if verdict.whole:
        click.echo(f"清单上的 {verdict.files} 个文件都在，内容与生成时一致。")
        return
    _print_paths("内容被改动过的文件", verdict.changed)
    _print_paths("缺少的文件", verdict.missing)
    _print_paths("多出来的文件", verdict.surplus)


def _print_rerun(verdict: Verdict) -> None:
    _print_paths("现在内容不同的报送文件", verdict.input_changed)
    _print_paths("现在没有的报送文件", verdict.input_missing)
    _print_paths("当时没有的报送文件", verdict.input_surplus)
    _print_names("与当时不同的规则、程序和库", verdict.program)
    if verdict.unequal:
        _print_names("重新运行得到的结果不同的文件", verdict.unequal)
    else:
        click.echo(f"重新运行得到的 {verdict.files} 个文件：逐字节一致。")


def _print_paths(label: str, paths: tuple[str, ...]) -> None:
    """Prints how many files there are and the first of them, phones masked."""
    _print_names(label, tuple(map(mask_phones, paths)))


def _print_names(label: str, names: tuple[str, ...]) -> None:
    if names:
        click.echo(f"{label} {len(names)} 个：")
        for name in names[:_LISTED]:
            print_line(f"  {name}")
        if len(names) > _LISTED:
            click.echo(f"  ……等 {len(names)} 个")
