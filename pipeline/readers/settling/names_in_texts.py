"""Names of companies found in names of sheets, files and folders."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable

from pipeline.model.names import company_key
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import label_of
from pipeline.readers.sheet.regions import RegionIndex

_SEPARATORS = re.compile(r"[\s_\-—－–+＋、,，;；:：.。《》“”\"'~&/\\|]+")
_BRACKETS = re.compile(r"([()（）\[\]【】])")
_CLOSING = {")": "(", "）": "（", "]": "[", "】": "【"}
_DATE = re.compile(r"(?:19|20)\d{2}(?:年?\d{0,2}月?\d{0,2}[日号]?)?|\d+(?:年|月|日|号|\.\d+)*")


def name_in_text(text: str, nominated: Iterable[str]) -> str:
    """The longest nominated key that stands in the text, "" when none does."""
    key = company_key(text)
    return max((name for name in nominated if name in key), key=lambda name: (len(name), name), default="")


def name_of_county(text: str, nominated: Iterable[str], own: Container[str], rulebook: Rulebook) -> str:
    """As name_in_text, for a file of a county that nominated the `own` keys: one of these is found before another
    county's, unless it is but a part of that one; another county's counts only where it is no part of a longer
    company's name."""
    key = company_key(text)
    found = [name for name in nominated if name in key]
    mine = name_in_text(text, [name for name in found if name in own])
    longest = name_in_text(text, found)
    if mine and (mine == longest or mine in key.replace(longest, "\n")):
        return mine
    if longest and not _within_longer_name(text, longest, rulebook):
        return longest
    return mine


def _within_longer_name(text: str, name: str, rulebook: Rulebook) -> bool:
    """True when every place where the name stands in the text is within a piece that is longer and ends like a
    company's name too; words of the form and dates before it do not belong to a name."""
    endings = rulebook.vocabulary.company_endings
    words = sorted(map(company_key, rulebook.vocabulary.form_words), key=lambda word: (-len(word), word))
    before = re.compile(rf"^(?:{'|'.join(map(re.escape, words))}|{_DATE.pattern}|[()\[\]【】])+(?=.*{re.escape(name)})")
    pieces = [before.sub("", company_key(piece)) for piece in _SEPARATORS.split(text)]
    pieces = [piece for piece in pieces if name in piece]
    return bool(pieces) and all(piece != name and piece.rstrip(")").endswith(endings) for piece in pieces)


def name_left_over(text: str, rulebook: Rulebook, regions: RegionIndex) -> str:
    """A company's name in a sheet's, file's or folder's name: whole pieces that are form words, dates, numbers or
    regions are taken off, and the rest counts when it ends like a company; else "". A region in brackets inside a
    name, 杭州云帆（萧山）有限公司, belongs to it."""
    words = {label_of(word).upper() for word in rulebook.vocabulary.form_words}

    def is_name(piece: str) -> bool:
        label = label_of(piece)
        return bool(label) and label.upper() not in words and not _DATE.fullmatch(label) and not regions.resolve(label)

    kept = []
    for stretch in _SEPARATORS.split(text):
        pieces = _BRACKETS.split(stretch)
        named = [place for place in range(0, len(pieces), 2) if is_name(unicodedata.normalize("NFKC", pieces[place]))]
        if named:
            kept.append("".join(pieces[named[0] : named[-1] + 1]))
            closing = "".join(pieces[named[-1] + 1 : named[-1] + 2])
            if closing in _CLOSING and kept[-1].count(_CLOSING[closing]) > kept[-1].count(closing):
                kept[-1] += closing
    whole = "".join(kept)
    return whole if len(whole) > 2 and label_of(whole).rstrip(")").endswith(rulebook.vocabulary.company_endings) else ""
