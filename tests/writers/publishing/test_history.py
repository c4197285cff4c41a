"""The outputs that are replaced are kept in 历史, the last ten, and `undo` puts the newest back. Whatever happens, and whatever
lies there, nothing is lost."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.writers.publishing import history as histories
from pipeline.writers.publishing.failures import PublishBusy, PublishFailed, PublishRefused
from pipeline.writers.publishing.history import HISTORY, MOST_KEPT, UNDONE, History
from pipeline.writers.publishing.manifest import damaged_outputs, read_manifest, write_manifest
from pipeline.writers.publishing.publish import check_target, publishing, recover
from pipeline.writers.publishing.undo import undo
from tests.support import ROOT

EVERY_STEP = bool(os.environ.get("EVERY_STEP"))
MANIFEST = {"rulebook": {}, "standing": {"final": False}}


def publish(output: Path, day: str, final: bool = False, keep: bool = True) -> History:
    """Results that say `day`."""
    history = History(output)
    with publishing(output, history=history if keep else None) as folder:
        (folder / "数据").mkdir()
        for name in ("报告.html", "数据/totals.csv"):
            (folder / name).write_text(f'<!DOCTYPE html>\n<html lang="zh-CN">{day}', encoding="utf-8")
        write_manifest(folder, {**MANIFEST, "date": day, "standing": {"final": final}})
    return history


def day_of(folder: Path) -> str:
    """The day that a whole folder of results says; "" when it is not whole."""
    manifest = read_manifest(folder) if folder.is_dir() else None
    return manifest["date"] if manifest and damaged_outputs(folder, manifest) == [] else ""


def days_kept(output: Path) -> list[str]:
    """The days of what is kept, the oldest first, all of them whole."""
    return [day_of(entry.folder) for entry in History(output).kept()]


def day(number: int) -> str:
    return f"2024-06-{number:02}"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out" / "结果"


# ---------------------------------------------------------------------------------------- what is kept


def test_the_output_that_is_replaced_is_kept_by_its_day(output: Path):
    first = publish(output, day(1))
    assert first.latest is None and not (output.parent / HISTORY).exists()
    assert publish(output, day(2)).latest == output.parent / HISTORY / f"{day(1)}_1"
    assert publish(output, day(2)).latest == output.parent / HISTORY / f"{day(2)}_2"
    assert day_of(output) == day(2) and days_kept(output) == [day(1), day(2)]


def test_the_last_ten_are_kept_by_the_order_of_runs_not_of_days(output: Path):
    days = [day(number) for number in (9, 3, 7, 1, 8, 2, 6, 5, 4, 20, 11, 10, 12)]
    for each in days:
        publish(output, each)
    assert days_kept(output) == days[-MOST_KEPT - 1 : -1] and day_of(output) == days[-1]
    notes = [name for name in os.listdir(output.parent / HISTORY) if name.startswith(".")]
    assert len(notes) == MOST_KEPT == len(os.listdir(output.parent / HISTORY)) / 2


def test_what_the_disk_holds_is_told(output: Path):
    publish(output, day(1))
    publish(output, day(2))
    (output.parent / HISTORY / "Thumbs.db").write_bytes(b"x")
    (output.parent / HISTORY / "我的.txt").write_bytes(b"x")
    use, kept = History(output).use(), output.parent / HISTORY / f"{day(1)}_1"
    size = sum(path.stat().st_size for path in kept.rglob("*") if path.is_file())
    assert (use.kept, use.size, use.strangers) == (1, size, 1)


def test_two_outputs_beside_each_other_keep_their_own(output: Path):
    other = output.with_name("另一个")
    for number in (1, 2):
        publish(output, day(number))
        publish(other, day(number + 10))
    assert days_kept(output) == [day(1)] and days_kept(other) == [day(11)]
    undo(other, History(other))
    assert (day_of(output), day_of(other)) == (day(2), day(11)) and History(output).use().strangers == 0
    with pytest.raises(PublishRefused):
        undo(other, History(other))


def test_without_a_history_nothing_is_kept(output: Path):
    publish(output, day(1), keep=False)
    publish(output, day(2), keep=False)
    assert {path.name for path in output.parent.iterdir()} == {output.name, f".{output.name}.lock"}


def test_a_folder_without_results_is_not_kept(output: Path):
    output.mkdir(parents=True)
    (output / ".gitkeep").touch()
    assert publish(output, day(1)).latest is None and (output / ".gitkeep").exists()
    publish(output, day(2))
    undo(output, History(output))
    assert (output / ".gitkeep").exists() and day_of(output) == day(1)


# ---------------------------------------------------------------------------------------- the way back


def test_undo_goes_back_one_by_one_and_loses_nothing(output: Path):
    for number in (1, 2, 3):
        publish(output, day(number))
    history = History(output)
    assert undo(output, history).date == day(2) and day_of(output) == day(2)
    assert history.latest is not None and history.latest.name == f"{day(3)}_3{UNDONE}"
    assert undo(output, History(output)).date == day(1) and day_of(output) == day(1)
    assert days_kept(output) == [day(3), day(2)]
    with pytest.raises(PublishRefused, match="没有可以换回的"):
        undo(output, History(output))
    assert day_of(output) == day(1) and days_kept(output) == [day(3), day(2)]


def test_a_run_after_an_undo_can_be_undone(output: Path):
    for number in (1, 2):
        publish(output, day(number))
    undo(output, History(output))
    publish(output, day(3))
    assert undo(output, History(output)).date == day(1)


def test_undo_when_the_output_was_moved_away(output: Path):
    for number in (1, 2):
        publish(output, day(number))
    output.rename(output.with_name("留存"))
    undo(output, History(output))
    assert day_of(output) == day(1) and day_of(output.with_name("留存")) == day(2) and days_kept(output) == []


def test_undo_with_nothing_to_undo_writes_nothing(output: Path):
    with pytest.raises(PublishRefused, match="没有可以换回的"):
        undo(output, History(output))
    assert not output.parent.exists()
    publish(output, day(1))
    with pytest.raises(PublishRefused, match="没有可以换回的"):
        undo(output, History(output))
    (output.parent / HISTORY).mkdir()
    with pytest.raises(PublishRefused, match="没有可以换回的"):
        undo(output, History(output))
    assert day_of(output) == day(1)


@pytest.mark.parametrize(
    ("before", "now", "refused"), [(False, True, True), (True, True, False), (False, False, False)]
)
def test_a_trial_is_not_put_back_over_a_final_output(output: Path, before: bool, now: bool, refused: bool):
    publish(output, day(1), final=before)
    publish(output, day(2), final=now)
    if refused:
        with pytest.raises(PublishRefused, match="正式"):
            undo(output, History(output))
    else:
        undo(output, History(output))
    assert day_of(output) == day(2 if refused else 1) and len(days_kept(output)) == 1


# ---------------------------------------------------------------------------------------- what lies in the way


def put_file(path: Path) -> None:
    path.write_bytes("我的".encode())


def put_link(path: Path) -> None:
    path.symlink_to(path.parent)


def put_link_to_nothing(path: Path) -> None:
    path.symlink_to(path.with_name("没有"))


def put_pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("put", [put_file, put_link, put_link_to_nothing, put_pipe])
def test_a_history_that_is_no_folder_is_refused(output: Path, put: Callable[[Path], None]):
    publish(output, day(1))
    put(output.parent / HISTORY)
    for change in (lambda: publish(output, day(2)), lambda: undo(output, History(output))):
        with pytest.raises(PublishRefused, match="历史"):
            change()
    assert day_of(output) == day(1) and os.path.lexists(output.parent / HISTORY)


def test_neither_input_nor_output_is_the_history(output: Path, tmp_path: Path):
    with pytest.raises(PublishRefused):
        History(output.with_name(HISTORY)).check()
    for folder in (output.parent / HISTORY, output.parent / HISTORY / "收件", output.parent):
        with pytest.raises(PublishRefused):
            History(output).check(folder)
    History(output).check(tmp_path / "收件")
    for number in (1, 2):
        publish(output, day(number))
    with pytest.raises(PublishRefused, match="以前的结果"):
        check_target(output.parent / HISTORY / f"{day(1)}_1", tmp_path / "收件")


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_somebody_puts_into_the_history_stays(output: Path):
    """Folders with names like ours, a copied output, files with names of notes: none is counted, taken back or removed."""
    publish(output, day(1))
    folder = output.parent / HISTORY
    folder.mkdir()
    (folder / f"{day(30)}_99").mkdir()
    (folder / f"{day(30)}_99" / "我的.xlsx").write_bytes(b"mine")
    shutil.copytree(output, folder / f"{day(29)}_98")
    (folder / f".{output.name}.{day(28)}_97").write_bytes("我的便条".encode())
    (folder / f".{output.name}.{day(29)}_98").write_bytes(b"0" * 64 + b"\n")
    (folder / "说明.txt").write_bytes(b"mine")
    mine = everything_in(folder)
    for number in range(2, MOST_KEPT + 5):
        publish(output, day(number))
    assert mine.items() <= everything_in(folder).items()
    assert len(days_kept(output)) == MOST_KEPT and undo(output, History(output)).date == day(MOST_KEPT + 3)
    assert mine.items() <= everything_in(folder).items()


@pytest.mark.parametrize("name", ["报告.html", "批注.txt"])
def test_a_kept_output_in_which_somebody_wrote_is_neither_removed_nor_put_back(output: Path, name: str):
    publish(output, day(1))
    noted = publish(output, day(2)).latest
    assert noted is not None
    (noted / name).write_text("我改的", encoding="utf-8")
    with pytest.raises(PublishRefused, match=name):
        undo(output, History(output))
    assert day_of(output) == day(2)
    for number in range(3, MOST_KEPT + 6):
        publish(output, day(number))
    assert (noted / name).read_text(encoding="utf-8") == "我改的"
    assert day_of(output) == day(MOST_KEPT + 5)


def test_an_output_in_which_somebody_wrote_is_not_undone(output: Path):
    for number in (1, 2):
        publish(output, day(number))
    (output / "报告.html").write_text("我改的", encoding="utf-8")
    with pytest.raises(PublishRefused, match="改过"):
        undo(output, History(output))
    assert (output / "报告.html").read_text(encoding="utf-8") == "我改的" and days_kept(output) == [day(1)]


def test_undo_waits_for_nobody(output: Path):
    for number in (1, 2):
        publish(output, day(number))
    with suppress(KeyboardInterrupt), publishing(output):
        with pytest.raises(PublishBusy):
            undo(output, History(output))
        raise KeyboardInterrupt
    assert day_of(output) == day(2) and days_kept(output) == [day(1)]


# ---------------------------------------------------------------------------------------- failures and kills


def test_a_full_disk_leaves_everything_where_it_was(output: Path, monkeypatch: pytest.MonkeyPatch):
    for number in (1, 2):
        publish(output, day(number))

    def full(self: History, old: Path, undone: bool = False) -> Path:
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr(histories.History, "announce", full)
    for change in (lambda: publish(output, day(3)), lambda: undo(output, History(output))):
        with pytest.raises(PublishFailed, match="没有改动"):
            change()
        assert day_of(output) == day(2) and days_kept(output) == [day(1)]


def test_what_could_not_be_moved_is_moved_by_the_next_run(output: Path, monkeypatch: pytest.MonkeyPatch):
    """Somebody looks into the old output while it is moved."""
    publish(output, day(1))
    original = Path.rename

    def refused(self: Path, target: Path) -> Path:
        if target.parent.name == HISTORY:
            raise OSError(errno.EXDEV, "")
        return original(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refused)
        history = publish(output, day(2))
        assert history.latest is None and history.old_left is not None and day_of(history.old_left) == day(1)
    recover(output)
    assert days_kept(output) == [day(1)] and day_of(output) == day(2) and history.old_left is None


def test_a_name_that_somebody_took_meanwhile(output: Path, monkeypatch: pytest.MonkeyPatch):
    test_what_could_not_be_moved_is_moved_by_the_next_run(output, monkeypatch)
    original = Path.rename
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", lambda self, to: 1 / 0 if to.parent.name == HISTORY else original(self, to))
        with pytest.raises(ZeroDivisionError):
            publish(output, day(3))
    taken = output.parent / HISTORY / f"{day(2)}_2"
    taken.mkdir()
    (taken / "我的.txt").touch()
    recover(output)
    assert days_kept(output) == [day(1), day(2)] and (taken / "我的.txt").exists()


KILLED_AT = """
import os, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from pipeline.writers.publishing.history import History
from pipeline.writers.publishing.undo import undo
from tests.writers.publishing.test_history import day, publish
left = iter(range(int(sys.argv[2])))
def watch(event, arguments):
    writing = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    if event in ("os.mkdir", "os.rename", "os.remove", "os.rmdir") or writing:
        if sys.argv[1] in str(arguments[0]) and next(left, None) is None:
            os.kill(os.getpid(), 9)
