"""人工决定.xlsx: every kind of decision does what it says and nothing else. It counts only when it is signed, up to date
and in the right file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from pipeline import run
from pipeline.issues.catalogue import CATALOGUE
from pipeline.model.company_files import short_names
from pipeline.model.decisions import NAMED_FILE, SHEETS, SUGGESTIONS_NAME, WORKBOOK_NAME
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.model.stamps import OUTPUT_PROPERTY, OUTPUT_PROPERTY_VALUE
from pipeline.readers.formats.xlsx import read_workbook
from pipeline.readers.settling import decision_kinds
from pipeline.writers.problems.suggestions import ready_rows
from tests.support.arrivals import cells, form, laid_out, nominated, nomination
from tests.support.decisions import HEADERS, SIGN, decisions
from tests.support.workbooks import workbook

HERE = "杭州市/上城区"
FILES = {
    f"{HERE}/附件2.xlsx": nomination(nominated(1, "甲公司"), nominated(2, "乙公司")),
    f"{HERE}/甲.xlsx": form("甲公司"),
    f"{HERE}/乙.xlsx": form("乙公司"),
}


@pytest.fixture
def outcome(tmp_path: Path, rulebook: Rulebook):
    def of(files: dict[str, bytes], path: str = WORKBOOK_NAME, named: Path | None = None, **sheets: str) -> Results:
        laid_out(tmp_path, files | ({path: decisions(**sheets)} if sheets else {}))
        return run.compute([tmp_path], rulebook, run.Options(1, decisions=named))

    of.root = tmp_path
    return of


def codes(results: Results) -> list[str]:
    return sorted(issue.code for issue in results.issues if CATALOGUE[issue.code].level == "错误" and issue.open_error)


def company(results: Results, name: str) -> dict:
    (row,) = results.totals[results.totals["company"] == name].to_dict("records")
    return row


def answer(results: Results, name: str, indicator: str) -> dict:
    scores = results.scores
    (row,) = scores[(scores["company"] == name) & (scores["indicator"] == indicator)].to_dict("records")
    return row


def test_every_sheet_has_a_meaning():
    kinds = [entry for entry in vars(decision_kinds).values() if isinstance(entry, decision_kinds.DecisionKind)]
    assert sorted(kind.sheet for kind in kinds) == sorted(sheet.name for sheet in SHEETS)
    quoting = {sheet.name for sheet in SHEETS if "raw" in {column.id for column in sheet.columns}}
    assert {kind.sheet for kind in kinds if kind.quoted} == quoting


def test_a_value_is_adopted_and_its_item_scored_again(outcome):
    files = FILES | {f"{HERE}/甲.xlsx": form("甲公司", answers={"research": ("待定", 4)})}
    assert codes(outcome(files)) == ["V01", "V28"] and company(outcome(files), "甲公司")["status"] == "暂排"
    results = outcome(files, 采用值="甲公司|研发|N|待定|3")
    row = answer(results, "甲公司", "research")
    assert codes(results) == [] and company(results, "甲公司")["status"] == "已排名"
    assert (row["n"], row["m"], row["self_score"]) == (3, 4, 3.75)
    (said,) = results.recognised[results.recognised["indicator"] == "research"].to_dict("records")
    assert (said["raw"], said["read"], said["adopted"]) == ("待定", "", "3")


def test_an_adopted_value_is_judged_like_a_typed_one(outcome):
    results = outcome(FILES, 采用值="甲公司|研发|N|2|9")
    assert codes(results) == ["V25", "V28"]


@pytest.mark.parametrize(
    ("part", "found", "value", "said"), [("M", 4, 10, []), ("N", 9, 3, []), ("M", 4, 8, ["V25", "V28"])]
)
def test_n_over_m_is_settled_by_either_of_the_two(outcome, part: str, found: int, value: int, said: list[str]):
    files = FILES | {f"{HERE}/甲.xlsx": form("甲公司", answers={"research": (9, 4)})}
    assert codes(outcome(files)) == ["V25", "V28"]
    assert codes(outcome(files, 采用值=f"甲公司|研发|{part}|{found}|{value}")) == said


@pytest.mark.parametrize("part", ["n", "Ｎ", "ｎ", " N "])
def test_the_letter_of_a_value_may_be_written_in_any_way(outcome, part: str):
    assert answer(outcome(FILES, 采用值=f"甲公司|研发|{part}|2|1"), "甲公司", "research")["n"] == 1


def test_a_decision_on_a_value_that_has_changed_is_stale(outcome):
    results = outcome(FILES, 采用值="甲公司|研发|N|7|3")
    assert codes(results) == ["D03"] and answer(results, "甲公司", "research")["n"] == 2


def test_one_name_for_another(outcome):
    files = FILES | {f"{HERE}/乙.xlsx": form("乙有限公司")}
    assert codes(outcome(files)) == ["X05"]
    assert codes(outcome(files, 企业对应="乙有限公司|乙公司")) == []


def test_a_form_without_a_name_by_its_file(outcome):
    files = FILES | {f"{HERE}/乙.xlsx": form("", sheet="Sheet1")}
    assert "T05" in codes(outcome(files))
    assert codes(outcome(files, 企业对应="乙|乙公司")) == []


def test_a_region_as_written(outcome):
    files = FILES | {f"{HERE}/附件2.xlsx": nomination(nominated(1, "甲公司", "上成区"), nominated(2, "乙公司"))}
    assert codes(outcome(files)) == ["T14"]
    results = outcome(files, 地区对应="上成区|上城区")
    assert codes(results) == [] and company(results, "甲公司")["county"] == "上城区"


def test_where_a_company_belongs(outcome):
    files = FILES | {f"{HERE}/附件2.xlsx": nomination(nominated(1, "甲公司", "余杭区"), nominated(2, "乙公司"))}
    assert codes(outcome(files)) == ["T15"]
    results = outcome(files, 归属="甲公司|杭州市余杭区")
    assert codes(results) == [] and company(results, "甲公司")["county"] == "余杭区"


def test_the_nomination_of_the_county_it_belongs_to_counts(outcome):
    other = "杭州市/余杭区/附件2.xlsx"
    files = FILES | {other: nomination(nominated(1, "甲公司", "余杭区", revenue="7000"))}
    assert codes(outcome(files)) == ["X20"]
    results = outcome(files, 归属="甲公司|余杭区")
    row = results.enterprises[results.enterprises["company"] == "甲公司"].iloc[0]
    assert (row["county"], row["revenue"], row["where"].file) == ("余杭区", 7000, other)


@pytest.mark.parametrize("other", ["0资料/附件2.xlsx", "杭州市/0资料/附件2.xlsx"])
@pytest.mark.parametrize("claimed", ["上城区", "余杭区"])
def test_of_a_company_with_a_decided_county_the_countys_own_row_counts(outcome, other: str, claimed: str):
    files = {other: nomination(nominated(1, "甲公司", claimed, revenue="7000"))} | FILES
    (row,) = [
        row for row in outcome(files, 归属="甲公司|上城区").enterprises.to_dict("records") if row["company"] == "甲公司"
    ]
    assert (row["county"], row["revenue"]) == ("上城区", 1000)


def test_which_of_two_forms_counts(outcome):
    files = FILES | {f"{HERE}/甲（新）.xlsx": form("甲公司", answers={"research": (1, 4)})}
    first = outcome(files)
    assert codes(first) == ["X10"]
    results = {file: outcome(files, 采用文件=f"甲公司|{HERE}/{file}") for file in ("甲.xlsx", "甲（新）.xlsx")}
    assert {file: answer(outcomes, "甲公司", "research")["n"] for file, outcomes in results.items()} == {
        "甲.xlsx": 2,
        "甲（新）.xlsx": 1,
    }
    assert all(codes(outcomes) == [] for outcomes in results.values())


def test_nothing_is_said_of_a_form_that_a_decision_leaves_aside(outcome):
    files = FILES | {f"{HERE}/甲（新）.xlsx": form("甲公司", answers={"research": ("待定", 4)})}
    assert codes(outcome(files, 采用文件=f"甲公司|{HERE}/甲.xlsx")) == []
    assert codes(outcome(files, 采用文件=f"甲公司|{HERE}/甲（新）.xlsx")) == ["V01", "V28"]


@pytest.mark.parametrize(("file", "n"), [("甲.xlsx", 2), ("甲（二）.xlsx", 1), ("甲（三）.xlsx", 3)])
def test_which_of_three_forms_counts(outcome, file: str, n: int):
    others = {
        f"{HERE}/甲（{name}）.xlsx": form("甲公司", answers={"research": (n, 4)}) for name, n in (("二", 1), ("三", 3))
    }
    results = outcome(FILES | others, 采用文件=f"甲公司|{HERE}/{file}")
    assert codes(results) == [] and answer(results, "甲公司", "research")["n"] == n


@pytest.mark.parametrize(("county", "revenue"), [("上城区", 1000), ("余杭区", 7000)])
def test_which_of_two_lists_counts(outcome, county: str, revenue: float):
    lists = {
        f"杭州市/{name}/附件2.xlsx": nomination(nominated(1, "丙公司", name, revenue=typed))
        for name, typed in (("上城区", "1000"), ("余杭区", "7000"))
    }
    assert "X08" in codes(outcome(lists))
    results = outcome(lists, 采用文件=f"丙公司|杭州市/{county}/附件2.xlsx")
    (row,) = results.enterprises.to_dict("records")
    assert (row["county"], row["revenue"]) == (county, revenue) and not {"X08", "D01"} & set(codes(results))


SECOND = f"{HERE}/甲（新）.xlsx"


@pytest.mark.parametrize(
    ("change", "files", "n", "said"),
    [
        ("nothing", {}, 1, []),
        (
            "the file was moved",
            {SECOND: None, f"{HERE}/更正/甲.xlsx": form("甲公司", answers={"research": (1, 4)})},
            1,
            [],
        ),
        ("another of its name came", {f"{HERE}/补/甲（新）.xlsx": form("甲公司", answers={"research": (3, 4)})}, 1, []),
        ("it was changed", {SECOND: form("甲公司", answers={"research": (3, 4)})}, 3, ["D13", "X10"]),
        ("it is gone", {SECOND: None}, 2, ["D13"]),
    ],
)
def test_a_file_chosen_by_its_short_name(outcome, change: str, files: dict, n: int, said: list[str]):
    both = FILES | {SECOND: form("甲公司", answers={"research": (1, 4)})}
    rivals = outcome(both).rivals["甲公司"]
    names = dict(zip((file.path for file in rivals), short_names(rivals), strict=True))
    now = {path: content for path, content in (both | files).items() if content is not None}
    for path in both.keys() - now.keys():
        (outcome.root / path).unlink()
    results = outcome(now, 采用文件=f"甲公司|{names[SECOND]}")
    assert answer(results, "甲公司", "research")["n"] == n and codes(results) == said
    assert [row["state"] for row in results.decisions] == (["没有起作用"] if said else ["已采用"])


def test_one_company_with_two_lists_and_two_forms_takes_two_decisions(outcome):
    lists = {
        f"杭州市/{name}/附件2.xlsx": nomination(nominated(1, "丙公司", name, revenue=typed))
        for name, typed in (("上城区", "1000"), ("余杭区", "7000"))
    }
    forms = {f"{HERE}/丙{n}.xlsx": form("丙公司", answers={"research": (n, 4)}) for n in (1, 2)}
    rivals = outcome(lists | forms).rivals["丙公司"]
    names = dict(zip((file.path for file in rivals), short_names(rivals), strict=True))
    chosen = [names["杭州市/上城区/附件2.xlsx"], names[f"{HERE}/丙1.xlsx"]]
    results = outcome(lists | forms, 采用文件="\n".join(f"丙公司|{name}" for name in chosen))
    assert codes(results) == [] and answer(results, "丙公司", "research")["n"] == 1
    assert results.enterprises["revenue"].tolist() == [1000]


def test_a_typed_name_that_fits_two_files_chooses_neither(outcome):
    files = FILES | {f"{HERE}/新/甲.xlsx": form("甲公司", answers={"research": (1, 4)})}
    results = outcome(files, 采用文件="甲公司|甲.xlsx")
    assert codes(results) == ["D13", "X10"] and results.decisions[0]["state"] == "没有起作用"


def test_a_decision_that_is_out_of_date_or_contradicted_is_listed_as_without_effect(outcome):
    for sheets in ({"采用值": "甲公司|研发|N|9|3"}, {"归属": "甲公司|上城区\n甲公司|余杭区"}):
        assert {row["state"] for row in outcome(FILES, **sheets).decisions} == {"没有起作用"}


@pytest.mark.parametrize("values", [(3, 1), (1, 3)])
def test_of_two_decisions_that_contradict_each_other_neither_counts(outcome, values: tuple[int, int]):
    results = outcome(FILES, 采用值="\n".join(f"甲公司|研发|N|2|{value}" for value in values))
    assert codes(results) == ["D04"] and answer(results, "甲公司", "research")["n"] == 2


def test_a_company_that_withdraws(outcome):
    results = outcome(FILES, 剔除="乙公司")
    assert company(results, "乙公司")["status"] == "已剔除" and company(results, "甲公司")["rank"] == 1
    assert answer(results, "甲公司", "research")["ranked"] == 1


def test_a_county_that_reports_nobody(outcome):
    results = outcome(FILES, 零报送="杭州市余杭区")
    assert ("杭州市", "余杭区") in results.nil_returns and codes(results) == []


def test_one_expert_under_two_names(outcome):
    items = "企业名称|信创应用示范|云原生应用情况"
    marks = {
        f"{number}.xlsx": workbook({name: f"{items}\n甲公司|{mark}|1"})
        for number, (name, mark) in enumerate([("张三", 3), ("张叁", 3)])
    }
    plain, decided = outcome(FILES | marks), outcome(FILES | marks, 专家对应="张叁|张三")
    assert set(plain.marks["expert"]) == {"张三", "张叁"} and set(decided.marks["expert"]) == {"张三"}


def test_an_issue_is_accepted_while_it_stands(outcome):
    files = FILES | {
        f"{HERE}/附件2.xlsx": nomination(nominated(1, "甲公司"), nominated(2, "乙公司"), nominated(3, "丙公司"))
    }
    (issue,) = [issue for issue in outcome(files).issues if issue.code == "X05"]
    results = outcome(files, 接受说明=f"{issue.id}||本次不补")
    assert codes(results) == [] and [entry.state for entry in results.issues if entry.id == issue.id] == ["已接受"]
    assert codes(outcome(files, 接受说明=f"{issue.id}|别的|本次不补")) == ["D03", "X05"]


def test_a_ruling_is_confirmed_or_replaced(outcome):
    results = outcome(FILES, 规则确认="item_score|half|会议纪要\nbands|quarters|会议纪要")
    assert codes(results) == [] and {"item_score", "bands"}.isdisjoint(
        ruling.id for ruling in results.rulebook.assumed_rulings
    )
    assert [str(band.share) for band in results.rulebook.bands] == ["0.25", "0.50", "0.75", "1.00"]


@pytest.mark.parametrize("written", ["id", "topic"])
def test_a_ruling_is_listed_by_its_topic_and_the_sentence_that_holds(outcome, rulebook: Rulebook, written: str):
    (ruling,) = [ruling for ruling in rulebook.rulings if ruling.id == "item_score"]
    (half,) = [alternative for alternative in ruling.alternatives if alternative.id == "half"]
    (row,) = outcome(FILES, 规则确认=f"{getattr(ruling, written)}|half|会议纪要").decisions
    assert (row["about"], row["decided"]) == (ruling.topic, f"{half.sentence}（依据：会议纪要）")


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        ({"企业对应": "没有的公司|甲公司"}, ["D01"]),
        ({"归属": "甲公司|火星区"}, ["D05"]),
        ({"采用值": "甲公司|研发|X|2|3"}, ["D05"]),
        ({"采用值": "甲公司|研发|N|2|很多"}, ["D05"]),
        ({"采用值": "甲公司|系统协同|M||3"}, ["D05"]),
        ({"规则确认": "bands|thirds|纪要"}, ["D05"]),
        ({"归属": "甲公司|上城区\n甲公司|余杭区"}, ["D04"]),
        ({"剔除": "不存在的公司"}, ["D01"]),
        ({"接受说明": "X05-AAAAAA||说明"}, ["D01"]),
    ],
)
def test_decisions_that_do_not_hold(outcome, sheets, expected):
    assert codes(outcome(FILES, **sheets)) == expected


def test_a_decision_on_an_unknown_rule_is_told_which_rules_there_are(outcome, rulebook: Rulebook):
    (issue,) = [issue for issue in outcome(FILES, 规则确认="谁先到|按名次|纪要").issues if issue.code == "D05"]
    assert issue.found == "谁先到" and all(f"“{ruling.topic}”" in str(issue.facts) for ruling in rulebook.rulings)


@pytest.mark.parametrize(("value", "stays"), [("20000000", True), ("057188880000", False)])
def test_a_decided_figure_stays_and_a_phone_in_its_cell_does_not(outcome, value: str, stays: bool):
    (row,) = outcome(FILES, 采用值=f"甲公司|研发|N||'{value}").decisions
    assert (row["decided"] == value) == stays and (stays or "****" in row["decided"])


@pytest.mark.parametrize(("issue", "stays"), [("V11", True), ("P05", True), ("X05", False), ("T05", False)])
def test_what_an_accepted_issue_quotes_is_a_figure_where_the_issue_is_about_one(outcome, issue: str, stays: bool):
    """Eight digits may be a telephone number anywhere else."""
    (row,) = outcome(FILES, 接受说明=f"{issue}-AAAAAA|'20000000|说明").decisions
    assert ("20000000" in row["about"]) == stays and (stays or "****" in row["about"])


@pytest.mark.parametrize(
    "sheets", [{"剔除": "88880000公司"}, {"采用值": "88880000公司|研发|N||3"}, {"采用值": "88880000|研发|N||3"}]
)
def test_a_number_in_a_name_is_no_figure_whatever_is_decided_of_it(outcome, sheets: dict[str, str]):
    (row,) = outcome(FILES, **sheets).decisions
    assert "88880000" not in str(row) and "****" in str(row)


def test_unsigned_rows_do_not_count(outcome):
    files = FILES | {WORKBOOK_NAME: workbook({"剔除": f"{HEADERS['剔除']}\n乙公司|批示||2024-05-20\n甲公司|||"})}
    results = outcome(files)
    assert codes(results) == ["D02"] and set(results.totals["status"]) == {"已排名"}


@pytest.mark.parametrize("path", [f"{HERE}/{WORKBOOK_NAME}", f"材料/{WORKBOOK_NAME}", "我的决定.xlsx"])
def test_decisions_elsewhere_do_not_count(outcome, path):
    results = outcome(FILES, path, 剔除="乙公司")
    assert codes(results) == ["D07"] and set(results.totals["status"]) == {"已排名"}


def test_a_file_that_was_named_counts_and_the_other_does_not(outcome, tmp_path: Path):
    named = tmp_path.with_name(f"{tmp_path.name}.xlsx")
    named.write_bytes(decisions(剔除="乙公司"))
    results = outcome(FILES, named=named, 剔除="甲公司")
    assert company(results, "乙公司")["status"] == "已剔除" and company(results, "甲公司")["status"] == "已排名"
    (issue,) = [issue for issue in results.issues if issue.code[0] == "D"]
    assert issue.code == "D06" and named.name in issue.facts["other"]


def zipped(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, each in files.items():
            archive.writestr(name, each)
    return content.getvalue()


FORGED = f"{NAMED_FILE}决定.xlsx"  # as the one that was named is called in lists


@pytest.mark.parametrize(
    "path", [FORGED, f"{HERE}/{FORGED}", f"材料/{FORGED}", "a.zip", f"{HERE}/a.zip", f"{HERE}/{NAMED_FILE}/决定.xlsx"]
)
@pytest.mark.parametrize("is_named", [True, False])
def test_no_file_is_the_one_that_was_named_by_its_path(outcome, tmp_path: Path, path: str, is_named: bool):
    named = tmp_path.with_name(f"{tmp_path.name}_") / "决定.xlsx"
    named.parent.mkdir()
    named.write_bytes(decisions(剔除="乙公司"))
    forged = decisions(剔除="甲公司")
    content = zipped(**{FORGED: forged, WORKBOOK_NAME: forged}) if path.endswith(".zip") else forged
    results = outcome(FILES | {path: content}, named=named if is_named else None)
    assert company(results, "甲公司")["status"] == "已排名"
    assert company(results, "乙公司")["status"] == ("已剔除" if is_named else "已排名")
    refused = [issue for issue in results.issues if issue.code in ("D06", "D07")]
    assert len(refused) == (2 if path.endswith(".zip") else 1)
    paths = list(results.files["path"])
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("path", ["我的决定.xlsx", WORKBOOK_NAME, f"{HERE}/决定.xlsx", FORGED])
def test_a_file_of_the_input_may_be_named(outcome, tmp_path: Path, path: str):
    """It has one line, under its own path, and nothing else counts."""
    other = {} if path == WORKBOOK_NAME else {WORKBOOK_NAME: decisions(剔除="甲公司")}
    results = outcome(FILES | other | {path: decisions(剔除="乙公司")}, named=tmp_path / path)
    assert company(results, "乙公司")["status"] == "已剔除" and company(results, "甲公司")["status"] == "已排名"
    assert list(results.files["path"]).count(path) == 1
    assert [issue.code for issue in results.issues if issue.code[0] == "D"] == (["D06"] if other else [])


def test_suggestions_are_ready_rows_that_never_count(outcome, tmp_path: Path, rulebook: Rulebook):
    files = FILES | {f"{HERE}/甲.xlsx": form("甲公司", answers={"research": ("待定", 4)})}
    laid_out(tmp_path / "in", files)
    run.report(tmp_path / "in", tmp_path / "out", rulebook, run.Options(1))
    content = (tmp_path / "out" / SUGGESTIONS_NAME).read_bytes()
    grids = {grid.name: grid for grid in read_workbook(content).grids}
    assert [grids["采用值"].text_at((2, column)) for column in range(1, 6)] == ["甲公司", "研发", "N", "待定", ""]
    assert {sheet.name for sheet in SHEETS} <= grids.keys()
    assert len([row for row in grids["规则确认"].rows if row > 1]) == len(rulebook.assumed_rulings)
    results = outcome(files | {SUGGESTIONS_NAME: content, WORKBOOK_NAME: content})
    assert codes(results) == ["V01", "V28"] and results.decisions == []


def test_every_decision_is_listed(outcome, tmp_path: Path, rulebook: Rulebook):
    laid_out(tmp_path / "in", FILES | {WORKBOOK_NAME: decisions(剔除="乙公司")})
    run.report(tmp_path / "in", tmp_path / "out", rulebook, run.Options(1))
    for name in ("附件2_推荐排序表.xlsx", "审计底稿.xlsx"):
        texts = {
            grid.text_at(cell)
            for grid in read_workbook((tmp_path / "out" / name).read_bytes()).grids
            for cell in grid.cells
        }
        assert {"剔除", "乙公司", "领导批示"} <= texts, name
    for name in ("报告.html", "数据/manifest.json"):
        assert "乙公司" in (tmp_path / "out" / name).read_text(encoding="utf-8")


# ---------------------------------------------------------------- a filled-in copy of the suggestions

STAMPED = {OUTPUT_PROPERTY: OUTPUT_PROPERTY_VALUE}


def copied(**sheets: str) -> bytes:
    """A copy of 人工决定_建议: sheet name → rows, signed or not."""
    return workbook(
        {"怎样使用": "…"} | {name: f"{HEADERS[name]}\n{rows}" for name, rows in sheets.items()}, properties=STAMPED
    )


def read_again(outcome, content: bytes, path: str = WORKBOOK_NAME) -> Results:
    return outcome(FILES | {path: content})


def test_signed_rows_of_a_filled_in_copy_of_the_suggestions_count(outcome):
    ready = "V01-AAAAAA|待定|县里说明过"
    results = read_again(outcome, copied(剔除=f"甲公司|{SIGN}\n乙公司", 接受说明=ready, 采用值="乙公司|研发|N|2"))
    assert company(results, "甲公司")["status"] == "已剔除" and company(results, "乙公司")["status"] == "已排名"
    assert codes(results) == [] and results.files["kind"].tolist().count("decisions") == 1


def test_a_half_signed_row_of_a_copy_is_said(outcome):
    results = read_again(
        outcome, copied(剔除="甲公司|领导批示||2024-05-20\n乙公司|||", 采用值=f"乙公司|研发|N|2||{SIGN}")
    )
    assert codes(results) == ["D02", "D02"] and company(results, "甲公司")["status"] == "已排名"
    assert sorted(cells(results.issues, "D02")) == ["A2", "A2"]


@pytest.mark.parametrize(
    ("sheet", "row"),
    [
        ("采用值", "甲公司|研发|N|2|3"),
        ("归属", "甲公司|余杭区"),
        ("企业对应", "甲公司|乙公司"),
        ("采用文件", "甲公司|甲.xlsx"),
        ("规则确认", "并列名次|并列取平均名次（1.5、1.5、3）|"),
        ("规则确认", "并列名次||会议纪要"),
    ],
)
def test_a_ready_row_that_was_decided_and_not_signed_is_said(outcome, sheet: str, row: str):
    results = read_again(outcome, copied(**{sheet: row}))
    assert codes(results) == ["D02"] and results.decisions == []


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        (SUGGESTIONS_NAME, "own_output", []),
        ("人工决定_甲.xlsx", "decisions", ["D07"]),
        (f"{HERE}/人工决定.xlsx", "decisions", ["D07"]),
    ],
)
def test_a_signed_copy_elsewhere_counts_no_more_than_another(outcome, path, kind, said):
    results = read_again(outcome, copied(剔除=f"甲公司|{SIGN}"), path)
    assert codes(results) == said and company(results, "甲公司")["status"] == "已排名"
    assert kind in results.files["kind"].tolist()


def test_a_copy_that_nobody_signed_is_an_output(outcome):
    results = read_again(outcome, copied(剔除="甲公司", 接受说明="V01-AAAAAA|待定|县里说明过"))
    assert codes(results) == [] and results.files["kind"].tolist().count("own_output") == 1


# ---------------------------------------------------------------- 日期


@pytest.mark.parametrize("day", ["2024-06-01", "2024/6/1", "2024年6月1日", "2024.6.1", "20240601", "２０２４－６－１"])
def test_a_date_as_people_write_it(outcome, day: str):
    content = workbook({"剔除": f"{HEADERS['剔除']}\n甲公司|领导批示|王处长|'{day}"})
    assert company(read_again(outcome, content), "甲公司")["status"] == "已剔除"


def test_a_date_cell_is_listed_as_a_date(outcome):
    sheet = f"{HEADERS['剔除']}\n甲公司|领导批示|王处长|45444"
    results = read_again(outcome, workbook({"剔除": sheet}, formats={"D2": "yyyy/m/d"}))
    assert [row["date"] for row in results.decisions] == ["2024-06-01"] and company(results, "甲公司")[
        "status"
    ] == "已剔除"


@pytest.mark.parametrize("day", ["昨天", "2024-13-01", "2024-02-30", "45444", "6月1日", "2024"])
def test_what_is_no_date_is_said(outcome, day: str):
    results = read_again(outcome, workbook({"剔除": f"{HEADERS['剔除']}\n甲公司|领导批示|王处长|{day}"}))
    assert codes(results) == ["D02"] and cells(results.issues, "D02") == ["A2"]
    assert company(results, "甲公司")["status"] == "已排名"


# ---------------------------------------------------------------- what accepting does not do


def test_a_ready_row_says_that_accepting_leaves_the_item_unscored(outcome, rulebook: Rulebook):
    labels = {item.id: item.label for item in rulebook.indicators}
    files = FILES | {f"{HERE}/甲.xlsx": form("甲公司", answers={"research": ("待定", 4)}), f"{HERE}/丙.xlsx": b""}
    results = outcome(files)
    issues = [issue._replace(statement="没有错" if issue.code == "V01" else "") for issue in results.issues]
    about = {cells["id"][:3]: about for kind, cells, about in ready_rows(issues, labels) if kind == "接受说明"}
    assert "不计分" in about["V01"] and "不计分" not in about["F19"]
