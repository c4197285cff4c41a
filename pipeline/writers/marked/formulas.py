"""Formulas of a marked copy: only functions that calculate, only cells, names and sheets of the workbook itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pipeline.writers.marked.allowed import FUNCTION_PREFIXES, FUNCTIONS
from pipeline.writers.marked.xml import NotMarkable

LONGEST = 8192  # characters of a formula, as Excel allows

_LINKS = "有带链接的公式"
_UNKNOWN = "有本程序不认识的公式"

# The pieces of a formula. A sheet has its ! with it, a structured reference its table's name, unless it stands in the
# table itself; a word behind the brackets would make them another file.
_PIECE = re.compile(
    r"""
    (?P<text>"(?:[^"]|"")*")
  | (?P<error>\#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|GETTING_DATA|SPILL!|CALC!))
  | (?P<quoted>'(?:[^']|'')+'!)
  | (?P<sheet>[\w.（）]+(?::[\w.（）]+)?!)
  | (?P<column>\[(?:[^\[\]'|]|'.|\[(?:[^\[\]'|]|'.)*\])*\](?![\w'（!]))
  | (?P<table>[^\W\d][\w.]*\[(?:[^\[\]'|]|'.|\[(?:[^\[\]'|]|'.)*\])*\])
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)
  | (?P<name>\$?[^\W\d]\$?[\w.$?\\]*)
  | (?P<sign>[-+*/^&=<>%(),;:{}@\#\s$])
    """,
    re.VERBOSE,
)
_OTHER_FILE = re.compile(r"[\[\]|\\]|'.*:")  # in a text of which a reference is made
_HARMLESS_CELL = re.compile(r'(?:(?!CELL\s*\().|CELL\("(?:format|type)",)*', re.IGNORECASE | re.DOTALL)
_CELL = re.compile(r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}|\$?[A-Za-z]{1,3}|[Rr](?:\[?-?\d*\]?)?[Cc](?:\[?-?\d*\]?)?")


class Formula(NamedTuple):
    """What a formula holds: the sheets, tables and other names of the workbook in lower case, and its texts."""

    sheets: frozenset[str]
    tables: frozenset[str]
    names: frozenset[str]
    texts: tuple[str, ...]


@dataclass
class Names:
    """What formulas of a workbook may name, in lower case. used: the names that were met."""

    sheets: frozenset[str]
    tables: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    used: set[str] = field(default_factory=set)

    def texts_of(self, formula: str) -> str:
        """The texts within a formula, as one. Raises NotMarkable for one that names anything else, or reaches out."""
        parsed = parsed_formula(formula)
        if not parsed.sheets <= self.sheets:
            raise NotMarkable(_LINKS)
        if not (parsed.names <= self.names and parsed.tables <= self.tables):
            raise NotMarkable(_UNKNOWN)
        self.used |= parsed.names
        return "".join(parsed.texts)


@lru_cache(maxsize=50_000)
def parsed_formula(formula: str) -> Formula:
    """The formula taken apart. Raises NotMarkable for a function or a sign that is not allowed."""
    if len(formula) > LONGEST:
        raise NotMarkable(_UNKNOWN)
    sheets, tables, names, texts, functions = set[str](), set[str](), set[str](), [], set[str]()
    for kind, words, behind in _pieces_of(formula):
        if kind == "text":
            texts.append(_text_of(words))
        elif kind == "quoted":
            sheets.update(_sheets_of(words[1:-2].replace("''", "'")))
        elif kind == "sheet":
            sheets.update(name for name in _sheets_of(words[:-1]) if not _CELL.fullmatch(name))
        elif kind == "table":
            tables.add(words.partition("[")[0].lower())
        elif kind == "name" and behind == "(":
            _check_function(words)
            functions.add(words.upper().removeprefix("_XLFN."))
        elif kind == "name" and not _is_within(words):
            names.add(words.lower())
    _check_references(formula, functions, texts)
    return Formula(frozenset(sheets), frozenset(tables), frozenset(names), tuple(texts))


def _check_references(formula: str, functions: Collection[str], texts: Iterable[str]) -> None:
    """Raises NotMarkable for a text that becomes a reference to another file, and for a question about the file's path."""
    if "INDIRECT" in functions and any(_OTHER_FILE.search(text) for text in texts):
        raise NotMarkable(_LINKS)
    if "CELL" in functions and not _HARMLESS_CELL.fullmatch(formula):
        raise NotMarkable(_UNKNOWN)


def _pieces_of(formula: str) -> Iterator[tuple[str, str, str]]:
    """(kind, piece, the sign behind it)."""
    at = 0
    while at < len(formula):
        piece = _PIECE.match(formula, at)
        if piece is None:
            raise NotMarkable(_LINKS if formula[at] in "[]|\\" else _UNKNOWN)
        at = piece.end()
        yield str(piece.lastgroup), piece[0], formula[at : at + 1]


def _text_of(words: str) -> str:
    """A text within quotes. An address in it may be for a function that builds references from texts."""
    text = words[1:-1].replace('""', '"')
    if "://" in text or "\\\\" in text:
        raise NotMarkable(_LINKS)
    return text


def _is_within(word: str) -> bool:
    """True for a cell, a truth value and a variable of LET."""
    return bool(_CELL.fullmatch(word)) or word.upper() in ("TRUE", "FALSE") or word.lower().startswith("_xlpm.")


def _check_function(word: str) -> None:
    if not is_function(word):
        raise NotMarkable(_LINKS if word.upper().rpartition(".")[2] in _REACHING else _UNKNOWN)


# Named for the reason alone: whatever is not in FUNCTIONS is refused.
_REACHING = ("HYPERLINK", "WEBSERVICE", "IMAGE", "RTD", "DDE", "CALL", "EXEC", "REGISTER", "ID", "REQUEST")


def is_function(word: str) -> bool:
    """True for a function that only calculates, with or without the prefix that newer ones are stored with."""
    name = word.upper()
    for prefix in FUNCTION_PREFIXES:
        if name.startswith(prefix.upper()):
            return name[len(prefix) :] in FUNCTIONS
    return name in FUNCTIONS


def _sheets_of(quoted: str) -> Iterable[str]:
    """The sheets in quotes before a !: one, or the first and the last of several."""
    if any(sign in quoted for sign in "[]|/\\"):
        raise NotMarkable(_LINKS)
    return quoted.lower().split(":")
