"""A returned folder can be handed in again: corrected copies are read, explanations appear beside their issues, ids stay
the same, and nothing of the earlier round is left."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest

from pipeline import run
from pipeline.issues.catalogue import ASSESSMENT_MISSING, CATALOGUE
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.decisions import SUGGESTIONS_NAME
from pipeline.model.records import Statement
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.stages.statements import explain
from pipeline.writers.layout.county_issues import OwnMaterial, county_issues
from tests.support.arrivals import computed, form, laid_out, nominated, nomination, one
from tests.support.containers import locked
from tests.support.workbooks import rows_of, workbook

pytestmark = pytest.mark.slow

HERE, THERE = "杭州市/上城区", "宁波市/鄞州区"
LIST, FORM = f"{HERE}/附件2.xlsx", f"{HERE}/甲.xlsx"
WRONG = {"research": ("待定", 4), "office": (5, 3), "cloud_storage": ("500GB", 4)}
FIRST = {
    LIST: nomination(nominated(1, "杭州甲公司"), nominated(2, "杭州乙公司")),
    FORM: form("杭州甲公司", answers=WRONG),
    f"{THERE}/附件2.xlsx": nomination(nominated(1, "宁波丁公司", "鄞州区")),
    f"{THERE}/附件1.xlsx": form("宁波丁公司", "鄞州区", city="宁波市", answers={"research": ("待定", 4)}),
}
ABOUT = ("V25", "设备已报废，系统还在用")
MARKS = ("FFFFC9CE", "FFFFEB9D")


def edited(content: bytes, answers: Mapping[str, str] | None = None, **cells: object) -> bytes:
    """A workbook as another program saves it: 情况说明 by the beginning of an id, and cells of the sheet 附件1."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    listed = book["问题清单"]
    header = next(row for row in listed.iter_rows() if any(cell.value == "情况说明" for cell in row))
    columns = {cell.value: cell.column for cell in header}
    for row in range(header[0].row + 1, listed.max_row + 1):
        identifier = str(listed.cell(row, columns["编号"]).value or "")
        if answer := next((text for start, text in (answers or {}).items() if identifier.startswith(start)), ""):
            listed.cell(row, columns["情况说明"]).value = answer
    for address, value in cells.items():
        book["附件1"][address] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


class Round:
    """One run over what lies in the folder, and what came back to 上城区."""

    def __init__(self, folder: Path, files: Mapping[str, bytes], rulebook: Rulebook) -> None:
        self.output = folder / "out"
        self.results = run.report(laid_out(folder / "in", files), self.output, rulebook, run.Options(1))
        self.returned = self.output / "返还" / HERE
        self.ids = {issue.id for issue in self.results.issues if issue.county == "上城区"}

    def codes(self) -> list[str]:
        return sorted(identifier[:3] for identifier in self.ids)

    def copy(self, name: str = "杭州甲公司_1.xlsx") -> bytes:
        return (self.returned / "已标注" / name).read_bytes()

    def listed(self, path: Path, sheet: str = "问题清单") -> dict[str, str]:
        """id -> 情况说明 of a list."""
        return listed_in(path.read_bytes(), sheet)

    def remarks(self) -> str:
        return "；".join(self.results.files["remark"])


def listed_in(content: bytes, sheet: str = "问题清单") -> dict[str, str]:
    rows = [
        [str(cell.value or "") for cell in row]
        for row in openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows()
    ]
    header = next(row for row in rows if "编号" in row and "情况说明" in row)
    number, answer = header.index("编号"), header.index("情况说明")
    return {row[number]: row[answer] for row in rows[rows.index(header) + 1 :] if row[number][:1].isupper()}


