"""Hostile and broken files, all made here: what each is named, its bytes, and the line it must cost.

`PROVINCE` is the small good input they are thrown at. A file that can be read all the same is a copy of `GOOD`, the
form of one of its companies: read rightly it changes nothing, read wrongly it differs and is found out.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.support.arrivals import form, nominated, nomination
from tests.support.containers import archive, locked, word_text
from tests.support.old_formats import ods, ods_row, ole, record, xls, xls_stream, xlsb
from tests.support.workbooks import HEAD, MAIN, package, part_of, repacked, workbook

HERE = "杭州市/上城区"
COMPANIES = tuple(f"杭州{letter}公司" for letter in "甲乙丙丁戊己")
FOLDER = "0来历不明"  # before the good files by path, so that of two equal forms the good one counts
SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
LINKS, STYLES, CORE = "xl/_rels/workbook.xml.rels", "xl/styles.xml", "docProps/core.xml"


class Hostile(NamedTuple):
    """A file: its bytes, the kind and codes of its line in 收件台账, and those of the files it holds."""

    content: bytes
    kind: str
    codes: tuple[str, ...] = ()
    members: Mapping[str, tuple[str, tuple[str, ...]]] = {}


@cache
def province() -> dict[str, bytes]:
    """One county with six companies, each with other answers."""
    listed = [nominated(number, name) for number, name in enumerate(COMPANIES, start=1)]
    forms = {
        f"{HERE}/附件1/{name}.xlsx": form(name, answers={"research": (number, 9), "cloud_storage": (10 * number, 99.5)})
        for number, name in enumerate(COMPANIES, start=1)
    }
    return {f"{HERE}/附件2.xlsx": nomination(*listed), **forms}


def good() -> bytes:
    return province()[f"{HERE}/附件1/{COMPANIES[0]}.xlsx"]


@cache
def corpus() -> dict[str, Hostile]:
    """Name -> file, of every kind below."""
    files: dict[str, Hostile] = {}
    for group in (_bombs, _documents, _sheets, _packages, _readable, _old_formats, _pretenders, _archives):
        for name, hostile in group().items():
            assert name not in files
            files[name] = hostile
    return files


def _unread(content: bytes, code: str = "F01") -> Hostile:
    return Hostile(content, "unreadable", (code,))


def _read(content: bytes, *codes: str) -> Hostile:
    return Hostile(content, "assessment", codes)


def _changed(**parts: str | bytes | None) -> bytes:
    """GOOD with some parts replaced: sheet, strings, book, links, styles, core."""
    names = {"sheet": SHEET, "strings": STRINGS, "book": BOOK, "links": LINKS, "styles": STYLES, "core": CORE}
    return repacked(good(), {names.get(name, name): content for name, content in parts.items()})


def _edited(name: str, change: Callable[[str], str | bytes]) -> bytes:
    return repacked(good(), {name: change(part_of(good(), name))})


def _rows(rows: str, after: str = "") -> bytes:
    """A workbook whose one sheet has the rows given as XML."""
    sheet = f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    return repacked(workbook({"表": "甲"}), {SHEET: sheet})


def _more_rows(rows: str) -> bytes:
    """GOOD with further rows at its end."""
    return _edited(SHEET, lambda text: text.replace("</sheetData>", f"{rows}</sheetData>"))


def _merged(*areas: str) -> bytes:
    merges = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    return _rows('<row r="1"><c r="A1"><v>1</v></c></row>', f"<mergeCells>{merges}</mergeCells>")


# ---------------------------------------------------------------------------------------- too much


def _bombs() -> dict[str, Hostile]:
    blank = f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{" " * 4_000_000}</sheetData></worksheet>'
    names = [f"表{number}" for number in range(60)]
    many = workbook(dict.fromkeys(names, "1"))
    swollen = package({**_parts(many), **{f"xl/worksheets/sheet{number}.xml": blank for number in range(1, 61)}})
    books = part_of(good(), BOOK)
    entry = books[books.index("<sheet ") : books.index("</sheets>")]
    return {
        "一个部件很大.xlsx": _unread(_changed(sheet=b"\0" * (64 * 2**20)), "F05"),
        "共享字符串很大.xlsx": _unread(_changed(strings=b" " * (40 * 2**20)), "F05"),
        "许多部件合起来很大.xlsx": _unread(swollen, "F05"),
        "部件太多.xlsx": _unread(repacked(good(), {f"x/{number}": "" for number in range(1001)}), "F05"),
        "一张表列了十万次.xlsx": _unread(_edited(BOOK, lambda text: text.replace(entry, entry * 100_000)), "F05"),
        "单元格太多.xlsx": _unread(_crowded(), "F05"),
        "一行里的内容太多.xlsx": _unread(_rows("<row>" + "<c><x/></c>" * 400_000 + "</row>"), "F05"),
        "行与杂物相间.xlsx": _read(_more_rows("".join(f'<x/><row r="{row}"/>' for row in range(400, 500_000)))),
        "一百万个空行.xlsx": _read(
            _more_rows("".join(f'<row r="{row}" s="1" customFormat="1"/>' for row in range(200, 1_048_577)))
        ),
        "行号之外的空行.xlsx": _unread(_more_rows("<row/>" * 1_600_000), "F05"),
        "十万处合并.xlsx": _unread(_merged(*(f"A{row}:C{row + 2}" for row in range(1, 300_001, 3))), "F05"),
        "合并整张表.xlsx": Hostile(_merged("A1:XFD1048576"), "unrecognised", ("F03",)),
        "合并许多整列.xlsx": _unread(_merged(*["A1:XFD1048576"] * 200), "F05"),
        "文字三万二千七百六十八个.xlsx": _unread(_rows(_text("云" * 32_768)), "F05"),
        "文字三千万个.xlsx": _unread(_rows(_text("云 " * 1_900_000)), "F05"),
        "属性太多.xlsx": _read(_more_rows(_attributes("a{}=''", 200_000))),
        "名字空间太多.xlsx": _read(_more_rows(_attributes("xmlns:a{0}='u{0}'", 20_000))),
        "嵌套十万层.xlsx": _read(_more_rows("<a>" * 100_000 + "</a>" * 100_000)),
        "十万个数字格式.xlsx": _read(_edited(STYLES, _many_formats)),
        "指标重复十万次.xlsx": Hostile(_captions(100_000), "unrecognised", ("F03",)),
    }


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return {name: source.read(name) for name in source.namelist()}


def _attributes(pattern: str, count: int) -> str:
    return f"<row {' '.join(pattern.format(number) for number in range(count))}/>"


def _text(text: str) -> str:
    return f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'


def _crowded() -> bytes:
    line = "<row>" + "<c><v>1</v></c>" * 10_000 + "</row>"
    noise = "".join(f"<!--{number}-->" for number in range(200_000))  # keeps the ratio below the limit
    return _rows(line * 51 + noise)


def _many_formats(text: str) -> str:
    formats = "".join(
        f'<numFmt numFmtId="{1000 + number}" formatCode="0.{"0" * (number % 9)}"/>' for number in range(100_000)
    )
    return text.replace("<fonts", f'<numFmts count="100000">{formats}</numFmts><fonts', 1)


def _captions(count: int) -> bytes:
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>{row % 3}</v></c></row>' for row in range(1, count + 1))
    strings = f'{HEAD}<sst xmlns="{MAIN}"><si><t>云存储</t></si><si><t>N：甲</t></si><si><t>M：乙</t></si></sst>'
    return repacked(_rows(cells), {STRINGS: strings})


# ---------------------------------------------------------------------------------------- XML


def _documents() -> dict[str, Hostile]:
    laughs = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))
    blowup = f'<!DOCTYPE a [<!ENTITY b "{"x" * 50_000}">]>'
    cases = {
        "十亿笑.xlsx": _edited(
            SHEET,
            lambda text: _declared(text, f'<!DOCTYPE w [<!ENTITY l0 "lol">{laughs}]>').replace(
                "<sheetData>", "<sheetData>&l9;"
            ),
        ),
        "实体平方膨胀.xlsx": _edited(
            SHEET, lambda text: _declared(text, blowup).replace("<sheetData>", "<sheetData>" + "&b;" * 50_000)
        ),
        "外部实体.xlsx": _edited(
            STRINGS,
            lambda text: _declared(text, "<!DOCTYPE s [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>").replace(
                "<t>", "<t>&e;", 1
            ),
        ),
        "参数实体.xlsx": _edited(
            SHEET, lambda text: _declared(text, "<!DOCTYPE w [<!ENTITY % p SYSTEM 'http://127.0.0.1/x'>%p;]>")
        ),
    }
    for name, part in {
        "表": SHEET,
        "字符串": STRINGS,
        "工作簿": BOOK,
        "样式": STYLES,
        "关系": LINKS,
        "总关系": "_rels/.rels",
        "属性": CORE,
    }.items():
        for encoding in ("utf-8", "utf-16", "utf-16-be"):
            cases[f"DOCTYPE {name} {encoding}.xlsx"] = _edited(
                part,
                lambda text, encoding=encoding: (
                    _declared(text, "<!DOCTYPE x>").replace("UTF-8", encoding[:6].upper()).encode(encoding)
                ),
            )
    sheet = part_of(good(), SHEET)
    cases |= {
        "标签不配对.xlsx": _changed(sheet=sheet.replace("</row>", "</rows>", 1)),
        "表截断.xlsx": _changed(sheet=sheet[: len(sheet) // 2]),
        "字符串截断.xlsx": _edited(STRINGS, lambda text: text[:-9]),
        "未知编码.xlsx": _changed(sheet=sheet.replace("UTF-8", "x-none")),
        "编码不符.xlsx": _changed(sheet=sheet.encode().replace(b"<sheetData>", b"<sheetData>\xff\xfe")),
        "空字符.xlsx": _changed(sheet=sheet.replace("<sheetData>", "<sheetData>\0")),
        "表是网页.xlsx": _changed(sheet="<html><body><table/></body></html>"),
        "表是空的.xlsx": _changed(sheet=""),
        "表是乱码.xlsx": _changed(sheet=bytes(range(256)) * 8),
    }
    return {name: _unread(content) for name, content in cases.items()}


def _declared(text: str, doctype: str) -> str:
    head = text.index("?>") + 2
    return text[:head] + doctype + text[head:]


# ---------------------------------------------------------------------------------------- cells


def _sheets() -> dict[str, Hostile]:
    unread = {
        "列名九个字母.xlsx": '<row r="1"><c r="ABCDEFGHI1"><v>1</v></c></row>',
        "列超出最后一列.xlsx": '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        "行超出最后一行.xlsx": '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        "行号是负数.xlsx": '<row r="-5"><c><v>1</v></c></row>',
        "行号是零.xlsx": '<row r="0"><c><v>1</v></c></row>',
        "行号极大.xlsx": f'<row r="{"9" * 5000}"><c><v>1</v></c></row>',
        "行号是文字.xlsx": '<row r="一"><c><v>1</v></c></row>',
        "一格两个数.xlsx": '<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>',
        "数里夹着标签.xlsx": '<row r="1"><c r="A1"><v>1<x/>2</v></c></row>',
        "同一格两次.xlsx": '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        "同一格两次带杂物.xlsx": '<row r="1"><c r="A1"><v>1</v></c><x r="A2"/><c r="A1"><v>2</v></c></row>',
        "数不是数.xlsx": '<row r="1"><c r="A1"><v>12x</v></c></row>',
        "字符串序号太大.xlsx": '<row r="1"><c r="A1" t="s"><v>999999</v></c></row>',
        "字符串序号是负数.xlsx": '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        "字符串序号带下划线.xlsx": '<row r="1"><c r="A1" t="s"><v>0_0</v></c></row>',
    }
    files = {name: _unread(_rows(rows)) for name, rows in unread.items()}
    files["合并区域反了.xlsx"] = _unread(_merged("C3:A1"))
    files["合并区域不成样.xlsx"] = _unread(_merged("A1:"))
    files["合并区域越界.xlsx"] = _unread(_merged("A1:ZZZ9"))
    return files


# ---------------------------------------------------------------------------------------- packages


def _packages() -> dict[str, Hostile]:
    content = good()
    unread = {
        "没有工作簿部件.xlsx": _changed(book=None),
        "没有表部件.xlsx": _changed(sheet=None),
        "没有字符串部件.xlsx": _changed(strings=None),
        "没有关系部件.xlsx": _changed(links=None),
        "没有一张表.xlsx": _changed(book=f'<workbook xmlns="{MAIN}"><sheets/></workbook>'),
        "只有图表页.xlsx": _edited(
            LINKS, lambda text: text.replace("relationships/worksheet", "relationships/chartsheet")
        ),
        "关系绕成圈.xlsx": _edited(LINKS, lambda text: text.replace("worksheets/sheet1.xml", "workbook.xml")),
        "关系指向自己.xlsx": _edited(
            LINKS, lambda text: text.replace("worksheets/sheet1.xml", "_rels/workbook.xml.rels")
        ),
        "关系指向包外.xlsx": _edited(LINKS, lambda text: text.replace("worksheets/sheet1.xml", "../../../etc/passwd")),
        "关系是网址.xlsx": _edited(
            LINKS,
            lambda text: text.replace('"worksheets/sheet1.xml"', '"http://127.0.0.1/a.xml" TargetMode="External"'),
        ),
        "工作簿是别的文档.xlsx": _changed(book="<document/>"),
        "同名部件.xlsx": _twice(content, SHEET),
        "同名部件大小写.xlsx": _twice(content, SHEET.upper()),
        "同名部件反斜线.xlsx": _twice(content, SHEET.replace("/", "\\")),
        "校验和不符.xlsx": _flipped_crc(content),
        "大小说少了.xlsx": _sized(content, -7),
        "大小说多了.xlsx": _sized(content, 7),
        "大小说成四吉.xlsx": _sized(content, 0, 0xFFFFFFF0),
        "部件重叠.xlsx": _overlapping(content),
        "部件加密.xlsx": _encrypted_members(content),
        "压缩方式不认识.xlsx": package(_parts(content), zipfile.ZIP_LZMA),
        "只有文件头.xlsx": b"PK\x03\x04",
        "压缩包里没有工作簿.xlsx": archive({"说明.txt": b"x"}),
    }
    files = {name: _unread(content) for name, content in unread.items()}
    files["压缩包里没有工作簿.xlsx"] = _unread(unread["压缩包里没有工作簿.xlsx"], "F02")
    files["大小说成四吉.xlsx"] = _unread(unread["大小说成四吉.xlsx"], "F05")
    for share in (1, 25, 50, 75, 99):
        files[f"截断在百分之{share}.xlsx"] = _unread(content[: len(content) * share // 100])
    spun = locked(content, "VelvetSweatshop").replace(
        b' <p:encryptedKey spinCount="100000"', b'<p:encryptedKey spinCount="9999999"'
    )
    files["密码要算很久.xlsx"] = _unread(spun, "F13")
    files["要密码.xlsx"] = _unread(locked(content, "secret"), "F13")
    files["要密码 xls.xls"] = _unread(ole({"Workbook": xls_stream({}, before=record(0x2F, bytes(54)))}), "F13")
    return files


def _twice(content: bytes, name: str) -> bytes:
    """The archive with one more member of that name."""
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as target:
        target.NameToInfo.clear()  # or it warns
        target.writestr(zipfile.ZipInfo(name), b"x")
    return stream.getvalue()


def _central(content: bytes, name: str) -> tuple[int, int]:
    """Where the two headers of a part begin: the local one, the central one."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        local = source.getinfo(name).header_offset
    position = content.index(b"PK\x01\x02")
    while content[position + 46 : position + 46 + len(name)] != name.encode():
        position = content.index(b"PK\x01\x02", position + 1)
    return local, position


