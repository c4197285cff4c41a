"""An .xlsx gives the same values at the same cells as other readers do, in every shape its parts may have, and one clear
refusal when it is broken, hostile or too large."""

from __future__ import annotations

import io
import random
import struct
import time
import warnings
import zipfile

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from pipeline.commands.sample.writing import write_sample
from pipeline.model.texts import is_blank
from pipeline.readers.formats import package as packages
from pipeline.readers.formats import plain_sheet, shared_strings, worksheet
from pipeline.readers.formats import xlsx as ooxml
from pipeline.readers.formats.formulas import SheetFormulas
from pipeline.readers.formats.limits import UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.worksheet import Lookups
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.formats.xml_parts import remember
from pipeline.readers.intake.file import read_file
from pipeline.readers.sheet.grid import Address, Grid, OddValue, Value
from pipeline.readers.values.lexicon import Lexicon
from tests.support.rulebooks import tested_rulebook
from tests.support.workbooks import HEAD, MAIN, Raw, assessment_form, full_answers, package, part_of, repacked, workbook

RULEBOOK = tested_rulebook()
LEXICON = Lexicon.of(RULEBOOK)
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
SHEET = "xl/worksheets/sheet1.xml"
BASE = workbook({"表": "甲|12\n|无"})


def cells_of(content: bytes) -> dict[Address, Value]:
    (grid,) = read_workbook(content).grids
    return grid.cells


def with_rows(rows: str, after: str = "", **parts: str) -> bytes:
    """A workbook whose first sheet has the rows given as XML."""
    sheet = f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    return repacked(BASE, {SHEET: sheet, **parts})


def stored(value: Value) -> object:
    return value.number if isinstance(value, OddValue) and value.kind == "formatted" else value


# ---------------------------------------------------------------------------------------- against other readers


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bytes]]:
    """Every workbook of a made-up province of sixty companies."""
    folder = tmp_path_factory.mktemp("province") / "inbox"
    write_sample(folder, RULEBOOK, companies=60, seed=7)
    files = sorted(folder.rglob("*.xlsx"))
    assert len(files) > 60
    return [(str(path.relative_to(folder)), path.read_bytes()) for path in files]


def calamine_cells(content: bytes) -> dict[str, dict[Address, object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        name: {
            (row, column): value
            for row, values in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1)
            for column, value in enumerate(values, start=1)
            if value != "" and not (isinstance(value, str) and is_blank(value))
        }
        for name in book.sheet_names
    }


@pytest.mark.slow
def test_calamine_reads_the_same_values_at_the_same_cells(sample: list[tuple[str, bytes]]) -> None:
    for path, content in sample:
        ours = {
            grid.name: {address: stored(value) for address, value in grid.cells.items()}
            for grid in read_workbook(content).grids
        }
        assert ours == calamine_cells(content), path


