"""How a command ends: its exit code, the sentence on stderr when something went wrong, and Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from pipeline.machine.failing import MachineFailed, is_short_of_memory, remedy_of
from pipeline.model.display import printable
from pipeline.model.refusals import NothingToWorkOn, Refused

DONE, SOMETHING_OPEN, WRONG_USAGE, NOTHING_READABLE, MACHINE_FAILED = range(5)

# An error whose text is already a sentence for the user -> the exit code it ends the command with.
EXIT_CODES: dict[type[Exception], int] = {
    Refused: WRONG_USAGE,
    NothingToWorkOn: NOTHING_READABLE,
    MachineFailed: MACHINE_FAILED,
}

_INTERRUPTED = "已中断。没有留下写了一半的结果，需要时请重新运行。"
_ENDING_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def fail(sentence: str, code: int) -> NoReturn:
    """Prints the sentence on stderr and ends the command with the exit code."""
    click.echo(printable(sentence), err=True)
    sys.exit(code)


@contextmanager
def failures_in_a_sentence() -> Iterator[None]:
    """Ends the command with one sentence and an exit code whatever error the block raises, usage errors of click apart."""
    try:
        with _interruptible_once():
            yield
    except click.UsageError:
        raise
    except click.Abort:
        fail(_INTERRUPTED, MACHINE_FAILED)
    except tuple(EXIT_CODES) as error:
        fail(str(error), next(code for kind, code in EXIT_CODES.items() if isinstance(error, kind)))
    except Exception as error:  # whatever it is, a clerk should read a sentence and not a traceback
        fail(_failure_sentence(error), MACHINE_FAILED)


@contextmanager
def _interruptible_once() -> Iterator[None]:
    """Turns the first SIGINT, SIGTERM, SIGHUP or SIGBREAK into KeyboardInterrupt, so that the block can tidy up, and
    ignores the ones that follow. Signals that were ignored before stay ignored."""
    signals = [number for name in _ENDING_SIGNALS if (number := getattr(signal, name, None))]
    signals = [number for number in signals if signal.getsignal(number) != signal.SIG_IGN]
    if threading.current_thread() is not threading.main_thread():  # Python lets only the main thread set handlers
        signals = []
    before = {number: signal.getsignal(number) for number in signals}

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        for ending in signals:
            signal.signal(ending, signal.SIG_IGN)
        before.clear()
        raise KeyboardInterrupt

    for number in signals:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _failure_sentence(error: Exception) -> str:
    """The sentence for an error that nobody foresaw: a lack of memory, a disk that fails, or a defect of the program."""
    if is_short_of_memory(error):
        return "内存不足，原有输出没有改动。请关闭其他程序，或用 --jobs 1 减少同时工作的进程，再重新运行。"
    if isinstance(error, OSError) and error.errno:
        return f"没有做完：{remedy_of(error)}；原有输出没有改动。"
    last = traceback.extract_tb(error.__traceback__)[-1]
    line = f"{Path(last.filename).name} 第 {last.lineno} 行"
    return f"程序出错，原有输出没有改动。请把这句话交给程序维护人员：{type(error).__name__}，{line}，{error}"
