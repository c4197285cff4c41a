"""What the screen shows and the stored value hides: what is struck out, results that nobody computed, zeros that nobody
sees. A part of the table in
tests/support/reading_cases.py."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pipeline.model.display import number_text
from pipeline.readers.settling.gather import Gathered
from tests.support.arrivals import HEADERS, PHONE, nominated, nomination
from tests.support.reading_cases import (
    COMPANY,
    FORM,
    LIST,
    MARKS,
    POOL,
    RULEBOOK,
    Case,
    Files,
    form_of,
    read_part,
)
from tests.support.workbooks import Cell, Raw, form_rows, full_answers, to_be_computed, without_zeros, workbook

Change = Callable[[bytes], bytes]
CELLS_OF_N = ("V52", "V53", "V39", "V21", "V23")
STORE, TICKED = "cloud_storage", "data_synergy"
UNSCORED = "不采用；本项不计分"


def in_form(typed: str, item: str, cell: str, read: str, codes: str, **changed: object) -> Case:
    """附件1 in which one cell is struck out: its column, and its row counted from that of the item's name as 1."""
    rows, tops = form_rows(RULEBOOK, full_answers(RULEBOOK, **changed))
    address = f"{cell[0]}{tops[item] + int(cell[1:])}"
    files = partial(form_of, rows, struck=[address])
    return Case(typed, files, partial(read_part, item, "N"), read, codes, "", address if codes != "V01" else "")


def in_list(typed: str, column: str, read: str, codes: str, row: str = "") -> Case:
    """附件2 with one company in which the cell of a column is struck out."""
    files = partial(lambda line: {LIST: nomination(line, struck=[f"{column}2"])}, row or nominated(1, COMPANY))
    return Case(typed, files, listed, read, codes, "", f"{column}2")


def listed(tables: Gathered) -> str:
    """The companies of the list with what is read of them."""
    rows = [row for row in tables.enterprises.to_dict("records") if row["nominated"]]
    if not rows:
        return "没有企业"
    phone = "、".join(row["phone"] for row in rows)
    refused = "不推荐" if rows[0]["refused"] else "推荐"
    return f"{rows[0]['company']}，收入 {_money(rows[0]['revenue'])}，电话 {phone or '没有'}，{refused}"


def _money(number: float) -> str:
    return number_text(number) if number == number else "没有填"


def renamed() -> Files:
    """附件2 with a name in which two characters are struck out."""
    pieces = (("杭州甲乙", ""), ("老厂", "<rPr><strike/></rPr>"), ("机械有限公司", ""))
    runs = "".join(f"<r>{drawn}<t>{text}</t></r>" for text, drawn in pieces)
    row: list[Cell] = [*nominated(1, COMPANY).split("|")]
    row[9] = PHONE
    row[2] = Raw('t="inlineStr"', f"<is>{runs}</is>")
    return {LIST: workbook({"附件2": [HEADERS.split("|"), row]})}


def marked(struck: str) -> Files:
    rows: list[list[Cell]] = [["企业名称", "云原生应用情况", "绩效提升典型案例"], [COMPANY, 3, 1]]
    return {LIST: nomination(nominated(1, COMPANY)), MARKS: workbook({"李四": rows}, struck=[struck])}


def given(tables: Gathered) -> str:
    return (
        "、".join(f"{row['mark']:g} 分" for row in tables.marks.to_dict("records") if row["state"] == "given")
        or "没有分"
    )


def counted(struck: str) -> Files:
    headers = ["地区", "2021年新增数", "2022年新增数", "2023年新增数", "三年目标数"]
    rows: list[list[Cell]] = [["市级培育库"], headers, ["杭州市", 14, 1, 1, 90]]
    return {POOL: workbook({"附件3": rows}, struck=[struck])}


def counts(tables: Gathered) -> str:
    values = [count.value for count in tables.pool_counts if count.item == "2021"]
    return f"{values[0]:g} 家" if values and values[0] is not None else "没有数"