@pytest.mark.slow
def test_openpyxl_reads_the_same_values_and_merges(sample: list[tuple[str, bytes]]) -> None:
    for path, content in sample[:: max(1, len(sample) // 12)]:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        for sheet, grid in zip(book.worksheets, read_workbook(content).grids, strict=True):
            theirs = {
                (cell.row, cell.column): cell.value
                for row in sheet.iter_rows()
                for cell in row
                if cell.value is not None and not (isinstance(cell.value, str) and is_blank(cell.value))
            }
            assert {address: stored(value) for address, value in grid.cells.items()} == theirs, path
            merges = {(area.min_row, area.min_col): (area.max_row, area.max_col) for area in sheet.merged_cells.ranges}
            assert grid.merges == merges, path


def both_ways(content: bytes) -> tuple[list[Grid], list[bool]]:
    """Every sheet of a workbook read by its elements alone, and whether it was read by pattern; asserts they agree."""
    by_pattern: list[bool] = []
    grids = []
    parts = ooxml._Parts(content)
    lookups = Lookups.of(parts._shared_strings("xl/sharedStrings.xml"), parts._styles("xl/styles.xml"))
    for name in sorted(parts.entries):
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            text = parts.read(name)
            pattern, elements = Grid("a"), Grid("a")
            found, others = SheetFormulas(), SheetFormulas()
            by_pattern.append(worksheet._read_plain(text, pattern, found, lookups))
            worksheet._read_elements(text, elements, others, lookups)
            assert not by_pattern[-1] or pattern == elements, name
            assert not by_pattern[-1] or found.computable == others.computable, name
            assert not by_pattern[-1] or (found.blank, found.hides_zeros) == (others.blank, others.hides_zeros), name
            grids.append(elements)
    return grids, by_pattern


def test_both_ways_of_reading_a_sheet_agree_on_every_form(sample: list[tuple[str, bytes]]) -> None:
    plain = [flag for path, content in sample if "附件1" in path for flag in both_ways(content)[1]]
    assert plain and all(plain)
    for _, content in sample:
        both_ways(content)


SHAPES = {
    "prefixed": lambda text: (
        text.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")
    ),
    "strict": lambda text: text.replace(MAIN, STRICT),
    "commented": lambda text: text.replace("<sheetData>", "<!-- a --><sheetData><!-- <c r='A1'><v>9</v></c> -->"),
    "instruction": lambda text: text.replace("<sheetData>", "<sheetData><?a <c r='A1'><v>9</v></c> ?>").replace(
        "'", '"'
    ),
    "CDATA": lambda text: text.replace("<v>0</v>", "<v><![CDATA[0]]></v>"),
    "no references": lambda text: text.replace(' r="A1"', "").replace(' r="B1"', "").replace(' r="1"', ""),
    "other order": lambda text: text.replace('r="A1" t="s"', 't="s" r="A1"'),
    "spaced": lambda text: text.replace("><", ">\n  <"),
    "returns": lambda text: text.replace("><", ">\r\n<"),
    "byte order mark": lambda text: "\ufeff" + text,
    "UTF-16": lambda text: text.replace("UTF-8", "UTF-16").encode("utf-16"),
    "UTF-16 without a mark": lambda text: text.replace("UTF-8", "UTF-16").encode("utf-16-le"),
    "inline": lambda text: text.replace('t="s"><v>0</v>', 't="inlineStr"><is><t>甲</t></is>'),
    "wrong dimension": lambda text: text.replace("<sheetData>", '<dimension ref="A1"/><sheetData>'),
    "no declaration": lambda text: text.removeprefix(HEAD),
}


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_every_shape_of_a_part_is_read_the_same(shape: str) -> None:
    changed = SHAPES[shape](part_of(BASE, SHEET))
    assert changed != part_of(BASE, SHEET)
    content = repacked(BASE, {SHEET: changed})
    assert cells_of(content) == {(1, 1): "甲", (1, 2): 12.0, (2, 2): "无"}
    both_ways(content)


def test_a_strict_workbook_throughout() -> None:
    changes = {}
    for name in (
        "xl/workbook.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        SHEET,
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
    ):
        text = part_of(BASE, name).replace(MAIN, STRICT)
        changes[name] = text.replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
    assert cells_of(repacked(BASE, changes)) == cells_of(BASE)


# ---------------------------------------------------------------------------------------- known pieces

ROWS = (
    '<row r="1" spans="1:2"><c r="A1" s="0" t="s"><v>0</v></c><c r="B1" s="0"/></row>'
    '<row r="2"><c r="A2"><v>12</v></c><c r="B2" t="s"><v>1</v></c></row><row r="3"/>'
    '<row r="4"><c r="A4"/><c r="B4" t="s"><v>1</v></c></row>'
)
FIRST = '<row r="1" spans="1:2">'
STRINGS = "<si><t>云存储</t></si><si><t>无</t></si><si><t>云</t><phoneticPr fontId='1'/></si>"


def known_form(rows: str = ROWS, strings: str = STRINGS) -> bytes:
    return with_rows(rows, **{"xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}">{strings}</sst>'})


def forget_pieces() -> None:
    plain_sheet._KNOWN.clear()
    shared_strings._KNOWN.clear()


def test_known_pieces_change_no_result(sample: list[tuple[str, bytes]]) -> None:
    for path, content in sample:
        known = read_workbook(content).grids
        forget_pieces()
        assert read_workbook(content).grids == known, path


def test_known_pieces_are_not_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    grids = read_workbook(known_form()).grids
    pieces: list[str] = []
    parsed = plain_sheet._parsed
    monkeypatch.setattr(plain_sheet, "_parsed", lambda piece: parsed(pieces.append(piece) or piece))
    assert read_workbook(known_form()).grids == grids and len(grids[0].cells) == 4
    assert len(pieces) == 2  # the figure, and the last cell


@pytest.mark.parametrize(
    "rows",
    [
        f"{ROWS.replace(FIRST, '<other>').removesuffix('</row>')}</other>",  # well formed without the known pieces
        ROWS.replace(FIRST, "<other>"),
        ROWS.replace(FIRST, "<other><row/>"),
        ROWS.replace(FIRST, ""),
        ROWS.replace(FIRST, '<row r="1" spans="1:2"/>'),
        ROWS.replace('<row r="2">', "</row>"),
        ROWS.replace('</row><row r="2">', '<row r="2">'),
        ROWS.replace('<c r="A2">', '<c r="A2"><row>'),
        ROWS.removesuffix("</row>"),
        ROWS + "</row>",
        ROWS + ROWS.removeprefix(FIRST),
    ],
)
def test_known_pieces_in_the_wrong_place_are_refused(rows: str) -> None:
    assert cells_of(known_form()) == {(1, 1): "云存储", (2, 1): 12.0, (2, 2): "无", (4, 2): "无"}
    for _ in range(2):
        with pytest.raises(UnreadableWorkbook):
            read_workbook(known_form(rows))
        forget_pieces()


@pytest.mark.parametrize(
    "strings",
    [
        f"<other>{STRINGS}",
        f"{STRINGS}</si>",
        STRINGS.replace("</si>", "", 1),
        STRINGS.replace("<si>", "", 1),
        STRINGS.replace("<si>", "<si><si>", 1),
        f"<r>{STRINGS}</r>",
        STRINGS.replace("</si>", "</si><t>云</t>", 1),
    ],
)
def test_known_strings_in_the_wrong_place_are_refused(strings: str) -> None:
    assert len(cells_of(known_form())) == 4
    for _ in range(2):
        with pytest.raises(UnreadableWorkbook):
            read_workbook(known_form(strings=strings))
        forget_pieces()


def test_known_strings_within_others_are_read_as_if_unknown() -> None:
    nested = "<si><r><si><t>云存储</t></si><si><t>甲</t></si></r></si><si><t>乙</t></si>"
    assert len(cells_of(known_form())) == 4
    content = known_form('<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>', nested)
    assert cells_of(content) == {(1, 2): "乙"}


def test_known_strings_keep_their_index_among_new_ones() -> None:
    assert len(cells_of(known_form())) == 4
    row = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(6))
    content = known_form(f"<row>{row}</row>", f"<si><t>甲</t></si>{STRINGS}<si><t> </t></si><si><t>乙</t></si>")
    assert [value for _, value in sorted(cells_of(content).items())] == ["甲", "云存储", "无", "云", "乙"]


def test_a_cache_holds_no_more_than_its_limit() -> None:
    known: dict[str, int] = {}
    for first in range(0, 100, 7):
        remember(known, [(str(number), number) for number in range(first, first + 7)], 20)
        assert known[str(first)] == first and len(known) <= 20
    remember(known, [(str(number), number) for number in range(50)], 20)
    assert len(known) == 20


# ---------------------------------------------------------------------------------------- odd cells


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1" t="e"><v>#DIV/0!</v></c>', OddValue("error", "#DIV/0!")),
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', OddValue("error", "#DIV/0!")),
        ('<c r="A1"><f>A2*2</f></c>', OddValue("no_result", "=A2*2")),
        ('<c r="A1"><f>A2*2</f><v></v></c>', OddValue("no_result", "=A2*2")),
        ('<c r="A1"><f>A2*2</f><v/></c>', OddValue("no_result", "=A2*2")),
        ('<c r="A1"><f>A2*2</f><v>24</v></c>', 24.0),
        ('<c r="A1"><f t="shared" si="0"/><v>24</v></c>', 24.0),
        ('<c r="A1"><f t="shared" ref="A1:A9" si="0">B1&gt;2</f><v>24</v></c>', 24.0),
        ('<c r="A1"><f t="array" ref="A1">SUM(B1:B2)</f><v>24</v></c>', 24.0),
        ('<c r="A1" t="str"><f>B1</f><v>文字</v></c>', "文字"),
        ('<c r="A1" t="str"><f>B1</f><v></v></c>', None),
        ('<c r="A1" t="str"><f>B1</f></c>', OddValue("no_result", "=B1")),
        ('<c r="A1" t="b"><v>1</v></c>', OddValue("boolean", "TRUE")),
        ('<c r="A1" t="b"><v>0</v></c>', OddValue("boolean", "FALSE")),
        ('<c r="A1" t="d"><v>2024-05-01T00:00:00</v></c>', OddValue("date", "2024-05-01T00:00:00")),
        ('<c r="A1"><v>1E3</v></c>', 1000.0),
        ('<c r="A1"><v> 12 </v></c>', 12.0),
        ('<c r="A1"><v>-0.5</v></c>', -0.5),
        ('<c r="A1"><v>1e999</v></c>', OddValue("error", "1e999")),
        ('<c r="A1"><v>nan</v></c>', OddValue("error", "nan")),
        ('<c r="A1"><v>1_000</v></c>', OddValue("error", "1_000")),
        ('<c r="A1"><v></v></c>', None),
        ('<c r="A1" s="0"/>', None),
        ('<c r="A1" t="str"><v>a_x000D_b_x4E2D_</v></c>', "a\rb中"),
        ('<c r="A1" t="str"><v>a&amp;b</v></c>', "a&b"),
        ('<c r="A1" t="str"><v>　\u200b</v></c>', None),
        ('<c r="A1" t="inlineStr"><is><r><t>云</t></r><r><rPr><b/></rPr><t>存储</t></r></is></c>', "云存储"),
        ('<c r="A1" t="inlineStr"><is><t>云存储</t><rPh sb="0" eb="1"><t>yun</t></rPh></is></c>', "云存储"),
        ('<c r="A1" t="str"><f>_xlfn.DISPIMG("ID_A",1)</f><v>=DISPIMG("ID_A",1)</v></c>', '=DISPIMG("ID_A",1)'),
        ('<c r="XFD1048576"><v>1</v></c>', None),
    ],
)
def test_the_value_of_a_cell(cell: str, value: Value | None) -> None:
    content = with_rows(f"<row>{cell}</row>")
    assert cells_of(content).get((1, 1)) == value
    both_ways(content)


def test_a_stray_cell_at_the_very_end_costs_nothing() -> None:
    content = with_rows('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>')
    started = time.perf_counter()
    assert cells_of(content) == {(1, 1): 1.0, (1_048_576, 16_384): 2.0}
    assert time.perf_counter() - started < 2


def test_shared_strings_with_runs_phonetics_escapes_and_comments() -> None:
    items = [
        "<si><t>云存储</t></si>",
        "<si><r><t>云</t></r><r><t xml:space='preserve'> 存储</t></r></si>",
        "<si><t>云</t><rPh sb='0' eb='1'><t>yun</t></rPh><phoneticPr fontId='1'/></si>",
        "<si><t>a_x000A_b</t></si>",
        "<si><t>云<!-- x -->存储</t></si>",
        "<si/>",
    ]
    strings = f'{HEAD}<sst xmlns="{MAIN}">{"".join(items)}</sst>'
    row = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(len(items)))
    content = with_rows(f"<row>{row}</row>", **{"xl/sharedStrings.xml": strings})
    assert [value for _, value in sorted(cells_of(content).items())] == ["云存储", "云 存储", "云", "a\nb", "云存储"]


