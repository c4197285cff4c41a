"""explain: one company's derivation, its figures those of the output, on screen, as a page and as a workbook."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from pipeline import run
from pipeline.explain import UnknownCompany, explain
from pipeline.rulebook import Rulebook, with_rulings
from pipeline.writers.explanation import heading_of, lines_of
from tests.arrivals import PHONE, form, laid_out, nominated, nomination
from tests.test_cli import Said
from tests.test_cli import pipeline as pipeline  # noqa: PLC0414 - the fixture
from tests.test_decisions import decisions

HERE = "杭州市/上城区"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Path:
    folder = tmp_path_factory.mktemp("explained")
    files = {
        f"{HERE}/附件2.xlsx": nomination(*(nominated(place, f"杭州{name}公司") for place, name in enumerate("甲乙丙丁", start=1))),
        f"{HERE}/甲.xlsx": form("杭州甲公司", answers={"cloud_storage": ("2048GB", "约5"), "research": (3, 4)}),
        f"{HERE}/乙.xlsx": form("杭州乙公司", answers={"research": ("待定", 4), "production": (0, 0)}),
        f"{HERE}/丙.xlsx": form("杭州丙公司", answers={"research": (f"电话{PHONE}", 4)}),
    }
    run.report(laid_out(folder / "in", files), folder / "out", rulebook, run.Options(1))
    return folder / "out"


def item(explanation, indicator: str):
    return next(entry for entry in explanation.items if entry.indicator.id == indicator)


def test_every_figure_of_an_item_is_there(output: Path, rulebook: Rulebook):
    explanation = explain("杭州甲公司", output, rulebook)
    storage = item(explanation, "cloud_storage")
    n, m = storage.parts
    assert (n.value, n.raw, n.rank, n.ranked, n.band) == (2, "2048GB", 1, 3, "一等")
    assert n.where == f"{HERE}/甲.xlsx|附件1|{n.where.rpartition('|')[2]}" and re.fullmatch(r"[A-Z]+\d+", n.where.rpartition("|")[2])
    assert (m.value, m.raw) == (5, "约5")
    assert storage.self_score == 2 and storage.score == 0.5 * storage.self_score + 0.5 * storage.peer_score
    assert len(explanation.items) == len(rulebook.indicators) and explanation.same_rules
    assert sum(entry.score for entry in explanation.items if entry.score is not None) == pytest.approx(explanation.totals["total"])


def test_what_is_unscored_and_what_is_zero_say_so(output: Path, rulebook: Rulebook):
    explanation = explain("杭州乙公司", output, rulebook)
    research = item(explanation, "research")
    assert research.score is None and research.parts[0].value is None and research.parts[0].rank is None
    assert {issue.id[:3] for issue in explanation.issues if issue.level == "错误"} == {"V01", "V28"}
    production = item(explanation, "production")
    assert production.self_score == 0 and production.parts[0].band == "零值"
    lines = {line.item: line for line in lines_of(explanation)}
    assert lines["研发（5）"].score_text == "未得分" and "不进等级" in lines["生产（5）"].ranks


def test_a_form_that_never_came(output: Path, rulebook: Rulebook):
    explanation = explain("杭州丁公司", output, rulebook)
    assert explanation.totals["status"] == "未评分"
    assert all(entry.score is None for entry in explanation.items)
    assert "没有总分" in heading_of(explanation)


def test_close_names_are_offered(output: Path, rulebook: Rulebook):
    with pytest.raises(UnknownCompany, match="杭州甲公司"):
        explain("杭州甲", output, rulebook)
    assert explain("杭州 甲公司（盖章）", output, rulebook).company == "杭州甲公司"


def test_phones_do_not_come_out(pipeline: Callable[..., Said], output: Path, tmp_path: Path):
    said = pipeline("explain", "杭州丙公司", "--output", output, "--html", tmp_path / "a.html", "--xlsx", tmp_path / "a.xlsx")
    assert said.code == 0
    cells = [str(cell.value) for row in openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows() for cell in row]
    page = (tmp_path / "a.html").read_text("utf-8")
    for text in (said.out, page, " ".join(cells)):
        assert PHONE not in text and "未得分" in text
    assert "http:" not in page and "https:" not in page and "<script" not in page


def test_wrong_names_and_folders(pipeline: Callable[..., Said], output: Path, tmp_path: Path):
    assert pipeline("explain", "无此公司", "--output", output).code == 2
    assert pipeline("explain", "杭州甲公司", "--output", tmp_path).code == 2
    assert pipeline("explain", "杭州甲公司", "--output", output, "--xlsx", tmp_path / "无" / "a.xlsx").code == 4


def test_the_rules_of_the_output_are_used(tmp_path: Path, rulebook: Rulebook):
    files = {
        "人工决定.xlsx": decisions(规则确认="item_score|self_60|会议纪要"),
        f"{HERE}/附件2.xlsx": nomination(nominated(1, "杭州甲公司")),
        f"{HERE}/甲.xlsx": form("杭州甲公司"),
    }
    run.report(laid_out(tmp_path / "in", files), tmp_path / "out", rulebook, run.Options(1))
    explanation = explain("杭州甲公司", tmp_path / "out", rulebook)
    storage = item(explanation, "cloud_storage")
    assert storage.score == pytest.approx(0.6 * storage.self_score + 0.4 * storage.peer_score)
    assert explanation.rulebook.scoring == with_rulings(rulebook, {"item_score": "self_60"}).scoring