def marks_in(content: bytes) -> dict[str, str]:
    """Cell -> colour of everything that is marked or has a note."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))["附件1"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    return {cell.coordinate: cell.fill.fgColor.rgb for cell in cells if cell.comment or cell.fill.fgColor.rgb in MARKS}


def cell_of(results: Results, code: str) -> str:
    return one((issue for issue in results.issues if issue.county == "上城区"), code).where.cell


@pytest.fixture(scope="module")
def rounds(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> list[Round]:
    """Three rounds of 上城区: handed in; the copy corrected in one place and explained in another; all mended."""
    first = Round(tmp_path_factory.mktemp("first"), FIRST, rulebook)
    copy = edited(first.copy(), dict([ABOUT]), **{cell_of(first.results, "V01"): 3})
    answer = edited((first.returned / "推荐排序结果.xlsx").read_bytes(), {"X05": "乙公司下周补报"})
    others = {path: content for path, content in FIRST.items() if path != FORM}
    second = Round(
        tmp_path_factory.mktemp("second"),
        others | {f"{HERE}/改好了.xlsx": copy, f"{HERE}/退回/结果.xlsx": answer},
        rulebook,
    )
    copy = edited(second.copy(), {"V05": "单位确为 GB"}, **{cell_of(second.results, "V25"): 2})
    more = {
        f"{HERE}/改好了.xlsx": copy,
        f"{HERE}/乙.xlsx": form("杭州乙公司", answers={"cloud_storage": (0, 4)}),
        f"{HERE}/退回/结果.xlsx": answer,
    }
    third = Round(tmp_path_factory.mktemp("third"), others | more, rulebook)
    return [first, second, third]


def test_solved_issues_vanish_and_open_ones_keep_their_number(rounds: list[Round]):
    first, second, third = rounds
    assert [each.codes() for each in rounds] == [["V01", "V05", "V25", "V28", "X05"], ["V05", "V25", "X05"], ["V05"]]
    assert third.ids < second.ids < first.ids


def test_a_corrected_copy_is_read_as_the_form_it_is(rounds: list[Round]):
    second = rounds[1].results
    files = second.files.set_index("path")
    assert (
        files.loc[f"{HERE}/改好了.xlsx", "kind"] == "assessment"
        and files.loc[f"{HERE}/退回/结果.xlsx", "kind"] == "own_output"
    )
    scores = second.scores[(second.scores["company"] == "杭州甲公司") & (second.scores["indicator"] == "research")]
    assert scores["n"].tolist() == [3]
    assert "未认出" not in rounds[1].remarks()


def test_each_round_marks_what_is_open_and_nothing_else(rounds: list[Round]):
    first, second, third = rounds
    for each, codes in ((first, ("V01", "V05", "V25", "V28")), (second, ("V05", "V25"))):
        assert marks_in(each.copy()) == {
            cell_of(each.results, code): MARKS[CATALOGUE[code].level == "提醒"] for code in codes
        }
    assert listed_in(second.copy()).keys() == {identifier for identifier in second.ids if identifier[0] == "V"}
    assert not (third.returned / "已标注").exists()


def test_an_explanation_stands_beside_its_issue_and_settles_nothing(rounds: list[Round]):
    second = rounds[1]
    beside = {issue.code: issue.statement for issue in second.results.issues if issue.statement}
    assert beside == {"V25": ABOUT[1], "X05": "乙公司下周补报"}
    assert all(issue.state == "待处理" for issue in second.results.issues)
    for path, sheet in ((second.output / "问题清单.xlsx", "明细"), (second.returned / "推荐排序结果.xlsx", "问题清单")):
        assert sorted(filter(None, second.listed(path, sheet).values())) == sorted(beside.values())
    assert listed_in(second.copy())[one(second.results.issues, "V25").id] == ABOUT[1]


def test_an_explanation_waits_in_the_ready_rows(rounds: list[Round]):
    sheet = openpyxl.load_workbook(rounds[1].output / SUGGESTIONS_NAME)["接受说明"]
    rows = {row[0].value: row[2].value for row in sheet.iter_rows(min_row=2)}
    assert {identifier[:3]: note for identifier, note in rows.items() if note} == {
        "V25": ABOUT[1],
        "X05": "乙公司下周补报",
    }


def test_an_explanation_of_what_is_settled_is_said_so_without_fault(rounds: list[Round]):
    third = rounds[2]
    assert "F15" not in third.codes() and "对应的问题已不存在" in third.remarks()
    assert [issue.statement for issue in third.results.issues if issue.code == "V05"] == ["单位确为 GB"]


def test_the_corrected_copy_counts_instead_of_the_original_beside_it(rounds: list[Round]):
    first = rounds[0]
    copy = edited(first.copy(), **{cell_of(first.results, "V01"): 3})
    results = computed(FIRST | {f"{HERE}/已标注/杭州甲公司_1.xlsx": copy}, day="2999-12-31")  # saved today
    said = one(results.issues, "X22")
    assert said.where.file == f"{HERE}/已标注/杭州甲公司_1.xlsx" and "研发 N" in said.facts["changes"]
    assert not {"V01", "X09", "X10"} & {issue.code for issue in results.issues if issue.county == "上城区"}
    untouched = computed(FIRST | {f"{HERE}/已标注/杭州甲公司_1.xlsx": first.copy()})
    assert one(untouched.issues, "X22").facts["changes"] == "内容没有改动"
    elsewhere = computed(FIRST | {"已标注/杭州甲公司_1.xlsx": copy})
    assert "X22" not in {issue.code for issue in elsewhere.issues}


# ---------------------------------------------------------------- where an explanation comes from


def answers(*rows: str) -> bytes:
    return workbook({"问题清单": "\n".join(["编号|怎么改|情况说明", *rows])})


@pytest.fixture(scope="module")
def identifier() -> str:
    return one(computed(FIRST).issues, "X05").id


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (f"{HERE}/x.xlsx", True),
        ("杭州市/x.xlsx", True),
        ("x.xlsx", False),
        ("上城区.zip/x.xlsx", False),
        (f"{HERE}/a.zip/x.xlsx", True),
        (f"{THERE}/x.xlsx", False),
        ("杭州市/余杭区/x.xlsx", False),
    ],
)
def test_one_county_cannot_speak_for_another(identifier: str, path: str, shown: bool):
    results = computed(FIRST | {path: answers(f"{identifier}|改|属实 13912345678")})
    assert one(results.issues, "X05").statement == ("属实 139****5678" if shown else "")
    said = [issue for issue in results.issues if issue.code == "F15"]
    assert len(said) == (not shown) and all(issue.found == identifier and issue.where.file == path for issue in said)


def test_a_copy_outside_any_folder_speaks_for_nobody(rounds: list[Round], identifier: str):
    alone = {path: content for path, content in FIRST.items() if path not in (FORM, f"{THERE}/附件1.xlsx")}
    theirs = Path(rounds[0].output / "返还" / THERE / "已标注/宁波丁公司_1.xlsx").read_bytes()
    book = openpyxl.load_workbook(io.BytesIO(theirs))
    book["问题清单"]["B5"], book["问题清单"].cell(5, 10).value = identifier, "不是我县的"
    stream = io.BytesIO()
    book.save(stream)
    results = computed(alone | {"丁.xlsx": stream.getvalue()})
    assert [issue.statement for issue in results.issues if issue.id == identifier] == [""]
    assert one(results.issues, "F15").county == ""


def test_spelling_of_the_number_does_not_matter(identifier: str):
    spelled = identifier.lower().replace("-", "－")
    assert one(computed(FIRST | {f"{HERE}/x.xlsx": answers(f" {spelled} |改|属实")}).issues, "X05").statement == "属实"


@pytest.mark.parametrize(
    ("number", "said"), [("", ["F15"]), ("X05-123", ["F15"]), ("Q77-ABCDEF", ["F15"]), ("X05-ABCDEF", [])]
)
def test_a_number_that_is_none_is_said(number: str, said: list[str]):
    issues = computed(FIRST | {f"{HERE}/x.xlsx": answers(f"{number}|改|属实")}).issues
    assert [issue.code for issue in issues if issue.code == "F15"] == said


def test_what_several_files_say_is_put_together():
    issue = Issue(
        ASSESSMENT_MISSING, Where("a.xlsx", "附件2", "C2"), "甲", city="杭州市", county="上城区", id="X05-AAAAAA"
    )
    texts = {"b": "属实", "a": "下周补", "c": "属实", "d": "下周补报"}
    entries = [Statement("X05-AAAAAA", text, Where(f"{name}.xlsx"), "杭州市", "上城区") for name, text in texts.items()]
    explained = explain([issue], reversed(entries))
    assert [entry.statement for entry in explained.issues] == ["属实；下周补报"]
    assert explained.said == [] and set(explained.remarks) == {"a.xlsx", "b.xlsx", "c.xlsx", "d.xlsx"}


# ---------------------------------------------------------------- what comes back in another shape


def lines(files: Mapping[str, bytes]) -> dict[str, tuple[str, list[str]]]:
    """Path -> kind and the codes of the file's issues, for the files that are not of the first round."""
    results = computed(FIRST | files)
    kinds = results.files.drop_duplicates("path").set_index("path")["kind"]
    return {path: (kinds[path], [issue.code for issue in results.issues if issue.where.file == path]) for path in files}


