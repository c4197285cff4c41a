"""Every code of the catalogue is raised by some small input, at the cell it is about."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from pipeline import run
from pipeline.issues.catalogue import CATALOGUE
from pipeline.issues.issue import Issue
from pipeline.issues.words import message_of
from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import narrowed_to
from pipeline.model.stamps import (
    DEMO_PROPERTY,
    EXPERT_PROPERTY,
    OUTPUT_PROPERTY,
    OUTPUT_PROPERTY_VALUE,
    original_stamps,
)
from pipeline.readers.formats.package import MAXIMUM_PARTS
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.forms.assessment.blocks import find_layout, form_words
from pipeline.readers.forms.assessment.form import read_assessment
from pipeline.readers.intake import file, workers
from pipeline.stages import statements
from pipeline.stages.checks import too_much
from pipeline.stages.checks.lists import nominated_are_in_the_city_pool
from pipeline.writers.forms.filled import FormAnswer
from tests.support.arrivals import (
    HEADERS,
    being_read,
    checked_material,
    computed,
    form,
    gathered,
    laid_out,
    lexicon,
    nominated,
    nomination,
)
from tests.support.containers import locked
from tests.support.decisions import decided
from tests.support.old_formats import ole
from tests.support.rulebooks import tested_rulebook
from tests.support.word import in_word
from tests.support.word import run as word_run
from tests.support.workbooks import (
    Raw,
    assessment_form,
    form_rows,
    full_answers,
    package,
    part_of,
    repacked,
    to_be_computed,
    without_zeros,
    workbook,
)

HERE = "杭州市/上城区"
LIST, FORM, MARKS, POOL = f"{HERE}/附件2.xlsx", f"{HERE}/附件1.xlsx", "专家评分/李四.xlsx", "培育库.xlsx"
COMPANY = "杭州甲公司"
SHEET = "xl/worksheets/sheet1.xml"
ITEMS = "企业名称|云原生应用情况|绩效提升典型案例"
CODES = ("91350100M000100Y43", "91330102MA0000001C")
BUSINESS = ("research", "production", "supply_chain", "marketing", "other_business")
EXCLUDED = "企业|理由|决定人|日期"
POOL_HEADERS = "地区|2021年新增数|2022年新增数|2023年新增数|三年累计数|三年目标数|完成进度"

Files = dict[str, bytes]


def answered(**answers: object) -> Files:
    """One form with every answer valid but these."""
    filled = full_answers(tested_rulebook(), **answers)
    return {FORM: assessment_form(filled, company=COMPANY, county="上城区")}


def typed(text: object) -> Files:
    """One form whose 研发 N is this."""
    return answered(research=(text, 4))


def stored(number: float, number_format: str) -> Files:
    """A form of four items as a plain sheet, in B3 a number in a format."""
    return {FORM: workbook({"附件1": _short_form(number)}, formats={"B3": number_format})}


def _short_form(n: object) -> list[list]:
    rows: list[list] = [["企业名称：" + COMPANY]]
    for label, value in (("研发", n), ("生产", 1), ("营销", 1)):
        rows += [[label, "N：数量", "M：总数"], [None, value, 4]]
    return rows


def _ruled(choice: str) -> Files:
    """A decision on who is selected."""
    return decided(规则确认=f"拟认定的名额或分数线|{choice}|会议纪要|确定|张三|2024-06-01")


def _twins() -> Files:
    """Two companies with equal answers."""
    names = (COMPANY, "杭州乙公司")
    filled = full_answers(tested_rulebook())
    forms = {f"{HERE}/{name}.xlsx": assessment_form(filled, company=name, county="上城区") for name in names}
    return {LIST: nomination(*(nominated(number, name) for number, name in enumerate(names, 1))), **forms}


def _half_struck() -> list[object]:
    """A row of 附件2 whose company has a struck-out piece in its name."""
    name = Raw("", "<is><r><t>杭州</t></r><r><rPr><strike/></rPr><t>老</t></r><r><t>甲公司</t></r></is>")
    cells: list[object] = [*nominated(1, COMPANY).split("|")]
    return [*cells[:2], name._replace(attributes='t="inlineStr"'), *cells[3:]]


def _two_pages() -> Files:
    rows, tops = form_rows(tested_rulebook(), full_answers(tested_rulebook()))
    cut = tops["office"] - 1
    return {FORM: workbook({"第1页": rows[:cut], "第2页": rows[cut:]})}


def changed(old: str, new: str) -> Files:
    """The valid form with a piece of its sheet's texts replaced."""
    (content,) = answered().values()
    for part in (SHEET, "xl/sharedStrings.xml"):
        text = part_of(content, part)
        if old in text:
            content = repacked(content, {part: text.replace(old, new)})
            break
    else:
        raise AssertionError(old)
    return {FORM: content}