def named(tables: Gathered) -> str:
    """Whose form it is."""
    return "、".join(sorted({row["key"] for row in tables.answers.to_dict("records")})) or "没有企业"


def headed() -> Files:
    rows, _ = form_rows(RULEBOOK, full_answers(RULEBOOK))
    return {FORM: workbook({"附件1": [["企业名称：", COMPANY], *rows]}, struck=["B1"])}


def unfinished(content: bytes) -> bytes:
    return to_be_computed(content, 'calcCompleted="0"')


def both_at_once(content: bytes) -> bytes:
    return to_be_computed(without_zeros(content))


def headed_by_formula() -> Files:
    rows, _ = form_rows(RULEBOOK, full_answers(RULEBOOK))
    label: list[Cell] = ["企业名称：", Raw('t="str"', "<f>B900&amp;B901</f><v>杭州旧名有限公司</v>")]
    return {FORM: to_be_computed(workbook({"附件1": [label, *rows]}))}


STRUCK_OUT = [
    in_form("云存储的 N 划去了（单元格的字体）", STORE, "D2", UNSCORED, "V51"),
    in_form("云存储的 N 是“无”，划去了", STORE, "D2", UNSCORED, "V51", cloud_storage=("无", 4)),
    in_form(
        "云存储的 N 空着，格子设了删除线", STORE, "D2", "空白，不采用；本项不计分", "V02", cloud_storage=(None, 4)
    )._replace(cell=""),
    in_form("云存储的名称划去了，N 没有", STORE, "B1", UNSCORED, "V51 V51")._replace(cell=""),
    in_form("数据协同的一个“√”划去了", TICKED, "E2", UNSCORED, "V33"),
    in_form("数据协同的一个类别划去了", TICKED, "F2", UNSCORED, "V33"),
    Case("附件1的企业名称划去了", headed, named, "没有企业", "T05 T53", cell="B1"),
    in_list("附件2的企业名称划去了", "C", "没有企业", "T51"),
    in_list("附件2的销售收入划去了", "E", f"{COMPANY}，收入 没有填，电话 13900000001，推荐", "V51"),
    in_list("附件2的联系电话划去了", "J", f"{COMPANY}，收入 1000，电话 没有，推荐", "T53"),
    in_list(
        "附件2的“不推荐”划去了",
        "K",
        f"{COMPANY}，收入 1000，电话 13900000001，推荐",
        "T53",
        nominated(1, COMPANY, verdict="不推荐"),
    ),
    in_list("附件2的序号划去了", "A", f"{COMPANY}，收入 1000，电话 13900000001，推荐", "")._replace(cell=""),
    Case(
        "附件2的企业名称里有两个字划去了",
        renamed,
        listed,
        f"{COMPANY}，收入 1000，电话 13900000001，推荐",
        "T52",
        cell="C2",
    ),
    Case("专家评分的 3 划去了", partial(marked, "B2"), given, "1 分", "E01", cell="B2"),
    Case("专家评分的企业名称划去了", partial(marked, "A2"), given, "没有分", "T51", cell="A2"),
    Case("培育库 2021 年的 14 划去了", partial(counted, "B3"), counts, "没有数", "P02", cell="B3"),
    Case("培育库的“杭州市”划去了", partial(counted, "A3"), counts, "没有数", "T51", cell="A3"),
]


def result(formula: str, stored: str, kind: str = "") -> Raw:
    """A formula with a stored result."""
    return Raw(f't="{kind}"' if kind else "", f"<f>{formula}</f><v>{stored}</v>")


def computed(
    typed: str, cell: Cell, read: str, codes: str = "", change: Change = to_be_computed, **layout: object
) -> Case:
    """附件1 with this N of 云存储 (M is a large number) in a workbook changed as a whole."""
    rows, tops = form_rows(RULEBOOK, full_answers(RULEBOOK, **{STORE: (cell, 10**9)}))
    address = f"D{tops[STORE] + 2}"
    formats = {address: str(layout["number_format"])} if "number_format" in layout else None

    def files() -> Files:
        return {path: change(content) for path, content in form_of(rows, formats=formats).items()}

    return Case(typed, files, partial(read_part, STORE, "N"), read, codes, "", address if codes in CELLS_OF_N else "")


