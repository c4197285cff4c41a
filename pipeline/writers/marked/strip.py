"""Takes out of a marked copy what we put into it, so that a new one begins from the county's own workbook."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.writers.marked.cells import restyled, without_notes
from pipeline.writers.marked.notes import foreign_notes
from pipeline.writers.marked.package import Package, SheetPart
from pipeline.writers.marked.styles import Styles
from pipeline.writers.marked.texts import cell_texts, is_list, shared_strings
from pipeline.writers.marked.xml import (
    RELATIONS,
    Edit,
    Element,
    NotMarkable,
    attribute_text,
    removed,
    spliced,
    with_attributes,
)

_OWN_NOTES = ("comments", "vmlDrawing")


def strip_marks(package: Package) -> None:
    """Old marks, notes and the sheet 问题清单 are taken out; a workbook that has none stays byte for byte."""
    strings = shared_strings(package)
    for sheet in package.sheets():
        if is_list(cell_texts(package, sheet, strings)):
            take_out_sheet(package, sheet)
    for sheet in package.sheets():
        if not foreign_notes(package, sheet.part):
            _strip_notes(package, sheet)
    _strip_fills(package)


def _strip_notes(package: Package, sheet: SheetPart) -> None:
    own = [relation for relation in package.relations(sheet.part) if relation.kind in _OWN_NOTES]
    for relation in own:
        package.discard(relation.target)
        if relation.kind == "vmlDrawing":
            package.parts[sheet.part] = without_notes(package.parts[sheet.part], relation.id)
    if own:
        package.unrelate(sheet.part, {relation.id for relation in own})


def _strip_fills(package: Package) -> None:
    part = package.target(package.main, "styles")
    if not part:
        return
    styles = Styles(package.parts[part])
    for sheet in package.sheets():
        package.parts[sheet.part] = restyled(package.parts[sheet.part], styles.restored)
    package.parts[part] = styles.written()


# ---------------------------------------------------------------------------------------- sheets


def put_in_front(package: Package, name: str, content: bytes) -> str:
    """A new first sheet, shown when the workbook is opened; returns its part. Names that belong to a sheet by its place
    keep to it."""
    part = package.free_name("xl/worksheets/sheet{}.xml")
    package.add(part, content, "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml")
    relation = package.relate(package.main, "worksheet", part)
    content, root = package.parts[package.main], package.tree(package.main)
    sheets = root.child("sheets")
    if sheets is None:
        raise NotMarkable("内部结构不完整")
    number = max(int(entry.get("sheetId") or 0) for entry in sheets.children) + 1
    own = {"name": name, "sheetId": str(number), "xmlns:r": RELATIONS, "r:id": relation}
    new = f"<sheet{attribute_text(own)}/>".encode()
    edits = [(sheets.opened, sheets.opened, new), *_moved_places(root, lambda place: place + 1)]
    edits += [with_attributes(view, activeTab="0", firstSheet=None) for view in root.all("workbookView")]
    package.parts[package.main] = spliced(content, edits)
    return part


def take_out_sheet(package: Package, sheet: SheetPart) -> None:
    """Removes a sheet with all that belongs to it."""
    content, root = package.parts[package.main], package.tree(package.main)
    entries = [entry for entry in root.all("sheet")]
    place = next(number for number, entry in enumerate(entries) if entry.get("id") == sheet.relation)
    edits = [removed(entries[place]), *_moved_places(root, lambda other: other - (other > place), place)]
    edits += [with_attributes(view, activeTab="0", firstSheet=None) for view in root.all("workbookView")]
    package.parts[package.main] = spliced(content, edits)
    for relation in package.relations(sheet.part):
        if not relation.external:
            package.discard(relation.target)
    package.discard(sheet.part)
    order = package.target(package.main, "calcChain")  # programs work it out anew; it may name the sheet
    gone = {
        relation.id for relation in package.relations(package.main) if relation.target in (sheet.part, order) and order
    }
    package.unrelate(package.main, gone | {sheet.relation})
    if order:
        package.discard(order)


def _moved_places(root: Element, moved: Callable[[int], int], gone: int = -1) -> list[Edit]:
    """Defined names that belong to a sheet by its place, moved with it; those of the sheet at `gone` removed."""
    edits: list[Edit] = []
    for name in root.all("definedName"):
        place = name.get("localSheetId")
        if place and int(place) == gone:
            edits.append(removed(name))
        elif place:
            edits.append(with_attributes(name, localSheetId=str(moved(int(place)))))
    return edits
