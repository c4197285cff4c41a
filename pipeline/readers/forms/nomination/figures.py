"""The figures of 附件2: money in 万元, or in the unit that the column's header, a heading or a line 单位：… names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from pipeline.issues.catalogue import UNIT_CONVERTED, code_of
from pipeline.issues.issue import Issue
from pipeline.model.display import number_text
from pipeline.model.records import Reading
from pipeline.model.rulebook import NominationColumn, Unit
from pipeline.model.texts import label_of, narrowed
from pipeline.readers.forms.sheet import Sheet
from pipeline.readers.sheet.headers import brackets_of

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
    """The label of a header, a unit at its end without brackets (利润总额/亿元) put in brackets."""
    return _UNIT_AT_END.sub(r"(\1)", label_of(header))


class HeaderUnit(NamedTuple):
    """The unit that a header names. factor: from it into the rulebook's unit. unknown: the header's words for a unit
    that is not known, or for several that differ; the factor is 1 then."""

    factor: Fraction = Fraction(1)
    unknown: str = ""


def _unit_named(text: str, unit: Unit) -> HeaderUnit | None:
    """The unit named in the brackets of a header whose figures the rulebook has in `unit`; None without one."""
    factors: dict[Fraction, str] = {}
    unknown = ""
    for bracket in brackets_of(unit_in_brackets(text)):
        for piece in _BREAKS.split(_UNIT_WORD.sub("", bracket)):
            word = _HOME_CURRENCY.sub("", piece).upper()
            if word in unit.own_upper or word in unit.factors:
                factors[unit.factors.get(word, Fraction(1))] = bracket
            elif _MONEY.fullmatch(word):
                unknown = bracket
    if unknown or len(factors) > 1:
        return HeaderUnit(unknown=unknown or "；".join(factors.values()))
    return HeaderUnit(next(iter(factors))) if factors else None


class FigureColumn:
    """One column of figures.

    unknown_unit: the words of a unit that is not known, "" without; only cells that name their own unit are read then.
    """

    def __init__(self, sheet: Sheet, entry: NominationColumn, column: int, texts: Iterable[str]) -> None:
        """`texts`: what may name the column's unit, the nearest first."""
        self.id, self.label, self.column = entry.id, entry.label, column
        self.sheet, self.entry, self.values = sheet, entry, sheet.lexicon.values
        unit = sheet.lexicon.rulebook.unit_of[entry.unit]
        self.units = (*unit.own_upper, *unit.factors)
        named = ((text, _unit_named(text, unit)) for text in texts)
        self.header, header_unit = next(
            ((text, named_unit) for text, named_unit in named if named_unit), ("", HeaderUnit())
        )
        self.factor, self.unknown_unit = header_unit

    def reads_as_number(self, row: int) -> bool:
        """True for a row with a figure in this column, be it the right one or not."""
        value = self.sheet.grid.cells.get((row, self.column))
        return value is not None and self.values.figure(value, self.entry.unit, self.entry.negative).state == "ok"

    def read(self, row: int) -> Reading:
        """The figure in the row, in the rulebook's unit."""
        address = (row, self.column)
        where = self.sheet.where(address)
        reading = self.values.figure(self.sheet.grid.answer_at(address), self.entry.unit, self.entry.negative)
        reading = reading._replace(where=where)
        if reading.state != "ok" or self._names_unit(reading):
            return reading
        if self.unknown_unit:
            return Reading(reading.raw, None, "error", where=where)
        return self._converted(reading) if self.factor != 1 else reading

    def issue_of(self, reading: Reading, company: str) -> Issue | None:
        """The issue of a company's figure, None for one without."""
        if not reading.code:
            return None
        facts = {"item": "附件2", "part": f"“{self.label}”", **reading.facts}
        return Issue(code_of(reading.code), reading.where, company, "", self.label, reading.raw, facts)

    def _names_unit(self, reading: Reading) -> bool:
        """True when the cell itself names a unit, which then counts instead of the header's."""
        typed = narrowed(reading.facts.get("shown", reading.raw)).upper()
        return bool(_LETTERS.search(typed)) and any(unit in typed for unit in self.units)

    def _converted(self, reading: Reading) -> Reading:
        """A figure in the header's unit, converted into the rulebook's."""
        value = float(Fraction(repr(reading.value)) * self.factor)
        facts = {**reading.facts, "read": f"{number_text(value)} {self.entry.unit}"}
        rule = "；".join(part for part in (reading.rule, f"表头写明单位：{label_of(self.header)}") if part)
        return reading._replace(value=value, code=reading.code or UNIT_CONVERTED, rule=rule, facts=facts)
