"""How a number format displays a stored number: as it is, as a date, as a percentage, with words around it, scaled.

Format codes: ECMA-376 part 1, 18.8.31; built-in identifiers, the Chinese ones included: 18.8.30.
"""

from __future__ import annotations

import operator
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

# Built-in formats that display a number otherwise than stored; the other identifiers are plain.
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
MAXIMUM_CODE = 255  # characters of a code that are evaluated, as in Excel
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
# Letters that name a foreign currency; a currency sign alone is neutral.
_FOREIGN = re.compile("(?<![A-Z])(?:USD?|EUR|HKD?|JPY|GBP|NTD?|TWD)(?![A-Z])")
# Text around a number that does not change its meaning: the currency, a text sign, a fraction bar, spaces.
_NEUTRAL = re.compile(r"(?:[\s¥￥$€£@/]|CNY|RMB)*")
_NEUTRAL_SIGNED = re.compile(r"(?:[\s¥￥$€£@/()（）－−-]|CNY|RMB)*")

# Prefix of a code of our own, for a number that is displayed as another number in a file without format codes (.ods).
SCALED = "[scaled]"
PADDED_DIGITS = 5  # zeros in a format that are more than a number needs; area codes with a number have eleven

Tokens: TypeAlias = tuple[tuple[str, str], ...]  # (kind, text), kinds as in `_tokens`
Kind: TypeAlias = Literal["plain", "date", "percent", "foreign", "literal", "scaled", "unsigned", "hidden"]


class Section(NamedTuple):
    """One section of a format code.

    kind: plain; date (or time); percent; foreign (with a foreign currency); literal (words around the number); scaled
    (displayed in thousands or with a decimal point that is only text: the stored number is the one to read); unsigned
    (a negative number without a sign); hidden (nothing is displayed, or nothing of a zero: #). condition: the comparison and number in its brackets, None without.
    """

    kind: Kind
    condition: tuple[str, float] | None
    tokens: Tokens


class Rendering(NamedTuple):
    """How a stored number is displayed. kind: of the format's section, unsigned being scaled and hidden only a number of
    which nothing is seen; text: the displayed text, "" unless the kind is literal or scaled."""

    kind: Kind
    text: str


@lru_cache(maxsize=4096)
def shows_otherwise(code: str) -> bool:
    """True when the format displays some number otherwise than stored; rounding, separators, the currency sign and
    colours are no difference. Digits in front of which it puts zeros, as many as a phone has, are one."""
    return bool(code) and any(section.kind != "plain" or _pads(section) for section in _sections(code))


def _pads(section: Section) -> bool:
    """True for a section that puts zeros in front of the whole part of a number."""
    whole = section.tokens[: _position_of_point(section.tokens)]
    return not any(kind == "exponent" for kind, _ in whole) and whole.count(("digit", "0")) >= PADDED_DIGITS


def rendering_of(code: str, number: float) -> Rendering:
    """How the format `code` displays `number`."""
    sections = _sections(code)
    index = _index_of(sections, number)
    section = sections[index]
    if section.kind == "hidden":
        return Rendering("plain" if _placeholders(section.tokens) and abs(number) >= 0.5 else "hidden", "")
    if section.kind not in ("literal", "scaled", "unsigned"):
        return Rendering(section.kind, "")
    kind: Kind = "scaled" if section.kind == "unsigned" else section.kind
    if abs(number) >= 10**15:
        return Rendering(kind, repr(number))  # a sheet does not show all digits of such a number
    # The section for negative numbers writes its own sign.
    signless = index == 1 and section.condition is None
    return Rendering(kind, _rendered(section, abs(number) if signless else number))


def hides_zero(code: str) -> bool:
    """True when the format displays nothing of a zero."""
    return code != "" and rendering_of(code, 0.0).kind == "hidden"


def digits_shown(code: str, number: float) -> str:
    """The displayed text of a number that is a code or a phone: with the zeros and the words that the format adds; ""
    for a format that shows a date, a share or an exponent, or nothing."""
    sections = _sections(code)
    section = sections[_index_of(sections, number)]
    other = any(kind in ("date", "percent", "exponent") for kind, _ in section.tokens)
    return "" if other or abs(number) >= 10**15 else _rendered(section, number).strip()


def _index_of(sections: tuple[Section, ...], number: float) -> int:
    """The index of the section that displays `number`: by the conditions of the sections, else by its sign."""
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
    if not code.strip():
        return (Section("plain", None, ()),)
    texts = _split(code[:MAXIMUM_CODE])
    if 1 < len(texts) < 4 and _is_for_texts(texts[-1]):
        texts.pop()  # the section for texts; where it is the third one, zeros have the first one
    conditional = any(_CONDITION.search(text) for text in texts)
    return tuple(_section(text, index, index == 1 and not conditional) for index, text in enumerate(texts[:3]))


def _is_for_texts(section: str) -> bool:
    """True for the section that displays texts: it has an @ that is neither quoted nor escaped."""
    return ("literal", "@") in _tokens(re.sub(r'"[^"]*"|[\\!].', "", section))


def _split(code: str) -> list[str]:
    """The sections of a code, which end at a semicolon that is neither quoted nor escaped."""
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
    """The tokens of a section as (kind, text); kinds: literal, digit (0 # ? , .), date, percent, exponent, general."""
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
    # Era letters (g, b) belong to a date; in any other section they are a unit typed without quotes (0GB).
    dated = any(kind == "date" for kind, _ in tokens)
    return tuple(("date" if dated else "literal", text) if kind == "era" else (kind, text) for kind, text in tokens)


def _kind_of(character: str) -> str:
    """The kind of a token of one character; "era" is decided by the rest of the section."""
    if character in "0#?.,":
        return "digit"
    if character == "%":
        return "percent"
    if character.lower() in "ymdhse":
        return "date"
    return "era" if character.lower() in "gb" else "literal"


