"""Publishing all or nothing: results are built beside the old ones, read back, and renamed into their place.

At every moment either the old output or the new one is complete, as OUTPUT or beside it as OUTPUT.旧.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path

from pipeline.issues.words import MOST_NAMED, listed
from pipeline.model.refusals import Refused
from pipeline.model.results import Standing
from pipeline.writers.publishing.failures import NEW, OLD, PublishBusy, PublishFailed, beside, explained, locked
from pipeline.writers.publishing.manifest import (
    BUILDING_MARK,
    HANDED_OUT,
    KEPT,
    MANIFEST,
    damaged_outputs,
    files_in,
    read_manifest,
)


class PublishRefused(Refused):
    """OUTPUT may not be replaced; the text is a Chinese sentence."""


# -------------------------------------------------------------------------------------- may it be replaced?


def check_target(output: Path, input_path: Path) -> None:
    """Raises PublishRefused when `output` must not be replaced: it is the input, lies in it or holds it; it is a file; or it
    is a folder with a file that its manifest does not name. Symbolic links are resolved."""
    output, input_path = output.resolve(), input_path.resolve()
    if not output.name:
        raise PublishRefused(f"输出位置“{output}”是磁盘的最上层，不能作为输出文件夹，请另选一个文件夹。")
    with explained(output):
        for folder in (output, beside(output, OLD), beside(output, NEW)):
            if within(folder, input_path) or within(input_path, folder):
                raise PublishRefused(
                    f"输出位置“{folder}”与输入位置“{input_path}”相同或互相包含，请另选一个输出文件夹。"
                )
        _refuse_foreign(output)


def refuse_trial_over_final(output: Path, standing: Standing) -> None:
    """Raises PublishRefused when a 试算 would replace a 正式 output."""
    output = output.resolve()
    standing_output = output if os.path.lexists(output) else beside(output, OLD)
    manifest = read_manifest(standing_output)
    if manifest and manifest["standing"]["final"] and not standing.final:
        raise PublishRefused(
            f"输出文件夹“{output}”中是正式结果，本次只是试算，不能覆盖。请另选一个输出文件夹；确要重做，请先把正式结果移到别处存档。"
        )


def refuse_results_folder(output: Path) -> None:
    """Raises PublishRefused when `output` holds a report's results; for commands that write workbooks to be filled in."""
    manifest = read_manifest(output.resolve())
    if manifest and not manifest.get(HANDED_OUT):
        raise PublishRefused(f"文件夹“{output}”中是汇总的结果，不能写在那里，请另选一个文件夹。")


def _refuse_foreign(folder: Path) -> None:
    """Raises PublishRefused for a file, or for a folder that holds anything but an output of this program."""
    if not os.path.lexists(folder):
        return
    if folder.is_symlink() or not folder.is_dir():
        raise PublishRefused(f"“{folder}”不是文件夹，而是文件或链接，请把它移走，或另选一个输出文件夹。")
    manifest = read_manifest(folder)
    ours = {MANIFEST, *manifest["outputs"]} if manifest else set()
    foreign = list(islice((name for name in files_in(folder) if name not in ours), MOST_NAMED + 1))
    if foreign:
        more = "等" if len(foreign) > MOST_NAMED else ""  # not counted: the folder may hold a whole disk
        names = listed(_in_quotes(foreign[:MOST_NAMED])) + more
        raise PublishRefused(
            f"文件夹“{folder}”里有不是本程序生成的文件：{names}。为避免误删，没有写入；请把它们移到别处，或另选一个输出文件夹。"
        )
    if manifest and manifest.get(HANDED_OUT):
        filled = [name for name in damaged_outputs(folder, manifest) if (folder / name).exists()]
        if filled:
            raise PublishRefused(
                f"文件夹“{folder}”里的这些文件写出以后改过，可能已经填了内容：{listed(_in_quotes(filled), '个')}。没有写入；请把它们移到别处，再运行。"
            )


def _in_quotes(names: list[str]) -> list[str]:
    return [f"“{name}”" for name in names]


def within(inner: Path, outer: Path) -> bool:
    """True when `inner` is `outer` or lies somewhere in it."""
    return any(_same(folder, outer) for folder in (inner, *inner.parents))


