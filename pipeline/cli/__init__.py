"""The commands, one module each; only this package prints and sets exit codes.

Exit codes: 0 done · 1 --strict or --final and something is open, check found a 错误, or verify a difference · 2 wrong
usage or rulebook, an output folder that is not ours, a 试算 over a 正式 · 3 nothing readable in the input · 4 the machine
failed.
"""

from __future__ import annotations

import click

from pipeline import __version__
from pipeline.cli.check import check
from pipeline.cli.chinese import ChineseGroup
from pipeline.cli.compare import compare, impact
from pipeline.cli.experts import experts
from pipeline.cli.explain import explain
from pipeline.cli.forms import forms
from pipeline.cli.next_year import next_year
from pipeline.cli.options import OPTIONS
from pipeline.cli.report import report
from pipeline.cli.sample import sample
from pipeline.cli.undo import undo
from pipeline.cli.verify import verify

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(
    cls=ChineseGroup,
    context_settings=_HELP,
    options_metavar=OPTIONS,
    subcommand_metavar="命令 …",
    help="制造业“云上企业”报送材料汇总：读表、评分、排名、出表。",
)
@click.version_option(__version__, message="%(version)s", help="显示版本。")
def main() -> None:
    """The program: one of the commands below."""


for command in (report, check, sample, explain, compare, impact, verify, undo, experts, forms, next_year):
    main.add_command(command)
