"""click in Chinese: help texts, usage errors as one sentence, and lines that are safe to print on any terminal."""

from __future__ import annotations

import re
import sys
from typing import Any, NoReturn

import click

from pipeline.cli.endings import DONE, WRONG_USAGE, fail, failures_in_a_sentence
from pipeline.model.display import on_one_line

# What click's English message contains -> what is said instead; the first that fits.
_USAGE_ERRORS = (
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
    """An option's help with click's own additions (required, default) in Chinese; ranges are left out, the usage error
    names them."""
    text = re.sub(r"(; )?\d+<=x<=\d+", "", text).replace("[]", "")
    return text.replace("[required]", "［必填］").replace("[default: ", "［不写则为 ").replace("]", "］").rstrip()


class ChineseGroup(ChineseCommand, click.Group):
    """A click group that ends with one Chinese sentence and the right exit code whatever a command raises.

    A command returns its exit code or raises an error; see `endings.EXIT_CODES`."""

    command_class = ChineseCommand

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, command.help or "") for name, command in self.commands.items()])

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        _replace_unprintable_characters()
        try:
            with failures_in_a_sentence():
                code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except click.UsageError as error:
            fail(_usage_sentence(error), WRONG_USAGE)
        sys.exit(code if isinstance(code, int) else DONE)


def _usage_sentence(error: click.UsageError) -> str:
    text = error.format_message()
    meaning = next((chinese for english, chinese in _USAGE_ERRORS if english in text), "命令写法不对")
    metavars = {parameter.make_metavar(error.ctx) for parameter in error.ctx.command.params} if error.ctx else set()
    quoted = [piece for piece in text.replace('"', "'").split("'")[1::2] if piece.strip()]
    quoted = [piece for piece in quoted if piece not in metavars] or quoted
    named = f"：{'、'.join(quoted[:2])}" if quoted else ""
    command = error.ctx.command_path if error.ctx else "python -m pipeline"
    return f"{meaning}{named}。用法请看：{command} --help"


def _replace_unprintable_characters() -> None:
    """Makes a console print ? for a character it cannot show, instead of failing after the work is done."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):  # not every stream that replaces stdout has it
            reconfigure(errors="replace")


def print_line(sentence: str, err: bool = False) -> None:
    """Prints one line. Line breaks and control characters that somebody typed into a form do not reach the terminal."""
    click.echo(on_one_line(sentence), err=err)
