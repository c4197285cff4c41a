"""`make` and `report.bat` set up once, choose the input, and know every command the guides promise."""

from __future__ import annotations

import configparser
import re
import sys
from datetime import datetime
from pathlib import Path

import pytest

import start
from pipeline.cli import main

ROOT = Path(start.__file__).parent


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with a space and Chinese in its path, and the lists of packages in it."""
    folder = tmp_path / "云上 企业"
    (folder / "inbox").mkdir(parents=True)
    (folder / "inbox" / ".gitkeep").touch()
    for name in ("setup.cfg", "pyproject.toml", "constraints.txt"):
        (folder / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(start, "PROJECT", str(folder))
    monkeypatch.setattr(start, "OUTPUT", str(folder / "output"))
    monkeypatch.setattr(start, "ENVIRONMENT", str(folder / ".venv"))
    monkeypatch.setattr(start, "STAMP", str(folder / ".venv" / "ready.txt"))
    monkeypatch.setattr(start, "PYTHON", str(folder / ".venv" / "python"))
    return folder


@pytest.fixture
def commands(project: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would have been run; making the environment makes its folder."""
    ran: list[list[str]] = []

    def record(command: list[str], sentence: str) -> None:
        ran.append(command)
        (project / ".venv").mkdir(exist_ok=True)
        (project / ".venv" / "python").touch()

    monkeypatch.setattr(start, "run", record)
    return ran


def test_the_inbox_is_taken_as_soon_as_it_holds_anything(project: Path):
    assert start.chosen_input("") == str(project / "sample_inputs")
    (project / "inbox" / "Thumbs.db").touch()
    assert start.chosen_input("") == str(project / "sample_inputs")
    (project / "inbox" / "杭州市").mkdir()
    assert start.chosen_input("") == str(project / "inbox")
    assert start.chosen_input("别处 的文件夹") == "别处 的文件夹"


def test_made_up_input_is_said(project: Path, capsys: pytest.CaptureFixture[str]):
    start.chosen_input("")
    assert "演示数据" in capsys.readouterr().out
    start.chosen_input("x")
    assert capsys.readouterr().out == ""


def test_set_up_once_and_again_only_after_a_change(project: Path, commands: list[list[str]]):
    start.set_up("")
    assert [command[1:3] for command in commands] == [["-m", "venv"], ["-m", "pip"]]
    start.set_up("")
    assert len(commands) == 2
    (project / "constraints.txt").write_text("pandas==2.2.0", encoding="utf-8")
    start.set_up("")
    assert len(commands) == 4


def test_extras_are_added_to_what_is_there(project: Path, commands: list[list[str]]):
    start.set_up("")
    assert commands[1][-1] == "."
    start.set_up("", ["test"])
    assert [command[-1] for command in commands[2:]] == [".[test]"]
    start.set_up("", ["lint"])
    assert [command[-1] for command in commands[3:]] == [".[lint,test]"]
    for extras in ([], ["test"], ["test", "lint"]):
        start.set_up("", extras)
    assert len(commands) == 4
    (project / "setup.cfg").write_text("changed", encoding="utf-8")
    start.set_up("")
    assert [command[-1] for command in commands[4:]] == [".venv", "."]


def test_extras_that_could_not_be_added_are_tried_again(project: Path, monkeypatch: pytest.MonkeyPatch):
    (project / ".venv").mkdir()
    (project / ".venv" / "python").touch()
    Path(start.STAMP).write_text(start.fingerprint(), encoding="utf-8")
    monkeypatch.setattr(start.subprocess, "call", lambda command, cwd: 1)
    for _ in range(2):
        with pytest.raises(start.CannotStart):
            start.set_up("", ["test"])
    start.set_up("")


def test_the_extras_are_those_of_the_package():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    assert set(config["options.extras_require"]) == set(start.EXTRAS)


def test_a_folder_that_was_moved_is_set_up_anew(
    project: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
):
    start.set_up("")
    here = start.fingerprint()
    monkeypatch.setattr(start, "PROJECT", str(project / ".." / project.name))
    assert start.fingerprint() != here


def test_without_a_network_packages_come_from_a_folder(commands: list[list[str]]):
    start.set_up("wheels")
    assert "--no-index" in commands[1] and str(Path("wheels").absolute()) in commands[1]