def _patched(content: bytes, *patches: tuple[int, bytes]) -> bytes:
    changed = bytearray(content)
    for position, new in patches:
        changed[position : position + len(new)] = new
    return bytes(changed)


def _flipped_crc(content: bytes) -> bytes:
    local, central = _central(content, SHEET)
    return _patched(content, (local + 14, b"\1\2\3\4"), (central + 16, b"\1\2\3\4"))


def _sized(content: bytes, more: int, size: int | None = None) -> bytes:
    """The stated size of the sheet's part is wrong."""
    local, central = _central(content, SHEET)
    stated = struct.unpack("<I", content[central + 24 : central + 28])[0] + more if size is None else size
    return _patched(content, (local + 22, struct.pack("<I", stated)), (central + 24, struct.pack("<I", stated)))


def _overlapping(content: bytes) -> bytes:
    """The shared strings' entry points into another part, which holds a whole copy of them."""
    plain = package(_parts(content), zipfile.ZIP_STORED)
    local, _ = _central(plain, STRINGS)
    copied = plain[local : plain.index(b"PK\x03\x04", local + 4)]
    whole = package({**_parts(content), "xl/other.bin": copied}, zipfile.ZIP_STORED)
    return _patched(whole, (_central(whole, STRINGS)[1] + 42, struct.pack("<I", whole.rindex(copied))))


