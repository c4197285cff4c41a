"""Digits of every script, and whether two of them stand close together."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# For a class of a regular expression: every decimal digit, and within the first plane every other sign for a number
# below 100 that people set like a digit: ², ①, ⑴, ⒈, ❶, ⓪, Ⅲ, ㈠, ㊀, 〇, 〡, 一 … 九 and their forms on cheques, 幺, 两, the
# signs for months, hours and days, Kangxi radicals; of the other planes every character (`digits_of` knows better).
NUMERALS = (
    r"\d\u00b2\u00b3\u00b9\u1369-\u1371\u17f0-\u17f9\u19da\u2070\u2074-\u2079\u2080-\u2089\u2160-\u217f\u2460-\u249b"
    r"\u24ea-\u24ff\u2776-\u2793\u2f00\u2f06\u2f0b\u2f33\u3007\u3021-\u3029\u3192-\u3195\u3220-\u3228\u3251-\u325f"
    r"\u3280-\u3288\u32b1-\u32cb\u3358-\u3370\u33e0-\u33fe\ua6e6-\ua6ef\uf96b\uf978\uf9b2\uf9d1\uf9d3"
    "一壱壹幺弌二兩两弍弐貮貳贰㒃三仨叁参參叄弎四亖肆五伍㐅㠪六陆陸七柒漆㭍八捌九玖〇零"
    r"\U00010000-\U0010ffff"
)
ANY_NUMERAL = re.compile(f"[{NUMERALS}]")

_TENS = frozenset("十拾什廿卄卅卌")  # they count tens, which nobody does within a phone number
_UNUSUAL = {"两": "2", "兩": "2"}
_NOT_SEEN = frozenset(("Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"))  # blanks too; or drawn over another character
_FILLERS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffe\uffff")
_SHORT = 8  # characters of a text that is worth remembering


@lru_cache(maxsize=4_000)
def digits_of(character: str) -> str:
    """The digits that a character stands for: "7" for 7, ７, ٧, 七, 柒 and ⑦, "13" for ⑬; "" for any other."""
    if character in _UNUSUAL:
        return _UNUSUAL[character]
    if character in _TENS:
        return ""
    value = unicodedata.numeric(character, -1)
    if value in range(100):
        return str(int(value))
    plain = unicodedata.normalize("NFKC", character) if value == -1 else character
    return "" if plain == character else "".join(map(digits_of, plain))


def are_close(between: str, most: int) -> bool:
    """True when a reader sees at most so many characters in the text between two digits: blanks and characters that are
    not seen count nothing, a line of dashes or dots counts once."""
    return _known_to_be_close(between, most) if len(between) <= _SHORT else _are_close(between, most)


def _are_close(between: str, most: int) -> bool:
    seen, before = 0, ""
    for character in between:
        if is_unseen(character) or (character == before and _makes_a_line(character)):
            continue
        seen, before = seen + 1, character
        if seen > most:
            return False
    return True


_known_to_be_close = lru_cache(maxsize=20_000)(_are_close)


def _makes_a_line(character: str) -> bool:
    return character in "._·~～…*" or unicodedata.category(character) == "Pd"


def is_unseen(character: str) -> bool:
    """True for blanks, for characters that nobody sees, and for marks that are drawn over another character."""
    return unicodedata.category(character) in _NOT_SEEN or character in _FILLERS
