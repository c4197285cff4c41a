"""Every way of filling in the forms is read from a real workbook as a run reads it, and docs/读数对照.md tells the staff what
comes of it; `make golden` writes that page."""

from __future__ import annotations

import os
from functools import cache

import pytest

from pipeline.issues.catalogue import CATALOGUE
from pipeline.issues.words import finding_of
from pipeline.readers.settling.gather import Gathered
from tests.support import ROOT
from tests.support.arrivals import codes, gathered
from tests.support.company_cases import COMPANY_GROUPS
from tests.support.container_cases import CONTAINER_GROUPS
from tests.support.layout_cases import LAYOUT_GROUPS
from tests.support.no_text_cases import NO_TEXT_GROUPS
from tests.support.reading_cases import RULEBOOK, VALUE_GROUPS, Case
from tests.support.seen_cases import SEEN_GROUPS
from tests.support.tick_cases import TICK_GROUPS
from tests.support.twin_cases import TWIN_GROUPS
from tests.support.word_cases import WORD_GROUPS

PAGE = ROOT / "docs" / "读数对照.md"
GROUPS: dict[str, list[Case]] = {
    **VALUE_GROUPS,
    **LAYOUT_GROUPS,
    **TICK_GROUPS,
    **COMPANY_GROUPS,
    **TWIN_GROUPS,
    **NO_TEXT_GROUPS,
    **CONTAINER_GROUPS,
    **SEEN_GROUPS,
    **WORD_GROUPS,
}
LABELS = {item.id: item.label for item in RULEBOOK.indicators}
ROWS = [(title, number) for title, cases in GROUPS.items() for number in range(len(cases))]

HEAD = """# 读数对照

表里怎么填，程序怎么读。每一行都是一项测试：按“填的是”做出工作簿，照正式运行的路径读一遍，再把读出的结果写在这里。
错误必须改正，提醒请核对，没有代码的不用管。代码的含义和改法见[问题代码](问题代码.md)。
"""


@cache
def read(title: str, number: int) -> Gathered:
    return gathered(GROUPS[title][number].files(), RULEBOOK)


@pytest.mark.parametrize(("title", "number"), ROWS, ids=[f"{title}-{GROUPS[title][n].typed}" for title, n in ROWS])
def test_a_row_comes_out_as_it_says(title: str, number: int):
    case, tables = GROUPS[title][number], read(title, number)
    assert (case.look(tables), " ".join(codes(tables.issues))) == (case.read, case.codes)
    if case.cell and tables.issues:
        assert case.cell in [issue.where.cell for issue in tables.issues]


# Codes of values that are read as more than was typed; 识别记录 has a line for each.
RECORDED = {"V03", "V05", "V06", "V07", "V22", "V23", "V29", "V30", "V31", "V32", "V34", "V54", "T11"}


def is_recorded(tables: Gathered) -> bool:
    return not tables.recognised.empty


@pytest.mark.parametrize(("title", "number"), ROWS)
def test_what_is_more_than_formatting_is_recorded(title: str, number: int):
    case, tables = GROUPS[title][number], read(title, number)
    remarked = bool(RECORDED & {issue.code for issue in tables.issues})
    assert is_recorded(tables) == (remarked or "没有，计" in case.read or case.recorded)


def test_the_page_is_current():
    text = HEAD + "".join(_section(title, cases) for title, cases in GROUPS.items())
    if os.environ.get("UPDATE_GOLDEN") == "1":
        PAGE.write_text(text, encoding="utf-8", newline="\n")
    assert PAGE.read_text(encoding="utf-8") == text


def _section(title: str, cases: list[Case]) -> str:
    lines = [f"\n## {title}\n", "| 填的是 | 怎么读 | 结果/代码 | 说明 |", "|---|---|---|---|"]
    for number, case in enumerate(cases):
        tables = read(title, number)
        said = dict.fromkeys(f"{issue.code}（{CATALOGUE[issue.code].level}）" for issue in tables.issues)
        words = dict.fromkeys(finding_of(issue, LABELS) for issue in tables.issues)
        recorded = "照读，记入识别记录" if is_recorded(tables) else "照读"
        note = f"{case.note}。" if case.note else ""
        cells = [case.typed, case.look(tables), "、".join(said) or recorded, note + "".join(words)]
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
