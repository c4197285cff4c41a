"""报告.html: the results on one page for reading and printing, in one file that loads nothing.

It contains no contacts, no names of experts and no names of the files that experts filled in, and it does not list
companies without a nomination.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.issues.catalogue import ERROR, REMARK
from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_phones
from pipeline.issues.words import finding_of, fix_of, shown_where
from pipeline.model.display import is_missing, long_date, number_text, percentage, shown, shown_column
from pipeline.model.expert_names import ExpertNames, expert_names_of
from pipeline.model.forms import FILE_KINDS
from pipeline.model.results import Results
from pipeline.model.returns import ReturnCounts, city_returns, counted, county_returns, error_counts
from pipeline.model.rulebook import Rulebook
from pipeline.model.selected import SELECTED, UNDECIDED
from pipeline.model.tables import STATUS_ORDER
from pipeline.writers.layout.common import DECISIONS
from pipeline.writers.layout.rules import decision_rows
from pipeline.writers.layout.selection import LINES, line_rows, selection_sentence
from pipeline.writers.page.report_confidence import confidence_section
from pipeline.writers.page.template import write_page

LONG_RANKING, SHOWN_OF_LONG = 2000, 500  # companies; a page with more than 2000 is too slow to scroll
SHOWN_ISSUES = 300
LISTED_STATUSES = ("已排名", "暂排", "未评分")
NOT_READ_KINDS = ("unreadable", "unrecognised")

_EXPERT_FINDING = "专家评分有需要核对之处，内容见问题清单.xlsx。"

_SECTION_NOTES = {
    "已排名": "",
    "暂排": "有缺项，按已有得分暂列，括号内为参考名次",
    "未评分": "已推荐，但没有可用的附件1",
}
_BAR_WIDTH = 200

_DECISION_FIELDS = [column.id for column in DECISIONS]

Figures = dict[tuple[str, str, str], float]  # (level, region, item of 附件3) -> value


def write_report(path: Path, results: Results) -> None:
    """Writes the page at `path`."""
    write_page(path, "report.html.j2", _page(results))


def _page(results: Results) -> dict[str, Any]:
    """The values for the template, section by section. Every figure is already formatted as text."""
    rulebook = results.rulebook
    return {
        "title": rulebook.titles.report,
        "province": rulebook.scope_name,
        "date": long_date(results.date),
        "standing": results.standing,
        "version": rulebook.version,
        "cards": _cards(results),
        "cities": (cities := _cities(results)),
        "other_errors": _other_errors(results, cities),
        "dimensions": rulebook.dimensions,
        "objective_points": sum(item.points for item in rulebook.ratio_indicators),
        "total_points": sum(item.points for item in rulebook.indicators),
        "selection": _selection(results),
        "ranking": _ranking(results),
        "confidence": confidence_section(results, SHOWN_ISSUES),
        "pool_headers": [
            rulebook.pool_words.label(item)
            for item in (*map(str, rulebook.pool.years), "cumulative", "target", "progress")
        ],
        "progress": _progress(results),
        "issues": _issues(results),
        "rulings": rulebook.assumed_rulings,
        "decisions": _decisions(results),
        "files": _files(results.files),
    }


def _selection(results: Results) -> dict[str, Any]:
    """拟认定: its sentence, and a row for each line that has candidates or was to take some; no rows when nobody is
    selected."""
    lines = [
        {**dict(zip((column.id for column in LINES), row, strict=True)), "quota": number_text(row[1])}
        for row in line_rows(results.selected)
    ]
    return {"sentence": selection_sentence(results), "lines": lines, "headers": [column.label for column in LINES]}


def _decisions(results: Results) -> list[dict[str, str]]:
    """The decisions by field of DECISIONS, without the names of experts."""
    rows = decision_rows(expert_names_of(results).without_names(results.decisions))
    return [dict(zip(_DECISION_FIELDS, row, strict=True)) for row in rows]


def _cards(results: Results) -> list[dict[str, Any]]:
    """The cards of the summary: label, figure, and the notes below it."""
    files = results.files
    counts = counted(county_returns(results))
    statuses = Counter(results.totals["status"])
    levels = Counter(issue.level for issue in results.issues if issue.state != "已接受")
    not_read = files.loc[files["kind"].isin(NOT_READ_KINDS), "path"].nunique()
    return [
        _card("已交区县", f"{counts.received} / {counts.expected}", _county_notes(counts)),
        _card("企业", len(results.totals), [f"{name} {statuses[name]}" for name in STATUS_ORDER if statuses[name]]),
        _card("收到文件", files["path"].nunique(), [f"读不出或没有认出 {not_read}"]),
        _card("待处理问题", levels[ERROR] + levels[REMARK], [f"{level} {levels[level]}" for level in (ERROR, REMARK)]),
    ]


def _county_notes(counts: ReturnCounts) -> list[str]:
    named = {
        "未交": counts.missing,
        "无问题": counts.clean,
        "只有提醒": counts.with_remarks,
        "有错误": counts.with_errors,
        "名单以外": counts.beyond,
    }
    return [f"{name} {count}" for name, count in named.items() if count]


def _card(label: str, figure: int | str, notes: list[str]) -> dict[str, Any]:
    return {"label": label, "figure": figure, "notes": notes}


def _cities(results: Results) -> list[dict[str, Any]]:
    """A row for each city, in the notice's order: its counties expected and heard from, companies by status, open
    errors as 催报 counts them."""
    returns = {city.city: city for city in city_returns(results, county_returns(results))}
    counts = {name: counted(city.counties) for name, city in returns.items()}
    companies = Counter(zip(results.totals["city"], results.totals["status"], strict=True))
    return [
        {
            "city": city,
            "heard": counts[city].received,
            "expected": counts[city].expected,
            "companies": [companies[city, status] for status in LISTED_STATUSES],
            "errors": returns[city].every_error,
        }
        for city in results.rulebook.cities_in_scope
        if city in counts and counts[city].expected
    ]


def _other_errors(results: Results, cities: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """The open errors that are in no city's row: on marks, and all others; with the cities' they are all there are."""
    experts = error_counts(results).experts
    every = sum(issue.open_error for issue in results.issues)
    others = every - experts - sum(row["errors"] for row in cities)
    return [(label, count) for label, count in (("专家评分", experts), ("省里的材料和看不出哪个市的", others)) if count]


def _ranking(results: Results) -> dict[str, Any]:
    """The sections of the ranking (已排名, 暂排, 未评分), their companies in the order of the totals."""
    totals = results.totals[results.totals["status"].isin(LISTED_STATUSES)]
    count = len(totals)
    totals = totals.assign(**results.selected.fields_of(totals["key"]))
    listed = totals.head(SHOWN_OF_LONG if count > LONG_RANKING else count)
    listed = listed.assign(total_text=shown_column(listed["total"].tolist(), listed["provisional_rank"].tolist()))
    sections = []
    for status in LISTED_STATUSES:
        rows = listed[listed["status"] == status].to_dict("records")
        if rows:
            companies = [_company(row, results.rulebook) for row in rows]
            total = int((totals["status"] == status).sum())
            sections.append({"status": status, "note": _SECTION_NOTES[status], "count": total, "companies": companies})
    return {"sections": sections, "count": count, "shown": len(listed)}


def _company(row: Mapping[Hashable, Any], rulebook: Rulebook) -> dict[str, Any]:
    """A row of the ranking from a row of the totals; the rank of a 暂排 company in brackets."""
    rank = "—" if is_missing(row["provisional_rank"]) else str(int(row["provisional_rank"]))
    lacking = row["status"] == "暂排" and not is_missing(row["missing"])
    return {
        "rank": f"（{rank}）" if row["status"] == "暂排" and rank != "—" else rank,
        "name": row["company"],
        "note": f"缺 {int(row['missing'])} 项" if lacking else "",
        "selected": _selected_words(row["selected"], row["selected_by"]),
        "city": row["city"],
        "county": row["county"],
        "points": [shown(row.get(dimension.id)) or "—" for dimension in rulebook.dimensions],
        "total": row["total_text"] or "—",
    }


def _selected_words(state: str, by: str) -> str:
    """拟认定（市名额） or 待定 behind a company's name; "" for one that is not selected."""
    return {SELECTED: f"{state}（{by}）", UNDECIDED: state}.get(state, "")


