"""Sheet 附件2 in the official layout: title, eleven columns, the ranked companies, then the others by status."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from pipeline.model.results import Standing
from pipeline.model.rulebook import Rulebook
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.listing import rows_of, with_distinct_totals, with_equal_decimals
from pipeline.writers.book.live import Link
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.stamped import titled
from pipeline.writers.book.workbook import MAX_HEIGHT, Book, Column
from pipeline.writers.official.head import HEADER_ROW, write_head
from pipeline.writers.official.questioned import Questioned, marked_rows, named_figures

# Status -> the heading above its companies, which have no 序号; in this order.
SECTIONS = {
    "未评分": "未评分：以下企业已被推荐，但没有收到可用的附件1，不参加排序",
    "未推荐": "未推荐：以下企业交了附件1，但附件2没有推荐，不参加排序",
    "不予推荐": "不予推荐：经信部门推荐意见为不推荐，不参加排序",
    "已剔除": "已剔除：经人工决定剔除，不参加排序",
}
NIL_RETURNS = "零报送：以下区县没有可推荐的，不参加排序"
_NOBODY = "无"  # the rulebook's word of a nil return
_FROZEN = 3  # 序号, 区县, 企业名称 are frozen and printed on every page


class CityList(NamedTuple):
    """What the 附件2 of a city's run tells the province: the counties that nominate nobody."""

    nil_returns: Sequence[str]


def write_official_form(
    book: Book,
    rulebook: Rulebook,
    standing: Standing,
    companies: pd.DataFrame,
    columns: Sequence[Column],
    questioned: Questioned,
    links: Mapping[str, str] | None = None,
    city_list: CityList | None = None,
    *,
    date: str,
    note: str = "",
) -> None:
    """Writes sheet 附件2. companies: as `company_rows` returns them. columns: the official ones, and behind them further
    ones that are printed on a second page. questioned: the figures to be marked and named below the table. links: company
    key -> the cell that its name links to. city_list: what the list of a city's run says besides. date: of the run; note:
    the line above the table instead of the one for seal and day."""
    official = len(rulebook.nomination_columns)
    companies, columns = with_equal_decimals(companies, columns)
    sheet = _headed_sheet(book, rulebook, standing, columns, date, note)
    last = official - 1
    if links:
        names = zip(companies["company"].tolist(), companies["key"].tolist(), strict=True)
        linked = [Link(name, links[key]) if key in links else name for name, key in names]
        companies = companies.assign(company=pd.Series(linked, index=companies.index, dtype="object"))
    listed = companies[companies["status"].isin(["已排名", "暂排"])]
    row = book.rows(sheet, HEADER_ROW + 1, columns, _rows(with_distinct_totals(listed), columns, questioned))
    for status, heading in SECTIONS.items():
        below = companies[companies["status"] == status]
        if len(below):
            book.merge(sheet, (row, 0, row, last), heading, "section", height=22)
            if len(columns) > official:
                book.merge(sheet, (row, official, row, len(columns) - 1), "", "section")
            row = book.rows(sheet, row + 1, columns, _rows(below, columns, questioned))
    if city_list and city_list.nil_returns:
        book.merge(sheet, (row, 0, row, last), NIL_RETURNS, "section", height=22)
        row = book.rows(sheet, row + 1, columns, _nobody_rows(columns, city_list))
    elif not len(companies):
        book.merge(sheet, (row, 0, row, last), "没有可列入本表的企业", "center", height=22)
    if sentence := named_figures(companies, columns, questioned):
        height = min(MAX_HEIGHT, 16 * lines_in(sentence, sum(column.width for column in columns[:official])))
        book.merge(sheet, (row, 0, row, last), sentence, "questioned", height=height)


def _headed_sheet(
    book: Book, rulebook: Rulebook, standing: Standing, columns: Sequence[Column], date: str, note: str
) -> LiveSheet:
    """The sheet with its title, the line below it and its header."""
    sheet = book.sheet("附件2", landscape=True, header_rows=(HEADER_ROW, HEADER_ROW))
    official = len(rulebook.nomination_columns)
    last = official - 1
    title = titled(rulebook.titles.nomination, standing, ranking=True)
    note_height = 16 * lines_in(note, sum(column.width for column in columns[:official]))
    write_head(book, sheet, last, "附件2", title, date, note=note, note_height=note_height)
    book.header(sheet, HEADER_ROW, columns, height=66, repeated=_FROZEN if len(columns) > official else 0)
    sheet.freeze_panes(HEADER_ROW + 1, _FROZEN)
    return sheet


def _nobody_rows(columns: Sequence[Column], city_list: CityList) -> Iterable[Sequence[Any]]:
    """A row for each county that nominates nobody: its name, and 无 as the company's."""
    for county in city_list.nil_returns:
        told = {"county": county, "company": _NOBODY}
        yield [told.get(column.id) for column in columns]


def _rows(companies: pd.DataFrame, columns: Sequence[Column], questioned: Questioned) -> Iterable[Sequence[Any]]:
    return marked_rows(companies["key"].tolist(), rows_of(companies, columns), columns, questioned)