def test_a_returned_file_in_any_state_has_its_line(rounds: list[Round], identifier: str):
    returned = (rounds[0].returned / "推荐排序结果.xlsx").read_bytes()
    bare = openpyxl.load_workbook(io.BytesIO(returned))
    for row in bare["问题清单"].iter_rows():
        for cell in row:
            if cell.value in ("编号", "情况说明", "怎么改"):
                cell.value = None
    stream = io.BytesIO()
    bare.save(stream)
    files = {
        f"{HERE}/锁.xlsx": locked(returned, "secret"),
        f"{HERE}/改名.xlsx": returned,
        f"{HERE}/没表头.xlsx": stream.getvalue(),
        f"{HERE}/只有清单.xlsx": answers(f"{identifier}|改|属实"),
        f"{HERE}/面目全非.xlsx": workbook({"问题清单": "已改|谢谢"}),
    }
    assert lines(files) == {
        f"{HERE}/锁.xlsx": ("unreadable", ["F13"]),
        f"{HERE}/改名.xlsx": ("own_output", []),
        f"{HERE}/没表头.xlsx": ("own_output", ["F16"]),
        f"{HERE}/只有清单.xlsx": ("own_output", []),
        f"{HERE}/面目全非.xlsx": ("unrecognised", ["F03"]),
    }


