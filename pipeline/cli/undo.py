"""undo: puts the output that was replaced last back; and what the screen says of 历史."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.chinese import ChineseCommand, print_line
from pipeline.cli.endings import DONE
from pipeline.cli.options import OPTIONS, named_folder

if TYPE_CHECKING:
    from pipeline.writers.publishing.history import History


@click.command(
    cls=ChineseCommand,
    options_metavar=OPTIONS,
    help="换回上一次的结果：把 OUTPUT 旁“历史”里最近的一次放回原处，现在的一次留在“历史”里。",
)
@click.argument("output", metavar="OUTPUT", type=click.Path(), callback=named_folder)
def undo(output: Path) -> int:
    """DONE when the output before this one stands in its place."""
    from pipeline.commands.history import take_back

    history, date, folder = take_back(output)
    print_line(f"已换回 {date} 的结果（原来在“{folder}”），现在在“{output}”。")
    print_kept(history, "换下的结果")
    return DONE


def print_kept(history: History, what: str) -> None:
    """Prints where the output that was replaced is kept, and what 历史 takes of the disk. Raises OSError."""
    from pipeline.writers.publishing.history import MOST_KEPT

    if history.latest:
        print_line(f"{what}留在“{history.latest}”。")
    elif history.old_left:
        print_line(f"{what}没有能放进“历史”，还在“{history.old_left}”，下次运行时再放。")
    use = history.use()
    if use.kept:
        print_line(
            f"“历史”里留着 {use.kept} 次以前的结果，占 {use.size / 1e6:.1f} MB；最多留 {MOST_KEPT} 次，再多就删去最早的。"
        )
    if use.strangers:
        print_line(f"“历史”里另有 {use.strangers} 个不是本程序留下的，没有动它们。")
