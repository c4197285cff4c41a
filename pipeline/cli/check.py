"""check: prints the issues of some files or folders; writes nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click

from pipeline.cli.chinese import ChineseCommand, print_line
from pipeline.cli.endings import DONE, NOTHING_READABLE, SOMETHING_OPEN
from pipeline.cli.options import JOBS, OPTIONS, RULEBOOK, jobs_or_all
from pipeline.issues.catalogue import ASSESSMENT_MISSING, ERROR, NOMINATION_MISSING
from pipeline.issues.issue import Issue
from pipeline.issues.words import finding_of, fix_of, found_of, message_of, shown_where
from pipeline.model.display import escaped_in_json
from pipeline.model.rulebook_file import load_rulebook

# Issues that are only raised for a whole folder: a single file cannot hold both a nomination and its form.
_COMPLETENESS = (ASSESSMENT_MISSING, NOMINATION_MISSING)


@click.command(
    cls=ChineseCommand,
    options_metavar=OPTIONS,
    help="检查一个或多个文件、文件夹，列出问题和改法；不写任何文件。报送前可先自查。",
)
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format", "shape", type=click.Choice(["text", "json"]), default="text", help="输出形式：text（文字）或 json。"
)
@RULEBOOK
@JOBS
def check(paths: tuple[Path, ...], shape: str, rulebook_path: Path, jobs: int | None) -> int:
    """SOMETHING_OPEN when an issue is a 错误, NOTHING_READABLE when no form could be read, else DONE."""
    from pipeline import run

    rulebook = load_rulebook(rulebook_path)
    readable = True
    try:
        every_issue = run.compute(list(paths), rulebook, run.Options(jobs_or_all(jobs))).issues
    except run.NothingReadable as error:
        every_issue, readable = error.results.issues, False
    left_out = () if any(path.is_dir() for path in paths) else _COMPLETENESS
    issues = [issue for issue in every_issue if issue.where.file and issue.code not in left_out]
    labels = rulebook.labels
    if readable or issues or shape == "json":
        (_print_json if shape == "json" else _print_text)(issues, labels)
    else:
        click.echo("没有找到可以检查的表。")
    if any(issue.level == ERROR for issue in issues):
        return SOMETHING_OPEN
    return DONE if readable else NOTHING_READABLE


def _print_text(issues: list[Issue], labels: Mapping[str, str]) -> None:
    for issue in issues:
        print_line(f"【{issue.level}】{message_of(issue, labels)}（编号 {issue.id}）")
    levels = Counter(issue.level for issue in issues)
    click.echo(
        f"共有错误 {levels.get('错误', 0)} 处，提醒 {levels.get('提醒', 0)} 处。" if issues else "没有发现问题。"
    )


def _print_json(issues: list[Issue], labels: Mapping[str, str]) -> None:
    rows = [
        {
            "id": issue.id,
            "code": issue.code,
            "level": issue.level,
            **shown_where(issue.where)._asdict(),
            "company": issue.company,
            "indicator": issue.indicator,
            "found": found_of(issue),
            "message": message_of(issue, labels),
            "finding": finding_of(issue, labels),
            "fix": fix_of(issue, labels),
            "city": issue.city,
            "county": issue.county,
            "state": issue.state,
        }
        for issue in issues
    ]
    click.echo(escaped_in_json(json.dumps(rows, ensure_ascii=False, indent=1)))