def test_values_hidden_under_a_merge_are_not_read() -> None:
    content = workbook({"表": "1|2|3\n4|5|6\n7|8|9"}, merges=["A1:B2", "C3:C3", "B2:B3"])
    assert cells_of(content) == {(1, 1): 1, (1, 3): 3, (2, 2): 5, (2, 3): 6, (3, 1): 7, (3, 3): 9}
    tall = workbook({"表": "1|2\n4|5"}, merges=["A1:A5000"])
    assert cells_of(tall) == {(1, 1): 1, (1, 2): 2, (2, 2): 5}


def test_number_formats_are_kept_where_they_show_something_else() -> None:
    content = workbook({"表": "1|2|3|4"}, formats={"A1": '0"GB"', "B1": "#,##0.00", "C1": "0%"})
    cells = cells_of(content)
    assert cells[1, 1] == OddValue("formatted", "1", 1.0, '0"GB"') and cells[1, 3] == OddValue(
        "formatted", "3", 3.0, "0%"
    )
    assert (cells[1, 2], cells[1, 4]) == (2.0, 4.0)


def test_built_in_dates_and_percentages_are_kept() -> None:
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/><xf/></cellXfs></styleSheet>'
    row = '<row><c s="1"><v>1</v></c><c s="2"><v>2</v></c><c s="3"><v>3</v></c><c s="99"><v>4</v></c></row>'
    cells = cells_of(with_rows(row, **{"xl/styles.xml": styles}))
    assert [getattr(cells[1, column], "format", "") for column in (1, 2, 3, 4)] == ["yyyy/m/d", "0%", "", ""]


