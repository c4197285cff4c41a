"""The commands: the only place that prints and sets exit codes.

Exit codes: 0 done · 1 --strict and something is open, or check found a 错误 · 2 wrong usage or rulebook, an output
folder that is not ours · 3 nothing readable in the input · 4 the machine failed.
"""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipeline import __version__
from pipeline.issues import ERROR, Issue, finding_of, fix_of, mask_phones, message_of
from pipeline.rulebook import DEFAULT_RULEBOOK, Rulebook, RulebookError, load_rulebook

# What only a whole folder can be asked for: whether every nomination has its form and every form its nomination.
COMPLETENESS = ("X05", "X06")

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
)  # fmt: skip


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
            code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except click.UsageError as error:
            _fail(_usage_sentence(error), WRONG_USAGE)
        except click.Abort:
            _fail("已中断，原有输出没有改动。", MACHINE_FAILED)
        except RulebookError as error:
            _fail(str(error), WRONG_USAGE)
        except MemoryError:
            _fail("内存不足，原有输出没有改动。请关闭其他程序后再试。", MACHINE_FAILED)
        except Exception as error:  # whatever it is, a clerk should read a sentence and not a traceback
            _fail(_defect_sentence(error), MACHINE_FAILED)
        sys.exit(code if isinstance(code, int) else DONE)


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


def _fail(sentence: str, code: int) -> None:
    click.echo(sentence, err=True)
    sys.exit(code)


def _jobs(wanted: int | None) -> int:
    return wanted or min(os.cpu_count() or 1, 8)


_RULEBOOK = click.option(
    "--rulebook", "rulebook_path", type=click.Path(path_type=Path), default=DEFAULT_RULEBOOK, metavar="文件",
    help="规则文件（TOML），不写则用本年度的。",
)  # fmt: skip
_JOBS = click.option("--jobs", type=click.IntRange(1, 64), metavar="个数", help="同时工作的进程数，不影响结果。")
_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_OPTIONS = "[选项]"


@click.group(cls=ChineseGroup, context_settings=_HELP, options_metavar=_OPTIONS, subcommand_metavar="命令 …", help="制造业“云上企业”报送材料汇总：读表、评分、排名、出表。")
@click.version_option(__version__, message="%(version)s", help="显示版本。")
def main() -> None:
    pass


def _folder(context: click.Context, parameter: click.Parameter, value: str) -> Path:
    """An output folder that was really named: an empty word would be the folder one stands in."""
    if not value.strip():
        raise click.MissingParameter(ctx=context, param=parameter, param_type="option")
    return Path(value)


# ------------------------------------------------------------------------------------------------ report


@main.command(options_metavar=_OPTIONS, help="读取 INPUT 文件夹中的全部报送材料，生成附件2、附件3、审计底稿、问题清单、报告和返还文件夹。")
@click.argument("root", metavar="INPUT", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--output", "target", required=True, type=click.Path(), callback=_folder, metavar="文件夹", help="输出文件夹。",
)  # fmt: skip
@_RULEBOOK
@_JOBS
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), metavar="日期", help="写在各表上的日期，如 2024-05-31；不写则用规则文件中的日期。")
@click.option(
    "--decisions", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="文件",
    help="人工决定表；不写则用 INPUT 最上层的“人工决定.xlsx”。",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="还有没改正的错误时，以退出码 1 结束（输出照常生成）。")
@click.option("--quiet", is_flag=True, help="只在出问题时说话。")
def report(
    root: Path,
    target: Path,
    rulebook_path: Path,
    jobs: int | None,
    date: Any,
    decisions: Path | None,
    strict: bool,
    quiet: bool,
) -> int:
    from pipeline import run

    rulebook = load_rulebook(rulebook_path)
    day = date.date().isoformat() if date else ""
    try:
        with _Steps(quiet) as steps:
            results = run.report(root, target, rulebook, run.Options(_jobs(jobs), day, decisions, steps.show))
    except run.PublishRefused as error:
        _fail(str(error), WRONG_USAGE)
    except (run.PublishBusy, run.PublishFailed) as error:
        _fail(str(error), MACHINE_FAILED)
    except run.NothingReadable as error:
        _say_unread(error.results, rulebook)
        _fail(f"{error}原有输出没有改动。", NOTHING_READABLE)
    if not quiet:
        _say_results(results, target)
    return SOMETHING_OPEN if strict and any(issue.open_error for issue in results.issues) else DONE


class _Steps:
    """Progress on a terminal as bars, elsewhere as plain lines; nothing when quiet."""

    def __init__(self, quiet: bool) -> None:
        self.console = Console(stderr=True, highlight=False)
        self.bars: Progress | None = None
        self.tasks: dict[str, TaskID] = {}
        self.said: set[str] = set()
        self.quiet = quiet

    def __enter__(self) -> _Steps:
        if not self.quiet and self.console.is_terminal:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self.bars = Progress(*columns, console=self.console, transient=False)
            self.bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.bars:
            self.bars.stop()

    def show(self, step: str, done: int, total: int) -> None:
        if self.quiet:
            return
        if self.bars:
            if step not in self.tasks:
                self.tasks[step] = self.bars.add_task(step, total=total)
            self.bars.update(self.tasks[step], completed=done, total=total)
        elif done == total and step not in self.said:
            self.said.add(step)
            click.echo(f"{step}完成：{total} 个文件", err=True)


