"""An expert who was handed companies and left some or all of them blank is named once, with how many; nobody else is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl

from pipeline import run
from pipeline.issues.issue import Issue
from pipeline.issues.words import finding_of
from pipeline.model.expert_answers import unfinished_experts
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.writers.audit.workbook import write_audit
from pipeline.writers.forms.expert_pack import PackCompany, write_pack
from pipeline.writers.problems.reminders import EXPERTS, Reminder, all_reminders
from tests.support.arrivals import computed, nominated, nomination
from tests.support.small_province import ITEMS
from tests.support.workbooks import workbook

NAMES = ("杭州甲公司", "杭州乙公司", "杭州丙公司")
LIST = {"杭州市/上城区/附件2.xlsx": nomination(*(nominated(number, name) for number, name in enumerate(NAMES, 1)))}
FULL, BLANK, HALF = "|1" * 6, "|" * 6, "|1|1|||1|"


def sheet(expert: str, *rows: str, headers: str = ITEMS) -> bytes:
    return workbook({"评分": "\n".join([f"专家：{expert}", f"企业名称|{headers}", *rows])})


def marked(*rows: str, **more: bytes) -> Results:
    """The results of a run with one sheet of 李四, and with more files of marks by name."""
    others = {f"专家评分/{name}.xlsx": content for name, content in more.items()}
    return computed({**LIST, "专家评分/李四.xlsx": sheet("李四", *rows), **others})


def found(results: Results) -> list[tuple[str, str, str]]:
    """Code, expert and number of companies of what is said about unanswered companies."""
    issues = [issue for issue in results.issues if issue.code in ("E22", "E23")]
    return [(issue.code, issue.found, issue.facts["count"]) for issue in issues]


def test_an_expert_who_marked_everything_is_not_named():
    assert found(marked(*(name + FULL for name in NAMES))) == []


def test_companies_left_blank_and_half_marked_are_counted():
    results = marked(NAMES[0] + FULL, NAMES[1] + BLANK, NAMES[2] + HALF)
    assert found(results) == [("E22", "李四", "2")]
    (issue,) = [issue for issue in results.issues if issue.code == "E22"]
    text = finding_of(issue, {})
    assert issue.where.cell == "B4" and "1 家一项也没有评（杭州乙公司），1 家缺几项（杭州丙公司）" in text


def test_an_expert_who_gave_nothing_is_named():
    assert found(marked(*(name + BLANK for name in NAMES))) == [("E23", "李四", "3")]


def test_each_expert_has_one_line():
    results = marked(
        NAMES[0] + BLANK, NAMES[1] + FULL, b=sheet("王五", NAMES[0] + BLANK), c=sheet("赵六", NAMES[0] + FULL)
    )
    assert sorted(found(results)) == [("E22", "李四", "1"), ("E23", "王五", "1")]
    assert len({issue.id for issue in results.issues}) == len(results.issues)


def test_a_recusal_and_a_mark_that_cannot_be_read_are_answers():
    results = marked(NAMES[0] + "|回避" * 6, NAMES[1] + "|9" * 6, NAMES[2] + "|0" * 6)
    assert found(results) == []


def test_what_is_marked_on_another_sheet_is_marked():
    both = marked(NAMES[0] + BLANK, NAMES[1] + FULL, b=sheet("李四", NAMES[0] + FULL))
    assert found(both) == []


def test_items_that_a_sheet_does_not_ask_are_not_missed():
    first = "|".join(ITEMS.split("|")[:2])
    assert found(computed({**LIST, "专家评分/a.xlsx": sheet("李四", NAMES[0] + "|1|2", headers=first)})) == []


def test_companies_that_are_not_to_be_ranked_need_no_mark():
    refused = {"杭州市/上城区/附件2.xlsx": nomination(nominated(1, NAMES[0]), nominated(2, NAMES[1], verdict="不同意"))}
    files = {**refused, "专家评分/a.xlsx": sheet("李四", NAMES[0] + FULL, NAMES[1] + BLANK, "没有的公司" + BLANK)}
    assert found(computed(files)) == []


def test_a_sheet_of_marks_in_a_countys_folder_hands_nobody_anything():
    files = {**LIST, "杭州市/上城区/评分.xlsx": sheet("李四", NAMES[0] + BLANK)}
    assert found(computed(files)) == []


def test_a_long_list_with_a_blank_mark():
    rows = "\n".join(
        ["专家|企业名称|评分项|得分", f"李四|{NAMES[0]}|云原生应用情况|1", f"王五|{NAMES[0]}|云原生应用情况|"]
    )
    assert found(computed({**LIST, "专家评分/a.xlsx": workbook({"Sheet1": rows})})) == [("E23", "王五", "1")]


def pack_returned(folder: Path, rulebook: Rulebook) -> Results:
    """A pack of ours that comes back as it went out."""
    write_pack(folder / "包.xlsx", "李四", [PackCompany(name, "杭州市", "上城区") for name in NAMES], rulebook)
    return computed({**LIST, "专家评分/包.xlsx": (folder / "包.xlsx").read_bytes()})


def test_a_pack_that_comes_back_blank_is_in_the_panel(tmp_path: Path, rulebook: Rulebook):
    results = run.studied(pack_returned(tmp_path, rulebook))
    assert found(results) == [("E23", "李四", "3")] and results.panel is not None
    assert results.panel.experts[["expert", "companies", "blank"]].values.tolist() == [["李四", 3, 3]]
    write_audit(tmp_path / "审计底稿.xlsx", results)
    cells = openpyxl.load_workbook(tmp_path / "审计底稿.xlsx")["专家汇总"].iter_rows(values_only=True)
    (row,) = [row for row in cells if row[0] == "李四"]
    assert row[2:7] == (3, 0, 0, 3, 0)


def of_experts(results: Results) -> Reminder:
    (row,) = [row for row in all_reminders(results) if row.city == EXPERTS]
    return row


def test_the_experts_are_chased_without_being_named(tmp_path: Path, rulebook: Rulebook):
    assert of_experts(pack_returned(tmp_path, rulebook)).state == "1 位没有评完"
    assert "李四" not in of_experts(pack_returned(tmp_path, rulebook)).text
    assert of_experts(computed(LIST)).state == "没有收到"
    assert not [row for row in all_reminders(marked(*(name + FULL for name in NAMES))) if row.city == EXPERTS]


def test_the_order_of_files_and_rows_does_not_matter():
    results = marked(NAMES[0] + HALF, NAMES[1] + BLANK, b=sheet("王五", NAMES[0] + BLANK))
    turned = replace(results, marks=results.marks.iloc[::-1].reset_index(drop=True))
    first, second = (unfinished_experts(one.marks, results.enterprises) for one in (results, turned))
    assert [(one.expert, sorted(one.unmarked), one.where) for one in first] == [
        (one.expert, sorted(one.unmarked), one.where) for one in second
    ]


def issues_of(results: Results) -> list[Issue]:
    return [issue for issue in results.issues if issue.code in ("E22", "E23")]


def test_an_unanswered_company_is_a_remark_and_belongs_to_no_county():
    (issue,) = issues_of(marked(NAMES[0] + BLANK))
    assert (issue.level, issue.city, issue.county, issue.company) == ("提醒", "", "", "")
