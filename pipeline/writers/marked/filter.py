"""Holds one part of a workbook against its vocabulary: what nobody sees is cut out of the bytes, everything else that is
not allowed raises NotMarkable. What stays, stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import isfinite
from typing import NamedTuple

from pipeline.writers.marked.allowed import (
    CELL_KINDS,
    DECLARED,
    KEPT_EXTENSIONS,
    LEAST_HEIGHT,
    LEAST_WIDTH,
    LOOKED_AT,
    NAMESPACES,
    PARTS,
    PATTERNS,
    REASONS,
    UNKNOWN,
    UNSEEN_EXTENSIONS,
)
from pipeline.writers.marked.cells import address_of
from pipeline.writers.marked.formulas import Names
from pipeline.writers.marked.xml import Edit, Element, NotMarkable, document_of, removed, spliced, with_attributes

_PREFIX_OF = {uri: prefix for prefix, uri in NAMESPACES.items()}
_FOREIGN = "?"  # stands for the prefix of any other namespace
_PLAIN_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9]{0,9}")
_NUMBER = PATTERNS["token"]
_HEADER_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[-+]\d{3}|\d{1,3}|[A-Za-z&])')
# Of a number format: a text (1), a single character (2), what it does not show, and a place of the number.
FORMAT_PIECES = re.compile(r'"([^"]*)"|[\\!](.)|[_*].|\[[^\]]*\]|[0#?]')


class Child(NamedTuple):
    """Whether an element may stand below another: position in the order, repeated, and unseen (to be left out)."""

    position: int
    repeated: bool
    unseen: bool


@dataclass(frozen=True)
class Rule:
    """One element of a vocabulary. attributes: name -> kind, "" for one to be left out; text: the kind of its text."""

    attributes: Mapping[str, str]
    text: str
    children: Mapping[str, Child]
    ordered: bool
    rest_unseen: bool


@cache
def vocabulary_of(kind: str) -> Mapping[str, Rule]:
    """Element -> its rule, for a kind of part."""
    rules = {}
    for line in filter(None, PARTS[kind].vocabulary.split("\n")):
        head, _, below = line.partition(">")
        head, _, text = head.partition("=")
        name, *attributes = head.split()
        children = {
            child.lstrip("-").rstrip("*") or "*": Child(position, child.endswith("*"), child.startswith("-"))
            for position, child in enumerate(below.split())
        }
        rules[name.rstrip("!")] = Rule(
            dict(_attribute(entry) for entry in attributes), text.strip(), children, name.endswith("!"), "-*" in below
        )
    return rules


def _attribute(entry: str) -> tuple[str, str]:
    """(attribute, kind) of an entry like r:id/relation, -r:id or count."""
    name, _, kind = entry.partition("/")
    return (name[1:], "") if name.startswith("-") else (name, kind or "token")


@dataclass
class Surroundings:
    """What a part stands in. names: what its formulas may name; relations: the id of each relation that is kept -> its
    new id and the kind of part it leads to; drops: says of an element that it is to be left out."""

    names: Names
    relations: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    drops: Callable[[Element], bool] = lambda _: False


class Filtered(NamedTuple):
    """A part as it may be handed back, and the words in it but those of cells. words: what a person reads, in its order,
    so that a name cut into pieces is found; points: what charts show of cells; formulas: the texts within formulas."""

    content: bytes
    words: list[str]
    points: list[str]
    formulas: list[str]


def filtered(content: bytes, kind: str, surroundings: Surroundings) -> Filtered:
    """The part without what nobody sees. Raises NotMarkable when it holds anything else that is not allowed."""
    document = document_of(content)
    work = _Filter(content, vocabulary_of(kind), surroundings)
    root = document.root
    scope = _Scope({"xml": NAMESPACES["xml"]}).within(root)
    if scope.element(root.name) != PARTS[kind].root:
        raise NotMarkable(UNKNOWN)
    work.take(root, PARTS[kind].root, scope)
    work.edits += [(start, end, b"") for start, end in document.asides]
    return Filtered(
        spliced(content, work.edits) if work.edits else content, work.words, work.points, list(work.formulas)
    )


class _Scope:
    """The prefixes that are declared at one place, and the names as the vocabularies write them."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes
        self.elements: dict[str, str] = {}
        self.attributes: dict[str, str] = {}

    def within(self, element: Element) -> _Scope:
        """The scope inside an element."""
        declared = {
            name[6:]: value
            for name, value in element.attributes.items()
            if name == "xmlns" or name.startswith("xmlns:")
        }
        if not declared:
            return self
        if not all(_PLAIN_PREFIX.fullmatch(prefix) for prefix in declared if prefix):
            raise NotMarkable(UNKNOWN)
        return _Scope({**self.prefixes, **declared})

    def element(self, name: str) -> str:
        known = self.elements.get(name)
        if known is None:
            prefix, _, local = name.rpartition(":")
            known = self.elements[name] = self._named(prefix, local)
        return known

    def attribute(self, name: str) -> str:
        """An attribute without a prefix is in no namespace."""
        if ":" not in name:
            return name
        known = self.attributes.get(name)
        if known is None:
            prefix, _, local = name.rpartition(":")
            known = self.attributes[name] = self._named(prefix, local)
        return known

    def _named(self, prefix: str, local: str) -> str:
        if prefix and prefix not in self.prefixes:
            raise NotMarkable("内部的 XML 已损坏")
        known = _PREFIX_OF.get(self.prefixes.get(prefix, ""), _FOREIGN)
        return f"{known}:{local}" if known else local


