"""催报: the state of every expected county, and texts that can be sent to cities, counties and experts as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.issues.catalogue import ERROR
from pipeline.issues.county import NOT_OURS
from pipeline.issues.words import MOST_NAMED, listed
from pipeline.model.expert_answers import unfinished_experts
from pipeline.model.results import Results
from pipeline.model.returns import MISSING, CityReturn, CountyReturn, Region, city_returns, county_returns
from pipeline.writers.layout.chasing import city_state, city_text, experts_text, stray_text
from pipeline.writers.layout.county_issues import CountyIssue, OwnMaterial, county_issues, county_questions

EXPERTS = "（专家）"
_INSTEAD = "注意：收到的是本程序的结果表，没有收到附件2；结果表里改的数不会读取，请把改好的附件2报送上来。"


class Reminder(NamedTuple):
    """One line of 催报: a city as a whole (county is ""), a county, or the experts. The counts are None for what is no
    county; they and `state` are those of the county's `CountyReturn`."""

    city: str
    county: str
    state: str
    nominated: int | None
    assessed: int | None
    errors: int | None
    remarks: int | None
    text: str
    owing: bool


def all_reminders(results: Results) -> list[Reminder]:
    """City after city in the notice's order, each before its counties, the experts last."""
    returns = county_returns(results)
    of_counties = {(row.city, row.county): row for row in _of_counties(results, returns, returns)}
    chasing, lines = results.rulebook.chasing, []
    for city in city_returns(results, returns):
        state = city_state(city.counties)
        text = city_text(city, chasing, results.date)
        owing = bool(city.errors or city.astray) or any(
            (not county.has_list and county.expected) or county.errors for county in city.counties
        )
        lines.append(_not_counted(city.city, f"全市：{state}", text, owing))
        lines += [of_counties.pop((county.city, county.county)) for county in city.counties]
    return [*lines, *of_counties.values(), *_of_experts(results)]


def _not_counted(who: str, state: str, text: str, owing: bool) -> Reminder:
    return Reminder(who, "", state, None, None, None, None, text, owing)


def _of_experts(results: Results) -> list[Reminder]:
    """A line for the experts who have not answered, if any."""
    chasing, day = results.rulebook.chasing, results.date
    waiting = unfinished_experts(results.marks, results.enterprises)
    if waiting:
        text = experts_text(True, chasing, day)
        return [_not_counted(EXPERTS, f"{len(waiting)} 位没有评完", text, True)]
    return (
        []
        if results.standing.has_marks
        else [_not_counted(EXPERTS, "没有收到", experts_text(False, chasing, day), True)]
    )


def reminders_of_city(results: Results, city: str) -> tuple[str, list[Reminder]]:
    """The text for a city, and the records of its counties."""
    returns = county_returns(results)
    of_city = next((one for one in city_returns(results, returns) if one.city == city), CityReturn(city, (), 0))
    return city_text(of_city, results.rulebook.chasing, results.date), _of_counties(results, of_city.counties, returns)


def reminders(results: Results) -> list[Reminder]:
    """One record per expected county, then one per other county that sent something, both in the notice's order."""
    returns = county_returns(results)
    return _of_counties(results, returns, returns)


def _of_counties(results: Results, counties: Iterable[CountyReturn], returns: Sequence[CountyReturn]) -> list[Reminder]:
    """A record for each of `counties`. returns: those of every county."""
    instead = _results_instead_of_lists(results, returns)
    asked = {(issue.city, issue.county) for issue in results.issues}
    return [_reminder(county, results, asked, instead) for county in counties]


def _reminder(county: CountyReturn, results: Results, asked: set[Region], instead: set[Region]) -> Reminder:
    """asked: the counties with issues. instead: those that sent a result of ours."""
    region = county.city, county.county
    material = OwnMaterial(results, *region) if county.arrived or region in asked else None
    issues = county_issues(results, material) if material else []
    questions = county_questions(results, material) if material else []
    text = _text(county, issues, questions, material.undecided if material else {})
    hint = f"\n{_INSTEAD}" if region in instead else ""
    hint += f"\n{stray}" if (stray := stray_text(results.strays, region)) else ""
    counts = (county.nominated, county.assessed, county.errors, county.remarks)
    owing = not county.has_list or bool(county.errors or county.asked)
    return Reminder(*region, county.state, *counts, text + hint, owing)


