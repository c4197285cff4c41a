"""Word documents: what a person sees in the tables, and nothing from outside the file."""

from __future__ import annotations

import pytest

from pipeline.readers.formats.docx import read_docx
from pipeline.readers.formats.limits import UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.sheet.grid import Grid
from tests.support.word import PAGE_BREAK, WORD, cell, paragraph, run, table, word_document

STRIKE, SUPER = "<w:strike/>", '<w:vertAlign w:val="superscript"/>'
TEXT_BOX = "<w:r><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>另填 90</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></w:r>"


def grids(*body: str) -> list[Grid]:
    return read_docx(word_document(*body)).grids


def one(content: str) -> object:
    """The second cell of a row as somebody's answer."""
    return grids(table([["N", content]]))[0].answer_at((1, 2))


def check_box(state: str, shown: str) -> str:
    box = f'<w14:checkbox><w14:checked w14:val="{state}"/></w14:checkbox>'
    return f"<w:sdt><w:sdtPr>{box}</w:sdtPr><w:sdtContent>{run(shown)}</w:sdtContent></w:sdt>"


def symbol(font: str, char: str) -> str:
    return f'<w:r><w:sym w:font="{font}" w:char="{char}"/></w:r>'


def old_box(state: str) -> str:
    data = f'<w:ffData><w:checkBox><w:default w:val="0"/>{state}</w:checkBox></w:ffData>'
    begin, end = (
        f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>',
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    )
    return f"{begin}<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r>{end}"


def field(instructions: str, shown: str) -> str:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"{marks[0]}<w:r><w:instrText>{instructions}</w:instrText></w:r>{marks[1]}{run(shown)}{marks[2]}"


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        ("12", "12"),
        ("12\n34", "12\n34"),
        (run("1") + run("2"), "12"),
        (run("1") + run("2", STRIKE), "1〔划去：2〕"),
        (run("1") + run("2", '<w:strike w:val="0"/>'), "12"),
        (run("1") + run("2", "<w:dstrike/>"), "1〔划去：2〕"),
        (run("10") + run("2", SUPER), "10〔上标：2〕"),
        (run("1") + run("0", "<w:vanish/>"), "1"),
        (f"<w:ins>{run('12')}</w:ins><w:del><w:r><w:delText>34</w:delText></w:r></w:del>", "12"),
        (f"<w:moveFrom>{run('34')}</w:moveFrom><w:moveTo>{run('12')}</w:moveTo>", "12"),
        (check_box("1", "☒"), "☑"),
        (check_box("true", "R"), "☑"),
        (check_box("0", "☐"), "□"),
        (old_box("<w:checked/>"), "☑"),
        (old_box('<w:checked w:val="0"/>'), "□"),
        (old_box(""), "□"),
        (symbol("Wingdings", "F0FE"), "☑"),
        (symbol("Wingdings 2", "F052"), "☑"),
        (symbol("Wingdings 2", "00A3"), "□"),
        (symbol("Wingdings", "F0A8"), "□"),
        (symbol("Webdings", "F061"), "√"),
        (symbol("Segoe UI Symbol", "2611"), "☑"),
        (symbol("Wingdings", "F04A"), "\uf04a"),
        (run("R", '<w:rFonts w:ascii="Wingdings 2"/>'), "☑"),
        (field("=SUM(ABOVE)", "46"), "46"),
        ("<m:oMath><m:r><m:t>12</m:t></m:r></m:oMath>", "〔公式〕"),
        ("<w:r><w:drawing><wp:inline/></w:drawing></w:r>", "〔图片〕"),
        ("<w:r><w:drawing><wp:anchor/></w:drawing></w:r>", None),
        (TEXT_BOX, None),
        (
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
            + run("单击此处输入")
            + "</w:sdtContent></w:sdt>",
            None,
        ),
        ("<w:sdt><w:sdtPr/><w:sdtContent>" + run("12") + "</w:sdtContent></w:sdt>", "12"),
        (f"<w:hyperlink>{run('12')}</w:hyperlink>", "12"),
        (f"<w:fldSimple>{run('12')}</w:fldSimple>", "12"),
        ("<w:r><w:t>1</w:t><w:noBreakHyphen/><w:t>2</w:t></w:r>", "1-2"),
        ("<w:r><w:t>1</w:t><w:tab/><w:t>2</w:t></w:r>", "1\t2"),
    ],
)
def test_a_cell_is_read_as_it_is_seen(content: str, seen: str | None):
    assert one(content) == seen


