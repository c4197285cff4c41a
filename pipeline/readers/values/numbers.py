"""Reads typed figures as numbers. Pure.

A text must match a grammar: mark of approximation, currency sign, sign, number, unit, mark of approximation, list in
brackets. Any other text is an issue that quotes it; nothing is guessed. Only full-width ASCII (U+FF01-FF5E) is
narrowed, so `10²` and `①` are not read as digits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from pipeline.issues.catalogue import (
    APPROXIMATE_NUMBER,
    BLANK_OR_FORMULA_ERROR,
    BOOLEAN_OR_PICTURE,
    COMMA_MISPLACED,
    DATE_OR_TIME,
    FORMULA_ERROR,
    FORMULA_WITHOUT_RESULT,
    GAP_IN_NUMBER,
    MISLEADING_CELL_FORMAT,
    NEGATIVE_NUMBER,
    NOT_AN_INTEGER,
    NUMBER_TOO_LARGE,
    NUMBER_UNCLEAR,
    NUMBER_WITH_WORDS,
    ONLY_UPPER_LIMIT,
    PERCENTAGE_OR_RATIO,
    PHONE_AS_NUMBER,
    RANGE_GIVEN,
    RESULT_NOT_COMPUTED,
    SERVER_SIZE_CALCULATED,
    SHOWN_VALUE_READ,
    STORED_VALUE_READ,
    STRUCK_OUT,
    UNIT_CONVERTED,
    UNKNOWN_UNIT,
    UNSEEN_RESULT,
    UNSEEN_ZERO,
    Code,
)
from pipeline.model.display import number_text
from pipeline.model.form_checks import IS_MOBILE, IS_NEGATIVE, IS_NOT_WHOLE, IS_TOO_LARGE, LARGEST, MOBILES
from pipeline.model.records import Reading
from pipeline.model.rulebook import Unit, Vocabulary
from pipeline.model.texts import HIDDEN_CHARACTERS, NARROW, is_blank, narrowed, narrowed_set, without_space
from pipeline.readers.formats.number_formats import rendering_of
from pipeline.readers.sheet.grid import OddValue, Value, text_of

_NUMBER = re.compile(r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?![0-9.,])")
_HIDDEN = f"[{HIDDEN_CHARACTERS}]*"
_SPLIT_DIGITS = re.compile(rf"[0-9][,.]?{_HIDDEN}(?:\s{_HIDDEN})+[,.]?{_HIDDEN}[0-9]")
_LONGEST_NUMBER = 60  # characters of a number
_SERVER = re.compile(
    r"CPU[:：总共核]*([0-9]+(?:\.[0-9]+)?)核[,，、;；+和]*(?:总)?内存[:：总共]*([0-9]+(?:\.[0-9]+)?)(?:G|GB)", re.I
)
INNER_BRACKETS = re.compile(r"\([^()]*\)")
_LIST_BREAK = re.compile(r"[、,;；/]|和|及")
_SIGNS = "-−"
_MOBILE = re.compile(r"(?:(?:\+|00)86)?1[3-9][0-9]{9}")

# Patterns for texts that do not match the grammar; the first match gives the issue.
_LOOKS_LIKE = (
    (FORMULA_ERROR, re.compile(r"#(DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!).*", re.I)),
    (BOOLEAN_OR_PICTURE, re.compile(r"TRUE|FALSE|=?DISPIMG\(.*", re.I)),
    (
        DATE_OR_TIME,
        re.compile(r"[0-9]{4}[年/.-][0-9]{1,2}([月/.-]([0-9]{1,2}[日号]?)?)?|[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?"),
    ),
    (PERCENTAGE_OR_RATIO, re.compile(r".*[0-9][%‰].*|.*分之.*|[0-9.]+/[0-9.]+|[0-9.]+成")),
    (RANGE_GIVEN, re.compile(r".*[0-9]\D{0,3}(-|~|—|–|至|到)\D{0,2}[0-9].*")),
    (COMMA_MISPLACED, re.compile(r"[0-9][0-9.]*+,[0-9,.]*+\D*")),
)
_CODE_OF_KIND = {
    "error": FORMULA_ERROR,
    "no_result": FORMULA_WITHOUT_RESULT,
    "boolean": BOOLEAN_OR_PICTURE,
    "date": DATE_OR_TIME,
    "struck": STRUCK_OUT,
    "unproven": RESULT_NOT_COMPUTED,
    "no_text": BLANK_OR_FORMULA_ERROR,
    "unseen_zero": UNSEEN_ZERO,
}


class Finding(NamedTuple):
    """A remark on a figure that was read. code: its issue; rule: how the figure was read, for the audit workbook; note:
    a text for the message of another finding, "" when none is needed."""

    code: Code
    rule: str
    note: str = ""


_APPROXIMATE = Finding(APPROXIMATE_NUMBER, "约数按所写的数", "（写的是约数）")


class NumberReader:
    """Reads the figures of one unit.

    negative: a sign is allowed (利润). bare: the unit of a number typed without a unit, upper case, when the form names
    another unit of the same kind (单位：GB); "" for the unit itself."""

    def __init__(self, unit: Unit, vocabulary: Vocabulary, negative: bool = False, bare: str = "") -> None:
        self.unit = unit
        self.negative = negative
        self.bare = unit.factors.get(bare, Fraction(1))
        self.converts = bare in unit.factors
        self.bare_findings = (
            [Finding(UNIT_CONVERTED, f"表上写明单位：{bare}，单位换算", f"（表上写明单位：{bare}）")]
            if self.converts
            else []
        )
        self.none_words = narrowed_set(vocabulary.none_words)
        self.before = _longest_first(vocabulary.approximate_before)
        self.after = _longest_first(vocabulary.approximate_after)
        self.bounded = _longest_first(vocabulary.bounded)
        self.units = _longest_first([*unit.own_upper, *unit.factors])
        self.hint = f"（单位：{unit.id}）"

    def read(self, value: Value | None) -> Reading:
        """The reading of a cell, its number in the unit of this reader; never raises. Its state is ok, blank, none or
        error; a reading that is ok may carry the code of a remark."""
        if isinstance(value, float):
            return self._read_stored(value)
        if value is None or (isinstance(value, str) and is_blank(value)):
            return Reading("", None, "blank")
        if isinstance(value, str):
            return self._read_text(value)
        return self._read_odd(value)

    def _read_stored(self, stored: float) -> Reading:
        """The reading of a number stored in the cell."""
        value = as_shown(stored)
        raw = text_of(value)
        if value >= MOBILES.start and IS_MOBILE.rule(number=value):  # most figures are smaller
            return self._error(PHONE_AS_NUMBER, raw)
        if self.converts and value:
            number = Fraction(repr(value)) * self.bare
            return self._bounded(number, float(number), raw, self.bare_findings)
        if 0 <= value < LARGEST and (value.is_integer() or not self.unit.whole):
            return Reading(raw, value + 0.0, "ok")  # + 0.0: no -0.0
        return self._bounded(Fraction(value), value, raw)

    def _read_odd(self, value: OddValue) -> Reading:
        """The reading of what is neither a text nor a plain number."""
        if value.kind == "unseen_result":
            return Reading(value.text, None, "blank", UNSEEN_RESULT, {"unit": self.hint}, "不显示的 0 按没有填")
        if value.kind in _CODE_OF_KIND:
            return self._error(_CODE_OF_KIND[value.kind], value.text)
        return self._read_formatted(value)

    def _read_formatted(self, value: OddValue) -> Reading:
        """The reading of a number whose format displays it otherwise than stored."""
        rendering = rendering_of(value.format, value.number or 0.0)
        if rendering.kind in ("date", "percent", "foreign"):
            return self._error(MISLEADING_CELL_FORMAT, value.text, format=value.format)
        stored = as_shown(float(value.number or 0.0))
        plain = self._read_stored(stored)
        if rendering.kind == "plain" or plain.state == "error":
            return plain
        if rendering.kind in ("scaled", "hidden"):
            return self._remark(
                plain, STORED_VALUE_READ, number_text(stored), "显示值与存储值不同，按存储值", shown=rendering.text
            )
        reading = self._read_text(rendering.text)
        if reading.state == "error":
            return reading  # quotes the displayed text
        return self._remark(reading, SHOWN_VALUE_READ, number_text(stored), "按显示的文字读取", shown=rendering.text)

    def _remark(self, reading: Reading, code: Code, raw: str, rule: str, **facts: str) -> Reading:
        """The reading with the remark `code`; its own rule follows the new one."""
        all_facts = {"read": self._with_unit(reading.value or 0.0), "unit": self.hint, **facts}
        rule = "；".join(part for part in (rule, reading.rule) if part)
        return reading._replace(raw=raw, code=code, facts=all_facts, rule=rule)

    def _error(self, code: Code, raw: str, **facts: str) -> Reading:
        """The reading of a cell that has no number because of the issue `code`."""
        return Reading(raw, None, "error", code, {"unit": self.hint, **facts})

    def _with_unit(self, number: float) -> str:
        """The number with its unit, as messages give it."""
        unit = self.unit.own[0]
        return f"{number_text(number)} {f'个 {unit}' if unit[0].isdigit() else unit}"

    def _read_text(self, raw: str) -> Reading:
        """The reading of a typed text."""
        half_width = raw.translate(NARROW)
        text = without_space(half_width).removeprefix("'")
        if text.upper() in self.none_words:
            return Reading(raw, 0.0, "none", rule=f"“{text}”按没有（0）计")
        if _SPLIT_DIGITS.search(half_width.partition("(")[0]):
            return self._error(GAP_IN_NUMBER, raw)
        if _MOBILE.fullmatch(text):
            return self._error(PHONE_AS_NUMBER, raw)
        if self.unit.id == "4核16G" and (server := _SERVER.fullmatch(text)):
            number = (Fraction(server[1]) / 4 + Fraction(server[2]) / 16) / 2
            return self._bounded(
                number, float(number), raw, [Finding(SERVER_SIZE_CALCULATED, "按（CPU总核÷4＋总内存÷16）÷2 换算")]
            )
        parsed = self._parsed(text)
        return self._error(self._code_of(text), raw) if parsed is None else self._bounded(*parsed[:2], raw, parsed[2])

    def _parsed(self, text: str) -> tuple[Fraction, float, list[Finding]] | None:
        """(number, the same as float, findings) of a text that matches the grammar, None for any other."""
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
        typed, rest = Fraction(match[0].replace(",", "")), rest[match.end() :]
        rest, between = self._without(rest, self.after)
        unit = next((name for name in self.units if rest.upper().startswith(name)), "")
        rest, behind = self._without(rest[len(unit) :], self.after)
        listed = self.unit.whole and _is_list(rest)
        if rest and not listed:
            return None
        number = typed * (self.unit.factors.get(unit, Fraction(1)) if unit else self.bare)
        findings = [Finding(UNIT_CONVERTED, "单位换算")] if unit in self.unit.factors else []
        findings += self.bare_findings if typed and not unit else []
        findings += [_APPROXIMATE] if approximate or between or behind else []
        findings += [_list_behind(rest, typed)] if listed else []
        return -number if negative else number, float(-number if negative else number) + 0.0, findings

    def _without(self, text: str, marks: Iterable[str]) -> tuple[str, bool]:
        """(the text without the first of the marks that it begins with, whether it begins with one)."""
        for mark in marks:
            if text.startswith(mark):
                return text[len(mark) :], True
        return text, False

    def _bounded(self, number: Fraction, value: float, raw: str, findings: Sequence[Finding] = ()) -> Reading:
        """The reading of a number: an error when it is out of bounds or not whole where its unit must be. The first of
        several findings gives the code; the notes of the others stand in its message."""
        if not self.negative and IS_NEGATIVE.rule(number=number):
            return self._error(NEGATIVE_NUMBER, raw)
        if IS_TOO_LARGE.rule(number=number):
            return self._error(NUMBER_TOO_LARGE, raw)
        if self.unit.whole and IS_NOT_WHOLE.rule(number=number):
            return self._error(NOT_AN_INTEGER, raw)
        if not findings:
            return Reading(raw, value, "ok")
        note = "".join(
            finding.note for finding in findings if finding is not _APPROXIMATE or finding is not findings[0]
        )
        facts = {"read": self._with_unit(value), "unit": self.hint, "note": note}
        return Reading(raw, value, "ok", findings[0].code, facts, "；".join(finding.rule for finding in findings))

    def _code_of(self, text: str) -> Code:
        """The issue of a text that does not match the grammar."""
        if any(text.startswith(word) or text.endswith(word) for word in self.bounded):
            return ONLY_UPPER_LIMIT
        for code, pattern in _LOOKS_LIKE:
            if pattern.fullmatch(text):
                return code
        rest = self._without(text, self.before)[0].lstrip("¥￥")
        match = _NUMBER.match(rest)
        tail = rest[match.end() :] if match else ""
        return UNKNOWN_UNIT if tail and all(character.isalpha() for character in tail) else NUMBER_UNCLEAR


def _is_list(text: str) -> bool:
    """True for a bracket with words in it: （MES、ERP）."""
    return text[:1] == "(" and text[-1:] == ")" and any(character.isalpha() for character in text)


def _list_behind(text: str, number: Fraction) -> Finding:
    """The finding for a list in brackets behind a number, with a note when it has another number of entries."""
    outside = INNER_BRACKETS.sub("", text[1:-1])
    count = len([piece for piece in _LIST_BREAK.split(outside) if piece])
    return Finding(NUMBER_WITH_WORDS, "取括号前的数", "" if count == number else f"（括号中列了 {count} 项）")


def as_shown(number: float) -> float:
    """A stored number rounded to the 15 significant digits that a sheet displays: 0.30000000000000004, the result of a
    formula, is 0.3."""
    return number if number.is_integer() else float(f"{number:.15g}")


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    """The words narrowed and in upper case, the longest first, so that no word hides a longer one that begins with
    it."""
    return tuple(sorted({narrowed(word).upper() for word in words}, key=lambda word: (-len(word), word)))


def plain_number(text: str) -> float | None:
    """The value of a number typed without unit or words, None for any other text."""
    match = _NUMBER.fullmatch(narrowed(text).removeprefix("'"))
    if match is None or len(match[0]) > _LONGEST_NUMBER or _SPLIT_DIGITS.search(text.translate(NARROW)):
        return None
    return float(match[0].replace(",", ""))