def _bracketed(inside: str) -> list[tuple[str, str]]:
    """The tokens of a text in square brackets: elapsed time or a currency sign; none for colours, conditions,
    locales."""
    if inside and set(inside.lower()) <= set("hms"):
        return [("date", inside)]
    symbol = inside[1:].partition("-")[0] if inside.startswith("$") else ""
    return [("literal", symbol)] if symbol else []


def _section(text: str, index: int, for_negatives: bool) -> Section:
    """The section with this text. index: its position in the code; for_negatives: it displays the negative numbers."""
    if text.startswith(SCALED):
        return Section("scaled", None, _tokens(text))
    condition = _CONDITION.search(text)
    compared = (condition[1], float(condition[2])) if condition and condition[2].count(".") < 2 else None
    tokens = _tokens(text)
    kind = _section_kind(tokens, index > 0 or compared is not None)
    coloured = "[" in text  # a colour tells negative numbers, and alone it stands for the general format
    if kind == "plain" and for_negatives and not (coloured or _writes_sign(tokens)):
        kind = "unsigned"
    if kind in ("plain", "unsigned") and _may_show_nothing(tokens) and (_placeholders(tokens) or not coloured):
        kind = "hidden"
    return Section(kind, compared, tokens)


def _writes_sign(tokens: Tokens) -> bool:
    """True for a section for negative numbers that shows them to be negative, or shows no number."""
    literal = "".join(token for kind, token in tokens if kind == "literal")
    has_number = bool(_placeholders(tokens)) or any(kind == "general" for kind, _ in tokens)
    return not has_number or any(sign in literal for sign in "-−－(（")


def _may_show_nothing(tokens: Tokens) -> bool:
    """True for a section that displays nothing, or nothing of a zero because it asks for no digit (#)."""
    return all(not token.strip() or (kind == "digit" and token in "#?,") for kind, token in tokens)


def _placeholders(tokens: Tokens) -> list[int]:
    """The positions of the tokens that stand for a digit."""
    return [position for position, (kind, token) in enumerate(tokens) if kind == "digit" and token in "0#?"]


def _position_of_point(tokens: Tokens) -> int:
    """The position of the decimal point, the number of tokens without one."""
    return next((position for position, token in enumerate(tokens) if token == ("digit", ".")), len(tokens))


def _section_kind(tokens: Tokens, signed: bool) -> Kind:
    """The kind of a section with these tokens. signed: it may write a sign itself, because it is the section for
    negative numbers or zero, or has a condition."""
    kinds = {kind for kind, _ in tokens}
    digits = _placeholders(tokens)
    literal = "".join(token for kind, token in tokens if kind == "literal")
    if "date" in kinds:
        return "date"
    if "percent" in kinds:
        return "percent"
    if _FOREIGN.search(literal):
        return "foreign"
    if _trailing_commas(tokens) or any(
        kind == "literal" and "." in token and digits and digits[0] < position < digits[-1]
        for position, (kind, token) in enumerate(tokens)
    ):
        return "scaled"
    if "exponent" in kinds:
        return "plain"
    neutral = _NEUTRAL_SIGNED if signed else _NEUTRAL
    return "plain" if neutral.fullmatch(literal) else "literal"


def _trailing_commas(tokens: Tokens) -> int:
    """The number of commas behind the last digit of the number or of its whole part; each divides it by a thousand."""
    last = max(_placeholders(tokens), default=-1)
    point = _position_of_point(tokens)
    whole = max((index for index in range(min(point, last + 1)) if tokens[index][1] in ("0", "#", "?")), default=-1)
    commas = [position for position, token in enumerate(tokens) if token == ("digit", ",")]
    return sum(1 for comma in commas if last >= 0 and (comma > last or whole < comma < point < len(tokens)))


def _rendered(section: Section, number: float) -> str:
    """The displayed text of a number in a literal or scaled section."""
    tokens = section.tokens
    value = Decimal(repr(number)) / 1000 ** _trailing_commas(tokens)
    point = _position_of_point(tokens)
    digits = _placeholders(tokens)
    whole_digits = [position for position in digits if position < point]
    decimals = min(len(digits) - len(whole_digits), 12)
    rounded = abs(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    if whole == "0" and whole_digits and not decimals and all(tokens[position][1] != "0" for position in whole_digits):
        whole = ""  # # shows no zero
    if whole_digits and ("digit", ",") in tokens[: whole_digits[-1]]:
        whole = f"{int(whole):,}"
        whole_digits = whole_digits[:1]
    written = _whole_part(tokens, whole, whole_digits, point)
    pieces = []
    for position, (kind, token) in enumerate(tokens):
        if kind == "literal":
            pieces.append(token)
        elif kind == "general":
            pieces.append(f"{abs(value):f}".removesuffix(".0"))
        elif position == point:
            pieces.append(f"{written.get(point, '')}.{fraction}" if fraction else "")
        else:
            pieces.append(written.get(position, ""))
    return ("-" if value < 0 and rounded else "") + "".join(pieces)


def _whole_part(tokens: Tokens, whole: str, placeholders: list[int], point: int) -> dict[int, str]:
    """Position of a token -> the digits of the whole part written there: one per placeholder from the right, the first
    placeholder takes all that remain; without a placeholder they stand in front of the point."""
    whole = whole.zfill(sum(1 for position in placeholders if tokens[position][1] == "0"))
    if not placeholders:
        return {point: whole.lstrip("0")}
    written = dict(zip(reversed(placeholders), reversed(whole), strict=False))
    written[placeholders[0]] = whole[: len(whole) - len(placeholders) + 1]
    return written
