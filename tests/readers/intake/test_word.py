"""The forms as Word documents: read like the workbook, cells told by table, row and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.issues.issue import Issue
from pipeline.model.records import Assessment, FileReading
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.intake.file import read_file
from pipeline.readers.intake.inbox import find_candidates
from pipeline.readers.intake.workers import read_files
from pipeline.readers.sheet.grid import Grid
from pipeline.writers.forms.filled import FormAnswer
from tests.support.arrivals import form, gathered, laid_out, lexicon, nominated, nomination
from tests.support.containers import archive
from tests.support.old_formats import ole
from tests.support.rulebooks import tested_rulebook as rulebook_2024
from tests.support.word import PAGE_BREAK, in_word, paragraph, run, table, table_of, word_document
from tests.support.workbooks import assessment_form, full_answers

HERE = "杭州市/上城区"
COMPANY = "杭州甲公司"
TITLE = "制造业“云上企业”用云水平评估表"
TEXT_BOX = "<w:r><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></w:r>"


def read(content: bytes, path: str = "附件1.docx") -> FileReading:
    return read_file(path, content, lexicon())


def codes(issues: list[Issue]) -> list[str]:
    return [issue.code for issue in issues]


def values(assessment: Assessment) -> list[tuple[str, str, object, object]]:
    return [(each.indicator, each.n.state, each.n.value, each.m.value) for each in assessment.answers]


def without_label(company: str = "") -> str:
    """附件1's table without its rows of the company and county."""
    grid = read_workbook(form(company)).grids[0]
    cells = {address: value for address, value in grid.cells.items() if address[0] not in (3, 4)}
    grid.cells = cells
    grid.merges = {start: end for start, end in grid.merges.items() if start[0] not in (3, 4)}
    return table_of(grid)


@pytest.mark.parametrize(
    "answers", [{}, {"cloud_storage": (0, 0)}, {"cloud_storage": ("约 5TB", "12.5")}, {"cloud_storage": ("很多", None)}]
)
def test_a_form_in_word_is_read_like_the_workbook(answers: dict[str, tuple]):
    workbook = form(COMPANY, answers={key: value for key, value in answers.items() if key in _ITEMS})
    (as_workbook,), (in_text,) = (read(content).sheets[0].assessments for content in (workbook, in_word(workbook)))
    assert values(in_text) == values(as_workbook)
    assert in_text.names[0][:2] == as_workbook.names[0][:2] == (COMPANY, "label")


_ITEMS = {item.id for item in rulebook_2024().ratio_indicators}


def test_an_issue_tells_table_row_and_column():
    item = next(item for item in rulebook_2024().ratio_indicators if item.m == "typed")
    reading = read(in_word(form(COMPANY, answers={item.id: ("很多", 4)})))
    issue = next(issue for issue in reading.sheets[0].assessments[0].issues if issue.code == "V01")
    assert issue.where.sheet == "表 1" and issue.where.cell.startswith("表 1 行 ") and " 列 " in issue.where.cell


def test_a_list_in_word_nominates():
    list_of_two = nomination(nominated(1, COMPANY), nominated(2, "杭州乙公司"))
    tables = gathered({f"{HERE}/附件2.docx": in_word(list_of_two)})
    assert sorted(tables.enterprises["company"]) == sorted(["杭州乙公司", COMPANY])


def test_a_name_and_a_county_in_paragraphs_above_the_table_count():
    document = word_document(paragraph(f"企业名称：{COMPANY}    区县：上城区"), without_label())
    (assessment,) = read(document).sheets[0].assessments
    assert assessment.names[0][:2] == (COMPANY, "label")


@pytest.mark.parametrize("break_between", ["", PAGE_BREAK])
@pytest.mark.parametrize("below", [False, True])
def test_several_companies_in_one_document_keep_their_own_tables(break_between: str, below: bool):
    body = []
    for name in ("杭州甲公司", "杭州乙公司", "杭州丙公司"):
        named = paragraph(f"申报企业：{name}")
        body += [
            paragraph(TITLE),
            *([] if below else [named]),
            without_label(),
            *([named] if below else []),
            break_between,
        ]
    sheets = read(word_document(*body)).sheets
    assert [sheet.assessments[0].names[0][0] for sheet in sheets] == ["杭州甲公司", "杭州乙公司", "杭州丙公司"]


