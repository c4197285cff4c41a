"""The same inputs give the same bytes, whatever the machine, the day and the folder.

Each variation is one process that makes everything the commands write; its bytes are compared with those made here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support import ROOT
from tests.support.arrivals import form, laid_out, nominated, nomination
from tests.support.decisions import decided
from tests.support.small_province import HERE, THERE, marks, small_province
from tests.support.workbooks import workbook

pytestmark = pytest.mark.slow

Files = dict[str, bytes]

# What the process elsewhere finds there before anything else is imported: another clock, and folders whose
# files come in another order.
PLACE = """
import os, time
SHIFT = {shift}
now, now_ns, localtime, gmtime = time.time, time.time_ns, time.localtime, time.gmtime
time.time = lambda: now() + SHIFT
time.time_ns = lambda: now_ns() + SHIFT * 10**9
time.localtime = lambda seconds=None: localtime(time.time() if seconds is None else seconds)
time.gmtime = lambda seconds=None: gmtime(time.time() if seconds is None else seconds)
listed, scanned = os.listdir, os.scandir
class Reversed:
    def __init__(self, path):
        with scanned(path) as entries:
            self.entries = iter(sorted(entries, key=lambda entry: entry.name, reverse=True))
    def __iter__(self):
        return self.entries
    def __next__(self):
        return next(self.entries)
    def __enter__(self):
        return self
    def __exit__(self, *_):
        pass
    close = __exit__
if {backwards}:
    os.listdir = lambda path=".": sorted(listed(path), reverse=True)
    os.scandir = lambda path=".": Reversed(path)
"""

# Clocks of the class datetime are put in where Python's own text asks for them: libraries in C crash on such a class.
COMMANDS = """
import datetime, json, os, sys, time
os.umask(int(sys.argv[2]))
from pipeline import cli, run
from pipeline.commands import blank_forms, compare
from pipeline.commands.experts import hand_out
from pipeline.commands.explain import explanation as explained
from pipeline.writers.page import explanation
class Real(type):
    def __instancecheck__(cls, value):
        return isinstance(value, cls.__mro__[1])
class Day(datetime.date, metaclass=Real):
    @classmethod
    def today(cls):
        return datetime.date.fromtimestamp(time.time())
class Moment(datetime.datetime, metaclass=Real):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(time.time(), tz)
    utcnow = today = now
for name, module in list(sys.modules.items()):
    if name.split(".")[0] in ("pipeline", "xlsxwriter", "openpyxl"):
        for word, value in list(vars(module).items()):
            for real, other in ((datetime.date, Day), (datetime.datetime, Moment)):
                if value is real:
                    setattr(module, word, other)
for words in json.loads(sys.argv[1]):
    try:
        cli.main(args=words)
    except SystemExit as end:
        if end.code:
            sys.exit(f"{words}: {end.code}")
