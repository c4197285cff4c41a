"""Sheet 专家汇总 of 审计底稿: the experts compared, marks to be reviewed, recusals, and other ways to merge marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from pipeline.issues.where import Where
from pipeline.model.display import is_missing
from pipeline.model.results import Panel, Results
from pipeline.model.rows import records_of
from pipeline.model.rulebook import Rulebook
from pipeline.writers.audit.plan import Plan
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.book.listing import rows_of
from pipeline.writers.book.live import Value
from pipeline.writers.book.sheets import LiveSheet
from pipeline.writers.book.stamped import stamp_line, titled
from pipeline.writers.book.workbook import LINE_HEIGHT, Book, Cell, Column, Styled
from pipeline.writers.layout.audit import PANEL_COMPANIES, PANEL_EXPERTS, PANEL_OUTLIERS, PANEL_RECUSALS
from pipeline.writers.layout.common import scoped

SHEET = "专家汇总"
_NONE_ARRIVED = "没有收到专家评分。"
_SIGNED = {"num_format": "+0.0%;-0.0%;0.0%"}
_SIGNED_POINTS = {"num_format": "+0.0#;-0.0#;0"}
_ALIKE = 0.03  # share of the points; a smaller distance to the other experts is called 相近
_SMALL = 10.5 / 9  # the notes' font is smaller than the body's, so that more of it fits a width
_SIGNATURE_HEIGHT = 28  # points, space for a signature
_RULES = {
    "trimmed": "每项取各专家打分的平均，满 {trim_from} 个分时先去掉一个最高分和一个最低分",
    "mean": "每项取各专家打分的平均",
    "median": "每项取各专家打分的中位数",
}


class Outlier(NamedTuple):
    """A row of PANEL_OUTLIERS."""

    key: str
    indicator: str
    expert: str
    mark: float
    median: float
    marks: int
    difference: float
    where: Where


class Recusal(NamedTuple):
    """A row of PANEL_RECUSALS."""

    key: str
    expert: str
    items: int
    reason: str


def write_expert_report(book: Book, results: Results, plan: Plan) -> None:
    """Sheet 专家汇总 from `results.panel`; one sentence when no marks arrived."""
    rulebook, panel = results.rulebook, results.panel
    sheet = book.sheet(SHEET, landscape=True)
    book.widths(sheet, [column.width for column in PANEL_COMPANIES])
    book.put(sheet, 0, 0, f"{titled(rulebook.titles.audit, results.standing)}：{SHEET}", "heading")
    if panel is None:
        book.put(sheet, 1, 0, _NONE_ARRIVED, "stamp")
        book.put(sheet, 3, 0, stamp_line(results.standing), "stamp")
        return
    labels = rulebook.labels
    row = _write_notes(book, sheet, 1, rulebook, panel)
    row = _write_table(book, sheet, row, "一、各位专家", PANEL_EXPERTS, _expert_rows(panel))
    outliers = list(_outlier_rows(panel, plan, labels))
    row = _write_wide_table(
        book,
        sheet,
        row,
        "二、畸高畸低，请复核后签字",
        PANEL_OUTLIERS,
        outliers,
        "没有畸高畸低的打分。",
        _SIGNATURE_HEIGHT,
    )
    recusals = list(_recusal_rows(panel, plan))
    row = _write_wide_table(book, sheet, row, "三、回避", PANEL_RECUSALS, recusals, "没有回避。")
    companies = _company_rows(panel, plan, labels)
    row = _write_table(
        book, sheet, row, "四、各家企业：计分的与参考的", scoped(PANEL_COMPANIES, rulebook.scope), companies
    )
    book.put(sheet, row, 0, stamp_line(results.standing), "stamp")


def _write_notes(book: Book, sheet: LiveSheet, top: int, rulebook: Rulebook, panel: Panel) -> int:
    """Writes the notes from row `top` on; returns the row two below them."""
    last = len(PANEL_COMPANIES) - 1
    width = sum(column.width for column in PANEL_COMPANIES)
    for row, text in enumerate(_notes(rulebook, panel), start=top):
        book.merge(sheet, (row, 0, row, last), text, "note", height=13.5 * lines_in(text, width * _SMALL) + 3)
        top = row + 1
    return top + 1


def _notes(rulebook: Rulebook, panel: Panel) -> Iterator[str]:
    rule = _RULES[rulebook.experts.method].format(trim_from=rulebook.experts.trim_from)
    yield f"计入得分的只有规则文件定的办法：{rule}，即“专家分（计分）”。其余各列只供参考，不影响任何得分和名次。"
    yield "得分率＝打分÷该项满分。与其他专家平均相差：与同一企业、同一项其他专家的平均得分率相比，平均高出多少。空白是没有评，0 是评过得 0 分，回避是不评，三者分开统计。"
    yield (
        f"畸高畸低：同一企业、同一项有 {panel.outlier_marks} 位以上专家打分，且与各专家打分的中位数相差超过满分的"
        f" {panel.outlier_share:.0%}。列出只为复核，分数照计。"
    )
    yield (
        "宽严估计：设得分率＝企业该项水平＋专家宽严，用最小二乘法同时估计，正数偏宽、负数偏严；宽严校正是扣除宽严以后的专家分，可能略超满分。"
        "只有评过共同的企业、能连起来的专家（同一可比组）才能比较，按校正的名次在组内排。"
    )
    yield f"去一高一低：每项满 3 个分时去掉一个最高分和一个最低分再平均。各种名次都是客观分加该种专家分以后、在已排名企业中的{rulebook.scope.whole}名次。"


def _write_table(
    book: Book,
    sheet: LiveSheet,
    top: int,
    heading: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    empty: str = "",
) -> int:
    """Writes a heading, the header and the rows, or the sentence `empty`; returns the row two below."""
    book.put(sheet, top, 0, heading, "heading")
    lines = max(lines_in(column.label, column.width) for column in columns)
    sheet.set_row(top + 1, 16 * lines + 6)
    for number, column in enumerate(columns):
        book.put(sheet, top + 1, number, column.label, "header")
    last = book.rows(sheet, top + 2, columns, rows)
    if last == top + 2 and empty:
        book.put(sheet, last, 0, empty, "stamp")
        last += 1
    return last + 1


def _write_wide_table(
    book: Book,
    sheet: LiveSheet,
    top: int,
    heading: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Value | Styled]],
    empty: str,
    least_height: float = 0,
) -> int:
    """Writes a table whose last column, for reasons and signatures, is merged over all remaining columns of the sheet;
    its rows are at least `least_height` points high. Returns the row two below."""
    if not rows:
        return _write_table(book, sheet, top, heading, columns, (), empty)
    _write_table(book, sheet, top, heading, columns, ())
    first, last = len(columns) - 1, len(PANEL_COMPANIES) - 1
    book.merge(sheet, (top + 1, first, top + 1, last), columns[-1].label, "header")
    widths = [
        *(column.width for column in columns[:-1]),
        sum(column.width for column in PANEL_COMPANIES[first:]),
    ]
    for row, values in enumerate(rows, start=top + 2):
        texts = ((value, width) for value, width in zip(values, widths, strict=True) if isinstance(value, str))
        lines = max(lines_in(text, width) for text, width in texts)
        sheet.set_row(row, max(least_height, LINE_HEIGHT * lines + 4))
        for number, (value, column) in enumerate(zip(values[:-1], columns[:-1], strict=True)):
            extra = value.extra if isinstance(value, Styled) else {}
            book.put(sheet, row, number, value.value if isinstance(value, Styled) else value, column.role, **extra)
        book.merge(sheet, (row, first, row, last), str(values[-1]), columns[-1].role)
    return top + 3 + len(rows)


def _expert_rows(panel: Panel) -> Iterable[Sequence[Cell]]:
    experts = panel.experts
    signed = {
        field: [None if is_missing(value) else Styled(value, extra=_SIGNED) for value in experts[field]]
        for field in ("distance", "leniency")
    }
    words = [_compared(value) for value in experts["distance"]]
    columns = {field: pd.Series(cells, index=experts.index, dtype="object") for field, cells in signed.items()}
    return rows_of(experts.assign(words=words, **columns), PANEL_EXPERTS)


def _compared(distance: float) -> str:
    """The words for an expert's mean distance to the others, a share of the points; NaN: no marks to compare."""
    if is_missing(distance):
        return "没有与其他专家共同评的，无法比较"
    if abs(distance) < _ALIKE:
        return "与其他专家相近"
    return f"比其他专家{'宽' if distance > 0 else '严'}，平均相差满分的 {abs(distance):.1%}"


def _outlier_rows(panel: Panel, plan: Plan, labels: Mapping[str, str]) -> Iterator[Sequence[Value | Styled]]:
    for outlier in records_of(panel.outliers, Outlier):
        yield (
            outlier.expert,
            plan.names[outlier.key][1],
            labels[outlier.indicator],
            outlier.mark,
            outlier.median,
            outlier.marks,
            Styled(outlier.difference, extra=_SIGNED_POINTS),
            "畸高" if outlier.difference > 0 else "畸低",
            outlier.where.cell,
            "",
        )


def _recusal_rows(panel: Panel, plan: Plan) -> Iterator[Sequence[Value]]:
    for recusal in records_of(panel.recusals, Recusal):
        yield recusal.expert, plan.names[recusal.key][1], recusal.items, recusal.reason or "（没有写）"


def _company_rows(panel: Panel, plan: Plan, labels: Mapping[str, str]) -> Iterable[Sequence[Cell]]:
    companies = panel.companies
    names = [plan.names[key] for key in companies["key"]]
    table = companies.assign(
        county=[county for county, _ in names],
        company=[company for _, company in names],
        widest_item=[labels.get(item, "") for item in companies["widest_item"]],
    )
    return rows_of(table, PANEL_COMPANIES)