def _progress(results: Results) -> list[dict[str, Any]]:
    """The levels of 附件3, each with its title and a row with a bar for each region. Levels without a figure are left
    out. `longest` is the ratio that the longest bar shows, at least 1 so that every bar has room for the target."""
    columns = ("level", "region", "item", "value")
    rows_of_regions = zip(*(results.regions[name].tolist() for name in columns), strict=True)
    values: Figures = {(level, region, item): value for level, region, item, value in rows_of_regions}
    ratios = [value for (_, _, item), value in values.items() if item == "progress" and not is_missing(value)]
    longest = max([1.0, *ratios])
    levels = []
    for level in results.rulebook.pool.levels:
        rows = [
            _region(values, level.id, region, results.rulebook, longest) for region in results.rulebook.pool_regions
        ]
        if any(row["filled"] for row in rows):
            goal = shown(_BAR_WIDTH / longest, 1)
            levels.append({"id": level.id, "title": level.title, "rows": rows, "goal": goal, "width": _BAR_WIDTH})
    return levels


def _region(values: Figures, level: str, region: str, rulebook: Rulebook, longest: float) -> dict[str, Any]:
    """A row of a level of 附件3: figures as text, 完成进度 as a percentage, the length of its bar."""
    figures = [values.get((level, region, str(year))) for year in rulebook.pool.years]
    cumulative, target, ratio = (values.get((level, region, item)) for item in ("cumulative", "target", "progress"))
    return {
        "region": region,
        "total": region == rulebook.pool.total_label,
        "figures": [shown(value, 0) or "—" for value in (*figures, cumulative, target)],
        "filled": not all(is_missing(value) for value in figures),
        "progress": percentage(ratio) or "—",
        "reached": ratio is not None and not is_missing(ratio) and ratio >= 1,
        "bar": "" if ratio is None or is_missing(ratio) else shown(_BAR_WIDTH * max(0.0, ratio) / longest, 1),
    }


