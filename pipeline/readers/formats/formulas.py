"""The formulas of a workbook: which of their stored results nobody can vouch for, and which are zeros that nobody sees.

A workbook may say that its results are to be computed when it is opened; what it stores is then whatever the program
that wrote it left there. Such a result counts only when the formula, computed anew, gives the same. A result of any
other workbook counts unless the formula gives something else."""

from __future__ import annotations

import html
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import NamedTuple, TypeAlias

from pipeline.readers.formats.number_formats import hides_zero
from pipeline.readers.formats.recalculation import LeavesWorkbook, NotComputable, Scalar, computed, is_same_number
from pipeline.readers.formats.references import area_of
from pipeline.readers.sheet.grid import Address, Grid, OddValue, Value

MOST_STEPS = 50_000  # cells that are looked up for the formulas of one workbook
_DEEPEST = 20  # formulas that need each other
_MOST_IN_ARRAY = 20_000  # cells of an array formula
_ATTRIBUTE = re.compile(r' (t|si|ref)="([^"]*)"')
_ELEMENT = re.compile(r"<f((?: [^<>]*?)?)(?:/>|>([^<]*)</f>)")


class Formula(NamedTuple):
    """A formula as an .xlsx has it (ECMA-376 part 1, 18.3.1.40). text: "" where only another cell has it, and in formats
    that do not store texts; kind: t; group: si; area: ref."""

    text: str = ""
    kind: str = ""
    group: str = ""
    area: str = ""


Written: TypeAlias = str | Formula  # the XML of the element, or what it holds


@dataclass
class SheetFormulas:
    """What is known of one sheet when its cells are read. cells: those with a formula; blank: those whose result is an
    empty text; hides_zeros: the sheet shows no zeros; formats_hide: some number format may show nothing of one."""

    cells: dict[Address, Written] = field(default_factory=dict)
    blank: set[Address] = field(default_factory=set)
    hides_zeros: bool = False
    formats_hide: bool = True

    @cached_property
    def computable(self) -> dict[Address, tuple[str, Address]]:
        """Cell → its formula, and the rows and columns by which its relative references are moved; "" for one that
        cannot be computed. Every cell of an array formula has a formula."""
        formulas = {address: _formula(written) for address, written in self.cells.items()}
        shared = {
            formula.group: (formula.text, address)
            for address, formula in formulas.items()
            if formula.kind == "shared" and formula.text
        }
        found: dict[Address, tuple[str, Address]] = {}
        for address, formula in formulas.items():
            if formula.kind == "shared":
                text, origin = shared.get(formula.group, ("", address))
                found[address] = text, (address[0] - origin[0], address[1] - origin[1])
            elif formula.kind in ("", "normal"):
                found[address] = formula.text, (0, 0)
            else:
                found.update(dict.fromkeys(_cells_of(formula.area, address), ("", (0, 0))))
        return found


def _formula(written: Written) -> Formula:
    if isinstance(written, Formula):
        return written
    match = _ELEMENT.fullmatch(written)
    given = dict(_ATTRIBUTE.findall(match[1])) if match else {}
    text = html.unescape(match[2] or "") if match else ""
    return Formula(text, given.get("t", ""), given.get("si", ""), given.get("ref", ""))


def _cells_of(area: str, address: Address) -> Iterable[Address]:
    """The cells of an area ("D6:E7"), the cell of the formula alone for a text that is none and for a large one."""
    try:
        (top, left), (bottom, right) = area_of(area)
    except ValueError:
        return [address]
    if (bottom - top + 1) * (right - left + 1) > _MOST_IN_ARRAY:
        return [address]
    return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


