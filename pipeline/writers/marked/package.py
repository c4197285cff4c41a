"""One .xlsx as its parts: as it was sent, and as a copy that goes back. The same parts are always written as the same
bytes."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from pipeline.writers.marked.allowed import PACKAGE_RELATIONS, PACKAGE_TYPES, RELATIONS
from pipeline.writers.marked.xml import Element, NotMarkable, inside, parsed, spliced

TYPES = "[Content_Types].xml"
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

MAXIMUM_PARTS = 1_000
MAXIMUM_BYTES = 48 * 2**20  # of all parts inflated
MAXIMUM_PART = 4 * 2**20  # of a part whose elements are looked at
MAXIMUM_LOOKED_AT = 8 * 2**20  # of all parts whose elements are looked at


class Relation(NamedTuple):
    """One relation of a part. kind: the last word of its type; target: the part it leads to; external: it leads out of the
    file."""

    id: str
    kind: str
    target: str
    type: str
    external: bool = False


class SheetPart(NamedTuple):
    """One worksheet: its name, its part, and the id of the workbook's relation to it."""

    name: str
    part: str
    relation: str


class SentPackage:
    """The parts of a workbook as they were sent. Names are in lower case, with / and without the first /: programs tell
    neither case nor slashes apart. Raises NotMarkable for what is no plain .xlsx and for one that is too large."""

    def __init__(self, content: bytes) -> None:
        if not content.startswith(b"PK\x03\x04"):
            raise NotMarkable("不是 .xlsx 格式，或设了密码")
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                entries = [entry for entry in archive.infolist() if not entry.is_dir()]
                if len(entries) > MAXIMUM_PARTS or sum(entry.file_size for entry in entries) > MAXIMUM_BYTES:
                    raise NotMarkable("文件太大")
                self.parts = {_plain_name(entry.filename): archive.read(entry) for entry in entries}
        except _DAMAGED as error:
            raise NotMarkable("文件不完整") from error
        if len(self.parts) != len(entries):
            raise NotMarkable("内部有同名部件")
        if TYPES.lower() not in self.parts:
            raise NotMarkable("不是 .xlsx 格式")
        self.looked_at: dict[str, int] = {}
        types = self.tree(TYPES.lower()).children
        self._named = {_plain_name(entry.get("PartName")): entry.get("ContentType").lower() for entry in types}
        self._endings = {entry.get("Extension").lower(): entry.get("ContentType").lower() for entry in types}

    def tree(self, part: str) -> Element:
        """The root element of a part. Raises NotMarkable without such a part."""
        return parsed(self.read(part))

    def read(self, part: str) -> bytes:
        """The bytes of a part whose elements are looked at. Raises NotMarkable without it, or when it is too large."""
        content = self.parts.get(part)
        if content is None:
            raise NotMarkable("内部结构不完整")
        self.looked_at[part] = len(content)
        if len(content) > MAXIMUM_PART or sum(self.looked_at.values()) > MAXIMUM_LOOKED_AT:
            raise NotMarkable("工作表太大")
        return content

    def type_of(self, part: str) -> str:
        """The content type of a part in lower case, "" without one."""
        return self._named.get(part) or self._endings.get(part.rpartition(".")[2], "")

    def relations(self, part: str) -> list[Relation]:
        """The relations of a part, or of the package for ""."""
        name = relations_name(part)
        if name not in self.parts:
            return []
        relations = [_relation(entry, part) for entry in self.tree(name).all("Relationship")]
        if len({relation.id for relation in relations}) < len(relations):
            raise NotMarkable("内部结构不常见")
        return relations


_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _relation(entry: Element, part: str) -> Relation:
    kind, target = entry.get("Type"), entry.get("Target")
    external = entry.get("TargetMode", "Internal").lower() != "internal"
    if not external:
        plain = unquote(target).replace("\\", "/").lower()
        path = plain if plain.startswith("/") else posixpath.join("/", posixpath.dirname(part), plain)
        target = posixpath.normpath(path).lstrip("/")
    return Relation(entry.get("Id"), kind.rpartition("/")[2].lower(), target, kind.lower(), external)


