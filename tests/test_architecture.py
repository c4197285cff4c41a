"""The rooms of the house: which folder may import which, and in which folder each library is used."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.support import ROOT

PACKAGE = ROOT / "pipeline"

# A room -> the rooms whose modules it may import, besides itself. A module lies in the longest name that fits it.
EVERYBODY = "model issues"
ROOMS = {
    # ----------------------------------------------------------------- top floor to ground floor
    "__main__": "cli",
    "cli": "commands commands.explain commands.experts commands.sample run writers.page writers.problems"
    f" writers.publishing machine {EVERYBODY}",
    "commands": f"run published stages writers.forms writers.problems writers.publishing {EVERYBODY}",
    "commands.explain": f"published stages stages.checks writers.audit writers.publishing {EVERYBODY}",
    "commands.experts": "run readers.formats readers.intake readers.sheet stages.checks"
    f" writers.forms writers.publishing {EVERYBODY}",
    "commands.sample": f"writers.book writers.forms writers.problems writers.publishing machine {EVERYBODY}",
    "run": "published readers.intake readers.settling stages stages.checks stages.confidence"
    f" writers writers.problems writers.publishing {EVERYBODY}",
    "published": f"stages writers.publishing machine {EVERYBODY}",
    "model": "issues machine",
    "issues": "",
    "machine": "",
    # ----------------------------------------------------------------- stages
    "stages": EVERYBODY,
    "stages.checks": EVERYBODY,
    "stages.confidence": f"stages {EVERYBODY}",
    # ----------------------------------------------------------------- readers, from the input to the tables
    "readers.intake": "readers.formats readers.forms readers.forms.known readers.forms.assessment"
    " readers.forms.nomination readers.forms.pool"
    f" readers.sheet readers.values machine {EVERYBODY}",
    "readers.formats": f"readers.sheet {EVERYBODY}",
    "readers.sheet": EVERYBODY,
    "readers.values": f"readers.formats readers.sheet {EVERYBODY}",
    "readers.forms.known": "readers.forms readers.forms.assessment readers.forms.nomination readers.forms.marks"
    f" readers.forms.pool readers.sheet {EVERYBODY}",
    "readers.forms": f"readers.formats readers.sheet readers.values {EVERYBODY}",
    "readers.forms.assessment": f"readers.forms readers.formats readers.sheet readers.values {EVERYBODY}",
    "readers.forms.nomination": f"readers.forms readers.formats readers.sheet readers.values {EVERYBODY}",
    "readers.forms.marks": f"readers.forms readers.formats readers.sheet readers.values {EVERYBODY}",
    "readers.forms.pool": f"readers.forms readers.formats readers.sheet readers.values {EVERYBODY}",
    "readers.settling": f"readers.intake readers.forms readers.sheet readers.values {EVERYBODY}",
    # ----------------------------------------------------------------- writers
    "writers": "writers.audit writers.brief writers.county writers.marked writers.official writers.page writers.problems"
    f" writers.publishing machine {EVERYBODY}",
    "writers.book": EVERYBODY,
    "writers.layout": f"writers.book {EVERYBODY}",
    "writers.official": f"writers.book writers.layout {EVERYBODY}",
    "writers.audit": f"writers.book writers.layout {EVERYBODY}",
    "writers.problems": f"writers.book writers.layout {EVERYBODY}",
    "writers.county": f"writers.book writers.layout writers.official {EVERYBODY}",
    "writers.marked": f"writers.book writers.layout writers.county {EVERYBODY}",
    "writers.forms": f"writers.book {EVERYBODY}",
    "writers.brief": f"writers.book writers.layout {EVERYBODY}",
    "writers.page": f"writers.book writers.layout {EVERYBODY}",
    "writers.publishing": f"machine {EVERYBODY}",
}

# A library -> the rooms it lives in.
LIBRARIES = {
    "click": {"cli"},
    "rich": {"cli"},
    "filelock": {"writers.publishing"},
    "jinja2": {"writers.page"},
    "msoffcrypto": {"readers.formats"},
    "olefile": {"readers.formats"},
    "openpyxl": {"readers.formats", "writers.audit"},
    "pydantic": {"model"},
    "rapidfuzz": {"stages.checks", "commands.explain"},
    "tomllib": {"model"},
    "xlrd": {"readers.formats"},
    "xlsxwriter": {"writers"},
}

# Stages are pure: nothing of the world outside their tables.
WORLD = {"os", "pathlib", "random", "secrets", "socket", "subprocess", "tempfile", "time", "uuid"}


@cache
def parsed(source: str) -> ast.Module:
    return ast.parse(source)


def imported_names(source: str, module: str) -> list[str]:
    """Every dotted name that `module` ("pipeline.readers.sheet.grid") imports, wherever in its text the import stands."""
    names = []
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = [node.module] if node.module else []
            if node.level:
                base = module.split(".")[: -node.level] + base
            names += [".".join([*base, alias.name]) for alias in node.names]
    return names


def room_of(name: str) -> str:
    """The room of a dotted name: the longest entry of ROOMS it lies in; "" for the package and its __version__."""
    parts = name.split(".")[1:]
    for length in range(len(parts), 0, -1):
        if (room := ".".join(parts[:length])) in ROOMS:
            return room
    return "" if not parts or parts[0] == "__version__" else ".".join(parts)


def wrong_imports(source: str, module: str) -> list[str]:
    room, wrong = room_of(module), []
    allowed = {room, "", *ROOMS.get(room, "").split()}
    for name in imported_names(source, module):
        library = name.split(".")[0]
        if library == "pipeline" and room_of(name) not in allowed:
            wrong.append(f"{module} -> {name}")
        homes = LIBRARIES.get(library, {room})
        if not any(room == home or room.startswith(f"{home}.") for home in homes):
            wrong.append(f"{module} -> {library}")
        if room.split(".")[0] == "stages" and library in WORLD:
            wrong.append(f"{module} -> {library}")
    return wrong


def _bound_by(node: ast.AST) -> list[str]:
    """The names a statement of a module's top level defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    return [name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)]


