"""已标注/ holds copies of a county's own workbooks in which the cells in question are marked and nothing else is changed."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from pipeline import run
from pipeline.issues.catalogue import UNIT_CONVERTED
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.writers.layout.names_of_others import NamesOfOthers
from pipeline.writers.marked.copies import markable
from pipeline.writers.marked.features import lost_features
from pipeline.writers.marked.package import TYPES, Package
from pipeline.writers.marked.rebuild import rebuilt
from pipeline.writers.marked.strip import strip_marks
from pipeline.writers.marked.styles import MARK_COLOURS
from pipeline.writers.marked.texts import shown_in
from pipeline.writers.marked.words import Contacts
from tests.support import ROOT
from tests.support.arrivals import HEADERS, form, laid_out, nominated, nomination, read
from tests.support.containers import locked
from tests.support.marked import MarkedCopies, marked_copies
from tests.support.workbooks import Raw, part_of, repacked, rows_of, workbook

CITY, COUNTY = "杭州市", "上城区"
HERE = f"{CITY}/{COUNTY}"
LIST = f"{HERE}/附件2.xlsx"
SHEET = "xl/worksheets/sheet1.xml"
WRONG = nominated(1, "杭州甲公司", revenue="待定")


def outcome(folder: Path, files: Mapping[str, bytes], rulebook: Rulebook) -> Results:
    return run.compute([laid_out(folder / "in", files)], rulebook, run.Options(1))


@pytest.fixture
def marked(tmp_path: Path, rulebook: Rulebook):
    def of(files: Mapping[str, bytes]) -> MarkedCopies:
        return marked_copies(outcome(tmp_path, files, rulebook), CITY, COUNTY)

    return of


def rich_list(**changes: object) -> bytes:
    """附件2 as a county makes it: formulas with results, merges, drop-downs, a chart, print areas; in E2 待定."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("附件2")
    wrap = book.add_format({"text_wrap": True, "border": 1, "bg_color": "#DDEBF7"})
    money = book.add_format({"num_format": "#,##0.00", "bg_color": "#FFFFE5", "border": 1})
    for column, header in enumerate(HEADERS.split("|")):
        sheet.write_string(0, column, header, wrap)
    lines = [WRONG, nominated(2, "杭州乙公司", county=COUNTY)]
    for row, line in enumerate(lines, start=1):
        for column, cell in enumerate(line.split("|")):
            sheet.write(
                row, column, float(cell) if cell.isdigit() else cell.lstrip("'"), money if 4 <= column < 8 else wrap
            )
    sheet.write_formula("F3", "=G3*5", money, 100)
    sheet.merge_range("B2:B3", COUNTY, wrap)
    sheet.merge_range("A5:K6", "注：数据以年报为准", wrap)
    sheet.data_validation("K2:K3", {"validate": "list", "source": ["推荐", "不推荐"]})
    sheet.conditional_format("E2:E3", {"type": "cell", "criteria": "<", "value": 0, "format": wrap})
    sheet.set_column("C:C", 31.5)
    sheet.set_row(1, 41)
    sheet.print_area("A1:K6")
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 3)
    sheet.set_landscape()
    sheet.set_header("&C第一页")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=附件2!$G$2:$G$3"})
    sheet.insert_chart("M2", chart)
    sheet.add_sparkline("L2", {"range": "附件2!G2:G3"})
    sheet.protect("", {"select_locked_cells": True})
    if changes.get("hidden_column"):
        sheet.set_column("H:H", None, None, {"hidden": True})
    if changes.get("note"):
        sheet.write_comment("A2", "县里的批注")
    if changes.get("link"):
        sheet.write_url("A8", "https://example.org/", None, "网站")
    if changes.get("linking_formula"):
        sheet.write_formula("A8", '=HYPERLINK("https://example.org/")', None, "网站")
    if text := changes.get("text"):
        sheet.write_string("A8", str(text))
    book.close()
    return stream.getvalue()


def opened(content: bytes) -> Package:
    return rebuilt(content).package


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


RICH = {LIST: rich_list(), f"{HERE}/甲.xlsx": form("杭州甲公司"), f"{HERE}/乙.xlsx": form("杭州乙公司")}