class Package:
    """A copy: its parts by name, the content type of each, and the relations of each part ("" stands for the package).
    main: its workbook part."""

    def __init__(
        self,
        parts: Mapping[str, bytes],
        types: Mapping[str, str],
        links: Mapping[str, Sequence[Relation]],
        main: str = "xl/workbook.xml",
    ) -> None:
        self.parts, self.types, self.main = dict(parts), dict(types), main
        self.links = {part: list(relations) for part, relations in links.items()}

    def copy(self) -> Package:
        """The same package, to be changed without this one."""
        return Package(self.parts, self.types, self.links, self.main)

    def tree(self, part: str) -> Element:
        """The root element of a part, parsed from its present bytes."""
        return parsed(self.parts[part])

    def sheets(self) -> list[SheetPart]:
        """The worksheets in their order."""
        targets = {relation.id: relation.target for relation in self.relations(self.main)}
        contents = self.tree(self.main).child("sheets")
        entries = contents.children if contents else []
        return [SheetPart(entry.get("name"), targets[entry.get("id")], entry.get("id")) for entry in entries]

    # -------------------------------------------------------------- parts and relations

    def relations(self, part: str) -> list[Relation]:
        """The relations of a part, or of the package for ""."""
        return self.links.get(part, [])

    def target(self, part: str, kind: str) -> str:
        """The part that a relation of this kind leads to, "" without one."""
        return next((relation.target for relation in self.relations(part) if relation.kind == kind), "")

    def relate(self, part: str, kind: str, target: str) -> str:
        """Adds a relation and returns its id."""
        taken = {relation.id for relation in self.relations(part)}
        identifier = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
        self.links.setdefault(part, []).append(Relation(identifier, kind, target, f"{RELATIONS}/{kind}"))
        return identifier

    def unrelate(self, part: str, identifiers: set[str]) -> None:
        """Removes relations of a part."""
        self.links[part] = [relation for relation in self.relations(part) if relation.id not in identifiers]

    def append(self, part: str, piece: bytes) -> None:
        """Appends a piece of XML to the root of a part."""
        content, root = self.parts[part], self.tree(part)
        if ":" in root.name:
            raise NotMarkable("内部结构不常见")  # the piece would stand in no namespace
        self.parts[part] = spliced(content, [inside(root, content, piece)])

    def add(self, part: str, content: bytes, content_type: str) -> None:
        """Adds a part with its content type."""
        self.parts[part], self.types[part] = content, content_type

    def discard(self, part: str) -> None:
        """Removes a part with its relations. Relations to it are left to the caller."""
        self.parts.pop(part, None)
        self.types.pop(part, None)
        self.links.pop(part, None)

    def free_name(self, pattern: str) -> str:
        """The first part name of a pattern ("xl/worksheets/sheet{}.xml") that is not taken."""
        return next(
            name for number in range(1, len(self.parts) + 2) if (name := pattern.format(number)) not in self.parts
        )

    # -------------------------------------------------------------- written

    def packed(self) -> bytes:
        """The file's bytes; the same for the same parts."""
        parts = {TYPES: self._types_part(), **self.parts}
        parts |= {relations_name(part): _relations_part(links) for part, links in self.links.items() if links}
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(parts, key=_order):
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.create_system = 0
                archive.writestr(entry, parts[name], zipfile.ZIP_DEFLATED)
        return stream.getvalue()

    def _types_part(self) -> bytes:
        endings = dict(_ENDINGS)
        overrides = []
        for part in sorted(self.types, key=_order):
            ending = part.rpartition(".")[2]
            if ending == "xml":
                overrides.append(f'<Override PartName="/{part}" ContentType="{self.types[part]}"/>')
            else:
                endings[ending] = self.types[part]
        defaults = (f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in endings.items())
        return HEAD + f'<Types xmlns="{PACKAGE_TYPES}">{"".join((*defaults, *overrides))}</Types>'.encode()


_ENDINGS = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}


def _relations_part(relations: Iterable[Relation]) -> bytes:
    entries = "".join(f'<Relationship Id="{one.id}" Type="{one.type}" Target="/{one.target}"/>' for one in relations)
    return HEAD + f'<Relationships xmlns="{PACKAGE_RELATIONS}">{entries}</Relationships>'.encode()


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
