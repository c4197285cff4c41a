"""Which kinds of the papers that 填表说明 2 asks for a file is taken for, by the names of it and of what lies around it."""

from __future__ import annotations

from functools import cache

from pipeline.model.names import seen_of
from pipeline.model.rulebook import Rulebook

LIST_IN_FORM = "系统清单"  # what a list of systems in the workbook of 附件1 is called


def paper_kinds(path: str, key: str, lists_systems: bool, rulebook: Rulebook) -> list[str]:
    """The ids of the kinds of paper that a file is taken for: by its own name, else by the nearest folder or archive around
    it whose name says something. A word that several kinds share is made clear by a folder that names one of them. key:
    that of the file's company, "" without one."""
    names = [_plain(name, key) for name in reversed(path.split("/"))]
    if lists_systems:
        names.insert(0, _plain(LIST_IN_FORM, ""))
    for level, name in enumerate(names):
        if named := [paper for paper in rulebook.papers if _holds(name, paper.topics)]:
            return [paper.id for paper in named]
        if shared := [paper for paper in rulebook.papers if _holds(name, paper.words)]:
            around = names[level + 1 :]
            clear = next(
                filter(None, ([one for one in shared if _holds(folder, one.topics)] for folder in around)), shared
            )
            return [paper.id for paper in clear]
    return []


def _plain(name: str, key: str) -> str:
    """A name as words are looked for in it: without white space, in lower case, without the company's own name."""
    text = seen_of(name).lower()
    return text.replace(key.lower(), " ") if key else text


def _holds(name: str, words: tuple[str, ...]) -> bool:
    return any(word in name for word in _compared(words))


@cache
def _compared(words: tuple[str, ...]) -> tuple[str, ...]:
    """The rulebook's words as names are compared."""
    return tuple(seen_of(word).lower() for word in words)
