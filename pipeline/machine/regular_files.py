"""Reading files that anybody may have put there: only regular ones, of a bounded size, without ever waiting for one.

A pipe waits for a writer that never comes, a device gives bytes without end, a file of holes claims gigabytes, a link
shows what lies elsewhere. Whoever opens a file by a name that somebody else may have chosen opens it here."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

MEGABYTE = 2**20
_PIECE = 2**20
# Opening waits for nobody, follows no link in the last place, becomes nobody's terminal; each where the system has it.
_NEVER_WAIT = sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY", "O_BINARY", "O_CLOEXEC"))
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)

_KINDS = (
    (stat.S_ISDIR, "是一个文件夹"),
    (stat.S_ISLNK, "是一个链接"),
    (stat.S_ISFIFO, "是一个管道，不是普通文件"),
    (stat.S_ISSOCK, "是一个套接字，不是普通文件"),
    (lambda mode: stat.S_ISCHR(mode) or stat.S_ISBLK(mode), "是一个设备，不是普通文件"),
)


class NotRegular(Exception):
    """No regular file, or a larger one than is read; the text says what it is, Chinese, without a full stop."""


@contextmanager
def opened(path: Path, largest: int, follow: bool = False) -> Iterator[BinaryIO]:
    """The regular file at `path`, open for reading. follow: a link at `path` may lead to it, as for a file that the user
    named. Raises NotRegular for anything else and for more than `largest` bytes, and OSError."""
    _check(os.stat(path) if follow else os.lstat(path), largest)  # first: opening alone can set a device in motion
    with os.fdopen(os.open(path, os.O_RDONLY | _NEVER_WAIT | (0 if follow else _NO_LINK)), "rb") as file:
        _check(os.fstat(file.fileno()), largest)
        yield file


def bytes_of(path: Path, largest: int, follow: bool = False) -> bytes:
    """The bytes of the regular file at `path`; raises like `opened`."""
    with opened(path, largest, follow) as file:
        return b"".join(_pieces(file, largest))


def sha256_of(path: Path, largest: int, follow: bool = False) -> str:
    """The SHA-256 of the regular file at `path` in hexadecimal digits; raises like `opened`."""
    digest = hashlib.sha256()
    with opened(path, largest, follow) as file:
        for piece in _pieces(file, largest):
            digest.update(piece)
    return digest.hexdigest()


def _pieces(file: BinaryIO, largest: int) -> Iterator[bytes]:
    """The bytes of an open file, which may have more than the system says. Raises NotRegular beyond `largest` bytes."""
    length = 0
    while piece := file.read(_PIECE):  # a read of `largest` bytes would take as much memory, however small the file is
        length += len(piece)
        if length > largest:
            raise NotRegular(_too_large(length, largest))
        yield piece


def is_link(seen: os.stat_result) -> bool:
    """True for what `os.lstat` has seen of a symbolic link, or of a junction of Windows."""
    junction = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", None)
    return stat.S_ISLNK(seen.st_mode) or (junction is not None and getattr(seen, "st_reparse_tag", 0) == junction)


def is_regular(path: Path) -> bool:
    """True for a regular file that is no link; raises nothing."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except (OSError, ValueError):
        return False


def _check(seen: os.stat_result, largest: int) -> None:
    if not stat.S_ISREG(seen.st_mode):
        raise NotRegular(next((words for fits, words in _KINDS if fits(seen.st_mode)), "不是普通文件"))
    if seen.st_size > largest:
        raise NotRegular(_too_large(seen.st_size, largest))


def _too_large(size: int, largest: int) -> str:
    return f"太大（{_megabytes(size)}，最多 {_megabytes(largest)}）"


def _megabytes(size: int) -> str:
    return f"{size // MEGABYTE:,} MB" if size >= 10 * MEGABYTE else f"{-(-size // 1024):,} KB"