@pytest.mark.parametrize(
    "styles", [f'<styleSheet xmlns="{MAIN}"/>', f'<styleSheet xmlns="{MAIN}"><fonts count="x"/></styleSheet>', None]
)
def test_damaged_styling_does_not_matter(styles: str | None) -> None:
    assert cells_of(repacked(BASE, {"xl/styles.xml": styles})) == cells_of(BASE)


STRUCK_RUN, PLAIN_RUN, BOLD_RUN = (
    "<r><rPr><strike/></rPr><t>{}</t></r>",
    "<r><t>{}</t></r>",
    "<r><rPr><b/></rPr><t>{}</t></r>",
)


@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize(
    ("item", "font", "text", "struck", "marked"),
    [
        ("<t>甲乙</t>", True, "甲乙", True, ""),
        ("<t>甲乙</t>", False, "甲乙", False, ""),
        (PLAIN_RUN.format("甲") + STRUCK_RUN.format("乙"), False, "甲", False, "甲〔划去：乙〕"),
        (STRUCK_RUN.format("甲") + STRUCK_RUN.format("乙"), False, "甲乙", True, ""),
        (PLAIN_RUN.format("甲") + BOLD_RUN.format("乙"), True, "乙", False, "〔划去：甲〕乙"),
        (BOLD_RUN.format("甲") + BOLD_RUN.format("乙"), True, "甲乙", False, ""),
        (STRUCK_RUN.format("1") + PLAIN_RUN.format("2"), False, "2", False, "〔划去：1〕2"),
        (STRUCK_RUN.format(" ") + PLAIN_RUN.format("甲"), False, " 甲", False, ""),
    ],
)
def test_struck_out_by_the_font_of_the_cell_and_by_that_of_its_runs(
    item: str, font: bool, text: str, struck: bool, marked: str, inline: bool
) -> None:
    cell = Raw('t="inlineStr"', f"<is>{item}</is>") if inline else Raw('t="s"', "<v>0</v>")
    strings = f'<sst xmlns="{MAIN}"><si>{item}</si></sst>'
    content = workbook({"a": [[cell]]}, struck=["A1"] if font else [], parts={"xl/sharedStrings.xml": strings})
    both_ways(content)
    (grid,) = read_workbook(content).grids
    assert (grid.cells[1, 1], (1, 1) in grid.struck, grid.struck_parts.get((1, 1), "")) == (text, struck, marked)
    assert all(type(value) is str for value in grid.cells.values())