def listed(**row: str) -> Files:
    return {LIST: nomination(nominated(1, COMPANY, **row))}


def both(**row: str) -> Files:
    return listed(**row) | {FORM: form(COMPANY)}


def marked(*rows: str, headers: str = ITEMS, path: str = MARKS) -> Files:
    return both() | {path: workbook({"李四": "\n".join([headers, *rows])})}


def pool(*rows: str, title: str = "市级培育库", headers: str = POOL_HEADERS) -> Files:
    return both() | {POOL: workbook({"Sheet1": "\n".join([title, headers, *rows])})}


def coded(name: str, code: str) -> Files:
    """A list that gives the company's code, and a form of this name and code."""
    row = f"{nominated(1, COMPANY)}|{CODES[0]}"
    return {LIST: nomination(row, headers=f"{HEADERS}|统一社会信用代码"), FORM: form(name, credit_code=code)}


def two_forms(**answers: tuple) -> Files:
    return {FORM: form(COMPANY), f"{HERE}/附件1（2）.xlsx": form(COMPANY, answers=answers)}


def alone_by_folder() -> dict[str, bytes]:
    """A list without counties whose first two companies have their forms in one county's folder, the third in another's."""
    names = [COMPANY, "乙机械有限公司", "丙机械有限公司"]
    rows = [nominated(order, name, "") for order, name in enumerate(names, start=1)]
    forms = {f"{HERE}/{name}.xlsx": form(name, county="") for name in names[1:]}
    return {"附件2.xlsx": nomination(*rows), "杭州市/余杭区/甲.xlsx": form(COMPANY, county=""), **forms}


def a_result(**cells: str) -> bytes:
    """A result of ours, as far as it is known by."""
    return nomination(nominated(1, COMPANY, **cells), properties={OUTPUT_PROPERTY: OUTPUT_PROPERTY_VALUE})


def saved_at(content: bytes, when: str) -> bytes:
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties">'
        f'<dcterms:modified xmlns:dcterms="http://purl.org/dc/terms/">{when}</dcterms:modified></cp:coreProperties>'
    )
    return repacked(content, {"docProps/core.xml": core})


def with_a_copy() -> Files:
    """A list, and another that says that it was made from it."""
    original = nomination(nominated(1, COMPANY))
    stamps = original_stamps([hashlib.sha256(original).hexdigest()])
    copy = nomination(nominated(1, COMPANY, revenue="5"), properties=stamps)
    return {LIST: original, f"{HERE}/改.xlsx": copy, FORM: form(COMPANY)}


def with_a_sample() -> Files:
    return {LIST: nomination(nominated(1, COMPANY), properties={DEMO_PROPERTY: "是"}), FORM: form(COMPANY)}


def code_in_two_forms() -> Files:
    there, other = "杭州市/余杭区", "余杭丙公司"
    files = listed() | {FORM: form(COMPANY, credit_code=CODES[0])}
    files[f"{there}/附件2.xlsx"] = nomination(nominated(1, other, "余杭区"))
    return files | {f"{there}/丙.xlsx": form(other, "余杭区", credit_code=CODES[0])}


def panel(size: int, more: dict[str, dict[str, int]]) -> Files:
    """Marks of three experts, a file each, for a list of companies; more: path → expert → how many companies he marks."""
    names = [f"杭州{letter}公司" for letter in "甲乙丙丁戊己"[:size]]
    files = {f"专家评分/{name}.xlsx": {name: size} for name in ("张一", "张二", "张三")} | more
    sheets = {
        path: "\n".join(
            ["专家|企业名称|评分项|得分"]
            + [f"{expert}|{name}|云原生应用情况|1" for expert, count in experts.items() for name in names[:count]]
        )
        for path, experts in files.items()
    }
    listed_companies = [nominated(order, name) for order, name in enumerate(names, start=1)]
    return {LIST: nomination(*listed_companies)} | {path: workbook({"评分": text}) for path, text in sheets.items()}


