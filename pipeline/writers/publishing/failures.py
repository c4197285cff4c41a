"""Why an output is not written: it may not be replaced, another run is at it, or the machine fails. And the lock against
other runs."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from xlsxwriter.exceptions import XlsxFileError

from pipeline.machine.failing import MachineFailed, remedy_of
from pipeline.machine.regular_files import NotRegular, bytes_of
from pipeline.model.refusals import Refused

OLD, NEW = ".旧", ".新"  # suffixes of the folders beside OUTPUT
_LARGEST_LOCK = 2**10  # bytes


class PublishRefused(Refused):
    """What was named may not be written to or replaced; the text is a Chinese sentence that says why and what to do."""


class PublishBusy(MachineFailed):
    """Another run is writing to the same OUTPUT; the text is a Chinese sentence."""


class PublishFailed(MachineFailed):
    """The machine failed (disk full, no permission); the text is a Chinese sentence that says what to do."""


def beside(output: Path, suffix: str) -> Path:
    """The folder next to `output` for the old or the half-built results: `output`.旧 or `output`.新."""
    return output.with_name(output.name + suffix)


@contextmanager
def locked(output: Path, keep_lock: bool = True) -> Iterator[None]:
    """Locks `output` against other runs while the block lasts. Raises PublishBusy when another run holds the lock, and
    PublishRefused when something else lies in its place.

    keep_lock: keep the empty lock file. Without it, two runs can enter at once when one opens the file just before it is
    removed; that is acceptable only where no results are at stake."""
    output.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(output.parent, os.W_OK):  # filelock would wait for a lock that it can never create
        read_only = hasattr(os, "statvfs") and os.statvfs(output.parent).f_flag & os.ST_RDONLY
        raise OSError(errno.EROFS if read_only else errno.EACCES, "", str(output.parent))
    lock_file = output.with_name(f".{output.name}.lock")
    _check_lock_file(lock_file)
    lock = FileLock(lock_file, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise PublishBusy(
            f"另一次运行正在写入“{output}”，本次没有写入。请等它结束后再运行，或另选一个输出文件夹。"
        ) from None
    try:
        yield
    finally:
        if not keep_lock:
            with suppress(OSError):  # Windows refuses while the file is open and removes it on release
                lock_file.unlink()
        lock.release()


def _check_lock_file(lock_file: Path) -> None:
    """Raises PublishRefused for what is no lock, which is empty or begins with a process number: some versions of filelock
    empty whatever file they are pointed to, by a link too."""
    try:
        held = bytes_of(lock_file, _LARGEST_LOCK)
        ours = os.lstat(lock_file).st_nlink <= 1 and (not held or held.split(b"\n")[0].isdigit())
    except FileNotFoundError:
        return
    except NotRegular:
        ours = False
    if not ours:
        raise PublishRefused(f"“{lock_file}”应当是本程序的锁文件，现在却不是，没有写入。请把它移走，再运行。")


@contextmanager
def explained(output: Path) -> Iterator[None]:
    """Turns an OSError or XlsxFileError of the block into PublishFailed, with what to do and where the old results are."""
    try:
        yield
    except (OSError, XlsxFileError) as error:
        cause = next((part for part in (error, *error.args) if isinstance(part, OSError)), None)
        moved = os.path.lexists(beside(output, OLD)) and not os.path.lexists(output)
        standing = f"原有结果在“{beside(output, OLD)}”，下次运行时自动放回" if moved else "原有结果没有改动"
        raise PublishFailed(f"没有写成“{output}”：{remedy_of(cause)}；{standing}。") from error
