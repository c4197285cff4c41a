"""The input folder → its files in a fixed order. Ignored files are counted; links that lead out of it are refused."""

from __future__ import annotations

import errno
import os
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.machine.regular_files import NotRegular, bytes_of
from pipeline.model.records import FileBytes

IGNORED_PREFIXES = ("~$", ".~", "._")
IGNORED_NAMES = (".ds_store", "thumbs.db", "desktop.ini", ".gitkeep")
IGNORED_SUFFIXES = (".bak", ".tmp")
IGNORED_FOLDERS = ("__MACOSX",)

_LARGEST = 128 * 2**20  # bytes held in memory; what is larger is not asked for here

_REASONS = {
    errno.EACCES: "没有读取权限",
    errno.EPERM: "没有读取权限",
    errno.ENOENT: "文件已不在原处",
    errno.EISDIR: "这是一个文件夹",
    errno.ELOOP: "链接绕成了圈",
    errno.EIO: "磁盘读取出错",
    errno.EBUSY: "文件正被占用",
    errno.ENAMETOOLONG: "路径太长",
}


class NotRead(Exception):
    """A file whose bytes cannot be read; the text says why, in Chinese."""


class ChangedMeanwhile(NotRead):
    """A file that changed after the input was listed."""


@dataclass(frozen=True)
class Candidate:
    """One file of the input.

    path: inside the input, with /, NFC. source: the file on disk that holds its bytes. outside: a link that leads out of
    the input and is not followed. problem: why it cannot be read, in Chinese. inside: of a file in an archive, its index
    in the archive at `source` and in each archive within that. evidence: a paper in an archive that need not be
    inflated. bytes: of such a paper. version: of the file at `source` when it was opened as an archive. decisions: whether it is the one
    file whose decisions count, whatever any other is called.
    """

    path: str
    source: str
    ignored: bool = False
    outside: bool = False
    problem: str = ""
    inside: tuple[int, ...] = ()
    evidence: bool = False
    bytes: FileBytes | None = None
    version: tuple[int, int] | None = None
    decisions: bool = False


def find_candidates(root: Path) -> list[Candidate]:
    """Every file below `root` (or `root` itself when it is a file), ordered by path."""
    return find_all([root])


def find_all(roots: Iterable[Path]) -> list[Candidate]:
    """Every file of the roots, each once, ordered by path. Paths are inside the root or, with several roots, inside the
    folder that holds them all."""
    given = list(dict.fromkeys(Path(os.path.abspath(root)) for root in roots))
    homes = [root if root.is_dir() else root.parent for root in given]
    home = homes[0] if len(given) == 1 else _common(homes)
    by_source: dict[str, Candidate] = {}
    for root in given:
        for candidate in _files(root, home):
            by_source.setdefault(candidate.source, candidate)
    return with_distinct_paths(sorted(by_source.values(), key=lambda candidate: (candidate.path, candidate.source)))


def _common(folders: list[Path]) -> Path:
    """The folder that holds all of these, or the first of them when they lie on several drives."""
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:
        return folders[0]


def _files(root: Path, home: Path) -> Iterator[Candidate]:
    """Every file below `root`, every link to a folder (not walked into) and every folder that cannot be opened."""
    if not root.is_dir():
        yield _candidate(root, home, root.parent)
        return
    refused: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=refused.append, followlinks=False):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in (*files, *links):
            yield _candidate(Path(folder) / name, home, root)
    for error in refused:
        closed = Path(error.filename)
        yield Candidate(_path_of(closed, home), str(closed), problem=f"文件夹打不开，{reason_of(error)}")


def is_ignored(path: str) -> bool:
    """True for a file that a program or the system left behind."""
    name = path.rpartition("/")[2].lower()
    return (
        name.startswith(IGNORED_PREFIXES)
        or name in IGNORED_NAMES
        or name.endswith(IGNORED_SUFFIXES)
        or any(part in IGNORED_FOLDERS for part in path.split("/"))
    )


def _candidate(file: Path, home: Path, root: Path) -> Candidate:
    """One file below `root`, its path inside `home`."""
    path = _path_of(file, home)
    ignored = is_ignored(path)
    linked = os.path.islink(file) and file != root  # unlike Path.is_symlink, False for what the system cannot look at
    outside = linked and not _within(file, root)
    return Candidate(path, str(file), ignored or (linked and not outside and file.is_dir()), outside)


def _within(file: Path, root: Path) -> bool:
    """True when a link leads to something inside the root."""
    return Path(os.path.realpath(file)).is_relative_to(os.path.realpath(root))


def _path_of(file: Path, home: Path) -> str:
    """The path inside `home` as it is shown: NFC, with /, names in another encoding (GBK) decoded."""
    inside = file.relative_to(home).as_posix() if file.is_relative_to(home) else file.name
    return unicodedata.normalize("NFC", "/".join(_name_of(part) for part in inside.split("/")))


def _name_of(name: str) -> str:
    """One name of a path; others on the way to it may be in another encoding."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "replace")
    return name


def with_distinct_paths(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates, paths that differ on disk and are the same in NFC numbered, so that a path means one file."""
    counts: Counter[str] = Counter()
    distinct = []
    for candidate in candidates:
        counts[candidate.path] += 1
        count = counts[candidate.path]
        distinct.append(candidate if count == 1 else replace(candidate, path=f"{candidate.path}（同名第 {count} 个）"))
    return distinct


def content_of(source: str) -> bytes:
    """The bytes of the file at `source`. Raises NotRead."""
    try:
        return bytes_of(Path(source), _LARGEST, follow=True)
    except NotRegular as error:
        raise NotRead(str(error)) from error
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not os.path.lexists(source):
            raise ChangedMeanwhile("被移走、改名或删除了") from error
        raise NotRead(reason_of(error)) from error


def version_of(source: str) -> tuple[int, int]:
    """The size of a file in bytes and the time of its last change in nanoseconds, which are different after it was
    written anew; (0, 0) for a file that is not there."""
    try:
        status = os.stat(source)
    except OSError:
        return (0, 0)
    return (status.st_size, status.st_mtime_ns)


def reason_of(error: OSError) -> str:
    """Why the system refused a file, in Chinese."""
    return _REASONS.get(error.errno or 0, f"系统错误 {error.errno}")
