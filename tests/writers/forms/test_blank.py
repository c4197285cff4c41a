"""The blank forms are current, can be filled in safely, are read back without an issue, and are never replaced once
somebody has filled them in."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.workbook import Workbook

from pipeline.cli import main
from pipeline.commands.blank_forms import BLANK_FORMS, FormsRefused, write_forms
from pipeline.model.decisions import SHEETS, SIGNED, WORKBOOK_NAME
from pipeline.model.refusals import Refused
from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import FORM_PROPERTY, FORM_STAMP
from pipeline.writers.forms.filled import FormAnswer
from pipeline.writers.forms.layout import OFFICIAL, WITH_UNITS, assessment_layout
from tests.support import ROOT
from tests.support.arrivals import codes, gathered, read
from tests.support.form_trials import sheet_names, typed_into
from tests.support.workbooks import full_answers, part_of

TEMPLATES = ROOT / "templates" / "xlsx"
ASSESSMENT, NOMINATION, MARKS, POOL, DECISIONS, IN_WORD = BLANK_FORMS
HERE = "杭州市/上城区"

# Functions of Excel 2010 that WPS and LibreOffice know too.
FUNCTIONS = {
    "ABS",
    "AND",
    "CELL",
    "CHAR",
    "COUNT",
    "COUNTA",
    "EXACT",
    "FIND",
    "IF",
    "IFERROR",
    "INT",
    "ISBLANK",
    "ISERROR",
    "ISLOGICAL",
    "ISNUMBER",
    "ISTEXT",
    "LEFT",
    "LEN",
    "MATCH",
    "MID",
    "MIN",
    "MOD",
    "N",
    "NOT",
    "OFFSET",
    "OR",
    "RIGHT",
    "ROUND",
    "ROW",
    "SUBSTITUTE",
    "SUM",
    "SUMIF",
    "SUMPRODUCT",
    "TEXT",
    "TRIM",
    "UPPER",
    "VALUE",
    "VLOOKUP",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("forms")
    return {name: (folder / name).read_bytes() for name in write_forms(folder, rulebook)}


@pytest.fixture(scope="module")
def books(made: dict[str, bytes]) -> dict[str, Workbook]:
    return {name: openpyxl.load_workbook(io.BytesIO(content)) for name, content in made.items() if name != IN_WORD}


def test_templates_are_current(made: dict[str, bytes]) -> None:
    kept = {path.name: parts(path.read_bytes()) for path in TEMPLATES.iterdir()}
    assert kept == {name: parts(content) for name, content in made.items()}, "run `make forms`"


def parts(content: bytes) -> list[tuple[str, bytes]]:
    """Every part of a workbook; the package around them depends on the compressor of the Python at hand."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def test_the_same_rulebook_gives_the_same_bytes(tmp_path: Path, rulebook: Rulebook, made: dict[str, bytes]) -> None:
    assert {name: (tmp_path / name).read_bytes() for name in write_forms(tmp_path, rulebook)} == made


def test_a_blank_form_gives_no_issue(made: dict[str, bytes]) -> None:
    for name in (MARKS, POOL, DECISIONS):
        results = gathered({name: made[name]})
        assert codes(results.issues) == [], name
    results = gathered({f"{HERE}/{NOMINATION}": made[NOMINATION]})
    assert codes(results.issues) == [] and results.nil_returns == (("杭州市", "上城区"),)


def test_a_blank_assessment_is_not_filled_in(made: dict[str, bytes]) -> None:
    results = gathered({f"{HERE}/某某有限公司.xlsx": made[ASSESSMENT]})
    assert codes(results.issues) == ["T06", "V04"]
    assert list(results.files["sheet"]) == ["附件1"] and "未认出" not in results.files["remark"][0]


