"""The house's one-way imports, and which part may use which library, hold for every module."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

PACKAGE = ROOT / "pipeline"

# What everybody may use, and what these may use among themselves.
GROUND = {"issues": set(), "display": set(), "stamps": set(), "rulebook": set()}
GROUND["decisions"] = {"issues"}
GROUND["machine"] = set()
GROUND["records"] = {"decisions", "issues"}
GROUND["changes"] = set()
GROUND["ranges"] = set()
GROUND["tables"] = {"changes", "ranges", "issues", "records", "rulebook"}

# A part of the house -> the parts it may import besides the ground and itself.
ARROWS = {
    "__main__": {"cli"},
    "cli": {"run", "sample", "published", "verify", "compare", "explain", "writers", "expert_packs", "forms"},
    "verify": {"run", "published", "writers"},
    "explain": {"published", "readers", "writers", "checks", "merging"},
    "compare": {"run", "published", "comparison", "writers"},
    "published": {"comparison", "writers"},
    "comparison": {"cuts"},
    "cuts": set(),
    "confidence": {"cuts", "merging", "scoring"},
    "run": {
        "readers",
        "writers",
        "checks",
        "scoring",
        "merging",
        "progress",
        "comparison",
        "published",
        "panel",
        "confidence",
    },
    "sample": {"writers"},
    "forms": {"writers"},
    "expert_packs": {"run", "assignment", "checks", "readers", "writers"},
    "assignment": set(),
    "readers": set(),
    "writers": set(),
    "checks": set(),
    "scoring": set(),
    "merging": set(),
    "progress": set(),
    "panel": set(),
}

# A library -> the parts of the house it lives in.
LIBRARIES = {
    "click": {"cli"},
    "rich": {"cli"},
    "filelock": {"writers"},
    "jinja2": {"writers"},
    "msoffcrypto": {"readers"},
    "olefile": {"readers"},
    "openpyxl": {"readers", "writers"},
    "pydantic": {"rulebook"},
    "python_calamine": {"readers"},
    "rapidfuzz": {"checks", "explain"},
    "tomllib": {"rulebook"},
    "xlrd": {"readers"},
    "xlsxwriter": {"writers"},
}

STAGES = ("checks", "scoring", "merging", "progress", "comparison", "cuts", "panel", "confidence")
WORLD = {"os", "pathlib", "random", "secrets", "socket", "subprocess", "tempfile", "time", "uuid"}


def imported_names(source: str, module: str) -> list[str]:
    """Every dotted name that `module` ("pipeline.readers.grid") imports, wherever in its text the import stands."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = [node.module] if node.module else []
            if node.level:
                base = module.split(".")[: -node.level] + base
            names += [".".join([*base, alias.name]) for alias in node.names]
    return names


def part_of(name: str) -> str:
    """The part of the house a dotted name belongs to: pipeline.readers.grid -> readers, pipeline.sample_companies ->
    sample; "" for the package itself and for what it says of itself (pipeline.__version__)."""
    parts = name.split(".")
    if len(parts) < 2 or parts[1] in ("__version__", "*"):
        return ""
    known = {*GROUND, *ARROWS}
    return next((part for part in known if parts[1] == part or parts[1].startswith(f"{part}_")), parts[1])


def wrong_arrows(source: str, module: str) -> list[str]:
    part = part_of(module)
    allowed = {part, ""} | (GROUND[part] if part in GROUND else {*GROUND, *ARROWS.get(part, set())})
    wrong = []
    for name in imported_names(source, module):
        library = name.split(".")[0]
        if library == "pipeline" and part_of(name) not in allowed:
            wrong.append(f"{module} -> {name}")
        if part not in LIBRARIES.get(library, {part}):
            wrong.append(f"{module} -> {library}")
        if part in STAGES and library in WORLD:
            wrong.append(f"{module} -> {library}")
    return wrong


def modules() -> list[tuple[str, Path]]:
    paths = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
    return [(".".join(["pipeline", *path.relative_to(PACKAGE).with_suffix("").parts]), path) for path in paths]


@pytest.mark.parametrize(("module", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_imports_point_one_way(module: str, path: Path):
    assert wrong_arrows(path.read_text(encoding="utf-8"), module) == []


@pytest.mark.parametrize(("module", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_module_has_its_place_in_the_house(module: str, path: Path):
    assert part_of(module) in {*GROUND, *ARROWS}


@pytest.mark.parametrize(("module", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_only_the_command_line_prints(module: str, path: Path):
    if part_of(module) in ("cli", "__main__"):
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert not [call for call in calls if isinstance(call, ast.Name) and call.id == "print"]
    assert not [call for call in calls if isinstance(call, ast.Attribute) and ast.unparse(call) == "sys.exit"]


def test_reading_processes_start_without_pandas():
    """Each of them would pay a second for it."""
    program = "import sys, pipeline.readers.workers; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=PACKAGE.parent, check=False).returncode == 0


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("pipeline.readers.grid", "from pipeline.writers import book"),
        ("pipeline.writers.book", "import pipeline.readers.grid"),
        ("pipeline.writers.book", "from ..readers.grid import Grid"),
        ("pipeline.writers.book", "from .. import readers"),
        ("pipeline.writers.book", "from pipeline import run"),
        ("pipeline.scoring", "def later():\n    from pipeline.merging import merge_marks"),
        ("pipeline.scoring", "import random"),
        ("pipeline.checks", "from pathlib import Path"),
        ("pipeline.issues", "from pipeline.tables import frame"),
        ("pipeline.run", "from pipeline.cli import main"),
        ("pipeline.run", "import click"),
        ("pipeline.cli.report", "from pipeline.scoring import total"),
        ("pipeline.readers.grid", "import xlsxwriter"),
    ],
)
def test_a_wrong_arrow_is_seen(module: str, source: str):
    assert wrong_arrows(source, module)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("pipeline.readers.grid", "from pipeline.issues import Where"),
        ("pipeline.writers.book", "from pipeline import __version__\nfrom pipeline.writers.layout import COLUMNS"),
        ("pipeline.writers.book", "from . import layout\nfrom ..tables import Results"),
        ("pipeline.run", "from pipeline.readers import inbox\nfrom pipeline import scoring"),
    ],
)
def test_a_right_arrow_is_let_through(module: str, source: str):
    assert wrong_arrows(source, module) == []
