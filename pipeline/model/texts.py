"""Texts of cells in the forms they are compared in: without white space, invisible characters, full-width letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Characters nobody sees, for a class of a regular expression: soft hyphen, fillers, blanks, zero-width and direction
# marks, variation selectors, tags (Unicode's Default_Ignorable_Code_Point, U+2800 and U+FFF9 to U+FFFB).
HIDDEN_CHARACTERS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(rf"[\s{HIDDEN_CHARACTERS}]+")
_WEIGHT = re.compile(r"[(\[【](?:权重:?)?(?:\d+(?:\.\d+)?[分%]?|(?<=权重))[)\]】]")
LONGEST_LABEL = 2_000  # characters; a longer text is no label and not worth remembering
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width ASCII -> ASCII, for str.translate


def without_space(text: str) -> str:
    """The text without white space and invisible characters."""
    return _INVISIBLE.sub("", text)


def is_blank(text: str) -> bool:
    """True for a text without a visible character; U+3000, NBSP and zero-width characters are not visible."""
    return not text[:1].isalnum() and not _INVISIBLE.sub("", text)


def label_of(text: str) -> str:
    """The form in which labels are compared: NFKC, without white space, invisible characters and bracketed weights such
    as （5分） or （权重20%）."""
    return _known_label(text) if len(text) <= LONGEST_LABEL else _label(text)


def _label(text: str) -> str:
    return _WEIGHT.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))


_known_label = lru_cache(maxsize=20_000)(_label)


def narrowed(text: str) -> str:
    """The text with full-width ASCII as ASCII, without white space and invisible characters."""
    return without_space(text.translate(NARROW))


def narrowed_set(words: Iterable[str]) -> frozenset[str]:
    """The words in the form that typed cells are compared with: narrowed, in upper case."""
    return frozenset(narrowed(word).upper() for word in words)
