"""The 标杆示范 items by the words that headers and rows of marks name them with."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.model.rulebook import Rulebook
from pipeline.readers.sheet.headers import header_key
from pipeline.readers.values.lexicon import Lexicon

_LONGEST_ITEM = 60  # characters; a longer text names no item
_SHORTEST_ITEM = 3  # characters of an item's beginning that name it: 云原生; 信创 or 云上 is too little
_AROUND_ITEM = re.compile(
    r"^(?:\d{1,2}|[一二三四五六])[.、]|[:：]?(?:(?:满分|权重|分值)?:?\d+(?:\.\d+)?分?|得分|评分|打分|分数)$"
)
_ITEM_ENDING = re.compile(r"(?:情况|示范|案例)+$")


class ItemNames:
    """The names of one rulebook's 标杆示范 items."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.by_key = {header_key(item.label): item.id for item in rulebook.expert_indicators}
        self._known_item = lru_cache(maxsize=4_096)(self._item_of)

    def item_of(self, key: str) -> str:
        """The id of the item that a header key names, "" for none.

        Known are the item's label, also with a number before it or 得分, 满分4分 behind it, and a beginning that no
        other item shares (云原生, 云原生应用, 发展新制造示范).
        """
        if key in self.by_key:
            return self.by_key[key]
        return self._known_item(key) if len(key) <= _LONGEST_ITEM else ""

    def _item_of(self, key: str) -> str:
        bare = _AROUND_ITEM.sub("", _AROUND_ITEM.sub("", key))
        if bare in self.by_key:
            return self.by_key[bare]
        beginning = _ITEM_ENDING.sub("", bare)
        if len(beginning) < _SHORTEST_ITEM:
            return ""
        begun = [item for label, item in self.by_key.items() if label.startswith(beginning)]
        return begun[0] if len(begun) == 1 else ""


@lru_cache(maxsize=4)
def item_names(lexicon: Lexicon) -> ItemNames:
    """The item names of the lexicon's rulebook, built once."""
    return ItemNames(lexicon.rulebook)