# ---------------------------------------------------------------- what is marked, and what is said


def test_the_cells_in_question_are_marked_and_listed(marked):
    answers = {"research": ("待定", 4), "cloud_storage": ("500GB", 4), "office": (5, 3)}
    made = marked(
        {LIST: nomination(nominated(1, "杭州甲公司")), f"{HERE}/甲.xlsx": form("杭州甲公司", answers=answers)}
    )
    assert list(made.copies) == ["杭州甲公司_1.xlsx"] and made.without == []
    book = openpyxl.load_workbook(io.BytesIO(made.copies["杭州甲公司_1.xlsx"]))
    assert book.sheetnames == ["问题清单", "附件1"] and book.active.title == "问题清单"
    listed = [[cell.value for cell in row] for row in book["问题清单"].iter_rows(min_row=5)]
    assert [row[0] for row in listed] == [1, 2, 3, 4]
    cells = {row[4]: row[1] for row in listed}
    assert {identifier[:3] for identifier in cells.values()} == {"V01", "V25", "V28", "V05"}
    for row, (address, identifier) in zip(range(5, 9), cells.items(), strict=True):
        assert book["问题清单"].cell(row, 5).hyperlink.location == f"'附件1'!{address}"
        cell = book["附件1"][address]
        assert cell.comment.text.startswith("问题清单第") and identifier in cell.comment.text
        assert cell.fill.fgColor.rgb == ("FFFFEB9D" if identifier.startswith("V05") else "FFFFC9CE")
    untouched = [cell for row in book["附件1"].iter_rows() for cell in row if cell.coordinate not in cells]
    assert not [cell for cell in untouched if cell.comment or cell.fill.fgColor.rgb in ("FFFFEB9D", "FFFFC9CE")]


def test_blank_cells_that_are_not_in_the_file_are_put_in(marked):
    rows = rows_of("企业名称：杭州甲公司\n研发|N：数量|M：总数\n|1|4\n生产|N：数量|M：总数\n||4\n营销|N：数量|M：总数")
    made = marked({f"{HERE}/甲.xlsx": workbook({"表": rows}), LIST: nomination(nominated(1, "杭州甲公司"))})
    (content,) = made.copies.values()
    sheet = openpyxl.load_workbook(io.BytesIO(content))["表"]
    assert sheet["B5"].comment and sheet["B5"].fill.fgColor.rgb == "FFFFC9CE" and sheet["C5"].value == 4
    order = [int(row) for row in re.findall(r'<row[^>]* r="(\d+)"', part_of(content, "xl/worksheets/sheet1.xml"))]
    assert order == sorted(order)


def test_two_issues_of_one_cell_share_its_note(marked, tmp_path: Path, rulebook: Rulebook):
    results = outcome(tmp_path, RICH, rulebook)
    (issue,) = [issue for issue in results.issues if issue.where.cell == "E2"]
    twice = replace(
        results, issues=[*results.issues, issue._replace(id="V05-AAAAAA", code=UNIT_CONVERTED, facts={"read": "1"})]
    )
    (content,) = marked_copies(twice, CITY, COUNTY).copies.values()
    note = openpyxl.load_workbook(io.BytesIO(content))["附件2"]["E2"].comment.text
    assert re.search("[0-9]+ 条（错误）、[0-9]+ 条（提醒）", note) and issue.id in note and "V05-AAAAAA" in note


def test_formulas_merges_and_drop_downs_keep_what_they_are(tmp_path: Path, rulebook: Rulebook):
    results = outcome(tmp_path, RICH, rulebook)
    (issue,) = [issue for issue in results.issues if issue.where.cell == "E2"]
    cells = {"F3": "F3", "K2": "K2", "B3": "B2", "A6": "A5"}  # inside a merge its first cell is marked
    moved = [issue._replace(id=f"V01-AAAA{cell}", where=issue.where._replace(cell=cell)) for cell in cells]
    (content,) = marked_copies(replace(results, issues=moved), CITY, COUNTY).copies.values()
    assert _marks(content) == dict.fromkeys(cells.values(), "FFFFC9CE")
    assert both_ways(content, "附件2") == both_ways(RICH[LIST], "附件2")


