"""What a run that replaces an output has in hand, noted beside the output, so that a later run knows what a killed one left.

A mark inside a folder proves nothing: whoever can put a folder there can put the mark into it. The note `.OUTPUT.run` exists
only while a run replaces OUTPUT. Each of its lines is either what the mark of the half-built folder says, which nobody can
guess, or the SHA-256 of a manifest: of the output that is being replaced, and of the new one."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.machine.regular_files import NotRegular, bytes_of
from pipeline.writers.publishing.contents import BUILDING_MARK
from pipeline.writers.publishing.failures import NEW, OLD, PublishRefused, beside

_LARGEST = 2**16  # bytes
_LINE, _BEGINNING = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{0,64}")
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_MORE = os.O_WRONLY | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def note_beside(output: Path) -> Path:
    """The path of the note of a run that replaces `output`."""
    return output.with_name(f".{output.name}.run")


class Journal:
    """The note of this run."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, line: str) -> None:
        """Adds a line and has it written to the disk; an empty one is not needed."""
        if line:
            _write(self._path, line, _MORE)

    def mark(self, building: Path) -> None:
        """Marks an empty folder as the one that this run builds in."""
        token = secrets.token_hex(32)
        self.add(token)
        (building / BUILDING_MARK).write_text(token, encoding="ascii")


@contextmanager
def journal_of(output: Path) -> Iterator[Journal]:
    """The note of this run, for as long as the block lasts or something it tells of lies beside the output; a run that is
    killed leaves it. The output has to be locked and what an earlier run left to be settled. Raises OSError."""
    path = note_beside(output)
    os.close(os.open(path, _NEW_FILE, 0o666))
    try:
        yield Journal(path)
    finally:
        if not any(os.path.lexists(beside(output, suffix)) for suffix in (OLD, NEW)):
            with suppress(OSError):  # the next run removes it
                path.unlink()


def _write(path: Path, line: str, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.write(descriptor, f"{line}\n".encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def noted(output: Path) -> frozenset[str]:
    """The lines that a killed run left beside `output`; none without a note. Raises PublishRefused for a file in the note's
    place that is none, and OSError."""
    path = note_beside(output)
    try:
        content = bytes_of(path, _LARGEST).decode("ascii", "replace")
    except FileNotFoundError:
        return frozenset()
    except NotRegular as error:
        raise PublishRefused(f"“{path}”{error}，不是本程序留下的，没有写入。请把它移走，再运行。") from error
    *lines, unfinished = content.split("\n")  # the last line may have broken off
    if not all(map(_LINE.fullmatch, lines)) or not _BEGINNING.fullmatch(unfinished):
        raise PublishRefused(f"“{path}”不是本程序留下的，没有写入。请把它移走，再运行。")
    return frozenset(lines)


def forget(output: Path) -> None:
    """Removes the note of a killed run, once everything that it tells of is settled."""
    note_beside(output).unlink(missing_ok=True)


def mark_of(folder: Path) -> str:
    """What the mark of a half-built folder says; "" without one."""
    try:
        return bytes_of(folder / BUILDING_MARK, _LARGEST).decode("ascii", "replace")
    except (FileNotFoundError, NotADirectoryError, NotRegular):
        return ""
