"""A marked copy that comes back counts instead of its original, with one remark that lists every changed cell; a forged
one never touches a file of another sender or another company."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path

import openpyxl
import pytest
from openpyxl.packaging.custom import StringProperty

from pipeline import run
from pipeline.issues.issue import Issue
from pipeline.issues.words import message_of
from pipeline.model.decisions import WORKBOOK_NAME
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import FORM_PROPERTY, FORM_PROPERTY_VALUE, ORIGINAL_PROPERTY, original_stamps
from tests.support.arrivals import computed, form, laid_out, nominated, nomination, published_rulebook, read
from tests.support.decisions import decisions
from tests.support.marked import marked_copies
from tests.support.workbooks import part_of, repacked

HERE, THERE = "杭州市/上城区", "宁波市/慈溪市"
NAMES = ("甲机械有限公司", "乙机械有限公司")
LIST = f"{HERE}/附件2.xlsx"
FORM = f"{HERE}/甲.xlsx"
WRONG = form(NAMES[0], answers={"research": ("待定", 4), "office": (5, 3)})
FIRST = {
    LIST: nomination(*(nominated(order, name) for order, name in enumerate(NAMES, start=1))),
    FORM: WRONG,
    f"{HERE}/乙.xlsx": form(NAMES[1]),
}


def copy_of(*originals: bytes, content: bytes = b"", saved: str = "", **cells: object) -> bytes:
    """A copy as somebody saves it: of the first original, or another workbook, that says it was made from the originals;
    with other contents in cells of its first sheet of a form."""
    book = openpyxl.load_workbook(io.BytesIO(content or originals[0]))
    shas = [hashlib.sha256(original).hexdigest() for original in originals]
    stamps = original_stamps(shas)
    for name, value in ({FORM_PROPERTY: FORM_PROPERTY_VALUE} | stamps).items():
        if name in book.custom_doc_props.names:
            del book.custom_doc_props[name]
        book.custom_doc_props.append(StringProperty(name=name, value=value))
    sheet = next(sheet for sheet in book if sheet.title != "问题清单")
    for address, value in cells.items():
        sheet[address] = value
    stream = io.BytesIO()
    book.save(stream)
    content = stream.getvalue()
    return resaved(content, saved) if saved else content


def resaved(content: bytes, saved: str) -> bytes:
    """The workbook with another time of its last saving."""
    core = part_of(content, "docProps/core.xml")
    changed = re.sub(r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{saved}", core)
    return repacked(content, {"docProps/core.xml": changed})


def cell_of(indicator: str, part: str = "n") -> str:
    rows = computed(FIRST).answers
    row = rows[(rows["key"] == NAMES[0]) & (rows["indicator"] == indicator)].iloc[0]
    return str(row[f"{part}_where"].cell)


def raised(results: Results, code: str) -> list[Issue]:
    return [issue for issue in results.issues if issue.code == code]


def errors(results: Results) -> list[str]:
    return sorted(issue.code for issue in results.issues if issue.open_error)


def research(results: Results, company: str = NAMES[0]) -> float:
    rows = results.answers
    return float(rows[(rows["key"] == company) & (rows["indicator"] == "research")]["n"].iloc[0])


MENDED = {cell_of("research"): 3, cell_of("office"): 2}


def test_a_corrected_copy_beside_its_original_counts_and_lists_every_changed_cell():
    copy = copy_of(WRONG, **MENDED)
    results = computed(FIRST | {f"{HERE}/改好.xlsx": copy})
    (issue,) = raised(results, "X22")
    assert errors(results) == [] and research(results) == 3 and issue.level == "提醒"
    assert issue.company == NAMES[0] and issue.where.file == f"{HERE}/改好.xlsx"
    words = message_of(issue, published_rulebook().labels)
    assert f"“{FORM}”" in words and "改动 2 处" in words
    assert f"研发 N（{cell_of('research')}：「待定」改为「3」）" in words and "行政办公 N" in words
    remark = results.files.set_index("path").loc[FORM, "remark"]
    assert "改好.xlsx”代替" in remark


def test_the_copies_that_are_made_carry_what_this_needs(tmp_path: Path, rulebook: Rulebook):
    def copied(material: dict[str, bytes]) -> tuple[Results, bytes]:
        results = run.compute([laid_out(tmp_path, material)], rulebook, run.Options(1))
        (content,) = marked_copies(results, "杭州市", "上城区").copies.values()
        return results, content

    _, content = copied(FIRST)
    assert read(content).made_from == (hashlib.sha256(WRONG).hexdigest(),)
    again = edited(content, {cell_of("research"): 3})
    results, second = copied(FIRST | {f"{HERE}/已标注/{NAMES[0]}_1.xlsx": again})
    assert len(raised(results, "X22")) == 1 and errors(results) == ["V25"]
    assert read(second).made_from == (hashlib.sha256(again).hexdigest(), hashlib.sha256(WRONG).hexdigest())


def edited(content: bytes, cells: dict[str, object]) -> bytes:
    """A copy as another program saves it, with what was typed in cells of its form."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for address, value in cells.items():
        book["附件1"][address] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_an_unchanged_copy_says_so():
    (issue,) = raised(computed(FIRST | {f"{HERE}/退回/1.xlsx": copy_of(WRONG)}), "X22")
    assert issue.facts["changes"] == "内容没有改动"


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_a_later_copy_supersedes_the_earlier_one_and_the_original(kept: bool, names: tuple[str, str]):
    """In whatever order their paths stand, and whether the original is still there or not."""
    first = copy_of(WRONG, **{cell_of("research"): 3})
    second = copy_of(first, WRONG, **MENDED, **{cell_of("cloud_storage"): 1})
    material = FIRST | {f"{HERE}/{names[0]}.xlsx": first, f"{HERE}/{names[1]}.xlsx": second}
    if not kept:
        del material[FORM]
    results = computed(material)
    (issue,) = raised(results, "X22")
    assert errors(results) == [] and issue.where.file == f"{HERE}/{names[1]}.xlsx"
    assert "云存储 N" in issue.facts["changes"] and "研发 N" not in issue.facts["changes"]


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_of_two_copies_of_one_original_the_last_saved_counts(names: tuple[str, str]):
    first = copy_of(WRONG, saved="2024-03-01T08:00:00Z", **{cell_of("research"): 3})
    second = copy_of(WRONG, saved="2024-03-02T08:00:00Z", **{cell_of("research"): 1})
    results = computed(FIRST | {f"{HERE}/{names[0]}.xlsx": first, f"{HERE}/{names[1]}.xlsx": second})
    assert research(results) == 1 and not raised(results, "X10") and len(raised(results, "X22")) == 1


