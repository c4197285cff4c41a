"""The output folder is replaced as a whole or not at all, and never when somebody else's files are in it."""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from xlsxwriter.exceptions import FileCreateError

from pipeline.model.results import Standing
from pipeline.writers.publishing import publish
from pipeline.writers.publishing.failures import PublishBusy, PublishFailed
from pipeline.writers.publishing.manifest import (
    MANIFEST,
    damaged_outputs,
    manifest_of,
    read_manifest,
    write_manifest,
)
from pipeline.writers.publishing.publish import (
    PublishRefused,
    check_target,
    publishing,
    recover,
    refuse_trial_over_final,
)
from tests.support import ROOT
from tests.support.results_builder import build_results

TRIAL, FINAL = Standing(final=False), Standing(final=True)


def fill(folder: Path, word: str, final: bool = False) -> None:
    """A small set of results that says `word`, its manifest last."""
    for name in ("报告.html", "返还/杭州市/萧山区/说明.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(word, encoding="utf-8")
    with zipfile.ZipFile(folder / "附件2.xlsx", "w") as workbook:
        workbook.writestr("xl/workbook.xml", word * 100)
    write_manifest(folder, {"rulebook": {"id": word}, "standing": {"final": final}})


def publish_word(output: Path, word: str, final: bool = False) -> None:
    with publishing(output) as folder:
        fill(folder, word, final)


def word_of(folder: Path) -> str:
    """The word a folder of results says when it is whole; "" when it is not."""
    manifest = read_manifest(folder) if folder.is_dir() else None
    whole = manifest is not None and damaged_outputs(folder, manifest) == []
    return manifest["rulebook"]["id"] if whole else ""


def beside(output: Path) -> set[str]:
    """What stands next to the output, but for the lock."""
    return {path.name for path in output.parent.iterdir()} - {output.name, f".{output.name}.lock"}


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out" / "结果"


# ---------------------------------------------------------------------------------------------- the good case


def test_results_take_the_place_of_the_old_ones(output: Path):
    publish_word(output, "old")
    (output / ".gitkeep").touch()
    with publishing(output) as folder:
        assert folder.parent == output.parent and word_of(output) == "old"
        fill(folder, "new")
        (folder / "报告.html").unlink()
        write_manifest(folder, {"rulebook": {"id": "new"}, "standing": {"final": False}})
    assert word_of(output) == "new"
    assert {path.name for path in output.iterdir()} == {".gitkeep", "数据", "返还", "附件2.xlsx"}
    assert beside(output) == set()


def test_an_output_behind_a_link_is_replaced_where_it_lies(output: Path, tmp_path: Path):
    publish_word(output, "old")
    (tmp_path / "link").symlink_to(output)
    publish_word(tmp_path / "link", "new")
    assert word_of(output) == "new" and (tmp_path / "link").is_symlink()


def test_the_manifest_tells_what_was_made_from_what(tmp_path: Path):
    results = build_results(trial=True, demo=True)
    (tmp_path / "报告.html").write_bytes(b"x")
    write_manifest(tmp_path, manifest_of(results))
    manifest = json.loads((tmp_path / MANIFEST).read_bytes())
    assert manifest["outputs"] == {"报告.html": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}
    assert manifest["inputs"] == dict(zip(results.files["path"], results.files["sha256"], strict=True))
    assert manifest["rulebook"]["sha256"] == results.rulebook.sha256
    assert manifest["standing"] == {"final": False, "label": "试算", "reasons": list(results.standing.reasons)}
    assert manifest["demo"] is True and manifest["date"] == results.date
    assert manifest["program"]["libraries"].keys() >= {"pandas", "xlsxwriter", "jinja2"}
    assert [ruling["id"] for ruling in manifest["assumed_rulings"]] == [item.id for item in results.rulebook.rulings]
    counts = manifest["counts"]
    assert sum(counts["companies"].values()) == len(results.totals)
    assert sum(counts["files"].values()) == len(results.files)
    assert sum(counts["issues"].values()) == len(results.issues)


def test_the_manifest_has_the_same_bytes_every_time(tmp_path: Path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for word in ("乙", "甲") if name == "a" else ("甲", "乙"):
            (tmp_path / name / word).write_text(word, encoding="utf-8")
        write_manifest(tmp_path / name, manifest_of(build_results()))
    content = (tmp_path / "a" / MANIFEST).read_bytes()
    assert content == (tmp_path / "b" / MANIFEST).read_bytes()
    assert content.endswith(b"}\n") and "试算".encode() in content


# ---------------------------------------------------------------------------------------------- what is not ours


@pytest.mark.parametrize(
    ("output", "input_path"),
    [
        ("in", "in"),
        ("in/out", "in"),
        ("in/a/b/out", "in"),
        ("out", "out/in"),
        ("out", "out/a/in"),
        ("link", "in"),
        ("link/out", "in"),
        ("out/../in", "in"),
        ("in", "link"),
        ("out", "out.新"),
        ("out", "out.旧/in"),
    ],
)
def test_an_output_that_touches_the_input_is_refused(tmp_path: Path, output: str, input_path: str):
    (tmp_path / "in").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "in")
    (tmp_path / input_path).mkdir(parents=True, exist_ok=True)
    with pytest.raises(PublishRefused):
        check_target(tmp_path / output, tmp_path / input_path)


def test_the_top_of_a_disk_is_no_output(tmp_path: Path):
    top = Path(tmp_path.anchor)
    recover(top)
    with pytest.raises(PublishRefused):
        check_target(top, tmp_path)


def foreign_file(output: Path) -> None:
    publish_word(output, "old")
    (output / "返还" / "我的笔记.docx").write_text("x")


def other_manifest(output: Path) -> None:
    (output / "数据").mkdir(parents=True)
    (output / MANIFEST).write_text('{"outputs": []}')


def plain_file(output: Path) -> None:
    output.parent.mkdir(parents=True)
    output.write_text("x")


def linked_folder(output: Path) -> None:
    publish_word(output, "old")
    (output / "外面").symlink_to(output.parent)


def own_work(output: Path) -> None:
    output.mkdir(parents=True)
    (output / "重要.xlsx").write_text("x")


@pytest.mark.parametrize("spoil", [foreign_file, other_manifest, plain_file, linked_folder, own_work])
def test_what_is_not_ours_is_refused_and_left_alone(output: Path, tmp_path: Path, spoil: Callable[[Path], None]):
    spoil(output)
    before = sorted(output.rglob("*"))
    with pytest.raises(PublishRefused):
        check_target(output, tmp_path / "in")
    with pytest.raises(PublishRefused), publishing(output):
        pytest.fail("the block must not start")
    assert sorted(output.rglob("*")) == before and beside(output) == set()


def test_the_first_five_foreign_files_are_named(output: Path, tmp_path: Path):
    output.mkdir(parents=True)
    for number in range(7):
        (output / f"文件{number}.txt").touch()
    with pytest.raises(PublishRefused) as refusal:
        check_target(output, tmp_path / "in")
    assert [number for number in range(7) if f"文件{number}.txt" in str(refusal.value)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("litter", [None, ".gitkeep", ".DS_Store", "Thumbs.db", "desktop.ini", "~$附件2.xlsx"])
@pytest.mark.parametrize("ours", [False, True])
def test_an_empty_folder_or_one_of_ours_is_replaced(output: Path, tmp_path: Path, litter: str | None, ours: bool):
    output.mkdir(parents=True)
    if ours:
        publish_word(output, "old")
    if litter:
        (output / litter).touch()
    check_target(output, tmp_path / "in")
    publish_word(output, "new")
    assert word_of(output) == "new"


def test_a_file_put_there_during_the_run_is_not_lost(output: Path):
    publish_word(output, "old")
    with pytest.raises(PublishRefused), publishing(output) as folder:
        fill(folder, "new")
        (output / "刚放进来.xlsx").write_text("x")
    assert (output / "刚放进来.xlsx").exists() and beside(output) == set()


@pytest.mark.parametrize("suffix", [".新", ".旧"])
def test_folders_beside_the_output_that_are_not_ours_are_left_alone(output: Path, suffix: str):
    publish_word(output, "old")
    own = output.with_name(output.name + suffix)
    own.mkdir()
    (own / "别删.xlsx").write_text("x")
    with pytest.raises(PublishRefused):
        publish_word(output, "new")
    assert (own / "别删.xlsx").exists() and word_of(output) == "old"


@pytest.mark.parametrize(
    ("before", "now", "refused"),
    [
        (FINAL, TRIAL, True),
        (FINAL, FINAL, False),
        (TRIAL, TRIAL, False),
        (TRIAL, FINAL, False),
    ],
)
def test_a_trial_never_replaces_a_final_output(output: Path, before: Standing, now: Standing, refused: bool):
    refuse_trial_over_final(output, now)
    publish_word(output, "old", before.final)
    for place in (output, output.with_name(output.name + ".旧")):
        if place != output:
            output.rename(place)
        if refused:
            with pytest.raises(PublishRefused):
                refuse_trial_over_final(output, now)
        else:
            refuse_trial_over_final(output, now)


# ---------------------------------------------------------------------------------------------- what can go wrong


def surplus(folder: Path) -> None:
    (folder / "多出来.txt").write_text("x")


def missing(folder: Path) -> None:
    (folder / "报告.html").unlink()


def flipped(folder: Path) -> None:
    (folder / "报告.html").write_text("nex", encoding="utf-8")


def cut_workbook(folder: Path) -> None:
    content = (folder / "附件2.xlsx").read_bytes()
    (folder / "附件2.xlsx").write_bytes(content[: len(content) // 2])
    write_manifest(folder, {"rulebook": {"id": "new"}, "standing": {"final": False}})


def damaged_part(folder: Path) -> None:
    content = (folder / "附件2.xlsx").read_bytes()
    (folder / "附件2.xlsx").write_bytes(content.replace(b"newnew", b"newNew", 1))
    write_manifest(folder, {"rulebook": {"id": "new"}, "standing": {"final": False}})


def no_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


@pytest.mark.parametrize("spoil", [surplus, missing, flipped, cut_workbook, damaged_part, no_manifest])
def test_results_that_do_not_read_back_are_not_published(output: Path, spoil: Callable[[Path], None]):
    publish_word(output, "old")
    with pytest.raises(PublishFailed), publishing(output) as folder:
        fill(folder, "new")
        spoil(folder)
    assert word_of(output) == "old" and beside(output) == set()


@pytest.mark.parametrize("raised", [KeyboardInterrupt, ValueError])
def test_what_the_block_raises_comes_through_and_the_old_output_stands(output: Path, raised: type[BaseException]):
    publish_word(output, "old")
    with pytest.raises(raised), publishing(output) as folder:
        fill(folder, "new")
        raise raised
    assert word_of(output) == "old" and beside(output) == set()


@pytest.mark.parametrize(
    ("failure", "advice"),
    [
        (OSError(errno.ENOSPC, ""), "清理磁盘"),
        (FileCreateError(OSError(errno.ENOSPC, "")), "清理磁盘"),
        (PermissionError(errno.EACCES, ""), "关闭"),
        (OSError(errno.EROFS, ""), "只读"),
        (OSError(errno.EIO, ""), str(errno.EIO)),
    ],
)
def test_a_failure_of_the_machine_says_what_to_do(output: Path, failure: Exception, advice: str):
    with pytest.raises(PublishFailed, match=advice), publishing(output):
        raise failure


@pytest.mark.slow
def test_a_second_run_into_one_output_stops(output: Path):
    code = (
        "import sys; from pathlib import Path; from pipeline.writers.publishing.publish import *\n"
        "try:\n with publishing(Path(sys.argv[1])): pass\nexcept PublishBusy: print('busy')"
    )
    with publishing(output) as folder:
        second = subprocess.run([sys.executable, "-c", code, output], cwd=ROOT, capture_output=True, text=True)
        with pytest.raises(PublishBusy), publishing(output):
            pytest.fail("the block must not start")
        recover(output)
        assert second.stdout.strip() == "busy" and folder.is_dir()
        fill(folder, "new")
    assert word_of(output) == "new"


def test_a_rename_refused_for_a_moment_is_tried_again(output: Path, monkeypatch: pytest.MonkeyPatch):
    publish_word(output, "old")
    refusals = iter([True, False, True])
    rename = os.rename

    def sometimes(source: Path, target: Path) -> None:
        if next(refusals, False):
            raise PermissionError(errno.EACCES, "")
        rename(source, target)

    monkeypatch.setattr(os, "rename", sometimes)
    monkeypatch.setattr(publish.time, "sleep", lambda seconds: None)
    publish_word(output, "new")
    assert word_of(output) == "new"


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot open a folder to have it written")
def test_everything_is_on_the_disk_before_it_is_renamed(output: Path, monkeypatch: pytest.MonkeyPatch):
    synced: set[int] = set()
    fsync, rename = os.fsync, os.rename
    monkeypatch.setattr(os, "fsync", lambda file: (fsync(file), synced.add(os.fstat(file).st_ino)))

    def checked(source: Path, target: Path) -> None:
        assert {path.stat().st_ino for path in (source, *source.rglob("*"))} <= synced
        rename(source, target)

    monkeypatch.setattr(os, "rename", checked)
    publish_word(output, "new")
    assert output.parent.stat().st_ino in synced


# Every way this module touches the disk.
STEPS = [(os, name) for name in ("rename", "mkdir", "unlink", "rmdir", "fsync", "open", "scandir")]
STEPS += [(builtins, "open"), (io, "open"), (shutil, "copyfile"), (shutil, "rmtree")]


@pytest.mark.slow
def test_a_failure_at_any_step_leaves_the_old_output_or_the_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for failing in range(1, 1000):
        output = tmp_path / str(failing) / "结果"
        publish_word(output, "old")
        (output / ".gitkeep").touch()
        steps = iter(range(1, 1000))
        with monkeypatch.context() as patch:
            for place, name in STEPS:
                patch.setattr(place, name, failing_at(failing, steps, getattr(place, name)))
            try:
                publish_word(output, "new")
                said = "new"
            except PublishFailed:
                said = "old"
        taken = next(steps) - 1
        assert word_of(output) == said, f"step {failing}"
        recover(output)
        assert word_of(output) == said, f"step {failing}"
        assert beside(output) == set() and (output / ".gitkeep").exists()
        if taken < failing:
            break
    assert 30 < failing < 999


def failing_at(number: int, steps: object, original: Callable) -> Callable:
    def call(*arguments, **options):
        if next(steps) == number:
            raise OSError(errno.ENOSPC, "full")
        return original(*arguments, **options)

    return call


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be killed anywhere")
def test_a_kill_at_any_step_leaves_the_old_output_or_the_new(tmp_path: Path):
    """Each step of a run, and of the recovery after it, is the last thing some process did."""
    command = [sys.executable, "-m", "tests.writers.publishing.test_publish", tmp_path]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    kills = json.loads(run.stdout)
    assert kills["publish_over_old"] > 40 and kills["publish_first"] > 20 and kills["recover"] > 20


def kill_everywhere(place: Path) -> None:
    """Runs one task after the other in a process that dies at its n-th step, for every n; prints how many died."""
    deaths = {}
    for task, prepare, work, before in (
        ("publish_over_old", publish_old, publish_new, "old"),
        ("publish_first", lambda output: output.parent.mkdir(parents=True), publish_new, ""),
        ("recover", killed_between_the_renames, recover, "old"),
        ("recover_after", killed_after_the_renames, recover, "new"),
    ):
        step, survived = 0, False
        while not survived:
            step += 1
            output = place / task / str(step) / "结果"
            prepare(output)
            survived = survives(work, output, step)
            aside = output.with_name(output.name + ".旧")
            standing = word_of(output) if output.exists() else word_of(aside)
            assert standing in (before, "new"), (task, step, standing)
            recover(output)
            assert word_of(output) == standing and beside(output) == set(), (task, step)
        deaths[task] = step - 1
    sys.stdout.write(json.dumps(deaths))


def publish_old(output: Path) -> None:
    publish_word(output, "old")


def publish_new(output: Path) -> None:
    publish_word(output, "new")


def killed_between_the_renames(output: Path) -> None:
    publish_word(output, "old")
    output.rename(output.with_name(output.name + ".旧"))
    fill(output.with_name(output.name + ".新"), "half")


def killed_after_the_renames(output: Path) -> None:
    publish_word(output, "old")
    output.rename(output.with_name(output.name + ".旧"))
    fill(output, "new")


def survives(work: Callable[[Path], None], output: Path, last_step: int) -> bool:
    """Whether `work` ended before its process made `last_step` steps on the disk, where it is killed."""
    child = os.fork()
    if child == 0:
        steps = iter(range(1, last_step))

        def watch(event: str, _: tuple) -> None:
            if event == "open" or event.startswith(("os.", "shutil.")):
                if next(steps, None) is None:
                    os._exit(9)

        sys.addaudithook(watch)
        work(output)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


if __name__ == "__main__":
    kill_everywhere(Path(sys.argv[1]))
