"""What is typed into the forms and what must come of it, one row a case: the values of 附件1, 附件2, marks and pool.

`tests/readers/test_reading_table.py` builds each case's workbooks, reads them as a run does, and writes docs/读数对照.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import pandas as pd

from pipeline.model.display import number_text
from pipeline.readers.settling.gather import Gathered
from pipeline.writers.forms.filled import FormAnswer
from tests.support.arrivals import nominated, nomination
from tests.support.rulebooks import tested_rulebook
from tests.support.workbooks import Cell, Raw, form_rows, full_answers, workbook

RULEBOOK = tested_rulebook()
HERE = "杭州市/上城区"
LIST, FORM, MARKS, POOL = f"{HERE}/附件2.xlsx", f"{HERE}/附件1.xlsx", "专家评分.xlsx", "培育库.xlsx"
COMPANY = "杭州甲乙机械有限公司"
Files = dict[str, bytes]
Look = Callable[[Gathered], str]


class Case(NamedTuple):
    """One row. typed: what the page shows as typed; look: what came out, in words; read: what must; codes: every code
    that must be raised, in alphabetical order; cell: where one of them stands, "" where the row does not say; recorded:
    识别记录 has a line though no code says so."""

    typed: str
    files: Callable[[], Files]
    look: Look
    read: str
    codes: str = ""
    note: str = ""
    cell: str = ""
    recorded: bool = False


def visible(typed: object) -> str:
    """What was typed as the page shows it: unseen characters by their names."""
    if typed is None:
        return "（空着）"
    if isinstance(typed, bool):
        return f"`{str(typed).upper()}`（逻辑值）"
    names = {
        "\u3000": "〔全角空格〕",
        "\u00a0": "〔不换行空格〕",
        "\u200b": "〔零宽字符〕",
        "\n": "〔换行〕",
        "|": "｜",
    }
    text = "".join(names.get(character, character) for character in str(typed))
    return f"`{text}`" if text else "（空着）"


# ---------------------------------------------------------------- 附件1: N and M


def form_of(rows: Sequence[Sequence[Cell]], **layout: object) -> Files:
    """The one form of COMPANY, its name in row 1 and the rows below it."""
    return {FORM: workbook({"附件1": [["企业名称：", COMPANY], *rows]}, **layout)}


def answers_of(tables: Gathered, item: str, company: str = COMPANY) -> dict:
    rows = tables.answers[(tables.answers["indicator"] == item) & (tables.answers["key"] == company)]
    return rows.to_dict("records")[0] if len(rows) else {}


def part_in_words(answer: dict, part: str, unit: str) -> str:
    """N or M as it was read: the number used, 没有, 空白 or 不采用."""
    state, number = answer[f"{part}_state"], answer[part]
    if pd.isna(number):
        return "空白，不采用" if state == "blank" else "不采用"
    words = {"none": "没有，计 ", "blank": "空白，计 "}.get(state, "")
    return f"{words}{number_text(number)}" + ("" if words else f" {unit}")


def read_part(item: str, part: str, tables: Gathered) -> str:
    answer = answers_of(tables, item)
    if not answer:
        return "没有答案"
    scored = "" if answer["valid"] else "；本项不计分"
    return part_in_words(answer, part.lower(), RULEBOOK.indicator_of[item].unit) + scored


def value(
    item: str,
    typed: Cell,
    read: str,
    codes: str = "",
    note: str = "",
    *,
    part: str = "N",
    number_format: str = "",
    other: Cell = None,
    shown: str = "",
) -> Case:
    """One N or M of one item, every other answer valid. other: the pair's other value, else one that fits any."""
    fits = other if other is not None else (10**9 if part == "N" else 0)
    pair = (typed, fits) if part == "N" else (fits, typed)
    entry = RULEBOOK.indicator_of[item]
    answer = FormAnswer(*pair) if entry.m == "typed" else FormAnswer(typed)
    rows, tops = form_rows(RULEBOOK, full_answers(RULEBOOK, **{item: answer}))
    cell = f"{'D' if part == 'N' else 'E'}{tops[item] + 2}"
    formats = {cell: number_format} if number_format else None
    label = shown or visible(typed) + (f"，单元格格式 `{number_format}`" if number_format else "")
    files = partial(form_of, rows, formats=formats)
    return Case(f"{entry.label} {part}：{label}", files, partial(read_part, item, part), read, codes, note, cell)