def _same(first: Path, second: Path) -> bool:
    """True for the same file or folder under two names: other case, another link, another mount."""
    try:
        return first.samefile(second)
    except OSError:
        return os.path.normcase(first) == os.path.normcase(second)


# -------------------------------------------------------------------------------------- build, verify, swap


@contextmanager
def publishing(output: Path, keep_lock: bool = True) -> Iterator[Path]:
    """A new folder to build the results in; the block has to end with `write_manifest`. After the block the results are
    read back and replace OUTPUT; when the block raises, OUTPUT is unchanged.

    The lock is held throughout; for `keep_lock` see `locked`. Raises PublishRefused, PublishBusy and PublishFailed; an
    OSError of the block becomes PublishFailed."""
    output = output.resolve()
    with explained(output), locked(output, keep_lock):
        _recover(output)
        _refuse_foreign(output)
        building = beside(output, NEW)
        try:
            building.mkdir()
            (building / BUILDING_MARK).touch()
            yield building
            _read_back(building)
            _swap_in(building, output)
        except BaseException:
            with suppress(OSError):
                _discard(building)
            raise


def withdraw(output: Path) -> None:
    """Removes an output that is out of date, unless it holds files of others or is locked."""
    output = output.resolve()
    with suppress(PublishBusy, PublishRefused, PublishFailed), explained(output):
        if read_manifest(output):
            with locked(output, keep_lock=False):
                _refuse_foreign(output)
                _rename(output, beside(output, NEW))
                _discard(beside(output, NEW))


def recover(output: Path) -> None:
    """Restores the output that a killed run left as OUTPUT.旧, and removes what it had half built. Does nothing while
    another run holds the lock."""
    output = output.resolve()
    if output.name and any(os.path.lexists(beside(output, suffix)) for suffix in (OLD, NEW)):
        with suppress(PublishBusy), explained(output), locked(output):
            _recover(output)


def _recover(output: Path) -> None:
    old, new = beside(output, OLD), beside(output, NEW)
    _refuse_foreign(old)
    if os.path.lexists(old) and not os.path.lexists(output):
        _rename(old, output)
    if not (new / BUILDING_MARK).exists():
        _refuse_foreign(new)
    _discard(new)
    if os.path.lexists(old):
        _rename(old, new)
        _discard(new)


def _swap_in(building: Path, output: Path) -> None:
    """Renames OUTPUT to OUTPUT.旧 and `building` to OUTPUT, and removes the old one."""
    old = beside(output, OLD)
    _refuse_foreign(output)
    if (output / KEPT).exists():
        shutil.copyfile(output / KEPT, building / KEPT)
    (building / BUILDING_MARK).unlink()
    _sync(building)
    try:
        if os.path.lexists(output):
            _rename(output, old)
        _rename(building, output)
    except BaseException:
        if os.path.lexists(old) and not os.path.lexists(output):
            _rename(old, output)
        raise
    with suppress(OSError):  # the new output is in place; the next run removes what is left of the old one
        _sync_folder(output.parent)
        if os.path.lexists(old):
            _rename(old, building)
            _discard(building)


def _read_back(building: Path) -> None:
    manifest = read_manifest(building)
    damaged = damaged_outputs(building, manifest) if manifest else [MANIFEST]
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


def _rename(source: Path, target: Path) -> None:
    """Renames a folder. Tries again when refused: Windows refuses while a virus scanner reads a new file."""
    for pause in (0.1, 0.3, 0.6):
        with suppress(PermissionError):
            source.rename(target)
            return
        time.sleep(pause)
    source.rename(target)


def _discard(folder: Path) -> None:
    """Removes a folder of this program. The files that identify it go last, so that a later run can finish an interrupted
    removal."""
    if not os.path.lexists(folder):
        return
    manifest = folder / MANIFEST
    for entry in [*folder.iterdir(), *(manifest.parent.iterdir() if manifest.parent.is_dir() else ())]:
        if entry.name == BUILDING_MARK or entry in (manifest, manifest.parent):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    shutil.rmtree(folder)