def test_names_of_the_copies(marked):
    wrong = {"research": ("待定", 4)}
    merged = workbook({name: _bare_form(name) for name in ("杭州丙公司", "杭州丁公司")})
    files = {
        LIST: nomination(WRONG),
        f"{HERE}/市里的/附件2.xlsx": nomination(nominated(2, "杭州戊公司", revenue="待定")),
        f"{HERE}/合并.xlsx": merged,
        f"{HERE}/甲.xlsx": form("杭州甲/乙公司*", answers=wrong),
    }
    assert sorted(marked(files).copies) == ["杭州甲_乙公司__1.xlsx", "附件1合并_1.xlsx", "附件2_1.xlsx", "附件2_2.xlsx"]


def _bare_form(name: str) -> list:
    return rows_of(
        f"企业名称：{name}\n研发|N：数量|M：总数\n|待定|4\n生产|N：数量|M：总数\n|1|4\n营销|N：数量|M：总数\n|1|4"
    )


# ---------------------------------------------------------------- nothing is lost


def features(sheet: Worksheet, results: Worksheet) -> dict[str, object]:
    """What a library that had no part in marking says of a sheet; fills left out."""
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    return {
        "values": {cell.coordinate: cell.value for cell in cells},
        "results": {cell.coordinate: results[cell.coordinate].value for cell in cells},
        "formats": {cell.coordinate: _look(cell) for cell in cells},
        "merges": sorted(map(str, sheet.merged_cells.ranges)),
        "validations": [(str(one.sqref), one.type, one.formula1) for one in sheet.data_validations.dataValidation],
        "conditional": [(str(one.sqref), [it.operator for it in one.rules]) for one in sheet.conditional_formatting],
        "widths": {name: entry.width for name, entry in sheet.column_dimensions.items()},
        "heights": {row: entry.height for row, entry in sheet.row_dimensions.items() if entry.height},
        "print": (sheet.print_area, sheet.print_title_rows, sheet.page_setup.orientation, sheet.page_setup.paperSize),
        "header": sheet.oddHeader.center.text,
        "panes": sheet.freeze_panes,
        "charts": len(sheet._charts),
        "protection": (sheet.protection.sheet, sheet.protection.selectLockedCells),
    }


def _look(cell: Cell) -> str:
    return repr((cell.number_format, cell.font, cell.border, cell.alignment, cell.protection))


def both_ways(content: bytes, name: str) -> dict[str, object]:
    return features(*(openpyxl.load_workbook(io.BytesIO(content), data_only=stored)[name] for stored in (False, True)))


def test_everything_else_is_as_it_was(marked):
    (content,) = marked(RICH).copies.values()
    assert both_ways(content, "附件2") == both_ways(RICH[LIST], "附件2")
    assert both_ways(content, "附件2")["results"]["F3"] == 100
    assert (
        "sparklineGroup" in part_of(content, SHEET)
        and "xl/charts/chart1.xml" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    )


def test_every_part_but_those_with_marks_keeps_its_bytes(marked):
    (content,) = marked(RICH).copies.values()
    before, after = parts_of(RICH[LIST]), parts_of(content)
    changed = {name for name, part in before.items() if after.get(name) != part}
    assert changed == {
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/app.xml",
        "docProps/core.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/drawings/_rels/drawing1.xml.rels",
        "xl/styles.xml",
        SHEET,
        "xl/worksheets/_rels/sheet1.xml.rels",
    }


@pytest.mark.parametrize(
    ("feature", "old", "new"),
    [
        ("合并单元格", '<mergeCell ref="B2:B3"/>', ""),
        ("内容和公式", "<f>G3*5</f>", ""),
        ("内容和公式", "<v>100</v></c>", "</c>"),
        ("列宽", 'width="32', 'width="9'),
        ("行高", 'ht="41.25"', 'ht="40"'),
        ("数据有效性", "推荐,不推荐", "推荐"),
        ("条件格式", 'operator="lessThan"', 'operator="equal"'),
        ("打印设置", 'orientation="landscape"', ""),
        ("扩展内容", "sparklineGroup ", "sparklineGroup  "),
    ],
)
def test_whatever_would_be_lost_is_named(feature: str, old: str, new: str):
    before = opened(RICH[LIST])
    after = before.copy()
    assert old.encode() in after.parts[SHEET]
    after.parts[SHEET] = after.parts[SHEET].replace(old.encode(), new.encode(), 1)
    assert lost_features(before, before) == [] and feature in lost_features(before, after)