@pytest.mark.parametrize("saved", ["2024-03-01T08:00:00Z", "2099-01-01T08:00:00Z"])
def test_two_copies_that_nothing_tells_apart_are_a_question(saved: str):
    copies = {
        f"{HERE}/{n}.xlsx": copy_of(WRONG, saved=saved, **{cell_of("research"): n, cell_of("office"): 2})
        for n in (1, 3)
    }
    assert errors(computed(FIRST | copies)) == ["X10"]


def test_a_name_that_was_missing_or_wrong_is_corrected_in_the_copy():
    for typed in ("", "甲机诫有限公司"):
        original = form(typed, sheet="Sheet1")
        material = FIRST | {f"{HERE}/1.xlsx": original}
        del material[FORM]
        assert errors(computed(material))
        results = computed(material | {f"{HERE}/2.xlsx": copy_of(original, C3=NAMES[0])})
        assert errors(results) == [] and not raised(results, "X06")
        assert "企业名称（C3" in raised(results, "X22")[0].facts["changes"]


def test_a_copy_of_a_list_supersedes_the_list():
    rows = [nominated(1, NAMES[0], revenue="待定"), nominated(2, NAMES[1]), nominated(3, "丙机械有限公司")]
    original = nomination(*rows)
    copy = nomination(
        nominated(1, NAMES[0], phone="'13900000002"),
        nominated(2, NAMES[1]),
        nominated(3, "丁机械有限公司", revenue="5"),
    )
    material = FIRST | {LIST: original, f"{HERE}/附件2（改）.xlsx": copy_of(original, content=copy)}
    results = computed(material)
    (issue,) = raised(results, "X22")
    assert set(errors(results)) == {"V01", "V25", "V28", "X05"} and not raised(results, "X07")
    assert {issue.where.file for issue in raised(results, "V01")} == {FORM}
    changes = issue.facts["changes"]
    assert "甲机械有限公司的上年度销售收入（E2：「待定」改为「1000」）" in changes
    assert "甲机械有限公司的联系电话有改动" in changes and "139" not in changes
    assert "丙机械有限公司" in changes and "丁机械有限公司" in changes
    assert set(results.totals["company"]) == {*NAMES, "丁机械有限公司"}
    assert "零报送" not in "".join(results.files["remark"])


