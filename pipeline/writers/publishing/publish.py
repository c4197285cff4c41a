"""Publishing all or nothing: results are built beside the old ones, read back, and renamed into their place.

At every moment either the old output or the new one is complete, as OUTPUT or beside it as OUTPUT.旧. Nothing is removed
or moved away but what is proved to be ours: by a manifest, byte for byte, or by the note of the run that made it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.issues.words import MOST_NAMED, listed
from pipeline.machine.regular_files import NotRegular, bytes_of, is_link
from pipeline.machine.renaming import rename
from pipeline.model.display import on_one_line
from pipeline.model.results import Standing
from pipeline.writers.publishing.contents import BUILDING_MARK, KEPT, Contents, contents_of, files_in, remove
from pipeline.writers.publishing.failures import (
    NEW,
    OLD,
    PublishBusy,
    PublishFailed,
    PublishRefused,
    beside,
    explained,
    locked,
)
from pipeline.writers.publishing.history import HISTORY, MOST_KEPT, History, is_kept
from pipeline.writers.publishing.journal import Journal, forget, journal_of, mark_of, note_beside, noted
from pipeline.writers.publishing.manifest import (
    HANDED_OUT,
    MANIFEST,
    broken_archives,
    damaged_outputs,
    differences,
    manifest_and_sha256,
    read_manifest,
)
from pipeline.writers.publishing.proof import is_half_built
from pipeline.writers.publishing.targets import check_folder, overlap, real

_LARGEST_KEPT = 2**16  # bytes of .gitkeep


# -------------------------------------------------------------------------------------- may it be replaced?


def check_target(output: Path, input_path: Path) -> None:
    """Raises PublishRefused when `output` must not be replaced: it is the input, lies in it or holds it, or another place
    where no results belong; it is a file; or it is a folder with a file that is not as its manifest says. Symbolic links
    are resolved."""
    output = check_folder(output, [input_path])
    if is_kept(output):
        raise PublishRefused(f"“{output}”是留存在“{HISTORY}”里的以前的结果，不能写在那里，请另选一个输出文件夹。")
    with explained(output):
        for folder in (beside(output, OLD), beside(output, NEW)):
            if overlap(folder, real(input_path)):
                raise PublishRefused(
                    f"输出位置“{folder}”与输入位置“{input_path}”相同或互相包含，请另选一个输出文件夹。"
                )
        look(output)


def _standing_manifest(output: Path) -> dict[str, Any] | None:
    """The manifest of the output that stands, in its place or beside it as OUTPUT.旧."""
    output = real(output)
    return read_manifest(output if os.path.lexists(output) else beside(output, OLD))


def refuse_other_scope(output: Path, scope: str) -> None:
    """Raises PublishRefused when results of another scope stand there: a city's never replace the province's or another
    city's, nor these a city's. scope: the name of the province or city that is to be written."""
    there = (_standing_manifest(output) or {}).get("scope", "")
    if there and there != scope:
        raise PublishRefused(
            f"输出文件夹“{output}”中是{there}的结果，本次汇总的是{scope}，不能覆盖。请用 --output 另写一个输出文件夹（make 用 OUTPUT=）。"
        )


def refuse_trial_over_final(output: Path, standing: Standing) -> None:
    """Raises PublishRefused when a 试算 would replace a 正式 output."""
    manifest = _standing_manifest(output)
    if manifest and manifest["standing"]["final"] and not standing.final:
        raise PublishRefused(
            f"输出文件夹“{output}”中是正式结果，本次只是试算，不能覆盖。请另选一个输出文件夹；确要重做，请先把正式结果移到别处存档。"
        )


def refuse_results_folder(output: Path) -> None:
    """Raises PublishRefused when `output` holds a report's results; for commands that write workbooks to be filled in."""
    manifest = read_manifest(real(output))
    if manifest and not manifest.get(HANDED_OUT):
        raise PublishRefused(f"文件夹“{output}”中是汇总的结果，不能写在那里，请另选一个文件夹。")


class _Looked(NamedTuple):
    """A folder in which nothing can be lost: every file is as its manifest says. sha256: of the manifest, "" without one."""

    sha256: str
    contents: Contents