def blanks(item: str, pair: tuple[Cell, Cell], read: str, codes: str, cell_part: str = "") -> Case:
    """N and M of one item together."""
    entry = RULEBOOK.indicator_of[item]
    rows, tops = form_rows(RULEBOOK, full_answers(RULEBOOK, **{item: pair}))
    cell = f"{'DE'['NM'.index(cell_part)]}{tops[item] + 2}" if cell_part else ""
    typed = f"{entry.label} N：{visible(pair[0])}，M：{visible(pair[1])}"
    return Case(typed, partial(form_of, rows), partial(read_pair, item), read, codes, "", cell)


def read_pair(item: str, tables: Gathered) -> str:
    answer = answers_of(tables, item)
    if not answer:
        return "没有答案"
    unit = RULEBOOK.indicator_of[item].unit
    words = f"N {part_in_words(answer, 'n', unit)}，M {part_in_words(answer, 'm', unit)}"
    return words + ("" if answer["valid"] else "；本项不计分")


def whole_form(typed: str, read: str, codes: str, item: str, **answers: object) -> Case:
    """A form of which some answers differ from the valid ones; what is looked at is `item`."""
    files = partial(form_of, form_rows(RULEBOOK, full_answers(RULEBOOK, **answers))[0])
    return Case(typed, files, partial(read_pair, item), read, codes)


BAD = "不采用；本项不计分"
STORE, MONEY, SYSTEMS, DEVICES, CLASSES = "cloud_storage", "cloud_security", "office", "device_access", "data_synergy"
FIVE = ("research", "production", "supply_chain", "marketing", "other_business")

