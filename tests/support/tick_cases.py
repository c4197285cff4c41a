"""Check boxes and symbol fonts in 数据协同, one row a way of ticking."""

from __future__ import annotations

from pipeline.readers.settling.gather import Gathered
from tests.support.check_boxes import Box, with_boxes
from tests.support.reading_cases import FORM, RULEBOOK, Case, answers_of, form_of
from tests.support.workbooks import PLAIN_FONTS, Cell, Raw, form_rows, full_answers, part_of, repacked

NAMES = ("研发数据", "供应链数据", "设计数据", "销售数据", "生产数据", "服务数据")
FONTS = '<fonts><font><name val="宋体"/></font><font><name val="Wingdings"/></font></fonts>'


def counted(tables: Gathered) -> str:
    answer = answers_of(tables, "data_synergy")
    return f"N={answer['n']:g}" if answer["valid"] else "读不出，本项不计分"


def _rows(n: Cell, marks: dict[str, Cell]) -> tuple[list[list[Cell]], int]:
    """The rows of a form, and the row above the first categories."""
    rows, tops = form_rows(RULEBOOK, full_answers(RULEBOOK))
    top = tops["data_synergy"]
    for number in range(3):
        left, right = NAMES[2 * number], NAMES[2 * number + 1]
        line: list[Cell] = [*rows[top + number], *[None] * 9][:9]
        line[3:8] = [n if number == 0 else None, marks.get(left), left, marks.get(right), right]
        rows[top + number] = line
    return rows, top


def boxed(typed: str, *boxes: Box, read: str, codes: str = "", n: Cell = None, kind: str = "form") -> Case:
    """A form with boxes; their rows count from the first of the categories."""

    def files() -> dict[str, bytes]:
        rows, top = _rows(n, {})
        (content,) = form_of(rows).values()
        placed = [box._replace(row=top + 1 + box.row) for box in boxes]  # the company's name stands over the rows
        return {FORM: with_boxes(content, placed, kind)}

    return Case(typed, files, counted, read, codes, recorded=not codes)


def drawn(typed: str, *marks: str, read: str, codes: str = "") -> Case:
    """A form whose first categories have these marks in the font Wingdings."""

    def files() -> dict[str, bytes]:
        cells: dict[str, Cell] = {name: Raw('s="1" t="str"', f"<v>{mark}</v>") for name, mark in zip(NAMES, marks, strict=False)}  # fmt: skip
        (content,) = form_of(_rows(None, cells)[0]).values()
        part = part_of(content, "xl/styles.xml").replace(PLAIN_FONTS, FONTS)
        styled = part.replace("</cellXfs>", '<xf numFmtId="0" fontId="1"/></cellXfs>')
        return {FORM: repacked(content, {"xl/styles.xml": styled})}

    return Case(typed, files, counted, read, codes, recorded=not codes)


TICK_GROUPS = {
    "数据协同：复选框和符号字体": [
        boxed("三个表单复选框，勾了两个", Box(1, 5), Box(2, 5), Box(3, 5, "Unchecked"), read="N=2"),
        boxed("两个 ActiveX 复选框，都勾了", Box(1, 5), Box(1, 7), read="N=2", kind="binary"),
        boxed("勾了两个复选框，N 填 3", Box(1, 5), Box(1, 7), n=3, read="N=2", codes="V30"),
        boxed("勾了的复选框在表的最右边，不挨着类别", Box(1, 9), read="读不出，本项不计分", codes="T10"),
        boxed("复选框是灰色的第三种状态", Box(1, 5, "Mixed"), read="读不出，本项不计分", codes="T10"),
        drawn("字体是 Wingdings 的 ü、n、o（看上去是 ✓、■、□）", "ü", "n", "o", read="N=2"),
        drawn("字体是 Wingdings 的 P（看上去是一面旗）", "ü", "P", read="读不出，本项不计分", codes="V33"),
    ]
}
