"""Masking of phone numbers in any text."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = "\u00ad\u200b-\u200f\u2060\ufeff"
_GAP = rf"[\s{_INVISIBLE}()（）_~\-‐‑–—－−]{{1,3}}"
_MOBILE_GROUPS = ((3, 4, 4), (3, 3, 5), (3, 5, 3), (4, 3, 4), (4, 4, 3), (3, 8), (4, 7), (7, 4))
_SPACED_GROUPS = ((5, 6), (6, 5), (8, 3), (1,) * 11)


def _mobile_pattern() -> str:
    """The pattern of a mobile number: 11 digits in one piece, several numbers run together, or the groups people write."""
    space = rf"[\s{_INVISIBLE}]{{1,3}}"
    grouped = [_GAP.join(rf"\d{{{size}}}" for size in groups) for groups in _MOBILE_GROUPS]
    spaced = [space.join(rf"\d{{{size}}}" for size in groups) for groups in _SPACED_GROUPS]
    shapes = "|".join([r"\d{11}(?:1[3-9]\d{9})*", r"\d{3}[./·]\d{4}[./·]\d{4}", *grouped, *spaced])
    return rf"(?=1[\s{_INVISIBLE}]*[3-9])(?:{shapes})"


# Patterns with the number of first and of last digits that stay. Only the group `number` is masked: what stands before
# it (country code, area code, the word 电话) marks it as a phone number and stays as typed.
_PHONES = (
    (re.compile(rf"(?<!\d)(?<!\d\.)(?:(?:00)?86(?:{_GAP})?|0)?(?P<number>{_mobile_pattern()})(?!\d)"), 3, 4),
    (
        re.compile(rf"(?<!\d)(?<!\d\.)0(?:10|2\d|[3-9]\d\d)(?:{_GAP})?(?P<number>\d{{3,4}}(?:{_GAP})?\d{{4}})(?!\d)"),
        0,
        3,
    ),
    (
        re.compile(
            rf"(?:电话|手机|号码|联系方式|传真|座机)[\s:：为是]{{0,3}}(?P<number>\d{{3,4}}(?:{_GAP})?\d{{4}})(?!\d)"
        ),
        0,
        3,
    ),
)
_MANY_DIGITS = re.compile(r"\d(?:\D{0,3}\d){6}")


def mask_phones(text: str) -> str:
    """The text with the middle of every phone number replaced by ****.

    Of a mobile number the first 3 and the last 4 digits stay, of a landline number the area code and the last 3.
    Digits may be of any script, with gaps between them. A text without seven digits near each other comes back as is.
    """
    if not text or not _MANY_DIGITS.search(text):
        return text
    plain = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
    for pattern, first, last in _PHONES:
        for match in reversed(list(pattern.finditer(plain))):
            begin, end = match.span("number")
            digits = [position for position in range(begin, end) if plain[position].isdecimal()]
            kept = "".join(text[position] for position in digits[:first])
            text = f"{text[:begin]}{kept}****{text[digits[-last] :]}"
            plain = f"{plain[:begin]}{kept}****{plain[digits[-last] :]}"
    return text
