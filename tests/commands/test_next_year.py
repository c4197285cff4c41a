"""next-year makes next year's rulebook, forms and list of open things from a final output, and from nothing else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline import run
from pipeline.commands.blank_forms import BLANK_FORMS
from pipeline.commands.next_year import FORMS_FOLDER, make_next_year
from pipeline.commands.sample.settle import write_decisions
from pipeline.commands.sample.writing import write_sample
from pipeline.issues.where import Where
from pipeline.model.next_rulebook import NextYear, NotShiftable, next_rulebook
from pipeline.model.records import PoolCount
from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import load_rulebook
from pipeline.published import published
from pipeline.stages.progress import summarise
from pipeline.writers.forms.next_year import POOL_START, TO_SETTLE
from pipeline.writers.publishing.manifest import MANIFEST
from tests.support.command_line import Said
from tests.support.rulebooks import ZHEJIANG_2024

pytestmark = pytest.mark.slow

NEXT = "zhejiang_2025.toml"


def final_output(folder: Path, rulebook: Rulebook) -> Path:
    """The final output of a sample of this rulebook."""
    root = folder / "in"
    write_sample(root, rulebook, companies=30, seed=5, jobs=1)
    write_decisions(root, run.compute([root], rulebook, run.Options(1)))
    run.report(root, folder / "out", rulebook, run.Options(1, final=True))
    return folder / "out"


@pytest.fixture(scope="module")
def ranked_output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A final output in which nobody is selected."""
    return final_output(tmp_path_factory.mktemp("ranked"), load_rulebook(ZHEJIANG_2024))