class _Filter:
    """Walks through one part."""

    def __init__(self, content: bytes, rules: Mapping[str, Rule], surroundings: Surroundings) -> None:
        self.content, self.rules, self.surroundings = content, rules, surroundings
        self.edits: list[Edit] = []
        self.words: list[str] = []
        self.points: list[str] = []
        self.formulas: dict[str, None] = {}

    def take(self, element: Element, name: str, scope: _Scope) -> None:
        """Holds an element against its rule. The scope is the one inside it."""
        rule = self.rules.get(name)
        if rule is None:
            raise NotMarkable(REASONS.get(name, UNKNOWN))
        self._take_attributes(element, name, rule, scope)
        if rule.text:
            self._check(rule.text, element.text, name)
        elif element.text and not element.text.isspace():
            self.edits += _stray_text(element)
        if element.children:
            self._take_children(element, name, rule, scope)

    def _take_attributes(self, element: Element, name: str, rule: Rule, scope: _Scope) -> None:
        new: dict[str, str | None] = {}
        for raw, value in element.attributes.items():
            if raw == "xmlns" or raw.startswith("xmlns:"):
                if _PREFIX_OF.get(value) not in DECLARED:
                    new[raw] = None
                continue
            known = scope.attribute(raw)
            kind = rule.attributes.get(known)
            if kind is None:
                if ":" in known and known.partition(":")[0] not in LOOKED_AT:
                    new[raw] = None  # of a namespace that only newer programs know, or xml:lang and the like
                    continue
                raise NotMarkable(REASONS.get(f"{name}@{known}", UNKNOWN))
            if not kind:
                new[raw] = None
            elif kind == "relation":
                new[raw] = self._relation(value)
            elif kind == "renamed" and any(map(str.isdecimal, value)):
                new[raw] = "Office"
            else:
                self._check(kind, value, name, known)
        if any(element.attributes[raw] != value for raw, value in new.items()):
            self.edits.append(with_attributes(element, **new))

    def _take_children(self, element: Element, name: str, rule: Rule, scope: _Scope) -> None:
        ready = self._asked_of(element, name)
        last = -1
        for child in element.children:
            inner = scope.within(child)
            known = inner.element(child.name)
            allowed = rule.children.get(known)
            if allowed is None and not rule.rest_unseen:
                raise NotMarkable(REASONS.get(known, UNKNOWN))
            if allowed is None or allowed.unseen or not ready(child, known) or self._drops(child, known):
                self.edits.append(removed(child))
                continue
            if rule.ordered:
                if allowed.position < last or (allowed.position == last and not allowed.repeated):
                    raise NotMarkable("内部结构不常见")
                last = allowed.position
            self.take(child, known, inner)

    def _drops(self, element: Element, name: str) -> bool:
        """True for what is left out, and for a collection of nothing but that."""
        drops = self.surroundings.drops
        if name == "definedNames":
            return all(map(drops, element.children))
        if name in ("extLst", "c:extLst"):
            stays = _extensions(element)
            return not any(stays(child, "") for child in element.children)
        return drops(element)

    def _asked_of(self, element: Element, name: str) -> Callable[[Element, str], bool]:
        """What else is asked of the children of sheetData, row, c and extLst: whether a child stays."""
        return _ASKED.get(name, _anything)(element)

    # -------------------------------------------------------------- values

    def _check(self, kind: str, value: str, name: str, attribute: str = "") -> None:
        """Raises NotMarkable for a value that is not of its kind, and collects the words in it."""
        pattern = PATTERNS.get(kind)
        if pattern is not None and not pattern.fullmatch(value):
            raise NotMarkable(REASONS.get(f"{name}@{attribute}" if attribute else name, UNKNOWN))
        if kind in _WORDS_OF:
            self.words.append(_WORDS_OF[kind](value))
        elif kind == "formula":
            self.formulas[self.surroundings.names.texts_of(value)] = None
        elif kind == "point":
            self.points.append(value)
        elif kind == "location":
            self._check_location(value)
        elif kind in _LEAST and (not _NUMBER.fullmatch(value) or float(value or 0) < _LEAST[kind]):
            raise NotMarkable(REASONS[f"{name}@{attribute}"])

    def _check_location(self, value: str) -> None:
        try:
            self.surroundings.names.texts_of(value.removeprefix("#"))
        except NotMarkable as error:
            raise NotMarkable(REASONS["hyperlink@r:id"]) from error

    def _relation(self, value: str) -> str:
        if value not in self.surroundings.relations:
            raise NotMarkable("内部结构不完整")
        return self.surroundings.relations[value][0]


