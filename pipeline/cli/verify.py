"""verify: whether an output folder is whole, and whether the same input still gives the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.chinese import (
    DONE,
    MACHINE_FAILED,
    NOTHING_READABLE,
    SOMETHING_OPEN,
    WRONG_USAGE,
    ChineseCommand,
    fail,
    say,
)
from pipeline.cli.options import DECISIONS, JOBS, OPTIONS, RULEBOOK, jobs_or_all
from pipeline.cli.steps import Steps
from pipeline.model.rulebook_file import load_rulebook

if TYPE_CHECKING:
    from pipeline.commands.verify import Verdict

_SHOWN = 10


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
    from pipeline import run
    from pipeline.commands import verify as story
    from pipeline.published import NotPublished

    try:
        verdict, manifest = story.check_files(folder)
        _say_files(verdict)
        if root:
            with Steps(quiet=False) as steps:
                options = run.Options(jobs_or_all(jobs), decisions=decisions, previous=previous, on_progress=steps.show)
                verdict = story.check_rerun(verdict, manifest, root, load_rulebook(rulebook_path), options)
            _say_rerun(verdict)
            for hint in story.hints(verdict, manifest, options) if verdict.unequal else ():
                say(hint)
    except NotPublished as error:
        fail(str(error), WRONG_USAGE)
    except run.NothingReadable as error:
        fail(str(error), NOTHING_READABLE)
    except (run.PublishRefused, run.PublishBusy, run.PublishFailed) as error:
        fail(str(error), MACHINE_FAILED)
    return DONE if verdict.same else SOMETHING_OPEN


def _say_files(verdict: Verdict) -> None:
    if verdict.whole:
        click.echo(f"清单上的 {verdict.files} 个文件都在，内容与生成时一致。")
        return
    _say_names("内容被改动过的文件", verdict.changed)
    _say_names("缺少的文件", verdict.missing)
    _say_names("多出来的文件", verdict.surplus)


def _say_rerun(verdict: Verdict) -> None:
    _say_names("现在内容不同的报送文件", verdict.input_changed)
    _say_names("现在没有的报送文件", verdict.input_missing)
    _say_names("当时没有的报送文件", verdict.input_surplus)
    _say_names("与当时不同的规则、程序和库", verdict.program)
    if verdict.unequal:
        _say_names("重新运行得到的结果不同的文件", verdict.unequal)
    else:
        click.echo(f"重新运行得到的 {verdict.files} 个文件：逐字节一致。")


def _say_names(label: str, names: tuple[str, ...]) -> None:
    if names:
        click.echo(f"{label} {len(names)} 个：")
        for name in names[:_SHOWN]:
            say(f"  {name}")
        if len(names) > _SHOWN:
            click.echo(f"  ……等 {len(names)} 个")
