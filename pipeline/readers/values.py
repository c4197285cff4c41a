"""Typed text → number: what a person may type for a figure, and what it is read as. Pure.

A white-list grammar over the text as typed: mark of approximation, currency sign, sign, number, unit, mark of
approximation, list in brackets. Whatever does not fit is an issue that quotes it, never a guess. Only full-width
ASCII (U+FF01-FF5E) is narrowed, so `10²` and `①` stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from pipeline.readers.grid import HIDDEN_CHARACTERS, OddValue, Value, is_blank, number_text, text_of, without_space
from pipeline.readers.number_formats import shown
from pipeline.records import Reading
from pipeline.rulebook import Rulebook, Unit, Vocabulary

LIMIT = 10**15  # figures from here on are slips: Excel itself keeps 15 digits

_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NUMBER = re.compile(r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?![0-9.,])")
_HIDDEN = f"[{HIDDEN_CHARACTERS}]*"
_SPLIT_DIGITS = re.compile(rf"[0-9][,.]?{_HIDDEN}(?:\s{_HIDDEN})+[,.]?{_HIDDEN}[0-9]")
_LONGEST_NUMBER = 60  # characters; digits beyond these are no figure of anybody's
_SERVER = re.compile(
    r"CPU[:：总共核]*([0-9]+(?:\.[0-9]+)?)核[,，、;；+和]*(?:总)?内存[:：总共]*([0-9]+(?:\.[0-9]+)?)(?:G|GB)", re.I
)
_INNER_BRACKETS = re.compile(r"\([^()]*\)")
_LIST_BREAK = re.compile(r"[、,;；/]|和|及")
_SIGNS = "-−"

# What a text that fits nowhere looks like, first match first.
_LOOKS_LIKE = (
    ("V15", re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!).*", re.I)),
    ("V14", re.compile(r"TRUE|FALSE|=?DISPIMG\(.*", re.I)),
    ("V13", re.compile(r"[0-9]{4}[年/.-][0-9]{1,2}([月/.-]([0-9]{1,2}[日号]?)?)?|[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?")),
    ("V12", re.compile(r".*[0-9][%‰].*|.*分之.*|[0-9.]+/[0-9.]+|[0-9.]+成")),
    ("V11", re.compile(r".*[0-9]\D{0,3}(-|~|—|–|至|到)\D{0,2}[0-9].*")),
    ("V18", re.compile(r"[0-9][0-9.]*+,[0-9,.]*+\D*")),
)


class NumberReader:
    """Reads the figures of one unit. `negative` allows a sign (利润). `read` never raises."""

    def __init__(self, unit: Unit, vocabulary: Vocabulary, negative: bool = False) -> None:
        self.unit = unit
        self.negative = negative
        self.none_words = narrowed_set(vocabulary.none_words)
        self.before = _longest_first(vocabulary.approximate_before)
        self.after = _longest_first(vocabulary.approximate_after)
        self.bounded = _longest_first(vocabulary.bounded)
        self.units = _longest_first([*unit.own_upper, *unit.factors])
        self.hint = f"（单位：{unit.id}）"

    def read(self, value: Value | None) -> Reading:
        """What the cell says; state blank for nothing."""
        if type(value) is float:
            if self.unit.whole and not value.is_integer():
                value = float(f"{value:.15g}")  # a sheet keeps and shows 15 digits: 3.0000000000000004 is 3
            if 0 <= value < LIMIT and (value.is_integer() or not self.unit.whole):
                return Reading(number_text(value), value + 0.0, "ok")  # + 0.0: no -0.0
            return self._bounded(Fraction(value), value, number_text(value))
        if value is None or (isinstance(value, str) and is_blank(value)):
            return Reading("", None, "blank")
        if isinstance(value, str):
            return self._read_text(value)
        return self._read_odd(value)

    def _read_odd(self, value: OddValue) -> Reading:
        codes = {"error": "V15", "no_result": "V16", "boolean": "V14", "date": "V13"}
        if value.kind in codes:
            return self._error(codes[value.kind], value.text)
        seen = shown(value.format, value.number or 0.0)
        if seen.kind in ("date", "percent"):
            return self._error("V21", value.text, format=value.format)
        plain = self.read(float(value.number or 0.0))
        if seen.kind == "plain" or plain.state == "error":
            return plain
        if seen.kind == "scaled":
            return self._remark(plain, "V23", value.text, "显示值与存储值不同，按存储值", shown=seen.text)
        reading = self._read_text(seen.text)
        if reading.state == "error":
            return reading  # it quotes what stands on the screen
        return self._remark(reading, "V22", value.text, "按显示的文字读取", shown=seen.text)

    def _remark(self, reading: Reading, code: str, found: str, rule: str, **facts: str) -> Reading:
        words = {"read": self._with_unit(reading.value or 0.0), "unit": self.hint, **facts}
        return reading._replace(raw=found, code=code, facts=words, rule=rule)

    def _error(self, code: str, raw: str, **facts: str) -> Reading:
        return Reading(raw, None, "error", code, {"unit": self.hint, **facts})

    def _with_unit(self, number: float) -> str:
        return f"{number_text(number)} {self.unit.own[0]}"

    def _read_text(self, raw: str) -> Reading:
        narrowed = raw.translate(_NARROW)
        text = without_space(narrowed).removeprefix("'")
        if text.upper() in self.none_words:
            return Reading(raw, 0.0, "none", rule=f"“{text}”按没有（0）计")
        if _SPLIT_DIGITS.search(narrowed.partition("(")[0]):
            return self._error("V17", raw)
        if self.unit.id == "4核16G" and (server := _SERVER.fullmatch(text)):
            number = (Fraction(server[1]) / 4 + Fraction(server[2]) / 16) / 2
            return self._bounded(number, float(number), raw, "V34", "按（CPU总核÷4＋总内存÷16）÷2 换算")
        parsed = self._parsed(text)
        return self._error(self._code_of(text), raw) if parsed is None else self._bounded(*parsed[:2], raw, *parsed[2:])

    def _parsed(self, text: str) -> tuple[Fraction, float, str, str, str] | None:
        """(number, as float, code, rule, note) of a text the grammar accepts, else None."""
        rest, approximate = self._without(text, self.before)
        if self.unit.currency and rest[:1] in ("¥", "￥"):
            rest = rest[1:]
        negative = rest[:1] in _SIGNS and bool(rest)
        if negative:
            rest = rest[1:]
        elif len(rest) > 2 and rest[0] == "(" and rest[-1] == ")":
            rest, negative = rest[1:-1], True
        match = _NUMBER.match(rest)
        if match is None or len(match[0]) > _LONGEST_NUMBER:
            return None
        number, rest = Fraction(match[0].replace(",", "")), rest[match.end() :]
        rest, between = self._without(rest, self.after)
        unit = next((name for name in self.units if rest.upper().startswith(name)), "")
        rest, behind = self._without(rest[len(unit) :], self.after)
        listed = self.unit.whole and _is_list(rest)
        if rest and not listed:
            return None
        factor = self.unit.factors.get(unit, Fraction(1))
        number = -number * factor if negative else number * factor
        code, rule, note = "", "", ""
        if unit in self.unit.factors:
            code, rule = "V05", "单位换算"
        elif approximate or between or behind:
            code, rule = "V06", "约数按所写的数"
        elif listed:
            outside = _INNER_BRACKETS.sub("", rest[1:-1])
            count = len([piece for piece in _LIST_BREAK.split(outside) if piece])
            code, rule = "V07", "取括号前的数"
            note = "" if count == number else f"（括号中列了 {count} 项）"
        return number, float(number) + 0.0, code, rule, note

    def _without(self, text: str, marks: Iterable[str]) -> tuple[str, bool]:
        for mark in marks:
            if text.startswith(mark):
                return text[len(mark) :], True
        return text, False

    def _bounded(
        self, number: Fraction, value: float, raw: str, code: str = "", rule: str = "", note: str = ""
    ) -> Reading:
        """A number that was understood, if it lies where such a figure can lie."""
        if number < 0 and not self.negative:
            return self._error("V08", raw)
        if abs(number) >= LIMIT:
            return self._error("V10", raw)
        if self.unit.whole and number.denominator != 1:
            return self._error("V09", raw)
        facts = {"read": self._with_unit(value), "unit": self.hint, "note": note} if code else {}
        return Reading(raw, value, "ok", code, facts, rule)

    def _code_of(self, text: str) -> str:
        """The issue code of a text the grammar does not accept."""
        if any(text.startswith(word) or text.endswith(word) for word in self.bounded):
            return "V19"
        for code, pattern in _LOOKS_LIKE:
            if pattern.fullmatch(text):
                return code
        rest = self._without(text, self.before)[0].lstrip("¥￥")
        match = _NUMBER.match(rest)
        tail = rest[match.end() :] if match else ""
        return "V20" if tail and all(character.isalpha() for character in tail) else "V01"


def _is_list(text: str) -> bool:
    """A bracket with words in it: （MES、ERP）."""
    return text[:1] == "(" and text[-1:] == ")" and any(character.isalpha() for character in text)


def narrowed(text: str) -> str:
    """Full-width ASCII narrowed, white space and invisible characters removed."""
    return without_space(text.translate(_NARROW))


def narrowed_set(words: Iterable[str]) -> frozenset[str]:
    """Words as typed cells are compared with them: narrowed, upper case."""
    return frozenset(narrowed(word).upper() for word in words)


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({narrowed(word).upper() for word in words}, key=lambda word: (-len(word), word)))


class MarkReading(NamedTuple):
    """One expert mark as read. state: given, blank, recused or error."""

    mark: float | None
    state: str


class ValueReaders:
    """Every reader of typed values that one rulebook asks for; build once per process."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.vocabulary = rulebook.vocabulary
        self._numbers: dict[tuple[str, bool], NumberReader] = {}
        self.rulebook = rulebook
        self._not_given = narrowed_set(rulebook.vocabulary.not_given)
        self._not_marked = narrowed_set(rulebook.vocabulary.not_marked)
        self._recused = narrowed_set(rulebook.vocabulary.recused)
        self._ticks = frozenset(narrowed(word) for word in rulebook.vocabulary.ticks)
        self._no_ticks = frozenset(narrowed(word) for word in rulebook.vocabulary.no_ticks)

    def number(self, unit: str, negative: bool = False) -> NumberReader:
        key = (unit, negative)
        if key not in self._numbers:
            self._numbers[key] = NumberReader(self.rulebook.unit_of[unit], self.vocabulary, negative)
        return self._numbers[key]

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
            value = _plain_number(value)
        return (
            MarkReading(value + 0.0, "given")
            if value is not None and 0 <= value <= points
            else MarkReading(None, "error")
        )

    def tick(self, text: str) -> bool | None:
        """True ticked, False not ticked, None an unknown mark. Doubled and spaced marks count as one."""
        mark = narrowed(text)
        if not mark or mark in self._no_ticks:
            return False
        if mark in self._ticks or all(character in self._ticks for character in mark):
            return True
        return False if all(character in self._no_ticks for character in mark) else None


