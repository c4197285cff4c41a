"""A person rules how many companies are selected, and every output says who is in, by what, and who is left open."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from pipeline import run
from pipeline.model.rulebook import Rulebook
from pipeline.published import published
from tests.support.arrivals import form, laid_out, nominated, nomination
from tests.support.decisions import decisions

pytestmark = pytest.mark.slow

# A county with the names of its companies and the N of their 研发: the larger the better. 丁 and 戊 are equal.
COUNTIES = {
    ("温州市", "鹿城区"): {"乙机械有限公司": 4, "甲机械有限公司": 1},
    ("杭州市", "西湖区"): {"己机械有限公司": 3},
    ("杭州市", "上城区"): {"戊机械有限公司": 2, "丁机械有限公司": 2},
}
BY_REGION = ["丁机械有限公司", "戊机械有限公司", "己机械有限公司", "乙机械有限公司", "甲机械有限公司"]
BY_RANK = ["乙机械有限公司", "己机械有限公司"]


def province() -> dict[str, bytes]:
    files = {}
    for (city, county), companies in COUNTIES.items():
        rows = [nominated(number, name, county) for number, name in enumerate(companies, start=1)]
        files[f"{city}/{county}/附件2.xlsx"] = nomination(*rows)
        for name, n in companies.items():
            content = form(name, county, city=city, answers={"research": (n, 4)})
            files[f"{city}/{county}/{name}.xlsx"] = content
    return files


def report(folder: Path, rulebook: Rulebook, *rulings: str) -> Path:
    files = province()
    if rulings:
        files["人工决定.xlsx"] = decisions(规则确认="\n".join(f"{ruling}|会议纪要" for ruling in rulings))
    run.report(laid_out(folder / "in", files), folder / "out", rulebook, run.Options(1))
    return folder / "out"


def public(output: Path) -> tuple[str, list[str]]:
    """What 公示名单 says of itself, and its companies."""
    book = openpyxl.load_workbook(output / "公示名单.xlsx")
    names = [row[3] for row in book["公示名单"].iter_rows(min_row=4, values_only=True) if row[3]]
    return str(book["说明"]["A2"].value), names


def texts(output: Path, workbook: str, sheet: str) -> str:
    rows = openpyxl.load_workbook(output / workbook, read_only=True)[sheet].iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row if cell is not None)


def issue_codes(output: Path) -> set[str]:
    return set(published(output).issues["code"])


def test_nothing_selected_is_said_and_the_list_goes_by_region(tmp_path: Path, rulebook: Rulebook):
    output = report(tmp_path, rulebook)
    line, names = public(output)
    assert "没有设定拟认定" in line and names == BY_REGION
    assert not (output / "数据" / "selection.csv").exists()
    assert "没有设定名额或分数线" in texts(output, "附件2_推荐排序表.xlsx", "说明")
    assert not {"拟认定", "名额"} & set(openpyxl.load_workbook(output / "审计底稿.xlsx", read_only=True).sheetnames)
    assert "入选依据" not in texts(output, "附件2_推荐排序表.xlsx", "排名")


def test_places_by_a_ruling(tmp_path: Path, rulebook: Rulebook):
    output = report(tmp_path, rulebook, "拟认定的名额或分数线|全省按名次取前 2 家", "公示名单的顺序|按名次")
    line, names = public(output)
    assert "本名单为拟认定企业" in line and names == BY_RANK
    with (output / "数据" / "selection.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["company"], row["state"], row["by"]) for row in rows[:3]] == [
        ("乙机械有限公司", "拟认定", "名额"),
        ("己机械有限公司", "拟认定", "名额"),
        ("丁机械有限公司", "未入选", ""),
    ]
    assert "拟认定：2 家（名额 2 家）。" in texts(output, "附件2_推荐排序表.xlsx", "说明")
    assert "入选依据" in texts(output, "附件2_推荐排序表.xlsx", "排名")
    assert "拟认定（名额）" in (output / "报告.html").read_text(encoding="utf-8")
    assert "乙机械有限公司" in texts(output, "审计底稿.xlsx", "拟认定")
    assert not {"X26", "X27"} & issue_codes(output)


def test_a_tie_on_the_line_keeps_the_output_a_trial_and_off_the_list(tmp_path: Path, rulebook: Rulebook):
    output = report(tmp_path, rulebook, "拟认定的名额或分数线|全省按名次取前 3 家")
    line, names = public(output)
    assert "另有 2 家" in line and names == ["己机械有限公司", "乙机械有限公司"]
    assert not {"丁机械有限公司", "戊机械有限公司"} & set(line)
    assert "X27" in issue_codes(output)
    explained = texts(output, "附件2_推荐排序表.xlsx", "说明")
    assert "待定：丁机械有限公司、戊机械有限公司" in explained
    ready = texts(output, "人工决定_建议.xlsx", "规则确认")
    assert "拟认定名额线上的并列企业" in ready
    returned = "".join(texts(path.parent, path.name, "问题清单") for path in output.glob("返还/*/*/推荐排序结果.xlsx"))
    assert "待定" not in returned  # a tie between counties is no county's business


@pytest.mark.parametrize(("choice", "count"), [("并列的全部入选", 4), ("并列的全部不入选", 2)])
def test_a_tie_is_settled_by_a_ruling(tmp_path: Path, rulebook: Rulebook, choice: str, count: int):
    rulings = ("拟认定的名额或分数线|全省按名次取前3家", f"拟认定名额线上的并列企业|{choice}")
    output = report(tmp_path, rulebook, *rulings)
    assert len(public(output)[1]) == count and "X27" not in issue_codes(output)


def test_a_least_score_and_a_quota_for_every_city(tmp_path: Path, rulebook: Rulebook):
    rulings = ("拟认定的名额或分数线|总分 99 分以上", "拟认定的市、区县名额|每个市至少 1 家")
    output = report(tmp_path, rulebook, *rulings)
    assert public(output)[1] == ["己机械有限公司", "乙机械有限公司"]
    assert "X26" in issue_codes(output)  # nine cities have nobody


@pytest.mark.parametrize(
    "choice", ["全省按名次取前 N 家", "全省按名次取前若干家", "总分 120 分以上", "全省按名次取前 2.5 家", "前 3 家"]
)
def test_a_ruling_without_a_figure_that_can_be_is_asked_about(tmp_path: Path, rulebook: Rulebook, choice: str):
    output = report(tmp_path, rulebook, f"拟认定的名额或分数线|{choice}", "公示名单的顺序|按名次")
    assert "D05" in issue_codes(output)
    line, names = public(output)
    assert "没有设定拟认定" in line and names[0] == BY_RANK[0]  # the other ruling holds


def test_two_rulings_with_other_figures_contradict_each_other(tmp_path: Path, rulebook: Rulebook):
    rulings = [f"拟认定的名额或分数线|全省按名次取前 {number} 家" for number in (2, 3)]
    output = report(tmp_path, rulebook, *rulings)
    assert "D04" in issue_codes(output) and "没有设定拟认定" in public(output)[0]