@pytest.mark.parametrize(("properties", "seen"), [("", "12"), ("<w:showingPlcHdr/>", None)])
def test_content_controls_around_paragraphs_are_read(properties: str, seen: str | None):
    control = f"<w:sdt><!-- --><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{paragraph('12')}</w:sdtContent></w:sdt>"
    assert one(control) == seen


def test_a_check_box_around_a_paragraph_is_read():
    box = '<w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr>'
    assert one(f"<w:sdt><!-- -->{box}<w:sdtContent>{paragraph('☒')}</w:sdtContent></w:sdt>") == "☑"


def test_a_cell_within_a_content_control_is_read():
    box = '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr><w:sdtContent>'
    row = f"<w:tr>{cell('一')}{box}{cell('☒')}</w:sdtContent></w:sdt>{cell('二')}</w:tr>"
    assert grids(f"<w:tbl>{row}</w:tbl>")[0].cells == {(1, 1): "一", (1, 2): "☑", (1, 3): "二"}


def test_merges_are_kept_and_what_they_cover_is_not_read():
    restart, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        [cell("宽", '<w:gridSpan w:val="2"/>'), cell("高", restart)],
        ["一", "二", cell("盖住", goes_on)],
        [cell("块", f'<w:gridSpan w:val="2"/>{restart}'), cell("高", restart)],
        [cell("", f'<w:gridSpan w:val="2"/>{goes_on}'), cell("", goes_on)],
    ]
    grid = grids(table(rows))[0]
    assert grid.merges == {(1, 1): (1, 2), (1, 3): (2, 3), (3, 1): (4, 2), (3, 3): (4, 3)}
    assert grid.cells == {(1, 1): "宽", (1, 3): "高", (2, 1): "一", (2, 2): "二", (3, 1): "块", (3, 3): "高"}


