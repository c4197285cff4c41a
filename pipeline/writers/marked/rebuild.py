"""A workbook built anew from what is allowed of it: the parts that known relations lead to, each without what nobody sees,
under names, content types and relations of our own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.model.stamps import DEMO_PROPERTY, stamped_originals
from pipeline.writers.marked.allowed import (
    KEPT_RELATIONS,
    NAMES_THAT_RUN,
    PARTS,
    PROGRAM_NAMES,
    REFUSED_RELATIONS,
    RELATIONS,
    UNKNOWN,
    UNSEEN_RELATIONS,
)
from pipeline.writers.marked.cells import cells_of
from pipeline.writers.marked.filter import Filtered, Surroundings, filtered
from pipeline.writers.marked.formulas import Formula, Names, parsed_formula
from pipeline.writers.marked.notes import only_our_notes
from pipeline.writers.marked.package import Package, Relation, SentPackage
from pipeline.writers.marked.xml import Edit, Element, NotMarkable, spliced

_ONE_OF_EACH = ("workbook", "styles", "sharedStrings", "theme", "drawing", "core")
_ROUNDS = 20  # how deep names of the workbook may rest on each other
_TRUE = ("1", "true")


class Rebuilt(NamedTuple):
    """The copy, by name its parts with the words that they hold outside cells, whether it has the sample's stamp, and the
    originals that it says it was made from, the nearest first."""

    package: Package
    parts: dict[str, Filtered]
    demo: bool
    made_from: tuple[str, ...]


@dataclass
class _Node:
    """One part that is kept. part: its name as sent, name: in the copy; below: (id as sent, what it leads to)."""

    kind: str
    part: str
    name: str
    below: list[tuple[str, _Node]] = field(default_factory=list)

    def child(self, kind: str) -> _Node | None:
        return next((node for _, node in self.below if node.kind == kind), None)


def rebuilt(content: bytes) -> Rebuilt:
    """The workbook as it may go back, without its notes if they are ours. Raises NotMarkable with the reason when it holds
    anything that a person sees and that is not allowed."""
    return _Rebuilding(SentPackage(content)).result()


class _Rebuilding:
    def __init__(self, sent: SentPackage) -> None:
        self.sent = sent
        self.nodes: dict[str, _Node] = {}
        self.counts: dict[str, int] = {}
        self.root = _Node("", "", "")

    def result(self) -> Rebuilt:
        self._take_relations(self.root)
        workbook = self.root.child("workbook")
        if workbook is None:
            raise NotMarkable("不是 .xlsx 格式")
        names = self._names(workbook)
        parts: dict[str, Filtered] = {}
        for node in sorted(self.nodes.values(), key=lambda node: node is workbook):  # it needs the names that are used
            parts[node.name] = self._filtered(node, names)
        package = Package(
            {name: part.content for name, part in parts.items()},
            {node.name: PARTS[node.kind].content_type for node in self.nodes.values()},
            {node.name: list(_links(node)) for node in (self.root, *self.nodes.values()) if node.below},
            workbook.name,
        )
        _empty_unused_strings(package)
        stamps = self._stamps()
        return Rebuilt(package, parts, DEMO_PROPERTY in stamps, stamped_originals(stamps))

    def _stamps(self) -> dict[str, str]:
        """The custom properties of the workbook as sent: name → text."""
        part = next((one.target for one in self.sent.relations("") if one.kind == "custom-properties"), "")
        entries = self.sent.tree(part).children if part in self.sent.parts else []
        return {entry.get("name"): "".join(value.text for value in entry.children) for entry in entries}

    # -------------------------------------------------------------- which parts

    def _take_relations(self, owner: _Node) -> None:
        """Follows the relations of a part to the parts that are kept."""
        relations = self.sent.relations(owner.part)
        if owner.kind == "worksheet":
            _check_notes(self.sent, relations)
        kept = []
        for relation in relations:
            kind = KEPT_RELATIONS.get((owner.kind, relation.type))
            if kind:
                kept.append((relation, kind))
            elif not _is_unseen(owner.kind, relation):
                raise NotMarkable(_reason_of(relation))
        if owner.kind == "workbook":
            kept = self._with_sheets(owner, kept)
        for relation, kind in kept:
            owner.below.append((relation.id, self._taken(relation, kind)))
        kinds = [node.kind for _, node in owner.below]
        if any(kinds.count(kind) > 1 for kind in _ONE_OF_EACH):
            raise NotMarkable("内部结构不常见")

    def _with_sheets(self, workbook: _Node, kept: list[tuple[Relation, str]]) -> list[tuple[Relation, str]]:
        """Without the sheets that the workbook does not list."""
        listed = {entry.get("id") for entry in _children(self.sent.tree(workbook.part), "sheets")}
        return [(relation, kind) for relation, kind in kept if kind != "worksheet" or relation.id in listed]

    def _taken(self, relation: Relation, kind: str) -> _Node:
        if relation.external:
            raise NotMarkable("有指向文件以外的链接")
        if relation.target in self.nodes:
            raise NotMarkable("内部结构不常见")
        if self.sent.type_of(relation.target) != PARTS[kind].content_type.lower():
            raise NotMarkable("不是 .xlsx 格式" if kind == "workbook" else UNKNOWN)
        self.counts[kind] = self.counts.get(kind, 0) + 1
        node = self.nodes[relation.target] = _Node(kind, relation.target, PARTS[kind].name.format(self.counts[kind]))
        self._take_relations(node)
        return node

    # -------------------------------------------------------------- what is in them

    def _filtered(self, node: _Node, names: Names) -> Filtered:
        relations = {sent: (f"rId{number}", below.kind) for number, (sent, below) in enumerate(node.below, start=1)}
        surroundings = Surroundings(names, relations)
        if node.kind == "workbook":
            surroundings.drops = lambda element: element.local == "definedName" and not _stays(element, names)
        return filtered(self.sent.read(node.part), node.kind, surroundings)

    def _names(self, workbook: _Node) -> Names:
        """What formulas may name: the sheets, the tables, and the names whose own formulas are allowed."""
        root = self.sent.tree(workbook.part)
        sheets = frozenset(entry.get("name").lower() for entry in _children(root, "sheets"))
        tables = [self.sent.tree(node.part) for node in self.nodes.values() if node.kind == "table"]
        table_names = frozenset(table.get(field).lower() for table in tables for field in ("name", "displayName"))
        formulas = [(entry.get("name").lower(), _parsed(entry)) for entry in _children(root, "definedNames")]
        known = {name for name, formula in formulas if formula and formula.sheets <= sheets}
        for _ in range(_ROUNDS):
            left = {
                name
                for name, formula in formulas
                if name in known and formula and formula.names <= known and formula.tables <= table_names
            }
            if left == known:
                break
            known = left
        else:
            raise NotMarkable(UNKNOWN)
        used = {name for known_name, formula in formulas if known_name in known and formula for name in formula.names}
        return Names(sheets, table_names, frozenset(known), used)


def _children(root: Element, name: str) -> list[Element]:
    collection = root.child(name)
    return collection.children if collection else []


def _parsed(entry: Element) -> Formula | None:
    """The formula of a name of the workbook; None for one that is not allowed."""
    name = entry.get("name").lower()
    if name not in PROGRAM_NAMES and NAMES_THAT_RUN.match(name):
        return None
    if any(entry.get(attribute) in _TRUE for attribute in ("function", "vbProcedure", "xlm")):
        return None
    try:
        return parsed_formula(entry.text)
    except NotMarkable:
        return None


def _stays(entry: Element, names: Names) -> bool:
    """True for a name that the copy keeps: it is allowed, and either seen or used."""
    name = entry.get("name").lower()
    seen = entry.get("hidden") not in _TRUE or name in PROGRAM_NAMES or name in names.used
    formula = _parsed(entry)
    return seen and formula is not None and formula.sheets <= names.sheets and name in names.names


def _is_unseen(owner: str, relation: Relation) -> bool:
    """True for a relation that nobody sees, or that shows by an element alone."""
    if relation.kind in REFUSED_RELATIONS:
        return owner == "worksheet" and relation.kind == "comments"  # looked at already
    unseen = UNSEEN_RELATIONS[owner].split()
    return unseen == ["*"] or relation.kind in unseen


def _reason_of(relation: Relation) -> str:
    if "purl.oclc.org/ooxml" in relation.type:
        return "是“严格 Open XML”格式"
    return REFUSED_RELATIONS.get(relation.kind, UNKNOWN)


def _links(node: _Node) -> Iterable[Relation]:
    types = {part: kind for (owner, kind), part in KEPT_RELATIONS.items() if owner == node.kind}
    for number, (_, below) in enumerate(node.below, start=1):
        known = {"core": "metadata/core-properties", "workbook": "officeDocument"}.get(below.kind, below.kind)
        whole = types[below.kind] if below.kind == "core" else f"{RELATIONS}/{known}"
        yield Relation(f"rId{number}", known.rpartition("/")[2], below.name, whole)


def _check_notes(sent: SentPackage, relations: Iterable[Relation]) -> None:
    """Raises NotMarkable for notes of a sheet that are not ours, and for shapes of the old kind other than notes."""
    comments = [relation.target for relation in relations if relation.kind == "comments"]
    shapes = [relation.target for relation in relations if relation.kind == "vmldrawing"]
    if not only_our_notes([sent.tree(part) for part in comments], [sent.tree(part) for part in shapes]):
        raise NotMarkable("有自己的批注或控件")


def _empty_unused_strings(package: Package) -> None:
    """Empties the shared strings that no cell uses: text that was deleted and is still in the file."""
    part = package.target(package.main, "sharedStrings")
    if not part:
        return
    used = set()
    for sheet in package.sheets():
        for cell in cells_of(package.tree(sheet.part)):
            if cell.element.attributes.get("t") == "s" and (value := cell.element.child("v")):
                used.add(int(value.text or -1))
    root = package.tree(part)
    edits: list[Edit] = [
        (item.start, item.end, f"<{item.name}><{item.name[:-2]}t/></{item.name}>".encode())
        for number, item in enumerate(root.children)
        if number not in used and item.words
    ]
    package.parts[part] = spliced(package.parts[part], edits)