def _results_instead_of_lists(results: Results, returns: Sequence[CountyReturn]) -> set[Region]:
    """The counties that sent an output of this program but no 附件2."""
    files = results.files[results.files["kind"] == "own_output"]
    have_lists = {(county.city, county.county) for county in returns if county.has_list}
    return {region for region in zip(files["city"], files["county"], strict=True) if region[1]} - have_lists


def _text(
    row: CountyReturn, issues: list[CountyIssue], questions: list[CountyIssue], undecided: Mapping[str, bool]
) -> str:
    """The text for the county: what arrived, what is open, what to do. issues: the rows of the list in its folder;
    questions: what keeps companies from being any county's; undecided: company without a county -> whether this county
    may be told its name."""
    name = row.city + row.county
    if row.state == MISSING:
        return (
            f"{name}：还没有收到推荐排序表（附件2）和企业评估表（附件1），请尽快报送；"
            "没有推荐企业的，请报一份写“无”的附件2。"
        )
    came = f"{name}：{_came(row)}"
    if undecided:
        names = [company for company, told in undecided.items() if told]
        named = f"（{listed(names, unit='')}）" if names else ""
        came = f"{came}，另有 {len(undecided)} 家企业{named}看不出应归哪个区县，暂不列入"
    if not issues and not questions:
        if row.has_list and not undecided:
            return f"{came}，没有发现问题，谢谢。"
        return f"{came}。" if not row.has_list else f"{came}，由省里核对。"
    return "\n".join([*_open_lines(came, issues, questions, row.has_folder)])


def _came(row: CountyReturn) -> str:
    """What arrived of the county."""
    if not row.has_list:
        forms = f"附件1共 {row.assessed} 份" if row.assessed else "一些材料"
        return f"已收到{forms}，还没有收到推荐排序表（附件2），请尽快报送；没有推荐企业的，请报一份写“无”的附件2"
    return "已收到零报送" if row.nil else f"已收到推荐企业 {row.nominated} 家、附件1共 {row.assessed} 份"


def _open_lines(came: str, issues: list[CountyIssue], questions: list[CountyIssue], has_folder: bool) -> Iterator[str]:
    """The lines below what arrived: errors, questions and the number of remarks. Without a folder all errors are named."""
    errors = [issue for issue in issues if issue.level == ERROR]
    remarks = len(issues) - len(errors)
    yield f"{came}，还有 {len(errors)} 处错误请改正后重新报送：" if errors else f"{came}。"
    yield from _numbered(errors, MOST_NAMED if has_folder else len(errors))
    if questions:
        yield f"{'另请' if errors else '请'}说明这些企业归哪个区县（返还文件夹里没有列）："
        yield from _numbered(questions, len(questions))
    if remarks:
        yield f"{'另有' if errors or questions else '有'} {remarks} 处提醒请核对，属实的不必改。"
    if issues and has_folder:
        yield "逐条说明见返还文件夹中的《推荐排序结果》“问题清单”表。"


def _numbered(issues: list[CountyIssue], most: int) -> Iterator[str]:
    for number, issue in enumerate(issues[:most], start=1):
        yield f"{number}. {_sentence(issue)}"
    if len(issues) > most:
        yield f"等 {len(issues)} 处。"


def _sentence(issue: CountyIssue) -> str:
    cell = f"{issue.file} {issue.cell}".strip()
    subject = f"{issue.company}（{cell}）" if cell and issue.file != NOT_OURS else issue.company
    answered = "（已收到情况说明。）" if issue.answer else ""
    return f"{subject}：{issue.finding}{answered}" if subject else f"{issue.finding}{answered}"
