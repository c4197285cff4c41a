"""The readers of typed values that one rulebook asks for: figures and the unit their caption names, marks, ticks; and
phones and the pool's figures. Pure."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from pipeline.issues.catalogue import PHONE_DIGITS_LOST
from pipeline.model.records import Reading
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import NARROW, narrowed, narrowed_set, without_space
from pipeline.readers.formats.number_formats import rendering_of
from pipeline.readers.sheet.grid import OddValue, Value, text_of
from pipeline.readers.values.numbers import INNER_BRACKETS, LIMIT, NumberReader, as_shown, plain_number

LONGEST_MARK = 40  # characters; longer texts are not worth remembering
LONGEST_UNIT = 6  # characters; a longer text beside an answer is a remark
_UNIT_STATED = re.compile(r"单位[^:()]{0,8}:((?:[^()]|\([^()]*\))*)")
_IN_BRACKETS = re.compile(r"\(([^()]{1,6})\)")


class MarkReading(NamedTuple):
    """One expert mark as read. state: given, blank, recused or error."""

    mark: float | None
    state: str


class NamedUnit(NamedTuple):
    """The unit that a form's own caption names. other: another unit of the same kind, upper case, "" when it is the
    rulebook's or none is named; unknown: the words when it is neither."""

    other: str = ""
    unknown: str = ""


OWN_UNIT = NamedUnit()


class ValueReaders:
    """Every reader of typed values that one rulebook asks for; build once per process."""

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
        """The reader of a unit's figures; `bare` as in NumberReader, upper case."""
        key = (unit, negative, bare)
        if key not in self._numbers:
            self._numbers[key] = NumberReader(self.rulebook.unit_of[unit], self.vocabulary, negative, bare)
        return self._numbers[key]

    def _unit_named(self, caption: str, unit: str) -> NamedUnit:
        """What a caption says of the unit of its answers, whose unit in the rulebook is `unit`."""
        entry = self.rulebook.unit_of[unit]
        own = narrowed_set(entry.own)
        text = narrowed(caption).upper()
        stated = _UNIT_STATED.findall(text)
        if not stated:
            words = [word for word in _IN_BRACKETS.findall(text) if len(word) > 1 or not word.isascii()]
            return NamedUnit(next((word for word in reversed(words) if word in entry.factors), ""))
        whole = stated[-1].replace("人民币", "")
        bare = INNER_BRACKETS.sub("", whole)
        for word in (whole, bare, re.split("[,;。]", bare)[0]):
            if not word or word in own or all(piece in own for piece in re.split("[/、或]", word)):
                return NamedUnit()
            if word in entry.factors:
                return NamedUnit(word)
        return NamedUnit(unknown=whole)

    def _unit_beside(self, text: str, unit: str, caption: NamedUnit) -> NamedUnit:
        """What the cell beside an answer says of its unit, as `_unit_named`; where it says nothing, `caption`, which is
        what the caption says. Two that disagree are unknown."""
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
        """A figure of 附件2: as a number, but `-`, `/`, 无 and blank are "not given"."""
        if isinstance(value, str) and narrowed(value).upper() in self._not_given:
            return Reading(value, None, "blank")
        return self.number(unit, negative).read(value)

    def mark(self, value: Value | None, points: float) -> MarkReading:
        """A mark: a number from 0 to `points`; blank, - and / are not marked; 回避 is recused."""
        if value is None:
            return MarkReading(None, "blank")
        value = _as_typed(value)
        if isinstance(value, OddValue):
            return MarkReading(None, "error")
        if isinstance(value, str):
            text = narrowed(value)
            if not text or text.upper() in self._not_marked:
                return MarkReading(None, "blank")
            if text.upper() in self._recused:
                return MarkReading(None, "recused")
            value = plain_number(value)
        return (
            MarkReading(value + 0.0, "given")
            if value is not None and 0 <= value <= points
            else MarkReading(None, "error")
        )

    def tick(self, text: str) -> bool | None:
        """True ticked, False not ticked, None an unknown mark. Doubled and spaced marks count as one."""
        return self._known_tick(text) if len(text) <= LONGEST_MARK else self._tick(text)

    def _tick(self, text: str) -> bool | None:
        mark = narrowed(text)
        if not mark or mark in self._no_ticks:
            return False
        if mark in self._ticks or all(character in self._ticks for character in mark):
            return True
        return False if all(character in self._no_ticks for character in mark) else None


def why_no_number(value: Value | None) -> str:
    """What is wrong with a cell that holds no text or plain number, in Chinese; "" for one that does."""
    if not isinstance(value, OddValue):
        return ""
    if value.kind == "formatted":
        seen = {"date": "显示为日期或时间", "percent": "显示为百分比", "foreign": "显示为外币"}
        kind = seen.get(rendering_of(value.format, value.number or 0.0).kind, "显示的与存的数不同")
        return f"在表上{kind}（格式“{value.format}”）"
    kinds = {
        "error": "是公式出错的格子",
        "no_result": "是公式，但文件里没有存下计算结果",
        "boolean": "是“是/否”值或图片",
    }
    return kinds.get(value.kind, "是日期或时间")


def read_phone(value: Value | None) -> tuple[str, str]:
    """A phone as text and an issue code ("" without): a stored 13800138000.0 is 13800138000; 1.38E+10 is V37."""
    if value is None:
        return "", ""
    text = text_of(value).translate(NARROW).strip()
    compact = without_space(text)
    if re.fullmatch(r"[0-9]+\.0+", compact):
        return compact.partition(".")[0], ""
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", compact, re.I):
        return compact, PHONE_DIGITS_LOST
    return text, ""


def whole_number(value: Value | None) -> float | None:
    """A whole number >= 0 of a pool workbook (12, "12", "1,234", "12家"); None when it is none."""
    value = _as_typed(value)
    if isinstance(value, str):
        value = plain_number(value.rstrip().removesuffix("家"))
    return value + 0.0 if isinstance(value, float) and value.is_integer() and 0 <= value < LIMIT else None


def _as_typed(value: Value | None) -> Value | None:
    """A formatted number as a person typed it: the number itself, or the words on the screen; else as it stands."""
    if isinstance(value, float):
        return as_shown(value)
    if not isinstance(value, OddValue) or value.kind != "formatted":
        return value
    seen = rendering_of(value.format, value.number or 0.0)
    if seen.kind == "plain":
        return as_shown(float(value.number or 0.0))
    return seen.text if seen.kind == "literal" else value


def printed_ratio(value: Value | None) -> float | None:
    """A printed share as a ratio: 142.7% (text or percent format) and 1.427 are 1.427; None when it is none."""
    if isinstance(value, OddValue) and value.kind == "formatted":
        value = value.number
    if isinstance(value, str):
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)%", narrowed(value))
        return float(Fraction(match[1]) / 100) if match else None
    return as_shown(value) if isinstance(value, float) else None
