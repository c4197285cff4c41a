"""report: reads the input folder and writes every output."""

from __future__ import annotations

import os
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from pipeline.cli.chinese import ChineseCommand, print_line
from pipeline.cli.endings import DONE, MACHINE_FAILED, NOTHING_READABLE, SOMETHING_OPEN, WRONG_USAGE, fail
from pipeline.cli.options import DECISIONS, JOBS, OPTIONS, RULEBOOK, jobs_or_all, named_folder
from pipeline.cli.steps import Steps
from pipeline.cli.undo import print_kept
from pipeline.issues.catalogue import ERROR, REMARK
from pipeline.issues.words import message_of
from pipeline.machine.failing import MachineFailed, remedy_of
from pipeline.model.forms import FILE_KINDS
from pipeline.model.refusals import Refused
from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import load_rulebook, narrowed_to

if TYPE_CHECKING:
    from pipeline.model.results import Results
    from pipeline.writers.publishing.history import History

_LISTED = 20  # issues printed when nothing could be read


@click.command(
    cls=ChineseCommand,
    options_metavar=OPTIONS,
    help="读取 INPUT 文件夹中的全部报送材料，生成附件2、附件3、审计底稿、问题清单、报告和返还文件夹。",
)
@click.argument("root", metavar="INPUT", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--output",
    "target",
    required=True,
    type=click.Path(),
    callback=named_folder,
    metavar="文件夹",
    help="输出文件夹。",
)
@RULEBOOK
@JOBS
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="日期",
    help="写在各表上的日期，如 2024-05-31；不写则用规则文件中的日期。",
)
@DECISIONS
@click.option(
    "--city",
    metavar="市名",
    help="只汇总一个市，如 杭州市：应报的是本市各区县，名次是全市名次；不写则汇总全省。",
)
@click.option(
    "--previous",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="文件夹",
    help="上一次的输出文件夹；“问题清单.xlsx”中加上“与上次相比”。",
)
@click.option(
    "--final", is_flag=True, help="只在能生成正式结果时写出；不能时以退出码 1 结束，原因见输出文件夹旁的“…_未通过”。"
)
@click.option(
    "--history",
    "keeps",
    is_flag=True,
    help="把换下的结果留在输出文件夹旁的“历史”里（最多十次），变动写进旁边的“与上次相比.xlsx”。",
)
@click.option("--strict", is_flag=True, help="还有没改正的错误时，以退出码 1 结束（输出照常生成）。")
@click.option("--quiet", is_flag=True, help="只在出问题时说话。")
def report(
    root: Path,
    target: Path,
    rulebook_path: Path,
    jobs: int | None,
    date: datetime | None,
    decisions: Path | None,
    city: str | None,
    previous: Path | None,
    final: bool,
    keeps: bool,
    strict: bool,
    quiet: bool,
) -> int:
    """SOMETHING_OPEN with `strict` and an open 错误, or with `final` and results that are no 正式; else DONE."""
    from pipeline import run
    from pipeline.writers.publishing.history import History

    if previous and os.path.realpath(previous) == os.path.realpath(target):
        fail(
            "--previous 与 --output 是同一个文件夹，写出新的结果后旧的就没有了，无法比较。请另选一个输出文件夹。",
            WRONG_USAGE,
        )
    rulebook = load_rulebook(rulebook_path)
    if city is not None:
        rulebook = narrowed_to(rulebook, city)
    day = date.date().isoformat() if date else ""
    history = History(target) if keeps else None
    try:
        with Steps(quiet) as steps:
            options = run.Options(
                jobs_or_all(jobs), day, decisions, final, previous, history=history, on_progress=steps.show
            )
            results = run.report(root, target, rulebook, options)
    except run.NotFinal as error:
        reasons = "；".join(error.results.standing.reasons)
        fail(f"{error}原因：{reasons}。原有输出没有改动，{_listed_in(target)}", SOMETHING_OPEN)
    except run.NothingReadable as error:
        _print_issues(error.results, rulebook)
        fail(f"{error}原有输出没有改动{'，' + _listed_in(target) if final else '。'}", NOTHING_READABLE)
    if not quiet:
        try:
            _print_results(results, target)
        except (
            OSError
        ) as error:  # for example a full disk behind a redirected stdout; the results are written all the same
            fail(f"结果已写入 {target}，但这里的说明没有能显示完：{remedy_of(error)}。", MACHINE_FAILED)
    if history:
        _compare_with_last(history, results, quiet)
    return SOMETHING_OPEN if strict and any(issue.open_error for issue in results.issues) else DONE


def _compare_with_last(history: History, results: Results, quiet: bool) -> None:
    """Writes 与上次相比.xlsx and says what 历史 holds. The results stand whatever happens here, so that a failure is a
    sentence and no more."""
    from pipeline.commands.history import LAST, write_last

    try:
        written = write_last(history, results)
        if not quiet:
            print_kept(history, "换下的上一次结果")
            if written:
                print_line(f"这次变动了什么，见“{written}”。要换回上一次的结果：make undo（Windows 双击 undo.bat）。")
    except (Refused, MachineFailed) as error:
        print_line(f"结果已经写好，只是“{LAST}”没有写成：{error}", err=True)
    except OSError as error:
        print_line(f"结果已经写好，只是“{LAST}”没有写成：{remedy_of(error)}。", err=True)


def _listed_in(target: Path) -> str:
    from pipeline import run

    return f"逐条问题见“{run.refused_beside(target) / run.PROBLEMS}”。"


def _print_results(results: Results, target: Path) -> None:
    console = Console(highlight=False, markup=False, emoji=False)
    standing = results.standing
    if standing.demo:
        console.print("※ 演示数据：以下结果由示例材料得出，不是真实报送结果。")
    kinds = Counter(results.files.drop_duplicates("path")["kind"])
    named = "，".join(f"{name} {kinds[kind]}" for kind, name in FILE_KINDS.items() if kinds[kind])
    console.print(f"读到文件 {sum(kinds.values())} 个：{named}")
    console.print(_counties_line(results))
    table = Table(box=None, pad_edge=False)
    for heading in ("状态", "企业数"):
        table.add_column(heading, justify="right" if heading == "企业数" else "left")
    for status, count in Counter(results.totals["status"]).items():
        table.add_row(status, str(count))
    console.print(table)
    levels = Counter(issue.level for issue in results.issues)
    accepted = sum(issue.level == ERROR and not issue.open_error for issue in results.issues)
    settled = f"（已接受 {accepted} 处）" if accepted else ""
    console.print(
        f"问题：错误 {levels.get(ERROR, 0)} 处{settled}，提醒 {levels.get(REMARK, 0)} 处，逐条见“问题清单.xlsx”"
    )
    if standing.reasons:
        console.print(f"本次为{standing.label}：{'；'.join(standing.reasons)}。", soft_wrap=True)
    else:
        console.print(f"本次为{standing.label}。")
    console.print(f"结果已写入 {target}", soft_wrap=True)


def _counties_line(results: Results) -> str:
    """How many counties have handed in what, as 概况 counts them."""
    from pipeline.model.returns import counted, county_returns

    counts = counted(county_returns(results))
    return (
        f"应报区县 {counts.expected} 个：已交 {counts.received}（无问题 {counts.clean}，只有提醒 {counts.with_remarks}，"
        f"有错误 {counts.with_errors}），未交 {counts.missing}"
    )


def _print_issues(results: Results, rulebook: Rulebook) -> None:
    labels = rulebook.labels
    for issue in results.issues[:_LISTED]:
        if issue.where.file:
            print_line(message_of(issue, labels), err=True)
