"""推荐排序结果.xlsx: what one county gets back. It is written from a view that holds nothing of any other county."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pipeline.issues import ERROR, Issue
from pipeline.rulebook import Rulebook
from pipeline.tables import Results, Standing
from pipeline.writers import layout
from pipeline.writers.book import Book, lines_in
from pipeline.writers.official import company_rows, write_official_form
from pipeline.writers.problems import issue_rows
from pipeline.writers.stamped import output_book, stamp_line, titled

_INTERNAL = "本表含联系人和电话，只供内部使用。"
_NO_ISSUES = "没有发现问题，谢谢。"
_PLACES = "各企业的名次和得分在“附件2”表右侧各栏"
_MAY_CHANGE = "；现为试算，各地补报、改正后还会变动。"
_ERRORS = (
    "错误 {} 处：请按“怎么改”改正原表后重新报送；确属实际情况、无法改正的，请在“情况说明”栏写明原因，连同本表一并报送。"
)
_REMARKS = "提醒 {} 处：请核对，属实的不必改。"
_LIST_HEADER_ROW = 3


@dataclass(frozen=True)
class CountyView:
    """One county's own companies (rows of `official.company_rows`) and issues; no field for another's."""

    rulebook: Rulebook
    date: str
    standing: Standing
    city: str
    county: str
    companies: pd.DataFrame
    issues: list[Issue]


def county_view(results: Results, city: str, county: str) -> CountyView:
    """The part of the results that belongs to one county. The reasons of a 试算 may name others and stay behind."""
    totals = results.totals[(results.totals["city"] == city) & (results.totals["county"] == county)]
    enterprises = results.enterprises[results.enterprises["key"].isin(totals["key"])]
    return CountyView(
        rulebook=results.rulebook,
        date=results.date,
        standing=replace(results.standing, reasons=()),
        city=city,
        county=county,
        companies=company_rows(totals, enterprises),
        issues=[
            issue
            for issue in results.issues
            if (issue.city, issue.county) == (city, county) and issue.code.startswith(layout.COUNTY_LETTERS)
        ],
    )


def write_returned(path: Path, results: Results, city: str, county: str) -> None:
    """The workbook of one county: 问题清单 with room for its answers, then 附件2 with its places and points."""
    view = county_view(results, city, county)
    title = f"{city}{county}{view.rulebook.titles.returned}"
    with output_book(path, view.date, title, view.standing) as book:
        _write_issues(book, view, title)
        columns = (
            *layout.nomination_columns(view.rulebook),
            *layout.county_columns(view.rulebook, trial=not view.standing.final),
        )
        write_official_form(book, view.rulebook, view.standing, view.companies, columns, _INTERNAL)


def _write_issues(book: Book, view: CountyView, title: str) -> None:
    """Sheet 问题清单: number, place, what was typed, what is wrong, how to mend it, and an empty 情况说明."""
    columns = layout.COUNTY_ISSUES
    last = len(columns) - 1
    labels = {item.id: item.label for item in view.rulebook.indicators}
    sheet = book.sheet("问题清单", landscape=True, header_rows=(_LIST_HEADER_ROW, _LIST_HEADER_ROW))
    book.merge(sheet, (0, 0, 0, last), titled(f"{title}：问题清单", view.standing), "title", height=34)
    guide = _guide(view)
    height = 17 * lines_in(guide, sum(column.width for column in columns))
    book.merge(sheet, (1, 0, 1, last), guide, "plain", height=height)
    book.merge(sheet, (2, 0, 2, last), stamp_line(view.standing), "note", height=16)
    book.header(sheet, _LIST_HEADER_ROW, columns, height=24)
    sheet.freeze_panes(_LIST_HEADER_ROW + 1, 0)
    top = _LIST_HEADER_ROW + 1
    end = book.rows(sheet, top, columns, issue_rows(view.issues, labels, columns))
    if view.issues:
        sheet.autofilter(_LIST_HEADER_ROW, 0, end - 1, last)
    else:
        book.merge(sheet, (end, 0, end, last), _NO_ISSUES, "center", height=22)


def _guide(view: CountyView) -> str:
    """What to do with the list, and where the places stand."""
    errors = sum(issue.level == ERROR for issue in view.issues)
    remarks = len(view.issues) - errors
    return "".join([
        _ERRORS.format(errors) if errors else "",
        _REMARKS.format(remarks) if remarks else "",
        _PLACES,
        "。" if view.standing.final else _MAY_CHANGE,
    ])  # fmt: skip
