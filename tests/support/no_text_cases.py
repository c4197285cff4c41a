"""Cells that show something and hold no name or text, one row a kind."""

from __future__ import annotations

from pipeline.readers.settling.gather import Gathered
from tests.support.arrivals import HEADERS, form
from tests.support.reading_cases import LIST, Case
from tests.support.workbooks import Cell, Raw, workbook

ONE = "杭州甲有限公司"
ZERO = Raw("", "<f>台账!C3</f><v>0</v>")
MISSING = Raw('t="e"', "<f>VLOOKUP(A3,台账!A:C,3,0)</f><v>#N/A</v>")
PICTURE = Raw('t="e" vm="1"', "<v>#VALUE!</v>")


def printed(tables: Gathered) -> str:
    """Who is nominated and what is printed of its business and contact."""
    rows = tables.enterprises[tables.enterprises["nominated"]].to_dict("records")
    return "；".join(
        f"{row['company']}，{row['business'] or '（空白）'}，{row['contact'] or '（空白）'}" for row in rows
    )


def second(
    typed: str, company: Cell, business: Cell, contact: Cell, read: str = "", codes: str = "", note: str = ""
) -> Case:
    """A list whose second row holds these cells, and nothing but 0 where the name is a 0."""
    figures: list[Cell] = [ZERO] * 4 if company == ZERO and business == ZERO else [500, 50, 20, 10]
    rows: list[list[Cell]] = [
        [*HEADERS.split("|")],
        [1, "上城区", ONE, "泵", 1000, 100, 20, 10, "张三", "13900000001", "推荐"],
        [2, "上城区", company, business, *figures, contact, ZERO if business == ZERO else "13900000002", "推荐"],
    ]
    files = {LIST: workbook({"附件2": rows}), "杭州市/上城区/附件1.xlsx": form(ONE)}
    more = f"；{read}" if read else ""
    return Case(
        typed, lambda: dict(files), printed, f"{ONE}，泵，张三{more}", codes, note, "C3" if "T07" in codes else ""
    )


TWO = "浙江乙有限公司"
NO_TEXT_GROUPS = {
    "附件2：看得见、却不是文字的": [
        second("整行都是公式得的 0", ZERO, ZERO, ZERO, note="预先拉好的行，没有企业"),
        second("企业名称是公式得的 0，其余填了", ZERO, "阀", "李四", codes="T07"),
        second("企业名称显示 #N/A", MISSING, "阀", "李四", codes="T07"),
        second("企业名称是嵌在格子里的图片", PICTURE, "阀", "李四", codes="T07"),
        second("企业名称写成“有限公司”", "有限公司", "阀", "李四", codes="T07"),
        second("主营业务显示 #N/A", TWO, MISSING, "李四", f"{TWO}，（空白），李四", "T64"),
        second("负责人是公式得的 0", TWO, "阀", ZERO, f"{TWO}，阀，（空白）", "T65"),
    ]
}