PLAIN = [
    value(STORE, 12, "12 TB"),
    value(STORE, "1,234.5", "1234.5 TB"),
    value(STORE, "１２３４．５", "1234.5 TB"),
    value(STORE, " 12　", "12 TB", note="前后的空格不影响"),
    value(STORE, "12", "12 TB", shown="`'12`（文本格式的 12）"),
    value(STORE, "'12", "12 TB", note="撇号也留在格子里"),
    value(STORE, "1，234", "1234 TB"),
    value(MONEY, "¥1,200", "1200 万元"),
    value(MONEY, "￥1,200", "1200 万元"),
    value(STORE, 0, "0 TB"),
    value(STORE, "\u200b12\u00a0", "12 TB"),
]
OWN_UNIT = [
    value(STORE, "12TB", "12 TB"),
    value(MONEY, "350万元", "350 万元"),
    value(MONEY, "350万", "350 万元"),
    value(SYSTEMS, "3个", "3 个"),
    value(SYSTEMS, "3套", "3 个"),
    value(SYSTEMS, "3项", "3 个"),
    value(DEVICES, "10 台", "10 台"),
    value(DEVICES, "10套", "10 台"),
    value(STORE, "12TB", "12 TB", part="M"),
]
OTHER_UNIT = [
    value(STORE, "500GB", "0.48828125 TB", "V05"),
    value(STORE, "2PB", "2048 TB", "V05"),
    value(MONEY, "1.2亿", "12000 万元", "V05"),
    value(MONEY, "5000元", "0.5 万元", "V05"),
    value(DEVICES, "1.2万", "12000 台", "V05"),
    value(STORE, "500GB", "0.48828125 TB", "V05", part="M"),
    value(STORE, "约500GB", "0.48828125 TB", "V05", "既换算又是约数：一条提醒把两样都说明"),
]
APPROXIMATE = [
    *(
        value(STORE, typed, "500 TB", "V06")
        for typed in ("约500", "500左右", "500余", "≥500", "500以上", "500+", "近500", "超过500", "500多")
    ),
    value(SYSTEMS, "3个（MES、ERP、WMS）", "3 个", "V07"),
    value(SYSTEMS, "3个（MES、ERP）", "3 个", "V07", "清单的项数与所填的数不同，一并说明"),
    value("cloud_server", "CPU 64核 内存256G", "16 4核16G", "V34", "（64÷4＋256÷16）÷2"),
]
NONE_WORDS = ("无", "没有", "暂无", "不涉及", "—", "-", "－", "/", "\\", "N/A")
NONE = [
    *(value(STORE, word, "没有，计 0") for word in NONE_WORDS),
    *(value(STORE, word, "没有，计 0", part="M") for word in NONE_WORDS),
]
BLANK = [
    blanks(STORE, (None, 4), "N 空白，不采用，M 4 TB；本项不计分", "V02", "N"),
    blanks(STORE, (2, None), "N 2 TB，M 空白，不采用；本项不计分", "V02", "M"),
    blanks(STORE, ("　", 4), "N 空白，不采用，M 4 TB；本项不计分", "V02", "N"),
    blanks(STORE, ("\u00a0", 4), "N 空白，不采用，M 4 TB；本项不计分", "V02", "N"),
    blanks(STORE, (None, None), "N 空白，计 0，M 空白，计 0", "V03", "N"),
    whole_form(
        "云存储、行政办公的 N 和 M 都空着",
        "N 空白，计 0，M 空白，计 0",
        "V03",
        STORE,
        cloud_storage=(None, None),
        office=(None, None),
    ),
    Case(
        "整张附件1一个数也没有填",
        partial(form_of, form_rows(RULEBOOK, {})[0]),
        partial(read_pair, STORE),
        "没有答案",
        "V04",
    ),
]
REFUSED = [
    value(STORE, "10-20", BAD, "V11"),
    value(STORE, "12.5%", BAD, "V12"),
    value(STORE, "3/4", BAD, "V12"),
    value(STORE, "12,5", BAD, "V18"),
    value(STORE, "1,23,4", BAD, "V18"),
    value(STORE, "1_000", BAD, "V01"),
    value(STORE, "800O", BAD, "V20", "末尾是字母 O"),
    value(STORE, "待定", BAD, "V01"),
    value(SYSTEMS, "MES、ERP", BAD, "V01", "只写了名称"),
    value(STORE, "见附表", BAD, "V01"),
    value(STORE, "2023/5/1", BAD, "V13"),
    value(STORE, 45000, BAD, "V21", "存成日期", number_format="yyyy/m/d"),
    value(STORE, 0.5, BAD, "V21", "存成时间", number_format="h:mm"),
    value(STORE, "8:30", BAD, "V13"),
    value(STORE, True, BAD, "V14"),
    value(STORE, False, BAD, "V14"),
    value(STORE, Raw('t="str"', '<f>DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v>'), BAD, "V14", shown="单元格图片"),
    value(STORE, Raw('t="e"', "<v>#DIV/0!</v>"), BAD, "V15", shown="`#DIV/0!`（公式出错）"),
    value(STORE, "inf", BAD, "V01"),
    value(STORE, "nan", BAD, "V01"),
    value(STORE, 1e15, BAD, "V10", shown="`1000000000000000`"),
    value(STORE, -5, BAD, "V08"),
    value(STORE, "(800)", BAD, "V08"),
    value(STORE, "−800", BAD, "V08", "负号是 U+2212"),
    value(STORE, "－800", BAD, "V08"),
    value(SYSTEMS, 2.5, BAD, "V09"),
    value(DEVICES, "2.5台", BAD, "V09"),
    value(CLASSES, 2.5, BAD, "V09"),
    value(STORE, "10²", BAD, "V01"),
    value(STORE, "①", BAD, "V01"),
    value(STORE, "12 34", BAD, "V17"),
    value(STORE, "12\n34", BAD, "V17"),
    value(STORE, "<500", BAD, "V19"),
    value(STORE, "≤500", BAD, "V19"),
    value(STORE, "不足500", BAD, "V19"),
    value(STORE, "500以内", BAD, "V19"),
    value(STORE, "500平方米", BAD, "V20"),
    value(STORE, "10-20", BAD, "V11", part="M"),
    value(STORE, "13800138000", BAD, "V40"),
]
FORMULAS = [
    value(STORE, Raw("", "<f>A1*2</f><v>24</v>"), "24 TB", shown="公式 `=A1*2`，存有结果 24"),
    value(STORE, Raw("", "<f>A1*2</f>"), BAD, "V16", shown="公式 `=A1*2`，没有存下结果"),
    value(STORE, Raw('t="str"', "<f>A1</f><v>约500</v>"), "500 TB", "V06", shown="公式，结果是文字 `约500`"),
]
FORMATS = [
    value(STORE, 0.125, BAD, "V21", number_format="0.0%"),
    value(STORE, 45000, BAD, "V21", number_format="yyyy年m月d日"),
    value(STORE, 500, "0.48828125 TB", "V22", "照屏幕上的“500GB”读", number_format='0"GB"'),
    value(STORE, 500, "0.48828125 TB", "V22", "字母没加引号也一样", number_format="0GB"),
    value(SYSTEMS, 3, "3 个", "V22", number_format='0"套"'),
    value(STORE, 500, BAD, "V20", "照屏幕上的“500平方米”读", number_format='0"平方米"'),
    value(STORE, 25000, "25000 TB", "V23", number_format='0.0,"万"'),
    value(STORE, 2000, "2000 TB", "V23", number_format="0,"),
    *(
        value(STORE, 1234.56, "1234.56 TB", number_format=code)
        for code in (
            "0",
            "0.0",
            "#,##0.00",
            "¥#,##0.00",
            "[$$-409]#,##0.00",
            "[$€-2] 0",
            "[$¥-411]0",
            "0.00E+00",
            "[Red]0.00",
            "[$-804]0.00",
        )
    ),
    *(value(MONEY, 100, BAD, "V21", "外币不是万元", number_format=code) for code in ('"US$"#,##0', "[$USD] 0")),
    value(MONEY, 100, "100 万元", number_format='"CNY" 0'),
]


