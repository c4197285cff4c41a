"""The figures of 附件2: money in 万元, or in the unit that the column's header names."""

from __future__ import annotations

import re
from fractions import Fraction

from pipeline.issues import Issue
from pipeline.readers.assessment import Readers
from pipeline.readers.grid import Grid, label_of, number_text
from pipeline.readers.headers import bracket_of
from pipeline.readers.labels import where_in
from pipeline.readers.values import narrowed
from pipeline.records import Reading
from pipeline.rulebook import NominationColumn

_LETTERS = re.compile(r"[^\W\d]")
_PHONE = re.compile(r"1[3-9][0-9]{9}")


class FigureColumn:
    """One column of figures; `header` is its header as typed."""

    def __init__(self, entry: NominationColumn, column: int, header: str, readers: Readers) -> None:
        self.id, self.label, self.column, self.header = entry.id, entry.label, column, header
        self.entry, self.values = entry, readers.values
        unit = readers.rulebook.unit_of[entry.unit]
        self.units = (*unit.own_upper, *unit.factors)
        bracket = bracket_of(header).upper().removeprefix("单位").lstrip(":")
        self.factor = unit.factors.get(bracket, Fraction(1))

    def reads_as_number(self, grid: Grid, row: int) -> bool:
        value = grid.cells.get((row, self.column))
        return value is not None and self.values.figure(value, self.entry.unit, self.entry.negative).state == "ok"

    def read(self, grid: Grid, row: int, file: str, company: str, issues: list[Issue]) -> Reading:
        """The figure in the row, in the rulebook's unit; its issue, if any, is added to `issues`."""
        address = (row, self.column)
        where = where_in(file, grid, address)
        reading = self.values.figure(grid.cells.get(address), self.entry.unit, self.entry.negative)._replace(
            where=where
        )
        if self.factor != 1 and reading.state == "ok" and not self._names_unit(reading):
            reading = self._converted(reading)
        elif reading.state == "ok" and _PHONE.fullmatch(narrowed(reading.raw)):
            reading = reading._replace(value=None, state="error", code="V10")  # a column further than it belongs
        if reading.code:
            facts = {"item": f"附件2“{self.label}”", "part": "值", **reading.facts}
            issues.append(Issue(reading.code, where, company, "", self.label, reading.raw, facts))
        return reading

    def _names_unit(self, reading: Reading) -> bool:
        """True when the cell itself says its unit, which then counts and not the header's."""
        typed = narrowed(reading.facts.get("shown", reading.raw)).upper()
        return bool(_LETTERS.search(typed)) and any(unit in typed for unit in self.units)

    def _converted(self, reading: Reading) -> Reading:
        value = float(Fraction(repr(reading.value)) * self.factor)
        facts = {**reading.facts, "read": f"{number_text(value)} {self.entry.unit}"}
        rule = "；".join(part for part in (reading.rule, f"表头写明单位：{label_of(self.header)}") if part)
        return reading._replace(value=value, code=reading.code or "V05", rule=rule, facts=facts)