def read_phone(value: Value | None) -> tuple[str, str]:
    """A phone as text and an issue code ("" without): a stored 13800138000.0 is 13800138000; 1.38E+10 is V37."""
    if value is None:
        return "", ""
    text = text_of(value).translate(_NARROW).strip()
    compact = without_space(text)
    if re.fullmatch(r"[0-9]+\.0+", compact):
        return compact.partition(".")[0], ""
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", compact, re.I):
        return compact, "V37"
    return text, ""


def whole_number(value: Value | None) -> float | None:
    """A whole number >= 0 of a pool workbook (12, "12", "1,234", "12家"); None when it is none."""
    value = _as_typed(value)
    if isinstance(value, str):
        value = _plain_number(value.rstrip().removesuffix("家"))
    return value + 0.0 if isinstance(value, float) and value.is_integer() and 0 <= value < LIMIT else None


def _as_typed(value: Value | None) -> Value | None:
    """A formatted number as a person typed it: the number itself, or the words on the screen; else as it stands."""
    if not isinstance(value, OddValue) or value.kind != "formatted":
        return value
    seen = shown(value.format, value.number or 0.0)
    if seen.kind == "plain":
        return value.number
    return seen.text if seen.kind == "literal" else value


def _plain_number(text: str) -> float | None:
    """A number typed without unit or words, None when the text is something else."""
    match = _NUMBER.fullmatch(narrowed(text).removeprefix("'"))
    if match is None or len(match[0]) > _LONGEST_NUMBER or _SPLIT_DIGITS.search(text.translate(_NARROW)):
        return None
    return float(match[0].replace(",", ""))


def printed_ratio(value: Value | None) -> float | None:
    """A printed share as a ratio: 142.7% (text or percent format) and 1.427 are 1.427; None when it is none."""
    if isinstance(value, OddValue) and value.kind == "formatted":
        value = value.number
    if isinstance(value, str):
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)%", narrowed(value))
        return float(Fraction(match[1]) / 100) if match else None
    return value if isinstance(value, float) else None