def runs(*pieces: tuple[str, str]) -> Raw:
    """A cell of rich text: (text, the properties of its run)."""
    items = "".join(f"<r><rPr>{drawn}</rPr><t>{text}</t></r>" for text, drawn in pieces)
    return Raw('t="inlineStr"', f"<is>{items}</is>")


RICH = [
    value(
        SYSTEMS, runs(("1", "<strike/>"), ("2", "")), BAD, "V01", "划去的 1 不能与 2 连成 12", shown="2，前面有划去的 1"
    ),
    value(SYSTEMS, runs(("12", "<strike/>")), BAD, "V51", shown="整个划去的 12"),
    value(SYSTEMS, runs(("3", ""), ("个", '<strike val="1"/>')), BAD, "V01", shown="3，后面有划去的“个”"),
    value(STORE, runs(("1", ""), ("2", '<vertAlign val="superscript"/>')), BAD, "V01", shown="1，右上角有 2"),
    value(STORE, runs(("1", ""), ("2", '<vertAlign val="subscript"/>')), BAD, "V01", shown="1，右下角有 2"),
    value(STORE, runs(("1", "<b/>"), ("2", '<strike val="0"/>')), "12 TB", shown="12，其中 1 是粗体"),
]
PAIRS = [
    blanks(SYSTEMS, (3, 0), "N 3 个，M 0 个；本项不计分", "V24", "M"),
    blanks(SYSTEMS, (3, "无"), "N 3 个，M 没有，计 0；本项不计分", "V24", "M"),
    blanks(SYSTEMS, (5, 3), "N 5 个，M 3 个；本项不计分", "V25", "N"),
    blanks(SYSTEMS, (0, 0), "N 0 个，M 0 个", ""),
    blanks(SYSTEMS, ("无", "无"), "N 没有，计 0，M 没有，计 0", ""),
    blanks(SYSTEMS, (3, 3), "N 3 个，M 3 个", ""),
    whole_form(
        "系统协同 N：`11`，五项云上业务 N 之和为 10", "N 11 个，M 10 个", "V26", "system_synergy", system_synergy=11
    ),
    whole_form(
        "系统协同 N：`2`，五项云上业务 N 之和为 0",
        "N 2 个，M 0 个；本项不计分",
        "V27",
        "system_synergy",
        system_synergy=2,
        **dict.fromkeys(FIVE, (0, 4)),
    ),
    whole_form(
        "系统协同 N：`0`，五项云上业务 N 之和为 0",
        "N 0 个，M 0 个",
        "",
        "system_synergy",
        system_synergy=0,
        **dict.fromkeys(FIVE, (0, 4)),
    ),
    whole_form(
        "研发 N：`待定`（看系统协同）",
        "N 2 个，M 不采用；本项不计分",
        "V01 V28",
        "system_synergy",
        research=("待定", 4),
    ),
    whole_form("系统协同 N：（空着）", "N 空白，计 0，M 10 个", "V29", "system_synergy", system_synergy=None),
]