def look(folder: Path) -> _Looked:
    """What lies in `folder`, nothing when it does not exist. Raises PublishRefused for a file or a link, and for a folder with
    a file that its manifest does not name or that is no longer as the manifest says. Raises OSError."""
    try:
        seen = os.lstat(folder)
    except FileNotFoundError:
        return _Looked("", Contents([], [], []))
    if is_link(seen) or not folder.is_dir():
        raise PublishRefused(f"“{folder}”不是文件夹，而是文件或链接，请把它移走，或另选一个输出文件夹。")
    manifest, sha256 = manifest_and_sha256(folder)
    if manifest is None:
        contents = contents_of(folder, MOST_NAMED + 1)
        _refuse_strangers(folder, contents.files)
        return _Looked("", contents)
    contents = contents_of(folder, len(manifest["outputs"]) + MOST_NAMED + 1)
    found = differences(folder, manifest, contents.files)
    _refuse_strangers(folder, found.surplus)
    if found.changed:
        raise PublishRefused(
            f"文件夹“{folder}”里的这些文件写出以后改过，可能已经填了内容：{listed(_in_quotes(found.changed), '个')}。为避免丢失，没有写入。"
            "请把它们移到别处，再运行。改在结果里的不会被采用：要改数请改原表，要作决定请写在“人工决定.xlsx”里。"
        )
    return _Looked(sha256, contents)


def _refuse_strangers(folder: Path, strangers: Sequence[str]) -> None:
    if strangers:
        more = "等" if len(strangers) > MOST_NAMED else ""  # not counted: the folder may hold a whole disk
        names = listed(_in_quotes(strangers[:MOST_NAMED])) + more
        raise PublishRefused(
            f"文件夹“{folder}”里有不是本程序生成的文件：{names}。为避免误删，没有写入；请把它们移到别处，或另选一个输出文件夹。"
        )


def _in_quotes(names: Iterable[str]) -> list[str]:
    return [f"“{on_one_line(name)}”" for name in names]


# -------------------------------------------------------------------------------------- build, verify, swap


@contextmanager
def publishing(output: Path, history: History | None = None, keep_lock: bool = True) -> Iterator[Path]:
    """A new folder to build the results in; the block has to end with `write_manifest`. After the block the results are
    read back and replace OUTPUT; when the block raises, OUTPUT is unchanged.

    history: where the output that is replaced is kept; without it that output is removed. The lock is held throughout; for
    `keep_lock` see `locked`. Raises PublishRefused, PublishBusy and PublishFailed; an
    OSError of the block becomes PublishFailed."""
    output = real(output)
    with explained(output), locked(output, keep_lock):
        settle(output)
        look(output)
        if history:
            history.check()
        building = beside(output, NEW)
        with journal_of(output) as journal:
            building.mkdir()
            try:
                journal.mark(building)
                yield building
                _read_back(building)
                _swap_in(building, output, journal, history)
            except BaseException:
                with suppress(OSError):
                    _discard(building, contents_of(building))
                raise


def withdraw(output: Path) -> None:
    """Removes an output that is out of date, unless it holds files of others or is locked."""
    output = real(output)
    with suppress(PublishBusy, PublishRefused, PublishFailed), explained(output):
        if read_manifest(output):
            with locked(output, keep_lock=False):
                settle(output)
                with journal_of(output) as journal:
                    _discard(beside(output, NEW), _set_aside(output, beside(output, NEW), journal).contents)


def recover(output: Path) -> None:
    """Restores the output that a killed run left as OUTPUT.旧, and removes what it had half built. Does nothing while
    another run holds the lock. Raises PublishRefused for what is not proved to be such a run's."""
    output = real(output)
    left = (beside(output, OLD), beside(output, NEW), note_beside(output)) if output.name else ()
    if any(map(os.path.lexists, left)):
        with suppress(PublishBusy), explained(output), locked(output):
            settle(output)


def settle(output: Path) -> None:
    """Puts right what a killed run left beside `output`, which has to be locked; see `recover`."""
    old, new, lines = beside(output, OLD), beside(output, NEW), noted(output)
    left = _left_behind(old, lines)
    if left and not os.path.lexists(output):
        rename(old, output)
        left = None
    half_built = _left_behind(new, lines)
    if half_built:
        _discard(new, half_built)
    if left:
        wanted = History(output).announced(old)
        if wanted:
            rename(old, wanted)
        else:
            rename(old, new)
            _discard(new, _left_behind(new, lines) or left)
    forget(output)


