"""`explain` derives a company's score with the figures of the output, on screen, as a page and as a workbook."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from pipeline import run
from pipeline.commands.explain.explanation import UnknownCompany, explain
from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import with_rulings
from pipeline.writers.page.explanation_words import Line, endings_of, heading_of, lines_of
from tests.support.arrivals import PHONE, form, laid_out, nominated, nomination
from tests.support.command_line import Said
from tests.support.decisions import decisions
from tests.support.workbooks import workbook

pytestmark = pytest.mark.slow

HERE = "杭州市/上城区"


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Path:
    folder = tmp_path_factory.mktemp("explained")
    files = {
        f"{HERE}/附件2.xlsx": nomination(
            *(nominated(order, f"杭州{name}公司") for order, name in enumerate("甲乙丙丁", start=1))
        ),
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
    assert n.where[:2] == (f"{HERE}/甲.xlsx", "附件1") and re.fullmatch(r"[A-Z]+\d+", n.where.cell)
    assert (m.value, m.raw) == (5, "约5")
    assert storage.self_score == 2 and storage.score == 0.5 * storage.self_score + 0.5 * storage.peer_score
    assert len(explanation.items) == len(rulebook.indicators) and explanation.same_rules
    assert sum(entry.score for entry in explanation.items if entry.score is not None) == pytest.approx(
        explanation.totals.total
    )


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
    assert explanation.totals.status == "未评分"
    assert all(entry.score is None for entry in explanation.items)
    assert "没有总分" in heading_of(explanation)


def test_points_come_from_the_rulebook(output: Path, rulebook: Rulebook):
    explanation = explain("杭州甲公司", output, rulebook)
    first = rulebook.ratio_indicators[0]
    fewer = first.model_copy(update={"points": first.points - 2})
    indicators = tuple(fewer if entry is first else entry for entry in rulebook.indicators)
    fields = {name: getattr(rulebook, name) for name in Rulebook.model_fields}
    changed = replace(explanation, rulebook=Rulebook(**{**fields, "indicators": indicators}))
    assert any("各以 75 分计" in line for line in heading_of(explanation))
    assert any("各以 73 分计" in line for line in heading_of(changed))


def test_close_names_are_offered(output: Path, rulebook: Rulebook):
    with pytest.raises(UnknownCompany, match="杭州甲公司"):
        explain("杭州甲", output, rulebook)
    assert explain("杭州 甲公司（盖章）", output, rulebook).company == "杭州甲公司"


def test_names_alike_in_their_legal_form_alone_are_not_offered(output: Path, rulebook: Rulebook):
    with pytest.raises(UnknownCompany) as unknown:
        explain("杭州天目山股份有限公司", output, rulebook)
    assert not [name for name in "甲乙丙丁" if f"杭州{name}公司" in str(unknown.value)]


def test_phones_do_not_come_out(pipeline: Callable[..., Said], output: Path, tmp_path: Path):
    said = pipeline(
        "explain", "杭州丙公司", "--output", output, "--html", tmp_path / "a.html", "--xlsx", tmp_path / "a.xlsx"
    )
    assert said.code == 0
    cells = [str(cell.value) for row in openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows() for cell in row]
    page = (tmp_path / "a.html").read_text("utf-8")
    for text in (said.out, page, " ".join(cells)):
        assert PHONE not in text and "未得分" in text
    assert "http:" not in page and "https:" not in page and "<script" not in page


def test_wrong_names_and_folders(pipeline: Callable[..., Said], output: Path, tmp_path: Path):
    assert pipeline("explain", "无此公司", "--output", output).code == 2
    assert pipeline("explain", "杭州甲公司", "--output", tmp_path).code == 2
    assert pipeline("explain", "杭州甲公司", "--output", output, "--xlsx", tmp_path / "无" / "a.xlsx").code == 2


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


# ---------------------------------------------------------------- decisions, marks, rulings, companies that are not ranked


EXPERTS = ("李某甲", "王某乙", "周某丙", "吴某丁", "郑某戊")


def marked(**marks: list[int]) -> dict[str, bytes]:
    """A file per expert with their mark of the first two expert items, each out of 4."""
    rows: dict[str, list[str]] = {}
    for company, given in marks.items():
        for expert, mark in zip(EXPERTS, given, strict=False):
            rows.setdefault(expert, []).append(f"{company}|{mark}|{mark}")
    header = "企业名称|信创应用示范|云原生应用情况"
    return {f"专家评分/{expert}.xlsx": workbook({"评分": "\n".join([header, *own])}) for expert, own in rows.items()}


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Path:
    folder = tmp_path_factory.mktemp("decided")
    typed = {"甲": ("待定", 4), "乙": ("", 7), "丙": (3, 7)}
    research = {name: form(f"杭州{name}公司", answers={"research": value}) for name, value in typed.items()}
    files = {
        "人工决定.xlsx": decisions(
            采用值="杭州甲公司|研发|N|待定|3\n杭州乙公司|research|N||5\n杭州丁公司|cloud_spend||10|12",
            剔除="杭州丙公司",
            归属="杭州甲公司|上城区",
            规则确认="zero_value|lowest_band|会议纪要",
        ),
        **marked(杭州甲公司=[4, 3, 3, 2, 1], 杭州乙公司=[4, 3]),
        f"{HERE}/附件2.xlsx": nomination(
            *(nominated(order, f"杭州{name}公司") for order, name in enumerate("甲乙丙丁", start=1))
        ),
        f"{HERE}/丁.xlsx": form("杭州丁公司", answers={"production": (0, 0)}),
        **{f"{HERE}/{name}.xlsx": content for name, content in research.items()},
    }
    run.report(laid_out(folder / "in", files), folder / "out", rulebook, run.Options(1))
    return folder / "out"


def words(company: str, folder: Path, rulebook: Rulebook) -> dict[str, Line]:
    return {line.item.partition("（")[0]: line for line in lines_of(explain(company, folder, rulebook))}


def test_a_decided_value_is_told_from_a_typed_one(decided: Path, rulebook: Rulebook):
    first, second = (words(name, decided, rulebook)["研发"].figures for name in ("杭州甲公司", "杭州乙公司"))
    for part in ("人工决定采用 3", "「待定」", "王处长", "2024-05-20", "领导批示"):
        assert part in first
    assert "人工决定采用 5" in second and "原表为空白" in second
    assert "人工决定" not in words("杭州丙公司", decided, rulebook)["研发"].figures


def test_decisions_about_the_company_are_listed(decided: Path, rulebook: Rulebook):
    kinds = {
        name: {entry.kind for entry in explain(f"杭州{name}公司", decided, rulebook).decisions} for name in "甲乙丙"
    }
    assert kinds == {"甲": {"归属"}, "乙": set(), "丙": {"剔除"}}
    assert any("剔除" in text and "王处长" in text for text in endings_of(explain("杭州丙公司", decided, rulebook)))


def test_a_decided_figure_of_the_list_is_told_and_is_no_answer(decided: Path, rulebook: Rulebook):
    (line,) = [text for text in endings_of(explain("杭州丁公司", decided, rulebook)) if "采用值" in text]
    assert "10 → 12" in line and "王处长" in line
    assert "人工决定" not in words("杭州丁公司", decided, rulebook)["上云投入"].figures


def test_marks_are_shown_without_names(decided: Path, rulebook: Rulebook):
    line = words("杭州甲公司", decided, rulebook)["信创应用示范"]
    assert "4、3、3、2、1，不计最高 4、最低 1" in line.figures and line.score_text.startswith(
        "（3 ＋ 3 ＋ 2）÷ 3 ≈ 2.6667"
    )
    assert words("杭州乙公司", decided, rulebook)["信创应用示范"].score_text == "（4 ＋ 3）÷ 2 ＝ 3.50"
    assert not any(expert in text for text in line for expert in EXPERTS)
    (rows,) = re.findall(r"第 (\d+)–(\d+) 行", line.figures)
    sheet = openpyxl.load_workbook(decided / "审计底稿.xlsx")["专家"]
    assert {sheet.cell(row, 2).value for row in range(int(rows[0]), int(rows[1]) + 1)} == {"杭州甲公司"}


def test_marks_are_not_taken_from_a_changed_workbook(decided: Path, rulebook: Rulebook, tmp_path: Path):
    copied = shutil.copytree(decided, tmp_path / "out")
    with (copied / "审计底稿.xlsx").open("ab") as file:
        file.write(b"x")
    line = words("杭州甲公司", copied, rulebook)["信创应用示范"]
    assert "4、3、3" not in line.figures and line.score_text == "2.6667"


def test_the_points_of_a_zero_come_from_the_ruling(decided: Path, output: Path, rulebook: Rulebook):
    assert "5 × 0.4 ＝ 2.00" in words("杭州丁公司", decided, rulebook)["生产"].ranks
    assert "×" not in words("杭州乙公司", output, rulebook)["生产"].ranks


def test_who_is_not_ranked_is_not_told_how_to_rise(decided: Path, rulebook: Rulebook):
    ranks = "".join(line.ranks for line in words("杭州丙公司", decided, rulebook).values())
    assert "假如参排" in ranks and "再进" not in ranks
    assert "假如参排" not in "".join(line.ranks for line in words("杭州甲公司", decided, rulebook).values())


@pytest.mark.parametrize("company", ["杭州甲公司", "杭州乙公司", "杭州丙公司", "杭州丁公司"])
def test_every_equation_holds_as_printed(decided: Path, output: Path, rulebook: Rulebook, company: str):
    checked = 0
    for folder in (decided, output):
        explanation = explain(company, folder, rulebook)
        texts = [text for line in lines_of(explanation) for text in line[3:7]]
        for text in [part for whole in texts for part in re.split("[\n，：（](?=[^＋]*$)", whole)]:
            for left, sign, right in re.findall(r"([\d.（）×÷＋ ]+) ([＝≈]) ([\d.]+)", text):
                worked_out = eval(
                    re.sub(r"[\d.]+", r"Fraction('\g<0>')", left.translate(str.maketrans("（）×÷＋", "()*/+")))
                )
                assert (worked_out == Fraction(right)) == (sign == "＝") and abs(worked_out - Fraction(right)) < 1e-3
                checked += 1
        assert not re.search("总分 *＝|＝ *$", "\n".join(heading_of(explanation)), re.MULTILINE)
    assert checked > 5 or company == "杭州丁公司"


def test_expert_marks_without_a_form_are_no_total(tmp_path: Path, rulebook: Rulebook):
    files = {
        **marked(杭州甲公司=[4, 3]),
        f"{HERE}/附件2.xlsx": nomination(nominated(1, "杭州甲公司"), nominated(2, "杭州乙公司")),
        f"{HERE}/乙.xlsx": form("杭州乙公司"),
    }
    run.report(laid_out(tmp_path / "in", files), tmp_path / "out", rulebook, run.Options(1))
    assert "没有总分，已有专家分 7.00" in heading_of(explain("杭州甲公司", tmp_path / "out", rulebook))
