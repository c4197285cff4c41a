"""Patches that stand in a page of docs/: finding them, and applying them to a copy of the program."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_BLOCK = re.compile(r"^```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


class FilePatch(NamedTuple):
    """The changes of one file. source: the file that they start from: itself, another one (a copy), "" for none (a new
    file). changes: pairs of lines before and after."""

    path: str
    source: str
    changes: tuple[tuple[str, str], ...]


def sections_of(page: str) -> dict[str, str]:
    """Heading → text, for the headings of the second level."""
    pieces = re.split(r"^## (.+)\n", page, flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def patches_in(text: str) -> list[FilePatch]:
    """The patches of every ```diff block of a text, in the format that `git apply` reads."""
    return [
        _patch(part) for block in _BLOCK.findall(text) for part in re.split(r"^(?=diff --git )", block, flags=re.M)[1:]
    ]


def _patch(text: str) -> FilePatch:
    head, *hunks = re.split(r"^(?=@@ )", text, flags=re.MULTILINE)
    (path,) = re.findall(r"^\+\+\+ b/(.+)$", head, re.MULTILINE)
    source = "" if "--- /dev/null" in head else re.findall(r"^--- a/(.+)$", head, re.MULTILINE)[0]
    return FilePatch(path, source, tuple(map(_change, hunks)))


def _change(hunk: str) -> tuple[str, str]:
    """The lines before and after; their numbers must be those that the hunk's first line says."""
    first, *lines = hunk.removesuffix("\n").split("\n")
    before = [line[1:] for line in lines if line[:1] in ("", " ", "-")]
    after = [line[1:] for line in lines if line[:1] in ("", " ", "+")]
    match = _HUNK.fullmatch(first)
    assert match and [int(count or 1) for count in match.groups()] == [len(before), len(after)], first
    return "\n".join(before), "\n".join(after)


def apply(patches: list[FilePatch], folder: Path) -> None:
    """Changes the files below `folder`. Line numbers do not count: the lines before a change must stand in the file
    exactly once."""
    for patch in patches:
        text = f"\n{(folder / patch.source).read_text(encoding='utf-8')}" if patch.source else "\n"
        for before, after in patch.changes:
            if patch.source:
                assert text.count(f"\n{before}\n") == 1, f"{patch.source}:\n{before}"
                text = text.replace(f"\n{before}\n", f"\n{after}\n")
            else:
                text += f"{after}\n"
        (folder / patch.path).write_text(text[1:], encoding="utf-8")