def listed_by(typed: str, row: list[Cell], read: str, codes: str, change: Change = to_be_computed) -> Case:
    """附件2 with one company, whose row has these cells in place of its own from column C on."""
    cells: list[Cell] = [*nominated(1, COMPANY).split("|")]
    cells[2 : 2 + len(row)] = row
    cells[9] = PHONE
    files = {LIST: change(workbook({"附件2": [HEADERS.split("|"), cells]}))}
    return Case(typed, lambda: files, listed, read, codes)


def marks_by(typed: str, cell: Cell, read: str, codes: str, change: Change = to_be_computed, **layout: object) -> Case:
    """Marks of one company, whose first one is this; the second is 1."""
    rows: list[list[Cell]] = [["企业名称", "云原生应用情况", "绩效提升典型案例"], [COMPANY, cell, 1]]
    book = change(workbook({"李四": rows, "原始": [["", 3]]}, **layout))
    return Case(typed, lambda: {LIST: nomination(nominated(1, COMPANY)), MARKS: book}, given, read, codes)


def pool_by(typed: str, cell: Cell, read: str, codes: str, change: Change = to_be_computed) -> Case:
    headers = ["地区", "2021年新增数", "2022年新增数", "2023年新增数", "三年目标数"]
    rows: list[list[Cell]] = [["市级培育库"], headers, ["杭州市", cell, 1, 1, 90]]
    return Case(typed, lambda: {POOL: change(workbook({"附件3": rows}))}, counts, read, codes)


def as_it_is(content: bytes) -> bytes:
    return content