def _encrypted_members(content: bytes) -> bytes:
    patches = []
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = content.find(header)
        while position >= 0:
            patches.append((position + flags, bytes([content[position + flags] | 1])))
            position = content.find(header, position + 1)
    return _patched(content, *patches)


# ---------------------------------------------------------------------------------------- odd, and read rightly


def _readable() -> dict[str, Hostile]:
    sheet, strings = part_of(good(), SHEET), part_of(good(), STRINGS)
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>远</t></is></c></row>'
    strict = {
        name: part_of(good(), name)
        .replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
        .replace(
            "schemas.openxmlformats.org/officeDocument/2006/relationships",
            "purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name in (SHEET, STRINGS, BOOK, STYLES, LINKS, "_rels/.rels")
    }
    external = '<externalReferences><externalReference r:id="rId99"/></externalReferences></workbook>'
    cases = {
        "最远的格子.xlsx": _more_rows(far),
        "尺寸写错.xlsx": _edited(SHEET, lambda text: _dimension(text, "A1")),
        "尺寸极大.xlsx": _edited(SHEET, lambda text: _dimension(text, "A1:XFD1048576")),
        "尺寸不成样.xlsx": _edited(SHEET, lambda text: _dimension(text, "ZZZZZZZZZ99999999999:-1")),
        "样式序号越界.xlsx": _changed(sheet=sheet.replace(' s="', ' s="999')),
        "样式损坏.xlsx": _changed(styles=f'<styleSheet xmlns="{MAIN}"><fonts count="x"/></styleSheet>'),
        "没有样式.xlsx": _changed(styles=None),
        "没有内容类型.xlsx": repacked(good(), {"[Content_Types].xml": None}),
        "严格格式.xlsx": repacked(good(), strict),
        "带前缀.xlsx": _changed(sheet=_prefixed(sheet), strings=_prefixed(strings)),
        "带BOM.xlsx": _changed(sheet="\ufeff" + sheet, strings="\ufeff" + strings),
        "UTF-16.xlsx": _changed(
            sheet=sheet.replace("UTF-8", "UTF-16").encode("utf-16"),
            strings=strings.replace("UTF-8", "UTF-16").encode("utf-16"),
        ),
        "绝对路径.xlsx": _edited(LINKS, lambda text: text.replace('"worksheets/', '"/xl/worksheets/')),
        "绕路的路径.xlsx": _edited(
            LINKS, lambda text: text.replace('"worksheets/', '"../xl/./worksheets/../worksheets/')
        ),
        "外部链接.xlsx": _edited(BOOK, lambda text: text.replace("</workbook>", external)),
        "宏.xlsm": repacked(good(), {"xl/vbaProject.bin": ole({"VBA": b"Sub Auto_Open()"})}),
        "控制字符.xlsx": _more_rows(_cell("_x0000__x0001__x001F_\u0085")),
        "孤立代理.xlsx": _more_rows(_cell("_xD800_坏_xDFFF_")),
        "方向字符.xlsx": _more_rows(_cell("\u202e说明\u2066\u200f")),
        "公式样的文字.xlsx": _more_rows(_cell("=HYPERLINK(&quot;http://127.0.0.1&quot;)")),
        "文字三万二千七百六十七个.xlsx": _more_rows(_cell("云" * 32_767)),
        "扩展名是xls.xls": good(),
        "没有扩展名": good(),
        "默认密码.xlsx": locked(good(), "VelvetSweatshop"),
    }
    files = {name: _read(content) for name, content in cases.items()}
    # A number that is none stands in the form: the form is read, and says which cell.
    for name, stored in {"无穷大": "1e400", "NaN": "NaN", "下划线": "1_0", "全角数字": "１２"}.items():
        files[f"数是{name}.xlsx"] = _read(_more_rows(f'<row r="300"><c r="A300"><v>{stored}</v></c></row>'))
    return files


def _dimension(text: str, area: str) -> str:
    start = text.index("<dimension ")
    end = text.index("/>", start) + 2
    return f'{text[:start]}<dimension ref="{area}"/>{text[end:]}'


def _prefixed(text: str) -> str:
    return text.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")


def _cell(text: str) -> str:
    return f'<row r="300"><c r="A300" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c></row>'


# ---------------------------------------------------------------------------------------- .xls, .xlsb, .ods


def _old_formats() -> dict[str, Hostile]:
    plain = {(1, 1): "甲", (2, 2): 12.0}
    whole = xls(plain)
    cross = 'table:number-columns-repeated="16384"'
    tall = ods_row("甲").replace("<table:table-row>", '<table:table-row table:number-rows-repeated="1048576">')
    return {
        "截断.xls": _unread(whole[: len(whole) // 3]),
        "只有OLE头.xls": _unread(whole[:8] + b"\0" * 600, "F02"),
        "随机OLE.xls": _unread(whole[:512] + bytes(number * 7919 % 256 for number in range(4096)), "F02"),
        "OLE绕成圈.xls": _unread(ole({"Workbook": xls_stream(plain)}, chain_end=2)),
        "OLE指向远处.xls": _unread(ole({"Workbook": xls_stream(plain)}, chain_end=0x00FFFFFF)),
        "记录截断.xls": _unread(ole({"Workbook": xls_stream(plain)[:-20] + b"\x03\x02\xff\xff"})),
        "旧格式最远的格子.xls": Hostile(xls({**plain, (65_536, 256): "远"}), "unrecognised", ("F03",)),
        "旧格式合并太多.xls": _unread(
            xls(plain, merges=[(row, row + 300, 0, 255) for row in range(0, 60_000, 7)]), "F05"
        ),
        "旧格式没有表.xls": _unread(
            ole({"Workbook": record(0x0809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6)) + record(0x0A)})
        ),
        "五点零格式.xls": _unread(ole({"Book": record(0x0809, struct.pack("<HHHH", 0x500, 5, 0, 0)) + record(0x0A)})),
        "不是工作簿的OLE.xls": _unread(ole({"VisioDocument": b"x"}), "F02"),
        "假的xlsb.xlsb": _unread(archive({"xl/workbook.bin": b"\x83\x01\x00nonsense"})),
        "最远的格子.xlsb": Hostile(xlsb({(1, 1): "甲", (1_048_576, 16_384): 1.0}), "unrecognised", ("F03",)),
        "截断.xlsb": _unread(xlsb(plain)[:300]),
        "很大.xlsb": _unread(repacked(xlsb(plain), {"xl/worksheets/sheet1.bin": b"\0" * (64 * 2**20)}), "F05"),
        "坏的.ods": _unread(ods("<table:table-row><table:table-cell>")),
        "没有内容.ods": _unread(repacked(ods(ods_row("甲")), {"content.xml": None})),
        "重复一百七十亿格.ods": _unread(
            ods(
                ods_row("甲", repeated=cross).replace(
                    "<table:table-row>", '<table:table-row table:number-rows-repeated="1048576">'
                )
            ),
            "F05",
        ),
        "重复一百万行.ods": _unread(ods(tall), "F05"),
        "很大.ods": _unread(repacked(ods(ods_row("甲")), {"content.xml": b" " * (64 * 2**20)}), "F05"),
        "DOCTYPE.ods": _unread(
            repacked(ods(ods_row("甲")), {"content.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})
        ),
        "说明很大.ods": Hostile(
            ods(ods_row("甲"), mimetype="application/vnd.oasis.opendocument.spreadsheet".ljust(64 * 2**20)),
            "unrecognised",
            ("F03",),
        ),
        "说明损坏.ods": _unread(_damaged(ods(ods_row("甲")), "mimetype")),
    }


def _damaged(content: bytes, name: str) -> bytes:
    """A part whose packed bytes are none that can be inflated."""
    local, central = _central(content, name)
    size = struct.unpack("<I", content[central + 20 : central + 24])[0]
    start = local + 30 + len(name.encode())
    return _patched(content, (start, b"\xff" * size))


# ---------------------------------------------------------------------------------------- a workbook in name only


def _pretenders() -> dict[str, Hostile]:
    title = "制造业“云上企业”用云水平评估表"
    spreadsheet = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
    foreign = {
        "网页.xls": b"<html><table><tr><td>1</td></tr></table></html>",
        "网页大写.xlsx": b"\xef\xbb\xbf  <!DOCTYPE HTML><HTML>",
        "逗号分隔.xls": "序号,企业名称\n1,甲".encode(),
        "逗号分隔GBK.xlsx": "序号,企业名称\n1,甲".encode("gb18030"),
        "表格2003.xls": spreadsheet,
        "PDF.xlsx": b"%PDF-1.7\n",
        "图片.xlsx": b"\x89PNG\r\n\x1a\n",
        "照片.xls": b"\xff\xd8\xff\xe0",
        "文档.xlsx": word_text("会议纪要"),
        "文档旧.xls": ole({"WordDocument": b"\xec\xa5"}),
        "RTF.xls": b"{\\rtf1}",
        "空.xlsx": b"",
        "一个字节.xlsx": b"P",
        "全是零.xls": bytes(5000),
        "全是尖括号.xlsx": b"<" * 1_000_000,
    }
    files = {name: _unread(content, "F02" if content else "F19") for name, content in foreign.items()}
    files["附件1.docx"] = Hostile(word_text(f"附件1{title}"), "unrecognised", ("F03",))
    files["附件1旧.doc"] = _unread(ole({"WordDocument": title.encode("utf-16-le")}), "F14")
    files["尖括号.docx"] = _unread(word_text(" " * 20_000_000), "F05")
    files["损坏的文档.docx"] = _unread(_damaged(word_text("会议纪要" * 50), "word/document.xml"), "F01")
    files["程序.exe"] = Hostile(b"MZ", "unrecognised", ("F04",))
    files["七压缩.7z"] = Hostile(b"7z\xbc\xaf\x27\x1c", "archive", ("F11",))
    files["名为压缩包.zip"] = Hostile(b"Rar!\x1a\x07", "archive", ("F11",))
    files["空.zip"] = _unread(b"", "F20")
    files["文字.zip"] = _unread("不是压缩包".encode(), "F20")
    files["~$锁.xlsx"] = Hostile(b"x", "ignored")
    files["从右到左\u202exslx.\u202c.xlsx"] = _unread(b"", "F19")
    files["引号“'\"&<>｜.xlsx"] = _unread(b"", "F19")
    files["=HYPERLINK(1).xlsx"] = _unread(b"", "F19")
    return files


# ---------------------------------------------------------------------------------------- archives


def _archives() -> dict[str, Hostile]:
    whole = package({"a.xlsx": good(), "b.xlsx": good()})
    unread = ("unreadable", ("F01",))
    deep = package({"a.xlsx": good()})
    for number in range(4):
        deep = package({f"{number}.zip": deep})
    zeros = package({f"{number}.xls": bytes(15 * 2**20) for number in range(2)})
    swarm = package({f"{number}.zip": zeros for number in range(30)})
    crowd = package(
        dict.fromkeys(
            (f"{number}.zip" for number in range(120)), package({f"{position}.exe": b"" for position in range(900)})
        )
    )
    path = {
        "../../../etc/passwd.exe": b"x",
        "/根.exe": b"x",
        "C:\\a\\b.exe": b"x",
        "..\\..\\c.exe": b"x",
        "a/../../d.exe": b"x",
    }
    return {
        "截断.zip": _unread(whole[: len(whole) // 2], "F20"),
        "很大的成员.zip": Hostile(package({"a.xlsx": bytes(64 * 2**20)}), "archive", (), {"a.xlsx": unread}),
        "成员合起来很大.zip": _unread(package({f"{number}.exe": bytes(15 * 2**20) for number in range(40)}), "F05"),
        "套着的压缩包合起来很大.zip": Hostile(
            swarm, "archive", (), {f"{number}.zip": ("unreadable", ("F05",)) for number in range(30)}
        ),
        "套着的压缩包文件太多.zip": Hostile(
            crowd, "archive", (), {f"{number}.zip": ("unreadable", ("F05",)) for number in range(120)}
        ),
        "套了五层.zip": Hostile(
            deep,
            "archive",
            (),
            {"3.zip": ("archive", ()), "3.zip/2.zip": ("archive", ()), "3.zip/2.zip/1.zip": ("unreadable", ("F05",))},
        ),
        "成员加密.zip": Hostile(_encrypted_members(package({"a.xlsx": good()})), "archive", (), {"a.xlsx": unread}),
        "成员损坏.zip": Hostile(
            _damaged(whole, "b.xlsx"), "archive", (), {"a.xlsx": ("assessment", ()), "b.xlsx": unread}
        ),
        "成员同名.zip": Hostile(
            _twice(package({"a.exe": b"x", SHEET: b"x"}), SHEET),
            "archive",
            (),
            {"a.exe": ("unrecognised", ("F04",)), SHEET: ("unrecognised", ("F04",)), f"{SHEET}（同名第 2 个）": unread},
        ),
        "成员重叠.zip": Hostile(_pointing_at_one(5), "archive", (), {f"{number}.exe": unread for number in range(5)}),
        "路径花招.zip": Hostile(
            package(path),
            "archive",
            (),
            dict.fromkeys(("etc/passwd.exe", "根.exe", "C:/a/b.exe", "c.exe", "d.exe"), ("unrecognised", ("F04",))),
        ),
        "GBK文件名.zip": Hostile(_gbk_named({"附件1.xlsx": good()}), "archive", (), {"附件1.xlsx": ("assessment", ())}),
        "空压缩包.zip": Hostile(b"PK\x05\x06" + bytes(18), "archive"),
    }


def _pointing_at_one(count: int) -> bytes:
    """Several names for the same packed bytes."""
    content = package({f"{number}.exe": bytes(1000) for number in range(count)})
    patches = [(_central(content, f"{number}.exe")[1] + 42, struct.pack("<I", 0)) for number in range(count)]
    return _patched(content, *patches)


def _gbk_named(files: Mapping[str, bytes]) -> bytes:
    """A zip as old programs write it: names in GBK, no flag that says so."""
    content = package(
        {f"{number}".ljust(len(name.encode("gb18030")), "x"): body for number, (name, body) in enumerate(files.items())}
    )
    for number, name in enumerate(files):
        raw = name.encode("gb18030")
        content = content.replace(f"{number}".ljust(len(raw), "x").encode(), raw)
    return content


# ---------------------------------------------------------------------------------------- on the disk


def lay_traps(folder: Path) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Puts into `folder` what is no ordinary file, and gives each its line: name -> (kind, codes)."""
    (folder / "圈.xlsx").symlink_to("圈.xlsx")
    (folder / "断.xlsx").symlink_to("没有.xlsx")
    (folder / "外.xlsx").symlink_to("/etc/passwd")
    (folder / "零.xlsx").symlink_to("/dev/zero")
    (folder / "上层").symlink_to("..")
    (folder / "文件夹.xlsx").mkdir()
    (folder / "文件夹.xlsx" / "空.xlsx").write_bytes(b"")
    (folder / f"{'长' * 83}.xlsx").write_bytes(b"")
    os.mkfifo(folder / "管.xlsx")
    unread, outside, no_workbook = (("unreadable", (code,)) for code in ("F01", "F08", "F19"))
    files = dict.fromkeys(("圈.xlsx", "断.xlsx", "管.xlsx"), unread)
    files |= dict.fromkeys(("外.xlsx", "零.xlsx"), outside)
    files |= dict.fromkeys(("文件夹.xlsx/空.xlsx", f"{'长' * 83}.xlsx"), no_workbook)
    files["上层"] = ("ignored", ())
    if os.geteuid() != 0:  # the system's administrator reads everything
        (folder / "锁着.xlsx").write_bytes(good())
        (folder / "锁着.xlsx").chmod(0)
        files["锁着.xlsx"] = unread
    return files