# ---------------------------------------------------------------- marks come off again


@pytest.mark.parametrize("path", [LIST, f"{HERE}/甲.xlsx"])
def test_a_marked_copy_without_its_marks_is_what_was_handed_in(marked, path: str):
    files = RICH | {f"{HERE}/甲.xlsx": form("杭州甲公司", answers={"research": ("待定", 4), "office": (5, 3)})}
    made = marked(files).copies
    package = opened(made["附件2_1.xlsx" if path == LIST else "杭州甲公司_1.xlsx"])
    strip_marks(package, shown_in(package))
    before = opened(files[path])
    assert lost_features(before, package) == [] == lost_features(package, before)
    assert not [name for name in package.parts if "comment" in name or name.endswith(".vml")]
    assert _fills(package.packed()) == _fills(files[path])


def _fills(content: bytes) -> dict[tuple[str, str], object]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        (sheet.title, cell.coordinate): (repr(cell.fill), cell.comment)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
    }


def test_marking_a_marked_copy_again_changes_nothing_but_what_it_was_made_from(marked):
    (first,) = marked(RICH).copies.values()
    (second,) = marked({**RICH, LIST: first}).copies.values()
    names = [name for name in zipfile.ZipFile(io.BytesIO(first)).namelist() if name != "docProps/custom.xml"]
    assert {name: part_of(second, name) for name in names} == {name: part_of(first, name) for name in names}
    assert read(second).made_from == (hashlib.sha256(first).hexdigest(), *read(first).made_from)


def test_a_copy_saved_by_another_program_is_marked_anew(marked, libreoffice: str, tmp_path: Path):
    (first,) = marked(RICH).copies.values()
    (tmp_path / "copy.xlsx").write_bytes(first)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [libreoffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved")]
    subprocess.run([*command, str(tmp_path / "copy.xlsx")], check=True, capture_output=True)
    saved = (tmp_path / "saved" / "copy.xlsx").read_bytes()
    made = marked({**RICH, LIST: saved})
    assert made.without == []
    (second,) = made.copies.values()
    assert openpyxl.load_workbook(io.BytesIO(second)).sheetnames == ["问题清单", "附件2"]
    assert _marks(second) == _marks(saved) == _marks(first) == {"E2": "FFFFC9CE"}
    package = opened(second)
    strip_marks(package, shown_in(package))
    assert _marks(package.packed()) == {}


def _marks(content: bytes) -> dict[str, str]:
    """Cell of 附件2 -> its colour, where it has a note or a mark's colour."""
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content))["附件2"].iter_rows() for cell in row]
    colours = {cell.coordinate: cell.fill.fgColor.rgb for cell in cells}
    marks = {cell: colour for cell, colour in colours.items() if colour in MARK_COLOURS.values()}
    assert marks.keys() == {cell.coordinate for cell in cells if cell.comment}
    return marks


# ---------------------------------------------------------------- the list alone


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        rich_list(hidden_column=True),
        rich_list(note=True),
        rich_list(link=True),
        rich_list(linking_formula=True),
        rich_list(text="请联系 13912345678"),
        rich_list(text="宁波丁公司的数见另表"),
        repacked(rich_list(), {TYPES: part_of(rich_list(), TYPES).replace("sheet.main", "template.main")}),
        nomination(WRONG, hidden_rows={"附件2": [2]}),
        workbook({"附件2": f"{HEADERS}\n{WRONG}", "藏": "甲|乙"}, hidden_sheets=["藏"]),
        nomination(WRONG, nominated(2, "杭州己公司", "余杭区")),
        locked(rich_list(), "VelvetSweatshop"),
        workbook({"附件2": [*rows_of(f"{HEADERS}\n{WRONG}"), [Raw("", "<v>13912345678</v>")]]}),
    ],
    ids=[
        "column",
        "note",
        "link",
        "formula",
        "phone",
        "stranger",
        "template",
        "row",
        "sheet",
        "county",
        "locked",
        "number",
    ],
)
def test_a_workbook_that_may_not_go_back_is_named_with_its_reason(marked, content: bytes):
    there = {"宁波市/鄞州区/附件2.xlsx": nomination(nominated(1, "宁波丁公司", "鄞州区"))}
    made = marked({LIST: content} | there)
    assert made.copies == {} and len(made.without) == 1
    assert "附件2.xlsx" in made.without[0] and "没有附标注好的副本" in made.without[0] and "丁" not in made.without[0]


