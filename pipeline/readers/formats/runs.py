"""Texts of cells put together from their runs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from pipeline.readers.formats.limits import WorkbookTooLarge

MAXIMUM_TEXT = 32_767  # characters of one cell, as in Excel
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """A cell's text; OOXML writes characters XML cannot hold as _xHHHH_. Raises WorkbookTooLarge for one longer than
    a cell can hold."""
    if len(text) > MAXIMUM_TEXT:
        raise WorkbookTooLarge(f"一个单元格里有 {len(text)} 个字，上限 {MAXIMUM_TEXT} 个")
    return without_surrogates(_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)) if "_x" in text else text


def without_surrogates(text: str) -> str:
    """Pairs of surrogates joined to the character they mean; a lone one, which no file can hold, shown as U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def rich_text(entry: ElementTree.Element, namespace: str) -> str:
    """The text of a string item or inline string: its own t and those of its runs, phonetic hints left out, with marks
    where `joined_runs` sets them. Raises ValueError for any other content: what is nested wrongly is counted
    differently by every program."""
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
    """How a run is drawn that is not to be read on with its neighbours: STRUCK, RAISED, LOWERED or ""."""
    for entry in () if properties is None else properties:
        value = entry.get("val", "")
        if entry.tag == f"{namespace}strike" and value not in ("0", "false"):
            return STRUCK
        if entry.tag == f"{namespace}vertAlign":
            return {"superscript": RAISED, "subscript": LOWERED}.get(value, "")
    return ""


STRUCK, RAISED, LOWERED = "划去", "上标", "下标"
LONGEST_MARKED = 60  # characters; a longer text is no figure
_FIGURE = re.compile(r"[\s¥￥$约近超过≥>=+\-−－]*[0-9０-９]")


def joined_runs(runs: Iterable[tuple[str, str]]) -> str:
    """The text of runs (text, how it is drawn: "" as usual). Of a figure, what is struck out, raised or lowered is
    marked, so that it is not taken for digits: 〔划去：1〕2."""
    runs = list(runs)
    text = "".join(piece for piece, _ in runs)
    if len(text) > LONGEST_MARKED or not any(drawn for _, drawn in runs) or not _FIGURE.match(text):
        return text
    return "".join(f"〔{drawn}：{piece}〕" if drawn and piece.strip() else piece for piece, drawn in runs)
