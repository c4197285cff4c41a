"""An .ods is read from content.xml, whatever white space, styles and other parts its writer added."""

from __future__ import annotations

import pytest

from pipeline.readers.formats.displayed import DATE_CODE, HIDDEN_CODE, code_for_displayed
from pipeline.readers.formats.encryption import PasswordProtected
from pipeline.readers.formats.limits import UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.ods import read_ods
from pipeline.readers.sheet.grid import Grid, OddValue, Value
from tests.support.old_formats import ODS_SPACES, ods, ods_row
from tests.support.workbooks import Raw, repacked

STRING = 'office:value-type="string"'
STYLES = (
    '<style:style style:name="gone" style:family="table-cell"><style:text-properties style:text-line-through-style='
    '"solid"/></style:style><style:style style:name="child" style:family="table-cell" style:parent-style-name="gone"/>'
    '<style:style style:name="plain" style:family="table-cell" style:parent-style-name="gone"><style:text-properties '
    'style:text-line-through-style="none" style:text-line-through-type="none"/></style:style>'
    '<style:style style:name="T1" style:family="text"><style:text-properties style:text-line-through-type="single"/>'
    '</style:style><style:style style:name="T2" style:family="text"><style:text-properties '
    'style:text-position="super 58%"/></style:style>'
)


def grid_of(table: str, styles: str = "") -> Grid:
    (grid,) = read_ods(ods(table, styles)).grids
    return grid


def cell(attributes: str, content: str = "", styles: str = "") -> Grid:
    return grid_of(ods_row(Raw(attributes, content)), styles)


def number(shown: str, stored: str = "12", kind: str = "float") -> Value | None:
    grid = cell(f'office:value-type="{kind}" office:value="{stored}"', f"<text:p>{shown}</text:p>")
    return grid.cells.get((1, 1))


def test_white_space_between_the_elements_is_none_of_theirs():
    table = "\n ".join(
        [
            "",
            "<table:table-header-rows>",
            ods_row("甲", 1.0).replace("><", ">\n  <"),
            "</table:table-header-rows>",
            ods_row("乙"),
        ]
    )
    assert grid_of(table).cells == {(1, 1): "甲", (1, 2): 1.0, (2, 1): "乙"}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<text:p>嘉善\n   测试 </text:p>", "嘉善 测试"),
        ("<text:p> 甲<text:s text:c='2'/>乙<text:tab/>丙<text:line-break/>丁</text:p>", "甲  乙\t丙\n丁"),
        ("<text:p>甲</text:p><text:p/><text:p>乙</text:p>", "甲\n\n乙"),
        ("<text:p><text:span>甲</text:span> <text:a>乙</text:a></text:p>", "甲 乙"),
        ("<office:annotation><text:p>批注</text:p></office:annotation><text:p>甲</text:p>", "甲"),
        (
            "<text:p><text:ruby><text:ruby-base>甲</text:ruby-base><text:ruby-text>jia</text:ruby-text></text:ruby></text:p>",
            "甲",
        ),
    ],
)
def test_the_text_of_a_cell(content: str, text: str):
    assert cell(STRING, content).cells == {(1, 1): text}


def test_a_text_may_stand_in_an_attribute_or_without_a_type():
    assert cell(f'{STRING} office:string-value="甲"').cells == {(1, 1): "甲"}
    assert cell("", "<text:p>12</text:p>").cells == {(1, 1): "12"}