# Code -> what raises it, and its cell: "" where it is about a file or a run, None where some cell must be named.
CASES: dict[str, tuple[Callable[[], Files], str | None]] = {
    "F01": (lambda: {LIST: b"PK\x03\x04"}, ""),
    "F02": (lambda: {LIST: b"<html></html>"}, ""),
    "F03": (lambda: {LIST: workbook({"Sheet1": "甲|乙"})}, ""),
    "F04": (lambda: {f"{HERE}/工具.exe": b"MZ"}, ""),
    "F05": (lambda: {LIST: package({f"xl/{name}.xml": "" for name in ("workbook", *range(MAXIMUM_PARTS))})}, ""),
    "F07": (lambda: {f"{HERE}/李四.xlsx": workbook({"李四": f"{ITEMS}\n{COMPANY}|1|1"})}, ""),
    "F09": (lambda: {LIST: nomination(nominated(1, COMPANY), hidden_rows={"附件2": [2]})}, ""),
    "F10": (lambda: {LIST: workbook({"附件2": HEADERS, "填写示例": HEADERS})}, ""),
    "F11": (lambda: {f"{HERE}/材料.rar": b"Rar!"}, ""),
    "F12": (lambda: {LIST: workbook({"附件2": HEADERS, "旧": HEADERS}, hidden_sheets=["旧"])}, ""),
    "F13": (lambda: {LIST: locked(nomination(nominated(1, COMPANY)), "secret")}, ""),
    "F14": (lambda: {f"{HERE}/附件1.doc": ole({"WordDocument": b"\xec\xa5"})}, ""),
    "F26": (
        lambda: {f"{HERE}/附件1.docx": in_word(form(COMPANY), paragraph_of=f"<w:ins>{word_run('附件1')}</w:ins>")},
        "",
    ),
    "F27": (lambda: {f"{HERE}/附件1.docx": in_word(form(COMPANY), paragraph_of=word_run("90", "<w:vanish/>"))}, ""),
    "F15": (
        lambda: both() | {f"{HERE}/清单.xlsx": workbook({"问题清单": "编号|怎么改|情况说明\n第三条|补填|属实"})},
        "C2",
    ),
    "F16": (lambda: both() | {f"{HERE}/清单.xlsx": workbook({"问题清单": "X05-AAAAAA|补报|属实"})}, ""),
    "F21": (
        lambda: both() | {f"{HERE}/清单.xlsx": workbook({"问题清单": "编号|怎么改|情况说明\nX05-AAAAAA|补报||属实"})},
        "D2",
    ),
    "F24": (with_a_sample, ""),
    "F25": (lambda: {"杭州市/培育库.xlsx": workbook({"市级": f"{POOL_HEADERS}\n宁波市|1|1|1|3|9|33%"})}, ""),
    "F19": (lambda: {LIST: b""}, ""),
    "F22": (lambda: {LIST: b"b\x14#e".ljust(16, b"\0") + b"E-SafeNet"}, ""),
    "F23": (lambda: {f"{HERE}/附件2.csv": HEADERS.replace("|", ",").encode("gb18030")}, ""),
    "F43": (lambda: both() | {f"{HERE}/结果.xlsx": a_result(revenue="5")}, "C2"),
    "F44": (
        lambda: both() | {f"{HERE}/结果.xlsx": saved_at(a_result(), "2024-03-01T08:00:00Z")},
        "",
    ),
    "T07": (lambda: {LIST: nomination("1|上城区||泵|1000")}, "C2"),
    "T08": (lambda: {LIST: nomination(headers="序号|区县|企业名称|主营业务|销售收入")}, "C1"),
    "T09": (lambda: {LIST: nomination(title="2023年推荐排序表")}, "A1"),
    "T05": (lambda: {FORM: form("")}, None),
    "T06": (lambda: {f"{HERE}/{COMPANY}.xlsx": form("")}, None),
    "T13": (lambda: {"附件2.xlsx": nomination(nominated(1, COMPANY, ""))}, "C2"),
    "T14": (lambda: {LIST: nomination(nominated(1, COMPANY, "上成区"))}, "B2"),
    "T15": (lambda: {LIST: nomination(nominated(1, COMPANY, "余杭区"))}, "C2"),
    "T66": (alone_by_folder, None),
    "T16": (lambda: {LIST: nomination(nominated(2, COMPANY))}, "A2"),
    "T17": (lambda: both() | {"专家评分表.xlsx": workbook({"Sheet1": f"{ITEMS}\n{COMPANY}|1|1"})}, "A1"),
    "T18": (lambda: {LIST: nomination(headers="序号|区县|企业名称|主营业务|销售收入（美元）")}, "E1"),
    "T19": (lambda: {LIST: nomination("示例|上城区|杭州甲公司|泵|1000")}, "C2"),
    "V35": (lambda: listed(revenue="-"), "C2"),
    "V36": (lambda: listed(verdict="请省厅研究"), "K2"),
    "V37": (lambda: listed(phone="'1.39E+10"), "J2"),
    "X01": (lambda: both(cloud="12"), None),
    "X22": (with_a_copy, None),
    "X02": (lambda: both(cloud="100000"), None),
    "X03": (lambda: listed(cloud="30"), "H2"),
    "X04": (lambda: listed(profit="2000"), "F2"),
    "X05": (listed, "C2"),
    "X06": (lambda: {FORM: form(COMPANY)}, None),
    "X07": (lambda: listed() | {"杭州市/附件2.xlsx": nomination(nominated(1, COMPANY))}, "C2"),
    "X08": (lambda: listed() | {f"{HERE}/补.xlsx": nomination(nominated(1, COMPANY, revenue="5"))}, "C2"),
    "X09": (two_forms, None),
    "X10": (lambda: two_forms(research=(1, 4)), None),
    "X11": (lambda: listed(phone="'12345"), "J2"),
    "X13": (
        lambda: pool("杭州市|2|0|0", "区县级培育库", POOL_HEADERS, "杭州市|1|0|0"),
        "B3",
    ),
    "X14": (
        lambda: {
            LIST: nomination(
                *(nominated(n, f"杭州{n}号厂") for n in range(1, 20)), nominated(20, COMPANY, profit="99999")
            )
        },
        "F21",
    ),
    "X16": (lambda: coded("杭州乙公司", CODES[0]), None),
    "X17": (lambda: coded(COMPANY, CODES[1]), None),
    "X20": (lambda: listed() | {"杭州市/附件2.xlsx": nomination(nominated(1, COMPANY, revenue="5"))}, "C2"),
    "X21": (lambda: {LIST: nomination("|上城区|无"), f"{HERE}/替.xlsx": nomination("|余杭区|无")}, "C2"),
    "X30": (lambda: listed() | {"甲.xlsx": form(COMPANY)}, ""),
    "X31": (code_in_two_forms, None),
    "X19": (lambda: listed() | {f"{HERE}/附件2补.xlsx": nomination("|上城区|无")}, "C2"),
    "X18": (
        lambda: {FORM: workbook({"附件1": _short_form(1), "系统清单": "系统名称|类别|是否上云\nPLM|研发|是"})},
        None,
    ),
    "E01": (lambda: marked(f"{COMPANY}|4.5|1"), "B2"),
    "E02": (lambda: marked(f"{COMPANY}|4|1", f"{COMPANY}|3|1"), "B2"),
    "E03": (lambda: marked(f"{COMPANY}|4|"), None),
    "X26": (lambda: both() | _ruled("全省按名次取前 3 家"), ""),
    "X27": (lambda: _twins() | _ruled("全省按名次取前 1 家"), ""),
    "E04": (both, ""),
    "E05": (lambda: marked("戊公司|4|1"), "A2"),
    "E06": (lambda: marked(f"李四|{COMPANY}|信创|3", headers="专家|企业名称|评分项|得分"), "C2"),
    "E07": (
        lambda: marked(f"{COMPANY}|4|1|3", headers="企业名称|云原生应用情况|云原生应用情况|绩效提升典型案例"),
        "B1",
    ),
    "E08": (lambda: marked(f"{COMPANY}|4|1|回避", headers=f"{ITEMS}|回避"), "D2"),
    "E09": (
        lambda: (
            marked(f"专家：|李四||\n{ITEMS}\n{COMPANY}|4|1", headers="")
            | {"专家评分/王五.xlsx": workbook({"王五": f"专家：|李四||\n{ITEMS}\n{COMPANY}|4|1"})}
        ),
        "",
    ),
    "E10": (lambda: marked(f"{COMPANY}|4|1|3", headers=f"{ITEMS}|云平台应用"), "D1"),
    "P01": (lambda: pool("绍兴市|4|28|65|97|68|'142.7%"), "G3"),
    "P02": (lambda: pool("杭州市|约10|84|58|||"), "B3"),
    "P03": (lambda: pool("杭州市|14|84|58|156|100|"), "F3"),
    "P05": (
        lambda: (
            pool("杭州市|2|0|0|||")
            | {"名单.xlsx": workbook({"Sheet1": "年份|级别|地区|企业名称\n2021|市级|杭州市|甲公司"})}
        ),
        "B3",
    ),
    "P06": (both, ""),
    "P07": (lambda: pool("杭州湾|14|84|58|||"), "A3"),
    "P08": (lambda: pool("杭州市|14|84|58|||") | {"培育库（2）.xlsx": pool("杭州市|15|84|58|||")[POOL]}, "B3"),
    "P09": (lambda: pool("杭州市|14|84|58|||", title="培育库"), "A2"),
    "P10": (lambda: pool("|市级|杭州市|甲公司", headers="年份|级别|地区|企业名称"), "A3"),
    "P11": (lambda: pool("2020|市级|杭州市|甲公司", headers="年份|级别|地区|企业名称"), "A3"),
    "P12": (lambda: pool("杭州市|14|84|90", headers="地区|2021年新增数|2022年新增数|三年目标数"), "B3"),
    "P13": (lambda: pool("杭州市|14||58|||"), "C3"),
    "P14": (
        lambda: pool("杭州市|14|84|58|90|7", headers="地区|2021年新增数|2022年新增数|2023年新增数|三年目标数|新增"),
        "F2",
    ),
    "P15": (lambda: pool("2021|市级|绍兴市|慈溪市|甲公司", headers="年份|级别|地区|区县|企业名称"), "D3"),
    "P16": (
        lambda: pool("2021|市级|绍兴市|甲公司", "2022|市级|杭州市|甲公司", headers="年份|级别|地区|企业名称"),
        "D4",
    ),
    "P17": (
        lambda: pool("2021|市级|绍兴市|甲公司", "2022|市级|绍兴市|甲公司", headers="年份|级别|地区|企业名称"),
        "D3",
    ),
    "P18": (
        lambda: both() | {POOL: workbook({"市级": f"{POOL_HEADERS}\n杭州市|14|84|58|||", "汇总": "市|数\n杭州|3"})},
        "",
    ),
    # 附件1, whose cells the tests of its reader assert one by one
    "T01": (lambda: {FORM: workbook({"附件1": _short_form(1)})}, None),
    "T02": (lambda: {FORM: workbook({"附件1": [*_short_form(1), *_short_form(1)[1:3]]})}, None),
    "T03": (lambda: {FORM: workbook({"附件1": [*_short_form(1), [None, 2, 4, 77]]})}, None),
    "T04": (lambda: {FORM: workbook({"附件1": [*_short_form(1), ["其他", "N：数量"], [None, 3]]})}, None),
    "T20": (lambda: changed("（单位：TB）", "（单位：本）"), None),
    "T21": (
        lambda: {
            FORM: workbook(
                {"附件1": [*_short_form(1), [], ["填表人：张三"], *_short_form(1)[1:], ["企业名称：杭州乙公司"]]}
            )
        },
        None,
    ),
    "T22": (lambda: {LIST: nomination("||甲乙丙丁")}, "C2"),
    "T23": (lambda: {LIST: nomination(nominated(1, COMPANY), "|||阀|500", merges=["C2:C3"])}, "C2"),
    "T61": (
        lambda: {LIST: nomination(f"{nominated(1, COMPANY)}|2", headers=f"{HEADERS}|上年度销售收入（万元）")},
        "L1",
    ),
    "T62": (
        lambda: {
            LIST: nomination(f"{nominated(1, COMPANY)}||{nominated(2, '杭州乙公司')}", headers=f"{HEADERS}||{HEADERS}")
        },
        "O1",
    ),
    "T63": (_two_pages, None),
    "T64": (lambda: {LIST: nomination(nominated(1, COMPANY, business="#REF!"))}, "D2"),
    "T65": (lambda: {LIST: nomination(nominated(1, COMPANY, contact="0"))}, "I2"),
    "F41": (
        lambda: {LIST: workbook({"附件2": f"{HEADERS}\n{nominated(1, COMPANY)}", "续": nominated(2, "杭州乙公司")})},
        "",
    ),
    "F42": (
        lambda: {
            LIST: workbook({"附件2": f"{HEADERS}\n{nominated(1, COMPANY)}", "排名": f"排名|企业名称\n1|{COMPANY}"})
        },
        "",
    ),
    "T10": (lambda: changed("设计数据", "图纸数据"), None),
    "T11": (
        lambda: {FORM: workbook({"附件1": [*_short_form(1), ["其他", "N：数量：12", "M：总数"], [None, None, 20]]})},
        None,
    ),
    "T12": (
        lambda: {FORM: workbook({"附件1": [*_short_form(1), ["其他", "N：数量12", "M：总数"], [None, None, 20]]})},
        None,
    ),
    "V01": (lambda: typed("待定"), None),
    "V02": (lambda: typed(None), None),
    "V03": (lambda: answered(research=(None, None)), None),
    "V04": (lambda: {FORM: assessment_form({}, company=COMPANY)}, None),
    "V05": (lambda: answered(cloud_storage=("500GB", 4)), None),
    "V06": (lambda: typed("约2"), None),
    "V07": (lambda: typed("2个（MES、ERP）"), None),
    "V08": (lambda: typed(-2), None),
    "V09": (lambda: typed(2.5), None),
    "V10": (lambda: answered(research=(1, 1e15)), None),
    "V11": (lambda: typed("1-2"), None),
    "V12": (lambda: typed("50%"), None),
    "V13": (lambda: typed("2023/5/1"), None),
    "V14": (lambda: typed("TRUE"), None),
    "V15": (lambda: typed("#DIV/0!"), None),
    "V16": (lambda: {FORM: workbook({"附件1": _short_form(Raw("", "<f>1+1</f>"))})}, "B3"),
    "V17": (lambda: typed("1 2"), None),
    "V18": (lambda: typed("12,5"), None),
    "V19": (lambda: typed("不足2"), None),
    "V20": (lambda: typed("2平方米"), None),
    "V21": (lambda: stored(0.125, "0.0%"), "B3"),
    "V22": (lambda: stored(2, '0"套"'), "B3"),
    "V23": (lambda: stored(2000, "0.0,"), "B3"),
    "V24": (lambda: answered(research=(2, 0)), None),
    "V25": (lambda: answered(research=(5, 4)), None),
    "V26": (lambda: answered(system_synergy=11), None),
    "V27": (lambda: answered(**dict.fromkeys(BUSINESS, (0, 4))), None),
    "V28": (lambda: typed("待定"), None),
    "V29": (lambda: answered(system_synergy=None), None),
    "V30": (lambda: answered(data_synergy=FormAnswer(5, None, {"研发数据": "√"})), None),
    "V31": (lambda: answered(data_synergy=FormAnswer(4)), None),
    "V32": (lambda: answered(data_synergy=FormAnswer()), None),
    "V33": (lambda: answered(data_synergy=FormAnswer(4, None, {"研发数据": "半"})), None),
    "V34": (lambda: answered(cloud_server=("CPU 64核 内存256G", 20)), None),
    "V38": (lambda: {FORM: form(COMPANY, credit_code="91350100M000100Y44")}, None),
    "V40": (lambda: listed(profit="13900000001"), "F2"),
    "V51": (lambda: {LIST: nomination(nominated(1, COMPANY), struck=["E2"])}, "E2"),
    "V52": (lambda: {FORM: to_be_computed(workbook({"附件1": _short_form(Raw("", "<f>1+1</f><v>0</v>"))}))}, "B3"),
    "V53": (lambda: {FORM: without_zeros(workbook({"附件1": _short_form(0)}))}, "B3"),
    "V54": (lambda: {FORM: without_zeros(workbook({"附件1": _short_form(Raw("", "<f>A99</f><v>0</v>"))}))}, "B3"),
    "V55": (lambda: coded(COMPANY, "9.13304211234568E+17"), None),
    "E21": (
        lambda: both() | {MARKS: without_zeros(workbook({"李四": f"{ITEMS}\n{COMPANY}|=C9 -> 0|1"}))},
        "B2",
    ),
    "T51": (lambda: {LIST: nomination(nominated(1, COMPANY), struck=["C2"])}, "C2"),
    "T52": (lambda: {LIST: workbook({"附件2": [HEADERS.split("|"), _half_struck()]})}, "C2"),
    "T53": (lambda: {LIST: nomination(nominated(1, COMPANY), struck=["J2"])}, "J2"),
    "E11": (lambda: marked(f"{COMPANY}|1|1||与该企业有合作", headers=f"{ITEMS}|回避|备注"), "E2"),
    "E12": (
        lambda: both() | {MARKS: workbook({"李四": f"{ITEMS}\n{COMPANY}|1|1"}, properties={EXPERT_PROPERTY: "王五"})},
        "",
    ),
    "E24": (lambda: panel(5, {"新.xlsx": {"王一": 1}}), ""),
    "E25": (lambda: panel(5, {"专家评分/张三.xlsx": {"张三": 5, "王一": 5}}), ""),
    "E22": (lambda: marked(f"{COMPANY}|1|"), "C2"),
    "E23": (lambda: marked(f"{COMPANY}||"), "B2"),
    "D01": (lambda: both() | decided(剔除="没有的公司|理由|人|2024-05-20"), "A2"),
    "D02": (lambda: both() | decided(剔除=f"{COMPANY}|理由||2024-05-20"), "A2"),
    "D03": (lambda: both() | decided(采用值=f"{COMPANY}|研发|N|9|3|理由|人|2024-05-20"), "A2"),
    "D04": (
        lambda: both() | decided(归属=f"{COMPANY}|上城区|理由|人|2024-05-20\n{COMPANY}|余杭区|理由|人|2024-05-20"),
        "A3",
    ),
    "D05": (lambda: both() | decided(归属=f"{COMPANY}|火星区|理由|人|2024-05-20"), "A2"),
    "D14": (
        lambda: (
            both()
            | decided(
                规则确认="拟认定的名额或分数线|全省按名次取前 3 家|纪要|确定|张三|2024-06-01\n"
                "拟认定的市、区县名额|每个市至少 2 家|纪要|确定|张三|2024-06-01"
            )
        ),
        None,
    ),
    "D13": (lambda: both() | decided(采用文件=f"{COMPANY}|没有的.xlsx|理由|人|2024-05-20"), "A2"),
    "D11": (
        lambda: (
            both() | {"人工决定.xlsx": workbook({"剔除": f"{EXCLUDED}\n{COMPANY}|理由|人|2024-05-20"}, struck=["A2"])}
        ),
        "A2",
    ),
    "D07": (lambda: both() | {f"{HERE}/决定.xlsx": decided(剔除=f"{COMPANY}|理由|人|2024-05-20")["人工决定.xlsx"]}, ""),
    "X15": (
        lambda: (
            both() | {POOL: workbook({"市级名单": "年份|级别|地区|区县|企业名称\n2023|市级|杭州市|上城区|别的公司"})}
        ),
        None,
    ),
}

