"""One sheet being read: its cells, where they stand in the input, and the rulebook's words to read them by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.issues.catalogue import Code
from pipeline.issues.issue import Issue
from pipeline.issues.where import Where
from pipeline.model.records import RegionClaim
from pipeline.readers.sheet.bands import HeaderCells
from pipeline.readers.sheet.grid import Address, Grid
from pipeline.readers.sheet.headers import MergedValues
from pipeline.readers.values.lexicon import Lexicon


@dataclass(frozen=True)
class Sheet:
    """One sheet being read.

    path: of its file inside the input, with /. saved: when the workbook says it was saved, "" without. claim: the
    region that the folders around the file name, None when they name none.
    """

    grid: Grid
    path: str
    saved: str
    claim: RegionClaim | None
    lexicon: Lexicon

    @cached_property
    def merged(self) -> MergedValues:
        """The values of merged cells, for every row they cover."""
        return MergedValues(self.grid)

    @cached_property
    def header_cells(self) -> HeaderCells:
        """The texts of each row as headers of tables that may stand side by side."""
        return HeaderCells(self.grid)

    @property
    def whole(self) -> Where:
        """The file and sheet, for what concerns no single cell."""
        return Where(self.path, self.grid.name)

    def where(self, address: Address) -> Where:
        """The file, sheet and cell of an address."""
        return Where(self.path, self.grid.name, self.grid.cell_text(address))

    def issue(
        self,
        code: Code,
        address: Address,
        *,
        company: str = "",
        indicator: str = "",
        part: str = "",
        found: str = "",
        facts: Mapping[str, str] | None = None,
    ) -> Issue:
        """An issue at a cell of this sheet; parameters as the fields of `Issue`."""
        return Issue(code, self.where(address), company, indicator, part, found, dict(facts or {}))
