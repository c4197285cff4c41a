"""Reads the values of forms: figures and the unit their caption names, marks, ticks, phones, figures of the pool.
Pure."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from pipeline.issues.catalogue import PHONE_DIGITS_LOST
from pipeline.issues.phones import mask_phones
from pipeline.model.form_checks import IS_MOBILE, IS_NO_TICK, IS_TICK, LARGEST, MARK_ALLOWED
from pipeline.model.records import Reading
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import NARROW, narrowed, narrowed_set, without_space
from pipeline.readers.formats.number_formats import digits_shown, rendering_of
from pipeline.readers.sheet.grid import OddValue, Value, text_of
from pipeline.readers.values.doubts import DOUBTS
from pipeline.readers.values.numbers import INNER_BRACKETS, NumberReader, as_shown, plain_number

LONGEST_TICK = 40  # characters of a text that is cached
LONGEST_UNIT = 6  # characters; a longer text beside an answer is a comment, no unit
_UNIT_STATED = re.compile(r"单位[^:()]{0,8}:((?:[^()]|\([^()]*\))*)")
_IN_BRACKETS = re.compile(r"\(([^()]{1,6})\)")


class MarkReading(NamedTuple):
    """One mark of an expert. mark: None unless the state is given; state: given, blank, recused or error."""

    mark: float | None
    state: str


class NamedUnit(NamedTuple):
    """The unit that a form names for an answer. other: a unit that converts to the rulebook's, upper case, "" when it
    is the rulebook's or none is named; unknown: the text of any other unit, "" without one."""

    other: str = ""
    unknown: str = ""


OWN_UNIT = NamedUnit()  # no other unit than the rulebook's


