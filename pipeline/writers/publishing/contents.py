"""What lies in a folder: its files, what systems and programs leave lying about, and its folders. No link is followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pipeline.machine.regular_files import is_link

KEPT = ".gitkeep"
BUILDING_MARK = ".生成中"  # file that marks a half-built folder as made by this program

# A name that programs leave lying about -> the most bytes such a file has. Larger ones, links and folders are somebody's.
_LITTER = {
    KEPT: 2**16,
    BUILDING_MARK: 2**8,
    ".DS_Store": 2**22,
    "Thumbs.db": 2**26,
    "desktop.ini": 2**16,
}
_OPENED, _OPENED_BYTES = "~$", 2**12  # Excel's and WPS's note of who has a workbook open
_DEEPEST = 20  # folders in one another; an output has four


class Contents(NamedTuple):
    """Paths inside a folder, with /, in order. files: whatever is neither litter nor a folder that was looked into: also
    links, pipes, and folders too deep to be ours. folders: each after the one that holds it, without the first."""

    files: list[str]
    litter: list[str]
    folders: list[str]


def contents_of(folder: Path, enough: int = 10**7) -> Contents:
    """Everything below `folder`, or what was found when there were `enough` files. Raises OSError."""
    found = Contents([], [], [""])
    for above in found.folders:  # grows meanwhile
        if len(found.files) >= enough:
            break
        with os.scandir(folder / above) as entries:
            for entry in entries:
                name = f"{above}/{entry.name}" if above else entry.name
                seen = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(seen.st_mode) and not is_link(seen) and name.count("/") < _DEEPEST:
                    found.folders.append(name)
                else:
                    (found.litter if _is_litter(entry.name, seen) else found.files).append(name)
    return Contents(sorted(found.files), sorted(found.litter), found.folders[1:])


def _is_litter(name: str, seen: os.stat_result) -> bool:
    most = _OPENED_BYTES if name.startswith(_OPENED) else _LITTER.get(name, -1)
    return stat.S_ISREG(seen.st_mode) and seen.st_size <= most


def files_in(folder: Path) -> list[str]:
    """The path inside `folder` of every file below it, in order. A link is a file; litter is none."""
    return contents_of(folder).files


def remove(folder: Path, seen: Contents, last: Iterable[str] = ()) -> None:
    """Removes exactly what was `seen` in `folder`, the files `last` after all others, and then `folder`. What was put there
    since stays with the folders it lies in, and OSError is raised. A link is removed, never what it leads to."""
    at_last = list(last)
    for name in (*(name for name in (*seen.files, *seen.litter) if name not in at_last), *at_last):
        with suppress(FileNotFoundError):
            os.unlink(folder / name)
    for name in (*reversed(seen.folders), ""):
        os.rmdir(folder / name)
