"""The manifest 数据/manifest.json: the inputs, rules and program behind a folder of results, and the files in it."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from platform import python_version
from typing import Any, NamedTuple

from pipeline import __version__
from pipeline.machine import regular_files
from pipeline.machine.regular_files import NotRegular, is_link
from pipeline.model.alternatives import choice_text
from pipeline.model.display import escaped_in_json
from pipeline.model.expert_names import expert_names_of
from pipeline.model.results import Results
from pipeline.model.rulebook import Rulebook, Ruling
from pipeline.writers.publishing.contents import files_in

MANIFEST = "数据/manifest.json"
HANDED_OUT = "handed_out"  # key in the manifest of workbooks to be filled in; a changed one must not be overwritten

LIBRARIES = ("filelock", "jinja2", "numpy", "openpyxl", "pandas", "pydantic", "xlrd", "xlsxwriter")

# Bytes that are read of an output folder, whatever its manifest claims; its files are a hundredth of that.
LARGEST_MANIFEST = 64 * 2**20
LARGEST_OUTPUT = 2**30
LARGEST_IN_ALL = 8 * 2**30


def manifest_of(results: Results) -> dict[str, Any]:
    """The facts needed to check or repeat this run: rules, program, inputs, counts, standing, decisions."""
    rulebook, standing = results.rulebook, results.standing
    return {
        "scope": rulebook.scope_name,
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
        "rulings": [{"id": ruling.id, "adopted": _adopted(ruling, rulebook)} for ruling in rulebook.rulings],
        "assumed_rulings": [
            {"id": ruling.id, "topic": ruling.topic, "sentence": ruling.sentence, "adopted": ruling.adopted}
            for ruling in rulebook.assumed_rulings
        ],
    }


def _adopted(ruling: Ruling, rulebook: Rulebook) -> str:
    """The adopted alternative, with the figure of one that asks for it: places=60."""
    return choice_text(ruling.adopted, rulebook.adopted_figure(ruling))


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Writes 数据/manifest.json: `manifest` and the SHA-256 of every other file below `folder`, so it has to come last."""
    outputs = {name: sha256_of(folder / name) for name in files_in(folder) if name != MANIFEST}
    text = json.dumps(_by_name({**manifest, "outputs": outputs}), ensure_ascii=False, indent=1)
    path = folder / MANIFEST
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((escaped_in_json(text) + "\n").encode("utf-8"))


def _by_name(part: Any, name: str = "") -> Any:
    """A part of the manifest with its entries by name; the counties of the sources stay in the notice's order."""
    if isinstance(part, list | tuple):
        return [_by_name(entry) for entry in part]
    if not isinstance(part, Mapping):
        return part
    names = part if name == "counties" else sorted(part)
    return {key: _by_name(part[key], key) for key in names}


def _library_versions() -> dict[str, str]:
    versions = {}
    for name in LIBRARIES:
        with suppress(metadata.PackageNotFoundError):
            versions[name] = metadata.version(name)
    return versions


