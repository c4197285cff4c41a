"""Rewrites workbooks into the shapes in which programs other than Excel write the parts of an .xlsx."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

Rewrite = Callable[[str, list[str]], str]  # a worksheet part and the workbook's shared strings -> another

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_TAG = re.compile(r"<(/?)(?![?!])(?=\w+[ />])")
_SHARED = re.compile(r' t="s"><v>(\d+)</v>')
_ROW = re.compile(r"(<row(?: [^<>]*)?>)(.*?)</row>")
_CELL = re.compile(r'<c r="([A-Z])\d+"([^<>]*/>|.*?</c>)')
_TEXT = re.compile(r"<t(?: [^<>]*)?>([^<]*)</t>")


def _inline(opening: str) -> Rewrite:
    def rewrite(sheet: str, strings: list[str]) -> str:
        return _SHARED.sub(lambda cell: f' t="inlineStr"><is>{opening}{strings[int(cell[1])]}</t></is>', sheet)

    return rewrite


def _replacing(pattern: str, by: str) -> Rewrite:
    return lambda sheet, _: re.sub(pattern, by, sheet)


def _prefixed(sheet: str, _: list[str]) -> str:
    return _TAG.sub(r"<\1x:", sheet).replace('xmlns="', 'xmlns:x="', 1)


def _without_references(row: re.Match[str]) -> str:
    """The row, a cell in every column up to its last, without what says where they stand."""
    cells: list[str] = []
    for letters, rest in _CELL.findall(row[2]):
        cells += ["<c/>"] * (ord(letters) - ord("A") - len(cells))
        cells.append(f"<c{rest}")
    return f"{row[1]}{''.join(cells)}</row>"


SHAPES: Mapping[str, Rewrite] = {
    "as sent": _replacing("$^", ""),
    "rows not hidden": _replacing(r'<row r="(\d+)"', r'<row r="\1" customFormat="false" hidden="false"'),
    "inline strings": _inline("<t>"),
    "inline, xml:space": _inline('<t xml:space="preserve">'),
    "values, xml:space": _replacing("<v>", '<v xml:space="preserve">'),
    "t before s": _replacing(r'(<c r="\w+")( s="\d+")( t="\w+")', r"\1\3\2"),
    "r last": _replacing(r'<c (r="\w+")((?: [st]="\w+")+)', r"<c\2 \1"),
    "no references": lambda sheet, _: _ROW.sub(_without_references, sheet),
    "prefix": _prefixed,
    "indented": _replacing("><", ">\n  <"),
    "single quotes": lambda sheet, _: sheet.replace('"', "'"),
}


def write_in_shape(shape: str, folder: Path, target: Path) -> None:
    """Writes every workbook below `folder` to the same path below `target`, its sheets in the shape."""
    for path in folder.rglob("*.xlsx"):
        copy = target / path.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(in_shape(path.read_bytes(), shape))


def in_shape(content: bytes, shape: str) -> bytes:
    """The workbook with its sheets in the shape. It must come from xlsxwriter, whose own shape is known."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as written:
        strings = _strings(parts)
        for name in parts.namelist():
            part = parts.read(name)
            if _SHEET.fullmatch(name):
                head, root, rest = part.decode().partition("<worksheet")
                part = (head + SHAPES[shape](root + rest, strings)).encode()
            written.writestr(name, part)
    return stream.getvalue()


def _strings(parts: zipfile.ZipFile) -> list[str]:
    """The shared strings of a workbook, their entities as they stand."""
    if "xl/sharedStrings.xml" not in parts.namelist():
        return []
    items = re.findall(r"<si>(.*?)</si>", parts.read("xl/sharedStrings.xml").decode(), re.DOTALL)
    return ["".join(_TEXT.findall(item)) for item in items]
