"""click in Chinese: help, usage mistakes and failures as one plain sentence each, and the exit codes."""

from __future__ import annotations

import re
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from pipeline.machine.failing import MachineFailed, is_short_of_memory, remedy_of
from pipeline.model.display import on_one_line, printable
from pipeline.model.rulebook_file import RulebookError

DONE, SOMETHING_OPEN, WRONG_USAGE, NOTHING_READABLE, MACHINE_FAILED = range(5)

_WRONG_WORDS = (
    ("No such option", "没有这个选项"),
    ("Missing argument", "缺少参数"),
    ("Missing option", "缺少选项"),
    ("Missing command", "请写明要执行的命令"),
    ("No such command", "没有这个命令"),
    ("Got unexpected extra argument", "多了参数"),
    ("requires an argument", "选项后面缺少内容"),
    ("does not exist", "路径不存在"),
    ("is not a valid integer", "应为整数"),
    ("is not in the range", "超出允许的范围"),
    ("is not one of", "只可在列出的值中选择"),
    ("does not match the format", "日期应写成 2024-05-31 的样子"),
)


class ChineseCommand(click.Command):
    """A click command whose help is Chinese throughout."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [option for option in self.get_params(ctx) if isinstance(option, click.Option)]
        records = [record for option in options if (record := option.get_help_record(ctx))]
        with formatter.section("选项"):
            formatter.write_dl([(names, _in_chinese(text)) for names, text in records])
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option:
            option.help = "显示这份说明。"
        return option


def _in_chinese(text: str) -> str:
    """click's own words in an option's help in Chinese; its ranges are said where they are overstepped."""
    text = re.sub(r"(; )?\d+<=x<=\d+", "", text).replace("[]", "")
    return text.replace("[required]", "［必填］").replace("[default: ", "［不写则为 ").replace("]", "］").rstrip()


class ChineseGroup(ChineseCommand, click.Group):
    """A click group whose mistakes in usage are one Chinese sentence and exit code 2."""

    command_class = ChineseCommand

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, command.help or "") for name, command in self.commands.items()])

    def main(self, *args: Any, **kwargs: Any) -> Any:
        _speak_any_console()
        try:
            with _ending_kindly():
                code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except click.UsageError as error:
            fail(_usage_sentence(error), WRONG_USAGE)
        except click.Abort:
            fail("已中断。没有留下写了一半的结果，需要时请重新运行。", MACHINE_FAILED)
        except RulebookError as error:
            fail(str(error), WRONG_USAGE)
        except MachineFailed as error:
            fail(str(error), MACHINE_FAILED)
        except Exception as error:  # whatever it is, a clerk should read a sentence and not a traceback
            fail(_failure_sentence(error), MACHINE_FAILED)
        sys.exit(code if isinstance(code, int) else DONE)


_ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


@contextmanager
def _ending_kindly() -> Iterator[None]:
    """Ctrl-C, a closed window and a system that shuts down all let the block tidy up; once it does, it is not disturbed again."""
    endings = [ending for name in _ENDINGS if (ending := getattr(signal, name, None))]
    endings = [ending for ending in endings if signal.getsignal(ending) != signal.SIG_IGN]
    if threading.current_thread() is not threading.main_thread():
        endings = []
    before = {ending: signal.getsignal(ending) for ending in endings}

    def end(*_: object) -> NoReturn:
        for ending in endings:
            signal.signal(ending, signal.SIG_IGN)
        before.clear()
        raise KeyboardInterrupt

    for ending in endings:
        signal.signal(ending, end)
    try:
        yield
    finally:
        for ending, handler in before.items():
            signal.signal(ending, handler)


def _failure_sentence(error: Exception) -> str:
    if is_short_of_memory(error):
        return "内存不足，原有输出没有改动。请关闭其他程序，或用 --jobs 1 减少同时工作的进程，再重新运行。"
    if isinstance(error, OSError) and error.errno:
        return f"没有做完：{remedy_of(error)}；原有输出没有改动。"
    return _defect_sentence(error)


def _defect_sentence(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name} 第 {place.lineno} 行"
    return f"程序出错，原有输出没有改动。请把这句话交给程序维护人员：{type(error).__name__}，{where}，{error}"


def _usage_sentence(error: click.UsageError) -> str:
    text = error.format_message()
    known = next((chinese for english, chinese in _WRONG_WORDS if english in text), "命令写法不对")
    own = {parameter.make_metavar(error.ctx) for parameter in error.ctx.command.params} if error.ctx else set()
    quoted = [piece for piece in text.replace('"', "'").split("'")[1::2] if piece.strip()]
    quoted = [piece for piece in quoted if piece not in own] or quoted
    named = f"：{'、'.join(quoted[:2])}" if quoted else ""
    command = error.ctx.command_path if error.ctx else "python -m pipeline"
    return f"{known}{named}。用法请看：{command} --help"


def _speak_any_console() -> None:
    """A console that cannot show a character shows ? instead of failing after the work is done."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def say(sentence: str, err: bool = False) -> None:
    """One line on the terminal. What somebody typed into a form can be in it, and must not give the terminal orders."""
    click.echo(on_one_line(sentence), err=err)


def fail(sentence: str, code: int) -> NoReturn:
    """Says the sentence on stderr and ends with the exit code."""
    click.echo(printable(sentence), err=True)
    sys.exit(code)
