"""How texts of cells are compared: without white space, invisible characters and full-width forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Characters nobody sees: soft hyphen, fillers, blanks, zero-width and direction marks, variation selectors.
HIDDEN_CHARACTERS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
_INVISIBLE = re.compile(rf"[\s{HIDDEN_CHARACTERS}]+")
_WEIGHT = re.compile(r"[(\[【](?:权重:?)?(?:\d+(?:\.\d+)?[分%]?|(?<=权重))[)\]】]")


def without_space(text: str) -> str:
    """The text without white space and invisible characters."""
    return _INVISIBLE.sub("", text)


def is_blank(text: str) -> bool:
    """True for a text that shows nothing: only white space and invisible characters (U+3000, NBSP and zero-width
    characters included)."""
    return not text[:1].isalnum() and not _INVISIBLE.sub("", text)


LONGEST_LABEL = 2_000  # characters; longer texts are no label and not worth remembering


def label_of(text: str) -> str:
    """A label in the form labels are compared in: NFKC, no white space or invisible characters, no weight brackets."""
    return _known_label(text) if len(text) <= LONGEST_LABEL else _label(text)


def _label(text: str) -> str:
    return _WEIGHT.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))


_known_label = lru_cache(maxsize=20_000)(_label)
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def narrowed(text: str) -> str:
    """Full-width ASCII narrowed, white space and invisible characters removed."""
    return without_space(text.translate(NARROW))


def narrowed_set(words: Iterable[str]) -> frozenset[str]:
    """Words as typed cells are compared with them: narrowed, upper case."""
    return frozenset(narrowed(word).upper() for word in words)
