"""推荐排序结果.xlsx: the workbook that one county gets back, written from a view without data of any other county."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.issues.catalogue import ERROR
from pipeline.model.limits import MOST_PAGES
from pipeline.model.results import Results, Standing
from pipeline.model.rulebook import Rulebook
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.listing import write_listing
from pipeline.writers.book.stamped import output_book, stamp_line, titled
from pipeline.writers.book.workbook import Book, Cell, Styled
from pipeline.writers.county.pages import CompanyTotals, ItemScore, Page, link_to, sheet_names, write_page
from pipeline.writers.layout.companies import company_rows
from pipeline.writers.layout.county import COUNTY_ISSUES, county_columns
from pipeline.writers.layout.county_issues import CountyIssue, OwnMaterial, count_levels, county_issues
from pipeline.writers.layout.official import nomination_columns
from pipeline.writers.layout.orders import ORDERS_SHEET, order_columns, order_rows
from pipeline.writers.layout.own_decisions import DECISIONS_SHEET, OWN_DECISIONS, own_decision_rows
from pipeline.writers.official.form import write_official_form
from pipeline.writers.official.questioned import Questioned, questioned_figures

ISSUES_SHEET, FORM_SHEET = "问题清单", "附件2"

_INTERNAL = "本表含联系人和电话，只供内部使用。点企业名称可看它的得分是怎么来的。要改数，请改报来的附件1、附件2或“已标注”里的副本，在本表里改的不算。"
_NO_ISSUES = "没有发现问题，谢谢。"
_OPEN_COMPANIES = (
    "本区县报来的企业有 {} 家还定不下归哪个区县（别处也报了这家企业，或几处写的区县不一致），没有列在本表中，暂不参加排名。"
    "确属本区县的，材料不必改，请告诉省级办公室；不属本区县的，请从附件2中删去。"
)
_WHERE_RANKS_STAND = "各企业的名次和得分在“附件2”表右侧各栏，每一项怎么得的分在各企业自己的表里"
_NOT_ALL_PAGES = "（只有前 {} 家有）"
_MAY_CHANGE = "；现为试算，各地补报、改正后还会变动。"
_ERRORS = (
    "错误 {} 处：请按“怎么改”改正原表后重新报送；确属实际情况、无法改正的，请在“情况说明”栏写明原因，连同本表一并报送。"
)
_REMARKS = "提醒 {} 处：请核对，属实的不必改。"
_LIST_HEADER_ROW = 3


@dataclass(frozen=True)
class CountyView:
    """One county's companies (rows of `company_rows`), their scores (rows of SCORES) and its open issues in words
    that it may read. decisions: rows of OWN_DECISIONS; undecided: how many companies in its files have no county yet."""

    rulebook: Rulebook
    date: str
    standing: Standing
    city: str
    county: str
    companies: pd.DataFrame
    scores: pd.DataFrame
    issues: list[CountyIssue]
    undecided: int = 0
    questioned: Questioned = field(default_factory=dict)
    orders: pd.DataFrame = field(default_factory=pd.DataFrame)
    decisions: list[list[Cell]] = field(default_factory=list)


def county_view(results: Results, city: str, county: str) -> CountyView:
    """The part of the results that belongs to one county, without the reasons of a 试算, which may name others."""
    in_county = (results.totals["city"] == city) & (results.totals["county"] == county)
    totals = results.totals[in_county]
    items = len(results.rulebook.indicators)  # the rows of scores of each company, in the order of totals
    rows = (np.flatnonzero(in_county.to_numpy())[:, np.newaxis] * items + np.arange(items)).ravel()
    enterprises = results.enterprises[results.enterprises["key"].isin(totals["key"])]
    material = OwnMaterial(results, city, county)
    return CountyView(
        rulebook=results.rulebook,
        date=results.date,
        standing=results.standing.without_reasons,
        city=city,
        county=county,
        companies=company_rows(totals, _as_nominated_here(enterprises, material)),
        scores=_as_assessed_here(results.scores.iloc[rows], enterprises, material),
        issues=county_issues(results, material),
        undecided=len(material.undecided),
        questioned=questioned_figures(enterprises, results.issues, results.standing),
        orders=results.orders[results.orders["key"].isin(totals["key"])],
        decisions=own_decision_rows(results, material),
    )


def _as_nominated_here(enterprises: pd.DataFrame, material: OwnMaterial) -> pd.DataFrame:
    """The enterprises with the columns of 附件2 blank where another county typed them."""
    elsewhere = enterprises["where"].map(lambda where: not material.holds(where)) & enterprises["nominated"]
    if not elsewhere.any():
        return enterprises
    texts = {
        name: enterprises[name].where(~elsewhere, "") for name in ("business", "contact", "phone", "recommendation")
    }
    figures = {name: enterprises[name].where(~elsewhere) for name in ("revenue", "profit", "it_spend", "cloud_spend")}
    return enterprises.assign(**texts, **figures)


def _as_assessed_here(scores: pd.DataFrame, enterprises: pd.DataFrame, material: OwnMaterial) -> pd.DataFrame:
    """The scores, without N and M where the form that is used came from another county."""
    elsewhere = enterprises["form_where"].map(lambda where: any(where) and not material.holds(where))
    if not elsewhere.any():
        return scores
    hidden = scores["key"].isin(enterprises["key"][elsewhere])
    return scores.assign(n=scores["n"].where(~hidden), m=scores["m"].where(~hidden))


def write_returned(path: Path, results: Results, city: str, county: str, copies_said: Sequence[str] = ()) -> None:
    """Writes the workbook of one county: 问题清单 with room for its answers, 附件2 with ranks and points, 县级排序对照, and for each company
    a page that explains its points, up to MOST_PAGES. copies_said: the lines about the marked copies, below the list."""
    view = county_view(results, city, county)
    title = f"{city}{county}{view.rulebook.titles.returned}"
    names = sheet_names(
        view.companies["company"][:MOST_PAGES], (ISSUES_SHEET, FORM_SHEET, ORDERS_SHEET, DECISIONS_SHEET)
    )
    links = {key: link_to(name) for key, name in zip(view.companies["key"][:MOST_PAGES], names, strict=True)}
    with output_book(path, view.date, title, view.standing) as book:
        _write_issues(book, view, title, copies_said)
        columns = (
            *nomination_columns(view.rulebook),
            *county_columns(view.rulebook, trial=not view.standing.final),
        )
        write_official_form(
            book,
            view.rulebook,
            view.standing,
            view.companies,
            columns,
            view.questioned,
            links,
            date=view.date,
            note=stamp_line(view.standing) + _INTERNAL,
        )
        if len(view.orders):
            columns = order_columns(view.rulebook.scope)
            write_listing(book, ORDERS_SHEET, columns, order_rows(view.orders), view.standing)
        if view.decisions:
            write_listing(book, DECISIONS_SHEET, OWN_DECISIONS, view.decisions, view.standing)
        for name, page in zip(names, islice(_pages(view), MOST_PAGES), strict=True):
            write_page(book, name, page, view.rulebook, view.standing)


def _pages(view: CountyView) -> Iterable[Page]:
    """A page for each company, in the order of 附件2."""
    scores: dict[str, dict[str, ItemScore]] = {}
    for row in zip(*(view.scores[name].tolist() for name in ItemScore._fields), strict=True):
        score = ItemScore._make(row)
        scores.setdefault(score.key, {})[score.indicator] = score
    dimensions = [dimension.id for dimension in view.rulebook.dimensions]
    fields = CompanyTotals._fields[:-1]
    names = ("key", *fields, *dimensions)
    issues: defaultdict[str, list[CountyIssue]] = defaultdict(list)
    for issue in view.issues:
        issues[issue.company].append(issue)
    for key, *values in zip(*(view.companies[name].tolist() for name in names), strict=True):
        points = dict(zip(dimensions, values[len(fields) :], strict=True))
        company = CompanyTotals._make([*values[: len(fields)], points])
        yield Page(company, scores[key], issues[company.company], _LIST_HEADER_ROW)


def _write_issues(book: Book, view: CountyView, title: str, copies_said: Sequence[str]) -> None:
    """Writes 问题清单, a row for each issue. 情况说明 is to be filled in and shows what the county wrote there before."""
    columns = COUNTY_ISSUES
    last = len(columns) - 1
    sheet = book.sheet(ISSUES_SHEET, landscape=True, header_rows=(_LIST_HEADER_ROW, _LIST_HEADER_ROW))
    book.merge(sheet, (0, 0, 0, last), titled(f"{title}：{ISSUES_SHEET}", view.standing), "title", height=34)
    guide = _guide(view)
    height = 17 * lines_in(guide, sum(column.width for column in columns))
    book.merge(sheet, (1, 0, 1, last), guide, "plain", height=height)
    book.merge(sheet, (2, 0, 2, last), stamp_line(view.standing), "note", height=16)
    book.header(sheet, _LIST_HEADER_ROW, columns, height=24)
    sheet.freeze_panes(_LIST_HEADER_ROW + 1, 0)
    end = book.rows(sheet, _LIST_HEADER_ROW + 1, columns, map(_issue_row, view.issues))
    if view.issues:
        sheet.autofilter(_LIST_HEADER_ROW, 0, end - 1, last)
    elif not view.undecided:
        book.merge(sheet, (end, 0, end, last), _NO_ISSUES, "center", height=22)
    open_said = [_OPEN_COMPANIES.format(view.undecided)] if view.undecided else []
    first = end if open_said and not view.issues else end + 1
    for row, line in enumerate([*open_said, *copies_said], start=first):
        height = 17 * lines_in(line, sum(column.width for column in columns))
        book.merge(sheet, (row, 0, row, last), line, "plain", height=height)


def _issue_row(issue: CountyIssue) -> list[Cell]:
    """The values of COUNTY_ISSUES; the level is tinted."""
    styled = {
        "level": Styled(issue.level, "error_center" if issue.level == ERROR else "remark_center"),
        "answer": Styled(issue.answer, "input_left"),
    }
    return [styled.get(column.id) or getattr(issue, column.id) for column in COUNTY_ISSUES]


def _guide(view: CountyView) -> str:
    """What to do with the list, and on which sheets the ranks are."""
    errors, remarks = count_levels(view.issues)
    return "".join(
        [
            _ERRORS.format(errors) if errors else "",
            _REMARKS.format(remarks) if remarks else "",
            _WHERE_RANKS_STAND,
            _NOT_ALL_PAGES.format(MOST_PAGES) if len(view.companies) > MOST_PAGES else "",
            "。" if view.standing.final else _MAY_CHANGE,
        ]
    )