def _left_behind(folder: Path, lines: frozenset[str]) -> Contents | None:
    """What lies in a folder beside OUTPUT that a killed run left; None when there is no such folder. Raises PublishRefused
    unless nothing can be lost with it: it is empty, or an output or half-built folder of which `lines`, the run's note,
    tell, and every file in it is as that run wrote it."""
    if not os.path.lexists(folder):
        return None
    if mark_of(folder) in lines and not is_link(os.lstat(folder)):
        contents = contents_of(folder)
        _refuse_strangers(folder, [name for name in contents.files if not is_half_built(folder, name)])
        return contents
    looked = look(folder)
    if looked.contents.files and looked.sha256 not in lines:
        raise PublishRefused(
            f"“{folder}”不能确认是本程序留下的，没有动它，也没有写入。请打开看看：要的移到别处（是上一次的结果，可以改成别的名字），不要的删去，再运行。"
        )
    return looked.contents


def _swap_in(building: Path, output: Path, journal: Journal, history: History | None) -> None:
    """Puts the finished `building` in the place of OUTPUT."""
    _keep(output / KEPT, building / KEPT)
    journal.add(manifest_and_sha256(building)[1])
    (building / BUILDING_MARK).unlink()
    _sync(building)
    exchange(building, output, journal, history)


def exchange(new: Path, output: Path, journal: Journal, history: History | None, undone: bool = False) -> None:
    """Renames OUTPUT to OUTPUT.旧 and `new` to OUTPUT; the old one is then kept in 历史, or removed without a history."""
    old, looked, wanted = beside(output, OLD), None, None
    try:
        if os.path.lexists(output):
            looked = _set_aside(output, old, journal)
            wanted = history.announce(old, undone) if history and looked.sha256 else None
        rename(new, output)
    except BaseException:
        if os.path.lexists(old) and not os.path.lexists(output):
            rename(old, output)
        raise
    with suppress(OSError):  # the new output is in place; the next run keeps or removes what is left of the old one
        _sync_folder(output.parent)
        if history and wanted:
            rename(old, wanted)
            history.latest = wanted
            _sync_folder(wanted.parent)
        elif looked:
            rename(old, beside(output, NEW))
            _discard(beside(output, NEW), looked.contents)
        if history:
            _remove_the_oldest(output, journal, history)


def _remove_the_oldest(output: Path, journal: Journal, history: History) -> None:
    """Removes from 历史 all but the last MOST_KEPT outputs. One in which somebody changed or added a file stays. Raises
    OSError."""
    for entry in history.kept()[:-MOST_KEPT]:
        with suppress(PublishRefused):
            contents = look(entry.folder).contents
            journal.add(entry.sha256)
            rename(entry.folder, beside(output, NEW))
            history.forget(entry.folder)
            _discard(beside(output, NEW), contents)


def _set_aside(output: Path, aside: Path, journal: Journal) -> _Looked:
    """Renames `output` to `aside` and looks through it there, where nobody finds it any more; gives what it saw. Renames
    it back, and raises PublishRefused, when a file in it is not as the manifest says."""
    journal.add(look(output).sha256)
    rename(output, aside)
    try:
        return look(aside)
    except PublishRefused:
        rename(aside, output)
        look(output)  # names the place that the user knows
        raise


def _keep(path: Path, copy: Path) -> None:
    """Copies the file that keeps an empty folder under version control, if there is one."""
    with suppress(FileNotFoundError, NotADirectoryError, NotRegular):
        copy.write_bytes(bytes_of(path, _LARGEST_KEPT))


def _read_back(building: Path) -> None:
    manifest = read_manifest(building)
    damaged = damaged_outputs(building, manifest) if manifest else [MANIFEST]
    damaged = damaged or broken_archives(building)
    if damaged:
        raise PublishFailed(
            f"写出的文件回读时与清单不一致：{listed(_in_quotes(damaged), '个')}。原有结果没有改动；请检查磁盘后重新运行。"
        )


def _sync(folder: Path) -> None:
    """Makes the system write every file and folder below `folder` to the disk."""
    folders = {folder}
    for name in files_in(folder):
        path = folder / name
        folders |= {above for above in path.parents if above.is_relative_to(folder)}
        with path.open("r+b") as file:
            os.fsync(file.fileno())
    for path in sorted(folders):
        _sync_folder(path)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _discard(folder: Path, contents: Contents) -> None:
    """Removes a folder of this program with what was seen in it. The files that identify it go last, so that a later run can
    finish an interrupted removal."""
    identifying = [name for name in (MANIFEST, BUILDING_MARK) if name in (*contents.files, *contents.litter)]
    remove(folder, contents, identifying)