@pytest.mark.parametrize(
    ("attributes", "content", "value", "doubtful"),
    [
        ("", "", None, False),
        (STRING, "", None, False),
        (f'{STRING} calcext:value-type="error" table:formula="of:=1/0"', "<text:p>#DIV/0!</text:p>", "#DIV/0!", False),
        (f'calcext:value-type="error" {STRING} office:string-value=""', "<text:p>Err:502</text:p>", "Err:502", False),
        ('table:formula="of:=#N/A" office:value-type="float" office:value="0"', "", "#N/A", False),
        (
            'table:formula="of:=A1" office:value-type="float" office:value="0"',
            "<text:p>错误:502</text:p>",
            "错误:502",
            False,
        ),
        (f'{STRING} table:formula="of:=A1"', "", None, True),
        ('table:formula="of:=IF(1;2;3)"', "<text:p/>", None, True),
        (f'{STRING} table:formula="of:=A1" calcext:value-type="string"', "<text:p/>", None, False),
    ],
)
def test_blank_and_error_cells_are_told_apart(attributes: str, content: str, value: str | None, doubtful: bool):
    grid = cell(attributes, content)
    assert grid.cells == ({(1, 1): OddValue("error", value)} if value else {})
    assert grid.doubtful == ({(1, 1)} if doubtful else set())


def test_a_formula_without_a_result():
    assert cell('table:formula="of:=[.A1]*2"').cells == {(1, 1): OddValue("no_result", "=[.A1]*2")}


@pytest.mark.parametrize(
    ("shown", "stored", "code"),
    [
        ("12", "12", ""),
        ("132.47999999999999", "132.48", ""),
        ("132.48", "132.47999999999999", ""),
        ("0.30000000000000004", "0.3", ""),
        ("5.00E−01", "0.5", ""),
        ("5.00E-01", "0.5", ""),
        ("1E+03", "1000", ""),
        ("−800", "-800", ""),
        ("¥-", "0", ""),
        (" ¥ - ", "0", ""),
        ("-", "0", ""),
        ("—", "0", ""),
        ("- 元", "0", '"- 元"'),
        ("¥-", "5", '"¥-"'),
        ("12套", "12", '"12套"'),
        ("0.02万", "200", '[scaled]"0.02万"'),
        ("", "0", HIDDEN_CODE),
        ("50%", "0.5", "0%"),
        ("1 1/4", "1.25", ""),
        ("1/3", "0.3333", ""),
        ("2023/5/1", "45047", DATE_CODE),
        ("5/1", "45047", DATE_CODE),
        ("2023年3月", "45000", DATE_CODE),
        ("12:30", "0.52", DATE_CODE),
        ("1-May-23", "45047", DATE_CODE),
        ("3.5万", "35000", '[scaled]"3.5万"'),
        ("800", "-800", '0;[scaled]"800"'),
        ("¥1,234.50", "-1234.5", '0;[scaled]"¥1,234.50"'),
        ("(800)", "-800", ""),
        ("-¥800", "-800", ""),
        ("057188888888", "57188888888", "000000000000"),
        ("0005", "5", ""),
    ],
)
def test_how_a_number_is_displayed(shown: str, stored: str, code: str):
    assert code_for_displayed(shown, float(stored)) == code


def test_numbers_truths_dates_and_what_is_none():
    assert number("12") == number("12.00") == 12.0
    assert number("1", "1", "percentage") == OddValue("formatted", "1", 1.0, "0%")
    assert number("真", "1") == OddValue("boolean", "TRUE")
    assert number("inf", "INF") == OddValue("error", "inf")
    dated = cell('office:value-type="date" office:date-value="2023-05-01"', "<text:p>2023年5月</text:p>")
    assert dated.cells == {(1, 1): OddValue("date", "2023年5月")}
    with pytest.raises(UnreadableWorkbook):
        number("十二", "十二")


def test_merges_covered_cells_and_hidden_rows():
    covered = '<table:covered-table-cell office:value-type="string"><text:p>盖住的</text:p></table:covered-table-cell>'
    top = ods_row("甲", Raw(f'{STRING} table:number-rows-spanned="3"', "<text:p>不推荐</text:p>"))
    hidden = [
        ods_row("乙").replace("table-row>", f'table-row table:visibility="{word}">', 1)
        for word in ("filter", "collapse")
    ]
    rows = top + "".join(row.replace("</table:table-row>", f"{covered}</table:table-row>") for row in hidden)
    grid = grid_of(rows + ods_row("丙").replace("table-row>", 'table-row table:visibility="visible">', 1))
    assert grid.merges == {(1, 2): (3, 2)} and grid.hidden_rows == (2, 3)
    assert grid.cells == {(1, 1): "甲", (1, 2): "不推荐", (2, 1): "乙", (3, 1): "乙", (4, 1): "丙"}


