"""`report --final` writes 正式 results or none, and `verify` finds out whether an output is still what it was."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import run
from pipeline.commands.sample.settle import write_decisions
from pipeline.commands.sample.writing import write_sample
from pipeline.model.rulebook import Rulebook
from pipeline.published import NotPublished, published
from pipeline.run import refused_beside
from pipeline.writers.publishing.manifest import MANIFEST, damaged_outputs, read_manifest
from tests.support.arrivals import form, laid_out, nominated, nomination
from tests.support.command_line import Said
from tests.support.decisions import decisions
from tests.support.rulebooks import ZHEJIANG_2024

pytestmark = pytest.mark.slow

HERE = "杭州市/上城区"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {f"{HERE}/附件2.xlsx": nomination(nominated(1, "杭州甲公司")), f"{HERE}/附件1.xlsx": form("杭州甲公司")}
    return laid_out(tmp_path / "in", files)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# ---------------------------------------------------------------- --final


def test_what_cannot_be_final_leaves_the_output_alone_and_says_why(
    pipeline: Callable[..., Said], root: Path, tmp_path: Path
):
    output = tmp_path / "out"
    assert pipeline("report", root, "--output", output).code == 0
    before = bytes_of(output)
    said = pipeline("report", root, "--output", output, "--final")
    refused = refused_beside(output)
    assert said.code == 1 and "89 个区县" in said.err and str(refused) in said.err
    assert bytes_of(output) == before
    assert {path.name for path in refused.iterdir()} == {"问题清单.xlsx", "数据"}
    assert damaged_outputs(refused, read_manifest(refused)) == []
    with zipfile.ZipFile(refused / "问题清单.xlsx") as workbook:
        assert workbook.testzip() is None


def test_nothing_readable_is_told_beside_the_output_too(pipeline: Callable[..., Said], tmp_path: Path):
    root = laid_out(tmp_path / "in", {"表.xlsx": b"no"})
    said = pipeline("report", root, "--output", tmp_path / "out", "--final")
    assert said.code == 3 and not (tmp_path / "out").exists()
    assert (refused_beside(tmp_path / "out") / "问题清单.xlsx").is_file()


def test_a_refusal_leaves_no_lock_behind(pipeline: Callable[..., Said], root: Path, tmp_path: Path):
    assert pipeline("report", root, "--output", tmp_path / "out", "--final").code == 1
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out_未通过"}


def test_without_final_nothing_lies_beside_the_output(pipeline: Callable[..., Said], root: Path, tmp_path: Path):
    pipeline("report", root, "--output", tmp_path / "out")
    assert not refused_beside(tmp_path / "out").exists()


def test_a_folder_of_somebody_else_is_not_written_to(pipeline: Callable[..., Said], root: Path, tmp_path: Path):
    foreign = laid_out(refused_beside(tmp_path / "out"), {"我的.txt": b"x"})
    said = pipeline("report", root, "--output", tmp_path / "out", "--final")
    assert said.code == 2 and bytes_of(foreign) == {"我的.txt": b"x"}


# ---------------------------------------------------------------- a return brought to its end


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Path:
    """A made-up province with its slips, and a signed decision for everything that is open."""
    folder = tmp_path_factory.mktemp("settled") / "in"
    write_sample(folder, rulebook, companies=40, seed=4, jobs=1)
    write_decisions(folder, run.compute([folder], rulebook, run.Options(1)))
    return folder


def test_decisions_make_it_final_and_a_trial_never_takes_its_place(
    pipeline: Callable[..., Said], settled: Path, tmp_path: Path
):
    root, output = tmp_path / "in", tmp_path / "out"
    shutil.copytree(settled, root)
    signed = root / "人工决定.xlsx"
    decisions = signed.read_bytes()
    signed.unlink()
    assert pipeline("report", root, "--output", output, "--final").code == 1 and refused_beside(output).is_dir()
    signed.write_bytes(decisions)
    said = pipeline("report", root, "--output", output, "--final")
    assert said.code == 0 and "正式" in said.out and not refused_beside(output).exists()
    manifest = read_manifest(output)
    assert manifest["standing"] == {"label": "正式", "final": True, "reasons": []} and manifest["assumed_rulings"] == []
    assert len(manifest["decisions"]) > 70 and all(entry["state"] == "已采用" for entry in manifest["decisions"])
    assert pipeline("verify", output, "--input", root).code == 0
    before = bytes_of(output)
    signed.unlink()
    assert pipeline("report", root, "--output", output).code == 2
    assert pipeline("report", root, "--output", output, "--final").code == 1
    assert bytes_of(output) == before


def test_the_sample_can_be_asked_for_settled(pipeline: Callable[..., Said], tmp_path: Path):
    said = pipeline("sample", tmp_path / "in", "--companies", 12, "--settled")
    assert said.code == 0 and (tmp_path / "in" / "人工决定.xlsx").is_file()
    assert pipeline("sample", tmp_path / "in", "--companies", 12).code == 0
    assert not (tmp_path / "in" / "人工决定.xlsx").exists()


# ---------------------------------------------------------------- verify


def test_an_untouched_output_is_whole_and_made_again_byte_for_byte(
    pipeline: Callable[..., Said], root: Path, tmp_path: Path
):
    output = tmp_path / "out"
    pipeline("report", root, "--output", output, "--date", "2024-07-01")
    before = bytes_of(output)
    said = pipeline("verify", output, "--input", root, "--jobs", 1)
    assert said.code == 0 and "逐字节一致" in said.out
    assert bytes_of(output) == before


def test_every_changed_file_is_named(pipeline: Callable[..., Said], root: Path, tmp_path: Path):
    output = tmp_path / "out"
    pipeline("report", root, "--output", output)
    with (output / "公示名单.xlsx").open("ab") as file:
        file.write(b"x")
    (output / "报告.html").unlink()
    (output / "外来.txt").touch()
    said = pipeline("verify", output)
    assert said.code == 1
    assert all(name in said.out for name in ("公示名单.xlsx", "报告.html", "外来.txt"))
    assert "数据/totals.csv" not in said.out


def test_another_input_gives_other_bytes_and_is_named(pipeline: Callable[..., Said], root: Path, tmp_path: Path):
    output = tmp_path / "out"
    pipeline("report", root, "--output", output)
    (root / HERE / "附件1.xlsx").write_bytes(form("杭州甲公司", answers={"research": (3, 4)}))
    (root / HERE / "附件1乙.xlsx").write_bytes(form("杭州乙公司"))
    said = pipeline("verify", output, "--input", root)
    assert said.code == 1 and "逐字节一致" not in said.out
    assert f"{HERE}/附件1.xlsx" in said.out and f"{HERE}/附件1乙.xlsx" in said.out and "数据/scores.csv" in said.out


def test_what_is_no_output_is_refused(pipeline: Callable[..., Said], root: Path):
    assert pipeline("verify", root).code == 2


def test_what_the_output_was_made_with_is_asked_for(pipeline: Callable[..., Said], root: Path, tmp_path: Path):
    output, signed, rules = tmp_path / "out", tmp_path / "决定.xlsx", tmp_path / "规则.toml"
    signed.write_bytes(decisions(采用值="杭州甲公司|研发|N|2|3"))
    rules.write_bytes(ZHEJIANG_2024.read_bytes() + "# 另一份\n".encode())
    assert pipeline("report", root, "--output", output, "--decisions", signed, "--rulebook", rules).code == 0
    said = pipeline("verify", output, "--input", root)
    assert said.code == 1 and "请用 --decisions" in said.out and "请用 --rulebook" in said.out
    said = pipeline("verify", output, "--input", root, "--decisions", signed, "--rulebook", rules)
    assert said.code == 0 and "请用" not in said.out
    assert pipeline("report", root, "--output", tmp_path / "plain").code == 0
    assert "请去掉 --decisions" in pipeline("verify", tmp_path / "plain", "--input", root, "--decisions", signed).out


# ---------------------------------------------------------------- results read back


def test_the_tables_come_back_as_they_were(pipeline: Callable[..., Said], root: Path, tmp_path: Path):
    output = tmp_path / "out"
    pipeline("report", root, "--output", output)
    results = published(output)
    assert results.totals["company"].tolist() == ["杭州甲公司"]
    assert results.totals["rank"].tolist() == [1.0] and results.totals["status"].tolist() == ["已排名"]
    research = results.scores[results.scores["indicator"] == "research"].iloc[0]
    assert (research["n"], research["m"], research["self_score"]) == (2.0, 4.0, 2.5)
    expert = results.scores[results.scores["indicator"] == "cloud_native"].iloc[0]
    assert expert["n"] != expert["n"] and not any(expert["n_where"])


def test_a_changed_table_is_not_used(pipeline: Callable[..., Said], root: Path, tmp_path: Path):
    output = tmp_path / "out"
    pipeline("report", root, "--output", output)
    table = output / "数据" / "totals.csv"
    table.write_bytes(table.read_bytes().replace("杭州甲".encode(), "杭州乙".encode()))
    with pytest.raises(NotPublished, match=r"totals\.csv"):
        published(output)
    (output / MANIFEST).unlink()
    with pytest.raises(NotPublished):
        published(output)
