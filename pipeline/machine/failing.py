"""The machine below a run: what to do when it fails, and what its working processes owe the one that started them."""

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
_WANT = re.compile("can't start new thread|cannot allocate memory|failed to map segment", re.IGNORECASE)


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
