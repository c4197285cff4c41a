"""市汇总: what a city gets back of all its counties. It is written from the city's own material, as a county's workbook is from
the county's: nothing in it is of another city, names in the names of files included."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, cast

import pandas as pd

from pipeline.issues.catalogue import ERROR
from pipeline.issues.phones import mask_phones
from pipeline.model.forms import FILE_KINDS
from pipeline.model.results import Results, Standing
from pipeline.model.rulebook import Rulebook
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.listing import rows_of, with_distinct_totals, write_listing
from pipeline.writers.book.stamped import output_book, stamp_line, titled
from pipeline.writers.book.workbook import MAX_HEIGHT, Book, Cell, Styled
from pipeline.writers.layout.city import CITY_FILES, CITY_ISSUES, CITY_REMINDERS, city_ranking_columns
from pipeline.writers.layout.companies import company_rows, item_scores
from pipeline.writers.layout.county_issues import CountyIssue, OwnMaterial, county_issues
from pipeline.writers.layout.own_decisions import DECISIONS_SHEET, OWN_DECISIONS, own_decision_rows
from pipeline.writers.problems.reminders import Reminder, reminders_of_city

CHASING_SHEET, FILES_SHEET, ISSUES_SHEET, RANKING_SHEET = "催报", "收件台账", "未解决的问题", "排名"
_GUIDE = (
    "本表是{city}各区县的汇总：“催报”上面一段可直接发给市里有关同志，下面各行可发给区县；“收件台账”是收到的文件；"
    "“未解决的问题”逐条写明在哪一格、怎么改，改正和情况说明请在各区县自己的《推荐排序结果》里办；“排名”是各企业的名次和得分。"
)
_HEADER_ROW = 4


class CityView(NamedTuple):
    """One city's part of the results: its reminders, its files, its open issues in words that it may read, its nominated
    companies (rows of `company_rows`) with their points by item, and the decisions about them (rows of OWN_DECISIONS)."""

    rulebook: Rulebook
    date: str
    standing: Standing
    city: str
    text: str
    reminders: list[Reminder]
    files: pd.DataFrame
    issues: list[CountyIssue]
    companies: pd.DataFrame
    decisions: list[list[Cell]]


def city_view(results: Results, city: str) -> CityView:
    """The part of the results that belongs to one city, without the reasons of a 试算, which may name others."""
    material = OwnMaterial(results, city, "")
    totals = results.totals[(results.totals["city"] == city) & (results.totals["status"] != "未推荐")]
    enterprises = results.enterprises[results.enterprises["key"].isin(totals["key"])]
    text, reminders = reminders_of_city(results, city)
    companies = company_rows(totals, enterprises)
    scores = results.scores[results.scores["key"].isin(totals["key"])]
    points = item_scores(scores, companies["key"], results.rulebook, ["score"])
    return CityView(
        rulebook=results.rulebook,
        date=results.date,
        standing=results.standing.without_reasons,
        city=city,
        text=text,
        reminders=reminders,
        files=_own_files(results.files[results.files["city"] == city], material),
        issues=county_issues(results, material),
        companies=with_distinct_totals(pd.concat([companies, points], axis=1)),
        decisions=own_decision_rows(results, material),
    )


def _own_files(files: pd.DataFrame, material: OwnMaterial) -> pd.DataFrame:
    """收件台账 of the city; names of others in the names of its files are …."""
    shown = {name: [material.masked(mask_phones(text)) for text in files[name]] for name in ("path", "sheet", "remark")}
    companies = [material.masked(company) for company in files["company"]]
    kinds = [FILE_KINDS.get(kind, kind) for kind in files["kind"]]
    return files.assign(order=range(1, len(files) + 1), kind=kinds, company=companies, **shown)


def write_city(path: Path, results: Results, city: str) -> None:
    """Writes the workbook of one city: 催报, 收件台账, 未解决的问题 and 排名. It holds no contacts."""
    view = city_view(results, city)
    title = f"{city}{view.rulebook.titles.returned}汇总"
    with output_book(path, view.date, title, view.standing) as book:
        _write_chasing(book, view, title)
        write_listing(
            book,
            FILES_SHEET,
            CITY_FILES,
            rows_of(view.files, CITY_FILES),
            view.standing,
            frozen_columns=2,
            empty="没有收到文件。",
        )
        issues = map(_issue_row, view.issues)
        write_listing(
            book, ISSUES_SHEET, CITY_ISSUES, issues, view.standing, frozen_columns=4, empty="没有发现问题，谢谢。"
        )
        columns = city_ranking_columns(view.rulebook, trial=not view.standing.final)
        frozen = [column.id for column in columns].index("company") + 1
        rows = rows_of(view.companies, columns)
        write_listing(
            book,
            RANKING_SHEET,
            columns,
            rows,
            view.standing,
            frozen_columns=frozen,
            empty="没有推荐的企业。",
        )
        if view.decisions:
            write_listing(book, DECISIONS_SHEET, OWN_DECISIONS, view.decisions, view.standing)


def _write_chasing(book: Book, view: CityView, title: str) -> None:
    """Sheet 催报: the text for the city, and below it a line for each of its counties."""
    sheet = book.sheet(CHASING_SHEET, landscape=True, header_rows=(_HEADER_ROW, _HEADER_ROW))
    last, width = len(CITY_REMINDERS) - 1, sum(column.width for column in CITY_REMINDERS)
    book.merge(sheet, (0, 0, 0, last), titled(title, view.standing), "title", height=34)
    guide = _GUIDE.format(city=view.city)
    book.merge(sheet, (1, 0, 1, last), guide, "plain", height=17 * lines_in(guide, width))
    book.merge(sheet, (2, 0, 2, last), stamp_line(view.standing), "note", height=16)
    book.merge(sheet, (3, 0, 3, last), view.text, "plain", height=min(MAX_HEIGHT, 17 * lines_in(view.text, width)))
    book.header(sheet, _HEADER_ROW, CITY_REMINDERS, height=24)
    sheet.freeze_panes(_HEADER_ROW + 1, 1)
    book.rows(sheet, _HEADER_ROW + 1, CITY_REMINDERS, map(_reminder_row, view.reminders))


def _reminder_row(reminder: Reminder) -> Sequence[Cell]:
    """The values of CITY_REMINDERS; the state is red for what is owed, yellow for remarks."""
    tint = "error_center" if reminder.owing else "remark_center" if reminder.remarks else "center"
    values = reminder._asdict() | {"state": Styled(reminder.state, tint)}
    return [cast(Cell, values[column.id]) for column in CITY_REMINDERS]


def _issue_row(issue: CountyIssue) -> Sequence[Cell]:
    """The values of CITY_ISSUES; the level is tinted."""
    level = Styled(issue.level, "error_center" if issue.level == ERROR else "remark_center")
    values = issue._asdict() | {"level": level}
    return [cast(Cell, values[column.id]) for column in CITY_ISSUES]
