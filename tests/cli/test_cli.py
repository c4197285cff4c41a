"""Each command prints what it should and ends with the right exit code, and whatever goes wrong is one Chinese sentence."""

from __future__ import annotations

import errno
import gc
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from xlsxwriter.exceptions import XlsxFileError

from pipeline import run
from pipeline.commands.experts.hand_out import NobodyNominated
from pipeline.model.rulebook_file import RulebookError
from pipeline.writers.book.workbook import open_book
from pipeline.writers.publishing.failures import PublishBusy, PublishFailed, PublishRefused
from tests.support import ROOT
from tests.support.arrivals import PHONE, form, laid_out, nominated, nomination
from tests.support.command_line import Said
from tests.support.rulebooks import ZHEJIANG_2024

HERE = "杭州市/上城区"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        f"{HERE}/附件2.xlsx": nomination(nominated(1, "杭州甲公司")),
        f"{HERE}/附件1.xlsx": form("杭州甲公司", answers={"research": (f"电话{PHONE}", 4)}),
    }
    return laid_out(tmp_path / "in", files)


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    files = {f"{HERE}/附件2.xlsx": nomination(nominated(1, "杭州甲公司")), f"{HERE}/附件1.xlsx": form("杭州甲公司")}
    return laid_out(tmp_path / "clean", files)


# ---------------------------------------------------------------- report


def test_a_run_says_what_it_did(pipeline: Callable[..., Said], root: Path, tmp_path: Path):
    said = pipeline("report", root, "--output", tmp_path / "out", "--jobs", "1")
    assert said.code == 0 and (tmp_path / "out/公示名单.xlsx").exists()
    assert "试算" in said.out and "附件1 1" in said.out and str(tmp_path / "out") in said.out.replace("\n", "")
    assert "读取完成" in said.err


def test_quiet_says_nothing(pipeline: Callable[..., Said], root: Path, tmp_path: Path):
    assert pipeline("report", root, "--output", tmp_path / "out", "--jobs", "1", "--quiet") == (0, "", "")


@pytest.mark.slow
def test_strict_ends_with_1_and_writes_all_the_same(
    pipeline: Callable[..., Said], root: Path, clean: Path, tmp_path: Path
):
    assert pipeline("report", root, "--output", tmp_path / "a", "--jobs", "1", "--strict").code == 1
    assert (tmp_path / "a/公示名单.xlsx").exists()
    assert pipeline("report", clean, "--output", tmp_path / "b", "--jobs", "1", "--strict").code == 0


def test_an_output_that_is_not_ours_stays(pipeline: Callable[..., Said], root: Path, tmp_path: Path):
    mine = laid_out(tmp_path / "out", {"论文.docx": b"mine"})
    said = pipeline("report", root, "--output", mine)
    assert said.code == 2 and [path.name for path in mine.iterdir()] == ["论文.docx"]


@pytest.mark.parametrize("target", ["in", "in/out", "."])
def test_an_output_in_or_around_the_input_is_refused(
    pipeline: Callable[..., Said], root: Path, tmp_path: Path, target: str
):
    before = sorted(tmp_path.rglob("*"))
    assert pipeline("report", root, "--output", tmp_path / target).code == 2
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.slow
def test_a_second_run_replaces_the_first(pipeline: Callable[..., Said], root: Path, clean: Path, tmp_path: Path):
    pipeline("report", root, "--output", tmp_path / "out", "--jobs", "1", "--quiet")
    first = (tmp_path / "out/数据/issues.csv").read_bytes()
    assert pipeline("report", clean, "--output", tmp_path / "out", "--jobs", "1", "--quiet").code == 0
    assert (tmp_path / "out/数据/issues.csv").read_bytes() != first
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith(".")) == ["clean", "in", "out"]


def test_nothing_readable_is_3_and_says_which_files(pipeline: Callable[..., Said], root: Path, tmp_path: Path):
    pipeline("report", root, "--output", tmp_path / "out", "--jobs", "1", "--quiet")
    before = (tmp_path / "out/数据/manifest.json").read_bytes()
    broken = laid_out(tmp_path / "broken", {"表.xlsx": b"no workbook"})
    said = pipeline("report", broken, "--output", tmp_path / "out", "--jobs", "1")
    assert said.code == 3 and "表.xlsx" in said.err
    assert (tmp_path / "out/数据/manifest.json").read_bytes() == before


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PublishRefused("不是本程序的文件夹。"), 2),
        (RulebookError("规则文件不对。"), 2),
        (NobodyNominated("没有可评的企业。"), 3),
        (PublishBusy("正忙。"), 4),
        (PublishFailed("磁盘已满。"), 4),
    ],
)
def test_each_kind_of_error_has_its_exit_code(
    pipeline: Callable[..., Said],
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    code: int,
):
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(run, "publishing", fail)
    said = pipeline("report", root, "--output", tmp_path / "out", "--jobs", "1")
    assert (said.code, said.err.splitlines()[-1]) == (code, str(error))


