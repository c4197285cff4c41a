"""历史: the outputs that later ones replaced, in a folder beside OUTPUT, the last MOST_KEPT of each OUTPUT.

A folder in 历史 is one of these only while the note beside it, `.OUTPUT.<its name>`, holds the SHA-256 of its manifest. The
note is written before the folder is moved there, so that a later run finishes the move of a killed one. Whatever else lies
in 历史 is somebody's: it is counted and never touched.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pipeline.machine.regular_files import NotRegular, bytes_of, is_link
from pipeline.writers.publishing.contents import contents_of
from pipeline.writers.publishing.failures import OLD, PublishRefused, beside
from pipeline.writers.publishing.manifest import manifest_and_sha256
from pipeline.writers.publishing.targets import overlap, real

HISTORY, MOST_KEPT = "历史", 10
UNDONE = "_撤回"  # ends the name of an output that `undo` replaced
_NAME = re.compile(rf"(\d{{4}}-\d\d-\d\d|未注明)_(\d{{1,9}})({UNDONE})?")
_NO_DATE = "未注明"
_NOTE, _BROKEN_OFF = re.compile(r"[0-9a-f]{64}\n"), re.compile(r"[0-9a-f]{0,64}")
_LARGEST_NOTE = 2**8  # bytes
_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL


class Kept(NamedTuple):
    """An output in 历史. number: counts up over all of them; sha256: of its manifest; date: what it says of its day."""

    number: int
    folder: Path
    sha256: str
    date: str
    undone: bool


class DiskUse(NamedTuple):
    """How many outputs are kept, how many bytes they hold, and how many things in 历史 are somebody's."""

    kept: int
    size: int
    strangers: int


