"""报告.html is one page without outside parts. It shows the right figures, and no name that its readers may not see."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pipeline.issues.catalogue import (
    DECISION_WITHOUT_EFFECT,
    HIDDEN_CONTENT_READ,
    MARK_INVALID,
    MARKS_CONFLICT,
    NO_EXPERT_NAME,
    NUMBER_UNCLEAR,
)
from pipeline.issues.issue import Issue, numbered
from pipeline.issues.where import Where
from pipeline.model.ranges import CRITICAL, STEADY, CompanyConfidence, Confidence, Effect, Lever
from pipeline.model.results import Results, Standing
from pipeline.model.tables import FILES, REGIONS, frame
from pipeline.writers.page import report
from pipeline.writers.page.report import write_report
from tests.support.results_builder import build_results

HOSTILE = "<script>alert(1)</script>\"'><img src=//evil/x onerror=alert(1)>&lt;{{ 7*7 }}{% raw %}"


class Page:
    """A written page, read as a tree (its void elements closed) so that a test can ask what stands where."""

    def __init__(self, results: Results, folder: Path) -> None:
        write_report(folder / "报告.html", results)
        self.text = (folder / "报告.html").read_text("utf-8")
        closed = re.sub(r"<(meta|link|img|br)\b([^>]*)>", r"<\1\2/>", self.text.removeprefix("<!DOCTYPE html>"))
        self.tree = ElementTree.fromstring(closed.encode("utf-8"))

    def section(self, name: str) -> ElementTree.Element:
        return next(part for part in self.tree.iter("section") if part.get("aria-labelledby") == name)

    def rows(self, name: str, table: int = 0) -> list[list[str]]:
        """The texts of a section's table: its header and body rows, cell by cell."""
        found = list(self.section(name).iter("table"))[table]
        return [["".join(cell.itertext()) for cell in row] for row in found.iter("tr")]

    def words(self, name: str = "") -> str:
        return "".join((self.section(name) if name else self.tree.find("body")).itertext())


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return Page(build_results(), tmp_path_factory.mktemp("page"))


def test_nothing_on_the_page_reaches_outside_or_runs(page: Page):
    policy = next(meta.get("content") for meta in page.tree.iter("meta") if meta.get("http-equiv"))
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    active = {"script", "link", "img", "iframe", "object", "a", "form"}
    assert not {element.tag for element in page.tree.iter()} & active
    assert not re.search(r"https?:|data:|//|url\(|@import|javascript:", page.text)
    for element in page.tree.iter():
        assert not {name for name in element.attrib if name.startswith("on") or name in ("src", "href", "style")}


def test_the_same_results_give_the_same_bytes(page: Page, tmp_path: Path):
    assert Page(build_results(), tmp_path).text == page.text


def test_the_ranking_lists_ranked_then_provisional_then_unscored(page: Page):
    header, *rows = page.rows("ranking")
    companies = [row for row in rows if len(row) == len(header)]
    assert header[0] == "试算名次" and len(header) == 4 + 6 + 1
    assert [row[0] for row in companies] == ["1", "2", "3", "4", "（4）", "—"]
    assert companies[0][1:4] == ["杭州云帆精密制造有限公司", "杭州市", "萧山区"]
    assert companies[0][4:] == ["18.60", "23.25", "13.95", "9.30", "4.65", "23.25", "93.00"]
    assert "缺 2 项" in companies[4][1] and companies[5][4:] == ["—"] * 7
    assert [row[0][:3] for row in rows if len(row) == 1] == ["已排名", "暂排　", "未评分"]


def test_neighbours_of_different_rank_never_look_equal(page: Page):
    totals = [row[-1] for row in page.rows("ranking") if row[0] in ("2", "3")]
    assert totals[0] != totals[1]


@pytest.mark.parametrize("status", ["未推荐", "不予推荐", "已剔除"])
def test_companies_that_do_not_take_part_are_not_listed(page: Page, status: str):
    totals = build_results().totals
    (name,) = totals.loc[totals["status"] == status, "company"]
    assert name not in page.words("ranking")


