"""explain: why a company has its score."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from pipeline.cli.chinese import ChineseCommand
from pipeline.cli.endings import DONE, WRONG_USAGE, fail
from pipeline.cli.options import OPTIONS, RULEBOOK, check_file
from pipeline.model.rulebook_file import load_rulebook

if TYPE_CHECKING:
    from pipeline.model.score_explained import ScoreExplained

_FILE = click.Path(dir_okay=False, path_type=Path)
_NARROW = 110  # columns of a terminal below which the table becomes a list


@click.command(
    cls=ChineseCommand,
    options_metavar=OPTIONS,
    help="说明一家企业的得分从何而来：每项的数、出处、名次、等级和算式。",
)
@click.argument("company", metavar="企业名称")
@click.option(
    "--output",
    "folder",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="文件夹",
    help="report 生成的输出文件夹。",
)
@click.option("--html", type=_FILE, metavar="文件", help="另写成一页网页。")
@click.option("--xlsx", type=_FILE, metavar="文件", help="另写成一个工作簿。")
@RULEBOOK
def explain(company: str, folder: Path, html: Path | None, xlsx: Path | None, rulebook_path: Path) -> int:
    """DONE when the explanation is shown, and written if asked for."""
    from pipeline.commands.explain import explanation as story
    from pipeline.writers.page.explanation import TITLE, write_explanation, write_explanation_page
    from pipeline.writers.publishing.single_file import replacing

    for path in (html, xlsx):
        check_file(path, TITLE)
    if html and xlsx and os.path.realpath(html) == os.path.realpath(xlsx):
        fail("--html 和 --xlsx 写成了同一个文件，请分开写。", WRONG_USAGE)
    explanation = story.explain(company, folder, load_rulebook(rulebook_path))
    _print(explanation)
    for path, write in ((html, write_explanation_page), (xlsx, write_explanation)):
        if path:
            with replacing(path, TITLE) as unfinished:
                write(unfinished, explanation)
            click.echo(f"已写成 {path}")
    return DONE


def _print(explanation: ScoreExplained) -> None:
    """Prints the explanation as a table on a wide terminal, else as a list."""
    from pipeline.writers.page.explanation_words import columns_of, endings_of, heading_of, lines_of

    console = Console(highlight=False, markup=False, emoji=False)
    for sentence in heading_of(explanation):
        console.print(sentence, soft_wrap=True)
    lines, columns = lines_of(explanation), columns_of(explanation)
    if console.is_terminal and console.width >= _NARROW:
        table = Table(box=None, pad_edge=False, show_lines=False)
        for column in columns[1:-1]:
            table.add_column(column.label, overflow="fold")
        for line in lines:
            table.add_row(*line[1:-1])
        console.print(table)
    else:
        for line in lines:
            console.print(line.item, soft_wrap=True)
            for column, text in zip(columns[2:-1], line[2:-1], strict=True):
                if text:
                    console.print(f"  {column.label}：{text}".replace("\n", "；"), soft_wrap=True)
    cells = (where for line in lines if "｜" in line.where for where in line.where.split("\n"))
    for where in dict.fromkeys(cells):
        console.print(f"以上单元格所在：{where}", soft_wrap=True)
    for sentence in endings_of(explanation):
        console.print(sentence, soft_wrap=True)