ON_OPENING = "工作簿要求打开时重新计算，"
BLANK_N = "空白，不采用；本项不计分"
WHOLE_ROW = f"{COMPANY}，收入 {{}}，电话 13900000001，推荐"
NOT_COMPUTED = [
    computed(f"{ON_OPENING}`=12.5+8` 存着 0", result("12.5+8", "0"), UNSCORED, "V52"),
    computed(f"{ON_OPENING}`=12.5+8` 存着 20.5", result("12.5+8", "20.5"), "20.5 TB"),
    computed(f"{ON_OPENING}`=SUM(D900:D902)` 存着旧数 5", result("SUM(D900:D902)", "5"), UNSCORED, "V52"),
    computed(f"{ON_OPENING}`=VLOOKUP(…)` 存着 5，算不了", result("VLOOKUP(1,A1:B9,2)", "5"), UNSCORED, "V52"),
    computed(f"{ON_OPENING}公式引用别的工作簿，存着 5", result("[1]表!B3", "5"), "5 TB"),
    computed(f"{ON_OPENING}公式结果存的是文字 `无`", result("VLOOKUP(1,A1:B9,2)", "无", "str"), UNSCORED, "V52"),
    computed(f"{ON_OPENING}直接填的 5", 5, "5 TB"),
    computed("上次保存时没有算完，`=2+3` 存着 0", result("2+3", "0"), UNSCORED, "V52", unfinished),
    computed("`=2+3` 存着 7（没有要求重算，但与公式不符）", result("2+3", "7"), UNSCORED, "V52", as_it_is),
    computed("`=2+3` 存着 5", result("2+3", "5"), "5 TB", "", as_it_is),
    computed("`=VLOOKUP(…)` 存着 5", result("VLOOKUP(1,A1:B9,2)", "5"), "5 TB", "", as_it_is),
    computed("公式的结果是空的文字", result("VLOOKUP(1,A1:B9,2)", "", "str"), UNSCORED, "V39", as_it_is),
    computed('`=IF(1=1,"","x")`，结果确实是空白', result('IF(1=1,"","x")', "", "str"), BLANK_N, "V02", as_it_is),
    Case(
        f"附件1：{ON_OPENING}企业名称 `=B900&B901` 存着旧名", headed_by_formula, named, "没有企业", "T05 T53", cell="B1"
    ),
    listed_by(f"附件2：{ON_OPENING}企业名称 `=A9&B9` 存着 0", [result("A9&amp;B9", "0")], "没有企业", "T51"),
    listed_by(
        f"附件2：{ON_OPENING}销售收入 `=15000+5000` 存着 0",
        [COMPANY, "泵", result("15000+5000", "0")],
        WHOLE_ROW.format("没有填"),
        "V52",
    ),
    listed_by(
        f"附件2：{ON_OPENING}主营业务 `=B9` 存着 0",
        [COMPANY, result("B9&amp;C9", "0")],
        WHOLE_ROW.format("1000"),
        "T53",
    ),
    marks_by(f"专家评分：{ON_OPENING}`=B9+1` 存着 3", result("B9+1", "3"), "1 分", "E01"),
    marks_by(f"专家评分：{ON_OPENING}`=原始!B1` 存着 3", result("原始!B1", "3"), "3 分、1 分", ""),
    marks_by("专家评分：公式的结果是空的文字", result("T(A1)", "", "str"), "1 分", "E01", as_it_is),
    pool_by(f"培育库：{ON_OPENING}`=7+7` 存着 0", result("7+7", "0"), "没有数", "P02"),
    pool_by(f"培育库：{ON_OPENING}`=7+7` 存着 14", result("7+7", "14"), "14 家", ""),
]
UNSEEN = [
    computed("工作表不显示 0：公式 `=B900` 的 0", result("B900", "0"), BLANK_N, "V02 V54", without_zeros),
    computed("工作表不显示 0：填的 0", 0, UNSCORED, "V53", without_zeros),
    computed("工作表不显示 0：填的 5", 5, "5 TB", "", without_zeros),
    computed(
        "格式不显示 0：公式 `=B900` 的 0", result("B900", "0"), BLANK_N, "V02 V54", as_it_is, number_format="0;-0;;@"
    ),
    computed("格式 `0;-0;;@`：填的 0", 0, UNSCORED, "V53", as_it_is, number_format="0;-0;;@"),
    computed("格式 `#,###`：填的 0", 0, UNSCORED, "V53", as_it_is, number_format="#,###"),
    computed("格式 `;;;`：填的 0", 0, UNSCORED, "V53", as_it_is, number_format=";;;"),
    computed("格式 `;;;`：填的 5", 5, "5 TB", "V23", as_it_is, number_format=";;;"),
    computed("格式 `0;-0;;@`：填的 5", 5, "5 TB", "", as_it_is, number_format="0;-0;;@"),
    computed("会计格式显示 `-`：填的 0", 0, "0 TB", "", as_it_is, number_format='0;-0;"-"??;@'),
    computed("格式 `0%;@`：填的 -0.08", -0.08, UNSCORED, "V21", as_it_is, number_format="0%;@"),
    computed(f"不显示 0，{ON_OPENING}`=2+3` 存着 0", result("2+3", "0"), UNSCORED, "V52", both_at_once),
    marks_by("专家评分：工作表不显示 0，公式引用空格子", result("C9", "0"), "1 分", "E21", without_zeros),
    marks_by(
        "专家评分：格式不显示 0，公式引用空格子", result("C9", "0"), "1 分", "E21", as_it_is, formats={"B2": "0;-0;;@"}
    ),
    marks_by("专家评分：显示的 0，公式引用空格子", result("C9", "0"), "0 分、1 分", "", as_it_is),
    marks_by("专家评分：工作表不显示 0，填的 0", 0, "1 分", "E01", without_zeros),
    pool_by("培育库：工作表不显示 0，公式引用空格子", result("G9", "0"), "没有数", "", without_zeros),
    pool_by("培育库：工作表不显示 0，填的 0", 0, "没有数", "P02", without_zeros),
]

SEEN_GROUPS = {
    "划去的内容（删除线）": STRUCK_OUT,
    "公式：存下的结果没有算过": NOT_COMPUTED,
    "表上不显示的 0": UNSEEN,
}