# ---------------------------------------------------------------- 附件2


def money(column: str, typed: str, read: str, codes: str = "", note: str = "") -> Case:
    label, letter = {"revenue": ("销售收入", "E"), "profit": ("利润总额", "F")}[column]
    files = partial(lambda row: {LIST: nomination(row)}, nominated(1, COMPANY, **{column: typed}))
    cell = "C2" if codes == "V35" else f"{letter}2"
    shown = visible(typed.removeprefix("'") or None)
    return Case(f"{label}：{shown}", files, partial(_figure, column), read, codes, note, cell)


def _figure(column: str, tables: Gathered) -> str:
    number = tables.enterprises.iloc[0][column]
    return "没有填" if pd.isna(number) else f"{number_text(float(number))} 万元"


def phone(typed: Cell, read: str, codes: str = "", note: str = "") -> Case:
    cells: list[Cell] = [1, "上城区", COMPANY, "泵", 1000, 100, 20, 10, "张三", typed, "推荐"]
    headers: list[Cell] = [*nomination_headers()]
    files = partial(lambda rows: {LIST: workbook({"附件2": rows})}, [headers, cells])
    return Case(f"联系电话：{visible(typed)}", files, _phone, read, codes, note, "J2")


def _phone(tables: Gathered) -> str:
    return f"`{tables.enterprises.iloc[0]['phone']}`"


def nomination_headers() -> list[str]:
    return [column.header for column in RULEBOOK.nomination_columns]


NOMINATION = [
    money("revenue", "1200", "1200 万元"),
    money("revenue", "'１，２００．５", "1200.5 万元"),
    money("revenue", "1200万元", "1200 万元"),
    money("revenue", "1.2亿", "12000 万元", "V05"),
    money("revenue", "5000元", "0.5 万元", "V05"),
    money("revenue", "约500", "500 万元", "V06"),
    money("profit", "-800", "-800 万元"),
    money("profit", "'-800", "-800 万元", note="存成文本"),
    money("profit", "(800)", "-800 万元"),
    money("profit", "－800", "-800 万元"),
    money("revenue", "-800", "没有填", "V08", "销售收入不能是负数"),
    money("revenue", "10-20", "没有填", "V11"),
    money("revenue", "-", "没有填", "V35"),
    money("revenue", "/", "没有填", "V35"),
    money("revenue", "", "没有填", "V35"),
    money("profit", "-", "没有填", "V35"),
    phone(13800138000, "`13800138000`", note="存成数"),
    phone("13800138000.0", "`13800138000`"),
    phone("13800138000", "`13800138000`", note="存成文本"),
    phone("0571-88888888", "`0571-88888888`"),
    phone("1.38E+10", "`1.38E+10`", "V37", "后几位已经丢了，无从恢复"),
]

# ---------------------------------------------------------------- marks, pool


def mark(typed: Cell, read: str, codes: str = "", note: str = "") -> Case:
    """A mark for 云原生应用情况, 4 points at most."""
    rows: list[list[Cell]] = [["企业名称", "云原生应用情况", "绩效提升典型案例"], [COMPANY, typed, 1]]
    files = partial(lambda sheet: {LIST: nomination(nominated(1, COMPANY)), MARKS: workbook({"李四": sheet})}, rows)
    return Case(f"云原生应用情况（4 分）：{visible(typed)}", files, _mark, read, codes, note, "B2")


def item(header: str, read: str, codes: str = "") -> Case:
    """A column of marks under a header."""
    rows: list[list[Cell]] = [["企业名称", "信创应用示范", header, "绩效提升典型案例"], [COMPANY, 2, 3, 1]]
    files = partial(lambda sheet: {LIST: nomination(nominated(1, COMPANY)), MARKS: workbook({"李四": sheet})}, rows)
    return Case(f"列标题：{visible(header or None)}", files, _mark, read, codes, "这一列填了 3", "C1")