class History:
    """What is kept of one OUTPUT. latest: the folder that the last call of `publishing` or `undo` put there."""

    def __init__(self, output: Path) -> None:
        self._output = real(output)
        self.folder = self._output.with_name(HISTORY)
        self.latest: Path | None = None

    def check(self, input_path: Path | None = None) -> None:
        """Raises PublishRefused when 历史 cannot be a folder of this program: OUTPUT or the input has its name or lies in it,
        or something else lies in its stead. Raises OSError."""
        if self._output.name == HISTORY or (input_path is not None and overlap(self.folder, real(input_path))):
            raise PublishRefused(f"“{self.folder}”要用来留存换下的结果，不能作输入或输出文件夹，请另选一个文件夹。")
        try:
            seen = os.lstat(self.folder)
        except FileNotFoundError:
            return
        if is_link(seen) or not self.folder.is_dir():
            raise PublishRefused(
                f"“{self.folder}”要用来留存换下的结果，现在却是文件或链接，没有写入。请把它移走或改名，再运行。"
            )
        if seen.st_dev != os.stat(self._output.parent).st_dev:
            raise PublishRefused(
                f"“{self.folder}”与输出文件夹不在同一个磁盘上，换下的结果放不进去，没有写入。请把它移走，再运行。"
            )

    @property
    def old_left(self) -> Path | None:
        """The replaced output where it could not be moved to 历史; the next run moves it."""
        old = beside(self._output, OLD)
        return old if os.path.lexists(old) else None

    def kept(self) -> list[Kept]:
        """The outputs that are kept, the oldest first. Raises OSError."""
        return sorted(entry for name in self._names() if (entry := self._entry(name)))

    def newest(self) -> Kept | None:
        """The output that was replaced last; one that `undo` replaced does not count."""
        return next((entry for entry in reversed(self.kept()) if not entry.undone), None)

    def use(self) -> DiskUse:
        """What 历史 holds. Raises OSError."""
        kept = self.kept()
        size = sum(os.lstat(entry.folder / name).st_size for entry in kept for name in contents_of(entry.folder).files)
        return DiskUse(len(kept), size, len(self._strangers()))

    def announce(self, old: Path, undone: bool = False) -> Path:
        """Where the output in the folder `old` will be kept, after noting it down. Raises OSError."""
        self.folder.mkdir(exist_ok=True)
        self._forget_the_missing()
        manifest, sha256 = manifest_and_sha256(old)
        date = str((manifest or {}).get("date", ""))
        number = max((int(known[2]) for known in map(_known_name, self._everything()) if known), default=0) + 1
        name = f"{date if _NAME.fullmatch(f'{date}_1') else _NO_DATE}_{number}{UNDONE if undone else ''}"
        descriptor = os.open(self._note(name), _NEW_FILE, 0o666)
        try:
            os.write(descriptor, f"{sha256}\n".encode("ascii"))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        return self.folder / name

    def announced(self, old: Path) -> Path | None:
        """Where a run that was killed wanted to keep the output in `old`, or another folder where that one is taken by
        somebody; None when it did not want to. Raises OSError."""
        sha256 = manifest_and_sha256(old)[1]
        for name in self._names():
            if sha256 and self._noted(name) == sha256 and not self._entry(name):
                if not os.path.lexists(self.folder / name):
                    return self.folder / name
                self._note(name).unlink()
                return self.announce(old, name.endswith(UNDONE))
        return None

    def forget(self, folder: Path) -> None:
        """Removes the note of a folder that is no longer in 历史. Raises OSError."""
        self._note(folder.name).unlink(missing_ok=True)

    def _names(self) -> list[str]:
        """The names that have a note."""
        beginning = f".{self._output.name}."
        names = (entry.removeprefix(beginning) for entry in self._everything() if entry.startswith(beginning))
        return [name for name in names if _NAME.fullmatch(name)]

    def _entry(self, name: str) -> Kept | None:
        folder, noted, parts = self.folder / name, self._noted(name), _NAME.fullmatch(name)
        if not noted or not parts or not folder.is_dir() or is_link(os.lstat(folder)):
            return None
        if manifest_and_sha256(folder)[1] != noted:
            return None
        return Kept(int(parts[2]), folder, noted, parts[1], bool(parts[3]))

    def _noted(self, name: str) -> str:
        """The SHA-256 in a note; "" for one that broke off and for what is none."""
        text = self._text_of(name)
        return text.strip() if text is not None and _NOTE.fullmatch(text) else ""

    def _text_of(self, name: str) -> str | None:
        try:
            return bytes_of(self._note(name), _LARGEST_NOTE).decode("ascii", "replace")
        except (FileNotFoundError, NotRegular):
            return None

    def _note(self, name: str) -> Path:
        return self.folder / f".{self._output.name}.{name}"

    def _forget_the_missing(self) -> None:
        """Removes the notes of folders that are not there: of runs that were killed or could not go on."""
        for name in self._names():
            text = self._text_of(name)
            ours = text is not None and (_NOTE.fullmatch(text) or _BROKEN_OFF.fullmatch(text))
            if ours and not os.path.lexists(self.folder / name):
                self.forget(self.folder / name)

    def _everything(self) -> Sequence[str]:
        """The names of what lies in 历史."""
        with suppress(FileNotFoundError, NotADirectoryError):
            return os.listdir(self.folder)
        return ()

    def _strangers(self) -> list[str]:
        """What lies in 历史 and is neither kept, of this OUTPUT or another, nor a note, nor what systems leave there."""
        names = self._everything()
        notes = {name for name in names if name.startswith(".") and _NAME.fullmatch(name.rpartition(".")[2])}
        kept = {note.rpartition(".")[2] for note in notes}
        return [name for name in names if name not in notes | kept | _LITTER]


def _known_name(entry: str) -> re.Match[str] | None:
    """The parts of a name in 历史, of a folder or of its note."""
    return _NAME.fullmatch(entry) or _NAME.fullmatch(entry.rpartition(".")[2])


def is_kept(folder: Path) -> bool:
    """True for a folder that is kept in 历史: nothing is ever written there."""
    noted = folder.parent.name == HISTORY and _NAME.fullmatch(folder.name)
    return bool(noted) and any(name.endswith(f".{folder.name}") for name in _listing(folder.parent))


def _listing(folder: Path) -> list[str]:
    with suppress(OSError):
        return os.listdir(folder)
    return []