def modules() -> list[tuple[str, Path]]:
    paths = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
    named = ((".".join(["pipeline", *path.relative_to(PACKAGE).with_suffix("").parts]), path) for path in paths)
    return [(module.removesuffix(".__init__"), path) for module, path in named]


MODULES = pytest.mark.parametrize(("module", "path"), modules(), ids=[module for module, _ in modules()])


@MODULES
def test_imports_keep_to_the_table(module: str, path: Path):
    assert wrong_imports(path.read_text(encoding="utf-8"), module) == []


@MODULES
def test_every_module_lies_in_a_room(module: str, path: Path):
    assert room_of(module) in ROOMS or module in ("pipeline.readers", "pipeline.writers", "pipeline.rulebooks")


@MODULES
def test_only_the_command_line_prints(module: str, path: Path):
    if room_of(module) in ("cli", "__main__"):
        return
    tree = parsed(path.read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert not [call for call in calls if isinstance(call, ast.Name) and call.id == "print"]
    assert not [call for call in calls if isinstance(call, ast.Attribute) and ast.unparse(call) == "sys.exit"]


def test_no_module_passes_on_another_modules_names():
    """What a module imports is for its own use: everybody imports a name from where it is defined."""
    trees = {module: parsed(path.read_text(encoding="utf-8")) for module, path in modules()}
    defined = {module: {name for node in tree.body for name in _bound_by(node)} for module, tree in trees.items()}
    imports = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    wrong = [
        f"{node.module}.{alias.name}"
        for node in imports
        for alias in node.names
        if node.module in defined
        and alias.name not in defined[node.module]
        and f"{node.module}.{alias.name}" not in defined
    ]
    assert wrong == []


@pytest.mark.parametrize("folder", sorted({path.parent for _, path in modules()}), ids=lambda path: path.name)
def test_every_folder_says_in_one_line_what_it_is_for(folder: Path):
    text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    assert text and "\n" not in text.split("\n\n")[0]


def test_no_rooms_import_each_other_in_a_circle():
    reached = {room: set(allowed.split()) for room, allowed in ROOMS.items()}
    for _ in ROOMS:
        reached = {room: rooms.union(*(reached[other] for other in rooms)) for room, rooms in reached.items()}
    assert not [room for room, rooms in reached.items() if room in rooms]


def test_reading_processes_start_without_pandas():
    """Each of them would pay a second for it."""
    program = "import sys, pipeline.readers.intake.workers; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("pipeline.readers.sheet.grid", "from pipeline.writers.book import workbook"),
        ("pipeline.writers.book.workbook", "import pipeline.readers.sheet.grid"),
        ("pipeline.writers.book.workbook", "from ...readers.sheet.grid import Grid"),
        ("pipeline.writers.book.workbook", "from pipeline import run"),
        ("pipeline.readers.forms.marks.form", "from pipeline.readers.forms.pool.form import read_pool"),
        ("pipeline.readers.sheet.grid", "from pipeline.readers.intake.file import read_file"),
        ("pipeline.stages.scoring", "def later():\n    from pipeline.readers.settling.gather import gather"),
        ("pipeline.stages.scoring", "import random"),
        ("pipeline.stages.checks.lists", "from pathlib import Path"),
        ("pipeline.issues.issue", "from pipeline.model.tables import frame"),
        ("pipeline.run", "from pipeline.cli import main"),
        ("pipeline.run", "import click"),
        ("pipeline.cli.report", "from pipeline.stages.scoring import total"),
        ("pipeline.readers.sheet.grid", "import xlsxwriter"),
    ],
)
def test_a_wrong_import_is_seen(module: str, source: str):
    assert wrong_imports(source, module)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("pipeline.readers.sheet.grid", "from pipeline.issues.where import Where"),
        (
            "pipeline.writers.book.workbook",
            "from pipeline import __version__\nfrom pipeline.model.display import shown",
        ),
        ("pipeline.writers.official.form", "from ..layout import common\nfrom ...model.tables import frame"),
        ("pipeline.run", "from pipeline.readers.intake import inbox\nfrom pipeline.stages import scoring"),
    ],
)
def test_a_right_import_is_let_through(module: str, source: str):
    assert wrong_imports(source, module) == []
