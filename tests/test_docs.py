"""What the documents name exists: every path, module, function, test and command, and every page they link to."""

from __future__ import annotations

import builtins
import importlib
import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from pipeline import __version__, cli
from tests.support import ROOT
from tests.support.rooms import picture, table

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
ENGLISH = [path for path in PAGES if path.name.isascii() and ".zh-" not in path.name]
PAGE = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
ENGLISH_PAGE = pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.name)

TOP = {entry.name for entry in ROOT.iterdir()} | {"docs", "dist"}
MADE_LATER = {
    ".venv",
    ".cache",
    "dist",
    "wheels",
    "inbox",
    "output",
}  # folders that a fresh checkout lacks or has empty
FILE = re.compile(r"[\w.-]+\.(py|md|toml|cfg|bat|txt|csv|json)", re.ASCII)
GENERATED = {"问题代码.md", "读数对照.md"}  # what stands in backticks there is what somebody typed into a cell
ARCHITECTURE = ROOT / "docs" / "architecture.md"
DRAWN: dict[str, Callable[[], str]] = {"picture": lambda: f"```mermaid\n{picture()}\n```", "table": table}


def spans(text: str) -> Iterator[str]:
    """Whatever stands in backticks, and each line of the blocks that are not patches."""
    for kind, block in re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if kind not in ("diff", "mermaid"):
            yield from block.splitlines()
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))


@cache
def code() -> str:
    """The text of everything that is run or configures it."""
    folders = [path for name in ("pipeline", "tests", "benchmarks", "templates") for path in (ROOT / name).rglob("*")]
    named = [ROOT / name for name in ("start.py", "Makefile", "pyproject.toml", "setup.cfg", "report.bat", ".ci/run")]
    endings = (".py", ".toml", ".j2", "")
    files = [path for path in folders if path.is_file() and path.suffix in endings] + named
    return "\n".join(path.read_text(encoding="utf-8") for path in files if path.name != Path(__file__).name)


@cache
def words_of_code() -> frozenset[str]:
    return frozenset(re.findall(r"\w+", code()))


@cache
def owners(name: str) -> list[object]:
    """Every module and class of the program with this name, and what Python itself calls so."""
    paths = sorted((ROOT / "pipeline").rglob("*.py"))
    dotted = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths}
    modules = [dotted[path].removesuffix(".__init__") for path in paths if name in (path.stem, path.parent.name)]
    holders = [dotted[path] for path in paths if re.search(rf"^class {name}\b", path.read_text("utf-8"), re.MULTILINE)]
    classes = [getattr(importlib.import_module(holder), name) for holder in holders]
    return [*map(importlib.import_module, modules), *classes, *filter(None, [getattr(builtins, name, None)])]


# --------------------------------------------------------------------------- what may be wrong about a word


