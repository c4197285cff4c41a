"""docs/问题代码.md says of every code what the catalogue says; `make golden` writes it."""

from __future__ import annotations

import os
import re

import pytest

from pipeline.issues.catalogue import CATALOGUE, RETIRED
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.issues.words import finding_of, fix_of
from tests.support import ROOT

PAGE = ROOT / "docs" / "问题代码.md"

LETTERS = {
    "F": "文件",
    "T": "表的样式",
    "V": "填的数",
    "X": "表与表对照",
    "E": "专家评分",
    "P": "培育库",
    "D": "人工决定",
    "R": "规则",
    "B": "程序本身",
}
WITHOUT_CODES = {"R": "规则文件有错时程序不运行，屏幕上用一句话说明是哪一项、可以怎么写，所以没有代码。"}
GROUPINGS = {
    "cell": "每格一条",
    "company": "每家企业一条",
    "file": "每个文件一条",
    "county": "每个区县一条",
    "run": "每次运行一条",
}


class Blanks(dict):
    def __missing__(self, key: str) -> str:
        return "…"


def page() -> str:
    lines = [
        "# 问题代码",
        "",
        "问题清单里的每一条都有一个代码。代码的字母说明该看哪里，数字永不改变含义。错误必须改正（或由人工决定接受），提醒请核对，属实的不必改。",
        "哪些填法会引出哪个代码，见[读数对照](读数对照.md)。",
    ]
    for letter, words in LETTERS.items():
        codes = [code for name, code in sorted(CATALOGUE.items()) if name[0] == letter]
        lines += ["", f"## {letter}：{words}", ""]
        if not codes:
            lines.append(WITHOUT_CODES[letter])
            continue
        lines += ["| 代码 | 级别 | 一条指 | 说明 | 怎么改 | 例 |", "|---|---|---|---|---|---|"]
        for code in codes:
            text, fix = (part.format_map(Blanks()).replace("|", "\\|") for part in (code.text, code.fix))
            cells = (str(code), code.level, GROUPINGS[code.grouping], text, fix, code.example)
            lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "## 不再使用的代码", ""]
    lines += [f"- {name}：见{instead}。" for name, instead in sorted(RETIRED.items())]
    return "\n".join(lines) + "\n"


def test_page_is_current():
    if os.environ.get("UPDATE_GOLDEN"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_a_retired_code_gets_no_other_meaning():
    assert not CATALOGUE.keys() & RETIRED.keys()


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_punctuation_is_chinese(name: str):
    words = CATALOGUE[name].text + CATALOGUE[name].fix
    assert not re.search("[,;:!?\"']|(?<![A-Za-z])[(](?![*])|  |。。|；。", words)


def test_every_letter_and_grouping_has_its_word():
    assert {code[0] for code in CATALOGUE} <= LETTERS.keys()
    assert {code.grouping for code in CATALOGUE.values()} <= GROUPINGS.keys()


def test_every_text_can_be_shown_without_facts():
    for name in CATALOGUE:
        issue = Issue(CATALOGUE[name], Where("a.xlsx", "Sheet1", "A1"))
        assert finding_of(issue, {}) and fix_of(issue, {})
