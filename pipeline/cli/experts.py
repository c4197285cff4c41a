"""experts: one workbook for each expert."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.chinese import ChineseCommand, print_line
from pipeline.cli.endings import DONE
from pipeline.cli.options import DECISIONS, JOBS, OPTIONS, RULEBOOK, jobs_or_all, named_file, named_folder
from pipeline.cli.steps import Steps
from pipeline.model.rulebook_file import load_rulebook


@click.command(
    cls=ChineseCommand,
    options_metavar=OPTIONS,
    help="按 INPUT 中推荐的企业，在 DIR 中给每位专家生成一份评分表，另有一份分配表供办公室用。",
)
@click.argument("root", metavar="INPUT", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(), callback=named_folder)
@click.option(
    "--experts",
    "names",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=named_file,
    metavar="文件",
    help="专家名单（工作簿）：专家姓名一栏必有，单位、回避企业、回避区县可有可无。",
)
@click.option(
    "--per-company",
    type=click.IntRange(1, 100),
    metavar="位数",
    help="每家企业由几位专家评；不写则每位专家评全部企业。",
)
@RULEBOOK
@DECISIONS
@JOBS
def experts(
    root: Path,
    folder: Path,
    names: Path,
    per_company: int | None,
    rulebook_path: Path,
    decisions: Path | None,
    jobs: int | None,
) -> int:
    """DONE when every pack is written."""
    from pipeline import run
    from pipeline.commands.experts.hand_out import hand_out

    rulebook = load_rulebook(rulebook_path)
    with Steps(quiet=False) as steps:
        options = run.Options(jobs_or_all(jobs), decisions=decisions, on_progress=steps.show)
        handed_out = hand_out(root, folder, names, rulebook, options, per_company)
    if handed_out.demo:
        click.echo("※ 演示数据：企业都是虚构的。")
    fewest, most = handed_out.assignment.loads
    each = f"{most} 家" if fewest == most else f"{fewest} 至 {most} 家"
    click.echo(f"企业 {handed_out.companies} 家，专家 {len(handed_out.assignment.companies)} 位，每位评 {each}。")
    for remark in handed_out.remarks:
        print_line(remark)
    click.echo(f"评分表和分配表已写入 {folder}。评完后把评分表放进输入文件夹的“专家评分”文件夹，再运行 report。")
    return DONE
