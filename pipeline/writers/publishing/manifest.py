"""The manifest 数据/manifest.json: the inputs, rules and program behind a folder of results, and the files in it."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from platform import python_version
from typing import Any

from pipeline import __version__
from pipeline.model.display import escaped_in_json
from pipeline.model.expert_names import expert_names_of
from pipeline.model.results import Results

MANIFEST = "数据/manifest.json"
KEPT = ".gitkeep"
HANDED_OUT = "handed_out"  # key in the manifest of workbooks to be filled in; a changed one must not be overwritten
BUILDING_MARK = ".生成中"  # file that marks a half-built folder as made by this program

LIBRARIES = ("filelock", "jinja2", "numpy", "openpyxl", "pandas", "pydantic", "xlrd", "xlsxwriter")

_SYSTEM_FILES = {KEPT, BUILDING_MARK, ".DS_Store", "Thumbs.db", "desktop.ini"}


def manifest_of(results: Results) -> dict[str, Any]:
    """The facts needed to check or repeat this run: rules, program, inputs, counts, standing, decisions."""
    rulebook, standing = results.rulebook, results.standing
    return {
        "rulebook": {"id": rulebook.id, "version": rulebook.version, "sha256": rulebook.sha256},
        "program": {"version": __version__, "python": python_version(), "libraries": _library_versions()},
        "date": results.date,
        **({"previous": results.previous} if results.previous else {}),
        "standing": {"label": standing.label, "final": standing.final, "reasons": list(standing.reasons)},
        "demo": standing.demo,
        "inputs": dict(zip(results.files["path"], results.files["sha256"], strict=True)),
        "sources": results.sources,
        "counts": {
            "files": dict(Counter(results.files["kind"])),
            "companies": dict(Counter(results.totals["status"])),
            "issues": dict(Counter(issue.level for issue in results.issues)),
        },
        "decisions": [
            {
                name: decision[name]
                for name in ("kind", "about", "decided", "reason", "decider", "date", "state", "where")
            }
            for decision in expert_names_of(results).without_names(results.decisions)
        ],
        "rulings": [{"id": ruling.id, "adopted": ruling.adopted} for ruling in rulebook.rulings],
        "assumed_rulings": [
            {"id": ruling.id, "topic": ruling.topic, "sentence": ruling.sentence, "adopted": ruling.adopted}
            for ruling in rulebook.assumed_rulings
        ],
    }


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Writes 数据/manifest.json: `manifest` and the SHA-256 of every other file below `folder`, so it has to come last."""
    outputs = {name: sha256_of(folder / name) for name in files_in(folder) if name != MANIFEST}
    text = json.dumps({**manifest, "outputs": outputs}, ensure_ascii=False, indent=1, sort_keys=True)
    path = folder / MANIFEST
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((escaped_in_json(text) + "\n").encode("utf-8"))


def _library_versions() -> dict[str, str]:
    versions = {}
    for name in LIBRARIES:
        with suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    return versions


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest in an output folder; None when there is none or when it is not one of this program."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        shape = (manifest["outputs"], manifest["rulebook"], manifest["standing"])
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError, RecursionError):
        return None
    ours = all(isinstance(part, dict) for part in shape) and isinstance(manifest["standing"].get("final"), bool)
    return manifest if ours else None


def damaged_outputs(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """The files below `folder` that are missing, surplus, changed or damaged archives. Reads every file to its end."""
    outputs = manifest["outputs"]
    names = set(files_in(folder)) - {MANIFEST}
    changed = [name for name in names & set(outputs) if not _intact(folder / name, outputs[name])]
    return sorted([*(names ^ set(outputs)), *changed])


def _intact(path: Path, sha256: str) -> bool:
    if sha256_of(path) != sha256:
        return False
    if path.suffix not in (".xlsx", ".zip"):
        return True
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except zipfile.BadZipFile:
        return False


def files_in(folder: Path) -> Iterator[str]:
    """The relative path of every file below `folder`, in order. A link is a file. Files of the system are left out."""
    for root, folders, files in os.walk(folder, onerror=_raise):
        folders.sort()
        for name in sorted([*files, *(name for name in folders if os.path.islink(os.path.join(root, name)))]):
            if name not in _SYSTEM_FILES and not name.startswith("~$"):
                yield Path(root, name).relative_to(folder).as_posix()


def _raise(error: OSError) -> None:
    raise error