def test_a_failed_set_up_is_tried_again(project: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(start.subprocess, "call", lambda command, cwd: 1)
    for _ in range(2):
        with pytest.raises(start.CannotStart):
            start.set_up("")
    assert not Path(start.STAMP).exists()


@pytest.mark.parametrize(
    ("version", "old"), [((3, 9, 2), True), ((3, 10, 14), True), ((3, 11, 0), False), ((4, 0, 0), False)]
)
def test_python_too_old(version: tuple[int, ...], old: bool):
    assert bool(start.version_problem(version)) is old


def test_wrong_usage_ends_with_2_and_a_python_too_old_with_4(monkeypatch: pytest.MonkeyPatch):
    assert start.main([]) == 2
    assert start.main(["reprot"]) == 2
    assert start.main(["setup", "everything"]) == 2
    assert start.main(["report", "in", "out", "杭州市", "more"]) == 2
    assert start.main(["final", "in", "out", "杭州市", "more"]) == 2
    assert start.main(["undo", "out", "杭州市", "more"]) == 2
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert start.main(["setup"]) == 4


def test_report_is_started_with_its_folders(project: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch):
    ran = []
    monkeypatch.setattr(start.subprocess, "call", lambda command: ran.append(command) or 3)
    assert start.main(["report", "来 件", "结 果"]) == 3
    assert start.main(["report", "", ""]) == 3
    assert start.main(["final", "来 件", ""]) == 3
    output = str(project / "output")
    assert [command[3:7] for command in ran] == [
        ["report", "来 件", "--output", "结 果"],
        ["report", str(project / "sample_inputs"), "--output", output],
        ["report", "来 件", "--output", output],
    ]
    assert ["--final" in command for command in ran] == [False, False, True]


def test_undo_is_started_with_its_folder(project: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch):
    ran = []
    monkeypatch.setattr(start.subprocess, "call", lambda command: ran.append(command) or 2)
    assert start.main(["undo", "结 果"]) == start.main(["undo", ""]) == start.main(["undo"]) == 2
    assert [command[3:] for command in ran] == [["undo", "结 果"], *[["undo", str(project / "output")]] * 2]


@pytest.mark.parametrize(("city", "folder"), [("杭州市", "output_杭州市"), (" 杭州 ", "output_杭州市"), ("", "output")])
def test_a_city_has_an_output_of_its_own(
    city: str, folder: str, project: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
):
    ran = []
    monkeypatch.setattr(start.subprocess, "call", lambda command: ran.append(command) or 0)
    start.main(["report", "来件", "", city])
    start.main(["undo", "", city])
    start.main(["final", "来件", "结果", city])
    outputs = [command[-1] if "undo" in command else command[command.index("--output") + 1] for command in ran]
    assert outputs == [str(project / folder), str(project / folder), "结果"]
    assert [command[command.index("--city") + 1] for command in ran if "--city" in command] == [
        city.strip()
    ] * 2 * bool(city)


def test_make_and_the_windows_starter_hand_the_city_on():
    assert (ROOT / "Makefile").read_text(encoding="utf-8").count('"$$CITY"') == 3
    assert (ROOT / "report.bat").read_text(encoding="utf-8").count('"%CITY%"') == 2


@pytest.mark.parametrize("job", ["report", "final"])
def test_the_day_of_the_run_is_said(
    job: str, project: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch
):
    ran = []
    monkeypatch.setattr(start.subprocess, "call", lambda command: ran.append(command) or 0)
    days = {datetime.now().astimezone().date().isoformat()}
    start.main([job])
    days.add(datetime.now().astimezone().date().isoformat())  # in case it was midnight meanwhile
    assert ran[0][ran[0].index("--date") + 1] in days


def test_every_option_that_is_passed_exists(project: Path, commands: list[list[str]], monkeypatch: pytest.MonkeyPatch):
    ran = []
    monkeypatch.setattr(start.subprocess, "call", lambda command: ran.append(command) or 0)
    for job in start.JOBS:
        start.main([job, "", "", "杭州市"])
    known = {option for parameter in main.commands["report"].params for option in parameter.opts}
    assert {word for command in ran for word in command if word.startswith("--")} <= known


def test_the_windows_starters_start_what_make_does():
    """Each but report.bat itself names its job and calls report.bat, which hands it to start.py."""
    jobs = {}
    for name in set(STARTERS) - {"report.bat"}:
        text = (ROOT / name).read_text(encoding="ascii")
        assert 'call "%~dp0report.bat" %*' in text
        jobs[name] = re.findall(r'set "CLOUD_JOB=(\w+)"', text)
    assert jobs == {"final.bat": ["final"], "undo.bat": ["undo"]}
    report = (ROOT / "report.bat").read_text(encoding="utf-8")
    assert 'set "JOB=report"' in report and "start.py undo " in report and "start.py %JOB% " in report
    assert {"report", "final", "undo"} <= start.MOST_WORDS.keys()


@pytest.mark.parametrize("guide", ["README.md", "README.zh-CN.md"])
def test_every_make_command_of_the_guides_exists(guide: str):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    promised = set(re.findall(r"\bmake ([a-z]+)\b", (ROOT / guide).read_text(encoding="utf-8")))
    assert {"report", "test"} <= promised <= targets


@pytest.mark.parametrize("guide", ["README.md", "README.zh-CN.md"])
def test_every_command_and_option_of_the_guides_exists(guide: str):
    lines = re.findall(r"^python -m pipeline ([\w-]+)(.*)$", (ROOT / guide).read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for name, _ in lines} == set(main.commands)
    for name, rest in lines:
        known = {option for parameter in main.commands[name].params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known


STARTERS = sorted(path.name for path in ROOT.glob("*.bat"))


@pytest.mark.parametrize("name", STARTERS)
def test_the_windows_starters_have_windows_line_ends(name: str):
    content = (ROOT / name).read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") > 0
    assert "*.bat text eol=crlf" in (ROOT / ".gitattributes").read_text(encoding="utf-8")
