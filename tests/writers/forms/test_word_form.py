"""附件1 as a Word document: the workbook's words, read back to the same figures, the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from pipeline.model.rulebook import Rulebook
from pipeline.readers.formats.docx import read_docx
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.intake.file import read_file
from pipeline.writers.forms.filled import AssessmentEntry, FormAnswer, write_assessments
from pipeline.writers.forms.word_form import write_blank_word_assessment, write_word_assessment
from pipeline.writers.publishing.proof import is_blank_form, is_sample
from tests.support.arrivals import computed, lexicon, nominated, nomination
from tests.support.word import PAGE_BREAK
from tests.support.workbooks import full_answers

HERE, COMPANY = "杭州市/上城区", "杭州甲公司"


def entry(rulebook: Rulebook) -> AssessmentEntry:
    """Answers of every kind: whole, with a fraction, zero, as a text, blank; ticks."""
    answers = {
        name: each if isinstance(each, FormAnswer) else FormAnswer(*_pair(each))
        for name, each in full_answers(rulebook).items()
    }
    typed = [item.id for item in rulebook.ratio_indicators if item.m == "typed"]
    values = [(3, 12.5), (0, 0), ("1,200", "2万"), (None, None), (0.25, 1)]
    answers |= {name: FormAnswer(n, m) for name, (n, m) in zip(typed, values, strict=False)}
    return AssessmentEntry(COMPANY, "杭州市", "上城区", "", "附件1", answers)


def _pair(value: object) -> tuple:
    return value if isinstance(value, tuple) else (value, None)


@pytest.fixture
def both(tmp_path: Path, rulebook: Rulebook) -> tuple[bytes, bytes]:
    """The same company's 附件1 as a workbook and as a Word document."""
    write_assessments(tmp_path / "a.xlsx", [entry(rulebook)], rulebook)
    write_word_assessment(tmp_path / "a.docx", rulebook, entry(rulebook))
    return (tmp_path / "a.xlsx").read_bytes(), (tmp_path / "a.docx").read_bytes()


def test_both_forms_hold_the_same_words(both: tuple[bytes, bytes]):
    in_workbook, in_word = read_workbook(both[0]).grids[0], read_docx(both[1]).grids[0]
    assert [text for _, text in sorted(map(_as_text, in_word.cells.items()))] == [
        text for _, text in sorted(map(_as_text, in_workbook.cells.items()))
    ]


def _as_text(cell: tuple[tuple[int, int], object]) -> tuple[str, str]:
    text = f"{cell[1]:g}" if isinstance(cell[1], float) else str(cell[1])
    return text, text


def test_a_filled_word_form_is_scored_like_the_workbook(both: tuple[bytes, bytes], rulebook: Rulebook):
    listed = {f"{HERE}/附件2.xlsx": nomination(nominated(1, COMPANY))}
    by_workbook, by_word = (
        computed(listed | {f"{HERE}/{name}": content})
        for name, content in zip(("附件1.xlsx", "附件1.docx"), both, strict=True)
    )
    columns = ["indicator", "n", "m", "self_score", "peer_score", "score"]
    assert by_word.scores[columns].equals(by_workbook.scores[columns])
    assert by_word.totals["total"].tolist() == by_workbook.totals["total"].tolist()
    assert len(by_word.issues) == len(by_workbook.issues)


def test_a_blank_form_filled_in_word_is_read(tmp_path: Path, rulebook: Rulebook):
    """Through python-docx, as a person would type: each answer below its caption."""
    write_blank_word_assessment(tmp_path / "a.docx", rulebook)
    document = docx.Document(tmp_path / "a.docx")
    table = document.tables[0]
    for row, below in zip(table.rows, list(table.rows)[1:], strict=False):
        for column, cell in enumerate(row.cells):
            if cell.text.startswith("企业名称"):
                row.cells[2].text = COMPANY
            if cell.text.startswith(("N：", "N:")):
                below.cells[column].text = "2"
            elif cell.text.startswith(("M：", "M:")) and column < 9:
                below.cells[column].text = "4"
    buffer = io.BytesIO()
    document.save(buffer)
    (assessment,) = read_file("a.docx", buffer.getvalue(), lexicon()).sheets[0].assessments
    assert assessment.names[0][0] == COMPANY
    typed = {item.id for item in rulebook.ratio_indicators if item.m == "typed"}
    assert {(each.n.value, each.m.value) for each in assessment.answers if each.indicator in typed} == {(2.0, 4.0)}


def test_two_forms_pasted_into_one_document_are_two_companies(tmp_path: Path, rulebook: Rulebook):
    bodies = []
    for name in (COMPANY, "杭州乙公司"):
        write_word_assessment(tmp_path / "a.docx", rulebook, entry(rulebook)._replace(company=name))
        with zipfile.ZipFile(tmp_path / "a.docx") as package:
            bodies.append(package.read("word/document.xml").decode())
    first, second = (body.partition("<w:body>")[2].partition("<w:sectPr>")[0] for body in bodies)
    pasted = bodies[0].replace(first, f"{first}{PAGE_BREAK}{second}")
    with zipfile.ZipFile(tmp_path / "b.docx", "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", pasted)
    sheets = read_file("b.docx", (tmp_path / "b.docx").read_bytes(), lexicon()).sheets
    assert [sheet.assessments[0].names[0][0] for sheet in sheets] == [COMPANY, "杭州乙公司"]


def test_the_same_bytes_each_time(tmp_path: Path, rulebook: Rulebook):
    for name in ("a.docx", "b.docx"):
        write_word_assessment(tmp_path / name, rulebook, entry(rulebook), demo=True)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_it_says_what_it_is(tmp_path: Path, rulebook: Rulebook):
    write_blank_word_assessment(tmp_path / "a.docx", rulebook)
    write_word_assessment(tmp_path / "b.docx", rulebook, entry(rulebook), demo=True)
    assert [is_blank_form(tmp_path / name) for name in ("a.docx", "b.docx")] == [True, False]
    assert [is_sample(tmp_path / name) for name in ("a.docx", "b.docx")] == [False, True]


def test_it_is_printed_on_a4_with_borders_and_repeats_its_header(tmp_path: Path, rulebook: Rulebook):
    write_blank_word_assessment(tmp_path / "a.docx", rulebook)
    document = docx.Document(tmp_path / "a.docx")
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (297, 210)
    xml = document.tables[0]._tbl.xml
    assert "w:tblBorders" in xml and "w:tblHeader" in xml and "仿宋" in xml and "黑体" in xml
    room = page.page_width - page.left_margin - page.right_margin
    assert sum(column.width for column in document.tables[0].columns) <= room
