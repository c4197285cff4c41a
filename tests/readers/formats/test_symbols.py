"""Symbol fonts in every format: what is read is what is seen. A sign that nobody knows is named with its font."""

from __future__ import annotations

import struct

import pytest

from pipeline.readers.formats.opening import WORKBOOK_READERS
from pipeline.readers.formats.symbols import seen_text, visible
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.sheet.grid import Grid
from tests.support.arrivals import codes, one, published_rulebook, sheet
from tests.support.old_formats import binary, ods, ods_row, record, wide, xls, xlsb
from tests.support.workbooks import MAIN, PLAIN_FONTS, Raw, form_rows, full_answers, part_of, repacked, workbook

FONTS = ("宋体", "Wingdings", "Wingdings 2", "Webdings", "Segoe UI Symbol")


@pytest.mark.parametrize(
    ("text", "font", "seen"),
    [
        ("ü", "Wingdings", "✓"),
        ("n o", "Wingdings", "■ □"),
        ("\uf0fc\uf0a8", "Wingdings", "✓□"),
        ("P", "Wingdings 2", "✓"),
        ("R£", "wingdings 2", "☑□"),
        ("a", "Webdings", "✓"),
        ("c", "'Webdings'", "□"),
        ("Ö", "Symbol", "√"),
        ("4", "ZapfDingbats", "✓"),
        ("\ue73e", "Segoe MDL2 Assets", "✓"),
        ("\ue001 V", "Segoe UI Symbol", "✓ V"),
        # not known: named, and never taken for the letter
        ("P", "Wingdings", "P（Wingdings）"),
        ("R", "Webdings", "R（Webdings）"),
        ("12", "Wingdings", "12（Wingdings）"),
        ("V1", "Wingdings", "V1（Wingdings）"),
        ("\uf041", "Wingdings", "U+F041（Wingdings）"),
        ("\ue999", "Segoe UI Symbol", "U+E999（Segoe UI Symbol）"),
        ("ný研", "Wingdings", "■☒研"),
        ("—Ÿ", "Wingdings 2", "●Ÿ（Wingdings 2）"),
        # fonts with ordinary letters
        ("ü n", "宋体", "ü n"),
        ("\uf0fc", "宋体", "\uf0fc"),
        ("研发数据", "Wingdings", "研发数据"),
        ("", "Wingdings", ""),
    ],
)
def test_what_is_seen(text: str, font: str, seen: str):
    assert seen_text(text, font) == seen


def test_a_private_use_character_is_quoted_by_its_number():
    assert visible("√\uf0fcA") == "√U+F0FCA"


# ---------------------------------------------------------------- formats