@pytest.mark.parametrize("error", [MemoryError(), KeyError("key"), OSError(28, "No space left on device")])
def test_whatever_fails_is_a_sentence(
    pipeline: Callable[..., Said], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
):
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(run, "find_all", fail)
    said = pipeline("report", root, "--output", tmp_path / "out", "--jobs", "1")
    assert said.code == 4 and "原有输出没有改动" in said.err and not (tmp_path / "out").exists()


def test_an_output_cannot_be_compared_with_itself(pipeline: Callable[..., Said], root: Path, tmp_path: Path):
    output = tmp_path / "out"
    assert pipeline("report", root, "--output", output, "--jobs", "1").code == 0
    before = (output / "数据" / "manifest.json").read_bytes()
    said = pipeline("report", root, "--output", tmp_path / "in" / ".." / "out", "--previous", output, "--jobs", "1")
    assert said.code == 2 and "--previous" in said.err
    assert (output / "数据" / "manifest.json").read_bytes() == before


def test_the_date_is_shown_and_checked(pipeline: Callable[..., Said], root: Path, tmp_path: Path):
    assert pipeline("report", root, "--output", tmp_path / "out", "--jobs", "1", "--date", "2024-05-31").code == 0
    assert pipeline("report", root, "--output", tmp_path / "out", "--date", "五月").code == 2


# ---------------------------------------------------------------- wrong usage


@pytest.mark.parametrize(
    "words",
    [
        ["report"],
        ["report", "没有这个文件夹", "--output", "o"],
        ["report", "."],
        ["report", ".", "--output", "o", "--jobs", "0"],
        ["report", ".", "--output", "o", "--jobs", "两"],
        ["report", ".", "--output", "o", "--colour"],
        ["report", ".", ".", "--output", "o"],
        ["publish"],
        ["check"],
        ["check", ".", "--format", "xml"],
        ["sample", "o", "--companies", "0"],
        ["report", ".", "--output", "o", "--rulebook", "没有.toml"],
    ],
)
def test_wrong_usage_is_one_chinese_sentence(
    pipeline: Callable[..., Said], words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    said = pipeline(*words)
    assert said.code == 2 and said.out == "" and len(said.err.strip().splitlines()) == 1
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said.err) and not list(tmp_path.iterdir())


def test_a_rulebook_that_cannot_be_used_names_the_key(pipeline: Callable[..., Said], root: Path, tmp_path: Path):
    spoiled = tmp_path / "坏.toml"
    spoiled.write_text(
        ZHEJIANG_2024.read_text(encoding="utf-8").replace("self_share = 0.5", "self_share = 2"), encoding="utf-8"
    )
    said = pipeline("report", root, "--output", tmp_path / "out", "--rulebook", spoiled)
    assert said.code == 2 and "self_share" in said.err


@pytest.mark.parametrize(
    "words", [["--help"], ["report", "--help"], ["check", "-h"], ["sample", "--help"], ["--version"]]
)
def test_help_is_chinese(pipeline: Callable[..., Said], words: list[str]):
    said = pipeline(*words)
    assert said.code == 0 and said.out
    assert not [word for word in ("Usage", "Options", "Show this", "required", "default") if word in said.out]


# ---------------------------------------------------------------- check


def test_check_lists_what_is_wrong_and_writes_nothing(
    pipeline: Callable[..., Said], root: Path, clean: Path, tmp_path: Path
):
    before = sorted(tmp_path.rglob("*"))
    said = pipeline("check", root)
    assert said.code == 1 and "V01" in said.out and PHONE not in said.out
    assert pipeline("check", clean).code == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_check_as_json(pipeline: Callable[..., Said], root: Path):
    said = pipeline("check", root, "--format", "json")
    rows = json.loads(said.out)
    assert said.code == 1 and PHONE not in said.out
    assert {row["code"] for row in rows} >= {"V01"} and all(row["file"] for row in rows)


def test_check_of_single_files_does_not_ask_for_the_others(pipeline: Callable[..., Said], clean: Path):
    assert pipeline("check", clean / HERE / "附件2.xlsx").code == 0
    assert pipeline("check", clean / HERE / "附件1.xlsx").code == 0
    assert (
        "X05"
        in pipeline(
            "check", laid_out(clean.parent / "部分", {f"{HERE}/附件2.xlsx": nomination(nominated(1, "乙公司"))})
        ).out
    )


