"""Whatever happens to a run, the last good results stay whole, one sentence says what to do, and nothing is left behind.

FAULTS=200 kills that many runs, each a new interpreter, instead of a dozen; EVERY_STEP=1 fails and kills a run at every
step it takes on the disk.
"""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import os
import random
import shutil
import signal
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline import run
from pipeline.model.rulebook import Rulebook
from pipeline.readers.intake import workers
from pipeline.run import refused_beside
from pipeline.writers import output as outputs
from pipeline.writers.publishing.failures import PublishFailed
from pipeline.writers.publishing.history import History
from pipeline.writers.publishing.publish import publishing
from pipeline.writers.publishing.single_file import replacing
from tests.support.arrivals import form, laid_out, nominated, nomination
from tests.support.small_province import small_province
from tests.support.workbooks import workbook

if sys.platform != "linux":
    pytest.skip("looks at processes as only Linux shows them", allow_module_level=True)

from tests.support.faults import (
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

pytestmark = pytest.mark.slow

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
    length, chance, states = measured.seconds, random.Random(2024), Counter()
    for number in range(KILLS):
        shutil.rmtree(output)
        shutil.copytree(old_results, output)
        killed_run = apart(*report(root, output), spawned=spawned)
        killed_run.send(signal.SIGKILL, length * (number + chance.random()) / KILLS)
        ended = killed_run.ended()
        assert (
            ended.code in (0, -signal.SIGKILL) and not ended.left and not ended.litter and "Traceback" not in ended.err
        )
        after = standing(output)
        assert after in (OLD, NEW), f"kill {number}"
        state = "ended" if ended.code == 0 else "new" if after == NEW else "old" if output.exists() else "old aside"
        states[state, "litter" if beside(output) else "clean"] += 1
        if spawned or beside(output):  # otherwise it is a run like any other
            check_next_run(apart, root, output)
    assert sum(states.values()) == KILLS and states["old", "clean"] + states["old", "litter"] > KILLS / 3
    if spawned:
        sys.stdout.write(json.dumps({" ".join(state): times for state, times in sorted(states.items())}))


def test_a_kill_of_the_first_process_ends_the_others(root: Path, output: Path, apart: Callable[..., Apart]):
    for module, name in ((workers, "read_file"), (outputs, "write_county")):

        def asleep(module: object = module, name: str = name) -> None:
            setattr(module, name, lambda *_: time.sleep(60))

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


def steps_of(
    root: Path, output: Path, apart: Callable[..., Apart], *more: str, fresh: Callable[[], object] = lambda: None
) -> int:
    """How many steps a run takes on the disk in its first process, all of them with --jobs 1. fresh: called before each try."""
    last, times = 0, 1000
    while times - last > 1:  # the last step that a kill can meet
        fresh()
        step = (last + times) // 2
        words = report(root, output, *more, jobs=1)
        if apart(*words, disturb=at_step(step, output.parent, killed)).ended().code == 0:
            times = step
        else:
            last = step
    return last


# Some of them every day, all of a small publication in test_publish.
STEPS = {
    "killed": (2, 40, 90),
    "full once": (3, 60, 80),
    "full for good": (1, 20, 75),
    "read-only for good": (1, 5, 50),
}


@pytest.mark.parametrize("happening", STEPS)
def test_any_step_of_a_run(
    happening: str, root: Path, output: Path, old_results: Path, tmp_path: Path, apart: Callable[..., Apart]
):
    happenings = {
        "killed": killed,
        "full once": refused(errno.ENOSPC),
        "full for good": refused_ever_after(errno.ENOSPC),
        "read-only for good": refused_ever_after(errno.EROFS),
    }
    number = steps_of(root, output, apart) if EVERY_STEP else 0
    steps = range(1, number + 1) if EVERY_STEP else STEPS[happening]
    codes = Counter()
    for step in steps:
        shutil.rmtree(output)
        shutil.copytree(old_results, output)
        ended = apart(
            *report(root, output, jobs=1), disturb=at_step(step, output.parent, happenings[happening])
        ).ended()
        codes[ended.code] += 1
        assert not ended.left and not ended.litter
        assert standing(output) in ((NEW,) if ended.code == 0 else (OLD, NEW)), (step, ended)
        if ended.code == 4:
            check_sentence(ended, "重新运行" if "full" in happening else "输出文件夹")
            assert date_of(output) == OLD or standing(output) == OLD
        else:
            assert ended.code in (0, -signal.SIGKILL)
        if beside(output) or step == steps[-1]:
            check_next_run(apart, root, output)
    assert codes[4] + codes[-signal.SIGKILL] >= 3
    if EVERY_STEP:
        sys.stdout.write(f"{happening}: {number} steps, {dict(codes)}\n")


def test_with_a_history_the_replaced_results_are_never_lost(
    root: Path, output: Path, old_results: Path, apart: Callable[..., Apart]
):
    """The last steps: the swap, the move to 历史, and the comparison beside it."""
    words, codes = report(root, output, "--history", jobs=1), Counter()

    def fresh() -> None:
        shutil.rmtree(output.parent)
        shutil.copytree(old_results, output)

    number = steps_of(root, output, apart, "--history", fresh=fresh)
    for make in (lambda: killed, lambda: refused_ever_after(errno.ENOSPC)):
        for step in range(number - 13, number + 1, 1 if EVERY_STEP else 3):
            fresh()
            ended = apart(*words, disturb=at_step(step, output.parent, make())).ended()
            codes[ended.code] += 1
            assert not ended.left and not ended.litter and "Traceback" not in ended.err and "程序出错" not in ended.err
            assert standing(output) in ((NEW,) if ended.code == 0 else (OLD, NEW)), (step, ended)
            assert apart(*words).ended() == (0, "", [], []), step
            days = [date_of(entry.folder) for entry in History(output).kept()]
            assert date_of(output) == NEW and days.count(OLD) == 1 and set(days) <= {OLD, NEW}, (step, days)
            assert beside(output) == {"历史", "与上次相比.xlsx"}, step
    assert codes[-signal.SIGKILL] >= 4 and codes[4] and codes[0], codes


def test_undo_from_the_command_line(root: Path, output: Path, apart: Callable[..., Apart]):
    words = report(root, output, "--history")
    assert apart(*words).ended() == (0, "", [], []) and date_of(output) == NEW
    assert apart("undo", output).ended() == (0, "", [], []) and date_of(output) == OLD
    assert beside(output) == {"历史"}  # the comparison told of what was taken back
    ended = apart("undo", output).ended()
    assert ended.code == 2 and ended.err.strip().endswith("。") and "\n" not in ended.err.strip()
    assert date_of(output) == OLD and [date_of(entry.folder) for entry in History(output).kept()] == [NEW]


def test_a_history_that_is_a_file_stops_the_run_before_it_begins(root: Path, output: Path, apart: Callable[..., Apart]):
    output.with_name("历史").write_bytes(b"mine")
    for words in (report(root, output, "--history"), ["undo", output]):
        ended = apart(*words).ended()
        assert ended.code == 2 and "历史" in ended.err and "\n" not in ended.err.strip()
        assert date_of(output) == OLD and output.with_name("历史").read_bytes() == b"mine"


@pytest.mark.parametrize("content", [b"mine", b""])
def test_a_comparison_that_cannot_be_written_does_not_undo_the_run(
    content: bytes, root: Path, output: Path, apart: Callable[..., Apart]
):
    compared = output.with_name("与上次相比.xlsx")
    compared.write_bytes(content)
    ended = apart(*report(root, output, "--history")).ended()
    assert ended.code == 0 and "结果已经写好" in ended.err and date_of(output) == NEW
    assert compared.read_bytes() == content


@pytest.mark.parametrize("size", [0, 3_000, 12_000])
def test_a_file_cut_off_at_any_size(size: int, root: Path, output: Path, apart: Callable[..., Apart]):
    for jobs in (1, 2):
        check_sentence(apart(*report(root, output, jobs=jobs), disturb=no_file_beyond(size)).ended(), "没有改动")
        assert date_of(output) == OLD and beside(output) == set()


def test_a_page_or_workbook_of_its_own_is_written_whole_or_not_at_all(
    output: Path, tmp_path: Path, apart: Callable[..., Apart]
):
    (tmp_path / "own").mkdir()
    for option, name in (("--xlsx", "a.xlsx"), ("--html", "a.html")):
        path = tmp_path / "own" / name
        words = ("explain", "杭州甲公司", "--output", output, option, path)
        assert apart(*words).ended().code == 0 and path.stat().st_size > 2_000
        before = path.read_bytes()
        check_sentence(apart(*words, disturb=no_file_beyond(2_000)).ended(), "原有结果没有改动")
        assert path.read_bytes() == before
    assert {path.name for path in (tmp_path / "own").iterdir()} == {"a.xlsx", "a.html"}
    with pytest.raises(PublishFailed), replacing(tmp_path / "own" / "a.html", "得分说明"):
        raise OSError(errno.ENOSPC, "")


# ---------------------------------------------------------------- something is in use, or somebody else is at it


def test_a_file_of_the_output_is_open_elsewhere(root: Path, output: Path, apart: Callable[..., Apart]):
    check_sentence(
        apart(*report(root, output), disturb=renames_refused(1000)).ended(), "关闭", "Excel", "原有结果没有改动"
    )
    assert date_of(output) == OLD and beside(output) == set()
    assert apart(*report(root, output), disturb=renames_refused(2)).ended() == (0, "", [], [])
    assert date_of(output) == NEW and beside(output) == set()


def test_a_second_run_says_so_and_the_first_is_unharmed(
    root: Path, output: Path, tmp_path: Path, apart: Callable[..., Apart]
):
    names = laid_out(tmp_path, {"专家.xlsx": workbook({"名单": "专家姓名\n李四"})}) / "专家.xlsx"
    packs, blank, refusal = tmp_path / "out" / "评分表", tmp_path / "out" / "空白表", refused_beside(output)
    for folder, words in (
        (output, report(root, output)),
        (packs, ["experts", root, packs, "--experts", names]),
        (blank, ["forms", blank]),
        (refusal, report(root, output, "--final")),
    ):
        with suppress(KeyboardInterrupt), publishing(folder) as building:
            (building / "第一次运行写的").touch()
            ended = apart(*words).ended()
            check_sentence(ended._replace(err=ended.err.splitlines()[-1]), "另一次运行", "请等它结束")
            assert (building / "第一次运行写的").exists()
            raise KeyboardInterrupt
        assert date_of(output) == OLD and beside(output) <= {f".{name.name}.lock" for name in (packs, blank, refusal)}


def test_what_a_killed_command_left_goes_with_the_next(
    root: Path, output: Path, tmp_path: Path, apart: Callable[..., Apart]
):
    """Also of the list beside an output that could not be final, and of the blank forms."""
    refusal, blank = refused_beside(output), tmp_path / "空白表"
    locks, note = {f".{refusal.name}.lock"}, f".{refusal.name}.run"
    assert apart(*report(root, output, "--final", jobs=1), disturb=at_step(7, output.parent, killed)).ended().code == -9
    assert beside(output) - locks == {f"{refusal.name}.新", note}
    assert apart(*report(root, output)).ended().code == 0 and beside(output) <= locks
    assert apart("forms", blank, disturb=at_step(4, blank, killed)).ended().code == -9
    assert any(path.name.startswith(".") for path in blank.iterdir())
    assert apart("forms", blank).ended().code == 0
    assert not any(path.name.startswith(".") for path in blank.iterdir())


# ---------------------------------------------------------------- memory


def test_memory_runs_out(root: Path, output: Path, apart: Callable[..., Apart]):
    """Wherever it runs out: in a process that reads, in one that writes, or anywhere in the first."""
    hungry = memory_left(300 * 2**20)
    for module, name, jobs in ((workers, "read_file", 1), (outputs, "write_county", 2), (outputs, "write_county", 1)):

        def devours(module: object = module, name: str = name) -> None:
            hungry()
            setattr(module, name, lambda *_: bytearray(2**30))

        check_sentence(apart(*report(root, output, jobs=jobs), disturb=devours).ended(), "内存", "原有输出没有改动")
        assert date_of(output) == OLD and beside(output) == set()
    for size in (0, 1, 3, 8):
        ended = apart(*report(root, output), disturb=memory_left(size * 2**20)).ended()
        if ended.code:  # a little can be enough, in a process that has held more
            check_sentence(ended, "内存", "没有改动")
        assert date_of(output) == (OLD if ended.code else NEW) and beside(output) == set()
        assert not [row for row in rows_of(output, "issues.csv") if row["code"] in ("F06", "B01")]
    check_next_run(apart, root, output)


# ---------------------------------------------------------------- the input changes while it is read


def replaced(path: Path) -> None:
    path.write_bytes(form("杭州缺项公司", answers={"office": ("待定", 9)}))


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:700])