"""


class Elsewhere(NamedTuple):
    """Where and how a process makes what the commands write; `root` and `output` say how INPUT and OUTPUT are named."""

    environment: dict[str, str]
    root: str = "{home}/in"
    output: str = "{home}/结果"
    folder: str = "."
    jobs: int = 1
    shift: int = 0
    backwards: bool = False
    umask: int = 0o022
    saved: float = 1_700_000_000.0
    order: Callable[[Iterable[str]], Iterable[str]] = sorted


def any_chinese_locale() -> str:
    """A Chinese locale of this machine; C.UTF-8 where there is none."""
    try:
        known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout.split()
    except OSError:
        known = []
    return next((name for name in sorted(known) if name.lower().startswith("zh_cn")), "C.UTF-8")


DAY = 86_400
ELSEWHERE = {
    "another order, another day": Elsewhere(
        {"TZ": "Asia/Shanghai", "LC_ALL": "C", "PYTHONHASHSEED": "1", "PYTHONOPTIMIZE": "2"},
        root="in",
        output="另一个 名字",
        folder=".",
        jobs=3,
        shift=400 * DAY,
        backwards=True,
        umask=0o077,
        saved=1_000_000_000.0,
        order=lambda names: sorted(names, reverse=True),
    ),
    "another place, another time zone": Elsewhere(
        {"TZ": "America/St_Johns", "LC_ALL": any_chinese_locale(), "PYTHONHASHSEED": "99", "COLUMNS": "40"},
        root="{home}/x/../link/",
        output="../b/c",
        folder="x",
        jobs=2,
        shift=-20_000 * DAY,
        umask=0,
        saved=4_000_000_000.0,
        order=lambda names: sorted(names, key=lambda name: name[::-1]),
    ),
    "another seed, another console": Elsewhere(
        {
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
            "PYTHONHASHSEED": "random",
            "PYTHONIOENCODING": "gbk",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        root="./in/../in",
        output="结果/深/一层",
        jobs=7,
        shift=DAY // 2,
        backwards=True,
        saved=0.0,
    ),
}


def packed(files: Files) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, file in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 5, 1, 0, 0, 0)), file)
    return content.getvalue()


def whole_province() -> Files:
    """Two counties, all forms, decisions, two experts, a pool, an archive, evidence, and answers to be marked."""
    more = [
        nominated(order, f"宁波{name}公司", "鄞州区", contact="孙八") for order, name in enumerate("丁戊己", start=1)
    ]
    inside = {f"{name}.xlsx": form(f"宁波{name}公司", "鄞州区", city="宁波市") for name in "丁戊"}
    files = small_province() | {
        f"{THERE}/附件2.xlsx": nomination(*more),
        f"{THERE}/补报.zip": packed(
            inside | {"己.xlsx": form("宁波己公司", "鄞州区", {"research": ("5左右", 9)}, city="宁波市")}
        ),
        f"{HERE}/附件1/又缺.xlsx": form("杭州乙公司", answers={"research": ("1,23", "约4")}),
        "专家评分/二.xlsx": marks("杭州甲公司", "杭州乙公司", "宁波丁公司", mark=2, expert="李四"),
    }
    del files[f"{THERE}/附件1.xlsx"]
    return files | decided(
        剔除="宁波戊公司|自愿退出|王五|2024-05-20", 规则确认="rank_ties|按表|会议|理由|王五|2024-05-20"
    )


def made(elsewhere: Elsewhere, home: Path, files: Files, earlier: Files, commands: int = 5) -> Files:
    """Everything that the first so many commands write there, by what it is and its path in that; `home` is a folder
    of its own."""
    home.mkdir()
    (home / "x").mkdir()
    (home / "link").symlink_to(home / "in")
    laid_out(home / "in", {name: files[name] for name in elsewhere.order(files)})
    laid_out(home / f"比较{home.name}", {name: earlier[name] for name in elsewhere.order(earlier)})
    laid_out(home, {"专家.xlsx": workbook({"名单": "专家姓名\n李四\n赵六\n孙七"})})
    for path in (home / "in").rglob("*"):
        os.utime(path, (elsewhere.saved, elsewhere.saved))
    laid_out(
        home / "site", {"sitecustomize.py": PLACE.format(shift=elsewhere.shift, backwards=elsewhere.backwards).encode()}
    )
    root, output = (text.format(home=home) for text in (elsewhere.root, elsewhere.output))
    start = home / elsewhere.folder
    target = Path(os.path.normpath(start / output))
    given = str(Path(os.path.relpath(home / f"比较{home.name}", start)))
    jobs = ["--jobs", str(elsewhere.jobs)]
    words = [
        ["report", root, "--output", output, "--previous", given, *jobs, "--quiet"],
        ["experts", root, str(home / "评分表"), "--experts", str(home / "专家.xlsx"), "--per-company", "2", *jobs],
        ["forms", str(home / "空白表")],
        [
            "explain",
            "杭州乙公司",
            "--output",
            output,
            "--html",
            str(home / "说明.html"),
            "--xlsx",
            str(home / "说明.xlsx"),
        ],
        ["compare", given, output, "--xlsx", str(home / "比较.xlsx")],
    ]
    environment = {
        **os.environ,
        **elsewhere.environment,
        "PYTHONPATH": os.pathsep.join([str(home / "site"), str(ROOT)]),
    }
    command = [sys.executable, "-c", COMMANDS, json.dumps(words[:commands]), str(elsewhere.umask)]
    done = subprocess.run(command, check=False, cwd=start, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    written = {"结果": target, "评分表": home / "评分表", "空白表": home / "空白表"}
    elsewhere_made = {
        f"{what}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for what, folder in written.items()
        for path in folder.rglob("*")
        if path.is_file()
    }
    alone = (home / name for name in ("说明.html", "说明.xlsx", "比较.xlsx"))
    return elsewhere_made | {path.name: path.read_bytes() for path in alone if path.exists()}


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The output of an earlier run, on less."""
    home = tmp_path_factory.mktemp("earlier")
    laid_out(home / "in", small_province())
    command = [
        sys.executable,
        "-m",
        "pipeline",
        "report",
        home / "in",
        "--output",
        home / "out",
        "--date",
        "2024-05-01",
        "--quiet",
    ]
    subprocess.run(command, check=True, cwd=ROOT)
    return {
        path.relative_to(home / "out").as_posix(): path.read_bytes()
        for path in (home / "out").rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory, earlier: Files) -> Files:
    return made(Elsewhere({}), tmp_path_factory.mktemp("here") / "home", whole_province(), earlier)


def test_what_is_compared_is_everything(here: Files):
    names = "\n".join(here)
    for part in (
        "附件2",
        "公示名单",
        "附件3",
        "审计底稿",
        "问题清单",
        "人工决定_建议",
        "佐证与核查",
        "报告.html",
        "简报.docx",
        "数据/manifest.json",
        "返还/",
    ):
        assert f"结果/{part}" in names
    assert f"结果/返还/{HERE}/已标注/" in names and f"结果/返还/{THERE}.zip" in names
    assert names.count("评分表/专家评分表_") == 3 and names.count("空白表/") == 6
    manifest = json.loads(here["结果/数据/manifest.json"])
    assert manifest["previous"] and [entry["state"] for entry in manifest["decisions"]].count("已采用") >= 1


@pytest.mark.parametrize("elsewhere", ELSEWHERE.values(), ids=ELSEWHERE)
def test_the_same_bytes_elsewhere(elsewhere: Elsewhere, here: Files, earlier: Files, tmp_path: Path):
    elsewhere_made = made(elsewhere, tmp_path / "other", whole_province(), earlier)
    assert {name for name in here.keys() | elsewhere_made.keys() if here.get(name) != elsewhere_made.get(name)} == set()


def test_other_bytes_in_give_other_bytes_out(here: Files, earlier: Files, tmp_path: Path):
    """Inputs count by what they hold: one that shows the same and is packed otherwise changes its own fingerprint alone."""
    files = whole_province()
    path = f"{HERE}/附件1/甲.xlsx"
    with zipfile.ZipFile(BytesIO(files[path])) as archive:
        files[path] = packed({name: archive.read(name) for name in archive.namelist()})
    elsewhere_made = made(Elsewhere({}, jobs=2), tmp_path / "other", files, earlier, commands=1)
    differing = {name for name in elsewhere_made if here.get(name) != elsewhere_made[name]}
    assert {"结果/数据/files.csv", "结果/数据/manifest.json"} <= differing
    assert "结果/数据/totals.csv" not in differing and "结果/附件2_推荐排序表.xlsx" not in differing