def test_without_marks_the_heading_says_so(tmp_path: Path):
    page = Page(build_results(has_marks=False), tmp_path)
    assert "仅客观分" in page.words("ranking") and page.rows("ranking")[0][-1] == "总分75 分"
    assert page.rows("ranking")[2][-2] == "—"


@pytest.mark.slow
@pytest.mark.parametrize("trial", [True, False])
@pytest.mark.parametrize("demo", [True, False])
def test_the_page_says_what_it_is_worth(tmp_path: Path, trial: bool, demo: bool):
    page = Page(build_results(trial=trial, demo=demo), tmp_path)
    label, other = ("试算", "正式") if trial else ("正式", "试算")
    assert label in "".join(page.tree.find("body/header/h1").itertext())
    assert label in page.tree.find("head/title").text and other not in page.tree.find("head/title").text
    assert ("演示数据" in page.text) == demo
    assert page.rows("ranking")[0][0] == ("试算名次" if trial else "名次")
    for reason in build_results(trial=trial).standing.reasons:
        assert reason in page.words()


def test_the_summary_counts(page: Page):
    figures = ["".join(card.itertext()) for card in page.section("summary").iter("li")]
    results = build_results()
    assert [figure.split("/")[1][:3] for figure in figures if "/" in figure] == [" 90"]
    assert f"企业{len(results.totals)}已排名 4" in figures[1]
    assert f"收到文件{results.files['path'].nunique()}" in figures[2]
    assert "错误 2" in figures[3] and "提醒 3" in figures[3]
    cities = {row[0]: row[1:] for row in page.rows("summary")}
    assert list(cities)[1:] == list(results.rulebook.city_names)
    assert cities["杭州市"] == ["13", "3", "3", "1", "0", "1"]


def test_a_county_that_reports_none_has_been_heard_from(tmp_path: Path):
    silent = Page(replace(build_results(), nil_returns=()), tmp_path)
    assert {row[0]: row[2] for row in silent.rows("summary")}["杭州市"] == "2"


def unsure() -> Results:
    """The province with the second and third company 临界; four rulings and one expert would move some."""
    results = build_results()
    keys = results.totals["key"].tolist()
    companies = (
        CompanyConfidence(keys[0], 1, 1, 1, 1, 2, STEADY, "", False, 0.0, None),
        CompanyConfidence(
            keys[1], 2, 1, 2, 3, 4, CRITICAL, "前二分之一", True, 0.625, Lever("cloud_storage", 9.5, 6.25)
        ),
        CompanyConfidence(keys[2], 3, 1, 2, 4, 4, CRITICAL, "前二分之一", False, 0.4, None),
        CompanyConfidence(keys[3], 4, 4, 4, 4, 4, STEADY, "", False, 0.0, None),
    )
    moves = (
        ("规则甲", "甲一", 0.5),
        ("规则甲", "甲二", 1.25),
        ("规则乙", "乙一", 2),
        ("规则丙", "丙一", 0.1),
        ("规则丁", "丁一", 0.2),
    )
    effects = (
        *(Effect("ruling", name, choice, shift, 3, 1) for name, choice, shift in moves),
        Effect("expert", "李专家", "", 9, 7, 2),
    )
    return replace(results, confidence=Confidence(companies, effects, 1000))


def test_places_that_are_not_sure_are_named_with_their_range_line_and_lever(tmp_path: Path):
    page = Page(unsure(), tmp_path)
    assert "稳 2 家" in page.words("confidence") and "临界 2 家" in page.words("confidence")
    header, *rows = page.rows("confidence")
    assert [row[:3] for row in rows] == [
        ["2", "宁波海曜汽车零部件股份有限公司", "宁波市北仑区"],
        ["3", "杭州智联电机有限公司", "杭州市萧山区"],
    ]
    assert rows[0][3:7] == ["2 至 3", "1 至 4", "前二分之一（现在线内）", "62.5%"] and "线外" in rows[1][5]
    assert all(text in rows[0][7] for text in ("云存储", "TB", "9.5", "6.25")) and "没有" in rows[1][7]
    assert header[0] == "试算名次" and "名次区间" in page.words("confidence")


