"""The bytes of an input file once more, for whoever hands it back; only while they are still what was read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.model.records import FileReading
from pipeline.readers.intake.archive import Archive, UnreadableArchive
from pipeline.readers.intake.inbox import (
    NotRead,
    content_of,
    version_of,
)


@dataclass(frozen=True)
class Originals:
    """Called with a path inside the input, gives the file's bytes; None when they cannot be had or have changed since
    they were read. Holds places, not bytes, and can be sent to another process."""

    places: Mapping[str, tuple[str, tuple[int, ...], str]]

    def __call__(self, path: str) -> bytes | None:
        source, inside, sha256 = self.places.get(path, ("", (), ""))
        try:
            content = content_at(source, inside) if source else b""
        except (NotRead, UnreadableArchive):
            return None
        return content if content and hashlib.sha256(content).hexdigest() == sha256 else None


def originals_of(readings: Iterable[FileReading]) -> Originals:
    """Where the bytes of every workbook of forms are."""
    workbooks = (reading for reading in readings if reading.sheets and reading.source)
    return Originals({reading.path: (reading.source, reading.inside, reading.sha256) for reading in workbooks})


def content_at(source: str, inside: tuple[int, ...]) -> bytes:
    """A file's bytes; in an archive the bytes of the member. Raises NotRead or UnreadableArchive."""
    return _archive(source, inside[:-1], version_of(source)).read(inside[-1]) if inside else content_of(source)


@lru_cache(maxsize=4)
def _archive(source: str, inside: tuple[int, ...], version: tuple[int, int]) -> Archive:
    """The opened archive at `source` as of `version`, or the one at a place within it; kept while its members are read."""
    return Archive(content_at(source, inside) if inside else Path(source))