# ---------------------------------------------------------------------------------------- rows, cells, extensions


def _anything(_: Element) -> Callable[[Element, str], bool]:
    return lambda child, name: True


def _rows(_: Element) -> Callable[[Element, str], bool]:
    """Rows in their order, each once."""
    last = 0

    def next_row(row: Element, name: str) -> bool:
        nonlocal last
        number = int(row.attributes.get("r") or 0)
        if number <= last:
            raise NotMarkable("内部的单元格地址不常见")
        last = number
        return True

    return next_row


def _cells(row: Element) -> Callable[[Element, str], bool]:
    """Cells of their row in their order, each once."""
    number, last = int(row.attributes.get("r") or 0), 0

    def next_cell(cell: Element, name: str) -> bool:
        nonlocal last
        if name == "c":
            of_row, column = address_of(cell.attributes.get("r", ""))
            if of_row != number or column <= last:
                raise NotMarkable("内部的单元格地址不常见")
            last = column
        return True

    return next_cell


def _content(cell: Element) -> Callable[[Element, str], bool]:
    """The value of a cell by its type; a second content that the type does not show is left out."""
    kind = cell.attributes.get("t", "")
    inline = kind == "inlineStr"
    if not inline and kind not in CELL_KINDS:
        raise NotMarkable(REASONS["c@t"])
    value_kind = CELL_KINDS.get(kind, "")
    pattern = PATTERNS.get(value_kind)

    def stays(child: Element, name: str) -> bool:
        if name == "v" and not inline and pattern and child.text:
            wrong = not pattern.fullmatch(child.text)
            if wrong or (value_kind == "number" and not isfinite(float(child.text))):
                raise NotMarkable(REASONS["v"])
        return name == "f" or (name == "is") == inline

    return stays


def _extensions(_: Element) -> Callable[[Element, str], bool]:
    def stays(child: Element, name: str) -> bool:
        uri = child.attributes.get("uri", "").lower()
        if uri not in KEPT_EXTENSIONS and uri not in UNSEEN_EXTENSIONS:
            raise NotMarkable(UNKNOWN)
        return uri in KEPT_EXTENSIONS

    return stays


_ASKED: dict[str, Callable[[Element], Callable[[Element, str], bool]]] = {
    "sheetData": _rows,
    "row": _cells,
    "c": _content,
    "extLst": _extensions,
    "c:extLst": _extensions,
}


# ---------------------------------------------------------------------------------------- words


def words_of_format(code: str) -> str:
    """The characters that a number format shows besides the number: for `"约"0.0"万元"` 约万元."""
    pieces = FORMAT_PIECES.sub(lambda match: match[1] or match[2] or "", code)
    return "" if pieces == "General" else pieces


_WORDS_OF: dict[str, Callable[[str], str]] = {
    "text": str,
    "renamed": str,
    "sheet_name": str,
    "header": lambda value: _HEADER_CODE.sub("", value),
    "format": words_of_format,
}
_LEAST = {"row_height": LEAST_HEIGHT, "width": LEAST_WIDTH}


def _stray_text(element: Element) -> Iterable[Edit]:
    """Cuts out text where none may stand."""
    for start, end in _gaps(element):
        if element.content[start:end].strip():
            yield start, end, b""


def _gaps(element: Element) -> Iterator[tuple[int, int]]:
    at = element.opened
    for child in element.children:
        yield at, child.start
        at = child.end
    yield at, element.closing
