"""Removes our marks from a marked copy, so that a new one starts from the county's own workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipeline.writers.marked.allowed import PARTS, RELATIONS
from pipeline.writers.marked.cells import restyled
from pipeline.writers.marked.package import Package, SheetPart
from pipeline.writers.marked.styles import Styles
from pipeline.writers.marked.texts import Address, Shown, is_list
from pipeline.writers.marked.xml import Edit, Element, NotMarkable, attribute_text, removed, spliced, with_attributes


def strip_marks(package: Package, shown: Mapping[str, Mapping[Address, Shown]]) -> None:
    """Removes marks and the sheet 问题清单; notes are gone when the package is built. A workbook without any stays byte
    for byte. shown: what the cells of each worksheet part show."""
    for sheet in package.sheets():
        if is_list(shown[sheet.part]):
            take_out_sheet(package, sheet)
    _strip_fills(package)


def _strip_fills(package: Package) -> None:
    part = package.target(package.main, "styles")
    if not part:
        return
    styles = Styles(package.parts[part])
    for sheet in package.sheets() if styles.has_marks else ():
        package.parts[sheet.part] = restyled(package.parts[sheet.part], styles.restored)
    package.parts[part] = styles.written()


# ---------------------------------------------------------------------------------------- sheets


def put_in_front(package: Package, name: str, content: bytes) -> str:
    """Adds a first sheet, which is shown when the workbook is opened, and returns its part. Defined names of a sheet stay
    with it, though its position changes."""
    part = package.free_name("xl/worksheets/sheet{}.xml")
    package.add(part, content, PARTS["worksheet"].content_type)
    relation = package.relate(package.main, "worksheet", part)
    content, root = package.parts[package.main], package.tree(package.main)
    sheets = root.child("sheets")
    if sheets is None:
        raise NotMarkable("内部结构不完整")
    number = max(int(entry.get("sheetId") or 0) for entry in sheets.children) + 1
    attributes = {"name": name, "sheetId": str(number), "xmlns:r": RELATIONS, "r:id": relation}
    new = f"<sheet{attribute_text(attributes)}/>".encode()
    edits = [(sheets.opened, sheets.opened, new), *_moved_names(root, lambda position: position + 1)]
    edits += [with_attributes(view, activeTab="0", firstSheet=None) for view in root.all("workbookView")]
    package.parts[package.main] = spliced(content, edits)
    return part


def take_out_sheet(package: Package, sheet: SheetPart) -> None:
    """Removes a sheet with its parts, relations and defined names."""
    content, root = package.parts[package.main], package.tree(package.main)
    entries = list(root.all("sheet"))
    gone = next(position for position, entry in enumerate(entries) if entry.get("id") == sheet.relation)
    edits = [removed(entries[gone]), *_moved_names(root, lambda position: position - (position > gone), gone)]
    edits += [with_attributes(view, activeTab="0", firstSheet=None) for view in root.all("workbookView")]
    package.parts[package.main] = spliced(content, edits)
    for relation in package.relations(sheet.part):
        package.discard(relation.target)
    package.discard(sheet.part)
    package.unrelate(package.main, {sheet.relation})


def _moved_names(root: Element, moved: Callable[[int], int], gone: int = -1) -> list[Edit]:
    """Edits by which the defined names of sheets follow them to their new positions; those of the sheet at `gone` are
    removed."""
    edits: list[Edit] = []
    for name in root.all("definedName"):
        position = name.get("localSheetId")
        if position and int(position) == gone:
            edits.append(removed(name))
        elif position:
            edits.append(with_attributes(name, localSheetId=str(moved(int(position)))))
    return edits
