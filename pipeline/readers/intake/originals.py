"""The bytes of an input file again, for the copy that goes back to its sender."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.model.records import FileReading
from pipeline.readers.intake.archive import Archive, UnreadableArchive
from pipeline.readers.intake.inbox import NotRead, content_of, version_of


@dataclass(frozen=True)
class Originals:
    """Called with a path inside the input, returns the file's bytes; None when they cannot be read or have changed since
    the run read them. Holds where the bytes are, not the bytes, and can be sent to another process.

    sources: path inside the input → the file on disk, the file's index in each archive on the way, its SHA-256.
    """

    sources: Mapping[str, tuple[str, tuple[int, ...], str]]

    def __call__(self, path: str) -> bytes | None:
        source, inside, sha256 = self.sources.get(path, ("", (), ""))
        try:
            content = content_at(source, inside) if source else b""
        except (NotRead, UnreadableArchive):
            return None
        return content if content and hashlib.sha256(content).hexdigest() == sha256 else None


def originals_of(readings: Iterable[FileReading]) -> Originals:
    """The originals of every workbook with a form."""
    workbooks = (reading for reading in readings if reading.sheets and reading.source)
    return Originals({reading.path: (reading.source, reading.inside, reading.sha256) for reading in workbooks})


def content_at(source: str, inside: tuple[int, ...]) -> bytes:
    """The bytes of the file at `source`, or of a member of it: `inside` has its index in each archive on the way. Raises
    NotRead or UnreadableArchive."""
    return opened_archive(source, inside[:-1], version_of(source)).read(inside[-1]) if inside else content_of(source)


@lru_cache(maxsize=4)
def opened_archive(source: str, inside: tuple[int, ...], version: tuple[int, int]) -> Archive:
    """The archive at `source`, or the one within it at `inside`. Kept open while its members are read; `version` (see
    `version_of`) keeps a file that was replaced meanwhile from being taken for the one that is open."""
    return Archive(content_at(source, inside) if inside else Path(source))
