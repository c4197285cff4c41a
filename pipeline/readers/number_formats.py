"""What a number format does to a stored number: nothing, a date, a percentage, words around it, another scale.

The codes are those of ECMA-376 part 1, 18.8.30 and 18.8.31 (built-in identifiers, 中文 ones included).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

# Only identifiers that show a number otherwise than stored; all others are plain.
BUILT_IN_FORMATS = {"9": "0%", "10": "0.00%"} | {
    str(identifier): "yyyy/m/d" for identifier in (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59))
}
_GENERAL = ("general", "g/通用格式")


class Section(NamedTuple):
    """One section of a code. kind: plain, date, percent, literal (words around the number) or scaled.
    pieces: the literal texts and, as None, the place of the number."""

    kind: str
    pieces: tuple[str | None, ...]
    decimals: int
    thousands: bool
    general: bool


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
    index = 0
    if len(sections) >= 2 and number < 0:
        index = 1
    elif len(sections) >= 3 and number == 0:
        index = 2
    section = sections[index]
    return Shown(section.kind, _rendered(section, abs(number) if index == 1 else number))


@lru_cache(maxsize=4096)
def _sections(code: str) -> tuple[Section, ...]:
    return tuple(_section(text) for text in _split(code)[:3]) or (Section("plain", (None,), 0, False, True),)


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


def _tokens(section: str) -> list[tuple[str, str]]:
    """(kind, text): literal, digit (0 # ? , .), currency, date, percent, exponent, general."""
    tokens: list[tuple[str, str]] = []
    position = 0
    while position < len(section):
        character, rest = section[position], section[position:]
        general = next((word for word in _GENERAL if rest.lower().startswith(word)), "")
        if general:
            tokens.append(("general", general))
            position += len(general)
        elif character == '"':
            end = section.find('"', position + 1)
            end = len(section) if end < 0 else end
            tokens.append(("literal", section[position + 1 : end]))
            position = end + 1
        elif character in "\\!":
            tokens.append(("literal", section[position + 1 : position + 2]))
            position += 2
        elif character in "_*":
            position += 2
        elif character == "[":
            end = section.find("]", position)
            end = len(section) if end < 0 else end
            inside = section[position + 1 : end].lower()
            if inside and set(inside) <= set("hms"):
                tokens.append(("date", inside))
            position = end + 1
        elif character in "0#?.,":
            tokens.append(("digit", character))
            position += 1
        elif rest[:2].upper() in ("E+", "E-"):
            tokens.append(("exponent", rest[:2]))
            position += 2
        elif character.lower() in "ymdhsegb" or rest[:5].upper() == "AM/PM":
            tokens.append(("date", character))
            position += 1
        else:
            tokens.append(("percent" if character == "%" else "literal", character))
            position += 1
    return tokens


def _section(text: str) -> Section:
    tokens = _tokens(text)
    kinds = {kind for kind, _ in tokens}
    digits = [index for index, (kind, token) in enumerate(tokens) if kind == "digit" and token in "0#?"]
    literal = "".join(token for kind, token in tokens if kind == "literal")
    last = digits[-1] if digits else -1
    trailing_comma = any(kind == "digit" and token == "," for kind, token in tokens[last + 1 :]) and last >= 0
    inserted_point = any(
        kind == "literal" and "." in token and digits and digits[0] < index < last
        for index, (kind, token) in enumerate(tokens)
    )
    if "date" in kinds:
        kind = "date"
    elif "percent" in kinds:
        kind = "percent"
    elif trailing_comma or inserted_point:
        kind = "scaled"
    elif any(character.isalnum() for character in literal) and "exponent" not in kinds:
        kind = "literal"
    else:
        kind = "plain"
    point = next((index for index, token in enumerate(tokens) if token == ("digit", ".")), len(tokens))
    decimals = sum(1 for index in digits if index > point)
    thousands = any(token == ("digit", ",") and digits and digits[0] < i < last for i, token in enumerate(tokens))
    return Section(kind, _pieces(tokens), decimals, thousands, "general" in kinds)


def _pieces(tokens: list[tuple[str, str]]) -> tuple[str | None, ...]:
    pieces: list[str | None] = []
    for kind, token in tokens:
        if kind == "literal":
            pieces.append(token)
        elif kind in ("digit", "general") and None not in pieces:
            pieces.append(None)
    return tuple(pieces)


def _rendered(section: Section, number: float) -> str:
    value = Decimal(repr(number))
    if section.kind == "scaled":
        value /= 1000  # a hint of what is seen; the stored number is what counts
    if section.general:
        text = f"{value:f}".removesuffix(".0")
    else:
        rounded = value.quantize(Decimal(1).scaleb(-section.decimals), ROUND_HALF_UP)
        text = f"{rounded:,f}" if section.thousands else f"{rounded:f}"
    return "".join(text if piece is None else piece for piece in section.pieces)