# What files in a mapping cannot show; the tests below raise these.
OTHERWISE = {
    "D15",
    "F45",
    "F46",
    "P19",
    "F20",
    "F06",
    "F08",
    "F17",
    "B01",
    "D06",
    "P04",
    "V39",
    "F31",
    "F32",
    "F33",
    "F34",
    "F35",
}


@cache
def issues_of(code: str) -> list[Issue]:
    return [issue for issue in computed(CASES[code][0]()).issues if issue.code == code]


def test_no_code_without_a_case_and_no_case_without_a_code():
    assert {*CASES, *OTHERWISE} == set(CATALOGUE)


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(CASES))
def test_the_code_is_raised_where_it_belongs(code: str):
    issues = issues_of(code)
    assert issues and all(issue.id for issue in issues)
    cell = CASES[code][1]
    grouping = CATALOGUE[code].grouping
    assert all(issue.where.file for issue in issues) or grouping == "run"
    if cell is not None:
        assert issues[0].where.cell == cell
    elif grouping in ("cell", "company"):
        assert all(issue.where.sheet and issue.where.cell for issue in issues)


@pytest.mark.slow
@pytest.mark.parametrize("code", sorted(CASES))
def test_the_sentence_lacks_no_word(code: str, rulebook: Rulebook):
    labels = {item.id: item.label for item in rulebook.indicators}
    for issue in issues_of(code):
        assert "「？」" not in message_of(issue, labels) and "？" not in message_of(issue._replace(found=""), labels)


