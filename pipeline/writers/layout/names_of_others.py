"""The names that a paper for one county must not hold: other counties' companies, and other counties themselves.

A name is no secret where it stands inside a longer name of the county's own, and only there: an own company that is called
有 does not make the guard blind to every name with 有 in it. What everybody knows is not looked for either: words of the
forms, regions, bare endings. A company that somebody called 推荐 would keep everybody else's papers back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from pipeline.model.names import name_key, seen_of
from pipeline.model.rulebook import County, Rulebook, Zone

LONGEST = 40  # characters of a name that are compared; a longer name is known by its beginning
_BEGINNING = 2  # characters by which names are looked up; no county is called by fewer
_ANYWHERE = 4  # a name of so many characters is looked for anywhere, a shorter one between borders
_ANYWHERE_WITHOUT_ENDING = 6  # the same for a name that does not end like a company's
_LEGAL_FORMS = "股份|有限|责任|合伙|普通|集团|总|分"

Span = tuple[int, int]


class NamesOfOthers:
    """Looks for the names of others in texts. regions: other counties; companies: theirs; own: the county's own names."""

    def __init__(
        self, companies: Iterable[str], regions: Iterable[str], own: Iterable[str], rulebook: Rulebook
    ) -> None:
        self.own = frozenset(map(name_key, own)) - {""}
        known = _Known.of(rulebook)
        secret = {key[:LONGEST] for key in map(name_key, companies) if known.is_secret(key)}
        names = (secret | set(map(name_key, regions))) - self.own
        self._bordered = frozenset(name for name in secret if not known.is_looked_for_anywhere(name))
        self._by_beginning = _by_beginning(names)
        self._own_by_beginning = _by_beginning(self.own)

    def named_in(self, text: str) -> bool:
        """True when the text names another county or its company."""
        return next(self._spans(_plain(text)), None) is not None

    def masked(self, text: str) -> str:
        """The text, with … for every name in it that is not the county's own."""
        plain = _plain(text)
        pieces, at = [], 0
        for start, end in self._spans(plain):
            if start >= at:
                pieces += [plain[at:start], "…"]
            at = max(at, end)
        return "".join([*pieces, plain[at:]]) if pieces else text

    def _spans(self, plain: str) -> Iterator[Span]:
        """Where names of others stand and no own name around them, the longest first at each beginning."""
        own: Iterator[Span] | None = None
        upcoming, reach = (0, 0), 0  # the next own name, and how far the own names that have begun reach
        for start, end in _met(plain, self._by_beginning):
            if plain[start:end] in self._bordered and not _between_borders(plain, start, end):
                continue
            if own is None:
                own = chain(_met(plain, self._own_by_beginning), [(len(plain), 0)])
            while upcoming[0] <= start:
                reach = max(reach, upcoming[1])
                upcoming = next(own)
            if end > reach:
                yield start, end


def _plain(text: str) -> str:
    """A text as names are looked for in it: a short one may be a name, with a phone in it."""
    return name_key(text) if len(text) <= LONGEST else seen_of(text)


def _by_beginning(names: Iterable[str]) -> dict[str, dict[int, set[str]]]:
    """First characters -> length -> the names."""
    lists: dict[str, dict[int, set[str]]] = {}
    for name in names:
        if len(name) >= _BEGINNING:
            lists.setdefault(name[:_BEGINNING], {}).setdefault(len(name), set()).add(name)
    return {start: dict(sorted(lengths.items(), reverse=True)) for start, lengths in lists.items()}


def _met(plain: str, names: Mapping[str, Mapping[int, set[str]]]) -> Iterator[Span]:
    if not names:
        return
    for start in range(len(plain) - _BEGINNING + 1):
        for length, known in names.get(plain[start : start + _BEGINNING], {}).items():
            if plain[start : start + length] in known:
                yield start, start + length


def _between_borders(plain: str, start: int, end: int) -> bool:
    return not plain[start - 1 : start].isalnum() and not plain[end : end + 1].isalnum()


class _Known:
    """What a rulebook says everybody knows."""

    def __init__(self, rulebook: Rulebook) -> None:
        known: tuple[County | Zone, ...] = (*rulebook.counties, *rulebook.zones)
        regions = {name for region in known for name in (region.name, *region.aliases)}
        regions |= {name for city in rulebook.city_names for name in (city, city.removesuffix("市"))}
        by_length = sorted(map(name_key, regions), key=lambda name: (-len(name), name))
        endings = "|".join(map(re.escape, rulebook.vocabulary.company_endings))
        self.rulebook = rulebook
        self._ending = re.compile(rf"(?:{endings})$")
        self._common = re.compile(rf"{'|'.join(map(re.escape, by_length))}|(?:{_LEGAL_FORMS}|{endings})+$|[\W\d_]+")
        self._words = "\n".join(map(name_key, _strings(rulebook.model_dump())))
        self.is_secret = lru_cache(maxsize=200_000)(self._is_secret)

    @classmethod
    def of(cls, rulebook: Rulebook) -> _Known:
        """The one of a rulebook; a run has one."""
        if not _last or _last[-1].rulebook is not rulebook:
            _last[:] = [cls(rulebook)]
        return _last[-1]

    def _is_secret(self, name: str) -> bool:
        """False for what is no name, and for what stands in every blank form."""
        return bool(self._common.sub("", name)) and name not in self._words

    def is_looked_for_anywhere(self, name: str) -> bool:
        """True for a name so long that it stands in no text by chance."""
        return len(name) >= (_ANYWHERE if self._ending.search(name) else _ANYWHERE_WITHOUT_ENDING)


_last: list[_Known] = []


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from _strings(entry)
    elif isinstance(value, Sequence):
        for entry in value:
            yield from _strings(entry)