class ValueReaders:
    """The readers of values by one rulebook; built once per process, because they cache what they read.

    unit_named(caption, unit): the unit that a caption names, `unit` being the rulebook's.
    unit_beside(text, unit, caption): the same for the cell beside an answer, whose caption names the unit `caption`."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.vocabulary = rulebook.vocabulary
        self._numbers: dict[tuple[str, bool, str], NumberReader] = {}
        self.rulebook = rulebook
        self._not_given = narrowed_set(rulebook.vocabulary.not_given)
        self._not_marked = narrowed_set(rulebook.vocabulary.not_marked)
        self._recused = narrowed_set(rulebook.vocabulary.recused)
        self._ticks = frozenset(narrowed(word) for word in rulebook.vocabulary.ticks)
        self._no_ticks = frozenset(narrowed(word) for word in rulebook.vocabulary.no_ticks)
        self.unit_named = lru_cache(maxsize=4_096)(self._unit_named)
        self.unit_beside = lru_cache(maxsize=4_096)(self._unit_beside)
        self._known_tick = lru_cache(maxsize=4_096)(self._tick)

    def number(self, unit: str, negative: bool = False, bare: str = "") -> NumberReader:
        """The reader for the figures of a unit; negative, bare: as in NumberReader."""
        key = (unit, negative, bare)
        if key not in self._numbers:
            self._numbers[key] = NumberReader(self.rulebook.unit_of[unit], self.vocabulary, negative, bare)
        return self._numbers[key]

    def _unit_named(self, caption: str, unit: str) -> NamedUnit:
        """The unit that a caption names: behind 单位：, else in its last brackets that hold a convertible unit."""
        entry = self.rulebook.unit_of[unit]
        spellings = narrowed_set(entry.own)
        text = narrowed(caption).upper()
        stated = _UNIT_STATED.findall(text)
        if not stated:
            words = [word for word in _IN_BRACKETS.findall(text) if len(word) > 1 or not word.isascii()]
            return NamedUnit(next((word for word in reversed(words) if word in entry.factors), ""))
        whole = stated[-1].replace("人民币", "")
        bare = INNER_BRACKETS.sub("", whole)
        for word in (whole, bare, re.split("[,;。]", bare)[0]):
            if not word or word in spellings or all(piece in spellings for piece in re.split("[/、或]", word)):
                return NamedUnit()
            if word in entry.factors:
                return NamedUnit(word)
        return NamedUnit(unknown=whole)

    def _unit_beside(self, text: str, unit: str, caption: NamedUnit) -> NamedUnit:
        """The unit that the cell beside an answer names; `caption` when it names none. Two units that contradict each
        other are unknown."""
        word = narrowed(text).upper().removeprefix("单位:").strip("()")
        if not word or self.tick(text) is not None or plain_number(word) is not None or len(word) > LONGEST_UNIT:
            return caption
        entry = self.rulebook.unit_of[unit]
        named = NamedUnit(word) if word in entry.factors else NamedUnit(unknown=word)
        if word in narrowed_set(entry.own) or word == narrowed(unit).upper():
            named = NamedUnit()
        if caption.unknown or caption.other in ("", named.other):
            return caption if caption.unknown else named
        return NamedUnit(unknown=f"{caption.other}、{word}")

    def figure(self, value: Value | None, unit: str, negative: bool) -> Reading:
        """The reading of a figure of 附件2: as a number, but `-`, `/` and 无 are blank, as nothing need be given."""
        if isinstance(value, str) and narrowed(value).upper() in self._not_given:
            return Reading(value, None, "blank")
        return self.number(unit, negative).read(value)

    def mark(self, value: Value | None, points: float) -> MarkReading:
        """The reading of a mark: given for a number from 0 to `points`, with or without 分; blank for a blank cell, - and /; recused for
        回避."""
        value = _as_typed(value)
        if isinstance(value, OddValue):
            return MarkReading(None, "blank" if value.kind == "unseen_result" else "error")
        if value is None or isinstance(value, str):
            text = narrowed(value or "").upper()
            if not text or text in self._not_marked:
                return MarkReading(None, "blank")
            if text in self._recused:
                return MarkReading(None, "recused")
            value = plain_number((value or "").rstrip().removesuffix("分"))
        if value is None or not MARK_ALLOWED.rule(mark=value, points=points):
            return MarkReading(None, "error")
        return MarkReading(value + 0.0, "given")

    def tick(self, text: str) -> bool | None:
        """True for a tick, False for a blank text or a mark of no tick, None for any other text. A mark may be repeated
        and have spaces."""
        return self._known_tick(text) if len(text) <= LONGEST_TICK else self._tick(text)

    def _tick(self, text: str) -> bool | None:
        mark = narrowed(text)
        if not mark or mark in self._no_ticks:
            return False
        if IS_TICK.rule(mark=mark, ticks=self._ticks):
            return True
        return False if IS_NO_TICK.rule(mark=mark, no_ticks=self._no_ticks) else None


_NO_NUMBER = {
    "error": "是公式出错的格子",
    "no_result": "是公式，但文件里没有存下计算结果",
    "boolean": "是“是/否”值或图片",
}
_DISPLAYED_AS = {"date": "显示为日期或时间", "percent": "显示为百分比", "foreign": "显示为外币"}


def why_no_number(value: Value | None) -> str:
    """The reason why a cell holds no number, in Chinese, for a message; "" for a text, a plain number or a blank
    cell."""
    if not isinstance(value, OddValue):
        return ""
    if value.kind == "formatted":
        kind = rendering_of(value.format, value.number or 0.0).kind
        return f"在表上{_DISPLAYED_AS.get(kind, '显示的与存的数不同')}（格式“{mask_phones(value.format)}”）"
    if value.kind in DOUBTS:
        return DOUBTS[value.kind].why
    return _NO_NUMBER.get(value.kind, "是日期或时间")


def read_phone(value: Value | None) -> tuple[str, str]:
    """(a phone number as text, an issue code or ""): a number as its format shows it. A number stored as 13800138000.0 is 13800138000; 1.38E+10, which
    has lost its digits, gets PHONE_DIGITS_LOST."""
    if value is None:
        return "", ""
    text = _code_text(value).translate(NARROW).strip()
    compact = without_space(text)
    if re.fullmatch(r"[0-9]+\.0+", compact):
        return compact.partition(".")[0], ""
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", compact, re.I):
        return compact, PHONE_DIGITS_LOST
    return text, ""


def _code_text(value: Value) -> str:
    """A phone or a code as text: a number as its format shows it (057188888888, 0571-88888888)."""
    if isinstance(value, OddValue) and value.kind == "formatted" and value.number is not None:
        return digits_shown(value.format, value.number) or value.text
    return text_of(value)


def whole_number(value: Value | None) -> float | None:
    """The value of a whole number >= 0 in a pool workbook (12, "12", "1,234", "12家"); None for any other value, and for
    a mobile number."""
    value = _as_typed(value)
    if isinstance(value, str):
        value = plain_number(value.rstrip().removesuffix("家"))
    if not isinstance(value, float) or not value.is_integer() or not 0 <= value < LARGEST:
        return None
    return None if IS_MOBILE.rule(number=value) else value + 0.0


def _as_typed(value: Value | None) -> Value | None:
    """A number as `as_shown`; a formatted number with words around it as its displayed text; any other value
    unchanged."""
    if isinstance(value, float):
        return as_shown(value)
    if not isinstance(value, OddValue) or value.kind != "formatted":
        return value
    rendering = rendering_of(value.format, value.number or 0.0)
    if rendering.kind == "plain":
        return as_shown(float(value.number or 0.0))
    return rendering.text if rendering.kind == "literal" else value


def printed_ratio(value: Value | None) -> float | None:
    """The ratio of a printed share: 1.427 for 142.7% (as text or by its format) and for 1.427; None for any other
    value."""
    if isinstance(value, OddValue) and value.kind == "formatted":
        value = value.number
    if isinstance(value, str):
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)%", narrowed(value))
        return float(Fraction(match[1]) / 100) if match else None
    return as_shown(value) if isinstance(value, float) else None