def test_old_merges_across_and_indented_rows_keep_their_columns():
    across = [cell("甲", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>"), cell("乙")]
    indented = f'<w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr>{cell("丙")}</w:tr>'
    grid = grids(table([across]).replace("</w:tbl>", f"{indented}</w:tbl>"))[0]
    assert grid.merges == {(1, 1): (1, 2)}
    assert grid.cells == {(1, 1): "甲", (1, 3): "乙", (2, 3): "丙"}


def test_rows_and_cells_whose_deletion_is_tracked_are_gone():
    rows = table([["一", "二"], ["三", cell("四", "<w:cellDel/>"), "五"]])
    deleted = f"<w:tr><w:trPr><w:del/></w:trPr>{cell('六')}</w:tr>"
    workbook = read_docx(word_document(rows.replace("</w:tbl>", f"{deleted}</w:tbl>")))
    assert workbook.grids[0].cells == {(1, 1): "一", (1, 2): "二", (2, 1): "三", (2, 2): "五"}
    assert workbook.word is not None and workbook.word.tracked


def test_whole_cells_struck_out_and_hidden_rows_are_told():
    struck = run("12", STRIKE) + run("3", STRIKE)
    styled = '<w:p><w:pPr><w:pStyle w:val="gone"/></w:pPr><w:r><w:t>4</w:t></w:r></w:p>'
    hidden = f"<w:tr><w:trPr><w:hidden/></w:trPr>{cell('藏')}</w:tr>"
    styles = f'<w:styles xmlns:w="{WORD}"><w:style w:styleId="base"><w:rPr><w:strike/></w:rPr></w:style><w:style w:styleId="gone"><w:basedOn w:val="base"/></w:style></w:styles>'
    document = word_document(
        table([["一", struck], ["二", styled]]).replace("</w:tbl>", f"{hidden}</w:tbl>"),
        parts={"word/styles.xml": styles.encode()},
    )
    grid = read_docx(document).grids[0]
    assert grid.struck == {(1, 2), (2, 2)} and grid.hidden_rows == (3,)


def test_paragraphs_stand_above_the_next_table():
    first, second = grids(
        paragraph("企业名称：甲"), table([["1"]]), paragraph("企业名称：乙"), table([["2"]]), paragraph("完")
    )
    assert first.cells == {(1, 1): "企业名称：甲", (2, 1): "1"}
    assert second.cells == {(1, 1): "企业名称：乙", (2, 1): "2", (3, 1): "完"}
    assert [second.cell_text((row, 1)) for row in (1, 2, 3)] == [
        "表 2 上方第 1 段",
        "表 2 行 1 列 1",
        "表 2 下方第 1 段",
    ]


@pytest.mark.parametrize(
    "between",
    [
        [paragraph("企业名称：甲")],
        [paragraph("企业名称：甲"), paragraph("附件1")],
        [paragraph("企业名称：甲"), PAGE_BREAK, paragraph("附件1")],
    ],
)
@pytest.mark.parametrize("before", [[], [paragraph("填报日期：5 月")]])
def test_names_under_the_tables_stay_with_them(before: list[str], between: list[str]):
    first, second = grids(*before, table([["1"]]), *between, table([["2"]]), paragraph("企业名称：乙"))
    assert "企业名称：甲" in first.cells.values() and "企业名称：甲" not in second.cells.values()
    assert "企业名称：乙" in second.cells.values()


def test_a_table_within_a_cell_is_a_sheet_and_its_cell_is_not_blank():
    outer, inner = grids(table([["外", f"<w:p/>{table([['内', '7']])}<w:p/>"]]))
    assert outer.cells == {(1, 1): "外", (1, 2): "〔格内另有一张表〕"}
    assert inner.cells == {(1, 1): "内", (1, 2): "7"}


@pytest.mark.parametrize(
    ("body", "parts", "kind"),
    [
        (f"<w:p>{TEXT_BOX}</w:p>", {}, "文本框里的文字"),
        (table([[run("9", "<w:vanish/>")]]), {}, "隐藏的文字"),
        (paragraph("一"), {"word/embeddings/a.xlsx": b"PK"}, "嵌入的 Excel 表等对象"),
        ('<w:altChunk r:id="rId9"/>', {}, "嵌入的另一份文档"),
    ],
)
def test_what_is_not_read_is_told(body: str, parts: dict[str, bytes], kind: str):
    word = (workbook := read_docx(word_document(body, table([["1"]]), parts=parts))).word
    assert workbook.grids and word is not None and [what for what, _ in word.unread] == [kind]


def test_strict_documents_are_read():
    text = f'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>{table([["1"]])}</w:body></w:document>'
    assert read_docx(word_document(parts={"word/document.xml": text.encode()})).grids[0].cells == {(1, 1): "1"}


_ENTITY = (
    f'<!DOCTYPE a [<!ENTITY e "12">]><w:document xmlns:w="{WORD}"><w:body>{table([["&e;"]])}</w:body></w:document>'
)


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (_ENTITY.replace("&amp;", "&").encode(), UnreadableWorkbook),
        (b"<w:document>", UnreadableWorkbook),
        (b"<a>" + b" " * 30_000_000 + b"</a>", WorkbookTooLarge),
        (
            f'<w:document xmlns:w="{WORD}"><w:body>{"<w:p>" * 3000}{"</w:p>" * 3000}</w:body></w:document>'.encode(),
            UnreadableWorkbook,
        ),
        (
            f'<w:document xmlns:w="{WORD}"><w:body>{table([[cell("1", chr(60) + "w:gridSpan w:val=" + chr(34) + "99999999" + chr(34) + "/>")]])}</w:body></w:document>'.encode(),
            UnreadableWorkbook,
        ),
        (
            f'<w:document xmlns:w="{WORD}"><w:body>{table([["1" * 40_000]])}</w:body></w:document>'.encode(),
            WorkbookTooLarge,
        ),
    ],
)
def test_hostile_documents_are_refused(document: bytes, error: type[Exception]):
    with pytest.raises(error):
        read_docx(word_document(parts={"word/document.xml": document}))


def test_relations_to_the_outside_and_pictures_are_not_looked_at():
    outside = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://127.0.0.1:9/a.dotm" TargetMode="External"/></Relationships>'
    parts = {"word/_rels/document.xml.rels": outside, "word/media/a.png": b"\x89PNG" * 1000}
    assert read_docx(word_document(table([["1"]]), parts=parts)).grids[0].cells == {(1, 1): "1"}


@pytest.mark.parametrize("between", ["", "<w:p/>", PAGE_BREAK, "<w:p/><w:p/>"])
def test_a_table_cut_in_two_is_one_sheet(between: str):
    (grid,) = grids(paragraph("甲"), table([["1", "2"]]), between, table([["3", "4"], ["5", "6"]]), paragraph("乙"))
    assert grid.cells[(3, 1)] == "3" and grid.cells[(4, 2)] == "6"
    told = [grid.cell_text(address) for address in sorted(grid.cells)]
    assert told[0] == "表 1 上方第 1 段" and told[-1] == "表 2 下方第 1 段"
    assert told[1] == "表 1 行 1 列 1" and told[3] == "表 2 行 1 列 1" and told[6] == "表 2 行 2 列 2"


@pytest.mark.parametrize("second", [paragraph("乙") + table([["3", "4"]]), "<w:p/>" + table([["3", "4", "5"]])])
def test_tables_with_a_text_between_or_other_columns_are_sheets_of_their_own(second: str):
    assert [grid.name for grid in grids(table([["1", "2"]]), second)] == ["表 1", "表 2"]
