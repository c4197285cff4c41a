"""The progress of a run on stderr."""

from __future__ import annotations

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)


class Steps:
    """Shows progress as bars on a terminal and as one line a finished step elsewhere; shows nothing when quiet."""

    def __init__(self, quiet: bool) -> None:
        self.console = Console(stderr=True, highlight=False)
        self.bars: Progress | None = None
        self.tasks: dict[str, TaskID] = {}
        self.finished: set[str] = set()
        self.quiet = quiet

    def __enter__(self) -> Steps:
        if not self.quiet and self.console.is_terminal:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self.bars = Progress(*columns, console=self.console, transient=False)
            self.bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.bars:
            self.bars.stop()

    def show(self, step: str, done: int, total: int) -> None:
        """`done` of `total` files are through `step`; a step may be reported as often as its caller likes."""
        if self.quiet:
            return
        if self.bars:
            if step not in self.tasks:
                self.tasks[step] = self.bars.add_task(step, total=total)
            self.bars.update(self.tasks[step], completed=done, total=total)
        elif done == total and step not in self.finished:
            self.finished.add(step)
            click.echo(f"{step}完成：{total} 个文件", err=True)