# ---------------------------------------------------------------- what needs a disk, a defect or another rulebook


def _read_with(folder: Path, rulebook: Rulebook) -> list[str]:
    results = run.compute([folder], rulebook, run.Options(1))
    return [issue.code for issue in results.issues if issue.where.file == "坏.xlsx"]


def test_a_link_out_of_the_input(tmp_path: Path, rulebook: Rulebook):
    laid_out(tmp_path, {"in/表.xlsx": nomination(), "out.xlsx": nomination()})
    (tmp_path / "in/坏.xlsx").symlink_to(tmp_path / "out.xlsx")
    assert _read_with(tmp_path / "in", rulebook) == ["F08"]


STATED = "编号|怎么改|情况说明\n{0}|补报|属实\n{0}|补报|也属实"


@pytest.mark.parametrize(
    ("code", "limit", "files"),
    [
        ("F31", (file, "MOST_ROWS"), lambda: {LIST: nomination(nominated(1, COMPANY), nominated(2, "杭州乙公司"))}),
        ("F32", (file, "MOST_FINDINGS"), lambda: {LIST: nomination("1|上城区||泵|1000", "2|上城区||阀|1000")}),
        (
            "F33",
            (statements, "MOST_STATEMENTS"),
            lambda: (
                listed() | {f"{HERE}/清单.xlsx": workbook({"问题清单": STATED.format(computed(listed()).issues[0].id)})}
            ),
        ),
        ("F34", (too_much, "MOST_FILES"), both),
        ("F35", (too_much, "MOST_MARKED_CELLS"), lambda: listed(revenue="待定", profit="待定")),
    ],
)
def test_more_than_one_where_one_is_the_limit(
    code: str,
    limit: tuple[ModuleType, str],
    files: Callable[[], Files],
    rulebook: Rulebook,
    monkeypatch: pytest.MonkeyPatch,
):
    labels = {item.id: item.label for item in rulebook.indicators}
    given = files()
    assert code not in [issue.code for issue in computed(given).issues]
    monkeypatch.setattr(*limit, 1)
    (issue,) = [issue for issue in computed(given).issues if issue.code == code]
    assert issue.where.file and issue.id and "？" not in message_of(issue._replace(found=""), labels)


