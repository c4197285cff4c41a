"""Whatever happens to a run, the last good results stand whole, a sentence says what to do, and nothing is left lying.

FAULTS=200 kills that many runs, each a new interpreter, instead of the dozen of every day; EVERY_STEP=1 fails and kills
a run at every step that it takes on the disk.
"""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline import run
from pipeline.readers import workers
from pipeline.rulebook import Rulebook
from pipeline.run import refused_beside
from pipeline.writers import output as outputs
from pipeline.writers.failures import replacing
from pipeline.writers.publish import PublishFailed, publishing
from tests.arrivals import form, laid_out, nominated, nomination
from tests.test_run import small_province
from tests.workbooks import workbook

if sys.platform != "linux":
    pytest.skip("looks at processes as only Linux shows them", allow_module_level=True)

from tests.faults import (  # noqa: E402 - not to be had elsewhere
    Apart,
    Ended,
    at_step,
    beside,
    date_of,
    killed,
    memory_left,
    no_file_beyond,
    refused,
    refused_ever_after,
    renames_refused,
    standing,
)

HERE = "杭州市/上城区"
OLD, NEW = "2024-05-01", "2024-06-01"
KILLS = int(os.environ.get("FAULTS", "12"))
EVERY_STEP = bool(os.environ.get("EVERY_STEP"))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return laid_out(tmp_path_factory.mktemp("faults") / "in", small_province())


@pytest.fixture(scope="module")
def old_results(root: Path, rulebook: Rulebook) -> Path:
    run.report(root, root.parent / "old", rulebook, run.Options(1, OLD))
    return root.parent / "old"


@pytest.fixture
def output(old_results: Path, tmp_path: Path) -> Path:
    """An output folder with good results of an earlier day."""
    return Path(shutil.copytree(old_results, tmp_path / "out" / "结果"))


@pytest.fixture
def apart(tmp_path: Path) -> Callable[..., Apart]:
    return lambda *words, **options: Apart(words, tmp_path / "apart", **options)


def report(root: Path, output: Path, *more: object, jobs: int = 2) -> list[object]:
    return ["report", root, "--output", output, "--date", NEW, "--jobs", jobs, "--quiet", *more]


def check_sentence(ended: Ended, *words: str) -> None:
    """The machine failed, and that is one Chinese sentence that says what to do; nothing was left behind."""
    assert ended.code == 4, ended
    said = ended.err.strip()
    assert "\n" not in said and said.endswith("。") and "Traceback" not in said and "程序出错" not in said, said
    assert all(word in said for word in words), said
    assert not ended.left and not ended.litter


def check_next_run(apart: Callable[..., Apart], root: Path, output: Path) -> None:
    """The next run succeeds and leaves nothing lying about."""
    ended = apart(*report(root, output)).ended()
    assert ended == (0, "", [], []) and date_of(output) == NEW and beside(output) == set()


# ---------------------------------------------------------------- killed


def test_a_kill_at_any_time(root: Path, output: Path, old_results: Path, apart: Callable[..., Apart]):
    """Over the whole length of a run, at times that a seed gives."""
    spawned = "FAULTS" in os.environ
    measured = apart(*report(root, output), spawned=spawned)
    measured.ended()
    length, chance, found = measured.seconds, random.Random(2024), Counter()
    for number in range(KILLS):
        shutil.rmtree(output)
        shutil.copytree(old_results, output)
        killed_run = apart(*report(root, output), spawned=spawned)
        killed_run.send(signal.SIGKILL, length * (number + chance.random()) / KILLS)
        ended = killed_run.ended()
        assert ended.code in (0, -signal.SIGKILL) and not ended.left and not ended.litter and "Traceback" not in ended.err
        after = standing(output)
        assert after in (OLD, NEW), f"kill {number}"
        state = "ended" if ended.code == 0 else "new" if after == NEW else "old" if output.exists() else "old aside"
        found[state, "litter" if beside(output) else "clean"] += 1
        check_next_run(apart, root, output)
    assert sum(found.values()) == KILLS and found["old", "clean"] + found["old", "litter"] > KILLS / 3
    if spawned:
        sys.stdout.write(json.dumps({" ".join(state): times for state, times in sorted(found.items())}))