def test_a_cell_under_a_merge_is_not_struck_out() -> None:
    content = workbook({"a": [["甲", "乙"], ["丙", 3]]}, ["A1:B1"], struck=["B1", "B2"])
    assert both_ways(content)[0][0].struck == {(2, 2)}


def test_hidden_rows_and_sheets_and_properties() -> None:
    book = read_workbook(
        workbook(
            {"甲": "1\n\n3", "乙": "2"},
            hidden_rows={"甲": [2, 3]},
            hidden_sheets=["乙"],
            saved="2024-05-01T08:00:00Z",
            properties={"云": "是"},
        )
    )
    assert [(grid.name, grid.hidden, grid.hidden_rows) for grid in book.grids] == [
        ("甲", False, (3,)),
        ("乙", True, ()),
    ]
    assert (book.saved, book.properties) == ("2024-05-01T08:00:00Z", {"云": "是"})


def test_sheets_that_hold_no_cells_are_passed_over() -> None:
    relations = part_of(BASE, "xl/_rels/workbook.xml.rels")
    chart = relations.replace(
        "</Relationships>", '<Relationship Id="rId9" Type="x/chartsheet" Target="chart.xml"/></Relationships>'
    )
    sheets = part_of(BASE, "xl/workbook.xml").replace(
        "</sheets>", '<sheet name="图" sheetId="9" r:id="rId9"/></sheets>'
    )
    book = read_workbook(repacked(BASE, {"xl/_rels/workbook.xml.rels": chart, "xl/workbook.xml": sheets}))
    assert [grid.name for grid in book.grids] == ["表"]