def test_a_filled_assessment_reads_as_typed(made: dict[str, bytes], rulebook: Rulebook) -> None:
    slots = assessment_layout(rulebook, WITH_UNITS).slots
    values = {
        ("identity", "company"): "杭州 甲乙 有限公司",
        ("identity", "city"): "杭州市",
        ("identity", "county"): "上城区",
    }
    for indicator, answer in full_answers(rulebook).items():
        if isinstance(answer, FormAnswer):
            values |= {(indicator, "n"): answer.n} | {(indicator, name): mark for name, mark in answer.ticks.items()}
        elif isinstance(answer, tuple):
            values |= {(indicator, "n"): answer[0], (indicator, "m"): answer[1]}
        else:
            values[indicator, "n"] = answer
    content = typed_into(made[ASSESSMENT], {"附件1": {slots[slot].cell: value for slot, value in values.items()}})
    results = gathered({"表.xlsx": content})
    assert codes(results.issues) == []
    assert list(results.enterprises["company"]) == ["杭州 甲乙 有限公司"] and list(results.enterprises["county"]) == [
        "上城区"
    ]
    answers = results.answers.set_index("indicator")
    assert answers.loc["cloud_storage", ["n", "m"]].tolist() == [2, 4] and answers.loc["data_synergy", "n"] == 4
    assert answers["valid"].all()


def test_the_official_form_is_within_the_blank_one(rulebook: Rulebook) -> None:
    official, sent = (assessment_layout(rulebook, columns) for columns in (OFFICIAL, WITH_UNITS))
    assert {box.text for box in official.boxes} <= {box.text for box in sent.boxes}
    assert official.slots.keys() == sent.slots.keys()
    assert all(official.slots[slot].row == sent.slots[slot].row for slot in official.slots)


def test_units_stand_beside_the_answers(books: dict[str, Workbook], rulebook: Rulebook) -> None:
    slots = assessment_layout(rulebook, WITH_UNITS).slots
    sheet = books[ASSESSMENT]["附件1"]
    for (name, part), box in slots.items():
        if part in ("n", "m"):
            assert sheet.cell(box.row + 1, box.last_column + 2).value == rulebook.indicator_of[name].unit


def test_only_answers_may_be_changed_and_no_password_is_asked(books: dict[str, Workbook], rulebook: Rulebook) -> None:
    for name, book in books.items():
        for sheet in book:
            assert sheet.protection.sheet and sheet.protection.password in (None, ""), (name, sheet.title)
            assert sheet.sheet_state == "visible"
            lines = (*sheet.row_dimensions.values(), *sheet.column_dimensions.values())
            assert not any(line.hidden for line in lines)
    sheet = books[ASSESSMENT]["附件1"]
    slots = assessment_layout(rulebook, WITH_UNITS).slots
    inside = {
        (row, column)
        for box in slots.values()
        for row in range(box.row + 1, box.last_row + 2)
        for column in range(box.column + 1, box.last_column + 2)
    }
    unlocked = {(cell.row, cell.column) for cells in sheet.iter_rows() for cell in cells if not cell.protection.locked}
    assert unlocked == inside


