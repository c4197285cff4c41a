"""Whatever shape a program writes a sheet in, the quick ways of reading it give what its element tree gives."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from pipeline.readers.formats import plain_sheet, worksheet
from pipeline.readers.formats.blank_rows import without_blank_rows
from pipeline.readers.formats.limits import UnreadableWorkbook, WorkbookTooLarge
from pipeline.readers.formats.usual_shape import usual_shape
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.sheet.grid import Grid, OddValue
from tests.support.workbooks import HEAD, MAIN, part_of, repacked, workbook

SHEET = "xl/worksheets/sheet1.xml"
BASE = workbook({"表": "甲|乙|无|0.5"}, formats={"D1": '0"GB"'})
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def with_rows(rows: str, after: str = "", root: str = f'xmlns="{MAIN}"') -> bytes:
    """A workbook whose sheet has the rows given as XML."""
    return repacked(BASE, {SHEET: f"{HEAD}<worksheet {root}><sheetData>{rows}</sheetData>{after}</worksheet>"})


def outcome(content: bytes) -> Grid | str:
    """The grid of a workbook's only sheet, or why it is refused."""
    try:
        (grid,) = read_workbook(content).grids
    except UnreadableWorkbook as reason:
        return type(reason).__name__
    every = set(product(range(1, 40), range(1, 12))) | grid.cells.keys()  # those two say of a cell when it is asked for
    asked = {
        name: frozenset(cell for cell in every if cell in getattr(grid, name)) for name in ("unproven", "blank_results")
    }
    return replace(grid, **asked)