def test_absolute_targets_other_folders_and_case() -> None:
    relations = part_of(BASE, "xl/_rels/workbook.xml.rels").replace('"worksheets/sheet1.xml"', '"/XL/Sheets/First.xml"')
    content = repacked(
        BASE, {SHEET: None, "xl/sheets/first.xml": part_of(BASE, SHEET), "xl/_rels/workbook.xml.rels": relations}
    )
    assert cells_of(content) == cells_of(BASE)


# ---------------------------------------------------------------------------------------- what cannot be read


DOCTYPE = f'<!DOCTYPE worksheet [<!ENTITY a "9">]><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
WORKBOOK_PART = part_of(BASE, "xl/workbook.xml")
BROKEN = {
    "doctype": {SHEET: DOCTYPE},
    "doctype in UTF-16": {SHEET: ('<?xml version="1.0" encoding="UTF-16"?>' + DOCTYPE).encode("utf-16")},
    "doctype in UTF-16 without a mark": {
        SHEET: ('<?xml version="1.0" encoding="UTF-16"?>' + DOCTYPE).encode("utf-16-be")
    },
    "doctype in the strings": {"xl/sharedStrings.xml": f'<!DOCTYPE a><sst xmlns="{MAIN}"/>'},
    "doctype in the workbook": {"xl/workbook.xml": "<!DOCTYPE a>" + WORKBOOK_PART.removeprefix(HEAD)},
    "doctype in the properties": {
        "docProps/core.xml": "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"
    },
    "no sheet part": {SHEET: None},
    "no workbook part": {"xl/workbook.xml": None},
    "no relations": {"xl/_rels/workbook.xml.rels": None},
    "no sheets": {"xl/workbook.xml": f'<workbook xmlns="{MAIN}"><sheets/></workbook>'},
    "another document": {"xl/workbook.xml": "<document/>"},
    "sheet of another kind": {SHEET: "<html><body/></html>"},
    "sheet without cells' part": {SHEET: f'<worksheet xmlns="{MAIN}"/>'},
    "cut XML": {SHEET: part_of(BASE, SHEET)[:-20]},
    "cut strings": {"xl/sharedStrings.xml": part_of(BASE, "xl/sharedStrings.xml")[:-9]},
    "empty sheet part": {SHEET: ""},
    "no XML": {SHEET: b"\x00\x01\x02\x03" * 9},
    "unknown encoding": {SHEET: part_of(BASE, SHEET).replace("UTF-8", "gb2312")},
    "no strings": {"xl/sharedStrings.xml": None},
    "nine letters": {
        SHEET: f'<worksheet xmlns="{MAIN}"><sheetData><row><c r="ABCDEFGHI1"><v>1</v></c></row></sheetData></worksheet>'
    },
    "beyond the last column": {
        SHEET: f'<worksheet xmlns="{MAIN}"><sheetData><row><c r="XFE1"><v>1</v></c></row></sheetData></worksheet>'
    },
    "beyond the last row": {
        SHEET: f'<worksheet xmlns="{MAIN}"><sheetData><row r="9999999999"><c><v>1</v></c></row></sheetData></worksheet>'
    },
    "no such string": {
        SHEET: f'<worksheet xmlns="{MAIN}"><sheetData><row><c r="A1" t="s"><v>99</v></c></row></sheetData></worksheet>'
    },
    "string before the first": {
        SHEET: f'<worksheet xmlns="{MAIN}"><sheetData><row><c r="A1" t="s"><v>-1</v></c></row></sheetData></worksheet>'
    },
    "merge of nothing": {
        SHEET: f'<worksheet xmlns="{MAIN}"><sheetData/><mergeCells><mergeCell ref="1:A"/></mergeCells></worksheet>'
    },
}


