"""What files arrive as and what must come of them: other formats, other programs, other names, files that are no
workbook. A part of the table in tests/support/reading_cases.py."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from functools import partial

from pipeline.readers.intake.archive import Archive
from pipeline.readers.settling.gather import Gathered
from tests.support.arrivals import HEADERS, nominated, nomination
from tests.support.containers import archive
from tests.support.old_formats import ods, ods_row, ole, relations, xls_stream, xlsb
from tests.support.reading_cases import HERE, Case, Files
from tests.support.workbooks import Raw, repacked

KINDS = {"nomination": "附件2", "assessment": "附件1", "evidence": "佐证材料", "archive": "压缩包"}
NOT_READ = "没有读取"
SEVERAL = [nominated(number, f"杭州{sign}公司").split("|") for number, sign in enumerate("甲乙丙", start=1)]
ROWS = [HEADERS.split("|"), *SEVERAL]
CSV = "\n".join(",".join(row) for row in ROWS)
CELLS = {(row, column): text for row, line in enumerate(ROWS, 1) for column, text in enumerate(line, 1)}
ENCRYPTED = bytes(number * 7919 % 251 for number in range(9_000))


def came_out(tables: Gathered) -> str:
    """What the file was read as and, of a list, how many companies it nominates."""
    (row,) = tables.files.to_dict("records")
    count = f"，{len(tables.enterprises)} 家" if row["kind"] == "nomination" else ""
    return KINDS.get(row["kind"], NOT_READ) + count


def verdicts(tables: Gathered) -> str:
    return "、".join(tables.enterprises["recommendation"])


def file(
    typed: str, name: str, content: Callable[[], bytes], read: str, codes: str = "", look: Callable[..., str] = came_out
) -> Case:
    return Case(typed, partial(_one, name, content), look, read, codes)


def _one(name: str, content: Callable[[], bytes]) -> Files:
    return {f"{HERE}/{name}": content()}


def _ods(rows: list[str], **parts: str) -> bytes:
    return ods("\n  ".join(rows), **parts)


def _merged_verdict() -> bytes:
    merged = Raw('office:value-type="string" table:number-rows-spanned="3"', "<text:p>不推荐</text:p>")
    return _ods([ods_row(*ROWS[0]), ods_row(*SEVERAL[0][:-1], merged), *(ods_row(*row[:-1]) for row in SEVERAL[1:])])


def _filtered() -> bytes:
    hidden = ods_row(*SEVERAL[1]).replace("table-row>", 'table-row table:visibility="filter">', 1)
    return _ods([ods_row(*ROWS[0]), ods_row(*SEVERAL[0]), hidden, ods_row(*SEVERAL[2])])


def _locked_ods() -> bytes:
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    return repacked(_ods([ods_row("甲")]), {"content.xml": ENCRYPTED, "META-INF/manifest.xml": manifest})


def _mail() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.com", "b@example.com", "附件2"
    mail.set_content("见附件")
    mail.add_attachment(nomination(*_typed()), maintype="application", subtype="octet-stream", filename="附件2.xlsx")
    return bytes(mail)


def _typed() -> list[str]:
    return ["|".join(row) for row in SEVERAL]


def _page() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in ROWS)
    return f"<html><table>{rows}</table></html>".encode("gb18030")


def _list() -> bytes:
    return nomination(*_typed())


def _backslashes() -> bytes:
    targets = relations(
        ("worksheet", "worksheets\\sheet1.xml"), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")
    )
    return repacked(_list(), {"xl/_rels/workbook.xml.rels": targets})


def _in_archive(name: str, content: Callable[[], bytes]) -> Files:
    held = Archive(archive({name: content()}))
    (member,) = held.members()
    return {f"{HERE}/材料.zip/{member.path}": b"" if member.evidence else held.read(member.index)}


FORMATS = [
    file("ods，格子之间有换行和空格", "附件2.ods", lambda: _ods([ods_row(*row) for row in ROWS]), "附件2，3 家"),
    file("ods，推荐意见“不推荐”合并了三行", "附件2.ods", _merged_verdict, "不推荐、不推荐、不推荐", look=verdicts),
    file("ods，筛选后看不见一行", "附件2.ods", _filtered, "附件2，3 家", "F09"),
    file("ods，设了打开密码", "附件2.ods", _locked_ods, NOT_READ, "F13"),
    file(
        "ods，带有宏",
        "附件2.ods",
        lambda: _ods([ods_row(*row) for row in ROWS], **{"Basic/a.xml": "<!DOCTYPE a><a/>"}),
        "附件2，3 家",
    ),
    file(
        "ods，没有 mimetype 一项",
        "附件2.ods",
        lambda: repacked(_ods([ods_row(*row) for row in ROWS]), {"mimetype": None}),
        "附件2，3 家",
    ),
    file("xlsb", "附件2.xlsb", lambda: xlsb(CELLS), "附件2，3 家"),
    file(
        "xlsb，里面嵌了一个 xlsx",
        "附件2.xlsb",
        lambda: repacked(xlsb(CELLS), {"xl/embeddings/a.xlsx": _list()}),
        "附件2，3 家",
    ),
    file("xls，流名是 WORKBOOK", "附件2.xls", lambda: ole({"WORKBOOK": xls_stream(CELLS)}), "附件2，3 家"),
    file("xls，没有外层的 OLE 文件", "附件2.xls", partial(xls_stream, CELLS), "附件2，3 家"),
    file("xlsx，内部路径写成反斜线", "附件2.xlsx", _backslashes, "附件2，3 家"),
]
NAMES = [
    file("xlsx 改名为 .txt", "附件2.xlsx.txt", _list, "附件2，3 家"),
    Case("压缩包里的 xlsx 改名为 .jpg", partial(_in_archive, "附件2.jpg", _list), came_out, "附件2，3 家"),
    Case("压缩包里的 csv", partial(_in_archive, "附件2.csv", CSV.encode), came_out, NOT_READ, "F23"),
    file("zip 改名为 .jpg", "材料.jpg", lambda: archive({"附件2.xlsx": _list()}), "压缩包"),
    file("rar 改名为 .jpg", "材料.jpg", lambda: b"Rar!\x1a\x07", "压缩包", "F11"),
]
NO_WORKBOOKS = [
    file("csv，有附件2的表头", "附件2.csv", lambda: CSV.encode("gb18030"), NOT_READ, "F23"),
    file("网页，有附件2的表头", "附件2.htm", _page, NOT_READ, "F23"),
    file("邮件，附有工作簿", "附件2.eml", _mail, NOT_READ, "F23"),
    file("单个文件网页（MHT）存成 .xls", "附件2.xls", lambda: b"MIME-Version: 1.0\r\n" + _page(), NOT_READ, "F02"),
    file("文本，没有表头", "说明.txt", lambda: "附上发票和合同。".encode("gb18030"), "佐证材料"),
    file(
        "被单位的文档加密软件加了密",
        "附件1.xlsx",
        lambda: b"b\x14#e".ljust(16, b"\0") + b"E-SafeNet" + ENCRYPTED,
        NOT_READ,
        "F22",
    ),
    file(
        "设了权限管理（IRM）",
        "附件1.xlsx",
        lambda: ole({"DRMEncryptedTransform": b"x", "EncryptedPackage": ENCRYPTED}),
        NOT_READ,
        "F22",
    ),
]
CONTAINER_GROUPS = {
    "文件：各种格式和各种程序": FORMATS,
    "文件：换了名字": NAMES,
    "文件：不是工作簿": NO_WORKBOOKS,
}
