"""next-year: makes next year's rulebook and forms from a final output."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.chinese import ChineseCommand, print_line
from pipeline.cli.endings import DONE
from pipeline.cli.options import OPTIONS, named_folder


@click.command(
    "next-year",
    cls=ChineseCommand,
    options_metavar=OPTIONS,
    help="由 OUTPUT 中今年的正式结果，在 DIR 中生成下一年的规则文件、空白表、培育库起点和待办事项。",
)
@click.argument("output", metavar="OUTPUT", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(), callback=named_folder)
@click.option(
    "--rulebook",
    "rulebook_path",
    type=click.Path(path_type=Path),
    metavar="文件",
    help="OUTPUT 当时用的规则文件（TOML）；不写则按指纹在程序自带的规则文件中找。",
)
def next_year(output: Path, folder: Path, rulebook_path: Path | None) -> int:
    """DONE when the folder is written."""
    from pipeline.commands.next_year import make_next_year

    made = make_next_year(output, folder, rulebook_path)
    print_line(f"已在 {folder} 生成 {made.rulebook.year} 年的规则文件“{made.file}”、“{made.forms}”和“{made.pool}”。")
    print_line(f"规则文件还没有对照新一年的通知核对，共有 {made.tasks} 件事要人定，逐项列在“{made.to_settle}”里。")
    return DONE