def test_the_sheets_that_a_copy_left_out_stay():
    """A workbook of two companies' forms, of which only one was corrected and sent back."""
    book = openpyxl.load_workbook(io.BytesIO(WRONG))
    both = openpyxl.load_workbook(io.BytesIO(form(NAMES[1])))
    target = book.create_sheet("乙")
    for row in both.worksheets[0].iter_rows():
        for cell in row:
            if cell.value is not None:
                target[cell.coordinate] = cell.value
    stream = io.BytesIO()
    book.save(stream)
    original = stream.getvalue()
    material = {LIST: FIRST[LIST], f"{HERE}/合并.xlsx": original}
    results = computed(material | {f"{HERE}/改.xlsx": copy_of(original, content=WRONG, **MENDED)})
    assert errors(results) == [] and set(results.totals["status"]) == {"已排名"}


def test_a_decision_may_still_choose_the_original():
    material = FIRST | {f"{HERE}/改好.xlsx": copy_of(WRONG, **{cell_of("research"): 3})}
    decided = {WORKBOOK_NAME: decisions(采用文件=f"{NAMES[0]}|{FORM}")}
    results = computed(material | decided)
    assert not raised(results, "X22") and "V01" in errors(results) and "D01" not in errors(results)


# -------------------------------------------------------------------- forged


def unmoved(material: dict[str, bytes]) -> None:
    """What the forged copy is about counts as before, and is said to be nothing's original."""
    results = computed(material)
    assert not raised(results, "X22") and "V01" in errors(results)


FORGED = copy_of(WRONG, **MENDED)


@pytest.mark.parametrize("path", [f"{THERE}/x.xlsx", "杭州市/余杭区/x.xlsx", "杭州市/x.xlsx", "x.xlsx", "资料/x.xlsx"])
def test_a_copy_in_another_place_supersedes_nothing(path: str):
    unmoved(FIRST | {path: FORGED})


def test_a_copy_in_an_archive_supersedes_nothing_outside_of_it():
    unmoved(FIRST | {"上城区.zip/x.xlsx": FORGED})


def test_another_companys_form_made_on_a_copy_supersedes_nothing():
    """As a template, or with a forged property: both companies keep their forms."""
    other = copy_of(WRONG, content=form(NAMES[1], answers={"research": (1, 4)}))
    material = FIRST | {f"{HERE}/乙.xlsx": other}
    unmoved(material)
    results = computed(material)
    assert research(results, NAMES[1]) == 1 and not raised(results, "X05")


def test_another_list_made_on_a_copy_supersedes_nothing():
    second = nomination(nominated(1, "丙机械有限公司", revenue="5"), nominated(2, "丁机械有限公司", revenue="6"))
    material = FIRST | {f"{HERE}/第二批.xlsx": copy_of(FIRST[LIST], content=second)}
    unmoved(material)
    assert len(computed(material).totals) == 4


@pytest.mark.parametrize("property_", ["", "x" * 64, "A" * 64, "0" * 64])
def test_a_property_that_names_no_file_does_nothing(property_: str):
    book = openpyxl.load_workbook(io.BytesIO(WRONG))
    book.custom_doc_props.append(StringProperty(name=f"{ORIGINAL_PROPERTY}1", value=property_))
    stream = io.BytesIO()
    book.save(stream)
    results = computed(FIRST | {FORM: stream.getvalue()})
    assert not raised(results, "X22") and "V01" in errors(results)


def test_a_file_that_says_it_is_its_own_original_stays():
    content = copy_of(WRONG)
    results = computed(FIRST | {FORM: content, f"{HERE}/z.xlsx": content})
    assert not raised(results, "X22") and "V01" in errors(results) and len(results.totals) == 2


def test_nobodys_files_supersede_each_other_only_where_all_is_the_same_company():
    loose = {"附件2.xlsx": FIRST[LIST], "甲.xlsx": WRONG, "乙.xlsx": FIRST[f"{HERE}/乙.xlsx"]}
    assert len(raised(computed(loose | {"甲（改）.xlsx": FORGED}), "X22")) == 1
    other = copy_of(WRONG, content=form(NAMES[0], county="余杭区"))
    assert not raised(computed(loose | {"甲（改）.xlsx": other}), "X22")
    for path in ("其他材料.zip/甲（改）.xlsx", "a.zip/b/甲.xlsx"):
        assert not raised(computed(loose | {path: FORGED}), "X22")