def _say_results(results: Any, target: Path) -> None:
    console = Console(highlight=False)
    standing = results.standing
    if standing.demo:
        console.print("※ 演示数据：以下结果由示例材料得出，不是真实报送结果。")
    kinds = Counter(results.files.drop_duplicates("path")["kind"])
    words = {
        "assessment": "附件1", "nomination": "附件2", "marks": "专家评分", "pool": "培育库", "evidence": "佐证材料",
        "own_output": "本程序的输出", "archive": "压缩包", "unrecognised": "没认出", "unreadable": "读不出", "ignored": "忽略",
    }  # fmt: skip
    named = "，".join(f"{words[kind]} {kinds[kind]}" for kind in words if kinds[kind])
    console.print(f"读到文件 {sum(kinds.values())} 个：{named}")
    table = Table(box=None, pad_edge=False)
    for heading in ("状态", "企业数"):
        table.add_column(heading, justify="right" if heading == "企业数" else "left")
    for status, count in Counter(results.totals["status"]).items():
        table.add_row(status, str(count))
    console.print(table)
    levels = Counter(issue.level for issue in results.issues)
    console.print(f"问题：错误 {levels.get('错误', 0)} 处，提醒 {levels.get('提醒', 0)} 处，逐条见“问题清单.xlsx”")
    if standing.reasons:
        console.print(f"本次为{standing.label}：{'；'.join(standing.reasons)}。", soft_wrap=True)
    else:
        console.print(f"本次为{standing.label}。")
    console.print(f"结果已写入 {target}", soft_wrap=True)


def _say_unread(results: Any, rulebook: Rulebook) -> None:
    labels = {item.id: item.label for item in rulebook.indicators}
    for issue in results.issues[:20]:
        if issue.where.file:
            click.echo(message_of(issue, labels), err=True)


# ------------------------------------------------------------------------------------------------ check


@main.command(options_metavar=_OPTIONS, help="检查一个或多个文件、文件夹，列出问题和改法；不写任何文件。报送前可先自查。")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", help="输出形式：text（文字）或 json。")
@_RULEBOOK
@_JOBS
def check(paths: tuple[Path, ...], shape: str, rulebook_path: Path, jobs: int | None) -> int:
    from pipeline import run

    rulebook = load_rulebook(rulebook_path)
    readable = True
    try:
        found = run.compute(list(paths), rulebook, run.Options(_jobs(jobs))).issues
    except run.NothingReadable as error:
        found, readable = error.results.issues, False
    left_out = () if any(path.is_dir() for path in paths) else COMPLETENESS
    issues = [issue for issue in found if issue.where.file and issue.code not in left_out]
    labels = {item.id: item.label for item in rulebook.indicators}
    if readable or issues or shape == "json":
        (_say_json if shape == "json" else _say_text)(issues, labels)
    else:
        click.echo("没有找到可以检查的表。")
    if any(issue.level == ERROR for issue in issues):
        return SOMETHING_OPEN
    return DONE if readable else NOTHING_READABLE


def _say_text(issues: list[Issue], labels: dict[str, str]) -> None:
    for issue in issues:
        click.echo(f"【{issue.level}】{message_of(issue, labels)}（编号 {issue.id}）")
    levels = Counter(issue.level for issue in issues)
    click.echo(f"共有错误 {levels.get('错误', 0)} 处，提醒 {levels.get('提醒', 0)} 处。" if issues else "没有发现问题。")


def _say_json(issues: list[Issue], labels: dict[str, str]) -> None:
    rows = [
        {
            "id": issue.id, "code": issue.code, "level": issue.level, **issue.where._asdict(), "company": issue.company,
            "indicator": issue.indicator, "found": mask_phones(issue.found), "message": message_of(issue, labels),
            "finding": finding_of(issue, labels), "fix": fix_of(issue, labels), "city": issue.city,
            "county": issue.county, "state": issue.state,
        }
        for issue in issues
    ]  # fmt: skip
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1))


# ------------------------------------------------------------------------------------------------ sample


@main.command(options_metavar=_OPTIONS, help="在 DIR 中生成一个虚构的省的全套报送材料（演示数据），可用来熟悉和检验程序。")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--companies", type=click.IntRange(1, 100_000), default=60, show_default=True, metavar="家数", help="企业数。")
@click.option("--seed", type=int, default=2024, show_default=True, metavar="整数", help="随机种子，相同则内容相同。")
@_RULEBOOK
@_JOBS
def sample(folder: Path, companies: int, seed: int, rulebook_path: Path, jobs: int | None) -> int:
    from pipeline.sample import SampleRefused, write_sample

    rulebook = load_rulebook(rulebook_path)
    try:
        planted = write_sample(folder, rulebook, companies=companies, seed=seed, jobs=_jobs(jobs))
    except SampleRefused as error:
        _fail(str(error), WRONG_USAGE)
    except OSError as error:
        _fail(f"没有能写出演示数据（{error.strerror}），请检查磁盘空间和文件夹权限。", MACHINE_FAILED)
    click.echo(f"已在 {folder} 生成演示数据：企业 {companies} 家，其中有意留下 {len(planted)} 处填报问题。")
    return DONE


