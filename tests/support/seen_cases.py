"""What the screen shows and the stored value hides: what is struck out. A part of the table in
tests/support/reading_cases.py."""

from __future__ import annotations

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
from tests.support.workbooks import Cell, Raw, form_rows, full_answers, workbook

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

SEEN_GROUPS = {"划去的内容（删除线）": STRUCK_OUT}