@pytest.fixture
def by_tree(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Reads a workbook from the element tree alone."""

    def read(content: bytes) -> Grid | str:
        with monkeypatch.context() as patch:
            patch.setattr(worksheet, "_read_plain", lambda *_: False)
            patch.setattr(worksheet, "LARGE_BYTES", 2**40)
            return outcome(content)

    plain_sheet._KNOWN.clear()
    return read


@pytest.fixture
def by_pattern(monkeypatch: pytest.MonkeyPatch) -> object:
    """Reads a workbook and fails when its sheet is read from the element tree."""

    def read(content: bytes) -> Grid | str:
        with monkeypatch.context() as patch:
            patch.setattr(worksheet, "_read_elements", lambda *_: pytest.fail("read from the element tree"))
            return outcome(content)

    return read


# ------------------------------------------------------------------------------------------------- shapes of cells

QUICK = {
    "rows that say they are not hidden": '<row r="1" hidden="false" collapsed="false"><c r="A1" s="0" t="n"><v>3</v></c></row>',
    "rows hidden by 0": '<row r="1" hidden="0"><c r="A1"><v>3</v></c></row>',
    "type before style": '<row r="1"><c r="A1" t="s" s="1"><v>0</v></c><c r="B1" t="n" s="1"><v>3</v></c></row>',
    "reference last": '<row r="1"><c s="1" t="s" r="A1"><v>1</v></c><c s="1" r="B1"><v>3</v></c></row>',
    "attributes that say nothing": '<row r="1"><c r="A1" cm="1" vm="2" ph="1"><v>3</v></c></row>',
    "inline strings": '<row r="1"><c r="A1" t="inlineStr"><is><t>甲 &amp; 乙</t></is></c></row>',
    "inline strings with space": '<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve"> 3 </t></is></c></row>',
    "inline strings of another type": '<row r="1"><c r="A1" t="s"><is><t>3</t></is></c><c r="B1"><is><t>4</t></is></c></row>',
    "blank inline strings": '<row r="1"><c r="A1" t="inlineStr"><is><t/></is></c><c r="B1" t="inlineStr"><is><t> </t></is></c></row>',
    "escapes": '<row r="1"><c r="A1" t="inlineStr"><is><t>_x0033_0</t></is></c></row>',
    "values with space": '<row r="1"><c r="A1"><v xml:space="preserve"> 3 </v></c><c r="B1" t="s"><v> 1 </v></c></row>',
    "characters by number": '<row r="1"><c r="A1" t="str"><v>&#x7532;&#20057;&#51;&#x1F600;&quot;&apos;&lt;&gt;</v></c></row>',
    "numbers by characters by number": '<row r="1"><c r="A1"><v>1&#50;</v></c></row>',
    "no result": '<row r="1"><c r="A1"><f>B1&amp;"a"</f></c><c r="B1"><f>1</f><v/></c><c r="C1"><f>1</f><v></v></c></row>',
    "no result of a shared formula": '<row r="1"><c r="A1"><f t="shared" si="0"/></c><c r="B1" t="e"><f>1</f></c></row>',
    "empty text of a formula": '<row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1" t="str"><f>""</f><v/></c></row>',
    "no result of a text": '<row r="1"><c r="A1" t="str"><f>""</f></c></row>',
    "blank cells with an end": '<row r="1"><c r="A1" s="1"></c><c r="B1"><v/></c><c r="C1" t="n"><v></v></c></row>',
    "error, boolean, text": '<row r="1"><c t="e" r="A1"><v>#REF!</v></c><c t="b" r="B1"><v>1</v></c><c t="str" r="C1"><v>3</v></c></row>',
    "formats": '<row r="1"><c s="1" r="A1"><v>3</v></c><c t="n" s="1" r="B1"><v>4</v></c></row>',
    "white space between elements": '\n <row r="1">\n  <c r="A1" t="str">\n   <v> 3 </v>\n  </c>\n  <c r="B1"><v>4</v></c>\n </row>\n',
    "no references": '<row><c><v>3</v></c><c/><c t="s"><v>1</v></c></row><row/><row r="7" ht="3"><c s="1"><v>5</v></c></row><row><c><v>6</v></c></row>',
    "line ends of Windows": '\r\n<row r="1">\r\n<c r="A1">\r\n<v>3</v>\r\n</c>\r\n</row>\r\n',
}


@pytest.mark.parametrize("shape", sorted(QUICK))
def test_a_shape_that_is_read_by_pattern(shape: str, by_tree, by_pattern) -> None:
    content = with_rows(QUICK[shape])
    assert by_pattern(content) == by_tree(content)


@pytest.mark.parametrize("shape", sorted(QUICK))
def test_a_shape_in_a_large_sheet(shape: str, by_tree, by_pattern, monkeypatch: pytest.MonkeyPatch) -> None:
    content = with_rows(QUICK[shape])
    expected = by_tree(content)
    monkeypatch.setattr(plain_sheet, "CUT_BYTES", 0)
    assert by_pattern(content) == expected


def test_what_these_shapes_say(by_pattern) -> None:
    """Against mistakes that both ways have in common."""
    cells = {name: by_pattern(with_rows(rows)).cells for name, rows in QUICK.items()}
    assert cells["type before style"] == {(1, 1): "甲", (1, 2): OddValue("formatted", "3", 3.0, '0"GB"')}
    assert cells["inline strings"] == {(1, 1): "甲 & 乙"}
    assert cells["inline strings with space"] == {(1, 1): " 3 "}
    assert cells["characters by number"] == {(1, 1): "甲乙3😀\"'<>"}
    assert cells["numbers by characters by number"] == {(1, 1): 12.0}
    assert cells["no result"][1, 1] == OddValue("no_result", '=B1&"a"')
    assert cells["blank cells with an end"] == {}
    assert cells["white space between elements"] == {(1, 1): " 3 ", (1, 2): 4.0}


OTHERS = {
    "hidden rows": '<row r="1" hidden="1"><c r="A1"><v>3</v></c></row><row r="2" hidden="true"><c r="A2"><v>4</v></c></row>',
    "hidden rows, written otherwise": '<row r="1"\thidden="1"><c r="A1"><v>3</v></c></row><row hidden = "1" r="2"><c r="A2"><v>4</v></c></row>',
    "hidden rows by single quotes": '<row r="1" hidden=\'1\'><c r="A1"><v>3</v></c></row>',
    "hidden and not": '<row r="1" hidden="0"><c r="A1"><v>3</v></c></row><row r="2" hidden="1"><c r="A2"><v>4</v></c></row>',
    "some references": '<row><c><v>3</v></c><c/><c r="F1"><v>4</v></c><c><v>5</v></c></row><row r="7"><c><v>5</v></c></row>',
    "no references, numbers of rows in another way": '<row r=\'4\'><c><v>3</v></c></row><row ht="1" r="9"><c><v>4</v></c></row><row><c><v>5</v></c></row>',
    "no references, a greater sign": '<row x="a>b" r="4"><c><v>3</v></c></row>',
    "no references, rows back and twice": '<row r="9"><c><v>3</v></c></row><row r="2"><c><v>4</v></c></row><row r="9"><c><v>5</v></c></row>',
    "no references, a row that is none": '<row r="0"><c><v>3</v></c></row><row r="1048577"><c><v>4</v></c></row>',
    "no references beyond the sheet": '<row r="1048576"><c><v>3</v></c></row><row><c><v>4</v></c></row>',
    "runs": '<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><strike/></rPr><t>3</t></r><r><t>4</t></r></is></c></row>',
    "hints of how to read": '<row r="1"><c r="A1" t="inlineStr"><is><t>东京</t><rPh sb="0" eb="2"><t>とうきょう</t></rPh></is></c></row>',
    "a value and a string": '<row r="1"><c r="A1"><v>3</v><is><t>4</t></is></c></row>',
    "two values": '<row r="1"><c r="A1"><v>3</v><v>4</v></c></row>',
    "a value before its formula": '<row r="1"><c r="A1"><v>3</v><f>1</f></c></row>',
    "a greater sign in an attribute": '<row r="1"><c r="A1" x="a>b"><v>3</v></c><c r="B1" x="/>"><v>4</v></c></row>',
    "a greater sign in a formula's attribute": '<row r="1"><c r="A1"><f x="/>">B1</f></c></row>',
    "elements of the sheet under a prefix": f'<row r="1" xmlns:y="{MAIN}"><y:c r="A1"><y:v>3</y:v></y:c><c r="B1"><v>4</v></c></row>',
    "comments and CDATA": '<row r="1"><!-- <c r="A1"><v>9</v></c> --><c r="B1" t="str"><v><![CDATA[3]]></v></c></row>',
    "an entity nobody declared": '<row r="1"><c r="A1" t="str"><v>&nbsp;3</v></c></row>',
    "a character that XML has not": '<row r="1"><c r="A1" t="str"><v>&#0;3&#xFFFFFF;</v></c></row>',
    "a long number of a character": '<row r="1"><c r="A1" t="str"><v>&#0000000051;</v></c></row>',
    "one attribute twice": '<row r="1"><c r="A1" t="str" t="n"><v>3</v></c></row>',
    "a style that is no number": '<row r="1"><c r="A1" s="x"><v>3</v></c></row>',
    "an unknown type": '<row r="1"><c r="A1" t="z"><v>3</v></c><c r="B1" t=""><v>4</v></c></row>',
    "a date": '<row r="1"><c r="A1" t="d"><v>2024-01-01</v></c></row>',
    "beyond the sheet": '<row r="1"><c s="0" r="XFE1"><v>3</v></c></row>',
    "one cell twice": '<row r="1"><c s="0" r="A1"><v>3</v></c><c t="n" r="A1"><v>4</v></c></row>',
    "a space for a number": '<row r="1"><c r="A1" s="0">\n<v> </v></c></row>',
    "a string nobody stored": '<row r="1"><c t="s" r="A1"><v>99</v></c></row>',
    "an element in a value": '<row r="1">\n<c r="A1"><v> <b/> </v></c></row>',
}


@pytest.mark.parametrize("shape", sorted(OTHERS))
def test_any_other_shape_comes_out_as_from_the_tree(shape: str, by_tree, monkeypatch: pytest.MonkeyPatch) -> None:
    content = with_rows(OTHERS[shape])
    expected = by_tree(content)
    assert outcome(content) == expected
    monkeypatch.setattr(plain_sheet, "CUT_BYTES", 0)
    assert outcome(content) == expected


ROOTS = {
    "other namespaces first": f'xmlns:r="http://r" xmlns="{MAIN}" xmlns:z="http://z"',
    "attributes of others first": f'xmlns:mc="http://m" mc:Ignorable="x" xmlns="{MAIN}"',
}


@pytest.mark.parametrize("root", sorted(ROOTS))
def test_a_root_that_is_read_by_pattern(root: str, by_tree, by_pattern) -> None:
    content = with_rows(FILLED, root=ROOTS[root])
    assert by_pattern(content) == by_tree(content)
    assert by_pattern(content).cells == {(1, 1): 3.0}


PREFIXED = {
    "of every element": 'xmlns:x="{main}"',
    "behind another namespace": 'xmlns:r="http://r" xmlns:x="{main}" xmlns:z="http://z"',
}


@pytest.mark.parametrize("namespace", [MAIN, STRICT])
@pytest.mark.parametrize("root", sorted(PREFIXED))
def test_a_prefix_is_read_by_pattern(root: str, namespace: str, by_tree, by_pattern) -> None:
    rows = '<x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="B1" t="str"><x:v>&lt;x:c</x:v></x:c></x:row>'
    declared = PREFIXED[root].format(main=namespace)
    sheet = f'<x:worksheet {declared}><x:sheetData>{rows}</x:sheetData><x:mergeCells><x:mergeCell ref="A1:A2"/></x:mergeCells></x:worksheet>'
    content = repacked(BASE, {SHEET: sheet})
    grid = by_pattern(content)
    assert grid == by_tree(content)
    assert grid.cells == {(1, 1): "甲", (1, 2): "<x:c"} and grid.merges == {(1, 1): (2, 1)}


FOREIGN = {
    "elements without prefix are of no sheet": '<x:worksheet xmlns:x="{main}"><x:sheetData><row r="1"><c r="A1"><v>3</v></c></row></x:sheetData></x:worksheet>',
    "the prefix means something else further down": '<x:worksheet xmlns:x="{main}"><x:sheetData><x:row r="1"><x:c xmlns:x="http://y" r="A1"><x:v>3</x:v></x:c></x:row></x:sheetData></x:worksheet>',
    "two prefixes of one sheet": '<worksheet xmlns="{main}" xmlns:y="{main}"><sheetData><row r="1"><y:c r="A1"><y:v>3</y:v></y:c><c r="B1"><v>4</v></c></row></sheetData></worksheet>',
    "two prefixes, one in disguise": '<worksheet xmlns="{main}" xmlns:y="&#104;{rest}"><sheetData><row r="1"><y:c r="A1"><y:v>3</y:v></y:c><c r="B1"><v>4</v></c></row></sheetData></worksheet>',
    "tags that do not fit": '<x:worksheet xmlns:x="{main}"><x:sheetData><x:row r="1"></y:row></x:sheetData></x:worksheet>',
    "merges under a prefix": '<worksheet xmlns="{main}"><sheetData><row r="1"><c r="A2"><v>4</v></c></row></sheetData><y:mergeCells xmlns:y="{main}"><y:mergeCell ref="A1:A2"/></y:mergeCells></worksheet>',
}


@pytest.mark.parametrize("case", sorted(FOREIGN))
def test_whose_element_it_is_counts(case: str, by_tree) -> None:
    content = repacked(BASE, {SHEET: FOREIGN[case].format(main=MAIN, rest=MAIN[1:])})
    assert outcome(content) == by_tree(content)


def test_a_part_in_the_usual_shape_is_left_as_it_is() -> None:
    text = part_of(BASE, SHEET)
    assert usual_shape(text) is text


PIECES = {
    "attributes": ['r="{0}"', 's="1"', 's="0"', 't="s"', 't="str"', 't="n"', 't="inlineStr"', 'cm="1"', "s='0'", 't="b"'],
    "contents": ["", "<v>1</v>", "<v>0</v>", "<v/>", "<v></v>", "<v> 1</v>", "<f>A1</f>", "<f>A1</f><v>1</v>", "<f/><v/>",
                 "<is><t>3</t></is>", '<is><t xml:space="preserve"> </t></is>', "<v>&#49;</v>", "<is/>", "<v>甲&amp;</v>", "<v>&#x31</v>"],
    "rows": ["", "", ' hidden="0"', ' hidden="1"', ' spans="1:3"', ' ht="3"'],
    "between": ["", "", "\n", " "],
}  # fmt: skip


def drawn_rows(drawing: random.Random) -> str:
    """Rows of cells in shapes drawn by lot, most of them in order."""
    rows = []
    refers = drawing.random() < 0.8
    for number in range(1, drawing.randint(2, 5)):
        cells = []
        for letter in "ABC"[: drawing.randint(0, 3)]:
            given = ["r", *drawing.sample(PIECES["attributes"][1:], drawing.choice([0, 1, 1, 2]))]
            drawing.shuffle(given)
            written = " ".join(f'r="{letter}{number}"' if one == "r" else one for one in given if refers or one != "r")
            cells.append(f"<c {written}>{drawing.choice(PIECES['contents'])}</c>")
        cells += ["<c/>"] * (drawing.random() < 0.1)
        gap = drawing.choice(PIECES["between"])
        rows.append(f'<row r="{number}"{drawing.choice(PIECES["rows"])}>{gap}{gap.join(cells)}{gap}</row>{gap}')
    return drawing.choice(["", "\n"]) + "".join(rows)


def test_shapes_drawn_by_lot(by_tree) -> None:
    drawing = random.Random(11)
    read = 0
    for _ in range(600):
        rows = drawn_rows(drawing)
        content = with_rows(rows)
        assert outcome(content) == by_tree(content), rows
        read += isinstance(outcome(content), Grid)
    assert read > 100  # enough of them are sheets


# ------------------------------------------------------------------------------------------------------ blank rows

FILLED = '<row r="1" ht="3"><c r="A1"><v>3</v></c></row>'
GOING = {
    "a row alone": '<row r="{0}"/>',
    "a row with its looks": '<row r="{0}" spans="1:9" s="3" customFormat="1" ht="20" customHeight="1"/>',
    "a row of blank cells": '<row r="{0}"><c r="A{0}" s="1"/><c r="B{0}" s="1"></c></row>',
    "cells with empty values": '<row r="{0}"><c r="A{0}" t="n"><v/></c><c r="B{0}"><v></v></c></row>',
    "a hidden row": '<row r="{0}" hidden="1"><c r="A{0}"/></row>',
    "white space between": '\n <row r="{0}">\n  <c r="A{0}"/>\n </row>\n',
}
STAYING = {
    "a number": '<row r="{0}"><c r="A{0}"><v>0</v></c></row>',
    "a number behind blanks": '<row r="{0}"><c r="A{0}"/><c r="B{0}"/><c r="C{0}"><v>0</v></c></row>',
    "a hidden row with a number": '<row r="{0}" hidden="1"><c r="A{0}"><v>7</v></c></row>',
    "a number struck out by its style": '<row r="{0}" s="2"><c r="A{0}" s="2"><v>7</v></c></row>',
    "a formula without a result": '<row r="{0}"><c r="A{0}"><f>B1</f></c></row>',
    "a formula with an empty result": '<row r="{0}"><c r="A{0}"><f>B1</f><v/></c></row>',
    "an inline string": '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>无</t></is></c></row>',
    "text where none should be": '<row r="{0}">3</row>',
    "an unknown element": '<row r="{0}"><c r="A{0}"/><extLst/></row>',
    "a cell of one character": '<row r="{0}"><c r="A{0}" t="str"><v> </v></c></row>',
}


def part_with(row: str, last: str = '<row r="9"><c r="A9"><v>4</v></c></row>') -> bytes:
    blank_or_not = "".join(row.format(number) for number in range(2, 8))
    merges = '<mergeCells count="1"><mergeCell ref="A1:A4"/></mergeCells>'
    rows = f"{FILLED}{blank_or_not}{last}"
    return f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{merges}</worksheet>'.encode()


@pytest.mark.parametrize("row", sorted(GOING))
def test_blank_rows_go(row: str, by_tree) -> None:
    part = part_with(GOING[row])
    shorter = without_blank_rows(part)
    assert shorter.count(b"<row") == 2
    assert by_tree(repacked(BASE, {SHEET: shorter})) == by_tree(repacked(BASE, {SHEET: part}))


@pytest.mark.parametrize("row", sorted(STAYING))
def test_rows_with_anything_in_them_stay(row: str) -> None:
    part = part_with(STAYING[row])
    assert without_blank_rows(part) == part
    both = part_with(STAYING[row] + '<row r="{0}"/>')
    assert without_blank_rows(both) == part


def test_rows_under_a_prefix_go_too() -> None:
    part = part_with(GOING["a row of blank cells"]).replace(b"xmlns=", b"xmlns:x=")
    for name in (b"worksheet", b"sheetData", b"row", b"mergeCells", b"mergeCell", b"c ", b"c>", b"v>"):
        part = part.replace(b"<" + name, b"<x:" + name).replace(b"</" + name, b"</x:" + name)
    assert without_blank_rows(part).count(b"<x:row") == 2


@pytest.mark.parametrize(
    "last",
    [
        '<row><c><v>4</v></c></row>',
        "<row r='9'><c><v>4</v></c></row>",
        '<row x=\' r="9"\'><c><v>4</v></c></row>',
        '<y:row xmlns:y="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><y:c><y:v>4</y:v></y:c></y:row>',
        '<!-- <row r="8"/> --><row r="9"/>',
        '<?x <row r="8"/> ?><row r="9"/>',
        '<row r="9" x="/>"><c r="A9"><v>4</v></c></row>',
        '<row r="9"><c r="A9" x=\'"/>\'><v>4</v></c></row>',
    ],
)  # fmt: skip
def test_nothing_goes_where_a_row_could_be_meant_otherwise(last: str, by_tree) -> None:
    part = part_with(GOING["a row alone"], last)
    assert without_blank_rows(part) == part
    assert isinstance(by_tree(repacked(BASE, {SHEET: part})), Grid)


def test_a_greater_sign_in_a_text_changes_nothing() -> None:
    part = part_with(
        GOING["a row alone"],
        '<row r="9"><c r="A9" t="str"><f>IF(A1>3,"<"&amp;B1>2,1)</f><v>a>b</v></c></row>'.replace('"<"', '"&lt;"'),
    )
    assert without_blank_rows(part).count(b"<row") == 2


def test_other_encodings_and_broken_parts_are_left_to_the_parser() -> None:
    part = part_with(GOING["a row alone"])
    for encoding in (b'encoding="gb18030"', b"encoding = 'iso-8859-1'"):
        other = part.replace(b'encoding="UTF-8"', encoding)
        assert without_blank_rows(other) == other
    wide = part.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert without_blank_rows(wide) == wide
    broken = repacked(BASE, {SHEET: part.replace(b"</sheetData>", b"") + b" " * worksheet.LARGE_BYTES})
    assert outcome(broken) == "UnreadableWorkbook"


def test_more_rows_than_a_sheet_can_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.readers.formats.blank_rows.MAXIMUM_PIECES", 3)
    with pytest.raises(WorkbookTooLarge):
        without_blank_rows(part_with(GOING["a row alone"]))


def test_large_sheets_of_rows_drawn_by_lot(by_tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worksheet, "LARGE_BYTES", 0)
    drawing = random.Random(5)
    for _ in range(300):
        kinds = drawing.choices([*GOING.values(), *GOING.values(), *STAYING.values()], k=6)
        rows = "".join(kind.format(number) for number, kind in enumerate(kinds, start=1)) + drawn_rows(drawing).replace(
            'r="', 'r="1'
        )
        content = with_rows(rows.replace('r="1A', 'r="A1').replace('r="1B', 'r="B1').replace('r="1C', 'r="C1'))
        assert outcome(content) == by_tree(content), rows


# ----------------------------------------------------------------------------------------------------------- times

HALF_THE_LIMIT = 5.0  # seconds of CPU time; a file has ten


def seconds_for(rows: str) -> tuple[float, int]:
    """CPU seconds for a sheet with these rows, and its number of cells."""
    content = with_rows(FILLED + rows)
    start = time.process_time()
    (grid,) = read_workbook(content).grids
    return time.process_time() - start, len(grid.cells)


@pytest.mark.slow
@pytest.mark.parametrize("row", ["a row with its looks", "a hidden row"])
def test_a_million_blank_rows_take_less_than_half_the_time_there_is(row: str) -> None:
    seconds, cells = seconds_for("".join(map(GOING[row].format, range(2, 1_000_000))))
    assert cells == 1 and seconds < HALF_THE_LIMIT


@pytest.mark.slow
@pytest.mark.parametrize(
    "cell",
    ['<c r="{0}{1}" s="1"><v>{1}.5</v></c>', '<c r="{0}{1}" t="inlineStr"><is><t>甲{1}&amp;</t></is></c>'],
)  # fmt: skip
def test_400_000_filled_cells_take_less_than_half_the_time_there_is(cell: str) -> None:
    rows = (
        f'<row r="{number}" hidden="false">{"".join(cell.format(letter, number) for letter in "ABCDEFGHIJ")}</row>'
        for number in range(2, 40_002)
    )
    seconds, cells = seconds_for("".join(rows))
    assert cells == 400_001 and seconds < HALF_THE_LIMIT
