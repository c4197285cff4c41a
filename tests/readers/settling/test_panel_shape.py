"""Which experts and workbooks of marks stand out."""

from __future__ import annotations

import pytest

from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.records import Mark
from pipeline.readers.settling.panel_shape import panel_questions
from tests.support.arrivals import gathered, nominated, nomination, one
from tests.support.workbooks import workbook

COMPANIES = [f"杭州{letter}公司" for letter in "甲乙丙丁戊己庚辛"]
LIST = {"杭州市/上城区/附件2.xlsx": nomination(*(nominated(n, name) for n, name in enumerate(COMPANIES, 1)))}


def marked(files: dict[str, dict[str, list[str]]]) -> list[Issue]:
    """The questions of a run with these files: path → expert → the companies that the expert marks."""
    arrived = {}
    for path, experts in files.items():
        rows = [f"{expert}|{name}|云原生应用情况|1" for expert, names in experts.items() for name in names]
        arrived[path] = workbook({"评分": "\n".join(["专家|企业名称|评分项|得分", *rows])})
    return [issue for issue in gathered({**LIST, **arrived}).issues if issue.code in ("E24", "E25")]


def panel(size: int, companies: list[str] = COMPANIES) -> dict[str, dict[str, list[str]]]:
    """A panel of which everybody marks everything, a file each."""
    names = [f"张{letter}" for letter in "一二三四五六七八"[:size]]
    return {f"专家评分/{name}.xlsx": {name: companies} for name in names}


def shared(experts: int, each: int) -> dict[str, dict[str, list[str]]]:
    """Packs in which every company has `each` of the experts, overlapping."""
    names = [f"张{letter}" for letter in "一二三四五六七八"[:experts]]
    packs: dict[str, list[str]] = {name: [] for name in names}
    for order, company in enumerate(COMPANIES):
        for step in range(each):
            packs[names[(order + step) % experts]].append(company)
    return {f"专家评分/{name}.xlsx": {name: marked_by} for name, marked_by in packs.items()}


@pytest.mark.parametrize("others", [1, 4])
@pytest.mark.parametrize("base", [panel(3), panel(1), shared(5, 2), shared(4, 3)])
def test_experts_whom_one_company_alone_has_are_named(base: dict, others: int):
    strangers = {f"王{letter}": COMPANIES[:1] for letter in "一二三四"[:others]}
    files = base | {f"新{name}.xlsx": {name: names} for name, names in strangers.items()}
    issue = one(marked(files), "E24")
    assert issue.facts["companies"] == COMPANIES[0] and issue.where == Where()
    assert all(name in issue.facts["experts"] and f"新{name}.xlsx" in issue.facts["files"] for name in strangers)
    assert "张一" not in issue.facts["experts"]


def test_two_companies_with_further_experts():
    files = panel(3) | {"某.xlsx": {"王一": COMPANIES[2:4]}}
    assert one(marked(files), "E24").facts["companies"] == "、".join(COMPANIES[2:4])


@pytest.mark.parametrize(
    "files",
    [
        panel(1),
        panel(5),
        shared(5, 2),
        shared(8, 3),
        shared(4, 4),
        panel(3) | {"专家评分/张四.xlsx": {"张四": COMPANIES[:3]}, "专家评分/张五.xlsx": {"张五": COMPANIES[3:]}},
        panel(2) | {"专家评分/张三.xlsx": {"张三": []}},
        {"汇总.xlsx": {"张一": COMPANIES, "张二": COMPANIES}},
        {"甲组.xlsx": {"张一": COMPANIES, "张二": COMPANIES}, "乙组.xlsx": {"张三": COMPANIES, "张四": COMPANIES}},
    ],
)
def test_an_ordinary_panel_is_asked_nothing(files: dict):
    assert marked(files) == []


def test_a_company_that_is_marked_less_often_is_no_question():
    files = panel(2) | {"专家评分/张三.xlsx": {"张三": COMPANIES[:7]}}
    assert marked(files) == []


def test_experts_in_another_experts_workbook_are_asked_about():
    files = panel(4)
    files["专家评分/张四.xlsx"]["王一"] = COMPANIES
    issue = one(marked(files), "E25")
    assert issue.where.file == "专家评分/张四.xlsx" and issue.facts["experts"] == "张四、王一"
    assert (issue.facts["count"], issue.facts["others"]) == ("2", "3")


@pytest.mark.parametrize("state", ["blank", "recused", "error"])
def test_only_marks_that_are_given_count(state: str):
    where = Where("a.xlsx", "评分", "A1")
    usual = [Mark(name, "cloud_native", "张一", 1, "given", where, where) for name in COMPANIES]
    further = Mark(COMPANIES[0], "cloud_native", "王一", 1, "given", where, where)
    assert one(panel_questions([*usual, further]), "E24").facts["experts"] == "王一"
    assert panel_questions([*usual, further._replace(state=state)]) == []
