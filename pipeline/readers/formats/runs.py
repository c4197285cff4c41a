"""Texts of cells, joined from their rich-text runs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple, TypeAlias
from xml.etree import ElementTree

from pipeline.readers.formats.limits import WorkbookTooLarge

MAXIMUM_TEXT = 32_767  # characters of one cell, as in Excel
STRUCK, RAISED, LOWERED = "划去", "上标", "下标"
LONGEST_MARKED = 60  # characters; a longer text is no figure
_FIGURE = re.compile(r"[\s¥￥$约近超过≥>=+\-−－]*[0-9０-９]")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")

# (text, STRUCK, RAISED, LOWERED, "" for plain; None for a run that is drawn as its cell is)
Runs: TypeAlias = tuple[tuple[str, str | None], ...]


class RichText(str):
    """A text of several runs as it is seen in a cell with a plain font."""

    runs: Runs = ()


def whole_text(text: str) -> str:
    """The text with everything that is struck out in it."""
    return "".join(piece for piece, _ in text.runs) if isinstance(text, RichText) else text


class Seen(NamedTuple):
    """What is seen of a text.

    text: without what is struck out; the whole text where everything is. struck: everything is struck out. marked: the
    whole text with its struck parts marked, "" where none is struck out or everything."""

    text: str
    struck: bool = False
    marked: str = ""


def unescaped(text: str) -> str:
    """A text with its _xHHHH_ escapes decoded (OOXML writes characters so that XML cannot hold). Raises
    WorkbookTooLarge for a text longer than a cell can hold."""
    _check_length(text)
    return without_surrogates(_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)) if "_x" in text else text


def _check_length(text: str) -> None:
    if len(text) > MAXIMUM_TEXT:
        raise WorkbookTooLarge(f"一个单元格里有 {len(text)} 个字，上限 {MAXIMUM_TEXT} 个")


def without_surrogates(text: str) -> str:
    """The text with every surrogate pair joined to one character and every lone surrogate replaced by U+FFFD, since no
    UTF-8 file can hold one."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def rich_text(entry: ElementTree.Element, namespace: str) -> str:
    """The text of a string item or inline string (ECMA-376 part 1, 18.4.8): its t element and those of its runs,
    without phonetic hints; a RichText where it has runs. Raises ValueError for any other child element, because
    programs disagree about its text."""
    runs: list[tuple[str, str | None]] = []
    rich = False
    for child in entry:
        if child.tag == f"{namespace}t" and not len(child):
            runs.append((unescaped(child.text or ""), None))
        elif child.tag == f"{namespace}r":
            text = "".join(run.text or "" for run in child if run.tag == f"{namespace}t")
            properties = child.find(f"{namespace}rPr")
            runs.append((unescaped(text), None if properties is None else draws(properties, namespace)))
            rich = True
        elif child.tag not in (f"{namespace}rPh", f"{namespace}phoneticPr"):
            raise ValueError(child.tag)
    _check_length("".join(text for text, _ in runs))
    text = seen(runs).text
    if not rich:
        return text
    rich_one = RichText(text)
    rich_one.runs = tuple(runs)
    return rich_one


def draws(properties: ElementTree.Element, namespace: str) -> str:
    """How the font with these properties draws: STRUCK, RAISED, LOWERED, or "" for plain."""
    for entry in properties:
        value = entry.get("val", "")
        if entry.tag == f"{namespace}strike" and value not in ("0", "false"):
            return STRUCK
        if entry.tag == f"{namespace}vertAlign":
            return {"superscript": RAISED, "subscript": LOWERED}.get(value, "")
    return ""


def joined_runs(runs: Iterable[tuple[str, str]]) -> str:
    """The text of runs (text, STRUCK, RAISED, LOWERED or ""). In a figure, a run that is struck out, raised or lowered
    is marked, so that its digits are not read as part of the number: 〔划去：1〕2."""
    runs = list(runs)
    text = "".join(piece for piece, _ in runs)
    if len(text) > LONGEST_MARKED or not any(drawn for _, drawn in runs) or not _FIGURE.match(text):
        return text
    return "".join(f"〔{drawn}：{piece}〕" if drawn and piece.strip() else piece for piece, drawn in runs)


def is_struck(runs: Iterable[tuple[str, str]]) -> bool:
    """True when everything that is seen of the runs is struck out."""
    pieces = [drawn for piece, drawn in runs if piece.strip()]
    return bool(pieces) and all(drawn == STRUCK for drawn in pieces)


def seen(runs: Iterable[tuple[str, str | None]], base: str = "") -> Seen:
    """What is seen of the runs of a cell whose font draws as `base`. What is left beside a struck part is marked as
    `joined_runs` does."""
    drawn = [(piece, base if own is None else own) for piece, own in runs]
    if is_struck(drawn):
        return Seen("".join(piece for piece, _ in drawn), True)
    kept = [(piece, own) for piece, own in drawn if own != STRUCK or not piece.strip()]
    if len(kept) == len(drawn):
        return Seen(joined_runs(drawn))
    marked = "".join(f"〔{own}：{piece}〕" if own and piece.strip() else piece for piece, own in drawn)
    return Seen(joined_runs(kept), False, marked)
