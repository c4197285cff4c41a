"""The input folder → candidate files in a fixed order; what is ignored is counted, links that lead out are refused."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

IGNORED_PREFIXES = ("~$", ".~", "._")
IGNORED_NAMES = (".ds_store", "thumbs.db", "desktop.ini", ".gitkeep")
IGNORED_SUFFIXES = (".bak", ".tmp")
IGNORED_FOLDERS = ("__MACOSX",)


@dataclass(frozen=True)
class Candidate:
    """One file of the input. path: inside the input, with /, NFC; source: where its bytes are.
    outside: a link that leads out of the input, not to be followed."""

    path: str
    source: str
    ignored: bool = False
    outside: bool = False


def find_candidates(root: Path) -> list[Candidate]:
    """Every file below `root` (or `root` itself when it is a file), ordered by path."""
    if root.is_file():
        return [Candidate(unicodedata.normalize("NFC", root.name), str(root))]
    found = [_candidate(root, Path(folder) / name) for folder, name in _files(root)]
    return sorted(found, key=lambda candidate: (candidate.path, candidate.source))


def _files(root: Path) -> Iterator[tuple[str, str]]:
    """(folder, name) of every file and of every link to a folder; links are not walked into."""
    for folder, folders, files in os.walk(root, followlinks=False):
        for name in files:
            yield folder, name
        for name in folders:
            if os.path.islink(os.path.join(folder, name)):
                yield folder, name


def _candidate(root: Path, file: Path) -> Candidate:
    inside = file.relative_to(root).as_posix()
    path = unicodedata.normalize("NFC", inside)
    name = file.name.lower()
    ignored = (
        name.startswith(IGNORED_PREFIXES)
        or name in IGNORED_NAMES
        or name.endswith(IGNORED_SUFFIXES)
        or any(part in IGNORED_FOLDERS for part in inside.split("/"))
    )
    outside = file.is_symlink() and (file.is_dir() or not file.resolve().is_relative_to(root.resolve()))
    return Candidate(path, str(file), ignored, outside)