class Results:
    """The stored results of a workbook's formulas.

    to_compute: the workbook says that they are to be computed on opening. exact: results are stored as they were
    computed, not as they were shown. unread: names of sheets that the workbook has besides."""

    def __init__(
        self,
        sheets: Iterable[tuple[Grid, SheetFormulas]],
        to_compute: bool,
        exact: bool = True,
        unread: Iterable[str] = (),
    ) -> None:
        self.sheets = {grid.name.casefold(): (grid, formulas) for grid, formulas in sheets}
        self.to_compute, self.exact = to_compute, exact
        self.unread = frozenset(name.casefold() for name in unread)
        self.left = MOST_STEPS
        self.open: list[tuple[str, Address]] = []
        self.known: dict[tuple[str, Address], Scalar | NotComputable] = {}

    def is_doubtful(self, sheet: str, address: Address) -> bool:
        """True for a formula whose stored result is not the one that it gives, or perhaps not."""
        agrees = self._agrees(sheet.casefold(), address)
        return self.to_compute if agrees is None else not agrees

    def may_be_blank(self, sheet: str, address: Address) -> bool:
        """True for a formula that surely gives the empty text that is stored."""
        return self._agrees(sheet.casefold(), address) is True

    def _agrees(self, sheet: str, address: Address) -> bool | None:
        """Whether the formula gives the stored result, None where it cannot be computed."""
        grid, formulas = self.sheets[sheet]
        try:
            result = self._computed(sheet, address)
            stored = self._stored(grid, formulas, address)
        except LeavesWorkbook:
            return True  # what is stored is what everybody sees who has not the other workbook
        except NotComputable:
            return None
        if isinstance(result, float) and isinstance(stored, float):
            if is_same_number(result, stored) or abs(result - stored) < 1e-9:
                return True
            return False if self.to_compute or self._is_certain(sheet, address) else None
        same = type(result) is type(stored) and result == stored
        return same if same or self.to_compute else None

    def _is_certain(self, sheet: str, address: Address) -> bool:
        """True for a formula whose result here is surely that of other programs: numbers are stored as computed, no texts
        are counted, for blank ones are not in the grid, and no blank cell stands for a 0."""
        text, moved = self.sheets[sheet][1].computable[address]
        if not self.exact or "COUNTA" in text.upper():
            return False
        try:
            computed(text, moved, partial(self._value, sheet), blanks=False)
        except NotComputable:
            return False
        return True

    def _computed(self, sheet: str, address: Address) -> Scalar:
        """The result of the formula in a cell; raises NotComputable."""
        key = sheet, address
        if key not in self.known:
            text, moved = self.sheets[sheet][1].computable.get(address, ("", (0, 0)))
            if not text or key in self.open or len(self.open) >= _DEEPEST:
                raise NotComputable
            self.open.append(key)
            try:
                value_at = partial(self._value, sheet)
                self.known[key] = computed(text, moved, value_at)
            except NotComputable as error:
                self.known[key] = error
            finally:
                self.open.pop()
        result = self.known[key]
        if isinstance(result, NotComputable):
            raise result
        return result

    def _value(self, own: str, named: str, address: Address) -> Scalar:
        """The value of a cell that a formula of the sheet `own` needs; raises NotComputable. named: the sheet that the
        formula names, "" for its own."""
        sheet = named or own
        self.left -= 1
        found = self.sheets.get(sheet.casefold())
        if found is None and sheet.casefold() not in self.unread:
            raise LeavesWorkbook
        if found is None or self.left < 0:
            raise NotComputable
        grid, formulas = found
        if address in formulas.computable:
            try:
                return self._computed(sheet.casefold(), address)
            except NotComputable:
                if self.to_compute:
                    raise
        return self._stored(grid, formulas, address)

    @staticmethod
    def _stored(grid: Grid, formulas: SheetFormulas, address: Address) -> Scalar:
        value = grid.cells.get(address)
        if value is None:
            return 0.0 if address in grid.unseen else "" if address in formulas.blank else None
        if not isinstance(value, OddValue):
            return value
        if value.kind == "boolean":
            return value.text == "TRUE"
        if value.number is None:
            raise NotComputable
        return value.number


@dataclass(frozen=True)
class _Doubted(Container[Address]):
    """The formula cells of a sheet whose stored results may not be the ones that they give."""

    results: Results
    sheet: str
    formulas: Mapping[Address, object]

    def __contains__(self, address: object) -> bool:
        return (
            isinstance(address, tuple)
            and address in self.formulas
            and self.results.is_doubtful(self.sheet, (address[0], address[1]))
        )


@dataclass(frozen=True)
class _BlankResults(Container[Address]):
    """The formula cells of a sheet whose result is an empty text, but for those whose formula surely gives one."""

    results: Results
    sheet: str
    blank: frozenset[Address]

    def __contains__(self, address: object) -> bool:
        return (
            isinstance(address, tuple)
            and address in self.blank
            and not self.results.may_be_blank(self.sheet, (address[0], address[1]))
        )


def note_formulas(
    sheets: list[tuple[Grid, SheetFormulas]], to_compute: bool = False, exact: bool = True, unread: Iterable[str] = ()
) -> None:
    """Sets what the grids of a workbook say about the results of their formulas and about zeros that nobody sees;
    parameters as those of `Results`. What is doubted is found out only when somebody asks about a cell."""
    results = Results(sheets, to_compute, exact, unread)
    for grid, formulas in sheets:
        if formulas.cells:
            grid.unproven = _Doubted(results, grid.name, formulas.computable if to_compute else formulas.cells)
        if formulas.blank:
            grid.blank_results = _BlankResults(results, grid.name, frozenset(formulas.blank))
        if formulas.hides_zeros or formulas.formats_hide:
            _note_unseen_zeros(grid, formulas)


def _note_unseen_zeros(grid: Grid, formulas: SheetFormulas) -> None:
    """A zero that the screen does not show: the result of a formula becomes a blank, a typed one is asked about."""
    unseen = [address for address, value in grid.cells.items() if _is_unseen_zero(value, formulas.hides_zeros)]
    for address in unseen:
        if address not in formulas.cells:
            grid.cells[address] = OddValue("unseen_zero", "0", 0.0)
        elif address not in grid.unproven:
            del grid.cells[address]
    grid.unseen = frozenset(address for address in unseen if address not in grid.cells)


def _is_unseen_zero(value: Value, hidden: bool) -> bool:
    if isinstance(value, float):
        return hidden and value == 0
    if not isinstance(value, OddValue) or value.kind != "formatted" or value.number != 0:
        return False
    return hidden or hides_zero(value.format)
