"""The layouts of the forms that are a listing below a title: 附件2, 专家评分表 and 附件3. Pure data, built from the rulebook."""

from __future__ import annotations

from dataclasses import replace

from pipeline.model.rulebook import PoolLevel, Rulebook
from pipeline.writers.book.fitting import lines_in
from pipeline.writers.forms.layout import ATTACHMENTS, LINE_HEIGHT, Box, FormLayout, stamp_box, weighted

MARKS_SHEET = "专家评分表"
MARKS_EXPERT = "专家姓名："
CITY_LABEL = "设区市："
NOMINATION_NOTE = "按推荐顺序每家企业填一行；金额只填数字，没有的填 0；区县、推荐意见从下拉框选。"
MARKS_NOTE = "每项在 0 分和满分之间打分，可以打半分；不评请留空，需要回避请填“回避”。"

# The rulebook's column id -> width in narrow characters and role of the column in 附件2; _OTHER for any other.
_NOMINATION = {
    "order": (5, "whole"),
    "county": (10, "center"),
    "company": (21, "body"),
    "business": (16, "body"),
    "revenue": (10, "number"),
    "profit": (10, "number"),
    "it_spend": (10, "number"),
    "cloud_spend": (10, "number"),
    "contact": (8, "center"),
    "phone": (13, "center"),
    "recommendation": (9, "center"),
}
_OTHER = (12, "body")

# The rows of the blank listings.
NOMINATION_ROWS, MARK_ROWS = 50, 60
ROW_HEIGHT = 32  # points; a long name takes two lines
CHECK_WIDTH = 44  # of the column with the 自检, in narrow characters
_TITLE_HEIGHT = 36.0


def nomination_layout(rulebook: Rulebook, with_city: bool = False) -> FormLayout:
    """附件2: the notice's columns in the rulebook's order, with the line breaks of its headers. with_city: adds a row below
    the title with the slot ("identity", "city"), which decides the counties that are offered."""
    columns = rulebook.nomination_columns
    looks = [_NOMINATION.get(column.id, _OTHER) for column in columns]
    layout = _listing(
        ATTACHMENTS["nomination"],
        rulebook.titles.nomination,
        [column.header for column in columns],
        tuple(width for width, _ in looks),
        tuple((column.id, role) for column, (_, role) in zip(columns, looks, strict=True)),
        header_row=3 if with_city else 2,
    )
    if not with_city:
        return layout
    label, note = Box(2, 0, 2, 1, CITY_LABEL, "section"), Box(2, 3, 2, len(columns) - 1, NOMINATION_NOTE, "plain")
    return replace(
        layout,
        boxes=(*layout.boxes, label, note),
        slots={("identity", "city"): Box(2, 2, 2, 2, role="input")},
        heights={**layout.heights, 2: 30.0},
    )


def marks_layout(rulebook: Rulebook) -> FormLayout:
    """专家评分表: 企业名称, and a column with its points for each expert item; slot ("identity", "expert")."""
    items = rulebook.expert_indicators
    headers = {column.id: column.header for column in rulebook.nomination_columns}
    layout = _listing(
        "",
        rulebook.titles.marks,
        [headers["order"], headers["company"], *(weighted(item.label, item.points) for item in items)],
        (6, 34, *(14 for _ in items)),
        (("order", "whole"), ("company", "body"), *((item.id, "input") for item in items)),
        header_row=3,
    )
    last = len(layout.widths) - 1
    boxes = (*layout.boxes, Box(2, 0, 2, 1, MARKS_EXPERT, "section"), Box(2, 3, 2, last, MARKS_NOTE, "plain"))
    return replace(
        layout,
        boxes=boxes,
        slots={("identity", "expert"): Box(2, 2, 2, 2, role="input")},
        heights={**layout.heights, 2: 30.0},
    )


def pool_layout(rulebook: Rulebook, level: PoolLevel) -> FormLayout:
    """附件3, one of its two tables."""
    words = rulebook.pool_words
    counts = (*map(str, words.years), "cumulative", "target")
    columns = [("order", "序号", 7, "whole"), ("region", "地区", 14, "center")]
    columns += [(item, words.header(item), 11, "whole") for item in counts]
    columns += [("progress", words.header("progress"), 12, "ratio")]
    return _listing(
        ATTACHMENTS["pool"],
        level.title,
        [header for _, header, _, _ in columns],
        tuple(width for _, _, width, _ in columns),
        tuple((field, role) for field, _, _, role in columns),
    )


def _listing(
    attachment: str,
    title: str,
    headers: list[str],
    widths: tuple[float, ...],
    columns: tuple[tuple[str, str], ...],
    header_row: int = 2,
) -> FormLayout:
    """The rows above a listing: the attachment's number and the stamp, the title, and the header in `header_row`; in
    heights at which no text is cut."""
    last = len(widths) - 1
    boxes = [Box(0, 0, 0, 1, attachment, "heading"), Box(1, 0, 1, last, title, "title")]
    boxes += [Box(header_row, column, header_row, column, text, "header") for column, text in enumerate(headers)]
    lines = max(lines_in(text, width - 1) for text, width in zip(headers, widths, strict=True))
    title_lines = lines_in(title, sum(widths) * 10.5 / 18)
    heights = {0: 18.0, 1: _TITLE_HEIGHT * title_lines, header_row: LINE_HEIGHT * lines + 6}
    return FormLayout(tuple(boxes), {}, heights, widths, header_row, stamp_box(last), columns)
