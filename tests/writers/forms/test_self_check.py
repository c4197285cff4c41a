"""The 自检 in a blank form says of typed values what `check` says of the file: LibreOffice recalculates, both are compared."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.commands.blank_forms import BLANK_FORMS, write_forms
from pipeline.issues.catalogue import ERROR
from pipeline.issues.issue import Issue
from pipeline.model.rulebook import Rulebook
from pipeline.stages.scoring import score_items
from pipeline.writers.forms.layout import WITH_UNITS, FormLayout, assessment_layout
from tests.support.arrivals import computed, gathered
from tests.support.form_trials import Percent, Typed, opened, recalculated, shown, typed_into

pytestmark = pytest.mark.slow

ASSESSMENT, NOMINATION, MARKS, *_ = BLANK_FORMS
SHEET, HERE = "附件1", "杭州市/上城区"
SCORE, CHECK = WITH_UNITS.explanation + 1, WITH_UNITS.explanation + 2  # columns from 0

# What a person may type for one of N and M, the other being 0 or very large.
ANY_UNIT = [
    12,
    0,
    2.5,
    -5,
    10**15,
    13900001234,
    True,
    "#DIV/0!",
    "12",
    "1,234",
    "１２３４",
    " 12　",
    "1，234",
    "3个",
    "3套",
    "1.2万",
    "约500",
    "500左右",
    "500余",
    "≥500",
    "500以上",
    "500+",
    "无",
    "没有",
    "不涉及",
    "—",
    "-",
    "/",
    "N/A",
    "10-20",
    "12.5%",
    "3/4",
    "12,5",
    "1,23,4",
    "1_000",
    "800O",
    "待定",
    "(800)",
    "−5",
    "12 34",
    "不足500",
    "1234567890123456",
    "'12",
    "0012",
    "1.",
    "1.5.2",
    "13900001234",
    "2024-5-1",
    "大约 20 个左右",
    "3个（MES、ERP、WMS）",
    "3个（MES、ERP）",
    Percent(0.125),
]
BY_UNIT = {
    "TB": ["12TB", "500GB", "2PB", "20T", "约500GB", "１２３４．５", "500平方米"],
    "4核16G": ["8个单位", "CPU 64核 内存256G", "8核16G", "2.5"],
    "万元": ["350万元", "1.2亿", "5000元", "¥1,200", "100万", "1,234.5"],
    "个": ["3项", "2.5", "5万台"],
    "台": ["10台", "10台套", "10台（套）", "5万台"],
}


class Trial(NamedTuple):
    """A form with values typed into its cells."""

    name: str
    form: str
    values: dict[str, dict[str, Typed]]


class Made(NamedTuple):
    """A trial as LibreOffice saved it."""

    trial: Trial
    content: bytes


def layout(rulebook: Rulebook) -> FormLayout:
    return assessment_layout(rulebook, WITH_UNITS)


def of_company(rulebook: Rulebook, number: int, systems: dict[str, Typed] | None = None, **values: object) -> Trial:
    """附件1 of a company: values by indicator (N, M) or (N, M, ticks by category), and by identity field."""
    slots = layout(rulebook).slots
    company = f"杭州第{number}有限公司"
    cells = {("identity", "company"): company, ("identity", "city"): "杭州市", ("identity", "county"): "上城区"}
    for name, value in values.items():
        if ("identity", name) in slots:
            cells["identity", name] = value  # type: ignore[assignment]
            continue
        n, m, *ticks = value  # type: ignore[misc]
        cells |= {(name, "n"): n, (name, "m"): m}
        cells |= {(name, category): mark for category, mark in (ticks[0] if ticks else {}).items()}
    typed = {slots[slot].cell: value for slot, value in cells.items() if value is not None}
    return Trial(company, ASSESSMENT, {SHEET: typed, "系统清单": systems or {}})


def values_of_every_kind(rulebook: Rulebook) -> Iterator[Trial]:
    """Every text and number above, as N here and as M there, an item at a time."""
    items = [item for item in rulebook.ratio_indicators if item.m == "typed"]
    waiting = {unit: list(values) for unit, values in BY_UNIT.items()}
    anything, parts, number = list(ANY_UNIT), cycle("nm"), 0
    while anything or any(waiting.values()):
        answers: dict[str, object] = {}
        for item in items:
            source = waiting[item.unit] or anything
            if source:
                value = source.pop(0)
                answers[item.id] = (value, 9 * 10**14) if next(parts) == "n" else (0, value)
        number += 1
        yield of_company(rulebook, number, **answers)


def faults(rulebook: Rulebook) -> Iterator[Trial]:
    """What is wrong between N and M, with the sum, the ticks, the identity and the list of systems."""
    five = dict.fromkeys(rulebook.indicator_of["system_synergy"].m_sum_of, (2, 4))
    none = dict.fromkeys(five, (0, 4))
    ticks = dict.fromkeys(rulebook.indicator_of["data_synergy"].categories[:4], "√")
    yield of_company(
        rulebook,
        101,
        **five,
        cloud_storage=(5, 3),
        cloud_server=(3, 0),
        cloud_security=(3, None),
        cloud_database=(None, 8),
        office=(None, None),
        device_access=(0, 0),
        cloud_spend=(1, 3),
        system_synergy=(3, None),
        data_synergy=(4, None, ticks),
        credit_code="91350100M000100Y43",
    )
    yield of_company(
        rulebook,
        102,
        **none,
        system_synergy=(2, None),
        data_synergy=(5, None, ticks),
        cloud_storage=(469, 1000),
        cloud_server=(3, "无"),
        cloud_spend=("无", "无"),
        credit_code="91350100M000100Y44",
    )
    yield of_company(rulebook, 103, **five, system_synergy=(11, None), data_synergy=(None, None, ticks), company=None)
    yield of_company(
        rulebook,
        104,
        **{**five, "research": (5, 4)},
        system_synergy=(2, None),
        data_synergy=(3, None),
        city=None,
        county=None,
    )
    yield of_company(rulebook, 105, **five, data_synergy=(7, None), county="萧山区", credit_code=913501001234567890)
    yield of_company(
        rulebook, 106, **five, system_synergy=("待定", None), data_synergy=(None, None, {"研发数据": "？"})
    )
    yield of_company(rulebook, 107, **five, system_synergy=("约3", None), data_synergy=("待定", None, ticks))
    doubled = {"研发数据": "√√", "设计数据": "×"}
    yield of_company(rulebook, 108, **five, system_synergy=(0, None), data_synergy=(None, None, doubled))
    yield of_company(rulebook, 109)
    systems = (("PLM", "研发", "是"), ("PDM", "研发", "否"), ("MES", "生产", "是"))
    listed = {
        f"{column}{row}": word for row, line in enumerate(systems, 4) for column, word in zip("BCD", line, strict=True)
    }
    answers = {"research": (1, 2), "production": (1, 3), "marketing": (1, 1), "system_synergy": (1, None)}
    yield of_company(rulebook, 110, listed, **answers)
    loose = {
        **listed,
        "B4": " PLM ",
        "C4": "研 发类",
        "D4": "√",
        "D5": "×",
        "C6": "生产系统",
        "D6": "有",
        "B7": " ",
        "C7": "其他",
    }
    yield of_company(rulebook, 112, loose, **answers)
    unknown = {**listed, "B7": "OA", "C7": "信创", "D7": "是"}
    yield of_company(rulebook, 113, unknown, **answers)
    yield of_company(rulebook, 111, {**listed, "B7": "CRM"}, research=(1, 2), production=(1, 3))


NAMES = ("A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K")
GOOD = (1, "上城区", "甲公司", "泵", 1000, 100, 20, 10, "张三", "13900001234", "推荐")
ROWS: tuple[dict[str, Typed], ...] = (
    {},
    {"E": "待定"},
    {"F": -800},
    {"E": -5},
    {"G": None},
    {"G": "无"},
    {"H": "约10"},
    {"H": 30},
    {"F": 1200},
    {"J": "1390000123"},
    {"J": "0571-87654321"},
    {"J": "87654321"},
    {"K": None},
    {"K": "不推荐"},
    {"K": "情况属实"},
    {"B": None},
    {"C": None},
    {"E": "1,234.5"},
    {"E": "1200万元"},
    {"E": True},
    {"J": None, "E": "12 34"},
    {"K": "同意上报"},
    {"K": "暂不推荐"},
    {"C": "杭州第5有限公司"},
    {"C": "杭州第 5 有限公司", "E": 999},
    {"C": "杭州第7有限公司", "F": -800, "B": "余杭区"},
    {"B": "慈溪市"},
    {"B": "上城"},
    {"B": "杭州市上城区"},
    {"B": "江干区"},
    {"B": "高新区"},
    {"B": "火星区"},
    {"B": "余杭区"},
    {"J": "(0571)88000000"},
    {"J": "0571-88000000-801"},
    {"J": "4001234567"},
    {"J": "+8613800138000"},
    {"J": "张三13800138000"},
    {"J": "13800138000、0571-88000000"},
    {"J": "13800138000/13900139000"},
    {"J": "138 0013 8000"},
    {"J": "123456"},
)


def nominated_rows() -> Trial:
    cells: dict[str, Typed] = {"C3": "杭州市"}
    for row, changes in enumerate(ROWS, start=5):
        line = {**dict(zip(NAMES, GOOD, strict=True)), "A": row - 4, "C": f"杭州第{row}有限公司", **changes}
        cells |= {f"{column}{row}": value for column, value in line.items() if value is not None}
    return Trial("附件2", NOMINATION, {"附件2": cells})


def nobody(*cells: tuple[str, Typed]) -> Trial:
    """附件2 of a county that nominates nobody, as its guide says it."""
    name = "无推荐" + "".join(cell for cell, _ in cells)
    return Trial(name, NOMINATION, {"附件2": {"C3": "杭州市", "C5": "无", **dict(cells)}})


MARK_ROWS = (
    (4, 3.5, 5, 0, 1, 2),
    (4, None, 5, None, 1, 2),
    ("回避",) * 6,
    (4.5, 1, 1, 1, 1, 1),
    (1, "好", 1, 1, 1, -1),
    ("-", 1, 1, 1, 1, 1),
)


def marked_rows() -> Trial:
    cells: dict[str, Typed] = {"C3": "张三"}
    for row, marks in enumerate(MARK_ROWS, start=5):
        cells |= {f"B{row}": f"杭州第{row}有限公司"}
        cells |= {f"{column}{row}": mark for column, mark in zip("CDEFGH", marks, strict=True) if mark is not None}
    return Trial("专家评分表", MARKS, {"专家评分表": cells})


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("blank")
    names = [name for name in write_forms(folder, rulebook) if name.endswith(".xlsx")]  # a Word form has no formulas
    return {name: (folder / name).read_bytes() for name in names}


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook, libreoffice: str, blank: dict[str, bytes]
) -> dict[str, Made]:
    """Every trial, and every blank form, opened and saved by LibreOffice in one call."""
    trials = [*values_of_every_kind(rulebook), *faults(rulebook), nominated_rows(), marked_rows()]
    trials += [nobody(), nobody(("B5", "上城区")), nobody(("E5", 1000))]
    trials += [Trial(f"空白：{name}", name, {}) for name in blank]
    contents = [typed_into(blank[trial.form], trial.values) for trial in trials]
    folder: Path = tmp_path_factory.mktemp("live")
    saved = recalculated(libreoffice, folder, contents)
    return {trial.name: Made(trial, content) for trial, content in zip(trials, saved, strict=True)}


def verdict_of(issues: Iterable[Issue]) -> str:
    levels = {issue.level for issue in issues}
    return "要改" if ERROR in levels else "请核对" if levels else "正常"


def _issues_by_item(issues: Iterable[Issue], rulebook: Rulebook) -> dict[str, list[Issue]]:
    """Ratio indicator -> the issues about it, those included that name their indicators in one sentence."""
    by_item: dict[str, list[Issue]] = {item.id: [] for item in rulebook.ratio_indicators}
    for issue in issues:
        if issue.code in ("V03", "X18"):
            separator = "、" if issue.code == "V03" else "；"
            labels = {piece.partition(" ")[0] for piece in issue.facts["items"].split(separator)}
            for item in rulebook.ratio_indicators:
                by_item[item.id] += [issue] if item.label in labels else []
        elif issue.indicator:
            by_item[issue.indicator].append(issue)
    return by_item


def test_the_form_says_of_every_item_what_check_says_of_the_file(made: dict[str, Made], rulebook: Rulebook) -> None:
    slots = layout(rulebook).slots
    compared = 0
    for one in made.values():
        if one.trial.form != ASSESSMENT or not one.trial.values:
            continue
        results = gathered({f"{HERE}/{one.trial.name}.xlsx": one.content})
        by_item = _issues_by_item(results.issues, rulebook)
        empty = any(issue.code == "V04" for issue in results.issues)
        scores = score_items(results.answers, results.enterprises, rulebook).set_index("indicator")["self_score"]
        sheet = shown(one.content, SHEET)
        for item in rulebook.ratio_indicators:
            said, score = (sheet[slots[item.id, "n"].row - 1][column] for column in (CHECK, SCORE))
            expected = "请核对" if empty else verdict_of(by_item[item.id])
            cells = [slots[item.id, part].cell for part in "nm" if (item.id, part) in slots]
            typed = [one.trial.values[SHEET].get(cell) for cell in cells]
            assert said.startswith(expected), (one.trial.name, item.id, typed, said, by_item[item.id])
            wanted = scores.get(item.id)
            if empty:
                assert score == 0
            elif not math.isnan(wanted):
                assert score == pytest.approx(wanted, abs=1e-9), (one.trial.name, item.id, typed)
            else:
                assert score == "", (one.trial.name, item.id, typed)
            compared += 1
        numbers = [sheet[slots[item.id, "n"].row - 1][SCORE] for item in rulebook.ratio_indicators]
        total = sum(number for number in numbers if isinstance(number, (int, float)))
        assert sheet[1][SCORE] == pytest.approx(total)
    assert compared > 200


def test_a_filled_form_is_read_as_one_company_and_nothing_else(made: dict[str, Made]) -> None:
    results = gathered({f"{HERE}/表.xlsx": made["杭州第101有限公司"].content})
    assert list(results.files["kind"]) == ["assessment"]
    assert list(results.enterprises["company"]) == ["杭州第101有限公司"]
    assert "未认出" not in results.files["remark"][0]


@pytest.mark.parametrize(
    ("number", "company", "place"),
    [
        (101, "正常", "正常"),
        (102, "请核对", "正常"),
        (103, "要改", "正常"),
        (104, "正常；", "要改"),
        (105, "请核对", "正常"),
    ],
)
def test_identity_is_checked(made: dict[str, Made], number: int, company: str, place: str) -> None:
    sheet = shown(made[f"杭州第{number}有限公司"].content, SHEET)
    assert sheet[2][CHECK].startswith(company)
    assert sheet[3][CHECK].startswith(place)


@pytest.mark.parametrize(
    ("number", "codes"), [(101, set()), (102, {"V38"}), (103, {"T05"}), (104, {"T13"}), (105, {"V55"})]
)
def test_check_says_the_same_of_the_identity(made: dict[str, Made], number: int, codes: set[str]) -> None:
    results = gathered({"表.xlsx": made[f"杭州第{number}有限公司"].content})
    assert {issue.code for issue in results.issues} & {"V38", "V55", "T05", "T13", "T14", "T15"} == codes


def test_a_form_without_a_number_says_so(made: dict[str, Made]) -> None:
    assert shown(made["杭州第109有限公司"].content, SHEET)[0][CHECK].startswith("要改")


def test_systems_are_held_against_n_and_m(made: dict[str, Made], rulebook: Rulebook) -> None:
    issues = gathered({f"{HERE}/表.xlsx": made["杭州第110有限公司"].content}).issues
    slots = layout(rulebook).slots
    (issue,) = [issue for issue in issues if issue.code == "X18"]
    answers = [slots["production", "m"].cell, slots["marketing", "n"].cell, slots["marketing", "m"].cell]
    assert re.findall("（([A-Z]+[0-9]+)）", issue.facts["items"]) == answers and issue.where.cell == answers[0]
    files = gathered({f"{HERE}/表.xlsx": made["杭州第111有限公司"].content}).files
    assert "1 个没有写明" in files["remark"][0]


def test_what_the_list_of_systems_does_not_say_clearly_is_said_by_both(made: dict[str, Made]) -> None:
    for number, unclear in ((110, False), (112, False), (113, True)):
        content = made[f"杭州第{number}有限公司"].content
        assert bool((shown(content, "系统清单")[0][2] or "").strip()) == unclear
        assert ("没有写明" in gathered({f"{HERE}/表.xlsx": content}).files["remark"][0]) == unclear


def test_each_row_of_a_nomination_is_judged_as_check_judges_it(made: dict[str, Made]) -> None:
    content = made["附件2"].content
    issues = computed({"附件2.xlsx": content}).issues
    sheet = shown(content, "附件2")
    of_two_rows = {("T15", "杭州第7有限公司")}  # it stands in two counties, as X05 it is no fault of one row
    about_rows = [
        issue
        for issue in issues
        if issue.code not in ("X05", "X14", "T16") and (issue.code, issue.company) not in of_two_rows
    ]
    for row, changes in enumerate(ROWS, start=5):
        mine = [issue for issue in about_rows if issue.where.cell[1:] == str(row)]
        assert sheet[row - 1][11].startswith(verdict_of(mine)), (changes, sheet[row - 1][11], mine)
    assert sheet[4 + len(ROWS)][11] == ""


def test_a_return_of_nobody_is_not_red(made: dict[str, Made]) -> None:
    for name, said, codes in (("无推荐", "正常", []), ("无推荐B5", "正常", []), ("无推荐E5", "要改", ["T07"])):
        tables = gathered({f"{HERE}/附件2.xlsx": made[name].content})
        assert shown(made[name].content, "附件2")[4][11].startswith(said), name
        assert [issue.code for issue in tables.issues] == codes and bool(tables.nil_returns) == (said == "正常")


def test_each_row_of_an_expert_is_counted(made: dict[str, Made]) -> None:
    content = made["专家评分表"].content
    results = gathered({"专家评分/专家评分表.xlsx": content})
    said = [row[8] for row in shown(content, "专家评分表")[4 : 4 + len(MARK_ROWS)]]
    wrong = {int(issue.where.cell[1:]) for issue in results.issues if issue.code == "E01"}
    assert [row for row in range(5, 5 + len(MARK_ROWS)) if said[row - 5].startswith("要改")] == sorted(wrong) == [8, 9]
    assert said[0] == "已评 6 项" and "还差 2 项" in said[1] and "回避 6 项" in said[2]


def test_stored_results_of_the_blank_forms_are_what_comes_out(made: dict[str, Made], blank: dict[str, bytes]) -> None:
    compared = 0
    for name, content in blank.items():
        stored, fresh = opened(content), opened(made[f"空白：{name}"].content)
        assert stored.sheetnames == fresh.sheetnames
        for sheet in stored:
            for cells in sheet.iter_rows():
                for cell in cells:
                    value, other = cell.value, fresh[sheet.title][cell.coordinate].value
                    assert (value.strip() if isinstance(value, str) else value) in (
                        (None, "") if other in (None, "") else (other.strip() if isinstance(other, str) else other,)
                    ), (name, sheet.title, cell.coordinate, value, other)
                    compared += value is not None
    assert compared > 4000
