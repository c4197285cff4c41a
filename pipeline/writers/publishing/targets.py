"""Where a command may put a folder of its own: never into what was sent in, into results, or where other programs live."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from pipeline.model.display import on_one_line
from pipeline.writers.publishing.failures import NEW, OLD, PublishRefused
from pipeline.writers.publishing.manifest import read_manifest

PROJECT = Path(__file__).resolve().parents[3]
_INBOXES = ("inbox", "sample_inputs")  # folders of the project that hold inputs
_PROGRAM = ("pipeline", "tests", "docs", "benchmarks", ".git", ".github", ".venv")  # its folders that hold the program

# Folders of the system. Nothing is written below the first, and nothing straight into the second.
_CLOSED: tuple[str, ...] = (
    *("/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/proc", "/sbin", "/sys"),
    *("/usr/bin", "/usr/lib", "/usr/sbin", "/System"),
)
_CLOSED_BY_VARIABLE = ("SystemRoot", "ProgramFiles", "ProgramFiles(x86)")  # Windows
_SHARED: tuple[str, ...] = (
    *("/home", "/media", "/mnt", "/opt", "/root", "/run", "/srv", "/tmp", "/usr", "/usr/local", "/var"),
    *("/Applications", "/Library", "/Users", "/Volumes", "C:\\Users"),
)
_OPEN = Path("/dev/shm")  # memory that looks like a disk
_HOMES = ("/home", "/Users", "C:\\Users")  # what lies straight in one of these is somebody's home

# Names that mean a device of Windows, whatever follows a dot: a folder of such a name cannot be opened there.
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?:[ .].*)?", re.IGNORECASE)
_NO_DISK = ("\\\\.\\", "\\\\?\\", "//./", "//?/")  # how Windows writes devices, and paths that it does not check
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def check_folder(folder: Path, inputs: Iterable[Path] = (), inbox: str = "") -> Path:
    """The folder, links resolved; it need not exist. Raises PublishRefused when a command must not write there: it is a
    file or a device; the top of a disk, of the system, somebody's home, the program's; it is, lies in or holds one of
    `inputs` or an inbox of the project, but for the one that is meant, `inbox`; it lies in an output.

    A folder on another computer (`\\\\server\\share\\folder`) is like any other; `\\\\server\\share` is the top of a disk."""
    refuse_unusable(folder)
    resolved = real(folder)
    _refuse_what_is_no_folder(resolved)
    _refuse_the_systems(resolved)
    _refuse_the_programs(resolved, inbox)
    for input_path in inputs:
        if overlap(resolved, real(input_path)):
            raise PublishRefused(f"输出位置“{resolved}”与输入位置“{input_path}”相同或互相包含，请另选一个输出文件夹。")
    _refuse_the_inside_of_outputs(resolved)
    return resolved


def refuse_unusable(path: Path) -> None:
    """Raises PublishRefused for a path that no disk of every system can have."""
    text = str(path)
    if _CONTROL.search(text):
        shown = on_one_line(_CONTROL.sub("?", text))
        raise PublishRefused(f"“{shown}”里有看不见的字符，不能作文件或文件夹的名称，请改正。")
    if text.startswith(_NO_DISK) or any(map(_DEVICE.fullmatch, path.parts)):
        raise PublishRefused(f"“{path}”是设备的名称，不能写在那里，请换一个名称。")


def _refuse_what_is_no_folder(folder: Path) -> None:
    """Raises PublishRefused when the folder, or where it does not exist the first above it that does, is none."""
    for path in (folder, *folder.parents):
        with suppress(OSError):
            if not stat.S_ISDIR(os.lstat(path).st_mode):
                raise PublishRefused(f"“{path}”不是文件夹，而是文件、链接或设备，请把它移走，或另选一个文件夹。")
            return


def _refuse_the_systems(folder: Path) -> None:
    if not folder.name:
        raise PublishRefused(f"输出位置“{folder}”是磁盘的最上层，不能作为输出文件夹，请另选一个文件夹。")
    if is_the_systems(folder) or is_shared(folder):
        raise PublishRefused(f"“{folder}”是系统的文件夹，不能写在那里，请另选一个文件夹。")
    home = _home()
    if is_home(folder) or (home and within(home, folder)):
        raise PublishRefused(f"“{folder}”是用户的主文件夹，不能整个用来写结果，请在里面另建一个文件夹。")


def is_the_systems(folder: Path) -> bool:
    """True for a folder of the system, and for whatever lies in it."""
    is_open = within(folder, _OPEN) and not same(folder, _OPEN)
    return not is_open and any(within(folder, closed) for closed in _closed())


def is_shared(folder: Path) -> bool:
    """True for a folder of the system in which everybody has folders."""
    return _is_one_of(folder, _SHARED)


def is_home(folder: Path) -> bool:
    """True for somebody's home."""
    home = _home()
    return (home is not None and same(folder, home)) or _is_one_of(folder.parent, _HOMES)