def sha256_of(path: Path) -> str:
    """The SHA-256 of an output file in hexadecimal digits. Raises NotRegular for anything that no output is, and OSError."""
    return regular_files.sha256_of(path, LARGEST_OUTPUT)


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest in an output folder; None when there is none or when it is not one of this program. Raises OSError."""
    return manifest_and_sha256(folder)[0]


def manifest_and_sha256(folder: Path) -> tuple[dict[str, Any] | None, str]:
    """The manifest in an output folder and the SHA-256 of its bytes; (None, "") where `read_manifest` gives None."""
    try:
        if is_link(os.lstat((folder / MANIFEST).parent)):
            return None, ""
        content = regular_files.bytes_of(folder / MANIFEST, LARGEST_MANIFEST)
        manifest = json.loads(content.decode("utf-8"))
    except (FileNotFoundError, NotADirectoryError, NotRegular, ValueError, RecursionError):
        return None, ""
    return (manifest, hashlib.sha256(content).hexdigest()) if _is_ours(manifest) else (None, "")


def manifest_problem(folder: Path) -> str:
    """Why there is no manifest in `folder`, in brackets, when something else lies in its place; else ""."""
    try:
        regular_files.bytes_of(folder / MANIFEST, LARGEST_MANIFEST)
    except NotRegular as error:
        return f"（其中的“{MANIFEST}”{error}）"
    except OSError:
        return ""
    return ""


# A part of the manifest -> what it is. Those of _REQUIRED are in every manifest.
_SHAPES: dict[str, type] = {
    "outputs": dict,
    "inputs": dict,
    "rulebook": dict,
    "program": dict,
    "standing": dict,
    "counts": dict,
    "sources": dict,
    "scope": str,
    "date": str,
    "demo": bool,
    "previous": dict,
    "decisions": list,
    "rulings": list,
    "assumed_rulings": list,
}
_REQUIRED = ("outputs", "rulebook", "standing")
_STANDING_SHAPES: dict[str, type] = {"final": bool, "label": str, "reasons": list}
_DECISION_SHAPES: dict[str, type] = {"kind": str, "about": str, "decided": str}
_RULING_SHAPES: dict[str, type] = {"id": str, "adopted": str}


def _is_ours(manifest: Any) -> bool:
    """True when every part that somebody may look up is there or is left out, and is of the kind it should be."""
    if not isinstance(manifest, dict) or not set(_REQUIRED) <= manifest.keys() or not _has_shapes(manifest, _SHAPES):
        return False
    standing = manifest["standing"]
    texts = [*manifest["rulebook"].values(), *standing.get("reasons", ())]
    texts += [sha256 for name in ("outputs", "inputs") for sha256 in manifest.get(name, {}).values()]
    return (
        "final" in standing
        and _has_shapes(standing, _STANDING_SHAPES)
        and all(isinstance(text, str) for text in texts)
        and all(_is_one(entry, _DECISION_SHAPES) for entry in manifest.get("decisions", ()))
        and all(_is_one(entry, _RULING_SHAPES) for entry in manifest.get("rulings", ()))
        and isinstance(manifest.get("program", {}).get("libraries", {}), dict)
    )


def _is_one(entry: Any, shapes: Mapping[str, type]) -> bool:
    """True for an entry with every one of these parts."""
    return isinstance(entry, dict) and shapes.keys() <= entry.keys() and _has_shapes(entry, shapes)


def _has_shapes(part: Mapping[str, Any], shapes: Mapping[str, type]) -> bool:
    return all(isinstance(part[name], kind) for name, kind in shapes.items() if name in part)


class Differences(NamedTuple):
    """How the files of an output folder differ from its manifest, each kind by path."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    surplus: tuple[str, ...]

    @property
    def strange(self) -> list[str]:
        """The files that are there and are not what the manifest says."""
        return sorted([*self.changed, *self.surplus])


def differences(folder: Path, manifest: Mapping[str, Any], files: Iterable[str] | None = None) -> Differences:
    """Reads every file that the manifest names to its end, up to LARGEST_IN_ALL; what is beyond counts as changed. files: what
    was found in the folder. Raises OSError."""
    outputs, there = manifest["outputs"], set(files_in(folder) if files is None else files) - {MANIFEST}
    changed, left = [], LARGEST_IN_ALL
    for name in sorted(there & set(outputs)):
        path = folder / name
        left -= os.lstat(path).st_size
        if left < 0 or not is_intact(path, outputs[name]):
            changed.append(name)
    missing, surplus = sorted(set(outputs) - there), sorted(there - set(outputs))
    return Differences(tuple(changed), tuple(missing), tuple(surplus))


def is_intact(path: Path, sha256: str) -> bool:
    """True for a regular file with these bytes. Raises OSError."""
    try:
        return sha256_of(path) == sha256
    except NotRegular:
        return False


def damaged_outputs(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """The files below `folder` that are missing, surplus or changed. Reads every file to its end."""
    found = differences(folder, manifest)
    return sorted([*found.changed, *found.missing, *found.surplus])


def broken_archives(folder: Path) -> list[str]:
    """The workbooks and zips below a folder of our own making that cannot be read to their end."""
    return [name for name in files_in(folder) if name.endswith((".xlsx", ".zip")) and _is_broken(folder / name)]


def _is_broken(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is not None
    except zipfile.BadZipFile:
        return True
