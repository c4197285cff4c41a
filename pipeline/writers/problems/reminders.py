"""催报: the state of every expected county, and a text that can be sent to the county as it is."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import pandas as pd

from pipeline.issues.catalogue import ERROR
from pipeline.issues.county import NOT_OURS
from pipeline.issues.words import MOST_NAMED, listed
from pipeline.model.results import Results
from pipeline.writers.layout.county_issues import CountyIssue, OwnMaterial, county_issues, county_questions

MISSING = "未交"
_UNREAD_KINDS = ("ignored", "own_output")
_INSTEAD = "注意：收到的是本程序的结果表，没有收到附件2；结果表里改的数不会读取，请把改好的附件2报送上来。"


class Reminder(NamedTuple):
    """One county. state: 未交, 零报送, 已收, 有错误 n or 有提醒 n. errors, remarks: the number of open issues that the county
    can correct. expected: the rulebook expects a return from it."""

    city: str
    county: str
    state: str
    nominated: int
    assessed: int
    errors: int
    remarks: int
    text: str
    expected: bool

    @property
    def owing(self) -> bool:
        """True for a county that has something to hand in or to mend."""
        return bool(self.errors) or self.state == MISSING


def reminders_of_city(results: Results, city: str) -> tuple[str, list[Reminder]]:
    """The text for a city, and the records of its counties."""
    own = reminders(results, city)
    missing = [reminder.county for reminder in own if reminder.state == MISSING]
    wrong = [f"{reminder.county} {reminder.errors} 处" for reminder in own if reminder.errors]
    lines = [f"未交：{'、'.join(missing)}。" if missing else "", f"有错误：{'、'.join(wrong)}。" if wrong else ""]
    ending = "请转告有关区县补报、改正后重新报送，谢谢。" if missing or wrong else "都已交齐，没有错误，谢谢。"
    return "\n".join([f"{city}：", *filter(None, lines), ending]), own


def reminders(results: Results, city: str = "") -> list[Reminder]:
    """One record per expected county, then one per other county that sent something, both in the notice's order. city: the
    only one whose counties are wanted."""
    companies = results.enterprises
    nominated = Counter(_counties(companies[companies["nominated"]]))
    assessed = Counter(_counties(companies[companies["assessed"]]))
    files = results.files[~results.files["kind"].isin(_UNREAD_KINDS)]
    arrived = {region for region in {*nominated, *assessed, *_counties(files), *results.nil_returns} if region[1]}
    instead = _results_instead_of_lists(results, {*nominated, *results.nil_returns})
    asked = {(issue.city, issue.county) for issue in results.issues}
    expected = [(entry.city, entry.name) for entry in results.rulebook.expected_counties]
    rank = results.rulebook.region_order.rank
    others = sorted(
        (region for region in arrived - set(expected) if results.rulebook.scope.holds(region[0])),
        key=lambda region: rank(*region),
    )
    rows = []
    for region in (*expected, *others):
        if city not in ("", region[0]):
            continue
        material = OwnMaterial(results, *region) if region in arrived or region in asked else None
        issues = [*county_questions(results, material), *county_issues(results, material)] if material else []
        errors = [issue for issue in issues if issue.level == ERROR]
        remarks = len(issues) - len(errors)
        state = _state(region in arrived, region in results.nil_returns, len(errors), remarks)
        counts = (nominated[region], assessed[region], len(errors), remarks)
        row = Reminder(*region, state, *counts, "", region not in others)
        undecided = material.undecided if material else {}
        hint = f"\n{_INSTEAD}" if region in instead else ""
        rows.append(row._replace(text=_text(row, errors, undecided) + hint))
    return rows


def _results_instead_of_lists(results: Results, listed: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The counties that sent an output of this program but no 附件2. listed: counties with nominations or a nil return."""
    files = results.files
    lists = {*listed, *_counties(files[files["kind"] == "nomination"])}
    return {region for region in _counties(files[files["kind"] == "own_output"]) if region[1]} - lists


def _counties(table: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(table["city"], table["county"], strict=True))


def _state(arrived: bool, nil_return: bool, errors: int, remarks: int) -> str:
    if not arrived:
        return MISSING
    if errors:
        return f"有错误 {errors}"
    if remarks:
        return f"有提醒 {remarks}"
    return "零报送" if nil_return else "已收"


def _text(row: Reminder, errors: list[CountyIssue], undecided: dict[str, bool]) -> str:
    """The text for the county: what arrived, what is open, what to do. undecided: company without a county -> whether this
    county may be told its name."""
    name = row.city + row.county
    if row.state == MISSING:
        return (
            f"{name}：还没有收到推荐排序表（附件2）和企业评估表（附件1），请尽快报送；"
            "没有推荐企业的，请报一份写“无”的附件2。"
        )
    came = f"{name}：已收到推荐企业 {row.nominated} 家、附件1共 {row.assessed} 份"
    if row.state == "零报送":
        came = f"{name}：已收到零报送"
    if undecided:
        names = [company for company, told in undecided.items() if told]
        named = f"（{listed(names, unit='')}）" if names else ""
        came = f"{came}，另有 {len(undecided)} 家企业{named}看不出应归哪个区县，暂不列入"
    if not errors and not row.remarks:
        return f"{came}，由省里核对。" if undecided else f"{came}，没有发现问题，谢谢。"
    lines = [f"{came}。"]
    if errors:
        lines = [f"{came}，还有 {len(errors)} 处错误请改正后重新报送："]
        lines += [f"{number}. {_sentence(issue)}" for number, issue in enumerate(errors[:MOST_NAMED], start=1)]
        if len(errors) > MOST_NAMED:
            lines.append(f"等 {len(errors)} 处。")
    if row.remarks:
        lines.append(f"{'另有' if errors else '有'} {row.remarks} 处提醒请核对，属实的不必改。")
    lines.append("逐条说明见返还文件夹中的《推荐排序结果》“问题清单”表。")
    return "\n".join(lines)


def _sentence(issue: CountyIssue) -> str:
    cell = f"{issue.file} {issue.cell}".strip()
    subject = f"{issue.company}（{cell}）" if cell and issue.file != NOT_OURS else issue.company
    answered = "（已收到情况说明。）" if issue.answer else ""
    return f"{subject}：{issue.finding}{answered}" if subject else f"{issue.finding}{answered}"
