"""Decides whether a workbook may be handed back as a marked copy: nothing in it that no output may hold, and no words that
are not the county's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pipeline.issues.phones import mask_figure
from pipeline.model.names import name_key
from pipeline.writers.marked.notes import foreign_notes
from pipeline.writers.marked.package import Package
from pipeline.writers.marked.texts import Address, cell_texts, other_words, shared_strings, unused_strings
from pipeline.writers.marked.xml import NotMarkable

# The parts that a copy may contain. Any other part is unknown, or can run code or load something.
_KNOWN_PARTS = re.compile(
    r"\[content_types\]\.xml|(?:.*/)?_rels/[^/]*\.rels|docprops/(?:core|app|custom)\.xml|docprops/thumbnail\.\w+|"
    r"xl/(?:workbook|styles|sharedstrings|calcchain|metadata)\.xml|xl/theme/[^/]+\.xml|xl/worksheets/[^/]+\.xml|"
    r"xl/printersettings/[^/]+\.bin|xl/drawings/[^/]+\.(?:xml|vml)|xl/charts/[^/]+\.xml|xl/tables/[^/]+\.xml|"
    r"xl/media/[^/]+\.(?:png|jpe?g|gif|bmp|emf|wmf)|xl/comments[^/]*\.xml"
)
_PARTS_THAT_ACT = (
    ("vbaproject", "有宏"),
    ("macrosheets", "有宏"),
    ("activex", "有控件"),
    ("ctrlprops", "有控件"),
    ("embeddings", "有嵌入的文件"),
    ("externallinks", "有指向别的文件的链接"),
    ("connections", "有外部数据连接"),
    ("querytables", "有外部数据连接"),
    ("pivot", "有数据透视表"),
    ("threadedcomments", "有批注"),
    ("persons", "有批注"),
)
# Functions that reach out of the workbook, references to other files, DDE (program|topic!item), URLs, network shares.
_LINK_FORMULA = re.compile(
    r"(?:HYPERLINK|WEBSERVICE|IMAGE|RTD|DDE|CALL|EXEC|REGISTER(?:\.ID)?|SQL\.REQUEST)\s*\(|\[\d+\]|\|\s*'|\|\s*\w+!|://|\\\\",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()]*\)")
_TRUE = ("1", "true")


@dataclass(frozen=True)
class Strangers:
    """The names of other counties' companies, which a copy for one county must not contain. by_beginning: their first
    `length` characters -> names; own: the county's own companies, longest first, whose names may contain another's."""

    by_beginning: Mapping[str, tuple[str, ...]]
    length: int
    own: tuple[str, ...] = ()

    @classmethod
    def of(cls, names: Iterable[str], own: Iterable[str] = ()) -> Strangers:
        ours = {name_key(name) for name in own} - {""}
        known = sorted({name_key(name) for name in names} - ours - {""})
        length = min(map(len, known), default=0)
        lists: dict[str, list[str]] = {}
        for name in known:
            lists.setdefault(name[:length], []).append(name)
        beginnings = {start: tuple(entries) for start, entries in lists.items()}
        return cls(beginnings, length, tuple(sorted(ours, key=lambda name: (-len(name), name))))

    def named_in(self, text: str) -> bool:
        """True when the text contains one of the names."""
        text = name_key(text)
        for name in self.own:
            text = text.replace(name, "\n")
        return self.length > 0 and any(
            text.startswith(name, start)
            for start in range(len(text) - self.length + 1)
            for name in self.by_beginning.get(text[start : start + self.length], ())
        )


@dataclass(frozen=True)
class Contacts:
    """The columns that may contain phone numbers: below these headers, on these sheets (a county's 附件2)."""

    headers: frozenset[str]
    sheets: frozenset[str]

    def columns(self, sheet: str, cells: Mapping[Address, str]) -> list[Address]:
        """The header cells of a sheet's columns of phones."""
        if sheet not in self.sheets:
            return []
        return [address for address, text in cells.items() if _BRACKETS.sub("", name_key(text)) in self.headers]


def check_markable(package: Package, contacts: Contacts, strangers: Strangers) -> None:
    """Raises NotMarkable with the reason, if there is one. Marks of an earlier copy must have been removed before."""
    _check_parts(package)
    _check_relations(package)
    _check_sheets(package)
    _check_words(package, contacts, strangers)


def _check_parts(package: Package) -> None:
    for part in package.parts:
        name = part.lower()
        for piece, reason in _PARTS_THAT_ACT:
            if piece in name:
                raise NotMarkable(reason)
        if not _KNOWN_PARTS.fullmatch(name):
            raise NotMarkable("有本程序不认识的内容")


def _check_relations(package: Package) -> None:
    owners = [""] + [part for part in package.parts if not part.endswith(".rels")]
    for owner in owners:
        if any(relation.external for relation in package.relations(owner)):
            raise NotMarkable("有指向文件以外的链接")


def _check_sheets(package: Package) -> None:
    root = package.tree(package.main)
    if any(sheet.get("state", "visible") != "visible" for sheet in root.all("sheet")):
        raise NotMarkable("有隐藏的工作表")
    if any(_LINK_FORMULA.search(name.words) for name in root.all("definedName")):
        raise NotMarkable("有指向别的文件的链接")
    for sheet in package.sheets():
        tree = package.tree(sheet.part)
        if foreign_notes(package, sheet.part):
            raise NotMarkable("有自己的批注或控件")
        hidden = ("row", "col")
        if any(line.get("hidden") in _TRUE for kind in hidden for line in tree.all(kind)):
            raise NotMarkable("有隐藏的行或列")
        if any(view.get("zeroHeight") in _TRUE for view in tree.all("sheetFormatPr")):
            raise NotMarkable("有隐藏的行或列")
        for kind in ("f", "formula", "formula1", "formula2"):
            if any(_LINK_FORMULA.search(formula.words) for formula in tree.all(kind)):
                raise NotMarkable("有带链接的公式")


def _check_words(package: Package, contacts: Contacts, strangers: Strangers) -> None:
    """Raises NotMarkable for a phone outside its column, and for another county's company anywhere."""
    strings = shared_strings(package)
    texts: list[str] = [*other_words(package), *unused_strings(package, strings)]
    for sheet in package.sheets():
        cells = cell_texts(package, sheet, strings)
        headers = contacts.columns(sheet.name, cells)
        for (row, column), text in cells.items():
            if not any(column == header_column and row > header_row for header_row, header_column in headers):
                texts.append(text)
            elif strangers.named_in(text):
                raise NotMarkable("其中有不是本区县的内容")
    _refuse(texts, strangers.named_in, "其中有不是本区县的内容")
    _refuse(texts, lambda text: mask_figure(text) != text, "“联系电话”栏以外的地方有电话号码")


def _refuse(texts: Iterable[str], is_wrong: Callable[[str], bool], reason: str) -> None:
    if any(is_wrong(text) for text in texts):
        raise NotMarkable(reason)