def test_struck_out_cells_by_their_own_style_their_row_or_column():
    columns = '<table:table-column/><table:table-column table:default-cell-style-name="gone"/>'
    rows = ods_row(Raw(f'{STRING} table:style-name="child"', "<text:p>甲</text:p>"), "乙", "丙")
    rows += ods_row("丁", Raw(f'{STRING} table:style-name="plain"', "<text:p>戊</text:p>"))
    rows += ods_row(3.0).replace("table-row>", 'table-row table:default-cell-style-name="gone">', 1)
    rows += ods_row(Raw(STRING, '<text:p><text:span text:style-name="T1">己</text:span></text:p>'))
    assert grid_of(columns + rows, STYLES).struck == {(1, 1), (1, 2), (3, 1), (4, 1)}


def test_runs_of_a_figure_are_marked():
    text = '<text:p>1<text:span text:style-name="T2">2</text:span></text:p>'
    assert cell(STRING, text, STYLES).cells == {(1, 1): "1〔上标：2〕"}


def test_common_styles_and_properties_come_from_their_parts():
    table = ods_row(Raw(f'{STRING} table:style-name="own"', "<text:p>甲</text:p>"))
    own = '<style:style style:name="own" style:family="table-cell" style:parent-style-name="gone"/>'
    styles = _part(f"<office:styles>{STYLES}</office:styles>")
    meta = _part('<dc:date>2024-05-01T10:00:00</dc:date><meta:user-defined meta:name="甲">乙</meta:user-defined>')
    book = read_ods(ods(table, own, **{"styles.xml": styles, "meta.xml": meta}))
    assert (book.grids[0].struck, book.saved, book.properties) == ({(1, 1)}, "2024-05-01T10:00:00", {"甲": "乙"})


def _part(content: str) -> str:
    return f"<office:document {ODS_SPACES}>{content}</office:document>"


def test_repeated_cells_and_rows():
    row = ods_row("甲", repeated='table:number-columns-repeated="2"').replace(
        "<table:table-row>", '<table:table-row table:number-rows-repeated="2">'
    )
    blank = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    assert grid_of(row + blank).cells == dict.fromkeys([(1, 1), (1, 2), (2, 1), (2, 2)], "甲")
    with pytest.raises(UnreadableWorkbook):
        grid_of(blank + row + row + row + row)
    with pytest.raises(WorkbookTooLarge):
        grid_of(ods_row("甲").replace("<table:table-row>", '<table:table-row table:number-rows-repeated="600000">'))


def test_what_else_a_workbook_may_hold_is_not_looked_at():
    book = ods(ods_row("甲"), **{"Basic/Standard/Module1.xml": '<!DOCTYPE script:module PUBLIC "a" "module.dtd"><a/>'})
    assert read_ods(book).grids[0].cells == {(1, 1): "甲"}
    copy = ods_row("甲") + "</table:table><table:table table:name=\"'file:///a.ods'#$表\">" + ods_row("旧")
    assert [grid.name for grid in read_ods(ods(copy)).grids] == ["表"]
    deleted = (
        "<table:tracked-changes><table:deletion><table:cell-content-deletion/></table:deletion></table:tracked-changes>"
    )
    assert grid_of(deleted + ods_row("甲")).cells == {(1, 1): "甲"}


def test_passwords():
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    locked = repacked(ods(ods_row("甲")), {"content.xml": b"\x9c\x01\xff" * 99, "META-INF/manifest.xml": manifest})
    whole = repacked(ods(ods_row("甲")), {"content.xml": None, "encrypted-package": b"\x9c\x01\xff" * 99})
    for content in (locked, whole):
        with pytest.raises(PasswordProtected):
            read_ods(content)
    macros = repacked(ods(ods_row("甲")), {"META-INF/manifest.xml": manifest})
    assert read_ods(macros).grids[0].cells == {(1, 1): "甲"}