def test_every_answer_is_checked_as_it_is_typed(books: dict[str, Workbook], rulebook: Rulebook) -> None:
    sheet = books[ASSESSMENT]["附件1"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    for slot, box in assessment_layout(rulebook, WITH_UNITS).slots.items():
        rule = rules[box.cell]
        assert rule.showInputMessage and rule.showErrorMessage and rule.prompt and rule.error, slot
        assert not re.search("[A-Za-z]{3,}", rule.error)
        if slot[1] in rulebook.indicator_of["data_synergy"].categories:
            assert rule.formula1 == '"√"'
    for book in books.values():
        for sheet in book:
            for rule in sheet.data_validations.dataValidation:
                assert len(str(rule.formula1)) <= 255 and len(rule.prompt or "") <= 255 and len(rule.error or "") <= 225


def test_formulas_use_only_what_every_program_knows(made: dict[str, bytes]) -> None:
    for content in (content for name, content in made.items() if name != IN_WORD):
        for part in sheet_names(content).values():
            xml = part_of(content, part)
            formulas = re.findall(r"<f[^>]*>([^<]*)</f>|<formula[12]?>([^<]*)<", xml)
            for formula in (one or other for one, other in formulas):
                words = re.sub(r'&quot;|"[^"]*"', "", re.sub(r'"(?:[^"]|"")*"', "", formula.replace("&quot;", '"')))
                assert set(re.findall(r"([A-Z][A-Z0-9.]*)\(", words)) <= FUNCTIONS, formula
                assert len(formula) < 8000 and "[" not in words and "://" not in words
            assert "hidden=" not in xml and "<hyperlink" not in xml


def test_every_form_is_stamped_and_printed_on_a4(books: dict[str, Workbook]) -> None:
    for name, book in books.items():
        assert FORM_PROPERTY in book.custom_doc_props.names, name
        assert all(sheet.page_setup.fitToHeight == 0 for sheet in book)
    for name, sheet, area in ((ASSESSMENT, "附件1", "A:L"), (NOMINATION, "附件2", "A:K"), (MARKS, "专家评分表", "A:H")):
        assert str(books[name][sheet].page_setup.paperSize) == "9"
        printed = re.findall(r"\$([A-Z]+)\$\d+", str(books[name][sheet].print_area))
        assert f"{printed[0]}:{printed[1]}" == area
        assert any(FORM_STAMP in str(cell.value) for cell in books[name][sheet][1])


def test_a_filled_pool_form_is_read_in_all_its_shapes(made: dict[str, bytes]) -> None:
    cells = {f"{column}{row}": 1 for row in range(4, 15) for column in "CDE"}
    counts = gathered({POOL: typed_into(made[POOL], {"市级": {**cells, "G4": 90}})})
    found = {(count.region, count.item, count.value) for count in counts.pool_counts}
    assert found >= {("杭州市", "2021", 1.0), ("杭州市", "target", 90.0)}
    listed = {"A2": 2021, "B2": "市级", "C2": "杭州市", "D2": "上城区", "E2": "杭州甲公司"}
    names = gathered({POOL: typed_into(made[POOL], {"企业名单": listed, "目标数": {"C2": 90}})})
    assert [(name.level, name.city, name.county, name.company, name.year) for name in names.pool_names] == [
        ("市级", "杭州市", "上城区", "杭州甲公司", 2021)
    ]
    targets = [(count.region, count.item, count.value) for count in names.pool_counts if count.value is not None]
    assert targets == [("杭州市", "target", 90.0)]


def test_decisions_have_every_sheet_and_are_read(made: dict[str, bytes], books: dict[str, Workbook]) -> None:
    book = books[DECISIONS]
    for kind in SHEETS:
        headers = [cell.value for cell in book[kind.name][1] if cell.value]
        assert headers == [column.header for column in (*kind.columns, *SIGNED)]
        words = ["甲"] * len(kind.columns) + ["理由", "张三", "2024-06-01"]
        cells = {f"{chr(65 + column)}2": word for column, word in enumerate(words)}
        reading = read(typed_into(made[DECISIONS], {kind.name: cells}), WORKBOOK_NAME)
        (sheet,) = [entry for entry in reading.sheets if entry.decisions]
        assert sheet.decisions[0].kind == kind.name and sheet.decisions[0].values["date"] == "2024-06-01"


@pytest.mark.slow
def test_only_blank_forms_are_written_over(tmp_path: Path, rulebook: Rulebook, made: dict[str, bytes]) -> None:
    write_forms(tmp_path, rulebook)
    (tmp_path / "别的.txt").write_text("留着", encoding="utf-8")
    assert CliRunner().invoke(main, ["forms", str(tmp_path)]).exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {*BLANK_FORMS, "别的.txt"}
    filled = openpyxl.load_workbook(tmp_path / NOMINATION)
    filled["附件2"]["C5"] = "杭州甲公司"
    filled.save(tmp_path / NOMINATION)
    kept = (tmp_path / NOMINATION).read_bytes()
    with pytest.raises(FormsRefused):
        write_forms(tmp_path, rulebook)
    assert CliRunner().invoke(main, ["forms", str(tmp_path)]).exit_code == 2
    assert (tmp_path / NOMINATION).read_bytes() == kept and (tmp_path / MARKS).read_bytes() == made[MARKS]


@pytest.mark.parametrize("foreign", [b"", b"PK", b"text"])
def test_a_foreign_file_of_such_a_name_is_kept(tmp_path: Path, rulebook: Rulebook, foreign: bytes) -> None:
    (tmp_path / POOL).write_bytes(foreign)
    with pytest.raises(FormsRefused):
        write_forms(tmp_path, rulebook)
    assert [path.name for path in tmp_path.iterdir()] == [POOL] and (tmp_path / POOL).read_bytes() == foreign


def test_a_file_in_the_folder_s_place_is_refused(tmp_path: Path, rulebook: Rulebook) -> None:
    (tmp_path / "a").write_text("", encoding="utf-8")
    with pytest.raises(Refused):
        write_forms(tmp_path / "a", rulebook)
