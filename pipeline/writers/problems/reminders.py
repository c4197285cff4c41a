"""催报: where every expected county stands, and a text that can be sent to it as it is."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import pandas as pd

from pipeline.issues.catalogue import ERROR
from pipeline.issues.county import NOT_OURS
from pipeline.model.results import Results
from pipeline.writers.layout.county_issues import CountyIssue, OwnMaterial, county_issues, county_questions

_MISSING = "未交"
_UNREAD_KINDS = ("ignored", "own_output")
_INSTEAD = "注意：收到的是本程序的结果表，没有收到附件2；结果表里改的数不会读取，请把改好的附件2报送上来。"
_LISTED = 5  # a text that is sent names the first five and counts the rest


class Reminder(NamedTuple):
    """One county. state: 未交, 零报送, 已收, 有错误 n or 有提醒 n; errors, remarks: open issues that the county can mend;
    expected: it stands in the list of counties a return is due from."""

    city: str
    county: str
    state: str
    nominated: int
    assessed: int
    errors: int
    remarks: int
    text: str
    expected: bool


def reminders(results: Results) -> list[Reminder]:
    """One row per expected county in the list's order, then the counties beyond the list that sent something."""
    companies = results.enterprises
    nominated = Counter(_places(companies[companies["nominated"]]))
    assessed = Counter(_places(companies[companies["assessed"]]))
    files = results.files[~results.files["kind"].isin(_UNREAD_KINDS)]
    arrived = {place for place in {*nominated, *assessed, *_places(files), *results.nil_returns} if place[1]}
    instead = _results_instead_of_lists(results, {*nominated, *results.nil_returns})
    asked = {(issue.city, issue.county) for issue in results.issues}
    expected = [(entry.city, entry.name) for entry in results.rulebook.expected_counties]
    others = sorted(arrived - set(expected))
    rows = []
    for place in (*expected, *others):
        material = OwnMaterial(results, *place) if place in arrived or place in asked else None
        issues = [*county_questions(results, material), *county_issues(results, material)] if material else []
        errors = [issue for issue in issues if issue.level == ERROR]
        remarks = len(issues) - len(errors)
        state = _state(place in arrived, place in results.nil_returns, len(errors), remarks)
        counts = (nominated[place], assessed[place], len(errors), remarks)
        row = Reminder(*place, state, *counts, "", place not in others)
        undecided = material.undecided if material else {}
        said = f"\n{_INSTEAD}" if place in instead else ""
        rows.append(row._replace(text=_text(row, errors, undecided) + said))
    return rows


def _results_instead_of_lists(results: Results, listed: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The counties that sent an output of ours and no 附件2. listed: those that are nominated for or report nobody."""
    files = results.files
    lists = {*listed, *_places(files[files["kind"] == "nomination"])}
    return {place for place in _places(files[files["kind"] == "own_output"]) if place[1]} - lists


def _places(table: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(table["city"], table["county"], strict=True))


def _state(arrived: bool, nil_return: bool, errors: int, remarks: int) -> str:
    if not arrived:
        return _MISSING
    if errors:
        return f"有错误 {errors}"
    if remarks:
        return f"有提醒 {remarks}"
    return "零报送" if nil_return else "已收"


def _text(row: Reminder, errors: list[CountyIssue], undecided: dict[str, bool]) -> str:
    """What can be sent to the county: what came, what is open, what to do. undecided: companies of no county
    yet, and whether it may be told their names."""
    name = row.city + row.county
    if row.state == _MISSING:
        return (
            f"{name}：还没有收到推荐排序表（附件2）和企业评估表（附件1），请尽快报送；"
            "没有推荐企业的，请报一份写“无”的附件2。"
        )
    came = f"{name}：已收到推荐企业 {row.nominated} 家、附件1共 {row.assessed} 份"
    if row.state == "零报送":
        came = f"{name}：已收到零报送"
    if undecided:
        names = [company for company, told in undecided.items() if told]
        named = f"（{'、'.join(names[:_LISTED])}{'等' if len(names) > _LISTED else ''}）" if names else ""
        came = f"{came}，另有 {len(undecided)} 家企业{named}看不出应归哪个区县，暂不列入"
    if not errors and not row.remarks:
        return f"{came}，由省里核对。" if undecided else f"{came}，没有发现问题，谢谢。"
    lines = [f"{came}。"]
    if errors:
        lines = [f"{came}，还有 {len(errors)} 处错误请改正后重新报送："]
        lines += [f"{number}. {_sentence(issue)}" for number, issue in enumerate(errors[:_LISTED], start=1)]
        if len(errors) > _LISTED:
            lines.append(f"等 {len(errors)} 处。")
    if row.remarks:
        lines.append(f"{'另有' if errors else '有'} {row.remarks} 处提醒请核对，属实的不必改。")
    lines.append("逐条说明见返还文件夹中的《推荐排序结果》“问题清单”表。")
    return "\n".join(lines)


def _sentence(issue: CountyIssue) -> str:
    place = f"{issue.file} {issue.cell}".strip()
    subject = f"{issue.company}（{place}）" if place and issue.file != NOT_OURS else issue.company
    said = "（已收到情况说明。）" if issue.answer else ""
    return f"{subject}：{issue.finding}{said}" if subject else f"{issue.finding}{said}"