def test_a_kill_of_the_first_process_ends_the_others(root: Path, output: Path, apart: Callable[..., Apart]):
    for place, name in ((workers, "read_file"), (outputs, "write_county")):

        def asleep(place: object = place, name: str = name) -> None:
            setattr(place, name, lambda *_: time.sleep(60))

        alone = apart(*report(root, output), disturb=asleep)
        alone.send(signal.SIGKILL, 1.0, everyone=False)
        ended = alone.ended()
        assert ended.code == -signal.SIGKILL and ended.left == [] and date_of(output) == OLD
    check_next_run(apart, root, output)


@pytest.mark.parametrize(("number", "everyone"), [(signal.SIGINT, True), (signal.SIGTERM, False)])
def test_an_interruption_is_a_sentence(
    number: int, everyone: bool, root: Path, output: Path, old_results: Path, apart: Callable[..., Apart]
):
    """Ctrl-C reaches every process of a terminal, the wish that a process end only that one."""
    said = 0
    for after in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6):
        shutil.rmtree(output)
        shutil.copytree(old_results, output)
        interrupted = apart(*report(root, output))
        interrupted.send(number, after, everyone)
        ended = interrupted.ended()
        assert not ended.left and not ended.litter and beside(output) == set(), (after, ended)
        assert date_of(output) in (OLD, NEW)
        if ended.code:
            check_sentence(ended, "已中断", "重新运行")
            said += 1
    assert said >= 2
    check_next_run(apart, root, output)


# ---------------------------------------------------------------- a step on the disk fails or is the last one


def steps_of(root: Path, output: Path, apart: Callable[..., Apart]) -> int:
    """How many steps a run takes on the disk in its first process, all of them with --jobs 1."""
    last, times = 0, 1000
    while times - last > 1:  # the last step that a kill can meet
        step = (last + times) // 2
        if apart(*report(root, output, jobs=1), disturb=at_step(step, output.parent, killed)).ended().code == 0:
            times = step
        else:
            last = step
    return last


@pytest.mark.parametrize("happening", ["killed", "full once", "full for good", "read-only for good"])
def test_any_step_of_a_run(
    happening: str, root: Path, output: Path, old_results: Path, tmp_path: Path, apart: Callable[..., Apart]
):
    happenings = {
        "killed": killed, "full once": refused(errno.ENOSPC), "full for good": refused_ever_after(errno.ENOSPC),
        "read-only for good": refused_ever_after(errno.EROFS),
    }  # fmt: skip
    number = steps_of(root, output, apart) if EVERY_STEP else 150
    steps = range(1, number + 1) if EVERY_STEP else (1, 2, 3, 20, 45, 60, 75, 78)
    codes = Counter()
    for step in steps:
        shutil.rmtree(output)
        shutil.copytree(old_results, output)
        ended = apart(*report(root, output, jobs=1), disturb=at_step(step, output.parent, happenings[happening])).ended()
        codes[ended.code] += 1
        assert not ended.left and not ended.litter
        assert standing(output) in ((NEW,) if ended.code == 0 else (OLD, NEW)), (step, ended)
        if ended.code == 4:
            check_sentence(ended, "重新运行" if "full" in happening else "输出文件夹")
            assert date_of(output) == OLD or standing(output) == OLD
        else:
            assert ended.code in (0, -signal.SIGKILL)
        if EVERY_STEP or step == steps[-1]:
            check_next_run(apart, root, output)
    assert codes[4] + codes[-signal.SIGKILL] >= 4
    if EVERY_STEP:
        sys.stdout.write(f"{happening}: {number} steps, {dict(codes)}\n")
