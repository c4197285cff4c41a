"""forms: writes the blank forms into a folder."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.chinese import ChineseCommand
from pipeline.cli.endings import DONE
from pipeline.cli.options import OPTIONS, RULEBOOK, named_folder
from pipeline.model.rulebook_file import load_rulebook


@click.command(
    cls=ChineseCommand,
    options_metavar=OPTIONS,
    help="在 DIR 中生成下发用的空白表：附件1、附件2、专家评分表、培育库、人工决定。",
)
@click.argument("folder", metavar="DIR", type=click.Path(), callback=named_folder)
@RULEBOOK
def forms(folder: Path, rulebook_path: Path) -> int:
    """DONE when every blank form is written."""
    from pipeline.commands.blank_forms import write_forms

    names = write_forms(folder, load_rulebook(rulebook_path))
    click.echo(f"已在 {folder} 生成空白表 {len(names)} 份：{'、'.join(names)}。")
    return DONE
