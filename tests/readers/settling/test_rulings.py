"""Rulings of 规则确认 that cannot stand together, that ask for an impossible figure, or that a city's run has no use for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline import run
from pipeline.issues.catalogue import CATALOGUE
from pipeline.model.decisions import WORKBOOK_NAME
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import narrowed_to
from tests.support.arrivals import form, laid_out, nominated, nomination
from tests.support.decisions import decisions

HERE = "杭州市/上城区"
FILES = {f"{HERE}/附件2.xlsx": nomination(nominated(1, "甲公司")), f"{HERE}/甲.xlsx": form("甲公司")}


@pytest.fixture
def outcome(tmp_path: Path, rulebook: Rulebook):
    def of(files: dict[str, bytes], **sheets: str) -> Results:
        laid_out(tmp_path, files | {WORKBOOK_NAME: decisions(**sheets)})
        return run.compute([tmp_path], rulebook, run.Options(1))

    return of


def codes(results: Results) -> list[str]:
    return sorted(issue.code for issue in results.issues if CATALOGUE[issue.code].level == "错误" and issue.open_error)


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("全省按名次取前 20 家", "每个市至少 2 家", "加起来是 22 家，多于全省一共取的 20 家"),
        ("全省按名次取前 3 家", "每个区县至少 1 家", "多于全省一共取的 3 家"),
        ("全省按名次取前 10 家", "每个市至少 1 家", "加起来是 11 家，多于全省一共取的 10 家"),
    ],
)
def test_rulings_that_cannot_stand_together_leave_the_others_standing(outcome, first: str, second: str, why: str):
    rows = f"拟认定的名额或分数线|{first}|纪要\nitem_score|half|纪要\n拟认定的市、区县名额|{second}|纪要\n"
    results = outcome(FILES, 规则确认=f"{rows}拟认定名额线上的并列企业|并列的全部入选|纪要")
    issues = {issue.found: issue for issue in results.issues if issue.code == "D14"}
    assert codes(results) == ["D14", "D14"] and set(issues) == {first, second}
    assert why in issues[first].facts["why"] and second in issues[first].facts["others"]
    assert not re.search("places|quota|selection|each", " ".join(str(issue.facts) for issue in issues.values()))
    assert not results.rulebook.selects and results.rulebook.selection.tie == "in"
    states = [row["state"] for row in results.decisions]
    assert states == ["没有起作用", "已采用", "没有起作用", "已采用"]


@pytest.mark.parametrize(
    ("ruling", "adopted", "wanted"),
    [
        ("拟认定的名额或分数线", "全省按名次取前 0 家", "N 要是 1 以上的整数"),
        ("拟认定的名额或分数线", "全省按名次取前 2.5 家", "N 要是 1 以上的整数"),
        ("拟认定的市、区县名额", "每个市至少 0 家", "N 要是 1 以上的整数"),
        ("拟认定的名额或分数线", "总分 0 分以上", "N 要是大于 0 的数"),
        ("拟认定的名额或分数线", "总分 999 分以上", "999 分高于满分"),
    ],
)
def test_a_figure_that_cannot_be_is_told_in_plain_words(outcome, ruling: str, adopted: str, wanted: str):
    (issue,) = [issue for issue in outcome(FILES, 规则确认=f"{ruling}|{adopted}|纪要").issues if issue.code == "D05"]
    assert wanted in issue.facts["wanted"] and "selection" not in issue.facts["wanted"]


def test_a_city_selects_nobody_and_says_so_to_a_ruling_about_it(tmp_path: Path, rulebook: Rulebook):
    rows = "拟认定的名额或分数线|全省按名次取前 3 家|纪要\n拟认定的市、区县名额|每个区县至少 1 家|纪要\nitem_score|half|纪要"
    laid_out(tmp_path, FILES | {WORKBOOK_NAME: decisions(规则确认=rows)})
    results = run.compute([tmp_path], narrowed_to(rulebook, "杭州市"), run.Options(1))
    assert codes(results) == [] and [issue.code for issue in results.issues].count("D15") == 2
    assert [row["state"] for row in results.decisions] == ["没有起作用", "没有起作用", "已采用"]
    offered = {ruling.topic for ruling in results.rulebook.assumed_rulings}
    assert offered and not any("拟认定" in topic for topic in offered)
