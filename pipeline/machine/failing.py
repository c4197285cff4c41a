"""Failures of the machine itself (disk, memory, processes): the exceptions, and what the user can do, in Chinese.

A failure of the machine is no finding about an input: it ends the run. A task that fails inside a worker process is
reported by that worker, see `supervisor.Failure`."""

from __future__ import annotations

import errno
import re

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
_OUT_OF_MEMORY = re.compile("can't start new thread|cannot allocate memory|failed to map segment", re.IGNORECASE)


class MachineFailed(Exception):
    """The machine failed, or another run is in the way; earlier outputs are unchanged. The text is a Chinese sentence that
    says what to do."""


class ProcessesFailed(MachineFailed):
    """The worker processes cannot be started, or something other than this program ended them."""

    def __init__(self) -> None:
        super().__init__(f"工作进程没有启动或中途停止：{_CROWDED}；原有输出没有改动。")


def remedy_of(error: OSError | None) -> str:
    """The cause of a system error and its remedy in Chinese, without a full stop; for an error number without an entry,
    or None, a general sentence that quotes the number."""
    number = error.errno if error else None
    return _REMEDIES.get(number or 0, f"系统拒绝了读写（错误号 {number}）。请检查磁盘后重新运行")


def is_short_of_memory(error: BaseException) -> bool:
    """True when the error, or one in its chain of causes, reports that the system has no memory left. A thread that
    cannot be started and a library that cannot be mapped report that too."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemoryError) or _OUT_OF_MEMORY.search(str(cause)):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