output = Path(sys.argv[1]) / "结果"
sys.addaudithook(watch)
undo(output, History(output)) if sys.argv[3] == "undo" else publish(output, day(29))
"""


@pytest.mark.slow
@pytest.mark.parametrize("story", ["undo", "report"])
def test_a_kill_at_any_step_loses_nothing(tmp_path: Path, story: str):
    """Ten are kept, so that a run removes one too. After a kill and `recover` every day but the oldest is there once, whole."""
    ready = tmp_path / "ready"
    for number in range(1, MOST_KEPT + 2):
        publish(ready / "结果", day(number))
    before = {day(number) for number in range(1, MOST_KEPT + 2)}
    may_go = {day(1)}
    seen, step = set(), 0
    while True:
        here = tmp_path / "here"
        shutil.rmtree(here, ignore_errors=True)
        shutil.copytree(ready, here)
        output = here / "结果"
        words = [sys.executable, "-c", KILLED_AT.format(tests=str(ROOT)), str(here), str(step), story]
        code = subprocess.run(words, cwd=ROOT, check=False).returncode
        recover(output)
        there = [day_of(output), *days_kept(output)]
        assert len(there) == len(set(there)) and before - may_go <= set(there) <= before | {day(29)}, (step, there)
        assert {path.name for path in here.iterdir()} == {"结果", HISTORY, ".结果.lock"}, step
        assert day_of(output) in {day(MOST_KEPT + 1), day(MOST_KEPT) if story == "undo" else day(29)}
        seen.add(day_of(output))
        publish(output, day(30))  # the next run goes through and tidies up
        assert (
            day_of(output) == day(30) and len(days_kept(output)) == MOST_KEPT and History(output).use().strangers == 0
        )
        step += 1 if EVERY_STEP or story == "undo" else 3
        if code == 0:
            break
    assert len(seen) == 2 and step > 8
