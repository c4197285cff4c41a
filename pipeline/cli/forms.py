"""forms: the blank forms."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.chinese import DONE, MACHINE_FAILED, WRONG_USAGE, ChineseCommand, fail
from pipeline.cli.options import OPTIONS, RULEBOOK
from pipeline.model.rulebook_file import load_rulebook


@click.command(
    cls=ChineseCommand,
    options_metavar=OPTIONS,
    help="在 DIR 中生成下发用的空白表：附件1、附件2、专家评分表、培育库、人工决定。",
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@RULEBOOK
def forms(folder: Path, rulebook_path: Path) -> int:
    from pipeline.commands.blank_forms import FormsRefused, write_forms
    from pipeline.writers.publishing.failures import PublishBusy, PublishFailed

    rulebook = load_rulebook(rulebook_path)
    try:
        names = write_forms(folder, rulebook)
    except FormsRefused as error:
        fail(str(error), WRONG_USAGE)
    except (PublishBusy, PublishFailed) as error:
        fail(str(error), MACHINE_FAILED)
    click.echo(f"已在 {folder} 生成空白表 {len(names)} 份：{'、'.join(names)}。")
    return DONE