def test_ticks_in_check_boxes_count():
    item = next(item for item in rulebook_2024().ratio_indicators if item.categories)
    ticked = dict.fromkeys(item.categories[:3], "TICK")
    filled = full_answers(rulebook_2024(), **{item.id: FormAnswer(3, None, ticked)})
    workbook = assessment_form(filled, company=COMPANY)
    box = '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>'
    body = table_of(read_workbook(workbook).grids[0]).replace(run("TICK"), box.format(run("☒")))
    (assessment,) = read(word_document(body)).sheets[0].assessments
    answer = next(answer for answer in assessment.answers if answer.indicator == item.id)
    assert (answer.n.value, answer.n.state) == (3, "ok")


@pytest.mark.parametrize(
    ("extra", "found"),
    [
        ("", []),
        (f"<w:ins>{run('附件1')}</w:ins>", ["F26"]),
        (TEXT_BOX.format("附件1"), []),
        (TEXT_BOX.format(TITLE), []),
        (TEXT_BOX.format("上云投入 90 万元"), ["F27"]),
        (run("云存储 5", "<w:vanish/>"), ["F27"]),
    ],
)
def test_what_is_peculiar_to_word_is_told_once(extra: str, found: list[str]):
    assert codes(read(in_word(form(COMPANY), extra)).issues) == found


@pytest.mark.parametrize(
    ("name", "content", "kind", "found"),
    [
        ("说明.docx", word_document(paragraph("合同"), table([["序号", "系统"], ["1", "用友"]])), "evidence", []),
        ("附件1.docx", word_document(paragraph(f"附件1 {TITLE}")), "unrecognised", ["F03"]),
        ("附件1.xlsx", word_document(paragraph("合同")), "unreadable", ["F02"]),
        ("附件1.docx", ole({"WordDocument": b"\xec\xa5"}), "unreadable", ["F14"]),
        ("附件1.wps", ole({"WpsText": b"1"}), "unreadable", ["F14"]),
        ("附件1.doc", b"{\\rtf1 hello}", "unreadable", ["F14"]),
        ("附件1.docx", b"PK\x03\x04", "unreadable", ["F01"]),
    ],
)
def test_other_documents_have_their_kind(name: str, content: bytes, kind: str, found: list[str]):
    reading = read(content, name)
    assert (reading.kind, codes(reading.issues)) == (kind, found)


@pytest.mark.parametrize("name", ["附件1.doc", "附件1.wps", "附件1.xlsx", "附件1", "附件1.dat"])
def test_a_word_form_is_known_by_its_bytes(name: str):
    assert read(in_word(form(COMPANY)), name).kind == "assessment"


def test_a_word_form_in_an_archive_is_read(tmp_path: Path):
    laid_out(tmp_path, {"材料.zip": archive({"附件1.docx": in_word(form(COMPANY))})})
    readings = read_files(find_candidates(tmp_path), lexicon().rulebook, jobs=1)
    assert [sheet.kind for reading in readings for sheet in reading.sheets] == ["assessment"]


def test_a_list_cut_into_two_tables_nominates_all():
    grid = read_workbook(
        nomination(nominated(1, COMPANY), nominated(2, "杭州乙公司"), nominated(3, "杭州丙公司"))
    ).grids[0]
    top = Grid("上", cells={address: value for address, value in grid.cells.items() if address[0] <= 2})
    rest = Grid("下", cells={(row - 2, column): value for (row, column), value in grid.cells.items() if row > 2})
    tables = gathered({f"{HERE}/附件2.docx": word_document(table_of(top), PAGE_BREAK, table_of(rest))})
    assert set(tables.enterprises["company"]) == {COMPANY, "杭州乙公司", "杭州丙公司"}
