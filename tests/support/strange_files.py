"""What may lie where a file is expected, and keeps whoever opens it waiting, or never ends, or leads elsewhere."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE = 20  # seconds after which a call is taken to hang; a busy machine needs one


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(path.parent, os.O_RDONLY)  # the name of a socket may be a hundred characters long
        try:
            listening.bind(f"/proc/self/fd/{here}/{path.name}")
        finally:
            os.close(here)


def _endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _folder(path: Path) -> None:
    path.mkdir()


def _link(path: Path) -> None:
    """A link to the same bytes, elsewhere."""
    copy = path.parents[2] / f"elsewhere_{path.name}"
    copy.write_bytes(_removed.get(path, b""))
    path.symlink_to(copy)


def _circle(path: Path) -> None:
    path.symlink_to(path.name)


def _dangling(path: Path) -> None:
    path.symlink_to(path.parent / "nowhere")


def _holes(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10 * 2**30)


_removed: dict[Path, bytes] = {}

STRANGE: dict[str, Callable[[Path], None]] = {
    "pipe": _pipe,
    "socket": _socket,
    "endless": _endless,
    "folder": _folder,
    "link": _link,
    "circle": _circle,
    "dangling": _dangling,
    "holes": _holes,
}


def put(kind: str, path: Path) -> None:
    """Puts something strange in the place of the file at `path`, which need not exist."""
    _removed[path] = path.read_bytes() if path.is_file() else b""
    with suppress(FileNotFoundError):
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    STRANGE[kind](path)


@contextmanager
def no_waiting() -> Iterator[None]:
    """Fails when the block takes longer than PATIENCE."""

    def ring(*_: object) -> None:
        raise TimeoutError(f"it takes longer than {PATIENCE} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