def test_an_archive_that_is_none(tmp_path: Path, rulebook: Rulebook):
    laid_out(tmp_path, {"表.xlsx": nomination(), "坏.zip": b"PK\x03\x04 cut off"})
    (issue,) = [issue for issue in run.compute([tmp_path], rulebook, run.Options(1)).issues if issue.code[0] == "F"]
    assert (issue.code, issue.where) == ("F20", ("坏.zip", "", ""))


def test_a_file_that_goes_away_meanwhile(tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch):
    laid_out(tmp_path, {"表.xlsx": nomination(), "坏.xlsx": nomination()})
    find_all = run.find_all

    def found(roots: list[Path]) -> list:
        candidates = find_all(roots)
        (tmp_path / "坏.xlsx").unlink()
        return candidates

    monkeypatch.setattr(run, "find_all", found)
    assert _read_with(tmp_path, rulebook) == ["F17"]


@pytest.mark.parametrize(("code", "misfortune"), [("F06", lambda: os._exit(1)), ("B01", lambda: {}["defect"])])
def test_a_reader_that_dies_or_fails(
    code: str, misfortune: Callable[[], object], tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
):
    read_file = workers.read_file

    def read(path: str, content: bytes, lexicon: object) -> object:
        return misfortune() if path == "坏.xlsx" else read_file(path, content, lexicon)

    monkeypatch.setattr(workers, "read_file", read)
    laid_out(tmp_path, {"表.xlsx": nomination(), "坏.xlsx": nomination()})
    assert _read_with(tmp_path, rulebook) == [code]


