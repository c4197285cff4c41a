"""What may keep results from being written though OUTPUT is ours: another run, or a machine that fails."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from xlsxwriter.exceptions import XlsxFileError

from pipeline.machine.failing import MachineFailed, remedy_of

OLD, NEW = ".旧", ".新"  # suffixes of the folders beside OUTPUT


class PublishBusy(MachineFailed):
    """Another run is writing to the same OUTPUT; the text is a Chinese sentence."""


class PublishFailed(MachineFailed):
    """The machine failed (disk full, no permission); the text is a Chinese sentence that says what to do."""


def beside(output: Path, suffix: str) -> Path:
    """The folder next to OUTPUT that the old or the half-built results stand in."""
    return output.with_name(output.name + suffix)


@contextmanager
def locked(output: Path, keep_lock: bool = True) -> Iterator[None]:
    """Keeps every other run out of `output` for as long as the block lasts; raises PublishBusy.

    keep_lock: the empty file of the lock stays. Where it goes, a third run may get in while a second one, which found it
    in the moment before, does too: to be risked only where no results are."""
    output.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(output.parent, os.W_OK):  # filelock waits for a lock it can never make
        read_only = hasattr(os, "statvfs") and os.statvfs(output.parent).f_flag & os.ST_RDONLY
        raise OSError(errno.EROFS if read_only else errno.EACCES, "", str(output.parent))
    place = output.with_name(f".{output.name}.lock")
    lock = FileLock(place, timeout=0)
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
            with suppress(OSError):  # Windows: open, so it goes with the release
                place.unlink()
        lock.release()


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A place beside `path` to write one file to; it takes `path`'s place when the block ends, and when that raises
    nothing is left of it. Raises PublishFailed."""
    made = path.with_name(f".新.{path.name}")
    with explained(path):
        try:
            yield made
            made.replace(path)
        finally:
            made.unlink(missing_ok=True)


@contextmanager
def told_once() -> Iterator[None]:
    """For writing an archive to its end: when the disk is full, the standard library would say so again, in its own
    words, as soon as the half-written archive is thrown away. That is done here, unheard."""
    try:
        yield
    except (OSError, XlsxFileError) as error:
        heard, sys.unraisablehook = sys.unraisablehook, lambda _: None
        try:
            cause: BaseException | None = error
            while cause:
                traceback.clear_frames(cause.__traceback__)
                cause = cause.__context__
        finally:
            sys.unraisablehook = heard
        raise


@contextmanager
def explained(output: Path) -> Iterator[None]:
    """Turns a failure of the machine into PublishFailed, with what to do about it."""
    try:
        yield
    except (OSError, XlsxFileError) as error:
        cause = next((part for part in (error, *error.args) if isinstance(part, OSError)), None)
        moved = os.path.lexists(beside(output, OLD)) and not os.path.lexists(output)
        standing = f"原有结果在“{beside(output, OLD)}”，下次运行时自动放回" if moved else "原有结果没有改动"
        raise PublishFailed(f"没有写成“{output}”：{remedy_of(cause)}；{standing}。") from error