def test_a_list_copied_into_a_form_does_not_hide_the_form(rounds: list[Round], identifier: str):
    listed = f"本表由“云上企业”汇总程序生成\n编号|怎么改|情况说明\n{identifier}|改|属实"
    rows = "序号|区县|企业名称|主营业务|推荐意见|编号|情况说明\n3|上城区|杭州丙公司|泵|推荐|1|自有品牌"
    results = computed(FIRST | {f"{HERE}/x.xlsx": workbook({"附件2": rows_of(rows), "问题清单": listed})})
    assert (
        "杭州丙公司" in set(results.totals["company"])
        and one((issue for issue in results.issues if issue.company == "杭州乙公司"), "X05").statement == "属实"
    )


def test_a_county_that_nobody_else_is_beside_comes_back(tmp_path: Path, rulebook: Rulebook):
    """The round trip of a county needs nothing of any other."""
    zone = {"湖州市/德清县/附件2.xlsx": nomination(nominated(1, "湖州戊公司", "德清县", revenue="待定"))}
    results = run.report(laid_out(tmp_path / "in", zone), tmp_path / "out", rulebook, run.Options(1))
    copy = (tmp_path / "out/返还/湖州市/德清县/已标注/附件2_1.xlsx").read_bytes()
    again = computed({"湖州市/德清县/已标注/附件2_1.xlsx": copy})
    assert [issue.id for issue in again.issues if issue.company] == [
        issue.id for issue in results.issues if issue.company
    ]


# ---------------------------------------------------------------- nothing that somebody wrote is lost


def texts_of(content: bytes, code: str) -> list[str]:
    results = computed(FIRST | {f"{HERE}/x.xlsx": content})
    return [issue.facts["texts"] for issue in results.issues if issue.code == code]


def test_what_met_no_issue_is_quoted_with_its_phones_masked(identifier: str):
    (said,) = texts_of(answers("X05-123|改|属实 13912345678", "|改|没有编号"), "F15")
    assert "属实 139****5678" in said and "没有编号" in said
    (said,) = texts_of(workbook({"问题清单": f"{identifier}|改|企业|已停产 13912345678"}), "F16")
    assert "已停产 139****5678" in said
    assert texts_of(workbook({"问题清单": f"{identifier}|改|企业"}), "F16") == [""]


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        (["{0}|改|||写错了栏"], "E2"),
        (["{0}|改|", "||", "另外说明：情况特殊"], "A4"),
        (["{0}|改||"], ""),
        (["{0}|改|属实|", "“已标注”文件夹里有标注好的副本 1 份，可直接在上面改正后报送。"], ""),
    ],
)
def test_what_stands_beside_or_below_the_column_is_quoted(identifier: str, rows: list[str], cells: str):
    content = answers(*(row.format(identifier) for row in rows))
    issues = [issue for issue in computed(FIRST | {f"{HERE}/x.xlsx": content}).issues if issue.code == "F21"]
    assert [issue.where.cell for issue in issues] == [cell for cell in [cells] if cell]
    assert all(issue.county == "上城区" and issue.facts["texts"] for issue in issues)


def test_a_returned_list_as_it_went_out_holds_nothing_of_anyones(rounds: list[Round]):
    for name in ("推荐排序结果.xlsx", "已标注/杭州甲公司_1.xlsx"):
        returned = (rounds[1].returned / name).read_bytes()
        results = computed({f"{HERE}/x.xlsx": returned})
        assert not [issue.code for issue in results.issues if issue.code in ("F16", "F21")]
    overwritten = edited(returned)
    book = openpyxl.load_workbook(io.BytesIO(overwritten))
    book["问题清单"]["L5"] = "在表的右边"
    stream = io.BytesIO()
    book.save(stream)
    (issue,) = [row for row in computed({f"{HERE}/x.xlsx": stream.getvalue()}).issues if row.code == "F21"]
    assert issue.where.cell == "L5"


def test_what_was_written_of_a_settled_issue_stays_in_the_list_of_files(rounds: list[Round]):
    assert "“乙公司下周补报”" in rounds[2].remarks()


def test_a_county_does_not_read_what_was_written_of_anothers_issue(identifier: str):
    results = computed(FIRST | {f"{THERE}/x.xlsx": answers(f"{identifier}|改|内情")})
    said = county_issues(results, OwnMaterial(results, "宁波市", "鄞州区"))
    (line,) = [line for line in said if line.code == "F15"]
    assert "内情" not in line.finding and line.cell == "C2" and "内情" in one(results.issues, "F15").facts["texts"]
