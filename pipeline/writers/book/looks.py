"""The look of every cell of a workbook by its role: the font, border, alignment and number format."""

from __future__ import annotations

from pipeline.writers.book.paper import BODY_SIZE

DATA_FONT = "微软雅黑"  # without serifs, for plain data
# The fonts of official papers by GB/T 9704-2012: title, headings of the first level, of the second level, body.
TITLE_FONT, HEADER_FONT, LINE_FONT, BODY_FONT = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"

_CELL: dict[str, str | float] = {"font_name": BODY_FONT, "font_size": BODY_SIZE, "border": 1, "valign": "vcenter"}
_CENTER: dict[str, str | float] = {**_CELL, "align": "center", "text_wrap": True}
_FREE: dict[str, str | float] = {"font_name": BODY_FONT, "font_size": BODY_SIZE, "valign": "vcenter", "text_wrap": True}

ERROR_TINT: dict[str, str] = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}  # of a cell with an 错误

# Role -> properties of xlsxwriter's format. A new look is a new row here.
ROLES: dict[str, dict[str, str | float]] = {
    "title": {"font_name": TITLE_FONT, "font_size": 18, "align": "center", "valign": "vcenter", "text_wrap": True},
    "note": {**_FREE, "font_color": "#595959", "valign": "top"},
    "stamp": {"font_name": BODY_FONT, "font_size": BODY_SIZE, "font_color": "#7F7F7F"},
    "label": {"font_name": HEADER_FONT, "font_size": 14, "valign": "vcenter"},
    "sealed": {"font_name": LINE_FONT, "font_size": 12, "valign": "vcenter"},
    "dated": {"font_name": LINE_FONT, "font_size": 12, "align": "right", "valign": "vcenter"},
    "plain": _FREE,
    "heading": {"font_name": HEADER_FONT, "font_size": 12, "valign": "vcenter"},
    "header": {**_CENTER, "font_name": HEADER_FONT, "bg_color": "#F2F2F2"},
    "section": {**_CELL, "font_name": HEADER_FONT, "bg_color": "#F2F2F2"},
    "body": {**_CELL, "text_wrap": True},
    "line": {**_CELL, "shrink": True},
    "center": _CENTER,
    "whole": {**_CENTER, "num_format": "0"},
    "number": {**_CELL, "align": "right", "num_format": "General", "shrink": True},
    "kilobytes": {**_CELL, "align": "right", "num_format": "#,##0.0"},
    "fraction": {**_CELL, "align": "right", "num_format": "0.0000000000"},
    "points": {**_CELL, "align": "right", "num_format": "0.00"},
    "mark": {**_CENTER, "num_format": "General"},
    "merged": {**_CENTER, "bold": True, "bg_color": "#F2F2F2"},
    "merged_points": {**_CENTER, "bold": True, "bg_color": "#F2F2F2", "num_format": "0.00"},
    "ratio": {**_CELL, "align": "center", "num_format": "0.0%"},
    "total": {**_CENTER, "bold": True, "num_format": "0"},
    "total_ratio": {**_CENTER, "bold": True, "num_format": "0.0%"},
    "questioned": {**_FREE, "font_color": ERROR_TINT["font_color"], "valign": "top"},
    "error_center": {**_CENTER, **ERROR_TINT},
    "remark_center": {**_CENTER, "bg_color": "#FFEB9C", "font_color": "#7F6000"},
    "adjustable": {**_CELL, "align": "right", "num_format": "General", "bg_color": "#FFFFE5"},
    "adjustable_mark": {**_CENTER, "num_format": "General", "bg_color": "#FFFFE5"},
    "adjustable_ratio": {**_CENTER, "num_format": "0.0%", "bg_color": "#FFFFE5"},
    # Plain data sheets: 12 points, a font without serifs, nothing wrapped.
    "data": {"font_name": DATA_FONT, "font_size": 12},
    "data_figure": {"font_name": DATA_FONT, "font_size": 12, "num_format": "General"},
    "data_ratio": {"font_name": DATA_FONT, "font_size": 12, "num_format": "0.0%"},
    "data_header": {"font_name": DATA_FONT, "font_size": 12, "bold": True},
    "data_title": {"font_name": DATA_FONT, "font_size": 16, "bold": True},
    "data_note": {"font_name": DATA_FONT, "font_size": 12},
    "input": {**_CENTER, "bg_color": "#FFFFE5", "locked": False},
    "input_left": {**_CELL, "text_wrap": True, "bg_color": "#FFFFE5", "locked": False},
    # A caption, and beside its answer the unit, in one frame.
    "caption": {**_CENTER, "right": 0},
    "over_unit": {**_CENTER, "left": 0},
    "unit": {**_CENTER, "left": 0},
    "verdict": {**_CELL, "text_wrap": True},
}
