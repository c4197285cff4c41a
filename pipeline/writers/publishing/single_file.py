"""A page or workbook of its own, at a path that a user gave: written beside it, and put there whole.

It replaces nothing but an earlier one of this program that nobody has saved since."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.writers.publishing.failures import PublishRefused, explained, locked
from pipeline.writers.publishing.proof import is_half_written, is_result
from pipeline.writers.publishing.targets import inbox_of, is_output, is_the_systems, real, refuse_unusable, within

_NEW, _OLD = ".新.", ".旧."  # in front of the name while a file is made, and while it is replaced
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL

Ours = Callable[[Path], bool]


def check_file_target(path: Path, title: str, input_path: Path | None = None) -> None:
    """Raises PublishRefused when `path` must not be written to: its folder is missing or lies in an output or in the input,
    or `path` exists and is not an earlier page or workbook of this program with this title, as it was written."""
    refuse_unusable(path)
    folder = real(path.parent)
    if not folder.is_dir():
        raise PublishRefused(f"没有“{folder}”这个文件夹，请先建好，或换一个位置。")
    if is_the_systems(folder):
        raise PublishRefused(f"“{folder}”是系统的文件夹，不能写在那里，请换一个位置。")
    if inbox_of(folder) or (input_path is not None and within(folder, real(input_path))):
        raise PublishRefused(f"“{path}”在报送材料的文件夹里，不能写在那里，请换一个位置。")
    output = next((above for above in (folder, *folder.parents) if is_output(above)), None)
    if output:
        raise PublishRefused(f"“{path}”在输出文件夹“{output}”里，写在那里会使它与清单不符，请换一个位置。")
    if os.path.lexists(path) and not is_result(path, title):
        raise _taken(path, title)


def _taken(path: Path, title: str) -> PublishRefused:
    return PublishRefused(
        f"“{path}”已经存在，而且不是本程序写成的“{title}”，或者写成以后有人改过。为避免误删，没有写入；请换一个文件名。"
    )


@contextmanager
def replacing(path: Path, title: str) -> Iterator[Path]:
    """A path beside `path` to write one page or workbook to. When the block ends, the file takes the place of `path`; when the
    block raises, it is removed. Raises PublishRefused, PublishBusy and PublishFailed."""
    with explained(path), locked(path, keep_lock=False), made_beside(path) as made:
        yield made
        if not put_in_place(made, path, lambda there: is_result(there, title)):
            raise _taken(path, title)


def remove_earlier(path: Path, title: str) -> None:
    """Removes an earlier page or workbook of this program with this title, unless somebody has saved it since. Raises
    PublishRefused, PublishBusy and PublishFailed."""
    if os.path.lexists(path):
        with explained(path), locked(path, keep_lock=False):
            if is_result(path, title):
                path.unlink()


@contextmanager
def made_beside(path: Path) -> Iterator[Path]:
    """A path beside `path` for a file that is to take its place; what is left there when the block ends is removed, and so is
    what a killed run left. Raises PublishRefused when a file of somebody else has that name, and OSError."""
    made = path.with_name(f"{_NEW}{path.name}")
    if os.path.lexists(made):
        if not is_half_written(made):
            raise PublishRefused(f"“{made}”不是本程序留下的，没有写入。请把它移走，再运行。")
        made.unlink()
    os.close(os.open(made, _NEW_FILE, 0o666))
    try:
        yield made
    finally:
        made.unlink(missing_ok=True)


def is_left_behind(path: Path) -> bool:
    """True for what a killed run left beside a file that it was making."""
    return path.name.startswith((_NEW, _OLD)) and is_half_written(path)


def put_in_place(made: Path, path: Path, is_ours: Ours) -> bool:
    """Renames `made` to `path`. A file that is there is moved aside first, looked at where nobody else finds it, and removed
    if `is_ours`; otherwise it is put back, and False comes back. Raises OSError."""
    aside = path.with_name(f"{_OLD}{path.name}")
    if os.path.lexists(aside):  # of a run that was killed
        if not is_ours(aside):
            raise PublishRefused(f"“{aside}”不是本程序留下的，没有写入。请把它移走，再运行。")
        aside.unlink()
    if not os.path.lexists(path):
        return _put(made, path)
    if not is_ours(path):
        return False
    path.rename(aside)
    try:
        placed = is_ours(aside) and _put(made, path)
    except BaseException:
        _put(aside, path)
        raise
    if placed:
        aside.unlink()
    else:
        _put(aside, path)
    return placed


def _put(made: Path, path: Path) -> bool:
    """Renames `made` to `path`, which is free; False when it is no longer."""
    try:
        os.link(made, path, follow_symlinks=False)  # unlike renaming, never replaces anything
    except FileExistsError:
        return False
    except (OSError, NotImplementedError):  # no such links on this disk or system
        if os.path.lexists(path):
            return False
        made.rename(path)
        return True
    made.unlink()
    return True
