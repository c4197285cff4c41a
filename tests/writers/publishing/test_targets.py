"""No command puts a folder or file of its own into what was sent in, into results, or where other programs live."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from pipeline.commands.blank_forms import BLANK_FORMS
from pipeline.writers.publishing.failures import PublishRefused
from pipeline.writers.publishing.manifest import write_manifest
from pipeline.writers.publishing.publish import check_target
from pipeline.writers.publishing.targets import PROJECT, check_folder
from tests.support.arrivals import form, laid_out, nominated, nomination
from tests.support.command_line import Said
from tests.support.strange_files import STRANGE, no_waiting, put

pytestmark = pytest.mark.slow

SYSTEM = ["/", "/dev", "/dev/x", "/proc/self", "/sys/x", "/etc", "/etc/x/y", "/bin/x", "/usr/lib/x", "/tmp", "/home"]
SYSTEM += ["/home/somebody", "/var", "/opt", "/dev/shm", "/root"]
PROGRAMS = [".", "pipeline", "pipeline/x", "tests/x", "docs", ".venv/x", "inbox", "inbox/杭州市/x", "sample_inputs/x"]
DEVICES = ["NUL", "con", "COM1.txt", "x/aux", "prn .y", "\\\\.\\C:", "\\\\?\\C:\\x"]
UNSEEN = ["a\x00b", "a\nb", "\x1b[2J", "x/\x7f"]


@pytest.mark.skipif(os.name == "nt", reason="names of other systems")
@pytest.mark.parametrize("name", SYSTEM)
def test_the_systems_folders_are_refused(name: str):
    with pytest.raises(PublishRefused):
        check_folder(Path(name))


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_programs_folders_and_inboxes_are_refused(name: str):
    with pytest.raises(PublishRefused, match="本程序"):
        check_folder(PROJECT / name)


@pytest.mark.parametrize("name", [".git", "..", "../.."])
def test_folders_around_the_program_are_refused(name: str):
    with pytest.raises(PublishRefused):
        check_folder(PROJECT / name)


@pytest.mark.parametrize("name", [*DEVICES, *UNSEEN])
def test_names_that_no_disk_can_have_are_refused(tmp_path: Path, name: str):
    with pytest.raises(PublishRefused) as refusal:
        check_folder(Path(name) if name.startswith(("\\", "//")) else tmp_path / name)
    assert not set("\x00\n\x1b\x7f") & set(str(refusal.value))


@pytest.mark.parametrize(
    "name", ["结果", "console", "nullify", "COM10", "a.con", "con1", "二次/结果", "a b", "x" * 200]
)
def test_ordinary_names_are_not(tmp_path: Path, name: str):
    assert check_folder(tmp_path / name) == (tmp_path / name).resolve()


def test_what_the_project_has_for_it_is_not():
    for name in ("output", "output.2", "output.2/x", "templates/xlsx"):
        assert check_folder(PROJECT / name) == PROJECT / name
    assert check_folder(PROJECT / "sample_inputs", inbox="sample_inputs") == PROJECT / "sample_inputs"
    with pytest.raises(PublishRefused):
        check_folder(PROJECT / "inbox", inbox="sample_inputs")


def test_a_home_is_refused_and_a_folder_in_it_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home = tmp_path / "users" / "me"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    (tmp_path / "link").symlink_to(home)
    for folder in (home, home.parent, home / ".." / "me", tmp_path / "link", tmp_path):
        with pytest.raises(PublishRefused, match="主文件夹"):
            check_folder(folder)
    assert check_folder(home / "结果") == home / "结果"


@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize("below", ["", "x", "x/y"])
def test_what_is_no_folder_is_refused(tmp_path: Path, kind: str, below: str):
    (tmp_path / "a" / "b").mkdir(parents=True)
    path = tmp_path / "a" / "b" / "c"
    put(kind, path)
    if kind in ("folder", "dangling"):
        return
    with no_waiting(), pytest.raises(PublishRefused):
        check_folder(path / below)


@pytest.mark.parametrize("name", ["out", "out/x", "out/返还/x", "out.新", "out.旧/x", "link", "link/x"])
def test_an_output_is_not_written_into(tmp_path: Path, name: str):
    (tmp_path / "out" / "返还").mkdir(parents=True)
    write_manifest(tmp_path / "out", {"rulebook": {}, "standing": {"final": False}})
    (tmp_path / "link").symlink_to(tmp_path / "out")
    if name in ("out", "link"):
        check_target(tmp_path / name, tmp_path / "in")
        return
    with pytest.raises(PublishRefused):
        check_folder(tmp_path / name)


# ---------------------------------------------------------------- the commands


@pytest.mark.parametrize("name", ["loop", "loop/x", "pipe", "pipe/x", "zero", "zero/x", "file/x", "file"])
@pytest.mark.parametrize("words", [["forms"], ["sample"], ["report", "--output"]])
def test_links_in_a_circle_pipes_and_devices(
    pipeline: Callable[..., Said], tmp_path: Path, province: Path, words: list[str], name: str
):
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "zero").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    before = written(tmp_path)
    with no_waiting():
        said = pipeline(words[0], *([province, *words[1:]] if words[1:] else []), tmp_path / name)
    assert said.code == 2 and len(said.err.splitlines()) == 1 and written(tmp_path) == before


@pytest.fixture
def province(tmp_path: Path) -> Path:
    files = {
        "杭州市/上城区/附件2.xlsx": nomination(nominated(1, "杭州甲公司")),
        "杭州市/上城区/附件1/甲.xlsx": form("杭州甲公司"),
    }
    return laid_out(tmp_path / "place" / "in", files)


def written(folder: Path) -> set[tuple[str, int]]:
    return {(str(path), os.lstat(path).st_ino) for path in folder.rglob("*")}


@pytest.mark.parametrize("command", ["forms", "sample"])
@pytest.mark.parametrize(
    "name", ["", "空", "a/b", "杭州市", "杭州市/新", "杭州市/上城区", "杭州市/上城区/附件1/新", ".."]
)
def test_nothing_is_written_into_an_input(
    pipeline: Callable[..., Said], province: Path, tmp_path: Path, command: str, name: str
):
    before = written(tmp_path)
    said = pipeline(command, province / name, *(["--companies", 1] if command == "sample" else []))
    assert said.code == 2 and len(said.err.splitlines()) == 1 and said.out == ""
    assert written(tmp_path) == before


@pytest.mark.parametrize("files", ["人工决定.xlsx", "附件2.xlsx", "收件.zip", "a.et", "深/深/深/a.xls"])
def test_an_input_without_folders_of_regions(pipeline: Callable[..., Said], tmp_path: Path, files: str):
    root = laid_out(tmp_path / "in", {files: nomination(nominated(1, "杭州甲公司"))})
    before = written(tmp_path)
    assert pipeline("forms", root).code == 2
    if files in ("人工决定.xlsx", "附件2.xlsx"):
        assert pipeline("forms", root / "新" / "表").code == 2
        assert pipeline("sample", root / "新", "--companies", 1).code == 2
    assert written(tmp_path) == before


def test_blank_forms_beside_others_are_no_input(pipeline: Callable[..., Said], tmp_path: Path):
    assert pipeline("forms", tmp_path / "下发").code == 0
    assert pipeline("forms", tmp_path / "下发").code == 0
    assert pipeline("forms", tmp_path / "下发" / "二次").code == 0
    assert {path.name for path in (tmp_path / "下发").iterdir()} - {".二次.lock"} == {*BLANK_FORMS, "二次"}


@pytest.mark.parametrize(
    "words", [["forms", ""], ["forms", "  "], ["sample", ""], ["experts", ".", ""], ["forms", "/dev/null"]]
)
def test_no_folder_is_wrong_usage(
    pipeline: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
):
    monkeypatch.chdir(tmp_path)
    names = ["--experts", laid_out(tmp_path, {"专家.xlsx": b"x"}) / "专家.xlsx"] if words[0] == "experts" else []
    said = pipeline(*words, *names)
    assert said.code == 2 and len(said.err.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == (["专家.xlsx"] if names else [])


@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize("name", ["培育库.xlsx", ".新.培育库.xlsx", ".旧.培育库.xlsx"])
def test_what_lies_in_the_place_of_a_blank_form(pipeline: Callable[..., Said], tmp_path: Path, kind: str, name: str):
    folder = tmp_path / "a" / "下发"
    assert pipeline("forms", folder).code == 0
    put(kind, folder / name)
    with no_waiting():
        said = pipeline("forms", folder)
    assert said.code == 2 and len(said.err.splitlines()) == 1 and name in said.err
    assert os.path.lexists(folder / name)


def test_a_form_of_the_sample_is_not_blank(pipeline: Callable[..., Said], tmp_path: Path):
    assert pipeline("sample", tmp_path / "sample", "--companies", 1, "--jobs", 1).code == 0
    pool = (tmp_path / "sample" / "培育库.xlsx").read_bytes()
    laid_out(tmp_path / "下发", {"培育库.xlsx": pool})
    assert pipeline("forms", tmp_path / "下发").code == 2
    assert (tmp_path / "下发" / "培育库.xlsx").read_bytes() == pool


def test_a_form_that_is_filled_in_while_blank_ones_are_made(
    pipeline: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert pipeline("forms", tmp_path / "下发").code == 0
    rename, target = os.rename, tmp_path / "下发" / "培育库.xlsx"

    def saved_first(source: Path, place: Path) -> None:
        if Path(source) == target:
            target.write_bytes(b"filled in")
        rename(source, place)

    monkeypatch.setattr(os, "rename", saved_first)
    assert pipeline("forms", tmp_path / "下发").code == 2
    assert target.read_bytes() == b"filled in"
    assert {path.name for path in target.parent.iterdir()} == set(BLANK_FORMS)


# ---------------------------------------------------------------- an earlier sample


@pytest.fixture
def sample(pipeline: Callable[..., Said], tmp_path: Path) -> Path:
    folder = tmp_path / "a" / "sample"
    assert pipeline("sample", folder, "--companies", 2, "--jobs", 1).code == 0
    return folder


def test_a_sample_that_somebody_saved_stays(pipeline: Callable[..., Said], sample: Path):
    pool = sample / "培育库.xlsx"
    book = openpyxl.load_workbook(pool)
    book.save(pool)
    before = written(sample)
    said = pipeline("sample", sample, "--companies", 1, "--jobs", 1)
    assert said.code == 2 and pool.name in said.err and written(sample) == before


@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize("name", ["培育库.xlsx", "杭州市/a.xlsx", "专家评分"])
def test_what_lies_in_a_sample(pipeline: Callable[..., Said], sample: Path, kind: str, name: str):
    put(kind, sample / name)
    if kind == "folder":
        return
    before = written(sample)
    with no_waiting():
        said = pipeline("sample", sample, "--companies", 1, "--jobs", 1)
    assert said.code == 2 and name in said.err and written(sample) == before


def test_a_sample_is_replaced_and_what_is_put_there_meanwhile_is_not(
    pipeline: Callable[..., Said], sample: Path, monkeypatch: pytest.MonkeyPatch
):
    unlink = os.unlink

    def saved_first(path: Path, **options: object) -> None:
        monkeypatch.setattr(os, "unlink", unlink)
        (Path(path).parent / "我的.txt").write_text("mine")
        unlink(path)

    monkeypatch.setattr(os, "unlink", saved_first)
    pipeline("sample", sample, "--companies", 1, "--jobs", 1)
    (mine,) = sample.rglob("我的.txt")
    assert mine.read_text() == "mine"
    mine.unlink()
    assert pipeline("sample", sample, "--companies", 1, "--jobs", 1).code == 0
