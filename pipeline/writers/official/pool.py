"""附件3_培育库情况.xlsx: the pool of every city in the official layout, with sums and ratios as formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.issues.where import Where
from pipeline.issues.words import shown_where
from pipeline.model.display import is_missing, rounded
from pipeline.model.results import Results
from pipeline.model.rows import records_of
from pipeline.model.rulebook import PoolLevel, PoolWords
from pipeline.writers.book.listing import write_listing
from pipeline.writers.book.stamped import output_book, stamp_line, titled
from pipeline.writers.book.workbook import Book, Cell, Column, Styled
from pipeline.writers.layout.official import POOL_PRINTED
from pipeline.writers.official.head import HEADER_ROW, write_head
from pipeline.writers.official.twins import write_level_twin

_FIRST_ROW = HEADER_ROW + 1
_ROW_BELOW_CHART = 36
_CHART_WIDTH = 70  # narrow characters of the one column below it

Figures = Mapping[tuple[str, str, str], float]  # level, region, item -> value


class RegionFigure(NamedTuple):
    """A row of REGIONS."""

    level: str
    region: str
    item: str
    value: float
    printed: float
    where: Where


def write_progress(path: Path, results: Results) -> None:
    """Writes the workbook of 附件3: 市级, 区县级, 核对 (printed figures against recomputed ones), 图表."""
    pool = results.rulebook.pool
    figures = list(records_of(results.regions, RegionFigure))
    values = {(figure.level, figure.region, figure.item): figure.value for figure in figures}
    with output_book(path, results.date, pool.levels[0].title, results.standing) as book:
        for level in pool.levels:
            _write_level(book, results, level, values)
        rows = _comparisons(figures, results.rulebook.pool_words)
        write_listing(
            book, "核对", POOL_PRINTED, rows, results.standing, empty="培育库表上没有可核对的累计数、完成进度或合计。"
        )
        _write_chart(book, results)
        columns = _columns(results)
        for level in pool.levels:
            rows_of_level = (
                (number, region, *(values.get((level.id, region, column.id)) for column in columns[2:]))
                for number, region in enumerate(results.rulebook.pool_regions, start=1)
            )
            write_level_twin(book, results, level.id, level.title, columns, rows_of_level)


def _columns(results: Results) -> tuple[Column, ...]:
    words = results.rulebook.pool_words
    years = [str(year) for year in words.years]
    return (
        Column("order", "序号", 6, "center"),
        Column("region", "地区", 12, "center"),
        *(Column(item, words.header(item), 10, "whole") for item in (*years, "cumulative", "target")),
        Column("progress", words.header("progress"), 11, "ratio"),
    )


def _write_level(book: Book, results: Results, level: PoolLevel, values: Figures) -> None:
    """Writes one official table. Sums and ratios are formulas; their stored results are the recomputed figures."""
    columns = _columns(results)
    last = len(columns) - 1
    sheet = book.sheet(level.id, header_rows=(HEADER_ROW, HEADER_ROW))
    label = titled("", results.standing)  # on a second line: the official title fills the first
    title = f"{level.title}\n{label}" if label else level.title
    write_head(book, sheet, last, "附件3", title, results.date, unit="家", height=58)
    book.header(sheet, HEADER_ROW, columns, height=36)
    sheet.freeze_panes(_FIRST_ROW, 2)
    for number, region in enumerate(results.rulebook.pool_regions):
        row = _FIRST_ROW + number
        sheet.set_row(row, 24)
        is_total = region == results.rulebook.pool.total_label
        book.put(sheet, row, 0, number + 1, "total" if is_total else "whole")
        book.put(sheet, row, 1, region, "total" if is_total else "center")
        for position, column in enumerate(columns[2:], start=2):
            value = values.get((level.id, region, column.id))
            role = ("total_ratio" if column.id == "progress" else "total") if is_total else column.role
            formula = _formula(row, position, columns, is_total, is_missing(value))
            if formula:
                book.formula(sheet, row, position, formula, value, role)
            else:
                book.put(sheet, row, position, value, role)


def _formula(row: int, position: int, columns: tuple[Column, ...], is_total: bool, blank: bool) -> str:
    """The formula of the cell in `row` under columns[position], "" for a reported figure. A sum that is blank now stays
    blank until every figure in it is there."""
    name = columns[position].id
    if name == "progress":
        cumulative, target = xl_rowcol_to_cell(row, position - 2), xl_rowcol_to_cell(row, position - 1)
        return f'=IF(OR({cumulative}="",N({target})=0),"",{cumulative}/{target})'
    if is_total:
        area = f"{xl_rowcol_to_cell(_FIRST_ROW, position)}:{xl_rowcol_to_cell(row - 1, position)}"
        every = row - _FIRST_ROW
    elif name == "cumulative":
        area = f"{xl_rowcol_to_cell(row, 2)}:{xl_rowcol_to_cell(row, position - 1)}"
        every = position - 2
    else:
        return ""
    lacking = f"<{every}" if blank else "=0"
    return f'=IF(COUNT({area}){lacking},"",SUM({area}))'


def _comparisons(figures: Iterable[RegionFigure], words: PoolWords) -> list[tuple[Cell, ...]]:
    """A row of 核对 for every figure that a pool workbook prints (三年累计数, 完成进度, 合计), with the recomputed one;
    those that differ first."""
    printed = [figure for figure in figures if not is_missing(figure.printed)]
    return [
        _comparison(figure, words)
        for figure in sorted(printed, key=lambda figure: _printed_less_recomputed(figure) == 0)
    ]


def _comparison(figure: RegionFigure, words: PoolWords) -> tuple[Cell, ...]:
    difference = _printed_less_recomputed(figure)
    role = "ratio" if figure.item == "progress" else ""
    return (
        figure.level,
        figure.region,
        words.label(figure.item),
        Styled(figure.printed, role),
        Styled(figure.value, role),
        Styled(difference, role),
        Styled("一致", "center") if difference == 0 else Styled("不一致", "remark_center"),
        *shown_where(figure.where),
    )


def _printed_less_recomputed(figure: RegionFigure) -> float:
    """The difference of both figures as shown; NaN when nothing could be recomputed."""
    if is_missing(figure.value):
        return float("nan")
    if figure.item == "progress":
        return float(rounded(figure.printed * 100, 1) - rounded(figure.value * 100, 1)) / 100
    return float(rounded(figure.printed, 0) - rounded(figure.value, 0))


def _write_chart(book: Book, results: Results) -> None:
    """Writes sheet 图表: 完成进度 of both levels by city, from the cells of the official tables."""
    pool = results.rulebook.pool
    sheet = book.sheet("图表")
    book.widths(sheet, [_CHART_WIDTH])
    years = f"（{pool.years[0]}年-{pool.years[-1]}年）"
    book.put(sheet, 0, 0, titled(f"培育库完成进度{years}", results.standing), "title")
    sheet.set_row(0, 52)
    chart = book.workbook.add_chart({"type": "bar"})
    if chart is None:  # only for an unknown type
        raise RuntimeError("xlsxwriter has no bar chart")
    columns = [column.id for column in _columns(results)]
    last = _FIRST_ROW + len(results.rulebook.pool_regions) - 1
    progress = columns.index("progress")
    for level, colour in zip(pool.levels, ("#2F5597", "#C55A11"), strict=False):
        chart.add_series(
            {
                "name": level.id,
                "categories": [level.id, _FIRST_ROW, 1, last, 1],
                "values": [level.id, _FIRST_ROW, progress, last, progress],
                "fill": {"color": colour},
                "data_labels": {"value": True, "num_format": "0.0%", "font": {"size": 11}},
                "gap": 40,
            }
        )
    chart.set_y_axis({"reverse": True, "num_font": {"size": 12}})  # the cities from above, in the notice's order
    lines = {"visible": True, "line": {"color": "#D9D9D9"}}
    chart.set_x_axis({"num_format": "0%", "min": 0, "num_font": {"size": 11}, "major_gridlines": lines})
    chart.set_legend({"position": "top", "font": {"size": 11}})
    chart.set_size({"width": 620, "height": 760})
    sheet.insert_chart(1, 0, chart, {"description": "各市市级、区县级培育库完成进度条形图"})
    book.put(sheet, _ROW_BELOW_CHART, 0, stamp_line(results.standing), "stamp")


def has_pool_figures(regions: pd.DataFrame) -> bool:
    """True when the count of any year arrived; without one there is no 附件3."""
    counted = regions[regions["item"].str.isdigit()]
    return bool(counted["value"].notna().any())