@pytest.fixture(scope="module")
def selecting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rulebook of 2024 that selects the first nine."""
    text = ZHEJIANG_2024.read_text(encoding="utf-8").replace("places = 0  ", "places = 9  ")
    before, _, behind = text.partition('id = "selection"\n')
    path = tmp_path_factory.mktemp("rulebook") / "zhejiang_2024.toml"
    path.write_text(
        before + 'id = "selection"\n' + behind.replace('adopted = "none"', 'adopted = "places"', 1), "utf-8"
    )
    return path


@pytest.fixture(scope="module")
def selected_output(tmp_path_factory: pytest.TempPathFactory, selecting: Path) -> Path:
    return final_output(tmp_path_factory.mktemp("selected"), load_rulebook(selecting))


def city_counts(table: pd.DataFrame, rulebook: Rulebook) -> dict[str, int]:
    return {city: int((table["city"] == city).sum()) for city in rulebook.city_names}


def test_the_rulebook_of_next_year_loads(ranked_output: Path, tmp_path: Path, rulebook: Rulebook):
    made = make_next_year(ranked_output, tmp_path / "next")
    new = load_rulebook(tmp_path / "next" / NEXT)
    assert made.rulebook == new and (new.id, new.version, new.year) == ("zhejiang_2025", "2025.1", 2025)
    assert new.date.isoformat() == "2025-01-01" and new.pool.years == (2022, 2023, 2024)
    assert (
        new.titles.nomination == "2025年制造业“云上企业”推荐排序表"
        and new.titles.assessment == rulebook.titles.assessment
    )
    assert [level.title for level in new.pool.levels] == [
        f"全省{level}制造业“云上企业”（培育库）情况（2022年-2024年）" for level in ("市级", "区县级")
    ]
    assert (new.indicators, new.bands, new.counties) == (rulebook.indicators, rulebook.bands, rulebook.counties)
    assert "2024年销售收入" in str(new.nomination_columns) and "2023年" not in str(new.nomination_columns)
    assert {ruling.id for ruling in new.rulings} == {ruling.id for ruling in rulebook.rulings}


def test_the_ranked_are_counted_when_nobody_was_selected(ranked_output: Path, tmp_path: Path, rulebook: Rulebook):
    new = make_next_year(ranked_output, tmp_path / "next").rulebook
    output = published(ranked_output)
    wanted = city_counts(output.totals[output.totals["status"] == "已排名"], rulebook)
    for level in new.pool.levels:
        assert dict(level.counts["2024"]) == wanted
        assert dict(level.targets) == {}
    assert new.pool.levels[0].counts["2023"]["绍兴市"] == 65  # as 附件3 of this year has it
    text = (tmp_path / "next" / NEXT).read_text(encoding="utf-8")
    assert '# 待定：上一年为 { "杭州市" = 90' in text and "# The rulebook of one province and one year" in text


def test_the_selected_are_counted(selected_output: Path, selecting: Path, tmp_path: Path):
    made = make_next_year(selected_output, tmp_path / "next", selecting)
    counts = made.rulebook.pool.levels[1].counts["2024"]
    assert sum(counts.values()) == 9
    sheet = openpyxl.load_workbook(tmp_path / "next" / TO_SETTLE)["待办事项"]
    rows = {row[1]: row for row in sheet.iter_rows(min_row=4, values_only=True) if row[1]}
    assert "9 家" in rows["拟认定的名额"][2] and "拟认定" in rows["2024年新增数（市级）"][3]


def test_the_list_names_whatever_is_open(ranked_output: Path, tmp_path: Path):
    made = make_next_year(ranked_output, tmp_path / "next")
    book = openpyxl.load_workbook(tmp_path / "next" / TO_SETTLE)
    rows = [row for row in book["待办事项"].iter_rows(min_row=4, values_only=True) if row[1]]
    assert len(rows) == made.tasks
    subjects = [row[1] for row in rows]
    assert {f"规则：{ruling.topic}" for ruling in made.rulebook.rulings} <= set(subjects)
    assert {"通知原文", "年度和日期", "三年目标数（市级）", "三年目标数（区县级）", "拟认定的名额", "启用"} <= set(
        subjects
    )
    assert "杭州市 90" in next(row for row in rows if row[1] == "三年目标数（市级）")[3]
    assert subjects.count("标题") == sum(bool(title) for title in made.rulebook.titles.model_dump().values())


def test_forms_and_the_pool_to_start_from(ranked_output: Path, tmp_path: Path):
    new = make_next_year(ranked_output, tmp_path / "next").rulebook
    assert {path.name for path in (tmp_path / "next").iterdir()} == {NEXT, TO_SETTLE, POOL_START, FORMS_FOLDER}
    assert {path.name for path in (tmp_path / "next" / FORMS_FOLDER).iterdir()} == set(BLANK_FORMS)
    sheet = openpyxl.load_workbook(tmp_path / "next" / POOL_START)["区县级"]
    cells = {row[1]: row[2:5] for row in sheet.iter_rows(values_only=True)}
    level = next(level for level in new.pool.levels if level.id == "区县级")
    assert cells["杭州市"] == tuple(level.counts[year]["杭州市"] for year in ("2022", "2023", "2024"))


def test_a_report_on_next_years_sample_and_the_year_after(ranked_output: Path, tmp_path: Path):
    new = make_next_year(ranked_output, tmp_path / "next").rulebook
    output = final_output(tmp_path, new)
    progress = published(output).progress.set_index(["level", "region", "item"])["value"]
    assert (
        progress["市级", "绍兴市", "2023"] == 65
        and progress.loc["区县级", "杭州市", "progress"] != progress.loc["区县级", "杭州市", "progress"]
    )  # no target, no progress
    after = make_next_year(output, tmp_path / "after", tmp_path / "next" / NEXT).rulebook
    assert (after.year, after.pool.years) == (2026, (2023, 2024, 2025))
    assert after.pool.levels[0].counts["2024"] == new.pool.levels[0].counts["2024"]
    text = (tmp_path / "after" / "zhejiang_2026.toml").read_text(encoding="utf-8")
    assert text.count("# Made by next-year") == 1 and "2024年制造业" not in text


def test_the_same_output_gives_the_same_bytes(ranked_output: Path, tmp_path: Path):
    for name in ("a", "b"):
        make_next_year(ranked_output, tmp_path / name)
    first, second = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("a", "b")
    )
    assert first == second


# ---------------------------------------------------------------- what the rulebook knows of the pool


def test_counts_of_the_rulebook_fill_gaps_and_the_workbook_goes_before(ranked_output: Path, tmp_path: Path):
    new = make_next_year(ranked_output, tmp_path / "next").rulebook
    cell = Where("培育库.xlsx", "市级", "C5")
    counts = [PoolCount("市级", "绍兴市", "2024", 99.0, cell), PoolCount("市级", "绍兴市", "target", 200.0, cell)]
    regions, issues = summarise(counts, [], new)
    values = regions.set_index(["level", "region", "item"])["value"]
    assert (values["市级", "绍兴市", "2024"], values["市级", "绍兴市", "2023"]) == (99, 65)
    assert values["市级", "绍兴市", "cumulative"] == 99 + 65 + 28
    assert {issue.code for issue in issues if issue.city == "绍兴市"} == {"P03"}


# ---------------------------------------------------------------- what is refused


def refused(pipeline: Callable[..., Said], output: Path, folder: Path, *words: object) -> str:
    said = pipeline("next-year", output, folder, *words)
    assert said.code == 2 and said.err.strip().endswith("。") and said.out == ""
    return said.err


def test_a_trial_is_refused(pipeline: Callable[..., Said], ranked_output: Path, tmp_path: Path):
    rulebook = load_rulebook(ZHEJIANG_2024)
    run.report(ranked_output.parent / "in", tmp_path / "trial", rulebook, run.Options(1, decisions=ZHEJIANG_2024))
    assert "试算" in refused(pipeline, tmp_path / "trial", tmp_path / "next")
    assert not (tmp_path / "next").exists()


@pytest.mark.parametrize("damage", ["changed", "missing", "surplus"])
def test_what_verify_refuses_is_refused(
    pipeline: Callable[..., Said], ranked_output: Path, tmp_path: Path, damage: str
):
    output = tmp_path / "out"
    shutil.copytree(ranked_output, output)
    victim = output / ("公示名单.xlsx" if damage != "surplus" else "另一张.xlsx")
    if damage == "missing":
        victim.unlink()
    else:
        victim.write_bytes(b"other")
    assert victim.name in refused(pipeline, output, tmp_path / "next")
    assert not (tmp_path / "next").exists()


def test_a_folder_that_is_no_output_is_refused(pipeline: Callable[..., Said], tmp_path: Path):
    (tmp_path / "out").mkdir()
    assert "不是本程序生成的输出文件夹" in refused(pipeline, tmp_path / "out", tmp_path / "next")


def test_another_rulebook_is_refused(
    pipeline: Callable[..., Said], ranked_output: Path, selected_output: Path, selecting: Path, tmp_path: Path
):
    assert "规则文件" in refused(pipeline, ranked_output, tmp_path / "next", "--rulebook", selecting)
    assert "--rulebook" in refused(pipeline, selected_output, tmp_path / "next")
    assert "打不开" in refused(pipeline, ranked_output, tmp_path / "next", "--rulebook", tmp_path / "no.toml")


def test_an_output_of_one_city_is_refused(pipeline: Callable[..., Said], ranked_output: Path, tmp_path: Path):
    output = tmp_path / "out"
    shutil.copytree(ranked_output, output)
    manifest = json.loads((output / MANIFEST).read_text(encoding="utf-8"))
    (output / MANIFEST).write_text(json.dumps(manifest | {"scope": "杭州市"}, ensure_ascii=False), encoding="utf-8")
    assert "杭州市" in refused(pipeline, output, tmp_path / "next")


@pytest.mark.parametrize("name", ["out/next", "out", ".", "full", "file"])
def test_a_folder_that_is_taken_is_refused(
    pipeline: Callable[..., Said], ranked_output: Path, tmp_path: Path, name: str
):
    shutil.copytree(ranked_output, tmp_path / "out")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "有.txt").write_text("x")
    (tmp_path / "file").write_text("x")
    before = sorted(tmp_path.rglob("*"))
    refused(pipeline, tmp_path / "out", tmp_path / name)
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_folder_is_taken(pipeline: Callable[..., Said], ranked_output: Path, tmp_path: Path):
    (tmp_path / "next").mkdir()
    said = pipeline("next-year", ranked_output, tmp_path / "next")
    assert said.code == 0 and "2025 年" in said.out and (tmp_path / "next" / NEXT).exists()
    assert [path.name for path in tmp_path.iterdir()] == ["next"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("years = [2021, 2022, 2023]", "years = [2021,\n  2022, 2023]"),
        ("year = 2024\n", "'year' = 2024\n"),
        ("[pool]\nyears", "[ pool ]\nyears"),
    ],
)
def test_a_rulebook_in_another_writing_is_refused(tmp_path: Path, old: str, new: str):
    text = ZHEJIANG_2024.read_text(encoding="utf-8")
    assert text.count(old) == 1
    (tmp_path / "zhejiang_2024.toml").write_text(text.replace(old, new), encoding="utf-8")
    rulebook = load_rulebook(tmp_path / "zhejiang_2024.toml")
    with pytest.raises(NotShiftable) as refusal:
        next_rulebook(text.replace(old, new), NextYear(rulebook, {}, {}, "from a test"))
    assert str(refusal.value).endswith("。")


def test_last_years_deadline_is_not_carried_over(tmp_path: Path):
    chasing = '[chasing]\ndeadline = 2024-06-30  # 截止\ncontact = "某处 某某"\n\n[pool]'
    text = ZHEJIANG_2024.read_text(encoding="utf-8").replace("[pool]", chasing, 1)
    (tmp_path / "this.toml").write_text(text, encoding="utf-8")
    change = NextYear(load_rulebook(tmp_path / "this.toml"), {}, {}, "from a test")
    (tmp_path / "next.toml").write_text(next_rulebook(text, change), encoding="utf-8")
    made = load_rulebook(tmp_path / "next.toml")
    assert made.chasing.deadline is None and made.chasing.contact == "某处 某某"


def test_the_29th_of_february(rulebook: Rulebook):
    leap = rulebook.model_copy(update={"date": rulebook.date.replace(month=2, day=29)})
    assert NextYear(leap, {}, {}, "").date.isoformat() == "2025-02-28"


def test_an_id_without_a_year_gets_one(rulebook: Rulebook):
    assert NextYear(rulebook.model_copy(update={"id": "zhejiang"}), {}, {}, "").id == "zhejiang_2025"
