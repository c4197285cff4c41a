"""verify: checks an output folder against its manifest, and against a new run on the same input."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline import run
from pipeline.issues.phones import mask_phones
from pipeline.model.decisions import NAMED_FILE
from pipeline.model.rulebook import Rulebook
from pipeline.model.rulebook_file import in_scope_of
from pipeline.published import NotPublished
from pipeline.writers.publishing.manifest import MANIFEST, differences, manifest_problem, read_manifest


@dataclass(frozen=True)
class Verdict:
    """What differs. files: number of output files in the manifest. changed, missing, surplus: output files that differ
    from the manifest, are absent, or are not in it; input_*: the same of the input's files. program: changed versions of
    rulebook, program and libraries, as Chinese texts. unequal: output files whose bytes the new run changes; None without
    a new run. other_rulebook: the new run used another rulebook."""

    files: int
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    surplus: tuple[str, ...] = ()
    input_changed: tuple[str, ...] = ()
    input_missing: tuple[str, ...] = ()
    input_surplus: tuple[str, ...] = ()
    program: tuple[str, ...] = ()
    unequal: tuple[str, ...] | None = None
    other_rulebook: bool = False

    @property
    def whole(self) -> bool:
        """True when every output file is as it was written."""
        return not (self.changed or self.missing or self.surplus)

    @property
    def same(self) -> bool:
        """True when no output or input file that was checked differs."""
        return self.whole and not (self.input_changed or self.input_missing or self.input_surplus or self.unequal)


def check_files(folder: Path) -> tuple[Verdict, Mapping[str, Any]]:
    """The verdict on the files of an output folder, and its manifest. Raises NotPublished for any other folder."""
    manifest = read_manifest(folder)
    if manifest is None:
        problem = manifest_problem(folder) or f"（没有可用的“{MANIFEST}”）"
        raise NotPublished(f"“{folder}”不是本程序生成的输出文件夹{problem}。")
    found = differences(folder, manifest)
    return Verdict(len(manifest["outputs"]), found.changed, found.missing, found.surplus), manifest


def check_rerun(
    verdict: Verdict, manifest: Mapping[str, Any], root: Path, rulebook: Rulebook, options: run.Options
) -> Verdict:
    """The verdict with what a new run on `root`, written to a temporary folder, gives differently. Raises what
    `run.report` raises, and RulebookError for the scope of another province."""
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch, "结果")
        scoped = in_scope_of(rulebook, manifest.get("scope", ""))
        run.report(root, target, scoped, replace(options, date=manifest.get("date", "")))
        again = read_manifest(target)
        assert again is not None  # `report` has read it back
        unequal = _unequal(manifest["outputs"], again["outputs"])
        if not unequal and _without_program(again) != _without_program(manifest):
            unequal = (MANIFEST,)
    before = manifest.get("inputs", {})
    now = again["inputs"]
    return replace(
        verdict,
        input_changed=tuple(sorted(path for path in before.keys() & now.keys() if before[path] != now[path])),
        input_missing=tuple(sorted(before.keys() - now.keys())),
        input_surplus=tuple(sorted(now.keys() - before.keys())),
        program=tuple(_program_differences(manifest, again)),
        unequal=unequal,
        other_rulebook=again["rulebook"] != manifest["rulebook"],
    )


def hints(verdict: Verdict, manifest: Mapping[str, Any], options: run.Options) -> list[str]:
    """Which options are missing or wrong for a new run with what the output was made with, one Chinese sentence each."""
    sentences = []
    if "previous" in manifest and not options.previous:
        sentences.append("这份输出当时与更早的一次作了比较，请用 --previous 写明那个文件夹后再核对。")
    named = next((path for path in verdict.input_missing if path.startswith(NAMED_FILE)), "")
    if named:
        sentences.append(
            f"这份输出当时用了另外指定的人工决定表“{mask_phones(named.removeprefix(NAMED_FILE))}”，请用 --decisions 写明它后再核对。"
        )
    elif options.decisions_path in verdict.input_surplus and options.decisions:
        sentences.append("这份输出当时没有用这份人工决定表，请去掉 --decisions 后再核对。")
    if verdict.other_rulebook:
        sentences.append("这份输出当时用的是另一份规则文件，请用 --rulebook 写明它后再核对。")
    return sentences


def _unequal(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))


def _without_program(manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in manifest.items() if name != "program"}


def _program_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    differences = []
    if before["rulebook"] != after["rulebook"]:
        differences.append(f"规则文件（当时 {_short(before['rulebook'])}，现在 {_short(after['rulebook'])}）")
    old, new = (manifest.get("program", {}) for manifest in (before, after))
    for name, label in (("version", "程序版本"), ("python", "Python")):
        if old.get(name) != new.get(name):
            differences.append(f"{label}（当时 {old.get(name)}，现在 {new.get(name)}）")
    libraries = old.get("libraries", {}), new.get("libraries", {})
    for name in sorted(libraries[0].keys() | libraries[1].keys()):
        if libraries[0].get(name) != libraries[1].get(name):
            differences.append(f"{name}（当时 {libraries[0].get(name)}，现在 {libraries[1].get(name)}）")
    return differences


def _short(rulebook: Mapping[str, str]) -> str:
    return f"{rulebook.get('id')} {rulebook.get('version')} {str(rulebook.get('sha256'))[:12]}"
