"""分配表.xlsx: which expert marks which company, for the office only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.model.region_order import RegionOrder, RegionRank
from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import DEMO_LABEL, OUTPUT_PROPERTY, OUTPUT_PROPERTY_VALUE, OUTPUT_STAMP
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.workbook import LINE_HEIGHT, Book, Column, open_book
from pipeline.writers.forms.expert_pack import PackCompany

OVERVIEW = "分配表.xlsx"

_EXPERTS = (
    Column("order", "序号", 7, "whole"),
    Column("expert", "专家", 18, "center"),
    Column("employer", "单位", 28),
    Column("companies", "评几家", 9, "whole"),
    Column("barred", "不评（单位、回避企业、回避区县）", 44),
    Column("group", "可比组", 9, "whole"),
    Column("file", "评分表文件", 36),
)


class OverviewRow(NamedTuple):
    """One expert. barred: in words, the companies that the expert may not mark; file: the pack's name; group: the number of the
    group of comparable experts; companies: those to mark, in the order of the pack."""

    expert: str
    employer: str
    barred: str
    file: str
    group: int
    companies: tuple[PackCompany, ...]


def write_overview(
    path: Path, rows: Sequence[OverviewRow], remarks: Sequence[str], rulebook: Rulebook, demo: bool
) -> None:
    """Writes 分配表.xlsx: a sheet of the experts with their packs, and one of the companies with their experts."""
    title = f"{rulebook.year}年专家评分分配表"
    stamp = {OUTPUT_PROPERTY: OUTPUT_PROPERTY_VALUE}
    with open_book(path, rulebook.date.isoformat(), title, stamp, label="内部资料", demo=demo) as book:
        _write_experts(book, title, rows, remarks, demo)
        _write_matrix(book, rows, rulebook.region_order)


def _write_experts(book: Book, title: str, rows: Sequence[OverviewRow], remarks: Sequence[str], demo: bool) -> None:
    """Sheet 专家: an expert in a row, then the remarks and the stamp."""
    sheet = book.sheet("专家", landscape=True, header_rows=(1, 1))
    last = len(_EXPERTS) - 1
    book.merge(sheet, (0, 0, 0, last), f"{title}（内部资料）", "title", height=36)
    book.header(sheet, 1, _EXPERTS)
    values = (
        (number, row.expert, row.employer, len(row.companies), row.barred, row.group, row.file)
        for number, row in enumerate(rows, start=1)
    )
    first = book.rows(sheet, 2, _EXPERTS, values) + 1
    width = sum(column.width for column in _EXPERTS)
    stamp = f"{OUTPUT_STAMP}{f'。{DEMO_LABEL}，企业均为虚构' if demo else ''}。只供办公室使用，不要发给专家。"
    for row, text in enumerate((*remarks, stamp), start=first):
        book.merge(sheet, (row, 0, row, last), text, "note", height=LINE_HEIGHT * lines_in(text, width) + 2)


def _write_matrix(book: Book, rows: Sequence[OverviewRow], order: RegionOrder) -> None:
    """Sheet 分配: a company in a row, an expert in a column, ● where the expert marks the company."""
    columns = (
        Column("city", "市", 10, "center"),
        Column("county", "区县", 14, "center"),
        Column("company", "企业名称", 34),
        Column("experts", "专家数", 8, "whole"),
        *(Column("", row.expert, 9, "center") for row in rows),
    )
    sheet = book.sheet("分配", landscape=True, header_rows=(0, 0))
    book.header(sheet, 0, columns)
    sheet.freeze_panes(1, 3)
    last = book.rows(sheet, 1, columns, _matrix(rows, order))
    sheet.autofilter(0, 0, max(1, last - 1), len(columns) - 1)


def _matrix(rows: Sequence[OverviewRow], order: RegionOrder) -> Iterable[tuple[Any, ...]]:
    """The rows of 分配, by region in the notice's order and name."""
    packs = [set(row.companies) for row in rows]

    def sorting(company: PackCompany) -> tuple[RegionRank, str]:
        return order.rank(company.city, company.county), company.company

    for company in sorted(set[PackCompany]().union(*packs), key=sorting):
        marks = ["●" if company in pack else "" for pack in packs]
        yield company.city, company.county, company.company, marks.count("●"), *marks