def removed(path: Path) -> None:
    path.unlink()


def rows_of(output: Path, name: str) -> Iterator[dict[str, str]]:
    with (output / "数据" / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def sha256_in(output: Path, path: str) -> str:
    return next(row["sha256"] for row in rows_of(output, "files.csv") if row["path"] == path)


def changing(monkeypatch: pytest.MonkeyPatch, stage: str, change: Callable[[], None]) -> None:
    """`change` happens once a stage of run.py is over."""
    original = getattr(run, stage)

    def staged(*arguments: object) -> object:
        result = original(*arguments)
        change()
        return result

    monkeypatch.setattr(run, stage, staged)


SLIP = f"{HERE}/附件1/缺.xlsx"  # has an answer in 错误, so that a marked copy of it is returned


@pytest.mark.parametrize("change", [replaced, truncated, removed])
@pytest.mark.parametrize("stage", ["find_all", "read_files"])
def test_a_file_that_changes_meanwhile(
    stage: str, change: Callable[[Path], None], tmp_path: Path, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
):
    root, output = laid_out(tmp_path / "in", small_province()), tmp_path / "out"
    first = (root / SLIP).read_bytes()
    changing(monkeypatch, stage, lambda: change(root / SLIP))
    run.report(root, output, rulebook, run.Options(1))
    assert date_of(output)
    scored = first if stage == "read_files" else (root / SLIP).read_bytes() if change is not removed else None
    assert sha256_in(output, SLIP) == (hashlib.sha256(scored).hexdigest() if scored else "")
    found = {row["code"] for row in rows_of(output, "issues.csv") if row["file"] == SLIP}
    if stage == "read_files" or change is replaced:
        assert found == {"V01"}
        (m,) = [
            row["m"]
            for row in rows_of(output, "scores.csv")
            if (row["company"], row["indicator"]) == ("杭州缺项公司", "office")
        ]
        assert m == ("9" if change is replaced and stage == "find_all" else "4")
    else:
        assert found == {"F17" if change is removed else "F01"}
    copies = list(output.glob(f"返还/{HERE}/已标注/杭州缺项公司*.xlsx"))
    assert len(copies) == (stage == "find_all" and change is replaced)


def packed(*companies: str) -> bytes:
    """A zip of one form a company."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for company in companies:
            archive.writestr(f"{company}.xlsx", form(company))
    return content.getvalue()


def test_an_archive_that_is_replaced_between_its_list_and_its_files(tmp_path: Path, rulebook: Rulebook):
    """Else a file of the new one would be read under the name of another of the old one."""
    listed = nomination(nominated(1, "杭州甲公司"), nominated(2, "杭州乙公司"))
    root = laid_out(
        tmp_path / "in", {f"{HERE}/附件2.xlsx": listed, f"{HERE}/表.zip": packed("杭州甲公司", "杭州乙公司")}
    )

    def replace_it(step: str, done: int, total: int) -> None:
        if step == "读取" and done == total == 2:  # the list and the archive; not yet what it holds
            (root / HERE / "表.zip").write_bytes(packed("杭州乙公司", "杭州甲公司", "杭州丙公司"))

    run.report(root, tmp_path / "out", rulebook, run.Options(1, on_progress=replace_it))
    found = Counter(
        row["code"] for row in rows_of(tmp_path / "out", "issues.csv") if row["file"].startswith(f"{HERE}/表.zip")
    )
    assert found == {"F17": 2}
    assert not [row for row in rows_of(tmp_path / "out", "files.csv") if row["kind"] == "assessment"]
