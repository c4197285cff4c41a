"""Blank forms with values typed into them, recalculated by LibreOffice: what their 自检 says of each."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.workbook import Workbook
from python_calamine import CalamineWorkbook

from tests.support.workbooks import part_of, repacked

_FORMULA_RESULT = re.compile(r"(</f>)<v>[^<]*</v>")
_RESULT_TYPE = re.compile(r'(<c r="[A-Z]+\d+"(?: s="\d+")?) t="(?:str|b|e)"(><f)')
Typed = object


class Percent(NamedTuple):
    """A number in a cell that shows it as a percentage."""

    number: float


def _with_percent(styles: str) -> tuple[str, str]:
    """The styles with one more, which shows a percentage, and the attribute of a cell that has it."""
    count = int(re.search(r'<cellXfs count="(\d+)"', styles)[1])  # type: ignore[index]
    more = '<xf numFmtId="10" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    styles = styles.replace(f'<cellXfs count="{count}"', f'<cellXfs count="{count + 1}"')
    return styles.replace("</cellXfs>", f"{more}</cellXfs>"), f' s="{count}"'


def sheet_names(content: bytes) -> dict[str, str]:
    """Sheet name -> the part that holds it."""
    names = re.findall(r'<sheet name="([^"]+)"', part_of(content, "xl/workbook.xml"))
    return {name: f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(names, start=1)}


def typed_into(blank: bytes, values: Mapping[str, Mapping[str, Typed]]) -> bytes:
    """The blank form with `values` (sheet -> cell -> value) typed in, and no stored result of any formula.

    A value: a number, a text, True, "#DIV/0!", an error, or a Percent."""
    parts = sheet_names(blank)
    styles, percent = _with_percent(part_of(blank, "xl/styles.xml"))
    changes: dict[str, str] = {"xl/styles.xml": styles}
    for name, part in parts.items():
        xml = _RESULT_TYPE.sub(r"\1\2", _FORMULA_RESULT.sub(r"\1", part_of(blank, part)))
        for cell, value in values.get(name, {}).items():
            pattern = re.compile(rf'<c r="{cell}"( s="\d+")?(?:/>|(?: t="s")?><v>[^<]*</v></c>)')
            typed, style = (value.number, percent) if isinstance(value, Percent) else (value, "")
            match = pattern.search(xml)
            if not match:
                raise AssertionError(f"{name}!{cell} is no cell to fill in")
            xml = xml[: match.start()] + _cell(cell, style or match[1] or "", typed) + xml[match.end() :]
        changes[part] = xml
    return repacked(blank, changes)


def _cell(cell: str, style: str, value: Typed) -> str:
    if isinstance(value, bool):
        return f'<c r="{cell}"{style} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{cell}"{style}><v>{value!r}</v></c>'
    text = str(value)
    if text.startswith("#"):
        return f'<c r="{cell}"{style} t="e"><v>{text}</v></c>'
    return f'<c r="{cell}"{style} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def recalculated(soffice: str, folder: Path, contents: Sequence[bytes]) -> list[bytes]:
    """The workbooks as LibreOffice saves them after working out every formula: one call for all of them."""
    given, made = folder / "given", folder / "made"
    given.mkdir()
    paths = [given / f"{number:02}.xlsx" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(made)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=300)
    return [(made / path.name).read_bytes() for path in paths]


def opened(content: bytes) -> Workbook:
    """The workbook with its stored results."""
    return openpyxl.load_workbook(io.BytesIO(content), data_only=True)


def shown(content: bytes, sheet: str) -> list[list[Typed]]:
    """What stands on a sheet, row by row from A1; "" for nothing and for an error."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet)
    return rows.to_python(skip_empty_area=False)
