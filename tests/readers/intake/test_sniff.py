"""What a file is by its bytes: workbooks and archives by other names, files that open on the sender's computer only, and
forms that were sent as a text, a page or mail."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from pipeline.issues.issue import Issue
from pipeline.model.rulebook import Rulebook
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.intake.file import read_file
from pipeline.readers.intake.inbox import find_candidates
from pipeline.readers.intake.workers import read_files
from tests.support.arrivals import HEADERS, form, laid_out, lexicon, nominated, nomination
from tests.support.containers import archive
from tests.support.old_formats import ods, ods_row, ole, xls_stream, xlsb
from tests.support.workbooks import repacked

LIST = nomination(nominated(1, "甲公司"))
ROWS = [HEADERS.split("|"), nominated(1, "甲公司").split("|")]
CSV = "\n".join(",".join(row) for row in ROWS)
TABLE = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in ROWS)
PAGE = f"<html><body><table>{TABLE}</table></body></html>"
BINARY_LIST = xlsb({(row, column): text for row, line in enumerate(ROWS, 1) for column, text in enumerate(line, 1)})
OPEN_LIST = ods("".join(ods_row(*line) for line in ROWS))


def seen(name: str, content: bytes) -> tuple[str, list[str]]:
    reading = read_file(name, content, lexicon())
    return reading.kind, [issue.code for issue in reading.issues]


@pytest.mark.parametrize("name", ["附件2.xlsx", "附件2.jpg", "附件2.txt", "附件2.pdf", "附件2"])
@pytest.mark.parametrize(
    "content",
    [
        LIST,
        BINARY_LIST,
        OPEN_LIST,
        repacked(BINARY_LIST, {"xl/embeddings/Microsoft_Excel_Sheet.xlsx": LIST}),
        repacked(LIST, {"xl/embeddings/Microsoft_Excel_Binary.xlsb": BINARY_LIST}),
        repacked(OPEN_LIST, {"Object 1/a.xlsx": LIST}),
        repacked(OPEN_LIST, {"mimetype": None}),
    ],
    ids=["xlsx", "xlsb", "ods", "xlsx_in_xlsb", "xlsb_in_xlsx", "xlsx_in_ods", "no_mimetype"],
)
def test_a_workbook_is_known_whatever_its_name_and_what_it_embeds(name: str, content: bytes):
    assert seen(name, content) == ("nomination", [])


def test_the_records_of_an_xls_by_themselves():
    cells = {(row, column): text for row, line in enumerate(ROWS, 1) for column, text in enumerate(line, 1)}
    assert seen("附件2.xls", xls_stream(cells)) == ("nomination", [])


def _tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as target:
        target.addfile(tarfile.TarInfo("a.txt"))
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["材料.jpg", "材料.xlsx", "材料.dat", "材料.zip"])
@pytest.mark.parametrize(
    ("content", "kind", "codes"),
    [
        (archive({"附件2.xlsx": LIST}), "archive", []),
        (b"Rar!\x1a\x07", "archive", ["F11"]),
        (b"7z\xbc\xaf\x27", "archive", ["F11"]),
        (gzip.compress(LIST), "archive", ["F11"]),
        (_tar(), "archive", ["F11"]),
    ],
    ids=["zip", "rar", "7z", "gz", "tar"],
)
def test_an_archive_is_known_whatever_its_name(name: str, content: bytes, kind: str, codes: list[str]):
    assert seen(name, content) == (kind, codes)


@pytest.mark.parametrize("name", ["a.pptx", "a.ofd", "a.odt"])
def test_documents_that_are_zips_are_no_archives(name: str):
    inside = {"a.pptx": "[Content_Types].xml", "a.ofd": "OFD.xml", "a.odt": "mimetype"}[name]
    kind, _ = seen(name, archive({inside: b"<a/>"}))
    assert kind == ("unrecognised" if name == "a.odt" else "evidence")


NOISE = random.Random(3).randbytes(20_000)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("附件1.xlsx", b"\x62\x14\x23\x65".ljust(16, b"\0") + b"E-SafeNet\0\0\0LOCK"),
        ("附件1.pdf", b"\x62\x14\x23\x65".ljust(16, b"\0") + b"E-SafeNet\0\0\0LOCK"),
        ("附件1.docx", b"%TSD-Header-###%" + NOISE),
        ("附件1.xlsx", NOISE),
        ("附件1.xlsx", ole({"DRMEncryptedTransform": b"x", "EncryptedPackage": NOISE})),
        ("附件1.xls", ole({"\x09DRMContent": NOISE})),
    ],
)
def test_files_that_open_on_the_senders_computer_only(name: str, content: bytes):
    assert seen(name, content) == ("unreadable", ["F22"])


def _mail(**attached: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.com", "b@example.com", "附件2"
    mail.set_content("见附件")
    for name, content in attached.items():
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=f"{name}.xlsx")
    return bytes(mail)


def _page_mail() -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "附件2"
    mail.set_content(PAGE, subtype="html", charset="gb18030", cte="base64")
    return bytes(mail)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("附件2.csv", CSV.encode("gb18030")),
        ("附件2.csv", b"\xef\xbb\xbf" + CSV.encode()),
        ("附件2.txt", CSV.replace(",", "\t").encode("utf-16")),
        ("附件2.tsv", CSV.replace(",", "  ").encode()),
        ("附件2.md", CSV.replace(",", "|").encode()),
        ("附件2.txt", "\n".join(HEADERS.split("|")).encode()),
        ("附件2.htm", PAGE.encode("gb18030")),
        ("附件2.html", PAGE.replace("企业", "&#20225;业").encode()),
        ("附件2.xml", f'<?xml version="1.0"?><Workbook>{PAGE}</Workbook>'.encode()),
        ("附件2.eml", _mail(附件2=LIST)),
        ("附件2.eml", _page_mail()),
        ("附件2.mht", b"MIME-Version: 1.0\r\n" + _page_mail()),
        ("邮件.msg", ole({"__properties_version1.0": b"", "__substg1.0_1000001F": CSV.encode("utf-16-le")})),
        (
            "附件2.rtf",
            ("{\\rtf1 " + "".join(f"\\u{ord(sign)}?" if sign != "|" else "\\cell " for sign in HEADERS)).encode(),
        ),
        ("评分.csv", "企业名称,信创应用示范,云原生应用情况\n甲公司,3,4".encode()),
        ("培育库.txt", "地区,2021年新增数,三年目标数\n杭州市,14,90".encode()),
    ],
)
def test_a_form_sent_as_a_text_a_page_or_mail_is_no_evidence(name: str, content: bytes):
    assert seen(name, content) == ("unreadable", ["F23"])


def test_the_first_form_as_a_text():
    grid = read_workbook(form("甲公司")).grids[0]
    lines = [[grid.text_at((row, column)).replace("\n", " ") for column in range(1, 10)] for row in range(1, 60)]
    assert seen("附件1.csv", "\n".join("\t".join(line) for line in lines).encode()) == ("unreadable", ["F23"])


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("说明.txt", "企业名称：甲公司\n联系电话：88888888\n主营业务：泵".encode(), "evidence"),
        ("清单.csv", "序号,软件,金额\n1,ERP,20".encode("gb18030"), "evidence"),
        ("通知.eml", _mail(), "evidence"),
        ("网页.html", b"<html><p>" + "企业简介".encode() + b"</p></html>", "evidence"),
        ("发票.pdf", b"%PDF-1.7\n" + NOISE, "evidence"),
        ("空.txt", b"", "evidence"),
    ],
)
def test_other_texts_stay_evidence(name: str, content: bytes, kind: str):
    assert seen(name, content) == (kind, [])


def test_what_is_written_in_the_message():
    def facts(name: str, content: bytes) -> dict[str, str]:
        (issue,) = read_file(name, content, lexicon()).issues
        return dict(issue.facts)

    assert facts("a.eml", _mail(附件2=LIST)) == {"kind": "邮件", "held": "附有工作簿“附件2.xlsx”"}
    assert facts("a.csv", CSV.encode()) == {"kind": "文本（如 CSV）", "held": "写着附件2的内容"}
    assert facts("a.xls", b"MIME-Version: 1.0\r\n\r\n") == {"kind": "单个文件网页（MHT）或邮件"}


# ---------------------------------------------------------------------------------------- inside archives


def kinds(folder: Path, rulebook: Rulebook) -> dict[str, tuple[str, list[str]]]:
    def codes(issues: list[Issue]) -> list[str]:
        return [issue.code for issue in issues]

    return {each.path: (each.kind, codes(each.issues)) for each in read_files(find_candidates(folder), rulebook, 1)}


def test_files_by_other_names_inside_an_archive(tmp_path: Path, rulebook: Rulebook):
    inner = archive({"附件2.png": LIST, "附件2.csv": CSV.encode(), "截图.png": b"\x89PNG", "说明.txt": b"a"})
    laid_out(tmp_path, {"材料.jpg": archive({"里.pdf": inner, "锁.jpg": b"b\x14#e".ljust(16, b"\0") + b"E-SafeNet"})})
    assert kinds(tmp_path, rulebook) == {
        "材料.jpg": ("archive", []),
        "材料.jpg/里.pdf": ("archive", []),
        "材料.jpg/里.pdf/附件2.png": ("nomination", []),
        "材料.jpg/里.pdf/附件2.csv": ("unreadable", ["F23"]),
        "材料.jpg/里.pdf/截图.png": ("evidence", []),
        "材料.jpg/里.pdf/说明.txt": ("evidence", []),
        "材料.jpg/锁.jpg": ("unreadable", ["F22"]),
    }
