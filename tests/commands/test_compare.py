"""What moved between two results and why is named, after a corrected file is taken in and before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest

from pipeline import run
from pipeline.commands import compare as story
from pipeline.model.changes import Comparison
from pipeline.model.rulebook import Cut, Rulebook
from pipeline.model.rulebook_file import RulebookError, build_rulebook
from pipeline.stages.cuts import cut_lines, inside
from pipeline.writers.problems.comparison import lines_of
from tests.support.arrivals import computed, form, laid_out, nominated, nomination
from tests.support.command_line import Said

pytestmark = pytest.mark.slow

HERE = "杭州市/上城区"
NAMES = ("杭州甲公司", "杭州乙公司", "杭州丙公司", "杭州丁公司")


def province(**answers: Mapping[str, tuple]) -> dict[str, bytes]:
    """Four companies of one county; 甲 first, 丁 last, unless `answers` (by company) says otherwise."""
    typed = {name: {"research": (8 - 2 * position, 10)} for position, name in enumerate(NAMES)}
    for name, given in answers.items():
        typed[name] = {**typed.get(name, {}), **given}
    files = {f"{HERE}/{name}.xlsx": form(name, answers=entry) for name, entry in typed.items()}
    rows = [nominated(number, name) for number, name in enumerate(typed, start=1)]
    return {f"{HERE}/附件2.xlsx": nomination(*rows), **files}


def sheets_of(path: Path) -> list[str]:
    return openpyxl.load_workbook(path, read_only=True).sheetnames


@pytest.fixture
def compared(tmp_path: Path, rulebook: Rulebook) -> Callable[..., Comparison]:
    def of(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Comparison:
        for name, files in (("a", before), ("b", after)):
            run.report(laid_out(tmp_path / f"in_{name}", files), tmp_path / name, rulebook, run.Options(1))
        return story.compare_folders(tmp_path / "a", tmp_path / "b", rulebook)

    return of


def test_the_same_results_differ_in_nothing(compared: Callable[..., Comparison], rulebook: Rulebook):
    comparison = compared(province(), province())
    assert comparison == Comparison(companies=4)
    assert len(lines_of(comparison, rulebook)) == 1


def test_a_changed_cell_is_the_cause_of_every_move(compared: Callable[..., Comparison]):
    comparison = compared(province(), province(杭州丁公司={"research": (9, 10)}))
    assert [tuple(change) for change in comparison.files] == [(f"{HERE}/杭州丁公司.xlsx", "changed")]
    change, derived = comparison.answers
    assert (change.company, change.indicator, change.part, change.before, change.after) == (
        "杭州丁公司",
        "research",
        "N",
        2,
        9,
    )
    assert (derived.indicator, derived.part, derived.after - derived.before) == ("system_synergy", "M", 7)
    assert change.where_after == change.where_before and change.where_after.file == f"{HERE}/杭州丁公司.xlsx"
    moves = {move.company: move for move in comparison.rank_changes}
    assert {name: (move.rank_before, move.rank_after) for name, move in moves.items()} == {
        "杭州甲公司": (1, 2),
        "杭州乙公司": (2, 3),
        "杭州丙公司": (3, 4),
        "杭州丁公司": (4, 1),
    }
    assert moves["杭州丁公司"].gained == 3 and moves["杭州丁公司"].answers == (change, derived)
    assert all(moves[name].passed == ("杭州丁公司",) and not moves[name].answers for name in NAMES[:3])
    assert set(moves["杭州丁公司"].passed) == set(NAMES[:3])
    assert "research" in moves["杭州甲公司"].bands
    (county,) = comparison.counties
    assert (county.county, county.gained, county.lost, county.came, county.left) == ("上城区", 1, 3, 0, 0)
    crossed = {(entry.company, entry.line, entry.came) for entry in comparison.crossings}
    assert ("杭州丁公司", "前四分之一", True) in crossed and ("杭州甲公司", "前四分之一", False) in crossed


def test_a_company_that_comes_and_one_that_goes(compared: Callable[..., Comparison]):
    without = {path: content for path, content in province().items() if "丙" not in path}
    rows = [
        nominated(1, "杭州甲公司"),
        nominated(2, "杭州乙公司"),
        nominated(3, "杭州丁公司"),
        nominated(4, "杭州戊公司"),
    ]
    after = {**without, f"{HERE}/附件2.xlsx": nomination(*rows), f"{HERE}/戊.xlsx": form("杭州戊公司")}
    comparison = compared(province(), after)
    moves = {move.company: move for move in comparison.moves}
    assert (moves["杭州丙公司"].status_before, moves["杭州丙公司"].status_after) == ("已排名", "")
    assert (moves["杭州戊公司"].status_before, moves["杭州戊公司"].status_after) == ("", "已排名")
    kinds = {change.path.rpartition("/")[2]: change.kind for change in comparison.files}
    assert kinds == {"附件2.xlsx": "changed", "戊.xlsx": "added", "杭州丙公司.xlsx": "removed"}


def test_an_answer_that_becomes_an_error_and_its_issue(compared: Callable[..., Comparison]):
    comparison = compared(province(), province(杭州丁公司={"research": ("待定", 10)}))
    change = comparison.answers[0]
    assert (change.indicator, change.before, change.after) == ("research", 2, None)
    move = next(move for move in comparison.moves if move.company == "杭州丁公司")
    assert (move.status_before, move.status_after, move.rank_after) == ("已排名", "暂排", None)
    assert {identifier[:3] for identifier in comparison.issues_new} == {"V01", "V28"} and comparison.issues_solved == ()


def test_another_ruling_and_its_decision_are_named(compared: Callable[..., Comparison]):
    from tests.support.decisions import decisions

    signed = decisions(规则确认="bands|quarters|会议纪要")
    comparison = compared(province(), {**province(), "人工决定.xlsx": signed})
    ((ruling, _, adopted),) = comparison.rules
    assert (ruling, adopted) == ("ruling.bands", "quarters")
    assert len(comparison.decisions_added) == 1 and "四等各占四分之一" in comparison.decisions_added[0]


# ---------------------------------------------------------------- impact


def test_the_impact_is_the_later_comparison(pipeline: Callable[..., Said], tmp_path: Path, rulebook: Rulebook):
    root = laid_out(tmp_path / "in", province())
    corrected = tmp_path / "杭州丁公司.xlsx"
    corrected.write_bytes(form("杭州丁公司", answers={"research": (9, 10)}))
    foreseen, file_by_path = story.impact(root, [str(corrected)], rulebook, run.Options(1))
    assert file_by_path == {f"{HERE}/杭州丁公司.xlsx": corrected}
    said = pipeline("impact", root, "--with", corrected, "--xlsx", tmp_path / "变动.xlsx")
    assert said.code == 0 and "第 4 名 → 第 1 名" in said.out
    assert sheets_of(tmp_path / "变动.xlsx") == ["与上次相比", "名次变动", "数字变动"]
    assert (foreseen.final, foreseen.demo) == (False, False)
    second = tmp_path / "杭州丙公司.xlsx"
    second.write_bytes(form("杭州丙公司", answers={"research": (7, 10)}))
    both = [
        pipeline("impact", root, *words)
        for words in (
            ("--with", corrected, second),
            ("--with", corrected, "--with", second),
        )
    ]
    assert both[0] == both[1] and both[0].code == 0 and "变动的文件：2" in both[0].out
    run.report(root, tmp_path / "a", rulebook, run.Options(1))
    (root / HERE / "杭州丁公司.xlsx").write_bytes(corrected.read_bytes())
    run.report(root, tmp_path / "b", rulebook, run.Options(1))
    assert story.compare_folders(tmp_path / "a", tmp_path / "b", rulebook) == foreseen


def test_a_file_of_no_known_name_is_new_and_one_of_many_is_asked_for(tmp_path: Path, rulebook: Rulebook):
    results = computed({**province(), "宁波市/海曙区/附件2.xlsx": nomination(nominated(1, "宁波甲公司", "海曙区"))})
    file = laid_out(tmp_path, {"新.xlsx": b"x", "附件2.xlsx": b"x"})
    assert story.paths_taken([str(file / "新.xlsx")], results.files) == {"新.xlsx": file / "新.xlsx"}
    with pytest.raises(story.Misplaced, match="海曙区"):
        story.paths_taken([str(file / "附件2.xlsx")], results.files)
    named = story.paths_taken([f"宁波市/海曙区/附件2.xlsx={file / '新.xlsx'}"], results.files)
    assert named == {"宁波市/海曙区/附件2.xlsx": file / "新.xlsx"}
    with pytest.raises(story.Misplaced):
        story.paths_taken([str(file / "没有.xlsx")], results.files)


# ---------------------------------------------------------------- report --previous


def test_a_report_tells_what_moved_since_the_last(pipeline: Callable[..., Said], tmp_path: Path):
    root = laid_out(tmp_path / "in", province())
    pipeline("report", root, "--output", tmp_path / "a")
    (root / HERE / "杭州丁公司.xlsx").write_bytes(form("杭州丁公司", answers={"research": (9, 10)}))
    assert pipeline("report", root, "--output", tmp_path / "b", "--previous", tmp_path / "a").code == 0
    assert sheets_of(tmp_path / "b" / "问题清单.xlsx")[-3:] == ["与上次相比", "名次变动", "数字变动"]
    assert '"previous"' in (tmp_path / "b" / "数据" / "manifest.json").read_text("utf-8")
    pipeline("report", root, "--output", tmp_path / "c")
    assert "与上次相比" not in sheets_of(tmp_path / "c" / "问题清单.xlsx")
    assert pipeline("report", root, "--output", tmp_path / "d", "--previous", root).code == 2


# ---------------------------------------------------------------- cut lines


def test_cut_lines_of_the_rulebook_or_quartiles(rulebook: Rulebook):
    assert [line.rank for line in cut_lines(10, rulebook)] == [3, 5, 8]
    assert cut_lines(0, rulebook) == ()
    cuts = (Cut(label="前 2 名", within="county", place=2), Cut(label="50 分", within="province", score="50"))
    lines = cut_lines(10, rulebook.model_copy(update={"cuts": cuts}))
    assert [(line.label, line.within, line.rank, line.score) for line in lines] == [
        ("前 2 名", "county", 2, None),
        ("50 分", "province", None, 50.0),
    ]
    totals = computed(province()).totals
    assert inside(totals, lines[0], 9).tolist() == [True, True, False, False]
    points = totals["total"].tolist()
    assert inside(totals, lines[1], 9).tolist() == [value >= 50 for value in points]


def test_a_cut_is_a_place_or_a_score(rulebook_entries: dict):
    for wrong in ({"label": "线", "within": "city"}, {"label": "线", "within": "city", "place": 3, "score": 60}):
        with pytest.raises(RulebookError):
            build_rulebook({**rulebook_entries, "cuts": [wrong]})
    assert (
        build_rulebook({**rulebook_entries, "cuts": [{"label": "线", "within": "city", "place": 3}]}).cuts[0].place == 3
    )


def test_a_workbook_of_its_own_says_the_day_of_the_later_result(tmp_path: Path, rulebook: Rulebook):
    outputs = []
    for day in ("2024-06-01", "2024-06-02"):
        outputs.append(tmp_path / day)
        run.report(laid_out(tmp_path / "in", province()), outputs[-1], rulebook, run.Options(1, day))
    path = tmp_path / "比较.xlsx"
    story.write_workbook(path, story.compare_folders(*outputs, rulebook), rulebook)
    assert openpyxl.load_workbook(path).properties.created.date().isoformat() == "2024-06-02"
