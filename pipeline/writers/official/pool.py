"""附件3_培育库情况.xlsx: how far every city is with its pool, in the official layout with live sums and ratios."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.model.display import is_missing, rounded
from pipeline.model.results import Results
from pipeline.model.rulebook import PoolLevel
from pipeline.model.tables import POOL_ITEM_LABELS, POOL_YEAR_LABEL
from pipeline.writers.book.listing import write_listing
from pipeline.writers.book.stamped import output_book, stamp_line, titled
from pipeline.writers.book.workbook import Book, Column, Styled
from pipeline.writers.layout.official import POOL_PRINTED

_HEADER_ROW = 3
_FIRST_ROW = _HEADER_ROW + 1
_ROW_BELOW_CHART = 22
_NUMERALS = "零一二三四五六七八九十"


def write_progress(path: Path, results: Results) -> None:
    """The workbook of 附件3: 市级, 区县级, 核对 (printed against recomputed), 图表."""
    pool = results.rulebook.pool
    values = {(row.level, row.region, row.item): row.value for row in results.regions.itertuples()}
    with output_book(path, results.date, pool.levels[0].title, results.standing) as book:
        for level in pool.levels:
            _write_level(book, results, level, values)
        rows = _comparisons(results)
        write_listing(
            book, "核对", POOL_PRINTED, rows, results.standing, empty="培育库表上没有可核对的累计数、完成进度或合计。"
        )
        _write_chart(book, results)


def _regions(results: Results) -> list[str]:
    return [*results.rulebook.city_names, results.rulebook.pool.total_label]


def _columns(results: Results) -> tuple[Column, ...]:
    years = results.rulebook.pool.years
    span = f"{_NUMERALS[len(years)]}年"
    return (
        Column("order", "序号", 7, "center"),
        Column("region", "地区", 14, "center"),
        *(Column(str(year), f"{year}年\n新增数", 12, "whole") for year in years),
        Column("cumulative", f"{span}\n累计数", 12, "whole"),
        Column("target", f"{span}\n目标数", 12, "whole"),
        Column("progress", "完成进度", 13, "ratio"),
    )


def _write_level(book: Book, results: Results, level: PoolLevel, values: dict) -> None:
    """One official table; the sums and ratios are formulas whose stored results are the recomputed figures."""
    columns = _columns(results)
    last = len(columns) - 1
    sheet = book.sheet(level.id, header_rows=(_HEADER_ROW, _HEADER_ROW))
    book.put(sheet, 0, 0, "附件3", "heading")
    said = titled("", results.standing)  # on a line of its own: the official title fills one already
    book.merge(sheet, (1, 0, 1, last), f"{level.title}\n{said}" if said else level.title, "title", height=52)
    book.merge(sheet, (2, 0, 2, last), stamp_line(results.standing), "note", height=16)
    book.header(sheet, _HEADER_ROW, columns, height=36)
    sheet.freeze_panes(_FIRST_ROW, 2)
    regions = _regions(results)
    for number, region in enumerate(regions):
        row = _FIRST_ROW + number
        sheet.set_row(row, 24)
        is_total = number == len(regions) - 1
        book.put(sheet, row, 0, number + 1, "total" if is_total else "whole")
        book.put(sheet, row, 1, region, "total" if is_total else "center")
        for place, column in enumerate(columns[2:], start=2):
            value = values.get((level.id, region, column.id))
            role = ("total_ratio" if column.id == "progress" else "total") if is_total else column.role
            formula = _formula(row, place, columns, is_total, is_missing(value))
            if formula:
                book.formula(sheet, row, place, formula, value, role)
            else:
                book.put(sheet, row, place, value, role)


def _formula(row: int, place: int, columns: tuple[Column, ...], is_total: bool, blank: bool) -> str:
    """The live formula of one cell, "" for a figure that came from outside. A sum that is blank stays so until every
    figure of it is there."""
    name = columns[place].id
    if name == "progress":
        cumulative, target = xl_rowcol_to_cell(row, place - 2), xl_rowcol_to_cell(row, place - 1)
        return f'=IF(OR({cumulative}="",N({target})=0),"",{cumulative}/{target})'
    if is_total:
        area = f"{xl_rowcol_to_cell(_FIRST_ROW, place)}:{xl_rowcol_to_cell(row - 1, place)}"
        every = row - _FIRST_ROW
    elif name == "cumulative":
        area = f"{xl_rowcol_to_cell(row, 2)}:{xl_rowcol_to_cell(row, place - 1)}"
        every = place - 2
    else:
        return ""
    lacking = f"<{every}" if blank else "=0"
    return f'=IF(COUNT({area}){lacking},"",SUM({area}))'


def _comparisons(results: Results) -> list[tuple]:
    """Every figure that a pool workbook prints beside the recomputed one (三年累计数, 完成进度, 合计), unlike ones first."""
    rows = []
    for entry in results.regions.itertuples():
        if is_missing(entry.printed):
            continue
        if entry.item == "progress":
            look = Styled(None, "ratio")
            difference = _difference(entry.printed * 100, entry.value * 100, 1) / 100
        else:
            look = Styled(None)
            difference = _difference(entry.printed, entry.value, 0)
        unlike = difference != 0
        rows.append(
            (
                entry.level,
                entry.region,
                POOL_ITEM_LABELS.get(entry.item) or POOL_YEAR_LABEL.format(year=entry.item),
                look._replace(value=entry.printed),
                look._replace(value=entry.value),
                look._replace(value=difference),
                Styled("不一致" if unlike else "一致", "remark_center" if unlike else "center"),
                *entry.where,
            )
        )
    return sorted(rows, key=lambda row: row[6].value == "一致")


def _difference(printed: float, value: float, decimals: int) -> float:
    """Printed less recomputed, both as shown; NaN when nothing could be recomputed."""
    return float("nan") if is_missing(value) else float(rounded(printed, decimals) - rounded(value, decimals))


def _write_chart(book: Book, results: Results) -> None:
    """Sheet 图表: 完成进度 of both levels by city, drawn from the two official tables."""
    pool = results.rulebook.pool
    sheet = book.sheet("图表", landscape=True)
    years = f"（{pool.years[0]}年-{pool.years[-1]}年）"
    book.merge(sheet, (0, 0, 0, 14), titled(f"培育库完成进度{years}", results.standing), "title", height=34)
    chart = book.workbook.add_chart({"type": "column"})
    columns = [column.id for column in _columns(results)]
    last = _FIRST_ROW + len(_regions(results)) - 1
    place = columns.index("progress")
    for level, colour in zip(pool.levels, ("#2F5597", "#C55A11"), strict=False):
        chart.add_series(
            {
                "name": level.id,
                "categories": [level.id, _FIRST_ROW, 1, last, 1],
                "values": [level.id, _FIRST_ROW, place, last, place],
                "fill": {"color": colour},
                "data_labels": {"value": True, "num_format": "0%", "font": {"size": 8}},
                "gap": 60,
            }
        )
    chart.set_y_axis({"num_format": "0%", "min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    chart.set_legend({"position": "top"})
    chart.set_size({"width": 960, "height": 460})
    sheet.insert_chart(1, 0, chart, {"description": "各市市级、区县级培育库完成进度柱状图"})
    book.put(sheet, _ROW_BELOW_CHART, 0, stamp_line(results.standing), "stamp")


def has_pool_figures(regions: pd.DataFrame) -> bool:
    """True when any new count of a year arrived, so that 附件3 can be drawn up at all."""
    counted = regions[~regions["item"].isin(list(POOL_ITEM_LABELS))]
    return bool(counted["value"].notna().any())
