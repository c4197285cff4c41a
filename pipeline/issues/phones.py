"""Masking of phone numbers in any text."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = "\u00ad\u200b-\u200f\u2060\ufeff"
_GAP = rf"[\s{_INVISIBLE}()（）_~\-‐‑–—－−]{{1,3}}"
_MOBILE_GROUPS = ((3, 4, 4), (3, 3, 5), (3, 5, 3), (4, 3, 4), (4, 4, 3), (3, 8), (4, 7), (7, 4))
_SPACED_GROUPS = ((5, 6), (6, 5), (8, 3), (1,) * 11)


def _mobile_pattern() -> str:
    """A mobile number: 11 digits in one piece (or several numbers run together) or in the groups people write."""
    space = rf"[\s{_INVISIBLE}]{{1,3}}"
    grouped = [_GAP.join(rf"\d{{{size}}}" for size in groups) for groups in _MOBILE_GROUPS]
    spaced = [space.join(rf"\d{{{size}}}" for size in groups) for groups in _SPACED_GROUPS]
    shapes = "|".join([r"\d{11}(?:1[3-9]\d{9})*", r"\d{3}[./·]\d{4}[./·]\d{4}", *grouped, *spaced])
    return rf"(?=1[\s{_INVISIBLE}]*[3-9])(?:{shapes})"


# In each the group `number` is what is masked, first and last digits kept as given; what stands before it tells
# that it is a number to be called.
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
    """The text with the middle of every mobile or landline number replaced by ****: of a mobile number the first 3
    and last 4 digits stay, of a landline number the area code and the last 3. Digits of any script, gaps allowed."""
    if not text or not _MANY_DIGITS.search(text):
        return text
    plain = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)
    for pattern, first, last in _PHONES:
        for match in reversed(list(pattern.finditer(plain))):
            begin, end = match.span("number")
            places = [place for place in range(begin, end) if plain[place].isdecimal()]
            kept = "".join(text[place] for place in places[:first])
            text = f"{text[:begin]}{kept}****{text[places[-last] :]}"
            plain = f"{plain[:begin]}{kept}****{plain[places[-last] :]}"
    return text
