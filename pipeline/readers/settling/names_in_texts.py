"""Names of companies in the names of sheets, files and folders: which key may be looked for in which text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from pipeline.model.names import is_company_name, name_key
from pipeline.model.rulebook import Rulebook
from pipeline.model.texts import label_of
from pipeline.readers.sheet.regions import RegionIndex

SHORTEST_KEY, SHORTEST_INSIDE = 4, 6  # characters of a key that is looked for, and of one that may stand inside a piece
_LEAST_HAN = 2

_SEPARATORS = re.compile(r"[\s_\-—－–+＋、,，;；:：.。《》“”\"'~&/\\|]+")
_BRACKETS = re.compile(r"([()（）\[\]【】])")
_CLOSING = {")": "(", "）": "（", "]": "[", "】": "【"}
_DATE = re.compile(r"(?:19|20)\d{2}(?:年?\d{0,2}月?\d{0,2}[日号]?)?|\d+(?:年|月|日|号|\.\d+)*")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


class NameFinder:
    """Finds the keys of companies in texts, by the rulebook's words and the regions' names."""

    def __init__(self, rulebook: Rulebook, regions: RegionIndex) -> None:
        self.rulebook, self.regions = rulebook, regions
        words = rulebook.vocabulary
        self.endings, self.form_words = words.company_endings, words.form_words
        self._generic = (*self.form_words, *regions.cities, *regions.counties, regions.province)
        forms = sorted({label_of(word) for word in self.form_words}, key=lambda word: (-len(word), word))
        dressing = "|".join(map(re.escape, forms))
        self._dressing = rf"(?:{dressing}|{_DATE.pattern}|[vV]\d[\d.]*|第?[一二三四五六七八九十\d]+[版稿次份]|[\W_])"
        self._front, self._end = re.compile(rf"^{self._dressing}+"), re.compile(rf"{self._dressing}+$")

    def is_name(self, text: str) -> bool:
        """True for a text that can be a company's name."""
        return is_company_name(text, self.endings, self.form_words)

    def may_be_looked_for(self, key: str) -> bool:
        """True for a key that is a company's name and not so short or general that it stands in other texts by chance."""
        if len(key) < SHORTEST_KEY or len(_HAN.findall(key)) < _LEAST_HAN:
            return False
        return is_company_name(key, self.endings, self._generic)

    def stands_in(self, key: str, text: str) -> bool:
        """True when the text's key contains the key, a short one only between borders of pieces."""
        text_key = name_key(text)
        if key not in text_key or not self.may_be_looked_for(key):
            return False
        if len(key) >= SHORTEST_INSIDE:
            return True
        found = re.finditer(re.escape(key), text_key)
        return any(self._is_bordered(text_key[: match.start()], text_key[match.end() :]) for match in found)

    def _is_bordered(self, before: str, after: str) -> bool:
        return (not before or bool(re.search(rf"{self._dressing}$", before))) and (
            not after or bool(re.match(self._dressing, after))
        )

    def longest(self, text: str, keys: Iterable[str]) -> str:
        """The longest of one sender's keys that the text contains; "" without one."""
        return max((key for key in keys if self.stands_in(key, text)), key=lambda key: (len(key), key), default="")

    def fitting(self, text: str, keys: Collection[str]) -> list[str]:
        """The keys, of whatever senders, that the text may mean: the one that is the whole text but for its dressing,
        else all that stand in it. What does not end like a company's name, and a key that is another one with dressing,
        is not looked for."""
        text_key = name_key(text)
        standing = [
            key for key in keys if key in text_key and self._ends_like_company(key) and self.stands_in(key, text)
        ]
        fitting = [key for key in standing if not any(self._is_dressed(key, other) for other in keys)]
        core = self._end.sub("", self._front.sub("", text_key))
        return [core] if core in fitting else fitting

    def _ends_like_company(self, key: str) -> bool:
        return key.rstrip(")").endswith(self.endings)

    def _is_dressed(self, key: str, other: str) -> bool:
        """True for a key that is another company's with words around it that belong to no name."""
        if key == other or other not in key or not self.may_be_looked_for(other):
            return False
        before, _, after = key.partition(other)
        return bool(re.fullmatch(rf"{self._dressing}*", before) and re.fullmatch(rf"{self._dressing}*", after))

    def left_over(self, text: str) -> str:
        """The company's name in the name of a sheet, file or folder, "" without one."""
        name = name_left_over(text, self.rulebook, self.regions)
        return name if self.is_name(name) else ""


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