def wrong_path(word: str) -> str:
    """The fault of a word that is a path of the repository, with a test's name behind :: or not; "" without a fault."""
    path, _, test = word.partition("::")
    if "/" in path:
        first = path.split("/")[0]
        if first in MADE_LATER or first not in TOP or re.search("[…<*]", path):
            return ""
        found = (ROOT / path).exists()
    elif FILE.fullmatch(path) and path.endswith((".py", ".md")):
        found = (ROOT / path).exists() or path in file_names()
    else:
        return ""
    if not found:
        return f"no such path: {path}"
    name = test.partition("[")[0]
    if name and not re.search(rf"^\s*def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE):
        return f"no such test: {word}"
    return ""


@cache
def file_names() -> set[str]:
    """The names of the repository's files of code and text, wherever they lie."""
    folders = (ROOT / name for name in ("pipeline", "tests", "benchmarks", "docs"))
    return {path.name for folder in folders for path in folder.rglob("*")}


def wrong_name(word: str) -> str:
    """The fault of a word that names code: module.name, NAME, some_name, name(); "" without a fault."""
    plain = word.removesuffix("()")
    if FILE.fullmatch(plain) or not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", plain, re.ASCII):
        return ""
    first, *rest = plain.split(".")
    if rest and any(_has(owner, rest) for owner in owners(first)):
        return ""
    is_code = "_" in plain or plain != word or rest or re.search("[A-Z][A-Za-z]", plain)
    if not is_code or plain.startswith("_x0"):  # an escape of OOXML
        return ""
    return "" if plain in words_of_code() or (rest and plain in code()) else f"no such name: {word}"


def _has(value: object, names: list[str]) -> bool:
    """True when a module or class has an attribute by these names; a field without a value counts."""
    for name in names:
        if not hasattr(value, name) and name not in getattr(value, "__annotations__", {}):
            return False
        value = getattr(value, name, None)
    return True


def wrong_command(line: str) -> str:
    """The fault of a make target, a command of the program or its options; "" without a fault."""
    words = line.replace("…", " ").split("#")[0].split()
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    if words[:1] == ["make"]:
        unknown = [word for word in words[1:] if re.fullmatch("[a-z-]+", word) and word not in targets]
        return f"no such target: {' '.join(unknown)}" if unknown else ""
    if words[1:3] == ["-m", "pipeline"] and words[0].endswith("python") and len(words) > 3:
        words = words[3:]
    command = cli.main.commands.get(words[0]) if words else None
    if command is None or not any(word.strip("[]").startswith("--") for word in words):
        return ""
    options = {name for parameter in command.params for name in parameter.opts if isinstance(parameter, click.Option)}
    unknown = set(re.findall(r"--[a-z-]+", " ".join(words))) - options - {"--help"}
    return f"no such option of {words[0]}: {' '.join(sorted(unknown))}" if unknown else ""


# --------------------------------------------------------------------------------------------------------- tests


@PAGE
def test_every_page_that_is_linked_to_exists(path: Path):
    text = path.read_text(encoding="utf-8")
    missing = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        file, _, anchor = target.partition("#")
        if "://" in target:
            continue
        page = (path.parent / file).resolve() if file else path
        if not page.exists() or (anchor and anchor not in anchors(page)):
            missing.append(target)
    assert missing == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made on the web: lower case, hyphens for blanks, no punctuation."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@PAGE
def test_every_path_and_test_that_is_named_exists(path: Path):
    text = path.read_text(encoding="utf-8")
    words = [word for span in spans(text) if path.name not in GENERATED for word in re.split("[ ,;]+", span)]
    assert [fault for word in words if (fault := wrong_path(word))] == []


@ENGLISH_PAGE
def test_every_name_of_code_exists(path: Path):
    words = [span for span in spans(path.read_text(encoding="utf-8")) if " " not in span]
    assert [fault for word in words if path.name != "CHANGELOG.md" and (fault := wrong_name(word))] == []


@PAGE
def test_every_command_exists(path: Path):
    lines = [span for span in spans(path.read_text(encoding="utf-8")) if path.name not in GENERATED]
    assert [fault for line in lines if (fault := wrong_command(line))] == []


@pytest.mark.parametrize("name", DRAWN)
def test_the_rooms_are_drawn_as_the_table_of_imports_has_them(name: str):
    text = ARCHITECTURE.read_text(encoding="utf-8")
    drawn = re.sub(
        rf"(<!-- {name} -->\n).*?(<!-- end -->)", rf"\1\n{DRAWN[name]()}\n\n\2", text, count=1, flags=re.DOTALL
    )
    if os.environ.get("UPDATE_GOLDEN"):
        ARCHITECTURE.write_text(drawn, encoding="utf-8")
        text = drawn
    assert text == drawn and f"<!-- {name} -->" in text


def test_the_way_of_one_workbook_names_every_step():
    way = re.split(r"^## ", ARCHITECTURE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (steps,) = [section for section in way if section.startswith("The way of one workbook")]
    lines = re.findall(r"^\d+\. .+?(?=^\d+\. |\Z)", steps, re.MULTILINE | re.DOTALL)
    assert len(lines) == 12
    assert all(re.search(r"`[\w.]+`", line) for line in lines)


def test_the_changelog_ends_where_the_program_is():
    versions = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert versions[0] == "Unreleased" and (versions[1:] or [__version__])[0] == __version__


def test_the_limits_of_the_page_are_those_of_the_code():
    rows = re.findall(r"^\| (`.+?`) \| ([\d,]+)( MiB)? \|", (ROOT / "docs" / "reliability.md").read_text("utf-8"), re.M)
    assert rows
    for names, number, unit in rows:
        for name in re.findall("`(.+?)`", names):
            module, *attributes = name.split(".")
            values = [value for owner in owners(module) if (value := value_of(owner, attributes)) is not None]
            assert int(number.replace(",", "")) * (2**20 if unit else 1) in values, name


def value_of(owner: object, attributes: list[str]) -> object:
    """The value of a constant, or the default of a class's field; None without one."""
    *path, last = attributes
    for name in path:
        owner = getattr(owner, name, None)
    return getattr(owner, "_field_defaults", {}).get(last, getattr(owner, last, None))


# ------------------------------------------------------------------------------------------- these checks themselves


@pytest.mark.parametrize(
    "word",
    [
        "pipeline/tables.py",
        "tests/test_docs.py::test_nothing",
        "design.md",
        "docs/design.md",
        "tests/readers/test_own_places.py",
    ],
)
def test_a_path_that_is_gone_is_seen(word: str):
    assert wrong_path(word)


@pytest.mark.parametrize("word", ["tests/test_docs.py::anchors", "run.py", "数据/", "a/b", "output/", "N/A", "2024.1"])
def test_a_path_that_is_there_and_what_is_no_path_is_let_through(word: str):
    assert not wrong_path(word)


@pytest.mark.parametrize(
    "word", ["run.nothing", "supervisor.Limits.years", "nowhere_to_be_found", "NowhereToBeFound", "Book.columns_of"]
)
def test_a_name_that_is_gone_is_seen(word: str):
    assert wrong_name(word)


@pytest.mark.parametrize(
    "word", ["run.report", "supervisor.Limits.seconds", "find_layout", "Where", "Book.rows", "report", "--final"]
)
def test_a_name_that_is_there_and_what_is_no_name_is_let_through(word: str):
    assert not wrong_name(word)


@pytest.mark.parametrize(
    "line", ["make nothing", "make report tables", "report IN --outputs OUT", "python -m pipeline check --all"]
)
def test_a_command_that_is_gone_is_seen(line: str):
    assert wrong_command(line)


@pytest.mark.parametrize(
    "line",
    ["make setup [WHEELS=folder]", "report --previous", "python -m pipeline report INPUT --output OUTPUT [--jobs N]"],
)
def test_a_command_that_is_there_is_let_through(line: str):
    assert not wrong_command(line)