def test_the_three_rulings_that_matter_most_are_named_and_no_expert(tmp_path: Path):
    page = Page(unsure(), tmp_path)
    rulings = page.rows("confidence", 1)[1:]
    assert [row[:3] for row in rulings] == [
        ["规则乙", "乙一", "2.00"],
        ["规则甲", "甲二", "1.25"],
        ["规则丁", "丁一", "0.20"],
    ]
    assert "李专家" not in page.text and "最多移动 7 位" in page.words("confidence")


def test_without_a_confidence_there_is_no_empty_section(page: Page):
    assert not [part for part in page.tree.iter("section") if part.get("aria-labelledby") == "confidence"]


def test_progress_shows_both_levels_as_figures_and_bars(page: Page):
    assert ["绍兴市", "4", "28", "65", "97", "68", "142.6%"] in [row[:7] for row in page.rows("progress", 0)]
    assert page.rows("progress", 1)[-1][:7] == ["全省合计", "75", "1113", "943", "2131", "2250", "94.7%"]
    drawings = list(page.section("progress").iter("svg"))
    assert len(drawings) == 24
    for drawing in drawings:
        assert drawing.get("role") == "img" and drawing.find("title").text and drawing.find("desc").text
        assert float(drawing.findall("rect")[1].get("width")) <= float(drawing.get("width"))
    by_title = {drawing.find("title").text: drawing.findall("rect")[1] for drawing in drawings}
    goal = float(drawings[0].find("line").get("x1"))
    behind, ahead = by_title["台州市市级完成进度 90.5%"], by_title["杭州市市级完成进度 173.3%"]
    assert float(behind.get("width")) < goal < float(ahead.get("width"))


def test_without_pool_figures_there_is_no_empty_table(tmp_path: Path):
    page = Page(replace(build_results(), regions=frame([], REGIONS)), tmp_path)
    assert not list(page.section("progress").iter("table")) and "没有收到" in page.words("progress")


def test_issues_come_errors_first_and_by_county(page: Page):
    tables = [[row[0] for row in page.rows("issues", number)[1:]] for number in (0, 1)]
    assert [[text[:3] for text in table if re.match(r"[A-Z]\d\d-", text)] for table in tables] == [
        ["V01", "X05"],
        ["F04", "V05", "P01"],
    ]
    assert tables[0][0].startswith("杭州市萧山区") and tables[1][-2].startswith("全省")


def test_accepted_issues_are_no_longer_open(tmp_path: Path):
    results = build_results()
    accepted = [issue._replace(state="已接受") for issue in results.issues]
    assert "没有待处理的问题" in Page(replace(results, issues=accepted), tmp_path).words("issues")


def test_long_lists_are_cut_and_say_where_the_rest_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name, value in {"LONG_RANKING": 5, "SHOWN_OF_LONG": 3, "SHOWN_ISSUES": 1}.items():
        monkeypatch.setattr(report, name, value)
    page = Page(unsure(), tmp_path)
    assert len(page.rows("confidence")) == 2 and "前 1 家" in page.words("confidence")
    assert len([row for row in page.rows("ranking")[1:] if len(row) > 1]) == 3
    assert "附件2_推荐排序表.xlsx" in page.words("ranking") and "问题清单.xlsx" in page.words("issues")
    assert len(re.findall(r"[A-Z]\d\d-[A-Z2-7]{6}", page.words("issues"))) == 1


