"""Two of one thing, one row a way of sending it: columns with one header, lists beside each other, sheets that go on."""

from __future__ import annotations

from functools import partial

from pipeline.readers.settling.gather import Gathered
from tests.support.arrivals import HEADERS, form, nominated, nomination
from tests.support.reading_cases import FORM, LIST, RULEBOOK, Case
from tests.support.workbooks import form_rows, full_answers, workbook

ONE, TWO, THREE = "杭州甲有限公司", "杭州乙有限公司", "杭州丙有限公司"
REVENUE = "上年度销售收入（万元）"


def listed(tables: Gathered) -> str:
    """Who is nominated, with the revenue that is read."""
    rows = tables.enterprises[tables.enterprises["nominated"]].to_dict("records")
    return "；".join(f"{row['company']} 销售收入 {row['revenue']:g}" for row in rows) or "没有企业"


def answered(tables: Gathered) -> str:
    return "计分" if not tables.answers.empty and tables.answers["valid"].any() else "不计分"


def in_list(typed: str, content: bytes, read: str, codes: str = "", note: str = "", cell: str = "") -> Case:
    forms = {f"杭州市/上城区/{name}.xlsx": form(name) for name in (ONE, TWO, THREE)}
    return Case(typed, partial(dict, {LIST: content, **forms}), listed, read, codes, note, cell)


def _beside(**options: object) -> bytes:
    row = nominated(1, ONE).replace("|泵|1000|", "|泵|15000|20000|")
    return nomination(row, headers=HEADERS.replace(REVENUE, f"{REVENUE}|{REVENUE}"), **options)


def _two_pages() -> dict[str, bytes]:
    rows, tops = form_rows(RULEBOOK, full_answers(RULEBOOK))
    cut = tops["office"] - 1
    return {FORM: workbook({"第1页": [[f"企业名称：{ONE}"], *rows[:cut]], "第2页": rows[cut:]})}


COLUMNS = [
    in_list("两栏“上年度销售收入”，左边一栏隐藏", _beside(hidden_columns={"附件2": [5]}), f"{ONE} 销售收入 20000", "F09 T61", "读看得见的一栏", "E1"),
    in_list("两栏“上年度销售收入”，都看得见", _beside(), f"{ONE} 销售收入 15000", "T61", "读左边一栏", "F1"),
    in_list("两栏“上年度销售收入”，内容相同", nomination(f"{nominated(1, ONE)}|1000", headers=f"{HEADERS}|{REVENUE}"), f"{ONE} 销售收入 1000"),
    in_list("“联系电话（手机）”和“联系电话（座机）”", nomination(f"{nominated(1, ONE)}|'0571-88000000", headers=HEADERS.replace("联系电话", "联系电话（手机）") + "|联系电话（座机）"), f"{ONE} 销售收入 1000", note="读第一栏"),
]  # fmt: skip
LISTS = [
    in_list("左右并排两张名单", nomination(f"{nominated(1, ONE)}||{nominated(2, TWO)}", headers=f"{HEADERS}||{HEADERS}"), f"{ONE} 销售收入 1000", "T62", "右边的没有读", "O1"),
    in_list("名单右边没有标题的企业名称", nomination(f"{nominated(1, ONE)}||{TWO}"), f"{ONE} 销售收入 1000", "T62", cell="M2"),
    in_list("名单下面另有一张只有四栏的名单", nomination(nominated(1, ONE), "", "序号|企业名称|联系人|联系电话", f"1|{TWO}|李四|'0571-88000000"), f"{ONE} 销售收入 1000", "T62", cell="B4"),
    in_list("第二张工作表接着写，没有表头", workbook({"附件2": f"{HEADERS}\n{nominated(1, ONE)}", "续": nominated(2, TWO)}), f"{ONE} 销售收入 1000", "F41"),
    in_list("第二张工作表接着写，有表头", workbook({"附件2": f"{HEADERS}\n{nominated(1, ONE)}", "续": f"{HEADERS}\n{nominated(1, TWO)}"}), f"{TWO} 销售收入 1000；{ONE} 销售收入 1000"),
    in_list("另一张工作表是同样企业的排名", workbook({"附件2": f"{HEADERS}\n{nominated(1, ONE)}", "排名": f"排名|企业名称\n1|{ONE}"}), f"{ONE} 销售收入 1000", "F42"),
    Case("一张附件1拆在两张工作表上", _two_pages, answered, "不计分", "T63"),
]  # fmt: skip

TWIN_GROUPS = {"附件2：同样的标题有两栏": COLUMNS, "并排的、分开的名单和表": LISTS}
