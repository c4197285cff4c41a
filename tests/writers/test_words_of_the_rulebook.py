"""Points, and the words for a number of years, stand in every output and form as the rulebook has them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline import run
from pipeline.commands.sample.pool import write_pool
from pipeline.model.rulebook import PoolWords, Rulebook
from pipeline.model.rulebook_file import build_rulebook
from pipeline.readers.intake.file import read_file
from pipeline.readers.settling.gather import gather
from pipeline.readers.values.lexicon import Lexicon
from pipeline.writers.county.workbook import write_returned
from pipeline.writers.forms.blank_office import write_blank_pool
from pipeline.writers.forms.filled import PoolRow, write_pool_form
from pipeline.writers.layout.common import sum_columns
from pipeline.writers.official.pool import write_progress
from pipeline.writers.official.ranking import write_nomination
from pipeline.writers.page.report import write_report
from tests.support.golden import text_of
from tests.support.results_builder import build_results


@pytest.fixture
def ratio_items_worth_73(rulebook_entries: dict[str, Any]) -> Rulebook:
    """Two points of the first ratio item given to the first expert item."""
    points = {
        "dimensions": {"infrastructure": 18, "benchmark": 27},
        "groups": {"innovative_use": 15},
        "indicators": {"cloud_storage": 3, "domestic_innovation": 6},
    }
    for table, changed in points.items():
        for entry in rulebook_entries[table]:
            entry["points"] = changed.get(entry["id"], entry["points"])
    return build_rulebook(rulebook_entries)


def of_years(entries: dict[str, Any], *years: int) -> Rulebook:
    entries["pool"]["years"] = list(years)
    return build_rulebook(entries)


def headers_of(path: Path, sheet: str) -> list[str]:
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    row = next(row for row in rows if "地区" in row)
    return [str(cell).replace("\n", "") for cell in row if cell is not None]


# ---------------------------------------------------------------- points


def test_points_are_sums_of_the_items(rulebook: Rulebook, ratio_items_worth_73: Rulebook):
    changed = ratio_items_worth_73
    assert (rulebook.objective_points, rulebook.expert_points, rulebook.total_points) == (75, 25, 100)
    assert (str(changed.objective_points), str(changed.expert_points), str(changed.total_points)) == ("73", "27", "100")
    assert [column.label for column in sum_columns(changed)] == [
        "总分",
        "客观分\n（73）",
        "专家分\n（27）",
        "自评分合计\n（73）",
        "横向评分合计\n（73）",
    ]


@pytest.mark.parametrize("has_marks", [True, False])
def test_no_output_says_75_where_ratio_items_are_worth_73(
    tmp_path: Path, ratio_items_worth_73: Rulebook, has_marks: bool
):
    results = build_results(has_marks=has_marks, rulebook=ratio_items_worth_73)
    write_nomination(tmp_path / "ranking.xlsx", results)
    write_returned(tmp_path / "returned.xlsx", results, "杭州市", "萧山区")
    write_report(tmp_path / "report.html", results)
    texts = [text_of(tmp_path / name) for name in ("ranking.xlsx", "returned.xlsx")]
    texts.append((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert not any(wrong in text for text in texts for wrong in ("（75）", "75 分", "专家分\\n（25）"))
    assert "（73）" in texts[0] and "（73）" in texts[1]
    assert ("按客观分（73 分）排名" in texts[0]) is not has_marks


# ---------------------------------------------------------------- 附件3


@pytest.mark.parametrize(
    ("years", "span"),
    [((2024,), "一年"), ((2023, 2024), "两年"), ((2021, 2022, 2023), "三年"), (tuple(range(2011, 2022)), "11年")],
)
def test_sums_are_called_by_the_number_of_years(years: tuple[int, ...], span: str):
    words = PoolWords(years)
    assert [words.label(item) for item in ("cumulative", "target", "progress", str(years[0]))] == [
        f"{span}累计数",
        f"{span}目标数",
        "完成进度",
        f"{years[0]}年新增数",
    ]


@pytest.mark.parametrize("years", [(2023, 2024), (2022, 2023, 2024, 2025)])
def test_output_and_blank_form_have_the_same_headers(
    tmp_path: Path, rulebook_entries: dict[str, Any], years: tuple[int, ...]
):
    rulebook = of_years(rulebook_entries, *years)
    write_progress(tmp_path / "output.xlsx", build_results(rulebook=rulebook))
    write_blank_pool(tmp_path / "blank.xlsx", rulebook)
    write_report(tmp_path / "report.html", build_results(rulebook=rulebook))
    words = rulebook.pool_words
    expected = [words.label(item) for item in (*map(str, years), "cumulative", "target", "progress")]
    for path in (tmp_path / "output.xlsx", tmp_path / "blank.xlsx"):
        for level in rulebook.pool.levels:
            assert headers_of(path, level.id) == ["序号", "地区", *expected]
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert all(f">{header}</th>" in page for header in expected)
    for text in (text_of(tmp_path / "output.xlsx"), text_of(tmp_path / "blank.xlsx"), page):
        assert not any(wrong in text.replace("\\n", "") for wrong in ("三年累计", "三年目标", "二年"))


def test_a_form_of_two_years_is_read_in_full(tmp_path: Path, rulebook_entries: dict[str, Any]):
    rulebook = of_years(rulebook_entries, 2023, 2024)
    level = rulebook.pool.levels[0]
    rows = [PoolRow(city, (3, 4), 7, level.targets[city], None) for city in rulebook.city_names]
    write_pool_form(tmp_path / "pool.xlsx", {level.id: rows}, rulebook)
    reading = read_file("培育库.xlsx", (tmp_path / "pool.xlsx").read_bytes(), Lexicon.of(rulebook))
    results = run.evaluate(gather([reading], rulebook), run.Options(1))
    regions = results.regions[results.regions["region"] == "杭州市"].set_index(["level", "item"])
    assert regions.loc[(level.id, "cumulative"), ["value", "printed"]].tolist() == [7, 7]
    assert not [issue for issue in results.issues if issue.code in ("P01", "P02", "P03", "P12", "P13", "P14")]


# ---------------------------------------------------------------- the sample


def shaoxing(rulebook: Rulebook, folder: Path) -> tuple[list[int], float]:
    """The counts with their sum and target, and the printed ratio of 市级 绍兴市."""
    write_pool(folder / "pool.xlsx", rulebook, 3)
    book = openpyxl.load_workbook(io.BytesIO((folder / "pool.xlsx").read_bytes()))
    (row,) = (row for row in book["市级"].iter_rows(values_only=True) if "绍兴市" in row)
    return list(row[2:-1]), row[-1]


def test_the_sample_prints_the_wrong_percentage_of_the_notice(tmp_path: Path, rulebook: Rulebook):
    assert shaoxing(rulebook, tmp_path) == ([4, 28, 65, 97, 68], 1.427)


@pytest.mark.parametrize("change", ["years", "target"])
def test_the_sample_of_another_year_prints_what_it_adds_up_to(
    tmp_path: Path, rulebook_entries: dict[str, Any], change: str
):
    if change == "years":
        rulebook_entries["pool"]["years"] = [2022, 2023, 2024]
    else:
        rulebook_entries["pool"]["levels"][0]["targets"]["绍兴市"] = 100
    *_, counted, target = (sample := shaoxing(build_rulebook(rulebook_entries), tmp_path))[0]
    assert sample[1] == round(counted / target, 3) != 1.427
