"""问题清单.xlsx: the files that arrived, the counties that owe a return, and every issue with its cell and its fix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

from pipeline.issues.catalogue import ERROR
from pipeline.issues.issue import Issue
from pipeline.issues.phones import mask_phones
from pipeline.issues.words import finding_of, fix_of, found_of, listed, shown_where
from pipeline.model.forms import FILE_KINDS
from pipeline.model.results import Results
from pipeline.model.returns import counted, county_returns
from pipeline.model.tables import STATUS_ORDER
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.listing import rows_of, write_block, write_listing
from pipeline.writers.book.stamped import output_book, stamp_line, titled
from pipeline.writers.book.workbook import Book, Cell, Column, Styled
from pipeline.writers.layout.orders import NO_ORDERS, ORDERS_SHEET, order_columns, order_rows
from pipeline.writers.layout.problems import FILES, ISSUES, REMINDERS
from pipeline.writers.problems.comparison import add_comparison
from pipeline.writers.problems.reminders import Reminder, all_reminders

Count = tuple[str, int, str]  # label, number, note

_COUNTS = (Column("label", "类别", 34), Column("count", "数目", 12, "whole"), Column("share", "说明", 70))


def write_problems(path: Path, results: Results) -> None:
    """Writes the workbook: 概况, 收件台账, 催报, 明细, 县级排序对照, and the comparison if there is one. It holds no contacts."""
    labels = results.rulebook.labels
    with output_book(path, results.date, results.rulebook.titles.problems, results.standing) as book:
        _write_overview(book, results)
        files = results.files.assign(
            order=range(1, len(results.files) + 1),
            kind=[FILE_KINDS.get(kind, kind) for kind in results.files["kind"]],
            sha256=results.files["sha256"].str[:12],
            **{name: results.files[name].map(mask_phones) for name in ("sheet", "remark")},
        )
        write_listing(book, "收件台账", FILES, rows_of(files, FILES), results.standing, frozen_columns=2)
        texts = [[_reminder_cell(reminder, column) for column in REMINDERS] for reminder in all_reminders(results)]
        write_listing(book, "催报", REMINDERS, texts, results.standing, frozen_columns=2)
        rows = issue_rows(results.issues, labels, ISSUES)
        write_listing(book, "明细", ISSUES, rows, results.standing, frozen_columns=3, empty="没有发现问题。")
        columns = order_columns(results.rulebook.scope)
        write_listing(book, ORDERS_SHEET, columns, order_rows(results.orders), results.standing, empty=NO_ORDERS)
        if results.comparison:
            add_comparison(book, results.comparison, results.rulebook, results.standing)


def issue_rows(issues: list[Issue], labels: Mapping[str, str], columns: tuple[Column, ...]) -> Iterable[list[Cell]]:
    """Per issue its number and the values of `columns`, all of which occur in ISSUES; the level is coloured."""
    for number, issue in enumerate(issues, start=1):
        tint = "error_center" if issue.level == ERROR else "remark_center"
        where = shown_where(issue.where)
        values: dict[str, Cell] = {
            "order": number,
            "id": issue.id,
            "level": Styled(issue.level, tint),
            "city": issue.city,
            "county": issue.county,
            "company": issue.company,
            "file": where.file,
            "sheet": where.sheet,
            "cell": where.cell,
            "found": found_of(issue),
            "finding": finding_of(issue, labels),
            "fix": fix_of(issue, labels),
            "state": issue.state,
            "statement": issue.statement,
        }
        yield [values[column.id] for column in columns]


def _reminder_cell(reminder: Reminder, column: Column) -> Cell:
    """One field of a reminder; the state is red for 未交 and errors, yellow for remarks."""
    if column.id != "state":
        return cast(Cell, getattr(reminder, column.id))
    tint = "error_center" if reminder.owing else "remark_center" if reminder.remarks else "center"
    return Styled(reminder.state, tint)


def _write_overview(book: Book, results: Results) -> None:
    """Sheet 概况: 试算 or 正式 and why, and the numbers of counties, companies, files, issues and decisions."""
    sheet = book.sheet("概况")
    book.merge(sheet, (0, 0, 0, 2), titled(results.rulebook.titles.problems, results.standing), "title", height=34)
    standing = results.standing
    reasons = "；".join(standing.reasons)
    sentence = f"本次为{standing.label}。" + (f"原因：{reasons}。" if reasons else "")
    book.merge(sheet, (1, 0, 1, 2), sentence, "plain", height=17 * lines_in(sentence, 110))
    row = write_block(book, sheet, 3, "区县", _COUNTS, _county_counts(results))
    row = write_block(book, sheet, row, "企业", _COUNTS, _company_counts(results))
    row = write_block(book, sheet, row, "文件", _COUNTS, _file_counts(results))
    row = write_block(book, sheet, row, "问题", _COUNTS, _issue_counts(results.issues))
    if results.decisions:
        row = write_block(book, sheet, row, "人工决定", _COUNTS, _decision_counts(results.decisions))
    book.put(sheet, row, 0, stamp_line(standing), "stamp")


def _county_counts(results: Results) -> list[Count]:
    """The number of counties by state; what is expected is 已交 and 未交, what is 已交 is the three lines below it."""
    counties = county_returns(results)
    counts = counted(counties)
    partly = f"其中 {counts.missing_list_only} 个只缺附件2，见“催报”" if counts.missing_list_only else "见“催报”"
    rows = [
        ("应报", counts.expected, "规则文件中的区县名单，不含不在本次范围的市；等于已交加未交"),
        ("已交", counts.received, "收到附件2或零报送；市里统一报送的名单，企业计在各自的区县"),
        ("　无问题", counts.clean, f"没有错误和提醒（其中零报送 {counts.nil} 个）"),
        ("　只有提醒", counts.with_remarks, "没有错误，有提醒待核对，属实的不必改"),
        ("　有错误", counts.with_errors, "有错误待改正，或有企业看不出应归哪个区县"),
        ("未交", counts.missing, f"没有收到附件2，也没有零报送；{partly}"),
    ]
    if counts.beyond:
        names = listed((f"{county.city}{county.county}" for county in counties if not county.expected), unit="个")
        rows.append(("名单以外", counts.beyond, f"不在应报名单中，另有来件，不计入以上各数：{names}"))
    lists = results.files[(results.files["kind"] == "nomination") & (results.files["county"] == "")]
    lists = lists[~lists["path"].isin(list(results.senders))]  # those lie in a county's folder
    if of_cities := lists[lists["city"] != ""]["path"].nunique():
        rows.append(("市里的名单", of_cities, "份，市里统一报送的附件2，本身不算区县"))
    return rows


def _company_counts(results: Results) -> list[Count]:
    notes = {
        "已排名": "列入推荐排序表和公示名单",
        "暂排": "有未得分的项，列在已排名之后",
        "未评分": "被推荐，没有可用的附件1",
        "未推荐": "有附件1，没有推荐",
        "不予推荐": "经信部门不予推荐",
        "已剔除": "经人工决定剔除",
    }
    counts = results.totals["status"].value_counts()
    rows = [(status, int(counts.get(status, 0)), notes[status]) for status in STATUS_ORDER]
    return [*rows, ("合计", len(results.totals), "")]


def _file_counts(results: Results) -> list[Count]:
    paths = results.files.groupby("kind", sort=True)["path"].nunique()
    sheets = results.files[results.files["sheet"] != ""].groupby("kind", sort=True).size()
    rows = [
        (label, int(paths[kind]), f"{sheets[kind]} 张工作表" if kind in sheets else "")
        for kind, label in FILE_KINDS.items()
        if kind in paths
    ]
    return [*rows, ("全部文件", results.files["path"].nunique(), "一个文件可含几种表，各类之和可大于此数")]


def _decision_counts(decisions: list[dict[str, str]]) -> list[Count]:
    counts = Counter((decision["kind"], decision["state"]) for decision in decisions)
    return [(kind, count, f"{state}，逐条见审计底稿“人工决定”") for (kind, state), count in counts.items()]


def _issue_counts(issues: list[Issue]) -> list[Count]:
    errors = [issue for issue in issues if issue.level == ERROR]
    accepted = sum(issue.state == "已接受" for issue in issues)
    return [
        ("错误", len(errors), f"待处理 {sum(issue.open_error for issue in errors)} 处；改正后重新报送"),
        ("提醒", len(issues) - len(errors), "请核对，属实的不必改"),
        ("已接受", accepted, "经人工决定接受说明的"),
    ]