def _issues(results: Results) -> dict[str, Any]:
    """The first SHOWN_ISSUES open issues, errors before remarks, grouped by county."""
    labels = results.rulebook.labels
    experts = expert_names_of(results)
    open_issues = [issue for issue in results.issues if issue.state != "已接受"]
    rank = results.rulebook.region_order.rank
    ordered = sorted(
        open_issues,
        key=lambda issue: (issue.level != ERROR, not issue.county, rank(issue.city, issue.county)),
    )
    counts = Counter((issue.level, issue.city, issue.county) for issue in ordered)
    levels = []
    for level, of_level in groupby(ordered[:SHOWN_ISSUES], key=lambda issue: issue.level):
        groups = [
            {
                "region": f"{city}{county}" or results.rulebook.scope.worded("全省或区县未定"),
                "count": counts[level, city, county],
                "rows": [_issue(issue, labels, experts) for issue in issues],
            }
            for (city, county), issues in groupby(of_level, key=lambda issue: (issue.city, issue.county))
        ]
        levels.append({"level": level, "count": sum(issue.level == level for issue in ordered), "groups": groups})
    return {"levels": levels, "count": len(ordered), "shown": min(len(ordered), SHOWN_ISSUES)}


def _issue(issue: Issue, labels: Mapping[str, str], experts: ExpertNames) -> dict[str, str]:
    """A row of the issues; one about an expert or an expert's file quotes nothing of it."""
    if experts.may_stand_in(issue):
        return {"id": issue.id, "company": issue.company, "file": "", "cell": "", "finding": _EXPERT_FINDING, "fix": ""}
    where = shown_where(issue.where)
    return {
        "id": issue.id,
        "company": issue.company,
        "file": where.file,
        "cell": " ".join(part for part in where[1:] if part),
        "finding": finding_of(issue, labels),
        "fix": fix_of(issue, labels),
    }


def _files(files: pd.DataFrame) -> dict[str, Any]:
    """The number of lines of 收件台账 by kind, and the files that were not read."""
    counts = Counter(files["kind"])
    not_read = files[files["kind"].isin(NOT_READ_KINDS)].to_dict("records")
    kinds = [{"label": label, "count": counts[kind]} for kind, label in FILE_KINDS.items() if counts[kind]]
    listed = [
        {
            **row,
            "kind": FILE_KINDS[row["kind"]],
            **{name: mask_phones(row[name]) for name in ("path", "sheet", "remark")},
        }
        for row in not_read[:SHOWN_ISSUES]
    ]
    return {"kinds": kinds, "not_read": listed, "not_read_count": len(not_read)}
