"""Check boxes of an .ods: controls in the forms of a sheet, each drawn in the cell it is anchored to."""

from __future__ import annotations

from xml.etree import ElementTree

from pipeline.readers.formats.boxes import MAXIMUM_BOXES
from pipeline.readers.formats.xml_parts import attribute, local_name
from pipeline.readers.sheet.grid import Address, Box

_STATES: dict[str, bool | None] = {"checked": True, "unchecked": False}


class OdsBoxes:
    """The check boxes of one sheet, added as its elements are met."""

    def __init__(self) -> None:
        self._boxes: dict[str, Box] = {}

    def add_forms(self, forms: ElementTree.Element) -> None:
        """The controls of the sheet, of which some are check boxes; none is drawn yet."""
        for element in forms.iter():
            if local_name(element.tag) == "checkbox" and len(self._boxes) < MAXIMUM_BOXES:
                state = attribute(element, "current-state") or attribute(element, "state") or "unchecked"
                self._boxes[attribute(element, "id") or ""] = Box(
                    None, attribute(element, "label") or "", _STATES.get(state)
                )

    def draw(self, cell: ElementTree.Element, address: Address) -> None:
        """Gives the controls that are drawn in a cell that cell; one that reaches into another row stays without a cell."""
        if not self._boxes or not len(cell):
            return
        for element in cell.iter():
            identifier = attribute(element, "control") if local_name(element.tag) == "control" else None
            if identifier in self._boxes:
                end = (attribute(element, "end-cell-address") or "").rpartition(".")[2].lstrip("$")
                row = end.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").lstrip("$")
                if row in ("", str(address[0])):
                    self._boxes[identifier] = self._boxes[identifier]._replace(cell=address)

    def all(self) -> tuple[Box, ...]:
        """Every check box, in the order of their cells."""
        return tuple(sorted(self._boxes.values(), key=lambda box: box.cell or (0, 0)))
