"""An output is replaced as a whole or not at all, and never when it holds files of others."""

from __future__ import annotations

import builtins
import errno
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from xlsxwriter.exceptions import FileCreateError

from pipeline.machine import renaming
from pipeline.model.results import Standing
from pipeline.model.stamps import OUTPUT_PROPERTY
from pipeline.writers.publishing.csv_files import DATA_FOLDER
from pipeline.writers.publishing.failures import PublishBusy, PublishFailed, PublishRefused
from pipeline.writers.publishing.manifest import (
    MANIFEST,
    damaged_outputs,
    manifest_of,
    read_manifest,
    write_manifest,
)
from pipeline.writers.publishing.publish import (
    check_target,
    publishing,
    recover,
    refuse_trial_over_final,
    withdraw,
)
from tests.support import ROOT
from tests.support.arrivals import laid_out
from tests.support.results_builder import build_results
from tests.support.strange_files import STRANGE, no_waiting, put

pytestmark = pytest.mark.slow

TRIAL, FINAL = Standing(final=False), Standing(final=True)


# What a workbook of results says of itself, as far as anybody asks.
PROPERTIES = {
    "docProps/core.xml": "<dc:title>表</dc:title><dcterms:created>2024</dcterms:created><dcterms:modified>2024</dcterms:modified>",
    "docProps/custom.xml": f'<property name="{OUTPUT_PROPERTY}"/>',
    "docProps/app.xml": "",
}


