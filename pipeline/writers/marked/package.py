"""One .xlsx as its parts, with their relations and content types. The same parts are always written as the same bytes."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import NamedTuple

from pipeline.writers.marked.xml import MAIN, Element, NotMarkable, attribute_value, inside, parsed, removed, spliced

TYPES = "[Content_Types].xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PLAIN_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

MAXIMUM_PARTS = 1_000
MAXIMUM_BYTES = 48 * 2**20  # of all parts inflated
MAXIMUM_PART = 4 * 2**20  # of a part whose elements are looked at


class Relation(NamedTuple):
    """One relation of a part. kind: the last word of its type; target: the part it leads to; external: it leads out of the
    file."""

    id: str
    kind: str
    target: str
    external: bool


class SheetPart(NamedTuple):
    """One worksheet: its name, its part, and the id of the workbook's relation to it."""

    name: str
    part: str
    relation: str


def opened(content: bytes) -> Package:
    """The parts of a plain .xlsx. Raises NotMarkable for any other file and for one that is too large."""
    if not content.startswith(b"PK\x03\x04"):
        raise NotMarkable("不是 .xlsx 格式，或设了密码")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAXIMUM_PARTS or sum(entry.file_size for entry in entries) > MAXIMUM_BYTES:
                raise NotMarkable("文件太大")
            parts = {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise NotMarkable("文件不完整") from error
    if TYPES not in parts:
        raise NotMarkable("不是 .xlsx 格式")
    package = Package(parts)
    if package.main not in parts or package.type_of(package.main) != _PLAIN_WORKBOOK:
        raise NotMarkable("不是 .xlsx 格式")
    if MAIN not in package.tree(package.main).attributes.values():
        raise NotMarkable("是“严格 Open XML”格式")
    return package


class Package:
    """The parts of a workbook by name. main: its workbook part."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self.parts = dict(parts)
        self.main = next((relation.target for relation in self.relations("") if relation.kind == "officeDocument"), "")

    def tree(self, part: str) -> Element:
        """The root element of a part, parsed from its present bytes. Raises NotMarkable without such a part."""
        content = self.parts.get(part)
        if content is None or len(content) > MAXIMUM_PART:
            raise NotMarkable("内部结构不完整" if content is None else "工作表太大")
        return parsed(content)

    def sheets(self) -> list[SheetPart]:
        """The worksheets in their order, without chart sheets."""
        kinds = {relation.id: relation for relation in self.relations(self.main)}
        sheets = []
        for sheet in self.tree(self.main).all("sheet"):
            relation = kinds.get(sheet.get("id"))
            if relation is None:
                raise NotMarkable("内部结构不完整")
            if relation.kind == "worksheet":
                sheets.append(SheetPart(sheet.get("name"), relation.target, relation.id))
        return sheets

    # -------------------------------------------------------------- relations

    def relations(self, part: str) -> list[Relation]:
        """The relations of a part, or of the package for ""."""
        name = relations_name(part)
        if name not in self.parts:
            return []
        folder = posixpath.dirname(part)
        relations = []
        for entry in self.tree(name).all("Relationship"):
            target, external = entry.get("Target"), entry.get("TargetMode") == "External"
            if not external:
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                target = posixpath.normpath(path)
            relations.append(Relation(entry.get("Id"), entry.get("Type").rpartition("/")[2], target, external))
        return relations

    def target(self, part: str, kind: str) -> str:
        """The part that a relation of this kind leads to, "" without one."""
        return next((relation.target for relation in self.relations(part) if relation.kind == kind), "")

    def relate(self, part: str, kind: str, target: str, type_prefix: str = RELATION) -> str:
        """Adds a relation and returns its id."""
        name = relations_name(part)
        if name not in self.parts:
            self.parts[name] = HEAD + f'<Relationships xmlns="{PACKAGE_RELATIONS}"></Relationships>'.encode()
        taken = {relation.id for relation in self.relations(part)}
        identifier = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
        entry = f'<Relationship Id="{identifier}" Type="{type_prefix}/{kind}" Target="/{attribute_value(target)}"/>'
        self.append(name, entry.encode())
        return identifier

    def unrelate(self, part: str, identifiers: set[str]) -> None:
        """Removes relations of a part, and its relations part with the last of them."""
        name = relations_name(part)
        entries = [entry for entry in self.tree(name).all("Relationship") if entry.get("Id") in identifiers]
        self.parts[name] = spliced(self.parts[name], map(removed, entries))
        if not list(self.tree(name).all("Relationship")):
            del self.parts[name]

    # -------------------------------------------------------------- parts and their types

    def append(self, part: str, piece: bytes) -> None:
        """Appends a piece of XML to the root of a part."""
        content, root = self.parts[part], self.tree(part)
        if ":" in root.name:
            raise NotMarkable("内部结构不常见")  # the piece would stand in no namespace
        self.parts[part] = spliced(content, [inside(root, content, piece)])

    def type_of(self, part: str) -> str:
        """The content type of a part, "" without one."""
        types = self.tree(TYPES).children
        named = {
            entry.get("PartName").lower(): entry.get("ContentType") for entry in types if entry.local == "Override"
        }
        endings = {
            entry.get("Extension").lower(): entry.get("ContentType") for entry in types if entry.local == "Default"
        }
        return named.get(f"/{part}".lower()) or endings.get(part.rpartition(".")[2].lower(), "")

    def add(self, part: str, content: bytes, content_type: str) -> None:
        """Adds a part with its content type."""
        self.parts[part] = content
        entry = f'<Override PartName="/{attribute_value(part)}" ContentType="{content_type}"/>'
        self.append(TYPES, entry.encode())

    def add_ending(self, ending: str, content_type: str) -> None:
        """Adds the content type of all parts with this ending, unless the package has one."""
        known = {entry.get("Extension").lower() for entry in self.tree(TYPES).children if entry.local == "Default"}
        if ending not in known:
            root = self.tree(TYPES)
            entry = f'<Default Extension="{ending}" ContentType="{content_type}"/>'.encode()
            self.parts[TYPES] = spliced(self.parts[TYPES], [(root.opened, root.opened, entry)])

    def discard(self, part: str) -> None:
        """Removes a part with its relations and its content type. Relations to it are left to the caller."""
        self.parts.pop(part, None)
        self.parts.pop(relations_name(part), None)
        entries = [entry for entry in self.tree(TYPES).children if entry.get("PartName").lower() == f"/{part}".lower()]
        self.parts[TYPES] = spliced(self.parts[TYPES], map(removed, entries))

    def free_name(self, pattern: str) -> str:
        """The first part name of a pattern ("xl/worksheets/sheet{}.xml") that is not taken."""
        taken = {name.lower() for name in self.parts}
        return next(
            name for number in range(1, len(taken) + 2) if (name := pattern.format(number)).lower() not in taken
        )

    def packed(self) -> bytes:
        """The file's bytes; the same for the same parts."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(self.parts, key=_order):
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.create_system = 0
                archive.writestr(entry, self.parts[name], zipfile.ZIP_DEFLATED)
        return stream.getvalue()


def relations_name(part: str) -> str:
    """The name of a part's relations part: xl/_rels/workbook.xml.rels."""
    folder, file = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def _order(name: str) -> tuple[bool, bool, list[int | str]]:
    """Sort key: content types first, as programs expect, then the package's relations, then by name with numbers by size."""
    return (
        name != TYPES,
        not name.startswith("_rels/"),
        [int(piece) if piece.isdigit() else piece for piece in re.split(r"(\d+)", name)],
    )
