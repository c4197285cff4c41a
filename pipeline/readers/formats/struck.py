"""What is struck out on a sheet: by the fonts of its cells, and by the runs of their texts, which have fonts of their
own."""

from __future__ import annotations

from pipeline.readers.formats.runs import STRUCK, Runs, seen
from pipeline.readers.sheet.grid import Address, Grid


class StruckCells:
    """Gathers what is struck out on a sheet as its cells are added."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.cells: set[Address] = set()

    def note(self, address: Address, runs: Runs, base: str) -> None:
        """One cell, with its runs, () without, and how its font draws."""
        if address not in self.grid.cells:
            return
        if not runs:
            if base == STRUCK:
                self.cells.add(address)
        elif base == STRUCK or any(own == STRUCK for _, own in runs):
            text, struck, marked = seen(runs, base)
            self.grid.cells[address] = text
            if struck:
                self.cells.add(address)
            if marked:
                self.grid.struck_parts[address] = marked

    def finish(self) -> None:
        """Sets what the grid says of its cells, without those that turned out to be covered by a merge."""
        cells = self.grid.cells
        self.grid.struck = frozenset(self.cells & cells.keys())
        self.grid.struck_parts = {
            address: marked for address, marked in self.grid.struck_parts.items() if address in cells
        }
