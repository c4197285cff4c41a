"""docs/glossary.md has one English word for each Chinese term, and the code keeps to it."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import ROOT

MODULES = sorted((ROOT / "pipeline").rglob("*.py"))
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)
# Keys of the rulebook's format, which rulebooks in use hold: [[cuts]] place = 10, [selection] places = 60.
PUBLIC_KEYS = {
    *((module, "place") for module in ("rulebook.py", "rulebook_checks.py", "cuts.py")),
    *((module, "places") for module in ("rulebook.py", "selection_checks.py", "selection.py", "next_year.py")),
}
IDIOMS = {"put_in_place"}


def entries() -> list[tuple[str, str]]:
    """(Chinese term, English word) of every row."""
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    assert all(len(row) == 3 and all(row) for row in rows)
    return [(chinese, english) for chinese, english, _ in rows[2:]]


def chinese_terms(cell: str) -> list[str]:
    """The terms of a cell, without what is said in brackets: 权重、分值."""
    return re.sub(r"（[^）]*）", "", cell).split("、")


def test_no_chinese_term_has_two_english_words():
    counts = Counter(term for chinese, _ in entries() for term in chinese_terms(chinese))
    assert [term for term, count in counts.items() if count > 1] == []


def test_no_english_word_has_two_chinese_terms():
    counts = Counter(english for _, english in entries())
    assert [word for word, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("word", [english for _, english in entries()])
def test_every_word_is_used_in_the_code(word: str):
    assert re.search(rf"(?<![a-z]){word.replace(' ', '[_ ]?')}(?![a-z])", SOURCE, re.IGNORECASE)


def identifiers(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """(identifier, line) of everything that a module names itself or uses."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Name):
            yield node.id, line
        elif isinstance(node, ast.Attribute):
            yield node.attr, line
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, line
        elif isinstance(node, ast.arg) or (isinstance(node, ast.keyword) and node.arg):
            yield node.arg, line
        elif isinstance(node, ast.alias):
            yield node.asname or node.name, line


def words_of(identifier: str) -> list[str]:
    """The words of an identifier, in lower case: RegionClaim -> region, claim."""
    return re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", identifier).lower())


def called_place(path: Path) -> list[str]:
    """module:line name for every identifier that has the word place in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for name, line in identifiers(tree)
        if {"place", "places"} & set(words_of(name))
        and name not in IDIOMS
        and (path.name, name) not in PUBLIC_KEYS
        and path.parent.name != "settling"
    ]


def test_nothing_is_called_place():
    """A region, a cell, a rank, an index and an XML element have words of their own; only a file has a place, and only
    the settling room knows it."""
    offenders = [name for path in MODULES for name in called_place(path)]
    assert offenders == [], f"{len(offenders)} names"