def test_check_of_what_cannot_be_read(pipeline: Callable[..., Said], tmp_path: Path):
    assert pipeline("check", laid_out(tmp_path / "a", {"表.xlsx": b"no"})).code == 1
    assert pipeline("check", laid_out(tmp_path / "b", {"照片.jpg": b"\xff\xd8"})).code == 3


def test_files_of_one_name_are_told_apart(pipeline: Callable[..., Said], tmp_path: Path):
    answers = {"research": ("待定", 4)}
    laid_out(tmp_path, {"甲/a.xlsx": form("甲公司", answers=answers), "乙/a.xlsx": form("乙公司", answers=answers)})
    rows = json.loads(pipeline("check", tmp_path / "甲/a.xlsx", tmp_path / "乙/a.xlsx", "--format", "json").out)
    assert {(row["file"], row["company"]) for row in rows if row["code"] == "V01"} == {
        ("甲/a.xlsx", "甲公司"),
        ("乙/a.xlsx", "乙公司"),
    }


# ---------------------------------------------------------------- a page or a workbook of its own


@pytest.mark.slow
def test_a_file_of_its_own_replaces_nothing_but_an_earlier_one(
    pipeline: Callable[..., Said], root: Path, tmp_path: Path
):
    output, other = tmp_path / "out", tmp_path / "other"
    for folder in (output, other):
        assert pipeline("report", root, "--output", folder, "--jobs", "1").code == 0
    foreign = laid_out(
        tmp_path / "mine", {"a.xlsx": form("杭州甲公司"), "a.html": b"<html></html>", "a.toml": b"x = 1"}
    )
    own = tmp_path / "own"
    own.mkdir()
    commands = {
        "--html": ("explain", "杭州甲公司", "--output", output),
        "--xlsx": ("explain", "杭州甲公司", "--output", output),
        "compare": ("compare", output, other),
        "impact": ("impact", root, "--with", root / HERE / "附件1.xlsx", "--jobs", "1"),
    }
    for name, words in commands.items():
        option, file = ("--html", own / "a.html") if name == "--html" else ("--xlsx", own / f"{name}.xlsx")
        assert [pipeline(*words, option, file).code for _ in range(2)] == [0, 0]
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        refused = [*foreign.iterdir(), output / "公示名单.xlsx", output / "返还" / "新.xlsx", own / "无" / "新.xlsx"]
        refused += [root / HERE / "新.xlsx"] if name == "impact" else []
        refused += [own / "--xlsx.xlsx"] if name == "compare" else []
        for file in refused:
            said = pipeline(*words, option, file)
            assert said.code == 2 and said.out == "" and len(said.err.splitlines()) == 1, (name, file)
        assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    both = own / "b.xlsx"
    assert pipeline(*commands["--xlsx"], "--html", both, "--xlsx", both).code == 2 and not both.exists()


def test_a_disk_that_is_full_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The half-written archive fails again when it is thrown away, which nobody should read of."""

    class FullDisk(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "")

    unasked: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", unasked.append)
    monkeypatch.setattr(io, "open", lambda *_: FullDisk())
    try:
        with open_book(tmp_path / "a.xlsx", "2024-01-01", "表", {}) as book:
            book.sheet("表")
    except XlsxFileError as error:
        failure = repr(error)
    gc.collect()
    assert "ENOSPC" in failure or str(errno.ENOSPC) in failure
    assert unasked == [] and sys.unraisablehook == unasked.append


# ---------------------------------------------------------------- sample, and the console


def test_sample_writes_and_does_not_overwrite(pipeline: Callable[..., Said], tmp_path: Path):
    assert pipeline("sample", tmp_path / "s", "--companies", "3", "--jobs", "1").code == 0
    assert list((tmp_path / "s").rglob("*.xlsx"))
    mine = laid_out(tmp_path / "mine", {"论文.docx": b"mine"})
    assert pipeline("sample", mine, "--companies", "3").code == 2 and [path.name for path in mine.iterdir()] == [
        "论文.docx"
    ]


@pytest.mark.slow
def test_a_sample_is_called_one(pipeline: Callable[..., Said], tmp_path: Path):
    pipeline("sample", tmp_path / "s", "--companies", "3", "--jobs", "1")
    assert "演示数据" in pipeline("report", tmp_path / "s", "--output", tmp_path / "out", "--jobs", "1").out


@pytest.mark.slow
def test_a_console_that_knows_few_characters(root: Path, tmp_path: Path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii", "COLUMNS": "80"}
    command = [sys.executable, "-m", "pipeline", "report", str(root), "--output", str(tmp_path / "out"), "--jobs", "1"]
    ended = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert ended.returncode == 0 and b"Traceback" not in ended.stderr and b"?" in ended.stdout
