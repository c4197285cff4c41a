"""The machine below a run: what to do when it fails, and what its working processes owe the one that started them."""

from __future__ import annotations

import errno
import multiprocessing
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_DENIED = "没有写入权限，或其中的文件正被打开。请关闭打开这些文件的 Excel、WPS 窗口，确认可以写入后重新运行"
_CROWDED = "系统的内存或进程数不够。请关闭其他程序，或用 --jobs 1 减少同时工作的进程，再重新运行"
_REMEDIES = {
    errno.ENOSPC: "磁盘空间不足。请清理磁盘后重新运行",
    errno.EDQUOT: "磁盘配额已用完。请清理磁盘后重新运行",
    errno.EFBIG: "文件超出系统允许的大小。请联系系统管理员放宽限制后重新运行",
    errno.EROFS: "磁盘是只读的。请另选一个可以写入的输出文件夹",
    errno.ENAMETOOLONG: "路径太长。请把输出文件夹放到更上一层后重新运行",
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EBUSY: _DENIED,
    errno.ENOMEM: _CROWDED,
    errno.EAGAIN: _CROWDED,
    errno.EMFILE: "同时打开的文件太多。请用 --jobs 1 减少同时工作的进程，再重新运行",
}

_WANT = re.compile("can't start new thread|cannot allocate memory|failed to map segment", re.IGNORECASE)
_ENDINGS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_LOOK_EVERY = 0.5  # seconds


class MachineFailed(Exception):
    """The machine failed before anything was written; the text is a Chinese sentence that says what to do."""


class ProcessesFailed(MachineFailed):
    """The working processes cannot be started, or were ended from outside."""

    def __init__(self) -> None:
        super().__init__(f"工作进程没有启动或中途停止：{_CROWDED}；原有输出没有改动。")


def remedy_of(error: OSError | None) -> str:
    """What was the matter and what to do about it, in Chinese, without a full stop."""
    number = error.errno if error else None
    return _REMEDIES.get(number or 0, f"系统拒绝了读写（错误号 {number}）。请检查磁盘后重新运行")


def is_short_of_memory(error: BaseException) -> bool:
    """True when the error, or one that led to it, says that the system had no memory left; so do threads and libraries
    that cannot be had for want of it."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, MemoryError) or _WANT.search(str(seen)):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


@contextmanager
def endings_held_back() -> Iterator[None]:
    """Ctrl-C and the wish that this process end wait until the block is over. A process started in it is born deaf to
    both until it calls `begin_work`, so that it never tells of them in its own words."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin_work() -> None:
    """The first thing a working process does: Ctrl-C is for the process that started it, which will end it; and it
    does not outlive that one, however that came to its end."""
    for ending in _ENDINGS:
        signal.signal(ending, signal.SIG_IGN if ending == signal.SIGINT else signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)
    if os.name != "nt":  # there, connections close with the process and end it
        threading.Thread(target=_end_with, args=(_starter(),), daemon=True).start()


def _starter() -> int:
    """The number of the process above this one when it was started."""
    above = multiprocessing.parent_process()
    forked = above is not None and multiprocessing.get_start_method() == "fork"
    return above.pid if forked else os.getppid()


def _end_with(starter: int) -> None:
    while os.getppid() == starter:  # an orphan is given another parent
        time.sleep(_LOOK_EVERY)
    os._exit(1)
