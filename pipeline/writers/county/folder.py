"""Packs a county's folder into a zip beside it, always with the same bytes and with names that Windows can unpack."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

MAX_NAME = 60  # characters of one file's or folder's name
MAX_PATH = 200  # characters inside the zip; Windows refuses 260 including the folder it is unpacked to

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³]|CONIN\$|CONOUT\$)\s*(?:\..*)?", re.IGNORECASE)
_UNNAMED = "未命名"
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}")


def safe_name(name: str, limit: int = MAX_NAME) -> str:
    """`name` as a file or folder may be called on Windows, macOS and Linux: at most `limit` characters including the
    ending, with _ for each character that is not allowed."""
    text = unicodedata.normalize("NFC", name)
    text = "".join(mark for mark in text if unicodedata.category(mark) not in _UNSEEN or mark in "\t\n")
    text = _FORBIDDEN.sub("_", " ".join(text.split()))
    text = _shortened(text, limit).strip(". ") or _UNNAMED
    return f"_{text}" if _DEVICE.fullmatch(text) else text


def safe_names(names: Iterable[str], limit: int = MAX_NAME) -> dict[str, str]:
    """Each of `names`, in order of code points -> its `safe_name`. Names that would be the same file on a system that
    ignores case are numbered (2), (3) …."""
    safe_of: dict[str, str] = {}
    taken: set[str] = set()
    numbers: dict[str, int] = {}  # the last number that a name was told apart by
    for name in sorted(set(names)):
        safe = candidate = safe_name(name, limit)
        number = numbers.get(_same_name(safe), 1)
        while _same_name(candidate) in taken:
            number += 1
            stem, ending = _split(safe)
            candidate = f"{_shortened(stem, limit - len(ending) - len(str(number)) - 2)}({number}){ending}"
        numbers[_same_name(safe)] = number
        taken.add(_same_name(candidate))
        safe_of[name] = candidate
    return safe_of


def zip_folder(folder: Path, day: str) -> Path:
    """Packs `folder`, itself included, into a zip beside it and returns the zip's path. The files are in order of name and
    dated `day` ("2024-01-01"). Raises ValueError for a path longer than MAX_PATH or one that Windows cannot unpack."""
    target = folder.with_name(f"{folder.name}.zip")
    given = date.fromisoformat(day)
    stamp = (min(max(given.year, 1980), 2107), given.month, given.day, 0, 0, 0)  # the years that a zip can store
    names = sorted(path.relative_to(folder.parent).as_posix() for path in folder.rglob("*") if path.is_file())
    _check(names)
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            entry = zipfile.ZipInfo(name, stamp)
            entry.create_system = (
                3  # Unix, on every machine: some programs garble names that are marked as from Windows
            )
            entry.external_attr = 0o644 << 16
            archive.writestr(
                entry, (folder.parent / name).read_bytes()
            )  # stored, because a workbook is compressed already
    return target


def _check(names: list[str]) -> None:
    """Raises ValueError for a name that did not come from `safe_names`."""
    taken: set[str] = set()
    for name in names:
        unsafe = [part for part in name.split("/") if part != safe_name(part, MAX_PATH)]
        if unsafe or len(name) > MAX_PATH or _same_name(name) in taken:
            raise ValueError(f"a name that not every system can hold: {name}")
        taken.add(_same_name(name))


def _same_name(name: str) -> str:
    """A key that is equal for names of the same file on Windows or macOS."""
    return unicodedata.normalize("NFC", name).casefold()


def _split(name: str) -> tuple[str, str]:
    """A name without its ending, and the ending with its dot."""
    stem, dot, ending = name.rpartition(".")
    return (stem, dot + ending) if stem and _ENDING.fullmatch(dot + ending) else (name, "")


def _shortened(name: str, limit: int) -> str:
    """The name cut to `limit` UTF-16 units, as Windows counts; the ending is kept."""
    if _units(name) <= limit:
        return name
    stem, ending = _split(name)
    while stem and _units(stem) + len(ending) > limit:
        stem = stem[:-1]
    return stem.strip(". ") + ending


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
