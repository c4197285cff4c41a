"""Texts of cells, joined from their rich-text runs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from pipeline.readers.formats.limits import WorkbookTooLarge

MAXIMUM_TEXT = 32_767  # characters of one cell, as in Excel
STRUCK, RAISED, LOWERED = "划去", "上标", "下标"
LONGEST_MARKED = 60  # characters; a longer text is no figure
_FIGURE = re.compile(r"[\s¥￥$约近超过≥>=+\-−－]*[0-9０-９]")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """A text with its _xHHHH_ escapes decoded (OOXML writes characters so that XML cannot hold). Raises
    WorkbookTooLarge for a text longer than a cell can hold."""
    if len(text) > MAXIMUM_TEXT:
        raise WorkbookTooLarge(f"一个单元格里有 {len(text)} 个字，上限 {MAXIMUM_TEXT} 个")
    return without_surrogates(_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)) if "_x" in text else text


def without_surrogates(text: str) -> str:
    """The text with every surrogate pair joined to one character and every lone surrogate replaced by U+FFFD, since no
    UTF-8 file can hold one."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def rich_text(entry: ElementTree.Element, namespace: str) -> str:
    """The text of a string item or inline string (ECMA-376 part 1, 18.4.8): its t element and those of its runs,
    without phonetic hints, marked as `joined_runs` does. Raises ValueError for any other child element, because
    programs disagree about its text."""
    runs = []
    for child in entry:
        if child.tag == f"{namespace}t" and not len(child):
            runs.append((child.text or "", ""))
        elif child.tag == f"{namespace}r":
            text = "".join(run.text or "" for run in child if run.tag == f"{namespace}t")
            runs.append((text, _drawn(child.find(f"{namespace}rPr"), namespace)))
        elif child.tag not in (f"{namespace}rPh", f"{namespace}phoneticPr"):
            raise ValueError(child.tag)
    return unescaped(joined_runs(runs))


def _drawn(properties: ElementTree.Element | None, namespace: str) -> str:
    """STRUCK, RAISED or LOWERED for a run drawn so, "" for any other."""
    for entry in () if properties is None else properties:
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
    seen = [drawn for piece, drawn in runs if piece.strip()]
    return bool(seen) and all(drawn == STRUCK for drawn in seen)
