"""The figures of 附件2: money in 万元, or in the unit that the column's header, a heading or a line 单位：… names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from pipeline.issues.catalogue import UNIT_CONVERTED
from pipeline.issues.issue import Issue
from pipeline.model.display import number_text
from pipeline.model.records import Reading
from pipeline.model.rulebook import NominationColumn, Unit
from pipeline.model.texts import label_of, narrowed
from pipeline.readers.sheet.grid import Grid, where_in
from pipeline.readers.sheet.headers import brackets_of
from pipeline.readers.values.lexicon import Readers

_LETTERS = re.compile(r"[^\W\d]")
_UNIT_WORD = re.compile(r"(?:金额|货币|计量)?单位:?(?:均?为)?")
_UNIT_LINE = re.compile(r"单位:[^()]{1,8}\)?$")
_BREAKS = re.compile(r"[,、;/]|以|或")
_HOME_CURRENCY = re.compile("人民币|RMB|CNY")
_UNIT_AT_END = re.compile(r"[/,:;、.\-]?(?:单位:?)?([十百千万亿]{0,3}[美欧日港]?元)$")
_MONEY = re.compile(r".*(?:[元币镑$€£¥%‰]|USD|EUR|GBP|HKD|JPY|TWD)$")


def unit_line(texts: Iterable[str]) -> str:
    """单位：元 above a list, in brackets as a header has it; "" without one."""
    lines = (_UNIT_LINE.search(label_of(text)) for text in texts)
    return next((f"({line[0].rstrip(')')})" for line in lines if line), "")


def unit_in_brackets(header: str) -> str:
    """A header whose unit stands at its end without brackets (利润总额/亿元) as if it stood in some."""
    return _UNIT_AT_END.sub(r"(\1)", label_of(header))


def _unit_said(text: str, unit: Unit) -> tuple[Fraction, str] | None:
    """(factor into `unit`, "") for the unit that the brackets of a header name, (1, its words) for one nobody knows or
    for two that differ, None when they name none."""
    factors, unknown = {}, ""
    for bracket in brackets_of(unit_in_brackets(text)):
        for piece in _BREAKS.split(_UNIT_WORD.sub("", bracket)):
            word = _HOME_CURRENCY.sub("", piece).upper()
            if word in unit.own_upper or word in unit.factors:
                factors[unit.factors.get(word, Fraction(1))] = bracket
            elif _MONEY.fullmatch(word):
                unknown = bracket
    if unknown or len(factors) > 1:
        return Fraction(1), unknown or "；".join(factors.values())
    return (next(iter(factors)), "") if factors else None


class FigureColumn:
    """One column of figures. texts: what may name its unit, the nearest first. unknown_unit: the words that do and
    that nobody knows; then only cells that say their own unit are read."""

    def __init__(self, entry: NominationColumn, column: int, texts: Iterable[str], readers: Readers) -> None:
        self.id, self.label, self.column = entry.id, entry.label, column
        self.entry, self.values = entry, readers.values
        unit = readers.rulebook.unit_of[entry.unit]
        self.units = (*unit.own_upper, *unit.factors)
        said = ((text, _unit_said(text, unit)) for text in texts)
        self.header, (self.factor, self.unknown_unit) = next(
            ((text, found) for text, found in said if found), ("", (Fraction(1), ""))
        )

    def reads_as_number(self, grid: Grid, row: int) -> bool:
        value = grid.cells.get((row, self.column))
        return value is not None and self.values.figure(value, self.entry.unit, self.entry.negative).state == "ok"

    def read(self, grid: Grid, row: int, file: str, company: str, issues: list[Issue]) -> Reading:
        """The figure in the row, in the rulebook's unit; its issue, if any, is added to `issues`."""
        address = (row, self.column)
        where = where_in(file, grid, address)
        reading = self.values.figure(grid.cells.get(address), self.entry.unit, self.entry.negative)
        reading = reading._replace(where=where)
        if reading.state == "ok" and not self._names_unit(reading):
            if self.unknown_unit:
                return Reading(reading.raw, None, "error", where=where)
            reading = self._converted(reading) if self.factor != 1 else reading
        if reading.code:
            facts = {"item": "附件2", "part": f"“{self.label}”", **reading.facts}
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
        return reading._replace(value=value, code=reading.code or UNIT_CONVERTED, rule=rule, facts=facts)