@pytest.mark.slow
def test_the_blank_forms_that_are_handed_out_can_be_handed_back(rulebook: Rulebook):
    contacts = Contacts(frozenset(["联系电话"]), frozenset(["附件2"]))
    blank = sorted((ROOT / "templates" / "xlsx").glob("附件*.xlsx"))
    assert blank
    for path in blank:
        markable(path.read_bytes(), contacts, NamesOfOthers(["杭州甲公司"], (), (), rulebook))


def test_a_file_that_has_changed_since_it_was_read_is_not_handed_back(tmp_path: Path, rulebook: Rulebook):
    results = outcome(tmp_path, RICH, rulebook)
    (tmp_path / "in" / LIST).write_bytes(nomination(WRONG))
    made = marked_copies(results, CITY, COUNTY)
    assert made.copies == {} and "有了变动" in made.without[0]


def test_a_file_in_an_archive_is_handed_back(tmp_path: Path, rulebook: Rulebook):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("内层/附件2.xlsx", RICH[LIST])
    plain = marked_copies(outcome(tmp_path / "plain", {LIST: RICH[LIST]}, rulebook), CITY, COUNTY)
    packed = marked_copies(
        outcome(tmp_path / "packed", {f"{HERE}/报送.zip": stream.getvalue()}, rulebook), CITY, COUNTY
    )
    assert list(packed.copies.values()) == list(plain.copies.values()) != []


def test_no_copy_without_an_error_in_a_cell(marked):
    files = {LIST: nomination(nominated(1, "杭州甲公司", verdict="再看看")), f"{HERE}/甲.xlsx": form("杭州甲公司")}
    assert marked(files) == ({}, [])


def test_a_nominated_company_without_its_form_is_marked_in_the_list(marked):
    (content,) = marked({LIST: nomination(nominated(1, "杭州甲公司"))}).copies.values()
    (cell,) = [
        cell for row in openpyxl.load_workbook(io.BytesIO(content))["附件2"].iter_rows() for cell in row if cell.comment
    ]
    assert cell.value == "杭州甲公司" and "附件1" in cell.comment.text


@pytest.mark.slow
def test_the_folder_of_the_county_holds_the_copies_and_the_list_names_the_others(tmp_path: Path, rulebook: Rulebook):
    files = RICH | {
        f"{HERE}/乙.xlsx": form("杭州乙公司", answers={"research": ("待定", 4)}),
        LIST: rich_list(note=True),
    }
    laid_out(tmp_path / "in", files)
    outputs = []
    for name, jobs in (("a", 1), ("b", 2)):
        run.report(tmp_path / "in", tmp_path / name, rulebook, run.Options(jobs))
        outputs.append(
            {
                path.relative_to(tmp_path / name): path.read_bytes()
                for path in (tmp_path / name / "返还").rglob("*")
                if path.is_file()
            }
        )
    assert outputs[0] == outputs[1]
    folder = tmp_path / "a" / "返还" / HERE
    assert [path.name for path in (folder / "已标注").iterdir()] == ["杭州乙公司_1.xlsx"]
    words = [
        cell.value
        for row in openpyxl.load_workbook(folder / "推荐排序结果.xlsx")["问题清单"].iter_rows()
        for cell in row
    ]
    said = [text for text in words if isinstance(text, str) and ("已标注" in text or "没有附标注好的副本" in text)]
    assert len(said) == 2 and "附件2.xlsx" in said[1]
    with zipfile.ZipFile(folder.with_name(f"{COUNTY}.zip")) as archive:
        assert f"{COUNTY}/已标注/杭州乙公司_1.xlsx" in archive.namelist()