def _mark(tables: Gathered) -> str:
    rows = tables.marks[tables.marks["indicator"] == "cloud_native"].to_dict("records")
    if not rows:
        return "没有分"
    words = {"blank": "没有评", "recused": "回避", "error": "不计入"}
    return words.get(rows[0]["state"]) or f"{number_text(rows[0]['mark'])} 分"


def pool(typed: Cell, read: str, codes: str = "", note: str = "") -> Case:
    """A count of one city and year in 附件3's own layout."""
    headers = ["地区", "2021年新增数", "2022年新增数", "2023年新增数", "三年目标数"]
    rows: list[list[Cell]] = [["市级培育库"], headers, ["杭州市", typed, 1, 1, 90]]
    files = partial(lambda sheet: {POOL: workbook({"附件3": sheet})}, rows)
    return Case(f"2021年新增数：{visible(typed)}", files, _pool, read, codes, note, "B3")


def headed(header: str, read: str, codes: str = "") -> Case:
    """A column of 附件3 with 14 companies under a header."""
    headers = ["地区", header, "2022年新增数", "2023年新增数", "三年目标数"]
    rows: list[list[Cell]] = [["市级培育库"], headers, ["杭州市", 14, 1, 1, 90]]
    files = partial(lambda sheet: {POOL: workbook({"附件3": sheet})}, rows)
    return Case(f"列标题：{visible(header)}", files, _pool, read, codes, "这一列填了 14", "B2")


def _pool(tables: Gathered) -> str:
    numbers = [count.value for count in tables.pool_counts if count.item == "2021"]
    return f"{number_text(numbers[0])} 家" if numbers and numbers[0] is not None else "没有数"


MARK_CASES = [
    mark(3, "3 分"),
    mark(0, "0 分", note="打 0 分与没有评是两回事"),
    mark(4, "4 分"),
    mark("３.5", "3.5 分"),
    mark(None, "没有评"),
    mark("-", "没有评"),
    mark("/", "没有评"),
    mark("回避", "回避"),
    mark(4.5, "不计入", "E01"),
    mark(-1, "不计入", "E01"),
    mark("优", "不计入", "E01"),
    mark("3分", "3 分"),
    mark("3.5 分", "3.5 分"),
    mark("3分左右", "不计入", "E01"),
    mark("分", "不计入", "E01"),
    mark("约3", "不计入", "E01"),
    item("云原生应用", "3 分"),
    item("2.云原生（4分）", "3 分"),
    item("云平台", "没有分", "E10"),
    item("", "没有分", "E10"),
]
POOL_CASES = [
    pool(14, "14 家"),
    pool("１４", "14 家"),
    pool(0, "0 家"),
    pool("14家", "14 家"),
    pool("约10", "没有数", "P02"),
    pool(-1, "没有数", "P02"),
    pool(2.5, "没有数", "P02"),
    pool("无", "没有数", "P02"),
    headed("21年新增数", "14 家"),
    headed("2021年", "14 家"),
    headed("2021新增数", "14 家"),
    headed("2021年情况", "没有数", "P14"),
    headed("新增", "没有数", "P14"),
]

VALUE_GROUPS = {
    "附件1的 N 和 M：直接读的数": PLAIN,
    "附件1的 N 和 M：带着本栏的单位": OWN_UNIT,
    "附件1的 N 和 M：别的单位，换算并提醒": OTHER_UNIT,
    "附件1的 N 和 M：约数、附带清单、服务器配置，按所写的数读并提醒": APPROXIMATE,
    "附件1的 N 和 M：表示“没有”的写法": NONE,
    "附件1的 N 和 M：空着": BLANK,
    "附件1的 N 和 M：看不出是哪一个数": REFUSED,
    "附件1的 N 和 M：公式": FORMULAS,
    "附件1的 N 和 M：单元格格式": FORMATS,
    "附件1的 N 和 M：一格里有划去的字、上标、下标": RICH,
    "附件1：N 与 M 对照": PAIRS,
    "附件2：金额和电话": NOMINATION,
    "专家评分": MARK_CASES,
    "培育库": POOL_CASES,
}
