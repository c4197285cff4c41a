"""sample: writes a made-up province into a folder."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.chinese import ChineseCommand
from pipeline.cli.endings import DONE, MACHINE_FAILED, fail
from pipeline.cli.options import JOBS, OPTIONS, RULEBOOK, jobs_or_all, named_folder
from pipeline.model.rulebook_file import load_rulebook


@click.command(
    cls=ChineseCommand,
    options_metavar=OPTIONS,
    help="在 DIR 中生成一个虚构的省的全套报送材料（演示数据），可用来熟悉和检验程序。",
)
@click.argument("folder", metavar="DIR", type=click.Path(), callback=named_folder)
@click.option(
    "--companies", type=click.IntRange(1, 100_000), default=60, show_default=True, metavar="家数", help="企业数。"
)
@click.option("--seed", type=int, default=2024, show_default=True, metavar="整数", help="随机种子，相同则内容相同。")
@click.option("--settled", is_flag=True, help="另写一份签好的“人工决定.xlsx”，使结果成为正式。")
@RULEBOOK
@JOBS
def sample(folder: Path, companies: int, seed: int, settled: bool, rulebook_path: Path, jobs: int | None) -> int:
    """DONE when the province is written."""
    from pipeline import run
    from pipeline.commands.sample.settle import write_decisions
    from pipeline.commands.sample.writing import write_sample

    rulebook = load_rulebook(rulebook_path)
    try:
        planted = write_sample(folder, rulebook, companies=companies, seed=seed, jobs=jobs_or_all(jobs))
        decided = 0
        if settled:
            decided = write_decisions(folder, run.compute([folder], rulebook, run.Options(jobs_or_all(jobs))))
    except OSError as error:
        fail(f"没有能写出演示数据（{error.strerror}），请检查磁盘空间和文件夹权限。", MACHINE_FAILED)
    click.echo(f"已在 {folder} 生成演示数据：企业 {companies} 家，其中有意留下 {len(planted)} 处填报问题。")
    if decided:
        click.echo(f"另有签好的人工决定 {decided} 条，据此可得正式结果（演示数据）。")
    return DONE