def test_contacts_experts_and_their_files_stay_out(tmp_path: Path):
    results = build_results()
    marks_file = {"path": "专家评分/李专家.xlsx", "kind": "marks", "sheet": "李专家"}
    where = Where("专家评分/李专家.xlsx", "李专家", "C5")
    issues = [
        Issue(MARK_INVALID, where, "甲公司", "cloud_native", found="9", facts={"points": "4"}),
        Issue(
            MARKS_CONFLICT,
            Where("a.xlsx"),
            "甲公司",
            "cloud_native",
            found="3",
            facts={"other": "4", "place": str(where)},
        ),
        Issue(NO_EXPERT_NAME, where, found="李专家"),
        Issue(HIDDEN_CONTENT_READ, where, facts={"what": "李专家的隐藏行"}),
        Issue(
            DECISION_WITHOUT_EFFECT,
            Where("人工决定.xlsx", "专家对应", "A2"),
            found="李专家",
            facts={"kind": "专家对应"},
        ),
    ]
    decision = {"kind": "专家对应", "about": "李专家", "decided": "李专家", "reason": "李专家改名", "decider": "某某"}
    decisions = [{**decision, "date": "2024-06-28", "state": "已采用", "where": "人工决定.xlsx|专家对应|A2"}]
    changed = replace(results, issues=numbered(issues), files=frame([marks_file], FILES), decisions=decisions)
    page = Page(changed, tmp_path)
    assert page.words("issues").count("专家评分有需要核对之处") == 5 and "专家对应" in page.words("decisions")
    for secret in (*results.enterprises[["phone", "contact"]].iloc[0], "李专家"):
        assert secret and secret not in page.text


def test_hostile_text_is_only_text(tmp_path: Path):
    results = build_results()
    enterprise = results.totals.assign(company=HOSTILE + "\x00\u202e\ud800", county=HOSTILE)
    facts = {"unit": HOSTILE}
    issue = Issue(
        NUMBER_UNCLEAR, Where(HOSTILE, HOSTILE, "A1"), HOSTILE, "research", "N", HOSTILE, facts, HOSTILE, HOSTILE
    )
    files = [{"path": HOSTILE, "kind": "unreadable", "remark": HOSTILE}]
    standing = Standing(False, (HOSTILE,), True)
    page = Page(
        replace(results, totals=enterprise, issues=numbered([issue]), files=frame(files, FILES), standing=standing),
        tmp_path,
    )
    assert not {element.tag for element in page.tree.iter()} & {"script", "img"}
    for name in ("ranking", "issues", "files"):
        assert HOSTILE in page.words(name)


def test_tables_can_be_read_by_a_screen_reader(page: Page):
    scopes = {cell.get("scope") for cell in page.tree.iter("th")}
    assert scopes == {"col", "row", "rowgroup"}
    labels = {element.get("id") for element in page.tree.iter() if element.get("id")}
    for element in page.tree.iter():
        assert element.get("aria-labelledby") is None or element.get("aria-labelledby") in labels
    assert page.tree.get("lang") == "zh-CN"


def test_the_page_speaks_chinese(page: Page):
    """Latin letters stand only in the form's own N and M, units, issue numbers, file names and Excel's words."""
    known = {"N", "M", "TB", "GB", "Excel", "RANK", "PDF", "xlsx", "txt"}
    words = re.sub(r"[A-Z]\d\d-[A-Z2-7]{6}|\b[A-Z]{1,2}\d+\b", "", page.words())
    assert set(re.findall(r"[A-Za-z]+", words)) <= known


def test_a_province_without_anything_still_has_its_page(tmp_path: Path):
    results = build_results()
    tables = ("enterprises", "answers", "marks", "scores", "totals", "regions", "recognised", "files")
    empty = {name: getattr(results, name).iloc[:0] for name in tables}
    page = Page(replace(results, **empty, issues=[], nil_returns=(), lists=frozenset()), tmp_path)
    assert page.section("summary").find("ul/li/span").text == "0 / 90"
    assert not list(page.section("ranking").iter("table"))


def test_the_page_is_drawn_by_a_browser(page: Page, tmp_path: Path, chromium: str, chinese_fonts: None):
    (tmp_path / "报告.html").write_text(page.text, "utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
    options += ["--disable-background-networking", "--disable-component-update", "--dump-dom"]
    options += [f"--user-data-dir={tmp_path / 'profile'}", (tmp_path / "报告.html").as_uri()]
    drawn = subprocess.run([chromium, *options], capture_output=True, text=True, timeout=120, check=True)
    assert "杭州云帆精密制造有限公司" in drawn.stdout and "Content Security Policy" not in drawn.stderr