def styled(*cells: Raw | str, strings: str = "") -> Grid:
    """The grid of an .xlsx whose style 1, 2 … has the font of that number in FONTS."""
    fonts = "".join(f'<font><sz val="11"/><name val="{font}"/></font>' for font in FONTS)
    styles = "".join(f'<xf numFmtId="0" fontId="{index}"/>' for index in range(len(FONTS)))
    parts = {"xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts>{fonts}</fonts><cellXfs>{styles}</cellXfs></styleSheet>'}  # fmt: skip
    if strings:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    (grid,) = read_workbook(workbook({"表": [list(cells)]}, parts=parts)).grids
    return grid


def text(letters: str, style: int) -> Raw:
    return Raw(f's="{style}" t="str"', f"<v>{letters}</v>")


def run(letters: str, font: str) -> str:
    properties = f'<rPr><rFont val="{font}"/></rPr>' if font else ""
    return f"<r>{properties}<t>{letters}</t></r>"


def test_xlsx_fonts_of_cells():
    grid = styled(text("ü", 1), text("P", 2), text("a", 3), text("ü", 0), Raw('s="1"', "<v>1</v>"), "ü")
    assert list(grid.cells.values()) == ["✓", "✓", "✓", "ü", 1.0, "ü"]


def test_xlsx_fonts_of_runs_in_shared_and_inline_strings():
    rich = run("ü", "Wingdings") + run("研发数据", "宋体")
    first = f"<r><t>n</t></r>{run('设计数据', '宋体')}"  # the first run has the font of its cell
    shared = Raw('t="s"', "<v>0</v>"), Raw('s="1" t="s"', "<v>1</v>"), Raw('t="s"', "<v>1</v>")
    inline = Raw('t="inlineStr"', f"<is>{rich}</is>")
    grid = styled(*shared, inline, strings=f"<si>{rich}</si><si>{first}</si>")
    assert list(grid.cells.values()) == ["✓研发数据", "■设计数据", "n设计数据", "✓研发数据"]


def test_xlsx_without_a_symbol_font_in_use_is_read_as_before():
    assert list(styled(text("ü", 0), text("n", 4)).cells.values()) == ["ü", "n"]


def test_ods():
    face = '<style:font-face style:name="W1" svg:font-family="&apos;Wingdings&apos;"/>'
    styles = (
        '<style:style style:name="base" style:family="table-cell"><style:text-properties style:font-name="W1"/></style:style>'
        '<style:style style:name="ce1" style:family="table-cell" style:parent-style-name="base"/>'
        '<style:style style:name="T1" style:family="text"><style:text-properties fo:font-family="Webdings"/></style:style>'
    )
    kind = 'office:value-type="string"'
    cells = ods_row(
        Raw(f'{kind} table:style-name="ce1" table:number-columns-repeated="2"', "<text:p>ü</text:p>"),
        Raw(kind, '<text:p><text:span text:style-name="T1">c</text:span> 研发数据</text:p>'),
        Raw(kind, "<text:p>ü</text:p>"),
    )
    content = ods(cells, styles)
    declared = f"<office:font-face-decls>{face}</office:font-face-decls><office:automatic-styles>"
    part = part_of(content, "content.xml").replace("<office:automatic-styles>", declared)
    spaces = 'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    part = part.replace("<office:document-content ", f"<office:document-content {spaces}", 1)
    (grid,) = WORKBOOK_READERS["ods"](repacked(content, {"content.xml": part})).grids
    assert list(grid.cells.values()) == ["✓", "✓", "□ 研发数据", "ü"]


def test_xls():
    def font(name: str) -> bytes:
        return record(0x31, struct.pack("<HHHHHBBBB", 220, 0, 0x7FFF, 400, 0, 0, 0, 2, 0) + bytes([len(name), 1]) + name.encode("utf-16-le"))  # fmt: skip

    grids = WORKBOOK_READERS["biff"](xls({(1, 1): "ü", (1, 2): 1.0}, before=font("Wingdings"))).grids
    assert grids[0].cells == {(1, 1): "✓", (1, 2): 1.0}
    grids = WORKBOOK_READERS["biff"](xls({(1, 1): "ü"}, before=font("宋体"))).grids
    assert grids[0].cells == {(1, 1): "ü"}


def test_xlsb():
    def font(name: str) -> bytes:
        return binary(43, struct.pack("<HHHHBBBB", 220, 0, 400, 0, 0, 0, 2, 0) + bytes(9) + wide(name))

    fonts = binary(611, struct.pack("<I", 2)) + font("宋体") + font("Wingdings") + binary(612)
    styles = binary(617, struct.pack("<I", 2)) + b"".join(binary(47, struct.pack("<HHH", 0, 0, index) + bytes(10)) for index in (0, 1)) + binary(618)  # fmt: skip

    def cell(column: int, style: int, letters: str) -> bytes:
        return binary(6, struct.pack("<II", column, style) + wide(letters))

    row = binary(0, struct.pack("<II", 0, 0) + bytes(17)) + cell(0, 1, "ü") + cell(1, 0, "ü")
    content = xlsb({}, sheet=binary(129) + binary(145) + row + binary(146) + binary(130), parts={"xl/styles.bin": fonts + styles})  # fmt: skip
    assert list(WORKBOOK_READERS["xlsb"](content).grids[0].cells.values()) == ["✓", "ü"]


# ---------------------------------------------------------------- ticks


def ticked(*marks: str) -> bytes:
    """A form whose first categories have these marks in a cell with the font Wingdings."""
    rows, tops = form_rows(published_rulebook(), full_answers(published_rulebook()))
    top = tops["data_synergy"]
    names = ("研发数据", "供应链数据", "设计数据", "销售数据", "生产数据", "服务数据")
    for number in range(3):
        line = [*rows[top + number], *[None] * 9][:9]
        line[3:8] = [None, None, names[2 * number], None, names[2 * number + 1]]
        rows[top + number] = line
    for number, mark in enumerate(marks):
        rows[top + number // 2][4 + number % 2 * 2] = text(mark, 1)
    content = workbook({"附件1": rows})
    fonts = '<fonts><font><name val="宋体"/></font><font><name val="Wingdings"/></font></fonts>'
    part = part_of(content, "xl/styles.xml").replace(PLAIN_FONTS, fonts)
    return repacked(content, {"xl/styles.xml": part.replace("</cellXfs>", '<xf numFmtId="0" fontId="1"/></cellXfs>')})


def test_ticks_and_boxes_of_wingdings():
    (entry,) = sheet(ticked("ü", "o", "n", "o", "þ", "\uf0a8")).assessments
    answer = next(answer for answer in entry.answers if answer.indicator == "data_synergy")
    assert answer.n.value == 3 and "V33" not in codes(entry.issues)


@pytest.mark.parametrize(("mark", "found"), [("P", "P（Wingdings）"), ("ý", "☒"), ("\uf04a", "U+F04A（Wingdings）")])
def test_a_sign_that_is_not_known_is_quoted_with_its_font(mark: str, found: str):
    (entry,) = sheet(ticked("ü", mark)).assessments
    assert one(entry.issues, "V33").found == found


def test_a_private_use_character_in_an_ordinary_font_is_quoted():
    rows = part_of(ticked("X"), "xl/worksheets/sheet1.xml").replace('s="1" t="str"><v>X<', 't="str"><v>\uf0fc<')
    (entry,) = sheet(repacked(ticked("X"), {"xl/worksheets/sheet1.xml": rows})).assessments
    assert one(entry.issues, "V33").found == "U+F0FC"