def write_workbook(path: Path, word: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for part, text in {"xl/workbook.xml": word * 100, **PROPERTIES}.items():
            archive.writestr(part, text)


def fill(folder: Path, word: str, final: bool = False) -> None:
    """A small set of results that says `word`, its manifest last."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "报告.html").write_text(f'<!DOCTYPE html>\n<html lang="zh-CN">{word}', encoding="utf-8")
    for name in ("附件2.xlsx", "返还/杭州市/萧山区/推荐排序结果.xlsx"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_workbook(folder / name, word)
    (folder / "返还/杭州市/萧山区.zip").write_bytes((folder / "附件2.xlsx").read_bytes())
    (folder / DATA_FOLDER).mkdir(exist_ok=True)
    (folder / DATA_FOLDER / "totals.csv").write_text(word, encoding="utf-8")
    write_manifest(folder, {"rulebook": {"id": word}, "standing": {"final": final}})


def publish_word(
    output: Path, word: str, then: Callable[[Path], object] = lambda folder: None, final: bool = False
) -> None:
    """Publishes results that hold `word`; `then` is called with the folder while it is being built."""
    with publishing(output) as folder:
        fill(folder, word, final)
        then(folder)


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


def test_a_file_that_keeps_an_empty_folder_is_taken_along_while_it_is_small(output: Path):
    publish_word(output, "old")
    (output / ".gitkeep").write_bytes(bytes(1 << 16))
    publish_word(output, "new")
    assert (output / ".gitkeep").exists() and word_of(output) == "new"
    (output / ".gitkeep").write_bytes(bytes((1 << 16) + 1))
    with pytest.raises(PublishRefused, match="gitkeep"):
        publish_word(output, "newest")


def test_an_output_that_is_withdrawn_leaves_nothing_behind(output: Path):
    publish_word(output, "old")
    withdraw(output)
    assert list(output.parent.iterdir()) == []


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
    assert [ruling["id"] for ruling in manifest["assumed_rulings"]] == [
        item.id for item in results.rulebook.assumed_rulings
    ]
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
    with pytest.raises(PublishRefused):
        publish_word(output, "new", lambda _: (output / "刚放进来.xlsx").write_text("x"))
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
    publish_word(output, "old", final=before.final)
    for place in (output, output.with_name(output.name + ".旧")):
        if place != output:
            output.rename(place)
        if refused:
            with pytest.raises(PublishRefused):
                refuse_trial_over_final(output, now)
        else:
            refuse_trial_over_final(output, now)


# ---------------------------------------------------------------------------------------------- forged, edited, put beside


def state_of(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every entry below a folder, links not followed."""
    found = {}
    for path in folder.rglob("*"):
        seen = os.lstat(path)
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        found[path.relative_to(folder).as_posix()] = (seen.st_ino, seen.st_mode, content)
    return found


def edit(folder: Path, name: str = "附件2.xlsx") -> None:
    """Somebody types something into a result and saves it: it is another file of the same name."""
    (folder / name).write_bytes((folder / name).read_bytes() + b"typed in")


@pytest.mark.parametrize("name", ["附件2.xlsx", "报告.html", "数据/totals.csv", "返还/杭州市/萧山区.zip"])
def test_a_result_that_was_changed_is_foreign(output: Path, tmp_path: Path, name: str):
    publish_word(output, "old")
    edit(output, name)
    before = state_of(output)
    for attempt in (lambda: check_target(output, tmp_path / "in"), lambda: publish_word(output, "new")):
        with pytest.raises(PublishRefused, match=re.escape(name)):
            attempt()
    withdraw(output)
    assert state_of(output) == before and beside(output) == set()
    (output / name).rename(tmp_path / "kept")
    publish_word(output, "new")
    assert word_of(output) == "new"


@pytest.mark.parametrize("name", ["附件2.xlsx", "新的.xlsx"])
@pytest.mark.parametrize("moment", ["while it is built", "while it is looked through", "after the last look"])
def test_what_is_saved_while_a_run_is_at_it_is_not_lost(
    output: Path, monkeypatch: pytest.MonkeyPatch, name: str, moment: str
):
    """Also between the look at a file and its renaming: it is looked at again where nobody finds it."""
    publish_word(output, "old")
    typed = publish_word
    if moment == "while it is built":
        with pytest.raises(PublishRefused, match=name):
            typed(output, "new", lambda _: (output / name).write_bytes(b"mine"))
    else:
        rename = os.rename

        def saved_first(source: Path, target: Path) -> None:
            if Path(source) == output and moment == "while it is looked through":
                (output / name).write_bytes(b"mine")
            rename(source, target)
            if Path(target).name.endswith(".旧") and moment == "after the last look":
                (Path(target) / name).write_bytes(b"mine")

        monkeypatch.setattr(os, "rename", saved_first)
        with pytest.raises(PublishRefused, match=name):
            typed(output, "new")
    assert (output / name).read_bytes() == b"mine" and beside(output) == set()


def test_what_is_put_into_the_old_output_while_it_is_removed_is_not_lost(output: Path, monkeypatch: pytest.MonkeyPatch):
    publish_word(output, "old")
    rmdir = os.rmdir

    def saved_first(folder: Path) -> None:
        monkeypatch.setattr(os, "rmdir", rmdir)
        (Path(folder) / "刚放进来.txt").write_text("mine")
        rmdir(folder)

    monkeypatch.setattr(os, "rmdir", saved_first)
    publish_word(output, "new")
    assert word_of(output) == "new"
    (kept,) = output.parent.rglob("刚放进来.txt")
    with pytest.raises(PublishRefused, match="刚放进来"):
        publish_word(output, "newer")
    assert kept.read_text() == "mine" and word_of(output) == "new"


TOKEN = "0" * 64


def marked(folder: Path) -> None:
    """A folder of somebody with the mark of a half-built one."""
    folder.mkdir()
    (folder / ".生成中").write_text(TOKEN)
    (folder / "别删.xlsx").write_text("mine")


def marked_and_filled(folder: Path) -> None:
    marked(folder)
    fill(folder, "forged")


def with_a_manifest(folder: Path) -> None:
    """Results that nobody of us made here: its own manifest vouches for everything in it."""
    fill(folder, "forged", final=True)
    (folder / "别删.xlsx").write_text("mine")
    write_manifest(folder, {"rulebook": {"id": "forged"}, "standing": {"final": True}})


def empty_token(folder: Path) -> None:
    folder.mkdir()
    (folder / ".生成中").touch()
    (folder / "别删.xlsx").write_text("mine")


def linked(folder: Path) -> None:
    """A link to what is somebody's and looks like ours."""
    elsewhere = folder.parent.parent / f"elsewhere{folder.suffix}"
    marked(elsewhere)
    folder.symlink_to(elsewhere)


def pipe(folder: Path) -> None:
    os.mkfifo(folder)


def plain(folder: Path) -> None:
    folder.write_text("mine")


@pytest.mark.parametrize("standing", ["old", ""])
@pytest.mark.parametrize("suffix", [".新", ".旧"])
@pytest.mark.parametrize("forge", [marked, marked_and_filled, with_a_manifest, empty_token, linked, pipe, plain])
def test_what_lies_beside_the_output_and_is_not_proved_ours_stays(
    output: Path, tmp_path: Path, forge: Callable[[Path], None], suffix: str, standing: str
):
    output.parent.mkdir()
    if standing:
        publish_word(output, standing)  # which leaves its lock
    forge(output.with_name(output.name + suffix))
    before = {name: entry for name, entry in state_of(tmp_path).items() if not name.endswith(".lock")}
    for attempt in (lambda: recover(output), lambda: publish_word(output, "new")):
        with pytest.raises(PublishRefused):
            attempt()
        after = {name: entry for name, entry in state_of(tmp_path).items() if not name.endswith(".lock")}
        assert after == before
    withdraw(output)
    assert word_of(output) in (standing, "") and not (output.exists() and word_of(output) == "forged")


@pytest.mark.parametrize(
    "add", ["我的笔记.txt", "别删.xlsx", "数据/清单.docx", "返还/材料.zip", "a.html", "link", "pipe"]
)
def test_what_somebody_put_into_a_half_built_folder_is_not_lost(output: Path, tmp_path: Path, add: str):
    publish_word(output, "old")
    half_built = leave_half_built(output)
    recover(output)
    assert beside(output) == set() and word_of(output) == "old"
    half_built = leave_half_built(output)
    mine = half_built / add
    if add == "link":
        mine.symlink_to(tmp_path)
    elif add == "pipe":
        os.mkfifo(mine)
    else:
        laid_out(half_built, {add: b"mine"})
    for attempt in (lambda: recover(output), lambda: publish_word(output, "new")):
        with pytest.raises(PublishRefused, match=re.escape(mine.name)):
            attempt()
    assert os.path.lexists(mine) and word_of(output) == "old"
    mine.unlink()
    publish_word(output, "new")
    assert word_of(output) == "new" and beside(output) == set()


def test_a_half_built_workbook_that_somebody_saved_is_not_lost(output: Path):
    publish_word(output, "old")
    half_built = leave_half_built(output)
    saved = {**PROPERTIES, "docProps/core.xml": PROPERTIES["docProps/core.xml"].replace("2024", "2025", 1)}
    with zipfile.ZipFile(half_built / "附件2.xlsx", "w") as archive:
        for part, text in {"xl/workbook.xml": "x", **saved}.items():
            archive.writestr(part, text)
    with pytest.raises(PublishRefused, match=re.escape("附件2.xlsx")):
        recover(output)
    assert (half_built / "附件2.xlsx").exists()


def leave_half_built(output: Path) -> Path:
    """What a run leaves that is killed while it builds: some files, one of them broken off, and its note."""
    half_built = output.with_name(output.name + ".新")
    fill(half_built, "half")
    (half_built / MANIFEST).unlink()
    (half_built / "公示名单.xlsx").write_bytes((half_built / "附件2.xlsx").read_bytes()[:60])
    (half_built / "空.xlsx").touch()
    (half_built / "tmp0a_b1c2d").write_bytes(b"<?xml")  # of xlsxwriter
    (half_built / ".生成中").write_text(TOKEN)
    output.with_name(f".{output.name}.run").write_text(f"{TOKEN}\n")
    return half_built


def test_an_old_output_that_somebody_changed_is_neither_moved_nor_removed(output: Path):
    for prepare in (killed_between_the_renames, killed_after_the_renames):
        place = output.with_name(prepare.__name__)
        prepare(place)
        old = place.with_name(place.name + ".旧")
        edit(old)
        before = state_of(old)
        with pytest.raises(PublishRefused, match=re.escape("附件2.xlsx")):
            recover(place)
        assert state_of(old) == before and place.exists() == (prepare is killed_after_the_renames)


@pytest.mark.parametrize("content", [b"mine", b"\xff" * 100, b"0" * 70_000, TOKEN.encode() + b"\nmine\n"])
def test_a_file_of_somebody_in_the_place_of_the_note(output: Path, content: bytes):
    publish_word(output, "old")
    note = output.with_name(f".{output.name}.run")
    note.write_bytes(content)
    with pytest.raises(PublishRefused, match="run"):
        publish_word(output, "new")
    assert note.read_bytes() == content and word_of(output) == "old"


@pytest.mark.parametrize("content", ["", TOKEN[:20], f"{TOKEN}\n{TOKEN[:20]}", f"{TOKEN}\n"])
def test_a_note_that_broke_off_is_forgotten(output: Path, content: str):
    publish_word(output, "old")
    output.with_name(f".{output.name}.run").write_text(content)
    publish_word(output, "new")
    assert word_of(output) == "new" and beside(output) == set()


@pytest.mark.parametrize("name", [".结果.run", ".结果.lock"])
@pytest.mark.parametrize("kind", STRANGE)
def test_what_lies_in_the_place_of_the_lock_or_the_note(output: Path, kind: str, name: str):
    """A link leads to a file that some versions of the library would empty."""
    publish_word(output, "old")
    put(kind, output.parent / name)
    with no_waiting(), pytest.raises(PublishRefused, match=re.escape(name)):
        publish_word(output, "new")
    assert word_of(output) == "old" and os.path.lexists(output.parent / name)


@pytest.mark.parametrize("content", [b"mine", b"12\nhost\n" * 500])
def test_a_file_of_somebody_in_the_place_of_the_lock(output: Path, content: bytes):
    output.parent.mkdir()
    (output.parent / ".结果.lock").write_bytes(content)
    with pytest.raises(PublishRefused, match="锁文件"):
        publish_word(output, "new")
    assert (output.parent / ".结果.lock").read_bytes() == content


def test_a_lock_that_is_another_file_too(output: Path, tmp_path: Path):
    output.parent.mkdir()
    (tmp_path / "mine").touch()
    os.link(tmp_path / "mine", output.parent / ".结果.lock")
    with pytest.raises(PublishRefused, match="锁文件"):
        publish_word(output, "new")


@pytest.mark.parametrize("depth", [30, 500])
def test_folders_in_folders_in_folders(output: Path, depth: int):
    publish_word(output, "old")
    deep = output.joinpath(*["d"] * depth)
    deep.mkdir(parents=True)
    (deep / "mine.txt").write_text("mine")
    with pytest.raises(PublishRefused):
        publish_word(output, "new")
    assert (deep / "mine.txt").exists()


def test_empty_folders_of_somebody_are_no_hindrance(output: Path):
    publish_word(output, "old")
    (output / "空" / "空").mkdir(parents=True)
    publish_word(output, "new")
    assert word_of(output) == "new" and not (output / "空").exists()


@pytest.mark.parametrize("name", [b"\xff\xfe.txt", b"a\nb.txt", b"\x1b[2Ja"])
def test_names_that_no_screen_shows_are_one_sentence(output: Path, name: bytes):
    publish_word(output, "old")
    (Path(os.fsdecode(os.fsencode(output) + b"/" + name))).write_text("mine")
    with pytest.raises(PublishRefused) as refusal:
        publish_word(output, "new")
    assert "\n" not in str(refusal.value) and "\x1b" not in str(refusal.value)


# ---------------------------------------------------------------------------------------------- what can go wrong


def surplus(folder: Path) -> None:
    (folder / "多出来.txt").write_text("x")


def missing(folder: Path) -> None:
    (folder / "报告.html").unlink()


def flipped(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
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
    with pytest.raises(PublishFailed):
        publish_word(output, "new", spoil)
    assert word_of(output) == "old" and beside(output) == set()


@pytest.mark.parametrize("raised", [KeyboardInterrupt, ValueError])
def test_what_the_block_raises_comes_through_and_the_old_output_stands(output: Path, raised: type[BaseException]):
    def fail(_: Path) -> None:
        raise raised

    publish_word(output, "old")
    with pytest.raises(raised):
        publish_word(output, "new", fail)
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


def test_a_disk_that_is_full_at_the_first_run_of_all_is_named(output: Path, monkeypatch: pytest.MonkeyPatch):
    """There is no old output to put back, and the failure that is told is the disk's."""
    rename = os.rename

    def full(source: Path, target: Path) -> None:
        if Path(target) == output and Path(source).exists():
            raise OSError(errno.ENOSPC, "full")
        rename(source, target)

    monkeypatch.setattr(os, "rename", full)
    with pytest.raises(PublishFailed, match="清理磁盘"):
        publish_word(output, "new")
    assert not output.exists()


def test_a_second_run_into_one_output_stops(output: Path):
    code = (
        "import sys; from pathlib import Path; from pipeline.writers.publishing.publish import *\n"
        "try:\n with publishing(Path(sys.argv[1])): pass\nexcept PublishBusy: print('busy')"
    )
    with publishing(output) as folder:
        second = subprocess.run(
            [sys.executable, "-c", code, output], cwd=ROOT, capture_output=True, text=True, check=False
        )
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
    monkeypatch.setattr(renaming.time, "sleep", lambda seconds: None)
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


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be killed anywhere")
def test_a_kill_at_any_step_leaves_the_old_output_or_the_new(tmp_path: Path):
    """Each step of a run, and of the recovery after it, is the last thing some process did."""
    command = [sys.executable, "-m", "tests.writers.publishing.test_publish", tmp_path]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    kills = json.loads(run.stdout)
    assert kills["publish_over_old"] > 40 and kills["publish_first"] > 20 and kills["recover"] > 20


def kill_everywhere(folder: Path) -> None:
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
            output = folder / task / str(step) / "结果"
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
    leave_note(output, ".旧", ".新")


def killed_after_the_renames(output: Path) -> None:
    publish_word(output, "old")
    output.rename(output.with_name(output.name + ".旧"))
    fill(output, "new")
    leave_note(output, ".旧")


def leave_note(output: Path, *suffixes: str) -> None:
    """What a run notes of the outputs it has in hand, each in a folder beside `output`."""
    manifests = [output.with_name(output.name + suffix) / MANIFEST for suffix in suffixes]
    lines = [hashlib.sha256(manifest.read_bytes()).hexdigest() for manifest in manifests]
    output.with_name(f".{output.name}.run").write_text("".join(f"{line}\n" for line in lines), encoding="ascii")


def survives(work: Callable[[Path], None], output: Path, last_step: int) -> bool:
    """Whether `work` ended before its process made `last_step` steps on the disk, where it is killed."""
    child = os.fork()
    if child == 0:
        steps = iter(range(1, last_step))

        def watch(event: str, _: tuple) -> None:
            if (event == "open" or event.startswith(("os.", "shutil."))) and next(steps, None) is None:
                os._exit(9)

        sys.addaudithook(watch)
        work(output)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


if __name__ == "__main__":
    kill_everywhere(Path(sys.argv[1]))
