"""What a number format does to a stored number: nothing, a date, a percentage, words around it, another scale.

The codes are those of ECMA-376 part 1, 18.8.30 and 18.8.31 (built-in identifiers, 中文 ones included).
"""

from __future__ import annotations

import operator
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

# Only identifiers that show a number otherwise than stored; all others are plain.
BUILT_IN_FORMATS = {
    "9": "0%",
    "10": "0.00%",
    "14": "yyyy/m/d",
    "15": "d-mmm-yy",
    "16": "d-mmm",
    "17": "mmm-yy",
    "18": "h:mm AM/PM",
    "19": "h:mm:ss AM/PM",
    "20": "h:mm",
    "21": "h:mm:ss",
    "22": "yyyy/m/d h:mm",
    "27": "yyyy年m月",
    "28": "m月d日",
    "29": "m月d日",
    "30": "m-d-yy",
    "31": "yyyy年m月d日",
    "32": "h时mm分",
    "33": "h时mm分ss秒",
    "34": "上午/下午h时mm分",
    "35": "上午/下午h时mm分ss秒",
    "36": "yyyy年m月",
    "45": "mm:ss",
    "46": "[h]:mm:ss",
    "47": "mm:ss.0",
    "50": "yyyy年m月",
    "51": "m月d日",
    "52": "yyyy年m月",
    "53": "m月d日",
    "54": "m月d日",
    "55": "上午/下午h时mm分",
    "56": "上午/下午h时mm分ss秒",
    "57": "yyyy年m月",
    "58": "m月d日",
}
MAXIMUM_CODE = 255  # characters of a code that count, as in Excel
_GENERAL = ("general", "g/通用格式")
_DATE_WORDS = ("AM/PM", "上午/下午", "AAAA", "AAA")
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[0-9.]+)\]")
_COMPARE = {
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
# A sign of money alone is no difference; letters that name another country's money are on the screen like any others.
_FOREIGN = re.compile("(?<![A-Z])(?:USD?|EUR|HKD?|JPY|GBP|NTD?|TWD)(?![A-Z])")
# Words around a number that change nothing of what it says: currency, text sign, fraction bar, spaces.
_NEUTRAL = re.compile(r"(?:[\s¥￥$€£@/]|CNY|RMB)*")
_NEUTRAL_SIGNED = re.compile(r"(?:[\s¥￥$€£@/()（）－−-]|CNY|RMB)*")

# Our own code for a number of which a file says only what is on the screen, and that is another number.
SCALED = "[scaled]"

Tokens = tuple[tuple[str, str], ...]


class Section(NamedTuple):
    """One section of a code. kind: plain, date, percent, foreign (another country's money), literal (words around the
    number) or scaled (to thousands, by a decimal point that is only drawn, or to nothing at all: the stored number is
    what counts).
    condition: the comparison and number in its brackets, None without; tokens: literals and places of digits."""

    kind: str
    condition: tuple[str, float] | None
    tokens: Tokens


class Shown(NamedTuple):
    """How a stored number is shown; `text` is what stands on the screen (for literal and scaled formats)."""

    kind: str
    text: str


@lru_cache(maxsize=4096)
def shows_otherwise(code: str) -> bool:
    """True when some number would be shown otherwise than stored (rounding, separators, currency, colour apart)."""
    return any(section.kind != "plain" for section in _sections(code))


def shown(code: str, number: float) -> Shown:
    """How `number` is shown in the format `code`."""
    sections = _sections(code)
    index = _index_of(sections, number)
    section = sections[index]
    if section.kind not in ("literal", "scaled"):
        return Shown(section.kind, "")
    if abs(number) >= 10**15:
        return Shown(section.kind, repr(number))  # beyond what a sheet shows digit by digit
    # The section for negative numbers writes its own sign.
    signless = index == 1 and section.condition is None
    return Shown(section.kind, _rendered(section, abs(number) if signless else number))


def _index_of(sections: tuple[Section, ...], number: float) -> int:
    """Which section shows the number: by the conditions in their brackets, else by its sign."""
    if any(section.condition for section in sections):
        for index, section in enumerate(sections):
            if section.condition is None or _COMPARE[section.condition[0]](number, section.condition[1]):
                return index
        return len(sections) - 1
    if len(sections) >= 2 and number < 0:
        return 1
    return 2 if len(sections) >= 3 and number == 0 else 0


@lru_cache(maxsize=4096)
def _sections(code: str) -> tuple[Section, ...]:
    texts = _split(code[:MAXIMUM_CODE])[:3]
    return tuple(_section(text, index, len(texts) == 1) for index, text in enumerate(texts))


def _split(code: str) -> list[str]:
    """The sections between semicolons that are neither quoted nor escaped."""
    sections, quoted, start, position = [], False, 0, 0
    while position < len(code):
        character = code[position]
        if character == '"':
            quoted = not quoted
        elif character in "\\!" and not quoted:
            position += 1
        elif character == ";" and not quoted:
            sections.append(code[start:position])
            start = position + 1
        position += 1
    return [*sections, code[start:]]


def _tokens(section: str) -> Tokens:
    """(kind, text): literal, digit (0 # ? , .), date, percent, exponent, general."""
    tokens: list[tuple[str, str]] = []
    position = 0
    while position < len(section):
        character, rest = section[position], section[position:]
        general = next((word for word in _GENERAL if rest.lower().startswith(word)), "")
        if general:
            tokens.append(("general", general))
            position += len(general)
        elif character in '"[':
            end = section.find('"' if character == '"' else "]", position + 1)
            end = len(section) if end < 0 else end
            inside = section[position + 1 : end]
            tokens += [("literal", inside)] if character == '"' else _bracketed(inside)
            position = end + 1
        elif character in "\\!":
            tokens.append(("literal", section[position + 1 : position + 2]))
            position += 2
        elif character in "_*":
            position += 2
        elif rest[:2].upper() in ("E+", "E-"):
            tokens.append(("exponent", rest[:2]))
            position += 2
        elif word := next((word for word in _DATE_WORDS if rest[: len(word)].upper() == word), ""):
            tokens.append(("date", word))
            position += len(word)
        else:
            tokens.append((_kind_of(character), character))
            position += 1
    # Era letters stand beside years; alone they are letters somebody typed without quotes (0GB).
    dated = any(kind == "date" for kind, _ in tokens)
    return tuple(("date" if dated else "literal", text) if kind == "era" else (kind, text) for kind, text in tokens)


def _kind_of(character: str) -> str:
    if character in "0#?.,":
        return "digit"
    if character == "%":
        return "percent"
    if character.lower() in "ymdhse":
        return "date"
    return "era" if character.lower() in "gb" else "literal"


def _bracketed(inside: str) -> list[tuple[str, str]]:
    """What stands in square brackets: elapsed time, or a currency's sign; colours, conditions, locales say nothing."""
    if inside and set(inside.lower()) <= set("hms"):
        return [("date", inside)]
    symbol = inside[1:].partition("-")[0] if inside.startswith("$") else ""
    return [("literal", symbol)] if symbol else []


def _section(text: str, index: int, alone: bool) -> Section:
    if text.startswith(SCALED):
        return Section("scaled", None, _tokens(text))
    condition = _CONDITION.search(text)
    compared = (condition[1], float(condition[2])) if condition and condition[2].count(".") < 2 else None
    tokens = _tokens(text)
    hides = index == 0 and not alone and all(token.isspace() for _, token in tokens)
    return Section("scaled" if hides else _section_kind(tokens, index > 0 or compared is not None), compared, tokens)


def _section_kind(tokens: Tokens, own_sign: bool) -> str:
    """own_sign: the section may write a sign of its own (negative numbers, zero, a condition)."""
    kinds = {kind for kind, _ in tokens}
    digits = [place for place, (kind, token) in enumerate(tokens) if kind == "digit" and token in "0#?"]
    literal = "".join(token for kind, token in tokens if kind == "literal")
    if "date" in kinds:
        return "date"
    if "percent" in kinds:
        return "percent"
    if _FOREIGN.search(literal):
        return "foreign"
    if _trailing_commas(tokens) or any(
        kind == "literal" and "." in token and digits and digits[0] < place < digits[-1]
        for place, (kind, token) in enumerate(tokens)
    ):
        return "scaled"
    if "exponent" in kinds:
        return "plain"
    neutral = _NEUTRAL_SIGNED if own_sign else _NEUTRAL
    return "plain" if neutral.fullmatch(literal) else "literal"


def _trailing_commas(tokens: Tokens) -> int:
    """Commas after the last digit place of the number: each divides it by a thousand."""
    last = max((place for place, (kind, token) in enumerate(tokens) if kind == "digit" and token in "0#?"), default=-1)
    point = next((place for place, token in enumerate(tokens) if token == ("digit", ".")), len(tokens))
    whole = max((place for place in range(min(point, last + 1)) if tokens[place][1] in ("0", "#", "?")), default=-1)
    places = [place for place, token in enumerate(tokens) if token == ("digit", ",")]
    return sum(1 for place in places if last >= 0 and (place > last or whole < place < point < len(tokens)))


def _rendered(section: Section, number: float) -> str:
    """The number in the section's words, as the screen shows it."""
    tokens = section.tokens
    value = Decimal(repr(number)) / 1000 ** _trailing_commas(tokens)
    point = next((place for place, token in enumerate(tokens) if token == ("digit", ".")), len(tokens))
    places = [place for place, (kind, token) in enumerate(tokens) if kind == "digit" and token in "0#?"]
    whole_places = [place for place in places if place < point]
    decimals = min(len(places) - len(whole_places), 12)
    rounded = abs(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    if any(token == ("digit", ",") and place < whole_places[-1] for place, token in enumerate(tokens) if whole_places):
        whole = f"{int(whole):,}"
        whole_places = whole_places[:1]
    whole = whole.zfill(sum(1 for place in whole_places if tokens[place][1] == "0"))
    at = {place: digit for place, digit in zip(reversed(whole_places), reversed(whole), strict=False)}
    if not whole_places:
        at[point] = whole.lstrip("0")
    else:
        at[whole_places[0]] = whole[: len(whole) - len(whole_places) + 1]
    pieces = []
    for place, (kind, token) in enumerate(tokens):
        if kind == "literal":
            pieces.append(token)
        elif kind == "general":
            pieces.append(f"{abs(value):f}".removesuffix(".0"))
        elif place == point:
            pieces.append(f"{at.get(point, '')}.{fraction}" if fraction else "")
        else:
            pieces.append(at.get(place, ""))
    return ("-" if value < 0 and rounded else "") + "".join(pieces)