def _closed() -> Iterator[Path]:
    yield from map(Path, _CLOSED if os.name != "nt" else ())
    yield from (Path(value) for name in _CLOSED_BY_VARIABLE if (value := os.environ.get(name)))


def _is_one_of(folder: Path, names: Iterable[str]) -> bool:
    return any(same(folder, Path(name)) for name in names)


def _home() -> Path | None:
    """The home of whoever runs the program; None when it is not known, or is the top of a disk."""
    with suppress(RuntimeError, OSError):
        home = real(Path.home())
        return home if home.name else None
    return None


def _refuse_the_programs(folder: Path, inbox: str) -> None:
    if within(PROJECT, folder) or any(within(folder, PROJECT / name) for name in _PROGRAM):
        raise PublishRefused(f"“{folder}”是本程序自己的文件夹，不能写在那里，请另选一个文件夹。")
    holder = inbox_of(folder)
    if holder and not (holder.name == inbox and same(folder, holder)):
        raise PublishRefused(f"“{folder}”在本程序放报送材料的文件夹“{holder.name}”里，不能写在那里，请另选一个文件夹。")


def inbox_of(folder: Path) -> Path | None:
    """The inbox of the project that `folder` is or lies in."""
    return next((PROJECT / name for name in _INBOXES if within(folder, PROJECT / name)), None)


def _refuse_the_inside_of_outputs(folder: Path) -> None:
    for above in folder.parents:
        if is_output(above):
            raise PublishRefused(f"“{folder}”在输出文件夹“{above}”里，写在那里会使它与清单不符，请另选一个文件夹。")
    for path in (folder, *folder.parents):
        name = path.name.removesuffix(OLD).removesuffix(NEW)
        if name not in ("", path.name) and is_output(path.with_name(name)):
            raise PublishRefused(f"“{path}”是生成“{name}”时要用的位置，不能写在那里，请另选一个文件夹。")


def is_output(folder: Path) -> bool:
    """True for a folder with a manifest of this program; False for one that cannot be looked into."""
    with suppress(OSError):
        return read_manifest(folder) is not None
    return False


def real(path: Path) -> Path:
    """The path with its links resolved; unlike Path.resolve, links in a circle are no error."""
    return Path(os.path.realpath(path))


def overlap(first: Path, second: Path) -> bool:
    """True when one of two folders is the other or lies in it."""
    return within(first, second) or within(second, first)


def within(inner: Path, outer: Path) -> bool:
    """True when `inner` is `outer` or lies somewhere in it."""
    return any(same(folder, outer) for folder in (inner, *inner.parents))


def same(first: Path, second: Path) -> bool:
    """True for the same file or folder under two names: other case, another link, another mount."""
    try:
        return first.samefile(second)
    except OSError:
        return os.path.normcase(first) == os.path.normcase(second)