@pytest.mark.parametrize("kind", sorted(BROKEN))
def test_a_broken_workbook_is_refused(kind: str) -> None:
    content = repacked(BASE, BROKEN[kind])
    with pytest.raises(UnreadableWorkbook):
        read_workbook(content)
    reading = read_file("a.xlsx", content, LEXICON)
    assert reading.kind == "unreadable" and [issue.code for issue in reading.issues] == ["F01"]


def local_offset(content: bytes, name: str) -> int:
    """The position of the compressed bytes of a part."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        offset = archive.getinfo(name).header_offset
    name_length, extra_length = struct.unpack("<HH", content[offset + 26 : offset + 30])
    return offset + 30 + name_length + extra_length


def test_a_flipped_byte_is_caught_by_its_checksum() -> None:
    with zipfile.ZipFile(io.BytesIO(BASE)) as archive:
        content = bytearray(package({name: archive.read(name) for name in archive.namelist()}, zipfile.ZIP_STORED))
    position = content.index(b"<v>12</v>", local_offset(bytes(content), SHEET)) + 3
    content[position] = ord("9")
    with pytest.raises(UnreadableWorkbook):
        read_workbook(bytes(content))


@pytest.mark.parametrize("share", [0, 0.01, 0.3, 0.6, 0.9, 0.99])
def test_a_cut_file_is_refused(share: float) -> None:
    with pytest.raises(UnreadableWorkbook):
        read_workbook(BASE[: int(len(BASE) * share)])


def test_references_in_lower_case() -> None:
    merges = '<mergeCells count="1"><mergeCell ref="b1:c2"/></mergeCells>'
    rows = '<row r="1"><c r="a1"><v>1</v></c><c r="b1"><v>2</v></c></row><row r="2"><c r="c2"><v>3</v></c></row>'
    (grid,) = read_workbook(with_rows(rows, merges)).grids
    assert (grid.cells, grid.merges) == ({(1, 1): 1.0, (1, 2): 2.0}, {(1, 2): (2, 3)})


def test_targets_with_backslashes() -> None:
    relations = "xl/_rels/workbook.xml.rels"
    written = part_of(BASE, relations).replace("worksheets/", "worksheets\\")
    assert cells_of(repacked(BASE, {relations: written})) == cells_of(BASE)


def test_a_sheet_without_a_part_is_left_out_and_one_whose_part_is_missing_is_refused() -> None:
    book = part_of(BASE, "xl/workbook.xml")
    for identifier, opens in (("", True), ("rId99", False)):
        sheet = f'<sheet name="Module1" sheetId="9" state="veryHidden" r:id="{identifier}"/></sheets>'
        content = repacked(BASE, {"xl/workbook.xml": book.replace("</sheets>", sheet)})
        if opens:
            assert cells_of(content) == cells_of(BASE)
        else:
            with pytest.raises(UnreadableWorkbook):
                read_workbook(content)


def test_two_parts_of_one_name_are_refused() -> None:
    for other in (SHEET, SHEET.upper(), SHEET.replace("/", "\\")):
        stream = io.BytesIO(BASE)
        with zipfile.ZipFile(stream, "a") as archive, warnings.catch_warnings(action="ignore"):
            archive.writestr(other, part_of(BASE, SHEET))
        with pytest.raises(UnreadableWorkbook):
            read_workbook(stream.getvalue())


def test_other_compressions_and_encrypted_parts_are_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(BASE)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        with pytest.raises(UnreadableWorkbook):
            read_workbook(package(parts, method))
    locked = bytearray(BASE)
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = locked.find(header)
        while position >= 0:
            locked[position + flags] |= 1
            position = locked.find(header, position + 1)
    with pytest.raises(UnreadableWorkbook):
        read_workbook(bytes(locked))


# ---------------------------------------------------------------------------------------- too large


def test_too_many_parts() -> None:
    content = repacked(BASE, {f"x/{number}": "" for number in range(packages.MAXIMUM_PARTS)})
    with pytest.raises(WorkbookTooLarge):
        read_workbook(content)
    reading = read_file("a.xlsx", content, LEXICON)
    assert [issue.code for issue in reading.issues] == ["F05"]


def test_a_part_compressed_more_than_a_hundredfold() -> None:
    row = "<row>" + " " * 6_000_000 + "</row>"
    with pytest.raises(WorkbookTooLarge):
        read_workbook(with_rows(row))


@pytest.mark.parametrize("limit", ["MAXIMUM_PART_BYTES", "MAXIMUM_READ_BYTES", "MAXIMUM_TREE_BYTES"])
def test_limits_on_bytes(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    assert read_workbook(BASE)
    monkeypatch.setattr(packages, limit, 300)
    with pytest.raises(WorkbookTooLarge):
        read_workbook(repacked(BASE, {}))


def test_limits_on_cells_and_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worksheet, "MAXIMUM_CELLS", 2)
    with pytest.raises(WorkbookTooLarge):
        read_workbook(with_rows("<row><c><v>1</v></c><c><v>1</v></c><c><v>1</v></c></row>"))


@pytest.mark.slow
def test_a_row_of_too_many_elements_is_stopped_on_the_way() -> None:
    noise = "".join(f"<c><x{number}/></c>" for number in range(300_000))
    with pytest.raises(WorkbookTooLarge):
        read_workbook(with_rows(f"<row>{noise}</row>"))


def test_too_many_merged_rows() -> None:
    for areas in (
        [f"A{row}:B{row + 999}" for row in range(1, 400)],
        [f"A{row}:B{row + 5000}" for row in range(1, 200)],
    ):
        with pytest.raises(WorkbookTooLarge):
            read_workbook(workbook({"表": "1"}, merges=areas))


@pytest.mark.slow
def test_a_large_sheet_is_read_row_by_row_with_the_same_result() -> None:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{"云" * 40}{row}</t></is></c></row>'
        for row in range(1, 30_001)
    )
    content = with_rows(rows, '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>')
    assert len(part_of(content, SHEET).encode()) > worksheet.STREAM_BYTES
    cells = cells_of(content)
    assert len(cells) == 29_999 and cells[30_000, 1] == "云" * 40 + "30000" and (2, 1) not in cells


@pytest.mark.slow
def test_many_shared_strings_are_read_one_by_one_with_the_same_result() -> None:
    count = 60_000
    strings = "".join(f"<si><t>{'云' * 40}{number}</t></si>" for number in range(count))
    part = f'{HEAD}<sst xmlns="{MAIN}">{strings}</sst>'
    assert len(part.encode()) > shared_strings.LARGE_BYTES
    cells = cells_of(with_rows(f'<row><c t="s"><v>{count - 1}</v></c></row>', **{"xl/sharedStrings.xml": part}))
    assert cells == {(1, 1): "云" * 40 + str(count - 1)}


def test_a_deeply_nested_part_is_refused() -> None:
    deep = "<a>" * 100_000 + "</a>" * 100_000
    with pytest.raises(UnreadableWorkbook):
        read_workbook(repacked(BASE, {SHEET: deep}))


# ---------------------------------------------------------------------------------------- mutants of a good form


def mutants(content: bytes, count: int, seed: int) -> list[bytes]:
    """The form with bytes flipped, cut out, doubled, or with the bytes of a part changed before packing."""
    chance = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    made = []
    for number in range(count):
        if number % 2:
            changed = bytearray(content)
            for _ in range(chance.choice((1, 1, 2, 8))):
                position = chance.randrange(len(changed))
                changed[position : position + chance.choice((0, 1, 1, 4))] = chance.randbytes(
                    chance.choice((0, 1, 1, 3))
                )
            made.append(bytes(changed))
            continue
        name = chance.choice(sorted(parts))
        text = bytearray(parts[name])
        for _ in range(chance.choice((1, 2, 5))):
            position, length = chance.randrange(len(text)), chance.choice((0, 1, 5, 40))
            text[position : position + length] = chance.choice(
                (b"", b"<", b">", b'"', b"&", b"9", b"\xff", b"-", b"A1", text[position : position + 30])
            )
        made.append(package({**parts, name: bytes(text)}))
    return made


def test_mutants_never_raise_and_never_take_long() -> None:
    form = assessment_form(full_answers(RULEBOOK))
    started = time.perf_counter()
    kinds = [read_file("杭州市/萧山区/甲.xlsx", content, LEXICON).kind for content in mutants(form, 300, seed=11)]
    assert time.perf_counter() - started < 20
    assert {"assessment", "unreadable"} <= set(kinds)
