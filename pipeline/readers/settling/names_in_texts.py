"""Names of companies in the names of sheets, files and folders."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable

from pipeline.model.names import name_key
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import label_of
from pipeline.readers.sheet.regions import RegionIndex

_SEPARATORS = re.compile(r"[\s_\-—－–+＋、,，;；:：.。《》“”\"'~&/\\|]+")
_BRACKETS = re.compile(r"([()（）\[\]【】])")
_CLOSING = {")": "(", "）": "（", "]": "[", "】": "【"}
_DATE = re.compile(r"(?:19|20)\d{2}(?:年?\d{0,2}月?\d{0,2}[日号]?)?|\d+(?:年|月|日|号|\.\d+)*")


def name_in_text(text: str, keys: Iterable[str]) -> str:
    """The longest of the company keys that the text contains, "" when it contains none."""
    text_key = name_key(text)
    return max((key for key in keys if key in text_key), key=lambda key: (len(key), key), default="")


def name_of_county(text: str, keys: Iterable[str], county_keys: Container[str], rulebook: Rulebook) -> str:
    """The company key that the name of a county's sheet, file or folder contains; "" without one.

    `county_keys`: those of `keys` that the county nominated itself. The longest of these comes first, unless it stands
    only inside a longer key of another county; a key of another county comes back only where it is not part of a longer
    company's name."""
    text_key = name_key(text)
    contained = [key for key in keys if key in text_key]
    of_county = name_in_text(text, [key for key in contained if key in county_keys])
    longest = name_in_text(text, contained)
    if of_county and (of_county == longest or of_county in text_key.replace(longest, "\n")):
        return of_county
    if longest and not _within_longer_name(text, longest, rulebook):
        return longest
    return of_county


def _within_longer_name(text: str, key: str, rulebook: Rulebook) -> bool:
    """True when the key stands only in pieces of the text that are longer and end like a company's name too. Words of
    the form and dates in front of it are not part of a name."""
    endings = rulebook.vocabulary.company_endings
    words = sorted(map(name_key, rulebook.vocabulary.form_words), key=lambda word: (-len(word), word))
    in_front = re.compile(
        rf"^(?:{'|'.join(map(re.escape, words))}|{_DATE.pattern}|[()\[\]【】])+(?=.*{re.escape(key)})"
    )
    pieces = [in_front.sub("", name_key(piece)) for piece in _SEPARATORS.split(text)]
    pieces = [piece for piece in pieces if key in piece]
    return bool(pieces) and all(piece != key and piece.rstrip(")").endswith(endings) for piece in pieces)


def name_left_over(text: str, rulebook: Rulebook, regions: RegionIndex) -> str:
    """The company's name in the name of a sheet, file or folder, "" without one.

    Whole pieces that are words of the form, dates, numbers or regions are taken off at both ends of each stretch between
    separators; the rest is a name when it ends like a company's. A region in brackets inside a name belongs to it:
    杭州云帆（萧山）有限公司."""
    words = {label_of(word).upper() for word in rulebook.vocabulary.form_words}

    def may_be_name(piece: str) -> bool:
        label = label_of(unicodedata.normalize("NFKC", piece))
        return bool(label) and label.upper() not in words and not _DATE.fullmatch(label) and not regions.resolve(label)

    kept = []
    for stretch in _SEPARATORS.split(text):
        pieces = _BRACKETS.split(stretch)  # every second piece is a bracket
        positions = [position for position in range(0, len(pieces), 2) if may_be_name(pieces[position])]
        if positions:
            kept.append(_with_closing_bracket(pieces, positions[0], positions[-1]))
    name = "".join(kept)
    return name if len(name) > 2 and label_of(name).rstrip(")").endswith(rulebook.vocabulary.company_endings) else ""


def _with_closing_bracket(pieces: list[str], first: int, last: int) -> str:
    """The pieces from `first` to `last` as one text, with the bracket behind them if it closes one of theirs."""
    text = "".join(pieces[first : last + 1])
    bracket = pieces[last + 1] if last + 1 < len(pieces) else ""
    opened = bracket in _CLOSING and text.count(_CLOSING[bracket]) > text.count(bracket)
    return text + bracket if opened else text