def test_a_city_without_a_target(rulebook: Rulebook):
    levels = tuple(
        level.model_copy(update={"targets": {city: 1 for city in rulebook.city_names if city != "杭州市"}})
        for level in rulebook.pool.levels
    )
    other = rulebook.model_copy(update={"pool": rulebook.pool.model_copy(update={"levels": levels})})
    assert "P04" in [issue.code for issue in computed(pool("杭州市|14|84|58|||"), other).issues]


def test_what_a_run_of_a_city_leaves_out(rulebook: Rulebook):
    names = workbook({"名单": "年份|级别|地区|区县|企业名称\n2023|市级|宁波市|鄞州区|宁波丁公司"})
    elsewhere = {
        "来件/附件2.xlsx": nomination(nominated(1, "宁波丁公司", "鄞州区")),
        "宁波市/鄞州区/表.xlsx": form("宁波丙公司"),
    }
    issues = computed(both() | elsewhere | {POOL: names}, narrowed_to(rulebook, "杭州市")).issues
    raised = {issue.code: issue.where.file for issue in issues}
    assert {code: raised[code] for code in ("F45", "F46", "P19")} == {"F45": "来件/附件2.xlsx", "F46": "", "P19": POOL}
    labels = {item.id: item.label for item in rulebook.indicators}
    assert not any("？" in message_of(issue._replace(found=""), labels) for issue in issues)


def test_a_blank_answer_that_may_be_an_error():
    (grid,) = read_workbook(workbook({"附件1": _short_form(None)})).grids
    grid.doubtful = frozenset({(3, 2)})
    sheet = read_assessment(being_read(grid, FORM), find_layout(grid, form_words(lexicon())))
    assert ("V39", "B3") in [(issue.code, issue.where.cell) for issue in sheet.issues]


def test_a_nominated_company_outside_the_citys_list():
    names = workbook({"名单": "年份|级别|地区|区县|企业名称\n2023|市级|杭州市|上城区|别的公司"})
    tables = gathered(listed() | {POOL: names})
    (issue,) = nominated_are_in_the_city_pool(checked_material(tables))
    assert (issue.code, issue.where) == ("X15", (LIST, "附件2", "C2"))
